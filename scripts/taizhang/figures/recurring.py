"""Recurring duties (周期履行): each task's cycles, what was kept, made up and owed, and the sums by department."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from taizhang.figures.orders import by_light
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.duties import CycleStanding, CycleState
from taizhang.supervision.tasks import OPEN_DEPARTMENT, Task

__all__ = ["CycleCounts", "DepartmentDuties", "RecurringBoard", "RecurringLine", "recurring_board"]


@dataclass(frozen=True, slots=True)
class CycleCounts:
    """Closed cycles that were due, by how they stand: ``due`` = ``kept`` + ``made_up`` + ``short``.

    ``short`` are the cycles in debt and those missed for good.
    """

    kept: int = 0
    made_up: int = 0
    short: int = 0

    @property
    def due(self) -> int:
        """The number of closed cycles that owed something."""
        return self.kept + self.made_up + self.short

    @property
    def fulfilled(self) -> int:
        """The number of cycles kept, or made up later."""
        return self.kept + self.made_up

    def __add__(self, other: CycleCounts) -> CycleCounts:
        """Return the sum of two counts."""
        return CycleCounts(self.kept + other.kept, self.made_up + other.made_up, self.short + other.short)


@dataclass(frozen=True, slots=True)
class RecurringLine:
    """One recurring task: the cycles of the year, those of earlier years as counts, and all of them as counts.

    A task without a cycle or a start has no cycles and counts nothing.
    """

    task: Task
    this_year: tuple[CycleStanding, ...]
    earlier: CycleCounts
    counts: CycleCounts


@dataclass(frozen=True, slots=True)
class DepartmentDuties:
    """The recurring tasks of one department, and their cycles; ``red`` and ``amber`` count its tasks by light."""

    name: str
    tasks: int
    red: int
    amber: int
    counts: CycleCounts


@dataclass(frozen=True, slots=True)
class RecurringBoard:
    """All recurring tasks, worst light first; by department, most cycles short first; and their sum."""

    lines: tuple[RecurringLine, ...]
    departments: tuple[DepartmentDuties, ...]
    total: DepartmentDuties

    @property
    def uncounted(self) -> tuple[RecurringLine, ...]:
        """The tasks whose cycles are unknown: no cycle is written, or no start and no year."""
        return tuple(line for line in self.lines if line.task.duty is None)


def recurring_board(tasks: Iterable[Task], year: int) -> RecurringBoard:
    """Return the board of the recurring tasks among ``tasks``, with the cycles of a year one by one."""
    lines = sorted(
        (_make_line(task, year) for task in tasks if task.recurring),
        key=lambda line: (by_light(line.task), -line.counts.short, line.task.code),
    )
    own: dict[str, list[RecurringLine]] = {}
    for line in lines:
        own.setdefault(line.task.department or OPEN_DEPARTMENT, []).append(line)
    departments = sorted(
        (_sum_up(name, of) for name, of in own.items()),
        key=lambda each: (each.name == OPEN_DEPARTMENT, -each.counts.short, -each.red, each.name),
    )
    return RecurringBoard(tuple(lines), tuple(departments), _sum_up("合计", lines))


def _make_line(task: Task, year: int) -> RecurringLine:
    cycles = task.duty.cycles if task.duty else ()
    return RecurringLine(
        task=task,
        this_year=tuple(each for each in cycles if each.cycle.first.year == year),
        earlier=_count(each for each in cycles if each.cycle.first.year < year),
        counts=_count(cycles),
    )


def _count(cycles: Iterable[CycleStanding]) -> CycleCounts:
    states = [each.state for each in cycles]
    return CycleCounts(
        kept=states.count(CycleState.KEPT),
        made_up=states.count(CycleState.MADE_UP),
        short=states.count(CycleState.OWED) + states.count(CycleState.MISSED),
    )


def _sum_up(name: str, lines: Sequence[RecurringLine]) -> DepartmentDuties:
    return DepartmentDuties(
        name=name,
        tasks=len(lines),
        red=sum(line.task.light is Light.RED for line in lines),
        amber=sum(line.task.light is Light.AMBER for line in lines),
        counts=sum((line.counts for line in lines), CycleCounts()),
    )
