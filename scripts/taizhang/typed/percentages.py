"""Percentages and other figures: exact while they are computed and compared, rounded once, here, when they are shown."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

__all__ = ["Number", "percent", "round_half_up", "share"]

Number: TypeAlias = int | Decimal | Fraction
"""A number that is exact; a float has no place here."""


def share(part: Number, whole: Number) -> Fraction | None:
    """Return part of whole exactly, 1 for all of it; None where there is no whole."""
    return Fraction(part) / Fraction(whole) if whole else None


def round_half_up(number: Number, places: int = 0) -> Decimal:
    """Return a number with so many decimals, 5 rounded away from zero (四舍五入), as Excel does; Python rounds it to the even digit."""
    scaled = abs(Fraction(number)) * 10**places
    whole = Decimal(int(scaled + Fraction(1, 2))).scaleb(-places)
    return -whole if number < 0 else whole


def percent(part: Number | None, whole: Number = 1) -> int | None:
    """Return part of whole as the per cent that is printed; None where there is no part or no whole.

    Rounded half up, but 0 stands only for nothing and 100 only for all: 1 of 300 is 1, 299 of 300 is 99, 301 of 300 is 101.
    """
    exact = None if part is None else share(part, whole)
    if exact is None or exact in (0, 1):
        return None if exact is None else int(exact * 100)
    if exact < 0:
        return -(percent(-exact) or 0)
    rounded = int(round_half_up(exact * 100))
    return max(rounded, 101) if exact > 1 else min(max(rounded, 1), 99)
