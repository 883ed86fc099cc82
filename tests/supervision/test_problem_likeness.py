"""Problems in other words: two lists of pairs judged by hand, and what a subject is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from taizhang.supervision.problem_likeness import likeness, subjects_of

PAIRS = tomllib.loads(Path(__file__).with_name("problem_pairs.toml").read_text(encoding="utf-8"))

MISSED = {
    "tuned": ["领导班子下基层调研少", "跨部门协调不畅"],
    "held": ["窗口服务态度不好", "政务公开不及时"],
}
"""Of the same problems those that are not seen: more than one character of four is another."""
WRONG = {"tuned": [], "held": ["全面从严治党不到位", "防范化解重大风险能力不足"]}
"""Of other problems those that look the same; a person looks at both wordings."""


def are_alike(one: str, other: str) -> bool:
    score = likeness(subjects_of(one), subjects_of(other))
    assert score == likeness(subjects_of(other), subjects_of(one))
    return score > 0


@pytest.mark.parametrize("part", ["tuned", "held"])
def test_pairs_judged_by_hand(part: str) -> None:
    same, other = PAIRS["same"][part], PAIRS["other"][part]
    assert [one for one, two in same if not are_alike(one, two)] == MISSED[part]
    assert [one for one, two in other if are_alike(one, two)] == WRONG[part]


def test_the_pairs_are_many_and_all_different() -> None:
    pairs = [tuple(pair) for kind in PAIRS.values() for part in kind.values() for pair in part]
    assert len(pairs) == len(set(pairs)) == 105
    assert all(one != two for one, two in pairs)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("党建工作考核还有待规范", ("党建考核",)),
        ("一是政治意识还不够强。没有找准结合点。", ("政治意识没有找准结合点", "政治意识")),
        ("（一）会议多、文件多", ("会议文件",)),
        ("一岗双责落实不到位", ("一岗双责落",)),
        ("公务接待管理不严", ("公务接待管理",)),
        ("差距不足", ("差距不足",)),
        ("", ()),
        ("……", ()),
    ],
)
def test_the_subject_is_what_is_left(text: str, subjects: tuple[str, ...]) -> None:
    assert subjects_of(text) == subjects


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("作风不实", "作风建设不够扎实", True),
        ("作风不实", "学风不实", False),
        ("甲乙丙丁戊己庚", "甲乙丙丁戊己辛", True),
        ("甲乙丙丁", "甲乙丙戊", False),
        ("甲乙丙丁", "甲乙丙丁戊己庚辛", True),
        ("甲乙丙丁", "甲乙丙丁戊己庚辛壬", False),
        ("甲乙丙", "甲乙丙戊己", False),
        ("", "作风不实", False),
    ],
)
def test_where_likeness_ends(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike
