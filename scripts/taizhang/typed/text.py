"""Text as people type it: keys are normalised, prose is left alone."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

__all__ = [
    "DIGITS_KEPT",
    "EMPTY_WORDS",
    "LONGEST_CELL",
    "UNWRITABLE",
    "as_text",
    "clean_key",
    "clean_prose",
    "cut_to_cell",
    "drop_unprinted",
    "fits_cell",
    "head_in_full",
    "head_key",
    "invisible_characters",
    "is_blank",
    "is_clear_mark",
    "loses_digits",
    "means_nothing",
    "printable",
    "shorten",
    "show_difference",
    "split_many",
    "utf16_length",
    "without_invisible",
]

EMPTY_WORDS = frozenset({"无", "暂无", "没有", "-", "--", "—", "——", "/", "n/a", "空", "○"})
"""Words that mean “nothing to report”, as lower-case keys. NA, None and null are ordinary text."""

DIGITS_KEPT = 15
"""Digits of a number that Excel keeps; it turns the rest into zeros."""

LONGEST_CELL = 32_767
"""Characters that one Excel cell can hold, as utf16_length counts them."""

LONGEST_HEAD = 40
"""Longest text that may be a heading; longer texts are prose and are not cached."""

UNWRITABLE = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ufffe\\uffff\\ud800-\\udfff]")
"""Characters that XML, and so a cell, cannot hold."""

_NOT_IN_XML = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ufffe\\uffff]")
_PLAIN = re.compile(r"[0-9A-Za-z一-鿿\-./%]*")
_STARTS_SEEN = re.compile(r"[0-9A-Za-z一-鿿]")
# They print as nothing although Unicode does not class them as format characters: fillers, variation selectors.
_FILLERS = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_ESCAPED_RETURN = re.compile(r"_x000[dD]_")
_LINE_END = re.compile(r"(?:_x000[dD]_)?\r?\n|_x000[dD]_\r?|\r")
_SEPARATOR = re.compile(r"[、，,；;/\n]")
_BRACKET = re.compile(r"([（()）])")
_INVISIBLE_NAMES = {
    "\t": "制表符",
    "\u00a0": "不间断空格",
    "\u00ad": "软连字符",
    "\u200b": "零宽空格",
    "\u200c": "零宽不连字",
    "\u200d": "零宽连字",
    "\u200e": "书写方向标记",
    "\u200f": "书写方向标记",
    "\u2028": "行分隔符",
    "\u202f": "窄不间断空格",
    "\u2060": "零宽不换行",
    "\u3000": "全角空格",
    "\ufeff": "字节顺序标记",
}


def clean_key(text: str) -> str:
    """Return the normal form of text that is an identity, a heading, a number or a choice.

    Removes invisible characters and ``_x000D_``, applies NFKC, strips the ends and collapses white space. Never for
    prose: NFKC turns ① into 1 and （ into (.
    """
    if _PLAIN.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFKC", _drop_unprinted(text))
    return " ".join(_ESCAPED_RETURN.sub(" ", normal).split())


def drop_unprinted(raw: Any) -> Any:
    """Return a raw value; text loses the characters that print as nothing and the white space at its ends."""
    return raw if not isinstance(raw, str) or _PLAIN.fullmatch(raw) else _drop_unprinted(raw).strip()


def without_invisible(text: str) -> str:
    """Remove the characters that print as nothing and take up no space: format characters and fillers."""
    visible = _FILLERS.sub("", text)
    return visible if visible.isprintable() else "".join(c for c in visible if unicodedata.category(c) != "Cf")


def _drop_unprinted(text: str) -> str:
    visible = _FILLERS.sub("", text)
    if visible.isprintable():
        return visible
    return "".join(char for char in visible if char.isspace() or unicodedata.category(char) not in ("Cf", "Cc"))


def clean_prose(text: str) -> str:
    """Return prose with LF line ends and its ends stripped; nothing else is changed."""
    if "\r" in text or "_x000" in text:
        text = _LINE_END.sub("\n", text)
    return text.strip()


def printable(text: str) -> str:
    """Remove the control characters that names of sheets, footers, links and charts cannot hold."""
    return _NOT_IN_XML.sub("", text)


def invisible_characters(text: str) -> tuple[str, ...]:
    """Return the office's names for the invisible characters in a text: 零宽空格, 末尾空格, 不间断空格…

    Each name appears once, in order of first occurrence.
    """
    if _PLAIN.fullmatch(text):
        return ()
    names = ["开头空格"] if text.startswith(" ") else []
    names += [name for char in text if (name := _invisible_name(char))]
    if text.endswith(" ") and not text.isspace():
        names.append("末尾空格")
    return tuple(dict.fromkeys(names))


def _invisible_name(char: str) -> str | None:
    if char in _INVISIBLE_NAMES:
        return _INVISIBLE_NAMES[char]
    if char in " \r\n":
        return None
    unseen = unicodedata.category(char) in ("Cf", "Cc", "Zs", "Zl", "Zp") or _FILLERS.match(char)
    return f"不可见字符 U+{ord(char):04X}" if unseen else None


def as_text(raw: Any) -> str:
    """Return a raw cell value as the text a person sees.

    7.0 → ``7``, 0.1+0.2 → ``0.3`` (Excel shows 15 digits), True → ``是``, a date → ``2022-03-15``, blank → empty. A
    number of 16 digits or more has lost digits in Excel; it is shown with its exponent, so that it is not taken for an
    identifier.
    """
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) or loses_digits(raw):
        return _float_text(float(raw))
    if isinstance(raw, (date, time)):
        return _time_text(raw)
    if isinstance(raw, timedelta):
        minutes, seconds = divmod(round(raw.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    return str(raw)


def _float_text(number: float) -> str:
    if not abs(number) < 10**DIGITS_KEPT:
        return format(Decimal(repr(number)).normalize(), "e") if isfinite(number) else repr(number)
    if number.is_integer():
        return str(int(number))
    return format(Decimal(f"{number:.15g}"), "f") if abs(number) > 1e-12 else repr(number)


def _time_text(moment: date | time) -> str:
    if isinstance(moment, datetime):
        if (moment.hour, moment.minute, moment.second) == (0, 0, 0):
            return moment.date().isoformat()
        return moment.isoformat(" ", "seconds" if moment.second else "minutes")
    if isinstance(moment, time):
        return moment.isoformat("seconds" if moment.second else "minutes")
    return moment.isoformat()


def head_key(text: Any) -> str:
    """Return a heading for comparison: normalised, without line ends, required marks and bracketed remarks."""
    text = as_text(text)
    return _short_head_key(text) if len(text) <= LONGEST_HEAD else _head_key(text)


def _head_key(text: str) -> str:
    key = head_in_full(text)
    return key.partition("(")[0] or key


def head_in_full(text: Any) -> str:
    """Return a heading for comparison, with its bracketed remarks.

    Used if the form has a heading that is only the title: 进度（上月） is then a different one.
    """
    text = as_text(text)
    return _short_head_in_full(text) if len(text) <= LONGEST_HEAD else _head_in_full(text)


def _head_in_full(text: str) -> str:
    return clean_key(text).replace(" ", "").lstrip("*※").rstrip("*※:")


_short_head_key = lru_cache(maxsize=4096)(_head_key)
_short_head_in_full = lru_cache(maxsize=4096)(_head_in_full)
"""Cached because a thousand returned files have the same headings."""


def loses_digits(raw: Any) -> bool:
    """Whether a raw value is a number of more than DIGITS_KEPT digits: an identifier that Excel has already spoilt."""
    return isinstance(raw, (int, float)) and not isinstance(raw, bool) and abs(raw) >= 10**DIGITS_KEPT


def is_blank(raw: Any) -> bool:
    """Whether a raw value is None or only white space and invisible characters."""
    if isinstance(raw, str):
        return not raw or (not _STARTS_SEEN.match(raw) and not clean_key(raw))
    return raw is None


def means_nothing(raw: Any) -> bool:
    """Whether a raw value is blank or one of EMPTY_WORDS.

    Such a word is kept as typed in prose, but is neither a date nor a number.
    """
    return is_blank(raw) or (isinstance(raw, str) and clean_key(raw).lower() in EMPTY_WORDS)


def shorten(text: str, most: int) -> str:
    """Return a text cut to ``most`` characters, ending in … if anything was cut."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def utf16_length(text: str) -> int:
    """Return the length in UTF-16 code units, as Excel and Windows count.

    A character beyond U+FFFF, such as an emoji, counts as two.
    """
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits_cell(text: str) -> bool:
    """Whether one Excel cell can hold a text."""
    return len(text) <= LONGEST_CELL // 2 or utf16_length(text) <= LONGEST_CELL


def cut_to_cell(text: str) -> str:
    """Return the longest beginning of a text that one Excel cell can hold."""
    if fits_cell(text):
        return text
    return text.encode("utf-16-le", "surrogatepass")[: 2 * LONGEST_CELL].decode("utf-16-le", "ignore")


SEEN_BEFORE = 6
"""Characters shown before the point where two shortened texts first differ."""


def show_difference(old: str, new: str, most: int) -> tuple[str, str]:
    """Return two different texts on one line each, shortened to about ``most`` characters so that they still differ.

    If they begin alike, both are shown from shortly before the first difference.
    """
    one, other = (" ".join(text.split()) for text in (old, new))
    if one == other:
        return shorten(one, most), f"{shorten(other, most)}（只有空格、换行不同）" if old != new else shorten(
            other, most
        )
    if shorten(one, most) != shorten(other, most) and one[: most - 1] != other[: most - 1]:
        return shorten(one, most), shorten(other, most)
    pairs = enumerate(zip(one, other, strict=False))
    start = next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))
    first = max(0, start - SEEN_BEFORE)
    left, right = (("…" if first else "") + shorten(text[first:], most) for text in (one, other))
    return left, right


def is_clear_mark(raw: Any) -> bool:
    """Whether a raw value is the explicit mark that clears a cell, （清空）."""
    return isinstance(raw, str) and clean_key(raw) == "(清空)"


def split_many(text: str) -> tuple[str, ...]:
    """Split a cell that holds several names at 、，, ；; / or line ends outside brackets.

    A word that means nothing gives an empty tuple.
    """
    if means_nothing(text):
        return ()
    parts, pieces = [""], _BRACKET.split(text.replace("\r", "\n"))
    for piece, bracket in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
        if bracket in {"）", ")"}:  # within brackets
            parts[-1] += piece + bracket
        else:
            first, *rest = _SEPARATOR.split(piece)
            parts[-1] += first
            parts += rest
            parts[-1] += bracket
    return tuple(key for part in parts if (key := clean_key(part)))
