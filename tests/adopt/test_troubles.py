"""What tables have besides entries: lines above the heads, the heads again, 同上, numbers, words on progress."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from taizhang.adopt.account import ranges_of
from taizhang.adopt.adopted import Adopted, Source
from taizhang.adopt.fields import standard_words
from taizhang.adopt.grid import Grid
from taizhang.adopt.heads import find_table
from taizhang.adopt.mapping import Kept, propose
from taizhang.adopt.rows import adopt_tables
from taizhang.forms.load import standard_forms
from taizhang.ledger.settings import Settings
from taizhang.workbook.reader import Sheet

WORDS = standard_words()
Area = tuple[tuple[int, int], tuple[int, int]]


def adopted(*rows: tuple[Any, ...], merged: tuple[Area, ...] = ()) -> Adopted:
    width = max(map(len, rows))
    table = find_table(Grid(Sheet("表", [[*row, *[""] * (width - len(row))] for row in rows], merged=merged)), WORDS)
    assert table
    source = Source("旧表.xlsx", WORDS, Kept(), standard_forms(), Settings(year=2025), ["原台账"], date(2025, 8, 31))
    return adopt_tables([(table, propose(table, WORDS, Kept()))], source)


def tasks(result: Adopted, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(key) for key in keys) for row in result.rows["tasks"]]


def left(result: Adopted) -> dict[str, str]:
    return {reason: ranges_of(cells) for reason, cells in result.left}


def test_lines_above_the_heads_are_no_heads() -> None:
    result = adopted(
        ("某局整改台账", "", ""),
        ("填报单位：某局", "", "填报时间：2025年8月"),
        ("存在\n问题", "整改 措施", "责任\n单位"),
        ("慢", "改", "办公室"),
        merged=(((1, 1), (1, 3)), ((2, 1), (2, 2))),
    )
    assert tasks(result, "statement", "department") == [("改", "办公室")]
    assert left(result) == {"表头上面的标题，没有写进台账": "〈表〉A1:A2、C2"}


def test_the_heads_again_and_signatures_below_are_no_entries() -> None:
    heads = ("存在问题", "整改措施", "责任单位", "完成时限")
    result = adopted(
        heads,
        ("慢", "改", "办公室", "2025年6月底"),
        heads,
        ("乱", "理", "办公室", "2025年7月底"),
        ("问题", "措施", "责任部门", "时限"),
        ("散", "收", "办公室", "2025年8月底"),
        ("共计", "3", "", ""),
        ("制表人：", "", "审核人：", ""),
    )
    assert tasks(result, "statement") == [("改",), ("理",), ("收",)]
    assert left(result) == {
        "又印了一遍的表头": "〈表〉A3、A5、B3、B5、C3、C5、D3、D5",
        "合计行，不算一条": "〈表〉A7、B7",
        "表下面的说明": "〈表〉A8、C8",
    }


def test_the_same_as_above_is_read_so() -> None:
    result = adopted(
        ("存在问题", "整改措施", "责任单位", "完成时限"),
        ("慢", "改", "办公室", "2025年6月底"),
        ("乱", "理", "同上", "〃"),
        ("散", "收", "同上", "2025年8月底"),
    )
    assert tasks(result, "department", "deadline") == [
        ("办公室", "2025年6月底"),
        ("办公室", "2025年6月底"),
        ("办公室", "2025年8月底"),
    ]
    assert left(result) == {}


def test_what_a_problem_shows_in_several_rows_is_written_once_each() -> None:
    rows = (("慢", "排队久", "甲"), ("慢", "排队久", "乙"), ("慢", "补件多", "丙"))
    result = adopted(("存在问题", "具体表现", "整改措施"), *rows)
    assert [row["detail"] for row in result.rows["problems"]] == ["排队久\n补件多"]


def test_a_blank_below_a_problem_is_no_problem_and_is_said() -> None:
    result = adopted(
        ("存在问题", "整改措施", "责任单位"),
        ("慢", "改", "办公室"),
        ("", "再改", "办公室"),
        ("慢", "三改", "办公室"),
        ("", "四改", "办公室"),
        ("", "五改", "办公室"),
    )
    assert tasks(result, "statement", "problems") == [
        ("改", ("WT-01",)),
        ("再改", None),
        ("三改", ("WT-01",)),
        ("四改", None),
        ("五改", None),
    ]
    assert (
        "没有写问题，任务没有对应问题；接着上一个问题的，请在原表里合并那几格，或写“同上”，再收：〈表〉第 3、5—6 行"
    ) in result.notes


def test_a_measure_over_several_rows_is_one_task_for_each_department() -> None:
    result = adopted(
        ("存在问题", "整改措施", "责任单位"),
        ("慢", "改", "办公室"),
        ("", "", "人事科"),
        merged=(((2, 1), (3, 1)), ((2, 2), (3, 2))),
    )
    assert tasks(result, "statement", "department", "problems") == [
        ("改", "办公室", ("WT-01",)),
        ("改", "人事科", ("WT-01",)),
    ]


def test_what_recurs_is_counted_from_the_day_of_adoption() -> None:
    result = adopted(
        ("存在问题", "整改措施", "完成时限", "开始时间", "是否销号"),
        ("慢", "检查", "每季度一次", "", ""),
        ("乱", "抽查", "每季度一次", "2025.1.1", ""),
        ("散", "清点", "每半年一次", "", "是"),
        ("旧", "更新", "2025年底", "", ""),
        ("远", "坚持", "长期坚持", "", ""),
    )
    today = date(2025, 8, 31)
    assert tasks(result, "kind", "review_cycle", "start") == [
        ("周期", "季", today),
        ("周期", "季", date(2025, 1, 1)),
        ("周期", "半年", None),
        ("一次", None, None),
        ("长期", None, None),
    ]
    said = "周期任务、要复核的长期任务没有写开始日期，从 2025-08-31 起算，以前的不算欠，1 项"
    assert said in result.notes


def test_the_number_of_an_aspect_is_left_out() -> None:
    result = adopted(("方面", "存在问题", "整改措施"), ("（一）作风方面", "慢", "改"), ("（二）作风方面", "乱", "理"))
    assert result.aspects == ("作风方面",)


def test_a_number_in_front_of_a_measure_is_left_to_the_original() -> None:
    result = adopted(("存在问题", "整改措施"), ("慢", "3.加强检查"), ("乱", "清理 3 处"))
    assert tasks(result, "statement", "original") == [("加强检查", "3.加强检查"), ("清理 3 处", None)]


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("已完成。印发了办法", "已完成"),
        ("正在整改，已开两次会", "推进中"),
        ("开了两次会", "推进中"),
        ("已销号：2024年底验收", "已销号"),
        ("未启动", "未启动"),
        ("", "未启动"),
    ],
)
def test_words_on_progress_say_the_status_where_no_column_does(words: str, status: str) -> None:
    result = adopted(("存在问题", "整改措施", "进展情况"), ("慢", "改", words), ("乱", "理", "开了一次会，形成了纪要"))
    assert tasks(result, "status")[0] == (status,)


def test_a_task_under_way_and_closed_counts_as_closed_and_is_said() -> None:
    result = adopted(("存在问题", "整改措施", "整改状态", "是否销号"), ("慢", "改", "正在整改", "是"))
    assert tasks(result, "status") == [("已销号",)]
    assert "状态是“推进中”，又写着已经销号，按已销号收，请核对：〈表〉第 2 行" in result.notes
    assert result.rows["closeouts"][0]["evidence"] == "旧表.xlsx〈表〉D2：“是否销号”写的是“是”"
