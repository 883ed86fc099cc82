"""Checks of the periods in which numbers are registered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from taizhang.forms.model import Form
from taizhang.forms.rules import RuleKind
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.typed.cycles import Cycle, read_cycle

__all__ = ["check_period_overlap"]


def check_period_overlap(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report rows of one thing whose period lies within that of another row: their numbers are added up twice.

    Rows are of one thing if the other columns of the rule are the same that allows one row for each period. So a base
    is either the whole earlier year, or its months.
    """
    for register in ledger.registers.values():
        columns = _one_row_a_period(register.form)
        if not columns or any(key not in register.columns for key in columns):
            continue
        period = next(key for key in columns if register.form.column(key).type is ColumnType.PERIOD)
        groups: dict[tuple[Any, ...], list[tuple[Cycle, Record]]] = {}
        for record in register.records:
            cycle = read_cycle(str(ledger.meaning(register, record, period) or ""))
            if cycle:
                named = tuple(ledger.meaning(register, record, key) for key in columns if key != period)
                groups.setdefault(named, []).append((cycle, record))
        for rows in groups.values():
            yield from _overlaps(register, period, rows)


def _one_row_a_period(form: Form) -> tuple[str, ...]:
    """Return the columns of the rule that allows one row for each period; none if the form has no such rule."""
    for rule in form.rules:
        if rule.kind is RuleKind.UNIQUE:
            named = rule.option("columns")
            columns = (named,) if isinstance(named, str) else tuple(named)
            if any(form.column(key).type is ColumnType.PERIOD for key in columns):
                return columns
    return ()


def _overlaps(register: Register, period: str, rows: list[tuple[Cycle, Record]]) -> Iterator[Finding]:
    for inner, record in rows:
        outer = next((each for each in rows if each[0].days > inner.days and each[0].holds(inner.first)), None)
        if outer:
            where = register.place(outer[1], period).cell
            title = register.form.column(period).title
            problem = f"{title} {inner.name}已经在 {outer[0].name}（{where}）里面，两行的数会加两遍，"
            cure = "请只留一种：要么只填全年（全季）的，要么只填各月（各季）的。"
            yield Finding(register.place(record, period), Check.PERIOD_OVERLAP, problem, Severity.WARNING, cure=cure)
