"""Writing a generated file beside the ledger atomically; a different file in its place is renamed, not replaced."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from taizhang.transactions.errors import CannotRun

__all__ = ["holding_lock", "output_path", "refuse_odd_name", "write_aside"]

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


def refuse_odd_name(path: Path, option: str) -> None:
    """Raise CannotRun for a new file whose name Windows does not allow, or reserves (NUL.xlsx)."""
    from taizhang.system.file_names import as_file_name

    good = as_file_name(path.stem, path.suffix)
    if good != path.name:
        raise CannotRun(
            f"{option} 写的文件名 {path.name} 在 Windows 上用不了（有不能用的符号、保留名，或太长），可以写成 {good}。"
        )


def output_path(output: Path | None, default: Path, ledger: Path) -> Path:
    """Return the path to write; raises CannotRun for the ledger itself, or for a suffix other than the default's."""
    from taizhang.system.files import resolve_links

    path = output or default
    if path.suffix.lower() != default.suffix:
        raise CannotRun(f"--output 写的 {path.name} 要以 {default.suffix} 结尾，请改正。")
    refuse_odd_name(path, "--output")
    if resolve_links(path) == resolve_links(ledger):
        raise CannotRun("--output 写的就是台账本身，会盖掉台账，请换一个文件名。")
    return path
