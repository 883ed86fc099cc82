"""Successive rounds: late forms, renamed departments, interrupted issues, and months of returns in one folder."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from support.fixtures import Make, Once, Run
from support.ledgers import load, small_ledger
from support.returned import edit, fill, findings, saved_on, type_into, value
from support.returned_files import by_hand
from taizhang.forms.load import standard_forms
from taizhang.history.bases import load_base
from taizhang.system.files import StoreError
from taizhang.typed.text import as_text, show_difference
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow

JUNE, JULY, AUGUST = "2022-06", "2022-07", "2022-08"
TICKED = {"RW-001": {"unchanged": "是"}}
"""The least that a return says: there is nothing new."""


def issue(run: Run, ledger: Path, period: str, *more: str) -> Result:
    return run("issue", "-p", period, "--as-of", f"{period}-10", "-l", ledger, *more)


def send(ledger: Path, period: str, values: dict[str, dict[str, Any]], department: str = "财务处", **more: Any) -> Path:
    """Fill the form issued for a period and put it into the period's folder in 报送."""
    path = fill(ledger, values, name="寄出", department=department, period=period, **more)
    home = path.parent / period
    home.mkdir(exist_ok=True)
    return path.replace(home / f"{department}.xlsx")


def merge(run: Run, ledger: Path, *more: object) -> Result:
    return run("merge", "-y", "-l", ledger, *more)


def state(ledger: Path, period: str) -> dict[str, str]:
    """Return each department's status in 回收情况."""
    book = load((ledger.parent / "回执" / period / "回收情况.xlsx").read_bytes())
    rows = book["回收情况"].iter_rows(min_row=6, max_col=2, values_only=True)
    return {str(name): str(how) for name, how in rows if how}


def spare(ledger: Path, period: str, sheet: str = "规章制度", row: int = 4) -> str:
    return as_text(read_workbook(ledger.parent / "下发" / period / "财务处.xlsx").by_name[sheet].value(row, 1))


NEW = {"name": "差旅办法", "action": "改", "planned": "2022-09-30", "outcome": "起草中"}


# --- one department, several periods


@pytest.fixture
def both_out(once: Once, run: Run, tmp_path: Path) -> Path:
    """A task at 30 %, issued for June and, before anything came back, for July."""

    def make(folder: Path) -> None:
        ledger = small_ledger(folder / "整改台账.xlsx", [{"progress": 30}])
        issue(run, ledger, JUNE)
        issue(run, ledger, JULY)

    return once("issued for June and July", make, tmp_path) / "整改台账.xlsx"


def test_a_late_form_and_the_next_one_are_no_conflict(both_out: Path, run: Run) -> None:
    send(both_out, JUNE, {"RW-001": {"progress": 0.6}})
    late = merge(run, both_out)
    assert (late.exit_code, value(both_out, "RW-001", "progress")) == (0, "0.6"), late.output
    send(both_out, JULY, {"RW-001": {"progress": 0.8}})
    result = merge(run, both_out)
    assert (result.exit_code, result.stdout) == (
        0,
        "汇总 2022-07 期；其他各期的 1 份汇总过，或当时就没有采用，没有再读（要再汇总请写 --period 或 --all）。\n"
        "财务处（财务处.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0\n"
        "  RW-001 进度：60% → 80%\n",
    )
    assert value(both_out, "RW-001", "progress") == "0.8"


@pytest.mark.parametrize("order", [(JUNE, JULY), (JULY, JUNE), (JUNE + JULY,)])
@pytest.mark.parametrize("july", [0.8, 0.5])
def test_the_later_period_counts_in_whatever_order_the_files_come(
    both_out: Path, run: Run, order: tuple[str, ...], july: float
) -> None:
    for periods in order:
        if JUNE in periods:
            send(both_out, JUNE, {"RW-001": {"progress": 0.6}})
        if JULY in periods:
            send(both_out, JULY, {"RW-001": {"progress": july}})
        result = merge(run, both_out)
        assert "conflict" not in result.stdout
    assert value(both_out, "RW-001", "progress") == str(july)


def test_the_earlier_form_that_comes_afterwards_is_said_to_be_superseded(both_out: Path, run: Run) -> None:
    send(both_out, JULY, {"RW-001": {"progress": 0.8}})
    merge(run, both_out)
    send(both_out, JUNE, {"RW-001": {"progress": 0.6, "update": "约谈"}})
    result = merge(run, both_out)
    assert (result.exit_code, result.stdout) == (
        0,
        "汇总 2022-07 期，另有新报来的 2022-06 期的表。\n"
        "2022-06 财务处（财务处.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0\n"
        "2022-07 财务处（财务处.xlsx）：下发 1 行 = 采用 0 + 没变 1 + 退回 0 + 冲突 0 + 缺 0\n"
        "  RW-001 本期进展：（空） → 约谈\n"
        "2022-06/财务处.xlsx: period-past: 提示：这是 2022-06 期的表，2022-07 期的已经下发；"
        "照样并入 2022-06 期，2022-07 期的表还要另报。\n"
        "2022-06/财务处.xlsx:'整改任务'!B4: superseded: 提示：RW-001 的“进度”，财务处 2022-07 期的表已经报过，"
        "以那一期为准；这份 2022-06 期的没有采用，部门不用改。\n",
    )
    assert (value(both_out, "RW-001", "progress"), value(both_out, "RW-001", "update")) == ("0.8", "约谈")
    assert state(both_out, JUNE) == {"财务处": "已报"}


def test_what_july_put_back_to_junes_words_is_not_overwritten_by_june(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"progress": 30}])
    issue(run, ledger, JUNE)
    edit(ledger, "RW-001", "progress", 0.5)
    issue(run, ledger, JULY)
    send(ledger, JULY, {"RW-001": {"progress": 0.3}})
    merge(run, ledger)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    assert "superseded" in merge(run, ledger).stdout
    assert value(ledger, "RW-001", "progress") == "0.3"


def test_what_the_office_changed_after_the_late_form_is_a_conflict(both_out: Path, run: Run) -> None:
    send(both_out, JUNE, {"RW-001": {"progress": 0.6}})
    merge(run, both_out)
    edit(both_out, "RW-001", "progress", 0.7)
    send(both_out, JULY, {"RW-001": {"progress": 0.8}})
    assert [check for _, check in findings(merge(run, both_out))] == ["conflict"]
    assert value(both_out, "RW-001", "progress") == "0.7"


def test_what_the_office_put_back_to_the_departments_words_is_the_offices(make_ledger: Make, run: Run) -> None:
    """The ledger holds June's 60 % again, but the office wrote it there after July was issued with 70 %."""
    ledger = make_ledger([{"progress": 30}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    merge(run, ledger)
    edit(ledger, "RW-001", "progress", 0.7)
    issue(run, ledger, JULY)
    edit(ledger, "RW-001", "progress", 0.6)
    send(ledger, JULY, {"RW-001": {"progress": 0.8}})
    assert [check for _, check in findings(merge(run, ledger))] == ["conflict"]


def test_what_another_department_put_there_is_a_conflict(both_out: Path, run: Run) -> None:
    """The task went to 党委办公室 for a while; what that one reported is not 财务处's own."""
    edit(both_out, "RW-001", "department", "党委办公室")
    issue(run, both_out, AUGUST)
    send(both_out, AUGUST, {"RW-001": {"progress": 0.4}}, department="党委办公室")
    merge(run, both_out)
    edit(both_out, "RW-001", "department", "财务处")
    send(both_out, JULY, {"RW-001": {"progress": 0.8}})
    assert "conflict" in [check for _, check in findings(merge(run, both_out))]
    assert value(both_out, "RW-001", "progress") == "0.4"


# --- what was taken is settled


def delete(ledger: Path, code: str, sheet: str = "整改任务") -> None:
    def work(book: Any) -> None:
        page = book[sheet]
        page.delete_rows(next(cell.row for row in page.iter_rows(max_col=1) for cell in row if cell.value == code))

    by_hand(ledger, work)


@pytest.mark.parametrize("after", ["deleted", "closed", "reassigned", "list changed"])
@pytest.mark.parametrize("how", [(), ("--all",), ("-p", JUNE)])
def test_an_accepted_return_stays_accepted(make_ledger: Make, run: Run, after: str, how: tuple[str, ...]) -> None:
    ledger = make_ledger([{"progress": 30}, {}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6, "status": "推进中"}, "RW-002": {"progress": 0.2}})
    assert merge(run, ledger).exit_code == 0
    receipt = ledger.parent / "回执" / JUNE / "财务处_回执.xlsx"
    kept = receipt.read_bytes()
    match after:
        case "deleted":
            delete(ledger, "RW-001")
        case "closed":
            edit(ledger, "RW-001", "status", "已销号")
            edit(ledger, "RW-001", "progress", 1.0)
        case "reassigned":
            edit(ledger, "RW-001", "department", "党委办公室")
        case _:
            by_hand(ledger, lambda book: book["参数"])
    before = value(ledger, "RW-002", "progress")
    result = merge(run, ledger, *how)
    assert (result.exit_code, findings(result)) == (0, []), result.output
    assert (state(ledger, JUNE), receipt.read_bytes(), value(ledger, "RW-002", "progress")) == (
        {"财务处": "已报"}, kept, before,
    )  # fmt: skip


def test_a_row_the_office_deleted_and_the_department_left_alone_is_no_error(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-002": {"progress": 0.2}})
    delete(ledger, "RW-001")
    assert (merge(run, ledger).exit_code, state(ledger, JUNE)) == (0, {"财务处": "已报"})
    send(ledger, JUNE, {"RW-001": {"progress": 0.2}, "RW-002": {"progress": 0.2}})
    assert findings(merge(run, ledger)) == [("B4", "row-gone")]


def test_values_taken_before_a_row_was_closed_are_not_reported_again_with_a_new_version(
    make_ledger: Make, run: Run
) -> None:
    ledger = make_ledger([{"progress": 30}, {}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    merge(run, ledger)
    edit(ledger, "RW-001", "status", "已销号")
    edit(ledger, "RW-001", "progress", 1.0)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": 0.2}})
    result = merge(run, ledger)
    assert (result.exit_code, findings(result), value(ledger, "RW-001", "progress")) == (0, [], "1")


# --- forms without rows


def test_a_department_with_nothing_open_can_report_a_new_row_and_is_not_chased(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"department": "党委办公室"}])
    result = issue(run, ledger, JUNE)
    assert (result.exit_code, result.stdout.splitlines()[:2]) == (
        0,
        ["党委办公室：1 行，要填 7 格", "财务处：没有待办的行，空行里可以报新增的"],
    )
    send(ledger, JUNE, TICKED, department="党委办公室")
    quiet = merge(run, ledger)
    assert (quiet.exit_code, state(ledger, JUNE)) == (0, {"党委办公室": "已报"})
    send(ledger, JUNE, {spare(ledger, JUNE): NEW}, form="regulations")
    result = merge(run, ledger)
    assert (result.exit_code, result.stdout) == (
        0,
        "汇总 2022-06 期。\n"
        "党委办公室（党委办公室.xlsx）：下发 1 行 = 采用 0 + 没变 1 + 退回 0 + 冲突 0 + 缺 0\n"
        "财务处（财务处.xlsx）：下发 0 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 0；新增 1 行\n"
        "  ZD-001 新增（规章制度）：制度名称 差旅办法；动作 改；计划完成日 2022-09-30；办理状态 起草中\n",
    )
    assert state(ledger, JUNE) == {"党委办公室": "已报", "财务处": "已报"}


@pytest.fixture
def no_new_rows(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Only 整改任务, to which no department adds rows, is issued."""
    real = standard_forms()
    kept = {name: form for name, form in real.items() if not (form.issued and form.new_rows == "department")}
    monkeypatch.setattr("taizhang.transactions.opening.forms_beside", lambda ledger: kept)
    yield


@pytest.mark.usefixtures("no_new_rows")
def test_a_department_with_nothing_to_fill_is_named_with_the_reason(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"department": "党委办公室"}])
    why = "财务处：没有下发：没有待办的行，也没有由它加行的登记表"
    said = issue(run, ledger, JUNE, "-n").stdout.splitlines()
    assert said == ["党委办公室：1 行，要填 7 格", why, "合计：1 个部门，1 行，要填 7 格"]
    alone = issue(run, ledger, JUNE, "-d", "财务处")
    assert (alone.exit_code, alone.stdout, alone.stderr) == (2, "", f"没有运行：没有可以下发的。{why}。\n")


# --- an issue is all or nothing


@pytest.fixture
def three(make_ledger: Make, run: Run) -> Path:
    ledger = make_ledger([{}, {"department": "党委办公室"}, {"department": "人事处"}])

    def work(book: Any) -> None:
        page = book["参数"]
        found = next(cell for row in page.iter_rows() for cell in row if cell.value == "财务处")
        page.cell(found.row + 1, found.column, "人事处")

    by_hand(ledger, work)
    run("validate", "-l", ledger)  # so that the ledger is known to its history
    return ledger


def issued_to(ledger: Path) -> tuple[list[str], list[str]]:
    folder, bases = ledger.parent / "下发" / JUNE, ledger.parent / "history" / "issued" / JUNE
    return sorted(path.name for path in folder.glob("*")), sorted(path.name for path in bases.glob("*"))


def test_an_issue_that_cannot_be_written_issues_to_nobody(three: Path, run: Run, monkeypatch: Any) -> None:
    from taizhang.transactions import issue as transaction

    real, written = transaction.stage, []

    def full(path: Path, data: bytes, **more: Any) -> Path:
        written.append(path)
        if len(written) == 5:
            raise StoreError(f"{path.name} 没有写成：磁盘满了，请清出空间。")
        return real(path, data, **more)

    monkeypatch.setattr(transaction, "stage", full)
    result = issue(run, three, JUNE)
    assert (result.exit_code, result.stdout, "磁盘满了" in result.stderr) == (1, "", True)
    assert "整改台账.xlsx 的改动（记下原定时限 3 格） 已写好；下发的表没有写全" in result.stderr
    assert issued_to(three) == ([], [])
    monkeypatch.undo()
    assert issue(run, three, JUNE).exit_code == 0
    assert len(issued_to(three)[0]) == 3


def killed_at(number: int, run: Run, ledger: Path, monkeypatch: Any) -> None:
    """Kill an issue before it puts its n-th file in place."""
    from taizhang.transactions import issue as transaction

    real, placed = transaction.put_in_place, []

    def put(temporary: Path, path: Path) -> None:
        placed.append(path)
        if len(placed) == number:
            raise KeyboardInterrupt
        real(temporary, path)

    monkeypatch.setattr(transaction, "put_in_place", put)
    assert issue(run, ledger, JUNE).exit_code == 2
    monkeypatch.undo()


@pytest.mark.parametrize("number", range(1, 7))
def test_an_issue_that_was_killed_is_known_and_carried_on(three: Path, run: Run, monkeypatch: Any, number: int) -> None:
    killed_at(number, run, three, monkeypatch)
    got = (number - 1) // 2
    send_to = [path.stem for path in (three.parent / "下发" / JUNE).glob("*.xlsx")]
    assert len(send_to) == got
    if got:
        own = {"财务处": "RW-001", "党委办公室": "RW-002", "人事处": "RW-003"}[send_to[0]]
        send(three, JUNE, {own: {"unchanged": "是"}}, department=send_to[0])
        result = merge(run, three, "-n")
        assert "应报 3 个部门，已报 1 个" in result.stderr
        assert "没有发到" in result.stderr
    again = issue(run, three, JUNE)
    assert (again.exit_code, again.stdout.count(" 行，要填")) == (0, 3 - got + 1), again.output
    assert "上次下发没有做完" in again.stderr
    assert (len(issued_to(three)[0]), len(issued_to(three)[1])) == (3, 3)
    if got:
        assert "应报 3 个部门，已报 1 个；未报 2 个" in merge(run, three, "-n").stderr
    assert issue(run, three, JUNE).exit_code == 2


# --- what nobody can recognise


def foreign(path: Path) -> Path:
    book: Any = openpyxl.Workbook()
    book.active.append(["姓名", "电话"])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def test_a_foreign_workbook_that_the_office_vouches_for_is_no_return(
    make_ledger: Make, run: Run, tmp_path: Path
) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger, JUNE)
    result = merge(run, ledger, foreign(tmp_path / "别的.xlsx"), "--as", "财务处", "-p", JUNE)
    assert (result.exit_code, result.stdout) == (
        1,
        "汇总 2022-06 期。\n"
        "财务处（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1\n"
        "别的.xlsx: identity: 这份办公室认定是财务处的表里，下发的那几张一张也认不出来（表名、表头都对不上），"
        "没有采用，不算已报。请用下发的表填报。\n",
    )
    assert "应报 1 个部门，已报 0 个；报来但认不出 1 个：财务处。" in result.stderr
    assert state(ledger, JUNE) == {"财务处": "报来但认不出"}
    base = load_base(ledger, JUNE, "财务处")
    assert base and base.returns == []


def test_a_form_whose_sheets_are_all_gone_is_no_return(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger, JUNE)
    path = send(ledger, JUNE, {})

    def work(book: Any) -> None:
        book.create_sheet("新表")
        for page in [each for each in book.worksheets if each.title not in ("新表", "_台账标识")]:
            book.remove(page)

    by_hand(path, work)
    assert findings(merge(run, ledger)) == [("", "identity")]
    assert state(ledger, JUNE) == {"财务处": "报来但认不出"}


def test_an_unreadable_file_after_an_accepted_one_is_named(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, TICKED)
    merge(run, ledger)
    (ledger.parent / "报送" / JUNE / "财务处补.xlsx").write_bytes(b"<html>")
    assert "又报来的 财务处补.xlsx 没有采用，请核对" in merge(run, ledger).stderr
    assert state(ledger, JUNE) == {"财务处": "已报"}


# --- the form of a past period


def test_a_form_of_the_last_period_gets_a_receipt_that_says_so(both_out: Path, run: Run) -> None:
    path = send(both_out, JUNE, {"RW-001": {"progress": 0.6}})
    said = "这是 2022-06 期的表，2022-07 期的已经下发；照样并入 2022-06 期，2022-07 期的表还要另报。"
    checked = run("validate", path, "-l", both_out)
    assert (checked.exit_code, checked.stdout) == (0, f"财务处.xlsx: period-past: 提示：{said}\n")
    merge(run, both_out)
    sheet = load((both_out.parent / "回执" / JUNE / "财务处_回执.xlsx").read_bytes()).worksheets[0]
    assert sheet["A3"].value == said


def test_asked_for_one_period_a_form_of_another_is_answered(both_out: Path, run: Run) -> None:
    send(both_out, JUNE, {"RW-001": {"progress": 0.6}})
    result = merge(run, both_out, "-p", JULY)
    assert (result.exit_code, findings(result)) == (1, [("", "identity")])
    assert state(both_out, JULY) == {"财务处": "报来但认不出"}
    sheet = load((both_out.parent / "回执" / JULY / "财务处_请修改.xlsx").read_bytes()).worksheets[0]
    text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell)
    assert "这是 2022-06 期的表，现在汇总的是 2022-07 期，没有采用" in text
    assert "--" not in text


# --- a department under another name


def rename(ledger: Path, new: str, *, alias: bool = True) -> None:
    """Rename 财务处 in 参数 and in its tasks, as the office does."""

    def work(book: Any) -> None:
        page = book["参数"]
        for row in page.iter_rows():
            for cell in row:
                if cell.value == "财务处":
                    cell.value = new
                    page.cell(cell.row, cell.column + 1, "财审")
                    page.cell(cell.row, cell.column + 2, "财务处、计财处" if alias else "计财处")
        for cells in book["整改任务"].iter_rows():
            for cell in cells:
                if cell.value == "财务处":
                    cell.value = new

    by_hand(ledger, work)


def test_a_renamed_department_is_the_same_one(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"progress": 30}, {"department": "党委办公室"}])
    issue(run, ledger, JUNE)
    old = send(ledger, JUNE, {"RW-001": {"progress": 0.6}, spare(ledger, JUNE): {}})
    rename(ledger, "财务审计处")
    result = merge(run, ledger)
    assert "财务审计处（财务处.xlsx）：下发 1 行 = 采用 1" in result.stdout
    assert [check for _, check in findings(result)] == ["absent"]
    assert "应报 2 个部门，已报 1 个；未报 1 个：党委办公室。" in result.stderr
    assert state(ledger, JUNE) == {"党委办公室": "未报", "财务审计处": "已报"}
    issue(run, ledger, JUNE, "--again")
    assert sorted(path.stem for path in (ledger.parent / "history" / "issued" / JUNE).iterdir()) == [
        "党委办公室",
        "财务处",
    ]
    new = fill(ledger, {"RW-001": {"progress": 0.9}}, name="财审", department="财务审计处", period=JUNE)
    saved_on(new, "2022-06-12T00:00:00Z")
    for _ in range(2):
        result = merge(run, ledger)
        assert "应报 2 个部门，已报 1 个；未报 1 个：党委办公室。" in result.stderr
    assert old.exists() and value(ledger, "RW-001", "progress") == "0.9"


def test_a_renamed_department_adds_rows_answers_conflicts_and_late_forms_under_its_new_name(
    make_ledger: Make, run: Run
) -> None:
    ledger = make_ledger([{"progress": 30}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {spare(ledger, JUNE): NEW}, form="regulations")
    rename(ledger, "财务审计处")
    merge(run, ledger)
    assert value(ledger, "ZD-001", "department", "regulations") == "财务审计处"
    issue(run, ledger, JULY)
    path = send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    saved_on(path, "2022-07-12T00:00:00Z")
    late = merge(run, ledger)
    assert "conflict" not in late.stdout
    send(ledger, JULY, {"RW-001": {"progress": 0.8}}, department="财务审计处")
    assert (merge(run, ledger).exit_code, value(ledger, "RW-001", "progress")) == (0, "0.8")
    folder = ledger.parent / "回执" / JUNE
    assert sorted(each.name for each in folder.glob("财务*")) == ["财务审计处_回执.xlsx"]


def test_a_department_renamed_without_an_alias_and_issued_again_counts_once_the_alias_is_there(
    make_ledger: Make, run: Run
) -> None:
    ledger = make_ledger([{"progress": 30}, {"department": "党委办公室"}])
    issue(run, ledger, JUNE)
    rename(ledger, "财务审计处", alias=False)
    issue(run, ledger, JUNE, "--again")
    send(ledger, JUNE, {"RW-002": {"unchanged": "是"}}, department="党委办公室")
    unknown = merge(run, ledger)
    assert "应报 3 个部门，已报 1 个；未报 2 个：财务处、财务审计处。" in unknown.stderr
    assert "〈参数〉里已经没有它：改了名的，请把原来的名称写进新名称的“别名”，就算同一个。" in unknown.stdout
    rename_alias(ledger)
    result = merge(run, ledger)
    assert "应报 2 个部门，已报 1 个；未报 1 个：财务审计处。" in result.stderr
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    assert "应报 2 个部门，已报 2 个" in merge(run, ledger).stderr
    assert value(ledger, "RW-001", "progress") == "0.6"


def rename_alias(ledger: Path) -> None:
    def work(book: Any) -> None:
        for row in book["参数"].iter_rows():
            for cell in row:
                if cell.value == "计财处":
                    cell.value = "计财处、财务处"

    by_hand(ledger, work)


def test_a_conflict_of_a_renamed_department_can_be_ruled_on(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"progress": 30}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    edit(ledger, "RW-001", "progress", 0.5)
    merge(run, ledger)
    rename(ledger, "财务审计处")
    path = ledger.parent / "回执" / JUNE / "冲突裁决.xlsx"
    heads = {str(cell.value): cell.column for cell in load(path.read_bytes())["冲突裁决"][4]}
    type_into(path, {"冲突裁决": {(5, heads["裁决"]): "采用上报", (5, heads["理由"]): "核过"}})
    assert run("merge", "--decisions", path, "-y", "-l", ledger).exit_code == 0
    assert value(ledger, "RW-001", "progress") == "0.6"
    result = merge(run, ledger)
    assert (result.exit_code, state(ledger, JUNE)) == (0, {"财务审计处": "已报"})


def test_a_ruling_of_a_renamed_department_does_not_land_on_a_row_that_took_the_code(
    make_ledger: Make, run: Run
) -> None:
    ledger = make_ledger(
        [{"statement": "修订差旅办法", "progress": 30}, {"statement": "公开办事流程", "progress": 30}, {"progress": 30}]
    )
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    edit(ledger, "RW-001", "progress", 0.5)
    rename(ledger, "财务审计处")
    merge(run, ledger)
    path = ledger.parent / "回执" / JUNE / "冲突裁决.xlsx"
    heads = {str(cell.value): cell.column for cell in load(path.read_bytes())["冲突裁决"][4]}
    type_into(path, {"冲突裁决": {(5, heads["裁决"]): "采用上报", (5, heads["理由"]): "核过"}})
    edit(ledger, "RW-002", "progress", 0.5)
    type_into(ledger, {"整改任务": {(4, 1): "RW-002", (5, 1): "RW-001"}})
    result = run("merge", "--decisions", path, "-y", "-l", ledger)
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["decision"])
    assert [value(ledger, code, "progress") for code in ("RW-001", "RW-002")] == ["0.5", "0.5"]


# --- what was kept of an issue cannot be read


@pytest.mark.parametrize("name", [f"{JUNE}/财务处.json", f"issued/{JUNE}_应发部门.json"])
@pytest.mark.parametrize("left", ['{"depart', '{"later": 1}'])
def test_a_damaged_note_of_an_issue_is_named(make_ledger: Make, run: Run, name: str, left: str) -> None:
    """Without one department's base only that one waits; without the roster nobody knows whom to issue to."""
    ledger = make_ledger([{"progress": 30}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    (ledger.parent / "history/issued" / name.removeprefix("issued/")).write_text(left, encoding="utf-8")
    roster, said = name.startswith("issued/"), f"{name} 读不出来（没有存完整，或被改过）。"
    again = run("issue", "-p", JUNE, "--again", "-l", ledger)
    assert (again.exit_code, said in again.stderr, "党委办公室：" in again.stdout) == (
        2 if roster else 1,
        True,
        not roster,
    )
    merged = run("merge", "-y", "-l", ledger)
    assert (merged.exit_code, said in merged.stdout) == (1, True)
    assert value(ledger, "RW-001", "progress") == ("0.6" if roster else "0.3")


# --- month after month


def test_a_year_of_returns_in_one_folder_stays_quiet(make_ledger: Make, run: Run) -> None:
    """Each merge reports only new facts, however many earlier files are there, and opens no old file."""
    ledger = make_ledger([{"progress": 1}, {"department": "党委办公室"}])
    result = None
    for month in range(1, 5):
        period = f"2022-{month:02}"
        issue(run, ledger, period)
        send(ledger, period, {"RW-001": {"progress": month / 10}})
        result = merge(run, ledger)
        assert len(result.stdout.splitlines()) == 5, result.stdout
        assert (f"{period} 期" in result.stdout.splitlines()[0], result.exit_code) == (True, 1)
    assert result
    assert result.stdout == (
        "汇总 2022-04 期；其他各期的 3 份汇总过，或当时就没有采用，没有再读（要再汇总请写 --period 或 --all）。\n"
        "财务处（财务处.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0\n"
        "党委办公室（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1\n"
        "  RW-001 进度：30% → 40%\n"
        "党委办公室.xlsx: absent: 警告：党委办公室还没有报 2022-04 期的表（2022-04-25 截止），请催报。\n"
    )
    before = hashlib.sha256(ledger.read_bytes()).hexdigest()
    everything = merge(run, ledger, "--all")
    assert hashlib.sha256(ledger.read_bytes()).hexdigest() == before
    assert [check for _, check in findings(everything)] == ["absent"] * 4
    assert json.loads(merge(run, ledger, "--json", "-n").stdout)["passed_over"] == ["财务处.xlsx"] * 3


def test_files_of_past_periods_are_not_opened(make_ledger: Make, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = make_ledger([{}])
    for period in (JUNE, JULY):
        issue(run, ledger, period)
        send(ledger, period, TICKED)
        merge(run, ledger)
    from taizhang.merge import submissions

    read, opened = submissions.read_workbook, []
    monkeypatch.setattr(submissions, "read_workbook", lambda path: opened.append(path.parent.name) or read(path))
    merge(run, ledger)
    assert opened == [JULY]
    merge(run, ledger, ledger.parent / "报送")
    assert opened == [JULY, JULY]
    merge(run, ledger, ledger.parent / "报送" / JUNE)
    assert opened == [JULY, JULY, JUNE]


def test_of_two_versions_of_a_past_period_the_one_not_taken_does_not_come_up_again(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    other = fill(ledger, {"RW-001": {"progress": 0.7}}, name="财务处改", period=JUNE)
    saved_on(other, "2022-06-12T00:00:00Z")
    assert ("", "duplicate-file") in findings(merge(run, ledger))
    issue(run, ledger, JULY)
    result = merge(run, ledger)
    assert ([check for _, check in findings(result)], value(ledger, "RW-001", "progress")) == (["absent"], "0.7")


def test_a_file_in_the_folder_of_a_past_period_that_nobody_can_read_is_named(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    for period in (JUNE, JULY):
        issue(run, ledger, period)
        send(ledger, period, TICKED)
        merge(run, ledger)
    (ledger.parent / "报送" / JUNE / "财务处补.xlsx").write_bytes(b"<html>")
    assert merge(run, ledger).stdout.splitlines()[2:] == [
        "报送: unreadable: 提示：其他期次的文件夹里有 1 份打不开或认不出，没有采用：2022-06/财务处补.xlsx。"
        "要退回重报的，请用 --period 写明那一期。"
    ]


def test_before_anything_came_for_the_new_period_the_last_one_is_still_collected(both_out: Path, run: Run) -> None:
    send(both_out, JUNE, {"RW-001": {"progress": 0.6}})
    assert merge(run, both_out, "-n").stdout.startswith("汇总 2022-06 期。\n")


def test_one_period_or_all_of_them(both_out: Path, run: Run) -> None:
    both = merge(run, both_out, "--all", "-p", JUNE)
    assert (both.exit_code, both.stderr) == (2, "没有运行：--period 只汇总一期，--all 汇总各期，请只写一个。\n")


def test_many_who_have_not_returned_are_named_in_one_line(make_ledger: Make, run: Run) -> None:
    names = ["人事处", "业务处", "法规处"]
    ledger = make_ledger([{}, {"department": "党委办公室"}, *({"department": name} for name in names)])

    def work(book: Any) -> None:
        page = book["参数"]
        found = next(cell for row in page.iter_rows() for cell in row if cell.value == "财务处")
        for number, name in enumerate(names, 1):
            page.cell(found.row + number, found.column, name)

    by_hand(ledger, work)
    issue(run, ledger, JUNE)
    send(ledger, JUNE, TICKED)
    result = merge(run, ledger)
    assert result.stdout.splitlines() == [
        "汇总 2022-06 期。",
        "财务处（财务处.xlsx）：下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0",
        "未报 4 家，共 4 行：业务处、人事处、党委办公室、法规处",
        "  RW-001 本期无变化：（空） → 是",
        (
            "报送: absent: 警告：4 家（业务处、人事处、党委办公室、法规处）"
            "还没有报 2022-06 期的表（2022-06-24 截止），请催报。"
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("30%", "60%", ("30%", "60%")),
        ("", "约谈", ("", "约谈")),
        ("一二三四五六七八九十甲", "一二三四五六七八九十乙", ("…五六七八九十甲", "…五六七八九十乙")),
        ("一二三四五六七八九十", "一二三四五六七八九十甲", ("…五六七八九十", "…五六七八九十甲")),
        ("约谈\n一次", "约谈 一次", ("约谈 一次", "约谈 一次（只有空格、换行不同）")),
    ],
)
def test_two_long_texts_are_shown_where_they_part(old: str, new: str, shown: tuple[str, str]) -> None:
    assert show_difference(old, new, 8) == shown


def test_the_list_of_the_history_shows_the_last_ones(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"progress": 1}])
    for number in range(22):
        edit(ledger, "RW-001", "progress", number / 100)
        run("validate", "-l", ledger)
    result = run("history", "list", "-l", ledger)
    assert [line.split("　")[0] for line in result.stdout.splitlines()] == [str(number) for number in range(3, 23)]
    assert re.fullmatch(
        r"前面还有 2 次，全部列出请加 --all。\n记录到第 22 次，校验码 [0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}。\n",
        result.stderr,
    )
    assert len(run("history", "list", "--all", "-l", ledger).stdout.splitlines()) == 22
    assert len(json.loads(run("history", "list", "--json", "-l", ledger).stdout)) == 22


def test_hints_on_closed_rows_are_counted_and_not_listed(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"deadline": "2022年6月底前"}, {"deadline": "2022年6月底前"}])
    listed = [check for _, check in findings(run("validate", "--as-of", "2022-03-01", "-l", ledger))]
    assert listed.count("reading") == 2
    edit(ledger, "RW-001", "status", "已销号")
    result = run("validate", "--as-of", "2022-03-01", "-l", ledger)
    assert [check for _, check in findings(result)].count("reading") == 1
    assert "已办结的行有 1 条提示没有列出，要看请加 --all。" in result.stderr
    facts = json.loads(run("validate", "--as-of", "2022-03-01", "-l", ledger, "--json").stdout)
    assert [each["check"] for each in facts["findings"]].count("reading") == 2


def test_two_departments_made_one_count_once_among_those_that_were_late(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"progress": 30}, {"department": "党委办公室"}])
    issue(run, ledger, JUNE)
    for code, department in (("RW-001", "财务处"), ("RW-002", "党委办公室")):
        path = send(ledger, JUNE, {code: {"progress": 0.6}}, department)
        saved_on(path, "2022-07-20T00:00:00Z")

    def work(book: Any) -> None:
        for row in book["参数"].iter_rows(min_col=4, max_col=6):
            if row[0].value == "财务处":
                row[2].value = "党委办公室、计财处"
            elif row[0].value == "党委办公室":
                row[0].value = row[1].value = row[2].value = None

    by_hand(ledger, work)
    assert "应报 1 个部门，已报 1 个（其中迟报 1 个）" in merge(run, ledger).stderr


def test_a_task_rewritten_as_another_waits_and_is_reported_in_the_form_issued_again(
    make_ledger: Make, run: Run
) -> None:
    ledger = make_ledger([{"progress": 30}, {}])
    issue(run, ledger, JUNE)
    send(ledger, JUNE, {"RW-001": {"progress": 0.6}})
    edit(ledger, "RW-001", "statement", "新装一部电梯")
    held = merge(run, ledger)
    assert ("row-renumbered" in [check for _, check in findings(held)], "--again" in held.stdout) == (True, True)
    issue(run, ledger, JUNE, "--again")
    merge(run, ledger)
    assert value(ledger, "RW-001", "progress") == "0.3"
    send(ledger, JUNE, {"RW-001": {"progress": 0.7}})
    merge(run, ledger)
    assert value(ledger, "RW-001", "progress") == "0.7"
