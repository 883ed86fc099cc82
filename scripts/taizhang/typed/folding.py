"""Fold text for searching: drop invisible characters and unify look-alikes."""

from __future__ import annotations

import re
import unicodedata

from taizhang.typed.text import without_invisible

__all__ = ["fold", "squeeze"]

_SPACES = "\u2800"  # a blank pattern of Braille
_DASHES = "\u2043\u2212\u2500\u2501\u30fc\u301c\u3030~\uff5e_\uff3f"
_DOTS = "\u00b7\u119e\u2022\u2024\u2027\u2219\u22c5\u25e6\u30fb"
_STARS = "\u2606\u2729\u272a\u272b\u272c\u272d\u272e\u272f\u2730\u22c6\u2b50\u2736\u2735\u274a"
_SIMPLE = dict(
    zip("機絕絶級內祕宻護證號碼電話傳真標為長軍駕駛資", "机绝绝级内秘密护证号码电话传真标为长军驾驶资", strict=True)
)
"""Traditional characters, simplified, of the words that mark personal or classified data."""


class _Folding(dict[int, "str | None"]):
    """Map each character code to its folded form, computed on first use."""

    def __missing__(self, code: int) -> str | None:
        self[code] = folded = _fold_char(chr(code))
        return folded


def _fold_char(char: str) -> str | None:
    if char in "\n\r\u2028\u2029\u0085\x0b\x0c":
        return "\n"
    category = unicodedata.category(char)
    if char in _SPACES or char.isspace() or category == "Zs":
        return " "
    if category in ("Mn", "Me", "Cf", "Cc", "Cs") or not without_invisible(char):
        return None
    if category == "Nd":
        return str(unicodedata.decimal(char))
    if category == "Pd" or char in _DASHES:
        return "-"
    if char in _DOTS:
        return "."
    return "★" if char in _STARS else _SIMPLE.get(char, char)


_FOLDING = _Folding()
_SEPARATORS = re.compile(r"[\s.\-*/|\\]+")


def fold(text: str) -> str:
    """Return a text folded for searching; line ends stay.

    Removes invisible characters and combining marks, normalises width, unifies blanks, digits, dashes, dots and stars,
    and simplifies the traditional characters of secrecy marks and identity words.
    """
    one_end = text.replace("\r\n", "\n")
    return unicodedata.normalize("NFKC", without_invisible(one_end)).translate(_FOLDING)


def squeeze(text: str) -> str:
    """Remove characters that may separate others in a folded text: white space, dots, dashes, strokes, asterisks."""
    return _SEPARATORS.sub("", text)
