"""登记表指标: the indicators that forms declare, by register, each with its denominator and the rows it uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from taizhang.figures import sentences
from taizhang.figures.metrics import Metrics
from taizhang.forms.vocabulary import IndicatorKind, Sensitivity
from taizhang.office.theme import NUMBER_FONT, Palette
from taizhang.office.xlsx import (
    LIST_TEXT,
    Formats,
    Worksheet,
    fill_cells,
    page_breaks,
    row_height,
    setup_page,
)
from taizhang.report.layout import (
    BODY,
    HEAD,
    RATE_BAR,
    clip,
    count,
    fit,
    footer,
    page_points,
    rate,
    section,
    write_head,
    write_heads,
)
from taizhang.supervision.indicators import Figure, Part, RegisterFigures
from taizhang.typed.percentages import percent, round_half_up

__all__ = ["write_indicators"]

COLUMNS = (
    ("指标", 186),
    ("数", 88),
    ("单位", 46),
    ("分子/分母", 124),
    ("占比", 48),
    ("0—100%", 88),
    ("用到几行", 66),
    ("怎么算的；没有用上的行", 390),
)
WIDTHS = (6, *(pixels for _, pixels in COLUMNS))
LAST = len(COLUMNS)
MOST_PARTS = 10
"""The most groups shown for a figure; with more, the last line sums up the rest."""

_BAR, _LEAST, _GAP = 6, 19.5, 9.0
IMPOSSIBLE = "※"
"""Marks two numbers of which the part exceeds the whole."""

_LATE = {"font_color": Palette.RED_TEXT, "bold": True}


def write_indicators(sheet: Worksheet, style: Formats, m: Metrics) -> None:
    """Write the sheet: one block per register with rows; registers without rows are named at the foot."""
    note = (
        "由各登记表直接算出，只算有编号、读得懂的行；没有用上的行在右边写明。截止日以后的日期按还没有发生算。"
        "“·”＝0，“—”＝算不出。"
    )
    write_head(sheet, style, m, "登记表指标", note, partial(sentences.indicators_head, m), WIDTHS)
    write_heads(sheet, style, HEAD, [title for title, _ in COLUMNS], left=("指标", COLUMNS[-1][0]), points=21)
    row, blocks = BODY, []
    filled = [register for register in m.registers if register.rows]
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


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the sheet: a figure, or one of its groups; ``note`` is how it is counted, empty for a group."""

    name: str
    value: Decimal | None
    whole: Decimal | None
    unit: str
    late: bool = False
    used: str = ""
    note: str = ""
    impossible: bool = False


def _figure_lines(figure: Figure) -> Iterator[_Line]:
    """Yield the line of a figure and those of its groups, at most MOST_PARTS of them."""
    used = f"{figure.used}/{figure.used + sum(figure.left_out.values())}"
    late = figure.kind == IndicatorKind.OVERDUE and bool(figure.value)
    reasons = "、".join(f"{reason} {number} 行" for reason, number in figure.left_out.items())
    note = f"{figure.meaning}。没有用上：{reasons}" if reasons else figure.meaning
    if figure.impossible:
        note = f"{IMPOSSIBLE} 分子大于分母，不会有这样的比率，请按 taizhang validate 列出的行改正。{note}"
    yield _Line(figure.title, figure.value, figure.whole, figure.unit, late, used, note, figure.impossible)
    parts = list(figure.parts)
    if len(parts) > MOST_PARTS:
        rest = parts[MOST_PARTS - 1 :]
        wholes = [part.whole for part in rest if part.whole is not None]
        whole = None if not wholes else sum(wholes, Decimal(0)) if figure.whole is not None else wholes[0]
        parts = [
            *parts[: MOST_PARTS - 1],
            Part(f"其余 {len(rest)} 种", sum((part.number for part in rest), Decimal(0)), whole),
        ]
    for part in parts:
        yield _Line(part.name, part.number, part.whole, figure.unit)


def _write_register(sheet: Worksheet, style: Formats, row: int, register: RegisterFigures) -> tuple[int, float]:
    """Write the block of one register; return the row below it and its height in points."""
    personal = "，涉及个人、只出个数" if register.sensitivity == Sensitivity.PERSONAL else ""
    points = 24.0
    sheet.set_row(row, points)
    section(sheet, style, row, 1, LAST, f"{register.sheet}（登记 {register.rows} 行{personal}）")
    for line in (line for figure in register.figures for line in _figure_lines(figure)):
        row += 1
        height = row_height([(line.note, WIDTHS[LAST])], 9, least=_LEAST, wrapping=LIST_TEXT)
        sheet.set_row(row, height)
        _write_line(sheet, style, row, line)
        points += height
    sheet.set_row(row + 1, _GAP)
    return row + 2, points + _GAP


def _write_line(sheet: Worksheet, style: Formats, row: int, line: _Line) -> None:
    edge = {"bottom": 1, "bottom_color": Palette.LINE}
    small = {**edge, "font_size": 9, "font_color": Palette.INK2}
    ink = edge if line.note else {**edge, "font_color": Palette.INK2}
    fill_cells(sheet, row, 1, LAST, style(**edge))
    indent = 0 if line.note else 1
    name, size = fit(line.name, WIDTHS[1] - 9 * indent, (10, 9, 8.5))
    sheet.write_string(
        row, 1, name, style(**ink, font_size=size, **({"indent": indent, "align": "left"} if indent else {}))
    )
    value, unit = _scale_number(line.value, line.unit)
    _write_number(sheet, style, row, value, {**ink, **(_LATE if line.late else {})})
    sheet.write_string(row, 3, unit or "—", style(**small, align="center"))
    share = None if line.value is None or line.whole is None else (line.value, line.whole)
    mark = f"{IMPOSSIBLE} " if line.impossible else ""
    parts, size = fit(mark + _format_pair(*share) if share else "—", WIDTHS[4], (10, 9, 8))
    wrong = _LATE if line.impossible else {}
    sheet.write_string(row, 4, parts, style(**{**ink, **wrong}, align="center", font_name=NUMBER_FONT, font_size=size))
    points = percent(*share) if share and not line.impossible else None
    rate(sheet, row, 5, points, style, **ink)
    if points is not None and points <= 100:  # above 100 % the bar would stop at the edge and understate the number
        bar = style(num_format="0%", bottom=5, bottom_color="#FFFFFF")
        sheet.write_number(row, _BAR, points / 100, bar)
        sheet.conditional_format(row, _BAR, row, _BAR, RATE_BAR)
    if line.note:
        sheet.write_string(row, 7, line.used, style(**edge, align="center", font_name=NUMBER_FONT))
        sheet.write_string(row, LAST, line.note, style(**small, text_wrap=True))


def _write_number(sheet: Worksheet, style: Formats, row: int, value: Decimal | None, look: dict[str, Any]) -> None:
    if value is None or value == value.to_integral_value():
        count(
            sheet,
            row,
            2,
            None if value is None else int(value),
            style,
            **look,
            **({"num_format": "#,##0"} if value else {}),
        )
    else:
        number = style(**look, align="center", font_name=NUMBER_FONT, num_format="#,##0.0#")
        sheet.write_number(row, 2, float(value), number)


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


def _write_empty(sheet: Worksheet, style: Formats, row: int, names: Sequence[str]) -> int:
    """Write the names of the registers without rows; return the row below."""
    if not names:
        return row
    text = f"还没有数据的登记表：{'、'.join(names)}"
    sheet.set_row(row, 15)
    sheet.write_string(row, 1, clip(text, sum(WIDTHS[1:]), 9), style(font_size=9, font_color=Palette.INK2))
    return row + 1
