"""变更记录: the sheet of the ledger in which people read what was changed; the journal holds the same, and is what counts.

Newest last. When a new year begins, or the sheet grows long, its rows go into a workbook of their own in history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from taizhang.files import StoreError, history_folder, write_atomically
from taizhang.forms import Form
from taizhang.journal import Change, read_entries, user_name, withheld
from taizhang.registers import Register, head_key, read_register
from taizhang.splice import AddSheet, AppendRow, Edit, SetCell
from taizhang.states import heads_of
from taizhang.text import as_text, is_blank, shorten
from taizhang.values import as_seen
from taizhang.workbooks import Workbook

__all__ = ["COMMAND_WORDS", "record_edits", "shown_change"]

MAX_ROWS = 50_000
"""Rows after which the sheet is rolled over within a year."""

MAX_SHOWN = 500
"""Characters of a value that the sheet shows; the journal has the whole."""

COMMAND_WORDS = {
    "draft": "起草",
    "issue": "下发",
    "merge": "汇总",
    "undo": "撤销",
    "remind": "督办",
    "forms enable": "启用登记表",
    "demo": "演示",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """One entry of the journal as the sheet shows it."""

    number: int
    time: str
    user: str
    command: str
    changes: Sequence[Change]


def record_edits(
    ledger: Path,
    book: Workbook,
    forms: Mapping[str, Form],
    changes: Sequence[Change],
    number: int,
    command: str,
    now: datetime,
) -> tuple[list[Edit], str]:
    """Return the edits that note a step, and earlier ones not yet noted, in the ledger's sheet, which is made where missing.

    Beside them a sentence where rows of the sheet are moved into history, empty where none are.

    ``book`` is the ledger as it will be; ``number`` the entry's number in the journal. A sheet whose heads people took away is
    left alone, and so are rows of an earlier year where people wrote between or beside them; else these are first kept in a
    workbook under history. Raises StoreError where that fails.
    """
    form = next(form for form in forms.values() if form.automatic)
    edits: list[Edit] = []
    told = ""
    if head_key(form.sheet) not in {head_key(sheet.name) for sheet in book.sheets}:
        from taizhang.new_ledger import FIRST_DATA_ROW, blank_register

        edits.append(AddSheet(blank_register(form, now)))
        sheet, columns, after, noted = form.sheet, _places(form), FIRST_DATA_ROW - 1, 0
    else:
        register, _ = read_register(book, form)
        if register is None or head_key(register.sheet.name) != head_key(form.sheet):
            return [], ""
        sheet, columns, after = register.sheet.name, dict(register.columns), register.last_row
        noted = max((int(record.code) for record in register.records if record.code.isdecimal()), default=0)
        due = register.records and (_year(register) < now.year or len(register.records) > MAX_ROWS)
        if due and _is_ours_alone(register):
            told = _roll_over(ledger, register, now)
            edits += _cleared(register)
            after = register.head_row
    steps = [
        _Step(earlier, entry.time, entry.user, entry.command, entry.changes)
        for earlier, entry in read_entries(history_folder(ledger)).items()
        if earlier > noted
    ]
    steps.append(_Step(number, now.isoformat(timespec="seconds"), user_name(), command, changes))
    for step in steps:
        for values in _rows(step, forms):
            cells = {columns[key]: value for key, value in values.items() if key in columns}
            edits.append(AppendRow(sheet, after, cells))
    return edits, told


def shown_change(change: Change, forms: Mapping[str, Form]) -> dict[str, str]:
    """Return a change in the office's words: register, row, column, old, new."""
    form = forms.get(change.register)
    above = next((form for form in forms.values() if heads_of(form) == change.register), None)
    named = form or above
    column = named.by_key.get(change.column) if named else None
    old, new = (
        as_seen(column, withheld(value)) if form and column else as_text(withheld(value))
        for value in (change.old, change.new)
    )
    return {
        "register": named.sheet if named else change.register,
        "row": change.code,
        "column": column.title if column else change.column,
        "old": old,
        "new": new,
    }


def command_words(command: str) -> str:
    """Return a command as the office calls it."""
    for verb, words in COMMAND_WORDS.items():
        if command == verb or command.startswith(f"{verb} "):
            return words + command[len(verb) :]
    return command


def _rows(step: _Step, forms: Mapping[str, Form]) -> Iterator[dict[str, str | int]]:
    for change in step.changes:
        shown = {key: shorten(value, MAX_SHOWN) for key, value in shown_change(change, forms).items()}
        yield {
            "number": step.number, "time": step.time.replace("T", " "), "user": step.user,
            "command": command_words(step.command), "source": change.source, "note": change.note, **shown,
        }  # fmt: skip


def _places(form: Form) -> dict[str, int]:
    return {column.key: number for number, column in enumerate(form.columns, 1)}


def _year(register: Register) -> int:
    text = as_text(register.records[0].cells.get("time", ""))[:4]
    return int(text) if text.isdecimal() else 9999


def _is_ours_alone(register: Register) -> bool:
    """Whether nobody else wrote below the heads: a sheet with people's own rows, columns or formulas is not rolled over."""
    own = set(register.columns.values())
    rows = register.sheet.rows[register.head_row :]
    beside = any(
        not is_blank(raw) for cells in rows for number, raw in enumerate(cells, 1) if number not in own
    ) or any(row > register.head_row for row, _ in register.sheet.formulas)
    return not beside and all(record.code.isdecimal() for record in register.records)


def _cleared(register: Register) -> Iterator[SetCell]:
    for record in register.records:
        for key, column in register.columns.items():
            if record.cells[key] != "":
                yield SetCell(register.sheet.name, record.row, column, None)


def _roll_over(ledger: Path, register: Register, now: datetime) -> str:
    """Keep the sheet's rows in a workbook of their own and say so; one that already holds the very same is not written again.

    Only cells are kept and then emptied: comments, colours and row heights of the sheet are people's own and stay where they are.
    """
    from taizhang.new_ledger import filled_register

    year = _year(register)
    rows = [{**record.cells, "number": int(record.code)} for record in register.records]
    data = filled_register(register.form, rows, datetime(now.year, 1, 1))
    for part in range(1, 1000):
        name = f"{register.form.sheet}_{year}.xlsx" if part == 1 else f"{register.form.sheet}_{year}-{part}.xlsx"
        path = history_folder(ledger) / name
        if not path.exists():
            write_atomically(path, data)
        if path.read_bytes() == data:
            return (
                f"〈{register.sheet.name}〉里 {year} 年的 {len(rows)} 行已转存到 history/{name}，表里从头记起；"
                "自己加的批注和颜色没有转存，还在原来的格子上。"
            )
    raise StoreError(f"history 里的 {register.form.sheet}_{year} 已经有 999 份，没法再转存，请移走一些。")
