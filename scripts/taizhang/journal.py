"""The journal of a ledger: one JSON line per write or hand edit, each holding the SHA-256 of the line before."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import Any

from taizhang.files import bytes_of, narrow, opened_by_us, there
from taizhang.personal import find_personal

__all__ = ["WITHHELD", "Change", "Entry", "append_entry", "as_plain", "broken_line", "read_entries", "withheld"]

NAME = "journal.jsonl"
WITHHELD = "（含个人信息或密级标志，不记内容）"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changes: where it belongs, its old and new value, which file it came from, and why where that is known.

    ``register`` is a form's name or the name of a sheet of people's own; ``code`` the row's code, or its number there;
    ``column`` a column key, a head, or letters.
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
    """One step of the ledger: when (ISO), who, by which command, the ledger's SHA-256 before and after, the cells changed.

    Its number is the number of its line in the journal. ``before`` is empty for the first. ``archived`` names, by the first twelve
    digits of their SHA-256, the states that were put into the archive with the name ``archive``.
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


def append_entry(
    folder: Path,
    command: str,
    before: str,
    after: str,
    changes: Sequence[Change],
    now: datetime,
    *,
    archive: str = "",
    archived: Sequence[str] = (),
) -> None:
    """Append one entry to the journal in a history folder and flush it to the disk; personal data is not written down.

    What a power cut left of a line is no entry: the ledger it speaks of was never put in place. It is dropped. Where the entry cannot
    be written whole (OSError) the journal is as it was.
    """
    with _opened(folder / NAME) as journal:
        written = journal.read()
        lines = _whole_lines(written)
        entry: dict[str, Any] = {
            "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else "",
            "time": now.isoformat(timespec="seconds"),
            "user": user_name(),
            "command": command,
            "before": before,
            "after": after,
            "changes": [_written(change) for change in changes],
        }
        if archived:
            entry |= {"archive": archive, "archived": list(archived)}
        size = sum(len(line) + 1 for line in lines)
        line = b"\n" * bool(size) + json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        try:
            journal.seek(max(size - 1, 0))
            while line:
                line = line[journal.write(line) :]
            journal.truncate()
            os.fsync(journal.fileno())
        except OSError:
            journal.truncate(min(size, len(written)))
            raise


@contextmanager
def _opened(path: Path) -> Iterator[FileIO]:
    """Open a journal, made where it is missing without asking first: what is there is never taken for missing."""
    with _named(path):
        journal = open(path, "r+b", buffering=0, opener=opened_by_us)  # noqa: SIM115 - closed below, whatever that says then
        try:
            narrow(journal)
            yield journal
        finally:
            with suppress(OSError):  # what was to be kept is on the disk
                journal.close()


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Give what the system refuses the name of the file where it has none: reading and writing tell none."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def read_entries(folder: Path) -> dict[int, Entry]:
    """Return the entries of a journal by number, oldest first; none where there is no journal. Unreadable lines are left out."""
    return dict(_entries(b"\n".join(_lines(folder))))


@lru_cache(maxsize=1)
def _entries(lines: bytes) -> dict[int, Entry]:
    """One command asks several times; the same lines are the same entries."""
    entries = {}
    for number, line in enumerate(lines.split(b"\n"), 1):
        try:
            facts = json.loads(line)
            changes = tuple(_read(change) for change in facts.pop("changes"))
            archived = tuple(facts.pop("archived", ()))
            entries[number] = Entry(**facts, changes=changes, archived=archived)
        except (ValueError, TypeError, KeyError, AttributeError):
            continue
    return entries


def broken_line(folder: Path) -> int | None:
    """Return the 1-based number of the first line that does not follow from the line before, or None if all do."""
    previous = ""
    for number, line in enumerate(_lines(folder), 1):
        try:
            found = json.loads(line).get("previous")
        except (ValueError, AttributeError):
            return number
        if found != previous:
            return number
        previous = hashlib.sha256(line).hexdigest()
    return None


def line_count(folder: Path) -> int:
    """Return how many lines the journal has; the next entry's number is one more."""
    return len(_lines(folder))


def withheld(value: Any) -> Any:
    """Return a value as the journal may hold it: personal data and classification marks are not written down."""
    return WITHHELD if find_personal(value) else value


def as_plain(change: Change) -> dict[str, Any]:
    """Return a change for JSON that people's programs read: dates as ISO text."""
    return {
        key: value.isoformat() if isinstance(value, (date, time)) else value for key, value in asdict(change).items()
    }


def user_name() -> str:
    """Return the account that runs the command, empty where the system does not tell."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # Windows without USERNAME
        with suppress(OSError, AttributeError):
            return os.getlogin()
        return ""


def _written(change: Change) -> dict[str, Any]:
    facts = asdict(change)
    for key in ("old", "new"):
        facts[key] = _tagged(withheld(facts[key]))
    return {key: value for key, value in facts.items() if value != "" or key not in ("source", "note")}


def _read(facts: Mapping[str, Any]) -> Change:
    return Change(**{**facts, "old": _untagged(facts["old"]), "new": _untagged(facts["new"])})


def _tagged(value: Any) -> Any:
    """Return a value for JSON such that its type comes back."""
    if isinstance(value, datetime):
        return {"datetime": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, time):
        return {"time": value.isoformat()}
    if isinstance(value, timedelta):
        return {"days": value / timedelta(days=1)}
    return value


def _untagged(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    ((kind, text),) = value.items()
    if kind == "days":
        return timedelta(days=text)
    return {"datetime": datetime, "date": date, "time": time}[kind].fromisoformat(text)


def _lines(folder: Path) -> list[bytes]:
    path = folder / NAME
    return _whole_lines(bytes_of(path, follow=False) if there(path) else b"")


def _whole_lines(written: bytes) -> list[bytes]:
    lines = written.split(b"\n")
    tail = lines.pop()
    return [*lines, tail] if tail and _is_whole(tail) else lines


def _is_whole(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
