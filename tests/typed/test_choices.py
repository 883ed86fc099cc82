"""Choices: declared words count; a near miss becomes a question with proposals, never a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.choices import match_choice, nearest

STATUSES = ("未启动", "推进中", "已完成", "已销号", "长期坚持")
ALIASES = {"进行中": "推进中", "未开始": "未启动", "Done": "已完成", "结束": "没有这个选项"}
DEPARTMENTS = ("党委办公室", "财务处", "人事处", "检验一处", "检验二处", "信息中心")


@pytest.mark.parametrize(
    ("typed", "value", "rule"),
    [
        ("推进中", "推进中", ""),
        ("推进中 ", "推进中", "去掉空格、统一全角半角"),
        ("推\u3000进中\u200b", "推进中", "去掉空格、统一全角半角"),
        ("进行中", "推进中", "按别名"),
        (" 进行中", "推进中", "按别名"),
        ("ＤＯＮＥ", "已完成", "按别名"),
    ],
)
def test_declared_words_in_any_writing_are_values(typed: str, value: str, rule: str) -> None:
    reading = match_choice(typed, STATUSES, ALIASES)
    assert (reading.value, reading.rule, reading.problem) == (value, rule, None)


def test_an_alias_is_echoed() -> None:
    assert match_choice("进行中", STATUSES, ALIASES).echo == "“进行中”理解为“推进中”（按别名）"


@pytest.mark.parametrize(
    ("typed", "proposals"),
    [
        ("推进", ("推进中",)),
        ("正在推进", ("推进中",)),
        ("己完成", ("已完成",)),
        ("已经完成", ("已完成",)),
        ("已完", ("已完成",)),
        ("乱写", ()),
        ("结束", ()),
        ("中", ()),
    ],
)
def test_a_near_miss_is_proposed_and_never_taken(typed: str, proposals: tuple[str, ...]) -> None:
    reading = match_choice(typed, STATUSES, ALIASES)
    assert (reading.value, reading.ambiguous, reading.echo) == (None, proposals, None)


@pytest.mark.parametrize(
    ("typed", "proposals"),
    [
        *(
            (word, ("推进中",))
            for word in (
                "基本完成",
                "基本办结",
                "即将完成",
                "部分完成",
                "大部分完成",
                "阶段性完成",
                "初步完成",
                "接近完成",
                "正在完成",
                "完成一半",
                "已完成80%",
                "完成八成",
                "大体完成",
                "基本销号",
                "快完成",
                "部分推进",
                "推进过半",
                "逐步推进",
                "正在办理完结",
                "已启动",
                "启动",
                "刚启动",
            )
        ),
        *(
            (word, ("推进中", "未启动"))
            for word in ("未完成", "没完成", "尚未完成", "没有完成", "未办结", "未销号", "无法完成", "不能按期完成")
        ),
        *((word, ("未启动",)) for word in ("未推进", "没启动", "没有启动", "未启", "尚未推进")),
        *((word, ()) for word in ("待销号", "申请销号", "待完成审核", "拟销号", "半导体", "暂缓", "停滞")),
        *((word, ("已完成",)) for word in ("己完成", "已经完成", "已完", "全部完成", "完成了", "己完成了")),
        ("已销", ("已销号",)),
        ("长期", ("长期坚持",)),
    ],
)
def test_a_word_that_looks_alike_and_says_otherwise_is_not_proposed(typed: str, proposals: tuple[str, ...]) -> None:
    assert match_choice(typed, STATUSES).ambiguous == proposals


@pytest.mark.parametrize(
    ("choices", "typed", "proposals"),
    [
        (("未整改", "整改中", "已整改"), "部分整改", ("整改中",)),
        (("未整改", "整改中", "已整改"), "没整改", ("未整改", "整改中")),
        (("满意", "基本满意", "不满意", "未评"), "基本上满意", ("基本满意",)),
        (("满意", "基本满意", "不满意", "未评"), "不太满意", ("不满意",)),
        (("达标", "未达标"), "部分达标", ()),
        (("达标", "未达标"), "不达标", ("未达标",)),
        (("无异常", "有情况已报告"), "异常", ()),
        (("未启动", "办理中", "已办结"), "基本办结", ("办理中",)),
        (("月", "季", "半年", "年"), "双月", ()),
        (("月", "季", "半年", "年"), "半月", ()),
    ],
)
def test_other_lists_have_the_same_traps(choices: tuple[str, ...], typed: str, proposals: tuple[str, ...]) -> None:
    assert match_choice(typed, choices).ambiguous == proposals


def test_the_message_says_what_was_found_what_was_meant_and_what_there_is() -> None:
    assert match_choice("已完", STATUSES).problem == (
        "“已完”不在选项里。是不是“已完成”？可选：未启动、推进中、已完成、已销号、长期坚持。"
    )
    many = tuple(f"第{n}处" for n in range(13))
    assert match_choice("保卫科", many, source="〈参数〉").problem == "“保卫科”不在〈参数〉里。请从下拉框里选。"
    assert match_choice(" ", STATUSES).problem == "是空的，请从选项里选一个。"
    assert "110101199003077475" not in (match_choice("110101199003077475", STATUSES).problem or "")


def test_two_choices_that_differ_only_in_writing_are_asked() -> None:
    reading = match_choice("a 类", ("A类", "a类"))
    assert (reading.value, reading.ambiguous) == (None, ("A类", "a类"))
    assert match_choice("a类", ("A类", "a类")).value == "a类"


def test_an_alias_of_two_choices_is_asked() -> None:
    reading = match_choice("ok", ("同意", "通过"), {"OK": "同意", "Ok": "通过"})
    assert (reading.value, reading.ambiguous) == (None, ("同意", "通过"))


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("财务", ("财务处",)),
        ("财务科", ("财务处",)),
        ("检验处", ("检验一处", "检验二处")),
        ("信息化中心", ("信息中心",)),
        ("办公室", ("党委办公室",)),
        ("后勤", ()),
        ("处", ()),
        ("", ()),
    ],
)
def test_the_nearest_names(typed: str, found: tuple[str, ...]) -> None:
    assert nearest(typed, DEPARTMENTS) == found


def test_no_more_than_three_are_proposed() -> None:
    assert nearest("第5处", tuple(f"第{n}处" for n in range(1, 5))) == ("第1处", "第2处", "第3处")


@given(
    st.text(), st.lists(st.text(), max_size=5), st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3)
)
def test_only_what_is_listed_is_ever_a_value(typed: str, choices: list[str], aliases: dict[str, str]) -> None:
    reading = match_choice(typed, choices, aliases)
    assert (reading.value in choices) if reading.value is not None else reading.problem
    assert set(reading.ambiguous) <= set(choices)
