"""One table being read: what a row has of a field, kept or named so that no cell is lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from taizhang.adopt.account import Account
from taizhang.adopt.adopted import Builder, Source
from taizhang.adopt.asides import is_note, is_total
from taizhang.adopt.fields import NOT_WRITTEN, OWN
from taizhang.adopt.grid import Cell, Where
from taizhang.adopt.heads import Table
from taizhang.adopt.lines import Line
from taizhang.adopt.mapping import Mapped
from taizhang.adopt.marked import departments_marked
from taizhang.adopt.owners import is_department
from taizhang.adopt.words import is_tick, parts_for, problem_and_measure, read_closed
from taizhang.draft.item_labels import label_at
from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.ledger.vocabulary import Status
from taizhang.typed.personal import find_personal, without_personal
from taizhang.typed.text import clean_key, split_many

__all__ = ["Reading"]

_DITTO = ("同上", "〃", "″", "同前")

_OF_A_PROBLEM = ("aspect", "detail", "problem_source", "cause")

_PICTURE = re.compile(r"=(?:_xlfn\.)?DISPIMG\(", re.IGNORECASE)
"""What WPS writes into a cell that holds a picture."""

SECRET = "有密级标志，没有写进台账，请先按保密规定处理"


class Reading:
    """One table being read: what a row has of a field, and what became of each cell.

    - ``columns`` are by the name of their field; ``both`` is whether one column has problems, as titles, and measures,
      ``titled`` whether no column has problems, so that titles of sections may be some.
    - ``over`` is the aspect, ``under`` the problem and ``unit`` the department whose title the present row stands
      below; ``beside`` is what rows below it say of it, by field.
    - ``whole_unit`` and ``whole_status`` are the department and the status of the whole table, each with the cell above
      the heads that says it (None: the sheet's name).
    - ``last`` are the problems of the row before, ``made`` the tasks by the place of their measure.
    - ``known`` are departments that stand alone in a cell.
    """

    def __init__(
        self, table: Table, mapped: Sequence[Mapped], source: Source, origin: str, builder: Builder, account: Account
    ) -> None:
        self.table, self.grid, self.source, self.origin = table, table.grid, source, origin
        self.builder, self.account, self.words = builder, account, source.words
        self.mapped = mapped
        self.columns = {each.field.name: each for each in mapped if each.field not in (OWN, NOT_WRITTEN)}
        self.problems: dict[tuple[str, str], dict[str, Any]] = {}
        self.causes: dict[str, str] = {}
        self.kept_cells: set[tuple[str, int, int]] = set()
        self.both = "problem" not in self.columns and any(each.names_both for each in mapped)
        self.titled = not self.both and not {"problem", "of_problem"} & self.columns.keys()
        self.over: Cell | None = None
        self.under: Cell | None = None
        self.unit = ""
        self.beside: dict[str, Cell] = {}
        self.whole_unit: tuple[str, Cell | None] = ("", None)
        self.whole_status: tuple[Status, Cell | None, str] | None = None
        self.last: list[dict[str, Any]] = []
        self.made: dict[tuple[str, int, int], list[dict[str, Any]]] = {}
        owners = [each.head.column for each in mapped if each.field.name in ("department", "supporting")]
        self.known = {
            word
            for cell in self.grid.cells
            if cell.column in owners and cell.row > table.bottom
            for word in split_many(cell.text)
            if is_department(word)
        } | {each.value for each in mapped if each.value and each.field.name == "department"}

    def cell(self, name: str, row: int) -> Cell | None:
        """Return what a row has of a field; 同上 is what the row above has, and marked columns give one cell."""
        mapped = self.columns.get(name)
        if mapped is None:
            return self.beside.get(name)
        if mapped.value:
            return self._marked(name, row)
        cell = self.grid.in_column(row, mapped.head.column)
        while cell and clean_key(cell.text) in _DITTO and cell.row > self.table.bottom + 1:
            self.account.write(cell)
            cell = self.grid.in_column(cell.row - 1, mapped.head.column)
        return cell

    def _marked(self, name: str, row: int) -> Cell | None:
        """Return what the marks of a row in the columns of a field give, in the place of the first of them."""
        columns = [each for each in self.mapped if each.value and each.field.name == name]
        found = [(each, cell) for each in columns if (cell := self.grid.in_column(row, each.head.column))]
        if name != "department":
            found = [(each, cell) for each, cell in found if read_closed(cell.text, self.words) is not False]
        if not found:
            return None
        self.account.write(*(cell for _, cell in found))
        column, cell = found[0]
        if name == "department":
            marks = {each.value: mark.text for each, mark in found if self._is_mark(mark)}
            return replace(cell, raw=departments_marked(marks, column.head.words[:-1], self.words))
        return replace(cell, raw=column.value) if is_tick(cell.text, self.words) else cell

    def _is_mark(self, cell: Cell) -> bool:
        """Whether a cell below a department says that it has a part, not that it has none."""
        return clean_key(cell.text) in self.words.marks or read_closed(cell.text, self.words) is not False

    @cached_property
    def _counts_problems(self) -> bool:
        """Whether the table numbers its problems: a row has a number if, and only if, it has a problem."""
        number, problem = self.columns.get("number"), self.columns.get("problem")
        if number is None or problem is None:
            return False
        entries = [
            {cell.column for cell in cells}
            for row in range(self.table.bottom + 1, self.grid.height + 1)
            if len(cells := self.grid.own(row)) > 1 and not is_total(cells) and not is_note(cells)
        ]
        return all((number.head.column in own) == (problem.head.column in own) for own in entries)

    def goes_on(self, row: int) -> bool:
        """Whether a row without a problem has more of the one above: the table's numbers count problems."""
        return "problem" in self.columns and self._counts_problems and self.cell("number", row) is None

    def labelled(self, row: int) -> tuple[str, str] | None:
        """Return the problem and the measure that a row's cell of measures labels; None if it has only one of them."""
        cell = self.cell("statement", row) if "problem" not in self.columns else None
        fields = self.words.fields
        return cell and problem_and_measure(cell.text, fields["problem"].heads, fields["statement"].heads)

    def first(self, name: str, row: int) -> Cell | None:
        """Return a cell the first time that it is asked for; one over several rows is of all of them."""
        cell = self.cell(name, row)
        if cell is None or cell.place in self.kept_cells:
            return None
        self.kept_cells.add(cell.place)
        return cell

    def text(self, cell: Cell | None) -> str | None:
        """Return a cell as text that the ledger may hold; None if nothing of it may be written."""
        return self.safe(cell, cell.text) if cell else None

    def safe(self, cell: Cell, text: str) -> str | None:
        """Return a cell's words without what the ledger may not hold; None if nothing of them may be written."""
        if _PICTURE.match(text):
            self.account.name(cell, "是单元格里的图片，没有写进台账，原表里还在")
            return None
        kinds = find_personal(text) or find_personal(cell.raw)
        if not kinds:
            self.account.write(cell)
            return text
        if "密级标志" in kinds:
            self.account.name(cell, SECRET)
            return None
        self.account.name(cell, f"里有{'、'.join(kinds)}，号码没有写进台账，其余照抄")
        return without_personal(text)

    @staticmethod
    def parts(cell: Cell, count: int) -> tuple[Any, ...]:
        """Return what a cell says of each task: parts of a text, or its value each time."""
        return parts_for(cell.text, count) if isinstance(cell.raw, str) else (cell.raw,) * count

    def section(self, cell: Cell) -> str:
        """Return the title of a section without its number."""
        text = self.text(cell) or ""
        label = label_at(text)
        return text[label.end if label else 0 :].strip()

    def at(self, row: int) -> Where:
        """Return a row as notes name it."""
        return self.grid.where(row)

    def keep_rest(
        self, line: Line, register: str, rows: Sequence[dict[str, Any]], problems: Sequence[dict[str, Any]] = ()
    ) -> None:
        """Keep a row's other cells in columns of the office's own, or name them.

        A cell over several rows is kept with the first; the number of an entry with each of its tasks, or with the
        ``problems`` of the row if these are what it counts.
        """
        for mapped in self.mapped:
            cell = self.grid.in_column(line.row, mapped.head.column)
            if cell is None or mapped.value:
                continue
            name = mapped.field.name
            if mapped.field is NOT_WRITTEN or name == "contact":
                self.account.name(cell, f"“{mapped.title}”不写进台账")
            elif name == "number":
                for row in problems or rows:
                    self.builder.keep(PROBLEMS if problems else register, row, "原表序号", self.text(cell) or "")
            elif register == TASKS and name in _OF_A_PROBLEM and not rows[0].get("problems"):
                self.keep_once(register, rows[0], cell, f"原表{mapped.field.title}")
            elif mapped.field is OWN:
                self.keep_once(register, rows[0], cell, mapped.title)

    def keep_once(self, register: str, row: dict[str, Any], cell: Cell, head: str) -> None:
        """Keep a cell in a column of the office's own; one over several rows with the first of them only."""
        if cell.place not in self.kept_cells:
            self.kept_cells.add(cell.place)
            self.builder.keep(register, row, head, self.text(cell) or "")
