"""The look of everything generated: colours, fonts and page set-up in one place."""

from __future__ import annotations

from typing import IO, Any

from taizhang.typed.shown import visible
from taizhang.typed.text import shorten

__all__ = [
    "BODY_FONT",
    "HEADING_FONT",
    "LATIN_FONT",
    "NOTE_FONT",
    "NUMBER_FONT",
    "TALLEST_ROW",
    "TEXT_FONT",
    "TITLE_FONT",
    "Palette",
    "book_options",
    "book_to_read",
    "formats",
    "row_height",
    "setup_page",
    "text_width",
]

TITLE_FONT, TEXT_FONT, NUMBER_FONT = "方正小标宋简体", "微软雅黑", "Arial"
# Faces of slips and public sheets, which follow official documents (GB/T 9704).
BODY_FONT, HEADING_FONT, NOTE_FONT, LATIN_FONT = "仿宋", "黑体", "楷体", "Times New Roman"


LONGEST_IN_FOOTER = 50
"""Characters of a name in a footer, of which Excel allows 255 altogether; each ``&`` counts twice."""

TALLEST_ROW = 409.0
"""Points of the tallest row that Excel knows."""


class Palette:
    """Hex colours; hue is rationed: red, amber and green only for lights."""

    INK, INK2, MUTED, ZERO = "#1F2933", "#56616C", "#6B7682", "#9AA5B1"
    LINE, GRID, PANEL = "#D5DBE1", "#E6EAEE", "#F4F6F9"
    NAVY, LINK, RED_RULE = "#17406D", "#2E6FB0", "#C8161D"
    RED, AMBER, GREEN = "#C8161D", "#E8A200", "#00806A"
    RED_TINT, AMBER_TINT, GREEN_TINT = "#FDE7E4", "#FFF1CF", "#DFF3EA"
    RED_TEXT, AMBER_TEXT, GREEN_TEXT = "#B4161B", "#8A5300", "#0A6650"
    NOT_STARTED, RUNNING, DONE, CLOSED = "#D3D9E0", "#A9C8E6", "#5B9BD0", "#17406D"
    BAR, INPUT = "#8DBBE0", "#FFFBEA"
    BAR_PALE, HEAT_LOW, HEAT_HIGH = "#BBD5EC", "#FFFFFF", "#5B9BD0"
    LATE, PLANNED, FINISHED = "#F9C9C3", "#D6E6F4", "#C3CDD8"
    PLAN_LINE, HATCH = "#8593A1", "#DCEAF6"


def book_options() -> dict[str, Any]:
    """Options of every generated workbook: in memory, Arial 10 by default, text never becomes a formula or a link."""
    return {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "default_format_properties": {"font_name": NUMBER_FONT, "font_size": 10},
    }


def book_to_read(target: IO[bytes]) -> Any:
    """Return a new workbook that people only read: receipts, slips, reports. What nobody can see in a text is not written into it."""
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    class Sheet(Worksheet):
        def _write_string(self, row: int, col: int, string: str, cell_format: Any = None) -> Any:
            return super()._write_string(row, col, visible(string, ""), cell_format)

    book = Workbook(target, book_options())
    book.worksheet_class = Sheet
    return book


class formats:  # noqa: N801 - reads as a function at the place of use: style = formats(book); style(bold=True)
    """Formats of one workbook, made once per set of properties."""

    def __init__(self, book: Any) -> None:
        self._book, self._made = book, {}

    def __call__(self, **properties: Any) -> Any:
        """Return the format with these properties over the house defaults (微软雅黑 10, ink, centred vertically)."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": TEXT_FONT, "font_size": 10, "font_color": Palette.INK, "valign": "vcenter"}
            self._made[key] = self._book.add_format({**base, **properties})
        return self._made[key]


def setup_page(
    sheet: Any,
    area: str | None,
    *,
    footer: tuple[str, str],
    tall: int = 0,
    paper: int = 9,
    landscape: bool = True,
    margins: tuple[float, float, float] = (0.38, 0.42, 0.5),
) -> None:
    """Set paper, orientation, margins (inches: sides, top, bottom), print area, footer and fit.

    The area is one page wide and ``tall`` pages high (0: as many as it needs). Without an area (None) everything prints: what people
    type below the last row, and the columns they add.
    """
    sheet.set_paper(paper)
    sheet.set_landscape() if landscape else sheet.set_portrait()
    sides, top, bottom = margins
    sheet.set_margins(left=sides, right=sides, top=top, bottom=bottom)
    if area:
        sheet.print_area(area)
    sheet.fit_to_pages(1, tall)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    left, right = (
        shorten(visible(text, "").replace("\n", " "), LONGEST_IN_FOOTER).replace("&", "&&") for text in footer
    )
    sheet.set_footer(f"&L&8 {left}&C&8 第 &P 页 共 &N 页&R&8 {right}", {"margin": 0.22})


def row_height(texts: list[tuple[str, int]], size: float = 10) -> float:
    """Return the height in points that the longest of (text, column pixels) needs when wrapped."""
    lines = 1
    for text, pixels in texts:
        per_line = max(1, int((pixels - 8) / (size * 96 / 72)))
        lines = max(lines, sum(-(-max(len(part), 1) // per_line) for part in text.split("\n")))
    return min(TALLEST_ROW, max(30.0, lines * size * 1.4 + 6))


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return how many screen pixels a text takes on one line at a size in points: 1 em for Chinese, about half for Latin."""
    ems = sum(1.0 if ord(char) > 0x2000 else (0.68 if char.isupper() or char in "%&@mw" else 0.56) for char in text)
    return ems * size * 96 / 72 * (1.03 if bold else 1.0)
