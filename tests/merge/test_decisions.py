"""冲突裁决: made by a merge, filled in by a person, carried out once, refused if outdated."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result
from support.fixtures import Once, Run
from support.ledgers import small_ledger
from support.returned import edit, fill, findings, value
from taizhang.history.journal import read_entries
from taizhang.system.files import StoreError

pytestmark = pytest.mark.slow

RULING, OTHER, REASON = 10, 11, 12
FIRST = 5


@pytest.fixture
def conflicting(tmp_path: Path, run: Run, once: Once) -> Path:
    """A ledger with RW-001's progress at 50%, for which 财务处 reported 60%; merged once."""

    def make(folder: Path) -> None:
        ledger = small_ledger(folder / "整改台账.xlsx", [{}, {}])
        run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
        fill(ledger, {"RW-001": {"progress": 0.6}})
        edit(ledger, "RW-001", "progress", 0.5)
        result = run("merge", "-l", ledger, "--yes")
        assert "冲突裁决.xlsx　1 格要裁决" in result.stderr

    return once("a conflict", make, tmp_path) / "整改台账.xlsx"


def sheet_of(ledger: Path) -> Path:
    return ledger.parent / "回执" / "2022-03" / "冲突裁决.xlsx"


def rule(ledger: Path, ruling: str | None, reason: str = "", other: Any = None, row: int = FIRST) -> Path:
    """Fill a row of the sheet as the office does."""
    path = sheet_of(ledger)
    book = openpyxl.load_workbook(path)
    sheet: Any = book["冲突裁决"]
    for column, typed in ((RULING, ruling), (OTHER, other), (REASON, reason or None)):
        sheet.cell(row, column).value = typed
    book.properties.lastModifiedBy = "整改办"
    book.save(path)
    return path


def decide(run: Run, ledger: Path, *more: str) -> Result:
    return run("merge", "--decisions", sheet_of(ledger), "-l", ledger, "--yes", *more)


def last_change(ledger: Path) -> tuple[str, str, str, str]:
    change = list(read_entries(ledger.parent / "history").values())[-1].changes[-1]
    return str(change.old), str(change.new), change.source, change.note


def test_the_sheet_lists_base_ledger_and_returned(conflicting: Path) -> None:
    book = openpyxl.load_workbook(sheet_of(conflicting))
    sheet: Any = book["冲突裁决"]
    assert [cell.value for cell in sheet[FIRST]][:9] == [
        "1", "整改任务", "RW-001", "任务1", "财务处", "进度", "（空）", "50%", "60%",
    ]  # fmt: skip
    rules = [(rule.formula1, str(rule.sqref)) for rule in sheet.data_validations.dataValidation]
    assert rules == [('"采用台账,采用上报,另填"', "J5")]
    assert book["_裁决标识"].sheet_state == "veryHidden"


def test_what_was_issued_is_shown_as_people_see_it(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger([{"progress": 50}])
    run("issue", "-p", "2022-03", "-l", ledger)
    fill(ledger, {"RW-001": {"progress": 0.6}})
    edit(ledger, "RW-001", "progress", 0.55)
    run("merge", "-l", ledger, "--yes")
    sheet = openpyxl.load_workbook(sheet_of(ledger))["冲突裁决"]
    assert [cell.value for cell in sheet[FIRST]][6:9] == ["50%", "55%", "60%"]


def test_taking_the_returned_value(conflicting: Path, run: Run) -> None:
    rule(conflicting, "采用上报", "以部门佐证为准")
    result = decide(run, conflicting)
    assert (result.exit_code, value(conflicting, "RW-001", "progress")) == (0, "0.6"), result.output
    assert last_change(conflicting) == (
        "0.5",
        "0.6",
        "财务处.xlsx",
        "采用上报；未采用：50%（台账）；理由：以部门佐证为准",
    )
    again = run("merge", "-l", conflicting, "--yes")
    assert "采用 0 + 没变 2 + 退回 0 + 冲突 0" in again.stdout


def test_keeping_the_ledger_ends_the_conflict(conflicting: Path, run: Run) -> None:
    rule(conflicting, "采用台账")
    assert decide(run, conflicting).exit_code == 0
    assert value(conflicting, "RW-001", "progress") == "0.5"
    assert last_change(conflicting) == ("0.5", "0.5", "财务处.xlsx", "采用台账；未采用：60%（上报）")
    again = run("merge", "-l", conflicting, "--yes")
    assert (again.exit_code, "没变 2 + 退回 0 + 冲突 0" in again.stdout) == (0, True)
    assert not sheet_of(conflicting).exists()


def test_another_value_of_the_department_is_a_conflict_again(conflicting: Path, run: Run) -> None:
    rule(conflicting, "采用台账")
    decide(run, conflicting)
    fill(conflicting, {"RW-001": {"progress": 0.7}})
    again = run("merge", "-l", conflicting, "--yes")
    assert (findings(again), value(conflicting, "RW-001", "progress")) == ([("G4", "conflict")], "0.5")


def test_a_third_value(conflicting: Path, run: Run) -> None:
    rule(conflicting, "另填", "实地核查", "５５％")
    assert decide(run, conflicting).exit_code == 0
    assert value(conflicting, "RW-001", "progress") == "0.55"
    assert last_change(conflicting)[3] == "另填；未采用：50%（台账）、60%（上报）；理由：实地核查"
    assert "冲突 0" in run("merge", "-l", conflicting, "--yes").stdout


def test_a_third_value_may_clear(conflicting: Path, run: Run) -> None:
    rule(conflicting, "另填", "都不对", "（清空）")
    assert decide(run, conflicting).exit_code == 0
    assert value(conflicting, "RW-001", "progress") == ""


@pytest.mark.parametrize(
    ("ruling", "reason", "other", "place"),
    [
        ("采用上报", "", None, "L5"),
        ("另填", "", 0.55, "L5"),
        ("另填", "核查", None, "K5"),
        ("另填", "核查", "八成多", "K5"),
        ("听我的", "核查", None, "J5"),
    ],
)
def test_what_is_not_complete_is_not_carried_out(
    conflicting: Path, run: Run, ruling: str, reason: str, other: Any, place: str
) -> None:
    rule(conflicting, ruling, reason, other)
    result = decide(run, conflicting)
    assert (result.exit_code, [found[0] for found in findings(result)]) == (1, [place])
    assert value(conflicting, "RW-001", "progress") == "0.5"


def test_undecided_rows_wait(conflicting: Path, run: Run) -> None:
    result = decide(run, conflicting)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "还有 1 格没有裁决" in result.stderr


@pytest.mark.parametrize("ruling", ["采用上报", "采用台账", "另填"])
def test_a_decision_is_carried_out_once(conflicting: Path, run: Run, ruling: str) -> None:
    rule(conflicting, ruling, "核查", 0.55 if ruling == "另填" else None)
    decide(run, conflicting)
    entries = len(read_entries(conflicting.parent / "history"))
    again = decide(run, conflicting)
    assert "已经裁决过" in again.stdout
    assert len(read_entries(conflicting.parent / "history")) == entries


@pytest.mark.parametrize("ruling", ["采用上报", "采用台账"])
def test_a_stale_decision_is_refused(conflicting: Path, run: Run, ruling: str) -> None:
    rule(conflicting, ruling, "核查")
    edit(conflicting, "RW-001", "progress", 0.9)
    result = decide(run, conflicting)
    assert (result.exit_code, findings(result)) == (1, [("J5", "decision")])
    assert "又改成了“90%”" in result.stdout
    assert value(conflicting, "RW-001", "progress") == "0.9"


def test_dry_run_writes_nothing(conflicting: Path, run: Run) -> None:
    rule(conflicting, "采用上报", "核查")
    before = conflicting.read_bytes()
    result = decide(run, conflicting, "-n")
    assert result.stdout == "RW-001 进度：50% → 60%　采用上报；未采用：50%（台账）；理由：核查\n"
    assert conflicting.read_bytes() == before
    assert "已经裁决过" not in decide(run, conflicting).stdout


def test_json(conflicting: Path, run: Run) -> None:
    rule(conflicting, "采用上报", "核查")
    shown = json.loads(decide(run, conflicting, "--json").stdout)
    assert [(each["code"], each["new"], each["note"]) for each in shown["changes"]] == [
        ("RW-001", 0.6, "采用上报；未采用：50%（台账）；理由：核查")
    ]
    assert (shown["findings"], shown["undecided"]) == ([], 0)


def test_rows_may_be_sorted(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger([{}, {}])
    run("issue", "-p", "2022-03", "-l", ledger)
    fill(ledger, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": 0.3}})
    edit(ledger, "RW-001", "progress", 0.5)
    edit(ledger, "RW-002", "progress", 0.2)
    run("merge", "-l", ledger, "--yes")
    path = sheet_of(ledger)
    book = openpyxl.load_workbook(path)
    sheet: Any = book["冲突裁决"]
    upper, lower = ([cell.value for cell in sheet[row]] for row in (FIRST, FIRST + 1))
    for column, (a, b) in enumerate(zip(lower, upper, strict=True), 1):
        sheet.cell(FIRST, column).value, sheet.cell(FIRST + 1, column).value = a, b
    sheet.cell(FIRST, RULING).value, sheet.cell(FIRST, REASON).value = "采用上报", "核查"
    book.save(path)
    decide(run, ledger)
    assert (value(ledger, "RW-001", "progress"), value(ledger, "RW-002", "progress")) == ("0.5", "0.3")


def test_a_sheet_of_another_ledger_is_refused(conflicting: Path, run: Run, tmp_path: Path) -> None:
    rule(conflicting, "采用上报", "核查")
    other = small_ledger(tmp_path / "别处" / "整改台账.xlsx", [{"progress": 50}])
    result = run("merge", "--decisions", sheet_of(conflicting), "-l", other, "--yes")
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["decision"])
    assert value(other, "RW-001", "progress") == "0.5"


def test_a_forged_value_is_refused(conflicting: Path, run: Run) -> None:
    path = rule(conflicting, "采用上报", "核查")
    book = openpyxl.load_workbook(path)
    hidden = book["_裁决标识"]
    hidden["C1"] = str(hidden["C1"].value).replace("0.6", "1.0")
    book.save(path)
    assert decide(run, conflicting).exit_code == 1
    assert value(conflicting, "RW-001", "progress") == "0.5"


def test_another_workbook_is_refused(conflicting: Path, run: Run) -> None:
    result = run("merge", "--decisions", conflicting, "-l", conflicting, "--yes")
    assert (result.exit_code, findings(result)) == (1, [("", "decision")])


def test_decisions_go_alone(conflicting: Path, run: Run) -> None:
    result = run("merge", conflicting, "--decisions", sheet_of(conflicting), "-l", conflicting)
    assert (result.exit_code, result.stdout) == (2, "")


def test_filled_decisions_are_not_overwritten_by_the_next_merge(conflicting: Path, run: Run) -> None:
    path = rule(conflicting, "采用上报", "核查")
    filled = path.read_bytes()
    result = run("merge", "-l", conflicting, "--yes")
    kept = list((path.parent / "以前的").glob("冲突裁决_*.xlsx"))
    assert [each.read_bytes() for each in kept] == [filled]
    assert "没有盖掉" in result.stderr
    assert run("merge", "--decisions", kept[0], "-l", conflicting, "--yes").exit_code == 0
    assert value(conflicting, "RW-001", "progress") == "0.6"


def test_a_conflict_over_a_date_and_a_choice(make_ledger: Callable[..., Path], run: Run) -> None:
    from datetime import date

    regulation = {
        "code": "ZD-001",
        "name": "办法",
        "action": "改",
        "department": "财务处",
        "planned": date(2022, 6, 30),
    }
    ledger = make_ledger([{}], regulations=[regulation])
    run("issue", "-p", "2022-03", "-l", ledger)
    fill(ledger, {"ZD-001": {"planned": "2022.9.30", "action": "废"}}, form="regulations")
    edit(ledger, "ZD-001", "planned", date(2022, 12, 31), "regulations")
    edit(ledger, "ZD-001", "action", "立", "regulations")
    result = run("merge", "-l", ledger, "--yes")
    assert "冲突 1" in result.stdout, result.stdout
    rule(ledger, "采用上报", "核查")
    rule(ledger, "采用上报", "核查", row=FIRST + 1)
    assert decide(run, ledger).exit_code == 0
    found = (value(ledger, "ZD-001", "planned", "regulations"), value(ledger, "ZD-001", "action", "regulations"))
    assert found == ("2022-09-30", "废")


def test_a_ruling_that_was_written_but_not_remembered_is_settled_the_second_time(
    conflicting: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise StoreError("磁盘满了，请清理后再试。")

    rule(conflicting, "另填", "实地核查", 0.55)
    with monkeypatch.context() as patched:
        patched.setattr("taizhang.transactions.merge.save_base", failing)
        done = decide(run, conflicting)
    said = "没有做完：整改台账.xlsx 已写好；留底没有写全：磁盘满了，请清理后再试。"
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, said)
    again = decide(run, conflicting)
    assert (again.exit_code, "已经是裁决的内容" in again.stdout) == (0, True), again.output
    assert value(conflicting, "RW-001", "progress") == "0.55"
    assert "冲突 0" in run("merge", "-l", conflicting, "--yes").stdout


@pytest.fixture
def two_departments(make_issued: Callable[..., Path], run: Run) -> Path:
    """A ledger where 财务处 has a conflict in RW-001; 党委办公室 has RW-002 and has sent nothing yet. Merged once."""
    ledger = make_issued([{}, {"department": "党委办公室"}])
    fill(ledger, {"RW-001": {"progress": 0.6}})
    edit(ledger, "RW-001", "progress", 0.5)
    run("merge", "-l", ledger, "--yes")
    return ledger


def merge_the_other(ledger: Path, run: Run, progress: float = 0.4) -> Result:
    path = fill(ledger, {"RW-002": {"progress": progress}}, name="党委办公室", department="党委办公室")
    return run("merge", path, "-l", ledger, "--yes")


def rows_of(ledger: Path) -> list[tuple[Any, ...]]:
    """Return (code, issued, ledger, returned, ruling, other, reason) of the rows of the sheet."""
    sheet: Any = openpyxl.load_workbook(sheet_of(ledger))["冲突裁决"]
    return [(row[2], *row[6:12]) for row in sheet.iter_rows(min_row=FIRST, max_col=12, values_only=True)]


def test_merging_one_department_keeps_the_open_conflicts_of_the_others(two_departments: Path, run: Run) -> None:
    merge_the_other(two_departments, run)
    assert rows_of(two_departments) == [("RW-001", "（空）", "50%", "60%", None, None, None)]
    rule(two_departments, "采用上报", "以部门佐证为准")
    assert decide(run, two_departments).exit_code == 0
    assert value(two_departments, "RW-001", "progress") == "0.6"


def test_a_conflict_kept_for_another_stands_beside_a_new_one(two_departments: Path, run: Run) -> None:
    edit(two_departments, "RW-002", "progress", 0.1)
    merge_the_other(two_departments, run)
    assert [row[:4] for row in rows_of(two_departments)] == [
        ("RW-002", "（空）", "10%", "40%"),
        ("RW-001", "（空）", "50%", "60%"),
    ]


def test_a_conflict_that_is_settled_or_agreed_is_not_kept(two_departments: Path, run: Run) -> None:
    edit(two_departments, "RW-001", "progress", 0.6)
    merge_the_other(two_departments, run)
    assert not sheet_of(two_departments).exists()


def test_a_conflict_that_was_ruled_on_is_not_kept(two_departments: Path, run: Run) -> None:
    rule(two_departments, "采用台账")
    decide(run, two_departments)
    merge_the_other(two_departments, run)
    assert not sheet_of(two_departments).exists()


def test_a_kept_conflict_shows_the_ledger_of_now(two_departments: Path, run: Run) -> None:
    rule(two_departments, "采用台账")
    edit(two_departments, "RW-001", "progress", 0.55)
    merge_the_other(two_departments, run)
    assert rows_of(two_departments) == [("RW-001", "（空）", "55%", "60%", None, None, None)]


def test_rulings_already_typed_stand_in_the_next_sheet(two_departments: Path, run: Run) -> None:
    rule(two_departments, "另填", "科长来电核实", 0.58)
    merge_the_other(two_departments, run)
    assert rows_of(two_departments) == [("RW-001", "（空）", "50%", "60%", "另填", 0.58, "科长来电核实")]
    run("merge", "-l", two_departments, "--yes")
    assert rows_of(two_departments) == [("RW-001", "（空）", "50%", "60%", "另填", 0.58, "科长来电核实")]


def test_the_sheet_is_never_taken_away_before_its_successor_stands(
    two_departments: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.replies import write
    from taizhang.system.files import StoreError

    def full(path: Path, data: bytes) -> None:
        raise StoreError(f"{path.name} 没有写成：磁盘满了。")

    monkeypatch.setattr(write, "write_atomically", full)
    done = merge_the_other(two_departments, run)
    said = "没有做完：整改台账.xlsx 的 1 处改动、留底 已写好；回执、裁决表或回收情况没有写全："
    refused = [f"{name} 没有写成：磁盘满了。" for name in ("党委办公室_回执.xlsx", "冲突裁决.xlsx", "回收情况.xlsx")]
    assert (done.exit_code, done.stderr.splitlines()[-1]) == (1, said + "".join(refused))
    assert sheet_of(two_departments).exists()


@pytest.mark.parametrize("choice", ["采用上报", "采用台账"])
def test_what_was_typed_beside_another_ruling_is_asked_about(conflicting: Path, run: Run, choice: str) -> None:
    before = conflicting.read_bytes()
    rule(conflicting, choice, "核过", other="0.55 按核实数")
    result = decide(run, conflicting)
    assert (result.exit_code, findings(result)) == (1, [(f"K{FIRST}", "decision")])
    assert f"选了“{choice}”，“另填的内容”里却写着字，没有采用。" in result.stdout
    assert conflicting.read_bytes() == before
