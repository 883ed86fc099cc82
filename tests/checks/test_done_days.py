"""Days on which something was done: not after the day of the figures, except where the steps have their own check."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from support.ledgers import ledger_in_memory
from taizhang.checks.done_days import check_done_days
from taizhang.forms.load import standard_forms

DAY = date(2022, 6, 30)
APPEAL = {"department": "财务处", "channel": "来电", "subject": "排队久", "received": date(2022, 6, 1)}


@pytest.mark.parametrize(
    ("answered", "found"),
    [
        (None, []),
        ("下周", []),
        (DAY, []),
        (
            DAY + timedelta(1),
            [
                (
                    "G4",
                    "done-future",
                    "warning",
                    "反馈日期 2022-07-01 晚于统计日 2022-06-30，到那天才算办了；日期写错的请改正。",
                )
            ],
        ),
    ],
)
def test_a_day_of_completion_yet_to_come(answered: object, found: list[tuple[str, ...]]) -> None:
    ledger = ledger_in_memory(appeals=[{"code": "SQ-001", **APPEAL, "answered": answered}])
    findings = check_done_days(ledger, DAY)
    assert [(each.place.cell, each.check, each.severity, each.message) for each in findings] == found


def test_a_day_that_is_planned_or_of_the_event_itself_may_come() -> None:
    later = DAY + timedelta(9)
    ledger = ledger_in_memory(appeals=[{"code": "SQ-001", **APPEAL, "received": later, "due": later}])
    assert list(check_done_days(ledger, DAY)) == []


def test_the_steps_of_a_close_out_are_checked_there() -> None:
    closeout = {"code": "XH-001", "task": "RW-001", "department": "财务处", "committee_date": DAY + timedelta(1)}
    assert list(check_done_days(ledger_in_memory(closeouts=[closeout]), DAY)) == []


@pytest.mark.parametrize(
    ("form", "keys"),
    [
        ("appeals", ("answered", "informed")),
        ("committee_members", ("election_done",)),
        ("reforms", ("actual",)),
        ("four_forms", ()),
    ],
)
def test_the_columns_are_those_that_rules_indicators_and_boards_take_as_done(form: str, keys: tuple[str, ...]) -> None:
    assert standard_forms()[form].done_columns == keys
