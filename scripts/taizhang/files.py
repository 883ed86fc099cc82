"""Files written whole or not at all, and the lock under which a ledger is written."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Iterator
from datetime import datetime
from glob import escape as glob_escape
from pathlib import Path
from typing import Any

from taizhang.journal import user_name

__all__ = [
    "StoreError", "claim_history", "history_folder", "leftovers", "locked", "opened_elsewhere", "put_in_place", "stage", "write_atomically",
]  # fmt: skip

WAIT_SECONDS = 10
"""How long a command waits for another one that writes the same ledger."""


class StoreError(Exception):
    """The ledger cannot be written now; its text says why and what to do. The ledger is as it was."""


def history_folder(ledger: Path) -> Path:
    """Return the folder that keeps the earlier states and the journal of a ledger."""
    return ledger.parent / "history"


def claim_history(ledger: Path) -> None:
    """Make the history beside a ledger this ledger's own; raises StoreError where it is another's that is still there.

    A copy of the ledger in the same folder must not write into the history of the first; a renamed ledger takes its own along.
    """
    note = history_folder(ledger) / ".ledger"
    owner = note.read_text(encoding="utf-8").strip() if note.exists() else ""
    if owner == ledger.name:
        return
    if owner and (ledger.parent / owner).exists():
        raise StoreError(
            f"旁边的 history 文件夹是 {owner} 的历史，不能记 {ledger.name} 的改动。两本台账请放在两个文件夹里。"
        )
    write_atomically(note, ledger.name.encode())


def write_atomically(path: Path, data: bytes) -> None:
    """Write a file whole or not at all: a temporary file in the same folder, flushed, then renamed; raises StoreError."""
    put_in_place(stage(path, data), path)


def stage(path: Path, data: bytes) -> Path:
    """Write what will become ``path`` into a temporary file beside it, flushed to the disk; raises StoreError."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(path.stat().st_mode if path.exists() else 0o644)
    except BaseException as error:
        if temporary:
            Path(temporary).unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise not_written(path, error) from None
        raise
    return Path(temporary)


def put_in_place(temporary: Path, path: Path) -> None:
    """Rename a staged file over ``path`` in one step; raises StoreError, the staged file then removed."""
    try:
        temporary.replace(path)
        _flush_folder(path.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise not_written(path, error) from None


def leftovers(ledger: Path) -> list[Path]:
    """Return temporary files of ours that a killed command left beside the ledger and in its history."""
    beside = ledger.parent.glob(f".{glob_escape(ledger.stem)}.????????.tmp")
    return [*beside, *history_folder(ledger).glob(".[0-9]*_[0-9a-f]*.????????.tmp")]


def _flush_folder(folder: Path) -> None:
    """Flush the renaming itself, where the system can (Windows and some network shares cannot)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def opened_elsewhere(ledger: Path) -> str:
    """Return who has the ledger open in Excel, WPS or LibreOffice, as a sentence; empty where nobody has.

    They leave a hidden file beside it: ``~$name`` (Excel), ``.~name`` (WPS), ``.~lock.name#`` (LibreOffice).
    """
    for marker, program in (
        (f"~${ledger.name}", "Excel"),
        (f".~{ledger.name}", "WPS"),
        (f".~lock.{ledger.name}#", "LibreOffice"),
    ):
        path = ledger.parent / marker
        if path.exists():
            who = _opened_by(path)
            return (
                f"{ledger.name} 正在 {program} 里打开着{f'（{who}）' if who else ''}，请先保存并关闭，再运行一次；"
                f"如果确实没有人打开，请删掉旁边的 {marker}。"
            )
    return ""


def _opened_by(marker: Path) -> str:
    """Return the account that such a hidden file names, empty where it cannot be told."""
    with contextlib.suppress(OSError, UnicodeDecodeError):
        data = marker.read_bytes()[:1000]
        if marker.name.endswith("#"):
            return ",".join(data.decode("utf-8").split(",")[:3]).strip(", ")
        name = data[1 : 1 + data[0]] if data and data[0] < len(data) else b""
        return name.decode("gb18030").strip("\x00 ")
    return ""


@contextlib.contextmanager
def locked(ledger: Path, command: str = "") -> Iterator[None]:
    """Hold the ledger's lock; raises StoreError, naming who holds it since when, where it is not free in time.

    The lock is the system's own, so that it ends with the process that holds it. On a share that knows no locks a file stands
    for it; such a file can be left behind by a power cut and is never taken over silently: the message says what to do.
    """
    from filelock import FileLock, SoftFileLock, Timeout

    folder = history_folder(ledger)
    _make_folder(folder)
    owner = folder / ".lock-owner.json"
    lock: FileLock | SoftFileLock = FileLock(folder / ".lock")
    with contextlib.ExitStack() as held:
        try:
            try:
                held.enter_context(lock.acquire(timeout=WAIT_SECONDS))
            except NotImplementedError:
                lock = SoftFileLock(folder / ".lock-file")
                held.enter_context(lock.acquire(timeout=WAIT_SECONDS))
            owner.write_text(json.dumps(_owner(command), ensure_ascii=False), encoding="utf-8")
            held.callback(owner.unlink, missing_ok=True)
        except Timeout:
            raise StoreError(_held_by(owner, soft=isinstance(lock, SoftFileLock))) from None
        except OSError as error:
            raise not_written(ledger, error) from None
        yield


def _owner(command: str) -> dict[str, Any]:
    return {
        "user": user_name(),
        "time": datetime.now().isoformat(" ", "seconds"),
        "command": command,
        "process": os.getpid(),
    }


def _held_by(owner: Path, *, soft: bool) -> str:
    try:
        facts = json.loads(owner.read_text(encoding="utf-8"))
        who = f"（{facts['user']}，{facts['time']} 开始，{facts['command'] or '命令'}）"
    except (OSError, ValueError, KeyError, TypeError):
        who = ""
    cure = "请等它结束后再运行"
    if soft:
        cure += "；如果确认没有命令在运行（例如上次断电），请删掉 history 文件夹里的 .lock-file 再试"
    return f"另一个命令正在写这本台账{who}，{cure}。"


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StoreError(f"不能在 {folder.parent.name} 里建 history 文件夹，请检查权限和磁盘空间。") from None


def not_written(path: Path, error: OSError) -> StoreError:
    """Return the error that says why a file was not written and what to do."""
    reasons = {
        errno.ENOSPC: "磁盘满了，请清出空间",
        errno.EDQUOT: "磁盘配额用完了，请清出空间",
        errno.EACCES: "没有写入权限，或文件正被占用，请关闭它或请管理员放开权限",
        errno.EPERM: "没有写入权限，请让管理员放开权限",
        errno.EROFS: "文件夹是只读的，请换一个能写的位置",
        errno.ENOENT: "找不到文件，可能被移走或改名了",
    }
    reason = reasons.get(error.errno or 0, f"写不进去（{os.strerror(error.errno or errno.EIO)}）")
    return StoreError(f"{path.name} 没有写成：{reason}。原来的文件没有变，处理后请重新运行。")
