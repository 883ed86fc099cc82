"""部门排名: fair by what was due."""

from __future__ import annotations

from typing import Any

from taizhang import messages
from taizhang.measures import Measures
from taizhang.report.charts import department_chart
from taizhang.report.figures import Figures
from taizhang.report.marks import count, footer, head_style, light_style, write_title
from taizhang.status import Light
from taizhang.theme import NUMBER_FONT, Palette, formats, setup_page

__all__ = ["write_ranking"]

WIDTHS = (6, 40, 104, 44, 54, 58, 64, 54, 50, 50, 62, 50, 50, 70, 14, 54, 54, 54, 54, 54, 54)
HEADS = (
    "名次",
    "部门",
    "措施",
    "应办结",
    "到期\n办结率",
    "0—100%",
    "办结率",
    "进度",
    "序时",
    "差\n(百分点)",
    "红灯",
    "黄灯",
    "最长逾期\n(天)",
)
FIRST = 4


def write_ranking(book: Any, sheet: Any, style: formats, m: Measures, figures: Figures) -> None:
    """Write the sheet: departments with nothing due yet have no rank and stand last."""
    for column, pixels in enumerate(WIDTHS):
        sheet.set_column_pixels(column, column, pixels)
    write_title(sheet, style, m, "部门整改进展排名", 20)
    sheet.set_row(2, 26)
    sheet.write_string(2, 1, messages.departments_head(m).removeprefix("部门："), style(bold=True, font_size=14))
    sheet.set_row(3, 32)
    for column, head in enumerate(HEADS, 1):
        sheet.write_string(3, column, head, head_style(style, align="left" if head == "部门" else "center"))
    row = FIRST
    for number, group in enumerate(m.departments, 1):
        sheet.set_row(row, 26)
        line = {"bottom": 1, "bottom_color": Palette.LINE}
        ranked = group.due_rate is not None
        sheet.write_string(
            row, 1, str(number) if ranked else "—", style(**line, align="center", font_color=Palette.INK2)
        )
        sheet.write_string(row, 2, group.name, style(**line, bold=bool(group.overdue)))
        _figures(sheet, style, row, group, line)
        row += 1
    sheet.set_row(row, 26)
    total = {"bg_color": Palette.PANEL, "bold": True, "top": 1, "top_color": Palette.NAVY}
    sheet.write_blank(row, 1, None, style(**total))
    sheet.write_string(row, 2, "合计", style(**total))
    _figures(sheet, style, row, m.total, total)
    if m.departments:
        bar = {
            "type": "data_bar", "bar_solid": True, "bar_only": True, "bar_color": Palette.BAR,
            "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1,
        }  # fmt: skip
        sheet.conditional_format(FIRST, 6, row - 1, 6, bar)
        chart = department_chart(book, figures)
        chart.set_size({"width": sum(WIDTHS[15:]), "height": round((32 + 26 * (len(m.departments) + 1)) * 96 / 72)})
        sheet.insert_chart(3, 15, chart, {"object_position": 1, "description": chart.description})
    note = "※ 措施不足 3 项的部门基数小，名次仅供参考。“·”＝0，“—”＝尚无到期措施，不参加排名。差＝进度－序时。应办结＝时限已到的措施。"
    sheet.write_string(row + 1, 1, note, style(font_size=9, font_color=Palette.INK2))
    back = style(font_size=9, font_color=Palette.LINK)
    sheet.write_url(row + 2, 1, "internal:'整改一览'!A1", back, "← 返回一览")
    sheet.freeze_panes(FIRST, 3)
    setup_page(sheet, f"B1:U{row + 2}", footer=footer(m), tall=1)


def _figures(sheet: Any, style: formats, row: int, group: Any, line: dict[str, Any]) -> None:
    count(sheet, row, 3, group.tasks, style, **line)
    count(sheet, row, 4, group.due, style, **line)
    _rate(sheet, style, row, 5, group.due_rate, {**line, "bold": True})
    if group.due_rate is None or "bg_color" in line:
        sheet.write_blank(row, 6, None, style(**line))
    else:
        sheet.write_number(row, 6, group.due_rate / 100, style(num_format="0%", bottom=5, bottom_color="#FFFFFF"))
    _rate(sheet, style, row, 7, group.rate, line)
    _rate(sheet, style, row, 8, group.progress, line)
    _rate(sheet, style, row, 9, group.expected, {"font_color": Palette.INK2, **line})
    gap = None if group.progress is None or group.expected is None else group.progress - group.expected
    behind = {"font_color": Palette.RED_TEXT, "bold": True} if gap is not None and gap <= -15 else {}
    count(sheet, row, 10, gap, style, **{"num_format": "+0;-0;0", **line, **behind})
    for column, number, light in ((11, group.red, Light.RED), (12, group.amber, Light.AMBER)):
        if number and "bg_color" not in line:
            sheet.write_number(
                row, column, number, light_style(style, light, num_format=f'"{light[0]} "0', font_name=NUMBER_FONT)
            )
        else:
            count(sheet, row, column, number, style, **line)
    late = {"font_color": Palette.RED_TEXT, "bold": True} if group.longest else {}
    count(sheet, row, 13, group.longest, style, **{**line, **late})


def _rate(sheet: Any, style: formats, row: int, column: int, rate: int | None, line: dict[str, Any]) -> None:
    if rate is None:
        count(sheet, row, column, None, style, **line)
    else:
        sheet.write_number(
            row, column, rate / 100, style(**{"num_format": "0%", "align": "right", "font_name": NUMBER_FONT, **line})
        )
