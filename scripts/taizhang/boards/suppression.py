"""Counts of people that are too small to show, hidden so that no sum or difference tells them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set

from taizhang.supervision.small_numbers import LEAST

__all__ = ["hidden_cells"]

MUCH = 1_000_000
"""What it costs to hide a 0: who knows that there are few can tell it from a sum."""


def hidden_cells(table: Sequence[Sequence[int]]) -> frozenset[tuple[int, int]]:
    """Return the (row, column) of the cells to hide in a table whose last row and column are its sums.

    Counts from 1 to 4 are hidden, sums as well; the sum of all is printed with the indicators, so it is never hidden.
    More are hidden with them until none can be computed from the others: as the edges of a graph between rows and
    columns, a hidden cell follows from the shown ones just if it is a bridge. Nor may one follow from that each hidden
    cell is at least 1: two that add up to 2 are 1 and 1. If no more can be hidden, all cells are.
    """
    rows, columns = len(table), len(table[0]) if table else 0
    shown = {(rows - 1, columns - 1)}
    shown |= {(0, columns - 1)} if rows == 2 else set()  # the only line, and the only column, are the sum of all too
    shown |= {(rows - 1, 0)} if columns == 2 else set()
    every = {(row, column) for row in range(rows) for column in range(columns)} - shown
    hidden = {(row, column) for row, column in every if 0 < table[row][column] < LEAST}
    while told := min((cell for cell in hidden if _is_bridge(cell, hidden)), default=_bounded(table, hidden)):
        more = _rectangle(table, told, hidden, every)
        if not more:
            return frozenset(every)
        hidden |= more
    return frozenset(hidden)


def _bounded(table: Sequence[Sequence[int]], hidden: Set[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the first small hidden cell that has one possible value if hidden cells are at least 1; None if none."""
    rows, columns = range(len(table)), range(len(table[0]) if table else 0)
    low = {(r, c): min(1, table[r][c]) if (r, c) in hidden else table[r][c] for r in rows for c in columns}
    high = {cell: table[-1][-1] if cell in hidden else number for cell, number in low.items()}
    lines = [[(r, c) for c in columns] for r in rows] + [[(r, c) for r in rows] for c in columns]
    before: dict[tuple[int, int], tuple[int, int]] = {}
    while before != (now := {cell: (low[cell], high[cell]) for cell in hidden}):
        before = now
        for *parts, whole in lines:
            least, most = sum(low[part] for part in parts), sum(high[part] for part in parts)
            low[whole], high[whole] = max(low[whole], least), min(high[whole], most)
            for part in parts:
                bounds = low[whole] - most + high[part], high[whole] - least + low[part]
                low[part], high[part] = max(low[part], bounds[0]), min(high[part], bounds[1])
    small = (cell for cell in hidden if 0 < table[cell[0]][cell[1]] < LEAST)
    return min((cell for cell in small if low[cell] == high[cell]), default=None)


def _rectangle(
    table: Sequence[Sequence[int]], cell: tuple[int, int], hidden: set[tuple[int, int]], every: set[tuple[int, int]]
) -> set[tuple[int, int]]:
    """Return the four corners of the rectangle at a cell that hides least more; none if no one hides any.

    Blanks are a last resort. All corners are among ``every``, the cells that may be hidden.
    """
    row, column = cell
    corners = [
        {cell, (row, across), (down, column), (down, across)}
        for down in range(len(table))
        for across in range(len(table[0]))
        if down != row and across != column
    ]
    allowed = [four for four in corners if four <= every and not four <= hidden]
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
