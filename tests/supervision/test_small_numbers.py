"""Small numbers: which groups are withheld, and that nobody can work out what they are."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.supervision.small_numbers import withheld

LEAST = 5


@pytest.mark.parametrize(
    ("numbers", "hidden"),
    [
        ((), set()),
        ((0, 0), set()),
        ((5, 12, 0), set()),
        ((4, 12, 7), {0, 2}),
        ((3, 2, 9), {0, 1}),
        ((1, 1, 9, 8), {0, 1, 3}),
        ((4, 4, 9, 8), {0, 1, 3}),
        ((1, 5, 6), {0, 1, 2}),
        ((4,), None),
        ((3, 0, 0), None),
        ((4, 4), None),
        ((1, 1), None),
        ((1, 5), None),
        ((2, 5), {0, 1}),
    ],
)
def test_small_groups_are_withheld_with_those_that_would_give_them_away(
    numbers: tuple[int, ...], hidden: set[int] | None
) -> None:
    assert withheld(numbers, LEAST) == hidden


@given(st.lists(st.integers(0, 9), min_size=1, max_size=6))
def test_no_withheld_number_follows_from_what_is_printed(numbers: list[int]) -> None:
    """Every withheld number has another one that fits the total, the printed groups and the marks."""
    hidden = withheld(numbers, LEAST)
    small = {place for place, number in enumerate(numbers) if 0 < number < LEAST}
    if hidden is None:
        assert small
        return
    assert small <= hidden
    if not hidden:
        return
    places = sorted(hidden)
    total = sum(numbers[place] for place in places)
    ranges = [range(1, LEAST) if place in small else (0, *range(LEAST, total + 1)) for place in places]
    fitting = [each for each in product(*ranges) if sum(each) == total]
    assert all(len({each[n] for each in fitting}) > 1 for n in range(len(places)))
