"""Which problems a table has, and which measures are for them."""

from __future__ import annotations

import pytest
from support.adopted import WORDS, adopt_grids, adopt_rows, left_of, problems_of, sheet_of, tasks_of
from taizhang.adopt.adopted import Adopted
from taizhang.adopt.grid import Grid
from taizhang.adopt.mapping import Kept
from taizhang.adopt.source_book import find_tables
from taizhang.workbook.reader import Workbook

HEADS = ("序号", "问题", "整改措施", "责任部门")


def links(result: Adopted) -> list[tuple[str, ...]]:
    return tasks_of(result, "statement", "problems")


def titles(result: Adopted) -> list[str]:
    return [title for (title,) in problems_of(result, "title")]


def test_problems_and_measures_numbered_alike_belong_together() -> None:
    result = adopt_rows(HEADS, (1, "1.学习不深。\n2.文件偏多。", "1.定计划。\n2.减文件。", "1.党办\n2.办公室"))
    assert titles(result) == ["学习不深。", "文件偏多。"]
    assert tasks_of(result, "statement", "problems", "department") == [
        ("定计划。", ("WT-01",), "党办"),
        ("减文件。", ("WT-02",), "办公室"),
    ]
    assert left_of(result) == []


def test_what_a_problem_shows_and_why_is_shared_out_too() -> None:
    result = adopt_rows(
        ("问题", "具体表现", "原因", "整改措施"),
        ("1.学习不深；2.文件偏多", "1.次数少；2.重复发", "抓得不紧", "1.定计划；2.减文件"),
    )
    assert problems_of(result, "title", "detail", "causes") == [
        ("学习不深", "次数少", ("YY-01",)),
        ("文件偏多", "重复发", ("YY-01",)),
    ]


def test_problems_of_one_cell_over_rows_whose_measures_are_numbered_alike() -> None:
    rows = (HEADS, (1, "①学习不深②文件偏多", "①定计划", "党办"), ("", "", "②减文件", "办公室"))
    result = adopt_rows(*rows, merged=(((2, 1), (3, 1)), ((2, 2), (3, 2))))
    assert titles(result) == ["学习不深", "文件偏多"]
    assert links(result) == [("定计划", ("WT-01",)), ("减文件", ("WT-02",))]


@pytest.mark.parametrize("measures", ["1.定计划；2.减文件；3.抓落实", "定计划"])
def test_problems_of_one_cell_stay_one_where_nothing_shows_whose_measures_are(measures: str) -> None:
    result = adopt_rows(HEADS, (1, "1.学习不深；2.文件偏多", measures, "党办"))
    assert titles(result) == ["学习不深；2.文件偏多"]
    assert (
        "一格里写了几个问题，看不出各是哪条措施，按一个问题收；要分开的，请在原表里一个问题写一行再收：〈表〉第 2 行"
    ) in result.notes


def test_what_leads_in_to_a_list_makes_it_one_problem() -> None:
    text = "学习不深：1.次数少；2.研讨少"
    result = adopt_rows(HEADS, (1, text, "1.加次数；2.多研讨", "党办"))
    assert problems_of(result, "title", "detail") == [(text, None)]
    assert links(result) == [("加次数", ("WT-01",)), ("多研讨", ("WT-01",))]


def test_a_measure_over_the_rows_of_several_problems_is_for_all_of_them() -> None:
    rows = (HEADS, (1, "学习不深", "定计划", "党办"), (2, "研讨不多", "", ""), (3, "文件偏多", "减文件", "办公室"))
    result = adopt_rows(*rows, merged=(((2, 3), (3, 3)), ((2, 4), (3, 4))))
    assert titles(result) == ["学习不深", "研讨不多", "文件偏多"]
    assert links(result) == [("定计划", ("WT-01", "WT-02")), ("减文件", ("WT-03",))]
    assert left_of(result) == []


def test_a_row_without_number_and_problem_goes_on_if_numbers_count_problems() -> None:
    result = adopt_rows(
        HEADS,
        (1, "学习不深", "定计划", "党办"),
        ("", "", "多研讨", "党办"),
        ("一、作风建设", "", "", ""),
        ("", "", "减会议", "办公室"),
        (2, "文件偏多", "减文件", "办公室"),
    )
    assert links(result) == [
        ("定计划", ("WT-01",)), ("多研讨", ("WT-01",)), ("减会议", None), ("减文件", ("WT-02",)),
    ]  # fmt: skip


def test_a_row_with_a_number_of_its_own_does_not_go_on() -> None:
    result = adopt_rows(HEADS, (1, "学习不深", "定计划", "党办"), (2, "", "多研讨", "党办"))
    assert links(result) == [("定计划", ("WT-01",)), ("多研讨", None)]


def test_the_number_of_a_problem_links_measures_of_another_sheet() -> None:
    measures = sheet_of(
        ("措施编号", "问题编号", "整改措施", "责任部门"),
        ("C1", "W2", "减文件", "办公室"),
        ("C2", "W1、W2", "定计划", "党办"),
        ("C3", "W9", "抓落实", "党办"),
        name="措施",
    )
    heads = ("问题编号", "类别", "问题")
    problems = sheet_of(heads, ("W1", "政治建设", "学习不深"), ("W2", "作风建设", "文件偏多"), name="问题")
    result = adopt_grids(Grid(measures), Grid(problems))
    assert links(result) == [("减文件", ("WT-02",)), ("定计划", ("WT-01", "WT-02")), ("抓落实", None)]
    assert "“对应问题”写的编号没有对上一个问题，原话留在“原表对应问题”：〈措施〉第 4 行" in result.notes
    assert tasks_of(result, "原表对应问题") == [(None,), (None,), ("W9",)]


def test_problems_at_the_left_and_measures_at_the_right() -> None:
    result = adopt_rows(
        ("问题序号", "问题", "", "对应问题序号", "整改措施", "责任部门"),
        (1, "学习不深", "", 1, "定计划", "党办"),
        (2, "文件偏多", "", 1, "多研讨", "党办"),
        ("", "", "", 2, "减文件", "办公室"),
    )
    assert problems_of(result, "title", "原表序号") == [("学习不深", "1"), ("文件偏多", "2")]
    assert links(result) == [("定计划", ("WT-01",)), ("多研讨", ("WT-01",)), ("减文件", ("WT-02",))]


def test_titles_that_are_problems_where_no_column_has_them() -> None:
    heads = ("序号", "整改措施", "责任部门", "时限")
    result = adopt_rows(
        heads,
        ("一、作风建设方面", "", "", ""),
        ("问题一：文件偏多", "", "", ""),
        (1, "减文件", "办公室", "年底"),
        ("（二）督办不到位", "", "", ""),
        (1, "建台账", "办公室", "年底"),
        merged=tuple(((row, 1), (row, 4)) for row in (2, 3, 5)),
    )
    assert problems_of(result, "aspect", "title") == [("作风建设方面", "文件偏多"), ("作风建设方面", "督办不到位")]
    assert links(result) == [("减文件", ("WT-01",)), ("建台账", ("WT-02",))]


def test_titles_that_are_aspects_are_no_problems() -> None:
    rows = (("整改措施", "责任部门", "时限"), ("一、作风建设方面", "", ""), ("减文件", "办公室", "年底"))
    result = adopt_rows(*rows, merged=(((2, 1), (2, 3)),))
    assert titles(result) == []
    assert tasks_of(result, "statement", "group") == [("减文件", "作风建设方面")]


def test_a_cell_that_labels_problem_and_measure() -> None:
    heads = ("问题及整改措施", "责任部门")
    result = adopt_rows(heads, ("问题：文件偏多。\n整改措施：1.减文件；2.合并会议。", "办公室"))
    assert titles(result) == ["文件偏多"]
    assert links(result) == [("减文件", ("WT-01",)), ("合并会议。", ("WT-01",))]
    assert left_of(result) == []


def test_labels_and_numbers_before_a_text_only_count() -> None:
    result = adopt_rows(
        ("问题", "整改措施", "责任部门"),
        ("问题1：文件偏多", "措施1-1：减文件", "办公室"),
        ("2.学习不深", "2.1定计划", "党办"),
    )
    assert titles(result) == ["文件偏多", "学习不深"]
    assert tasks_of(result, "statement", "original") == [("减文件", "措施1-1：减文件"), ("定计划", "2.1定计划")]


def test_a_table_that_only_counts_is_none_beside_one_that_tells() -> None:
    counts = sheet_of(("责任部门", "问题数", "措施数"), ("办公室", 2, 3), name="统计")
    choices = sheet_of(("状态", "部门"), ("已完成", "办公室"), name="选项")
    told = sheet_of(HEADS, (1, "慢", "改", "办公室"), name="明细")
    book = Workbook("旧表.xlsx", "", (counts, choices, told))
    found = find_tables(book, WORDS, Kept(), lay=True)
    assert [table.grid.sheet.name for table in found.tables] == ["明细"]
    assert found.others == ("统计", "选项")
