"""Whose a history is: ``.ledger`` holds the bare name of the one ledger it belongs to, which people can read and every version knows."""

from __future__ import annotations

import contextlib
from pathlib import Path

from taizhang.system.file_names import name_key
from taizhang.system.files import (
    history_folder,
    write_atomically,
)
from taizhang.system.stored import Damaged, kept_bytes
from taizhang.typed.text import printable


def history_of_another(ledger: Path) -> str:
    """Return whose the history beside a ledger is, as a sentence, where it is another ledger's that is still there.

    A copy of the ledger in the same folder must not write into the history of the first; a renamed ledger takes its own along, and
    so does one of an old format that was saved as .xlsx beside itself: that is said in the sentence returned, else empty.
    """
    owner = _read_claim(ledger)
    if not owner or _is_named(ledger, owner) or not (ledger.parent / owner).exists() or saved_anew(ledger):
        return ""
    return f"旁边的 history 文件夹是 {owner} 的历史，不能记 {ledger.name} 的改动。两本台账请放在两个文件夹里。"


def saved_anew(ledger: Path) -> str:
    """Return, as a sentence, that a ledger was saved as .xlsx beside its old format, whose history it takes along; else empty."""
    owner = _read_claim(ledger)
    there = owner and not _is_named(ledger, owner) and (ledger.parent / owner).exists()
    if there and Path(owner).stem == ledger.stem and _writable(ledger.name) and not _writable(owner):
        return f"台账已另存为 {ledger.name}，history 跟着它走；{owner} 请移到别处，不要再改。"
    return ""


def _writable(name: str) -> bool:
    return name.lower().endswith((".xlsx", ".xlsm"))


def claim_history(ledger: Path) -> None:
    """Note whose the history is; for a caller that holds the lock and knows the ledger as the one whose states it keeps."""
    if not _is_named(ledger, _read_claim(ledger)):
        write_atomically(_claim_of(ledger), ledger.name.encode())


def _claim_of(ledger: Path) -> Path:
    return history_folder(ledger) / ".ledger"


def has_history(ledger: Path) -> bool:
    """Whether the history beside a workbook is its own: then it is a ledger, whatever is in it now."""
    return _is_named(ledger, _read_claim(ledger))


def _is_named(ledger: Path, name: str) -> bool:
    """Whether a ledger bears a name; where the system knows no case it bears it however it was typed on the command line."""
    if name == ledger.name or name_key(name) != name_key(ledger.name):
        return name == ledger.name
    with contextlib.suppress(OSError):
        return (ledger.parent / name).samefile(ledger)
    return False


def _read_claim(ledger: Path) -> str:
    note = _claim_of(ledger)
    cure = (
        "它记着这个 history 文件夹是哪一本台账的；确实是这本台账的，请删掉 history/.ledger 再运行一次，会重新生成；"
        "拿不准的，请从备份找回它。"
    )
    data = kept_bytes(note, cure)
    name = _name_in(data or b"", ledger)
    if data is not None and not name:
        raise Damaged(note, f"history/.ledger 读不出来（是空的，或被改过）。{cure}")
    return name


def _name_in(data: bytes, ledger: Path) -> str:
    """Return the name of a file that some bytes are, empty where they are none; what the ledger itself is called is a name."""
    with contextlib.suppress(UnicodeDecodeError):
        name = data.decode().strip()
        likely = "." in name and printable(name) == name and not set(name) & {*"/\\"} and len(name.encode()) <= 255
        return name if likely or name == ledger.name else ""
    return ""
