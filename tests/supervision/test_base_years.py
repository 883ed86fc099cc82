"""Rows of years before the ledger's: a base that stands in the register and is no figure of the year."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.checks import check_ledger
from taizhang.supervision.indicators import Figure, ledger_figures

BASE = {"code": "ST-001", "period": "2021年", "form": "第一种", "times": 25, "people": 25}
MARCH = {"code": "ST-002", "period": "2022-03", "form": "第一种", "times": 6, "people": 5}


def punished(rows: list[dict[str, Any]], day: date) -> Figure:
    """Return how many were dealt with."""
    registers = {each.name: each for each in ledger_figures(ledger_in_memory(four_forms=rows), day)}
    return next(each for each in registers["four_forms"].figures if each.title == "处理人数")


def test_the_base_is_no_figure_of_the_year() -> None:
    figure = punished([BASE, MARCH], date(2022, 3, 31))
    assert (figure.value, figure.used, figure.left_out, figure.unreadable) == (5, 1, {"不是2022年的": 1}, {})


def test_without_rows_of_the_year_the_base_is_what_there_is() -> None:
    figure = punished([BASE], date(2022, 1, 10))
    assert (figure.value, figure.used) == (25, 1)


@pytest.mark.parametrize(("period", "used"), [("2021-12", 1), ("2021-Q4", 1), ("2012-12", 0), ("去年", 0)])
def test_what_is_no_period_and_no_base_is_left_out_as_unreadable(period: str, used: int) -> None:
    figure = punished([{**BASE, "period": period}], date(2022, 1, 10))
    assert (figure.used, sum(figure.unreadable.values())) == (used, 1 - used)


def test_a_base_of_a_whole_year_is_no_finding_and_one_of_a_month_is_told() -> None:
    rows = [BASE, {**BASE, "code": "ST-003", "form": "第二种", "period": "2021-12"}]
    found = check_ledger(ledger_in_memory(four_forms=rows), date(2022, 3, 31))
    told = [(each.place.cell, str(each.check)) for each in found if each.place.sheet == "四种形态"]
    assert told == [("B5", "reading")]
