"""What can be changed in a workbook, and the refusal of what cannot be changed safely."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from taizhang.workbook.places import a1

__all__ = [
    "AddSheet", "AppendRow", "CellValue", "Edit", "Made", "MovedRow", "Refused", "RemoveRows", "SetCell", "Uncached",
]  # fmt: skip

CellValue = str | float | int | bool | date | datetime | time | timedelta | None


class Refused(Exception):
    """A change that cannot be made safely; nothing was written. ``rule`` is kebab-case; the text says why and what to do."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class SetCell:
    """Give one cell (1-based row and column) a value; None makes it blank. Its style stays.

    A formula is refused unless ``over_formula`` says that the formula itself is to go.
    """

    sheet: str
    row: int
    column: int
    value: CellValue
    over_formula: bool = False

    @property
    def place(self) -> str:
        """The cell as the office reads it: 〈整改任务〉F12."""
        return f"〈{self.sheet}〉{a1(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class AppendRow:
    """Add a row below the block whose last row is ``after``; several with the same ``after`` go one below the other.

    A formatted blank row that already stands there is filled and keeps its look; else the look of the row above is taken.
    """

    sheet: str
    after: int
    cells: Mapping[int, CellValue]


@dataclass(frozen=True, slots=True)
class AddSheet:
    """Add the only sheet of another workbook, made by this program, as the last one."""

    workbook: bytes


@dataclass(frozen=True, slots=True)
class RemoveRows:
    """Take rows away, with all that they hold, without moving any other: what names a cell elsewhere stays true.

    Filters, tables, names and the print area that ended in them end above; a comment stays in its place.
    """

    sheet: str
    rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A totals row that made room: it stood in row ``row`` and now stands in row ``to``; ``columns`` are those of its cells."""

    sheet: str
    row: int
    to: int
    columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Uncached:
    """A cell whose result is to be calculated anew: its formula depends on a touched cell, or was filled down.

    ``in_array`` says that the cell holds no formula of its own but what an array or a data table elsewhere gives.
    """

    sheet: str
    row: int
    column: int
    in_array: bool = False

    @property
    def place(self) -> str:
        """The cell as the office reads it: 〈整改任务〉F12."""
        return f"〈{self.sheet}〉{a1(self.row, self.column)}"


Edit = SetCell | AppendRow | RemoveRows | AddSheet

Made = SetCell | MovedRow | RemoveRows | Uncached
"""What came of the edits, cell by cell: the reading back expects these differences and no other."""
