"""Problems in other words: pairs judged by hand, what a subject is, and where likeness ends."""

from __future__ import annotations

import random
import tomllib
from pathlib import Path
from time import process_time

import pytest
from taizhang.supervision.problem_likeness import Subject, likeness, subjects_of

PAIRS = tomllib.loads(Path(__file__).with_name("problem_pairs.toml").read_text(encoding="utf-8"))


def are_alike(one: str, other: str) -> bool:
    score = likeness(subjects_of(one), subjects_of(other))
    assert score == likeness(subjects_of(other), subjects_of(one))
    return score > 0


@pytest.mark.parametrize(
    ("part", "same", "seen", "other", "wrong"),
    [("short", 130, 125, 135, 24), ("sentences", 220, 212, 220, 25), ("held", 40, 37, 40, 6)],
)
def test_pairs_judged_by_hand(part: str, same: int, seen: int, other: int, wrong: int) -> None:
    """Those of ``held`` were written when words, shares and limits had been chosen."""
    alike = {kind: [are_alike(*pair) for pair in PAIRS[kind][part]] for kind in ("same", "other")}
    assert (len(alike["same"]), sum(alike["same"])) == (same, seen)
    assert (len(alike["other"]), sum(alike["other"])) == (other, wrong)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("公告栏内容过期", "宣传栏内容长期不换"),
        ("创建指标分解不细", "创建任务分解不具体"),
        ("残疾人家庭无障碍改造质量不高，后期维护没有跟上。", "无障碍改造重数量轻质量，坏了没人修。"),
    ],
)
def test_the_same_said_with_other_words_is_not_seen(one: str, other: str) -> None:
    assert not are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("电子屏错字", "电子屏亮度扰民"),  # what goes wrong is said in too few words
        ("非法集资线索处置拖沓。", "非法行医线索处置拖沓。"),  # and so is the thing
    ],
)
def test_another_one_that_shares_most_words_looks_the_same(one: str, other: str) -> None:
    assert are_alike(one, other)


def test_the_pairs_are_many_and_all_different() -> None:
    pairs = [tuple(pair) for kind in PAIRS.values() for part in kind.values() for pair in part]
    assert len(pairs) == len(set(pairs)) == 785
    assert all(one != two for one, two in pairs)


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("党建工作考核还有待规范", ["党建考核"]),
        ("一是政治意识还不够强。没有找准结合点。", ["政治意识找准结合点", "政治意识"]),
        ("（一）会议多、文件多", ["会议文件"]),
        ("公务接待管理不严", ["公务接待管理"]),
        ("公车管理不严", ["公务用车管理"]),  # 公车 and 公务用车 are one word
        ("差距不足", ["差距不足"]),
        ("", []),
        ("……", []),
    ],
)
def test_the_subject_is_what_is_left(text: str, subjects: list[str]) -> None:
    assert [each.characters for each in subjects_of(text)] == [frozenset(each) for each in subjects]


def test_a_character_of_words_that_texts_are_full_of_weighs_little() -> None:
    rare, common = subjects_of("甲乙丙"), subjects_of("管理")
    assert rare == (Subject(frozenset("甲乙丙"), 300),)
    assert common[0].weight < 50


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("作风不实", "作风建设不够扎实", True),
        ("作风不实", "学风不实", False),
        ("内控制度缺失", "内部控制制度不健全", True),  # an abbreviation
        ("用印未登记", "印章使用没有登记", True),  # and in another order
        ("甲乙丙丁", "甲乙丙戊", True),
        ("甲乙丙", "甲丁戊", False),
        ("甲乙丙丁", "甲乙丙丁戊己庚辛", True),
        ("信息化建设滞后", "信息化建设仍然滞后。业务系统还没有打通，数据要重复录入。", True),
        ("公务接待管理不严", "公务用车管理不严", False),
        ("会议记录不规范", "合同管理不规范", False),
        ("扬尘治理不到位，工地没有覆盖", "建筑工地扬尘管控不力", True),
        ("扬尘治理不到位", "噪声治理不到位", False),
        ("", "作风不实", False),
    ],
)
def test_where_likeness_ends(one: str, other: str, alike: bool) -> None:
    assert are_alike(one, other) is alike


def test_texts_that_say_much_are_not_alike_by_chance() -> None:
    """Six texts said in one go share some characters with any six others; of 10 000 such pairs, few look the same."""
    chosen = random.Random(1)
    ours, theirs = (
        [subjects_of("，".join(chosen.sample(texts, 6))) for _ in range(100)]
        for texts in ([text for pair in PAIRS["other"][part] for text in pair] for part in ("short", "held"))
    )
    assert sum(likeness(one, other) > 0 for one in ours for other in theirs) < 100


def test_three_years_of_three_hundred_problems_are_compared_in_seconds() -> None:
    texts = [text for kind in PAIRS.values() for part in kind.values() for pair in part for text in pair]
    start = process_time()
    ours = [subjects_of(text) for text in texts[:300]]
    theirs = [subjects_of(text) for text in texts[300:1200]]
    assert (len(ours), len(theirs)) == (300, 900)
    assert sum(likeness(one, other) > 0 for one in ours for other in theirs) > 0
    assert process_time() - start < 10
