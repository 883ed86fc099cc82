"""Extensions and pauses: only what was agreed to moves a deadline, from that day on; the rest stays on record."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.tasks import Task, read_tasks

DUE = date(2022, 3, 31)
ROW = {"deadline": DUE, "start": date(2022, 1, 1), "progress": 100}


def extension(number: int = 1, **more: Any) -> dict[str, Any]:
    row = {
        "code": f"YQ-{number:03}", "task": "RW-001", "department": "财务处", "kind": "延期", "reason": "流标",
        "applied": date(2022, 3, 20), "applicant": "综合科科长", "until": date(2022, 6, 30), "approver": "局长",
        "conclusion": "同意", "approved": date(2022, 3, 25),
    }  # fmt: skip
    return {**row, **more}


SECOND = extension(2, applied=date(2022, 6, 1), until=date(2022, 9, 30), approved=date(2022, 6, 10))


def task(as_of: date, *rows: dict[str, Any], **more: Any) -> Task:
    (found,) = read_tasks(ledger_in_memory([ROW | more], extensions=list(rows)), as_of)
    return found


@pytest.mark.parametrize(
    ("rows", "as_of", "due", "extended"),
    [
        ([], date(2022, 7, 1), DUE, 0),
        ([extension()], date(2022, 3, 24), DUE, 0),
        ([extension()], date(2022, 3, 25), date(2022, 6, 30), 1),
        ([extension(conclusion="不同意")], date(2022, 4, 1), DUE, 0),
        ([extension(conclusion=None)], date(2022, 4, 1), DUE, 0),
        ([extension(approved=None)], date(2022, 4, 1), DUE, 0),
        ([extension(until=None)], date(2022, 4, 1), DUE, 0),
        ([extension(task="RW-002")], date(2022, 4, 1), DUE, 0),
        ([extension(), SECOND], date(2022, 6, 9), date(2022, 6, 30), 1),
        ([SECOND, extension()], date(2022, 6, 10), date(2022, 9, 30), 2),
        ([extension(until=DUE)], date(2022, 4, 1), DUE, 0),  # not later
        ([extension(until=date(2022, 3, 1))], date(2022, 4, 1), DUE, 0),
        ([extension(), extension(2, until=date(2022, 9, 30))], date(2022, 4, 1), date(2022, 9, 30), 2),
        ([extension(kind="暂缓", until=date(2022, 6, 30))], date(2022, 4, 1), DUE, 0),
    ],
)
def test_the_deadline_in_force(rows: list[dict[str, Any]], as_of: date, due: date, extended: int) -> None:
    term = task(as_of, *rows).term
    assert (term.original, term.due, term.extended) == (DUE, due, extended)


def test_where_there_is_no_deadline_nothing_is_extended() -> None:
    found = task(date(2022, 7, 1), extension(), kind="长期", deadline="长期坚持", review_cycle="年")
    assert (found.due, found.term.extended, found.overdue) == (None, 0, 0)


def test_lateness_ends_with_the_approval_and_stays_on_record() -> None:
    late = extension(applied=date(2022, 4, 2), approved=date(2022, 4, 10))
    before, after = (task(day, late) for day in (date(2022, 4, 9), date(2022, 4, 10)))
    assert (before.light, before.reason, before.overdue) == (Light.RED, "逾期9天", 9)
    assert (after.light, after.overdue, after.term.late_before) == (Light.GREEN, 0, 10)
    assert [each.code for each in after.term.applied_late] == ["YQ-001"]
    assert task(date(2022, 4, 1), late).term.applied_late == ()


def test_the_days_late_at_every_approval_stay_in_the_record() -> None:
    late = extension(applied=date(2022, 4, 2), approved=date(2022, 4, 10))
    later = extension(2, applied=date(2022, 7, 1), until=date(2022, 9, 30), approved=date(2022, 7, 3))
    rows = [later, late]
    days = [date(2022, 4, 9), date(2022, 4, 10), date(2022, 7, 2), date(2022, 7, 3)]
    assert [task(day, *rows).term.late_before for day in days] == [0, 10, 10, 13]
    assert task(date(2022, 7, 3), late, SECOND).term.late_before == 10  # the second one was in time
    assert task(date(2022, 7, 3), extension(approved=DUE)).term.late_before == 0


@pytest.mark.parametrize(
    ("applied", "committee", "days"),
    [
        (None, None, 20),
        (DUE, None, 0),  # it waits since the deadline
        (date(2022, 4, 1), None, 1),
        (date(2022, 4, 20), None, 20),
        (date(2022, 3, 20), date(2022, 3, 28), 0),  # closed before the deadline
    ],
)
def test_a_task_applied_for_or_closed_is_not_late_at_a_later_approval(
    applied: date | None, committee: date | None, days: int
) -> None:
    row = {
        "code": "XH-001", "task": "RW-001", "department": "财务处", "applied": applied, "first_review": "通过",
        "leader_date": committee, "committee_date": committee, "conclusion": "同意销号" if committee else None,
    }  # fmt: skip
    late = extension(applied=date(2022, 4, 10), approved=date(2022, 4, 20))
    status = {"status": "已销号" if committee else "已完成"}
    book = ledger_in_memory([ROW | status], extensions=[late], closeouts=[row] if applied else [])
    (found,) = read_tasks(book, date(2022, 4, 20))
    assert (found.term.extended, found.term.late_before) == (1, days)


@pytest.mark.parametrize(
    ("applied", "late"),
    [(date(2022, 3, 31), False), (date(2022, 4, 1), True), (None, False), (date(2022, 12, 1), False)],
)
def test_an_application_on_the_last_day_is_in_time(applied: date | None, late: bool) -> None:
    term = task(date(2022, 5, 1), extension(applied=applied)).term
    assert bool(term.applied_late) is late


@pytest.mark.parametrize(
    ("more", "as_of", "pending", "refused"),
    [
        ({"conclusion": None, "approved": None}, date(2022, 3, 19), 0, 0),
        ({"conclusion": None, "approved": None}, date(2022, 3, 20), 1, 0),
        ({}, date(2022, 3, 24), 1, 0),
        ({}, date(2022, 3, 25), 0, 0),
        ({"conclusion": "不同意"}, date(2022, 3, 25), 0, 1),
        ({"conclusion": "不同意"}, date(2022, 3, 24), 1, 0),
        ({"conclusion": "不同意", "approved": None}, date(2022, 3, 24), 0, 1),
    ],
)
def test_what_is_not_decided_and_what_was_refused(
    more: dict[str, Any], as_of: date, pending: int, refused: int
) -> None:
    term = task(as_of, extension(**more)).term
    assert (len(term.pending), len(term.refused)) == (pending, refused)


PAUSE = extension(kind="暂缓", pause_from=date(2022, 4, 1), until=date(2022, 4, 30))


@pytest.mark.parametrize(
    ("rows", "as_of", "light"),
    [
        ([PAUSE], date(2022, 3, 31), Light.AMBER),
        ([PAUSE], date(2022, 4, 1), Light.PAUSED),
        ([PAUSE], date(2022, 4, 30), Light.PAUSED),
        ([PAUSE], date(2022, 5, 1), Light.RED),
        ([PAUSE | {"pause_from": None}], date(2022, 3, 25), Light.PAUSED),
        ([PAUSE | {"conclusion": "不同意"}], date(2022, 4, 15), Light.RED),
        ([PAUSE | {"approved": date(2022, 4, 10)}], date(2022, 4, 9), Light.RED),
        ([PAUSE | {"approved": date(2022, 4, 10)}], date(2022, 4, 10), Light.PAUSED),
        ([PAUSE | {"approved": date(2022, 5, 10)}], date(2022, 5, 11), Light.RED),
    ],
)
def test_a_pause_comes_and_goes_by_itself(rows: list[dict[str, Any]], as_of: date, light: Light) -> None:
    assert task(as_of, *rows).light is light


@pytest.mark.parametrize(
    ("now", "original"),
    [
        (date(2022, 6, 30), DUE),  # the office wrote the agreed day into the cell
        (date(2022, 5, 31), date(2022, 5, 31)),  # a change of its own, which a check reports
        (DUE, DUE),
    ],
)
def test_the_deadline_first_issued_stays_visible(now: date, original: date) -> None:
    found = task(date(2022, 4, 1), extension(), deadline=now, original_deadline="2022年3月底前")
    assert (found.term.original, found.due) == (original, date(2022, 6, 30))
