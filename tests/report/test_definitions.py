"""口径说明 carries the numbers of its own ledger; test_figures_model compares its definitions with the sheets."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest
from support.scenarios import scenario
from taizhang.figures.metrics import Metrics
from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import Light
from taizhang.report.definitions import definitions


def rule(name: str, m: Metrics) -> str:
    return next(text for _, each, text in definitions(m) if each == name)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("措施", lambda m: [m.total.tasks]),
        ("四个比率", lambda m: [m.rates.once, m.rates.recurring, m.rates.continuing]),
        ("按期办结率", lambda m: [m.rates.on_time.part, m.rates.on_time.whole]),
        ("销号率", lambda m: [m.rates.struck_off.part, m.rates.struck_off.whole]),
        ("履行率", lambda m: [m.rates.fulfilled.part, m.rates.fulfilled.whole]),
        ("复核率", lambda m: [m.rates.reviewed.part, m.rates.reviewed.whole]),
        ("计划", lambda m: [len(m.scheduled), m.planned_closed]),
        ("问题整改到位", lambda m: [m.problems_closed, m.problem_count]),
        ("◆ 红", lambda m: [m.thresholds.red_behind]),
        ("▲ 黄", lambda m: [5, 5, 20, 25, m.thresholds.yellow_behind, m.thresholds.yellow_behind, 7]),
        ("等待审核", lambda m: [5, 5, 20]),
        ("回头看", lambda m: [3, 6]),
        ("本月新办结", lambda m: [m.closed_this_month, m.closed_last_month]),
    ],
)
def test_each_sentence_carries_its_own_numbers(name: str, numbers: Any) -> None:
    m = scenario("normal").measures
    said = [int(number) for number in re.findall(r"\d+", rule(name, m))]
    assert said[: len(numbers(m))] == numbers(m)


def test_rules_that_are_not_used_are_not_printed_and_changed_colours_are() -> None:
    m = scenario("normal").measures
    plain = dict(definitions_of(m))
    assert "▼ 橙" not in plain
    assert "■ 蓝" not in plain
    assert "天内到期" in plain["▲ 黄"]
    limits = Thresholds(orange_behind=20, time_left=15, colours={"due_soon": Light.BLUE, "time_left": Light.BLUE})
    found = dict(definitions_of(replace(m, thresholds=limits)))
    assert found["▼ 橙"] == "落后序时 20 个百分点以上。"
    assert found["■ 蓝"].startswith("7 天内到期")
    assert "剩下的时间不到全程的 15%" in found["■ 蓝"]
    assert "天内到期" not in found["▲ 黄"]
    assert "“橙黄蓝灯”一栏" in found["● 绿"]
    assert "一栏" not in plain["● 绿"]


def definitions_of(m: Metrics) -> list[tuple[str, str]]:
    return [(name, text) for _, name, text in definitions(m)]
