"""A department retracts what it reported: a newer file with a cell as it was issued."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from support.fixtures import Run
from support.returned import column_values, edit, edit_rows, fill, findings, saved_on, value

EARLIER, LATER, LATEST = "2022-03-12T08:00:00Z", "2022-03-14T08:00:00Z", "2022-03-16T08:00:00Z"


@pytest.fixture
def reported(make_issued: Callable[..., Path], run: Run) -> Path:
    """A task issued at 30 % with 已约谈, reported at 60 % with 已整改 on the 14th, and merged."""
    ledger = make_issued([{"progress": 30, "update": "已约谈"}])
    saved_on(fill(ledger, {"RW-001": {"progress": 0.6, "update": "已整改"}}), LATER)
    assert run("merge", "-l", ledger, "--yes").exit_code == 0
    return ledger


def cells(ledger: Path) -> tuple[str, str]:
    return value(ledger, "RW-001", "progress"), value(ledger, "RW-001", "update")


def test_a_newer_file_puts_back_what_was_issued_and_the_plan_lists_it(reported: Path, run: Run) -> None:
    """With a warning: if several people filled a copy each, the last copy would undo the others."""
    saved_on(fill(reported, {"RW-001": {"update": "已整改"}}), LATEST)
    result = run("merge", "-l", reported, "--yes")
    assert "  RW-001 进度：60% → 30%\n" in result.stdout
    assert findings(result) == [("G4", "duplicate-file"), ("G4", "progress-back")]
    assert (
        "“进度”从上次报的“60%”改回了下发时的“30%”，照报的采用；如果是几个人各填了一份，请合成一份再报。"
        in result.stdout
    )
    assert "采用 1 + 没变 0" in result.stdout
    assert cells(reported) == ("0.3", "已整改")
    assert "没变 1" in run("merge", "-l", reported, "--yes").stdout
    saved_on(fill(reported, {"RW-001": {"update": "已整改到位"}}), "没有")
    assert findings(run("merge", "-l", reported, "--yes")) == []
    assert cells(reported) == ("0.3", "已整改到位")


def test_an_older_file_puts_nothing_back(reported: Path, run: Run) -> None:
    saved_on(fill(reported, {}), EARLIER)
    assert findings(run("merge", "-l", reported, "--yes")) == [("", "duplicate-file")]
    assert cells(reported) == ("0.6", "已整改")


@pytest.mark.parametrize("stamp", [LATER, "没有"])
def test_where_the_stamps_cannot_tell_the_department_is_asked(reported: Path, run: Run, stamp: str) -> None:
    saved_on(fill(reported, {"RW-001": {"update": "已整改"}}), stamp)
    result = run("merge", "-l", reported, "--yes")
    assert findings(result) == [("G4", "duplicate-file")]
    assert "“进度”又是下发时的“30%”，上次报的是“60%”；从保存时间看不出哪份新" in result.stdout
    assert cells(reported) == ("0.6", "已整改")


def test_what_the_office_changed_since_is_a_conflict(reported: Path, run: Run) -> None:
    edit(reported, "RW-001", "progress", 0.5)
    saved_on(fill(reported, {"RW-001": {"update": "已整改"}}), LATEST)
    assert findings(run("merge", "-l", reported, "--yes")) == [("G4", "conflict")]
    assert cells(reported) == ("0.5", "已整改")


def test_a_cell_emptied_in_a_newer_file_is_said_and_stays(make_issued: Callable[..., Path], run: Run) -> None:
    """Absence never deletes, whether the cell was issued empty or not."""
    ledger = make_issued([{}])
    saved_on(fill(ledger, {"RW-001": {"update": "已整改"}}), LATER)
    run("merge", "-l", ledger, "--yes")
    saved_on(fill(ledger, {"RW-001": {"next_step": "验收"}}), LATEST)
    assert findings(run("merge", "-l", ledger, "--yes")) == [("I4", "blank")]
    assert value(ledger, "RW-001", "update") == "已整改"


def test_every_way_back(make_issued: Callable[..., Path], run: Run) -> None:
    """Issued at 10 %, reported, ledger at ``now``, then 10 % again: taken if the ledger holds what was reported."""
    cases = {f"RW-{n:03}": each for n, each in enumerate(product((0.1, 0.2, 0.3), repeat=2), 1)}
    ledger = make_issued([{"progress": 10} for _ in cases])
    saved_on(fill(ledger, {code: {"progress": reported} for code, (reported, _) in cases.items()}), LATER)
    run("merge", "-l", ledger, "--yes")
    edit_rows(ledger, {code: {"progress": now} for code, (_, now) in cases.items()})
    saved_on(fill(ledger, {}), LATEST)
    plan = json.loads(run("merge", "-l", ledger, "--json", "--dry-run").stdout)
    run("merge", "-l", ledger, "--yes")
    assert column_values(ledger, "progress") == {
        code: str(0.1 if now == reported else now) for code, (reported, now) in cases.items()
    }
    assert {each["code"] for each in plan["conflicts"]} == {
        code for code, (reported, now) in cases.items() if reported != 0.1 and now not in (0.1, reported)
    }
