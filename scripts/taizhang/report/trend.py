"""趋势: the month-by-month table of open tasks and lights, with two charts."""

from __future__ import annotations

from taizhang.figures import sentences
from taizhang.figures.light_words import below_red_words
from taizhang.figures.metrics import Metrics, TrendPoint
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, NewWorkbook, Worksheet, setup_page
from taizhang.report.chart_data import Figures
from taizhang.report.charts import lights_chart, place_chart, trend_chart
from taizhang.report.layout import BODY, HEAD, count, footer, section, write_head, write_heads
from taizhang.typed.dates import chinese_date

__all__ = ["write_trend"]

WIDTHS = (6, 120, *(74,) * 12)
_LEFT, _RIGHT = (1, 8), (10, 13)
CHART_POINTS = 18.75
ROWS = (
    ("计划剩余", "planned"),
    ("实际剩余", "actual"),
    ("当月到期", "due"),
    ("当月办结", "closed"),
    ("◆ 红灯", "red"),
    ("▲ {}", "amber"),
)
"""The rows of the table: head, with the name of the lights below red, and the field of a trend point."""


def write_trend(book: NewWorkbook, sheet: Worksheet, style: Formats, m: Metrics, figures: Figures) -> None:
    """Write the table of month ends, the burn-down chart and the chart of lights."""
    note = (
        "前四行只数限期措施（一次性的，和有止期的周期措施）：计划剩余＝月末之后才到期或没有时限的；"
        "实际剩余按审定日期回推。红灯、黄灯数全部措施，取自当月末留存的台账。"
    )
    message = f"{sentences.trend_head(m)}；{sentences.trend_month(m)}"
    write_head(sheet, style, m, f"整改趋势（{m.trend[0].month.year}年）", note, message, WIDTHS)
    write_heads(
        sheet,
        style,
        HEAD,
        ("月末", *(_month(m, point) for point in m.trend)),
        left=("月末",),
        points=21 if m.ends_month or m.now is None else 31.5,
    )
    _write_months(sheet, style, m)
    row = BODY + len(ROWS)
    sheet.write_string(row, 1, _note(m), style(font_size=9, font_color=Palette.INK2))
    row += 2
    section(sheet, style, row, *_LEFT, "未办结的限期措施：实际与计划（项）")
    section(sheet, style, row, *_RIGHT, "每月亮灯（项）")
    height = CHART_POINTS * 15
    for each in range(row + 1, row + 16):
        sheet.set_row(each, CHART_POINTS)
    if m.tasks:
        chart = trend_chart(book, m, figures.trend)
        place_chart(sheet, chart, row + 1, _LEFT[0], sum(WIDTHS[_LEFT[0] : _LEFT[1] + 1]), height)
        if m.now is not None:
            chart = lights_chart(book, m, figures.trend)
            place_chart(sheet, chart, row + 1, _RIGHT[0], sum(WIDTHS[_RIGHT[0] : _RIGHT[1] + 1]), height)
    else:
        sheet.write_string(row + 1, 1, "还没有数据", style(font_color=Palette.INK2))
    setup_page(sheet, f"B2:N{row + 16}", footer=footer(m), tall=1)


def _write_months(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the rows of the table, one column per month."""
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    colours = {"red": Palette.RED_TEXT, "amber": Palette.AMBER_TEXT}
    below = below_red_words(m.thresholds)
    for row, (head, key) in enumerate(ROWS, BODY):
        name = head.format(below)
        sheet.set_row(row, 18.75)
        bold = {"bold": True} if key == "actual" else {}
        ink = {"font_color": colours[key]} if key in colours else {}
        sheet.write_string(row, 1, name, style(**line, **bold, **ink))
        for column, point in enumerate(m.trend, 2):
            number = getattr(point, key)
            mark = "*" if key in colours and point.filled else ""
            count(sheet, row, column, number, style, mark=mark, **line, **bold, **(ink if number else {}))


def _month(m: Metrics, point: TrendPoint) -> str:
    """Return the head of a month; the current month's includes the day up to which it is counted."""
    return f"{point.month.month}月" + ("" if point.day == point.month else f"\n（至{point.day.day}日）")


def _note(m: Metrics) -> str:
    """Return the note below the table: months without a ledger, months with nothing recorded, rest of this month."""
    if m.now is None:
        return f"统计截止日 {chinese_date(m.as_of)} 在方案年度之前，还没有实际数。"
    gaps = [point.month.month for point in m.trend[: m.now] if _lacks_ledger(m, point)]
    words = f"{'、'.join(f'{month}月' for month in gaps)}末没有留存台账，红灯、黄灯为“—”，图上空缺；" if gaps else ""
    filled = [point.month.month for point in m.trend if point.filled]
    if m.first_period:
        words = "首期，无上月数：红灯、黄灯从本期开始记；"
    if filled:
        months = "、".join(f"{month}月" for month in filled)
        words += f"*＝{months}没有新的记录，红灯、黄灯沿用此前留存的台账，按当月末算；"
    if not m.ends_month:
        rest = m.trend[m.now].planned - (
            len(m.scheduled) - sum(bool(t.due and t.due <= m.trend[m.now].month) for t in m.scheduled)
        )
        words += f"{m.as_of.month}月各行都只算到{m.as_of.day}日，此后到月末还有 {rest} 项到期；"
    return f"{words}“·”＝0，“—”＝没有数或尚未到月末。"


def _lacks_ledger(m: Metrics, point: TrendPoint) -> bool:
    """Whether no ledger was kept at this month end although an earlier one was."""
    kept = [each.month for each in m.trend if each.red is not None]
    return point.red is None and bool(kept) and kept[0] < point.month
