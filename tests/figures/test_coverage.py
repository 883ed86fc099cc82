"""Problems without measures, stalled tasks, and the sample for re-checking: each on its boundary."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from support import scenarios
from support.scenarios import AS_OF, a_closeout, a_problem, build, scenario
from taizhang.figures.coverage import Coverage, Covered, Step
from taizhang.figures.metrics import compute_metrics
from taizhang.ledger.model import Ledger
from taizhang.typed.dates import month_end

pytestmark = pytest.mark.slow

PROBLEMS = [a_problem(0), a_problem(1)]
MAY, APRIL, MARCH = (month_end(2022, month) for month in (5, 4, 3))


def a_task(number: int, **more: Any) -> dict[str, Any]:
    """Return a one-off task."""
    return scenarios.a_task(number, **{"kind": "一次", **more})


def cover(tasks: list[dict[str, Any]], earlier: list[tuple[date, Ledger]] | None = None, **rows: Any) -> Coverage:
    ledger = build(tasks, **{"problems": PROBLEMS, **rows})
    return compute_metrics(ledger, AS_OF, earlier or []).coverage


def at(day: date, *tasks: dict[str, Any], **rows: Any) -> tuple[date, Ledger]:
    return day, build(tasks, problems=PROBLEMS, **rows)


def reach(*tasks: dict[str, Any]) -> list[tuple[Covered, str]]:
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


def test_a_duty_has_cycles_and_is_never_stalled() -> None:
    assert stalled((APRIL, {}), (MAY, {}), now={"kind": "周期", "review_cycle": "季"}) == []


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


def test_month_ends_in_which_nothing_was_recorded_are_named_among_those_compared() -> None:
    ledger = build([a_task(6)], problems=PROBLEMS)
    earlier = [(MARCH, ledger), (APRIL, ledger), (MAY, ledger)]
    assert compute_metrics(ledger, AS_OF, earlier, [APRIL]).coverage.filled == (APRIL,)
    assert compute_metrics(ledger, AS_OF, earlier, [MARCH]).coverage.filled == ()
    assert compute_metrics(ledger, AS_OF, earlier).coverage.filled == ()
    assert compute_metrics(ledger, AS_OF, earlier[2:], [MAY]).coverage.filled == ()


def test_what_is_shown_of_a_problem_and_of_a_cause() -> None:
    found = cover(
        [a_task(0, problems=("WT-02",))],
        problems=[
            a_problem(0, code=None),
            a_problem(1, title=" 审批\n慢 ", aspect="在审批服务方面", leader="局长"),
        ],
    )
    (problem,) = found.problems  # the first row has no code: nothing can name it
    assert (problem.code, problem.title, problem.aspect, problem.leader) == (
        "WT-02",
        "审批\n慢",
        "在审批服务方面",
        "局长",
    )
    assert problem.causes == ("YY-02",)
    assert [(cause.code, cause.title, len(cause.tasks)) for cause in found.causes][:2] == [
        ("YY-01", "思想认识不到位", 0),
        ("YY-02", "责任落实不到位", 1),
    ]


def test_a_ledger_without_problems_or_causes_has_no_gaps_and_a_column_that_is_not_there_is_blank() -> None:
    ledger = build([a_task(0)], problems=PROBLEMS)
    tasks = {"tasks": ledger.registers["tasks"]}
    found = compute_metrics(replace(ledger, registers=tasks), AS_OF).coverage
    assert (found.problems, found.causes) == ((), ())
    assert [task.code for task in found.unlinked] == ["RW-001"]
    register = ledger.registers["problems"]
    (first, *_) = register.records
    bare = replace(first, cells={key: value for key, value in first.cells.items() if key != "leader"})
    found = compute_metrics(
        replace(ledger, registers={**tasks, "problems": replace(register, records=(bare,))}), AS_OF
    ).coverage
    assert [problem.leader for problem in found.problems] == [""]


STILL = {"progress": 40, "status": "推进中", "start": date(2022, 1, 10)}


def test_a_task_that_is_not_stalled_hides_no_other() -> None:
    tasks = [
        a_task(0, **{**STILL, "status": "已完成"}),  # reported done, and waiting for the office
        a_task(1, **{**STILL, "status": "已销号"}),
        a_task(2, **STILL),
        a_task(3, **STILL),
    ]
    closed = [a_closeout(1, "RW-002", date(2022, 2, 20))]
    then = [tasks[0], tasks[1], tasks[3]]  # the third was not in the ledger then
    found = cover(tasks, [at(day, *then, closeouts=closed) for day in (APRIL, MAY)], closeouts=closed)
    assert [(step.task.code, step.day, step.before, step.status) for step in found.stalled] == [
        ("RW-004", APRIL, Decimal(40), "推进中")
    ]


def without_result(ledger: Ledger, code: str, key: str) -> Ledger:
    """Return a ledger in which a task's cell holds a formula that nobody has calculated."""
    register = ledger.registers["tasks"]
    records = [
        replace(record, cells={**record.cells, key: ""}, unread=frozenset({key})) if record.code == code else record
        for record in register.records
    ]
    return replace(ledger, registers={**ledger.registers, "tasks": replace(register, records=tuple(records))})


@pytest.mark.parametrize("key", ["progress", "status"])
def test_a_formula_without_a_result_is_neither_standstill_nor_step_back(key: str) -> None:
    tasks = [a_task(0, **STILL), a_task(1, **STILL)]
    blank = [{**task, key: None} for task in tasks]
    ledger = without_result(build(blank, problems=PROBLEMS), "RW-001", key)
    then = [at(day, *blank) for day in (APRIL, MAY)]
    found = compute_metrics(ledger, AS_OF, then).coverage
    assert [step.task.code for step in found.stalled] == ["RW-002"]


@pytest.mark.parametrize(("key", "other"), [("progress", "status"), ("status", "progress")])
def test_what_is_not_known_on_one_of_two_days_is_no_step_back(key: str, other: str) -> None:
    """The cell with the formula is unknown; the other one says less than it did, for both tasks."""
    before = {**STILL, "progress": 60, "status": "已完成"}
    less = {"progress": 40, "status": "推进中"}
    ledger = build([a_task(n, **{**before, other: less[other]}) for n in (0, 1)], problems=PROBLEMS)
    kept = build([a_task(n, **before) for n in (0, 1)], problems=PROBLEMS)
    now, then = without_result(ledger, "RW-001", key), without_result(kept, "RW-001", key)

    def backward(ledger: Ledger, earlier: Ledger) -> list[tuple[str, date]]:
        found = compute_metrics(ledger, AS_OF, [(MAY, earlier)]).coverage.backward
        return [(step.task.code, step.day) for step in found]

    assert backward(ledger, kept) == [("RW-001", MAY), ("RW-002", MAY)]
    assert backward(now, kept) == [("RW-002", MAY)]
    assert backward(ledger, then) == [("RW-002", MAY)]
    assert backward(now, then) == [("RW-002", MAY)]


def test_a_task_that_is_new_this_month_took_no_step_back_and_hides_none() -> None:
    tasks = [a_task(0, **STILL), a_task(1, **STILL)]
    found = cover(tasks, [at(MAY, {**tasks[1], "progress": 41})])
    assert [(step.task.code, step.day, step.before) for step in found.backward] == [("RW-002", MAY, Decimal(41))]


def test_a_recheck_that_found_nothing_hides_no_relapse() -> None:
    tasks = [a_task(n, status="已销号", progress=100) for n in (0, 1)]
    rows = [
        a_closeout(1, "RW-001", date(2022, 3, 20), recheck_result="保持", recheck_date=MAY),
        a_closeout(2, "RW-002", date(2022, 3, 20), recheck_result="反弹", recheck_date=MAY),
    ]
    assert [(task.code, day) for task, day in cover(tasks, closeouts=rows).relapsed] == [("RW-002", MAY)]
