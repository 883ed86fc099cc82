"""Tasks on a day: status, deadline in force, duties, reviews and light of each, as confirmed by the office.

办结 = 已销号 + 长期坚持, each confirmed by the latest decision of 〈销号审核〉 up to the day (``closeouts.py``). Until
then a task that a department reports as done counts as 待审核.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from taizhang.forms.register_names import TASKS
from taizhang.ledger.cell_values import read_value, start_of
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import Settings
from taizhang.ledger.vocabulary import CARRIED_OVER, Conclusion, Light, Recheck, Status, TaskKind
from taizhang.supervision.closeouts import (
    BEFORE,
    Closeout,
    Decision,
    Standing,
    Waiting,
    read_closeouts,
    standings_on,
    waiting_on,
)
from taizhang.supervision.duties import Duty, count_reported, find_late, read_fulfilments, stand
from taizhang.supervision.extensions import Extension, Term, due_on, read_extensions, term_of
from taizhang.supervision.lights import Facts, Lit, Trigger, judge, points_behind
from taizhang.supervision.proofs import count_proved, cycle_proofs, required_by
from taizhang.supervision.reviews import ReviewState, read_reviews, review_state, unanswered_day
from taizhang.supervision.task_rows import by_task
from taizhang.typed.cycles import CycleKind, cycle_of, read_frequency
from taizhang.typed.deadlines import Deadline, read_deadline
from taizhang.typed.percentages import percent, share
from taizhang.typed.readings import shown
from taizhang.typed.text import as_text, clean_key, means_nothing, printable
from taizhang.workbook.places import Place

__all__ = ["OPEN_DEPARTMENT", "Task", "read_tasks", "tasks_by_code", "time_progress"]

CANNOT_MAKE_UP = "不可以"
"""The choice of 可否补做 for a duty that cannot be made up."""

OPEN_DEPARTMENT = "待明确"
"""Shown on sheets for a task without a known department; not a department itself."""

DECIDING = frozenset({
    "status", "progress", "kind", "department", "start", "deadline", "original_deadline", "review_cycle", "next_review",
    "per_cycle", "make_up",
})  # fmt: skip
"""Columns that decide a task's light: if one of them is unread, only lateness can still be established."""


@dataclass(frozen=True)
class Task:
    """One task on a day. ``status`` is the one that counts: an unconfirmed close-out is still 已完成 (待审核).

    - ``progress`` is the reported percentage points, ``expected`` the exact share of its time that has passed; both
      are None, not 0, if unknown, and of a recurring task, which is counted by cycles. ``status`` is 未启动 if it is
      blank or cannot be read (not ``reported``).
    - ``deadline`` is as written, ``term`` what extensions made of it; ``overdue`` is the days past the deadline in
      force, 0 once the department has applied for the close-out. ``applied`` is the day of the application that
      stands, ``applied_late`` its days past the deadline then (逾期完成), ``waiting`` the step it waits for;
      ``rounds`` counts the applications sent back. ``agreed`` is the decision that closes it while its status does not.
    - ``closed_on`` is the day since which the task is closed; None if it is open. ``inherited``: the office's earlier
      table says that it is closed; if that names no day, ``closed_on`` and ``applied`` are None.
    - ``cycle`` (季) comes from the deadline's words or from 复核周期: of a recurring task (``duty``) how often it is
      due, of a continuing one (``review``) how often it is reviewed.
    - ``department`` is empty if 参数 does not list it. ``unsettled``: not closed, and without a department, or without
      what its kind needs: a cycle, a deadline, 长期坚持.
    - ``lit`` are the lights of all rules that apply, the task's own first; ``trigger_count`` and ``reason`` go with the
      ``trigger`` of that one.

    Personal data is removed from texts, so that no sheet repeats it.
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
    term: Term
    cycle: CycleKind | None
    duty: Duty | None
    review: ReviewState | None
    waiting: Waiting | None
    agreed: Decision | None
    applied: date | None
    applied_late: int
    rounds: int
    status: Status
    reported: bool
    progress: Decimal | None
    expected: Fraction | None
    overdue: int
    unsettled: bool
    lit: tuple[Lit, ...]
    closed_on: date | None
    inherited: bool
    update: str
    obstacle: str
    next_step: str
    help_needed: str
    evidence: str

    @property
    def light(self) -> Light:
        """The light: the worst of all rules that apply."""
        return self.lit[0].light

    @property
    def trigger(self) -> Trigger:
        """What gave the light."""
        return self.lit[0].trigger

    @property
    def trigger_count(self) -> int:
        """The number of the trigger: days late, points behind, occurrences owed; else 0."""
        return self.lit[0].count

    @property
    def reason(self) -> str:
        """The trigger in words, with its number."""
        return self.lit[0].reason

    @property
    def due(self) -> date | None:
        """The deadline in force as a day; None if unknown."""
        return self.term.due

    @property
    def next_review(self) -> date | None:
        """The day the next review is due; None if the task is not reviewed."""
        return self.review.next if self.review else None

    @property
    def recurring(self) -> bool:
        """Whether the task is due again each cycle."""
        return self.kind is TaskKind.CYCLE

    @property
    def counts_as(self) -> TaskKind:
        """The kind that the task counts as: its 任务类型; if that is blank, 长期 if its deadline says so, else 一次."""
        return _kind_in_effect(self.kind, self.deadline)

    @property
    def continuing(self) -> bool:
        """Whether the task goes on without an end and is reviewed."""
        return self.counts_as is TaskKind.LONG_TERM or self.status is Status.ONGOING

    @property
    def closable(self) -> bool:
        """Whether the task can be struck off: done once, or recurring with an end."""
        return not self.continuing and (not self.recurring or self.due is not None)

    @property
    def closed(self) -> bool:
        """Whether the task counts as 办结."""
        return self.status.closed

    @property
    def carried_over(self) -> bool:
        """Whether the task is one that last year's ledger had and that was not finished."""
        return clean_key(as_text(self.record.cells.get("source"))) == CARRIED_OVER

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
        return points_behind(self.status, self.expected, self.progress)


def _kind_in_effect(kind: TaskKind | None, deadline: Deadline | None) -> TaskKind:
    return kind or (TaskKind.LONG_TERM if deadline and deadline.ongoing else TaskKind.ONCE)


def time_progress(start: date | None, due: date | None, as_of: date) -> Fraction | None:
    """Return 序时进度, (as-of - start) / (due - start) clipped to 0-1, exactly.

    None if start or due is unknown, or due is before start.
    """
    if start is None or due is None or due < start:
        return None
    passed = share((as_of - start).days, (due - start).days)
    return Fraction(as_of >= due) if passed is None else max(Fraction(0), min(Fraction(1), passed))


def read_tasks(ledger: Ledger, as_of: date) -> list[Task]:
    """Return every task of 整改任务 on a day, in ledger order."""
    return list(_tasks(ledger, as_of))


@lru_cache(maxsize=4)
def tasks_by_code(ledger: Ledger, as_of: date) -> Mapping[str, Task]:
    """Return the tasks on a day by code, in ledger order; of duplicates the first."""
    found: dict[str, Task] = {}
    for task in _tasks(ledger, as_of):
        found.setdefault(task.code, task)
    return found


@lru_cache(maxsize=4)
def _tasks(ledger: Ledger, as_of: date) -> tuple[Task, ...]:
    """Return the tasks, cached because every check asks for the same ledger and day."""
    register = ledger.registers.get(TASKS)
    if register is None:
        return ()
    standing = standings_on(ledger, as_of)
    rounds = by_task(read_closeouts(ledger))
    return tuple(
        _make_task(ledger, register, record, standing.get(record.code), rounds.get(record.code, ()), as_of)
        for record in register.records
        if record.code
    )


def _read_values(register: Register, record: Record, settings: Settings, start: date | None = None) -> dict[str, Any]:
    return {
        key: read_value(register.form.column(key), raw, settings, start=start).value
        for key, raw in record.cells.items()
    }


def _make_task(
    ledger: Ledger,
    register: Register,
    record: Record,
    standing: Standing | None,
    rounds: Sequence[Closeout],
    as_of: date,
) -> Task:
    settings = ledger.settings
    start = start_of(register.form, record.cells, settings)
    values = _read_values(register, record, settings, start)
    waiting = waiting_on(rounds, as_of, settings.workdays, settings.thresholds)
    status = _status_that_counts(Status(values.get("status") or Status.NOT_STARTED), standing, waiting)
    waiting = None if status.closed else waiting
    deadline: Deadline | None = values.get("deadline")
    extensions = read_extensions(ledger).get(record.code, ())
    applied = waiting.applied if waiting else _applied_when_closed(status, standing, rounds)
    term = term_of(extensions, _original_day(values, deadline, extensions, settings, start), as_of, applied)

    def text(key: str) -> str:
        return printable(shown(values.get(key) or ""))

    kind = TaskKind(kind) if (kind := text("kind")) else None
    continuing = _kind_in_effect(kind, deadline) is TaskKind.LONG_TERM or status is Status.ONGOING
    words = (deadline and deadline.review_cycle) or text("review_cycle")
    cycle = CycleKind(words) if words else None
    begin = start or (date(settings.year, 1, 1) if settings.year else None)
    reviews = read_reviews(ledger).get(record.code, ())
    duty = review = None
    if kind is TaskKind.CYCLE and cycle and begin:
        closed = standing.since if standing and status.closed else None
        duty = _stand_duty(ledger, record, values, cycle, begin, term, closed, as_of)
    if continuing and cycle and begin:
        decided = [each.day for row in rounds for each in row.decisions() if each.status is Status.ONGOING]
        earlier = [day for day in (*decided, *(each.day for each in reviews)) if day and day != BEFORE]
        review = review_state(
            reviews,
            cycle,
            start or min([begin, *earlier]),  # what an earlier year decided or looked at began before this year
            decided,
            values.get("next_review"),
            as_of,
            settings.thresholds.review_late,
            term.pauses,
        )
    due_then = due_on(extensions, term.original, applied) if applied else None
    applied_late = max(0, (applied - due_then).days) if applied and due_then else 0
    progress = None if kind is TaskKind.CYCLE else Decimal(100) if status.closed else values.get("progress")
    unknown = "progress" in record.unread or kind is TaskKind.CYCLE
    expected = None if unknown else time_progress(start, term.due, as_of)
    agreed = standing.last if standing and standing.last.status and not status.closed else None
    spared = status.closed or agreed or waiting or "status" in record.unread or term.paused_until
    late = (as_of - term.due).days if term.due and as_of > term.due and not spared else 0
    department = text("department")
    if department == OPEN_DEPARTMENT or means_nothing(department):
        department = ""
    needed = cycle and begin if kind is TaskKind.CYCLE or continuing else term.due
    unsettled = not (department and needed) and not status.closed
    facts = Facts(
        as_of=as_of,
        status=status,
        due=term.due,
        start=start,
        expected=expected,
        progress=progress,
        late=late,
        applied_late=applied_late,
        waiting=waiting,
        agreed=agreed is not None,
        duty=duty,
        review=review,
        typed_review=unanswered_day(reviews, values.get("next_review"), as_of),
        relapsed=bool(standing and not waiting and _is_relapsed(standing, review)),
        paused_until=term.paused_until,
        schedule=not (kind is TaskKind.CYCLE or (continuing and not term.due)),
    )

    return Task(
        code=record.code,
        record=record,
        place=register.place(record),
        statement=text("statement"),
        group=text("group"),
        problems=values.get("problems") or (),
        leader=text("leader"),
        department=department,
        kind=kind,
        start=start,
        deadline=deadline and replace(deadline, words=shown(deadline.words)),
        term=term,
        cycle=cycle,
        duty=duty,
        review=review,
        waiting=waiting,
        agreed=agreed,
        applied=applied,
        applied_late=applied_late,
        rounds=sum(each.sent_back and each.decided_by(as_of) for each in rounds),
        status=status,
        reported=bool(values.get("status")),
        progress=progress,
        expected=expected,
        overdue=late,
        unsettled=unsettled,
        lit=_lights_of(facts, settings, unsettled=unsettled, unread=bool(record.unread & DECIDING)),
        closed_on=standing.since if standing and status.closed and standing.since != BEFORE else None,
        inherited=bool(status.closed and standing and standing.last.words == Conclusion.INHERITED),
        update=text("update"),
        obstacle=text("obstacle"),
        next_step=text("next_step"),
        help_needed=text("help_needed"),
        evidence=text("evidence"),
    )


def _status_that_counts(written: Status, standing: Standing | None, waiting: Waiting | None) -> Status:
    """Return the status of a task whose ledger says ``written``, by what was decided and applied for."""
    if written.closed and written not in (standing.confirmed if standing else ()):
        written = Status.DONE
    if written is Status.DONE and standing and not standing.last.status and not waiting:
        return Status.UNDER_WAY  # sent back or relapsed, and not applied for since
    return written


def _lights_of(facts: Facts, settings: Settings, *, unsettled: bool, unread: bool) -> tuple[Lit, ...]:
    """Return the lights of a task, its own first; what is unsettled is not green, of what is unread only lateness."""
    if unread and not facts.status.closed and not facts.late:
        return (Lit(Light.OPEN, Trigger.UNREAD, 0, Trigger.UNREAD.value),)
    lit = judge(facts, settings.thresholds, settings.workdays)
    if lit[0].light is Light.GREEN and unsettled:
        return (Lit(Light.OPEN, Trigger.UNSETTLED, 0, Trigger.UNSETTLED.value),)
    return lit


def _is_relapsed(standing: Standing, review: ReviewState | None) -> bool:
    """Whether the last decision was 反弹 and no review has been held since."""
    held = review.last.day if review and review.last else None
    return standing.last.words == Recheck.RELAPSED and not (held and held > standing.last.day)


def _original_day(
    values: Mapping[str, Any],
    deadline: Deadline | None,
    extensions: Sequence[Extension],
    settings: Settings,
    start: date | None,
) -> date | None:
    """Return the deadline before any extension.

    The deadline as first issued counts only if the office has since written the new date of an application into
    完成时限; any other change of that cell is the office's own, and is reported by a check.
    """
    now = deadline.date if deadline else None
    issued = as_text(values.get("original_deadline"))
    if not issued or all(each.until != now for each in extensions):
        return now
    first = read_deadline(issued, year=settings.year, start=start, events=settings.events, workdays=settings.workdays)
    return first.date if first else now


def _applied_when_closed(status: Status, standing: Standing | None, rounds: Sequence[Closeout]) -> date | None:
    """Return the day of the application that led to a close-out, else the day of the close-out; None if not closed."""
    if not status.closed or standing is None:
        return None
    found = next((each for each in rounds if each.code == standing.last.code), None)
    applied = (found.applied if found else None) or standing.since
    return None if applied == BEFORE else applied


def _stand_duty(
    ledger: Ledger,
    record: Record,
    values: Mapping[str, Any],
    cycle: CycleKind,
    begin: date,
    term: Term,
    closed: date | None,
    as_of: date,
) -> Duty:
    """Return the recurring duty of a task: how many a cycle come from 每期次数, from words, or from its proofs.

    The words are those of 复核周期 and of the deadline (每季度至少4次).

    If its proofs ask for different numbers, all of it is to be done once a cycle, whatever 每期次数 says.
    What was done is counted in the register that proves it, else as the department reports it. A task closed before its
    deadline owes nothing from that day on, nor for the cycle that this cuts short.
    """
    code, end, exempt = record.code, term.due, list(term.pauses)
    if closed and (end is None or closed < end):
        end, cut = closed, cycle_of(closed, cycle)
        if closed < cut.last:
            exempt.append((cut.first, cut.last))
    deadline: Deadline | None = values.get("deadline")
    words = (as_text(record.cells.get("review_cycle")), deadline.words if deadline else "")
    said = next((found for each in words if (found := read_frequency(each)) and found[0] is cycle), None)
    proofs = cycle_proofs(ledger, code, cycle)
    number, asked = 1, required_by(proofs)
    if asked is not None:
        number = values.get("per_cycle") or (said[1] if said else asked)
    reported = read_fulfilments(ledger).get(code, ())
    done = count_proved(ledger, proofs, cycle, as_of) if proofs else count_reported(reported, cycle, as_of)
    late = () if proofs else find_late(reported, cycle, as_of)
    return stand(
        cycle,
        int(number),
        (begin, end),
        done,
        as_of,
        late=late,
        can_make_up=values.get("make_up") != CANNOT_MAKE_UP,
        exempt=exempt,
    )
