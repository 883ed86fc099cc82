"""Checks of the days on which something was done, in registers other than those about tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.checks.cures import WRONG_DATE
from taizhang.forms.register_names import CLOSEOUTS, EXTENSIONS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger

__all__ = ["check_done_days"]

_CHECKED_ELSEWHERE = (CLOSEOUTS, EXTENSIONS)
"""Registers whose steps have a check of their own."""


def check_done_days(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report rows that say something was done on a day yet to come: no figure takes it as done."""
    for name, register in ledger.registers.items():
        if name in _CHECKED_ELSEWHERE:
            continue
        for key in register.form.done_columns:
            if key not in register.columns:
                continue
            title = register.form.column(key).title
            for record in register.records:
                day = ledger.meaning(register, record, key)
                if isinstance(day, date) and day > as_of:
                    problem = f"{title} {day} 晚于统计日 {as_of}，到那天才算办了；"
                    place = register.place(record, key)
                    yield Finding(place, Check.DONE_FUTURE, problem, Severity.WARNING, cure=WRONG_DATE)
