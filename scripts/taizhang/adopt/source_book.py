"""The workbook of the office's own table: which sheets have a table, and what it says of year and source."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from taizhang.adopt.fields import CONTENT, NOT_WRITTEN, Words
from taizhang.adopt.grid import Cell, Grid
from taizhang.adopt.heads import Table, tables_in
from taizhang.adopt.layouts import laid_out
from taizhang.adopt.mapping import Kept, Mapped, propose
from taizhang.draft.facts import origin_in
from taizhang.typed.dates import FIRST_YEAR, LAST_YEAR
from taizhang.typed.numerals import as_ranges
from taizhang.typed.text import as_text, clean_key
from taizhang.workbook.attached import Attached
from taizhang.workbook.places import column_letters, named_cells
from taizhang.workbook.reader import Sheet, Workbook

__all__ = ["Found", "beside_cells", "find_tables", "hidden_in", "side_by_side", "sources_in", "year_in"]

_YEAR = re.compile(r"(?<!\d)(20\d\d)(?=年|$|[^\d])")
_COLOURS = re.compile(
    r"[红黄绿蓝橙灰]色?(?:底|字|标|标记|标注|填充|单元格|部分|行)?(?:为|表示|代表|即|是)|标[红黄绿蓝橙灰]|[红黄绿蓝]灯"
)


@dataclass(frozen=True)
class Found:
    """The tables of a workbook, and the sheets in which there is none (those without any content are not listed).

    ``unread`` are the cells (sheet, row, column) of the tables that hold a formula without a result, or an error.
    """

    tables: tuple[Table, ...]
    others: tuple[str, ...]
    unread: tuple[tuple[str, int, int], ...]


def find_tables(book: Workbook, words: Words, kept: Kept, sheet: str = "", *, lay: bool = False) -> Found:
    """Return the tables of a workbook, or of the sheet with this name alone; ``kept`` names heads, too.

    ``lay``: entries that do not stand in rows below heads are laid out so. Sheets with neither problems nor measures
    (lists to choose from) are none, if others have them.
    """
    named = [each for each in book.sheets if not sheet or clean_key(each.name) == clean_key(sheet)]
    grids = [(each, laid_out(each, words, kept.heads) if lay else Grid(each)) for each in named]
    found = [(each, tables_in(grid, words, kept.heads)) for each, grid in grids]
    if any(_has_entries(table, words, kept) for _, those in found for table in those):
        found = [(each, [table for table in those if _has_entries(table, words, kept)]) for each, those in found]
    tables = tuple(table for _, those in found for table in those)
    others = [each.name for each, those in found if not those and _has_content(each)]
    others += [each.name for each in book.sheets if each not in named and _has_content(each)]
    unread = [(each.name, *place) for each, those in found if those for place in sorted(each.unread)]
    return Found(tables, tuple(others), tuple(unread))


def _has_entries(table: Table, words: Words, kept: Kept) -> bool:
    """Whether a table has a column of problems or measures."""
    return any(each.field.name in CONTENT for each in propose(table, words, kept))


def _has_content(sheet: Sheet) -> bool:
    return bool(Grid(sheet).cells)


def hidden_in(tables: Sequence[Table]) -> tuple[str, ...]:
    """Return a sentence on each sheet and on the rows of each table that Excel hides: they are adopted like others."""
    said = []
    for table in tables:
        sheet = table.grid.sheet
        if not sheet.visible and table.grid.first == 1:
            said.append(f"〈{sheet.name}〉在原表里是隐藏的，也收了；不收的，请用 --sheet 写明收哪一张")
        below = [cell for row in range(table.bottom + 1, table.grid.height + 1) for cell in table.grid.own(row)]
        if rows := sorted(sheet.hidden_rows & {cell.origin[0] for cell in below}):
            said.append(f"〈{sheet.name}〉第 {as_ranges(rows)} 行在原表里是隐藏的，也收了；不收的，请在原表里删去再收")
    return tuple(said)


def beside_cells(tables: Sequence[Table], attached: Mapping[str, Attached]) -> tuple[str, ...]:
    """Return a sentence on what each table has beside words: hidden columns, comments, links, pictures, colours."""
    said = []
    for table in tables:
        name, grid = f"〈{table.grid.sheet.name}〉", table.grid
        found = attached.get(table.grid.sheet.name, Attached()) if grid.first == 1 else Attached()
        filled = {cell.origin[1] for cell in grid.cells if cell.row >= table.top}
        if columns := sorted(found.hidden_columns & filled):
            letters = "、".join(map(column_letters, columns))
            said.append(f"{name}{letters} 列在原表里是隐藏的，也收了；不收的，请在对照里写作“{NOT_WRITTEN.title}”再收")
        if found.comments:
            said.append(f"{_named(table, found.comments)} 有批注，没有写进台账，原表里还在；要留的请抄进“备注”")
        if found.links:
            said.append(f"{_named(table, found.links)} 有超链接，只收了显示的文字，没有收链接的地址")
        if found.pictures:
            said.append(f"{name}有 {found.pictures} 个图片或图形，没有写进台账，原表里还在")
        if coloured := [cell for cell in _lone_cells(table) if _COLOURS.search(cell.text)]:
            where = _named(table, {cell.origin for cell in coloured})
            said.append(f"{where} 说的是颜色的意思，单元格的颜色没有读，请对照原表核对状态")
    return tuple(said)


def _named(table: Table, places: Collection[tuple[int, int]]) -> str:
    """Return cells of a table (row, column) as a sentence names them."""
    return named_cells((table.grid.sheet.name, *place) for place in sorted(places))


def _lone_cells(table: Table) -> Iterator[Cell]:
    """Yield the cells above the heads and those that stand alone in their row below."""
    yield from table.before
    for row in range(table.bottom + 1, table.grid.height + 1):
        cells = table.grid.own(row)
        yield from cells if len(cells) == 1 else ()


def side_by_side(table: Table, words: Words) -> str:
    """Return a sentence on two tables side by side, by heads that are there twice, word for word; empty for one table.

    Problem and measure must be among these heads. What is in a row then does not belong together.
    """
    seen = Counter(head.text for head in table.heads if head.text)
    twice = [text for text, count in seen.items() if count > 1]
    named = {field.name for text in twice if (field := words.field_of(text.rpartition("·")[2]))}
    if not {"problem", "statement"} <= named:
        return ""
    quoted = "".join(f"“{text}”" for text in twice)
    return (
        f"〈{table.grid.sheet.name}〉第 {table.top} 行的表头{quoted}各写了两遍，像是并排的两张表，"
        f"分不清哪一格属于哪一条。请把它们上下排成一张，或放进两个工作表，另存一份再运行。"
    )


def _titles(book: Workbook, tables: Sequence[Table]) -> list[str]:
    return [*(cell.text for table in tables for cell in table.before), book.name, *(t.grid.sheet.name for t in tables)]


def year_in(book: Workbook, mapped: Sequence[tuple[Table, Sequence[Mapped]]]) -> int | None:
    """Return the year that the titles, the file's name or the sheets' names give, else the one that deadlines name.

    None if there is none, or the deadlines name several.
    """
    for text in (*_titles(book, [table for table, _ in mapped]), " ".join(_deadlines(mapped))):
        years = {int(year) for year in _YEAR.findall(text) if FIRST_YEAR <= int(year) <= LAST_YEAR}
        if len(years) == 1:
            return years.pop()
    return None


def _deadlines(mapped: Sequence[tuple[Table, Sequence[Mapped]]]) -> Iterator[str]:
    for table, heads in mapped:
        columns = {each.head.column for each in heads if each.field.name == "deadline"}
        for row in range(table.bottom + 1, table.grid.height + 1):
            yield from (as_text(cell.raw) for cell in table.grid.own(row) if cell.column in columns)


def sources_in(book: Workbook, tables: Sequence[Table]) -> tuple[str, ...]:
    """Return the 来源 of the problems of each table: as its titles or its sheet's name give it, else as the book's.

    Empty if nothing gives it.
    """
    whole = _source_of(_titles(book, tables))
    return tuple(_source_of([*(cell.text for cell in t.before), t.grid.sheet.name]) or whole for t in tables)


def _source_of(texts: Sequence[str]) -> str:
    return next(filter(None, map(origin_in, texts)), "")
