"""待明确项: what each task lacks as a matrix, and the quality of the ledger's data."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.figures import board_sentences
from taizhang.figures.gaps import Gap, GapBoard, GapLine, KindOfFinding, Quality
from taizhang.figures.metrics import Metrics
from taizhang.ledger.findings import Severity
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page, text_width
from taizhang.report.layout import BODY, HEAD, clip, count, footer, write_head, write_heads
from taizhang.report.links import SheetRows
from taizhang.report.lists import HAIR, PEOPLE, TOTAL, Flow, brief_names, code_cell, task_link, wrapped

__all__ = ["write_gaps"]

COLUMNS = (
    ("编号", 64),
    ("任务", 284),
    (PEOPLE, 110),
    *((gap.value if len(gap) < 6 else f"{gap[:3]}\n{gap[3:]}", 76) for gap in Gap),
    ("缺几样", 59),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
_FIRST, _NUMBER = 4, 4 + len(Gap)


def write_gaps(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the sheet: a matrix of tasks and what they lack, its counts, then the quality of the data."""
    board, quality = m.boards.gaps, m.boards.quality
    note = (
        "○＝没有写明，“·”＝写了或不用写。只列还没办结的任务；报告没有写的不能猜，请办公室定。"
        "没有开始日期就算不出序时进度。合格的行＝没有错误、警告的行。"
    )
    write_head(sheet, style, m, "待明确事项与数据质量", note, board_sentences.gaps_head(board), WIDTHS)
    write_heads(sheet, style, HEAD, [title for title, _ in COLUMNS], left=("任务",), points=30)
    flow = Flow(sheet, style, WIDTHS, BODY, brief_names(m))
    for line in board.lines:
        _write_line(flow, line, rows)
    if board.lines:
        _write_totals(flow, board)
    else:
        flow.say("没有待明确的事项。")
    _write_quality(flow, quality)
    flow.break_pages()
    sheet.freeze_panes(BODY, 3)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:L{flow.row}", footer=footer(m))


def _write_line(flow: Flow, line: GapLine, rows: SheetRows) -> None:
    sheet, style, task = flow.sheet, flow.style, line.task
    statement, who = wrapped(task.statement, WIDTHS[2]), wrapped(flow.people(task), WIDTHS[3], 9)
    row = flow.take_texts([(statement, 2), (who, 3)])
    if task.counted:
        task_link(sheet, style, row, 1, rows, task.code)
    else:
        code_cell(sheet, style, row, 1, task.code)
    sheet.write_string(row, 2, statement, style(**HAIR, text_wrap=True))
    sheet.write_string(row, 3, who, style(**HAIR, text_wrap=True, align="center", font_size=9))
    for column, gap in enumerate(Gap, _FIRST):
        absent = gap in line.missing
        ink = {"bold": True} if absent else {"font_color": Palette.ZERO}
        sheet.write_string(row, column, "○" if absent else "·", style(**HAIR, align="center", **ink))
    count(sheet, row, _NUMBER, len(line.missing), style, **HAIR)


def _write_totals(flow: Flow, board: GapBoard) -> None:
    """Write how many lack each thing, of those that need it."""
    row = flow.take(24)
    sheet, style = flow.sheet, flow.style
    fill_cells(sheet, row, 1, flow.last, style(**TOTAL))
    sheet.write_string(row, 2, f"缺／要写的（{len(board.lines)}/{board.tasks} 项任务有缺）", style(**TOTAL))
    for column, gap in enumerate(Gap, _FIRST):
        asked = board.asked.get(gap, 0)
        words = f"{board.lacking.get(gap, 0)}/{asked}" if asked else "—"
        sheet.write_string(row, column, words, style(**TOTAL, align="center"))
    count(sheet, row, _NUMBER, sum(board.lacking.values()), style, **TOTAL)


def _write_quality(flow: Flow, quality: Quality) -> None:
    flow.heading(f"数据质量：{board_sentences.quality_head(quality)}")
    heads = ("级别", "查出什么", "条数", "在哪些表")
    row = flow.take(21, heading=True)
    columns = (1, 2, 3, _FIRST)
    fill_cells(flow.sheet, row, 1, flow.last, flow.style(**TOTAL))
    for column, head in zip(columns, heads, strict=True):
        align = {"align": "center"} if column in (1, 3) else {}
        flow.sheet.write_string(row, column, head, flow.style(**TOTAL, **align))
    for kind in quality.kinds:
        _write_kind(flow, kind)
    if not quality.kinds:
        flow.say("校验没有发现问题。")
    for title, words in _facts(quality):
        _write_fact(flow, title, words)


def _write_kind(flow: Flow, kind: KindOfFinding) -> None:
    label, where = wrapped(kind.check.label, WIDTHS[2]), f"{_sheets(kind)}（{kind.check}）"
    row = flow.take_texts([(label, 2)], least=21)
    sheet, style = flow.sheet, flow.style
    fill_cells(sheet, row, 1, flow.last, style(**HAIR))
    strong = {"bold": True} if kind.severity is Severity.ERROR else {}
    sheet.write_string(row, 1, kind.severity.label, style(**HAIR, align="center", **strong))
    sheet.write_string(row, 2, label, style(**HAIR, text_wrap=True, **strong))
    count(sheet, row, 3, kind.count, style, **{**HAIR, **strong})
    sheet.write_string(row, _FIRST, clip(where, sum(WIDTHS[_FIRST:]), 10), style(**HAIR))


def _sheets(kind: KindOfFinding) -> str:
    ordered = sorted(kind.sheets.items(), key=lambda each: (-each[1], each[0]))
    return "、".join(f"{sheet or '整个工作簿'} {number}" for sheet, number in ordered)


def _facts(quality: Quality) -> Sequence[tuple[str, Sequence[str]]]:
    """Return what else limits the data, as (title, words in a row)."""
    codeless = [f"{sheet} {number} 行" for sheet, number in quality.codeless.items()]
    return (
        ("没有结果的公式", [f"{quality.unread} 格"] if quality.unread else []),
        ("没有编号的行", codeless),
        (f"还没有行的登记表 {len(quality.empty)} 张", quality.empty),
        (f"没有启用的登记表 {len(quality.absent)} 张", quality.absent),
    )


def _write_fact(flow: Flow, title: str, words: Sequence[str]) -> None:
    """Write a fact across the sheet, on as many lines as its words need."""
    lines = _fold(words, sum(WIDTHS[3:])) if words else ["没有"]
    for number, line in enumerate(lines):
        row = flow.take(18)
        look = HAIR if number == len(lines) - 1 else {}
        fill_cells(flow.sheet, row, 1, flow.last, flow.style(**look))
        if not number:
            flow.sheet.write_string(row, 2, title, flow.style(**look, font_color=Palette.INK2))
        flow.sheet.write_string(row, 3, line, flow.style(**look))


def _fold(words: Sequence[str], pixels: int) -> list[str]:
    """Return words, joined by 、, as lines that each fit."""
    lines: list[list[str]] = [[]]
    for word in words:
        if lines[-1] and text_width("、".join([*lines[-1], word, ""]), 10) > pixels - 8:
            lines.append([])
        lines[-1].append(word)
    return [clip("、".join([*line, *([""] if line is not lines[-1] else [])]), pixels, 10) for line in lines]
