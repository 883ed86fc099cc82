"""Contradictions planted in a ledger with every register: each is found, and none once its row is mended."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import ledger_in_memory, small_ledger
from support.planted import DAY, FIRST, MORE, Planted
from taizhang.checks import check_ledger
from taizhang.forms.load import standard_forms
from taizhang.ledger.layout import FIRST_DATA_ROW
from taizhang.ledger.model import Ledger

FORMS = standard_forms()
EVERY = (*FIRST, *MORE)
Rows = dict[str, list[dict[str, Any]]]


def rows_of(each: Planted, row: dict[str, Any]) -> Rows:
    """Return the rows of a planted contradiction by register, with the codes that they lack."""
    rows = {**each.beside, each.register: (*each.before, row)}
    return {name: [_coded(name, number, cells) for number, cells in enumerate(own)] for name, own in rows.items()}


def _coded(name: str, number: int, cells: Any) -> dict[str, Any]:
    return {FORMS[name].code_column.key: FORMS[name].format_code(number + 1), **cells}


def found(ledger: Ledger, register: str) -> set[str]:
    """Return the checks that find something in a register; reminders are none."""
    findings = check_ledger(ledger, DAY)
    return {str(each.check) for each in findings if each.place.sheet == FORMS[register].sheet}


@pytest.mark.parametrize("each", EVERY, ids=lambda each: each.words)
def test_a_planted_contradiction_is_found_until_it_is_mended(each: Planted) -> None:
    assert each.check in found(ledger_in_memory(**rows_of(each, dict(each.row))), each.register)
    mended = rows_of(each, {**each.row, **each.mended})
    assert each.check not in found(ledger_in_memory(**mended), each.register)


def test_seventy_two_kinds_are_planted() -> None:
    assert (len(FIRST), len(MORE)) == (36, 36)
    assert len({each.words for each in EVERY}) == 72
    checks = [(each.register, each.check) for each in EVERY]
    assert len(set(checks)) >= 70, "a share of more than the whole, of two columns, is one check"


@pytest.mark.slow
def test_all_of_them_are_found_in_one_ledger_with_every_register(tmp_path: Path, run: Run) -> None:
    """What people have typed side by side hides nothing: each is listed at its own row."""
    rows: Rows = {name: [] for name, form in FORMS.items() if not form.automatic and name not in ("problems", "tasks")}
    wanted = []
    for each in EVERY:
        for name, own in {**each.beside, each.register: (*each.before, each.row)}.items():
            known = [row["code"] for row in rows[name]]
            rows[name] += [
                _coded(name, len(rows[name]) + place, row)
                for place, row in enumerate(own)
                if row.get("code") not in known
            ]
        wanted.append((FORMS[each.register].sheet, FIRST_DATA_ROW + len(rows[each.register]) - 1, each.check))
    path = small_ledger(tmp_path / "整改台账.xlsx", [{}], **rows)
    result = run("validate", "-l", path, "--all", "--as-of", DAY.isoformat(), "--json")
    assert result.exit_code == 1
    listed = {(each["sheet"], each["row"], each["check"]) for each in json.loads(result.stdout)["findings"]}
    of_groups = {"points-add-up-to-100"}
    missing = [place for place in wanted if place not in listed and place[2] not in of_groups]
    assert missing == []
    assert of_groups <= {check for *_, check in listed}
