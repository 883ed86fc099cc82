"""The rules of 亮灯 one by one: which apply, in what order, and what a day off does to a reminder."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.fixtures import Make
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.ledger.settings import LIGHT_RULES, Thresholds
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.tasks import read_tasks

SUNDAY = date(2022, 5, 8)
"""A day off; Saturday the 7th was worked in exchange, Friday the 6th is a working day."""
MONDAY_OFF = date(2022, 5, 2)
"""1 to 4 May are days off, as is Saturday the 30th of April; the last working day before is Friday the 29th."""


def light(make_ledger: Make, as_of: date, **task: Any) -> tuple[Light, str]:
    ledger = read_ledger(make_ledger([{"progress": 100, **task}]), standard_forms())
    (found,) = read_tasks(ledger, as_of)
    return found.light, found.reason


@pytest.mark.parametrize(
    ("deadline", "as_of", "expected"),
    [
        (date(2022, 5, 6), date(2022, 4, 28), (Light.GREEN, "")),
        (date(2022, 5, 6), date(2022, 4, 29), (Light.AMBER, "7天内到期")),
        (SUNDAY, date(2022, 4, 29), (Light.GREEN, "")),
        (SUNDAY, date(2022, 4, 30), (Light.AMBER, "8天内到期")),
        (MONDAY_OFF, date(2022, 4, 21), (Light.GREEN, "")),
        (MONDAY_OFF, date(2022, 4, 22), (Light.AMBER, "10天内到期")),
        (date(2031, 5, 4), date(2031, 4, 26), (Light.GREEN, "")),  # no calendar of that year: plain days
        (date(2031, 5, 4), date(2031, 4, 27), (Light.AMBER, "7天内到期")),
    ],
)
def test_a_deadline_on_a_day_off_is_reminded_of_from_the_last_working_day(
    make_ledger: Make, deadline: date, as_of: date, expected: tuple[Light, str]
) -> None:
    assert light(make_ledger, as_of, deadline=deadline) == expected


def test_the_worst_rule_wins(make_ledger: Make) -> None:
    due = date(2022, 4, 5)
    assert light(make_ledger, date(2022, 4, 5), deadline=due, start=date(2022, 1, 1), progress=60)[0] is Light.RED
    assert light(make_ledger, date(2022, 4, 5), deadline=due, start=date(2022, 1, 1), progress=95)[0] is Light.AMBER


def test_every_rule_sets_a_number_and_has_a_colour_to_begin_with() -> None:
    fields = {rule.field: rule for rule in LIGHT_RULES.values()}
    assert len(fields) == len(LIGHT_RULES)
    plain = Thresholds()
    assert {name: getattr(plain, name) for name in fields} == {name: rule.default for name, rule in fields.items()}
    assert {name: plain.light(name) for name, rule in fields.items() if rule.light} == {
        name: rule.light for name, rule in fields.items() if rule.light
    }
    with pytest.raises(KeyError):
        plain.light("recheck_from")
