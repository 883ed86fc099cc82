"""What is not printed of a personal register is decided once: who reads all its figures and boards learns no more."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.ledgers import ledger_in_memory
from taizhang.supervision.indicators import Figure, RegisterFigures, figures_of
from taizhang.supervision.small_numbers import LEAST

DAY = date(2022, 6, 30)
EXAMPLES = int(os.environ.get("TAIZHANG_EXAMPLES", "60"))
REASONS = ("生日", "生育", "伤病")


def figures(name: str, rows: list[dict[str, Any]]) -> RegisterFigures:
    ledger = ledger_in_memory(**{name: rows})
    return figures_of(ledger, ledger.registers[name], DAY)


def gift(number: int, reason: str, *, done: bool, late: bool) -> dict[str, Any]:
    given = {"done": date(2022, 5, 2)} if done else {}
    asked = {"due": date(2022, 5, 1)} if late else {}
    return {"code": f"WW-{number:03}", "reason": reason, **given, **asked}


def possible(hidden: int, number: int, whole: int) -> Iterator[tuple[tuple[int, int], ...]]:
    """Yield every way in which hidden groups can add up to what is left of a printed number and its whole."""
    for wholes in product(range(whole + 1), repeat=hidden):
        if sum(wholes) == whole:
            for numbers in product(*(range(each + 1) for each in wholes)):
                if sum(numbers) == number:
                    yield tuple(zip(numbers, wholes, strict=True))


def learned(figure: Figure, counts: Figure, truth: dict[str, tuple[int, int]]) -> set[str]:
    """Return the groups of which a small number follows from a figure with its total and the marks of the counts."""
    if not figure.parts:
        return set()
    marks = {part.name: part.mark for part in counts.parts}
    hidden = [part.name for part in figure.parts if part.number is None]
    shown = [part for part in figure.parts if part.number is not None]
    rest = [int(figure.value or 0) - sum(int(part.number or 0) for part in shown)]
    rest.append(sum(whole for _, whole in truth.values()) - sum(int(part.whole or 0) for part in shown))
    ways = [
        way
        for way in possible(len(hidden), *rest)
        if all((0 < whole < LEAST) == marks[name].startswith("<") for name, (_, whole) in zip(hidden, way, strict=True))
    ]
    assert tuple(truth[name] for name in hidden) in ways or not hidden
    found = set()
    for place, name in enumerate(hidden):
        for measure in (lambda n, w: n, lambda n, w: w, lambda n, w: w - n):
            if 0 < measure(*truth[name]) < LEAST and len({measure(*way[place]) for way in ways}) == 1:
                found.add(name)
    return found


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(REASONS), st.booleans(), st.booleans()), min_size=1, max_size=14),
)
def test_no_small_group_follows_from_all_figures_together(drawn: list[tuple[str, bool, bool]]) -> None:
    rows = [gift(number, reason, done=done, late=late) for number, (reason, done, late) in enumerate(drawn, 1)]
    found = {each.title: each for each in figures("condolences", rows).figures}
    shares, counts = found["已慰问"], found["各事由"]
    names = {tuple(part.name for part in each.parts if part.number is None) for each in (shares, counts)}
    assert len(names) <= 1 or not all(each.parts for each in (shares, counts)), "both hide the same groups"
    for part in shares.parts:
        if part.number is not None and part.whole is not None:
            assert not any(0 < each < LEAST for each in (part.number, part.whole, part.whole - part.number))
    truth = {
        part: (
            sum(done for reason, done, _ in drawn if reason == part),
            sum(reason == part for reason, _, _ in drawn),
        )
        for part in (each.name for each in shares.parts)
    }
    assert learned(shares, counts, truth) == set()


def person(number: int, stage: str, branch: str, reviewed: date) -> dict[str, Any]:
    return {
        "code": f"FZ-{number:04}", "branch": branch, "stage": stage, "applied": date(2020, 3, 10),
        "talked": date(2020, 4, 1), "activist_on": date(2020, 6, 1), "reviewed": reviewed,
    }  # fmt: skip


def review_figure(activists: int, late: int, others: int = 0) -> Figure:
    days = [date(2021, 1, 1)] * late + [DAY] * (activists - late)
    rows = [person(number, "积极分子", "机关第一党支部", day) for number, day in enumerate(days, 1)]
    rows += [person(100 + number, "申请人", "机关第一党支部", DAY) for number in range(others)]
    return next(each for each in figures("members", rows).figures if each.title == "考察超期")


@pytest.mark.parametrize(
    ("activists", "late", "value"),
    [
        (6, 1, 1),  # five others remain
        (5, 1, None),  # the stage is known to have at least one, and it may have no more
        (4, 4, None),
        (4, 0, 0),
        (12, 7, 7),
        (12, 8, None),
    ],
)
def test_how_many_of_a_stage_are_late_is_said_if_it_tells_too_little_of_the_stage(
    activists: int, late: int, value: int | None
) -> None:
    found = review_figure(activists, late, others=2)
    assert (found.value, found.whole, found.light) == (value, None, "◆ 红" if late else "● 绿")
    assert found.meaning.endswith("；有，个数太小，不列") == (value is None)


def test_groups_of_a_personal_register_with_a_board_are_on_the_board_only() -> None:
    """The board hides a sum if it has to; here it would be printed, though no group is small."""
    rows = [person(number, "申请人", "机关第一党支部", DAY) for number in range(1, 8)]
    found = figures("members", rows)
    assert [each.parts for each in found.figures] == [()] * len(found.figures)
    assert (found.figures[0].title, found.figures[0].value) == ("人数", 7)
