"""Writing a generated file beside the ledger atomically; a different file in its place is renamed, not replaced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

__all__ = ["holding_lock", "write_aside"]

ABANDONED_SECONDS = 600
"""Age after which a temporary file outside the ledger's folder is abandoned; no lock protects it."""


@contextmanager
def holding_lock(ledger: Path, path: Path) -> Iterator[None]:
    """Hold the ledger's lock while a file is written in a folder beside it; leftovers of killed commands are removed.

    If the lock is not available (read-only folder), the file is written all the same. Elsewhere there is no lock: old
    temporary files of the same name are removed.
    """
    from taizhang.history.entries import Verb
    from taizhang.history.locks import locked
    from taizhang.system.files import StoreError, discard, is_temporary

    with ExitStack() as held:
        if ledger.parent.resolve() in path.resolve().parents:
            with suppress(StoreError):
                held.enter_context(locked(ledger, Verb.MADE))
        elif path.parent.is_dir():
            for each in path.parent.iterdir():
                if is_temporary(each.name, path) and time.time() - each.lstat().st_mtime > ABANDONED_SECONDS:
                    discard(each)
        yield


def write_aside(path: Path, data: bytes, ledger: Path) -> Path | None:
    """Write a generated file; a different one in its place may contain manual work and is renamed first.

    Returns its new path, or None if no file was renamed.
    """
    from taizhang.system.files import discard, put_in_place, read_file, set_aside, stage

    if path.exists() and read_file(path) == data:
        return None
    with holding_lock(ledger, path):
        temporary = stage(path, data)  # first: if it cannot be written the earlier file stays in its place
        try:
            kept = set_aside(path) if path.exists() else None
            put_in_place(temporary, path)
        finally:
            discard(temporary)
    return kept
