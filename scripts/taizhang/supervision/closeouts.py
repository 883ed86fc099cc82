"""Close-outs (〈销号审核〉): what each row decides on which day, and each task's resulting state on a day.

A row is one round of the procedure: 申请, 初审, 领导审核, 党委审定, 回头看. It can make up to two decisions:

- Approval or return. It approves (同意销号, 转长期坚持) on its 党委审定日期; it approves nothing without that date, or
  if it was returned at the first review. It returns (初审 or 结论 退回) on its 党委审定日期, else 分管领导审核日期,
  else 申请日期.
- Relapse (回头看 反弹), on its 回头看日期, else on the date that a return would have; never before its 党委审定日期.

A date that cannot be read counts as missing; a row without any date decides nothing. Decisions dated after the day in
question are ignored. The latest decision by date counts, whatever the order of the rows; on the same day 退回 and 反弹
win, since a task in doubt is not 办结.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from taizhang.forms.register_names import CLOSEOUTS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import Conclusion, FirstReview, Recheck, Status

__all__ = ["Closeout", "Decision", "Standing", "read_closeouts", "standings"]


@dataclass(frozen=True)
class Decision:
    """A decision of one row: ``status`` is the status it confirms from ``day`` on; None for 退回 and 反弹."""

    day: date
    status: Status | None
    words: str
    code: str


@dataclass(frozen=True)
class Closeout:
    """One row of 〈销号审核〉. Missing or unreadable values are None or empty; without a code, ``code`` is 第 N 行."""

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
        """Whether the conclusion closes the task, regardless of whether the steps before it are in order."""
        return bool(self.conclusion and self.conclusion.status)

    @property
    def sent_back(self) -> bool:
        """Whether the application was returned, at the first review or by the conclusion."""
        return self.first_review is FirstReview.RETURNED or self.conclusion is Conclusion.RETURNED

    def decisions(self) -> Iterator[Decision]:
        """Yield the decisions of the row (none, one or two)."""
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
    """A task's state on a day by its decisions.

    ``last`` is the latest decision, ``confirmed`` the statuses it confirms (none after 退回 and 反弹), ``since`` the
    first day of the unbroken time that the task has been closed.
    """

    last: Decision
    confirmed: frozenset[Status]
    since: date | None


@lru_cache(maxsize=1)
def read_closeouts(ledger: Ledger) -> tuple[Closeout, ...]:
    """Return the rows of 〈销号审核〉 in sheet order; empty if the ledger has no such sheet."""
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
    """Return, by task code, the state on a day of every task with a decision up to that day."""
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
