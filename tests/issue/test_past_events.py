"""Events of earlier periods are not sent again once nothing is owed in them; they are not missing from the return."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.fixtures import Make, Run
from support.ledgers import load
from support.returned import fill, findings
from taizhang.history.bases import load_base

CLOSEOUT = {
    "code": "XH-001", "task": "RW-001", "department": "财务处", "applied": date(2022, 2, 28), "applicant": "处长",
    "evidence": "考核办法", "evidence_count": 1, "against": "已印发",
}  # fmt: skip


def issue(run: Run, ledger: Path, period: str = "2022-03") -> Result:
    return run("issue", "-p", period, "--as-of", f"{period}-10", "-l", ledger)


def sent(ledger: Path, period: str = "2022-03") -> list[str]:
    """Return the codes of 〈销号审核〉 in the base; the sheet must show the same."""
    base = load_base(ledger, period, "财务处")
    assert base
    sheet = load((ledger.parent / "下发" / period / "财务处.xlsx").read_bytes())["销号审核"]
    shown = [row[0].value for row in sheet.iter_rows(min_row=4) if row[1].value]
    assert shown == list(base.rows["closeouts"])
    return shown


def note(ledger: Path) -> str:
    sheet = load((ledger.parent / "下发" / "2022-03" / "财务处.xlsx").read_bytes())["销号审核"]
    return " ".join(str(cell.value) for cell in sheet[2] if cell.value)


@pytest.mark.parametrize(
    ("changed", "kept"),
    [
        ({}, 1),
        ({"applied": date(2022, 3, 1)}, 0),  # on the period's first day
        ({"against": None}, 0),  # something is owed
        ({"applied": None}, 0),  # nobody knows when it was
        ({"applied": "二月底前后"}, 0),
    ],
    ids=["over", "this-period", "owed", "undated", "unreadable"],
)
def test_an_event_before_the_period_is_sent_only_if_something_is_owed(
    make_ledger: Make, run: Run, changed: dict[str, Any], kept: int
) -> None:
    ledger = make_ledger([{}], closeouts=[{**CLOSEOUT, **changed}])
    assert issue(run, ledger).exit_code == 0
    assert sent(ledger) == ["XH-001"][kept:]
    assert ("以前各期的 1 行已经记在台账，不再下发" in note(ledger)) == bool(kept)


def test_what_was_not_sent_is_not_missing_and_stays(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}], closeouts=[CLOSEOUT])
    issue(run, ledger)
    fill(ledger, {"RW-001": {"unchanged": "是"}})
    result = run("merge", "-l", ledger, "--yes")
    assert (result.exit_code, findings(result)) == (0, [])
    assert "下发 1 行 = 采用 1 + 没变 0 + 退回 0 + 冲突 0 + 缺 0" in result.stdout


def test_tasks_and_what_the_office_lists_are_sent_whatever_their_day(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{"start": date(2021, 1, 1), "update": "说过", "progress": 0.1}])
    issue(run, ledger)
    base = load_base(ledger, "2022-03", "财务处")
    assert base and list(base.rows["tasks"]) == ["RW-001"]
