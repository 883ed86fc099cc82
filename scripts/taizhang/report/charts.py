"""Native charts of the leaders' sheets: no titles, borders, gradients or shadows."""

from __future__ import annotations

from typing import Any

from taizhang.measures import Measures
from taizhang.report.figures import CHART_ORDER, Figures
from taizhang.status import STATUSES
from taizhang.theme import NUMBER_FONT, TEXT_FONT, Palette

__all__ = ["department_chart", "trend_chart"]

_FILLS: dict[str, dict[str, Any]] = {
    "已销号": {"fill": {"color": Palette.CLOSED}},
    "长期坚持": {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": Palette.DONE, "bg_color": "#DCEAF6"}},
    "已完成": {"fill": {"color": Palette.DONE}},
    "推进中": {"fill": {"color": Palette.RUNNING}},
    "未启动": {"fill": {"color": Palette.NOT_STARTED}},
}


def _font(size: float, colour: str = Palette.INK2, **more: Any) -> dict[str, Any]:
    return {"name": TEXT_FONT, "size": size, "color": colour, **more}


def trend_chart(book: Any, m: Measures, figures: Figures) -> Any:
    """Return the burn-down: what is left by plan (dashed) and in fact."""
    chart = book.add_chart({"type": "line"})
    months = figures.range(0, figures.trend_first, figures.trend_last)
    planned, actual = m.trend[figures.now].planned, m.trend[figures.now].actual or 0
    near = abs(planned - actual) <= 2
    hidden: list[Any] = [{"delete": True}] * len(m.trend)
    plan_labels, actual_labels = list(hidden), list(hidden)
    text = f"实际 {actual}（计划 {planned}）" if near else f"实际 {actual}"
    actual_labels[figures.now] = {"value": text, "font": _font(9, Palette.NAVY, bold=True)}
    if not near:
        plan_labels[figures.now] = {"value": f"计划 {planned}", "font": _font(9)}
    chart.add_series(
        {
            "name": "计划剩余",
            "categories": months,
            "values": figures.range(1, figures.trend_first, figures.trend_last),
            "line": {"color": "#8593A1", "width": 1.5, "dash_type": "dash"},
            "data_labels": {"value": True, "custom": plan_labels, "position": "below" if planned < actual else "above"},
        }
    )
    chart.add_series(
        {
            "name": "实际剩余",
            "categories": months,
            "values": figures.range(2, figures.trend_first, figures.trend_last),
            "line": {"color": Palette.NAVY, "width": 2.5},
            "marker": {"type": "circle", "size": 6, "fill": {"color": Palette.NAVY}, "border": {"color": Palette.NAVY}},
            "data_labels": {
                "value": True,
                "custom": actual_labels,
                "position": "above" if actual >= planned else "below",
            },
        }
    )
    chart.show_blanks_as("gap")
    chart.set_x_axis({"num_font": _font(9), "line": {"color": Palette.LINE}, "major_tick_mark": "none"})
    highest = max([1, *(p.planned for p in m.trend), *(p.actual or 0 for p in m.trend)])
    chart.set_y_axis(
        {
            "num_font": {"name": NUMBER_FONT, "size": 9, "color": Palette.INK2},
            "min": 0,
            "max": -(-highest // 10) * 10,
            "major_gridlines": {"visible": True, "line": {"color": Palette.GRID, "width": 0.5}},
            "line": {"none": True},
        }
    )
    _dress(chart)
    chart.description = (
        f"折线图：月末未办结措施，计划剩余与实际剩余；{m.as_of.month}月实际 {actual} 项，计划 {planned} 项"
    )
    return chart


def department_chart(book: Any, figures: Figures) -> Any:
    """Return the stacked bars of departments by status, with 办结/措施 and overdue items at the end of each bar."""
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    first, last = figures.departments_first, figures.departments_last
    names = figures.range(0, first, last)
    for column, status in enumerate(CHART_ORDER, 1):
        chart.add_series(
            {
                "name": status,
                "categories": names,
                "values": figures.range(column, first, last),
                **_FILLS[status],
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": 45,
                "data_labels": {
                    "value": True,
                    "num_format": "0;;;",
                    "font": {"name": NUMBER_FONT, "size": 8, "color": "#FFFFFF" if status == "已销号" else Palette.INK},
                },
            }
        )
    labels = []
    for group in figures.departments:
        late = bool(group.overdue)
        text = f"{group.closed}/{group.tasks}" + (f"  ◆逾期{group.overdue}" if late else "")
        labels.append({"value": text, "font": _font(9, Palette.RED_TEXT if late else Palette.INK2, bold=late)})
    chart.add_series(
        {
            "name": " ",
            "categories": names,
            "values": figures.range(6, first, last),
            "fill": {"none": True},
            "border": {"none": True},
            "data_labels": {"value": True, "custom": labels, "position": "inside_base"},
        }
    )
    longest = max(
        (sum(group.statuses[STATUSES.index(s)] for s in CHART_ORDER) for group in figures.departments), default=1
    )
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": _font(9, Palette.INK),
            "line": {"color": Palette.LINE},
            "interval_unit": 1,
            "major_tick_mark": "none",
        }
    )
    chart.set_x_axis(
        {"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": longest + max(1.6, longest * 0.3)}
    )
    _dress(chart)
    total, closed = sum(g.tasks for g in figures.departments), sum(g.closed for g in figures.departments)
    chart.description = (
        f"堆积条形图：各部门措施按状态构成；图中 {len(figures.departments)} 个部门共 {total} 项，办结 {closed} 项"
    )
    return chart


def _dress(chart: Any) -> None:
    chart.set_legend({"position": "top", "font": _font(9)})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"border": {"none": True}, "fill": {"none": True}})
