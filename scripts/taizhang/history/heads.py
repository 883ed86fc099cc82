"""How far a record had come: the number of its last line and the first digits of that line's SHA-256, to be noted down and compared.

Since each line holds the hash of the line before, such a code stands for every line up to it. Whoever has noted one elsewhere can
tell later whether the record still is the one that was noted. ``.head`` beside the journal (``Kind.HEAD``) is such a note; bases, forms
and 〈变更记录〉 carry others.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taizhang.history.key import is_signed, read_key, seal, sign
from taizhang.ledger.layout import identity_facts
from taizhang.system.files import write_atomically
from taizhang.system.schema import Kind, numbered
from taizhang.system.stored import Damaged, stored_json
from taizhang.workbook.reader import Workbook

__all__ = [
    "NOTE",
    "Head",
    "carried_head",
    "code_typed",
    "codes_of",
    "head_facts",
    "head_from",
    "head_of",
    "is_in",
    "missing_words",
    "read_note",
    "write_note",
]

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


def carried_head(book: Workbook, secret: bytes) -> tuple[Head, str] | None:
    """Return how far the record had come when a form was issued, and for which period that was; None where it does not say so, or
    nobody of ours signed it."""
    facts = identity_facts(book)
    head = signed_head(facts, secret) if facts else None
    return (head, str(facts["period"])) if facts and head else None


def head_facts(secret: bytes, period: str, department: str, head: str) -> dict[str, str]:
    """Return how far the record had come as a form carries it, with a signature, so that nobody else can put it there."""
    return {"head": head, "head_mark": seal(secret, "head", period, department, head)} if head else {}


def signed_head(facts: Mapping[str, Any], secret: bytes) -> Head | None:
    period, department, head, mark = (str(facts.get(key, "")) for key in ("period", "department", "head", "head_mark"))
    genuine = hmac.compare_digest(
        seal(secret, "head", period, department, head).encode(), mark.encode(errors="replace")
    )
    return head_from(head) if genuine else None


NOTE = ".head"


@dataclass(frozen=True, slots=True)
class _Note:
    """How far the journal had come, beside it: number and code of its last line, signed."""

    number: int
    code: str
    mark: str
    more: Mapping[str, Any] = field(default_factory=dict)


def write_note(folder: Path, lines: Sequence[bytes], secret: bytes) -> None:
    """Note how far the journal has come."""
    head = head_of(lines)
    facts = {"number": head.number, "code": head.code, "mark": sign(secret, "head", head.text.encode())}
    write_atomically(folder / NOTE, json.dumps(numbered(Kind.HEAD, facts)).encode())


def read_note(folder: Path) -> Head | None:
    """Return how far the journal had come, as the note beside it says; None where there is none, or one that nobody signed.

    Raises Damaged for what is no note.
    """
    cure = "它记着记录到第几次；请用办公室记下的校验码核对（taizhang history verify --code 校验码），没有问题的，删掉它，以后会重新生成。"
    try:
        note = stored_json(folder / NOTE, Kind.HEAD, _Note, cure, more="more")
    except FileNotFoundError:
        return None
    head, secret = Head(note.number, note.code), read_key(folder)
    if secret and not is_signed(secret, "head", head.text.encode(), note.mark):
        raise Damaged(folder / NOTE, f"history/{NOTE} 的签名对不上，被改过。{cure}")
    return head
