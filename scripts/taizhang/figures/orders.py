"""The orders in which lists of tasks stand: worst light first."""

from __future__ import annotations

from taizhang.ledger.vocabulary import Light
from taizhang.supervision.tasks import Task

__all__ = ["by_light"]

_WORST_FIRST = {light: place for place, light in enumerate(Light)}


def by_light(task: Task) -> int:
    """Return the place of a task's light, worst first."""
    return _WORST_FIRST[task.light]
