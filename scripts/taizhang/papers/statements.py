"""对账单: the tasks that the ledger holds for each department, for the department to confirm or correct."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.figures.rates import Rates, count_rates
from taizhang.forms.register_names import TASKS
from taizhang.history.reporting import reporting
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import Status
from taizhang.supervision.tasks import Task, read_tasks

__all__ = ["Statement", "plan_statements"]


@dataclass(frozen=True)
class Statement:
    """One department's tasks as the ledger holds them on a day, in ledger order.

    ``supporting`` are the codes of other departments' tasks that this one supports; they are not counted here.
    ``unsaid`` are the titles of registers of which the department's last return, for ``period``, does not say whether
    they have a change.
    """

    department: str
    as_of: date
    tasks: tuple[Task, ...]
    supporting: tuple[str, ...]
    period: str = ""
    unsaid: tuple[str, ...] = ()

    @property
    def counted(self) -> tuple[Task, ...]:
        """The tasks that count in rates: all but principles."""
        return tuple(task for task in self.tasks if task.counted)

    @property
    def statuses(self) -> Mapping[Status, int]:
        """The number of counted tasks per status; they add up to all counted tasks."""
        return {status: sum(task.status == status for task in self.counted) for status in Status}

    @property
    def rates(self) -> Rates:
        """The four rates of the counted tasks."""
        return count_rates(self.counted, self.as_of)

    @property
    def closed(self) -> int:
        """The number of counted tasks that are 办结."""
        return sum(task.closed for task in self.counted)

    @property
    def overdue(self) -> int:
        """The number of counted tasks past their deadline."""
        return sum(task.overdue > 0 for task in self.counted)

    @property
    def evidenced(self) -> int:
        """The number of counted tasks with evidence filled in."""
        return sum(bool(task.evidence) for task in self.counted)


def plan_statements(ledger: Ledger, as_of: date) -> tuple[list[Statement], list[Task]]:
    """Return one statement per leading department, in the order of 参数, and the counted tasks without a department.

    Principles need no department: they are tracked through other tasks.
    """
    tasks = read_tasks(ledger, as_of)
    names = dict.fromkeys(each.name for each in ledger.settings.departments)
    names |= dict.fromkeys(task.department for task in tasks if task.department)
    led: dict[str, list[Task]] = {}
    helped: dict[str, list[str]] = {}
    for task in tasks:
        led.setdefault(task.department, []).append(task)
        for name in dict.fromkeys(_supporting(ledger, task.record)):
            if name != task.department:
                helped.setdefault(name, []).append(task.code)
    last = _last_returns(ledger, as_of)
    statements = []
    for name in (each for each in names if each in led):
        period, unsaid = last.get(name, ("", ()))
        statements.append(Statement(name, as_of, tuple(led[name]), tuple(helped.get(name, ())), period, unsaid))
    return statements, [task for task in tasks if task.counted and not task.department]


def _last_returns(ledger: Ledger, as_of: date) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return for each department the last period that it returned up to a day, and the registers left unsaid in it."""
    return {
        each.department: (each.period, each.unsaid_registers)
        for each in reporting(ledger.path, ledger.settings, as_of)
        if each.versions
    }


def _supporting(ledger: Ledger, record: Record) -> tuple[str, ...]:
    return ledger.meaning(ledger.registers[TASKS], record, "supporting") or ()
