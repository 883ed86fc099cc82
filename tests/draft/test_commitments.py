"""Splitting sentences into commitments, and reading the words that give a time."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.draft.commitments import split_commitments, split_sentences
from taizhang.draft.deadline_words import deadline_words, vague_words
from taizhang.draft.kinds import propose_kind

SPLITS = {
    "two verbs are two": ("修订采购办法，编印办事指南。", ["修订采购办法", "编印办事指南"]),
    "an outcome ends": ("充实窗口人员，确保当天受理。", ["充实窗口人员，确保当天受理"]),
    "outcomes in a row": ("办好职工食堂，提升满意度，增强归属感。", ["办好职工食堂，提升满意度，增强归属感"]),
    "a scene opens": ("针对审批慢的问题，压缩审批环节。", ["针对审批慢的问题，压缩审批环节"]),
    "a scene in the middle": (
        "公开办事流程，结合年度考核，通报办理进度。",
        ["公开办事流程", "结合年度考核，通报办理进度"],
    ),
    "a way of doing opens": ("党办采取抽查等方式，核对台账。", ["党办采取抽查等方式，核对台账"]),
    "an outcome with a strong adverb": ("核对台账，务必做到账实相符。", ["核对台账，务必做到账实相符"]),
    "a set phrase opens": ("举一反三，排查同类隐患。", ["举一反三，排查同类隐患"]),
    "a set phrase ends": ("开展谈心谈话，抓早抓小，防微杜渐。", ["开展谈心谈话，抓早抓小，防微杜渐"]),
    "a four-character task is a task": ("改进文风，改进会风。", ["改进文风", "改进会风"]),
    "what proves nothing opens": ("加强统筹协调，编制用车计划。", ["加强统筹协调，编制用车计划"]),
    "an aim alone is all there is": ("确保安全稳定。", ["确保安全稳定"]),
    "grasp": ("以创建文明窗口为抓手，推行一次办结。", ["创建文明窗口", "推行一次办结"]),
    "a guide is no grasp": ("以人民满意为目标，推行一次办结。", ["以人民满意为目标，推行一次办结"]),
    "towards two": ("加强对印章保管、合同签订的检查。", ["加强对印章保管的检查", "加强对合同签订的检查"]),
    "towards one of two words": ("加强对车辆购置和使用的检查。", ["加强对车辆购置和使用的检查"]),
    "a tail shared": ("完善考勤、请销假制度。", ["完善考勤制度", "完善请销假制度"]),
    "a tail shared, with function words": (
        "健全项目申报、经费使用审批制度。",
        ["健全项目申报审批制度", "健全经费使用审批制度"],
    ),
    "a tail after the repeated word": (
        "通报巡察整改、审计整改完成情况。",
        ["通报巡察整改完成情况", "通报审计整改完成情况"],
    ),
    "two things to show": ("6月底前制定学习计划和考核办法。", ["6月底前制定学习计划", "6月底前制定考核办法"]),
    "and so on is one": ("落实节日、住院等慰问制度。", ["落实节日、住院等慰问制度"]),
    "和 within a word": ("维护和谐稳定机制。", ["维护和谐稳定机制"]),
    "及 within a word": ("完善涉及职工利益事项公开制度。", ["完善涉及职工利益事项公开制度"]),
    "marks within quotes": ("开展“学党史，办实事”活动。", ["开展“学党史，办实事”活动"]),
    "marks within brackets": (
        "修订办法（含采购、合同，印章），公开结果。",
        ["修订办法（含采购、合同，印章）", "公开结果"],
    ),
    "an unclosed quote": ("开展“学党史活动，公开结果。", ["开展“学党史活动", "公开结果"]),
    "semicolons part": ("修订办法；公开结果；", ["修订办法", "公开结果"]),
    "a deadline ends": ("修订采购办法，6月底前完成。", ["修订采购办法，6月底前完成"]),
    "a deadline opens": ("6月底前，修订采购办法，编印指南。", ["6月底前，修订采购办法", "编印指南"]),
    "how often ends": ("到联系点调研，每季度不少于一次。", ["到联系点调研，每季度不少于一次"]),
    "kept up ends": ("落实值班制度，长期坚持。", ["落实值班制度，长期坚持"]),
    "ten parallel objects are ten": (
        f"完善{'、'.join(f'{n}类' for n in '甲乙丙丁戊己庚辛壬癸')}制度。",
        [f"完善{n}类制度" for n in "甲乙丙丁戊己庚辛壬癸"],
    ),
    "eleven are an inventory": (
        f"完善{'、'.join(f'{n}类' for n in '子甲乙丙丁戊己庚辛壬癸')}制度。",
        [f"完善{'、'.join(f'{n}类' for n in '子甲乙丙丁戊己庚辛壬癸')}制度"],
    ),
    "a scene at the very end": ("修订采购办法，针对新情况。", ["修订采购办法，针对新情况"]),
    "after what opens": ("在试点稳定后，扩大受理范围，更换设备。", ["在试点稳定后，扩大受理范围", "更换设备"]),
    "under what condition opens": ("若加装效果有限，改造管路。", ["若加装效果有限，改造管路"]),
    "for what opens": ("对可在年检中处理的项目，纳入年检计划。", ["对可在年检中处理的项目，纳入年检计划"]),
    "by what rule opens": ("我站按照分步实施的原则，更换阀门。", ["我站按照分步实施的原则，更换阀门"]),
    "often by what means opens": ("定期结合周例会，进行案例通报。", ["定期结合周例会，进行案例通报"]),
    "the problem said again": (
        "针对屋面漏水，住户出行不便，容易滑倒，组织抢修。",
        ["针对屋面漏水，住户出行不便，容易滑倒，组织抢修"],
    ),
    "a day alone opens": (
        "2025 年 4 月，印发通知，2025 年 5 月，开展抽查。",
        ["2025 年 4 月，印发通知", "2025 年 5 月，开展抽查"],
    ),
    "when there is time opens": ("利用周末时间，走访困难群众。", ["利用周末时间，走访困难群众"]),
    "what it becomes ends": ("收回办公用房三间，调整为便民服务室。", ["收回办公用房三间，调整为便民服务室"]),
    "which problem it solves ends": ("改造管网3公里，解决用水难问题。", ["改造管网3公里，解决用水难问题"]),
    "which problems are solved by a day": (
        "建立难题清单，上半年解决两项久拖不决的问题。",
        ["建立难题清单", "上半年解决两项久拖不决的问题"],
    ),
    "what it is to be ends": ("加装滤网，作为第二道屏障。", ["加装滤网，作为第二道屏障"]),
    "what it lessens ends": ("合并检修窗口，减少停机次数。", ["合并检修窗口，减少停机次数"]),
    "what it lessens alone": ("减少停机次数，合并检修窗口。", ["减少停机次数", "合并检修窗口"]),
    "a bare count ends": ("复核低保对象，清退二十一户。", ["复核低保对象，清退二十一户"]),
    "how often ends, in other words": (
        "开设微课堂，每月一讲，由党员轮流主讲。",
        ["开设微课堂，每月一讲，由党员轮流主讲"],
    ),
    "what is done in each period": ("编制读书计划，每月读一本书。", ["编制读书计划", "每月读一本书"]),
    "what a document says": ("修订采购办法，明确限额标准和审批流程。", ["修订采购办法，明确限额标准和审批流程"]),
    "to make clear, alone": ("明确限额标准，修订采购办法。", ["明确限额标准", "修订采购办法"]),
    "a further subject": ("开通热线，操作人员培训后方可上岗。", ["开通热线，操作人员培训后方可上岗"]),
    "a further subject that acts": ("开通热线，督查室通报办理情况。", ["开通热线", "督查室通报办理情况"]),
    "somebody by a day": (
        "开展一次考核，分管领导4月底前约谈靠后的班组。",
        ["开展一次考核", "分管领导4月底前约谈靠后的班组"],
    ),
    "by whom ends": ("推行免申即享，由经发局3月底前上线系统。", ["推行免申即享，由经发局3月底前上线系统"]),
    "an object first": ("修订办法，将执行情况纳入年度考核。", ["修订办法", "将执行情况纳入年度考核"]),
    "so that others do": ("举办讲座，推动职工学在前、走在前。", ["举办讲座，推动职工学在前、走在前"]),
    "semicolons part what commas would not": ("为两个站打井；补埋界桩。", ["为两个站打井", "补埋界桩"]),
    "words before 的 are said of all parts": (
        "健全面向各村的督查、考核机制。",
        ["健全面向各村的督查、考核机制"],
    ),
    "two verbs of making": ("建立健全考勤、请销假制度。", ["建立健全考勤制度", "建立健全请销假制度"]),
    "and keep a record": ("开展廉政谈话，并做好记录。", ["开展廉政谈话，并做好记录"]),
}


@pytest.mark.parametrize(("sentence", "statements"), SPLITS.values(), ids=SPLITS)
def test_a_sentence_splits(sentence: str, statements: list[str]) -> None:
    assert [commitment.statement for commitment in split_commitments(sentence)] == statements


def test_a_distributed_commitment_comes_from_the_whole_clause() -> None:
    sentence = "结合年检，完善考勤、请销假制度，确保有章可循。"
    found = split_commitments(sentence)
    assert [commitment.statement for commitment in found] == [
        "结合年检，完善考勤制度，确保有章可循",
        "结合年检，完善请销假制度，确保有章可循",
    ]
    assert {sentence[each.start : each.end] for each in found} == {sentence.rstrip("。")}


CASES = Path(__file__).parent / "cases"
REPORTS = [
    *(each["report"] for each in tomllib.loads((CASES / "more.toml").read_text(encoding="utf-8")).values()),
    *(path.read_text(encoding="utf-8") for path in CASES.glob("*.txt")),
]


def test_a_statement_has_the_words_of_the_text_in_their_order() -> None:
    for sentence in (line for report in REPORTS for line in report.splitlines()):
        for each in split_commitments(sentence):
            words = iter(sentence[each.start : each.end])
            assert all(char in words for char in each.statement), each.statement


@pytest.mark.parametrize(
    ("text", "count", "note"),
    [
        ("推动规划落地见效积极推进试点。", 2, "“落地见效”"),
        ("推动规划落地见效。积极推进试点。", 2, ""),
        ("推动规划落实到位并公开结果。", 1, ""),
        ("办好“两会。”提案。", 1, ""),
    ],
)
def test_a_missing_full_stop_is_noticed(text: str, count: int, note: str) -> None:
    spans, notes = split_sentences(text)
    assert len(spans) == count
    assert (note in notes[0]) if note else not notes


CLAUSES = st.lists(
    st.text(alphabet="加强对和、与监督完善制度情况落实等“”（）以为抓手确保每月前6一ab ", min_size=0, max_size=12),
    max_size=6,
)


@given(CLAUSES)
def test_no_word_of_a_sentence_is_lost_and_none_is_read_twice(clauses: list[str]) -> None:
    sentence = "，".join(clauses)
    left = list(sentence)
    spans = list(dict.fromkeys((each.start, each.end) for each in split_commitments(sentence)))
    assert spans == sorted(spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    for start, end in spans:
        left[start:end] = " " * (end - start)
    assert re.sub(r"[，、\s]", "", "".join(left)) == ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2022年3月底前修订", "2022年3月底前"),
        ("2022年底前推进", "2022年底前"),
        ("年底前推进", "年底前"),
        ("年前建好。", "年前"),
        ("指派专人，年前办结，", "年前"),
        ("年前完成整改", "年前"),
        ("于年前办结。", "年前"),
        ("三年前建好。", ""),
        ("提出年前慰问方案的想法", ""),
        ("即日整改。", "即日整改"),
        ("4月上旬前列出", "4月上旬前"),
        ("十二月底前完成", "十二月底前"),
        ("2022年3月15日前印发", "2022年3月15日前"),
        ("2022.3.31前印发", "2022.3.31前"),
        ("上半年解决", "上半年"),
        ("2022年第三季度末前上线", "2022年第三季度末前"),
        ("“七一”前表彰", "“七一”前"),
        ("党的二十大召开前完成", "党的二十大召开前"),
        ("印发后30日内备案", "印发后30日内"),
        ("十五个工作日内答复", "十五个工作日内"),
        ("每季度开展", ""),
        ("每年3月底前报送", ""),
        ("每月25日前通报", ""),
        ("建立常态化机制", ""),
        ("推进检查常态化、制度化", ""),
        ("持续推进标准化建设", ""),
        ("落实值班制度，持续推进", "持续推进"),
        ("立行立改", "立行立改"),
        ("2022年3月底前，长期坚持", "2022年3月底前，长期坚持"),
        ("6月底前制定，每半年检查", "6月底前"),
        ("2021年度考核", ""),
        ("今年以来开展", ""),
        ("结合迎接党的二十大", ""),
        ("纪律教育月活动", ""),
        ("“十四五”规划", ""),
        ("每月每月", ""),
        ("农历十月底前完成", "农历十月底前"),
        ("去年5月底前提出", "去年5月底前"),
        ("3月底左右完成", "3月底左右"),
        ("2022年3月31日前后完成", "2022年3月31日前后"),
        ("约6月底前完成", "约6月底前"),
        ("3月底以后开展", "3月底以后"),
    ],
)
def test_deadline_words_are_literal(text: str, words: str) -> None:
    assert deadline_words(text) == words
    assert all(part in text for part in words.split("；"))


def test_vague_words_are_no_deadline() -> None:
    assert (vague_words("适时反馈，及时公开，及时整改"), deadline_words("适时反馈，尽快整改")) == ("适时、及时", "")


@pytest.mark.parametrize(
    ("statement", "kind"),
    [
        ("6月底前修订采购办法", "一次"),
        ("完善考勤机制", "一次"),
        ("每季度开展警示教育", "周期"),
        ("开展警示教育", "周期"),
        ("完善并落实请销假制度", "长期"),
        ("落实安全责任制", "长期"),
        ("把政治建设摆在首位", "原则"),
        ("坚持从严执纪", "原则"),
    ],
)
def test_kinds_are_proposed_from_the_wording(statement: str, kind: str) -> None:
    assert propose_kind(statement) == kind


@pytest.mark.parametrize(
    ("statement", "when", "kind"),
    [
        ("更换灯管", "", "长期"),
        ("更换灯管", "2025年7月底前", "一次"),
        ("更换灯管", "2025.6.30", "一次"),
        ("更换灯管", "立行立改", "一次"),
        ("更换灯管", "7月底前完成，并长期坚持", "一次"),
        ("更换灯管", "长期坚持；持续坚持", "长期"),
        ("更换灯管", "每学期", "长期"),
        ("更换灯管", "每季度一次", "周期"),
        ("开展警示教育", "6月底前", "一次"),
        ("每季度开展警示教育", "12月底前", "周期"),
        ("修订办法", "长期坚持", "长期"),
        ("坚持从严执纪", "6月底前", "原则"),
    ],
)
def test_what_has_a_day_is_done_once(statement: str, when: str, kind: str) -> None:
    assert propose_kind(statement, when) == kind
