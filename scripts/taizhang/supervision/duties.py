"""Recurring duties (周期): what each cycle owes and got, what is in debt, and what was made up later.

A cycle owes a number of occurrences. A closed cycle that is short goes on owing until an occurrence reported for it, or
one beyond the number of a later cycle, makes up for it, oldest debt first; what cannot be made up is missed for good.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise
from typing import Any

from taizhang.forms.register_names import FULFILMENTS
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.supervision.task_rows import CellOf, by_task, read_rows
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, cycles_between, read_cycle
from taizhang.typed.dates import months_later
from taizhang.typed.text import as_text

__all__ = [
    "CycleStanding", "CycleState", "Duty", "Fulfilment", "LateReport", "count_reported", "find_late",
    "read_fulfilments", "stand",
]  # fmt: skip

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
    span: tuple[date, date | None],
    done: Mapping[Cycle, int],
    as_of: date,
    *,
    late: Sequence[LateReport] = (),
    can_make_up: bool = True,
    exempt: Sequence[tuple[date, date]] = (),
) -> Duty:
    """Return a duty on a day. ``span`` is its start and its end or None; ``done`` counts occurrences per cycle.

    ``late`` are occurrences reported for a cycle and held after it: they make up what that cycle owes, and what is
    left of them counts in the cycle they were held in. ``exempt`` are pauses (first day, last day): a cycle that lies
    wholly in one owes nothing. A first cycle with less than half of its days from the start on owes nothing either,
    unless something was done in it.
    """
    first, last = span
    found: list[CycleStanding] = []
    for cycle in cycles_between(first, min(as_of, last or as_of), kind):
        count = done.get(cycle, 0)
        for report in late:
            if report.held_in == cycle:
                count += _pay_debts(found, report.number, only=report.reported_for)
        closed = as_of > min(cycle.last, last or cycle.last)
        stub = cycle.first < first and 2 * ((cycle.last - first).days + 1) < cycle.days and not count
        paused = any(begin <= cycle.first and cycle.last <= end for begin, end in exempt)
        required = 0 if stub or paused else per_cycle
        if count > required:
            _pay_debts(found, count - required)
        found.append(_stand_cycle(cycle, required, count, closed=closed, can_make_up=can_make_up))
    return Duty(kind, per_cycle, can_make_up, tuple(found), as_of, last)


def _stand_cycle(cycle: Cycle, required: int, count: int, *, closed: bool, can_make_up: bool) -> CycleStanding:
    """Return how one cycle stands by what was done in it; one that requires nothing is exempt."""
    if not required:
        return CycleStanding(cycle, 0, count, CycleState.EXEMPT)
    if not closed:
        return CycleStanding(cycle, required, count, CycleState.RUNNING)
    if count >= required:
        return CycleStanding(cycle, required, count, CycleState.KEPT)
    if can_make_up:
        return CycleStanding(cycle, required, count, CycleState.OWED, required - count)
    return CycleStanding(cycle, required, count, CycleState.MISSED)


def _pay_debts(cycles: list[CycleStanding], spare: int, only: Cycle | None = None) -> int:
    """Take occurrences of the cycle after these off their oldest debts, or off the debt of one; return what is left."""
    for earlier, debt in enumerate(cycles):
        if spare and debt.state is CycleState.OWED and only in (None, debt.cycle):
            part = min(spare, debt.owed)
            spare -= part
            left = debt.owed - part
            made_up = replace(debt, state=CycleState.MADE_UP, owed=0, late_by=len(cycles) - earlier)
            cycles[earlier] = replace(debt, owed=left) if left else made_up
    return spare


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """One row of 〈履行记录〉: how many occurrences a department reports for a cycle; None if blank or unreadable."""

    record: Record
    task: str
    cycle: Cycle | None
    done: int | None
    done_on: date | None


@lru_cache(maxsize=2)
def read_fulfilments(ledger: Ledger) -> Mapping[str, tuple[Fulfilment, ...]]:
    """Return the rows of 〈履行记录〉 by task code; empty if the ledger has no such sheet."""
    return by_task(read_rows(ledger, FULFILMENTS, _fulfilment_of))


def _fulfilment_of(record: Record, value: CellOf) -> Fulfilment:
    number = value("done")
    return Fulfilment(
        record=record,
        task=value("task") or "",
        cycle=_cycle_of_cell(record.cells.get("cycle")),
        done=None if number is None else int(number),
        done_on=value("done_on"),
    )


def _cycle_of_cell(raw: Any) -> Cycle | None:
    """Return the cycle that a cell names; Excel makes the first of a month of 2022-03, and that month is meant."""
    if isinstance(raw, date):
        return cycle_of(raw, CycleKind.MONTH) if raw.day == 1 else None
    return read_cycle(as_text(raw))


@dataclass(frozen=True, slots=True)
class LateReport:
    """Occurrences that a department reports for a cycle and that were held in a later one."""

    reported_for: Cycle
    held_in: Cycle
    number: int


def count_reported(rows: Iterable[Fulfilment], kind: CycleKind, as_of: date) -> Counter[Cycle]:
    """Return how many occurrences were reported for each cycle of a kind and held in it, up to a day.

    Rows without a readable cycle or number, and what is dated after the day, do not count.
    """
    counts: Counter[Cycle] = Counter()
    for row, cycle in _counting(rows, kind, as_of):
        if not _is_late(row, cycle):
            counts[cycle] += row.done or 0
    return counts


def find_late(rows: Iterable[Fulfilment], kind: CycleKind, as_of: date) -> list[LateReport]:
    """Return what was reported for a cycle of a kind and finished after it: 完成日期 says when."""
    return [
        LateReport(cycle, cycle_of(row.done_on, kind), row.done)
        for row, cycle in _counting(rows, kind, as_of)
        if row.done_on and row.done and _is_late(row, cycle)
    ]


def _counting(rows: Iterable[Fulfilment], kind: CycleKind, as_of: date) -> Iterator[tuple[Fulfilment, Cycle]]:
    """Yield the rows that count on a day, each with the cycle of a kind that it is about."""
    for row in rows:
        if row.done and row.cycle and max(row.cycle.first, row.done_on or row.cycle.first) <= as_of:
            yield row, cycle_of(row.cycle.first, kind)


def _is_late(row: Fulfilment, cycle: Cycle) -> bool:
    return row.done_on is not None and row.done_on > cycle.last
