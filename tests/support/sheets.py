"""Sheets written as Markdown in a test, turned into a real .xlsx."""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any


def book(text: str) -> bytes:
    """Return a workbook from Markdown: ``# name`` begins a sheet, each line is a row, ``|`` separates its cells.

    Digits give a number, 2022-03-15 a date, a leading ``=`` a formula, a leading ``'`` text; an empty cell is left out.
    A line without ``|`` is a row of one cell; rules (``|---|``) and blank lines are ignored.
    """
    from xlsxwriter import Workbook

    target = io.BytesIO()
    workbook = Workbook(target, {"in_memory": True})
    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
    sheet, row = None, 0
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("# "):
            sheet, row = workbook.add_worksheet(line[2:].strip()), 0
        elif not re.fullmatch(r"\|[-| ]+\|", line) or line.strip("| ") == "":
            cells = line.removeprefix("|").removesuffix("|").split("|")
            assert sheet is not None, "a sheet begins with a line like: # 整改任务"
            for column, cell in enumerate(cells):
                _write(sheet, row, column, cell.strip(), day)
            row += 1
    workbook.close()
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, cell: str, day: Any) -> None:
    if re.fullmatch(r"-?\d+(\.\d+)?", cell):
        sheet.write_number(row, column, float(cell))
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", cell):
        sheet.write_datetime(row, column, date.fromisoformat(cell), day)
    elif cell.startswith("="):
        sheet.write_formula(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell.removeprefix("'"))
