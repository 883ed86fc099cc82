"""Where an item stands in a report, and how what stands under it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from taizhang.draft.headings import Section
from taizhang.draft.measures import Task
from taizhang.draft.nodes import Node
from taizhang.draft.reasons import SAID_TOGETHER
from taizhang.ledger.vocabulary import Status

__all__ = ["Place", "ReadWithin"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: in which part, under which aspect, problems and group, and how deep.

    ``listed`` is whether all items here are measures, taken or to be taken, since a label or a problem above says so.
    ``named`` is whether most items here that have a label of problems under them name a failing themselves.
    ``answers`` is what says that the items here answer the problems: order, number, or that they stand together.
    ``state`` is the state of all that is here, if a heading says it (已完成整改的问题).
    """

    part: Section | None = None
    aspect: int | None = None
    problems: tuple[int, ...] = ()
    group: str = ""
    depth: int = 0
    title: str = ""
    listed: bool = False
    answers: str = SAID_TOGETHER
    state: Status | None = None
    named: bool = False

    @property
    def task(self) -> Task:
        """What measures here are read under."""
        return Task(self.group, self.problems, taken=self.part == "progress", answers=self.answers)

    def inside(self, **changes: object) -> Place:
        """Return the place one level deeper, with these changes."""
        return replace(self, depth=self.depth + 1, **changes)  # type: ignore[arg-type]


class ReadWithin(Protocol):
    """Reads what stands under an item in order, each with the reader of what it is.

    ``own`` is the index of the first of the measures that the item itself names.
    """

    def __call__(self, children: Sequence[Node], place: Place, own: int | None = None) -> None:
        """Read the children of an item at a place."""
