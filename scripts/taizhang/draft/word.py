"""Paragraphs of a Word document (.docx, .docm, .dotx, .dotm, Strict Open XML too) in the order a reader meets them: body, tables, text boxes and content controls, with their numbers."""

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
from taizhang.draft.values import Paragraph, SourceError, TableCell
from taizhang.draft.word_numbering import Numbering

__all__ = ["word_paragraphs"]

_DOCUMENT = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_LIKE_A_DOCUMENT = re.compile(
    rb"application/vnd\.(?:ms-word\.(?:document\.macroEnabled|template\.macroEnabledTemplate)"
    rb"|openxmlformats-officedocument\.wordprocessingml\.template)\.main\+xml",
    re.IGNORECASE,
)
"""How packages name the main part of a .docm, .dotm and .dotx; its text is that of a .docx."""

_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/")
"""The names of Strict Open XML; those of ordinary files say the same and are the ones that python-docx knows."""

_LARGEST_UNPACKED = 300_000_000
_SKIPPED = frozenset({qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:rPr"), qn("w:pPr")})
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = frozenset({qn("w:br"), qn("w:cr")})


def word_paragraphs(name: str, data: bytes) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a document that are not blank; a line that ends by hand (↓) ends a paragraph as in a text file.

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
            _refuse_other_packages(name, {member.lower() for member in archive.namelist()})
            plain = _as_docx(archive)
        return Document(io.BytesIO(plain or data))
    except SourceError:
        raise
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError):
        # lxml's XMLSyntaxError is a SyntaxError
        raise SourceError(
            f"{name} 不是 Word 文档或已损坏。请用 Word 或 WPS 打开后另存为 .docx；打不开就换一份原文件。"
        ) from None


def _refuse_other_packages(name: str, members: set[str]) -> None:
    """Raise SourceError, saying what it is and what to do, for a package of another program."""
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
    """Return a document with macros, a template or Strict Open XML as an ordinary .docx; nothing where it is one."""
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
