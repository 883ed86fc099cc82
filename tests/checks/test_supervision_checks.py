"""Checks of extensions, fulfilments, reviews and the steps of a close-out: clean, each way to fail, boundaries."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.checked import AS_OF, CLOSED, CLOSEOUT, found
from support.fixtures import Make
from support.ledgers import ledger_in_memory
from taizhang.checks import check_ledger
from taizhang.forms.load import standard_forms
from taizhang.ledger.findings import as_lines
from taizhang.ledger.model import read_ledger

DUE = date(2022, 3, 31)
EXTENSION = {
    "code": "YQ-001", "task": "RW-001", "department": "财务处", "kind": "延期", "applied": date(2022, 3, 20),
    "applicant": "综合科科长", "reason": "流标", "until": date(2022, 6, 30), "approver": "局长", "conclusion": "同意",
    "approved": date(2022, 3, 25),
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"conclusion": None, "approved": None, "approver": None}, []),
        ({"approved": None}, [("M4", "extension-decision")]),
        ({"conclusion": None}, [("L4", "extension-decision")]),
        ({"approver": "局长", "applicant": "局长"}, [("K4", "same-post")]),
        ({"approved": date(2022, 3, 19)}, [("M4", "date-order")]),
        ({"approved": date(2022, 3, 20)}, []),
        ({"until": DUE}, [("I4", "date-order")]),
        ({"until": date(2022, 4, 1)}, []),
        ({"department": "党委办公室"}, [("C4", "extension-owner")]),
        ({"kind": "暂缓", "pause_from": date(2022, 4, 1), "until": date(2022, 4, 1)}, []),
        ({"kind": "暂缓", "pause_from": date(2022, 4, 2), "until": date(2022, 4, 1)}, [("I4", "date-order")]),
        ({"kind": "暂缓", "until": date(2022, 3, 24)}, [("I4", "date-order")]),
        ({"kind": "暂缓", "pause_from": date(2022, 3, 21), "until": date(2022, 3, 25)}, []),  # agreed on its last day
        ({"kind": "暂缓", "pause_from": date(2022, 3, 21), "until": date(2022, 3, 24)}, [("M4", "date-order")]),
        ({"reason": None}, [("G4", "required")]),
    ],
)
def test_applications_for_an_extension(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    ledger = ledger_in_memory([{"deadline": DUE}], extensions=[EXTENSION | change])
    assert found(ledger) == expected


@pytest.mark.parametrize(("applied", "late"), [(DUE, False), (date(2022, 4, 1), True)])
def test_an_application_after_the_deadline_is_said(applied: date, late: bool) -> None:
    row = EXTENSION | {"applied": applied, "approved": date(2022, 4, 2)}
    ledger = ledger_in_memory([{"deadline": DUE}], extensions=[row])
    assert found(ledger, date(2022, 4, 2)) == ([("E4", "extension-late")] if late else [])


@pytest.mark.parametrize(
    ("applied", "expected"),
    [
        (date(2022, 3, 20), []),  # on the day of the close-out
        (date(2022, 3, 21), [("B4", "extension-owner")]),
        (date(2022, 4, 1), [("B4", "extension-owner")]),  # it cannot be late any more
    ],
)
def test_an_application_for_a_task_that_is_closed_is_said(
    make_ledger: Make, applied: date, expected: list[tuple[str, str]]
) -> None:
    row = EXTENSION | {"applied": applied, "approved": date(2022, 4, 2)}
    ledger = make_ledger([CLOSED | {"deadline": DUE}], closeouts=[CLOSEOUT], extensions=[row])
    assert found(ledger, date(2022, 4, 2)) == expected


@pytest.mark.parametrize(
    ("now", "rows", "expected"),
    [
        (DUE, [], []),
        (date(2022, 6, 30), [], [("O4", "deadline-changed")]),
        (date(2022, 6, 30), [EXTENSION], []),
        (date(2022, 7, 1), [EXTENSION], [("O4", "deadline-changed")]),
        (date(2022, 6, 30), [EXTENSION | {"conclusion": "不同意"}], [("O4", "deadline-changed")]),
        (date(2022, 6, 30), [EXTENSION | {"approved": date(2022, 4, 1)}], [("O4", "deadline-changed")]),
    ],
)
def test_only_an_agreed_extension_changes_a_deadline_that_was_issued(
    now: date, rows: list[dict[str, Any]], expected: list[tuple[str, str]]
) -> None:
    task = {"deadline": now, "original_deadline": "2022年3月底前"}
    assert [
        each for each in found(ledger_in_memory([task], extensions=rows)) if each[1] == "deadline-changed"
    ] == expected


CURE = "请填 1、2 这样的整数；每个周期 1 次的也可以空着。"


@pytest.mark.parametrize("kind", ["延期", "暂缓"])
@pytest.mark.parametrize(("task", "expected"), [("原则", [("B4", "extension-owner")]), ("一次", [])])
def test_an_application_for_a_principle_is_said(kind: str, task: str, expected: list[tuple[str, str]]) -> None:
    ledger = ledger_in_memory(
        [{"kind": task, "carried_by": ("RW-002",)}, {}],
        extensions=[EXTENSION | {"kind": kind, "until": date(2023, 6, 30)}],
    )
    assert [each for each in found(ledger) if each[1] == "extension-owner"] == expected


QUARTERLY = {"kind": "周期", "review_cycle": "季", "deadline": None, "progress": None}
REPORT = {"code": "ZQ-0001", "task": "RW-001", "department": "财务处", "cycle": "2022年一季度", "done": 1}


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, []),
        ({"done": 0}, []),
        ({"cycle": "一季度"}, [("E4", "duty-cycle")]),
        ({"cycle": "2022年3月"}, [("E4", "duty-cycle")]),
        ({"done": -1}, [("G4", "number")]),
        ({"done_on": date(2021, 12, 31)}, [("H4", "duty-done")]),
        ({"done_on": date(2022, 1, 1)}, []),
        ({"done_on": AS_OF}, []),
        ({"done_on": date(2022, 4, 1)}, [("H4", "duty-done")]),
        ({"done": None}, []),  # as it was issued
        ({"done": None, "what": "警示教育"}, [("G4", "duty-done")]),
        ({"done": None, "done_on": date(2022, 3, 1)}, [("G4", "duty-done")]),
        ({"cycle": "2022年二季度"}, [("E4", "duty-cycle")]),  # it has not begun
        ({"cycle": "2022年二季度", "done": 0}, []),
        ({"cycle": "2021年四季度"}, [("E4", "duty-cycle")]),  # before the task began
        ({"department": "党委办公室", "done": None}, [("D4", "duty-cycle")]),
        ({"department": "党委办公室"}, []),  # done before the task changed hands
    ],
)
def test_reports_of_a_recurring_task(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(ledger_in_memory([QUARTERLY], fulfilments=[REPORT | change])) == expected


def test_a_cycle_reported_twice_after_a_row_left_blank_is_said() -> None:
    rows = [REPORT | {"done": None}, REPORT | {"code": "ZQ-0002"}, REPORT | {"code": "ZQ-0003"}]
    assert found(ledger_in_memory([QUARTERLY], fulfilments=rows)) == [("E6", "duty-cycle")]


@pytest.mark.parametrize("kind", ["长期", "一次"])
def test_where_there_is_no_deadline_an_extension_is_said_to_move_nothing(kind: str) -> None:
    ledger = ledger_in_memory([LASTING | {"kind": kind}], extensions=[EXTENSION])
    assert ("I4", "date-order") in found(ledger)


@pytest.mark.parametrize(("second", "expected"), [(1, [("E5", "duty-cycle")]), (0, []), (None, [])])
def test_a_cycle_reported_twice_is_said(second: int | None, expected: list[tuple[str, str]]) -> None:
    rows = [REPORT, REPORT | {"code": "ZQ-0002", "done": second}]
    assert found(ledger_in_memory([QUARTERLY], fulfilments=rows)) == expected


@pytest.mark.parametrize(
    ("cycle", "done", "said"),
    [("2022年3月", 1, "，现在算在2022年一季度里"), ("2022年", 1, "，现在算在2022年一季度里"), ("2022年", None, "")],
)
def test_where_a_report_for_another_cycle_is_counted_is_said(
    make_ledger: Make, cycle: str, done: int | None, said: str
) -> None:
    ledger = read_ledger(
        make_ledger([QUARTERLY], fulfilments=[REPORT | {"cycle": cycle, "done": done}]), standard_forms()
    )
    (each,) = [each for each in check_ledger(ledger, AS_OF) if each.check == "duty-cycle"]
    assert each.problem == f"RW-001 每季度一期，这一行写的是{cycle}{said}；"


@pytest.mark.parametrize(
    ("start", "closing", "expected"),
    [
        (date(2022, 1, 1), False, []),
        (date(2021, 10, 1), False, [("B4", "closeout-early", "警告")]),
        (date(2021, 10, 1), True, []),  # what was done in the cycle cut short made up for it
        (date(2021, 7, 1), True, [("B4", "closeout-early", "提示")]),
    ],
)
def test_closing_a_recurring_task_that_owes_is_said(
    make_ledger: Make, start: date, closing: bool, expected: list[tuple[str, str, str]]
) -> None:
    decided = ("first_review", "reviewer", "leader_date", "committee_date", "conclusion")
    row = CLOSEOUT if closing else CLOSEOUT | dict.fromkeys(decided)
    task = QUARTERLY | {"start": start, "status": "已销号" if closing else "已完成", "evidence": "记录"}
    ledger = read_ledger(make_ledger([task], closeouts=[row], fulfilments=[REPORT]), standard_forms())
    seen = [each for each in check_ledger(ledger, AS_OF) if each.check == "closeout-early"]
    assert [(each.place.cell, str(each.check), each.severity.label) for each in seen] == expected
    returned = row | {"first_review": "退回", "first_comment": "欠着"}
    ledger = read_ledger(make_ledger([task], closeouts=[returned], fulfilments=[REPORT]), standard_forms())
    assert [each for each in check_ledger(ledger, AS_OF) if each.check == "closeout-early"] == []


def test_a_report_for_a_task_that_does_not_recur_is_said() -> None:
    assert found(ledger_in_memory([{"progress": 50}], fulfilments=[REPORT])) == [("B4", "duty-cycle")]


LASTING = {"kind": "长期", "review_cycle": "季", "deadline": "长期坚持", "progress": None}
REVIEW = {"code": "FH-001", "task": "RW-001", "date": date(2022, 3, 1), "post": "整改办主任", "finding": "保持"}


@pytest.mark.parametrize(
    ("task", "change", "expected"),
    [
        (LASTING, {}, []),
        (LASTING, {"post": "财务处处长"}, [("D4", "same-post")]),
        (LASTING, {"post": "计财处副处长"}, [("D4", "same-post")]),
        (LASTING, {"date": date(2022, 4, 1)}, [("C4", "review-record")]),
        (LASTING, {"date": AS_OF}, []),
        ({"progress": 50}, {}, [("B4", "review-record")]),
        ({"progress": 50, "next_review": date(2022, 3, 2)}, {}, [("B4", "review-record")]),
        ({"progress": 50, "next_review": date(2022, 3, 1)}, {}, []),  # the office had asked for it
        (LASTING | {"next_review": date(2022, 3, 1)}, {}, [("Q4", "review-record")]),
        (LASTING | {"next_review": date(2022, 4, 15)}, {}, [("Q4", "review-record")]),
        (LASTING | {"next_review": date(2022, 4, 16)}, {}, []),
        (LASTING | {"next_review": date(2022, 9, 1)}, {}, []),
        (LASTING | {"next_review": date(2022, 9, 2)}, {}, [("Q4", "review-record")]),
        (LASTING | {"next_review": date(2032, 6, 1)}, {}, [("Q4", "review-record")]),
        (LASTING, {"date": date(2022, 1, 1)}, []),
        (LASTING, {"date": date(2021, 12, 31)}, [("C4", "review-record")]),  # before the task began
        (LASTING, {"post": "财务处"}, [("D4", "same-post")]),
        (LASTING, {"post": "局长、财务科科长"}, [("D4", "same-post")]),
        (LASTING, {"post": "非财务人员代表"}, []),
        (LASTING, {"post": "财务人员代表"}, []),
        (LASTING, {"post": "财务监督专员"}, []),
    ],
)
def test_reviews(task: dict[str, Any], change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    seen = [each for each in found(ledger_in_memory([task], reviews=[REVIEW | change])) if each[1] != "reading"]
    assert seen == expected


@pytest.mark.parametrize(("day", "expected"), [(2, []), (1, [("C5", "review-record")])])
def test_two_reviews_of_one_day_are_said(day: int, expected: list[tuple[str, str]]) -> None:
    rows = [REVIEW, REVIEW | {"code": "FH-002", "date": date(2022, 3, day)}]
    assert [each for each in found(ledger_in_memory([LASTING], reviews=rows)) if each[1] != "reading"] == expected


@pytest.mark.parametrize(
    ("finding", "day", "expected"),
    [
        ("反弹", date(2022, 3, 25), []),  # it reopened the task
        ("保持", date(2022, 3, 24), []),  # held while the task was closed
        ("保持", date(2022, 3, 20), [("B5", "review-record")]),  # decided that day: it was not closed before
    ],
)
def test_a_review_of_a_closed_task_that_relapsed_since_was_used(
    finding: str, day: date, expected: list[tuple[str, str]]
) -> None:
    back = REVIEW | {"date": date(2022, 3, 25), "finding": "反弹"}
    rows = [back] if finding == "反弹" else [back, REVIEW | {"code": "FH-002", "date": day}]
    ledger = ledger_in_memory([{"status": "推进中", "progress": 50}], reviews=rows, closeouts=[CLOSEOUT])
    assert [each for each in found(ledger) if each[1] == "review-record"] == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (None, []),
        (1, []),
        (90, []),  # the days of the quarter
        (91, ["RW-001 每季度要做 91 次，比一期的天数（90 天）还多；请核对每期次数和复核周期。"]),
        (0, ["RW-001 的每期次数“0”没有用上，现在按每季度 1 次算；" + CURE]),
        ("每季一次", ["RW-001 的每期次数“每季一次”没有用上，现在按每季度 1 次算；" + CURE]),
    ],
)
def test_a_number_that_does_not_count_is_said_with_the_one_that_does(
    make_ledger: Make, typed: Any, expected: list[str]
) -> None:
    ledger = read_ledger(make_ledger([QUARTERLY | {"per_cycle": typed}]), standard_forms())
    said = [each.message for each in check_ledger(ledger, AS_OF) if each.check == "duty-count"]
    assert said == expected
    once = read_ledger(make_ledger([{"per_cycle": 0}]), standard_forms())
    assert [each for each in check_ledger(once, AS_OF) if each.check == "duty-count"] == []


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"first_date": date(2022, 3, 10)}, []),
        ({"first_date": date(2022, 2, 28)}, [("R4", "first-review-after-application")]),
        ({"first_date": date(2022, 3, 16)}, [("K4", "leader-after-first-review")]),
        ({"first_reviewer": "副主任"}, []),
        ({"first_reviewer": "整改办主任"}, [("J4", "same-post")]),
        ({"first_reviewer": "综合科科长"}, [("S4", "same-post")]),
        ({"recheck_post": "整改办主任"}, [("V4", "same-post")]),
    ],
)
def test_each_step_of_a_close_out_in_order_and_by_another_post(
    change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    assert found(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT | change])) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"against": None}, []),  # decided before the column was asked for
        ({"against": None, "conclusion": None, "committee_date": None}, [("Q4", "closeout-against")]),
        ({"against": None, "first_review": "退回", "conclusion": None, "committee_date": None}, []),
    ],
)  # fmt: skip
def test_an_application_answers_the_standard_point_by_point(
    change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    ledger = ledger_in_memory([{"status": "推进中"}], closeouts=[CLOSEOUT | change])
    assert [each for each in found(ledger) if each[1] == "closeout-against"] == expected


@pytest.mark.parametrize(("as_of", "late"), [(date(2022, 9, 20), False), (date(2022, 9, 21), True)])
def test_a_close_out_that_nobody_looked_back_at_is_said(as_of: date, late: bool) -> None:
    ledger = ledger_in_memory([CLOSED], closeouts=[CLOSEOUT])
    assert found(ledger, as_of) == ([("N4", "closeout-recheck")] if late else [])


def test_each_says_where_why_and_the_cure(make_ledger: Make) -> None:
    late = EXTENSION | {"applied": date(2022, 4, 1), "approved": None}
    ledger = read_ledger(make_ledger([{"deadline": DUE}], extensions=[late]), standard_forms())
    assert as_lines(check_ledger(ledger, date(2022, 4, 2))) == [
        "整改台账.xlsx:'延期申请'!M4: extension-decision: 审批结论是“同意”，没有批准日期，时限没有改；请补上日期。",
        "整改台账.xlsx:'延期申请'!E4: extension-late: 警告：时限是 2022-03-31，2022-04-01 才申请，到期以前没有申请，"
        "逾期的天数照记。以后请在到期以前申请。",
    ]
