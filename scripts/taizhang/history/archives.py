"""Archives of past years' states: one zip file a year under history/归档, holding ordinary workbooks.

An archive may be moved to another disk. Once it is put back, its states are found again.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from taizhang.system.files import digest_of, history_folder, open_file
from taizhang.system.limits import MAX_FILE_BYTES
from taizhang.workbook.reader import BROKEN_ZIP

__all__ = ["archive_folder", "archives", "digits_of", "find_archived_state", "read_archive"]

_STATE = re.compile(r"\d{8}-\d{6}_([0-9a-f]{12})\.xlsx")
"""The file name of a state: the time at which it was kept, and the first twelve digits of its SHA-256."""


def digits_of(name: str) -> str:
    """Return the twelve SHA-256 digits in a state's file name, which the journal uses too; empty for any other file."""
    found = _STATE.fullmatch(name)
    return found[1] if found else ""


def archive_folder(ledger: Path) -> Path:
    """Return the folder of a ledger's archives."""
    return history_folder(ledger) / "归档"


def archives(ledger: Path) -> list[Path]:
    """Return the archives present, sorted by name."""
    folder = archive_folder(ledger)
    return sorted(path for path in folder.iterdir() if path.suffix == ".zip") if folder.is_dir() else []


def find_archived_state(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256 from the archives present; None if no archive holds it unaltered."""
    for path in archives(ledger):
        name = _index_names(path, path.stat().st_mtime_ns).get(sha256[:12]) if sha256 else None
        if name:
            try:
                with open_file(path) as file, zipfile.ZipFile(file) as archive:
                    data = _member(archive, name)
            except BROKEN_ZIP:
                continue
            if digest_of(data) == sha256:
                return data
    return None


def read_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each state in an archive; raises one of BROKEN_ZIP if it is damaged."""
    with open_file(path) as file, zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if digits_of(name)]
        if not names:  # in a truncated archive zipfile finds the last workbook, which is a zip itself
            raise zipfile.BadZipFile
        for name in names:
            yield name, _member(archive, name)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one state of an archive; raises BadZipFile if its declared size exceeds MAX_FILE_BYTES."""
    if archive.getinfo(name).file_size > MAX_FILE_BYTES:
        raise zipfile.BadZipFile
    return archive.read(name)


@lru_cache
def _index_names(path: Path, saved: int) -> Mapping[str, str]:
    """Return the names of an archive's states by their digits; ``saved`` (mtime in ns) invalidates the cache."""
    try:
        with open_file(path) as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except BROKEN_ZIP:
        return {}
    return {digits: name for name in names if (digits := digits_of(name))}
