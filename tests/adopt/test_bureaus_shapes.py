"""Shapes of tables met at bureaus: titles that are problems, sheets that are departments or aspects, months side by
side, ticks under 是 and 否, and what a sheet has beside words."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.comments import Comment
from support.fixtures import Run
from taizhang.adopt.adopted import Adopted, Source
from taizhang.adopt.fields import standard_words
from taizhang.adopt.grid import Grid
from taizhang.adopt.heads import find_table
from taizhang.adopt.mapping import Kept, Mapped, propose
from taizhang.adopt.rows import adopt_tables
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.ledger.settings import Settings
from taizhang.typed.text import as_text
from taizhang.workbook.reader import Sheet

WORDS = standard_words()
Area = tuple[tuple[int, int], tuple[int, int]]


def mapped(*rows: tuple[Any, ...], merged: tuple[Area, ...] = (), name: str = "表") -> tuple[Any, tuple[Mapped, ...]]:
    width = max(map(len, rows))
    table = find_table(Grid(Sheet(name, [[*row, *[""] * (width - len(row))] for row in rows], merged=merged)), WORDS)
    assert table
    return table, propose(table, WORDS, Kept())


def adopted(*tables: tuple[Any, tuple[Mapped, ...]]) -> Adopted:
    source = Source(
        "旧表.xlsx", WORDS, Kept(), standard_forms(), Settings(year=2025), ["原台账"] * len(tables), date(2025, 8, 31)
    )
    return adopt_tables(tables, source)


def tasks(result: Adopted, *keys: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(key) for key in keys) for row in result.rows["tasks"]]


def problems(result: Adopted) -> list[tuple[str, str]]:
    return [(row["aspect"], row["title"]) for row in result.rows["problems"]]


def fields(columns: tuple[Mapped, ...]) -> dict[str, str]:
    return {each.title: each.field.title for each in columns}


HEADS = ("序号", "问题及整改措施", "责任部门", "完成时间", "办理状态")


@pytest.mark.parametrize("wide", [True, False])
def test_titles_above_measures_are_their_problems(wide: bool) -> None:
    result = adopted(
        mapped(
            HEADS,
            ("一、", "担当作为方面", "", "", ""),
            ("（一）", "遇到难题绕着走", "", "", ""),
            ("1.1", "建立容错机制", "人事处", "2025年5月", "已办结"),
            ("1.2", "开展揭榜挂帅", "业务处", "2025年8月", "在办"),
            ("（二）", "群众办事来回跑", "", "", ""),
            ("2.1", "推行一窗受理", "业务处", "长期", "在办"),
            merged=tuple(((row, 2), (row, 5)) for row in (2, 3, 6)) if wide else (),
        )
    )
    assert problems(result) == [("担当作为方面", "遇到难题绕着走"), ("担当作为方面", "群众办事来回跑")]
    assert tasks(result, "statement", "problems", "department", "deadline", "status") == [
        ("建立容错机制", ("WT-01",), "人事处", "2025年5月", "已销号"),
        ("开展揭榜挂帅", ("WT-01",), "业务处", "2025年8月", "推进中"),
        ("推行一窗受理", ("WT-02",), "业务处", "长期", "推进中"),
    ]


def test_a_cell_over_several_columns_says_nothing_of_the_later_ones() -> None:
    heads = ("问题", "措施", "责任部门", "完成时限", "状态")
    result = adopted(
        mapped(heads, ("慢", "改", "办公室", "长期坚持", ""), ("乱", "理", "办公室", "2025年9月", "推进中"),
               merged=(((2, 4), (2, 5)),))
    )  # fmt: skip
    assert tasks(result, "deadline", "status") == [("长期坚持", "未启动"), ("2025年9月", "推进中")]
    assert result.left == []


def test_details_without_a_column_of_problems_are_the_problems() -> None:
    result = adopted(mapped(("问题表现", "整改措施", "责任单位"), ("调研不深", "制定计划", "办公室")))
    assert problems(result) == [("未分方面", "调研不深")]
    assert tasks(result, "statement", "problems") == [("制定计划", ("WT-01",))]


def test_what_belongs_to_a_problem_that_is_not_written_is_kept_with_the_task() -> None:
    heads = ("问题来源", "原因", "整改措施", "责任单位")
    result = adopted(mapped(heads, ("市委巡察", "认识不足", "改", "办公室")))
    assert tasks(result, "statement", "原表来源", "原表原因") == [("改", "市委巡察", "认识不足")]
    assert result.left == []


@pytest.mark.parametrize(
    ("name", "above", "department"),
    [
        ("人事处", (), "人事处"),
        ("Sheet1", (("责任单位：财务处", "", ""),), "财务处"),
        ("Sheet1", (("填报单位：财务处", "", ""),), None),
        ("民主生活会", (), None),
        ("第三巡视组", (), None),
        ("市发改局", (), None),
        ("整改台账", (), None),
    ],
)
def test_without_a_column_the_department_is_the_one_of_the_whole_table(
    name: str, above: tuple[tuple[str, ...], ...], department: str | None
) -> None:
    table = mapped(*above, ("问题", "整改措施", "完成时限"), ("慢", "改", "2025年9月"), name=name)
    result = adopted(table)
    assert tasks(result, "department") == [(department,)]
    assert list(result.departments) == ([department] if department else [])
    said = [note for note in result.notes if "牵头部门按" in note]
    assert len(said) == (1 if department else 0)


def test_a_column_of_departments_is_believed_before_the_name_of_the_sheet() -> None:
    result = adopted(mapped(("问题", "整改措施", "责任单位"), ("慢", "改", "办公室"), name="人事处"))
    assert tasks(result, "department") == [("办公室",)]


@pytest.mark.parametrize(
    ("name", "aspect"),
    [("政治建设", "政治建设"), ("担当作为方面", "担当作为方面"), ("Sheet1", "未分方面"), ("整改清单", "未分方面")],
)
def test_a_sheet_for_each_aspect_names_it(name: str, aspect: str) -> None:
    result = adopted(mapped(("问题", "整改措施", "责任单位"), ("慢", "改", "办公室"), name=name))
    assert problems(result) == [(aspect, "慢")]


def test_of_columns_for_each_month_the_last_one_filled_is_the_progress() -> None:
    heads = ("问题", "措施", "责任部门", "1月进展", "2月进展", "3月进展", "4月进展")
    table, columns = mapped(heads, ("慢", "改", "办公室", "调研", "", "立项", ""))
    assert fields(columns) == {
        "问题": "问题", "措施": "整改措施", "责任部门": "牵头部门",
        "1月进展": "另列", "2月进展": "另列", "3月进展": "本期进展", "4月进展": "另列",
    }  # fmt: skip
    assert tasks(adopted((table, columns)), "update", "1月进展") == [("立项", "调研")]
    kept = Kept({each.head.text: each.field.title for each in columns})
    later, _ = mapped(heads, ("慢", "改", "办公室", "调研", "", "立项", "开工"))
    assert fields(propose(later, WORDS, kept))["4月进展"] == "本期进展"
    assert tasks(adopted((later, propose(later, WORDS, kept))), "update", "3月进展") == [("开工", "立项")]


def test_ticks_below_yes_and_no_are_states() -> None:
    table, columns = mapped(
        ("问题", "措施", "责任部门", "是否完成", ""),
        ("", "", "", "是", "否"),
        ("慢", "改", "办公室", "√", ""),
        ("乱", "理", "办公室", "", "√"),
        ("散", "收", "办公室", "", ""),
        merged=(((1, 4), (1, 5)), *(((1, column), (2, column)) for column in (1, 2, 3))),
    )
    assert tasks(adopted((table, columns)), "status") == [("已完成",), ("推进中",), ("未启动",)]


def test_who_looks_on_is_not_who_is_responsible() -> None:
    heads = ("问题", "措施", "责任部门", "验收人", "督办单位", "牵头处室")
    _, columns = mapped(heads, ("慢", "改", "办公室", "处长", "机关纪委", "人事处"))
    assert fields(columns) == {
        "问题": "问题", "措施": "整改措施", "责任部门": "牵头部门", "验收人": "另列", "督办单位": "另列",
        "牵头处室": "配合部门",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("written", "progress", "kept"),
    [
        ("已完成80%", 80, None),
        ("约60%", 60, None),
        ("完成进度约35.5%左右", 35.5, None),
        ("八成", None, "八成"),
        ("计划80%，实际60%", None, "计划80%，实际60%"),
        ("未到80%", None, "未到80%"),
    ],
)
def test_a_per_cent_with_harmless_words_is_read(written: str, progress: float | None, kept: str | None) -> None:
    result = adopted(mapped(("问题", "措施", "责任部门", "进度"), ("慢", "改", "办公室", written)))
    assert tasks(result, "progress", "原表进度") == [(progress, kept)]


def test_heads_of_a_system_are_found_by_the_kept_mapping(run: Run, tmp_path: Path) -> None:
    old, ledger = tmp_path / "导出.xlsx", tmp_path / "整改台账.xlsx"
    book = openpyxl.Workbook()
    for row in (("issue_desc", "measure", "owner"), ("慢", "改", "办公室")):
        book.active.append(row)  # type: ignore[union-attr]
    book.save(old)
    first = run("adopt", old, "-l", ledger, "--unit", "某局", "--yes")
    assert (first.exit_code, first.stdout) == (2, "")
    assert f"请在台账旁边放一个 {tmp_path / '收编对照.txt'}，第一行写 [表头]" in first.stderr
    (tmp_path / "收编对照.txt").write_text(
        "[表头]\nissue_desc = 问题\nmeasure = 整改措施\nowner = 牵头部门\n", encoding="utf-8"
    )
    second = run("adopt", old, "-l", ledger, "--unit", "某局", "--yes")
    assert second.exit_code == 0, second.stderr
    assert "收进 1 个问题、0 个原因、1 项任务，1 个部门、0 个岗位。" in second.stdout


def test_what_a_sheet_has_beside_words_is_said(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "旧表.xlsx"
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "表"
    rows = (
        ("整改台账（绿色为已完成，红色为逾期）",),
        ("问题", "措施", "责任部门", "佐证", "内部意见"),
        ("慢", "改", "办公室", "办法", "暂不报"),
    )
    for row in rows:
        sheet.append(row)
    sheet["B3"].comment = Comment("再细化", "办公室")
    sheet["D3"].hyperlink = "https://example.com/1"
    sheet.column_dimensions["E"].hidden = True
    sheet.column_dimensions["H"].hidden = True
    book.save(old)
    result = run("adopt", old, "-l", tmp_path / "整改台账.xlsx", "--unit", "某局", "-n")
    said = ("隐藏", "批注", "超链接", "颜色")
    assert [line for line in result.stdout.splitlines() if any(word in line for word in said)] == [
        "请核对：〈表〉E 列在原表里是隐藏的，也收了；不收的，请在对照里写作“不写入”再收。",
        "请核对：〈表〉B3 有批注，没有写进台账，原表里还在；要留的请抄进“备注”。",
        "请核对：〈表〉D3 有超链接，只收了显示的文字，没有收链接的地址。",
        "请核对：〈表〉A1 说的是颜色的意思，单元格的颜色没有读，请对照原表核对状态。",
    ]


@pytest.mark.parametrize("head", ["未整改原因", "未整改到位原因", "逾期原因", "未按期完成原因"])
def test_why_it_is_not_done_is_no_cause_of_the_problem(head: str) -> None:
    result = adopted(mapped(("问题", "措施", "责任部门", head), ("慢", "改", "办公室", "等批复")))
    assert (tasks(result, "obstacle"), result.rows["causes"]) == ([("等批复",)], [])


@pytest.mark.parametrize(("tick", "status"), [("✔", "已完成"), ("✅", "已完成"), ("✘", "推进中"), ("☒", "推进中")])
def test_ticks_of_other_programs(tick: str, status: str) -> None:
    result = adopted(mapped(("问题", "措施", "责任部门", "是否完成"), ("慢", "改", "办公室", tick)))
    assert tasks(result, "status") == [(status,)]


def test_a_picture_in_a_cell_is_said() -> None:
    picture = '=DISPIMG("ID_0123456789ABCDEF",1)'
    result = adopted(mapped(("问题", "措施", "责任部门", "佐证", "现场照片"), ("慢", "改", "办公室", picture, picture)))
    assert tasks(result, "evidence") == [(None,)]
    assert [(reason, [each.name for each in cells]) for reason, cells in result.left] == [
        ("是单元格里的图片，没有写进台账，原表里还在", ["D2", "E2"])
    ]


def test_a_table_with_measures_and_no_problems_is_said() -> None:
    result = adopted(mapped(("整改措施", "责任单位", "完成时限", "某某"), ("改", "办公室", "2025年9月", "慢")))
    assert (
        "没有认出哪一列是问题，任务都没有对应问题；有的请在 收编对照.txt 里写“那一列的表头 = 问题”再收：〈表〉第 1 行"
        in result.notes
    )


@pytest.mark.parametrize(
    ("written", "status", "kept"),
    [
        ("已完成，长期坚持", "已完成", None),
        ("已完成（待验收）", "已完成", None),
        ("进行中(60%)", "推进中", None),
        ("完成60%", "推进中", None),
        ("完成100%", "已完成", None),
        ("逾期未完成", "推进中", None),
        ("提请销号", "已完成", None),
        ("□已完成 ☑未完成", "推进中", None),
        ("暂缓", "未启动", "暂缓"),
        ("待研究，已完成的除外", "未启动", "待研究，已完成的除外"),
    ],
)
def test_a_status_with_words_beside_it(written: str, status: str, kept: str | None) -> None:
    result = adopted(mapped(("问题", "措施", "责任部门", "整改状态"), ("慢", "改", "办公室", written)))
    assert tasks(result, "status", "原表状态") == [(status, kept)]


TWO_TABLES = (
    ("一、民主生活会问题整改",),
    ("序号", "问题", "措施", "责任部门", "时限"),
    (1, "谈心不深", "开展谈心谈话", "人事处", "2025年6月"),
    ("注：以上为民主生活会问题",),
    ("二、巡察问题整改",),
    ("序号", "问题", "措施", "牵头单位", "配合单位", "时限", "状态"),
    (1, "资产闲置", "盘活房产", "后勤中心", "财务处", "2025年12月", "推进中"),
    ("序号", "问题", "措施", "牵头单位", "配合单位", "时限", "状态"),
    (2, "账目不清", "清理往来款", "财务处", "", "2025年10月", "未启动"),
)


def write(path: Path, rows: tuple[tuple[Any, ...], ...]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


@pytest.mark.parametrize("order", [1, -1])
def test_tables_one_below_the_other_are_all_read_each_with_its_source(order: int, run: Run, tmp_path: Path) -> None:
    first, second = TWO_TABLES[:4], TWO_TABLES[4:]
    old, ledger = (
        write(tmp_path / "旧表.xlsx", (*first, *second) if order == 1 else (*second, *first)),
        tmp_path / "账.xlsx",
    )
    result = run("adopt", old, "-l", ledger, "--unit", "某局", "--year", "2025", "--as-of", "2025-05-31", "--yes")
    assert result.exit_code == 0, result.stderr
    made = read_ledger(ledger, forms_beside(ledger)).registers
    assert [as_text(each.cells["source"]) for each in made["problems"].records] == [
        *["民主生活会"] * (order == 1), "巡视巡察", "巡视巡察", *["民主生活会"] * (order == -1),
    ]  # fmt: skip
    assert {as_text(each.cells["statement"]): as_text(each.cells["department"]) for each in made["tasks"].records} == {
        "开展谈心谈话": "人事处",
        "盘活房产": "后勤中心",
        "清理往来款": "财务处",
    }
    assert "表头上面的标题，没有写进台账" in result.stdout
    assert "又印了一遍的表头" in result.stdout
    assert result.stdout.count("没有归类") == 0


def test_a_form_with_two_tables_one_below_the_other_is_not_filled_by_halves(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "账.xlsx"
    run("adopt", write(tmp_path / "旧表.xlsx", TWO_TABLES), "-l", ledger, "--unit", "某局", "--year", "2025", "--yes")
    result = run("fill", write(tmp_path / "上级表.xlsx", TWO_TABLES), "-l", ledger, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "上级表.xlsx〈Sheet〉里上下有 2 张表（表头在第 2、6 行），一次只填一张。" in result.stderr
