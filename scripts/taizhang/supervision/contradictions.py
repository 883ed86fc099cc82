"""Contradictions: tasks reported done, applied for or closed while the ledger's own figures say otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from taizhang.forms.register_names import CLOSEOUTS
from taizhang.ledger.model import Ledger
from taizhang.supervision.closeouts import Closeout, read_closeouts, standings_on
from taizhang.supervision.proof_results import Outcome, ProofResult, judge
from taizhang.supervision.proofs import read_proofs
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.typed.readings import shown
from taizhang.typed.text import means_nothing, printable

__all__ = [
    "Contradiction", "contradictions", "find_unmet", "judge_proofs", "open_contradictions", "unmet_words",
]  # fmt: skip


@dataclass(frozen=True)
class Contradiction:
    """A task whose word the ledger does not bear out: the proofs that are 未达到 on the day.

    ``closeout`` is the row of 〈销号审核〉 that closed the task or waits for a decision, None if there is none;
    ``answer`` is the office's reason in it (核对不符的说明), empty if it has given none. ``later``: on the day that the
    task was closed the ledger did bear it out.
    """

    task: Task
    unmet: tuple[ProofResult, ...]
    closeout: Closeout | None
    answer: str
    later: bool

    @property
    def said(self) -> str:
        """What the task claims: its status, or the application that waits."""
        return "已申请销号" if self.task.waiting else str(self.task.status)

    @property
    def words(self) -> str:
        """What the ledger says instead, proof by proof: 〈支委名册〉空缺未达到（实际 2，目标 0）."""
        return unmet_words(self.unmet)

    @property
    def proposed(self) -> bool:
        """Whether the office has confirmed none of the proofs that contradict."""
        return all(each.proof.proposed for each in self.unmet)

    @property
    def explained(self) -> bool:
        """Whether the task was closed with the office's reason; until then the department is still asked."""
        return bool(self.answer) and self.task.closed

    @property
    def unanswered(self) -> bool:
        """Whether a confirmed proof contradicts and the office has given no reason."""
        return not self.answer and not self.proposed


def unmet_words(results: Iterable[ProofResult]) -> str:
    """Return results in words, each with its register and indicator."""
    return "；".join(f"〈{each.proof.sheet}〉{each.proof.title}{each.words}" for each in results)


def find_unmet(ledger: Ledger, task: str, as_of: date) -> list[ProofResult]:
    """Return the confirmed proofs of one task that are 未达到 on a day."""
    confirmed = (each for each in read_proofs(ledger).get(task, ()) if not each.proposed)
    results = (judge(ledger, proof, as_of) for proof in confirmed)
    return [each for each in results if each.outcome is Outcome.UNMET]


@lru_cache(maxsize=4)
def judge_proofs(ledger: Ledger, as_of: date) -> Mapping[str, tuple[ProofResult, ...]]:
    """Return the results of all proofs on a day by task code, in the order of 〈核对〉; each is judged once."""
    return {
        task: tuple(judge(ledger, proof, as_of) for proof in proofs) for task, proofs in read_proofs(ledger).items()
    }


@lru_cache(maxsize=4)
def contradictions(ledger: Ledger, as_of: date) -> tuple[Contradiction, ...]:
    """Return the tasks that the ledger contradicts on a day, in ledger order; principles are proved by others."""
    results, standing = judge_proofs(ledger, as_of), standings_on(ledger, as_of)
    rows = {each.code: each for each in read_closeouts(ledger)}
    found = []
    for task in read_tasks(ledger, as_of):
        unmet = tuple(each for each in results.get(task.code, ()) if each.outcome is Outcome.UNMET)
        if not unmet or not task.counted or not (task.status.done or task.waiting):
            continue
        closed_by = rows.get(standing[task.code].last.code) if task.closed and task.code in standing else None
        closeout = task.waiting.closeout if task.waiting else closed_by
        later = task.closed_on is not None and not any(
            judge(ledger, each.proof, task.closed_on, task).outcome is Outcome.UNMET for each in unmet
        )
        found.append(Contradiction(task, unmet, closeout, _answer(ledger, closeout), later))
    return tuple(found)


def open_contradictions(ledger: Ledger, as_of: date) -> tuple[Contradiction, ...]:
    """Return the contradictions of a day by confirmed proofs for which the office has given no reason."""
    return tuple(each for each in contradictions(ledger, as_of) if each.unanswered)


def _answer(ledger: Ledger, closeout: Closeout | None) -> str:
    register = ledger.registers.get(CLOSEOUTS)
    if register is None or closeout is None or "contradiction" not in register.columns:
        return ""
    words = printable(shown(ledger.meaning(register, closeout.record, "contradiction") or ""))
    return "" if means_nothing(words) else words
