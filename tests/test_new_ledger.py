"""A new ledger as people open it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from openpyxl import load_workbook
from taizhang.theme import text_width


def test_no_line_of_the_guide_is_cut(make_ledger: Callable[..., Path]) -> None:
    sheet = load_workbook(make_ledger([{}]))["说明"]
    width = 7 * sheet.column_dimensions["A"].width
    lines = {row: str(sheet.cell(row, 1).value) for row in range(2, sheet.max_row + 1)}
    needed = {row: -(-text_width(line, 11) // width) for row, line in lines.items()}
    assert max(needed.values()) > 1
    assert [lines[row] for row, count in needed.items() if sheet.row_dimensions[row].height < 19.5 * count] == []
