"""Of a table at random, each cell that is not blank is in the ledger or is named; no name and no number is repeated."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from support.thorough import few_or_all
from taizhang.adopt.account import UNPLACED, ranges_of
from taizhang.adopt.adopted import Adopted, Source
from taizhang.adopt.fields import standard_words
from taizhang.adopt.grid import Cell, Grid
from taizhang.adopt.heads import find_table
from taizhang.adopt.mapping import Kept, propose
from taizhang.adopt.rows import adopt_tables
from taizhang.forms.load import standard_forms
from taizhang.ledger.settings import Settings
from taizhang.workbook.reader import Sheet

WORDS = standard_words()
HEADS = {
    "序号": "own",
    "方面": "free",
    "存在问题": "free",
    "具体表现": "free",
    "原因分析": "free",
    "整改措施": "measures",
    "整改目标": "free",
    "责任领导": "posts",
    "责任部门": "departments",
    "配合部门": "departments",
    "责任人": "posts",
    "整改时限": "free",
    "整改状态": "statuses",
    "是否销号": "closed",
    "进展情况": "free",
    "佐证材料": "free",
    "备注": "free",
    "联系电话": "telephones",
    "涉及金额": "free",
    "特别栏": "free",
}
TELEPHONE = "13800138000"


def cell_of(kind: str, mark: str) -> st.SearchStrategy[str]:
    """Return cells of a kind; ``mark`` is a text that no other cell has."""
    free = st.just(f"事项{mark}") | st.just(f"事项{mark}，电话 {TELEPHONE}") | st.just("")
    kinds = {
        "measures": free | st.just(f"1.甲{mark}；\n2.乙{mark}。") | st.just(f"①甲{mark}②乙{mark}"),
        "posts": st.sampled_from(["", "局长", "党委书记、局长", "张三", "王局长", f"某人{mark}"]),
        "departments": st.sampled_from(["", f"甲{mark}科", f"甲{mark}科、乙{mark}处", f"各科室\n丙{mark}科", "张三"]),
        "statuses": st.sampled_from(["", "已完成", "正在整改", "已销号", f"另议{mark}"]),
        "closed": st.sampled_from(["", "是", "否", "√", f"另议{mark}"]),
        "telephones": st.sampled_from(["", TELEPHONE]),
        "own": st.just(mark),
    }
    return kinds.get(kind, free)


@st.composite
def sheets(draw: st.DrawFn) -> Sheet:
    """Return a sheet with a title, heads in any order, entries with merged cells, sections, totals and notes."""
    kept = draw(st.lists(st.sampled_from([*HEADS]), min_size=2, max_size=9, unique=True))
    heads = draw(st.permutations([*dict.fromkeys(["存在问题", "整改措施", *kept])]))
    rows: list[list[Any]] = [["某局台账"], [*heads]]
    merged = []
    for number in range(draw(st.integers(1, 7))):
        extra = draw(st.sampled_from(["", "", "", "一、某方面", "合计", "注：另有附件"]))
        if extra:
            rows.append([extra])
        rows.append([draw(cell_of(HEADS[head], f"甲{number}乙{place}丙")) for place, head in enumerate(heads)])
    for column in range(1, len(heads) + 1):
        top = draw(st.integers(3, len(rows)))
        bottom = draw(st.integers(top, len(rows)))
        if bottom > top and draw(st.booleans()):
            merged.append(((top, column), (bottom, column)))
    width = max(map(len, rows))
    return Sheet("表", [row + [""] * (width - len(row)) for row in rows], merged=tuple(merged))


def adopted(sheet: Sheet, kept: Kept | None = None) -> tuple[Adopted, list[Cell]]:
    """Return what a sheet comes to, and its cells below the heads."""
    grid, forms, ruled = Grid(sheet), standard_forms(), kept or Kept()
    table = find_table(grid, WORDS)
    assert table
    source = Source("旧表.xlsx", WORDS, ruled, forms, Settings(year=2025), ["原台账"], date(2025, 8, 31))
    result = adopt_tables([(table, propose(table, WORDS, ruled))], source)
    return result, [cell for cell in grid.cells if cell.row > table.bottom or cell.row < table.top]


UNDERSTOOD = {"已完成", "正在整改", "已销号", "是", "否", "√"}
"""Words that become a status or a close-out."""


@settings(max_examples=few_or_all(80, 1000), deadline=None)
@given(sheets())
def test_each_cell_is_in_the_ledger_or_named(sheet: Sheet) -> None:
    result, cells = adopted(sheet)
    values = [value for rows in result.rows.values() for row in rows for value in row.values()]
    ledger = "\n".join("\n".join(each) if isinstance(each, tuple) else str(each) for each in values if each)
    named = {cell.place for _, each in result.left for cell in each}
    said = "\n".join([*result.notes, *(f"{ranges_of(each)} {reason}" for reason, each in result.left)])
    for cell in cells:
        parts = [cell.text] if "甲" not in cell.text else _marked(cell.text)
        parts = [each.removeprefix("一、") for each in parts]  # a section's number
        there = all(part in ledger for part in parts) or cell.text in UNDERSTOOD
        assert there or cell.place in named, (cell, result.left)
    assert TELEPHONE not in ledger + said
    assert "张三" not in ledger + said
    assert "王局长" not in ledger + said


def _marked(text: str) -> list[str]:
    """Return the parts of a text with the cell's mark, without numbers, separators and telephone number."""
    text = text.replace(f"，电话 {TELEPHONE}", "").replace("各科室", "")
    for mark in ("；", "\n", "、", "1.", "2.", "①", "②", "。"):
        text = text.replace(mark, "\0")
    return [part for part in text.split("\0") if part]


@settings(max_examples=few_or_all(40, 300), deadline=None)
@given(sheets())
def test_codes_count_on_and_what_they_name_is_there(sheet: Sheet) -> None:
    result, _ = adopted(sheet)
    codes = {name: [row["code"] for row in rows] for name, rows in result.rows.items()}
    forms = standard_forms()
    for name, found in codes.items():
        assert found == [forms[name].format_code(number) for number in range(1, len(found) + 1)]
    assert all(code in codes["problems"] for row in result.rows["tasks"] for code in row.get("problems", ()))
    assert all(code in codes["causes"] for row in result.rows["problems"] for code in row.get("causes", ()))
    closed = [row["code"] for row in result.rows["tasks"] if row["status"] == "已销号"]
    assert [row["task"] for row in result.rows["closeouts"]] == closed
    departments = {
        each for row in result.rows["tasks"] for each in (row.get("department"), *row.get("supporting", ())) if each
    }
    assert departments == set(result.departments)


def test_a_cell_without_a_place_is_named_so() -> None:
    heads = ["序号", "存在问题", "整改措施", "责任部门"]
    result, _ = adopted(Sheet("表", [heads, ["1", "", "", "财务科"], ["2", "慢", "改", "财务科"]]))
    assert [(reason, ranges_of(cells)) for reason, cells in result.left] == [(UNPLACED, "〈表〉A2、D2")]
