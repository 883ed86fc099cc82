"""Undoing one step of the ledger: ``plan_undo`` writes nothing, ``apply_undo`` writes.

The ledger is tested for write access *before* the plan is shown (``refuse_unwritable``), so that nobody reads and
confirms a plan that cannot be written. ``history/write`` does the writing: hand edits first, then the ledger and its
entry. An undo is a step like any other, so it can be undone.
"""

from __future__ import annotations

from datetime import datetime

from taizhang.history import undo
from taizhang.history.entries import Verb, command_text
from taizhang.history.undo import CannotUndo, Undo
from taizhang.history.write import require_writable, write_changes
from taizhang.ledger.model import Ledger
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.opening import entry_of

__all__ = ["apply_undo", "plan_undo", "refuse_unwritable"]


def plan_undo(ledger: Ledger, number: int) -> Undo:
    """Plan the undo of a step; raises CannotRun if there is no such step or it cannot be undone."""
    entry = entry_of(ledger.path, number)
    if not entry.before:
        raise CannotRun("这是第一次登记台账，没有可以撤销的。")
    if entry.archived:
        raise CannotRun(
            f"第 {number} 次是归档，没有改台账，没有可以撤销的；要放回来，"
            f"把 history/归档/{entry.archive} 里的文件解压到 history 文件夹就行。"
        )
    try:
        return undo.plan_undo(ledger, ledger.path, ledger.forms, entry)
    except CannotUndo as error:
        raise CannotRun(str(error)) from None


def refuse_unwritable(ledger: Ledger, plan: Undo) -> None:
    """Raise StoreError if the plan changes cells and the ledger cannot be written now."""
    if plan.edits:
        require_writable(ledger.path, ledger.book.sha256)


def apply_undo(ledger: Ledger, number: int, plan: Undo, now: datetime) -> str:
    """Write the reverted cells; return a notice to print beside the result, empty if there is none."""
    return write_changes(
        ledger.path, ledger.book.sha256, plan.edits, [], command=command_text(Verb.UNDO, str(number)), now=now
    )
