"""Close-outs (〈销号审核〉): what each row decides on which day, and each task's resulting state on a day.

A row is one round of the procedure: 申请, 初审, 领导审核, 党委审定, 回头看. It can make up to two decisions:

- Approval or return. It approves (同意销号, 转长期坚持) on its 党委审定日期; it approves nothing without that date, or
  if it was returned at the first review. It returns (初审 or 结论 退回) on the date of its last step that has one.
- 沿用原台账 is such an approval without any step: the office's earlier table says that the task is closed. Its date may
  be unknown; then the task has been closed since before the ledger began (``BEFORE``).
- Relapse (回头看 反弹), on its 回头看日期, else on the date that a return would have; never before its 党委审定日期.

A date that cannot be read counts as missing; a row without any date decides nothing. Decisions dated after the day in
question are ignored. The latest decision by date counts, whatever the order of the rows; on the same day 退回 and 反弹
win, since a task in doubt is not 办结. A review (〈复核记录〉) that finds 反弹 is such a decision too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from taizhang.forms.register_names import CLOSEOUTS, REVIEWS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import Conclusion, FirstReview, Recheck, ReviewFinding, Status
from taizhang.supervision.reviews import read_reviews
from taizhang.supervision.task_rows import CellOf, code_of, read_rows
from taizhang.typed.dates import months_later
from taizhang.typed.text import as_text, clean_key
from taizhang.typed.workdays import UnknownYear, Workdays

__all__ = [
    "BEFORE", "Closeout", "Decision", "RecheckDue", "Standing", "Step", "Waiting", "is_inherited", "read_closeouts",
    "recheck_due", "standings", "standings_on", "waiting_on",
]  # fmt: skip


BEFORE = date.min
"""The day of a decision of unknown date that was made before the ledger began."""


class Step(StrEnum):
    """A step of closing a task that somebody has to take; the department's own is the application."""

    FIRST_REVIEW = "办公室初审"
    LEADER = "分管领导审核"
    COMMITTEE = "党委审定"


@dataclass(frozen=True)
class Decision:
    """A decision of one row: ``status`` is the status it confirms from ``day`` on; None for 退回 and 反弹.

    ``register`` is the name of the register that holds the row with the ``code``.
    """

    day: date
    status: Status | None
    words: str
    code: str
    register: str = CLOSEOUTS

    @property
    def day_words(self) -> str:
        """The day in words."""
        return "没有写日期" if self.day == BEFORE else str(self.day)


@dataclass(frozen=True)
class Closeout:
    """One row of 〈销号审核〉. Missing or unreadable values are None or empty; without a code, ``code`` is 第 N 行."""

    record: Record
    code: str
    task: str = ""
    department: str = ""
    applied: date | None = None
    first_review: FirstReview | None = None
    first_date: date | None = None
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
    def inherited(self) -> bool:
        """Whether the row only says that the office's earlier table has the task as closed."""
        return self.conclusion is Conclusion.INHERITED

    @property
    def sent_back(self) -> bool:
        """Whether the application was returned, at the first review or by the conclusion."""
        return self.first_review is FirstReview.RETURNED or self.conclusion is Conclusion.RETURNED

    def decided_by(self, day: date) -> bool:
        """Whether the row had been agreed to or sent back by a day; sent back without any date counts as decided."""
        days = [each.day for each in self.decisions() if each.words != Recheck.RELAPSED]
        return any(each <= day for each in days) or (self.sent_back and not days)

    def decisions(self) -> Iterator[Decision]:
        """Yield the decisions of the row (none, one or two)."""
        last = self.committee_date or self.leader_date or self.first_date or self.applied
        if self.sent_back:
            if last:
                yield Decision(last, None, Conclusion.RETURNED, self.code)
        elif self.conclusion and self.agrees and (self.committee_date or self.inherited):
            yield Decision(self.committee_date or BEFORE, self.conclusion.status, self.conclusion, self.code)
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


@lru_cache(maxsize=2)
def read_closeouts(ledger: Ledger) -> tuple[Closeout, ...]:
    """Return the rows of 〈销号审核〉 in sheet order; empty if the ledger has no such sheet."""
    return read_rows(ledger, CLOSEOUTS, _closeout_of)


def _closeout_of(record: Record, value: CellOf) -> Closeout:
    return Closeout(
        record=record,
        code=code_of(record),
        task=value("task") or "",
        department=value("department") or "",
        applied=value("applied"),
        first_review=value("first_review") and FirstReview(value("first_review")),
        first_date=value("first_date"),
        leader_date=value("leader_date"),
        committee_date=value("committee_date"),
        conclusion=value("conclusion") and Conclusion(value("conclusion")),
        recheck_date=value("recheck_date"),
        recheck_result=value("recheck_result") and Recheck(value("recheck_result")),
    )


def is_inherited(record: Record) -> bool:
    """Whether a row of 〈销号审核〉 only says that the office's earlier table has its task as closed."""
    return clean_key(as_text(record.cells.get("conclusion"))) == Conclusion.INHERITED


@lru_cache(maxsize=4)
def standings_on(ledger: Ledger, as_of: date) -> Mapping[str, Standing]:
    """Return, by task code, the state on a day of every task that a close-out or a relapse decided by then."""
    relapses = [
        (task, Decision(each.day, None, Recheck.RELAPSED, each.code, REVIEWS))
        for task, rows in read_reviews(ledger).items()
        for each in rows
        if each.day and each.finding is ReviewFinding.RELAPSED
    ]
    return standings(read_closeouts(ledger), as_of, relapses)


def standings(
    closeouts: Iterable[Closeout], as_of: date, others: Iterable[tuple[str, Decision]] = ()
) -> Mapping[str, Standing]:
    """Return, by task code, the state on a day of every task with a decision up to that day.

    ``others`` are decisions that no close-out made, each with its task.
    """
    every = [*((closeout.task, each) for closeout in closeouts for each in closeout.decisions()), *others]
    decisions = [(task, each) for task, each in every if task and each.day <= as_of]
    found: dict[str, Standing] = {}
    for task, each in sorted(decisions, key=lambda pair: (pair[1].day, not pair[1].status)):
        before = found.get(task)
        if not each.status:
            found[task] = Standing(each, frozenset(), None)
            continue
        same_day = before.confirmed if before and before.last.day == each.day else frozenset()
        found[task] = Standing(each, same_day | {each.status}, before.since if before and before.since else each.day)
    return found


@dataclass(frozen=True)
class Waiting:
    """An application that waits for a step: since the step before it, in working days, with the limit of 参数.

    ``unknown_year`` is the first year on the way whose days off are not in 参数, None if all are. With one, ``days`` is
    None, or counts the years before it if these alone are over the limit. ``applied`` is the day of the application.
    """

    closeout: Closeout
    step: Step
    since: date
    applied: date
    days: int | None
    limit: int
    unknown_year: int | None = None

    @property
    def over(self) -> bool:
        """Whether the step has waited longer than its limit."""
        return self.days is not None and self.days > self.limit

    @property
    def days_words(self) -> str:
        """The working days in words, 至少 if a year on the way is not counted; empty if they are unknown."""
        if self.days is None:
            return ""
        return f"{'至少 ' if self.unknown_year else ''}{self.days} 个工作日"


def waiting_on(rows: Iterable[Closeout], as_of: date, workdays: Workdays, limits: Thresholds) -> Waiting | None:
    """Return what the open application of a task waits for on a day; None if there is none, or the latest is decided.

    ``rows`` are the close-outs of one task. Of applications made again before the first was decided, the first counts:
    the task has waited since then. A step without a date counts from the last dated step before it.
    """
    made = sorted((each for each in rows if each.applied and each.applied <= as_of), key=_by_application)
    last = None
    for each in reversed(made):
        if each.decided_by(as_of):
            break
        last = each
    if last is None or last.applied is None:
        return None
    applied = since = last.applied
    step, limit = Step.FIRST_REVIEW, limits.first_review_days
    if last.first_review is FirstReview.PASSED and (last.first_date is None or last.first_date <= as_of):
        step, since, limit = Step.LEADER, last.first_date or since, limits.leader_days
        if last.leader_date and last.leader_date <= as_of:
            step, since, limit = Step.COMMITTEE, last.leader_date, limits.committee_days
    unknown = None
    try:
        days = workdays.between(since, as_of)
    except UnknownYear as error:
        unknown, days = error.year, _at_least(since, error.year, workdays)
        days = days if days > limit else None
    return Waiting(last, step, since, applied, days, limit, unknown)


def _by_application(closeout: Closeout) -> date:
    return closeout.applied or date.min


def _at_least(since: date, unknown: int, workdays: Workdays) -> int:
    """Return the working days from a day to the end of the year before one whose days off are unknown."""
    try:
        return workdays.between(since, date(unknown - 1, 12, 31))
    except UnknownYear:
        return 0


@dataclass(frozen=True)
class RecheckDue:
    """A close-out that may be looked back at (回头看): from ``first`` on, and at the latest on ``last``."""

    closeout: Closeout
    first: date
    last: date


def recheck_due(closeout: Closeout, as_of: date, limits: Thresholds) -> RecheckDue | None:
    """Return when a close-out in force is to be looked back at, if it has not been by a day and its time has come."""
    day = closeout.committee_date
    if not closeout.agrees or closeout.inherited or closeout.sent_back or day is None:
        return None
    first, last = months_later(day, limits.recheck_from), months_later(day, limits.recheck_by)
    done = closeout.recheck_result and closeout.recheck_date is not None and closeout.recheck_date <= as_of
    return None if done or as_of < first else RecheckDue(closeout, first, last)
