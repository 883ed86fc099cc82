"""措施台账: every counted task, for filtering and looking things up."""

from __future__ import annotations

from typing import Any

from taizhang.measures import Measures
from taizhang.report.marks import footer, head_style, light_style, write_title
from taizhang.theme import NUMBER_FONT, Palette, formats, row_height, setup_page

__all__ = ["write_details"]

COLUMNS = (
    ("编号", 64), ("措施", 300), ("对应问题", 96), ("方面", 140), ("牵头领导", 84), ("牵头部门", 84), ("开始", 76), ("时限", 76),
    ("进度", 48), ("状态", 64), ("灯", 58), ("逾期(天)", 58), ("滞后原因", 170), ("下一步", 170), ("佐证材料", 170),
)  # fmt: skip


def write_details(sheet: Any, style: formats, m: Measures) -> None:
    """Write one row per task, with a filter; 已完成 is shown as such and waits for the office."""
    sheet.set_column_pixels(0, 0, 6)
    write_title(sheet, style, m, "整改措施台账", len(COLUMNS))
    note = (
        f"{len(m.tasks)} 项措施（原则性措施不计数）。已完成＝部门已报、待审核。本表为生成件，请在台账里修改后重新生成。"
    )
    sheet.write_string(2, 1, note, style(font_size=9, font_color=Palette.INK2))
    sheet.set_row(3, 26)
    for column, (title, pixels) in enumerate(COLUMNS, 1):
        sheet.set_column_pixels(column, column, pixels)
        sheet.write_string(3, column, title, head_style(style))
    line = {"bottom": 1, "bottom_color": Palette.LINE, "font_size": 9}
    wrapped, centred = style(**line, text_wrap=True), style(**line, align="center", text_wrap=True)
    number = style(**line, align="center", font_name=NUMBER_FONT)
    day = style(**line, align="center", font_name=NUMBER_FONT, num_format="yyyy/m/d")
    for row, task in enumerate(m.tasks, 4):
        sheet.set_row(
            row,
            row_height(
                [
                    (task.statement, 300),
                    (task.obstacle, 170),
                    (task.next_step, 170),
                    (task.evidence, 170),
                    ("、".join(task.problems), 96),
                ],
                9,
            ),
        )
        words = "—" if task.deadline is None else ("长期" if task.deadline.ongoing else "—")
        sheet.write_string(row, 1, task.code, number)
        sheet.write_string(row, 2, task.statement, wrapped)
        sheet.write_string(row, 3, "、".join(task.problems) or "—", centred)
        sheet.write_string(row, 4, m.aspect_of[task.code], centred)
        sheet.write_string(row, 5, task.leader or "待明确", centred)
        sheet.write_string(row, 6, task.department or "待明确", centred)
        for column, when in ((7, task.start), (8, task.due)):
            if when:
                sheet.write_datetime(row, column, when, day)
            else:
                sheet.write_string(row, column, words if column == 8 else "—", centred)
        if task.progress is None:
            sheet.write_string(row, 9, "—", centred)
        else:
            sheet.write_number(
                row,
                9,
                float(task.progress) / 100,
                style(**line, align="center", font_name=NUMBER_FONT, num_format="0%"),
            )
        sheet.write_string(row, 10, task.status, centred)
        sheet.write_string(row, 11, task.light, light_style(style, task.light, font_size=9))
        late = style(**line, align="center", bold=True, font_color=Palette.RED_TEXT, num_format='0;-0;"·"')
        sheet.write_number(
            row,
            12,
            task.overdue,
            late if task.overdue else style(**line, align="center", num_format='0;-0;"·"', font_color=Palette.ZERO),
        )
        for column, text in ((13, task.obstacle), (14, task.next_step), (15, task.evidence)):
            sheet.write_string(row, column, text or "—", wrapped)
    last = 4 + len(m.tasks)
    if m.tasks:
        sheet.autofilter(3, 1, last - 1, len(COLUMNS))
    sheet.freeze_panes(4, 3)
    sheet.repeat_rows(3)
    setup_page(sheet, f"B1:P{last}", footer=footer(m), paper=8)
