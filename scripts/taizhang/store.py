"""The ledger's file: locked, written atomically, its earlier state kept, every change in the journal.

A kill at any moment leaves the old or the new ledger, whole: the journal entry and the kept copy come first, then one rename.
"""

from __future__ import annotations

import contextlib
import getpass
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from taizhang.splice import AppendRow, SetCell, check_patch, patch

__all__ = ["Change", "StoreError", "history_folder", "locked", "write_atomically", "write_changes"]


class StoreError(Exception):
    """The ledger cannot be written now; its text says why and what to do. The ledger is as it was."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that changes: where it belongs, its old and new value, and which file it came from."""

    register: str
    code: str
    column: str
    old: Any
    new: Any
    source: str = ""


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
        append_journal(ledger, command, sha256, hashlib.sha256(after).hexdigest(), changes, now)
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


def append_journal(
    ledger: Path, command: str, before: str, after: str, changes: Sequence[Change], now: datetime
) -> None:
    """Append one entry to the journal: JSON lines, each holding the SHA-256 of the line before."""
    path = history_folder(ledger) / "journal.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    entry: dict[str, Any] = {
        "previous": hashlib.sha256(lines[-1]).hexdigest() if lines else "",
        "time": now.isoformat(timespec="seconds"),
        "user": _user(),
        "command": command,
        "before": before,
        "after": after,
        "changes": [_plain(asdict(change)) for change in changes],
    }
    with path.open("ab") as journal:
        journal.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        journal.flush()
        os.fsync(journal.fileno())


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
        reason = {28: "磁盘满了，请清出空间", 13: "没有写入权限", 30: "文件夹是只读的"}.get(
            error.errno or 0, "写不进去"
        )
        raise StoreError(f"{path.name} 没有写成：{reason}。原来的文件没有变，处理后请重新运行。") from None


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return ""
