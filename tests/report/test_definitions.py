"""口径说明 carries the numbers of its own ledger; test_figures_model compares its definitions with the sheets."""

from __future__ import annotations

import re
from typing import Any

import pytest
from support.scenarios import scenario
from taizhang.figures.metrics import Metrics
from taizhang.report.definitions import definitions


def rule(name: str, m: Metrics) -> str:
    return next(text for _, each, text in definitions(m) if each == name)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("措施", lambda m: [m.total.tasks]),
        ("措施办结率", lambda m: [m.total.closed, m.total.tasks]),
        ("计划、应完成", lambda m: [m.planned_closed, m.total.tasks]),
        ("到期办结率", lambda m: [m.total.due_closed, m.total.due]),
        ("问题整改到位", lambda m: [m.problems_closed, m.problem_count]),
        ("◆ 红", lambda m: [m.thresholds.red_behind]),
        ("▲ 黄", lambda m: [m.thresholds.yellow_behind, m.thresholds.yellow_behind, m.thresholds.due_soon]),
        ("本月新办结", lambda m: [m.closed_this_month, m.closed_last_month]),
    ],
)
def test_each_sentence_carries_its_own_numbers(name: str, numbers: Any) -> None:
    m = scenario("normal").measures
    said = [int(number) for number in re.findall(r"\d+", rule(name, m))]
    assert said[: len(numbers(m))] == numbers(m)
