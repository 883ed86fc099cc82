"""Checks of 〈核对〉: its rows name what exists, and no task claims what the ledger contradicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from taizhang.forms.register_names import CLOSEOUTS, PROOFS, TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.vocabulary import PROPOSED_LINK
from taizhang.supervision.contradictions import Contradiction, contradictions, find_unmet, unmet_words
from taizhang.supervision.proofs import Proof, all_proofs, cycle_proofs, read_proofs, required_of
from taizhang.supervision.tasks import Task, tasks_by_code
from taizhang.typed.cycles import cycle_word
from taizhang.typed.readings import named
from taizhang.workbook.places import Place

__all__ = ["check_contradictions", "check_proof_rows", "claim_findings"]


def check_proof_rows(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report what is wrong in 〈核对〉, what is of no use to its task, and how many proposals wait for the office.

    A register that is not enabled yet is not wrong.
    """
    register = ledger.registers.get(PROOFS)
    proofs = all_proofs(ledger)
    if register is None:
        return
    for proof in proofs:
        for fault in proof.faults:
            place = register.place(proof.record, fault.key)
            yield Finding(place, Check.PROOF_ROW, f"{fault.problem}，", cure=fault.cure)
    tasks = tasks_by_code(ledger, as_of)
    for code, rows in read_proofs(ledger).items():
        if task := tasks.get(code):
            yield from _check_use(ledger, register, task, [each for each in rows if each.usable])
    if waiting := sum(proof.proposed for proof in proofs):
        problem = f"有 {waiting} 行还是“{PROPOSED_LINK}”，办公室确认以前不作数，周期任务按部门报的次数算；"
        cure = "请逐行看过，对的把“依据”改成“办公室判定”，不对的删去。"
        yield Finding(register.place(), Check.PROOF_ROW, problem, Severity.HINT, cure=cure)


def _check_use(ledger: Ledger, register: Register, task: Task, proofs: Sequence[Proof]) -> Iterator[Finding]:
    """Report proofs of a principle, and those by which the cycles of a recurring task are not counted as they ask."""
    if not task.counted:
        problem = f"{named(task.code)} 是原则性措施，不单独验收，这一行没有用上；"
        cure = "请核对任务编号，写体现它的任务。"
        for each in proofs:
            yield Finding(register.place(each.record, "task"), Check.PROOF_ROW, problem, Severity.WARNING, cure=cure)
        return
    if task.duty is None:
        return
    cycle = cycle_word(task.duty.kind)
    for each in proofs:
        if each.per and each.per is not task.duty.kind:
            problem = (
                f"{named(task.code)} 每{cycle}一期，这一行是每{cycle_word(each.per)}核对的，履行了几期没有照它算；"
            )
            cure = f"请把“每周期”改成“{task.duty.kind}”；该按每{cycle_word(each.per)}算的，请改任务的复核周期。"
            yield Finding(register.place(each.record, "per"), Check.PROOF_ROW, problem, Severity.WARNING, cure=cure)
    used = cycle_proofs(ledger, task.code, task.duty.kind)
    numbers = list(dict.fromkeys(map(required_of, used)))
    if len(numbers) > 1:
        different = next(each for each in used if required_of(each) == numbers[1])
        asked = "、".join(f"{number} 次" for number in numbers)
        problem = f"{named(task.code)} 每{cycle}的核对有几个不同的次数（{asked}），各项都做到才算履行一期；"
        cure = "不是这个意思的，请改成一样的目标。"
        place = register.place(different.record, "target")
        yield Finding(place, Check.PROOF_ROW, problem, Severity.HINT, cure=cure)
    elif used and numbers[0] != task.duty.per_cycle:
        problem = (
            f"{named(task.code)} 每{cycle}按 {task.duty.per_cycle} 次算（任务里写的），这一行的目标是 {numbers[0]} 次；"
        )
        cure = "请改成一样的。"
        place = register.place(used[0].record, "target")
        yield Finding(place, Check.PROOF_ROW, problem, Severity.WARNING, cure=cure)


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
        problem = f"{named(task)} {claim}，台账里却是：{unmet_words(unmet)}。"
        cure = "请先核对登记表，办到了的补上，没办到的办到了再报；核对的目标不对的，请告诉办公室。"
        yield Finding(place, Check.PROOF_CONTRADICTS, problem, Severity.WARNING, cure=cure)


def _place(ledger: Ledger, each: Contradiction) -> Place:
    """Return the cell in which the office answers, else the status of the task."""
    closeouts = ledger.registers.get(CLOSEOUTS)
    if closeouts and each.closeout and "contradiction" in closeouts.columns:
        return closeouts.place(each.closeout.record, "contradiction")
    return ledger.registers[TASKS].place(each.task.record, "status")
