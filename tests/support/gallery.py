"""The gallery of findings: for every check its purpose and failing examples; the source of docs/findings.md.

An example is a few steps in a small office (``gallery_office.py``) and the command that finds the fault; the page shows
the steps and the exact output. A test plays all of them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch

from click.testing import CliRunner
from taizhang.cli import main
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

from support.checked import CLOSED, typed
from support.checked import CLOSEOUT as PAST_CLOSEOUT
from support.gallery_office import (
    DECIDE,
    ISSUE,
    MERGE,
    OFFICE,
    PUBLIC,
    RETURNED,
    VALIDATE,
    Office,
    Step,
    in_ledger,
    in_return,
    play,
    said,
    saved_at,
    saved_by_hand,
    xml_of_return,
)  # fmt: skip
from support.ledgers import ASPECT, small_ledger
from support.returned import type_into
from support.returned_files import by_hand, encrypted, old_xls, rewrite

__all__ = ["STAGES", "Entry", "Example", "Stage", "entries", "played"]

TASKS, PROBLEMS, CLOSEOUTS, RULES, SETTINGS = "整改任务", "问题清单", "销号审核", "规章制度", "参数"
FULFILMENTS, REVIEWS, EXTENSIONS, PROOFS, SEATS = "履行记录", "复核记录", "延期申请", "核对", "支委名册"


@dataclass(frozen=True)
class Example:
    """Steps that make one fault, and the command that reports it; ``beside`` are other checks that report it too."""

    steps: tuple[Step, ...]
    command: tuple[str, ...]
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Entry:
    """One check: its name, its purpose in one sentence, and its examples."""

    check: str
    protects: str
    examples: tuple[Example, ...]


@dataclass(frozen=True)
class Stage:
    """Checks that people meet at the same moment: a title, a sentence, and the checks in reading order."""

    title: str
    when: str
    entries: tuple[Entry, ...]


def stage(title: str, when: str, *entries: Entry) -> Stage:
    return Stage(title, when, entries)


def entry(check: str, protects: str, *examples: Example) -> Entry:
    return Entry(check, protects, examples)


def ledger(*steps: Step, beside: tuple[str, ...] = ()) -> Example:
    return Example(steps, VALIDATE, beside)


def returned(*steps: Step, beside: tuple[str, ...] = ()) -> Example:
    return Example(steps, RETURNED, beside)


def merging(*steps: Step) -> Example:
    """Steps that a merge finds; 党委办公室 has not returned anything."""
    return Example(steps, MERGE, ("absent",))


def closing(**row: Any) -> Example:
    """One row of 〈销号审核〉 (values by head) about a task that is done."""
    return ledger(in_ledger(TASKS, {4: DONE}), in_ledger(CLOSEOUTS, {4: row}))


def struck_off(**change: Any) -> Example:
    """A task struck off by a row of 〈销号审核〉 that is in order but for this."""
    return ledger(in_ledger(TASKS, {4: STRUCK_OFF}), in_ledger(CLOSEOUTS, {4: {**CLOSEOUT, **change}}))


def put_evidence(office: Office, task: str) -> Path:
    """Put a file into the folder of a task, and return its path."""
    path = office.folder / "佐证" / task / "印发件.pdf"
    path.parent.mkdir(parents=True)
    path.write_text("原来的一份", encoding="utf-8")
    return path


def _exchange_evidence(office: Office) -> None:
    """Put a file into the folder of a task, let a command keep it, and put another one in its place."""
    path = put_evidence(office, "RW-001")
    with patch.dict(os.environ, SOURCE_DATE_EPOCH=str(int(datetime(2022, 3, 31).timestamp()))):
        office.run(*VALIDATE)
    path.write_text("后来换的另一份", encoding="utf-8")


def book(text: str, work: Any) -> Step:
    """Do something to the ledger with openpyxl."""
    return saved_by_hand(text, OFFICE, work)


def file(text: str, work: Any) -> Step:
    """Do something to the returned file with openpyxl."""
    return saved_by_hand(text, "报送/财务处.xlsx", work)


def data(text: str, change: Any, name: str = "财务处.xlsx") -> Step:
    """Replace the returned file by what ``change`` makes of its bytes, under a name."""

    def work(office: Office) -> None:
        content = change(office.returned.read_bytes())
        office.returned.unlink()
        office.returned.with_name(name).write_bytes(content)

    return said(text, work)


def nothing(text: str) -> Step:
    """Return the step that describes a state in which nothing needs to be done."""
    return said(text, lambda _: None)


def copied(sheet: str, title: str) -> Any:
    """Copy a sheet of the ledger and put the copy first."""

    def work(one: Any) -> None:
        copy = one.copy_worksheet(one[sheet])
        copy.title = title
        one.move_sheet(copy, 1 - len(one.sheetnames))

    return work


def carrying(member: str) -> Any:
    return lambda content: rewrite(content, {}, {member: b"\0" * 64})


def past_year(office: Office) -> None:
    """Put a ledger of 2021 into a folder of its own: its problem is this year's in other words, its task closed."""
    path = office.folder / "2021" / OFFICE
    path.parent.mkdir()
    task = {"statement": "开展下基层办实事活动", **CLOSED}
    problem = {"code": "WT-01", "aspect": ASPECT, "title": "办法还不够多", "source": "民主生活会"}
    small_ledger(path, [task], problems=[problem], closeouts=[PAST_CLOSEOUT])
    typed(path, (7, 2), 2021, SETTINGS)


def merged(office: Office) -> None:
    office.run("merge", "报送", "--yes")


def issued_again(office: Office) -> None:
    """Issue March again, with what the ledger holds now, and let 财务处 save the form."""
    office.run("issue", "--period", "2022-03", "--again", "--as-of", "2022-03-10")
    office.returned.write_bytes(rewrite((office.folder / "下发" / "2022-03" / "财务处.xlsx").read_bytes(), {}))


def unfilled(office: Office) -> None:
    office.returned.write_bytes((office.folder / "下发" / "2022-03" / "财务处.xlsx").read_bytes())


def merged_and_undone(office: Office) -> None:
    merged(office)
    journal = office.folder / "history" / "journal.jsonl"
    step = len(journal.read_text(encoding="utf-8").splitlines())
    CliRunner().invoke(main, ["history", "undo", str(step), "--yes", "--ledger", str(office.ledger)])


def ruled(cells: dict[str, Any]) -> Step:
    """A conflict about RW-001's progress, merged, and its row in 冲突裁决.xlsx filled with these values by head."""

    def work(office: Office) -> str:
        in_return(TASKS, {4: {"进度": 0.6}})(office)
        in_ledger(TASKS, {4: {"进度": 0.4}})(office)
        merged(office)
        path = office.folder / DECIDE[2]
        by_hand(path, lambda one: _fill(one["冲突裁决"], cells))
        filled = "、".join(f"“{head}”填“{value}”" for head, value in cells.items())
        return f"RW-001 的“进度”台账改成了 40%，部门报的是 60%；在 冲突裁决.xlsx 里{filled}。"

    return work


def _fill(page: Any, cells: dict[str, Any]) -> None:
    heads = {cell.value: cell.column for cell in page[4]}
    for head, value in cells.items():
        page.cell(5, heads[head]).value = value


def head(sheet: str, old: str, new: str) -> Any:
    """Return what gives a column another head."""
    return lambda one: setattr(_heads(one[sheet])[old], "value", new)


def add(sheet: str, title: str, value: Any = None) -> Any:
    """Return what adds a column on the right, with a value in the first row."""

    def work(one: Any) -> None:
        page = one[sheet]
        column = page.max_column + 1
        page.cell(3, column).value, page.cell(4, column).value = title, value

    return work


def drop(sheet: str, title: str) -> Any:
    """Return what deletes a column."""
    return lambda one: one[sheet].delete_cols(_heads(one[sheet])[title].column)


def empty_head(sheet: str, title: str) -> Any:
    """Return what empties the head of a column or block, wherever it stands."""
    return lambda one: setattr(_heads(one[sheet])[title], "value", None)


def put(sheet: str, cell: str, value: Any) -> Any:
    """Return what types a value into one cell."""
    return lambda one: setattr(one[sheet][cell], "value", value)


def printing(sheet: str, area: str) -> Any:
    """Return what sets a print area."""
    return lambda one: setattr(one[sheet], "print_area", area)


def clear(sheet: str, cells: str) -> Any:
    """Return what empties a range."""
    return lambda one: [setattr(cell, "value", None) for row in one[sheet][cells] for cell in row]


def _heads(page: Any) -> dict[str, Any]:
    return {str(cell.value).lstrip("*"): cell for cell in page[3]}


def own_sum(one: Any) -> None:
    """Add a sheet of the office's own, with a formula over the regulations."""
    one.create_sheet("小计")["B3"] = "=COUNTA(规章制度!B4:B5)"


def spoil(text: str) -> Any:
    """Return a step that puts characters no cell can hold into a text of the returned file, as some programs do."""

    def work(office: Office) -> None:
        spoilt = {"xl/sharedStrings.xml": lambda xml: xml.replace("约谈<".encode(), f"{text}<".encode())}
        office.returned.write_bytes(rewrite(office.returned.read_bytes(), spoilt))

    return work


def forget_issued(office: Office) -> None:
    shutil.rmtree(office.folder / "history" / "issued")


def next_period(office: Office) -> None:
    office.run("issue", "--period", "2022-04", "--as-of", "2022-04-10")


def next_period_merged(office: Office) -> None:
    """Merge 财务处's form of the next period, which has RW-001 at 80 %."""
    next_period(office)
    issued = office.folder / "下发" / "2022-04" / "财务处.xlsx"
    page = read_workbook(issued).by_name[TASKS]
    progress = next(number for number, head in enumerate(page.rows[2], 1) if str(head).startswith("进度"))
    filled = type_into(issued, {TASKS: {(4, progress): 0.8}}, office.folder / "财务处4月.xlsx")
    office.run("merge", filled.name, "--yes")


def broken_off(office: Office) -> None:
    """Leave the state of an issue that was killed before it reached 党委办公室."""
    (office.folder / "history" / "issued" / "2022-03" / "党委办公室.json").unlink()
    (office.folder / "下发" / "2022-03" / "党委办公室.xlsx").unlink()


def copy_as(name: str) -> Any:
    return lambda office: shutil.copy(office.returned, office.returned.with_name(name))


def others(*names: str) -> Any:
    """Return what puts files that are no workbooks beside the returned one."""

    def work(office: Office) -> None:
        for name in names:
            office.returned.with_name(name).write_bytes(b"x")

    return work


def second_version(moment: str) -> Any:
    """Return what sends a changed version saved at this moment; the file issued was saved at 2022-03-10T00:00:00Z."""

    def work(office: Office) -> None:
        content = rewrite(office.returned.read_bytes(), {}, {"docProps/再报.txt": b""})
        office.returned.with_name("财务处2.xlsx").write_bytes(saved_at(content, moment))

    return work


def older_version(office: Office) -> None:
    """Merge a file, then send one that was saved before it."""
    content = office.returned.read_bytes()
    office.returned.write_bytes(saved_at(content, "2022-03-12T09:00:00Z"))
    merged(office)
    office.returned.write_bytes(saved_at(content, "2022-03-11T09:00:00Z"))


def decided(office: Office) -> None:
    """Carry out the decisions."""
    office.run(*DECIDE[:-1], "--yes")


def as_old_xls(content: bytes) -> bytes:
    """Return the issued form as Excel 97-2003 saves it, without the hidden sheet."""
    sheets = read_workbook(Path("财务处.xlsx"), content).by_name

    def rest(one: Any, _: Any) -> None:
        page = one.add_sheet(RULES)
        for row, cells in enumerate(sheets[RULES].rows):
            for column, raw in enumerate(cells):
                page.write(row, column, as_text(raw))

    return old_xls([[as_text(raw) for raw in cells] for cells in sheets[TASKS].rows], TASKS, rest)


CLOSEOUT: dict[str, Any] = {
    "审核编号": "XH-001",
    "任务编号": "RW-001",
    "申请部门": "财务处",
    "申请日期": date(2022, 3, 1),
    "申请岗位": "综合科科长",
    "佐证材料": "印发件",
    "佐证份数": 1,
    "对照标准": "1. 印发办法：已印发",
    "办公室初审": "通过",
    "审核岗位": "整改办主任",
    "分管领导审核日期": date(2022, 3, 15),
    "党委审定日期": date(2022, 3, 20),
    "结论": "同意销号",
}
APPLICATION = {head: value for number, (head, value) in enumerate(CLOSEOUT.items()) if number < 8}
REPORTED = {head: APPLICATION[head] for head in ("申请日期", "申请岗位", "佐证材料", "佐证份数")}
EXTENSION: dict[str, Any] = {
    "申请编号": "YQ-001",
    "任务编号": "RW-001",
    "申请部门": "财务处",
    "申请类别": "延期",
    "申请日期": date(2022, 3, 20),
    "申请岗位": "综合科科长",
    "理由": "招标流标一次",
    "延至": date(2023, 6, 30),
    "审批岗位": "局长",
    "审批结论": "同意",
    "批准日期": date(2022, 3, 25),
}
UNDECIDED = {head: value for number, (head, value) in enumerate(EXTENSION.items()) if number < 8}
RECURRING = {"任务类型": "周期", "复核周期": "季"}
LASTING = {"任务类型": "长期", "复核周期": "季"}
FULFILMENT = {
    "履行编号": "ZQ-0001",
    "任务编号": "RW-001",
    "填报部门": "财务处",
    "所属周期": "2022年一季度",
    "本期完成次数": 1,
}
REVIEW = {
    "复核编号": "FH-001", "任务编号": "RW-001", "复核日期": date(2022, 3, 20), "复核岗位": "整改办主任",
    "复核结论": "保持",
}  # fmt: skip
PROOF = {
    "核对编号": "HD-001", "任务编号": "RW-001", "核对登记表": "支委名册", "核对指标": "空缺", "比较": "＝", "目标": "0",
    "依据": "办公室判定",
}  # fmt: skip
VACANT = {
    "职位编号": "ZW-001",
    "党支部": "机关第一党支部",
    "所在部门": "党委办公室",
    "职务": "书记",
    "在任状态": "空缺",
    "空缺起始日": date(2022, 3, 20),
    "空缺原因": "调离",
}

DONE = {"状态": "已完成", "进度": 1, "佐证材料": "印发件"}
STRUCK_OFF = {"状态": "已销号", "进度": 1, "佐证材料": "印发件"}
REGULATION: dict[str, Any] = {
    "制度名称": "会议费管理办法",
    "动作": "立",
    "计划完成日": date(2022, 6, 30),
    "办理状态": "起草中",
}
PHONE = "电话 13800138000"

FOREIGN = '{"period": "2022-03", "department": "财务处", "token": "0", "version": 1, "issue": 1}'
MERGED = '<mergeCells count="1"><mergeCell ref="I4:I5"/></mergeCells><dataValidations'
G4 = '(<c r="G4"[^>]*)><v>0.6</v>'

STAGES: tuple[Stage, ...] = (
    stage(
        "一、表的结构",
        "先认出表和列，认不出来，里面的内容就没法核对。台账和报来的表都查。",
        entry(
            "sheet-missing",
            "整张表的内容会全部漏掉。",
            ledger(book("台账里〈征求意见〉的表头行被删掉了。", lambda one: one["征求意见"].delete_rows(3))),
            ledger(book("台账里〈参数〉改名成了〈参数表〉。", lambda one: setattr(one[SETTINGS], "title", "参数表"))),
            returned(file("报来的表里没有〈整改任务〉。", lambda one: one.remove(one[TASKS]))),
        ),
        entry(
            "sheet-copy",
            "只能有一张是登记表，认错了就改到备份里去了。",
            ledger(book("〈整改任务〉复制了一份作备份，放在最前面。", copied(TASKS, "整改任务（6月备份）"))),
            ledger(
                book(
                    "〈整改任务〉复制了一份，原来的那张又改了名。",
                    lambda one: (copied(TASKS, "任务二")(one), setattr(one[TASKS], "title", "任务一")),
                )
            ),
        ),
        entry(
            "head-missing",
            "这一列的内容就都读不到。",
            ledger(
                book("台账〈整改任务〉的表头“状态”改成了“情况”。", head(TASKS, "状态", "情况")),
                beside=("head-missing",),
            ),
            returned(file("报来的〈整改任务〉里“进度”一列被删掉了。", drop(TASKS, "进度"))),
        ),
        entry(
            "not-updated",
            "老台账没有的新列、新表照旧能用，想补的知道怎么补。",
            ledger(
                book(
                    "台账是以前起草的：没有〈核对〉，〈整改任务〉没有“可否补做”一列。",
                    lambda one: (one.remove(one["核对"]), drop(TASKS, "可否补做")(one)),
                )
            ),
            returned(
                book("下发以后，台账〈销号审核〉里的“对照标准”一列被删掉了。", drop(CLOSEOUTS, "对照标准")),
                in_return(TASKS, {4: DONE}),
                in_return(CLOSEOUTS, {4: {"任务编号": "RW-001", **REPORTED, "对照标准": "制度已印发"}}),
            ),
        ),
        entry(
            "head-duplicate",
            "不知道以哪一列为准，只能先读前一列。",
            ledger(book("台账〈整改任务〉最右边又加了一列“状态”。", add(TASKS, "状态"))),
        ),
        entry(
            "head-renamed",
            "让人知道程序把它当成了哪一列。",
            ledger(book("台账〈整改任务〉的表头“整改任务”改成了“任务内容”。", head(TASKS, "整改任务", "任务内容"))),
        ),
        entry(
            "head-unknown",
            "部门自己加的列，程序不会采用，免得部门以为报上来了。",
            returned(
                file("报来的〈整改任务〉最右边加了一列“我的备注”，并写了字。", add(TASKS, "我的备注", "请领导关注"))
            ),
        ),
        entry(
            "sheet-renamed",
            "照样读，让人知道认的是哪张表。",
            returned(
                file(
                    "报来的〈整改任务〉改名成了〈财务处（最终版）〉。",
                    lambda one: setattr(one[TASKS], "title", "财务处（最终版）"),
                )
            ),
        ),
        entry(
            "totals-row",
            "不然合计会被当成一条任务。",
            ledger(in_ledger(TASKS, {7: {"任务编号": "合计", "进度": 0.5}})),
        ),
        entry(
            "merged-cells",
            "只有左上角那一格有内容，容易少读、错读。",
            ledger(
                book("台账〈整改任务〉里 O4、O5（完成时限）合并成了一格。", lambda one: one[TASKS].merge_cells("O4:O5"))
            ),
            returned(
                in_return(
                    TASKS,
                    {
                        4: {"本期进展": "约谈 3 个支部", "本期无变化": None},
                        5: {"本期进展": "办法已起草", "本期无变化": None},
                    },
                ),
                xml_of_return("再把两行的“本期进展”（I4、I5）合并。", TASKS, "<dataValidations", MERGED),
            ),
        ),
        entry(
            "settings",
            "下发、时限和亮灯都会跟着错。",
            ledger(in_ledger(SETTINGS, {7: {"部门": "财务处"}}, "简称")),
            ledger(in_ledger(SETTINGS, {7: {"部门": "审计处", "简称": "财务"}})),
            ledger(in_ledger(SETTINGS, {7: {"报送截止日": "三月下旬"}}, "期次")),
            ledger(in_ledger(SETTINGS, {6: {"数值": "十"}}, "规则")),
            ledger(in_ledger(SETTINGS, {6: {"数值": 0}}, "规则")),
            ledger(in_ledger(SETTINGS, {7: {"数值": None}}, "规则")),
            ledger(in_ledger(SETTINGS, {5: {"规则": "红灯落后点数"}}), beside=("not-updated",)),
            ledger(in_ledger(SETTINGS, {5: {"期次": "一月"}})),
            ledger(in_ledger(SETTINGS, {7: {"报送截止日": None}}, "期次")),
            ledger(in_ledger(SETTINGS, {7: {"统计截止日": date(2023, 3, 31)}}, "期次")),
            ledger(book("〈参数〉里“事件”这一块的标题被删掉了。", empty_head(SETTINGS, "事件"))),
            ledger(book("〈参数〉里的部门全删了。", clear(SETTINGS, "D5:F6"))),
            ledger(in_ledger(SETTINGS, {7: {"部门": "科研/成果处", "简称": "科研"}})),
            ledger(in_ledger(SETTINGS, {7: {"期次": "……"}})),
        ),
        entry(
            "name-clash",
            "两个部门的表会写进同一个文件，先写的那份没了，而且谁也不知道。",
            ledger(
                in_ledger(
                    SETTINGS,
                    {7: {"部门": "科研处/一室", "简称": "科一"}, 8: {"部门": "科研处／一室", "简称": "科研一"}},
                )
            ),
            ledger(in_ledger(SETTINGS, {7: {"部门": "A科"}, 8: {"部门": "a科"}})),
            ledger(in_ledger(SETTINGS, {5: {"期次": "2022Q1"}, 6: {"期次": "2022q1"}})),
        ),
        entry(
            "next-year",
            "不然到了 1 月，下发找不到期次，反馈日期算不出来。",
            Example((nothing("12 月里校验，〈参数〉还是年初的样子。"),), ("validate", "--as-of", "2022-12-01")),
        ),
    ),
    stage(
        "二、一格一格",
        "每一格都要是这一列该有的内容。读得懂的照读，并说明怎样理解；读不懂的不猜。台账和报来的表都查。",
        entry(
            "required",
            "后面的下发、统计就没有依据。",
            ledger(in_ledger(TASKS, {4: {"状态": None}}, "整改任务")),
            returned(in_return(RULES, {5: {**REGULATION, "计划完成日": None}})),
        ),
        entry(
            "choice",
            "选项写成别的说法，统计时会漏掉。",
            ledger(in_ledger(TASKS, {4: {"状态": "推进"}})),
            ledger(in_ledger(TASKS, {4: {"牵头部门": "财务科"}})),
            ledger(in_ledger(TASKS, {4: {"牵头部门": "财务处、党委办公室"}})),
            returned(in_return(TASKS, {4: {"状态": "已销号"}})),
        ),
        entry(
            "date",
            "读错一天，时限、逾期都会算错，所以读不准的要问清楚。",
            ledger(in_ledger(TASKS, {4: {"开始日期": "2022年3月"}})),
            ledger(in_ledger(TASKS, {4: {"开始日期": "2022.2.30"}})),
            ledger(in_ledger(TASKS, {4: {"开始日期": "春节后"}})),
            ledger(in_ledger(TASKS, {4: {"开始日期": "31.12.22"}})),
            ledger(in_ledger(TASKS, {4: {"开始日期": "1922-03-15"}})),
        ),
        entry(
            "percent",
            "进度填成文字或超出范围，没法和序时进度比。",
            ledger(in_ledger(TASKS, {4: {"进度": "八成"}})),
            ledger(in_ledger(TASKS, {4: {"进度": 120}})),
            ledger(in_ledger(TASKS, {4: {"进度": "1"}})),
        ),
        entry(
            "number",
            "数里夹着文字，没法汇总。",
            ledger(in_ledger(TASKS, {4: {"原文段落": "第三段"}})),
            ledger(in_ledger(TASKS, {4: {"原文段落": 3.5}})),
        ),
        entry(
            "code",
            "编号是一行的身份，空着或走了样，报回来就对不上。",
            ledger(in_ledger(TASKS, {6: {"任务编号": None}}, "整改任务")),
            ledger(in_ledger(TASKS, {6: {"任务编号": "任务三"}}, "整改任务")),
            returned(in_return(TASKS, {4: {"任务编号": None, "进度": 0.6}}, "整改任务")),
            Example((in_ledger(TASKS, {6: {"任务编号": None}}, "整改任务"),), ISSUE),
        ),
        entry(
            "code-duplicate",
            "报回来分不清是哪一行。",
            ledger(in_ledger(TASKS, {5: {"任务编号": "RW-001"}}, "整改任务")),
            Example((in_ledger(TASKS, {5: {"任务编号": "RW-001"}}, "整改任务"),), ISSUE),
            returned(
                in_ledger(TASKS, {6: {"任务编号": "RW-001"}}, "整改任务"),
                in_return(TASKS, {4: {"进度": 0.6}}),
            ),
        ),
        entry(
            "formula",
            "公式和错误值可能读不到，也可能是别处链接来的旧数。",
            returned(
                in_return(TASKS, {4: {"进度": 0.6}}),
                xml_of_return("G4 里其实是公式 =3/5。", TASKS, G4, r"\1><f>3/5</f><v>0.6</v>"),
            ),
            returned(
                in_return(TASKS, {4: {"进度": 0.6}}),
                xml_of_return("G4 里是公式 =3/5，文件里没有存它的结果。", TASKS, G4, r"\1><f>3/5</f>"),
            ),
            returned(
                in_return(TASKS, {4: {"进度": 0.6}}),
                xml_of_return("G4 里是错误值 #REF!。", TASKS, G4, r'\1 t="e"><v>#REF!</v>'),
            ),
        ),
        entry(
            "text",
            "写不进单元格的文字会丢，先拦住。",
            returned(
                in_return(TASKS, {4: {"本期进展": "约谈", "本期无变化": None}}),
                said("“约谈”两个字中间夹着一个看不见的控制符。", spoil("约_x0008_谈")),
            ),
            returned(
                in_return(TASKS, {4: {"本期进展": "约谈", "本期无变化": None}}),
                said("“约谈”后面其实还有四万字。", spoil("谈" * 40_000)),
            ),
        ),
        entry(
            "personal",
            "这些不能进台账，提示里也不会重复出来。",
            ledger(in_ledger(TASKS, {4: {"本期进展": PHONE}})),
            returned(in_return(TASKS, {4: {"本期进展": "机密★1年", "本期无变化": None}})),
            Example((in_ledger(TASKS, {4: {"本期进展": PHONE}}),), ISSUE),
            ledger(in_ledger(SETTINGS, {7: {"岗位": "值班员 138·0013·8000"}})),
        ),
        entry(
            "reading",
            "换了说法的内容照样采用，但要说明理解成了什么，请核对。",
            ledger(in_ledger(TASKS, {4: {"开始日期": "1月10日"}})),
            ledger(in_ledger(TASKS, {4: {"完成时限": "11月底前", "原定时限": None}})),
            ledger(in_ledger(TASKS, {4: {"牵头部门": "计财处"}})),
            ledger(in_ledger(TASKS, {4: {"进度": 80}})),
        ),
    ),
    stage(
        "三、一行之内",
        "同一行的几格要说得通。只查台账；部门报的汇总进来以后也一样查。",
        entry(
            "date-order",
            "多半有一个写错了，时限和亮灯会跟着错。",
            ledger(
                in_ledger(TASKS, {4: {"开始日期": date(2022, 4, 1), "完成时限": date(2022, 3, 15), "原定时限": None}})
            ),
        ),
        entry(
            "deadline-words",
            "没法亮灯，也没法督办。",
            ledger(in_ledger(TASKS, {4: {"完成时限": "适时", "原定时限": None}})),
            ledger(in_ledger(TASKS, {4: {"完成时限": "党的二十大召开前", "原定时限": None}})),
            ledger(in_ledger(TASKS, {4: {"完成时限": "3月底、6月底", "原定时限": None}})),
        ),
        entry(
            "review-missing",
            "没有下一次复核，就没人再看它。",
            ledger(in_ledger(TASKS, {4: {"任务类型": "长期"}}, "复核周期")),
            ledger(
                in_ledger(
                    TASKS,
                    {4: {"状态": "长期坚持", "佐证材料": "记录"}},
                    "下次复核日期",
                ),
                in_ledger(CLOSEOUTS, {4: {**CLOSEOUT, "结论": "转长期坚持"}}),
            ),
        ),
        entry(
            "evidence-missing",
            "拿不出佐证，不能算完成。",
            ledger(in_ledger(TASKS, {4: {"状态": "已完成", "进度": 1}}, "佐证材料")),
            returned(in_return(TASKS, {4: {"状态": "已完成", "进度": 1}}, "佐证材料")),
        ),
        entry(
            "evidence-file-missing",
            "写着有，打开来没有，验收的时候拿不出来。",
            ledger(in_ledger(TASKS, {4: {"佐证材料": "佐证/RW-001/印发件.pdf"}})),
        ),
        entry(
            "evidence-changed",
            "党委看过的佐证和现在的不是同一份，回头看就没有依据。",
            ledger(
                in_ledger(TASKS, {4: STRUCK_OFF}),
                in_ledger(CLOSEOUTS, {4: CLOSEOUT}),
                said("“佐证/RW-001/印发件.pdf”审定以后换成了另一份。", _exchange_evidence),
            ),
        ),
        entry(
            "evidence-folder",
            "放错了地方的佐证不算数，验收的时候找不到。",
            ledger(said("佐证放进了“佐证/RW-999”。", lambda office: put_evidence(office, "RW-999"))),
        ),
        entry(
            "progress-status",
            "两格互相矛盾，必有一个不对。",
            ledger(in_ledger(TASKS, {4: {"状态": "未启动", "进度": 0.3}})),
        ),
        entry(
            "vague-measure",
            "年底没有人说得清做到了没有，只能又写一遍“进一步加强”。",
            ledger(
                in_ledger(
                    TASKS,
                    {
                        4: {
                            **LASTING,
                            "整改任务": "进一步加强采购管理",
                            "完成时限": "长期坚持",
                            "原定时限": None,
                            "完成标准": "管理水平明显提升",
                        }
                    },
                )
            ),
        ),
        entry(
            "vague-update",
            "领导看了不知道做了什么，材料也没法往上报。照样采用，只是请部门写实。",
            ledger(in_ledger(TASKS, {4: {"本期进展": "持续推进，成效明显"}})),
            returned(in_return(TASKS, {4: {"本期进展": "正在有序推进", "本期无变化": None}})),
        ),
        entry(
            "part-over-whole",
            "比率会超过 100%，没有人能信。",
            ledger(
                said(
                    "台账里启用了〈八项规定检查〉。",
                    lambda office: office.run("forms", "enable", "八项规定检查", "--yes"),
                ),
                in_ledger(
                    "八项规定检查",
                    {
                        4: {
                            "编号": "JC-001",
                            "检查日期": date(2022, 3, 8),
                            "检查对象": "食堂",
                            "发现问题数": 3,
                            "整改问题数": 5,
                            "整改时限": date(2022, 3, 20),
                            "整改日期": date(2022, 3, 18),
                        }
                    },
                ),
            ),
        ),
        entry(
            "done-future",
            "还没有到的日子，不能算已经办了。",
            ledger(
                in_ledger(
                    "群众诉求",
                    {
                        4: {
                            "诉求编号": "SQ-001",
                            "承办部门": "财务处",
                            "渠道": "来电",
                            "主题": "窗口排队时间长",
                            "受理日期": date(2022, 3, 8),
                            "应反馈日期": date(2022, 12, 20),
                            "反馈日期": date(2022, 12, 8),
                        }
                    },
                ),
            ),
        ),
        entry(
            "period-overlap",
            "上一年的数会加两遍，今年比上年就不对了。",
            ledger(
                said(
                    "台账里启用了〈四种形态〉。",
                    lambda office: office.run("forms", "enable", "四种形态", "--yes"),
                ),
                in_ledger(
                    "四种形态",
                    {
                        4: {"编号": "ST-001", "期次": "2021", "形态": "第一种", "人次": 30, "处理人数": 25},
                        5: {"编号": "ST-002", "期次": "2021-03", "形态": "第一种", "人次": 2, "处理人数": 2},
                    },
                ),
                beside=("reading",),
            ),
        ),
    ),
    stage(
        "四、登记表之间",
        "一张表写的编号、结论，在另一张表里要对得上。只查台账。",
        entry(
            "post",
            "台账只写岗位，不写姓名；换了人，岗位还在。",
            closing(**{**APPLICATION, "申请岗位": "张三"}),
        ),
        entry(
            "reference",
            "这一行就和谁也对不上。",
            ledger(in_ledger(TASKS, {4: {"对应问题": "WT-10"}})),
        ),
        entry(
            "unassigned",
            "这样的任务没人办，也没法验收。",
            ledger(in_ledger(TASKS, {4: {"牵头部门": None, "完成标准": None}})),
            Example((in_ledger(TASKS, {4: {"牵头部门": "财务科"}}),), ISSUE),
        ),
        entry(
            "problem-uncovered",
            "查摆了却没有措施，等于没改。",
            ledger(
                in_ledger(
                    PROBLEMS,
                    {5: {"问题编号": "WT-02", "方面": "为群众办实事方面", "问题": "调研不深", "来源": "民主生活会"}},
                )
            ),
        ),
        entry(
            "problem-again",
            "年年提、年年有的问题，照老办法再改一遍还是改不掉。",
            Example(
                (said("去年的台账在 2021 文件夹里，里面的问题是“办法还不够多”，措施已经销号。", past_year),),
                ("validate", "--against", "2021/整改台账.xlsx", "--as-of", "2022-03-31"),
            ),
        ),
        entry(
            "closeout-missing",
            "销号要党委审定，只改状态不算数；以最后一次决定为准，后来退回、反弹的，从那天起不算办结。",
            ledger(in_ledger(TASKS, {4: STRUCK_OFF})),
            ledger(
                in_ledger(TASKS, {4: STRUCK_OFF}),
                in_ledger(CLOSEOUTS, {4: {**CLOSEOUT, "回头看日期": date(2022, 3, 28), "回头看结论": "反弹"}}),
            ),
        ),
        entry(
            "closeout-open",
            "审定了却没有改状态，报表上就少一项办结。",
            ledger(
                in_ledger(TASKS, {4: {**STRUCK_OFF, "状态": "已完成"}}),
                in_ledger(CLOSEOUTS, {4: CLOSEOUT}),
            ),
        ),
        entry(
            "closeout-owner",
            "谁牵头谁申请，免得替别人报完成，或写错了编号。",
            closing(**{**APPLICATION, "申请部门": "党委办公室"}),
        ),
        entry(
            "closeout-evidence",
            "没有佐证，不能申请，更不能销号。",
            closing(**{**APPLICATION, "佐证份数": 0}),
            struck_off(佐证材料="无"),
        ),
        entry("closeout-first-review", "漏了这一步，没有人核对过佐证。", struck_off(办公室初审=None)),
        entry(
            "closeout-returned",
            "前面退回、后面同意，必有一个不对；改正之前按退回算。",
            ledger(
                in_ledger(TASKS, {4: {**STRUCK_OFF, "状态": "已完成"}}),
                in_ledger(CLOSEOUTS, {4: {**CLOSEOUT, "办公室初审": "退回", "初审意见": "缺印发件"}}),
            ),
        ),
        entry(
            "closeout-reason",
            "部门不知道差什么，只会原样再报一次。",
            ledger(in_ledger(CLOSEOUTS, {4: {**APPLICATION, "办公室初审": "退回", "审核岗位": "整改办主任"}})),
        ),
        entry("closeout-leader", "漏了这一步，分管领导不知道自己分管的事销了号。", struck_off(分管领导审核日期=None)),
        entry(
            "closeout-committee",
            "审定日期就是销号日期，缺一个就不知道算不算、从哪天算。",
            closing(**{**CLOSEOUT, "党委审定日期": None}),
            closing(**{**CLOSEOUT, "结论": None}),
        ),
        entry(
            "closeout-recheck",
            "销号的要隔一段时间再看一次，才知道是不是真改了。",
            struck_off(回头看日期=date(2022, 3, 21), 回头看结论="保持"),
            ledger(
                in_ledger(TASKS, {4: {**STRUCK_OFF, "状态": "推进中"}}),
                in_ledger(CLOSEOUTS, {4: {**CLOSEOUT, "回头看结论": "反弹"}}),
            ),
        ),
        entry(
            "closeout-kind",
            "长期任务转长期坚持、按期复核；原则性任务通过别的任务体现。",
            ledger(
                in_ledger(TASKS, {4: {**STRUCK_OFF, "任务类型": "长期", "复核周期": "季"}}),
                in_ledger(CLOSEOUTS, {4: CLOSEOUT}),
            ),
        ),
        entry(
            "closeout-future",
            "还没有发生的事不能算数，多半是年份写错了。",
            closing(**{**CLOSEOUT, "党委审定日期": date(2032, 3, 20)}),
        ),
        entry(
            "closeout-early",
            "任务自己那一行说没有做完，申请销号就审不下去。",
            ledger(in_ledger(CLOSEOUTS, {4: APPLICATION})),
        ),
        entry(
            "applied-twice",
            "两份都等着办，改好的那份会被旧的那份挡住。",
            ledger(
                in_ledger(TASKS, {4: DONE}),
                in_ledger(CLOSEOUTS, {4: APPLICATION, 5: {**APPLICATION, "审核编号": "XH-002"}}),
            ),
            ledger(in_ledger(EXTENSIONS, {4: UNDECIDED, 5: {**UNDECIDED, "申请编号": "YQ-002"}})),
        ),
        entry("same-post", "自己审自己，审核就落空了。", struck_off(申请岗位="整改办主任")),
    ),
    stage(
        "五、周期、复核、延期和核对",
        "承诺做到哪一步，不只看部门怎么说。有“警告”的照样统计，请办公室逐条处理。",
        entry(
            "closeout-against",
            "没有逐条对照标准，审的人不知道做到了哪一条。",
            closing(**{head: value for head, value in APPLICATION.items() if head != "对照标准"}),
        ),
        entry(
            "deadline-changed",
            "时限下发以后只能由批准的延期来改，不能悄悄往后挪。",
            ledger(in_ledger(TASKS, {4: {"完成时限": date(2023, 3, 31), "原定时限": "2022年底前"}})),
        ),
        entry(
            "extension-late",
            "到期以后才申请的，逾期的天数照记。",
            ledger(
                in_ledger(TASKS, {4: {"完成时限": date(2022, 3, 19), "原定时限": "2022-03-19", "进度": 1}}),
                in_ledger(EXTENSIONS, {4: EXTENSION}),
            ),
        ),
        entry(
            "extension-future",
            "还没有到的日子不会申请过，多半是年份写错了。",
            ledger(in_ledger(EXTENSIONS, {4: {**UNDECIDED, "申请日期": date(2022, 4, 1)}})),
        ),
        entry(
            "extension-decision",
            "有结论没有日期，或有日期没有结论，都没有改时限。",
            ledger(in_ledger(EXTENSIONS, {4: {**EXTENSION, "批准日期": None}})),
            ledger(in_ledger(EXTENSIONS, {4: {**EXTENSION, "审批结论": None}})),
        ),
        entry(
            "extension-owner",
            "别的部门替它申请，多半是编号写错了。",
            ledger(in_ledger(EXTENSIONS, {4: {**EXTENSION, "申请部门": "党委办公室"}})),
            ledger(
                in_ledger(TASKS, {4: {"任务类型": "原则", "体现于": "RW-002"}}),
                in_ledger(EXTENSIONS, {4: {**EXTENSION, "申请类别": "暂缓"}}),
            ),
        ),
        entry(
            "duty-count",
            "写的次数没有用上，欠不欠就按另一个数算了，要说出来。",
            ledger(in_ledger(TASKS, {4: {**RECURRING, "每期次数": 0}})),
            ledger(in_ledger(TASKS, {4: {**RECURRING, "每期次数": 1000}})),
            ledger(in_ledger(TASKS, {4: {**RECURRING, "每期次数": "每季一次"}}), beside=("number",)),
        ),
        entry(
            "duty-cycle",
            "认不出是哪一期，次数就没有地方算；同一期填两行，会算成两次。",
            ledger(in_ledger(TASKS, {4: RECURRING}), in_ledger(FULFILMENTS, {4: {**FULFILMENT, "所属周期": "第一期"}})),
            ledger(
                in_ledger(TASKS, {4: RECURRING}), in_ledger(FULFILMENTS, {4: {**FULFILMENT, "所属周期": "2022年3月"}})
            ),
            ledger(in_ledger(FULFILMENTS, {4: FULFILMENT})),
            ledger(
                in_ledger(TASKS, {4: RECURRING}),
                in_ledger(FULFILMENTS, {4: FULFILMENT, 5: {**FULFILMENT, "履行编号": "ZQ-0002"}}),
            ),
        ),
        entry(
            "duty-done",
            "日期不在这一期里，次数就算错了地方；还没有到的日子不算做过。",
            ledger(
                in_ledger(TASKS, {4: RECURRING}),
                in_ledger(FULFILMENTS, {4: {**FULFILMENT, "完成日期": date(2021, 12, 30)}}),
            ),
            ledger(
                in_ledger(TASKS, {4: RECURRING}),
                in_ledger(FULFILMENTS, {4: {**FULFILMENT, "完成日期": date(2022, 4, 1)}}),
            ),
        ),
        entry(
            "review-record",
            "记在不用复核的任务上，或还没有去看，都不算复核；用过的日期留着，下次就算错了。",
            ledger(in_ledger(REVIEWS, {4: REVIEW})),
            ledger(in_ledger(TASKS, {4: LASTING}), in_ledger(REVIEWS, {4: {**REVIEW, "复核日期": date(2022, 4, 1)}})),
            ledger(
                in_ledger(TASKS, {4: {**LASTING, "下次复核日期": date(2022, 3, 20)}}), in_ledger(REVIEWS, {4: REVIEW})
            ),
            ledger(in_ledger(TASKS, {4: {**LASTING, "下次复核日期": date(2032, 3, 20)}})),
            ledger(
                in_ledger(TASKS, {4: LASTING}),
                in_ledger(REVIEWS, {4: REVIEW, 5: {**REVIEW, "复核编号": "FH-002"}}),
            ),
            ledger(in_ledger(TASKS, {4: LASTING}), in_ledger(REVIEWS, {4: {**REVIEW, "复核日期": date(2020, 3, 1)}})),
        ),
        entry(
            "supplement",
            "报告里没有的措施，要党委会定了才能加。",
            ledger(in_ledger(TASKS, {4: {"来源": "补充"}})),
        ),
        entry(
            "principle",
            "原则性措施不单独验收，落实得怎样要看体现它的任务。",
            ledger(in_ledger(TASKS, {4: {"任务类型": "原则"}})),
            ledger(in_ledger(TASKS, {4: {"任务类型": "原则", "体现于": "RW-001"}})),
        ),
        entry(
            "proof-row",
            "登记表、指标写错了，就核对不了。",
            ledger(in_ledger(PROOFS, {4: {**PROOF, "核对登记表": "支委名单"}})),
            ledger(in_ledger(PROOFS, {4: {**PROOF, "核对指标": "空缺数"}})),
            ledger(in_ledger(PROOFS, {4: {**PROOF, "条件": "职务=书籍"}})),
            ledger(in_ledger(PROOFS, {4: {**PROOF, "目标": "清零"}})),
            ledger(in_ledger(PROOFS, {4: {**PROOF, "依据": "程序建议"}})),
            ledger(
                in_ledger(TASKS, {4: {"任务类型": "原则", "体现于": "RW-002"}}),
                in_ledger(PROOFS, {4: PROOF}),
            ),
            ledger(
                in_ledger(TASKS, {4: RECURRING}),
                in_ledger(
                    PROOFS,
                    {
                        4: {
                            **PROOF,
                            "核对登记表": "规章制度",
                            "核对指标": "已完成",
                            "比较": "≥",
                            "目标": "1",
                            "每周期": "月",
                        }
                    },
                ),
            ),
        ),
        entry(
            "proof-contradicts",
            "报了完成，台账自己的数却没有达到：不能悄悄过去。",
            ledger(
                in_ledger(TASKS, {4: {"状态": "已完成", "进度": 1, "佐证材料": "会议记录"}}),
                in_ledger(PROOFS, {4: PROOF}),
                in_ledger(SEATS, {4: VACANT}),
            ),
            ledger(
                in_ledger(TASKS, {4: STRUCK_OFF}),
                in_ledger(CLOSEOUTS, {4: CLOSEOUT}),
                in_ledger(PROOFS, {4: PROOF}),
                in_ledger(SEATS, {4: VACANT}),
            ),
        ),
    ),
    stage(
        "六、报来的文件",
        "先看文件打不打得开、是谁的、哪一期的，再看里面的格子。有“错误”的整份不采用。",
        entry(
            "unreadable",
            "打不开的文件一个字也读不到，要请部门重报。",
            returned(data("报来的表加了密码。", encrypted)),
            returned(data("报来的其实是网页，只是扩展名叫 .xls。", lambda _: b"<html><table>", "财务处.xls")),
            returned(data("报来的文件只传了一半。", lambda content: content[:3000])),
        ),
        entry(
            "other-file",
            "夹在里面的别的文件不读、不退，但要看一眼，免得漏了谁报的东西。",
            returned(
                said(
                    "报送文件夹里还有说明、照片和系统自己放的文件。",
                    others("说明.docx", "现场.jpg", "desktop.ini", "~$财务处.xlsx"),
                )
            ),
            returned(said("党委办公室报来的是压缩包。", others("党委办公室.zip"))),
        ),
        entry(
            "identity",
            "认不出是谁的表就不能汇总，免得记到别的部门、别的期次头上。",
            returned(
                file("部门把内容抄到了自己建的表里（没有下发时的标识）。", lambda one: one.remove(one["_台账标识"]))
            ),
            returned(file("报来的是别的台账下发的表。", put("_台账标识", "A1", FOREIGN))),
            returned(said("报来的表都对，但办公室留底的文件夹（history/issued）被删了。", forget_issued)),
            returned(data("财务处报来的表，文件名是另一个部门的。", bytes, "党委办公室.xlsx")),
            Example(
                (nothing("报来的是 2022-03 期的表，办公室只汇总 2022-02 期。"),),
                ("merge", "报送", "--period", "2022-02", "--dry-run"),
            ),
        ),
        entry(
            "untouched",
            "没有人填过的表不能算报过了。",
            returned(said("部门把下发的原表原样发了回来。", unfilled)),
        ),
        entry(
            "not-asked",
            "周期任务看次数，不看进度。",
            merging(
                in_ledger(TASKS, {4: RECURRING}),
                said("办公室重新下发。", issued_again),
                in_return(TASKS, {4: {"进度": 0.5, "本期进展": "约谈 1 次"}, 5: {"本期无变化": "是"}}),
            ),
        ),
        entry(
            "same-words",
            "照抄上期的话，看不出本期做了什么。",
            merging(
                in_ledger(TASKS, {4: {"本期进展": "约谈 1 次"}}),
                said("办公室重新下发。", issued_again),
                in_return(TASKS, {4: {"本期进展": "约谈 1 次"}, 5: {"本期无变化": "是"}}, "上期进展"),
            ),
        ),
        entry(
            "unchanged-with-words",
            "又写进展、又选没有变化，只能算一样。",
            returned(in_return(TASKS, {4: {"本期进展": "约谈 1 次"}}, "本期无变化")),
        ),
        entry(
            "duplicate-file",
            "只能采用一份。",
            returned(said("同一份表放了两遍。", copy_as("财务处（副本）.xlsx"))),
            returned(said("又报来一份改过的，保存时间更晚。", second_version("2022-03-12T09:00:00Z"))),
            returned(said("又报来一份改过的，保存时间一样。", second_version("2022-03-10T00:00:00Z"))),
            returned(said("汇总过 3 月 12 日保存的表以后，又报来 3 月 11 日保存的。", older_version)),
        ),
        entry(
            "file-format",
            "别的格式里有些东西看不出来，下次请另存。",
            returned(data("报来的表扩展名被改成了 .et。", bytes, "财务处.et")),
            Example(
                (data("报来的是 97-2003 格式的 .xls。", as_old_xls, "财务处.xls"),),
                ("merge", "报送", "--as", "财务处", "--period", "2022-03", "--dry-run"),
                ("absent",),
            ),
        ),
        entry(
            "macros",
            "宏可能带病毒，程序从不运行它。",
            returned(data("报来的表里带着宏。", carrying("xl/vbaProject.bin"), "财务处.xlsm")),
        ),
        entry(
            "embedded",
            "程序不打开它，佐证要另外报。",
            returned(data("报来的表里嵌着一个文件。", carrying("xl/embeddings/oleObject1.bin"))),
        ),
        entry(
            "external-links",
            "读到的是上次保存的旧数。",
            returned(data("报来的表里有公式引用了别的工作簿。", carrying("xl/externalLinks/externalLink1.xml"))),
        ),
        entry(
            "late",
            "照收，但要登记。",
            returned(
                data(
                    "3 月 25 日截止，这份表 3 月 28 日才保存。",
                    lambda content: saved_at(content, "2022-03-28T09:00:00Z"),
                )
            ),
        ),
        entry(
            "period-past",
            "可能是拿错了表；照收，这一期的还要另报。",
            returned(said("财务处报来的是 2022-03 期的表，2022-04 期的已经下发。", next_period)),
        ),
        entry(
            "superseded",
            "后一期报的才是最近的情况，迟到的旧表不能盖掉它。",
            returned(
                in_return(TASKS, {4: {"进度": 0.6}}),
                said("财务处 2022-04 期的表先报来，RW-001 的“进度”是 80%，已经汇总。", next_period_merged),
                beside=("period-past",),
            ),
        ),
        entry(
            "absent",
            "谁还没有报，要心里有数。",
            Example((nothing("财务处报了，党委办公室没有报。"),), MERGE),
            Example((said("给两个部门下发时中途断了，党委办公室的表没有发出。", broken_off),), MERGE),
        ),
    ),
    stage(
        "七、报来的行和格子",
        "每一行、每一格都和下发时的留底、台账现在的内容比对。错误：这一行退回；警告：采用了或没采用，请看一眼。",
        entry(
            "row-missing",
            "少报一行不等于没有这一行，台账不动，要问清楚。",
            returned(file("报来的〈整改任务〉里删掉了 RW-002 那一行。", lambda one: one[TASKS].delete_rows(5))),
        ),
        entry(
            "row-foreign",
            "不是下发给它的行，部门不能改。",
            returned(in_return(TASKS, {6: {"任务编号": "RW-003", "进度": 0.6}})),
            returned(in_return(TASKS, {6: {"任务编号": "RW-009", "进度": 0.6}})),
            returned(in_return(RULES, {13: REGULATION})),
            returned(
                in_return(TASKS, {5: {"行标识": None, "任务编号": None, "进度": 0.6}}, "整改任务"),
                beside=("row-missing",),
            ),
        ),
        entry(
            "row-moved",
            "整行粘贴错了位置，或排序、插行时编号没有跟着内容动，甲任务的进展会记到乙任务上。",
            returned(in_return(TASKS, {4: {"任务编号": "RW-002", "进度": 0.6}})),
            returned(
                in_return(
                    TASKS,
                    {4: {"整改任务": "修订差旅费办法", "进度": 0.6}, 5: {"整改任务": "约谈支部书记", "进度": 0.7}},
                )
            ),
            returned(
                in_return(RULES, {4: {"制度名称": "食堂管理办法", "动作": "立", "计划完成日": date(2022, 9, 30)}})
            ),
        ),
        entry(
            "columns-sorted",
            "只选填的几列排序，编号不动，每一行的进展都会记到别的任务上。",
            returned(
                in_return(TASKS, {4: {"本期进展": "约谈了三个支部的书记"}, 5: {"本期进展": "差旅费办法已征求意见"}}),
                said("这份表已经汇总；后来又报来一份。", merged),
                in_return(TASKS, {4: {"本期进展": "差旅费办法已征求意见"}, 5: {"本期进展": "约谈了三个支部的书记"}}),
            ),
        ),
        entry(
            "row-duplicate",
            "两行不一样，就不知道信哪个。",
            returned(in_return(TASKS, {4: {"进度": 0.6}, 6: {"任务编号": "RW-001", "状态": "推进中", "进度": 0.7}})),
            returned(in_return(TASKS, {6: {"任务编号": "RW-001", "状态": "推进中"}})),
        ),
        entry(
            "row-gone",
            "下发以后台账里删了这一行，报来的没处放；不怪部门。",
            returned(
                book("办公室删去了台账里的 RW-001。", lambda one: one[TASKS].delete_rows(4)),
                in_return(TASKS, {4: {"进度": 0.6}}),
            ),
        ),
        entry(
            "row-renumbered",
            "办公室在台账里重编、对调了编号，部门报的就会记到别的任务上；不怪部门。",
            returned(
                in_ledger(TASKS, {4: {"任务编号": "RW-002"}, 5: {"任务编号": "RW-001"}}, "整改任务"),
                in_return(TASKS, {4: {"进度": 0.6}}),
            ),
            returned(
                in_ledger(TASKS, {4: {"任务编号": "RW-004"}}, "整改任务"),
                in_return(TASKS, {4: {"进度": 0.6}}),
            ),
        ),
        entry(
            "row-reassigned",
            "办公室把任务改交给别的部门以后，原来的部门就不能再改它。",
            returned(
                in_ledger(TASKS, {4: {"牵头部门": "党委办公室"}}, "整改任务"),
                in_return(TASKS, {4: {"进度": 0.6}}),
            ),
        ),
        entry(
            "undone",
            "撤销了一次汇总，同样的表再汇总一遍不会又写进去；要写回去，就撤销那次撤销。",
            returned(in_return(TASKS, {4: {"进度": 0.6}}), said("汇总以后，办公室撤销了那次汇总。", merged_and_undone)),
        ),
        entry(
            "not-yours",
            "时限、标准由办公室定，部门不能在报表里改。",
            returned(in_return(TASKS, {4: {"完成时限": date(2023, 6, 30)}})),
            returned(
                in_return(TASKS, {4: {"状态": "推进中", "进度": 0.8}}),
                in_ledger(TASKS, {4: {"状态": "已销号"}}),
            ),
        ),
        entry(
            "blank",
            "空着不等于清空，免得误删台账里的内容。",
            returned(in_return(TASKS, {5: {"进度": None}})),
        ),
        entry(
            "progress-back",
            "进度倒退多半是填错了，也可能是返工，要看一眼。",
            returned(in_return(TASKS, {5: {"进度": 0.3}})),
        ),
        entry(
            "hidden-row",
            "看不见的行照样算数，免得漏看里面的改动。",
            returned(
                xml_of_return("报来的〈整改任务〉里第 5 行被隐藏了。", TASKS, '<row r="5" ', '<row r="5" hidden="1" ')
            ),
            returned(
                in_return(TASKS, {5: {"进度": 0.8}}),
                xml_of_return("第 5 行改了以后又被隐藏了。", TASKS, '<row r="5" ', '<row r="5" hidden="1" '),
            ),
        ),
        entry(
            "validation-lost",
            "下拉框被粘贴盖掉了，填错了表上也不会提示。",
            returned(
                xml_of_return("从别的表整片粘贴过来，下拉框没有了。", TASKS, "<dataValidations.*</dataValidations>", "")
            ),
        ),
        entry(
            "conflict",
            "台账和部门把同一格改成了不同的内容，由人定，程序不替人选。",
            returned(in_return(TASKS, {4: {"进度": 0.6}}), in_ledger(TASKS, {4: {"进度": 0.4}})),
        ),
        entry(
            "range-short",
            "您自己写的合计公式算不到新加的行，数会少。",
            returned(
                in_ledger(RULES, {5: {"制度编号": "ZD-002", **REGULATION, "归口部门": "党委办公室"}}),
                book("台账里还有一张自己加的〈小计〉表，B3 写着公式 =COUNTA(规章制度!B4:B5)。", own_sum),
                in_return(RULES, {5: REGULATION}),
            ),
            ledger(
                in_ledger(
                    RULES,
                    {row: {"制度编号": f"ZD-00{row - 3}", **REGULATION, "归口部门": "党委办公室"} for row in (5, 6)},
                ),
                book("台账里还有一张自己加的〈小计〉表，B3 写着公式 =COUNTA(规章制度!B4:B5)。", own_sum),
            ),
        ),
        entry(
            "print-area",
            "新填的行打印不出来，领导看到的是旧表。",
            ledger(book("〈整改任务〉的打印区域是 $A$1:$X$4，后来又加了行。", printing(TASKS, "A1:X4"))),
        ),
    ),
    stage(
        "八、裁决和公示",
        "`taizhang merge --decisions 冲突裁决.xlsx` 按裁决改台账，`taizhang report --public` 出公示。",
        entry(
            "decision",
            "裁决没写全、已经过时，或者不是本台账的，一律不采用，台账不动。",
            Example((ruled({"裁决": "按部门的"}),), DECIDE),
            Example((ruled({"裁决": "采用上报"}),), DECIDE),
            Example((ruled({"裁决": "另填", "理由": "实地核查"}),), DECIDE),
            Example((ruled({"裁决": "采用上报", "理由": "以佐证为准"}), in_ledger(TASKS, {4: {"进度": 0.45}})), DECIDE),
            Example((ruled({"裁决": "采用台账"}), said("同一份裁决表又运行了一次。", decided)), DECIDE),
            Example((ruled({"行标识": "C009", "裁决": "采用台账"}),), DECIDE),
            Example(
                (nothing("把部门报来的表当成了裁决表。"),), ("merge", "--decisions", "报送/财务处.xlsx", "--dry-run")
            ),
        ),
        entry(
            "public",
            "没有审批、没有公开表述的问题不能公示；公示里不写部门、岗位和个人信息。",
            Example((in_ledger(PROBLEMS, {4: {"公开审批": None}}, "公示表述"),), PUBLIC),
            Example((in_ledger(PROBLEMS, {4: {"公示表述": None}}, "公开审批"),), PUBLIC),
            Example((in_ledger(PROBLEMS, {4: {"公示表述": "财务处报销慢"}}),), PUBLIC),
            Example((in_ledger(PROBLEMS, {4: {"公示表述": PHONE}}),), PUBLIC),
            Example((in_ledger(TASKS, {row: {"对应问题": None} for row in (4, 5, 6)}),), PUBLIC),
            Example((in_ledger(PROBLEMS, {4: {"公开审批": "不公开"}}),), PUBLIC),
        ),
    ),
)


@cache
def played(example: Example) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return an example's steps as Markdown and the printed lines, played once."""
    return play(example.steps, example.command)


def entries() -> Iterator[Entry]:
    for each in STAGES:
        yield from each.entries
