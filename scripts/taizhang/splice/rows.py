"""One row of a sheet as the bytes it is written in: the attributes of its tag, and its cells by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from taizhang.places import a1, column_number

__all__ = ["Row", "blank_like", "filled_in", "joined", "moved", "parted", "restyled", "shown", "style_of"]

_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_STYLED = re.compile(rb"""\ss\s*=\s*["']\d+["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*["'][^"']*["']""")
_OWN = re.compile(rb"""\s(?:r|spans|hidden|collapsed)\s*=\s*["'][^"']*["']""")
_HIDDEN = re.compile(rb"""\s(?:hidden|collapsed)\s*=\s*["'][^"']*["']""")
_NUMBER = re.compile(rb"""(\sr\s*=\s*["'])\d+""")
_ADDRESS = re.compile(rb"""(\sr\s*=\s*["'][A-Za-z]+)\d+""")


@dataclass(slots=True)
class Row:
    """A row's attributes as they are written and its cells by 1-based column, each with its own bytes."""

    attrs: bytes
    cells: dict[int, bytes] = field(default_factory=dict)


@cache
def _cell(prefix: bytes) -> re.Pattern[bytes]:
    """Return the expression for one cell; its second group holds the letters of the cell's address, where it has one."""
    return re.compile(
        rb"""(<%(p)sc\b(?:[^>]*?\br\s*=\s*["']([A-Za-z]+)\d+["'])?[^>]*"""
        rb"""(?:(?<=/)>|(?<!/)>(?:<%(p)sv>[^<]*</%(p)sv></%(p)sc>|.*?</%(p)sc>)))""" % {b"p": prefix},
        re.DOTALL,
    )


def parted(row: bytes, prefix: bytes) -> Row | None:
    """Return a row taken apart; None where its markup is unusual, so that something of it would be lost."""
    end = row.find(b">")
    closed = row[end - 1 : end] == b"/"
    inner_end = end + 1 if closed else row.rfind(b"</%srow>" % prefix)
    if end < 0 or inner_end < 0:
        return None
    found = _cell(prefix).findall(row, end + 1, inner_end)
    cells, columns = [cell for cell, _ in found], _numbered([letters for _, letters in found])
    between = len(b"".join(cells)) < inner_end - end - 1
    if columns != sorted(set(columns)) or (between and _cell(prefix).sub(b"", row[end + 1 : inner_end]).strip()):
        return None
    return Row(row[len(prefix) + 4 : end - closed], dict(zip(columns, cells, strict=True)))


def _numbered(letters: list[bytes]) -> list[int]:
    """Return the columns of a row's cells; one without an address stands to the right of the one before."""
    columns = [*map(column_number, letters)]
    for place, column in enumerate(columns):
        if not column:
            columns[place] = columns[place - 1] + 1 if place else 1
    return columns


def joined(row: Row, prefix: bytes) -> bytes:
    """Return the bytes of a row; ``spans``, which need not be there and may no longer be true, is left out."""
    cells = b"".join([row.cells[column] for column in sorted(row.cells)])
    return b"<%srow%s>%s</%srow>" % (prefix, _SPANS.sub(b"", row.attrs).rstrip(), cells, prefix)


def style_of(cell: bytes) -> bytes | None:
    """Return the number of a cell's style, None where it has none."""
    style = _STYLE.search(cell, 0, cell.find(b">"))
    return style[1] if style else None


def blank_like(template: Row, number: int, prefix: bytes) -> Row:
    """Return a row without values that looks like the template; it can be seen, even where that was filtered out."""
    cells = {}
    for column, cell in template.cells.items():
        style = style_of(cell)
        if style:
            cells[column] = b'<%sc r="%s" s="%s"/>' % (prefix, a1(number, column).encode(), style)
    return Row(b' r="%d"%s' % (number, _OWN.sub(b"", template.attrs)), cells)


def filled_in(row: Row, looks: Row) -> Row:
    """Return a row with the looks of another where it has no cell of its own."""
    return Row(row.attrs, {**looks.cells, **row.cells})


def moved(row: Row, number: int, under: Mapping[int, bytes]) -> Row:
    """Return a row as it stands in another place, over the blank cells that were there."""
    cells = {column: _ADDRESS.sub(rb"\g<1>%d" % number, cell, count=1) for column, cell in row.cells.items()}
    return Row(_NUMBER.sub(rb"\g<1>%d" % number, row.attrs, count=1), {**under, **cells})


def shown(row: Row) -> Row:
    """Return a row that can be seen, even where it was hidden or filtered out."""
    return Row(_HIDDEN.sub(b"", row.attrs), row.cells)


def restyled(row: Row, number: int, column: int, look: Callable[[int], int], prefix: bytes) -> Row:
    """Return a row with one of its cells in the style that a function makes of its own; a cell that is not there is added."""
    cell = row.cells.get(column, b'<%sc r="%s"/>' % (prefix, a1(number, column).encode()))
    end = cell.find(b"/>") if cell.find(b"/>") == cell.find(b">") - 1 else cell.find(b">")
    style = look(int(style_of(cell) or 0))
    styled = b'%s s="%d"%s' % (_STYLED.sub(b"", cell[:end]).rstrip(), style, cell[end:])
    return Row(row.attrs, {**row.cells, column: styled})
