"""Cells of the office's own table, one by one: posts and names, departments, ticks, statuses, numbered items, heads."""

from __future__ import annotations

from typing import Any

import pytest
from taizhang.adopt.account import ranges_of
from taizhang.adopt.fields import standard_words
from taizhang.adopt.grid import Cell, Grid
from taizhang.adopt.heads import find_table
from taizhang.adopt.mapping import Kept, propose
from taizhang.adopt.owners import Owners, is_post, post_in, read_owners
from taizhang.adopt.words import items_of, parts_for, read_closed, read_status
from taizhang.workbook.reader import Sheet

WORDS = standard_words()


@pytest.mark.parametrize(
    "word",
    [
        "党委书记", "纪委书记", "分管副局长", "常务副局长", "办公室主任", "财务科科长", "总会计师", "江北分局局长",
        "班子成员", "分管业务副局长", "分管信息化工作的副局长", "分管安全生产副书记",
    ],
)  # fmt: skip
def test_a_post_is_one(word: str) -> None:
    assert is_post(word)


@pytest.mark.parametrize(
    "word",
    [
        "张三",
        "王局长",
        "张三局长",
        "张三（局长）",
        "局长 李四",
        "高明主任",
        "办公室",
        "某某",
        "",
        "分管张三副局长",
        "机关党委",
    ],
)
def test_what_may_name_a_person_is_no_post(word: str) -> None:
    assert not is_post(word)


@pytest.mark.parametrize(
    ("word", "post"),
    [
        ("局长", ("局长", False)),
        ("张三（党委书记）", ("党委书记", True)),
        ("党委书记（张三）", ("党委书记", True)),
        ("党委书记 张三", ("党委书记", True)),
        ("党委书记张三", ("党委书记", True)),
        ("张三局长", ("", True)),
        ("张三", ("", True)),
    ],
)
def test_a_post_beside_a_name_is_taken_and_the_name_is_not(word: str, post: tuple[str, bool]) -> None:
    assert post_in(word) == post


@pytest.mark.parametrize(
    ("text", "owners"),
    [
        ("办公室、人事科", Owners("办公室", ("人事科",))),
        ("办公室\n人事科，财务科；纪检组/工会", Owners("办公室", ("人事科", "财务科", "纪检组", "工会"))),
        ("牵头：办公室；配合：人事科、财务科", Owners("办公室", ("人事科", "财务科"))),
        ("配合单位：人事科；牵头单位：办公室", Owners("办公室", ("人事科",))),
        ("办公室（牵头）\n人事科（配合）", Owners("办公室", ("人事科",))),
        ("机关党委（王五）", Owners("机关党委", persons=1)),
        ("张三、办公室", Owners("办公室", persons=1)),
        ("办公室张三", Owners("办公室", persons=1)),
        ("财务科张三", Owners("财务科", persons=1)),
        ("财务科 张三 李四", Owners("财务科", persons=1)),
        ("财务科：张三", Owners("财务科", persons=1)),
        ("信息中心金融科", Owners("信息中心金融科")),
        ("各科室", Owners(others=("各科室",))),
        ("办公室，各支部", Owners("办公室", others=("各支部",))),
        ("办公室、办公室", Owners("办公室")),
        ("机关党委牵头，人事处、办公室配合", Owners("机关党委", ("人事处", "办公室"))),
        ("人事处负责，财务处协助", Owners("人事处", ("财务处",))),
        ("办公室牵头负责，人事处配合实施", Owners("办公室", ("人事处",))),
        ("甲处、乙处按职责分工负责", Owners("甲处", ("乙处",))),
        ("由办公室牵头，会同人事处、财务处", Owners("办公室", ("人事处", "财务处"))),
        ("信息中心 牵头 各处室配合", Owners("信息中心", others=("各处室",))),
        ("牵头单位：办公室 配合单位：人事处", Owners("办公室", ("人事处",))),
        ("办公室（负责）、人事处（参与）", Owners("办公室", ("人事处",))),
        ("人事处 财务处", Owners("人事处", ("财务处",))),
        ("机关党委 党委副书记", Owners("机关党委", others=("党委副书记",))),
        ("人事处等部门", Owners("人事处", others=("人事处等部门",))),
        ("办公室牵头 张三负责", Owners("办公室", persons=1)),
        ("办公室牵头负责抓总", Owners(others=("办公室牵头负责抓总",))),
        ("办公室负责人", Owners(others=("办公室负责人",))),
        ("行政审批服务协办中心", Owners("行政审批服务协办中心")),
        ("承办处", Owners("承办处")),
        ("无", Owners()),
        ("", Owners()),
    ],
)
def test_departments_of_a_cell(text: str, owners: Owners) -> None:
    assert read_owners(text, {"办公室"}) == owners


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("1.加强学习；2.完善制度；\n3.建立机制", ["加强学习", "完善制度", "建立机制"]),
        ("（1）甲。（2）乙。", ["甲。", "乙。"]),
        ("1、开展2次\n2、印发制度", ["开展2次", "印发制度"]),
        ("①甲②乙", ["甲", "乙"]),
        ("一是甲；二是乙。", ["甲", "乙。"]),
        ("措施如下：1.甲；2.乙", ["甲", "乙"]),
        ("1.甲", []),
        ("2.甲；3.乙", []),
        ("2025.6.30前完成", []),
        ("1.5万元；2.6万元", []),
        ("加强学习", []),
    ],
)
def test_numbered_items_of_a_cell(text: str, items: list[str]) -> None:
    found = items_of(text)
    assert [each.text for each in found] == items
    assert "".join(each.words for each in found) == (text if items else "")


@pytest.mark.parametrize(
    ("text", "count", "parts"),
    [
        ("1.办公室 2.人事科", 2, ("办公室", "人事科")),
        ("1.2月底前；2.6月底前", 2, ("2月底前", "6月底前")),
        ("1.办公室 2.人事科", 3, ("1.办公室 2.人事科",) * 3),
        ("办公室\n人事科", 2, ("办公室\n人事科",) * 2),
        ("1.办公室 2.人事科", 1, ("1.办公室 2.人事科",)),
    ],
)
def test_a_cell_is_shared_out_if_it_has_as_many_items(text: str, count: int, parts: tuple[str, ...]) -> None:
    assert parts_for(text, count) == parts


@pytest.mark.parametrize(
    ("text", "closed", "status"),
    [
        ("是", True, "已完成"),
        ("☑", True, "已完成"),
        ("√", True, "已完成"),
        ("☑是 □否", True, "已完成"),
        ("否", False, "推进中"),
        ("□是 ☑否", False, "推进中"),
        ("×", False, "推进中"),
        ("☐", False, "推进中"),
        ("已销号", True, "已销号"),
        ("未销号", False, "推进中"),
        ("正在整改", None, "推进中"),
        ("长期坚持", None, "长期坚持"),
        ("□已完成 ☑正在整改 □未启动", None, "推进中"),
        ("下月完成", None, None),
        ("基本是", None, None),
    ],
)
def test_ticks_and_states(text: str, closed: bool | None, status: str | None) -> None:
    assert (read_closed(text, WORDS), read_status(text, WORDS, {})) == (closed, status)


def test_cells_are_named_by_ranges() -> None:
    def cell(row: int, column: int, sheet: str = "表") -> Cell:
        return Cell(sheet, row, column, "x", row, column, (row, column))

    cells = [cell(3, 1), cell(5, 1), cell(4, 1), cell(7, 1), cell(3, 28), cell(2, 2, "附表")]
    assert ranges_of(cells) == "〈表〉A3:A5、A7、AB3、〈附表〉B2"


def fields(*rows: tuple[Any, ...], merged: tuple[Any, ...] = ()) -> list[tuple[str, str, str]]:
    """Return head, field and basis of each column of a table."""
    table = find_table(Grid(Sheet("表", [list(row) for row in rows], merged=merged)), WORDS)
    assert table
    return [(each.title, each.field.title, each.basis) for each in propose(table, WORDS, Kept())]


def test_cells_correct_what_a_head_says_and_tell_what_it_does_not() -> None:
    assert fields(
        ("存在问题", "整改措施", "完成情况", "责任人", "甲", "乙", "丙", "丁", ""),
        ("慢", "改", "已完成", "办公室", "2025.6.30", "50%", "财务科", "王小明", "x"),
        ("乱", "理", "正在整改", "人事科", "2025年底", "60%", "人事科", "李四", "y"),
    ) == [
        ("存在问题", "问题", "按表头"),
        ("整改措施", "整改措施", "按表头"),
        ("完成情况", "状态", "按内容"),
        ("责任人", "牵头部门", "按内容"),
        ("甲", "完成时限", "按内容"),
        ("乙", "进度", "按内容"),
        ("丙", "另列", "认不出"),
        ("丁", "责任人", "按内容"),
        ("I列", "另列", "认不出"),
    ]


def test_of_two_columns_for_one_field_the_second_has_its_own_meaning() -> None:
    assert fields(
        ("问题", "具体问题", "措施", "完成时限", "实际完成时间", "备注", "备注说明"),
        ("慢", "排队", "改", "2025.6.30", "2025.6.1", "甲", "乙"),
    ) == [
        ("问题", "问题", "按表头"),
        ("具体问题", "具体表现", "按表头"),
        ("措施", "整改措施", "按表头"),
        ("完成时限", "完成时限", "按表头"),
        ("实际完成时间", "销号日期", "按表头"),
        ("备注", "备注", "按表头"),
        ("备注说明", "另列", "按表头"),
    ]


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ("市局反馈的存在问题", "problem"),
        ("问题根源", "cause"),
        ("整改完成时限", "deadline"),
        ("责任单位及责任人", "department"),
        ("具体整改措施（可多条）", "statement"),
        ("问题类别", "aspect"),
        ("整改 责任部门*", "department"),
        ("甲", None),
    ],
)
def test_a_longer_head_means_the_field_of_its_longest_word(head: str, name: str | None) -> None:
    found = WORDS.field_of(head)
    assert (found and found.name) == name


def test_a_sheet_without_such_heads_is_no_table() -> None:
    for rows in ([["姓名", "年龄", "部门"], ["甲", 1, "乙"]], [["整改台账"]], [[]], [["问题", "年龄", "备注一", "甲"]]):
        assert find_table(Grid(Sheet("表", rows)), WORDS) is None
