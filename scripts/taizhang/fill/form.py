"""A superior's form as it is filled: its table, and what its cells show and offer."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.adopt.heads import Table
from taizhang.splice import Choices, SheetLooks, sheet_looks
from taizhang.typed.text import as_text, clean_prose
from taizhang.workbook.reader import Workbook

__all__ = ["Form", "read_form"]


@dataclass(frozen=True)
class Form:
    """A form with its looks; ``book`` holds the words of lists that stand on other sheets."""

    book: Workbook
    table: Table
    looks: SheetLooks

    def choices(self, row: int, column: int) -> tuple[str, ...]:
        """Return the words that may be chosen in a cell, none if anything may be typed."""
        for each in self.looks.lists:
            if any(top <= row <= bottom and left <= column <= right for top, left, bottom, right in each.cells):
                return each.words or self._listed(each)
        return ()

    def _listed(self, choices: Choices) -> tuple[str, ...]:
        """Return the words in the cells that hold a list."""
        sheet = self.book.by_name.get(choices.sheet)
        if sheet is None or choices.where is None:
            return ()
        top, left, bottom, right = choices.where
        rows = sheet.rows[top - 1 : bottom]
        words = (clean_prose(as_text(raw)) for row in rows for raw in row[left - 1 : right])
        return tuple(word for word in words if word)


def read_form(book: Workbook, table: Table) -> Form:
    """Return a table of a workbook as a form; raises Refused if its markup is unusual."""
    return Form(book, table, sheet_looks(book.data, table.grid.sheet.name))
