"""Drafting a new ledger from a report.

``plan_draft`` reads the report and writes nothing; ``apply_draft`` writes the ledger (``new.py``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from taizhang.draft import Draft, SourceError, draft_file
from taizhang.draft.ledger_rows import events_in, ledger_rows
from taizhang.draft.proofs import standard_proposals
from taizhang.forms.load import standard_forms
from taizhang.ledger.create import default_settings
from taizhang.system.file_names import file_name
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.new import apply_new, first_forms

__all__ = ["DraftPlan", "apply_draft", "plan_draft"]


@dataclass(frozen=True, eq=False)
class DraftPlan:
    """A ledger that is planned and not written: the draft of the report, and the rows of its sheets.

    ``rows`` are by register (form name), ``settings`` by block of 参数.
    """

    found: Draft
    rows: Mapping[str, Sequence[Mapping[str, Any]]]
    settings: Mapping[str, Sequence[Mapping[str, Any]]]


def plan_draft(source: Path, unit: str, year: int) -> DraftPlan:
    """Read a report and plan the ledger of a unit for a year.

    Raises CannotRun if it cannot be read or is no such report.
    """
    try:
        found = draft_file(source)
    except SourceError as error:
        raise CannotRun(str(error)) from None
    rows = ledger_rows(found, standard_forms(), standard_proposals())
    if not found.problems and not found.measures:
        raise CannotRun(
            f"{file_name(source)} 里没有读到问题和措施，请核对是不是对照检查材料，标题是否写着“存在问题”“整改措施”。"
        )
    aspects = [(aspect.title, aspect.short_title) for aspect in found.aspect_heads]
    return DraftPlan(found, rows, default_settings(unit, year, aspects, events_in(found)))


def apply_draft(plan: DraftPlan, ledger: Path, now: datetime) -> None:
    """Write the ledger and its first journal entry; raises PartlyDone if only the ledger could be written."""
    apply_new(ledger, first_forms(ledger), plan.rows, plan.settings, now)
