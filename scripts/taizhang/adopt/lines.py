"""Lines: what each row below the heads is: an entry, a section's title, a total, a note, or the heads again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from taizhang.adopt.asides import is_note, is_total, numbers_columns
from taizhang.adopt.fields import Words
from taizhang.adopt.grid import Cell
from taizhang.adopt.heads import Table
from taizhang.adopt.mapping import Mapped
from taizhang.draft.item_labels import label_at
from taizhang.typed.text import clean_key

__all__ = ["Line", "LineKind", "lines_of"]


class LineKind(StrEnum):
    """What a row is; the words are the reason why its cells are not written, except for an entry and a section."""

    ENTRY = "条目"
    SECTION = "小标题"
    TOTAL = "合计行，不算一条"
    MORE = "上一条的续行"
    NOTE = "表下面的说明"
    HEADS = "又印了一遍的表头"


@dataclass(frozen=True, slots=True)
class Line:
    """One row below the heads with its own cells.

    ``field`` and ``words`` are what a row of MORE says of the entry above: the name of a field, and what is said.
    """

    row: int
    kind: LineKind
    cells: tuple[Cell, ...]
    field: str = ""
    words: str = ""

    @property
    def title(self) -> Cell:
        """The title of a section: its last cell, which a number may precede."""
        return self.cells[-1]


def _is_over(title: Cell, fields: dict[int, str]) -> bool:
    """Whether a cell reaches over the columns of two fields at least, in one row."""
    named = [fields.get(column) for column in range(title.column, title.right + 1)]
    return title.bottom == title.row and sum(name not in (None, "own") for name in named) > 1


_CONTENT = ("problem", "statement", "both")
"""The fields of which one alone makes a row an entry."""


def lines_of(table: Table, mapped: Sequence[Mapped], words: Words) -> Iterator[Line]:
    """Yield the rows below the heads that have a cell of their own, in order."""
    grid = table.grid
    fields = {each.head.column: "both" if each.names_both else each.field.name for each in mapped}
    heads = {each.head.column: clean_key(each.head.words[-1]) for each in mapped if each.head.words}
    rows = [(row, tuple(grid.own(row))) for row in range(table.bottom + 1, grid.height + 1)]
    rows = [(row, cells) for row, cells in rows if cells]
    last: LineKind | None = None
    for number, (row, cells) in enumerate(rows):
        kind = _kind_of(cells, fields, heads, words, more=any(len(each) > 1 for _, each in rows[number + 1 :]))
        field, said = _more(cells, words) if last in (LineKind.ENTRY, LineKind.MORE) else ("", "")
        last = LineKind.MORE if field else kind
        yield Line(row, last, cells, field, said)


_TOLD = ("update", "obstacle", "next_step", "evidence", "standard", "help_needed")
"""The fields of a task of which a row of their own below it may tell (整改进展：……)."""


def _more(cells: Sequence[Cell], words: Words) -> tuple[str, str]:
    """Return the field and the words of a row that only goes on with the entry above; empty for any other row."""
    head, mark, said = cells[0].text.replace(":", "：", 1).partition("：")
    found = words.field_of(head) if mark and len(cells) == 1 and words.is_head(head) else None
    return (found.name, said.strip()) if found and found.name in _TOLD and said.strip() else ("", "")


def _kind_of(
    cells: Sequence[Cell], fields: dict[int, str], heads: dict[int, str], words: Words, *, more: bool
) -> LineKind:
    """Return what a row is; ``more``: rows with several cells follow."""
    first = cells[0]
    if is_total(cells):
        return LineKind.TOTAL
    same = [heads.get(cell.column) == clean_key(cell.text) for cell in cells]
    known = sum(words.is_head(cell.text) for cell in cells)
    if len(cells) > 1 and (all(same) or known == len(cells) > 2 or numbers_columns(cells)):
        return LineKind.HEADS
    if is_note(cells):
        return LineKind.NOTE
    if len(cells) == 2 and fields.get(first.column) == "number" and more:
        title = cells[1]
        alone = fields.get(title.column) == "both" and title.bottom == title.row
        if alone or (fields.get(title.column) in _CONTENT and _is_over(title, fields)):
            return LineKind.SECTION
    if len(cells) > 1:
        return LineKind.ENTRY
    wide, label = first.right > first.column, label_at(first.text)
    if more and (wide or (label and label.style in ("一、", "（一）") and first.column == min(fields))):
        return LineKind.SECTION
    if fields.get(first.column) in _CONTENT and not wide:
        return LineKind.ENTRY
    covered = not wide and more
    return LineKind.ENTRY if covered or fields.get(first.column) not in ("own", "number", None) else LineKind.NOTE
