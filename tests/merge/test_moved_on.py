"""What the office did between issue and return: rows duplicated, reassigned, undone or edited."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, findings, value
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

NEW = {"name": "甲", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    return make_issued([{}, {}])


def spare(ledger: Path) -> str:
    """The hidden id of the first spare row of 规章制度."""
    return str(read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["规章制度"].rows[3][0])


def returns(result: Result) -> str:
    return next(line for line in result.stderr.splitlines() if line.startswith("财务处"))


def undo_last(ledger: Path, run: Run) -> None:
    journal = ledger.parent / "history" / "journal.jsonl"
    step = len(journal.read_text(encoding="utf-8").splitlines())
    assert run("history", "undo", str(step), "-l", ledger, "--yes").exit_code == 0


def test_a_row_whose_code_stands_twice_in_the_ledger_is_not_written_into_the_first(issued: Path, run: Run) -> None:
    book = load(issued.read_bytes())
    sheet = book["整改任务"]
    for column in range(1, sheet.max_column + 1):
        sheet.cell(6, column, sheet.cell(4, column).value)  # type: ignore[arg-type]
    book.save(issued)
    fill(issued, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": 0.7}})
    result = run("merge", "-l", issued, "--yes")
    assert (findings(result), result.exit_code) == ([("B4", "code-duplicate")], 1)
    assert "台账里第 4、6 行都是 RW-001" in result.stdout
    sheet = load(issued.read_bytes())["整改任务"]
    assert [sheet.cell(row, 20).value for row in (4, 5, 6)] == [None, 0.7, None]
    assert "待裁决" in returns(result) and "办公室核对没有采用的 1 行" in returns(result)


def test_what_was_held_for_the_office_is_taken_once_it_has_mended_it(issued: Path, run: Run) -> None:
    edit(issued, "RW-001", "department", "党委办公室")
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    edit(issued, "RW-001", "department", "财务处")
    assert (run("merge", "-l", issued, "--yes").exit_code, value(issued, "RW-001", "progress")) == (0, "0.6")


@pytest.mark.parametrize("owner", ["党委办公室", None])
def test_a_row_that_another_department_owns_now_is_not_written_by_the_old_one(
    owner: str | None, issued: Path, run: Run
) -> None:
    edit(issued, "RW-001", "department", owner)
    fill(issued, {"RW-001": {"progress": 0.6}})
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("B4", "row-reassigned")]
    assert "采用 0 + 没变 1 + 退回 1" in result.stdout
    assert value(issued, "RW-001", "progress") == ""
    receipt = load((issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx").read_bytes())
    lines = [str(cell.value) for sheet in receipt for row in sheet.iter_rows() for cell in row if cell.value]
    assert any("没有采用的行由办公室核对" in line for line in lines)


def test_a_row_moved_on_in_which_nothing_new_is_said_is_no_matter(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    edit(issued, "RW-001", "department", "党委办公室")
    result = run("merge", "-l", issued, "--yes")
    assert (findings(result), "没变 2" in result.stdout) == ([], True)


def test_a_department_under_its_other_name_still_owns_its_row(issued: Path, run: Run) -> None:
    edit(issued, "RW-001", "department", "计财处")
    fill(issued, {"RW-001": {"progress": 0.6}})
    assert findings(run("merge", "-l", issued, "--yes")) == []


def test_after_an_undo_the_same_file_says_what_was_taken_back_and_how_to_have_it_again(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6, "update": "约谈"}})
    run("merge", "-l", issued, "--yes")
    undo_last(issued, run)
    result = run("merge", "-l", issued, "--yes")
    assert (findings(result), result.exit_code) == ([("B4", "undone")], 0)
    assert "RW-001 的“进度”“本期进展”以前采用过这份内容" in result.stdout
    undo_last(issued, run)
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-001", "update")) == ("0.6", "约谈")
    assert findings(run("merge", "-l", issued, "--yes")) == []


def test_a_new_row_that_was_undone_is_no_error_of_the_department(issued: Path, run: Run) -> None:
    fill(issued, {spare(issued): NEW}, form="regulations")
    run("merge", "-l", issued, "--yes")
    undo_last(issued, run)
    result = run("merge", "-l", issued, "--yes")
    assert (findings(result), "已报" in returns(result)) == ([("B4", "row-gone")], True)
    assert "部门不用改。如果是撤销错了" in result.stdout
    assert not (issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx").exists()


def test_a_conflict_on_a_row_the_department_added_is_the_offices_to_settle(issued: Path, run: Run) -> None:
    row = spare(issued)
    fill(issued, {row: NEW}, form="regulations")
    run("merge", "-l", issued, "--yes")
    edit(issued, "ZD-001", "name", "办公室改的", "regulations")
    fill(issued, {row: {**NEW, "name": "部门改的"}}, form="regulations")
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result)] == ["conflict"]
    assert "以前新增的行冲突 1 行" in result.stdout
    assert "待裁决" in returns(result) and "办公室裁决冲突 1 行" in returns(result)


def test_a_wrong_choice_in_a_new_row_is_not_also_called_empty(issued: Path, run: Run) -> None:
    fill(issued, {spare(issued): {**NEW, "action": "乱写"}}, form="regulations")
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result)] == ["choice"]
    fill(issued, {spare(issued): {**NEW, "action": "（清空）"}}, form="regulations")
    assert [check for _, check in findings(run("merge", "-l", issued, "--yes"))] == ["required"]


def test_a_ruling_on_a_code_that_stands_twice_changes_neither_row(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    edit(issued, "RW-001", "progress", 0.5)
    run("merge", "-l", issued, "--yes")
    path = issued.parent / "回执" / "2022-03" / "冲突裁决.xlsx"
    book = load(path.read_bytes())
    page = book["冲突裁决"]
    heads = {cell.value: number for number, cell in enumerate(page[4], 1)}
    page.cell(5, heads["裁决"], "采用上报")
    page.cell(5, heads["理由"], "核过")
    book.save(path)
    edit(issued, "RW-002", "code", "RW-001")
    result = run("merge", "--decisions", path, "-l", issued, "--yes")
    assert [check for _, check in findings(result)] == ["decision"]
    assert "台账里第 4、5 行都是 RW-001" in result.stdout
    assert value(issued, "RW-001", "progress") == "0.5"
