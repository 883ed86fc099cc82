"""Continuing tasks (长期复核): the last review of each, when the next one is due, and which were held in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.figures.orders import by_light
from taizhang.ledger.vocabulary import ReviewFinding, Status
from taizhang.supervision.reviews import Review
from taizhang.supervision.tasks import Task

__all__ = ["ReviewBoard", "ReviewLine", "review_board"]


@dataclass(frozen=True, slots=True)
class ReviewLine:
    """One continuing task and its last review, None if there was none."""

    task: Task
    last: Review | None

    @property
    def overdue(self) -> int:
        """Days since the review was due; 0 if it is not overdue, or if no review is planned."""
        return self.task.review.overdue if self.task.review else 0

    @property
    def finding(self) -> ReviewFinding | None:
        """What the last review found; None if there was none."""
        return self.last.finding if self.last else None


@dataclass(frozen=True, slots=True)
class ReviewBoard:
    """The continuing tasks that are not struck off, worst light first.

    ``due`` and ``in_time`` count their reviews so far.
    """

    lines: tuple[ReviewLine, ...]
    due: int
    in_time: int

    @property
    def overdue(self) -> tuple[ReviewLine, ...]:
        """The tasks whose review is overdue."""
        return tuple(line for line in self.lines if line.overdue)

    @property
    def never(self) -> tuple[ReviewLine, ...]:
        """The tasks that were never reviewed."""
        return tuple(line for line in self.lines if line.last is None)

    @property
    def unplanned(self) -> tuple[ReviewLine, ...]:
        """The tasks whose next review cannot be computed: no interval, or no start and no year."""
        return tuple(line for line in self.lines if line.task.review is None)

    def found(self, finding: ReviewFinding) -> int:
        """Return how many tasks have this finding as their last."""
        return sum(line.finding is finding for line in self.lines)


def review_board(tasks: Iterable[Task], reviews: Mapping[str, Sequence[Review]], as_of: date) -> ReviewBoard:
    """Return the board of the continuing tasks among ``tasks``; ``reviews`` are the rows of 〈复核记录〉 by task.

    A task that a review found to have relapsed (反弹) stays on it, although it is open again.
    """
    lines = []
    for task in tasks:
        held = sorted(
            (each for each in reviews.get(task.code, ()) if each.day and each.finding and each.day <= as_of),
            key=lambda each: each.day or as_of,
        )
        line = ReviewLine(task, held[-1] if held else None)
        relapsed = line.finding is ReviewFinding.RELAPSED
        if (task.continuing or relapsed) and task.status is not Status.STRUCK_OFF:
            lines.append(line)
    states = [line.task.review for line in lines if line.task.review]
    return ReviewBoard(
        lines=tuple(sorted(lines, key=lambda line: (by_light(line.task), -line.overdue, line.task.code))),
        due=sum(state.due for state in states),
        in_time=sum(state.in_time for state in states),
    )
