"""The source document is drafted completely, and agrees with the split made by hand."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from support.seed_report import seed_path
from taizhang.draft.ledger_rows import ledger_rows
from taizhang.draft.proofs import standard_proposals
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source
from taizhang.draft.values import Draft, Owners, Paragraph
from taizhang.forms.load import standard_forms

HAND_SPLIT = {
    "M1": "摆在首位 第一方阵 加强党性修养 班子建设 议事规则 三重一大 重大利益 系列活动",
    "M2": (
        "四强党支部 标准化规范化 考核机制 考核力度 约谈 临时党组织 联学共建 业务工作的融合 补选支委 人员力量 "
        "两优一先 入党积极分子 培训考核"
    ),
    "M3": "发展规划》 综合研判 系统性谋划 总体规划 专项规划 指导意见 分支机构 疫情防控工作 扶贫工作 精细化管理",
    "M4": "思想状况 思想教育 巡视整改 民主生活会 党务政务公开 宣讲 办公环境 升级改造 慰问 帮困扶弱",
    "M5": "立改废 八项规定 重点环节 重要岗位 出国（境） 鉴定评审 警示教育 教育月 四种 从严执纪 统筹管理 责任制 公众号",
}
"""A short distinguishing piece of each commitment of the hand split, by group, in order."""

KINDS = {
    "M1": "原周周原长长长一",
    "M2": "周周一周一一周长一一周长周",
    "M3": "长周原长长长长长长长",
    "M4": "周周周周长周一一长长",
    "M5": "周长长长长长周周长原一长长",
}
LINKS = """
P1-1 M1-01 M1-02 M1-03 M1-08 | P1-2 M1-03 M3-02 M3-03 | P1-3 M3-01 M3-03 M3-06 | P2-1 M3-01 M3-03 M3-04 M3-06 M3-07
P2-2 M3-02 M3-05 | P2-3 M3-03 | P3-2 M4-07 M4-08 M4-09 M4-10 | P4-1 M3-08 M3-10 | P4-2 M3-05 M4-07 M4-08 M4-09 M4-10
P5-1 M2-01 M2-02 M2-06 M2-07 M2-08 M2-09 M2-10 M2-11 M2-12 M2-13
P5-2 M5-01 M5-02 M5-03 M5-04 M5-05 M5-06 M5-07 M5-08 M5-09 M5-10 | P5-3 M2-03 M2-04 M2-05
"""
REGISTERS = {
    "M1": "- 学习 学习 - 议事 议事 议事 学习",
    "M2": "四强 四强 制度 考核得分 约谈 制度 共建 共建 支委 党务 党务 发展党员 发展党员",
    "M3": "规划 部署 - 规划 规划 改革 改革 防控 防控 防控",
    "M4": "思想动态 学习 公开 公开 公开 学习 条件 条件 慰问 慰问",
    "M5": "制度 八项 廉政 廉政 纪律 纪律 学习 学习 形态 - 制度 责任 媒体",
}
"""Where each commitment can be proved, by hand: a piece of the register's or the indicator's name; - for principles."""

CODES = [f"{group}-{n:02}" for group, pieces in HAND_SPLIT.items() for n in range(1, len(pieces.split()) + 1)]
PROBLEMS = [f"P{aspect}-{n}" for aspect in range(1, 6) for n in range(1, 4)]


@pytest.fixture(scope="module")
def paragraphs() -> tuple[Paragraph, ...]:
    return read_source(seed_path())


@pytest.fixture(scope="module")
def draft(paragraphs: tuple[Paragraph, ...]) -> Draft:
    return draft_report(paragraphs)


def test_it_drafts_completely(draft: Draft, paragraphs: tuple[Paragraph, ...]) -> None:
    assert len(paragraphs) == 21
    assert [aspect.number for aspect in draft.aspect_heads] == [1, 2, 3, 4, 5]
    assert Counter(problem.aspect for problem in draft.problems) == dict.fromkeys(range(5), 3)
    assert (len(draft.causes), len(draft.groups), draft.sentences) == (5, 5, 20)
    assert draft.unplaced == ()


def test_the_missing_full_stop_is_said_and_the_original_kept(draft: Draft) -> None:
    assert draft.notes == ("第 19 段：原文“落实见效”后疑似漏了句号，按 2 句读；原文照录，没有改动。",)


def test_typing_errors_stay_in_the_originals(draft: Draft) -> None:
    assert draft.causes[1].title.endswith("树的不牢")
    assert any("服务对象人" in problem.original for problem in draft.problems)
    assert any("“四种”形态" in measure.original for measure in draft.measures)


def test_the_split_agrees_with_the_one_made_by_hand(draft: Draft) -> None:
    pieces = [piece for group in HAND_SPLIT.values() for piece in group.split()]
    statements = [measure.statement for measure in draft.measures]
    differing = [
        code
        for code, piece, statement in zip(CODES, pieces, [*statements, *[""] * len(pieces)], strict=False)
        if piece not in statement
    ]
    assert len(statements) == len(pieces) == 54
    assert differing == []


def test_no_two_commitments_of_the_hand_split_stay_together(draft: Draft) -> None:
    pieces = [piece for group in HAND_SPLIT.values() for piece in group.split()]
    for at, measure in enumerate(draft.measures):
        held = [piece for piece in pieces if piece in measure.statement and piece not in pieces[at]]
        assert held == [], measure.statement


def test_originals_are_exact_and_nothing_of_the_measures_is_missing(
    draft: Draft, paragraphs: tuple[Paragraph, ...]
) -> None:
    by_number = {paragraph.number: paragraph for paragraph in paragraphs}
    assert all(measure.original in by_number[measure.paragraph].text for measure in draft.measures)
    for number in range(17, 22):
        body = by_number[number].flow.split("。", 1)[1]
        for original in {measure.original for measure in draft.measures if measure.paragraph == number}:
            body = body.replace(original, "")
        assert re.sub(r"[，。\s]", "", body) == ""


def test_nothing_is_invented(draft: Draft) -> None:
    assert {(measure.deadline_words, measure.owners) for measure in draft.measures} == {("", Owners())}
    vague = [measure.vague_words for measure in draft.measures if measure.vague_words]
    assert vague == ["及时", "适时", "适时", "及时"]


def test_proposed_kinds_agree_with_the_proposals_made_by_hand(draft: Draft) -> None:
    hand = "".join(KINDS.values())
    agreed = sum(measure.kind[0] == kind for measure, kind in zip(draft.measures, hand, strict=True))
    assert agreed >= 50


def test_proposed_links_are_few_and_mostly_right(draft: Draft) -> None:
    rows = [row.split() for row in re.split(r"[|\n]", LINKS) if row.strip()]
    right = {(measure, row[0]) for row in rows for measure in row[1:]}
    proposed = {(CODES[link.measure], PROBLEMS[link.problem]) for link in draft.links}
    assert len(proposed & right) / len(proposed) >= 0.85
    assert len(proposed & right) / len(right) >= 0.35
    assert all(re.fullmatch(r"都提到：\S+", link.reason) for link in draft.links)


def test_nearly_all_commitments_get_the_proof_that_was_found_by_hand(draft: Draft) -> None:
    hand = [piece for group in REGISTERS.values() for piece in group.split()]
    rows = ledger_rows(draft, standard_forms(), standard_proposals())
    found: dict[str, str] = {}
    for row in rows["proofs"]:
        found[row["task"]] = found.get(row["task"], "") + row["register"] + row["indicator"]
    tasks = rows["tasks"]
    agreed = [
        code for code, task, piece in zip(CODES, tasks, hand, strict=True) if piece in found.get(task["code"], "")
    ]
    carried = [code for code, task in zip(CODES, tasks, strict=True) if task["carried_by"]]
    assert len(agreed) >= 45
    assert carried == [code for code, piece in zip(CODES, hand, strict=True) if piece == "-"]


def test_no_frequency_is_invented(draft: Draft) -> None:
    tasks = ledger_rows(draft, standard_forms(), standard_proposals())["tasks"]
    assert {(task["review_cycle"], task["per_cycle"]) for task in tasks} == {(None, None)}
