"""What an issue writes into the ledger: original deadlines, rows of 〈履行记录〉, and last period's ticks cleared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from support.checked import typed
from support.fixtures import Make, Run
from support.ledgers import load
from support.returned import column_values, edit, fill, findings, value
from taizhang.forms.load import standard_forms
from taizhang.history.bases import load_base
from taizhang.ledger.model import read_ledger
from taizhang.system.files import StoreError
from taizhang.typed.text import as_text

QUARTERLY = {"kind": "周期", "review_cycle": "季"}
MONTHLY = {"kind": "周期", "review_cycle": "月", "per_cycle": 2}


def issue(run: Run, ledger: Path, period: str = "2022-03", *more: str) -> Result:
    return run("issue", "-p", period, "--as-of", f"{period}-10", "-l", ledger, *more)


def rows(ledger: Path) -> list[tuple[str, ...]]:
    """Return the rows of 〈履行记录〉: code, task, department, cycle, required."""
    register = read_ledger(ledger, standard_forms()).registers["fulfilments"]
    keys = ("code", "task", "department", "cycle", "required")
    return [tuple(as_text(record.cells[key]) for key in keys) for record in register.records]


def sheet_rows(ledger: Path, period: str) -> list[tuple[object, ...]]:
    """Return what the sheet 履行记录 of a form shows: task, cycle."""
    sheet = load((ledger.parent / "下发" / period / "财务处.xlsx").read_bytes())["履行记录"]
    return [(row[2].value, row[4].value) for row in sheet.iter_rows(min_row=4) if row[2].value]


def test_the_deadline_is_noted_at_the_first_issue_and_never_again(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {"deadline": "上半年"}, {"deadline": None}, {"status": "已销号"}, {"department": "无处"}])
    result = issue(run, ledger)
    assert "写进了台账：记下原定时限 2 格。" in result.stderr
    noted = {"RW-001": "2022-12-31", "RW-002": "上半年", "RW-003": "", "RW-004": "", "RW-005": ""}
    assert column_values(ledger, "original_deadline") == noted
    edit(ledger, "RW-001", "deadline", date(2023, 6, 30))
    assert "写进了台账" not in issue(run, ledger, "2022-04").stderr
    assert column_values(ledger, "original_deadline") == noted
    shown = run("history", "show", "2", "-l", ledger).stdout
    assert "整改任务 RW-001 原定时限：（空） → 2022-12-31（第一次下发时的完成时限）" in shown


def test_rows_are_added_for_the_running_cycle_and_those_owed_once(make_ledger: Make, run: Run) -> None:
    """A monthly duty from January owes January and February in March; the stub of a quarter owes nothing."""
    ledger = make_ledger(
        [
            QUARTERLY,
            MONTHLY,
            {"kind": "长期"},
            {**QUARTERLY, "status": "已销号"},
            {**QUARTERLY, "department": "党委办公室"},
        ]
    )
    assert "〈履行记录〉加 5 行。" in issue(run, ledger).stderr
    assert rows(ledger) == [
        ("ZQ-0001", "RW-005", "党委办公室", "2022年一季度", "1"),
        ("ZQ-0002", "RW-001", "财务处", "2022年一季度", "1"),
        ("ZQ-0003", "RW-002", "财务处", "2022年1月", "2"),
        ("ZQ-0004", "RW-002", "财务处", "2022年2月", "2"),
        ("ZQ-0005", "RW-002", "财务处", "2022年3月", "2"),
    ]
    assert sheet_rows(ledger, "2022-03") == [
        ("RW-001", "2022年一季度"), ("RW-002", "2022年1月"), ("RW-002", "2022年2月"), ("RW-002", "2022年3月"),
    ]  # fmt: skip
    assert "写进了台账" not in issue(run, ledger, "2022-03", "--again").stderr
    assert len(rows(ledger)) == 5


def test_what_is_done_is_not_asked_again(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([QUARTERLY, MONTHLY])
    issue(run, ledger)
    done = {"done": 2, "done_on": "2022-03-20", "what": "开展 2 次"}
    fill(ledger, {"ZQ-0001": {**done, "done": 1}, "ZQ-0004": done}, form="fulfilments")
    result = run("merge", "-l", ledger, "--yes")
    assert (findings(result), "没有说" in result.stdout) == ([], False)
    assert value(ledger, "ZQ-0004", "done", "fulfilments") == "2"
    issue(run, ledger, "2022-04")
    assert sheet_rows(ledger, "2022-04") == [
        ("RW-002", "2022年1月"), ("RW-002", "2022年2月"), ("RW-001", "2022年二季度"), ("RW-002", "2022年4月"),
    ]  # fmt: skip


def test_a_missed_cycle_is_asked_about_until_somebody_says_how_often(make_ledger: Make, run: Run) -> None:
    """What cannot be made up is lost; that nobody was asked does not mean that nothing was done."""
    duty = {"kind": "周期", "review_cycle": "月", "make_up": "不可以"}
    said = {"code": "ZQ-0001", "task": "RW-001", "department": "财务处", "cycle": "2022年1月", "done": 0}
    ledger = make_ledger([duty], fulfilments=[said])
    issue(run, ledger)
    assert sheet_rows(ledger, "2022-03") == [("RW-001", "2022年2月"), ("RW-001", "2022年3月")]


def test_a_register_that_proves_is_not_asked_for_again(make_ledger: Make, run: Run) -> None:
    proof = {
        "code": "HD-001", "task": "RW-001", "register": "群众诉求", "indicator": "诉求数", "operator": "≥",
        "target": "1", "per": "季",
    }  # fmt: skip
    appeal = {"code": "SQ-001", "department": "党委办公室", "channel": "来电", "subject": "流程"}
    ledger = make_ledger([QUARTERLY, QUARTERLY], proofs=[proof], appeals=[appeal | {"received": date(2022, 2, 1)}])
    issue(run, ledger)
    assert [row[1] for row in rows(ledger)] == ["RW-002"]


@pytest.mark.parametrize("cut_off", [None, date(2025, 3, 31), date(2022, 3, 31)])
def test_no_cycles_of_years_to_come_are_asked_about(make_ledger: Make, run: Run, cut_off: date | None) -> None:
    """The cut-off day of a period may be blank or of a wrong year."""
    ledger = make_ledger([QUARTERLY])
    cells = read_ledger(ledger, standard_forms()).book.by_name["参数"].rows
    place = next((row, line.index("2022-03") + 2) for row, line in enumerate(cells, 1) if "2022-03" in line)
    typed(ledger, place, cut_off, "参数")
    assert run("issue", "-p", "2022-03", "--as-of", "2026-11-30", "-l", ledger).exit_code == 0
    assert [row[3] for row in rows(ledger)] == ["2022年一季度"]


def test_the_tick_of_last_period_is_over_with_the_next_one(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"update": "甲"}, {"update": "乙"}])
    issue(run, ledger)
    fill(ledger, {"RW-001": {"unchanged": "是"}})
    run("merge", "-l", ledger, "--yes")
    issue(run, ledger, "2022-03", "--again")
    assert value(ledger, "RW-001", "unchanged") == "是"
    assert "写进了台账：清去上期的“本期无变化” 1 格。" in issue(run, ledger, "2022-04").stderr
    assert value(ledger, "RW-001", "unchanged") == ""


def test_an_earlier_period_issued_afterwards_clears_no_tick(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    issue(run, ledger, "2022-04")
    fill(ledger, {"RW-001": {"unchanged": "是"}}, period="2022-04")
    run("merge", "-l", ledger, "--yes")
    issue(run, ledger, "2022-03")
    assert value(ledger, "RW-001", "unchanged") == "是"


def test_only_the_departments_that_are_issued_something_are_written(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([QUARTERLY, {**QUARTERLY, "department": "党委办公室"}])
    assert "记下原定时限 1 格、〈履行记录〉加 1 行。" in issue(run, ledger, "2022-03", "-d", "党办").stderr
    assert [row[1:3] for row in rows(ledger)] == [("RW-002", "党委办公室")]


def test_a_dry_run_says_what_would_be_written(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([QUARTERLY])
    before = ledger.read_bytes()
    result = issue(run, ledger, "2022-03", "-n")
    assert (result.exit_code, result.stdout.splitlines()[1:]) == (
        0,
        ["财务处：2 行，要填 10 格", "合计：2 个部门，2 行，要填 10 格"],
    )
    assert "要写进台账：记下原定时限 1 格、〈履行记录〉加 1 行。" in result.stderr
    assert ledger.read_bytes() == before


def test_killed_after_the_ledger_was_written_the_next_run_writes_nothing_twice(
    make_ledger: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = make_ledger([QUARTERLY])

    def fail(*_: object) -> None:
        raise StoreError("磁盘满了。")

    with monkeypatch.context() as broken:
        broken.setattr("taizhang.transactions.issue.save_roster", fail)
        result = issue(run, ledger)
    assert result.exit_code == 1
    assert (
        "整改台账.xlsx 的改动（记下原定时限 1 格、〈履行记录〉加 1 行） 已写好；下发的表没有写全：磁盘满了。"
        in result.stderr
    )
    assert (len(rows(ledger)), load_base(ledger, "2022-03", "财务处")) == (1, None)
    result = issue(run, ledger)
    assert (result.exit_code, "写进了台账" in result.stderr, len(rows(ledger))) == (0, False, 1)
    assert sheet_rows(ledger, "2022-03") == [("RW-001", "2022年一季度")]


def test_what_an_issue_wrote_can_be_undone(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([QUARTERLY])
    issue(run, ledger)
    result = run("history", "undo", "2", "-l", ledger, "--yes")
    assert (result.exit_code, rows(ledger), value(ledger, "RW-001", "original_deadline")) == (0, [], "")


def test_a_ledger_that_is_open_elsewhere_is_not_written_and_nothing_is_issued(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    ledger.with_name(f"~${ledger.name}").write_bytes(b"")
    result = issue(run, ledger)
    assert (result.exit_code, (ledger.parent / "下发").exists()) == (2, False), result.output


def test_a_ledger_without_the_new_columns_and_registers_is_left_alone(
    make_ledger: Callable[..., Path], run: Run
) -> None:
    from support.returned_files import by_hand

    ledger = make_ledger([QUARTERLY])

    def drop(book: object) -> None:
        for name in ("履行记录", "延期申请", "核对", "复核记录"):
            del book[name]  # type: ignore[attr-defined]
        sheet = book["整改任务"]  # type: ignore[index]
        heads = [cell.value for cell in sheet[3]]
        for title in ("需协调事项", "本期无变化", "原定时限"):
            sheet.delete_cols(heads.index(title) + 1)
            heads.remove(title)

    by_hand(ledger, drop)
    before = ledger.read_bytes()
    result = issue(run, ledger)
    assert (result.exit_code, ledger.read_bytes() == before) == (0, True), result.output
    sheet = load((ledger.parent / "下发" / "2022-03" / "财务处.xlsx").read_bytes())["整改任务"]
    assert sheet["G4"].fill.fgColor.rgb == "FFFFFBEA"  # without 〈履行记录〉 progress is asked as before
