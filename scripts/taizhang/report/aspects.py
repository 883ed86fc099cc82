"""五个方面: heat tables of aspects and causes, and the gaps that no measure covers."""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.figures import sentences
from taizhang.figures.coverage import Problem
from taizhang.figures.light_words import below_red_words
from taizhang.figures.metrics import UNCAUSED, UNLINKED, Group, Metrics
from taizhang.figures.rates import RateName
from taizhang.ledger.vocabulary import Light, Status
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, setup_page
from taizhang.report.layout import (
    BODY,
    HEAD,
    clip,
    count,
    fit_names,
    footer,
    fraction,
    heat,
    light_count,
    section,
    shorten_line,
    status_word,
    write_head,
)
from taizhang.report.overview import NUMERALS

__all__ = ["UNADDRESSED", "UNLINKED_TASKS", "write_aspects"]

UNADDRESSED, UNLINKED_TASKS = "没有措施触及的根源", "不对应任何问题的措施"
WIDTHS = (6, 28, 150, 44, 44, 68, 68, 68, 68, 68, 52, 58, 84, 84, 84, 84)
_RATES = 12
"""The first of the four columns of rates (0-based)."""
LAST = len(WIDTHS) - 1
ROOM, LEAST = 285.0, 16.5  # points: the room that the rows of both tables share on a page; the least height of a row
_CELLS = 5  # the heat cells fill five columns from this one (0-based): F to J
COLUMNS = "ABCDEFGHIJKLMNOP"


def write_aspects(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write two heat tables (aspects by status, causes by aspect) and the gaps in coverage."""
    note = (
        "颜色越深，项数越多；“·”＝0，“—”＝还没有到期的。措施按它对应的第一个问题归类，问题按它的第一条根源归类，"
        "各表合计相等。四个比率各数各的，见〈口径说明〉。"
    )

    def head(longest: int) -> str:
        return f"{sentences.lowest_aspect(m, longest)}；{sentences.causes_head(m, longest)}"

    write_head(sheet, style, m, "五个方面与根源", note, head, WIDTHS)
    lines = len(m.aspects) + len(m.causes)
    points = max(LEAST, min(27.0, int(ROOM / max(lines, 1) / 0.75) * 0.75))
    section(sheet, style, HEAD, 1, LAST, "方面 × 状态（措施项数）")
    aspects = [(group, group.statuses) for group in m.aspects]
    row = _write_heat_table(sheet, style, m, BODY, "方面", [*map(status_word, Status)], aspects, points)
    names = [group.name for group in m.aspects if group.problems]
    shown = names if len(names) <= _CELLS else [*names[: _CELLS - 1], "其余"]
    causes = [(group, _cells(m, group.name, names)) for group in m.causes]
    section(sheet, style, row + 1, 1, LAST, "根源 × 方面（问题个数）")
    row = _write_heat_table(sheet, style, m, row + 2, "根源", shown, causes, points)
    row = _write_gaps(sheet, style, m, row + 1)
    setup_page(sheet, f"B2:P{row}", footer=footer(m), tall=int(lines * points <= ROOM))


def _cells(m: Metrics, cause: str, aspects: Sequence[str]) -> list[int]:
    numbers = [m.matrix.get((cause, aspect), 0) for aspect in aspects]
    return numbers if len(numbers) <= _CELLS else [*numbers[: _CELLS - 1], sum(numbers[_CELLS - 1 :])]


def _write_heat_table(
    sheet: Worksheet,
    style: Formats,
    m: Metrics,
    row: int,
    title: str,
    heads: Sequence[str],
    groups: Sequence[tuple[Group, Sequence[int]]],
    points: float,
) -> int:
    """Write one heat table starting at a row; return the row below it. The five middle columns hold the heat cells."""
    total = m.total
    _write_heat_heads(sheet, style, m, row, title, heads)
    first = row + 1
    shown_names = fit_names((group.name for group, _ in groups), WIDTHS[2], (10, 9, 8.5))
    size = min((each for _, each in shown_names.values()), default=10)
    for number, (group, cells) in enumerate(groups):
        row = first + number
        sheet.set_row(row, points)
        named = group.name not in (UNLINKED, UNCAUSED) and number < len(NUMERALS)
        numeral = (NUMERALS[number] if title == "方面" else str(number + 1)) if named else ""
        sheet.write_string(row, 1, numeral, style(font_size=9, font_color=Palette.INK2, align="center"))
        name = shown_names[group.name][0]
        sheet.write_string(row, 2, name, style(font_size=size))
        _write_heat_numbers(sheet, style, row, group, cells)
    row = first + len(groups)
    sums = [total.problems, total.tasks, *(sum(cells[n] for _, cells in groups) for n in range(len(heads)))]
    _write_heat_total(sheet, style, row, first if groups else None, sums, total)
    if groups:
        highest = max(max(cells, default=0) for _, cells in groups)
        sheet.conditional_format(first, _CELLS, row - 1, _CELLS + len(heads) - 1, heat(highest))
    return row + 1


def _write_heat_heads(sheet: Worksheet, style: Formats, m: Metrics, row: int, title: str, heads: Sequence[str]) -> None:
    sheet.set_row(row, 30)
    cut = fit_names(heads, WIDTHS[_CELLS] * 2 - 16, (9,))
    small = {"font_size": 9, "font_color": Palette.INK2, "align": "center", "text_wrap": True}
    titles = ["", title, "问题", "措施", *heads, *[""] * (_CELLS - len(heads)), "红灯"]
    titles += [below_red_words(m.thresholds), *RateName]
    for column, head in enumerate(titles, 1):
        cell = style(**{**small, "align": "left" if column == 2 else "center"})
        text = cut[head][0] if head in cut else head
        sheet.write_string(row, column, text, cell) if text else sheet.write_blank(row, column, None, cell)


def _write_heat_numbers(sheet: Worksheet, style: Formats, row: int, group: Group, cells: Sequence[int]) -> None:
    white = {"border": 1, "border_color": "#FFFFFF"}
    count(sheet, row, 3, group.problems, style)
    count(sheet, row, 4, group.tasks, style)
    for column, value in enumerate(cells, _CELLS):
        count(sheet, row, column, value, style, **white)
    light_count(sheet, row, 10, group.red, Light.RED, style, **white)
    light_count(sheet, row, 11, group.amber, group.worst_below_red, style, **white)
    for column, name in enumerate(RateName, _RATES):
        fraction(sheet, row, column, group.rates.of(name), style)


def _write_heat_total(
    sheet: Worksheet, style: Formats, row: int, first: int | None, sums: Sequence[int], total: Group
) -> None:
    """Write the total of a heat table; ``sums`` are its counts from column D, ``first`` the first row added up."""
    sheet.set_row(row, 21)
    line = {"top": 1, "top_color": Palette.NAVY, "bold": True}
    fill_cells(sheet, row, 1, LAST, style(**line))
    sheet.write_string(row, 2, "合计", style(**line))
    for column, value in [*enumerate(sums, 3), (10, total.red), (11, total.amber)]:
        letter = COLUMNS[column]
        formula = "" if first is None else f"=SUM({letter}{first + 1}:{letter}{row})"
        count(sheet, row, column, value, style, formula=formula, **line)
    for column, name in enumerate(RateName, _RATES):
        fraction(sheet, row, column, total.rates.of(name), style, **line)


def _write_gaps(sheet: Worksheet, style: Formats, m: Metrics, row: int) -> int:
    """Write the problems and causes without measures, and the measures without a problem; return the row below."""
    cover = m.coverage
    section(sheet, style, row, 1, LAST, "覆盖：哪里还没有措施", "问题台账")
    lines = (
        ("没有措施的问题", [_describe_problem(problem) for problem in cover.uncovered], "个"),
        ("只有间接措施的问题", [_describe_problem(problem) for problem in cover.indirect], "个"),
        (UNADDRESSED, [cause.title for cause in cover.unaddressed], "个"),
        (UNLINKED_TASKS, [task.code for task in cover.unlinked], "项"),
    )
    for name, items, unit in lines:
        row += 1
        sheet.set_row(row, 18)
        sheet.write_string(row, 2, name, style(font_color=Palette.INK2))
        number = f"{len(items)} {unit}" if items else "没有"
        sheet.write_string(row, 3, number, style(bold=bool(items)))
        room = sum(WIDTHS[5:])
        sheet.write_string(row, 5, clip("、".join(items), room, 10) if items else "·", style(font_size=10))
    return row + 1


def _describe_problem(problem: Problem) -> str:
    return f"{problem.code} {shorten_line(problem.title, 12)}"
