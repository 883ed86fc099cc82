"""Registers as read from a workbook: sheets found by marker or heads, columns by title or alias, rows with their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from taizhang.findings import Finding, Severity
from taizhang.forms import Column, Form
from taizhang.places import Place
from taizhang.text import as_text, clean_key, head_key, is_blank
from taizhang.workbooks import Sheet, Workbook

__all__ = ["Record", "Register", "head_key", "locate", "read_register"]

HEAD_SEARCH_ROWS = 30


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a register: its row number in the sheet, its code, and the raw cells by column key."""

    row: int
    code: str
    cells: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Register:
    """One register as read: its form, the sheet it stands on, the head row, column numbers by key, and its rows.

    ``extra`` holds the heads of columns that are people's own: kept and ignored.
    """

    form: Form
    workbook: str
    sheet: Sheet
    head_row: int
    columns: Mapping[str, int]
    records: tuple[Record, ...]
    extra: tuple[tuple[int, str], ...] = ()

    def place(self, record: Record | None = None, key: str | None = None) -> Place:
        """Return the place of a row, a column or one cell of this register."""
        row = record.row if record else (self.head_row if key else None)
        return Place(self.workbook, self.sheet.name, row, self.columns.get(key) if key else None)

    @property
    def by_code(self) -> Mapping[str, Record]:
        """The rows by code; of duplicates the first."""
        rows: dict[str, Record] = {}
        for record in self.records:
            rows.setdefault(record.code, record)
        return rows

    @property
    def last_row(self) -> int:
        """The last row of the sheet that belongs to the register; the head row where there is none."""
        return self.records[-1].row if self.records else self.head_row


def titles_of(form: Form) -> dict[str, Column]:
    """Return every accepted head of a form → its column."""
    return {head_key(title): column for column in form.columns for title in (column.title, *column.aliases)}


def locate(book: Workbook, form: Form) -> tuple[Sheet, int] | None:
    """Return the sheet of a register and its head row (1-based).

    The sheet with the form's name comes first; else the sheet whose heads fit best, if at least half of the form's
    columns (and its code) stand in one row.
    """
    titles = titles_of(form)
    best: tuple[int, Sheet, int] | None = None
    for sheet in sorted(book.sheets, key=lambda each: head_key(each.name) != head_key(form.sheet)):
        named = head_key(sheet.name) == head_key(form.sheet)
        for row, cells in enumerate(sheet.rows[:HEAD_SEARCH_ROWS], 1):
            keys = {
                titles[key].key for key in map(head_key, filter(lambda raw: not is_blank(raw), cells)) if key in titles
            }
            enough = len(keys) >= (2 if named else max(3, len(form.columns) // 2))
            if enough and form.code_column.key in keys and (best is None or len(keys) > best[0]):
                best = len(keys), sheet, row
        if best and named:
            break
    return best[1:] if best else None


def read_register(book: Workbook, form: Form) -> tuple[Register | None, list[Finding]]:
    """Read one register of a workbook; None, with a finding, where its sheet cannot be found."""
    found = locate(book, form)
    if found is None:
        message = f"找不到〈{form.sheet}〉：没有这张表，或表头被改动。请恢复表名和表头行（至少要有“{form.code_column.title}”）。"
        return None, [Finding(book.place(), "sheet-missing", message)]
    sheet, head_row = found
    columns, extra, findings = _match_heads(book, form, sheet, head_row)
    if form.code_column.key not in columns:
        return None, findings
    register = Register(
        form, book.name, sheet, head_row, columns, tuple(_records(sheet, head_row, columns, form)), extra
    )
    return register, findings


def _match_heads(
    book: Workbook, form: Form, sheet: Sheet, head_row: int
) -> tuple[dict[str, int], tuple[tuple[int, str], ...], list[Finding]]:
    titles, columns, extra, findings = titles_of(form), {}, [], []
    for number, raw in enumerate(sheet.rows[head_row - 1], 1):
        if is_blank(raw):
            continue
        column = titles.get(head_key(raw))
        if column is None:
            extra.append((number, as_text(raw)))
        elif column.key in columns:
            message = f"“{as_text(raw)}”和前面的列都是“{column.title}”，请删去或改名其中一列。"
            findings.append(Finding(book.place(sheet.name, head_row, number), "head-duplicate", message))
        else:
            columns[column.key] = number
            if head_key(raw) != head_key(column.title):
                message = f"表头“{as_text(raw)}”按“{column.title}”理解。"
                findings.append(
                    Finding(book.place(sheet.name, head_row, number), "head-renamed", message, Severity.HINT)
                )
    for column in form.columns:
        if column.key not in columns:
            severity = Severity.ERROR if column.required else Severity.WARNING
            message = f"缺少“{column.title}”列，请补上这一列或恢复它的表头。"
            findings.append(Finding(book.place(sheet.name, head_row), "head-missing", message, severity))
    return columns, tuple(extra), findings


def _records(sheet: Sheet, head_row: int, columns: Mapping[str, int], form: Form) -> Iterator[Record]:
    code_key = form.code_column.key
    for row, cells in enumerate(sheet.rows[head_row:], head_row + 1):
        width = len(cells)
        values = {key: cells[number - 1] if number <= width else "" for key, number in columns.items()}
        if any(not is_blank(raw) for raw in values.values()):
            yield Record(row, clean_key(as_text(values[code_key])).upper(), values)
