"""The rows that an indicator evaluates: reads their cells, and counts rows it cannot use by reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property, lru_cache, partial
from typing import Any

from taizhang.forms.conditions import Condition, Test, describe, hold_all, holds
from taizhang.forms.grammar import words_of
from taizhang.forms.model import Form, Indicator
from taizhang.forms.rules import Rule, columns_of
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import Settings
from taizhang.supervision.breaches import applies
from taizhang.supervision.register_rows import RegisterRow, Unusable, day_of_value
from taizhang.supervision.row_rules import Due, day_after, due_of
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, read_cycle
from taizhang.typed.deadlines import Deadline
from taizhang.typed.workdays import UnknownYear

__all__ = ["UNMET", "UNREADABLE", "IndicatorRows", "Readings", "Span", "cycle_column", "done_columns", "quote_words"]

Readings = dict[tuple[str, str, type, Any], Any]
"""What a raw cell means, by form, column, and the type and value of the cell."""

UNREADABLE = object()
"""The value of a cell that is filled in but cannot be interpreted."""

UNMET = "不符合"
"""Begins the reason why a row is left out by a condition of its indicator: it is meant to be, unlike any other."""


@dataclass(frozen=True, slots=True)
class Span:
    """Only rows count whose day in the column ``key`` lies between two days, both included."""

    key: str
    first: date
    last: date


@dataclass
class IndicatorRows:
    """The rows that an indicator evaluates on a day; ``left_out`` counts unusable rows by reason.

    ``unreadable`` counts those left out because a cell cannot be interpreted, by its column's title. ``conditions`` are
    added to the form's own; ``span`` replaces the form's choice of the latest year or cycle.
    """

    ledger: Ledger
    register: Register
    indicator: Indicator
    rows: Sequence[Record]
    as_of: date
    left_out: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    conditions: tuple[Condition, ...] = ()
    span: Span | None = None

    @property
    def form(self) -> Form:
        """The form of the register."""
        return self.register.form

    @property
    def settings(self) -> Settings:
        """The settings of the ledger."""
        return self.ledger.settings

    @cached_property
    def readings(self) -> Readings:
        """What cells of the ledger mean: many indicators and proofs read the same cells."""
        return readings_of(self.ledger)

    def option(self, name: str) -> Any:
        """Return the form's value for an option of the indicator, None if it is not set."""
        return self.indicator.options.get(name)

    def read(self, record: Record, key: str) -> Any:
        """Return a cell's value (words as a tuple), None if it is blank, UNREADABLE if it cannot be interpreted."""
        if key in record.unread:
            return UNREADABLE
        raw = record.cells.get(key)
        known = (self.form.name, key, type(raw), raw)  # 1, 1.0 and True are equal, and mean different things
        if known not in self.readings:
            self.readings[known] = self._interpret(key, raw)
        return self.readings[known]

    def _interpret(self, key: str, raw: Any) -> Any:
        column = self.form.column(key)
        reading = read_value(column, raw, self.settings)
        value = reading.value
        if reading.problem:
            return UNREADABLE
        if isinstance(value, Deadline):
            return value.date or UNREADABLE
        if isinstance(value, (str, tuple)):
            words = words_of(value)
            known = column.choices or (self.settings.names(column.type) if column.type.is_listed else words)
            base = column.type is ColumnType.PERIOD and read_cycle(words[0])
            return words if base or set(words) <= set(known) else UNREADABLE
        return value

    def leave_out(self, key: str, value: Any) -> None:
        """Count a row as left out because this cell is blank (``value`` None) or unreadable."""
        title = self.form.column(key).title
        self.left_out[f"“{title}”{'空着' if value is None else '读不懂'}"] += 1
        if value is UNREADABLE:
            self.unreadable[title] += 1

    def read_usable(self, *keys: str) -> list[tuple[Any, ...]]:
        """Return the values of these columns for each row that has them all; other rows are counted as left out."""
        found = []
        for record in self.rows:
            values = tuple(self.read(record, key) for key in keys)
            wrong = next((n for n, value in enumerate(values) if value in (None, UNREADABLE)), None)
            if wrong is None:
                found.append(values)
            else:
                self.leave_out(keys[wrong], values[wrong])
        return found

    def days(self) -> list[tuple[date, date | None]]:
        """Return the dates ``from`` and ``to`` of each readable row; ``to`` is None if blank or after ``as_of``.

        If the indicator has a span (``plus``), the first is the day on which it ends.
        """
        return [days for _, days in self.rows_with_days()]

    def rows_with_days(self) -> list[tuple[Record, tuple[date, date | None]]]:
        """Return the readable rows, each with its dates as in ``days``."""
        first_key, last_key, found = self.option("from"), self.option("to"), []
        for record in self.rows:
            first = self.read(record, first_key)
            last = self.read(record, last_key) if last_key else None
            if first in (None, UNREADABLE):
                self.leave_out(first_key, first)
            elif last is UNREADABLE:
                self.leave_out(last_key, last)
            elif due := self._due(first):
                found.append((record, (due, last if last and last <= self.as_of else None)))
        return found

    def rows_owed(self) -> list[tuple[Record, date, bool]]:
        """Return the rows that owe something or did: each with the day by which, and whether it is still open.

        The day is that of ``from`` and ``plus``, or the limit of the rules that the indicator names. Of several rules
        the one that is overdue longest tells, else the first that applies.
        """
        rules = self.form.rules_of(self.indicator)
        if not rules:
            return [(record, due, done is None) for record, (due, done) in self.rows_with_days()]
        found = []
        for record in self.rows:
            if owed := self._owed_by(rules, record):
                late = [each for each in owed if each.is_overdue(self.as_of)]
                told = min(late, key=lambda each: each.limit) if late else owed[0]
                found.append((record, told.limit, told.is_open(self.as_of)))
        return found

    def _owed_by(self, rules: Sequence[Rule], record: Record) -> list[Due]:
        """Return what rules ask of a row; a row of which none of them asks anything is counted as left out."""
        row, owed, blank = RegisterRow(self.ledger.settings, self.register, record), [], ""
        unreadable: UnknownYear | Unusable | None = None
        for rule in rules:
            try:
                if any(key not in self.register.columns for key in columns_of(rule)):
                    continue
                if not applies(rule, row, self.as_of):
                    continue
                if due := due_of(rule, row):
                    owed.append(due)
                else:
                    blank = blank or words_of(rule.option("from"))[0]
            except (UnknownYear, Unusable) as problem:
                unreadable = problem
        if owed:
            return owed
        if isinstance(unreadable, UnknownYear):
            self.leave_out_year(unreadable)
        elif unreadable:
            self.leave_out(unreadable.key, UNREADABLE)
        elif blank:
            self.leave_out(blank, None)
        else:
            self.left_out[f"不归{quote_words(tuple(each.title for each in rules))}管"] += 1
        return []

    def _due(self, first: date) -> date | None:
        """Return the day by which something is due; None, counted as left out, if its year has no calendar."""
        if not self.option("plus"):
            return first
        try:
            return day_after(first, self.option("plus"), self.option("plus_unit") or "日", self.settings.workdays)
        except UnknownYear as unknown:
            self.leave_out_year(unknown)
            return None

    def leave_out_year(self, unknown: UnknownYear) -> None:
        """Count a row as left out because the calendar of 参数 does not know the working days of a year."""
        self.left_out[f"〈参数〉没有 {unknown.year} 年的工作日历"] += 1

    def members(self) -> tuple[str, ...]:
        """Return the words that can stand in the column ``by``: its choices, or the names of its list in 参数.

        Words that the conditions rule out are no members, and neither are periods, most of which are yet to come.
        """
        column = self.form.column(self.option("by"))
        listed = column.type.is_listed and column.type is not ColumnType.PERIOD
        words = column.choices or (self.settings.names(column.type) if listed else ())
        asked = [each for each in (*self.indicator.when, *self.conditions) if each.key == column.key]
        return tuple(word for word in words if hold_all(asked, lambda _, word=word: word, self.as_of))

    def select(self, *, every_cycle: bool = False) -> IndicatorRows:
        """Return a copy with the rows that the options select, counting the others as left out.

        ``year`` keeps the latest year that is not after ``as_of``, ``per`` without it the latest cycle (unless
        ``every_cycle``), a span the rows of its days; conditions keep the rows that meet them. Rules themselves say
        which rows they apply to on a day.
        """
        rows = self.rows if self.indicator.rule_names else self._drop_later(self.rows)
        if self.span:
            rows = self._keep_span(rows, self.span)
        elif not every_cycle:
            rows = self._keep_last_year(rows) if self.option("year") else self._keep_last_cycle(rows)
        for condition in (*self.indicator.when, *self.conditions):
            rows = self._keep_meeting(rows, condition)
        return replace(self, rows=rows)

    def day_of(self, record: Record, key: str) -> date | None:
        """Return the day of a row: of a period or a year its first day; None if it is blank or unreadable."""
        value = self.read(record, key)
        return None if value in (None, UNREADABLE) else _first_day(value)

    def cycle_holding(self, record: Record) -> Cycle | None:
        """Return the cycle (``per``) to which a row belongs; None if its day is blank or unreadable."""
        day = self.day_of(record, cycle_column(self.form, self.indicator))
        return cycle_of(day, CycleKind(self.option("per"))) if day else None

    def _keep_meeting(self, rows: Sequence[Record], condition: Condition) -> Sequence[Record]:
        kept, others = [], 0
        for record in rows:
            value = self.read(record, condition.key)
            blank = value is None and condition.test is not Test.FILLED
            if value is UNREADABLE or (blank and condition.test is not Test.IS_NOT):
                self.leave_out(condition.key, value)
            elif holds(condition, partial(self._value_to_compare, record), self.as_of):
                kept.append(record)
            else:
                others += 1
        if others:
            self.left_out[f"{UNMET}{describe([condition], self.form.by_key)}"] += others
        return kept

    def _value_to_compare(self, record: Record, key: str) -> Any:
        value = self.read(record, key)
        return None if value is UNREADABLE else value

    def _keep_last_cycle(self, rows: Sequence[Record]) -> Sequence[Record]:
        if not self.option("per"):
            return rows
        key = cycle_column(self.form, self.indicator)
        cycles = [(record, self.cycle_holding(record)) for record in rows]
        for record, cycle in cycles:
            if cycle is None:
                self.leave_out(key, self.read(record, key))
        last = max((cycle for _, cycle in cycles if cycle), default=None)
        kept = [record for record, cycle in cycles if cycle and cycle == last]
        dated = sum(cycle is not None for _, cycle in cycles)
        if last and len(kept) < dated:
            self.left_out[f"不是{last.name}的"] += dated - len(kept)
        return kept

    def _keep_span(self, rows: Sequence[Record], span: Span) -> Sequence[Record]:
        kept = []
        for record in rows:
            day = self.day_of(record, span.key)
            if day is None:
                self.leave_out(span.key, self.read(record, span.key))
            elif span.first <= day <= span.last:
                kept.append(record)
            else:
                self.left_out[f"“{self.form.column(span.key).title}”不在这几天里"] += 1
        return kept

    def _drop_later(self, rows: Sequence[Record]) -> Sequence[Record]:
        """Drop the rows dated after ``as_of``, by the form's date column, ``year`` or the cycles' column.

        What was done after that day was open on it: a row is not dropped by the column that says it is done.
        """
        cycles = cycle_column(self.form, self.indicator)
        dated = "" if self.form.dated == self.option("to") else self.form.dated
        for key in dict.fromkeys(key for key in (dated, self.option("year"), cycles) if key):
            kept = [record for record in rows if not _begins_after(self.read(record, key), self.as_of)]
            if len(kept) < len(rows):
                self.left_out[f"“{self.form.column(key).title}”在统计截止日之后"] += len(rows) - len(kept)
            rows = kept
        return rows

    def _keep_last_year(self, rows: Sequence[Record]) -> Sequence[Record]:
        key, years = self.option("year"), []
        for record in rows:
            value = self.read(record, key)
            if value in (None, UNREADABLE):
                self.leave_out(key, value)
            else:
                years.append((record, _year_of(value)))
        last = max((year for _, year in years if year <= self.as_of.year), default=self.as_of.year)
        kept = [record for record, year in years if year == last]
        if len(kept) < len(years):
            self.left_out[f"不是 {last} 年的"] += len(years) - len(kept)
        return kept


def cycle_column(form: Form, indicator: Indicator) -> str:
    """Return the key of the column by whose day rows belong to the cycles of ``per``; empty without ``per``.

    It is the indicator's ``year``, else its ``on``, else the form's ``dated``.
    """
    options = indicator.options
    return str(options.get("year") or options.get("on") or form.dated) if "per" in options else ""


def done_columns(form: Form, indicator: Indicator) -> tuple[str, ...]:
    """Return the keys of the columns with the day on which that was done which an indicator finds open or overdue."""
    named = [indicator.options.get("to"), *(rule.option("done") for rule in form.rules_of(indicator))]
    return tuple(str(key) for key in named if key and form.column(str(key)).type.is_day)


@lru_cache(maxsize=2)
def readings_of(ledger: Ledger) -> Readings:
    """Return what the cells of a ledger mean, filled by whoever reads them."""
    return {}


def quote_words(words: str | tuple[str, ...]) -> str:
    """Return the words of an option, each in quotation marks."""
    return "".join(f"“{word}”" for word in words_of(words))


def _begins_after(value: Any, day: date) -> bool:
    """Whether a date, a period (2022-07, 2022-Q3) or a year written as a number begins after a day."""
    first = None if value in (None, UNREADABLE) else _first_day(value)
    return first is not None and first > day


def _first_day(value: Any) -> date | None:
    """Return a date, or the first day of a period (2022-07, 2022-Q3) or a year; None if it is none of these."""
    return day_of_value(value[0] if isinstance(value, tuple) else value)


def _year_of(value: Any) -> int:
    """Return the year of a date, of a period (2022-03) or of a year written as a number; 0 if it is none of these."""
    day = _first_day(value)
    return day.year if day else 0
