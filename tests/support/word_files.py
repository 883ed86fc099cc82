"""Word documents for the tests: automatic numbering and tables, made with python-docx."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

REPORT_LEVELS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def add_numbering(document: Any, levels: Sequence[tuple[str, str]], *, extra: str = "", num_extra: str = "") -> str:
    """Add a list definition with these (number format, label text) levels; returns the list's numId."""
    root = document.part.numbering_part.element
    abstract_id = str(900 + len(root.findall(qn("w:abstractNum"))))
    number_id = str(900 + len(root.findall(qn("w:num"))))
    written = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/>{extra}<w:lvlText '
        f'w:val="{text}"/></w:lvl>'
        for depth, (style, text) in enumerate(levels)
    )
    first_num = root.find(qn("w:num"))
    abstract = parse_xml(f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{abstract_id}">{written}</w:abstractNum>')
    if first_num is None:
        root.append(abstract)
    else:
        first_num.addprevious(abstract)
    root.append(add_list(number_id, abstract_id, num_extra))
    return number_id


def add_list(number_id: str, abstract_id: str, extra: str = "") -> Any:
    """Return a w:num that uses a definition, with overrides."""
    link = f'<w:abstractNumId w:val="{abstract_id}"/>'
    return parse_xml(f'<w:num {nsdecls("w")} w:numId="{number_id}">{link}{extra}</w:num>')


def number(paragraph: Any, number_id: str, depth: int) -> None:
    """Number a paragraph automatically."""
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number_id}"/></w:numPr>')
    )


def add_table(document: Any, rows: Sequence[Sequence[str]]) -> Any:
    """Add a table; a cell ``↑`` is merged with the one above."""
    table = document.add_table(len(rows), len(rows[0]))
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == "↑":
                table.cell(r - 1, c).merge(table.cell(r, c))
            else:
                table.cell(r, c).text = text
    return table


def save(document: Any, path: Path) -> Path:
    """Save a document and return its path."""
    document.save(str(path))
    return path


def as_bytes(document: Any) -> bytes:
    """Return a document as the bytes of its file."""
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def new_document() -> Any:
    """Return an empty document."""
    return Document()
