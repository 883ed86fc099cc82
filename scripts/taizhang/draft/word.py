"""Paragraphs of a .docx in the order a reader meets them: body, tables, text boxes and content controls, with their numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from taizhang.draft.lines import group_lines
from taizhang.draft.values import Paragraph, SourceError, TableCell
from taizhang.draft.word_numbering import Numbering

__all__ = ["word_paragraphs"]

_LARGEST_UNPACKED = 300_000_000
_SKIPPED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:rPr"), qn("w:pPr")})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = frozenset({qn("w:br"), qn("w:cr")})


def word_paragraphs(name: str, data: bytes) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a .docx that are not blank; a line that ends by hand (↓) ends a paragraph as in a text file.

    Raises SourceError for a broken, protected or other file.
    """
    document = _open(name, data)
    numbering = Numbering(document)
    found: list[Paragraph] = []
    tables: dict[Any, int] = {}
    for element in _paragraph_elements(document.element.body):
        label = numbering.label(element)
        heading = numbering.heading(element)
        for position, text in enumerate(group_lines(_text(element))):
            cell = _cell(element, tables)
            found.append(Paragraph(len(found) + 1, text, "" if position else label, heading, cell))
    return tuple(found)


def _open(name: str, data: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _LARGEST_UNPACKED:
                raise SourceError(f"{name} 展开后过大，不像一份对照检查材料，没有读取。请核对文件来源。")
            names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            raise SourceError(f"{name} 是 Excel 工作簿，不是 Word 文档。请选对照检查材料的 .docx 或 .txt。")
        return Document(io.BytesIO(data))
    except SourceError:
        raise
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError):
        # lxml's XMLSyntaxError is a SyntaxError
        raise SourceError(
            f"{name} 不是 Word 文档或已损坏。请用 Word 或 WPS 打开后另存为 .docx；打不开就换一份原文件。"
        ) from None


def _paragraph_elements(parent: Any) -> Iterator[Any]:
    """Yield every w:p in document order, without deleted ones and without the second copy that old readers get of a text box."""
    for child in parent.iterchildren():
        if child.tag in (_FALLBACK, *_SKIPPED):
            continue
        if child.tag == qn("w:p"):
            yield child
        yield from _paragraph_elements(child)


def _text(parent: Any) -> str:
    """The text of a paragraph as a reader sees it: insertions taken as accepted, deletions gone, text boxes apart."""
    parts = []
    for child in parent.iterchildren():
        if child.tag in _SKIPPED or child.tag == _FALLBACK or child.tag == qn("w:txbxContent"):
            continue
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag in _BREAKS:
            parts.append("\n")
        elif child.tag == qn("w:tab"):
            parts.append("\t")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        else:
            parts.append(_text(child))
    return "".join(parts)


def _cell(element: Any, tables: dict[Any, int]) -> TableCell | None:
    """Return where a paragraph stands in the outermost table that holds it."""
    cells = list(element.iterancestors(qn("w:tc")))
    if not cells:
        return None
    cell = cells[-1]
    row = next(cell.iterancestors(qn("w:tr")))
    table = next(row.iterancestors(qn("w:tbl")))
    number = tables.setdefault(table, len(tables) + 1)
    rows = list(table.iter(qn("w:tr")))
    own_rows = [each for each in rows if next(each.iterancestors(qn("w:tbl"))) is table]
    index = own_rows.index(row)
    column = _column(row, cell)
    last = index
    while last + 1 < len(own_rows) and _is_covered(own_rows[last + 1], column):
        last += 1
    return TableCell(number, index + 1, column, last + 1)


def _cells(row: Any) -> list[Any]:
    return [each for each in row.iter(qn("w:tc")) if next(each.iterancestors(qn("w:tr"))) is row]


def _column(row: Any, wanted: Any) -> int:
    """The grid column, from 1, that a cell of a row begins in."""
    column = 1 + _value(row, "w:trPr/w:gridBefore", 0)
    for cell in _cells(row):
        if cell is wanted:
            break
        column += _value(cell, "w:tcPr/w:gridSpan", 1)
    return column


def _is_covered(row: Any, column: int) -> bool:
    """Whether the cell of a row at this column is the lower part of a cell merged downwards."""
    for cell in _cells(row):
        if _column(row, cell) == column:
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            return merge is not None and merge.get(qn("w:val")) != "restart"
    return False


def _value(element: Any, path: str, default: int) -> int:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    value = found.get(qn("w:val")) if found is not None else None
    return int(value) if value is not None and value.isdigit() else default
