"""What the markup of a changed part must still say: it may have grown at its ends, and nothing else of it may differ."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Mapping, Set
from itertools import zip_longest
from typing import TYPE_CHECKING

from taizhang.splice.growth import GrownRows, markup_only_grew, root_of
from taizhang.splice.recalculation import strip_results
from taizhang.splice.rows import Row, format_row, move_row, number_row, parse_row, style_of, unhide_row
from taizhang.splice.sheet import DATA, DIMENSION

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["NotPreserved", "check_sheet_preserved", "listing_preserved", "sections_preserved"]

_COUNTS = {"count", "uniqueCount", "fullCalcOnLoad"}
"""What a section says of itself that changes with what is appended, or asks for calculation."""


def listing_preserved(old: bytes, new: bytes, folder: str, gone: Set[str], come: Set[str]) -> bool:
    """Whether a list of parts (content types, relationships) says what it said but for parts that went and came. Raises Refused.

    ``gone`` and ``come`` are paths in lower case. Nothing that went may be named any more, and all that is new names what came.
    """
    kept = [each for each in root_of(old) if _part_named(each, folder) not in gone]
    after = list(root_of(new))
    fresh = all(_part_named(each, folder) in come for each in after[len(kept) :])
    return fresh and len(after) >= len(kept) and all(map(_alike, kept, after))


def _part_named(entry: Element, folder: str) -> str:
    """Return the path of the part that an entry of a list names, in lower case; relationships name it from where they belong."""
    path = entry.get("PartName") or entry.get("Target") or ""
    return posixpath.normpath(posixpath.join("/", folder, path.replace("\\", "/"))).strip("/").lower()


def sections_preserved(old: bytes, new: bytes) -> bool:
    """Whether each section of a part (styles, workbook) is there, in order, as it was, with nothing but children appended."""
    rest = iter(root_of(new))
    for section in root_of(old):
        other = next((each for each in rest if each.tag == section.tag), None)
        if other is None or _content_without_counts(other) != _content_without_counts(section):
            return False
        if len(other) < len(section) or not all(map(_alike, section, other)):
            return False
    return True


def _alike(one: Element, other: Element) -> bool:
    """Whether two elements say the same, with all in them."""
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
    """Something of a sheet differs that should not: its row and column, 0 for what is no one row's or cell's."""

    def __init__(self, row: int = 0, column: int = 0) -> None:
        self.row, self.column = row, column
        super().__init__(f"R{row}C{column}")


def check_sheet_preserved(
    old: bytes, new: bytes, given: Mapping[int, Container[int]], moves: Mapping[int, int], gone: Set[int] = frozenset()
) -> bytes:
    """Compare a sheet's markup; return what of it was written anew, with all that stands around the rows. Raises NotPreserved.

    ``given`` holds the columns of each row that were given a value, ``moves`` the rows that stand elsewhere now,
    ``gone`` those that went, of which one is there again only where it was given values. Results of formulas are
    not compared; a row that was given values may be seen again. The rows that are left out of what is returned are the very bytes they
    were, but for such results.
    """
    if not given and not moves and not gone and strip_results(old) == strip_results(new):
        return new  # only results went; the writer did not look for rows here
    before, after = _Parts(old), _Parts(new)
    touched = {*given, *moves, *moves.values(), *gone}
    if not markup_only_grew(before.around, after.around, GrownRows({*given, *moves.values()}, gone)):
        raise NotPreserved
    rows: dict[int, bytes] = {}
    rows_now: dict[int, bytes] = {}
    for one, other in zip_longest(
        before.untouched_rows(touched, rows), after.untouched_rows(touched, rows_now), fillvalue=(0, b"")
    ):
        if one != other and (one[0] != other[0] or strip_results(one[1]) != strip_results(other[1])):
            if one[1]:
                _compare_row(one[1], other[1] if one[0] == other[0] else b"", (), one[0], elsewhere=False)
            raise NotPreserved(max(one[0], other[0]))
    for number in gone & rows_now.keys():
        if number not in given:
            raise NotPreserved(number)
    for number, row in rows.items():
        if number not in moves.values() and number not in gone:  # else it was blank and made room
            to = moves.get(number, number)
            _compare_row(row, rows_now.get(to, b""), given.get(to, ()), to, elsewhere=number in moves)
    return b"".join((new[: after.start], *rows_now.values(), new[after.end :]))


class _Parts:
    """A sheet's XML: what stands ``around`` its rows, without how far they reach, and the rows, one at a time."""

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
        """Yield number and bytes of each row that was not touched; put those that were into ``kept``."""
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


def _compare_row(old: bytes, new: bytes, given: Container[int], to: int, *, elsewhere: bool) -> None:
    """Compare a touched row: its look, and the cells that were not given a value; raises NotPreserved."""
    prefix = old[1 : old.find(b"row")]
    row, now = parse_row(old, prefix), parse_row(new, prefix) if new else Row(b"")
    if row is None or now is None:
        raise NotPreserved(to)
    before = move_row(row, to, {}) if elsewhere else row
    for column, cell in before.cells.items():
        found = now.cells.get(column, b"")
        if cell == found or column in given or strip_results(cell) == strip_results(found):
            continue
        # A calculated column fills the blank cell that stood there; of values the reader knows.
        if b"</" in cell or style_of(cell) != style_of(found):
            raise NotPreserved(to, column)
    looks = {format_row(number_row(unhide_row(Row(each.attrs)), to), b"") for each in (before, now)}
    if before.attrs != now.attrs and len(looks) > 1:
        raise NotPreserved(to)
