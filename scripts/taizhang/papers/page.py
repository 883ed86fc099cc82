"""An A4 portrait page as offices know it: margins, the title over a red rule, rows for signatures, and where pages part."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from taizhang.ledger.settings import Settings
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import BODY_FONT, HEADING_FONT, TALLEST_ROW, TITLE_FONT, Palette, formats, text_width
from taizhang.typed.dates import month_day

__all__ = [
    "BLANK",
    "GRID",
    "MANY_PAGES_SCALE",
    "SMALLEST_SCALE",
    "day_words",
    "head_look",
    "page_breaks",
    "set_up",
    "sheet_names",
    "text_height",
    "write_box",
    "write_rule",
    "write_signature",
    "write_title",
]

LEFT, RIGHT, TOP, BOTTOM = 0.85, 0.75, 0.75, 0.7
PAGE_HEIGHT = 842 - (TOP + BOTTOM) * 72
"""Points between the margins of A4 portrait."""

SMALLEST_SCALE = 0.85
"""A paper that would have to shrink below this to fit one page takes several."""

MANY_PAGES_SCALE = 0.92
"""Scale of a paper of several pages. Excel ignores manual breaks on sheets that are fitted to pages, and LibreOffice draws columns
5 % wider than Excel, so the scale is fixed and leaves that room."""

BLANK = "＿＿＿＿＿＿＿＿"
"""What is filled by hand."""

GRID = {"border": 1, "border_color": "#000000"}
_SLACK = 0.97


def page_breaks(head: float, repeated: float, items: Sequence[float], tail: float) -> list[int] | None:
    """Return before which items a new page begins; None where everything goes on one page.

    All heights are points: ``head`` stands once above the items, ``repeated`` again on each further page, ``tail`` stays whole and with
    the last item, so that no page begins with signatures alone. A tail too tall for that begins a page of its own (len(items)).
    """
    if head + sum(items) + tail <= PAGE_HEIGHT / SMALLEST_SCALE:
        return None
    room = PAGE_HEIGHT / MANY_PAGES_SCALE * _SLACK
    breaks, used, last = [], head, len(items) - 1
    for number, height in enumerate(items):
        needed = height + (tail if number == last else 0)
        if number and used + needed > room:
            breaks.append(number)
            used = repeated
        used += height
    if used + tail > room:
        breaks.append(len(items))
    return breaks


def set_up(sheet: Any, breaks: Sequence[int] | None, head_row: int, area: str) -> None:
    """Set paper, margins, page number (each paper counts its own), and one page or several.

    ``breaks`` are the 0-based rows that begin a page, ``head_row`` the 0-based row repeated there; None fits it on one page. ``area`` is the
    print area.
    """
    sheet.set_paper(9)
    sheet.set_portrait()
    sheet.set_margins(left=LEFT, right=RIGHT, top=TOP, bottom=BOTTOM)
    sheet.center_horizontally()
    sheet.hide_gridlines(2)
    sheet.set_start_page(1)
    sheet.set_footer('&C&"宋体,Regular"&12 — &P —', {"margin": 0.35})
    sheet.print_area(area)
    if breaks is None:
        sheet.fit_to_pages(1, 1)
    else:
        sheet.set_print_scale(round(MANY_PAGES_SCALE * 100))
        sheet.set_h_pagebreaks(list(breaks))
        sheet.repeat_rows(head_row)


def write_title(sheet: Any, style: formats, text: str, last: int, *, height: float = 42, **more: Any) -> None:
    """Write the title centred over the columns 0 to ``last`` of row 0, without merging."""
    look = style(**{"font_name": TITLE_FONT, "font_size": 28, "align": "center_across", **more})
    sheet.set_row(0, height)
    sheet.write_string(0, 0, text, look)
    for column in range(1, last + 1):
        sheet.write_blank(0, column, None, look)


def write_rule(sheet: Any, style: formats, row: int, last: int) -> None:
    """Draw the red rule along the top of a row."""
    sheet.set_row(row, 6)
    for column in range(last + 1):
        sheet.write_blank(row, column, None, style(top=5, top_color=Palette.RED_RULE))


def write_box(sheet: Any, look: Any, area: tuple[int, int, int, int], text: str) -> None:
    """Write a text into cells (first row, first column, last row, last column; 0-based), merged where they are several."""
    first, left, last, right = area
    if (first, left) == (last, right):
        sheet.write_string(first, left, text, look)
    else:
        sheet.merge_range(first, left, last, right, text, look)


def write_signature(sheet: Any, style: formats, row: int, columns: tuple[int, int], **more: Any) -> None:
    """Write a row to sign and date by hand, across columns."""
    look = style(**{"font_name": BODY_FONT, "font_size": 12, "align": "right", **GRID, **more})
    write_box(sheet, look, (row, columns[0], row, columns[1]), "签字：　　　　　　　　　　　年　　月　　日　")


def head_look(style: formats, **more: Any) -> Any:
    """Return the format of a head in the black grid."""
    return style(**{"font_name": HEADING_FONT, "font_size": 12, "align": "center", "text_wrap": True, **GRID, **more})


def text_height(texts: Sequence[tuple[str, int]], size: float, least: float = 0) -> float:
    """Return the points that the longest of (text, column pixels) needs when wrapped at this size, never below ``least``.

    Unlike theme.row_height it takes Latin letters and digits as half as wide as Chinese characters: here a line too many costs a page.
    """
    lines = 1
    for text, pixels in texts:
        em = size * 96 / 72
        room = max(1, int((pixels - 6) / em)) * em
        lines = max(lines, sum(max(1, -(-text_width(part, size) // room)) for part in text.split("\n")))
    return min(TALLEST_ROW, max(least, lines * size * 1.42 + 6))


def sheet_names(names: Iterable[str], settings: Settings) -> dict[str, str]:
    """Return for each department the name of its sheet: one that Excel allows, by its short name where the whole is too long."""
    short = {each.name: _allowed(each.short) for each in settings.departments if each.short}
    allowed = {name: _allowed(name) for name in names}
    told = distinct_names(allowed.values(), _fits_a_tab, {allowed[name]: short.get(name, "") for name in allowed})
    used: set[str] = set()
    found = {}
    for name, clean in allowed.items():
        candidate, number = told[clean], 1
        while candidate.lower() in used:
            number += 1
            candidate = f"{told[clean][:27]}_{number}"
        used.add(candidate.lower())
        found[name] = candidate
    return found


def _allowed(name: str) -> str:
    clean = " ".join(re.sub(r"[\[\]:*?/\\]", "_", name).split()).strip("'") or "部门"
    return f"{clean}_" if clean.lower() == "history" else clean


def _fits_a_tab(name: str) -> bool:
    """Whether a name has at most 31 characters as Excel counts them; an end or beginning that is an apostrophe is refused."""
    return len(name.encode("utf-16-le")) <= 62 and not name.startswith("'") and not name.endswith("'")


def day_words(day: date, year: int) -> str:
    """A date as short as it can be: 3月1日 within this year, else with its year on a line of its own."""
    return month_day(day) if day.year == year else f"{day.year}年\n{month_day(day)}"
