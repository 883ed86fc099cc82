"""Run the checks on a ledger of a few rows: findings as (cell, check)."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from taizhang.checks import check_ledger
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.splice import SetCell, patch

AS_OF = date(2022, 3, 31)


def as_read(ledger: Path | Ledger) -> Ledger:
    """Return the ledger in a file as it is read; one that was made in memory is."""
    return ledger if isinstance(ledger, Ledger) else read_ledger(ledger, standard_forms())


def found(ledger: Path | Ledger, as_of: date = AS_OF) -> list[tuple[str, str]]:
    """Return (cell, check) of everything found in a ledger, in the order of sheets and rows."""
    findings = check_ledger(as_read(ledger), as_of)
    return sorted((each.place.cell, each.check) for each in findings)


def typed(ledger: Path, cell: tuple[int, int], value: Any, sheet: str = "整改任务") -> Path:
    """Type a value into a cell (row, column) of the ledger."""
    ledger.write_bytes(patch(ledger.read_bytes(), [SetCell(sheet, *cell, value)])[0])
    return ledger


CLOSEOUT: dict[str, Any] = {
    "code": "XH-001",
    "task": "RW-001",
    "department": "财务处",
    "applied": date(2022, 3, 1),
    "applicant": "综合科科长",
    "evidence": "印发件",
    "evidence_count": 1,
    "against": "1. 印发办法：已印发",
    "first_review": "通过",
    "reviewer": "整改办主任",
    "leader_date": date(2022, 3, 15),
    "committee_date": date(2022, 3, 20),
    "conclusion": "同意销号",
}


CLOSED: dict[str, Any] = {"status": "已销号", "progress": 100, "evidence": "印发件"}
