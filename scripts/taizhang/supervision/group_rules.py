"""The kinds of rules about several rows of a register: what is unique, adds up, is held often enough, or balances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from taizhang.forms.rules import OPERATORS, Rule
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.supervision.breach import Breach, break_at, source_of
from taizhang.supervision.register_rows import RegisterRow, Unusable, rows_of, rows_that_meet, words_in
from taizhang.supervision.row_rules import compared, format_number
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, cycles_between
from taizhang.typed.text import clean_key

__all__ = ["balance", "count", "counts_of", "members_of", "total", "unique"]


def unique(rule: Rule, rows: list[RegisterRow], ledger: Ledger, register: Register, as_of: date) -> Iterator[Breach]:
    """Columns together must not repeat; rows with one of them blank are no repetition."""
    seen: dict[tuple[str, ...], RegisterRow] = {}
    keys = words_in(rule.option("columns"))
    for row in rows:
        try:
            values = [words_in(row.value(key)) for key in keys]
        except Unusable:
            continue
        if not all(values):
            continue
        named = tuple("、".join(map(clean_key, each)) for each in values)
        first = seen.setdefault(named, row)
        if first is not row:
            titles = "、".join(row.column(key).title for key in keys)
            problem = f"{titles}和 {first.code} 相同，"
            yield break_at(rule, row, keys[0], problem, "请核对，只留一行；确实是两件事的，请写得分得清。")


def total(rule: Rule, rows: list[RegisterRow], ledger: Ledger, register: Register, as_of: date) -> Iterator[Breach]:
    """A column added up, by group, must compare with a number; the last row of the group is named.

    A row that names no choice of a column with several counts in every group that others name: it is for all of them.
    """
    key, by, sign, value = rule.option("column"), words_in(rule.option("by")), rule.option("op"), rule.option("value")
    several = [each for each in by if register.form.column(each).type is ColumnType.CHOICES]
    all_named = {each: tuple(dict.fromkeys(word for row in rows for word in _words(row, each))) for each in several}
    groups: dict[tuple[str, ...], list[tuple[RegisterRow, Decimal]]] = {}
    for row in rows:
        try:
            number = row.value(key)
            names: list[tuple[str, ...]] = [()]
            for each in by:
                words = words_in(row.value(each)) or all_named.get(each) or ("",)
                names = [(*name, word) for name in names for word in words]
        except Unusable:
            continue
        for name in names:
            groups.setdefault(name, []).append((row, Decimal(number or 0)))
    for name, members in groups.items():
        added = sum((number for _, number in members), Decimal(0))
        if not compared(added, sign, value):
            whose = "、".join(filter(None, name))
            title = register.form.column(key).title
            problem = (
                f"{f'{whose}的' if whose else ''}{title}合计 {format_number(added)} {OPERATORS[sign]} "
                f"{format_number(value)}（{len(members)} 行），"
            )
            yield break_at(rule, members[-1][0], key, problem, "请核对各行的数。", whose)


def count(rule: Rule, rows: list[RegisterRow], ledger: Ledger, register: Register, as_of: date) -> Iterator[Breach]:
    """Each member of a list must have enough rows, and not too many, in each cycle that has ended.

    The first cycle is that of the register's earliest row; a register without rows says nothing yet.
    """
    least, most = rule.option("at_least"), rule.option("at_most")
    title = register.form.column(rule.option("by")).title
    for member, numbers in counts_of(rule, rows, ledger, register, as_of).items():
        for cycle, number in numbers.items():
            if cycle.last >= as_of and not (most is not None and number > most):
                continue
            short, many = least is not None and number < least, most is not None and number > most
            if not short and not many:
                continue
            asked = f"至少 {least}" if short else f"至多 {most}"
            problem = f"{title}“{member}”{cycle.name}“{rule.title}”登记了 {number} 次，应{asked} 次，"
            cure = "开展过的请补登记，没有开展的请尽快补上。" if short else "请核对有没有登记重了。"
            place = (rule.message and f"{member}{cycle.name}：{rule.message}，") or problem
            yield Breach(rule, register, None, rule.option("by"), place, (rule.cure or cure) + source_of(rule), member)


def counts_of(
    rule: Rule, rows: list[RegisterRow], ledger: Ledger, register: Register, as_of: date
) -> Mapping[str, Mapping[Cycle, int]]:
    """Return member → cycle → number of rows of a COUNT rule, with 0 where there are none.

    ``rows`` are those that meet the rule's conditions. The cycles run from the register's earliest row to ``as_of``.
    """
    by, on, kind = rule.option("by"), rule.option("on") or register.form.dated, CycleKind(rule.option("per"))
    if not on or on not in register.columns:
        return {}
    every = [day for row in rows_of(register, ledger.settings) if (day := _day(row, on))]
    started = [day for day in every if day <= as_of]
    if not started:
        return {}
    cycles = list(cycles_between(min(started), as_of, kind))
    found: dict[str, dict[Cycle, int]] = {
        member: dict.fromkeys(cycles, 0) for member in members_of(by, rule.option("over"), ledger, register, as_of)
    }
    for row in rows:
        day = _day(row, on)
        if day is None or day > as_of:
            continue
        try:
            named = words_in(row.value(by))
        except Unusable:
            continue
        for word in named:
            if word in found:
                found[word][cycle_of(day, kind)] += 1
    return found


def members_of(by: str, over: Any, ledger: Ledger, register: Register, as_of: date) -> tuple[str, ...]:
    """Return the members that a COUNT rule or a board is about: those of another form, else of the list in 参数.

    ``by`` is the column that names them, ``over`` the option with the other form. A column that refers to no list has
    the members that its rows name.
    """
    if isinstance(over, Mapping) and (other := ledger.registers.get(over["form"])) and over["column"] in other.columns:
        rows = rows_that_meet(other, ledger.settings, over["when"], as_of)
        return tuple(dict.fromkeys(word for row in rows for word in _words(row, over["column"])))
    listed = ledger.settings.names(of) if (of := register.form.column(by).type).is_listed else ()
    if listed or of is ColumnType.CHOICE:
        return listed or register.form.column(by).choices
    return tuple(dict.fromkeys(word for row in rows_of(register, ledger.settings) for word in _words(row, by)))


def balance(rule: Rule, rows: list[RegisterRow], ledger: Ledger, register: Register, as_of: date) -> Iterator[Breach]:
    """What was there, plus what came, minus what went, is what is there at the end and at the next start."""
    option = rule.option
    chains: dict[tuple[str, ...], list[tuple[date, RegisterRow]]] = {}
    for row in rows:
        try:
            yield from _row_balance(rule, row)
            group = tuple("、".join(words_in(row.value(key))) for key in words_in(option("by")))
            day = row.day(option("period"))
        except Unusable:
            continue
        if day:
            chains.setdefault(group, []).append((day, row))
    for chain in chains.values():
        ordered = [row for _, row in sorted(chain, key=lambda each: (each[0], each[1].record.row))]
        for before, after in pairwise(ordered):
            try:
                closing, opening = before.value(option("closing")), after.value(option("opening"))
            except Unusable:
                continue
            if closing is not None and opening is not None and closing != opening:
                titles = [register.form.column(option(each)).title for each in ("opening", "closing")]
                problem = (
                    f"{titles[0]} {format_number(Decimal(opening))} 不等于上一期（{before.code}）的"
                    f"{titles[1]} {format_number(Decimal(closing))}，"
                )
                yield break_at(rule, after, option("opening"), problem, "请改正其中一个。")


def _row_balance(rule: Rule, row: RegisterRow) -> Iterator[Breach]:
    """Yield the breach of a row whose own numbers do not add up; raises Unusable."""
    option = rule.option
    opening, closing = row.value(option("opening")), row.value(option("closing"))
    if opening is None or closing is None:
        return
    came, went = (
        sum((Decimal(row.value(key) or 0) for key in words_in(option(side))), Decimal(0)) for side in ("plus", "minus")
    )
    expected = Decimal(opening) + came - went
    if expected != closing:
        plus, minus = ("、".join(row.column(key).title for key in words_in(option(side))) for side in ("plus", "minus"))
        problem = (
            f"{row.column(option('opening')).title} {format_number(Decimal(opening))} 加{plus} {format_number(came)} "
            f"减{minus} {format_number(went)} 是 {format_number(expected)}，"
            f"{row.column(option('closing')).title}填的是 {format_number(Decimal(closing))}，"
        )
        yield break_at(rule, row, option("closing"), problem, "请改正其中一个。")


def _day(row: RegisterRow, key: str) -> date | None:
    try:
        return row.day(key)
    except Unusable:
        return None


def _words(row: RegisterRow, key: str) -> tuple[str, ...]:
    try:
        return words_in(row.value(key))
    except Unusable:
        return ()
