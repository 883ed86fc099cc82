"""Rows and columns moved against their codes, in real files of every kind; then receipts, rulings, undo, codes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, findings, saved_on, type_into, value
from support.returned_files import by_hand, old_xls
from taizhang.forms.load import standard_forms
from taizhang.ledger.layout import IDENTITY_SHEET
from taizhang.ledger.model import read_ledger
from taizhang.ledger.registers import read_register
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

NAMES = ("修订差旅办法", "开展食堂调研", "约谈支部书记", "公开办事流程")
APPEAL = {"channel": "信访", "received": date(2022, 3, 1), "due": date(2022, 3, 15)}


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """Four tasks as reported in February, issued for March."""
    rows = [
        {"statement": name, "progress": 10 * n, "update": f"二月：{name}进行到第{n}步", "evidence": f"材料{n}"}
        for n, name in enumerate(NAMES, 1)
    ]
    return make_issued(rows)


def ledger_cells(ledger: Path) -> list[tuple[Any, ...]]:
    records = read_ledger(ledger, standard_forms()).registers["tasks"].records
    return [tuple(record.cells.values()) for record in records]


def turned(path: Path, first: int = 6) -> None:
    """Move the cells of all columns from this one on down by a row, the last row's to the top."""

    def work(book: Any) -> None:
        sheet = book["整改任务"]
        rows = [[sheet.cell(row, column).value for column in range(first, 12)] for row in range(4, 8)]
        for row, cells in enumerate(rows[-1:] + rows[:-1], 4):
            for column, raw in enumerate(cells, first):
                sheet.cell(row, column).value = raw

    by_hand(path, work)


def renamed(ledger: Path, *changes: tuple[str, str]) -> None:
    """Give rows of the ledger other codes, all at once, by hand."""
    register = read_ledger(ledger, standard_forms()).registers["tasks"]
    column = register.columns["code"]
    type_into(ledger, {"整改任务": {(register.by_code[old].row, column): new for old, new in changes}})


def as_xls(path: Path) -> Path:
    """Save a returned file as .xls, with its identity."""
    book = read_workbook(path)
    tasks, hidden = book.by_name["整改任务"], book.by_name[IDENTITY_SHEET]
    rows = [list(row) for row in tasks.rows]
    target = path.with_suffix(".xls")
    target.write_bytes(
        old_xls(rows, "整改任务", lambda made, _: made.add_sheet(IDENTITY_SHEET).write(0, 0, hidden.value(1, 1)))
    )
    path.unlink()
    return target


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_only_the_filled_columns_sorted(kind: str, issued: Path, run: Run, request: pytest.FixtureRequest) -> None:
    before, path = ledger_cells(issued), fill(issued, {"RW-002": {"update": "三月的新进展"}})
    turned(path)
    if kind == "xls":
        as_xls(path)
    elif kind == "ods":
        request.getfixturevalue("soffice")(path, "ods", path.parent)
        path.unlink()
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 1
    assert "下发 4 行 = 采用 0 + 没变 0 + 退回 4 + 冲突 0 + 缺 0" in result.stdout
    assert result.stdout.count(": columns-sorted: ") == 1
    assert ledger_cells(issued) == before


def test_the_receipt_marks_each_row_that_was_held(issued: Path, run: Run) -> None:
    turned(fill(issued, {}))
    run("merge", "-l", issued, "--yes")
    receipt = load((issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx").read_bytes())
    sheet = receipt["整改任务"]
    marked = {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}
    assert list(marked) == ["G4", "G5", "G6", "G7"]
    assert "RW-001 的“进度”写的是 RW-004 原来的内容" in marked["G4"] and "请撤销排序" in marked["G4"]


def test_a_file_vouched_for_without_ids_is_known_by_its_words(issued: Path, run: Run, tmp_path: Path) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.9}})
    turned(path, first=3)

    def lose(book: Any) -> None:
        book.remove(book[IDENTITY_SHEET])
        book["整改任务"].delete_cols(1)

    by_hand(path, lose, tmp_path / "甲.xlsx")
    path.unlink()
    before = ledger_cells(issued)
    result = run("merge", tmp_path / "甲.xlsx", "--as", "财务处", "-p", "2022-03", "-l", issued, "--yes")
    assert "退回 4" in result.stdout and ("A4", "row-moved") in findings(result)
    assert ledger_cells(issued) == before


def test_codes_exchanged_in_the_ledger_wait_for_the_office_and_go_in_once_they_are_put_back(
    issued: Path, run: Run
) -> None:
    fill(issued, {"RW-001": {"progress": 0.9}, "RW-003": {"progress": 0.8}})
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, findings(result)) == (1, [("B4", "row-renumbered")])
    assert "下发时的 RW-001 在台账里现在编为 RW-002" in result.stdout
    assert "采用 1 + 没变 2 + 退回 1" in result.stdout and "待裁决" in result.stderr
    assert [value(issued, code, "progress") for code in ("RW-001", "RW-002", "RW-003")] == ["0.2", "0.1", "0.8"]
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    assert [value(issued, code, "progress") for code in ("RW-001", "RW-002")] == ["0.9", "0.2"]


def test_a_status_never_lands_on_another_row_that_happens_to_have_it(issued: Path, run: Run) -> None:
    """The wrong row already has 已完成, so nothing is new there; the right row must not be forgotten."""
    edit(issued, "RW-002", "status", "已完成")
    fill(issued, {"RW-001": {"status": "已完成"}})
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    assert findings(run("merge", "-l", issued, "--yes")) == [("B4", "row-renumbered")]
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    run("merge", "-l", issued, "--yes")
    assert value(issued, "RW-001", "status") == "已完成"


def test_a_ruling_does_not_land_on_a_row_that_took_the_code(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.9}})
    edit(issued, "RW-001", "progress", 0.5)
    run("merge", "-l", issued, "--yes")
    path = issued.parent / "回执" / "2022-03" / "冲突裁决.xlsx"
    book = load(path.read_bytes())
    heads = {cell.value: number for number, cell in enumerate(book["冲突裁决"][4], 1)}
    book["冲突裁决"].cell(5, heads["裁决"], "采用上报")
    book["冲突裁决"].cell(5, heads["理由"], "核过")
    book.save(path)
    edit(issued, "RW-002", "progress", 0.5)
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    result = run("merge", "--decisions", path, "-l", issued, "--yes")
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["decision"])
    assert "下发时的 RW-001 在台账里现在编为 RW-002，没有采用" in result.stdout
    assert [value(issued, code, "progress") for code in ("RW-001", "RW-002")] == ["0.5", "0.5"]
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    assert run("merge", "--decisions", path, "-l", issued, "--yes").exit_code == 0
    assert [value(issued, code, "progress") for code in ("RW-001", "RW-002")] == ["0.9", "0.5"]


def test_undo_does_not_take_back_on_a_row_that_took_the_code(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.9}})
    run("merge", "-l", issued, "--yes")
    edit(issued, "RW-002", "progress", 0.9)
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    merged = journal_number(issued, run, "汇总")
    result = run("history", "undo", merged, "--yes", "-l", issued)
    assert "这一行现在的编号是 RW-002" in result.stdout + result.stderr
    assert [value(issued, code, "progress") for code in ("RW-001", "RW-002")] == ["0.9", "0.9"]
    renamed(issued, ("RW-001", "RW-002"), ("RW-002", "RW-001"))
    run("history", "undo", merged, "--yes", "-l", issued)
    assert [value(issued, code, "progress") for code in ("RW-001", "RW-002")] == ["0.1", "0.9"]


def journal_number(ledger: Path, run: Run, word: str) -> str:
    lines = [line for line in run("history", "list", "-l", ledger).stdout.splitlines() if word in line]
    return lines[-1].split("　")[0]


class TestCodesAreGivenOnce:
    """A code belongs to the row it was given to, for ever: whatever became of the row, in whatever period."""

    @pytest.fixture
    def ledger(self, make_ledger: Callable[..., Path], run: Run) -> Path:
        return make_ledger([{}], appeals=[{"code": "SQ-007", "department": "财务处", "subject": "旧的诉求", **APPEAL}])

    @staticmethod
    def report(ledger: Path, run: Run, period: str, subject: str, row: int = 0, **more: Any) -> Result:
        """The department reports a new appeal on a spare row of its form of a period, and the office merges it."""
        target = ledger.parent / "下发" / period
        if not target.exists():
            run("issue", "-p", period, "--as-of", f"{period}-10", "-l", ledger)
        register, _ = read_register(read_workbook(target / "财务处.xlsx"), standard_forms()["appeals"])
        assert register
        ids = [str(cells[0]) for cells in register.sheet.rows if str(cells[0]).startswith("新增-")]
        fill(ledger, {ids[row]: {**APPEAL, "subject": subject, **more}}, form="appeals", period=period)
        return run("merge", "-l", ledger, "--yes")

    @staticmethod
    def subjects(ledger: Path) -> dict[str, str]:
        records = read_ledger(ledger, standard_forms()).registers["appeals"].records
        return {record.code: str(record.cells["subject"]) for record in records}

    @staticmethod
    def delete(ledger: Path, code: str) -> None:
        row = read_ledger(ledger, standard_forms()).registers["appeals"].by_code[code].row
        book = openpyxl.load_workbook(ledger)
        book["群众诉求"].delete_rows(row)
        book.save(ledger)

    def test_not_again_in_a_later_period_after_the_office_deleted_the_row(self, ledger: Path, run: Run) -> None:
        self.report(ledger, run, "2022-02", "二月的诉求")
        self.delete(ledger, "SQ-008")
        self.report(ledger, run, "2022-03", "三月的诉求")
        assert self.subjects(ledger) == {"SQ-007": "旧的诉求", "SQ-009": "三月的诉求"}
        (corrected := ledger.parent / "报送" / "财务处.xlsx").unlink()
        result = self.report(ledger, run, "2022-02", "二月的诉求（更正）")
        assert ("row-gone" in [check for _, check in findings(result)], corrected.exists()) == (True, True)
        assert self.subjects(ledger) == {"SQ-007": "旧的诉求", "SQ-009": "三月的诉求"}

    def test_not_again_after_a_merge_was_undone_and_undoing_that_brings_the_row_back(
        self, ledger: Path, run: Run
    ) -> None:
        self.report(ledger, run, "2022-02", "二月的诉求")
        run("history", "undo", journal_number(ledger, run, "汇总"), "--yes", "-l", ledger)
        undone = journal_number(ledger, run, "撤销")
        self.report(ledger, run, "2022-03", "三月的诉求", received=date(2022, 3, 8), due=date(2022, 4, 8))
        assert self.subjects(ledger) == {"SQ-007": "旧的诉求", "SQ-009": "三月的诉求"}
        run("history", "undo", undone, "--yes", "-l", ledger)
        assert self.subjects(ledger) == {"SQ-007": "旧的诉求", "SQ-009": "三月的诉求", "SQ-008": "二月的诉求"}

    def test_not_even_where_only_the_base_knows_it(self, ledger: Path, run: Run) -> None:
        """The journal is lost for good and the office continues as instructed; the code was given in another period."""
        self.report(ledger, run, "2022-02", "二月的诉求")
        self.delete(ledger, "SQ-008")
        for name in ("journal.jsonl", ".head"):
            (ledger.parent / "history" / name).unlink()
        self.report(ledger, run, "2022-03", "三月的诉求")
        assert "SQ-009" in self.subjects(ledger)

    def test_not_where_only_the_journal_knows_it(self, ledger: Path, run: Run) -> None:
        """A row bore it for a while, by the office's hand."""
        run("issue", "-p", "2022-02", "--as-of", "2022-02-10", "-l", ledger)
        edit(ledger, "SQ-007", "code", "SQ-020", "appeals")
        run("issue", "-p", "2022-01", "--as-of", "2022-01-10", "-l", ledger)
        shutil.rmtree(ledger.parent / "history" / "issued" / "2022-01")
        edit(ledger, "SQ-020", "code", "SQ-007", "appeals")
        self.report(ledger, run, "2022-02", "二月的诉求")
        assert self.subjects(ledger) == {"SQ-007": "旧的诉求", "SQ-021": "二月的诉求"}

    def test_a_correction_does_not_land_on_a_row_the_office_put_in_its_place(self, ledger: Path, run: Run) -> None:
        self.report(ledger, run, "2022-02", "二月的诉求")
        edit(ledger, "SQ-008", "subject", "办公室自己登记的另一件", "appeals")
        edit(ledger, "SQ-008", "channel", "网络", "appeals")
        edit(ledger, "SQ-008", "received", date(2022, 1, 5), "appeals")
        result = self.report(ledger, run, "2022-02", "二月的诉求", result="已答复")
        assert ("B5", "row-renumbered") in findings(result)
        assert "待裁决" in result.stderr
        assert value(ledger, "SQ-008", "result", "appeals") == ""

    def test_columns_sorted_among_the_rows_it_added_are_held_too(self, ledger: Path, run: Run) -> None:
        run("issue", "-p", "2022-02", "--as-of", "2022-02-10", "-l", ledger)
        register, _ = read_register(
            read_workbook(ledger.parent / "下发" / "2022-02" / "财务处.xlsx"), standard_forms()["appeals"]
        )
        assert register
        ids = [str(cells[0]) for cells in register.sheet.rows if str(cells[0]).startswith("新增-")][:3]
        rows = [{**APPEAL, "subject": f"第{n}件新的诉求", "due": date(2022, 3, n)} for n in (1, 2, 3)]
        fill(ledger, dict(zip(ids, rows, strict=True)), form="appeals", period="2022-02")
        run("merge", "-l", ledger, "--yes")
        before = self.subjects(ledger)
        path = fill(ledger, dict(zip(ids, rows[-1:] + rows[:-1], strict=True)), form="appeals", period="2022-02")
        saved_on(path, "2022-03-20T00:00:00Z")
        result = run("merge", "-l", ledger, "--yes")
        assert sorted(check for _, check in findings(result)) == ["late", "row-moved"]
        assert (self.subjects(ledger), len(before)) == (before, 4)
