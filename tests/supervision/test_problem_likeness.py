"""Problems in other words: two lists of pairs judged by hand, and what a subject is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from taizhang.supervision.problem_likeness import Subject, likeness, subjects_of

PAIRS = tomllib.loads(Path(__file__).with_name("problem_pairs.toml").read_text(encoding="utf-8"))

MISSED = {
    "tuned": [
        "内部管理有待完善",
    ],
    "held": [],
    "sentences_tuned": [
        "工程项目招投标监管薄弱，存在化整为零规避招标问题。",
        "文山会海问题没有根本解决，发文数量偏多。",
        "档案数字化工作推进慢。",
        "统计数据质量不高，个别企业数据失实。",
        "重大行政决策未履行风险评估程序。",
        "行政复议纠错率偏高，执法不规范。",
        "城市内涝点整治不彻底。",
        "领导干部应知应会学法流于形式。",
    ],
    "sentences_held": [
        "农机安全检验率低。",
        "县级储备粮轮换不及时。",
        "志愿服务时长造假。",
        "法律援助申请审批慢。",
    ],
    "short_held": [
        "安全生产标准化达标企业少。",
        "乡镇综合执法队伍专业性不强。",
        "集体林权档案缺失。",
        "取用水监管不严，无证取水。",
        "领导干部联系企业走形式。",
        "社区矫正对象管控不严。",
        "党员教育培训计划执行差。",
    ],
}
"""Of the same problems those that are not seen: they share too little, or common words alone."""
WRONG = {
    "tuned": [
        "检验报告出具周期长",
    ],
    "held": [
        "全面从严治党不到位",
        "防范化解重大风险能力不足",
    ],
    "sentences_tuned": [
        "公务接待审批手续不全，存在先接待后补单现象。",
        "老旧小区改造进度滞后。",
        "高标准农田建后管护不到位，部分设施损坏。",
    ],
    "sentences_held": [
        "饮用水水源地保护区内有排污口。",
        "临时用地到期未复垦。",
    ],
    "short_held": [
        "高校毕业生见习岗位少。",
    ],
}
"""Of other problems those that look the same; a person looks at both wordings."""


def are_alike(one: str, other: str) -> bool:
    score = likeness(subjects_of(one), subjects_of(other))
    assert score == likeness(subjects_of(other), subjects_of(one))
    return score > 0


@pytest.mark.parametrize("part", list(MISSED))
def test_pairs_judged_by_hand(part: str) -> None:
    same, other = PAIRS["same"][part], PAIRS["other"][part]
    assert [one for one, two in same if not are_alike(one, two)] == MISSED[part]
    assert [one for one, two in other if are_alike(one, two)] == WRONG[part]


def test_the_pairs_are_many_and_all_different() -> None:
    pairs = [tuple(pair) for kind in PAIRS.values() for part in kind.values() for pair in part]
    assert len(pairs) == len(set(pairs)) == 385
    assert all(one != two for one, two in pairs)


def test_most_are_judged_as_by_hand() -> None:
    same = sum(map(len, PAIRS["same"].values()))
    seen, wrong = same - sum(map(len, MISSED.values())), sum(map(len, WRONG.values()))
    assert (same, seen, wrong) == (190, 170, 9)
    assert seen / same > 0.89
    assert seen / (seen + wrong) > 0.9


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("党建工作考核还有待规范", [({}, {"党建", "考核"}, {})]),
        (
            "一是政治意识还不够强。没有找准结合点。",
            [
                ({"找准", "准结", "结合", "合点"}, {"政治", "意识"}, {"找准", "准结", "结合"}),
                ({}, {"政治", "意识"}, {}),
            ],
        ),
        ("（一）会议多、文件多", [({}, {"会议", "文件"}, {})]),
        ("公务接待管理不严", [({"公务", "务接", "接待"}, {"管理"}, {"公务", "务接", "接待"})]),
        ("公车管理不严", [({"公务", "务用", "用车"}, {"管理"}, {"公务", "务用", "用车"})]),
        ("差距不足", [({"差距", "距不", "不足"}, {}, {"差距", "距不", "不足"})]),
        ("", []),
        ("……", []),
    ],
)
def test_the_subject_is_what_is_left(text: str, subjects: list[tuple[set[str], set[str], set[str]]]) -> None:
    assert subjects_of(text) == tuple(Subject(*map(frozenset, each)) for each in subjects)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("作风不实", "作风建设不够扎实", True),
        ("作风不实", "学风不实", False),
        ("甲乙丙丁戊己庚", "甲乙丙丁戊己辛", True),
        ("甲乙丙丁", "甲乙丙戊", False),
        ("甲乙丙丁", "甲乙丙丁戊己庚辛", True),
        ("制度执行不严格", "财务制度执行不严格", False),  # common words alone: the rest counts in full
        ("公务卡制度执行不严格", "公务卡财务制度执行不严格", True),
        ("公务接待管理不严", "公务用车管理不严", False),  # as many words, but the thing is another
        ("扬尘治理不到位，工地没有覆盖", "建筑工地扬尘管控不力", True),  # the thing and another word
        ("扬尘治理不到位", "噪声治理不到位", False),
        ("", "作风不实", False),
    ],
)
def test_where_likeness_ends(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
