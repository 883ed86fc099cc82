"""Which formulas of a workbook depend on touched cells, directly or through formulas, names and tables.

A formula in doubt counts as dependent: a missing result is calculated on opening, a stale one misleads.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import NamedTuple

from taizhang.splice.edits import Refused
from taizhang.splice.formulas import Named, Range, TableColumns, locate_columns, parse_formula
from taizhang.splice.package import Package
from taizhang.splice.tables import tables_of
from taizhang.workbook.markup import attribute, unescape
from taizhang.workbook.places import LAST_ROW, Area, area, column_number

__all__ = ["FormulaCell", "dependents", "formulas_of"]

SHORT = 4
"""Ranges of up to this many rows are indexed row by row; taller ones are searched together, in rounds."""

ROUNDS = 60
"""After this many rounds every remaining range counts as reached: nobody chains so many tall ranges."""

MOST_CELLS = 10_000
"""The cells of an array of up to this size are looked up one by one; a larger one counts as the whole sheet."""

_PREFIX = re.compile(rb"<(\w+:)?sheetData\b")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]{1,3})\$?([0-9]{1,7})["']""")
_NAME = re.compile(rb"<(?:\w+:)?definedName\b([^<>]*)>([^<]*)</")
_NUMBER = re.compile(rb"([0-9]+)")
_HEAD = re.compile(rb"<(?:\w+:)?tableColumn\b[^<>]*>")
_CALENDAR = re.compile(r"\b(?:TODAY|NOW|RAND|RANDBETWEEN|RANDARRAY)\(")
"""Functions that Excel recalculates each time; their results depend on no cell."""


class FormulaCell(NamedTuple):
    """A formula in a sheet's XML: its cell, the attributes and text of its ``f``, and offsets into the XML.

    ``start`` is the offset of ``<c``, ``formula`` that of ``<f``; ``end`` is the end of the ``f`` element, ``result``
    the end of the ``v`` element, equal to ``end`` if the formula has no result.
    """

    row: int
    column: int
    attrs: bytes
    text: bytes
    start: int
    formula: int
    end: int
    result: int

    @property
    def covers(self) -> Area:
        """The cells that the formula fills: its own, or the whole range of an array or a data table."""
        fills = b"array" in self.attrs or b"dataTable" in self.attrs
        ref = attribute(b"<f " + self.attrs, b"ref") if fills else ""
        return area(ref.encode()) if ref else (self.row, self.column, self.row, self.column)


@cache
def _formula(prefix: bytes) -> re.Pattern[bytes]:
    return re.compile(
        rb"<%(p)sf(?=[\s/>])([^<>]*?)(?:/>|>([^<]*)</%(p)sf\s*>)(\s*<%(p)sv(?:\s[^<>]*?)?(?:/>|>[^<]*</%(p)sv\s*>))?"
        % {b"p": prefix}
    )


def formulas_of(xml: bytes) -> Iterator[FormulaCell]:
    """Yield a sheet's formulas in document order; raises Refused if one is not the first element of a cell."""
    if b"<f" not in xml and b":f" not in xml:
        return
    found = _PREFIX.search(xml)
    prefix = (found[1] or b"") if found else b""
    cell, numbers = b"<%sc" % prefix, None
    end_of_rows = xml.find(b"</%ssheetData" % prefix)
    for match in _formula(prefix).finditer(
        xml, found.end() if found else 0, end_of_rows if end_of_rows >= 0 else len(xml)
    ):
        start = xml.rfind(cell, 0, match.start())
        tag = xml[start : match.start()]
        if start < 0 or tag.count(b">") != 1 or b"/>" in tag:
            message = "台账里有的公式写法少见，说不准哪些要重新算，没有写。请用 Excel 或 WPS 打开台账后另存一次。"
            raise Refused("unusual-markup", message)
        address = _ADDRESS.search(tag)
        if address:
            row, column = int(address[2]), column_number(address[1])
        else:
            numbers = _infer_addresses(xml, prefix) if numbers is None else numbers
            row, column = numbers[start]
        end = match.end() - len(match[3] or b"")
        yield FormulaCell(row, column, match[1], match[2] or b"", start, match.start(), end, match.end())


def _infer_addresses(xml: bytes, prefix: bytes) -> dict[int, tuple[int, int]]:
    """Return offset of a cell's tag → (row, column), for a sheet whose cells omit their addresses."""
    found, row, column = {}, 0, 0
    for tag in re.finditer(rb"<%s(row|c)(?=[\s/>])([^<>]*)" % prefix, xml):
        if tag[1] == b"row":
            number = attribute(b"<r " + tag[2], b"r")
            row, column = int(number) if number.isdecimal() else row + 1, 0
        else:
            address = _ADDRESS.search(b" " + tag[2])
            column = column_number(address[1]) if address else column + 1
            found[tag.start()] = row, column
    return found


@dataclass(slots=True)
class _CellIndex:
    """An index of the cells of one sheet that formulas name: by cell, by short range and by tall range → formulas."""

    cells: dict[tuple[int, int], list[int]] = field(default_factory=dict)
    spans: dict[int, dict[tuple[int, int], list[int]]] = field(default_factory=dict)
    tall: dict[Area, list[int]] = field(default_factory=dict)

    def add(self, where: Area, formula: int) -> None:
        """Note that the formula with this number names these cells."""
        top, left, bottom, right = where
        if top == bottom and left == right:
            self.cells.setdefault((top, left), []).append(formula)
        elif bottom - top < SHORT:
            for row in range(top, bottom + 1):
                self.spans.setdefault(row, {}).setdefault((left, right), []).append(formula)
        else:
            self.tall.setdefault(where, []).append(formula)

    def take(self, row: int, column: int) -> list[int]:
        """Remove and return the formulas that name a cell, except through tall ranges."""
        found = self.cells.pop((row, column), [])
        spans = self.spans.get(row)
        for span in [each for each in spans if each[0] <= column <= each[1]] if spans else ():
            found += spans.pop(span) if spans else ()
        return found

    def take_tall(self, rows_by_column: Mapping[int, list[int]]) -> list[int]:
        """Remove and return the formulas with a tall range that contains one of these cells; row lists are sorted."""
        found: list[int] = []
        for where in [each for each in self.tall if _contains_any(each, rows_by_column)]:
            found += self.tall.pop(where)
        return found

    def take_all(self) -> list[int]:
        """Remove and return every formula that names a cell of the sheet."""
        found = [each for few in (self.cells, self.tall) for formulas in few.values() for each in formulas]
        found += [each for spans in self.spans.values() for formulas in spans.values() for each in formulas]
        self.cells, self.spans, self.tall = {}, {}, {}
        return found


def _contains_any(where: Area, rows_by_column: Mapping[int, list[int]]) -> bool:
    top, left, bottom, right = where
    for column in rows_by_column if right - left >= len(rows_by_column) else range(left, right + 1):
        rows = rows_by_column.get(column)
        if rows and left <= column <= right:
            place = bisect_left(rows, top)
            if place < len(rows) and rows[place] <= bottom:
                return True
    return False


@dataclass(frozen=True, slots=True)
class _Table:
    sheet: int
    where: Area
    heads: tuple[str, ...]


class _Book:
    """The sheets, names and tables of a workbook, looked up by the words that formulas use."""

    def __init__(self, package: Package) -> None:
        self.parts = package.sheet_parts()
        self.numbers = {name.casefold(): number for number, name in enumerate(self.parts)}
        self.tables: dict[str, _Table] = {}
        for number, part in enumerate(self.parts.values()):
            for table in tables_of(package, part):
                heads = tuple(_head_in_formulas(attribute(tag, b"name")) for tag in _HEAD.findall(table.xml))
                self.tables[table.name.casefold()] = _Table(number, table.where, heads)
        self.names: dict[str, list[str]] = {}
        for attrs, text in _NAME.findall(package.text(package.book_path)):
            name = attribute(b"<n " + attrs, b"name").casefold()
            self.names.setdefault(name, []).append(unescape(text))
        self._meaning: dict[str, list[tuple[int, Area]] | None] = {}

    def sheets(self, where: str, own: int) -> Iterable[int] | None:
        """Return the numbers of the sheets that a reference means (甲:乙: all from 甲 to 乙); None if unknown."""
        if not where:
            return (own,)
        if where.startswith("'"):
            where = where[1:-1].replace("''", "'").removeprefix("[0]")
        ends = [self.numbers.get(each.casefold()) for each in where.split(":")]
        if None in ends:
            return None
        first, last = min(ends), max(ends)  # type: ignore[type-var]
        return range(first, last + 1)  # type: ignore[operator, arg-type]

    def name(self, word: str) -> list[tuple[int, Area]] | None:
        """Return the (sheet, cells) that a name or a table means, whichever cell uses it; None if that is unknown."""
        key = word.casefold()
        if key in self._meaning:
            return self._meaning[key]
        self._meaning[key] = []  # a name that uses itself adds nothing
        found: list[tuple[int, Area]] | None = []
        table = self.tables.get(key)
        if table:
            found = [(table.sheet, table.where)]
        elif key not in self.names:
            found = None
        for text in self.names.get(key, ()):
            own = self._of_name(parse_formula(text))
            found = None if own is None or found is None else [*found, *own]
        self._meaning[key] = found
        return found

    def _of_name(self, named: Named) -> list[tuple[int, Area]] | None:
        found: list[tuple[int, Area]] = []
        if named.anything:
            return None
        for each in named.ranges:
            sheets, wide = self.sheets(each.where, -1), each.anywhere()
            if sheets is None or not each.where:
                return None
            found += [(sheet, (wide.top, wide.left, wide.bottom, wide.right)) for sheet in sheets]
        for word in (*named.words, *(each.table for each in named.tables)):
            meant = self.name(word)
            if meant is None:
                return None
            found += meant
        return found

    def table_cells(self, named: TableColumns, sheet: int, row: int, column: int) -> tuple[int, Area] | None:
        """Return the cells that a formula at this place means by columns of a table; None if that is unknown."""
        if named.table:
            table = self.tables.get(named.table.casefold())
        else:
            here = (each for each in self.tables.values() if each.sheet == sheet)
            table = next(
                (t for t in here if t.where[0] <= row <= t.where[2] and t.where[1] <= column <= t.where[3]), None
            )
        if table is None or (named.own_row and table.sheet != sheet):
            return None
        cells = locate_columns(named, table.heads, table.where, row)
        return None if cells is None else (table.sheet, cells)


def _head_in_formulas(head: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), head)


def _count_ends(where: Range, row: int) -> int:
    """Return how many of a range's written ends lie in a row or the row above it."""
    if where.top == where.bottom and where.left == where.right:
        return where.top in (row, row - 1)
    return (where.top in (row, row - 1)) + (where.bottom in (row, row - 1))


def _move_to_row(where: Range, row: int, to: int) -> Range:
    """Return a range named in row ``row`` as row ``to`` names it: ends in that row or the row above move along."""
    ends = {row: to, row - 1: to - 1}
    top, bottom = ends.get(where.top, where.top), ends.get(where.bottom, where.bottom)
    return (
        where._replace(top=min(top, bottom), bottom=max(top, bottom))
        if top > bottom
        else Range(where.where, top, where.left, bottom, where.right, where.moving)
    )


class _Graph:
    """Which formulas of a workbook name which cells: filled sheet by sheet, then queried once (queries use it up)."""

    def __init__(self, book: _Book) -> None:
        self.book, self.reached = book, [_CellIndex() for _ in book.parts]
        self.places: list[tuple[int, FormulaCell]] = []
        self.anything: list[int] = []
        self._read: dict[bytes, tuple[int, Named]] = {}
        self._sheets: dict[tuple[str, int], Iterable[int] | None] = {}

    def add_sheet(self, sheet: int, cells: Sequence[FormulaCell]) -> None:
        """Index the formulas of one sheet; a formula that may depend on anything goes into ``anything``."""
        masters: dict[str, FormulaCell | None] = {}
        for cell in cells:
            if b"shared" in cell.attrs and cell.text and b"ref" in cell.attrs:
                key = attribute(b"<f " + cell.attrs, b"si")
                masters[key] = None if key in masters else cell
        for cell in cells:
            number = len(self.places)
            self.places.append((sheet, cell))
            if not self._add(number, sheet, cell, masters):
                self.anything.append(number)

    def _add(self, number: int, sheet: int, cell: FormulaCell, masters: Mapping[str, FormulaCell | None]) -> bool:
        """Index what a formula names; return False if it may depend on anything."""
        if b"dataTable" in cell.attrs:
            return False
        if b" ca=" in b" " + cell.attrs and not _CALENDAR.search(cell.text.decode("utf-8", "replace")):
            return False  # recalculated each time, for a reason that its text does not show
        if b"shared" in cell.attrs and b"ref" not in cell.attrs:
            master = masters.get(attribute(b"<f " + cell.attrs, b"si"))
            if master is None:
                return False
            named = parse_formula(unescape(master.text))
            moved = [each.shift(cell.row - master.row, cell.column - master.column) for each in named.ranges]
            if not self._index(number, sheet, cell, named, moved):
                return False
            return not cell.text or self._index(number, sheet, cell, *self._parse(cell))
        return bool(cell.text) and self._index(number, sheet, cell, *self._parse(cell))

    def _parse(self, cell: FormulaCell) -> tuple[Named, Sequence[Range]]:
        """Return what a formula names, and its ranges.

        Down a column, formulas often differ only in the numbers of their own row and the row above; such a text is
        parsed once.
        """
        own, before = b"%d" % cell.row, b"%d" % (cell.row - 1)
        parts = _NUMBER.split(cell.text)
        key = b"".join([b"\0" if part == own else b"\1" if part == before else part for part in parts])
        if key in self._read:
            row, named = self._read[key]
            return named, [_move_to_row(each, row, cell.row) for each in named.ranges]
        named = parse_formula(unescape(cell.text))
        if 2 < cell.row < LAST_ROW and sum(_count_ends(each, cell.row) for each in named.ranges) == key.count(
            b"\0"
        ) + key.count(b"\1"):
            self._read[key] = cell.row, named
        return named, named.ranges

    def _index(self, number: int, sheet: int, cell: FormulaCell, named: Named, ranges: Iterable[Range | None]) -> bool:
        """Index the ranges, tables and words of a parsed formula; return False if one of them is unknown."""
        if named.anything:
            return False
        for each in ranges:
            if each is None:
                return False
            key = each.where, sheet
            if key not in self._sheets:
                self._sheets[key] = self.book.sheets(*key)
            sheets = self._sheets[key]
            if sheets is None:
                return False
            for target in sheets:
                self.reached[target].add(each[1:5], number)
        meant: list[tuple[int, Area]] = []
        for columns_named in named.tables:
            found = self.book.table_cells(columns_named, sheet, cell.row, cell.column)
            if found is None:
                return False
            meant.append(found)
        for word in named.words:
            own = self.book.name(word)
            if own is None:
                return False
            meant += own
        for target, where in meant:
            self.reached[target].add(where, number)
        return True

    def dependents(
        self, touched: Mapping[int, Iterable[tuple[int, int]]], whole: Iterable[int]
    ) -> list[tuple[int, FormulaCell]]:
        """Return the formulas that depend on touched cells (by sheet) or on whole sheets, in the order of adding."""
        search = _Search(self)
        for sheet, cells in touched.items():
            for row, column in cells:
                search.touch(sheet, row, column)
        search.mark([*self.anything, *(number for sheet in whole for number in self.reached[sheet].take_all())])
        search.run()
        return [self.places[number] for number in sorted(search.stale)]


class _Search:
    """The search for stale formulas in a graph, from the touched cells on.

    ``waiting`` holds cells to look up one by one, ``fresh`` sheet → column → rows to look up in tall ranges.
    """

    def __init__(self, graph: _Graph) -> None:
        self.graph = graph
        self.stale: set[int] = set()
        self.fresh: dict[int, dict[int, list[int]]] = {}
        self.waiting: list[tuple[int, int, int]] = []

    def touch(self, sheet: int, row: int, column: int) -> None:
        """Note that a cell may hold another value."""
        self.waiting.append((sheet, row, column))
        self.fresh.setdefault(sheet, {}).setdefault(column, []).append(row)

    def mark(self, formulas: Iterable[int]) -> None:
        """Count formulas as stale and touch the cells that they fill."""
        pending = [*formulas]
        while pending:
            number = pending.pop()
            if number in self.stale:
                continue
            self.stale.add(number)
            sheet, cell = self.graph.places[number]
            top, left, bottom, right = cell.covers
            if (bottom - top + 1) * (right - left + 1) > MOST_CELLS:
                pending += self.graph.reached[sheet].take_all()
                continue
            for row in range(top, bottom + 1):
                for column in range(left, right + 1):
                    self.touch(sheet, row, column)

    def run(self) -> None:
        """Follow the touched cells until no further formula is stale, or for ``ROUNDS`` of tall ranges."""
        for turn in range(ROUNDS + 1):
            while self.waiting:
                sheet, row, column = self.waiting.pop()
                self.mark(self.graph.reached[sheet].take(row, column))
            new, self.fresh = self.fresh, {}
            if not new:
                break
            for sheet, columns in new.items():
                for rows in columns.values():
                    rows.sort()
                self.mark(self.graph.reached[sheet].take_tall(columns))
            if turn == ROUNDS:
                for each in self.graph.reached:
                    self.mark(each.take_all())


def dependents(
    package: Package,
    formulas: Mapping[str, Sequence[FormulaCell]],
    touched: Mapping[str, Iterable[tuple[int, int]]],
    added: Iterable[str] = (),
) -> dict[str, list[FormulaCell]]:
    """Return the formulas that depend on touched cells (row, column) or on any cell of an added sheet.

    They are returned by sheet, in document order. Names and tables are read as the package holds them now, after the
    edits have extended them.
    """
    book = _Book(package)
    graph, names = _Graph(book), list(book.parts)
    for sheet, cells in formulas.items():
        graph.add_sheet(names.index(sheet), cells)
    found: dict[str, list[FormulaCell]] = {}
    places = {names.index(sheet): cells for sheet, cells in touched.items()}
    for number, cell in graph.dependents(places, [names.index(sheet) for sheet in added]):
        found.setdefault(names[number], []).append(cell)
    return found
