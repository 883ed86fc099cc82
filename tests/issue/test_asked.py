"""How many cells each department is asked to type: said by ``issue``, counted in one place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.fixtures import Make, Run
from support.ledgers import load

QUARTERLY = {"kind": "周期", "review_cycle": "季"}
QUIET = {"update": "上月说过", "progress": 0.3, "obstacle": "人手少", "next_step": "补人", "evidence": "会议记录"}


def issue(run: Run, ledger: Path, *more: str) -> Result:
    return run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger, *more)


def counts(result: Result) -> list[tuple[str, int, int]]:
    facts = json.loads(result.stdout)
    return [(each["department"], each["rows"], each["cells"]) for each in facts["departments"]]


@pytest.mark.parametrize(
    ("task", "cells"),
    [
        ({}, 7),  # everything of a new task but its status, which has a value
        (QUIET, 3),  # what is asked anew each period: words, tick, help
        (QUARTERLY, 6 + 4),  # no progress; its row of 〈履行记录〉 has four
        ({**QUIET, "status": "长期坚持"}, 3),  # the office's conclusion is not asked
    ],
    ids=["blank", "known", "recurring", "concluded"],
)
def test_blank_yellow_cells_of_prefilled_rows_are_counted(
    make_ledger: Make, run: Run, task: dict[str, Any], cells: int
) -> None:
    result = issue(run, make_ledger([task]), "--json", "-n")
    assert result.exit_code == 0
    assert [number for name, _, number in counts(result) if name == "财务处"] == [cells]


def test_the_sum_is_said_at_the_end_and_in_json(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, QUIET, {"department": "党委办公室"}])
    facts = json.loads(issue(run, ledger, "--json", "-n").stdout)
    assert (facts["period"], facts["rows"], facts["cells"], facts["findings"]) == ("2022-03", 3, 17, [])
    result = issue(run, ledger)
    assert (result.exit_code, result.stdout) == (
        0,
        "党委办公室：1 行，要填 7 格\n财务处：2 行，要填 10 格\n合计：2 个部门，3 行，要填 17 格\n",
    )


def test_what_is_counted_is_what_the_sheet_shows_yellow_and_blank(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, QUIET, QUARTERLY])
    asked = counts(issue(run, ledger, "--json"))[1][2]
    book = load((ledger.parent / "下发" / "2022-03" / "财务处.xlsx").read_bytes())
    shown = 0
    for sheet in (book["整改任务"], book["履行记录"]):
        prefilled = (row for row in sheet.iter_rows(min_row=4) if row[0].value)
        shown += sum(
            cell.value is None and cell.fill.fgColor.rgb == "FFFFFBEA" for row in prefilled for cell in row[1:]
        )
    assert asked == shown


def test_a_row_that_is_withheld_is_in_the_findings_and_not_counted(make_ledger: Make, run: Run) -> None:
    result = issue(run, make_ledger([{}, {"department": None}]), "--json", "-n")
    facts = json.loads(result.stdout)
    assert (result.exit_code, facts["cells"], [each["check"] for each in facts["findings"]]) == (1, 7, ["unassigned"])
