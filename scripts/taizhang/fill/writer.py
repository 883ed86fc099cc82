"""The writer of a filling: entries go into rows, into blank cells that people see; what is to be said is gathered."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.mapping import Mapped
from taizhang.figures.metrics import Metrics
from taizhang.fill.answers import Entry, answer, numbered
from taizhang.fill.asked import answer_only_here, boxes_in, choose, count_of, day_of, is_count, tick
from taizhang.fill.form_words import form_words
from taizhang.fill.outside_form import OutsideForm
from taizhang.ledger.vocabulary import Status
from taizhang.splice import AppendRow, SetCell
from taizhang.workbook.places import column_ranges

__all__ = ["Writer", "kept_words"]

_GIVEN = ("number", "problem", "statement", "aspect", "detail", "problem_source", "group")
"""Fields that a form may have filled in: that they are left as they are is not said."""

_LONGEST_SHOWN = 14


@dataclass
class Writer:
    """Writes entries into rows, only into blank cells that people see, and gathers what is to be said."""

    form: OutsideForm
    mapped: Sequence[Mapped]
    m: Metrics
    words: Words
    edits: list[SetCell | AppendRow] = field(default_factory=list)
    rows: int = 0
    similar: list[str] = field(default_factory=list)
    left: dict[str, list[Cell]] = field(default_factory=dict)
    kept: list[tuple[int, int, bool]] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    kept_up: Counter[tuple[str, str]] = field(default_factory=Counter)
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    not_offered: Counter[tuple[str, str]] = field(default_factory=Counter)
    several: list[int] = field(default_factory=list)
    cut_off: list[int] = field(default_factory=list)
    heights: dict[int, float] = field(default_factory=dict)

    def fill(self, row: int, entry: Entry, number: int) -> None:
        """Fill a row of the form."""
        grid = self.form.table.grid
        sheet = grid.sheet
        self.rows += 1
        if len(entry.tasks) > 1:
            self.several.append(row)
        for each in self.mapped:
            place = (row, each.head.column)
            if grid.is_covered(*place) or (place in sheet.formulas and each.field.name == "number"):
                continue
            held = grid.at(*place)
            boxes = boxes_in(held.text) if held else []
            value = self._value(each, entry, number, row, boxes)
            if value == "":
                continue
            if place in sheet.formulas:
                self.kept.append((*place, True))
            elif held is None:
                self.edits.append(SetCell(sheet.name, *place, value))
                if isinstance(value, str) and self.form.cut_off(*place, value):
                    self.cut_off.append(row)
                elif isinstance(value, str) and (height := self.form.raised_to(*place, value)):
                    self.heights[row] = max(height, self.heights.get(row, 0.0))
            elif boxes:
                self.edits.append(SetCell(sheet.name, *place, tick(held.text, str(value))))
            elif held.text != str(value) and each.field.name not in _GIVEN:
                self.kept.append((*place, False))

    def append(self, after: int, entry: Entry, number: int) -> None:
        """Add a row below the form's last one."""
        self.rows += 1
        values = {each.head.column: self._value(each, entry, number, after) for each in self.mapped}
        cells = {column: value for column, value in values.items() if value != ""}
        self.edits.append(AppendRow(self.form.table.grid.sheet.name, after, cells))

    def _value(
        self, each: Mapped, entry: Entry, number: int, row: int, boxes: Sequence[str] = ()
    ) -> str | int | float | date:
        """Return what a cell is given: a word of its list if it has one, else the ledger's words, as it shows them."""
        name, column = each.field.name, each.head.column
        if name == "number":
            return number
        head = each.head.words[-1] if each.head.words else ""
        if is_count(name):
            return count_of(name, entry)
        said = answer_only_here(name, entry)
        value = answer(name, entry, self.m) if said is None else numbered(said)
        options = boxes or self.form.choices(row, column)
        if not options and name in ("status", "closed") and form_words().yes_or_no.search(head):
            options = (form_words().yes, form_words().no)
        if options:
            return self._chosen(options, value, each, entry)
        kind = self.form.looks.kinds.get((row, column), "")
        if kind == "date" and (day := day_of(name, entry)):
            return day
        if name == "progress" and value.endswith("%") and value[:-1].isdecimal():
            if kind == "percent":
                return int(value[:-1]) / 100
            return int(value[:-1]) if re.search("[%％]", head) else value
        return value

    def _chosen(self, options: Sequence[str], value: str, each: Mapped, entry: Entry) -> str:
        """Return the word of a list that fits, and gather what is to be said of it."""
        head = each.head.words[-1] if each.head.words else each.title
        of_state = each.field.name in ("status", "closed", "update")
        said = choose(options, value, entry, self.words, of_state=of_state)
        if value and not said:
            self.not_offered[head, value if len(value) <= _LONGEST_SHOWN else f"{value[:_LONGEST_SHOWN]}…"] += 1
        statuses = {task.status for task in entry.tasks}
        open_ = said in self.words.no or self.words.statuses.get(said) is Status.UNDER_WAY
        if of_state and open_ and said != value:
            self.waiting[head, said] += statuses == {Status.DONE}
        if of_state and Status.ONGOING in statuses and self.words.statuses.get(said) is not Status.ONGOING:
            self.kept_up[head, said] += all(task.closed for task in entry.tasks)
        return said


def kept_words(kept: Sequence[tuple[int, int, bool]]) -> Iterator[str]:
    """Yield cells that were left as they are (row, column, whether a formula), those below each other together."""
    for column, formula in dict.fromkeys((column, formula) for _, column, formula in kept):
        rows = [row for row, *other in kept if tuple(other) == (column, formula)]
        yield from (f"{cells}（有公式）" if formula else cells for cells in column_ranges(rows, column))
