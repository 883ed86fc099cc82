"""整改进展公示_YYYY-MM.xlsx: one sheet with two tables and a chart; no defined names, comments or hidden parts."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from taizhang.office.theme import BODY_FONT, HEADING_FONT, NOTE_FONT, NUMBER_FONT, TEXT_FONT, Palette
from taizhang.office.xlsx import (
    PAPER_TEXT,
    Chart,
    Formats,
    NewWorkbook,
    Worksheet,
    add_chart,
    fill_cells,
    make_workbook,
    row_height,
    set_widths,
)
from taizhang.papers.page import (
    BLANK,
    PAGE_HEIGHT,
    SMALLEST_SCALE,
    setup_a4,
    write_box,
    write_rule,
    write_title,
)
from taizhang.papers.public import Counts, PublicReport, PublicStatus
from taizhang.report.layout import head_style
from taizhang.typed.dates import chinese_date

__all__ = ["opening", "public_workbook"]

SHEET, TITLE = "整改进展公示", "整改进展情况公示"
WIDTHS = (36, 204, 122, 52, 56, 72, 62, 92)
LAST = len(WIDTHS) - 1
SEVERAL_PAGES_SCALE = 0.88
"""Scale for several pages, as papers.page.MANY_PAGES_SCALE, but for a wider sheet."""

SIDES = (0.65, 0.6)
"""Left and right margin in inches."""

ASPECT_HEADS = (
    "序号",
    "方面",
    "问题数",
    "措施数",
    PublicStatus.DONE,
    PublicStatus.ONGOING,
    PublicStatus.RUNNING,
    "完成率",
)
PROBLEM_HEADS = (
    "序号",
    "问题（公开表述）",
    "方面",
    "措施数",
    PublicStatus.DONE,
    PublicStatus.ONGOING,
    PublicStatus.RUNNING,
    "进展",
)
_TITLE, _DATE, _RULE, _SECTION, _HEAD, _ROW, _GAP = 40, 20, 6, 26, 34, 20, 6
_FILLS = {
    PublicStatus.DONE: Palette.CLOSED,
    PublicStatus.ONGOING: Palette.DONE,
    PublicStatus.RUNNING: Palette.NOT_STARTED,
}


def opening(report: PublicReport) -> str:
    """Return the opening paragraph: what is published and its progress, each figure with its total."""
    total = report.total
    scope = "公开事项共" if report.partial else "共"
    rate = f"，完成率{total.rate}%（{total.ended}/{total.ending}）" if total.ending else ""
    rate += f"，按周期开展、长期坚持的{total.lasting}项不计完成率" if total.lasting else ""
    drafting = sum(problem.status == PublicStatus.DRAFTING for problem in report.problems)
    rate += f"；其中{drafting}个问题的整改措施正在制定" if drafting else ""
    return (
        f"　　现将整改进展情况公示如下：{scope}{len(report.aspects)}个方面"
        f"{len(report.problems)}个问题，整改措施{total.tasks}项。"
        f"截至{chinese_date(report.as_of)}，{PublicStatus.DONE}{total.done}项，"
        f"{PublicStatus.ONGOING}{total.ongoing}项，{PublicStatus.RUNNING}{total.running}项{rate}。欢迎干部群众监督。"
    )


def public_workbook(report: PublicReport, created: datetime) -> bytes:
    """Return the workbook's bytes; the same report and timestamp give the same bytes.

    Print areas and repeated heads would add defined names, so the sheet has none: everything on it is printed.
    """
    return make_workbook(partial(_write_sheet, report), {"title": TITLE, "created": created})


def _write_sheet(report: PublicReport, book: NewWorkbook, style: Formats) -> None:
    sheet = book.add_worksheet(SHEET)
    set_widths(sheet, WIDTHS)
    heights = _write_heading(sheet, style, report)
    first_chart_row = len(heights) + 2 + len(report.aspects) + 1
    heights += _write_aspects(sheet, style, report, len(heights))
    heights.append(_write_chart(book, sheet, report, first_chart_row))
    second = len(heights)
    heights += _write_problems(sheet, style, report, second)
    heights += _write_end(sheet, style, report, len(heights))
    for row, height in enumerate(heights):
        sheet.set_row(row, height)
    fits = sum(heights) <= PAGE_HEIGHT / SMALLEST_SCALE
    setup_a4(sheet, None if fits else [second], sides=SIDES, scale=SEVERAL_PAGES_SCALE)


def _write_heading(sheet: Worksheet, style: Formats, report: PublicReport) -> list[float]:
    write_title(sheet, style, TITLE, LAST, font_size=24)
    date_look = style(font_name=NOTE_FONT, font_size=12, align="center_across")
    sheet.write_string(1, 0, f"{report.unit}　　{chinese_date(report.as_of)}", date_look)
    fill_cells(sheet, 1, 1, LAST, date_look)
    write_rule(sheet, style, 2, LAST)
    text = opening(report)
    write_box(sheet, style(font_name=BODY_FONT, font_size=14, text_wrap=True), (3, 0, 3, LAST), text)
    return [_TITLE, _DATE, _RULE, row_height([(text, sum(WIDTHS))], 14, least=0, wrapping=PAPER_TEXT)]


def _write_aspects(sheet: Worksheet, style: Formats, report: PublicReport, first: int) -> list[float]:
    _section(sheet, style, first, "一、总体进展")
    line = _line(style)
    for row, aspect in enumerate(report.aspects, first + 2):
        _write_counts(sheet, style, row, aspect.counts)
        sheet.write_number(
            row, 0, row - first - 1, line(align="center", font_color=Palette.INK2, font_name=NUMBER_FONT)
        )
        sheet.write_string(row, 1, aspect.name, line(text_wrap=True))
        sheet.write_number(row, 2, aspect.problems, line(align="center", font_name=NUMBER_FONT))
        _write_rate(sheet, style, row, aspect.counts)
    _table(sheet, style, first + 1, len(report.aspects), ASPECT_HEADS, "tblAspects", "各方面的问题数、措施数和公开进展")
    total = first + 2 + len(report.aspects)
    more = {"bold": True, "bg_color": Palette.PANEL, "top": 1, "top_color": Palette.NAVY}
    sheet.write_blank(total, 0, None, line(**more))
    sheet.write_string(total, 1, "公开事项合计" if report.partial else "合计", line(**more))
    sheet.write_number(total, 2, len(report.problems), line(**more, align="center", font_name=NUMBER_FONT))
    _write_counts(sheet, style, total, report.total, **more)
    _write_rate(sheet, style, total, report.total, **more)
    rows = [row_height([(aspect.name, WIDTHS[1])], 10, least=_ROW, wrapping=PAPER_TEXT) for aspect in report.aspects]
    return [_SECTION, _HEAD, *rows, _ROW + 2]


def _write_problems(sheet: Worksheet, style: Formats, report: PublicReport, first: int) -> list[float]:
    _section(sheet, style, first, "二、各问题进展")
    line, heights = _line(style), []
    for row, problem in enumerate(report.problems, first + 2):
        _write_counts(sheet, style, row, problem.counts)
        sheet.write_number(
            row, 0, row - first - 1, line(align="center", font_color=Palette.INK2, font_name=NUMBER_FONT)
        )
        sheet.write_string(row, 1, problem.wording, line(text_wrap=True))
        sheet.write_string(
            row, 2, problem.aspect, line(align="center", text_wrap=True, font_color=Palette.INK2, font_size=9)
        )
        closed = problem.status in (PublicStatus.DONE, PublicStatus.ONGOING)
        words = {
            PublicStatus.DONE: "■ 已完成",
            PublicStatus.ONGOING: "■ 长期坚持",
            PublicStatus.RUNNING: "□ 正在推进",
            PublicStatus.DRAFTING: "□ 措施制定中",
        }[problem.status]
        colour = Palette.NAVY if closed else Palette.INK2
        sheet.write_string(row, LAST, words, line(align="center", bold=closed, font_color=colour))
        wording = row_height([(problem.wording, WIDTHS[1])], 10, least=_ROW, wrapping=PAPER_TEXT)
        heights.append(max(wording, row_height([(problem.aspect, WIDTHS[2])], 9, least=_ROW, wrapping=PAPER_TEXT)))
    _table(sheet, style, first + 1, len(report.problems), PROBLEM_HEADS, "tblProblems", "各问题的措施数和公开进展")
    return [_SECTION, _HEAD, *heights]


def _write_end(sheet: Worksheet, style: Formats, report: PublicReport, first: int) -> list[float]:
    notes = [
        f"{PublicStatus.DONE}、{PublicStatus.ONGOING}（“■ 长期坚持”）都经审定；"
        f"还没有审定的计入“{PublicStatus.RUNNING}”。"
    ]
    if report.total.lasting:
        notes.append("完成率只算有期限的措施；按周期开展、长期坚持的没有终点，不计在内。")
    if report.shared:
        notes.append(f"有{report.shared}项措施对应几个问题：“各问题进展”里分别列出，“总体进展”里只计一次。")
    small = style(font_name=NOTE_FONT, font_size=10.5, font_color=Palette.INK2)
    for row, text in enumerate(notes, first + 1):
        sheet.write_string(row, 0, text, small)
    contact = f"监督电话：{report.hotline or BLANK}　　　公示期：{report.notice_period or BLANK}"
    sheet.write_string(first + 1 + len(notes), 0, contact, style(font_name=NOTE_FONT, font_size=13))
    return [_GAP, *(16 for _ in notes), 24]


def _section(sheet: Worksheet, style: Formats, row: int, text: str) -> None:
    sheet.write_string(row, 0, text, style(font_name=HEADING_FONT, font_size=14))


def _line(style: Formats) -> Any:
    return lambda **more: style(**{"bottom": 1, "bottom_color": Palette.LINE, **more})


def _write_counts(sheet: Worksheet, style: Formats, row: int, counts: Counts, **more: Any) -> None:
    look = _line(style)(align="center", font_name=NUMBER_FONT, **more)
    for column, number in enumerate((counts.tasks, counts.done, counts.ongoing, counts.running), 3):
        sheet.write_number(row, column, number, look)


def _write_rate(sheet: Worksheet, style: Formats, row: int, counts: Counts, **more: Any) -> None:
    look = _line(style)(align="center", font_name=NUMBER_FONT, num_format="0%", **more)
    if counts.rate is None:
        sheet.write_string(row, LAST, "—", look)
    else:
        sheet.write_number(row, LAST, counts.rate / 100, look)


def _table(
    sheet: Worksheet, style: Formats, head: int, rows: int, heads: tuple[str, ...], name: str, description: str
) -> None:
    """Turn the written cells into a native table with alternative text; cell formats are kept."""
    columns = [
        {"header": title, "header_format": head_style(style, align="left" if number == 1 else "center", font_size=9.5)}
        for number, title in enumerate(heads)
    ]
    options = {"name": name, "columns": columns, "style": None, "autofilter": False, "description": description}
    sheet.add_table(head, 0, head + rows, LAST, options)


def _add_bars(chart: Chart, first: int, last: int) -> None:
    """Add one series of bars per public status, from the rows of the aspects (0-based)."""
    for column, name in enumerate((PublicStatus.DONE, PublicStatus.ONGOING, PublicStatus.RUNNING), 4):
        colour = "#FFFFFF" if name == PublicStatus.DONE else Palette.INK
        chart.add_series(
            {
                "name": name,
                "categories": [SHEET, first, 1, last, 1],
                "values": [SHEET, first, column, last, column],
                "fill": {"color": _FILLS[name]},
                "border": {"color": "#FFFFFF", "width": 0.75},
                "gap": 45,
                "data_labels": {
                    "value": True,
                    "num_format": "0;;;",
                    "font": {"name": NUMBER_FONT, "size": 9, "color": colour},
                },
            }
        )


def _write_chart(book: NewWorkbook, sheet: Worksheet, report: PublicReport, row: int) -> float:
    """Insert the stacked bars, with numbers from the first table; return the height of their row in points."""
    chart = add_chart(book, "bar", "stacked")
    _add_bars(chart, row - 1 - len(report.aspects), row - 2)
    font = {"name": TEXT_FONT, "size": 9, "color": Palette.INK}
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": font,
            "line": {"color": Palette.LINE},
            "interval_unit": 1,
            "major_tick_mark": "none",
        }
    )
    longest = max((aspect.counts.tasks for aspect in report.aspects), default=1)
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}, "min": 0, "max": max(longest, 1)})
    chart.set_legend({"position": "top", "font": font})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea({"border": {"none": True}, "fill": {"none": True}})
    height = 34 + 18 * len(report.aspects)
    chart.set_size({"width": sum(WIDTHS) - 8, "height": round(height * 96 / 72) - 8})
    total = report.total
    words = (
        f"堆积条形图：各方面措施进展，共{total.tasks}项，{PublicStatus.DONE}{total.done}、"
        f"{PublicStatus.ONGOING}{total.ongoing}、{PublicStatus.RUNNING}{total.running}"
    )
    sheet.insert_chart(row, 0, chart, {"object_position": 1, "y_offset": 4, "description": words})
    return height
