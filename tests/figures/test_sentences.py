"""The sentences: every number can be recomputed, superlatives only if unique, no adjectives."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from support.scenarios import AS_OF, SCENARIOS, a_closeout, a_task, build, scenario
from support.supervised import a_duty, lasting
from taizhang.figures import sentences
from taizhang.figures.metrics import Group, Metrics, compute_metrics
from taizhang.figures.rates import Rate
from taizhang.figures.sentences import compare_with_last_month, concentration, departments_head, overall
from taizhang.ledger.vocabulary import Light
from taizhang.report.layout import fit_sentence
from taizhang.supervision.contradictions import Contradiction

ADJECTIVES = re.compile("大幅|明显|显著|非常|严峻|良好|较大|较快|较好|很")


def all_sentences(m: Metrics) -> list[str]:
    return [
        sentences.overall(m),
        sentences.focus(m),
        sentences.aspects_head(m),
        sentences.causes_head(m),
        sentences.departments_head(m),
        sentences.trend_head(m),
        sentences.red_head(m.exceptions, 5),
        sentences.red_head(m.exceptions, 5, 8),
        sentences.alerts_head(m),
        sentences.timeline_head(m),
        sentences.settled_words(m),
        sentences.problems_head(m),
    ]


@pytest.mark.parametrize("name", SCENARIOS)
def test_sentences_have_no_adjectives_and_their_clauses_are_short(name: str) -> None:
    for text in all_sentences(scenario(name).measures):
        assert not ADJECTIVES.search(text), text
        assert all(len(clause) <= 60 for clause in re.split("[；。]", text)), text
        assert "0.5" not in text
        text.encode("gbk")


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name != "no_data"])
def test_the_first_sentence_is_counted_again_from_the_tasks(name: str) -> None:
    m = scenario(name).measures
    lasting = [
        task for task in m.tasks if task.kind == "长期" or (not task.kind and task.deadline and task.deadline.ongoing)
    ]
    numbers = {
        "一次": len([task for task in m.tasks if task.kind in ("一次", None) and task not in lasting]),
        "周期": sum(task.kind == "周期" for task in m.tasks),
        "长期": len(lasting),
    }
    kinds = "、".join(f"{kind}{number}" for kind, number in numbers.items() if number)
    assert overall(m).startswith(f"{len(m.tasks)}项措施（{kinds}）：")
    most = max(numbers, key=numbers.__getitem__)
    lead, unit = {"一次": ("按期办结率", "项"), "周期": ("履行率", "期"), "长期": ("复核率", "次")}[most]
    found = re.search(rf"：{lead}(?:(\d+)%（(\d+)/(\d+){unit}）|：还没有到期的)；", overall(m))
    assert found, overall(m)
    if found[1]:
        percent, part, whole = (int(number) for number in found.groups())
        assert percent == (100 * part + whole // 2) // whole or percent in (1, 99)
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
    if m.exceptions:
        assert sentences.alerts_head(m).startswith(f"红灯 {lights[Light.RED]} 项、黄灯 {lights[Light.AMBER]} 项")
    if m.scheduled:
        left = sum(not task.closed for task in m.scheduled)
        assert f"限期措施未办结还剩 {left} 项" in sentences.trend_head(m)
    if m.problem_count:
        assert sentences.problems_head(m).startswith(f"{m.problem_count} 个问题整改到位 {m.problems_closed} 个")
    pending = sum(task.status == "已完成" for task in m.tasks)
    if pending and sentences.focus(m).count("；") < sentences.MOST_PARTS - 1:
        assert f"{pending}项已报完成、待审核" in sentences.focus(m)


def groups_of(m: Metrics, *closed_of: tuple[str, int, int]) -> tuple[Group, ...]:
    """Groups by name with so many one-off tasks in time of so many due."""
    base = replace(m.aspects[0], rank=None)
    return tuple(
        replace(base, name=name, tasks=tasks, rates=replace(base.rates, on_time=Rate(closed, tasks)))
        for name, closed, tasks in closed_of
    )


@pytest.mark.parametrize(
    ("aspects", "head"),
    [
        ([("甲", 0, 4), ("乙", 2, 4)], "两个方面：“甲”按期办结率最低，0%（0/4）"),
        ([("甲", 0, 4), ("乙", 2, 4), ("丙", 0, 3)], "三个方面：“甲”（0/4）、“丙”（0/3）按期办结率并列最低，0%"),
        ([("甲", 1, 2), ("乙", 2, 4)], "两个方面：按期办结率都是 50%（合计 3/6）"),
        ([("甲", 2, 4), *((name, 0, 4) for name in "丁戊己庚")], "五个方面：4个并列最低，按期办结率 0%（合计 0/16）"),
        ([("甲", 19, 23), ("乙", 5, 6)], "两个方面：“甲”按期办结率最低，83%（19/23）"),
        ([("甲", 299, 300), ("乙", 300, 300)], "两个方面：“甲”按期办结率最低，99%（299/300）"),
        ([("甲", 150, 300), ("乙", 151, 300)], "两个方面：“甲”按期办结率最低，50%（150/300）"),
        ([], "各方面：按期办结率还没有到期的"),
    ],
)
def test_the_lowest_is_found_exactly_and_named_with_its_fraction(
    aspects: list[tuple[str, int, int]], head: str
) -> None:
    m = scenario("normal").measures
    assert sentences.aspects_head(replace(m, aspects=groups_of(m, *aspects))) == head


@pytest.mark.parametrize(
    ("departments", "head"),
    [
        ([("甲", 2, 2, 1), ("乙", 1, 2, 2), ("丙", 0, 0, None)], "2 个有到期措施，1 个全按期；末位 乙（1/2）"),
        ([("甲", 2, 2, 1), ("丙", 0, 0, None)], "到期措施全部按期办结"),
        ([("丙", 0, 0, None)], "尚无到期的一次性措施"),
        ([], "尚无到期的一次性措施"),
        ([("甲", 0, 1, 1)], "只有甲有到期措施，按期办结 0/1"),
        (
            [("甲", 2, 2, 1), ("乙", 1, 2, 2), ("丁", 2, 4, 2)],
            "3 个有到期措施，1 个全按期；并列末位 乙（1/2）、丁（2/4）",
        ),
        ([("甲", 2, 2, 1), ("乙", 1, 2, 2), ("丁", 2, 4, 3)], "3 个有到期措施，1 个全按期；末位 丁（2/4）"),
        ([("乙", 1, 2, 1), ("丁", 2, 4, 2)], "2 个的按期办结率都是 50%（合计 3/6）"),
        ([("乙", 5, 6, 1), ("丁", 19, 23, 2)], "2 个有到期措施，0 个全按期；末位 丁（19/23）"),
        (
            [("甲", 2, 2, 1), *((name, 1, 2, 2) for name in "戊己庚辛")],
            "5 个有到期措施，1 个全按期；并列末位 4 个（合计 4/8）",
        ),
        (
            [("甲", 1, 1, 1), ("乙", 0, 1, 2), ("待明确", 0, 3, None)],
            "2 个有到期措施，1 个全按期；末位 乙（0/1）",
        ),
    ],
)
def test_the_last_department_is_the_last_in_rank_with_its_fraction(
    departments: list[tuple[str, int, int, int | None]], head: str
) -> None:
    m = scenario("normal").measures
    groups = groups_of(m, *(each[:3] for each in departments))
    ranked = tuple(replace(group, rank=each[3]) for group, each in zip(groups, departments, strict=True))
    assert departments_head(replace(m, departments=ranked)) == head


def test_a_narrow_place_shortens_names_and_keeps_numbers() -> None:
    m = scenario("longest_texts").measures
    for longest in (16, 8, 2):
        assert re.search(r"[（ ]\d+/\d+）?", departments_head(m, longest)), longest
        assert re.search(r"\d+/\d+", sentences.aspects_head(m, longest)), longest
    whole, size = fit_sentence(lambda longest: f"末位 {'很长的部门名称'[:longest]}（到期办结 1/2）", 280, (11, 10))
    assert (whole, size) == ("末位 很长的部门名称（到期办结 1/2）", 11)
    short, size = fit_sentence(lambda longest: f"末位 {'很长的部门名称' * 3:.{longest}}（到期办结 1/2）", 180, (11, 10))
    assert re.fullmatch("末位 很长.*（到期办结 1/2）", short)


def late_and_early(late: int, early: int, rest: int) -> Metrics:
    """So many tasks due and late, closed before their time, and open with time left."""
    closed = {"status": "已销号", "progress": 100, "deadline": date(2022, 12, 31), "department": "办公室"}
    open_tasks = {"status": "推进中", "progress": 90, "deadline": date(2022, 12, 31), "department": "办公室"}
    rows = [{"status": "推进中", "deadline": date(2022, 6, 10), "department": "人事处"}] * late
    rows += [closed] * early + [open_tasks] * rest
    tasks = [a_task(number, kind="一次", **row) for number, row in enumerate(rows)]
    closeouts = [
        a_closeout(n, task["code"], date(2022, 5, 20)) for n, task in enumerate(tasks, 1) if task["status"] == "已销号"
    ]
    return compute_metrics(build(tasks, closeouts=closeouts), AS_OF)


LATE = "10项措施（一次10）：按期办结率0%（0/3项）；逾期3项，都在人事处，最长20天。"
NONE_LATE = "10项措施（一次10）：按期办结率：还没有到期的；没有逾期，没有红灯。"


@pytest.mark.parametrize(
    ("late", "early", "first", "under_the_rate", "trend"),
    [
        (3, 5, LATE, "应办结 3 项，多2项", "逾期 3 项；限期措施未办结还剩 5 项，比计划少 2 项"),
        (3, 3, LATE, "应办结 3 项，持平", "逾期 3 项；限期措施未办结还剩 7 项，与计划持平"),
        (3, 2, LATE, "应办结 3 项，少1项", "限期措施未办结还剩 8 项，比计划多 1 项"),
        (0, 2, NONE_LATE, "应办结 0 项，多2项", "限期措施未办结还剩 8 项，比计划少 2 项"),
    ],
)
def test_early_close_outs_never_hide_what_is_overdue(
    late: int, early: int, first: str, under_the_rate: str, trend: str
) -> None:
    m = late_and_early(late, early, 10 - late - early)
    assert (overall(m), sentences.plan_words(m), sentences.trend_head(m)) == (first, under_the_rate, trend)


def test_one_item_left_is_never_shown_as_all() -> None:
    m = scenario("nothing_late").measures
    rates = replace(m.rates, on_time=Rate(299, 300))
    behind = replace(m, total=replace(m.total, rates=rates))
    assert "按期办结率99%（299/300项）" in overall(behind)
    none = replace(m, total=replace(m.total, rates=replace(rates, on_time=Rate(1, 300))))
    assert "按期办结率1%（1/300项）" in overall(none)


@pytest.mark.parametrize(
    ("rates", "words"),
    [
        ((0, 3, 1), "履行率75%（3/4期）"),
        ((2, 2, 1), "按期办结率50%（1/2项）"),
        ((1, 1, 2), "复核率：还没有到期的"),
    ],
)
def test_the_kind_that_holds_most_leads_the_message(rates: tuple[int, int, int], words: str) -> None:
    m = scenario("normal").measures
    counted = replace(
        m.rates, once=rates[0], recurring=rates[1], continuing=rates[2], on_time=Rate(1, 2), fulfilled=Rate(3, 4),
        reviewed=Rate(0, 0),
    )  # fmt: skip
    assert sentences.lead_words(counted) == words


def of_each_kind() -> Metrics:
    """One late one-off task, a duty with a quarter owed, and a continuing one whose first review is overdue."""
    late = a_task(0, kind="一次", status="推进中", deadline=date(2022, 5, 31))
    return compute_metrics(build([late, a_duty(1, "季"), lasting(2)]), AS_OF)


def test_contradictions_and_missed_cycles_come_first_on_the_second_line() -> None:
    m = of_each_kind()
    assert sentences.focus(m).startswith("关注：1项周期措施欠1次；")
    unmet: Any = (SimpleNamespace(proof=SimpleNamespace(proposed=False)),)
    found = [Contradiction(task, unmet, None, "", later=False) for task in m.tasks]
    answered = Contradiction(m.tasks[0], unmet, None, "已补齐", later=False)
    wrong = replace(m.attention, contradicted=(*found, answered))
    assert sentences.focus(replace(m, attention=wrong)).startswith("关注：核对不符3项（RW-001、RW-002等）；1项周期")


def test_each_rate_has_its_line() -> None:
    assert sentences.rate_notes(of_each_kind()) == {
        "按期办结率": "一次性措施 1 项",
        "销号率": "应办结 1 项，少1项",
        "履行率": "欠、缺 1 期",
        "复核率": "复核超期 1 项",
    }


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
        (["", "", "甲"], "在甲，2项没有定牵头部门"),
        (["甲", "甲", ""], "集中在甲（2项），1项没有定牵头部门"),
        (["甲", "甲", "", "", ""], "在甲，3项没有定牵头部门"),
        ([""], "没有定牵头部门"),
        (["", ""], "都没有定牵头部门"),
    ],
)
def test_concentration_names_only_what_is_unique(holders: list[str], text: str) -> None:
    assert concentration(holders) == text
    assert sorted(concentration(reversed(holders))) == sorted(text)


def test_names_that_shorten_to_the_same_stay_two() -> None:
    assert concentration(["食品安全监管一处", "食品安全监管二处"], longest=6) == "在食品安…一处、食品安…二处"
    assert concentration(["食品安全监管一处", "食品安全监管二处"], longest=3) == "在…一处、…二处"
    assert concentration(["甲", "甲"], "类根源") == "都在“甲”"


def test_lights_compared_with_last_month() -> None:
    m = scenario("normal").measures
    assert m.previous is not None
    lights = [task.light for task in m.previous.tasks.values()]
    assert (m.previous.red, m.previous.amber) == (lights.count(Light.RED), lights.count(Light.AMBER))
    assert compare_with_last_month(m, 9, 7) == "较上月 ↑ 增 2"
    assert compare_with_last_month(m, 5, 7) == "较上月 ↓ 减 2"
    assert compare_with_last_month(m, 7, 7) == "与上月持平"
    assert compare_with_last_month(m, 7, None) == "上月末没有留存台账"
    assert compare_with_last_month(scenario("first_period").measures, 7, None) == "首期，无上月数"
    assert compare_with_last_month(replace(m, as_of=date(2022, 6, 15)), 9, 7) == "较上月末 ↑ 增 2"
    filled = replace(m, previous=replace(m.previous, filled=True))
    assert compare_with_last_month(filled, 5, 7) == "较上月* ↓ 减 2"
    assert compare_with_last_month(filled, 7, 7) == "与上月*持平"


def test_close_outs_are_compared_with_as_many_days_of_last_month() -> None:
    m = replace(scenario("normal").measures, closed_this_month=3, closed_last_month=4)
    assert sentences.pace(m) == "上月 4 项，↓ 放缓"
    assert sentences.pace(replace(m, as_of=date(2022, 6, 2))) == "上月同期 4 项，↓ 放缓"
    assert sentences.pace(replace(m, first_period=True)) == "首期，无上月数"
    june = replace(m.trend[5], closed=3)
    m = replace(m, trend=(*m.trend[:5], june, *m.trend[6:]))
    assert sentences.trend_month(m).startswith("6月办结 3 项，当月到期 ")
    assert sentences.trend_month(replace(m, as_of=date(2022, 6, 2))).startswith("6月1日至2日办结 3 项，同期到期 ")
    assert sentences.trend_month(replace(m, as_of=date(2022, 6, 1))).startswith("6月1日办结 3 项，同期到期 ")


def test_departments_whose_names_begin_alike_are_not_taken_for_one() -> None:
    names = [f"食品安全抽检监测和餐饮服务环节监督检查{word}处" for word in "一二"]
    tasks = [a_task(n, department=names[n > 2], deadline=date(2022, 5, 31), status="推进中") for n in range(4)]
    words = sentences.overall(compute_metrics(build(tasks, departments=names), AS_OF))
    assert "集中在食品安全抽检监测…节监督检查一处（3项）" in words, words


def test_lights_without_a_reason_are_counted_by_light_on_both_sheets() -> None:
    m = scenario("normal").measures
    silent = [task.light for task in m.exceptions if not task.obstacle and not task.trigger.of_reviewers]
    red, amber = silent.count(Light.RED), silent.count(Light.AMBER)
    assert f"{red}项红灯未填报原因" in sentences.focus(m)
    assert f"红灯 {red} 项、黄灯 {amber} 项未填报原因" in sentences.alerts_head(m)
    assert red and amber


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2022, 7, 31), "没有需要过问的事项"),
        (AS_OF, "没有需要过问的事项"),  # due today
        (AS_OF - timedelta(days=1), "没有别的需要过问的事项"),  # 逾期 1 项 stands in the line above
    ],
)
def test_nothing_to_ask_about_is_not_said_beside_a_red_light(day: date, said: str) -> None:
    task = a_task(1, deadline=day, status="推进中", obstacle="等批复")
    m = compute_metrics(build([task], departments=["办公室"]), AS_OF)
    covered, settled = replace(m.coverage, problems=()), replace(m.total, open_matters=0)
    m = replace(m, coverage=covered, total=settled, due_next_month=())
    assert sentences.focus(m) == f"关注：{said}。"
