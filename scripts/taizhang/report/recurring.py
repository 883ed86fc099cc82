"""周期履行: the recurring tasks with a strip of their cycles, what was kept, made up and owed, and by department."""

from __future__ import annotations

from functools import partial
from typing import Any

from taizhang.figures import board_sentences
from taizhang.figures.cycle_words import MARKS_LEGEND, cycle_mark
from taizhang.figures.metrics import Metrics
from taizhang.figures.rates import Rate
from taizhang.figures.recurring import CycleCounts, DepartmentDuties, RecurringLine
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page
from taizhang.report.layout import (
    BODY,
    HEAD,
    count,
    department_names,
    footer,
    fraction,
    light_count,
    light_style,
    write_head,
    write_heads,
)
from taizhang.report.links import SheetRows
from taizhang.report.lists import HAIR, PEOPLE, TOTAL, Flow, brief_names, task_link, wrapped
from taizhang.supervision.duties import CycleStanding, CycleState

__all__ = ["write_recurring"]

COLUMNS = (
    ("灯", 58),
    ("编号", 56),
    ("任务", 168),
    (PEOPLE, 88),
    ("周期", 50),
    ("往年", 46),
    *((f"{month}\n月", 21) for month in range(1, 13)),
    ("应\n完成", 36),
    ("已\n完成", 36),
    ("补\n完成", 36),
    ("欠、\n缺", 36),
    ("履行率", 80),
    ("亮灯原因", 107),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
_STATEMENT, _PEOPLE, _EARLIER, _FIRST, _DUE, _RATE, _REASON = 3, 4, 6, 7, 19, 23, 24


def write_recurring(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the sheet: one row per recurring task, their sum, and one row per department."""
    board = m.boards.recurring
    note = f"{MARKS_LEGEND}；空白＝还没到，或不在任务期内。应完成＝已经过完的期数；往年＝完成、补完成／应完成。"
    write_head(sheet, style, m, "周期任务履行情况", note, partial(board_sentences.recurring_head, board), WIDTHS)
    write_heads(sheet, style, HEAD, [title for title, _ in COLUMNS], left=("任务", "亮灯原因"), points=30)
    flow = Flow(sheet, style, WIDTHS, BODY, brief_names(m))
    for line in board.lines:
        _write_line(flow, m, line, rows)
    if not board.lines:
        flow.say("没有周期任务，不用按期履行。")
    else:
        _write_sum(flow, board.total, "合计", TOTAL)
        flow.heading(f"按部门：{len(board.departments)} 个")
        names = department_names(m, WIDTHS[_STATEMENT], (10, 9))
        for department in board.departments:
            name, size = names[department.name]
            _write_sum(flow, department, name, HAIR, size)
    flow.break_pages()
    sheet.freeze_panes(BODY, 3)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:Y{flow.row}", footer=footer(m))


def _write_line(flow: Flow, m: Metrics, line: RecurringLine, rows: SheetRows) -> None:
    """Write one task; the cells of a cycle's months show its mark in their middle."""
    sheet, style, task = flow.sheet, flow.style, line.task
    texts = {
        _STATEMENT: wrapped(task.statement, WIDTHS[_STATEMENT]),
        _PEOPLE: wrapped(flow.people(task), WIDTHS[_PEOPLE], 9),
        _REASON: wrapped(task.reason, WIDTHS[_REASON], 9),
    }
    row = flow.take_texts([(text, column) for column, text in texts.items()])
    sheet.write_string(row, 1, task.light, light_style(style, task.light))
    task_link(sheet, style, row, 2, rows, task.code)
    sheet.write_string(row, _STATEMENT, texts[_STATEMENT], style(**HAIR, text_wrap=True))
    sheet.write_string(row, _PEOPLE, texts[_PEOPLE], style(**HAIR, text_wrap=True, align="center", font_size=9))
    duty = task.duty
    cycle = f"每{duty.kind}\n{duty.per_cycle} 次" if duty else "—"
    sheet.write_string(row, 5, cycle, style(**HAIR, text_wrap=True, align="center", font_size=9))
    earlier = f"{line.earlier.fulfilled}/{line.earlier.due}" if line.earlier.due else "—"
    sheet.write_string(row, _EARLIER, earlier, style(**HAIR, align="center", font_size=9, font_color=Palette.INK2))
    _write_strip(sheet, style, row, line.this_year)
    _write_counts(sheet, style, row, line.counts, HAIR)
    sheet.write_string(row, _REASON, texts[_REASON], style(**HAIR, text_wrap=True, font_size=9))


def _write_strip(sheet: Worksheet, style: Formats, row: int, cycles: tuple[CycleStanding, ...]) -> None:
    """Write the marks of the year's cycles, each across the months of its cycle, divided by pale lines."""
    edge = {"left": 1, "left_color": Palette.LINE}
    fill_cells(sheet, row, _FIRST, _FIRST + 11, style(**HAIR))
    for each in cycles:
        first = _FIRST + each.cycle.first.month - 1
        look: dict[str, Any] = {**HAIR, "align": "center_across", **_ink(each)}
        sheet.write_string(row, first, _mark(each), style(**look, **edge))
        fill_cells(sheet, row, first + 1, first + each.cycle.kind.months - 1, style(**look))
    sheet.write_blank(row, _FIRST + 12, None, style(**HAIR, **edge))


def _mark(each: CycleStanding) -> str:
    """Return the mark of a cycle, with its numbers if it wants more than one and its cell has room."""
    mark = cycle_mark(each)
    if each.required < 2 or each.cycle.kind.months == 1:
        return mark
    match each.state:
        case CycleState.OWED:
            return f"{mark}{each.owed}"
        case CycleState.RUNNING:
            return mark if each.done >= each.required else f"{mark}{each.done}/{each.required}"
    return mark


def _ink(each: CycleStanding) -> dict[str, Any]:
    if each.state in (CycleState.OWED, CycleState.MISSED):
        return {"font_color": Palette.RED_TEXT, "bold": True}
    return {"font_color": Palette.NAVY if each.state is not CycleState.EXEMPT else Palette.ZERO}


def _write_counts(sheet: Worksheet, style: Formats, row: int, counts: CycleCounts, line: dict[str, Any]) -> None:
    for column, number in enumerate((counts.due, counts.kept, counts.made_up, counts.short), _DUE):
        late = {"font_color": Palette.RED_TEXT, "bold": True} if column == _DUE + 3 and number else {}
        count(sheet, row, column, number, style, **{**line, **late})
    fraction(sheet, row, _RATE, Rate(counts.fulfilled, counts.due), style, **line)


def _write_sum(flow: Flow, of: DepartmentDuties, name: str, line: dict[str, Any], size: float = 10) -> None:
    """Write the sums of a department, or of all."""
    row = flow.take(21)
    sheet, style = flow.sheet, flow.style
    fill_cells(sheet, row, 1, flow.last, style(**line))
    sheet.write_string(row, _STATEMENT, name, style(**line, font_size=size))
    sheet.write_string(row, _PEOPLE, f"{of.tasks} 项", style(**line, align="center"))
    _write_counts(sheet, style, row, of.counts, line)
    light_count(sheet, row, 1, of.red, Light.RED, style, **line)
    light_count(sheet, row, 2, of.amber, Light.AMBER, style, **line)
