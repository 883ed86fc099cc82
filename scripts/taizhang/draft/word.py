"""Paragraphs of a Word document in reading order: body, tables, text boxes, content controls, with numbers.

Reads .docx, .docm, .dotx, .dotm and Strict Open XML.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from taizhang.draft.lines import group_lines
from taizhang.draft.values import NOT_A_REPORT, Paragraph, SourceError, TableCell
from taizhang.draft.word_numbering import Numbering, whole_number
from taizhang.system import limits
from taizhang.typed.text import without_invisible
from taizhang.workbook.containers import declares_type

__all__ = ["word_paragraphs"]

_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LIKE_A_DOCUMENT = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document\.macroEnabled|template\.macroEnabledTemplate)"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml",
    re.IGNORECASE,
)
"""The content types of the main part of .docm, .dotm and .dotx files; its XML is that of a .docx."""

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
"""The namespaces of Strict Open XML; python-docx knows only their transitional equivalents."""

_SKIPPED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:rPr"), qn("w:pPr")})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = frozenset({qn("w:br"), qn("w:cr")})
_PARAGRAPH, _TEXT_BOX = qn("w:p"), qn("w:txbxContent")
_CELL, _ROW, _TABLE = qn("w:tc"), qn("w:tr"), qn("w:tbl")
_MOST_BLANK = 4
"""The limit of all paragraphs, blank ones included, as a multiple of the limit of paragraphs with words."""
_MOST_COLUMNS = 1000
"""Columns that a cell may span; Word allows 63."""


def word_paragraphs(name: str, data: bytes) -> tuple[Paragraph, ...]:
    """Return the non-blank paragraphs of a document; manual line breaks (↓) are treated as in a text file.

    Raises SourceError for a broken, protected or other file, and beyond the limits of ``system/limits.py``.
    """
    document = _open(name, data)
    numbering = Numbering(document)
    found: list[Paragraph] = []
    tables = _Tables()
    for element in _paragraph_elements(document.element.body):
        label = numbering.label(element)
        heading = numbering.heading(element)
        for position, text in enumerate(group_lines(without_invisible(_text(element)))):
            if len(found) == limits.MAX_REPORT_PARAGRAPHS:
                raise SourceError(f"{name} 超过 {limits.MAX_REPORT_PARAGRAPHS} 段，{NOT_A_REPORT}")
            cell = tables.cell(element)
            found.append(Paragraph(len(found) + 1, text, "" if position else label, heading, cell))
    return tuple(found)


def _open(name: str, data: bytes) -> Any:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            markup = [member for member in members if member.filename.lower().endswith((".xml", ".rels"))]
            if (
                len(members) > limits.MAX_MEMBERS
                or sum(member.file_size for member in members) > limits.MAX_REPORT_UNPACKED_BYTES
                or sum(member.file_size for member in markup) > limits.MAX_REPORT_XML_BYTES
            ):
                raise SourceError(f"{name} 展开后过大，{NOT_A_REPORT}")
            _refuse_other_packages(name, {member.lower() for member in archive.namelist()})
            if any(_declares_type(archive, member) for member in markup):
                raise SourceError(
                    f"{name} 里有 Word 不会写的内容（DOCTYPE），不像正常保存的文件。"
                    "请用 Word 或 WPS 打开后另存为 .docx。"
                )
            plain = _as_docx(archive)
            _refuse_blanks(name, archive)
        return Document(io.BytesIO(plain or data))
    except SourceError:
        raise
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError):
        # lxml's XMLSyntaxError is a SyntaxError
        raise SourceError(
            f"{name} 不是 Word 文档或已损坏。请用 Word 或 WPS 打开后另存为 .docx；打不开就换一份原文件。"
        ) from None


def _declares_type(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bool:
    with archive.open(member) as part:
        return declares_type(part)


def _refuse_blanks(name: str, archive: zipfile.ZipFile) -> None:
    """Raise SourceError for a document with too many paragraphs, blank ones included, before it is parsed."""
    for member in archive.namelist():
        if member.lower().endswith("/document.xml"):
            xml = archive.read(member)
            count = xml.count(b":p>") + xml.count(b":p/>") + xml.count(b":p ")
            # Start and end tags are both counted.
            if count > 2 * _MOST_BLANK * limits.MAX_REPORT_PARAGRAPHS:
                raise SourceError(f"{name} 里有几十万个段落，大多是空的，{NOT_A_REPORT}")


def _refuse_other_packages(name: str, members: set[str]) -> None:
    """Raise SourceError, naming the format and the cure, for a package of another program."""
    cure = "请选对照检查材料的 .docx 或 .txt。"
    if "ofd.xml" in members:
        raise SourceError(
            f"{name} 是 OFD 版式文件，不能逐段读取。请用原来的 Word 文件；只有 OFD 时，用阅读器导出文字，存成 .txt。"
        )
    if members & {"xl/workbook.xml", "xl/workbook.bin"}:
        raise SourceError(f"{name} 是 Excel 工作簿，不是 Word 文档。{cure}")
    if "ppt/presentation.xml" in members:
        raise SourceError(f"{name} 是演示文稿，不是 Word 文档。{cure}")
    if "content.xml" in members:
        raise SourceError(f"{name} 是 OpenDocument 格式（.odt 一类）。请用 Word 或 WPS 打开后另存为 .docx。")
    if "[content_types].xml" not in members:
        inside = any(member.endswith((".docx", ".doc", ".wps", ".txt", ".pdf")) for member in members)
        found = "里面装着别的文件，没有拆开。请解压，" if inside else "里面没有 Word 正文。"
        raise SourceError(f"{name} 是压缩包，{found}{cure}")


def _as_docx(archive: zipfile.ZipFile) -> bytes:
    """Convert a macro document, a template or Strict Open XML to an ordinary .docx; empty if it is one already."""
    types = archive.read("[Content_Types].xml")
    strict = _STRICT.search(archive.read("_rels/.rels"))
    if not strict and not _LIKE_A_DOCUMENT.search(types):
        return b""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as plain:
        for member in archive.infolist():
            part = archive.read(member)
            if member.filename.lower().endswith((".xml", ".rels")):
                part = _STRICT.sub(
                    rb"http://schemas.openxmlformats.org/\1/2006/", _LIKE_A_DOCUMENT.sub(_DOCUMENT, part)
                )
            plain.writestr(member.filename, part)
    return target.getvalue()


def _paragraph_elements(parent: Any) -> Iterator[Any]:
    """Yield every w:p in document order, without deleted ones and without the fallback copies of text boxes."""
    for child in parent.iterchildren():
        if child.tag in (_FALLBACK, *_SKIPPED):
            continue
        if child.tag == qn("w:p"):
            yield child
        yield from _paragraph_elements(child)


def _text(parent: Any) -> str:
    """Return the text of a paragraph: insertions accepted, deletions removed, text boxes left out."""
    parts = []
    for child in parent.iterchildren():
        if child.tag in _SKIPPED or child.tag in (_FALLBACK, _TEXT_BOX, _PARAGRAPH):  # each paragraph is read by itself
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


class _Tables:
    """The places of cells in the outermost tables; each table is laid out once, when its first paragraph is read."""

    def __init__(self) -> None:
        self._places: dict[Any, TableCell] = {}
        self._known: set[Any] = set()

    def cell(self, element: Any) -> TableCell | None:
        """Return the place of a paragraph in the outermost table that contains it; None outside tables."""
        cell = row = table = None
        for each in element.iterancestors(_CELL, _ROW, _TABLE):
            if each.tag == _CELL:
                cell, row, table = each, None, None
            elif each.tag == _ROW and row is None:
                row = each
            elif each.tag == _TABLE and row is not None and table is None:
                table = each
        if cell is None or row is None or table is None:
            return None
        if table not in self._known:
            self._known.add(table)
            self._lay_out(table, len(self._known))
        return self._places.get(cell)

    def _lay_out(self, table: Any, number: int) -> None:
        rows = [[*_columns(row)] for row in table.iter(_ROW) if next(row.iterancestors(_TABLE)) is table]
        below: dict[int, int] = {}
        for index in range(len(rows), 0, -1):
            last = below
            below = {}
            for cell, column in reversed(rows[index - 1]):  # two cells in one column mean damage: the first counts
                end = last.get(column, index)
                self._places[cell] = TableCell(number, index, column, end)
                below.pop(column, None)
                if _continues_merge(cell):
                    below[column] = end


def _columns(row: Any) -> Iterator[tuple[Any, int]]:
    """Yield the cells of a row, each with the grid column (from 1) in which it begins."""
    column = 1 + _value(row, "w:trPr/w:gridBefore", 0)
    for cell in row.iter(_CELL):
        if next(cell.iterancestors(_ROW)) is row:
            yield cell, column
            column += _value(cell, "w:tcPr/w:gridSpan", 1)


def _continues_merge(cell: Any) -> bool:
    """Whether a cell is a lower part of a vertically merged cell."""
    merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merge is not None and merge.get(qn("w:val")) != "restart"


def _value(element: Any, path: str, default: int) -> int:
    found = element.find("/".join(qn(step) for step in path.split("/")))
    value = found.get(qn("w:val")) if found is not None else None
    return whole_number(value, default, _MOST_COLUMNS)
