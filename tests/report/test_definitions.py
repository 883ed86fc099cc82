"""口径说明 and the sheets are one: a small model, written from its sentences alone, against what the sheets show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from conftest import load
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from scenarios import STAMP, a_closeout, a_task, build, scenario
from taizhang.measures import Measures, measure
from taizhang.messages import overall
from taizhang.report import progress_workbook
from taizhang.report.definitions import definitions

DEPARTMENTS = ("办公室", "人事处", "信息中心")
NOBODY = "待明确"


@dataclass(frozen=True)
class Row:
    """One task as it is typed, and the day of its close-out."""

    kind: str | None
    department: str | None
    start: date | None
    due: Any
    cycle: str | None
    status: str | None
    progress: str | None
    review: date | None
    decided: date | None


DAYS = [date(2022, 3, 1), date(2022, 6, 1), *(date(2022, 6, day) for day in (14, 15, 16, 22, 23)), date(2022, 12, 31)]
ROWS = st.builds(
    Row,
    kind=st.sampled_from(["一次", "周期", "长期", "原则", None, "随便"]),
    department=st.sampled_from([*DEPARTMENTS, None, "没有这个处"]),
    start=st.sampled_from([None, date(2021, 12, 31), date(2022, 1, 1), date(2022, 3, 1)]),
    due=st.sampled_from([*DAYS, None, "长期坚持", "适时"]),
    cycle=st.sampled_from([None, None, "季"]),
    status=st.sampled_from(["未启动", "推进中", "已完成", "已销号", "已销号", "基本完成", None]),
    progress=st.sampled_from([None, "0", "0.4", "33.3", "62.5", "99.5", "100"]),
    review=st.sampled_from([None, None, date(2022, 6, 14), date(2022, 6, 15)]),
    decided=st.sampled_from([None, date(2022, 5, 10), date(2022, 5, 20), date(2022, 6, 15), date(2022, 6, 16)]),
)


def shown(part: Fraction | int | None, whole: int = 1) -> float | str:
    """百分数：一项没有才写 0%，全部办完才写 100%，其余写 1% 到 99%."""
    if part is None or not whole:
        return "—"
    exact = Fraction(part, whole) * 100
    if exact in (0, 100):
        return float(exact / 100)
    return min(99, max(1, int(exact + Fraction(1, 2)))) / 100


class Model:
    """A task as 口径说明 says it counts on a day."""

    def __init__(self, row: Row, day: date) -> None:
        self.department = row.department if row.department in DEPARTMENTS else NOBODY
        self.due = row.due if isinstance(row.due, date) else None
        self.closed_on = row.decided if row.status == "已销号" and row.decided and row.decided <= day else None
        self.closed = self.closed_on is not None
        waiting = row.status in ("已完成", "已销号") and not self.closed
        known = row.status if row.status in ("未启动", "推进中") else "未启动"
        self.state = "已销号" if self.closed else "待审核" if waiting else known
        reported = None if row.progress is None else Fraction(row.progress)
        self.progress = Fraction(100) if self.closed else reported
        self.expected = None
        if row.start and self.due and row.start <= self.due:
            whole = (self.due - row.start).days
            passed = Fraction((day - row.start).days, whole) if whole else Fraction(day >= self.due)
            self.expected = min(Fraction(1), max(Fraction(0), passed))
        self.late = max(0, (day - self.due).days) if self.due and not waiting and not self.closed else 0
        time_known = self.due or row.due == "长期坚持" or row.cycle
        self.unsettled = not self.closed and (self.department == NOBODY or not time_known)
        known = not waiting and self.expected is not None and self.progress is not None
        behind = (self.expected or 0) * 100 - (self.progress or 0) if known else 0
        silent = not waiting and self.progress is None and (self.expected or 0) * 100 >= 10
        soon = self.due and not waiting and (self.due - day).days <= 7
        if self.closed:
            self.light = "办结"
        elif self.late or behind > 30:
            self.light = "◆ 红"
        elif behind >= 10 or soon or silent or (row.review and row.review < day):
            self.light = "▲ 黄"
        else:
            self.light = "待明确" if self.unsettled else "● 绿"


def ledger_of(rows: list[Row]) -> Any:
    tasks = [
        a_task(
            number, kind=row.kind, department=row.department, start=row.start, deadline=row.due, review_cycle=row.cycle,
            status=row.status, progress=row.progress and Decimal(row.progress), next_review=row.review, problems=("WT-01",),
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    closeouts = [
        a_closeout(number, f"RW-{number:03}", row.decided) for number, row in enumerate(rows, 1) if row.decided
    ]
    return build(tasks, closeouts=closeouts, departments=DEPARTMENTS)


def standing(own: list[Model], day: date) -> tuple[int, list[Model], tuple[Any, ...]]:
    """Return what a line of 部门排名 is ranked by, and its due tasks."""
    due = [task for task in own if task.due and (task.due < day or (task.due == day and task.closed))]
    timed = [task for task in own if task.expected is not None and task.progress is not None]
    progress = sum((task.progress or 0 for task in timed), Fraction(0)) / (100 * len(timed)) if timed else None
    closed = sum(task.closed for task in due)
    longest = max((task.late for task in own), default=0)
    key = (
        -Fraction(closed, len(due) or 1),
        longest,
        -Fraction(sum(task.closed for task in own), len(own)),
        progress is None,
        -(progress or 0),
        -len(own),
    )
    return closed, due, key


def expected_ranking(models: list[Model], day: date) -> list[tuple[Any, ...]]:
    """Return (rank, name, tasks, due, 到期办结率, 办结率, 进度, 序时, red, amber, longest) of every line above 合计."""
    lines, unranked, nobody = [], [], []
    for name in (*DEPARTMENTS, NOBODY):
        own = [task for task in models if task.department == name]
        if not own:
            continue
        closed, due, key = standing(own, day)
        timed = [task.expected for task in own if task.expected is not None and task.progress is not None]
        line = [
            name, len(own), len(due), shown(closed, len(due)), shown(sum(task.closed for task in own), len(own)),
            shown(-key[4] if timed else None), shown(sum(timed, Fraction(0)) / len(timed) if timed else None),
            sum(task.light == "◆ 红" for task in own), sum(task.light == "▲ 黄" for task in own), key[1],
        ]  # fmt: skip
        (nobody if name == NOBODY else lines if due else unranked).append((key, line))
    ranked = [(str(1 + sum(other < key for other, _ in lines)), *line) for key, line in sorted(lines)]
    rest = [("—", *line) for _, line in [*sorted(unranked), *nobody]]
    return [*ranked, *rest]


@settings(max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.too_slow])
@given(rows=st.lists(ROWS, min_size=1, max_size=9), day=st.sampled_from([date(2022, 6, 15), date(2022, 6, 30)]))
def test_the_sheets_show_what_the_sentences_say(rows: list[Row], day: date) -> None:
    m = measure(ledger_of(rows), day)
    book = load(progress_workbook(m, STAMP), values=True)
    every = [Model(row, day) for row in rows]
    models = [model for model, row in zip(every, rows, strict=True) if row.kind != "原则"]
    details = [row[1:17] for row in book["措施台账"].iter_rows(7, values_only=True) if str(row[1]).startswith("RW-")]
    timeline = {row[1]: row[5] for row in book["时间进度"].iter_rows(values_only=True) if str(row[1]).startswith("RW-")}
    assert [(row[9], row[10], row[11], row[12]) for row in details] == [
        (shown(model.progress, 100), model.state, model.light, model.late) for model in models
    ]
    assert [timeline[row[0]] for row in details] == [row[9] for row in details]
    ranking = [row[1:14] for row in book["部门排名"].iter_rows(7, values_only=True)]
    ranking = ranking[: next((n for n, row in enumerate(ranking) if row[1] == "合计"), 0)]
    found = [(*row[:5], *row[6:9], *row[10:13]) for row in ranking]
    assert sorted(found, key=str) == sorted(expected_ranking(models, day), key=str)
    assert [row[0] for row in found] == [line[0] for line in expected_ranking(models, day)]
    if not models:
        return
    closed, planned = sum(task.closed for task in models), sum(bool(t.due and t.due <= day) for t in models)
    card = next(row for row in book["整改一览"].iter_rows(5, 5, values_only=True))
    assert card[1] == shown(closed, len(models))
    june = {str(row[1]): row[7] for row in book["趋势"].iter_rows(7, 12, values_only=True)}
    assert june["计划剩余"] == len(models) - planned
    assert june["实际剩余"] == len(models) - closed
    assert june["当月到期"] == sum(bool(t.due and date(2022, 6, 1) <= t.due <= day) for t in models)
    assert june["当月办结"] == sum(bool(t.closed_on and t.closed_on >= date(2022, 6, 1)) for t in models)
    said = overall(m)
    gap = closed - planned
    assert ("与计划持平" if not gap else f"比计划{'多' if gap > 0 else '少'}{abs(gap)}项") in said
    late = sum(task.late > 0 for task in models)
    assert said.startswith(f"逾期{late}项") == (late > 0 and gap >= 0)
    assert (f"逾期{late}项" in said) == (late > 0)
    rules = {name: text for _, name, text in definitions(m)}
    assert f"的措施，本次 {sum(task.unsettled for task in models)} 项" in rules["责任或时限待明确"]
    assert f"其余 {sum(task.light == '待明确' for task in models)} 项的灯" in rules["责任或时限待明确"]
    unread = sum(row.kind in (None, "随便") for row in rows)
    assert f"空着或读不懂的也计数（本次 {unread} 项）" in rules["措施"]


def rule(name: str, m: Measures) -> str:
    return next(text for _, each, text in definitions(m) if each == name)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("措施", lambda m: [m.total.tasks]),
        ("措施办结率", lambda m: [m.total.closed, m.total.tasks]),
        ("计划、应完成", lambda m: [m.planned_closed, m.total.tasks]),
        ("到期办结率", lambda m: [m.total.due_closed, m.total.due]),
        ("问题整改到位", lambda m: [m.problems_closed, m.problem_count]),
        ("◆ 红", lambda m: [m.thresholds.red_behind]),
        ("▲ 黄", lambda m: [m.thresholds.yellow_behind, m.thresholds.due_soon]),
        ("本月新办结", lambda m: [m.closed_this_month, m.closed_last_month]),
    ],
)
def test_each_sentence_carries_its_own_numbers(name: str, numbers: Any) -> None:
    m = scenario("normal").measures
    said = [int(number) for number in re.findall(r"\d+", rule(name, m))]
    assert said[: len(numbers(m))] == numbers(m)
