"""The rows that an indicator evaluates: reads their cells, and counts rows it cannot use by reason."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.forms.grammar import words_of
from taizhang.forms.model import Form, Indicator
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.registers import Record
from taizhang.ledger.settings import Settings
from taizhang.typed.cycles import read_cycle
from taizhang.typed.deadlines import Deadline
from taizhang.typed.text import clean_key

__all__ = ["UNREADABLE", "Condition", "IndicatorRows", "Readings", "Span", "quote_words"]

Readings = dict[tuple[str, str, type, Any], Any]
"""What a raw cell means, by form, column, and the type and value of the cell."""

UNREADABLE = object()
"""The value of a cell that is filled in but cannot be interpreted."""

_PERIOD = re.compile(r"(?P<year>\d{4})(?:\D?Q(?P<quarter>[1-4])|\D(?P<month>0?[1-9]|1[0-2])(?!\d))?")


@dataclass(frozen=True, slots=True)
class Condition:
    """Only rows count that have one of these words in the column ``key``."""

    key: str
    words: tuple[str, ...]


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
    added to the form's own one; ``span`` replaces the form's choice of the latest year. ``readings`` keeps what cells
    of this ledger mean, since many indicators and proofs read the same cells.
    """

    form: Form
    indicator: Indicator
    rows: Sequence[Record]
    settings: Settings
    as_of: date
    left_out: Counter[str] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    conditions: tuple[Condition, ...] = ()
    span: Span | None = None
    readings: Readings = field(default_factory=dict)

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
        """Return the dates ``from`` and ``to`` of each readable row; ``to`` is None if blank or after ``as_of``."""
        first_key, last_key, found = self.option("from"), self.option("to"), []
        for record in self.rows:
            first = self.read(record, first_key)
            last = self.read(record, last_key) if last_key else None
            if first in (None, UNREADABLE):
                self.leave_out(first_key, first)
            elif last is UNREADABLE:
                self.leave_out(last_key, last)
            else:
                found.append((first, last if last and last <= self.as_of else None))
        return found

    def sum_by_word(self, key: str, pairs: Iterable[tuple[tuple[str, ...], Decimal]]) -> dict[str, Decimal]:
        """Return the sum per word: choices in the column's order, others by size; words without rows are absent."""
        choices = self.form.column(key).choices
        sums: dict[str, Decimal] = {}
        for words, number in pairs:
            for word in words:
                sums[word] = sums.get(word, Decimal(0)) + number
        if choices:
            return {word: sums[word] for word in choices if word in sums}
        return dict(sorted(sums.items(), key=lambda each: (-each[1], each[0])))

    def select(self) -> IndicatorRows:
        """Return a copy with the rows that the options select, counting the others as left out.

        ``year`` keeps the latest year that is not after ``as_of``, a span the rows of its days; ``where`` and ``is``,
        and each condition, keep rows with one of the words.
        """
        rows = self._drop_later(self.rows)
        rows = self._keep_span(rows, self.span) if self.span else self._keep_last_year(rows)
        own = (Condition(self.option("where"), words_of(self.option("is"))),) if self.option("where") else ()
        for condition in (*own, *self.conditions):
            rows = self._keep_words(rows, condition)
        return replace(self, rows=rows)

    def day_of(self, record: Record, key: str) -> date | None:
        """Return the day of a row: of a period or a year its first day; None if it is blank or unreadable."""
        value = self.read(record, key)
        return None if value in (None, UNREADABLE) else _first_day(value)

    def _keep_words(self, rows: Sequence[Record], condition: Condition) -> Sequence[Record]:
        kept, others, wanted = [], 0, set(map(clean_key, condition.words))
        for record in rows:
            words = self.read(record, condition.key)
            if words in (None, UNREADABLE):
                self.leave_out(condition.key, words)
            elif any(each in wanted or clean_key(each) in wanted for each in words):
                kept.append(record)
            else:
                others += 1
        if others:
            title = self.form.column(condition.key).title
            self.left_out[f"“{title}”填的不是{quote_words(condition.words)}"] += others
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
        """Drop the rows dated after ``as_of``, by the form's date column or by ``year``."""
        for key in dict.fromkeys(key for key in (self.form.dated, self.option("year")) if key):
            kept = [record for record in rows if not _begins_after(self.read(record, key), self.as_of)]
            if len(kept) < len(rows):
                self.left_out[f"“{self.form.column(key).title}”在统计截止日之后"] += len(rows) - len(kept)
            rows = kept
        return rows

    def _keep_last_year(self, rows: Sequence[Record]) -> Sequence[Record]:
        key = self.option("year")
        if key is None:
            return rows
        years = []
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


def quote_words(words: str | tuple[str, ...]) -> str:
    """Return the words of an option, each in quotation marks."""
    return "".join(f"“{word}”" for word in words_of(words))


def _begins_after(value: Any, day: date) -> bool:
    """Whether a date, a period (2022-07, 2022-Q3) or a year written as a number begins after a day."""
    first = None if value in (None, UNREADABLE) else _first_day(value)
    return first is not None and first > day


def _first_day(value: Any) -> date | None:
    """Return a date, or the first day of a period (2022-07, 2022-Q3) or a year; None if it is none of these."""
    if isinstance(value, date):
        return value
    found = _PERIOD.match(value[0] if isinstance(value, tuple) else str(value))
    if not found or found["year"] == "0000":
        return None
    month = int(found["month"] or 3 * int(found["quarter"] or 1) - 2)
    return date(int(found["year"]), month, 1)


def _year_of(value: Any) -> int:
    """Return the year of a date, of a period (2022-03) or of a year written as a number."""
    if isinstance(value, date):
        return value.year
    digits = value[0][:4] if isinstance(value, tuple) else str(value)
    return int(digits) if digits.isdecimal() else 0
