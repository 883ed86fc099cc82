"""Inspect generated papers as a printer does: whether texts fit their cells, their content, the number of pages."""

from __future__ import annotations

import re
import subprocess
import unicodedata
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from support.ledgers import load

DEFAULT_PIXELS, DEFAULT_POINTS = 64, 15.0


def texts(data: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield (sheet, cell, text) of every text of a workbook."""
    for sheet in load(data):
        for row in sheet.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value:
                    yield sheet.title, cell.coordinate, cell.value


def not_fitting(data: bytes) -> list[str]:
    """Return the cells whose text is cut: too wide for the paper, or wrapped into more lines than the row is high.

    Widths are Excel's pixels; Chinese characters are an em wide, others about half; a line is 1.32 of its size high.
    """
    return [found for sheet in load(data) for found in _sheet(sheet)]


def _sheet(sheet: Any) -> Iterator[str]:
    pixels = {number: _pixels(sheet, number) for number in range(1, sheet.max_column + 1)}
    merged = {area.start_cell.coordinate: area for area in sheet.merged_cells.ranges}
    for row in sheet.iter_rows():
        for cell in row:
            if not isinstance(cell.value, str) or not cell.value:
                continue
            area = merged.get(cell.coordinate)
            first, last = (area.min_col, area.max_col) if area else (cell.column, cell.column)
            room = sum(pixels[number] for number in range(first, last + 1)) - 6 - 9 * int(cell.alignment.indent or 0)
            em = cell.font.sz * 96 / 72
            if cell.alignment.wrap_text:
                lines = sum(_lines(part, room / em) for part in cell.value.split("\n"))
                height = sheet.row_dimensions[cell.row].height or DEFAULT_POINTS
                if lines * cell.font.sz * 1.32 > height + 2:
                    yield f"{sheet.title}!{cell.coordinate} 高 {height} 放不下 {lines} 行：{cell.value[:20]}"
            else:
                # Unwrapped text may run into empty neighbours: to the right, or to the left if it is right-aligned.
                if cell.alignment.horizontal in ("right", "centerContinuous"):
                    room = sum(pixels.values())
                else:
                    room = sum(pixels[number] for number in pixels if number >= first)
                if _ems(cell.value) * em > room:
                    yield f"{sheet.title}!{cell.coordinate} 超出右边：{cell.value[:20]}"


def _pixels(sheet: Any, number: int) -> int:
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= number <= dimension.max and dimension.width:
            return round(dimension.width * 7)
    assert get_column_letter(number)
    return DEFAULT_PIXELS


def _lines(text: str, ems: float) -> int:
    lines, used = 1, 0.0
    for char in text:
        width = _ems(char)
        if used + width > ems:
            lines, used = lines + 1, 0.0
        used += width
    return lines


def _ems(text: str) -> float:
    return sum(1 if unicodedata.east_asian_width(char) in "WFA" else 0.56 for char in text)


def everything(data: bytes) -> str:
    """Return every member of a package as one text, with its name."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        return "\n".join(f"{name}\n{package.read(name).decode('utf-8', 'replace')}" for name in package.namelist())


def pages(pdf: Path) -> list[str]:
    """Return the text of each page of a PDF."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    return text.removesuffix("\f").split("\f")


def page_sizes(pdf: Path) -> list[tuple[int, int]]:
    """Return the size of each page in points, rounded down."""
    command = ["pdfinfo", "-f", "1", "-l", "999", pdf]
    text = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [(int(float(w)), int(float(h))) for w, h in re.findall(r"size:\s+([\d.]+) x ([\d.]+)", text)]


ERRORS = re.compile(r"###|#REF!|#NAME\?|#VALUE!|#DIV/0!|Err:")
