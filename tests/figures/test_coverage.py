"""Problems without measures, stalled tasks, and the sample for re-checking: each on its boundary."""

from __future__ import annotations

import hashlib
from datetime import date
from typing import Any

import pytest
from support.scenarios import AS_OF, a_closeout, a_problem, a_task, build, scenario
from taizhang.figures.coverage import Coverage, Step
from taizhang.figures.metrics import compute_metrics
from taizhang.ledger.model import Ledger
from taizhang.typed.dates import month_end

pytestmark = pytest.mark.slow

PROBLEMS = [a_problem(0), a_problem(1)]
MAY, APRIL, MARCH = (month_end(2022, month) for month in (5, 4, 3))


def cover(tasks: list[dict[str, Any]], earlier: list[tuple[date, Ledger]] | None = None, **rows: Any) -> Coverage:
    ledger = build(tasks, **{"problems": PROBLEMS, **rows})
    return compute_metrics(ledger, AS_OF, earlier or []).coverage


def at(day: date, *tasks: dict[str, Any], **rows: Any) -> tuple[date, Ledger]:
    return day, build(tasks, problems=PROBLEMS, **rows)


def reach(*tasks: dict[str, Any]) -> list[tuple[str, str]]:
    return [(problem.coverage, problem.why) for problem in cover(list(tasks)).problems][:1]


def test_a_problem_is_answered_directly_by_the_measure_that_names_it_first() -> None:
    assert reach(a_task(0, problems=("WT-01",))) == [("直接", "")]
    assert reach(a_task(0, problems=("WT-01", "WT-02"), link_basis="原文")) == [("直接", "")]
    assert reach(a_task(0, problems=("WT-01",), link_basis="")) == [("直接", "")]


def test_a_problem_is_answered_indirectly_for_a_reason() -> None:
    proposed = a_task(0, problems=("WT-01",), link_basis="程序建议")
    assert reach(a_task(0, problems=("WT-02", "WT-01"))) == [("间接", "只由主要对应别的问题的措施兼顾")]
    assert reach(proposed) == [("间接", "对应关系是程序建议，待办公室核对")]
    assert reach(a_task(0, problems=("WT-01",), kind="原则")) == [("间接", "只有原则性措施")]
    assert reach(proposed, a_task(1, problems=("WT-01",))) == [("直接", "")]


def test_a_problem_that_no_measure_names_is_uncovered() -> None:
    assert reach(a_task(0, problems=("WT-02",))) == [("无措施", "没有措施写明对应它")]
    assert reach(a_task(0, problems=())) == [("无措施", "没有措施写明对应它")]


def test_a_problem_may_be_struck_off_when_all_its_measures_are_closed() -> None:
    tasks = [a_task(n, problems=("WT-01",), status="已销号", progress=100) for n in (0, 1)]
    closed = [a_closeout(n, f"RW-00{n}", date(2022, 5, 20)) for n in (1, 2)]
    assert [problem.verdict for problem in cover(tasks, closeouts=closed).problems] == ["可以销号", "不能：没有措施"]
    assert cover(tasks, closeouts=closed[:1]).problems[0].verdict == "不能：还差 1 项"


def test_measures_without_a_known_problem_and_causes_without_a_measure() -> None:
    tasks = [a_task(0, problems=("WT-01",)), a_task(1, problems=()), a_task(2, problems=("WT-99",))]
    found = cover([*tasks, a_task(3, problems=(), kind="原则")])
    assert [task.code for task in found.unlinked] == ["RW-002", "RW-003"]
    assert [(cause.code, cause.problems) for cause in found.unaddressed] == [
        ("YY-02", ("WT-02",)),
        ("YY-03", ()),
        ("YY-04", ()),
        ("YY-05", ()),
    ]


def stalled(*steps: tuple[date, dict[str, Any]], now: dict[str, Any] | None = None) -> list[tuple[str, int | None]]:
    task = a_task(6, progress=40, status="推进中", start=date(2022, 1, 10))
    earlier = [at(day, {**task, **change}) for day, change in steps]
    return [(step.task.code, _whole(step)) for step in cover([{**task, **(now or {})}], earlier).stalled]


def _whole(step: Step) -> int | None:
    return None if step.before is None else int(step.before)


def test_two_periods_without_progress() -> None:
    assert stalled((APRIL, {}), (MAY, {})) == [("RW-007", 40)]
    assert stalled((APRIL, {"progress": 39}), (MAY, {})) == []
    assert stalled((APRIL, {}), (MAY, {"progress": 39})) == []
    assert stalled((APRIL, {"status": "未启动"}), (MAY, {})) == []
    assert stalled((APRIL, {}), (MAY, {}), now={"status": "已完成"}) == []


def test_a_progress_that_was_not_reported_is_not_zero_when_periods_are_compared() -> None:
    blank, zero = {"progress": None}, {"progress": 0}
    assert stalled((APRIL, blank), (MAY, blank), now=blank) == [("RW-007", None)]
    assert stalled((APRIL, zero), (MAY, zero), now=zero) == [("RW-007", 0)]
    assert stalled((APRIL, zero), (MAY, blank), now=zero) == stalled((APRIL, blank), (MAY, blank), now=zero) == []


def test_without_both_month_ends_nothing_is_said_of_two_periods() -> None:
    assert stalled((MAY, {})) == []
    assert stalled((MARCH, {}), (MAY, {})) == []
    assert cover([a_task(6)], [at(MAY, a_task(6))]).compared == ()
    assert cover([a_task(6)], [at(APRIL, a_task(6)), at(MAY, a_task(6))]).compared == (APRIL, MAY)


def test_work_that_had_not_begun_then_is_not_stalled() -> None:
    assert stalled((APRIL, {}), (MAY, {}), now={"start": date(2022, 5, 1)}) == []
    assert stalled((APRIL, {}), (MAY, {}), now={"start": APRIL}) == [("RW-007", 40)]


def test_progress_or_status_that_goes_backwards() -> None:
    def backward(before: dict[str, Any], now: dict[str, Any]) -> list[tuple[str, int | None, str]]:
        task = a_task(6, progress=40, status="推进中")
        found = cover([{**task, **now}], [at(MAY, {**task, **before})]).backward
        return [(step.task.code, _whole(step), step.status) for step in found]

    assert backward({"progress": 41}, {}) == [("RW-007", 41, "推进中")]
    assert backward({}, {}) == []
    assert backward({"status": "已完成"}, {}) == [("RW-007", 40, "已完成")]
    assert backward({}, {"status": "未启动", "progress": 40}) == [("RW-007", 40, "推进中")]
    assert backward({}, {"progress": 0}) == [("RW-007", 40, "推进中")]
    assert backward({}, {"progress": None}) == backward({"progress": None}, {}) == []
    assert backward({}, {"status": None}) == backward({}, {"status": "停了"}) == []
    assert backward({"progress": None}, {"status": "未启动"}) == [("RW-007", None, "推进中")]


def test_relapses_up_to_the_day() -> None:
    task = a_task(0, status="已销号", progress=100)

    def relapsed(**recheck: Any) -> list[tuple[str, date | None]]:
        row = a_closeout(1, "RW-001", date(2022, 3, 20), **recheck)
        return [(found.code, day) for found, day in cover([task], closeouts=[row]).relapsed]

    assert relapsed(recheck_result="反弹", recheck_date=AS_OF) == [("RW-001", AS_OF)]
    assert relapsed(recheck_result="反弹", recheck_date=date(2022, 7, 1)) == []
    assert relapsed(recheck_result="反弹") == [("RW-001", None)]
    assert relapsed(recheck_result="保持", recheck_date=AS_OF) == []

    rows = [
        a_closeout(n, "RW-001", date(2022, 3, 20), recheck_result="反弹", recheck_date=day)
        for n, day in enumerate((MAY, APRIL, None), 1)
    ]
    assert [day for _, day in cover([task], closeouts=rows).relapsed] == [MAY]


def test_reported_but_not_confirmed_waits() -> None:
    tasks = [
        a_task(0, status="已完成"),
        a_task(1, status="已销号"),
        a_task(2, status="推进中"),
        a_task(3, status="已完成", kind="原则"),
    ]
    assert [task.code for task in cover(tasks).pending] == ["RW-001", "RW-002"]


def test_the_sample_can_be_drawn_again_by_anybody() -> None:
    found = scenario("measures_300").measures.coverage
    closed = [task.code for task in scenario("measures_300").measures.tasks if task.closed]
    assert found.seed == "20220630"
    assert len(found.sample) == 11 == -(-len(closed) // 10)
    drawn = sorted(closed, key=lambda code: hashlib.sha256(f"20220630:{code}".encode()).hexdigest())
    assert [task.code for task in found.sample] == drawn[:11]


def test_the_sample_is_never_larger_than_what_is_closed() -> None:
    tasks = [a_task(n, status="已销号", progress=100) for n in range(2)]
    closed = [a_closeout(n, f"RW-00{n}", date(2022, 5, 20)) for n in (1, 2)]
    assert len(cover(tasks, closeouts=closed).sample) == 2
    assert cover(tasks).sample == ()
