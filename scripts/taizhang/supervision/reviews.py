"""Reviews (〈复核记录〉) of continuing duties: when the next one is due, which were in time, and what they found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from taizhang.forms.register_names import REVIEWS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import ReviewFinding
from taizhang.supervision.task_rows import CellOf, by_task, code_of, read_rows
from taizhang.typed.cycles import CycleKind
from taizhang.typed.dates import months_later
from taizhang.typed.readings import shown
from taizhang.typed.text import printable

__all__ = ["Review", "ReviewState", "read_reviews", "review_state", "unanswered_day"]


@dataclass(frozen=True, slots=True)
class Review:
    """One row of 〈复核记录〉; it counts from its date on, if it has a date and a finding."""

    record: Record
    code: str
    task: str
    day: date | None
    post: str
    finding: ReviewFinding | None
    found: str


@dataclass(frozen=True, slots=True)
class ReviewState:
    """How the reviews of a task stand on a day.

    ``next`` is the day the next one is due, counted from ``since``; ``last`` the last one held. ``overdue`` is in days,
    0 on the due day; ``long_overdue``: by more than the interval, or the days that 参数 gives. ``due`` counts the
    reviews that were due and ``in_time`` those held on or before their day. ``relapsed``: the last review found that
    the problem is back (反弹), and nothing has been decided since.
    """

    interval: CycleKind
    since: date
    next: date
    last: Review | None
    due: int
    in_time: int
    overdue: int
    long_overdue: bool
    relapsed: bool

    @property
    def wavering(self) -> bool:
        """Whether the last review found that the problem came back in places (有反复)."""
        return self.last is not None and self.last.finding is ReviewFinding.WAVERING


@lru_cache(maxsize=2)
def read_reviews(ledger: Ledger) -> Mapping[str, tuple[Review, ...]]:
    """Return the rows of 〈复核记录〉 by task code; empty if the ledger has no such sheet."""
    return by_task(read_rows(ledger, REVIEWS, _review_of))


def _review_of(record: Record, value: CellOf) -> Review:
    return Review(
        record=record,
        code=code_of(record),
        task=value("task") or "",
        day=value("date"),
        post=printable(shown(value("post") or "")),
        finding=value("finding") and ReviewFinding(value("finding")),
        found=printable(shown(value("found") or "")),
    )


def review_state(
    reviews: Iterable[Review],
    interval: CycleKind,
    start: date,
    decided: Iterable[date],
    typed: date | None,
    as_of: date,
    late_days: int,
    pauses: Iterable[tuple[date, date]] = (),
) -> ReviewState:
    """Return how the reviews of a task stand on a day.

    Each due day follows from the day before it: the start, a decision 转长期坚持 (``decided``) or a review, whichever
    is latest. A ``typed`` next review overrides one due day, that which follows the last of these days before it: also
    after the review that answers it, or a late one would become one in time. A due day in one of the ``pauses`` (first
    day, last day) has as many days left after the pause as it had when the pause began.

    One review is counted for each that was owed: one held within half an interval of the last that counts, and not
    asked for by a typed day, looks at the same thing once more.
    """
    held = sorted((each for each in reviews if each.day and each.finding and each.day <= as_of), key=_by_day)
    days = _days_counted_from(held, start, decided, as_of)
    overridden = max((day for day, _ in days if typed and day < typed), default=None)
    stops = sorted(pauses)

    def following(day: date) -> date:
        due = typed if typed and day == overridden else months_later(day, interval.months)
        for first, last in stops:
            if first <= due <= last:
                due += last - first + timedelta(days=1)
        return due

    due_days, in_time, counted = 0, 0, date.min
    for (before, _), (day, is_review) in pairwise(days):
        asked = before == overridden and typed is not None and day >= typed
        if is_review and (asked or 2 * (day - counted) >= months_later(day, interval.months) - day):
            due_days, in_time, counted = due_days + 1, in_time + (day <= following(before)), day
    last, last_day = held[-1] if held else None, days[-1][0]
    upcoming = following(last_day)
    overdue = max(0, (as_of - upcoming).days)
    limit = min(months_later(upcoming, interval.months), upcoming + timedelta(days=late_days))
    return ReviewState(
        interval=interval,
        since=last_day,
        next=upcoming,
        last=last,
        due=due_days + bool(overdue),
        in_time=in_time,
        overdue=overdue,
        long_overdue=as_of > limit,
        relapsed=last is not None and last.finding is ReviewFinding.RELAPSED and last.day == last_day,
    )


def unanswered_day(reviews: Iterable[Review], typed: date | None, as_of: date) -> date | None:
    """Return a typed next review that no review held since then has answered; None if there is none."""
    held = (each.day for each in reviews if each.day and each.finding and each.day <= as_of)
    return None if typed is None or any(day >= typed for day in held) else typed


def _by_day(review: Review) -> date:
    return review.day or date.min


def _days_counted_from(
    held: Sequence[Review], start: date, decided: Iterable[date], as_of: date
) -> list[tuple[date, bool]]:
    """Return the days that due days are counted from, in order: the start, then decisions and reviews (True)."""
    days = [(_by_day(each), True) for each in held if _by_day(each) >= start]
    return sorted([(start, False), *days, *((day, False) for day in decided if start < day <= as_of)])
