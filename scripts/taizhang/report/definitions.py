"""口径说明: how each figure is counted."""

from __future__ import annotations

from typing import Any

from taizhang.measures import Measures
from taizhang.report.marks import chinese_date, footer, head_style, write_title
from taizhang.theme import Palette, formats, row_height, setup_page

__all__ = ["write_definitions"]


def definitions(m: Measures) -> tuple[tuple[str, str], ...]:
    """Return (figure, how it is counted) with this ledger's own thresholds."""
    limits = m.thresholds
    return (
        (
            "措施",
            f"〈整改任务〉里类型为一次、周期、长期的任务，本次共 {m.total.tasks} 项。原则性任务通过其他任务体现，不计数。",
        ),
        (
            "办结",
            "已销号＋长期坚持，都要在〈销号审核〉里有党委审定日期和相应结论，且审定日期不晚于统计截止日。部门自己报的不算办结。",
        ),
        ("待审核", f"部门报了“已完成”，或状态写成办结而没有审定记录的，本次 {m.total.pending} 项。"),
        (
            "措施办结率",
            f"办结 {m.total.closed} ÷ 措施 {m.total.tasks}。应完成＝时限不晚于统计截止日的措施（{m.planned_closed} 项）÷ 措施。",
        ),
        ("问题整改到位", f"对应的措施全部办结的问题数，共 {m.problem_count} 个问题；没有对应措施的问题不算到位。"),
        ("到期办结率", f"到期措施中办结的比例：{m.total.due_closed} ÷ {m.total.due}。时限当天还没办结的不计入分母。"),
        ("序时进度", "（统计截止日－开始日期）÷（完成时限－开始日期），在 0 到 100% 之间；没有开始日期的不算。"),
        ("进度、序时（部门）", "有开始日期和时限的措施的平均数；差＝两个显示值相减。"),
        ("逾期", "过了时限当天仍未报完成、未办结的，从次日起算天数。时限含当日，遇节假日不顺延。"),
        ("◆ 红", f"逾期，或进度落后序时超过 {limits.red_behind} 个百分点。"),
        ("▲ 黄", f"落后序时 {limits.yellow_behind} 个百分点以上，或 {limits.due_soon} 天内到期，或下次复核日期已过。"),
        ("● 绿", "其余在办措施。办结的不亮灯；责任或时限没有定的显示“待明确”。几条都符合时取最重的一条。"),
        (
            "趋势",
            "计划剩余＝时限在月末之后或没有时限的措施；实际剩余＝月末尚未审定办结的措施，按〈销号审核〉的审定日期回推。",
        ),
        ("方面", "措施按它对应的第一个问题归入方面；没有对应问题的单列“未对应问题”。"),
        ("排名", "按到期办结率从高到低；相同的，最长逾期短、办结率高、进度快、措施多的在前。尚无到期措施的不排名。"),
        ("本表", f"由台账生成，统计截至 {chinese_date(m.as_of)}。要改数，请改台账后重新生成。"),
    )


def write_definitions(sheet: Any, style: formats, m: Measures) -> None:
    """Write the sheet."""
    sheet.set_column_pixels(0, 0, 6)
    sheet.set_column_pixels(1, 1, 150)
    sheet.set_column_pixels(2, 2, 760)
    write_title(sheet, style, m, "口径说明", 2)
    for column, head in ((1, "指标"), (2, "怎么算")):
        sheet.write_string(2, column, head, head_style(style, align="left"))
    line = {"bottom": 1, "bottom_color": Palette.LINE, "text_wrap": True}
    for row, (name, text) in enumerate(definitions(m), 3):
        sheet.set_row(row, row_height([(text, 760)]))
        sheet.write_string(row, 1, name, style(**line, bold=True))
        sheet.write_string(row, 2, text, style(**line))
    last = 3 + len(definitions(m))
    setup_page(sheet, f"B1:C{last}", footer=footer(m))
