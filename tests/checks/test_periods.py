"""A base is a whole earlier year or its months, never both: their numbers would be added up twice."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.checks.periods import check_period_overlap

DAY = date(2022, 6, 30)


def said(name: str, *rows: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    coded = [{"code": f"XX-{number:03}", **row} for number, row in enumerate(rows, 1)]
    found = check_period_overlap(ledger_in_memory(**{name: coded}), DAY)
    return [(each.place.cell, each.check, each.severity, each.message) for each in found]


def times(period: str, form: str = "第一种") -> dict[str, Any]:
    return {"period": period, "form": form, "times": 3}


def overlap(cell: str, inner: str, outer: str) -> tuple[str, str, str, str]:
    cure = "请只留一种：要么只填全年（全季）的，要么只填各月（各季）的。"
    problem = f"期次 {inner}已经在 {outer}里面，两行的数会加两遍，"
    return cell, "period-overlap", "warning", problem + cure


@pytest.mark.parametrize(
    ("rows", "findings"),
    [
        ([times("2021"), times("2022-03")], []),
        ([times("2021-03"), times("2021-04"), times("2020")], []),
        ([times("2021"), times("2021-03", "第二种")], []),  # of two kinds of things
        ([times("2021"), times("2021")], []),  # the rule that allows one says it
        ([times("2021"), times("2021-03")], [overlap("B5", "2021年3月", "2021年（B4）")]),
        ([times("2021-03"), times("2021-Q1")], [overlap("B4", "2021年3月", "2021年一季度（B5）")]),
        ([times("2021-04"), times("2021-Q1")], []),
        ([times("2021"), times("某期")], []),
        (
            [times("2021-01"), times("2021年"), times("2021-12")],
            [overlap("B4", "2021年1月", "2021年（B5）"), overlap("B6", "2021年12月", "2021年（B5）")],
        ),
    ],
)
def test_a_month_within_a_year_that_is_registered_too(rows: list[dict[str, Any]], findings: list[Any]) -> None:
    assert said("four_forms", *rows) == findings


def test_registers_of_single_events_may_name_any_month() -> None:
    rows = [{"branch": "机关第一党支部", "kind": "党课", "month": month} for month in ("2021", "2021-03")]
    assert said("branch_meetings", *rows) == []
