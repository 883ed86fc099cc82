"""Marks that all the leaders' sheets share: titles, heads, lights, counts and the footer."""

from __future__ import annotations

from datetime import date
from typing import Any

from taizhang.measures import Measures
from taizhang.status import Light
from taizhang.theme import NUMBER_FONT, TITLE_FONT, Palette, formats

__all__ = ["chinese_date", "count", "footer", "head_style", "light_style", "short_date", "write_title"]


def chinese_date(day: date) -> str:
    """A date in text, without padding: 2022年3月1日 (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(day: date | None) -> str:
    """A date in a narrow table: 3/31; a dash where there is none."""
    return f"{day.month}/{day.day}" if day else "—"


def footer(m: Measures) -> tuple[str, str]:
    """The left and right part of a page's footer."""
    return f"{m.unit}　内部资料", f"数据截至 {chinese_date(m.as_of)}"


def write_title(sheet: Any, style: formats, m: Measures, title: str, last_column: int, size: int = 20) -> None:
    """Write the title line, with unit and day at its right end, and the red rule below it (rows 1 and 2)."""
    sheet.set_row(0, 30)
    sheet.set_row(1, 6)
    sheet.write_string(0, 1, title, style(font_name=TITLE_FONT, font_size=size, bold=True))
    right = f"{m.unit}　　数据截至 {chinese_date(m.as_of)}"
    sheet.write_string(0, last_column, right, style(align="right", valign="bottom", font_color=Palette.INK2))
    for column in range(1, last_column + 1):
        sheet.write_blank(1, column, None, style(top=5, top_color=Palette.RED_RULE))


def head_style(style: formats, **more: Any) -> Any:
    """Return the format of a table head: white bold on navy."""
    return style(
        **{
            "bold": True,
            "font_color": "#FFFFFF",
            "bg_color": Palette.NAVY,
            "align": "center",
            "text_wrap": True,
            **more,
        }
    )


def light_style(style: formats, light: str, **more: Any) -> Any:
    """Return the format of a light cell: tint and text colour for red and amber, plain for the others."""
    colours = {
        Light.RED: {"bg_color": Palette.RED_TINT, "font_color": Palette.RED_TEXT, "bold": True},
        Light.AMBER: {"bg_color": Palette.AMBER_TINT, "font_color": Palette.AMBER_TEXT, "bold": True},
        Light.GREEN: {"font_color": Palette.GREEN_TEXT},
    }
    return style(
        **{
            "align": "center",
            "bottom": 1,
            "bottom_color": Palette.LINE,
            **colours.get(light, {"font_color": Palette.MUTED}),
            **more,
        }
    )


def count(sheet: Any, row: int, column: int, value: int | None, style: formats, **more: Any) -> None:
    """Write a count (0-based cell): a dot for zero, a dash where it does not apply."""
    properties = {"align": "center", "font_name": NUMBER_FONT, **more}
    if value is None:
        sheet.write_string(row, column, "—", style(**{**properties, "font_color": Palette.INK2}))
    elif value == 0:
        sheet.write_number(
            row, column, 0, style(**{**properties, "font_color": Palette.ZERO, "num_format": '0;-0;"·"'})
        )
    else:
        sheet.write_number(row, column, value, style(**properties))
