"""What asks somebody to act on a day: contradictions, waiting steps, re-checks, applications, requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import Light
from taizhang.supervision.closeouts import RecheckDue, read_closeouts, recheck_due, standings_on
from taizhang.supervision.contradictions import Contradiction, contradictions, judge_proofs
from taizhang.supervision.due_items import DueItem, find_due_items
from taizhang.supervision.extensions import Extension
from taizhang.supervision.proof_results import ProofResult
from taizhang.supervision.tasks import Task

__all__ = ["Attention", "find_rechecks", "gather_attention"]


@dataclass(frozen=True)
class Attention:
    """The lists of one day, each empty if there is nothing to act on; ``proofs`` are the results by task code.

    - ``contradicted``: tasks reported done, applied for or closed that the ledger does not bear out; those that the
      office has neither answered nor only proposed come first (``unanswered``).
    - ``waiting``: applications to close a task, over the limit first, then the longest wait.
    - ``rechecks``: closed tasks whose 回头看 may be held or is overdue, the earliest last day first.
    - ``pending``, ``refused`` and ``asked_late``: applications for an extension or a pause without a decision, those
      refused, and those made after the deadline; of tasks that are not closed.
    - ``returned``: open tasks whose application was sent back, most often first.
    - ``due_items``: what registers say is overdue, the longest first.
    - ``asking``: open tasks whose department asks for coordination (需协调事项), worst light first.
    """

    proofs: Mapping[str, tuple[ProofResult, ...]]
    contradicted: tuple[Contradiction, ...]
    waiting: tuple[Task, ...]
    rechecks: tuple[tuple[Task, RecheckDue], ...]
    pending: tuple[tuple[Task, Extension], ...]
    refused: tuple[tuple[Task, Extension], ...]
    asked_late: tuple[tuple[Task, Extension], ...]
    returned: tuple[Task, ...]
    asking: tuple[Task, ...]
    due_items: tuple[DueItem, ...]

    @property
    def unanswered(self) -> tuple[Contradiction, ...]:
        """The contradictions by confirmed proofs for which the office has given no reason."""
        return tuple(each for each in self.contradicted if each.unanswered)

    @property
    def overdue_steps(self) -> int:
        """The number of applications that wait longer than the limit of their step."""
        return sum(bool(task.waiting and task.waiting.over) for task in self.waiting)

    def overdue_rechecks(self, as_of: date) -> int:
        """Return how many re-checks are past their last day."""
        return sum(due.last < as_of for _, due in self.rechecks)


def gather_attention(ledger: Ledger, as_of: date, tasks: Sequence[Task]) -> Attention:
    """Return the lists of a day; ``tasks`` are those that count."""
    open_tasks = [task for task in tasks if not task.closed]
    order = list(Light)
    return Attention(
        proofs=judge_proofs(ledger, as_of),
        contradicted=tuple(sorted(contradictions(ledger, as_of), key=lambda each: not each.unanswered)),
        waiting=tuple(sorted((task for task in tasks if task.waiting), key=_by_wait)),
        rechecks=tuple(sorted(find_rechecks(ledger, as_of, tasks), key=lambda each: (each[1].last, each[0].code))),
        pending=tuple((task, each) for task in open_tasks for each in task.term.pending),
        refused=tuple((task, each) for task in open_tasks for each in task.term.refused),
        asked_late=tuple((task, each) for task in open_tasks for each in task.term.applied_late),
        returned=tuple(sorted((task for task in open_tasks if task.rounds), key=lambda task: -task.rounds)),
        asking=tuple(
            sorted(
                (task for task in open_tasks if task.help_needed),
                key=lambda task: (order.index(task.light), -task.overdue, task.code),
            )
        ),
        due_items=tuple(each for each in find_due_items(ledger, as_of) if each.overdue),
    )


def _by_wait(task: Task) -> tuple[bool, int, str]:
    waiting = task.waiting
    assert waiting
    return (not waiting.over, -(waiting.days or 0), task.code)


def find_rechecks(ledger: Ledger, as_of: date, tasks: Sequence[Task]) -> list[tuple[Task, RecheckDue]]:
    """Return the re-checks due of the close-outs in force."""
    standing = standings_on(ledger, as_of)
    by_code = {task.code: task for task in tasks if task.closed}
    found = []
    for closeout in read_closeouts(ledger):
        task = by_code.get(closeout.task)
        if task and standing[task.code].last.code == closeout.code:
            due = recheck_due(closeout, as_of, ledger.settings.thresholds)
            found += [(task, due)] if due else []
    return found
