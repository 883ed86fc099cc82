"""图表数据: the numbers behind each chart, visible and last; charts refer to these ranges only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.measures import Group, Measures
from taizhang.report.marks import footer, head_style
from taizhang.status import STATUSES
from taizhang.theme import Palette, formats, setup_page

__all__ = ["CHART_ORDER", "Figures", "write_figures"]

SHEET = "图表数据"
CHART_ORDER = ("已销号", "长期坚持", "已完成", "推进中", "未启动")
MAX_DEPARTMENTS = 12


@dataclass(frozen=True, slots=True)
class Figures:
    """Where the chart data stand (0-based rows): the trend block and the department block with their lengths."""

    trend_first: int
    trend_last: int
    departments_first: int
    departments_last: int
    departments: tuple[Group, ...]
    now: int

    def range(self, column: int, first: int, last: int) -> list[Any]:
        """Return a chart range on this sheet."""
        return [SHEET, first, column, last, column]


def charted_departments(groups: Sequence[Group]) -> tuple[Group, ...]:
    """Return the departments a chart shows: all up to twelve, else the first and last six."""
    half = MAX_DEPARTMENTS // 2
    return tuple(groups) if len(groups) <= MAX_DEPARTMENTS else (*groups[:half], *groups[-half:])


def write_figures(sheet: Any, style: formats, m: Measures) -> Figures:
    """Write the sheet and return where its blocks stand."""
    head, cell, number = head_style(style), style(), style(align="center")
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 6, 11)
    sheet.write_string(0, 0, "趋势：月末未办结（项）", style(bold=True, font_color=Palette.NAVY))
    for column, title in enumerate(("月份", "计划剩余", "实际剩余")):
        sheet.write_string(1, column, title, head)
    now = 0
    for row, point in enumerate(m.trend, 2):
        sheet.write_string(row, 0, f"{point.month.month}月", cell)
        sheet.write_number(row, 1, point.planned, number)
        if point.actual is None:
            sheet.write_blank(row, 2, None, number)
        else:
            sheet.write_number(row, 2, point.actual, number)
            now = row - 2
    first = 2 + len(m.trend) + 3
    groups = charted_departments(m.departments)
    sheet.write_string(first - 2, 0, "部门：各状态措施数（项）", style(bold=True, font_color=Palette.NAVY))
    for column, title in enumerate(("部门", *CHART_ORDER, "标签位置")):
        sheet.write_string(first - 1, column, title, head)
    for row, group in enumerate(groups, first):
        sheet.write_string(row, 0, group.name, cell)
        for column, status in enumerate(CHART_ORDER, 1):
            sheet.write_number(row, column, group.statuses[STATUSES.index(status)], number)
        sheet.write_number(row, 6, 0.9, number)
    last = first + max(len(groups), 1) - 1
    setup_page(sheet, f"A1:G{last + 1}", footer=footer(m), landscape=False)
    return Figures(2, 1 + len(m.trend), first, last, groups, now)
