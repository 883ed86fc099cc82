"""Vague sentences: measures that rest on vague words, what counts as a fact, and reports that say nothing."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from time import process_time

import pytest
from taizhang.forms.grammar import FormError
from taizhang.forms.load import templates_folder
from taizhang.ledger.wording import load_wording, standard_wording
from taizhang.supervision.problem_likeness import subjects_of
from taizhang.supervision.vague_words import names_fact, rests_on_vague_words, says_nothing
from taizhang.typed.text import LONGEST_CELL

VAGUE = [
    "以创建“先锋支部”为抓手",
    "进一步推进基层支部规范化建设",
    "加强党建与业务的融合",
    "不断提升干部职工的获得感，增强凝聚力",
    "持续深化“对党忠诚”专题教育成果",
    "以创建“先锋支部”为抓手，进一步推进支部建设",
    "强化疫情防控措施，加强精细化管理，确保不出现疫情",
    "适时反馈巡视整改落实情况",
    "完善党建工作考核机制",
]
CONCRETE = [
    "修订采购办法",
    "每季度组织一次警示教育",
    "组织“先进支部”评选表彰，建强党务工作队伍",
    "加强党建和业务融合，班子成员带队到基层联合检查",
    "党委书记约谈考核靠后支部的支委，进一步压实责任",
    "落实生日、生育、伤病、退休等慰问",
    "升级改造办公场所",
    "摸清入党积极分子底数",  # a vague word in the name of a thing
    "采纳合理化建议",
    "",
]
FACTS = [
    "完善采购管理制度",
    "加强走访，每季度一次",
    "进一步压缩审批时限 30%",
    "健全两项机制",
    "不断提升覆盖面，2022年底前完成",
    "完善《采购管理办法》",
    "推动全部支部达标",
    "加强抽查，覆盖半数处室，上半年完成",
    "会议纪要和签到册齐全",
    "印发件",
]
NO_FACTS = [
    "进一步加强“三重一大”事项把关",
    "严格落实改进作风的各项规定",
    "运用四种形态，抓早抓小",
    "深入落实《发展规划纲要》",
    "深入学习贯彻《条例》、《实施办法》",
    "持续巩固2021年度专题教育成果",
    "推进检查工作常态化、制度化",
    "加强对全局网络的统一管理",
    "",
]
SAYS_NOTHING = [
    "持续推进，成效明显",
    "正在有序推进",
    "取得了阶段性成效。",
    "按计划推进中",
    "高度重视，认真组织落实，工作进展顺利",
    "已取得初步成效；下一步继续加强",
    "正 在 推 进",
    "正在整改",
    "已按要求落实",
    "各项整改任务均按要求扎实推进，整体情况良好！",
    "\u200b正在推进\u200b",
]
SAYS_SOMETHING = [
    "持续推进，走访 3 户",
    "正在推进办法起草",
    "取得阶段性成效，三个支部达标",
    "按计划 6 月推进",
    "已完成",
    "已整改",
    "已落实到位",
    "整改到位",
    "已启动",
    "正在招标",
    "推进会已召开",
    "方案已定，分工到人",
    "无",
    "新",
    "经费没有落实",
    "未开展",
    "图纸审定，等经费",
    "100%",
    "……",
    "—",
    "/",
    "",
    " ",
]


@pytest.mark.parametrize("statement", VAGUE)
def test_measures_that_rest_on_vague_words(statement: str) -> None:
    assert rests_on_vague_words(statement)
    assert not names_fact(statement)


@pytest.mark.parametrize("statement", CONCRETE)
def test_measures_with_a_clause_of_their_own(statement: str) -> None:
    assert not rests_on_vague_words(statement)


def test_numbers_days_frequencies_and_products_are_facts() -> None:
    assert [text for text in FACTS if not names_fact(text)] == []


def test_names_quotations_cited_documents_and_past_years_are_none() -> None:
    assert [text for text in NO_FACTS if names_fact(text)] == []


@pytest.mark.parametrize("text", SAYS_NOTHING)
def test_reports_that_say_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize("text", SAYS_SOMETHING)
def test_a_report_with_any_other_word_says_something(text: str) -> None:
    assert not says_nothing(text)


JUDGED = tomllib.loads(Path(__file__).with_name("judged_sentences.toml").read_text(encoding="utf-8"))


def test_measures_judged_by_hand() -> None:
    """Those that are missed name an act or a product, in passing; of others none is called vague."""
    judged = {
        kind: [not names_fact(each) and rests_on_vague_words(each) for each in JUDGED["measure"][kind]]
        for kind in ("vague", "concrete")
    }
    missed = [each for each, seen in zip(JUDGED["measure"]["vague"], judged["vague"], strict=True) if not seen]
    assert missed == [
        "加大查处力度，形成有力震慑。",
        "视情况对相关制度进行修订。",
        "根据实际需要加强人员配备。",
        "强化制度意识，维护制度权威。",
        "让制度长牙、让纪律带电。",
        "紧紧围绕中心工作，发挥职能作用。",
    ]
    assert [(len(each), sum(each)) for each in judged.values()] == [(273, 267), (274, 0)]


def test_updates_judged_by_hand() -> None:
    """That something is done (完成, 到位) is said, whatever it was."""
    judged = {kind: [says_nothing(each) for each in JUDGED["update"][kind]] for kind in ("nothing", "something")}
    missed = [each for each, seen in zip(JUDGED["update"]["nothing"], judged["nothing"], strict=True) if not seen]
    assert missed == [
        "已基本完成，效果显著。",
        "落实到位，群众满意度不断提升。",
        "严格落实有关要求，做到了真抓实干。",
        "学习自觉性进一步提高。",
    ]
    assert [(len(each), sum(each)) for each in judged.values()] == [(212, 208), (224, 0)]


@pytest.mark.parametrize("fact", ["3", "三次", "方案", "财务处", "6月", "走访", "招标", "A", "完成"])
def test_one_fact_is_enough_wherever_it_stands(fact: str) -> None:
    texts = [f"{fact}持续推进，成效明显", f"持续推进{fact}，成效明显", f"持续推进，成效明显{fact}"]
    assert [says_nothing(text) for text in texts] == [False] * 3


@pytest.mark.parametrize("char", ["“", "《", "落实《", "十", "多", "每", "，", "加强，", "推进", '"', " "])
def test_a_full_cell_is_judged_at_once(char: str) -> None:
    text = char * (LONGEST_CELL // len(char))
    start = process_time()
    for judge in (names_fact, rests_on_vague_words, says_nothing, subjects_of):
        judge(text)
    assert process_time() - start < 2


def test_what_the_sample_departments_report_says_something() -> None:
    text = (templates_folder() / "sample" / "returns.toml").read_text(encoding="utf-8")
    updates = [each for row in re.findall(r"^updates? = (.*)$", text, re.MULTILINE) for each in _texts(row)]
    assert len(updates) > 15
    assert [each for each in updates if says_nothing(each)] == []


def _texts(row: str) -> list[str]:
    found = tomllib.loads(f"x = {row}")["x"]
    return found if isinstance(found, list) else [found]


def test_each_word_stands_once_in_its_list() -> None:
    words = standard_wording()
    lists = [words.measure.vague, words.measure.products, words.measure.acts, words.measure.no_facts]
    lists += [
        words.update.vague,
        words.update.joining,
        words.problem.deficient,
        words.problem.endings,
        words.problem.filler,
        words.problem.common,
        tuple(word for group in words.problem.same for word in group),
    ]
    assert [[each for each in one if one.count(each) > 1] for one in lists] == [[]] * 11


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (("[update]", "[updates]"), "要写、也只能写 [measure]、[update]、[problem]，请改正。"),
        (("joining =", "joined ="), "[update] 里要写、也只能写 vague、joining，请改正。"),
        (('"修订", ', '"", "修订", '), "[measure] 的 acts 要写成一列引号里的文字，请改正。"),
        (
            ('["下属单位", ', '["下属单位"], ['),
            "[problem] 的 same 要写成几组，每组方括号里至少两个引号里的文字，请改正。",
        ),
        (("[problem]", "[problem"), "请检查引号、等号和方括号。"),
    ],
)
def test_wrong_lists_are_refused_with_their_cure(change: tuple[str, str], problem: str, tmp_path: Path) -> None:
    text = (templates_folder() / "wording.toml").read_text(encoding="utf-8")
    path = tmp_path / "wording.toml"
    path.write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(FormError) as error:
        load_wording(path)
    assert str(error.value).endswith(problem)
