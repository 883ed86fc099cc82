"""Files that history keeps beside states and journal: bases and rosters of what was issued, years of 〈变更记录〉. The journal knows
the SHA-256 of each, so that one that was altered, taken away or slipped in is told by its name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from taizhang.system.files import bytes_of
from taizhang.system.stored import is_file

__all__ = ["bases_among", "hash_file", "hash_files", "hash_written", "known_files", "name_in", "note_written"]

ISSUED = "issued"
"""The folder of bases and rosters within history."""

_written: dict[Path, set[str]] = {}


def name_in(folder: Path, path: Path) -> str:
    """Return by what name the journal knows a file of a history folder."""
    return path.relative_to(folder).as_posix()


def bases_among(names: Iterable[str]) -> list[str]:
    """Return which of the files that the journal knows are bases, one of each department; the others are rosters and years."""
    return [name for name in names if name.startswith(f"{ISSUED}/") and name.count("/") == 2]


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each base and roster that a history folder holds; empty for what is no ordinary file."""
    found = {}
    issued = folder / ISSUED
    linked = [each for each in issued.iterdir() if each.is_symlink() and each.is_dir()] if issued.is_dir() else []
    for top in (issued, *linked):  # bases are looked for in a folder that is a link, too
        for home, _, names in os.walk(top):
            for path in (Path(home, name) for name in names if name.endswith(".json")):
                found[name_in(folder, path)] = _digest(bytes_of(path)) if is_file(path) else ""
    return dict(sorted(found.items()))


def hash_file(folder: Path, name: str) -> str:
    """Return the SHA-256 of a file of a history folder, empty where it is none any more."""
    path = folder / name
    return _digest(bytes_of(path)) if is_file(path) else ""


def known_files(entries: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the SHA-256 of each file as the last entry that names it says; entries are given by their files."""
    known: dict[str, str] = {}
    for files in entries:
        known |= files
    return known


def note_written(folder: Path, *names: str) -> None:
    """Note which files of a history folder this process writes, or has promised to: how they are is journalled before it lets the lock go."""
    _written.setdefault(folder.resolve(), set()).update(names)


def hash_written(folder: Path, *, forget: bool = False) -> dict[str, str]:
    """Return the SHA-256, as it is now, of each file of a history folder that this process writes under the lock it holds."""
    names = sorted(_written.get(folder.resolve(), ()))
    if forget:
        _written.pop(folder.resolve(), None)
    return {name: hash_file(folder, name) for name in names}


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
