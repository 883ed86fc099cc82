"""Status and lights on their boundaries: only the committee's decision closes a task, and the worst trigger wins."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.checked import AS_OF, CLOSED, CLOSEOUT, as_read, typed
from support.fixtures import Make
from support.ledgers import ledger_in_memory
from support.returned_files import by_hand
from support.scenarios import a_task, build
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.tasks import Task, read_tasks, time_progress

THIRD = {"start": date(2022, 3, 1), "deadline": date(2022, 5, 30)}
"""30 of 90 days have passed: 33.33 per cent."""
THREE_TENTHS = {"start": date(2022, 3, 1), "deadline": date(2022, 6, 9)}
"""30 of 100 days have passed."""


def task(ledger: Path | Ledger, as_of: date = AS_OF) -> Task:
    (found,) = read_tasks(as_read(ledger), as_of)
    return found


@pytest.mark.parametrize(
    ("row", "light", "reason"),
    [
        ({"deadline": date(2022, 3, 30)}, Light.RED, "逾期1天"),
        ({"deadline": AS_OF, "progress": 100}, Light.AMBER, "今日到期"),
        ({"deadline": date(2022, 4, 7), "progress": 100}, Light.AMBER, "7天内到期"),
        ({"deadline": date(2022, 4, 8), "progress": 100}, Light.GREEN, ""),
        (THREE_TENTHS | {"progress": 0}, Light.AMBER, "落后序时30个百分点"),
        (THREE_TENTHS | {"progress": 20}, Light.AMBER, "落后序时10个百分点"),
        (THREE_TENTHS | {"progress": Decimal("20.1")}, Light.GREEN, ""),
        (THIRD | {"progress": 3}, Light.RED, "落后序时31个百分点"),
        (THIRD | {"progress": 4}, Light.AMBER, "落后序时29个百分点"),
        (THIRD | {"progress": Decimal("8.7")}, Light.AMBER, "落后序时24个百分点"),
        (THIRD | {"progress": Decimal("23.3")}, Light.AMBER, "落后序时10个百分点"),
        (THIRD | {"progress": Decimal("23.4")}, Light.GREEN, ""),
        (THIRD | {"progress": 0}, Light.RED, "落后序时33个百分点"),
        (THIRD | {"progress": None}, Light.AMBER, "进度未填报"),
        (THIRD | {"progress": None, "next_review": date(2022, 3, 30)}, Light.AMBER, "进度未填报"),
        (THIRD | {"progress": None, "deadline": date(2022, 3, 30)}, Light.RED, "逾期1天"),
        (THIRD | {"progress": None, "deadline": AS_OF}, Light.AMBER, "进度未填报"),
        (THIRD | {"progress": 100, "deadline": AS_OF, "next_review": date(2022, 3, 30)}, Light.AMBER, "今日到期"),
        (THIRD | {"progress": 100, "next_review": date(2022, 3, 30)}, Light.AMBER, "复核超期1天"),
        (THIRD | {"progress": None, "status": "已完成"}, Light.WAITING, "待审核（还没有申请销号）"),
        ({"start": date(2022, 3, 22), "deadline": date(2022, 6, 20), "progress": None}, Light.AMBER, "进度未填报"),
        ({"start": date(2022, 3, 23), "deadline": date(2022, 6, 20), "progress": None}, Light.GREEN, ""),
        ({"start": date(2022, 3, 21), "deadline": date(2022, 6, 30), "progress": None}, Light.GREEN, ""),
        (
            {"start": date(2021, 12, 31), "deadline": date(2022, 4, 10), "progress": 65},
            Light.AMBER,
            "落后序时25个百分点",
        ),
        (THIRD | {"progress": 0, "status": "已完成"}, Light.WAITING, "待审核（还没有申请销号）"),
        (THIRD | {"start": None, "progress": None}, Light.GREEN, "没有开始日期，算不出序时进度"),
        (THIRD | {"progress": 2, "deadline": date(2022, 3, 30)}, Light.RED, "逾期1天"),
        (THIRD | {"progress": 50, "next_review": date(2022, 3, 30)}, Light.AMBER, "复核超期1天"),
        (THIRD | {"progress": 50, "next_review": AS_OF}, Light.GREEN, ""),
        (THIRD | {"progress": 50, "department": None}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": "适时"}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": "每季度"}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": None}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": None, "review_cycle": "季"}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": date(2022, 3, 30), "department": None}, Light.RED, "逾期1天"),
        ({"department": "查无此处", "progress": 50}, Light.OPEN, "责任或时限待明确"),
        ({"department": "待明确", "progress": 50}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": "长期坚持"}, Light.OPEN, "责任或时限待明确"),
        ({"deadline": date(2022, 3, 30), "status": "已完成"}, Light.RED, "逾期1天，已报完成、没有申请销号"),
        ({"deadline": AS_OF, "status": "已完成"}, Light.WAITING, "待审核（还没有申请销号）"),
    ],
)
def test_lights(row: dict[str, Any], light: str, reason: str) -> None:
    found = task(ledger_in_memory([row]))
    assert (found.light, found.reason) == (light, reason)


@pytest.mark.parametrize(
    ("rule", "value", "row", "usual", "then"),
    [
        ("红灯落后百分点", 29, THREE_TENTHS | {"progress": 0}, Light.AMBER, Light.RED),
        ("黄灯落后百分点", 31, THREE_TENTHS | {"progress": 0}, Light.AMBER, Light.GREEN),
        ("黄灯落后百分点", 31, THREE_TENTHS, Light.AMBER, Light.GREEN),
        ("橙灯落后百分点", 30, THREE_TENTHS | {"progress": 0}, Light.AMBER, Light.ORANGE),
        ("橙灯落后百分点", 31, THREE_TENTHS | {"progress": 0}, Light.AMBER, Light.AMBER),
        ("落后天数", 30, THREE_TENTHS | {"progress": Decimal("0.1")}, Light.AMBER, Light.AMBER),
        ("落后天数", 9, THREE_TENTHS | {"progress": Decimal("20.5")}, Light.GREEN, Light.AMBER),
        ("落后天数", 10, THREE_TENTHS | {"progress": Decimal("20.5")}, Light.GREEN, Light.GREEN),
        ("临期天数", 8, {"deadline": date(2022, 4, 8), "progress": 100}, Light.GREEN, Light.AMBER),
        ("临期工作日", 5, {"deadline": date(2022, 4, 8), "progress": 100}, Light.GREEN, Light.ORANGE),
        ("临期工作日", 4, {"deadline": date(2022, 4, 8), "progress": 100}, Light.GREEN, Light.GREEN),
        ("剩余时间百分比", 70, THREE_TENTHS | {"progress": 30}, Light.GREEN, Light.AMBER),
        ("剩余时间百分比", 69, THREE_TENTHS | {"progress": 30}, Light.GREEN, Light.GREEN),
    ],
)
def test_the_office_sets_the_thresholds(
    make_ledger: Make, rule: str, value: int, row: dict[str, Any], usual: str, then: str
) -> None:
    ledger = make_ledger([row])
    assert task(ledger).light == usual
    row_number, column = cell_of(ledger, rule)
    assert task(typed(ledger, (row_number, column + 1), value, "参数")).light == then


@pytest.mark.parametrize(
    ("colour", "light"), [("蓝", Light.BLUE), ("橙灯", Light.ORANGE), ("红色", Light.RED), ("紫", Light.AMBER)]
)
def test_the_office_sets_the_colours(make_ledger: Make, colour: str, light: Light) -> None:
    ledger = make_ledger([{"deadline": date(2022, 4, 7), "progress": 100}])
    row, column = cell_of(ledger, "临期天数")
    assert task(typed(ledger, (row, column + 2), colour, "参数")).light == light


def cell_of(ledger: Path, text: str) -> tuple[int, int]:
    """Return the cell of 参数 with this text."""
    return next(
        (number, column)
        for number, cells in enumerate(read_ledger(ledger, {}).book.by_name["参数"].rows, 1)
        for column, raw in enumerate(cells, 1)
        if raw == text
    )


@pytest.mark.parametrize(
    ("row", "closeout", "as_of", "status", "progress", "closed_on"),
    [
        (CLOSED, {}, date(2022, 3, 20), "已销号", 100, date(2022, 3, 20)),
        (CLOSED, {}, date(2022, 3, 19), "已完成", 100, None),
        (CLOSED | {"progress": 80}, {}, AS_OF, "已销号", 100, date(2022, 3, 20)),
        (CLOSED | {"progress": 80}, {"conclusion": "退回"}, AS_OF, "推进中", 80, None),
        (CLOSED, {"committee_date": None}, AS_OF, "已完成", 100, None),
        (CLOSED, {"conclusion": "转长期坚持"}, AS_OF, "已完成", 100, None),
        (CLOSED, {"recheck_result": "反弹"}, AS_OF, "推进中", 100, None),
        (CLOSED, {"recheck_result": "保持"}, AS_OF, "已销号", 100, date(2022, 3, 20)),
        ({"status": "推进中", "progress": 80}, {}, AS_OF, "推进中", 80, None),
        ({"status": None, "progress": None}, {}, AS_OF, "未启动", None, None),
    ],
)
def test_what_counts_as_closed(
    row: dict[str, Any],
    closeout: dict[str, Any],
    as_of: date,
    status: str,
    progress: int | None,
    closed_on: date | None,
) -> None:
    found = task(ledger_in_memory([row], closeouts=[CLOSEOUT | closeout]), as_of)
    assert (found.status, found.progress, found.closed_on) == (status, progress, closed_on)
    assert found.closed is (closed_on is not None)


def test_a_relapse_does_not_change_the_figures_of_days_before_it() -> None:
    relapse = CLOSEOUT | {"recheck_date": date(2022, 6, 1), "recheck_result": "反弹"}
    ledger = ledger_in_memory([CLOSED], closeouts=[relapse])
    assert task(ledger, date(2022, 5, 31)).closed
    assert not task(ledger, date(2022, 6, 1)).closed


FIRST = CLOSEOUT | {"applied": date(2022, 1, 20), "leader_date": None, "committee_date": date(2022, 2, 1)}
SECOND = FIRST | {"code": "XH-002", "applied": date(2022, 3, 20), "committee_date": date(2022, 4, 1)}
JUNE = date(2022, 6, 1)


@pytest.mark.parametrize(
    ("later", "open_from"),
    [
        (SECOND, None),
        (SECOND | {"recheck_date": JUNE, "recheck_result": "反弹"}, JUNE),
        (SECOND | {"recheck_date": JUNE, "recheck_result": "保持"}, None),
        (SECOND | {"recheck_result": "反弹"}, date(2022, 4, 1)),
        (SECOND | {"conclusion": "退回"}, date(2022, 4, 1)),
        (SECOND | {"conclusion": "退回", "committee_date": None, "leader_date": date(2022, 3, 25)}, date(2022, 3, 25)),
        (SECOND | {"conclusion": "退回", "committee_date": None}, date(2022, 3, 20)),
        (SECOND | {"first_review": "退回"}, date(2022, 4, 1)),
        (SECOND | {"first_review": "退回", "conclusion": None, "committee_date": None}, date(2022, 3, 20)),
        (SECOND | {"conclusion": None}, None),
        (SECOND | {"conclusion": "退回", "task": "RW-002"}, None),
        (SECOND | {"conclusion": "退回", "committee_date": date(2022, 2, 1)}, date(2022, 2, 1)),
        (SECOND | {"conclusion": "退回", "committee_date": date(2022, 1, 31)}, None),
        (SECOND | {"conclusion": "退回", "committee_date": None, "applied": None}, None),
        (SECOND | {"conclusion": "退回", "committee_date": "另行通知", "applied": "月底"}, None),
    ],
)
def test_the_last_decision_by_date_rules_in_whatever_order_the_rows_stand(
    later: dict[str, Any], open_from: date | None
) -> None:
    for rows in ([FIRST, later], [later, FIRST]):
        ledger = ledger_in_memory([CLOSED], closeouts=rows)
        assert task(ledger, open_from or date(2023, 1, 1)).closed is (open_from is None)
        if open_from and open_from > date(2022, 2, 1):
            before = task(ledger, open_from - timedelta(days=1))
            assert (before.closed, before.closed_on) == (True, date(2022, 2, 1))


def test_a_task_is_closed_again_by_a_decision_after_the_relapse() -> None:
    relapse = FIRST | {"recheck_date": date(2022, 3, 1), "recheck_result": "反弹"}
    found = task(ledger_in_memory([CLOSED], closeouts=[SECOND, relapse]), date(2022, 4, 1))
    assert (found.closed, found.closed_on) == (True, date(2022, 4, 1))


def test_the_last_conclusion_is_the_one_that_the_status_must_agree_with() -> None:
    rows = [FIRST | {"conclusion": "转长期坚持"}, SECOND]
    ongoing = {"status": "长期坚持", "next_review": date(2023, 1, 1)}
    assert task(ledger_in_memory([ongoing], closeouts=rows), date(2022, 3, 31)).status == "长期坚持"
    assert task(ledger_in_memory([ongoing], closeouts=rows), date(2022, 4, 1)).status == "已完成"
    found = task(ledger_in_memory([CLOSED], closeouts=rows), date(2022, 4, 1))
    assert (found.status, found.closed_on) == ("已销号", date(2022, 2, 1))


@pytest.mark.parametrize(
    ("review", "light", "reason"),
    [(date(2022, 3, 30), Light.AMBER, "复核超期1天"), (AS_OF, Light.CLOSED, ""), (None, Light.CLOSED, "")],
)
def test_a_continuing_task_is_lit_by_its_review_alone(review: date | None, light: str, reason: str) -> None:
    row = CLOSED | {"status": "长期坚持", "deadline": date(2022, 2, 1), "next_review": review}
    found = task(ledger_in_memory([row], closeouts=[CLOSEOUT | {"conclusion": "转长期坚持"}]))
    assert (found.light, found.reason, found.overdue) == (light, reason, 0)


@pytest.mark.parametrize("status", ["未启动", "推进中", "已完成"])
def test_what_the_committee_has_closed_is_never_late_for_want_of_a_status(status: str) -> None:
    row = {"deadline": date(2022, 3, 19), "status": status}
    assert task(ledger_in_memory([row], closeouts=[CLOSEOUT]), date(2022, 3, 19)).overdue == 0
    assert task(ledger_in_memory([row], closeouts=[CLOSEOUT]), date(2022, 4, 30)).overdue == 0
    assert task(ledger_in_memory([row], closeouts=[CLOSEOUT | {"conclusion": "退回"}]), date(2022, 4, 30)).overdue == 42


@pytest.mark.parametrize("kind", ["一次", "周期"])
def test_what_relapsed_is_not_green(kind: str) -> None:
    row = CLOSED | {"kind": kind, "review_cycle": "年", "deadline": date(2022, 12, 31)}
    relapse = CLOSEOUT | {"recheck_date": date(2022, 6, 21), "recheck_result": "反弹"}
    assert task(ledger_in_memory([row], closeouts=[relapse]), date(2022, 6, 21)).light is Light.AMBER
    again = CLOSEOUT | {"code": "XH-002", "applied": date(2022, 6, 22), "conclusion": None, "committee_date": None}
    again |= {"leader_date": None, "first_review": None}
    assert task(ledger_in_memory([row], closeouts=[relapse, again]), date(2022, 6, 22)).light is Light.WAITING


@pytest.mark.parametrize(("status", "days"), [("推进中", 30), ("未启动", 30), ("已完成", 30)])
def test_days_overdue_do_not_end_by_the_word_of_the_department(status: str, days: int) -> None:
    assert task(ledger_in_memory([{"deadline": date(2022, 3, 1), "status": status}])).overdue == days


def test_rows_without_a_code_are_no_tasks_and_without_the_sheet_there_are_none(make_ledger: Make) -> None:
    ledger = typed(make_ledger(), (4, 1), None)
    assert read_tasks(read_ledger(ledger, standard_forms()), AS_OF) == []
    assert read_tasks(read_ledger(ledger, {}), AS_OF) == []


@pytest.mark.parametrize(
    ("start", "due", "as_of", "expected"),
    [
        (date(2022, 1, 1), date(2022, 1, 1), date(2021, 12, 31), 0),
        (date(2022, 1, 1), date(2022, 1, 1), date(2022, 1, 1), 1),
        (date(2022, 1, 2), date(2022, 1, 1), date(2022, 1, 1), None),
        (date(2022, 1, 1), None, date(2022, 1, 1), None),
        (date(2022, 1, 1), date(2022, 7, 20), date(2022, 1, 2), Fraction(1, 200)),
        (date(2022, 1, 1), date(2022, 7, 21), date(2022, 7, 20), Fraction(200, 201)),
    ],
)
def test_time_progress_on_its_edges(start: date, due: date | None, as_of: date, expected: Fraction | None) -> None:
    assert time_progress(start, due, as_of) == expected


DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@given(DAYS, DAYS, DAYS, DAYS)
def test_time_progress_never_runs_back(start: date, due: date, one: date, other: date) -> None:
    early, late = (time_progress(start, due, day) for day in sorted((one, other)))
    assert (early is None) == (late is None) == (due < start)
    assert early is None or late is None or 0 <= early <= late <= 1


@pytest.mark.parametrize(
    ("progress", "shown"),
    [(None, None), (0, 0), ("0.4", 1), ("33.3", 33), ("62.5", 63), ("99.5", 99), ("99.9", 99), (100, 100)],
)
def test_a_progress_is_shown_as_one_whole_number(progress: Any, shown: int | None) -> None:
    value = progress if progress is None else Decimal(progress)
    assert task(ledger_in_memory([{"progress": value}])).progress_shown == shown


@pytest.mark.parametrize(
    ("row", "unsettled"),
    [
        ({}, False),
        ({"department": None}, True),
        ({"department": None, "deadline": date(2022, 3, 1)}, True),
        ({"department": None, "status": "已完成"}, True),
        (CLOSED | {"department": None}, False),
        ({"deadline": None}, True),
        ({"deadline": None, "review_cycle": "年"}, True),
        ({"deadline": None, "review_cycle": "年", "kind": "周期"}, False),
        ({"deadline": "长期坚持"}, True),
        ({"deadline": "长期坚持", "review_cycle": "半年", "kind": "长期"}, False),
        ({"deadline": "党的二十大召开前"}, True),
    ],
)
def test_what_is_unsettled_stays_so_under_any_light(row: dict[str, Any], unsettled: bool) -> None:
    assert task(ledger_in_memory([row], closeouts=[CLOSEOUT])).unsettled is unsettled


@pytest.mark.parametrize(
    ("kind", "counted"), [("一次", True), ("长期", True), ("原则", False), (None, True), ("随便", True)]
)
def test_only_principles_are_not_counted(kind: str | None, counted: bool) -> None:
    assert task(ledger_in_memory([{"kind": kind}])).counted is counted


def test_a_task_holds_what_its_row_holds() -> None:
    row = {
        "code": "RW-007",
        "group": "作风建设",
        "statement": "修订差旅办法",
        "kind": "周期",
        "problems": ("WT-01", "WT-09"),
        "leader": "局长",
        "department": "计财处",
        "start": date(2022, 1, 10),
        "deadline": "2022年6月底前",
        "review_cycle": "半年",
        "status": "推进中",
        "progress": 40,
        "update": "约谈 3 个支部",
        "obstacle": "人手不足",
        "next_step": "7月完成",
        "help_needed": "请财务处明确经费",
        "evidence": "会议记录",
    }
    found = task(ledger_in_memory([row]))
    same = ("code", "group", "statement", "kind", "problems", "leader", "start", "status")
    assert {key: getattr(found, key) for key in same} == {key: row[key] for key in same}
    texts = ("update", "obstacle", "next_step", "help_needed", "evidence")
    assert {key: getattr(found, key) for key in texts} == {key: row[key] for key in texts}
    assert (found.cycle, found.progress, found.duty and found.duty.per_cycle) == ("半年", None, 1)
    assert (found.department, found.place.sheet, found.place.row) == ("财务处", "整改任务", 4)
    assert found.record.cells["statement"] == "修订差旅办法"
    assert found.deadline is not None
    assert (found.deadline.words, found.due, found.reported) == ("2022年6月底前", date(2022, 6, 30), True)


@pytest.mark.parametrize(
    ("written", "number", "cycle", "per_cycle"),
    [
        ("每季度至少4次", None, "季", 4),
        ("每月两次", None, "月", 2),
        ("每季度至少4次", 2, "季", 2),
        ("季", None, "季", 1),
    ],
)
def test_a_review_cycle_may_say_how_often(written: str, number: int | None, cycle: str, per_cycle: int) -> None:
    row = {
        "kind": "周期",
        "review_cycle": written,
        "per_cycle": number,
        "start": date(2022, 1, 1),
        "deadline": "长期坚持",
    }
    found = task(ledger_in_memory([row]))
    assert (found.cycle, found.duty and found.duty.per_cycle) == (cycle, per_cycle)


def test_a_task_holds_blanks_as_empty_texts_and_days_that_are_not_known() -> None:
    nothing: dict[str, Any] = dict.fromkeys(("department", "start", "deadline", "problems", "kind", "status"))
    found = task(ledger_in_memory([nothing]))
    texts = ("group", "leader", "department", "update", "obstacle", "next_step", "help_needed", "evidence")
    assert {getattr(found, key) for key in texts} == {""}
    assert found.kind is None
    assert (found.problems, found.start, found.deadline, found.due, found.next_review) == ((), None, None, None, None)
    assert (found.status, found.reported, found.overdue) == ("未启动", False, 0)


@pytest.mark.parametrize("key", ["group", "statement", "update", "obstacle", "next_step", "help_needed", "evidence"])
def test_texts_of_a_task_show_nothing_personal(key: str) -> None:
    found = task(ledger_in_memory([{key: "找张三 13800138000 办"}]))
    assert getattr(found, key) == "（内容含手机号，此处不显示）"


def test_the_words_of_a_deadline_show_nothing_personal() -> None:
    found = task(ledger_in_memory([{"deadline": "2022年6月底前，找张三 13800138000"}]))
    assert found.deadline is not None
    assert found.deadline.words == "（内容含手机号，此处不显示）"


@pytest.mark.parametrize(
    ("row", "closeouts", "behind"),
    [
        (THREE_TENTHS | {"progress": 20}, [], Fraction(10)),
        (THREE_TENTHS | {"progress": 50}, [], Fraction(-20)),
        (THREE_TENTHS | {"progress": None}, [], Fraction(0)),
        (THREE_TENTHS | {"progress": 20, "start": None}, [], Fraction(0)),
        (THREE_TENTHS | {"progress": 20, "status": "已完成"}, [], Fraction(0)),
        (THREE_TENTHS | CLOSED, [CLOSEOUT], Fraction(0)),
    ],
)
def test_how_far_a_task_is_behind_time(row: dict[str, Any], closeouts: list[dict[str, Any]], behind: Fraction) -> None:
    assert task(ledger_in_memory([row], closeouts=closeouts)).behind == behind


def test_a_deadline_of_so_many_days_counts_from_the_start_of_the_task() -> None:
    found = task(ledger_in_memory([{"start": date(2022, 3, 1), "deadline": "印发后10日内"}]))
    assert (found.due, found.overdue, found.reason) == (date(2022, 3, 11), 20, "逾期20天")


@pytest.mark.parametrize(
    ("key", "row", "as_of", "light", "reason"),
    [
        ("progress", {}, AS_OF, Light.OPEN, "有公式没有结果"),
        ("status", {"progress": 100}, AS_OF, Light.OPEN, "有公式没有结果"),
        ("department", {"progress": 100}, AS_OF, Light.OPEN, "有公式没有结果"),
        ("deadline", {"progress": 100}, AS_OF, Light.OPEN, "有公式没有结果"),
        ("update", {"progress": 100}, AS_OF, Light.GREEN, ""),
        ("progress", {"deadline": date(2022, 3, 30)}, AS_OF, Light.RED, "逾期1天"),
        ("status", {"deadline": date(2022, 3, 30)}, AS_OF, Light.OPEN, "有公式没有结果"),
        ("progress", CLOSED, AS_OF, Light.CLOSED, ""),
    ],
)
def test_a_formula_without_a_result_leaves_the_light_open_unless_the_task_is_late_or_closed(
    make_ledger: Make, key: str, row: dict[str, Any], as_of: date, light: str, reason: str
) -> None:
    ledger = make_ledger([row], closeouts=[CLOSEOUT] if row is CLOSED else [])
    column = read_ledger(ledger, standard_forms()).registers["tasks"].columns[key]
    by_hand(ledger, lambda book: book["整改任务"].cell(4, column, "=1-0.5"))
    found = task(ledger, as_of)
    assert (found.light, found.reason) == (light, reason)
    assert (found.expected is None) == (key in ("progress", "deadline"))


@pytest.mark.parametrize("name", ["待明确", "无"])
def test_a_department_that_says_that_there_is_none_is_none(name: str) -> None:
    (found,) = read_tasks(build([a_task(6, department=name)], departments=[name, "办公室"]), AS_OF)
    assert (found.department, found.unsettled) == ("", True)
