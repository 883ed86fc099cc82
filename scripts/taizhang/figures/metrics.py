"""Metrics: all task figures of a day, computed once; each rate keeps its numerator and denominator."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import Any

from taizhang.figures.attention import Attention, gather_attention
from taizhang.figures.boards import Boards, make_boards
from taizhang.figures.coverage import Coverage, Problem, Snapshot, cover, take_snapshots
from taizhang.figures.rates import RateName, Rates, count_rates, has_end
from taizhang.history.reporting import PeriodReturn
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import Thresholds
from taizhang.ledger.unread import unread_then, unread_words
from taizhang.ledger.vocabulary import Light, Status, TaskKind
from taizhang.supervision.indicators import RegisterFigures, ledger_figures
from taizhang.supervision.tasks import OPEN_DEPARTMENT, Task, read_tasks
from taizhang.typed.dates import ends_month, month_before, month_end, month_start, months_later, same_month
from taizhang.typed.percentages import share

__all__ = ["BELOW_RED", "OPEN_DEPARTMENT", "UNCAUSED", "UNLINKED", "Group", "Metrics", "TrendPoint", "compute_metrics"]

UNLINKED, UNCAUSED = "未对应问题", "未对应根源"
BELOW_RED = tuple(light for light in Light if light.warns and light is not Light.RED)
"""The lights that warn below red, worst first."""


@dataclass(frozen=True, slots=True)
class Group:
    """The figures of one aspect, cause or department, or of all tasks: counts by status and light, and the four rates.

    ``statuses`` and ``lights`` count the tasks in the order of Status and Light. ``longest`` is in days overdue. Shares
    are exact fractions; ``percent`` rounds them for display. ``progress`` and ``expected`` are averages over the
    one-off tasks with both a time schedule and reported progress, ``progressed`` their number; ``scheduled`` counts all
    one-off tasks with a time schedule. ``rank`` is a department's place; equal departments share
    it. It is None for groups with nothing due and for tasks without a department.
    """

    name: str
    problems: int
    tasks: int
    statuses: tuple[int, ...]
    lights: tuple[int, ...]
    open_matters: int
    closed: int
    rates: Rates
    overdue: int
    longest: int
    progress: Fraction | None
    expected: Fraction | None
    progressed: int
    scheduled: int
    rank: int | None = None

    @property
    def red(self) -> int:
        """Red lights."""
        return self.lit(Light.RED)

    @property
    def amber(self) -> int:
        """All lights that warn below red: amber, and orange and blue if the office uses them; each task once."""
        return sum(self.lit(light) for light in BELOW_RED)

    @property
    def worst_below_red(self) -> Light:
        """The worst light below red that a task has; amber if none has one."""
        return next((light for light in BELOW_RED if self.lit(light)), Light.AMBER)

    def lit(self, light: Light) -> int:
        """Return how many tasks have this light."""
        return self.lights[list(Light).index(light)]

    @property
    def pending(self) -> int:
        """待审核: reported done, not yet confirmed."""
        return self.number_of(Status.DONE)

    def number_of(self, status: Status) -> int:
        """Return how many tasks have this status."""
        return self.statuses[list(Status).index(status)]


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month: open tasks at its end by plan and in fact, tasks due and closed in it, and all lights then.

    Only tasks with an end are planned and left over: recurring ones without an end and continuing ones never fall due.
    ``amber`` counts the lights that warn below red.
    ``month`` is the month's end; ``day`` is the day of the figures: the same, or the report's day for the current
    month. A figure is None if it is unknown: after the report's day, before the first evidence, or (lights) without a
    ledger kept at that month end. ``filled``: nothing was recorded in that month, so the lights come from an earlier
    ledger.
    """

    month: date
    day: date
    planned: int
    actual: int | None
    red: int | None
    amber: int | None
    due: int
    closed: int | None
    filled: bool = False


@dataclass(frozen=True)
class Metrics:
    """Everything that the leaders' sheets show for one day.

    - ``aspects`` and ``causes`` divide the tasks by the first problem they name, ``departments`` by leading department
      (best first, tasks without a known department last); each of the three adds up to ``total``.
    - ``scheduled`` are the tasks with an end, one-off or recurring; ``planned_closed`` is the plan: how many of them
      are due by the end of the day.
    - ``closed_this_month`` and ``closed_last_month`` count all tasks; the latter last month up to the same day of the
      month, or all of it if the day ends its month.
    - ``matrix`` counts problems by (first named cause, aspect).
    - ``previous`` is the state at the end of last month, None if unknown; ``first_period``: no earlier state is known.
    - ``recent`` holds up to five month ends and the day itself; ``left_by_department`` the open tasks on each of them.
    - ``attention`` are the lists of what somebody has to act on, with what the ledger proves.
    - ``registers`` are the figures that forms declare.
    - ``number`` is the period's number in 参数; ``short_names`` are the short department names from 参数.
    - ``boards`` are the values of the sheets on what is owed, by whom, and what has changed.
    - ``words_from`` is, by task code, the period from whose report the words in 本期进展 are, if that is known.
    - ``unread`` names the formulas without a result and how they were treated.
    """

    unit: str
    office: str
    as_of: date
    snapshot: str
    number: int | None
    tasks: tuple[Task, ...]
    scheduled: tuple[Task, ...]
    total: Group
    aspects: tuple[Group, ...]
    causes: tuple[Group, ...]
    departments: tuple[Group, ...]
    matrix: Mapping[tuple[str, str], int]
    trend: tuple[TrendPoint, ...]
    recent: tuple[date, ...]
    left_by_department: Mapping[str, tuple[int, ...]]
    problem_count: int
    problems_closed: int
    problems_struck: int
    planned_closed: int
    closed_this_month: int
    closed_last_month: int
    due_next_month: tuple[Task, ...]
    aspect_of: Mapping[str, str]
    aspect_of_problem: Mapping[str, str]
    cause_of: Mapping[str, str]
    previous: Snapshot | None
    first_period: bool
    coverage: Coverage
    attention: Attention
    thresholds: Thresholds
    registers: tuple[RegisterFigures, ...]
    unread: str
    short_names: Mapping[str, str]
    boards: Boards
    words_from: Mapping[str, str]

    def update_of(self, task: Task) -> str:
        """Return what was reported of a task (本期进展); if that was for an earlier period, with its name."""
        period = self.words_from.get(task.code, "")
        earlier = task.update and period and period != self.boards.returns.period
        return f"{task.update}（{period} 期报）" if earlier else task.update

    def problem_of(self, task: Task) -> str:
        """Return the problem under which a task is counted and told: the first that it names; empty without one."""
        return next((code for code in task.problems if code in self.aspect_of_problem), "")

    @property
    def rates(self) -> Rates:
        """The four rates of all tasks."""
        return self.total.rates

    @property
    def lead(self) -> RateName:
        """The rate that leads where one number is wanted: that of the kind that holds most tasks."""
        return self.total.rates.lead

    @property
    def exceptions(self) -> list[Task]:
        """Tasks whose light warns, worst light first: by days overdue, longest first, then by deadline."""
        order = list(Light)
        lit = [task for task in self.tasks if task.light.warns]
        return sorted(lit, key=lambda t: (order.index(t.light), -t.overdue, t.due or date.max, t.code))

    @property
    def next_month(self) -> str:
        """The last month that ``due_next_month`` covers, for instance 7月; in December 明年1月."""
        return "明年1月" if self.as_of.month == 12 else f"{self.as_of.month + 1}月"

    @property
    def ends_month(self) -> bool:
        """Whether the day is the last of its month, so that its month compares with a whole one."""
        return ends_month(self.as_of)

    @property
    def now(self) -> int | None:
        """The index of the report's month in ``trend``; None if the trend shows another year."""
        return next((n for n, point in enumerate(self.trend) if same_month(point.month, self.as_of)), None)


def compute_metrics(
    ledger: Ledger,
    as_of: date,
    earlier: Sequence[tuple[date, Ledger]] = (),
    filled: Collection[date] = (),
    *,
    returns: Sequence[PeriodReturn] = (),
    words_from: Mapping[str, str] | None = None,
) -> Metrics:
    """Return the figures of a ledger on a day; ``earlier`` are (month end, ledger) pairs before it, oldest first.

    ``filled`` are the month ends in whose month nothing was recorded: their ledger is one of an earlier month.
    ``returns`` is the record of what departments returned, period by period, ``words_from`` the period from whose
    report the words of a task are, by its code (both from ``history/reporting``).
    """
    every = read_tasks(ledger, as_of)
    tasks = tuple(task for task in every if task.counted)
    scheduled = tuple(task for task in tasks if has_end(task))
    before = take_snapshots(earlier, filled)
    coverage = cover(ledger, as_of, every, before)
    aspect_of_problem = {problem.code: _short_aspect(ledger, problem.aspect) for problem in coverage.problems}
    titles = {cause.code: cause.title or cause.code for cause in coverage.causes}
    cause_of_problem = {problem.code: _first(problem.causes, titles, UNCAUSED) for problem in coverage.problems}
    aspect_of = {task.code: _first(task.problems, aspect_of_problem, UNLINKED) for task in tasks}
    cause_of = {task.code: _first(task.problems, cause_of_problem, UNCAUSED) for task in tasks}
    aspects = [short or name for name, short in ledger.settings.aspects.items()]
    next_end = month_end(as_of.year, as_of.month + 1)
    known = _known_since(tasks, before, as_of)
    recent = tuple(end for end in _recent_days(as_of) if end >= known)
    return Metrics(
        unit=ledger.settings.unit,
        office=ledger.settings.office,
        as_of=as_of,
        snapshot=ledger.book.sha256[:12],
        number=_period_number(ledger, as_of),
        tasks=tasks,
        scheduled=scheduled,
        total=_make_group("合计", tasks, as_of, len(coverage.problems)),
        aspects=_group_by(aspects, UNLINKED, tasks, aspect_of, aspect_of_problem, as_of),
        causes=_group_by(list(titles.values()), UNCAUSED, tasks, cause_of, cause_of_problem, as_of),
        departments=_rank_departments(tasks, as_of),
        matrix=Counter((cause_of_problem[code], aspect_of_problem[code]) for code in aspect_of_problem),
        trend=_trend(tasks, scheduled, before, as_of, max(ledger.settings.year or as_of.year, as_of.year), known),
        recent=recent,
        left_by_department=_count_open_by_department(tasks, scheduled, recent),
        problem_count=len(coverage.problems),
        problems_closed=sum(problem.settled for problem in coverage.problems),
        problems_struck=sum(_is_struck_off(problem) for problem in coverage.problems),
        planned_closed=_count_planned(scheduled, as_of),
        closed_this_month=sum(bool(t.closed_on and t.closed_on >= month_start(as_of)) for t in tasks),
        closed_last_month=_count_closed_last_month(tasks, as_of),
        due_next_month=tuple(t for t in tasks if t.due and as_of <= t.due <= next_end and not t.closed),
        aspect_of=aspect_of,
        aspect_of_problem=aspect_of_problem,
        cause_of=cause_of,
        previous=next((each for each in before if each.day == month_before(as_of)), None),
        first_period=not before,
        coverage=coverage,
        attention=gather_attention(ledger, as_of, tasks),
        thresholds=ledger.settings.thresholds,
        registers=ledger_figures(ledger, as_of),
        unread=unread_words(ledger.unread) + unread_then((day, before.unread) for day, before in earlier),
        short_names={each.name: each.short for each in ledger.settings.departments if each.short},
        boards=make_boards(ledger, as_of, every, before, earlier[-1][1] if earlier else None, returns),
        words_from=words_from or {},
    )


def _first(codes: Iterable[str], names: Mapping[str, str], otherwise: str) -> str:
    """Return the name of the first code that has one."""
    return next((names[code] for code in codes if code in names), otherwise)


def _is_struck_off(problem: Problem) -> bool:
    return problem.settled and all(task.status == Status.STRUCK_OFF for task in problem.tasks)


def _period_number(ledger: Ledger, as_of: date) -> int | None:
    """Return the number, from 1, of the period in 参数 whose cut-off date is this day; None if there is none."""
    for number, period in enumerate(ledger.settings.periods, 1):
        if period.as_of == as_of:
            return number
    return None


def _group_by(
    names: Sequence[str],
    otherwise: str,
    tasks: Sequence[Task],
    group_of_task: Mapping[str, str],
    group_of_problem: Mapping[str, str],
    as_of: date,
) -> tuple[Group, ...]:
    """Return one group per name in order, then groups found only on problems or tasks, then ``otherwise``."""
    every = [*names, *group_of_problem.values(), *group_of_task.values()]
    ordered = dict.fromkeys(name for name in every if name != otherwise)
    if otherwise in every:
        ordered[otherwise] = None
    own: dict[str, list[Task]] = {}
    for task in tasks:
        own.setdefault(group_of_task[task.code], []).append(task)
    problems = Counter(group_of_problem.values())
    return tuple(_make_group(name, own.get(name, ()), as_of, problems[name]) for name in ordered)


def _short_aspect(ledger: Ledger, name: str) -> str:
    return ledger.settings.aspects.get(name.strip()) or name.strip() or UNLINKED


def _make_group(name: str, tasks: Sequence[Task], as_of: date, problems: int = 0) -> Group:
    once = [t for t in tasks if t.counts_as is TaskKind.ONCE]
    with_plan = [t for t in once if t.expected is not None and t.progress is not None]
    return Group(
        name=name,
        problems=problems,
        tasks=len(tasks),
        statuses=tuple(sum(t.status == status for t in tasks) for status in Status),
        lights=tuple(sum(t.light == light for t in tasks) for light in Light),
        open_matters=sum(t.unsettled for t in tasks),
        closed=sum(t.closed for t in tasks),
        rates=count_rates(tasks, as_of),
        overdue=sum(t.overdue > 0 for t in tasks),
        longest=max((t.overdue for t in tasks), default=0),
        progress=share(sum((Fraction(t.progress or 0) for t in with_plan), Fraction(0)), 100 * len(with_plan)),
        expected=share(sum((t.expected or Fraction(0) for t in with_plan), Fraction(0)), len(with_plan)),
        progressed=len(with_plan),
        scheduled=sum(t.expected is not None for t in once),
    )


def _rank_departments(tasks: Sequence[Task], as_of: date) -> tuple[Group, ...]:
    """Return the departments, best first by ``_rank_key``; tasks without a known department come last, unranked."""
    groups = [_make_group(name, own, as_of) for name, own in sorted(_by_department(tasks).items())]
    ordered: list[Group] = []
    for number, group in enumerate(sorted((g for g in groups if g.name != OPEN_DEPARTMENT), key=_rank_key), 1):
        equal = ordered and _rank_key(ordered[-1]) == _rank_key(group)
        ordered.append(
            replace(group, rank=(ordered[-1].rank if equal else number) if group.rates.on_time.whole else None)
        )
    return (*ordered, *(group for group in groups if group.name == OPEN_DEPARTMENT))


def _rank_key(group: Group) -> tuple[Any, ...]:
    """Return the sort key of the ranking, with exact shares; departments with equal keys share a rank.

    按期办结率, then shortest delay, 销号率, progress, number of tasks.
    """
    on_time = group.rates.on_time.share
    return (
        on_time is None,
        -(on_time or 0),
        group.longest,
        -(group.rates.struck_off.share or 0),
        group.progress is None,
        -(group.progress or 0),
        -group.tasks,
    )


def _known_since(tasks: Sequence[Task], before: Sequence[Snapshot], as_of: date) -> date:
    """Return the first day with known figures: the earliest ledger kept or the month end before the first close-out."""
    closings = [month_before(task.closed_on) for task in tasks if task.closed_on]
    return min([as_of, *(snapshot.day for snapshot in before), *closings])


def _recent_days(as_of: date) -> list[date]:
    """Return five month ends and the day itself, oldest first."""
    days = [as_of]
    while len(days) < 6:
        days.insert(0, month_before(days[0]))
    return days


def _count_planned(tasks: Sequence[Task], day: date) -> int:
    """Return the plan: the number of tasks due by the end of a day, by their current deadlines."""
    return sum(task.due is not None and task.due <= day for task in tasks)


def _count_closed_last_month(tasks: Sequence[Task], as_of: date) -> int:
    """Return how many tasks were closed last month up to the same day, or in all of it if ``as_of`` ends its month."""
    last = month_before(as_of) if ends_month(as_of) else months_later(as_of, -1)
    return sum(bool(task.closed_on and month_start(last) <= task.closed_on <= last) for task in tasks)


def _count_open(tasks: Sequence[Task], day: date) -> int:
    """Return how many tasks were still open at the end of a day, by the dates of confirmed close-outs.

    A task that is closed without a date was closed before the ledger began.
    """
    return sum(not (task.closed and (task.closed_on is None or task.closed_on <= day)) for task in tasks)


def _count_open_by_department(
    tasks: Sequence[Task], scheduled: Sequence[Task], days: Sequence[date]
) -> dict[str, tuple[int, ...]]:
    """Return how many of each department's tasks with an end were open at the end of each day."""
    own = _by_department(scheduled)
    return {name: tuple(_count_open(own.get(name, ()), day) for day in days) for name in _by_department(tasks)}


def _by_department(tasks: Iterable[Task]) -> dict[str, list[Task]]:
    own: dict[str, list[Task]] = {}
    for task in tasks:
        own.setdefault(task.department or OPEN_DEPARTMENT, []).append(task)
    return own


def _trend(
    tasks: Sequence[Task],
    scheduled: Sequence[Task],
    before: Sequence[Snapshot],
    as_of: date,
    year: int,
    known: date,
) -> tuple[TrendPoint, ...]:
    """Return the twelve months of a year: plan from deadlines, open tasks from close-outs, lights from ledgers.

    The current month's figures, including its plan, are those of the report's day.
    """
    points = []
    for month in range(1, 13):
        end = month_end(year, month)
        current = same_month(end, as_of)
        day = as_of if current else end
        past = known <= day <= as_of
        kept = next((snapshot for snapshot in before if snapshot.day == end), None)
        lights = Snapshot(as_of, {task.code: task for task in tasks}) if current else kept
        points.append(
            TrendPoint(
                month=end,
                day=day,
                planned=len(scheduled) - _count_planned(scheduled, day),
                actual=_count_open(scheduled, day) if past else None,
                red=lights.red if lights else None,
                amber=lights.amber if lights else None,
                due=_count_planned(scheduled, day) - _count_planned(scheduled, month_before(end)),
                closed=sum(bool(task.closed_on and same_month(task.closed_on, end)) for task in scheduled)
                if past
                else None,
                filled=bool(kept and kept.filled),
            )
        )
    return tuple(points)
