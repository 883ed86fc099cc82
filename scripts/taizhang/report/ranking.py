"""部门排名: departments ranked by 按期办结率, with the other three rates beside it."""

from __future__ import annotations

from functools import partial
from typing import Any

from taizhang.figures import sentences
from taizhang.figures.light_words import below_red_words
from taizhang.figures.metrics import OPEN_DEPARTMENT, Group, Metrics
from taizhang.figures.rates import RateName
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import Formats, NewWorkbook, Worksheet, setup_page
from taizhang.report.chart_data import CHART_ORDER, Figures
from taizhang.report.charts import STATUS_FILLS, department_chart, place_chart
from taizhang.report.layout import (
    BODY,
    HEAD,
    RATE_BAR,
    count,
    department_names,
    footer,
    fraction,
    light_count,
    rate,
    status_word,
    write_head,
    write_heads,
)
from taizhang.typed.percentages import percent

__all__ = ["write_ranking"]

WIDTHS = (6, 34, 96, 36, 84, 44, 84, 84, 84, 80, 44, 56, 42, 50, 62, 54, 6, 56, 66, 56, 56, 56, 4)
HEADS = (
    "名次",
    "部门",
    "措施",
    "按期\n办结率",
    "0—100%",
    "销号率",
    "履行率",
    "复核率",
    "进度",
    "序时",
    "差\n(百分点)",
    "红灯",
    "黄灯",
    "最长逾期\n(天)",
    "近6月\n未办结",
)
_REPORTED: dict[str, Any] = {"align": "center", "font_name": NUMBER_FONT, "font_size": 9}
_BAR, _PROGRESS, _RED, _LONGEST, _RECENT = 5, 9, 12, 14, 15
"""The columns (0-based) of the bar, the average progress, red lights, the longest delay and the last six months."""
CHART = 17
HEAD_POINTS = 33.0
FEW, FEWEST_DUE = "※", 3
"""The mark of a rank that rests on fewer measures due than this."""
LOW, PLAIN, HIGH, ROOM = 21.0, 26.25, 42.0, 367.5
"""Points of a department's line, and of all lines together: few of them share the page."""


def write_ranking(book: NewWorkbook, sheet: Worksheet, style: Formats, m: Metrics, figures: Figures) -> None:
    """Write the sheet; departments with nothing due yet have no rank and come last."""
    unnamed = any(group.name == OPEN_DEPARTMENT for group in m.departments)
    note = (
        "按一次性措施的按期办结率从高到低；相同的，依次看逾期短、销号率高、进度快、措施多，全相同的名次并列；"
        f"没有到期的不排名，名次写“—”。{'“待明确”不是部门，列在最后。' if unnamed else ''}"
    )
    write_head(sheet, style, m, "部门整改进展排名", note, partial(sentences.departments_head, m), WIDTHS)
    heads = [below_red_words(m.thresholds) if head == "黄灯" else head for head in HEADS]
    write_heads(sheet, style, HEAD, heads, left=("部门",), points=HEAD_POINTS)
    points = _row_points(len(m.departments))
    line = {"bottom": 1, "bottom_color": Palette.LINE}
    names = department_names(m, WIDTHS[2], (10, 9, 8.5), bold=True)
    for number, group in enumerate(m.departments, 1):
        row = BODY + number - 1
        sheet.set_row(row, points)
        rank = "—" if group.rank is None else f"{group.rank}{FEW if _rests_on_few(group) else ''}"
        sheet.write_string(row, 1, rank, style(**line, align="center", font_color=Palette.INK2))
        name, size = names[group.name]
        sheet.write_string(row, 2, name, style(**line, font_size=size, bold=bool(group.overdue)))
        _write_figures(sheet, style, row, m, group, line, last=number == len(m.departments))
        if group.name in figures.sparklines:
            _add_sparkline(sheet, row, figures.sparklines[group.name], max(m.left_by_department[group.name]))
            sheet.write_blank(row, _RECENT, None, style(**line))
        else:
            count(sheet, row, _RECENT, None, style, **line)
    row = BODY + len(m.departments)
    sheet.set_row(row, points)
    _write_total(sheet, style, row, m)
    if m.departments:
        sheet.conditional_format(BODY, _BAR, row - 1, _BAR, RATE_BAR)
        _write_legend(sheet, style)
        chart = department_chart(book, figures.departments, beside_names=True)
        place_chart(sheet, chart, BODY, CHART, sum(WIDTHS[CHART:]), points * len(m.departments))
    _write_notes(sheet, style, row + 1, m)
    sheet.freeze_panes(BODY, 3)
    setup_page(sheet, f"B2:W{row + 3}", footer=footer(m), tall=1)


def _row_points(departments: int) -> float:
    """Return the height of a line: as high as the page has room for, in steps of pixels."""
    each = int(min(HIGH, ROOM / max(departments, 1)) / 0.75) * 0.75
    return each if each >= PLAIN else LOW


def _write_total(sheet: Worksheet, style: Formats, row: int, m: Metrics) -> None:
    total = {"bg_color": Palette.PANEL, "bold": True, "top": 1, "top_color": Palette.NAVY}
    for column in (1, _BAR, _RECENT):
        sheet.write_blank(row, column, None, style(**total))
    sheet.write_string(row, 2, "合计", style(**total))
    _write_figures(sheet, style, row, m, m.total, total, last=True)


def _rests_on_few(group: Group) -> bool:
    return group.rank is not None and group.rates.on_time.whole < FEWEST_DUE


def _write_notes(sheet: Worksheet, style: Formats, first: int, m: Metrics) -> None:
    limits = m.thresholds
    few = f"名次后有{FEW}的到期不足 {FEWEST_DUE} 项，名次仅供参考。" if any(map(_rests_on_few, m.departments)) else ""
    late = "加粗的部门有逾期。" if any(group.overdue for group in m.departments) else ""
    notes = (
        (
            f"{few}{late}“·”＝0，“—”＝还没有到期的。比率后面是它的分数；四个比率各有各的分母，不能互相比。"
            "右图：各状态项数，条末为按期办结/到期，◆后为逾期项数。"
        ),
        (
            "进度、序时、未办结只数有期限的措施。进度＝报了进度的平均，后面是报了的/有期限的项数。"
            f"差＝进度－序时，落后 {limits.yellow_behind} 个百分点以上加粗，超过 {limits.red_behind} 个标红。"
        ),
    )
    for row, text in enumerate(notes, first):
        sheet.set_row(row, 14.25)
        sheet.write_string(row, 1, text, style(font_size=9, font_color=Palette.INK2))


def _write_figures(
    sheet: Worksheet, style: Formats, row: int, m: Metrics, group: Any, line: dict[str, Any], *, last: bool
) -> None:
    """Write the numbers of a department or of the total; ``line`` is the cells' format, ``last`` marks the last row."""
    total = group is m.total
    first, end = BODY + 1, BODY + len(m.departments)

    def summed(column: str) -> str:
        return f"=SUM({column}{first}:{column}{end})" if total and m.departments else ""

    count(sheet, row, 3, group.tasks, style, formula=summed("D"), **line)
    on_time, progress, expected = group.rates.on_time, percent(group.progress), percent(group.expected)
    fraction(sheet, row, 4, on_time, style, **{**line, "bold": True})
    if not total:
        white = {} if last else {"bottom": 5, "bottom_color": "#FFFFFF"}
        if on_time.whole:
            share = (percent(on_time.share) or 0) / 100
            sheet.write_number(row, _BAR, share, style(num_format="0%", **(white or line)))
        else:
            sheet.write_blank(row, _BAR, None, style(**line))
    others = (RateName.STRUCK_OFF, RateName.FULFILLED, RateName.REVIEWED)
    for column, name in enumerate(others, _BAR + 1):
        fraction(sheet, row, column, group.rates.of(name), style, **line)
    reported = f"{group.progressed}/{group.scheduled}"
    if progress is None and group.scheduled:
        sheet.write_string(row, _PROGRESS, f"未报 {reported}", style(**_REPORTED, **line))
    else:
        rate(sheet, row, _PROGRESS, progress, style, of=reported, **_REPORTED, **line)
    rate(sheet, row, _PROGRESS + 1, expected, style, **{"font_color": Palette.INK2, **line})
    gap = None if progress is None or expected is None else progress - expected
    limits = m.thresholds
    behind: dict[str, Any] = {}
    if gap is not None and gap <= -limits.yellow_behind:
        behind = {"bold": True, **({"font_color": Palette.RED_TEXT} if gap < -limits.red_behind else {})}
    difference = f"=ROUND(J{row + 1}*100,0)-ROUND(K{row + 1}*100,0)" if gap is not None else ""
    look = {"num_format": "+0;-0;0", **line, **behind}
    count(sheet, row, _PROGRESS + 2, gap, style, formula=difference, **look)
    lights = ((_RED, "M", group.red, Light.RED), (_RED + 1, "N", group.amber, group.worst_below_red))
    for column, letter, number, light in lights:
        if total:
            count(sheet, row, column, number, style, formula=summed(letter), **line)
        else:
            light_count(sheet, row, column, number, light, style, **line)
    late = {"font_color": Palette.RED_TEXT, "bold": True} if group.longest and not total else {}
    longest = f"=MAX(O{first}:O{end})" if total and m.departments else ""
    count(sheet, row, _LONGEST, group.longest, style, formula=longest, **{**line, **late})


def _write_legend(sheet: Worksheet, style: Formats) -> None:
    """Write the legend into the head row and not into the chart, so that each bar aligns with its department's row."""
    line = {"bottom": 1, "bottom_color": Palette.NAVY, "font_size": 9}
    ink = style(font_size=9, font_color=Palette.INK2)
    for column in range(CHART, len(WIDTHS)):
        sheet.write_blank(HEAD, column, None, style(**line))
    for column, status in enumerate(CHART_ORDER, CHART):
        fill = STATUS_FILLS[status]
        mark = "▓" if "pattern" in fill else "■"
        colour = fill["pattern"]["fg_color"] if "pattern" in fill else fill["fill"]["color"]
        sheet.write_rich_string(
            HEAD, column, style(font_size=9, font_color=colour), mark, ink, status_word(status), style(**line)
        )


def _add_sparkline(sheet: Worksheet, row: int, source: str, highest: int) -> None:
    sheet.add_sparkline(
        row,
        _RECENT,
        {
            "range": source,
            "type": "column",
            "series_color": Palette.RUNNING,
            "last_point": True,
            "last_color": Palette.NAVY,
            "min": 0,
            "max": max(highest, 1) * 1.3,
        },
    )
