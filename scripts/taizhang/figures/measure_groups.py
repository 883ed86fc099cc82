"""The groups of measures (措施组) and the entry points (切入点) of their problems, and what carries each principle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.figures.rates import Rates, count_rates
from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Light, Status, TaskKind
from taizhang.supervision.tasks import Task

__all__ = ["NO_ENTRY", "NO_GROUP", "GroupBoard", "MeasureGroup", "Principle", "group_board"]

NO_GROUP, NO_ENTRY = "没有写措施组", "没有写切入点"


@dataclass(frozen=True, slots=True)
class MeasureGroup:
    """The counted tasks of one group of measures, or of one entry point, with their four rates."""

    name: str
    tasks: tuple[Task, ...]
    rates: Rates

    @property
    def closed(self) -> int:
        """The number of tasks that are 办结."""
        return sum(task.closed for task in self.tasks)

    @property
    def waiting(self) -> int:
        """The number of tasks that wait for the office: applied for, or reported done."""
        return sum(bool(task.waiting) or task.status is Status.DONE for task in self.tasks)

    def of_kind(self, kind: TaskKind) -> int:
        """Return how many of the tasks are of a kind."""
        return sum(task.counts_as is kind for task in self.tasks)

    def lit(self, light: Light) -> int:
        """Return how many of the tasks have a light."""
        return sum(task.light is light for task in self.tasks)


@dataclass(frozen=True, slots=True)
class Principle:
    """A principle and the tasks that carry it (体现于); ``unknown`` are codes there that no counted task has."""

    task: Task
    carriers: tuple[Task, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupBoard:
    """The groups in the order of the ledger, the entry points in that of the form, the principles, and the sum.

    Groups and entry points each hold every counted task once; what names none comes last.
    """

    groups: tuple[MeasureGroup, ...]
    entries: tuple[MeasureGroup, ...]
    principles: tuple[Principle, ...]
    total: MeasureGroup

    @property
    def uncarried(self) -> tuple[Principle, ...]:
        """The principles that no task carries."""
        return tuple(each for each in self.principles if not each.carriers)


def group_board(ledger: Ledger, as_of: date, every: Sequence[Task]) -> GroupBoard:
    """Return the board of a ledger on a day; ``every`` are all tasks, principles included."""
    counted = [task for task in every if task.counted]
    entries = _entries(ledger)
    choices = ledger.registers[PROBLEMS].form.column("entry").choices if PROBLEMS in ledger.registers else ()
    by_code = {task.code: task for task in counted}
    return GroupBoard(
        groups=_divide(counted, lambda task: task.group, (), NO_GROUP, as_of),
        entries=_divide(
            counted,
            lambda task: next((entries[code] for code in task.problems if code in entries), ""),
            choices,
            NO_ENTRY,
            as_of,
        ),
        principles=tuple(_principle(ledger, task, by_code) for task in every if not task.counted),
        total=_make("合计", counted, as_of),
    )


def _entries(ledger: Ledger) -> dict[str, str]:
    """Return the entry point of each problem that has one, by the problem's code."""
    register = ledger.registers.get(PROBLEMS)
    found = {}
    for record in register.records if register else ():
        assert register is not None
        entry = ledger.meaning(register, record, "entry")
        if record.code and entry:
            found[record.code] = entry
    return found


def _divide(
    tasks: Sequence[Task], name_of: Callable[[Task], str], first: Iterable[str], otherwise: str, as_of: date
) -> tuple[MeasureGroup, ...]:
    """Return one group per name: those of ``first`` that have tasks, others as they come, tasks without one last."""
    own: dict[str, list[Task]] = {name: [] for name in first}
    for task in tasks:
        own.setdefault(name_of(task), []).append(task)
    without = own.pop("", [])
    groups = [_make(name, each, as_of) for name, each in own.items() if each]
    return (*groups, *([_make(otherwise, without, as_of)] if without else []))


def _make(name: str, tasks: Sequence[Task], as_of: date) -> MeasureGroup:
    return MeasureGroup(name, tuple(tasks), count_rates(tasks, as_of))


def _principle(ledger: Ledger, task: Task, by_code: Mapping[str, Task]) -> Principle:
    register = ledger.registers[TASKS]
    named = ledger.meaning(register, task.record, "carried_by") or ()
    return Principle(
        task,
        tuple(by_code[code] for code in dict.fromkeys(named) if code in by_code),
        tuple(code for code in dict.fromkeys(named) if code not in by_code),
    )
