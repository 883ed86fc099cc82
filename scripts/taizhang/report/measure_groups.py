"""措施分组: the groups of measures and the entry points with their four rates, and what carries each principle."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from taizhang.figures import board_sentences
from taizhang.figures.measure_groups import NO_ENTRY, MeasureGroup, Principle
from taizhang.figures.metrics import Metrics
from taizhang.figures.rates import RateName
from taizhang.ledger.vocabulary import Light, TaskKind
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page
from taizhang.report.layout import BODY, HEAD, clip, count, footer, fraction, light_count, write_head, write_heads
from taizhang.report.lists import HAIR, TOTAL, Flow, wrapped

__all__ = ["write_measure_groups"]

_KINDS = (TaskKind.ONCE, TaskKind.CYCLE, TaskKind.LONG_TERM)
_LIGHTS = (Light.RED, Light.ORANGE, Light.AMBER)
COLUMNS = (
    ("措施组、切入点", 190),
    ("措施", 52),
    *((kind.value, 48) for kind in _KINDS),
    ("办结", 50),
    ("待审核", 56),
    ("红灯", 52),
    ("橙灯", 52),
    ("黄灯", 52),
    *((name.value, 100) for name in RateName),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
_WORDS, _FIRST_LIGHT, _FIRST_RATE = 6, 8, 11
_LETTERS = "ABCDEFGHIJKLMNO"


def write_measure_groups(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: by group, by entry point, then the principles with the tasks that carry them."""
    board = m.boards.groups
    note = (
        "四个率分开算，不合成一个：按期办结率、销号率按项，履行率按期，复核率按次。"
        "措施按它对应的第一个写了切入点的问题归入切入点。原则不计数，看体现它的任务。"
    )
    write_head(sheet, style, m, "措施分组进展", note, partial(board_sentences.groups_head, board), WIDTHS)
    write_heads(sheet, style, HEAD, [title for title, _ in COLUMNS], left=("措施组、切入点",), points=21)
    flow = Flow(sheet, style, WIDTHS, BODY)
    if board.groups:
        _write_groups(flow, board.groups, board.total)
        flow.heading("按切入点")
    else:
        flow.say("还没有措施。")
    if any(group.name != NO_ENTRY for group in board.entries):
        _write_groups(flow, board.entries, board.total)
    elif board.groups:
        flow.say("措施对应的问题都没有写切入点，分不出来；请在〈问题清单〉里填。")
    _write_principles(flow, board.principles)
    flow.break_pages()
    sheet.freeze_panes(BODY, 2)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:O{flow.row}", footer=footer(m))


def _write_groups(flow: Flow, groups: Sequence[MeasureGroup], total: MeasureGroup) -> None:
    first = flow.row
    for group in groups:
        _write_group(flow, group)
    _write_total(flow, total, first)


def _write_group(flow: Flow, group: MeasureGroup) -> None:
    name = wrapped(group.name, WIDTHS[1])
    row = flow.take_texts([(name, 1)], least=24)
    flow.sheet.write_string(row, 1, name, flow.style(**HAIR, text_wrap=True))
    _write_figures(flow, row, group, HAIR)


def _numbers(group: MeasureGroup) -> list[int]:
    kinds, lights = (group.of_kind(kind) for kind in _KINDS), (group.lit(light) for light in _LIGHTS)
    return [len(group.tasks), *kinds, group.closed, group.waiting, *lights]


def _write_figures(flow: Flow, row: int, group: MeasureGroup, look: dict[str, Any], first: int | None = None) -> None:
    """Write the numbers of a group; those of a total are sums from the row ``first`` on."""
    sheet, style = flow.sheet, flow.style
    for column, number in enumerate(_numbers(group), 2):
        letter = _LETTERS[column]
        formula = "" if first is None else f"=SUM({letter}{first + 1}:{letter}{row})"
        if _FIRST_LIGHT <= column < _FIRST_RATE and first is None:
            light_count(sheet, row, column, number, _LIGHTS[column - _FIRST_LIGHT], style, **look)
        else:
            count(sheet, row, column, number, style, formula=formula, **look)
    for column, name in enumerate(RateName, _FIRST_RATE):
        fraction(sheet, row, column, group.rates.of(name), style, **look)


def _write_total(flow: Flow, total: MeasureGroup, first: int) -> None:
    row = flow.take(21)
    fill_cells(flow.sheet, row, 1, flow.last, flow.style(**TOTAL))
    flow.sheet.write_string(row, 1, total.name, flow.style(**TOTAL))
    _write_figures(flow, row, total, TOTAL, first)


def _write_principles(flow: Flow, principles: tuple[Principle, ...]) -> None:
    """Write each principle under the name of its group, with the tasks that carry it and how they stand."""
    if not principles:
        flow.heading("原则性措施：没有")
        return
    left = sum(not each.carriers for each in principles)
    flow.heading(f"原则性措施：{len(principles)} 条，{f'{left} 条没有写体现于哪些任务' if left else '都有任务体现'}")
    sheet, style = flow.sheet, flow.style
    for each in principles:
        row = flow.take(21)
        fill_cells(sheet, row, 1, flow.last, style(**HAIR))
        group = f"（{each.task.group}）" if each.task.group else ""
        statement = clip(f"{each.task.code} {each.task.statement}{group}", sum(WIDTHS[1:_WORDS]), 10)
        sheet.write_string(row, 1, statement, style(**HAIR))
        strong = {} if each.carriers else {"bold": True}
        sheet.write_string(row, _WORDS, clip(_describe(each), sum(WIDTHS[_WORDS:]), 10), style(**HAIR, **strong))


def _describe(principle: Principle) -> str:
    """Return how the tasks that carry a principle stand: their number, what is closed and lit, and their codes."""
    unknown = f"；{'、'.join(principle.unknown)} 找不到" if principle.unknown else ""
    tasks = principle.carriers
    if not tasks:
        return f"没有写体现于哪些任务{unknown}"
    closed = sum(task.closed for task in tasks)
    lit = [(light, sum(task.light is light for task in tasks)) for light in Light if light.warns]
    lights = "".join(f"，{light} {number} 项" for light, number in lit if number)
    codes = "、".join(task.code for task in tasks)
    return f"体现于 {len(tasks)} 项：办结 {closed}/{len(tasks)}{lights}；{codes}{unknown}"
