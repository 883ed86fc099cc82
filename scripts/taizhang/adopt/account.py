"""The account of a table's cells: each is in the ledger, or is named with the reason why it is not."""

from __future__ import annotations

from collections.abc import Iterable

from taizhang.adopt.grid import Cell
from taizhang.workbook.places import column_ranges

__all__ = ["Account", "ranges_of"]

UNPLACED = "没有归类"


class Account:
    """What became of each cell that is not blank. A cell may be both in the ledger and named."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        self._left = {cell.place: cell for cell in cells}
        self._said: dict[str, dict[tuple[str, int, int], Cell]] = {}

    def write(self, *cells: Cell | None) -> None:
        """Note that cells are in the ledger."""
        for cell in cells:
            if cell:
                self._left.pop(cell.place, None)

    def name(self, cell: Cell, reason: str) -> None:
        """Note that a cell is named in the messages, with the reason."""
        self.write(cell)
        self._said.setdefault(reason, {})[cell.place] = cell

    def reasons(self) -> list[tuple[str, tuple[Cell, ...]]]:
        """Return the reasons with their cells; cells of which nothing was noted come last."""
        for cell in list(self._left.values()):
            self.name(cell, UNPLACED)
        told = {reason: tuple(cells[place] for place in sorted(cells)) for reason, cells in self._said.items()}
        return sorted(told.items(), key=lambda each: each[0] == UNPLACED)


def ranges_of(cells: Iterable[Cell]) -> str:
    """Return cells as a sentence names them, all of them: the sheet, then D4:D9、F2."""
    by_column: dict[tuple[str, int], list[int]] = {}
    for cell in cells:
        row, column = cell.origin
        by_column.setdefault((cell.sheet, column), []).append(row)
    words, last = [], ""
    for (sheet, column), rows in sorted(by_column.items()):
        for place in column_ranges(rows, column):
            words.append((f"〈{sheet}〉" if sheet != last else "") + place)
            last = sheet
    return "、".join(words)
