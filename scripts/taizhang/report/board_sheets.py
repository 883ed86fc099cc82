"""One board on one sheet: title, message, table, a chart where the board has one, and notes."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any, TypeAlias

from taizhang.boards.views import BoardView, Cell, Chart, ChartKind, Line
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import (
    LIST_TEXT,
    Formats,
    NewWorkbook,
    Worksheet,
    add_chart,
    fill_cells,
    row_height,
    set_widths,
    setup_page,
    text_width,
)
from taizhang.report.beside import Beside
from taizhang.report.charts import place_chart, set_plain_style, small_font
from taizhang.report.layout import HEAD, footer, light_style, red_rule, tall_enough, write_heads, write_title
from taizhang.report.lists import HAIR, TOTAL
from taizhang.workbook.places import a1

__all__ = ["ChartData", "write_board"]

LEAST, MOST, WHOLE = 46, 320, 1000
"""The least and most pixels of a column, and the pixels of a page."""
ON_A_PAGE = 34
"""The most lines that are made to fit one page; more go on to a second."""
CHART_POINTS = 190
LONG = 12
"""Characters from which a text is read rather than compared, and aligned left."""
_FILLS = (Palette.NAVY, Palette.DONE, Palette.RUNNING, Palette.NOT_STARTED, Palette.MUTED, Palette.LATE)
_OVERDUE = {"pattern": "wide_upward_diagonal", "fg_color": Palette.RED, "bg_color": Palette.LATE}
"""Red for what is overdue; hatched, since red and navy are the same in grey print."""
_DASHES = ("solid", "dash", "round_dot", "long_dash_dot", "solid", "dash")

ChartData: TypeAlias = Callable[[Chart], tuple[Sequence[Any], Sequence[Sequence[Any]]]]
"""Writes a chart's numbers on the sheet of figures; returns the range of its categories and those of its series."""


def _light_words(view: BoardView) -> str:
    """Return the light of a board in words: 未填报 if there is nothing, a dash if nothing is judged."""
    if not view.filled:
        return "未填报"
    return view.light or "—"


def write_board(
    book: NewWorkbook,
    sheet: Worksheet,
    style: Formats,
    m: Metrics,
    view: BoardView,
    data: ChartData,
    beside: Beside,
) -> None:
    """Write a board on its sheet, on one landscape A4 page; cells that come from one row of the ledger link to it."""
    widths = _widths(view)
    last = len(widths) - 1
    set_widths(sheet, widths)
    sheet.write_url(0, 1, "internal:'索引'!A1", style(font_size=9, font_color=Palette.LINK), "← 返回索引")
    write_title(sheet, style, m, 1, view.title, last, 20)
    words = f"登记表：{view.sheet}　{_light_words(view)}"
    sheet.set_row(2, 15)
    sheet.write_string(2, 1, words, style(font_size=9, font_color=Palette.INK2))
    red_rule(sheet, style, 3, last)
    bold = style(bold=True, font_size=14, text_wrap=True)
    sheet.merge_range(4, 1, 4, last, "", bold)
    sheet.write_string(4, 1, view.message, bold)
    sheet.set_row(4, row_height([(view.message, sum(widths[1:]))], 14.5, least=26, wrapping=LIST_TEXT))
    row, prose = HEAD, _prose(view)
    if view.heads:
        write_heads(
            sheet,
            style,
            row,
            view.heads,
            left=[view.heads[column - 1] for column in prose],
            points=_head_points(view, widths),
        )
        row += 1
    for line in view.lines:
        _write_line(sheet, style, row, line, widths, prose)
        for column, cell in enumerate(line.cells, 1):
            if target := beside.ledger_row(view.sheet, cell.row):
                link = style(**HAIR, align="center", font_color=Palette.LINK, underline=1)
                sheet.write_url(row, column, target, link, cell.words)
        row += 1
    if view.chart:
        sheet.set_row(row, 8)
        row += 1
        sheet.set_row(row, CHART_POINTS)
        place_chart(sheet, (_draw(book, view.chart, data), view.chart.words), row, 1, sum(widths[1:]), CHART_POINTS)
        row += 1
    for note in view.notes:
        look = style(font_size=9, font_color=Palette.INK2, text_wrap=True)
        sheet.merge_range(row, 1, row, last, "", look)
        sheet.write_string(row, 1, note, look)
        sheet.set_row(row, row_height([(note, sum(widths[1:]))], 9, least=15, wrapping=LIST_TEXT))
        row += 1
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:{a1(row, last + 1)}", footer=footer(m), tall=1 if len(view.lines) <= ON_A_PAGE else 0)


def _widths(view: BoardView) -> list[int]:
    """Return the columns' widths in pixels: each as wide as its words, all together about a page; two at least."""
    columns = len(view.heads)
    if columns < 2:
        return [6, WHOLE // 2, WHOLE // 2]
    needed = []
    for column in range(columns):
        texts = [view.heads[column], *(line.cells[column].words for line in view.lines if not line.heading)]
        widest = max(text_width(part, 10, bold=True) for text in texts for part in text.split("\n"))
        needed.append(round(min(max(widest + 18, LEAST), MOST)))
    spare = WHOLE - sum(needed)
    if spare > 0:
        needed = [width + spare // columns for width in needed]
    return [6, *needed]


def _head_points(view: BoardView, widths: Sequence[int]) -> float:
    return row_height(list(zip(view.heads, widths[1:], strict=False)), 10, least=26, wrapping=LIST_TEXT)


def _write_line(
    sheet: Worksheet, style: Formats, row: int, line: Line, widths: Sequence[int], prose: Collection[int]
) -> None:
    texts = [(tall_enough(cell.words, width), width) for cell, width in zip(line.cells, widths[1:], strict=False)]
    if line.heading:
        heading = {"bottom": 1, "bottom_color": Palette.NAVY, "bold": True, "font_color": Palette.NAVY}
        fill_cells(sheet, row, 1, len(widths) - 1, style(**heading))
        sheet.set_row(row, 24)
        for column, cell in enumerate(line.cells, 1):
            align = "left" if column in prose else "center"
            sheet.write_string(row, column, cell.words, style(**heading, valign="bottom", align=align))
        return
    sheet.set_row(row, row_height(texts, 10, least=19.5, wrapping=LIST_TEXT))
    for column, (cell, (words, _)) in enumerate(zip(line.cells, texts, strict=True), 1):
        look = {**(TOTAL if line.total else HAIR), "text_wrap": True, **_align(cell, left=column in prose)}
        if cell.light:
            look = {**look, **({} if cell.light is Light.GREEN else {"bold": True})}
            sheet.write_string(row, column, words, light_style(style, cell.light, **look))
        else:
            ink = {"font_color": Palette.ZERO} if words in ("·", "—") else {}
            sheet.write_string(row, column, words, style(**look, **ink))


def _prose(view: BoardView) -> frozenset[int]:
    """Return the columns (from 1) that are aligned left: the first, and those with a long text."""
    tables = [line.cells for line in view.lines if not line.heading]
    long = {
        column
        for cells in tables
        for column, cell in enumerate(cells, 1)
        if isinstance(cell.value, str) and len(cell.words) > LONG
    }
    return frozenset({1} | long)


def _align(cell: Cell, *, left: bool) -> dict[str, Any]:
    if left:
        return {"align": "left"}
    return {"align": "center", **({} if isinstance(cell.value, str) else {"font_name": NUMBER_FONT})}


def _floor(chart: Chart) -> float:
    """Return where the axis of a chart of lines begins: a tenth below the lowest, 0 unless all are in the upper half.

    Lines are read by their slope, so they need not stand on 0 as bars must.
    """
    values = [value for _, numbers in chart.series for value in numbers if value is not None]
    lowest = min(values, default=0)
    return max(math.floor(lowest * 10) - 1, 0) / 10 if lowest > 1 / 2 else 0


def _draw(book: NewWorkbook, chart: Chart, data: ChartData) -> Any:
    """Return the native chart; series are told apart by lightness or dashes, so that grey print can be read."""
    kinds = {
        ChartKind.SHARES: ("bar", "percent_stacked"), ChartKind.STACK: ("bar", "stacked"),
        ChartKind.BAR: ("bar", ""), ChartKind.LINE: ("line", ""),
    }  # fmt: skip
    kind, subtype = kinds.get(chart.kind, ("column", ""))
    drawn = add_chart(book, kind, subtype)
    categories, ranges = data(chart)
    formatted = "0.0%" if chart.percent else "0.##"
    for number, ((name, _), values) in enumerate(zip(chart.series, ranges, strict=True)):
        fill = _FILLS[number % len(_FILLS)]
        series: dict[str, Any] = {"name": name, "categories": categories, "values": values}
        labels = {"value": True, "num_format": f"{formatted};;", "font": small_font(8)}
        if chart.kind is ChartKind.LINE:
            series |= {
                "line": {"color": fill, "width": 2.25, "dash_type": _DASHES[number % len(_DASHES)]},
                "marker": {"type": "circle", "size": 5, "fill": {"color": fill}, "border": {"color": fill}},
                "data_labels": {**labels, "position": "below" if number else "above"},
            }
        else:
            inside = chart.kind in (ChartKind.STACK, ChartKind.SHARES)
            overdue = name == chart.overdue
            ink = "#FFFFFF" if inside and fill == Palette.NAVY and not overdue else Palette.INK
            series |= {
                **({"pattern": _OVERDUE} if overdue else {"fill": {"color": fill}}),
                "border": {"color": "#FFFFFF", "width": 0.75}, "gap": 45,
                "data_labels": {**labels, "font": small_font(8, ink)},
            }  # fmt: skip
        drawn.add_series(series)
    set_plain_style(drawn)
    axis = {"num_font": small_font(9), "line": {"color": Palette.LINE}, "major_tick_mark": "none"}
    grid = {"visible": True, "line": {"color": Palette.GRID, "width": 0.5}}
    top = {"max": 1, "major_unit": 0.2} if chart.percent else {}
    if kind == "bar":  # lying down: its categories are on the y axis, from the top
        drawn.set_y_axis({**axis, "reverse": True})
        drawn.set_x_axis({**axis, "visible": False, "min": 0, "major_gridlines": {"visible": False}})
    else:
        drawn.set_x_axis(axis)
        numbers = {"num_format": "0%" if chart.percent else "0", "min": 0, **top}
        if chart.percent and chart.kind is ChartKind.LINE and (least := _floor(chart)):
            numbers |= {"min": least, "major_unit": 0.1}
        drawn.set_y_axis({**axis, **numbers, "major_gridlines": grid})
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
        drawn.set_title({"name": chart.series[0][0], "name_font": small_font(9, bold=True), "overlay": False})
    return drawn
