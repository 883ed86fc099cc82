"""The owner of a history: ``history/.ledger`` holds the file name of the ledger to which the history belongs."""

from __future__ import annotations

import contextlib
from pathlib import Path

from taizhang.system.file_names import name_key
from taizhang.system.files import (
    history_folder,
    write_atomically,
)
from taizhang.system.stored import Damaged, read_kept
from taizhang.typed.text import printable


def history_of_another(ledger: Path) -> str:
    """Return a sentence if the history beside a ledger belongs to another ledger that still exists; else empty.

    A copy of the ledger in the same folder must not write into the history of the first. A renamed ledger keeps its
    history, and so does one that was saved as .xlsx beside its old format (``describe_resaved``).
    """
    owner = _read_claim(ledger)
    if not owner or _is_named(ledger, owner) or not (ledger.parent / owner).exists() or describe_resaved(ledger):
        return ""
    return f"旁边的 history 文件夹是 {owner} 的历史，不能记 {ledger.name} 的改动。两本台账请放在两个文件夹里。"


def describe_resaved(ledger: Path) -> str:
    """Return a sentence if a ledger is the .xlsx made from an old-format file beside it; else empty.

    It takes over the history of that file.
    """
    owner = _read_claim(ledger)
    there = owner and not _is_named(ledger, owner) and (ledger.parent / owner).exists()
    if there and Path(owner).stem == ledger.stem and _writable(ledger.name) and not _writable(owner):
        return f"台账已另存为 {ledger.name}，history 跟着它走；{owner} 请移到别处，不要再改。"
    return ""


def _writable(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xlsm"))


def claim_history(ledger: Path) -> None:
    """Record a ledger as the owner of its history. The caller holds the lock and has made sure that it is the owner."""
    if not _is_named(ledger, _read_claim(ledger)):
        write_atomically(_claim_path(ledger), ledger.name.encode())


def _claim_path(ledger: Path) -> Path:
    return history_folder(ledger) / ".ledger"


def has_history(ledger: Path) -> bool:
    """Whether the history beside a workbook is its own; then it is a ledger, whatever it contains now."""
    return _is_named(ledger, _read_claim(ledger))


def _is_named(ledger: Path, name: str) -> bool:
    """Whether a ledger has this name, in any case if the file system ignores case."""
    if name == ledger.name or name_key(name) != name_key(ledger.name):
        return name == ledger.name
    with contextlib.suppress(OSError):
        return (ledger.parent / name).samefile(ledger)
    return False


def _read_claim(ledger: Path) -> str:
    note = _claim_path(ledger)
    cure = (
        "它记着这个 history 文件夹是哪一本台账的；确实是这本台账的，请删掉 history/.ledger 再运行一次，会重新生成；"
        "拿不准的，请从备份找回它。"
    )
    data = read_kept(note, cure)
    name = _parse_name(data or b"", ledger)
    if data is not None and not name:
        raise Damaged(note, f"history/.ledger 读不出来（是空的，或被改过）。{cure}")
    return name


def _parse_name(data: bytes, ledger: Path) -> str:
    """Return the file name in the bytes of ``.ledger``; empty if they cannot be one."""
    with contextlib.suppress(UnicodeDecodeError):
        name = data.decode().strip()
        likely = "." in name and printable(name) == name and not set(name) & {*"/\\"} and len(name.encode()) <= 255
        return name if likely or name == ledger.name else ""
    return ""
