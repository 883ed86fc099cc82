"""One cell's value as SpreadsheetML: text, number, date, time, boolean or blank, in the cell's style."""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from taizhang.splice.edits import Refused, SetCell
from taizhang.splice.package import Package
from taizhang.typed.dates import excel_epoch
from taizhang.typed.text import UNWRITABLE, fits_cell
from taizhang.workbook.markup import attribute, element, inside, text_element
from taizhang.workbook.places import a1

__all__ = ["cell_xml", "is_formula", "look_of_style", "part_of_day"]

_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_BUILTIN_DATES = frozenset([*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58])
_BUILTIN_TIMES = frozenset([*range(18, 22), *range(32, 36), 45, 46, 47, 55, 56])
"""Built-in number formats (ECMA-376 18.8.30, those of zh-CN included)."""


def is_formula(cell: bytes) -> bool:
    """Whether a cell's XML holds a formula."""
    return bool(_FORMULA.search(cell))


def cell_xml(package: Package, cell: SetCell, style: int | None, prefix: bytes) -> bytes:
    """Return ``<c>`` with a value, in a style that shows dates as dates, times as times and numbers as numbers.

    Raises Refused if a cell cannot hold the value.
    """
    if cell.value is not None and not isinstance(cell.value, (str, bool)):
        style = _fitting_style(package, cell, style)
    p = prefix.decode()
    head = f'<{p}c r="{a1(cell.row, cell.column)}"' + (f' s="{style}"' if style is not None else "")
    return (head + _format_content(package, cell, p)).encode()


def _format_content(package: Package, cell: SetCell, p: str) -> str:
    value = cell.value
    if value is None or value == "":
        return "/>"
    if isinstance(value, bool):
        return f' t="b"><{p}v>{int(value)}</{p}v></{p}c>'
    if isinstance(value, date):
        return f"><{p}v>{_serial(package, value, cell)}</{p}v></{p}c>"
    if isinstance(value, (time, timedelta)):
        return f"><{p}v>{part_of_day(value)!r}</{p}v></{p}c>"
    if isinstance(value, (int, float)):
        if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= 10**15):
            raise Refused("number", f"{cell.place} 要写的数太大，Excel 存不准，请改成文字。")
        return f"><{p}v>{value!r}</{p}v></{p}c>"
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if UNWRITABLE.search(text) or not fits_cell(text):
        raise Refused("text", f"{cell.place} 的文字太长或含有不能显示的字符，请删去后再汇总。")
    index = package.share(_ESCAPED.sub("_x005F_", text))
    if index is None:
        return f' t="inlineStr"><{p}is>{text_element(_ESCAPED.sub("_x005F_", text), p)}</{p}is></{p}c>'
    return f' t="s"><{p}v>{index}</{p}v></{p}c>'


def _serial(package: Package, day: date, cell: SetCell) -> str:
    """Return a day or moment as Excel's serial number: days since 1899-12-30, in a 1904 workbook since 1904-01-01."""
    origin = datetime.combine(excel_epoch(package.epoch_1904), time())
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    days = (moment - origin).total_seconds() / 86_400
    if days < (0 if origin.year == 1904 else 61):
        raise Refused("date", f"{cell.place} 的日期 {day.year} 年太早，Excel 存不准，请改成文字。")
    return str(int(days)) if days == int(days) else repr(days)


def part_of_day(value: time | timedelta) -> float:
    """Return a time of day or a duration in days, as Excel stores it."""
    if isinstance(value, time):
        value = datetime.combine(date.min, value) - datetime.min
    return value / timedelta(days=1)


def _fitting_style(package: Package, cell: SetCell, style: int | None) -> int | None:
    """Return a style whose number format suits the value's type, cloning the given one if needed.

    A date in a number's format shows a bare number; a number in a date's format shows some day.
    """
    look = "date" if isinstance(cell.value, date) else "time" if isinstance(cell.value, (time, timedelta)) else ""
    known = package.fitting_styles
    if (style, look) not in known:
        known[style, look] = _add_style(package, cell, style, look)
    return known[style, look]


def _add_style(package: Package, cell: SetCell, style: int | None, look: str) -> int | None:
    path = package.part_of_type("styles")
    styles = package.text(path) if path else b""
    block = re.search(rb"<(?:\w+:)?cellXfs\b[^<>]*>(" + inside(b"cellXfs") + rb")</(?:\w+:)?cellXfs>", styles)
    xfs = re.findall(element(b"xf"), block[1]) if block else []
    if path is None or block is None or (style or 0) >= len(xfs):
        if look:
            raise Refused(
                "styles", f"台账没有样式部分，{cell.place} 的日期写进去会显示成数字，请用 Excel 或 WPS 打开后另存一次。"
            )
        return style
    if look_of_style(xfs[style or 0], styles) == look:
        return style
    number = {"date": b"14", "time": b"46" if isinstance(cell.value, timedelta) else b"21", "": b"0"}[look]
    fitting = re.sub(rb"""\s(?:numFmtId|applyNumberFormat)\s*=\s*["'][^"']*["']""", b"", xfs[style or 0])
    fitting = re.sub(rb"<((?:\w+:)?xf)\b", rb'<\1 numFmtId="' + number + rb'" applyNumberFormat="1"', fitting, count=1)
    if fitting in xfs:
        return xfs.index(fitting)
    opening = re.sub(rb"""count=["']\d+["']""", b'count="%d"' % (len(xfs) + 1), styles[block.start() : block.start(1)])
    package.put(path, styles[: block.start()] + opening + block[1] + fitting + styles[block.end(1) :])
    return len(xfs)


def look_of_style(xf: bytes, styles: bytes) -> str:
    """Return what a style shows a number as: ``date``, ``time``, or ``""`` for a plain number (a share among them)."""
    number = int(attribute(xf, b"numFmtId") or 0)
    if number in _BUILTIN_DATES or number in _BUILTIN_TIMES:
        return "date" if number in _BUILTIN_DATES else "time"
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^<>]*>", styles):
        if attribute(tag, b"numFmtId") == str(number):
            return _look_of_code(attribute(tag, b"formatCode"))
    return ""


def _look_of_code(code: str) -> str:
    """Return what a number format shows (see ``look_of_style``); ``m`` means months unless it has hours or seconds."""
    plain = re.sub(r'"[^"]*"|\\.|_.', "", code).lower()
    if re.search(r"\[(?:h+|m+|s+)\]", plain):
        return "time"
    plain = re.sub(r"\[[^\[\]]*\]|general", "", plain)
    if re.search(r"[yd]", plain) or ("m" in plain and not re.search(r"[hs]", plain)):
        return "date"
    return "time" if re.search(r"[hs]", plain) else ""
