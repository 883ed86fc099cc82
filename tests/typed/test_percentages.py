"""Percentages: exact until displayed, then 0 only for none and 100 only for all."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taizhang.typed.percentages import percent, percent_words, round_half_up, share, shares


@pytest.mark.parametrize(
    ("part", "whole", "shown"),
    [
        (0, 300, 0),
        (1, 300, 1),
        (1, 100_000, 1),
        (299, 300, 99),
        (199, 200, 99),
        (300, 300, 100),
        (301, 300, 101),
        (3, 2, 150),
        (1, 8, 13),
        (5, 8, 63),
        (23, 40, 58),
        (57, 200, 29),
        (0, 0, None),
        (Decimal("62.5"), 100, 63),
        (Decimal("99.5"), 100, 99),
        (Decimal("0.1"), 100, 1),
        (Decimal(-5), 8, -63),
    ],
)
def test_a_share_is_shown_in_whole_per_cent(part: int | Decimal, whole: int, shown: int | None) -> None:
    assert percent(part, whole) == shown


def test_what_is_not_known_is_not_shown() -> None:
    assert percent(None) is None
    assert percent(None, 3) is None
    assert share(1, 0) is None


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_no_rounding_reaches_nothing_or_all(part: int, whole: int) -> None:
    part = min(part, whole)
    shown = percent(part, whole)
    assert shown is not None
    assert (shown == 0) == (part == 0)
    assert (shown == 100) == (part == whole)
    if 1 < shown < 99:
        assert Fraction(-1, 2) <= Fraction(100 * part, whole) - shown < Fraction(1, 2)


@given(st.fractions(0, 1), st.fractions(0, 1))
def test_a_greater_share_never_shows_less(one: Fraction, other: Fraction) -> None:
    low, high = sorted((one, other))
    assert (percent(low) or 0) <= (percent(high) or 0)


@pytest.mark.parametrize(
    ("number", "places", "rounded"),
    [
        (Decimal("0.5"), 0, "1"),
        (Decimal("1.5"), 0, "2"),
        (Decimal("2.5"), 0, "3"),
        (Decimal("-2.5"), 0, "-3"),
        (Decimal("123.445"), 2, "123.45"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(-1, 1000), 2, "0.00"),
        (7, 2, "7.00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(number: Decimal | Fraction | int, places: int, rounded: str) -> None:
    assert str(round_half_up(number, places)) == rounded


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1, 1, 1], ["33.4", "33.3", "33.3"]),
        ([17, 5, 2, 1], ["68.0", "20.0", "8.0", "4.0"]),
        ([1] * 7, ["14.3"] * 6 + ["14.2"]),
        ([0, 5], ["0.0", "100.0"]),
        ([0, 0], ["0", "0"]),
        ([], []),
    ],
)
def test_shares_add_up_to_exactly_100(numbers: list[int], expected: list[str]) -> None:
    found = shares(numbers)
    assert list(map(str, found)) == expected
    assert sum(found) == (100 if any(numbers) else 0)


def test_a_share_in_words() -> None:
    assert [percent_words(1, 3), percent_words(0, 3), percent_words(0, 0)] == ["33.3%", "0.0%", "—"]
