"""The ledger as of a day, and the ledgers of the month ends before it for comparison."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from taizhang.history import days
from taizhang.ledger.model import Ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.system.files import StoreError
from taizhang.typed.dates import month_before

__all__ = ["ledger_on", "month_ends"]

MONTHS_SHOWN = 12


def ledger_on(ledger: Ledger, day: date, today: date) -> tuple[Ledger, str]:
    """Return the ledger as it was at the end of ``day``, and a sentence naming the state that was used.

    If the history has no state for a past day, the current ledger is returned and the sentence says so. The sentence is
    empty if the day is not past or if nothing has changed since.
    """
    if day >= today:
        return ledger, ""
    then = days.ledger_as_of(ledger.path, ledger.forms, day)
    if then is None:
        return ledger, f"history 里没有 {day} 的台账，按现在的台账推算到那一天。"
    if then.book.sha256 == ledger.book.sha256:
        return ledger, ""
    when = days.known_entries(ledger.path, day)[-1].time.replace("T", " ")
    return then, f"用的是 {when} 留存的台账，此后的改动不计；要把以后补报的也算进去，请加 --current。"


def month_ends(path: Path, day: date) -> tuple[list[tuple[date, Ledger]], list[date]]:
    """Return (month end, ledger) for the twelve months before a day, oldest first, and the ends with nothing recorded.

    The second list holds the month ends in whose month nothing was recorded: their ledger is of an earlier month.
    Month ends whose state is unknown, lost, or lacks a needed sheet or column are left out.
    """
    forms = forms_beside(path)
    known, filled, end = [], [], day
    for _ in range(MONTHS_SHOWN):
        end = month_before(end)
        with suppress(StoreError):
            ledger = days.ledger_as_of(path, forms, end)
            if ledger and not ledger.broken:
                known.append((end, ledger))
                entries = days.known_entries(path, end)
                if entries and not entries[-1].time.startswith(f"{end:%Y-%m}"):
                    filled.append(end)
    return known[::-1], filled
