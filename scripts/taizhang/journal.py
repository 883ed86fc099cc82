"""The journal of a ledger: one JSON line per write, each holding the SHA-256 of the line before."""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

__all__ = ["Change", "Entry", "append_entry", "broken_line", "read_entries"]

NAME = "journal.jsonl"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changes: where it belongs, its old and new value, and which file it came from."""

    register: str
    code: str
    column: str
    old: Any
    new: Any
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One write: when (ISO), who, by which command, the ledger's SHA-256 before and after, and the cells changed."""

    previous: str
    time: str
    user: str
    command: str
    before: str
    after: str
    changes: tuple[Change, ...]


def append_entry(folder: Path, command: str, before: str, after: str, changes: Sequence[Change], now: datetime) -> None:
    """Append one entry to the journal in a history folder and flush it to the disk.

    A last line that a power cut left without its end is closed first, so that the new entry stands on a line of its own.
    """
    path = folder / NAME
    written = path.read_bytes() if path.exists() else b""
    torn = bool(written) and not written.endswith(b"\n")
    lines = written.splitlines()
    entry: dict[str, Any] = {
        "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else "",
        "time": now.isoformat(timespec="seconds"),
        "user": _user(),
        "command": command,
        "before": before,
        "after": after,
        "changes": [_plain(asdict(change)) for change in changes],
    }
    with path.open("ab") as journal:
        journal.write(b"\n" * torn + json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        journal.flush()
        os.fsync(journal.fileno())


def read_entries(folder: Path) -> list[Entry]:
    """Return the entries of a journal, oldest first; none where there is no journal. Unreadable lines are left out."""
    entries = []
    for line in _lines(folder):
        try:
            facts = json.loads(line)
            entries.append(Entry(**{**facts, "changes": tuple(Change(**each) for each in facts["changes"])}))
        except (ValueError, TypeError, KeyError):
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


def _lines(folder: Path) -> list[bytes]:
    path = folder / NAME
    return path.read_bytes().splitlines() if path.exists() else []


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
