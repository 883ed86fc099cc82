"""Applications for extensions in a department's workbook: what the receipt says of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import fill, findings, template, value

APPLICATION = {
    "task": "RW-001", "kind": "延期", "applied": "2022-03-20", "applicant": "综合科科长", "reason": "招标流标一次",
    "until": "2022-06-30",
}  # fmt: skip


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """A task due on 20 March, and one of another department, issued for 2022-03."""
    return make_issued([{"deadline": date(2022, 3, 20)}, {"department": "党委办公室"}])


def apply(ledger: Path, run: Run, **changed: Any) -> tuple[list[tuple[str, str]], str]:
    """Apply in the first spare row; return the findings (without absent departments and readings) and the output."""
    spare = str(load(template(ledger).read_bytes())["延期申请"]["A4"].value)
    fill(ledger, {spare: {**APPLICATION, **changed}}, form="extensions")
    result = run("merge", "-l", ledger, "--yes")
    return [each for each in findings(result) if each[1] not in ("absent", "reading")], result.stdout


@pytest.mark.parametrize(
    ("changed", "said", "added"),
    [
        ({}, [], True),
        ({"applied": "2022-03-21"}, [("E4", "extension-late")], True),
        ({"kind": "暂缓", "applied": "2022-03-21"}, [("E4", "extension-late")], True),
        ({"until": "2022-03-21"}, [], True),
        ({"until": "2022-03-20"}, [("I4", "date-order")], True),
        ({"task": "RW-002", "until": "2023-06-30"}, [("C4", "extension-owner")], True),
        ({"task": "RW-009"}, [("C4", "reference")], False),
        ({"reason": None}, [("G4", "required")], False),
        ({"until": None}, [("I4", "required")], False),
        ({"applied": None}, [("E4", "required")], False),
    ],
)
def test_an_application_out_of_order_is_said_and_one_without_a_reason_held(
    issued: Path, run: Run, changed: dict[str, Any], said: list[tuple[str, str]], added: bool
) -> None:
    found, output = apply(issued, run, **changed)
    assert (found, "新增 1 行" in output) == (said, added)


def test_the_receipt_says_that_it_came_after_the_deadline(issued: Path, run: Run) -> None:
    apply(issued, run, applied="2022-03-22")
    sheet = load((issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx").read_bytes())["回执"]
    words = "".join(str(row[0].value or "") for row in sheet.iter_rows())
    assert "时限是 2022-03-20，2022-03-22 才申请，到期以前没有申请，逾期的天数照记。以后请在到期以前申请。" in words
    assert value(issued, "YQ-001", "until", "extensions") == "2022-06-30"


def test_the_same_application_once_more_is_neither_added_nor_said_again(issued: Path, run: Run) -> None:
    apply(issued, run, applied="2022-03-22")
    found, output = apply(issued, run, applied="2022-03-22")
    assert (found, "新增" in output) == ([], False)


def test_a_corrected_application_is_not_compared_with_itself(issued: Path, run: Run) -> None:
    apply(issued, run, until="2022-06-30")
    found, _ = apply(issued, run, until="2022-05-31")
    assert (found, value(issued, "YQ-001", "until", "extensions")) == ([], "2022-05-31")
