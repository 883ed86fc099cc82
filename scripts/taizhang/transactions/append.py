"""Adding rows to a ledger that exists: their codes continue, and what they name is added to 参数."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.load import standard_forms
from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.forms.vocabulary import ColumnType
from taizhang.history.entries import Change
from taizhang.history.new_codes import CodeBook, Written
from taizhang.ledger.cell_values import read_value, to_cell
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register, head_key
from taizhang.ledger.settings import SETTINGS_SHEET, Settings, room_below
from taizhang.splice import AppendRow, Edit, SetCell
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.update import plan_columns
from taizhang.typed.text import as_text, clean_key

__all__ = ["Appended", "plan_append", "problem_source", "refuse_again"]

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


@dataclass(frozen=True, eq=False)
class Appended:
    """Rows to add, as edits with their changes for the journal; ``codes`` maps each register's given codes to new ones.

    ``listed`` are the names added to 参数, by block.
    """

    edits: tuple[Edit, ...]
    changes: tuple[Change, ...]
    codes: Mapping[str, Mapping[str, str]]
    listed: Mapping[str, Sequence[str]]


def plan_append(
    ledger: Ledger, rows: Rows, own: Mapping[str, Sequence[str]], listed: Mapping[str, Sequence[Any]], source: str
) -> Appended:
    """Plan adding rows below those of a ledger.

    ``rows`` are by register, with codes of their own by which they refer to each other; ``own`` are the heads of
    columns of the office's own, ``listed`` the names that 参数 must have, by block. ``source`` is the file's name, for
    the journal. Raises CannotRun if the ledger lacks a register, a column for what is to be written, or a block.
    """
    wanted = {name: each for name, each in rows.items() if each}
    for name in wanted:
        if name not in ledger.registers:
            sheet = ledger.forms[name].sheet
            raise CannotRun(f"台账里没有〈{sheet}〉，没有地方写。请先运行 taizhang forms enable {sheet}，再收。")
    written = Written(ledger)
    books = {name: CodeBook(ledger.registers[name], ledger, written) for name in wanted}
    codes = {name: {each[_code_key(ledger, name)]: books[name].next() for each in wanted[name]} for name in wanted}
    edits: list[Edit] = []
    changes: list[Change] = []
    for name, each in wanted.items():
        register = ledger.registers[name]
        heads, added = _own_columns(ledger, register, own.get(name, ()))
        edits += added
        for row in each:
            cells, made = _cells(register, row, codes, heads, source)
            edits.append(AppendRow(register.sheet.name, register.last_row, cells))
            changes += made
    names: dict[str, list[str]] = {}
    for block, entries in listed.items():
        more, missing = _list(ledger, block, entries)
        edits += more
        names[block] = missing
    return Appended(tuple(edits), tuple(changes), codes, names)


def _code_key(ledger: Ledger, name: str) -> str:
    return ledger.forms[name].code_column.key


def _own_columns(ledger: Ledger, register: Register, heads: Sequence[str]) -> tuple[dict[str, int], list[Edit]]:
    """Return the columns with these heads, and the edits that add those that are not there yet."""
    there = {head_key(head): number for number, head in register.extra}
    found = {head: there[head_key(head)] for head in heads if head_key(head) in there}
    new = [Column(head, head, ColumnType.TEXT, width=16) for head in heads if head not in found]
    edits = [edit for _, edit in plan_columns(ledger, register, new)] if new else []
    return found | {edit.head: edit.column for edit in edits}, [*edits]


def _cells(
    register: Register,
    row: Mapping[str, Any],
    codes: Mapping[str, Mapping[str, str]],
    heads: Mapping[str, int],
    source: str,
) -> tuple[dict[int, Any], list[Change]]:
    """Return the cells of a new row by column, and its changes."""
    form, cells, changes = register.form, {}, []
    own = codes[form.name]
    code = own[row[form.code_column.key]]
    for key, given in row.items():
        if given is None or given in ("", ()):
            continue
        column = form.by_key.get(key)
        value = to_cell(column, _recoded(column, given, codes)) if column else given
        value = code if column is form.code_column else value
        number = register.columns.get(key) if column else heads.get(key)
        if number is None:
            title = column.title if column else key
            raise CannotRun(
                f"〈{register.sheet.name}〉没有“{title}”这一列，没有地方写。"
                "请先运行 taizhang forms update 补上后来新加的列，再收。"
            )
        cells[number] = value
        changes.append(Change(form.name, code, key, "", as_text(value), source))
    return cells, changes


def _recoded(column: Column, value: Any, codes: Mapping[str, Mapping[str, str]]) -> Any:
    known = codes.get(column.to, {}) if column.to else {}
    if isinstance(value, tuple):
        return tuple(known.get(each, each) for each in value)
    return known.get(value, value) if column.to else value


def _list(ledger: Ledger, block: str, names: Sequence[Any]) -> tuple[list[Edit], list[str]]:
    """Return the edits that add the names which a block of 参数 lacks, and these names.

    A name may be a mapping of heads to values, whose first is the name.
    """
    entries = [each if isinstance(each, Mapping) else {"": each} for each in names]
    room = room_below(ledger.book.by_name[SETTINGS_SHEET], block) if SETTINGS_SHEET in ledger.book.by_name else None
    lacking = list(_lacking(ledger, block, entries))
    if not lacking:
        return [], []
    if room is None:
        raise CannotRun(f"〈{SETTINGS_SHEET}〉里没有“{block}”这一块，新的名称没有地方写，请先恢复再收。")
    heads, last, row = room
    first = next(iter(heads))
    edits: list[Edit] = []
    for number, entry in enumerate(lacking, row):
        for head, value in entry.items():
            column = heads.get(head or first)
            if column and value not in (None, ""):
                like = (last, column) if last else None
                edits.append(SetCell(SETTINGS_SHEET, number, column, value, like=like))
    return edits, [str(next(iter(each.values()))) for each in lacking]


def _lacking(ledger: Ledger, block: str, entries: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    settings = ledger.settings
    known = {
        "部门": {clean_key(word) for word, _ in settings.spoken},
        "岗位": set(map(clean_key, settings.posts)),
        "方面": {clean_key(word) for pair in settings.aspects.items() for word in pair if word},
        "事件": set(map(clean_key, settings.events)),
    }[block]
    for entry in entries:
        key = clean_key(str(next(iter(entry.values()))))
        if key not in known:
            known.add(key)
            yield entry


def problem_source(words: str) -> str:
    """Return the 来源 of problems that words mean (巡视 → 巡视巡察), empty for no words.

    Raises CannotRun, with the choices, if they mean none.
    """
    if not words:
        return ""
    column = standard_forms()[PROBLEMS].column("source")
    reading = read_value(column, words, Settings())
    if not reading.value:
        raise CannotRun(f"--source {words} 不是来源，可以写：{'、'.join(column.choices)}。")
    return reading.value


def refuse_again(ledger: Ledger, rows: Rows) -> None:
    """Raise CannotRun if the ledger has every task and every problem of these rows already, word for word."""
    for name, key in ((TASKS, "statement"), (PROBLEMS, "title")):
        register = ledger.registers.get(name)
        there = {clean_key(as_text(each.cells.get(key))) for each in register.records} if register else set()
        if not all(clean_key(as_text(row[key])) in there for row in rows.get(name, ())):
            return
    raise CannotRun(
        "这些问题和任务，台账里一字不差都有了，像是已经收过，什么都没写。"
        "要撤销上一次，请用 taizhang history undo；确实要再收一遍的，请先删去台账里的。"
    )
