"""Checks of 〈核对〉: its rows name what exists, and no task claims what the ledger contradicts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.forms.register_names import CLOSEOUTS, PROOFS, TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.supervision.contradictions import Contradiction, contradictions, find_unmet, unmet_words
from taizhang.supervision.proofs import all_proofs
from taizhang.typed.readings import named
from taizhang.workbook.places import Place

__all__ = ["check_contradictions", "check_proof_rows", "claim_findings"]


def check_proof_rows(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report what is wrong in 〈核对〉; a register that is not enabled yet is not wrong."""
    register = ledger.registers.get(PROOFS)
    for proof in all_proofs(ledger):
        for fault in proof.faults:
            assert register is not None
            place = register.place(proof.record, fault.key)
            yield Finding(place, Check.PROOF_ROW, f"{fault.problem}，", cure=fault.cure)


def check_contradictions(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report tasks reported done, applied for or closed while a proof is 未达到, unless the office has said why."""
    for each in contradictions(ledger, as_of):
        if each.explained:
            continue
        doubt = "核对是程序建议，请先看对不对；" if each.proposed else ""
        problem = f"{named(each.task.code)} {each.said}，台账里却是：{each.words}。"
        severity = Severity.WARNING
        if each.task.closed and each.later:
            problem = f"{named(each.task.code)} {each.said}的时候达到了，现在却是：{each.words}。"
            cure, severity = "请安排回头看，有反弹的在〈销号审核〉记下。", Severity.HINT
        elif each.closeout:
            cure = "请核对登记表；确实可以销号的，在“核对不符的说明”写明理由。"
        else:
            cure = "请部门核对登记表，补做或改回“推进中”。"
        yield Finding(_place(ledger, each), Check.PROOF_CONTRADICTS, problem, severity, cure=f"{doubt}{cure}")


def claim_findings(ledger: Ledger, place: Place, task: str, claim: str, as_of: date) -> Iterator[Finding]:
    """Report that the ledger contradicts what a department says of a task (``claim``: 报了完成, 申请了销号)."""
    if unmet := find_unmet(ledger, task, as_of):
        doubt = "核对是程序建议的，" if all(each.proof.proposed for each in unmet) else ""
        problem = f"{named(task)} {claim}，台账里却是：{unmet_words(unmet)}。"
        cure = f"{doubt}请先核对登记表，办到了的补上，没办到的办到了再报；核对的目标不对的，请告诉办公室。"
        yield Finding(place, Check.PROOF_CONTRADICTS, problem, Severity.WARNING, cure=cure)


def _place(ledger: Ledger, each: Contradiction) -> Place:
    """Return the cell in which the office answers, else the status of the task."""
    closeouts = ledger.registers.get(CLOSEOUTS)
    if closeouts and each.closeout and "contradiction" in closeouts.columns:
        return closeouts.place(each.closeout.record, "contradiction")
    return ledger.registers[TASKS].place(each.task.record, "status")
