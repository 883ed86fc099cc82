"""Facts in a sheet's XML that the reader omits: formulas, errors, hidden rows, extent.

The markup is searched, not parsed: each expression visits a byte a bounded number of times, so that hostile markup
costs no more than its length. Unusual markup is legal and is read too, but it is not ``plain``: nothing here vouches
for it, and the file is read in a separate process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.system.limits import PLAIN_CELLS
from taizhang.workbook.places import a1, column_number

__all__ = ["SheetFacts", "formula_cells", "is_usual", "scan"]

_NEAR_ROWS, _NEAR_COLUMNS = 99_999, 26
_NOT_NEAR = re.compile(rb'<c r="(?![A-Z][0-9]{1,5}")')
_ODD_NUMBER = re.compile(
    rb"<v>(?:[-+]?(?:[0-9]{12}|[0-9.]*[eE][+]?[0-9]{2}|[iI][nN][fF]|[nN][aA][nN])|[\s+]"
    rb"""|(?<=t="s"><v>)[^0-9])"""
)
_DATED = (b't="d"', b"t='d'")
_ODD_CELLS = tuple(b"<c" + end for end in (b">", b"/", b"\n", b"\r", b"\t")) + tuple(
    b":c" + end for end in (b">", b"/", b"\n", b"\r", b"\t", b" ")
)
_NOT_ORDINARY = re.compile(rb'<(?:c(?! r="[A-Z][0-9]{1,5}"|[a-zA-Z])|!)')
_HAS_FORMULA = re.compile(rb"<f[ />]")
_HAS_ERROR = re.compile(rb"""t=["']e["']""")
_CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]{1,7})"([^<>]*>(?:</c>)?)')
_ANY_CELL = re.compile(
    rb"""<(?:\w+:)?c\b(?>[^<>]*?\br=["'])([A-Za-z]{1,3})([0-9]{1,7})["']([^<>]*>(?:</(?:\w+:)?c>)?)"""
)
_FORMULA = re.compile(
    rb"<(?:\w+:)?c\b([^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*)?/?(?:(?<=/)>|>(?>[^<]*)(?:</(?:\w+:)?f>)?)"
    rb"(?:\s*<(?:\w+:)?v(?:\s[^<>/]*)?(/?>)([^<]?))?"
)
_ORDINARY_FORMULA = re.compile(
    rb'<c( r="[^<>]*)>\s*<f(?:\s[^<>]*)?/?(?:(?<=/)>|>(?>[^<]*)(?:</f>)?)(?:\s*<v(?:\s[^<>/]*)?(/?>)([^<]?))?'
)
"""A formula cell; group 2 is present if it has a ``v``, group 3 is the first character of the value."""
_FILLING = re.compile(
    rb"""<(?:\w+:)?f\b(?=[^<>]*?\st=["'](?:array|dataTable)["'])[^<>]*?"""
    rb"""\sref=["']([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})["']"""
)
_MOST_FILLED = 100_000
"""Most cells filled by arrays that are listed; beyond that they count as values."""
_ERROR = re.compile(rb"""<(?:\w+:)?c\b(?>([^<>]*?\bt=["']e["'][^<>]*))>""")
_REFERENCE = re.compile(rb"""\br=["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_TEXT_RESULT = re.compile(rb"""\bt=["']str["']""")
_ROW = re.compile(rb"<(?:\w+:)?row\b([^<>]*)>")
_ROW_NUMBER = re.compile(rb"""\br=["']([0-9]{1,7})["']""")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")

Address = tuple[int, int]


@dataclass(frozen=True, slots=True)
class SheetFacts:
    """Facts of one sheet's XML; addresses are (row, column), 1-based.

    - ``formulas`` are the cells filled by formulas, ``uncached`` those without a saved result (an empty text is one).
    - ``reach`` is the number of cells in the rectangle from A1 to the last filled row and column; if all cells are
      within 26 columns and 99,999 rows, it is the size of that area.
    - ``farthest`` is the cell that extends the rectangle last.
    - ``usual`` is true if every cell was recognised, ``plain`` if the rectangle may also be read in this process.
    """

    formulas: frozenset[Address] = frozenset()
    uncached: frozenset[Address] = frozenset()
    errors: frozenset[Address] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    filtered: bool = False
    validations: int = 0
    reach: int = _NEAR_ROWS * _NEAR_COLUMNS
    farthest: str = ""
    plain: bool = False
    usual: bool = False


def scan(xml: bytes) -> SheetFacts:
    """Return the facts of a sheet's XML; never raises, whatever the bytes are."""
    ordinary = _is_ordinary(xml)
    known = ordinary or _is_recognised(xml)
    reach, farthest, cells = (_NEAR_ROWS * _NEAR_COLUMNS, "", 0) if ordinary else _extent(xml, known)
    with_formulas = not known or _HAS_FORMULA.search(xml)
    formulas, uncached = _formulas(xml, ordinary=ordinary) if with_formulas else (frozenset(), frozenset())
    return SheetFacts(
        formulas,
        uncached,
        _errors(xml) - uncached if _HAS_ERROR.search(xml) else frozenset(),
        _hidden_rows(xml) if xml.find(b" hidden=", xml.find(b"sheetData")) >= 0 else frozenset(),
        b"filterColumn" in xml,
        xml.count(b"dataValidation "),
        reach,
        farthest,
        known and (reach <= PLAIN_CELLS or reach <= 4 * cells),
        known,
    )


def formula_cells(xml: bytes) -> frozenset[Address]:
    """Return the (row, column) of the cells of a sheet's XML that hold a formula."""
    return _formulas(xml)[0]


def is_usual(xml: bytes) -> bool:
    """Whether a sheet's XML is written as spreadsheet programs do, so that the reader reads it as they do."""
    return _is_ordinary(xml) or _is_recognised(xml)


def _is_ordinary(xml: bytes) -> bool:
    """Whether the XML is recognised and all cells are near A1, in one pass; true of nearly every sheet."""
    return b":c" not in xml and not _NOT_ORDINARY.search(xml) and _is_as_usual(xml)


def _is_recognised(xml: bytes) -> bool:
    """Whether the XML is written as spreadsheet programs do: no prefixes or comments, cell addresses first."""
    return b"<!" not in xml and _cells_are_usual(xml) and _is_as_usual(xml)


def _is_as_usual(xml: bytes) -> bool:
    # A twelve-digit number in a cell formatted as hours makes the reader panic. Dates written as text (t="d"), infinite
    # numbers and numbers after a blank become other types in the reader than in spreadsheet programs; for a shared text
    # without an index it takes the first.
    return b"<worksheet" in xml[:4096] and not _ODD_NUMBER.search(xml) and not any(each in xml for each in _DATED)


def _cells_are_usual(xml: bytes) -> bool:
    # Eleven plain searches take half the time of one regex with alternatives.
    return xml.count(b"<c ") == xml.count(b'<c r="') and not any(odd in xml for odd in _ODD_CELLS)


def _extent(xml: bytes, known: bool) -> tuple[int, str, int]:
    """Return the reach, its farthest cell, and the number of cells written; empty formatted cells do not count."""
    cells = xml.count(b'<c r="')
    if known and not _NOT_NEAR.search(xml):
        return _NEAR_ROWS * _NEAR_COLUMNS, "", cells
    last_row = last_column = recognised = 0
    farthest = ""
    # One at a time: a list of all cells would fill the memory.
    for cell in (_CELL if known else _ANY_CELL).finditer(xml):
        recognised += 1
        if cell[3].endswith((b"/>", b"c>")):
            continue
        row, column = int(cell[2]), column_number(cell[1])
        if row > last_row or column > last_column:
            last_row, last_column = max(last_row, row), max(last_column, column)
            farthest = a1(row, column)
    if known and recognised != cells:
        # An invalid address (A1:B2, a row of nine digits) is left to the reader, but in a separate process.
        return max(last_row * last_column, PLAIN_CELLS + 1), farthest, 0
    return last_row * last_column, farthest, cells


def _formulas(xml: bytes, *, ordinary: bool = False) -> tuple[frozenset[Address], frozenset[Address]]:
    found, uncached = set(), set()
    for match in (_ORDINARY_FORMULA if ordinary else _FORMULA).finditer(xml):
        address = _address(match[1])
        if address:
            found.add(address)
            is_empty_text = match[2] and _TEXT_RESULT.search(match[1])
            if not (match[2] == b">" and match[3]) and not is_empty_text:
                uncached.add(address)
    if b"array" in xml or b"dataTable" in xml:
        for master, others in _filled_areas(xml):
            found |= others
            uncached |= others if master in uncached else set()
    return frozenset(found), frozenset(uncached)


def _filled_areas(xml: bytes) -> Iterator[tuple[Address, set[Address]]]:
    """Yield the first cell of each array or data table, which holds the formula, and all the cells that it fills."""
    left_over = _MOST_FILLED
    for match in _FILLING.finditer(xml):
        top, left, bottom, right = int(match[2]), column_number(match[1]), int(match[4]), column_number(match[3])
        size = (bottom - top + 1) * (right - left + 1)
        if 0 < size <= left_over:
            left_over -= size
            yield (top, left), {(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)}


def _errors(xml: bytes) -> frozenset[Address]:
    return frozenset(filter(None, map(_address, _ERROR.findall(xml))))


def _address(attributes: bytes) -> Address | None:
    match = _REFERENCE.search(attributes)
    return (int(match[2]), column_number(match[1])) if match else None


def _hidden_rows(xml: bytes) -> frozenset[int]:
    hidden = (_ROW_NUMBER.search(each) for each in _ROW.findall(xml) if _HIDDEN.search(each))
    return frozenset(int(match[1]) for match in hidden if match)
