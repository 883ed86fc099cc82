"""Writing into a workbook in place: each pitfall of in-place writing has a test named for it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from conftest import load
from hypothesis import given, settings
from hypothesis import strategies as st
from taizhang.splice import AppendRow, Refused, SetCell, check_patch, patch
from taizhang.workbooks import read_workbook


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


def change(data: bytes, *edits: SetCell | AppendRow) -> bytes:
    """Patch, check by reading back, and return the new bytes."""
    after, cells = patch(data, edits)
    check_patch(data, after, cells)
    return after


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def rewritten(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with bytes of one member replaced; the member must hold them."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            content = source.read(info)
            if info.filename == part:
                assert old in content
                content = content.replace(old, new)
            package.writestr(info, content)
    return target.getvalue()


def refusal(data: bytes, *edits: SetCell | AppendRow) -> str:
    with pytest.raises(Refused) as caught:
        patch(data, edits)
    return caught.value.rule


def decorated(book: Any, sheet: Any) -> None:
    sheet.set_column(1, 1, 33.5)
    sheet.write_comment("B2", "请核对")
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='表'!$C$2:$C$3"})
    sheet.insert_chart("F2", chart)
    sheet.conditional_format("C2:C3", {"type": "data_bar", "bar_solid": True})
    sheet.data_validation("A2:A3", {"validate": "any", "input_message": "编号"})
    sheet.autofilter("A1:C3")
    other = book.add_worksheet("我的表")
    other.write_string(0, 0, "别动")


def test_only_the_touched_sheet_and_the_strings_change() -> None:
    before = build(decorated)
    after = change(before, SetCell("表", 2, 2, "新内容"), SetCell("表", 3, 3, 7))
    a, b = members(before), members(after)
    assert list(a) == list(b)
    assert [name for name in a if a[name] != b[name]] == ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]
    sheet = load(after)["表"]
    assert (sheet["B2"].value, sheet["C3"].value, sheet["B3"].value) == ("新内容", 7, "乙")


def test_the_same_edits_give_the_same_bytes() -> None:
    before = build(decorated)
    edits = [SetCell("表", 2, 2, "新"), AppendRow("表", 3, {1: "A-3"})]
    assert patch(before, edits) == patch(before, edits)


def test_appended_rows_take_the_look_of_the_last_row_and_stretch_what_ended_there() -> None:
    def styled(book: Any, sheet: Any) -> None:
        decorated(book, sheet)
        sheet.write_number("C3", 2, book.add_format({"num_format": "0.00", "bg_color": "#FFFF00"}))
        sheet.set_row(2, 40)

    after = change(build(styled), AppendRow("表", 3, {1: "A-3", 3: 3}), AppendRow("表", 3, {1: "A-4"}))
    sheet = load(after)["表"]
    assert [sheet.cell(row, 1).value for row in (4, 5)] == ["A-3", "A-4"]
    assert (sheet["C4"].number_format, sheet["C5"].fill.bgColor.rgb) == ("0.00", sheet["C3"].fill.bgColor.rgb)
    assert sheet.row_dimensions[4].height == 39.75
    assert (sheet.auto_filter.ref, sheet.dimensions) == ("A1:C5", "A1:C5")
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["C2:C5"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["A2:A5"]


def test_pitfall_1_formatted_blank_rows_are_filled_first() -> None:
    def blanks(book: Any, sheet: Any) -> None:
        sheet.write_blank("A4", None, book.add_format({"bg_color": "#00FF00"}))

    before = build(blanks)
    after = change(before, AppendRow("表", 3, {1: "A-3"}))
    styles = [load(data)["表"]["A4"].fill.fgColor.rgb for data in (before, after)]
    assert styles[0] == styles[1]


def test_pitfall_1_values_below_the_register_are_refused() -> None:
    before = build(lambda book, sheet: sheet.write("A9", "审核人："))
    assert refusal(before, AppendRow("表", 3, {1: "A-3"})) == "values-below"


def test_pitfall_1_merges_below_the_register_are_refused() -> None:
    before = build(lambda book, sheet: sheet.merge_range("A8:B9", "", None))
    assert refusal(before, AppendRow("表", 3, {1: "A-3"})) == "merged-below"


def test_a_cell_hidden_under_a_merge_is_refused() -> None:
    before = build(lambda book, sheet: sheet.merge_range("A5:B6", "标题", book.add_format()))
    assert refusal(before, SetCell("表", 6, 2, "看不见")) == "merged"
    change(before, SetCell("表", 5, 1, "看得见"))


def test_pitfall_2_formulas_are_never_overwritten() -> None:
    before = build(lambda book, sheet: sheet.write_formula("C2", "=1+1", None, 2))
    assert refusal(before, SetCell("表", 2, 3, 5)) == "formula"


def test_pitfall_2_cells_inside_an_array_are_refused() -> None:
    before = build(lambda book, sheet: sheet.write_array_formula("E2:E3", "{=C2:C3*2}", None, 2))
    assert refusal(before, SetCell("表", 3, 5, 5)) in ("computed", "formula")


def test_pitfall_3_results_that_depend_on_the_sheet_are_dropped_and_recalculated() -> None:
    def formulas(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("汇总")
        other.write_formula("A1", "=SUM('表'!C2:C3)", None, 3)
        book.add_worksheet("无关").write_formula("A1", "=1+1", None, 2)

    before = build(formulas)
    after = members(change(before, SetCell("表", 2, 3, 10)))
    assert b"<v>" not in after["xl/worksheets/sheet2.xml"]
    assert b"<v>2</v>" in after["xl/worksheets/sheet3.xml"]
    assert b'fullCalcOnLoad="1"' in after["xl/workbook.xml"]


def test_pitfall_5_shared_strings_are_appended_never_edited() -> None:
    before = build()
    after = change(before, SetCell("表", 2, 2, "甲乙"), SetCell("表", 3, 2, "甲乙"))
    old, new = (members(data)["xl/sharedStrings.xml"] for data in (before, after))
    items = re.findall(rb"<si>.*?</si>", old)
    assert re.findall(rb"<si>.*?</si>", new)[: len(items)] == items


def test_pitfall_5_without_shared_strings_text_is_written_inline() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("表").write_number("A1", 1)
    book.close()
    with zipfile.ZipFile(io.BytesIO(target.getvalue())) as package:
        assert "xl/sharedStrings.xml" not in package.namelist()
    after = change(target.getvalue(), SetCell("表", 1, 2, "内联"))
    assert load(after)["表"]["B1"].value == "内联"


@pytest.mark.parametrize(
    "text", ["=整改中", "+1", "<a&b>\"'", " 前后有空格 ", "一行\n两行", "_x000D_原样", "\t制表", "𠮷"]
)
def test_pitfall_6_text_comes_back_as_it_was(text: str) -> None:
    after = change(build(), SetCell("表", 2, 2, text))
    assert read_workbook(Path("x.xlsx"), after).sheets[0].value(2, 2) == text


@pytest.mark.parametrize("value", ["\x01", "长" * 32_768, float("nan"), float("inf"), 10**15])
def test_pitfall_6_what_a_cell_cannot_hold_is_refused(value: Any) -> None:
    assert refusal(build(), SetCell("表", 2, 2, value)) in ("text", "number")


def test_pitfall_7_prefixes_and_byte_order_marks() -> None:
    before = build()
    sheet = members(before)["xl/worksheets/sheet1.xml"]
    prefixed = re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", sheet).replace(b"<x:worksheet xmlns=", b"<x:worksheet xmlns:x=")
    strange = rewritten(before, "xl/worksheets/sheet1.xml", sheet, b"\xef\xbb\xbf" + prefixed)
    after = change(strange, SetCell("表", 2, 2, "新"), AppendRow("表", 3, {1: "A-3"}))
    assert load(after)["表"]["A4"].value == "A-3"


def test_pitfall_7_unusual_markup_is_refused() -> None:
    before = rewritten(build(), "xl/worksheets/sheet1.xml", b"<sheetData>", b"<sheetData><!-- x -->")
    assert refusal(before, SetCell("表", 2, 2, "新")) == "unusual-markup"


def test_pitfall_7_rows_out_of_order_are_refused() -> None:
    before = rewritten(build(), "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="9"')
    assert refusal(before, SetCell("表", 1, 1, "新")) == "row-order"


def test_pitfall_8_damage_and_duplicates_abort_before_anything() -> None:
    before = build()
    assert refusal(before[:-200], SetCell("表", 2, 2, "新")) == "damaged"
    assert refusal(b"\xd0\xcf\x11\xe0" + bytes(500), SetCell("表", 2, 2, "新")) == "not-xlsx"
    assert refusal(before, SetCell("没有", 2, 2, "新")) == "no-sheet"
    target = io.BytesIO(before)
    with pytest.warns(UserWarning), zipfile.ZipFile(target, "a") as package:
        package.writestr("xl/workbook.xml", "x")
    assert refusal(target.getvalue(), SetCell("表", 2, 2, "新")) == "duplicate-member"


@pytest.mark.parametrize("epoch_1904", [False, True])
def test_pitfall_9_dates_follow_the_epoch_and_look_like_dates(epoch_1904: bool) -> None:
    day = date(2022, 3, 15)
    before = build()
    if epoch_1904:
        before = rewritten(before, "xl/workbook.xml", b"<workbookPr ", b'<workbookPr date1904="1" ')
    after = change(before, SetCell("表", 2, 2, day), SetCell("表", 3, 2, day))
    assert read_workbook(Path("x.xlsx"), after).sheets[0].value(2, 2) == day
    cell = load(after)["表"]["B2"]
    assert cell.is_date


def test_pitfall_10_tables_grow_and_totals_rows_are_refused() -> None:
    def table(book: Any, sheet: Any) -> None:
        sheet.add_table("A1:C3", {"columns": [{"header": "编号"}, {"header": "事项"}, {"header": "数"}]})

    after = members(change(build(table), AppendRow("表", 3, {1: "A-3"})))
    assert b'ref="A1:C4"' in after["xl/tables/table1.xml"]

    def totals(book: Any, sheet: Any) -> None:
        sheet.add_table(
            "A1:C3", {"total_row": True, "columns": [{"header": "编号"}, {"header": "事项"}, {"header": "数"}]}
        )

    assert refusal(build(totals), AppendRow("表", 3, {1: "A-3"})) == "totals-row"


def test_pitfall_11_a_signed_workbook_is_refused() -> None:
    target = io.BytesIO(build())
    with zipfile.ZipFile(target, "a") as package:
        package.writestr("_xmlsignatures/sig1.xml", "<Signature/>")
    assert refusal(target.getvalue(), SetCell("表", 2, 2, "新")) == "signed"


def test_pitfall_12_the_guard_sees_an_unintended_difference() -> None:
    before = build()
    after, cells = patch(before, [SetCell("表", 2, 2, "新")])
    other, _ = patch(after, [SetCell("表", 3, 3, 99)])
    with pytest.raises(Refused, match="C3"):
        check_patch(before, other, cells)
    with pytest.raises(Refused, match="B2"):
        check_patch(before, before, cells)


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**14), 10**14),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), max_size=20),
)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 5)), VALUES, min_size=1, max_size=8))
def test_any_cells_with_any_values_read_back_and_nothing_else_moves(cells: dict[tuple[int, int], Any]) -> None:
    change(build(), *(SetCell("表", row, column, value) for (row, column), value in cells.items()))
