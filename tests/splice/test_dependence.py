"""Cached formula results that a write drops: those that depend on a changed cell, and no others.

Each workbook here has 〈表〉 with two rows, where C3 is changed and row 4 is added, and a formula elsewhere with a
cached result of 7.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from support.ledgers import load
from support.packages import members, rewritten
from support.spliced import build
from taizhang.splice import AddSheet, AppendRow, Edit, Refused, SetCell, Uncached, check_patch, patch
from taizhang.splice.formulas import parse_formula
from taizhang.splice.recalculation import strip_results

EDITS: tuple[Edit, ...] = (SetCell("表", 3, 3, 5), AppendRow("表", 3, {1: "A-3", 3: 3}))
SHEETS = "xl/worksheets/sheet{}.xml"


def written(before: bytes, *edits: Edit) -> tuple[bytes, list[str]]:
    """Write the edits, read back; return the workbook and the cells that lost their results."""
    after, made = patch(before, edits or EDITS)
    check_patch(before, after, made)
    return after, [each.place for each in made if isinstance(each, Uncached)]


def book_with(formula: str) -> bytes:
    """The formula is in 〈汇总〉B2, beside two others: 〈汇总〉A1 depends on 〈表〉C3, A2 on nothing."""

    def write(book: Any, sheet: Any) -> None:
        names = {
            "数据": "='表'!$C$2:$C$3",
            "第一行": "='表'!$A$1:$C$1",
            "间接": "=数据",
            "动态": "=OFFSET('表'!$A$1,0,0,9,1)",
            "左边": "='表'!A1",
            "宏表": "=GET.CELL(6,'表'!A1)",
            "算式": "=EVALUATE('表'!A2)",
            "自己": "=自己+1",
            "常数": "=0.2",
            "别处": "='别处'!$A$1:$A$9",
        }
        for name, text in names.items():
            book.define_name(name, text)
        sheet.add_table("E1:F3", {"name": "别表", "columns": [{"header": "金额"}, {"header": "it's [x]"}]})
        total, other = book.add_worksheet("汇总"), book.add_worksheet("别处")
        total.write_formula("A1", "='表'!C3*2", None, 7)
        total.write_formula("A2", "=1-0.55", None, 0.45)
        total.write_formula("B2", f"={formula}", None, 7)
        other.write_formula("A1", "='汇总'!A1+1", None, 8)
        other.write_formula("A2", "=A1+1", None, 9)
        other.write_formula("B1", "='汇总'!A2", None, 0.45)
        book.add_worksheet("It's (1)").write("A1", 1)

    return build(write)


DEPENDS = (
    "'表'!C3",
    "表!C3",
    "表!$C$3",
    "表!c3",
    "SUM(表!C2:C3)",
    "SUM(表!C:C)",
    "SUM(表!$C:$C)",
    "SUM(表!3:3)",
    "SUM(表!$2:$3)",
    "SUM(表!A1:D9)",
    "COUNTA(表!A2:A99)",
    "COUNTA(表!A4)",
    "COUNTA(表!D9:A4)",
    "数据",
    "SUM(数据)",
    "SUM(间接)",
    "SUM(动态)",
    "SUM(左边)",
    "A1",
    "A1+1",
    "SUM(A1:A2)",
    "SUM(汇总!A:A)",
    "SUM(别处!A2)",
    "别处!A1",
    "SUM(别处)",
    "SUM(表:别处!A1:C9)",
    "SUM('表:别处'!C3)",
    "SUM(表:汇总!C:C)",
    'INDIRECT("表!C3")',
    "OFFSET(A2,1,1)",
    'CELL("contents",A2)',
    "INDEX(表!A1:C9,2,2)",
    "SUM(表!A2:INDEX(表!A1:A2,1))",
    "SUM(A2:INDEX(A2,1))",
    "CHOOSE(1,表!A2,表!C3)",
    'IF(1,"表!C3",表!C3)',
    "VLOOKUP(A2,表!$A$1:$C$3,3,FALSE)",
    "没有的名称",
    "没有的表!A1",
    "MyFunction(A2)",
    "_xll.ADDIN(A2)",
    "SHEETS()",
    "别表[金额]:A2",
    "'别处'!A2+'It''s (1)'!A1",
    "_xlfn.LET(_xlpm.x,表!C3,_xlpm.x+1)",
    "[0]!数据",
    "(表!A2,表!C3)",
    "表!A2:C3 表!B1:C9",
    "@表!C:C",
    '"a""b"&表!C3',
    "没有写完(",
    'A2&"没有写完',
    "A2#",
    "表!C3%",
    "SUM(别表[金额])+表!C3",
    "SUBTOTAL(109,表!C2:C3)",
    "表!C3:C3",
    "SUM(Sheet9:表!A1)",
    "GETPIVOTDATA(A2,A2)",
    "sum(A2)",
    "宏表",
    "算式&T(NOW())",
)
STAYS = (
    "1-0.55",
    "A2",
    "表!C2",
    "SUM(表!A1:B3)",
    "表!$C$2*2",
    "SUM(表!A1:C2)",
    "SUM(表!D:D)",
    "SUM(表!1:2)",
    "SUM(第一行)",
    "TODAY()-1",
    "NOW()",
    "RAND()",
    '"表!C3"',
    '"a""表!C3"',
    "C3",
    "SUM(C3:D9)",
    "别处!C3",
    "自己",
    "常数*2",
    "SUM(别表[金额])",
    "SUM(别表)",
    "SUM(别表[[#All],[金额]])",
    "SUM(别表[it''s '[x']])",
    "[1]表!C3",
    "SUM('[1]表'!C3:C9)",
    "[1]!数据",
    "'C:\\台账\\[整改台账.xlsx]表'!C3",
    "SUM([1]表:汇总!C3)",
    "表!#REF!",
    "#N/A",
    "IFERROR(#DIV/0!,1)",
    "1E+5",
    "1.5E3*2",
    "TRUE",
    "IF(FALSE,1,2)",
    "LOG10(2)",
    "_xlfn.XLOOKUP(A2,B9,B9)",
    "_xlfn.LET(_xlpm.x,A2,_xlpm.x+1)",
    "表!A2:B3 表!A1:B3",
    "'It''s (1)'!C3",
    "SUM(汇总:别处!C3)",
    "{1,2;3,4}",
    "SUM(别处!A4:A9)",
    'COUNTIF(表!B2:B3,"乙")',
    "DATE(2022,3,31)",
    "B3:B3",
    "别处!B1",
    "SUM('别处:It''s (1)'!C3)",
    '_xlfn.DISPIMG("ID_1",1)',
    "ROW()",
    "表!XFD3",
)


@pytest.mark.parametrize("formula", DEPENDS)
def test_a_result_that_depends_on_a_touched_cell_goes(formula: str) -> None:
    assert written(book_with(formula))[1] == ["〈汇总〉A1", "〈汇总〉B2", "〈别处〉A1", "〈别处〉A2"]


@pytest.mark.parametrize("formula", STAYS)
def test_a_result_that_depends_on_nothing_touched_stays(formula: str) -> None:
    after, gone = written(book_with(formula))
    assert gone == ["〈汇总〉A1", "〈别处〉A1", "〈别处〉A2"]
    assert [load(after, values=True)["汇总"][cell].value for cell in ("A1", "A2", "B2")] == [None, 0.45, 7]


@pytest.mark.parametrize(
    ("formula", "gone"),
    [
        ("SUM(数据[金额])", True),
        ("SUM(数据[事项])", False),
        ("SUM(数据)", True),
        ("ROWS(数据[#All])", True),
        ("SUM(数据[[事项]:[金额]])", True),
        ("SUM(数据[没有的列])", True),
        ("SUM(没有的表格[金额])", True),
        ("[@金额]*2", True),  # in no table
    ],
)
def test_columns_of_a_table_are_known_by_their_heads(formula: str, gone: bool) -> None:
    def write(book: Any, sheet: Any) -> None:
        heads = ("编号", "事项", "金额")
        sheet.add_table("A1:C3", {"name": "数据", "columns": [{"header": each} for each in heads]})
        book.add_worksheet("汇总").write_formula("B2", f"={formula}", None, 7)

    assert written(build(write), SetCell("表", 3, 3, 5))[1] == ["〈汇总〉B2"] * gone


def test_a_calculated_column_loses_only_the_results_of_touched_rows_and_the_new_row_has_none() -> None:
    def write(book: Any, sheet: Any) -> None:
        columns = [
            {"header": "编号"},
            {"header": "事项"},
            {"header": "金额"},
            {"header": "双倍", "formula": "=[@金额]*2"},
        ]
        sheet.add_table("A1:D3", {"name": "数据", "columns": columns})
        for row in (1, 2):
            sheet.write_formula(row, 3, "=数据[[#This Row],[金额]]*2", None, 7)
        sheet.write_formula("H1", "=SUM(D2:D3)", None, 14)
        sheet.write_formula("H2", "=SUM(数据[双倍])", None, 14)
        sheet.write_formula("H3", "=SUM(数据[[#This Row],[金额]])", None, 7)  # beside the table, in the row of D3

    before = build(write)
    assert written(before, SetCell("表", 3, 3, 5))[1] == ["〈表〉H1", "〈表〉H2", "〈表〉D3", "〈表〉H3"]
    assert written(before, AppendRow("表", 3, {1: "A-3", 3: 3}))[1] == ["〈表〉D4", "〈表〉H2"]


def test_formulas_that_share_a_text_depend_each_on_its_own_cells() -> None:
    before = build(
        lambda book, sheet: [sheet.write_formula(row, 3, f"=C{row + 1}+C$2", None, 7) for row in range(1, 6)]
    )
    for row in range(2, 7):
        shared = b'<f t="shared" ref="D2:D6" si="0">C2+C$2</f>' if row == 2 else b'<f t="shared" si="0"/>'
        before = rewritten(before, SHEETS.format(1), f"<f>C{row}+C$2</f>".encode(), shared)
    assert written(before, SetCell("表", 3, 3, 5))[1] == ["〈表〉D3"]
    assert written(before, SetCell("表", 2, 3, 5))[1] == [f"〈表〉D{row}" for row in range(2, 7)]
    lost = rewritten(before, SHEETS.format(1), b'<f t="shared" ref="D2:D6" si="0">C2+C$2</f>', b"<f>1</f>")
    assert written(lost, SetCell("表", 3, 3, 5))[1] == [f"〈表〉D{row}" for row in range(3, 7)]


def test_all_that_an_array_fills_goes_with_its_formula() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_array_formula("E2:E3", "{=C2:C3*2}", None, 2)
        sheet.write("E3", 4)
        sheet.write_array_formula("G2:G3", "{=A9:A10*2}", None, 2)
        sheet.write("G3", 4)
        book.add_worksheet("汇总").write_formula("A1", "='表'!E3", None, 4)
        sheet.write_formula("F9", "='表'!G3", None, 4)

    after, gone = written(build(write), SetCell("表", 2, 3, 10))
    assert gone == ["〈表〉E2", "〈表〉E3", "〈汇总〉A1"]
    sheet = load(after, values=True)["表"]
    assert [sheet[cell].value for cell in ("E2", "E3", "G2", "G3", "F9")] == [None, None, 2, 4, 4]


def test_a_data_table_is_always_calculated_anew() -> None:
    before = build(lambda book, sheet: [sheet.write(f"F{row}", 7) for row in (2, 3)])
    table = b'<c r="F2"><f t="dataTable" ref="F2:F3" dt2D="0" dtr="0" r1="A9"/><v>7</v></c>'
    before = rewritten(before, SHEETS.format(1), b'<c r="F2"><v>7</v></c>', table)
    assert written(before, SetCell("表", 2, 3, 10))[1] == ["〈表〉F2", "〈表〉F3"]


@pytest.mark.parametrize(
    "result",
    ['t="str"><f>C3&amp;"元"</f><v>2元</v>', 't="e"><f>1/C3</f><v>#DIV/0!</v>', 't="b"><f>C3&gt;1</f><v>1</v>'],
)
def test_a_cell_without_a_result_does_not_say_what_kind_it_was(result: str) -> None:
    """If they stayed, ``t="str"`` would be read as an empty text and ``t="e"`` as an error."""
    before = build(lambda book, sheet: sheet.write_formula("E3", "=1", None, 1))
    before = rewritten(before, SHEETS.format(1), b'<c r="E3"><f>1</f><v>1</v>', f'<c r="E3" {result}'.encode())
    after, gone = written(before, SetCell("表", 3, 3, 5))
    formula = result[result.index("<f>") : result.index("<v>")].encode()
    assert gone == ["〈表〉E3"]
    assert b'<c r="E3">' + formula + b"</c>" in members(after)[SHEETS.format(1)]


@pytest.mark.parametrize("prefixed", [False, True])
def test_cells_that_do_not_say_where_they_stand_are_counted(prefixed: bool) -> None:
    before = build(lambda book, sheet: book.add_worksheet("汇总").write_row("A1", (1, 2)))
    rows = (
        b"<row><c><v>1</v></c><c><f>'\xe8\xa1\xa8'!C3</f><v>7</v></c></row><row "
        b'r="5"><c><f>1+1</f><v>2</v></c><c><f>B1</f><v>7</v></c></row>'
    )
    part = SHEETS.format(2)
    xml = members(before)[part]
    new = xml[: xml.index(b"<sheetData>") + 11] + rows + xml[xml.index(b"</sheetData>") :]
    if prefixed:
        new = new.replace(b"<worksheet xmlns=", b"<x:worksheet xmlns:x=").replace(b"</worksheet", b"</x:worksheet")
        for tag in (
            b"sheetData",
            b"row",
            b"c",
            b"v",
            b"f",
            b"sheetViews",
            b"sheetView",
            b"dimension",
            b"sheetFormatPr",
            b"pageMargins",
        ):
            for end in (b">", b" ", b"/"):
                new = new.replace(b"<" + tag + end, b"<x:" + tag + end).replace(b"</" + tag + end, b"</x:" + tag + end)
    before = rewritten(before, part, xml, new)
    assert written(before, SetCell("表", 3, 3, 5))[1] == ["〈汇总〉B1", "〈汇总〉B5"]


def test_a_long_chain_is_followed_in_either_direction() -> None:
    def write(book: Any, sheet: Any) -> None:
        down, up, sums = (book.add_worksheet(name) for name in ("往下", "往上", "累计"))
        down.write_formula(0, 0, "='表'!C3", None, 7)
        up.write_formula(1499, 0, "='表'!C3", None, 7)
        for row in range(1, 1500):
            down.write_formula(row, 0, f"=A{row}+1", None, 7)
            up.write_formula(row - 1, 0, f"=A{row + 1}+1", None, 7)
            sums.write_formula(row, 0, f"=SUM('表'!C$3:C{row + 2})", None, 7)

    began = time.process_time()
    assert len(written(build(write), SetCell("表", 3, 3, 5))[1]) == 1500 + 1500 + 1499
    assert time.process_time() - began < 5


def test_more_tall_ranges_in_a_chain_than_anybody_builds_count_as_reached() -> None:
    def write(book: Any, sheet: Any) -> None:
        chain = book.add_worksheet("接力")
        for step in range(80):
            start = "'表'!C1:C9" if step == 0 else f"A{step * 10 - 9}:A{step * 10 - 1}"
            chain.write_formula(step * 10, 0, f"=SUM({start})", None, 7)
        chain.write_formula("C1", "=SUM(D1:D9)", None, 7)

    assert len(written(build(write), SetCell("表", 3, 3, 5))[1]) == 81


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<f>'\xe8\xa1\xa8'!C3</f>", b"<f><![CDATA['\xe8\xa1\xa8'!C3]]></f>"),
        (b"<f>", b"<!-- 1 --><f>"),
        (b"<f>'", b"<f><!-- -->'"),
    ],
)
def test_formulas_that_cannot_be_searched_are_refused(old: bytes, new: bytes) -> None:
    before = build(lambda book, sheet: book.add_worksheet("汇总").write_formula("A1", "='表'!C3", None, 7))
    with pytest.raises(Refused, match="〈汇总〉的公式写法少见"):
        patch(rewritten(before, SHEETS.format(2), old, new), EDITS)


def test_a_result_that_stands_before_its_formula_is_refused() -> None:
    """No program that keeps to the standard writes it so; the result would be missed."""
    before = build(lambda book, sheet: book.add_worksheet("汇总").write_formula("A1", "='表'!C3", None, 7))
    old = "<f>'表'!C3</f><v>7</v>".encode()
    with pytest.raises(Refused, match="公式写法少见"):
        patch(rewritten(before, SHEETS.format(2), old, "<v>7</v><f>'表'!C3</f>".encode()), EDITS)


def test_a_sheet_in_another_encoding_is_refused() -> None:
    before = build(lambda book, sheet: book.add_worksheet("汇总").write_formula("A1", "='表'!C3", None, 7))
    xml = members(before)[SHEETS.format(2)]
    with pytest.raises(Refused, match="〈汇总〉的公式写法少见"):
        patch(rewritten(before, SHEETS.format(2), xml, xml.decode().replace("UTF-8", "UTF-16").encode("utf-16")), EDITS)


def test_a_new_sheet_may_be_what_a_formula_was_waiting_for() -> None:
    def write(book: Any, sheet: Any) -> None:
        sheet.write_formula("E2", "='新表'!A1", None, 0)
        sheet.write_formula("E3", "=1+1", None, 2)

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as donor:
        donor.add_worksheet("新表").write("A1", 3)
    after, made = patch(build(write), [AddSheet(target.getvalue())])
    assert [each.place for each in made if isinstance(each, Uncached)] == ["〈表〉E2"]
    assert load(after, values=True)["表"]["E3"].value == 2


@pytest.mark.parametrize(
    "text",
    [
        '"' * 20_001,
        "'" * 20_001,
        "[" * 20_000,
        "[a[" * 7_000,
        "['" * 10_000,
        "A1:" * 7_000,
        "a.b:" * 5_000,
        "甲" * 20_000,
        "$" * 20_000,
        "((" * 10_000,
        "'a''" * 5_000,
        "[a[x]" * 4_000,
    ],
)
def test_a_hostile_formula_costs_no_more_than_its_length(text: str) -> None:
    began = time.process_time()
    parse_formula(text)
    assert time.process_time() - began < 0.5


@pytest.mark.parametrize(
    ("formula", "rows"),
    [
        ("表!C{r}", [20]),
        ("表!C{p}", [21]),
        ("表!C{n}", [19]),
        ("表!$C{r}*{r}+{p}", [20]),
        ("SUM(表!C$2:C{r})", range(20, 40)),
        ("SUM(表!C{r}:C$39)", range(2, 21)),
        ("SUM(表!C{p}:C{r})", [20, 21]),
        ("SUM(表!B{r}:D{r})", [20]),
        ("SUM(表!{r}:{r})", [20]),
        ("SUM(表!{p}:{n})", [19, 20, 21]),
        ("表!C$20+表!A{r}", range(2, 40)),
        ("LOG10(表!C{r})&\"C{p}\"&10", [20]),
        ("SUM(表{r}!C{r}:C{n})", [19, 20]),
        ("表{r}!C20", range(2, 40)),
        ("名{r}+表!C{r}", range(2, 40)),
        ("INDEX(表!C:C,{r})", range(2, 40)),
        ("IF(表!A{r}=\"\",\"\",表!C{r}/表!B{r})", [20]),
    ],
)  # fmt: skip
def test_a_formula_filled_down_depends_in_each_row_on_its_own_cells(formula: str, rows: Any) -> None:
    """One text is read for a whole column only if every row repeats it, not if a number merely equals the row's."""

    def write(book: Any, sheet: Any) -> None:
        total = book.add_worksheet("汇总")
        for row in range(2, 40):
            total.write_formula(row - 1, 0, "=" + formula.format(r=row, p=row - 1, n=row + 1), None, 7)
            book.add_worksheet(f"表{row}")

    before = build(write)
    if formula.startswith("SUM(表{r}!"):  # only 〈表20〉 and 〈表19〉 are touched
        gone = written(before, *(SetCell(f"表{row}", 20, 3, 5) for row in (19, 20)))[1]
    elif formula.startswith("表{r}!"):
        gone = written(before, *(SetCell(f"表{row}", 20, 3, 5) for row in range(2, 40)))[1]
    else:
        gone = written(before, SetCell("表", 20, 3, 5))[1]
    assert gone == [f"〈汇总〉A{row}" for row in rows]


def _random_book(chance: random.Random, values: Any = None) -> bytes:
    """Four sheets of numbers (A1:D8) with formulas in F11:I30, each of which names numbers and formulas before it.

    ``values`` gives the saved result of a formula by sheet and cell.
    """
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    names = ["甲", "乙", "丙 表", "It's"]
    sheets = [book.add_worksheet(name) for name in names]
    spelled = ["甲", "乙", "'丙 表'", "'It''s'"]
    for place, sheet in enumerate(sheets):
        for row in range(8):
            sheet.write_row(row, 0, [chance.randrange(1, 9) for _ in range(4)])
        sheet.add_table(0, 10, 5, 11, {"name": f"Tab_{place}", "columns": [{"header": "数"}, {"header": "量"}]})
        for row in range(1, 6):
            sheet.write_row(row, 10, [chance.randrange(1, 9) for _ in range(2)])
        book.define_name(f"区{place}", f"={spelled[place]}!$A${chance.randrange(1, 5)}:$B$6")
    before: list[str] = []

    def cell(own: int) -> str:
        if before and chance.random() < 0.5:
            return chance.choice(before[-40:])
        where = chance.randrange(4)
        dollar = chance.choice(["", "$"])
        at = f"{dollar}{chance.choice('ABCD')}{chance.choice(['', '$'])}{chance.randrange(1, 9)}"
        return at if where == own else f"{spelled[where]}!{at}"

    def area() -> str:
        where, (top, bottom) = chance.randrange(4), sorted(chance.sample(range(1, 10), 2))
        kinds = [
            f"{spelled[where]}!A{top}:B{bottom}",
            f"{spelled[where]}!$C:$D",
            f"{spelled[where]}!{top}:{min(bottom, 8)}",
            f"区{where}",
            f"Tab_{where}[数]",
            f"甲:乙!B{top}",
            f"INDEX({spelled[where]}!A1:D8,{min(top, 8)},0)",
            f"OFFSET({spelled[where]}!A1,1,1,2,2)",
            f'INDIRECT("{spelled[where]}!A{top}")',
        ]
        return chance.choice(kinds)

    for own, sheet in enumerate(sheets):
        for row in range(10, 30):
            for column in range(5, 9):
                text = chance.choice(
                    [
                        f"{cell(own)}+{cell(own)}*2",
                        f"SUM({area()})",
                        f"MAX({area()},{cell(own)})",
                        f'IF({cell(own)}>4,"高"&{cell(own)},{cell(own)})',
                        f"{chance.randrange(9)}/4",
                        f"N({cell(own)})-COUNT({area()})",
                    ]
                )
                if "高" not in text:
                    before.append(f"{spelled[own]}!{'ABCDEFGHI'[column]}{row + 1}")
                result = values[names[own]].cell(row + 1, column + 1).value if values else 0
                sheet.write_formula(row, column, f"={text}", None, result)
    book.close()
    return target.getvalue()


def _calculated(data: bytes, convert: Any, folder: Path, name: str) -> Any:
    """The workbook calculated by LibreOffice, which keeps cached results and calculates the missing ones."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            content = source.read(info)
            package.writestr(info, strip_results(content) if "/worksheets/sheet" in info.filename else content)
    path = folder / f"{name}.xlsx"
    path.write_bytes(target.getvalue())
    return load(convert(path, "xlsx:Calc MS Excel 2007 XML", folder / "算过").read_bytes(), values=True)


@pytest.mark.libreoffice
@pytest.mark.parametrize("seed", [1])
def test_every_result_that_is_kept_is_what_libreoffice_calculates(
    seed: int, soffice: Callable[..., Path], tmp_path: Path
) -> None:
    right = _calculated(_random_book(random.Random(seed)), soffice, tmp_path, "before")
    before, chance = _random_book(random.Random(seed), right), random.Random(-seed)
    edits: list[Edit] = [SetCell(name, chance.randrange(1, 9), chance.randrange(1, 5), 50) for name in ("甲", "丙 表")]
    after, gone = written(before, *edits, SetCell("乙", 3, 11, 60))
    now = _calculated(after, soffice, tmp_path, "after")
    kept = load(after, values=True)
    compared = changed = 0
    for name in kept.sheetnames:
        for row in range(11, 31):
            for column in range(6, 10):
                result, true = kept[name].cell(row, column).value, now[name].cell(row, column).value
                changed += true != right[name].cell(row, column).value
                if f"〈{name}〉{'ABCDEFGHI'[column - 1]}{row}" not in gone:
                    compared += 1
                    assert result == pytest.approx(true), f"{name} R{row}C{column}"
    assert (compared > 40, changed > 10, compared + len(gone)) == (True, True, 320)
