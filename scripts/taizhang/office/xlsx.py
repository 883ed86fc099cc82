"""The only module that imports xlsxwriter: workbooks, formats, cells, row heights, page set-up and page breaks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from taizhang.office.theme import NUMBER_FONT, TEXT_FONT, Palette
from taizhang.system.zipped import make_portable
from taizhang.typed.safe_text import visible
from taizhang.typed.text import cut_to_cell, shorten

if TYPE_CHECKING:
    import xlsxwriter
    import xlsxwriter.chart
    import xlsxwriter.format
    import xlsxwriter.worksheet

__all__ = [
    "A3", "A4", "A6", "FORM_TEXT", "LIST_TEXT", "PAPER_TEXT", "TALLEST_ROW", "Chart", "Format", "Formats",
    "NewWorkbook", "Worksheet", "Wrapping", "add_chart", "fill_cells", "head_format", "make_workbook", "page_breaks",
    "row_height", "set_widths", "setup_page", "setup_paper", "text_width", "words_in_lines", "wrapped_height",
    "write_cell", "write_number", "write_texts",
]  # fmt: skip

NewWorkbook: TypeAlias = "xlsxwriter.Workbook"
Worksheet: TypeAlias = "xlsxwriter.worksheet.Worksheet"
Format: TypeAlias = "xlsxwriter.format.Format"
Chart: TypeAlias = "xlsxwriter.chart.Chart"

A3, A4, A6 = 8, 9, 70
"""Codes of paper sizes in a workbook (ECMA-376 part 1, 18.3.1.63)."""

LONGEST_IN_FOOTER = 50
"""Maximum characters of a name in a footer; Excel allows 255 for the whole footer, and each ``&`` counts twice."""

TALLEST_ROW = 409.0
"""Maximum row height in Excel, in points."""


def make_workbook(
    write: Callable[[NewWorkbook, Formats], None], properties: Mapping[str, object], *, keep_unseen: bool = False
) -> bytes:
    """Return a new workbook to which ``write`` adds the sheets; the same content and properties give the same bytes.

    ``properties`` are xlsxwriter's: title, author, created (default: now) and so on. Invisible characters are removed
    from texts unless ``keep_unseen`` is true, for workbooks that return with the ledger's texts. Text never becomes a
    formula, a link or a number. The default font is Arial 10.
    """
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):
        def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
            text = cut_to_cell(string if keep_unseen else visible(string, ""))
            return super()._write_string(row, col, text, cell_format)

        def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
            """Return a formula without its equals sign; newer functions are written with their prefix, as _xlfn.IFS.

            xlsxwriter looks for a hundred of them in each formula, which took half the time of issuing.
            """
            return formula.removeprefix("=")

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
    return make_portable(target.getvalue())


class Formats:
    """The formats of one workbook, one per set of properties: ``style = Formats(book); style(bold=True)``."""

    def __init__(self, book: NewWorkbook) -> None:
        self._book, self._made = book, {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these properties and defaults for the rest (微软雅黑 10, ink, vertically centred)."""
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
    """Set the widths in pixels of the columns from A on."""
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
        sheet.write_datetime(row, column, cast(datetime, value), look)  # accepts dates too, unlike its annotation
    else:
        sheet.write_string(row, column, str(value), look)


def write_number(sheet: Worksheet, row: int, column: int, value: float, look: Format, *, formula: str = "") -> None:
    """Write a number, or a formula with the number as its result."""
    if formula:
        # Floats are accepted too, unlike the type inferred from the default.
        sheet.write_formula(row, column, formula, look, cast(int, value))
    else:
        sheet.write_number(row, column, value, look)


def write_texts(sheet: Worksheet, row: int, texts: Sequence[str], look: Format, first: int = 0) -> None:
    """Write texts side by side in one format, from the column ``first``."""
    for column, text in enumerate(texts, first):
        sheet.write_string(row, column, text, look)


def fill_cells(sheet: Worksheet, row: int, first: int, last: int, look: Format) -> None:
    """Write blank cells with a format in a row, from column ``first`` to ``last``."""
    for column in range(first, last + 1):
        sheet.write_blank(row, column, None, look)


def add_chart(book: NewWorkbook, kind: str, subtype: str = "") -> Chart:
    """Return a new chart of a workbook, not yet on a sheet: line, column or bar, stacked or not."""
    chart = book.add_chart({"type": kind, **({"subtype": subtype} if subtype else {})})
    assert chart is not None  # None only for an unknown kind
    return chart


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return the screen pixels of a text on one line at ``size`` points: Chinese 1 em, Latin about half."""
    ems = sum(1.0 if ord(char) > 0x2000 else (0.68 if char.isupper() or char in "%&@mw" else 0.56) for char in text)
    return ems * size * 96 / 72 * (1.03 if bold else 1.0)


_CLAUSES = re.compile(r"[^　、，；。]+[　、，；。]*|[　、，；。]+")
_PIECES = re.compile(r"[“（〈《]*(?:[0-9A-Za-z.,%/-]{1,20}|.) ?[”）〉》　、，；。]*", re.DOTALL)
"""What stays together where a clause breaks within: a number or a word, or one character, with its marks."""


def words_in_lines(text: str, pixels: float, size: float) -> list[str]:
    """Return a text in lines of a width at ``size`` points, whole: in cells that are not merged none wraps.

    Lines break between groups and clauses; one that is wider than a line breaks within, but not in a number.
    """

    def fits(words: str) -> bool:
        return text_width(words.rstrip(), size) <= pixels

    lines = [""]
    for clause in _CLAUSES.findall(text):
        for piece in [clause] if fits(clause) else _PIECES.findall(clause):
            if lines[-1] and not fits(lines[-1] + piece):
                lines.append("")
            lines[-1] += piece
    return [line.rstrip() for line in lines]


@dataclass(frozen=True, slots=True)
class Wrapping:
    """How to estimate wrapped text on a kind of sheet; programs break lines differently, so each kind errs on one side.

    ``margin``: pixels of a column without text. ``leading``: line height as a multiple of the font size. ``padding``:
    points above and below the text in total. ``tallest``: maximum height in points. ``wide_latin``: Latin letters count
    as wide as Chinese ones. ``ends_early``: a line may end one character early, before punctuation. ``step``: heights
    are rounded to multiples of this many points; 0 for no rounding.
    """

    margin: int
    leading: float
    padding: float
    tallest: float
    wide_latin: bool = False
    ends_early: bool = False
    step: float = 0.0


FORM_TEXT = Wrapping(margin=8, leading=1.4, padding=6, tallest=TALLEST_ROW, wide_latin=True)
"""Sheets that people type into: a spare line is better than a hidden one."""

PAPER_TEXT = Wrapping(margin=6, leading=1.42, padding=6, tallest=TALLEST_ROW)
"""Papers to print and sign: a spare line may cost a page."""

LIST_TEXT = Wrapping(margin=8, leading=1.36, padding=5, tallest=400.0, ends_early=True, step=0.75)
"""The leaders' lists: heights in whole screen pixels."""


def row_height(
    texts: Sequence[tuple[str, float]], size: float = 10, *, least: float = 30.0, wrapping: Wrapping = FORM_TEXT
) -> float:
    """Return the row height in points that shows each (text, column pixels) whole, wrapped at ``size`` points.

    At least ``least`` points, at most ``wrapping.tallest``.
    """
    heights = (wrapped_height(text, pixels, size, wrapping) for text, pixels in texts)
    return min(wrapping.tallest, max([least, *heights]))


def wrapped_height(text: str, pixels: float, size: float, wrapping: Wrapping) -> float:
    """Return the height in points of a text wrapped in a column, without a limit."""
    lines = sum(_lines(part, pixels, size, wrapping) for part in text.split("\n"))
    points = lines * size * wrapping.leading + wrapping.padding
    return round(points / wrapping.step) * wrapping.step if wrapping.step else points


def _lines(text: str, pixels: float, size: float, wrapping: Wrapping) -> int:
    """Return the number of lines that a text without line breaks takes."""
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
    """Return the rows before which pages break so that no block is split; blocks are (first row, height).

    All heights are in points: ``page`` of a page, ``used`` above the first block, ``repeated`` of the rows repeated on
    each further page.
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
    """Set paper, orientation, margins (inches: sides, top, bottom), print area, left and right footer, and scaling.

    The area is one page wide and ``tall`` pages high (0: as many as needed). Without an area (None) everything prints,
    also rows that people type below the last one and columns that they add.
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
