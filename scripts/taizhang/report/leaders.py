"""牵头领导: what each leading post answers for, what waits for it, and each of these matters in words."""

from __future__ import annotations

from functools import partial
from typing import Any

from taizhang.figures import board_sentences
from taizhang.figures.leaders import LeaderLine, Matter, MatterKind
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light, TaskKind
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page
from taizhang.report.layout import BODY, HEAD, clip, count, footer, light_count, write_head, write_heads
from taizhang.report.links import SheetRows
from taizhang.report.lists import HAIR, TOTAL, Flow, task_link, wrapped

__all__ = ["write_leaders"]

_KINDS = (TaskKind.ONCE, TaskKind.CYCLE, TaskKind.LONG_TERM)
_LIGHTS = (Light.RED, Light.ORANGE, Light.AMBER)
COLUMNS = (
    ("牵头领导", 128),
    ("措施", 58),
    *((kind.value, 42) for kind in _KINDS),
    ("办结", 42),
    ("红灯", 48),
    ("橙灯", 48),
    ("黄灯", 48),
    ("待\n审核", 48),
    ("延期\n待批", 48),
    ("核对\n不符", 48),
    ("需\n协调", 48),
    ("拖得最久的", 359),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
_FIRST_KIND, _CLOSED, _FIRST_LIGHT, _FIRST_MATTER, _LONGEST = 3, 6, 7, 10, 14
_LETTERS = "ABCDEFGHIJKLMNO"
NOBODY = "没有牵头领导"


def write_leaders(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows) -> None:
    """Write the sheet: one row per leading post, their sum, then the matters that wait for each."""
    board = m.boards.leaders
    note = (
        "待审核＝销号申请到了分管领导这一步；延期待批＝还没有结论；"
        "核对不符＝报的和台账里的数对不上；需协调＝请领导出面的事，写到两位的各列一次。"
    )
    write_head(sheet, style, m, "牵头领导看板", note, partial(board_sentences.leaders_head, board), WIDTHS)
    heads = [title for title, _ in COLUMNS]
    write_heads(sheet, style, HEAD, heads, left=("牵头领导", "拖得最久的"), points=30)
    flow = Flow(sheet, style, WIDTHS, BODY)
    for line in board.lines:
        _write_line(flow, line)
    if not board.lines:
        flow.say("还没有措施。")
    else:
        _write_total(flow, board.lines)
        _write_matters(flow, board.lines, rows)
    flow.break_pages()
    sheet.freeze_panes(BODY, 2)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:O{flow.row}", footer=footer(m))


def _write_line(flow: Flow, line: LeaderLine) -> None:
    sheet, style = flow.sheet, flow.style
    name, longest = wrapped(line.post or NOBODY, WIDTHS[1]), line.longest
    row = flow.take_texts([(name, 1)], least=24)
    ink = {} if line.post else {"font_color": Palette.INK2}
    sheet.write_string(row, 1, name, style(**HAIR, text_wrap=True, bold=bool(line.lit(Light.RED)), **ink))
    _write_counts(sheet, style, row, line, HAIR)
    words = "—"
    if longest:
        late = f"（逾期 {longest.overdue} 天）"
        words = clip(f"{longest.code} {longest.statement}", WIDTHS[_LONGEST] - 108, 10) + late
    red = {"font_color": Palette.RED_TEXT} if longest else {"font_color": Palette.INK2}
    sheet.write_string(row, _LONGEST, words, style(**HAIR, **red))


def _numbers(line: LeaderLine) -> list[int]:
    kinds, matters = (line.of_kind(kind) for kind in _KINDS), (line.waiting(kind) for kind in MatterKind)
    return [len(line.tasks), *kinds, line.closed, *(line.lit(light) for light in _LIGHTS), *matters]


def _write_counts(sheet: Worksheet, style: Formats, row: int, line: LeaderLine, look: dict[str, Any]) -> None:
    for column, number in enumerate(_numbers(line), 2):
        if _FIRST_LIGHT <= column < _FIRST_MATTER:
            light_count(sheet, row, column, number, _LIGHTS[column - _FIRST_LIGHT], style, **look)
        else:
            strong = {"bold": True} if column >= _FIRST_MATTER and number else {}
            count(sheet, row, column, number, style, **{**look, **strong})


def _write_total(flow: Flow, lines: tuple[LeaderLine, ...]) -> None:
    """Write the sum of all posts; a request that names two posts counts under both."""
    row = flow.take(21)
    sheet, style = flow.sheet, flow.style
    fill_cells(sheet, row, 1, flow.last, style(**TOTAL))
    sheet.write_string(row, 1, "合计", style(**TOTAL))
    for column, numbers in enumerate(zip(*map(_numbers, lines), strict=True), 2):
        letter = _LETTERS[column]
        count(sheet, row, column, sum(numbers), style, formula=f"=SUM({letter}{BODY + 1}:{letter}{row})", **TOTAL)


def _write_matters(flow: Flow, lines: tuple[LeaderLine, ...], rows: SheetRows) -> None:
    """Write what waits for each post, one matter a row."""
    asked = [line for line in lines if line.matters]
    if not asked:
        flow.heading("等领导办的事：没有")
        return
    for line in asked:
        over = sum(matter.over for matter in line.matters)
        late = f"，其中超过时限 {over} 件" if over else ""
        name = clip(line.post or NOBODY, 400, 10.5, bold=True)
        flow.heading(f"{name}：等着办的 {len(line.matters)} 件{late}")
        for matter in line.matters:
            _write_matter(flow, matter, rows)


def _write_matter(flow: Flow, matter: Matter, rows: SheetRows) -> None:
    """Write one matter: its kind, the task's code and words, the department, and what is asked."""
    sheet, style, task = flow.sheet, flow.style, matter.task
    words = wrapped(matter.words, WIDTHS[_LONGEST])
    row = flow.take_texts([(words, _LONGEST)], least=24)
    fill_cells(sheet, row, 1, flow.last, style(**HAIR))
    strong = {"bold": True} if matter.over else {}
    sheet.write_string(row, 1, f"{matter.kind}{'（超时限）' if matter.over else ''}", style(**HAIR, **strong))
    task_link(sheet, style, row, 2, rows, task.code)
    statement = clip(task.statement, sum(WIDTHS[3:10]) - 4, 10)
    sheet.write_string(row, 3, statement, style(**HAIR))
    department = clip(task.department or "待明确", sum(WIDTHS[10:14]) - 4, 9)
    sheet.write_string(row, 10, department, style(**HAIR, font_size=9, font_color=Palette.INK2))
    sheet.write_string(row, _LONGEST, words, style(**HAIR, text_wrap=True, **strong))
