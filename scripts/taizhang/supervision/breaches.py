"""Breaches: the rows, groups and registers that break a rule of their form on a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import lru_cache

from taizhang.forms.rules import RULE_KINDS, Rule, RuleKind, columns_of
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.supervision import group_rules, row_rules
from taizhang.supervision.breach import Breach
from taizhang.supervision.register_rows import RegisterRow, Unusable, rows_of
from taizhang.typed.workdays import UnknownYear

__all__ = ["Breach", "applies", "breaches_of", "find_breaches", "rows_under"]

RowRule = Callable[[Rule, RegisterRow, Ledger, date], Iterator[Breach]]
GroupRule = Callable[[Rule, list[RegisterRow], Ledger, Register, date], Iterator[Breach]]

_ROW_RULES: Mapping[RuleKind, RowRule] = {
    RuleKind.ORDER: row_rules.order,
    RuleKind.WITHIN: row_rules.within,
    RuleKind.DUE: row_rules.due,
    RuleKind.INSIDE: row_rules.inside,
    RuleKind.PRESENT: row_rules.present,
    RuleKind.ABSENT: row_rules.absent,
    RuleKind.COMPARE: row_rules.compare,
    RuleKind.ONE_OF: row_rules.one_of,
    RuleKind.LOOKUP: row_rules.lookup,
    RuleKind.TALLY: row_rules.tally,
}
_GROUP_RULES: Mapping[RuleKind, GroupRule] = {
    RuleKind.UNIQUE: group_rules.unique,
    RuleKind.SUM: group_rules.total,
    RuleKind.COUNT: group_rules.count,
    RuleKind.BALANCE: group_rules.balance,
}


@lru_cache(maxsize=8)
def find_breaches(ledger: Ledger, as_of: date) -> tuple[Breach, ...]:
    """Return every breach of the rules of a ledger's registers on a day, by register, rule and row."""
    return tuple(
        breach
        for register in ledger.registers.values()
        for rule in register.form.rules
        for breach in breaches_of(ledger, register, rule, as_of)
    )


def breaches_of(ledger: Ledger, register: Register, rule: Rule, as_of: date) -> Iterator[Breach]:
    """Yield the breaches of one rule; none if the ledger has no column of this name, or not the other register.

    Rows with a cell that cannot be read are left out: the cell itself is reported. If the calendar lacks a year, that
    is reported once in place of what it hides.
    """
    if not all(map(register.holds, columns_of(rule))):
        return
    rows = list(rows_under(ledger, register, rule, as_of))
    try:
        if RULE_KINDS[rule.kind].of_row:
            yield from _of_rows(rule, rows, ledger, as_of)
        else:
            yield from _GROUP_RULES[rule.kind](rule, rows, ledger, register, as_of)
    except UnknownYear as unknown:
        yield Breach(rule, register, None, "", f"“{rule.title}”算不出来：{unknown}", "")


def _of_rows(rule: Rule, rows: list[RegisterRow], ledger: Ledger, as_of: date) -> Iterator[Breach]:
    for row in rows:
        try:
            yield from _ROW_RULES[rule.kind](rule, row, ledger, as_of)
        except Unusable:
            continue


def rows_under(ledger: Ledger, register: Register, rule: Rule, as_of: date) -> Iterator[RegisterRow]:
    """Yield the rows that a rule looks at, on the day of the figures."""
    for row in rows_of(register, ledger.settings):
        try:
            if applies(rule, row, as_of):
                yield row
        except Unusable:
            continue


def applies(rule: Rule, row: RegisterRow, as_of: date) -> bool:
    """Whether a row meets a rule's conditions, on the day of the figures, and the rule was in force on the row's day.

    The row's day is that of the form's ``dated`` column, else that of the figures. Raises Unusable.
    """
    if not row.meets(rule.when, as_of):
        return False
    if not (rule.since or rule.until):
        return True
    dated = row.register.form.dated
    day = (row.day(dated) if dated else None) or as_of
    return (rule.since is None or rule.since <= day) and (rule.until is None or day <= rule.until)
