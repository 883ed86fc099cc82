"""Moving one sheet of a workbook to the front of its tabs and showing it first."""

from __future__ import annotations

import re

from taizhang.splice.directory import entries
from taizhang.splice.edits import Refused
from taizhang.splice.package import Package

__all__ = ["bring_to_front"]

_PLACE = re.compile(rb"""(\slocalSheetId\s*=\s*["'])(\d+)""")
_SHOWN = re.compile(rb"""\s(?:activeTab|firstSheet)\s*=\s*["'][^"'<]*["']""")
_SELECTED = re.compile(rb"""\stabSelected\s*=\s*["'][^"'<]*["']""")
_KINDS = ("/worksheet", "/chartsheet", "/dialogsheet")


def bring_to_front(package: Package, name: str) -> None:
    """Make a sheet the first and the only selected tab; names of single sheets keep their sheets. Raises Refused."""
    book = package.text(package.book_path)
    tabs = entries(book, "sheets")
    place = next((n for n, tab in enumerate(tabs) if tab.attributes.get("name") == name), None)
    part = package.sheet_parts().get(name)
    if place is None or part is None:
        raise Refused("unusual-markup", "工作簿的目录写法少见，不能把表移到最前面。")
    first, own = tabs[0].start, tabs[place]
    book = book[:first] + book[own.start : own.end] + book[first : own.start] + book[own.end :]
    moved = {old: old + (old < place) for old in range(len(tabs))} | {place: 0}
    book = _PLACE.sub(lambda m: m[1] + b"%d" % moved.get(int(m[2]), int(m[2])), book)
    package.put(package.book_path, _SHOWN.sub(b"", book))
    for path in [path for kind, path in package.related(package.book_path).values() if kind.endswith(_KINDS)]:
        xml = package.text(path)
        end = xml.find(b"sheetData")
        head = xml[: end if end >= 0 else len(xml)]  # a chart sheet has no rows
        plain = _SELECTED.sub(b"", head)
        if path == part:
            plain = re.sub(rb"(<(?:\w+:)?sheetView\b)", rb'\1 tabSelected="1"', plain, count=1)
        if plain != head:
            package.put(path, plain + xml[len(head) :])
