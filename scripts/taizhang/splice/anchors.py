"""Rows of a sheet that hold more than values (comments, pictures, links, merged cells), and its last row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from taizhang.splice.package import Package
from taizhang.workbook.markup import inside
from taizhang.workbook.places import LAST_ROW, area

__all__ = ["anchored_rows"]

_TAGGED = re.compile(rb"<(?:\w+:)?(?:mergeCell|hyperlink)\b[^<>]*?\bref=[\"']([^\"']+)")
_COMPUTED = re.compile(rb"<(?:\w+:)?f\b[^<>]*?\bref=[\"']([^\"']+)")
_COMMENT = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)\b[^<>]*?\bref=[\"']([^\"']+)")
_ANCHOR = re.compile(rb"<(?:\w+:)?(from|to)>" + inside(rb"(?:from|to|row)") + rb"<(?:\w+:)?row>\s*(\d+)\s*</")
_LAST = re.compile(rb"<(?:\w+:)?row\b[^<>]*?\sr=[\"'](\d+)")
_TOTALS = re.compile(rb"\btotalsRowCount=[\"'][1-9]")


def anchored_rows(workbook: bytes, sheet: str) -> tuple[frozenset[int], int]:
    """Return the rows of a sheet that hold more than values, and the number of its last row, blank or not.

    If a table has a totals row, all rows count as anchored, because the totals row would have to move. Raises Refused.
    """
    package = Package.read(workbook)
    part = package.sheet_part(sheet)
    xml = package.text(part)
    end = xml.rfind(b"sheetData>")
    last = max((int(number) for number in _LAST.findall(xml, xml.rfind(b"row ", 0, end) - 16, end)), default=0)
    anchored = frozenset(row for row in _anchored(package, part, xml) if row <= last)
    return anchored, last


def _anchored(package: Package, part: str, xml: bytes) -> Iterator[int]:
    for ref in (*_TAGGED.findall(xml), *_COMPUTED.findall(xml)):
        top, _, bottom, _ = area(ref)
        yield from range(top, bottom + 1)
    for relation, path in package.related(part).values():
        kind, text = relation.rpartition("/")[2], package.text(path)
        if kind in {"comments", "threadedComment"}:
            yield from (area(ref)[0] for ref in _COMMENT.findall(text))
        elif kind == "drawing":
            rows = [(end, int(row) + 1) for end, row in _ANCHOR.findall(text)]
            for (first, top), (second, bottom) in pairwise([*rows, (b"", 0)]):
                if first == b"from":
                    yield from range(top, (bottom if second == b"to" else top) + 1)
        elif kind == "table" and _TOTALS.search(text):
            yield from range(1, LAST_ROW + 1)
