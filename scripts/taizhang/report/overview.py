"""整改一览: the one-page overview with message, six cards, aspects, trend, departments and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from taizhang.figures import sentences
from taizhang.figures.metrics import OPEN_DEPARTMENT, UNLINKED, Group, Metrics
from taizhang.figures.rates import sum_rates
from taizhang.ledger.vocabulary import Light, Status
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import Formats, NewWorkbook, Worksheet, set_widths, setup_page, text_width, write_number
from taizhang.report.chart_data import Figures, drawn_words
from taizhang.report.charts import department_chart, place_chart, trend_chart
from taizhang.report.layout import (
    BODY,
    RATE_BAR,
    Sentence,
    count,
    fit,
    fit_names,
    fit_sentence,
    footer,
    heat,
    light_count,
    light_style,
    rate,
    red_rule,
    section,
    share_formula,
    shorten_line,
    write_title,
)
from taizhang.report.links import ALERTS, SheetRows
from taizhang.supervision.tasks import Task
from taizhang.typed.percentages import percent

__all__ = ["NUMERALS", "Card", "write_overview"]

WIDTHS = (6, 20, 118, 32, 32, 37, 37, 37, 37, 37, 36, 36, 42, 40, 13, 44, 52, 124, 74, 46, 40, 132)
CARDS = ((1, 4), (5, 8), (9, 13), (15, 17), (18, 20), (21, 21))
LAST = 21
LISTED = 5
LONGEST_LISTED = 10
"""The most characters of a department's name on two lines of the list."""
FEWEST = 6
"""The fewest characters of a name in a heading; if it does not fit with these, a clause is dropped instead."""
NUMERALS = "一二三四五六七八九十"
_ASPECT_HEAD, _ASPECT_FIRST, _MOST_ASPECTS, _ASPECT_POINTS = 8, 9, 6, 126
_LOWER_HEAD, _LIST_FIRST, _NOTE = 17, 19, 25
_HEIGHTS = {0: 30, 2: 40, 3: 17, 4: 29, 5: 17, 6: 7, 7: 18, 8: 26, 16: 7, 17: 18, 18: 16, 24: 14, 25: 13}
# Formulas use defined names, so that this page still agrees with a filtered or copied 措施台账.
_CLOSED = 'COUNTIF(措施_状态,"已销号")+COUNTIF(措施_状态,"长期坚持")'


@dataclass(frozen=True, slots=True)
class Card:
    """One figure of the top row: label, number with its format and formula, comparison, linked sheet, accent colour."""

    label: str
    value: float | None
    number_format: str
    note: str
    target: str
    accent: str = Palette.NAVY
    formula: str = ""

    @property
    def ink(self) -> str:
        """The colour of the number: that of the card's light, ink if it has none."""
        return {Palette.RED: Palette.RED_TEXT, Palette.AMBER: Palette.AMBER_TEXT}.get(self.accent, Palette.INK)


def write_overview(
    book: NewWorkbook, sheet: Worksheet, style: Formats, m: Metrics, figures: Figures, rows: SheetRows
) -> None:
    """Write the sheet; its two charts take their numbers from 图表数据."""
    aspects = _aspect_rows(m)
    heights = _row_heights(len(aspects))
    set_widths(sheet, WIDTHS)
    for row, points in enumerate(heights):
        sheet.set_row(row, points)
    write_title(sheet, style, m, 0, "整改进展一览", LAST, 22)
    phone = style(font_size=9, font_color=Palette.LINK, valign="bottom")
    sheet.write_url(0, 5, "internal:'手机版'!A1", phone, "手机版 →")
    red_rule(sheet, style, 1, LAST)
    _write_message(sheet, style, m)
    for card, columns in zip(_cards(m), CARDS, strict=True):
        _write_card(sheet, style, columns, card)
    section(sheet, style, 7, 1, 13, _fit_heading(partial(sentences.aspects_head, m), 1, 13), "五个方面")
    section(sheet, style, 7, 15, LAST, _fit_heading(f"趋势：{sentences.trend_head(m)}", 15, LAST), "趋势")
    _write_aspects(sheet, style, m, aspects)
    departments, size = _departments_head(m)
    section(sheet, style, _LOWER_HEAD, 1, 13, departments, "部门排名", size=size)
    section(sheet, style, _LOWER_HEAD, 15, LAST, sentences.red_head(m.exceptions, LISTED), "逾期预警")
    _write_exceptions(sheet, style, m, rows)
    if m.tasks:
        place_chart(sheet, trend_chart(book, m, figures.trend), 8, 15, sum(WIDTHS[15:]), sum(heights[8:16]))
        chart = department_chart(book, figures.shown)
        place_chart(sheet, chart, _LOWER_HEAD + 1, 1, sum(WIDTHS[1:14]), sum(heights[_LOWER_HEAD + 1 : 25]))
    else:
        for row, column in ((9, 15), (_LOWER_HEAD + 1, 1)):
            sheet.write_string(row, column, "还没有数据", style(font_color=Palette.INK2))
    limits = m.thresholds
    legend = (
        f"灯：◆红＝逾期，或落后序时超过{limits.red_behind}个百分点　▲黄＝落后{limits.yellow_behind}个百分点以上，"
        f"或{limits.due_soon}天内到期，或进度未填报、复核超期　●绿＝其余。"
        "办结＝已销号＋长期坚持，均经党委审定；待审核＝部门已报完成。“·”＝0"
    )
    if m.previous and m.previous.filled:
        legend += "　*上月没有新的记录，沿用此前留存的台账"
    sheet.write_string(_NOTE, 1, legend, style(font_size=8, font_color=Palette.INK2))
    setup_page(sheet, f"B1:V{_NOTE + 1}", footer=footer(m), tall=1)


def _row_heights(aspects: int) -> list[float]:
    """Return the height in points of every row; aspects and their total share the height of the trend chart."""
    each = int(_ASPECT_POINTS / (aspects + 1) / 0.75) * 0.75
    fixed: dict[int, float] = {1: 6, **_HEIGHTS}
    for row in range(_ASPECT_FIRST, _ASPECT_FIRST + _MOST_ASPECTS + 1):
        fixed[row] = each if row <= _ASPECT_FIRST + aspects else 1.5
    return [fixed.get(row, 33) for row in range(_NOTE + 1)]


def _fit_heading(sentence: Sentence, first: int, last: int) -> str:
    return fit_sentence(sentence, sum(WIDTHS[first : last + 1]) - 52, (10.5,), bold=True)[0]


def _departments_head(m: Metrics) -> tuple[str, float]:
    """Return the heading of the departments' chart and its size; it reports how many are drawn if not all are.

    If it does not fit with names of FEWEST characters, whole clauses are dropped: no number is cut.
    """
    drawn = drawn_words(m) or "部门"

    def whole(longest: int) -> str:
        return sentences.departments_head(m, longest)

    def brief(longest: int) -> str:
        return "；".join(sentences.departments_due(m, longest, narrow=True))

    def shortest(longest: int) -> str:
        return sentences.departments_due(m, longest, narrow=True)[0]

    room, sizes = sum(WIDTHS[1:14]) - 52, (10.5, 10, 9.5, 9, 8.5)
    fitting = (
        words for words in (whole, brief) if text_width(f"{drawn}：{words(FEWEST)}", sizes[-1], bold=True) <= room - 8
    )
    words = next(fitting, shortest)
    return fit_sentence(lambda longest: f"{drawn}：{words(longest)}", room, sizes, bold=True)


def _write_message(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    cell = style(text_wrap=True, valign="vcenter")
    sheet.merge_range(2, 1, 2, LAST, "", cell)
    width = sum(WIDTHS[1:])
    first, size = fit_sentence(partial(sentences.overall, m), width, (14, 13, 12, 11), bold=True)
    second, small = fit_sentence(partial(sentences.focus, m), width - 100, (10, 9, 8))
    sheet.write_rich_string(
        2,
        1,
        style(bold=True, font_size=size),
        f"{first}\n",
        style(font_size=small, font_color=Palette.INK2),
        second,
        cell,
    )


def _cards(m: Metrics) -> list[Card]:
    """Return the six cards."""
    total, before = m.total, m.previous
    today = sum(task.due == m.as_of for task in m.due_next_month)
    late = f"；其中逾期 {total.overdue} 项" if total.overdue else ""
    return [
        Card(
            f"措施办结率（{total.closed}/{total.tasks}）",
            (percent(total.rate) or 0) / 100 if m.tasks else None,
            "0%",
            sentences.plan_words(m),
            "部门排名",
            formula=share_formula(f"({_CLOSED})", "ROWS(措施_状态)") if m.tasks else "",
        ),
        Card("问题整改到位（个）", m.problems_closed, f'0"/{m.problem_count}"', sentences.settled_words(m), "问题台账"),
        Card("本月新办结（项）", m.closed_this_month, "0", sentences.pace(m), "趋势"),
        Card(
            "红灯（项）",
            total.red,
            '"◆ "0;;0',
            sentences.compare_with_last_month(m, total.red, before.red if before else None) + late,
            "逾期预警",
            Palette.RED if total.red else Palette.LINE,
            f'=COUNTIF(措施_灯,"{Light.RED}")',
        ),
        Card(
            "黄灯（项）",
            total.amber,
            '"▲ "0;;0',
            sentences.compare_with_last_month(m, total.amber, before.amber if before else None),
            "逾期预警",
            Palette.AMBER if total.amber else Palette.LINE,
            f'=COUNTIF(措施_灯,"{Light.AMBER}")',
        ),
        Card(
            f"{m.next_month}底前到期" + "（项）" * (m.as_of.month < 12),
            len(m.due_next_month),
            "0",
            f"其中今日到期 {today} 项" if today else "今日无到期",
            "时间进度",
        ),
    ]


def _write_card(sheet: Worksheet, style: Formats, columns: tuple[int, int], card: Card) -> None:
    first, last = columns
    edge = {"left": 5, "left_color": card.accent, "right": 5, "right_color": "#FFFFFF"}
    base = {"bg_color": Palette.PANEL, "align": "left", "indent": 1, **edge}
    number = style(
        **base, font_size=24, bold=True, font_name=NUMBER_FONT, font_color=card.ink, num_format=card.number_format
    )
    for row, text, size in ((3, card.label, 9.5), (5, card.note, 9)):
        words, points = fit(text, sum(WIDTHS[first : last + 1]) - 18, (size, 9, 8.5, 8))
        cell = style(**base, font_size=points, font_color=Palette.INK2)
        if last > first:
            sheet.merge_range(row, first, row, last, "", cell)
        sheet.write_string(row, first, words, cell)
    if last > first:
        sheet.merge_range(4, first, 4, last, "", number)
    sheet.write_url(4, first, f"internal:'{card.target}'!A1", number, "", f"看〈{card.target}〉")
    if card.value is None:
        sheet.write_string(4, first, "—", number)
    else:
        write_number(sheet, 4, first, card.value, number, formula=card.formula)


def _aspect_rows(m: Metrics) -> Sequence[Group]:
    """Return the aspects this page has room for; with more than six, the last line sums up the rest."""
    if len(m.aspects) <= _MOST_ASPECTS:
        return m.aspects
    head, rest = m.aspects[: _MOST_ASPECTS - 1], m.aspects[_MOST_ASPECTS - 1 :]
    return (*head, _sum_groups(f"其余 {len(rest)} 个方面", rest))


def _sum_groups(name: str, groups: Sequence[Group]) -> Group:
    def summed(key: str) -> int:
        return sum(getattr(group, key) for group in groups)

    return Group(
        name=name,
        problems=summed("problems"),
        tasks=summed("tasks"),
        statuses=tuple(sum(numbers) for numbers in zip(*(group.statuses for group in groups), strict=True)),
        red=summed("red"),
        amber=summed("amber"),
        open_matters=summed("open_matters"),
        closed=summed("closed"),
        due=summed("due"),
        due_closed=summed("due_closed"),
        rates=sum_rates(group.rates for group in groups),
        overdue=summed("overdue"),
        longest=max(group.longest for group in groups),
        progress=None,
        expected=None,
    )


def _write_aspects(sheet: Worksheet, style: Formats, m: Metrics, rows: Sequence[Group]) -> None:
    heads = (
        "",
        "方面",
        "问题",
        "措施",
        Status.NOT_STARTED,
        Status.UNDER_WAY,
        "待审核",
        "长期\n坚持",
        Status.STRUCK_OFF,
        "红灯",
        "黄灯",
        "办结率",
        "",
    )
    for column, head in enumerate(heads, 1):
        align = "left" if head == "方面" else "center"
        cell = style(font_size=9, font_color=Palette.INK2, align=align, text_wrap=True)
        sheet.write_string(_ASPECT_HEAD, column, head, cell)
    names = fit_names((group.name for group in rows), WIDTHS[2], (10, 9, 8))
    size = min((each for _, each in names.values()), default=10)
    for number, group in enumerate(rows):
        row = _ASPECT_FIRST + number
        numeral = NUMERALS[number] if group.name != UNLINKED else ""
        sheet.write_string(row, 1, numeral, style(font_size=9, font_color=Palette.INK2, align="center"))
        name = names[group.name][0]
        link = style(font_size=size, font_color=Palette.INK)
        sheet.write_url(row, 2, f"internal:'五个方面'!B{BODY + 1 + min(number, len(m.aspects) - 1) + 1}", link, name)
        _write_group(sheet, style, row, group)
    total = _ASPECT_FIRST + len(rows)
    line = {"top": 1, "top_color": Palette.NAVY, "bold": True}
    for column in range(1, 14):
        sheet.write_blank(total, column, None, style(**line))
    sheet.write_string(total, 2, "合计", style(**line))
    _write_group(sheet, style, total, m.total, summed=(_ASPECT_FIRST, total - 1) if rows else None, **line)
    if rows:
        highest = max(max(group.statuses) for group in rows)
        sheet.conditional_format(_ASPECT_FIRST, 5, total - 1, 9, heat(highest))
        sheet.conditional_format(_ASPECT_FIRST, 13, total - 1, 13, RATE_BAR)


def _write_group(
    sheet: Worksheet, style: Formats, row: int, group: Group, *, summed: tuple[int, int] | None = None, **line: Any
) -> None:
    """Write the numbers of a group; for a total, ``summed`` is its first and last summed row (0-based)."""

    def formula(column: int) -> str:
        letter = "ABCDEFGHIJKLMN"[column]
        return f"=SUM({letter}{summed[0] + 1}:{letter}{summed[1] + 1})" if summed else ""

    white = {} if line else {"border": 1, "border_color": "#FFFFFF"}
    count(sheet, row, 3, group.problems, style, formula=formula(3), **line)
    count(sheet, row, 4, group.tasks, style, formula=formula(4), **line)
    for column, number in enumerate(group.statuses, 5):
        count(sheet, row, column, number, style, formula=formula(column), **white, **line)
    for column, number, light in ((10, group.red, Light.RED), (11, group.amber, Light.AMBER)):
        if line:
            count(sheet, row, column, number, style, formula=formula(column), **line)
        else:
            light_count(sheet, row, column, number, light, style, **white)
    closed = percent(group.rate)
    rate(sheet, row, 12, closed, style, **line)
    if not line and closed is not None:
        bar = style(num_format="0%", font_size=8, bottom=5, bottom_color="#FFFFFF")
        sheet.write_number(row, 13, closed / 100, bar)


def _write_exceptions(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    heads = ("灯", "编号", "措施", "牵头部门", "时限", "逾期", "原因 → 下一步")
    for column, head in enumerate(heads, 15):
        align = "left" if column in (17, 21) else "center"
        cell = style(font_size=9, font_color=Palette.INK2, align=align)
        sheet.write_string(_LOWER_HEAD + 1, column, head, cell)
    listed = m.exceptions[:LISTED]
    every = (*(group.name for group in m.departments), OPEN_DEPARTMENT)
    names = distinct_names(every, lambda name: len(name) <= LONGEST_LISTED, m.short_names)
    for number, task in enumerate(listed):
        _write_exception(sheet, style, m, _LIST_FIRST + number, task, rows, names[task.department or OPEN_DEPARTMENT])
    if not listed:
        calm = {"bg_color": Palette.GREEN_TINT, "font_color": Palette.GREEN_TEXT, "bold": True}
        quiet = style(**(calm if m.tasks else {"bg_color": Palette.PANEL}), font_size=12, align="center")
        words = f"● {sentences.NO_LIGHTS}" if m.tasks else "还没有措施"
        sheet.merge_range(_LIST_FIRST, 15, _LIST_FIRST + 1, LAST, words, quiet)
    more = m.exceptions[LISTED:]
    if more:
        red = sum(task.light == Light.RED for task in more)
        kinds = "红灯" if red == len(more) else (f"（红灯 {red} 项）" if red else "黄灯")
        words = f"其余 {len(more)} 项{kinds}见〈逾期预警〉"
        sheet.write_string(24, 15, words, style(font_size=9, font_color=Palette.INK2))


def _short_date(m: Metrics, day: date | None) -> str:
    """Return a date for a narrow column: 3/31, below its year if that is not the report's; a dash for None."""
    if day is None:
        return "—"
    return f"{day.month}/{day.day}" if day.year == m.as_of.year else f"{day.year}年\n{day.month}/{day.day}"


def _write_exception(
    sheet: Worksheet, style: Formats, m: Metrics, row: int, task: Task, rows: SheetRows, who: str
) -> None:
    """Write one line of the list; the task's code links to its row on 逾期预警."""
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    sheet.write_string(row, 15, task.light, light_style(style, task.light))
    link = style(**line, align="center", font_name=NUMBER_FONT, font_size=8, font_color=Palette.LINK, underline=1)
    sheet.write_url(row, 16, rows.link(ALERTS, task.code), link, task.code)
    sheet.write_string(row, 17, shorten_line(task.statement, 18), style(**line, font_size=9, text_wrap=True))
    sheet.write_string(row, 18, who, style(**line, font_size=9, align="center", text_wrap=True))
    number = {"align": "center", "font_name": NUMBER_FONT, "font_size": 9}
    sheet.write_string(row, 19, _short_date(m, task.due), style(**line, **number, text_wrap=True))
    late = style(**line, align="center", bold=True, font_size=9, font_color=Palette.RED_TEXT)
    zero = style(**line, align="center", font_color=Palette.ZERO)
    sheet.write_string(row, 20, f"{task.overdue}天" if task.overdue else "·", late if task.overdue else zero)
    if task.obstacle or task.next_step:
        reason = f"{shorten_line(task.obstacle or '未填原因', 13)} → {shorten_line(task.next_step or '未填下一步', 15)}"
        sheet.write_string(row, 21, reason, style(**line, font_size=8, text_wrap=True))
    else:
        sheet.write_string(row, 21, "（未填报）", style(**line, font_size=8, font_color=Palette.AMBER_TEXT))
