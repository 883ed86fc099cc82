"""The merge as departments and the office see it: through issued files, the command line and the ledger."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import load, small_ledger
from support.returned import column_values, edit, edit_rows, fill, findings, value
from support.returned_files import by_hand
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.splice import SetCell, patch
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

pytestmark = pytest.mark.slow


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """A ledger with two tasks of 财务处, issued for 2022-03."""
    return make_issued([{}, {}])


def test_takes_what_only_the_department_changed(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6, "update": "约谈 3 个支部"}})
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, result.stdout) == (
        0,
        "汇总 2022-03 期。\n"
        "财务处（财务处.xlsx）：下发 2 行 = 采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0；没变的里面 1 行没有说：RW-002\n"
        "  RW-001 进度：（空） → 60%；本期进展：（空） → 约谈 3 个支部\n",
    )
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-001", "update")) == ("0.6", "约谈 3 个支部")


def test_same_file_twice_changes_nothing(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    before = hashlib.sha256(issued.read_bytes()).hexdigest()
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 0
    assert "采用 0 + 没变 2" in result.stdout
    assert hashlib.sha256(issued.read_bytes()).hexdigest() == before


def test_the_same_file_again_leaves_the_offices_correction(make_ledger: Callable[..., Path], run: Run) -> None:
    """A cell restored to its issued value, changed or cleared after it was taken: not taken again, and no conflict."""
    for number, put in enumerate((0.3, 0.5, None)):
        ledger = make_ledger([{"progress": 30}])
        run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger, *(["--again"] if number else []))
        fill(ledger, {"RW-001": {"progress": 0.6 + number / 100}})
        run("merge", "-l", ledger, "--yes")
        assert value(ledger, "RW-001", "progress") == as_text(0.6 + number / 100)
        edit(ledger, "RW-001", "progress", put)
        result = run("merge", "-l", ledger, "--yes")
        assert (result.exit_code, "采用 0 + 没变 1 + 退回 0 + 冲突 0" in result.stdout) == (0, True), result.stdout
        assert value(ledger, "RW-001", "progress") == as_text(put)


def test_a_merge_that_was_undone_is_not_made_again_by_the_same_file(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    step = len((issued.parent / "history" / "journal.jsonl").read_text(encoding="utf-8").splitlines())
    undone = run("history", "undo", str(step), "-l", issued, "--yes")
    assert (undone.exit_code, value(issued, "RW-001", "progress")) == (0, ""), undone.output
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    assert value(issued, "RW-001", "progress") == ""
    fill(issued, {"RW-001": {"progress": 0.7}})
    assert findings(run("merge", "-l", issued, "--yes")) == [("G4", "conflict")]


def test_an_issue_made_again_is_compared_with_itself(issued: Path, run: Run) -> None:
    """A file of an earlier issue is no answer to the new issue; merging the earlier file again changes nothing."""
    old = fill(issued, {"RW-001": {"progress": 0.6}}).read_bytes()
    run("merge", "-l", issued, "--yes")
    edit(issued, "RW-001", "progress", 0.5)
    run("issue", "-p", "2022-03", "--as-of", "2022-03-12", "--again", "-l", issued)
    path = issued.parent / "报送" / "财务处.xlsx"
    path.write_bytes(old)
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    assert value(issued, "RW-001", "progress") == "0.5"
    fill(issued, {"RW-001": {"progress": 0.6}})
    assert run("merge", "-l", issued, "--yes").exit_code == 0
    assert value(issued, "RW-001", "progress") == "0.6"


def test_a_corrected_file_is_no_conflict_with_its_own_earlier_version(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6, "update": "一"}})
    run("merge", "-l", issued, "--yes")
    fill(issued, {"RW-001": {"progress": 0.7, "update": "一"}})
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, value(issued, "RW-001", "progress")) == (0, "0.7")
    assert result.stdout.splitlines()[2:] == ["  RW-001 进度：60% → 70%"]


def test_an_older_file_than_the_one_merged_is_not_taken(issued: Path, run: Run) -> None:
    import io
    import zipfile

    path = fill(issued, {"RW-001": {"progress": 0.7}})
    target = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            package.writestr(info, source.read(info).replace(b"2022-03-10T", b"2022-03-12T"))
    path.write_bytes(target.getvalue())
    run("merge", "-l", issued, "--yes")
    fill(issued, {"RW-001": {"progress": 0.6}})
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, findings(result)) == (1, [("", "duplicate-file")])
    assert value(issued, "RW-001", "progress") == "0.7"


def test_dry_run_and_no_answer_write_nothing(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    before = issued.read_bytes()
    assert run("merge", "-l", issued, "--dry-run").exit_code == 0
    assert run("merge", "-l", issued).exit_code == 1
    assert issued.read_bytes() == before


def test_both_changed_differently_is_a_conflict_and_the_ledger_stays(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": 0.3}})
    edit(issued, "RW-001", "progress", 0.5)
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 1
    assert "采用 1 + 没变 0 + 退回 0 + 冲突 1 + 缺 0" in result.stdout
    assert findings(result) == [("G4", "conflict")]
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-002", "progress")) == ("0.5", "0.3")


def test_both_changed_alike_is_nothing_to_do(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    edit(issued, "RW-001", "progress", 0.6)
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 0
    assert "采用 0 + 没变 2" in result.stdout


def test_a_wrong_cell_holds_its_row_back_and_the_rest_goes_in(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "基本完成", "update": "好"}, "RW-002": {"progress": "８０％"}})
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 1
    assert findings(result) == [("F4", "choice")]
    assert "采用 1 + 没变 0 + 退回 1" in result.stdout
    assert (value(issued, "RW-001", "update"), value(issued, "RW-002", "progress")) == ("", "0.8")


def test_a_department_cannot_close_its_own_task(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "已销号"}})
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("F4", "choice")]
    assert value(issued, "RW-001", "status") == "推进中"


def test_the_offices_columns_are_not_changed(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"standard": "随便", "progress": 0.2}})
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("E4", "not-yours")]
    assert (value(issued, "RW-001", "standard"), value(issued, "RW-001", "progress")) == ("印发件", "0.2")


def test_blank_means_no_change_and_the_mark_clears(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{"next_step": "旧"}, {"next_step": "旧"}])
    fill(ledger, {"RW-001": {"next_step": None, "unchanged": "是"}, "RW-002": {"next_step": "（清空）"}})
    result = run("merge", "-l", ledger, "--yes")
    assert findings(result) == [("M4", "blank")]
    assert (value(ledger, "RW-001", "next_step"), value(ledger, "RW-002", "next_step")) == ("旧", "")


@pytest.mark.parametrize("evidence", [None, "无", "暂无", "没有", "—"])
def test_done_without_evidence_is_held_back(issued: Path, run: Run, evidence: str | None) -> None:
    fill(issued, {"RW-001": {"status": "已完成", "progress": 1.0, "evidence": evidence}})
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("N4", "evidence-missing")]
    assert value(issued, "RW-001", "status") == "推进中"


@pytest.mark.parametrize("status", ["长期坚持", "已销号"])
def test_a_department_does_not_change_what_the_office_concluded(
    make_issued: Callable[..., Path], run: Run, status: str
) -> None:
    ledger = make_issued([{"progress": 80, "evidence": "记录"}])
    edit(ledger, "RW-001", "status", status)
    edit(ledger, "RW-001", "progress", 1.0)
    fill(ledger, {"RW-001": {"status": "未启动", "progress": 0.45, "update": "又开了一次会"}})
    result = run("merge", "-l", ledger, "--yes")
    assert findings(result) == [("F4", "not-yours"), ("G4", "not-yours")]
    assert f"“{status}”是办公室确认的结论，部门报的进度“45%”没有采用；如有反弹，请联系办公室" in result.stdout
    assert [value(ledger, "RW-001", key) for key in ("status", "progress", "update")] == [status, "1", "又开了一次会"]


def test_clearing_or_an_unread_value_beside_the_offices_conclusion(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{"status": "长期坚持", "progress": 100}])
    fill(ledger, {"RW-001": {"status": "差不多了", "progress": "（清空）"}})
    result = run("merge", "-l", ledger, "--yes")
    assert findings(result) == [("F4", "choice"), ("G4", "not-yours")]
    assert "部门报的进度“（清空）”没有采用" in result.stdout
    assert value(ledger, "RW-001", "progress") == "1"


def test_what_agrees_with_the_offices_conclusion_is_not_reported(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{"status": "长期坚持", "progress": 90}])
    fill(ledger, {"RW-001": {"progress": 1.0}})
    edit(ledger, "RW-001", "progress", 1.0)
    assert findings(run("merge", "-l", ledger, "--yes")) == []


@pytest.mark.parametrize(("typed", "said"), [(0.45, [("G4", "progress-back")]), (0.6, []), (0.7, [])])
def test_progress_going_back_is_taken_and_said(
    make_issued: Callable[..., Path], run: Run, typed: float, said: list[tuple[str, str]]
) -> None:
    ledger = make_issued([{"progress": 60}])
    fill(ledger, {"RW-001": {"progress": typed, "unchanged": "是"}})
    result = run("merge", "-l", ledger, "--yes")
    assert (findings(result), value(ledger, "RW-001", "progress")) == (said, str(typed))
    assert ("进度从 60% 退到 45%" in result.stdout) == bool(said)


@pytest.mark.parametrize(("task", "said"), [("RW-999", [("B4", "reference")]), ("RW-002", [])])
def test_a_close_out_of_no_task_is_held_back(issued: Path, run: Run, task: str, said: list[tuple[str, str]]) -> None:
    spare = as_text(read_workbook(issued.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["销号审核"].value(4, 1))
    row = {"task": task, "applied": "2022-03-15", "applicant": "综合科科长", "evidence": "总结", "evidence_count": 2}
    fill(issued, {spare: {**row, "against": "1. 印发：已印发"}}, form="closeouts")
    result = run("merge", "-l", issued, "--yes")
    assert [(cell, check) for cell, check in findings(result) if check not in ("reading", "closeout-early")] == [
        ("C4", check) for _, check in said
    ]
    assert ("RW-999 不在〈整改任务〉里" in result.stdout) == bool(said)
    assert ("新增 1 行" in result.stdout) == (not said)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"task": "RW-001", "evidence_count": 1}, []),
        ({"task": "RW-001", "evidence_count": 1, "against": None}, ["closeout-against"]),
        ({"task": "RW-001", "evidence_count": 0}, ["closeout-evidence"]),
        ({"task": "RW-002", "evidence_count": 1}, ["closeout-owner"]),
    ],
)
def test_an_application_that_is_not_in_order_goes_in_with_a_warning(
    make_issued: Callable[..., Path], run: Run, row: dict[str, object], said: list[str]
) -> None:
    done = {"status": "已完成", "progress": 100, "evidence": "总结"}
    ledger = make_issued([done, {**done, "department": "党委办公室"}])
    spare = as_text(read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["销号审核"].value(4, 1))
    applied = {"applied": "2022-03-15", "applicant": "综合科科长", "evidence": "总结", "against": "1. 印发：已印发"}
    fill(ledger, {spare: {**applied, **row}}, form="closeouts")
    result = run("merge", "-l", ledger, "--yes")
    assert [check for _, check in findings(result) if check != "absent"] == said
    assert "新增 1 行" in result.stdout


def test_a_new_row_gets_a_code_once(issued: Path, run: Run) -> None:
    issued_book = read_workbook(issued.parent / "下发" / "2022-03" / "财务处.xlsx")
    spare = as_text(issued_book.by_name["规章制度"].value(4, 1))
    new = {"name": "差旅办法", "action": "改", "planned": "2022.6.30", "outcome": "起草中"}
    fill(issued, {spare: new}, form="regulations")
    first = run("merge", "-l", issued, "--yes")
    assert first.exit_code == 0, first.stdout
    assert "新增 1 行" in first.stdout
    assert value(issued, "ZD-001", "name", "regulations") == "差旅办法"
    assert value(issued, "ZD-001", "department", "regulations") == "财务处"
    again = run("merge", "-l", issued, "--yes")
    assert "新增" not in again.stdout
    fill(issued, {spare: {**new, "name": "差旅管理办法"}}, form="regulations")
    run("merge", "-l", issued, "--yes")
    register = read_ledger(issued, standard_forms()).registers["regulations"]
    assert [record.cells["name"] for record in register.records] == ["差旅管理办法"]


def test_an_edit_of_the_office_in_an_added_row_is_not_lost(issued: Path, run: Run) -> None:
    spare = as_text(read_workbook(issued.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["规章制度"].value(4, 1))
    fill(
        issued,
        {spare: {"name": "差旅办法", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}},
        form="regulations",
    )
    run("merge", "-l", issued, "--yes")
    edit(issued, "ZD-001", "name", "差旅费办法", "regulations")
    run("merge", "-l", issued, "--yes")
    assert value(issued, "ZD-001", "name", "regulations") == "差旅费办法"


def test_a_file_from_elsewhere_is_refused(issued: Path, run: Run, tmp_path: Path) -> None:
    other = small_ledger(tmp_path / "别处" / "整改台账.xlsx", [{}])
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", other)
    foreign = tmp_path / "别处" / "下发" / "2022-03" / "财务处.xlsx"
    result = run("merge", foreign, "-l", issued, "--yes")
    assert result.exit_code == 1
    assert ("", "identity") in findings(result)


def test_a_row_of_another_department_is_not_applied(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{}, {"department": "党委办公室"}])
    path = fill(ledger, {"RW-001": {"progress": 0.1}})
    book = read_workbook(path)
    added = [SetCell("整改任务", 5, 2, "RW-002"), SetCell("整改任务", 5, 7, 0.9)]
    path.write_bytes(patch(book.data, added)[0])
    result = run("merge", "-l", ledger, "--yes")
    assert ("B5", "row-foreign") in findings(result)
    assert value(ledger, "RW-002", "progress") == ""


def test_whoever_has_not_returned_is_named(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{}, {"department": "党委办公室"}])
    fill(ledger, {"RW-001": {"progress": 0.1}})
    result = run("merge", "-l", ledger, "--yes")
    assert "党委办公室（未报）：下发 1 行 = 采用 0 + 没变 0 + 退回 0 + 冲突 0 + 缺 1" in result.stdout
    assert ("", "absent") in findings(result)


def test_a_lost_identity_needs_the_offices_word(issued: Path, run: Run, tmp_path: Path) -> None:
    import openpyxl

    path = fill(issued, {"RW-001": {"progress": 0.4}})
    book = openpyxl.load_workbook(path)
    del book["_台账标识"]
    lost = tmp_path / "没有标识.xlsx"
    book.save(lost)
    assert ("", "identity") in findings(run("merge", lost, "-l", issued, "--yes"))
    result = run("merge", lost, "-l", issued, "--as", "财务处", "-p", "2022-03", "--yes")
    assert "采用 1" in result.stdout
    journal = (issued.parent / "history" / "journal.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(journal[-1])["command"] == "merge --as 财务处"


def test_json_plan_closes(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    plan = json.loads(run("merge", "-l", issued, "--json", "--dry-run").stdout)
    assert [each["closes"] for each in plan["totals"]] == [True]
    assert [(each["code"], each["column"], each["new"]) for each in plan["changes"]] == [("RW-001", "progress", "0.6")]


@pytest.mark.libreoffice
@pytest.mark.parametrize("target", ["xlsx", "xls", "ods"])
def test_what_libreoffice_saves_merges(
    issued: Path, run: Run, soffice: Callable[..., Path], tmp_path: Path, target: str
) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6, "update": "已办"}})
    folder = tmp_path / "saved"
    folder.mkdir()
    saved = soffice(path, target, folder)
    result = run("merge", saved, "-l", issued, "--yes")
    assert (result.exit_code, "采用 1 + 没变 1" in result.stdout) == (0, True), result.stdout
    assert (value(issued, "RW-001", "progress"), value(issued, "RW-001", "update")) == ("0.6", "已办")


def combinations(each: int, *, alike: tuple[float, ...]) -> dict[str, tuple[float | None, ...]]:
    """Return every combination of so many shares out of blank, 10, 20 and 30 %, one a row by code.

    Of combinations that differ only by which of the shares ``alike`` stands for which, the first. Each row has its own
    shares (10.01 %, 10.02 % …), since rows that swap values would be taken for sorted ones.
    """
    combined = []
    for shares in product((None, 0.1, 0.2, 0.3), repeat=each):
        own = tuple(share for share in dict.fromkeys(shares) if share in alike)
        if own == alike[: len(own)]:
            combined.append(shares)
    return {
        f"RW-{row:03}": tuple(share and round(share + row / 10_000, 4) for share in shares)
        for row, shares in enumerate(combined, 1)
    }


def progress(values: Mapping[str, float | None]) -> dict[str, dict[str, Any]]:
    return {code: {"progress": value} for code, value in values.items()}


def conflicts(ledger: Path, run: Run) -> set[str]:
    """Merge, and return the codes of the rows that its plan listed as conflicts; every row was believed."""
    plan = json.loads(run("merge", "-l", ledger, "--json", "--dry-run").stdout)
    assert "退回 0" in run("merge", "-l", ledger, "--yes").stdout
    return {each["code"] for each in plan["conflicts"]}


def test_every_combination_of_base_theirs_ours(make_issued: Callable[..., Path], run: Run) -> None:
    """A returned cell is taken only if the ledger has not changed; one row per combination."""
    cases = combinations(3, alike=(0.1, 0.2, 0.3))
    ledger = make_issued([{"progress": base and base * 100} for base, _, _ in cases.values()])
    fill(ledger, progress({code: theirs for code, (_, theirs, _) in cases.items()}))
    edit_rows(ledger, progress({code: ours for code, (_, _, ours) in cases.items()}))
    found, now = conflicts(ledger, run), column_values(ledger, "progress")
    for code, (base, theirs, ours) in cases.items():
        changed = theirs not in (None, base)
        assert now[code] == as_text(theirs if changed and ours == base else ours), cases[code]
        assert (code in found) == (changed and ours not in (base, theirs)), cases[code]


def test_every_second_merge(make_issued: Callable[..., Path], run: Run) -> None:
    """Merging the same file again changes nothing, without conflicts; a corrected file is compared with the last one.

    A row for each combination of what was reported, what the ledger held then and later, and the correction.
    """
    cases = combinations(4, alike=(0.2, 0.3))
    base = {code: round(0.1 + row / 10_000, 4) for row, code in enumerate(cases, 1)}
    ledger = make_issued([{"progress": share * 100} for share in base.values()])
    fill(ledger, progress({code: theirs for code, (theirs, _, _, _) in cases.items()}))
    edit_rows(ledger, progress({code: ours for code, (_, ours, _, _) in cases.items()}))
    conflicts(ledger, run)
    edit_rows(ledger, progress({code: later for code, (_, _, later, _) in cases.items()}))
    again, held, said = conflicts(ledger, run), column_values(ledger, "progress"), {}
    for code, (theirs, ours, later, _) in cases.items():
        changed = theirs not in (None, base[code])
        heard = changed and ours in (base[code], theirs)
        if heard or not changed:
            assert (held[code], code in again) == (as_text(later), False), cases[code]
        said[code] = as_text(theirs if heard or (changed and later in (base[code], theirs)) else base[code])
    fill(ledger, progress({code: corrected for code, (_, _, _, corrected) in cases.items()}))
    at_last, now = conflicts(ledger, run), column_values(ledger, "progress")
    for code, (theirs, _, _, corrected) in cases.items():
        if corrected not in (None, base[code], theirs):
            wanted = as_text(corrected)
            assert now[code] == (wanted if held[code] == said[code] else held[code]), cases[code]
            assert (code in at_last) == (held[code] not in (said[code], wanted)), cases[code]


def test_a_new_row_in_rows_that_are_hidden_can_be_seen(make_ledger: Callable[..., Path], run: Run) -> None:
    kept = {
        "code": "ZD-001",
        "department": "财务处",
        "name": "旧办法",
        "action": "立",
        "planned": "2022-06-30",
        "outcome": "起草中",
    }
    ledger = make_ledger([{}], regulations=[kept])

    def hide(book: Any) -> None:
        for row in range(5, 60):
            book["规章制度"].row_dimensions[row].hidden = True

    by_hand(ledger, hide)
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    sheet = read_workbook(ledger.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["规章制度"]
    spare = next(as_text(row[0]) for row in sheet.rows[3:] if as_text(row[0]).startswith("新增"))
    fill(
        ledger,
        {spare: {key: kept[key] for key in ("action", "planned", "outcome")} | {"name": "新办法"}},
        form="regulations",
    )
    result = run("merge", "-l", ledger, "--yes")
    assert (result.exit_code, "隐藏" in result.output) == (0, False)
    after = load(ledger.read_bytes())["规章制度"]
    row = next(cell.row for cell in after["B"] if cell.value == "新办法")
    assert [bool(after.row_dimensions[each].hidden) for each in (row, row + 1)] == [False, True]


def test_of_two_files_of_one_name_the_folder_is_said(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    copy = path.parent / "补报" / path.name
    copy.parent.mkdir()
    copy.write_bytes(path.read_bytes())
    result = run("merge", "-l", issued, "--dry-run")
    found = [line for line in result.stdout.splitlines() if ": duplicate-file: " in line]
    assert found == [f"{path.name}: duplicate-file: 提示：与 补报/{path.name} 内容完全相同，只算一份。"]


@pytest.mark.parametrize(
    ("returned", "ours", "totals"),
    [
        ({"update": "约谈 3 个支部"}, {}, "采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0"),
        ({"update": "约谈 3 个支部", "progress": 0.6}, {"progress": 0.5}, "采用 0 + 没变 1 + 退回 0 + 冲突 1 + 缺 0"),
        (
            {"update": "甲", "progress": 0.6},
            {"update": "乙", "progress": 0.5},
            "采用 0 + 没变 1 + 退回 0 + 冲突 1 + 缺 0",
        ),
        ({"unchanged": "是"}, {"progress": 0.5}, "采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0"),
    ],
)
def test_a_row_counts_once_whatever_becomes_of_its_cells(
    issued: Path, run: Run, returned: dict[str, Any], ours: dict[str, Any], totals: str
) -> None:
    """A row with a conflict is a conflict, although its other cells are taken; two conflicts in it are one row."""
    fill(issued, {"RW-001": returned})
    for key, typed in ours.items():
        edit(issued, "RW-001", key, typed)
    result = run("merge", "-l", issued, "--yes")
    assert (
        result.stdout.splitlines()[1] == f"财务处（财务处.xlsx）：下发 2 行 = {totals}；没变的里面 1 行没有说：RW-002"
    )
    assert [check for _, check in findings(result)] == ["conflict" for key in returned if key in ours]
    expected = {key: as_text(ours.get(key, typed)) for key, typed in returned.items()}
    assert {key: value(issued, "RW-001", key) for key in returned} == expected


def test_a_row_that_was_added_before_is_in_conflict_once(issued: Path, run: Run) -> None:
    spare = as_text(read_workbook(issued.parent / "下发" / "2022-03" / "财务处.xlsx").by_name["规章制度"].value(4, 1))
    new = {"name": "差旅办法", "action": "改", "planned": "2022-06-30", "outcome": "起草中"}
    fill(issued, {spare: new}, form="regulations")
    run("merge", "-l", issued, "--yes")
    for key, typed in (("name", "办公室改的"), ("planned", "2022-08-31")):
        edit(issued, "ZD-001", key, typed, "regulations")
    fill(issued, {spare: {**new, "name": "差旅费办法", "planned": "2022-09-30"}}, form="regulations")
    result = run("merge", "-l", issued, "--yes")
    assert [check for _, check in findings(result)] == ["conflict", "conflict"]
    assert "采用 0 + 没变 2 + 退回 0 + 冲突 0 + 缺 0；以前新增的行冲突 1 行" in result.stdout
