"""Working days by the office's calendar; a year missing from it is reported, not guessed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.workdays import UnknownYear, Workdays, legal_calendar


def calendar(*years: int) -> Workdays:
    return Workdays.from_calendar(years, ((day, kind) for day, kind, _ in legal_calendar(years)))


YEARS = (2021, 2022, 2023)
WORKDAYS = calendar(*YEARS)
DAYS = st.dates(date(2021, 3, 1), date(2023, 10, 31))


@pytest.mark.parametrize(
    ("day", "worked"),
    [
        (date(2022, 3, 15), True),
        (date(2022, 3, 12), False),
        (date(2022, 1, 29), True),
        (date(2022, 2, 1), False),
        (date(2022, 10, 8), True),
        (date(2022, 10, 9), True),
    ],
)
def test_holidays_and_swapped_days(day: date, worked: bool) -> None:
    assert WORKDAYS.is_workday(day) is worked


@pytest.mark.parametrize(("year", "worked"), [(2021, 250), (2022, 249), (2023, 249)])
def test_working_days_of_a_year(year: int, worked: int) -> None:
    assert sum(WORKDAYS.is_workday(date(year, 1, 1) + timedelta(days=n)) for n in range(365)) == worked


def test_the_calendar_holds_only_days_unlike_an_ordinary_week() -> None:
    days = list(legal_calendar([2022]))
    assert all((day.weekday() < 5) == (kind == "放假") for day, kind, _ in days)
    swapped = [(day.month, day.day) for day, kind, _ in days if kind == "调休上班"]
    assert swapped == [(1, 29), (1, 30), (4, 2), (4, 24), (5, 7), (10, 8), (10, 9)]
    assert {name for _, _, name in days} == {"元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节"}


def test_a_year_nobody_announced_is_not_guessed() -> None:
    with pytest.raises(UnknownYear, match="2099"):
        list(legal_calendar([2099]))


@pytest.mark.parametrize("read", [lambda w, d: w.is_workday(d), lambda w, d: w.add(d, 1)])
def test_an_unknown_year_is_an_error_with_the_cure(read: object) -> None:
    assert callable(read)
    with pytest.raises(UnknownYear) as caught:
        read(WORKDAYS, date(2030, 1, 1))
    assert caught.value.year == 2030
    assert str(caught.value).startswith("〈参数〉的工作日历里没有 2030 年的放假安排，无法算工作日。请照")


def test_a_step_into_an_unknown_year_is_an_error() -> None:
    assert WORKDAYS.add(date(2023, 12, 28), 1) == date(2023, 12, 29)
    with pytest.raises(UnknownYear, match="2024"):
        WORKDAYS.add(date(2023, 12, 28), 2)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2022, 3, 15), 0, date(2022, 3, 15)),
        (date(2022, 3, 11), 1, date(2022, 3, 14)),
        (date(2022, 1, 28), 3, date(2022, 2, 7)),
        (date(2022, 4, 1), -5, date(2022, 3, 25)),
        (date(2022, 2, 7), -1, date(2022, 1, 30)),
    ],
)
def test_adding_does_not_count_the_first_day(start: date, days: int, end: date) -> None:
    assert WORKDAYS.add(start, days) == end


@given(DAYS, st.integers(-40, 40))
def test_adding_ends_on_a_working_day_that_many_away(start: date, days: int) -> None:
    end = WORKDAYS.add(start, days)
    if days:
        assert WORKDAYS.is_workday(end)
    if days > 0 or WORKDAYS.is_workday(start):
        first, last = sorted((start, end))
        between = [first + timedelta(days=n) for n in range(days > 0, (last - first).days + (days > 0))]
        assert sum(map(WORKDAYS.is_workday, between)) == abs(days)
