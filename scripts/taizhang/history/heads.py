"""How far a record had come: the number of its last line and the first digits of that line's SHA-256, to be noted down and compared.

Since each line holds the hash of the line before, such a code stands for every line up to it. Whoever has noted one elsewhere can
tell later whether the record still is the one that was noted.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Head", "code_typed", "codes_of", "head_from", "head_of", "is_in", "missing_words"]

DIGITS = 12
"""Digits of a code: few enough to be written down, too many to be hit by trying."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a record at some time: its number (0: there was none) and its code, twelve digits."""

    number: int
    code: str

    @property
    def shown(self) -> str:
        """The code as people read it, e.g. ``8f3a-12cd-77b0``."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def words(self) -> str:
        """The head as the office notes it down."""
        return f"记录到第 {self.number} 次，校验码 {self.shown}"

    @property
    def text(self) -> str:
        """The head as files carry it; ``head_from`` reads it."""
        return f"{self.number} {self.code}" if self.number else ""


def head_of(lines: Sequence[bytes]) -> Head:
    """Return the head of a journal with these lines."""
    return Head(len(lines), _code(lines[-1]) if lines else "")


def codes_of(lines: Sequence[bytes]) -> list[str]:
    """Return the code of each line of a journal, that of line 1 first."""
    return [_code(line) for line in lines]


def head_from(text: str) -> Head | None:
    """Return the head that a file carries, None for every other text."""
    found = re.fullmatch(rf"([1-9][0-9]{{0,8}}) ([0-9a-f]{{{DIGITS}}})", text)
    return Head(int(found[1]), found[2]) if found else None


def is_in(head: Head, codes: Sequence[str]) -> bool:
    """Whether a record whose lines have these codes has come to a head."""
    return head.number <= len(codes) and codes[head.number - 1] == head.code


def missing_words(head: Head, count: int) -> str:
    """Return, as a clause, what it means that a record of so many lines has not come to a head that is known of it."""
    if head.number > count:
        return f"现在的记录只到第 {count} 次：末尾的记录被删过，或 history 换回了旧的"
    return f"现在第 {head.number} 次的校验码不是它：那一次或以前的记录被改写过"


def code_typed(text: str) -> str:
    """Return a code as it was typed, in whatever width, case and grouping; empty for what is none."""
    digits = re.sub(r"[^0-9a-z]", "", unicodedata.normalize("NFKC", text).lower())
    return digits if re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", digits) else ""


def _code(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()[:DIGITS]
