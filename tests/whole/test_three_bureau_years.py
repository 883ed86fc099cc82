"""Three years of one bureau by the command line: a report, the year after with a list of the inspectors, a third.

What each year hands over, and every figure, is counted by hand here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook
from support.old_tables import OldTable, write_table
from support.returned import fill
from taizhang.cli import main
from taizhang.ledger.model import read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.ledger.registers import Register
from taizhang.splice import SetCell, patch
from taizhang.typed.text import as_text
from xlsxwriter import Workbook

pytestmark = pytest.mark.slow

REPORT = """某局领导班子对照检查材料
（2022年1月）
一、存在的突出问题
（一）在为群众办实事方面
1.办件时间长。窗口办件平均要十天。
2.走访不经常。全年只走访两次。
（二）在担当作为方面
1.值班脱岗。夜间抽查两次没有人在岗。
2.档案不全。近三年档案没有归集。
3.系统不联通。几个系统的数据要重复录入。
二、原因分析
（一）流程多。一件事要过五个部门。
（二）责任没有落到人。
三、整改措施
（一）压缩办件时间。修订办件流程（责任部门：政务处；完成时限：2022年3月底前）。\
公布办件清单（责任部门：政务处；完成时限：2022年6月底前）。
（二）经常走访。每季度走访一次企业（责任部门：党委办公室；完成时限：2022年12月底前）。
（三）管好值班。修订值班制度（责任部门：党委办公室；完成时限：2022年4月底前）。\
坚持领导带班，长期坚持（责任部门：党委办公室）。
（四）归集档案。补齐近三年档案（责任部门：财务处；完成时限：2022年6月底前）。
（五）打通系统。建成数据共享系统（责任部门：财务处；完成时限：2022年12月底前）。
"""
INSPECTION = OldTable(
    rows=(
        ("序号", "反馈问题", "整改措施", "责任部门", "完成时限"),
        (1, "采购不规范", "修订采购办法", "财务处", "2023年3月底"),
        (2, "接待费用超标", "核减接待费用", "财务处", "2023年12月底"),
        (3, "培训走过场", "制定培训计划", "人事处", "2023年6月底"),
    ),
    problems=(),
    tasks=(),
    figures=(0, 0, "", ""),
)
HEADS = ("序号", "存在问题", "整改措施", "责任单位", "完成时限", "完成情况", "是否销号")
REGISTERS = ("problems", "causes", "tasks", "closeouts", "extensions", "fulfilments")


@dataclass
class Year:
    """The office in the folder of a year, at a moment of its clock."""

    folder: Path
    clock: datetime

    @property
    def ledger(self) -> Path:
        return self.folder / "整改台账.xlsx"

    def on(self, day: str) -> None:
        self.clock = datetime.fromisoformat(f"{day}T09:00")

    def run(self, *args: object) -> Result:
        """Run a command on the ledger now; a traceback fails the test."""
        env = {"SOURCE_DATE_EPOCH": str(int(self.clock.timestamp()))}
        words = [*map(str, args), "-l", str(self.ledger)]
        result = CliRunner().invoke(main, words, env=env)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    def said(self, *args: object, exit_code: int = 0) -> list[str]:
        """Run a command that ends with this status; return the lines of stdout."""
        result = self.run(*args)
        assert result.exit_code == exit_code, result.output
        return result.stdout.splitlines()

    def register(self, name: str) -> Register:
        return read_ledger(self.ledger, forms_beside(self.ledger)).registers[name]

    def types(self, name: str, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Type into rows by code, by hand; rows of other codes are begun below the last one."""
        register = self.register(name)
        below = max((each.row for each in register.records), default=3)
        cells = []
        for code, values in rows.items():
            if code in register.by_code:
                row = register.by_code[code].row
            else:
                row = below = below + 1
                cells.append(SetCell(register.sheet.name, row, register.columns["code"], code))
            cells += [SetCell(register.sheet.name, row, register.columns[key], value) for key, value in values.items()]
        self.ledger.write_bytes(patch(self.ledger.read_bytes(), cells)[0])
        os.utime(self.ledger, (self.clock.timestamp(), self.clock.timestamp()))

    def returns(self, period: str, department: str, values: dict[str, dict[str, Any]]) -> None:
        fill(self.ledger, values, name=department, department=department, period=period)

    def texts(self, name: str, *keys: str) -> list[tuple[str, ...]]:
        """Return the cells of a register as texts, with the office's own columns of these heads."""
        register = self.register(name)
        own = {head: number for number, head in register.extra}
        return [
            tuple(as_text(register.sheet.value(each.row, own[key]) if key in own else each.cells[key]) for key in keys)
            for each in register.records
        ]

    def codes(self) -> set[str]:
        known = read_ledger(self.ledger, forms_beside(self.ledger)).registers
        return {each.code for name in REGISTERS if name in known for each in known[name].records}

    def files(self) -> dict[Path, bytes]:
        return {each: each.read_bytes() for each in self.folder.rglob("*") if each.is_file()}


def closeout(task: str, department: str, applied: date, decided: date, conclusion: str = "同意销号") -> dict[str, Any]:
    return {
        "task": task, "department": department, "applied": applied, "applicant": "处长", "evidence": "印发件",
        "first_review": "通过", "first_date": applied, "reviewer": "办公室主任", "leader_date": decided,
        "committee_date": decided, "conclusion": conclusion,
    }  # fmt: skip


def superiors_form(path: Path, rows: int) -> Path:
    """Make a form of the superior with blank framed rows."""
    book = Workbook(path)
    sheet, frame = book.add_worksheet("附件1"), book.add_format({"border": 1})
    for row in range(rows + 1):
        for column, head in enumerate(HEADS):
            sheet.write(row, column, "" if row else head, frame)
    book.close()
    return path


def test_three_years_of_a_bureau(tmp_path: Path) -> None:
    first, second, third = (Year(tmp_path / str(year), datetime(year, 1, 4, 9)) for year in (2022, 2023, 2024))
    play_first_year(first)
    before = first.files()
    begin_second_year(first, second)
    play_second_year(second)
    also_before = second.files()
    play_third_year(first, second, third)
    assert (first.files(), second.files()) == (before, also_before)
    # problems, causes, tasks, close-outs, extensions, fulfilments
    years = [each.codes() for each in (first, second, third)]
    assert [len(each) for each in years] == [5 + 2 + 7 + 4 + 1 + 2, 7 + 1 + 8 + 4 + 1 + 1, 6 + 0 + 6 + 2 + 1 + 0]
    assert len(set[str]().union(*years)) == sum(map(len, years)), "no code is of two years"


def play_first_year(year: Year) -> None:
    """Seven measures; three close, one of them relapses, one is kept up, one gets more time, one is late."""
    year.folder.mkdir()
    report = year.folder / "对照检查材料.txt"
    report.write_text(REPORT, encoding="utf-8")
    year.on("2022-02-01")
    said = year.said("draft", report, "--unit", "某局", "--year", "2022")
    assert said[0] == "读到 2 个方面、5 个问题、2 个原因、5 组措施 7 句，分解成 7 项任务（其中原则性 0 项）。"
    assert year.texts("tasks", "statement", "department", "kind", "deadline") == [
        ("修订办件流程", "政务处", "一次", "2022年3月底前"),
        ("公布办件清单", "政务处", "一次", "2022年6月底前"),
        ("每季度走访一次企业", "党委办公室", "周期", "2022年12月底前"),
        ("修订值班制度", "党委办公室", "一次", "2022年4月底前"),
        ("坚持领导带班，长期坚持", "党委办公室", "长期", "长期坚持"),
        ("补齐近三年档案", "财务处", "一次", "2022年6月底前"),
        ("建成数据共享系统", "财务处", "一次", "2022年12月底前"),
    ]
    problems = ("WT-01", "WT-01", "WT-02", "WT-03", "WT-03", "WT-04", "WT-05")
    year.types(
        "tasks",
        {
            f"RW-{number:03}": {
                "problems": problem, "link_basis": "办公室判定", "standard": "印发件", "start": date(2022, 2, 1),
                **({"review_cycle": "季"} if number == 5 else {}), **({"per_cycle": 1} if number == 3 else {}),
            }
            for number, problem in enumerate(problems, 1)
        },
    )  # fmt: skip
    year.types("problems", {"WT-01": {"causes": "YY-01"}, "WT-04": {"causes": "YY-02"}})

    year.on("2022-03-10")
    assert "合计：3 个部门，8 行，要填 52 格" in year.said("issue", "-p", "2022-03")
    year.on("2022-03-28")
    done = {"status": "已完成", "progress": 1, "evidence": "印发件"}
    started = {"status": "推进中", "progress": 0.3}
    year.returns(
        "2022-03", "政务处", {"RW-001": done | {"update": "已印发"}, "RW-002": started | {"update": "写了初稿"}}
    )
    year.returns(
        "2022-03", "党委办公室", {"RW-004": started | {"update": "正在起草"}, "RW-005": started | {"update": "排了班"}}
    )
    year.returns(
        "2022-03", "财务处", {"RW-006": started | {"update": "补齐一年"}, "RW-007": started | {"update": "立项"}}
    )
    assert year.said("merge", "-y")[1:4] == [
        "党委办公室（党委办公室.xlsx）：下发 4 行 = 采用 2 + 没变 2 + 退回 0 + 冲突 0 + 缺 0；"
        "没变的里面 1 行没有说：RW-003",
        "政务处（政务处.xlsx）：下发 2 行 = 采用 2 + 没变 0 + 退回 0 + 冲突 0 + 缺 0",
        "财务处（财务处.xlsx）：下发 2 行 = 采用 2 + 没变 0 + 退回 0 + 冲突 0 + 缺 0",
    ]
    year.on("2022-04-12")
    year.types("closeouts", {"XH-001": closeout("RW-001", "政务处", date(2022, 3, 28), date(2022, 4, 11))})
    year.types("tasks", {"RW-001": {"status": "已销号"}})

    year.on("2022-06-10")
    year.said("issue", "-p", "2022-06")
    year.on("2022-06-24")
    year.returns("2022-06", "党委办公室", {code: done | {"update": "做到了"} for code in ("RW-004", "RW-005")})
    year.returns("2022-06", "财务处", {"RW-006": done | {"update": "补齐三年"}, "RW-007": {"update": "流标一次"}})
    said = year.said("merge", "-y", exit_code=1)
    assert "政务处.xlsx: absent: 警告：政务处还没有报 2022-06 期的表（2022-06-24 截止），请催报。" in said
    year.on("2022-07-06")
    applied, decided = date(2022, 6, 24), date(2022, 7, 5)
    year.types(
        "closeouts",
        {
            "XH-002": closeout("RW-004", "党委办公室", applied, decided),
            "XH-003": closeout("RW-005", "党委办公室", applied, decided, "转长期坚持"),
            "XH-004": closeout("RW-006", "财务处", applied, decided),
        },
    )
    year.types(
        "tasks", {"RW-004": {"status": "已销号"}, "RW-005": {"status": "长期坚持"}, "RW-006": {"status": "已销号"}}
    )

    year.on("2022-09-20")
    year.types("closeouts", {"XH-002": {"recheck_date": date(2022, 9, 16), "recheck_result": "反弹"}})
    year.types("tasks", {"RW-004": {"status": "推进中", "progress": 0.5}})
    extension = {
        "task": "RW-007", "department": "财务处", "kind": "延期", "applied": date(2022, 9, 10), "applicant": "处长",
        "reason": "招标流标一次", "until": date(2023, 6, 30), "approver": "局长", "conclusion": "同意",
        "approved": date(2022, 9, 19),
    }  # fmt: skip
    year.types("extensions", {"YQ-001": extension})
    year.on("2022-12-31")
    # due by then: RW-001, 002, 004, 006, of which 001 and 006 in time; late are 002 and 004, since 30 April (245 days);
    # red are these, RW-003 with three quarters, and RW-007 at 30 % after 333 of 514 days
    assert year.said("report", "--as-of", "2022-12-31") == [
        "7项措施（一次5、周期1、长期1）：按期办结率50%（2/4项）；逾期2项，在政务处、党委办公室，最长245天。",
        "关注：1项周期措施欠3次；4项红灯未填报原因；明年1月底前还有1项到期。",
    ]


def begin_second_year(first: Year, second: Year) -> None:
    second.on("2023-01-04")
    begin = ("new", second.ledger, "--after", first.ledger)
    assert second.said(*begin) == [
        "新建 整改台账.xlsx：某局，2023 年度，接着 整改台账.xlsx（2022 年度），16 张登记表。",
        "结转 5 项没有销号的任务（其中长期坚持 1 项）、4 个问题、1 个原因，来源写作“上年结转”；"
        "原来的编号和时限写在“首次编号”“首次时限”两列。",
        "编号接着上一年排，不会和上一年的相混：上一年用到 WT-05、YY-02、RW-007、XH-004、ZQ-0002、YQ-001、HD-001。",
        "周期任务从新年度起算，上一年欠的没有结转：RW-003 欠 4 次；要补的请另列任务。",
        "周期任务的时限已经过了，新年度不再按周期欠次数：RW-009（2022-12-31）；接着做的，请定新的时限，"
        "不再做的，请办销号。",
        "从空表开始的：履行记录；底册、名册要接着用的，请从旧台账复制，编号接着上一年的往下编。",
        "颜色、批注、列宽、隐藏的行列没有带过来，要用的请从旧台账复制。",
    ]
    made = second.ledger.read_bytes()
    again = second.run(*begin)
    assert (again.exit_code, again.stdout) == (2, "")
    assert "整改台账.xlsx 已经有了，一本台账一个文件夹，没有新建。" in again.stderr
    assert second.ledger.read_bytes() == made
    assert second.texts("tasks", "code", "首次编号", "首次时限", "deadline", "status", "source", "problems") == [
        ("RW-008", "RW-002", "2022年6月底前", "2022-06-30", "推进中", "上年结转", "WT-06"),
        ("RW-009", "RW-003", "2022年12月底前", "2022-12-31", "未启动", "上年结转", "WT-07"),
        ("RW-010", "RW-004", "2022年4月底前", "2022-04-30", "推进中", "上年结转", "WT-08"),
        ("RW-011", "RW-005", "长期坚持", "长期坚持", "长期坚持", "上年结转", "WT-08"),
        ("RW-012", "RW-007", "2022年12月底前", "2022-12-31", "推进中", "上年结转", "WT-09"),
    ]
    assert second.texts("problems", "code", "首次编号", "causes") == [
        ("WT-06", "WT-01", "YY-03"), ("WT-07", "WT-02", ""), ("WT-08", "WT-03", ""), ("WT-09", "WT-05", ""),
    ]  # fmt: skip
    assert second.texts("closeouts", "code", "首次编号", "task", "conclusion", "recheck_result") == [
        ("XH-005", "XH-002", "RW-010", "同意销号", "反弹"),
        ("XH-006", "XH-003", "RW-011", "转长期坚持", ""),
    ]
    assert second.texts("extensions", "code", "首次编号", "task", "until", "conclusion") == [
        ("YQ-002", "YQ-001", "RW-012", "2023-06-30", "同意")
    ]
    assert second.said("validate", "--skip", "proof-row") == []


def play_second_year(year: Year) -> None:
    """The inspectors list three problems more; one old and one new measure close."""
    year.on("2023-01-05")
    table = write_table(year.folder / "巡察反馈清单.xlsx", INSPECTION)
    said = year.said("adopt", table, "--into", year.ledger, "--source", "巡察", "-y")
    assert [line for line in said if line.startswith("〈")] == [
        "〈问题清单〉新加 WT-10 到 WT-12，3 行。",
        "〈整改任务〉新加 RW-013 到 RW-015，3 行。",
        "〈参数〉的“部门”新加：人事处。",
        "〈参数〉的“方面”新加：未分方面。",
    ]
    assert year.texts("tasks", "code", "首次编号", "source")[-3:] == [
        (f"RW-0{number}", "", "原台账") for number in (13, 14, 15)
    ]
    standards = {f"RW-0{number}": {"standard": "印发件"} for number in (13, 14, 15)}
    year.types("tasks", standards | {"RW-009": {"deadline": date(2023, 12, 31)}})
    year.on("2023-03-10")
    year.said("issue", "-p", "2023-03")
    year.on("2023-03-24")
    done = {"status": "已完成", "progress": 1, "evidence": "印发件", "update": "做完了"}
    year.returns("2023-03", "政务处", {"RW-008": done})
    year.returns("2023-03", "财务处", {"RW-012": {"progress": 0.7, "update": "在开发"}, "RW-013": done})
    year.returns("2023-03", "党委办公室", {"RW-010": {"progress": 0.9, "update": "又修订了"}})
    said = year.said("merge", "-y", exit_code=1)
    assert said[1:5] == [
        "党委办公室（党委办公室.xlsx）：下发 4 行 = 采用 1 + 没变 3 + 退回 0 + 冲突 0 + 缺 0；"
        "没变的里面 2 行没有说：RW-009、RW-011",
        "政务处（政务处.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0",
        "财务处（财务处.xlsx）：下发 3 行 = 采用 2 + 没变 1 + 退回 0 + 冲突 0 + 缺 0；没变的里面 1 行没有说：RW-014",
        "人事处（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1",
    ]
    year.types("fulfilments", {"ZQ-0003": {"done": 1, "done_on": date(2023, 3, 20), "what": "走访一家"}})
    year.on("2023-04-12")
    applied, decided = date(2023, 3, 24), date(2023, 4, 11)
    year.types(
        "closeouts",
        {
            "XH-007": closeout("RW-008", "政务处", applied, decided),
            "XH-008": closeout("RW-013", "财务处", applied, decided),
        },
    )
    year.types("tasks", {code: {"status": "已销号"} for code in ("RW-008", "RW-013")})
    year.on("2023-12-31")
    # due by then: RW-008, 010, 012, 013, 015, of which 013 in time; late are 010 (610 days), 012 and 015
    assert year.said("report", "--as-of", "2023-12-31") == [
        "8项措施（一次6、周期1、长期1；上年结转5）：按期办结率20%（1/5项）；逾期3项，在党委办公室、财务处、人事处，最长610天。",
        "关注：1项周期措施欠2次；4项红灯未填报原因；明年1月底前还有2项到期。",
    ]
    year.said("report", "--word", "--as-of", "2023-12-31")
    words = [each.text for each in Document(str(year.folder / "报表" / "整改情况报告_2023-12-31.docx")).paragraphs]
    counted = [
        "列入整改台账的问题7个（3个方面），整改措施8项（限期完成6项、定期开展1项、长期坚持1项）。",
        "截至2023年12月31日，8项措施中已办结3项（已审定销号2项、转为长期坚持1项），占38%；尚未办结5项（正在推进2项、尚未启动3项）。",
        "按性质分别统计：限期完成的措施已到期5项，按期办结率20%（1/5项）；有期限、可销号的7项，销号率29%（2/7项）；"
        "定期开展的应履行3期，履行率33%（1/3期）；长期坚持的应复核1次，复核率0%（0/1次）。"
        "逾期3项，最长610天。",
        "7个问题中，措施全部办结的2个、尚未全部办结的5个。",
        "经批准延期1次，涉及1项措施：建成数据共享系统（2022年9月19日批准，延期到2023年6月30日，理由：招标流标一次）。",
        "销号后已回头看1项，发现反弹1项：修订值班制度（2022年9月16日回头看发现）。",
    ]
    assert [each for each in words if each in counted] == counted
    source = superiors_form(year.folder / "统计表.xlsx", 8)
    assert "填 8 行，一行一项措施。" in year.said("fill", source, "--as-of", "2023-12-31", "-y")
    sheet = load_workbook(year.folder / "报表" / "统计表_已填_2023-12-31.xlsx")["附件1"]
    assert [row[2:] for row in sheet.iter_rows(min_row=2, values_only=True)] == [
        ("公布办件清单", "政务处", "2022年6月30日", "做完了", "是"),
        ("每季度走访一次企业", "党委办公室", "2023年12月31日", None, "否"),
        ("修订值班制度", "党委办公室", "2022年4月30日", "又修订了", "否"),
        ("坚持领导带班，长期坚持", "党委办公室", "长期坚持", "做到了", "是"),
        ("建成数据共享系统", "财务处", "2023年6月30日", "在开发", "否"),
        ("修订采购办法", "财务处", "2023年3月底", "做完了", "是"),
        ("核减接待费用", "财务处", "2023年12月底", None, "否"),
        ("制定培训计划", "人事处", "2023年6月底", None, "否"),
    ]


def play_third_year(first: Year, second: Year, third: Year) -> None:
    third.on("2024-01-03")
    assert third.said("new", third.ledger, "--after", second.ledger) == [
        "新建 整改台账.xlsx：某局，2024 年度，接着 整改台账.xlsx（2023 年度），16 张登记表。",
        "结转 6 项没有销号的任务（其中长期坚持 1 项）、5 个问题、0 个原因，来源写作“上年结转”；"
        "原来的编号和时限写在“首次编号”“首次时限”两列。",
        "编号接着上一年排，不会和上一年的相混：上一年用到 WT-12、YY-03、RW-015、XH-008、ZQ-0003、YQ-002、HD-002。",
        "周期任务从新年度起算，上一年欠的没有结转：RW-009 欠 3 次；要补的请另列任务。",
        "周期任务的时限已经过了，新年度不再按周期欠次数：RW-016（2023-12-31）；接着做的，请定新的时限，"
        "不再做的，请办销号。",
        "从空表开始的：履行记录；底册、名册要接着用的，请从旧台账复制，编号接着上一年的往下编。",
        "颜色、批注、列宽、隐藏的行列没有带过来，要用的请从旧台账复制。",
    ]
    assert third.texts("tasks", "code", "首次编号", "首次时限", "deadline") == [
        ("RW-016", "RW-003", "2022年12月底前", "2023-12-31"),
        ("RW-017", "RW-004", "2022年4月底前", "2022-04-30"),
        ("RW-018", "RW-005", "长期坚持", "长期坚持"),
        ("RW-019", "RW-007", "2022年12月底前", "2022-12-31"),
        ("RW-020", "RW-014", "2023年12月底", "2023-12-31"),
        ("RW-021", "RW-015", "2023年6月底", "2023-06-30"),
    ]
    assert third.texts("problems", "code", "首次编号") == [
        ("WT-13", "WT-02"), ("WT-14", "WT-03"), ("WT-15", "WT-05"), ("WT-16", "WT-11"), ("WT-17", "WT-12"),
    ]  # fmt: skip
    third.types("problems", {"WT-18": {"aspect": "在担当作为方面", "title": "档案不全", "source": "巡视巡察"}})
    against = ("--against", first.ledger, "--against", second.ledger)
    assert third.said("validate", "--skip", "proof-row", *against, exit_code=1) == [
        "整改台账.xlsx:'销号审核'!N5: closeout-recheck: 警告：党委 2022-07-05 审定，到 2023-01-05 还没有回头看；"
        "请去看一次，填上日期、岗位和结论。",
        "整改台账.xlsx:'问题清单'!A9: problem-uncovered: 警告：问题 WT-18 没有任何整改任务，"
        "请在〈整改任务〉的“对应问题”里对上，或补充措施（要经党委会审定）。",
        "整改台账.xlsx:'问题清单'!C9: problem-again: 提示：“档案不全”以前也提过：2022年 WT-04“档案不全”，"
        "那时有 1 项措施，办结 1 项（补齐近三年档案）。请看看那时的措施为什么没有管住，这次的措施要不一样；"
        "不是同一个问题的不用管。",
    ]
    third.on("2024-01-10")
    third.said("issue", "-p", "2024-01")
    third.on("2024-01-24")
    third.returns("2024-01", "财务处", {"RW-019": {"update": "在试运行"}})
    assert third.said("merge", "-y", exit_code=1)[1:4] == [
        "财务处（财务处.xlsx）：下发 2 行 = 采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0；没变的里面 1 行没有说：RW-020",
        "人事处（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1",
        "党委办公室（未报）：下发 3 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 3",
    ]
    # RW-017, 019, 020 and 021 were due and are open, RW-016 too; the longest since 30 April 2022
    assert third.said("report", "--as-of", "2024-01-31") == [
        "6项措施（一次4、周期1、长期1；上年结转6）：按期办结率0%（0/4项）；逾期5项，集中在党委办公室、财务处，最长641天。",
        "关注：5项红灯未填报原因；1个问题没有措施。",
    ]
    for year in (first, second, third):
        assert year.run("history", "verify").exit_code == 0
    far = third.said("new", third.folder / "新" / "台账.xlsx", "--after", third.ledger, "--year", "2035", "-n")
    assert far[-1].startswith("工作日历里还没有 2035 年的放假安排，报送截止日先空着：国务院办公厅的通知公布以后，")
