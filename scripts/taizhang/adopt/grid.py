"""A sheet of the office's own table: its cells with what merged ranges make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from taizhang.typed.text import as_text, clean_prose, is_blank
from taizhang.workbook.places import Area, a1, column_letters
from taizhang.workbook.reader import Sheet

__all__ = ["Cell", "Grid", "Laid", "Layout", "Where"]

Where = tuple[str, int, bool]
"""An entry of a sheet as notes name it: the sheet's name, the number of its row, or (if true) of its column."""


class Layout(StrEnum):
    """How a sheet holds its entries other than in rows below heads, in the office's words."""

    CARDS = "一条一张卡"
    COLUMNS = "一条一列"
    LINES = "一格一行字"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the table that is not blank: sheet name, row and column (1-based), raw value.

    ``bottom`` and ``right`` are the last row and column of its merged range, its own if it has none. ``origin`` is
    where it stands on the office's sheet, which differs if that was laid out anew.
    """

    sheet: str
    row: int
    column: int
    raw: Any
    bottom: int
    right: int
    origin: tuple[int, int]

    @property
    def place(self) -> tuple[str, int, int]:
        """Sheet, row and column."""
        return self.sheet, self.row, self.column

    @property
    def name(self) -> str:
        """The cell as the office reads it: D5."""
        return a1(*self.origin)

    @property
    def text(self) -> str:
        """The value as a person sees it, without white space at its ends."""
        return clean_prose(as_text(self.raw))


@dataclass(frozen=True, slots=True)
class Laid:
    """A sheet that was laid out as rows below heads: how its entries stood, and where.

    ``origins`` are the places (row, column) on the office's sheet of the cells, ``numbers`` the rows (of columns: the
    columns) by which the entries are named. ``loose`` are the cells that belong to no entry, with rows below zero.
    """

    layout: Layout
    origins: Mapping[tuple[int, int], tuple[int, int]]
    numbers: Mapping[int, int]
    loose: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet, or of its rows from ``first`` to ``last`` (None: the last).

    ``laid`` says how the sheet was laid out, None if it is the office's own.
    """

    sheet: Sheet
    first: int = 1
    last: int | None = None
    laid: Laid | None = field(default=None, compare=False)

    def _has(self, row: int) -> bool:
        return self.first <= row and (self.last is None or row <= self.last)

    @cached_property
    def width(self) -> int:
        """The number of columns with content."""
        return max((cell.right for cell in self.cells), default=0)

    @cached_property
    def height(self) -> int:
        """The number of the last row with content."""
        return max((cell.row for cell in self.cells), default=0)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """Every cell that is not blank, by rows; those hidden beneath a merged range included."""
        return tuple(
            Cell(
                self.sheet.name,
                row,
                column,
                raw,
                *self._ends.get((row, column), (row, column)),
                self.origin(row, column),
            )
            for row, raws in enumerate(self.sheet.rows, 1)
            if self._has(row)
            for column, raw in enumerate(raws, 1)
            if not is_blank(raw)
        )

    @property
    def loose(self) -> tuple[Cell, ...]:
        """The cells that belong to no entry, if the sheet was laid out."""
        return self.laid.loose if self.laid else ()

    @cached_property
    def _own(self) -> dict[tuple[int, int], Cell]:
        return {(cell.row, cell.column): cell for cell in self.cells}

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The merged ranges: top, left, bottom, right."""
        merged = ((top, left, bottom, right) for (top, left), (bottom, right) in self.sheet.merged)
        return tuple(sorted(area for area in merged if self._has(area[0])))

    @cached_property
    def _extent(self) -> tuple[int, int]:
        """How many rows and columns were read; merged ranges may reach beyond them."""
        return len(self.sheet.rows), max(map(len, self.sheet.rows), default=0)

    @cached_property
    def _anchors(self) -> dict[tuple[int, int], tuple[int, int]]:
        """The first cell of the merged range that each covered cell lies in; only of ranges over the content."""
        rows, columns = self._extent
        return {
            (row, column): (top, left)
            for top, left, bottom, right in self.areas
            for row in range(top, min(bottom, rows) + 1)
            for column in range(left, min(right, columns) + 1)
            if (row, column) != (top, left)
        }

    @cached_property
    def _ends(self) -> dict[tuple[int, int], tuple[int, int]]:
        return {(top, left): (bottom, right) for top, left, bottom, right in self.areas}

    def origin(self, row: int, column: int) -> tuple[int, int]:
        """Return where a cell stands on the office's sheet."""
        return self.laid.origins.get((row, column), (row, column)) if self.laid else (row, column)

    def where(self, row: int) -> Where:
        """Return an entry as notes name it."""
        number = self.laid.numbers.get(row, row) if self.laid else row
        return self.sheet.name, number, self.laid is not None and self.laid.layout is Layout.COLUMNS

    def named(self, row: int) -> str:
        """Return an entry as a sentence names it: its sheet and its row, or its column if entries stand in columns."""
        name, number, across = self.where(row)
        return f"〈{name}〉{column_letters(number)} 列" if across else f"〈{name}〉第 {number} 行"

    def is_covered(self, row: int, column: int) -> bool:
        """Whether a cell lies beneath a merged range, other than as its first cell."""
        rows, columns = self._extent
        if row <= rows and column <= columns:
            return (row, column) in self._anchors
        over = (area for area in self.areas if area[0] <= row <= area[2] and area[1] <= column <= area[3])
        return any((row, column) != (top, left) for top, left, _, _ in over)

    def own(self, row: int) -> list[Cell]:
        """Return the cells of a row that are not blank and that people see, in order."""
        return [
            cell
            for column in range(1, self.width + 1)
            if (cell := self._own.get((row, column))) and not self.is_covered(row, column)
        ]

    def in_column(self, row: int, column: int) -> Cell | None:
        """Return what a row has in a column: as ``at``, but a cell over several columns is in its first one only."""
        cell = self.at(row, column)
        return cell if cell and cell.column == column else None

    def at(self, row: int, column: int) -> Cell | None:
        """Return the cell that people see at a place: its own, or the first of its merged range; None if blank."""
        return self._own.get(self._anchors.get((row, column), (row, column)))
