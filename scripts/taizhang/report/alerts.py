"""逾期预警: which items, why, and what comes next; reasons in the department's own words."""

from __future__ import annotations

from typing import Any

from taizhang import messages
from taizhang.measures import Measures
from taizhang.report.marks import chinese_date, footer, head_style, light_style, write_title
from taizhang.theme import NUMBER_FONT, Palette, formats, row_height, setup_page

__all__ = ["write_alerts"]

COLUMNS = (
    ("灯", 64),
    ("编号", 60),
    ("措施", 270),
    ("牵头部门", 90),
    ("牵头领导", 90),
    ("时限", 92),
    ("触发", 120),
    ("滞后原因", 190),
    ("下一步", 190),
)


def write_alerts(sheet: Any, style: formats, m: Measures) -> None:
    """Write the list of red and amber tasks."""
    sheet.set_column_pixels(0, 0, 6)
    write_title(sheet, style, m, "逾期与预警清单", len(COLUMNS))
    tasks = m.exceptions
    silent = sum(not task.obstacle for task in tasks)
    head = (
        messages.red_head(tasks, len(tasks))
        + f"；黄灯 {m.total.amber} 项"
        + (f"；{silent} 项未填报原因" if silent else "")
    )
    sheet.set_row(2, 26)
    sheet.write_string(2, 1, head, style(bold=True, font_size=14))
    sheet.set_row(3, 26)
    for column, (title, pixels) in enumerate(COLUMNS, 1):
        sheet.set_column_pixels(column, column, pixels)
        align = "left" if title in ("措施", "滞后原因", "下一步") else "center"
        sheet.write_string(3, column, title, head_style(style, align=align))
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    wrapped, centred = style(**line, text_wrap=True), style(**line, align="center", text_wrap=True)
    empty = style(**line, font_color=Palette.AMBER_TEXT)
    for row, task in enumerate(tasks, 4):
        sheet.set_row(
            row, row_height([(task.statement, 270), (task.obstacle, 190), (task.next_step, 190), (task.reason, 120)])
        )
        sheet.write_string(row, 1, task.light, light_style(style, task.light))
        sheet.write_string(row, 2, task.code, style(**line, align="center", font_name=NUMBER_FONT, font_size=9))
        sheet.write_string(row, 3, task.statement, wrapped)
        sheet.write_string(row, 4, task.department or "待明确", centred)
        sheet.write_string(row, 5, task.leader or "待明确", centred)
        sheet.write_string(row, 6, chinese_date(task.due)[5:] if task.due else "—", centred)
        sheet.write_string(row, 7, task.reason, centred)
        for column, text in ((8, task.obstacle), (9, task.next_step)):
            sheet.write_string(row, column, text or "（未填报）", wrapped if text else empty)
    last = 4 + len(tasks)
    if not tasks:
        sheet.write_string(4, 1, "● 本期没有红灯、黄灯措施", style(font_color=Palette.GREEN_TEXT, bold=True))
        last += 1
    sheet.write_url(last, 1, "internal:'整改一览'!A1", style(font_size=9, font_color=Palette.LINK), "← 返回一览")
    sheet.freeze_panes(4, 3)
    sheet.repeat_rows(3)
    setup_page(sheet, f"B1:J{last}", footer=footer(m))
