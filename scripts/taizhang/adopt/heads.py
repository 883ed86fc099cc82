"""Heads: the sheets with a table, the rows of its heads (one to three), and the head of each column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from taizhang.adopt.asides import is_note
from taizhang.adopt.fields import NOT_WRITTEN, OWN, Field, Words
from taizhang.adopt.grid import Cell, Grid
from taizhang.typed.text import as_text, head_key
from taizhang.workbook.reader import HEAD_SEARCH_ROWS

__all__ = ["Head", "Table", "find_table", "table_at", "tables_in"]

_LONGEST_HEAD = 30
_MOST_ROWS = 3
_ENOUGH = {"problem", "statement"}
"""Two fields that make a table, whatever else it has."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of one column: its words from top to bottom, a head over several columns first."""

    column: int
    words: tuple[str, ...]

    @property
    def text(self) -> str:
        """The head in one line; a column without one is named by its letter elsewhere."""
        return "·".join(self.words)


@dataclass(frozen=True)
class Table:
    """A table found on a sheet: the first and last row of its heads, and the heads of the columns with content."""

    grid: Grid
    top: int
    bottom: int
    heads: tuple[Head, ...]

    @property
    def before(self) -> tuple[Cell, ...]:
        """The cells above the heads, and those of no entry: titles and what else is written there."""
        return (*self.grid.loose, *(cell for cell in self.grid.cells if cell.row < self.top))


def find_table(grid: Grid, words: Words, ruled: Mapping[str, str] = MappingProxyType({})) -> Table | None:
    """Return the table of a sheet; None if no row has heads of three fields, or of problem and measure.

    Two fields are enough for a row of at most three heads. Of several such rows, the one with the most fields is meant;
    of equal ones, the first. ``ruled`` maps heads (as keys) to the titles of the fields that the office has ruled.
    """
    best = _richest_row(grid, words, ruled, words.field_of) or _richest_row(grid, words, ruled, words.loosely)
    return table_at(grid, best) if best else None


def table_at(grid: Grid, row: int) -> Table:
    """Return the table whose heads a row belongs to."""
    top, bottom = _rows_of_heads(grid, row)
    heads = tuple(Head(column, _words_of(grid, top, bottom, column)) for column in _columns(grid, top))
    return Table(grid, top, bottom, heads)


def _richest_row(grid: Grid, words: Words, ruled: Mapping[str, str], field_of: Callable[[str], Field | None]) -> int:
    """Return the row with the heads of most fields; 0 if none has enough."""
    best, most = 0, 0
    for row in range(grid.first, min(grid.height, grid.first + HEAD_SEARCH_ROWS - 1) + 1):
        cells = [cell for cell in grid.own(row) if len(head_key(cell.raw)) <= _LONGEST_HEAD]
        found = (words.by_title.get(ruled.get(head_key(c.raw), "")) or field_of(as_text(c.raw)) for c in cells)
        fields = {field.name for field in found if field and field not in (OWN, NOT_WRITTEN)}
        enough = len(fields) > 2 or (len(fields) == 2 and (len(cells) < 4 or fields == _ENOUGH))
        if enough and len(fields) > most:
            best, most = row, len(fields)
    return best


def tables_in(grid: Grid, words: Words, ruled: Mapping[str, str] = MappingProxyType({})) -> list[Table]:
    """Return the tables of a sheet from top to bottom: rows of other heads, word for word, begin another table.

    The same heads again are no new table. Arguments as for ``find_table``.
    """
    table = find_table(grid, words, ruled)
    if table is None:
        return []
    begin = _above_titles(grid, table.top)
    above = replace(grid, last=begin - 1)
    heads = [row for row in range(grid.first, begin) if len(_layout(grid, row, words)) >= _ENOUGH_AGAIN]
    entries = any(len(grid.own(row)) > 1 for row in range(heads[0] + 1, begin)) if heads else False
    first = begin if entries else grid.first
    layout = _layout(grid, table.bottom, words) | _layout(grid, table.top, words)
    below = (
        row
        for row in range(table.bottom + 2, grid.height + 1)
        if len(found := _layout(grid, row, words)) >= _ENOUGH_AGAIN and not found.items() <= layout.items()
    )
    if (other := next(below, 0)) == 0:
        own, rest = replace(grid, first=first), []
    else:
        cut = _above_titles(grid, other)
        own, rest = (
            replace(grid, first=first, last=cut - 1),
            tables_in(replace(grid, first=cut), words, ruled),
        )
    return [*(tables_in(above, words, ruled) if entries else ()), replace(table, grid=own), *rest]


_ENOUGH_AGAIN = 3
"""So many cells that are heads word for word begin another table below the first."""


def _layout(grid: Grid, row: int, words: Words) -> dict[int, str]:
    """Return the fields of the cells of a row that are heads word for word, by column."""
    return {
        cell.column: field.name
        for cell in grid.own(row)
        if words.is_head(cell.text) and (field := words.field_of(cell.text))
    }


def _above_titles(grid: Grid, row: int) -> int:
    """Return the first of the rows with a single cell each, or none, that stand right above a row: its titles."""
    while row > grid.first and len(grid.own(row - 1)) < 2 and not any(map(_is_noted, grid.own(row - 1))):
        row -= 1
    return row


def _is_noted(cell: Cell) -> bool:
    return is_note([cell])


def _columns(grid: Grid, top: int) -> Sequence[int]:
    """Return the columns with anything from the row of heads on."""
    used = {cell.column for cell in grid.cells if cell.row >= top}
    spanned = {column for cell in grid.cells if cell.row >= top for column in range(cell.column, cell.right + 1)}
    below = {cell.column for cell in grid.cells if cell.row > top}
    return sorted(used | (spanned & below))


def _rows_of_heads(grid: Grid, row: int) -> tuple[int, int]:
    """Return the first and the last row of the heads, which merged heads show.

    A head over several columns has its parts in the row below; heads over several rows reach as far as they do.
    """
    top = bottom = row
    while top > grid.first and _is_above(grid, top) and bottom - top < _MOST_ROWS - 1:
        top -= 1
    changed = True
    while changed:
        reach = [cell.bottom for each in range(top, bottom + 1) for cell in grid.own(each)]
        last = max([bottom, *(end for end in reach if end < top + _MOST_ROWS)])
        if last < top + _MOST_ROWS - 1 and last == bottom and _has_parts_below(grid, bottom):
            last += 1
        changed, bottom = last > bottom, last
    return top, bottom


def _is_above(grid: Grid, row: int) -> bool:
    """Whether the row above a row of heads belongs to them: a head of it reaches down, or it has several with parts."""
    cells = grid.own(row - 1)
    reaches = any(cell.bottom >= row for cell in cells)
    return _has_parts_below(grid, row - 1) and (reaches or sum(cell.right > cell.column for cell in cells) > 1)


def _has_parts_below(grid: Grid, row: int) -> bool:
    """Whether a row has a head over several columns, one row high, with short texts below at least two of them.

    A title over the whole table is none.
    """
    for cell in grid.own(row):
        wide = cell.right > cell.column and cell.bottom == cell.row and cell.right - cell.column + 1 < grid.width
        below = [part for part in grid.own(row + 1) if cell.column <= part.column <= cell.right]
        if wide and len(below) > 1 and all(len(head_key(part.raw)) <= _LONGEST_HEAD // 2 for part in below):
            return True
    return False


def _words_of(grid: Grid, top: int, bottom: int, column: int) -> tuple[str, ...]:
    cells = dict.fromkeys(cell for row in range(top, bottom + 1) if (cell := grid.at(row, column)))
    return tuple(word for cell in cells if (word := " ".join(cell.text.split())))
