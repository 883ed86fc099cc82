"""Raising rows whose height follows their text: a program that opens the file shows the height that was saved."""

from __future__ import annotations

import re
from collections.abc import Mapping

from taizhang.splice.edits import Refused
from taizhang.splice.package import Package
from taizhang.workbook.markup import attribute

__all__ = ["raise_rows"]

_ROW = re.compile(rb"<(?:\w+:)?row\b[^<>]*>")
_HEIGHT = re.compile(rb"\sht\s*=\s*[\"'][^\"']*[\"']")
_HIGHEST = 409.0


def raise_rows(workbook: bytes, sheet: str, heights: Mapping[int, float]) -> bytes:
    """Return the workbook with these rows (number → points) raised; rows of fixed height stay as they are.

    Nothing else is touched: without the heights of rows, the sheet is the same bytes, else Refused is raised.
    """
    package = Package.read(workbook)
    part = package.sheet_part(sheet)
    xml = package.text(part)

    def raised(match: re.Match[bytes]) -> bytes:
        tag, number = match[0], attribute(match[0], b"r")
        height = heights.get(int(number)) if number.isdigit() else None
        if height is None or attribute(tag, b"customHeight") in ("1", "true"):
            return tag
        bare, end = _HEIGHT.sub(b"", tag), 2 if tag.endswith(b"/>") else 1
        return bare[:-end] + b' ht="%.1f"' % min(height, _HIGHEST) + bare[-end:]

    new = _ROW.sub(raised, xml)
    if _without_heights(new) != _without_heights(xml):
        raise Refused("heights", f"〈{sheet}〉的行高改不了，没有写。")
    if new == xml:
        return workbook
    package.put(part, new)
    return package.write()


def _without_heights(xml: bytes) -> bytes:
    return _ROW.sub(lambda match: _HEIGHT.sub(b"", match[0]), xml)
