"""The four rates: what each counts on its boundary days, never one of another's kind; and which of them leads."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.scenarios import AS_OF, a_closeout, a_task, build
from taizhang.figures.metrics import compute_metrics
from taizhang.figures.rates import Rate, RateName, Rates, count_rates
from taizhang.ledger.vocabulary import TaskKind
from taizhang.supervision.tasks import read_tasks

ONCE = {"kind": "一次", "status": "推进中", "progress": 50, "review_cycle": "", "start": date(2022, 1, 1)}
DUTY = {"kind": "周期", "review_cycle": "季", "status": "推进中", "progress": None, "start": date(2022, 1, 1)}
LASTING = {"kind": "长期", "review_cycle": "季", "status": "推进中", "progress": None, "start": date(2022, 1, 1)}
OPEN = {"committee_date": None, "conclusion": None}
DONE = {"status": "已完成", "progress": 100}
STRUCK = {"status": "已销号", "progress": 100}


def rates(
    *rows: dict[str, Any], closeouts: list[dict[str, Any]] | None = None, day: date = AS_OF, **registers: Any
) -> Rates:
    tasks = [a_task(number, **row) for number, row in enumerate(rows)]
    ledger = build(tasks, closeouts=closeouts or [], registers=registers or None)
    return count_rates([task for task in read_tasks(ledger, day) if task.counted], day)


def shown(found: Rates) -> tuple[str, str, str, str]:
    return (str(found.on_time), str(found.struck_off), str(found.fulfilled), str(found.reviewed))


@pytest.mark.parametrize(
    ("deadline", "applied", "on_time"),
    [
        (date(2022, 6, 29), None, "0/1"),
        (AS_OF, None, "0/0"),
        (date(2022, 7, 1), None, "0/0"),
        (AS_OF, AS_OF, "1/1"),
        (date(2022, 6, 29), AS_OF, "0/1"),
        (date(2022, 6, 29), date(2022, 6, 29), "1/1"),
        (date(2022, 7, 1), date(2022, 6, 1), "0/0"),
        (AS_OF, date(2022, 7, 1), "0/0"),
        (date(2022, 6, 29), date(2022, 7, 1), "0/1"),
    ],
)
def test_what_is_due_today_counts_once_it_is_applied_for(deadline: date, applied: date | None, on_time: str) -> None:
    rows = [a_closeout(1, "RW-001", applied, **OPEN)] if applied else []
    assert str(rates(ONCE | DONE | {"deadline": deadline}, closeouts=rows).on_time) == on_time


def test_reported_done_and_not_applied_for_is_not_in_time() -> None:
    assert str(rates(ONCE | DONE | {"deadline": date(2022, 5, 31)}).on_time) == "0/1"


def test_closed_after_an_application_in_time_is_in_time_and_sent_back_is_not() -> None:
    row = ONCE | STRUCK | {"deadline": date(2022, 5, 31)}
    agreed = a_closeout(1, "RW-001", date(2022, 6, 20), applied=date(2022, 5, 31))
    assert shown(rates(row, closeouts=[agreed])) == ("1/1", "1/1", "0/0", "0/0")
    late = agreed | {"applied": date(2022, 6, 1)}
    assert shown(rates(row, closeouts=[late])) == ("0/1", "1/1", "0/0", "0/0")
    returned = agreed | {"conclusion": "退回"}
    assert shown(rates(row, closeouts=[returned])) == ("0/1", "0/1", "0/0", "0/0")


def test_an_extension_moves_what_is_due_from_its_approval_on() -> None:
    asked = {
        "code": "YQ-001", "task": "RW-001", "department": "办公室", "kind": "延期", "applied": date(2022, 6, 1),
        "reason": "流标", "until": date(2022, 9, 30), "conclusion": "同意", "approved": date(2022, 6, 15),
    }  # fmt: skip
    row = ONCE | {"deadline": date(2022, 6, 10)}
    assert str(rates(row, extensions=[asked], day=date(2022, 6, 14)).on_time) == "0/1"
    assert str(rates(row, extensions=[asked]).on_time) == "0/0"


def test_nothing_due_has_no_share() -> None:
    found = rates(ONCE | {"deadline": date(2022, 12, 31)})
    assert shown(found) == ("0/0", "0/1", "0/0", "0/0")
    assert found.on_time.share is None


def test_all_done_but_one() -> None:
    rows = [ONCE | STRUCK | {"deadline": date(2022, 5, 31)}] * 99 + [ONCE | {"deadline": date(2022, 5, 31)}]
    closeouts = [a_closeout(n, f"RW-{n:03}", date(2022, 5, 20)) for n in range(1, 100)]
    assert shown(rates(*rows, closeouts=closeouts)) == ("99/100", "99/100", "0/0", "0/0")


@pytest.mark.parametrize(
    ("row", "struck_off"),
    [
        (ONCE | {"deadline": date(2022, 12, 31)}, "0/1"),
        (ONCE | {"deadline": "长期坚持"}, "0/1"),
        (ONCE | {"kind": "", "deadline": "长期坚持"}, "0/0"),
        (ONCE | {"kind": "", "deadline": None}, "0/1"),
        (DUTY | {"deadline": date(2022, 12, 31)}, "0/1"),
        (DUTY | {"deadline": "长期坚持"}, "0/0"),
        (LASTING | {"deadline": date(2022, 12, 31)}, "0/0"),
        (ONCE | {"kind": "原则", "deadline": date(2022, 5, 31)}, "0/0"),
    ],
)
def test_what_can_be_struck_off(row: dict[str, Any], struck_off: str) -> None:
    assert str(rates(row).struck_off) == struck_off


def test_what_was_turned_into_a_lasting_task_is_in_time_and_can_no_longer_be_struck_off() -> None:
    row = ONCE | {"status": "长期坚持", "progress": 100, "deadline": date(2022, 5, 31)}
    agreed = a_closeout(1, "RW-001", date(2022, 5, 20), conclusion="转长期坚持")
    assert shown(rates(row, closeouts=[agreed])) == ("1/1", "0/0", "0/0", "0/0")


def fulfilled(number: int, cycle: str, done: int = 1, on: date | None = None) -> dict[str, Any]:
    of = {"code": f"LX-{number:03}", "task": "RW-001", "department": "办公室", "cycle": cycle, "done": done}
    return of | {"done_on": on}


def test_cycles_are_due_when_they_are_closed_and_kept_or_made_up_in_the_rate() -> None:
    lasting = DUTY | {"deadline": "长期坚持"}
    assert shown(rates(lasting, day=date(2022, 3, 31))) == ("0/0", "0/0", "0/0", "0/0")
    assert shown(rates(lasting, day=date(2022, 4, 1))) == ("0/0", "0/0", "0/1", "0/0")
    kept = fulfilled(1, "2022年一季度")
    assert str(rates(lasting, fulfilments=[kept], day=date(2022, 7, 1)).fulfilled) == "1/2"
    made_up = [kept, fulfilled(2, "2022年三季度", 2)]
    assert str(rates(lasting, fulfilments=made_up, day=date(2022, 7, 1)).fulfilled) == "2/2", "beyond the number"


def test_no_cycle_begins_after_a_task_is_closed() -> None:
    row = DUTY | STRUCK | {"deadline": date(2022, 12, 31)}
    agreed = a_closeout(1, "RW-001", date(2022, 3, 31))
    assert str(rates(row, closeouts=[agreed], day=date(2022, 9, 1)).fulfilled) == "0/1"


def review(number: int, day: date) -> dict[str, Any]:
    return {"code": f"FH-{number:03}", "task": "RW-001", "date": day, "post": "局长", "finding": "保持"}


def test_a_review_is_due_from_the_day_after_its_day_and_in_time_up_to_it() -> None:
    lasting = LASTING | {"deadline": "长期坚持"}
    assert str(rates(lasting, day=date(2022, 4, 1)).reviewed) == "0/0", "a quarter from 1 January is 1 April"
    assert str(rates(lasting, day=date(2022, 4, 2)).reviewed) == "0/1"
    assert str(rates(lasting, reviews=[review(1, date(2022, 4, 1))], day=AS_OF).reviewed) == "1/1"
    assert str(rates(lasting, reviews=[review(1, date(2022, 4, 2))], day=AS_OF).reviewed) == "0/1"


def test_reviews_of_what_is_struck_off_are_not_counted() -> None:
    row = LASTING | STRUCK | {"deadline": "长期坚持"}
    agreed = a_closeout(1, "RW-001", date(2022, 5, 20))
    assert str(rates(row, closeouts=[agreed]).reviewed) == "0/0"


def test_kinds_are_never_counted_in_each_others_rate() -> None:
    found = rates(
        ONCE | {"deadline": date(2022, 5, 31)}, DUTY | {"deadline": "长期坚持"}, LASTING | {"deadline": "长期坚持"}
    )
    assert shown(found) == ("0/1", "0/1", "0/1", "0/1")
    assert (found.once, found.recurring, found.continuing) == (1, 1, 1)


@pytest.mark.parametrize(
    ("kinds", "lead"),
    [
        ("一", (TaskKind.ONCE, RateName.ON_TIME)),
        ("一周长", (TaskKind.ONCE, RateName.ON_TIME)),
        ("一周周", (TaskKind.CYCLE, RateName.FULFILLED)),
        ("一长周长", (TaskKind.LONG_TERM, RateName.REVIEWED)),
        ("周长", (TaskKind.CYCLE, RateName.FULFILLED)),
        ("", (TaskKind.ONCE, RateName.ON_TIME)),
    ],
)
def test_the_kind_that_holds_most_tasks_leads(kinds: str, lead: tuple[TaskKind, RateName]) -> None:
    rows = {"一": ONCE, "周": DUTY, "长": LASTING}
    found = rates(*(rows[kind] for kind in kinds))
    assert (found.kind, found.lead) == lead
    assert found.number_of(found.kind) == max(found.once, found.recurring, found.continuing)


def test_the_rates_of_all_are_those_of_the_parts_together() -> None:
    rows = [ONCE, DUTY, LASTING, ONCE | {"deadline": date(2022, 5, 31)}]
    tasks = [a_task(n, **row, department=("办公室", "人事处")[n % 2]) for n, row in enumerate(rows)]
    m = compute_metrics(build(tasks), AS_OF)
    parts = m.departments[0].rates + m.departments[1].rates
    assert m.rates == m.total.rates == parts
    assert parts.of(RateName.ON_TIME) == Rate(0, parts.on_time.whole)
