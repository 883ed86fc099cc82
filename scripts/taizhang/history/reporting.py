"""The record of reporting: who returned what for which period, when, and how often it was sent back.

It is read from the bases, whose hashes the journal signs. A period that was not issued by this program, or whose base
says that files were merged but not which, has no record: nobody is called late or missing for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from taizhang.forms.register_names import TASKS
from taizhang.history.bases import LISTS, Base, DamagedBase, bases_of, issued_periods, period_key, periods_issued
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import Period, Settings
from taizhang.typed.text import as_text
from taizhang.workbook.properties import saved_at

__all__ = ["Discipline", "Outcome", "PeriodReturn", "by_unit", "disciplines", "reporting", "words_from"]


class Outcome(StrEnum):
    """What became of a reporter's report for a period. NOT_DUE: not returned, and the day it is due is not past."""

    ON_TIME = "按时"
    LATE = "迟报"
    MISSING = "未报"
    NOT_DUE = "未到期"
    NO_RECORD = "没有记录"


@dataclass(frozen=True, slots=True)
class PeriodReturn:
    """One reporter's return for a period, as known on a day; ``unit`` is its department or branch.

    ``returned_on`` is the day the first version was saved (a file without a stamp: the day it was merged), ``versions``
    the number of different files, ``sent_back`` how many of them had something to mend. ``unsaid`` are the rows of
    which the last version says nothing, ``unsaid_registers`` the titles of registers of which it does not say whether
    they have a change.
    """

    period: str
    department: str
    outcome: Outcome
    returned_on: date | None = None
    versions: int = 0
    sent_back: int = 0
    unsaid: tuple[str, ...] = ()
    unsaid_registers: tuple[str, ...] = ()
    unit: str = ""

    @property
    def corrected(self) -> bool:
        """Whether a version that was sent back was followed by another one."""
        return self.versions > 1 and self.sent_back > 0


@dataclass(frozen=True, slots=True)
class Discipline:
    """A unit's returns over the periods, counted: due = on_time + late + missing."""

    department: str
    on_time: int = 0
    late: int = 0
    missing: int = 0
    sent_back: int = 0

    @property
    def due(self) -> int:
        """How many periods were due and have a record."""
        return self.on_time + self.late + self.missing


def reporting(ledger: Path, settings: Settings, as_of: date) -> tuple[PeriodReturn, ...]:
    """Return the returns of all periods up to a day, by period and then in the order of 参数.

    Left out are reporters that were asked nothing for a period, periods whose figures are of a later day and for
    which nothing was issued, and what is not returned for a period that has not begun: it begins after the day of the
    figures of the period before it.
    """
    issued = periods_issued(ledger, settings)
    past = [each.name for each in settings.periods if each.as_of and each.as_of <= as_of]
    order = [*settings.reporters]
    found: list[PeriodReturn] = []
    for name in sorted({*issued, *past}, key=lambda each: period_key(settings, each)):
        period = settings.period(name) or Period(name)
        if name in issued:
            own = [*_returns_of(ledger, settings, period, as_of)]
            if not _has_begun(settings, period, as_of):
                own = [each for each in own if each.outcome is not Outcome.NOT_DUE]
        else:
            own = [PeriodReturn(name, each.name, Outcome.NO_RECORD) for each in settings.departments]
        own = [replace(each, unit=_unit_of(each.department, settings)) for each in own]
        found += sorted(own, key=lambda each: order.index(each.department) if each.department in order else len(order))
    return tuple(found)


def _unit_of(reporter: str, settings: Settings) -> str:
    known = settings.reporter(reporter)
    return known.unit if known else reporter


def by_unit(returns: Iterable[PeriodReturn]) -> list[PeriodReturn]:
    """Return one return for each unit and period, in order: as bad as the worst of its parts, and as late."""
    parts: dict[tuple[str, str], list[PeriodReturn]] = {}
    for each in returns:
        parts.setdefault((each.period, each.unit or each.department), []).append(each)
    return [_together(unit, own) for (_, unit), own in parts.items()]


_WORST = (Outcome.MISSING, Outcome.NOT_DUE, Outcome.LATE, Outcome.NO_RECORD, Outcome.ON_TIME)


def _together(unit: str, parts: Sequence[PeriodReturn]) -> PeriodReturn:
    """Return the parts of a unit's report for a period as one; it is returned on the day of the last."""
    if len(parts) == 1:
        return replace(parts[0], department=unit)
    outcome = min((each.outcome for each in parts), key=_WORST.index)
    days = [each.returned_on for each in parts if each.returned_on]
    whole = all(each.versions for each in parts)
    return PeriodReturn(
        parts[0].period,
        unit,
        outcome,
        max(days) if days and whole else None,
        max(each.versions for each in parts) if whole else 0,
        sum(each.sent_back for each in parts),
        tuple(code for each in parts for code in each.unsaid),
        tuple(sheet for each in parts for sheet in each.unsaid_registers),
        unit,
    )


def _has_begun(settings: Settings, period: Period, as_of: date) -> bool:
    """Whether a period has begun by a day; one without a day of its figures, or the first one of 参数, always has."""
    own = period.as_of
    return not own or all(not each.as_of or each.as_of >= own or each.as_of < as_of for each in settings.periods)


def _returns_of(ledger: Path, settings: Settings, period: Period, as_of: date) -> Iterator[PeriodReturn]:
    damaged: list[DamagedBase] = []
    for base in bases_of(ledger, period.name, settings, damaged):
        if base.expected or base.returns:
            yield _return_of(base, period, as_of)
    for each in damaged:
        yield PeriodReturn(period.name, each.department, Outcome.NO_RECORD)


def _return_of(base: Base, period: Period, as_of: date) -> PeriodReturn:
    days = [(_day_of(each), each) for each in base.returns]
    known = [(day, each) for day, each in days if day is None or day <= as_of]
    if not known:
        if not base.returns and (base.saved or base.taken or base.assigned):
            return PeriodReturn(period.name, base.department, Outcome.NO_RECORD)
        missing = period.due is not None and as_of > period.due
        return PeriodReturn(period.name, base.department, Outcome.MISSING if missing else Outcome.NOT_DUE)
    first = min((day for day, _ in known if day), default=None)
    stamped = all(saved_at(each["saved"]) for _, each in known)
    late = bool(stamped and first and period.due and first > period.due)  # the day it was merged proves nothing
    back = sum(bool(each["totals"].get("errors") or each["totals"].get("missing")) for _, each in known)
    rows, registers = (tuple(map(str, known[-1][1]["totals"].get(each, ()))) for each in LISTS)
    outcome = Outcome.LATE if late else Outcome.ON_TIME
    return PeriodReturn(period.name, base.department, outcome, first, len(known), back, rows, registers)


def _day_of(version: Mapping[str, Any]) -> date | None:
    """Return the day a version was saved, else that it was merged; None if neither is known."""
    saved = saved_at(version["saved"])
    if saved:
        return saved.date()
    try:
        return datetime.fromisoformat(str(version.get("merged", ""))).date()
    except ValueError:
        return None


def disciplines(returns: Iterable[PeriodReturn]) -> tuple[Discipline, ...]:
    """Return each department's returns counted, in the order in which departments first occur."""
    by_department: dict[str, list[PeriodReturn]] = {}
    for each in returns:
        by_department.setdefault(each.department, []).append(each)
    return tuple(
        Discipline(
            department,
            sum(each.outcome is Outcome.ON_TIME for each in own),
            sum(each.outcome is Outcome.LATE for each in own),
            sum(each.outcome is Outcome.MISSING for each in own),
            sum(each.sent_back for each in own),
        )
        for department, own in by_department.items()
    )


def words_from(ledger: Ledger, as_of: date) -> Mapping[str, str]:
    """Return, by task code, the latest period up to a day from whose report the words in 本期进展 are.

    Left out are words that no report brought, or that the office has changed since.
    """
    register = ledger.registers.get(TASKS)
    key = next((column.key for column in register.form.columns if column.last_title), "") if register else ""
    found: dict[str, str] = {}
    for name in reversed(issued_periods(ledger)) if register and key else ():
        if not _has_begun(ledger.settings, ledger.settings.period(name) or Period(name), as_of):
            continue
        for base in bases_of(ledger.path, name, ledger.settings, []):
            for cells_by_code in (base.taken, *base.earlier_taken):
                for code, cells in cells_by_code.items():
                    record = register.by_code.get(code) if register else None
                    if record and key in cells and as_text(record.cells.get(key, "")) == cells[key]:
                        found.setdefault(code, name)
    return found
