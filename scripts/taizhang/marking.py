"""A department's own workbook with its wrong cells marked: coloured, commented, and listed on a sheet in front.

The only place that lets openpyxl write. What it loses of a department's copy (charts, extensions) is lost from the receipt only.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from taizhang.findings import Finding, Severity
from taizhang.personal import find_personal
from taizhang.places import a1
from taizhang.readings import shown
from taizhang.theme import TEXT_FONT, Palette

__all__ = ["LIST_SHEET", "MARKER", "CannotMark", "mark"]

LIST_SHEET = "修改清单"
"""The sheet in front; 问题清单 is what the ledger calls the problems of the report."""
MARKER = "整改台账"
"""Author of our comments, and who saved the workbook last: so that they are known again when it comes back."""
MAX_SHEET_BYTES = 24_000_000
"""Unpacked bytes of all sheets beyond which a copy is not worth the minutes it takes."""

_FILLS = {Severity.ERROR: "FFC7CE", Severity.WARNING: "FFE9A8"}

Section = tuple[str, Severity, Sequence[tuple[Finding, str]]]
"""A title with its count, how much it weighs, and its findings, each with the code of its row."""


class CannotMark(Exception):
    """The workbook itself cannot be marked; its text is the reason, for people."""


def mark(data: bytes, title: str, lines: Sequence[str], sections: Sequence[Section], now: datetime) -> bytes:
    """Return a copy of a workbook with the cells of the findings marked and listed; raises CannotMark.

    Marks of an earlier receipt are taken away first. Personal values are taken out of the copy.
    """
    _refuse_unfit(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _mark(data, title, lines, sections, now)
    except CannotMark:
        raise
    except Exception:  # openpyxl raises whatever it stumbles over in files of other programs; the reason is the same
        raise CannotMark("表里有程序不能原样保存的格式") from None


def _refuse_unfit(data: bytes) -> None:
    if not data.startswith(b"PK"):
        raise CannotMark("文件是 .xls 旧格式或加了密，不能在上面标注；下次请另存为 .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise CannotMark("文件不完整") from None
    if not any(member.filename.lower().endswith("xl/workbook.xml") for member in members):
        raise CannotMark("文件不是 .xlsx 格式，不能在上面标注；下次请另存为 .xlsx")
    if sum(each.file_size for each in members if "worksheets/" in each.filename.lower()) > MAX_SHEET_BYTES:
        raise CannotMark("表太大，多半有大片空行空列")


def _mark(data: bytes, title: str, lines: Sequence[str], sections: Sequence[Section], now: datetime) -> bytes:
    import openpyxl

    book: Any = openpyxl.load_workbook(io.BytesIO(data))
    _take_away(book)
    _take_out_personal(book, [finding for _, _, found in sections for finding, _ in found])
    for _, severity, found in reversed(sections):
        for finding, _ in found:
            if severity in _FILLS and finding.place.sheet in book.sheetnames:
                _mark_cell(book[finding.place.sheet], finding, severity)
    _write_list(book, title, lines, sections)
    book.properties.creator, book.properties.lastModifiedBy = "", MARKER
    book.properties.created = now
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _take_away(book: Any) -> None:
    """Take away what an earlier receipt put in: its list, its comments, its colours."""
    from openpyxl.styles import PatternFill

    for sheet in [each for each in book.worksheets if each.title.startswith(LIST_SHEET)]:
        if sheet["A1"].comment is not None and sheet["A1"].comment.author == MARKER:
            book.remove(sheet)
    clean = PatternFill("solid", fgColor=Palette.INPUT.lstrip("#"))
    ours = {f"00{colour}" for colour in _FILLS.values()} | {f"FF{colour}" for colour in _FILLS.values()}
    for sheet in book.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if cell.comment is not None and cell.comment.author == MARKER:
                cell.comment = None
                if cell.has_style and cell.fill.fgColor.rgb in ours:
                    cell.fill = clean


def _take_out_personal(book: Any, findings: Sequence[Finding]) -> None:
    named = {(each.place.sheet, each.place.row, each.place.column) for each in findings if each.check == "personal"}
    for number, sheet in enumerate(book.worksheets, 1):
        if find_personal(sheet.title):
            sheet.title = f"第{number}张表"
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            here = (sheet.title, cell.row, cell.column) in named
            if here or find_personal(cell.value):
                cell.value = None
            if cell.comment is not None and find_personal(cell.comment.text):
                cell.comment = None


def _mark_cell(sheet: Any, finding: Finding, severity: Severity) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    row, column = finding.place.row, finding.place.column
    if row is None or column is None:
        return
    cell = sheet.cell(*_top_left(sheet, row, column))
    sheet.row_dimensions[cell.row].hidden = False
    cell.fill = PatternFill("solid", fgColor=_FILLS[severity])
    more = "\n（原来的内容已从这份回执里去掉）" if finding.check == "personal" else ""
    text = f"{finding.message}{more}"
    if cell.comment is not None:
        text = f"{text}\n————\n{cell.comment.text}"
    comment = Comment(text, MARKER, width=320, height=40 + 22 * (len(text) // 20 + text.count("\n") + 1))
    cell.comment = comment


def _top_left(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """Return the cell that shows what stands here: of a merged range its first."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return area.min_row, area.min_col
    return row, column


def _write_list(  # noqa: PLR0915 - one sheet from top to bottom
    book: Any, title: str, lines: Sequence[str], sections: Sequence[Section]
) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.worksheet.hyperlink import Hyperlink

    sheet = book.create_sheet(LIST_SHEET, 0)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCD", (7, 22, 12, 86), strict=True):
        sheet.column_dimensions[letter].width = width
    ink, navy = Palette.INK.lstrip("#"), Palette.NAVY.lstrip("#")
    line = Side("thin", color=Palette.LINE.lstrip("#"))
    box = Border(left=line, right=line, top=line, bottom=line)

    def put(row: int, column: int, text: str, **font: Any) -> Any:
        cell = sheet.cell(row, column)
        cell.value, cell.data_type = text, "s"
        cell.font = Font(**{"name": TEXT_FONT, "size": 10, "color": ink, **font})
        cell.alignment = Alignment(vertical="center")
        return cell

    first = put(1, 1, title, size=18, bold=True)
    first.comment = Comment("本表由整改台账生成，改好后不用删，报回来时程序会略过。", MARKER, width=260, height=60)
    sheet.row_dimensions[1].height = 34
    legend = "红色格子请修改，黄色格子请留意；点“在哪里”直接跳到那一格，格子上的批注写着怎么改。"
    row = 2
    for text in (*lines, legend):
        put(row, 1, text, size=11)
        sheet.row_dimensions[row].height = 22
        row += 1
    number = 0
    for heading, severity, found in sections:
        row += 2
        put(row, 1, heading, size=12, bold=True, color=navy)
        sheet.row_dimensions[row].height = 24
        row += 1
        for column, name in enumerate(("序号", "在哪里", "编号", "哪里不对、怎么改"), 1):
            cell = put(row, column, name, bold=True, color="FFFFFF")
            cell.fill = PatternFill("solid", fgColor=navy)
            cell.alignment = Alignment(horizontal="center", vertical="center")
        for finding, code in found:
            row, number = row + 1, number + 1
            place = finding.place
            where = f"〈{place.sheet}〉{place.cell}" if place.sheet else "整份文件"
            told = (str(number), shown(where), shown(code), finding.message)
            cells = [put(row, column, text) for column, text in enumerate(told, 1)]
            for cell in cells:
                cell.border = box
                side = "left" if cell.column in (2, 4) else "center"
                cell.alignment = Alignment(horizontal=side, vertical="center", wrap_text=True)
            if severity in _FILLS:
                cells[0].fill = PatternFill("solid", fgColor=_FILLS[severity])
            if place.sheet in book.sheetnames:
                target = a1(place.row or 1, place.column or 1)
                quoted = (place.sheet or "").replace("'", "''")
                cells[1].hyperlink = Hyperlink(ref=cells[1].coordinate, location=f"'{quoted}'!{target}")
                cells[1].font = Font(name=TEXT_FONT, size=10, color=Palette.LINK.lstrip("#"), underline="single")
            sheet.row_dimensions[row].height = max(24, 16 * -(-len(finding.message) // 42) + 8)
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToHeight, sheet.sheet_properties.pageSetUpPr = 0, _fit_to_page()
    sheet.print_area = f"A1:D{row}"


def _fit_to_page() -> Any:
    from openpyxl.worksheet.properties import PageSetupProperties

    return PageSetupProperties(fitToPage=True)
