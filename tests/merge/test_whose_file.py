"""Whose file it is and what it may change: ownership, forged, foreign, expired and vouched files, repeated issues."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from support.fixtures import Run
from support.ledgers import small_ledger
from support.returned import edit, fill, findings, template, type_into, value
from support.returned_files import by_hand
from support.sheets import book as sheet_book
from taizhang.forms.load import standard_forms
from taizhang.ledger.layout import IDENTITY_SHEET
from taizhang.ledger.model import read_ledger
from taizhang.system.files import StoreError
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """A ledger with two tasks of 财务处 and one of 党委办公室, issued for 2022-03."""
    return make_issued([{}, {}, {"code": "RW-017", "department": "党委办公室", "statement": "党办的事"}])


def forge(path: Path, **changed: Any) -> None:
    """Change the identity that travels in a file."""
    book = openpyxl.load_workbook(path)
    cell = book[IDENTITY_SHEET]["A1"]
    cell.value = json.dumps({**json.loads(str(cell.value)), **changed}, ensure_ascii=False)
    book.save(path)


def test_nothing_of_other_departments_in_any_part_of_what_is_sent(issued: Path) -> None:
    """Every member of the package: cells, hidden sheets, comments, names, properties."""
    for department, foreign in (("财务处", ("RW-017", "党办的事", "党委办公室")), ("党委办公室", ("RW-001", "财务处"))):
        with zipfile.ZipFile(template(issued, department)) as package:
            for name in package.namelist():
                text = package.read(name).decode("utf-8", "replace")
                assert [word for word in foreign if word in text] == [], (department, name)


def test_what_is_sent_names_no_author(issued: Path) -> None:
    with zipfile.ZipFile(template(issued)) as package:
        core = package.read("docProps/core.xml").decode()
        app = package.read("docProps/app.xml").decode()
    assert "<dc:creator></dc:creator>" in core and "<cp:lastModifiedBy></cp:lastModifiedBy>" in core
    assert "<Company></Company>" in app


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"department": "党委办公室"}, "标识与本台账下发的不符"),
        ({"period": "2022-04"}, "标识与本台账下发的不符"),
        ({"token": "0" * 32}, "标识与本台账下发的不符"),
        ({"token": ""}, "标识与本台账下发的不符"),
    ],
)
def test_a_forged_identity_is_refused(issued: Path, run: Run, changed: dict[str, str], why: str) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    forge(path, **changed)
    before = issued.read_bytes()
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, ("", "identity") in findings(result)) == (1, True)
    assert why in result.stdout
    assert issued.read_bytes() == before


def test_a_file_of_another_period_is_refused_with_the_reason(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    result = run("merge", "-l", issued, "-p", "2022-06", "--yes")
    assert "这是 2022-03 期的表，现在汇总的是 2022-06 期" in result.stdout
    assert value(issued, "RW-001", "progress") == ""


def test_a_file_whose_base_is_gone_is_refused_with_the_reason(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    (issued.parent / "history" / "issued" / "2022-03" / "财务处.json").unlink()
    result = run("merge", "-l", issued, "--yes")
    assert "找不到给财务处下发 2022-03 期的留底" in result.stdout
    assert value(issued, "RW-001", "progress") == ""


def test_a_row_of_another_department_pasted_in_is_not_applied(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.1}})
    type_into(path, {"整改任务": {(5, 1): "RW-017", (5, 2): "RW-017", (5, 7): 0.9}})
    result = run("merge", "-l", issued, "--yes")
    assert ("B5", "row-foreign") in findings(result)
    assert "RW-017 没有下发给财务处" in result.stdout
    assert value(issued, "RW-017", "progress") == ""


def test_a_code_swapped_between_own_rows_follows_the_hidden_id(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.1}})
    type_into(path, {"整改任务": {(4, 2): "RW-017"}})
    run("merge", "-l", issued, "--yes")
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-017", "progress")) == ("0.1", "")


@pytest.mark.parametrize(("key", "typed"), [("standard", "随便"), ("statement", "别的事"), ("deadline", "2023-12-31")])
def test_the_offices_columns_stay(issued: Path, run: Run, key: str, typed: str) -> None:
    before = value(issued, "RW-001", key)
    fill(issued, {"RW-001": {key: typed}, "RW-002": {"unchanged": "是"}})
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result) if check != "absent"] == ["not-yours"]
    assert value(issued, "RW-001", key) == before


def test_a_second_sheet_like_one_that_was_issued_is_not_left_out_in_silence(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    book = openpyxl.load_workbook(path)
    book.copy_worksheet(book["整改任务"]).title = "整改任务 (2)"
    book.save(path)
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result) if check not in ("absent", "late")] == ["sheet-copy"]
    assert "财务处.xlsx:'整改任务 (2)': sheet-copy: 警告：像是又一张〈整改任务〉，没有读" in result.stdout
    assert value(issued, "RW-001", "progress") == "0.6"


@pytest.mark.parametrize("name", ["财务处", "财务", "计财处"])
def test_the_office_vouches_for_a_file_and_the_journal_says_so(
    issued: Path, run: Run, tmp_path: Path, name: str
) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    book = openpyxl.load_workbook(path)
    del book[IDENTITY_SHEET]
    book.save(tmp_path / "没标识.xlsx")
    path.unlink()
    result = run("merge", tmp_path / "没标识.xlsx", "-l", issued, "--as", name, "-p", "2022-03", "--yes")
    assert "采用 1 + 没变 1" in result.stdout
    journal = (issued.parent / "history" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(journal[-1])["command"] == "merge --as 财务处"


@pytest.mark.parametrize(
    ("options", "why"),
    [(["--as", "财务处"], "--period"), (["--as", "没有的处", "-p", "2022-03"], "没有“没有的处”这个部门")],
)
def test_vouching_needs_a_known_department_and_the_period(issued: Path, run: Run, options: list[str], why: str) -> None:
    fill(issued, {})
    result = run("merge", "-l", issued, *options)
    assert (result.exit_code, result.stdout, why in result.stderr) == (2, "", True)


def test_vouching_opens_only_that_departments_rows(issued: Path, run: Run, tmp_path: Path) -> None:
    own = tmp_path / "自己的表.xlsx"
    own.write_bytes(
        sheet_book(
            """
            # 整改任务
            | 任务编号 | 整改任务 | 状态 | 进度 |
            | RW-001 | 任务1 | 推进中 | 0.4 |
            | RW-017 | 党办的事 | 推进中 | 0.9 |
            """
        )
    )
    result = run("merge", own, "-l", issued, "--as", "财务处", "-p", "2022-03", "--yes")
    assert ("A3", "row-foreign") in findings(result)
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-017", "progress")) == ("0.4", "")


def test_a_departments_own_table_is_merged_and_what_it_lacks_is_listed(
    make_ledger: Callable[..., Path], run: Run, tmp_path: Path
) -> None:
    ledger = make_ledger([{}, {}])
    run("issue", "-p", "2022-03", "-l", ledger)
    own = tmp_path / "自己的表.xlsx"
    own.write_bytes(
        sheet_book(
            """
            # 整改任务
            | 财务处整改情况 |
            | 编号 | 任务名称 | 状态 | 进度 | 本期进展 | 联系电话备注 |
            | RW-001 | 任务1 | 推进中 | 40% | 约谈 3 个支部 | 略 |
            """
        )
    )
    result = run("merge", own, "-l", ledger, "--as", "财务处", "-p", "2022-03", "--yes")
    assert "下发 2 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 1" in result.stdout
    assert (value(ledger, "RW-001", "progress"), value(ledger, "RW-001", "update")) == ("0.4", "约谈 3 个支部")
    lacking = [line for line in result.stdout.splitlines() if "head-missing" in line]
    assert [("警告" in line, "按没有变化处理" in line) for line in lacking] == [(True, True)] * len(lacking)
    assert {"“滞后原因”", "“下一步”", "“佐证材料”"} <= {line.split("缺少")[1].split("列")[0] for line in lacking}


def test_one_sheet_alone_is_merged(make_ledger: Callable[..., Path], run: Run, tmp_path: Path) -> None:
    ledger = make_ledger([{}], regulations=[{"code": "ZD-001", "name": "办法", "action": "改", "department": "财务处"}])
    run("issue", "-p", "2022-03", "-l", ledger)
    path = fill(ledger, {"ZD-001": {"outcome": "起草中"}}, form="regulations")
    book = openpyxl.load_workbook(path)
    for name in [name for name in book.sheetnames if name != "规章制度"]:
        del book[name]
    book.save(tmp_path / "一张表.xlsx")
    result = run("merge", tmp_path / "一张表.xlsx", "-l", ledger, "--as", "财务处", "-p", "2022-03", "--yes")
    assert "下发 2 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 1" in result.stdout
    assert ("", "sheet-missing") in findings(result)
    assert value(ledger, "ZD-001", "outcome", "regulations") == "起草中"


def test_columns_moved_and_an_extra_one_are_matched_by_head(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    book = openpyxl.load_workbook(path)
    sheet: Any = book["整改任务"]
    sheet.insert_cols(7)
    sheet.cell(3, 7).value = "我们自己的备注"
    book.save(path)
    result = run("merge", "-l", issued, "--yes")
    assert "采用 1 + 没变 1" in result.stdout
    assert value(issued, "RW-001", "progress") == "0.6"


def test_a_head_lost_from_our_template_is_an_error_and_the_rest_goes_in(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6, "update": "一"}})
    type_into(path, {"整改任务": {(3, 9): "乱写的"}})
    result = run("merge", "-l", issued, "--yes")
    assert any(check == "head-missing" for _, check in findings(result))
    assert "缺少“本期进展”列" in result.stdout
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-001", "update")) == ("0.6", "")
    assert (issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx").exists()


def test_a_sheet_lost_from_our_template_is_an_error(issued: Path, run: Run) -> None:
    path = fill(issued, {})
    book = openpyxl.load_workbook(path)
    del book["整改任务"]
    book.save(path)
    result = run("merge", "-l", issued, "--yes")
    assert ("", "sheet-missing") in findings(result)
    assert "下发 2 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 2" in result.stdout


def test_a_deleted_row_is_missing_and_nothing_is_deleted(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    book = openpyxl.load_workbook(path)
    book["整改任务"].delete_rows(5)
    book.save(path)
    result = run("merge", "-l", issued, "--yes")
    assert "采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 1" in result.stdout
    assert value(issued, "RW-002", "statement") == "任务2"
    receipt = read_workbook(issued.parent / "回执" / "2022-03" / "财务处_请修改.xlsx")
    told = [str(cell) for row in receipt.sheets[0].rows for cell in row if "RW-002" in str(cell)]
    assert any("请从下发的表里把这一行复制回来" in text for text in told)


@pytest.mark.parametrize(
    ("second", "taken", "totals"), [(0.6, "0.6", "采用 1 + 没变 0 + 退回 0"), (0.9, "", "采用 0 + 没变 0 + 退回 1")]
)
def test_the_same_row_twice_counts_once_if_it_says_the_same(
    issued: Path, run: Run, second: float, taken: str, totals: str
) -> None:
    """Alike, the first counts; different, neither does, both are named and the totals still close."""
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    type_into(path, {"整改任务": {(5, 1): "RW-001", (5, 2): "RW-001", (5, 7): second}})
    result = run("merge", "-l", issued, "--yes")
    cells = [cell for cell, check in findings(result) if check == "row-duplicate"]
    assert cells == (["B5"] if taken else ["B4", "B5"])
    assert f"下发 2 行 = {totals} + 冲突 0 + 缺 1" in result.stdout
    assert value(issued, "RW-001", "progress") == taken


def test_a_spare_row_copied_with_another_content_is_not_guessed_at(issued: Path, run: Run) -> None:
    spare = TestIssuedAgain.spare(template(issued))
    path = fill(issued, {spare: TestIssuedAgain.NEW}, form="regulations")

    def copy(book: Any) -> None:
        sheet = book["规章制度"]
        for cell in sheet[4]:
            sheet.cell(5, cell.column).value = cell.value
        name = next(cell.column for cell in sheet[3] if str(cell.value).lstrip("*") == "制度名称")
        sheet.cell(5, name).value = "公务接待办法"

    by_hand(path, copy)
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result) if check == "row-duplicate"] == ["row-duplicate"] * 2
    assert "新增" not in result.stdout.splitlines()[0]


def test_a_code_cleared_by_hand_is_known_by_the_hidden_id_and_said(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    type_into(path, {"整改任务": {(4, 2): None}})
    result = run("merge", "-l", issued, "--yes")
    assert ("B4", "code") in findings(result)
    assert "认作 RW-001" in result.stdout
    assert value(issued, "RW-001", "progress") == "0.6"


def test_a_row_without_code_and_id_is_named_by_what_it_looks_like(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    type_into(path, {"整改任务": {(4, 1): None, (4, 2): None}})
    result = run("merge", "-l", issued, "--yes")
    assert ("B4", "row-foreign") in findings(result)
    assert "看内容像 RW-001，没有采用；请把编号补回再报" in result.stdout
    assert "看内容像第 4 行，请补回编号" in result.stdout and "不要删行" not in result.stdout
    assert "下发 2 行 = 采用 0 + 没变 1 + 退回 0 + 冲突 0 + 缺 1" in result.stdout
    assert value(issued, "RW-001", "progress") == ""


def test_a_task_added_by_a_department_is_sent_to_the_office(issued: Path, run: Run) -> None:
    path = fill(issued, {})
    type_into(path, {"整改任务": {(6, 3): "自己加的任务", (6, 7): 0.5}})
    result = run("merge", "-l", issued, "--yes")
    assert ("B6", "row-foreign") in findings(result)
    assert "部门不能自己加行，要加请联系办公室" in result.stdout and "空行" not in result.stdout


class TestIssuedAgain:
    """After a repeated issue, old files are still compared with their own issue, and added rows stay known."""

    NEW = {"name": "差旅办法", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}  # noqa: RUF012

    @staticmethod
    def spare(path: Path) -> str:
        return str(read_workbook(path).by_name["规章制度"].value(4, 1))

    def again(self, run: Run, ledger: Path) -> None:
        assert run("issue", "-p", "2022-03", "--as-of", "2022-03-12", "--again", "-l", ledger).exit_code == 0

    def test_an_old_file_is_compared_with_what_it_was_issued(self, issued: Path, run: Run) -> None:
        fill(issued, {"RW-001": {"update": "一"}})
        edit(issued, "RW-001", "progress", 0.5)
        self.again(run, issued)
        result = run("merge", "-l", issued, "--yes")
        assert "采用 1 + 没变 1 + 退回 0 + 冲突 0" in result.stdout
        assert (value(issued, "RW-001", "progress"), value(issued, "RW-001", "update")) == ("0.5", "一")

    def test_a_row_added_before_is_not_added_again(self, issued: Path, run: Run) -> None:
        path = fill(issued, {self.spare(template(issued)): self.NEW}, form="regulations")
        old = path.read_bytes()
        run("merge", "-l", issued, "--yes")
        self.again(run, issued)
        path.write_bytes(old)
        assert "新增" not in run("merge", "-l", issued, "--yes").stdout

    def test_a_new_row_of_the_new_file_is_a_new_row(self, issued: Path, run: Run) -> None:
        first = self.spare(template(issued))
        fill(issued, {first: self.NEW}, form="regulations")
        run("merge", "-l", issued, "--yes")
        self.again(run, issued)
        issued_again = read_workbook(template(issued)).by_name["规章制度"]
        ids = [str(row[0]) for row in issued_again.rows[3:] if str(row[0]).startswith("新增-")]
        assert first not in ids
        fill(issued, {ids[0]: {**self.NEW, "name": "公务接待办法"}}, form="regulations")
        assert "新增 1 行" in run("merge", "-l", issued, "--yes").stdout
        names = [value(issued, code, "name", "regulations") for code in ("ZD-001", "ZD-002")]
        assert names == ["差旅办法", "公务接待办法"]


def test_a_code_once_given_is_never_given_again(issued: Path, run: Run) -> None:
    """The office deletes the row that was added; the next new row gets the next code."""
    ids = [str(row[0]) for row in read_workbook(template(issued)).by_name["规章制度"].rows[3:5]]
    new = {"name": "甲", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}
    fill(issued, {ids[0]: new}, form="regulations")
    run("merge", "-l", issued, "--yes")
    book = openpyxl.load_workbook(issued)
    book["规章制度"].delete_rows(4)
    book.save(issued)
    fill(issued, {ids[0]: new, ids[1]: {**new, "name": "乙"}}, form="regulations")
    result = run("merge", "-l", issued, "--yes")
    assert any(check == "row-gone" for _, check in findings(result))
    assert value(issued, "ZD-002", "name", "regulations") == "乙"


def test_small_ledgers_of_two_offices_do_not_mix(tmp_path: Path, run: Run) -> None:
    one, two = (small_ledger(tmp_path / name / "整改台账.xlsx", [{}]) for name in ("甲", "乙"))
    for ledger in (one, two):
        run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    foreign = fill(two, {"RW-001": {"progress": 0.6}})
    assert "可能来自别的台账" in run("merge", foreign, "-l", one, "--yes").stdout
    assert value(one, "RW-001", "progress") == ""


class TestBaseNotSaved:
    """Ledger and base are two files: whichever of them could not be written, a new row is there once."""

    NEW = {"name": "差旅办法", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}  # noqa: RUF012

    def send(self, ledger: Path, **changed: str) -> None:
        spare = str(read_workbook(template(ledger)).by_name["规章制度"].value(4, 1))
        fill(ledger, {spare: {**self.NEW, **changed}}, form="regulations")

    @staticmethod
    def rows(ledger: Path) -> list[tuple[str, str]]:
        records = read_ledger(ledger, standard_forms()).registers["regulations"].records
        return [(record.code, str(record.cells["name"])) for record in records]

    def test_a_base_that_fails_after_the_ledger_adds_nothing_twice(
        self, issued: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.send(issued)
        with monkeypatch.context() as patched:
            patched.setattr("taizhang.transactions.merge.keep_bases", failing)
            assert run("merge", "-l", issued, "--yes").exit_code == 1
        assert self.rows(issued) == [("ZD-001", "差旅办法")]
        assert "新增" not in run("merge", "-l", issued, "--yes").stdout
        assert self.rows(issued) == [("ZD-001", "差旅办法")]

    def test_a_ledger_that_fails_after_the_code_was_given_gets_the_row_with_it(
        self, issued: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.send(issued)
        with monkeypatch.context() as patched:
            patched.setattr("taizhang.transactions.merge.write_under_lock", failing)
            assert run("merge", "-l", issued, "--yes").exit_code == 2
        assert self.rows(issued) == []
        self.send(issued, name="差旅管理办法")
        assert "新增 1 行" in run("merge", "-l", issued, "--yes").stdout
        assert self.rows(issued) == [("ZD-001", "差旅管理办法")]

    def test_a_base_that_fails_before_leaves_the_ledger(
        self, issued: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.send(issued)
        with monkeypatch.context() as patched:
            patched.setattr("taizhang.transactions.merge.save_base", failing)
            assert run("merge", "-l", issued, "--yes").exit_code == 2
        assert self.rows(issued) == []
        run("merge", "-l", issued, "--yes")
        assert self.rows(issued) == [("ZD-001", "差旅办法")]


def failing(*_: object, **__: object) -> None:
    raise StoreError("磁盘满了，请清理后再试。")
