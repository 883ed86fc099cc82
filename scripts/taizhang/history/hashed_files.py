"""Files in history whose SHA-256 the journal records: bases, rosters, kept evidence, and past years of 〈变更记录〉.

So a file that was altered, removed or slipped in can be named.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from taizhang.system.files import digest_of, read_file
from taizhang.system.stored import is_file

__all__ = [
    "EVIDENCE", "ISSUED", "bases_among", "hash_file", "hash_files", "hash_written", "known_files", "name_in",
    "note_written",
]  # fmt: skip

ISSUED = "issued"
"""The folder of bases and rosters within history."""

EVIDENCE = "evidence"
"""The folder within history of what close-outs kept of their evidence."""

_written: dict[Path, set[str]] = {}


def name_in(folder: Path, path: Path) -> str:
    """Return the name under which the journal records a file of a history folder."""
    return path.relative_to(folder).as_posix()


def bases_among(names: Iterable[str]) -> list[str]:
    """Return the names that are bases (one per department); the others are rosters and past years."""
    return [name for name in names if name.startswith(f"{ISSUED}/") and name.count("/") == 2]


def hash_files(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each base, roster and kept evidence in a history folder; empty for no ordinary file."""
    found = {}
    issued = folder / ISSUED
    linked = [each for each in issued.iterdir() if each.is_symlink() and each.is_dir()] if issued.is_dir() else []
    for top in (
        issued,
        *linked,
        folder / EVIDENCE,
    ):  # os.walk does not follow links, but bases may be in a linked folder
        for home, _, names in os.walk(top):
            for path in (Path(home, name) for name in names if name.endswith(".json")):
                found[name_in(folder, path)] = digest_of(read_file(path)) if is_file(path) else ""
    return dict(sorted(found.items()))


def hash_file(folder: Path, name: str) -> str:
    """Return the SHA-256 of a file of a history folder, empty if it is no longer an ordinary file."""
    path = folder / name
    return digest_of(read_file(path)) if is_file(path) else ""


def known_files(entries: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return the SHA-256 of each file according to the last entry that names it.

    ``entries`` yields the files of each entry, oldest first.
    """
    known: dict[str, str] = {}
    for files in entries:
        known |= files
    return known


def note_written(folder: Path, *names: str) -> None:
    """Note files of a history folder that this process writes or will write.

    They are journalled before the lock is released.
    """
    _written.setdefault(folder.resolve(), set()).update(names)


def hash_written(folder: Path, *, forget: bool = False) -> dict[str, str]:
    """Return the present SHA-256 of each file in a history folder that this process has noted as written.

    With ``forget`` the note is cleared.
    """
    names = sorted(_written.get(folder.resolve(), ()))
    if forget:
        _written.pop(folder.resolve(), None)
    return {name: hash_file(folder, name) for name in names}
