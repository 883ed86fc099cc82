"""The numbers of a day: which state of the ledger they are computed from, and the month ends they are compared with."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path

from taizhang.forms.load import standard_forms
from taizhang.history import days
from taizhang.ledger.model import Ledger
from taizhang.system.files import StoreError
from taizhang.typed.dates import month_before

__all__ = ["ledger_on", "month_ends"]

MONTHS_SHOWN = 12


def ledger_on(ledger: Ledger, day: date, today: date) -> tuple[Ledger, str]:
    """Return the ledger as it was at the end of a day that is past, and a sentence on which state that is.

    If the history does not know that day the ledger of now is returned, and the sentence says so. The sentence is empty if
    the day is not past or nothing has changed since.
    """
    if day >= today:
        return ledger, ""
    then = days.ledger_as_of(ledger.path, standard_forms(), day)
    if then is None:
        return ledger, f"history 里没有 {day} 的台账，按现在的台账推算到那一天。"
    if then.book.sha256 == ledger.book.sha256:
        return ledger, ""
    when = days.known_entries(ledger.path, day)[-1].time.replace("T", " ")
    return then, f"用的是 {when} 留存的台账，此后的改动不计；要把以后补报的也算进去，请加 --current。"


def month_ends(path: Path, day: date) -> tuple[list[tuple[date, Ledger]], list[date]]:
    """Return the ledgers at the month ends of the year before a day, oldest first, and those in whose month nothing was recorded.

    Month ends that are not known, are lost, or lack a needed sheet or column are left out.
    """
    forms = standard_forms()
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
