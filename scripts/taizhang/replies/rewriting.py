"""Rewriting a department's workbook with openpyxl: personal data and old marks removed, wrong cells marked.

Only this module writes with openpyxl. openpyxl makes an object for every cell, also for every cell of a merged range or
link, so its input is bounded first. Content that it does not support is lost from the copy.
"""

from __future__ import annotations

import io
import re
import warnings
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.office.theme import Palette
from taizhang.replies.cleaning import in_utf8, says_personal, take_parts
from taizhang.replies.mend_list import FILLS, LIST_SHEET, MendGroup
from taizhang.splice.package import Package
from taizhang.typed.personal import find_personal
from taizhang.workbook.markup import attribute
from taizhang.workbook.places import area
from taizhang.workbook.properties import MARKER
from taizhang.workbook.reader import Workbook

__all__ = ["ODD_FORMAT", "TOO_LARGE", "CannotMark", "first_cells", "join_messages", "note_size", "rewrite"]

MOST_CELLS = 300_000
"""Most cells and rows for openpyxl, formatted blanks included: each becomes an object of about a kilobyte."""

MOST_COVERED = 50_000
"""Most cells in merged ranges and links of one sheet for openpyxl: each becomes an object too."""

_CELL = re.compile(rb"<(?:\w+:)?(?:c|row)[\s/>]")
_COVERING = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^<>]*>")
_DRAWN = re.compile(r".*/(?:media|charts)/.+|.*/drawings/(?:_rels/)?[^/]+\.xml(?:\.rels)?").fullmatch
"""Pictures, charts and shapes: openpyxl fails on many of them."""

_ELSEWHERE = re.compile(r"\[\d+\]")
"""A reference to another workbook in a formula."""


ODD_FORMAT = "表里有程序不能原样保存的格式"
TOO_LARGE = "表太大，多半有大片空行空列"


class CannotMark(Exception):
    """Raised if a workbook cannot be marked; its text is the reason, in Chinese."""


def join_messages(texts: Sequence[str]) -> str:
    """Join the messages of several findings into one comment."""
    return "\n————\n".join(texts)


def note_size(text: str) -> tuple[int, int]:
    """Return the width and height, in pixels, of a comment with this text."""
    return 320, 40 + 22 * (len(text) // 20 + text.count("\n") + 1)


Address = tuple[int, int]


def first_cells(merged: Iterable[tuple[Address, Address]], cells: Iterable[Address]) -> dict[Address, Address]:
    """Map each of these cells that lies in a merged range to the range's first cell, which is the one displayed."""
    columns: dict[int, list[int]] = {}
    for row, column in sorted({*cells}):
        columns.setdefault(row, []).append(column)
    rows, first = [*columns], {}
    for (top, left), (bottom, right) in merged:
        for row in rows[bisect_left(rows, top) : bisect_right(rows, bottom)]:
            among = columns[row]
            for column in among[bisect_left(among, left) : bisect_right(among, right)]:
                first.setdefault((row, column), (top, left))
    return first


def rewrite(book: Workbook, sections: Sequence[MendGroup]) -> bytes:
    """Return the workbook rewritten by openpyxl, cleaned and marked. Raises CannotMark if openpyxl cannot read it."""
    import openpyxl

    data = _bound_size(book.data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            copy: Any = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
            _remove_marks(copy)
            _remove_personal(copy, [finding for _, _, found in sections for finding, _ in found], book)
            for sheet in copy.worksheets:
                _mark(sheet, sections)
            target = io.BytesIO()
            copy.save(target)
    except Exception:  # openpyxl may raise anything on files of other programs
        raise CannotMark(ODD_FORMAT) from None
    return target.getvalue()


def _bound_size(data: bytes) -> bytes:
    """Return a workbook that openpyxl can load: without drawings, and with few enough cells in ranges and links.

    Raises CannotMark if there are more than MOST_CELLS cells. What is cut is missing from the receipt only.
    """
    package, cells = Package.read(data), 0
    take_parts(package, _DRAWN)
    for path in list(package.by_path):
        # All parts are bounded, since a sheet may have any path.
        if package.by_path[path].filename in package.removed:
            continue
        xml = package.text(path)
        if not in_utf8(xml):
            raise CannotMark(ODD_FORMAT)
        cells += sum(1 for _ in _CELL.finditer(xml))
        if cells > MOST_CELLS:
            raise CannotMark(TOO_LARGE)
        left = MOST_COVERED

        def kept(match: re.Match[bytes]) -> bytes:
            nonlocal left
            ref = attribute(match[0], b"ref").encode()
            top, first, bottom, last = area(ref) if ref else (1, 1, 1, 1)
            covered = (bottom - top + 1) * (last - first + 1)
            if covered > left:
                return b""
            left -= max(covered, 0)
            return match[0]

        if (bounded := _COVERING.sub(kept, xml)) != xml:
            package.put(path, bounded)
    return package.write() if package.changed or package.removed else data


def _remove_marks(book: Any) -> None:
    """Remove what an earlier receipt added (list, comments, colours), custom properties and pivot tables."""
    from openpyxl.packaging.custom import CustomPropertyList
    from openpyxl.styles import PatternFill

    for sheet in [each for each in book.worksheets if each.title.startswith(LIST_SHEET)]:
        if sheet["A1"].comment is not None and sheet["A1"].comment.author == MARKER:
            book.remove(sheet)
    book.custom_doc_props = CustomPropertyList()
    clean = PatternFill("solid", fgColor=Palette.INPUT.lstrip("#"))
    ours = {f"00{colour}" for colour in FILLS.values()} | {f"FF{colour}" for colour in FILLS.values()}
    for sheet in book.worksheets:
        sheet._pivots = []
        for cell in cells_of(sheet):
            if cell.comment is not None and cell.comment.author == MARKER:
                cell.comment = None
                if cell.has_style and cell.fill.fgColor.rgb in ours:
                    cell.fill = clean


def cells_of(sheet: Any) -> list[Any]:
    """Return the existing cells of a sheet in order; iterating its rows would create all cells of its dimensions."""
    return [cell for _, cell in sorted(sheet._cells.items())]


def _remove_personal(copy: Any, findings: Sequence[Finding], book: Workbook) -> None:
    named = {(each.place.sheet, each.place.row, each.place.column) for each in findings if each.check == Check.PERSONAL}
    for number, sheet in enumerate(copy.worksheets, 1):
        name, read = sheet.title, book.by_name.get(sheet.title)
        for cell in cells_of(sheet):
            text = getattr(cell.value, "text", cell.value)  # an array formula has its text in an attribute
            if (name, cell.row, cell.column) in named or find_personal(text):
                cell.value = None
            elif book.external_links and cell.data_type == "f" and _ELSEWHERE.search(str(text)):
                cell.value = read.value(cell.row, cell.column) or None if read else None
            if cell.comment is not None and (
                says_personal(cell.comment.text) or says_personal(cell.comment.author or "")
            ):
                cell.comment = None
        if find_personal(name):
            sheet.title = f"第{number}张表"
    _remove_texts(copy, lambda text: says_personal(text) or (book.external_links and bool(_ELSEWHERE.search(text))))


def _remove_texts(copy: Any, unwanted: Callable[[str], bool]) -> None:
    """Remove unwanted texts outside cell values: names, rules, prompts, headers, tables, links, styles."""
    from openpyxl.worksheet.scenario import ScenarioList

    def says(*texts: Any) -> bool:
        return any(unwanted(str(text)) for text in texts if text)

    _remove_names(copy.defined_names, says)
    for sheet in copy.worksheets:
        _remove_names(sheet.defined_names, says)
        _remove_rules(sheet, says)
        for name in ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter"):
            for part in (getattr(getattr(sheet, name), side) for side in ("left", "center", "right")):
                if says(part.text):
                    part.text = None
        for table in list(sheet.tables.values()):
            if says(table.name, table.displayName, table.comment, *(each.name for each in table.tableColumns)):
                del sheet.tables[table.name]
        for cell in cells_of(sheet):
            link = cell.hyperlink
            if link is not None and says(link.target, link.location, link.tooltip, link.display):
                cell.hyperlink = None
        if says(*_attribute_values(sheet.auto_filter)):
            sheet.auto_filter.filterColumn, sheet.auto_filter.sortState = [], None
        sheet.scenarios = ScenarioList()
        if says(sheet.sheet_properties.codeName):
            sheet.sheet_properties.codeName = None
    copy._number_formats[:] = ["General" if says(each) else each for each in copy._number_formats]
    for number, style in enumerate(copy._named_styles):
        if says(style.name):
            style.name = f"样式{number}"
    if says(copy.code_name):
        copy.code_name = None


def _remove_rules(sheet: Any, says: Callable[..., bool]) -> None:
    """Remove the conditional formats and validations with an unwanted text, and unwanted prompts of the others."""
    from openpyxl.formatting.formatting import ConditionalFormattingList

    rules, sheet.conditional_formatting = sheet.conditional_formatting, ConditionalFormattingList()
    for each in rules:
        for rule in each.rules:
            if not says(rule.text, *rule.formula):
                sheet.conditional_formatting.add(each, rule)
    validations = sheet.data_validations
    validations.dataValidation = [each for each in validations.dataValidation if not says(each.formula1, each.formula2)]
    for each in validations.dataValidation:
        for name in ("prompt", "promptTitle", "error", "errorTitle"):
            if says(getattr(each, name)):
                setattr(each, name, None)


def _remove_names(names: Any, says: Callable[..., bool]) -> None:
    for name, each in list(names.items()):
        if says(name, each.value, each.comment, each.description, each.help, each.statusBar, each.customMenu):
            del names[name]


def _attribute_values(part: Any) -> list[str]:
    """Return all attribute values of a part of a sheet, at any depth."""
    return [text for element in part.to_tree().iter() for text in element.attrib.values()]


def _mark(sheet: Any, sections: Sequence[MendGroup]) -> None:
    here = [
        (finding, severity)
        for _, severity, found in reversed(sections)
        for finding, _ in found
        if severity in FILLS and finding.place.sheet == sheet.title and finding.place.row and finding.place.column
    ]
    merged = (((each.min_row, each.min_col), (each.max_row, each.max_col)) for each in sheet.merged_cells.ranges)
    first = first_cells(merged, ((each.place.row or 0, each.place.column or 0) for each, _ in here))
    for finding, severity in here:
        cell = finding.place.row or 0, finding.place.column or 0
        _mark_cell(sheet, sheet.cell(*first.get(cell, cell)), finding, severity)


def _mark_cell(sheet: Any, cell: Any, finding: Finding, severity: Severity) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    sheet.row_dimensions[cell.row].hidden = False
    cell.fill = PatternFill("solid", fgColor=FILLS[severity])
    more = "\n（原来的内容已从这份回执里去掉）" if finding.check == Check.PERSONAL else ""
    text = f"{finding.department_message}{more}"
    if cell.comment is not None:
        text = join_messages([text, cell.comment.text])
    width, height = note_size(text)
    cell.comment = Comment(text, MARKER, width=width, height=height)
