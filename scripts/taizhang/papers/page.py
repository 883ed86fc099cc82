"""The A4 portrait page of official papers: margins, title over a red rule, signature rows, page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from taizhang.ledger.settings import Settings
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import BODY_FONT, HEADING_FONT, TITLE_FONT, Palette
from taizhang.office.xlsx import A4, Format, Formats, Worksheet, fill_cells, page_breaks, setup_paper
from taizhang.typed.dates import month_day
from taizhang.typed.text import utf16_length

__all__ = [
    "BLANK",
    "BOTTOM",
    "GRID",
    "MANY_PAGES_SCALE",
    "PAGE_HEIGHT",
    "SMALLEST_SCALE",
    "TOP",
    "grid_head",
    "paper_breaks",
    "setup_a4",
    "setup_form",
    "sheet_names",
    "short_day",
    "write_box",
    "write_rule",
    "write_signature",
    "write_title",
]

LEFT, RIGHT, TOP, BOTTOM = 0.85, 0.75, 0.75, 0.7
PAGE_HEIGHT = 842 - (TOP + BOTTOM) * 72
"""Points between the margins of A4 portrait."""

SMALLEST_SCALE = 0.85
"""The smallest scale at which a paper is fitted to one page; below it, the paper takes several pages."""

MANY_PAGES_SCALE = 0.92
"""The fixed scale of a paper of several pages.

Excel ignores manual breaks on sheets that are fitted to pages. LibreOffice draws columns 5 % wider than Excel: the
scale leaves room for that.
"""

BLANK = "＿＿＿＿＿＿＿＿"
"""A blank to be filled in by hand."""

GRID = {"border": 1, "border_color": "#000000"}
_SLACK = 0.97


def paper_breaks(head: float, repeated: float, items: Sequence[float], tail: float) -> list[int] | None:
    """Return the indexes of the items that begin a new page; None if everything fits on one page.

    All heights are in points. ``head`` is above the items once, ``repeated`` again on each further page. ``tail`` stays
    whole and with the last item, so that no page begins with signatures alone; a tail too tall for that begins a page
    (index len(items)).
    """
    if head + sum(items) + tail <= PAGE_HEIGHT / SMALLEST_SCALE:
        return None
    room, last = PAGE_HEIGHT / MANY_PAGES_SCALE * _SLACK, len(items) - 1
    blocks = [(number, height + (tail if number == last else 0)) for number, height in enumerate(items)]
    breaks = page_breaks(blocks[1:], room, head + items[0], repeated)
    if (repeated if last else head) + items[last] + tail > room:
        breaks.append(len(items))
    return breaks


def setup_a4(
    sheet: Worksheet,
    breaks: Sequence[int] | None,
    *,
    sides: tuple[float, float] = (LEFT, RIGHT),
    scale: float = MANY_PAGES_SCALE,
) -> None:
    """Set A4 portrait, margins (inches) and page number, and either one page or several.

    ``breaks`` are the rows (0-based) that begin a page, printed at a fixed ``scale``; None fits the sheet to one page.
    """
    margins = (*sides, TOP, BOTTOM)
    setup_paper(sheet, A4, landscape=False, margins=margins, footer='&C&"宋体,Regular"&12 — &P —', footer_margin=0.35)
    if breaks is None:
        sheet.fit_to_pages(1, 1)
    else:
        sheet.set_print_scale(round(scale * 100))
        sheet.set_h_pagebreaks(list(breaks))


def setup_form(sheet: Worksheet, breaks: Sequence[int] | None, head_row: int, area: str) -> None:
    """Set the page of a paper to be signed: pages count from 1 and each further page repeats ``head_row`` (0-based).

    ``area`` is the print area; for ``breaks`` see setup_a4.
    """
    setup_a4(sheet, breaks)
    sheet.set_start_page(1)
    sheet.print_area(area)
    if breaks is not None:
        sheet.repeat_rows(head_row)


def write_title(sheet: Worksheet, style: Formats, text: str, last: int, *, height: float = 42, **more: Any) -> None:
    """Write the title centred over the columns 0 to ``last`` of row 0, without merging."""
    look = style(**{"font_name": TITLE_FONT, "font_size": 28, "align": "center_across", **more})
    sheet.set_row(0, height)
    sheet.write_string(0, 0, text, look)
    fill_cells(sheet, 0, 1, last, look)


def write_rule(sheet: Worksheet, style: Formats, row: int, last: int) -> None:
    """Draw the red rule along the top of a row."""
    sheet.set_row(row, 6)
    fill_cells(sheet, row, 0, last, style(top=5, top_color=Palette.RED_RULE))


def write_box(sheet: Worksheet, look: Format, area: tuple[int, int, int, int], text: str) -> None:
    """Write a text into an area (first row, first column, last row, last column; 0-based), merged if several cells."""
    first, left, last, right = area
    if (first, left) == (last, right):
        sheet.write_string(first, left, text, look)
    else:
        sheet.merge_range(first, left, last, right, text, look)


def write_signature(sheet: Worksheet, style: Formats, row: int, columns: tuple[int, int], **more: Any) -> None:
    """Write a row for signature and date by hand, across ``columns`` (first, last)."""
    look = style(**{"font_name": BODY_FONT, "font_size": 12, "align": "right", **GRID, **more})
    write_box(sheet, look, (row, columns[0], row, columns[1]), "签字：　　　　　　　　　　　年　　月　　日　")


def grid_head(style: Formats, **more: Any) -> Format:
    """Return the format of a table head with the black grid."""
    return style(**{"font_name": HEADING_FONT, "font_size": 12, "align": "center", "text_wrap": True, **GRID, **more})


def sheet_names(names: Iterable[str], settings: Settings) -> dict[str, str]:
    """Return each department's sheet name: valid in Excel, unique, and the short name if the full one is too long."""
    short = {each.name: _clean_sheet_name(each.short) for each in settings.departments if each.short}
    allowed = {name: _clean_sheet_name(name) for name in names}
    shown = distinct_names(allowed.values(), _fits_a_tab, {allowed[name]: short.get(name, "") for name in allowed})
    used: set[str] = set()
    found = {}
    for name, clean in allowed.items():
        candidate, number = shown[clean], 1
        while candidate.lower() in used:
            number += 1
            candidate = f"{shown[clean][:27]}_{number}"
        used.add(candidate.lower())
        found[name] = candidate
    return found


def _clean_sheet_name(name: str) -> str:
    clean = " ".join(re.sub(r"[\[\]:*?/\\]", "_", name).split()).strip("'") or "部门"
    return f"{clean}_" if clean.lower() == "history" else clean


def _fits_a_tab(name: str) -> bool:
    """Whether Excel takes this as a sheet name: at most 31 UTF-16 units, no apostrophe at either end."""
    return utf16_length(name) <= 31 and not name.startswith("'") and not name.endswith("'")


def short_day(day: date, year: int, between: str = "\n") -> str:
    """Return a short date: 3月1日, or with its year if that is not ``year``, joined by ``between``."""
    return month_day(day) if day.year == year else f"{day.year}年{between}{month_day(day)}"
