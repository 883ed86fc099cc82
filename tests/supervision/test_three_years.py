"""Three years of a random office: every light, count and list of every month end is what the model says."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from supervision import model
from supervision.events import DAY, FIRST_DAY, days_off, later, random_events
from supervision.model import Standing
from supervision.written import write
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.supervision.closeouts import Step
from taizhang.supervision.tasks import Task, read_tasks

pytestmark = pytest.mark.slow

MONTHS = int(os.environ.get("TAIZHANG_MONTHS", "36"))
STEPS = {Step.FIRST_REVIEW: "初审", Step.LEADER: "领导审核", Step.COMMITTEE: "党委审定"}
SEEDS = [int(seed) for seed in os.environ.get("TAIZHANG_SEEDS", "4").split(",")]


@pytest.mark.parametrize("seed", SEEDS)
def test_every_month_is_as_the_model_says(seed: int, tmp_path: Path) -> None:
    events, off, different = random_events(seed), days_off(), list[str]()
    for number in range(1, MONTHS + 1):
        day = later(FIRST_DAY, number) - DAY
        path = write(tmp_path / f"{day}.xlsx", events, day, ahead=25 * (number % 2))
        standings = model.judge(events, day, off)
        different += _differences(read_ledger(path, standard_forms()), standings, day)
        path.unlink()
    assert different == []


def _differences(ledger: Ledger, standings: Mapping[str, Standing], day: date) -> list[str]:
    tasks = {each.code: each for each in read_tasks(ledger, day) if each.counted}
    assert set(tasks) == set(standings)
    return [
        f"{day} {code} {standing.task.kind} {name}: {shown!r}, by the model {right!r}"
        for code, standing in standings.items()
        for (name, shown), right in zip(_shown(tasks[code]).items(), _right(standing).values(), strict=True)
        if shown != right
    ]


def _shown(task: Task) -> dict[str, Any]:
    duty, review = task.duty, task.review
    return {
        "状态": task.status.value,
        "灯": task.light.value.split()[-1],
        "周期": [(each.cycle.first, each.state.value, each.owed, each.late_by) for each in duty.cycles] if duty else [],
        "下次复核": task.next_review,
        "时限": task.due,
        "等": (STEPS[task.waiting.step], task.waiting.days) if task.waiting else None,
        "延期次数": task.term.extended,
        "逾期完成": task.applied_late,
        "复核": (review.in_time, review.due) if review else (0, 0),
    }


def _right(standing: Standing) -> dict[str, Any]:
    cycles = [(x.first, x.state, x.owed * (x.state == "欠"), x.late * (x.state == "补完成")) for x in standing.cycles]
    return {
        "状态": standing.state,
        "灯": standing.light,
        "周期": cycles,
        "下次复核": standing.next_review,
        "时限": standing.deadline,
        "等": standing.waiting,
        "延期次数": standing.extended,
        "逾期完成": standing.late,
        "复核": standing.reviews,
    }
