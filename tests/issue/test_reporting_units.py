"""〈参数〉填报: a register goes to the departments that are named there, to all, or to nobody."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.fixtures import Make, Run
from support.ledgers import load, sheets_in
from support.returned import fill, findings
from support.returned_files import by_hand
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger

APPEAL = {"code": "SQ-001", "channel": "来电", "subject": "停水", "received": date(2022, 3, 2)}


def issue(run: Run, ledger: Path, *more: str) -> Result:
    return run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger, *more)


def block(page: Any) -> tuple[int, int]:
    """Return the cell with the block's title."""
    return next((cell.row, cell.column) for row in page.iter_rows() for cell in row if cell.value == "填报")


def say(ledger: Path, units: dict[str, str | None]) -> None:
    """Type the units of registers into 填报; a register that is not there is added below."""

    def edit(book: Any) -> None:
        page = book["参数"]
        row, column = block(page)
        rows = {page.cell(at, column).value: at for at in range(row + 2, row + 30)}
        free = next(at for at in range(row + 2, row + 30) if page.cell(at, column).value is None)
        for number, (title, typed) in enumerate(units.items()):
            at = rows.get(title) or free + number
            page.cell(at, column).value, page.cell(at, column + 1).value = title, typed

    by_hand(ledger, edit)


def sheets(ledger: Path, department: str = "财务处") -> list[str]:
    path = ledger.parent / "下发" / "2022-03" / f"{department}.xlsx"
    return [name for name in sheets_in(path) if name not in ("填报说明", "自检", "_台账标识")]


def test_a_new_ledger_sends_each_register_to_all_until_it_says_otherwise(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    settings = read_ledger(ledger, standard_forms()).settings
    assert settings.reporting == {}
    assert issue(run, ledger).exit_code == 0
    assert {"群众诉求", "办实事"} <= {*sheets(ledger)} & {*sheets(ledger, "党委办公室")}


@pytest.mark.parametrize(
    ("typed", "own", "other"),
    [
        ("党委办公室", False, True),
        ("党办、计财处", True, True),  # short names and aliases
        ("全部", True, True),
        ("不下发", False, False),
    ],
)
def test_a_register_goes_to_the_named_alone(make_ledger: Make, run: Run, typed: str, own: bool, other: bool) -> None:
    ledger = make_ledger([{}])
    say(ledger, {"群众诉求": typed})
    result = issue(run, ledger)
    assert (result.exit_code, findings(result)) == (0, [])
    assert ("群众诉求" in sheets(ledger), "群众诉求" in sheets(ledger, "党委办公室")) == (own, other)
    assert "办实事" in sheets(ledger)


def test_rows_that_are_kept_are_said_and_not_missed(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}], appeals=[{**APPEAL, "department": "财务处"}])
    say(ledger, {"群众诉求": "党委办公室"})
    result = issue(run, ledger)
    assert "〈群众诉求〉按〈参数〉“填报”不下发：财务处 1 行，由办公室填。" in result.stderr
    fill(ledger, {"RW-001": {"unchanged": "是"}})
    merged = run("merge", "-l", ledger, "--yes")
    assert (merged.exit_code, findings(merged)) == (0, [])
    assert "下发 1 行" in merged.stdout


@pytest.mark.parametrize(("typed", "checks"), [("全部", ["unassigned"]), ("不下发", [])])
def test_a_register_sent_to_nobody_withholds_no_row(make_ledger: Make, run: Run, typed: str, checks: list[str]) -> None:
    ledger = make_ledger([{}], appeals=[APPEAL])
    say(ledger, {"群众诉求": typed})
    assert [check for _, check in findings(issue(run, ledger))] == checks


@pytest.mark.parametrize(
    ("units", "words"),
    [
        (
            {"群众诉求": "科研处、财务处"},
            "“群众诉求”的填报单位写的“科研处”不是〈参数〉里的部门，这一行没有用上，照旧下发给各部门；",
        ),
        ({"群众诉求": None}, "“群众诉求”的填报单位空着，这一行没有用上，照旧下发给各部门；"),
        ({"群众诉": "财务处"}, "没有“群众诉”这张登记表，这一行没有用上；是不是“群众诉求”？"),
        ({"整改任务": "财务处"}, "“整改任务”按牵头部门下发，这一行没有用上；"),
        ({"问题清单": "财务处"}, "“问题清单”不由部门填，这一行没有用上；"),
    ],
    ids=["department", "blank", "near", "tasks", "office"],
)
def test_what_cannot_be_read_limits_nothing_and_is_said(
    make_ledger: Make, run: Run, units: dict[str, str | None], words: str
) -> None:
    ledger = make_ledger([{}])
    say(ledger, units)
    result = run("validate", "-l", ledger, "--only", "settings", "--as-of", "2022-03-10")
    assert (result.exit_code, [check for _, check in findings(result)]) == (1, ["settings"])
    assert words in result.stdout
    assert read_ledger(ledger, standard_forms()).settings.reporting == {}


def test_an_old_ledger_works_without_the_block_and_is_given_it(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}])
    by_hand(ledger, lambda book: _lose(book["参数"]))
    hint = run("validate", "-l", ledger, "--only", "not-updated", "--as-of", "2022-03-10")
    assert (hint.exit_code, "1 块参数" in hint.stdout) == (0, True)
    shown = run("forms", "update", "-n", "-l", ledger)
    assert (shown.exit_code, shown.stdout.split("　")[:2]) == (0, ["参数", "填报"])
    assert run("forms", "update", "-y", "-l", ledger).exit_code == 0
    assert run("forms", "update", "-n", "-l", ledger).stdout == ""
    page = load(ledger.read_bytes())["参数"]
    row, column = block(page)
    held = [[page.cell(row + down, column + right).value for right in (0, 1)] for down in (1, 2)]
    assert held[0] == ["登记表", "填报单位"] and held[1][1] == "全部"
    say(ledger, {"群众诉求": "党委办公室"})
    assert issue(run, ledger).exit_code == 0
    assert "群众诉求" not in sheets(ledger)


def _lose(page: Any) -> None:
    row, column = block(page)
    for at in range(row, row + 40):
        for right in (0, 1):
            page.cell(at, column + right).value = None
