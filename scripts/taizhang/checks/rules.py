"""The rules that forms declare, as findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.forms.rules import RuleSeverity
from taizhang.ledger.catalogue import RuleName
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.supervision.breaches import Breach, find_breaches

__all__ = ["as_finding", "check_rules"]

_SEVERITIES = {
    RuleSeverity.BLOCK: Severity.ERROR,
    RuleSeverity.WARN: Severity.WARNING,
    RuleSeverity.HINT: Severity.HINT,
}


def check_rules(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report every breach of a rule of the forms, under the rule's own name."""
    for breach in find_breaches(ledger, as_of):
        yield as_finding(breach)


def as_finding(breach: Breach) -> Finding:
    """Return a breach as a finding."""
    rule = breach.rule
    name = RuleName(rule.name, rule.title)
    return Finding(breach.place, name, breach.problem, _SEVERITIES[rule.severity], cure=breach.cure)
