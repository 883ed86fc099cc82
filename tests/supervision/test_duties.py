"""Recurring duties cycle by cycle: kept, owed, made up, missed for good, and the lights that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.checked import CLOSED, CLOSEOUT
from support.fixtures import Make
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.duties import CycleState, Duty, LateReport, count_reported, find_late, stand
from taizhang.supervision.tasks import read_tasks
from taizhang.typed.cycles import Cycle, CycleKind, cycle_of, cycles_between, read_cycle

MONTH, QUARTER, HALF, YEAR = CycleKind
START = date(2022, 1, 1)


def strip(duty: Duty) -> str:
    """Return the states of the cycles: 完 kept, 补 made up, 欠 with its number, 缺, 进 running, 免 owes nothing."""
    signs = {"完成": "完", "补完成": "补", "缺": "缺", "进行中": "进", "不计": "免"}
    return "".join(signs.get(each.state, f"欠{each.owed}") for each in duty.cycles)


def done(kind: CycleKind, counts: Sequence[int], start: date = START) -> Mapping[Cycle, int]:
    cycles = cycles_between(start, date(2035, 12, 31), kind)
    return dict(zip(cycles, counts, strict=False))


@pytest.mark.parametrize(
    ("counts", "as_of", "expected"),
    [
        ([], date(2022, 1, 1), "进"),
        ([], date(2022, 3, 31), "进"),
        ([], date(2022, 4, 1), "欠1进"),
        ([1], date(2022, 4, 1), "完进"),
        ([0, 1], date(2022, 6, 30), "欠1进"),
        ([0, 2], date(2022, 6, 30), "补进"),
        ([2, 0], date(2022, 7, 1), "完欠1进"),
        ([0, 0, 2], date(2022, 9, 30), "补欠1进"),
        ([0, 0, 3], date(2022, 9, 30), "补补进"),
        ([0, 1, 0, 0, 0], date(2023, 3, 31), "欠1完欠1欠1进"),
    ],
)
def test_a_cycle_goes_on_owing_until_it_is_made_up(counts: Sequence[int], as_of: date, expected: str) -> None:
    assert strip(stand(QUARTER, 1, (START, None), done(QUARTER, counts), as_of)) == expected


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([4, 4], "完完进"),
        ([3, 4], "欠1完进"),
        ([3, 5], "补完进"),
        ([0, 7], "欠1完进"),
        ([0, 8], "补完进"),
        ([8, 0], "完欠4进"),
    ],
)
def test_several_in_a_cycle(counts: Sequence[int], expected: str) -> None:
    assert strip(stand(QUARTER, 4, (START, None), done(QUARTER, counts), date(2022, 7, 1))) == expected


def test_how_much_later_a_cycle_was_made_up() -> None:
    duty = stand(MONTH, 2, (START, None), done(MONTH, [0, 3, 2, 3]), date(2022, 4, 30))
    assert [(each.words, each.late_by) for each in duty.cycles] == [
        ("补完成（晚3期）", 3), ("完成", 0), ("完成", 0), ("进行中（3/2）", 0),
    ]  # fmt: skip


@pytest.mark.parametrize(("counts", "expected"), [([0, 2], "缺完进"), ([1, 0], "完缺进")])
def test_what_cannot_be_made_up_is_missed(counts: Sequence[int], expected: str) -> None:
    duty = stand(MONTH, 1, (START, None), done(MONTH, counts), date(2022, 3, 1), can_make_up=False)
    assert strip(duty) == expected


@pytest.mark.parametrize(
    ("start", "counts", "expected"),
    [
        (date(2022, 2, 15), [], "欠1进"),  # 45 of 90 days: half
        (date(2022, 2, 16), [], "免进"),  # 44 of 90
        (date(2022, 2, 16), [1], "完进"),
        (date(2022, 3, 31), [], "免进"),
    ],
)
def test_a_first_cycle_of_less_than_half_its_days_owes_nothing_unless_something_was_done(
    start: date, counts: Sequence[int], expected: str
) -> None:
    assert strip(stand(QUARTER, 1, (start, None), done(QUARTER, counts, start), date(2022, 4, 1))) == expected


@pytest.mark.parametrize(
    ("last", "as_of", "expected"),
    [
        (date(2022, 6, 30), date(2022, 6, 30), "完进"),
        (date(2022, 6, 30), date(2022, 7, 1), "完欠1"),
        (date(2022, 5, 15), date(2022, 5, 15), "完进"),
        (date(2022, 5, 15), date(2022, 5, 16), "完欠1"),
        (date(2022, 5, 15), date(2023, 5, 16), "完欠1"),
    ],
)
def test_no_cycle_after_the_end(last: date, as_of: date, expected: str) -> None:
    assert strip(stand(QUARTER, 1, (START, last), done(QUARTER, [1]), as_of)) == expected


@pytest.mark.parametrize(
    ("pause", "expected"),
    [
        ((date(2022, 4, 1), date(2022, 6, 30)), "欠1免进"),
        ((date(2022, 4, 2), date(2022, 6, 30)), "欠1欠1进"),
        ((date(2022, 4, 1), date(2022, 6, 29)), "欠1欠1进"),
        ((date(2022, 1, 1), date(2022, 9, 1)), "免免进"),
    ],
)
def test_a_cycle_wholly_inside_a_pause_owes_nothing(pause: tuple[date, date], expected: str) -> None:
    assert strip(stand(QUARTER, 1, (START, None), {}, date(2022, 7, 1), exempt=[pause])) == expected


@pytest.mark.parametrize(
    ("as_of", "lost"), [(date(2022, 12, 30), False), (date(2022, 12, 31), True), (date(2022, 6, 29), False)]
)
def test_a_year_is_lost_when_more_is_to_be_done_than_days_are_left(as_of: date, lost: bool) -> None:
    assert stand(YEAR, 2, (START, None), {}, as_of).year_lost is lost


def test_the_days_left_end_with_the_duty() -> None:
    ends = [stand(YEAR, 2, (START, date(2022, 6, 30)), {}, date(2022, 6, day)) for day in (29, 30)]
    assert [(each.days_left, each.year_lost) for each in ends] == [(1, False), (0, True)]


def test_the_rate_counts_closed_cycles_that_owed_something() -> None:
    duty = stand(QUARTER, 1, (START, None), done(QUARTER, [0, 1, 2, 0, 1]), date(2023, 4, 1))
    assert (strip(duty), duty.due, duty.fulfilled, duty.owed) == ("补完完欠1完进", 5, 4, 1)
    first = stand(QUARTER, 1, (START, None), {}, date(2022, 3, 31))
    assert first.due == 0


@given(
    st.sampled_from(CycleKind), st.integers(1, 4), st.lists(st.integers(0, 6), max_size=14),
    st.dates(date(2022, 1, 1), date(2023, 12, 31)), st.dates(date(2022, 1, 1), date(2024, 12, 31)), st.booleans(),
)  # fmt: skip
def test_nothing_is_counted_twice_or_lost(
    kind: CycleKind, number: int, counts: list[int], start: date, as_of: date, can_make_up: bool
) -> None:
    duty = stand(kind, number, (start, None), done(kind, counts, start), as_of, can_make_up=can_make_up)
    states = [each.state for each in duty.cycles]
    assert duty.due == len(states) - states.count(CycleState.RUNNING) - states.count(CycleState.EXEMPT)
    assert duty.due == duty.fulfilled + states.count(CycleState.OWED) + states.count(CycleState.MISSED)
    spent = sum(each.done for each in duty.cycles)
    short = sum(max(0, each.required - each.done) for each in duty.cycles if each.state is not CycleState.RUNNING)
    beyond = sum(max(0, each.done - each.required) for each in duty.cycles)
    assert spent >= 0
    if can_make_up:
        assert short - beyond <= duty.owed <= short
    else:
        assert duty.owed == 0


def test_what_departments_report_counts_in_the_cycle_it_was_done_in() -> None:
    def row(cycle: str, number: int | None, day: date | None = None) -> Any:
        return SimpleNamespace(cycle=read_cycle(cycle), done=number, done_on=day)

    rows = [
        row("2022年一季度", 1, date(2022, 3, 31)),
        row("2022年一季度", 2, date(2022, 4, 1)),  # held later: it makes up
        row("2022年二季度", 1),
        row("2022年三季度", 5, date(2022, 7, 2)),  # not done yet on the day
        row("2022年四季度", 5),  # a cycle that has not begun
        row("随便", 9),
        row("2022年一季度", None),
    ]
    first, second = (cycle_of(date(2022, month, 1), QUARTER) for month in (1, 4))
    assert count_reported(rows, QUARTER, date(2022, 7, 1)) == {first: 1, second: 1}
    assert find_late(rows, QUARTER, date(2022, 7, 1)) == [LateReport(first, second, 2)]
    assert find_late(rows, QUARTER, date(2022, 3, 31)) == []


@pytest.mark.parametrize(
    ("counts", "late", "number", "expected"),
    [
        ([0, 0], [(0, 1, 1)], 1, "补欠1进"),  # held in the second quarter, reported for the first
        ([0, 1], [(0, 1, 1)], 1, "补完进"),
        ([1, 0], [(0, 1, 1)], 1, "完完进"),  # the first needs nothing more: it counts where it was held
        ([0, 0], [(0, 1, 2)], 1, "补完进"),
        ([0, 0], [(0, 2, 1)], 1, "补欠1进"),
        ([0, 0], [(1, 2, 1)], 1, "欠1补进"),  # the cycle that it names, not the oldest
        ([0, 0], [(0, 1, 4)], 4, "补欠4进"),
        ([0, 0], [(0, 1, 3)], 4, "欠1欠4进"),
    ],
)
def test_what_is_reported_for_a_cycle_and_held_later_makes_up_that_cycle(
    counts: Sequence[int], late: list[tuple[int, int, int]], number: int, expected: str
) -> None:
    cycles = list(cycles_between(START, date(2022, 9, 30), QUARTER))
    reports = [LateReport(cycles[named], cycles[held], times) for named, held, times in late]
    duty = stand(QUARTER, number, (START, None), done(QUARTER, counts), date(2022, 9, 30), late=reports)
    assert strip(duty) == expected
    kept = stand(QUARTER, number, (START, None), {}, date(2022, 9, 30), late=reports, can_make_up=False)
    assert kept.owed == 0


RECURRING = {
    "kind": "周期", "review_cycle": "月", "deadline": None, "progress": None, "start": START, "per_cycle": 1,
}  # fmt: skip
NO_MAKING_UP = RECURRING | {"make_up": "不可以"}


def light_of(make_ledger: Make, task: dict[str, Any], reported: dict[str, int], as_of: date) -> tuple[str, str]:
    rows = [{"code": f"ZQ-{n:04}", "task": "RW-001", "cycle": cycle, "done": number}
            for n, (cycle, number) in enumerate(reported.items(), 1)]  # fmt: skip
    ledger = make_ledger([task], fulfilments=rows)
    (found,) = read_tasks(read_ledger(ledger, standard_forms()), as_of)
    return found.light, found.reason


@pytest.mark.parametrize(
    ("task", "reported", "as_of", "light", "reason"),
    [
        (RECURRING, {}, date(2022, 1, 24), Light.GREEN, ""),
        (RECURRING, {}, date(2022, 1, 25), Light.AMBER, "本期（1月）还差1次，剩6天"),
        (RECURRING, {}, date(2022, 1, 31), Light.AMBER, "本期（1月）还差1次，今天是最后一天"),
        (RECURRING, {"2022年1月": 1}, date(2022, 1, 31), Light.GREEN, ""),
        (RECURRING, {}, date(2022, 2, 1), Light.AMBER, "欠1次（2022年1月）"),
        (RECURRING, {"2022年2月": 1}, date(2022, 3, 1), Light.AMBER, "欠1次（2022年1月）"),
        (RECURRING, {"2022年2月": 2}, date(2022, 3, 1), Light.GREEN, ""),
        (RECURRING, {}, date(2022, 3, 1), Light.RED, "欠2次（2022年1月、2月）"),
        (RECURRING, {}, date(2023, 2, 1), Light.RED, "欠13次（2022年1月、2月、3月等13期）"),
        (RECURRING | {"per_cycle": 3}, {"2022年1月": 1}, date(2022, 2, 1), Light.AMBER, "欠2次（2022年1月）"),
        (NO_MAKING_UP, {"2022年2月": 5}, date(2022, 3, 1), Light.AMBER, "缺1期（2022年1月），补不了"),
        (NO_MAKING_UP, {}, date(2022, 3, 1), Light.RED, "缺2期（2022年1月、2月），补不了"),
        (
            NO_MAKING_UP | {"start": date(2021, 3, 1)},
            {f"2021年{month}月": 1 for month in range(4, 13)} | {"2022年1月": 1, "2022年2月": 1},
            date(2022, 3, 1),
            Light.AMBER,
            "缺1期（2021年3月），补不了",
        ),
        (
            NO_MAKING_UP | {"start": date(2021, 3, 1)},
            {f"2021年{month}月": 1 for month in range(4, 13)} | {"2022年1月": 1, "2022年2月": 1, "2022年3月": 1},
            date(2022, 3, 31),
            Light.GREEN,
            "",
        ),
        (RECURRING | {"review_cycle": "年"}, {}, date(2022, 9, 30), Light.GREEN, ""),
        (RECURRING | {"review_cycle": "年"}, {}, date(2022, 10, 2), Light.AMBER, "本期（2022年）还差1次，剩90天"),
        (RECURRING | {"review_cycle": "年"}, {}, date(2023, 1, 1), Light.RED, "欠1次（2022年）"),
        (
            RECURRING | {"review_cycle": "年", "per_cycle": 3},
            {"2022年": 1},
            date(2022, 12, 31),
            Light.RED,
            "本期（2022年）还差2次，已来不及",
        ),
        (
            RECURRING | {"review_cycle": "年", "per_cycle": 3},
            {"2022年": 1},
            date(2022, 12, 30),
            Light.AMBER,
            "本期（2022年）还差2次，剩1天",
        ),
        (RECURRING | {"review_cycle": None}, {}, date(2022, 3, 1), Light.OPEN, "责任或时限待明确"),
        (RECURRING | {"deadline": date(2022, 2, 28)}, {"2022年1月": 1, "2022年2月": 1}, date(2022, 3, 1), Light.RED,
         "逾期1天"),
        (RECURRING | {"per_cycle": None, "review_cycle": None, "deadline": "每季度至少2次"},
         {"2022年一季度": 1}, date(2022, 4, 1), Light.AMBER, "欠1次（2022年一季度）"),
    ],
)  # fmt: skip
def test_the_light_of_a_recurring_task(
    make_ledger: Make, task: dict[str, Any], reported: dict[str, int], as_of: date, light: Light, reason: str
) -> None:
    assert light_of(make_ledger, task, reported, as_of) == (light, reason)


@pytest.mark.parametrize(
    ("deadline", "closed", "expected"),
    [
        (None, date(2022, 5, 20), "欠1免"),  # the cycle that is cut short owes nothing
        (None, date(2022, 6, 30), "欠1欠1"),
        (date(2022, 9, 30), date(2022, 7, 1), "欠1欠1免"),
        (date(2022, 5, 15), date(2022, 5, 14), "欠1免"),
        (date(2022, 5, 15), date(2022, 5, 15), "欠1欠1"),  # it had ended
        (date(2022, 5, 15), date(2022, 5, 20), "欠1欠1"),
    ],
)
def test_a_duty_ends_when_it_is_struck_off(
    make_ledger: Make, deadline: date | None, closed: date, expected: str
) -> None:
    row = RECURRING | CLOSED | {"progress": None, "review_cycle": "季", "deadline": deadline}
    ledger = make_ledger([row], closeouts=[CLOSEOUT | {"committee_date": closed}])
    (found,) = read_tasks(read_ledger(ledger, standard_forms()), date(2022, 12, 31))
    assert found.duty is not None
    assert (found.light, strip(found.duty)) == (Light.CLOSED, expected)
