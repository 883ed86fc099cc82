"""逾期预警: tasks whose light warns, then what the ledger contradicts, what waits, and what did not move."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from taizhang.figures import sentences
from taizhang.figures.coverage import SAMPLE_LEAST, SAMPLE_SHARE, Step
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light, Status
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import LIST_TEXT, Formats, Worksheet, fill_cells, page_breaks, row_height, setup_page
from taizhang.report.layout import (
    BODY,
    HEAD,
    day_words,
    footer,
    light_style,
    month_end_words,
    page_points,
    section,
    status_word,
    tall_enough,
    term_words,
    write_head,
    write_heads,
)
from taizhang.report.links import DETAILS, SheetRows
from taizhang.supervision.extensions import Extension
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import month_before
from taizhang.typed.percentages import percent

__all__ = ["write_alerts"]

COLUMNS = (
    ("灯", 64),
    ("编号", 62),
    ("措施", 230),
    ("牵头部门", 94),
    ("牵头领导", 94),
    ("时限", 118),
    ("触发", 130),
    ("滞后原因", 204),
    ("下一步", 204),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
LAST = len(COLUMNS)
ABOVE = 30 + 15 + 6 + 26 + 26  # points of the rows above the first line
DUE_SHOWN = 40
"""The most overdue items of registers that are listed."""
Line = tuple[Task, str, str, str]
"""A task with its trigger, reason and next step."""


@dataclass(frozen=True, slots=True)
class Block:
    """A list below the lights: its name, its head sentence, the text if it is empty, and its lines."""

    name: str
    head: str
    empty: str
    lines: list[Line]


def write_alerts(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the list of tasks whose light warns, then the short lists of ``_blocks``."""
    blocks = _blocks(m)
    named = [block.name for block in blocks] + (["登记表到期"] if m.attention.due_items else [])
    note = (
        "红灯在前，按逾期天数从长到短；其余按时限。滞后原因、下一步是牵头部门填报的原文。"
        f"下面另列：{'、'.join(named)}。"
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
    for block in blocks:
        row += 1
        heights[row] = 21.0
        sheet.set_row(row, 21)
        section(sheet, style, row, 1, LAST, block.head)
        row += 1
        if not block.lines:
            sheet.write_string(row, 1, block.empty, style(font_color=Palette.INK2))
            row += 1
        heads_of_blocks.add(row - 1)
        for line in block.lines:
            heights[row] = _write_line(sheet, style, m, row, line, rows, asked=False)
            row += 1
    row = _write_due_items(sheet, style, m, row, heights, heads_of_blocks)
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
    who, leader, due = task.department or "待明确", task.leader or "待明确", term_words(m, task)
    wide = (
        (task.statement, 230),
        (trigger, 130),
        (obstacle, 204),
        (next_step, 204),
        (who, 94),
        (leader, 94),
        (due, 118),
    )
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
    sheet.write_string(row, 6, texts[6], centred)
    late = style(**hair, align="center", text_wrap=True, bold=True, font_color=Palette.RED_TEXT)
    sheet.write_string(row, 7, texts[1], late if asked and task.light == Light.RED else centred)
    missing = style(**hair, font_color=Palette.AMBER_TEXT) if asked else style(**hair, font_color=Palette.INK2)
    for column, text in ((8, texts[2]), (9, texts[3])):
        if text:
            sheet.write_string(row, column, text, wrapped)
        else:
            sheet.write_string(row, column, "（未填报）" if asked else "—", missing)
    return height


def _write_due_items(
    sheet: Worksheet, style: Formats, m: Metrics, row: int, heights: dict[int, float], heads: set[int]
) -> int:
    """Write what registers say is overdue, one line each; return the row below. Nothing is written if nothing is."""
    items = m.attention.due_items
    if not items:
        return row
    row += 1
    heights[row] = 21.0
    sheet.set_row(row, 21)
    registers = len({item.register.form.name for item in items})
    section(sheet, style, row, 1, LAST, f"登记表到期没有办：{len(items)} 项，在 {registers} 张登记表里；最久的在前")
    heads.add(row)
    hair = {"bottom": 1, "bottom_color": Palette.LINE}
    wrapped, centred = style(**hair, text_wrap=True), style(**hair, align="center", text_wrap=True)
    for item in items[:DUE_SHOWN]:
        row += 1
        name, what = tall_enough(item.name, WIDTHS[3]), f"〈{item.register.sheet.name}〉{item.what}"
        fitted = [(name, WIDTHS[3]), (what, WIDTHS[8]), (item.department or m.office, 94), (item.member, 94)]
        heights[row] = row_height(fitted, least=21, wrapping=LIST_TEXT)
        sheet.set_row(row, heights[row])
        fill_cells(sheet, row, 1, LAST, style(**hair))
        late = style(**hair, align="center", bold=True, font_color=Palette.RED_TEXT)
        code = item.row.code if item.row else "—"
        sheet.write_string(row, 1, "超期", late)
        sheet.write_string(row, 2, code, style(**hair, align="center", font_name=NUMBER_FONT, font_size=9))
        sheet.write_string(row, 3, name.removeprefix(code).strip() or "没有登记", wrapped)
        sheet.write_string(row, 4, item.department or m.office, centred)
        sheet.write_string(row, 5, item.member or "—", centred)
        sheet.write_string(row, 6, day_words(m, item.due), centred)
        sheet.write_string(row, 7, item.words, late)
        sheet.write_string(row, 8, what, wrapped)
    if len(items) > DUE_SHOWN:
        row += 1
        more = f"另有 {len(items) - DUE_SHOWN} 项，超期短些，没有列在这里。"
        sheet.write_string(row, 1, more, style(font_color=Palette.INK2))
    return row + 1


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


def _blocks(m: Metrics) -> list[Block]:
    """Return the lists below the lights: those of what has to be acted on only if they hold something."""
    acted_on = (_contradicted(m), _waiting(m), _rechecks(m), _applications(m), _returned(m))
    followed = (_pending(m), _stalled(m), _backward(m), _relapsed(m), _sample(m))
    return [*(block for block in acted_on if block.lines), *followed]


def _contradicted(m: Metrics) -> Block:
    lines = []
    for each in m.attention.contradicted:
        task = each.task
        trigger = f"{'已报完成' if task.status is Status.DONE and not task.waiting else each.said}，核对未达到"
        word = f"部门说：{m.update_of(task) or '（未填报）'}"
        later = "；办结时是达到的，后来变了" if each.later else ""
        proposed = "；核对是程序建议，未确认" if each.proposed else ""
        answer = f"；办公室说明：{each.answer}" if each.answer else ""
        lines.append((task, trigger, each.words + later + proposed, word + answer))
    settled = len(lines) - len(m.attention.unanswered)
    head = f"核对不符：{len(lines)} 项报了完成、申请了或办结了，而台账里的数没有达到目标（截至{day_words(m, m.as_of)}）"
    return Block("核对不符", head + (f"，其中 {settled} 项已有说明或待认可" if settled else ""), "", lines)


def _waiting(m: Metrics) -> Block:
    lines = []
    for task in m.attention.waiting:
        waiting = task.waiting
        assert waiting
        unknown = f"〈参数〉没有 {waiting.unknown_year} 年的工作日历，算不出天数"
        days = f"等了 {waiting.days_words}" if waiting.days_words else unknown
        over = f"，超过 {waiting.limit} 天" if waiting.over else ""
        since = f"{day_words(m, waiting.applied)}申请，{day_words(m, waiting.since)}起等；限 {waiting.limit} 个工作日"
        late = f"；逾期 {task.applied_late} 天才申请" if task.applied_late else ""
        lines.append((task, f"{waiting.step}{days}{over}", since + late, _evidence(task)))
    head = f"等待审核：{len(lines)} 项，其中超过期限 {m.attention.overdue_steps} 项"
    return Block("等待审核", head, "", lines)


def _rechecks(m: Metrics) -> Block:
    lines = []
    for task, due in m.attention.rechecks:
        decided = due.closeout.committee_date
        over = (m.as_of - due.last).days
        words = f"过了期限 {over} 天" if over > 0 else f"{day_words(m, due.first)}起可以回头看"
        when = f"{day_words(m, decided)}审定，{day_words(m, due.last)}前回头看" if decided else ""
        lines.append((task, words, when, _evidence(task)))
    over = m.attention.overdue_rechecks(m.as_of)
    return Block("回头看", f"回头看：{len(lines)} 项到了时候还没有看，其中过了期限 {over} 项", "", lines)


def _applications(m: Metrics) -> Block:
    """Return the applications for an extension or a pause that are open, refused or late, one line for each."""
    found: dict[tuple[str, str], tuple[Task, Extension, list[str]]] = {}
    asked = m.attention
    for word, each in (("待批", asked.pending), ("不批", asked.refused), ("到期后才申请", asked.asked_late)):
        for task, extension in each:
            found.setdefault((task.code, extension.code), (task, extension, []))[2].append(word)
    lines = []
    for task, extension, words in found.values():
        applied = f"{day_words(m, extension.applied)}申请" if extension.applied else "申请日期没有填"
        until = f"，{extension.kind or ''}至{day_words(m, extension.until)}" if extension.until else ""
        trigger = f"{extension.kind or '延期'}{'，'.join(words)}"
        lines.append((task, trigger, extension.reason or "没有写理由", f"{extension.code}：{applied}{until}"))
    numbers = f"待批 {len(asked.pending)} 项、不批 {len(asked.refused)} 项、到期后才申请 {len(asked.asked_late)} 项"
    return Block("延期申请", f"延期、暂缓申请：{numbers}（批了才改时限）", "", lines)


def _returned(m: Metrics) -> Block:
    tasks = m.attention.returned
    lines = [(task, f"被退回 {task.rounds} 次", task.obstacle, task.next_step) for task in tasks]
    most = max((task.rounds for task in tasks), default=0)
    return Block("被退回", f"销号申请被退回：{len(lines)} 项，最多的 {most} 次", "", lines)


def _block(name: str, title: str, empty: str, lines: list[Line]) -> Block:
    return Block(name, f"{title}：{len(lines)} 项" if lines else title, empty, lines)


def _pending(m: Metrics) -> Block:
    asked = [task for task in m.coverage.pending if not (task.waiting or task.agreed)]
    lines = [(task, "已报完成", _evidence(task), m.update_of(task)) for task in asked]
    return _block("没有申请销号", "部门已报完成、还没有申请销号", "没有。", lines)


def _stalled(m: Metrics) -> Block:
    empty = "没有。"
    if not m.coverage.compared:
        ends = [month_before(month_before(m.as_of)), month_before(m.as_of)]
        empty = f"缺{'、'.join(month_end_words(m, end) for end in ends)}的台账，本期不能判断。"
    lines = [
        (step.task, f"{_describe_then(m, step)} 至今没有变化", step.task.obstacle, step.task.next_step)
        for step in m.coverage.stalled
    ]
    return _block("没有进展", f"连续两期没有进展{_name_old_ledgers(m)}", empty, lines)


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
    return _block("进度倒退", "进度倒退", "首期，无上月数，不能判断。" if m.first_period else "没有。", lines)


def _relapsed(m: Metrics) -> Block:
    lines = [(task, _describe_relapse(m, day), task.obstacle, task.next_step) for task, day in m.coverage.relapsed]
    return _block("反弹", "反弹：销号后回头看没有保持", "没有。", lines)


def _sample(m: Metrics) -> Block:
    share = (
        f"在 {m.total.closed} 项办结措施里抽 {SAMPLE_SHARE} 取 1、至少 {SAMPLE_LEAST} 项；"
        f"种子 {m.coverage.seed}，抽法见〈口径说明〉"
    )
    lines = [
        (task, _describe_close_out(m, task), _evidence(task), "现场核对原件和完成标准") for task in m.coverage.sample
    ]
    return _block("抽查", f"销号抽查（{share}）", "还没有办结的措施。", lines)


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
