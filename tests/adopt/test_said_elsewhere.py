"""Department, deadline and status where no column of the table has them."""

from __future__ import annotations

import pytest
from support.adopted import adopt_rows, columns_of, left_of, problems_of, tasks_of
from taizhang.adopt.adopted import Adopted

HEADS = ("问题", "整改措施", "责任部门")


def states(result: Adopted) -> list[str]:
    return [str(status) for (status,) in tasks_of(result, "status")]


@pytest.mark.parametrize(
    ("head", "cell", "status", "said"),
    [
        ("完成率", "100%", "已完成", "按进度当作“已完成”，1 项"),
        ("完成率", "0.3", "推进中", "按进度当作“推进中”，1 项"),
        ("完成率", "0%", "未启动", "按进度当作“未启动”，1 项"),
        ("销号日期", "2025年6月20日", "已销号", "“销号日期”写了日期的当作“已销号”，1 项"),
        ("实际完成时间", "2025年6月20日", "已完成", "“实际完成时间”写了日期的当作“已完成”，1 项"),
        ("实际完成时间", "", "未启动", ""),
    ],
)
def test_a_status_by_per_cent_or_day(head: str, cell: str, status: str, said: str) -> None:
    result = adopt_rows((*HEADS, head), ("慢", "改", "办公室", cell))
    assert states(result) == [status]
    assert [note for note in result.notes if "没有状态列" in note] == ([f"原表没有状态列，{said}"] if said else [])
    assert len(result.rows["closeouts"]) == (status == "已销号")


@pytest.mark.parametrize(
    ("name", "title", "status"),
    [
        ("已销号", "整改台账", "已销号"),
        ("已完成问题清单", "整改台账", "已完成"),
        ("Sheet1", "已销号问题台账", "已销号"),
        ("Sheet1", "整改台账（未完成）", "推进中"),
        ("Sheet1", "整改台账", "未启动"),
        ("完成情况", "整改台账", "未启动"),
    ],
)
def test_a_status_by_the_name_of_the_sheet_or_the_title(name: str, title: str, status: str) -> None:
    result = adopt_rows((title, "", ""), HEADS, ("慢", "改", "办公室"), name=name)
    assert states(result) == [status]


def test_a_close_out_by_the_name_of_the_sheet_names_it() -> None:
    result = adopt_rows(HEADS, ("慢", "改", "办公室"), name="已销号")
    assert [row["evidence"] for row in result.rows["closeouts"]] == ["旧表.xlsx〈已销号〉：工作表的名称"]


def test_a_column_of_statuses_is_believed_before_the_name_of_the_sheet() -> None:
    result = adopt_rows((*HEADS, "状态"), ("慢", "改", "办公室", "推进中"), ("乱", "理", "办公室", ""), name="已销号")
    assert states(result) == ["推进中", "未启动"]


def test_a_status_in_place_of_a_deadline() -> None:
    result = adopt_rows((*HEADS, "整改时限"), ("慢", "改", "办公室", "已完成"), ("乱", "理", "办公室", "持续推进"))
    assert tasks_of(result, "status", "deadline", "原表完成时限") == [
        ("已完成", None, None),
        ("未启动", "持续推进", None),
    ]


def test_a_number_of_a_decree_does_not_say_whether_it_is_closed() -> None:
    rows = ((*HEADS, "状态", "销号文号"), ("慢", "改", "办公室", "已销号", "某发〔2025〕3号"))
    assert [each.field.title for each in columns_of(*rows)][3:] == ["状态", "另列"]
    result = adopt_rows(*rows)
    assert tasks_of(result, "status", "销号文号") == [("已销号", "某发〔2025〕3号")]


def test_a_row_below_an_entry_tells_how_far_it_is() -> None:
    heads = ("问题", "整改措施", "责任部门", "时限")
    result = adopt_rows(
        heads,
        ("慢", "改", "办公室", "年底"),
        ("整改进展：已完成。开会2次", "", "", ""),
        ("佐证材料：会议记录", "", "", ""),
        ("乱", "理", "办公室", "年底"),
        ("整改进展：正在起草", "", "", ""),
        merged=tuple(((row, 1), (row, 4)) for row in (3, 4, 6)),
    )
    assert tasks_of(result, "status", "update", "evidence") == [
        ("已完成", "已完成。开会2次", "会议记录"),
        ("推进中", "正在起草", None),
    ]
    assert problems_of(result, "aspect", "title") == [("未分方面", "慢"), ("未分方面", "乱")]
    assert left_of(result) == []


@pytest.mark.parametrize(
    "titles", [("责任部门：办公室", "责任部门：财务科"), ("一、办公室（2项）", "二、财务科（1项）")]
)
def test_titles_that_are_departments(titles: tuple[str, str]) -> None:
    heads = ("序号", "问题", "整改措施", "时限")
    result = adopt_rows(
        heads,
        (titles[0], "", "", ""),
        (1, "慢", "改", "年底"),
        (2, "乱", "理", "年底"),
        (titles[1], "", "", ""),
        (3, "散", "收", "年底"),
        merged=(((2, 1), (2, 4)), ((5, 1), (5, 4))),
    )
    assert tasks_of(result, "statement", "department") == [("改", "办公室"), ("理", "办公室"), ("收", "财务科")]
    assert [aspect for (aspect,) in problems_of(result, "aspect")] == ["未分方面"] * 3
    assert "没有责任部门一列，牵头部门按小标题写作“办公室”，2 项" in result.notes
    assert left_of(result) == []


def test_a_measure_that_says_who_and_when_itself() -> None:
    result = adopt_rows(
        ("问题", "整改措施"),
        ("慢", "①定计划（责任部门：党办；完成时限：2025年9月底前）\n②减文件（办公室牵头，财务科配合，2025年10月底前）"),
        ("乱", "印发办法，2025年11月底前完成"),
    )
    assert tasks_of(result, "statement", "department", "supporting", "deadline") == [
        ("定计划", "党办", None, "2025年9月底前"),
        ("减文件", "办公室", ("财务科",), "2025年10月底前"),
        ("印发办法，2025年11月底前完成", None, None, "2025年11月底前"),
    ]
    assert tasks_of(result, "original")[0] == ("①定计划（责任部门：党办；完成时限：2025年9月底前）",)
    assert "原表没有责任、时限的列，按措施里写的收，3 项" in result.notes


def test_a_column_is_believed_before_what_the_measure_says() -> None:
    rows = (("问题", "整改措施", "责任部门", "时限"), ("慢", "定计划（党办，2025年9月底前）", "办公室", "年底"))
    assert tasks_of(adopt_rows(*rows), "statement", "department", "deadline") == [
        ("定计划（党办，2025年9月底前）", "办公室", "年底")
    ]


@pytest.mark.parametrize(
    ("cell", "parts"),
    [
        ("第1、2项2025年6月底前；第3项2025年9月底前", ("2025年6月底前", "2025年6月底前", "2025年9月底前")),
        ("1-2项：6月底；3项：长期坚持", ("6月底", "6月底", "长期坚持")),
        ("第1项6月底；第3项9月底", ("第1项6月底；第3项9月底",) * 3),
    ],
)
def test_a_cell_that_names_items_by_number(cell: str, parts: tuple[str, ...]) -> None:
    result = adopt_rows((*HEADS, "时限"), ("慢", "1.改；2.理；3.收", "办公室", cell))
    assert tasks_of(result, "deadline") == [(part,) for part in parts]


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("整改任务编号", "序号"),
        ("责任部门负责人", "责任人"),
        ("经办人电话", "联系电话"),
        ("牵头部门/配合部门", "牵头部门"),
        ("责任部门及责任人", "牵头部门"),
        ("谁来改", "牵头部门"),
        ("什么时候改完", "完成时限"),
        ("督办单位", "另列"),
        ("是否共性问题", "另列"),
        ("文件编号", "另列"),
    ],
)
def test_what_a_head_means(head: str, field: str) -> None:
    (_, _, column) = columns_of(("问题", "整改措施", head), ("慢", "改", ""))
    assert column.field.title == field


def test_heads_in_everyday_words() -> None:
    result = adopt_rows(
        ("查出了什么问题", "怎么改", "谁来改", "什么时候改完", "改得怎么样"), ("慢", "改", "办公室", "年底", "已完成")
    )
    assert tasks_of(result, "statement", "problems", "department", "deadline", "status") == [
        ("改", ("WT-01",), "办公室", "年底", "已完成")
    ]


def test_a_post_in_brackets_is_no_part_of_the_department() -> None:
    result = adopt_rows(HEADS, ("慢", "改", "财务科（科长）"))
    assert tasks_of(result, "department", "原表牵头部门") == [("财务科", "科长")]


@pytest.mark.parametrize(
    ("cell", "status", "update"),
    [
        ("已完成", "已完成", None),
        ("☑已完成 □推进中", "已完成", None),
        ("已整改到位：核对单据9张", "已完成", "已整改到位：核对单据9张"),
        ("进行中（草稿写好）", "推进中", "进行中（草稿写好）"),
    ],
)
def test_what_stands_behind_a_status_is_progress(cell: str, status: str, update: str | None) -> None:
    result = adopt_rows((*HEADS, "目前状态"), ("慢", "改", "办公室", cell))
    assert tasks_of(result, "status", "update") == [(status, update)]


def test_what_counts_on_is_a_number_only_before_the_problem() -> None:
    columns = columns_of(
        ("", "问题", "整改措施", "责任部门", "分值"), (1, "慢", "改", "办公室", 1), (2, "乱", "理", "办公室", 2)
    )
    assert [each.field.title for each in columns] == ["序号", "问题", "整改措施", "牵头部门", "另列"]
