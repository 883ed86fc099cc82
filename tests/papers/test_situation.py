"""情况报告: every measure told once, every figure with its whole, nothing invented, what a person must write marked."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from support.fixtures import Make, Run
from taizhang.figures.metrics import compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.papers.situation import Situation, situation_of
from taizhang.papers.situation_docx import situation_document
from taizhang.papers.situation_text import Line, Role, to_write, write_situation

AS_OF = date(2022, 3, 31)

PROBLEMS = [
    {"code": "WT-001", "aspect": "在深学笃用方面", "title": "学习不够深入"},
    {"code": "WT-002", "aspect": "在深学笃用方面", "title": "调研偏少。"},
    {"code": "WT-003", "aspect": "在担当作为方面", "title": "没有人管的事"},
]
TASKS: list[dict[str, Any]] = [
    {"statement": "制定学习计划。", "problems": ("WT-001",), "deadline": date(2022, 1, 31), "status": "已销号",
     "update": "计划已印发", "evidence": "印发件"},
    {"statement": "修订值班制度", "problems": ("WT-001", "WT-002"), "deadline": date(2022, 3, 1), "progress": 60,
     "status": "推进中", "update": "初稿写完", "obstacle": "人手不够", "next_step": "4月上会"},
    {"statement": "每月走访一次", "problems": ("WT-002",), "kind": "周期", "review_cycle": "月", "deadline": "",
     "status": "推进中", "update": "走访两个村"},
    {"statement": "更换电缆", "problems": (), "deadline": date(2022, 6, 30), "status": "未启动", "update": ""},
    {"statement": "坚持民主集中制", "problems": ("WT-002",), "kind": "原则", "deadline": "长期坚持"},
]  # fmt: skip
CLOSED = {
    "code": "XH-001", "task": "RW-001", "department": "财务处", "applied": date(2022, 1, 20), "evidence": "印发文件",
    "against": "计划印发到各处室", "committee_date": date(2022, 2, 1), "committee_meeting": "第2次党委会",
    "conclusion": "同意销号",
}  # fmt: skip
KEPT = {"code": "LX-001", "task": "RW-003", "department": "财务处", "cycle": "2022年1月", "done": 1}


def situation(ledger: Path, as_of: date = AS_OF) -> Situation:
    book = read_ledger(ledger, standard_forms())
    return situation_of(book, compute_metrics(book, as_of))


def told(lines: Sequence[Line]) -> list[str]:
    return [line.text for line in lines]


def under(lines: Sequence[Line], heading: str) -> list[str]:
    """Return the lines below a heading up to the next one of its level or above."""
    texts = told(lines)
    start = texts.index(heading)
    level = list(Role).index(lines[start].role)
    rest = lines[start + 1 :]
    end = next((n for n, each in enumerate(rest) if list(Role).index(each.role) <= level), len(rest))
    return told(rest[:end])


@pytest.fixture
def ledger(make_ledger: Make) -> Path:
    return make_ledger(TASKS, problems=PROBLEMS, closeouts=[CLOSED], fulfilments=[KEPT])


def test_figures_come_with_what_they_are_of(ledger: Path) -> None:
    assert under(write_situation(situation(ledger)), "（二）总体进展") == [
        "列入整改台账的问题3个（2个方面），整改措施4项（限期完成3项、定期开展1项）；"
        "另有原则性要求1项，通过其他措施落实，不计入措施数。",
        "截至2022年3月31日，4项措施中已办结1项（已审定销号1项），占25%；尚未办结3项（正在推进2项、尚未启动1项）。",
        "按性质分别统计：限期完成的措施已到期2项，按期办结率50%（1/2项）；有期限、可销号的3项，销号率33%（1/3项）；"
        "定期开展的应履行2期，履行率50%（1/2期）。逾期1项，最长30天。",
        "3个问题中，措施全部办结的0个、尚未全部办结的2个、还没有措施的1个。",
    ]


def test_the_measures_of_the_aspects_add_up_to_all(make_ledger: Make) -> None:
    shared = {**TASKS[1], "problems": ("WT-003", "WT-001")}
    only_shared = {**TASKS[2], "problems": ("WT-001", "WT-002")}
    ledger = make_ledger([TASKS[0], shared, only_shared], problems=PROBLEMS, closeouts=[CLOSED], fulfilments=[KEPT])
    found = situation(ledger)
    lines = write_situation(found)
    assert [line.text for line in lines if line.text.startswith(("本方面", "另有措施", "对应的措施"))] == [
        "本方面问题2个，对应措施2项，已办结1项（另有1项同时对应其他方面的问题，计在那个方面）；措施全部办结的问题0个。",
        "另有措施1项写在问题“没有人管的事”里：“修订值班制度”。",
        "对应的措施1项写在问题“学习不够深入”里：“每月走访一次”。",
        "本方面问题1个，对应措施1项，已办结0项；措施全部办结的问题0个。",
    ]
    assert [group.tasks for group in found.metrics.aspects if group.tasks] == [2, 1]


def test_what_was_applied_for_in_time_and_not_decided_is_told_beside_the_rate(make_ledger: Make) -> None:
    asked = {**CLOSED, "committee_date": "", "conclusion": "", "committee_meeting": ""}
    ledger = make_ledger([{**TASKS[0], "status": "已完成"}], problems=PROBLEMS, closeouts=[asked])
    rates = next(line.text for line in write_situation(situation(ledger)) if line.text.startswith("按性质"))
    assert rates == (
        "按性质分别统计：限期完成的措施已到期1项，按期办结率100%（1/1项），其中1项按期申请了销号、还没有审定；"
        "有期限、可销号的1项，销号率0%（0/1项）。没有逾期的措施。"
    )


def test_matters_to_settle_are_for_a_person_to_sort(make_ledger: Make) -> None:
    lines = write_situation(situation(make_ledger([{**TASKS[1], "help_needed": "请领导协调经费"}], problems=PROBLEMS)))
    assert under(lines, "五、需要协调解决的事项")[:2] == [
        "台账登记的需协调事项1项。〔待补：只留要请上级协调的，本单位自己协调的删去；都是本单位协调的，删去这一部分〕",
        "1. 修订值班制度：请领导协调经费。",
    ]


def test_each_problem_says_what_was_done_with_what_proof_and_what_is_left(ledger: Path) -> None:
    assert under(write_situation(situation(ledger)), "（一）在深学笃用方面") == [
        "本方面问题2个，对应措施3项，已办结1项；措施全部办结的问题0个。",
        "1. 学习不够深入。",
        "（1）制定学习计划（财务处牵头，2022年1月31日）。2022年2月1日经第2次党委会审定销号。计划已印发。"
        "对照标准：计划印发到各处室。佐证材料：印发文件。",
        "（2）修订值班制度（财务处牵头，2022年3月1日）。正在推进，进度60%。初稿写完。"
        "已超过时限30天。存在的困难：人手不够。下一步：4月上会。",
        "2. 调研偏少。",
        "（1）每月走访一次（财务处牵头）。应履行2期，已履行1期，欠1次（2022年2月）。走访两个村。",
        "另有措施1项写在问题“学习不够深入”里：“修订值班制度”。",
    ]


def test_a_problem_without_measures_and_measures_without_a_problem_are_said(ledger: Path) -> None:
    lines = write_situation(situation(ledger))
    assert under(lines, "（二）在担当作为方面") == [
        "本方面问题1个，还没有对应的措施。",
        "1. 没有人管的事。",
        "台账里没有对应这个问题的措施。〔待补：整改措施和进展〕",
    ]
    assert under(lines, "（三）没有对应到具体问题的措施") == ["（1）更换电缆（财务处牵头，2022年6月30日）。尚未启动。"]


def test_every_measure_that_counts_is_told_once(ledger: Path) -> None:
    found = situation(ledger)
    assert sorted(each.task.code for each in found.answers) == ["RW-001", "RW-002", "RW-003", "RW-004"]
    text = "\n".join(told(write_situation(found)))
    assert [text.count(f"）{name}（") for name in ("制定学习计划", "修订值班制度", "每月走访一次", "更换电缆")] == [
        1
    ] * 4


def test_what_is_left_is_listed_by_its_day(ledger: Path) -> None:
    assert under(write_situation(situation(ledger)), "三、尚未办结的措施和时限") == [
        "4项措施中尚未办结3项：有时限的2项（其中已逾期1项），没有截止日期的1项。",
        "已逾期1项：修订值班制度（财务处，逾期30天）。",
        "2022年6月到期1项：更换电缆（财务处）。",
        "定期开展的1项：每月走访一次（财务处）。",
    ]


def test_a_deadline_of_today_is_not_late(make_ledger: Make) -> None:
    found = situation(make_ledger([{"statement": "更换电缆", "deadline": AS_OF, "status": "推进中"}]))
    assert under(write_situation(found), "三、尚未办结的措施和时限")[0] == (
        "1项措施中尚未办结1项：有时限的1项（其中已逾期0项），没有截止日期的0项。"
    )


def test_extensions_pauses_and_relapses_are_told(make_ledger: Make) -> None:
    asked = {
        "code": "YQ-001", "task": "RW-002", "department": "财务处", "kind": "延期", "applied": date(2022, 2, 1),
        "reason": "流标。", "until": date(2022, 6, 30), "conclusion": "同意", "approved": date(2022, 2, 20),
    }  # fmt: skip
    back = CLOSED | {"recheck_date": date(2022, 3, 15), "recheck_result": "反弹"}
    refused = asked | {"code": "YQ-002", "conclusion": "不同意", "until": date(2022, 9, 30)}
    found = situation(make_ledger(TASKS, problems=PROBLEMS, closeouts=[back], extensions=[asked, refused]))
    lines = write_situation(found)
    assert under(lines, "四、延期、暂缓和反弹情况") == [
        "经批准延期1次，涉及1项措施：修订值班制度（2022年2月20日批准，延期到2022年6月30日，理由：流标）。",
        "没有经批准暂缓的措施。",
        "销号后已回头看1项，发现反弹1项：制定学习计划（2022年3月15日回头看发现）。",
    ]
    assert any("（财务处牵头，2022年3月1日，经批准延期到2022年6月30日）" in line for line in told(lines))


def test_a_relapse_is_told_at_its_measure_too(make_ledger: Make) -> None:
    back = CLOSED | {"recheck_date": date(2022, 3, 15), "recheck_result": "反弹"}
    found = situation(make_ledger(TASKS, problems=PROBLEMS, closeouts=[back], fulfilments=[KEPT]))
    assert under(write_situation(found), "（一）在深学笃用方面")[2].startswith(
        "（1）制定学习计划（财务处牵头，2022年1月31日）。销号后2022年3月15日回头看发现反弹。正在推进"
    )


@pytest.mark.parametrize(
    ("recheck", "said"),
    [
        ({}, "销号的措施都还没有回头看。"),
        ({"recheck_date": date(2022, 4, 1), "recheck_result": "保持"}, "销号的措施都还没有回头看。"),
        ({"recheck_date": AS_OF, "recheck_result": "保持"}, "销号后已回头看1项，没有发现反弹。"),
    ],
)
def test_looking_again_is_counted_by_the_day(recheck: dict[str, Any], said: str, make_ledger: Make) -> None:
    found = situation(make_ledger(TASKS, problems=PROBLEMS, closeouts=[CLOSED | recheck]))
    assert under(write_situation(found), "四、延期、暂缓和反弹情况")[-1] == said


LASTING: list[dict[str, Any]] = [
    {"statement": f"长期抓好第{n}件事", "kind": "长期", "deadline": "长期坚持", "review_cycle": "月",
     "status": "推进中", "update": "照常"} for n in (1, 2, 3)
]  # fmt: skip


def test_reviews_that_found_the_problem_back_are_told_with_what_was_found(make_ledger: Make) -> None:
    reviews = [
        {"code": f"FH-00{n}", "task": f"RW-00{n}", "date": date(2022, 3, n), "finding": finding, "found": words}
        for n, finding, words in ((1, "反弹", "又没有人管。"), (2, "有反复", ""), (3, "保持", "抽查没有问题"))
    ]
    lines = write_situation(situation(make_ledger(LASTING, reviews=reviews)))
    assert under(lines, "四、延期、暂缓和反弹情况")[-1] == (
        "长期坚持的措施已复核3项，最近一次结论为“反弹”的1项：长期抓好第1件事（2022年3月1日复核：又没有人管）。"
        "最近一次结论为“有反复”的1项：长期抓好第2件事（2022年3月2日复核）。"
    )
    items = [line for line in told(lines) if "最近一次结论" in line and line.startswith("（")]
    assert [line.split("最近一次结论为")[1] for line in items] == [
        "“反弹”：又没有人管。照常。", "“有反复”。照常。", "“保持”。照常。",
    ]  # fmt: skip


def test_reviews_without_a_relapse_say_how_many_there_were(make_ledger: Make) -> None:
    kept = {"code": "FH-001", "task": "RW-001", "date": date(2022, 3, 1), "finding": "保持"}
    lines = write_situation(situation(make_ledger(LASTING, reviews=[kept])))
    assert under(lines, "四、延期、暂缓和反弹情况")[-1] == "长期坚持的措施已复核1项，最近一次都没有发现反弹、反复。"


def test_what_waits_past_its_day_is_not_told_as_due_later(make_ledger: Make) -> None:
    applied = {"code": "XH-001", "task": "RW-001", "department": "财务处", "applied": date(2022, 3, 1)}
    task = {"statement": "更换电缆", "deadline": date(2022, 3, 30), "status": "已完成", "update": "换完"}
    lines = write_situation(situation(make_ledger([task], closeouts=[applied])))
    assert under(lines, "三、尚未办结的措施和时限") == [
        "1项措施中尚未办结1项：有时限的1项（其中已逾期0项），没有截止日期的0项。",
        "时限已过、已申请销号或经批准暂缓而不计逾期的1项：更换电缆（财务处）。",
    ]


def test_measures_without_a_department_are_counted_and_marked_once(make_ledger: Make) -> None:
    lines = write_situation(situation(make_ledger([{**each, "department": ""} for each in TASKS[:3]])))
    assert under(lines, "（二）总体进展")[1] == (
        "3项措施中有3项还没有明确牵头部门。〔待补：这些措施的牵头部门，在台账里定了以后重出〕"
    )
    assert sum("牵头部门待明确" in line for line in told(lines)) == 3
    assert sum("牵头部门" in mark for mark in to_write(lines)) == 1


def test_a_deadline_that_nobody_has_set_is_marked(make_ledger: Make) -> None:
    task = {"statement": "更换电缆", "deadline": "", "status": "未启动"}
    lines = write_situation(situation(make_ledger([task])))
    assert under(lines, "三、尚未办结的措施和时限")[-1] == (
        "时限还没有明确的1项：更换电缆（财务处）。〔待补：这些措施的时限〕"
    )


def test_what_the_earlier_table_closed_has_no_procedure_made_up(make_ledger: Make) -> None:
    old = {"code": "XH-001", "task": "RW-001", "evidence": "旧台账.xlsx〈表〉G3：“是否销号”写的是“是”",
           "conclusion": "沿用原台账"}  # fmt: skip
    task = {"statement": "更换电缆", "deadline": date(2022, 3, 1), "status": "已销号", "update": ""}
    lines = write_situation(situation(make_ledger([task], closeouts=[old])))
    assert [line for line in told(lines) if line.startswith("（1）")] == [
        "（1）更换电缆（财务处牵头，2022年3月1日）。已销号（沿用原台账）。"
        "依据：旧台账.xlsx〈表〉G3：“是否销号”写的是“是”。"
    ]


def test_an_empty_ledger_says_so_and_invents_nothing(make_ledger: Make) -> None:
    lines = write_situation(situation(make_ledger([], problems=[])))
    assert under(lines, "二、问题整改落实情况") == ["台账里还没有问题和措施。"]
    assert under(lines, "三、尚未办结的措施和时限") == ["台账里还没有登记整改措施。"]
    assert under(lines, "四、延期、暂缓和反弹情况") == [
        "没有经批准延期的措施。",
        "没有经批准暂缓的措施。",
        "还没有销号的措施。",
    ]


def test_nobody_s_number_reaches_the_report(make_ledger: Make) -> None:
    number = "1" + "3800138" + "000"
    found = situation(make_ledger([{"statement": "更换电缆", "update": f"联系电话{number}", "status": "推进中"}]))
    text = "".join(told(write_situation(found)))
    assert number not in text
    assert "此处不显示" in text


def test_the_document_has_the_official_form(ledger: Path) -> None:
    lines = write_situation(situation(ledger))
    data = situation_document(lines, datetime(2022, 3, 31))
    assert data == situation_document(lines, datetime(2022, 3, 31))
    document = Document(BytesIO(data))
    assert [each.text for each in document.paragraphs] == told(lines)
    section = document.sections[0]
    assert [
        round(side.mm) if side else None
        for side in (section.page_width, section.page_height, section.top_margin, section.left_margin)
    ] == [210, 297, 37, 28]
    looks = {
        line.role: (each.runs[0].font.name, each.runs[0].font.size.pt if each.runs[0].font.size else None)
        for line, each in zip(lines, document.paragraphs, strict=True)
    }
    assert looks == {
        Role.TITLE: ("方正小标宋简体", 22),
        Role.RECIPIENT: ("仿宋_GB2312", 16),
        Role.FIRST: ("黑体", 16),
        Role.SECOND: ("楷体_GB2312", 16),
        Role.THIRD: ("仿宋_GB2312", 16),
        Role.BODY: ("仿宋_GB2312", 16),
        Role.ATTACHMENT: ("仿宋_GB2312", 16),
        Role.SIGNATURE: ("仿宋_GB2312", 16),
    }
    marked = [run.text for each in document.paragraphs for run in each.runs if run.font.highlight_color]
    assert [mark.removeprefix("〔待补：").removesuffix("〕") for mark in marked] == to_write(lines)
    with zipfile.ZipFile(BytesIO(data)) as package:
        assert 'w:name="仿宋_GB2312"><w:altName w:val="仿宋"/>' in package.read("word/fontTable.xml").decode()
        footers = [
            package.read(name).decode() for name in package.namelist() if "footer" in name and "rels" not in name
        ]
    assert sorted("left" if 'w:val="left"' in each else "right" for each in footers) == ["left", "right"]
    assert all("PAGE" in each and "— " in each for each in footers)


def test_the_command_says_what_is_left_to_write(ledger: Path, run: Run) -> None:
    result = run("report", "--word", "--as-of", AS_OF, "-l", ledger)
    path = ledger.parent / "报表" / "整改情况报告_2022-03-31.docx"
    assert (result.exit_code, result.stdout) == (
        0,
        "情况报告有 5 处〔待补〕要人写：\n"
        "  主送机关\n"
        "  上级通知的名称和文号\n"
        "  党委（党组）研究部署、领导带头、责任分工和督促检查的情况\n"
        "  整改措施和进展\n"
        "  附件的名称，没有的删去这一行\n",
    )
    assert f"已生成 {path}\n" in result.stderr
    before = path.read_bytes()
    path.write_bytes(before + b"typed")
    again = run("report", "--word", "--as-of", AS_OF, "-l", ledger)
    assert "已改名留作" in again.stderr
    assert path.read_bytes() == before


def test_a_dry_run_writes_nothing(ledger: Path, run: Run) -> None:
    result = run("report", "--word", "--as-of", AS_OF, "-l", ledger, "-n")
    assert result.exit_code == 0
    assert not (ledger.parent / "报表").exists()


@pytest.mark.parametrize("other", ["--public", "--pdf"])
def test_two_kinds_of_paper_at_once_are_refused(ledger: Path, run: Run, other: str) -> None:
    result = run("report", "--word", other, "-l", ledger)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "不能和 --public、--pdf 一起用" in result.stderr


def test_a_workbook_s_name_is_refused_for_it(ledger: Path, run: Run) -> None:
    result = run("report", "--word", "-o", ledger.parent / "报告.xlsx", "-l", ledger)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "要以 .docx 结尾" in result.stderr


@pytest.mark.parametrize(
    ("title", "told_as"),
    [
        ("有的会议“以会代训”；；文件偏长。。", "1. 有的会议“以会代训”；文件偏长。"),
        ("会议多；。文件长，。", "1. 会议多。文件长。"),
        ("会议多，文件长", "1. 会议多，文件长。"),
    ],
)
def test_of_stops_one_after_another_one_is_left(title: str, told_as: str, make_ledger: Make) -> None:
    problem = {**PROBLEMS[0], "title": title}
    lines = told(write_situation(situation(make_ledger(TASKS[:1], problems=[problem]))))
    assert [line for line in lines if line.startswith("1. ")] == [told_as]


@pytest.mark.parametrize(("letters", "alignment"), [(19, "JUSTIFY"), (20, "LEFT")])
def test_a_line_before_a_long_word_is_not_stretched(letters: int, alignment: str) -> None:
    lines = [Line(Role.BODY, f"升级系统{'a' * letters}。")]
    (paragraph,) = Document(BytesIO(situation_document(lines, datetime(2022, 3, 31)))).paragraphs
    assert paragraph.alignment is not None
    assert paragraph.alignment.name == alignment


def test_the_signature_does_not_stand_alone_on_a_page() -> None:
    lines = [
        Line(Role.BODY, "甲。"),
        Line(Role.BODY, "乙。"),
        Line(Role.SIGNATURE, "某局"),
        Line(Role.SIGNATURE, "日期"),
    ]
    document = Document(BytesIO(situation_document(lines, datetime(2022, 3, 31))))
    kept = [bool(each.paragraph_format.keep_with_next) for each in document.paragraphs]
    assert kept == [False, True, True, False]
