"""One cell's value as SpreadsheetML: text, number, date, boolean or blank, its style kept."""

from __future__ import annotations

import math
import re
from datetime import date, datetime

from taizhang.places import a1
from taizhang.splice.edits import CellValue, Refused, SetCell
from taizhang.splice.markup import attribute, text_element
from taizhang.splice.package import Package

__all__ = ["cell_xml", "is_formula"]

MAX_TEXT = 32_767
"""Characters that Excel holds in one cell."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BUILTIN_DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])


def is_formula(cell: bytes) -> bool:
    """Whether a cell's XML holds a formula."""
    return bool(re.search(rb"<(?:\w+:)?f[\s/>]", cell))


def cell_xml(package: Package, cell: SetCell, style: int | None, prefix: bytes) -> bytes:
    """Return ``<c>`` with a value; a date gets a style that shows a date. Raises Refused for what no cell can hold."""
    if isinstance(cell.value, date):
        known = package.date_styles
        style = (
            known[style or 0]
            if (style or 0) in known
            else known.setdefault(style or 0, _date_style(package, style or 0))
        )
    p = prefix.decode()
    head = f'<{p}c r="{a1(cell.row, cell.column)}"' + (f' s="{style}"' if style is not None else "")
    return (head + _content(package, cell.value, p, f"〈{cell.sheet}〉{a1(cell.row, cell.column)}")).encode()


def _content(package: Package, value: CellValue, p: str, where: str) -> str:
    if value is None or value == "":
        return "/>"
    if isinstance(value, bool):
        return f' t="b"><{p}v>{int(value)}</{p}v></{p}c>'
    if isinstance(value, date):
        return f"><{p}v>{_serial(package, value, where)}</{p}v></{p}c>"
    if isinstance(value, (int, float)):
        if not math.isfinite(value) or (isinstance(value, int) and abs(value) >= 10**15):
            raise Refused("number", f"{where} 要写的数太大，Excel 存不准，请改成文字。")
        return f"><{p}v>{value!r}</{p}v></{p}c>"
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    if _CONTROL.search(text) or len(text) > MAX_TEXT:
        raise Refused("text", f"{where} 的文字太长或含有不能显示的字符，请删去后再汇总。")
    text = re.sub(r"_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text)
    index = package.share(text)
    if index is None:
        return f' t="inlineStr"><{p}is>{text_element(text, p)}</{p}is></{p}c>'
    return f' t="s"><{p}v>{index}</{p}v></{p}c>'


def _serial(package: Package, day: date, where: str) -> str:
    """Return a day or moment as Excel counts days: from 1899-12-30, or from 1904-01-01 in a 1904 workbook."""
    origin = datetime(1904, 1, 1) if package.epoch_1904 else datetime(1899, 12, 30)
    moment = day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)
    days = (moment - origin).total_seconds() / 86_400
    if days < (0 if origin.year == 1904 else 61):
        raise Refused("date", f"{where} 的日期 {day.year} 年太早，Excel 存不准，请改成文字。")
    return str(int(days)) if days == int(days) else repr(days)


def _date_style(package: Package, style: int) -> int:
    """Return the style if it shows a date; else a copy of it that does, so that a person sees no bare number."""
    path = package.part_of_type("styles")
    styles = package.text(path) if path else b""
    block = re.search(rb"<(?:\w+:)?cellXfs\b[^>]*>(.*?)</(?:\w+:)?cellXfs>", styles, re.DOTALL)
    if path is None or block is None:
        return style
    xfs = [match[0] for match in re.finditer(rb"<(?:\w+:)?xf\b[^>]*?(?:/>|>.*?</(?:\w+:)?xf>)", block[1], re.DOTALL)]
    if style >= len(xfs) or _shows_date(xfs[style], styles):
        return style
    dated = re.sub(rb"""\s(?:numFmtId|applyNumberFormat)=["'][^"']*["']""", b"", xfs[style])
    dated = re.sub(rb"<((?:\w+:)?xf)\b", rb'<\1 numFmtId="14" applyNumberFormat="1"', dated, count=1)
    if dated in xfs:
        return xfs.index(dated)
    opening = re.sub(rb"""count=["']\d+["']""", b'count="%d"' % (len(xfs) + 1), styles[block.start() : block.start(1)])
    package.put(path, styles[: block.start()] + opening + block[1] + dated + styles[block.end(1) :])
    return len(xfs)


def _shows_date(xf: bytes, styles: bytes) -> bool:
    number = int(attribute(xf, b"numFmtId") or 0)
    if number in _BUILTIN_DATES:
        return True
    for tag in re.findall(rb"<(?:\w+:)?numFmt\b[^>]*>", styles):
        if attribute(tag, b"numFmtId") == str(number):
            code = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", attribute(tag, b"formatCode"))
            return bool(re.search(r"[ymdYMD]", code))
    return False
