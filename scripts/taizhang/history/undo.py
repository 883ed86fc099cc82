"""Undo of one step of the ledger, cell by cell and in place; cells edited since are listed and left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.diff import Rows, by_column, differences, is_equal, match_renamed_rows, new_column
from taizhang.history.entries import Change, Entry
from taizhang.history.grid import ERROR, FORMULA, HEAD, NO_CODE, Grid, grid_of, heads_of, row_id
from taizhang.history.states import find_state, grid_of_state, why_state_is_missing
from taizhang.ledger.likeness import Contents
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import Settings
from taizhang.splice import AppendRow, CellValue, Edit, SetCell
from taizhang.typed.text import as_text, is_blank

__all__ = ["CannotUndo", "Left", "Undo", "plan_undo"]

ALREADY = "已经是原来的内容"
_WAS_FORMULA = "原来是公式，请打开 history 里那一份照着恢复"
_NOT_THERE = "这一行或这一列已经不在了"
_ADDED = "这张表是那一次加上的，不要它请在 Excel 里删去整张表"
_REGISTER_LOST = (
    "那一次之前或之后，这张表的表头不全，认不出是登记表，对不上原来的格子；要改回请打开 history 里那一份照着改"
)
_COLUMNS = "那一次换了整列（旧的一列不见了，又多了一列），改回会把整列清空；要改回请打开 history 里那一份照着改"
_FILLED = "这一列后来填了内容，去掉表头就认不出是什么了；不要这一列的，请先清空它再撤销"
_MOVED = (
    "这张表（或没有编号的行）挪过位置，又有格子改过，只改回一部分会弄错行，所以都不动；"
    "要改回请打开 history 里那一份照着改"
)


class CannotUndo(Exception):
    """A step that cannot be undone at all; the text gives reason and cure."""


@dataclass(frozen=True, slots=True)
class Left:
    """A cell that undo leaves unchanged, and why; its present value is read from the ledger, not repeated here."""

    change: Change
    reason: str


@dataclass(frozen=True, slots=True)
class Undo:
    """The plan of an undo: edits of the ledger, the changes that are reverted, and the cells that are left."""

    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    left: tuple[Left, ...]


@dataclass(frozen=True, slots=True)
class _Grids:
    """The ledger before the step, after it, and now; ``emptied`` are the cells (register, row, column) that go."""

    old: Grid
    new: Grid
    now: Grid
    forms: Mapping[str, Form]
    settings: Settings
    emptied: set[tuple[str, str, str]] = field(default_factory=set)

    def is_filled(self, register: str, column: str) -> bool:
        """Whether a column has content that this undo does not take away."""
        rows = self.now.cells.get(register, {}).items()
        return any(column in cells and (register, row, column) not in self.emptied for row, cells in rows)


_Step = tuple[Change, Edit | None, str]


def plan_undo(ledger: Ledger, path: Path, forms: Mapping[str, Form], entry: Entry) -> Undo:
    """Plan the undo of a journal entry; writes nothing. Raises CannotUndo if history has lost a state it needs.

    The old values come from the kept states, so values withheld from the journal are restored too. A row that the
    step added is removed only if nobody has changed it since; a row that it removed is appended below the others,
    unless it still exists under another code. If rows are identified by place alone and have moved, either all
    changes of the sheet are reverted or none.
    """
    before, after = (find_state(path, digest) for digest in (entry.before, entry.after))
    if before is None or after is None:
        lost = entry.before if before is None else entry.after
        raise CannotUndo(f"这一次之前或之后的台账取不出来，不能撤销：{why_state_is_missing(path, lost)}")
    old, new = (grid_of_state(path, data, forms) for data in (before, after))
    now = grid_of(ledger, forms)
    _put_columns_back(ledger, old, new, now, forms)
    grids = _Grids(old, new, now, forms, ledger.settings)
    by_register: dict[str, list[Change]] = {}
    for change in differences(old, new, forms):
        by_register.setdefault(change.register, []).append(change)
    heads = {heads_of(form) for form in forms.values()}
    steps: list[_Step] = []
    for register in sorted(by_register, key=lambda name: name in heads):
        made = _undo_register(grids, register, by_register)
        grids.emptied.update((register, each.code, each.column) for each, edit, _ in made if edit and each.old is None)
        steps += made
    return Undo(
        tuple(edit for _, edit, reason in steps if edit and not reason),
        tuple(change for change, _, reason in steps if not reason),
        tuple(Left(change, reason) for change, _, reason in steps if reason not in {"", ALREADY}),
    )


def _put_columns_back(ledger: Ledger, old: Grid, new: Grid, now: Grid, forms: Mapping[str, Form]) -> None:
    """Give the columns whose heads the step removed their old places in ``now``, where these are still blank."""
    for form in forms.values():
        heads = heads_of(form)
        before, after, block = (grid.blocks.get(heads) for grid in (old, new, now))
        rows = now.blocks.get(form.name)
        if not (before and after and block and rows and before.sheet == block.sheet):
            continue
        sheet = ledger.book.by_name[block.sheet]
        gone = {
            column: number
            for column, number in before.columns.items()
            if column not in after.columns
            and column not in block.columns
            and all(is_blank(sheet.value(row, number)) for row in range(block.rows[HEAD], len(sheet.rows) + 1))
        }
        for name, each in ((heads, block), (form.name, rows)):
            now.blocks[name] = replace(each, columns={**each.columns, **gone})


def _undo_register(grids: _Grids, register: str, by_register: Mapping[str, Sequence[Change]]) -> list[_Step]:
    reason = _why_not_undone(grids, register, by_register)
    if reason:
        return [(change, None, reason) for change in by_register[register]]
    by_row: dict[str, list[Change]] = {}
    for change in by_register[register]:
        by_row.setdefault(change.code, []).append(change)
    steps: list[_Step] = []
    placed: list[_Step] = []
    key = grids.forms[register].code_column.key if register in grids.forms else ""
    before, now = (grid.cells.get(register, {}) for grid in (grids.old, grids.now))
    standing = match_renamed_rows(before, now, key) if key else {}
    others = _find_replaced_rows(grids, register, by_row) if key else {}
    for row, changes in by_row.items():
        if row in others:
            steps += [(change, None, others[row]) for change in changes]
            continue
        steps_of_row = _undo_row(grids, register, row, changes, standing.get(row, ""))
        (placed if _is_known_by_place(grids.forms, register, row) else steps).extend(steps_of_row)
    return steps + _all_or_nothing(grids, register, placed)


def _find_replaced_rows(grids: _Grids, register: str, rows: Iterable[str]) -> dict[str, str]:
    """Return the rows whose code another row has now, with the reason why nothing of them is reverted."""
    form = grids.forms[register]
    after, now = (grid.cells.get(register, {}) for grid in (grids.new, grids.now))
    contents = Contents(form, grids.settings, {row: [cells] for row, cells in after.items()})
    called = contents.tiers[0] or contents.tiers[-1]
    doubtful = [
        row
        for row in rows
        if row in after and row in now and any(after[row].get(key) != now[row].get(key) for key in called)
    ]
    if not doubtful:
        return {}
    claims = {row: contents.meanings(cells) for row, cells in now.items()}
    origins = contents.origins(claims, claims)
    moved = {code: row for row, code in origins.items() if contents.is_homeless(code, claims[row], claims)}
    found = {}
    for row in doubtful:
        if row in moved:
            found[row] = f"这一行现在的编号是 {moved[row]}，编号 {row} 是另一行了；请先把编号改回，再撤销"
        elif row in origins or contents.has_nothing_of(claims[row], row, proved=False):
            found[row] = f"编号 {row} 现在是另一行了"
    return found


def _why_not_undone(grids: _Grids, register: str, by_register: Mapping[str, Sequence[Change]]) -> str:
    """Return why nothing of a register or a user-added sheet can be reverted; empty if it can."""
    old, new = grids.old.blocks.get(register), grids.new.blocks.get(register)
    if new and not old:
        standing = new.sheet in {block.sheet for block in grids.old.blocks.values()}
        return _REGISTER_LOST if standing else _ADDED
    if old and not new:
        standing = old.sheet in {block.sheet for block in grids.new.blocks.values()}
        return _REGISTER_LOST if standing else ""
    form = next((form for name, form in grids.forms.items() if register in {name, heads_of(form)}), None)
    if form is None:
        return ""
    went, came = (
        {column for cells in grid.cells.get(form.name, {}).values() for column in cells}
        - set(other.blocks[form.name].columns)
        for grid, other in ((grids.old, grids.new), (grids.new, grids.old))
    )
    for change in by_register.get(heads_of(form), ()):
        if (column := new_column(change, form)) != change.column:
            went.discard(change.column)
            came.discard(column)
    return _COLUMNS if went and came else ""


def _is_known_by_place(forms: Mapping[str, Form], register: str, row: str) -> bool:
    """Whether a row is identified by place alone: on a user-added sheet, without a code, or with a duplicate code."""
    return row != HEAD and (register not in forms or row.startswith(NO_CODE) or "#" in row)


def _all_or_nothing(grids: _Grids, register: str, steps: list[_Step]) -> list[_Step]:
    """Return the steps of rows identified by place; if rows moved, none unless each is still as the step left it."""
    before, after, now = (grid.cells.get(register, {}) for grid in (grids.old, grids.new, grids.now))
    if register in grids.forms:
        before, after, now = (
            {row: cells for row, cells in rows.items() if _is_known_by_place(grids.forms, register, row)}
            for rows in (before, after, now)
        )
    if all(reason == ALREADY for *_, reason in steps) or not (_has_moved(before, after) or _has_moved(after, now)):
        return steps
    whole = all(after.get(change.code) == now.get(change.code) for change, _, _ in steps)
    if whole and not any(reason for *_, reason in steps):
        return steps
    return [(change, None, _MOVED) for change, *_ in steps]


def _has_moved(before: Rows, after: Rows) -> bool:
    """Whether a row or a column has different places in two grids."""
    return any(
        first[content] != then[content]
        for first, then in (
            (_places(a), _places(b)) for a, b in ((before, after), (by_column(before), by_column(after)))
        )
        for content in first.keys() & then.keys()
    )


def _places(rows: Rows) -> dict[frozenset[tuple[str, str]], str]:
    """Return the place of each row by its content; duplicates are left out."""
    found: dict[frozenset[tuple[str, str]], str] = {}
    twice = set()
    for row, cells in rows.items():
        content = frozenset((column, repr(value)) for column, value in cells.items())
        twice |= {content} & found.keys()
        found[content] = row
    return {content: row for content, row in found.items() if content not in twice}


def _undo_row(grids: _Grids, register: str, row: str, changes: Sequence[Change], other: str) -> Iterator[_Step]:
    """Undo the step in one row; ``other`` is the row's present code if it was changed, else empty."""
    key = grids.forms[register].code_column.key if register in grids.forms else ""
    own = next((change for change in changes if key and change.column == key), None)
    if own is None or (own.old is not None and own.new is not None):
        return _undo_cells(grids, register, row, changes, key)
    if own.old is None:
        return _remove_row(grids, register, row, changes)
    return _restore_row(grids, register, row, changes, other)


def _undo_cells(grids: _Grids, register: str, row: str, changes: Sequence[Change], key: str) -> Iterator[_Step]:
    now, block = grids.now, grids.now.blocks.get(register)
    form = next((form for form in grids.forms.values() if row == HEAD and heads_of(form) == register), None)
    for change in changes:
        where = row_id(change.new) if key and change.column == key else row
        column = new_column(change, form) if form else change.column
        address = block.address(where, column) if block else None
        found = now.value(register, where, column)
        if column != change.column and block and now.value(register, HEAD, change.column) is not None:
            again = is_equal(now.value(register, HEAD, change.column), change.old) and address is None
            yield change, None, ALREADY if again else f"现在另有一列的表头是“{change.old}”"
        elif address is None:
            yield change, None, _why_gone(grids, register, where, column)
        elif not is_equal(found, change.new):
            yield change, None, ALREADY if is_equal(found, change.old) else "之后又被改过"
        elif form and change.old is None and grids.is_filled(form.name, column):
            yield change, None, _FILLED
        elif where != row and row in now.cells[register]:
            yield change, None, f"现在另有一行的编号是 {row}"
        elif change.old in (FORMULA, ERROR):
            yield change, None, _WAS_FORMULA
        else:
            yield change, SetCell(*address, change.old, over_formula=change.new == FORMULA), ""


def _remove_row(grids: _Grids, register: str, row: str, changes: Sequence[Change]) -> Iterator[_Step]:
    """Remove an added row, completely or not at all."""
    block, present = grids.now.blocks.get(register), grids.now.cells.get(register, {}).get(row)
    if present is None:
        yield from ((change, None, ALREADY) for change in changes)
    elif present != grids.new.cells[register][row] or block is None:
        yield from ((change, None, "这一行之后又被改过，整行保留") for change in changes)
    else:
        for change in changes:
            address = block.address(row, change.column)
            edit = SetCell(*address, None, over_formula=change.new == FORMULA) if address else None
            yield change, edit, "" if edit else _why_gone(grids, register, row, change.column)


def _restore_row(grids: _Grids, register: str, row: str, changes: Sequence[Change], other: str) -> Iterator[_Step]:
    """Restore a removed row, unless it still exists under another code."""
    block, rows = grids.now.blocks.get(register), grids.now.cells.get(register, {})
    if row in rows:
        yield from ((change, None, "这个编号的行又有了，没有重复补回") for change in changes)
    elif block is None:
        yield from ((change, None, _why_gone(grids, register, row, change.column)) for change in changes)
    elif other:
        reason = f"这一行还在，只是编号改成了 {other}，补回会变成两行；要改回请在那一行改编号"
        yield from ((change, None, reason) for change in changes)
    else:
        cells: dict[int, CellValue] = {}
        for change in changes:
            if change.old not in (FORMULA, ERROR) and change.column in block.columns:
                cells[block.columns[change.column]] = change.old
        restored: AppendRow | None = AppendRow(block.sheet, block.last_row, cells)
        for change in changes:
            reason = _WAS_FORMULA if change.old in (FORMULA, ERROR) else ""
            if change.column not in block.columns:
                reason = _why_gone(grids, register, row, change.column)
            yield change, None if reason else restored, reason
            restored = restored if reason else None


def _why_gone(grids: _Grids, register: str, row: str, column: str) -> str:
    """Return why a cell cannot be restored, and what must be restored first: its sheet, or its column's head."""
    form = next((form for form in grids.forms.values() if register in {form.name, heads_of(form)}), None)
    block = grids.now.blocks.get(register)
    if block is None and form is None:
        return "这张表已经不在了，请打开 history 里那一份，把整张表拷回来"
    if block is None and form:
        return f"〈{form.sheet}〉已经不在了，请先运行 taizhang forms enable {form.sheet} 加回这张表，再撤销一次"
    if form is None or block is None or column in block.columns:
        return _NOT_THERE
    head = grids.old.value(heads_of(form), HEAD, column) or grids.new.value(heads_of(form), HEAD, column)
    heads = grids.now.blocks.get(heads_of(form))
    if head is None or heads is None or HEAD not in heads.rows:
        return _NOT_THERE
    return (
        f"这一列已经不在了，请先在〈{block.sheet}〉第 {heads.rows[HEAD]} 行找一个空列写上表头“{as_text(head)}”，"
        "保存后再撤销一次"
    )
