"""What a sheet carries beside the contents of its cells: comments, links, pictures, and columns that it hides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.workbook.containers import BROKEN_ZIP, Container, FileFormat, judge, relations, sheet_parts, xml_of
from taizhang.workbook.markup import attribute
from taizhang.workbook.places import column_number
from taizhang.workbook.reader import Workbook

__all__ = ["Attached", "attached_to"]

_LINK = re.compile(rb"<(?:\w+:)?hyperlink\b[^<>]*>")
_COMMENT = re.compile(rb"<(?:\w+:)?comment\b[^<>]*>")
_ANCHOR = re.compile(rb"<(?:\w+:)?(?:twoCell|oneCell|absolute)Anchor\b")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^<>]*>")
_FIRST = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True)
class Attached:
    """What one sheet carries: cells (row, column) with a comment or a link, hidden columns, the number of pictures.

    Charts and other drawings count as pictures.
    """

    comments: frozenset[tuple[int, int]] = frozenset()
    links: frozenset[tuple[int, int]] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    pictures: int = 0


def attached_to(book: Workbook) -> Mapping[str, Attached]:
    """Return what the sheets of an .xlsx workbook carry, by sheet name; nothing is known of other formats."""
    if book.kind is not FileFormat.XLSX:
        return {}
    container = judge(book.data)
    try:
        return {name: _of_sheet(container, part) for name, part in sheet_parts(container).items()}
    except BROKEN_ZIP:
        return {}


def _of_sheet(container: Container, part: str) -> Attached:
    xml = xml_of(container, part)
    beside = relations(container, part)
    comments = [xml_of(container, each.part) for each in beside if each.kind == "comments"]
    drawings = [xml_of(container, each.part) for each in beside if each.kind == "drawing"]
    hidden: set[int] = set()
    for tag in _COLUMN.findall(xml, 0, xml.find(b"sheetData") if b"sheetData" in xml else len(xml)):
        first, last = (attribute(tag, name) for name in (b"min", b"max"))
        if attribute(tag, b"hidden") in ("1", "true") and first.isdecimal() and last.isdecimal():
            hidden |= set(range(int(first), min(int(last), _MOST_COLUMNS) + 1))
    return Attached(
        frozenset(place for each in comments for place in _places(_COMMENT, each)),
        frozenset(_places(_LINK, xml)),
        frozenset(hidden),
        sum(len(_ANCHOR.findall(each)) for each in drawings),
    )


def _places(tags: re.Pattern[bytes], xml: bytes) -> set[tuple[int, int]]:
    """Return the first cell that each tag refers to."""
    found = (_FIRST.match(attribute(tag, b"ref")) for tag in tags.findall(xml))
    return {(int(each[2]), column_number(each[1].upper().encode())) for each in found if each}
