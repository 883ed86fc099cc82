"""Shares, percentages and rounding: exact while computed and compared, rounded once, for display."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

__all__ = ["Number", "percent", "percent_words", "round_half_up", "share", "shares"]

Number: TypeAlias = int | Decimal | Fraction
"""An exact number; floats are not allowed here."""


def share(part: Number, whole: Number) -> Fraction | None:
    """Return part / whole exactly (all of it is 1); None if whole is 0."""
    return Fraction(part) / Fraction(whole) if whole else None


def round_half_up(number: Number, places: int = 0) -> Decimal:
    """Round to ``places`` decimals, ties away from zero (四舍五入), as Excel does.

    Python's own rounding takes ties to the even digit.
    """
    scaled = abs(Fraction(number)) * 10**places
    whole = Decimal(int(scaled + Fraction(1, 2))).scaleb(-places)
    return -whole if number < 0 else whole


def percent(part: Number | None, whole: Number = 1) -> int | None:
    """Return part of whole as the whole per cent to print; None if part is None or whole is 0.

    Ties round away from zero, but only nothing is 0 and only all is 100: 1 of 300 is 1, 299 of 300 is 99, 301 of 300 is
    101.
    """
    exact = None if part is None else share(part, whole)
    if exact is None or exact in (0, 1):
        return None if exact is None else int(exact * 100)
    if exact < 0:
        return -(percent(-exact) or 0)
    rounded = int(round_half_up(exact * 100))
    return max(rounded, 101) if exact > 1 else min(max(rounded, 1), 99)


def shares(numbers: Sequence[Number], places: int = 1) -> tuple[Decimal, ...]:
    """Return each number's share of the sum in per cent with ``places`` decimals; together they are exactly 100.

    Rounded down, then the largest remainders get the missing steps, the first of equal ones. All 0 if the sum is 0.
    """
    whole, steps = sum((Fraction(number) for number in numbers), Fraction(0)), 100 * 10**places
    if not whole:
        return tuple(Decimal(0) for _ in numbers)
    exact = [Fraction(number) * steps / whole for number in numbers]
    floors = [each.numerator // each.denominator for each in exact]
    order = sorted(range(len(exact)), key=lambda place: floors[place] - exact[place])
    for place in order[: steps - sum(floors)]:
        floors[place] += 1
    return tuple(Decimal(each).scaleb(-places) for each in floors)


def percent_words(part: Number, whole: Number, places: int = 1) -> str:
    """Return a share as words: 93.3%; a dash if whole is 0."""
    exact = share(part, whole)
    return "—" if exact is None else f"{round_half_up(exact * 100, places):f}%"
