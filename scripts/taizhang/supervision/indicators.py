"""Indicators: the simple figures that forms declare, computed for the registers of a ledger on a day.

Unusable rows are never guessed: each figure holds the number of rows it uses, and why the others are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from statistics import median

from taizhang.forms.grammar import words_of
from taizhang.forms.model import Form, Indicator
from taizhang.forms.vocabulary import IndicatorKind
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import Settings
from taizhang.supervision.indicator_rows import (
    UNREADABLE,
    Condition,
    IndicatorRows,
    Readings,
    Span,
    quote_words,
)  # fmt: skip
from taizhang.typed.percentages import percent

__all__ = [
    "Figure", "Part", "RegisterFigures", "event_column", "figure_of", "figures_of", "ledger_figures", "meaning",
    "occurrences_of", "readings_of", "whole_column",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One group of a figure: its number, and the whole it is a part of (None if the groups are not shares)."""

    name: str
    number: Decimal
    whole: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator on a day.

    ``value`` is a number of rows or days or a sum, in ``unit``; None if no row is usable. ``whole`` is its
    denominator, None if the figure is not a share. ``used`` is the number of rows behind it; ``left_out`` counts the
    others by reason, ``unreadable`` those of them with a cell that cannot be interpreted, by the column's title.
    """

    title: str
    kind: str
    unit: str
    meaning: str
    value: Decimal | None
    whole: Decimal | None
    used: int
    left_out: Mapping[str, int] = field(default_factory=dict)
    parts: tuple[Part, ...] = ()
    unreadable: Mapping[str, int] = field(default_factory=dict)

    @property
    def impossible(self) -> bool:
        """Whether a ratio's part exceeds its whole: the rows are wrong, so no rate is given."""
        return (
            self.kind == IndicatorKind.RATIO
            and self.value is not None
            and self.whole is not None
            and self.value > self.whole
        )

    @property
    def rate(self) -> int | None:
        """The value as a share of the whole in per cent; None if not a share, impossible, or the whole is zero."""
        return (
            percent(self.value, self.whole) if self.value is not None and self.whole and not self.impossible else None
        )


@dataclass(frozen=True, slots=True)
class RegisterFigures:
    """The indicators of one register; ``rows`` counts all its rows, even without a code or with a duplicate one."""

    name: str
    sheet: str
    sensitivity: str
    rows: int
    figures: tuple[Figure, ...]


_UNITS = {IndicatorKind.MEDIAN_DAYS: "天", IndicatorKind.SUM: "", IndicatorKind.RATIO: "", IndicatorKind.COMPARE: ""}


def ledger_figures(ledger: Ledger, as_of: date) -> tuple[RegisterFigures, ...]:
    """Return the figures of every register of a ledger whose form declares indicators, in the ledger's order."""
    return tuple(
        figures_of(register, ledger.settings, as_of)
        for register in ledger.registers.values()
        if register.form.indicators
    )


def figures_of(register: Register, settings: Settings, as_of: date) -> RegisterFigures:
    """Return the figures of one register on a day; anything dated later than that day has not happened yet."""
    form = register.form
    rows, without = _split_identified(register.records)
    figures = tuple(_figure(IndicatorRows(form, each, rows, settings, as_of), without) for each in form.indicators)
    return RegisterFigures(form.name, form.sheet, form.sensitivity, len(register.records), figures)


def figure_of(
    register: Register,
    indicator: Indicator,
    settings: Settings,
    as_of: date,
    conditions: tuple[Condition, ...] = (),
    span: Span | None = None,
    readings: Readings | None = None,
) -> Figure:
    """Return one indicator of a register on a day, of the rows that meet these conditions and lie in this span.

    ``readings`` are those of the register's ledger (``readings_of``); they only save time.
    """
    rows, without = _split_identified(register.records)
    kept = {} if readings is None else readings
    chosen = IndicatorRows(
        register.form, indicator, rows, settings, as_of, conditions=conditions, span=span, readings=kept
    )
    return _figure(chosen, without)


def occurrences_of(
    register: Register,
    indicator: Indicator,
    settings: Settings,
    as_of: date,
    conditions: tuple[Condition, ...] = (),
    readings: Readings | None = None,
) -> Counter[date]:
    """Return how much an indicator counts on each day, up to a day; of all years, earliest first.

    A row may count for more than one (a sum). Rows without a day in the event column, or with one after ``as_of``, are
    left out; without an event column nothing is counted.
    """
    key = event_column(register.form, indicator)
    if not key:
        return Counter()
    rows, _ = _split_identified(register.records)
    span, kept = Span(key, date.min, as_of), {} if readings is None else readings
    chosen = IndicatorRows(
        register.form, indicator, rows, settings, as_of, conditions=conditions, span=span, readings=kept
    ).select()
    found: Counter[date] = Counter()
    for record in chosen.rows:
        one = _KINDS[indicator.kind](replace(chosen, rows=[record]))
        day = chosen.day_of(record, key)
        if day and one.value and one.value >= 1:
            found[day] += int(one.value)
    return Counter({day: found[day] for day in sorted(found)})


@lru_cache(maxsize=2)
def readings_of(ledger: Ledger) -> Readings:
    """Return what the cells of a ledger mean, filled by whoever reads them."""
    return {}


def event_column(form: Form, indicator: Indicator) -> str:
    """Return the key of the column with the day on which a counted row happened; empty if the form has none.

    It is the indicator's ``on``, else its ``to``, else its ``of`` if that is a day. If all rows count alike, the form's
    ``dated`` will do, else the indicator's ``year``; what is a state of a row (a share) came later than the row.
    """
    of = str(indicator.options.get("of", ""))
    filled_in = of if of and form.column(of).type.is_day else ""
    named = [indicator.options.get("on"), indicator.options.get("to"), filled_in]
    if not of:
        named += [form.dated, indicator.options.get("year")]
    return str(next(filter(None, named), ""))


def whole_column(form: Form, indicator: Indicator) -> str:
    """Return the key of the column with the day to which a row belongs, counted or not; empty if the form has none.

    It is the indicator's ``from``, else its ``year``, else the form's ``dated``.
    """
    named = (indicator.options.get("from"), indicator.options.get("year"), form.dated)
    return str(next(filter(None, named), ""))


def meaning(form: Form, indicator: Indicator) -> str:
    """Describe how an indicator is counted, in the office's words."""
    title = {key: f"“{form.column(key).title}”" for key in form.by_key}
    options = indicator.options

    def named(option: str) -> str:
        return title.get(str(options.get(option)), "")

    counted = {
        IndicatorKind.COUNT: "登记的行数",
        IndicatorKind.COUNT_BY: f"按{named('by')}分",
        IndicatorKind.DISTINCT: f"{named('by')}有几个，重复的算一个",
        IndicatorKind.SHARE: (
            f"{named('of')}填{quote_words(options['value'])}的" if "value" in options else f"填了{named('of')}的"
        )
        + (f"，按{named('by')}分" if "by" in options else ""),
        IndicatorKind.OVERDUE: f"{named('from')}已过" + (f"、还没有{named('to')}" if "to" in options else ""),
        IndicatorKind.ON_TIME: f"{named('to')}不晚于{named('from')}的，占已经到期或办完的",
        IndicatorKind.MEDIAN_DAYS: f"从{named('from')}到{named('to')}的天数，从少到多排在正中间的",
        IndicatorKind.SUM: f"{named('column')}相加" + (f"，按{named('by')}分" if "by" in options else ""),
        IndicatorKind.RATIO: f"{named('part')}合计÷{named('whole')}合计",
        IndicatorKind.COMPARE: f"{named('part')}合计比{named('whole')}合计",
    }[indicator.kind]
    year = f"只看{named('year')}最近一年的：" if "year" in options else ""
    only = f"只看{named('where')}填{quote_words(options['is'])}的：" if "where" in options else ""
    return year + only + counted


@dataclass
class _Found:
    """The result of one indicator: the number of rows used, value and whole, and both per group."""

    used: int
    value: Decimal | None
    whole: Decimal | None = None
    parts: Mapping[str, Decimal] = field(default_factory=dict)
    wholes: Mapping[str, Decimal] = field(default_factory=dict)


def _split_identified(records: Iterable[Record]) -> tuple[list[Record], Counter[str]]:
    """Return the rows with a code (of duplicates the first), and the count of the others by reason."""
    rows: dict[str, Record] = {}
    without: Counter[str] = Counter()
    for record in records:
        if not record.code:
            without["没有编号"] += 1
        elif record.code in rows:
            without["编号重复"] += 1
        else:
            rows[record.code] = record
    return list(rows.values()), without


_KNOWN_WITHOUT_ROWS = (IndicatorKind.COUNT, IndicatorKind.DISTINCT)
"""Kinds of indicators that are 0 without rows; the others are unknown."""


def _figure(rows: IndicatorRows, without: Counter[str]) -> Figure:
    indicator = rows.indicator
    found = _KINDS[indicator.kind](rows.select())
    return Figure(
        title=indicator.title,
        kind=indicator.kind,
        unit=str(indicator.options.get("unit") or _UNITS.get(indicator.kind, "行")),
        meaning=meaning(rows.form, indicator),
        value=found.value if found.used or indicator.kind in _KNOWN_WITHOUT_ROWS else None,
        whole=found.whole,
        used=found.used,
        left_out=without + rows.left_out,
        parts=tuple(Part(name, number, found.wholes.get(name)) for name, number in found.parts.items()),
        unreadable=rows.unreadable,
    )


def _count(rows: IndicatorRows) -> _Found:
    return _Found(len(rows.rows), Decimal(len(rows.rows)))


def _count_by(rows: IndicatorRows) -> _Found:
    key = rows.option("by")
    found = rows.read_usable(key)
    total, parts = Decimal(len(found)), rows.sum_by_word(key, ((words, Decimal(1)) for (words,) in found))
    return _Found(len(found), total, parts=parts, wholes=_wholes_of_parts(rows, parts, total))


def _distinct(rows: IndicatorRows) -> _Found:
    found = rows.read_usable(rows.option("by"))
    return _Found(len(found), Decimal(len({word for (words,) in found for word in words})))


def _wholes_of_parts(rows: IndicatorRows, parts: Mapping[str, Decimal], total: Decimal) -> Mapping[str, Decimal]:
    """Return the total as the whole of each part if the groups are choices of a form, else nothing.

    Groups that are people or departments are no composition: their share of the total is not a rate.
    """
    return dict.fromkeys(parts, total) if rows.form.column(rows.option("by")).choices else {}


def _share(rows: IndicatorRows) -> _Found:
    by, found = rows.option("by"), []
    for record in rows.rows:
        groups = rows.read(record, by) if by else ()
        if groups in (None, UNREADABLE):
            rows.leave_out(by, groups)
            continue
        answer = _counts_for_share(rows, record)
        if answer is not None:
            found.append((groups, answer))
    count, whole = Decimal(sum(answer for _, answer in found)), Decimal(len(found))
    if not by:
        return _Found(len(found), count, whole)
    wholes = rows.sum_by_word(by, ((groups, Decimal(1)) for groups, _ in found))
    hits = rows.sum_by_word(by, ((groups, Decimal(answer)) for groups, answer in found))
    return _Found(len(found), count, whole, {name: hits[name] for name in wholes}, wholes)


def _counts_for_share(rows: IndicatorRows, record: Record) -> bool | None:
    """Return whether a row counts towards a share; None, counted as left out, if its cell is blank or unreadable."""
    if "value" not in rows.indicator.options:
        return _is_filled(rows, record)
    key = rows.option("of")
    words = rows.read(record, key)
    if words in (None, UNREADABLE):
        rows.leave_out(key, words)
        return None
    return bool(set(words_of(rows.option("value"))) & set(words))


def _is_filled(rows: IndicatorRows, record: Record) -> bool | None:
    """Return whether a cell is filled in and no date after ``as_of``; None, counted as left out, if unreadable."""
    key = rows.option("of")
    value = rows.read(record, key)
    if value is UNREADABLE:
        rows.leave_out(key, value)
        return None
    return value is not None and not (isinstance(value, date) and value > rows.as_of)


def _overdue(rows: IndicatorRows) -> _Found:
    found = rows.days()
    late = sum(first < rows.as_of and last is None for first, last in found)
    return _Found(len(found), Decimal(late), Decimal(len(found)))


def _on_time(rows: IndicatorRows) -> _Found:
    found = rows.days()
    decided = [(first, last) for first, last in found if last or first < rows.as_of]
    if len(found) > len(decided):
        rows.left_out["还没到期"] += len(found) - len(decided)
    kept = sum(last is not None and last <= first for first, last in decided)
    return _Found(len(decided), Decimal(kept), Decimal(len(decided)))


def _median_days(rows: IndicatorRows) -> _Found:
    days = []
    for first, last in rows.days():
        if last is None:
            rows.left_out[f"还没有“{rows.form.column(rows.option('to')).title}”"] += 1
        elif last < first:
            rows.left_out["日期先后颠倒"] += 1
        else:
            days.append(Decimal((last - first).days))
    return _Found(len(days), median(days) if days else None)


def _sum(rows: IndicatorRows) -> _Found:
    by = rows.option("by")
    found = rows.read_usable(rows.option("column"), *([by] if by else []))
    parts = rows.sum_by_word(by, ((words, number) for number, words in found)) if by else {}
    total = sum((values[0] for values in found), Decimal(0))
    return _Found(len(found), total, parts=parts, wholes=_wholes_of_parts(rows, parts, total) if by else {})


def _ratio(rows: IndicatorRows) -> _Found:
    found = rows.read_usable(rows.option("part"), rows.option("whole"))
    part, whole = (sum((values[n] for values in found), Decimal(0)) for n in (0, 1))
    return _Found(len(found), part, whole)


_KINDS: Mapping[str, Callable[[IndicatorRows], _Found]] = {
    IndicatorKind.COUNT: _count,
    IndicatorKind.COUNT_BY: _count_by,
    IndicatorKind.DISTINCT: _distinct,
    IndicatorKind.SHARE: _share,
    IndicatorKind.OVERDUE: _overdue,
    IndicatorKind.ON_TIME: _on_time,
    IndicatorKind.MEDIAN_DAYS: _median_days,
    IndicatorKind.SUM: _sum,
    IndicatorKind.RATIO: _ratio,
    IndicatorKind.COMPARE: _ratio,
}
