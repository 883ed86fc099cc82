"""What registers say is due is listed one by one: which item, whose, how late."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.forms.model import Body, Form, Indicator
from taizhang.forms.rules import Rule, read_rule
from taizhang.ledger.model import Ledger
from taizhang.supervision.due_items import find_due_items

DAY = date(2022, 7, 10)


def with_rules(ledger: Ledger, name: str, *rules: Rule, indicators: tuple[Indicator, ...] = ()) -> Ledger:
    """Return the ledger with only these rules and indicators in one form."""
    register = ledger.registers[name]
    old: Form = register.form
    heads = {each: getattr(old, each) for each in old.__dataclass_fields__ if each != "body"}
    form = Form(**heads, body=lambda: Body(old.columns, old.closed, indicators, rules))
    return replace(ledger, registers={**ledger.registers, name: replace(register, form=form)})


def listed(ledger: Ledger, as_of: date = DAY) -> list[tuple[str, str, str, str, str]]:
    return [(each.name, each.what, each.department, each.member, each.words) for each in find_due_items(ledger, as_of)]


def appeal(number: int, **cells: Any) -> dict[str, Any]:
    base = {"code": f"SQ-{number:03}", "department": "财务处", "channel": "信访", "subject": "排队久"}
    return {**base, "received": date(2022, 5, 2), **cells}


SIXTY = read_rule(
    {
        "name": "sixty", "kind": "due", "title": "60 日内办结", "source": "口径", "from": "received", "plus": 60,
        "unit": "日", "done": "answered", "ahead": 10, "ahead_unit": "日",
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("as_of", "words"),
    [
        (date(2022, 6, 20), []),
        (date(2022, 6, 21), ["还有 10 天"]),
        (date(2022, 7, 1), ["当天到期"]),
        (date(2022, 7, 2), ["超期 1 天"]),
    ],
)
def test_what_a_rule_sets_a_day_for(as_of: date, words: list[str]) -> None:
    ledger = with_rules(ledger_in_memory(appeals=[appeal(1), appeal(2, answered=date(2022, 5, 9))]), "appeals", SIXTY)
    assert [each[4] for each in listed(ledger, as_of)] == words


def test_what_an_indicator_counts_as_overdue_and_the_longest_first() -> None:
    rows = [
        appeal(1, due=date(2022, 7, 9)),
        appeal(2, due=date(2022, 7, 10)),
        appeal(3, due=date(2022, 6, 1), answered=date(2022, 7, 11)),
        appeal(4, due=date(2022, 6, 1), answered=date(2022, 6, 30)),
    ]
    ledger = ledger_in_memory(appeals=rows)
    every = ledger.registers["appeals"].form.indicators
    indicators = tuple(each for each in every if each.kind == "overdue" and not each.rule_names)
    overdue = with_rules(ledger, "appeals", indicators=indicators)
    assert [each.title for each in indicators] == ["超期未反馈"]
    assert [(each.name, each.what, each.late) for each in find_due_items(overdue, DAY)] == [
        ("SQ-003 排队久", "超期未反馈", 39),
        ("SQ-001 排队久", "超期未反馈", 1),
    ]


def test_one_row_due_by_a_rule_and_by_an_indicator_is_one_item() -> None:
    ledger = ledger_in_memory(appeals=[appeal(1, due=date(2022, 7, 5))])
    both = with_rules(ledger, "appeals", SIXTY, indicators=ledger.registers["appeals"].form.indicators)
    assert listed(both) == [("SQ-001 排队久", "60 日内办结", "财务处", "", "超期 9 天")]


def test_what_each_member_owed_in_the_cycle_that_ended_last() -> None:
    monthly = read_rule(
        {
            "name": "monthly", "kind": "count", "title": "支委会每月一次", "source": "口径", "by": "branch",
            "per": "月", "at_least": 1, "when": {"kind": "支委会"},
        }
    )  # fmt: skip
    rows = [
        {
            "code": "SH-0001",
            "branch": "机关第一党支部",
            "department": "财务处",
            "kind": "支委会",
            "held": date(2022, 5, 6),
        }
    ]
    ledger = ledger_in_memory(branch_meetings=rows)
    settings = replace(ledger.settings, branches={"机关第一党支部": "财务处", "机关第二党支部": "信息中心"})
    ledger = with_rules(replace(ledger, settings=settings), "branch_meetings", monthly)
    assert listed(ledger, date(2022, 5, 31)) == []
    assert listed(ledger, date(2022, 6, 1)) == [
        ("机关第二党支部", "支委会每月一次（2022年5月 0/1）", "信息中心", "机关第二党支部", "超期 1 天")
    ]


def test_registers_about_persons_are_not_listed() -> None:
    row = {"code": "FZ-0001", "branch": "机关第一党支部", "stage": "积极分子", "review_due": date(2022, 1, 1)}
    ledger = ledger_in_memory(members=[row])
    assert [each for each in find_due_items(ledger, DAY) if each.register.form.name == "members"] == []
