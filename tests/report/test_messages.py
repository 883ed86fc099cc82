"""The sentences: every number re-computable, superlatives only where unique, no adjectives."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from scenarios import SCENARIOS, scenario
from taizhang import messages
from taizhang.measures import Measures
from taizhang.messages import compared, concentration, departments_head, overall
from taizhang.status import Light

ADJECTIVES = re.compile("大幅|明显|显著|非常|严峻|良好|较大|较快|较好|很")


def sentences(m: Measures) -> list[str]:
    return [
        messages.overall(m), messages.focus(m), messages.aspects_head(m), messages.causes_head(m), messages.departments_head(m),
        messages.trend_head(m), messages.red_head(m.exceptions, 5), messages.alerts_head(m), messages.timeline_head(m),
        messages.settled_words(m), messages.problems_head(m),
    ]  # fmt: skip


@pytest.mark.parametrize("name", SCENARIOS)
def test_sentences_have_no_adjectives_and_their_clauses_are_short(name: str) -> None:
    for text in sentences(scenario(name).measures):
        assert not ADJECTIVES.search(text), text
        assert all(len(clause) <= 60 for clause in re.split("[；。]", text)), text
        assert "0.5" not in text
        text.encode("gbk")


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "no_data"])
def test_the_first_sentence_is_counted_again_from_the_tasks(name: str) -> None:
    m = scenario(name).measures
    closed = sum(task.closed for task in m.tasks)
    should = sum(bool(task.due and task.due <= m.as_of) for task in m.tasks)
    share = int(100 * closed / len(m.tasks) + 0.5)
    found = re.match(r"(\d+)项措施办结(\d+)项（(\d+)%），(与计划持平|比计划[多少]\d+项)；", overall(m))
    assert found, overall(m)
    assert [int(number) for number in found.groups()[:3]] == [len(m.tasks), closed, share]
    gap = closed - should
    assert found[4] == ("与计划持平" if gap == 0 else f"比计划{'多' if gap > 0 else '少'}{abs(gap)}项")
    late = [task.overdue for task in m.tasks if task.overdue]
    if late:
        assert f"逾期{len(late)}项" in overall(m)
        assert f"最长{max(late)}天" in overall(m)
    else:
        assert "没有逾期" in overall(m)


@pytest.mark.parametrize("name", SCENARIOS)
def test_heads_are_counted_again(name: str) -> None:
    m = scenario(name).measures
    lights = Counter(task.light for task in m.tasks)
    if lights[Light.RED] or lights[Light.AMBER]:
        assert messages.alerts_head(m).startswith(f"红灯 {lights[Light.RED]} 项、黄灯 {lights[Light.AMBER]} 项")
    if m.tasks:
        left = sum(not task.closed for task in m.tasks)
        assert messages.trend_head(m).startswith(f"未办结还剩 {left} 项")
    if m.problem_count:
        assert messages.problems_head(m).startswith(f"{m.problem_count} 个问题整改到位 {m.problems_closed} 个")
    pending = sum(task.status == "已完成" for task in m.tasks)
    assert (f"{pending}项已报完成、待审核" in messages.focus(m)) == bool(pending)


def test_the_lowest_is_named_only_where_it_is_the_only_one() -> None:
    m = scenario("normal").measures
    one, two = (replace(group, name=name) for name, group in zip("甲乙", m.aspects[:2], strict=True))
    low, high = replace(one, closed=0, tasks=4), replace(two, closed=2, tasks=4)
    assert messages.aspects_head(replace(m, aspects=(low, high))) == "两个方面：“甲”办结率最低，0%"
    tie = replace(low, name="丙")
    assert messages.aspects_head(replace(m, aspects=(low, high, tie))) == "三个方面：“甲”、“丙”办结率并列最低，0%"
    assert messages.aspects_head(replace(m, aspects=(low, tie))) == "两个方面：办结率都是 0%"
    many = tuple(replace(low, name=name) for name in "丁戊己庚")
    assert messages.aspects_head(replace(m, aspects=(high, *many))) == "五个方面：4个并列最低，办结率 0%"
    assert messages.aspects_head(replace(m, aspects=())) == "各方面：还没有措施"


def test_the_last_department_is_named_only_among_those_with_something_due() -> None:
    m = scenario("normal").measures
    base = replace(m.departments[0], due=2, due_closed=2)
    full, half, none = replace(base, name="甲"), replace(base, name="乙", due_closed=1), replace(base, name="丙", due=0)
    assert (
        departments_head(replace(m, departments=(full, half, none)))
        == "部门：2 个有到期措施，1 个全办结；末位 乙（到期办结 1/2）"
    )
    assert departments_head(replace(m, departments=(full, none))) == "部门：到期措施全部办结"
    assert departments_head(replace(m, departments=(none,))) == "部门：尚无到期措施"
    tie = replace(half, name="丁")
    assert (
        departments_head(replace(m, departments=(full, half, tie)))
        == "部门：3 个有到期措施，1 个全办结；并列末位 乙、丁（50%）"
    )
    assert departments_head(replace(m, departments=(half, tie))) == "部门：2 个的到期办结率都是 50%"
    ties = tuple(replace(half, name=name) for name in "戊己庚辛")
    assert departments_head(replace(m, departments=(full, *ties))).endswith("；并列末位 4 个（50%）")


@pytest.mark.parametrize(
    ("holders", "text"),
    [
        (["甲"], "在甲"),
        (["甲", "甲"], "都在甲"),
        (["甲", "甲", "乙"], "集中在甲（2项）"),
        (["甲", "乙"], "在甲、乙"),
        (["甲", "甲", "乙", "乙"], "在甲、乙"),
        (["甲", "甲", "甲", "乙", "乙", "丙", "丁"], "集中在甲、乙"),
        (["甲", "甲", "乙", "丙", "丁"], "分布在4个部门"),
        (["甲", "乙", "丙"], "在甲、乙、丙"),
        (["甲", "乙", "丙", "丁"], "分布在4个部门"),
        (["", "", "甲"], "集中在待明确（2项）"),
    ],
)
def test_concentration_names_only_what_is_unique(holders: list[str], text: str) -> None:
    assert concentration(holders) == text
    assert sorted(concentration(reversed(holders))) == sorted(text)


def test_lights_compared_with_last_month() -> None:
    m = scenario("normal").measures
    assert m.previous is not None
    assert (m.previous.red, m.previous.amber) == (7, 10)
    assert compared(m, 9, 7) == "较上月 ↑ 增 2"
    assert compared(m, 5, 7) == "较上月 ↓ 减 2"
    assert compared(m, 7, 7) == "与上月持平"
    assert compared(m, 7, None) == "上月末没有留存台账"
    assert compared(scenario("first_period").measures, 7, None) == "首期，无上月数"
