"""专项一览.xlsx: an index with a line for each board and each register without one, then one board on each sheet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from taizhang.boards.views import EMPTY, BoardView, Chart, fraction_words
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
from taizhang.report.beside import Beside
from taizhang.report.board_sheets import write_board
from taizhang.report.indicator_blocks import headline, pair_words
from taizhang.report.indicators import register_rows
from taizhang.report.layout import BODY, HEAD, footer, light_style, red_rule, tall_enough, write_heads, write_title
from taizhang.report.lists import HAIR
from taizhang.supervision.indicators import RegisterFigures

__all__ = ["INDEX", "board_sheets", "special_workbook"]

INDEX, FIGURES = "索引", "图表数据"
_COLUMNS = (("登记表", 120), ("看板", 200), ("灯", 70), ("分子/分母", 110), ("结论", 500))
_WIDTHS = (6, *(pixels for _, pixels in _COLUMNS))
_TABS = {Light.RED: Palette.RED, Light.AMBER: Palette.AMBER, Light.GREEN: Palette.GREEN}
ON_A_PAGE = 20
"""The most lines that are made to fit one page."""
_NAME = 28
"""The most characters of a sheet's name before its number."""
_ORDER = (Light.RED, Light.ORANGE, Light.AMBER, Light.GREEN, None)


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the index: a board, or a register without one. ``rows`` is false if the register has none."""

    register: str
    title: str
    target: str
    light: Light | None
    part: str
    message: str
    rows: bool = True

    @property
    def order(self) -> int:
        """The place by its light; what is not filled in comes last."""
        return _ORDER.index(self.light) if self.rows else len(_ORDER)


def special_workbook(m: Metrics, views: Sequence[BoardView], created: datetime, beside: Beside | None = None) -> bytes:
    """Return the bytes of 专项一览.xlsx; the same boards, files beside it and timestamp give the same bytes."""
    properties = {
        "title": f"专项一览 {m.as_of.year}年{m.as_of.month}月",
        "subject": "专项一览",
        "author": m.office,
        "category": "内部资料",
        "created": created,
    }
    return make_workbook(partial(_write_sheets, m, views, beside or Beside()), properties)


def board_sheets(views: Sequence[BoardView]) -> Mapping[str, str]:
    """Return the sheet of each register's first board, by the name that its form gives the register's sheet."""
    pairs = zip((view.sheet for view in views), _sheet_names(views), strict=True)
    return dict(reversed(list(pairs)))


def _write_sheets(m: Metrics, views: Sequence[BoardView], beside: Beside, book: NewWorkbook, style: Formats) -> None:
    names = _sheet_names(views)
    index = book.add_worksheet(INDEX)
    index.set_tab_color(Palette.RED_RULE)
    sheets = [book.add_worksheet(name) for name in names]
    figures = book.add_worksheet(FIGURES)
    figures.set_tab_color(Palette.LINE)
    set_widths(figures, (260, *[120] * 8))
    book.set_custom_property("数据截至", m.as_of.isoformat())
    book.set_custom_property("快照编号", m.snapshot)
    _write_index(index, style, m, _entries(m, views, names, beside))
    data = _ChartFigures(figures, style)
    for sheet, view in zip(sheets, views, strict=True):
        sheet.set_tab_color(_TABS.get(view.light or Light.OPEN, Palette.LINE))
        write_board(book, sheet, style, m, view, data, beside)
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


def _entries(m: Metrics, views: Sequence[BoardView], names: Sequence[str], beside: Beside) -> list[_Entry]:
    """Return the lines of the index, the worst light first: each board, and each register without one."""
    figures = {register.sheet: register for register in m.registers}
    rows = register_rows(m.registers)
    shown: set[str] = set()
    entries = []
    for view, name in zip(views, names, strict=True):
        own = None if view.sheet in shown else figures.get(view.sheet)
        entries.append(_board_entry(view, f"internal:'{name}'!A1", own))
        shown.add(view.sheet)
    for sheet, register in figures.items():
        if sheet not in shown:
            entries.append(_figures_entry(register, beside.figures(rows[sheet]) if sheet in rows else ""))
    return sorted(entries, key=lambda entry: entry.order)


def _board_entry(view: BoardView, target: str, figures: RegisterFigures | None) -> _Entry:
    """Return the line of a board; ``figures`` of its register that are worse than the board are named too."""
    if not view.filled:
        return _Entry(view.sheet, view.title, target, None, "—", view.message, rows=False)
    light, message = view.light, view.message
    if figures and figures.figures and _ORDER.index(figures.light) < _ORDER.index(light):
        light, message = figures.light, f"{message}指标：{_worst_words(figures)}。"
    part = f"{fraction_words(view.part, view.whole)} {view.unit}".rstrip() if view.whole else "—"
    return _Entry(view.sheet, view.title, target, light, part, message)


def _figures_entry(register: RegisterFigures, target: str) -> _Entry:
    if not register.rows:
        message = f"{EMPTY}：〈{register.sheet}〉还没有一行。"
        return _Entry(register.sheet, "—", "", None, "—", message, rows=False)
    words = f"登记 {register.rows} 行；{_worst_words(register)}。"
    return _Entry(register.sheet, "登记表指标", target, register.light, pair_words(headline(register)), words)


def _worst_words(register: RegisterFigures) -> str:
    """Return the figure of a register that matters most in words, and how many others have its light."""
    figure = headline(register)
    alike = sum(each.light is figure.light for each in register.figures) - 1
    warns = figure.light is not None and figure.light.warns
    more = f"，另有 {alike} 个同样的灯" if warns and alike else ""
    return f"{figure.light.symbol + ' ' if warns and figure.light else ''}{figure.title} {pair_words(figure)}{more}"


def _write_index(sheet: Worksheet, style: Formats, m: Metrics, entries: Sequence[_Entry]) -> None:
    """Write one line for each board and each register without one: name, link, light, fraction and message."""
    last = len(_WIDTHS) - 1
    set_widths(sheet, _WIDTHS)
    write_title(sheet, style, m, 1, "专项一览", last, 20)
    sheet.set_row(2, 15)
    note = "每块看板、每张没有看板的登记表一行，红的在前，未填报的在后；问题、原因、整改任务和核对看《整改进展一览》。"
    sheet.write_string(2, 1, note, style(font_size=9, font_color=Palette.INK2))
    red_rule(sheet, style, 3, last)
    sheet.set_row(4, 26)
    sheet.write_string(4, 1, _overall(entries), style(bold=True, font_size=14))
    write_heads(sheet, style, HEAD, [title for title, _ in _COLUMNS], left=("登记表", "看板", "结论"))
    for row, entry in enumerate(entries, BODY):
        words = tall_enough(entry.message, _WIDTHS[last])
        texts = [(words, _WIDTHS[last]), (entry.title, _WIDTHS[2]), (entry.register, _WIDTHS[1])]
        sheet.set_row(row, row_height(texts, wrapping=LIST_TEXT, least=21))
        plain = style(**HAIR, text_wrap=True)
        sheet.write_string(row, 1, entry.register, plain)
        if entry.target:
            link = style(**HAIR, text_wrap=True, font_color=Palette.LINK, underline=1)
            sheet.write_url(row, 2, entry.target, link, entry.title)
        else:
            sheet.write_string(row, 2, entry.title, style(**HAIR, text_wrap=True, font_color=Palette.INK2))
        look = light_style(style, entry.light) if entry.light else style(**HAIR, align="center")
        sheet.write_string(row, 3, (entry.light or "—") if entry.rows else EMPTY, look)
        sheet.write_string(row, 4, entry.part, style(**HAIR, align="center"))
        sheet.write_string(row, last, words, plain)
    sheet.freeze_panes(BODY, 0)
    sheet.repeat_rows(HEAD)
    tall = 1 if len(entries) <= ON_A_PAGE else 0
    setup_page(sheet, f"B2:F{BODY + max(len(entries), 1)}", footer=footer(m), tall=tall)


def _overall(entries: Sequence[_Entry]) -> str:
    """Return how many registers ask for something: 27 张登记表：◆ 红 9 张，▲ 黄 3 张；未填报 4 张."""
    worst: dict[str, _Entry] = {}
    for entry in reversed(entries):  # the worst light of a register is its first
        worst[entry.register] = entry
    lit = {light: sum(entry.light is light for entry in worst.values()) for light in _ORDER if light}
    counted = "，".join(f"{light} {number} 张" for light, number in lit.items() if number)
    empty = sum(not entry.rows for entry in worst.values())
    return f"{len(worst)} 张登记表：{counted or '都没有亮灯'}" + (f"；未填报 {empty} 张" if empty else "") + "。"


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
