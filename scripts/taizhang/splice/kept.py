"""What the markup of a changed part must still say: it may have grown at its ends, and nothing else of it may differ."""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import TYPE_CHECKING

from taizhang.splice.recalculation import RESULT
from taizhang.splice.rows import Row, joined, moved, parted, shown
from taizhang.splice.sheet import DATA, DIMENSION, STRETCHED

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["children_kept", "sections_kept", "sheet_kept", "without_ends"]

_ROW = re.compile(rb"(?=<(?:\w+:)?row\b)")
_NUMBER = re.compile(rb"""<[\w:]+\b[^>]*?\sr\s*=\s*["'](\d+)["']""")
_LAST_ROW = re.compile(rb"\d+$")
_COUNTS = {"count", "uniqueCount", "fullCalcOnLoad"}
"""What a section says of itself that changes with what is appended, or asks for calculation."""


def without_ends(part: bytes, named: re.Pattern[bytes]) -> bytes:
    """Return a part without the last row of each range that ``named`` finds (its second group), which may have grown."""
    return named.sub(lambda match: match[1] + _LAST_ROW.sub(b"", match[2]) + match[3], part)


def children_kept(old: bytes, new: bytes, gone: bytes = b"") -> bool:
    """Whether a part's elements are all there in their order, others only after them; those that name ``gone`` may be missing."""
    before, after = (_written(_root(part)) for part in (old, new))
    before = [each for each in before if not gone or gone not in each]
    return after[: len(before)] == before


def sections_kept(old: bytes, new: bytes) -> bool:
    """Whether each section of a part (styles, workbook) is there, in order, as it was, with nothing but children appended."""
    rest = iter(_root(new))
    for section in _root(old):
        other = next((each for each in rest if each.tag == section.tag), None)
        if other is None or _says(other) != _says(section):
            return False
        children = _written(section)
        if _written(other)[: len(children)] != children:
            return False
    return True


def _root(part: bytes) -> Element:
    from xml.etree import ElementTree

    return ElementTree.fromstring(part)


def _written(element: Element) -> list[bytes]:
    from xml.etree import ElementTree

    return [ElementTree.tostring(each).strip() for each in element]


def _says(element: Element) -> tuple[str, dict[str, str]]:
    return (element.text or "").strip(), {key: value for key, value in element.items() if key not in _COUNTS}


def sheet_kept(
    old: bytes, new: bytes, given: Mapping[int, Container[int]], moves: Mapping[int, int]
) -> tuple[int, int] | None:
    """Return (row, column) of what differs in a sheet and should not, 0 for what is no one row's or cell's; None where all is kept.

    ``given`` holds the columns of each row that were given a value, ``moves`` the rows that stand elsewhere now. Results of formulas are
    not compared; a row that was given values may be seen again.
    """
    around, rows = _taken_apart(old)
    around_now, rows_now = _taken_apart(new)
    if around != around_now:
        return 0, 0
    for number, row in rows.items():
        to = moves.get(number, number)
        now = rows_now.get(to, b"")
        if row == now or RESULT.sub(rb"\1", row) == RESULT.sub(rb"\1", now):
            continue
        if number not in given and number not in moves:
            return number, 0
        differs = _differs(row, now, given.get(to, ()), to)
        if differs is not None:
            return number, differs
    strange = rows_now.keys() - rows.keys() - given.keys() - set(moves.values())
    return (min(strange), 0) if strange else None


def _taken_apart(xml: bytes) -> tuple[tuple[bytes, bytes], dict[int, bytes]]:
    """Return what stands around a sheet's rows, without the ranges that grow, and the rows by number."""
    opening = DATA.search(xml)
    if opening is None:
        return (xml, b""), {}
    close = b"</%ssheetData" % (opening["p"] or b"")
    end = opening.end() if opening["empty"] else xml.find(close, opening.end())
    tail = end if opening["empty"] else xml.find(b">", end) + 1
    rows, last = {}, 0
    for row in _ROW.split(xml[opening.end() : end])[1:]:
        number = _NUMBER.match(row)
        last = int(number[1]) if number else last + 1
        rows[last] = row.rstrip()
    return (DIMENSION.sub(rb"\1", xml[: opening.start()]), STRETCHED.sub(rb"\1\3", xml[tail:])), rows


def _differs(old: bytes, new: bytes, given: Container[int], number: int) -> int | None:
    """Return the first column of a touched row that was not given a value and differs, 0 for the row itself; None where none does."""
    prefix = old[1 : old.find(b"row")]
    row, now = parted(old, prefix), parted(new, prefix)
    if row is None or now is None:
        return 0
    before = moved(row, number, {})
    for column, cell in before.cells.items():
        found = now.cells.get(column, b"")
        if column not in given and RESULT.sub(rb"\1", cell) != RESULT.sub(rb"\1", found):
            return column
    heads = (joined(shown(Row(each.attrs)), b"") for each in (before, now))
    return None if len(set(heads)) == 1 else 0
