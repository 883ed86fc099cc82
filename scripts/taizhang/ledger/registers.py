"""Registers read from a workbook: sheets found by name or heads, columns by title or alias, rows by place."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.typed.dates import read_date
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, head_key, is_blank
from taizhang.workbook.places import Place, a1
from taizhang.workbook.reader import Sheet, Workbook

__all__ = ["TOTALS_WORDS", "Record", "Register", "find_alike", "head_key", "locate", "read_register"]

MERGES_NAMED = 50
TOTALS_WORDS = ("汇总", "合计", "总计")
"""Texts in the code column that mark a totals row: the one Chinese Excel writes, and those that people type."""

_CHINESE = re.compile("[一-鿿]")


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a register: its row number in the sheet, its code, and the raw cells by column key.

    ``unread`` are the keys of cells that read as blank although they hold a formula without a result, or an error.
    """

    row: int
    code: str
    cells: Mapping[str, Any]
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class Register:
    """One register as read: form, workbook name, sheet, head row, column numbers by key, and rows.

    Registers compare by identity, like ledgers.
    ``extra`` lists user-added columns (number, head), which are ignored. ``unshown`` are the keys of columns whose
    cells the rows hold although the sheet does not show them, as in a returned sheet whose rows the ledger completes.
    """

    form: Form
    workbook: str
    sheet: Sheet
    head_row: int
    columns: Mapping[str, int]
    records: tuple[Record, ...]
    extra: tuple[tuple[int, str], ...] = ()
    unshown: frozenset[str] = frozenset()

    def holds(self, key: str) -> bool:
        """Whether the rows hold cells of a column, shown or not."""
        return key in self.columns or key in self.unshown

    def place(self, record: Record | None = None, key: str | None = None) -> Place:
        """Return the place of a row, a column or one cell of this register."""
        row = record.row if record else (self.head_row if key else None)
        return Place(self.workbook, self.sheet.name, row, self.columns.get(key) if key else None)

    @cached_property
    def by_code(self) -> Mapping[str, Record]:
        """The rows by code; the first of duplicates."""
        rows: dict[str, Record] = {}
        for record in self.records:
            rows.setdefault(record.code, record)
        return rows

    @cached_property
    def rows_of(self) -> Mapping[str, list[int]]:
        """The row numbers by code; more than one if a code is duplicated."""
        rows: dict[str, list[int]] = {}
        for record in self.records:
            rows.setdefault(record.code, []).append(record.row)
        return rows

    @property
    def last_row(self) -> int:
        """The last row of the register in its sheet; the head row if it has no rows."""
        return self.records[-1].row if self.records else self.head_row


def locate(book: Workbook, form: Form) -> tuple[Sheet, int] | None:
    """Find the sheet of a register and its head row (1-based); None if there is none.

    If a sheet has exactly the form's name, only that sheet is considered, never a copy such as 〈整改任务 (2)〉.
    Otherwise sheets with the name and a remark come first, then the sheet whose heads fit best.
    """
    own, groups = _name_key(form.sheet), list(book.sheets)
    if exact := [sheet for sheet in groups if _name_key(sheet.name) == own]:
        return _find_best(exact, form, named=True)
    near = [sheet for sheet in groups if head_key(sheet.name) == head_key(form.sheet)]
    return _find_best(near, form, named=True) or _find_best(groups, form)


_name_key = lru_cache(maxsize=256)(clean_key)
"""Cached because every form compares its name with all sheets."""


def find_alike(sheets: Iterable[Sheet], form: Form) -> list[Sheet]:
    """Return the sheets whose heads fit the form."""
    return [sheet for sheet in sheets if _find_best([sheet], form)]


def _find_best(sheets: Iterable[Sheet], form: Form, *, named: bool = False) -> tuple[Sheet, int] | None:
    """Return the sheet whose heads fit best (the first of equals) and its head row.

    A row of heads fits if it has the form's code column and at least three of the form's columns, and these are half of
    the form's columns or three quarters of the row's heads. On a sheet with the form's name two columns are enough.
    """
    titles = form.titles
    best: tuple[int, Sheet, int] | None = None
    for sheet in sheets:
        for row, heads in enumerate(sheet.heads, 1):
            if (best and len(heads) <= best[0]) or form.code_heads.isdisjoint(heads):
                continue  # cannot be a better row of heads, or one of this form
            keys = {titles[head].key for head in heads if head in titles}
            enough = 2 if named else max(3, min(len(form.columns) // 2, len(heads) * 3 // 4))
            if len(keys) >= enough and (best is None or len(keys) > best[0]):
                best = len(keys), sheet, row
    return best[1:] if best else None


def read_register(book: Workbook, form: Form) -> tuple[Register | None, list[Finding]]:
    """Read one register of a workbook; None, with findings, if its sheet or code column cannot be found."""
    found = locate(book, form)
    if found is None:
        problem = f"找不到〈{form.sheet}〉：没有这张表，或表头被改动。"
        cure = f"请恢复表名和表头行（至少要有“{form.code_column.title}”）。"
        return None, [Finding(book.place(), Check.SHEET_MISSING, problem, cure=cure)]
    sheet, head_row = found
    columns, extra, findings = _match_heads(book, form, sheet, head_row)
    if form.code_column.key not in columns:
        return None, findings
    merges = _find_merges(sheet, head_row, columns, form)
    records = tuple(_read_records(sheet, head_row, columns, form, merges))
    if records and records[-1].code in TOTALS_WORDS:
        message = f"编号写的是“{records[-1].code}”，按合计行理解，不算一条。"
        place = book.place(sheet.name, records[-1].row, columns[form.code_column.key])
        findings.append(Finding(place, Check.TOTALS_ROW, message, Severity.HINT))
        records = records[:-1]
    while records and _is_remark(records[-1], form):
        message = "最下面一行只在编号列写了一句话，按说明理解，不算一条；以后要往表里加行的，请先把它移到别处。"
        place = book.place(sheet.name, records[-1].row, columns[form.code_column.key])
        findings.append(Finding(place, Check.TOTALS_ROW, message, Severity.HINT))
        records = records[:-1]
    if book.epoch_1904:
        records, found_dates = _convert_1904_dates(book, sheet, form, columns, records)
        findings += found_dates
    findings += _report_merges(book, sheet, head_row, columns, form)
    return Register(form, book.name, sheet, head_row, columns, records, extra), findings


def _is_remark(record: Record, form: Form) -> bool:
    """Whether a row has nothing but Chinese words in place of its code: 填表时间, 注, a signature."""
    filled = {key for key, raw in record.cells.items() if not is_blank(raw)}
    return filled == {form.code_column.key} and _CHINESE.search(record.code) is not None


def _match_heads(
    book: Workbook, form: Form, sheet: Sheet, head_row: int
) -> tuple[dict[str, int], tuple[tuple[int, str], ...], list[Finding]]:
    columns, extra, findings = {}, [], []
    row = enumerate(sheet.rows[head_row - 1], 1)
    heads = [(number, raw, form.titles.get(head_key(raw))) for number, raw in row if not is_blank(raw)]
    exact = {column.key for _, raw, column in heads if column and form.is_head_of(raw, column)}
    for number, raw, column in heads:
        if column is None or (column.key in exact and not form.is_head_of(raw, column)):
            extra.append((number, as_text(raw)))
        elif column.key in columns:
            first = a1(head_row, columns[column.key])
            problem = f"{quote(raw)}和 {first} 都是“{column.title}”，只读 {first} 那一列；"
            cure = "请删去其中一列，或改它的表头。"
            findings.append(Finding(book.place(sheet.name, head_row, number), Check.HEAD_DUPLICATE, problem, cure=cure))
        else:
            columns[column.key] = number
            if head_key(raw) != head_key(column.title):
                message = f"表头{quote(raw)}按“{column.title}”理解。"
                findings.append(
                    Finding(book.place(sheet.name, head_row, number), Check.HEAD_RENAMED, message, Severity.HINT)
                )
    for column in form.columns:
        if column.key not in columns and not form.may_lack(column):
            severity = Severity.ERROR if _is_needed(column, form) else Severity.WARNING
            problem = f"缺少“{column.title}”列，"
            cure = "请补上这一列或恢复它的表头。"
            findings.append(Finding(book.place(sheet.name, head_row), Check.HEAD_MISSING, problem, severity, cure=cure))
    return columns, tuple(extra), findings


def _is_needed(column: Column, form: Form) -> bool:
    """Whether a register without this column cannot be counted, issued or merged."""
    return column.required or column.by_department or column.key in (form.owner, form.reporter, *form.closed)


def _read_records(
    sheet: Sheet, head_row: int, columns: Mapping[str, int], form: Form, merges: Mapping[str, list[tuple[int, int]]]
) -> Iterator[Record]:
    code_key = form.code_column.key
    unread = sheet.unread
    rows_unread = {row for row, _ in unread}
    for row, cells in enumerate(sheet.rows[head_row:], head_row + 1):
        width = len(cells)
        values = {key: cells[number - 1] if number <= width else "" for key, number in columns.items()}
        if any(not is_blank(raw) for raw in values.values()):
            missing = (
                {key for key, column in columns.items() if (row, column) in unread} if row in rows_unread else set()
            )
            for key, spans in merges.items():
                if is_blank(values[key]) and (top := _first_merged_row(spans, row)):
                    values[key] = sheet.value(top, columns[key])
                    missing |= {key} if (top, columns[key]) in unread else set()
            yield Record(row, clean_key(as_text(values[code_key])).upper(), values, frozenset(missing))


def _find_merges(
    sheet: Sheet, head_row: int, columns: Mapping[str, int], form: Form
) -> dict[str, list[tuple[int, int]]]:
    """Return the rows (first, last) of merged ranges below the heads, by the key of their first column, in order.

    The code column is left out: codes are never filled in from a merged range, since every row needs its own.
    """
    keys = {number: key for key, number in columns.items() if key != form.code_column.key}
    spans: dict[str, list[tuple[int, int]]] = {}
    for (top, left), (bottom, _) in sorted(sheet.merged):
        if head_row < top < bottom and left in keys:
            spans.setdefault(keys[left], []).append((top, bottom))
    return spans


def _first_merged_row(spans: list[tuple[int, int]], row: int) -> int | None:
    """Return the first row of the merged range that ``row`` lies in; None if it is itself the first or in no range."""
    index = bisect_right(spans, (row, 0)) - 1
    return spans[index][0] if index >= 0 and spans[index][0] < row <= spans[index][1] else None


def _report_merges(
    book: Workbook, sheet: Sheet, head_row: int, columns: Mapping[str, int], form: Form
) -> Iterator[Finding]:
    """Report each merged range among the rows: what was filled in from it, and content hidden under it."""
    titles = {number: form.column(key).title for key, number in columns.items()}
    code, end = columns[form.code_column.key], len(sheet.rows)
    among = [each for each in sheet.merged if head_row < each[0][0] <= end and each[0][1] <= max(titles)]
    for (top, left), (bottom, right) in among[:MERGES_NAMED]:
        if left in titles and bottom > top and left != code:
            rows = f"第 {bottom} 行" if bottom == top + 1 else f"第 {top + 1} 到 {bottom} 行"
            what = f"“{titles[left]}”{rows}按第 {top} 行的内容理解"
        else:
            what = "只有左上角那一格算有内容"
        covered = (number for number in titles if left <= number <= right)
        inner = ((row, column) for column in covered for row in range(top, min(bottom, end) + 1))
        below = next((each for each in inner if each != (top, left) and not is_blank(sheet.value(*each))), None)
        hidden = f"下面的 {a1(*below)} 还压着别的内容，看不见但会被读到；" if below else ""
        problem = f"{a1(top, left)} 起是合并单元格，{what}。{hidden}"
        cure = "请取消合并，每行各填各的。"
        yield Finding(book.place(sheet.name, top, left), Check.MERGED_CELLS, problem, Severity.WARNING, cure=cure)
    if len(among) > MERGES_NAMED:
        problem = f"一共有 {len(among)} 处合并单元格，只列出前 {MERGES_NAMED} 处；"
        cure = "请全部取消合并，每行各填各的。"
        yield Finding(book.place(sheet.name), Check.MERGED_CELLS, problem, Severity.WARNING, cure=cure)


def _convert_1904_dates(
    book: Workbook, sheet: Sheet, form: Form, columns: Mapping[str, int], records: tuple[Record, ...]
) -> tuple[tuple[Record, ...], list[Finding]]:
    """Convert plain numbers in date columns to dates of the 1904 epoch, each with a finding."""
    keys = [key for key in columns if form.column(key).type.is_day]
    dated, findings = [], []
    for record in records:
        cells = dict(record.cells)
        for key in keys:
            raw = cells[key]
            reading = read_date(raw, epoch_1904=True) if isinstance(raw, (int, float)) else None
            if reading and reading.value:
                cells[key] = reading.value
                problem = f"{reading.echo}，这个工作簿用的是 1904 日期系统，"
                cure = "请核对。"
                place = book.place(sheet.name, record.row, columns[key])
                findings.append(Finding(place, Check.READING, problem, Severity.HINT, cure=cure))
        dated.append(Record(record.row, record.code, cells, record.unread))
    return tuple(dated), findings
