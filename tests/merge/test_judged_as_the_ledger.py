"""What comes back is judged by the checks of the ledger: at its cells, held if the ledger would call it an error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import column_values, fill, findings, saved_on, template, value

DONE: dict[str, Any] = {"status": "已完成", "progress": 1.0, "evidence": "制度已印发", "unchanged": "是"}
CLOSEOUT: dict[str, Any] = {
    "task": "RW-001", "applied": "2022-03-15", "applicant": "综合科科长", "evidence": "总结", "evidence_count": 1,
    "against": "1. 印发：已印发",
}  # fmt: skip
PAUSE: dict[str, Any] = {
    "task": "RW-001", "kind": "暂缓", "applied": "2022-03-20", "applicant": "综合科科长", "reason": "招标流标一次",
    "pause_from": "2022-04-01", "until": "2022-06-30",
}  # fmt: skip
RECURRING = {"kind": "周期", "review_cycle": "月", "start": date(2022, 1, 1), "deadline": "长期坚持", "progress": None}


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """A task on its way, and a recurring one of each month, issued for 2022-03 (统计日 31 March)."""
    return make_issued([{"deadline": date(2022, 12, 31)}, RECURRING])


def spare(ledger: Path, sheet: str, number: int = 0) -> str:
    """Return the hidden id of a spare row of a sheet on which no row was issued."""
    return str(load(template(ledger).read_bytes())[sheet].cell(4 + number, 1).value)


def merge(ledger: Path, run: Run, day: str = "2022-03-28T09:00:00Z") -> tuple[list[tuple[str, str]], str]:
    """Merge the file, saved on a day; return the findings (but absences, readings, lateness) and the output."""
    saved_on(ledger.parent / "报送" / "财务处.xlsx", day)
    result = run("merge", "-l", ledger, "--yes")
    return [each for each in findings(result) if each[1] not in ("absent", "reading", "late")], result.stdout


@pytest.mark.parametrize(
    ("changed", "said", "added"),
    [
        ({}, [], True),
        ({"until": "2022-04-01"}, [], True),
        ({"until": "2022-03-31"}, [("I4", "date-order")], False),
        ({"applied": "2022-03-31"}, [], True),
        ({"applied": "2022-04-01"}, [("E4", "extension-future")], True),
    ],
)
def test_a_pause_that_ends_before_it_begins_is_held_and_one_applied_for_tomorrow_is_said(
    issued: Path, run: Run, changed: dict[str, Any], said: list[tuple[str, str]], added: bool
) -> None:
    fill(issued, {spare(issued, "延期申请"): {**PAUSE, **changed}}, form="extensions")
    found, output = merge(issued, run)
    assert (found, "新增 1 行" in output) == (said, added)
    assert (column_values(issued, "until", "extensions") == {}) == (not added)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, []),
        ({"against": None}, [("L4", "closeout-against")]),
        ({"applied": "2022-03-31"}, []),
        ({"applied": "2022-04-01"}, [("D4", "closeout-future")]),
    ],
)
def test_an_application_is_judged_with_the_task_of_the_same_file(
    issued: Path, run: Run, changed: dict[str, Any], said: list[tuple[str, str]]
) -> None:
    path = fill(issued, {"RW-001": DONE})
    template(issued).write_bytes(path.read_bytes())
    fill(issued, {spare(issued, "销号审核"): {**CLOSEOUT, **changed}}, form="closeouts")
    found, output = merge(issued, run)
    assert ([(cell, check) for cell, check in found if check != "head-renamed"], "新增 1 行" in output) == (said, True)


def test_a_task_that_says_it_is_not_done_contradicts_the_application_beside_it(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.4, "update": "正在起草"}})
    template(issued).write_bytes(path.read_bytes())
    fill(issued, {spare(issued, "销号审核"): CLOSEOUT}, form="closeouts")
    found, output = merge(issued, run)
    assert found == [("C4", "closeout-early")]
    assert "申请了销号，RW-001 的状态却是“推进中”；做完了的请把〈整改任务〉的状态改成“已完成”" in output


@pytest.mark.parametrize(
    ("sheet", "form", "row"), [("销号审核", "closeouts", CLOSEOUT), ("延期申请", "extensions", PAUSE)]
)
def test_a_second_application_for_one_task_is_said_at_the_second(
    issued: Path, run: Run, sheet: str, form: str, row: dict[str, Any]
) -> None:
    fill(issued, {spare(issued, sheet, number): row for number in range(2)}, form=form)
    found, output = merge(issued, run)
    assert [each for each in found if each[1] == "applied-twice"] == [("C5", "applied-twice")]
    assert ("第 4 行 已经申请过" in output, "新增 2 行" in output) == (True, True)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2022-03-01", []),
        ("2022-03-31", []),
        ("2022-02-28", ["duty-done"]),
        ("2022-04-01", ["duty-done"]),
    ],
)
def test_a_day_outside_its_cycle_or_yet_to_come_is_taken_and_said(
    issued: Path, run: Run, on: str, said: list[str]
) -> None:
    march = next(code for code, cycle in column_values(issued, "cycle", "fulfilments").items() if cycle == "2022年3月")
    fill(issued, {march: {"done": 1, "done_on": on, "what": "开展警示教育"}}, form="fulfilments")
    found, _ = merge(issued, run)
    assert [check for _, check in found] == said
    assert value(issued, march, "done", "fulfilments") == "1"


def test_what_was_wrong_before_is_not_the_departments(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{"start": date(2022, 3, 1), "deadline": date(2022, 2, 1)}])
    fill(ledger, {"RW-001": {"update": "正在起草"}})
    assert merge(ledger, run)[0] == []
    fill(ledger, {"RW-001": {"update": "正在起草", "status": "已完成", "progress": 0.9, "evidence": "总结"}})
    assert [check for _, check in merge(ledger, run, "2022-03-29T09:00:00Z")[0]] == ["progress-status"]


def test_what_is_made_up_in_the_same_file_is_not_said_to_be_owed(issued: Path, run: Run) -> None:
    closing = CLOSEOUT | {"task": "RW-002"}
    fill(issued, {spare(issued, "销号审核"): closing}, form="closeouts")
    found, _ = merge(issued, run)
    assert [each for each in found if each[1] == "closeout-early"] == [("C4", "closeout-early")]  # its status alone
