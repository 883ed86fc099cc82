"""Writing into a workbook in place: each pitfall of in-place writing has a test named for it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ledgers import load
from support.packages import RELATION, chained, members, rewritten, strictly
from support.returned_files import encrypted
from support.spliced import build, change
from support.thorough import few_or_all
from taizhang.splice import AddSheet, AppendRow, Edit, Refused, SetCell, check_patch, patch
from taizhang.splice.notes import Note, add_notes
from taizhang.splice.package import Package
from taizhang.splice.tabs import bring_to_front
from taizhang.system.sandbox import ExplainedError
from taizhang.workbook.reader import Unreadable, read_workbook


def refusal(data: bytes, *edits: Edit) -> str:
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
    with pytest.raises(Refused, match="〈表〉A9 有内容，它在登记表最后一行（第 3 行）下面"):
        patch(before, [AppendRow("表", 3, {1: "A-3"})])


@pytest.mark.parametrize("beside", [True, False])
def test_white_space_below_the_register_is_in_nobodys_way(beside: bool) -> None:
    """Excel keeps texts apart, other programs beside the cell."""
    before = build(lambda book, sheet: sheet.write_string("C9", " \u3000"), constant_memory=beside)
    assert load(change(before, AppendRow("表", 3, {1: "A-3"})))["表"]["A4"].value == "A-3"


def test_a_formula_below_the_register_is_refused_whatever_it_shows() -> None:
    before = build(lambda book, sheet: sheet.write_formula("C9", '=""', None, ""))
    assert refusal(before, AppendRow("表", 3, {1: "A-3"})) == "values-below"


def test_pitfall_1_merges_below_the_register_are_refused() -> None:
    before = build(lambda book, sheet: sheet.merge_range("A8:B9", "", None))
    assert refusal(before, *[AppendRow("表", 3, {1: "x"})] * 5) == "merged-below"
    change(before, *[AppendRow("表", 3, {1: "x"})] * 4)


def test_merges_beside_the_register_are_in_nobodys_way() -> None:
    def noted(book: Any, sheet: Any) -> None:
        sheet.write("F3", "说明", book.add_format({"bold": True}))
        sheet.merge_range("F4:G9", "", None)
        sheet.merge_range("C5:D5", "", None)

    before = build(noted)
    sheet = load(change(before, AppendRow("表", 3, {1: "A-3", 3: 5})))["表"]
    assert (sheet["A4"].value, sheet["F4"].has_style, [str(each) for each in sheet.merged_cells.ranges]) == (
        "A-3", False, ["F4:G9", "C5:D5"],
    )  # fmt: skip
    assert refusal(before, *[AppendRow("表", 3, {1: "x", 3: 5})] * 2) == "merged-below"
    assert refusal(before, AppendRow("表", 3, {6: "x"})) == "merged-below"


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

    before = rewritten(build(formulas), "xl/workbook.xml", b' fullCalcOnLoad="1"', b"")
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
    assert refusal(encrypted(before), SetCell("表", 2, 2, "新")) == "encrypted"
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


def table(book: Any, sheet: Any) -> None:
    sheet.add_table("A1:C3", {"columns": [{"header": "编号"}, {"header": "事项"}, {"header": "数"}]})


def with_totals(book: Any, sheet: Any) -> None:
    """The table of three rows with a totals row (row 4): a word, a blank, and a sum."""
    columns = [
        {"header": "编号", "total_string": "汇总"},
        {"header": "事项"},
        {"header": "数", "total_function": "sum"},
    ]
    sheet.add_table("A1:C4", {"total_row": True, "columns": columns})


def test_pitfall_10_tables_grow() -> None:
    after = members(change(build(table), AppendRow("表", 3, {1: "A-3"})))
    assert b'ref="A1:C4"' in after["xl/tables/table1.xml"]


@pytest.mark.parametrize("after", [3, 4], ids=["below the data", "below the totals row"])
def test_pitfall_10_a_totals_row_moves_down(after: int) -> None:
    made = change(build(with_totals), AppendRow("表", after, {1: "A-3", 3: 5}), AppendRow("表", after, {1: "A-4"}))
    sheet = load(made)["表"]
    assert [[cell.value for cell in row] for row in sheet["A4:C6"]] == [
        ["A-3", None, 5],
        ["A-4", None, None],
        ["汇总", None, "=SUBTOTAL(109,[数])"],
    ]
    own = sheet.tables["Table1"]
    assert (own.ref, own.autoFilter.ref, own.totalsRowCount) == ("A1:C6", "A1:C5", 1)
    assert b"<v>" not in re.findall(rb'<c r="C6".*?</c>', members(made)["xl/worksheets/sheet1.xml"])[0]


def test_pitfall_10_a_totals_row_moves_over_formatted_blank_rows() -> None:
    def formatted(book: Any, sheet: Any) -> None:
        with_totals(book, sheet)
        for row in (4, 5):
            sheet.set_row(row, 33)
            sheet.write_blank(row, 1, None, book.add_format({"bold": True}))
            sheet.write_blank(row, 2, None, book.add_format({"bold": True}))

    made = change(build(formatted), AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"}))
    assert [[cell.value for cell in row] for row in load(made)["表"]["A5:C6"]] == [
        ["A-4", None, None],
        ["汇总", None, "=SUBTOTAL(109,[数])"],
    ]


def test_pitfall_10_ranges_that_end_with_the_table_end_with_it_still() -> None:
    def named(book: Any, sheet: Any) -> None:
        with_totals(book, sheet)
        book.define_name("数据", "='表'!$C$2:$C$3")
        book.define_name("全部", "='表'!$A$1:$C$4")
        sheet.conditional_format("C2:C3", {"type": "data_bar"})

    after = load(change(build(named), AppendRow("表", 3, {1: "A-3"})))
    names = {name: each.attr_text for name, each in after.defined_names.items()}
    assert names == {"数据": "'表'!$C$2:$C$4", "全部": "'表'!$A$1:$C$5"}
    assert [str(each.sqref) for each in after["表"].conditional_formatting] == ["C2:C4"]


def point_at_totals(book: Any, _sheet: Any) -> None:
    book.add_worksheet("汇总").write_formula("B3", "='表'!C4*2")


def name_the_totals(book: Any, _sheet: Any) -> None:
    book.define_name("合计", "='表'!$C$4")


def name_the_row_of_totals(book: Any, _sheet: Any) -> None:
    book.define_name("合计", "=SUM('表'!$4:$4)")


def rule_beside_totals(_book: Any, sheet: Any) -> None:
    sheet.data_validation("F1", {"validate": "list", "source": "=$A$2:$A$4"})


def rule_on_another_sheet(book: Any, _sheet: Any) -> None:
    book.add_worksheet("汇总").data_validation("A1", {"validate": "list", "source": "='表'!$A$4:$C$4"})


def comment_on_totals(_book: Any, sheet: Any) -> None:
    sheet.write_comment("C4", "请核对")


def chart_of_totals(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='表'!$C$4:$C$4"})
    sheet.insert_chart("F2", chart)


def words_beside_totals(_book: Any, sheet: Any) -> None:
    sheet.write_string("E4", "制表：办公室")


def add_by_address(_book: Any, sheet: Any) -> None:
    sheet.write_formula("B4", "=COUNTA(B2:B3)")


@pytest.mark.parametrize(
    "spoil",
    [
        point_at_totals,
        name_the_totals,
        name_the_row_of_totals,
        rule_beside_totals,
        rule_on_another_sheet,
        comment_on_totals,
        chart_of_totals,
        words_beside_totals,
        add_by_address,
    ],
)
def test_pitfall_10_a_totals_row_that_something_points_at_is_refused(spoil: Any) -> None:
    def spoilt(book: Any, sheet: Any) -> None:
        with_totals(book, sheet)
        spoil(book, sheet)

    assert refusal(build(spoilt), AppendRow("表", 3, {1: "A-3"})) == "totals-row"


def test_pitfall_10_ranges_that_reach_over_the_totals_row_do_not_hold_it() -> None:
    def reached(book: Any, sheet: Any) -> None:
        with_totals(book, sheet)
        book.add_worksheet("汇总").write_formula("B3", "=COUNTA('表'!A1:A99)+LOG10(100)")

    change(build(reached), AppendRow("表", 3, {1: "A-3"}))


def test_series_of_charts_that_end_at_the_register_grow_with_it() -> None:
    def charted(book: Any, sheet: Any) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"name": "='表'!$C$1", "categories": "='表'!$A$2:$A$3", "values": "='表'!$C$2:$C$3"})
        chart.add_series({"values": "='表'!$A$3:$C$3"})
        chart.add_series({"values": "='别处'!$C$2:$C$3"})
        sheet.insert_chart("F2", chart)
        book.add_worksheet("别处")

    before = build(charted)
    after = change(before, AppendRow("表", 3, {1: "A-3"}))
    old, new = (members(data)["xl/charts/chart1.xml"] for data in (before, after))
    named = [each.decode().replace("'", "") for each in re.findall(rb"<c:f>(.*?)</c:f>", new)]
    assert named == ["表!$C$1", "表!$A$2:$A$4", "表!$C$2:$C$4", "表!$A$3:$C$3", "别处!$C$2:$C$3"]
    assert re.sub(rb"<c:f>.*?</c:f>", b"", new) == re.sub(rb"<c:f>.*?</c:f>", b"", old)


def test_the_guard_sees_a_chart_that_changed_beyond_its_ranges() -> None:
    before = build(decorated)
    after, cells = patch(before, [AppendRow("表", 3, {1: "A-3"})])
    check_patch(before, after, cells)
    with pytest.raises(Refused, match="图表"):
        check_patch(before, rewritten(after, "xl/charts/chart1.xml", b"<c:barDir", b"<c:bbrDir"), cells)


def test_the_guard_sees_an_appended_row_that_is_not_there() -> None:
    before = build()
    _, cells = patch(before, [AppendRow("表", 3, {1: "A-3"})])
    with pytest.raises(Refused, match="A4"):
        check_patch(before, before, cells)


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


@settings(max_examples=few_or_all(20, 60), deadline=None)
@given(st.dictionaries(st.tuples(st.integers(1, 6), st.integers(1, 5)), VALUES, min_size=1, max_size=8))
def test_any_cells_with_any_values_read_back_and_nothing_else_moves(cells: dict[tuple[int, int], Any]) -> None:
    change(build(), *(SetCell("表", row, column, value) for (row, column), value in cells.items()))


def donor(name: str = "变更记录") -> bytes:
    """A workbook with one formatted sheet, as the program makes one to be added to a ledger."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    sheet = book.add_worksheet(name)
    red = book.add_format({"bg_color": "#C8161D", "bold": True, "num_format": '0.0"项"'})
    sheet.set_column(0, 0, 31, red)
    sheet.write_string("A1", "时间", red)
    sheet.write_rich_string("B1", "红", red, "字", "与<&>")
    sheet.write_number("A2", 3, red)
    sheet.write_number("B2", 4)
    sheet.conditional_format("A2:A9", {"type": "cell", "criteria": ">", "value": 1, "format": red})
    sheet.autofilter("A1:B2")
    sheet.repeat_rows(0)
    sheet.print_area("A1:B9")
    book.close()
    return target.getvalue()


def without_shared_strings() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("表").write_number("A1", 1)
    book.close()
    return target.getvalue()


@pytest.mark.parametrize("ledger", [build(decorated), without_shared_strings()], ids=["decorated", "inline"])
def test_a_sheet_is_added_with_its_looks_and_nothing_else_moves(ledger: bytes) -> None:
    after, cells = patch(ledger, [AddSheet(donor()), AppendRow("变更记录", 2, {1: 5, 2: "新"})])
    check_patch(ledger, after, cells, ["变更记录"])
    before_parts, after_parts = members(ledger), members(after)
    changed = {name for name, data in before_parts.items() if after_parts[name] != data}
    assert changed <= {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/sharedStrings.xml",
    }  # fmt: skip
    book = load(after)
    sheet = book["变更记录"]
    assert book.sheetnames == [*load(ledger).sheetnames, "变更记录"]
    assert [[cell.value for cell in row] for row in sheet["A1:B3"]] == [["时间", "红字与<&>"], [3, 4], [5, "新"]]
    assert (sheet["A2"].fill.fgColor.rgb, sheet["A2"].font.b, sheet["A2"].number_format) == (
        "FFC8161D",
        True,
        '0.0"项"',
    )
    assert (sheet["B2"].font.b, sheet["B2"].fill.fill_type) == (False, None)
    assert sheet.column_dimensions["A"].width == load(donor())["变更记录"].column_dimensions["A"].width
    assert (sheet.print_title_rows, sheet.auto_filter.ref) == ("$1:$1", "A1:B3")
    (rule,) = next(iter(sheet.conditional_formatting)).rules
    assert rule.dxf.fill.bgColor.rgb == "FFC8161D"
    first = load(ledger)["表"]
    assert [cell.has_style for row in first.rows for cell in row] == [c.has_style for r in book["表"].rows for c in r]


def test_a_sheet_is_added_once() -> None:
    after, _ = patch(build(), [AddSheet(donor())])
    assert refusal(after, AddSheet(donor())) == "sheet-exists"
    assert refusal(build(), AddSheet(donor("表"))) == "sheet-exists"


def test_comments_in_a_strict_workbook_are_written_in_its_own_names() -> None:
    package = Package.read(strictly(build()))
    add_notes(package, "表", [Note(2, 2, "错。", (320, 62), "FFC7CE")], "整改办")
    parts = members(package.write())
    written = ["xl/taizhangComments1.xml", SHEET, "xl/worksheets/_rels/sheet1.xml.rels"]
    for name in written:
        assert b"purl.oclc.org" in parts[name] and not re.search(
            rb"openxmlformats.org/(?:officeDocument|spreadsheetml)", parts[name]
        )


def test_a_sheet_is_added_to_a_strict_workbook_in_its_own_names() -> None:
    before = strictly(build(decorated))
    after, made = patch(
        before, [AddSheet(donor()), AppendRow("变更记录", 2, {1: 5, 2: "新"}), SetCell("表", 2, 2, "新")]
    )
    check_patch(before, after, made, ["变更记录"])
    assert read_workbook(Path("台账.xlsx"), after).by_name["变更记录"].rows[:3] == [
        ["时间", "红字与<&>"],
        [3, 4],
        [5, "新"],
    ]
    parts = members(after)
    for name in ("xl/worksheets/sheet3.xml", "xl/_rels/workbook.xml.rels", "xl/workbook.xml"):
        assert b"purl.oclc.org" in parts[name] and b"openxmlformats.org/officeDocument" not in parts[name]
        assert b"schemas.openxmlformats.org/spreadsheetml" not in parts[name]


def with_chain(types: str = "{own}{old}", relations: str = "{own}{old}", prefix: str = "") -> bytes:
    return chained(build(lambda _, sheet: sheet.write_formula("C2", "=1+1", None, 2)), types, relations, prefix)


ORDERS = {
    "first": ("{own}{old}", "{own}{old}", ""),
    "last": ("{old}{own}", "{old}{own}", ""),
    "one first, one last": ("{own}{old}", "{old}{own}", ""),
    "prefix": ("{own}{old}", "{own}{old}", "ct"),
    "long tags": ("{long}{old}", "{long}{old}", ""),
    "comments": ("<!-- </Types> -->{own}{old}", "<!-- <Relationship Id='rId1'/> > -->{own}{old}", ""),
}


@pytest.mark.parametrize("order", ORDERS.values(), ids=ORDERS)
def test_what_the_packages_lists_name_may_stand_anywhere(order: tuple[str, str, str]) -> None:
    before = with_chain(*order)
    after, made = patch(before, [AddSheet(donor()), AppendRow("变更记录", 2, {2: "新"})])
    check_patch(before, after, made, ["变更记录"])
    assert [*read_workbook(Path("台账.xlsx"), after).by_name] == ["表", "变更记录"]
    assert members(after)["xl/calcChain.xml"] == members(before)["xl/calcChain.xml"]
    gone = change(before, SetCell("表", 2, 3, 5, over_formula=True))
    parts = members(gone)
    assert "xl/calcChain.xml" not in parts
    assert b"calcChain" not in parts["[Content_Types].xml"] + parts["xl/_rels/workbook.xml.rels"]
    assert read_workbook(Path("台账.xlsx"), gone).by_name["表"].rows[1][2] == 5


def test_the_guard_sees_a_list_that_names_what_is_not_there_or_no_longer_names_what_is() -> None:
    before = with_chain()
    after, made = patch(before, [AddSheet(donor())])
    styles = (
        b'<Override PartName="/xl/styles.xml" ContentType="application/'
        b'vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    )
    for old, new in ((styles, b""), (b"</Types>", b'<Override PartName="/xl/x.xml" ContentType="text/xml"/></Types>')):
        with pytest.raises(Refused, match=r"\[content_types\]"):
            check_patch(before, rewritten(after, "[Content_Types].xml", old, new), made, ["变更记录"])


def without_styles(data: bytes, *, named: bool) -> bytes:
    """The workbook without its part of styles, as some programs make it, and without what names it or not."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name, content in members(data).items():
            if not named:
                content = re.sub(rb"<(?:Override|Relationship)\b[^>]*styles[^>]*/>", b"", content)  # noqa: PLW2901
            if name != "xl/styles.xml":
                package.writestr(name, content)
    return target.getvalue()


EMPTY = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<q:styleSheet '
    b'xmlns:q="http://schemas.openxmlformats.org/spreadsheetml/2006/main"%s'
)


@pytest.mark.parametrize(
    "before",
    [
        without_styles(build(), named=False),
        without_styles(build(), named=True),
        strictly(without_styles(build(), named=False)),
        rewritten(build(), "xl/styles.xml", members(build())["xl/styles.xml"], EMPTY % b"/>"),
        rewritten(build(), "xl/styles.xml", members(build())["xl/styles.xml"], EMPTY % b"><q:colors/></q:styleSheet>"),
    ],
    ids=["no part", "a part that was lost", "no part, strict", "nothing in it", "hardly anything in it"],
)
def test_a_sheet_is_added_with_its_looks_where_there_are_no_styles(before: bytes) -> None:
    after, made = patch(before, [AddSheet(donor()), AppendRow("变更记录", 2, {2: "新"})])
    check_patch(before, after, made, ["变更记录"])
    rows = read_workbook(Path("台账.xlsx"), after).by_name
    assert (rows["表"].rows[1], rows["变更记录"].rows[2]) == (["A-1", "甲", 1], ["", "新"])
    styles = members(after)["xl/styles.xml"]
    assert re.findall(rb"<(?:q:)?(\w+) count=", styles) == [
        b"numFmts", b"fonts", b"fills", b"borders", b"cellStyleXfs", b"cellXfs", b"dxfs",
    ]  # fmt: skip
    if b"purl.oclc.org" not in styles:
        assert load(after)["变更记录"]["A1"].fill.fgColor.rgb == "FFC8161D"


def test_a_sheet_does_not_stand_in_for_one_that_was_lost() -> None:
    relation = f'<Relationship Id="rId8" Type="{RELATION}/worksheet" Target="worksheets/sheet2.xml"/></Relationships>'
    before = rewritten(build(), "xl/_rels/workbook.xml.rels", b"</Relationships>", relation.encode())
    before = rewritten(
        before, "xl/workbook.xml", b"</sheets>", '<sheet name="丢了的" sheetId="7" r:id="rId8"/></sheets>'.encode()
    )
    lost = b'<Override PartName="/xl/worksheets/Sheet3.xml" ContentType="text/xml"/></Types>'
    before = rewritten(before, "[Content_Types].xml", b"</Types>", lost)
    after, _ = patch(before, [AddSheet(donor())])
    assert {*members(after)} - {*members(before)} == {"xl/worksheets/sheet4.xml"}


def test_a_sheet_comes_to_the_front_of_sheets_of_any_kind() -> None:
    def charted(book: Any, _sheet: Any) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='表'!$C$2:$C$3"})
        page = book.add_chartsheet("图")
        page.set_chart(chart)
        page.activate()
        book.add_worksheet("末").print_area("A1:B2")

    before = build(charted)
    tag = re.search(rb'<sheet name="\xe5\x9b\xbe"[^>]*/>', members(before)["xl/workbook.xml"])
    assert tag
    package = Package.read(rewritten(before, "xl/workbook.xml", tag[0], tag[0][:-2] + b"></sheet>"))
    bring_to_front(package, "末")
    book = load(package.write())
    assert book.sheetnames == ["末", "表", "图"]
    assert (book.active.title, book["末"].print_area) == ("末", "'末'!$A$1:$B$2")
    assert [sheet.sheet_view.tabSelected for sheet in book.worksheets] == [True, None]
    assert b"tabSelected" not in members(package.write())["xl/chartsheets/sheet1.xml"]


def test_a_sheet_of_charts_has_a_name_too() -> None:
    def charted(book: Any, _sheet: Any) -> None:
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='表'!$C$2:$C$3"})
        book.add_chartsheet("变更记录").set_chart(chart)

    assert refusal(build(charted), AddSheet(donor())) == "sheet-exists"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<calcPr", b"<definedNames/><calcPr"),
        (b"<calcPr", b"<externalReferences/><calcPr"),
        (b"<workbookPr", b"<!-- <sheets> --><workbookPr"),
        (
            b"</workbook>",
            b'<extLst><ext uri="u"><q:definedNames xmlns:q="q"><q:definedName '
            b'name="F">text</q:definedName></q:definedNames>'
            b"</ext></extLst></workbook>",
        ),
    ],
    ids=["short list of names", "short list of references", "comment", "an extension's list of names"],
)
def test_a_sheet_and_its_names_are_added_to_lists_written_short(old: bytes, new: bytes) -> None:
    before = rewritten(build(), "xl/workbook.xml", old, new)
    after, made = patch(before, [AddSheet(donor())])
    check_patch(before, after, made, ["变更记录"])
    sheet = load(after)["变更记录"]
    assert (sheet.print_title_rows, sheet.print_area) == ("$1:$1", "'变更记录'!$A$1:$B$9")
    book = members(after)["xl/workbook.xml"]
    assert book.count(b"<definedNames") == 1
    assert book.find(b"<externalReferences/>") < book.find(b"<definedNames") < book.find(b"<calcPr")


def test_names_that_end_at_the_register_grow_with_it() -> None:
    def named(book: Any, sheet: Any) -> None:
        sheet.autofilter("A1:C3")
        sheet.print_area("A1:C3")
        book.define_name("事项清单", "='表'!$B$2:$B$3")
        book.define_name("别处", "='表'!$B$2:$B$2")
        book.define_name("表头", "='表'!$A$1")

    after = load(change(build(named), AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"})))
    sheet = after["表"]
    assert (sheet.print_area, sheet.auto_filter.ref) == ("'表'!$A$1:$C$5", "A1:C5")
    names = {name: each.attr_text for name, each in after.defined_names.items()}
    assert names == {"事项清单": "'表'!$B$2:$B$5", "别处": "'表'!$B$2:$B$2", "表头": "'表'!$A$1"}
    assert b"_FilterDatabase" in (
        book := members(change(build(named), AppendRow("表", 3, {1: "x"})))["xl/workbook.xml"]
    )
    assert re.search(rb"_FilterDatabase[^>]*>'?\xe8\xa1\xa8'?!\$A\$1:\$C\$4<", book)


def test_pitfall_4_the_calculation_chain_goes_only_with_a_formula() -> None:
    before = with_chain()
    kept = members(change(before, SetCell("表", 2, 2, "新")))
    assert kept["xl/calcChain.xml"] == members(before)["xl/calcChain.xml"]
    assert "xl/calcChain.xml" not in members(change(before, SetCell("表", 2, 3, 5, over_formula=True)))


def test_pitfall_10_calculated_columns_get_their_formula_in_the_new_row() -> None:
    def calculated(book: Any, sheet: Any) -> None:
        columns = [
            {"header": "编号"},
            {"header": "事项"},
            {"header": "数", "formula": "LEN(Table1[[#This Row],[事项]])"},
        ]
        sheet.add_table("A1:C3", {"columns": columns})

    after = load(change(build(calculated), AppendRow("表", 3, {1: "A-3", 2: "丙"})))["表"]
    assert after["C4"].value == after["C3"].value == "=LEN(Table1[[#This Row],[事项]])"


def test_pitfall_10_a_calculated_column_fills_the_formatted_blank_row() -> None:
    def calculated(book: Any, sheet: Any) -> None:
        columns = [{"header": "编号"}, {"header": "事项"}, {"header": "数", "formula": "$F$1*2"}]
        sheet.add_table("A1:C3", {"columns": columns})
        sheet.write_row(3, 0, ["", "", ""], book.add_format({"bold": True}))

    after = load(change(build(calculated), AppendRow("表", 3, {1: "A-3"})))["表"]
    assert (after["C4"].value, after["C4"].font.bold) == ("=$F$1*2", True)


def test_pitfall_10_a_calculated_column_that_names_cells_is_filled_down() -> None:
    formula = "$F$1*2+E2-E$2+'E3'!B2+[@[Q1]]&\"E2<\"&LOG10(E2)"

    def calculated(book: Any, sheet: Any) -> None:
        columns = [{"header": "Q1"}, {"header": "事项"}, {"header": "数"}]
        sheet.add_table("A1:C3", {"columns": columns})
        sheet.write_formula("C2", f"={formula}", None, 1)
        sheet.write_formula(
            "C3", f"={formula.replace('E2-', 'E3-').replace('B2', 'B3').replace('LOG10(E2', 'LOG10(E3')}", None, 1
        )
        book.add_worksheet("E3")

    column = (
        b"<calculatedColumnFormula>"
        + formula.replace("<", "&lt;").replace('&"', '&amp;"').replace('"&L', '"&amp;L').encode()
    )
    before = rewritten(
        build(calculated), "xl/tables/table1.xml", '<tableColumn id="3" name="数"/>'.encode(),
        '<tableColumn id="3" name="数">'.encode() + column + b"</calculatedColumnFormula></tableColumn>",
    )  # fmt: skip
    after = load(change(before, AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"})))["表"]
    assert after["C4"].value == "=$F$1*2+E4-E$2+'E3'!B4+[@[Q1]]&\"E2<\"&LOG10(E4)"
    assert after["C5"].value == "=$F$1*2+E5-E$2+'E3'!B5+[@[Q1]]&\"E2<\"&LOG10(E5)"


@pytest.mark.parametrize("ref", ["C2:C3", "C2:C2"])
def test_pitfall_10_a_calculated_column_that_shares_its_formula_is_filled_down(ref: str) -> None:
    def calculated(_book: Any, sheet: Any) -> None:
        columns = [{"header": "编号"}, {"header": "事项"}, {"header": "数", "formula": "E2*E$1"}]
        sheet.add_table("A1:C3", {"columns": columns})

    before = rewritten(build(calculated), SHEET, b"<f>E2*E$1</f>", b'<f t="shared" si="0"/>')
    first = f'<c r="C2"><f t="shared" ref="{ref}" si="0">E2*E$1</f>'.encode()
    before = rewritten(before, SHEET, b'<c r="C2"><f t="shared" si="0"/>', first)
    edits = [AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"})]
    if ref == "C2:C2":  # the shared formula that the last row refers to does not cover it
        assert refusal(before, *edits) == "calculated-column"
    else:
        sheet = load(change(before, *edits))["表"]
        assert [sheet["C4"].value, sheet["C5"].value] == ["=E4*E$1", "=E5*E$1"]


def test_pitfall_10_a_calculated_column_that_the_last_row_does_not_hold_is_refused() -> None:
    def calculated(_book: Any, sheet: Any) -> None:
        columns = [{"header": "编号"}, {"header": "事项"}, {"header": "数", "formula": "E2*2"}]
        sheet.add_table("A1:C3", {"columns": columns})
        sheet.write_number("C3", 7)

    assert refusal(build(calculated), AppendRow("表", 3, {1: "A-3"})) == "calculated-column"


def test_pitfall_10_a_column_called_like_a_cell_is_none() -> None:
    def quarterly(_book: Any, sheet: Any) -> None:
        columns = [
            {"header": "编号", "total_string": "汇总"},
            {"header": "Q1"},
            {"header": "Q2", "total_function": "sum"},
        ]
        sheet.add_table("A1:C4", {"total_row": True, "columns": columns})

    assert load(change(build(quarterly), AppendRow("表", 3, {1: "A-3"})))["表"]["C5"].value == "=SUBTOTAL(109,[Q2])"


def test_pitfall_10_the_head_of_a_table_is_refused() -> None:
    assert refusal(build(table), SetCell("表", 1, 2, "别的")) == "table-head"
    change(build(table), SetCell("表", 2, 2, "别的"))


def test_a_formula_shared_by_other_cells_stays() -> None:
    shared = rewritten(
        build(lambda book, sheet: sheet.write_formula("C2", "=1+1", None, 2)),
        "xl/worksheets/sheet1.xml", b"<f>1+1</f>", b'<f t="shared" ref="C2:C3" si="0">1+1</f>',
    )  # fmt: skip
    assert refusal(shared, SetCell("表", 2, 3, 5, over_formula=True)) == "shared-formula"


def test_pitfall_9_days_that_excel_cannot_hold_are_refused() -> None:
    assert refusal(build(), SetCell("表", 2, 2, date(1900, 2, 28))) == "date"
    change(build(), SetCell("表", 2, 2, date(1900, 3, 1)))


@pytest.mark.parametrize(
    "moment", [datetime(2022, 3, 1), datetime(2022, 3, 1, 9, 30), datetime(2022, 12, 31, 23, 59, 59)]
)
def test_a_moment_keeps_its_time_of_day(moment: datetime) -> None:
    after = change(build(), SetCell("表", 2, 2, moment))
    assert load(after)["表"]["B2"].value == moment


def test_a_sheet_without_any_row_takes_its_first() -> None:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet("表")
    book.close()
    after = load(change(target.getvalue(), SetCell("表", 2, 2, 5), AppendRow("表", 3, {1: "x"})))["表"]
    assert (after["B2"].value, after["A4"].value) == (5, "x")


def test_untouched_members_keep_the_very_bytes_they_were_packed_in() -> None:
    before = build(decorated)
    after = change(before, SetCell("表", 2, 3, 7))
    with zipfile.ZipFile(io.BytesIO(before)) as a, zipfile.ZipFile(io.BytesIO(after)) as b:
        assert [(i.filename, i.date_time, i.external_attr) for i in a.infolist()] == [
            (i.filename, i.date_time, i.external_attr) for i in b.infolist()
        ]
        for one, two in zip(a.infolist(), b.infolist(), strict=True):
            if one.filename != "xl/worksheets/sheet1.xml":
                assert (one.CRC, one.compress_size) == (two.CRC, two.compress_size)
        assert b.testzip() is None


@pytest.mark.parametrize(("old", "new"), [(-1, -2), (1, True), (0, "")])
def test_the_guard_tells_values_apart_that_python_holds_equal(old: Any, new: Any) -> None:
    before = build(lambda book, sheet: sheet.write_number("B9", old))
    after, _ = patch(before, [SetCell("表", 9, 2, new)])
    with pytest.raises(Refused, match="B9"):
        check_patch(before, after, [])


def test_the_guard_sees_a_changed_member_and_a_vanished_row() -> None:
    before = build(decorated)
    after, cells = patch(before, [SetCell("表", 2, 2, "新")])
    theme = rewritten(after, "xl/theme/theme1.xml", b"Office", b"Offixe")
    with pytest.raises(Refused, match="theme1"):
        check_patch(before, theme, cells)
    text = rewritten(after, "xl/sharedStrings.xml", "甲".encode(), "丁".encode())
    with pytest.raises(Refused, match="原有的文字"):
        check_patch(before, text, cells)
    gone = members(after)["xl/worksheets/sheet1.xml"]
    row = re.search(rb'<row r="3".*?</row>', gone)
    assert row
    with pytest.raises(Refused, match="A3"):
        check_patch(before, rewritten(after, "xl/worksheets/sheet1.xml", row[0], b""), cells)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"</row>", b'<extLst><ext uri="u"/></extLst></row>'),
        (b'<c r="C2">', b'<c r="B2"><v>1</v></c><c r="C2">'),
        (b"</row>", b"</row >"),
    ],
    ids=["row extension", "doubled cell", "blank in a closing tag"],
)
def test_pitfall_7_rows_that_would_lose_something_are_refused(old: bytes, new: bytes) -> None:
    assert refusal(rewritten(build(), SHEET, old, new), SetCell("表", 2, 2, "新")) == "unusual-markup"


@pytest.mark.parametrize(
    ("old", "new"),
    [(b'<row r="', b'<row r = "'), (b'<c r="', b'<c r = "'), (b"</sheetData>", b"</sheetData >")],
    ids=["row", "cell", "data"],
)
def test_pitfall_7_blanks_inside_tags_are_read(old: bytes, new: bytes) -> None:
    strange = rewritten(build(), SHEET, old, new)
    after = change(strange, SetCell("表", 2, 2, "新"), AppendRow("表", 3, {1: "A-3"}))
    sheet = load(after)["表"]
    assert [sheet[ref].value for ref in ("A2", "B2", "C2", "A4")] == ["A-1", "新", 1, "A-3"]


def test_pitfall_7_names_written_as_character_references() -> None:
    name = b"&#34920;"
    before = rewritten(build(), "xl/workbook.xml", 'name="表"'.encode(), b'name="%s"' % name)
    assert load(change(before, SetCell("表", 2, 2, "新")))["表"]["B2"].value == "新"


def test_pitfall_1_a_blank_row_without_cells_takes_the_looks_of_the_row_above() -> None:
    def styled(book: Any, sheet: Any) -> None:
        sheet.write_number("C3", 2, book.add_format({"num_format": "0.00"}))
        sheet.set_row(3, 40)

    sheet = load(change(build(styled), AppendRow("表", 3, {1: "A-3", 3: 3})))["表"]
    assert (sheet["C4"].number_format, sheet.row_dimensions[4].height) == ("0.00", 39.75)


def test_the_guard_refuses_what_is_not_well_formed_or_cannot_be_read() -> None:
    before = build()
    after, cells = patch(before, [SetCell("表", 2, 2, "新")])
    broken = rewritten(after, SHEET, b'<c r="B2" t="s">', b'<c r="B2" r="B2" t="s">')
    with pytest.raises(Refused, match="不合规范"):
        check_patch(before, broken, cells)
    with pytest.raises(Refused, match="第 1 行"):
        check_patch(before, rewritten(after, SHEET, b'<row r="1" ', b'<row r="1" r="1" '), cells)
    tail = rewritten(after, SHEET, b"<pageMargins ", b'<pageMargins left="1" ')
    with pytest.raises(Refused, match="格式"):
        check_patch(before, tail, cells)


def test_the_guard_refuses_what_the_reader_cannot_read(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(sheet: str) -> Any:
        raise Unreadable(sheet, ExplainedError("读不出来。"))

    before = build()
    after, cells = patch(before, [SetCell("表", 2, 2, "新")])
    monkeypatch.setattr("taizhang.splice.guard.rows_of_sheets", lambda _data: fails)
    with pytest.raises(Refused, match="〈表〉不能核对写入的结果，没有写：读不出来。"):
        check_patch(before, after, cells)


@pytest.mark.parametrize(
    ("look", "value", "shown"),
    [
        ("yyyy-mm-dd", 0.4, False),
        ("h:mm", 5, False),
        ("[h]:mm", 5, False),
        ("0%", 0.4, False),
        ('0.0"元"', 3, False),
        ("h:mm", date(2022, 3, 1), True),
        ("m月d日", date(2022, 3, 1), True),
        ("mmm", date(2022, 3, 1), True),
        ("0%", date(2022, 3, 1), True),
        ("[h]:mm:ss", date(2022, 3, 1), True),
        ('"year" 0', 7, False),
    ],
)
def test_pitfall_9_a_value_never_shows_as_something_else(look: str, value: Any, shown: bool) -> None:
    def styled(book: Any, sheet: Any) -> None:
        sheet.write_blank("E2", None, book.add_format({"num_format": look, "bold": True}))

    cell = load(change(build(styled), SetCell("表", 2, 5, value)))["表"]["E2"]
    assert (bool(cell.is_date), cell.font.b) == (shown, True)
    kept = {"0%": 0.4, '0.0"元"': 3, '"year" 0': 7, "m月d日": date(2022, 3, 1), "mmm": date(2022, 3, 1)}
    if kept.get(look) == value:
        assert cell.number_format == look


@pytest.mark.parametrize(("row", "column"), [(0, 1), (1, 0), (1_048_577, 1), (1, 16_385)])
def test_cells_outside_a_sheet_are_refused(row: int, column: int) -> None:
    assert refusal(build(), SetCell("表", row, column, "x")) == "outside"


@pytest.mark.parametrize("text", ["\ud83d", "\U0001f600" * 16_384])
def test_pitfall_6_half_characters_and_texts_too_long_for_excel_are_refused(text: str) -> None:
    assert refusal(build(), SetCell("表", 2, 2, text)) == "text"


def test_a_date_in_a_workbook_without_styles_is_refused() -> None:
    before = rewritten(build(), "xl/styles.xml", b"cellXfs", b"cellXxx")
    assert refusal(before, SetCell("表", 2, 2, date(2022, 3, 1))) == "styles"
    patch(before, [SetCell("表", 2, 2, 5)])


def test_foreign_declarations_and_strings_of_an_unknown_kind_are_refused() -> None:
    bomb = rewritten(build(), "xl/sharedStrings.xml", b"<sst ", b'<!DOCTYPE x [<!ENTITY a "b">]><sst ')
    assert refusal(bomb, SetCell("表", 2, 2, 5)) == "doctype"
    beta = rewritten(build(), "xl/sharedStrings.xml", b"si>", b"sstItem>")
    assert refusal(beta, SetCell("表", 2, 2, "x")) == "shared-strings"


def test_a_row_below_one_that_is_filtered_out_can_be_seen() -> None:
    before = build(lambda book, sheet: sheet.set_row(2, 30, None, {"hidden": True}))
    sheet = load(change(before, AppendRow("表", 3, {1: "A-3"})))["表"]
    assert (sheet.row_dimensions[3].hidden, sheet.row_dimensions[4].hidden) == (True, False)
    assert sheet.row_dimensions[4].height == sheet.row_dimensions[3].height


def test_a_blank_row_that_was_hidden_can_be_seen_once_it_is_filled() -> None:
    before = build(lambda book, sheet: sheet.set_row(3, 30, book.add_format({"bold": True}), {"hidden": True}))
    sheet = load(change(before, AppendRow("表", 3, {1: "A-3"})))["表"]
    assert (sheet["A4"].value, sheet.row_dimensions[4].hidden, sheet.row_dimensions[4].height) == ("A-3", False, 30)


ROWS = {
    "as people made it": (
        'ht="30" customHeight="1" s="1" customFormat="1" outlineLevel="1" thickTop="1"',
        'ht="30" customHeight="1" s="1" customFormat="1" outlineLevel="1" thickTop="1"',
    ),
    "below nothing": ('ht="-5" customHeight="1"', ""),
    "of no height": ('ht="0" customHeight="1"', ""),
    "too high": ('ht="409.6" customHeight="1"', ""),
    "as high as can be": ('ht="4.095E2"', 'ht="4.095E2"'),
    "no number": ('ht="NaN" customHeight="1"', ""),
    "endless": ('ht="INF"', ""),
    "a word": ('ht="自动" customHeight="true"', ""),
    "no height, its own": ('customHeight="1"', 'customHeight="1"'),
    "a style that is not there": ('s="2" customFormat="1" thickBot="1"', 'thickBot="1"'),
    "a style that is no number": ('s="x" customFormat="1"', ""),
    "too deep": ('outlineLevel="8"', ""),
    "no yes or no": ('ph="ja" thickBot="2"', ""),
    "hidden, above a folded outline": ('hidden="1" collapsed="1" outlineLevel="2"', 'outlineLevel="2"'),
    "of a newer program": ('x14ac:dyDescent="0.25" x14ac:other="1"', 'x14ac:dyDescent="0.25"'),
    "of a newer program, no number": ('x14ac:dyDescent="x"', ""),
    "with a name of its own": ('xmlns:q="q" q:dyDescent="0.25"', ""),
}


@pytest.mark.parametrize(("above", "expected"), ROWS.values(), ids=ROWS)
def test_an_appended_row_takes_over_what_a_row_may_say(above: str, expected: str) -> None:
    def bold(book: Any, sheet: Any) -> None:
        sheet.write("B3", "乙", book.add_format({"bold": True}))

    before = rewritten(build(bold), SHEET, b'<row r="3" spans="1:3"', f'<row r="3" {above}'.encode())
    before = rewritten(before, SHEET, b"<worksheet ", b'<worksheet xmlns:x14ac="x14ac" ')
    before = rewritten(before, SHEET, b'<c r="C3"', b'<c r="C3" s="7"')
    found = re.search(rb'<row r="4"([^>]*)>(.*?)</row>', members(change(before, AppendRow("表", 3, {1: "新"})))[SHEET])
    assert found
    assert found[1].decode().strip() == expected
    assert (b'<c r="B4" s="1"/>' in found[2], b"C4" in found[2]) == (True, False)


def test_a_row_that_does_not_say_its_number_says_it_once_it_is_filled() -> None:
    before = rewritten(build(), SHEET, b"</sheetData>", b'<row ht="20"><c s="0"/></row><row/></sheetData>')
    written = members(change(before, *[AppendRow("表", 3, {1: f"A-{n}"}) for n in (3, 4, 5)]))[SHEET]
    assert re.findall(rb"<row\b[^>]*>", written)[-3:] == [b'<row r="4" ht="20">', b'<row r="5">', b'<row r="6">']


def test_a_filled_row_still_says_that_an_outline_above_it_is_folded() -> None:
    blank = b'<row r="4" collapsed="1" hidden="1" ht="0" customHeight="1"><c r="A4"/></row></sheetData>'
    before = rewritten(build(), SHEET, b"</sheetData>", blank)
    after, made = patch(before, [AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"})])
    check_patch(before, after, made)
    assert re.findall(rb"<row\b[^>]*>", members(after)[SHEET])[-2:] == [b'<row r="4" collapsed="1">', b'<row r="5">']
    with pytest.raises(Refused, match="第 4 行"):
        check_patch(before, rewritten(after, SHEET, b' collapsed="1"', b""), made)


@pytest.mark.parametrize("encoding", ["GB2312", "gbk", "windows-1252", "ISO-8859-1"])
@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_part_that_says_it_is_not_utf_8_is_refused(part: str, encoding: str) -> None:
    before = rewritten(build(), part, b'encoding="UTF-8"', f'encoding="{encoding}"'.encode())
    assert refusal(before, SetCell("表", 2, 2, "新内容")) == "encoding"


def test_a_part_that_nobody_touches_may_be_in_any_encoding() -> None:
    before = rewritten(build(), "docProps/app.xml", b'encoding="UTF-8"', b'encoding="GBK"')
    change(before, SetCell("表", 2, 2, "新内容"))


def with_everything(book: Any, sheet: Any) -> None:
    decorated(book, sheet)
    sheet.write_formula("E2", "=C2*2", None, 2)
    sheet.set_row(1, 30)
    sheet.write("B3", "乙", book.add_format({"bold": True}))
    sheet.merge_range("G1:H1", "合并")
    sheet.add_table("J1:K3", {"columns": [{"header": "一"}, {"header": "二"}]})
    book.define_name("数据", "='表'!$C$1:$C$2")


SHEET, STYLES, BOOK, TYPES = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml", "[Content_Types].xml"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"<f>C2*2</f>", b"<f>C2*3</f>"),
        (SHEET, b'<c r="E2"><f>C2*2</f><v>2</v></c>', b""),
        (SHEET, b"<f>C2*2</f><v>2</v>", b"<f>C2*2</f><v>3</v>"),
        (SHEET, b"<f>C2*2</f><v>2</v>", b"<f>C2*2</f>"),
        (SHEET, b'width="34', b'width="3'),
        (SHEET, b'ht="30"', b'ht="3"'),
        (SHEET, b'<c r="B3" s="1"', b'<c r="B3"'),
        (SHEET, b'<mergeCell ref="G1:H1"/>', b'<mergeCell ref="G1:I1"/>'),
        (SHEET, b'type="dataBar"', b'type="dataBer"'),
        (SHEET, b"<legacyDrawing ", b"<legacyDrawing x='' "),
        (STYLES, b"<b/>", b"<i/>"),
        (BOOK, b"$C$1:$C$2", b"$D$1:$D$2"),
        (BOOK, b"<sheet ", b'<sheet state="hidden" '),
        (BOOK, b"<workbookPr ", b'<workbookPr date1904="0" '),
        (TYPES, b'<Default Extension="vml"', b'<Default Extension="vmx"'),
        ("xl/tables/table1.xml", b'name="Table1"', b'name="Table2"'),
    ],
)
def test_the_guard_sees_what_the_reader_does_not_show(part: str, old: bytes, new: bytes) -> None:
    before = build(with_everything)
    after, made = patch(before, [SetCell("表", 3, 3, date(2022, 3, 1)), SetCell("表", 3, 1, "新")])
    check_patch(before, after, made)
    with pytest.raises(Refused) as caught:
        check_patch(before, rewritten(after, part, old, new), made)
    assert caught.value.rule == "read-back"


def test_what_reaches_over_a_part_of_the_new_rows_reaches_over_all_of_them() -> None:
    def ready_for_one_more(book: Any, sheet: Any) -> None:
        sheet.autofilter("A1:C4")
        sheet.data_validation("B2:B4", {"validate": "any", "input_message": "事项"})
        sheet.data_validation("C4", {"validate": "any", "input_message": "只有这一格"})
        sheet.data_validation("C9:C20", {"validate": "any", "input_message": "别处"})
        book.define_name("数据", "='表'!$C$2:$C$4")
        book.define_name("很长", "='表'!$C$2:$C$400")

    book = load(change(build(ready_for_one_more), *[AppendRow("表", 3, {1: f"A-{n}"}) for n in (3, 4, 5)]))
    assert book["表"].auto_filter.ref == "A1:C6"
    assert [str(each.sqref) for each in book["表"].data_validations.dataValidation] == ["B2:B6", "C4", "C9:C20"]
    assert {name: each.attr_text for name, each in book.defined_names.items()} == {
        "数据": "'表'!$C$2:$C$6",
        "很长": "'表'!$C$2:$C$400",
    }


def test_a_table_with_a_blank_last_row_holds_every_new_row() -> None:
    def with_blank_row(_book: Any, sheet: Any) -> None:
        sheet.add_table("A1:C4", {"columns": [{"header": head} for head in ("编号", "事项", "数")]})

    book = load(change(build(with_blank_row), AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"})))
    assert book["表"].tables["Table1"].ref == "A1:C5"


def test_a_workbook_with_a_prefix_that_stands_for_nothing_is_refused() -> None:
    def named(book: Any, _sheet: Any) -> None:
        book.define_name("数据", "='表'!$C$2:$C$3")

    before = rewritten(build(named), BOOK, b"<workbookPr ", b'<workbookPr odd:x="1" ')
    after, made = patch(before, [AppendRow("表", 3, {1: "A-3"})])
    with pytest.raises(Refused, match="不合规范"):
        check_patch(before, after, made)


def test_a_sheet_written_oddly_may_hold_formulas_of_the_one_that_changes() -> None:
    def summed(book: Any, _sheet: Any) -> None:
        book.add_worksheet("汇总").write_formula("B3", "=SUM('表'!C2:C9)", None, 3)

    part = "xl/worksheets/sheet2.xml"
    before = rewritten(build(summed), part, b"<sheetData>", b'<sheetData xmlns:q="q">')
    after, made = patch(before, [SetCell("表", 2, 3, 7)])
    check_patch(before, after, made)
    assert b"<v>" not in members(after)[part]
    with pytest.raises(Refused, match="汇总"):
        check_patch(before, rewritten(after, part, b"SUM", b"MAX"), made)


@pytest.mark.parametrize(
    ("result", "cell"),
    [
        (1, b't="b"><f>C2*2</f><v>1</v>'),
        (1, b't="str"><f>C2*2</f><v>1</v>'),
        (True, b"><f>C2*2</f><v>1</v>"),
        ("1", b"><f>C2*2</f><v>1</v>"),
    ],
)
def test_the_guard_tells_results_apart_that_python_holds_equal(result: Any, cell: bytes) -> None:
    """A formula's markup is compared without its result, which reading covers."""
    before = build(lambda book, sheet: sheet.write_formula("E2", "=C2*2", None, result))
    after, made = patch(before, [SetCell("表", 3, 3, 7)])
    check_patch(before, after, made)
    stored = re.search(rb'<c r="E2"([^>]*><f>C2\*2</f><v>[^<]*</v>)', members(after)[SHEET])
    assert stored
    with pytest.raises(Refused, match="E2 意外变化"):
        check_patch(before, rewritten(after, SHEET, stored[1], b" " + cell), made)


@pytest.mark.parametrize(
    ("value", "other"),
    [
        (True, b'<c r="C3"><v>1</v></c>'),
        (False, b'<c r="C3"><v>0</v></c>'),
        (1, b'<c r="C3" t="b"><v>1</v></c>'),
        (1, b'<c r="C3" t="str"><v>1</v></c>'),
        (2, b'<c r="C3"><v>2.5</v></c>'),
        (None, b'<c r="C3"><v>0</v></c>'),
    ],
)
def test_the_guard_tells_what_was_written_from_what_python_holds_equal(value: Any, other: bytes) -> None:
    before = build()
    after, made = patch(before, [SetCell("表", 3, 3, value)])
    check_patch(before, after, made)
    written = re.search(rb'<c r="C3".*?(?:</c>|/>)', members(after)[SHEET])
    assert written
    with pytest.raises(Refused, match="C3 读回来不对"):
        check_patch(before, rewritten(after, SHEET, written[0], other), made)
