"""逾期预警: red and amber tasks with reason and next step, then pending, stalled, relapsed and sampled tasks."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from datetime import date
from functools import partial

from taizhang.figures import sentences
from taizhang.figures.coverage import SAMPLE_LEAST, SAMPLE_SHARE, Step
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import LIST_TEXT, Formats, Worksheet, fill_cells, page_breaks, row_height, setup_page
from taizhang.report.layout import (
    BODY,
    HEAD,
    day_words,
    due_words,
    footer,
    light_style,
    month_end_words,
    page_points,
    section,
    status_word,
    tall_enough,
    write_head,
    write_heads,
)
from taizhang.report.links import DETAILS, SheetRows
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import month_before
from taizhang.typed.percentages import percent

__all__ = ["write_alerts"]

COLUMNS = (
    ("灯", 64),
    ("编号", 62),
    ("措施", 262),
    ("牵头部门", 94),
    ("牵头领导", 94),
    ("时限", 86),
    ("触发", 130),
    ("滞后原因", 204),
    ("下一步", 204),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
LAST = len(COLUMNS)
ABOVE = 30 + 15 + 6 + 26 + 26  # points of the rows above the first line
Line = tuple[Task, str, str, str]
"""A task with its trigger, reason and next step."""

Block = tuple[str, str, list[Line]]
"""A list below the lights: title, text if the list is empty, lines."""


def write_alerts(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the list of red and amber tasks, then the short lists of ``_blocks``."""
    note = (
        "红灯在前，按逾期天数从长到短；黄灯按时限。滞后原因、下一步是牵头部门填报的原文。"
        "下面另列：待审核、没有进展、进度倒退、反弹、抽查。"
    )
    write_head(sheet, style, m, "逾期与预警清单", note, partial(sentences.alerts_head, m), WIDTHS)
    heads = [title for title, _ in COLUMNS]
    write_heads(sheet, style, HEAD, heads, left=("措施", "滞后原因", "下一步"))
    heights, heads_of_blocks = {}, set()
    for row, task in enumerate(m.exceptions, BODY):
        line = (task, task.reason, task.obstacle, task.next_step)
        heights[row] = _write_line(sheet, style, m, row, line, rows, asked=True)
    row = BODY + len(m.exceptions)
    if not m.exceptions:
        words = f"● {sentences.NO_LIGHTS}" if m.tasks else "还没有措施"
        tint = {"bg_color": Palette.GREEN_TINT if m.tasks else Palette.PANEL}
        sheet.set_row(row, 24)
        fill_cells(sheet, row, 1, LAST, style(**tint))
        ink = {"font_color": Palette.GREEN_TEXT} if m.tasks else {}
        sheet.write_string(row, 1, words, style(**tint, **ink, bold=True))
        row += 1
    for title, empty, lines in _blocks(m):
        row += 1
        heights[row] = 21.0
        sheet.set_row(row, 21)
        section(sheet, style, row, 1, LAST, f"{title}：{len(lines)} 项" if lines else title)
        row += 1
        if not lines:
            sheet.write_string(row, 1, empty, style(font_color=Palette.INK2))
            row += 1
        heads_of_blocks.add(row - 1)
        for line in lines:
            heights[row] = _write_line(sheet, style, m, row, line, rows, asked=False)
            row += 1
    sheet.set_h_pagebreaks(_find_page_breaks(heights, heads_of_blocks, row))
    sheet.freeze_panes(BODY, 3)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:J{row}", footer=footer(m))


def _write_line(
    sheet: Worksheet, style: Formats, m: Metrics, row: int, line: Line, rows: SheetRows, *, asked: bool
) -> float:
    """Write one task and return its row's height in points.

    ``asked``: the department has to report reason and next step, so an empty one is marked as missing.
    """
    task, trigger, obstacle, next_step = line
    who, leader = task.department or "待明确", task.leader or "待明确"
    wide = ((task.statement, 262), (trigger, 130), (obstacle, 204), (next_step, 204), (who, 94), (leader, 94))
    texts = [tall_enough(text, pixels) for text, pixels in wide]
    height = row_height(
        [(text, pixels) for text, (_, pixels) in zip(texts, wide, strict=True)], least=27.75, wrapping=LIST_TEXT
    )
    sheet.set_row(row, height)
    hair = {"bottom": 1, "bottom_color": Palette.LINE}
    wrapped, centred = style(**hair, text_wrap=True), style(**hair, align="center", text_wrap=True)
    sheet.write_string(row, 1, task.light, light_style(style, task.light))
    link = style(**hair, align="center", font_name=NUMBER_FONT, font_size=9, font_color=Palette.LINK, underline=1)
    sheet.write_url(row, 2, rows.link(DETAILS, task.code), link, task.code)
    sheet.write_string(row, 3, texts[0], wrapped)
    sheet.write_string(row, 4, texts[4], centred)
    sheet.write_string(row, 5, texts[5], centred)
    sheet.write_string(row, 6, due_words(m, task), centred)
    late = style(**hair, align="center", text_wrap=True, bold=True, font_color=Palette.RED_TEXT)
    sheet.write_string(row, 7, texts[1], late if asked and task.light == Light.RED else centred)
    missing = style(**hair, font_color=Palette.AMBER_TEXT) if asked else style(**hair, font_color=Palette.INK2)
    for column, text in ((8, texts[2]), (9, texts[3])):
        if text:
            sheet.write_string(row, column, text, wrapped)
        else:
            sheet.write_string(row, column, "（未填报）" if asked else "—", missing)
    return height


def _find_page_breaks(heights: Mapping[int, float], heads: Container[int], end: int) -> list[int]:
    """Return the rows before which pages break; a block's heading stays with its first line."""
    blocks, carried = [], 0.0
    for row in range(BODY, end):
        points = heights.get(row, 15.0) + carried
        if row in heads:
            carried = points
            continue
        blocks.append((row - (row - 1 in heads), points))
        carried = 0.0
    return page_breaks(blocks, page_points(WIDTHS[1:]), ABOVE, 26)


def _blocks(m: Metrics) -> Sequence[Block]:
    """Return the lists below the lights."""
    return _pending(m), _stalled(m), _backward(m), _relapsed(m), _sample(m)


def _pending(m: Metrics) -> Block:
    lines = [(task, "待审核", _evidence(task), task.update) for task in m.coverage.pending]
    return "部门已报完成、办公室还没有确认", "没有。", lines


def _stalled(m: Metrics) -> Block:
    empty = "没有。"
    if not m.coverage.compared:
        ends = [month_before(month_before(m.as_of)), month_before(m.as_of)]
        empty = f"缺{'、'.join(month_end_words(m, end) for end in ends)}的台账，本期不能判断。"
    lines = [
        (step.task, f"{_describe_then(m, step)} 至今没有变化", step.task.obstacle, step.task.next_step)
        for step in m.coverage.stalled
    ]
    return f"连续两期没有进展{_name_old_ledgers(m)}", empty, lines


def _backward(m: Metrics) -> Block:
    lines = [
        (
            step.task,
            f"{_describe_then(m, step)} → 现 {_describe_now(step.task)}",
            step.task.obstacle,
            step.task.next_step,
        )
        for step in m.coverage.backward
    ]
    return "进度倒退", "首期，无上月数，不能判断。" if m.first_period else "没有。", lines


def _relapsed(m: Metrics) -> Block:
    lines = [(task, _describe_relapse(m, day), task.obstacle, task.next_step) for task, day in m.coverage.relapsed]
    return "反弹：销号后回头看没有保持", "没有。", lines


def _sample(m: Metrics) -> Block:
    share = (
        f"在 {m.total.closed} 项办结措施里抽 {SAMPLE_SHARE} 取 1、至少 {SAMPLE_LEAST} 项；"
        f"种子 {m.coverage.seed}，抽法见〈口径说明〉"
    )
    lines = [
        (task, _describe_close_out(m, task), _evidence(task), "现场核对原件和完成标准") for task in m.coverage.sample
    ]
    return f"销号抽查（{share}）", "还没有办结的措施。", lines


def _evidence(task: Task) -> str:
    return f"佐证：{task.evidence}" if task.evidence else "没有佐证材料"


def _name_old_ledgers(m: Metrics) -> str:
    """Return a note naming the compared month ends in whose month nothing was recorded; empty if there are none."""
    filled = [month_end_words(m, end) for end in m.coverage.filled]
    return f"（{'、'.join(filled)}沿用此前留存的台账）" if filled else ""


def _describe_then(m: Metrics, step: Step) -> str:
    return f"{month_end_words(m, step.day)}{status_word(step.status)} {_describe_progress(percent(step.before, 100))}"


def _describe_now(task: Task) -> str:
    return f"{status_word(task.status)} {_describe_progress(task.progress_shown)}"


def _describe_progress(progress: int | None) -> str:
    return "进度未填" if progress is None else f"{progress}%"


def _describe_relapse(m: Metrics, day: date | None) -> str:
    return f"{day_words(m, day)}回头看，反弹" if day else "回头看，反弹"


def _describe_close_out(m: Metrics, task: Task) -> str:
    return f"{day_words(m, task.closed_on)}{task.status}" if task.closed_on else task.status
