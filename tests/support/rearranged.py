"""An office and a department in memory with sorted, inserted and renumbered rows and columns, and the merge's writes.

Every cell names its own row, so that after a merge each written value can be compared with the row it went to.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.history.bases import Base
from taizhang.ledger.layout import IDENTITY_SHEET, ROW_ID_HEAD, shown_columns
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import read_register
from taizhang.ledger.settings import Department, Settings
from taizhang.merge.plan import Plan
from taizhang.merge.planner import plan_departments
from taizhang.merge.submissions import Submission
from taizhang.splice import AppendRow, SetCell
from taizhang.typed.text import as_text
from taizhang.workbook.reader import Sheet, Workbook

__all__ = [
    "Cell",
    "Office",
    "Row",
    "empty_ids",
    "insert",
    "renumber",
    "rotate_columns",
    "sort_columns",
    "sort_seen",
    "swap_codes",
]

DEPARTMENT, PERIOD = "财务处", "2022-03"
SETTINGS = Settings(year=2022, departments=(Department(DEPARTMENT), Department("党委办公室")))


@dataclass(frozen=True)
class Cell:
    """A value and the row whose words it is."""

    value: Any
    whose: str


@dataclass
class Row:
    """A row of a sheet: its hidden id, its code, its cells by column key; ``whose`` is the row it really is."""

    whose: str
    id: str
    code: str
    cells: dict[str, Cell] = field(default_factory=dict)


class Office:
    """A register of some rows, issued to one department; ``file`` is what comes back, ``ledger`` what the office
    holds.

    ``file_facts`` and ``ledger_facts`` are what else the reader knows of the two sheets (attributes of ``Sheet``);
    ``beside`` are other registers of the ledger; ``issue`` is the issue of its period that the file names, 0 if none.
    """

    def __init__(self, form: str, rows: Sequence[Mapping[str, Any]], spare: int = 3) -> None:
        self.form: Form = standard_forms()[form]
        codes = [self.form.format_code(number) for number in range(1, len(rows) + 1)]
        self.ledger = [Row(code, "", code, _cells(code, row)) for code, row in zip(codes, rows, strict=True)]
        ids = (
            [f"新增-abc123-{number:02}" for number in range(1, spare + 1)] if self.form.new_rows == "department" else []
        )
        self.shown = [column.key for column in shown_columns(self.form) if column.type != "code"]
        self.filled = [column.key for column in self.form.department_columns]
        self.file = [Row(row.whose, row.code, row.code, dict(row.cells)) for row in self.ledger]
        self.file += [Row(each, each, "") for each in ids]
        issued = {row.code: {key: as_text(cell.value) for key, cell in row.cells.items()} for row in self.ledger}
        self.base = Base(DEPARTMENT, PERIOD, {form: issued}, {form: ids}, columns={form: self.shown})
        self.file_facts: dict[str, Any] = {}
        self.ledger_facts: dict[str, Any] = {}
        self.beside: list[Office] = []
        self.issue = 0

    def type(self, code: str, **cells: Any) -> Office:
        """The department types into its row: these are that row's words."""
        row = next(row for row in self.file if code in (row.code, row.id))
        row.cells |= _cells(row.whose, cells)
        return self

    def edit(self, code: str, **cells: Any) -> Office:
        """The office types into its row of the ledger."""
        row = next(row for row in self.ledger if row.code == code)
        row.cells |= _cells(row.whose, cells)
        return self

    def merge(self, *, vouched: bool = False, saved: str = "") -> Plan:
        """Plan the merge of what comes back, ``saved`` being the file's own stamp."""
        books, registers = [], {}
        for each in (self, *self.beside):
            columns = [column.key for column in each.form.columns]
            books.append(
                _with_facts(_workbook("整改台账.xlsx", each.form, each.ledger, columns, False), each.ledger_facts)
            )
            found, _ = read_register(books[-1], each.form)
            assert found
            registers[each.form.name] = found
        ledger = Ledger(Path("/nowhere/整改台账.xlsx"), books[0], SETTINGS, registers)
        file = _workbook("财务处.xlsx", self.form, self.file, ["code", *self.shown], True)
        file = _with_facts(file, self.file_facts)
        if self.issue:
            identity = Sheet(IDENTITY_SHEET, [[json.dumps({"issue": self.issue})]], visible=False)
            file = replace(file, sheets=(*file.sheets, identity))
        submission = Submission(Path("财务处.xlsx"), file, DEPARTMENT, PERIOD, saved, vouched)
        (plan,) = plan_departments(ledger, standard_forms(), [(submission, self.base)], [])
        return plan

    def written(self, plan: Plan) -> list[tuple[str, str, Any]]:
        """Return (whose row, column, value) of every cell that a plan writes; an added row belongs to nobody yet."""
        keys = {number: column.key for number, column in enumerate(self.form.columns, 1)}
        found = []
        for edit in plan.edits:
            if isinstance(edit, SetCell):
                found.append((self.ledger[edit.row - 2].whose, keys[edit.column], edit.value))
            else:
                assert isinstance(edit, AppendRow)
                found += [("", keys[column], value) for column, value in edit.cells.items()]
        return found

    def strayed(self, plan: Plan) -> list[tuple[str, str, Any]]:
        """Return the values that a plan writes into rows, or adds as new rows, to which they do not belong."""
        rows = {row.whose for row in self.ledger}
        wrong = []
        for whose, key, value in self.written(plan):
            owners = {
                row.cells[key].whose for row in self.file if key in row.cells and _same(row.cells[key].value, value)
            }
            if (
                key not in ("code", self.form.owner)
                and owners
                and (owners & rows and owners <= rows if not whose else whose not in owners)
            ):
                wrong.append((whose, key, value))
        return wrong

    def held(self, plan: Plan) -> set[str]:
        """Return the codes that the rows bear which findings of identity speak of."""
        rows = dict(enumerate(self.file, 2))
        checks = ("row-moved", "columns-sorted", "row-renumbered", "row-foreign", "row-gone")
        parts = [part for each in plan.findings if each.check in checks for part in each.parts or (each,)]
        return {rows[part.place.row].code for part in parts if part.place.row}


def _same(a: Any, b: Any) -> bool:
    return as_text(a) == as_text(b)


def _cells(whose: str, values: Mapping[str, Any]) -> dict[str, Cell]:
    return {key: Cell(value, whose) for key, value in values.items()}


def _workbook(name: str, form: Form, rows: Sequence[Row], keys: Sequence[str], ids: bool) -> Workbook:
    heads = [form.column(key).title for key in keys]
    cells: list[list[Any]] = [([ROW_ID_HEAD] if ids else []) + heads]
    for row in rows:
        values = [row.cells[key].value if key in row.cells else "" for key in keys]
        values[list(keys).index("code")] = row.code
        cells.append(([row.id] if ids else []) + values)
    return Workbook(name, name, (Sheet(form.sheet, cells),))


def _with_facts(book: Workbook, facts: Mapping[str, Any]) -> Workbook:
    return replace(book, sheets=tuple(replace(sheet, **facts) for sheet in book.sheets))


# What people do to a sheet: rows as a list, changed in place.


def sort_columns(rows: list[Row], keys: Sequence[str], by: Callable[[Row], Any], part: slice = slice(None)) -> None:
    """Sort some columns of some rows without the others: what Excel does with a selection."""
    block = [{key: row.cells[key] for key in keys if key in row.cells} for row in sorted(rows[part], key=by)]
    for row, cells in zip(rows[part], block, strict=True):
        row.cells = {key: cell for key, cell in row.cells.items() if key not in keys} | cells


def rotate_columns(rows: list[Row], keys: Sequence[str], by: int = 1) -> None:
    """Move the cells of some columns down by rows, the last ones to the top."""
    block = [{key: row.cells[key] for key in keys if key in row.cells} for row in rows]
    for row, cells in zip(rows, block[-by:] + block[:-by], strict=True):
        row.cells = {key: cell for key, cell in row.cells.items() if key not in keys} | cells


def sort_seen(rows: list[Row], by: Callable[[Row], Any]) -> None:
    """Sort everything visible: whole rows, except the hidden ids, which stay in place."""
    ids = [row.id for row in rows]
    rows.sort(key=by)
    for row, each in zip(rows, ids, strict=True):
        row.id = each


def insert(rows: list[Row], at: int, whose: str, cells: Mapping[str, Any]) -> None:
    """Insert a row of one's own, without code and id."""
    rows.insert(at, Row(whose, "", "", _cells(whose, cells)))


def renumber(rows: list[Row], form: Form) -> None:
    """Number the rows that hold something from 1, whatever they were."""
    for number, row in enumerate((row for row in rows if row.cells), 1):
        row.code = form.format_code(number)


def empty_ids(rows: list[Row]) -> None:
    """Delete the hidden column's contents."""
    for row in rows:
        row.id = ""


def swap_codes(rows: list[Row], a: int, b: int) -> None:
    """Let two rows change their codes."""
    rows[a].code, rows[b].code = rows[b].code, rows[a].code
