"""时间进度: a Gantt chart in cells, one column per half month: deadlines and progress, cycles of duties."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any, TypeAlias

from taizhang.figures import sentences
from taizhang.figures.cycle_words import MARKS_LEGEND, cycle_mark
from taizhang.figures.metrics import OPEN_DEPARTMENT, Group, Metrics
from taizhang.ledger.vocabulary import Light, Status
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import A3, Formats, Worksheet, page_breaks, setup_page
from taizhang.report.layout import (
    BODY,
    HEAD,
    clip,
    department_names,
    due_words,
    footer,
    head_style,
    light_style,
    page_points,
    rate,
    write_head,
)
from taizhang.report.links import DETAILS, SheetRows
from taizhang.supervision.duties import CycleState
from taizhang.supervision.tasks import Task
from taizhang.typed.percentages import round_half_up

__all__ = ["write_timeline"]

LABELS = (("编号", 62), ("措施", 240), ("牵头部门", 94), ("时限", 98), ("进度", 54), ("灯", 66))
SLOT, SLOTS = 39, 24
FIRST = 1 + len(LABELS)
WIDTHS = (6, *(pixels for _, pixels in LABELS), *(SLOT,) * SLOTS)
ROOMY, TIGHT = 18.75, 14.25
# Points: the rows that one page holds at the smallest scale allowed on this sheet, and the rows above the tasks.
ONE_PAGE, ABOVE = (842 - 0.92 * 72) / 0.87, 30 + 15 + 6 + 26 + 18 + 15
PAGE = page_points(WIDTHS[1:], a3=True)


def write_timeline(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the sheet: tasks by aspect, sorted by deadline, with the report's day as a red line."""
    note = (
        "浅蓝＝计划起止，深蓝＝已推进部分，粉＝逾期、欠缺的时段，灰＝已办结或暂缓；◆到期（◇原时限）　○办结　△下次复核　"
        f"‖暂缓；红竖线＝统计截止日。周期措施按期打标记：{MARKS_LEGEND}。每格半个月。"
    )
    write_head(sheet, style, m, "措施时间进度", note, sentences.timeline_head(m), WIDTHS)
    _write_heads(sheet, style, m)
    names = department_names(m, WIDTHS[3], (9,))
    groups = [(group, _sort_tasks(m, group.name)) for group in m.aspects if group.tasks]
    lines = sum(1 + len(tasks) for _, tasks in groups)
    one_page = ABOVE + lines * TIGHT + 15 <= ONE_PAGE
    points = max(TIGHT, min(ROOMY, int((ONE_PAGE - ABOVE - 15) / max(lines, 1) / 0.75) * 0.75)) if one_page else ROOMY
    row, blocks = BODY + 1, []
    for group, tasks in groups:
        blocks += _blocks(row, len(tasks), points)
        sheet.set_row(row, points)
        _write_group_head(sheet, style, m, row, group)
        for offset, task in enumerate(tasks, 1):
            sheet.set_row(row + offset, points)
            _write_task(sheet, style, m, row + offset, task, rows, names[task.department or OPEN_DEPARTMENT][0])
        row += 1 + len(tasks)
    if not groups:
        sheet.write_string(row, 1, "还没有措施", style(font_color=Palette.INK2))
        row += 1
    sheet.write_string(
        row,
        1,
        "※ 长期坚持的措施以阶段目标的时限计；没有时限、也没有周期的不画条；→ 在条末表示时限在本年度之后。",
        style(font_size=9, font_color=Palette.INK2),
    )
    sheet.freeze_panes(BODY + 1, 3)
    sheet.repeat_rows(HEAD, BODY)
    if not one_page:
        sheet.set_h_pagebreaks(page_breaks(blocks, PAGE, ABOVE, 33))
    setup_page(sheet, f"B2:AE{row + 1}", footer=footer(m), paper=A3, tall=1 if one_page else 0)


def _write_group_head(sheet: Worksheet, style: Formats, m: Metrics, row: int, group: Group) -> None:
    for column in range(1, len(WIDTHS)):
        cell = {"bg_color": Palette.PANEL, "bottom": 1, "bottom_color": Palette.LINE, **_today_border(m, column)}
        sheet.write_blank(row, column, None, style(**cell))
    head = {"bg_color": Palette.PANEL, "bold": True, "font_size": 9, "bottom": 1, "bottom_color": Palette.LINE}
    sheet.write_string(row, 1, clip(group.name, sum(WIDTHS[1:3]), 9, bold=True), style(**head))
    closed = sentences.rate_words(m.lead, group.rates.of(m.lead))
    sheet.write_string(row, 3, closed, style(**{**head, "bold": False, "font_color": Palette.INK2}))


def _blocks(row: int, tasks: int, points: float) -> list[tuple[int, float]]:
    """Return the blocks (row, points) of one group that page breaks must not split.

    The block is the whole group, or only heading and first task if the group takes more than half a page.
    """
    if points * (1 + tasks) <= PAGE / 2:
        return [(row, points * (1 + tasks))]
    return [(row, points * 2), *((row + 1 + offset, points) for offset in range(1, tasks))]


def _sort_tasks(m: Metrics, aspect: str) -> list[Task]:
    own = [task for task in m.tasks if m.aspect_of[task.code] == aspect]
    return sorted(own, key=lambda task: (task.due or date.max, task.code))


def _write_heads(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write two rows of heads; a month's name is centred over its two halves without merging cells."""
    sheet.set_row(HEAD, 18)
    sheet.set_row(BODY, 15)
    for column, (title, _) in enumerate(LABELS, 1):
        align = "left" if title == "措施" else "center"
        sheet.write_blank(HEAD, column, None, head_style(style))
        sheet.write_string(BODY, column, title, head_style(style, align=align, font_size=9))
    for slot in range(SLOTS):
        column, edge = FIRST + slot, {} if slot % 2 else {"left": 1, "left_color": Palette.BAR}
        month = head_style(style, align="center_across", text_wrap=False, font_size=9, **edge)
        if slot % 2:
            sheet.write_blank(HEAD, column, None, month)
        else:
            sheet.write_string(HEAD, column, f"{slot // 2 + 1}月", month)
        half = head_style(style, bold=False, font_size=8, **edge)
        sheet.write_string(BODY, column, "下" if slot % 2 else "上", half)


def _today_border(m: Metrics, column: int) -> dict[str, Any]:
    """Return the red border for a column if it is the half month of the report's day, else nothing."""
    in_year = m.as_of.year == m.trend[0].month.year
    here = in_year and column == FIRST + _slot(m.as_of, m.as_of.year)
    return {"right": 5, "right_color": Palette.RED_RULE} if here else {}


def _slot(day: date, year: int) -> int:
    """Return the half month of a day within a year, 0 to 23; days outside the year get the first or last one."""
    if day.year != year:
        return 0 if day.year < year else SLOTS - 1
    return (day.month - 1) * 2 + (day.day > 15)


def _write_task(sheet: Worksheet, style: Formats, m: Metrics, row: int, task: Task, rows: SheetRows, who: str) -> None:
    ink = Palette.MUTED if task.light == Light.CLOSED else Palette.INK
    line = {"bottom": 1, "bottom_color": Palette.GRID, "font_size": 9}
    link = style(**line, align="center", font_name=NUMBER_FONT, font_color=Palette.LINK)
    sheet.write_url(row, 1, rows.link(DETAILS, task.code), link, task.code)
    sheet.write_string(row, 2, clip(task.statement, WIDTHS[2], 9), style(**line, font_color=ink))
    sheet.write_string(row, 3, who, style(**line, align="center", font_color=ink))
    extended = f" 延{task.term.extended}次" if task.term.extended else ""
    sheet.write_string(row, 4, due_words(m, task) + extended, style(**line, align="center", font_color=ink))
    if task.duty:
        kept = f"{task.duty.fulfilled}/{task.duty.due}期"
        sheet.write_string(row, 5, kept, style(**line, align="center", font_name=NUMBER_FONT, font_color=ink))
    else:
        rate(sheet, row, 5, task.progress_shown, style, **line, align="center", font_color=ink)
    sheet.write_string(row, 6, task.light, light_style(style, task.light, font_size=9))
    fills, marks = _bar(m, task)
    for slot in range(SLOTS):
        cell: dict[str, Any] = {**line, "align": "center", **_today_border(m, FIRST + slot)}
        if slot in fills:
            cell["bg_color"] = fills[slot]
        if slot not in marks:
            sheet.write_blank(row, FIRST + slot, None, style(**cell))
            continue
        mark, colour = marks[slot]
        sheet.write_string(row, FIRST + slot, mark, style(**cell, font_color=colour))


Fills: TypeAlias = dict[int, str]
Marks: TypeAlias = dict[int, tuple[str, str]]
"""The fill colours and the marks (text, colour) by slot."""


def _bar(m: Metrics, task: Task) -> tuple[Fills, Marks]:
    """Return what is drawn of a task: plan, part done, days late, deadline and close-out; of a duty its cycles."""
    year = m.trend[0].month.year
    fills, marks = _cycles(year, task) if task.duty else _plan(year, task)
    if task.overdue:
        late = 0 if task.due is None or task.due.year < year else _slot(task.due, year) + 1
        fills |= dict.fromkeys(range(late, _slot(m.as_of, year) + 1), Palette.LATE)
    for first, last in task.term.pauses:
        if first.year <= year <= last.year:
            slots = range(_slot(first, year), _slot(last, year) + 1)
            fills |= dict.fromkeys(slots, Palette.FINISHED)
            marks[slots[0]] = ("‖", Palette.INK)
    if task.next_review and task.next_review.year == year and task.status is not Status.STRUCK_OFF:
        slot = _slot(task.next_review, year)
        late = task.review and task.review.overdue and slot not in fills
        marks[slot] = ("△", Palette.RED_TEXT if late else Palette.INK)
    if task.closed_on and task.closed_on.year == year:
        marks[_slot(task.closed_on, year)] = ("○", Palette.INK)
    return fills, marks


def _plan(year: int, task: Task) -> tuple[Fills, Marks]:
    """Return the bar from start to deadline with the part done, the deadline, and the one before any extension."""
    fills: Fills = {}
    marks: Marks = {}
    if task.due is None or task.due.year < year:
        return fills, marks
    due = _slot(task.due, year)
    first = min(_slot(task.start, year), due) if task.start else due
    last = max(due, _slot(task.closed_on, year)) if task.closed_on else due
    for slot in range(first, last + 1):
        fills[slot] = Palette.FINISHED if task.closed else Palette.PLANNED
    done = int(round_half_up(Fraction(task.progress or 0) * (due + 1 - first) / 100))
    for slot in range(first, first + (0 if task.closed else done)):
        fills[slot] = Palette.DONE
    original = task.term.original
    if task.term.extended and original and original.year == year:
        marks[_slot(original, year)] = ("◇", Palette.INK)
    if not task.closed:
        red = task.overdue and fills[due] != Palette.DONE
        marks[due] = ("→" if task.due.year > year else "◆", Palette.RED_TEXT if red else Palette.INK)
    return fills, marks


def _cycles(year: int, task: Task) -> tuple[Fills, Marks]:
    """Return the cycles of a duty that fall in the year, each with its mark; what is to come is drawn as planned."""
    assert task.duty
    begin = min((each.cycle.first for each in task.duty.cycles), default=task.start or date(year, 1, 1))
    end = min(filter(None, (task.due, task.closed_on)), default=date(year, 12, 31))
    fills: Fills = {}
    marks: Marks = {}
    if begin.year <= year <= end.year:
        planned = Palette.FINISHED if task.closed else Palette.PLANNED
        fills |= dict.fromkeys(range(_slot(begin, year), _slot(end, year) + 1), planned)
    for each in task.duty.cycles:
        if each.cycle.first.year == year:
            first, last = _slot(each.cycle.first, year), _slot(each.cycle.last, year)
            short = each.state in (CycleState.OWED, CycleState.MISSED)
            fills |= dict.fromkeys(range(first, last + 1), Palette.LATE) if short else {}
            marks[(first + last + 1) // 2] = (cycle_mark(each), Palette.RED_TEXT if short else Palette.NAVY)
    return fills, marks
