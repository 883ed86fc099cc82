"""A column is added at the right of a register: in its looks, filtered, sorted and printed with it, over nothing."""

from __future__ import annotations

import io
import re
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from support.ledgers import load
from support.packages import members, rewritten, strictly
from support.spliced import build, change
from support.thorough import few_or_all
from taizhang.splice import AddColumn, AppendRow, Prompt, Refused, SetCell, check_patch, free_columns, patch
from taizhang.workbook.reader import read_workbook

SHEET1 = "xl/worksheets/sheet1.xml"
NEW = AddColumn("表", 1, 4, "新列", first=1, last=3, head_like=2, cells_like=2, width=10)
PROMPT = Prompt("新列", "写 <一> & 二", '"甲,乙"')


def free(data: bytes, most: int = 1) -> list[int]:
    columns = free_columns(data, "表", 1, 3)
    return [next(columns) for _ in range(most)]


def refusal(data: bytes, *edits: AddColumn) -> str:
    with pytest.raises(Refused) as caught:
        patch(data, edits or [NEW])
    return caught.value.rule


def looked(book: Any, sheet: Any) -> None:
    """A register as an office has it: colours, widths, a filter, rules, a dropdown and a print area."""
    head, plain = book.add_format({"bg_color": "#0000FF"}), book.add_format({"border": 1})
    red = book.add_format({"bg_color": "#FF0000"})
    sheet.write_row(0, 0, ("编号", "事项", "数"), head)
    sheet.write_row(1, 0, ("A-1", "甲", 1), plain)
    sheet.write_row(2, 0, ("A-2", "乙", 2), plain)
    sheet.write_string(3, 1, "丙", red)
    sheet.write_row(4, 0, ("A-4", "丁", 4), plain)
    sheet.set_column(1, 1, 33, plain)
    sheet.autofilter("A1:C5")
    sheet.conditional_format("A2:C9", {"type": "formula", "criteria": "=COUNTA($A2:$C2)>0", "format": plain})
    sheet.conditional_format("C2:C9", {"type": "data_bar", "bar_solid": True})
    sheet.data_validation("B2:B9", {"validate": "list", "source": ["甲", "乙"]})
    sheet.print_area("A1:C9")


def test_a_column_takes_the_looks_of_its_neighbours_and_everything_for_whole_rows_reaches_to_it() -> None:
    before = build(looked)
    after = change(before, replace(NEW, prompt=PROMPT, prompted=99))
    a, b = members(before), members(after)
    assert {name for name in a if a[name] != b[name]} == {"xl/workbook.xml", SHEET1, "xl/sharedStrings.xml"}
    assert list(a) == list(b)
    sheet = load(after)["表"]
    assert [sheet.cell(row, 4).value for row in range(1, 6)] == ["新列", None, None, None, None]
    assert sheet["D1"].fill.fgColor.rgb == sheet["B1"].fill.fgColor.rgb == "FF0000FF"
    # One cell that somebody has painted is no look of the column.
    assert [(sheet.cell(row, 4).border.left.style, sheet.cell(row, 4).fill.fgColor.rgb) for row in (2, 4)] == [
        ("thin", "00000000"), ("thin", "00000000"),
    ]  # fmt: skip
    width = sheet.column_dimensions["D"]
    assert (round(width.width, 2), width.hidden, width.border.left.style) == (10.71, False, "thin")
    assert (sheet.auto_filter.ref, sheet.dimensions) == ("A1:D5", "A1:D5")
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["A2:D9", "C2:C9"]
    assert sheet.print_area == "'表'!$A$1:$D$9"
    own = sheet.data_validations.dataValidation[1]
    assert (str(own.sqref), own.type, own.errorStyle, own.formula1) == ("D2:D99", "list", "warning", '"甲,乙"')
    assert (own.promptTitle, own.prompt, own.showInputMessage) == ("新列", "写 <一> & 二", True)
    assert sheet.column_dimensions["B"].width == load(before)["表"].column_dimensions["B"].width


def test_columns_are_added_one_after_the_other() -> None:
    before = build(looked)
    first, second = free(before, 2)
    after = change(before, NEW, replace(NEW, column=second, head="又一列"))
    sheet = load(after)["表"]
    assert (first, second, sheet["D1"].value, sheet["E1"].value, sheet.auto_filter.ref) == (
        4,
        5,
        "新列",
        "又一列",
        "A1:E5",
    )
    assert free(after) == [6]


def test_rows_added_afterwards_have_the_column_too() -> None:
    after = change(change(build(looked), NEW), AppendRow("表", 5, {1: "A-5", 4: "晴"}))
    sheet = load(after)["表"]
    assert (sheet["D6"].value, sheet["D6"].border.left.style, sheet.auto_filter.ref) == ("晴", "thin", "A1:D6")


def test_users_columns_stay_and_the_new_one_comes_after_them() -> None:
    def own(book: Any, sheet: Any) -> None:
        looked(book, sheet)
        sheet.write_string("E1", "我的列")
        sheet.write_string("E2", "别动")

    before = build(own)
    assert free(before) == [6]
    sheet = load(change(before, replace(NEW, column=6)))["表"]
    assert (sheet["E2"].value, sheet["F1"].value, sheet.auto_filter.ref) == ("别动", "新列", "A1:F5")


TAKEN = {
    "a value below": lambda book, sheet: sheet.write_string("D9", "合计"),
    "a formula below": lambda book, sheet: sheet.write_formula("D9", "=SUM(C2:C3)"),
    "white space": lambda book, sheet: sheet.write_string("D3", " "),
    "a merged head": lambda book, sheet: sheet.merge_range("C1:D1", "数", None),
    "merged cells below": lambda book, sheet: sheet.merge_range("D7:D8", "", None),
    "a comment": lambda book, sheet: sheet.write_comment("D2", "看"),
    "a link": lambda book, sheet: sheet.write_url("D2", "internal:'表'!A1", string=""),
    "a sparkline": lambda book, sheet: sheet.add_sparkline("D2", {"range": "表!C2:C3"}),
    "a picture": lambda book, sheet: sheet.insert_textbox("D2", "说明", {"width": 60, "height": 20}),
}


@pytest.mark.parametrize("write", TAKEN.values(), ids=TAKEN.keys())
def test_a_column_in_which_anything_stands_is_not_taken(write: Any) -> None:
    before = build(write)
    number = free(before)[0]
    assert number > 4
    assert refusal(before) == "column-taken"
    change(before, replace(NEW, column=number))


def test_what_stands_above_the_heads_is_in_nobodys_way_and_neither_are_blank_cells() -> None:
    def titled(book: Any, sheet: Any) -> None:
        sheet.merge_range("A5:F5", "", None)
        sheet.write_row("A6", ("编号", "事项", "数"))
        sheet.write_row("A7", ("A-1", "甲", 1))
        sheet.write_string("D4", "单位：件")
        sheet.write_blank("D6", None, book.add_format({"bg_color": "#00FF00"}))
        sheet.write_blank("D7", None, book.add_format({"bg_color": "#00FF00"}))

    before = build(titled)
    columns = free_columns(before, "表", 6, 3)
    assert next(columns) == 4
    sheet = load(change(before, replace(NEW, head_row=6)))["表"]
    assert (sheet["D6"].value, sheet["D7"].fill.fgColor.rgb) == ("新列", "FF00FF00")


def test_hidden_columns_at_the_right_stay_hidden_but_the_new_one_shows() -> None:
    def hidden(book: Any, sheet: Any) -> None:
        sheet.set_column("D:XFD", 5, None, {"hidden": True})

    cols = re.findall(rb"<col [^<>]*>", members(change(build(hidden), replace(NEW, head_like=1)))[SHEET1])
    assert [re.findall(rb'(?:min|max|hidden)="(\d+)"', each) for each in cols] == [[b"4", b"4"], [b"5", b"16384", b"1"]]
    assert [re.findall(rb' width="([\d.]+)"', each) for each in cols] == [[b"10.7142857"], [b"5.7109375"]]


def test_a_column_between_two_widths_splits_their_range() -> None:
    def wide(book: Any, sheet: Any) -> None:
        sheet.set_column("B:F", 20)
        sheet.set_column("H:H", 5)

    cols = re.findall(rb'<col min="(\d+)" max="(\d+)" width="([\d.]+)"', members(change(build(wide), NEW))[SHEET1])
    assert cols == [
        (b"2", b"3", b"20.7109375"), (b"4", b"4", b"10.7142857"), (b"5", b"6", b"20.7109375"),
        (b"8", b"8", b"5.7109375"),
    ]  # fmt: skip


@pytest.mark.parametrize("after", [b"<pageMargins", b"<hyperlinks"])
def test_prompts_come_where_the_schema_has_them(after: bytes) -> None:
    def linked(book: Any, sheet: Any) -> None:
        sheet.merge_range("A8:B8", "", None)
        if after == b"<hyperlinks":
            sheet.write_url("A2", "https://example.org")

    xml = members(change(build(linked), replace(NEW, prompt=PROMPT, prompted=9)))[SHEET1]
    assert re.search(rb"</mergeCells><dataValidations count=\"1\">.*</dataValidations>" + after, xml)


def test_a_validation_that_stands_there_already_stays_the_only_one() -> None:
    def validated(book: Any, sheet: Any) -> None:
        sheet.data_validation("A5:XFD9", {"validate": "any", "input_message": "看"})

    before = build(validated)
    after = change(before, replace(NEW, prompt=PROMPT, prompted=99))
    assert len(load(after)["表"].data_validations.dataValidation) == 1
    assert load(after)["表"]["D1"].value == "新列"


def test_a_filter_or_a_print_area_of_other_columns_stays() -> None:
    def narrow(book: Any, sheet: Any) -> None:
        sheet.autofilter("A1:B3")
        sheet.print_area("A1:H9")

    sheet = load(change(build(narrow), NEW))["表"]
    assert (sheet.auto_filter.ref, sheet.print_area) == ("A1:B3", "'表'!$A$1:$H$9")


def test_a_print_area_of_whole_columns_reaches_to_the_new_one() -> None:
    before = build(lambda book, sheet: sheet.print_area("A1:C9"))
    whole = rewritten(before, "xl/workbook.xml", "表!$A$1:$C$9".encode(), "表!$A:$C".encode())
    assert b"!$A:$D<" in members(change(whole, NEW))["xl/workbook.xml"]


def test_a_formula_that_counts_heads_is_recalculated_and_others_keep_their_results() -> None:
    def formulas(book: Any, sheet: Any) -> None:
        other = book.add_worksheet("汇总")
        other.write_formula("A1", "=COUNTA('表'!1:1)", None, 3)
        other.write_formula("A2", "=COUNTA('表'!2:3)", None, 6)

    after = members(change(build(formulas), NEW))["xl/worksheets/sheet2.xml"]
    assert re.findall(rb"<v>(\d+)</v>", after) == [b"6"]


def with_table(more: Any = None, **options: Any) -> bytes:
    def write(book: Any, sheet: Any) -> None:
        heads = [{"header": "编号"}, {"header": "事项"}, {"header": "数", "total_function": "sum"}]
        sheet.add_table("A1:C4", {"columns": heads, "data": [["A-1", "甲", 1], ["A-2", "乙", 2]], **options})
        if more:
            more(book, sheet)

    return build(write)


def test_a_table_gets_the_column() -> None:
    before = with_table(total_row=True)
    sheet = load(change(before, NEW, replace(NEW, column=5, head="又一列")))["表"]
    (table,) = sheet.tables.values()
    assert (table.ref, table.autoFilter.ref, table.totalsRowCount) == ("A1:E4", "A1:E3", 1)
    assert [(each.id, each.name) for each in table.tableColumns] == [
        (1, "编号"), (2, "事项"), (3, "数"), (4, "新列"), (5, "又一列"),
    ]  # fmt: skip
    assert (sheet["D1"].value, sheet["E1"].value) == ("新列", "又一列")


def test_a_table_that_the_column_cannot_join_is_refused_with_the_cure() -> None:
    beside = with_table(lambda book, sheet: sheet.write_string("D2", "我的"))
    with pytest.raises(Refused, match=r"〈表〉是表格（Ctrl\+T），右边紧挨着的一列不空.*再运行"):
        free(beside)
    queried = rewritten(with_table(), "xl/tables/table1.xml", b" ref=", b' tableType="queryTable" ref=')
    named = rewritten(with_table(), "xl/tables/table1.xml", "数".encode(), "新列".encode())
    assert (refusal(queried), refusal(named)) == ("table-column", "table-column")
    headless = with_table(header_row=False)
    assert refusal(headless) == "table-column"


def test_a_table_or_a_pivot_between_is_refused_since_the_filter_could_not_reach_over_it() -> None:
    def other(book: Any, sheet: Any) -> None:
        sheet.add_table("D5:E7", {"columns": [{"header": "甲"}, {"header": "乙"}]})

    with pytest.raises(Refused, match=r"〈表〉右边有表格、透视表或数组公式.*请把它移到别的表"):
        free(build(other))
    array = build(lambda book, sheet: sheet.write_array_formula("D2:D3", "{=C2:C3*2}"))
    assert refusal(array) == "table-beside"
    below = build(lambda book, sheet: sheet.add_table("A9:B11", {"columns": [{"header": "甲"}, {"header": "乙"}]}))
    assert free(below) == [4]


def test_unusual_markup_is_refused() -> None:
    before = rewritten(build(), SHEET1, b"</sheetData>", b"</sheetData><!-- x -->")
    assert refusal(before) == "unusual-markup"


def test_on_a_protected_sheet_the_column_is_as_open_as_its_neighbour() -> None:
    def protected(book: Any, sheet: Any) -> None:
        sheet.write_string("B2", "甲", book.add_format({"locked": False}))
        sheet.write_string("B3", "乙", book.add_format({"locked": False}))
        sheet.protect()

    sheet = load(change(build(protected), NEW))["表"]
    assert (sheet["D2"].protection.locked, sheet["D1"].protection.locked, sheet.protection.sheet) == (False, True, True)


def prefixed(data: bytes) -> bytes:
    sheet = members(data)[SHEET1]
    long = re.sub(rb"<(/?)(?=\w+[\s/>])", rb"<\1x:", sheet).replace(b"<x:worksheet xmlns=", b"<x:worksheet xmlns:x=")
    return rewritten(data, SHEET1, sheet, b"\xef\xbb\xbf" + long)


def inlined(data: bytes) -> bytes:
    return build(looked, constant_memory=True)


def by_openpyxl(data: bytes) -> bytes:
    target = io.BytesIO()
    load(data).save(target)
    return target.getvalue()


def without_columns(data: bytes) -> bytes:
    return rewritten(data, SHEET1, re.findall(rb"<cols>.*</cols>", members(data)[SHEET1])[0], b"<cols/>")


def without_styles(data: bytes) -> bytes:
    bare = re.sub(rb' (?:s|style)="\d+"', b"", members(data)[SHEET1])
    return rewritten(data, SHEET1, members(data)[SHEET1], bare)


MAKERS = [prefixed, strictly, inlined, by_openpyxl, without_columns, without_styles]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_workbooks_of_other_makers(make: Any) -> None:
    before = make(build(looked))
    after = change(before, replace(NEW, prompt=PROMPT, prompted=99), replace(NEW, column=5, head="又一列"))
    old, new = (read_workbook(Path("台账.xlsx"), data).by_name["表"].rows for data in (before, after))
    assert [*new] == [[*old[0], "新列", "又一列"], *([*row, "", ""] for row in old[1:])]
    part = next(name for name in members(after) if name.endswith("worksheets/sheet1.xml"))
    xml = members(after)[part]
    assert re.findall(rb'<(?:x:)?autoFilter ref="([^"]*)"', xml) == [b"A1:E5"]
    assert b'sqref="D2:D99"' in xml


@pytest.mark.slow
def test_a_workbook_saved_by_libreoffice(tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(build(looked))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/own", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "另存", tmp_path / "台账.xlsx"], check=True, capture_output=True)
    before = (tmp_path / "另存" / "台账.xlsx").read_bytes()
    sheet = load(change(before, replace(NEW, prompt=PROMPT, prompted=99)))["表"]
    assert (sheet["D1"].value, sheet.auto_filter.ref, sheet["D2"].border.left.style) == ("新列", "A1:D5", "thin")
    assert sheet.column_dimensions["D"].hidden is False


WRONG = {
    "another column's width": (SHEET1, rb'(<col min="2" max="2" width=)"33', rb'\1"44'),
    "a hidden column": (SHEET1, rb'(<col min="4" max="4")', rb'\1 hidden="1"'),
    "a prompt on other cells": (SHEET1, rb'sqref="D2:D99"', b'sqref="C2:C99"'),
    "a prompt over another": (SHEET1, rb'sqref="D2:D99"', b'sqref="B2:D99"'),
    "a value below the head": (SHEET1, rb'<c r="D3" s="(\d+)"/>', rb'<c r="D3" s="\1"><v>7</v></c>'),
    "another cell's style": (SHEET1, rb'<c r="B3" s="\d+"', b'<c r="B3" s="0"'),
    "a blank cell elsewhere": (SHEET1, rb'(<c r="D3" s="\d+"/>)', rb'\1<c r="E3" s="1"/>'),
    "a rule beyond": (SHEET1, rb'sqref="A2:D9"', b'sqref="A2:E9"'),
    "a rule moved": (SHEET1, rb'sqref="A2:D9"', b'sqref="B2:D9"'),
    "a bar widened": (SHEET1, rb'sqref="C2:C9"', b'sqref="C2:E9"'),
    "a print area beyond": ("xl/workbook.xml", rb"\$D\$9", b"$E$9"),
    "another dropdown": (SHEET1, "甲,乙".encode(), "甲,丙".encode()),
}


@pytest.mark.parametrize(("part", "old", "new"), WRONG.values(), ids=WRONG.keys())
def test_reading_back_refuses_everything_else(part: str, old: bytes, new: bytes) -> None:
    before = build(looked)
    after, made = patch(before, [replace(NEW, prompt=PROMPT, prompted=99)])
    check_patch(before, after, made)
    was = members(after)[part]
    wrong = re.sub(old, new, was, count=1)
    assert wrong != was
    with pytest.raises(Refused) as caught:
        check_patch(before, rewritten(after, part, was, wrong), made)
    assert caught.value.rule == "read-back"


def test_reading_back_refuses_a_prompt_over_one_that_stands_there() -> None:
    before = build(lambda book, sheet: sheet.data_validation("D50:E60", {"validate": "any", "input_message": "看"}))
    after, made = patch(before, [replace(NEW, prompt=PROMPT, prompted=40)])
    check_patch(before, after, made)
    wrong = rewritten(after, SHEET1, b'sqref="D2:D40"', b'sqref="D2:D50"')
    with pytest.raises(Refused):
        check_patch(before, wrong, made)


def test_reading_back_refuses_a_table_column_under_another_name() -> None:
    before = with_table()
    after, made = patch(before, [NEW])
    with pytest.raises(Refused):
        check_patch(before, rewritten(after, "xl/tables/table1.xml", "新列".encode(), "旧列".encode()), made)


@pytest.mark.parametrize(("name", "book"), [("表", build(looked)), ("表", with_table())], ids=["plain", "table"])
def test_without_the_edit_nothing_of_it_is_allowed(name: str, book: bytes) -> None:
    after, _ = patch(book, [NEW])
    with pytest.raises(Refused):
        check_patch(book, after, [SetCell(name, 1, 4, "新列")])


CELL = st.one_of(st.none(), st.integers(-9, 9), st.text("甲乙 <&'\"=", min_size=1, max_size=4), st.booleans())


@settings(max_examples=few_or_all(20, 60), deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=8), min_size=1, max_size=6),
    widths=st.dictionaries(st.integers(0, 12), st.integers(1, 40), max_size=4),
    hidden=st.sets(st.integers(0, 12), max_size=3),
    filtered=st.booleans(),
    count=st.integers(1, 3),
)
def test_every_cell_that_was_there_is_as_it_was(
    rows: list[list[Any]], widths: dict[int, int], hidden: set[int], filtered: bool, count: int
) -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_row(0, 0, ("编号", "事项", "数"))
        for number, cells in enumerate(rows, 1):
            for column, value in enumerate(cells):
                if value is not None:
                    (sheet.write_string if isinstance(value, str) else sheet.write)(number, column, value)
        for column in widths.keys() | hidden:
            sheet.set_column(column, column, widths.get(column, 8), None, {"hidden": column in hidden})
        if filtered:
            sheet.autofilter(0, 0, len(rows), 2)
        book.add_worksheet("旁边").write_row(0, 0, (1, "别动"))

    before = build(write)
    numbers = free(before, count)
    after = change(
        before, *(replace(NEW, column=number, head=f"新列{number}", prompt=PROMPT, prompted=50) for number in numbers)
    )
    old, new = load(before), load(after)
    added = {f"{get_column_letter(number)}1" for number in numbers}
    for sheet in old.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.coordinate not in added:
                    assert new[sheet.title][cell.coordinate].value == cell.value
                assert new[sheet.title][cell.coordinate].style_id == cell.style_id
    filled = {cell.coordinate for row in new["表"].iter_rows() for cell in row if cell.value is not None}
    assert (
        filled - {cell.coordinate for row in old["表"].iter_rows() for cell in row if cell.value is not None} == added
    )
    a, b = members(before), members(after)
    changed = {name for name in a.keys() | b.keys() if a.get(name) != b.get(name)}
    assert changed <= {SHEET1, "xl/sharedStrings.xml", "xl/workbook.xml"}
    assert ("xl/workbook.xml" in changed) == filtered
