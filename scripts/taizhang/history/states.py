"""The states of a ledger kept in history: ordinary workbooks named by time and hash.

Those of past years may be in archives (``archives.py``). A state has no schema number: the office's own program wrote
it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.archives import archive_folder, digits_of, find_archived_state
from taizhang.history.grid import Grid, grid_of
from taizhang.history.journal import read_entries, read_journal
from taizhang.ledger.model import read_ledger
from taizhang.system.files import (
    digest_of,
    history_folder,
    read_file,
    write_atomically,
)
from taizhang.system.stored import is_file


def keep_state(ledger: Path, data: bytes, now: datetime) -> Path:
    """Keep a state of the ledger in history unless it is there intact; a damaged one is replaced. Returns its path."""
    digest = digest_of(data)
    path = state_path(ledger, digest, now)
    if read_state(ledger, digest) is None:
        write_atomically(path, data)
    return path


def state_path(ledger: Path, digest: str, now: datetime) -> Path:
    """Return the path of a state, kept already or not."""
    return find_state_file(ledger, digest) or history_folder(ledger) / f"{now:%Y%m%d-%H%M%S}_{digest[:12]}.xlsx"


def find_state(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256, from history or an archive; None if it is missing or was altered."""
    return read_state(ledger, sha256) or find_archived_state(ledger, sha256)


def has_last_state(ledger: Path) -> bool:
    """Whether history holds the ledger's present state if the journal ends with it; otherwise True.

    If the ledger has changed since, the next command keeps its state.
    """
    entries = read_journal(history_folder(ledger)).entries
    last, digest = (entries[max(entries)].after if entries else ""), digest_of(read_file(ledger))
    return last != digest or find_state(ledger, digest) is not None


def why_state_is_missing(ledger: Path, sha256: str) -> str:
    """Return a sentence on why a state is missing and what to do: its archive was moved elsewhere, or it was lost."""
    archive = next((e.archive for e in read_entries(history_folder(ledger)).values() if sha256[:12] in e.archived), "")
    if not archive:
        return "history 里缺那时的台账，请从备份找回 history 文件夹。"
    if (archive_folder(ledger) / archive).exists():
        return f"那时的台账归档在 history/归档/{archive}，这个文件里却没有它或它坏了，请从备份找回 {archive}。"
    return f"那时的台账已归档在 {archive}，history/归档 里现在没有这个文件，请把它放回去再运行。"


def read_state(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256 if it is a file in history, unaltered; else None."""
    path = find_state_file(ledger, sha256)
    data = read_file(path) if path and is_file(path) else b""  # anything but an ordinary file counts as lost
    return data if digest_of(data) == sha256 else None


def find_state_file(ledger: Path, sha256: str) -> Path | None:
    """Return the file with the name of a state, whatever its content; None if there is none."""
    folder = history_folder(ledger)
    if not sha256 or not folder.is_dir():
        return None
    # Not with glob, which finds nothing in an unreadable folder.
    return next((path for path in folder.iterdir() if path.name.endswith(f"_{sha256[:12]}.xlsx")), None)


def state_files(ledger: Path) -> list[Path]:
    """Return the states kept as files, without those in archives, oldest first."""
    folder = history_folder(ledger)
    found = [path for path in folder.iterdir() if digits_of(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name)


def newest_state(ledger: Path) -> Path | None:
    """Return the newest state kept as a file, None if there is none; reads neither ledger nor journal."""
    # Within one second names sort by hash, which is meaningless: mtime decides.
    return max(state_files(ledger), key=lambda path: (path.name[:15], path.stat().st_mtime_ns), default=None)


def grid_of_state(ledger: Path, data: bytes, forms: Mapping[str, Form]) -> Grid:
    """Return the grid of a state."""
    return grid_of(read_ledger(ledger, forms, data), forms)
