"""Cycles in short: a mark for each, what is owed with its names, and only the latest of many."""

from __future__ import annotations

from datetime import date

import pytest
from taizhang.figures.cycle_words import CYCLE_MARKS, MARKS_LEGEND, duty_words, owed_words, strip
from taizhang.supervision.duties import CycleState, Duty, stand
from taizhang.typed.cycles import CycleKind, cycle_of


def duty(done: dict[int, int], day: date, *, make_up: bool = True, kind: CycleKind = CycleKind.MONTH) -> Duty:
    """A duty from 1 January with so many occurrences in the cycle that holds each month."""
    held = {cycle_of(date(2022, month, 1), kind): number for month, number in done.items()}
    return stand(kind, 1, (date(2022, 1, 1), None), held, day, can_make_up=make_up)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (duty({}, date(2022, 1, 31)), "→"),
        (duty({1: 1}, date(2022, 1, 31)), "●"),
        (duty({1: 1}, date(2022, 2, 1)), "●→"),
        (duty({}, date(2022, 2, 1)), "○→ 欠1（2022年1月）"),
        (duty({2: 2}, date(2022, 2, 1)), "◎●"),
        (duty({}, date(2022, 4, 1)), "○○○→ 欠3（2022年1月、2月、3月）"),
        (duty({1: 1}, date(2022, 4, 1), make_up=False), "●××→ 缺2（2022年2月、3月）"),
        (duty({}, date(2022, 4, 1), kind=CycleKind.QUARTER), "○→ 欠1（2022年一季度）"),
    ],
)
def test_a_strip_and_what_is_owed(found: Duty, words: str) -> None:
    assert duty_words(found) == words


def test_before_the_first_cycle_there_is_nothing_to_show() -> None:
    found = stand(CycleKind.MONTH, 1, (date(2022, 5, 1), None), {}, date(2022, 4, 1))
    assert (duty_words(found), owed_words(found)) == ("还没开始", "")


def test_of_many_cycles_the_latest_are_shown() -> None:
    found = duty(dict.fromkeys(range(1, 13), 1), date(2023, 3, 1))
    assert strip(found) == "…" + "●" * 9 + "○○→"
    assert strip(found, 3) == "…○○→"


def test_every_state_has_a_mark_that_every_machine_prints() -> None:
    assert set(CYCLE_MARKS) == set(CycleState)
    assert len(set(CYCLE_MARKS.values())) == len(CycleState)
    MARKS_LEGEND.encode("gbk")
    assert all(mark in MARKS_LEGEND for mark in CYCLE_MARKS.values())
