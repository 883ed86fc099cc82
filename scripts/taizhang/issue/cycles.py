"""The cycles of recurring tasks that departments are asked about in 〈履行记录〉: the running one, and those owed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from taizhang.forms.register_names import FULFILMENTS
from taizhang.ledger.model import Ledger
from taizhang.supervision.duties import CycleStanding, CycleState, read_fulfilments
from taizhang.supervision.tasks import read_tasks

__all__ = ["asked_cycles", "codes_asked"]


def asked_cycles(ledger: Ledger, as_of: date) -> Mapping[str, Sequence[CycleStanding]]:
    """Return the running and owed cycles of each open recurring task, by its code; empty if nothing records them."""
    tasks = read_tasks(ledger, as_of) if FULFILMENTS in ledger.registers else ()
    return {
        task.code: task.duty.in_state(CycleState.RUNNING, CycleState.OWED)
        for task in tasks
        if task.duty and not task.closed
    }


def codes_asked(ledger: Ledger, as_of: date) -> frozenset[str]:
    """Return the codes of the rows of 〈履行记录〉 that are issued: one for each cycle asked about."""
    asked = {(code, each.cycle) for code, cycles in asked_cycles(ledger, as_of).items() for each in cycles}
    rows = (row for own in read_fulfilments(ledger).values() for row in own)
    return frozenset(row.record.code for row in rows if (row.task, row.cycle) in asked)
