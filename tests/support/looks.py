"""Measure a generated workbook as paper and screen show it: pixels, points, scales, contrasts and fitting texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs
from openpyxl.utils import get_column_letter, range_boundaries

from support.packages import members

# (width, height) in points of paper sizes by their number, upright.
PAPERS = {8: (842, 1191), 9: (595, 842), 70: (298, 420)}
CJK_FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/noto-cjk/NotoSansCJK-Regular.ttc",
)
LATIN_FONTS = (
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/liberation/LiberationSans-Regular.ttf",
)
S14 = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


@dataclass(frozen=True)
class Area:
    """The print area of a sheet as rows and columns (1-based, inclusive)."""

    left: int
    top: int
    right: int
    bottom: int


def print_area(sheet: Any) -> Area:
    left, top, right, bottom = range_boundaries(str(sheet.print_area).rpartition("!")[2].replace("$", ""))
    assert left and top and right and bottom
    return Area(left, top, right, bottom)


def pixels(sheet: Any) -> dict[int, int]:
    """Return each column's width in pixels, as Excel has it."""
    widths = {}
    for dimension in sheet.column_dimensions.values():
        for column in range(dimension.min, dimension.max + 1):
            widths[column] = round(dimension.width * 7)
    return widths


def points(sheet: Any, row: int) -> float:
    return sheet.row_dimensions[row].height or 15.0


def scale(sheet: Any) -> float:
    """Return the scale at which the sheet prints: by its width, and by its height if it must fit one page."""
    area, widths = print_area(sheet), pixels(sheet)
    wide, tall = PAPERS[int(sheet.page_setup.paperSize)]
    if sheet.page_setup.orientation == "landscape":
        wide, tall = tall, wide
    margins = sheet.page_margins
    room = wide - (margins.left + margins.right) * 72
    by_width = room / (sum(widths.get(column, 64) for column in range(area.left, area.right + 1)) * 0.75)
    if sheet.page_setup.fitToHeight == 0:
        return min(1.0, by_width)
    height = sum(points(sheet, row) for row in range(area.top, area.bottom + 1))
    return min(1.0, by_width, (tall - (margins.top + margins.bottom) * 72) / height)


def cells(sheet: Any) -> Iterator[Any]:
    """Yield the cells of the print area that show something."""
    area = print_area(sheet)
    for row in sheet.iter_rows(area.top, area.bottom, area.left, area.right):
        yield from (cell for cell in row if cell.value not in (None, ""))


def merged(sheet: Any) -> dict[str, tuple[int, int, int, int]]:
    """Return the bounds of each merged range by its first cell."""
    return {f"{get_column_letter(r.min_col)}{r.min_row}": r.bounds for r in sheet.merged_cells.ranges}


def _luminance(colour: str) -> float:
    parts = [int(colour[-6:][n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(ink: str, paper: str) -> float:
    """Return the contrast of two colours by the WCAG formula, 1 to 21."""
    bright, dark = sorted((_luminance(ink), _luminance(paper)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def colours(cell: Any) -> tuple[str, str]:
    ink = cell.font.color.rgb if cell.font.color is not None and isinstance(cell.font.color.rgb, str) else "FF000000"
    solid = cell.fill.fill_type == "solid" and isinstance(cell.fill.fgColor.rgb, str)
    return ink, cell.fill.fgColor.rgb if solid else "FFFFFFFF"


def fonts_installed() -> bool:
    return any(map(_exists, CJK_FONTS)) and any(map(_exists, LATIN_FONTS))


def _exists(path: str) -> bool:
    return Path(path).exists()


@cache
def _font(latin: bool) -> Any:
    from PIL import ImageFont

    path = next(filter(_exists, LATIN_FONTS if latin else CJK_FONTS))
    return ImageFont.truetype(path, 100)


@cache
def _advance(char: str, latin: bool) -> float:
    return _font(latin).getlength(char) / 100


def measured(text: str, cell: Any) -> float:
    """Return the pixels a line of text takes in a cell's font, measured with fonts of the same metrics."""
    latin = cell.font.name == "Arial"
    ems = sum(_advance(char, latin and ord(char) < 0x2000) for char in text)
    return ems * cell.font.sz * 96 / 72 * (1.04 if cell.font.b else 1.0)


def lines_needed(text: str, cell: Any, room: float) -> int:
    """Return the lines a wrapped text needs: words are kept whole, Chinese breaks anywhere but before closing marks."""
    lines = 0
    for part in text.split("\n"):
        lines += 1
        filled = 0.0
        for piece in re.findall(r"[!-~]+|.", part):
            width = measured(piece, cell)
            if filled and filled + width > room and piece not in "，。；：、）”〉…":
                lines += 1
                filled = 0.0
            filled += width
    return lines


def misfits(sheet: Any) -> list[str]:
    """Return the texts Excel would cut: wrapped ones taller than their row, others wider than the room beside them."""
    widths, ranges, found = pixels(sheet), merged(sheet), []
    inside = {
        (row, column)
        for left, top, right, bottom in ranges.values()
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    }
    for cell in cells(sheet):
        if not isinstance(cell.value, str) or cell.data_type == "f":
            continue
        left, top, right, bottom = ranges.get(cell.coordinate, (cell.column, cell.row, cell.column, cell.row))
        own = sum(widths.get(column, 64) for column in range(left, right + 1))
        height = sum(points(sheet, row) for row in range(top, bottom + 1))
        room = own - 5 - 9 * (cell.alignment.indent or 0)
        size = cell.font.sz
        if cell.alignment.wrap_text or "\n" in cell.value:
            need = lines_needed(cell.value, cell, room) * size * 1.32
            if need > height + 2:
                found.append(f"{sheet.title}!{cell.coordinate} needs {need:.0f} of {height:.0f} pt: {cell.value[:20]}")
        elif cell.alignment.horizontal not in ("center_across", "centerContinuous"):
            need, step = measured(cell.value, cell), -1 if cell.alignment.horizontal == "right" else 1
            column = (left if step < 0 else right) + step
            centred = cell.alignment.horizontal == "center"
            while need > room and not centred and 1 <= column <= 60 and (cell.row, column) not in inside:
                if sheet.cell(cell.row, column).value not in (None, ""):
                    break
                room += widths.get(column, 64)
                column += step
            if need > room:
                found.append(f"{sheet.title}!{cell.coordinate} needs {need:.0f} of {room:.0f} px: {cell.value[:20]}")
    return found


def chart_ranges(data: bytes) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return for each chart its member and the (categories, values) of each series."""
    charts = []
    for name, content in sorted(members(data).items()):
        if name.startswith("xl/charts/chart"):
            tree = etree.fromstring(content)
            series = [
                (each.findtext(f"{C}cat//{C}f") or "", each.findtext(f"{C}val//{C}f") or "")
                for each in tree.iter(f"{C}ser")
            ]
            charts.append((name, series))
    return charts


def sparkline_ranges(data: bytes) -> list[str]:
    """Return the range of every sparkline of a workbook."""
    pages = [
        etree.fromstring(content) for part, content in members(data).items() if part.startswith("xl/worksheets/sheet")
    ]
    return [line[0].text or "" for page in pages for line in page.iter(f"{S14}sparkline")]
