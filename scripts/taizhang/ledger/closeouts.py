"""〈销号审核〉: what each row decides and on which day, and how each task stands by these decisions on a day.

A row is one round of the procedure: 申请, 初审, 领导审核, 党委审定, 回头看. It can decide two things, each on a day:

- It agrees (同意销号, 转长期坚持) on its 党委审定日期; without that date, or sent back at the first review, it agrees to nothing.
  It sends back (初审 or 结论 退回) on its 党委审定日期, else 分管领导审核日期, else 申请日期.
- It relapses (回头看 反弹) on its 回头看日期, else on the last of the dates just named, and never before the decision it is about.

A date that is missing or cannot be read is no date; what has none at all decides nothing. What is dated after the day has not happened.
The last decision by date rules, in whatever order the rows stand; of those on one day 退回 and 反弹 rule, since what is in doubt is not
办结.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from taizhang.forms.registers import CLOSEOUTS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import Conclusion, FirstReview, Recheck, Status

__all__ = ["Closeout", "Decision", "Standing", "read_closeouts", "standings"]


@dataclass(frozen=True)
class Decision:
    """What a row decided on a day: ``status`` is what the task may be called from then on, None after 退回 and 反弹."""

    day: date
    status: Status | None
    words: str
    code: str


@dataclass(frozen=True)
class Closeout:
    """One row of 〈销号审核〉 as it was read; what is missing or cannot be read is None or empty, a missing ``code`` says the row."""

    record: Record
    code: str
    task: str = ""
    department: str = ""
    applied: date | None = None
    first_review: FirstReview | None = None
    leader_date: date | None = None
    committee_date: date | None = None
    conclusion: Conclusion | None = None
    recheck_date: date | None = None
    recheck_result: Recheck | None = None

    @property
    def agrees(self) -> bool:
        """Whether the conclusion closes the task, be the steps before it in order or not."""
        return bool(self.conclusion and self.conclusion.status)

    @property
    def sent_back(self) -> bool:
        """Whether the application went back, at the first review or in the end."""
        return self.first_review is FirstReview.RETURNED or self.conclusion is Conclusion.RETURNED

    def decisions(self) -> Iterator[Decision]:
        """Yield what the row decides (none, one or two things)."""
        last = self.committee_date or self.leader_date or self.applied
        if self.sent_back:
            if last:
                yield Decision(last, None, Conclusion.RETURNED, self.code)
        elif self.conclusion and self.agrees and self.committee_date:
            yield Decision(self.committee_date, self.conclusion.status, self.conclusion, self.code)
        days = [day for day in (self.recheck_date or last, self.committee_date) if day]
        if self.recheck_result is Recheck.RELAPSED and days:
            yield Decision(max(days), None, Recheck.RELAPSED, self.code)


@dataclass(frozen=True)
class Standing:
    """How a task stands on a day: the ``last`` decision, the statuses that are confirmed (none after 退回 and 反弹), and since when
    it has been closed without a break."""

    last: Decision
    confirmed: frozenset[Status]
    since: date | None


@lru_cache(maxsize=1)
def read_closeouts(ledger: Ledger) -> tuple[Closeout, ...]:
    """Return the rows of 〈销号审核〉 in their order; none where the ledger has no such sheet."""
    register = ledger.registers.get(CLOSEOUTS)
    if register is None:
        return ()

    def read(record: Record) -> Closeout:
        def meaning(key: str) -> Any:
            return ledger.meaning(register, record, key)

        return Closeout(
            record=record,
            code=record.code or f"第 {record.row} 行",
            task=meaning("task") or "",
            department=meaning("department") or "",
            applied=meaning("applied"),
            first_review=meaning("first_review") and FirstReview(meaning("first_review")),
            leader_date=meaning("leader_date"),
            committee_date=meaning("committee_date"),
            conclusion=meaning("conclusion") and Conclusion(meaning("conclusion")),
            recheck_date=meaning("recheck_date"),
            recheck_result=meaning("recheck_result") and Recheck(meaning("recheck_result")),
        )

    return tuple(map(read, register.records))


def standings(closeouts: Iterable[Closeout], as_of: date) -> Mapping[str, Standing]:
    """Return how each task stands that anything was decided about up to a day, by its code."""
    decisions = [
        (closeout.task, each)
        for closeout in closeouts
        for each in closeout.decisions()
        if closeout.task and each.day <= as_of
    ]
    found: dict[str, Standing] = {}
    for task, each in sorted(decisions, key=lambda pair: (pair[1].day, not pair[1].status)):
        before = found.get(task)
        if not each.status:
            found[task] = Standing(each, frozenset(), None)
            continue
        same_day = before.confirmed if before and before.last.day == each.day else frozenset()
        found[task] = Standing(each, same_day | {each.status}, before.since if before and before.since else each.day)
    return found
