"""Working days, from the calendar that the office keeps in 参数."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache

__all__ = ["DayKind", "UnknownYear", "Workdays", "legal_calendar"]

_HOLIDAYS = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "National Day": "国庆节",
    "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}


class DayKind(StrEnum):
    """The kind of a day in the calendar of 参数: a weekday off, or a weekend day worked in exchange."""

    OFF = "放假"
    WORKED = "调休上班"


class UnknownYear(Exception):
    """The calendar has no holiday arrangements for this year."""

    def __init__(self, year: int) -> None:
        self.year = year
        super().__init__(
            f"〈参数〉的工作日历里没有 {year} 年的放假安排，无法算工作日。"
            f"请照国务院办公厅通知补上放假和调休上班的日期，并在“日历年度”里加上 {year}。"
        )


@dataclass(frozen=True, slots=True)
class Workdays:
    """The years covered, their holidays on weekdays, and the weekend days worked."""

    years: frozenset[int] = frozenset()
    days_off: frozenset[date] = frozenset()
    days_worked: frozenset[date] = frozenset()

    @classmethod
    def from_calendar(cls, years: Iterable[int], days: Iterable[tuple[date, str]]) -> Workdays:
        """Return the working days of a calendar: the years it covers, and its days with their kinds.

        Days of an unknown kind are ignored.
        """
        listed = list(days)
        return cls(
            frozenset(years),
            frozenset(day for day, kind in listed if kind == DayKind.OFF),
            frozenset(day for day, kind in listed if kind == DayKind.WORKED),
        )

    def is_workday(self, day: date) -> bool:
        """Whether a day is a working day; raises UnknownYear."""
        if day.year not in self.years:
            raise UnknownYear(day.year)
        return day in self.days_worked or (day.weekday() < 5 and day not in self.days_off)

    def add(self, start: date, days: int) -> date:
        """Return the day that is this many working days after ``start``, which is not counted (民法典 201).

        A negative count goes back: ``add(first day of a month, -5)`` is the fifth working day from the end of the
        previous month. Raises UnknownYear if a year on the way is not covered.
        """
        day, step = start, timedelta(days=1 if days >= 0 else -1)
        for _ in range(abs(days)):
            day += step
            while not self.is_workday(day):
                day += step
        return day

    def between(self, start: date, end: date) -> int:
        """Return the number of working days after ``start`` up to and including ``end``; raises UnknownYear."""
        days = ((end - start).days if end > start else 0) + 1
        return sum(self.is_workday(start + timedelta(days=number)) for number in range(1, days))

    def last_workday(self, day: date) -> date:
        """Return the day itself if it is a working day, else the last working day before it; raises UnknownYear."""
        return day if self.is_workday(day) else self.add(day, -1)


def legal_calendar(years: Iterable[int]) -> Iterator[tuple[date, DayKind, str]]:
    """Yield (day, kind, name) for the days of these years that differ from an ordinary week.

    Source: chinesecalendar, which follows the State Council's yearly notice. Raises UnknownYear for years it does not
    cover.
    """
    for year in years:
        yield from _legal_days(year)


@cache
def _legal_days(year: int) -> tuple[tuple[date, DayKind, str], ...]:
    """Return the days of one year, cached: the library validates each day anew."""
    import chinese_calendar

    days, day = [], date(year, 1, 1)
    while day.year == year:
        try:
            off, name = chinese_calendar.get_holiday_detail(day)
        except NotImplementedError:
            raise UnknownYear(year) from None
        if off == (day.weekday() < 5):
            days.append((day, DayKind.OFF if off else DayKind.WORKED, _HOLIDAYS.get(name or "", "周末调休")))
        day += timedelta(days=1)
    return tuple(days)
