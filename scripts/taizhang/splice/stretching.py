"""What names a register's rows from outside its sheet, a defined name or a chart, grows with it where it ended at the last row."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set

from taizhang.splice.markup import area, longer, shorter, unescaped
from taizhang.splice.package import Package
from taizhang.splice.references import chart_parts

__all__ = ["NAME", "SERIES", "shorten_names", "stretch_charts", "stretch_names"]

NAME = re.compile(rb"(<(?:\w+:)?definedName\b[^>]*>)([^<]+)(</)")
_ONE_RANGE = re.compile(rb"\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+")
SERIES = re.compile(rb"(<(?:\w+:)?f>)([^<]+)(</(?:\w+:)?f>)")
"""The element of a chart that names cells (``c:f``, ECMA-376 21.2.2.65)."""


def stretch_names(package: Package, sheet: str, grown: Mapping[int, int]) -> None:
    """Make every name longer that is one range on the sheet; ``grown`` maps the row where a range ends to the rows it gains."""
    if grown:
        _in_ranges(package, package.book_path, NAME, sheet, lambda ref: longer(ref, grown))


def shorten_names(package: Package, sheet: str, gone: Set[int]) -> None:
    """End every name that is one range on the sheet, the print area too, above the rows that are gone."""
    if gone:
        _in_ranges(package, package.book_path, NAME, sheet, lambda ref: shorter(ref, gone))


def stretch_charts(package: Package, sheet: str, grown: Mapping[int, int]) -> None:
    """Make the series of every chart longer that run down the sheet to where it grew; charts calculate what they show anew."""
    for path in chart_parts(package) if grown else ():
        _in_ranges(package, path, SERIES, sheet, lambda ref: longer(ref, grown), at_least=2)


def _in_ranges(
    package: Package,
    path: str,
    pattern: re.Pattern[bytes],
    sheet: str,
    changed: Callable[[bytes], bytes],
    at_least: int = 1,
) -> None:
    spellings = ("'" + sheet.replace("'", "''") + "'", sheet)

    def replaced(match: re.Match[bytes]) -> bytes:
        where, mark, ref = match[2].rpartition(b"!")
        if not mark or not _ONE_RANGE.fullmatch(ref) or unescaped(where) not in spellings:
            return match[0]
        top, _, bottom, _ = area(ref)
        return match[1] + where + mark + changed(ref) + match[3] if bottom - top >= at_least - 1 else match[0]

    old = package.text(path)
    new = pattern.sub(replaced, old)
    if new != old:
        package.put(path, new)
