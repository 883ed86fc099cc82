"""Sheets whose entries do not stand in rows below heads: cards, columns, and a table pasted as lines of text."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.adopted import WORDS, adopt_grids, left_of, problems_of, sheet_of, tasks_of
from support.thorough import few_or_all
from taizhang.adopt.grid import Grid, Layout
from taizhang.adopt.layouts import laid_out
from taizhang.workbook.reader import Sheet


def layout(grid: Grid) -> Layout | None:
    return grid.laid.layout if grid.laid else None


def test_cards_one_below_the_other() -> None:
    grid = laid_out(
        sheet_of(
            ("整改登记卡", "", "", ""),
            ("编号", "甲1", "责任部门", "财务科"),
            ("问题", "账实不符", "", ""),
            ("整改措施：", "清查资产", "", ""),
            ("整改时限", "2025年6月底", "整改状态", "已完成"),
            ("整改登记卡", "", "", ""),
            ("编号", "甲2", "责任部门", "人事科"),
            ("问题", "轮岗不够", "", ""),
            ("整改措施：", "定轮岗方案", "", ""),
            ("", "报党组审定", "", ""),
            ("整改时限", "", "整改状态", "未启动"),
            merged=(((4, 1), (4, 1)), ((9, 1), (10, 1)), ((3, 2), (3, 4))),
        ),
        WORDS,
    )
    assert layout(grid) is Layout.CARDS
    result = adopt_grids(grid)
    assert problems_of(result, "title", "原表位置") == [
        ("账实不符", "旧表.xlsx〈表〉第 2 行"),
        ("轮岗不够", "旧表.xlsx〈表〉第 7 行"),
    ]
    assert tasks_of(result, "statement", "problems", "department", "deadline", "status", "原表序号") == [
        ("清查资产", ("WT-01",), "财务科", "2025年6月底", "已完成", "甲1"),
        ("定轮岗方案", ("WT-02",), "人事科", None, "未启动", "甲2"),
        ("报党组审定", ("WT-02",), "人事科", None, "未启动", "甲2"),
    ]
    assert left_of(result) == [("〈表〉A1、A6", "标题和说明，没有写进台账")]


def test_many_cards_with_titles_are_all_read() -> None:
    card = (("登记卡", ""), ("问题", "慢"), ("整改措施", "改"), ("责任部门", "办公室"))
    result = adopt_grids(laid_out(sheet_of(*card * 40), WORDS))
    assert tasks_of(result, "statement", "department") == [("改", "办公室")] * 40
    rows = "、".join(str(row) for row in range(2, 80, 4))
    assert f"没有写时限，待明确：〈表〉第 {rows} 行等，共 40 条" in result.notes


def test_a_card_with_a_small_table_of_measures() -> None:
    grid = laid_out(
        sheet_of(
            ("问题", "会议记录缺项", "", ""),
            ("问题类别", "组织建设", "", ""),
            ("序号", "整改措施", "责任部门", "时限"),
            (1, "逐本检查", "机关党委", "6月底"),
            (2, "修订手册", "人事科", "9月底"),
            ("问题", "文件偏多", "", ""),
            ("问题类别", "作风建设", "", ""),
            ("序号", "整改措施", "责任部门", "时限"),
            (1, "压减发文", "办公室", "年底"),
        ),
        WORDS,
    )
    assert layout(grid) is Layout.CARDS
    result = adopt_grids(grid)
    assert problems_of(result, "aspect", "title") == [("组织建设", "会议记录缺项"), ("作风建设", "文件偏多")]
    assert tasks_of(result, "statement", "problems", "department", "deadline") == [
        ("逐本检查", ("WT-01",), "机关党委", "6月底"),
        ("修订手册", ("WT-01",), "人事科", "9月底"),
        ("压减发文", ("WT-02",), "办公室", "年底"),
    ]
    assert result.left == []


def test_fields_down_and_entries_across() -> None:
    grid = laid_out(
        sheet_of(
            ("个性问题整改表", "", "", "", ""),
            ("序号", "", 1, 2, 3),
            ("问题", "", "账实不符", "轮岗不够", "文件偏多"),
            ("整改措施", "", "清查资产", "定方案", "压减发文"),
            ("责任分工", "牵头单位", "财务科", "人事科", ""),
            ("", "配合单位", "信息中心", "", ""),
            ("整改时限", "", "2025年6月底", "长期坚持", "年底"),
            merged=(((1, 1), (1, 5)), ((5, 1), (6, 1)), ((5, 4), (5, 5)), *(((r, 1), (r, 2)) for r in (2, 3, 4, 7))),
        ),
        WORDS,
    )
    assert layout(grid) is Layout.COLUMNS
    result = adopt_grids(grid)
    assert problems_of(result, "title", "原表位置") == [
        ("账实不符", "旧表.xlsx〈表〉C 列"),
        ("轮岗不够", "旧表.xlsx〈表〉D 列"),
        ("文件偏多", "旧表.xlsx〈表〉E 列"),
    ]
    assert tasks_of(result, "statement", "department", "supporting", "deadline") == [
        ("清查资产", "财务科", ("信息中心",), "2025年6月底"),
        ("定方案", "人事科", None, "长期坚持"),
        ("压减发文", "人事科", None, "年底"),
    ]
    assert "没有写方面，记作“未分方面”，请在〈参数〉和〈问题清单〉里改：〈表〉C、D、E 列" in result.notes


def test_a_field_of_several_lines_across() -> None:
    result = adopt_grids(
        laid_out(
            sheet_of(
                ("问题", "账实不符", "文件偏多"),
                ("整改措施", "清查资产", "压减发文"),
                ("", "调整账目", "合并会议"),
                ("责任部门", "财务科", "办公室"),
                merged=(((2, 1), (3, 1)),),
            ),
            WORDS,
        )
    )
    assert tasks_of(result, "statement", "problems", "department") == [
        ("清查资产", ("WT-01",), "财务科"),
        ("调整账目", ("WT-01",), "财务科"),
        ("压减发文", ("WT-02",), "办公室"),
        ("合并会议", ("WT-02",), "办公室"),
    ]


@pytest.mark.parametrize("between", ["\t", " | ", "　　"])
def test_a_table_pasted_as_lines(between: str) -> None:
    lines = [
        ("序号", "问题", "整改措施", "责任部门", "时限"),
        ("1", "账实不符", "清查资产", "财务科", "2025年6月底"),
        ("2", "文件偏多", "压减发文", "办公室", "年底"),
    ]
    grid = laid_out(sheet_of(("整改事项",), *((between.join(line),) for line in lines)), WORDS)
    assert layout(grid) is Layout.LINES
    result = adopt_grids(grid)
    assert problems_of(result, "title", "原表位置") == [
        ("账实不符", "旧表.xlsx〈表〉第 3 行"),
        ("文件偏多", "旧表.xlsx〈表〉第 4 行"),
    ]
    assert tasks_of(result, "statement", "department", "deadline") == [
        ("清查资产", "财务科", "2025年6月底"),
        ("压减发文", "办公室", "年底"),
    ]
    assert left_of(result) == [("〈表〉A1", "标题和说明，没有写进台账")]


@pytest.mark.parametrize(
    "rows",
    [
        (("序号", "问题", "整改措施", "责任部门"), (1, "慢", "改", "办公室"), (2, "乱", "理", "财务科")),
        (("序号", "存在的主要问题", "整改措施", "具体责任科室", "时限"), (1, "慢", "改", "办公室", "年底")),
        (("单位", "某局", "填报时间", "6月"), ("问题", "措施", "责任部门", "时限"), ("慢", "改", "办公室", "年底")),
        (("问题", "整改措施", "时限"), ("措施", "不实", "年底"), ("问题", "不清", "年底")),
    ],
)
def test_rows_below_heads_are_left_as_they_are(rows: tuple[tuple[Any, ...], ...]) -> None:
    assert laid_out(sheet_of(*rows), WORDS).laid is None


LABELS = ("问题", "整改措施", "责任部门", "整改时限", "进展情况", "备注", "资料盒", "具体表现")


@st.composite
def cards(draw: st.DrawFn) -> Sheet:
    """Return a sheet with cards, or with its entries in columns; every cell has a mark of its own."""
    labels = ["问题", "整改措施", *draw(st.lists(st.sampled_from(LABELS[2:]), min_size=1, max_size=6, unique=True))]
    across = draw(st.booleans())
    rows: list[list[Any]] = []
    for card in range(1 if across else draw(st.integers(1, 4))):
        rows += [[draw(st.sampled_from(["登记卡", ""]))]] if draw(st.booleans()) else []
        for place, label in enumerate(draw(st.permutations(labels))):
            values = [f"甲{card}乙{place}丙{number}" for number in range(draw(st.integers(2, 4)) if across else 1)]
            kept = label in LABELS[:2]
            rows.append([label, *(each if kept or draw(st.integers(0, 5)) else "" for each in values)])
    rows += [["填表人：某某"]] if draw(st.booleans()) else []
    width = max(map(len, rows))
    return Sheet("表", [row + [""] * (width - len(row)) for row in rows])


@settings(max_examples=few_or_all(80, 1000), deadline=None)
@given(cards())
def test_each_cell_of_cards_and_columns_is_in_the_ledger_or_named(drawn: Sheet) -> None:
    result = adopt_grids(laid_out(drawn, WORDS))
    values = [value for rows in result.rows.values() for row in rows for value in row.values()]
    ledger = "\n".join("\n".join(each) if isinstance(each, tuple) else str(each) for each in values if each)
    named = {cell.origin for _, cells in result.left for cell in cells}
    for cell in Grid(drawn).cells:
        assert cell.text in LABELS or cell.text in ledger or cell.origin in named, (cell, result.left)
