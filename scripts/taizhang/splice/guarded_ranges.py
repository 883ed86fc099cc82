"""Which ranges may have grown when the written workbook is read back: rules independent of the writer's code.

A range that applies to a register's rows may extend over rows that were just written, or end above rows that were
removed. No two validations may start to overlap. All other markup around a sheet's rows, and of tables, charts and
names, must be the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from taizhang.splice.edits import Refused
from taizhang.workbook.places import column_number

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

__all__ = ["GrownRows", "chart_only_grew", "markup_only_grew", "root_of", "strip_grown_names"]

_OF_ROWS = {
    "autoFilter",
    "sortState",
    "sortCondition",
    "conditionalFormatting",
    "dataValidation",
    "ignoredError",
    "table",
}
_OF_SEVERAL_ROWS = {"protectedRange"}
_SPLIT = {"conditionalFormatting", "dataValidation", "ignoredError", "protectedRange"}
"""Elements that list several ranges: one that meets another below it may continue beside that in a new range."""

_WIDENED = {"autoFilter", "sortState", "conditionalFormatting", "table"}
"""Elements whose ranges may also be widened to a new column."""

_BUILT_IN = ("_xlnm.print_area", "_xlnm._filterdatabase", "_xlnm.database")
_RANGE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})(?::\$?([A-Za-z]{1,3})\$?([0-9]{1,7}))?")
_WHOLE_COLUMNS = re.compile(r"\$?([A-Za-z]{1,3}):\$?([A-Za-z]{1,3})")
_ATTRIBUTE = re.compile(rb"""(\s(?:ref|sqref)\s*=\s*)(?:"[^"<]*"|'[^'<]*')""")
_LISTED = re.compile(rb"(<(?:\w+:)?sqref(?=[\s>])[^<>]*>)[^<]*")
_SERIES = re.compile(rb"(<(?:\w+:)?f(?=[\s>])[^<>]*>)[^<]*")
_NAMED = re.compile(rb"""(<(?:\w+:)?definedName(?=[\s>])(?>(?:[^<>"']|"[^"<]*"|'[^'<]*')*)>)[^<]*""")

_RANGED = {"ref", "sqref"}
_PART = re.compile(r"(?:'[^']*'|[^',])+")

_Cells = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class GrownRows:
    """The rows of a sheet that were just ``written``, those that were removed (``gone``), and new column → head."""

    written: Set[int] = field(default_factory=frozenset)
    gone: Set[int] = field(default_factory=frozenset)
    columns: Mapping[int, str] = field(default_factory=dict[int, str])


def markup_only_grew(old: bytes, new: bytes, rows: GrownRows) -> bool:
    """Whether the markup around a sheet's rows, or of a table, differs only in ranges that may have grown."""
    if old == new:
        return True
    bare = [_LISTED.sub(rb"\1", _ATTRIBUTE.sub(rb"\1", each)) for each in (old, new)]
    if bare[0] != bare[1]:
        return False
    one, other = root_of(old), root_of(new)
    if not all(
        _content_without_ranges(before) == _content_without_ranges(after)
        for before, after in zip(one.iter(), other.iter(), strict=True)
    ):
        return False
    validated: list[_Cells] = []
    added: list[tuple[_Cells, _Cells]] = []
    for (kind, before), (_, after) in zip(_listed_ranges(one), _listed_ranges(other), strict=True):
        fresh = _gained_cells(before.split(), after.split(), rows, kind) if before != after else []
        if fresh is None:
            return False
        if kind == "dataValidation":
            validated += filter(None, map(_parse_cells, before.split()))
            added += fresh
    # Validations that overlapped before may still overlap; no others may start to.
    return not any(
        _overlap(one, other) and not _overlap(origin, other) for one, origin in added for other in validated
    ) and not any(
        _overlap(one, other) and not _overlap(origin, there)
        for place, (one, origin) in enumerate(added)
        for other, there in added[:place]
    )


def chart_only_grew(old: bytes, new: bytes, rows: Mapping[str, GrownRows]) -> bool:
    """Whether a chart differs only in series extended down over new rows; ``rows`` is by sheet name."""
    if _SERIES.sub(rb"\1", old) != _SERIES.sub(rb"\1", new):
        return False
    pairs = zip(_chart_references(root_of(old)), _chart_references(root_of(new)), strict=True)
    return all(
        before == after or (not title and _references_only_grew(before, after, rows, least=2))
        for (title, before), (_, after) in pairs
    )


def strip_grown_names(old: bytes, new: bytes, rows: Mapping[str, GrownRows]) -> tuple[bytes, bytes] | None:
    """Return the workbook part before and after with the texts of its names removed; None if a name changed wrongly.

    ``rows`` is by sheet name. New names come after the old ones.
    """
    before, after = map(_names, (old, new))
    for one, other in zip(before, after, strict=False):
        if one.text != other.text and not (
            (least := _rows_needed(one)) and _references_only_grew(one.text or "", other.text or "", rows, least)
        ):
            return None
    return _NAMED.sub(rb"\1", old), _NAMED.sub(rb"\1", new)


def _names(book: bytes) -> list[Element]:
    """Return the defined names of a workbook, without the lists in extensions that repeat some of them."""
    return [each for section in root_of(book) if _local(section) == "definedNames" for each in section]


def _rows_needed(name: Element) -> int:
    """Return how many rows a name must cover to be allowed to grow; 0 if it must not grow at all."""
    called = (name.get("name") or "").casefold()
    if called in _BUILT_IN or (called.startswith("z_") and called.endswith((".filterdata", ".printarea"))):
        return 1
    flagged = any(name.get(flag) in ("1", "true") for flag in ("hidden", "function", "vbProcedure", "xlm"))
    return 0 if flagged or called.startswith(("_xl", "externaldata_")) else 2


def root_of(part: bytes) -> Element:
    """Return a part's root; raises Refused if the XML is invalid, for example has an undeclared prefix."""
    from xml.etree import ElementTree

    try:
        return ElementTree.fromstring(part)
    except ElementTree.ParseError:
        raise Refused("read-back", "写入后文件里有的部分不合规范，已放弃写入，台账没有变。") from None


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _listed_ranges(root: Element) -> Iterator[tuple[str, str]]:
    """Yield (element name, list of ranges) for each list in the markup, in document order."""
    owners = {each: _local(parent) for parent in root.iter() for each in parent}
    for element in root.iter():
        if _local(element) == "sqref":
            yield owners.get(element, ""), element.text or ""
        for attribute in sorted(_RANGED & element.attrib.keys()):
            yield _local(element), element.attrib[attribute]


def _content_without_ranges(element: Element) -> tuple[str, dict[str, str]]:
    """Return an element's text and attributes without its ranges."""
    text = "" if _local(element) == "sqref" else element.text or ""
    return text, {key: value for key, value in element.attrib.items() if key not in _RANGED}


def _chart_references(root: Element) -> list[tuple[bool, str]]:
    """Return (whether it is a title, reference) for each reference of a chart to cells."""
    titles = {id(each) for title in root.iter() if _local(title) == "tx" for each in title.iter()}
    return [(id(each) in titles, each.text or "") for each in root.iter() if _local(each) == "f"]


def _parse_cells(ref: str) -> _Cells | None:
    """Parse a range to (top, left, bottom, right); None for whole rows, whole columns and anything else."""
    match = _RANGE.fullmatch(ref)
    if match is None:
        return None
    left, top = column_number(match[1].encode()), int(match[2])
    return top, left, int(match[4] or top), column_number((match[3] or match[1]).encode())


def _overlap(one: _Cells, other: _Cells) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def _gained_cells(
    before: Sequence[str], after: Sequence[str], rows: GrownRows, kind: str
) -> list[tuple[_Cells, _Cells]] | None:
    """Return (gained cells, range before) for each range of a list that grew; None if one changed wrongly."""
    if kind not in _OF_ROWS | _OF_SEVERAL_ROWS:
        return None
    gained: list[tuple[_Cells, _Cells]] = []
    olds = [_parse_cells(each) for each in before]
    at = 0
    for ref, old in zip(before, olds, strict=True):
        if at == len(after):
            return None
        new, same = _parse_cells(after[at]), after[at] == ref
        at += 1
        if old is None or new is None:
            if not same:
                return None
            continue
        if not same and (
            (kind in _OF_SEVERAL_ROWS and old[0] == old[2])
            or not _end_moved_rightly(old, new, rows, widened=kind in _WIDENED)
        ):
            return None
        if new[2] > old[2]:
            gained.append(((old[2] + 1, old[1], new[2], old[3]), old))
        while (
            kind in _SPLIT
            and at < len(after)
            and (beside := _parse_cells(after[at]))
            and _continues(old, new, beside, rows)
        ):
            gained.append((beside, old))
            at += 1
    return gained if at == len(after) else None


def _end_moved_rightly(old: _Cells, new: _Cells, rows: GrownRows, *, widened: bool) -> bool:
    """Whether only a range's end differs: moved down over written rows or up over removed ones, or to a new column."""
    right = old[3] == new[3] or (widened and old[3] < new[3] and new[3] in rows.columns)
    if old[:2] != new[:2] or not right or new[2] < new[0]:
        return False
    return all(row in rows.written for row in range(old[2] + 1, new[2] + 1)) and all(
        row in rows.gone for row in range(new[2] + 1, old[2] + 1)
    )


def _continues(old: _Cells, new: _Cells, beside: _Cells, rows: GrownRows) -> bool:
    """Whether a range continues another one below its end, within its columns and in rows that were written."""
    top, left, bottom, right = beside
    inside = old[1] <= left <= right <= old[3] and top == new[2] + 1
    return inside and all(row in rows.written for row in range(top, bottom + 1))


def _references_only_grew(before: str, after: str, rows: Mapping[str, GrownRows], least: int) -> bool:
    """Whether a list of references with sheet prefixes differs only in ranges that may have grown."""
    olds, news = _split_references(before), _split_references(after)
    if len(olds) != len(news) or not olds:
        return False
    for (where, ref), (where_now, ref_now) in zip(olds, news, strict=True):
        if (where, ref) == (where_now, ref_now):
            continue
        own, widened = rows.get(_sheet_name(where)), least == 1
        if own and widened and where == where_now and _columns_widened(ref, ref_now, own):
            continue
        old, new = _parse_cells(ref), _parse_cells(ref_now)
        if where != where_now or not old or not new or own is None or old[2] - old[0] + 1 < least:
            return False
        if not _end_moved_rightly(old, new, own, widened=widened):
            return False
    cells = [(where, each) for where, ref in news if (each := _parse_cells(ref))]
    known = [(where, each) for where, ref in olds if (each := _parse_cells(ref))]
    return _count_overlaps(cells) <= _count_overlaps(known)


def _columns_widened(before: str, after: str, rows: GrownRows) -> bool:
    """Whether whole columns reach to a new column now."""
    old, new = (_WHOLE_COLUMNS.fullmatch(each) for each in (before, after))
    if old is None or new is None or old[1] != new[1]:
        return False
    last, now = (column_number(each[2].encode()) for each in (old, new))
    return last < now and now in rows.columns


def _count_overlaps(cells: Sequence[tuple[str, _Cells]]) -> int:
    return sum(
        where == there and _overlap(one, other)
        for place, (where, one) in enumerate(cells)
        for there, other in cells[:place]
    )


def _split_references(text: str) -> list[tuple[str, str]]:
    """Split a list of references into (sheet prefix, range); a comma in quotes does not separate."""
    parts = _PART.findall(text)
    if ",".join(parts) != text:
        return []
    found = [each.rpartition("!") for each in parts]
    return [(where, ref) for where, mark, ref in found if mark]


def _sheet_name(where: str) -> str:
    if where.startswith("'") and where.endswith("'"):
        where = where[1:-1].replace("''", "'")
    return where.casefold()
