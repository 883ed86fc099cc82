"""The returns of departments and branches (报送情况): the current period, and sums over the last periods."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from taizhang.history.reporting import Discipline, Outcome, PeriodReturn, by_unit, disciplines

__all__ = ["PERIODS_SHOWN", "ReturnLine", "ReturnsBoard", "returns_board"]

PERIODS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class ReturnLine:
    """One department or branch: its return of the current period, those of the periods shown, and its sums over these.

    A period in which it was asked nothing has no return.
    """

    department: str
    current: PeriodReturn | None
    by_period: Mapping[str, PeriodReturn]
    counts: Discipline


@dataclass(frozen=True, slots=True)
class ReturnsBoard:
    """The departments and branches, those who have not returned first; ``period`` is the current one.

    It is empty if none has a record. ``periods`` are the last ones, oldest first. ``total`` sums all of them.
    """

    period: str
    periods: tuple[str, ...]
    lines: tuple[ReturnLine, ...]
    total: Discipline

    def now(self, *outcomes: Outcome) -> list[ReturnLine]:
        """Return the lines whose return of the current period has one of these outcomes."""
        return [line for line in self.lines if line.current and line.current.outcome in outcomes]

    @property
    def asked(self) -> int:
        """How many departments and branches were asked in the current period."""
        return sum(line.current is not None for line in self.lines)


def returns_board(returns: Sequence[PeriodReturn], dissolved: Collection[str] = ()) -> ReturnsBoard:
    """Return the board of ``returns``, which are by period, oldest first; the parts of a unit are one return.

    What ``dissolved`` branches have not returned since their last return is not asked of them any more.
    """
    returns = [*_still_asked(by_unit(returns), dissolved)]
    periods = tuple(dict.fromkeys(each.period for each in returns))[-PERIODS_SHOWN:]
    shown = [each for each in returns if each.period in periods]
    recorded = [each.period for each in shown if each.outcome is not Outcome.NO_RECORD]
    current = recorded[-1] if recorded else ""
    own: dict[str, dict[str, PeriodReturn]] = {}
    for each in shown:
        own.setdefault(each.department, {})[each.period] = each
    counts = {each.department: each for each in disciplines(shown)}
    lines = [ReturnLine(name, by_period.get(current), by_period, counts[name]) for name, by_period in own.items()]
    total = Discipline(
        "合计",
        *(sum(getattr(each, key) for each in counts.values()) for key in ("on_time", "late", "missing", "sent_back")),
    )
    return ReturnsBoard(current, periods, tuple(sorted(lines, key=_urgency)), total)


def _still_asked(returns: Sequence[PeriodReturn], dissolved: Collection[str]) -> Iterator[PeriodReturn]:
    """Yield the returns without those that dissolved branches were asked for and will not make."""
    last = {each.department: n for n, each in enumerate(returns) if each.outcome in (Outcome.ON_TIME, Outcome.LATE)}
    for place, each in enumerate(returns):
        absent = each.outcome in (Outcome.MISSING, Outcome.NOT_DUE)
        if not (absent and each.department in dissolved and place > last.get(each.department, -1)):
            yield each


_URGENCY = (Outcome.MISSING, Outcome.NOT_DUE, Outcome.LATE, Outcome.ON_TIME, Outcome.NO_RECORD)


def _urgency(line: ReturnLine) -> tuple[int, int, int]:
    """Return the place of a department: not returned first, then by how often it was missing and late."""
    place = _URGENCY.index(line.current.outcome) if line.current else len(_URGENCY)
    return place, -line.counts.missing, -line.counts.late
