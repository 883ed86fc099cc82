"""Extending defined names and charts that ended at a register's last row, when rows are added below it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set

from taizhang.splice.package import Package
from taizhang.splice.ranges import NAME, SERIES, change_list, name_kind
from taizhang.splice.references import chart_parts
from taizhang.workbook.markup import unescape
from taizhang.workbook.places import quoted_sheet

__all__ = ["change_names", "stretch_charts"]

_IN_CHART = re.compile(rb"<(/?)(?:\w+:)?(tx|f)(?=[\s/>])([^<>]*)>([^<]*)")
"""References of a chart (``c:f``, ECMA-376 21.2.2.65), and its titles (``c:tx``), whose references are no series."""


def change_names(package: Package, sheet: str, grown: Mapping[int, int], gone: Set[int]) -> None:
    """Extend the names for ranges on the sheet, also the print area, and end them above removed rows.

    ``grown`` is last row of a range → rows gained.
    """
    means = _matcher_of(sheet)

    def change(match: re.Match[bytes]) -> bytes:
        kind = name_kind(match[1])
        return match[0] if kind is None else match[1] + change_list(match[2], kind, means, grown, gone)

    if grown or gone:
        _put_if_changed(package, package.book_path, NAME.sub(change, package.text(package.book_path)))


def stretch_charts(package: Package, sheet: str, grown: Mapping[int, int]) -> None:
    """Extend the series of charts that end where the sheet grew; programs recalculate what a chart shows."""
    means = _matcher_of(sheet)
    for path in chart_parts(package) if grown else ():
        old, pieces, at, title = package.text(path), [], 0, False
        for tag in _IN_CHART.finditer(old):
            if tag[2] == b"tx":
                title = not tag[1] and not tag[3].endswith(b"/")
            elif not tag[1] and not title:
                pieces += [old[at : tag.start(4)], change_list(tag[4], SERIES, means, grown)]
                at = tag.end(4)
        _put_if_changed(package, path, b"".join((*pieces, old[at:])))


def _matcher_of(sheet: str) -> Callable[[bytes], bool]:
    """Return a function that tells whether the prefix of a reference, before its ``!``, means this sheet."""
    spellings = {quoted_sheet(sheet).casefold(), sheet.casefold()}
    return lambda where: unescape(where).casefold() in spellings


def _put_if_changed(package: Package, path: str, new: bytes) -> None:
    if new != package.text(path):
        package.put(path, new)
