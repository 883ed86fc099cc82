"""Checks within a row: the order of dates in every register, and contradictions between a task's own cells."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.checked import CLOSED, CLOSEOUT, found, typed
from support.fixtures import Make

EARLY, LATE = date(2022, 3, 1), date(2022, 3, 2)

ORDERS = [
    ("closeouts", "applied", "leader_date", "leader-after-application"),
    ("closeouts", "leader_date", "committee_date", "committee-after-leader"),
    ("closeouts", "applied", "committee_date", "committee-after-application"),
    ("closeouts", "committee_date", "recheck_date", "recheck-after-committee"),
    ("appeals", "received", "due", "due-after-received"),
    ("appeals", "received", "answered", "answered-after-received"),
    ("appeals", "answered", "revisited", "revisited-after-answered"),
    ("committee_members", "vacant_since", "election_done", "elected-after-vacant"),
    ("committee_members", "election_done", "approved", "approved-after-elected"),
    ("regulations", "issued_on", "effective", "effective-after-issued"),
    ("branches", "established", "term_end", "term-end-after-established"),
]


@pytest.mark.parametrize(("name", "first", "second", "rule"), ORDERS)
def test_dates_of_a_row_follow_each_other(make_ledger: Make, name: str, first: str, second: str, rule: str) -> None:
    from taizhang.forms.load import standard_forms
    from taizhang.workbook.places import a1

    form = standard_forms()[name]
    number = [column.key for column in form.columns].index(second) + 1

    def check(one: date | None, two: date | None) -> list[tuple[str, str]]:
        ledger = make_ledger([{}], **{name: [{"code": form.format_code(1), first: one, second: two}]})
        return [each for each in found(ledger) if each[1] == rule]

    assert check(EARLY, LATE) == check(EARLY, EARLY) == check(None, EARLY) == check(LATE, None) == []
    assert check(LATE, EARLY) == [(a1(4, number), rule)]


def test_a_review_does_not_come_before_the_start(make_ledger: Make) -> None:
    assert found(make_ledger([{"next_review": date(2021, 12, 31)}])) == [("Q4", "next-review-after-start")]
    assert found(make_ledger([{"next_review": date(2022, 1, 1)}])) == []


def test_findings_of_a_row_with_a_doubled_code_stand_on_that_row(make_ledger: Make) -> None:
    tasks: list[dict[str, Any]] = [{}, {"code": "RW-001", "status": "已完成", "standard": None}]
    assert found(make_ledger(tasks)) == [("A5", "code-duplicate"), ("R5", "unassigned"), ("X5", "evidence-missing")]


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ({"kind": "周期", "review_cycle": "月"}, []),
        ({"kind": "周期"}, [("P4", "review-missing")]),
        ({"kind": "一次"}, []),
        ({"status": "推进中", "progress": 100}, []),
        ({"status": "推进中", "progress": 0}, []),
        ({"status": "已完成", "progress": None, "evidence": "印发件"}, []),
        ({"status": "未启动", "progress": None}, []),
        ({"deadline": "待定"}, [("O4", "deadline-words")]),
        ({"deadline": "党的二十大召开前"}, [("O4", "deadline-words")]),
    ],
)
def test_one_task(make_ledger: Make, task: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    assert found(make_ledger([task])) == expected


def test_a_cycle_in_the_words_of_the_deadline_is_enough(make_ledger: Make) -> None:
    ledger = make_ledger([{"kind": "周期", "deadline": "每季度"}])
    assert [check for _, check in found(ledger) if check == "review-missing"] == []


@pytest.mark.parametrize("status", ["长期坚持", " 长期坚持", "长期坚持\u200b"])
def test_a_status_counts_as_it_is_read(make_ledger: Make, status: str) -> None:
    task = {"kind": "长期", "deadline": "2022年底前，长期坚持", "progress": 100, "evidence": "记录"}
    closeout = [CLOSEOUT | {"conclusion": "转长期坚持"}]
    ledger = typed(make_ledger([CLOSED | task], closeouts=closeout), (4, 19), status)
    assert ("Q4", "review-missing") in found(ledger)
    unconfirmed = typed(make_ledger([CLOSED | task | {"next_review": LATE}]), (4, 19), status)
    assert ("S4", "closeout-missing") in found(unconfirmed)


def test_a_cell_of_blanks_is_no_review_cycle(make_ledger: Make) -> None:
    assert found(typed(make_ledger([{"kind": "长期"}]), (4, 16), "　")) == [("P4", "review-missing")]
