"""登记表指标: the indicators that forms declare: an index with a line per register, then a block for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from taizhang.figures import sentences
from taizhang.figures.metrics import Metrics
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, Worksheet, fill_cells, page_breaks, setup_page, words_in_lines
from taizhang.report.beside import Beside
from taizhang.report.indicator_blocks import (
    SIZE,
    Pages,
    Placed,
    block_of,
    headline,
    in_order,
    lay_out,
    pair_words,
    trend_words,
)
from taizhang.report.layout import (
    BODY,
    HEAD,
    count,
    fit,
    fit_names,
    footer,
    light_style,
    page_points,
    rate,
    section,
    write_head,
    write_heads,
)
from taizhang.supervision.indicators import Figure, RegisterFigures

__all__ = ["register_rows", "write_indicators"]

_COLUMNS = (("登记表、指标", 118), ("", 40), ("占比", 44), ("数", 126), ("灯", 52), ("上期→本期", 92), ("看板", 46))
"""The columns of each half of a page, with their widths in pixels."""
_SIDE = sum(pixels for _, pixels in _COLUMNS)
WIDTHS = (6, *(pixels for _, pixels in _COLUMNS), 14, *(pixels for _, pixels in _COLUMNS))
LAST = len(WIDTHS) - 1
_NAME, _ROWS, _RATE, _PAIR, _LIGHT, _TREND, _BOARD = range(len(_COLUMNS))
"""The columns of a half, counted from its first."""

_ABOVE, _HEADS = 98.0, 21.0
"""Points of the rows above the index, and of the heads that each page repeats."""
_INDEX, _LINE = 15.0, 13.5
"""Points of a line of the index, and of every line below it: a line on the left has the height of that on the right."""
_TO_BOARD = "看板→"
_EDGE = {"bottom": 1, "bottom_color": Palette.LINE}
_LATE = {"font_color": Palette.RED_TEXT, "bold": True}
_SMALL = {"font_size": SIZE, "font_color": Palette.INK2}


def write_indicators(sheet: Worksheet, style: Formats, m: Metrics, beside: Beside | None = None) -> None:
    """Write the sheet: an index with a line per register, then its blocks; registers without rows are only named."""
    note = "只算有编号、读得懂的行；截止日以后的日期按还没有发生算。“—”＝算不出。每个指标怎么算，见〈口径说明〉。"
    write_head(sheet, style, m, "登记表指标", note, partial(sentences.indicators_head, m), WIDTHS)
    heads = [title for title, _ in _COLUMNS]
    write_heads(sheet, style, HEAD, [*heads, "", *heads], left=("登记表、指标", "占比", "数"), points=_HEADS)
    registers = in_order(m.registers)
    placed, breaks, last = _places(m.registers)
    links = beside or Beside()
    if len(registers) > 1:
        _write_index(sheet, style, registers, {each.register.name: each.row for each in reversed(placed)}, links)
    row, empty = BODY + _index_rows(len(registers)), _empty_lines(m.registers)
    if not registers:
        sheet.write_string(row - 1, 1, "还没有数据", style(font_color=Palette.INK2))
    for number, words in enumerate(empty, row):
        sheet.set_row(number, _LINE)
        sheet.write_string(number, 1, words, style(**_SMALL))
    for number in range(row + len(empty), last + 1):
        sheet.set_row(number, _LINE)
    for block in placed:
        _write_block(sheet, style, block, links)
    sheet.set_h_pagebreaks(breaks)
    sheet.freeze_panes(BODY, 0)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:P{last + 1}", footer=footer(m))


def register_rows(registers: Sequence[RegisterFigures]) -> Mapping[str, int]:
    """Return the row (from 1) of each register's block, by the name that its form gives its sheet."""
    placed, _, _ = _places(registers)
    return {each.register.sheet: each.row + 1 for each in reversed(placed)}


def _places(registers: Sequence[RegisterFigures]) -> tuple[list[Placed], list[int], int]:
    """Return the blocks at their places, the rows at which pages break, and the last row of the sheet (0-based)."""
    filled, page = in_order(registers), page_points(WIDTHS)
    index, empty = _index_rows(len(filled)), len(_empty_lines(registers))
    first = BODY + index + empty
    above = [(BODY + row, _INDEX) for row in range(index)] + [(BODY + index + row, _LINE) for row in range(empty)]
    breaks = page_breaks(above, page, _ABOVE, _HEADS)
    on_page = [points for row, points in above if not breaks or row >= breaks[-1]]
    free = page - (_HEADS if breaks else _ABOVE) - sum(on_page)
    pages = Pages(first, int(free / _LINE), int((page - _HEADS) / _LINE))
    placed = lay_out([(each, block_of(each, _SIDE - 16)) for each in filled], pages)
    return placed, [*breaks, *pages.breaks], max(pages.lowest, first - 1)


def _index_rows(registers: int) -> int:
    """Return the rows that the index takes: its heading, half as many as there are registers, and a free one."""
    return 2 + (registers + 1) // 2 if registers > 1 else 1


def _empty_lines(registers: Iterable[RegisterFigures]) -> list[str]:
    """Return the names of the registers without rows, in lines as wide as the page."""
    names = [register.sheet for register in registers if not register.rows]
    return words_in_lines(f"还没有数据的登记表：{'、'.join(names)}", sum(WIDTHS[1:]) - 16, SIZE) if names else []


def _write_index(
    sheet: Worksheet, style: Formats, registers: Sequence[RegisterFigures], rows: Mapping[str, int], links: Beside
) -> None:
    """Write one line per register, down the left half and then down the right one."""
    section(
        sheet, style, BODY, 1, LAST, "各登记表一行：行数、最要紧的一个指标、灯；红的在前。点名字看这张表的全部指标。"
    )
    for row in range(_index_rows(len(registers))):
        sheet.set_row(BODY + row, _INDEX)
    half = (len(registers) + 1) // 2
    names = fit_names((each.sheet for each in registers), WIDTHS[1], (10, 9, 8.5))
    for number, register in enumerate(registers):
        row, first = BODY + 1 + number % half, _first_column(number // half)
        fill_cells(sheet, row, first, first + _BOARD, style(**_EDGE))
        name, size = names[register.sheet]
        link = style(**_EDGE, font_size=size, font_color=Palette.LINK)
        sheet.write_url(row, first + _NAME, f"internal:'登记表指标'!B{rows[register.name] + 1}", link, name)
        count(sheet, row, first + _ROWS, register.rows, style, **_EDGE, font_size=SIZE, num_format='0" 行"')
        figure = headline(register)
        words, size = fit(f"{figure.title} {pair_words(figure)}", WIDTHS[3] + WIDTHS[4], (9.5, 9, 8.5, 8))
        look = _LATE if figure.light is Light.RED else {}
        sheet.write_string(row, first + _RATE, words, style(**{**_EDGE, "font_size": size, **look}))
        _write_judged(sheet, style, row, first, figure, _EDGE, WIDTHS[6], 4)
        if target := links.board(register.sheet):
            sheet.write_url(
                row, first + _BOARD, target, style(**_EDGE, font_size=SIZE, font_color=Palette.LINK), "看板→"
            )


def _first_column(side: int) -> int:
    return 1 + side * (len(_COLUMNS) + 1)


def _write_block(sheet: Worksheet, style: Formats, block: Placed, links: Beside) -> None:
    """Write the lines of a block: its name, figures, and words under them."""
    first = _first_column(block.side)
    for place, line in enumerate(block.lines):
        row = block.row + place
        below = block.lines[place + 1] if place + 1 < len(block.lines) else None
        edge = {} if below and not below.figure and line.figure else _EDGE
        if line.heading:
            _write_heading(sheet, style, row, first, line.words, links.board(block.register.sheet))
        elif line.figure:
            _write_figure(sheet, style, row, first, line.figure, edge)
        else:
            fill_cells(sheet, row, first, first + _BOARD, style(**edge))
            sheet.write_string(row, first, line.words, style(**edge, **_SMALL))


def _write_heading(sheet: Worksheet, style: Formats, row: int, first: int, words: str, target: str) -> None:
    words, size = fit(words, _SIDE - WIDTHS[7], (10, 9, 8.5), bold=True)
    section(sheet, style, row, first, first + _BOARD, words, size=size)
    if target:
        link = style(bottom=1, bottom_color=Palette.NAVY, font_size=SIZE, font_color=Palette.LINK)
        sheet.write_url(row, first + _BOARD, target, link, _TO_BOARD)


def _write_figure(sheet: Worksheet, style: Formats, row: int, first: int, figure: Figure, edge: dict[str, Any]) -> None:
    fill_cells(sheet, row, first, first + _BOARD, style(**edge))
    look = {**edge, **(_LATE if figure.light is Light.RED or figure.impossible else {})}
    name, size = fit(figure.title, WIDTHS[1] + WIDTHS[2], (9.5, 9, 8.5, 8))
    sheet.write_string(row, first + _NAME, name, style(**edge, font_size=size))
    rate(sheet, row, first + _RATE, figure.rate, style, **edge, font_size=SIZE)
    words, size = fit(pair_words(figure), WIDTHS[4], (9.5, 9, 8.5, 8))
    sheet.write_string(row, first + _PAIR, words, style(**look, font_size=size, indent=1, align="left"))
    _write_judged(sheet, style, row, first, figure, edge, WIDTHS[6] + WIDTHS[7], 6)


def _write_judged(
    sheet: Worksheet, style: Formats, row: int, first: int, figure: Figure, edge: dict[str, Any], pixels: int, bars: int
) -> None:
    """Write the light of a figure, and its trend in so many pixels, with so many bars."""
    if figure.light:
        off = {} if edge else {"bottom": 0}
        sheet.write_string(row, first + _LIGHT, figure.light, light_style(style, figure.light, font_size=SIZE, **off))
    if words := trend_words(figure, bars):
        words, size = fit(words, pixels, (9, 8.5, 8, 7.5))
        sheet.write_string(row, first + _TREND, words, style(**{**edge, **_SMALL, "font_size": size}))
