"""The cycles of recurring tasks that departments are asked about in 〈履行记录〉: running, owed, or unsaid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from taizhang.forms.register_names import FULFILMENTS
from taizhang.ledger.model import Ledger
from taizhang.supervision.duties import CycleStanding, CycleState, read_fulfilments
from taizhang.supervision.proofs import cycle_proofs
from taizhang.supervision.tasks import read_tasks

__all__ = ["asked_cycles", "codes_asked"]


def asked_cycles(ledger: Ledger, as_of: date) -> Mapping[str, Sequence[CycleStanding]]:
    """Return the cycles of each open recurring task that its department is asked about, by the task's code.

    They are the running one, those that owe something, and those missed for good about which nobody has said anything:
    not reported is not the same as not done. Empty if nothing records them, or a register proves the task.
    """
    tasks = read_tasks(ledger, as_of) if FULFILMENTS in ledger.registers else ()
    asked = {}
    for task in tasks:
        if task.duty is None or task.closed or cycle_proofs(ledger, task.code, task.duty.kind):
            continue
        said = {row.cycle for row in read_fulfilments(ledger).get(task.code, ()) if row.done is not None}
        cycles = task.duty.in_state(CycleState.RUNNING, CycleState.OWED, CycleState.MISSED)
        asked[task.code] = [each for each in cycles if each.state is not CycleState.MISSED or each.cycle not in said]
    return asked


def codes_asked(ledger: Ledger, as_of: date) -> frozenset[str]:
    """Return the codes of the rows of 〈履行记录〉 that are issued: one for each cycle asked about."""
    asked = {(code, each.cycle) for code, cycles in asked_cycles(ledger, as_of).items() for each in cycles}
    rows = (row for own in read_fulfilments(ledger).values() for row in own)
    return frozenset(row.record.code for row in rows if (row.task, row.cycle) in asked)
