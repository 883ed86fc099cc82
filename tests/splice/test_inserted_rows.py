"""Inserting rows: without the new rows the workbook is what it was; what cannot be moved is refused with the reason."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from splice_corpus import schema_errors
from taizhang.splice import Choices, InsertedRows, Refused, check_inserted, insert_rows, sheet_looks
from xlsxwriter import Workbook

Draw = Callable[[Workbook, Any], Any]
FIRST = 3
"""The first row to fill; the heads stand above it."""


def made(rows: int, *draws: Draw) -> bytes:
    """Return a form: a title, heads, so many framed rows, and what is drawn around them."""
    kept = io.BytesIO()
    book = Workbook(kept, {"in_memory": True})
    sheet = book.add_worksheet("表")
    frame = book.add_format({"border": 1})
    sheet.merge_range("A1:F1", "统计表")
    for column, head in enumerate(("序号", "措施", "部门", "时限", "进展", "是否完成")):
        sheet.write(1, column, head, frame)
    for row in range(FIRST - 1, FIRST - 1 + rows):
        sheet.set_row(row, 31)
        for column in range(6):
            sheet.write_blank(row, column, None, frame)
    for draw in draws:
        draw(book, sheet)
    book.close()
    return kept.getvalue()


def inserted(before: bytes, rows: int, count: int, repeated: frozenset[int] = frozenset()) -> bytes:
    new = InsertedRows("表", FIRST, FIRST + rows - 1, count, repeated)
    after = insert_rows(before, new)
    check_inserted(before, after, new)
    return after


def part(workbook: bytes, name: str) -> str:
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        return package.read(name).decode()


def test_totals_rules_names_and_what_stands_below_move_along() -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.write_formula("E8", "=COUNTA(E3:E7)")
        sheet.write_formula("F8", '=COUNTIF($F$3:$F$7,"是")/ROWS(F3:F7)')
        sheet.write_formula("E9", "=E8+E7+E3")
        sheet.merge_range("A8:D8", "合计")
        sheet.merge_range("H3:H7", "旁注")
        sheet.write("A10", "填表人：")
        sheet.write_comment("A10", "请签字")
        sheet.data_validation("F3:F7", {"validate": "list", "source": ["是", "否"]})
        sheet.data_validation("F10", {"validate": "list", "source": ["甲", "乙"]})
        sheet.conditional_format("A3:F7", {"type": "formula", "criteria": '=$F3="否"', "format": book.add_format()})
        sheet.print_area("A1:F10")
        sheet.set_h_pagebreaks([7, 9])
        sheet.insert_textbox("B12", "盖章处")
        book.define_name("全部", "=表!$B$3:$B$7")
        book.define_name("合计", "=表!$E$8")
        other = book.add_worksheet("汇总")
        other.write_formula("A1", "=表!E8+表!A1")
        other.write_formula("A2", "=SUM(表!E3:E7)")

    after = inserted(made(5, draw), 5, 4)
    book = load_workbook(io.BytesIO(after))
    sheet, other = book["表"], book["汇总"]
    assert [sheet[place].value for place in ("E12", "F12", "E13", "A14")] == [
        "=COUNTA(E3:E11)",
        '=COUNTIF($F$3:$F$11,"是")/ROWS(F3:F11)',
        "=E12+E7+E3",
        "填表人：",
    ]
    assert [other["A1"].value, other["A2"].value] == ["=表!E12+表!A1", "=SUM(表!E3:E11)"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A12:D12", "A1:F1", "H3:H11"]
    assert sorted(str(each.sqref) for each in sheet.data_validations.dataValidation) == ["F14", "F3:F11"]
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["A3:F11"]
    assert sheet.print_area == "'表'!$A$1:$F$14"
    assert [each.id for each in sheet.row_breaks.brk] == [11, 13]
    assert {name: book.defined_names[name].attr_text for name in ("全部", "合计")} == {
        "全部": "表!$B$3:$B$11",
        "合计": "表!$E$12",
    }
    assert sheet["A14"].comment is not None
    assert "<xdr:row>15</xdr:row>" in part(after, "xl/drawings/drawing1.xml")
    assert [sheet.row_dimensions[row].height for row in (7, 8, 11, 12)] == [30.75, 30.75, 30.75, None]
    styles = [[sheet.cell(row, column).style_id for column in range(1, 7)] for row in (7, 8, 11)]
    assert styles[0] == styles[1] == styles[2]


def test_merged_cells_formulas_and_boxes_of_the_last_row_are_copied() -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        for row in range(3, 6):
            sheet.merge_range(row - 1, 1, row - 1, 2, "")
            sheet.write_formula(row - 1, 0, f"=ROW()-{FIRST - 1}")
            sheet.write_formula(row - 1, 3, f"=SUM(E$3:E{row})/E$9+E$3")
            sheet.write(row - 1, 5, "□是 □否")
        sheet.write("A6", "注：")
        sheet.write("E9", 5)

    sheet = load_workbook(io.BytesIO(inserted(made(3, draw), 3, 2, frozenset({6}))))["表"]
    assert [[sheet.cell(row, column).value for column in (1, 4, 6)] for row in range(5, 9)] == [
        ["=ROW()-2", "=SUM(E$3:E5)/E$11+E$3", "□是 □否"],
        ["=ROW()-2", "=SUM(E$3:E6)/E$11+E$3", "□是 □否"],
        ["=ROW()-2", "=SUM(E$3:E7)/E$11+E$3", "□是 □否"],
        ["注：", None, None],
    ]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:F1", "B3:C3", "B4:C4", "B5:C5", "B6:C6", "B7:C7"]


def test_a_single_row_grows_with_its_totals() -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write_formula("D3", "=SUM(E3:F3)")
        sheet.write_formula("E4", "=SUM(E3:E3)")

    sheet = load_workbook(io.BytesIO(inserted(made(1, draw), 1, 2)))["表"]
    assert [sheet[place].value for place in ("D3", "D4", "D5", "E6")] == [
        "=SUM(E3:F3)", "=SUM(E4:F4)", "=SUM(E5:F5)", "=SUM(E3:E5)",
    ]  # fmt: skip


def test_members_that_name_no_row_of_the_sheet_keep_their_bytes() -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.write("A9", "签字")
        book.add_worksheet("别的").write_formula("A1", "=1+1")

    before = made(3, draw)
    after = inserted(before, 3, 2)
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(io.BytesIO(after)) as new:
        assert old.namelist() == new.namelist()
        assert [name for name in old.namelist() if old.read(name) != new.read(name)] == ["xl/worksheets/sheet1.xml"]


def test_quotes_stay_as_they_are_written() -> None:
    """LibreOffice writes &quot; between tags."""
    before = made(3, lambda _, sheet: sheet.write_formula("F6", '=COUNTIF(F3:F5,"是")'))
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace('"是")'.encode(), "&quot;是&quot;)".encode()))
    after = inserted(kept.getvalue(), 3, 2)
    assert "<f>COUNTIF(F3:F7,&quot;是&quot;)</f>" in part(after, "xl/worksheets/sheet1.xml")


EXTENSIONS = (
    '<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list"><x14:formula1><xm:f>字典!$A$1:$A$3</xm:f></x14:formula1>'
    "<xm:sqref>F3:F5</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
    '<ext uri="{05C60535-1F16-4fd2-B633-F4F36F0B64E0}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:sparklineGroups xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><x14:sparklineGroup>'
    "<x14:sparklines><x14:sparkline><xm:f>表!E3:E5</xm:f><xm:sqref>E6</xm:sqref></x14:sparkline></x14:sparklines>"
    "</x14:sparklineGroup></x14:sparklineGroups></ext></extLst></worksheet>"
)


def test_lists_on_other_sheets_and_sparklines_of_newer_programs_move_along() -> None:
    before, kept = (
        made(3, lambda book, sheet: book.add_worksheet("字典").write_column(0, 0, ["甲", "乙", "丙"])),
        io.BytesIO(),
    )
    with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(kept, "w") as new:
        for name in old.namelist():
            added = EXTENSIONS if name == "xl/worksheets/sheet1.xml" else "</worksheet>"
            new.writestr(name, old.read(name).replace(b"</worksheet>", added.encode()))
    (choices,) = sheet_looks(kept.getvalue(), "表").lists
    assert choices == Choices(((3, 6, 5, 6),), (), "字典", (1, 1, 3, 1))
    sheet = part(inserted(kept.getvalue(), 3, 2), "xl/worksheets/sheet1.xml")
    assert re.findall(r"<xm:(?:f|sqref)>([^<]*)<", sheet) == ["字典!$A$1:$A$3", "F3:F7", "表!E3:E7", "E8"]


@pytest.mark.parametrize("written", ["openpyxl", "without addresses", "with a prefix"])
def test_other_programs_ways_of_writing_a_sheet(written: str) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write_formula("E6", "=COUNTA(E3:E5)")
        sheet.merge_range("A6:D6", "合计")
        sheet.write("A9", "签字")

    before, kept = made(3, draw), io.BytesIO()
    if written == "openpyxl":
        load_workbook(io.BytesIO(before)).save(kept)
    else:
        with zipfile.ZipFile(io.BytesIO(before)) as old, zipfile.ZipFile(kept, "w") as new:
            for name in old.namelist():
                text = old.read(name).decode()
                if name == "xl/worksheets/sheet1.xml" and written == "with a prefix":
                    text = re.sub(r"<(/?)(?=[a-z])(?!xml)", r"<\1x:", text).replace("xmlns=", "xmlns:x=", 1)
                elif name == "xl/worksheets/sheet1.xml":
                    text = re.sub(r'(<row) r="[12345]"', r"\1", text)
                new.writestr(name, text)
    sheet = load_workbook(io.BytesIO(inserted(kept.getvalue(), 3, 2)))["表"]
    assert [sheet[place].value for place in ("A8", "E8", "A11")] == ["合计", "=COUNTA(E3:E7)", "签字"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:F1", "A8:D8"]


@pytest.mark.parametrize(
    ("rows", "looks", "after"),
    [
        (4, "iiie", "iiiiie"),  # the edge of the frame stays below
        (4, "abab", "ababbb"),  # rows coloured in turn
        (4, "iiii", "iiiiii"),
        (2, "ie", "ieee"),
        (3, "iie", "iiiie"),
    ],
)
def test_the_lower_edge_of_a_frame_stays_its_edge(rows: int, looks: str, after: str) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        frame = {"border": 1}
        styles = {"i": frame, "e": frame | {"bottom": 5}, "a": {"bg_color": "#EEEEEE"}, "b": {"bg_color": "#DDDDDD"}}
        made_styles = {name: book.add_format(each) for name, each in styles.items()}
        for row, look in enumerate(looks, FIRST - 1):
            for column in range(6):
                sheet.write_blank(row, column, None, made_styles[look])
        for column, name in enumerate("ieab"):
            sheet.write(19, column, name, made_styles[name])

    sheet = load_workbook(io.BytesIO(inserted(made(rows, draw), rows, 2)))["表"]
    names = {sheet.cell(22, column).style_id: sheet.cell(22, column).value for column in range(1, 5)}
    found = [
        "".join(str(names[sheet.cell(row, column).style_id]) for row in range(3, 3 + rows + 2)) for column in (1, 6)
    ]
    assert found == [after, after]


def test_a_chart_below_moves_and_shows_the_new_rows() -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        chart = book.add_chart({"type": "bar"})
        assert chart is not None
        chart.add_series({"values": "=表!$E$3:$E$5", "categories": "=表!$B$3:$B$5", "name": "=表!$A$7"})
        sheet.insert_chart("A9", chart)

    after = inserted(made(3, draw), 3, 2)
    series = re.findall(r"<c:f>([^<]*)</c:f>", part(after, "xl/charts/chart1.xml"))
    assert series == ["表!$A$9", "表!$B$3:$B$7", "表!$E$3:$E$7"]


def test_sheets_with_like_names_and_texts_are_left_alone() -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        book.add_worksheet("表 2").write("A9", 1)
        sheet.write_formula("A8", "=IF('表 2'!A9=1,\"见表!A9\",'表'!A9)")

    sheet = load_workbook(io.BytesIO(inserted(made(3, draw), 3, 2)))["表"]
    assert sheet["A10"].value == "=IF('表 2'!A9=1,\"见表!A9\",'表'!A11)"


@pytest.mark.parametrize(
    ("draw", "reason"),
    [
        (lambda _, sheet: sheet.add_table("A2:F5"), "表格（Ctrl+T）"),
        (lambda _, sheet: sheet.write_array_formula("H3:H9", "{=E3:E9}"), "数组公式、模拟运算表或透视表"),
        (lambda _, sheet: sheet.insert_button("A9", {"macro": "甲"}), "控件（按钮、复选框）"),
        (lambda _, sheet: sheet.write_formula("A9", '=INDIRECT("E5")'), "有的公式写法少见"),
        (lambda _, sheet: sheet.write_formula("A5", "=E9"), "第 5 行的公式（E9）指着下面的行"),
        (lambda book, sheet: (book.add_worksheet("末"), sheet.write_formula("A9", "=SUM(表:末!E3)")), "几张表"),
    ],
)
def test_what_cannot_be_moved_safely_is_refused_with_the_reason(draw: Draw, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        inserted(made(3, draw), 3, 2)
    assert (refused.value.rule, reason in refused.value.message) == ("no-room", True), refused.value.message
    assert refused.value.message.endswith("请在第 6 行上面插入 2 行，再运行。")


@pytest.mark.parametrize(
    "draw",
    [
        lambda _, sheet: sheet.write_array_formula("H9:H10", "{=E3:E4}"),
        lambda _, sheet: sheet.write_formula("A9", "=INDIRECT(B9)"),
        lambda _, sheet: sheet.add_table("H9:I12"),
    ],
)
def test_what_stands_wholly_below_may_move_unless_it_is_a_table(draw: Draw) -> None:
    before = made(3, draw)
    if b"table1" in before:
        with pytest.raises(Refused):
            inserted(before, 3, 2)
    else:
        inserted(before, 3, 2)


def test_the_reading_back_finds_a_value_that_moved_wrongly() -> None:
    before = made(3, lambda _, sheet: sheet.write("A9", "签字"))
    rows = InsertedRows("表", FIRST, 5, 2)
    wrong = insert_rows(before, InsertedRows("表", FIRST, 5, 3))
    with pytest.raises(Refused, match="读回来不对"):
        check_inserted(before, wrong, rows)
    with pytest.raises(Refused, match="意外变化"):
        check_inserted(before, insert_rows(made(3, lambda book, _: book.set_properties({"title": "改"})), rows), rows)


def with_part(workbook: bytes, name: str, old: str, new: str) -> bytes:
    """Return a workbook with a text of one part replaced once."""
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(kept, "w") as copy:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == name:
                assert data.count(old.encode()) == 1, data
                data = data.replace(old.encode(), new.encode())
            copy.writestr(info, data)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ('<mergeCell ref="A11:C11"/>', '<mergeCell ref="A10:C10"/>'),
        ('<mergeCell ref="A11:C11"/>', ""),
        ('<mergeCell ref="B7:C7"/>', '<mergeCell ref="B7:D7"/>'),
        ('sqref="F3:F7"', 'sqref="F3:F5"'),
        ('sqref="E3:E7"', 'sqref="E3:E8"'),
        ('<formula1>"是,否"</formula1>', '<formula1>"是,无"</formula1>'),
        ("<formula>$E3&gt;1</formula>", "<formula>$D3&gt;1</formula>"),
    ],
)
def test_the_reading_back_finds_merged_cells_rules_and_lists_that_are_wrong(right: str, wrong: str) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.merge_range("B5:C5", "")
        sheet.merge_range("A9:C9", "填表人：")
        sheet.data_validation("F3:F5", {"validate": "list", "source": ["是", "否"]})
        rule = {"type": "formula", "criteria": "=$E3>1", "format": book.add_format({"bold": True})}
        sheet.conditional_format("E3:E5", rule)

    before, rows = made(3, draw), InsertedRows("表", FIRST, 5, 2)
    after = insert_rows(before, rows)
    check_inserted(before, after, rows)
    with pytest.raises(Refused, match="读回来不对"):
        check_inserted(before, with_part(after, "xl/worksheets/sheet1.xml", right, wrong), rows)


def test_rows_merged_together_are_copied_together() -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.merge_range("A3:A4", "")
        sheet.merge_range("A5:A6", "")
        sheet.merge_range("C6:D6", "")
        sheet.merge_range("H3:H6", "旁注")
        sheet.write_formula("B7", "=COUNTA(B3:B6)")
        sheet.data_validation("F3:F6", {"validate": "list", "source": ["是", "否"]})

    before, rows = made(4, draw), InsertedRows("表", FIRST, 6, 4, block=2)
    after = insert_rows(before, rows)
    check_inserted(before, after, rows)
    sheet = load_workbook(io.BytesIO(after))["表"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == [
        "A1:F1", "A3:A4", "A5:A6", "A7:A8", "A9:A10", "C10:D10", "C6:D6", "C8:D8", "H3:H10",
    ]  # fmt: skip
    assert sheet["B11"].value == "=COUNTA(B3:B10)"
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["F3:F10"]
    assert [sheet.row_dimensions[row].height for row in range(7, 11)] == [30.75] * 4


def drawn_at_random(seed: int, rows: int) -> Draw:
    """Return a drawing of things around the rows, chosen by a seed."""

    def draw(book: Workbook, sheet: Any) -> None:
        chance = random.Random(seed)
        last, below = FIRST + rows - 1, FIRST + rows
        letters = "ABCDEF"
        for row in range(below, below + chance.randint(1, 4)):
            for letter in chance.sample(letters, 3):
                top = chance.randint(FIRST, last)
                mark = chance.choice(("", "$"))
                formula = chance.choice((
                    f"=SUM({letter}{mark}{top}:{letter}{mark}{last})", f"=COUNTA({letter}{top})+ROW()",
                    f"=SUM({letter}{row + 6}:{letter}{row + 8})", f"=IF({mark}{letter}${row + 7}>1,\"A{last}\",A1)",
                    f"=SUM({letter}:{letter})*{letter}{last}", f"=SUM({top}:{last})", f"=表!{letter}{row + 6}",
                ))  # fmt: skip
                sheet.write_formula(f"{letter}{row}", formula)
        if chance.random() < 0.5:
            sheet.merge_range(below + 5, 0, below + 5, 3, "填表人：")
            sheet.write_comment(below + 5, 0, "签字")
        if chance.random() < 0.5:
            sheet.merge_range(FIRST - 1, 7, last + chance.randint(0, 2) + (rows == 1), 7, "旁注")
        if chance.random() < 0.7:
            sheet.data_validation(
                FIRST - 1, 5, last - 1, 5, {"validate": "list", "source": f"=$A${below}:$A${below + 2}"}
            )
        if chance.random() < 0.7:
            rule = {"type": "formula", "criteria": f"=$F{FIRST}>$F${below}", "format": book.add_format({"bold": True})}
            sheet.conditional_format(FIRST - 1, 0, chance.choice((last - 1, below)), 5, rule)
        if chance.random() < 0.7:
            sheet.print_area(0, 0, below + chance.randint(-1, 5), 5)
        if chance.random() < 0.5:
            sheet.autofilter(1, 0, last - 1, 5)
        if chance.random() < 0.5:
            sheet.set_h_pagebreaks([last, below + 3])
        if chance.random() < 0.5:
            sheet.insert_textbox(below + 6, 1, "盖章处", {"object_position": chance.randint(1, 3)})
        if chance.random() < 0.5:
            sheet.write_url(below + 7, 0, f"internal:'表'!A{below + 1}", string="跳到")
        book.define_name("甲", f"=表!$B${FIRST}:$B${last + chance.randint(0, 3) + (rows == 1)}")
        other = book.add_worksheet("别 的")
        other.write_formula("A1", f"=SUM(表!$E${FIRST}:$E${last + (rows == 1)})+表!A{below}")
        other.conditional_format("A1:A9", {"type": "formula", "criteria": f"=A1>表!$E${below}"})
        sheet.write_formula(below + 8, 0, f"='别 的'!A{below}+A{FIRST}")

    return draw


def shapes(workbook: bytes, back: Callable[[str], str], row_back: Callable[[int], int | None]) -> dict[str, Any]:
    """Return what a workbook holds, by an XML parser, with every reference to the sheet sent back."""

    def formula(text: str, home: str) -> str:
        if not text:
            return text
        tokens = Tokenizer(f"={text}")
        for token in tokens.items:
            if token.type == Token.OPERAND and token.subtype == Token.RANGE:
                sheet, mark, ref = token.value.rpartition("!")
                if (sheet.strip("'") or home) == "表":
                    token.value = sheet + mark + back(ref)
        return tokens.render()

    found: dict[str, Any] = {}
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        for name in package.namelist():
            if not name.endswith((".xml", ".vml")) or name.startswith("docProps"):
                continue
            home = "表" if "sheet1" in name or "comments" in name else "别 的"
            root = ElementTree.fromstring(package.read(name))
            things: list[Any] = []
            stack: list[tuple[ElementTree.Element, bool]] = [(root, False)]
            while stack:
                each, gone = stack.pop()
                tag = each.tag.rpartition("}")[2]
                attributes = dict(each.attrib)
                attributes.pop("spans", None)
                text = each.text or ""
                if home == "表" and tag in ("row", "c"):
                    number = int(re.sub(r"\D", "", attributes["r"]))
                    gone = gone or row_back(number) is None
                    if not gone:
                        attributes["r"] = re.sub(r"\d+", str(row_back(number)), attributes["r"])
                if tag in ("f", "formula", "formula1", "definedName"):
                    text = formula(text, "" if tag == "definedName" else home)
                if home == "表":
                    for key in ("ref", "sqref", "activeCell", "topLeftCell"):
                        if key in attributes:
                            attributes[key] = " ".join(map(back, attributes[key].split()))
                if "location" in attributes:
                    attributes["location"] = formula(attributes["location"], home)[1:]
                if tag == "brk":
                    attributes["id"] = back(f"A1:A{attributes['id']}")
                if tag in ("row", "Row") and not attributes:
                    number = row_back(int(text) + 1)
                    text = str(number)
                if tag == "Anchor":
                    text = ""  # of a comment's box: the row of its cell is compared
                if tag == "mergeCell" and attributes["ref"] in [t[2].get("ref") for t in things if t[0] == "mergeCell"]:
                    gone = True
                if not gone and tag != "mergeCells":
                    things.append((tag, text.strip(), attributes))
                stack += [(child, gone) for child in reversed(each)]
            found[name] = things
    return found


@pytest.mark.parametrize("seed", range(60))
def test_without_the_new_rows_the_workbook_is_the_old_one(seed: int) -> None:
    chance = random.Random(1000 + seed)
    rows, count = chance.randint(1, 5), chance.randint(1, 40)
    before = made(rows, drawn_at_random(seed, rows))
    after = inserted(before, rows, count)
    last = FIRST + rows - 1

    def row_back(row: int) -> int | None:
        return row if row <= last else row - count if row > last + count else None

    def back(ref: str) -> str:
        def number(match: re.Match[str]) -> str:
            row = int(match[0])
            return str(min(row, last) if row <= last + count else row - count)

        one = re.sub(r"\d+", number, ref)
        first, _, end = one.partition(":")
        return first if first == end and ref.count(":") and rows == 1 and not ref.startswith("A1:A") else one

    same = lambda ref: ref.partition(":")[0] if rows == 1 and len({*ref.split(":")}) == 1 else ref  # noqa: E731
    with zipfile.ZipFile(io.BytesIO(before)) as old_parts, zipfile.ZipFile(io.BytesIO(after)) as new_parts:
        for name in old_parts.namelist() if seed % 6 == 0 else ():
            if name.startswith("xl/") and name.endswith(".xml"):
                assert schema_errors(new_parts.read(name)) == schema_errors(old_parts.read(name)), name
    old = shapes(before, same, lambda row: row)
    new = shapes(after, back, row_back)
    assert old.keys() == new.keys()
    for name, things in old.items():
        assert new[name] == things, name
