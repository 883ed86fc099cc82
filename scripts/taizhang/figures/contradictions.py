"""Contradictions (核对不符): tasks reported done, applied for or closed that the ledger's own figures contradict."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from taizhang.forms.register_names import CLOSEOUTS
from taizhang.ledger.model import Ledger
from taizhang.supervision.closeouts import Closeout, read_closeouts
from taizhang.supervision.proof_results import Outcome, judge
from taizhang.supervision.proofs import read_proofs
from taizhang.supervision.tasks import Task
from taizhang.typed.text import means_nothing
from taizhang.workbook.places import Place

__all__ = ["Contradiction", "new_contradictions", "open_contradictions"]


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A task whose report the ledger's figures contradict, in words, and the cell that wants the office's reason."""

    task: Task
    words: str
    place: Place


def open_contradictions(ledger: Ledger, as_of: date, tasks: Iterable[Task]) -> Mapping[str, Contradiction]:
    """Return, by task code, the contradictions of a day that no 核对不符的说明 answers.

    Proofs that the program proposed and the office has not confirmed contradict nothing.
    """
    proofs, found = read_proofs(ledger), {}
    last = _last_closeouts(ledger, as_of)
    register = ledger.registers.get(CLOSEOUTS)
    for task in tasks:
        own = [each for each in proofs.get(task.code, ()) if not each.proposed]
        if not own or not (task.status.done or task.waiting):
            continue
        closeout = last.get(task.code)
        if closeout and not means_nothing(closeout.record.cells.get("contradiction")):
            continue
        results = [each for each in (judge(ledger, proof, as_of) for proof in own) if each.outcome is Outcome.UNMET]
        unmet = [f"{each.proof.sheet}·{each.proof.title}{each.words}" for each in results]
        if unmet:
            place = register.place(closeout.record, "contradiction") if register and closeout else task.place
            found[task.code] = Contradiction(task, "；".join(unmet), place)
    return found


def new_contradictions(
    now: Mapping[str, Contradiction], then: Mapping[str, Contradiction]
) -> Mapping[str, Contradiction]:
    """Return the contradictions that were none before."""
    return {code: each for code, each in now.items() if code not in then}


def _last_closeouts(ledger: Ledger, as_of: date) -> dict[str, Closeout]:
    """Return the latest close-out that each task was applied for by a day."""
    made = [each for each in read_closeouts(ledger) if each.applied and each.applied <= as_of]
    return {each.task: each for each in sorted(made, key=lambda each: each.applied or as_of)}
