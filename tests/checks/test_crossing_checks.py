"""Checks across registers: responsibilities and deadlines, answered problems, references."""

from __future__ import annotations

from typing import Any

import pytest
from support.checked import found, typed
from support.fixtures import Make
from taizhang.checks.cells import reference_findings
from taizhang.forms.load import standard_forms
from taizhang.workbook.places import Place


@pytest.mark.parametrize(
    ("cell", "value"), [((4, 18), "　"), ((4, 18), "无"), ((4, 15), "无"), ((4, 15), "/"), ((4, 12), " ")]
)
def test_a_word_for_nothing_assigns_nothing(make_ledger: Make, cell: tuple[int, int], value: Any) -> None:
    place = f"{chr(64 + cell[1])}{cell[0]}"
    assert found(typed(make_ledger(), cell, value)) == [(place, "unassigned")]


def test_what_is_missing_is_one_finding_at_the_first_cell(make_ledger: Make) -> None:
    assert found(make_ledger([{"department": None, "deadline": None, "standard": None}])) == [("L4", "unassigned")]


def test_a_problem_is_answered_by_any_task(make_ledger: Make) -> None:
    tasks: list[dict[str, Any]] = [{"problems": ()}, {"problems": ("WT-01",)}]
    assert found(make_ledger(tasks)) == []
    assert found(make_ledger([{"problems": ()}])) == [("A4", "problem-uncovered")]


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        ("wt-01", []),
        ("ＷＴ－０１、WT-01", []),
        ("WT-01、WT-07；WT-09", [("I4", "reference"), ("I4", "reference")]),
    ],
)
def test_references_one_by_one(make_ledger: Make, codes: str, expected: list[tuple[str, str]]) -> None:
    assert found(typed(make_ledger(), (4, 9), codes)) == expected


def test_a_code_as_long_as_a_cell_is_not_said_whole() -> None:
    place, column = Place("a.xlsx", "销号审核", 4, 2), standard_forms()["closeouts"].column("task")
    (found,) = reference_findings(place, column, "R\n" * 16_000, "整改任务", ["RW-001"])
    assert len(found.message) < 100 and "\n" not in found.message
