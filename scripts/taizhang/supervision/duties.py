"""Recurring duties (周期): what each cycle owes and got, what is in debt, and what was made up later.

A cycle owes a number of occurrences. A closed cycle that is short goes on owing until an occurrence beyond the number
of a later cycle makes up for it, oldest debt first; what cannot be made up is missed for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Any

from taizhang.forms.register_names import FULFILMENTS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, cycles_between, read_cycle
from taizhang.typed.dates import months_later
from taizhang.typed.percentages import share
from taizhang.typed.text import as_text

__all__ = ["CycleStanding", "CycleState", "Duty", "Fulfilment", "count_reported", "read_fulfilments", "stand"]

MISSED_MONTHS = 12
"""A cycle missed for good lights for so many months after its end."""


class CycleState(StrEnum):
    """How one cycle of a duty stands; EXEMPT cycles owe nothing and are not counted."""

    KEPT = "完成"
    MADE_UP = "补完成"
    OWED = "欠"
    MISSED = "缺"
    RUNNING = "进行中"
    EXEMPT = "不计"


@dataclass(frozen=True, slots=True)
class CycleStanding:
    """One cycle of a duty: how many it requires, had done in it, and still owes; ``late_by`` counts cycles.

    ``late_by`` is how many cycles later the last of a MADE_UP cycle's debt was paid, else 0.
    """

    cycle: Cycle
    required: int
    done: int
    state: CycleState
    owed: int = 0
    late_by: int = 0

    @property
    def words(self) -> str:
        """The state in words, with its number: 完成, 补完成（晚1期）, 欠1, 缺, 进行中（1/2）, 不计."""
        match self.state:
            case CycleState.MADE_UP:
                return f"{self.state}（晚{self.late_by}期）"
            case CycleState.OWED:
                return f"{self.state}{self.owed}"
            case CycleState.RUNNING:
                return f"{self.state}（{self.done}/{self.required}）"
        return self.state.value


@dataclass(frozen=True)
class Duty:
    """A recurring duty on a day: its cycles in order, from the start to the day; ``per_cycle`` occurrences each.

    ``end`` is its last day; None if it has none.
    """

    kind: CycleKind
    per_cycle: int
    can_make_up: bool
    cycles: tuple[CycleStanding, ...]
    as_of: date
    end: date | None = None

    def in_state(self, *states: CycleState) -> list[CycleStanding]:
        """Return the cycles in one of these states, in order."""
        return [each for each in self.cycles if each.state in states]

    @property
    def running(self) -> CycleStanding | None:
        """The running cycle; None after the duty's end."""
        return next((each for each in self.cycles if each.state is CycleState.RUNNING), None)

    @property
    def days_left(self) -> int:
        """The days after this one on which something can still be done for the running cycle; 0 without one."""
        running = self.running
        return (min(running.cycle.last, self.end or running.cycle.last) - self.as_of).days if running else 0

    @property
    def due(self) -> int:
        """The number of closed cycles that owed something."""
        return len(self.cycles) - len(self.in_state(CycleState.RUNNING, CycleState.EXEMPT))

    @property
    def fulfilled(self) -> int:
        """The number of closed cycles kept, or made up later."""
        return len(self.in_state(CycleState.KEPT, CycleState.MADE_UP))

    @property
    def owed(self) -> int:
        """The number of occurrences in debt."""
        return sum(each.owed for each in self.cycles)

    @property
    def rate(self) -> Fraction | None:
        """履行率: cycles kept or made up ÷ cycles due; None if none was due yet."""
        return share(self.fulfilled, self.due)

    @property
    def missed_lately(self) -> list[CycleStanding]:
        """The cycles missed for good that ended within the last twelve months."""
        since = months_later(self.as_of, -MISSED_MONTHS)
        return [each for each in self.in_state(CycleState.MISSED) if each.cycle.last > since]

    @property
    def missed_in_a_row(self) -> bool:
        """Whether two consecutive due cycles were missed for good, both within the last twelve months."""
        lately = self.missed_lately
        due = [each for each in self.cycles if each.state not in (CycleState.RUNNING, CycleState.EXEMPT)]
        return any(one in lately and other in lately for one, other in pairwise(due))

    @property
    def year_lost(self) -> bool:
        """Whether a year's number was not reached, or can no longer be reached in the days left of the running one."""
        if self.kind is not CycleKind.YEAR:
            return False
        running = self.running
        too_late = running is not None and running.required - running.done > self.days_left + 1
        return too_late or bool(self.in_state(CycleState.OWED) or self.missed_lately)


def stand(
    kind: CycleKind,
    per_cycle: int,
    first: date,
    last: date | None,
    done: Mapping[Cycle, int],
    as_of: date,
    *,
    can_make_up: bool = True,
    exempt: Sequence[tuple[date, date]] = (),
) -> Duty:
    """Return a duty on a day. ``first`` is its start, ``last`` its end or None; ``done`` counts occurrences per cycle.

    ``exempt`` are pauses (first day, last day): a cycle that lies wholly in one owes nothing. A first cycle with less
    than half of its days from the start on owes nothing either, unless something was done in it.
    """
    found: list[CycleStanding] = []
    for cycle in cycles_between(first, min(as_of, last or as_of), kind):
        count = done.get(cycle, 0)
        closed = as_of > min(cycle.last, last or cycle.last)
        stub = cycle.first < first and 2 * ((cycle.last - first).days + 1) < cycle.days and not count
        paused = any(begin <= cycle.first and cycle.last <= end for begin, end in exempt)
        if stub or paused:
            found.append(CycleStanding(cycle, 0, count, CycleState.EXEMPT))
        elif not closed:
            found.append(CycleStanding(cycle, per_cycle, count, CycleState.RUNNING))
        elif count >= per_cycle:
            found.append(CycleStanding(cycle, per_cycle, count, CycleState.KEPT))
        elif can_make_up:
            found.append(CycleStanding(cycle, per_cycle, count, CycleState.OWED, per_cycle - count))
        else:
            found.append(CycleStanding(cycle, per_cycle, count, CycleState.MISSED))
    return Duty(kind, per_cycle, can_make_up, tuple(_pay_debts(found)), as_of, last)


def _pay_debts(cycles: Sequence[CycleStanding]) -> list[CycleStanding]:
    """Return the cycles with what later cycles did beyond their own number taken off the oldest debts."""
    paid = list(cycles)
    for later, each in enumerate(paid):
        spare = each.done - each.required
        for earlier in range(later):
            if spare <= 0:
                break
            debt = paid[earlier]
            if debt.state is CycleState.OWED:
                part = min(spare, debt.owed)
                spare -= part
                left = debt.owed - part
                made_up = replace(debt, state=CycleState.MADE_UP, owed=0, late_by=later - earlier)
                paid[earlier] = replace(debt, owed=left) if left else made_up
    return paid


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One row of 〈履行记录〉: how many occurrences a department reports for a cycle; None if blank or unreadable."""

    record: Record
    task: str
    cycle: Cycle | None
    done: int | None
    done_on: date | None


@lru_cache(maxsize=1)
def read_fulfilments(ledger: Ledger) -> Mapping[str, tuple[Fulfilment, ...]]:
    """Return the rows of 〈履行记录〉 by task code; empty if the ledger has no such sheet."""
    register = ledger.registers.get(FULFILMENTS)
    found: dict[str, list[Fulfilment]] = {}
    for record in register.records if register else ():
        assert register is not None

        def value(key: str, record: Record = record) -> Any:
            return ledger.meaning(register, record, key)

        number = value("done")
        row = Fulfilment(
            record=record,
            task=value("task") or "",
            cycle=read_cycle(as_text(record.cells.get("cycle"))),
            done=None if number is None else int(number),
            done_on=value("done_on"),
        )
        found.setdefault(row.task, []).append(row)
    return {task: tuple(rows) for task, rows in found.items()}


def count_reported(rows: Iterable[Fulfilment], kind: CycleKind, as_of: date) -> Counter[Cycle]:
    """Return how many occurrences were reported for each cycle of a kind, up to a day.

    What was finished after its cycle counts in the cycle of 完成日期: it makes up. Rows without a readable cycle or
    number, and what is dated after the day, do not count.
    """
    counts: Counter[Cycle] = Counter()
    for row in rows:
        if not row.done or row.cycle is None:
            continue
        day = row.done_on if row.done_on and row.done_on > row.cycle.last else row.cycle.first
        if day <= as_of and not (row.done_on and row.done_on > as_of):
            counts[cycle_of(day, kind)] += row.done
    return counts
