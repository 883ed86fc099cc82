"""Rows of a register as rules, indicators and boards look at them: canonical values, places and words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.conditions import Condition, hold_all
from taizhang.ledger.cell_values import read_value, start_of
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import Settings
from taizhang.typed.cycles import CycleKind, cycle_of, read_cycle
from taizhang.typed.deadlines import Deadline
from taizhang.typed.text import as_text, clean_key

__all__ = [
    "RegisterRow",
    "Unusable",
    "branch_of",
    "day_of_value",
    "owner_of",
    "rows_naming",
    "rows_of",
    "rows_that_meet",
    "words_in",
]


class Unusable(Exception):
    """A cell that is filled in and cannot be read, so that nothing is said about its row; ``key`` is its column."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True)
class RegisterRow:
    """One row of a register, whose cells are read once."""

    settings: Settings
    register: Register
    record: Record
    _read: dict[str, Any] = field(default_factory=dict)

    def value(self, key: str) -> Any:
        """Return the canonical value of a cell, a deadline as its day; None if it is blank. Raises Unusable."""
        if key not in self._read:
            self._read[key] = self._value(key)
        value = self._read[key]
        if isinstance(value, Unusable):
            raise value
        return value

    def _value(self, key: str) -> Any:
        column, record = self.register.form.column(key), self.record
        if key in record.unread:
            return Unusable(key)
        start = start_of(self.register.form, record.cells, self.settings) if column.type.is_day else None
        reading = read_value(column, record.cells.get(key), self.settings, start=start)
        if reading.problem:
            return Unusable(key)
        if isinstance(reading.value, Deadline):
            return reading.value.date or Unusable(key)
        return reading.value

    def meets(self, conditions: Iterable[Condition], today: date) -> bool:
        """Whether the row meets all conditions. Raises Unusable."""
        return hold_all(conditions, self.value, today)

    def day(self, key: str) -> date | None:
        """Return the day of a cell: a period or a year as its first day; None if blank. Raises Unusable."""
        value = self.value(key)
        return None if value is None else day_of_value(value)

    def column(self, key: str) -> Column:
        """Return the column with this key."""
        return self.register.form.column(key)

    def at(self, key: str) -> str:
        """Return the address of a cell in brackets, e.g. （F12）; nothing if the sheet does not show it."""
        return "" if key in self.register.unshown else f"（{self.register.place(self.record, key).cell}）"

    @property
    def code(self) -> str:
        """The row's code; without one, its place: 第 7 行."""
        return self.record.code or f"第 {self.record.row} 行"

    @property
    def title(self) -> str:
        """What the row is about: the text of the form's title column; empty if it has none or is personal."""
        key = self.register.form.title_column
        return as_text(self.record.cells.get(key)) if key else ""


def day_of_value(value: Any) -> date | None:
    """Return a date, the first day of a period (2022-07) or of a year as a number; None if it is none of these."""
    if isinstance(value, date):
        return value
    cycle = read_cycle(str(value))
    if cycle:
        return cycle.first
    text = str(value)
    return (
        cycle_of(date(int(text), 1, 1), CycleKind.YEAR).first if text.isdecimal() and 1900 < int(text) < 2100 else None
    )


def words_in(value: Any) -> tuple[str, ...]:
    """Return a canonical value as words: none if blank, the names of a cell that holds several."""
    return () if value is None else value if isinstance(value, tuple) else (str(value),)


@lru_cache(maxsize=64)
def rows_of(register: Register, settings: Settings) -> tuple[RegisterRow, ...]:
    """Return the rows of a register of the ledger with these settings.

    Made once for all that look at them: rules, boards and lists ask for the same cells again and again.
    """
    return tuple(RegisterRow(settings, register, record) for record in register.records)


def rows_that_meet(
    register: Register, settings: Settings, conditions: Iterable[Condition], today: date
) -> Iterator[RegisterRow]:
    """Yield the rows of a register that meet the conditions; rows with an unreadable cell among them are left out."""
    wanted = tuple(conditions)
    if any(each.key not in register.columns for each in wanted):
        return
    for row in rows_of(register, settings):
        try:
            if row.meets(wanted, today):
                yield row
        except Unusable:
            continue


def rows_naming(
    words: Iterable[str],
    register: Register,
    settings: Settings,
    key: str,
    conditions: tuple[Condition, ...],
    today: date,
) -> list[RegisterRow]:
    """Return the rows that meet the conditions and whose cell ``key`` holds one of the words, in order.

    Raises Unusable if that cell of a row that meets them cannot be read: it may be one of the words.
    """
    named = _rows_by_word(register, settings, key, conditions, today)
    if isinstance(named, Unusable):
        raise named
    found = {row.record.row: row for word in words for row in named.get(clean_key(word), ())}
    return [found[number] for number in sorted(found)]


@lru_cache(maxsize=16)
def _rows_by_word(
    register: Register, settings: Settings, key: str, conditions: tuple[Condition, ...], today: date
) -> Mapping[str, list[RegisterRow]] | Unusable:
    """Return word → rows; read once for all rows of another register that look them up, else each reads them all."""
    named: dict[str, list[RegisterRow]] = {}
    for row in rows_that_meet(register, settings, conditions, today):
        try:
            for word in words_in(row.value(key)):
                named.setdefault(clean_key(word), []).append(row)
        except Unusable as unusable:
            return unusable
    return named


def owner_of(row: RegisterRow) -> str:
    """Return the department that answers for a row; empty if the office does, or if it cannot be read."""
    return _name_in(row, row.register.form.owner)


def branch_of(row: RegisterRow) -> str:
    """Return the party branch that answers a row; empty if branches do not answer its register."""
    form = row.register.form
    return _name_in(row, form.branch) if form.by_branch else ""


def _name_in(row: RegisterRow, key: str) -> str:
    try:
        return str(row.value(key) or "") if key and key in row.register.columns else ""
    except Unusable:
        return ""
