"""Shares, percentages and rounding: exact while computed and compared, rounded once, for display."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

__all__ = ["Number", "percent", "round_half_up", "share"]

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
