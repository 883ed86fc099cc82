"""Figures of a day and of the months before it: what is known, what is not, and where each task is counted."""

from __future__ import annotations

from datetime import date

import pytest
from scenarios import AS_OF, a_closeout, a_problem, a_task, build, scenario
from taizhang.dates import month_end
from taizhang.measures import UNCAUSED, UNLINKED, measure

MAY, APRIL = month_end(2022, 5), month_end(2022, 4)


def test_lights_of_a_month_come_from_the_ledger_kept_then() -> None:
    m = scenario("normal").measures
    known = [(point.month.month, point.red is not None) for point in m.trend]
    assert [month for month, there in known if there] == [1, 2, 4, 5, 6]
    assert (m.trend[5].red, m.trend[5].amber) == (m.total.red, m.total.amber)
    assert (m.trend[4].red, m.trend[4].amber) == (m.previous and m.previous.red, m.previous and m.previous.amber)


def test_what_is_left_is_counted_back_by_the_dates_of_confirmed_close_outs() -> None:
    tasks = [a_task(n, status="已销号", progress=100) for n in range(3)] + [a_task(5)]
    closed = [a_closeout(n, f"RW-00{n}", date(2022, 2 + n, 20)) for n in (1, 2, 3)]
    m = measure(build(tasks, closeouts=closed), AS_OF)
    assert [point.actual for point in m.trend] == [None, 4, 3, 2, 1, 1, *[None] * 6]
    assert [point.closed for point in m.trend][:6] == [None, 0, 1, 1, 1, 0]
    assert (m.closed_this_month, m.closed_last_month) == (0, 1)
    assert m.recent == (date(2022, 2, 28), date(2022, 3, 31), APRIL, MAY, AS_OF)


def test_a_first_period_without_close_outs_shows_one_point() -> None:
    m = scenario("first_period").measures
    assert m.first_period
    assert [point.month.month for point in m.trend if point.actual is not None] == [6]
    assert m.recent == (AS_OF,)
    assert m.previous is None


def test_last_month_is_only_the_month_end_before() -> None:
    ledger = build([a_task(6)])
    assert measure(ledger, AS_OF, [(APRIL, ledger)]).previous is None
    assert not measure(ledger, AS_OF, [(APRIL, ledger)]).first_period
    assert measure(ledger, AS_OF, [(APRIL, ledger), (MAY, ledger)]).previous is not None


@pytest.mark.parametrize(
    ("day", "year", "now"),
    [(date(2022, 12, 31), 2022, 11), (date(2023, 1, 15), 2023, 0), (date(2021, 12, 1), 2022, None)],
)
def test_the_trend_shows_the_year_of_the_plan_or_the_later_one_of_the_report(
    day: date, year: int, now: int | None
) -> None:
    m = measure(build([a_task(6)]), day)
    assert (m.trend[0].month.year, m.now) == (year, now)


def test_tasks_are_counted_once_by_their_first_problem_and_its_first_cause() -> None:
    problems = [a_problem(0, causes=("YY-02", "YY-01")), a_problem(3, causes=())]
    tasks = [
        a_task(0, problems=("WT-01", "WT-04")),
        a_task(1, problems=("WT-04", "WT-01")),
        a_task(2, problems=("WT-77",)),
    ]
    m = measure(build(tasks, problems=problems), AS_OF)
    assert list(m.aspect_of.values()) == ["决策部署落实", "审批服务", UNLINKED]
    assert list(m.cause_of.values()) == ["责任落实不到位", UNCAUSED, UNCAUSED]
    assert [(group.name, group.problems, group.tasks) for group in m.causes] == [
        ("思想认识不到位", 0, 0),
        ("责任落实不到位", 1, 1),
        ("制度机制不健全", 0, 0),
        ("能力本领有差距", 0, 0),
        ("监督检查不严格", 0, 0),
        (UNCAUSED, 1, 2),
    ]
    assert dict(m.matrix) == {("责任落实不到位", "决策部署落实"): 1, (UNCAUSED, "审批服务"): 1}


def test_progress_keeps_its_decimals_until_it_is_rounded() -> None:
    tasks = [a_task(6, progress=0.5, department="办公室"), a_task(7, progress=0.5, department="办公室")]
    assert measure(build(tasks), AS_OF).total.progress == 1


def test_the_average_is_taken_over_what_was_reported() -> None:
    plan = {"start": date(2022, 1, 1), "deadline": date(2022, 12, 31), "department": "办公室"}
    filled, blank = a_task(6, progress=40, **plan), a_task(7, progress=None, **plan)
    late = a_task(8, progress=None, department="人事处", start=date(2022, 6, 1), deadline=date(2022, 12, 31))
    m = measure(build([filled, blank, late]), AS_OF)
    assert (m.total.progress, m.total.expected) == (40, 49)
    assert {group.name: (group.progress, group.expected) for group in m.departments} == {
        "办公室": (40, 49),
        "人事处": (None, None),
    }


def test_a_department_that_reported_no_progress_stands_below_one_that_reported_none_made() -> None:
    def order(one: int | None, other: int | None) -> list[str]:
        plan = {"start": date(2022, 1, 1), "deadline": date(2022, 12, 31), "status": "推进中"}
        departments = (("办公室", one), ("人事处", other))
        tasks = [a_task(6 + n, department=name, progress=value, **plan) for n, (name, value) in enumerate(departments)]
        return [group.name for group in measure(build(tasks), AS_OF).departments]

    assert order(0, None) == ["办公室", "人事处"]
    assert order(None, 0) == ["人事处", "办公室"]


def test_the_period_has_the_number_of_its_row_in_the_settings() -> None:
    ledger = build([a_task(6)])
    assert measure(ledger, AS_OF).number == 6
    assert measure(ledger, date(2022, 6, 29)).number is None
