"""States of past years that were put away: one zip a year in history, in which each is still an ordinary workbook.

Such a zip may be moved to another disk; put back, the states in it are found again wherever history looks for one.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from taizhang.system.files import history_folder, opened
from taizhang.system.limits import MAX_FILE_BYTES
from taizhang.workbook.reader import BROKEN_ZIP

__all__ = ["archive_folder", "archives", "digits_of", "find_archived_state", "read_archive"]

_STATE = re.compile(r"\d{8}-\d{6}_([0-9a-f]{12})\.xlsx")
"""The name of a state's file: when it was kept, and the first twelve digits of its SHA-256."""


def digits_of(name: str) -> str:
    """Return the digits of a state's SHA-256 that its file's name holds, by which the journal calls it too; empty for another file."""
    found = _STATE.fullmatch(name)
    return found[1] if found else ""


def archive_folder(ledger: Path) -> Path:
    """Return the folder in which archives of a ledger's history are looked for."""
    return history_folder(ledger) / "归档"


def archives(ledger: Path) -> list[Path]:
    """Return the archives that are there, by name."""
    folder = archive_folder(ledger)
    return sorted(path for path in folder.iterdir() if path.suffix == ".zip") if folder.is_dir() else []


def find_archived_state(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256 from the archives that are there; None where none holds it unaltered."""
    for path in archives(ledger):
        name = _names(path, path.stat().st_mtime_ns).get(sha256[:12]) if sha256 else None
        if name:
            try:
                with opened(path) as file, zipfile.ZipFile(file) as archive:
                    data = _member(archive, name)
            except BROKEN_ZIP:
                continue
            if hashlib.sha256(data).hexdigest() == sha256:
                return data
    return None


def read_archive(path: Path) -> Iterator[tuple[str, bytes]]:
    """Yield name and bytes of each state in an archive; raises one of BROKEN_ZIP where it is damaged."""
    with opened(path) as file, zipfile.ZipFile(file) as archive:
        names = [name for name in archive.namelist() if digits_of(name)]
        if not names:  # of an archive that was cut off zipfile opens the last workbook in it, itself a zip
            raise zipfile.BadZipFile
        for name in names:
            yield name, _member(archive, name)


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return a state in an archive; one that says it is larger than any ledger is not unpacked."""
    if archive.getinfo(name).file_size > MAX_FILE_BYTES:
        raise zipfile.BadZipFile
    return archive.read(name)


@lru_cache
def _names(path: Path, saved: int) -> Mapping[str, str]:
    """Return the names of an archive's states by the digits in them; ``saved`` tells a file that was written anew."""
    try:
        with opened(path) as file, zipfile.ZipFile(file) as archive:
            names = archive.namelist()
    except BROKEN_ZIP:
        return {}
    return {digits: name for name in names if (digits := digits_of(name))}
