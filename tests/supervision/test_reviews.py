"""Reviews of continuing tasks: the next one is computed, a late one lights, a relapse opens the task again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.checked import CLOSED, CLOSEOUT
from support.ledgers import ledger_in_memory
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.tasks import Task, read_tasks

LASTING = {"kind": "长期", "deadline": "长期坚持", "review_cycle": "季", "progress": None, "start": date(2022, 1, 10)}
DECIDED = CLOSEOUT | {"conclusion": "转长期坚持"}
"""Decided on 2022-03-20."""


def review(number: int, day: date | None, finding: str | None = "保持", **more: Any) -> dict[str, Any]:
    return {"code": f"FH-{number:03}", "task": "RW-001", "date": day, "post": "整改办主任", "finding": finding, **more}


WAVERING = review(1, date(2022, 6, 1), "有反复")


def task(row: dict[str, Any], as_of: date, **registers: list[dict[str, Any]]) -> Task:
    (found,) = read_tasks(ledger_in_memory([row], **registers), as_of)
    return found


@pytest.mark.parametrize(
    ("row", "reviews", "closeouts", "following"),
    [
        (LASTING, [], [], date(2022, 4, 10)),
        (LASTING | {"start": None}, [], [], date(2022, 4, 1)),
        (LASTING, [review(1, date(2022, 2, 1))], [], date(2022, 5, 1)),
        (LASTING, [review(1, date(2022, 2, 1)), review(2, date(2022, 1, 20))], [], date(2022, 5, 1)),
        (LASTING, [review(1, date(2022, 2, 1), None)], [], date(2022, 4, 10)),
        (LASTING, [review(1, None)], [], date(2022, 4, 10)),
        (LASTING, [review(1, date(2022, 6, 2))], [], date(2022, 4, 10)),  # not held yet
        (LASTING | {"status": "长期坚持"}, [], [DECIDED], date(2022, 6, 20)),
        (LASTING | {"status": "长期坚持"}, [review(1, date(2022, 2, 1))], [DECIDED], date(2022, 6, 20)),
        (LASTING | {"status": "长期坚持"}, [review(1, date(2022, 5, 31))], [DECIDED], date(2022, 8, 31)),
        (LASTING | {"next_review": date(2022, 5, 20)}, [], [], date(2022, 5, 20)),
        (LASTING | {"next_review": date(2022, 2, 1)}, [], [], date(2022, 2, 1)),
        (LASTING | {"next_review": date(2022, 2, 1)}, [review(1, date(2022, 2, 1))], [], date(2022, 5, 1)),
        (LASTING | {"review_cycle": "月", "start": date(2022, 1, 31)}, [], [], date(2022, 2, 28)),
        (LASTING | {"review_cycle": None}, [], [], None),
    ],
)
def test_the_next_review_follows_from_what_came_last(
    row: dict[str, Any], reviews: list[dict[str, Any]], closeouts: list[dict[str, Any]], following: date | None
) -> None:
    assert task(row, date(2022, 6, 1), reviews=reviews, closeouts=closeouts).next_review == following


@pytest.mark.parametrize(
    ("row", "as_of", "light", "reason"),
    [
        (LASTING, date(2022, 4, 10), Light.GREEN, ""),
        (LASTING, date(2022, 4, 11), Light.AMBER, "复核超期1天"),
        (LASTING, date(2022, 5, 10), Light.AMBER, "复核超期30天"),
        (LASTING, date(2022, 5, 11), Light.RED, "复核超期31天"),
        (LASTING | {"review_cycle": "月", "start": date(2022, 1, 28)}, date(2022, 3, 28), Light.AMBER, "复核超期28天"),
        (LASTING | {"review_cycle": "月", "start": date(2022, 1, 28)}, date(2022, 3, 29), Light.RED, "复核超期29天"),
        (LASTING | {"review_cycle": None}, date(2022, 5, 11), Light.OPEN, "责任或时限待明确"),
    ],
)
def test_an_overdue_review_is_amber_then_red(row: dict[str, Any], as_of: date, light: Light, reason: str) -> None:
    found = task(row, as_of)
    assert (found.light, found.reason) == (light, reason)


@pytest.mark.parametrize(
    ("reviews", "as_of", "light", "status"),
    [
        ([], date(2022, 6, 20), Light.CLOSED, "长期坚持"),
        ([], date(2022, 6, 21), Light.AMBER, "长期坚持"),
        ([WAVERING], date(2022, 6, 2), Light.AMBER, "长期坚持"),
        ([WAVERING, review(2, date(2022, 6, 9))], date(2022, 6, 9), Light.CLOSED, "长期坚持"),
        ([review(1, date(2022, 6, 1), "反弹")], date(2022, 5, 31), Light.CLOSED, "长期坚持"),
        ([review(1, date(2022, 6, 1), "反弹")], date(2022, 6, 1), Light.AMBER, "推进中"),
        ([review(1, date(2022, 6, 1), "反弹"), review(2, date(2022, 6, 9))], date(2022, 6, 9), Light.GREEN, "推进中"),
    ],
)  # fmt: skip
def test_what_a_review_found_counts_from_its_day(
    reviews: list[dict[str, Any]], as_of: date, light: Light, status: str
) -> None:
    row = LASTING | {"status": "长期坚持", "evidence": "名册"}
    found = task(row, as_of, reviews=reviews, closeouts=[DECIDED])
    assert (found.light, found.status) == (light, status)


@pytest.mark.parametrize(
    ("reviews", "as_of", "held"),
    [
        ([], date(2022, 4, 10), (0, 0)),  # due today
        ([], date(2022, 4, 11), (0, 1)),
        ([review(1, date(2022, 4, 10))], date(2022, 4, 10), (1, 1)),
        ([review(1, date(2022, 4, 11))], date(2022, 4, 11), (0, 1)),
        ([review(1, date(2022, 4, 10)), review(2, date(2022, 7, 10))], date(2022, 10, 10), (2, 2)),
        ([review(1, date(2022, 4, 10)), review(2, date(2022, 7, 10))], date(2022, 10, 11), (2, 3)),
        ([review(1, date(2022, 1, 9))], date(2022, 4, 10), (0, 0)),  # before the start
        ([review(n, date(2022, 4, 11)) for n in range(1, 6)], date(2022, 4, 11), (0, 1)),  # five late ones
        ([review(n, date(2022, 4, n)) for n in range(1, 6)], date(2022, 4, 10), (1, 1)),
        ([review(1, date(2022, 4, 10)), review(2, date(2022, 5, 25))], date(2022, 6, 1), (1, 1)),
        ([review(1, date(2022, 4, 10)), review(2, date(2022, 5, 26))], date(2022, 6, 1), (2, 2)),
    ],
)
def test_the_share_of_reviews_held_in_time(reviews: list[dict[str, Any]], as_of: date, held: tuple[int, int]) -> None:
    state = task(LASTING, as_of, reviews=reviews).review
    assert state is not None
    assert (state.in_time, state.due) == held


def test_what_relapsed_is_amber_until_it_is_decided_again() -> None:
    row = LASTING | {"status": "长期坚持", "evidence": "名册"}
    reviews = [review(1, date(2022, 6, 1), "反弹")]
    again = DECIDED | {"code": "XH-002", "applied": date(2022, 6, 2), "leader_date": date(2022, 6, 8)}
    again["committee_date"] = date(2022, 6, 10)
    found = [task(row, date(2022, 6, day), reviews=reviews, closeouts=[DECIDED, again]) for day in (9, 10)]
    assert [(each.light, each.reason) for each in found] == [(Light.AMBER, "复核发现反弹"), (Light.CLOSED, "")]


@pytest.mark.parametrize(("day", "in_time"), [(date(2022, 6, 20), 1), (date(2022, 6, 21), 0)])
@pytest.mark.parametrize("since", [[], [review(2, date(2022, 7, 1), "反弹")]])
def test_a_review_is_held_against_the_decision_that_was_in_force(
    day: date, in_time: int, since: list[dict[str, Any]]
) -> None:
    """The decision of 2022-03-20 counts after a relapse too, and after a later decision."""
    again = DECIDED | {"code": "XH-002", "applied": date(2022, 7, 20), "committee_date": date(2022, 8, 1)}
    for closeouts, as_of in (([DECIDED], date(2022, 7, 10)), ([DECIDED, again], date(2022, 8, 10))):
        state = task(LASTING, as_of, reviews=[review(1, day), *since], closeouts=closeouts).review
        assert state is not None
        assert (state.in_time, state.due) == (in_time, 1), "what is looked at again after days is no second review"


@pytest.mark.parametrize(
    ("typed", "day", "as_of", "held"),
    [
        (date(2022, 3, 1), date(2022, 3, 2), date(2022, 3, 1), (0, 0)),
        (
            date(2022, 3, 1),
            date(2022, 3, 2),
            date(2022, 3, 2),
            (0, 1),
        ),  # it does not become one in time when it is held
        (date(2022, 5, 1), date(2022, 5, 1), date(2022, 8, 1), (1, 1)),
        (date(2022, 5, 1), date(2022, 5, 1), date(2022, 8, 2), (1, 2)),  # the next one is three months later
        (date(2022, 7, 20), date(2022, 4, 11), date(2022, 7, 20), (0, 1)),  # typed after the review: for the next one
    ],
)
def test_a_typed_day_overrides_one_review(typed: date, day: date, as_of: date, held: tuple[int, int]) -> None:
    state = task(LASTING | {"next_review": typed}, as_of, reviews=[review(1, day)]).review
    assert state is not None
    assert (state.in_time, state.due) == held


def paused(first: date, last: date, **more: Any) -> dict[str, Any]:
    return {
        "code": "YQ-001", "task": "RW-001", "department": "财务处", "kind": "暂缓", "applied": date(2022, 1, 20),
        "reason": "机构改革", "pause_from": first, "until": last, "conclusion": "同意", "approved": date(2022, 2, 1),
        **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pauses", "following"),
    [
        ([], date(2022, 4, 10)),
        ([paused(date(2022, 4, 1), date(2022, 4, 30))], date(2022, 5, 10)),  # ten days left before, ten days after
        ([paused(date(2022, 4, 10), date(2022, 4, 10))], date(2022, 4, 11)),
        ([paused(date(2022, 4, 11), date(2022, 4, 30))], date(2022, 4, 10)),
        ([paused(date(2022, 3, 1), date(2022, 4, 9))], date(2022, 4, 10)),
        ([paused(date(2022, 4, 1), date(2022, 4, 30), conclusion="不同意")], date(2022, 4, 10)),
        (
            [paused(date(2022, 5, 10), date(2022, 5, 12), code="YQ-2"), paused(date(2022, 4, 1), date(2022, 4, 30))],
            date(2022, 5, 13),
        ),
    ],
)
def test_a_review_due_in_a_pause_is_put_off_by_the_pause(pauses: list[dict[str, Any]], following: date) -> None:
    found = task(LASTING, date(2022, 4, 5), extensions=pauses)
    assert found.next_review == following
    late = task(LASTING, date(2022, 6, 1), extensions=pauses).review
    assert late and (late.overdue, late.due) == ((date(2022, 6, 1) - following).days, 1)


def test_a_closed_task_that_is_no_continuing_one_is_not_reviewed() -> None:
    found = task(CLOSED | {"review_cycle": "季"}, date(2022, 12, 31), closeouts=[CLOSEOUT])
    assert (found.light, found.review) == (Light.CLOSED, None)


@pytest.mark.parametrize(
    ("held", "as_of", "reason"),
    [
        ([], date(2022, 5, 20), ""),
        ([], date(2022, 5, 21), "复核超期1天"),
        ([date(2022, 5, 19)], date(2022, 5, 21), "复核超期1天"),  # before the day: that review is still to come
        ([date(2022, 5, 20)], date(2022, 6, 30), ""),
        ([date(2022, 5, 25)], date(2022, 5, 24), "复核超期4天"),
        ([date(2022, 5, 25)], date(2022, 5, 25), ""),
    ],
)
def test_a_typed_review_without_an_interval_is_overdue_until_it_is_held(
    held: list[date], as_of: date, reason: str
) -> None:
    row = LASTING | {"review_cycle": None, "next_review": date(2022, 5, 20)}
    found = task(row, as_of, reviews=[review(number, day) for number, day in enumerate(held, 1)])
    assert [each.reason for each in found.lit if "复核" in each.reason] == ([reason] if reason else [])
