"""Sheets and heads changed by users: what is read instead, and what is refused until they are repaired."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.fixtures import Run
from support.returned import fill, findings, value
from support.returned_files import by_hand
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger

pytestmark = pytest.mark.slow

PERIOD = ("-p", "2022-03", "--as-of", "2022-03-10")


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    ledger = make_issued([{}, {}])
    fill(ledger, {"RW-001": {"progress": 0.6}})
    return ledger


def renamed(sheet: str, title: str, new: str | None) -> Callable[[Any], None]:
    def work(book: Any) -> None:
        next(cell for cell in book[sheet][3] if str(cell.value).lstrip("*") == title).value = new

    return work


def copied(sheet: str, title: str) -> Callable[[Any], None]:
    def work(book: Any) -> None:
        copy = book.copy_worksheet(book[sheet])
        copy.title = title
        book.move_sheet(copy, 1 - len(book.sheetnames))

    return work


BROKEN = {
    "a department's column": (renamed("整改任务", "进度", "进度情况"), "head-missing"),
    "a column taken out": (lambda book: book["整改任务"].delete_cols(20), "head-missing"),
    "a column of new rows": (renamed("群众诉求", "主题", "诉求内容摘要"), "head-missing"),
    "the owner": (renamed("整改任务", "牵头部门", "主办处室"), "head-missing"),
    "the status": (renamed("整改任务", "状态", "情况"), "head-missing"),
    "the code": (renamed("整改任务", "任务编号", None), "sheet-missing"),
    "two of one column": (renamed("整改任务", "备注", "进度"), "head-duplicate"),
    "the register": (lambda book: book.remove(book["整改任务"]), "sheet-missing"),
    "another register": (lambda book: book.remove(book["群众诉求"]), "sheet-missing"),
    "参数": (lambda book: book.remove(book["参数"]), "sheet-missing"),
}


@pytest.mark.parametrize(("work", "check"), BROKEN.values(), ids=BROKEN.keys())
def test_nothing_is_counted_issued_or_merged_while_a_needed_sheet_or_head_is_missing(
    work: Callable[[Any], object], check: str, issued: Path, run: Run
) -> None:
    """Otherwise figures are silently zero, departments are told that rows are missing, and their entries are lost."""
    by_hand(issued, work)
    run("validate", "-l", issued)
    before = {path: path.read_bytes() for path in issued.parent.rglob("*") if path.is_file()}
    for command in (
        ("merge", "--yes"),
        ("merge", "--dry-run"),
        ("report", "--as-of", "2022-03-31", "--current"),
        ("issue", "-p", "2022-03", "--again"),
        ("remind", "--as-of", "2022-03-31", "--yes"),
        ("validate", issued.parent / "报送"),
    ):
        result = run(*command, "-l", issued)
        assert (result.exit_code, result.stdout) == (2, ""), command
        assert f": {check}: " in result.stderr, command
    assert {path: path.read_bytes() for path in issued.parent.rglob("*") if path.is_file()} == before


def test_what_was_refused_for_a_missing_head_is_taken_once_it_is_back(issued: Path, run: Run) -> None:
    by_hand(issued, renamed("整改任务", "进度", "进度情况"))
    assert run("merge", "-l", issued, "--yes").exit_code == 2
    by_hand(issued, renamed("整改任务", "进度情况", "进度"))
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    assert value(issued, "RW-001", "progress") == "0.6"


def test_a_column_of_the_offices_own_may_go(issued: Path, run: Run) -> None:
    by_hand(issued, renamed("整改任务", "备注", None))
    assert run("merge", "-l", issued, "--yes").exit_code == 0


@pytest.mark.parametrize("title", ["整改任务 (2)", "整改任务（6月备份）"])
def test_a_copy_that_stands_first_is_not_the_register(title: str, issued: Path, run: Run) -> None:
    by_hand(issued, copied("整改任务", title))
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    book = openpyxl.load_workbook(issued)
    assert (book[title]["T4"].value, book["整改任务"]["T4"].value) == (None, 0.6)
    said = run("validate", "-l", issued, "--only", "sheet-copy")
    assert (findings(said), said.exit_code) == ([("", "sheet-copy")], 0)
    assert f"整改台账.xlsx:'{title}': sheet-copy: 提示：像是〈整改任务〉的副本" in said.stdout


def test_a_copy_does_not_stand_in_for_a_register_whose_heads_were_changed(issued: Path, run: Run) -> None:
    by_hand(issued, copied("整改任务", "整改任务 (2)"))
    by_hand(issued, renamed("整改任务", "任务编号", "序号"))
    assert "tasks" not in read_ledger(issued, standard_forms()).registers


def test_of_two_that_look_like_the_register_none_is_written(issued: Path, run: Run) -> None:
    def work(book: Any) -> None:
        copied("整改任务", "任务 (2)")(book)
        book["整改任务"].title = "任务"

    by_hand(issued, work)
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, "sheet-copy: " in result.stderr) == (2, True)


def test_a_copy_of_the_record_of_changes_is_not_written_into(issued: Path, run: Run) -> None:
    run("merge", "-l", issued, "--yes")
    by_hand(issued, copied("变更记录", "变更记录 (2)"))
    before = [row[0].value for row in openpyxl.load_workbook(issued)["变更记录 (2)"].iter_rows()]
    fill(issued, {"RW-001": {"progress": 0.7}})
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    book = openpyxl.load_workbook(issued)
    assert [row[0].value for row in book["变更记录 (2)"].iter_rows()] == before
    assert len(book["变更记录"]["A"]) > len(before)


def test_a_column_of_peoples_own_with_a_remark_is_not_the_one_without(issued: Path, run: Run) -> None:
    """进度（上月） is left of 进度: the plain head is the column, the other one is user-added."""

    def work(book: Any) -> None:
        sheet = book["整改任务"]
        sheet.insert_cols(20)
        sheet["T3"], sheet["T4"] = "进度（上月）", 0.4

    by_hand(issued, work)
    assert run("validate", "-l", issued, "--only", "head-duplicate").stdout == ""
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    sheet = openpyxl.load_workbook(issued)["整改任务"]
    assert (sheet["T4"].value, sheet["U4"].value) == (0.4, 0.6)


def test_a_sheet_of_peoples_own_with_the_name_of_a_register_not_enabled_stops_nothing(issued: Path, run: Run) -> None:
    by_hand(issued, lambda book: book.create_sheet("改革事项").__setitem__("A1", "我自己记的"))
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, "sheet-missing: 警告：找不到〈改革事项〉" in result.stderr) == (0, True)


def test_a_renamed_ledger_is_named_where_it_is_looked_for(issued: Path, run: Run) -> None:
    issued.rename(issued.with_name("整改台账最终.xlsx"))
    result = run("validate", "-l", issued)
    assert (result.exit_code, "整改台账最终.xlsx" in result.stderr) == (2, True)
