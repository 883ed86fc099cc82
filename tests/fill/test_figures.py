"""套表: cells that ask for numbers, of all or of an aspect or a department, in tables and beside labels."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from support.fixtures import Make, Run
from support.outside_forms import AS_OF, CLOSED, HEADS, PROBLEMS, TASKS, form
from taizhang.fill.figures import read_figure
from xlsxwriter import Workbook

SUMMARY = ("序号", "方面", "问题数", "措施数", "已完成措施数", "未完成措施数", "完成率", "备注")


def cells(ledger: Path, source: Path, sheet: str = "附件1") -> list[tuple[Any, ...]]:
    book = load_workbook(ledger.parent / "报表" / f"{source.stem}_已填_2022-03-31.xlsx")
    return [tuple(cell.value for cell in row) for row in book[sheet].iter_rows(min_row=3)]


def with_rows(*rows: Sequence[Any]) -> Any:
    def draw(_: Workbook, sheet: Any) -> None:
        for number, row in enumerate(rows, 2):
            sheet.write_row(number, 0, row)

    return draw


def test_a_table_of_numbers_is_filled_for_each_aspect_and_for_all(ledger: Path, tmp_path: Path, run: Run) -> None:
    rows = with_rows((1, "深学笃用"), (2, "担当作为方面"), (3, "政治建设"), ("合计",))
    source = form(tmp_path / "汇总表.xlsx", 4, heads=SUMMARY, draw=rows)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (
        0,
        "汇总表.xlsx〈附件1〉：表头在第 2 行。\n"
        "  A2 序号 → 填“序号”（按表头）\n"
        "  B2 方面 → 填“方面”（按表头）\n"
        "  C2 问题数 → 填“问题总数”（按表头）\n"
        "  D2 措施数 → 填“措施总数”（按表头）\n"
        "  E2 已完成措施数 → 填“已办结的措施数”（按表头）\n"
        "  F2 未完成措施数 → 填“没有办结的措施数”（按表头）\n"
        "  G2 完成率 → 填“措施办结率”（按表头）\n"
        "  H2 备注 → 不填（按表头）\n"
        "填 14 格。\n"
        "请核对：B5 在台账里没有找到对应的，这一行没有填。\n"
        "请核对：“备注”留空，要人填：台账里没有，或不往上报。\n",
    )
    assert cells(ledger, source) == [
        (1, "深学笃用", 2, 3, 1, 2, "33.3%", None),
        (2, "担当作为方面", 1, 0, 0, 0, None, None),
        (3, "政治建设", None, None, None, None, None, None),
        ("合计", None, 3, 3, 1, 2, "33.3%", None),
    ]


def test_departments_are_listed_if_the_form_names_none(ledger: Path, tmp_path: Path, run: Run) -> None:
    heads = ("序号", "责任部门", "任务总数", "已完成", "正在推进", "未启动", "逾期数", "完成率（%）")
    source = form(tmp_path / "统计表.xlsx", 1, heads=heads, draw=with_rows((), ("合计",)))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    listed = cells(ledger, source)
    assert [row for row in listed if row[2]] == [
        (1, "党委办公室", 1, 0, 1, 0, 0, 0),
        (2, "财务处", 2, 1, 1, 0, 0, 50),
        ("合计", None, 3, 1, 2, 0, 0, 33.3),
    ]


def test_numbers_stand_beside_their_labels(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = tmp_path / "基本情况.xlsx"
    book = Workbook(source)
    sheet, frame, share = book.add_worksheet("附件1"), book.add_format({"border": 1}), book.add_format({"border": 1})
    share.set_num_format("0.0%")
    sheet.write(0, 0, "整改工作总体情况")
    for row, (label, form_of) in enumerate(
        (
            ("问题总数：", frame),
            ("已整改", frame),
            ("措施总数：", frame),
            ("已完成", frame),
            ("完成率", share),
            ("逾期未完成措施数", frame),
        ),
        2,
    ):
        sheet.write(row, 0, label, frame)
        sheet.write_blank(row, 1, None, form_of)
    sheet.write(8, 0, "填表人：")
    book.close()
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (
        0,
        "基本情况.xlsx〈附件1〉：一格一格地填。\n"
        "  A3 问题总数： → B3 填“问题总数”\n"
        "  A4 已整改 → B4 填“已办结的问题数”\n"
        "  A5 措施总数： → B5 填“措施总数”\n"
        "  A6 已完成 → B6 填“已办结的措施数”\n"
        "  A7 完成率 → B7 填“措施办结率”\n"
        "  A8 逾期未完成措施数 → B8 填“逾期没有办结的措施数”\n"
        "填 6 格。\n",
    )
    assert [row[1] for row in cells(ledger, source)] == [3, 0, 3, 1, 0.3333, 0, None]


def test_numbers_above_a_list_are_filled_and_are_no_title_of_it(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = tmp_path / "报表.xlsx"
    book = Workbook(source)
    sheet, frame = book.add_worksheet("附件1"), book.add_format({"border": 1})
    sheet.write(0, 0, "整改情况报表")
    for column, text in enumerate(("问题总数", "", "已完成措施数", "项", "")):
        sheet.write(1, column, text, frame)
    sheet.write_row(2, 0, HEADS, frame)
    for row in range(3, 7):
        sheet.write_row(row, 0, [""] * len(HEADS), frame)
    book.close()
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.stdout.splitlines()[:3] == [
        "报表.xlsx〈附件1〉：表头在第 3 行。",
        "  A2 问题总数 → B2 填“问题总数”",
        "  C2 已完成措施数 → E2 填“已办结的措施数”",
    ]
    assert "\n填 4 行，一行一项措施。\n" in result.stdout
    filled = load_workbook(ledger.parent / "报表" / "报表_已填_2022-03-31.xlsx")["附件1"]
    assert [cell.value for cell in filled[2]][:5] == ["问题总数", 3, "已完成措施数", "项", 1]
    assert [cell.value for cell in filled["C"]][3:] == ["制定学习计划", "修订值班制度", "每月走访一次", None]


def test_a_summary_and_a_list_in_one_file_are_both_filled(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = tmp_path / "报表.xlsx"
    book = Workbook(source)
    frame = book.add_format({"border": 1})
    for name, heads, rows in (
        ("汇总", ("查摆问题（个）", "整改措施（项）", "已完成（项）", "正在推进（项）", "完成率（%）"), 1),
        ("明细", HEADS, 4),
    ):
        sheet = book.add_worksheet(name)
        sheet.write_row(1, 0, heads, frame)
        for row in range(2, 2 + rows):
            sheet.write_row(row, 0, [""] * len(heads), frame)
    book.close()
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert cells(ledger, source, "汇总") == [(3, 3, 1, 2, 33.3)]
    assert [row[:3] for row in cells(ledger, source, "明细")] == [
        (1, "学习不够深入", "制定学习计划"),
        (2, "学习不够深入", "修订值班制度"),
        (3, "下乡走访偏少", "每月走访一次"),
        (4, "没有人管的事", None),
    ]


def test_what_is_late_and_not_begun_is_counted(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    late = {**TASKS[1], "deadline": "2022年2月底前"}
    begun_not = {"statement": "更新目录", "problems": ("WT-003",), "deadline": "2022年9月底前", "status": "未启动"}
    ledger = make_ledger([TASKS[0], late, begun_not], problems=PROBLEMS, closeouts=[CLOSED])
    heads = ("方面", "措施数", "未启动", "正在推进", "逾期", "应完成数")
    source = form(tmp_path / "统计表.xlsx", 2, heads=heads, draw=with_rows(("深学笃用",), ("担当作为",)))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "请核对：“应完成数”留空，要人填：台账里没有，或不往上报。" in result.stdout
    assert cells(ledger, source) == [("深学笃用", 2, 0, 1, 1, None), ("担当作为", 1, 1, 0, 0, None)]


@pytest.mark.parametrize(
    ("words", "before", "title", "sure"),
    [
        (("问题数",), "", "问题总数", True),
        (("问题情况", "总数"), "", "问题总数", True),
        (("其中", "已整改"), "problem", "已办结的问题数", False),
        (("已完成（项）",), "", "已办结的措施数", True),
        (("未完成措施数",), "", "没有办结的措施数", True),
        (("逾期未完成任务数",), "", "逾期没有办结的措施数", True),
        (("问题整改率",), "measure", "问题办结率", True),
        (("应完成数",), "", "", True),
    ],
)
def test_the_figure_that_a_head_asks_for(words: Sequence[str], before: str, title: str, sure: bool) -> None:
    found = read_figure(words, before)
    assert found and (found.title, found.sure) == (title, sure)


@pytest.mark.parametrize(
    "head", ["存在问题", "整改措施", "完成情况", "责任部门", "完成时限", "是否完成", "序号", "备注"]
)
def test_heads_of_words_ask_for_no_figure(head: str) -> None:
    assert read_figure([head]) is None
