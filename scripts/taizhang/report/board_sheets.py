"""One board on one sheet: title, message, table, a chart where the board has one, and notes."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

from taizhang.boards.views import BoardView, Cell, Chart, ChartKind, Line
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import (
    LIST_TEXT,
    Formats,
    NewWorkbook,
    Worksheet,
    add_chart,
    fill_cells,
    page_breaks,
    row_height,
    set_widths,
    setup_page,
    text_width,
)
from taizhang.report.beside import Beside
from taizhang.report.charts import place_chart, set_plain_style, small_font
from taizhang.report.layout import (
    HEAD,
    footer,
    light_style,
    page_points,
    red_rule,
    tall_enough,
    write_heads,
    write_title,
)
from taizhang.report.lists import HAIR, TOTAL
from taizhang.workbook.places import a1

__all__ = ["ChartData", "write_board"]

LEAST, MOST, WHOLE = 46, 320, 1000
"""The least and most pixels of a column, and the pixels of a page."""
SMALLEST = 0.85
"""The smallest scale at which a board is made to fit one page; a taller one goes on to a second page."""
CHART_POINTS, TALLEST_CHART = 189.75, 399.75
MOST_DRAWN = 28
"""The most categories of a chart of bars: more have no room for their names."""
LONGEST_CATEGORY = 240
"""The most pixels of a category's name beside its bar."""
LONG = 12
"""Characters from which a text is read rather than compared, and aligned left."""
_FILLS = (Palette.NAVY, Palette.DONE, Palette.RUNNING, Palette.NOT_STARTED, Palette.MUTED, Palette.LATE)
_OVERDUE = {"pattern": "wide_upward_diagonal", "fg_color": Palette.RED, "bg_color": Palette.LATE}
"""Red for what is overdue; hatched, since red and navy are the same in grey print."""
_SHADES = (Palette.HATCH, Palette.BAR_PALE, Palette.BAR)
"""The shades of numbers in a table, from pale to dark: in grey print they differ by lightness."""
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
    sheet.merge_range(HEAD - 1, 1, HEAD - 1, last, "", bold)
    sheet.write_string(HEAD - 1, 1, view.message, bold)
    points = _write_body(book, sheet, style, view, widths, data, beside)
    sheet.freeze_panes(HEAD + 1, 2)
    sheet.repeat_rows(HEAD)
    page = page_points(widths)
    above = sum(points[row] for row in range(1, HEAD))
    one = above + sum(points[row] for row in range(HEAD, len(points))) <= page / SMALLEST
    if not one:
        blocks = [(row, points[row]) for row in range(HEAD + 1, len(points))]
        sheet.set_h_pagebreaks(page_breaks(blocks, page, above + points[HEAD], points[HEAD]))
    setup_page(sheet, f"B2:{a1(len(points), last + 1)}", footer=footer(m), tall=1 if one else 0)


def _write_body(
    book: NewWorkbook,
    sheet: Worksheet,
    style: Formats,
    view: BoardView,
    widths: Sequence[int],
    data: ChartData,
    beside: Beside,
) -> list[float]:
    """Write the table, the chart and the notes of a board; return the points of all rows of the sheet."""
    wide, last, prose = sum(widths[1:]), len(widths) - 1, _prose(view)
    points = [15.0, 30.0, 15.0, 6.0, row_height([(view.message, wide)], 14.5, least=26, wrapping=LIST_TEXT)]
    sheet.set_row(HEAD - 1, points[HEAD - 1])
    if view.heads:
        points.append(_head_points(view, widths))
        left = [view.heads[column - 1] for column in prose]
        write_heads(sheet, style, HEAD, view.heads, left=left, points=points[HEAD])
    for line in view.lines:
        row = len(points)
        points.append(_write_line(sheet, style, row, line, widths, prose))
        for column, cell in enumerate(line.cells, 1):
            if target := beside.ledger_row(view.sheet, cell.row):
                link = style(**HAIR, align="center", font_color=Palette.LINK, underline=1)
                sheet.write_url(row, column, target, link, cell.words)
    notes = view.notes
    if view.chart and view.chart.categories:
        chart, left_out = _drawable(view.chart)
        points.append(8.0)
        sheet.set_row(len(points) - 1, 8)
        tall = _chart_points(chart)
        sheet.set_row(len(points), tall)
        place_chart(sheet, (_draw(book, chart, data), chart.words), len(points), 1, wide, tall)
        points.append(tall)
        notes = (*([f"图只画前 {MOST_DRAWN} 个，另有 {left_out} 个见上表。"] if left_out else []), *notes)
    for note in notes:
        look = style(font_size=9, font_color=Palette.INK2, text_wrap=True)
        sheet.merge_range(len(points), 1, len(points), last, "", look)
        sheet.write_string(len(points), 1, note, look)
        tall = row_height([(note, wide)], 9, least=15, wrapping=LIST_TEXT)
        sheet.set_row(len(points), tall)
        points.append(tall)
    return points


def _drawable(chart: Chart) -> tuple[Chart, int]:
    """Return a chart as it is drawn, and how many categories it leaves out: names that fit, no two cut alike.

    Columns whose names would not stand side by side become bars, one below the other.
    """
    kind, number = chart.kind, len(chart.categories)
    widest = max((text_width(name, 9) for name in chart.categories), default=0)
    if kind is ChartKind.COLUMN and widest > WHOLE * 0.9 / number - 8:
        kind = ChartKind.BAR
    if kind in (ChartKind.COLUMN, ChartKind.LINE):
        return chart, 0
    names = distinct_names(chart.categories, lambda text: text_width(text, 9) <= LONGEST_CATEGORY)
    return replace(
        chart,
        kind=kind,
        categories=tuple(names[each] for each in chart.categories[:MOST_DRAWN]),
        series=tuple((name, values[:MOST_DRAWN]) for name, values in chart.series),
    ), max(number - MOST_DRAWN, 0)


def _chart_points(chart: Chart) -> float:
    """Return the height of a chart: as many points as its bars need to have each name beside them."""
    if chart.kind in (ChartKind.COLUMN, ChartKind.LINE):
        return CHART_POINTS
    side_by_side = len(chart.series) if chart.kind is ChartKind.BAR else 1
    return min(max(CHART_POINTS, 60 + (10 * side_by_side + 2) * len(chart.categories)), TALLEST_CHART)


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
) -> float:
    """Write a line of the table; return its height in points."""
    texts = [(tall_enough(cell.words, width), width) for cell, width in zip(line.cells, widths[1:], strict=False)]
    if line.heading:
        heading = {"bottom": 1, "bottom_color": Palette.NAVY, "bold": True, "font_color": Palette.NAVY}
        fill_cells(sheet, row, 1, len(widths) - 1, style(**heading))
        sheet.set_row(row, 24)
        for column, cell in enumerate(line.cells, 1):
            align = "left" if column in prose else "center"
            sheet.write_string(row, column, cell.words, style(**heading, valign="bottom", align=align))
        return 24.0
    tall = row_height(texts, 10, least=19.5, wrapping=LIST_TEXT)
    sheet.set_row(row, tall)
    for column, (cell, (words, _)) in enumerate(zip(line.cells, texts, strict=True), 1):
        look = {**(TOTAL if line.total else HAIR), "text_wrap": True, **_align(cell, left=column in prose)}
        if cell.light:
            look = {**look, **({} if cell.light is Light.GREEN else {"bold": True})}
            sheet.write_string(row, column, words, light_style(style, cell.light, **look))
        else:
            ink = {"font_color": Palette.ZERO} if words in ("·", "—") else {}
            if cell.heat:
                ink = {"bg_color": _SHADES[cell.heat - 1]}
            sheet.write_string(row, column, words, style(**look, **ink))
    return tall


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
        drawn.set_y_axis({**axis, "reverse": True, "interval_unit": 1})
        drawn.set_x_axis({**axis, "visible": False, "min": 0, "major_gridlines": {"visible": False}})
    else:
        drawn.set_x_axis({**axis, **({"interval_unit": 1} if chart.kind is not ChartKind.LINE else {})})
        numbers = {"num_format": "0%" if chart.percent else "0", "min": 0, **top}
        if chart.percent and chart.kind is ChartKind.LINE and (least := _floor(chart)):
            numbers |= {"min": least, "major_unit": 0.1}
        drawn.set_y_axis({**axis, **numbers, "major_gridlines": grid})
    if len(chart.series) == 1:
        drawn.set_legend({"none": True})
        drawn.set_title({"name": chart.series[0][0], "name_font": small_font(9, bold=True), "overlay": False})
    return drawn
