"""Checks that a changed part keeps its content: it may have additions at its ends, and nothing else may differ."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Mapping, Set
from itertools import zip_longest
from typing import TYPE_CHECKING

from taizhang.splice.guarded_columns import strip_added_columns
from taizhang.splice.guarded_ranges import GrownRows, markup_only_grew, root_of
from taizhang.splice.recalculation import strip_results
from taizhang.splice.rows import Row, format_row, move_row, number_row, parse_row, style_of, unhide_row
from taizhang.splice.sheet import DATA, DIMENSION

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["NotPreserved", "check_sheet_preserved", "listing_preserved", "sections_preserved"]

_COUNTS = {"count", "uniqueCount", "fullCalcOnLoad"}
"""Attributes of a section that may change: they count its children or ask for recalculation."""


def listing_preserved(old: bytes, new: bytes, folder: str, gone: Set[str], come: Set[str]) -> bool:
    """Whether a list of parts (content types, relationships) differs only in removed and added parts. Raises Refused.

    ``gone`` and ``come`` are paths in lower case. No removed part may still be listed, and every new entry must list an
    added part.
    """
    kept = [each for each in root_of(old) if _part_named(each, folder) not in gone]
    after = list(root_of(new))
    fresh = all(_part_named(each, folder) in come for each in after[len(kept) :])
    return fresh and len(after) >= len(kept) and all(map(_alike, kept, after))


def _part_named(entry: Element, folder: str) -> str:
    """Return the path, in lower case, of the part that an entry lists; relationships are relative to ``folder``."""
    path = entry.get("PartName") or entry.get("Target") or ""
    return posixpath.normpath(posixpath.join("/", folder, path.replace("\\", "/"))).strip("/").lower()


def sections_preserved(old: bytes, new: bytes) -> bool:
    """Whether each section of a part (styles, workbook) is still there, in order, with only children appended."""
    rest = iter(root_of(new))
    for section in root_of(old):
        other = next((each for each in rest if each.tag == section.tag), None)
        if other is None or _content_without_counts(other) != _content_without_counts(section):
            return False
        if len(other) < len(section) or not all(map(_alike, section, other)):
            return False
    return True


def _alike(one: Element, other: Element) -> bool:
    """Whether two elements are equal, with all their descendants."""
    return all(
        a is not None
        and b is not None
        and (a.tag, a.attrib, a.text, len(a)) == (b.tag, b.attrib, b.text, len(b))
        and (a is one or a.tail == b.tail)
        for a, b in zip_longest(one.iter(), other.iter())
    )


def _content_without_counts(element: Element) -> tuple[str, dict[str, str]]:
    return (element.text or "").strip(), {key: value for key, value in element.items() if key not in _COUNTS}


class NotPreserved(Exception):
    """A sheet differs where it must not: in this row and column, each 0 if it is not a single row or column."""

    def __init__(self, row: int = 0, column: int = 0) -> None:
        self.row, self.column = row, column
        super().__init__(f"R{row}C{column}")


def check_sheet_preserved(
    old: bytes,
    new: bytes,
    given: Mapping[int, Container[int]],
    moves: Mapping[int, int],
    gone: Set[int] = frozenset(),
    columns: Mapping[int, str] | None = None,
) -> bytes:
    """Compare a sheet's markup; return the new markup without the untouched rows. Raises NotPreserved.

    ``given`` is row → columns that were given a value, ``moves`` is old row → new row, ``gone`` the removed rows, which
    may exist again only if they were given values. Results of formulas are not compared; a row that was given values
    may have been unhidden. The untouched rows are the same bytes as before, except for results of formulas, and for a
    blank cell in each of the new ``columns`` (column → head).
    """
    columns = columns or {}
    if not given and not moves and not gone and strip_results(old) == strip_results(new):
        return new  # only results were dropped; the writer did not parse rows here
    before, after = _SheetMarkup(old), _SheetMarkup(new)
    touched = {*given, *moves, *moves.values(), *gone}
    around = strip_added_columns(before.around, after.around, columns)
    if around is None or not markup_only_grew(*around, GrownRows({*given, *moves.values()}, gone, columns)):
        raise NotPreserved
    rows: dict[int, bytes] = {}
    rows_now: dict[int, bytes] = {}
    for one, other in zip_longest(
        before.untouched_rows(touched, rows), after.untouched_rows(touched, rows_now), fillvalue=(0, b"")
    ):
        if one != other and (one[0] != other[0] or strip_results(one[1]) != strip_results(other[1])):
            if columns and one[0] == other[0] and _only_gained_blanks(one[1], other[1], columns):
                rows_now[other[0]] = other[1]
                continue
            if one[1]:
                _compare_row(one[1], other[1] if one[0] == other[0] else b"", (), one[0], elsewhere=False)
            raise NotPreserved(max(one[0], other[0]))
    for number in gone & rows_now.keys():
        if number not in given:
            raise NotPreserved(number)
    for number, row in rows.items():
        if number not in moves.values() and number not in gone:  # a row that others moved to was blank
            to = moves.get(number, number)
            _compare_row(row, rows_now.get(to, b""), given.get(to, ()), to, elsewhere=number in moves)
    return b"".join((new[: after.start], *rows_now.values(), new[after.end :]))


class _SheetMarkup:
    """A sheet's XML in parts: the markup ``around`` its rows, without the dimension, and the rows one at a time."""

    def __init__(self, xml: bytes) -> None:
        opening = DATA.search(xml)
        if opening is None:
            raise NotPreserved
        self.xml, self.prefix = xml, opening["p"] or b""
        self.start = self.end = tail = opening.end()
        if not opening["empty"]:
            self.end = xml.find(b"</%ssheetData" % self.prefix, self.start)
            tail = xml.find(b">", self.end) + 1
        self.around = DIMENSION.sub(rb"\1", xml[: opening.start()]) + xml[tail:]

    def untouched_rows(self, touched: Container[int], kept: dict[int, bytes]) -> Iterator[tuple[int, bytes]]:
        """Yield (number, bytes) of each untouched row; put the touched ones into ``kept``."""
        opening = re.compile(rb"""<%srow\b(?:[^<>]*?\sr\s*=\s*["'](\d+)["'])?""" % self.prefix)
        number, start = 0, -1
        for match in opening.finditer(self.xml, self.start, self.end):
            if start >= 0:
                yield from _yield_untouched(number, self.xml[start : match.start()], touched, kept)
            number, start = int(match[1] or number + 1), match.start()
        if start >= 0:
            yield from _yield_untouched(number, self.xml[start : self.end], touched, kept)


def _yield_untouched(
    number: int, row: bytes, touched: Container[int], kept: dict[int, bytes]
) -> Iterator[tuple[int, bytes]]:
    if number in touched:
        kept[number] = row.rstrip()
    else:
        yield number, row.rstrip()


def _only_gained_blanks(old: bytes, new: bytes, columns: Container[int]) -> bool:
    """Whether a row differs only in blank cells, in these columns, that it has now."""
    prefix = old[1 : old.find(b"row")]
    row, now = parse_row(old, prefix), parse_row(new, prefix)
    if row is None or now is None:
        return False
    gained = now.cells.keys() - row.cells.keys()
    same = {column: cell for column, cell in now.cells.items() if column in row.cells}
    blank = all(column in columns and now.cells[column].endswith(b"/>") for column in gained)
    shown = (format_row(Row(each.attrs, cells), prefix) for each, cells in ((row, row.cells), (now, same)))
    return blank and len({strip_results(each) for each in shown}) == 1


def _compare_row(old: bytes, new: bytes, given: Container[int], to: int, *, elsewhere: bool) -> None:
    """Compare a touched row's look and the cells that were not given a value; raises NotPreserved."""
    prefix = old[1 : old.find(b"row")]
    row, now = parse_row(old, prefix), parse_row(new, prefix) if new else Row(b"")
    if row is None or now is None:
        raise NotPreserved(to)
    before = move_row(row, to, {}) if elsewhere else row
    for column, cell in before.cells.items():
        found = now.cells.get(column, b"")
        if cell == found or column in given or strip_results(cell) == strip_results(found):
            continue
        # A calculated column may have filled a blank cell; the reader compares values.
        if b"</" in cell or style_of(cell) != style_of(found):
            raise NotPreserved(to, column)
    looks = {format_row(number_row(unhide_row(Row(each.attrs)), to), b"") for each in (before, now)}
    if before.attrs != now.attrs and len(looks) > 1:
        raise NotPreserved(to)
