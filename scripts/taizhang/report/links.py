"""The row of each task on the sheets that list it, so that links lead to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.figures.metrics import Metrics
from taizhang.report.layout import BODY

__all__ = ["ALERTS", "DETAILS", "SheetRows", "sheet_rows"]

ALERTS, DETAILS = "逾期预警", "措施台账"


@dataclass(frozen=True, slots=True)
class SheetRows:
    """Rows (0-based) by sheet and task code."""

    rows: Mapping[str, Mapping[str, int]]

    def link(self, sheet: str, code: str) -> str:
        """Return the link to a task's row on a sheet."""
        return f"internal:'{sheet}'!B{self.rows[sheet][code] + 1}"


def sheet_rows(m: Metrics) -> SheetRows:
    """Return the rows of all tasks: alerts by urgency, details in ledger order."""
    return SheetRows(
        {
            ALERTS: {task.code: row for row, task in enumerate(m.exceptions, BODY)},
            DETAILS: {task.code: row for row, task in enumerate(m.tasks, BODY)},
        }
    )
