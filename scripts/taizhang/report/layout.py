"""Layout shared by the leaders' sheets: titles, heads, lights, counts, texts cut to fit, and the footer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from typing import Any, TypeAlias

from taizhang.boards.views import BoardView
from taizhang.figures.cycle_words import duty_words
from taizhang.figures.metrics import OPEN_DEPARTMENT, Metrics
from taizhang.figures.rates import Rate
from taizhang.figures.sentences import LONGEST_NAME
from taizhang.ledger.vocabulary import Light, Status
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import NUMBER_FONT, TITLE_FONT, Palette
from taizhang.office.xlsx import (
    LIST_TEXT,
    Format,
    Formats,
    Worksheet,
    fill_cells,
    head_format,
    set_widths,
    text_width,
    wrapped_height,
    write_number,
)
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import chinese_date, month_day
from taizhang.typed.percentages import percent
from taizhang.typed.text import shorten

__all__ = [
    "BODY",
    "FILTER_HEAD",
    "HEAD",
    "NAME_LENGTHS",
    "RATE_BAR",
    "Sentence",
    "back_to_overview",
    "board_words",
    "clip",
    "count",
    "day_words",
    "department_names",
    "due_words",
    "finish_table",
    "fit",
    "fit_names",
    "fit_sentence",
    "footer",
    "fraction",
    "head_style",
    "heat",
    "light_count",
    "light_style",
    "month_end_words",
    "page_points",
    "period_words",
    "progress_words",
    "proof_words",
    "rate",
    "red_rule",
    "section",
    "shorten_line",
    "status_word",
    "tall_enough",
    "term_words",
    "write_head",
    "write_heads",
    "write_title",
]

HEAD, BODY = 5, 6
"""Rows (0-based) of the column heads and of the first line below them on every detail sheet."""

FILTER_HEAD = 26.25
"""Height in points of a head row with filter arrows, which cover what is below its one line of text."""

LONGEST, CLIPPED = 300, 2000
"""The most characters of a text in a list; a number of characters that no single line can hold."""

RATE_BAR = {
    "type": "data_bar", "bar_solid": True, "bar_only": True, "bar_color": Palette.BAR,
    "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1,
}  # fmt: skip


def heat(highest: int) -> dict[str, Any]:
    """Return the colour scale (white, pale, blue) of a heat table whose largest cell is ``highest``."""
    return {
        "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
        "min_value": 0, "mid_value": max(highest, 2) / 2, "max_value": max(highest, 2),
        "min_color": Palette.HEAT_LOW, "mid_color": Palette.BAR_PALE, "max_color": Palette.HEAT_HIGH,
    }  # fmt: skip


Sentence: TypeAlias = str | Callable[[int], str]
"""A message, or a function that returns it with names of at most the given number of characters."""

NAME_LENGTHS = (LONGEST_NAME, 12, 10, 8, 6, 5, 4, 3, 2)
"""The maximum name lengths that a sentence tries in turn until it fits."""


def day_words(m: Metrics, day: date) -> str:
    """Return a day for a list: 3月31日, with the year if it is not the report's."""
    return month_day(day) if day.year == m.as_of.year else f"{day:%y}年{month_day(day)}"


def due_words(m: Metrics, task: Task) -> str:
    """Return a deadline for a list: its day, else its cycle, 长期 or 待明确."""
    if task.due:
        return day_words(m, task.due)
    if task.recurring and task.cycle:
        return f"每{task.cycle}"
    if task.continuing:
        return "长期"
    return f"每{task.cycle}" if task.cycle else "待明确"


def term_words(m: Metrics, task: Task) -> str:
    """Return a deadline with what moved it or comes next, a line each: 6月30日, 延1次（原3月31日）, 暂缓至…, 下次复核….

    What was late before an extension was agreed to is said.
    """
    term = task.term
    due = (
        f"每{task.cycle}，至{due_words(m, task)}" if task.recurring and task.cycle and task.due else due_words(m, task)
    )
    parts = [due]
    if term.extended:
        original = day_words(m, term.original) if term.original else "没有定"
        late = f"，批准时累计逾期{term.late_before}天" if term.late_before else ""
        parts.append(f"延{term.extended}次（原{original}{late}）")
    if term.paused_until:
        parts.append(f"暂缓至{day_words(m, term.paused_until)}")
    if task.next_review and not task.recurring and task.status is not Status.STRUCK_OFF:
        parts.append(f"下次复核{day_words(m, task.next_review)}")
    return "\n".join(parts)


def progress_words(task: Task) -> str:
    """Return how far a task is: its per cent, or the strip of cycles of a recurring one; a dash if it is unknown."""
    if task.recurring:
        return duty_words(task.duty) if task.duty else "—"
    return "—" if task.progress_shown is None else f"{task.progress_shown}%"


def proof_words(m: Metrics, task: Task) -> str:
    """Return what the ledger proves of a task, one line per proof: 空缺：未达到（实际 2 个，目标 0 个）.

    It is said if the program proposed a proof and the office has not confirmed it.
    """
    lines = [
        f"{each.proof.title}{'（程序建议，未确认）' if each.proof.proposed else ''}：{each.words}"
        for each in m.attention.proofs.get(task.code, ())
    ]
    return "\n".join(lines)


def month_end_words(m: Metrics, end: date) -> str:
    """Return a month end for a list: 5月末, with the year if it is not the report's; the report's day as a date."""
    if end == m.as_of and not m.ends_month:
        return month_day(end)
    return f"{end.month}月末" if end.year == m.as_of.year else f"{end:%y}年{end.month}月末"


def period_words(m: Metrics) -> str:
    """Return the period's number, for instance 第6期; empty if 参数 has no period with this day."""
    return f"第{m.number}期" if m.number else ""


def footer(m: Metrics) -> tuple[str, str]:
    """Return the left and right parts of the page footer."""
    period = f"（{period_words(m)}）" if m.number else ""
    return f"{shorten_line(m.unit, 40)}　内部资料", f"数据截至 {chinese_date(m.as_of)}{period}"


def write_title(sheet: Worksheet, style: Formats, m: Metrics, row: int, title: str, last: int, size: int) -> None:
    """Write a title at the left of a row, and unit, day and period at its right end."""
    sheet.set_row(row, 30)
    sheet.write_string(row, 1, title, style(font_name=TITLE_FONT, font_size=size, bold=True))
    words = (shorten_line(m.unit, 24), f"数据截至 {chinese_date(m.as_of)}", period_words(m))
    right = style(align="right", valign="bottom", font_color=Palette.INK2)
    sheet.write_string(row, last, "　　".join(filter(None, words)), right)


def red_rule(sheet: Worksheet, style: Formats, row: int, last: int) -> None:
    """Draw the red rule under a title."""
    sheet.set_row(row, 6)
    fill_cells(sheet, row, 1, last, style(top=5, top_color=Palette.RED_RULE))


def write_head(
    sheet: Worksheet, style: Formats, m: Metrics, title: str, note: str, message: Sentence, widths: Sequence[int]
) -> None:
    """Set the columns of a detail sheet and write its rows 1 to 5: link back, title, note, red rule and message.

    ``widths`` are the columns' widths in pixels from A. Column A and the first row are gutters outside the print area.
    """
    last = len(widths) - 1
    set_widths(sheet, widths)
    back_to_overview(sheet, style)
    write_title(sheet, style, m, 1, title, last, 20)
    sheet.set_row(2, 15)
    sheet.write_string(2, 1, note, style(font_size=9, font_color=Palette.INK2))
    red_rule(sheet, style, 3, last)
    sheet.set_row(4, 26)
    text, size = fit_sentence(message, sum(widths[1:]), (14, 13, 12, 11), bold=True)
    sheet.write_string(4, 1, text, style(bold=True, font_size=size))


def back_to_overview(sheet: Worksheet, style: Formats) -> None:
    """Write the link back to 整改一览 into the first row."""
    sheet.write_url(0, 1, "internal:'整改一览'!A1", style(font_size=9, font_color=Palette.LINK), "← 返回一览")


def write_heads(
    sheet: Worksheet, style: Formats, row: int, heads: Sequence[str], *, left: Sequence[str] = (), points: float = 26
) -> None:
    """Write the column heads of a table from column B; heads listed in ``left`` are aligned left."""
    sheet.set_row(row, points)
    for column, head in enumerate(heads, 1):
        sheet.write_string(row, column, head, head_style(style, align="left" if head in left else "center"))


def head_style(style: Formats, **more: Any) -> Format:
    """Return the format of a table head: white bold on navy, wrapped."""
    return head_format(style, **{"text_wrap": True, **more})


def section(
    sheet: Worksheet,
    style: Formats,
    row: int,
    first: int,
    last: int,
    text: str,
    target: str = "",
    *,
    size: float = 10.5,
) -> None:
    """Write a section heading across columns over a hairline, with a link to sheet ``target`` at its right end."""
    line = {"bottom": 1, "bottom_color": Palette.NAVY}
    fill_cells(sheet, row, first, last, style(**line))
    sheet.write_string(row, first, text, style(**line, font_size=size, bold=True, font_color=Palette.NAVY))
    if target:
        link = style(**line, font_size=9, font_color=Palette.LINK, align="right")
        sheet.write_url(row, last, f"internal:'{target}'!A1", link, "详见 →")


def light_style(style: Formats, light: Light, **more: Any) -> Format:
    """Return the format of a light cell: tint and text colour for all that somebody has to look at, else plain."""
    line = {"align": "center", "bottom": 1, "bottom_color": Palette.LINE}
    return style(**{**line, **_LIGHTS.get(light, {"font_color": Palette.MUTED}), **more})


_LIGHTS: Mapping[Light, dict[str, Any]] = {
    Light.RED: {"bg_color": Palette.RED_TINT, "font_color": Palette.RED_TEXT, "bold": True},
    Light.ORANGE: {"bg_color": Palette.ORANGE_TINT, "font_color": Palette.ORANGE_TEXT, "bold": True},
    Light.AMBER: {"bg_color": Palette.AMBER_TINT, "font_color": Palette.AMBER_TEXT, "bold": True},
    Light.BLUE: {"bg_color": Palette.BLUE_TINT, "font_color": Palette.BLUE_TEXT, "bold": True},
    Light.WAITING: {"bg_color": Palette.WAITING_TINT, "font_color": Palette.WAITING_TEXT},
    Light.PAUSED: {"bg_color": Palette.PAUSED_TINT, "font_color": Palette.INK2},
    Light.GREEN: {"font_color": Palette.GREEN_TEXT},
}
"""The looks of lights. Symbol and word tell them apart without colour; tints differ in lightness for grey print."""


def finish_table(
    sheet: Worksheet,
    style: Formats,
    heads: Sequence[str],
    rows: int,
    *,
    name: str,
    left: Sequence[str],
    title: str,
    description: str,
) -> int:
    """Make the rows below HEAD a native table with a filter, with a line of dashes if there are none.

    ``left`` are the heads that are not centred. Returns the table's last row (0-based).
    """
    if not rows:
        for column in range(1, len(heads) + 1):
            sheet.write_string(BODY, column, "—", style(align="center", font_color=Palette.INK2))
    last = BODY + max(rows, 1) - 1
    columns = [
        # the text is at the top: the arrow of the filter covers the foot
        {"header": head, "header_format": head_style(style, align="left" if head in left else "center", valign="top")}
        for head in heads
    ]
    options = {"name": name, "style": None, "columns": columns, "title": title, "description": description}
    sheet.add_table(HEAD, 1, last, len(heads), options)
    return last


def light_count(
    sheet: Worksheet,
    row: int,
    column: int,
    number: int,
    light: Light,
    style: Formats,
    *,
    formula: str = "",
    **more: Any,
) -> None:
    """Write how many tasks have a light: symbol, number and tint; a dot for zero."""
    if not number:
        count(sheet, row, column, 0, style, formula=formula, **more)
        return
    mark = {"num_format": f'"{light.symbol} "0', "font_name": NUMBER_FONT}
    write_number(sheet, row, column, number, light_style(style, light, **{**mark, **more}), formula=formula)


def count(
    sheet: Worksheet,
    row: int,
    column: int,
    value: int | None,
    style: Formats,
    *,
    formula: str = "",
    mark: str = "",
    **more: Any,
) -> None:
    """Write a count into a cell (0-based): a dot for zero, a dash for None; ``mark`` follows the number (5*)."""
    properties = {"align": "center", "font_name": NUMBER_FONT, **more}
    if value is None:
        sheet.write_string(row, column, "—", style(**{**properties, "font_color": Palette.INK2}))
        return
    if mark:
        properties["num_format"] = f'0"{mark}"'
    zero = {"font_color": Palette.ZERO, "num_format": f'0;-0;"·{mark}"'} if value == 0 else {}
    write_number(sheet, row, column, value, style(**{**properties, **zero}), formula=formula)


def fraction(sheet: Worksheet, row: int, column: int, of: Rate, style: Formats, **more: Any) -> None:
    """Write a rate with its fraction on one line: 75% 9/12; a dash if there is nothing to count."""
    if not of.whole:
        count(sheet, row, column, None, style, **more)
        return
    properties = {"align": "center", "font_name": NUMBER_FONT, "font_size": 9, **more}
    sheet.write_string(row, column, f"{percent(of.share)}% {of}", style(**properties))


def rate(
    sheet: Worksheet,
    row: int,
    column: int,
    value: int | None,
    style: Formats,
    *,
    formula: str = "",
    of: str = "",
    **more: Any,
) -> None:
    """Write a rate in per cent without decimals, a dash for None; ``of`` is its fraction, shown behind it: 75% 3/4."""
    if value is None:
        count(sheet, row, column, None, style, **{"align": "right", **more})
        return
    number_format = f'0%" {of}"' if of else "0%"
    properties = {"num_format": number_format, "align": "right", "font_name": NUMBER_FONT, **more}
    write_number(sheet, row, column, value / 100, style(**properties), formula=formula)


def status_word(status: Status) -> str:
    """Return a status as leaders read it: a task that the department reports as done is 待审核 by the office."""
    return "待审核" if status == Status.DONE else status


def shorten_line(text: str, longest: int) -> str:
    """Return a text on one line of at most ``longest`` characters, ending in … if it was cut."""
    return shorten(" ".join(text.split()), longest)


def clip(text: str, pixels: int, size: float, *, bold: bool = False) -> str:
    """Return a text that fits one line of a column ``pixels`` wide, ending in … if it was cut."""
    flat = " ".join(text.split())
    room = pixels - 8
    if text_width(flat, size, bold=bold) <= room:
        return flat
    widths = list(accumulate(text_width(char, size, bold=bold) for char in flat[:CLIPPED]))
    return flat[: bisect_right(widths, room - text_width("…", size, bold=bold))] + "…"


def fit(text: str, pixels: int, sizes: Sequence[float], *, bold: bool = False) -> tuple[str, float]:
    """Return a text and the first of the sizes (points) at which it fits one line; at the smallest it is cut."""
    flat = " ".join(text.split())
    for size in sizes:
        if text_width(flat, size, bold=bold) <= pixels - 8:
            return flat, size
    return clip(flat, pixels, sizes[-1], bold=bold), sizes[-1]


def fit_names(
    names: Iterable[str],
    pixels: int,
    sizes: Sequence[float],
    short: Mapping[str, str] | None = None,
    *,
    bold: bool = False,
) -> dict[str, tuple[str, float]]:
    """Return for each name its text for one line of a column and the first of the sizes (points) at which it fits.

    Names that are too long become their ``short`` form or are cut; all texts are different.
    """

    def fits(text: str, size: float = sizes[-1]) -> bool:
        return text_width(text, size, bold=bold) <= pixels - 8

    shown = distinct_names(names, fits, short)
    return {name: (text, next((size for size in sizes if fits(text, size)), sizes[-1])) for name, text in shown.items()}


def department_names(
    m: Metrics, pixels: int, sizes: Sequence[float], *, bold: bool = False
) -> dict[str, tuple[str, float]]:
    """Return ``fit_names`` for all departments of the day, with their short names from 参数."""
    names = (*(group.name for group in m.departments), OPEN_DEPARTMENT)
    return fit_names(names, pixels, sizes, m.short_names, bold=bold)


def fit_sentence(sentence: Sentence, pixels: int, sizes: Sequence[float], *, bold: bool = False) -> tuple[str, float]:
    """Return a sentence and the first of the sizes (points) at which it fits one line.

    If it fits at none, its names are shortened as far as necessary; its numbers stay.
    """
    if isinstance(sentence, str):
        return fit(sentence, pixels, sizes, bold=bold)
    for longest in NAME_LENGTHS:
        text = sentence(longest)
        for size in sizes:
            if text_width(text, size, bold=bold) <= pixels - 8:
                return text, size
    return fit(sentence(NAME_LENGTHS[-1]), pixels, sizes, bold=bold)


def board_words(view: BoardView) -> str:
    """Return the line of a board: its light, the sheet and the title of the board, and its message."""
    return f"专项：{view.light or ''} {view.sheet}（{view.title}） {view.message}"


def tall_enough(text: str, pixels: int, size: float = 10) -> str:
    """Return a text for a list's column, cut to LONGEST characters and the tallest row, with a note if it was cut."""
    kept, more = text, "…（全文见台账）"
    if len(text) > LONGEST:
        kept = text[: LONGEST - 10].rstrip() + more
    while wrapped_height(kept, pixels, size, LIST_TEXT) > LIST_TEXT.tallest:
        kept = kept.removesuffix(more)
        kept = kept[: len(kept) * 4 // 5].rstrip() + more
    return kept


def page_points(widths: Sequence[int], *, a3: bool = False) -> float:
    """Return how many points of rows a landscape A4 (or A3) page holds if columns of these pixels fit its width."""
    wide, tall = (1191, 842) if a3 else (842, 595)
    scale = min(1.0, (wide - 0.76 * 72) / (sum(widths) * 0.75))
    return (tall - 0.92 * 72) / scale - 2
