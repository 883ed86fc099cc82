"""Figures of a day and of the months before it: known and unknown ones, and the place where each task counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from support import scenarios
from support.ledgers import load
from support.scenarios import AS_OF, STAMP, a_closeout, a_problem, build, scenario
from taizhang.figures.metrics import UNCAUSED, UNLINKED, compute_metrics
from taizhang.figures.rates import RateName
from taizhang.figures.sentences import pace
from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import Light, Status
from taizhang.report import progress_workbook
from taizhang.report.definitions import definitions
from taizhang.typed.dates import month_end

MAY, APRIL = month_end(2022, 5), month_end(2022, 4)


def a_task(number: int, **more: Any) -> dict[str, Any]:
    """Return a one-off task."""
    return scenarios.a_task(number, **{"kind": "一次", **more})


def test_lights_of_a_month_come_from_the_ledger_kept_then() -> None:
    m = scenario("normal").measures
    known = [(point.month.month, point.red is not None) for point in m.trend]
    assert [month for month, there in known if there] == [1, 2, 4, 5, 6]
    assert (m.trend[5].red, m.trend[5].amber) == (m.total.red, m.total.amber)
    assert (m.trend[4].red, m.trend[4].amber) == (m.previous and m.previous.red, m.previous and m.previous.amber)


def test_what_is_left_is_counted_back_by_the_dates_of_confirmed_close_outs() -> None:
    tasks = [a_task(n, status="已销号", progress=100) for n in range(3)] + [a_task(5)]
    closed = [a_closeout(n, f"RW-00{n}", date(2022, 2 + n, 20)) for n in (1, 2, 3)]
    m = compute_metrics(build(tasks, closeouts=closed), AS_OF)
    assert [point.actual for point in m.trend] == [None, 4, 3, 2, 1, 1, *[None] * 6]
    assert [point.closed for point in m.trend][:6] == [None, 0, 1, 1, 1, 0]
    assert (m.closed_this_month, m.closed_last_month) == (0, 1)
    assert m.recent == (date(2022, 2, 28), date(2022, 3, 31), APRIL, MAY, AS_OF)


def test_what_the_earlier_table_closed_counts_but_not_in_time_unless_it_is_dated() -> None:
    """Three are closed, one of them on a known day; of the undated ones nobody knows whether it was in time."""
    due = {"status": "已销号", "deadline": date(2022, 4, 30)}
    tasks = [a_task(0, **due), a_task(1, **due), a_task(2, **due), a_task(5)]
    closed = [
        {"code": f"XH-00{n}", "task": f"RW-00{n}", "conclusion": "沿用原台账", "committee_date": day}
        for n, day in ((1, date(2022, 4, 30)), (2, None), (3, None))
    ]
    m = compute_metrics(build(tasks, closeouts=closed), AS_OF)
    assert (m.total.closed, str(m.rates.struck_off), str(m.rates.on_time)) == (3, "3/4", "1/1")
    assert [point.actual for point in m.trend] == [None, None, 2, 1, 1, 1, *[None] * 6]
    assert [point.closed for point in m.trend][:6] == [None, None, 0, 1, 0, 0]
    assert [(task.closed_on, task.inherited) for task in m.tasks] == [
        (date(2022, 4, 30), True),
        (None, True),
        (None, True),
        (None, False),
    ]
    said = {figure: how for _, figure, how in definitions(m)}["沿用原台账"]
    assert said == (
        "收编旧表时已经销号的，没有另走程序，本次 3 项，算办结，计入销号率。"
        "旧表没有写日期的 2 项，算这本台账开始以前办的，不计入按期办结率和各月的办结数。"
    )
    late = closed[0] | {"committee_date": date(2022, 5, 1)}
    assert str(compute_metrics(build(tasks, closeouts=[late, *closed[1:]]), AS_OF).rates.on_time) == "0/1"


def test_a_first_period_without_close_outs_shows_one_point() -> None:
    m = scenario("first_period").measures
    assert m.first_period
    assert [point.month.month for point in m.trend if point.actual is not None] == [6]
    assert m.recent == (AS_OF,)
    assert m.previous is None


def test_last_month_is_only_the_month_end_before() -> None:
    ledger = build([a_task(6)])
    assert compute_metrics(ledger, AS_OF, [(APRIL, ledger)]).previous is None
    assert not compute_metrics(ledger, AS_OF, [(APRIL, ledger)]).first_period
    assert compute_metrics(ledger, AS_OF, [(APRIL, ledger), (MAY, ledger)]).previous is not None


@pytest.mark.parametrize(
    ("day", "year", "now"),
    [(date(2022, 12, 31), 2022, 11), (date(2023, 1, 15), 2023, 0), (date(2021, 12, 1), 2022, None)],
)
def test_the_trend_shows_the_year_of_the_plan_or_the_later_one_of_the_report(
    day: date, year: int, now: int | None
) -> None:
    m = compute_metrics(build([a_task(6)]), day)
    assert (m.trend[0].month.year, m.now) == (year, now)


def test_tasks_are_counted_once_by_their_first_problem_and_its_first_cause() -> None:
    problems = [a_problem(0, causes=("YY-02", "YY-01")), a_problem(3, causes=())]
    tasks = [
        a_task(0, problems=("WT-01", "WT-04")),
        a_task(1, problems=("WT-04", "WT-01")),
        a_task(2, problems=("WT-77",)),
    ]
    m = compute_metrics(build(tasks, problems=problems), AS_OF)
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


def test_averages_are_exact() -> None:
    tasks = [a_task(6, progress=0.5, department="办公室"), a_task(7, progress=0.5, department="办公室")]
    tasks += [a_task(5, progress=None, department="办公室")]
    assert compute_metrics(build(tasks), AS_OF).total.progress == Fraction(1, 200)  # of the two that reported


def departments_of(*rows: tuple[str | None, int, int, int], **more: Any) -> list[tuple[int | None, str, int, int]]:
    """Rank departments with (name, closed, late, not yet due) tasks; return (rank, name, due and closed, due)."""
    tasks, closeouts = [], []
    for name, closed, late, rest in rows:
        for status, due in (
            *[("已销号", date(2022, 5, 31))] * closed,
            *[("推进中", date(2022, 5, 31))] * late,
            *[("推进中", date(2022, 12, 31))] * rest,
        ):
            tasks.append(a_task(len(tasks), department=name, status=status, deadline=due, progress=50, **more))
            if status == "已销号":
                closeouts.append(a_closeout(len(tasks), tasks[-1]["code"], date(2022, 5, 20)))
    m = compute_metrics(build(tasks, closeouts=closeouts), AS_OF)
    return [(group.rank, group.name, group.rates.on_time.part, group.rates.on_time.whole) for group in m.departments]


def test_tasks_without_a_known_department_have_no_rank_and_stand_last() -> None:
    assert departments_of(("办公室", 0, 1, 0), (None, 1, 0, 0), ("信息中心", 1, 0, 0), ("没有这个处", 0, 1, 0)) == [
        (1, "信息中心", 1, 1),
        (2, "办公室", 0, 1),
        (None, "待明确", 1, 2),
    ]


def test_departments_equal_in_everything_share_their_rank() -> None:
    same = {"start": date(2022, 1, 10)}
    found = departments_of(
        ("办公室", 1, 0, 0), ("人事处", 1, 0, 0), ("信息中心", 0, 1, 0), ("机关党委", 0, 1, 0), **same
    )
    assert [rank for rank, *_ in found] == [1, 1, 3, 3]
    found = departments_of(
        ("办公室", 1, 0, 0), ("人事处", 1, 0, 1), ("信息中心", 1, 0, 0), ("机关党委", 0, 0, 1), **same
    )
    assert [(rank, name) for rank, name, *_ in found] == [
        (1, "信息中心"),
        (1, "办公室"),
        (3, "人事处"),
        (None, "机关党委"),
    ]


def test_departments_are_ranked_by_exact_rates_before_their_delays() -> None:
    tasks = [a_task(n, department="办公室", status="已销号", deadline=MAY) for n in range(19)]
    tasks += [a_task(n, department="办公室", status="推进中", deadline=date(2022, 6, 20)) for n in range(19, 23)]
    tasks += [a_task(n, department="人事处", status="已销号", deadline=MAY) for n in range(23, 28)]
    tasks += [a_task(28, department="人事处", status="推进中", deadline=date(2022, 5, 30))]
    closeouts = [
        a_closeout(n, task["code"], date(2022, 5, 20)) for n, task in enumerate(tasks, 1) if task["status"] == "已销号"
    ]
    found = compute_metrics(build(tasks, closeouts=closeouts), AS_OF).departments
    assert [
        (group.rank, group.name, group.rates.on_time.part, group.rates.on_time.whole, group.longest) for group in found
    ] == [
        (1, "人事处", 5, 6, 31),
        (2, "办公室", 19, 23, 10),
    ]


def test_there_is_one_plan_on_every_day() -> None:
    tasks = [
        a_task(n, deadline=due) for n, due in enumerate((date(2022, 6, 10), date(2022, 6, 25), date(2022, 12, 31)))
    ]
    for task in tasks:
        task |= {"status": "推进中", "progress": 50}
    tasks[2]["status"] = "已销号"
    ledger = build(tasks, closeouts=[a_closeout(1, "RW-003", date(2022, 6, 3))])
    planned = {}
    for day in (9, 10, 11, 15, 24, 25, 30):
        m = compute_metrics(ledger, date(2022, 6, day))
        assert m.trend[5].planned == 3 - m.planned_closed
        assert m.trend[5].due == m.planned_closed
        assert m.trend[6].planned == 1
        planned[day] = m.planned_closed
    assert planned == {9: 0, 10: 1, 11: 1, 15: 1, 24: 1, 25: 2, 30: 2}


@pytest.mark.parametrize(
    ("day", "then"),
    [
        (date(2022, 6, 2), 1),
        (date(2022, 6, 15), 2),
        (date(2022, 6, 29), 2),
        (AS_OF, 3),
        (date(2022, 7, 15), 0),
        (date(2022, 3, 30), 0),
    ],
)
def test_last_month_is_compared_as_far_as_this_one_goes(day: date, then: int) -> None:
    tasks = [a_task(n, status="已销号", progress=100) for n in range(4)]
    days = (date(2022, 5, 1), date(2022, 5, 15), date(2022, 5, 31), date(2022, 1, 5))
    ledger = build(tasks, closeouts=[a_closeout(n, f"RW-00{n}", each) for n, each in enumerate(days, 1)])
    assert compute_metrics(ledger, day).closed_last_month == then


def test_a_ledger_born_this_month_is_compared_with_nothing() -> None:
    ledger = build([a_task(0, status="已销号", progress=100)], closeouts=[a_closeout(1, "RW-001", date(2022, 6, 1))])
    assert pace(compute_metrics(ledger, AS_OF)) == "首期，无上月数"
    assert pace(compute_metrics(ledger, AS_OF, [(MAY, ledger)])) == "上月 0 项，↑ 加快"


def test_a_month_in_which_nothing_was_recorded_is_marked() -> None:
    ledger = build([a_task(5, status="推进中")])
    m = compute_metrics(ledger, AS_OF, [(APRIL, ledger), (MAY, ledger)], filled=[MAY])
    assert [point.month.month for point in m.trend if point.filled] == [5]
    assert m.previous is not None
    assert m.previous.filled
    assert m.coverage.filled == (MAY,)
    sheets = load(progress_workbook(m, STAMP))
    marked = [cell.coordinate for row in sheets["趋势"].iter_rows() for cell in row if '*"' in cell.number_format]
    assert marked == ["G11", "G12"]
    texts = [str(cell.value) for row in sheets["趋势"].iter_rows() for cell in row]
    assert any(text.startswith("*＝5月没有新的记录，红灯、黄灯沿用此前留存的台账") for text in texts)


def test_the_average_is_taken_over_what_was_reported() -> None:
    plan = {"start": date(2022, 1, 1), "deadline": date(2022, 12, 31), "department": "办公室"}
    filled, blank = a_task(6, progress=40, **plan), a_task(7, progress=None, **plan)
    late = a_task(8, progress=None, department="人事处", start=date(2022, 6, 1), deadline=date(2022, 12, 31))
    m = compute_metrics(build([filled, blank, late]), AS_OF)
    assert (m.total.progress, m.total.expected) == (Fraction(2, 5), Fraction(180, 364))
    assert {group.name: (group.progress, group.expected) for group in m.departments} == {
        "办公室": (Fraction(2, 5), Fraction(180, 364)),
        "人事处": (None, None),
    }
    assert {group.name: (group.progressed, group.scheduled) for group in (*m.departments, m.total)} == {
        "办公室": (1, 2), "人事处": (0, 1), "合计": (1, 3),
    }  # fmt: skip
    sheet = load(progress_workbook(m, STAMP))["部门排名"]
    heads = [cell.value for cell in sheet[6]]
    cells = {row[2].value: row[heads.index("进度")] for row in sheet.iter_rows(7, 9)}
    assert {name: (cell.value, cell.number_format) for name, cell in cells.items()} == {
        "办公室": (0.4, '0%" 1/2"'), "人事处": ("未报 0/1", "General"), "合计": (0.4, '0%" 1/3"'),
    }  # fmt: skip


def test_a_department_that_reported_no_progress_stands_below_one_that_reported_none_made() -> None:
    def order(one: int | None, other: int | None) -> list[str]:
        plan = {"start": date(2022, 1, 1), "deadline": date(2022, 12, 31), "status": "推进中"}
        departments = (("办公室", one), ("人事处", other))
        tasks = [a_task(6 + n, department=name, progress=value, **plan) for n, (name, value) in enumerate(departments)]
        return [group.name for group in compute_metrics(build(tasks), AS_OF).departments]

    assert order(0, None) == ["办公室", "人事处"]
    assert order(None, 0) == ["人事处", "办公室"]


def test_the_period_has_the_number_of_its_row_in_the_settings() -> None:
    ledger = build([a_task(6)])
    assert compute_metrics(ledger, AS_OF).number == 6
    assert compute_metrics(ledger, date(2022, 6, 29)).number is None


@pytest.mark.parametrize(
    ("deadline", "closed", "counted"),
    [
        (date(2022, 6, 29), False, (1, 0)),
        (date(2022, 6, 29), True, (1, 1)),
        (AS_OF, False, (0, 0)),
        (AS_OF, True, (1, 1)),
        (date(2022, 7, 1), False, (0, 0)),
        (date(2022, 7, 1), True, (0, 0)),
        ("长期坚持", False, (0, 0)),
    ],
)
def test_what_is_due_today_counts_as_due_once_it_is_closed(
    deadline: date | str, closed: bool, counted: tuple[int, int]
) -> None:
    row = a_task(6, deadline=deadline, status="已销号" if closed else "推进中")
    decided = [a_closeout(1, row["code"], date(2022, 6, 20))] if closed else []
    total = compute_metrics(build([row], closeouts=decided), AS_OF).total
    assert (total.rates.on_time.whole, total.rates.on_time.part) == counted


def test_what_the_figures_are_of() -> None:
    ledger = build([a_task(6)], departments=[{"部门": "办公室", "简称": "办"}, "人事处"])
    m = compute_metrics(ledger, AS_OF)
    assert (m.unit, m.office) == (ledger.settings.unit, ledger.settings.office)
    assert (m.snapshot, len(m.snapshot)) == (ledger.book.sha256[:12], 12)
    assert (m.total.name, m.total.problems, m.problem_count) == ("合计", 15, 15)
    assert (m.unread, m.short_names) == ("", {"办公室": "办"})


def test_what_is_due_until_the_end_of_next_month() -> None:
    days = (date(2022, 6, 29), AS_OF, date(2022, 7, 1), date(2022, 7, 31), date(2022, 8, 1), "长期坚持")
    tasks = [a_task(n, deadline=day, status="推进中") for n, day in enumerate(days)]
    tasks += [a_task(6, deadline=date(2022, 7, 15), status="已销号")]
    m = compute_metrics(build(tasks, closeouts=[a_closeout(1, "RW-007", date(2022, 6, 20))]), AS_OF)
    assert [task.code for task in m.due_next_month] == ["RW-002", "RW-003", "RW-004"]


def test_problems_are_settled_when_all_their_tasks_are_closed_and_struck_off_when_all_those_are() -> None:
    problems = [a_problem(n) for n in range(5)]  # the fifth has no task
    tasks = [
        a_task(0, problems=("WT-01",), status="已销号"),
        a_task(1, problems=("WT-01",), status="已销号"),
        a_task(2, problems=("WT-02",), status="已销号"),
        a_task(3, problems=("WT-02",), status="长期坚持"),
        a_task(4, problems=("WT-03",), status="已销号"),
        a_task(5, problems=("WT-03",), status="推进中"),
        a_task(6, problems=("WT-04",), status="推进中"),
    ]
    closeouts = [
        a_closeout(n, f"RW-00{n}", date(2022, 5, 20), **({"conclusion": "转长期坚持"} if n == 4 else {}))
        for n in range(1, 6)
    ]
    m = compute_metrics(build(tasks, problems=problems, closeouts=closeouts), AS_OF)
    assert (m.problem_count, m.problems_closed, m.problems_struck) == (5, 2, 1)


def test_aspects_go_by_their_short_names_then_those_only_problems_name_then_none() -> None:
    problems = [a_problem(0, aspect=None), a_problem(1, aspect="在其他方面"), a_problem(3)]
    m = compute_metrics(build([a_task(0, problems=("WT-04",))], problems=problems), AS_OF)
    assert [(group.name, group.problems, group.tasks) for group in m.aspects] == [
        ("决策部署落实", 0, 0),
        ("审批服务", 1, 1),
        ("资金项目管理", 0, 0),
        ("干部队伍建设", 0, 0),
        ("落实全面从严治党责任", 0, 0),
        ("在其他方面", 1, 0),
        (UNLINKED, 1, 0),
    ]


def test_each_count_of_a_group() -> None:
    late = {"status": "推进中", "department": "办公室"}
    tasks = [
        a_task(0, deadline=date(2022, 6, 28), **late),
        a_task(1, deadline=date(2022, 6, 29), **late),
        a_task(2, deadline=AS_OF, **late),
        a_task(3, deadline=None, review_cycle="", **late),
        a_task(4, deadline=date(2022, 6, 1), status="已销号", department="办公室"),
        a_task(5, deadline=date(2022, 12, 31), status="已完成", department="办公室"),
    ]
    (group,) = compute_metrics(build(tasks, closeouts=[a_closeout(1, "RW-005", MAY)]), AS_OF).departments
    assert (group.tasks, group.problems, group.open_matters) == (6, 0, 1)
    assert (group.rates.on_time.whole, group.rates.on_time.part, group.overdue, group.longest) == (3, 1, 2, 2)
    assert {status: group.number_of(status) for status in Status} == {
        Status.NOT_STARTED: 0,
        Status.UNDER_WAY: 4,
        Status.DONE: 1,
        Status.STRUCK_OFF: 1,
        Status.ONGOING: 0,
    }


def test_a_ledger_without_tasks_has_figures_too() -> None:
    total = compute_metrics(build([]), AS_OF).total
    assert (total.tasks, total.overdue, total.longest, total.progress, total.expected) == (0, 0, 0, None, None)
    assert [total.rates.of(name).share for name in RateName] == [None] * 4


def test_a_progress_of_none_made_and_a_plan_that_begins_today_count_as_nothing() -> None:
    plan = {"start": AS_OF, "deadline": date(2022, 12, 31), "status": "推进中"}
    total = compute_metrics(build([a_task(6, progress=0, **plan), a_task(7, progress=50, **plan)]), AS_OF).total
    assert (total.progress, total.expected) == (Fraction(1, 4), Fraction(0))


LATE, EARLY, LATER = (
    {"deadline": date(2022, 5, 20), "status": "推进中"},
    {"deadline": date(2022, 6, 25), "status": "推进中"},
    {"deadline": date(2022, 12, 31), "status": "推进中"},
)
CLOSED_IN_TIME, CLOSED_BEFORE = {**LATE, "status": "已销号"}, {**LATER, "status": "已销号"}


@pytest.mark.parametrize(
    ("better", "other"),
    [
        pytest.param([LATE], [LATER], id="something was due"),
        pytest.param([CLOSED_IN_TIME, LATE], [EARLY], id="more of what was due is closed, the rest later"),
        pytest.param([EARLY], [LATE], id="a shorter delay"),
        pytest.param([CLOSED_IN_TIME], [CLOSED_IN_TIME, LATER], id="more of all is closed"),
        pytest.param([CLOSED_BEFORE, LATER], [LATER, LATER], id="nothing was due, and something is closed"),
        pytest.param([CLOSED_BEFORE, LATER], [{**LATER, "progress": 90}], id="more is closed before more progress"),
        pytest.param([{**LATER, "progress": 60}], [{**LATER, "progress": 50}], id="more progress"),
        pytest.param([{**LATER, "progress": 40}], [{**LATER, "progress": 0}], id="some progress"),
        pytest.param([LATER, LATER], [LATER], id="more tasks"),
    ],
)
def test_what_puts_a_department_above_another(better: list[dict[str, Any]], other: list[dict[str, Any]]) -> None:
    """Of two that are equal 人事处 comes first, as it does in the order of the names."""
    own = [("办公室", row) for row in better] + [("人事处", row) for row in other]
    plan = {"start": date(2022, 1, 10), "progress": 50}
    tasks = [a_task(n, **{**plan, **row, "department": name}) for n, (name, row) in enumerate(own)]
    closed = [task["code"] for task in tasks if task["status"] == "已销号"]
    closeouts = [a_closeout(n, code, date(2022, 5, 20)) for n, code in enumerate(closed, 1)]
    found = compute_metrics(build(tasks, closeouts=closeouts), AS_OF).departments
    assert [group.name for group in found] == ["办公室", "人事处"]


def test_six_month_ends_are_recent_and_what_is_closed_on_one_of_them_is_not_left_at_it() -> None:
    tasks = [a_task(n, status="已销号", department="办公室", deadline=MAY) for n in range(3)]
    days = (date(2021, 3, 1), MAY, AS_OF)
    closeouts = [a_closeout(n, f"RW-00{n}", day) for n, day in enumerate(days, 1)]
    m = compute_metrics(build(tasks, closeouts=closeouts), AS_OF)
    assert m.recent == (*(month_end(2022, month) for month in (1, 2, 3, 4, 5)), AS_OF)
    assert m.left_by_department == {"办公室": (2, 2, 2, 2, 1, 0)}
    assert [point.actual for point in m.trend][:6] == [2, 2, 2, 2, 1, 0]


def test_what_a_month_adds_to_the_plan() -> None:
    days = (date(2022, 3, 31), date(2022, 4, 1), date(2022, 4, 30), date(2022, 5, 1), date(2022, 12, 31))
    m = compute_metrics(build([a_task(n, deadline=day) for n, day in enumerate(days)]), AS_OF)
    assert [point.due for point in m.trend] == [0, 0, 1, 2, 1, 0, 0, 0, 0, 0, 0, 1]
    assert [point.planned for point in m.trend] == [5, 5, 4, 2, 1, 1, 1, 1, 1, 1, 1, 0]


def test_duties_and_continuing_tasks_are_in_no_plan_and_in_no_average() -> None:
    rows = [
        {"kind": "一次", "deadline": date(2022, 5, 31)},
        {"kind": "周期", "review_cycle": "季", "deadline": date(2022, 12, 31)},
        {"kind": "周期", "review_cycle": "季", "deadline": "长期坚持"},
        {"kind": "长期", "review_cycle": "季", "deadline": "长期坚持"},
    ]
    tasks = [a_task(n, status="推进中", progress=60, start=date(2022, 1, 1), **row) for n, row in enumerate(rows)]
    m = compute_metrics(build(tasks), AS_OF)
    assert [task.code for task in m.scheduled] == ["RW-001", "RW-002"]
    assert (m.trend[0].planned, m.trend[5].planned, m.trend[5].actual, m.planned_closed) == (2, 1, 2, 1)
    assert m.total.progress == Fraction(3, 5)


def test_each_light_is_counted_once_and_those_below_red_together() -> None:
    limits = Thresholds(orange_behind=20, colours={"due_soon": Light.BLUE})
    plan = {"start": date(2022, 1, 1), "deadline": date(2022, 12, 31), "status": "推进中"}
    tasks = [a_task(n, progress=value, **plan) for n, value in enumerate((10, 25, 35, 60))]
    tasks.append(a_task(4, progress=100, start=None, deadline=date(2022, 7, 3), status="推进中"))
    ledger = build(tasks)
    m = compute_metrics(replace(ledger, settings=replace(ledger.settings, thresholds=limits)), AS_OF)
    assert [task.light for task in m.tasks] == [Light.RED, Light.ORANGE, Light.AMBER, Light.GREEN, Light.BLUE]
    assert (m.total.red, m.total.amber, m.total.worst_below_red) == (1, 3, Light.ORANGE)
    assert [m.total.lit(light) for light in (Light.ORANGE, Light.AMBER, Light.BLUE)] == [1, 1, 1]
    assert [task.light for task in m.exceptions] == [Light.RED, Light.ORANGE, Light.AMBER, Light.BLUE]
    assert (m.trend[5].red, m.trend[5].amber) == (1, 3)
