"""The journal of a ledger: one signed JSON line per write, issue or hand edit, chained by hashes.

The office's key (``key.py``) signs each line, the SHA-256 of the line before included. Lines from before there was a
key are unsigned; after the first signed line every line is signed. ``.head`` beside the journal records its length,
so that lines removed at its end are noticed (``heads.py``). Every line counts: it is an entry (``entries.py``), or
reported as unreadable.
"""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from io import FileIO
from pathlib import Path
from typing import Any

from taizhang.history.entries import Change, Entry, is_genuine_line, read_line, sign_line, write_change
from taizhang.history.hashed_files import hash_files, known_files
from taizhang.history.heads import NOTE, Head, codes_of, head_of, is_in, missing_words, read_note, write_note
from taizhang.history.key import KEY_LOST, id_of, make_key, read_key
from taizhang.system.files import StoreError, digest_of, narrow, opened_by_us
from taizhang.system.schema import NEWER_CURE, NewerSchema
from taizhang.system.stored import Damaged, Newer, parse_facts, read_kept

__all__ = [
    "JOURNAL_NAME",
    "KEY_CHANGED",
    "RESTORE",
    "Journal",
    "append_entry",
    "current_head",
    "key_of_record",
    "line_count",
    "read_entries",
    "read_journal",
    "register_files",
    "renew_note",
    "unread_cure",
    "unread_words",
    "user_name",
]

JOURNAL_NAME = "journal.jsonl"
RESTORE = "请从备份找回 history 文件夹。"
KEY_CHANGED = (
    "台账旁边的 .taizhang-key 不是原来的那一个（被换过，或拷错了），记录的签名、下发过的表都认不出来。"
    "请从备份或原来的文件夹找回原来的 .taizhang-key，再运行一次；确实找不回来的，用 taizhang issue --again 重新下发"
)
"""The message if the key is not the one that signed the journal, without its full stop."""


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal as it is on disk: its lines, the entries by number, and the numbers of unreadable lines.

    Each line is an entry or in ``unread``; ``newer`` gives the schema of those that a newer version wrote. ``torn``
    is the part of a line that a power cut left at the end: it is not a line, and the next line replaces it.
    """

    lines: tuple[bytes, ...]
    entries: Mapping[int, Entry]
    unread: tuple[int, ...] = ()
    newer: Mapping[int, NewerSchema] = field(default_factory=dict)
    torn: bytes = b""

    @property
    def last_key(self) -> str:
        """The id of the key of the last signed line; empty if none is signed."""
        return next((each.key for each in reversed(list(self.entries.values())) if each.key), "")

    @property
    def files(self) -> dict[str, str]:
        """The SHA-256 of each file according to the last entry that names it."""
        return known_files(each.files for each in self.entries.values())

    @property
    def broken(self) -> int | None:
        """The number of the first line that is unreadable or breaks the hash chain; None if there is none."""
        previous = ""
        for number, line in enumerate(self.lines, 1):
            if number in self.unread or self.entries[number].previous != previous:
                return number
            previous = digest_of(line)
        return None

    def altered(self, secret: bytes) -> list[int]:
        """Return the numbers of lines that this key signed and that were changed since."""
        known = id_of(secret)
        return [
            number
            for number, entry in self.entries.items()
            if entry.key == known and not is_genuine_line(self.lines[number - 1], secret)
        ]


def append_entry(  # noqa: PLR0913 - one for each fact
    folder: Path,
    command: str,
    before: str,
    after: str,
    changes: Sequence[Change],
    now: datetime,
    *,
    archive: str = "",
    archived: Sequence[str] = (),
    files: Mapping[str, str] | None = None,
    rekeyed: bool = False,
) -> None:
    """Append a signed entry to the journal in a history folder and flush it to disk; personal data is withheld.

    The first signed line also records the hashes of all bases present. A torn line at the end is dropped: the ledger
    that it describes was never put in place. If the entry cannot be written completely (OSError), the journal is
    restored. ``rekeyed`` means that the previous key is lost for good. Raises StoreError if the journal cannot be
    continued (``key_of_record``).
    """
    secret = key_of_record(folder, rekeyed=rekeyed) or make_key(folder)
    with _open_journal(folder / JOURNAL_NAME) as journal:
        written = journal.read()
        lines, _ = _split_lines(written)
        noted = {**({} if _read_entries(lines).last_key else hash_files(folder)), **(files or {})}
        entry: dict[str, Any] = {
            "previous": digest_of(lines[-1]) if lines else "",
            "time": now.isoformat(timespec="seconds"),
            "user": user_name(),
            "command": command,
            "before": before,
            "after": after,
            "changes": [write_change(change) for change in changes],
        }
        if archived:
            entry |= {"archive": archive, "archived": list(archived)}
        entry |= {"files": noted} if noted else {}
        entry |= {"rekeyed": True} if rekeyed else {}
        size = sum(len(line) + 1 for line in lines)
        signed = sign_line(entry, secret)
        _write_line(journal, signed, size, len(written))
    with suppress(StoreError, OSError):  # the entry is written; the next one renews the note
        write_note(folder, [*lines, signed], secret)


def _write_line(journal: FileIO, signed: bytes, size: int, written: int) -> None:
    """Write a line after the ``size`` bytes of complete lines, in place of a torn one; ``written`` is the file's size.

    The last complete line may lack its line end, which ``size`` counts. Raises OSError with the journal restored.
    """
    line = b"\n" * bool(size) + signed + b"\n"
    try:
        journal.seek(max(size - 1, 0))
        while line:
            line = line[journal.write(line) :]
        journal.truncate()
        os.fsync(journal.fileno())
    except OSError:
        journal.truncate(min(size, written))
        raise


def register_files(folder: Path, command: str, now: datetime, files: Mapping[str, str]) -> None:
    """Journal files that a command wrote beside the unchanged ledger.

    Does nothing if the journal already has these hashes.
    """
    journal = read_journal(folder)
    known = journal.files
    new = {name: sha256 for name, sha256 in files.items() if known.get(name, "") != sha256}
    if new and journal.entries:
        last = journal.entries[max(journal.entries)]
        moment = max(now, datetime.fromisoformat(last.time))
        append_entry(folder, command, last.after, last.after, (), moment, files=new)


def key_of_record(folder: Path, *, rekeyed: bool = False) -> bytes | None:
    """Return the key that signs the next line; None if there is none yet and one may be made.

    Raises StoreError if the key is lost, damaged, or not the one that signed the last line: nobody would trust what
    it signs. Also if lines are unreadable, do not follow from each other, or are missing although ``.head`` knows
    them: a line written now would be lost once they are restored. ``rekeyed`` allows another key.
    """
    secret, journal = read_key(folder), read_journal(folder)
    if secret is None and (journal.last_key or hash_files(folder)):
        raise StoreError(f"{KEY_LOST}；确实找不回来的，用 taizhang issue --again 重新下发，会生成新的。")
    if secret and journal.last_key not in ("", id_of(secret)) and not rekeyed:
        raise StoreError(f"{KEY_CHANGED}。")
    _refuse_unread(folder, journal)
    if journal.broken:
        raise StoreError(
            f"history/{JOURNAL_NAME} 第 {journal.broken} 行与前一行接不上（被改过、删过，或换过次序），"
            f"没有写。{RESTORE}"
        )
    noted = None
    try:
        noted = read_note(folder)
    except Newer:
        raise
    except Damaged:  # the next line renews it
        pass
    if noted and not is_in(noted, codes_of(journal.lines)):
        raise StoreError(
            f"history/{NOTE} 里{noted.words}，{missing_words(noted, len(journal.lines))}，没有写。{RESTORE}"
            f"确实找不回来、要接着现在的记的，删掉 history/{NOTE} 再运行。"
        )
    return secret


def renew_note(folder: Path) -> None:
    """Write ``.head`` again, after a command that was killed before it did.

    A note that contradicts the journal stays, as a trace of removed lines.
    """
    secret, lines = read_key(folder), _lines(folder)
    if secret and lines and ((noted := read_note(folder)) is None or is_in(noted, codes_of(lines))):
        write_note(folder, lines, secret)


def current_head(folder: Path) -> Head:
    """Return the head of the journal."""
    return head_of(_lines(folder))


@contextmanager
def _open_journal(path: Path) -> Iterator[FileIO]:
    """Open a journal for reading and writing; creates it if missing, without truncating an existing one."""
    with _name_errors(path):
        journal = open(path, "r+b", buffering=0, opener=opened_by_us)  # noqa: SIM115 - closed below, ignoring errors
        try:
            narrow(journal)
            yield journal
        finally:
            with suppress(OSError):  # the entry is on disk already
                journal.close()


@contextmanager
def _name_errors(path: Path) -> Iterator[None]:
    """Add the file name to an OSError that has none: errors of read and write do not."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def read_entries(folder: Path) -> dict[int, Entry]:
    """Return the entries of a journal by number, oldest first; empty if there is no journal.

    Raises Damaged if a line is unreadable: its entry must not be skipped.
    """
    journal = read_journal(folder)
    _refuse_unread(folder, journal)
    return dict(journal.entries)


def _refuse_unread(folder: Path, journal: Journal) -> None:
    if journal.unread:
        raise Damaged(folder / JOURNAL_NAME, f"{unread_words(journal)}。{unread_cure(journal)}")


def unread_words(journal: Journal) -> str:
    """Return a clause naming the unreadable lines of a journal: damaged ones, and those of a newer version."""
    damaged = [number for number in journal.unread if number not in journal.newer]
    clauses = (
        [f"history/{JOURNAL_NAME} 第 {_list_numbers(damaged)} 行读不出来（没有存完整，或被改过）"] if damaged else []
    )
    if journal.newer:
        numbers = [*journal.newer]
        clauses.append(f"history/{JOURNAL_NAME} 第 {_list_numbers(numbers)} 行{journal.newer[numbers[-1]]}")
    return "；".join(clauses)


def unread_cure(journal: Journal) -> str:
    """Return what to do about unreadable lines; damaged lines come first."""
    return RESTORE if len(journal.unread) > len(journal.newer) else NEWER_CURE


def _list_numbers(numbers: Sequence[int]) -> str:
    return "、".join(map(str, numbers[:5])) + (f" 等 {len(numbers)}" if len(numbers) > 5 else "")


def read_journal(folder: Path) -> Journal:
    """Return the journal of a history folder; without lines if there is none."""
    return _read_entries(*_read_lines(folder))


@lru_cache(maxsize=2)
def _read_entries(lines: tuple[bytes, ...], torn: bytes = b"") -> Journal:
    """Parse the lines of a journal; cached, since one command asks several times."""
    entries, unread, newer = {}, [], {}
    for number, line in enumerate(lines, 1):
        try:
            entries[number] = read_line(line)
        except NewerSchema as error:
            newer[number] = error
            unread.append(number)
        except ValueError:
            unread.append(number)
    return Journal(lines, entries, tuple(unread), newer, torn)


def line_count(folder: Path) -> int:
    """Return how many lines the journal has; the next entry's number is one more."""
    return len(_lines(folder))


def user_name() -> str:
    """Return the account that runs the command, empty if the system does not report it."""
    try:
        return getpass.getuser()
    except (ImportError, KeyError, OSError):  # Windows without USERNAME
        with suppress(OSError, AttributeError):
            return os.getlogin()
        return ""


def _lines(folder: Path) -> tuple[bytes, ...]:
    return _read_lines(folder)[0]


def _read_lines(folder: Path) -> tuple[tuple[bytes, ...], bytes]:
    path = folder / JOURNAL_NAME
    with _name_errors(path):
        return _split_lines(read_kept(path, RESTORE, follow=False) or b"")


def _split_lines(written: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """Return the complete lines of a journal (the last may lack its line end), and the rest of a torn one."""
    *lines, tail = written.split(b"\n")
    return ((*lines, tail), b"") if tail and _is_whole(tail) else (tuple(lines), tail)


def _is_whole(line: bytes) -> bool:
    try:
        parse_facts(line)
    except ValueError:
        return False
    return True
