"""Proposals of proofs: which words get which, how often, and what gets none."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from support.fixtures import Run
from support.make_sample import SOURCE
from taizhang.checks.proofs import check_proof_rows
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.kinds import propose_kind
from taizhang.draft.ledger_rows import ledger_rows
from taizhang.draft.proofs import load_proposals, propose_carriers, propose_proofs, standard_proposals
from taizhang.draft.reader import draft_report
from taizhang.draft.source import read_source
from taizhang.draft.values import DraftMeasure
from taizhang.forms.grammar import FormError
from taizhang.forms.load import standard_forms
from taizhang.ledger.findings import Severity
from taizhang.ledger.model import read_ledger
from taizhang.ledger.vocabulary import TaskKind
from taizhang.supervision.proofs import all_proofs


def measure(statement: str) -> DraftMeasure:
    return DraftMeasure("", statement, statement, 1, 1, propose_kind(statement), deadline_words(statement))


def proposed(statement: str) -> list[str]:
    """Return the proposals for a measure, each on one line."""
    rows = propose_proofs(measure(statement), "RW-007", standard_proposals())
    return [
        f"{row['register']}·{row['indicator']}{'［' + row['filter'] + '］' if row['filter'] else ''}"
        f" {row['operator']} {row['target']}{'/' + row['per'] if row['per'] else ''}"
        for row in rows
    ]


@pytest.mark.parametrize(
    ("statement", "proofs"),
    [
        ("督促支部补齐支委", ["支委名册·空缺 ≤ 0"]),
        ("深入开展警示教育", ["学习教育活动·已开展［活动类型=警示教育］ ≥ 1/季"]),
        ("每月开展警示教育", ["学习教育活动·已开展［活动类型=警示教育］ ≥ 1/月"]),
        ("每季度至少开展4次警示教育", ["学习教育活动·已开展［活动类型=警示教育］ ≥ 4/季"]),
        ("每年两次警示教育", ["学习教育活动·已开展［活动类型=警示教育］ ≥ 2/年"]),
        ("6月底前开展警示教育", ["学习教育活动·已开展［活动类型=警示教育］ ≥ 1"]),
        ("修订党建考核办法", ["规章制度·已印发［对应任务=RW-007］ ≥ 1"]),
        ("修订值班制度，印发各科室", ["规章制度·已印发［对应任务=RW-007］ ≥ 1"]),
        (
            "严格执行中央八项规定及其实施细则精神",
            [
                "八项规定检查·检查次数 ≥ 1/季",
                "八项规定检查·问题整改 ≥ 100%",
            ],
        ),
        ("建立职工思想动态分析制度", ["规章制度·已印发［对应任务=RW-007］ ≥ 1"]),
        ("加大党建考核力度", ["党建考核得分·已核定 ≥ 100%"]),
        ("6月底前完成规章制度立改废", ["规章制度·已完成［动作=立、改、废］ ≥ 100%"]),
        ("做好规章制度立改废", ["规章制度·超期未印发［动作=立、改、废］ ≤ 0"]),
        ("走访慰问困难职工", ["慰问帮扶·超期未慰问［事由=困难］ ≤ 0"]),
        ("落实职工慰问", ["慰问帮扶·超期未慰问 ≤ 0"]),
        (
            "完善并落实出国（境）纪律回复制度",
            ["规章制度·已印发［对应任务=RW-007］ ≥ 1", "纪律回复·按期回复［类型=出国（境）］ ≥ 100%"],
        ),
    ],
)
def test_words_get_the_proof_that_fits_them(statement: str, proofs: list[str]) -> None:
    assert proposed(statement) == proofs


@pytest.mark.parametrize(
    "statement",
    [
        "把党的政治建设摆在首位",
        "制定季度学习计划",
        "每季度下乡走访一次",
        "建立走访台账",
        "按照规定建立出入库台账",
        "结果在会上通报",
        "定期公示经费使用管理情况",
        "通过网站公开经费管理情况",
        "针对巡视反馈意见，建立整改台账",
        "落实巡察反馈的整改要求",
        "精简采购审批环节，加强监督",
        "压缩检验报告出具时间",
        "建立廉政风险研判机制",
        "制定落实中央八项规定精神工作清单",
        "克服疫情影响，加快项目进度",
        "把意识形态工作纳入党建考核",
        "编制“十五五”发展规划",
        "建立警示教育长效机制",
        "严格执行值班制度",
        "落实党组织书记抓党建述职评议考核制度",
        "制定党务公开目录",
        "在门户网站开设政务公开专栏",
        "用好公众号，开展普法宣传管理",
        "每年开展两次困难党员慰问",
        "改造线路",
        "完善采购流程",
    ],
)
def test_other_words_get_none(statement: str) -> None:
    """Better none than a wrong one."""
    assert proposed(statement) == []


def test_a_percentage_says_so_in_its_unit() -> None:
    """So that Excel may turn it into a number without changing what it means."""
    rows = [
        *propose_proofs(measure("加大党建考核力度"), "RW-007", standard_proposals()),
        *propose_proofs(measure("督促支部补齐支委"), "RW-007", standard_proposals()),
    ]
    assert [(row["target"], row["unit"]) for row in rows] == [("100%", "%"), ("0", "个")]


def test_a_principle_is_carried_by_other_measures_only() -> None:
    principle = replace(measure("把政治建设摆在首位，抓好专题教育"), kind=TaskKind.PRINCIPLE)
    others = [measure("深化专题教育成果"), measure("补齐支委"), replace(principle, statement="从严治党，抓好专题教育")]
    assert propose_carriers([principle, *others], standard_proposals()) == {0: (1,)}


def test_a_cycle_that_nobody_wrote_is_said_to_be_open() -> None:
    def notes(statement: str) -> list[str | None]:
        return [row["note"] for row in propose_proofs(measure(statement), "RW-007", standard_proposals())]

    assert notes("深入开展警示教育") == ["周期和次数原文没有写，请按实际定"]
    assert notes("每月开展警示教育") == [None]
    assert notes("督促支部补齐支委") == [None]


def test_the_sample_is_proposed_completely() -> None:
    """All but what no register can prove: how many steps an approval takes, and how long a report."""
    draft = draft_report(read_source(SOURCE))
    rows = ledger_rows(draft, standard_forms(), standard_proposals())
    proved = {row["task"] for row in rows["proofs"]}
    assert [task["statement"] for task in rows["tasks"] if task["code"] not in proved and not task["carried_by"]] == [
        "2022年5月底前精简采购审批环节",
        "2022年8月底前压缩检验报告出具时间，切实方便服务对象",
    ]
    principles = {task["code"]: task["carried_by"] for task in rows["tasks"] if task["kind"] == TaskKind.PRINCIPLE}
    assert principles == {
        "RW-001": ("RW-002", "RW-003"), "RW-004": ("RW-005", "RW-006", "RW-007"), "RW-039": ("RW-046",),
    }  # fmt: skip
    assert [(row["code"], row["basis"]) for row in rows["proofs"][:2]] == [
        ("HD-001", "程序建议"),
        ("HD-002", "程序建议"),
    ]


def test_how_often_goes_into_the_task_if_the_report_says_it() -> None:
    draft = draft_report(read_source(SOURCE))
    tasks = ledger_rows(draft, standard_forms(), standard_proposals())["tasks"]
    said = {task["statement"][:12]: (task["review_cycle"], task["per_cycle"]) for task in tasks if task["review_cycle"]}
    assert said == {
        "每季度组织党员党性教育": ("季", None),
        "每半年开展一次党建考核": ("半年", 1),
        "每半年集中培训考核一次发": ("半年", None),
        "每季度研判科技变革和体制": ("季", None),
        "每季度开展一次职工思想动": ("季", 1),
        "每季度开展警示教育": ("季", None),
    }


def test_a_drafted_ledger_holds_the_proposals_and_no_wrong_row(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "整改台账.xlsx"
    result = run("draft", SOURCE, "--unit", "某局", "--year", "2022", "-l", path)
    assert (
        "核对：程序给 45 项任务建议了用哪张登记表的数来证明，在〈核对〉里标为“程序建议”，请逐项核对。" in result.stdout
    )
    assert (
        "其中 21 张登记表还没有启用，要用哪一张就运行 taizhang forms enable 表名：学习教育活动、三重一大议事、"
        in result.stdout
    )
    ledger = read_ledger(path, standard_forms())
    proofs = all_proofs(ledger)
    assert len({proof.task for proof in proofs}) == 45
    assert all(proof.usable and proof.proposed for proof in proofs)
    told = [(each.place.cell, each.severity) for each in check_proof_rows(ledger, date(2022, 3, 31))]
    assert told == [("", Severity.HINT)], "how many proposals wait, and nothing of a row"


GOOD = """
[[proposal]]
words = ["补选"]
proofs = [{ register = "支委名册", indicator = "空缺", operator = "≤", target = "0" }]

[[principle]]
words = ["班子"]
carried_by = ["补选"]
"""


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("[[principle]]", "[[principle]", 6, "不合 TOML 写法"),
        ('words = ["补选"]\n', "", 2, "没有写 words"),
        ('carried_by = ["补选"]', "", 6, "没有写 carried_by"),
        ('words = ["补选"]', 'words = ["补选"]\nwith = ["支委"]', 2, "没有 with 这种写法"),
        ('words = ["补选"]', "words = [1]", 2, "words 要写成一列引号里的文字"),
        ('words = ["补选"]', 'words = ["补选"]\nkinds = ["一会"]', 2, "kinds 里没有“一会”"),
        ("支委名册", "支委名单", 2, "没有“支委名单”这张有指标的登记表，是不是“支委名册”"),
        ("空缺", "空缺数", 2, "〈支委名册〉没有“空缺数”这个指标，是不是“空缺”"),
        ('target = "0"', 'target = "零"', 2, "目标“零”不是数"),
        (', target = "0"', "", 2, "没有写 target"),
        ('"≤"', '"小于"', 2, "比较要写 ≥、≤、＝"),
        ('target = "0"', 'target = "0", filter = "职务=书籍"', 2, "条件里的“职务”没有“书籍”"),
        ('target = "0"', 'target = "0", per = "季"', 2, "分不了周期"),
        ('target = "0"', 'target = "0", when = "月"', 2, "没有 when 这种写法"),
    ],
)
def test_a_wrong_table_is_refused(tmp_path: Path, old: str, new: str, line: int | None, words: str) -> None:
    path = tmp_path / "proofs.toml"
    path.write_text(GOOD, encoding="utf-8")
    assert len(load_proposals(path).proofs) == len(load_proposals(path).principles) == 1
    assert old in GOOD
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(FormError, match=words) as error:
        load_proposals(path)
    assert error.value.line == line
