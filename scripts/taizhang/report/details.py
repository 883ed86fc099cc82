"""措施台账: one row per counted task, as a native table for filtering and look-up."""

from __future__ import annotations

from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light
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
    due_words,
    finish_table,
    footer,
    light_style,
    rate,
    status_word,
    tall_enough,
    write_head,
    write_heads,
)
from taizhang.supervision.tasks import Task

__all__ = ["write_details"]

COLUMNS = (
    ("编号", 64),
    ("措施", 262),
    ("对应问题", 74),
    ("方面", 128),
    ("根源", 118),
    ("牵头领导", 90),
    ("牵头部门", 90),
    ("开始", 76),
    ("时限", 76),
    ("进度", 48),
    ("状态", 64),
    ("灯", 58),
    ("逾期(天)", 58),
    ("滞后原因", 176),
    ("下一步", 176),
    ("佐证材料", 176),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
# Defined names (name, column letter) of the columns that formulas on other sheets count.
NAMES = (("措施_状态", "L"), ("措施_灯", "M"), ("措施_逾期天数", "N"))
_LEFT = ("措施", "方面", "根源", "滞后原因", "下一步", "佐证材料")
_WRAPPED = {
    title: pixels for title, pixels in COLUMNS if title in ("措施", "对应问题", "方面", "根源", "牵头领导", "牵头部门")
}


def write_details(book: NewWorkbook, sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: one row per task, in a native table with a filter."""
    note = (
        "可筛选、排序。原则性措施不计数，不列。待审核＝部门已报完成、办公室还没有确认。"
        "本表为生成件，请在台账里修改后重新生成。"
    )
    write_head(
        sheet, style, m, "整改措施台账", note, f"{m.total.tasks} 项措施逐项明细，办结 {m.total.closed} 项", WIDTHS
    )
    heads = [title for title, _ in COLUMNS]
    write_heads(sheet, style, HEAD, heads, points=FILTER_HEAD)
    for row, task in enumerate(m.tasks, BODY):
        _write_task(sheet, style, m, row, task)
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
    setup_page(sheet, f"B2:Q{last + 1}", footer=footer(m), paper=A3)


def _write_task(sheet: Worksheet, style: Formats, m: Metrics, row: int, task: Task) -> None:
    line = {"bottom": 1, "bottom_color": Palette.LINE, "font_size": 9}
    wrapped, centred = style(**line, text_wrap=True), style(**line, align="center", text_wrap=True)
    number = style(**line, align="center", font_name=NUMBER_FONT)
    day = style(**line, align="center", font_name=NUMBER_FONT, num_format="yyyy/m/d")
    aspect, cause = m.aspect_of[task.code], m.cause_of[task.code]
    problems = "\n".join(task.problems) or "—"
    free = [tall_enough(text, 176, 9) for text in (task.obstacle, task.next_step, task.evidence)]
    leader, department = task.leader or "待明确", task.department or "待明确"
    raw = (task.statement, problems, aspect, cause, leader, department)
    texts = [tall_enough(text, pixels, 9) for text, pixels in zip(raw, _WRAPPED.values(), strict=True)]
    pairs = [*zip(texts, _WRAPPED.values(), strict=True), *((text, 176) for text in free)]
    sheet.set_row(row, row_height(pairs, 9, least=26.25, wrapping=LIST_TEXT))
    sheet.write_string(row, 1, task.code, number)
    for column, text in enumerate(texts, 2):
        sheet.write_string(row, column, text, wrapped if column in (2, 4, 5) else centred)
    for column, when in ((8, task.start), (9, task.due)):
        if when:
            write_cell(sheet, row, column, when, day)
        else:
            sheet.write_string(row, column, due_words(m, task) if column == 9 else "—", centred)
    rate(sheet, row, 10, task.progress_shown, style, **line, align="center")
    sheet.write_string(row, 11, status_word(task.status), centred)
    sheet.write_string(row, 12, task.light, light_style(style, task.light, font_size=9))
    zero = '0;-0;"·"'
    late = style(**line, align="center", bold=True, font_color=Palette.RED_TEXT, font_name=NUMBER_FONT)
    none = style(**line, align="center", num_format=zero, font_color=Palette.ZERO)
    sheet.write_number(row, 13, task.overdue, late if task.overdue else none)
    asked = task.light in (Light.RED, Light.AMBER)
    missing = style(**line, font_color=Palette.AMBER_TEXT)
    for column, text in enumerate(free, 14):
        if not text and asked and column < 16:
            sheet.write_string(row, column, "（未填报）", missing)
        else:
            sheet.write_string(row, column, text or "—", wrapped)
