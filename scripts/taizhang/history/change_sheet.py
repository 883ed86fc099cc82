"""变更记录: the sheet of the ledger that shows its changes to people.

The journal holds the same and is authoritative. Newest last. When a new year begins, or the sheet grows long, its
rows move to a separate workbook in history.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.entries import Change, Entry, Verb, verb_of, withhold
from taizhang.history.grid import heads_of
from taizhang.history.hashed_files import note_written
from taizhang.history.heads import Head, codes_of
from taizhang.history.journal import Journal, read_journal, user_name
from taizhang.ledger.cell_values import as_seen
from taizhang.ledger.registers import Record, Register, head_key, read_register
from taizhang.splice import AddSheet, AppendRow, Edit, RemoveRows, SetCell, anchored_rows
from taizhang.system.files import StoreError, command_on, history_folder, read_file, write_atomically
from taizhang.system.stored import is_file
from taizhang.typed.text import as_text, is_blank, shorten
from taizhang.workbook.reader import Workbook

__all__ = ["COMMAND_WORDS", "command_words", "describe_change", "record_edits", "sheet_problems"]

MAX_ROWS = 50_000
"""Above this number of rows the sheet is rolled over within a year."""

MAX_BLANK = 100
"""Blank rows tolerated below the last one; more were left behind by a program, not by people."""

MAX_SHOWN = 500
"""Characters of a value in the sheet; the journal has all of it."""

COMMAND_WORDS = {
    Verb.DRAFT: "起草",
    Verb.ADOPT: "收编",
    Verb.ISSUE: "下发",
    Verb.MERGE: "汇总",
    Verb.UNDO: "撤销",
    Verb.REMIND: "督办",
    Verb.ENABLE: "启用登记表",
    Verb.UPDATE: "补新列新表",
    Verb.DEMO: "演示",
    Verb.ARCHIVED: "归档",
}


@dataclass(frozen=True, slots=True)
class _Step:
    """One journal entry as the sheet shows it."""

    number: int
    time: str
    user: str
    command: str
    changes: Sequence[Change]
    head: str = ""


def record_edits(
    ledger: Path,
    book: Workbook,
    forms: Mapping[str, Form],
    changes: Sequence[Change],
    number: int,
    command: str,
    now: datetime,
) -> tuple[list[Edit], str]:
    """Return the edits that add a step, and earlier ones not yet shown, to 〈变更记录〉.

    The second value is a sentence about rows that were moved into history, empty if there were none.

    ``book`` is the ledger as it will be, ``number`` the entry's number in the journal. A missing sheet is created; if
    the sheet's heads were removed, nothing is written. Rows of earlier years are first written to a workbook in
    history, then removed from the sheet; rows beside which people have put something stay. Raises StoreError if they
    cannot be written.
    """
    form = next(form for form in forms.values() if form.automatic)
    edits: list[Edit] = []
    notice = ""
    if head_key(form.sheet) not in {head_key(sheet.name) for sheet in book.sheets}:
        from taizhang.ledger.create import blank_register
        from taizhang.ledger.layout import FIRST_DATA_ROW

        edits.append(AddSheet(blank_register(form, now)))
        sheet, columns, after, noted = form.sheet, _column_numbers(form), FIRST_DATA_ROW - 1, 0
    else:
        register, _ = read_register(book, form)
        if register is None or head_key(register.sheet.name) != head_key(form.sheet):
            return [], ""
        sheet, columns = register.sheet.name, dict(register.columns)
        noted = max((int(record.code) for record in register.records if record.code.isdecimal()), default=0)
        anchored, last = anchored_rows(book.data, sheet)
        going = _rows_to_move(register, anchored, now)
        if going:
            notice = _roll_over(ledger, register, going, now)
        made, after = _remove_rows(register, going, anchored, last)
        edits += made
    steps, head = _steps_after(ledger, noted)
    this = _Step(number, now.isoformat(timespec="seconds"), user_name(), command, changes, head)
    for step in (*steps, this):
        for values in _rows(step, forms):
            cells = {columns[key]: value for key, value in values.items() if key in columns}
            edits.append(AppendRow(sheet, after, cells))
    return edits, notice


def _steps_after(ledger: Path, number: int) -> tuple[list[_Step], str]:
    """Return the journalled steps after this one, and the code of the journal after the last of them."""
    journal = read_journal(history_folder(ledger))
    heads = _codes_before(journal)
    return [_step(later, entry, heads) for later, entry in journal.entries.items() if later > number], heads[-1]


def describe_change(change: Change, forms: Mapping[str, Form]) -> dict[str, str]:
    """Return a change in the office's words, by ``register``, ``row``, ``column``, ``old`` and ``new``."""
    form = forms.get(change.register)
    above = next((form for form in forms.values() if heads_of(form) == change.register), None)
    named = form or above
    column = named.by_key.get(change.column) if named else None
    old, new = (
        as_seen(column, withhold(value)) if form and column else as_text(withhold(value))
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
    """Return the office's name of a command."""
    verb = verb_of(command)
    return COMMAND_WORDS[verb] + command.removeprefix(verb) if verb and verb in COMMAND_WORDS else command


def _rows(step: _Step, forms: Mapping[str, Form]) -> Iterator[dict[str, str | int]]:
    for change in step.changes:
        shown = {key: shorten(value, MAX_SHOWN) for key, value in describe_change(change, forms).items()}
        yield {
            "number": step.number,
            "time": step.time.replace("T", " "),
            "user": step.user,
            "command": command_words(step.command),
            "source": change.source,
            "note": change.note,
            "head": step.head,
            **shown,
        }


def _step(number: int, entry: Entry, heads: Sequence[str]) -> _Step:
    return _Step(number, entry.time, entry.user, entry.command, entry.changes, heads[number - 1])


def _codes_before(journal: Journal) -> list[str]:
    """Return the code of the journal before each step, empty before the first."""
    return ["", *(Head(number, code).shown for number, code in enumerate(codes_of(journal.lines), 1))]


_COMPARED = ("time", "user", "source", "row", "old", "new", "note", "head")
"""The columns compared with the journal; the wording of the others may have changed with a later version."""


def sheet_problems(book: Workbook, forms: Mapping[str, Form], journal: Journal) -> list[str]:
    """Return how 〈变更记录〉 of a ledger, or of a copy, contradicts the journal: later steps, or other content.

    Rows that people removed are no problem: the journal has them. Rows of unsigned steps come from earlier versions
    and are not compared, unless they have a code, which earlier versions did not write.
    """
    form = next(form for form in forms.values() if form.automatic)
    register, _ = read_register(book, form)
    if register is None or head_key(register.sheet.name) != head_key(form.sheet):
        return []
    later, other = _contradictions(register, forms, journal)
    found = []
    if later:
        last = max(int(record.code) for record in later)
        found.append(
            f"{book.name} 的〈{register.sheet.name}〉记到第 {last} 次，现在的记录只到第 {len(journal.lines)} 次："
            "末尾的记录被删过，"
            "或 history 换回了旧的，请从备份找回 history 文件夹。确实是从头记的，请在表里删去以前的行。"
        )
    if other:
        rows = "、".join(str(record.row) for record in other[:5]) + (f" 等 {len(other)}" if len(other) > 5 else "")
        found.append(
            f"{book.name} 的〈{register.sheet.name}〉第 {rows} 行和记录不符：表里这些行被改过，或记录被改写过。"
            "以 history 的记录为准；表是手工改的，请照 taizhang history show 记录号 改回，或删去这些行。"
        )
    return found


def _contradictions(
    register: Register, forms: Mapping[str, Form], journal: Journal
) -> tuple[list[Record], list[Record]]:
    """Return the rows of steps later than the journal's last, and those whose content differs from the journal."""
    heads, steps = _codes_before(journal), journal.entries
    known: dict[int, set[tuple[str, ...]]] = {}
    later: list[Record] = []
    other: list[Record] = []
    keys = [key for key in _COMPARED if key in register.columns]
    for record in register.records:
        number = int(record.code) if record.code.isdecimal() and len(record.code) < 10 else 0
        if number > len(journal.lines):
            later.append(record)
        elif number in steps and (steps[number].key or not is_blank(record.cells.get("head"))):
            if number not in known:
                rows = _rows(_step(number, steps[number], heads), forms)
                known[number] = {tuple(_strip_unkept(row[key]) for key in keys) for row in rows}
            if tuple(_strip_unkept(record.cells.get(key, "")) for key in keys) not in known[number]:
                other.append(record)
    return later, other


def _strip_unkept(value: object) -> str:
    """Return a text without what a workbook may not preserve: white space and unprintable characters."""
    text = "".join(as_text(value).split())
    return text if text.isprintable() else "".join(filter(str.isprintable, text))


def _column_numbers(form: Form) -> dict[str, int]:
    return {column.key: number for number, column in enumerate(form.columns, 1)}


def _year(record: Record) -> int:
    text = as_text(record.cells.get("time", ""))[:4]
    return int(text) if text.isdecimal() else 9999


def _rows_to_move(register: Register, anchored: Set[int], now: datetime) -> Sequence[Record]:
    """Return the rows to move out of the sheet: those of earlier years, or all if it has grown long.

    Rows with user-added content, formulas, or something anchored to them stay.
    """
    beside = (
        {row for row, _ in (*register.sheet.formulas, *register.sheet.errors)}
        | anchored
        | set(_rows_with_own_content(register))
    )
    ours = [record for record in register.records if record.code.isdecimal() and record.row not in beside]
    return ours if len(ours) > MAX_ROWS else [record for record in ours if _year(record) < now.year]


def _rows_with_own_content(register: Register) -> Iterator[int]:
    """Yield each row below the heads that has a value in a user-added column."""
    own = set(register.columns.values())
    for row, cells in enumerate(register.sheet.rows[register.head_row :], register.head_row + 1):
        if not all(is_blank(raw) for number, raw in enumerate(cells, 1) if number not in own):
            yield row


def _remove_rows(register: Register, going: Sequence[Record], anchored: Set[int], last: int) -> tuple[list[Edit], int]:
    """Return the edits that remove rows from the sheet, and the row after which new ones are appended.

    Many blank rows below the last one, left behind by earlier versions, are removed too. No row moves up, so that
    references to cells of the sheet stay right. If no row is left, one blank row stays as a pattern for the format.
    """
    sheet = register.sheet
    filled = {row for row, cells in enumerate(sheet.rows, 1) if not all(map(is_blank, cells))}
    filled |= {row for row, _ in (*sheet.formulas, *sheet.errors)}
    gone = {record.row for record in going}
    staying = [row for row in filled - gone if row > register.head_row]
    edits: list[Edit] = []
    after = max(staying, default=min(gone, default=register.head_row + 1) - 1)
    pattern = after + 1
    if not staying and going:
        edits += [SetCell(sheet.name, pattern, column, None) for column in register.columns.values()]
    blank = set(range(max(after, *filled) + 1, last + 1)) - anchored
    if going or len(blank) > MAX_BLANK:
        gone |= blank
    if not staying:
        gone.discard(pattern)
    if gone:
        edits.append(RemoveRows(sheet.name, frozenset(gone)))
    return edits, after


def _roll_over(ledger: Path, register: Register, going: Sequence[Record], now: datetime) -> str:
    """Write rows of the sheet to a workbook for each year and return a sentence about it."""
    by_year: dict[int, list[Record]] = {}
    for record in going:
        by_year.setdefault(_year(record), []).append(record)
    kept = "、".join(
        f" {year} 年的 {len(records)} 行已转存到 history/{_keep_year(ledger, register, year, records, now)}"
        for year, records in by_year.items()
    )
    gone = {record.row for record in going}
    stay = sum(record.row not in gone and _year(record) in by_year for record in register.records)
    rest = f"另有 {stay} 行旁边有您自己的内容或批注，留在原处" if stay else "表里从头记起"
    return (
        f"〈{register.sheet.name}〉里{kept}，{rest}；自己涂的颜色没有转存。"
        f"往年留存的台账可以归档：{command_on(ledger, 'history archive')}。"
    )


def _keep_year(ledger: Path, register: Register, year: int, records: Sequence[Record], now: datetime) -> str:
    """Write these rows of a year to a workbook in history, unless one already holds the same; return its name.

    Raises StoreError if all 999 names of the year are taken.
    """
    from taizhang.ledger.create import filled_register

    rows = [{**record.cells, "number": int(record.code)} for record in records]
    data = filled_register(register.form, rows, datetime(now.year, 1, 1))
    for part in range(1, 1000):
        name = f"{register.form.sheet}_{year}.xlsx" if part == 1 else f"{register.form.sheet}_{year}-{part}.xlsx"
        path = history_folder(ledger) / name
        if not path.exists():
            write_atomically(path, data)
        if is_file(path) and read_file(path) == data:
            note_written(history_folder(ledger), path.name)
            return name
    raise StoreError(f"history 里的 {register.form.sheet}_{year} 已经有 999 份，没法再转存，请移走一些。")
