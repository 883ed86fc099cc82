"""问题台账: one row per problem with its causes, its measures, and whether it may be struck off."""

from __future__ import annotations

from taizhang.figures import sentences
from taizhang.figures.coverage import Covered, Problem
from taizhang.figures.light_words import below_red_words
from taizhang.figures.metrics import BELOW_RED, OPEN_DEPARTMENT, Metrics
from taizhang.figures.rates import count_rates
from taizhang.ledger.vocabulary import CARRIED_OVER, Light, Status
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import LIST_TEXT, Formats, Worksheet, fill_cells, head_format, row_height, setup_page
from taizhang.report.layout import (
    BODY,
    FILTER_HEAD,
    HEAD,
    clip,
    count,
    department_names,
    finish_table,
    footer,
    light_count,
    rate,
    section,
    shorten_line,
    tall_enough,
    write_head,
    write_heads,
)
from taizhang.report.links import DETAILS, SheetRows
from taizhang.supervision.past_problems import PastProblem, SeenAgain, SeenBefore
from taizhang.typed.percentages import percent
from taizhang.typed.text import shorten

__all__ = ["write_problems"]

_REASON, _BELOW = "间接或没有的原因", "黄灯"
COLUMNS = (
    ("编号", 60),
    ("方面", 142),
    ("问题", 204),
    ("根源", 136),
    ("牵头领导", 98),
    ("措施", 42),
    ("办结", 42),
    ("待审核", 48),
    ("红灯", 46),
    (_BELOW, 46),
    ("销号率", 72),
    ("覆盖", 50),
    (_REASON, 132),
    ("能否销号", 96),
)
_LEFT = ("方面", "问题", "根源", _REASON, "能否销号")
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
LAST = len(COLUMNS)


def write_problems(
    sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows, before: SeenBefore | None = None
) -> None:
    """Write the problems as a native table, then the measures without a problem and the causes without a measure.

    If the ledger was compared with those of past years, the problems seen ``before`` follow.
    """
    note = (
        "覆盖：直接＝有措施把它列为第一个对应问题，且对应关系经办公室认可；"
        "间接＝只有兼顾的、原则性的或待核对的措施。一项措施对应几个问题的，各算一次。"
    )
    write_head(sheet, style, m, "问题台账", note, sentences.problems_head(m), WIDTHS)
    below = below_red_words(m.thresholds)
    heads = [below if title == _BELOW else title for title, _ in COLUMNS]
    write_heads(sheet, style, HEAD, heads, points=FILTER_HEAD)
    titles = {cause.code: cause.title for cause in m.coverage.causes}
    for row, problem in enumerate(m.coverage.problems, BODY):
        causes = "、".join(shorten_line(titles.get(code, code), 20) for code in problem.causes) or "—"
        _write_problem(sheet, style, m, row, problem, causes)
    last = finish_table(
        sheet,
        style,
        heads,
        m.problem_count,
        name="tblProblems",
        left=_LEFT,
        title="问题台账",
        description=f"{m.problem_count} 个问题，每行一个；整改到位 {m.problems_closed} 个",
    )
    row = _write_unlinked(sheet, style, m, rows, last + 2)
    row = _write_causes(sheet, style, m, row + 1)
    if before:
        row = _write_seen_before(sheet, style, before, row + 1)
    sheet.freeze_panes(BODY, 4)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:O{row}", footer=footer(m))


def _write_problem(sheet: Worksheet, style: Formats, m: Metrics, row: int, problem: Problem, causes: str) -> None:
    aspect = m.aspect_of_problem[problem.code]
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    wrapped, centred = style(**line, text_wrap=True), style(**line, align="center", text_wrap=True)
    wide = ((aspect, 142), (problem.title, 204), (causes, 136), (problem.leader or "待明确", 98))
    aspect, title, causes, leader = (tall_enough(text, pixels) for text, pixels in wide)
    texts = ((aspect, 142), (title, 204), (causes, 136), (problem.why, 132), (leader, 98))
    sheet.set_row(row, row_height(texts, least=27.75, wrapping=LIST_TEXT))
    sheet.write_string(row, 1, problem.code, style(**line, align="center", font_name=NUMBER_FONT, font_size=9))
    sheet.write_string(row, 2, aspect, wrapped)
    sheet.write_string(row, 3, title, wrapped)
    sheet.write_string(row, 4, causes, wrapped)
    sheet.write_string(row, 5, leader, centred)
    tasks = problem.tasks
    numbers = (len(tasks), problem.closed, sum(task.status == Status.DONE for task in tasks))
    for column, number in enumerate(numbers, 6):
        count(sheet, row, column, number, style, **line)
    light_count(sheet, row, 9, sum(task.light is Light.RED for task in tasks), Light.RED, style, **line)
    below = [task.light for task in tasks if task.light in BELOW_RED]
    worst = min(below, key=BELOW_RED.index, default=Light.AMBER)
    light_count(sheet, row, 10, len(below), worst, style, **line)
    struck_off = count_rates(tasks, m.as_of).struck_off
    rate(sheet, row, 11, percent(struck_off.share), style, of=str(struck_off), **line, align="center", font_size=9)
    strong = {"bold": True} if problem.coverage is not Covered.DIRECT else {}
    sheet.write_string(row, 12, problem.coverage, style(**line, align="center", **strong))
    sheet.write_string(row, 13, problem.why or "—", wrapped)
    sheet.write_string(row, 14, problem.verdict, style(**line, text_wrap=True, bold=problem.settled))


def _write_unlinked(sheet: Worksheet, style: Formats, m: Metrics, rows: SheetRows, row: int) -> int:
    """Write the measures that name no known problem; return the row below."""
    tasks = m.coverage.unlinked
    section(
        sheet, style, row, 1, LAST, f"不对应任何问题的措施：{len(tasks)} 项" if tasks else "不对应任何问题的措施：没有"
    )
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    link = style(**line, align="center", font_name=NUMBER_FONT, font_size=9, font_color=Palette.LINK, underline=1)
    names = department_names(m, WIDTHS[2], (10,))
    for task in tasks:
        row += 1
        sheet.set_row(row, 18.75)
        fill_cells(sheet, row, 1, LAST, style(**line))
        sheet.write_url(row, 1, rows.link(DETAILS, task.code), link, task.code)
        sheet.write_string(row, 2, names[task.department or OPEN_DEPARTMENT][0], style(**line))
        sheet.write_string(row, 3, clip(task.statement, sum(WIDTHS[3:15]), 10), style(**line))
    return row + 1


def _write_causes(sheet: Worksheet, style: Formats, m: Metrics, row: int) -> int:
    """Write the causes that no measure addresses; return the row below."""
    causes = m.coverage.unaddressed
    words = f"{len(causes)} 个" if causes else "没有"
    section(sheet, style, row, 1, LAST, f"没有措施触及的根源：{words}")
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    for cause in causes:
        row += 1
        sheet.set_row(row, 18.75)
        fill_cells(sheet, row, 1, LAST, style(**line))
        sheet.write_string(row, 1, cause.code, style(**line, align="center", font_name=NUMBER_FONT, font_size=9))
        why = f"对应的问题（{'、'.join(cause.problems)}）都没有措施" if cause.problems else "没有问题写明由它引起"
        sheet.write_string(row, 2, clip(f"{cause.title}：{why}", sum(WIDTHS[2:15]), 10), style(**line))
    return row + 1


_BLOCKS = ((2, 3), (4, 8), (9, 14))
"""The columns that a line about a problem seen before joins: its wording, the one then, what was done then."""
_CLOSED_SHOWN, _LONGEST_MEASURE = 5, 40


def _write_seen_before(sheet: Worksheet, style: Formats, before: SeenBefore, row: int) -> int:
    """Write the problems that ledgers of past years name too, one line for each of them; return the row below."""
    sources = "、".join(before.sources)
    compared = f"按字句对照{sources}的台账"
    if not before.problems:
        section(sheet, style, row, 1, LAST, f"以前也提过的问题：没有（{compared}）")
        return row + 1
    section(sheet, style, row, 1, LAST, f"以前也提过的问题：{before.number}（{compared}，像不像请办公室核对）")
    row += 1
    sheet.set_row(row, 21)
    head = head_format(style, font_size=9)
    sheet.write_string(row, 1, "编号", head)
    for (first, last), text in zip(_BLOCKS, ("现在的说法", "那时的说法", "那时做了什么"), strict=True):
        sheet.merge_range(row, first, row, last, text, head)
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    wrapped = style(**line, text_wrap=True)
    for again in before.problems:
        for past in again.past:
            row += 1
            now = again.title + (f"（{CARRIED_OVER}）" if again.carried else _beside(again))
            texts = (now, f"{past.source} {past.code}　{past.title}", _what_was_done(past))
            fitted = [
                (tall_enough(text, sum(WIDTHS[first : last + 1])), sum(WIDTHS[first : last + 1]))
                for text, (first, last) in zip(texts, _BLOCKS, strict=True)
            ]
            sheet.set_row(row, row_height(fitted, least=21, wrapping=LIST_TEXT))
            code = style(**line, align="center", font_name=NUMBER_FONT, font_size=9)
            sheet.write_string(row, 1, again.record.code, code)
            for (first, last), (text, _) in zip(_BLOCKS, fitted, strict=True):
                sheet.merge_range(row, first, row, last, "", wrapped)
                sheet.write_string(row, first, text, wrapped)
    return row + 1


def _beside(again: SeenAgain) -> str:
    return f"（像是{CARRIED_OVER}的 {'、'.join(again.beside)}）" if again.beside else ""


def _what_was_done(past: PastProblem) -> str:
    closed = "；".join(shorten(" ".join(each.split()), _LONGEST_MEASURE) for each in past.closed[:_CLOSED_SHOWN])
    more = f"；另有 {len(past.closed) - _CLOSED_SHOWN} 项" if len(past.closed) > _CLOSED_SHOWN else ""
    return past.done + (f"：{closed}{more}" if closed else "")
