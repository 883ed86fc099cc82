"""What is overdue is one number: the indicator counts the rows that the rules find, and these are the rows listed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ledgers import ledger_in_memory
from taizhang.forms.columns import Column
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.rules import RuleKind, columns_of
from taizhang.forms.vocabulary import ColumnType, IndicatorKind, Sensitivity
from taizhang.ledger.model import Ledger
from taizhang.supervision.breaches import breaches_of
from taizhang.supervision.due_items import find_due_items
from taizhang.supervision.indicators import Figure, figures_of

DAY = date(2022, 6, 30)
FORMS = standard_forms()
NO_LIGHT: Mapping[str, str] = {}
"""The due rules without an indicator, with the reason."""
RULED = [form for form in FORMS.values() if any(each.rule_names for each in form.indicators)]


def lights(name: str, *rows: dict[str, Any], as_of: date = DAY) -> dict[str, tuple[int, int | None, str]]:
    """Return value, whole and light of the indicators that count what is overdue."""
    found = _figures(ledger_in_memory(**{name: list(rows)}), name, as_of)
    return {
        each.title: (int(each.value or 0), None if each.whole is None else int(each.whole), str(each.light))
        for each in found
        if each.kind == IndicatorKind.OVERDUE and each.used
    }


def _figures(ledger: Ledger, name: str, as_of: date) -> tuple[Figure, ...]:
    return figures_of(ledger, ledger.registers[name], as_of).figures


def test_each_due_rule_has_an_indicator_or_a_reason_why_not() -> None:
    due = {rule.name for form in FORMS.values() for rule in form.rules if rule.kind is RuleKind.DUE}
    shown = {name for form in FORMS.values() for each in form.indicators for name in each.rule_names}
    assert due - shown == set(NO_LIGHT)
    assert len(due) > 20


ACTIVIST = {"code": "FZ-0001", "branch": "机关第一党支部", "stage": "积极分子", "applied": date(2021, 3, 10)}
TALKED = {"talked": date(2021, 4, 1), "activist_on": date(2021, 6, 1)}


@pytest.mark.parametrize(
    ("reviewed", "said"),
    [
        (date(2021, 12, 29), (1, None, "◆ 红")),  # until 29 June
        (date(2021, 12, 30), (0, None, "● 绿")),
    ],
)
def test_a_review_that_is_overdue_by_the_rule_is_red_though_no_day_was_typed(
    reviewed: date, said: tuple[int, int | None, str]
) -> None:
    """The register is personal: of how many is not said."""
    others = [{**ACTIVIST, **TALKED, "code": f"FZ-{n:04}", "reviewed": DAY} for n in range(2, 8)]
    found = lights("members", {**ACTIVIST, **TALKED, "reviewed": reviewed}, *others)
    assert found == {"考察超期": said, "谈话超期": (0, None, "● 绿")}


SERVICE = {"code": "SS-001", "item": "自助打印", "department": "财务处", "category": "限期办"}


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"status": "办理中", "due": date(2022, 6, 29)}, {"超期未办结": (1, 1, "◆ 红")}),
        ({"status": "办理中", "due": date(2022, 6, 30)}, {"超期未办结": (0, 1, "● 绿")}),
        ({"status": "已办结", "due": date(2022, 6, 29)}, {}),
        ({"status": "办理中"}, {}),
        ({"status": "办理中", "due": "月底"}, {}),
    ],
)
def test_a_service_past_its_day_has_a_light(cells: dict[str, Any], found: dict[str, Any]) -> None:
    assert lights("services", {**SERVICE, **cells}) == found


def test_rows_that_a_rule_says_nothing_of_are_left_out_with_the_reason() -> None:
    rows = [
        {**SERVICE, "code": "SS-001", "status": "已办结", "due": date(2022, 1, 1)},
        {**SERVICE, "code": "SS-002", "status": "办理中"},
        {**SERVICE, "code": "SS-003", "status": "办理中", "due": "月底"},
        {**SERVICE, "code": "SS-004", "status": "办理中", "due": date(2022, 6, 1)},
    ]
    found = _figures(ledger_in_memory(services=rows), "services", DAY)
    late = next(each for each in found if each.title == "超期未办结")
    assert (late.value, late.whole, late.used, dict(late.left_out)) == (
        1,
        1,
        1,
        {"不归“办实事在时限以前办结”管": 1, "“办理时限”空着": 1, "“办理时限”读不懂": 1},
    )


APPEAL = {
    "code": "SQ-001", "department": "财务处", "channel": "信访", "subject": "排队久", "received": date(2022, 4, 1),
    "informed": date(2022, 4, 2),
}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "as_of", "value"),
    [
        ({}, date(2022, 5, 31), 0),  # sixty days
        ({}, date(2022, 6, 1), 1),
        ({"extended_to": date(2022, 6, 20)}, date(2022, 6, 20), 0),
        ({"extended_to": date(2022, 6, 20)}, date(2022, 6, 21), 1),
        ({"answered": date(2022, 6, 1)}, date(2022, 6, 1), 0),
        ({"answered": date(2022, 6, 5)}, date(2022, 6, 1), 1),  # on that day it was still open
    ],
)
def test_an_indicator_of_two_rules_counts_a_row_once_by_the_one_that_applies(
    cells: dict[str, Any], as_of: date, value: int
) -> None:
    assert lights("appeals", {**APPEAL, **cells}, as_of=as_of)["信访超期未办结"][:2] == (value, 1)


def test_what_waits_longest_is_said_in_days_and_nothing_open_is_nought() -> None:
    rows = [
        {**APPEAL, "code": f"SQ-{number:03}", "received": date(2022, 6, number), "answered": answered}
        for number, answered in [(1, date(2022, 6, 3)), (10, None), (20, ""), (30, date(2022, 7, 1))]
    ]

    def longest(kept: list[dict[str, Any]]) -> tuple[Any, int]:
        found = _figures(ledger_in_memory(appeals=kept), "appeals", DAY)
        return next((each.value, each.used) for each in found if each.title == "等反馈最久")

    assert longest(rows) == (20, 4)
    assert longest(rows[:1]) == (0, 1)
    assert longest([]) == (None, 0)


def _values(column: Column) -> st.SearchStrategy[Any]:
    """Cells of a column: blank, readable, or a word that cannot be read."""
    if column.type.is_choice:
        return st.sampled_from(["", *column.choices, *column.choices, "不知道"])
    if column.type in (ColumnType.DATE, ColumnType.DEADLINE):
        return st.sampled_from(["", "月底", *(DAY - timedelta(days=n) for n in (0, 1, 14, 60, 91, 92, 183, 400, 800))])
    return st.sampled_from(["", "1", "某个"])


def _rows(form: Form) -> st.SearchStrategy[list[dict[str, Any]]]:
    used = {key for rule in form.rules if rule.kind is RuleKind.DUE for key in columns_of(rule)}
    for each in form.indicators:
        if each.kind is IndicatorKind.OVERDUE:
            used |= {str(each.options[key]) for key in ("from", "to") if key in each.options}
            used |= {condition.key for condition in each.when}
    cells = st.fixed_dictionaries({key: _values(form.column(key)) for key in sorted(used)})
    return st.lists(st.tuples(st.booleans(), cells), max_size=6).map(
        lambda rows: [
            {"code": form.format_code(number) if coded else "", **row} for number, (coded, row) in enumerate(rows, 1)
        ]
    )


@pytest.mark.parametrize("name", [form.name for form in RULED])
@settings(max_examples=int(os.environ.get("TAIZHANG_EXAMPLES", "15")), deadline=None)
@given(data=st.data())
def test_the_light_the_findings_and_the_list_agree_in_any_ledger(name: str, data: st.DataObject) -> None:
    form = FORMS[name]
    ledger = ledger_in_memory(**{name: data.draw(_rows(form))})
    register = ledger.registers[name]
    found = {each.title: each for each in _figures(ledger, name, DAY)}
    listed = {each.row.record.row for each in find_due_items(ledger, DAY) if each.overdue and each.row}
    counted: set[int] = set()
    for indicator in form.indicators:
        if indicator.kind is not IndicatorKind.OVERDUE:
            continue
        figure = found[indicator.title]
        assert figure.used + sum(figure.left_out.values()) == len(register.records)
        if not indicator.rule_names or indicator.when:
            continue
        late = {
            breach.row.record.row
            for rule in form.rules_of(indicator)
            for breach in breaches_of(ledger, register, rule, DAY)
            if breach.row and breach.row.record.code and not breach.mild
        }
        if figure.value is None and figure.used:
            assert form.sensitivity is Sensitivity.PERSONAL  # so many that they tell of a small group
            assert (figure.light, bool(late)) == ("◆ 红", True)
        else:
            assert int(figure.value or 0) == len(late)
        counted |= late
    if form.sensitivity is Sensitivity.PERSONAL:
        assert not listed
        return
    typed = {
        each.row.record.row for each in find_due_items(ledger, DAY) if each.overdue and each.row and each.what in found
    }
    assert counted | typed == listed
