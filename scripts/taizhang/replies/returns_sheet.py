"""回收情况.xlsx: the returns of one period on one A4 page, for the office."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from taizhang.merge.returns import Return, Returns, ReturnState
from taizhang.office.theme import Palette
from taizhang.office.xlsx import (
    Formats,
    NewWorkbook,
    Worksheet,
    head_format,
    make_workbook,
    row_height,
    setup_page,
    write_cell,
    write_texts,
)
from taizhang.workbook.properties import MARKER

__all__ = ["HEADS", "cells_of", "returns_workbook"]

HEADS = (
    ("填报单位", 18),
    ("情况", 14),
    ("版本", 7),
    ("保存时间", 22),
    ("下发", 7),
    ("采用", 7),
    ("没变", 7),
    ("退回", 7),
    ("冲突", 7),
    ("缺", 7),
    ("新增", 7),
    ("错误", 7),
    ("要办的事", 28),
)
"""Heads with column widths in characters."""
_HEAD_ROW = 5


def cells_of(row: Return) -> tuple[str | int, ...]:
    """Return the cells of a return's row, in the order of HEADS."""
    totals = row.totals
    return (
        row.department,
        row.state,
        f"第{row.version}版" if row.version else "",
        row.when,
        totals.issued,
        totals.merged,
        totals.unchanged,
        totals.held,
        totals.conflicting,
        totals.missing,
        totals.added,
        totals.errors,
        row.to_do,
    )


def returns_workbook(returns: Returns, now: datetime) -> bytes:
    """Return the workbook; the same returns and time give the same bytes."""
    properties = {"title": f"回收情况 {returns.period}", "author": MARKER, "created": now}
    return make_workbook(partial(_write_sheet, returns, now), properties)


def _write_sheet(returns: Returns, now: datetime, book: NewWorkbook, style: Formats) -> None:
    sheet = book.add_worksheet("回收情况")
    for column, (_, width) in enumerate(HEADS):
        sheet.set_column(column, column, width)
    due = f"截止 {returns.due}" if returns.due else "〈参数〉里没有填报送截止日，不分迟报"
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, f"回收情况　{returns.period}", style(bold=True, font_size=18))
    sheet.write_string(1, 0, returns.summary, style(font_size=12, bold=True))
    sheet.set_row(1, 24)
    note = f"{due}；统计于 {now:%Y-%m-%d %H:%M}。保存时间取自报来的文件本身（北京时间）。"
    sheet.write_string(2, 0, note, style(font_color=Palette.INK2))
    check = "每一份表：下发行数 = 采用 + 没变 + 退回 + 冲突 + 缺；“新增”另计。"
    sheet.write_string(3, 0, check, style(font_color=Palette.INK2))
    for row in (2, 3):
        sheet.set_row(row, 18)
    look = head_format(style, border=1, border_color=Palette.LINE)
    write_texts(sheet, _HEAD_ROW - 1, [title for title, _ in HEADS], look)
    sheet.set_row(_HEAD_ROW - 1, 24)
    for number, row in enumerate(returns.rows, _HEAD_ROW):
        _write_row(sheet, style, number, cells_of(row), strong=bool(row.to_do), fill="")
    last = _HEAD_ROW + len(returns.rows)
    name, _, *totals, _ = cells_of(Return("合计", ReturnState.IN_ORDER, False, 0, None, returns.total))
    _write_row(sheet, style, last, (name, "", *totals, ""), strong=True, fill=Palette.PANEL)
    if returns.strays:
        text = f"另有认不出是哪个部门的文件，没有采用：{'、'.join(returns.strays)}。"
        sheet.write_string(last + 1, 0, text, style())
        sheet.set_row(last + 1, 24)
    sheet.freeze_panes(_HEAD_ROW, 1)
    setup_page(sheet, f"A1:M{last + 2}", footer=("回收情况　内部资料", returns.period))
    sheet.repeat_rows(_HEAD_ROW - 1)


def _write_row(
    sheet: Worksheet, style: Formats, number: int, cells: tuple[str | int, ...], *, strong: bool, fill: str
) -> None:
    """Write a row: what needs action in bold, zeros in grey."""
    look = {"border": 1, "border_color": Palette.LINE, **({"bg_color": fill} if fill else {})}
    sheet.set_row(number, row_height([(str(cells[-1]), HEADS[-1][1] * 7), (str(cells[3]), HEADS[3][1] * 7)]) - 4)
    for column, value in enumerate(cells):
        if isinstance(value, int):
            worry = value and HEADS[column][0] in ("退回", "冲突", "缺", "错误")
            extra = {"font_color": Palette.ZERO} if not value else {"bold": bool(worry) or bool(fill)}
            sheet.write_number(number, column, value, style(align="center", **look, **extra))
        else:
            bold = strong and column in (0, 1, len(HEADS) - 1)
            side = "left" if column in (0, len(HEADS) - 1) else "center"
            write_cell(sheet, number, column, value, style(align=side, text_wrap=True, bold=bold, **look))
