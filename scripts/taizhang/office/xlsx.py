"""Workbooks made with xlsxwriter, here alone: made and closed, formats, cells, heights of rows, page set-up and page breaks."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from taizhang.office.theme import NUMBER_FONT, TEXT_FONT, Palette
from taizhang.system.zipped import portable
from taizhang.typed.shown import visible
from taizhang.typed.text import cut_to_cell, shorten

if TYPE_CHECKING:
    import xlsxwriter
    import xlsxwriter.chart
    import xlsxwriter.format
    import xlsxwriter.worksheet

__all__ = [
    "FORM_TEXT", "LIST_TEXT", "PAPER_TEXT", "TALLEST_ROW", "Chart", "Format", "Formats", "NewWorkbook", "Worksheet", "Wrapping", "add_chart",
    "fill_cells", "head_format", "make_workbook", "page_breaks", "row_height", "set_widths", "setup_page",
    "setup_paper", "text_width", "wrapped_height", "write_cell", "write_number", "write_texts",
]  # fmt: skip

NewWorkbook: TypeAlias = "xlsxwriter.Workbook"
Worksheet: TypeAlias = "xlsxwriter.worksheet.Worksheet"
Format: TypeAlias = "xlsxwriter.format.Format"
Chart: TypeAlias = "xlsxwriter.chart.Chart"

A3, A4, A6 = 8, 9, 70
"""Numbers of paper sizes in a workbook (ECMA-376 part 1, 18.3.1.63)."""

LONGEST_IN_FOOTER = 50
"""Characters of a name in a footer, of which Excel allows 255 altogether; each ``&`` counts twice."""

TALLEST_ROW = 409.0
"""Points of the tallest row that Excel knows."""


def make_workbook(
    write: Callable[[NewWorkbook, Formats], None], properties: Mapping[str, object], *, keep_unseen: bool = False
) -> bytes:
    """Return a new workbook whose sheets are added by ``write``; the same cells, properties and stamp give the same bytes.

    ``properties`` are those of xlsxwriter: title, author, created (a stamp, without which it is now) and so on. Characters that
    nobody can see are left out of texts, unless ``keep_unseen``: what is read back must hold what the ledger holds.
    Text never becomes a formula, a link or a number. The default face is Arial 10.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):
        def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
            text = cut_to_cell(string if keep_unseen else visible(string, ""))
            return super()._write_string(row, col, text, cell_format)

    target = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": NUMBER_FONT, "font_size": 10},
    }
    book = Workbook(target, options)
    book.worksheet_class = Sheet
    book.set_properties(dict(properties))
    write(book, Formats(book))
    book.close()
    return portable(target.getvalue())


class Formats:
    """Formats of one workbook, made once per set of properties: ``style = Formats(book); style(bold=True)``."""

    def __init__(self, book: NewWorkbook) -> None:
        self._book, self._made = book, {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these properties over the house defaults (微软雅黑 10, ink, centred vertically)."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": TEXT_FONT, "font_size": 10, "font_color": Palette.INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**base, **properties})
        return self._made[key]


def head_format(style: Formats, **more: Any) -> Format:
    """Return the format of a column head: white bold on navy, centred."""
    return style(**{"bold": True, "font_color": "#FFFFFF", "bg_color": Palette.NAVY, "align": "center", **more})


# Rows and columns of cells are counted from 0, as xlsxwriter counts.


def set_widths(sheet: Worksheet, pixels: Sequence[int]) -> None:
    """Set the widths of the columns from A in pixels."""
    for column, width in enumerate(pixels):
        sheet.set_column_pixels(column, column, width)


def write_cell(sheet: Worksheet, row: int, column: int, value: Any, look: Format) -> None:
    """Write one value with its type; text never becomes a formula. None and "" leave a blank cell with its format."""
    if value is None or value == "":
        sheet.write_blank(row, column, None, look)
    elif isinstance(value, bool):
        sheet.write_boolean(row, column, value, look)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value, look)
    elif isinstance(value, date):
        sheet.write_datetime(row, column, cast(datetime, value), look)  # dates too, other than its annotation says
    else:
        sheet.write_string(row, column, str(value), look)


def write_number(sheet: Worksheet, row: int, column: int, value: float, look: Format, *, formula: str = "") -> None:
    """Write a number, or the formula that it is the result of."""
    if formula:
        sheet.write_formula(
            row, column, formula, look, cast(int, value)
        )  # floats too, other than inferred from its default
    else:
        sheet.write_number(row, column, value, look)


def write_texts(sheet: Worksheet, row: int, texts: Sequence[str], look: Format, first: int = 0) -> None:
    """Write texts side by side in one format, from the column ``first``."""
    for column, text in enumerate(texts, first):
        sheet.write_string(row, column, text, look)


def fill_cells(sheet: Worksheet, row: int, first: int, last: int, look: Format) -> None:
    """Give the cells of a row from one column to another a format, without content."""
    for column in range(first, last + 1):
        sheet.write_blank(row, column, None, look)


def add_chart(book: NewWorkbook, kind: str, subtype: str = "") -> Chart:
    """Return a new chart of a workbook, not yet on a sheet: line, column or bar, stacked or not."""
    chart = book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    assert chart is not None  # None for a kind that xlsxwriter does not know
    return chart


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many screen pixels a text takes on one line at a size in points: 1 em for Chinese, about half for Latin."""
    ems = sum(1.0 if ord(char) > 0x2000 else (0.68 if char.isupper() or char in "%&@mw" else 0.56) for char in text)
    return ems * size * 96 / 72 * (1.03 if bold else 1.0)


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How texts are taken to wrap on a kind of sheet: no two programs break lines alike, so each kind errs on its own side.

    ``margin`` are the pixels of a column that text does not reach, ``leading`` is the height of a line in sizes of its face,
    ``padding`` the points above and below, ``tallest`` the limit in points. ``wide_latin``: Latin letters count as wide as Chinese ones.
    ``ends_early``: a line may end one character early, before punctuation. ``step``: heights are rounded to such points.
    """

    margin: int
    leading: float
    padding: float
    tallest: float
    wide_latin: bool = False
    ends_early: bool = False
    step: float = 0.0


FORM_TEXT = Wrapping(margin=8, leading=1.4, padding=6, tallest=TALLEST_ROW, wide_latin=True)
"""Sheets that people type into: a line too many is better than one that is not seen."""

PAPER_TEXT = Wrapping(margin=6, leading=1.42, padding=6, tallest=TALLEST_ROW)
"""Papers to print and sign: a line too many may cost a page."""

LIST_TEXT = Wrapping(margin=8, leading=1.36, padding=5, tallest=400.0, ends_early=True, step=0.75)
"""The leaders' lists: heights in whole pixels of the screen."""


def row_height(
    texts: Sequence[tuple[str, float]], size: float = 10, *, least: float = 30.0, wrapping: Wrapping = FORM_TEXT
) -> float:
    """Return the height in points of a row that shows each (text, column pixels) whole when wrapped at a size in points."""
    heights = (wrapped_height(text, pixels, size, wrapping) for text, pixels in texts)
    return min(wrapping.tallest, max([least, *heights]))


def wrapped_height(text: str, pixels: float, size: float, wrapping: Wrapping) -> float:
    """Return the points that a text takes when wrapped in a column, however many they are."""
    lines = sum(_lines(part, pixels, size, wrapping) for part in text.split("\n"))
    points = lines * size * wrapping.leading + wrapping.padding
    return round(points / wrapping.step) * wrapping.step if wrapping.step else points


def _lines(text: str, pixels: float, size: float, wrapping: Wrapping) -> int:
    em, room = size * 96 / 72, pixels - wrapping.margin
    if wrapping.wide_latin:
        return -(-max(len(text), 1) // max(1, int(room / em)))
    width = text_width(text, size)
    if wrapping.ends_early:
        room = max(room - em, size * 1.4)
        return 1 if width <= room + em else -(-int(width) // int(room))
    return max(1, int(-(-width // (max(1, int(room / em)) * em))))


def page_breaks(
    blocks: Sequence[tuple[int, float]], page: float, used: float = 0.0, repeated: float = 0.0
) -> list[int]:
    """Return the rows before which pages break so that no block is parted: blocks are (first row, points), pages so many points.

    ``used`` is the height above the first block, ``repeated`` that of the rows that each further page repeats.
    """
    breaks, filled = [], used
    for row, points in blocks:
        if filled > repeated and filled + points > page:
            breaks.append(row)
            filled = repeated
        filled += points
    return breaks


def setup_page(
    sheet: Worksheet,
    area: str | None,
    *,
    footer: tuple[str, str],
    tall: int = 0,
    paper: int = A4,
    landscape: bool = True,
    margins: tuple[float, float, float] = (0.38, 0.42, 0.5),
) -> None:
    """Set paper, orientation, margins (inches: sides, top, bottom), print area, the two ends of the footer and the fit.

    The area is one page wide and ``tall`` pages high (0: as many as it needs). Without an area (None) everything prints: what people
    type below the last row, and the columns they add.
    """
    sides, top, bottom = margins
    left, right = (
        shorten(visible(text, "").replace("\n", " "), LONGEST_IN_FOOTER).replace("&", "&&") for text in footer
    )
    words = f"&L&8 {left}&C&8 第 &P 页 共 &N 页&R&8 {right}"
    setup_paper(
        sheet, paper, landscape=landscape, margins=(sides, sides, top, bottom), footer=words, footer_margin=0.22
    )
    if area:
        sheet.print_area(area)
    sheet.fit_to_pages(1, tall)


def setup_paper(
    sheet: Worksheet,
    paper: int,
    *,
    landscape: bool,
    margins: tuple[float, float, float, float],
    footer: str,
    footer_margin: float,
) -> None:
    """Set paper, orientation, margins (inches: left, right, top, bottom) and footer; centred, without grid lines."""
    sheet.set_paper(paper)
    sheet.set_landscape() if landscape else sheet.set_portrait()
    left, right, top, bottom = margins
    sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_footer(footer, {"margin": footer_margin})
