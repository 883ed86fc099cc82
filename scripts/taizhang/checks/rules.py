"""The rules that forms declare, as findings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from taizhang.forms.rules import RULE_KINDS, Rule, RuleKind, RuleSeverity
from taizhang.ledger.catalogue import RuleName
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.supervision.breach import source_of
from taizhang.supervision.breaches import Breach, breaches_of, find_breaches
from taizhang.typed.text import is_blank

__all__ = ["check_group_rules", "check_row_rules", "check_rules"]

_SEVERITIES = {
    RuleSeverity.BLOCK: Severity.ERROR,
    RuleSeverity.WARN: Severity.WARNING,
    RuleSeverity.HINT: Severity.HINT,
}


def check_rules(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report every breach of a rule of the forms, under the rule's own name."""
    for breach in find_breaches(ledger, as_of):
        yield _as_finding(breach)


def check_row_rules(ledger: Ledger, register: Register, rules: Iterable[Rule], as_of: date) -> Iterator[Finding]:
    """Report the breaches of these rules, each of which one row can break, by the rows of a returned register.

    A cell that only the office fills in, and has left blank, is no matter of the department's. One that the sheet does
    not show, the department cannot mend.
    """
    for rule in rules:
        found = breaches_of(ledger, register, rule, as_of)
        yield from (_as_finding(_for_department(each)) for each in found if not _awaits_the_office(each))


def _awaits_the_office(breach: Breach) -> bool:
    """Whether a breach lies in a blank cell that departments do not fill in."""
    if breach.row is None or not breach.key:
        return False
    return not breach.row.column(breach.key).by_department and is_blank(breach.row.record.cells.get(breach.key))


def _for_department(breach: Breach) -> Breach:
    """Return a breach with the cure for whoever sees only the returned sheet."""
    if breach.key not in breach.register.unshown:
        return breach
    title = breach.register.form.column(breach.key).title
    cure = f"“{title}”由办公室填；您填的不对的请改正，办公室填的不对的请告诉办公室。"
    return replace(breach, cure=cure + source_of(breach.rule))


def check_group_rules(ledger: Ledger, register: Register, as_of: date) -> Iterator[Finding]:
    """Report the rows of a register that break a rule together with others: what repeats, adds up or balances.

    At most a warning: a row is not held back for another's fault.
    """
    for rule in register.form.rules:
        if not RULE_KINDS[rule.kind].of_row and rule.kind is not RuleKind.COUNT:
            for breach in breaches_of(ledger, register, rule, as_of):
                found = _as_finding(breach)
                yield replace(found, severity=Severity.WARNING) if found.severity is Severity.ERROR else found


def _as_finding(breach: Breach) -> Finding:
    """Return a breach as a finding."""
    rule = breach.rule
    name = RuleName(rule.name, rule.title)
    return Finding(breach.place, name, breach.problem, _SEVERITIES[breach.severity], cure=breach.cure)
