"""Files beside a report: links to rows of the ledger and to the other leaders' workbook, relative to the report."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from taizhang.ledger.model import Ledger
from taizhang.workbook.places import quoted_sheet

__all__ = ["Beside", "find_beside"]

LONGEST_PATH = 1000
"""The longest path that is linked: Excel takes links of 2080 characters, and each may become three."""

_ESCAPED = {each: f"%{ord(each):02X}" for each in '%#"<>[]^`{} '}
"""What a link's path may not hold as it is; ``%`` comes first."""


@dataclass(frozen=True, slots=True)
class Beside:
    """What a leaders' workbook can link to, without knowing where any of it is kept.

    ``ledger`` is the path of the ledger from the report's folder; ``overview`` and ``special`` are the names of
    整改进展一览 and 专项一览 in that folder. Each is empty if it cannot be linked. By the name that a register's form
    gives its sheet, ``sheets`` has the sheet in the ledger, ``boards`` the sheet of the first board in 专项一览.
    """

    ledger: str = ""
    overview: str = ""
    special: str = ""
    sheets: Mapping[str, str] = field(default_factory=dict)
    boards: Mapping[str, str] = field(default_factory=dict)

    def ledger_row(self, register: str, row: int) -> str:
        """Return the link to a row (from 1) of a register in the ledger; empty if there is none."""
        sheet = self.sheets.get(register, "")
        return _link(self.ledger, sheet, f"A{row}") if row else ""

    def board(self, register: str) -> str:
        """Return the link to a register's first board in 专项一览; empty if there is none."""
        return _link(self.special, self.boards.get(register, ""), "A1")

    def figures(self, row: int) -> str:
        """Return the link to a row (from 1) of 登记表指标 in 整改进展一览; empty if there is none."""
        return _link(self.overview, "登记表指标", f"B{row}")


def find_beside(ledger: Ledger, report: Path, special: Path | None, boards: Mapping[str, str]) -> Beside:
    """Return what the workbook ``report`` and, if it is made, ``special`` in the same folder can link to."""
    try:
        path = os.path.relpath(ledger.path.resolve(), report.parent.resolve())
    except ValueError:  # on another drive of Windows: a link with a drive's letter would hold on one machine only
        path = ""
    return Beside(
        ledger=path.replace(os.sep, "/") if len(path) <= LONGEST_PATH else "",
        overview=report.name,
        special=special.name if special else "",
        sheets={each.form.sheet: each.sheet.name for each in ledger.registers.values()},
        boards=boards if special else {},
    )


def _link(path: str, sheet: str, cell: str) -> str:
    if not path or not sheet:
        return ""
    for each, code in _ESCAPED.items():
        path = path.replace(each, code)
    return f"external:{path}#{quoted_sheet(sheet)}!{cell}"
