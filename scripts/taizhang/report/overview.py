"""整改一览: one A4 page, the message first."""

from __future__ import annotations

from typing import Any

from taizhang import messages
from taizhang.measures import Group, Measures
from taizhang.report.charts import department_chart, trend_chart
from taizhang.report.figures import Figures
from taizhang.report.marks import count, footer, light_style, short_date, write_title
from taizhang.status import Light, Task, percent
from taizhang.theme import NUMBER_FONT, Palette, formats, setup_page

__all__ = ["write_overview"]

WIDTHS = (6, 20, 114, 32, 32, 37, 37, 37, 37, 37, 36, 36, 42, 44, 13, 44, 52, 124, 74, 46, 40, 132)
HEIGHTS = (30, 6, 40, 17, 29, 17, 7, 18, 26, 18, 18, 18, 18, 18, 18, 18, 7, 18, 16, 33, 33, 33, 33, 33, 14, 13)
CARDS = ((1, 4), (5, 8), (9, 13), (15, 17), (18, 20), (21, 21))
LAST = 21
Card = tuple[str, Any, str, str, str, str]
LISTED = 5
_ASPECT_HEAD, _ASPECT_FIRST, _ASPECT_ROWS = 8, 9, 6
_LOWER_HEAD, _LIST_FIRST = 17, 19


def write_overview(book: Any, sheet: Any, style: formats, m: Measures, figures: Figures) -> None:
    """Write the sheet; its two charts take their numbers from 图表数据."""
    for column, pixels in enumerate(WIDTHS):
        sheet.set_column_pixels(column, column, pixels)
    for row, points in enumerate(HEIGHTS):
        sheet.set_row(row, points)
    write_title(sheet, style, m, "整改进展一览", LAST, size=22)
    _write_message(sheet, style, m)
    for card, columns in zip(_cards(m), CARDS, strict=True):
        _write_card(sheet, style, columns, card)
    _section(sheet, style, 7, 1, 13, messages.aspects_head(m), "措施台账")
    _section(sheet, style, 7, 15, LAST, messages.trend_head(m), "图表数据")
    _write_aspects(sheet, style, m)
    _section(sheet, style, _LOWER_HEAD, 1, 13, messages.departments_head(m), "部门排名")
    _section(sheet, style, _LOWER_HEAD, 15, LAST, messages.red_head(m.exceptions, LISTED), "逾期预警")
    _write_exceptions(sheet, style, m)
    _place_chart(sheet, trend_chart(book, m, figures), 8, 15, LAST, range(8, 16))
    if figures.departments:
        _place_chart(sheet, department_chart(book, figures), _LOWER_HEAD + 1, 1, 13, range(_LOWER_HEAD + 1, 25))
    limits = m.thresholds
    legend = (
        f"灯：◆红＝逾期，或落后序时超过{limits.red_behind}个百分点　▲黄＝落后{limits.yellow_behind}个百分点以上，或{limits.due_soon}天内到期，"
        "或复核超期　●绿＝其余。办结＝已销号＋长期坚持，均经党委审定；已完成＝部门已报、待审核。“·”＝0"
    )
    sheet.write_string(25, 1, legend, style(font_size=8, font_color=Palette.INK2))
    setup_page(sheet, "B1:V26", footer=footer(m), tall=1)


def _write_message(sheet: Any, style: formats, m: Measures) -> None:
    sheet.merge_range(2, 1, 2, LAST, "", style(text_wrap=True, valign="vcenter"))
    big = style(bold=True, font_size=14)
    small = style(font_size=10, font_color=Palette.INK2)
    sheet.write_rich_string(2, 1, big, messages.overall(m) + "\n", small, messages.focus(m), style(text_wrap=True))


def _cards(m: Measures) -> list[Card]:
    """Return (label, value, number format, comparison, linked sheet, accent) of the six cards."""
    total = m.total
    should = percent(m.planned_closed, total.tasks) or 0
    gap = (total.rate or 0) - should
    plan = "符合计划" if gap == 0 else f"{'超前' if gap > 0 else '落后'} {abs(gap)} 个百分点"
    step = m.closed_this_month - m.closed_last_month
    pace = "持平" if step == 0 else ("加快" if step > 0 else "放缓")
    today = sum(task.due == m.as_of for task in m.due_next_month)
    month = 1 if m.as_of.month == 12 else m.as_of.month + 1
    return [
        (
            f"措施办结率（{total.closed}/{total.tasks}）",
            (total.rate or 0) / 100,
            "0%",
            f"应完成 {should}%，{plan}",
            "部门排名",
            Palette.NAVY,
        ),
        (
            "问题整改到位（个）",
            m.problems_closed,
            f'0"/{m.problem_count}"',
            "所有措施都办结的问题",
            "措施台账",
            Palette.NAVY,
        ),
        (
            "本月新办结（项）",
            m.closed_this_month,
            "0",
            f"上月 {m.closed_last_month} 项，{pace}；待审核 {total.pending} 项",
            "图表数据",
            Palette.NAVY,
        ),
        (
            "红灯（项）",
            total.red,
            '"◆ "0;;0',
            f"占 {total.red}/{total.tasks}；其中逾期 {total.overdue} 项",
            "逾期预警",
            Palette.RED if total.red else Palette.LINE,
        ),
        (
            "黄灯（项）",
            total.amber,
            '"▲ "0;;0',
            f"占 {total.amber}/{total.tasks}",
            "逾期预警",
            Palette.AMBER if total.amber else Palette.LINE,
        ),
        (
            f"{month}月底前到期（项）",
            len(m.due_next_month),
            "0",
            f"今日到期 {today} 项" if today else "今日无到期",
            "措施台账",
            Palette.NAVY,
        ),
    ]


def _write_card(sheet: Any, style: formats, columns: tuple[int, int], card: Card) -> None:
    (first, last), (label, value, number, note, target, accent) = columns, card
    colour = {Palette.RED: Palette.RED_TEXT, Palette.AMBER: Palette.AMBER_TEXT}.get(accent, Palette.INK)
    base = {
        "bg_color": Palette.PANEL,
        "align": "left",
        "indent": 1,
        "left": 5,
        "left_color": accent,
        "right": 5,
        "right_color": "#FFFFFF",
    }
    formats_ = (
        style(**base, font_size=9.5, font_color=Palette.INK2),
        style(**base, font_size=24, bold=True, font_name=NUMBER_FONT, font_color=colour, num_format=number),
        style(**base, font_size=9, font_color=Palette.INK2),
    )
    for row, (content, cell) in enumerate(zip((label, value, note), formats_, strict=True), 3):
        if last > first:
            sheet.merge_range(row, first, row, last, "", cell)
        if row == 4:
            sheet.write_url(row, first, f"internal:'{target}'!A1", cell, "")
            sheet.write_number(row, first, content, cell)
        else:
            sheet.write_string(row, first, content, cell)


def _section(sheet: Any, style: formats, row: int, first: int, last: int, text: str, target: str) -> None:
    line = {"bottom": 1, "bottom_color": Palette.NAVY}
    for column in range(first, last + 1):
        sheet.write_blank(row, column, None, style(**line))
    sheet.write_string(row, first, text, style(**line, font_size=10.5, bold=True, font_color=Palette.NAVY))
    link = style(**line, font_size=9, font_color=Palette.LINK, align="right")
    sheet.write_url(row, last, f"internal:'{target}'!A1", link, "详见 →")


def _write_aspects(sheet: Any, style: formats, m: Measures) -> None:
    heads = (
        "",
        "方面",
        "问题",
        "措施",
        "未启动",
        "推进中",
        "已完成",
        "长期\n坚持",
        "已销号",
        "红灯",
        "黄灯",
        "办结率",
        "",
    )
    for column, head in enumerate(heads, 1):
        align = "left" if head == "方面" else "center"
        sheet.write_string(
            _ASPECT_HEAD, column, head, style(font_size=9, font_color=Palette.INK2, align=align, text_wrap=True)
        )
    numerals = "一二三四五六七八九"
    rows = m.aspects[:_ASPECT_ROWS]
    for row, group in enumerate(rows, _ASPECT_FIRST):
        linked = group.problems > 0
        sheet.write_string(
            row,
            1,
            numerals[row - _ASPECT_FIRST] if linked else "",
            style(font_size=9, font_color=Palette.INK2, align="center"),
        )
        _write_group(sheet, style, row, group)
    total = _ASPECT_FIRST + len(rows)
    for column in range(1, 14):
        sheet.write_blank(total, column, None, style(top=1, top_color=Palette.NAVY))
    _write_group(sheet, style, total, m.total, bold=True, top=1, top_color=Palette.NAVY)
    last = total - 1
    if rows:
        scale = {
            "type": "3_color_scale", "min_type": "num", "mid_type": "num", "max_type": "num",
            "min_value": 0, "mid_value": 4, "max_value": 10,
            "min_color": "#FFFFFF", "mid_color": "#BBD5EC", "max_color": "#5B9BD0",
        }  # fmt: skip
        sheet.conditional_format(_ASPECT_FIRST, 5, last, 9, scale)
        bar = {
            "type": "data_bar", "bar_solid": True, "bar_only": True, "bar_color": Palette.BAR,
            "min_type": "num", "max_type": "num", "min_value": 0, "max_value": 1,
        }  # fmt: skip
        sheet.conditional_format(_ASPECT_FIRST, 13, last, 13, bar)


def _write_group(sheet: Any, style: formats, row: int, group: Group, **more: Any) -> None:
    white = {} if more else {"border": 1, "border_color": "#FFFFFF"}
    sheet.write_string(row, 2, group.name, style(font_size=10, **more))
    count(sheet, row, 3, group.problems, style, **more)
    count(sheet, row, 4, group.tasks, style, **more)
    for column, number in enumerate(group.statuses, 5):
        count(sheet, row, column, number, style, **white, **more)
    for column, number, light in ((10, group.red, Light.RED), (11, group.amber, Light.AMBER)):
        if number and not more:
            mark = f'"{light[0]} "0'
            sheet.write_number(row, column, number, light_style(style, light, num_format=mark, font_name=NUMBER_FONT))
        else:
            count(sheet, row, column, number, style, **more)
    if group.rate is None:
        count(sheet, row, 12, None, style, **more)
        return
    sheet.write_number(row, 12, group.rate / 100, style(num_format="0%", align="right", font_name=NUMBER_FONT, **more))
    if not more:
        sheet.write_number(
            row, 13, group.rate / 100, style(num_format="0%", font_size=8, bottom=5, bottom_color="#FFFFFF")
        )


def _write_exceptions(sheet: Any, style: formats, m: Measures) -> None:
    heads = ("灯", "编号", "措施", "牵头部门", "时限", "逾期", "原因 → 下一步")
    for column, head in enumerate(heads, 15):
        align = "left" if column in (17, 21) else "center"
        sheet.write_string(_LOWER_HEAD + 1, column, head, style(font_size=9, font_color=Palette.INK2, align=align))
    listed = m.exceptions[:LISTED]
    for row, task in enumerate(listed, _LIST_FIRST):
        _write_exception(sheet, style, row, task)
    if not listed:
        quiet = style(
            bg_color=Palette.GREEN_TINT, font_color=Palette.GREEN_TEXT, bold=True, font_size=12, align="center"
        )
        sheet.merge_range(_LIST_FIRST, 15, _LIST_FIRST + 1, LAST, "● 本期没有红灯、黄灯措施", quiet)
    more = len(m.exceptions) - len(listed)
    if more > 0:
        red = sum(task.light == Light.RED for task in m.exceptions[LISTED:])
        words = f"其余 {more} 项" + (f"（红灯 {red} 项）" if red else "黄灯") + "见〈逾期预警〉"
        sheet.write_string(24, 15, words, style(font_size=9, font_color=Palette.INK2))


def _write_exception(sheet: Any, style: formats, row: int, task: Task) -> None:
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    sheet.write_string(row, 15, task.light, light_style(style, task.light))
    link = style(**line, align="center", font_name=NUMBER_FONT, font_size=8, font_color=Palette.LINK, underline=1)
    sheet.write_url(row, 16, "internal:'逾期预警'!A1", link, task.code)
    sheet.write_string(row, 17, shorten(task.statement, 20), style(**line, font_size=9, text_wrap=True))
    sheet.write_string(row, 18, task.department or "待明确", style(**line, font_size=9, align="center", text_wrap=True))
    sheet.write_string(row, 19, short_date(task.due), style(**line, align="center", font_name=NUMBER_FONT, font_size=9))
    late = style(**line, align="center", bold=True, font_size=9, font_color=Palette.RED_TEXT)
    sheet.write_string(
        row,
        20,
        f"{task.overdue}天" if task.overdue else "·",
        late if task.overdue else style(**line, align="center", font_color=Palette.ZERO),
    )
    if task.obstacle or task.next_step:
        reason = f"{shorten(task.obstacle or '未填原因', 15)} → {shorten(task.next_step or '未填下一步', 17)}"
        sheet.write_string(row, 21, reason, style(**line, font_size=8, text_wrap=True))
    else:
        sheet.write_string(row, 21, "（未填报）", style(**line, font_size=8, font_color=Palette.AMBER_TEXT))


def shorten(text: str, longest: int) -> str:
    """Return a text of at most so many characters, with … where it was cut."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[: longest - 1] + "…"


def _place_chart(sheet: Any, chart: Any, row: int, first: int, last: int, rows: range) -> None:
    width = sum(WIDTHS[first : last + 1])
    height = round(sum(HEIGHTS[each] for each in rows) * 96 / 72)
    chart.set_size({"width": width, "height": height})
    sheet.insert_chart(row, first, chart, {"object_position": 1, "description": chart.description})
