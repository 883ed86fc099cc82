"""Slots: the rows below a form's heads that are to be filled, in blocks that its merged cells make."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.lines import LineKind, lines_of
from taizhang.adopt.mapping import Mapped

__all__ = ["Block", "Slots", "find_slots"]

GIVEN = ("problem", "statement")
"""The fields that tell what a row is about, if the form has them filled in already."""

_OF_A_PROBLEM = ("problem", "detail", "aspect", "problem_source", "cause")


@dataclass(frozen=True, slots=True)
class Block:
    """Rows for one problem: several if the form merges its cells over them, else one.

    ``problem`` and ``statement`` are the cells that are filled in already, None if the form asks for them; a block of
    several rows has a statement for each (``statements``, by row).
    """

    rows: tuple[int, ...]
    problem: Cell | None
    statements: tuple[tuple[int, Cell], ...]

    @property
    def given(self) -> bool:
        """Whether the form says what the block is about."""
        return self.problem is not None or bool(self.statements)


@dataclass(frozen=True)
class Slots:
    """The blocks of a form from top to bottom; ``end`` is the row of its totals or notes, None if nothing is below."""

    blocks: tuple[Block, ...]
    last: int
    end: int | None

    @property
    def given(self) -> bool:
        """Whether the form names the problems or measures itself, at least in one row."""
        return any(block.given for block in self.blocks)


def find_slots(table: Table, mapped: Sequence[Mapped], words: Words) -> Slots:
    """Return the slots below the heads. Section titles and repeated heads are none; totals and notes end them."""
    grid = table.grid
    columns = {each.field.name: each.head.column for each in reversed(mapped)}
    kinds = {line.row: line.kind for line in lines_of(table, mapped, words)}
    number = columns.get("number")
    bottom = max([grid.height, *(area[2] for area in grid.areas if area[0] > table.bottom)])
    rows: list[int] = []
    end = None
    for row in range(table.bottom + 1, bottom + 1):
        own = [cell for cell in grid.own(row) if cell.column != number or not _is_number(cell)]
        kind = kinds.get(row) if own else None
        if kind in (LineKind.TOTAL, LineKind.NOTE):
            end = row
            break
        if kind not in (LineKind.SECTION, LineKind.HEADS):
            rows.append(row)
    return Slots(tuple(_blocks(table, columns, rows)), max([table.bottom, *rows]), end)


def _blocks(table: Table, columns: dict[str, int], rows: Sequence[int]) -> Iterator[Block]:
    taken: set[int] = set()
    for row in rows:
        if row in taken:
            continue
        reach = max(_reach(table, columns.get(name), row) for name in _OF_A_PROBLEM)
        own = tuple(each for each in rows if row <= each <= reach)
        taken.update(own)
        problem = _own(table, row, columns.get("problem"))
        found = ((each, _own(table, each, columns.get("statement"))) for each in own)
        yield Block(own, problem, tuple((each, cell) for each, cell in found if cell))


def _reach(table: Table, column: int | None, row: int) -> int:
    """Return the last row of the merged range that begins in a cell; the row itself without one."""
    if column is None:
        return row
    return next((area[2] for area in table.grid.areas if area[:2] == (row, column)), row)


def _is_number(cell: Cell) -> bool:
    """Whether a cell holds a running number alone."""
    return cell.text.strip("（）().、 ").isdecimal()


def _own(table: Table, row: int, column: int | None) -> Cell | None:
    cell = table.grid.at(row, column) if column else None
    return cell if cell and (cell.row, cell.column) == (row, column) else None
