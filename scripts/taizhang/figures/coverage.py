"""Coverage: problems and causes without measures, measures that stall, fall back or relapse, and the sample."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from taizhang.forms.register_names import CAUSES, PROBLEMS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import PROPOSED_LINK, Light, Recheck, Status
from taizhang.supervision.closeouts import read_closeouts
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.system.files import digest_of
from taizhang.typed.dates import month_before
from taizhang.typed.readings import shown_text
from taizhang.typed.text import clean_key

__all__ = [
    "SAMPLE_LEAST",
    "SAMPLE_SHARE",
    "Cause",
    "Coverage",
    "Covered",
    "Problem",
    "Snapshot",
    "Step",
    "cover",
    "take_snapshots",
]

SAMPLE_SHARE, SAMPLE_LEAST = 10, 3
"""The sample takes one in ten closed tasks, and at least three."""


class Covered(StrEnum):
    """How the counted measures cover a problem."""

    DIRECT = "直接"
    INDIRECT = "间接"
    NONE = "无措施"


@dataclass(frozen=True)
class Snapshot:
    """The counted tasks of an earlier day, by code.

    ``filled``: nothing was recorded in that day's month, so the ledger is one of an earlier month.
    """

    day: date
    tasks: Mapping[str, Task]
    filled: bool = False

    @property
    def red(self) -> int:
        """Red lights on that day."""
        return sum(task.light == Light.RED for task in self.tasks.values())

    @property
    def amber(self) -> int:
        """Lights that warned below red on that day."""
        return sum(task.light.warns and task.light is not Light.RED for task in self.tasks.values())


@dataclass(frozen=True)
class Problem:
    """One problem and the counted measures that name it.

    ``coverage`` is 直接, 间接 or 无措施; ``why`` is the reason if it is not 直接.
    """

    code: str
    title: str
    aspect: str
    causes: tuple[str, ...]
    leader: str
    tasks: tuple[Task, ...]
    coverage: Covered
    why: str

    @property
    def closed(self) -> int:
        """The number of its measures that are 办结."""
        return sum(task.closed for task in self.tasks)

    @property
    def settled(self) -> bool:
        """整改到位: it has measures and all of them are 办结."""
        return bool(self.tasks) and self.closed == len(self.tasks)

    @property
    def verdict(self) -> str:
        """Whether the problem may be struck off, in words."""
        if not self.tasks:
            return "不能：没有措施" if self.coverage is Covered.NONE else "不能：只有原则性措施"
        left = len(self.tasks) - self.closed
        return "可以销号" if left == 0 else f"不能：还差 {left} 项"


@dataclass(frozen=True)
class Cause:
    """One cause, the codes of the problems that name it, and the counted measures of those problems."""

    code: str
    title: str
    problems: tuple[str, ...]
    tasks: tuple[Task, ...]


@dataclass(frozen=True)
class Step:
    """A task and its state on an earlier day: progress ``before`` (per cent, None if not reported) and ``status``."""

    task: Task
    day: date
    before: Decimal | None
    status: Status


@dataclass(frozen=True)
class Coverage:
    """Gaps between problems, causes and measures; tasks without progress; relapses; the sample for re-checking.

    ``compared`` holds the two month ends that 连续两期没有进展 compares with, and is empty if either is unknown;
    ``filled`` holds those of the two in whose month nothing was recorded.
    """

    problems: tuple[Problem, ...]
    causes: tuple[Cause, ...]
    unlinked: tuple[Task, ...]
    pending: tuple[Task, ...]
    stalled: tuple[Step, ...]
    compared: tuple[date, ...]
    filled: tuple[date, ...]
    backward: tuple[Step, ...]
    relapsed: tuple[tuple[Task, date | None], ...]
    sample: tuple[Task, ...]
    seed: str

    @property
    def uncovered(self) -> tuple[Problem, ...]:
        """Problems that no measure names."""
        return tuple(problem for problem in self.problems if problem.coverage is Covered.NONE)

    @property
    def indirect(self) -> tuple[Problem, ...]:
        """Problems that measures answer only indirectly."""
        return tuple(problem for problem in self.problems if problem.coverage is Covered.INDIRECT)

    @property
    def unaddressed(self) -> tuple[Cause, ...]:
        """Causes that no measure reaches through any problem."""
        return tuple(cause for cause in self.causes if not cause.tasks)


def take_snapshots(earlier: Sequence[tuple[date, Ledger]], filled: Collection[date] = ()) -> tuple[Snapshot, ...]:
    """Return a snapshot per earlier ledger, oldest first, with tasks judged on its own day.

    ``filled`` are the days whose snapshot is marked as filled (see Snapshot).
    """
    return tuple(
        Snapshot(day, {task.code: task for task in read_tasks(ledger, day) if task.counted}, day in filled)
        for day, ledger in earlier
    )


def cover(ledger: Ledger, as_of: date, every: Sequence[Task], earlier: Sequence[Snapshot]) -> Coverage:
    """Return the coverage of a ledger on a day; ``every`` includes principles, ``earlier`` is oldest first."""
    counted = [task for task in every if task.counted]
    problems = tuple(_read_problems(ledger, every))
    known = {problem.code for problem in problems}
    ends = (month_before(month_before(as_of)), month_before(as_of))
    by_day = {snapshot.day: snapshot for snapshot in earlier}
    compared = ends if all(end in by_day for end in ends) else ()
    seed = f"{as_of:%Y%m%d}"
    return Coverage(
        problems=problems,
        causes=tuple(_read_causes(ledger, problems)),
        unlinked=tuple(task for task in counted if not known.intersection(task.problems)),
        pending=tuple(task for task in counted if task.status is Status.DONE),
        stalled=tuple(_find_stalled(counted, [by_day[end] for end in compared])),
        compared=compared,
        filled=tuple(end for end in compared if by_day[end].filled),
        backward=tuple(_find_setbacks(counted, earlier[-1])) if earlier else (),
        relapsed=tuple(_find_relapsed(ledger, as_of, counted)),
        sample=_draw_sample([task for task in counted if task.closed], seed),
        seed=seed,
    )


def _read_problems(ledger: Ledger, every: Sequence[Task]) -> list[Problem]:
    register = ledger.registers.get(PROBLEMS)
    known = {record.code for record in register.records} if register else set()
    answering: dict[str, list[Task]] = {}
    for task in every:
        for code in dict.fromkeys(task.problems):
            answering.setdefault(code, []).append(task)
    found = []
    for record in register.records if register else ():
        if not record.code or register is None:
            continue
        own = answering.get(record.code, [])
        coverage, why = _judge_coverage(record.code, own, known)
        found.append(
            Problem(
                code=record.code,
                title=_text(record, "title"),
                aspect=_text(record, "aspect"),
                causes=ledger.meaning(register, record, "causes") or (),
                leader=_text(record, "leader"),
                tasks=tuple(task for task in own if task.counted),
                coverage=coverage,
                why=why,
            )
        )
    return found


def _judge_coverage(code: str, own: Sequence[Task], known: Collection[str]) -> tuple[Covered, str]:
    """Return how the measures ``own`` that name a problem cover it, and the reason if not directly.

    Codes that are not ``known`` are ignored when looking for the first problem a measure names.
    """
    counted = [task for task in own if task.counted]
    confirmed = [task for task in counted if clean_key(_text(task.record, "link_basis")) != PROPOSED_LINK]
    if any(next(each for each in task.problems if each in known) == code for task in confirmed):
        return Covered.DIRECT, ""
    if not own:
        return Covered.NONE, "没有措施写明对应它"
    if not counted:
        return Covered.INDIRECT, "只有原则性措施"
    if not confirmed:
        return Covered.INDIRECT, "对应关系是程序建议，待办公室核对"
    return Covered.INDIRECT, "只由主要对应别的问题的措施兼顾"


def _read_causes(ledger: Ledger, problems: Sequence[Problem]) -> list[Cause]:
    register = ledger.registers.get(CAUSES)
    found = []
    for record in register.records if register else ():
        named = [problem for problem in problems if record.code in problem.causes]
        tasks = {task.code: task for problem in named for task in problem.tasks}
        if record.code:
            codes = tuple(problem.code for problem in named)
            found.append(Cause(record.code, _text(record, "title"), codes, tuple(tasks.values())))
    return found


def _find_stalled(tasks: Sequence[Task], before: Sequence[Snapshot]) -> list[Step]:
    """Return open tasks whose progress and status are the same now as at both month ends.

    Tasks that had not started by the first of them are left out, and recurring ones: they have cycles, no progress.
    """
    found = []
    for task in tasks if before else ():
        earlier = [snapshot.tasks.get(task.code) for snapshot in before]
        first = earlier[0]
        unread = task.record.unread & {"progress", "status"}
        if (
            unread
            or task.recurring
            or task.closed
            or task.status is Status.DONE
            or first is None
            or (task.start and task.start > before[0].day)
        ):
            continue
        now = (task.status, task.progress)
        if all(then is not None and (then.status, then.progress) == now for then in earlier):
            found.append(Step(task, before[0].day, first.progress, first.status))
    return found


def _find_setbacks(tasks: Sequence[Task], before: Snapshot) -> list[Step]:
    """Return tasks whose progress or status is lower than at the last known month end; missing values are ignored."""
    found, order = [], list(Status)
    for task in tasks:
        then = before.tasks.get(task.code)
        if then is None or (task.record.unread | then.record.unread) & {"progress", "status"}:
            continue  # the state then or now is unknown
        less = task.progress is not None and then.progress is not None and task.progress < then.progress
        back = task.reported and order.index(task.status) < order.index(then.status) and not task.closed
        if less or back:
            found.append(Step(task, before.day, then.progress, then.status))
    return found


def _find_relapsed(ledger: Ledger, as_of: date, tasks: Sequence[Task]) -> list[tuple[Task, date | None]]:
    """Return the counted tasks that have relapsed by a day, each with the day of its last relapse (None if undated)."""
    by_code = {task.code: task for task in tasks}
    found: dict[str, tuple[Task, date | None]] = {}
    for closeout in read_closeouts(ledger):
        code, day = closeout.task, closeout.recheck_date
        if closeout.recheck_result is not Recheck.RELAPSED or code not in by_code or (day and day > as_of):
            continue
        last = found[code][1] if code in found else None
        found[code] = (by_code[code], max(filter(None, (last, day)), default=None))
    return list(found.values())


def _draw_sample(closed: Sequence[Task], seed: str) -> tuple[Task, ...]:
    """Return a tenth of the closed tasks, at least three: the lowest by SHA-256 of "seed:code" (a repeatable draw)."""
    size = max(SAMPLE_LEAST, -(-len(closed) // SAMPLE_SHARE))
    return tuple(sorted(closed, key=lambda task: digest_of(f"{seed}:{task.code}".encode()))[:size])


def _text(record: Record, key: str) -> str:
    return shown_text(record.cells.get(key, ""))
