"""报送情况: who has returned for the current period, and how each department reported over the last periods."""

from __future__ import annotations

from functools import partial
from typing import Any

from taizhang.figures import board_sentences
from taizhang.figures.metrics import Metrics
from taizhang.figures.rates import Rate
from taizhang.figures.returned import ReturnLine, ReturnsBoard
from taizhang.history.reporting import Discipline, Outcome, PeriodReturn
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page
from taizhang.report.layout import (
    BODY,
    HEAD,
    clip,
    count,
    day_words,
    fit_names,
    footer,
    fraction,
    write_head,
    write_heads,
)
from taizhang.report.lists import HAIR, TOTAL, Flow

__all__ = ["write_returned"]

_SLOT, _SLOTS = 38, 12
_BEFORE = (("填报单位", 122), ("本期", 70), ("报送日期", 78), ("报了\n几次", 44))
_AFTER = (("应报", 38), ("按时", 38), ("迟报", 38), ("未报", 38), ("退回", 38), ("按时率", 80))
WIDTHS = (6, *(width for _, width in _BEFORE), *(_SLOT,) * _SLOTS, *(width for _, width in _AFTER))
_FIRST = 1 + len(_BEFORE)
_SUMS = _FIRST + _SLOTS
_MARKS = {
    Outcome.ON_TIME: "●",
    Outcome.LATE: "▽",
    Outcome.MISSING: "×",
    Outcome.NOT_DUE: "→",
    Outcome.NO_RECORD: "没",
}
_STRONG = {"font_color": Palette.RED_TEXT, "bold": True}


def write_returned(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: one row per department, those who have not returned first, and the sums."""
    board = m.boards.returns
    note = (
        "● 按时　▽ 迟报　× 未报　→ 还没到截止日　没＝没有记录（不是用这个程序下发的，或记录读不出）；空白＝没有要它报。"
        "按时率＝按时／应报；退回＝报来后有要改的次数。"
    )
    write_head(sheet, style, m, "填报单位报送情况", note, partial(board_sentences.returns_head, board), WIDTHS)
    slots = [_head(name) for name in board.periods]
    heads = [title for title, _ in _BEFORE]
    heads += [*slots, *[""] * (_SLOTS - len(slots)), *(title for title, _ in _AFTER)]
    write_heads(sheet, style, HEAD, heads, left=("填报单位",), points=30)
    flow = Flow(sheet, style, WIDTHS, BODY)
    names = fit_names((line.department for line in board.lines), WIDTHS[1], (10, 9), m.short_names)
    for line in board.lines:
        _write_line(flow, m, board, line, names[line.department])
    if board.lines:
        row = flow.take(21)
        fill_cells(sheet, row, 1, flow.last, style(**TOTAL))
        sheet.write_string(row, 1, f"合计 {len(board.lines)} 个", style(**TOTAL))
        _write_counts(sheet, style, row, board.total, TOTAL)
    else:
        flow.say("没有记录：还没有下发过，也没有到统计截止日的期次。")
    flow.break_pages()
    sheet.freeze_panes(BODY, 2)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:W{flow.row}", footer=footer(m))


def _head(period: str) -> str:
    """Return a period's name for a narrow column, on two lines where it has a hyphen: 2022-03."""
    year, hyphen, rest = period.partition("-")
    return "\n".join(clip(part, _SLOT, 9, bold=True) for part in ((year, rest) if hyphen else (period,)))


def _write_line(flow: Flow, m: Metrics, board: ReturnsBoard, line: ReturnLine, name: tuple[str, float]) -> None:
    row = flow.take(24)
    sheet, style, now = flow.sheet, flow.style, line.current
    fill_cells(sheet, row, 1, flow.last, style(**HAIR))
    sheet.write_string(row, 1, name[0], style(**HAIR, font_size=name[1]))
    absent = now is not None and now.outcome is Outcome.MISSING
    words = now.outcome.value if now else "不用报"
    sheet.write_string(row, 2, words, style(**HAIR, align="center", **(_STRONG if absent else {})))
    day = day_words(m, now.returned_on) if now and now.returned_on else "—"
    sheet.write_string(row, 3, day, style(**HAIR, align="center", font_name=NUMBER_FONT, font_size=9))
    count(sheet, row, 4, now.versions if now else None, style, **HAIR)
    for column, period in enumerate(board.periods, _FIRST):
        _write_mark(sheet, style, row, column, line.by_period.get(period))
    _write_counts(sheet, style, row, line.counts, HAIR)


def _write_mark(sheet: Worksheet, style: Formats, row: int, column: int, of: PeriodReturn | None) -> None:
    if of is None:
        return
    ink = {Outcome.MISSING: _STRONG, Outcome.NO_RECORD: {"font_color": Palette.INK2, "font_size": 9}}
    look: dict[str, Any] = {**HAIR, "align": "center", **ink.get(of.outcome, {"font_color": Palette.NAVY})}
    sheet.write_string(row, column, _MARKS[of.outcome], style(**look))


def _write_counts(sheet: Worksheet, style: Formats, row: int, counts: Discipline, look: dict[str, Any]) -> None:
    numbers = (counts.due, counts.on_time, counts.late, counts.missing, counts.sent_back)
    for column, number in enumerate(numbers, _SUMS):
        strong = _STRONG if column == _SUMS + 3 and number else {}
        count(sheet, row, column, number, style, **{**look, **strong})
    fraction(sheet, row, _SUMS + len(numbers), Rate(counts.on_time, counts.due), style, **look)
