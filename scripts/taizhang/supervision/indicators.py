"""Indicators: the simple figures that forms declare, computed for the registers of a ledger on a day.

Unusable rows are never guessed: each figure holds the number of rows it uses, and why the others are left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from statistics import median

from taizhang.forms.conditions import Condition, Test, describe
from taizhang.forms.grammar import words_of
from taizhang.forms.model import Form, Indicator
from taizhang.forms.thresholds import Mark, Threshold, describe_thresholds
from taizhang.forms.vocabulary import ColumnType, IndicatorKind, Sensitivity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.indicator_rows import (
    UNREADABLE,
    IndicatorRows,
    Span,
    cycle_column,
    done_columns,
    quote_words,
)  # fmt: skip
from taizhang.supervision.withholding import withhold
from taizhang.typed.cycles import Cycle, CycleKind, cycle_word, cycles_between
from taizhang.typed.percentages import percent, round_half_up, share, shares
from taizhang.typed.workdays import UnknownYear

__all__ = [
    "Figure", "Part", "Point", "RegisterFigures", "event_column", "figure_of", "figures_of", "ledger_figures",
    "meaning", "occurrences_of", "whole_column", "worst_light",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One group of a figure: its number, and the whole it is a part of (None if there is none).

    ``share`` is its share in a composition, in per cent; all shares add up to 100. A withheld group has no number but a
    ``mark`` that stands for it.
    """

    name: str
    number: Decimal | None
    whole: Decimal | None = None
    share: Decimal | None = None
    light: Light | None = None
    mark: str = ""

    @property
    def rate(self) -> int | None:
        """The number as a share of the whole in per cent; None if there is none, or the number exceeds the whole."""
        return percent(self.number, self.whole) if self.number is not None and self.whole else None


@dataclass(frozen=True, slots=True)
class Point:
    """A figure of one cycle: the cycle's name, and value and whole as in Figure."""

    name: str
    value: Decimal | None
    whole: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator on a day.

    ``value`` is a number of rows or days or a sum, in ``unit``; None if no row is usable. ``whole`` is its
    denominator, None if the figure is not a share. ``used`` is the number of rows behind it; ``left_out`` counts the
    others by reason, ``unreadable`` those of them with a cell that cannot be interpreted, by the column's title.
    ``light`` is the worst of the figure and its groups, None if nothing is judged. ``trend`` are the figures of up to
    POINTS cycles, the latest last, with ``per``. ``withheld``: some groups have no number, since they are small.
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
    light: Light | None = None
    trend: tuple[Point, ...] = ()
    withheld: bool = False

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

    @property
    def light(self) -> Light | None:
        """The worst light of the figures; None if none is judged."""
        return worst_light(figure.light for figure in self.figures)

    @property
    def counts_only(self) -> bool:
        """Whether some groups are withheld in a personal register: no other number may tell how large they are."""
        return self.sensitivity == Sensitivity.PERSONAL and any(figure.withheld for figure in self.figures)


def worst_light(lights: Iterable[Light | None]) -> Light | None:
    """Return the worst of the lights of figures; None if none of them is judged."""
    found = set(lights)
    return next((light for light in (Light.RED, Light.AMBER, Light.GREEN) if light in found), None)


_UNITS = {IndicatorKind.SUM: "", IndicatorKind.RATIO: "", IndicatorKind.COMPARE: ""}
_WORKDAYS = "工作日"


def ledger_figures(ledger: Ledger, as_of: date) -> tuple[RegisterFigures, ...]:
    """Return the figures of every register of a ledger whose form declares indicators, in the ledger's order."""
    return tuple(
        figures_of(ledger, register, as_of) for register in ledger.registers.values() if register.form.indicators
    )


def figures_of(ledger: Ledger, register: Register, as_of: date) -> RegisterFigures:
    """Return the figures of one register on a day; anything dated later than that day has not happened yet."""
    form = register.form
    rows, without = _split_identified(register.records)
    figures = tuple(_figure(IndicatorRows(ledger, register, each, rows, as_of), without) for each in form.indicators)

    def rows_meeting(conditions: Sequence[Condition]) -> int:
        counted = Indicator("", IndicatorKind.COUNT, {}, tuple(conditions))
        return len(IndicatorRows(ledger, register, counted, rows, as_of).select().rows)

    shown = withhold(form, figures, rows_meeting)
    return RegisterFigures(form.name, form.sheet, form.sensitivity, len(register.records), shown)


def figure_of(
    ledger: Ledger,
    register: Register,
    indicator: Indicator,
    as_of: date,
    conditions: tuple[Condition, ...] = (),
    span: Span | None = None,
) -> Figure:
    """Return one indicator of a register on a day, of the rows that meet these conditions and lie in this span."""
    rows, without = _split_identified(register.records)
    chosen = IndicatorRows(ledger, register, indicator, rows, as_of, conditions=conditions, span=span)
    return _figure(chosen, without)


def occurrences_of(
    ledger: Ledger, register: Register, indicator: Indicator, as_of: date, conditions: tuple[Condition, ...] = ()
) -> Counter[date]:
    """Return how much an indicator counts on each day, up to a day; of all years, earliest first.

    A row may count for more than one (a sum). Rows without a day in the event column, or with one after ``as_of``, are
    left out; without an event column nothing is counted.
    """
    key = event_column(register.form, indicator)
    if not key:
        return Counter()
    rows, _ = _split_identified(register.records)
    span = Span(key, date.min, as_of)
    chosen = IndicatorRows(ledger, register, indicator, rows, as_of, conditions=conditions, span=span).select()
    found: Counter[date] = Counter()
    chosen, _ = _split_by_group(chosen)
    for record in chosen.rows:
        one = _KINDS[indicator.kind](replace(chosen, rows=[record]))
        day = chosen.day_of(record, key)
        if day and one.value and one.value >= 1:
            found[day] += int(one.value)
    return Counter({day: found[day] for day in sorted(found)})


def event_column(form: Form, indicator: Indicator) -> str:
    """Return the key of the column with the day on which a counted row happened; empty if the form has none.

    It is the indicator's ``on``, else its ``to`` or the day that its rules say is done, else its ``of`` if that is a
    day. If all rows count alike, the form's ``dated`` will do, else the indicator's ``year``; what is a state of a row
    (a share) came later than the row.
    """
    of = str(indicator.options.get("of", ""))
    filled_in = of if of and form.column(of).type.is_day else ""
    named = [indicator.options.get("on"), *done_columns(form, indicator), filled_in]
    if not of:
        named += [form.dated, indicator.options.get("year")]
    return str(next(filter(None, named), ""))


def whole_column(form: Form, indicator: Indicator) -> str:
    """Return the key of the column with the day to which a row belongs, counted or not; empty if the form has none.

    It is the indicator's ``from`` or that of its rules, else its ``year``, else the column of its cycles, else the
    form's ``dated``.
    """
    since = [words_of(rule.option("from"))[0] for rule in form.rules_of(indicator)]
    named = (*since, *map(indicator.options.get, ("from", "year")), cycle_column(form, indicator), form.dated)
    return str(next(filter(None, named), ""))


def meaning(form: Form, indicator: Indicator) -> str:
    """Describe how an indicator is counted, in the office's words."""
    title = {key: f"“{form.column(key).title}”" for key in form.by_key}
    options = indicator.options

    def named(option: str) -> str:
        return title.get(str(options.get(option)), "")

    since = named("from")
    due = f"{since}以后 {options['plus']} {_in_words(options.get('plus_unit', '日'))}" if "plus" in options else since
    days = "工作日数" if options.get("unit") == _WORKDAYS else "天数"
    counted = {
        IndicatorKind.COUNT: "登记的行数",
        IndicatorKind.COUNT_BY: "登记的行数",
        IndicatorKind.DISTINCT: f"{named('by')}有几个，重复的算一个",
        IndicatorKind.SHARE: (
            f"{named('of')}填{quote_words(options['value'])}的" if "value" in options else f"填了{named('of')}的"
        ),
        IndicatorKind.OVERDUE: _overdue_in_words(form, indicator)
        or (f"{due}已过" + (f"、还没有{named('to')}" if "to" in options else "")),
        IndicatorKind.ON_TIME: f"{named('to')}不晚于{due}的，占已经到期或办完的",
        IndicatorKind.MEDIAN_DAYS: f"从{since}到{named('to')}的{days}，从少到多排在正中间的",
        IndicatorKind.MEAN_DAYS: f"从{since}到{named('to')}的{days}的平均",
        IndicatorKind.OPEN_DAYS: f"还没有{named('to')}的，从{since}到统计截止日最长的{days}",
        IndicatorKind.LATEST: f"离最近一次{named('of')}的{days}",
        IndicatorKind.SUM: f"{named('column')}相加",
        IndicatorKind.RATIO: f"{named('part')}合计÷{named('whole')}合计",
        IndicatorKind.COMPARE: f"{named('part')}合计比{named('whole')}合计",
    }[indicator.kind]
    groups = f"，按{named('by')}分" if _is_grouped(indicator) else ""
    year = f"只看{named('year')}最近一年的：" if "year" in options else ""
    if "per" in options and not year:
        year = f"只看{title[cycle_column(form, indicator)]}最近一{cycle_word(CycleKind(options['per']))}的："
    only = f"只看{describe(indicator.when, form.by_key)}的：" if indicator.when else ""
    judged = describe_thresholds(indicator.thresholds)
    return year + only + counted + groups + (f"（{judged}）" if judged else "")


def _overdue_in_words(form: Form, indicator: Indicator) -> str:
    """Describe what is overdue by rules; empty if the indicator names none."""
    titles = quote_words(tuple(rule.title for rule in form.rules_of(indicator)))
    return f"过了{titles}的期限、还没有办的" if titles else ""


_in_words = {"日": "天", "月": "个月", "工作日": "个工作日", "季": "个季度", "半年": "个半年"}.get


@dataclass
class _Found:
    """The result of one indicator: the number of rows used, value and whole."""

    used: int
    value: Decimal | None
    whole: Decimal | None = None


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
    indicator, options = rows.indicator, rows.indicator.options
    chosen, groups = _split_by_group(rows.select())
    found = _KINDS[indicator.kind](chosen)
    figure = Figure(
        title=indicator.title,
        kind=indicator.kind,
        unit=str(options.get("unit") or ("天" if indicator.kind.of_days else _UNITS.get(indicator.kind, "行"))),
        meaning=meaning(rows.form, indicator),
        value=_value(indicator, found),
        whole=found.whole,
        used=found.used,
        left_out=without + rows.left_out,
        parts=_parts(chosen, groups, found) if found.used else (),
        unreadable=rows.unreadable,
        trend=() if rows.span else _trend(rows),
    )
    return replace(figure, light=_light_of(indicator, figure))


def _value(indicator: Indicator, found: _Found) -> Decimal | None:
    return found.value if found.used or indicator.kind in _KNOWN_WITHOUT_ROWS else None


def _is_grouped(indicator: Indicator) -> bool:
    return "by" in indicator.options and indicator.kind is not IndicatorKind.DISTINCT


def _split_by_group(rows: IndicatorRows) -> tuple[IndicatorRows, Mapping[str, list[Record]]]:
    """Return the rows whose group can be read (of an indicator without groups all), and the rows of each group."""
    if not _is_grouped(rows.indicator):
        return rows, {}
    by, kept, groups = rows.option("by"), [], {}
    for record in rows.rows:
        words = rows.read(record, by)
        if words in (None, UNREADABLE):
            rows.leave_out(by, words)
            continue
        kept.append(record)
        for word in words:
            groups.setdefault(word, []).append(record)
    return replace(rows, rows=kept), groups


def _parts(rows: IndicatorRows, groups: Mapping[str, list[Record]], total: _Found) -> tuple[Part, ...]:
    """Return every group that can have rows: choices in their column's order, others by rate or number."""
    if not _is_grouped(rows.indicator):
        return ()
    indicator, column = rows.indicator, rows.form.column(rows.option("by"))
    parts = []
    for word in dict.fromkeys((*rows.members(), *groups)):
        own = replace(rows, rows=groups.get(word, []), left_out=Counter(), unreadable=Counter())
        found = _KINDS[indicator.kind](own)
        part = Part(word, found.value, found.whole)
        parts.append(replace(part, light=_light(indicator, part.number, part.whole)))
    if not column.choices:
        return tuple(sorted(parts, key=_rank))
    if indicator.kind not in (IndicatorKind.COUNT_BY, IndicatorKind.SUM):
        return tuple(parts)
    numbers = [part.number or Decimal(0) for part in parts]
    is_composition = column.type is ColumnType.CHOICE and sum(numbers) and min(numbers) >= 0
    parted = shares(numbers) if is_composition else (None,) * len(parts)
    return tuple(replace(part, whole=total.value, share=own) for part, own in zip(parts, parted, strict=True))


def _rank(part: Part) -> tuple[bool, Fraction, Decimal]:
    """Return the sorting key of a group: the highest rate or number first, groups without one last."""
    if part.number is None or (part.whole is not None and not part.whole):
        return True, Fraction(0), Decimal(0)
    rate = share(part.number, part.whole) if part.whole else Fraction(part.number)
    return False, -(rate or Fraction(0)), -part.number


POINTS = 12
"""The most cycles of a trend."""


def _trend(rows: IndicatorRows) -> tuple[Point, ...]:
    """Return the figure of each of the latest cycles with rows, and of those between them."""
    if "per" not in rows.indicator.options:
        return ()
    quiet = replace(rows, left_out=Counter(), unreadable=Counter())
    chosen, _ = _split_by_group(quiet.select(every_cycle=True))
    by_cycle: dict[Cycle, list[Record]] = {}
    for record in chosen.rows:
        if cycle := chosen.cycle_holding(record):
            by_cycle.setdefault(cycle, []).append(record)
    if not by_cycle:
        return ()
    points = []
    for cycle in tuple(cycles_between(min(by_cycle).first, max(by_cycle).first, min(by_cycle).kind))[-POINTS:]:
        found = _KINDS[rows.indicator.kind](replace(chosen, rows=by_cycle.get(cycle, [])))
        points.append(Point(cycle.name, _value(rows.indicator, found), found.whole))
    return tuple(points)


_NONE_OVERDUE = Threshold(Mark.RED, Test.ABOVE, Decimal(0))


def _light(indicator: Indicator, value: Decimal | None, whole: Decimal | None, *, rates: bool = False) -> Light | None:
    """Return the light of a number by the thresholds of its indicator (``rates``: only those in per cent)."""
    thresholds = indicator.thresholds
    if indicator.kind is IndicatorKind.OVERDUE and not thresholds:
        thresholds = (_NONE_OVERDUE,)
    held = {each.mark: each.holds(value, whole) for each in thresholds if each.percent or not rates}
    wrong = indicator.kind is IndicatorKind.RATIO and value is not None and whole is not None and value > whole
    if wrong or all(each is None for each in held.values()):
        return None
    if held.get(Mark.RED):
        return Light.RED
    return Light.AMBER if held.get(Mark.AMBER) or held.get(Mark.TARGET) is False else Light.GREEN


def _light_of(indicator: Indicator, figure: Figure) -> Light | None:
    """Return the worst light of a figure and its groups; a number that is asked of each group is not asked of all."""
    own = _light(indicator, figure.value, figure.whole, rates=bool(figure.parts))
    return worst_light((own, *(part.light for part in figure.parts)))


def _count(rows: IndicatorRows) -> _Found:
    return _Found(len(rows.rows), Decimal(len(rows.rows)))


def _distinct(rows: IndicatorRows) -> _Found:
    found = rows.read_usable(rows.option("by"))
    return _Found(len(found), Decimal(len({word for (words,) in found for word in words})))


def _share(rows: IndicatorRows) -> _Found:
    answers = [_counts_for_share(rows, record) for record in rows.rows]
    found = [answer for answer in answers if answer is not None]
    return _Found(len(found), Decimal(sum(found)), Decimal(len(found)))


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
    found = rows.rows_owed()
    late = sum(due < rows.as_of and is_open for _, due, is_open in found)
    return _Found(len(found), Decimal(late), Decimal(len(found)))


def _on_time(rows: IndicatorRows) -> _Found:
    found = rows.days()
    decided = [(first, last) for first, last in found if last or first < rows.as_of]
    if len(found) > len(decided):
        rows.left_out["还没到期"] += len(found) - len(decided)
    kept = sum(last is not None and last <= first for first, last in decided)
    return _Found(len(decided), Decimal(kept), Decimal(len(decided)))


def _median_days(rows: IndicatorRows) -> _Found:
    days = _days_taken(rows)
    return _Found(len(days), median(days) if days else None)


def _mean_days(rows: IndicatorRows) -> _Found:
    days = _days_taken(rows)
    return _Found(len(days), round_half_up(Fraction(sum(days)) / len(days), 1) if days else None)


def _days_taken(rows: IndicatorRows) -> list[Decimal]:
    """Return the days from the first to the last date of each row that has both, in the indicator's unit."""
    found = []
    for first, last in rows.days():
        if last is None:
            rows.left_out[f"还没有“{rows.form.column(rows.option('to')).title}”"] += 1
        elif last < first:
            rows.left_out["日期先后颠倒"] += 1
        elif (days := _days_between(rows, first, last)) is not None:
            found.append(days)
    return found


def _days_between(rows: IndicatorRows, first: date, last: date) -> Decimal | None:
    """Return the days, or working days, after a day up to another; None, counted as left out, without a calendar."""
    if rows.option("unit") != _WORKDAYS:
        return Decimal((last - first).days)
    try:
        return Decimal(rows.settings.workdays.between(first, last))
    except UnknownYear as unknown:
        rows.leave_out_year(unknown)
        return None


def _open_days(rows: IndicatorRows) -> _Found:
    """Return the days for which the row has been open that has been so longest; 0 if none is open."""
    found = rows.days()
    waits = [_days_between(rows, first, rows.as_of) for first, last in found if last is None and first <= rows.as_of]
    known = [each for each in waits if each is not None]
    return _Found(len(found) - len(waits) + len(known), max(known, default=Decimal(0)))


def _latest(rows: IndicatorRows) -> _Found:
    """Return the days since the latest day that is not after ``as_of``."""
    past = [day for (day,) in rows.read_usable(rows.option("of")) if day <= rows.as_of]
    days = _days_between(rows, max(past), rows.as_of) if past else None
    return _Found(len(past) if days is not None else 0, days)


def _sum(rows: IndicatorRows) -> _Found:
    found = rows.read_usable(rows.option("column"))
    return _Found(len(found), sum((number for (number,) in found), Decimal(0)))


def _ratio(rows: IndicatorRows) -> _Found:
    found = rows.read_usable(rows.option("part"), rows.option("whole"))
    part, whole = (sum((values[n] for values in found), Decimal(0)) for n in (0, 1))
    return _Found(len(found), part, whole)


_KINDS: Mapping[str, Callable[[IndicatorRows], _Found]] = {
    IndicatorKind.COUNT: _count,
    IndicatorKind.COUNT_BY: _count,
    IndicatorKind.DISTINCT: _distinct,
    IndicatorKind.SHARE: _share,
    IndicatorKind.OVERDUE: _overdue,
    IndicatorKind.ON_TIME: _on_time,
    IndicatorKind.MEDIAN_DAYS: _median_days,
    IndicatorKind.MEAN_DAYS: _mean_days,
    IndicatorKind.OPEN_DAYS: _open_days,
    IndicatorKind.LATEST: _latest,
    IndicatorKind.SUM: _sum,
    IndicatorKind.RATIO: _ratio,
    IndicatorKind.COMPARE: _ratio,
}
