"""An application waits for its next step in working days; what the office has not decided is never green."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.checked import CLOSED, CLOSEOUT
from support.fixtures import Make
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.closeouts import read_closeouts, recheck_due
from taizhang.supervision.tasks import Task, read_tasks

MARCH = date(2022, 3, 31)
DONE = {"status": "已完成", "progress": 100, "deadline": MARCH, "evidence": "印发件"}
FRIDAY = date(2022, 3, 18)
APPLIED = {"code": "XH-001", "task": "RW-001", "department": "财务处", "applied": FRIDAY, "applicant": "综合科科长"}
PASSED = APPLIED | {"first_review": "通过", "first_date": date(2022, 3, 22), "first_reviewer": "整改办主任"}
AGREED = PASSED | {"committee_date": date(2022, 3, 28), "conclusion": "同意销号"}
AT_COMMITTEE = PASSED | {"reviewer": "局长", "leader_date": date(2022, 3, 25)}


def task(make_ledger: Make, as_of: date, closeouts: list[dict[str, Any]], **more: Any) -> Task:
    ledger = read_ledger(make_ledger([DONE | more], closeouts=closeouts), standard_forms())
    (found,) = read_tasks(ledger, as_of)
    return found


@pytest.mark.parametrize(
    ("row", "as_of", "step", "days"),
    [
        (APPLIED, FRIDAY, "办公室初审", 0),
        (APPLIED, date(2022, 3, 20), "办公室初审", 0),  # a weekend
        (APPLIED, date(2022, 3, 25), "办公室初审", 5),
        (PASSED, date(2022, 3, 21), "办公室初审", 1),  # passed on the 22nd
        (PASSED, date(2022, 3, 22), "分管领导审核", 0),
        (PASSED | {"first_date": None}, date(2022, 3, 22), "分管领导审核", 2),
        (PASSED, date(2022, 4, 6), "分管领导审核", 10),  # 4 and 5 April are days off, Saturday the 2nd is worked
        (AT_COMMITTEE, date(2022, 3, 24), "分管领导审核", 2),
        (AT_COMMITTEE, date(2022, 3, 28), "党委审定", 1),
        (AT_COMMITTEE | {"conclusion": "同意销号"}, date(2022, 3, 28), "党委审定", 1),  # no day of the decision
    ],
)
def test_the_step_that_is_waited_for(make_ledger: Make, row: dict[str, Any], as_of: date, step: str, days: int) -> None:
    waiting = task(make_ledger, as_of, [row]).waiting
    assert waiting is not None
    assert (waiting.step, waiting.days) == (step, days)


@pytest.mark.parametrize(
    ("row", "as_of"),
    [
        (APPLIED, date(2022, 3, 17)),
        (APPLIED | {"first_review": "退回"}, date(2022, 3, 25)),
        (AT_COMMITTEE | {"conclusion": "退回"}, date(2022, 3, 28)),
        (AT_COMMITTEE | {"conclusion": "同意销号", "committee_date": date(2022, 3, 28)}, date(2022, 3, 28)),
        (APPLIED | {"applied": None}, date(2022, 3, 25)),
        (APPLIED | {"task": "RW-002"}, date(2022, 3, 25)),
    ],
)
def test_nothing_waits_without_an_open_application(make_ledger: Make, row: dict[str, Any], as_of: date) -> None:
    assert task(make_ledger, as_of, [row], status="推进中").waiting is None


AGAIN = APPLIED | {"code": "XH-002", "applied": date(2022, 3, 23)}
RETURNED = APPLIED | {"first_review": "退回", "first_date": date(2022, 3, 23)}


@pytest.mark.parametrize(
    ("rows", "applied", "step", "days"),
    [
        ([APPLIED, AGAIN], FRIDAY, "办公室初审", 5),
        ([AGAIN, APPLIED], FRIDAY, "办公室初审", 5),
        ([PASSED, AGAIN], FRIDAY, "分管领导审核", 3),
        ([RETURNED, AGAIN], date(2022, 3, 23), "办公室初审", 2),
        ([RETURNED, APPLIED | {"code": "XH-002"}], FRIDAY, "办公室初审", 5),  # applied again on the same day
        ([RETURNED, AGAIN, AGAIN | {"code": "XH-003", "applied": date(2022, 3, 24)}],
         date(2022, 3, 23), "办公室初审", 2),
    ],
)  # fmt: skip
def test_what_is_applied_for_twice_waits_since_the_first_time(
    make_ledger: Make, rows: list[dict[str, Any]], applied: date, step: str, days: int
) -> None:
    waiting = task(make_ledger, date(2022, 3, 25), rows).waiting
    assert waiting is not None
    assert (waiting.applied, waiting.step, waiting.days) == (applied, step, days)


def test_an_earlier_application_left_open_does_not_wait_after_a_later_one_was_decided(make_ledger: Make) -> None:
    returned = AGAIN | {"first_review": "退回", "first_date": date(2022, 3, 24)}
    assert task(make_ledger, date(2022, 3, 23), [APPLIED, returned]).applied == FRIDAY
    assert task(make_ledger, date(2022, 3, 25), [APPLIED, returned]).waiting is None


@pytest.mark.parametrize(
    ("rows", "as_of", "light", "reason"),
    [
        ([], MARCH, Light.WAITING, "待审核（还没有申请销号）"),
        ([], date(2022, 4, 1), Light.RED, "逾期1天，已报完成、没有申请销号"),
        ([AGREED], date(2022, 4, 1), Light.WAITING, "审定了，状态没有改"),
        ([APPLIED], date(2022, 3, 25), Light.WAITING, "待审核5天（办公室初审）"),
        ([APPLIED], date(2022, 3, 28), Light.AMBER, "办公室初审等了6个工作日，超过5天"),
        ([PASSED], date(2022, 3, 29), Light.WAITING, "待审核5天（分管领导审核）"),
        ([PASSED], date(2022, 3, 30), Light.AMBER, "分管领导审核等了6个工作日，超过5天"),
        ([AT_COMMITTEE], date(2022, 4, 24), Light.WAITING, "待审核20天（党委审定）"),
        ([AT_COMMITTEE], date(2022, 4, 25), Light.AMBER, "党委审定等了21个工作日，超过20天"),
        ([APPLIED | {"applied": date(2022, 4, 2)}], date(2022, 4, 2), Light.WAITING,
         "待审核0天（办公室初审），逾期2天才申请"),
        ([APPLIED | {"first_review": "退回"}], MARCH, Light.AMBER, "今日到期"),
        ([APPLIED | {"first_review": "退回"}], date(2022, 4, 1), Light.RED, "逾期1天"),
        ([APPLIED | {"first_review": "退回"}, APPLIED | {"code": "XH-002", "applied": date(2022, 3, 28)}],
         MARCH, Light.WAITING, "待审核3天（办公室初审）"),
    ],
)  # fmt: skip
def test_the_light_while_an_application_waits(
    make_ledger: Make, rows: list[dict[str, Any]], as_of: date, light: Light, reason: str
) -> None:
    found = task(make_ledger, as_of, rows)
    assert (found.light, found.reason) == (light, reason)


@pytest.mark.parametrize(("applied", "late"), [(date(2022, 3, 31), 0), (date(2022, 4, 1), 1), (date(2022, 4, 20), 20)])
def test_lateness_is_fixed_on_the_day_of_the_application(make_ledger: Make, applied: date, late: int) -> None:
    found = task(make_ledger, date(2022, 5, 20), [APPLIED | {"applied": applied}])
    assert (found.applied_late, found.overdue) == (late, 0)
    agreed = AT_COMMITTEE | {"applied": applied, "conclusion": "同意销号", "committee_date": date(2022, 5, 6)}
    closed = task(make_ledger, date(2022, 5, 20), [agreed], status="已销号")
    assert (closed.closed, closed.applied, closed.applied_late) == (True, applied, late)


def test_a_year_without_days_off_is_said_and_not_guessed(make_ledger: Make) -> None:
    found = task(make_ledger, date(2031, 1, 6), [APPLIED | {"applied": date(2030, 12, 30)}], deadline=date(2031, 1, 6))
    assert (found.light, found.reason) == (Light.WAITING, "待审核（办公室初审）")


def test_the_days_of_known_years_alone_may_be_over_the_limit(make_ledger: Make) -> None:
    found = task(make_ledger, date(2025, 12, 31), [APPLIED])
    assert (found.light, found.waiting and found.waiting.over) == (Light.AMBER, True)


def test_returned_applications_are_counted(make_ledger: Make) -> None:
    rows = [APPLIED | {"first_review": "退回"}, PASSED | {"code": "XH-002", "conclusion": "退回", "leader_date": MARCH}]
    assert [task(make_ledger, day, rows).rounds for day in (date(2022, 3, 17), FRIDAY, MARCH)] == [0, 1, 2]


@pytest.mark.parametrize(
    ("more", "as_of", "days"),
    [
        ({}, date(2022, 6, 19), None),
        ({}, date(2022, 6, 20), (date(2022, 6, 20), date(2022, 9, 20))),
        ({"recheck_date": date(2022, 7, 1)}, date(2022, 6, 30), (date(2022, 6, 20), date(2022, 9, 20))),
        ({"recheck_date": date(2022, 7, 1)}, date(2022, 7, 1), (date(2022, 6, 20), date(2022, 9, 20))),  # a plan
        ({"recheck_date": date(2022, 7, 1), "recheck_result": "保持"}, date(2022, 7, 1), None),
        ({"conclusion": "退回"}, date(2022, 12, 1), None),
        ({"committee_date": None}, date(2022, 12, 1), None),
    ],
)
def test_when_a_close_out_is_to_be_looked_back_at(
    make_ledger: Make, more: dict[str, Any], as_of: date, days: tuple[date, date] | None
) -> None:
    ledger = read_ledger(make_ledger([CLOSED], closeouts=[CLOSEOUT | more]), standard_forms())
    (closeout,) = read_closeouts(ledger)
    found = recheck_due(closeout, as_of, ledger.settings.thresholds)
    assert (found and (found.first, found.last)) == days
