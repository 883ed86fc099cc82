"""Rows of 〈核对〉 that are wrong: the cell, the check and what to do about it."""

from __future__ import annotations

from typing import Any

import pytest
from support.checked import AS_OF
from support.ledgers import ledger_in_memory
from taizhang.checks.proofs import check_proof_rows

PROOF: dict[str, Any] = {
    "code": "HD-001", "task": "RW-001", "register": "支委名册", "indicator": "空缺", "operator": "≤", "target": "0",
    "unit": "个", "basis": "办公室判定",
}  # fmt: skip


def wrong(**cells: Any) -> list[tuple[str, str]]:
    ledger = ledger_in_memory(proofs=[{**PROOF, **cells}])
    return [(each.place.cell, each.message) for each in check_proof_rows(ledger, AS_OF)]


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {
            "register": "学习教育活动",
            "indicator": "已开展",
            "filter": "活动类型=警示教育",
            "operator": "≥",
            "per": "季",
        },
        {"filter": "职务=书记；支部=第一党支部"},
        {"filter": "编号=ZW-001"},
        {"register": "规章制度", "indicator": "已完成", "filter": "制度名称=考核办法", "operator": "≥", "target": "1"},
        {"target": "100%", "unit": None},
        {"target": 0.8, "unit": None},
        {"target": 1, "unit": "个"},
        {"target": "职位数"},
        {"register": None},
        {"target": None},
    ],
)
def test_a_right_row_is_not_reported(cells: dict[str, Any]) -> None:
    """Nor is a blank cell: that it is required is said by the check of cells."""
    assert wrong(**cells) == []


@pytest.mark.parametrize(
    ("cells", "cell", "message"),
    [
        ({"register": "支委名单"}, "C4", "没有“支委名单”这张有指标的登记表，是不是“支委名册”？请写登记表的表名。"),
        ({"register": "原因清单"}, "C4", "没有“原因清单”这张有指标的登记表，请写登记表的表名。"),
        (
            {"indicator": "空缺数"},
            "D4",
            "〈支委名册〉没有“空缺数”这个指标，是不是“空缺”？"
            "可以写：职位数、空缺、补选超过计划日、补选中位天数、空缺满 30 天没有补选、"
            "空缺满 90 天没有补选、空缺最久、空缺支部数、补选完成。",
        ),
        ({"filter": "职务"}, "E4", "条件“职务”读不懂，请写成“列标题=词”，几个条件用分号隔开。"),
        (
            {"filter": "职位=书记"},
            "E4",
            "〈支委名册〉没有“职位”这一列，是不是“职位编号”？"
            "可以用：职位编号、党支部、所在部门、职务、在任状态、空缺原因。",
        ),
        (
            {"filter": "空缺起始日=2022-01-01"},
            "E4",
            "〈支委名册〉的“空缺起始日”不能当条件，可以用：职位编号、党支部、所在部门、职务、在任状态、空缺原因。",
        ),
        (
            {"filter": "职务=组织员"},
            "E4",
            "条件里的“职务”没有“组织员”，是不是“组织委员”？"
            "可以写：书记、副书记、组织委员、宣传委员、纪检委员、其他委员。",
        ),
        (
            {"filter": "所在部门=财务科"},
            "E4",
            "条件里的“所在部门”没有“财务科”，是不是“财务处”？可以写：党委办公室、财务处。",
        ),
        (
            {"target": "全部"},
            "G4",
            "目标“全部”不是数，也不是〈支委名册〉的另一个指标，请写数字，或写指标名称。",
        ),
        (
            {"target": "空缺"},
            "G4",
            "目标“空缺”不是数，也不是〈支委名册〉的另一个指标，是不是“空缺最久”？请写数字，或写指标名称。",
        ),
        ({"target": "-1"}, "G4", "目标“-1”小于 0，请写 0 或更大的数。"),
        ({"target": "120%"}, "G4", "目标“120%”不在 0% 到 100% 之间，请写 80% 这样的百分数。"),
        (
            {"target": 1, "unit": None},
            "G4",
            "目标 1 分不清是 100% 还是 1，请在“单位”里写 %，或写个、次这样的单位。",
        ),
        (
            {"indicator": "职位数", "target": "80%"},
            "G4",
            "〈支委名册〉的“职位数”是个数，不能和百分数比，请写个数，或换一个指标。",
        ),
        ({"per": "季"}, "I4", "〈支委名册〉的“空缺”没有日期，分不了周期，请把“每周期”空着，或换一个指标。"),
    ],
)
def test_a_wrong_row_is_reported_with_its_cure(cells: dict[str, Any], cell: str, message: str) -> None:
    assert wrong(**cells) == [(cell, message)]


def test_every_wrong_condition_is_reported() -> None:
    assert [cell for cell, _ in wrong(filter="职务=组织员；岗位=书记；职务=书记", indicator="空着")] == [
        "D4", "E4", "E4",
    ]  # fmt: skip


def test_a_condition_on_a_task_that_does_not_exist_is_reported() -> None:
    row = {"register": "督办单", "indicator": "发单数", "filter": "督办事项=RW-002"}
    assert wrong(**row) == [("E4", "条件里的“督办事项”没有“RW-002”，是不是“RW-001”？可以写：RW-001。")]
    assert wrong(**{**row, "filter": "督办事项=rw-001"}) == []


LESSONS: dict[str, Any] = {
    "register": "学习教育活动", "indicator": "已开展", "operator": "≥", "target": "1", "unit": "次", "per": "季",
}  # fmt: skip
LESSON = {
    "code": "XX-001", "kind": "警示教育", "theme": "活动", "department": "财务处", "state": "已开展", "held": AS_OF,
}  # fmt: skip
QUARTERLY = {"kind": "周期", "review_cycle": "季"}


def unused(task: dict[str, Any], *proofs: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = [{**PROOF, **LESSONS, "code": f"HD-{n:03}", **each} for n, each in enumerate(proofs, 1)]
    ledger = ledger_in_memory([task], proofs=rows, learning=[LESSON])
    found = check_proof_rows(ledger, AS_OF)
    return [(each.place.cell, each.severity.value, each.message) for each in found]


@pytest.mark.parametrize(
    ("task", "proofs", "expected"),
    [
        (QUARTERLY, [{}], []),
        (QUARTERLY, [{}, {}], []),
        ({"kind": "长期", "review_cycle": "半年"}, [{}], []),  # judged by the last quarter
        ({"kind": "一次"}, [{}], []),
        (QUARTERLY | {"review_cycle": None}, [{}], []),
        (QUARTERLY | {"per_cycle": 1}, [{}], []),
        (
            QUARTERLY,
            [{"per": "月"}],
            [("I4", "warning", "RW-001 每季度一期，这一行是每月核对的，履行了几期没有照它算；"
              "请把“每周期”改成“季”；该按每月算的，请改任务的复核周期。")],
        ),
        (
            {"kind": "原则"},
            [{"per": None}],
            [("B4", "warning", "RW-001 是原则性措施，不单独验收，这一行没有用上；请核对任务编号，写体现它的任务。")],
        ),
        (
            QUARTERLY | {"per_cycle": 2},
            [{"target": "4"}],
            [("G4", "warning", "RW-001 每季度按 2 次算（任务里写的），这一行的目标是 4 次；请改成一样的。")],
        ),
        (
            QUARTERLY,
            [{}, {"target": "4", "filter": "活动类型=警示教育"}],
            [("G5", "hint", "RW-001 每季度的核对有几个不同的次数（1 次、4 次），各项都做到才算履行一期；"
              "不是这个意思的，请改成一样的目标。")],
        ),
    ],
)  # fmt: skip
def test_a_row_that_is_of_no_use_to_its_task_is_said(
    task: dict[str, Any], proofs: list[dict[str, Any]], expected: list[tuple[str, str, str]]
) -> None:
    assert unused(task, *proofs) == expected


def test_proposals_that_wait_for_the_office_are_counted() -> None:
    proposed = {"basis": "程序建议"}
    assert unused(QUARTERLY, proposed, {}, proposed) == [
        (
            "",
            "hint",
            "有 2 行还是“程序建议”，办公室确认以前不作数，周期任务按部门报的次数算；"
            "请逐行看过，对的把“依据”改成“办公室判定”，不对的删去。",
        )
    ]
    assert unused(QUARTERLY, {"basis": None}) == []
