"""The states of a ledger that history keeps: each an ordinary workbook, named by time and hash, so that the ledger of any day is a file.

States of past years may be in archives (``archives.py``). A state has no schema of ours: it is what the office's program wrote.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.archives import archive_folder, digits_of, find_archived_state
from taizhang.history.grid import Grid, grid_of
from taizhang.history.journal import read_entries, read_journal
from taizhang.ledger.model import read_ledger
from taizhang.system.files import (
    bytes_of,
    history_folder,
    write_atomically,
)
from taizhang.system.stored import is_file


def keep_state(ledger: Path, data: bytes, now: datetime) -> Path:
    """Keep a state of the ledger in history as an ordinary workbook, once; a damaged one is mended. Returns its path."""
    digest = digest_of(data)
    path = state_path(ledger, digest, now)
    if read_state(ledger, digest) is None:
        write_atomically(path, data)
    return path


def state_path(ledger: Path, digest: str, now: datetime) -> Path:
    """Return where a state is kept, or is to be."""
    return find_state_file(ledger, digest) or history_folder(ledger) / f"{now:%Y%m%d-%H%M%S}_{digest[:12]}.xlsx"


def find_state(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256, from an archive too; None where history has lost it or it was altered."""
    return read_state(ledger, sha256) or find_archived_state(ledger, sha256)


def has_last_state(ledger: Path) -> bool:
    """Whether history has the ledger as it is now, where that is what the record ends with; the next command keeps it otherwise."""
    entries = read_journal(history_folder(ledger)).entries
    last, digest = (entries[max(entries)].after if entries else ""), digest_of(bytes_of(ledger))
    return last != digest or find_state(ledger, digest) is not None


def why_state_is_missing(ledger: Path, sha256: str) -> str:
    """Return why a state is not to be had, and what to do: its archive was moved elsewhere, or history has lost it."""
    archive = next((e.archive for e in read_entries(history_folder(ledger)).values() if sha256[:12] in e.archived), "")
    if not archive:
        return "history 里缺那时的台账，请从备份找回 history 文件夹。"
    if (archive_folder(ledger) / archive).exists():
        return f"那时的台账归档在 history/归档/{archive}，这个文件里却没有它或它坏了，请从备份找回 {archive}。"
    return f"那时的台账已归档在 {archive}，history/归档 里现在没有这个文件，请把它放回去再运行。"


def digest_of(data: bytes) -> str:
    """Return the SHA-256 by which the journal knows a state."""
    return hashlib.sha256(data).hexdigest()


def read_state(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256 where it is a file of its own in history, unaltered; None where it is not."""
    path = find_state_file(ledger, sha256)
    data = bytes_of(path) if path and is_file(path) else b""  # whatever else is in the place of a state: it is lost
    return data if digest_of(data) == sha256 else None


def find_state_file(ledger: Path, sha256: str) -> Path | None:
    """Return the file that bears the name of a state, whatever is in it."""
    folder = history_folder(ledger)
    if not sha256 or not folder.is_dir():
        return None
    # Not by a glob, which finds nothing where the folder may not be read.
    return next((path for path in folder.iterdir() if path.name.endswith(f"_{sha256[:12]}.xlsx")), None)


def state_files(ledger: Path) -> list[Path]:
    """Return the states that history keeps as files, without those in archives, oldest first."""
    folder = history_folder(ledger)
    found = [path for path in folder.iterdir() if digits_of(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name)


def newest_state(ledger: Path) -> Path | None:
    """Return the last state that history has kept as a file, whether or not the ledger and the journal can be read."""
    # Two of one second have names in the order of their hashes, which says nothing.
    return max(state_files(ledger), key=lambda path: (path.name[:15], path.stat().st_mtime_ns), default=None)


def grid_of_state(ledger: Path, data: bytes, forms: Mapping[str, Form]) -> Grid:
    """Return the cells of a state that was kept."""
    return grid_of(read_ledger(ledger, forms, data), forms)
