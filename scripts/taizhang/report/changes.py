"""与上期比: what has changed since the last known month end, by kind of change, each with its task and reason."""

from __future__ import annotations

from taizhang.figures import board_sentences
from taizhang.figures.changes import Change, ChangeKind
from taizhang.figures.metrics import Metrics
from taizhang.office.xlsx import Formats, Worksheet, setup_page
from taizhang.report.layout import BODY, HEAD, footer, light_style, write_head, write_heads
from taizhang.report.links import SheetRows
from taizhang.report.lists import HAIR, PEOPLE, Flow, brief_names, code_cell, task_link, wrapped

__all__ = ["write_changes"]

COLUMNS = (("现在的灯", 72), ("编号", 64), ("任务", 330), (PEOPLE, 110), ("变了什么、为什么", 473))
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
_EMPTY = {
    ChangeKind.REOPENED: "没有退回，没有反弹。",
    ChangeKind.CONTRADICTED: "没有新的核对不符。",
    ChangeKind.WORSE: "没有亮灯变重的。",
    ChangeKind.MOVED: "没有改时限的。",
    ChangeKind.CAUGHT_UP: "没有赶上来的。",
    ChangeKind.CLOSED: "没有新办结的。",
    ChangeKind.NEW: "没有新增的任务。",
    ChangeKind.GONE: "没有任务不见。",
}


def write_changes(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the sheet: one block per kind of change; in the first period it says that nothing can be compared."""
    board = m.boards.changes
    note = (
        "和最近一个留存了台账的月末比，两次都按当天的规则算。亮灯变重、赶上来的看灯和欠的次数；"
        "时限变动写明有没有批准的延期。一项任务可以有几处变动。"
    )
    write_head(sheet, style, m, "与上期相比", note, board_sentences.changes_head(board), WIDTHS)
    heads = [title for title, _ in COLUMNS]
    write_heads(sheet, style, HEAD, heads, left=("任务", "变了什么、为什么"), points=30)
    flow = Flow(sheet, style, WIDTHS, BODY, brief_names(m))
    if board.since is None:
        flow.say("首期，没有上期可比；下一期起列出变动。")
    for kind in ChangeKind if board.since else ():
        changes = board.of_kind(kind)
        flow.heading(f"{kind}：{len(changes)} 项" if changes else kind)
        for change in changes:
            _write_change(flow, change, rows)
        if not changes:
            flow.say(_EMPTY[kind])
    flow.break_pages()
    sheet.freeze_panes(BODY, 3)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:F{flow.row}", footer=footer(m))


def _write_change(flow: Flow, change: Change, rows: SheetRows) -> None:
    sheet, style, task = flow.sheet, flow.style, change.task
    texts = {
        3: wrapped(task.statement, WIDTHS[3]),
        4: wrapped(flow.people(task), WIDTHS[4], 9),
        5: wrapped(change.words, WIDTHS[5]),
    }
    row = flow.take_texts([(text, column) for column, text in texts.items()])
    if change.listed:
        sheet.write_string(row, 1, task.light, light_style(style, task.light))
        task_link(sheet, style, row, 2, rows, task.code)
    else:
        sheet.write_string(row, 1, "—", style(**HAIR, align="center"))
        code_cell(sheet, style, row, 2, task.code)
    for column, text in texts.items():
        small = {"align": "center", "font_size": 9} if column == 4 else {}
        sheet.write_string(row, column, text, style(**HAIR, text_wrap=True, **small))
