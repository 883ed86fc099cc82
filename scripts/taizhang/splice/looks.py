"""What a sheet says of cells that are still blank: which are drawn, what they show numbers as, what may be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from taizhang.splice.cells import look_of_style
from taizhang.splice.directory import entries
from taizhang.splice.formulas import range_places
from taizhang.splice.package import Package
from taizhang.splice.rows import style_of
from taizhang.splice.sheet import OpenSheet
from taizhang.workbook.markup import attribute, element, inner_text, inside, unescape
from taizhang.workbook.places import Area, area

__all__ = ["Choices", "SheetLooks", "sheet_looks"]

_LIST = re.compile(element(b"dataValidation"))
_SOURCE = re.compile(rb"<(?:\w+:)?(?:formula1|f)>([^<]+)<")
_SQREF = re.compile(rb"<(?:\w+:)?sqref>([^<]+)<")
_FORMATS = re.compile(rb"<(?:\w+:)?cellXfs\b[^<>]*>(" + inside(b"cellXfs") + rb")</(?:\w+:)?cellXfs>")
_FORMAT = re.compile(element(b"xf"))
_CODE = re.compile(rb"<(?:\w+:)?numFmt\b[^<>]*>")
_FONTS = re.compile(rb"<(?:\w+:)?fonts\b[^<>]*>(" + inside(b"fonts") + rb")</(?:\w+:)?fonts>")
_FONT = re.compile(element(b"font"))
_SIZE = re.compile(rb"<(?:\w+:)?sz\b[^<>]*>")
_WRAPS = re.compile(rb"\bwrapText=[\"'](?:1|true)[\"']")
_DEFAULTS = re.compile(rb"<(?:\w+:)?sheetFormatPr\b[^<>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^<>]*>")
_USUAL_WIDTH, _USUAL_HEIGHT, _USUAL_SIZE, _MOST_COLUMNS = 8.43, 15.0, 11.0, 200
_PERCENT = ("9", "10")
"""The built-in number formats that show a number as per cent (ECMA-376 18.8.30)."""


class Choices(NamedTuple):
    """What may be chosen in some cells: ``words``, or those in the cells ``where`` of ``sheet``."""

    cells: tuple[Area, ...]
    words: tuple[str, ...] = ()
    sheet: str = ""
    where: Area | None = None


@dataclass(frozen=True)
class SheetLooks:
    """The cells of a sheet that have a style, by (row, column), and the lists of words that cells offer.

    ``kinds`` says what a cell shows a number as: ``date``, ``time``, ``percent`` or ``""``. ``tables`` are the cells of
    tables (Excel's 表格) without their totals. ``wrapping`` are the sizes (points) of the letters of cells whose text
    wraps, ``heights`` the rows of fixed height, in points, ``automatic`` those whose height follows their text, with
    what it was when the file was saved (0: of the others), ``widths`` the widths of columns in characters (0: of the
    others).
    """

    kinds: Mapping[tuple[int, int], str]
    lists: tuple[Choices, ...]
    tables: tuple[Area, ...] = ()
    wrapping: Mapping[tuple[int, int], float] = field(default_factory=dict)
    heights: Mapping[int, float] = field(default_factory=dict)
    automatic: Mapping[int, float] = field(default_factory=dict)
    widths: Mapping[int, float] = field(default_factory=dict)

    @cached_property
    def drawn(self) -> frozenset[int]:
        """The rows that have a cell with a style."""
        return frozenset(row for row, _ in self.kinds)


def sheet_looks(workbook: bytes, sheet: str) -> SheetLooks:
    """Return the looks of a sheet; raises Refused if its markup is unusual."""
    package = Package.read(workbook)
    own = OpenSheet(package, sheet)
    styles = _styles(package)
    found, wrapping, heights = dict[tuple[int, int], str](), dict[tuple[int, int], float](), dict[int, float]()
    head = own.xml[: own.opening.start()]
    default = next((_number(tag, b"defaultRowHeight") for tag in _DEFAULTS.findall(head)), 0.0) or _USUAL_HEIGHT
    automatic = {0: default}
    for number in own.numbers:
        row = own.row(number)
        if height := _number(row.attrs, b"ht"):
            fixed = attribute(row.attrs, b"customHeight") in ("1", "true")
            (heights if fixed else automatic)[number] = height
        for column, cell in row.cells.items():
            style = int(style_of(cell) or 0)
            if style and style < len(styles):
                found[number, column], size = styles[style]
                if size:
                    wrapping[number, column] = size
    tables = ((top, left, each.last_data_row, right) for each in own.tables for top, left, _, right in [each.where])
    lists, widths = tuple(_lists(package, own)), _widths(head)
    return SheetLooks(found, lists, tuple(tables), wrapping, heights, automatic, widths)


def _number(tag: bytes, name: bytes) -> float:
    """Return an attribute as a number, 0 if it is none."""
    try:
        return float(attribute(tag, name))
    except ValueError:
        return 0.0


def _widths(head: bytes) -> dict[int, float]:
    """Return column → width in characters; 0 for the columns that are not listed."""
    found = {0: next((_number(tag, b"defaultColWidth") for tag in _DEFAULTS.findall(head)), 0.0) or _USUAL_WIDTH}
    for tag in _COLUMN.findall(head):
        first, last = int(_number(tag, b"min")), int(_number(tag, b"max"))
        found.update(dict.fromkeys(range(first, min(last, first + _MOST_COLUMNS) + 1), _number(tag, b"width")))
    return found


def _styles(package: Package) -> list[tuple[str, float]]:
    """Return what each style shows a number as, and the size of its letters if its text wraps, else 0."""
    path = package.part_of_type("styles")
    styles = package.text(path) if path else b""
    block = _FORMATS.search(styles)
    codes = {attribute(tag, b"numFmtId"): attribute(tag, b"formatCode") for tag in _CODE.findall(styles)}
    fonts = _FONTS.search(styles)
    sizes = [
        _number(size[0], b"val") if (size := _SIZE.search(font)) else 0.0
        for font in (_FONT.findall(fonts[1]) if fonts else ())
    ]
    found = []
    for xf in _FORMAT.findall(block[1]) if block else ():
        number = attribute(xf, b"numFmtId")
        percent = number in _PERCENT or "%" in codes.get(number, "")
        wraps, font = _WRAPS.search(xf), int(_number(xf, b"fontId"))
        size = (sizes[font] if font < len(sizes) else 0.0) or _USUAL_SIZE
        found.append(("percent" if percent else look_of_style(xf, styles), size if wraps else 0.0))
    return found


def _lists(package: Package, own: OpenSheet) -> Iterator[Choices]:
    book = package.text(package.book_path)
    names = {each.attributes.get("name", ""): book[each.start : each.end] for each in entries(book, "definedNames")}
    for rule in _LIST.findall(own.xml, own.end):
        opening = rule[: rule.index(b">") + 1]
        source, inner = _SOURCE.search(rule), _SQREF.search(rule)
        if attribute(opening, b"type") != "list" or source is None:
            continue
        refs = attribute(opening, b"sqref").encode() or (inner[1] if inner else b"")
        formula = unescape(source[1]).strip()
        formula = inner_text(names[formula]) if formula in names else formula
        yield _choices(formula, own.name, tuple(map(area, refs.split())))


def _choices(formula: str, sheet: str, cells: tuple[Area, ...]) -> Choices:
    """Return what a list offers: the words in quotes, or the range that holds them; none if it is computed."""
    if re.fullmatch(r'"[^"]*"', formula):
        return Choices(cells, tuple(word for each in formula[1:-1].split(",") if (word := each.strip())))
    places = range_places(formula) or []
    if len(places) == 1 and places[0][2] == len(formula):
        where, start, end = places[0]
        name = where.removeprefix("'").removesuffix("'").replace("''", "'") or sheet
        return Choices(cells, (), name, area(formula[start:end].encode()))
    return Choices(cells)
