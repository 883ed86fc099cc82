"""What was made lately, kept while it does not take much memory."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

__all__ = ["Recent"]

Made = TypeVar("Made")


class Recent(Generic[Made]):
    """Values by the key that they were made of: those asked for last, while together they weigh at most ``most``.

    What was made must never be changed, and its key must tell everything that it was made of.
    """

    def __init__(self, weigh: Callable[[Made], int], most: int) -> None:
        self._weigh, self._most = weigh, most
        self._kept: OrderedDict[Hashable, tuple[Made, int]] = OrderedDict()
        self._total = 0
        self._lock = Lock()

    def recall(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what was made of this key, made now if it is not kept; an error of ``make`` is raised anew each time.

        Threads may make the same at once; one of the results is kept.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key][0]
        made = make()
        self._keep(key, made, self._weigh(made))
        return made

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._kept.clear()
            self._total = 0

    def _keep(self, key: Hashable, made: Made, weight: int) -> None:
        if weight > self._most:
            return
        with self._lock:
            if key in self._kept:
                return
            self._kept[key] = made, weight
            self._total += weight
            while self._total > self._most:
                _, (_, gone) = self._kept.popitem(last=False)
                self._total -= gone
