"""How much is tried: by default enough to see that a thing broke, with TAIZHANG_THOROUGH=1 everything there is.

Tests that draw at random, print many pages, or stop work at every one of its points, ask here.
"""

from __future__ import annotations

import os
from collections.abc import Hashable, Iterable
from typing import TypeVar

__all__ = ["THOROUGH", "few_or_all", "spread"]

THOROUGH = os.environ.get("TAIZHANG_THOROUGH", "") not in ("", "0")
"""Whether everything is to be tried."""

Thing = TypeVar("Thing")


def few_or_all(few: int, every: int) -> int:
    """Return how many are to be tried."""
    return every if THOROUGH else few


def spread(things: Iterable[tuple[Hashable, Thing]], step: int) -> list[Thing]:
    """Return the first of each kind, the last, and every ``step``-th of these (kind, thing).

    Where the steps begin follows from how many there are, so that other points are met whenever the work changes.
    """
    found, seen = list(things), set()
    chosen = []
    for number, (kind, thing) in enumerate(found):
        if kind not in seen or number % step == len(found) % step or number == len(found) - 1:
            chosen.append(thing)
        seen.add(kind)
    return chosen
