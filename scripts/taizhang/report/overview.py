"""整改一览: the one-page overview with message, four rates, lights, aspects, trend, departments and alerts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from taizhang.boards.views import BoardView
from taizhang.figures import sentences
from taizhang.figures.light_words import below_red_in_use, below_red_words, brief_rules
from taizhang.figures.metrics import OPEN_DEPARTMENT, UNLINKED, Group, Metrics
from taizhang.figures.rates import RateName, sum_rates
from taizhang.ledger.vocabulary import Conclusion, Light, Status
from taizhang.office.short_names import distinct_names
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import Formats, NewWorkbook, Worksheet, set_widths, setup_page, text_width, write_number
from taizhang.report.chart_data import Figures, drawn_words
from taizhang.report.charts import department_chart, place_chart, trend_chart
from taizhang.report.layout import (
    BODY,
    RATE_BAR,
    Sentence,
    board_words,
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
    shorten_line,
    write_title,
)
from taizhang.report.links import ALERTS, DETAILS, SheetRows
from taizhang.supervision.tasks import Task
from taizhang.typed.percentages import percent

__all__ = ["NUMERALS", "Card", "write_overview"]

WIDTHS = (6, 20, 118, 32, 32, 37, 37, 37, 37, 37, 36, 36, 42, 40, 13, 44, 52, 124, 74, 46, 40, 132)
CARDS = ((1, 4), (5, 8), (9, 13), (15, 17), (18, 20), (21, 21))
LAST = 21
LISTED, ASKED = 5, 2
"""The lines of the list of alerts, and the most requests below it: each takes the place of one, their head of one."""
LONGEST_LISTED = 10
"""The most characters of a department's name on two lines of the list."""
FEWEST = 6
"""The fewest characters of a name in a heading; if it does not fit with these, a clause is dropped instead."""
NUMERALS = "一二三四五六七八九十"
_FACTS, _ASPECT_HEAD, _ASPECT_FIRST, _MOST_ASPECTS, _ASPECT_POINTS = 6, 8, 9, 6, 120
_LOWER_HEAD, _LIST_FIRST, _NOTE = 17, 19, 26
_HEIGHTS = {0: 30, 2: 40, 3: 17, 4: 29, 5: 17, _FACTS: 17, 7: 18, 8: 26, 16: 5, 17: 18, 18: 15, _NOTE: 13}
_LISTED_POINTS, _LISTED_LOW, _MORE_POINTS, _ASKS_HEAD, _ASK_POINTS = 33, 30, 12, 17, 26
"""Points of a line of the list (low if the legend takes two lines), of the line of what is not listed, of the
heading of requests, and of a request."""


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


_NARROW_HEADS = {RateName.ON_TIME: "按期\n办结率"}
"""Heads of rates in two lines, where the name is too long for a narrow column."""


def write_overview(
    book: NewWorkbook,
    sheet: Worksheet,
    style: Formats,
    m: Metrics,
    figures: Figures,
    rows: SheetRows,
    boards: Sequence[BoardView] = (),
) -> None:
    """Write the sheet; its two charts take their numbers from 图表数据. ``boards`` of registers get a line each."""
    aspects = _aspect_rows(m)
    legend = _legend(m)
    heights = _row_heights(len(aspects), asks=_asked(m), long=len(legend) > 1)
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
    _write_facts(sheet, style, m)
    _heading(sheet, style, 7, (1, 13), partial(sentences.aspects_head, m), "五个方面")
    _heading(sheet, style, 7, (15, LAST), f"趋势：{sentences.trend_head(m)}", "趋势")
    _write_aspects(sheet, style, m, aspects)
    departments, size = _departments_head(m)
    section(sheet, style, _LOWER_HEAD, 1, 13, departments, "部门排名", size=size)
    _heading(sheet, style, _LOWER_HEAD, (15, LAST), partial(sentences.red_head, m.exceptions, _listed(m)), "逾期预警")
    _write_exceptions(sheet, style, m, rows)
    _write_requests(sheet, style, m, rows)
    if m.tasks:
        place_chart(sheet, trend_chart(book, m, figures.trend), 8, 15, sum(WIDTHS[15:]), sum(heights[8:16]))
        chart = department_chart(book, figures.shown)
        place_chart(sheet, chart, _LOWER_HEAD + 1, 1, sum(WIDTHS[1:14]), sum(heights[_LOWER_HEAD + 1 : _NOTE]))
    else:
        for row, column in ((9, 15), (_LOWER_HEAD + 1, 1)):
            sheet.write_string(row, column, "还没有数据", style(font_color=Palette.INK2))
    _write_legend(sheet, style, legend)
    _write_boards(sheet, style, boards)
    setup_page(sheet, f"B1:V{_NOTE + 1 + len(boards)}", footer=footer(m), tall=1)


def _asked(m: Metrics) -> int:
    return min(ASKED, len(m.attention.asking))


def _listed(m: Metrics) -> int:
    asked = _asked(m)
    return LISTED - asked if asked else LISTED


def _legend(m: Metrics) -> list[str]:
    """Return the legend of the lights in one line, or in two if it needs them: the rules in use, from 参数."""
    rules = [f"{light}＝{'，'.join(words)}" for light, words in brief_rules(m.thresholds).items()]
    number = sum(task.inherited for task in m.tasks)
    inherited = f"，含{Conclusion.INHERITED} {number} 项" if number else ""
    rest = [
        f"{Light.GREEN}＝其余，办结＝已销号＋长期坚持{inherited}",
        "“·”＝0，“—”＝还没有；算法见〈口径说明〉",
        *(["*上月没有新的记录，沿用此前留存的台账"] if m.previous and m.previous.filled else []),
    ]
    room = sum(WIDTHS[1:]) - 8
    whole = "　".join((*rules, *rest))
    if text_width(whole, LEGEND_SIZE) <= room:
        return [whole]
    return ["　".join(rules), "　".join(rest)]


LEGEND_SIZE = 8


def _write_legend(sheet: Worksheet, style: Formats, legend: Sequence[str]) -> None:
    cell = style(font_size=LEGEND_SIZE, font_color=Palette.INK2, text_wrap=len(legend) > 1)
    if len(legend) > 1:
        sheet.merge_range(_NOTE, 1, _NOTE, LAST, "", cell)
    sheet.write_string(_NOTE, 1, "\n".join(legend), cell)


def _write_boards(sheet: Worksheet, style: Formats, boards: Sequence[BoardView]) -> None:
    """Write one line for each board of a register below the legend: its light, its name and its message."""
    for row, view in enumerate(boards, _NOTE + 1):
        sheet.set_row(row, 13.5)
        text, size = fit(board_words(view), sum(WIDTHS[1:]), (9, 8.5, 8))
        sheet.write_string(row, 1, text, style(font_size=size))


def _row_heights(aspects: int, *, asks: int, long: bool) -> list[float]:
    """Return the height in points of every row; aspects and their total share the height of the trend chart.

    ``asks`` is the number of requests below the list. ``long``: the legend takes two lines, and the list gives way.
    """
    each = int(_ASPECT_POINTS / (aspects + 1) / 0.75) * 0.75
    fixed: dict[int, float] = {1: 6, **_HEIGHTS, _NOTE - 1: 0.75}
    more = _LIST_FIRST + LISTED - asks
    fixed[more] = _MORE_POINTS
    if asks:
        fixed |= {more + 1: _ASKS_HEAD, **dict.fromkeys(range(more + 2, _NOTE), _ASK_POINTS)}
    if long:
        fixed[_NOTE] = 24
    for row in range(_ASPECT_FIRST, _ASPECT_FIRST + _MOST_ASPECTS + 1):
        fixed[row] = each if row <= _ASPECT_FIRST + aspects else 1.5
    return [fixed.get(row, _LISTED_LOW if long else _LISTED_POINTS) for row in range(_NOTE + 1)]


def _heading(
    sheet: Worksheet, style: Formats, row: int, columns: tuple[int, int], sentence: Sentence, target: str
) -> None:
    """Write a section heading, in a smaller size or with shorter names if it does not fit beside its link."""
    first, last = columns
    room = sum(WIDTHS[first:last])
    text, size = fit_sentence(sentence, room, (10.5, 10, 9.5, 9), bold=True)
    section(sheet, style, row, first, last, text, target, size=size)


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
    """Return the six cards: the four rates, then the lights."""
    total, before = m.total, m.previous
    late = f"；逾期 {total.overdue}" if total.overdue else ""
    notes = sentences.rate_notes(m)
    below = below_red_in_use(m.thresholds)
    return [
        *(_rate_card(m, name, notes[name], target) for name, target in _RATE_SHEETS.items()),
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
            f"{below_red_words(m.thresholds)}（项）",
            total.amber,
            f'"{total.worst_below_red.symbol} "0;;0',
            sentences.compare_with_last_month(m, total.amber, before.amber if before else None),
            "逾期预警",
            Palette.AMBER if total.amber else Palette.LINE,
            # Formulas use defined names, so that this page still agrees with a filtered or copied 措施台账.
            "=" + "+".join(f'COUNTIF(措施_灯,"{light}")' for light in below),
        ),
    ]


_RATE_SHEETS = {
    RateName.ON_TIME: "部门排名",
    RateName.STRUCK_OFF: "五个方面",
    RateName.FULFILLED: "时间进度",
    RateName.REVIEWED: "措施台账",
}
"""The sheet that each rate's card leads to."""


def _rate_card(m: Metrics, name: RateName, note: str, target: str) -> Card:
    """Return the card of a rate; the leading one has the accent, and its label says that it leads."""
    of, leads = m.rates.of(name), name is m.lead and bool(m.tasks)
    return Card(
        f"{'★ ' if leads else ''}{name}（{of}{name.unit}）",
        (percent(of.share) or 0) / 100 if of.whole else None,
        "0%",
        note if m.tasks else "还没有措施",
        target,
        Palette.NAVY if leads else Palette.BAR,
    )


def _write_facts(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the line below the cards: problems settled, close-outs of the month, what is due next."""
    today = sum(task.due == m.as_of for task in m.due_next_month)
    due = f"{m.next_month}底前到期 {len(m.due_next_month)} 项（今日 {today} 项）"
    facts = (
        (1, f"问题整改到位 {m.problems_closed}/{m.problem_count} 个（{sentences.settled_words(m)}）", "问题台账"),
        (9, f"本月新办结 {m.closed_this_month} 项（{sentences.pace(m)}）", "趋势"),
        (18, due, "时间进度"),
    )
    for column, text, target in facts:
        link = style(font_size=9, font_color=Palette.INK2, valign="vcenter")
        sheet.write_url(_FACTS, column, f"internal:'{target}'!A1", link, text, f"看〈{target}〉")


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
        lights=tuple(sum(numbers) for numbers in zip(*(group.lights for group in groups), strict=True)),
        open_matters=summed("open_matters"),
        closed=summed("closed"),
        rates=sum_rates(group.rates for group in groups),
        overdue=summed("overdue"),
        longest=max(group.longest for group in groups),
        progress=None,
        expected=None,
        progressed=summed("progressed"),
        scheduled=summed("scheduled"),
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
        below_red_words(m.thresholds),
        _NARROW_HEADS.get(m.lead, m.lead),
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
        _write_group(sheet, style, row, group, m.lead)
    total = _ASPECT_FIRST + len(rows)
    line = {"top": 1, "top_color": Palette.NAVY, "bold": True}
    for column in range(1, 14):
        sheet.write_blank(total, column, None, style(**line))
    sheet.write_string(total, 2, "合计", style(**line))
    _write_group(sheet, style, total, m.total, m.lead, summed=(_ASPECT_FIRST, total - 1) if rows else None, **line)
    if rows:
        highest = max(max(group.statuses) for group in rows)
        sheet.conditional_format(_ASPECT_FIRST, 5, total - 1, 9, heat(highest))
        sheet.conditional_format(_ASPECT_FIRST, 13, total - 1, 13, RATE_BAR)


def _write_group(
    sheet: Worksheet,
    style: Formats,
    row: int,
    group: Group,
    lead: RateName,
    *,
    summed: tuple[int, int] | None = None,
    **line: Any,
) -> None:
    """Write the numbers of a group and its leading rate; ``summed``: first and last row (0-based) of a total."""

    def formula(column: int) -> str:
        letter = "ABCDEFGHIJKLMN"[column]
        return f"=SUM({letter}{summed[0] + 1}:{letter}{summed[1] + 1})" if summed else ""

    white = {} if line else {"border": 1, "border_color": "#FFFFFF"}
    count(sheet, row, 3, group.problems, style, formula=formula(3), **line)
    count(sheet, row, 4, group.tasks, style, formula=formula(4), **line)
    for column, number in enumerate(group.statuses, 5):
        count(sheet, row, column, number, style, formula=formula(column), **white, **line)
    for column, number, light in (
        (10, group.red, Light.RED),
        (11, group.amber, group.worst_below_red),
    ):
        if line:
            count(sheet, row, column, number, style, formula=formula(column), **line)
        else:
            light_count(sheet, row, column, number, light, style, **white)
    share = percent(group.rates.of(lead).share)
    rate(sheet, row, 12, share, style, **line)
    if not line and share is not None:
        bar = style(num_format="0%", font_size=8, bottom=5, bottom_color="#FFFFFF")
        sheet.write_number(row, 13, share / 100, bar)


def _write_exceptions(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    heads = ("灯", "编号", "措施", "牵头部门", "时限", "逾期", "原因 → 下一步")
    for column, head in enumerate(heads, 15):
        align = "left" if column in (17, 21) else "center"
        cell = style(font_size=9, font_color=Palette.INK2, align=align)
        sheet.write_string(_LOWER_HEAD + 1, column, head, cell)
    listed = m.exceptions[: _listed(m)]
    every = (*(group.name for group in m.departments), OPEN_DEPARTMENT)
    names = distinct_names(every, lambda name: len(name) <= LONGEST_LISTED, m.short_names)
    for number, task in enumerate(listed):
        _write_exception(sheet, style, m, _LIST_FIRST + number, task, rows, names[task.department or OPEN_DEPARTMENT])
    if not listed:
        calm = {"bg_color": Palette.GREEN_TINT, "font_color": Palette.GREEN_TEXT, "bold": True}
        quiet = style(**(calm if m.tasks else {"bg_color": Palette.PANEL}), font_size=12, align="center")
        words = f"● {sentences.NO_LIGHTS}" if m.tasks else "还没有措施"
        sheet.merge_range(_LIST_FIRST, 15, _LIST_FIRST + 1, LAST, words, quiet)
    more = m.exceptions[_listed(m) :]
    if more:
        red = sum(task.light == Light.RED for task in more)
        kinds = "红灯" if red == len(more) else (f"（红灯 {red} 项）" if red else below_red_words(m.thresholds))
        words = f"另有 {len(more)} 项{kinds}见〈逾期预警〉"
        sheet.write_string(_LIST_FIRST + _listed(m), 15, words, style(font_size=9, font_color=Palette.INK2))


def _write_requests(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write what departments ask leaders to coordinate, below the list: how many, and the first ones."""
    asking = m.attention.asking
    if not asking:
        return
    more = f"，列前 {ASKED}" if len(asking) > ASKED else ""
    first = _LIST_FIRST + _listed(m) + 1
    section(sheet, style, first, 15, LAST, f"请领导协调 {len(asking)} 项{more}", "手机版")
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    names = distinct_names(
        (*(group.name for group in m.departments), OPEN_DEPARTMENT),
        lambda name: len(name) <= LONGEST_LISTED,
        m.short_names,
    )
    for row, task in enumerate(asking[:ASKED], first + 1):
        sheet.write_string(row, 15, task.light, light_style(style, task.light))
        link = style(**line, align="center", font_name=NUMBER_FONT, font_size=8, font_color=Palette.LINK, underline=1)
        sheet.write_url(row, 16, rows.link(DETAILS, task.code), link, task.code)
        wrapped = style(**line, font_size=9, text_wrap=True)
        sheet.merge_range(row, 17, row, 17 + 1, "", wrapped)
        who = names[task.department or OPEN_DEPARTMENT]
        sheet.write_string(row, 17, f"{who}：{shorten_line(task.statement, 26 - len(who))}", wrapped)
        sheet.merge_range(row, 19, row, LAST, "", wrapped)
        sheet.write_string(row, 19, shorten_line(task.help_needed, 30), wrapped)


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
    extended = f"\n延{task.term.extended}次" if task.term.extended else ""
    sheet.write_string(row, 19, _short_date(m, task.due) + extended, style(**line, **number, text_wrap=True))
    late = style(**line, align="center", bold=True, font_size=9, font_color=Palette.RED_TEXT)
    zero = style(**line, align="center", font_color=Palette.ZERO)
    sheet.write_string(row, 20, f"{task.overdue}天" if task.overdue else "·", late if task.overdue else zero)
    if task.obstacle or task.next_step:
        reason = f"{shorten_line(task.obstacle or '未填原因', 13)} → {shorten_line(task.next_step or '未填下一步', 15)}"
        sheet.write_string(row, 21, reason, style(**line, font_size=8, text_wrap=True))
    else:
        sheet.write_string(row, 21, "（未填报）", style(**line, font_size=8, font_color=Palette.AMBER_TEXT))
