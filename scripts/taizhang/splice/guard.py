"""Reading the result back before it replaces the old file: nothing but the intended may differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from taizhang.places import a1
from taizhang.splice.cells import part_of_day
from taizhang.splice.edits import Made, MovedRow, Refused
from taizhang.splice.package import Package
from taizhang.splice.references import chart_parts
from taizhang.splice.stretching import SERIES
from taizhang.workbooks import Unreadable, Workbook, formula_cells, sheet_rows

__all__ = ["check_patch"]

_STRINGS = re.compile(rb"<(?:\w+:)?sst\b[^>]*>")
_NOTHING: Mapping[int, Any] = {}


def check_patch(
    before: bytes, after: bytes, made: Iterable[Made], added: Iterable[str] = (), read: Workbook | None = None
) -> None:
    """Compare a workbook with its patched self; raises Refused where anything but the intended differs.

    Members that did not have to change must be the same bytes; shared strings must begin as they did; every cell of a changed
    sheet, read by an independent reader, must be as it was, the given cells as given. Formulas, whose cached results may have
    been dropped, are not compared. ``added`` names new sheets; ``read`` is the workbook before, from a caller that has read it
    already. The workbook must be one that ``read_workbook`` lets in: a far stray
    cell would fill the memory here.
    """
    intended: dict[str, dict[int, dict[int, Any]]] = {}
    moves: dict[str, list[MovedRow]] = {}
    for each in made:
        if isinstance(each, MovedRow):
            moves.setdefault(each.sheet, []).append(each)
        else:
            intended.setdefault(each.sheet, {}).setdefault(each.row, {})[each.column] = each.value
    old, new, fresh = Package.read(before), Package.read(after), list(added)
    changed = _changed_members(old, new, bool(fresh))
    old_parts, new_parts = old.sheet_parts(), new.sheet_parts()
    if [*old_parts, *fresh] != list(new_parts):
        raise Refused("read-back", "写入后表的名称对不上，已放弃写入，台账没有变。")
    for sheet in new_parts:
        if new_parts[sheet].lower() in changed or sheet in intended:
            try:
                was = None
                if sheet in old_parts:
                    known = read.by_name.get(sheet) if read else None
                    rows = known.rows if known else sheet_rows(before, sheet)
                    was = _moved(rows, moves.get(sheet, ()))
                _compare(new, sheet, was, intended.get(sheet, {}))
            except Unreadable as error:
                raise Refused("unreadable", f"〈{sheet}〉不能核对写入的结果，没有写：{error.message}") from None


def _refuse_broken(package: Package, path: str) -> None:
    """Refuse a part that is not well-formed, which a forgiving reader would let pass and Excel would not."""
    from xml.parsers import expat

    parser = expat.ParserCreate()
    try:
        for chunk in package.chunks(path):
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError:
        raise Refused("read-back", f"写入后文件里的 {path} 不合规范，已放弃写入，台账没有变。") from None


def _changed_members(old: Package, new: Package, adding: bool) -> set[str]:
    """Return the members that differ; raises Refused for one that had no reason to, and for one that is damaged."""
    book = old.book_path.lower()
    may_change = {
        "[content_types].xml",
        book,
        f"{book.rpartition('/')[0]}/_rels/{book.rpartition('/')[2]}.rels".lstrip("/"),
    }
    kinds = ("/worksheet", "/sharedStrings", "/styles", "/calcChain")
    may_change |= {path.lower() for kind, path in old.related(book).values() if kind.endswith(kinds)}
    for sheet in old.sheet_parts().values():
        may_change |= {path.lower() for kind, path in old.related(sheet).values() if kind.endswith("/table")}
    charts = {path.lower() for path in chart_parts(old)}
    changed = set()
    for path in old.by_path.keys() | new.by_path.keys():
        if path not in old.by_path:
            allowed = adding and path in (each.lower() for each in new.sheet_parts().values())
        elif path not in new.by_path:
            allowed = old.related(book) != new.related(book) and "calcchain" in path
        elif old.raw(path) == new.raw(path) and _listed(old, path) == _listed(new, path):
            continue
        else:
            allowed = path in may_change or path in charts
        if not allowed:
            raise Refused("read-back", f"写入后文件里的 {path} 意外变化，已放弃写入，台账没有变。")
        changed.add(path)
    for path in changed & new.by_path.keys():
        _refuse_broken(new, path)
    for path in changed & charts:
        if SERIES.sub(b"", old.text(path)) != SERIES.sub(b"", new.text(path)):
            raise Refused("read-back", f"写入后图表 {path} 除数据范围以外意外变化，已放弃写入，台账没有变。")
    strings = old.part_of_type("sharedStrings")
    if strings and strings.lower() in changed and not _items(new.text(strings)).startswith(_items(old.text(strings))):
        raise Refused("read-back", "写入后原有的文字意外变化，已放弃写入，台账没有变。")
    return changed


def _listed(package: Package, path: str) -> tuple[int, ...]:
    """Return what the package's directory says of a member."""
    info = package.by_path[path]
    return info.compress_type, info.CRC, info.compress_size, info.file_size


def _items(strings: bytes) -> bytes:
    """Return what stands between the tags of the shared strings."""
    opening = _STRINGS.search(strings)
    return strings[opening.end() : strings.rfind(b"</")] if opening else b""


def _moved(rows: Iterable[list[Any]], moves: Iterable[MovedRow]) -> Iterator[list[Any]]:
    """Yield the rows of a sheet with those that moved down in their new places, over blank ones."""
    targets = {each.row: each.to for each in moves}
    waiting: dict[int, list[Any]] = {}
    number = 0
    for number, row in enumerate(rows, 1):
        if number in targets:
            waiting[targets[number]] = row
        yield waiting.pop(number, [] if number in targets else row)
    for later in range(number + 1, max(waiting, default=0) + 1):
        yield waiting.pop(later, [])


def _compare(
    new: Package, sheet: str, was: Iterable[list[Any]] | None, intended: Mapping[int, Mapping[int, Any]]
) -> None:
    """Compare a sheet cell by cell: the given cells with their values, all others, unless the sheet is new, with what they were."""
    formulas: frozenset[tuple[int, int]] | None = None
    reach = range(max(intended, default=0))
    rows = zip_longest(was or (), sheet_rows(new.data, sheet), reach, fillvalue=[])
    for number, (before, after, _) in enumerate(rows, 1):
        own = intended.get(number, _NOTHING)
        for column, value in own.items():
            found = after[column - 1] if column <= len(after) else ""
            if not (found == value and type(found) is type(value)) and _plain(found) != _plain(value):
                where = f"〈{sheet}〉{a1(number, column)}"
                raise Refused("read-back", f"写入后{where} 读回来不对，已放弃写入，台账没有变。")
        if was is None or (before == after and _types(before) == _types(after)):
            continue
        for column, (a, b) in enumerate(zip_longest(before, after, fillvalue=""), 1):
            if (a == b and type(a) is type(b)) or column in own:
                continue
            if formulas is None:
                formulas = formula_cells(new.text(new.sheet_part(sheet)))
            if (number, column) not in formulas:
                where = f"〈{sheet}〉{a1(number, column)}"
                raise Refused("read-back", f"写入后{where} 意外变化，已放弃写入，台账没有变。")


def _types(row: list[Any]) -> list[type]:
    """Return the types of a row's values: Python holds 1, 1.0 and True equal."""
    return [*map(type, row)]


def _plain(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value
    if isinstance(value, (time, timedelta)):
        return "part of a day", round(part_of_day(value), 9)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value
