"""Files written whole or not at all, and the lock under which a ledger is written."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.journal import line_count, user_name

if TYPE_CHECKING:
    from filelock import BaseFileLock

__all__ = [
    "Holder", "StoreError", "claim_history", "discard", "files_below", "flush_folder", "history_folder", "in_words", "leftovers", "locked",
    "opened_elsewhere", "put_in_place", "reason_of", "stage", "was_broken_off", "write_atomically",
]  # fmt: skip

WAIT_SECONDS = 10
"""How long a command waits for another one that writes the same ledger."""


class StoreError(Exception):
    """The ledger cannot be written now; its text says why and what to do. The ledger is as it was."""


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a ledger's lock, since when, for which command, and how many lines the journal had then."""

    user: str
    time: str
    command: str
    lines: int


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


def stage(path: Path, data: bytes, mode: int | None = None) -> Path:
    """Write what will become ``path`` into a temporary file beside it, flushed to the disk; raises StoreError."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(prefix=f".{path.stem}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
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


def leftovers(ledger: Path) -> list[Path]:
    """Return temporary files of ours that killed commands left where they write under the lock: to be asked by its holder."""
    found = _left_beside(ledger)
    for folder in (history_folder(ledger), ledger.parent / "下发", ledger.parent / "回执"):
        found += [path for path in files_below(folder) if re.fullmatch(r"\..+\.[a-z0-9_]{8}\.tmp", path.name)]
    return found


def _left_beside(ledger: Path) -> list[Path]:
    names = re.compile(rf"\.({re.escape(ledger.stem)}|\.taizhang-key)\.[a-z0-9_]{{8}}\.tmp")
    return [path for path in ledger.parent.iterdir() if names.fullmatch(path.name)]


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
def locked(ledger: Path, command: str = "") -> Iterator[Holder | None]:
    """Hold the ledger's lock and give the holder before, where that one was killed at its work.

    Raises StoreError, naming who holds it since when, where it is not free in time, and for whatever else the system refuses
    meanwhile. The lock is the system's own, so that it ends with the process that holds it. On a share that knows no locks a file
    stands for it; such a file can be left behind by a power cut and is never taken over silently: the message says what to do.
    """
    folder = history_folder(ledger)
    _make_folder(folder)
    owner = _owner_of(ledger)
    with in_words(ledger), contextlib.ExitStack() as held:
        held.callback(_let_go, _acquired(folder))
        killed = _holder(owner)
        held.callback(discard, owner)
        holder = Holder(user_name(), datetime.now().isoformat(" ", "seconds"), command, line_count(folder))
        owner.write_text(json.dumps(asdict(holder), ensure_ascii=False), encoding="utf-8")
        yield killed


def was_broken_off(ledger: Path) -> bool:
    """Whether a command was killed at its work on this ledger, or is still at it: the lock tells which."""
    return _owner_of(ledger).exists() or bool(_left_beside(ledger))


def _acquired(folder: Path) -> BaseFileLock:
    from filelock import FileLock, SoftFileLock, Timeout

    lock: BaseFileLock = FileLock(folder / ".lock", fallback_to_soft=False)
    try:
        try:
            lock.acquire(timeout=WAIT_SECONDS)
        except (NotImplementedError, OSError) as error:
            if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
                raise
            lock = SoftFileLock(folder / ".lock-file")
            lock.acquire(timeout=WAIT_SECONDS)
    except Timeout:
        soft = isinstance(lock, SoftFileLock)
        raise StoreError(_held_by(_holder(folder / _OWNER), soft=soft)) from None
    return lock


def _let_go(lock: BaseFileLock) -> None:
    with contextlib.suppress(OSError):  # it ends with the process
        lock.release()


_OWNER = ".lock-owner.json"
_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.EOPNOTSUPP)
"""What a share says that knows no locks."""


def _owner_of(ledger: Path) -> Path:
    return history_folder(ledger) / _OWNER


def _holder(owner: Path) -> Holder | None:
    """Return who is noted as the lock's holder; None where nobody is, or the note was cut off: nothing was done then."""
    try:
        return Holder(**json.loads(owner.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def _held_by(holder: Holder | None, *, soft: bool) -> str:
    who = f"（{holder.user}，{holder.time} 开始，{holder.command or '命令'}）" if holder else ""
    cure = "请等它结束后再运行"
    if soft:
        cure += "；如果确认没有命令在运行（例如上次断电），请删掉 history 文件夹里的 .lock-file 再试"
    return f"另一个命令正在写这本台账{who}，{cure}。"


def _make_folder(folder: Path) -> None:
    try:
        if not folder.exists():
            folder.mkdir(parents=True, exist_ok=True)
            flush_folder(folder.parent)
    except OSError as error:
        raise StoreError(f"不能在 {folder.parent.name} 里建 history 文件夹：{reason_of(error)}。") from None


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
        errno.EIO: "磁盘读写出错，请检查磁盘或网络盘",
    }
    return reasons.get(
        error.errno or errno.EIO, f"系统不让读写（{os.strerror(error.errno or errno.EIO)}），请管理员看看"
    )
