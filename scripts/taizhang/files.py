"""Files written whole or not at all, and what the system refuses said in words."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

__all__ = [
    "DEFAULT_LEDGER", "StoreError", "command_on", "default_ledger", "discard", "files_below", "flush_folder", "history_folder", "in_words",
    "put_in_place", "reason_of", "set_aside", "stage", "typed", "write_atomically",
]  # fmt: skip


DEFAULT_LEDGER = "ledger/整改台账.xlsx"


class StoreError(Exception):
    """The ledger cannot be written now; its text says why and what to do. The ledger is as it was."""


def default_ledger() -> Path:
    """Return the ledger in its usual place, or the one that lies in the current folder."""
    usual, here = Path(DEFAULT_LEDGER), Path(Path(DEFAULT_LEDGER).name)
    return here if here.exists() and not usual.exists() else usual


def command_on(ledger: Path, words: str) -> str:
    """Return a command as it is to be typed for this ledger, e.g. ``taizhang history show 3 -l 别处/整改台账.xlsx``."""
    if ledger == default_ledger():
        return f"taizhang {words}"
    return f"taizhang {words} -l {typed(ledger)}"


def typed(path: Path) -> str:
    """Return a path as it is to be typed in a command."""
    return f'"{path}"' if " " in str(path) else str(path)


def history_folder(ledger: Path) -> Path:
    """Return the folder that keeps the earlier states and the journal of a ledger."""
    return ledger.parent / "history"


def write_atomically(path: Path, data: bytes, mode: int | None = None) -> None:
    """Write a file whole or not at all: a temporary file in the same folder, flushed, then renamed; raises StoreError.

    It gets the rights ``mode``, else those of the file it takes the place of.
    """
    temporary = stage(path, data, mode)
    try:
        put_in_place(temporary, path)
    except BaseException:
        discard(temporary)
        raise


def set_aside(path: Path) -> Path:
    """Rename a file in which there may be handwork, so that another can be written in its place; returns the name it was given."""
    number = 1
    while (kept := path.with_stem(f"{path.stem}_旧{number}")).exists():
        number += 1
    path.rename(kept)
    return kept


def stage(path: Path, data: bytes | Callable[[IO[bytes]], None], mode: int | None = None) -> Path:
    """Write what will become ``path`` into a temporary file beside it, flushed to the disk; raises StoreError.

    ``data`` is what to write, or what writes it into the opened file, for more than should lie in memory at once.
    """
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            if callable(data):
                data(file)
            else:
                file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(mode or (path.stat().st_mode if path.exists() else 0o644))
    except BaseException as error:
        if temporary:
            discard(Path(temporary))
        if isinstance(error, OSError):
            raise _not_written(path, error) from None
        raise
    return Path(temporary)


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a staged file over ``path`` in one step; raises StoreError, the staged file then still there."""
    try:
        temporary.replace(path)
    except OSError as error:
        raise _not_written(path, error) from None
    flush_folder(path.parent)


def discard(path: Path) -> None:
    """Remove a file of ours that is needed no longer; one that cannot be removed now is left to the next command."""
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)


def files_below(folder: Path) -> Iterator[Path]:
    """Yield every file below a folder; unlike a glob it raises OSError where one may not be read, and does not pass over it."""
    for home, _, names in os.walk(folder, onerror=_raise):
        yield from (Path(home, name) for name in names)


def _raise(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


def flush_folder(folder: Path) -> None:
    """Flush the names in a folder, where the system can (Windows and some network shares cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def in_words(path: Path) -> Iterator[None]:
    """Turn what the system refuses into a StoreError that names the file, ``path`` where the system names none."""
    try:
        yield
    except BrokenPipeError:  # nobody reads what a command prints: no file's fault
        raise
    except OSError as error:
        named = Path(error.filename) if isinstance(error.filename, str) else path
        raise StoreError(f"读写 {Path(*named.parts[-2:])} 没有成功：{reason_of(error)}，处理后请重新运行。") from None


def _not_written(path: Path, error: OSError) -> StoreError:
    return StoreError(f"{path.name} 没有写成：{reason_of(error)}。原来的文件没有变，处理后请重新运行。")


def reason_of(error: OSError) -> str:
    """Return why the system refuses a file and what to do, in the office's words."""
    reasons = {
        errno.ENOSPC: "磁盘满了，请清出空间",
        errno.EDQUOT: "磁盘配额用完了，请清出空间",
        errno.EFBIG: "文件超过了系统允许的大小，请管理员放开限制",
        errno.EACCES: "没有读写权限，或文件正被占用，请关闭它或请管理员放开权限",
        errno.EPERM: "没有读写权限，请让管理员放开权限",
        errno.EROFS: "文件夹是只读的，请换一个能写的位置",
        errno.ENOENT: "找不到文件，可能被移走或改名了，请放回原处",
        errno.EEXIST: "那里已经有一个同名的文件，请把它移走或改名",
        errno.EISDIR: "那里应该是一个文件，现在却是文件夹，请把它移走或改名",
        errno.ENOTDIR: "那里应该是一个文件夹，现在却是文件，请把它移走或改名",
        errno.EIO: "磁盘读写出错，请检查磁盘或网络盘",
    }
    return reasons.get(
        error.errno or errno.EIO, f"系统不让读写（{os.strerror(error.errno or errno.EIO)}），请管理员看看"
    )
