"""登记表指标: the indicators that forms declare: an index of the registers, then each register, red figures first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from taizhang.figures import sentences
from taizhang.figures.metrics import Metrics
from taizhang.forms.vocabulary import IndicatorKind, Sensitivity
from taizhang.ledger.vocabulary import Light
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import (
    LIST_TEXT,
    Formats,
    Worksheet,
    fill_cells,
    page_breaks,
    row_height,
    setup_page,
    text_width,
)
from taizhang.report.layout import (
    BODY,
    HEAD,
    clip,
    count,
    fit,
    footer,
    light_style,
    page_points,
    rate,
    section,
    write_head,
    write_heads,
)
from taizhang.supervision.indicators import Figure, Part, Point, RegisterFigures
from taizhang.typed.percentages import percent, round_half_up

__all__ = ["write_indicators"]

COLUMNS = (
    ("指标", 176),
    ("数", 92),
    ("分子/分母", 116),
    ("占比", 50),
    ("灯", 56),
    ("上期→本期", 84),
    ("走势", 104),
    ("说明", 372),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
LAST = len(COLUMNS)
_NAME, _VALUE, _PAIR, _RATE, _LIGHT, _BEFORE, _TREND, _NOTE = range(1, LAST + 1)
MOST_GROUPS = 40
"""The most groups named for a figure; with more, their number is given."""

_LEAST, _TWO_LINES, _INDEX, _GROUPS, _GAP = 16.5, 30.0, 15.75, 13.5, 7.5
IMPOSSIBLE = "※"
"""Marks two numbers of which the part exceeds the whole."""

_EDGE = {"bottom": 1, "bottom_color": Palette.LINE}
_LATE = {"font_color": Palette.RED_TEXT, "bold": True}
_STEPS = "▁▂▃▄▅▆▇█"
_ORDER = (Light.RED, Light.AMBER, Light.GREEN, None)


def write_indicators(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: an index, then a block per register with rows; those without rows are named at the foot."""
    note = (
        "由各登记表直接算出，只算有编号、读得懂的行；截止日以后的日期按还没有发生算。"
        "“·”＝0，“—”＝算不出。“上期→本期”和“走势”按指标写的月、季、年算。"
    )
    write_head(sheet, style, m, "登记表指标", note, partial(sentences.indicators_head, m), WIDTHS)
    write_heads(sheet, style, HEAD, [title for title, _ in COLUMNS], left=("指标", COLUMNS[-1][0]), points=21)
    filled = [register for register in m.registers if register.rows]
    row, blocks = BODY, []
    if len(filled) > 1:
        first, below = BODY + len(filled) + 2, {}
        for register in filled:
            below[register.name] = first
            first += 2 + sum(1 + len(_note_and_groups(register, figure)[1]) for figure in register.figures)
        row, blocks = _write_index(sheet, style, row, filled, below)
    for register in filled:
        first = row
        row, points = _write_register(sheet, style, row, register)
        blocks.append((first, points))
    if not filled:
        sheet.write_string(row, 1, "还没有数据", style(font_color=Palette.INK2))
        row += 1
    row = _write_empty(sheet, style, row, [register.sheet for register in m.registers if not register.rows])
    sheet.set_h_pagebreaks(page_breaks(blocks, page_points(WIDTHS), used=98.0, repeated=21.0))
    sheet.freeze_panes(BODY, 2)
    sheet.repeat_rows(HEAD)
    setup_page(sheet, f"B2:I{row}", footer=footer(m))


def _write_index(
    sheet: Worksheet, style: Formats, row: int, registers: Sequence[RegisterFigures], first: dict[str, int]
) -> tuple[int, list[tuple[int, float]]]:
    """Write one line per register, the worst light first; return the row below and the lines with their heights."""
    section(sheet, style, row, 1, LAST, "各登记表一行，红的在前")
    sheet.set_row(row, 24.0)
    blocks = [(row, 24.0)]
    for register in sorted(registers, key=lambda each: _ORDER.index(each.light)):
        row += 1
        sheet.set_row(row, _INDEX)
        blocks.append((row, _INDEX))
        fill_cells(sheet, row, 1, LAST, style(**_EDGE))
        name, size = fit(register.sheet, WIDTHS[_NAME], (10, 9, 8.5))
        link = style(**_EDGE, font_size=size, font_color=Palette.LINK)
        sheet.write_url(row, _NAME, f"internal:'登记表指标'!B{first[register.name] + 1}", link, name)
        count(sheet, row, _VALUE, register.rows, style, **_EDGE, num_format='0" 行"')
        figure, words = _worst_first(register)[0], _message(register)
        _write_judged(sheet, style, row, figure, _EDGE)
        words, size = fit(words, WIDTHS[_NOTE], (10, 9, 8.5))
        sheet.write_string(row, _NOTE, words, style(**_EDGE, font_size=size))
    sheet.set_row(row + 1, _GAP)
    return row + 2, [*blocks, (row + 1, _GAP)]


def _message(register: RegisterFigures) -> str:
    """Return the worst figure of a register in words, and how many others have its light."""
    figures = _worst_first(register)
    alike = sum(figure.light is figures[0].light for figure in figures) - 1
    warns = figures[0].light is not None and figures[0].light.warns
    more = f"，另有 {alike} 个同样的灯" if warns and alike else ""
    return f"{figures[0].title} {sentences.figure_words(figures[0])}{more}"


def _worst_first(register: RegisterFigures) -> list[Figure]:
    return sorted(register.figures, key=lambda figure: _ORDER.index(figure.light))


def _write_register(sheet: Worksheet, style: Formats, row: int, register: RegisterFigures) -> tuple[int, float]:
    """Write the block of one register; return the row below it and its height in points."""
    personal = "，涉及个人、只出个数" if register.sensitivity == Sensitivity.PERSONAL else ""
    points = 24.0
    sheet.set_row(row, points)
    never = "".join(f"，{reason} {number} 行不算" for reason, number in _never_used(register).items())
    section(sheet, style, row, 1, LAST, f"{register.sheet}（登记 {register.rows} 行{never}{personal}）")
    for figure in _worst_first(register):
        row += 1
        note, groups = _note_and_groups(register, figure)
        height = _note_height(note)
        sheet.set_row(row, height)
        _write_figure(sheet, style, row, figure, note, {} if groups else _EDGE)
        for line in groups:
            row += 1
            sheet.set_row(row, _GROUPS)
            edge = _EDGE if line is groups[-1] else {}
            fill_cells(sheet, row, 1, LAST, style(**edge))
            look = style(**edge, font_size=9, font_color=Palette.INK2, indent=1, align="left")
            sheet.write_string(row, 1, line, look)
        points += height + _GROUPS * len(groups)
    sheet.set_row(row + 1, _GAP)
    return row + 2, points + _GAP


def _note_and_groups(register: RegisterFigures, figure: Figure) -> tuple[str, list[str]]:
    """Return the note of a figure, and its groups if they need lines of their own: a few stand in the note."""
    note, groups = _note(register, figure), _groups_words(figure)
    together = f"{groups}。{note}"
    if groups and _note_height(together) > _TWO_LINES:
        return note, _broken(groups, sum(WIDTHS[1:]) - 24)
    return together if groups else note, []


def _broken(text: str, pixels: int) -> list[str]:
    """Return a text in lines of a width, broken between groups: text that no cells are merged for does not wrap."""
    lines = [""]
    for piece in re.findall(r"[^　、]+[　、]*", text):
        if lines[-1] and text_width(lines[-1] + piece, 9) > pixels:
            lines.append("")
        lines[-1] += piece
    return [line.rstrip() if text_width(line, 9) <= pixels else clip(line, pixels + 8, 9) for line in lines]


def _note_height(note: str) -> float:
    return row_height([(note, WIDTHS[_NOTE])], 9, least=_LEAST, wrapping=LIST_TEXT)


def _note(register: RegisterFigures, figure: Figure) -> str:
    """Return how a figure is counted, of how many rows, and why the others are left out."""
    note = figure.meaning
    if figure.impossible:
        note = f"{IMPOSSIBLE} 分子大于分母，不会有这样的比率，请按 taizhang validate 列出的行改正。{note}"
    never = _never_used(register)
    left_out = {reason: number for reason, number in figure.left_out.items() if reason not in never}
    if not left_out:
        return note
    if register.counts_only:  # how many rows a condition leaves out would tell how large a withheld group is
        return f"{note}。没有用上：{'、'.join(left_out)}"
    reasons = "、".join(f"{reason} {number} 行" for reason, number in left_out.items())
    return f"{note}。用上 {figure.used} 行，没有用上：{reasons}"


def _never_used(register: RegisterFigures) -> dict[str, int]:
    """Return the reasons, with their rows, for which rows of a register are in none of its figures."""
    first, *others = register.figures
    everywhere = (
        item for item in first.left_out.items() if others and all(item in each.left_out.items() for each in others)
    )
    return {} if register.counts_only else dict(everywhere)


def _write_figure(sheet: Worksheet, style: Formats, row: int, figure: Figure, note: str, edge: dict[str, Any]) -> None:
    fill_cells(sheet, row, 1, LAST, style(**edge))
    small = {**edge, "font_size": 9, "font_color": Palette.INK2}
    red = _LATE if figure.light is Light.RED else {}
    name, size = fit(figure.title, WIDTHS[_NAME], (10, 9, 8.5))
    sheet.write_string(row, _NAME, name, style(**edge, font_size=size))
    _write_number(sheet, style, row, figure, {**edge, **red})
    _write_judged(sheet, style, row, figure, edge)
    sheet.write_string(row, _NOTE, note, style(**small, text_wrap=True))


def _write_judged(sheet: Worksheet, style: Formats, row: int, figure: Figure, edge: dict[str, Any]) -> None:
    """Write what a figure is a part of, its rate and light, the cycle before and the trend."""
    small = {**edge, "font_size": 9, "font_color": Palette.INK2}
    pair = None if figure.value is None or figure.whole is None else (figure.value, figure.whole)
    mark = f"{IMPOSSIBLE} " if figure.impossible else ""
    words, size = fit(mark + _format_pair(*pair) if pair else "—", WIDTHS[_PAIR], (10, 9, 8))
    wrong = _LATE if figure.impossible else {}
    look = style(**{**edge, **wrong}, align="center", font_name=NUMBER_FONT, font_size=size)
    sheet.write_string(row, _PAIR, words, look)
    rate(sheet, row, _RATE, figure.rate, style, **edge)
    if figure.light:
        sheet.write_string(row, _LIGHT, figure.light, light_style(style, figure.light, font_size=9, **_off(edge)))
    if len(figure.trend) > 1:
        words = "→".join(_point_words(figure, point) for point in figure.trend[-2:])
        before, size = fit(words, WIDTHS[_BEFORE], (9, 8.5, 8))
        sheet.write_string(row, _BEFORE, before, style(**small | {"font_size": size}, align="center"))
        sheet.write_string(row, _TREND, _line_of(figure), style(**small, align="center"))


def _off(edge: dict[str, Any]) -> dict[str, Any]:
    """Return what takes the line below a cell away if the figure's groups follow."""
    return {} if edge else {"bottom": 0}


def _point_words(figure: Figure, point: Point) -> str:
    """Return the figure of one cycle: its rate if it is a part of a whole, else its number."""
    if point.value is None or point.whole == 0:
        return "—"
    if point.whole is None:
        return _plain(point.value)
    if figure.kind == IndicatorKind.RATIO and point.value > point.whole:
        return IMPOSSIBLE
    return f"{percent(point.value, point.whole)}%"


def _line_of(figure: Figure) -> str:
    """Return a trend as bars of text, one for each cycle: of a rate from 0 to 100 %, else from 0 to the highest."""
    numbers = [
        None if each.value is None or each.whole == 0 else each.value / each.whole if each.whole else each.value
        for each in figure.trend
    ]
    highest = Decimal(1) if figure.whole is not None else max((each or Decimal(0) for each in numbers), default=None)
    bars = []
    for each in numbers:
        if each is None:
            bars.append("·")
            continue
        step = int(round_half_up(each / highest * (len(_STEPS) - 1))) if highest else 0
        bars.append(_STEPS[min(max(step, 0), len(_STEPS) - 1)])
    return "".join(bars)


def _groups_words(figure: Figure) -> str:
    """Return the groups of a figure in one text: those with something, then the names of those without."""
    named, without = [], []
    for part in figure.parts:
        warns = part.light is not None and part.light.warns
        nothing = not part.mark and not warns and _has_nothing(part)
        (without if nothing else named).append(part)
    words = "　".join(_part_words(figure, part) for part in named[:MOST_GROUPS])
    if len(named) > MOST_GROUPS:
        words += f"　另有 {len(named) - MOST_GROUPS} 个"
    if not without:
        return words
    names = "、".join(part.name for part in without[:MOST_GROUPS])
    more = f"等 {len(without)} 个" if len(without) > MOST_GROUPS else ""
    return f"{words}　｜　没有的：{names}{more}" if words else f"没有的：{names}{more}"


def _has_nothing(part: Part) -> bool:
    return (
        part.number is None or part.whole == 0 or (part.number == 0 and (part.whole is None or part.share is not None))
    )


def _part_words(figure: Figure, part: Part) -> str:
    """Return one group: its light if it warns, its name and number, and its rate or share."""
    symbol = f"{part.light.symbol} " if part.light is not None and part.light.warns else ""
    if part.number is None:
        return f"{symbol}{part.name} {part.mark or '—'}"
    if part.share is not None:
        return f"{symbol}{part.name} {_plain(part.number)}（{part.share}%）"
    if part.whole is None:
        return f"{symbol}{part.name} {_plain(part.number)}"
    pair = _format_pair(part.number, part.whole)
    if figure.kind == IndicatorKind.RATIO and part.number > part.whole:
        return f"{symbol}{part.name} {IMPOSSIBLE} {pair}"
    return f"{symbol}{part.name} {pair}" + ("" if part.rate is None else f"（{part.rate}%）")


def _write_number(sheet: Worksheet, style: Formats, row: int, figure: Figure, look: dict[str, Any]) -> None:
    value, unit = _scale_number(figure.value, figure.unit)
    behind = f'" {unit}"'.replace('" "', "") if unit and '"' not in unit else ""
    if value is None or value == value.to_integral_value():
        number_format = {"num_format": f"#,##0{behind}"} if value else {}
        count(sheet, row, _VALUE, None if value is None else int(value), style, **look, **number_format)
    else:
        number = style(**look, align="center", font_name=NUMBER_FONT, num_format=f"#,##0.0#{behind}")
        sheet.write_number(row, _VALUE, float(value), number)


def _scale_number(value: Decimal | None, unit: str) -> tuple[Decimal | None, str]:
    """Return a number and its unit scaled to fit their columns: in 万 from a million, in 亿 from a hundred million."""
    size, word = _scale(value or Decimal(0))
    return (value, unit) if value is None or size == 1 else (round_half_up(value / size, 2), f"{word}{unit}")


def _scale(value: Decimal) -> tuple[int, str]:
    if abs(value) >= 100_000_000:
        return 100_000_000, "亿"
    return (10_000, "万") if abs(value) >= 1_000_000 else (1, "")


def _format_pair(part: Decimal, whole: Decimal) -> str:
    """Return part/whole scaled to fit their column, both in the scale of the larger one."""
    size, word = _scale(max(part, whole))
    return (
        "/".join(f"{round_half_up(number / size, 2):,.2f}".rstrip("0").rstrip(".") for number in (part, whole)) + word
    )


def _plain(value: Decimal) -> str:
    """Return a number without needless zeros, in 万 or 亿 if it is large."""
    scaled, unit = _scale_number(value, "")
    return f"{scaled:,.2f}".rstrip("0").rstrip(".") + unit


def _write_empty(sheet: Worksheet, style: Formats, row: int, names: Sequence[str]) -> int:
    """Write the names of the registers without rows; return the row below."""
    if not names:
        return row
    text = f"还没有数据的登记表：{'、'.join(names)}"
    sheet.set_row(row, 15)
    sheet.write_string(row, 1, clip(text, sum(WIDTHS[1:]), 9), style(font_size=9, font_color=Palette.INK2))
    return row + 1
