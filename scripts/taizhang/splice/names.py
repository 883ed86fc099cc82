"""Defined names that end at a register's last row (its print area, its filter, people's own) grow with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from html import unescape

from taizhang.splice.markup import area, longer
from taizhang.splice.package import Package

__all__ = ["stretch_names"]

_NAME = re.compile(rb"(<(?:\w+:)?definedName\b[^>]*>)([^<]+)(</)")


def stretch_names(package: Package, sheet: str, afters: Sequence[int]) -> None:
    """Make every name longer that is one range on the sheet ending at a row below which rows were added.

    ``afters`` holds that row once for every row added.
    """
    if not afters:
        return
    book = package.text(package.book_path)
    spellings = ("'" + sheet.replace("'", "''") + "'", sheet)

    def stretched(match: re.Match[bytes]) -> bytes:
        where, mark, ref = match[2].rpartition(b"!")
        if (
            not mark
            or unescape(where.decode("utf-8", "replace")) not in spellings
            or not re.fullmatch(rb"\$?[A-Z]+\$?\d+:\$?[A-Z]+\$?\d+", ref)
        ):
            return match[0]
        top, _, bottom, _ = area(ref)
        added = Counter(afters).get(bottom, 0)
        return match[1] + where + mark + longer(ref, bottom, added) + match[3] if added and top <= bottom else match[0]

    new = _NAME.sub(stretched, book)
    if new != book:
        package.put(package.book_path, new)
