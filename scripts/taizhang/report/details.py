"""措施台账: one row per counted task, as a native table for filtering and look-up."""

from __future__ import annotations

from typing import Any

from taizhang.figures.cycle_words import MARKS_LEGEND
from taizhang.figures.metrics import Metrics
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import (
    A3,
    LIST_TEXT,
    Formats,
    NewWorkbook,
    Worksheet,
    row_height,
    setup_page,
    write_cell,
)
from taizhang.report.layout import (
    BODY,
    FILTER_HEAD,
    HEAD,
    finish_table,
    footer,
    light_style,
    progress_words,
    proof_words,
    rate,
    status_word,
    tall_enough,
    term_words,
    write_head,
    write_heads,
)
from taizhang.supervision.tasks import Task

__all__ = ["write_details"]

COLUMNS = (
    ("编号", 56),
    ("措施", 182),
    ("对应问题", 58),
    ("方面", 98),
    ("根源", 86),
    ("牵头领导", 94),
    ("牵头部门", 78),
    ("开始", 66),
    ("时限", 96),
    ("进度", 84),
    ("状态", 56),
    ("灯", 58),
    ("逾期(天)", 66),
    ("本期进展", 146),
    ("目标和实际", 180),
    ("滞后原因", 122),
    ("下一步", 140),
    ("佐证材料", 116),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
# Defined names (name, column letter) of the columns that formulas on other sheets count.
NAMES = (("措施_状态", "L"), ("措施_灯", "M"), ("措施_逾期天数", "N"))
_LEFT = ("措施", "方面", "根源", "本期进展", "目标和实际", "滞后原因", "下一步", "佐证材料")
_AT = {title: column for column, (title, _) in enumerate(COLUMNS, 1)}
_PIXELS = dict(COLUMNS)
_ASKED = ("本期进展", "滞后原因", "下一步")
"""What a department has to report of a task whose light warns."""


def write_details(book: NewWorkbook, sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: one row per task, in a native table with a filter."""
    note = (
        "可筛选、排序。原则性措施不计数，不列。目标和实际＝〈核对〉里登记的数，截至统计日；红字＝部门报了完成而台账没有达到。"
        f"周期措施的进度：{MARKS_LEGEND}"
    )
    write_head(
        sheet, style, m, "整改措施台账", note, f"{m.total.tasks} 项措施逐项明细，办结 {m.total.closed} 项", WIDTHS
    )
    heads = [title for title, _ in COLUMNS]
    write_heads(sheet, style, HEAD, heads, points=FILTER_HEAD)
    contradicted = {each.task.code for each in m.attention.contradicted}
    for row, task in enumerate(m.tasks, BODY):
        _write_task(sheet, style, m, row, task, contradicted=task.code in contradicted)
    last = finish_table(
        sheet,
        style,
        heads,
        len(m.tasks),
        name="tblMeasures",
        left=_LEFT,
        title="整改措施台账",
        description=f"{m.total.tasks} 项措施逐项明细，每行一项；办结 {m.total.closed} 项",
    )
    for name, letter in NAMES:
        book.define_name(name, f"='措施台账'!${letter}${BODY + 1}:${letter}${last + 1}")
    sheet.freeze_panes(BODY, 3)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:S{last + 1}", footer=footer(m), paper=A3)


def _write_task(sheet: Worksheet, style: Formats, m: Metrics, row: int, task: Task, *, contradicted: bool) -> None:
    line: dict[str, Any] = {"bottom": 1, "bottom_color": Palette.LINE, "font_size": 9}
    wrapped, centred = style(**line, text_wrap=True), style(**line, align="center", text_wrap=True)
    number = style(**line, align="center", font_name=NUMBER_FONT)
    texts = {title: tall_enough(text, _PIXELS[title], 9) for title, text in _texts(m, task).items()}
    pairs = [(text, _PIXELS[title]) for title, text in texts.items()]
    sheet.set_row(row, row_height(pairs, 9, least=26.25, wrapping=LIST_TEXT))
    sheet.write_string(row, 1, task.code, number)
    wrong = style(**line, text_wrap=True, font_color=Palette.RED_TEXT, bold=True)
    missing = style(**line, font_color=Palette.AMBER_TEXT)
    for title, text in texts.items():
        asked = not text and title in _ASKED and task.light.warns
        plain = wrapped if title in _LEFT else centred
        cell = missing if asked else wrong if contradicted and title == "目标和实际" else plain
        sheet.write_string(row, _AT[title], "（未填报）" if asked else text or "—", cell)
    day = style(**line, align="center", font_name=NUMBER_FONT, num_format="yyyy/m/d")
    if task.start:
        write_cell(sheet, row, _AT["开始"], task.start, day)
    else:
        sheet.write_string(row, _AT["开始"], "—", centred)
    if texts.get("时限") is None and task.due:
        write_cell(sheet, row, _AT["时限"], task.due, day)
    if texts.get("进度") is None:
        rate(sheet, row, _AT["进度"], task.progress_shown, style, **line, align="center")
    sheet.write_string(row, _AT["状态"], status_word(task.status), centred)
    sheet.write_string(row, _AT["灯"], task.light, light_style(style, task.light, font_size=9))
    zero = '0;-0;"·"'
    late = style(**line, align="center", bold=True, font_color=Palette.RED_TEXT, font_name=NUMBER_FONT)
    none = style(**line, align="center", num_format=zero, font_color=Palette.ZERO)
    sheet.write_number(row, _AT["逾期(天)"], task.overdue, late if task.overdue else none)


def _texts(m: Metrics, task: Task) -> dict[str, str]:
    """Return the texts of a row by head; a plain deadline and a plain progress are written as a day and a number."""
    texts = {
        "措施": task.statement,
        "对应问题": "\n".join(task.problems),
        "方面": m.aspect_of[task.code],
        "根源": m.cause_of[task.code],
        "牵头领导": task.leader or "待明确",
        "牵头部门": task.department or "待明确",
        "本期进展": m.update_of(task),
        "目标和实际": proof_words(m, task),
        "滞后原因": task.obstacle,
        "下一步": task.next_step,
        "佐证材料": task.evidence,
    }
    moved = task.term.extended or task.term.paused_until or task.next_review or task.recurring
    if moved or not task.due:
        texts["时限"] = term_words(m, task)
    if task.recurring:
        texts["进度"] = progress_words(task).replace(" ", "\n")
    return texts
