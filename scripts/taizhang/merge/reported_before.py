"""What a department reported for a cell in other periods, so that it never conflicts with itself."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property
from itertools import takewhile

from taizhang.history.bases import Base, issued_periods, load_base, period_key
from taizhang.history.entries import Verb, verb_of
from taizhang.history.journal import read_entries
from taizhang.ledger.model import Ledger
from taizhang.merge.plan import Plan
from taizhang.system.files import history_folder
from taizhang.system.stored import Damaged

__all__ = ["OtherPeriods"]

Cells = Mapping[str, Mapping[str, str]]


class OtherPeriods:
    """The other periods of a ledger; bases and journal are read once, when first needed."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._planned: dict[tuple[str, str], Cells] = {}
        self._said: dict[tuple[str, str], Collection[str]] = {}
        self._reported, self._base = cache(self._read), cache(self._load)
        self._order = cache(lambda period: period_key(ledger.settings, period))  # called for every cell

    def note(self, plan: Plan) -> None:
        """Note the contents of a file just planned, for files of earlier periods, which are planned after it."""
        reported = {code: dict(cells) for code, cells in plan.news.taken.items()}
        for each in plan.conflicts:
            reported.setdefault(each.code, {})[each.column.key] = ""
        self._planned[plan.base.department, plan.base.period] = reported
        self._said[plan.base.department, plan.base.period] = plan.said

    def find_later_report(self, base: Base, code: str, key: str) -> str:
        """Return the latest period after this one in which the department reported the cell; empty if there is none."""
        for period in self._later(base):
            if any(key in cells.get(code, {}) for cells in self._reports_in(period, base.department)):
                return period
        return ""

    def find_later_word(self, base: Base, code: str) -> str:
        """Return the latest period after this one in which the department said anything of a row; empty if none."""
        for period in self._later(base):
            said = self._said.get((base.department, period), ())
            if code in said or code in self._read_said(period, base.department):
                return period
        return ""

    def _later(self, base: Base) -> Iterator[str]:
        """Yield the periods after that of a base, the latest first."""
        here = self._order(base.period)
        yield from takewhile(lambda period: self._order(period) > here, reversed(self._periods))

    def _read_said(self, period: str, department: str) -> Collection[str]:
        base = self._base(period, department)
        return base.said if base else ()

    def find_own_value(self, base: Base, register: str, code: str, key: str) -> str | None:
        """Return the value that the department's form of another period last put into a cell; None if none did.

        The journal decides whether a merge wrote the cell last: the office may have typed the same text.
        """
        if verb_of(self._last_writers.get((register, code, key), "")) is not Verb.MERGE:
            return None
        for period in reversed(self._periods):
            for cells in self._reports_in(period, base.department) if period != base.period else ():
                if key in cells.get(code, {}):
                    return cells[code][key]
        return None

    def _reports_in(self, period: str, department: str) -> list[Cells]:
        return [self._planned.get((department, period), {}), *self._reported(period, department)]

    def _read(self, period: str, department: str) -> list[Cells]:
        base = self._base(period, department)
        return [base.taken, *reversed(base.earlier_taken), base.settled] if base else []

    def _load(self, period: str, department: str) -> Base | None:
        try:
            return load_base(self._ledger.path, period, department, self._ledger.settings)
        except Damaged:  # reported with its waiting department; here a cell becomes a conflict at worst
            return None

    @cached_property
    def _periods(self) -> list[str]:
        return issued_periods(self._ledger)

    @cached_property
    def _last_writers(self) -> Mapping[tuple[str, str, str], str]:
        return {
            (change.register, change.code, change.column): entry.command
            for entry in read_entries(history_folder(self._ledger.path)).values()
            for change in entry.changes
        }
