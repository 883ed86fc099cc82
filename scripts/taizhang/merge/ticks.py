"""The tick above a returned sheet that its register has no change this period, weighed against the sheet's rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import NO_CHANGE
from taizhang.ledger.registers import Register, head_key
from taizhang.ledger.settings import Settings
from taizhang.typed.text import is_blank, is_clear_mark
from taizhang.workbook.places import Place
from taizhang.workbook.reader import Sheet, Workbook

__all__ = ["SAY_TICK", "Tick", "asks_by_ticks", "find_tick"]

SAY_TICK = f"没有变化的，在表头上面的“{NO_CHANGE.title}”选“是”；有变化的，填在表里，存好再报。"


@dataclass(frozen=True, slots=True)
class Tick:
    """The tick of one returned sheet: workbook, sheet, row and column of its cell, and as typed."""

    workbook: str
    sheet: str
    row: int
    column: int
    raw: Any

    @property
    def place(self) -> Place:
        """The place of the cell."""
        return Place(self.workbook, self.sheet, self.row, self.column)

    def weigh(self, settings: Settings, *, changed: bool) -> tuple[bool, Iterator[Finding]]:
        """Return whether the register says something, and what is to be said of the tick; rows win over the tick.

        ``changed``: a row was added or changed. A tick that cannot be read says nothing and holds no row.
        """
        if is_blank(self.raw) or is_clear_mark(self.raw):
            return changed, iter(())
        reading = read_value(NO_CHANGE, self.raw, settings, by_department=True)
        return changed or reading.value is not None, self._report(reading.problem, changed=changed)

    def _report(self, problem: str | None, *, changed: bool) -> Iterator[Finding]:
        if problem:
            what = f"“{NO_CHANGE.title}”读不懂，按没有选；{problem}"
            yield Finding(self.place, Check.CHOICE, what, Severity.WARNING)
        elif changed:
            what = f"选了“{NO_CHANGE.title}”，表里却有新增或改动的行，按有变化记；"
            yield Finding(
                self.place, Check.UNCHANGED_WITH_WORDS, what, Severity.WARNING, cure="填了的表，以后不用再选。"
            )


def find_tick(returned: Register) -> Tick | None:
    """Return the tick above the head of a returned sheet; None if the sheet was issued without one."""
    cell = _find_cell(returned.sheet, returned.head_row)
    if cell is None:
        return None
    return Tick(returned.workbook, returned.sheet.name, *cell, returned.sheet.value(*cell))


def asks_by_ticks(book: Workbook) -> bool:
    """Whether any sheet of an issued workbook asks by a tick whether its register has a change."""
    return any(_find_cell(sheet, _HIGHEST_HEADS) for sheet in book.sheets)


_HIGHEST_HEADS = 10
"""People may insert rows above the head; a tick is looked for so far down."""


def _find_cell(sheet: Sheet, below: int) -> tuple[int, int] | None:
    """Return the cell (row, column) right of the tick's title above the row ``below``."""
    wanted = head_key(NO_CHANGE.title)
    for row, cells in enumerate(sheet.rows[: below - 1], 1):
        for number, raw in enumerate(cells, 1):
            if isinstance(raw, str) and head_key(raw) == wanted:
                return row, number + 1
    return None
