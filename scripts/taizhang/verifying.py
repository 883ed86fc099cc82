"""Whether a ledger's history is whole: the chain of the journal, the states that were kept, and what replaying gives."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from taizhang.differing import replay
from taizhang.files import history_folder
from taizhang.forms import Form
from taizhang.history import kept, state_after
from taizhang.journal import broken_line, read_entries, withheld
from taizhang.locks import history_of_another
from taizhang.states import Cells

__all__ = ["unrecorded", "verify_history"]


def verify_history(ledger: Path, forms: Mapping[str, Form]) -> list[str]:
    """Return what is wrong with a ledger's history, each with where it is; nothing where all is whole."""
    if another := history_of_another(ledger):
        return [another]
    folder = history_folder(ledger)
    line = broken_line(folder)
    if line is not None:
        return [f"journal.jsonl 第 {line} 行与前一行接不上：这一行或前一行被改过、删过，请从备份找回 history 文件夹。"]
    entries = read_entries(folder)
    problems = []
    for number, entry in entries.items():
        if number - 1 in entries and entries[number - 1].after != entry.before:
            problems.append(
                f"第 {number} 次不是从第 {number - 1} 次接着改的：中间的记录被删过，请从备份找回 history 文件夹。"
            )
        if kept(ledger, entry.after) is None:
            problems.append(
                f"第 {number} 次之后的台账（{entry.after[:12]}）不在 history 里，或者被改过，请从备份找回。"
            )
    known = {entry.after[:12] for entry in entries.values()}
    for path in sorted(folder.glob("*.xlsx")):
        found = re.fullmatch(r"\d{8}-\d{6}_([0-9a-f]{12})", path.stem)
        if found and found[1] not in known:
            problems.append(f"{path.name} 在 history 里，记录里却没有：记录的末尾可能被删过，或上次写入被打断。")
    if entries and not problems:
        problems += _replayed(ledger, forms)
    return problems


def unrecorded(ledger: Path) -> list[str]:
    """Return that a ledger is not the state with which its record ends, where it is not; hand edits are to be recorded before."""
    entries = read_entries(history_folder(ledger))
    if entries and entries[max(entries)].after == hashlib.sha256(ledger.read_bytes()).hexdigest():
        return []
    return [
        f"{ledger.name} 现在的内容不在记录里：最后一次记录之后又改过，还没有记下，原因见上面的提示；解决后请再核对一次。"
    ]


def _replayed(ledger: Path, forms: Mapping[str, Form]) -> list[str]:
    """Replay the journal from its first state and compare with the last one."""
    entries = read_entries(history_folder(ledger))
    cells = _masked(_cells_of(ledger, forms, entries[min(entries)].after))
    for number in sorted(entries)[1:]:
        cells = replay(cells, entries[number].changes, forms)
    if cells != _masked(_cells_of(ledger, forms, entries[max(entries)].after)):
        return ["按记录逐次重放，得不到现在的台账：有改动没有记全，请把 history 文件夹交维护人员看。"]
    return []


def _cells_of(ledger: Path, forms: Mapping[str, Form], sha256: str) -> Cells:
    return state_after(ledger, kept(ledger, sha256) or b"", forms).cells


def _masked(cells: Cells) -> Cells:
    return {
        register: {row: {key: withheld(value) for key, value in each.items()} for row, each in rows.items()}
        for register, rows in cells.items()
    }
