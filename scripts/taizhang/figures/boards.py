"""The boards of a day: the values behind the sheets that show what is owed, by whom, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.figures.continuing import ReviewBoard, review_board
from taizhang.figures.recurring import RecurringBoard, recurring_board
from taizhang.ledger.model import Ledger
from taizhang.supervision.reviews import read_reviews
from taizhang.supervision.tasks import Task

__all__ = ["Boards", "make_boards"]


@dataclass(frozen=True)
class Boards:
    """The boards of one day, one per sheet."""

    recurring: RecurringBoard
    reviews: ReviewBoard


def make_boards(ledger: Ledger, as_of: date, every: Sequence[Task]) -> Boards:
    """Return the boards of a ledger on a day; ``every`` are all its tasks, principles included."""
    counted = [task for task in every if task.counted]
    return Boards(
        recurring=recurring_board(counted, as_of.year),
        reviews=review_board(counted, read_reviews(ledger), as_of),
    )
