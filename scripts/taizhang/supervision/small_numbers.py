"""Small numbers: groups so small that their number tells about persons are withheld, and others with them.

A group of 1 to 4 is printed as <5. If the printed total and the other groups would give it away, further groups are
withheld, until each withheld number could be another one just as well.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

__all__ = ["LEAST", "withheld"]

LEAST = 5
"""The least number of people that is shown; 0 is shown too, since it is about nobody."""


def withheld(numbers: Sequence[int], least: int, also: frozenset[int] = frozenset()) -> frozenset[int] | None:
    """Return the places of the groups to withhold, beside a printed total; None if no group may be printed at all.

    Groups from 1 to ``least`` - 1 are small. Whoever reads the rest knows which of the withheld ones are small, and
    that the others are 0 or at least ``least``. ``also`` are places that are withheld in any case,
    because of other numbers; that one of them is 0 may be known.
    """
    small = frozenset(n for n, number in enumerate(numbers) if 0 < number < least)
    hidden = small | {n for n in also if numbers[n]}
    while hidden and any(_is_given_away(numbers, least, small, hidden, n) for n in hidden):
        rest = [n for n, number in enumerate(numbers) if number >= least and n not in hidden]
        if not rest:
            return None
        hidden |= {min(rest, key=lambda n: (numbers[n], n))}
    return hidden | also


def _is_given_away(
    numbers: Sequence[int], least: int, small: frozenset[int], hidden: frozenset[int], place: int
) -> bool:
    """Whether only one number of this withheld group fits the sum of all withheld ones."""
    total = sum(numbers[n] for n in hidden)
    reachable = 1  # bit s is set if the other withheld groups can add up to s
    for n in hidden - {place}:
        if n in small:
            reachable = _any_of(reachable << each for each in range(1, least))
        else:
            lowest = (reachable & -reachable).bit_length() - 1 + least
            reachable |= -1 << lowest
        reachable &= (1 << total + 1) - 1
    own = range(1, least) if place in small else (0, *range(least, total + 1))
    fitting = (value for value in own if value <= total and reachable >> (total - value) & 1)
    return next(fitting, None) is None or next(fitting, None) is None


def _any_of(masks: Iterable[int]) -> int:
    found = 0
    for mask in masks:
        found |= mask
    return found
