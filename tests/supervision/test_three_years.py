"""Three years of a random office: every light, count and list of every month end is what the model says."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from supervision import model
from supervision.drafted import Drafted, draft
from supervision.events import (
    DAY,
    FIRST_DAY,
    Activity,
    Answered,
    Decided,
    Event,
    NextReview,
    Occurred,
    Reviewed,
    days_off,
    events_of,
    first_day,
    later,
    random_events,
)  # fmt: skip
from supervision.events import MONTHS as MONTHS_OF
from supervision.model import Standing
from supervision.written import NOW, write
from support.ledgers import load
from support.seed_report import seed_path
from support.thorough import few_or_all
from taizhang.figures.metrics import Group, Metrics, compute_metrics
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.vocabulary import Light, Status
from taizhang.papers.slips import plan_slips
from taizhang.report import progress_workbook
from taizhang.supervision.closeouts import Step, read_closeouts, recheck_due
from taizhang.supervision.contradictions import contradictions, judge_proofs
from taizhang.supervision.tasks import Task, read_tasks

pytestmark = pytest.mark.slow

YEARS = 3
MONTHS = int(os.environ.get("TAIZHANG_MONTHS", few_or_all(4, 36)))
"""How many month ends are looked at, of the 36: as far apart as they can be, the last one among them."""
SEEDS = [int(seed) for seed in os.environ.get("TAIZHANG_SEEDS", "1").split(",")]
STEPS = {Step.FIRST_REVIEW: "初审", Step.LEADER: "领导审核", Step.COMMITTEE: "党委审定"}
SAMPLE = Path(__file__).parents[2] / "templates" / "sample" / "对照检查材料.txt"
AHEAD = 25
"""Every other month people have typed rows with days so many days ahead; they have not happened."""


@pytest.mark.parametrize("seed", SEEDS)
def test_every_month_is_as_the_model_says(seed: int, tmp_path: Path) -> None:
    assert list(_months_that_differ(random_events(seed), tmp_path)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_so_is_every_month_of_a_drafted_report(seed: int, tmp_path: Path) -> None:
    drafted = draft(SAMPLE)
    assert list(_months_that_differ(events_of(drafted.tasks, seed), tmp_path, drafted)) == []


@pytest.mark.parametrize("seed", SEEDS)
def test_so_is_every_month_of_the_source_report(seed: int, tmp_path: Path) -> None:
    drafted = draft(seed_path())
    assert list(_months_that_differ(events_of(drafted.tasks, seed), tmp_path, drafted)) == []


def _months_that_differ(events: Sequence[Event], folder: Path, drafted: Drafted | None = None) -> Iterator[str]:
    """Yield what the ledgers of the months say that the model does not; at each sixth, and the last, the sheets too."""
    off = days_off()
    numbers = sorted({12 * YEARS - number * 12 * YEARS // MONTHS for number in range(MONTHS)})
    for number in numbers:
        day = later(FIRST_DAY, number) - DAY
        path = write(folder / f"{day}.xlsx", events, day, AHEAD * (number % 2), drafted)
        ledger = read_ledger(path, standard_forms())
        path.unlink()
        standings = model.judge(events, day, off)
        for each in differences(ledger, standings, day):
            yield f"{day} {each}"
        for code in _idle(ledger, standings, events, day):
            yield f"{day} {code}: green, and nothing was done for more than a cycle"
        if number % 6 == 0:
            for each in _differences_of_sheets(ledger, standings, day):
                yield f"{day} {each}"


def _idle(ledger: Ledger, standings: Mapping[str, Standing], events: Sequence[Event], day: date) -> Iterator[str]:
    """Yield the recurring and long-term tasks that are green though for more than a cycle nothing was done.

    Told from the events alone: what begins later, was paused for that cycle, or has its review on a typed day, is not.
    """
    past = [each for each in events if each.day <= day]
    for task in read_tasks(ledger, day):
        opened, cycle = standings[task.code].task if task.code in standings else None, str(task.cycle or "")
        if task.light is not Light.GREEN or opened is None or not (task.recurring or task.continuing):
            continue
        mine = [each for each in past if each.task == task.code]
        last = first_day(day, cycle) - DAY
        since = first_day(last, cycle) if task.recurring else later(day, -MONTHS_OF[cycle])
        days = {each.on for each in mine if isinstance(each, Occurred)} | {opened.start or FIRST_DAY}
        if opened.proof:
            days |= {each.on for each in past if isinstance(each, Activity) and opened.proof.counts(each)}
        days |= {each.day for each in mine if isinstance(each, Reviewed | Decided)}
        days |= {each.on for each in mine if isinstance(each, NextReview) and each.on}  # to be done by then
        answers = [each for each in mine if isinstance(each, Answered) and each.agreed and each.asked.kind == "暂缓"]
        first, until = (since, last) if task.recurring else (day, since)  # of a review's time any day stops it
        paused = any((x.asked.start or x.day) <= first and until <= x.asked.until for x in answers)
        if not paused and all(each < since for each in days):
            yield task.code


def differences(ledger: Ledger, standings: Mapping[str, Standing], day: date) -> Iterator[str]:
    """Yield what a ledger says on a day that the model does not."""
    tasks = {each.code: each for each in read_tasks(ledger, day) if each.counted}
    assert set(tasks) == set(standings)
    for code, standing in standings.items():
        shown, right = _shown(tasks[code], ledger, day), _right(standing)
        yield from _compared(f"{code} {standing.task.kind}", shown, right)
        if _unkept(tasks[code], day):
            yield f"{code}: green, though a cycle was not kept or a review not held"
    yield from _compared("lists", _lists(ledger, day), _lists_of(standings))
    metrics = compute_metrics(ledger, day)
    yield from _compared("total", _group(metrics.total), _group_of(standings, day))
    yield from _compared("boards", _boards(metrics), _boards_of(standings, day))
    for group in metrics.departments:
        own = {code: each for code, each in standings.items() if (each.task.department or "待明确") == group.name}
        yield from _compared(group.name, _group(group), _group_of(own, day))


def _compared(of: str, shown: Mapping[str, Any], right: Mapping[str, Any]) -> Iterator[str]:
    assert set(shown) == set(right)
    for name, value in shown.items():
        if value != right[name]:
            yield f"{of} {name}: {value!r}, by the model {right[name]!r}"


# --- one task -------------------------------------------------------------------------------------------------------


def _shown(task: Task, ledger: Ledger, day: date) -> dict[str, Any]:
    duty, review, proofs = task.duty, task.review, judge_proofs(ledger, day).get(task.code, ())
    return {
        "状态": task.status.value,
        "灯": task.light.value.split()[-1],
        "周期": [(each.cycle.first, each.state.value, each.owed, each.late_by) for each in duty.cycles] if duty else [],
        "下次复核": task.next_review,
        "复核": (review.in_time, review.due) if review else (0, 0),
        "时限": task.due,
        "延期": (task.term.extended, len(task.term.applied_late), task.term.late_before),
        "等": (STEPS[task.waiting.step], task.waiting.days) if task.waiting else None,
        "逾期完成": task.applied_late,
        "回头看": _recheck(task, ledger, day),
        "核对": next((each.outcome.value for each in proofs if not each.proof.proposed), ""),
    }


def _recheck(task: Task, ledger: Ledger, day: date) -> str:
    limits = ledger.settings.thresholds
    mine = [each for each in read_closeouts(ledger) if each.task == task.code and task.status is Status.STRUCK_OFF]
    due = [found for each in mine if (found := recheck_due(each, day, limits))]
    return "" if not due else "超期" if day > due[-1].last else "到期"


def _right(standing: Standing) -> dict[str, Any]:
    cycles = standing.cycles
    return {
        "状态": standing.state,
        "灯": standing.light,
        "周期": [(x.first, x.state, x.owed * (x.state == "欠"), x.late * (x.state == "补完成")) for x in cycles],
        "下次复核": standing.next_review,
        "复核": standing.reviews,
        "时限": standing.deadline,
        "延期": standing.extended,
        "等": standing.waiting,
        "逾期完成": standing.late,
        "回头看": standing.recheck,
        "核对": standing.proof,
    }


def _unkept(task: Task, day: date) -> bool:
    """Whether a duty is green though by its own cycles and reviews something was not done."""
    if task.light is not Light.GREEN:
        return False
    closed = [each for each in task.duty.cycles if each.required and each.cycle.last < day] if task.duty else []
    lately = [each for each in closed if each.cycle.last > later(day, -12)]
    unreviewed = task.continuing and (task.next_review is None or task.next_review < day)
    return unreviewed or any(not each.done and each.state != "补完成" for each in lately)


# --- lists and counts -----------------------------------------------------------------------------------------------


def _lists(ledger: Ledger, day: date) -> dict[str, Any]:
    slips, _ = plan_slips(ledger, day)
    chased = {code for slip in slips for code in slip.codes}
    red = {
        each.code
        for each in read_tasks(ledger, day)
        if each.light is Light.RED and each.department and not each.trigger.of_reviewers
    }
    return {
        "核对不符": sorted(each.task.code for each in contradictions(ledger, day) if not each.proposed),
        "红灯没有督办": sorted(red - chased),
    }


def _lists_of(standings: Mapping[str, Standing]) -> dict[str, Any]:
    return {"核对不符": sorted(code for code, each in standings.items() if each.contradicted), "红灯没有督办": []}


def _group(group: Group) -> dict[str, Any]:
    rates = group.rates
    return {
        "按期办结率": (rates.on_time.part, rates.on_time.whole),
        "销号率": (rates.struck_off.part, rates.struck_off.whole),
        "履行率": (rates.fulfilled.part, rates.fulfilled.whole),
        "复核率": (rates.reviewed.part, rates.reviewed.whole),
        "任务": (group.tasks, rates.once, rates.recurring, rates.continuing),
        "灯": (group.red, group.amber),
        "办结": group.closed,
    }


def _group_of(standings: Mapping[str, Standing], day: date) -> dict[str, Any]:
    kinds = Counter(each.task.kind or "一次" for each in standings.values())
    lights = Counter(each.light for each in standings.values())
    return {
        **model.fractions(standings, day),
        "任务": (len(standings), kinds["一次"], kinds["周期"], kinds["长期"]),
        "灯": (lights["红"], lights["黄"]),
        "办结": sum(each.state in ("已销号", "长期坚持") for each in standings.values()),
    }


def _boards(metrics: Metrics) -> dict[str, Any]:
    recurring, reviews = metrics.boards.recurring.total.counts, metrics.boards.reviews
    return {
        "周期": (recurring.kept, recurring.made_up, recurring.short),
        "复核": (reviews.in_time, reviews.due),
        "复核超期": sorted(line.task.code for line in reviews.overdue),
    }


def _boards_of(standings: Mapping[str, Standing], day: date) -> dict[str, Any]:
    states = Counter(cycle.state for each in standings.values() for cycle in each.cycles)
    due = {code: each.next_review for code, each in standings.items()}
    return {
        "周期": (states["完成"], states["补完成"], states["欠"] + states["缺"]),
        "复核": model.fractions(standings, day)["复核率"],
        "复核超期": sorted(code for code, next_review in due.items() if next_review and next_review < day),
    }


# --- what the leaders read ------------------------------------------------------------------------------------------


SIGNS = {"完成": "●", "补完成": "◎", "欠": "○", "缺": "×", "不计": "·"}


def _differences_of_sheets(ledger: Ledger, standings: Mapping[str, Standing], day: date) -> Iterator[str]:
    book = load(progress_workbook(compute_metrics(ledger, day), NOW), values=True)
    details, duties = _table(book["措施台账"]), _table(book["周期履行"])
    reviews, alerts = _table(book["长期复核"]), _table(book["逾期预警"])
    for code, each in standings.items():
        row, duty, review = details[code], duties.get(code, {}), reviews.get(code, {})
        shown = {
            "状态": row["状态"],
            "灯": row["灯"].split()[-1],
            "预警": code in alerts,
            "周期": "".join(str(duty.get(f"{month}月") or "")[:1] for month in range(1, 13)),
            "履行": _fraction(duty.get("履行率")),
            "复核": _fraction(review.get("复核率")),
            "超期": overdue if isinstance(overdue := review.get("超期(天)"), int) else 0,
        }
        late = (day - each.next_review).days if each.next_review else 0
        right = {
            "状态": "待审核" if each.state == model.DONE else each.state,
            "灯": each.light,
            "预警": each.light in (model.RED, model.AMBER),
            "周期": "".join(_sign(cycle) for cycle in each.cycles if cycle.first.year == day.year),
            "履行": model.fractions({code: each}, day)["履行率"],
            "复核": each.reviews,
            "超期": max(0, late),
        }
        yield from _compared(f"sheet {code}", shown, right)


def _table(sheet: Any) -> dict[str, dict[str, Any]]:
    """Return the rows of the first table of a sheet by 编号; a cell by its head."""
    rows = iter(sheet.iter_rows(values_only=True))
    heads = next(cells for row in rows if "编号" in (cells := ["".join(str(cell or "").split()) for cell in row]))
    found = {}
    for row in rows:
        cells = dict(zip(heads, row, strict=True))
        if not str(cells["编号"] or "").startswith("RW-"):
            break
        found[cells["编号"]] = cells
    return found


def _fraction(text: str | None) -> tuple[int, int]:
    """Return what a cell like “57% 4/7” says; “—” is nothing of nothing."""
    found = re.search(r"(\d+)/(\d+)", text or "")
    return (int(found[1]), int(found[2])) if found else (0, 0)


def _sign(cycle: model.Cycle) -> str:
    if cycle.state == "进行中":
        return "→" if cycle.owed else "●"
    return SIGNS[cycle.state]
