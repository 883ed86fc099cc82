"""Parsing what formulas name: ranges, names and tables, or ``anything`` if the text does not tell.

The text is scanned once from left to right; each pattern visits a character a bounded number of times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from taizhang.workbook.places import LAST_COLUMN, LAST_ROW, Area, column_number

__all__ = ["Named", "Range", "TableColumns", "locate_columns", "parse_formula", "range_places"]

_TOKEN = re.compile(
    r"""
    "[^"]*"
    | (?P<where> (?<!')(?>(?:'[^']*')+)! | (?>(?:\[[^\[\]]*\])?[\w.\\]+)(?::(?>[\w.\\]+))?! | \[[^\[\]]*\]! )
    | (?P<area> (?:\$?[A-Za-z]{1,3}\$?[0-9]{1,7}(?::\$?[A-Za-z]{1,3}\$?[0-9]{1,7})?
              | \$?[A-Za-z]{1,3}:\$?[A-Za-z]{1,3} | \$?[0-9]{1,7}:\$?[0-9]{1,7} ) (?![\w.(\[!:?\\$]) )
    | (?P<error> \#(?:REF!|N/A|DIV/0!|NAME\?|NULL!|NUM!|VALUE!|SPILL!|CALC!|GETTING_DATA|FIELD!|BLOCKED!|UNKNOWN!) )
    | (?P<function> (?>[\w.\\?]+)\( )
    | (?P<word> (?>[\w.\\?]+) )
    | (?P<brackets> \[(?>(?:[^\[\]']|'.|\[(?>(?:[^\[\]']|'.)*)\])*)\] )
    | (?P<odd> [^\s()+\-*/^&=<>,;%@{}] )
    """,
    re.VERBOSE | re.DOTALL,
)
_CELL = re.compile(r"[A-Za-z]{1,3}[0-9]{1,7}")
_ENDS = re.compile(r"(\$?)([A-Za-z]*)(\$?)([0-9]*)(?::(\$?)([A-Za-z]*)(\$?)([0-9]*))?")
_INNER = re.compile(r"\[((?:[^\[\]']|'.)*)\]", re.DOTALL)
_BUILT_IN = re.compile(r"[A-Z][A-Z0-9.]*")
_PREFIXES = ("_xlfn.", "_xlws.")
_LOOKS_ANYWHERE = frozenset(
    [
        "INDIRECT",
        "OFFSET",
        "CELL",
        "INFO",
        "GETPIVOTDATA",
        "SHEETS",
        "EVALUATE",
        "CALL",
        "REGISTER.ID",
        "TEXTREF",
        "ABSREF",
        "RELREF",
        "DEREF",
        "REFTEXT",
        "CALLER",
        "SELECTION",
        "ACTIVE.CELL",
    ]
)
"""Functions that read cells which their text does not name; so do all ``GET.…`` functions in names (GET.CELL)."""
_NO_NAMES = ("_xlpm.", "_xleta.")
"""Prefixes of LAMBDA and LET parameters and of functions passed as values: they name no cell."""

_TOP, _LEFT, _BOTTOM, _RIGHT = 1, 2, 4, 8


class Range(NamedTuple):
    """Cells that a formula names; ``where`` is the sheet as written, empty for the formula's own sheet.

    ``moving`` has the bits of the ends that are written without ``$``: top 1, left 2, bottom 4, right 8.
    """

    where: str
    top: int
    left: int
    bottom: int
    right: int
    moving: int = 0

    def shift(self, rows: int, columns: int) -> Range | None:
        """Return the range as a formula copied this many rows and columns on would name it; None if off the sheet."""
        top, bottom = (end + rows * bool(self.moving & bit) for end, bit in ((self.top, _TOP), (self.bottom, _BOTTOM)))
        left, right = (
            end + columns * bool(self.moving & bit) for end, bit in ((self.left, _LEFT), (self.right, _RIGHT))
        )
        top, bottom, left, right = min(top, bottom), max(top, bottom), min(left, right), max(left, right)
        inside = top >= 1 and left >= 1 and bottom <= LAST_ROW and right <= LAST_COLUMN
        return Range(self.where, top, left, bottom, right, self.moving) if inside else None

    def anywhere(self) -> Range:
        """Return all cells that the range can mean in a defined name: relative ends depend on the cell that uses it."""
        top, bottom = (1, LAST_ROW) if self.moving & (_TOP | _BOTTOM) else (self.top, self.bottom)
        left, right = (1, LAST_COLUMN) if self.moving & (_LEFT | _RIGHT) else (self.left, self.right)
        return Range(self.where, top, left, bottom, right)


@dataclass(frozen=True, slots=True)
class TableColumns:
    """Columns of a table that a formula names by their heads (empty: all columns); ``own_row`` for ``[@金额]``.

    ``table`` is empty if the formula means the table it is in.
    """

    table: str
    columns: tuple[str, ...] = ()
    own_row: bool = False
    span: bool = False


@dataclass(slots=True)
class Named:
    """What a formula names. ``words`` are names or user-defined functions; ``anything``: it may depend on any cell."""

    ranges: list[Range] = field(default_factory=list)
    tables: list[TableColumns] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    anything: bool = False


@lru_cache(maxsize=4096)
def parse_formula(text: str) -> Named:
    """Parse a formula without its ``=``. References to other workbooks are left out: edits here never change them.

    What a text names is kept, since a ledger's formulas are looked through at each write; nobody may change it.
    """
    found, where, external, word = Named(), "", False, ""
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if word:  # a name, or a table if brackets follow
            if kind == "brackets":
                found.tables.append(_parse_columns(word, token))
                word = ""
                continue
            found.words.append(word)
            word = ""
        if kind == "where":
            where, external = token[:-1], _is_external(token)
            continue
        if kind == "area":
            area = None if external else _parse_range(where.removeprefix("[0]"), token)
            if area:
                found.ranges.append(area)
            elif not external:
                found.words.append(token)
        elif kind == "function":
            if not external:
                _add_function(found, token[:-1])
        elif kind == "word":
            plain = token.casefold()
            is_name = not token[0].isdigit() and plain not in ("true", "false") and not plain.startswith(_NO_NAMES)
            word = token if is_name and not external else ""
            if external and match.end() < len(text) and text[match.end()] == "[":
                continue  # the columns of another workbook's table
        elif kind == "brackets":
            if not external:
                found.tables.append(_parse_columns("", token))
        elif kind == "odd":
            found.anything = True
            break
        where, external = "", False
    if word:
        found.words.append(word)
    return found


def range_places(text: str) -> list[tuple[str, int, int]] | None:
    """Return where a formula names cells: the sheet as written (empty: its own), and the offsets of the range.

    References to other workbooks are left out. None if the formula is written in a way that hides what it names.
    """
    found, where = list[tuple[str, int, int]](), ""
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup, match[0]
        if kind == "odd":
            return None
        if kind == "where":
            where = token[:-1]
            continue
        cell = kind == "area" or (kind == "word" and _CELL.fullmatch(token))
        if cell and not _is_external(where):
            found.append((where, match.start(), match.end()))
        where = ""
    return found


def _is_external(where: str) -> bool:
    """Whether a sheet prefix means another workbook: ``[1]Sheet1!``; ``[0]`` is this workbook."""
    inner = where.lstrip("'")
    return "[" in inner and not inner.startswith("[0]")


def _parse_range(where: str, text: str) -> Range | None:
    match = _ENDS.fullmatch(text)
    if match is None:
        return None
    fixed = [match[group] for group in (1, 3, 5, 7)]
    first, last = (match[2], match[4]), (match[6], match[8]) if match[6] or match[8] else (match[2], match[4])
    if last == first and match[5] is None:
        fixed[2:] = fixed[:2]
    if first[0] and not first[1]:  # whole columns
        top, bottom, moving = 1, LAST_ROW, 0
    elif not first[0]:  # whole rows: the pattern took the $ for a column's
        fixed = ["$", fixed[0] or fixed[1], "$", fixed[2] or fixed[3]]
        top, bottom, moving = int(first[1]), int(last[1]), _TOP * (not fixed[1]) | _BOTTOM * (not fixed[3])
        return _make_range(where, top, 1, bottom, LAST_COLUMN, moving)
    else:
        top, bottom, moving = int(first[1]), int(last[1]), _TOP * (not fixed[1]) | _BOTTOM * (not fixed[3])
    left, right = column_number(first[0].encode()), column_number(last[0].encode())
    moving |= _LEFT * (not fixed[0]) | _RIGHT * (not fixed[2])
    return _make_range(where, top, left, bottom, right, moving)


def _make_range(where: str, top: int, left: int, bottom: int, right: int, moving: int) -> Range | None:
    """Return a range with its ends in order; None if it exceeds a sheet and so is a name (``ABC1234567``)."""
    if top > bottom:
        top, bottom, moving = bottom, top, _swap_bits(moving, _TOP, _BOTTOM)
    if left > right:
        left, right, moving = right, left, _swap_bits(moving, _LEFT, _RIGHT)
    return (
        Range(where, top, left, bottom, right, moving)
        if 0 < top <= bottom <= LAST_ROW and right <= LAST_COLUMN
        else None
    )


def _swap_bits(moving: int, one: int, other: int) -> int:
    return moving & ~(one | other) | one * bool(moving & other) | other * bool(moving & one)


def _add_function(found: Named, name: str) -> None:
    plain = name
    for prefix in _PREFIXES:
        plain = plain.removeprefix(prefix)
    if plain.upper() in _LOOKS_ANYWHERE or plain.upper().startswith("GET."):
        found.anything = True
    elif not _BUILT_IN.fullmatch(plain):
        found.words.append(plain)


def _parse_columns(table: str, brackets: str) -> TableColumns:
    """Parse the columns in brackets: ``[金额]``, ``[@金额]``, ``[[#This Row],[甲]:[乙]]``, ``[#All]``."""
    inner = brackets[1:-1].strip()
    own_row = inner.startswith("@")
    inner = inner.removeprefix("@").strip()
    parts = _INNER.findall(inner) if "[" in inner else [inner] if inner else []
    own_row = own_row or any(part.casefold() == "#this row" for part in parts)
    columns = tuple(re.sub(r"'(.)", r"\1", part, flags=re.DOTALL) for part in parts if not part.startswith("#"))
    return TableColumns(table, columns, own_row, span="]:[" in inner.replace(" ", ""))


def locate_columns(named: TableColumns, heads: tuple[str, ...], where: Area, row: int) -> Area | None:
    """Return the cells that a formula in ``row`` means by columns of a table with these heads at ``where``.

    None if a named column is not in the table, or if ``[@…]`` is used outside the table's rows.
    """
    top, left, bottom, right = where
    if named.own_row:
        if not top <= row <= bottom:
            return None
        top = bottom = row
    known = {head.casefold(): number for number, head in enumerate(heads)}
    places = [known.get(column.casefold(), -1) for column in named.columns]
    if -1 in places:
        return None
    if places:
        left, right = left + min(places), left + max(places)
    return top, left, bottom, right
