"""Cards (登记卡): a sheet for one problem, with a label beside each blank cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from taizhang.adopt.fields import NOT_WRITTEN, OWN, Words
from taizhang.adopt.grid import Cell, Grid
from taizhang.adopt.heads import Head
from taizhang.adopt.mapping import Basis, Mapped
from taizhang.fill.figures import read_figure
from taizhang.splice import SheetLooks

__all__ = ["Blank", "Card", "card_in", "with_fields"]

_LEAST, _LEAST_ROWS = 4, 3
"""So many labels with a cell beside them, in so many rows, make a card: a row of heads has its cells below."""

_LONGEST = 12


@dataclass(frozen=True, slots=True)
class Blank:
    """A label of a card, the column of the blank cell beside it, and what that is filled with."""

    cell: Cell
    column: int
    mapped: Mapped

    @property
    def title(self) -> str:
        """The label without its colon."""
        return _bare(self.cell)


@dataclass(frozen=True)
class Card:
    """A sheet for one problem: the cell in which the form names it (None: blank), and what is asked of it."""

    problem: Cell | None
    blanks: tuple[Blank, ...]


def card_in(grid: Grid, looks: SheetLooks, words: Words) -> Card | None:
    """Return what a sheet asks of one problem by labels; None if it is no card."""
    blanks, problem = list[Blank](), None
    for cell in grid.cells:
        column = cell.right + 1
        number = read_figure([_bare(cell)])
        own = len(_bare(cell)) <= _LONGEST and not (number and number.sure)
        field = words.field_of(_bare(cell)) if own else None
        if field is None or grid.is_covered(cell.row, cell.column) or grid.is_covered(cell.row, column):
            continue
        beside = grid.at(cell.row, column)
        if beside is not None:
            problem = beside if field.name == "problem" and words.field_of(beside.text) is None else problem
        elif (cell.row, column) in looks.kinds and (cell.row, column) not in grid.sheet.formulas:
            twice = any(each.mapped.field == field for each in blanks)
            # which number a superior means, nobody knows here
            meant = NOT_WRITTEN if field.name == "number" else OWN if twice else field
            mapped = Mapped(Head(column, (_bare(cell),)), meant, Basis.HEAD, ())
            blanks.append(Blank(cell, column, mapped))
    names = {each.mapped.field.name for each in blanks}
    asked = "problem" in names or problem is not None
    rows = {each.cell.row for each in blanks}
    return Card(problem, tuple(blanks)) if asked and len(names) >= _LEAST and len(rows) >= _LEAST_ROWS else None


def with_fields(card: Card, mapped: Sequence[Mapped]) -> Card:
    """Return a card with other fields for its blank cells, in their order."""
    return replace(card, blanks=tuple(replace(b, mapped=m) for b, m in zip(card.blanks, mapped, strict=True)))


def _bare(cell: Cell) -> str:
    return "".join(cell.text.split()).rstrip("：:")
