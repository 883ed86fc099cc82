"""套表: the superior's form is filled from the ledger; what it has already, and all else of it, stays byte for byte."""

from __future__ import annotations

import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from support.fixtures import Make, Run
from support.outside_forms import AS_OF, CLOSED, HEADS, PROBLEMS, TASKS, Draw, form
from xlsxwriter import Workbook


def filled(ledger: Path, source: Path) -> list[tuple[Any, ...]]:
    path = ledger.parent / "报表" / f"{source.stem}_已填_2022-03-31.xlsx"
    return [tuple(cell.value for cell in row) for row in load_workbook(path)["附件1"].iter_rows(min_row=3)]


def test_a_blank_form_gets_a_row_for_each_measure(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 2)
    before = source.read_bytes()
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (
        0,
        "统计表.xlsx〈附件1〉：表头在第 2 行。\n"
        "  A2 序号 → 填“序号”（按表头）\n"
        "  B2 存在问题 → 填“问题”（按表头）\n"
        "  C2 整改措施 → 填“整改措施”（按表头）\n"
        "  D2 责任单位 → 填“牵头部门”（按表头）\n"
        "  E2 完成时限 → 填“完成时限”（按表头）\n"
        "  F2 完成情况 → 填“本期进展”（按表头）\n"
        "  G2 是否销号 → 填“是否销号”（按表头）\n"
        "  H2 联系人 → 不填（按表头）\n"
        "填 4 行，一行一项措施。\n"
        "请核对：“联系人”留空，要人填：台账里没有，或不往上报。\n",
    )
    assert filled(ledger, source) == [
        (1, "学习不够深入", "制定学习计划", "财务处", "2022年1月31日", "计划已印发", "是", None),
        (2, "学习不够深入", "修订值班制度", "党委办公室", "2022年6月底前", "初稿写完", "否", None),
        (3, "下乡走访偏少", "每月走访一次", "财务处", None, "走访两个村", "否", None),
        (4, "没有人管的事", None, None, None, None, None, None),
    ]
    assert source.read_bytes() == before


def test_a_form_without_measures_gets_a_row_for_each_problem(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 3, heads=("序号", "存在问题", "责任单位", "完成情况", "是否销号"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0
    assert filled(ledger, source) == [
        (1, "学习不够深入", "财务处、党委办公室", "1.计划已印发\n2.初稿写完", "否"),
        (2, "下乡走访偏少", "财务处", "走访两个村", "否"),
        (3, "没有人管的事", None, None, None),
    ]


def test_no_problem_is_missing_because_its_measures_are_told_under_another(
    make_ledger: Make, tmp_path: Path, run: Run
) -> None:
    shared = {**TASKS[1], "problems": ("WT-003", "WT-001")}
    only_shared = {**TASKS[2], "problems": ("WT-003", "WT-002")}
    ledger = make_ledger([TASKS[0], shared, only_shared], problems=PROBLEMS, closeouts=[CLOSED])
    source = form(tmp_path / "统计表.xlsx", 5)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[1:3] for row in filled(ledger, source)] == [
        ("学习不够深入", "制定学习计划"),
        ("下乡走访偏少", "每月走访一次"),
        ("没有人管的事", "修订值班制度"),
        ("没有人管的事", "每月走访一次"),
        (None, None),
    ]


def test_problems_that_the_form_names_are_found_and_the_rest_is_said(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        for row, text in enumerate(("1.下乡走访偏少。", "学习还不够深入", "食堂饭菜单一"), 2):
            sheet.write(row, 1, text)
        sheet.write(2, 3, "综合科")

    source = form(tmp_path / "统计表.xlsx", 3, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("请核对")] == [
        "请核对：B4 与台账的 WT-001“学习不够深入”不完全一样，按它填了。",
        "请核对：B5 在台账里没有找到对应的，这一行没有填。",
        "请核对：第 4 行一格里写了几项措施，表里留给那个问题的行不够一项一行。",
        "请核对：“联系人”留空，要人填：台账里没有，或不往上报。",
        "请核对：已有内容、没有改的格子：D3。",
        "请核对：台账里还有 1 个问题这张表没有列：WT-003。",
    ]
    assert filled(ledger, source) == [
        (1, "1.下乡走访偏少。", "每月走访一次", "综合科", None, "走访两个村", "否", None),
        (2, "学习还不够深入", "1.制定学习计划\n2.修订值班制度", "财务处、党委办公室",
         "1.2022年1月31日\n2.2022年6月底前", "1.计划已印发\n2.初稿写完", "否", None),
        (None, "食堂饭菜单一", None, None, None, None, None, None),
    ]  # fmt: skip


def test_cells_that_the_ledger_does_not_know_are_told_together(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        for row, text in enumerate(("食堂饭菜单一", "下乡走访偏少", "车位不够", "电梯老旧"), 2):
            sheet.write(row, 1, text)

    result = run("fill", form(tmp_path / "统计表.xlsx", 4, draw=draw), "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if "没有找到" in line] == [
        "请核对：B3、B5:B6 在台账里没有找到对应的，这 3 行没有填。"
    ]


def test_rows_merged_under_a_problem_hold_its_measures(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.merge_range(2, 1, 4, 1, "学习不够深入")
        sheet.write(5, 1, "下乡走访偏少")

    source = form(tmp_path / "统计表.xlsx", 4, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0
    assert [row[1:4] for row in filled(ledger, source)] == [
        ("学习不够深入", "制定学习计划", "财务处"),
        (None, "修订值班制度", "党委办公室"),
        (None, None, None),
        ("下乡走访偏少", "每月走访一次", "财务处"),
    ]
    copy = load_workbook(ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx")["附件1"]
    assert sorted(map(str, copy.merged_cells.ranges)) == ["A1:H1", "B3:B5"]


def test_more_measures_than_merged_rows_share_the_last_one(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.merge_range(2, 1, 3, 1, "学习不够深入")

    more = [
        *TASKS,
        {"statement": "补课一次", "problems": ("WT-001",), "deadline": date(2022, 5, 1), "status": "未启动"},
    ]
    ledger = make_ledger(more, problems=PROBLEMS, closeouts=[CLOSED])
    source = form(tmp_path / "统计表.xlsx", 2, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [row[2] for row in filled(ledger, source)] == ["制定学习计划", "1.修订值班制度\n2.补课一次"]


def test_measures_that_the_form_names_get_their_own_state(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.write(2, 1, "学习不够深入")
        sheet.write(2, 2, "（1）修订值班制度；")

    source = form(tmp_path / "统计表.xlsx", 1, draw=draw)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert filled(ledger, source) == [
        (1, "学习不够深入", "（1）修订值班制度；", "党委办公室", "2022年6月底前", "初稿写完", "否", None)
    ]


def with_notes(book: Workbook, sheet: Any) -> None:
    sheet.write(6, 0, "注：本表一式两份")


def test_rows_above_the_notes_that_suffice_are_filled(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 4, draw=with_notes)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    rows = filled(ledger, source)
    assert [row[0] for row in rows] == [1, 2, 3, 4, "注：本表一式两份"]


def test_rows_that_are_missing_above_the_notes_are_inserted(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write_formula(4, 0, "=COUNTA(A3:A4)", None, 0)
        sheet.write(4, 1, "合计")
        sheet.merge_range(6, 0, 6, 2, "填表人：")
        sheet.data_validation(2, 6, 3, 6, {"validate": "list", "source": ["是", "否"]})

    source = form(tmp_path / "统计表.xlsx", 2, draw=draw)
    before = source.read_bytes()
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [line for line in result.stdout.splitlines() if not line.startswith(" ")] == [
        "统计表.xlsx〈附件1〉：表头在第 2 行。",
        "表里的空行不够，将在第 4 行下面插入 2 行，照第 4 行的样子；下面的内容往下移。",
        "填 4 行，一行一项措施。",
        "请核对：“联系人”留空，要人填：台账里没有，或不往上报。",
    ]
    assert [row[:3] for row in filled(ledger, source)] == [
        (1, "学习不够深入", "制定学习计划"),
        (2, "学习不够深入", "修订值班制度"),
        (3, "下乡走访偏少", "每月走访一次"),
        (4, "没有人管的事", None),
        ("=COUNTA(A3:A6)", "合计", None),
        (None, None, None),
        ("填表人：", None, None),
    ]
    sheet = load_workbook(ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx")["附件1"]
    assert sorted(map(str, sheet.merged_cells.ranges)) == ["A1:H1", "A9:C9"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["G3:G6"]
    assert len({sheet.cell(row, 3).style_id for row in range(3, 7)}) == 1
    assert source.read_bytes() == before


def test_inserted_rows_are_asked_about_even_if_the_heads_are_known(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write(5, 0, "注：本表一式两份")

    assert run("fill", form(tmp_path / "甲.xlsx", 4), "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    refused = run("fill", form(tmp_path / "乙.xlsx", 3, draw=draw), "-l", ledger, "--as-of", AS_OF, answer="否\n")
    assert (refused.exit_code, "将在第 5 行下面插入 1 行" in refused.stdout) == (1, True)
    assert not (ledger.parent / "报表" / "乙_已填_2022-03-31.xlsx").exists()


def test_rows_that_cannot_be_inserted_are_asked_for_with_the_reason(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.add_table(1, 0, 4, 7, {"columns": [{"header": head} for head in HEADS]})
        sheet.write(6, 0, "注：本表一式两份")

    source = form(tmp_path / "统计表.xlsx", 3, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "表里只有 3 行可填，要填 4 行；要插入 1 行，表里有表格（Ctrl+T），插入行会弄乱它，没有写。"
        "请在第 6 行上面插入 1 行，再运行。"
    ) in result.stderr
    assert not (ledger.parent / "报表").exists()


def blocks(*rows: int) -> Draw:
    """Draw blocks of so many rows, whose problem and number are merged, and a note below them."""

    def draw(book: Workbook, sheet: Any) -> None:
        frame, row = book.add_format({"border": 1}), 2
        for size in rows:
            for column in (0, 1):
                sheet.merge_range(row, column, row + size - 1, column, "", frame)
            row += size
        sheet.write(row, 0, "注：本表一式两份")

    return draw


def test_blocks_that_are_missing_are_inserted_with_their_merged_cells(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 2, draw=blocks(2))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [line for line in result.stdout.splitlines() if "插入" in line] == [
        "表里的空行不够，将在第 4 行下面插入 4 行，照第 3—4 行的样子；下面的内容往下移。"
    ]
    assert [row[:3] for row in filled(ledger, source)] == [
        (1, "学习不够深入", "制定学习计划"),
        (None, None, "修订值班制度"),
        (2, "下乡走访偏少", "每月走访一次"),
        (None, None, None),
        (3, "没有人管的事", None),
        (None, None, None),
        ("注：本表一式两份", None, None),
    ]
    merged = load_workbook(ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx")["附件1"].merged_cells.ranges
    assert sorted(map(str, merged)) == ["A1:H1", "A3:A4", "A5:A6", "A7:A8", "B3:B4", "B5:B6", "B7:B8"]


def test_blocks_with_formulas_are_asked_for_with_the_reason(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        blocks(2)(book, sheet)
        sheet.write_formula(3, 7, "=COUNTA(D3:D4)")

    result = run("fill", form(tmp_path / "统计表.xlsx", 2, draw=draw), "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "表里只有 1 块可填，要填 3 块；要插入 4 行，合并的一块里有公式，没有写。请在第 5 行上面插入 4 行，再运行。"
    ) in result.stderr


def beside(*rows: tuple[str, int]) -> Draw:
    """Draw aspects, each merged over so many rows."""

    def draw(book: Workbook, sheet: Any) -> None:
        frame, row = book.add_format({"border": 1}), 2
        for aspect, size in rows:
            sheet.merge_range(row, 0, row + size - 1, 0, aspect, frame)
            row += size

    return draw


@pytest.mark.parametrize(
    ("sizes", "said", "listed"),
    [
        ((2, 2), "填 3 行，一行一个问题。", ["学习不够深入", "下乡走访偏少", "没有人管的事", None]),
        (
            (3, 2),
            "填 4 行，一行一项措施。",
            ["学习不够深入", "学习不够深入", "下乡走访偏少", "没有人管的事", None],
        ),
    ],
)
def test_problems_go_beside_the_aspect_that_the_form_names(
    sizes: tuple[int, int], said: str, listed: list[str | None], make_ledger: Make, tmp_path: Path, run: Run
) -> None:
    more = {"statement": "定一个牵头部门", "problems": ("WT-003",), "deadline": "2022年6月底前", "status": "推进中"}
    others = [{**more, "statement": "每季度会商"}, more] if sizes == (2, 2) else [more]
    ledger = make_ledger([*TASKS, *others], problems=PROBLEMS, closeouts=[CLOSED])
    heads = ("方面", "序号", "存在问题", "整改措施", "责任单位")
    draw = beside(("深学笃用", sizes[0]), ("担当作为", sizes[1]))
    source = form(tmp_path / "统计表.xlsx", sum(sizes), heads=heads, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert said in result.stdout
    assert [row[2] for row in filled(ledger, source)] == listed


def test_aspects_may_stand_beside_each_row(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        for row, aspect in enumerate(("深学笃用", "深学笃用", "深学笃用", "担当作为"), 2):
            sheet.write(row, 0, aspect)

    source = form(tmp_path / "统计表.xlsx", 4, heads=("方面", "序号", "存在问题", "整改措施", "责任单位"), draw=draw)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[0:4:2] for row in filled(ledger, source)] == [
        ("深学笃用", "学习不够深入"),
        ("深学笃用", "学习不够深入"),
        ("深学笃用", "下乡走访偏少"),
        ("担当作为", "没有人管的事"),
    ]


def test_it_is_said_if_the_rows_suffice_for_the_problems(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 3, draw=lambda _, sheet: sheet.write(5, 0, "填表人："))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "填 4 行，一行一项措施。\n请核对：要一行写一个问题的，加 --each 问题，空行就够。\n" in result.stdout
    ruled = run("fill", source, "-l", ledger, "--as-of", AS_OF, "--each", "问题", "-y")
    assert "填 3 行，一行一个问题。\n" in ruled.stdout
    assert "插入" not in ruled.stdout


@pytest.mark.parametrize(
    ("below", "rows"),
    [
        (lambda book, sheet: sheet.merge_range(6, 0, 6, 5, "已完成数", book.add_format({"border": 1})), 4),
        (lambda _, sheet: sheet.write(8, 0, "填表人："), 4),
        (lambda _, sheet: sheet.write(6, 0, "合计"), 4),
    ],
)
def test_what_stands_below_the_frame_is_no_row_to_fill(
    ledger: Path, tmp_path: Path, run: Run, below: Draw, rows: int
) -> None:
    result = run("fill", form(tmp_path / "统计表.xlsx", rows, draw=below), "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, "插入" in result.stdout) == (0, False)
    fewer = run("fill", form(tmp_path / "少.xlsx", rows - 1, draw=below), "-l", ledger, "--as-of", AS_OF, "-y")
    assert "将在第 5 行下面插入 1 行" in fewer.stdout


def test_an_example_in_the_first_row_is_left_and_told(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write_row(2, 0, ["例", "学习抓得不紧", "订计划", "办公室"])

    source = form(tmp_path / "统计表.xlsx", 5, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "请核对：第 3 行是示例，没有动，报出去以前请看要不要删。" in result.stdout
    assert [row[:3] for row in filled(ledger, source)][:2] == [
        ("例", "学习抓得不紧", "订计划"),
        (1, "学习不够深入", "制定学习计划"),
    ]


def test_hidden_rows_are_not_filled(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 5, draw=lambda _, sheet: sheet.set_row(3, None, None, {"hidden": True}))
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[0] for row in filled(ledger, source)] == [1, None, 2, 3, 4]


def test_one_row_for_each_problem_if_the_title_says_so(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 3, draw=lambda _, sheet: sheet.write(0, 0, "整改情况表（一问题一行）"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "填 3 行，一行一个问题。" in result.stdout


LISTS = ["已完成", "正在推进", "未启动"]


def with_lists(where: str) -> Draw:
    def draw(book: Workbook, sheet: Any) -> None:
        other = book.add_worksheet("字典")
        other.write_column(0, 0, LISTS)
        book.define_name("状态", "=字典!$A$1:$A$3")
        source = {"words": LISTS, "cells": "=字典!$A$1:$A$3", "name": "=状态"}[where]
        sheet.data_validation(2, 5, 9, 5, {"validate": "list", "source": source})
        sheet.data_validation(2, 3, 9, 3, {"validate": "list", "source": ["财务处", "综合科"]})

    return draw


@pytest.mark.parametrize("where", ["words", "cells", "name"])
def test_a_cell_with_a_list_gets_a_word_of_the_list(where: str, ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 4, draw=with_lists(where))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert [row[5] for row in filled(ledger, source)] == ["已完成", "正在推进", "正在推进", None]
    assert [row[3] for row in filled(ledger, source)] == ["财务处", None, "财务处", None]
    assert "请核对：“责任单位”的选项里没有台账写的“党委办公室”，有 1 行没有填。" in result.stdout


def test_what_is_reported_and_not_decided_is_not_told_as_done(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    ledger = make_ledger([{**TASKS[1], "status": "已完成"}], problems=PROBLEMS)
    source = form(tmp_path / "统计表.xlsx", 3, draw=with_lists("words"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert filled(ledger, source)[0][5] == "正在推进"
    assert "请核对：“完成情况”有 1 行部门报已完成、还没有审定，填了“正在推进”。" in result.stdout


def test_boxes_are_ticked(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        for row, text in enumerate(("□是  □否", "☐是 ☐否", "■是 □否"), 2):
            sheet.write(row, 6, text)

    source = form(tmp_path / "统计表.xlsx", 4, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert [row[6] for row in filled(ledger, source)] == ["■是  □否", "☐是 ☑否", "■是 □否", None]
    assert "请核对：已有内容、没有改的格子：G5。" in result.stdout


def test_what_only_a_form_asks_is_answered(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    tasks = [
        {**TASKS[1], "deadline": date(2022, 3, 1), "obstacle": "人手不够。", "next_step": "4月上会"},
        {"statement": "坚持读书", "kind": "长期", "deadline": "长期坚持", "review_cycle": "季", "status": "推进中"},
    ]
    asked = {
        "code": "YQ-001", "task": "RW-001", "department": "财务处", "kind": "延期", "applied": date(2022, 2, 1),
        "reason": "流标", "until": date(2022, 3, 20), "conclusion": "同意", "approved": date(2022, 2, 20),
    }  # fmt: skip
    ledger = make_ledger(tasks, problems=PROBLEMS[:1], extensions=[asked])
    yes_or_no = ("是否完成（是/否）", "是否逾期", "是否长期坚持", "是否申请延期")
    heads = ("整改措施", "责任单位", *yes_or_no, "原定完成时限", "完成时限", "未完成原因及下步措施")
    source = form(tmp_path / "统计表.xlsx", 3, heads=heads)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[2:] for row in filled(ledger, source)][:2] == [
        ("否", "是", "否", "是", "2022年3月1日", "2022年3月20日", "人手不够。下一步：4月上会"),
        ("否", "否", "是", "否", "长期坚持", "长期坚持", None),
    ]
    again = run("fill", source, "-l", ledger, "--as-of", AS_OF)
    assert (again.exit_code, "是否逾期 → 填“是否逾期”" in again.stdout) == (0, True)


@pytest.mark.parametrize(
    ("issued", "told"),
    [
        ("2022-02-28", "2022年2月28日"),
        ("2022-02-30", "2022-02-30"),  # no day: as it stands
        ("6月底前", "6月底前"),
        (date(2022, 2, 28), "2022年2月28日"),
        (None, "2022年6月底前"),
    ],
)
def test_the_first_deadline_is_told_as_a_day_if_it_is_one(
    issued: Any, told: str, make_ledger: Make, tmp_path: Path, run: Run
) -> None:
    ledger = make_ledger([{**TASKS[1], "original_deadline": issued}], problems=PROBLEMS[:1])
    source = form(tmp_path / "统计表.xlsx", 1, heads=("整改措施", "责任单位", "原定完成时限"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, [row[2] for row in filled(ledger, source)]) == (0, [told])


def test_days_and_shares_are_written_as_the_cells_show_them(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        day, share = (book.add_format({"num_format": each, "border": 1}) for each in ("yyyy年m月d日", "0.0%"))
        for row in (2, 3):
            sheet.write_blank(row, 1, None, day)
            sheet.write_blank(row, 2, None, share)

    tasks = [{**TASKS[1], "deadline": date(2022, 6, 1)}, TASKS[1]]
    ledger = make_ledger(tasks, problems=PROBLEMS[:1])
    source = form(tmp_path / "统计表.xlsx", 2, heads=("整改措施", "完成时限", "完成率", "责任单位"), draw=draw)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    sheet = load_workbook(ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx")["附件1"]
    assert [(sheet.cell(row, 2).value, sheet.cell(row, 3).value) for row in (3, 4)] == [
        (datetime(2022, 6, 1), 0.6),
        ("2022年6月底前", 0.6),
    ]
    assert sheet["C3"].number_format == "0.0%"
    named = form(tmp_path / "数.xlsx", 2, heads=("整改措施", "整改进度（%）", "责任单位"))
    assert run("fill", named, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[1] for row in filled(ledger, named)] == [60, 60]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("修订值班制度（2022年6月底前完成）", True),
        ("2022年6月底前修订好值班制度", True),
        ("修订考勤制度", False),
        ("6月底前", False),
    ],
)
def test_a_measure_is_found_with_its_time_elsewhere(
    words: str, found: bool, ledger: Path, tmp_path: Path, run: Run
) -> None:
    source = form(tmp_path / "统计表.xlsx", 1, draw=lambda _, sheet: sheet.write(2, 2, words))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code == 0) is found
    if found:
        assert filled(ledger, source)[0][3] == "党委办公室"


@pytest.mark.parametrize(
    ("heads", "answers"),
    [
        (("完成情况", "进展说明"), ("已销号", "计划已印发")),
        (("进展说明", "完成情况"), ("计划已印发", "已销号")),
        (("进展情况", "工作成效"), ("计划已印发", None)),
        (("是否完成", "完成状态"), ("是", "已销号")),
        (("完成率", "整改进度（%）"), ("100%", 100)),
    ],
)
def test_two_heads_for_one_thing(
    heads: tuple[str, str], answers: tuple[Any, Any], ledger: Path, tmp_path: Path, run: Run
) -> None:
    source = form(tmp_path / "统计表.xlsx", 4, heads=("整改措施", "责任单位", *heads))
    for again in (["-y"], []):
        result = run("fill", source, "-l", ledger, "--as-of", AS_OF, *again)
        assert result.exit_code == 0, result.stderr
        assert filled(ledger, source)[0][2:] == answers


def test_rows_that_name_codes_of_the_ledger_are_filled_by_them(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write_column(2, 0, ["RW-002", "WT-002", "RW-099"])

    source = form(tmp_path / "统计表.xlsx", 3, heads=("编号", "整改措施", "责任单位", "完成情况"), draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert [line for line in result.stdout.splitlines() if line.startswith("请核对")] == [
        "请核对：A5 的编号在台账里没有找到，这一行没有填。"
    ]
    assert filled(ledger, source) == [
        ("RW-002", "修订值班制度", "党委办公室", "初稿写完"),
        ("WT-002", "每月走访一次", "财务处", "走访两个村"),
        ("RW-099", None, None, None),
    ]


def test_totals_on_top_are_no_end(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 5, draw=lambda _, sheet: sheet.write(2, 0, "合计"))
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[0] for row in filled(ledger, source)] == ["合计", 1, 2, 3, 4]


def in_sections(*titles: str) -> Draw:
    def draw(book: Workbook, sheet: Any) -> None:
        for number, title in enumerate(titles):
            sheet.merge_range(2 + 3 * number, 0, 2 + 3 * number, 7, title, book.add_format({"border": 1}))
        sheet.write(2 + 3 * len(titles), 0, "填表人：")

    return draw


def test_problems_go_under_the_title_of_their_aspect(ledger: Path, tmp_path: Path, run: Run) -> None:
    titles = ("一、在担当作为方面", "二、在深学笃用方面")
    source = form(tmp_path / "统计表.xlsx", 6, draw=in_sections(*titles))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0, result.stderr
    assert [line for line in result.stdout.splitlines() if "插入" in line] == [
        "表里的空行不够，将在第 8 行下面插入 1 行，照第 8 行的样子；下面的内容往下移。"
    ]
    assert [row[:3] for row in filled(ledger, source)] == [
        ("一、在担当作为方面", None, None),
        (1, "没有人管的事", None),
        (None, None, None),
        ("二、在深学笃用方面", None, None),
        (2, "学习不够深入", "制定学习计划"),
        (3, "学习不够深入", "修订值班制度"),
        (4, "下乡走访偏少", "每月走访一次"),
        ("填表人：", None, None),
    ]


def test_sections_that_are_no_aspects_are_refused_with_the_cure(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 6, draw=in_sections("一、政治建设", "二、在担当作为方面"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        "表里分成“一、政治建设”、“二、在担当作为方面”几段，“在深学笃用方面”的问题填在哪一段说不准，没有写。"
        "请把问题或措施先列进各段，再运行。"
    ) in result.stderr


@pytest.mark.parametrize(
    ("words", "found"), [("修订完善值班的制度", True), ("修订值班制度，夜间双岗", True), ("修订考勤制度", False)]
)
def test_measures_under_a_problem_are_told_apart_by_less(
    words: str, found: bool, ledger: Path, tmp_path: Path, run: Run
) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.merge_range(2, 1, 3, 1, "学习不够深入")
        sheet.write(2, 2, "制定学习计划")
        sheet.write(3, 2, words)

    source = form(tmp_path / "统计表.xlsx", 2, draw=draw)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    assert [row[3] for row in filled(ledger, source)] == ["财务处", "党委办公室" if found else None]


def test_measures_are_counted_where_a_form_asks_for_their_number(ledger: Path, tmp_path: Path, run: Run) -> None:
    heads = ("存在问题", "整改措施数", "已完成措施数", "未完成措施数", "责任单位")
    source = form(tmp_path / "统计表.xlsx", 3, heads=heads)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "填 3 行，一行一个问题。" in result.stdout
    assert [row[:4] for row in filled(ledger, source)] == [
        ("学习不够深入", 2, 1, 1),
        ("下乡走访偏少", 1, 0, 1),
        ("没有人管的事", 0, 0, 0),
    ]


@pytest.mark.parametrize("kind", ["sheet.macroEnabled", "template"])
def test_a_form_with_macros_or_a_template_is_refused(kind: str, ledger: Path, tmp_path: Path, run: Run) -> None:
    source, other = form(tmp_path / "统计表.xlsx", 4), tmp_path / "带宏.xlsm"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            plain = b"openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            new.writestr(name, old.read(name).replace(plain, b"ms-excel." + kind.encode() + b".main+xml"))
    result = run("fill", other, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, "带宏或者是模板，填好的一份会打不开" in result.stderr) == (2, True), result.stderr


def test_a_row_whose_height_follows_its_text_is_raised_for_it(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    ledger = make_ledger([{**TASKS[1], "update": "初稿写完，" * 30}, TASKS[2]], problems=PROBLEMS)
    source = form(tmp_path / "统计表.xlsx", 3)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    path = ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx"
    sheet = load_workbook(path)["附件1"]
    assert [sheet.row_dimensions[row].height for row in (3, 4, 5)] == [409, 31.2, 31.2]
    with zipfile.ZipFile(path) as package:
        assert b"customHeight" not in package.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(("height", "width", "cut"), [(None, 8, []), (16, 8, [3]), (60, 8, []), (16, 60, [])])
def test_texts_that_a_fixed_row_cuts_off_are_told(
    height: float | None, width: float, cut: list[int], ledger: Path, tmp_path: Path, run: Run
) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.set_row(2, height)
        sheet.set_column(0, 2, width)

    heads = ("存在问题", "整改措施", "责任单位")
    result = run(
        "fill", form(tmp_path / "统计表.xlsx", 4, heads=heads, draw=draw), "-l", ledger, "--as-of", AS_OF, "-y"
    )
    said = [line for line in result.stdout.splitlines() if "截掉" in line]
    assert said == [f"请核对：第 {row} 行的行高是表里定死的，字放不下，打印会截掉，请拉高。" for row in cut]


def test_formulas_that_a_form_has_itself_are_not_asked_for(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        for row in range(2, 6):
            sheet.write_formula(row, 0, "=ROW()-2", None, row - 1)
            sheet.write_formula(row, 7, f"=E{row + 1}", None, "")

    source = form(tmp_path / "统计表.xlsx", 4, heads=(*HEADS[:-1], "距今天数"), draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert [line for line in result.stdout.splitlines() if line.startswith("请核对")] == []


def test_only_the_filled_cells_differ(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(book: Workbook, sheet: Any) -> None:
        sheet.write_formula(2, 5, "=1+1", None, 2)
        book.add_worksheet("附件2").write(0, 0, "别的表")

    source = form(tmp_path / "统计表.xlsx", 4, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "已有内容、没有改的格子：F3（有公式）。" in result.stdout
    copy = (ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx").read_bytes()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(BytesIO(copy)) as new:
        differ = [name for name in old.namelist() if old.read(name) != new.read(name)]
    assert differ == ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"]


def test_nothing_is_written_before_it_is_confirmed_and_the_next_form_needs_no_question(
    ledger: Path, tmp_path: Path, run: Run
) -> None:
    source = form(tmp_path / "统计表.xlsx", 4)
    refused = run("fill", source, "-l", ledger, "--as-of", AS_OF, answer="否\n")
    assert refused.exit_code == 1
    assert not (ledger.parent / "报表").exists()
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, answer="是\n").exit_code == 0
    again = run("fill", form(tmp_path / "下月.xlsx", 4), "-l", ledger, "--as-of", AS_OF)
    assert again.exit_code == 0
    assert "（按对照文件）" in again.stdout
    assert len(filled(ledger, tmp_path / "下月.xlsx")) == 4


def test_an_earlier_copy_with_hand_work_is_set_aside(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 4)
    assert run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y").exit_code == 0
    path = ledger.parent / "报表" / "统计表_已填_2022-03-31.xlsx"
    path.write_bytes(path.read_bytes() + b"typed")
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert "已改名留作" in result.stderr
    assert len([*path.parent.iterdir()]) == 2


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("没有.xlsx", "找不到，请写上级那张表的文件名"),
        ("空.xlsx", "没有认出表头"),
    ],
)
def test_a_form_that_cannot_be_filled_is_refused(ledger: Path, tmp_path: Path, run: Run, name: str, words: str) -> None:
    if name == "空.xlsx":
        form(tmp_path / name, heads=("甲", "乙", "丙"))
    result = run("fill", tmp_path / name, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert words in result.stderr


def test_an_empty_ledger_has_nothing_to_fill_in(make_ledger: Make, tmp_path: Path, run: Run) -> None:
    ledger = make_ledger([], problems=[])
    result = run("fill", form(tmp_path / "统计表.xlsx", 4), "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "台账里还没有可以填的问题和措施" in result.stderr


@pytest.mark.parametrize(
    ("heads", "said"),
    [
        (
            ("存在问题", "整改措施", "责任单位", "是否销号"),
            ["请核对：“是否销号”有 1 行是转为长期坚持的，算办结，填了“是”；上级只认销号的，请改。"],
        ),
        (("存在问题", "整改措施", "责任单位", "完成情况"), []),
    ],
)
def test_what_is_kept_up_is_said_where_a_form_asks_whether_it_is_struck_off(
    heads: tuple[str, ...], said: list[str], make_ledger: Make, tmp_path: Path, run: Run
) -> None:
    kept_up = {**TASKS[0], "kind": "长期", "status": "长期坚持", "review_cycle": "季", "deadline": ""}
    closeouts = [CLOSED, {**CLOSED, "code": "XH-002", "task": "RW-002", "conclusion": "转长期坚持"}]
    ledger = make_ledger([TASKS[0], kept_up, TASKS[1]], problems=PROBLEMS, closeouts=closeouts)
    source = form(tmp_path / "统计表.xlsx", 5, heads=heads)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if "长期坚持" in line and line.startswith("请核对")] == said
    if said:
        assert [row[3] for row in filled(ledger, source)] == ["是", "是", "否", None, None]


def test_several_measures_in_a_cell_are_told(ledger: Path, tmp_path: Path, run: Run) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.write(2, 1, "学习不够深入")
        sheet.write(3, 1, "下乡走访偏少")

    result = run("fill", form(tmp_path / "统计表.xlsx", 2, draw=draw), "-l", ledger, "--as-of", AS_OF, "-y")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if "几项" in line] == [
        "请核对：第 3 行一格里写了几项措施，表里留给那个问题的行不够一项一行。"
    ]


def test_tables_side_by_side_are_not_filled(ledger: Path, tmp_path: Path, run: Run) -> None:
    source = form(tmp_path / "统计表.xlsx", 2, heads=("存在问题", "整改措施", "责任单位", "存在问题", "整改措施"))
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    said = "统计表.xlsx〈附件1〉第 2 行的表头“存在问题”“整改措施”各写了两遍，像是并排的两张表"
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True)


def test_a_merged_range_down_to_the_last_row_of_the_sheet_does_not_stop_the_filling(
    ledger: Path, tmp_path: Path, run: Run
) -> None:
    def draw(_: Workbook, sheet: Any) -> None:
        sheet.merge_range(2, 8, 1_048_575, 8, "")

    source = form(tmp_path / "统计表.xlsx", 4, draw=draw)
    result = run("fill", source, "-l", ledger, "--as-of", AS_OF, "-y")
    assert (result.exit_code, result.stdout.splitlines()[-2]) == (0, "填 4 行，一行一项措施。")
    assert [row[1] for row in filled(ledger, source)[:4]] == [
        "学习不够深入",
        "学习不够深入",
        "下乡走访偏少",
        "没有人管的事",
    ]
