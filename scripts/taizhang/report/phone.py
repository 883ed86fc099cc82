"""手机版: the same findings in one narrow column without charts; every bar has its number beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from taizhang.boards.views import BoardView
from taizhang.figures import sentences
from taizhang.figures.light_words import below_red_in_use, below_red_words, light_name
from taizhang.figures.metrics import OPEN_DEPARTMENT, Group, Metrics
from taizhang.figures.rates import RateName
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import NUMBER_FONT, TITLE_FONT, Palette
from taizhang.office.xlsx import (
    A6,
    LIST_TEXT,
    Formats,
    Worksheet,
    fill_cells,
    page_breaks,
    row_height,
    set_widths,
    setup_page,
    text_width,
)
from taizhang.report.layout import (
    back_to_overview,
    board_words,
    clip,
    department_names,
    due_words,
    fit,
    fit_names,
    light_style,
    period_words,
    progress_words,
    shorten_line,
)
from taizhang.report.overview import Card
from taizhang.supervision.lights import Trigger
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import chinese_date
from taizhang.typed.percentages import percent

__all__ = ["write_phone"]

WIDTHS = (6, 84, 28, 56, 56, 112)
WIDTH, HALF = sum(WIDTHS[1:]), sum(WIDTHS[1:4])
_BAR, LAST = 4, 5
"""The columns (0-based) of the bars and of the numbers beside them."""
_BOXES, _BOX = ((1, 2), (3, 4), (5, 5)), 112
"""The first and last columns of the three boxes of figures, and their pixels."""
LISTED, SPARE = 12, 3
"""The tasks listed of a light, and how many more are still listed rather than counted in a last line."""
MARGINS = (0.22, 0.22, 0.4)
PAGE = 420 - (0.22 + 0.4) * 72 - 4
LAST_PAGE = 90
"""The least height of what is on the last page, in points: below it, it seems to be blank."""
_FIRST = 10
"""The row (0-based) below the boxes and what is said under them."""

Block = tuple[int, float]
Line = tuple[str, int | None, str, Group]
"""A bar: name, rate in per cent, its fraction, and the group whose lights end it."""


def write_phone(sheet: Worksheet, style: Formats, m: Metrics, boards: Sequence[BoardView] = ()) -> None:
    """Write the sheet; page breaks (A6) never split a card. ``boards`` of registers get a short card each."""
    below = below_red_in_use(m.thresholds)
    set_widths(sheet, WIDTHS)
    back_to_overview(sheet, style)
    used = _write_top(sheet, style, m)
    row, blocks = _write_contradictions(sheet, style, m, _FIRST)
    for light in (Light.RED, *(each for each in below if each is Light.ORANGE)):
        row, more = _write_list(sheet, style, m, row, light)
        blocks += more
    row, more = _write_requests(sheet, style, m, row)
    blocks += more
    names = fit_names((group.name for group in m.aspects), HALF, (12, 11, 10.5))
    aspects = [_bar_of(names[group.name][0], group, m.lead) for group in m.aspects]
    row, more = _write_bars(
        sheet, style, row, f"各方面{m.lead}（问题到位 {m.problems_closed}/{m.problem_count}）", aspects
    )
    blocks += more
    names = department_names(m, HALF - 36, (12, 11, 10.5))
    departments = [
        _bar_of(
            f"— {names[group.name][0]}" if group.rank is None else f"{group.rank}. {names[group.name][0]}",
            group,
            RateName.ON_TIME,
        )
        for group in m.departments
    ]
    row, more = _write_bars(sheet, style, row, f"部门{RateName.ON_TIME}（按期/到期）", departments)
    blocks += more
    for light in (each for each in below if each is not Light.ORANGE):
        row, more = _write_list(sheet, style, m, row, light)
        blocks += more
    row, more = _write_boards(sheet, style, row, boards)
    blocks += more
    sheet.set_row(row, 18)
    sheet.write_string(row, 1, "详情见电脑版各表；口径见〈口径说明〉。", style(font_size=10.5, font_color=Palette.INK2))
    blocks.append((row, 18))
    sheet.set_h_pagebreaks(page_breaks(_end_together(blocks), PAGE, used))
    setup_page(
        sheet,
        f"B2:F{row + 1}",
        footer=("", ""),
        paper=A6,
        landscape=False,
        margins=MARGINS,
    )


def _end_together(blocks: Sequence[Block]) -> list[Block]:
    """Return the blocks with the last ones as one, so that the last page is not blank but for a line or two."""
    kept, (row, points) = list(blocks[:-1]), blocks[-1]
    while kept and points < LAST_PAGE:
        row, more = kept.pop()
        points += more
    return [*kept, (row, points)]


def _with_line(blocks: Sequence[Block], points: float) -> list[Block]:
    """Return the blocks, the last of which has another line below it."""
    return [*blocks[:-1], (blocks[-1][0], blocks[-1][1] + points)]


def _write_merged(sheet: Worksheet, row: int, text: str, cell: Any, first: int = 1, last: int = LAST) -> None:
    if last > first:
        sheet.merge_range(row, first, row, last, "", cell)
    sheet.write_string(row, first, text, cell)


def _write_top(sheet: Worksheet, style: Formats, m: Metrics) -> float:
    """Write title, message, one row of boxes and the other rates above _FIRST; return their height in points."""
    total = m.total
    sheet.write_string(1, 1, "整改进展一览", style(font_name=TITLE_FONT, font_size=20, bold=True))
    words = "　".join(filter(None, (f"截至 {chinese_date(m.as_of)}", period_words(m), "手机版")))
    sheet.write_string(2, 1, words, style(font_size=10.5, font_color=Palette.INK2))
    fill_cells(sheet, 3, 1, LAST, style(top=5, top_color=Palette.RED_RULE))
    text = sentences.overall(m)
    _write_merged(sheet, 4, text, style(font_size=12, bold=True, text_wrap=True))
    soon = len(m.due_next_month)
    below = below_red_words(m.thresholds)
    mark = f'"{total.worst_below_red.symbol} "0;;0'
    cards = (
        _rate_card(m, m.lead),
        Card("红灯", total.red, '"◆ "0;;0', f"逾期 {total.overdue} 项", "", Palette.RED if total.red else Palette.LINE),
        Card(below, total.amber, mark, f"快到期 {soon} 项", "", Palette.AMBER if total.amber else Palette.LINE),
    )
    for columns, card in zip(_BOXES, cards, strict=True):
        _write_card(sheet, style, 5, columns, card)
    others = [sentences.rate_words(name, m.rates.of(name)) for name in RateName if name is not m.lead]
    rates = f"{'；'.join(others)}；{m.next_month}底前到期{soon}项。"
    second = sentences.focus(m)
    small = style(font_size=10.5, font_color=Palette.INK2, text_wrap=True)
    for row, words in ((8, rates), (9, second)):
        _write_merged(sheet, row, words, small)
    heights = [
        32.25, 16.5, 6.0, row_height([(text, WIDTH)], 12, least=36, wrapping=LIST_TEXT), 16.5, 29.25, 16.5,
        *(row_height([(words, WIDTH)], 10.5, least=18, wrapping=LIST_TEXT) for words in (rates, second)),
    ]  # fmt: skip
    for row, points in enumerate(heights, 1):
        sheet.set_row(row, points)
    return sum(heights)


def _rate_card(m: Metrics, name: RateName) -> Card:
    """Return the card of a rate with its fraction below it."""
    of, leads = m.rates.of(name), bool(m.tasks)
    value = (percent(of.share) or 0) / 100 if of.whole else None
    note = f"{of} {name.unit}" if of.whole else sentences.nothing_words(name)
    return Card(f"{'★ ' if leads else ''}{name}", value, "0%", note, "", Palette.NAVY if leads else Palette.BAR)


def _bar_of(name: str, group: Group, of: RateName) -> Line:
    rate = group.rates.of(of)
    return name, percent(rate.share), str(rate) if rate.whole else "未到期", group


def _write_card(sheet: Worksheet, style: Formats, row: int, columns: tuple[int, int], card: Card) -> None:
    edge = {"left": 5, "left_color": card.accent, "right": 5, "right_color": "#FFFFFF"}
    base = {"bg_color": Palette.PANEL, "align": "left", "indent": 1, **edge}
    _write_merged(sheet, row, card.label, style(**base, font_size=10.5, font_color=Palette.INK2), *columns)
    number = {"num_format": card.number_format, "font_color": card.ink, "font_name": NUMBER_FONT}
    cell = style(**base, **number, font_size=22, bold=True)
    _write_merged(sheet, row + 1, "—", cell, *columns)
    if card.value is not None:
        sheet.write_number(row + 1, columns[0], card.value, cell)
    below = {"bottom": 5, "bottom_color": "#FFFFFF", "font_size": 10.5, "font_color": Palette.INK2}
    _write_merged(sheet, row + 2, clip(card.note, _BOX - 8, 10.5), style(**base, **below), *columns)


def _write_section(sheet: Worksheet, style: Formats, row: int, text: str) -> None:
    sheet.set_row(row, 27)
    line = {"bottom": 2, "bottom_color": Palette.NAVY, "valign": "bottom"}
    fill_cells(sheet, row, 1, LAST, style(**line))
    sheet.write_string(row, 1, text, style(**line, bold=True, font_size=12, font_color=Palette.NAVY))


def _write_list(sheet: Worksheet, style: Formats, m: Metrics, row: int, light: Light) -> tuple[int, list[Block]]:
    """Write a card for each task with a light; return the row below and the blocks that page breaks must not split."""
    tasks, word = [task for task in m.exceptions if task.light == light], light_name(light)
    _write_section(sheet, style, row, f"{word} {len(tasks)} 项" if tasks else f"{word}：没有")
    blocks: list[Block] = []
    start, height = row, 27.0
    row += 1
    listed = tasks if len(tasks) <= LISTED + SPARE else tasks[:LISTED]
    for task in listed:
        below, points = _write_task(sheet, style, m, row, task, word)
        blocks.append((start, height + points))
        start, height, row = below, 0.0, below
    if len(tasks) > len(listed):
        sheet.set_row(row, 18)
        words = f"其余 {len(tasks) - len(listed)} 项见〈逾期预警〉"
        sheet.write_string(row, 1, words, style(font_size=10.5, font_color=Palette.INK2))
        blocks = _with_line(blocks, 18)
        row += 1
    return row, blocks or [(start, height)]


def _write_notes(
    sheet: Worksheet, style: Formats, m: Metrics, row: int, title: str, notes: Sequence[tuple[Task, str]]
) -> tuple[int, list[Block]]:
    """Write a short card for each task with a text; return the row below and the blocks of page breaks."""
    blocks: list[Block] = []
    _write_section(sheet, style, row, title)
    start, height = row, 27.0
    row += 1
    for task, text in notes[:LISTED]:
        head = style(font_size=12, bold=True)
        who = department_names(m, sum(WIDTHS[2:]), (12,), bold=True)[task.department or OPEN_DEPARTMENT][0]
        sheet.write_string(row, 1, task.code, head)
        sheet.write_string(row, 2, who, head)
        words = shorten_line(text, 120)
        below = {"bottom": 1, "bottom_color": Palette.LINE}
        _write_merged(sheet, row + 1, words, style(font_size=12, text_wrap=True, **below))
        heights = (21.0, row_height([(words, WIDTH)], 12, least=20.25, wrapping=LIST_TEXT))
        for offset, points in enumerate(heights):
            sheet.set_row(row + offset, points)
        blocks.append((start, height + sum(heights)))
        row += 2
        start, height = row, 0.0
    if len(notes) > LISTED:
        sheet.set_row(row, 18)
        more = f"还有 {len(notes) - LISTED} 项见电脑版"
        sheet.write_string(row, 1, more, style(font_size=10.5, font_color=Palette.INK2))
        blocks = _with_line(blocks, 18)
        row += 1
    return row, blocks


def _write_contradictions(sheet: Worksheet, style: Formats, m: Metrics, row: int) -> tuple[int, list[Block]]:
    """Write what the ledger contradicts, if anything."""
    notes = [(each.task, each.words) for each in m.attention.unanswered]
    title = f"核对不符 {len(notes)} 项：报了完成，台账没有达到"
    return _write_notes(sheet, style, m, row, title, notes) if notes else (row, [])


def _write_requests(sheet: Worksheet, style: Formats, m: Metrics, row: int) -> tuple[int, list[Block]]:
    """Write what leaders are asked to coordinate, if anything."""
    notes = [(task, task.help_needed) for task in m.attention.asking]
    return _write_notes(sheet, style, m, row, f"请领导协调 {len(notes)} 项", notes) if notes else (row, [])


def _write_boards(sheet: Worksheet, style: Formats, row: int, boards: Sequence[BoardView]) -> tuple[int, list[Block]]:
    """Write the boards of registers that ask for something, if any, each with its message."""
    if not boards:
        return row, []
    blocks: list[Block] = []
    _write_section(sheet, style, row, f"专项 {len(boards)} 块")
    row, height = row + 1, 27.0
    for view in boards:
        words = board_words(view)
        _write_merged(sheet, row, words, style(font_size=12, text_wrap=True, bottom=1, bottom_color=Palette.LINE))
        points = row_height([(words, WIDTH)], 12, least=20.25, wrapping=LIST_TEXT)
        sheet.set_row(row, points)
        blocks.append((row - 1 if height else row, height + points))
        row, height = row + 1, 0.0
    return row, blocks


def _write_task(sheet: Worksheet, style: Formats, m: Metrics, row: int, task: Task, word: str) -> tuple[int, float]:
    """Write one task's card; return the row below and its height in points."""
    head = {"font_size": 12, "bottom": 0}
    sheet.write_string(row, 1, f"{task.light.symbol} {word}", light_style(style, task.light, **head, align="left"))
    who = department_names(m, sum(WIDTHS[2:LAST]), (12,), bold=True)[task.department or OPEN_DEPARTMENT][0]
    tint = light_style(style, task.light, **head, font_color=Palette.INK)
    _write_merged(sheet, row, who, tint, 2, _BAR)
    short = _trigger(task)
    sheet.write_string(row, LAST, short, light_style(style, task.light, **head, align="right"))
    text = f"{task.code} {shorten_line(task.statement, 80)}"
    _write_merged(sheet, row + 1, text, style(font_size=12, text_wrap=True))
    progress = progress_words(task) if task.recurring or task.progress is not None else "未填"
    facts = f"时限 {due_words(m, task)}　{'履行' if task.recurring else '进度'} {progress}"
    _write_merged(sheet, row + 2, facts, style(font_size=10.5, font_color=Palette.INK2, text_wrap=True))
    below = f"下一步：{shorten_line(task.next_step, 40)}" if task.next_step else ""
    why = f"原因：{shorten_line(task.obstacle, 60)}" if task.obstacle else "原因：（未填报）"
    done = f"进展：{shorten_line(m.update_of(task), 60)}" if task.update else ""
    below = "；".join(filter(None, (below, done)))
    reason = "；".join(filter(None, (why, below)))
    cell = style(font_size=10.5, font_color=Palette.INK2, text_wrap=True, bottom=1, bottom_color=Palette.LINE)
    _write_merged(sheet, row + 3, reason, cell)
    if not task.obstacle and below:
        amber, plain = (
            style(font_size=10.5, font_color=Palette.AMBER_TEXT),
            style(font_size=10.5, font_color=Palette.INK2),
        )
        sheet.write_rich_string(row + 3, 1, amber, why, plain, f"；{below}", cell)
    elif not task.obstacle:
        sheet.write_string(
            row + 3, 1, why, style(font_size=10.5, font_color=Palette.AMBER_TEXT, bottom=1, bottom_color=Palette.LINE)
        )
    heights = (
        21.0,
        row_height([(text, WIDTH)], 12, least=20.25, wrapping=LIST_TEXT),
        row_height([(facts, WIDTH)], 10.5, least=16.5, wrapping=LIST_TEXT),
        row_height([(reason, WIDTH)], 10.5, least=18.75, wrapping=LIST_TEXT),
    )
    for offset, points in enumerate(heights):
        sheet.set_row(row + offset, points)
    return row + 4, sum(heights)


def _trigger(task: Task) -> str:
    """Return the trigger in at most seven characters."""
    if task.trigger is Trigger.DUE_SOON and task.trigger_count:
        return f"{task.trigger_count}天到期"
    if task.trigger is Trigger.BEHIND:
        return "严重滞后" if task.light == Light.RED else "落后序时"
    brief = _BRIEFLY.get(task.trigger)
    return brief.format(task.trigger_count) if brief else task.reason


_BRIEFLY = {
    Trigger.LATE: "逾期{}天",
    Trigger.OWED: "欠{}次",
    Trigger.MISSED: "缺{}期",
    Trigger.CYCLE_ENDS: "本期差{}次",
    Trigger.REVIEW_MISSED: "复核超{}天",
    Trigger.WAITING_LONG: "等审{}天",
    Trigger.TIME_SHORT: "时间剩{}%",
}
"""A trigger with its number in so few characters as its place has."""


def _write_bars(
    sheet: Worksheet, style: Formats, row: int, title: str, lines: Sequence[Line]
) -> tuple[int, list[Block]]:
    """Write one line per (name, rate in per cent, numbers, group): the rate as a bar, the group's lights at the end.

    Returns the row below and the blocks that page breaks must not split.
    """
    _write_section(sheet, style, row, title)
    blocks: list[Block] = []
    start, height = row, 27.0
    row += 1
    if not lines:
        sheet.write_string(row, 1, "还没有措施", style(font_size=12, font_color=Palette.INK2))
        return row + 1, [(start, height + 20)]
    first = row
    for name, rate, numbers, group in lines:
        text, size = fit(name, HALF, (12, 11, 10.5))
        sheet.write_string(row, 1, text, style(font_size=size))
        bar = style(
            font_size=11, font_name=NUMBER_FONT, num_format="0%", bottom=5, bottom_color="#FFFFFF", align="right"
        )
        if rate is None:
            sheet.write_string(row, _BAR, "—", style(font_size=11, align="right", font_color=Palette.INK2))
        else:
            sheet.write_number(row, _BAR, rate / 100, bar)
        points = _write_lights(sheet, style, row, numbers, group)
        sheet.set_row(row, points)
        blocks.append((start, height + points))
        start, height, row = row + 1, 0.0, row + 1
    sheet.conditional_format(
        first,
        _BAR,
        row - 1,
        _BAR,
        {
            "type": "data_bar", "bar_solid": True, "bar_color": Palette.BAR_PALE, "min_type": "num", "max_type": "num",
            "min_value": 0, "max_value": 1,
        },
    )  # fmt: skip
    return row, blocks


def _write_lights(sheet: Worksheet, style: Formats, row: int, numbers: str, group: Group) -> float:
    """Write the numbers (3/9) and the lights, each in its colour; return the row's height in points.

    The lights go below the numbers if they do not fit beside them.
    """
    lights = ((Light.RED, group.red, Palette.RED_TEXT), (group.worst_below_red, group.amber, Palette.AMBER_TEXT))
    shown = [(f"{light.symbol}{number}", colour) for light, number, colour in lights if number]
    cell = style(font_size=11, align="right")
    if not shown:
        sheet.write_string(row, LAST, numbers, cell)
        return 24
    whole = " ".join((numbers, *(text for text, _ in shown)))
    below = text_width(whole, 10.5, bold=True) > WIDTHS[LAST] - 8
    parts: list[Any] = [style(font_size=10.5), numbers + ("\n" if below else " ")]
    for number, (text, colour) in enumerate(shown, 1):
        ink = style(font_size=10.5, bold=True, font_color=colour)
        parts += [ink, text + " " * (number < len(shown))]
    sheet.write_rich_string(row, LAST, *parts, style(font_size=11, align="right", text_wrap=below))
    return 33 if below else 24
