"""Raising rows: only the height of rows that follow their text is written; all else stays byte for byte."""

from __future__ import annotations

import io
import re
import zipfile

from taizhang.splice import raise_rows
from xlsxwriter import Workbook


def sheet_of(workbook: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        return package.read("xl/worksheets/sheet1.xml").decode()


def test_only_rows_whose_height_follows_their_text_are_raised() -> None:
    kept = io.BytesIO()
    book = Workbook(kept)
    sheet = book.add_worksheet("表")
    sheet.write_column(0, 0, ["甲", "乙", "丙"])
    sheet.set_row(1, 20)
    book.close()
    before = kept.getvalue()
    after = raise_rows(before, "表", {1: 44.44, 2: 60, 3: 500, 9: 30})
    rows = re.findall(r"<row [^>]*>", sheet_of(after))
    assert rows == [
        '<row r="1" spans="1:1" ht="44.4">',
        '<row r="2" spans="1:1" ht="20.25" customHeight="1">',
        '<row r="3" spans="1:1" ht="409.0">',
    ]
    assert sheet_of(after).replace(' ht="44.4"', "").replace(' ht="409.0"', "") == sheet_of(before)
    assert raise_rows(before, "表", {2: 60}) is before
