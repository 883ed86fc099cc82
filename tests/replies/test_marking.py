"""A department's own workbook marked in place: only formats, comments and the list in front differ."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from support.ledgers import load
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.replies.marking import is_mark_of, mark
from taizhang.replies.mend_list import MendGroup
from taizhang.splice import Refused
from taizhang.splice.notes import Note, add_notes
from taizhang.splice.package import Package
from taizhang.splice.tabs import bring_to_front
from taizhang.workbook.places import Place
from taizhang.workbook.properties import CORE, MARKER, made_of
from taizhang.workbook.reader import Workbook, read_workbook

NOW = datetime(2022, 3, 31, 9, 0)
ORDER = {Severity.ERROR: "请修改", Severity.WARNING: "请留意", Severity.HINT: "说明"}


@pytest.fixture
def returned(tmp_path: Path) -> Callable[..., Workbook]:
    """A workbook of two sheets by XlsxWriter: a filter, a print area, a hidden row, a merged range, a formula."""
    from xlsxwriter import Workbook as New

    def make(change: Callable[[Any, Any], None] | None = None) -> Workbook:
        path = tmp_path / "财务处.xlsx"
        with New(str(path)) as book:
            guide, sheet = book.add_worksheet("填报说明"), book.add_worksheet("整改任务")
            pale = book.add_format({"bg_color": "#FFFBEA", "text_wrap": True})
            guide.write_string(0, 0, "说明")
            guide.print_area("A1:A9")
            for row in range(4):
                for column in range(3):
                    sheet.write_string(row, column, f"第{row + 1}行{column + 1}", pale)
            sheet.write_formula(0, 4, "=1+1", None, 2)
            sheet.merge_range("A6:B7", "合并", pale)
            sheet.set_row(2, None, None, {"hidden": True})
            sheet.autofilter("A1:C4")
            sheet.print_area("A1:C7")
            guide.activate()
            if change:
                change(book, sheet)
        return read_workbook(path)

    return make


def sections(*found: tuple[int, int, Severity, str]) -> list[MendGroup]:
    """Return findings on 整改任务 (row, column, weight, message), one section for each weight."""
    return [
        (
            title,
            severity,
            [
                (Finding(Place("财务处.xlsx", "整改任务", row, column), Check.CHOICE, text, weight), f"RW-{row:03}")
                for row, column, weight, text in found
                if weight is severity
            ],
        )
        for severity, title in ORDER.items()
    ]


def marks(data: bytes, sheet: str = "整改任务") -> dict[str, tuple[str, str]]:
    """Return cell → (colour, comment) of the cells with a comment."""
    cells = [cell for row in load(data)[sheet] for cell in row if cell.comment]
    return {cell.coordinate: (cell.fill.fgColor.rgb[2:], cell.comment.text) for cell in cells}


def test_only_looks_comments_and_the_list_differ(returned: Callable[..., Workbook], monkeypatch: Any) -> None:
    monkeypatch.setattr("taizhang.replies.marking.rewrite", None)  # whatever goes through openpyxl fails here
    book = returned()
    found = sections((2, 2, Severity.ERROR, "不在选项里。"), (2, 9, Severity.WARNING, "空着。"))
    data = mark(book, "财务处　请修改后再报", ["一句"], found)
    after = read_workbook(Path("回执.xlsx"), data)
    assert [each.name for each in after.sheets] == ["修改清单", "填报说明", "整改任务"]
    assert [each.rows for each in after.sheets[1:]] == [each.rows for each in book.sheets]
    assert [each.formulas for each in after.sheets[1:]] == [each.formulas for each in book.sheets]
    assert marks(data) == {"B2": ("FFC7CE", "不在选项里。"), "I2": ("FFE9A8", "空着。")}
    cell = load(data)["整改任务"]["B2"]
    assert (cell.alignment.wrap_text, cell.comment.author) == (True, MARKER)
    with zipfile.ZipFile(BytesIO(book.data)) as old, zipfile.ZipFile(BytesIO(data)) as new:
        assert new.testzip() is None
        same = {name for name in old.namelist() if old.read(name) == new.read(name)}
    assert {"_rels/.rels", "xl/theme/theme1.xml"} <= same


def test_names_and_the_shown_tab_follow_the_list_in_front(returned: Callable[..., Workbook]) -> None:
    data = mark(returned(), "标题", [], sections((2, 2, Severity.ERROR, "错。")))
    book = load(data)
    areas = {sheet.title: sheet.print_area for sheet in book.worksheets}
    assert areas["填报说明"] == "'填报说明'!$A$1:$A$9"
    assert areas["整改任务"] == "'整改任务'!$A$1:$C$7"
    assert areas["修改清单"].startswith("'修改清单'!$A$1:$D$")
    assert (book.active.title, [sheet.title for sheet in book if sheet.sheet_view.tabSelected]) == (
        "修改清单",
        ["修改清单"],
    )
    assert book["整改任务"].auto_filter.ref == "A1:C4"


def test_hidden_rows_are_shown_and_merged_cells_marked_at_their_first(returned: Callable[..., Workbook]) -> None:
    found = sections((3, 1, Severity.ERROR, "一。"), (7, 2, Severity.WARNING, "二。"))
    data = mark(returned(), "标题", [], found)
    assert marks(data) == {"A3": ("FFC7CE", "一。"), "A6": ("FFE9A8", "二。")}
    assert not load(data)["整改任务"].row_dimensions[3].hidden


def test_several_findings_at_one_cell_stand_in_one_comment(returned: Callable[..., Workbook]) -> None:
    found = sections((2, 2, Severity.WARNING, "轻。"), (2, 2, Severity.ERROR, "重。"), (2, 2, Severity.HINT, "不标。"))
    data = mark(returned(), "标题", [], found)
    assert marks(data) == {"B2": ("FFC7CE", "重。\n————\n轻。")}


def test_in_place_and_through_openpyxl_the_same_cells_are_marked(
    returned: Callable[..., Workbook], monkeypatch: Any
) -> None:
    found = sections(
        (2, 2, Severity.ERROR, "重 <一> & 二。"), (2, 2, Severity.WARNING, "轻。"), (3, 3, Severity.WARNING, "三。")
    )
    here = mark(returned(), "标题", ["一句"], found)
    monkeypatch.setattr("taizhang.replies.marking._mark_in_place", lambda *_: None)
    there = mark(returned(), "标题", ["一句"], found)
    assert marks(here) == marks(there) != {}
    lists = [[[cell.value for cell in row] for row in load(data)["修改清单"]] for data in (here, there)]
    assert lists[0] == lists[1]


@pytest.mark.parametrize(
    "change",
    [
        lambda book, sheet: sheet.write_comment("A1", "部门的批注"),
        lambda book, sheet: sheet.write_string(3, 0, "电话 13800138000"),
        lambda book, sheet: sheet.write_formula(3, 4, '="13800138000"', None, ""),
        lambda book, sheet: book.add_worksheet("修改清单"),
    ],
)
def test_what_is_to_be_taken_away_or_kept_goes_through_openpyxl(
    change: Callable[[Any, Any], None], returned: Callable[..., Workbook], monkeypatch: Any
) -> None:
    from taizhang.replies import marking

    called = []
    real = marking.rewrite
    monkeypatch.setattr(marking, "rewrite", lambda *given: called.append(1) or real(*given))
    data = mark(returned(change), "标题", [], sections((2, 2, Severity.ERROR, "错。")))
    assert (called, "B2" in marks(data)) == ([1], True)
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert not [name for name in package.namelist() if b"13800138000" in package.read(name)]


def test_the_same_marks_of_the_same_file_are_known_again(returned: Callable[..., Workbook], tmp_path: Path) -> None:
    book, found, path = returned(), sections((2, 2, Severity.ERROR, "错。")), tmp_path / "财务处_请修改.xlsx"
    path.write_bytes(mark(book, "标题", ["一"], found))
    assert is_mark_of(path, book, "标题", ["一"], found)
    assert not is_mark_of(path, book, "标题", ["二"], found)
    assert not is_mark_of(path, book, "标题", ["一"], sections((2, 2, Severity.ERROR, "另错。")))
    assert not is_mark_of(path, returned(lambda _, sheet: sheet.write(9, 9, 1)), "标题", ["一"], found)
    again = load(path.read_bytes())
    again.properties.lastModifiedBy = "某部门"
    again.save(path)
    assert not is_mark_of(path, book, "标题", ["一"], found)


def test_a_sheet_with_comments_gets_no_more(returned: Callable[..., Workbook]) -> None:
    package = Package.read(returned(lambda _, sheet: sheet.write_comment("A1", "批注")).data)
    with pytest.raises(Refused):
        add_notes(package, "整改任务", [Note(2, 2, "错。", (320, 62))], MARKER)


def test_a_style_that_is_not_there_is_refused(returned: Callable[..., Workbook]) -> None:
    package = Package.read(returned().data)
    path = package.sheet_part("整改任务")
    package.put(path, package.text(path).replace(b'r="B2" s="1"', b'r="B2" s="99"'))
    with pytest.raises(Refused):
        add_notes(package, "整改任务", [Note(2, 2, "错。", (320, 62), "FFC7CE")], MARKER)


def test_a_sheet_that_is_not_there_cannot_come_to_the_front(returned: Callable[..., Workbook]) -> None:
    with pytest.raises(Refused):
        bring_to_front(Package.read(returned().data), "没有这张表")


@pytest.mark.libreoffice
def test_libreoffice_shows_list_and_comments(
    returned: Callable[..., Workbook], soffice: Callable[..., Path], tmp_path: Path
) -> None:
    path = tmp_path / "回执.xlsx"
    path.write_bytes(mark(returned(), "标题", [], sections((2, 2, Severity.ERROR, "不在选项里。"))))
    again = load(soffice(path, "xlsx:Calc MS Excel 2007 XML", tmp_path / "存过").read_bytes())
    assert again.sheetnames == ["修改清单", "填报说明", "整改任务"]
    assert again["整改任务"]["B2"].comment.text.endswith("不在选项里。")
    assert again["整改任务"]["B2"].fill.fgColor.rgb[2:] == "FFC7CE"


def test_a_receipt_is_known_by_the_digest_that_earlier_versions_wrote(returned: Callable[..., Workbook]) -> None:
    """Made of the same workbook with the same findings: the digest is the one of the first version that marked."""
    book = replace(returned(), sha256="0" * 64)
    data = mark(book, "财务处　请修改后再报", ["一句"], sections((2, 2, Severity.ERROR, "不在选项里。")))
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert made_of(package.read(CORE)) == "09988f62a09ea52f53994bf66e51a048e238fb3e0f109b47bb89ff6f534c339c"
