"""The boards of a day: the values behind the sheets that show what is owed, by whom, and what has changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.checks import check_ledger
from taizhang.figures.changes import ChangeBoard, change_board
from taizhang.figures.continuing import ReviewBoard, review_board
from taizhang.figures.coverage import Snapshot
from taizhang.figures.gaps import GapBoard, Quality, gap_board, measure_quality
from taizhang.figures.leaders import LeadersBoard, leaders_board
from taizhang.figures.measure_groups import GroupBoard, group_board
from taizhang.figures.recurring import RecurringBoard, recurring_board
from taizhang.figures.returned import ReturnsBoard, returns_board
from taizhang.history.reporting import PeriodReturn
from taizhang.ledger.model import Ledger
from taizhang.supervision.closeouts import standings_on
from taizhang.supervision.contradictions import open_contradictions
from taizhang.supervision.extensions import read_extensions
from taizhang.supervision.reviews import read_reviews
from taizhang.supervision.tasks import Task

__all__ = ["Boards", "make_boards"]


@dataclass(frozen=True)
class Boards:
    """The boards of one day, one per sheet."""

    leaders: LeadersBoard
    changes: ChangeBoard
    recurring: RecurringBoard
    reviews: ReviewBoard
    returns: ReturnsBoard
    groups: GroupBoard
    gaps: GapBoard
    quality: Quality


def make_boards(
    ledger: Ledger,
    as_of: date,
    every: Sequence[Task],
    before: Sequence[Snapshot],
    last: Ledger | None,
    returns: Sequence[PeriodReturn],
) -> Boards:
    """Return the boards of a ledger on a day.

    ``every`` are all its tasks, principles included; ``before`` are the earlier days known, oldest first, and ``last``
    is the ledger of the last of them. ``returns`` is the record of what departments returned.
    """
    counted = [task for task in every if task.counted]
    then = {each.task.code for each in open_contradictions(last, before[-1].day)} if last and before else frozenset()
    now = {each.task.code: each for each in open_contradictions(ledger, as_of)}
    new = {code: each for code, each in now.items() if code not in then}
    decisions = standings_on(ledger, as_of)
    return Boards(
        leaders=leaders_board(counted, ledger.settings.posts, now),
        changes=change_board(every, before, read_extensions(ledger), decisions, new),
        recurring=recurring_board(counted, as_of.year),
        reviews=review_board(counted, read_reviews(ledger), as_of),
        returns=returns_board(returns, ledger.dissolved),
        groups=group_board(ledger, as_of, every),
        gaps=gap_board(every),
        quality=measure_quality(ledger, check_ledger(ledger, as_of), ledger.forms),
    )
