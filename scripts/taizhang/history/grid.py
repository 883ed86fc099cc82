"""The grid of a ledger: the value of every cell by register, row and column; computed, never stored.

Registers are compared by code and column, so that sorting, inserting and moving are no changes. Everything else in
the workbook (参数, user-added sheets and columns, the lines above a register's heads) is compared by place. Only the
presence of a formula is recorded; a changed result is not an edit. ``diff.py`` compares two grids.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from taizhang.forms.model import Form
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register, head_key
from taizhang.typed.text import as_text, clean_key, is_blank
from taizhang.workbook.places import column_letters
from taizhang.workbook.reader import HEAD_SEARCH_ROWS, Sheet

__all__ = ["ERROR", "FORMULA", "HEAD", "NO_CODE", "Block", "Cells", "Grid", "Value", "grid_of", "heads_of", "row_id"]

FORMULA, ERROR = "（公式）", "（错误值）"
NO_CODE, HEAD = "（无编号）", "表头"

Value = str | int | float | bool | date | datetime | time | timedelta
Cells = dict[str, dict[str, dict[str, Value]]]


@dataclass(frozen=True)
class Block:
    """The location of a register or a user-added sheet: its sheet, row numbers by row id, column numbers by key."""

    sheet: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    last_row: int

    def address(self, row: str, column: str) -> tuple[str, int, int] | None:
        """Return (sheet, row, column) of a cell, None if its row or column does not exist."""
        if row in self.rows and column in self.columns:
            return self.sheet, self.rows[row], self.columns[column]
        return None


@dataclass
class Grid:
    """The value of every cell of a ledger (register → row → column → value, without blanks), and the blocks'
    locations."""

    cells: Cells = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)

    def value(self, register: str, row: str, column: str) -> Value | None:
        """Return the value of a cell, None if it is blank or does not exist."""
        return self.cells.get(register, {}).get(row, {}).get(column)


def grid_of(ledger: Ledger, forms: Mapping[str, Form]) -> Grid:
    """Return the grid of a ledger, without the registers that only the program writes."""
    automatic = {head_key(form.sheet) for form in forms.values() if form.automatic}
    registers = {register.sheet.name: register for register in ledger.registers.values()}
    unfound = {head_key(form.sheet): form for name, form in forms.items() if name not in ledger.registers}
    grid = Grid()
    for sheet in ledger.book.sheets:
        key = head_key(sheet.name)
        if key in automatic:
            continue
        register = registers.get(sheet.name)
        if register is None and key in unfound:
            register = _find_by_codes(ledger.book.name, sheet, unfound[key])
        if register is None:
            _add_by_place(grid, sheet.name, sheet, _extent(sheet)[0])
            continue
        rows, columns = _register_keys(register)
        _add(grid, register.form.name, sheet, rows, columns, register.head_row)
        heads = heads_of(register.form)
        _add_by_place(grid, heads, sheet, register.head_row - 1)
        _add(grid, heads, sheet, {HEAD: register.head_row}, columns)
    return grid


def heads_of(form: Form) -> str:
    """Return the register name under which a grid holds a register's heads and the lines above them."""
    return f"{form.sheet}{HEAD}"


def _find_by_codes(workbook: str, sheet: Sheet, form: Form) -> Register | None:
    """Return a register whose code column lost its head, recognised by its codes; None if there is none.

    Such a ledger cannot be used until the head is back, but none of its rows count as removed.
    """
    best: tuple[int, dict[str, int]] = (0, {})
    for row, cells in enumerate(sheet.rows[:HEAD_SEARCH_ROWS], 1):
        found = ((number, form.titles.get(head_key(raw))) for number, raw in enumerate(cells, 1) if not is_blank(raw))
        columns = {column.key: number for number, column in found if column}
        if len(columns) > len(best[1]):
            best = row, columns
    head_row, columns = best
    if len(columns) < max(3, len(form.columns) // 2):
        return None
    heads = sheet.rows[head_row - 1]
    for number in range(1, _extent(sheet)[1] + 1):
        raws = [cells[number - 1] for cells in sheet.rows[head_row:] if len(cells) >= number]
        codes = [form.code_number(row_id(raw)) for raw in raws if not is_blank(raw)]
        if number not in columns.values() and sum(code is not None for code in codes) * 2 > len(codes):
            columns[form.code_column.key] = number
            rest = [
                (n, as_text(raw)) for n, raw in enumerate(heads, 1) if n not in columns.values() and not is_blank(raw)
            ]
            return Register(form, workbook, sheet, head_row, columns, (), tuple(rest))
    return None


def _extent(sheet: Sheet) -> tuple[int, int]:
    """Return the last row and column with any content; a formula counts, with or without a result."""
    places = [*sheet.formulas, *sheet.errors]
    return (
        max([len(sheet.rows), *(row for row, _ in places)]),
        max([0, *(len(cells) for cells in sheet.rows), *(column for _, column in places)]),
    )


def _add_by_place(grid: Grid, name: str, sheet: Sheet, last: int) -> None:
    width = _extent(sheet)[1]
    columns = {column_letters(column): column for column in range(1, width + 1)}
    _add(grid, name, sheet, {str(row): row for row in range(1, last + 1)}, columns)


def _register_keys(register: Register) -> tuple[dict[str, int], dict[str, int]]:
    """Return the row numbers by code (a duplicate is ``RW-001#2``) and the column numbers by key, head or letters."""
    sheet, columns = register.sheet, dict(register.columns)
    last, width = _extent(sheet)
    heads = dict(register.extra)
    for number in range(1, width + 1):
        if number not in register.columns.values():
            head = heads.get(number, "")
            columns[head if head and head not in columns else f"{column_letters(number)}列"] = number
    rows: dict[str, int] = {}
    seen: Counter[str] = Counter()
    for number in range(register.head_row + 1, last + 1):
        cells = sheet.rows[number - 1] if number <= len(sheet.rows) else []
        if all(is_blank(raw) for raw in cells) and not any((number, c) in sheet.formulas for c in columns.values()):
            continue
        raw = sheet.value(number, register.columns[register.form.code_column.key])
        code = clean_key(as_text(raw)).upper() or NO_CODE
        seen[code] += 1
        rows[code if seen[code] == 1 else f"{code}#{seen[code]}"] = number
    return rows, columns


def _add(
    grid: Grid, name: str, sheet: Sheet, rows: Mapping[str, int], columns: Mapping[str, int], head_row: int = 0
) -> None:
    cells: dict[str, dict[str, Value]] = {}
    for key, row in rows.items():
        raws = sheet.rows[row - 1] if row <= len(sheet.rows) else []
        found = {}
        for column, number in columns.items():
            raw: Any = raws[number - 1] if number <= len(raws) else ""
            if sheet.formulas and (row, number) in sheet.formulas:
                raw = FORMULA
            elif sheet.errors and (row, number) in sheet.errors:
                raw = ERROR
            if raw != "" and raw is not None:
                found[column] = int(raw) if isinstance(raw, float) and raw.is_integer() and abs(raw) < 1e15 else raw
        if found:
            cells[key] = found
    if cells:
        grid.cells.setdefault(name, {}).update(cells)
    other = grid.blocks.get(name, Block(sheet.name, {}, {}, 0))
    last = max(rows.values(), default=head_row)
    grid.blocks[name] = Block(
        sheet.name, {**other.rows, **rows}, {**other.columns, **columns}, max(other.last_row, last)
    )


def row_id(code: Any) -> str:
    """Return the row id of a code."""
    return clean_key(as_text(code)).upper()
