"""The checks of a ledger: each a function that yields findings and does no I/O.

``CHECKS`` lists them in stages: structure first (found while reading), then cells, rows, and across registers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache

from taizhang.checks import cells, closeouts, crossing, done_days, duties, extensions, periods, shares, tasks
from taizhang.checks.next_year import check_next_year
from taizhang.checks.proofs import check_contradictions, check_proof_rows
from taizhang.checks.ranges import check_print_area, check_short_ranges
from taizhang.checks.rules import check_rules
from taizhang.checks.wording import check_vague_measures, check_vague_updates
from taizhang.ledger.findings import Finding
from taizhang.ledger.model import Ledger

__all__ = ["CHECKS", "ROW_CHECKS", "check_ledger"]

CHECKS: tuple[Callable[[Ledger, date], Iterable[Finding]], ...] = (
    cells.check_cells,
    cells.check_codes,
    cells.check_owner,
    cells.check_settings_formulas,
    cells.check_settings_personal,
    tasks.check_date_order,
    tasks.check_deadline_words,
    tasks.check_review_missing,
    tasks.check_evidence_missing,
    tasks.check_done_progress,
    tasks.check_supplement,
    tasks.check_principle,
    check_vague_measures,
    check_vague_updates,
    extensions.check_deadline_changed,
    shares.check_part_over_whole,
    done_days.check_done_days,
    periods.check_period_overlap,
    closeouts.check_closeout_missing,
    closeouts.check_closeout_open,
    closeouts.check_closeout_steps,
    closeouts.check_closeout_owing,
    closeouts.check_same_post,
    extensions.check_extensions,
    duties.check_counts,
    duties.check_fulfilments,
    duties.check_reviews,
    crossing.check_unassigned,
    crossing.check_problem_uncovered,
    crossing.check_references,
    check_rules,
    check_proof_rows,
    check_contradictions,
    check_short_ranges,
    check_print_area,
    check_next_year,
)

ROW_CHECKS: tuple[Callable[[Ledger, date], Iterable[Finding]], ...] = (
    tasks.check_date_order,
    tasks.check_done_progress,
    check_vague_updates,
    shares.check_part_over_whole,
    closeouts.check_closeout_steps,
    closeouts.check_same_post,
    extensions.check_extensions,
    duties.check_fulfilments,
)
"""The checks of ``CHECKS`` that need only a row that departments fill and the rows about the same task.

A merge asks them about returned rows; the cells of these are checked one by one.
"""


@lru_cache(maxsize=2)
def check_ledger(ledger: Ledger, as_of: date) -> tuple[Finding, ...]:
    """Return every finding of a ledger: those of reading it, then those of every check.

    Kept, because a command asks for them more than once, and reading every cell takes long.
    """
    return (*ledger.findings, *(finding for check in CHECKS for finding in check(ledger, as_of)))
