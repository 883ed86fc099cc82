"""专项一览.xlsx: an index of the registers that have boards, then one board on each sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from taizhang.boards.views import BoardView, Chart, fraction_words
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import Palette
from taizhang.office.xlsx import (
    LIST_TEXT,
    Formats,
    NewWorkbook,
    Worksheet,
    make_workbook,
    row_height,
    set_widths,
    setup_page,
)
from taizhang.report.board_sheets import light_words, write_board
from taizhang.report.layout import BODY, HEAD, footer, light_style, red_rule, tall_enough, write_heads, write_title
from taizhang.report.lists import HAIR

__all__ = ["INDEX", "special_workbook"]

INDEX, FIGURES = "索引", "图表数据"
_COLUMNS = (("登记表", 130), ("看板", 210), ("灯", 80), ("分子/分母", 90), ("结论", 490))
_WIDTHS = (6, *(pixels for _, pixels in _COLUMNS))
_TABS = {Light.RED: Palette.RED, Light.AMBER: Palette.AMBER, Light.GREEN: Palette.GREEN}
ON_A_PAGE = 20
"""The most lines that are made to fit one page."""
_NAME = 28
"""The most characters of a sheet's name before its number."""


def special_workbook(m: Metrics, views: Sequence[BoardView], created: datetime) -> bytes:
    """Return the bytes of 专项一览.xlsx; the same boards and timestamp give the same bytes."""
    properties = {
        "title": f"专项一览 {m.as_of.year}年{m.as_of.month}月",
        "subject": "专项一览",
        "author": m.office,
        "category": "内部资料",
        "created": created,
    }
    return make_workbook(partial(_write_sheets, m, views), properties)


def _write_sheets(m: Metrics, views: Sequence[BoardView], book: NewWorkbook, style: Formats) -> None:
    names = _sheet_names(views)
    index = book.add_worksheet(INDEX)
    index.set_tab_color(Palette.RED_RULE)
    sheets = [book.add_worksheet(name) for name in names]
    figures = book.add_worksheet(FIGURES)
    figures.set_tab_color(Palette.LINE)
    book.set_custom_property("数据截至", m.as_of.isoformat())
    book.set_custom_property("快照编号", m.snapshot)
    _write_index(index, style, m, views, names)
    data = _ChartFigures(figures, style)
    for sheet, view in zip(sheets, views, strict=True):
        sheet.set_tab_color(_TABS.get(view.light or Light.OPEN, Palette.LINE))
        write_board(book, sheet, style, m, view, data)
    setup_page(figures, None, footer=footer(m))
    index.activate()


def _sheet_names(views: Sequence[BoardView]) -> list[str]:
    """Return a name for each board's sheet: that of its register, numbered where it has several."""
    names: list[str] = []
    for view in views:
        own = view.sheet[:_NAME]
        number = sum(each == own or each.startswith(f"{own} ") for each in names)
        names.append(f"{own} {number + 1}" if number else own)
    return names


def _write_index(
    sheet: Worksheet, style: Formats, m: Metrics, views: Sequence[BoardView], names: Sequence[str]
) -> None:
    """Write one line for each board: register, title with a link, light, fraction and message."""
    last = len(_WIDTHS) - 1
    set_widths(sheet, _WIDTHS)
    write_title(sheet, style, m, 1, "专项一览", last, 20)
    red_rule(sheet, style, 3, last)
    sheet.set_row(4, 26)
    sheet.write_string(4, 1, _overall(views), style(bold=True, font_size=14))
    write_heads(sheet, style, HEAD, [title for title, _ in _COLUMNS], left=("登记表", "看板", "结论"))
    for row, (view, name) in enumerate(zip(views, names, strict=True), BODY):
        words = tall_enough(view.message, _WIDTHS[last])
        sheet.set_row(row, row_height([(words, _WIDTHS[last]), (view.title, _WIDTHS[2])], wrapping=LIST_TEXT, least=24))
        plain = style(**HAIR, text_wrap=True)
        sheet.write_string(row, 1, view.sheet, plain)
        link = style(**HAIR, text_wrap=True, font_color=Palette.LINK, underline=1)
        sheet.write_url(row, 2, f"internal:'{name}'!A1", link, view.title)
        look = light_style(style, view.light) if view.light and view.filled else style(**HAIR, align="center")
        sheet.write_string(row, 3, light_words(view), look)
        done = f"{fraction_words(view.part, view.whole)}{view.unit}" if view.whole and view.filled else "—"
        sheet.write_string(row, 4, done, style(**HAIR, align="center"))
        sheet.write_string(row, last, words, plain)
    sheet.freeze_panes(BODY, 0)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:F{BODY + max(len(views), 1)}", footer=footer(m), tall=1 if len(views) <= ON_A_PAGE else 0)


def _overall(views: Sequence[BoardView]) -> str:
    """Return how many boards ask for something: 12 块看板：红 2，黄 3；未填报 4."""
    lit = {light: sum(view.filled and view.light is light for view in views) for light in _TABS}
    empty = sum(not view.filled for view in views)
    counted = "，".join(f"{light} {number} 块" for light, number in lit.items() if number)
    return f"{len(views)} 块看板：{counted or '都没有亮灯'}" + (f"；未填报 {empty} 块" if empty else "") + "。"


class _ChartFigures:
    """The sheet with the numbers of the charts: one block below the other."""

    def __init__(self, sheet: Worksheet, style: Formats) -> None:
        self._sheet, self._style, self._row = sheet, style, 0

    def __call__(self, chart: Chart) -> tuple[list[Any], list[list[Any]]]:
        """Write a chart's numbers; return the range of its categories and those of its series."""
        first, look = self._row + 1, self._style()
        last = first + len(chart.categories) - 1
        for row, category in enumerate(chart.categories, first):
            self._sheet.write_string(row, 0, category, look)
        ranges = []
        for column, (name, values) in enumerate(chart.series, 1):
            self._sheet.write_string(first - 1, column, name, look)
            for row, value in enumerate(values, first):
                if value is not None:
                    self._sheet.write_number(row, column, value, look)
            ranges.append([FIGURES, first, column, last, column])
        self._row = last + 2
        return [FIGURES, first, 0, last, 0], ranges
