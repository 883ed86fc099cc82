"""The four rates of a day, each a fraction of its own kind of task: 按期办结率, 销号率, 履行率, 复核率.

One-off, recurring and continuing tasks are never mixed into one percentage. Where a single number is wanted, the rate
of the kind that holds most tasks leads, and is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from taizhang.ledger.vocabulary import Status, TaskKind
from taizhang.supervision.tasks import Task
from taizhang.typed.percentages import share

__all__ = ["Rate", "RateName", "Rates", "count_rates", "has_end", "in_time", "is_due", "sum_rates"]


class RateName(StrEnum):
    """The names of the four rates, in the order in which they are shown."""

    ON_TIME = "按期办结率"
    STRUCK_OFF = "销号率"
    FULFILLED = "履行率"
    REVIEWED = "复核率"

    @property
    def unit(self) -> str:
        """What the rate counts: 项 (tasks), 期 (cycles) or 次 (reviews)."""
        return {RateName.FULFILLED: "期", RateName.REVIEWED: "次"}.get(self, "项")


_LEADING = {
    TaskKind.ONCE: RateName.ON_TIME,
    TaskKind.CYCLE: RateName.FULFILLED,
    TaskKind.LONG_TERM: RateName.REVIEWED,
}
"""The rate that speaks for each kind of task."""


@dataclass(frozen=True, slots=True)
class Rate:
    """One fraction: ``part`` of ``whole``; nothing of nothing has no share."""

    part: int
    whole: int

    @property
    def share(self) -> Fraction | None:
        """The exact share; None if there is nothing to count."""
        return share(self.part, self.whole)

    def __add__(self, other: Rate) -> Rate:
        """Return the fraction of both together."""
        return Rate(self.part + other.part, self.whole + other.whole)

    def __str__(self) -> str:
        """The fraction as printed: 9/12."""
        return f"{self.part}/{self.whole}"


@dataclass(frozen=True, slots=True)
class Rates:
    """The four fractions of some tasks, and the number of tasks of each kind.

    - ``on_time``: one-off tasks with a deadline, applied for or closed by the deadline in force then, of those due:
      the deadline is past, or is today and the task is applied for or closed. Tasks that were closed before the ledger
      began, nobody knows when, are not among them.
    - ``struck_off``: tasks struck off, of those that can be: with an end, and not turned into lasting ones.
    - ``fulfilled``: cycles kept or made up, of closed cycles due.
    - ``reviewed``: reviews held in time, of those due, of continuing tasks that are not struck off.
    """

    on_time: Rate
    struck_off: Rate
    fulfilled: Rate
    reviewed: Rate
    once: int
    recurring: int
    continuing: int

    def of(self, name: RateName) -> Rate:
        """Return the fraction of this name."""
        return {
            RateName.ON_TIME: self.on_time,
            RateName.STRUCK_OFF: self.struck_off,
            RateName.FULFILLED: self.fulfilled,
            RateName.REVIEWED: self.reviewed,
        }[name]

    def number_of(self, kind: TaskKind) -> int:
        """Return how many of the tasks are of this kind."""
        numbers = {TaskKind.ONCE: self.once, TaskKind.CYCLE: self.recurring, TaskKind.LONG_TERM: self.continuing}
        return numbers.get(kind, 0)

    @property
    def kind(self) -> TaskKind:
        """The kind that holds most of the tasks; of equal ones the first of 一次, 周期, 长期."""
        return max(_LEADING, key=self.number_of)

    @property
    def lead(self) -> RateName:
        """The rate that leads where one number is wanted: that of the kind that holds most of the tasks."""
        return _LEADING[self.kind]

    def __add__(self, other: Rates) -> Rates:
        """Return the rates of both groups of tasks together."""
        return Rates(
            self.on_time + other.on_time,
            self.struck_off + other.struck_off,
            self.fulfilled + other.fulfilled,
            self.reviewed + other.reviewed,
            self.once + other.once,
            self.recurring + other.recurring,
            self.continuing + other.continuing,
        )


def has_end(task: Task) -> bool:
    """Whether a task is done one day: one-off, or recurring with an end. It has a place in a plan of what is left."""
    return task.counts_as is TaskKind.ONCE or (task.recurring and task.due is not None)


def count_rates(tasks: Sequence[Task], as_of: date) -> Rates:
    """Return the four rates of some tasks on a day; principles do not belong in it."""
    kinds = [task.counts_as for task in tasks]
    once = [task for task, kind in zip(tasks, kinds, strict=True) if kind is TaskKind.ONCE]
    due = [task for task in once if is_due(task, as_of)]
    closable = [task for task in tasks if task.closable]
    duties = [task.duty for task in tasks if task.duty]
    reviews = [task.review for task in tasks if task.review and task.status is not Status.STRUCK_OFF]
    return Rates(
        on_time=Rate(sum(in_time(task) for task in due), len(due)),
        struck_off=Rate(sum(task.status is Status.STRUCK_OFF for task in closable), len(closable)),
        fulfilled=Rate(sum(duty.fulfilled for duty in duties), sum(duty.due for duty in duties)),
        reviewed=Rate(sum(review.in_time for review in reviews), sum(review.due for review in reviews)),
        once=len(once),
        recurring=kinds.count(TaskKind.CYCLE),
        continuing=kinds.count(TaskKind.LONG_TERM),
    )


def is_due(task: Task, as_of: date) -> bool:
    """Whether the deadline in force is past; one of today counts once the task is applied for or closed.

    A task closed before the ledger began, on a day that nobody knows, was due on none.
    """
    if task.due is None or (task.closed and task.applied is None):
        return False
    return task.due < as_of or (task.due == as_of and task.applied is not None)


def in_time(task: Task) -> bool:
    """Whether the task was applied for, or closed, by the deadline in force on that day."""
    return task.applied is not None and not task.applied_late


def sum_rates(groups: Iterable[Rates]) -> Rates:
    """Return the rates of several groups of tasks together."""
    none = Rate(0, 0)
    return sum(groups, Rates(none, none, none, none, 0, 0, 0))
