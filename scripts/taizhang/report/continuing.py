"""长期复核: the continuing tasks with their last review, what it found, and when the next one is due."""

from __future__ import annotations

from functools import partial

from taizhang.figures import board_sentences
from taizhang.figures.continuing import ReviewLine
from taizhang.figures.metrics import Metrics
from taizhang.figures.rates import Rate
from taizhang.ledger.vocabulary import ReviewFinding
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page
from taizhang.report.layout import BODY, HEAD, count, day_words, footer, fraction, light_style, write_head, write_heads
from taizhang.report.links import SheetRows
from taizhang.report.lists import HAIR, PEOPLE, TOTAL, Flow, brief_names, task_link, wrapped

__all__ = ["write_continuing"]

COLUMNS = (
    ("灯", 58),
    ("编号", 56),
    ("任务", 192),
    (PEOPLE, 90),
    ("复核\n间隔", 44),
    ("上次复核", 92),
    ("结论", 58),
    ("发现的情况", 176),
    ("下次复核", 76),
    ("超期\n(天)", 40),
    ("复核率", 80),
    ("亮灯原因", 87),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
_STATEMENT, _PEOPLE, _LAST, _FINDING, _FOUND, _NEXT, _LATE, _RATE, _REASON = 3, 4, 6, 7, 8, 9, 10, 11, 12


def write_continuing(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the sheet: one row per continuing task, worst light first, and the sum of the reviews."""
    board = m.boards.reviews
    note = (
        "下次复核＝上次复核（没有复核过的，从转长期坚持或开始那天）加上间隔，另填了日期的照填的算；"
        "有反复＝个别地方又出现，反弹＝问题又回来了。"
    )
    write_head(sheet, style, m, "长期坚持任务复核情况", note, partial(board_sentences.reviews_head, board), WIDTHS)
    write_heads(sheet, style, HEAD, [title for title, _ in COLUMNS], left=("任务", "发现的情况", "亮灯原因"), points=30)
    flow = Flow(sheet, style, WIDTHS, BODY, brief_names(m))
    for line in board.lines:
        _write_line(flow, m, line, rows)
    if board.lines:
        row = flow.take(21)
        fill_cells(sheet, row, 1, flow.last, style(**TOTAL))
        sheet.write_string(row, _STATEMENT, f"合计 {len(board.lines)} 项", style(**TOTAL))
        count(sheet, row, _LATE, len(board.overdue), style, **TOTAL)
        sheet.write_string(row, _NEXT, "超期的项数", style(**TOTAL, align="right", font_size=9))
        fraction(sheet, row, _RATE, Rate(board.in_time, board.due), style, **TOTAL)
    else:
        flow.say("没有长期坚持的任务，不用复核。")
    flow.break_pages()
    sheet.freeze_panes(BODY, 3)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:M{flow.row}", footer=footer(m))


def _write_line(flow: Flow, m: Metrics, line: ReviewLine, rows: SheetRows) -> None:
    sheet, style, task, last = flow.sheet, flow.style, line.task, line.last
    when = f"{day_words(m, last.day)}\n{last.post or '没有写岗位'}" if last and last.day else "没有复核过"
    texts = {
        _STATEMENT: wrapped(task.statement, WIDTHS[_STATEMENT]),
        _PEOPLE: wrapped(flow.people(task), WIDTHS[_PEOPLE], 9),
        _LAST: wrapped(when, WIDTHS[_LAST], 9),
        _FOUND: wrapped(last.found if last else "", WIDTHS[_FOUND]),
        _REASON: wrapped(task.reason, WIDTHS[_REASON], 9),
    }
    row = flow.take_texts([(text, column) for column, text in texts.items()])
    small = {**HAIR, "font_size": 9, "text_wrap": True}
    sheet.write_string(row, 1, task.light, light_style(style, task.light))
    task_link(sheet, style, row, 2, rows, task.code)
    for column, text in texts.items():
        look = {**HAIR, "text_wrap": True} if column in (_STATEMENT, _FOUND) else dict(small)
        if column in (_PEOPLE, _LAST):
            look["align"] = "center"
        if column == _LAST and not last:
            look["font_color"] = Palette.AMBER_TEXT
        sheet.write_string(row, column, text, style(**look))
    review = task.review
    sheet.write_string(row, 5, f"每{review.interval}" if review else "没有写", style(**small, align="center"))
    came_back = line.finding in (ReviewFinding.WAVERING, ReviewFinding.RELAPSED)
    strong = {"bold": True, "font_color": Palette.RED_TEXT} if came_back else {}
    sheet.write_string(row, _FINDING, line.finding or "—", style(**HAIR, align="center", **strong))
    late = {"font_color": Palette.RED_TEXT, "bold": True} if line.overdue else {}
    day = style(**HAIR, align="center", font_name=NUMBER_FONT, font_size=9, **late)
    sheet.write_string(row, _NEXT, day_words(m, review.next) if review else "排不出", day)
    count(sheet, row, _LATE, line.overdue if review else None, style, **HAIR, **late)
    fraction(sheet, row, _RATE, Rate(review.in_time if review else 0, review.due if review else 0), style, **HAIR)
