"""Places and addresses: the location of a value, as Excel's user sees it and as formulas name it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from taizhang.system.file_names import safe_name
from taizhang.typed.numerals import runs_of

__all__ = [
    "LAST_COLUMN", "LAST_ROW", "Area", "Place", "a1", "area", "column_letters", "column_number", "column_ranges",
    "in_ranges", "named_cells", "quoted_sheet",
]  # fmt: skip

Area = tuple[int, int, int, int]
"""Top, left, bottom and right of a range, counted from 1."""

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
"""The last row and the last column of an Excel sheet."""

MOST_NAMED = 8
"""Cells that a sentence names; beyond that it gives their number."""

_CORNER = re.compile(rb"([A-Z]*)(\d*)")


@cache
def column_letters(column: int) -> str:
    """Return the letters of a 1-based column number, e.g. 28 → ``AB``."""
    letters = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@cache
def column_number(letters: bytes) -> int:
    """Return the 1-based number of a column's letters, in either case, e.g. ``AB`` → 28."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def a1(row: int, column: int) -> str:
    """Return a cell's A1 reference from its 1-based row and column."""
    return f"{column_letters(column)}{row}"


def column_ranges(rows: Iterable[int], column: int) -> list[str]:
    """Return the cells of a column in some rows, those below each other together: D4:D9, D12."""
    runs = runs_of(sorted(set(rows)))
    return [a1(top, column) + (f":{a1(bottom, column)}" if bottom > top else "") for top, bottom in runs]


def area(ref: bytes) -> Area:
    """Return (top, left, bottom, right) of an A1 range; whole columns reach to the last row."""
    first, _, last = ref.replace(b"$", b"").partition(b":")
    ends = []
    for each, row, column in ((first, 1, 1), (last or first, LAST_ROW, LAST_COLUMN)):
        match = _CORNER.fullmatch(each)
        letters, digits = (match[1], match[2]) if match else (b"", b"")
        ends += [int(digits or row), column_number(letters) or column]
    return ends[0], ends[1], ends[2], ends[3]


def quoted_sheet(name: str) -> str:
    """Return a sheet's name, quoted, as formulas and links write it before ``!``."""
    return "'" + name.replace("'", "''") + "'"


def named_cells(cells: Iterable[tuple[str, int, int]]) -> str:
    """Return cells (sheet, row, column) as a sentence names them: 〈整改任务〉J5、J6、〈参数〉B2 等 12 格."""
    ordered = list(cells)
    words, last = [], ""
    for sheet, row, column in ordered[:MOST_NAMED]:
        words.append((f"〈{sheet}〉" if sheet != last else "") + a1(row, column))
        last = sheet
    return "、".join(words) + (f" 等 {len(ordered)} 格" if len(ordered) > MOST_NAMED else "")


@dataclass(frozen=True, slots=True)
class Place:
    """A workbook, or a sheet, row, column or cell in it.

    Rows and columns are counted from 1. None means not specified, so that a finding can concern a whole workbook,
    sheet, row or column.
    """

    workbook: str
    sheet: str | None = None
    row: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        if self.sheet is None:
            return self.workbook
        quoted = f"{self.workbook}:{quoted_sheet(self.sheet_shown)}"
        return f"{quoted}!{self.cell}" if self.cell else quoted

    @property
    def sheet_shown(self) -> str:
        """The sheet's name, safe to show since departments rename sheets too; empty if there is no sheet."""
        return safe_name(self.sheet or "")

    @property
    def cell(self) -> str:
        """The part within the sheet: ``F12``, ``第12行``, ``F列``, or an empty string."""
        if self.row is not None and self.column is not None:
            return a1(self.row, self.column)
        if self.row is not None:
            return f"第{self.row}行"
        if self.column is not None:
            return f"{column_letters(self.column)}列"
        return ""

    @property
    def sort_key(self) -> tuple[str, str, int, int]:
        """A key that sorts by workbook and sheet, then numerically by row and column (AA after Z)."""
        return (self.workbook, self.sheet or "", self.row or 0, self.column or 0)


def in_ranges(places: Iterable[Place], most: int) -> str:
    """Return cells of one sheet as ranges, column by column, merging consecutive rows: ``L5:L20、L22``.

    At most ``most`` ranges are named, followed by 等 if there are more; empty if a place is not a cell.
    """
    cells = sorted({(each.column or 0, each.row or 0) for each in places})
    if not cells or 0 in cells[0] or any(row == 0 for _, row in cells):
        return ""
    runs: list[list[tuple[int, int]]] = []
    for column, row in cells:
        if runs and runs[-1][-1] == (column, row - 1):
            runs[-1].append((column, row))
        else:
            runs.append([(column, row)])
    named = [":".join(dict.fromkeys(a1(row, column) for column, row in (run[0], run[-1]))) for run in runs[:most]]
    return "、".join(named) + ("等" if len(runs) > most else "")
