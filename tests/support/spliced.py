"""A small workbook with an edit spliced in and read back."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from taizhang.splice import Edit, check_patch, patch


def build(write: Any = None, **options: Any) -> bytes:
    """A workbook with sheet 表: a head, two rows of three cells, and what ``write(book, sheet)`` adds."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, **options})
    sheet = book.add_worksheet("表")
    for row, cells in enumerate((("编号", "事项", "数"), ("A-1", "甲", 1), ("A-2", "乙", 2))):
        sheet.write_row(row, 0, cells)
    if write:
        write(book, sheet)
    book.close()
    return target.getvalue()


def change(data: bytes, *edits: Edit) -> bytes:
    """Patch, check by reading back, and return the new bytes."""
    after, cells = patch(data, edits)
    check_patch(data, after, cells)
    return after
