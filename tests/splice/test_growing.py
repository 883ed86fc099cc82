"""Ranges that grow with appended rows: decided by each range's purpose, verified independently by read-back."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.ledgers import load
from support.packages import members, rewritten
from support.spliced import build, change
from taizhang.splice import AppendRow, Refused, RemoveRows, SetCell, check_patch, patch

SHEET, BOOK, CHART = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/charts/chart1.xml"
TWO = [AppendRow("表", 3, {1: "A-3"}), AppendRow("表", 3, {1: "A-4"})]
"""The register of ``build`` has a head in row 1 and its last row in row 3; it grows to row 5."""

X14 = (
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
)


def extension(inside: str) -> str:
    return f'<extLst><ext uri="{{05C60535}}" {X14}>{inside}</ext></extLst>'


def behind_rows(markup: str) -> bytes:
    return rewritten(build(), SHEET, b"</sheetData>", b"</sheetData>" + markup.encode())


RANGES = {
    "a filter": ('<autoFilter ref="A1:C3"/>', '<autoFilter ref="A1:C5"/>'),
    "a filter in a saved view": (
        (
            '<customSheetViews><customSheetView guid="{0}"><selection sqref="A3"/><autoFilter '
            'ref="A1:C3"/></customSheetView></customSheetViews>'
        ),
        (
            '<customSheetViews><customSheetView guid="{0}"><selection sqref="A3"/><autoFilter '
            'ref="A1:C5"/></customSheetView></customSheetViews>'
        ),
    ),
    "what was sorted by": (
        '<autoFilter ref="A1:C3"><sortState ref="A2:C3"><sortCondition ref="B2:B3"/></sortState></autoFilter>',
        '<autoFilter ref="A1:C5"><sortState ref="A2:C5"><sortCondition ref="B2:B5"/></sortState></autoFilter>',
    ),
    "a row that was sorted by from left to right": (
        '<sortState columnSort="1" ref="A2:C3"><sortCondition ref="A3:C3"/></sortState>',
        '<sortState columnSort="1" ref="A2:C5"><sortCondition ref="A3:C3"/></sortState>',
    ),
    "a rule": (
        '<conditionalFormatting sqref="C3 A2:B3 E9"><cfRule type="x"/></conditionalFormatting>',
        '<conditionalFormatting sqref="C3:C5 A2:B5 E9"><cfRule type="x"/></conditionalFormatting>',
    ),
    "a rule of newer kinds": (
        extension(
            '<x14:conditionalFormatting><x14:cfRule type="x"/><xm:sqref>C2:C3</xm:sqref></x14:conditionalFormatting>'
        ),
        extension(
            '<x14:conditionalFormatting><x14:cfRule type="x"/><xm:sqref>C2:C5</xm:sqref></x14:conditionalFormatting>'
        ),
    ),
    "an error that is passed over": ('<ignoredError sqref="C2:C3"/>', '<ignoredError sqref="C2:C5"/>'),
    "what may be written in a locked sheet": (
        '<protectedRange sqref="A2:C3" name="填报"/><protectedRange sqref="D3" name="一行"/>',
        '<protectedRange sqref="A2:C5" name="填报"/><protectedRange sqref="D3" name="一行"/>',
    ),
    "choices": ('<dataValidation sqref="C2:C3"/>', '<dataValidation sqref="C2:C5"/>'),
    "choices whose hint holds a sign of markup": (
        '<dataValidation prompt="大于 > 小于" sqref="C2:C3"/>',
        '<dataValidation prompt="大于 > 小于" sqref="C2:C5"/>',
    ),
    "choices whose hint looks like markup": (
        """<dataValidation prompt='写 sqref="C2:C3" 的' sqref="C2:C3"/>""",
        """<dataValidation prompt='写 sqref="C2:C3" 的' sqref="C2:C5"/>""",
    ),
    "choices above others": (
        '<dataValidation sqref="C2:C3"/><dataValidation sqref="C5:C9"/>',
        '<dataValidation sqref="C2:C4"/><dataValidation sqref="C5:C9"/>',
    ),
    "choices right above others": (
        '<dataValidation sqref="C2:C3"/><dataValidation sqref="B4 C4:C9"/>',
        '<dataValidation sqref="C2:C3"/><dataValidation sqref="B4 C4:C9"/>',
    ),
    "choices above others of a newer kind": (
        '<dataValidation sqref="C2:C3"/>'
        + extension("<x14:dataValidation><xm:f>1</xm:f><xm:sqref>A4:D4</xm:sqref></x14:dataValidation>"),
        '<dataValidation sqref="C2:C3"/>'
        + extension("<x14:dataValidation><xm:f>1</xm:f><xm:sqref>A4:D4</xm:sqref></x14:dataValidation>"),
    ),
    "choices of a newer kind above others": (
        '<dataValidation sqref="C5"/>'
        + extension("<x14:dataValidation><xm:sqref>C2:C3</xm:sqref></x14:dataValidation>"),
        '<dataValidation sqref="C5"/>'
        + extension("<x14:dataValidation><xm:sqref>C2:C4</xm:sqref></x14:dataValidation>"),
    ),
    "choices wider than what begins below": (
        '<dataValidation sqref="A2:E3"/><dataValidation sqref="B5:C9"/><dataValidation sqref="D4"/>',
        '<dataValidation sqref="A2:E3 A4:A5 B4:C4 E4:E5"/><dataValidation sqref="B5:C9"/><dataValidation sqref="D4"/>',
    ),
    "choices whose list goes on": ('<dataValidation sqref="C2:C3 C5:C9"/>', '<dataValidation sqref="C2:C4 C5:C9"/>'),
    "choices that others share cells with": (
        '<dataValidation sqref="C2:C3"/><dataValidation sqref="A3:C3"/><dataValidation sqref="C3:C9"/>',
        '<dataValidation sqref="C2:C5"/><dataValidation sqref="A3:C5"/><dataValidation sqref="C3:C9"/>',
    ),
    "where a sparkline stands": (
        extension("<x14:sparkline><xm:f>表!A2:C2</xm:f><xm:sqref>D3</xm:sqref></x14:sparkline>"),
        extension("<x14:sparkline><xm:f>表!A2:C2</xm:f><xm:sqref>D3</xm:sqref></x14:sparkline>"),
    ),
    "what nobody knows": (
        '<selection sqref="C3"/><cellWatch r="C3"/><inputCells r="C3"/><dataRef ref="A1:C3"/><phoneticPr ref="A1:C3"/>'
        + extension("<x99:new><xm:sqref>C3</xm:sqref></x99:new>").replace("<ext ", '<ext xmlns:x99="x99" '),
        '<selection sqref="C3"/><cellWatch r="C3"/><inputCells r="C3"/><dataRef ref="A1:C3"/><phoneticPr ref="A1:C3"/>'
        + extension("<x99:new><xm:sqref>C3</xm:sqref></x99:new>").replace("<ext ", '<ext xmlns:x99="x99" '),
    ),
}


@pytest.mark.parametrize(("before", "after"), RANGES.values(), ids=RANGES)
def test_ranges_of_a_sheet(before: str, after: str) -> None:
    written = members(change(behind_rows(before), *TWO))[SHEET].decode()
    assert written[written.index("</sheetData>") + 12 :].startswith(after)


def named(*names: str) -> bytes:
    markup = f"<definedNames>{''.join(names)}</definedNames><calcPr"
    return rewritten(build(), BOOK, b"<calcPr", markup.encode())


NAMES = {
    "people's own": ('name="数据"', "表!$A$2:$C$3", "表!$A$2:$C$5"),
    "of one row, people's own": ('name="最后一行"', "表!$A$3:$C$3", "表!$A$3:$C$3"),
    "of one row, that speaks of another": (
        """comment=' name="_xlnm.Print_Area"' name="一行" """,
        "表!$A$3:$C$3",
        "表!$A$3:$C$3",
    ),
    "of several ranges": ('name="两列"', "表!$A$2:$A$3,'表'!$C$2:$C$3", "表!$A$2:$A$5,'表'!$C$2:$C$5"),
    "what is printed": ('name="_xlnm.Print_Area" localSheetId="0"', "表!$A$1:$C$3", "表!$A$1:$C$5"),
    "several that are printed": (
        'name="_xlnm.Print_Area" localSheetId="0"',
        "表!$A$1:$A$3,表!$C$1:$C$3,表!$E$3:$F$3,表!$H:$I",
        "表!$A$1:$A$5,表!$C$1:$C$5,表!$E$3:$F$3,表!$H:$I",
    ),
    "printed above another page": (
        'name="_xlnm.Print_Area" localSheetId="0"',
        "表!$A$1:$C$3,表!$A$5:$C$9",
        "表!$A$1:$C$4,表!$A$5:$C$9",
    ),
    "filtered": ('name="_xlnm._FilterDatabase" localSheetId="0" hidden="1"', "表!$A$1:$C$3", "表!$A$1:$C$5"),
    "filtered in a saved view": (
        'name="Z_0A1B_.wvu.FilterData" localSheetId="0" hidden="1"',
        "表!$A$1:$C$3",
        "表!$A$1:$C$5",
    ),
    "hidden rows of a saved view": (
        'name="Z_0A1B_.wvu.Rows" localSheetId="0" hidden="1"',
        "表!$A$2:$C$3",
        "表!$A$2:$C$3",
    ),
    "repeated heads": ('name="_xlnm.Print_Titles" localSheetId="0"', "表!$A$1:$C$3", "表!$A$1:$C$3"),
    "what is looked for": ('name="_xlnm.Criteria" localSheetId="0"', "表!$A$2:$C$3", "表!$A$2:$C$3"),
    "where it is copied": ('name="_xlnm.Extract" localSheetId="0"', "表!$A$2:$C$3", "表!$A$2:$C$3"),
    "of a newer chart": ('name="_xlchart.v1.0" hidden="1"', "表!$A$2:$C$3", "表!$A$2:$C$3"),
    "of a data model": ('name="_xlcn.WorksheetConnection_表"', "表!$A$2:$C$3", "表!$A$2:$C$3"),
    "of a query": ('name="ExternalData_1" localSheetId="0"', "表!$A$2:$C$3", "表!$A$2:$C$3"),
    "of a program, hidden": ('name="solver_adj" hidden="1"', "表!$A$2:$C$3", "表!$A$2:$C$3"),
    "a formula": ('name="算式"', "IF(1,表!$A$2:$A$3,0)", "IF(1,表!$A$2:$A$3,0)"),
    "on another sheet": ('name="别处"', "别的表!$A$2:$A$3", "别的表!$A$2:$A$3"),
}


@pytest.mark.parametrize(("attributes", "before", "after"), NAMES.values(), ids=NAMES)
def test_names(attributes: str, before: str, after: str) -> None:
    written = members(change(named(f"<definedName {attributes}>{before}</definedName>"), *TWO))[BOOK].decode()
    assert re.findall(r"<definedName [^>]*>([^<]*)<", written) == [after]


def test_names_end_above_rows_that_are_gone_where_they_mean_a_registers_rows() -> None:
    before = named(
        "<definedName name='_xlnm.Print_Area' localSheetId='0'>表!$A$1:$A$3,表!$C$1:$C$3</definedName>",
        "<definedName name='_xlchart.v1.0' hidden='1'>表!$A$1:$C$3</definedName>",
    )
    written = members(change(before, RemoveRows("表", frozenset({3}))))[BOOK].decode()
    assert re.findall(r"<definedName [^>]*>([^<]*)<", written) == ["表!$A$1:$A$2,表!$C$1:$C$2", "表!$A$1:$C$3"]


def charted(book: Any, sheet: Any) -> None:
    chart = book.add_chart({"type": "column"})
    chart.add_series({"name": "='表'!$A$2:$A$3", "categories": "='表'!$B$2:$B$3", "values": "='表'!$C$2:$C$3"})
    chart.add_series({"values": "='表'!$A$3:$C$3"})
    sheet.insert_chart("F2", chart)


def test_series_that_run_down_the_sheet_grow_and_neither_titles_nor_rows() -> None:
    written = members(change(build(charted), *TWO))[CHART].decode()
    assert re.findall(r"<c:f>([^<]*)<", written) == [
        "'表'!$A$2:$A$3", "'表'!$B$2:$B$5", "'表'!$C$2:$C$5", "'表'!$A$3:$C$3",
    ]  # fmt: skip


def everything() -> bytes:
    """A workbook with one range of every kind."""

    def write(book: Any, sheet: Any) -> None:
        charted(book, sheet)
        sheet.autofilter("A1:C3")
        sheet.conditional_format("C2:C3", {"type": "data_bar", "bar_solid": True})
        sheet.data_validation("A2:B3", {"validate": "any", "input_message": "甲"})
        sheet.data_validation("B5:B9", {"validate": "any", "input_message": "乙"})
        sheet.add_sparkline("G3", {"range": "表!A2:C2"})
        sheet.add_table("I1:J3", {"columns": [{"header": "一"}, {"header": "二"}]})
        sheet.print_area("A1:C3")
        book.define_name("一行", "='表'!$A$3:$C$3")
        book.define_name("数据", "='表'!$C$2:$C$3")

    return build(write)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        (SHEET, b"<xm:sqref>G3<", b"<xm:sqref>G3:G5<"),
        (SHEET, b"<xm:sqref>G3<", b"<xm:sqref>G5<"),
        (SHEET, b'sqref="A2:B4 A5"', b'sqref="A2:B5"'),
        (SHEET, b'sqref="A2:B4 A5"', b'sqref="A2:B4 C5"'),
        (SHEET, b'sqref="A2:B4 A5"', b'sqref="A2:B4 A5 A6"'),
        (SHEET, b'sqref="A2:B4 A5"', b'sqref="A2:A5"'),
        (SHEET, b'sqref="B5:B9"', b'sqref="B5:B10"'),
        (SHEET, b'<autoFilter ref="A1:C5"', b'<autoFilter ref="A1:C6"'),
        (SHEET, b'<autoFilter ref="A1:C5"', b'<autoFilter ref="A1:C2"'),
        (SHEET, b'<autoFilter ref="A1:C5"', b'<autoFilter ref="A1:D5"'),
        ("xl/tables/table1.xml", b'ref="I1:J5"', b'ref="I1:J6"'),
        ("xl/tables/table1.xml", b'ref="I1:J5"', b'ref="I2:J5"'),
        (BOOK, b"$A$3:$C$3<", b"$A$3:$C$5<"),
        (BOOK, b"$C$2:$C$5<", b"$C$2:$C$6<"),
        (BOOK, b"$C$2:$C$5<", b"$B$2:$C$5<"),
        (CHART, b"<c:tx><c:strRef><c:f>'\xe8\xa1\xa8'!$A$2:$A$3<", b"<c:tx><c:strRef><c:f>'\xe8\xa1\xa8'!$A$2:$A$5<"),
        (CHART, b"$A$3:$C$3<", b"$A$3:$C$5<"),
        (CHART, b"$C$2:$C$5<", b"$C$2:$C$7<"),
    ],
)
def test_the_reading_back_knows_by_itself_what_may_grow(part: str, old: bytes, new: bytes) -> None:
    before = everything()
    after, made = patch(before, TWO)
    check_patch(before, after, made)
    with pytest.raises(Refused) as caught:
        check_patch(before, rewritten(after, part, old, new), made)
    assert caught.value.rule == "read-back"


def test_the_reading_back_sees_a_hint_that_changed_where_it_looks_like_a_range() -> None:
    before = behind_rows("""<dataValidation prompt=' ref="C2:C3"' sqref="C2:C3"/>""")
    after, made = patch(before, TWO)
    check_patch(before, after, made)
    with pytest.raises(Refused):
        check_patch(before, rewritten(after, SHEET, b'ref="C2:C3"', b'ref="C2:C5"'), made)


def test_nothing_grows_over_rows_that_nobody_wrote() -> None:
    before = everything()
    after, made = patch(before, [SetCell("表", 3, 1, "改")])
    for part, old, new in (
        (SHEET, b'<autoFilter ref="A1:C3"', b'<autoFilter ref="A1:C4"'),
        (BOOK, b"$C$2:$C$3<", b"$C$2:$C$4<"),
        ("xl/tables/table1.xml", b'ref="I1:J3"', b'ref="I1:J4"'),
    ):
        with pytest.raises(Refused):
            check_patch(before, rewritten(after, part, old, new), made)


def test_the_new_rows_have_the_choices_of_the_row_above_where_none_begin_below() -> None:
    sheet = load(change(everything(), *TWO))["表"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["A2:B4 A5", "B5:B9"]
