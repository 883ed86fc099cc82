"""The record of reporting: on time, late, missing and sent back, by period and department."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load
from support.returned import edit, fill, saved_on
from taizhang.forms.load import standard_forms
from taizhang.history.bases import base_path
from taizhang.history.reporting import (
    Discipline,
    Outcome,
    PeriodReturn,
    by_unit,
    disciplines,
    reporting,
    words_from,
)
from taizhang.ledger.model import Ledger, read_ledger


def read(ledger: Path) -> Ledger:
    return read_ledger(ledger, standard_forms())


def outcomes(ledger: Path, as_of: date) -> list[tuple[str, str, str]]:
    return [(each.period, each.department, each.outcome) for each in record(ledger, as_of)]


def record(ledger: Path, as_of: date) -> tuple[PeriodReturn, ...]:
    return reporting(ledger, read(ledger).settings, as_of)


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """One task of each department, issued for 2022-03, due on 25 March."""
    return make_issued([{}, {"department": "党委办公室"}])


def send(ledger: Path, run: Run, day: str, values: dict[str, Any], department: str = "财务处") -> None:
    saved_on(fill(ledger, values, name=department, department=department), f"{day}T04:00:00Z")
    run("merge", "-l", ledger, "--yes")


@pytest.mark.parametrize(
    ("saved", "as_of", "outcome", "returned"),
    [
        ("2022-03-25", date(2022, 3, 31), Outcome.ON_TIME, date(2022, 3, 25)),
        ("2022-03-26", date(2022, 3, 31), Outcome.LATE, date(2022, 3, 26)),
        ("2022-03-26", date(2022, 3, 25), Outcome.NOT_DUE, None),
        ("2022-03-28", date(2022, 3, 26), Outcome.MISSING, None),
    ],
)
def test_a_return_counts_on_the_day_it_was_saved(
    issued: Path, run: Run, saved: str, as_of: date, outcome: Outcome, returned: date | None
) -> None:
    send(issued, run, saved, {"RW-001": {"unchanged": "是"}})
    found = [each for each in record(issued, as_of) if each.period == "2022-03"]
    assert [(each.department, each.outcome, each.returned_on) for each in found] == [
        ("党委办公室", Outcome.MISSING if as_of > date(2022, 3, 25) else Outcome.NOT_DUE, None),
        ("财务处", outcome, returned),
    ]


def test_versions_sent_back_are_counted_and_the_first_decides_the_day(issued: Path, run: Run) -> None:
    send(issued, run, "2022-03-20", {"RW-001": {"status": "好"}})
    send(issued, run, "2022-03-27", {"RW-001": {"status": "推进中", "update": "甲"}})
    own = record(issued, date(2022, 3, 31))[-1]
    assert own == PeriodReturn("2022-03", "财务处", Outcome.ON_TIME, date(2022, 3, 20), 2, 1, unit="财务处")
    assert own.corrected


def test_a_file_that_says_nothing_is_no_return(issued: Path, run: Run) -> None:
    send(issued, run, "2022-03-20", {})
    assert outcomes(issued, date(2022, 3, 31))[-1] == ("2022-03", "财务处", Outcome.MISSING)


def test_periods_that_were_not_issued_have_no_record(issued: Path, run: Run) -> None:
    """January and February are over; nobody is missing for them. April is not."""
    send(issued, run, "2022-03-20", {"RW-001": {"update": "甲"}})
    assert outcomes(issued, date(2022, 3, 31)) == [
        *(
            (period, department, Outcome.NO_RECORD)
            for period in ("2022-01", "2022-02")
            for department in ("党委办公室", "财务处")
        ),
        ("2022-03", "党委办公室", Outcome.MISSING),
        ("2022-03", "财务处", Outcome.ON_TIME),
    ]
    assert disciplines(record(issued, date(2022, 3, 31))) == (
        Discipline("党委办公室", missing=1),
        Discipline("财务处", on_time=1),
    )
    assert [each.due for each in disciplines(record(issued, date(2022, 3, 31)))] == [1, 1]


@pytest.mark.parametrize("trace", [{"saved": "2022-03-20T00:00:00Z"}, {"taken": {"RW-001": {"progress": "0.6"}}}])
def test_a_base_that_was_merged_before_returns_were_kept_has_no_record(issued: Path, trace: dict[str, Any]) -> None:
    path = base_path(issued, "2022-03", "财务处")
    facts = json.loads(path.read_text(encoding="utf-8"))
    path.write_text(json.dumps({**facts, **trace}, ensure_ascii=False), encoding="utf-8")
    assert outcomes(issued, date(2022, 3, 31))[-1] == ("2022-03", "财务处", Outcome.NO_RECORD)


def test_a_base_that_cannot_be_read_has_no_record(issued: Path) -> None:
    base_path(issued, "2022-03", "财务处").write_bytes(b"{")
    assert ("2022-03", "财务处", Outcome.NO_RECORD) in outcomes(issued, date(2022, 3, 31))


def test_a_file_without_a_stamp_is_never_called_late(issued: Path, run: Run) -> None:
    saved_on(fill(issued, {"RW-001": {"update": "甲"}}), "没有")
    run("merge", "-l", issued, "--yes")
    own = [each for each in record(issued, date(2100, 1, 1)) if (each.period, each.department) == ("2022-03", "财务处")]
    assert [each.outcome for each in own] == [Outcome.ON_TIME]


def test_a_department_that_was_asked_nothing_is_left_out(make_issued: Callable[..., Path]) -> None:
    ledger = make_issued([{}])
    assert [each[1] for each in outcomes(ledger, date(2022, 3, 31)) if each[0] == "2022-03"] == ["财务处"]


def test_the_sheets_say_from_which_earlier_period_words_are(make_issued: Make, run: Run) -> None:
    ledger = make_issued([{"update": "早先的话"}, {}, {}])
    fill(ledger, {"RW-002": {"update": "三月的话"}, "RW-003": {"update": "三月的"}, "RW-001": {"unchanged": "是"}})
    run("merge", "-l", ledger, "--yes")
    run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", ledger)
    fill(ledger, {"RW-003": {"update": "四月的话"}}, period="2022-04")
    run("merge", "-l", ledger, "--yes")
    assert words_from(read(ledger), date(2022, 4, 1)) == {"RW-002": "2022-03", "RW-003": "2022-04"}
    assert words_from(read(ledger), date(2022, 3, 31)) == {"RW-002": "2022-03"}, "April has not begun"
    run("report", "-l", ledger, "--as-of", "2022-04-30", "--current")
    sheet = load((ledger.parent / "报表" / "整改进展一览_2022-04-30.xlsx").read_bytes())["措施台账"]
    heads = [cell.value for cell in sheet[6]]
    assert [sheet.cell(row, heads.index("本期进展") + 1).value for row in (7, 8, 9)] == [
        "早先的话", "三月的话（2022-03 期报）", "四月的话",
    ]  # fmt: skip
    edit(ledger, "RW-002", "update", "办公室改的")
    assert words_from(read(ledger), date(2022, 4, 1)) == {"RW-003": "2022-04"}


@pytest.mark.parametrize(
    ("outcomes", "outcome", "day"),
    [
        ((Outcome.ON_TIME, Outcome.ON_TIME), Outcome.ON_TIME, date(2022, 3, 24)),
        ((Outcome.ON_TIME, Outcome.LATE), Outcome.LATE, date(2022, 3, 24)),
        ((Outcome.LATE, Outcome.MISSING), Outcome.MISSING, None),
        ((Outcome.ON_TIME, Outcome.NOT_DUE), Outcome.NOT_DUE, None),
        ((Outcome.NO_RECORD, Outcome.ON_TIME), Outcome.NO_RECORD, None),
    ],
)
def test_the_parts_of_a_unit_are_one_return_as_bad_as_the_worse(
    outcomes: tuple[Outcome, ...], outcome: Outcome, day: date | None
) -> None:
    back = (Outcome.ON_TIME, Outcome.LATE)
    names = ("财务处", "财务处_人员类")
    parts = [
        PeriodReturn(
            "2022-03", name, each, date(2022, 3, day) if each in back else None, each in back, 1, unit="财务处"
        )
        for day, name, each in zip((23, 24), names, outcomes, strict=True)
    ]
    other = PeriodReturn("2022-03", "人事处", Outcome.MISSING, unit="人事处")
    found = by_unit([*parts, other])
    assert [(each.department, each.outcome, each.returned_on, each.sent_back) for each in found] == [
        ("财务处", outcome, day, 2),
        ("人事处", Outcome.MISSING, None, 0),
    ]
