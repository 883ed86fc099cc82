"""Measures: the figures of a day, computed once from the tasks; each rate keeps its numerator and denominator."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from taizhang.dates import month_end
from taizhang.ledger import Ledger
from taizhang.status import STATUSES, Light, Task, percent, read_tasks
from taizhang.text import as_text

__all__ = ["Group", "Measures", "TrendPoint", "measure"]

UNLINKED = "未对应问题"


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one aspect, one department or all: counts of tasks by status and light.

    ``due`` counts tasks whose deadline has passed or is met by closing, ``due_closed`` those of them that are 办结.
    """

    name: str
    problems: int
    tasks: int
    statuses: tuple[int, ...]
    red: int
    amber: int
    open_matters: int
    closed: int
    due: int
    due_closed: int
    overdue: int
    longest: int
    progress: int | None
    expected: int | None

    @property
    def rate(self) -> int | None:
        """办结率: closed of all counted tasks, per cent."""
        return percent(self.closed, self.tasks)

    @property
    def due_rate(self) -> int | None:
        """到期办结率: closed of what was due, per cent."""
        return percent(self.due_closed, self.due)

    @property
    def pending(self) -> int:
        """待审核: reported done, not yet confirmed."""
        return self.statuses[STATUSES.index("已完成")]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """What was left open at a month's end: by plan, and in fact (None after the day of the report)."""

    month: date
    planned: int
    actual: int | None


@dataclass(frozen=True)
class Measures:
    """Everything that the leaders' sheets show for one day."""

    unit: str
    office: str
    as_of: date
    tasks: tuple[Task, ...]
    total: Group
    aspects: tuple[Group, ...]
    departments: tuple[Group, ...]
    trend: tuple[TrendPoint, ...]
    problem_count: int
    problems_closed: int
    planned_closed: int
    closed_this_month: int
    closed_last_month: int
    due_next_month: tuple[Task, ...]
    aspect_of: dict[str, str]
    thresholds: Any

    @property
    def exceptions(self) -> list[Task]:
        """Red tasks by days overdue, then amber ones by deadline."""
        lit = [task for task in self.tasks if task.light in (Light.RED, Light.AMBER)]
        far = date.max
        return sorted(lit, key=lambda t: (t.light != Light.RED, -t.overdue, t.due or far, t.code))


def measure(ledger: Ledger, as_of: date) -> Measures:
    """Return the figures of a ledger on a day."""
    tasks = tuple(task for task in read_tasks(ledger, as_of) if task.counted)
    problems = ledger.registers.get("problems")
    aspect_of_problem = {
        record.code: _short_aspect(ledger, as_text(record.cells.get("aspect", "")))
        for record in (problems.records if problems else ())
        if record.code
    }
    aspect_of = {
        task.code: next((aspect_of_problem[code] for code in task.problems if code in aspect_of_problem), UNLINKED)
        for task in tasks
    }
    names = list(dict.fromkeys(short or name for name, short in ledger.settings.aspects.items()))
    names += [name for name in dict.fromkeys(aspect_of_problem.values()) if name not in names]
    if UNLINKED in aspect_of.values():
        names.append(UNLINKED)
    by_problem: dict[str, list[Task]] = {code: [] for code in aspect_of_problem}
    for task in tasks:
        for code in task.problems:
            by_problem.setdefault(code, []).append(task)
    aspects = tuple(
        _group(
            name,
            [t for t in tasks if aspect_of[t.code] == name],
            as_of,
            sum(v == name for v in aspect_of_problem.values()),
        )
        for name in names
    )
    departments = _departments(tasks, as_of)
    month = as_of.replace(day=1)
    last_month = (month - timedelta(days=1)).replace(day=1)
    next_end = month_end(*((as_of.year, as_of.month + 1) if as_of.month < 12 else (as_of.year + 1, 1)))
    return Measures(
        unit=ledger.settings.unit,
        office=ledger.settings.office,
        as_of=as_of,
        tasks=tasks,
        total=_group("合计", tasks, as_of, len(aspect_of_problem)),
        aspects=aspects,
        departments=departments,
        trend=_trend(tasks, as_of, ledger.settings.year or as_of.year),
        problem_count=len(aspect_of_problem),
        problems_closed=sum(bool(own) and all(t.closed for t in own) for own in by_problem.values()),
        planned_closed=sum(task.due is not None and task.due <= as_of for task in tasks),
        closed_this_month=sum(bool(t.closed_on and t.closed_on >= month) for t in tasks),
        closed_last_month=sum(bool(t.closed_on and last_month <= t.closed_on < month) for t in tasks),
        due_next_month=tuple(t for t in tasks if t.due and as_of <= t.due <= next_end and not t.closed),
        aspect_of=aspect_of,
        thresholds=ledger.settings.thresholds,
    )


def _short_aspect(ledger: Ledger, name: str) -> str:
    return ledger.settings.aspects.get(name.strip()) or name.strip() or UNLINKED


def _group(name: str, tasks: Sequence[Task], as_of: date, problems: int = 0) -> Group:
    due = [t for t in tasks if t.due and (t.due < as_of or (t.due == as_of and t.closed))]
    with_plan = [t for t in tasks if t.expected is not None]
    return Group(
        name=name,
        problems=problems,
        tasks=len(tasks),
        statuses=tuple(sum(t.status == status for t in tasks) for status in STATUSES),
        red=sum(t.light == Light.RED for t in tasks),
        amber=sum(t.light == Light.AMBER for t in tasks),
        open_matters=sum(t.light == Light.OPEN for t in tasks),
        closed=sum(t.closed for t in tasks),
        due=len(due),
        due_closed=sum(t.closed for t in due),
        overdue=sum(t.overdue > 0 for t in tasks),
        longest=max((t.overdue for t in tasks), default=0),
        progress=percent(int(sum(t.progress or 0 for t in with_plan)), 100 * len(with_plan)),
        expected=percent(sum(t.expected or 0 for t in with_plan), 100 * len(with_plan)),
    )


def _departments(tasks: Sequence[Task], as_of: date) -> tuple[Group, ...]:
    """Departments, best first: 到期办结率, then shortest delay, 办结率, progress, number of tasks."""
    import pandas as pd

    if not tasks:
        return ()
    frame = pd.DataFrame({"department": [t.department or "待明确" for t in tasks], "task": tasks})
    groups = [_group(str(name), list(own["task"]), as_of) for name, own in frame.groupby("department", sort=True)]

    def rank(group: Group) -> tuple[Any, ...]:
        rate = -1 if group.due_rate is None else group.due_rate
        return (-rate, group.longest, -(group.rate or 0), -(group.progress or 0), -group.tasks, group.name)

    return tuple(sorted(groups, key=rank))


def _trend(tasks: Sequence[Task], as_of: date, year: int) -> tuple[TrendPoint, ...]:
    """Return what is left at each month's end of a year: by deadlines, and by the dates of confirmed close-outs."""
    points = []
    for month in range(1, 13):
        end = month_end(year, month)
        planned = sum(not (t.due and t.due <= end) for t in tasks)
        known = end <= as_of or (end.year, end.month) == (as_of.year, as_of.month)
        left = sum(not (t.closed_on and t.closed_on <= end) for t in tasks)
        points.append(TrendPoint(end, planned, left if known else None))
    return tuple(points)
