"""The ledger of any day, read from the state kept then, with the last known results of formulas that have none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.entries import Entry, Verb
from taizhang.history.journal import read_entries
from taizhang.history.last_results import with_last_results
from taizhang.history.states import find_state, why_state_is_missing
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.system.files import (
    StoreError,
    history_folder,
)


def ledger_as_of(ledger: Path, forms: Mapping[str, Form], day: date) -> Ledger | None:
    """Return the ledger at the end of a day, read from the state kept then; None if nothing was recorded by that day.

    Raises StoreError if that state is missing.
    """
    entries = known_entries(ledger, day)
    if not entries:
        return None
    data = find_state(ledger, entries[-1].after)
    if data is None:
        raise StoreError(
            f"取不出 {day} 的台账（{entries[-1].after[:12]}）：{why_state_is_missing(ledger, entries[-1].after)}"
        )
    return with_last_results(read_ledger(ledger, forms, data), forms, entries, partial(find_state, ledger))


def with_known_results(book: Ledger, forms: Mapping[str, Form]) -> Ledger:
    """Return a ledger just read, with the last known results of formulas that have none."""
    entries: Sequence[Entry] = ()
    if any(not each.is_error for each in book.unread):
        with suppress(StoreError):
            entries = list(read_entries(history_folder(book.path)).values())
    return with_last_results(book, forms, entries, partial(find_state, book.path))


def lasting_entries(ledger: Path) -> Sequence[Entry]:
    """Return the entries that had a lasting effect: without each Verb.RESTORED entry and the entry that it reverts."""
    entries = list(read_entries(history_folder(ledger)).values())
    after = [each.command for each in entries[1:]] + [""] * bool(entries)
    return [entry for entry, then in zip(entries, after, strict=True) if Verb.RESTORED not in (entry.command, then)]


def known_entries(ledger: Path, day: date) -> Sequence[Entry]:
    """Return the entries up to the end of a day, oldest first."""
    entries = read_entries(history_folder(ledger))
    return [entry for entry in entries.values() if entry.time[:10] <= day.isoformat()]
