"""对账单_YYYY-MM.xlsx: one sheet per department with all its tasks in the ledger, to check, sign and return."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from taizhang.figures.rates import RateName
from taizhang.figures.sentences import rate_words
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import Status
from taizhang.office.theme import BODY_FONT, LATIN_FONT, NOTE_FONT, Palette
from taizhang.office.xlsx import PAPER_TEXT, Formats, NewWorkbook, Worksheet, make_workbook, row_height, set_widths
from taizhang.papers.page import (
    BLANK,
    GRID,
    grid_head,
    paper_breaks,
    setup_form,
    sheet_names,
    short_day,
    write_box,
    write_rule,
    write_signature,
    write_title,
)
from taizhang.papers.statements import Statement
from taizhang.report.layout import shorten_line
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import chinese_date

__all__ = ["control_line", "statements_workbook", "unsaid_words"]

COLUMNS = (
    ("任务编号", 74),
    ("整改任务", 190),
    ("完成时限", 84),
    ("状态", 68),
    ("进度", 48),
    ("佐证材料", 106),
    ("核对", 70),
)
WIDTHS = tuple(pixels for _, pixels in COLUMNS)
LAST = len(COLUMNS) - 1
LONGEST, MOST_NAMED = 160, 40
_TITLE, _UNIT, _RULE, _ADDRESSEE, _TABLE_HEAD = 42, 20, 6, 28, 28
_OPENING_ROW, _CONTROL_ROW, _HEAD_ROW, _FIRST_ITEM = 4, 5, 6, 7
_TAIL = (64, 30, 34, 34, 34, 12, 22, 22, 6, 16, 16)


def statements_workbook(
    statements: Sequence[Statement], settings: Settings, reply_by: date, created: datetime
) -> bytes:
    """Return the workbook's bytes; the same statements and timestamp give the same bytes."""
    names = sheet_names((statement.department for statement in statements), settings)

    def write(book: NewWorkbook, style: Formats) -> None:
        for statement in statements:
            sheet = book.add_worksheet(names[statement.department])
            _write_statement(sheet, style, statement, settings, reply_by)

    return make_workbook(write, {"title": "整改任务对账单", "author": settings.office, "created": created})


def control_line(statement: Statement) -> str:
    """Return the line of control counts, each with its total."""
    whole = len(statement.counted)
    rest = len(statement.tasks) - whole
    text = f"台账所载{len(statement.tasks)}行＝计数{whole}项＋原则性{rest}项（不计数）。"
    if not whole:
        return text
    words = {Status.DONE: "已完成（待审核）"}
    parts = [
        f"{words.get(status, status)}{count}/{whole}" for status, count in reversed(list(statement.statuses.items()))
    ]
    rates = "、".join(rate_words(name, rate) for name in RateName if (rate := statement.rates.of(name)).whole)
    closed = f"办结{statement.closed}/{whole}" + (f"；{rates}" if rates else "")
    return (
        f"{text}其中{'、'.join(parts)}，合计{whole}项；{closed}；逾期{statement.overdue}/{whole}；"
        f"写有佐证材料{statement.evidenced}/{whole}。"
    )


def _opening(statement: Statement, settings: Settings, reply: str) -> str:
    """Return the paragraph below the addressee; ``reply`` is the day by which to return the sheet."""
    paragraph = (
        f"　　下表是截至{chinese_date(statement.as_of)}台账所载你部门牵头的整改任务。请逐行核对：相符的勾“相符”；"
        f"不符的勾“更正”，在“更正说明”写明编号和应为什么。于{reply}前签字交回{settings.office}；逐行相符也请交回。"
    )
    if statement.supporting:
        paragraph += (
            f"另有配合任务{len(statement.supporting)}项（{_join_codes(statement.supporting)}），由牵头部门对账。"
        )
    if statement.unsaid:
        paragraph += f"{unsaid_words(statement)}，请随本单一并说明。"
    return paragraph


def unsaid_words(statement: Statement) -> str:
    """Return of which registers the last return does not say whether they have a change; empty if of none."""
    named = "".join(f"〈{title}〉" for title in statement.unsaid)
    return f"{statement.period}报来的表里，{named}没有说本期有没有变化" if named else ""


def _write_statement(
    sheet: Worksheet, style: Formats, statement: Statement, settings: Settings, reply_by: date
) -> None:
    set_widths(sheet, WIDTHS)
    year = statement.as_of.year
    paragraph = _opening(statement, settings, short_day(reply_by, year, ""))
    control = control_line(statement)
    opening_height = row_height([(paragraph, sum(WIDTHS))], 13, least=0, wrapping=PAPER_TEXT)
    control_height = row_height([(control, sum(WIDTHS) - 9)], 12, least=0, wrapping=PAPER_TEXT)
    heights = [_height(task, year) for task in statement.tasks]
    above = _TITLE + _UNIT + _RULE + _ADDRESSEE + opening_height + control_height
    breaks = paper_breaks(above + _TABLE_HEAD, _TABLE_HEAD, heights, sum(_TAIL))
    write_title(sheet, style, "整改任务对账单", LAST, height=_TITLE, font_size=24)
    sheet.set_row(1, _UNIT)
    note = style(font_name=NOTE_FONT, font_size=11, font_color=Palette.INK2)
    sheet.write_string(1, 0, f"填发：{settings.unit}{settings.office}", note)
    right = style(font_name=NOTE_FONT, font_size=11, font_color=Palette.INK2, align="right")
    sheet.write_string(1, LAST, f"数据截至 {chinese_date(statement.as_of)}", right)
    write_rule(sheet, style, 2, LAST)
    sheet.set_row(3, _ADDRESSEE)
    sheet.write_string(3, 0, f"{statement.department}：", style(font_name=BODY_FONT, font_size=14))
    for row, text, size, height, more in (
        (_OPENING_ROW, paragraph, 13, opening_height, {}),
        (_CONTROL_ROW, control, 12, control_height, {"bg_color": Palette.PANEL, "indent": 1, "align": "left"}),
    ):
        sheet.set_row(row, height)
        look = style(**{"font_name": BODY_FONT, "font_size": size, "text_wrap": True, **more})
        write_box(sheet, look, (row, 0, row, LAST), text)
    sheet.set_row(_HEAD_ROW, _TABLE_HEAD)
    for column, (title, _) in enumerate(COLUMNS):
        sheet.write_string(_HEAD_ROW, column, title, grid_head(style))
    for row, (task, height) in enumerate(zip(statement.tasks, heights, strict=True), _FIRST_ITEM):
        sheet.set_row(row, height)
        _write_task(sheet, style, row, task, year)
    first = _FIRST_ITEM + len(statement.tasks)
    _write_tail(sheet, style, first, statement, settings)
    rows = None if breaks is None else [_FIRST_ITEM + number for number in breaks]
    setup_form(sheet, rows, _HEAD_ROW, f"A1:G{first + len(_TAIL)}")


def _join_codes(codes: Sequence[str]) -> str:
    return "、".join(codes[:MOST_NAMED]) + ("等" if len(codes) > MOST_NAMED else "")


def _write_task(sheet: Worksheet, style: Formats, row: int, task: Task, year: int) -> None:
    body = {"font_name": BODY_FONT, "font_size": 11, "text_wrap": True, **GRID}
    centred, left = style(**body, align="center"), style(**body, align="left", indent=1)
    digits = style(**{**body, "font_name": LATIN_FONT}, align="center")
    sheet.write_string(row, 0, task.code, digits)
    sheet.write_string(row, 1, shorten_line(task.statement, LONGEST), left)
    sheet.write_string(row, 2, _deadline(task, year), centred)
    sheet.write_string(row, 3, _status(task), centred)
    sheet.write_string(row, 4, _progress(task), digits)
    sheet.write_string(row, 5, shorten_line(task.evidence, LONGEST) or "—", left if task.evidence else centred)
    sheet.write_string(row, 6, "□ 相符\n□ 更正", centred)


def _progress(task: Task) -> str:
    """Return the per cent reported; of a recurring task the cycles kept or made up of those due."""
    if task.duty:
        return f"{task.duty.fulfilled}/{task.duty.due}期" if task.duty.due else "—"
    return "—" if task.progress is None else f"{task.progress_shown}%"


def _deadline(task: Task, year: int) -> str:
    if task.deadline is None or (task.due is None and not task.deadline.words):
        return f"每{task.cycle}{'' if task.recurring else '复核'}" if task.cycle else "待明确"
    if task.due is None:
        return shorten_line(task.deadline.words, 20)
    moved = task.term.extended and task.term.original
    original = f"\n原{short_day(moved, year)}，延{task.term.extended}次" if moved else ""
    paused = f"\n暂缓至{short_day(task.term.paused_until, year)}" if task.term.paused_until else ""
    return short_day(task.due, year) + original + paused + ("\n长期坚持" if task.deadline.ongoing else "")


def _status(task: Task) -> str:
    if not task.counted:
        return "原则性\n不计数"
    late = f"\n逾期{task.overdue}天" if task.overdue else ""
    return ("已完成\n待审核" if task.status == Status.DONE else task.status) + late


def _height(task: Task, year: int) -> float:
    texts = [
        (shorten_line(task.statement, LONGEST), WIDTHS[1] - 9),
        (_deadline(task, year), WIDTHS[2]),
        (_status(task), WIDTHS[3]),
        (shorten_line(task.evidence, LONGEST), WIDTHS[5] - 9),
        ("□ 相符\n□ 更正", WIDTHS[6]),
    ]
    return row_height(texts, 11, least=38, wrapping=PAPER_TEXT)


def _write_tail(sheet: Worksheet, style: Formats, first: int, statement: Statement, settings: Settings) -> None:
    for row, height in enumerate(_TAIL, first):
        sheet.set_row(row, height)
    body = {"font_name": BODY_FONT, "font_size": 12, "text_wrap": True, **GRID}
    write_box(sheet, grid_head(style), (first, 0, first, 1), "更正说明\n（编号、应为什么、依据）")
    write_box(sheet, style(**body, valign="top", align="left"), (first, 2, first, LAST), "")
    write_box(sheet, grid_head(style), (first + 1, 0, first + 1, 1), "核对结果")
    result = f"□ {len(statement.tasks)}行全部相符　　　□ 有　　　行需更正"
    write_box(sheet, style(**body, align="center"), (first + 1, 2, first + 1, LAST), result)
    for row, label in enumerate(("经办人", "部门负责人", f"{settings.office}复核"), first + 2):
        write_box(sheet, grid_head(style), (row, 0, row, 1), label)
        write_signature(sheet, style, row, (2, LAST))
    closing = style(font_name=BODY_FONT, font_size=14, align="right", indent=3)
    sheet.write_string(first + 6, LAST, f"{settings.unit}{settings.office}", closing)
    sheet.write_string(first + 7, LAST, chinese_date(statement.as_of), closing)
    phone = settings.facts.get("联系电话") or BLANK
    note = style(font_name=NOTE_FONT, font_size=10.5, font_color=Palette.INK2)
    sheet.write_string(first + 9, 0, f"联系电话：{phone}　本单一式两份，部门、{settings.office}各存一份。", note)
    sheet.write_string(first + 10, 0, "办结＝已销号＋长期坚持，都经审定；部门自报的“已完成”待审核，不算办结。", note)
