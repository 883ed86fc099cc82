"""A department's own workbook with its wrong cells marked: coloured, commented, and listed on a sheet in front.

What is issued and filled in the usual way is marked in place, everything else of it stays as it is. A workbook with comments, an
earlier receipt's marks or personal data goes through openpyxl, the only place that lets it write; what that loses of a
department's copy (charts, extensions) is lost from the receipt only.
"""

from __future__ import annotations

import hashlib
import io
import re
import warnings
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from taizhang.findings import Finding, Severity
from taizhang.mending import FILLS, LIST_SHEET, Section, mend_list
from taizhang.personal import find_personal
from taizhang.properties import CORE, MARKER, core_of, made_of, marked_core, saved_by_us
from taizhang.splice import Refused
from taizhang.splice.graft import add_sheet
from taizhang.splice.notes import Note, add_notes
from taizhang.splice.package import Package
from taizhang.splice.tabs import bring_to_front
from taizhang.theme import Palette
from taizhang.workbooks import Sheet, Workbook
from taizhang.zipped import portable

__all__ = ["CannotMark", "is_mark_of", "mark"]

MAX_SHEET_BYTES = 24_000_000
"""Unpacked bytes of all sheets beyond which a copy is not worth the minutes it takes."""

_FORMULA_TEXT = re.compile(rb"<(?:\w+:)?f\b[^<>]*>([^<]+)")


class CannotMark(Exception):
    """The workbook itself cannot be marked; its text is the reason, for people."""


def mark(book: Workbook, title: str, lines: Sequence[str], sections: Sequence[Section]) -> bytes:
    """Return a copy of a workbook with the cells of the findings marked and listed; raises CannotMark.

    Marks of an earlier receipt are taken away first. Personal values are taken out of the copy.
    """
    _refuse_unfit(book.data)
    try:
        package = _marked_in_place(book, sections) or Package.read(_marked_by_openpyxl(book.data, sections))
        _put_list(package, title, lines, sections)
        package.put(CORE, marked_core(package.text(CORE), _digest(book, title, lines, sections)))
        return package.write()
    except Refused:
        raise CannotMark("表里有程序不能原样保存的格式") from None


def is_mark_of(path: Path, book: Workbook, title: str, lines: Sequence[str], sections: Sequence[Section]) -> bool:
    """Whether a file is what ``mark`` made of the same workbook with the same findings, and nobody has saved it since."""
    core = core_of(path)
    return saved_by_us(core) and made_of(core) == _digest(book, title, lines, sections)


def _digest(book: Workbook, title: str, lines: Sequence[str], sections: Sequence[Section]) -> str:
    return hashlib.sha256(repr((book.sha256, title, lines, sections)).encode("utf-8", "replace")).hexdigest()


def _marked_in_place(book: Workbook, sections: Sequence[Section]) -> Package | None:
    """Return the workbook with its cells marked; None where there is something to take away or that is not understood."""
    findings = [finding for _, _, found in sections for finding, _ in found]
    carries = book.macros or book.embedded or book.external_links or book.kind != "xlsx"
    if carries or any(each.check == "personal" for each in findings) or any(map(_holds_personal, book.sheets)):
        return None
    try:
        package = Package.read(book.data)
        package.prove()
        if not _is_plain(package):
            return None
        for sheet in book.sheets:
            if notes := _notes(sheet, sections):
                add_notes(package, sheet.name, notes, MARKER)
    except Refused:
        return None
    return package


def _holds_personal(sheet: Sheet) -> bool:
    return bool(find_personal(sheet.name)) or any(find_personal(raw) for row in sheet.rows for raw in row)


def _is_plain(package: Package) -> bool:
    """Whether a package is a workbook for .xlsx without comments, without a list of ours, and without personal data in formulas."""
    if b"spreadsheetml.sheet.main+xml" not in package.text("[Content_Types].xml") or not package.has(CORE):
        return False
    if any("comment" in path or "vmldrawing" in path for path in package.by_path):
        return False
    parts = package.sheet_parts()
    formulas = (text for part in parts.values() for text in _FORMULA_TEXT.findall(package.text(part)))
    return not any(name.startswith(LIST_SHEET) for name in parts) and not any(
        find_personal(text.decode("utf-8", "replace")) for text in formulas
    )


def _notes(sheet: Sheet, sections: Sequence[Section]) -> list[Note]:
    """Return what is put on the cells of a sheet: of several findings at one cell the weightiest first, in its colour."""
    told: dict[tuple[int, int], tuple[list[str], str]] = {}
    for _, severity, found in sections:
        for finding, _ in found:
            row, column = finding.place.row, finding.place.column
            if severity in FILLS and finding.place.sheet == sheet.name and row and column:
                texts, _ = told.setdefault(_shown_at(sheet, row, column), ([], FILLS[severity]))
                texts.append(finding.message)
    return [
        Note(row, column, text := _below(texts), _size(text), colour) for (row, column), (texts, colour) in told.items()
    ]


def _shown_at(sheet: Sheet, row: int, column: int) -> tuple[int, int]:
    """Return the cell that shows what stands here: of a merged range its first."""
    for (top, left), (bottom, right) in sheet.merged:
        if top <= row <= bottom and left <= column <= right:
            return top, left
    return row, column


def _below(texts: Sequence[str]) -> str:
    return "\n————\n".join(texts)


def _size(text: str) -> tuple[int, int]:
    """Return width and height in pixels of a comment that shows a text."""
    return 320, 40 + 22 * (len(text) // 20 + text.count("\n") + 1)


def _put_list(package: Package, title: str, lines: Sequence[str], sections: Sequence[Section]) -> None:
    """Put the list in front of the workbook's other sheets."""
    sheets = list(package.sheet_parts())
    taken = {name.casefold() for name in sheets}
    name = next(each for n in range(1000) if (each := f"{LIST_SHEET}{n or ''}").casefold() not in taken)
    add_sheet(package, mend_list(name, title, lines, sections, sheets))
    why = "本表由整改台账生成，改好后不用删，报回来时程序会略过。"
    add_notes(package, name, [Note(1, 1, why, (260, 60))], MARKER)
    bring_to_front(package, name)
    package.append_shared()


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


def _marked_by_openpyxl(data: bytes, sections: Sequence[Section]) -> bytes:
    """Return the workbook cleaned and with its cells marked; raises CannotMark."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book: Any = openpyxl.load_workbook(io.BytesIO(data))
            _take_away(book)
            _take_out_personal(book, [finding for _, _, found in sections for finding, _ in found])
            for _, severity, found in reversed(sections):
                for finding, _ in found:
                    if severity in FILLS and finding.place.sheet in book.sheetnames:
                        _mark_cell(book[finding.place.sheet], finding, severity)
            target = io.BytesIO()
            book.save(target)
    except Exception:  # openpyxl raises whatever it stumbles over in files of other programs; the reason is the same
        raise CannotMark("表里有程序不能原样保存的格式") from None
    return portable(target.getvalue())


def _take_away(book: Any) -> None:
    """Take away what an earlier receipt put in: its list, its comments, its colours."""
    from openpyxl.styles import PatternFill

    for sheet in [each for each in book.worksheets if each.title.startswith(LIST_SHEET)]:
        if sheet["A1"].comment is not None and sheet["A1"].comment.author == MARKER:
            book.remove(sheet)
    clean = PatternFill("solid", fgColor=Palette.INPUT.lstrip("#"))
    ours = {f"00{colour}" for colour in FILLS.values()} | {f"FF{colour}" for colour in FILLS.values()}
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
    cell.fill = PatternFill("solid", fgColor=FILLS[severity])
    more = "\n（原来的内容已从这份回执里去掉）" if finding.check == "personal" else ""
    text = f"{finding.message}{more}"
    if cell.comment is not None:
        text = _below([text, cell.comment.text])
    width, height = _size(text)
    comment = Comment(text, MARKER, width=width, height=height)
    cell.comment = comment


def _top_left(sheet: Any, row: int, column: int) -> tuple[int, int]:
    """Return the cell that shows what stands here: of a merged range its first."""
    for area in sheet.merged_cells.ranges:
        if area.min_row <= row <= area.max_row and area.min_col <= column <= area.max_col:
            return area.min_row, area.min_col
    return row, column
