"""The order of a workbook's tabs: one sheet put in front of the others and shown first."""

from __future__ import annotations

import re

from taizhang.splice.edits import Refused
from taizhang.splice.markup import attribute
from taizhang.splice.package import Package

__all__ = ["bring_to_front"]

_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^<>]*?/>")
_PLACE = re.compile(rb"""(\slocalSheetId=["'])(\d+)""")
_SELECTED = re.compile(rb"""\stabSelected=["'][^"']*["']""")


def bring_to_front(package: Package, name: str) -> None:
    """Make a sheet the first tab and the only one that is shown; names that belong to a sheet follow it. Raises Refused."""
    book, parts = package.text(package.book_path), package.sheet_parts()
    tags = list(_SHEET.finditer(book))
    place = next((n for n, tag in enumerate(tags) if attribute(tag[0], b"name") == name), None)
    if place is None or len(tags) != len(parts):
        raise Refused("unusual-markup", "工作簿的目录写法少见，不能把表移到最前面。")
    first, own = tags[0].start(), tags[place]
    book = book[:first] + own[0] + book[first : own.start()] + book[own.end() :]
    moved = {old: old + (old < place) for old in range(len(tags))} | {place: 0}
    book = _PLACE.sub(lambda m: m[1] + b"%d" % moved.get(int(m[2]), int(m[2])), book)
    book = re.sub(rb"""\s(?:activeTab|firstSheet)=["']\d+["']""", b"", book)
    package.put(package.book_path, book)
    for each, part in parts.items():
        xml = package.text(part)
        head = xml[: max(xml.find(b"sheetData"), 0)]
        plain = _SELECTED.sub(b"", head)
        if each == name:
            plain = re.sub(rb"(<(?:\w+:)?sheetView\b)", rb'\1 tabSelected="1"', plain, count=1)
        if plain != head:
            package.put(part, plain + xml[len(head) :])
