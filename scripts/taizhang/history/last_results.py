"""The last known results of formulas that have none, looked up in the states that history keeps.

A result is used only for the same formula in the same row and column of a register, or in the same cell of 参数. It
may be outdated; each command that uses it says so (``ledger/unread.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from taizhang.forms.model import Form
from taizhang.history.entries import Entry
from taizhang.ledger.model import Ledger, ledger_of, read_ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.unread import Unread
from taizhang.splice import Refused, formula_texts
from taizhang.workbook.reader import Sheet, Unreadable

__all__ = ["with_last_results"]

STATES = 12
"""The number of earlier states searched; each write keeps one, so the result is usually in the first."""

_Address = tuple[str, int, int]


def with_last_results(
    ledger: Ledger, forms: Mapping[str, Form], entries: Sequence[Entry], kept: Callable[[str], bytes | None]
) -> Ledger:
    """Return a ledger with the last known results of those of its formulas that have none.

    ``entries`` are the journal's up to this ledger, oldest first; ``kept`` returns the bytes of a state by its
    SHA-256, or None.
    """
    texts = _Texts()
    wanted = {
        each: text
        for each in ledger.unread
        if not each.is_error and (text := texts.of(ledger, each.sheet).get((each.row, each.column)))
    }
    found: dict[_Address, tuple[Any, str]] = {}
    earlier = [entry for entry in reversed(entries) if entry.after != ledger.book.sha256]
    for entry in earlier[:STATES]:
        data = kept(entry.after) if wanted else None
        if data is None:
            break
        with suppress(Unreadable):
            old = read_ledger(ledger.path, forms, data)
            wanted = _look_up(ledger, old, wanted, texts, entry.time, found)
    if not found:
        return ledger
    sheets = tuple(_fill(sheet, found) for sheet in ledger.book.sheets)
    times = {address: time for address, (_, time) in found.items()}
    return ledger_of(ledger.path, forms, replace(ledger.book, sheets=sheets), times)


class _Texts:
    """The formula texts of ledgers, each sheet read once."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Mapping[tuple[int, int], str]] = {}

    def of(self, ledger: Ledger, sheet: str) -> Mapping[tuple[int, int], str]:
        key = ledger.book.sha256, sheet
        if key not in self._read:
            self._read[key] = {}
            with suppress(Refused):  # formulas can be read from a plain .xlsx only
                self._read[key] = formula_texts(ledger.book.data, sheet)
        return self._read[key]


def _look_up(
    ledger: Ledger,
    old: Ledger,
    wanted: Mapping[Unread, str],
    texts: _Texts,
    time: str,
    found: dict[_Address, tuple[Any, str]],
) -> dict[Unread, str]:
    """Put the results in an earlier ledger into ``found``; return the cells still worth looking up in older ones."""
    rest = {}
    codes = {name: {record.row: record.code for record in each.records} for name, each in ledger.registers.items()}
    for cell, text in wanted.items():
        place = _find_cell(ledger, old, cell, codes.get(cell.register, {}).get(cell.row, ""))
        if place is None:
            continue
        sheet, row, column = place
        if (row, column) in sheet.errors or texts.of(old, sheet.name).get((row, column)) != text:
            continue
        if (row, column) in sheet.uncached:
            rest[cell] = text
        else:
            found[cell.sheet, cell.row, cell.column] = sheet.value(row, column), time
    return rest


def _find_cell(ledger: Ledger, old: Ledger, cell: Unread, code: str) -> tuple[Sheet, int, int] | None:
    """Return the location of a cell in another state of the ledger: by its row's code.

    A cell of the code column itself, or of 参数, is located by its place. None if it is not found.
    """
    if not cell.register:
        sheet = old.book.by_name.get(cell.sheet)
        return (sheet, cell.row, cell.column) if sheet else None
    now, then = ledger.registers[cell.register], old.registers.get(cell.register)
    key = next((key for key, column in now.columns.items() if column == cell.column), "")
    if then is None or key not in then.columns:
        return None
    if key == now.form.code_column.key:
        return then.sheet, cell.row, then.columns[key]
    row = _find_single_row(then, code) if _find_single_row(now, code) else None
    return (then.sheet, row, then.columns[key]) if row else None


def _find_single_row(register: Register, code: str) -> int | None:
    rows = register.rows_of.get(code, []) if code else []
    return rows[0] if len(rows) == 1 else None


def _fill(sheet: Sheet, found: Mapping[_Address, tuple[Any, str]]) -> Sheet:
    own = {(row, column): value for (name, row, column), (value, _) in found.items() if name == sheet.name}
    if not own:
        return sheet
    rows = [*sheet.rows]
    for (row, column), value in own.items():
        rows += [[] for _ in range(row - len(rows))]
        cells = [*rows[row - 1], *[""] * (column - len(rows[row - 1]))]
        cells[column - 1] = value
        rows[row - 1] = cells
    return replace(sheet, rows=rows, recalled=frozenset(own))
