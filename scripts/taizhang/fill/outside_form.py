"""A superior's form as it is filled: its table, and what its cells show and offer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from taizhang.adopt.heads import Table
from taizhang.office.xlsx import PAPER_TEXT, wrapped_height
from taizhang.splice import Choices, SheetLooks, formula_texts, range_places, sheet_looks
from taizhang.typed.text import as_text, clean_prose
from taizhang.workbook.places import area
from taizhang.workbook.reader import Workbook

__all__ = ["OutsideForm", "read_outside_form"]

_LOOSE = 1.1
"""A text is said to be cut off only if it is higher than its row by a tenth: the estimate is not exact."""


@dataclass(frozen=True)
class OutsideForm:
    """A form with its looks; ``book`` holds the words of lists that stand on other sheets.

    ``totals`` are the rows with a formula over several rows above, whatever they are called.
    """

    book: Workbook
    table: Table
    looks: SheetLooks
    totals: frozenset[int] = frozenset()

    def choices(self, row: int, column: int) -> tuple[str, ...]:
        """Return the words that may be chosen in a cell, none if anything may be typed."""
        for each in self.looks.lists:
            if any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in each.cells):
                return each.words or self._listed(each)
        return ()

    def cut_off(self, row: int, column: int, text: str) -> bool:
        """Whether a text is higher than its row, whose height the form fixes."""
        height = self.looks.heights.get(row)
        return height is not None and self._height_of(row, column, text) > height * _LOOSE

    def raised_to(self, row: int, column: int, text: str) -> float:
        """Return the height that a row needs for a text, 0 if it has it, or if the form fixes its height."""
        automatic = self.looks.automatic
        if row in self.looks.heights:
            return 0.0
        needed = self._height_of(row, column, text)
        return needed if needed > automatic.get(row, automatic.get(0, needed)) * _LOOSE else 0.0

    def _height_of(self, row: int, column: int, text: str) -> float:
        """Return the height of a text that wraps in its cell, in points; 0 for any other, or one merged over rows."""
        looks = self.looks
        size = looks.wrapping.get((row, column))
        end = next((area for area in self.table.grid.areas if area[:2] == (row, column)), (row, column, row, column))
        if not size or end[2] != row:
            return 0.0
        widths = (looks.widths.get(each, looks.widths.get(0, 0.0)) for each in range(column, end[3] + 1))
        pixels = sum(int(width * 7 + 5) for width in widths)
        return wrapped_height(text, pixels, size, PAPER_TEXT) - PAPER_TEXT.padding

    def _listed(self, choices: Choices) -> tuple[str, ...]:
        """Return the words in the cells that hold a list."""
        sheet = self.book.by_name.get(choices.sheet)
        if sheet is None or choices.where is None:
            return ()
        top, left, bottom, right = choices.where
        rows = sheet.rows[top - 1 : bottom]
        words = (clean_prose(as_text(raw)) for row in rows for raw in row[left - 1 : right])
        return tuple(word for word in words if word)


def read_outside_form(book: Workbook, table: Table) -> OutsideForm:
    """Return a table of a workbook as a form; raises Refused if its markup is unusual."""
    name = table.grid.sheet.name
    texts = formula_texts(book.data, name) if table.grid.sheet.formulas else {}
    sums = {place for place, text in texts.items() if _sums_up(text, name, *place)}
    totals = frozenset(row for row, column in sums if not _counts_on(row, column, sums))
    return OutsideForm(book, table, sheet_looks(book.data, name), totals)


_AWAY = re.compile(r"@(-?\d+),-?\d+$")
_MOST_TOTALS = 2
"""So many rows of totals stand below each other; more are a number or a sum that runs on down the table."""


def _sums_up(text: str, sheet: str, row: int, column: int) -> bool:
    """Whether a formula names several rows above it in its own column."""
    away = _AWAY.search(text)
    down = int(away[1]) if away else 0
    bare = _AWAY.sub("", text)
    for where, start, end in range_places(bare) or ():
        own = where.strip("'") in ("", sheet)
        top, left, bottom, right = area(bare[start:end].replace("$", "").encode())
        if own and top < bottom and bottom + down < row and left <= column <= right:
            return True
    return False


def _counts_on(row: int, column: int, sums: set[tuple[int, int]]) -> bool:
    first = last = row
    while (first - 1, column) in sums:
        first -= 1
    while (last + 1, column) in sums:
        last += 1
    return last - first >= _MOST_TOTALS
