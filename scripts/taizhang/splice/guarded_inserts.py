"""Reading a workbook back after rows were inserted: without the new rows, it must be what it was."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice, zip_longest
from typing import Any

from taizhang.splice.edits import Refused
from taizhang.splice.guard import refuse_broken
from taizhang.splice.inserted_rows import InsertedRows
from taizhang.splice.package import Package
from taizhang.splice.recalculation import formula_texts
from taizhang.workbook.markup import element, unescape
from taizhang.workbook.places import Area, area
from taizhang.workbook.reader import Unreadable, rows_of_sheets

__all__ = ["check_inserted"]

_MAY_CHANGE = re.compile(r"/(?:worksheet|comments|threadedComment|vmlDrawing|drawing|chart|officeDocument|calcChain)$")
_LISTS = ("[content_types].xml",)
_NUMBER = re.compile(r"\d+")


def check_inserted(before: bytes, after: bytes, rows: InsertedRows) -> None:
    """Compare a workbook with the one that has more rows; raises Refused if anything but these rows differs.

    All values must be where they were or, below the new rows, as far down as these take; the new rows hold nothing but
    copies of the row above. All formulas must be there, the same but for the numbers of rows. Merged cells, rules and
    lists must hold the same cells; those that ended at the row above the new ones hold these, too.
    """
    old, new = Package.read(before), Package.read(after)
    for path in _changed(old, new):
        refuse_broken(path, new.chunks(path))
    rows_before, rows_after = rows_of_sheets(before), rows_of_sheets(after)
    try:
        for sheet in old.sheet_parts():
            own = rows if sheet == rows.sheet else None
            _compare_values(rows_before(sheet), rows_after(sheet), sheet, own)
            _compare_formulas(formula_texts(before, sheet), formula_texts(after, sheet), sheet, own)
            _compare_ranges(old.text(old.sheet_part(sheet)), new.text(new.sheet_part(sheet)), sheet, own)
    except Unreadable as error:
        raise Refused("unreadable", f"不能核对插入的行，没有写：{error.message}") from None


def _changed(old: Package, new: Package) -> list[str]:
    """Return the members that differ; raises Refused if one of them cannot name a row of a sheet."""
    kinds = dict(_parts(old, ""))
    found = []
    for path in old.by_path.keys() | new.by_path.keys():
        if path in old.by_path and path in new.by_path and old.raw(path) == new.raw(path):
            continue
        kind = kinds.get(path, "")
        gone = path not in new.by_path
        listed = path in _LISTS or (path.endswith(".rels") and old.has(path))
        if (
            (gone and not kind.endswith("/calcChain"))
            or path not in old.by_path
            or not (listed or _MAY_CHANGE.search(kind))
        ):
            raise Refused("read-back", f"插入行以后文件里的 {path} 意外变化，没有写。")
        if not gone:
            found.append(path)
    return found


def _parts(package: Package, path: str, depth: int = 4) -> Iterator[tuple[str, str]]:
    """Yield (path in lower case, kind) of the parts that can be reached from one."""
    for kind, part in package.related(path).values() if depth else ():
        if package.has(part):
            yield part.lower(), kind
            yield from _parts(package, part, depth - 1)


def _compare_values(old: Iterator[list[Any]], new: Iterator[list[Any]], sheet: str, rows: InsertedRows | None) -> None:
    """Raise Refused unless the values are the same, apart from the new rows."""
    above: list[list[Any]] = []
    if rows:
        pairs = list(zip_longest(islice(old, rows.after), islice(new, rows.after), fillvalue=[]))
        above = [each for each, _ in pairs]
        fresh = list(islice(new, rows.count))
        template = above[-1] if len(above) == rows.after else []
        if any(
            value not in ("", template[n] if n < len(template) else "") for row in fresh for n, value in enumerate(row)
        ):
            raise _differs(sheet)
        if any(_bare(one) != _bare(other) for one, other in pairs):
            raise _differs(sheet)
    if any(_bare(one) != _bare(other) for one, other in zip_longest(old, new, fillvalue=[])):
        raise _differs(sheet)


def _bare(row: list[Any]) -> list[tuple[type, Any]]:
    """Return the values of a row with their types, up to the last that is not blank."""
    end = next((n for n in range(len(row), 0, -1) if row[n - 1] != ""), 0)
    return [(type(value), value) for value in row[:end]]


def _compare_formulas(
    old: dict[tuple[int, int], str], new: dict[tuple[int, int], str], sheet: str, rows: InsertedRows | None
) -> None:
    """Raise Refused unless each formula is where it must be, with the same text but for the numbers in it."""
    expected = {}
    for (row, column), text in old.items():
        expected[rows.moved(row) if rows else row, column] = text
    fresh = {place for place in new if rows and rows.after < place[0] <= rows.last}
    if expected.keys() != new.keys() - fresh:
        raise _differs(sheet)
    if any(_bare_formula(text) != _bare_formula(new[place]) for place, text in expected.items()):
        raise _differs(sheet)


_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*\bref\s*=\s*[\"']([^\"']*)[\"']")
_RULE = re.compile(element(b"conditionalFormatting") + b"|" + element(b"dataValidation"))
_CELLS = re.compile(rb"(?<=\bsqref)\s*=\s*[\"']([^\"']*)[\"']|(?<=sqref>)([^<>]*)<")


def _compare_ranges(old: bytes, new: bytes, sheet: str, rows: InsertedRows | None) -> None:
    """Raise Refused unless merged cells, rules and lists hold the cells that they must, told apart from the writer."""
    merged = Counter(place for ref in _MERGE.findall(old) for place in _merges_after(area(ref), rows))
    if merged != Counter(area(ref) for ref in _MERGE.findall(new)):
        raise _differs(sheet)
    if [_ruled(each, rows) for each in _RULE.findall(old)] != [_ruled(each, None) for each in _RULE.findall(new)]:
        raise _differs(sheet)


def _merges_after(place: Area, rows: InsertedRows | None) -> Iterator[Area]:
    """Yield what becomes of merged cells: moved, longer, or, within the copied rows, there once more for each copy."""
    if rows is None:
        yield place
        return
    top, left, bottom, right = place
    if not (rows.after - rows.block < top and bottom <= rows.after):
        yield _area_after(place, rows)
        return
    for copy in range(rows.count // rows.block + 1):
        yield top + copy * rows.block, left, bottom + copy * rows.block, right


def _area_after(place: Area, rows: InsertedRows) -> Area:
    top, left, bottom, right = place
    return rows.moved(top), left, rows.last if bottom == rows.after else rows.moved(bottom), right


def _ruled(rule: bytes, rows: InsertedRows | None) -> tuple[bytes, tuple[Area, ...]]:
    """Return a rule or a list without numbers and cells, and the cells that it must hold."""
    refs = [ref for pair in _CELLS.findall(rule) for ref in b" ".join(pair).split()]
    cells = tuple(area(ref) if rows is None else _area_after(area(ref), rows) for ref in refs)
    return re.sub(rb"\d+", b"#", _unquoted(_CELLS.sub(b"", rule))), cells


def _unquoted(markup: bytes) -> bytes:
    """Return markup with the quotes of formulas written in one way."""
    return markup.replace(b"&quot;", b'"').replace(b"&apos;", b"'")


def _bare_formula(written: str) -> str:
    """Return a formula without its numbers, however its quotes are written."""
    return _NUMBER.sub("#", unescape(written.encode()))


def _differs(sheet: str) -> Refused:
    return Refused("read-back", f"插入行以后〈{sheet}〉读回来不对，没有写。")
