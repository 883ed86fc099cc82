"""Journal entries with their changes, and the signed line of JSON (``Kind.LINE``) in which each is stored.

The signature is the line's last key and covers every byte before it, the schema number included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from taizhang.history.key import id_of, is_signed, sign
from taizhang.system.schema import Kind, add_schema_number, migrate
from taizhang.system.stored import make_instance, parse_facts
from taizhang.typed.personal import find_personal

_MARK = b', "mark": "'


WITHHELD = "（含个人信息或密级标志，不记内容）"


class Verb(StrEnum):
    """The first words of the ``command`` of an entry or a lock holder, as stored; options may follow."""

    DRAFT = "draft"
    ADOPT = "adopt"
    ISSUE = "issue"
    MERGE = "merge"
    UNDO = "undo"
    REMIND = "remind"
    ENABLE = "forms enable"
    UPDATE = "forms update"
    DEMO = "demo"
    ARCHIVED = "archive"
    """Records which states were archived (``put_away.py``)."""

    FIRST = "登记"
    """No command caused the entry: the ledger was seen for the first time."""

    HAND = "手工修改"
    """No command caused the entry: the ledger was edited by hand."""

    RESTORED = "恢复"
    """No command caused the entry: an earlier state was put back."""

    MADE = "出表"
    """A report or slips are being written; only a lock holder has it, it has no entry."""

    EVIDENCE = "登记佐证"
    """No command caused the entry: the evidence of a decided close-out was kept (``evidence.py``)."""

    FINISHED = "收尾"
    """Records the bases which a killed command had written."""


def command_text(verb: Verb, *options: str) -> str:
    """Return the command of an entry as it is stored: the verb and its options, separated by spaces."""
    return " ".join((verb.value, *options))


def verb_of(command: str) -> Verb | None:
    """Return the verb of a stored command; None for one that only another version knows."""
    return next((verb for verb in Verb if command == verb or command.startswith(f"{verb} ")), None)


@dataclass(frozen=True, slots=True)
class Change:
    """One changed cell: where it is, its old and new value, the file it came from, and the reason if known.

    ``register`` is a form's name or the name of a user-added sheet; ``code`` the row's code, or its row number there;
    ``column`` a column key, a head, or column letters.
    """

    register: str
    code: str
    column: str
    old: Any
    new: Any
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One step of the ledger: time (ISO), user, command, the ledger's SHA-256 before and after, and changed cells.

    Its number is the number of its line in the journal. ``before`` is empty for the first entry. ``archived`` lists,
    by the first twelve digits of their SHA-256, the states that were put into the archive named ``archive``.
    ``files`` maps the names (within history) of bases and other files that the step wrote to their SHA-256
    (``hashed_files.py``).

    ``key`` identifies the key that signs the line, empty if unsigned; ``rekeyed`` means that the key before it was
    lost and replaced. ``more`` names the keys that a newer version wrote and this one does not know; they stay in the
    line.
    """

    previous: str
    time: str
    user: str
    command: str
    before: str
    after: str
    changes: tuple[Change, ...]
    archive: str = ""
    archived: tuple[str, ...] = ()
    files: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    rekeyed: bool = False
    more: tuple[str, ...] = ()


def sign_line(entry: Mapping[str, Any], secret: bytes) -> bytes:
    """Return the line of an entry with its signature as the last key."""
    body = json.dumps(add_schema_number(Kind.LINE, {**entry, "key": id_of(secret)}), ensure_ascii=False).encode()
    return body[:-1] + _MARK + sign(secret, "journal", body).encode() + b'"}'


def is_genuine_line(line: bytes, secret: bytes) -> bool:
    """Whether a line is, byte for byte, what was signed with this key."""
    body, _, mark = line.rpartition(_MARK)
    signed = mark.removesuffix(b'"}').decode(errors="replace")
    return line.endswith(b'"}') and is_signed(secret, "journal", body + b"}", signed)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line as stored; ``more`` collects the keys that other programs and newer versions add."""

    previous: str
    time: str
    user: str
    command: str
    before: str
    after: str
    changes: list[dict[str, Any]]
    archive: str = ""
    archived: tuple[str, ...] = ()
    files: dict[str, str] = field(default_factory=dict)
    key: str = ""
    rekeyed: bool = False
    mark: str = ""
    more: dict[str, Any] = field(default_factory=dict)


def read_line(data: bytes) -> Entry:
    """Return the entry of a line; raises NewerSchema if its schema is newer, ValueError if it is not an entry."""
    try:
        return _read_line(migrate(Kind.LINE, parse_facts(data)))
    except (TypeError, KeyError, AttributeError, OverflowError) as error:
        raise ValueError(str(error)) from None


def _read_line(facts: Mapping[str, Any]) -> Entry:
    line = make_instance(_Line, facts, more="more")
    if datetime.fromisoformat(line.time).tzinfo or bool(line.key) != bool(line.mark):
        raise ValueError(line.time)
    read = [_read_change(change) for change in line.changes]
    more = [*line.more, *(each for _, others in read for each in others)]
    return Entry(
        line.previous,
        line.time,
        line.user,
        line.command,
        line.before,
        line.after,
        tuple(change for change, _ in read),
        line.archive,
        line.archived,
        line.files,
        line.key,
        line.rekeyed,
        tuple(dict.fromkeys(more)),
    )


def withhold(value: Any) -> Any:
    """Return the value that the journal may hold: personal data and classification marks are replaced by WITHHELD."""
    return WITHHELD if find_personal(value) else value


def as_plain(change: Change) -> dict[str, Any]:
    """Return a change for the JSON that other programs read: dates as ISO text."""
    return {
        key: value.isoformat() if isinstance(value, (date, time)) else value for key, value in asdict(change).items()
    }


def write_change(change: Change) -> dict[str, Any]:
    """Return a change as stored in its line: personal data withheld, dates and times tagged with their type."""
    facts = asdict(change)
    for key in ("old", "new"):
        facts[key] = _tag(withhold(facts[key]))
    return {key: value for key, value in facts.items() if value != "" or key not in ("source", "note")}


@dataclass(frozen=True, slots=True)
class _Cell(Change):
    """A change as stored; ``more`` collects unknown keys."""

    more: dict[str, Any] = field(default_factory=dict)


def _read_change(facts: Mapping[str, Any]) -> tuple[Change, list[str]]:
    """Return a change, and the names of its unknown keys."""
    cell = make_instance(_Cell, facts, more="more")
    old, new = _untag(cell.old), _untag(cell.new)
    return Change(cell.register, cell.code, cell.column, old, new, cell.source, cell.note), [*cell.more]


def _tag(value: Any) -> Any:
    """Return a value for JSON from which ``_untag`` restores its type."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"days": value / timedelta(days=1)}
    return value


def _untag(value: Any) -> Any:
    if isinstance(value, list):
        raise TypeError
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "days":
        return timedelta(days=text)
    return {"datetime": datetime, "date": date, "time": time}[kind].fromisoformat(text)
