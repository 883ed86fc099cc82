"""Undoing one step of the ledger, cell by cell and in place; cells that were edited since are listed and left."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from taizhang.forms import Form
from taizhang.history import code_keys, kept, state_after
from taizhang.journal import Change, Entry
from taizhang.ledger import Ledger
from taizhang.splice import AppendRow, CellValue, Edit, SetCell
from taizhang.states import ERROR, FORMULA, State, differences, row_id, same, state_of

__all__ = ["CannotUndo", "Left", "Undo", "plan_undo"]

ALREADY = "已经是原来的内容"


class CannotUndo(Exception):
    """A step that cannot be undone at all; its text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that undoing leaves as it is, and why; what it holds now is looked up in the ledger, not repeated here."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Undo:
    """What undoing a step would do: edits of the ledger, the changes that go back, and the cells that are left."""

    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    left: tuple[Left, ...]


def plan_undo(ledger: Ledger, path: Path, forms: Mapping[str, Form], entry: Entry) -> Undo:
    """Plan to undo an entry of the journal; writes nothing. Raises CannotUndo where history has lost a state it needs.

    The old values come from the states that were kept, so that nothing withheld from the journal is lost. A row that the step
    added goes only where nobody has touched it since; a row that it removed comes back below the others.
    """
    before, after = (kept(path, digest) for digest in (entry.before, entry.after))
    if before is None or after is None:
        raise CannotUndo("history 里缺这一次之前或之后的台账，不能撤销。请从备份找回 history 文件夹。")
    old, new, now = state_after(path, before, forms), state_after(path, after, forms), state_of(ledger, forms)
    codes = code_keys(forms)
    by_row: dict[tuple[str, str], list[Change]] = {}
    for change in differences(old, new, codes):
        by_row.setdefault((change.register, change.code), []).append(change)
    edits: list[Edit] = []
    undone: list[Change] = []
    left: list[Left] = []
    standing = {block.sheet for block in old.blocks.values()}
    for (register, row), changes in by_row.items():
        if register in new.blocks and new.blocks[register].sheet not in standing:
            left += [Left(each, "这张表是那一次加上的，不要它请在 Excel 里删去整张表") for each in changes]
            continue
        key = codes.get(register, "")
        own = next((change for change in changes if key and change.column == key), None)
        whole = own is not None and (own.old is None or own.new is None)
        plan = _undo_row if whole else _undo_cells
        for change, edit, reason in plan(now, new, register, row, changes, key):
            if reason == ALREADY:
                continue
            if reason:
                left.append(Left(change, reason))
            else:
                undone.append(change)
                edits += [edit] if edit else []
    return Undo(tuple(edits), tuple(undone), tuple(left))


_Step = tuple[Change, Edit | None, str]


def _undo_cells(
    now: State, new: State, register: str, row: str, changes: Sequence[Change], key: str
) -> Iterator[_Step]:
    for change in changes:
        renamed = key and change.column == key
        block, where = now.blocks.get(register), row_id(change.new) if renamed else row
        address = block.address(where, change.column) if block else None
        found = now.value(register, where, change.column)
        if address is None:
            yield change, None, "这一行或这一列已经不在了"
        elif not same(found, change.new):
            yield change, None, ALREADY if same(found, change.old) else "之后又被改过"
        elif change.old in (FORMULA, ERROR):
            yield change, None, "原来是公式，请打开 history 里那一份照着恢复"
        else:
            yield change, SetCell(*address, change.old, over_formula=change.new == FORMULA), ""


def _undo_row(now: State, new: State, register: str, row: str, changes: Sequence[Change], key: str) -> Iterator[_Step]:
    """Take back a row that was added, or bring back one that was removed; a row is one whole."""
    added = any(change.column == key and change.old is None for change in changes)
    present = now.cells.get(register, {}).get(row)
    block = now.blocks.get(register)
    if added:
        if present is None:
            yield from ((change, None, ALREADY) for change in changes)
        elif present != new.cells[register][row] or block is None:
            yield from ((change, None, "这一行之后又被改过，整行保留") for change in changes)
        else:
            for change in changes:
                address = block.address(row, change.column)
                edit = SetCell(*address, None, over_formula=change.new == FORMULA) if address else None
                yield change, edit, "" if edit else "这一列已经不在了"
        return
    if present is not None:
        yield from ((change, None, "这个编号的行又有了，没有重复补回") for change in changes)
    elif block is None:
        yield from ((change, None, "这张登记表已经不在了") for change in changes)
    else:
        cells: dict[int, CellValue] = {}
        for change in changes:
            if change.old not in (FORMULA, ERROR) and change.column in block.columns:
                cells[block.columns[change.column]] = change.old
        restored: AppendRow | None = AppendRow(block.sheet, block.last_row, cells)
        for change in changes:
            lost = change.old in (FORMULA, ERROR) or change.column not in block.columns
            yield change, None if lost else restored, "原来是公式或这一列已经不在了" if lost else ""
            restored = restored if lost else None
