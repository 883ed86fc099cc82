"""The public functions for scripts and notebooks: open a ledger, check it, merge returns, compute metrics.

The commands call the same functions; ``docs/api.md`` has an example. Figures and findings are frozen; the plans of the
departments inside a merge plan are built up while planning. Two exceptions are raised: ``CannotRun`` if nothing was
done, ``PartlyDone`` (a CannotRun) if a part was written; their text is Chinese and gives reason and cure.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.transactions.errors import CannotRun, PartlyDone, refusals_explained

if TYPE_CHECKING:
    from taizhang.figures.metrics import Metrics
    from taizhang.ledger.findings import Finding
    from taizhang.ledger.model import Ledger
    from taizhang.transactions.merge import Merged, MergePlan

__all__ = ["CannotRun", "PartlyDone", "apply", "metrics", "open_ledger", "plan_merge", "validate"]


def open_ledger(path: str | Path, *, record: bool = False) -> Ledger:
    """Read a ledger, with the last known results of formulas that have none.

    Nothing is written, unless ``record`` is set: then hand edits since the last command are journalled, as each
    command does first. ``apply`` always does so.
    """
    from taizhang.system.clock import stamp
    from taizhang.system.files import resolve_links
    from taizhang.transactions import opening

    path = Path(path)
    if path.is_symlink():
        path = resolve_links(path)  # so that both names have one history
    with refusals_explained(path):
        return opening.open_ledger(path, stamp(), record=record)[0]


def validate(ledger: Ledger, day: date | None = None, *, against: Sequence[Ledger] = ()) -> tuple[Finding, ...]:
    """Return every finding of a ledger on a day (default: today), sorted by place.

    Each has its location, the problem and the cure. ``against`` are ledgers of past years: problems that they name too
    are among the findings.
    """
    from taizhang.checks import check_ledger
    from taizhang.checks.again import check_problem_again
    from taizhang.history.evidence import evidence_findings
    from taizhang.ledger.findings import sort_findings
    from taizhang.system.clock import stamp

    on = day or stamp().date()
    again = check_problem_again(ledger, against, on) if against else ()
    return tuple(sort_findings([*check_ledger(ledger, on), *evidence_findings(ledger, on), *again]))


def plan_merge(
    ledger: Ledger,
    files: Sequence[str | Path] = (),
    *,
    period: str | None = None,
    department: str | None = None,
    everything: bool = False,
) -> MergePlan:
    """Read returned files, or folders of them, and plan their merge; writes nothing.

    By default it reads 报送 beside the ledger. The plan has ``totals``, ``changes``, ``conflicts``, ``findings`` and
    ``returns``. Without ``period`` the period issued last is merged, and new files of others; with ``everything`` all
    files of all periods. ``department`` is the department, branch or part that you vouch for, with ``period``, if a
    file has lost its identity.
    """
    from taizhang.transactions.merge import plan_merge as plan

    with refusals_explained(ledger.path):
        paths = [Path(each) for each in files]
        return plan(ledger, paths, period=period, vouched=department, everything=everything)


def apply(plan: MergePlan) -> Merged:
    """Write a plan under the ledger's lock: the ledger, the bases and the replies, journalled as a merge.

    Raises CannotRun if the ledger has changed since it was opened. If the ledger is written but a reply could not be,
    nothing is raised: ``Merged.left`` says which, and why.
    """
    from taizhang.system.clock import stamp
    from taizhang.transactions.merge import apply_merge

    with refusals_explained(plan.ledger.path):
        return apply_merge(plan, stamp())


def metrics(ledger: Ledger, day: date, *, current: bool = False) -> Metrics:
    """Return the numbers of a day, as in the report; shares are exact fractions.

    For a past day they are computed from the state that the history kept then, or with ``current`` from the present
    ledger.
    """
    from taizhang.figures.day import ledger_on, month_ends
    from taizhang.figures.metrics import compute_metrics
    from taizhang.history.reporting import reporting, words_from
    from taizhang.system.clock import stamp
    from taizhang.transactions.opening import refuse_broken

    with refusals_explained(ledger.path):
        then = ledger if current else ledger_on(ledger, day, stamp().date())[0]
        refuse_broken(then)
        returns, words = reporting(then.path, then.settings, day), words_from(then, day)
        return compute_metrics(then, day, *month_ends(then.path, day), returns=returns, words_from=words)
