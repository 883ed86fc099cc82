"""Ranges that grow when rows are added below: the purpose decides whether, what begins below decides how far.

Rules, filters and tables apply to the rows of a register and so to new ones. The places of sparklines, the names that
newer charts keep for themselves and names of a single row stay as they are, and so does every range not listed here.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence, Set
from typing import NamedTuple

from taizhang.workbook.markup import ATTRIBUTE, unescape
from taizhang.workbook.places import LAST_COLUMN, LAST_ROW, Area, a1, area, column_letters

__all__ = [
    "NAME", "SERIES", "Kind", "areas_of", "change_list", "change_ranges", "extend_ranges", "name_areas", "name_kind",
    "shorten_list", "shorten_ranges", "with_right_edge",
]  # fmt: skip


class Kind(NamedTuple):
    """How ranges of one kind grow.

    ``least`` is the number of rows that a range must have to grow, since a range of one row may not be meant to grow.
    ``apart``: no two ranges of the kind may overlap, so one ends where another begins. ``filters``: the range also ends
    above removed rows.
    """

    least: int = 1
    apart: bool = False
    filters: bool = False


SHEET = {
    "autoFilter": Kind(filters=True),
    "sortState": Kind(filters=True),
    "sortCondition": Kind(filters=True),
    "conditionalFormatting": Kind(),
    "dataValidation": Kind(apart=True),
    "ignoredError": Kind(apart=True),
    "protectedRange": Kind(least=2),
    "table": Kind(filters=True),
}
"""Elements of a sheet or a table whose ``ref``, ``sqref`` or child ``xm:sqref`` grows."""

SERIES = Kind(least=2)
"""The cells of a chart's series; a series of a single row runs along the row."""

_RULES = Kind()
_PEOPLE = Kind(least=2)
_NAMES = {
    "_xlnm.print_area": _RULES,
    "_xlnm._filterdatabase": _RULES,
    "_xlnm.database": _RULES,
}
"""Excel's built-in names for a register's rows; the others (titles, criteria, newer charts' data) do not grow."""
_SAVED_VIEW = re.compile(r"z_[0-9a-f_]+_\.wvu\.(?:filterdata|printarea)")
_QUERY = re.compile(r"externaldata_\d+")

_TAG = re.compile(
    rb"""<(/?)(?:\w+:)?(%s|sparkline|sqref)(?=[\s/>])((?>(?:[^<>"']|"[^"<]*"|'[^'<]*')*))>""" % "|".join(SHEET).encode()
)
NAME = re.compile(rb"""(<(?:\w+:)?definedName(?=[\s>])(?>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>)([^<]+)""")
"""A defined name: its tag and what it means."""
_LAST_CORNER = re.compile(rb"(\$?)([A-Z]+)(\$?\d*)")
_END = re.compile(rb"(\$?[A-Z]+\$?)(\d+)")
_AREA = re.compile(rb"\A(?>(?:'[^']*')+|[^'!,\s()]+)!\$?[A-Z]*\$?\d*(?::\$?[A-Z]*\$?\d*)?\Z")
_CORNERS = re.compile(rb"\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?")


def name_kind(tag: bytes) -> Kind | None:
    """Return the kind of a defined name from its tag; None if the name must stay as it is."""
    attributes = {key: unescape(value[1:-1]) for key, value in ATTRIBUTE.findall(tag)}
    name = attributes.get(b"name", "").casefold()
    if name in _NAMES or _SAVED_VIEW.fullmatch(name):
        return _RULES
    machines = name.startswith("_xl") or _QUERY.fullmatch(name)
    flagged = any(attributes.get(each) in ("1", "true") for each in (b"hidden", b"function", b"vbProcedure", b"xlm"))
    return None if machines or flagged else _PEOPLE


def extend_ranges(xml: bytes, rows: Mapping[int, int]) -> bytes:
    """Extend the ranges in a table or in the markup after a sheet's rows; ``rows`` is last row → rows gained."""
    taken = _areas_apart(xml)
    return change_ranges(xml, lambda name, refs: _extend_list(refs, rows, SHEET[name], taken.get(name, ())))


def shorten_ranges(xml: bytes, gone: Set[int]) -> bytes:
    """Return such markup with the ranges of filters and tables ending above the removed rows."""
    return change_ranges(xml, lambda name, refs: shorten_list(refs, gone) if SHEET[name].filters else refs)


def change_ranges(xml: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return such markup with each list of ranges of ``SHEET`` replaced by what ``change`` makes of (element, list)."""
    pieces, at = [], 0
    for name, start, end in _find_ranges(xml):
        pieces += [xml[at:start], change(name, xml[start:end])]
        at = end
    return b"".join((*pieces, xml[at:]))


def _find_ranges(xml: bytes) -> list[tuple[str, int, int]]:
    """Return (element, start, end) of each list of ranges that may grow, as offsets into the markup."""
    found, inside, height = [], "", 0
    for tag in _TAG.finditer(xml):
        name = tag[2].decode()
        if tag[1]:
            inside = "" if name == inside else inside
            continue
        if name == "sqref":
            if inside in SHEET:
                found.append((inside, tag.end(), _text_end(xml, tag.end())))
            continue
        ref = next((each for each in ATTRIBUTE.finditer(tag[3]) if each[1] in (b"ref", b"sqref")), None)
        if ref and name in SHEET:
            start = tag.start(3) + ref.start(2) + 1
            top, _, bottom, _ = area(ref[2][1:-1].split(b" ")[0])
            if name == "sortState":
                height = bottom - top
            if not (name == "sortCondition" and bottom == top and height):  # such a condition sorts from left to right
                found.append((name, start, tag.start(3) + ref.end(2) - 1))
        if not tag[3].endswith(b"/"):
            inside = name
    return found


def _text_end(xml: bytes, start: int) -> int:
    end = xml.find(b"<", start)
    return end if end >= 0 else len(xml)


def areas_of(xml: bytes, name: str) -> list[Area]:
    """Return the areas of all elements of one name in ``SHEET``."""
    return [area(ref) for each, start, end in _find_ranges(xml) if each == name for ref in xml[start:end].split()]


def _areas_apart(xml: bytes) -> dict[str, list[Area]]:
    """Return kind → its areas from top to bottom, for the kinds whose ranges must not overlap."""
    found: dict[str, list[Area]] = {}
    for name, start, end in _find_ranges(xml):
        if SHEET[name].apart:
            found.setdefault(name, []).extend(map(area, xml[start:end].split()))
    return {name: sorted(areas) for name, areas in found.items()}


def _extend_list(refs: bytes, rows: Mapping[int, int], kind: Kind, taken: Sequence[Area] = ()) -> bytes:
    """Extend the ranges of a list that end at a row of ``rows`` (last row → rows gained).

    A range that covers such a row but not all rows added below it is extended to the last of them. No range grows over
    a later one of the list or of ``taken`` (sorted). If that is narrower, the free columns beside it become a range of
    their own.
    """
    parts = refs.split()
    areas = [area(each) for each in parts]
    taken = taken or sorted(areas)
    new: list[bytes] = []
    for each, where in zip(parts, areas, strict=True):
        end = (
            _end_after_growth(where, rows)
            if _CORNERS.fullmatch(each) and where[2] - where[0] + 1 >= kind.least
            else where[2]
        )
        if end == where[2]:
            new.append(each)
            continue
        runs = _free_runs(where, end, taken)
        reach = min(run[2] for run in runs)
        new.append(_end_at_row(each, reach) if reach > where[2] else each)
        new += [_format_range(reach + 1, left, last, right) for left, right, last in runs if last > reach]
    return refs if new == parts else b" ".join(new)


def change_list(
    refs: bytes, kind: Kind, means: Callable[[bytes], bool], rows: Mapping[int, int], gone: Set[int] = frozenset()
) -> bytes:
    """Extend or shorten the references of a name or a series to the sheet that ``means`` accepts.

    In a list of several ranges, a single row does not grow, and no range grows over another. Anything but a plain list
    of ranges is returned unchanged.
    """
    found = _split_list(refs)
    if not all(map(_AREA.match, found)):
        return refs
    parts = [each.rpartition(b"!") for each in found]
    least = kind.least if len(parts) == 1 else max(kind.least, 2)
    taken = sorted(area(ref) for where, _, ref in parts if means(where))
    new = []
    for where, mark, ref in parts:
        own = area(ref) if _CORNERS.fullmatch(ref) and means(where) else None
        if own and own[2] - own[0] + 1 >= least:
            ref = shorten_list(ref, gone)  # noqa: PLW2901
            own = area(ref)
            end = min(run[2] for run in _free_runs(own, _end_after_growth(own, rows), taken))
            ref = _end_at_row(ref, end) if end > own[2] else ref  # noqa: PLW2901
        new.append(where + mark + ref)
    return b",".join(new)


def _split_list(refs: bytes) -> list[bytes]:
    """Split a list at its commas; a comma in quotes belongs to a sheet's name."""
    parts: list[list[bytes]] = [[]]
    for place, piece in enumerate(refs.split(b"'")):
        quote = [b"'"] if place else []
        if place % 2:
            parts[-1] += [*quote, piece]
        else:
            first, *more = piece.split(b",")
            parts[-1] += [*quote, first]
            parts += [[each] for each in more]
    return [b"".join(each) for each in parts]


def with_right_edge(ref: bytes, column: int) -> bytes:
    """Return a range, or whole columns, with another last column; a single cell becomes a range."""
    first, _, last = ref.partition(b":")
    match = _LAST_CORNER.fullmatch(last or first)
    assert match is not None
    return first + b":" + match[1] + column_letters(column).encode() + match[3]


def name_areas(book: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """Return the workbook part with print areas and filters changed: ``change`` takes (sheet as written, range)."""

    def rewrite(match: re.Match[bytes]) -> bytes:
        attributes = {key: unescape(value[1:-1]) for key, value in ATTRIBUTE.findall(match[1])}
        found = _split_list(match[2])
        name = attributes.get(b"name", "").casefold()
        if not (name in _NAMES or _SAVED_VIEW.fullmatch(name)) or not all(map(_AREA.match, found)):
            return match[0]
        parts = [each.rpartition(b"!") for each in found]
        return match[1] + b",".join(
            where + mark + (change(unescape(where), ref) if _LAST_CORNER.fullmatch(ref.rpartition(b":")[2]) else ref)
            for where, mark, ref in parts
        )

    return NAME.sub(rewrite, book)


def _end_at_row(ref: bytes, row: int) -> bytes:
    """Return a range with another last row; a single cell becomes a range."""
    first, _, last = ref.partition(b":")
    match = _END.fullmatch(last or first)
    assert match is not None
    return first + b":" + match[1] + b"%d" % row


def _format_range(top: int, left: int, bottom: int, right: int) -> bytes:
    ends = (a1(top, left), a1(bottom, right))
    return (ends[0] if ends[0] == ends[1] else ":".join(ends)).encode()


def _end_after_growth(where: Area, rows: Mapping[int, int]) -> int:
    """Return the last row of a range after rows were added; ``rows`` is row → number of rows added below it."""
    top, _, bottom, _ = where
    if bottom >= LAST_ROW:
        return bottom
    if bottom in rows:
        return bottom + rows[bottom]
    reached = (after + count for after, count in rows.items() if top <= after < bottom < after + count)
    return max(reached, default=bottom)


def _free_runs(where: Area, end: int, taken: Sequence[Area]) -> list[tuple[int, int, int]]:
    """Return (first column, last column, last row) of the runs over which a range may grow, left to right."""
    _, left, bottom, right = where
    first = bisect_right(taken, (bottom, LAST_COLUMN, LAST_ROW, LAST_COLUMN))
    last = bisect_right(taken, (end, LAST_COLUMN, LAST_ROW, LAST_COLUMN))
    below = [each for each in taken[first:last] if each[1] <= right and each[3] >= left]
    cuts = sorted({left, *(max(each[1], left) for each in below), *(each[3] + 1 for each in below if each[3] < right)})
    runs: list[tuple[int, int, int]] = []
    for start, following in zip(cuts, [*cuts[1:], right + 1], strict=True):
        reach = min((each[0] - 1 for each in below if each[1] <= start <= each[3]), default=end)
        if runs and runs[-1][2] == reach:
            runs[-1] = (runs[-1][0], following - 1, reach)
        else:
            runs.append((start, following - 1, reach))
    return runs


def shorten_list(refs: bytes, gone: Set[int]) -> bytes:
    """End the ranges of a list that end in removed rows above these, but never above their own first row."""
    parts = []
    for each in refs.split():
        first, _, last = each.partition(b":")
        match = _END.fullmatch(last)
        top, end = area(each)[0], int(match[2]) if match else 0
        while end in gone and end > top:
            end -= 1
        parts.append(first + b":" + match[1] + b"%d" % end if match else each)
    return b" ".join(parts)
