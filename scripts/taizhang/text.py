"""Text as people type it: keys are normalised, prose is not touched."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from typing import Any

__all__ = [
    "as_text",
    "clean_key",
    "clean_prose",
    "head_key",
    "invisible_characters",
    "is_blank",
    "is_clear_mark",
    "means_nothing",
    "split_many",
]

EMPTY_WORDS = frozenset({"无", "暂无", "没有", "-", "--", "—", "——", "/", "n/a", "空", "○"})
_PLAIN = re.compile(r"[0-9A-Za-z一-鿿\-./%]*")
_INVISIBLE_NAMES = {
    "\u200b": "零宽空格",
    "\u200c": "零宽字符",
    "\u200d": "零宽字符",
    "\ufeff": "零宽字符",
    "\u00a0": "不间断空格",
    "\u3000": "全角空格",
    "\t": "制表符",
}


def clean_key(text: str) -> str:
    """Return text that means an identity, a head, a number or a choice in its normal form.

    NFKC, invisible characters removed, white space at the ends removed and runs within reduced to one space.
    """
    if _PLAIN.fullmatch(text):
        return text
    normal = unicodedata.normalize("NFKC", text.replace("_x000D_", ""))
    visible = "".join(char for char in normal if unicodedata.category(char) not in ("Cf", "Cc") or char in "\n\t")
    return " ".join(visible.split())


def clean_prose(text: str) -> str:
    """Return prose with line ends as LF and without white space at its ends; nothing else is touched."""
    if "\r" in text or "_x000D_" in text:
        text = text.replace("_x000D_\n", "\n").replace("_x000D_", "\n").replace("\r\n", "\n").replace("\r", "\n")
    return text.strip()


def invisible_characters(text: str) -> tuple[str, ...]:
    """Return the office's names of the invisible characters in a text, each once."""
    return tuple(dict.fromkeys(_INVISIBLE_NAMES[char] for char in text if char in _INVISIBLE_NAMES))


def as_text(raw: Any) -> str:
    """Return a raw cell value as the text a person sees: 7.0 → ``7``, a date → ``2022-03-15``, blank → empty."""
    if isinstance(raw, str):
        return raw
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else repr(raw)
    if isinstance(raw, datetime):
        at_midnight = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
        return raw.date().isoformat() if at_midnight else raw.isoformat(" ", "minutes")
    if isinstance(raw, date):
        return raw.isoformat()
    return str(raw)


def head_key(text: Any) -> str:
    """Return a head as it is compared: normalised, without line ends, required marks and remarks in brackets."""
    key = clean_key(as_text(text)).replace(" ", "").lstrip("*※").rstrip("*※:")
    return key.partition("(")[0] or key


def is_blank(raw: Any) -> bool:
    """Whether a raw value is nothing at all, or only white space and invisible characters."""
    return raw is None or (isinstance(raw, str) and (not raw or not clean_key(raw)))


def means_nothing(raw: Any) -> bool:
    """Whether a raw value is blank or one of the words people type for nothing to report (无, —, /)."""
    return is_blank(raw) or (isinstance(raw, str) and clean_key(raw).lower() in EMPTY_WORDS)


def is_clear_mark(raw: Any) -> bool:
    """Whether a raw value is the explicit mark that clears a cell, （清空）."""
    return isinstance(raw, str) and clean_key(raw) == "(清空)"


def split_many(text: str) -> tuple[str, ...]:
    """Split a cell that holds several names, separated by 、，, ；; or line ends."""
    parts = (clean_key(part) for part in re.split(r"[、，,；;\n]", text))
    return tuple(part for part in parts if part)
