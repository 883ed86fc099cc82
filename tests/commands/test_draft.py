"""``taizhang draft`` by the command line: what stands in the sheets, what is said, and what is asked for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import Ledger, read_ledger

Run = Callable[..., Result]

PLAN = """某某局整改方案
一、关于值班脱岗的问题
整改措施：（1）修订值班办法；（2）每月抽查值班情况。
责任领导：王某某
责任单位：办公室、保卫科
完成时限：2025年6月底前
二、关于用车登记不全的问题
整改措施：补登用车记录。
责任领导：分管副局长
责任单位：车队
完成时限：立行立改
某某局
2025年3月6日
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "方案.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def opened(path: Path) -> Ledger:
    return read_ledger(path, standard_forms())


def rows(book: Ledger, register: str, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(record.cells[key] for key in keys) for record in book.registers[register].records]


def test_owners_deadlines_and_links_stand_in_the_sheets(run: Run, tmp_path: Path, source: Path) -> None:
    ledger = tmp_path / "新" / "整改台账.xlsx"
    result = run("draft", source, "-l", ledger)
    assert result.exit_code == 0, result.output
    book = opened(ledger)
    keys = ("statement", "leader", "department", "supporting", "deadline", "problems", "link_basis", "note")
    assert rows(book, "tasks", *keys) == [
        ("修订值班办法", "", "办公室", "保卫科", "2025年6月底前", "WT-01", "原文", "原文写了责任人的姓名，待对应岗位"),
        (
            "每月抽查值班情况",
            "",
            "办公室",
            "保卫科",
            "2025年6月底前",
            "WT-01",
            "原文",
            "原文写了责任人的姓名，待对应岗位",
        ),
        ("补登用车记录", "分管副局长", "车队", "", "立行立改", "WT-02", "原文", ""),
    ]
    settings = book.settings
    assert [each.name for each in settings.departments] == ["办公室", "保卫科", "车队"]
    assert (settings.posts, settings.unit, settings.year) == (("分管副局长",), "某某局", 2025)
    assert settings.facts["部门出处"] == "报告原文，请核对"


def test_what_was_read_from_the_text_and_what_was_not_is_said(run: Run, tmp_path: Path, source: Path) -> None:
    said = run("draft", source, "-l", tmp_path / "新" / "整改台账.xlsx", "-n").stdout.splitlines()
    expected = [
        "没有归类：第 12 段“某某局”、第 13 段“2025年3月6日”，像是落款。",
        "没有写进台账的还有：开头第 1 段。",
        "待明确：3 项任务的完成标准都要定；牵头部门原文有写的 3 项；时限原文有写的 3 项，其余 0 项待定。",
        "对应问题：报告里写明的 3 项，在“对应依据”里标为“原文”。",
        "方案年度：按第 3 段（措施的时限）写成 2025 年；不对的，删去台账，加 --year 重新起草。",
        "单位名称：按第 12 段（落款）写成“某某局”，请核对。",
        "部门：报告原文写了办公室、保卫科、车队，已写进〈参数〉和〈整改任务〉，请核对。",
        "待对应岗位：第 4 段写的责任人是姓名，没有录入；请在〈整改任务〉的“牵头领导”写岗位。",
    ]
    assert [line for line in said if line in expected] == expected
    assert not any("王某某" in line for line in said)


def test_a_year_that_the_text_does_not_say_is_asked_for(run: Run, tmp_path: Path) -> None:
    source, ledger = tmp_path / "材料.txt", tmp_path / "新" / "整改台账.xlsx"
    source.write_text(
        "2024年度对照检查材料\n一、存在问题\n1.学习不够。\n二、整改措施\n1.制定学习计划。\n", encoding="utf-8"
    )
    result = run("draft", source, "-l", ledger)
    assert (result.exit_code, result.stdout, ledger.exists()) == (2, "", False)
    assert result.stderr.splitlines() == [
        "没有运行：材料.txt 里没有写这是哪一年的整改方案，没有起草。请加上 --year 和年份，例如 --year 2025。",
        "读到的是：1 个问题、0 个原因、1 项任务。",
    ]
    done = run("draft", source, "-l", ledger, "--year", "2025")
    assert (done.exit_code, opened(ledger).settings.year) == (0, 2025)
    assert "单位名称：材料里没有读到，请在〈参数〉填写，或加 --unit 重新起草。" in done.stdout


def test_given_unit_and_year_go_before_those_of_the_text(run: Run, tmp_path: Path, source: Path) -> None:
    ledger = tmp_path / "新" / "整改台账.xlsx"
    result = run("draft", source, "-l", ledger, "--unit", "另一局", "--year", "2026")
    settings = opened(ledger).settings
    assert (settings.unit, settings.year) == ("另一局", 2026)
    assert not any(line.startswith(("方案年度", "单位名称")) for line in result.stdout.splitlines())


def test_the_outline_is_shown_with_reasons_and_nothing_is_written(run: Run, tmp_path: Path, source: Path) -> None:
    before = sorted(tmp_path.iterdir())
    result = run("draft", source, "--explain")
    assert (result.exit_code, sorted(tmp_path.iterdir())) == (0, before)
    lines = result.stdout.splitlines()
    assert lines[:4] == [
        "第 2 段　一、关于值班脱岗的问题　→ 问题（下面写着整改措施或整改进展）",
        "　第 3 段　整改措施：　→ 措施（标签写着“整改措施”）",
        "　　第 3 段　（1）修订值班办法；　→ 措施（在措施部分里）",
        "　　第 3 段　（2）每月抽查值班情况。　→ 措施（在措施部分里）",
    ]
    assert "王某某" not in result.stdout
    assert lines[-1] == (
        "当得不对的，在 方案.归类.txt 里一行写一段，例如“第 5 段 措施”，一段是什么，写问题、原因、措施、方面、不录；"
        "一个标题下面全是什么，写问题部分、原因部分、措施部分。写好再运行一次。"
    )


def test_the_outline_shows_no_name(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "材料.txt"
    source.write_text(
        "一、整改措施\n1.由王某某牵头，修订值班办法。\n2.补登记录（责任人：李某）。\n责任领导：赵某某\n"
        "3.张三每月核对台账，并由周晓东抽查。\n4.财务科长陈建国清点现金。\n5.更换门锁，李四，5月底前。\n",
        encoding="utf-8",
    )
    said = run("draft", source, "--explain").stdout
    assert "　第 2 段　1.（姓名不显示）修订值班办法。　→ 措施（在措施部分里）" in said.splitlines()
    assert "　第 5 段　3.（姓名不显示）每月核对台账，并抽查。　→ 措施（在措施部分里）" in said.splitlines()
    names = ("王某某", "李某", "赵某某", "张三", "周晓东", "陈建国", "李四")
    assert [name for name in names if name in said] == []


ORIGINS = [
    ("某局领导班子专题民主生活会对照检查材料", "", "按第 1 段（标题）写成“民主生活会”；不对的，加 --source。"),
    ("中共某县水务局党组关于巡察整改进展情况的通报", "", "按第 1 段（标题）写成“巡视巡察”；不对的，加 --source。"),
    ("关于预算执行审计查出问题整改情况的报告", "", "按第 1 段（标题）写成“审计”；不对的，加 --source。"),
    ("某局主题教育检视问题整改方案", "", "按第 1 段（标题）写成“主题教育”；不对的，加 --source。"),
    ("某局消防专项检查整改方案", "", "按第 1 段（标题）写成“检查”；不对的，加 --source。"),
    (
        "某局整改方案",
        "根据县委第二巡察组反馈的意见，制定本方案。",
        "按第 2 段（开头）写成“巡视巡察”；不对的，加 --source。",
    ),
    ("某局整改方案", "经局务会研究，制定本方案。", "材料里没有读到，写成“民主生活会”；不对的，加 --source。"),
]


@pytest.mark.parametrize(("title", "opening", "told"), ORIGINS)
def test_where_the_problems_come_from_is_read_and_said(
    title: str, opening: str, told: str, run: Run, tmp_path: Path
) -> None:
    source, ledger = tmp_path / "材料.txt", tmp_path / "新" / "整改台账.xlsx"
    body = "一、存在问题\n1.后厨通风差。\n二、整改措施\n1.6月底前清洗风道。\n"
    source.write_text("\n".join(filter(None, (title, opening, body))), encoding="utf-8")
    done = run("draft", source, "-l", ledger, "--year", "2025")
    assert [line for line in done.stdout.splitlines() if line.startswith("问题来源")] == [f"问题来源：{told}"]
    assert rows(opened(ledger), "problems", "source") == [(told.partition("“")[2].partition("”")[0],)]
    assert run("validate", "-l", ledger).exit_code in {0, 1}


def test_a_given_source_goes_before_that_of_the_text(run: Run, tmp_path: Path) -> None:
    source, ledger = tmp_path / "材料.txt", tmp_path / "新" / "整改台账.xlsx"
    source.write_text("某局巡察整改方案\n一、存在问题\n1.后厨通风差。\n二、整改措施\n1.清洗风道。\n", encoding="utf-8")
    done = run("draft", source, "-l", ledger, "--year", "2025", "--source", "审计")
    assert done.exit_code == 0
    assert "问题来源" not in done.stdout
    assert rows(opened(ledger), "problems", "source") == [("审计",)]


def test_a_file_beside_the_report_rules_what_a_paragraph_is(run: Run, tmp_path: Path) -> None:
    source, ledger = tmp_path / "材料.txt", tmp_path / "新" / "整改台账.xlsx"
    source.write_text(
        "一、基本情况\n食堂有一个后厨。\n二、存在问题\n1.后厨通风差。\n2.今年新装了风机。\n三、整改措施\n1.清洗风道。\n",
        encoding="utf-8",
    )
    rulings = source.with_name("材料.归类.txt")
    rulings.write_text("# 核对过\n第 5 段 不录\n", encoding="utf-8")
    assert run("draft", source, "-l", ledger, "--year", "2025").exit_code == 0
    assert rows(opened(ledger), "problems", "title") == [("后厨通风差",)]
    rulings.write_text("第 5 段 问题\n第 99 段 措施\n", encoding="utf-8")
    said = run("draft", source, "-l", ledger, "--year", "2025", "--explain").stdout
    assert "　第 5 段　2.今年新装了风机。　→ 问题（归类文件里这样写的）" in said.splitlines()
    told = run("draft", source, "-l", tmp_path / "又" / "整改台账.xlsx", "--year", "2025", "-n").stdout
    assert "请核对：归类文件里的第 99 段没有用上：不是单独的一段或一条，请核对段落号。" in told.splitlines()


@pytest.mark.parametrize("line", ["第五段 措施", "5 整改", "8-5 问题", "措施", "1-99999 问题"])
def test_a_ruling_that_is_none_is_refused_with_its_line(run: Run, tmp_path: Path, source: Path, line: str) -> None:
    source.with_name("方案.归类.txt").write_text(f"3 措施\n{line}\n", encoding="utf-8")
    result = run("draft", source, "-l", tmp_path / "新" / "整改台账.xlsx", "-n")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(
        "没有运行：方案.归类.txt 第 2 行看不懂。请写成“第 5 段 措施”或“5-8 问题”，可以写：问题、"
    )


def test_a_mark_in_the_text_rules_too(run: Run, tmp_path: Path) -> None:
    source, ledger = tmp_path / "材料.txt", tmp_path / "新" / "整改台账.xlsx"
    source.write_text("【问题】印章没有登记。\n【措施】补登印章使用记录。\n【不录】会议纪要另发。\n", encoding="utf-8")
    assert run("draft", source, "-l", ledger, "--year", "2025").exit_code == 0
    book = opened(ledger)
    assert (rows(book, "problems", "title"), rows(book, "tasks", "statement")) == (
        [("印章没有登记",)],
        [("补登印章使用记录",)],
    )


def test_a_text_with_nothing_to_draft_is_refused_with_what_was_seen(run: Run, tmp_path: Path) -> None:
    source = tmp_path / "通知.txt"
    source.write_text("会议通知\n定于周五下午召开例会，请准时参加。\n某某局办公室\n", encoding="utf-8")
    result = run("draft", source, "-l", tmp_path / "新" / "整改台账.xlsx", "--year", "2025")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.splitlines() == [
        "没有运行：通知.txt 里没有读到问题和措施，请核对是不是对照检查材料，标题是否写着“存在问题”“整改措施”。",
        "看到的是：第 1—2 段开头，第 3 段没有归类。",
        f"每一段当作了什么，请看 taizhang draft {source} --explain；读错的，照它的说明写一份归类文件。",
    ]


def test_a_list_without_any_heading_is_read_by_its_words_and_said(run: Run, tmp_path: Path) -> None:
    source, ledger = tmp_path / "清单.txt", tmp_path / "新" / "整改台账.xlsx"
    source.write_text("1.门禁失效。\n2.监控老化。\n3.巡查不到位。\n", encoding="utf-8")
    result = run("draft", source, "-l", ledger, "--year", "2025")
    assert "请核对：第 1 段起的 3 条：没有标题，按内容当作问题，请核对。" in result.stdout.splitlines()
    assert len(rows(opened(ledger), "problems", "title")) == 3


def test_progress_beside_the_only_measure_is_written_as_its_update(run: Run, tmp_path: Path) -> None:
    source, ledger = tmp_path / "材料.txt", tmp_path / "新" / "整改台账.xlsx"
    source.write_text(
        "一、存在问题\n1.厕所管理不规范。\n整改措施：修建厕所。\n整改进展：完成了选址。正在整改。\n", encoding="utf-8"
    )
    assert run("draft", source, "-l", ledger, "--year", "2025").exit_code == 0
    assert rows(opened(ledger), "tasks", "statement", "update", "status") == [("修建厕所", "完成了选址", "推进中")]
