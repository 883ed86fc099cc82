"""Archiving the states of past years, in an order of steps in which a kill loses nothing.

The archive is written, flushed and read back before the journal lists its contents; only then are the files in
history deleted. The last state of each month stays, so that reports and their trends need no archive.
"""

from __future__ import annotations

import itertools
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from taizhang.history.archives import archive_folder, archives, digits_of, read_archive
from taizhang.history.entries import Entry, Verb
from taizhang.history.hand_edits import record_under_lock
from taizhang.history.journal import append_entry, key_of_record, read_entries
from taizhang.history.locks import locked
from taizhang.history.states import state_files
from taizhang.ledger.own_forms import forms_beside
from taizhang.system.files import StoreError, digest_of, discard, history_folder, put_in_place, read_file, stage
from taizhang.system.zipped import MADE_ON
from taizhang.workbook.reader import BROKEN_ZIP

__all__ = ["Space", "archive_names", "archive_year", "space_of", "states_to_archive"]


@dataclass(frozen=True, slots=True)
class Space:
    """The disk space of a history's states: files and bytes in all, and files and bytes that could be archived."""

    states: int
    size: int
    past_states: int
    past_size: int


def states_to_archive(ledger: Path, before: int) -> dict[int, list[Path]]:
    """Return the states in history that can be archived, by the year of their entries, for years before ``before``."""
    entries = read_entries(history_folder(ledger)).values()
    last_of_month = {entry.time[:7]: entry.after for entry in entries}
    year_of: dict[str, int] = {}
    for entry in entries:  # if a state came back later, its last entry counts
        year_of[entry.after[:12]] = int(entry.time[:4])
    stay = {digest[:12] for digest in last_of_month.values()}
    found: dict[int, list[Path]] = {}
    for path in state_files(ledger):
        digits = digits_of(path.name)
        if digits not in stay and (year := year_of.get(digits, before)) < before:
            found.setdefault(year, []).append(path)
    return dict(sorted(found.items()))


def space_of(ledger: Path, year: int) -> Space:
    """Return the disk space of a history's states; ``year`` is the present year."""
    sizes = {path: path.stat().st_size for path in state_files(ledger)}
    past = list(itertools.chain(*states_to_archive(ledger, year).values()))
    return Space(len(sizes), sum(sizes.values()), len(past), sum(sizes[path] for path in past))


def archive_year(ledger: Path, year: int, now: datetime) -> tuple[Path, int]:
    """Archive the states of a past year; return the archive and the number of states that it took from history.

    Raises StoreError if the journal is broken, a state does not match the journal, or the archive cannot be written;
    nothing is deleted then.
    """
    with locked(ledger, Verb.ARCHIVED) as killed:
        record_under_lock(ledger, forms_beside(ledger), now, killed)
        folder = history_folder(ledger)
        key_of_record(folder)
        entries = read_entries(folder)
        known = {entry.after[:12]: entry.after for entry in entries.values()}
        states = states_to_archive(ledger, year + 1).get(year, [])
        path = _choose_archive(ledger, year, entries)
        for each in states:
            if digest_of(read_file(each)) != known[digits_of(each.name)]:
                raise StoreError(f"history/{each.name} 被改过或损坏，没有归档。请先从备份找回它，再运行。")
        held = _digits_in(path)
        if new := [each for each in states if digits_of(each.name) not in held]:
            _write_archive(path, read_archive(path) if held else (), new, known)
        listed = archive_names(entries)
        if unlisted := [digits_of(each.name) for each in states if digits_of(each.name) not in listed]:
            last = entries[max(entries)].after
            append_entry(folder, Verb.ARCHIVED, last, last, (), now, archive=path.name, archived=unlisted)
        for each in states:
            discard(each)  # a file held open stays; it is archived already and deleted the next time
        return path, len(states)


def archive_names(entries: Mapping[int, Entry]) -> dict[str, str]:
    """Return the archive of each archived state, by the first twelve digits of its SHA-256."""
    return {digest: entry.archive for entry in entries.values() for digest in entry.archived}


def _choose_archive(ledger: Path, year: int, entries: Mapping[int, Entry]) -> Path:
    """Return the archive for a year's states: an intact one that is present, else one with an unused name."""
    there, taken = archives(ledger), set(archive_names(entries).values())
    for number in itertools.count(1):
        path = archive_folder(ledger) / (f"{year}.zip" if number == 1 else f"{year}-{number}.zip")
        if path in there and _is_intact(path):
            return path
        if path not in there and path.name not in taken:
            return path
    raise AssertionError


def _is_intact(path: Path) -> bool:
    try:
        return all(digest_of(data)[:12] in name for name, data in read_archive(path))
    except BROKEN_ZIP:
        return False


def _digits_in(path: Path) -> set[str]:
    return {digits_of(name) for name, _ in read_archive(path)} if path.exists() else set()


def _write_archive(
    path: Path, held: Iterable[tuple[str, bytes]], new: Sequence[Path], known: Mapping[str, str]
) -> None:
    """Write an archive with its former and the new states, and read it back before the rename; raises StoreError."""

    def fill(target: IO[bytes]) -> None:
        with zipfile.ZipFile(target, "w") as archive:
            for name, data in (*held, *((each.name, read_file(each)) for each in new)):
                state = zipfile.ZipInfo(name, _zip_time(name))  # stored: a workbook is compressed already
                state.create_system = MADE_ON
                archive.writestr(state, data)

    temporary = stage(path, fill)
    try:
        right = {
            digits for name, data in read_archive(temporary) if known.get(digits := digits_of(name)) == digest_of(data)
        }
        if not {digits_of(each.name) for each in new} <= right:
            raise StoreError(f"{path.name} 写好后读回来不对，没有归档，history 没有动。请检查磁盘后再运行。")
        put_in_place(temporary, path)
    except BaseException:
        discard(temporary)
        raise


def _zip_time(name: str) -> tuple[int, int, int, int, int, int]:
    """Return the time in a state's name as a zip date; 1980-01-01 if the name has no time that a zip can hold."""
    try:
        moment = datetime.strptime(name[:15], "%Y%m%d-%H%M%S")
    except ValueError:
        moment = datetime.min
    if not 1980 <= moment.year <= 2107:
        moment = datetime(1980, 1, 1)
    return moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second
