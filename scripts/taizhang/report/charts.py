"""Native Excel charts of the leaders' sheets, plain in style, each with alternative text."""

from __future__ import annotations

from typing import Any, TypeAlias

from taizhang.figures.light_words import below_red_words
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Status
from taizhang.office.theme import NUMBER_FONT, TEXT_FONT, Palette
from taizhang.office.xlsx import Chart, NewWorkbook, Worksheet, add_chart
from taizhang.report.chart_data import CHART_ORDER, ChartBlock
from taizhang.report.layout import status_word

__all__ = [
    "STATUS_FILLS",
    "Drawn",
    "department_chart",
    "lights_chart",
    "place_chart",
    "set_plain_style",
    "small_font",
    "trend_chart",
]

STATUS_FILLS: dict[str, dict[str, Any]] = {
    Status.STRUCK_OFF: {"fill": {"color": Palette.CLOSED}},
    Status.ONGOING: {
        "pattern": {"pattern": "wide_upward_diagonal", "fg_color": Palette.DONE, "bg_color": Palette.HATCH}
    },
    Status.DONE: {"fill": {"color": Palette.DONE}},
    Status.UNDER_WAY: {"fill": {"color": Palette.RUNNING}},
    Status.NOT_STARTED: {"fill": {"color": Palette.NOT_STARTED}},
}
Drawn: TypeAlias = tuple[Chart, str]
"""A chart and its alternative text."""

_NONE: dict[str, Any] = {"border": {"none": True}, "fill": {"none": True}}


def small_font(size: float, colour: str = Palette.INK2, **more: Any) -> dict[str, Any]:
    """Return the font of a chart's words, at ``size`` points."""
    return {"name": TEXT_FONT, "size": size, "color": colour, **more}


def place_chart(sheet: Worksheet, drawn: Drawn, row: int, column: int, width: int, height: float) -> None:
    """Insert a chart at a cell, ``width`` in pixels and ``height`` in points; it moves and resizes with the cells."""
    chart, words = drawn
    chart.set_size({"width": width, "height": round(height * 96 / 72)})
    sheet.insert_chart(row, column, chart, {"object_position": 1, "description": words})


def nice_axis(highest: int) -> tuple[int, int]:
    """Return the end of an axis that starts at 0, and its step: a round number, at most five steps in all."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10**6) if highest <= step * 5)
    return max(1, -(-highest // step)) * step, step


def trend_chart(book: NewWorkbook, m: Metrics, block: ChartBlock) -> Drawn:
    """Return the burn-down of open tasks by plan (dashed) and in fact, labelled at its first and its current month."""
    chart = add_chart(book, "line")
    months, now = block.range(0), m.now
    highest, step = nice_axis(round(1.1 * max(max(point.planned, point.actual or 0) for point in m.trend)))
    plan_labels, actual_labels = _trend_labels(m, highest)
    words = "还没有实际数"
    if now is not None:
        planned, actual = m.trend[now].planned, m.trend[now].actual or 0
        words = f"{m.trend[now].month.month}月实际 {actual} 项，计划 {planned} 项"
    chart.add_series(
        {
            "name": "计划剩余",
            "categories": months,
            "values": block.range(1),
            "line": {"color": Palette.PLAN_LINE, "width": 1.5, "dash_type": "dash"},
            "data_labels": plan_labels,
        }
    )
    chart.add_series(
        {
            "name": "实际剩余",
            "categories": months,
            "values": block.range(2),
            "line": {"color": Palette.NAVY, "width": 2.5},
            "marker": {"type": "circle", "size": 6, "fill": {"color": Palette.NAVY}, "border": {"color": Palette.NAVY}},
            "data_labels": actual_labels,
        }
    )
    chart.show_blanks_as("gap")
    chart.set_x_axis({"num_font": small_font(9), "line": {"color": Palette.LINE}, "major_tick_mark": "none"})
    chart.set_y_axis(
        {
            "num_font": {"name": NUMBER_FONT, "size": 9, "color": Palette.INK2},
            "min": 0,
            "max": highest,
            "major_unit": step,
            "major_gridlines": {"visible": True, "line": {"color": Palette.GRID, "width": 0.5}},
            "line": {"none": True},
        }
    )
    set_plain_style(chart)
    return chart, f"折线图：月末未办结的限期措施，计划剩余与实际剩余；{words}"


def _trend_labels(m: Metrics, highest: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the data labels of the planned and of the actual line; ``highest`` is the end of their axis."""
    now = m.now
    hidden: list[Any] = [{"delete": True}] * len(m.trend)
    plan_labels, actual_labels = list(hidden), list(hidden)
    above, beside = True, "below"
    if now is not None:
        planned, actual = m.trend[now].planned, m.trend[now].actual or 0
        near, above = abs(planned - actual) <= 2, actual >= planned
        bold = small_font(9, Palette.NAVY, bold=True)
        first = next(n for n, point in enumerate(m.trend) if point.actual is not None)
        if first < now:
            actual_labels[first] = {"value": str(m.trend[first].actual), "font": bold}
        text = f"实际 {actual}（计划 {planned}）" if near else f"实际 {actual}"
        actual_labels[now] = {"value": text, "font": bold}
        if not near:
            plan_labels[now] = {"value": f"计划 {planned}", "font": small_font(9)}
        if planned * 8 < highest:
            beside = "above"  # the month names are below
        elif now and m.trend[now - 1].planned > planned:
            beside = "left"  # the falling line leaves room there
    return (
        {"value": True, "custom": plan_labels, "position": beside if above else "above"},
        {"value": True, "custom": actual_labels, "position": "above" if above else "below"},
    )


def lights_chart(book: NewWorkbook, m: Metrics, block: ChartBlock) -> Drawn:
    """Return stacked columns of red lights (bottom) and those below red by month, up to the report's month."""
    chart = add_chart(book, "column", "stacked")
    months = (m.now or 0) + 1
    below = below_red_words(m.thresholds)
    for column, name, colour, ink in ((3, "红灯", Palette.RED, "#FFFFFF"), (4, below, Palette.AMBER, Palette.INK)):
        font = {"name": NUMBER_FONT, "size": 9, "color": ink, "bold": True}
        numbers = [(point.filled, point.red if column == 3 else point.amber) for point in m.trend[:months]]
        old = [{"value": f"{number}*", "font": font} if filled and number else None for filled, number in numbers]
        chart.add_series(
            {
                "name": name,
                "categories": block.range(0, months),
                "values": block.range(column, months),
                "fill": {"color": colour},
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": 70,
                "data_labels": {
                    "value": True,
                    "num_format": "0;;;",
                    "font": font,
                    **({"custom": old} if any(old) else {}),
                },
            }
        )
    chart.show_blanks_as("gap")
    chart.set_x_axis({"num_font": small_font(9), "line": {"color": Palette.LINE}, "major_tick_mark": "none"})
    known = [(point.red or 0) + (point.amber or 0) for point in m.trend if point.red is not None]
    highest, _ = nice_axis(max(known, default=1))
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": highest})
    set_plain_style(chart)
    return chart, f"堆积柱形图：各月末红灯、{below}项数；本期红灯 {m.total.red} 项、{below} {m.total.amber} 项"


def department_chart(book: NewWorkbook, block: ChartBlock, *, beside_names: bool = False) -> Drawn:
    """Return stacked bars of departments by status, with 按期办结/到期 and overdue tasks at the end of each bar.

    ``beside_names``: the chart is placed next to a table, one bar per row, so it shows neither names nor legend.
    """
    chart = add_chart(book, "bar", "stacked")
    _add_status_bars(chart, block)
    _add_end_labels(chart, block, " ◆" if beside_names else " ◆逾")
    names_axis: dict[str, Any] = {
        "reverse": True,
        "num_font": small_font(9 if len(block.groups) < 11 else 8, Palette.INK),
        "line": {"color": Palette.LINE},
        "interval_unit": 1,
        "major_tick_mark": "none",
    }
    groups = [group for group in block.groups if group]
    longest = max((group.tasks for group in groups), default=1)
    scale = {
        "visible": False,
        "major_gridlines": {"visible": False},
        "min": 0,
        "max": longest + max(1.6, longest * 0.6),
    }
    set_plain_style(chart)
    if beside_names:
        chart.set_plotarea({**_NONE, "layout": {"x": 0.01, "y": 0, "width": 0.98, "height": 1}})
        chart.set_legend({"none": True})
        names_axis["label_position"] = "none"
    chart.set_y_axis(names_axis)
    chart.set_x_axis(scale)
    total, closed = sum(group.tasks for group in groups), sum(group.closed for group in groups)
    return chart, f"堆积条形图：各部门措施按状态构成；图中 {len(groups)} 个部门共 {total} 项，办结 {closed} 项"


def _add_status_bars(chart: Chart, block: ChartBlock) -> None:
    """Add one series of bars per status, in the chart's order."""
    for column, status in enumerate(CHART_ORDER, 1):
        ink = "#FFFFFF" if status == Status.STRUCK_OFF else Palette.INK
        chart.add_series(
            {
                "name": status_word(status),
                "categories": block.range(0),
                "values": block.range(column),
                **STATUS_FILLS[status],
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": 45,
                "data_labels": {
                    "value": True,
                    "num_format": "0;;;",
                    "font": {"name": NUMBER_FONT, "size": 8, "color": ink},
                },
            }
        )


def _add_end_labels(chart: Chart, block: ChartBlock, mark: str) -> None:
    """Add an invisible series whose labels end the bars: 按期办结/到期, and overdue tasks after ``mark``."""
    labels = []
    for group in block.groups:
        if group is None:
            labels.append({"delete": True})
            continue
        late = bool(group.overdue)
        due = group.rates.on_time
        rest = "" if late else "未到期"
        text = (str(due) if due.whole else rest) + (f"{mark}{group.overdue}" if late else "")
        labels.append({"value": text, "font": small_font(9, Palette.RED_TEXT if late else Palette.INK2, bold=late)})
    chart.add_series(
        {
            "name": " ",
            "categories": block.range(0),
            "values": block.range(6),
            "fill": {"none": True},
            "border": {"none": True},
            "data_labels": {"value": True, "custom": labels, "position": "inside_base"},
        }
    )


def set_plain_style(chart: Chart) -> None:
    """Put the legend on top and draw nothing behind a chart."""
    chart.set_legend({"position": "top", "font": small_font(9)})
    chart.set_chartarea(_NONE)
    chart.set_plotarea(_NONE)
