"""Slots: the rows below a form's heads that are to be filled, in blocks that its merged cells make."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.lines import LineKind, lines_of
from taizhang.adopt.mapping import Mapped
from taizhang.fill.outside_form import OutsideForm

__all__ = ["Block", "Slots", "find_slots"]

GIVEN = ("problem", "statement")
"""The fields that tell what a row is about, if the form has them filled in already."""

_LONGEST_BLOCK = 5_000
"""Rows of the longest merged range that is taken for rows to fill; one over a whole column ends with the content."""
_EXAMPLE = re.compile(r"^[（(【\[]?(?:填写)?(?:示例|样例|范例|举例|例)(?:[）)】\]：:\d]|$)")
"""The beginning of a row that the form fills in to show how."""

_CODE = re.compile(r"[A-Z]{2}-\d{2,}")
"""A code of the ledger, as a form has it that was made from one."""

_OF_A_PROBLEM = ("problem", "detail", "problem_source", "cause")
"""The fields whose cells a form merges over the measures of a problem; an aspect's over those of a problem, too, if the
form leaves it blank."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows for one problem: several if the form merges its cells over them, else one.

    ``problem`` and ``statement`` are the cells that are filled in already, None if the form asks for them; a block of
    several rows has a statement for each (``statements``, by row). ``code`` is the cell with a code of the ledger.
    """

    rows: tuple[int, ...]
    problem: Cell | None
    statements: tuple[tuple[int, Cell], ...]
    code: Cell | None = None

    @property
    def given(self) -> bool:
        """Whether the form says what the block is about."""
        return self.problem is not None or bool(self.statements) or self.code is not None


@dataclass(frozen=True)
class Slots:
    """The blocks of a form from top to bottom; ``end`` is the row of its totals or notes, None if nothing is below.

    ``last`` is the last row to fill, ``examples`` are the rows that the form has filled in to show how, ``sections``
    the titles above blank rows, or the aspects beside them.
    """

    blocks: tuple[Block, ...]
    last: int
    end: int | None
    examples: tuple[int, ...] = ()
    sections: tuple[Cell, ...] = ()

    @property
    def beside(self) -> bool:
        """Whether the sections are aspects beside the rows."""
        rows = {row for block in self.blocks for row in block.rows}
        return any(cell.row in rows for cell in self.sections)

    @property
    def given(self) -> bool:
        """Whether the form names the problems or measures itself, at least in one row."""
        return any(block.given for block in self.blocks)


def find_slots(form: OutsideForm, mapped: Sequence[Mapped], words: Words) -> Slots:
    """Return the slots below the heads. Section titles, repeated heads and examples are none, nor are hidden rows.

    Totals (by their words or their formulas) and notes end them, and a text over several of the form's columns, unless
    framed blank rows follow: then it is the title of a section, or the totals stand on top. Blank rows without a frame
    below framed ones are the space before a signature.
    """
    table, looks = form.table, form.looks
    grid = table.grid
    columns = {each.field.name: each.head.column for each in reversed(mapped)}
    kinds = {line.row: line.kind for line in lines_of(table, mapped, words)}
    number = columns.get("number")
    merged = (area[2] for area in grid.areas if area[0] > table.bottom and area[2] - area[0] < _LONGEST_BLOCK)
    bottom = max([grid.height, *looks.drawn, *merged])
    reach = min((area[2] for area in looks.tables if area[0] <= table.bottom < area[2]), default=bottom)
    rows: list[int] = []
    examples: list[int] = []
    sections: list[Cell] = []
    framed, end = False, None
    blank = {row for row in looks.drawn if not [cell for cell in grid.own(row) if cell.column != number]}
    last_blank = max((row for row in blank if row <= reach), default=0)
    for row in range(table.bottom + 1, bottom + 1):
        own = [cell for cell in grid.own(row) if cell.column != number or not _is_number(cell)]
        kind = LineKind.TOTAL if row in form.totals else kinds.get(row) if own else None
        if row > reach:
            end = row if own else None
            if own:
                break
            continue
        coded = bool(own and own[0].column == number and _CODE.fullmatch(own[0].text))
        wide = _is_wide(own, table, row)
        if kind is LineKind.TOTAL and not rows and row + 1 in blank:
            continue
        if (kind is LineKind.NOTE or wide) and not coded and len(own) == 1 and row + 1 in blank and last_blank > row:
            sections.append(own[0])
            continue
        if not coded and (kind in (LineKind.TOTAL, LineKind.NOTE) or (kind is LineKind.ENTRY and wide)):
            end = row
            break
        drawn = row in looks.drawn
        if any(_EXAMPLE.search(cell.text) for cell in own[:1]):
            examples.append(row)
        elif (kind in (LineKind.SECTION, LineKind.HEADS) and not coded) or row in grid.sheet.hidden_rows:
            continue
        elif own or drawn or not framed:
            rows.append(row)
        framed = framed or drawn
    aspects = _aspects(table, columns.get("aspect"), rows)
    blocks = tuple(_blocks(table, columns, rows, aspects=bool(aspects)))
    sections += aspects if not any(block.given for block in blocks) else ()
    return Slots(blocks, max([table.bottom, *rows]), end, tuple(examples), tuple(sections))


def _is_wide(own: Sequence[Cell], table: Table, row: int) -> bool:
    """Whether a row has a text that is merged over several of the form's columns."""
    columns = [head.column for head in table.heads]
    return any(
        sum(cell.column <= column <= cell.right for column in columns) > 1 and cell.bottom == row for cell in own
    )


def _aspects(table: Table, column: int | None, rows: Sequence[int]) -> list[Cell]:
    """Return the cells in which the form names the aspects itself, each beside its own rows; none if rows have none.

    Of cells below each other with the same aspect, the first stands for all.
    """
    found = [cell for row in rows if (cell := _own(table, row, column))]
    reach = {row for cell in found for row in range(cell.row, min(cell.bottom, rows[-1]) + 1)}
    firsts = [cell for before, cell in pairwise([None, *found]) if cell and (not before or before.text != cell.text)]
    return firsts if found and reach.issuperset(rows) else []


def _blocks(table: Table, columns: dict[str, int], rows: Sequence[int], *, aspects: bool) -> Iterator[Block]:
    """Yield the blocks; ``aspects``: the form names them itself, so that their cells reach over several problems."""
    names = _OF_A_PROBLEM if aspects else (*_OF_A_PROBLEM, "aspect")
    taken: set[int] = set()
    for row in rows:
        if row in taken:
            continue
        reach = max(_reach(table, columns.get(name), row) for name in names)
        own = tuple(rows[bisect_left(rows, row) : bisect_right(rows, reach)])
        taken.update(own)
        problem = _own(table, row, columns.get("problem"))
        found = ((each, _own(table, each, columns.get("statement"))) for each in own)
        number = _own(table, row, columns.get("number"))
        code = number if number and _CODE.fullmatch(number.text) else None
        yield Block(own, problem, tuple((each, cell) for each, cell in found if cell), code)


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
