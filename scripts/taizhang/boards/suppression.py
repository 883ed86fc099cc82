"""Counts of people that are too small to show, hidden so that no sum or difference tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taizhang.supervision.small_numbers import LEAST

__all__ = ["hidden_cells"]

MUCH = 1_000_000
"""What it costs to hide a 0: who knows that there are few can tell it from a sum."""


def hidden_cells(table: Sequence[Sequence[int]]) -> frozenset[tuple[int, int]]:
    """Return the (row, column) of the cells to hide in a table whose last row and column are its sums.

    Counts from 1 to 4 are hidden, sums as well; the sum of all is printed with the indicators, so it is never hidden.
    More are hidden with them until none can be computed from the others: as the edges of a graph between rows and
    columns, a hidden cell follows from the shown ones just if it is a bridge. If no more can be, all cells are hidden.
    """
    rows, columns = len(table), len(table[0]) if table else 0
    shown = {(rows - 1, columns - 1)}
    shown |= {(0, columns - 1)} if rows == 2 else set()  # the only line, and the only column, are the sum of all too
    shown |= {(rows - 1, 0)} if columns == 2 else set()
    every = {(row, column) for row in range(rows) for column in range(columns)} - shown
    hidden = {(row, column) for row, column in every if 0 < table[row][column] < LEAST}
    while bridge := min((cell for cell in hidden if _is_bridge(cell, hidden)), default=None):
        more = _rectangle(table, bridge, hidden, every)
        if not more:
            return frozenset(every)
        hidden |= more
    return frozenset(hidden)


def _rectangle(
    table: Sequence[Sequence[int]], cell: tuple[int, int], hidden: set[tuple[int, int]], every: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the four corners of the rectangle at a cell that hides least besides; none if there is no such one.

    Blanks are a last resort. All corners are among ``every``, the cells that may be hidden.
    """
    row, column = cell
    corners = [
        {cell, (row, across), (down, column), (down, across)}
        for down in range(len(table))
        for across in range(len(table[0]))
        if down != row and across != column
    ]
    allowed = [four for four in corners if four <= every]
    return min(allowed, key=lambda four: sum(table[r][c] or MUCH for r, c in four - hidden), default=set())


def _is_bridge(cell: tuple[int, int], hidden: set[tuple[int, int]]) -> bool:
    """Whether a hidden cell's row and column are connected by no other hidden cells."""
    rest = hidden - {cell}
    reached, found = {("row", cell[0])}, [("row", cell[0])]
    while found:
        for other in _beside(found.pop(), rest):
            if other not in reached:
                reached.add(other)
                found.append(other)
    return ("column", cell[1]) not in reached


def _beside(node: tuple[str, int], cells: set[tuple[int, int]]) -> Iterator[tuple[str, int]]:
    kind, number = node
    for row, column in cells:
        if (row if kind == "row" else column) == number:
            yield ("column", column) if kind == "row" else ("row", row)
