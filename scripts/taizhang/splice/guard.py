"""Reading the written workbook back before it replaces the old file: only the intended changes are allowed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any, NamedTuple

from taizhang.splice.cells import part_of_day
from taizhang.splice.edits import AddColumn, Made, MovedRow, Refused, RemoveRows, SetCell, Uncached
from taizhang.splice.guarded_columns import strip_table_columns
from taizhang.splice.guarded_markup import NotPreserved, check_sheet_preserved, listing_preserved, sections_preserved
from taizhang.splice.guarded_ranges import GrownRows, chart_only_grew, markup_only_grew, strip_grown_names
from taizhang.splice.package import Package, relationships_of
from taizhang.splice.references import chart_parts
from taizhang.splice.shared_texts import only_unused_emptied
from taizhang.workbook.places import a1
from taizhang.workbook.reader import Unreadable, Workbook, rows_of_sheets

__all__ = ["check_patch", "refuse_broken"]

_STRINGS = re.compile(rb"<(?:\w+:)?sst\b[^<>]*>")
_NOTHING: Mapping[int, Any] = {}

_Values = dict[str, dict[int, dict[int, Any]]]
"""Sheet → row → column → value."""


class _Part(NamedTuple):
    """What a member is; ``sheet`` is the case-folded name of a table's sheet."""

    kind: str
    sheet: str = ""


def check_patch(
    before: bytes, after: bytes, made: Iterable[Made], added: Iterable[str] = (), read: Workbook | None = None
) -> None:
    """Compare a workbook with its patched version; raises Refused if anything but the intended differs.

    Members that need not change must be the same bytes; the others may only have additions at their ends (see
    ``guarded_markup``). Every cell of a changed sheet, read by an independent reader, must be as before, except that
    written cells hold their new values and cells whose results were dropped are blank. ``added`` names new sheets;
    ``read`` is the workbook before the patch, if the caller has read it. ``read_workbook`` must accept the workbook:
    otherwise one stray cell far away would fill the memory here.
    """
    made = list(made)
    columns = _columns_by_sheet(made)
    intended, blank, moves, gone = _sort_by_sheet(each for each in made if not isinstance(each, AddColumn))
    old, new, fresh = Package.read(before), Package.read(after), list(added)
    changed = _changed_members(old, new, bool(fresh), _rows_by_sheet(intended, moves, gone, columns))
    old_parts, new_parts = old.sheet_parts(), new.sheet_parts()
    if [*old_parts, *fresh] != list(new_parts):
        raise Refused("read-back", "写入后表的名称对不上，已放弃写入，台账没有变。")
    rows_before, rows_after = rows_of_sheets(before), rows_of_sheets(after)
    for sheet in new_parts:
        if new_parts[sheet].lower() not in changed and sheet not in intended:
            continue
        moved, removed = moves.get(sheet, ()), gone.get(sheet, frozenset())
        if sheet in old_parts:
            own = columns.get(sheet, {})
            _refuse_changed_markup(old, new, sheet, intended.get(sheet, {}), moved, removed, own)
        try:
            was = None
            if sheet in old_parts:
                known = read.by_name.get(sheet) if read else None
                was = _move_rows(known.rows if known else rows_before(sheet), moved, removed)
            _compare_cells(sheet, was, rows_after(sheet), _combine(intended.get(sheet, {}), blank.get(sheet, {})))
        except Unreadable as error:
            raise Refused("unreadable", f"〈{sheet}〉不能核对写入的结果，没有写：{error.message}") from None


def _columns_by_sheet(made: Iterable[Made]) -> dict[str, dict[int, str]]:
    """Return sheet → new column → its head."""
    found: dict[str, dict[int, str]] = {}
    for each in made:
        if isinstance(each, AddColumn):
            found.setdefault(each.sheet, {})[each.column] = each.head
    return found


def _sort_by_sheet(
    made: Iterable[SetCell | MovedRow | RemoveRows | Uncached],
) -> tuple[_Values, _Values, dict[str, list[MovedRow]], dict[str, frozenset[int]]]:
    """Sort what was made by sheet: cells with their values, cells without results, moved rows, removed rows."""
    intended: _Values = {}
    blank: _Values = {}
    moves: dict[str, list[MovedRow]] = {}
    gone: dict[str, frozenset[int]] = {}
    for each in made:
        if isinstance(each, MovedRow):
            moves.setdefault(each.sheet, []).append(each)
        elif isinstance(each, RemoveRows):
            gone[each.sheet] = gone.get(each.sheet, frozenset()) | each.rows
        elif isinstance(each, SetCell) or each.in_array:
            value = each.value if isinstance(each, SetCell) else None
            intended.setdefault(each.sheet, {}).setdefault(each.row, {})[each.column] = value
        else:
            blank.setdefault(each.sheet, {}).setdefault(each.row, {})[each.column] = None
    return intended, blank, moves, gone


def _rows_by_sheet(
    intended: Mapping[str, Mapping[int, Any]],
    moves: Mapping[str, list[MovedRow]],
    gone: Mapping[str, Set[int]],
    columns: Mapping[str, Mapping[int, str]],
) -> dict[str, GrownRows]:
    """Return case-folded sheet name → the rows that were written, those that were removed, and the new columns."""
    return {
        sheet.casefold(): GrownRows(
            {*intended.get(sheet, ()), *(each.to for each in moves.get(sheet, ()))},
            gone.get(sheet, frozenset()),
            columns.get(sheet, {}),
        )
        for sheet in {*intended, *moves, *gone, *columns}
    }


def _combine(one: Mapping[int, dict[int, Any]], other: Mapping[int, dict[int, Any]]) -> dict[int, dict[int, Any]]:
    return {row: {**one.get(row, {}), **other.get(row, {})} for row in {*one, *other}}


def refuse_broken(path: str, chunks: Iterable[bytes]) -> None:
    """Raise Refused if a part is not well-formed: a lenient reader would accept it, Excel would not."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("read-back", f"写入后文件里的 {path} 不合规范，已放弃写入，台账没有变。") from None


def _changed_members(old: Package, new: Package, adding: bool, rows: Mapping[str, GrownRows]) -> set[str]:
    """Return the members that differ; raises Refused if one of them must not differ or is damaged."""
    may_change, changed = _changeable_members(old), set()
    added = {each.lower() for each in new.sheet_parts().values()} if adding else set()
    if adding and old.part_of_type("styles") is None:
        added.add((new.part_of_type("styles") or "").lower())
    for path in old.by_path.keys() | new.by_path.keys():
        if path not in old.by_path:
            allowed = path in added
        elif path not in new.by_path:
            allowed = may_change.get(path) == _Part("calcChain") and old.related(old.book_path) != new.related(
                old.book_path
            )
        elif old.raw(path) == new.raw(path) and _directory_entry(old, path) == _directory_entry(new, path):
            continue
        else:
            allowed = path in may_change
        if not allowed:
            raise Refused("read-back", f"写入后文件里的 {path} 意外变化，已放弃写入，台账没有变。")
        changed.add(path)
    for path in changed & new.by_path.keys():
        if may_change.get(path) != _Part("worksheet"):  # of worksheets, _refuse_changed_markup checks what was written
            refuse_broken(path, new.chunks(path))
    gone, come = old.by_path.keys() - new.by_path.keys(), new.by_path.keys() - old.by_path.keys()
    for path in changed & old.by_path.keys() & new.by_path.keys():
        (kind, sheet), was, now = may_change[path], old.text(path), new.text(path)
        if kind == "table":
            grown = rows.get(sheet, GrownRows())
            kept = markup_only_grew(*strip_table_columns(was, now, grown.columns), grown)
        elif kind in ("types", "relations"):
            folder = old.book_path.rpartition("/")[0] if kind == "relations" else ""
            kept = listing_preserved(was, now, folder, gone, come)
        else:
            kept = _is_preserved(kind, was, now, rows)
        if not kept and not (kind == "sharedStrings" and only_unused_emptied(new, was, now)):
            named = {"chart": f"图表 {path} 除数据范围以外", "sharedStrings": "原有的文字"}
            what = named.get(kind, f"文件里的 {path} ")
            raise Refused("read-back", f"写入后{what}意外变化，已放弃写入，台账没有变。")
    return changed


def _changeable_members(package: Package) -> dict[str, _Part]:
    """Return path in lower case → what it is, for each member that an edit may change."""
    book = package.book_path
    found = {
        "[Content_Types].xml": _Part("types"),
        relationships_of(book): _Part("relations"),
        book: _Part("workbook"),
    }
    for kind, path in package.related(book).values():
        if kind.endswith(("/worksheet", "/sharedStrings", "/styles", "/calcChain")):
            found[path] = _Part(kind.rpartition("/")[2])
    for name, sheet in package.sheet_parts().items():
        own = _Part("table", name.casefold())
        found |= {path: own for kind, path in package.related(sheet).values() if kind.endswith("/table")}
    found |= dict.fromkeys(chart_parts(package), _Part("chart"))
    return {path.lower(): part for path, part in found.items()}


def _is_preserved(kind: str, old: bytes, new: bytes, rows: Mapping[str, GrownRows]) -> bool:
    """Whether a part keeps its content and only has additions; true for sheets, see ``_refuse_changed_markup``."""
    match kind:
        case "workbook":
            bare = strip_grown_names(old, new, rows)
            return bare is not None and sections_preserved(*bare)
        case "styles":
            return sections_preserved(old, new)
        case "sharedStrings":
            return _shared_items(new).startswith(_shared_items(old))
        case "chart":
            return chart_only_grew(old, new, rows)
    return kind == "worksheet"


def _refuse_changed_markup(
    old: Package,
    new: Package,
    sheet: str,
    given: Mapping[int, Mapping[int, Any]],
    moves: Iterable[MovedRow],
    gone: Set[int],
    columns: Mapping[int, str],
) -> None:
    """Raise Refused if a sheet's markup differs in more than the given cells, or if what was written is damaged."""
    before, after = (package.text(package.sheet_part(sheet)) for package in (old, new))
    try:
        written = check_sheet_preserved(before, after, given, {each.row: each.to for each in moves}, gone, columns)
    except NotPreserved as differs:
        row, column = differs.row, differs.column
        where = f"〈{sheet}〉" + (a1(row, column) if column else f"第 {row} 行" if row else "的格式")
        raise _unexpected_change(where) from None
    refuse_broken(new.sheet_part(sheet), [written])
    for package in (old, new):
        package.free_texts()  # the reader runs next and needs the memory


def _directory_entry(package: Package, path: str) -> tuple[int, ...]:
    """Return compression, checksum and sizes of a member as the zip directory lists them."""
    info = package.by_path[path]
    return info.compress_type, info.CRC, info.compress_size, info.file_size


def _shared_items(strings: bytes) -> bytes:
    """Return the markup between the opening and closing tag of the shared strings."""
    opening = _STRINGS.search(strings)
    return strings[opening.end() : strings.rfind(b"</")] if opening else b""


def _move_rows(rows: Iterable[list[Any]], moves: Iterable[MovedRow], gone: Set[int]) -> Iterator[list[Any]]:
    """Yield the rows of a sheet with moved rows in their new places and removed rows blank."""
    targets = {each.row: each.to for each in moves}
    waiting: dict[int, list[Any]] = {}
    number = 0
    for number, row in enumerate(rows, 1):
        if number in targets:
            waiting[targets[number]] = row
        yield waiting.pop(number, [] if number in targets or number in gone else row)
    for later in range(number + 1, max(waiting, default=0) + 1):
        yield waiting.pop(later, [])


def _compare_cells(
    sheet: str,
    was: Iterable[list[Any]] | None,
    written: Iterable[list[Any]],
    intended: Mapping[int, Mapping[int, Any]],
) -> None:
    """Compare the intended cells with their values, and all others with ``was`` unless that is None (a new sheet)."""
    reach = range(max(intended, default=0))
    rows = zip_longest(was or (), written, reach, fillvalue=[])
    for number, (before, after, _) in enumerate(rows, 1):
        own = intended.get(number, _NOTHING)
        for column, value in own.items():
            found = after[column - 1] if column <= len(after) else ""
            if _comparable(found) != _comparable(value):
                where = f"〈{sheet}〉{a1(number, column)}"
                raise Refused("read-back", f"写入后{where} 读回来不对，已放弃写入，台账没有变。")
        if was is None or (before == after and _types(before) == _types(after)):
            continue
        for column, (a, b) in enumerate(zip_longest(before, after, fillvalue=""), 1):
            if (a == b and type(a) is type(b)) or column in own:
                continue
            where = f"〈{sheet}〉{a1(number, column)}"
            raise _unexpected_change(where)


def _unexpected_change(where: str) -> Refused:
    return Refused("read-back", f"写入后{where} 意外变化，已放弃写入，台账没有变。")


def _types(row: list[Any]) -> list[type]:
    """Return the types of a row's values, since 1, 1.0 and True are equal in Python."""
    return [*map(type, row)]


def _comparable(value: Any) -> Any:
    """Normalise a value for comparison with what a reader returns; booleans stay distinct from 1 and 0."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes or no", value
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, (time, timedelta)):
        return "part of a day", round(part_of_day(value), 9)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return float(value) if isinstance(value, int) else value
