"""The check that a problem was named by the ledger of a past year already; only if such ledgers are given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from taizhang.forms.register_names import PROBLEMS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.supervision.past_problems import PastProblem, find_seen_before
from taizhang.typed.readings import named, quote
from taizhang.typed.text import shorten

__all__ = ["check_problem_again"]

_MEASURES_NAMED = 3
_LONGEST = 24


def check_problem_again(ledger: Ledger, past: Sequence[Ledger], as_of: date) -> Iterator[Finding]:
    """Report problems that past ledgers name too, with what was done then; those carried over are known to be."""
    register = ledger.registers.get(PROBLEMS)
    for each in find_seen_before(ledger, past, as_of).problems:
        if register is None or each.carried:
            continue
        before = "；".join(map(_say_past, each.past))
        problem = f"{quote(each.title)}以前也提过：{before}。"
        if each.beside:
            problem += (
                f"那一个已经结转到这本台账，是 {named('、'.join(each.beside))}；"
                "是同一个问题的，留一个就行，措施都对应到它。"
            )
        cure = "请看看那时的措施为什么没有管住，这次的措施要不一样；不是同一个问题的不用管。"
        place = register.place(each.record, "title")
        yield Finding(place, Check.PROBLEM_AGAIN, problem, Severity.HINT, cure=cure)


def _say_past(past: PastProblem) -> str:
    closed = "；".join(shorten(" ".join(each.split()), _LONGEST) for each in past.closed[:_MEASURES_NAMED])
    more = " 等" if len(past.closed) > _MEASURES_NAMED else ""
    return f"{past.source} {named(past.code)}{quote(past.title)}，{past.done}" + (
        f"（{closed}{more}）" if closed else ""
    )
