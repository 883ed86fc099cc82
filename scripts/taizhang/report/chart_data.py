"""图表数据: the last sheet, visible, with the numbers behind each chart; charts refer to these ranges only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.figures.light_words import below_red_words
from taizhang.figures.metrics import Group, Metrics
from taizhang.ledger.vocabulary import Status
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, Worksheet, setup_page
from taizhang.report.layout import (
    BODY,
    count,
    department_names,
    footer,
    head_style,
    month_end_words,
    section,
    status_word,
    write_head,
)

__all__ = ["CHART_ORDER", "ChartBlock", "Figures", "drawn_words", "write_figures"]

SHEET = "图表数据"
CHART_ORDER = (Status.STRUCK_OFF, Status.ONGOING, Status.DONE, Status.UNDER_WAY, Status.NOT_STARTED)
MAX_DEPARTMENTS = 12
HALF = MAX_DEPARTMENTS // 2
"""With more than MAX_DEPARTMENTS, the chart of 整改一览 draws this many from each end of the ranking."""
WIDTHS = (6, 150, 84, 84, 84, 84, 84, 84)


@dataclass(frozen=True, slots=True)
class ChartBlock:
    """The position of a block of chart data: first and last row (0-based) and, for departments, the group of each row.

    None in ``groups`` marks the row that reports how many departments are not drawn.
    """

    first: int
    last: int
    groups: tuple[Group | None, ...] = ()

    def range(self, column: int, rows: int | None = None) -> list[Any]:
        """Return a chart range: one column (0 holds the names) of all the block's rows, or of the first ``rows``."""
        last = self.last if rows is None else self.first + rows - 1
        return [SHEET, self.first, column + 1, last, column + 1]


@dataclass(frozen=True, slots=True)
class Figures:
    """The data behind the charts: blocks for months, all departments and those on the overview; sparkline ranges."""

    trend: ChartBlock
    departments: ChartBlock
    shown: ChartBlock
    sparklines: Mapping[str, str]


def write_figures(sheet: Worksheet, style: Formats, m: Metrics) -> Figures:
    """Write the sheet and return the positions of its blocks."""
    write_head(sheet, style, m, "图表数据", "各图只引用本表的数；改数请改台账。", "图的数从这里来", WIDTHS)
    row, trend = _write_trend(sheet, style, m, BODY - 1)
    row, every = _write_departments(sheet, style, m, m.departments, row, "部门：各状态措施数（项）")
    shown = every
    if drawn := drawn_words(m):
        ends = (*m.departments[:HALF], None, *m.departments[-HALF:])
        row, shown = _write_departments(sheet, style, m, ends, row, f"一览图：{drawn}")
    row, sparklines = _write_open(sheet, style, m, row)
    setup_page(sheet, f"B2:H{row}", footer=footer(m), landscape=False)
    return Figures(trend, every, shown, sparklines)


def drawn_words(m: Metrics) -> str:
    """Return which departments the chart of 整改一览 draws, in words; empty if it draws them all."""
    count = len(m.departments)
    return f"部门（{count} 个，图列前 {HALF}、后 {HALF}）" if count > MAX_DEPARTMENTS else ""


def _write_block_heads(sheet: Worksheet, style: Formats, row: int, title: str, heads: Sequence[str]) -> int:
    section(sheet, style, row, 1, len(WIDTHS) - 1, title)
    for column, head in enumerate(heads, 1):
        sheet.write_string(row + 1, column, head, head_style(style, align="left" if column == 1 else "center"))
    return row + 2


def _write_trend(sheet: Worksheet, style: Formats, m: Metrics, row: int) -> tuple[int, ChartBlock]:
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    heads = ("月份", "计划剩余", "实际剩余", "红灯", below_red_words(m.thresholds), "当月到期", "当月办结")
    running = "" if m.ends_month or m.now is None else f"，{m.as_of.month}月算到{m.as_of.day}日"
    first = row = _write_block_heads(
        sheet, style, row, f"趋势：{m.trend[0].month.year}年各月末（限期措施，项{running}）", heads
    )
    for point in m.trend:
        sheet.write_string(row, 1, f"{point.month.month}月", style(**line))
        numbers = (point.planned, point.actual, point.red, point.amber, point.due, point.closed)
        for column, number in enumerate(numbers, 2):
            if number is not None:  # the chart would draw a blank or a dash as zero; only an absent cell is a gap
                count(sheet, row, column, number, style, **line, **({"num_format": "0"} if number == 0 else {}))
        row += 1
    _rule_empty(sheet, style, first, row - 1)
    note = "空格＝尚未到月末，或没有留存那个月末的台账。"
    sheet.write_string(row, 1, note, style(font_size=9, font_color=Palette.INK2))
    return row + 2, ChartBlock(first, row - 1)


def _rule_empty(sheet: Worksheet, style: Formats, first: int, last: int) -> None:
    """Draw the hairline under absent cells by conditional format: a formatted blank cell would be charted as zero."""
    line = style(bottom=1, bottom_color=Palette.LINE)
    sheet.conditional_format(first, 2, last, len(WIDTHS) - 1, {"type": "blanks", "format": line})


def _write_departments(
    sheet: Worksheet, style: Formats, m: Metrics, groups: Sequence[Group | None], row: int, title: str
) -> tuple[int, ChartBlock]:
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    first = row = _write_block_heads(sheet, style, row, title, ("部门", *map(status_word, CHART_ORDER), "标签位置"))
    names = department_names(m, WIDTHS[1], (10,))
    for group in groups:
        if group is None:
            words = f"… 其余 {len(m.departments) - len(groups) + 1} 个 …"
            sheet.write_string(row, 1, words, style(**line, font_color=Palette.INK2))
            row += 1
            continue
        sheet.write_string(row, 1, names[group.name][0], style(**line))
        for column, status in enumerate(CHART_ORDER, 2):
            count(sheet, row, column, group.number_of(status), style, **line)
        sheet.write_number(row, 7, 0.9, style(**line, align="center", font_color=Palette.INK2))
        row += 1
    if None in groups:
        _rule_empty(sheet, style, first, row - 1)
    if not groups:
        sheet.write_string(row, 1, "没有措施", style(font_color=Palette.INK2))
        row += 1
    return row + 1, ChartBlock(first, row - 1, tuple(groups))


def _write_open(sheet: Worksheet, style: Formats, m: Metrics, row: int) -> tuple[int, dict[str, str]]:
    """Write each department's open tasks at recent month ends; return the row below and each sparkline's range."""
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    heads = ("部门", *(month_end_words(m, day) for day in m.recent))
    row = _write_block_heads(sheet, style, row, "部门：近 6 个月末未办结的限期措施（项）", heads)
    ranges, names = {}, department_names(m, WIDTHS[1], (10,))
    for group in m.departments:
        sheet.write_string(row, 1, names[group.name][0], style(**line))
        for column, number in enumerate(m.left_by_department[group.name], 2):
            sheet.write_number(row, column, number, style(**line, align="center", num_format="0"))
        if len(m.recent) > 1:
            ranges[group.name] = f"'{SHEET}'!$C${row + 1}:${'CDEFGH'[len(m.recent) - 1]}${row + 1}"
        row += 1
    return row, ranges
