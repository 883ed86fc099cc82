"""The ledger's file: locked, written atomically, its earlier state kept, every change in the journal.

A kill at any moment leaves the old or the new ledger, whole: the journal entry and the kept copy come first, then one rename.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from taizhang.journal import Change, append_entry
from taizhang.splice import AppendRow, SetCell, check_patch, patch

__all__ = ["StoreError", "history_folder", "locked", "write_atomically", "write_changes"]


class StoreError(Exception):
    """The ledger cannot be written now; its text says why and what to do. The ledger is as it was."""


def history_folder(ledger: Path) -> Path:
    """Return the folder that keeps the earlier states and the journal of a ledger."""
    return ledger.parent / "history"


@contextlib.contextmanager
def locked(ledger: Path) -> Iterator[None]:
    """Hold the ledger's lock; raises StoreError where another command holds it or Excel, WPS or LibreOffice has it open."""
    from filelock import FileLock, Timeout

    for marker in (f"~${ledger.name}", f".~{ledger.name}", f".~lock.{ledger.name}#"):
        if (ledger.parent / marker).exists():
            raise StoreError(
                f"{ledger.name} 正在 Excel、WPS 或 LibreOffice 里打开着，请先保存并关闭（旁边有 {marker}）。"
            )
    lock = FileLock(history_lock(ledger))
    try:
        with lock.acquire(timeout=10):
            yield
    except Timeout:
        raise StoreError("另一个命令正在写这本台账，请等它结束后再运行。") from None
    except PermissionError:
        raise StoreError(f"没有权限写 {ledger.parent.name} 文件夹，请换一个能写的位置，或请管理员放开权限。") from None
    except OSError as error:
        raise _not_written(ledger, error) from None


def history_lock(ledger: Path) -> Path:
    """Return the lock file of a ledger, making its folder."""
    folder = history_folder(ledger)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StoreError(f"不能在 {ledger.parent.name} 里建 history 文件夹，请检查权限和磁盘空间。") from None
    return folder / ".lock"


def write_changes(
    ledger: Path,
    sha256: str,
    edits: Sequence[SetCell | AppendRow],
    changes: Sequence[Change],
    *,
    command: str,
    now: datetime,
) -> None:
    """Write edits into the ledger if it is still the file with this SHA-256; keep the earlier state and journal the changes.

    Raises StoreError (open elsewhere, changed meanwhile, cannot be written) or Refused (cannot be done safely); the ledger is
    then as it was.
    """
    with locked(ledger):
        before = ledger.read_bytes()
        if hashlib.sha256(before).hexdigest() != sha256:
            raise StoreError(f"{ledger.name} 在读取之后又被改过，请重新运行，免得盖掉刚才的改动。")
        after, cells = patch(before, edits)
        check_patch(before, after, cells)
        keep(ledger, before, now)
        append_entry(history_folder(ledger), command, sha256, hashlib.sha256(after).hexdigest(), changes, now)
        write_atomically(ledger, after)


def keep(ledger: Path, data: bytes, now: datetime) -> Path:
    """Keep a state of the ledger in history as an ordinary workbook, once; returns its path."""
    digest = hashlib.sha256(data).hexdigest()
    folder = history_folder(ledger)
    folder.mkdir(parents=True, exist_ok=True)
    known = next(folder.glob(f"*_{digest[:12]}.xlsx"), None)
    path = known or folder / f"{now:%Y%m%d-%H%M%S}_{digest[:12]}.xlsx"
    if known is None:
        write_atomically(path, data)
    return path


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary file in the same folder, flushed, then renamed; raises StoreError."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode if path.exists() else 0o644)
        Path(temporary).replace(path)
    except OSError as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        raise _not_written(path, error) from None


def _not_written(path: Path, error: OSError) -> StoreError:
    reasons = {
        errno.ENOSPC: "磁盘满了，请清出空间",
        errno.EACCES: "没有写入权限",
        errno.EROFS: "文件夹是只读的",
        errno.ENOENT: "找不到文件，可能被移走或改名了",
    }
    reason = reasons.get(error.errno or 0, "写不进去")
    return StoreError(f"{path.name} 没有写成：{reason}。原来的文件没有变，处理后请重新运行。")
