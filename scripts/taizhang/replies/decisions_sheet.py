"""冲突裁决.xlsx: every conflict on a sheet for a person to decide, and the same signed on a hidden sheet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.model import Ledger
from taizhang.merge.decisions import (
    CASE_HEAD_ROW,
    CHOICES,
    FIRST_CASE_ROW,
    HEADS,
    HIDDEN_SHEET,
    SHEET,
    Case,
    case_row,
    read_rulings,
    to_stored,
)
from taizhang.merge.plan import Conflict, seen
from taizhang.office.theme import Palette
from taizhang.office.xlsx import Formats, NewWorkbook, Worksheet, make_workbook, row_height, setup_page, write_cell
from taizhang.typed.text import as_text, is_blank
from taizhang.workbook.places import a1
from taizhang.workbook.properties import MARKER
from taizhang.workbook.reader import Workbook


def conflict_workbook(
    conflicts: Sequence[tuple[str, Conflict, str]],
    ledger: Ledger,
    secret: bytes,
    now: datetime,
    decide: str,
    earlier: Workbook | None = None,
) -> bytes:
    """Return 冲突裁决.xlsx for conflicts, given as (period, conflict, name of the returned file).

    ``decide`` is the command that applies the workbook at its path. What people typed into the ``earlier`` workbook is
    repeated in the rows of unchanged cases.
    """
    typed = read_rulings(earlier, secret) if earlier else {}

    def write(book: NewWorkbook, style: Formats) -> None:
        sheet, hidden = book.add_worksheet(SHEET), book.add_worksheet(HIDDEN_SHEET)
        hidden.very_hidden()
        _write_head(sheet, style, len(conflicts), decide)
        for number, (period, conflict, source) in enumerate(conflicts, 1):
            row = FIRST_CASE_ROW + number - 2
            case = Case(
                conflict.department,
                period,
                conflict.form.name,
                conflict.code,
                conflict.column.key,
                to_stored(conflict.ours, ledger),
                _to_json(conflict.new),
                source,
            )
            ruling = typed.get(replace(case, source=""), ("", "", ""))
            _write_case(sheet, style, row, number, conflict, ledger, ruling)
            key = f"C{number:03}"
            sheet.write_string(row, len(HEADS), key)
            hidden.write_row(number - 1, 0, case_row(key, case, secret))
        _setup_sheet(sheet, FIRST_CASE_ROW + max(len(conflicts), 1) - 1)

    return make_workbook(write, {"title": SHEET, "author": MARKER, "created": now}, keep_unseen=True)


def _write_head(sheet: Worksheet, style: Formats, count: int, decide: str) -> None:
    """Set column widths and write title, explanation and heads."""
    for column, (_, width) in enumerate(HEADS):
        sheet.set_column(column, column, width)
    sheet.set_column(len(HEADS), len(HEADS), 4, None, {"hidden": True})
    sheet.set_row(0, 34)
    sheet.write_string(0, 0, f"冲突裁决（{count} 格）", style(bold=True, font_size=18))
    for row, text in enumerate(
        (
            "下发以后，台账和部门把同一格改成了不同的内容，台账没有动。"
            "请在浅黄色的格子里逐格裁决；选“采用上报”“另填”的要写理由。",
            f"填好保存，运行 {decide}。没有裁决的可以留着；可以排序、筛选，不要删列。",
        ),
        1,
    ):
        sheet.write_string(row, 0, text, style(font_size=11, font_color=Palette.INK2))
        sheet.set_row(row, 20)
    for column, (title, _) in enumerate(HEADS):
        fill = {"bg_color": "#FFE699"} if column >= 9 else {"bg_color": Palette.NAVY, "font_color": "#FFFFFF"}
        sheet.write_string(
            CASE_HEAD_ROW - 1,
            column,
            title,
            style(bold=True, align="center", border=1, border_color=Palette.LINE, **fill),
        )
    sheet.write_string(CASE_HEAD_ROW - 1, len(HEADS), "行标识")
    sheet.set_row(CASE_HEAD_ROW - 1, 26)


def _setup_sheet(sheet: Worksheet, last: int) -> None:
    """Set the dropdown of rulings, the filter and the page; ``last`` is the last row with a case (1-based)."""
    sheet.data_validation(
        FIRST_CASE_ROW - 1,
        9,
        last - 1,
        9,
        {
            "validate": "list",
            "source": list(CHOICES),
            "input_title": "裁决",
            "input_message": "采用台账：部门的不要；采用上报：改成部门的；另填：写在右边一格。",
        },
    )
    sheet.autofilter(CASE_HEAD_ROW - 1, 0, last - 1, len(HEADS))
    sheet.freeze_panes(CASE_HEAD_ROW, 3)
    setup_page(sheet, f"A1:{a1(last, len(HEADS))}", footer=("冲突裁决　内部资料", ""))
    sheet.repeat_rows(CASE_HEAD_ROW - 1)


def _write_case(
    sheet: Worksheet,
    style: Formats,
    row: int,
    number: int,
    conflict: Conflict,
    ledger: Ledger,
    typed: tuple[Any, Any, Any],
) -> None:
    form, column = conflict.form, conflict.column
    record = ledger.registers[form.name].by_code.get(conflict.code)
    subject = (
        seen(form, form.column(form.title_column), record.cells.get(form.title_column, ""))
        if form.title_column and record
        else ""
    )
    values = [seen(form, column, raw) or "（空）" for raw in (conflict.base, conflict.ours, conflict.theirs)]
    if conflict.new is None:
        values[2] = "（清空）"
    texts = [str(number), form.sheet, conflict.code, subject, conflict.department, column.title, *values]
    texts += [as_text(raw) for raw in typed]
    sheet.set_row(row, min(row_height([(text, width * 7) for text, (_, width) in zip(texts, HEADS, strict=True)]), 400))
    for position, text in enumerate(texts):
        side = "left" if position in (3, 6, 7, 8, 10, 11) else "center"
        fill = {"bg_color": Palette.INPUT} if position >= 9 else {}
        raw = typed[position - 9] if position >= 9 else text
        if isinstance(raw, date):
            fill["num_format"] = ColumnType.DATE.number_format
        look = style(text_wrap=True, valign="top", align=side, border=1, border_color=Palette.LINE, **fill)
        write_cell(sheet, row, position, "" if is_blank(raw) else raw, look)


def _to_json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
