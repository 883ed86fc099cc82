"""The edits that can be made in a workbook, and Refused, the exception for an edit that is not safe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from taizhang.workbook.places import a1

__all__ = [
    "AddColumn", "AddSheet", "AppendRow", "CellValue", "Edit", "Made", "MovedRow", "Prompt", "Refused", "RemoveRows",
    "SetCell", "Uncached",
]  # fmt: skip

CellValue = str | float | int | bool | date | datetime | time | timedelta | None


class Refused(Exception):
    """A change is not safe; nothing was written. ``rule`` is kebab-case; ``message`` gives the reason and the cure."""

    def __init__(self, rule: str, message: str) -> None:
        self.rule, self.message = rule, message
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class SetCell:
    """Give one cell (1-based row and column) a value; None makes it blank. Its style stays.

    A cell with a formula is refused unless ``over_formula`` asks to replace the formula. A cell without a style takes
    that of the cell ``like`` (row, column).
    """

    sheet: str
    row: int
    column: int
    value: CellValue
    over_formula: bool = False
    like: tuple[int, int] | None = None

    @property
    def place(self) -> str:
        """The cell as the office reads it: 〈整改任务〉F12."""
        return f"〈{self.sheet}〉{a1(self.row, self.column)}"


@dataclass(frozen=True, slots=True)
class AppendRow:
    """Add a row below the block whose last row is ``after``; rows with the same ``after`` go one below the other.

    If a formatted blank row is already there, it is filled and keeps its look; otherwise the look of the row above is
    copied.
    """

    sheet: str
    after: int
    cells: Mapping[int, CellValue]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a cell shows when it is chosen: a title and a message, and a dropdown of ``choices``, which only warns.

    ``choices`` is a formula: words in quotes, or the name of a list.
    """

    title: str = ""
    message: str = ""
    choices: str = ""


@dataclass(frozen=True, slots=True)
class AddColumn:
    """Give a column, blank from the row of heads down (``free_columns``), a head, and the looks of other columns.

    The register's own columns reach from ``first`` to ``last``; filters, print areas and rules for its whole rows are
    widened to the new one. The head looks like that of ``head_like``, the rows and the column like those of
    ``cells_like``; ``width`` is in characters. ``prompted`` is the last row whose cells get the ``prompt``.
    """

    sheet: str
    head_row: int
    column: int
    head: str
    first: int
    last: int
    head_like: int
    cells_like: int
    width: float
    prompt: Prompt | None = None
    prompted: int = 0


@dataclass(frozen=True, slots=True)
class AddSheet:
    """Add the only sheet of another workbook, made by this program, as the last one."""

    workbook: bytes


@dataclass(frozen=True, slots=True)
class RemoveRows:
    """Remove rows with their content without moving any other row, so that references to other cells stay correct.

    Filters, tables, names and the print area that ended in these rows end above them; a comment stays in its place.
    """

    sheet: str
    rows: frozenset[int]


@dataclass(frozen=True, slots=True)
class MovedRow:
    """A totals row that moved from ``row`` to ``to`` to make room; ``columns`` are the columns of its cells."""

    sheet: str
    row: int
    to: int
    columns: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Uncached:
    """A cell whose result must be recalculated: its formula depends on a touched cell, or was filled down.

    If ``in_array`` is true, the cell has no formula itself: an array or a data table in another cell fills it.
    """

    sheet: str
    row: int
    column: int
    in_array: bool = False

    @property
    def place(self) -> str:
        """The cell as the office reads it: 〈整改任务〉F12."""
        return f"〈{self.sheet}〉{a1(self.row, self.column)}"


Edit = SetCell | AppendRow | RemoveRows | AddColumn | AddSheet

Made = SetCell | MovedRow | RemoveRows | AddColumn | Uncached
"""The cells actually written or moved; reading back allows exactly these differences."""
