"""Registers are found and read although users rename, move, duplicate or delete their sheets and heads."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.sheets import book
from taizhang.forms.columns import Column
from taizhang.forms.model import Body, Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.registers import Register, head_key, locate, read_register
from taizhang.workbook.reader import read_workbook

FORM = Form(
    name="tasks",
    sheet="整改任务",
    code="RW-{n:03}",
    body=lambda: Body(
        (
            Column("code", "任务编号", ColumnType.CODE, required=True, aliases=("编号",)),
            Column("statement", "整改任务", ColumnType.TEXT, required=True, aliases=("任务", "措施")),
            Column("department", "牵头部门", ColumnType.DEPARTMENT),
            Column("status", "状态", ColumnType.TEXT),
        )
    ),
)


def read(text: str) -> tuple[Register | None, list[tuple[str, str, str]]]:
    """Return the register and (cell, check, severity) of what reading found."""
    register, findings = read_register(read_workbook(Path("台账.xlsx"), book(text)), FORM)
    return register, [(each.place.cell, each.check, each.severity.value) for each in findings]


CLEAN = """
# 整改任务
| 任务编号 | 整改任务 | 牵头部门 | 状态 |
|---|---|---|---|
| RW-001 | 建制度 | 财务处 | 推进中 |
| RW-002 | 办培训 | 办公室 | 未启动 |
"""


def test_a_clean_sheet() -> None:
    register, findings = read(CLEAN)
    assert register
    assert findings == []
    assert [(each.row, each.code, each.cells["status"]) for each in register.records] == [
        (2, "RW-001", "推进中"),
        (3, "RW-002", "未启动"),
    ]
    record = register.records[1]
    assert str(register.place(record, "department")) == "台账.xlsx:'整改任务'!C3"
    assert (register.place(record).cell, register.place(None, "status").cell, register.place().cell) == (
        "第3行",
        "D1",
        "",
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("| 状态 |", "|* 状 态（必填）|", []),
        ("| 任务编号 |", "|任务编号：|", []),
        ("| 任务编号 |", "| 编号 |", [("A1", "head-renamed", "hint")]),
        ("| 整改任务 |", "| 措施 |", [("B1", "head-renamed", "hint")]),
        ("| 状态 |", "| 任务 |", [("D1", "head-duplicate", "error"), ("第1行", "head-missing", "warning")]),
        ("| 牵头部门 |", "| 我的列 |", [("第1行", "head-missing", "warning")]),
        ("| 整改任务 |", "| 内容 |", [("第1行", "head-missing", "error")]),
        ("| 状态 |", "| 状态 | 我的列 |", []),
    ],
)
def test_heads(old: str, new: str, expected: list[tuple[str, str, str]]) -> None:
    assert old in CLEAN
    register, findings = read(CLEAN.replace(old, new, 1))
    assert findings == expected
    assert register
    assert [record.code for record in register.records] == ["RW-001", "RW-002"]


def test_without_codes_there_is_no_register() -> None:
    assert read(CLEAN.replace("任务编号", "序")) == (None, [("", "sheet-missing", "error")])


def test_columns_may_move_and_people_add_their_own() -> None:
    register, findings = read("""
        # 整改任务
        | 我的列 | 状态 | 任务编号 | 整改任务 | 牵头部门 | 备注一 |
        | x | 推进中 | RW-001 | 建制度 | 财务处 | y |
    """)
    assert register
    assert findings == []
    assert register.extra == ((1, "我的列"), (6, "备注一"))
    assert register.records[0].cells == {
        "status": "推进中",
        "code": "RW-001",
        "statement": "建制度",
        "department": "财务处",
    }


def test_of_a_head_that_stands_twice_the_first_counts() -> None:
    register, findings = read("""
        # 整改任务
        | 任务编号 | 整改任务 | 牵头部门 | 状态 | 状态 |
        | RW-001 | 建制度 | 财务处 | 推进中 | 未启动 |
    """)
    assert register
    assert register.records[0].cells["status"] == "推进中"
    assert findings == [("E1", "head-duplicate", "error")]


def test_a_renamed_sheet_is_found_by_its_heads_and_a_named_one_comes_first() -> None:
    other = CLEAN.replace("# 整改任务", "# 任务（最终版）").replace("RW-00", "RW-90")
    register, findings = read(other)
    assert register
    assert (register.sheet.name, findings) == ("任务（最终版）", [])
    register, _ = read(other + CLEAN)
    assert register
    assert register.sheet.name == "整改任务"


def test_another_table_is_not_taken_for_the_register() -> None:
    assert read("# 通讯录\n| 编号 | 状态 |\n| 1 | 好 |\n")[0] is None
    assert read("# 通讯录\n| 编号 | 状态 | 任务 |\n| 1 | 好 | x |\n")[0] is not None


@pytest.mark.parametrize(("above", "found"), [(0, True), (29, True), (30, False)])
def test_heads_are_looked_for_in_the_first_thirty_rows(above: int, found: bool) -> None:
    title, table = CLEAN.strip().split("\n", 1)
    data = book("\n".join([title, *["说明"] * above, table]))
    place = locate(read_workbook(Path("x.xlsx"), data), FORM)
    assert (place is not None) is found
    assert place is None or place[1] == above + 1


def test_rows_below_a_gap_count_and_rows_that_hold_only_own_columns_do_not() -> None:
    register, _ = read("""
        # 整改任务
        | 任务编号 | 整改任务 | 牵头部门 | 状态 | 我的列 |
        | rw－００１ | 建制度 | 财务处 | 推进中 | |
        | | | | | 随手记 |
        || | | | |
        | | 没有编号 | | | |
    """)
    assert register
    assert [(each.row, each.code) for each in register.records] == [(2, "RW-001"), (5, "")]
    assert register.last_row == 5


def test_an_empty_register_ends_at_its_heads() -> None:
    register, findings = read("# 整改任务\n| 任务编号 | 整改任务 | 牵头部门 | 状态 |\n")
    assert register
    assert (register.records, register.last_row, findings) == ((), 1, [])


def test_of_duplicate_codes_the_first_row_is_known() -> None:
    register, _ = read(CLEAN.replace("RW-002", "RW-001"))
    assert register
    assert register.by_code["RW-001"].row == 2


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("状态", "状态"),
        (" 状\n态 ", "状态"),
        ("＊状态：", "状态"),
        ("状态*", "状态"),
        ("状态（按月）", "状态"),
        ("(一)", "(一)"),
        (7.0, "7"),
        ("\u200b进度%", "进度%"),
    ],
)
def test_heads_are_compared_without_marks_and_remarks(typed: object, key: str) -> None:
    assert head_key(typed) == key


@pytest.mark.parametrize("word", ["汇总", "合计", "总计", " 合计 "])
def test_a_totals_row_at_the_end_is_no_row_of_the_register(word: str) -> None:
    register, findings = read(f"{CLEAN}| {word} | | | 2 |\n")
    assert register
    assert ([each.code for each in register.records], register.last_row) == (["RW-001", "RW-002"], 3)
    assert findings == [("A4", "totals-row", "hint")]


def test_words_below_the_rows_are_no_rows_of_the_register() -> None:
    register, findings = read(f"{CLEAN}| 填表时间：2022年3月 | | | | |\n| 注：以办公室的为准 | | | | |\n")
    assert register
    assert ([each.code for each in register.records], register.last_row) == (["RW-001", "RW-002"], 3)
    assert findings == [("A5", "totals-row", "hint"), ("A4", "totals-row", "hint")]


def test_a_row_with_anything_beside_its_words_is_left_to_the_checks() -> None:
    register, findings = read(f"{CLEAN}| 第三项 | 走访 | | | |\n")
    assert register
    assert [each.code for each in register.records] == ["RW-001", "RW-002", "第三项"]
    assert findings == []


def test_a_row_among_the_others_that_says_total_is_kept_and_left_to_the_checks() -> None:
    register, findings = read(CLEAN.replace("| RW-001 |", "| 合计 |"))
    assert register
    assert [each.code for each in register.records] == ["合计", "RW-002"]
    assert findings == []
