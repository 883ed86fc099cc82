"""A department reports done, or applies for a close-out, while the ledger's own figures say otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load
from support.returned import edit, fill, findings, template, value

PROOF = {
    "code": "HD-001", "task": "RW-001", "register": "支委名册", "indicator": "空缺", "operator": "＝", "target": "0",
    "unit": "个", "basis": "办公室判定",
}  # fmt: skip
WORDS = (
    "台账里却是：〈支委名册〉空缺未达到（实际 1 个，目标 0 个）。请先核对登记表，"
    "办到了的补上，没办到的办到了再报；核对的目标不对的，请告诉办公室。"
)


def seat(number: int, state: str) -> dict[str, str]:
    return {"code": f"ZW-{number:03}", "branch": "第一党支部", "post": "书记", "state": state}


@pytest.fixture
def issued(make_ledger: Make, run: Run) -> Path:
    """A task that is proved by 支委名册·空缺 = 0, while one of two seats is vacant; issued for 2022-03."""
    ledger = make_ledger([{}, {}], proofs=[PROOF], committee_members=[seat(1, "在任"), seat(2, "空缺")])
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    return ledger


def merge(ledger: Path, run: Run) -> tuple[list[tuple[str, str]], str]:
    result = run("merge", "-l", ledger, "--yes")
    return findings(result), result.stdout


DONE: dict[str, Any] = {"status": "已完成", "progress": 1.0, "evidence": "总结"}


def test_done_while_the_ledger_says_otherwise_goes_in_and_is_said_once(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": DONE, "RW-002": DONE})
    found, output = merge(issued, run)
    assert found == [("F4", "proof-contradicts")]
    assert f"RW-001 报了“已完成”，{WORDS}" in output
    assert value(issued, "RW-001", "status") == "已完成"
    assert merge(issued, run)[0] == []


def test_nothing_is_said_once_the_ledger_bears_it_out(issued: Path, run: Run) -> None:
    edit(issued, "ZW-002", "state", "在任", "committee_members")
    fill(issued, {"RW-001": DONE})
    assert merge(issued, run)[0] == []


@pytest.mark.parametrize(("task", "said"), [("RW-001", [("C4", "proof-contradicts")]), ("RW-002", [])])
def test_an_application_is_told_what_the_ledger_says(
    issued: Path, run: Run, task: str, said: list[tuple[str, str]]
) -> None:
    spare = str(load(template(issued).read_bytes())["销号审核"]["A4"].value)
    row = {"task": task, "applied": "2022-03-10", "applicant": "综合科科长", "evidence": "总结", "evidence_count": 1}
    row["against"] = "1. 配齐：已配齐"
    fill(issued, {spare: row}, form="closeouts")
    found, output = merge(issued, run)
    told = [each for each in found if each[1] not in ("reading", "closeout-early")]
    assert (told, f"RW-001 申请了销号，{WORDS}" in output) == (said, bool(said))
    assert "新增 1 行" in output
    assert [each for each in merge(issued, run)[0] if each[1] != "reading"] == []
