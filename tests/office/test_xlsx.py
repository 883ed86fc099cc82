"""The xlsx layer: text limits, row heights and page breaks."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path

import pytest
from support.ledgers import load
from taizhang.office.xlsx import (
    FORM_TEXT,
    LIST_TEXT,
    PAPER_TEXT,
    TALLEST_ROW,
    Formats,
    NewWorkbook,
    Wrapping,
    make_workbook,
    page_breaks,
    row_height,
    words_in_lines,
    write_cell,
    write_number,
)
from taizhang.typed.text import LONGEST_CELL, utf16_length
from taizhang.workbook.reader import read_workbook

NOW = datetime(2022, 3, 31)


def cells(values: list[object], *, keep_unseen: bool = False) -> list[object]:
    """Return values as they are read back from column A of a new workbook."""

    def write(book: NewWorkbook, style: Formats) -> None:
        sheet = book.add_worksheet("表")
        for row, value in enumerate(values):
            write_cell(sheet, row, 0, value, style())
        sheet.write_string(len(values), 0, "末")

    data = make_workbook(write, {"title": "表", "created": NOW}, keep_unseen=keep_unseen)
    return [row[0] for row in read_workbook(Path("表.xlsx"), data).sheets[0].rows[:-1]]


def test_values_keep_their_types_and_text_is_never_a_formula() -> None:
    assert cells(["=1+1", "https://例", "0012", 3, 0.5, True, None, ""]) == [
        "=1+1",
        "https://例",
        "0012",
        3,
        0.5,
        True,
        "",
        "",
    ]


def test_a_formula_is_written_as_it_is() -> None:
    formula = "=SUMPRODUCT((LEN(A1:A3)>0)*ISNUMBER(1/(A1:A3=_xlfn.UNICHAR(10003))))"

    def write(book: NewWorkbook, style: Formats) -> None:
        sheet = book.add_worksheet("自检")
        write_number(sheet, 0, 0, 2, style(), formula=formula)
        sheet.data_validation(1, 0, 1, 0, {"validate": "list", "source": "=部门清单"})

    sheet = load(make_workbook(write, {"created": NOW}))["自检"]
    assert sheet["A1"].value == formula
    assert [each.formula1 for each in sheet.data_validations.dataValidation] == ["部门清单"]


def test_unseen_characters_are_left_out_of_what_people_read_only() -> None:
    assert cells(["整\u200b改"]) == ["整改"]
    assert cells(["整\u200b改"], keep_unseen=True) == ["整\u200b改"]


@pytest.mark.parametrize("keep_unseen", [True, False])
def test_a_text_is_cut_where_excel_counts_it_to_be_full(keep_unseen: bool) -> None:
    """An emoji counts as two: 16,383 of them and one letter fill a cell."""
    full = "😀" * 16_383 + "x"
    assert utf16_length(full) == LONGEST_CELL
    assert cells([full, f"x{full}", "字" * 32_768], keep_unseen=keep_unseen) == [
        full,
        f"x{'😀' * 16_383}",
        "字" * 32_767,
    ]


def test_the_same_cells_and_stamp_give_the_same_bytes() -> None:
    def write(book: NewWorkbook, style: Formats) -> None:
        book.add_worksheet("表").write_string(0, 0, "字", style(bold=True))

    one, other = (make_workbook(write, {"created": NOW}) for _ in range(2))
    assert one == other
    assert io.BytesIO(one).read(2) == b"PK"


@pytest.mark.parametrize(
    ("wrapping", "one", "two"),
    [(FORM_TEXT, 30.0, 34.0), (PAPER_TEXT, 30.0, 34.4), (LIST_TEXT, 30.0, 32.25)],
    ids=["form", "paper", "list"],
)
def test_a_row_is_as_high_as_its_longest_text_needs(wrapping: Wrapping, one: float, two: float) -> None:
    assert row_height([("字" * 7, 108)], wrapping=wrapping) == one
    assert row_height([("字", 40), ("字" * 9, 108)], wrapping=wrapping) == two
    assert row_height([("字\n字", 108)], wrapping=wrapping) == two
    assert row_height([("字" * 9, 108)], least=50.0, wrapping=wrapping) == 50.0
    assert row_height([("字" * 9_000, 108)], wrapping=wrapping) == wrapping.tallest <= TALLEST_ROW


def test_only_in_forms_a_latin_letter_is_as_wide_as_a_chinese_one() -> None:
    lines = [row_height([("x" * 12, 108)], least=0, wrapping=each) for each in (FORM_TEXT, PAPER_TEXT, LIST_TEXT)]
    assert lines == [34.0, pytest.approx(20.2), 18.75]


def test_no_block_is_parted_and_further_pages_repeat_the_heads() -> None:
    blocks = [(1, 40.0), (2, 40.0), (3, 40.0), (4, 100.0), (5, 10.0)]
    assert page_breaks(blocks, 100.0, used=10.0) == [3, 4, 5]
    assert page_breaks(blocks, 100.0, used=10.0, repeated=20.0) == [3, 4, 5]
    assert page_breaks(blocks, 1000.0) == []


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("甲、乙、丙", ["甲、乙、丙"]),
        ("一二三四五、六七八九十", ["一二三四五、", "六七八九十"]),
        ("一二三四五六七八九十甲乙", ["一二三四五六七八九", "十甲乙"]),
        ("没有用上：不归“六十日内办结”管 127 行", ["没有用上：不归“六", "十日内办结”管", "127 行"]),
        ("；甲、乙", ["；甲、乙"]),
        ("甲、一二三四五六七八九十乙丙", ["甲、一二三四五六七", "八九十乙丙"]),
    ],
)
def test_a_clause_wider_than_a_line_goes_on_in_the_next_and_loses_nothing(text: str, lines: list[str]) -> None:
    assert words_in_lines(text, 9 * 12, 9) == lines, "nine characters of nine points"
