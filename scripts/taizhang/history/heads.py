"""The head of a journal: the number of its last line and the first digits of that line's SHA-256.

Since each line holds the hash of the line before, the code covers every line up to it. Anybody who noted a head
elsewhere can check later that the journal still contains it. ``.head`` beside the journal (``Kind.HEAD``) is such a
note; bases, forms and 〈变更记录〉 carry others.
"""

from __future__ import annotations

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
from taizhang.system.files import digest_of, write_atomically
from taizhang.system.schema import Kind, add_schema_number
from taizhang.system.stored import Damaged, stored_json
from taizhang.workbook.reader import Workbook

__all__ = [
    "NOTE",
    "Head",
    "carried_head",
    "codes_of",
    "head_facts",
    "head_from",
    "head_of",
    "is_in",
    "missing_words",
    "parse_code",
    "read_note",
    "signed_head",
    "write_note",
]

DIGITS = 12
"""Digits of a code: short enough to write down, too many to guess."""


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of a journal at some time: its number (0 if there was none) and its code, twelve digits."""

    number: int
    code: str

    @property
    def shown(self) -> str:
        """The code in groups of four, e.g. ``8f3a-12cd-77b0``."""
        return "-".join(self.code[start : start + 4] for start in range(0, len(self.code), 4))

    @property
    def words(self) -> str:
        """The head as a clause that the office can note down."""
        return f"记录到第 {self.number} 次，校验码 {self.shown}"

    @property
    def text(self) -> str:
        """The head as files carry it; ``head_from`` parses it."""
        return f"{self.number} {self.code}" if self.number else ""


def head_of(lines: Sequence[bytes]) -> Head:
    """Return the head of a journal with these lines."""
    return Head(len(lines), _code(lines[-1]) if lines else "")


def codes_of(lines: Sequence[bytes]) -> list[str]:
    """Return the code of each line of a journal, that of line 1 first."""
    return [_code(line) for line in lines]


def head_from(text: str) -> Head | None:
    """Parse a head that a file carries; None for any other text."""
    found = re.fullmatch(rf"([1-9][0-9]{{0,8}}) ([0-9a-f]{{{DIGITS}}})", text)
    return Head(int(found[1]), found[2]) if found else None


def is_in(head: Head, codes: Sequence[str]) -> bool:
    """Whether a journal whose lines have these codes contains a head."""
    return head.number <= len(codes) and codes[head.number - 1] == head.code


def missing_words(head: Head, count: int) -> str:
    """Return a clause that explains why a journal with so many lines does not contain a known head."""
    if head.number > count:
        return f"现在的记录只到第 {count} 次：末尾的记录被删过，或 history 换回了旧的"
    return f"现在第 {head.number} 次的校验码不是它：那一次或以前的记录被改写过"


def parse_code(text: str) -> str:
    """Parse a typed code, in any width, case and grouping; empty if it is not a code."""
    digits = re.sub(r"[^0-9a-z]", "", unicodedata.normalize("NFKC", text).lower())
    return digits if re.fullmatch(rf"[0-9a-f]{{{DIGITS}}}", digits) else ""


def _code(line: bytes) -> str:
    return digest_of(line)[:DIGITS]


def carried_head(book: Workbook, secret: bytes) -> tuple[Head, str] | None:
    """Return the head and the period in an issued form; None if it has none, or if the signature is not ours."""
    facts = identity_facts(book)
    head = signed_head(facts, secret) if facts else None
    return (head, str(facts["period"])) if facts and head else None


def head_facts(secret: bytes, period: str, department: str, head: str) -> dict[str, str]:
    """Return a head as a form carries it, signed, so that nobody else can forge it; empty if there is no head."""
    return {"head": head, "head_mark": seal(secret, "head", period, department, head)} if head else {}


def signed_head(facts: Mapping[str, Any], secret: bytes) -> Head | None:
    """Return the head that a form carries; None if it has none or its signature is wrong."""
    period, department, head, mark = (str(facts.get(key, "")) for key in ("period", "department", "head", "head_mark"))
    genuine = hmac.compare_digest(
        seal(secret, "head", period, department, head).encode(), mark.encode(errors="replace")
    )
    return head_from(head) if genuine else None


NOTE = ".head"


@dataclass(frozen=True, slots=True)
class _Note:
    """The head of the journal in ``.head`` beside it: number and code of its last line, signed."""

    number: int
    code: str
    mark: str
    more: Mapping[str, Any] = field(default_factory=dict)


def write_note(folder: Path, lines: Sequence[bytes], secret: bytes) -> None:
    """Write the head of the journal to ``.head``."""
    head = head_of(lines)
    facts = {"number": head.number, "code": head.code, "mark": sign(secret, "head", head.text.encode())}
    write_atomically(folder / NOTE, json.dumps(add_schema_number(Kind.HEAD, facts)).encode())


def read_note(folder: Path) -> Head | None:
    """Return the head in ``.head``; None if there is no such file.

    Raises Damaged if it is not a head or its signature is wrong.
    """
    cure = (
        "它记着记录到第几次；请用办公室记下的校验码核对（taizhang history verify --code 校验码），没有问题的，"
        "删掉它，以后会重新生成。"
    )
    try:
        note = stored_json(folder / NOTE, Kind.HEAD, _Note, cure, more="more")
    except FileNotFoundError:
        return None
    head, secret = Head(note.number, note.code), read_key(folder)
    if secret and not is_signed(secret, "head", head.text.encode(), note.mark):
        raise Damaged(folder / NOTE, f"history/{NOTE} 的签名对不上，被改过。{cure}")
    return head
