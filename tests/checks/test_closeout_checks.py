"""Checks of 〈销号审核〉: decisions that must agree with 整改任务, and each step of the procedure on its boundary."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.checked import AS_OF, CLOSED, CLOSEOUT, as_read, found, typed
from support.fixtures import Make
from support.ledgers import ledger_in_memory
from taizhang.checks import check_ledger
from taizhang.forms.load import standard_forms
from taizhang.ledger.findings import as_line, sort_findings
from taizhang.ledger.model import Ledger, read_ledger

RUNNING: dict[str, Any] = {"status": "已完成", "progress": 100, "evidence": "印发件"}
APPLIED = CLOSEOUT | dict.fromkeys(("first_review", "reviewer", "leader_date", "committee_date", "conclusion"))
BACK = APPLIED | {"first_review": "退回", "reviewer": "整改办主任", "first_comment": "缺印发件"}


def lines(ledger: Path | Ledger, as_of: date = AS_OF) -> list[str]:
    """Return the findings of a ledger as they are printed, without the file's name."""
    findings = sort_findings(check_ledger(as_read(ledger), as_of))
    return [as_line(each).partition(":")[2] for each in findings]


@pytest.mark.parametrize("status", ["已销号", "已销号 ", "已\u200b销号"])
def test_a_struck_off_task_needs_its_decision_however_it_is_typed(make_ledger: Make, status: str) -> None:
    assert found(typed(make_ledger([CLOSED]), (4, 19), status)) == [("S4", "closeout-missing")]
    assert found(typed(make_ledger([CLOSED], closeouts=[CLOSEOUT]), (4, 19), status)) == []


def test_a_decision_for_the_other_end_does_not_count() -> None:
    closeout = CLOSEOUT | {"conclusion": "转长期坚持"}
    assert found(ledger_in_memory([CLOSED], closeouts=[closeout])) == [("S4", "closeout-missing")]


def test_after_a_relapse_a_second_decision_counts() -> None:
    relapse = CLOSEOUT | {"recheck_date": date(2022, 3, 21), "recheck_result": "反弹"}
    again = CLOSEOUT | {"code": "XH-002", "committee_date": date(2022, 3, 22)}
    assert found(ledger_in_memory([CLOSED], closeouts=[relapse, again])) == []
    assert found(ledger_in_memory([CLOSED], closeouts=[again, relapse])) == []
    assert found(ledger_in_memory([CLOSED], closeouts=[relapse])) == [("S4", "closeout-missing")]


@pytest.mark.parametrize(
    ("applicant", "reviewer", "expected"),
    [
        ("整改办主任", "整改办主任", [("J4", "same-post")]),
        ("整改办主任　", "整改办主任", [("J4", "same-post")]),
        ("综合科科长", "整改办主任", []),
        ("综合科科长", None, [("J4", "closeout-first-review")]),
    ],
)
def test_nobody_confirms_what_he_applied_for(
    applicant: str, reviewer: str | None, expected: list[tuple[str, str]]
) -> None:
    closeout = CLOSEOUT | {"applicant": applicant, "reviewer": reviewer}
    assert found(ledger_in_memory([CLOSED], closeouts=[closeout])) == expected


@pytest.mark.parametrize("status", ["未启动", "推进中", "已完成"])
def test_what_the_committee_has_closed_is_not_left_open(status: str) -> None:
    task = {"status": status, "progress": 100 if status == "已完成" else None, "evidence": "印发件"}
    assert found(ledger_in_memory([task], closeouts=[CLOSEOUT])) == [("S4", "closeout-open")]
    assert found(ledger_in_memory([task], closeouts=[CLOSEOUT]), date(2022, 3, 20)) == [("S4", "closeout-open")]
    assert ("S4", "closeout-open") not in found(ledger_in_memory([task], closeouts=[CLOSEOUT]), date(2022, 3, 19))
    early = [] if status == "已完成" else [("B4", "closeout-early")]
    assert found(ledger_in_memory([task], closeouts=[APPLIED])) == early


@pytest.mark.parametrize(
    ("applied", "expected"),
    [(date(2022, 3, 20), []), (date(2022, 3, 21), [("B5", "applied-twice")])],  # closed on the 20th
)
def test_an_application_for_a_task_that_is_closed_is_said(
    make_ledger: Make, applied: date, expected: list[tuple[str, str]]
) -> None:
    again = APPLIED | {"code": "XH-002", "applied": applied}
    assert found(make_ledger([CLOSED], closeouts=[CLOSEOUT, again])) == expected


def test_a_second_application_is_said_until_the_first_is_decided() -> None:
    done = {"status": "已完成", "progress": 100, "evidence": "印发件"}
    again, first = APPLIED | {"code": "XH-002"}, {"first_review": "退回", "reviewer": "整改办主任", "note": "材料不全"}
    assert found(ledger_in_memory([done], closeouts=[APPLIED, again])) == [("B5", "applied-twice")]
    assert found(ledger_in_memory([done], closeouts=[APPLIED | first, again])) == []
    assert found(ledger_in_memory([done, done], closeouts=[APPLIED, again | {"task": "RW-002"}])) == []


OLD = {"code": "XH-001", "task": "RW-001", "conclusion": "沿用原台账"}
"""What is made of a task that the office's earlier table has as closed: no step of the procedure is known."""


@pytest.mark.parametrize("day", [None, date(2021, 6, 30), date(2022, 3, 31)])
def test_a_task_closed_by_the_earlier_table_needs_no_step_and_no_evidence(day: date | None) -> None:
    task = CLOSED | {"evidence": None, "standard": None, "department": None}
    assert found(ledger_in_memory([task], closeouts=[OLD | {"committee_date": day}])) == []


def test_a_task_closed_by_the_earlier_table_is_closed_until_a_later_decision() -> None:
    assert found(ledger_in_memory([{}], closeouts=[OLD])) == [("S4", "closeout-open")]
    assert lines(ledger_in_memory([{}], closeouts=[OLD]))[0].startswith(
        "'整改任务'!S4: closeout-open: 〈销号审核〉XH-001 写的是“沿用原台账”，状态还是“推进中”，没有算作办结。"
    )
    later = CLOSEOUT | {"code": "XH-002", "conclusion": "退回", "note": "材料不实"}
    assert found(ledger_in_memory([CLOSED], closeouts=[OLD, later])) == [("S4", "closeout-missing")]
    future = OLD | {"committee_date": date(2022, 4, 1)}
    assert found(ledger_in_memory([CLOSED], closeouts=[future])) == [
        ("L4", "closeout-future"),
        ("S4", "closeout-missing"),
    ]
    assert found(ledger_in_memory([CLOSED], closeouts=[{"code": "XH-001", "conclusion": "沿用原台账"}])) == [
        ("B4", "required"),
        ("S4", "closeout-missing"),
    ]


def test_a_task_that_was_reopened_may_be_open() -> None:
    relapse = CLOSEOUT | {"recheck_date": date(2022, 3, 21), "recheck_result": "反弹"}
    back = CLOSEOUT | {"code": "XH-002", "committee_date": date(2022, 3, 21), "conclusion": "退回", "note": "材料不实"}
    assert found(ledger_in_memory([{}], closeouts=[relapse])) == []
    assert found(ledger_in_memory([{}], closeouts=[CLOSEOUT, back])) == []


def test_the_task_is_told_what_the_last_decision_was() -> None:
    back = CLOSEOUT | {"code": "XH-002", "committee_date": date(2022, 3, 25), "conclusion": "退回", "note": "材料不实"}
    assert lines(ledger_in_memory([RUNNING], closeouts=[CLOSEOUT])) == [
        "'整改任务'!S4: closeout-open: 〈销号审核〉XH-001 已在 2022-03-20 审定“同意销号”，状态还是“已完成”，"
        "没有算作办结。"
        "这一行审核记录没有别的问题的，请把状态改为“已销号”；如果审定以后又有退回或反弹，"
        "请在〈销号审核〉里写明结论和日期。"
    ]
    assert lines(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT, back])) == [
        "'整改任务'!S4: closeout-missing: 状态是“已销号”，但〈销号审核〉里 RW-001 最后一次决定（XH-002，"
        "2022-03-25）是退回，从那天起不算办结。请把状态改回“推进中”；后来又审定过的，请补上那一次的审核记录。"
    ]
    assert lines(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT | {"conclusion": "转长期坚持"}])) == [
        "'整改任务'!S4: closeout-missing: 状态是“已销号”，但〈销号审核〉里 RW-001 最后一次审定（XH-001，2022-03-20）"
        "的结论是“转长期坚持”。请改正其中一个；改正之前按待审核统计。"
    ]
    review = {"code": "FH-001", "task": "RW-001", "date": date(2022, 3, 25), "post": "局长", "finding": "反弹"}
    assert lines(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT], reviews=[review])) == [
        "'整改任务'!S4: closeout-missing: 状态是“已销号”，但〈复核记录〉里 RW-001 最后一次决定（FH-001，"
        "2022-03-25）是反弹，从那天起不算办结。请把状态改回“推进中”；后来又审定过的，请补上那一次的审核记录。"
    ]


STEPS: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    (APPLIED, []),
    (APPLIED | {"evidence_count": 0}, [("G4", "closeout-evidence")]),
    (APPLIED | {"evidence_count": 1}, []),
    (APPLIED | {"evidence_count": None}, []),
    (APPLIED | {"evidence": "无"}, [("F4", "closeout-evidence")]),
    (APPLIED | {"department": "党委办公室"}, [("C4", "closeout-owner")]),
    (APPLIED | {"department": "党办"}, [("C4", "closeout-owner"), ("C4", "reading")]),
    (APPLIED | {"department": "计财处"}, [("C4", "reading")]),
    (APPLIED | {"first_review": "通过", "reviewer": "整改办主任"}, []),
    (APPLIED | {"first_review": "通过"}, [("J4", "closeout-first-review")]),
    (APPLIED | {"leader_date": date(2022, 3, 15)}, [("H4", "closeout-first-review")]),
    (BACK, []),
    (BACK | {"first_comment": None}, [("I4", "closeout-reason")]),
    (BACK | {"first_comment": "无"}, [("I4", "closeout-reason")]),
    (BACK | {"first_comment": None, "note": "缺印发件"}, []),
    (BACK | {"conclusion": "退回"}, []),
    (BACK | {"leader_date": date(2022, 3, 15)}, [("K4", "closeout-returned")]),
    (BACK | {"committee_date": date(2022, 3, 20)}, [("L4", "closeout-returned")]),
    (BACK | {"conclusion": "同意销号"}, [("M4", "closeout-returned")]),
    (BACK | {"conclusion": "转长期坚持", "committee_date": date(2022, 3, 20)}, [("M4", "closeout-returned")]),
    (BACK | {"recheck_date": date(2022, 3, 20), "recheck_result": "保持"}, [("O4", "closeout-recheck")]),
    (APPLIED | {"conclusion": "退回", "note": "缺印发件"}, []),
    (APPLIED | {"applied": date(2022, 4, 1)}, [("D4", "closeout-future")]),
    (APPLIED | {"applied": AS_OF}, []),
]


@pytest.mark.parametrize(("closeout", "expected"), STEPS)
def test_an_application_on_its_way(closeout: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(ledger_in_memory([RUNNING], closeouts=[closeout])) == expected


DECIDED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"first_review": None}, [("H4", "closeout-first-review")]),
    ({"reviewer": None}, [("J4", "closeout-first-review")]),
    ({"leader_date": None}, [("K4", "closeout-leader")]),
    ({"first_review": None, "leader_date": None}, [("H4", "closeout-first-review"), ("K4", "closeout-leader")]),
    ({"conclusion": None}, [("M4", "closeout-committee"), ("S4", "closeout-missing")]),
    ({"first_review": "退回", "first_comment": "缺件"}, [("M4", "closeout-returned"), ("S4", "closeout-missing")]),
    ({"evidence_count": 0}, [("G4", "closeout-evidence")]),
    ({"evidence": "暂无"}, [("F4", "closeout-evidence")]),
    ({"recheck_date": date(2022, 3, 21), "recheck_result": "保持"}, [("N4", "closeout-recheck")]),
    ({"recheck_date": date(2022, 3, 20), "recheck_result": "保持"}, [("N4", "closeout-recheck")]),
    ({"recheck_date": date(2022, 6, 19)}, [("N4", "closeout-recheck")]),
    ({"recheck_date": date(2022, 6, 20)}, []),
    ({"recheck_date": date(2022, 6, 20), "recheck_result": "保持"}, [("N4", "closeout-future")]),
    ({"recheck_result": "保持"}, [("N4", "closeout-recheck")]),
    ({"recheck_result": "反弹"}, [("N4", "closeout-recheck"), ("S4", "closeout-missing")]),
]


@pytest.mark.parametrize(("change", "expected"), DECIDED)
def test_a_decided_close_out(change: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(ledger_in_memory([CLOSED], closeouts=[CLOSEOUT | change])) == expected


def test_a_recheck_three_months_later_waits_for_its_result() -> None:
    def on(day: date, **recheck: Any) -> list[tuple[str, str]]:
        return found(
            ledger_in_memory([CLOSED], closeouts=[CLOSEOUT | {"recheck_date": date(2022, 6, 20), **recheck}]), day
        )

    assert on(date(2022, 6, 20)) == []
    assert on(date(2022, 6, 21)) == [("O4", "closeout-recheck")]
    assert on(date(2022, 6, 21), recheck_result="保持") == []


@pytest.mark.parametrize(
    ("kind", "conclusion", "expected"),
    [
        ("一次", "同意销号", []),
        ("周期", "同意销号", []),
        ("长期", "转长期坚持", []),
        ("长期", "同意销号", [("M4", "closeout-kind")]),
        ("原则", "同意销号", [("AB4", "principle"), ("B4", "closeout-kind")]),
    ],
)
def test_continuing_work_is_not_struck_off(kind: str, conclusion: str, expected: list[tuple[str, str]]) -> None:
    status = "已销号" if conclusion == "同意销号" else "长期坚持"
    task = CLOSED | {"kind": kind, "status": status, "review_cycle": "季", "next_review": date(2022, 6, 30)}
    assert found(ledger_in_memory([task], closeouts=[CLOSEOUT | {"conclusion": conclusion}])) == expected


@pytest.mark.parametrize(
    ("change", "severity"),
    [
        ({"evidence_count": 0}, "error"),
        ({"first_review": "退回", "first_comment": "缺件"}, "error"),
        ({"committee_date": None}, "error"),
        ({"recheck_result": "反弹"}, "error"),
        ({"leader_date": None}, "warning"),
        ({"first_review": None}, "warning"),
        ({"department": "党委办公室"}, "warning"),
        ({"recheck_date": date(2022, 3, 21), "recheck_result": "保持"}, "warning"),
    ],
)
def test_what_cannot_be_is_an_error_and_what_was_skipped_a_warning(
    make_ledger: Make, change: dict[str, Any], severity: str
) -> None:
    ledger = read_ledger(make_ledger([CLOSED], closeouts=[CLOSEOUT | change]), standard_forms())
    weights = {each.severity.value for each in check_ledger(ledger, AS_OF) if each.place.sheet == "销号审核"}
    assert weights == {severity}


def test_a_column_that_the_office_took_away_is_not_missed_row_by_row(make_ledger: Make) -> None:
    from openpyxl import load_workbook

    path = make_ledger([CLOSED], closeouts=[CLOSEOUT])
    book = load_workbook(path)
    for letter in "NKJG":  # from the right: 回头看日期, 分管领导审核日期, 审核岗位, 佐证份数
        book["销号审核"].delete_cols(ord(letter) - 64)
    book.save(path)
    assert {check for _, check in found(path) if check.startswith("closeout-")} == set()
