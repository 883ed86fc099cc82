"""Reading the result back before it replaces the old file: nothing but the intended may differ."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time, timedelta
from itertools import zip_longest
from typing import Any

from taizhang.places import a1
from taizhang.splice.cells import part_of_day
from taizhang.splice.edits import Refused, SetCell
from taizhang.splice.package import Package
from taizhang.workbooks import Unreadable, formula_cells, sheet_rows

__all__ = ["check_patch"]

Rows = Mapping[int, list[Any]]


def check_patch(before: bytes, after: bytes, cells: Iterable[SetCell], added: Iterable[str] = ()) -> None:
    """Compare a workbook with its patched self; raises Refused where anything but the intended differs.

    Members that did not have to change must be the same bytes; shared strings must begin as they did; every cell of a changed
    sheet, read by an independent reader, must be as it was, the given cells as given. Formulas, whose cached results may have
    been dropped, are not compared. ``added`` names new sheets. The workbook must be one that ``read_workbook`` lets in: a far stray
    cell would fill the memory here.
    """
    intended: dict[str, dict[int, dict[int, Any]]] = {}
    for cell in cells:
        intended.setdefault(cell.sheet, {}).setdefault(cell.row, {})[cell.column] = cell.value
    old, new, fresh = Package.read(before), Package.read(after), list(added)
    changed = _changed_members(old, new, bool(fresh))
    old_parts, new_parts = old.sheet_parts(), new.sheet_parts()
    if [*old_parts, *fresh] != list(new_parts):
        raise Refused("read-back", "写入后表的名称对不上，已放弃写入，台账没有变。")
    for path in changed & new.by_path.keys():
        _refuse_broken(new, path)
    for sheet in new_parts:
        if new_parts[sheet].lower() in changed or sheet in intended:
            try:
                _compare(old, new, sheet, intended.get(sheet, {}), is_new=sheet not in old_parts)
            except Unreadable as error:
                raise Refused("unreadable", f"〈{sheet}〉不能核对写入的结果，没有写：{error.message}") from None


def _refuse_broken(package: Package, path: str) -> None:
    """Refuse a part that is not well-formed, which a forgiving reader would let pass and Excel would not."""
    from xml.parsers import expat

    try:
        with package.opened(path) as part:
            expat.ParserCreate().ParseFile(part)
    except expat.ExpatError:
        raise Refused("read-back", f"写入后文件里的 {path} 不合规范，已放弃写入，台账没有变。") from None


def _changed_members(old: Package, new: Package, adding: bool) -> set[str]:
    """Return the members that differ; raises Refused for one that had no reason to."""
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
    changed = set()
    for path in old.by_path.keys() | new.by_path.keys():
        if path not in old.by_path:
            allowed = adding and path in (each.lower() for each in new.sheet_parts().values())
        elif path not in new.by_path:
            allowed = old.related(book) != new.related(book) and "calcchain" in path
        elif old.raw(path) == new.raw(path):
            continue
        else:
            allowed = path in may_change
        if not allowed:
            raise Refused("read-back", f"写入后文件里的 {path} 意外变化，已放弃写入，台账没有变。")
        changed.add(path)
    strings = old.part_of_type("sharedStrings")
    if strings and strings.lower() in changed and not _items(new.text(strings)).startswith(_items(old.text(strings))):
        raise Refused("read-back", "写入后原有的文字意外变化，已放弃写入，台账没有变。")
    return changed


def _items(strings: bytes) -> bytes:
    opening = re.search(rb"<(?:\w+:)?sst\b[^>]*>", strings)
    return re.sub(rb"</(?:\w+:)?sst>\s*$", b"", strings[opening.end() :]) if opening else b""


def _compare(
    old: Package, new: Package, sheet: str, intended: Mapping[int, Mapping[int, Any]], *, is_new: bool
) -> None:
    """Compare a sheet cell by cell; the two are read one after the other, since each may fill much of the memory."""
    kept, prints = {}, []
    for number, row in enumerate(() if is_new else sheet_rows(old.data, sheet), 1):
        prints.append(_print(row))
        if number in intended:
            kept[number] = row
    now, strays = {}, {}
    blank = _print([])
    for number, row in enumerate(_rows_to(len(prints), sheet_rows(new.data, sheet)), 1):
        if number in intended:
            now[number] = row
        elif not is_new and _print(row) != (prints[number - 1] if number <= len(prints) else blank):
            strays[number] = row
    for number, values in intended.items():
        for column, value in values.items():
            if _plain(_cell(now, number, column)) != _plain(value):
                where = f"〈{sheet}〉{a1(number, column)}"
                raise Refused("read-back", f"写入后{where} 读回来不对，已放弃写入，台账没有变。")
    if strays:
        kept |= {number: row for number, row in enumerate(sheet_rows(old.data, sheet), 1) if number in strays}
    formulas: frozenset[tuple[int, int]] | None = None
    for number, row in ({} if is_new else {**now, **strays}).items():
        for column, (a, b) in enumerate(zip_longest(kept.get(number, []), row, fillvalue=""), 1):
            if (a == b and type(a) is type(b)) or column in intended.get(number, {}):
                continue
            if formulas is None:
                formulas = formula_cells(old.text(old.sheet_part(sheet))) | formula_cells(
                    new.text(new.sheet_part(sheet))
                )
            if (number, column) not in formulas:
                where = f"〈{sheet}〉{a1(number, column)}"
                raise Refused("read-back", f"写入后{where} 意外变化，已放弃写入，台账没有变。")


def _rows_to(count: int, rows: Iterator[list[Any]]) -> Iterator[list[Any]]:
    """Yield rows, and blank ones up to ``count``: rows that vanished at the end are compared too."""
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 - how many there were is needed afterwards
        yield row
    for _ in range(number, count):
        yield []


def _print(row: list[Any]) -> int:
    """Return a row's fingerprint; blanks at its end do not count."""
    while row and row[-1] == "":
        row.pop()
    # Python gives -1 and -2 the same hash, and 1, 1.0 and True.
    return hash((*row, *map(type, row), row.count(-2)))


def _cell(rows: Rows, row: int, column: int) -> Any:
    cells = rows.get(row, [])
    return cells[column - 1] if column <= len(cells) else ""


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
