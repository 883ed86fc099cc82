"""Years of use, simulated at random and compared with a model that shares no code with the program."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest
from support.bureau import CODE, FILLED, HEAD_ROW, TASKS, Office, plain
from support.ledgers import rows_from
from support.thorough import few_or_all

pytestmark = pytest.mark.slow

MONTHS = int(os.environ.get("TAIZHANG_MONTHS", few_or_all(6, 24)))
SEEDS = [int(seed) for seed in os.environ.get("TAIZHANG_SEEDS", "4").split(",")]
DEPARTMENTS = ["第一监督处", "第二监督处", "财务保障处", "信息管理处"]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_cell_is_lost_and_no_word_lands_on_another_row(seed: int, tmp_path: Path) -> None:
    office = Office(tmp_path, Random(seed), list(DEPARTMENTS))
    office.play(MONTHS)
    office.check()
    assert MONTHS < 6 or len(office.seen) >= 15, "nearly every kind of event took place"
    assert office.run("history", "verify").exit_code == 0
    days = Random(seed).sample(sorted(office.days), min(12, len(office.days)))
    for number, day in enumerate(days):
        path = tmp_path / f"某一天{number}.xlsx"
        office.run("history", "show", "--as-of", day, "-o", path)
        assert snapshot(path) == office.days[day], day


def snapshot(path: Path) -> dict[tuple[str, str], dict[str, object]]:
    """Return a kept ledger by register and code, as the model writes it."""
    found: dict[tuple[str, str], dict[str, object]] = {}
    for (register, code), rows in zip(CODE.items(), rows_from(path, HEAD_ROW, *CODE), strict=True):
        keys = (*FILLED[register], *(("整改任务", "牵头部门") if register == TASKS else ()))
        for row in rows[1:]:
            cells = {str(head): plain(value) for head, value in zip(rows[0], row, strict=True) if head}
            if cells.get(code):
                found[register, str(cells[code])] = {key: cells[key] for key in keys}
    return found
