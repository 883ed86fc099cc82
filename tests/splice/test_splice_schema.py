"""Workbooks written in place obey the schema of SpreadsheetML as far as they did before.

The schema is Ecma's own, in ecma_376_schemas.zip; its NOTICE.txt gives source and licence.
"""

from __future__ import annotations

import functools
import io
import struct
import tempfile
import zlib
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from splice_corpus import KINDS, Book, Target, edits_for, judge, schema_errors, target_of
from support.ledgers import NOW, load, small_ledger
from taizhang.forms.load import standard_forms
from taizhang.ledger.create import blank_register
from taizhang.replies.mend_list import mend_list
from taizhang.splice import AddColumn, AddSheet, AppendRow, Edit, Prompt, SetCell, check_patch, free_columns, patch
from taizhang.splice.graft import add_sheet
from taizhang.splice.notes import Note, add_notes
from taizhang.splice.package import Package
from taizhang.splice.tabs import bring_to_front

pytestmark = pytest.mark.slow

TASKS: list[dict[str, Any]] = [
    {"statement": "完善制度 <一> & 抓好落实", "progress": 0.4},
    {"statement": "开展专题培训", "department": "党委办公室", "deadline": date(2022, 6, 30)},
]


def plain(path: Path) -> None:
    small_ledger(path, TASKS)


def decorated_by_openpyxl(path: Path) -> None:
    """Our ledger with a chart, a note, a picture, a table, colours, choices and a name, saved by openpyxl."""
    from openpyxl.chart import BarChart, Reference
    from openpyxl.comments import Comment
    from openpyxl.drawing.image import Image
    from openpyxl.formatting.rule import CellIsRule, ColorScaleRule
    from openpyxl.workbook.defined_name import DefinedName
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.table import Table

    book = load(small_ledger(path, TASKS).read_bytes())
    tasks = next(sheet for sheet in book.worksheets if "任务" in sheet.title)
    chart = BarChart()
    chart.add_data(Reference(tasks, min_col=1, min_row=4, max_row=5))
    tasks.add_chart(chart, "AA2")
    tasks["A4"].comment = Comment("请核对", "整改办")
    tasks.add_image(Image(io.BytesIO(picture())), "AA30")
    tasks.conditional_formatting.add("B4:B5", CellIsRule("equal", ['"甲"']))
    tasks.conditional_formatting.add("C4:C5", ColorScaleRule(start_type="min", end_type="max"))
    choices = DataValidation("list", '"甲,乙"', sqref="C4:C5")
    tasks.add_data_validation(choices)
    book.defined_names["任务范围"] = DefinedName("任务范围", attr_text=f"'{tasks.title}'!$A$4:$C$5")
    other = book.create_sheet("附表")
    for row in (("编号", "数"), ("A-1", 1), ("A-2", 2)):
        other.append(row)
    other.add_table(Table(displayName="附表一", ref="A1:B3"))
    other["D1"] = "=SUM(B2:B3)"
    book.save(path)


def decorated_by_xlsxwriter(path: Path) -> None:
    """A table with a calculated column, chart, note, picture, sparklines, data bars, choices, filter and rich text."""
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("整改任务")
        day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
        rows = [[f"A-{number}", "事项", number, datetime(2026, 3, number)] for number in range(1, 6)]
        heads = [{"header": "编号"}, {"header": "事项"}, {"header": "数"}, {"header": "日期", "format": day}]
        heads.append({"header": "倍", "formula": "=[@数]*2"})
        sheet.add_table("A1:E6", {"data": rows, "columns": heads})
        sheet.write_comment("B2", "请核对")
        chart: Any = book.add_chart({"type": "column"})
        chart.add_series({"values": "='整改任务'!$C$2:$C$6"})
        sheet.insert_chart("H2", chart)
        sheet.insert_image("H20", "图.png", {"image_data": io.BytesIO(picture())})
        sheet.insert_textbox("L2", "说明")
        sheet.add_sparkline("G2", {"range": "C2:C6"})
        sheet.conditional_format("C2:C6", {"type": "data_bar", "bar_solid": True})
        sheet.conditional_format("B2:B6", {"type": "cell", "criteria": "==", "value": '"甲"', "format": bold})
        sheet.data_validation("B2:B6", {"validate": "list", "source": ["甲", "乙"]})
        sheet.write_url("N2", "https://example.org")
        other = book.add_worksheet("附表")
        other.write_rich_string("A1", "粗", bold, "细", "粗")
        other.write_formula("A2", "=SUM(整改任务!C2:C6)", None, 15)
        other.merge_range("C1:D2", "合并", bold)
        other.protect()
        other.autofilter("A1:A2")
        book.define_name("范围", "=整改任务!$A$2:$E$6")


def inline(path: Path) -> None:
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        sheet = book.add_worksheet("整改任务")
        for row, cells in enumerate((("编号", "事项"), ("A-1", "甲"), ("A-2", "乙"))):
            sheet.write_row(row, 0, cells)


def picture() -> bytes:
    """A red dot as PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\xff\0\0")) + chunk(b"IEND", b"")
    )


BOOKS: list[Callable[[Path], None]] = [plain, decorated_by_openpyxl, decorated_by_xlsxwriter, inline]


def new_errors(before: bytes, after: bytes) -> Counter[str]:
    """Schema errors in the parts that changed or are new, less those that were there."""
    old, new, found = Book(before), Book(after), Counter[str]()
    for info in new.infos:
        was, now = old.read(info.filename), new.read(info.filename)
        if now != was and info.filename.endswith(".xml"):
            found += schema_errors(now) - (schema_errors(was) if was else Counter())
    return found


@functools.cache
def made(make: Callable[[Path], None]) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        make(Path(folder) / "台账.xlsx")
        return (Path(folder) / "台账.xlsx").read_bytes()


def target(before: bytes) -> Target:
    found = target_of(Book(before), seed=1)
    assert found
    return found


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_a_changed_cell_and_an_appended_row_lose_nothing(make: Callable[[Path], None], tmp_path: Path) -> None:
    (tmp_path / "台账.xlsx").write_bytes(made(make))
    for kind in KINDS:
        result = judge(tmp_path / "台账.xlsx", kind)
        assert (result["outcome"], result["losses"], result.get("guard"), result["notes"]) == ("patched", [], None, [])


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_every_kind_of_value_obeys_the_schema(make: Callable[[Path], None]) -> None:
    before = made(make)
    for kind in KINDS:
        edits, _ = edits_for(target(before), kind)
        after, _ = patch(before, edits)
        assert (kind, new_errors(before, after)) == (kind, Counter())


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_an_added_sheet_obeys_the_schema(make: Callable[[Path], None]) -> None:
    before = made(make)
    edits: list[Edit] = [
        AddSheet(blank_register(form, NOW))
        for form in standard_forms().values()
        if form.sheet not in {name for name, _, _ in Book(before).sheets()}
    ]
    assert edits
    after, _ = patch(before, edits)
    assert new_errors(before, after) == Counter()


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_added_columns_obey_the_schema(make: Callable[[Path], None]) -> None:
    before = made(make)
    head_row, last = (3, 32) if make in (plain, decorated_by_openpyxl) else (1, 5 if make is not inline else 2)
    numbers = free_columns(before, "整改任务", head_row, last)
    edits = [
        AddColumn("整改任务", head_row, next(numbers), head, 1, last, last, last, 9, Prompt(head, "<看>", choices), 99)
        for head, choices in (("新列", '"甲,乙"'), ("又一列", ""))[: 1 if make is decorated_by_xlsxwriter else 2]
    ]  # a sparkline stands right of that table's new column
    after, cells = patch(before, edits)
    check_patch(before, after, cells)
    assert new_errors(before, after) == Counter()


@pytest.mark.parametrize("make", BOOKS, ids=lambda make: make.__name__)
def test_notes_and_a_sheet_in_front_obey_the_schema(make: Callable[[Path], None]) -> None:
    package = Package.read(made(make))
    free = [name for name, part in package.sheet_parts().items() if not _has_notes(package, part)]
    for name in free:
        add_notes(
            package, name, [Note(2, 2, "请核对 <一>", (320, 62), "FFC7CE"), Note(9, 3, "空格子", (9, 9))], "整改办"
        )
    name = add_sheet(package, mend_list("修改清单", "标题", ["一句"], [], ()))
    bring_to_front(package, name)
    package.append_shared()
    assert free
    assert new_errors(made(make), package.write()) == Counter()


def _has_notes(package: Package, part: str) -> bool:
    return any(kind.endswith(("/comments", "/vmlDrawing")) for kind, _ in package.related(part).values())


def test_many_changes_in_every_sheet_obey_the_schema() -> None:
    before = made(decorated_by_xlsxwriter)
    edits: list[Edit] = [
        SetCell("整改任务", row, column, value)
        for row in (2, 4, 20)
        for column, value in enumerate(KINDS.values(), 7)
        if (row, column) != (2, 7)
    ]
    edits += [SetCell("附表", 2, 1, "不再计算", over_formula=True), SetCell("附表", 9, 9, "_x000D_")]
    after, _ = patch(before, edits)
    assert new_errors(before, after) == Counter()
    rows: list[Edit] = [AppendRow("整改任务", 6, {1: f"A-{number}", 4: date(2026, 4, 1)}) for number in range(3)]
    after, _ = patch(before, rows)
    assert new_errors(before, after) == Counter()


def test_the_yardstick_sees_cells_out_of_order_and_unknown_attributes() -> None:
    sheet = Book(made(inline)).read("xl/worksheets/sheet1.xml")
    assert schema_errors(sheet) == Counter()
    for old, new in (
        (b"<sheetData>", b"<mergeCells/><sheetData>"),
        (b"<c ", b'<c x="1" '),
        (b"</row>", b"<v>1</v></row>"),
    ):
        assert old in sheet
        assert schema_errors(sheet.replace(old, new, 1))
