"""Tasks on a day: status, progress, deadline and light of each, as confirmed by the office.

办结 = 已销号 + 长期坚持, each confirmed by the latest decision of 〈销号审核〉 up to the day (``closeouts.py``). Until
then a task that a department reports as done counts as 待审核.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from typing import Any

from taizhang.forms.register_names import TASKS
from taizhang.ledger.cell_values import read_value, start_of
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import Settings, Thresholds
from taizhang.ledger.vocabulary import Light, Status, TaskKind
from taizhang.supervision.closeouts import Standing, read_closeouts, standings
from taizhang.typed.deadlines import Deadline
from taizhang.typed.percentages import percent, share
from taizhang.typed.readings import shown
from taizhang.typed.text import means_nothing, printable
from taizhang.workbook.places import Place

__all__ = ["OPEN_DEPARTMENT", "Task", "Trigger", "read_tasks", "time_progress"]

OPEN_DEPARTMENT = "待明确"
"""Shown on sheets for a task without a known department; not a department itself."""

DECIDING = frozenset({"status", "progress", "kind", "department", "start", "deadline", "review_cycle", "next_review"})
"""Columns that decide a task's light: if one of them is unread, only lateness can still be established."""


class Trigger(StrEnum):
    """The reason for a task's light.

    ``UNREPORTED``: progress is expected by now and none is reported; a blank is not read as 0 %. It is a lapse, as are
    ``BEHIND`` and ``REVIEW_MISSED``; ``DUE_SOON`` is not.
    """

    NONE = ""
    LATE = "逾期"
    BEHIND = "落后序时"
    UNREPORTED = "进度未填报"
    REVIEW_MISSED = "复核超期"
    DUE_SOON = "临近时限"
    UNSETTLED = "责任或时限待明确"
    UNREAD = "有公式没有结果"


@dataclass(frozen=True)
class Task:
    """One task on a day. ``status`` is the one that counts: an unconfirmed close-out is still 已完成 (待审核).

    ``progress`` is the reported percentage points, ``expected`` the exact share of its time that has passed; both
    are None, not 0, if unknown. ``status`` is 未启动 if it is blank or cannot be read (not ``reported``).
    ``overdue`` is the number of days past the deadline, or 0. ``review_cycle`` (季) comes from the deadline's words or
    from its own column. ``department`` is empty if 参数 does not list it. ``unsettled``: not closed, and without a
    department, or without any of deadline, 长期坚持 and review cycle. ``trigger_count`` is the days late, percentage
    points behind or days left of its trigger, 0 for other triggers. Personal data is removed from texts, so that no
    sheet repeats it.
    """

    code: str
    record: Record
    place: Place
    statement: str
    group: str
    problems: tuple[str, ...]
    leader: str
    department: str
    kind: TaskKind | None
    start: date | None
    deadline: Deadline | None
    review_cycle: str
    status: Status
    reported: bool
    progress: Decimal | None
    expected: Fraction | None
    overdue: int
    unsettled: bool
    light: Light
    trigger: Trigger
    trigger_count: int
    closed_on: date | None
    next_review: date | None
    update: str
    obstacle: str
    next_step: str
    evidence: str

    @property
    def reason(self) -> str:
        """The trigger of the light in words, e.g. ``逾期3天``; empty for a light without one."""
        match self.trigger:
            case Trigger.LATE:
                return f"逾期{self.trigger_count}天"
            case Trigger.BEHIND:
                return f"落后序时{self.trigger_count}个百分点"
            case Trigger.DUE_SOON:
                return f"{self.trigger_count}天内到期" if self.trigger_count else "今日到期"
        return self.trigger.value

    @property
    def due(self) -> date | None:
        """The deadline as a day; None if unknown."""
        return self.deadline.date if self.deadline else None

    @property
    def closed(self) -> bool:
        """Whether the task counts as 办结."""
        return self.status.closed

    @property
    def counted(self) -> bool:
        """Whether the task counts in rates: all do but principles, which are tracked through other tasks."""
        return self.kind is not TaskKind.PRINCIPLE

    @property
    def progress_shown(self) -> int | None:
        """The progress in whole per cent, as printed; None if none is reported."""
        return percent(self.progress, 100)

    @property
    def behind(self) -> Fraction:
        """Percentage points that the progress is behind the time passed; negative if it is ahead.

        0 if the task is reported done, or if its progress or dates are unknown.
        """
        return _points_behind(self.status, self.expected, self.progress)


def time_progress(start: date | None, due: date | None, as_of: date) -> Fraction | None:
    """Return 序时进度, (as-of - start) / (due - start) clipped to 0-1, exactly.

    None if start or due is unknown, or due is before start.
    """
    if start is None or due is None or due < start:
        return None
    passed = share((as_of - start).days, (due - start).days)
    return Fraction(as_of >= due) if passed is None else max(Fraction(0), min(Fraction(1), passed))


def _points_behind(status: Status, expected: Fraction | None, progress: Decimal | None) -> Fraction:
    if expected is None or progress is None or status.done:
        return Fraction(0)
    return expected * 100 - Fraction(progress)


def read_tasks(ledger: Ledger, as_of: date) -> list[Task]:
    """Return every task of 整改任务 on a day, in ledger order."""
    return list(_tasks(ledger, as_of))


@lru_cache(maxsize=1)
def _tasks(ledger: Ledger, as_of: date) -> tuple[Task, ...]:
    """Return the tasks, cached because every check asks for the same ledger and day."""
    register = ledger.registers.get(TASKS)
    if register is None:
        return ()
    standing = standings(read_closeouts(ledger), as_of)
    return tuple(
        _make_task(register, record, ledger.settings, standing.get(record.code), as_of)
        for record in register.records
        if record.code
    )


def _read_values(register: Register, record: Record, settings: Settings, start: date | None = None) -> dict[str, Any]:
    return {
        key: read_value(register.form.column(key), raw, settings, start=start).value
        for key, raw in record.cells.items()
    }


def _make_task(register: Register, record: Record, settings: Settings, standing: Standing | None, as_of: date) -> Task:
    start = start_of(register.form, record.cells, settings)
    values = _read_values(register, record, settings, start)
    written = Status(values.get("status") or Status.NOT_STARTED)
    confirmed = standing.confirmed if standing else frozenset()
    status = Status.DONE if written.closed and written not in confirmed else written
    deadline: Deadline | None = values.get("deadline")
    due = deadline.date if deadline else None
    progress = Decimal(100) if status.closed else values.get("progress")
    expected = None if "progress" in record.unread else time_progress(start, due, as_of)
    done = status.done or "status" in record.unread
    late = (as_of - due).days if due and as_of > due and not done else 0

    def text(key: str) -> str:
        return printable(shown(values.get(key) or ""))

    department = text("department")
    if department == OPEN_DEPARTMENT or means_nothing(department):
        department = ""
    review_cycle = (deadline and deadline.review_cycle) or text("review_cycle")
    settled = department and (due or (deadline and deadline.ongoing) or review_cycle)
    unsettled = not settled and not status.closed
    limits, review = settings.thresholds, values.get("next_review")
    light, trigger, trigger_count = _judge_light(status, due, review, progress, expected, late, limits, as_of)
    if light == Light.GREEN and unsettled:
        light, trigger, trigger_count = Light.OPEN, Trigger.UNSETTLED, 0
    if record.unread & DECIDING and not status.closed and not late:
        light, trigger, trigger_count = Light.OPEN, Trigger.UNREAD, 0

    return Task(
        code=record.code,
        record=record,
        place=register.place(record),
        statement=text("statement"),
        group=text("group"),
        problems=values.get("problems") or (),
        leader=text("leader"),
        department=department,
        kind=TaskKind(kind) if (kind := text("kind")) else None,
        start=start,
        deadline=deadline and replace(deadline, words=shown(deadline.words)),
        review_cycle=review_cycle,
        status=status,
        reported=bool(values.get("status")),
        progress=progress,
        expected=expected,
        overdue=late,
        unsettled=unsettled,
        light=light,
        trigger=trigger,
        trigger_count=trigger_count,
        closed_on=standing.since if standing and status.closed else None,
        next_review=values.get("next_review"),
        update=text("update"),
        obstacle=text("obstacle"),
        next_step=text("next_step"),
        evidence=text("evidence"),
    )


def _judge_light(
    status: Status,
    due: date | None,
    review: date | None,
    progress: Decimal | None,
    expected: Fraction | None,
    late: int,
    limits: Thresholds,
    as_of: date,
) -> tuple[Light, Trigger, int]:
    """Return the light, its trigger and the trigger's count (days late, points behind, days left).

    The worst trigger wins; thresholds are in 参数. Exact figures decide, while the points behind are the difference of
    the two rounded figures that sheets print, moved to the right side of the threshold if need be: a red light never
    says 30 if red begins above 30.
    """
    if status.closed:
        if status is Status.ONGOING and review and review < as_of:
            return Light.AMBER, Trigger.REVIEW_MISSED, 0
        return Light.CLOSED, Trigger.NONE, 0
    if late:
        return Light.RED, Trigger.LATE, late
    behind = _points_behind(status, expected, progress)
    printed = (percent(expected) or 0) - (percent(progress, 100) or 0)
    if behind > limits.red_behind:
        return Light.RED, Trigger.BEHIND, max(printed, limits.red_behind + 1)
    if behind >= limits.yellow_behind:
        return Light.AMBER, Trigger.BEHIND, min(max(printed, limits.yellow_behind), limits.red_behind)
    if progress is None and expected and status is not Status.DONE and expected * 100 >= limits.yellow_behind:
        return Light.AMBER, Trigger.UNREPORTED, 0
    if review and review < as_of:
        return Light.AMBER, Trigger.REVIEW_MISSED, 0
    if due and status is not Status.DONE and (due - as_of).days <= limits.due_soon:
        return Light.AMBER, Trigger.DUE_SOON, (due - as_of).days
    return Light.GREEN, Trigger.NONE, 0
