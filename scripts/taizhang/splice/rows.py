"""One row of a sheet as bytes: the attributes of its tag, and its cells by column."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

from taizhang.workbook.markup import ATTRIBUTE, inside
from taizhang.workbook.places import a1, column_number

__all__ = [
    "Row",
    "add_missing_cells",
    "format_row",
    "make_blank_row",
    "move_row",
    "number_row",
    "parse_row",
    "restyle_cell",
    "style_of",
    "unhide_row",
]

_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_STYLED = re.compile(rb"""\ss\s*=\s*["']\d+["']""")
_SPANS = re.compile(rb"""\sspans\s*=\s*["'][^"']*["']""")
_HIDDEN = re.compile(rb"""\shidden\s*=\s*["'][^"']*["']""")
_NO_HEIGHT = re.compile(rb"""\sht\s*=\s*["']\s*+[+-]?0*+\.?0*+\s*+["']""")
_HEIGHT = re.compile(rb"""\s(?:ht|customHeight)\s*=\s*["'][^"']*["']""")
_WHOLE = re.compile(rb"[0-9]{1,9}")
_DECIMAL = re.compile(rb"[+-]?(?:[0-9]++\.?[0-9]*+|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?")
_FLAGS = (b"customFormat", b"customHeight", b"thickTop", b"thickBot", b"ph")
_HIGHEST = 409.5
"""Maximum row height in points; Excel repairs a workbook with a higher row."""
_DEEPEST = 7
"""Maximum level of an outline."""
_NUMBERED = re.compile(rb"\sr\s*=")
_NUMBER = re.compile(rb"""(\sr\s*=\s*["'])\d+""")
_ADDRESS = re.compile(rb"""(\sr\s*=\s*["'][A-Za-z]+)\d+""")


@dataclass(slots=True)
class Row:
    """A row's attributes as written, and 1-based column → the bytes of its cell."""

    attrs: bytes
    cells: dict[int, bytes] = field(default_factory=dict)


@cache
def _cell(prefix: bytes) -> re.Pattern[bytes]:
    """Return the pattern of a cell; its second group holds the column letters of the address, if there is one."""
    return re.compile(
        rb"""(<%(p)sc\b(?:[^<>]*?\br\s*=\s*["']([A-Za-z]+)\d+["'])?[^<>]*"""
        rb"""(?:(?<=/)>|(?<!/)>(?:<%(p)sv>[^<]*</%(p)sv></%(p)sc>|%(inside)s</%(p)sc>)))"""
        % {b"p": prefix, b"inside": inside(b"c")}
    )


def parse_row(row: bytes, prefix: bytes) -> Row | None:
    """Parse a row; None if its markup is unusual and something would be lost."""
    end = row.find(b">")
    closed = row[end - 1 : end] == b"/"
    inner_end = end + 1 if closed else row.rfind(b"</%srow>" % prefix)
    if end < 0 or inner_end < 0:
        return None
    found = _cell(prefix).findall(row, end + 1, inner_end)
    cells, columns = [cell for cell, _ in found], _column_numbers([letters for _, letters in found])
    between = len(b"".join(cells)) < inner_end - end - 1
    if columns != sorted(set(columns)) or (between and _cell(prefix).sub(b"", row[end + 1 : inner_end]).strip()):
        return None
    return Row(row[len(prefix) + 4 : end - closed], dict(zip(columns, cells, strict=True)))


def _column_numbers(letters: list[bytes]) -> list[int]:
    """Return the columns of a row's cells; a cell without an address is in the column after the previous one."""
    columns = [*map(column_number, letters)]
    for place, column in enumerate(columns):
        if not column:
            columns[place] = columns[place - 1] + 1 if place else 1
    return columns


def format_row(row: Row, prefix: bytes) -> bytes:
    """Return the bytes of a row without ``spans``, which is optional and may no longer be true."""
    cells = b"".join([row.cells[column] for column in sorted(row.cells)])
    return b"<%srow%s>%s</%srow>" % (prefix, _SPANS.sub(b"", row.attrs).rstrip(), cells, prefix)


def style_of(cell: bytes) -> bytes | None:
    """Return the index of a cell's style, None if it has none."""
    style = _STYLE.search(cell, 0, cell.find(b">"))
    return style[1] if style else None


def make_blank_row(template: Row, number: int, prefix: bytes, formats: int) -> Row:
    """Return a visible row without values that looks like the template, which may be filtered out.

    Invalid attributes are not copied: a height beyond Excel's, a style beyond the workbook's number of ``formats``.
    """
    cells = {}
    for column, cell in template.cells.items():
        style = style_of(cell)
        if style and int(style) < formats:
            cells[column] = b'<%sc r="%s" s="%s"/>' % (prefix, a1(number, column).encode(), style)
    return Row(b' r="%d"%s' % (number, _valid_looks(template.attrs, formats)), cells)


def _valid_looks(attrs: bytes, formats: int) -> bytes:
    """Return the valid ones of a row's attributes that describe its look."""
    given = {name: value[1:-1].strip() for name, value in ATTRIBUTE.findall(attrs)}
    kept = {name: value for name in _FLAGS if (value := given.get(name)) in (b"0", b"1", b"true", b"false")}
    if _WHOLE.fullmatch(given.get(b"s", b"")) and int(given[b"s"]) < formats:
        kept[b"s"] = given[b"s"]
    elif b"s" in given:
        kept.pop(b"customFormat", None)
    if _DECIMAL.fullmatch(given.get(b"ht", b"")) and 0 < float(given[b"ht"]) <= _HIGHEST:
        kept[b"ht"] = given[b"ht"]
    elif b"ht" in given:
        kept.pop(b"customHeight", None)
    if _WHOLE.fullmatch(given.get(b"outlineLevel", b"")) and int(given[b"outlineLevel"]) <= _DEEPEST:
        kept[b"outlineLevel"] = given[b"outlineLevel"]
    for name, value in given.items() if b"xmlns" not in attrs else ():
        if name.endswith(b":dyDescent") and _DECIMAL.fullmatch(value):
            kept[name] = value
    return b"".join(b' %s="%s"' % (name, kept[name]) for name in given if name in kept)


def add_missing_cells(row: Row, looks: Row) -> Row:
    """Return a row with the cells of another row added in the columns where it has none."""
    return Row(row.attrs, {**looks.cells, **row.cells})


def move_row(row: Row, number: int, under: Mapping[int, bytes]) -> Row:
    """Return a row moved to another number, over the blank cells ``under`` it."""
    cells = {column: _ADDRESS.sub(rb"\g<1>%d" % number, cell, count=1) for column, cell in row.cells.items()}
    return number_row(Row(_NUMBER.sub(rb"\g<1>%d" % number, row.attrs, count=1), {**under, **cells}), number)


def unhide_row(row: Row) -> Row:
    """Return a row without ``hidden`` and zero height; its outline level stays."""
    attrs = _HIDDEN.sub(b"", row.attrs)
    return Row(_HEIGHT.sub(b"", attrs) if _NO_HEIGHT.search(attrs) else attrs, row.cells)


def number_row(row: Row, number: int) -> Row:
    """Return a row with its number in ``r``, which is optional for a row directly below another."""
    return row if _NUMBERED.search(row.attrs) else Row(b' r="%d"%s' % (number, row.attrs), row.cells)


def restyle_cell(row: Row, number: int, column: int, look: Callable[[int], int], prefix: bytes) -> Row:
    """Return a row with one cell's style replaced by ``look`` of that style; a missing cell is added."""
    cell = row.cells.get(column, b'<%sc r="%s"/>' % (prefix, a1(number, column).encode()))
    end = cell.find(b"/>") if cell.find(b"/>") == cell.find(b">") - 1 else cell.find(b">")
    style = look(int(style_of(cell) or 0))
    styled = b'%s s="%d"%s' % (_STYLED.sub(b"", cell[:end]).rstrip(), style, cell[end:])
    return Row(row.attrs, {**row.cells, column: styled})
