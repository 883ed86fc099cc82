"""The state of a ledger: what every cell holds, by register, row and column; how two states differ; and replay.

Registers are compared by code and column, so that sorting, inserting and moving are no changes. Everything else that people keep
in the workbook (参数, sheets and columns of their own, the lines above a register's heads) is compared by place. Formulas count by
being there; what they compute is no edit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from taizhang.forms import Form
from taizhang.journal import Change
from taizhang.ledger import Ledger
from taizhang.places import column_letters
from taizhang.registers import Register, head_key
from taizhang.text import as_text, clean_key, is_blank
from taizhang.workbooks import Sheet

__all__ = ["ERROR", "FORMULA", "Block", "State", "differences", "replay", "row_id", "same", "state_of"]

FORMULA, ERROR = "（公式）", "（错误值）"
NO_CODE, HEAD = "（无编号）", "表头"

Value = str | int | float | bool | date | datetime | time | timedelta
Cells = dict[str, dict[str, dict[str, Value]]]


@dataclass(frozen=True)
class Block:
    """Where a register, or a sheet of people's own, stands: its sheet, row numbers by row id, column numbers by key."""

    sheet: str
    rows: Mapping[str, int]
    columns: Mapping[str, int]
    last_row: int

    def address(self, row: str, column: str) -> tuple[str, int, int] | None:
        """Return (sheet, row, column) of a cell, None where its row or column is not there."""
        if row in self.rows and column in self.columns:
            return self.sheet, self.rows[row], self.columns[column]
        return None


@dataclass
class State:
    """What every cell of a ledger holds: register → row → column → value, blanks left out; and where each block stands."""

    cells: Cells = field(default_factory=dict)
    blocks: dict[str, Block] = field(default_factory=dict)

    def value(self, register: str, row: str, column: str) -> Value | None:
        """Return the value of a cell, None where it is blank or not there."""
        return self.cells.get(register, {}).get(row, {}).get(column)


def state_of(ledger: Ledger, forms: Mapping[str, Form]) -> State:
    """Return the state of a ledger; registers that the program alone writes are left out."""
    automatic = {head_key(form.sheet) for form in forms.values() if form.automatic}
    registers = {register.sheet.name: (name, register) for name, register in ledger.registers.items()}
    state = State()
    for sheet in ledger.book.sheets:
        if head_key(sheet.name) in automatic:
            continue
        if sheet.name not in registers:
            _add_by_place(state, sheet.name, sheet, len(sheet.rows))
            continue
        name, register = registers[sheet.name]
        rows, columns = _register_keys(register)
        _add(state, name, sheet, rows, columns, register.head_row)
        _add_by_place(state, f"{sheet.name}{HEAD}", sheet, register.head_row - 1)
        _add(state, f"{sheet.name}{HEAD}", sheet, {HEAD: register.head_row}, columns)
    return state


def _add_by_place(state: State, name: str, sheet: Sheet, last: int) -> None:
    width = max((len(cells) for cells in sheet.rows[:last]), default=0)
    columns = {column_letters(column): column for column in range(1, width + 1)}
    _add(state, name, sheet, {str(row): row for row in range(1, last + 1)}, columns)


def _register_keys(register: Register) -> tuple[dict[str, int], dict[str, int]]:
    """Return the row numbers by code (a doubled one ``RW-001#2``) and the column numbers by key, head or letters."""
    sheet, columns = register.sheet, dict(register.columns)
    width = max((len(cells) for cells in sheet.rows[register.head_row - 1 :]), default=0)
    heads = dict(register.extra)
    for number in range(1, width + 1):
        if number not in register.columns.values():
            head = heads.get(number, "")
            columns[head if head and head not in columns else f"{column_letters(number)}列"] = number
    rows: dict[str, int] = {}
    seen: Counter[str] = Counter()
    for number, cells in enumerate(sheet.rows[register.head_row :], register.head_row + 1):
        if all(is_blank(raw) for raw in cells) and not any((number, c) in sheet.formulas for c in columns.values()):
            continue
        raw = sheet.value(number, register.columns[register.form.code_column.key])
        code = clean_key(as_text(raw)).upper() or NO_CODE
        seen[code] += 1
        rows[code if seen[code] == 1 else f"{code}#{seen[code]}"] = number
    return rows, columns


def _add(
    state: State, name: str, sheet: Sheet, rows: Mapping[str, int], columns: Mapping[str, int], head_row: int = 0
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
        state.cells.setdefault(name, {}).update(cells)
    other = state.blocks.get(name, Block(sheet.name, {}, {}, 0))
    last = max(rows.values(), default=head_row)
    state.blocks[name] = Block(
        sheet.name, {**other.rows, **rows}, {**other.columns, **columns}, max(other.last_row, last)
    )


def differences(old: State, new: State, codes: Mapping[str, str]) -> list[Change]:
    """Return what changed from one state to the other, cell by cell; None stands for a blank.

    ``codes`` maps a register's name to the key of its code column. A row whose code alone changed is one change of that column;
    it carries the old code. A row added or removed shows in its code column, from None or to None.
    """
    changes: list[Change] = []
    for register in (*old.cells, *(name for name in new.cells if name not in old.cells)):
        before, after = old.cells.get(register, {}), new.cells.get(register, {})
        key = codes.get(register, "")
        renamed = _renamed(before, after, key) if key else {}
        for row, target in renamed.items():
            changes.append(Change(register, row, key, before[row].get(key), after[target].get(key)))
        for row in (*before, *(each for each in after if each not in before)):
            if row in renamed or row in renamed.values():
                continue
            a, b = before.get(row, {}), after.get(row, {})
            for column in (*a, *(each for each in b if each not in a)):
                if not same(a.get(column), b.get(column)):
                    changes.append(Change(register, row, column, a.get(column), b.get(column)))
    return changes


def _renamed(before: Mapping[str, Any], after: Mapping[str, Any], key: str) -> dict[str, str]:
    """Return old code → new code of rows that are alike in all but their code, where that can be told."""

    def by_content(rows: Mapping[str, Any], other: Mapping[str, Any]) -> dict[Any, list[str]]:
        found: dict[Any, list[str]] = {}
        for row, cells in rows.items():
            if row not in other and len(cells) > 2:
                content = tuple(sorted((column, repr(value)) for column, value in cells.items() if column != key))
                found.setdefault(content, []).append(row)
        return found

    gone, come = by_content(before, after), by_content(after, before)
    pairs = {
        rows[0]: come[content][0]
        for content, rows in gone.items()
        if len(rows) == 1 and len(come.get(content, ())) == 1
    }
    return {
        row: target
        for row, target in pairs.items()
        if row_id(before[row].get(key, "")) == row and row_id(after[target].get(key, "")) == target
    }


def same(a: Value | None, b: Value | None) -> bool:
    """Whether two cells hold the same: 1 is not 是."""
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def replay(cells: Mapping[str, Any], changes: Sequence[Change], codes: Mapping[str, str]) -> Cells:
    """Return the cells of a state after changes were made to it, in their order."""
    now: Cells = {register: {row: dict(each) for row, each in rows.items()} for register, rows in cells.items()}
    for change in changes:
        rows = now.setdefault(change.register, {})
        is_code = change.column == codes.get(change.register)
        if is_code and change.old is not None and change.new is not None and change.code in rows:
            renamed = rows.pop(change.code)
            renamed[change.column] = change.new
            rows[row_id(change.new)] = renamed
            continue
        row = rows.setdefault(change.code, {})
        if change.new is None:
            row.pop(change.column, None)
        else:
            row[change.column] = change.new
        if not row:
            del rows[change.code]
    return {register: rows for register, rows in now.items() if rows}


def row_id(code: Any) -> str:
    """Return the id of the row that carries a code."""
    return clean_key(as_text(code)).upper()
