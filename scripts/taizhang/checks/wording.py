"""Checks of wording: measures that nobody can measure, and reports of progress that say nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.forms.register_names import TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.supervision.proofs import read_proofs
from taizhang.supervision.tasks import Task, read_tasks
from taizhang.supervision.vague_words import names_fact, rests_on_vague_words, says_nothing
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, is_blank

__all__ = ["check_vague_measures", "check_vague_updates"]

_DEPARTMENT_CURE = "请写明做了什么、做了几次、出了什么成果；没有新进展的，“本期无变化”选“是”。"
_JUDGED = frozenset({"statement", "standard", "deadline", "review_cycle", "per_cycle"})


def check_vague_measures(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report counted, open tasks of vague words that nothing in their row, and no proof, puts a number or a day to."""
    register = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if register is None or not task.counted or task.closed or task.record.unread & _JUDGED:
            continue
        if rests_on_vague_words(task.statement) and not _is_measurable(ledger, task):
            problem = "措施只写了要加强、要推进这一类的话，看不出做多少、出什么成果、哪天做完，到时候没法说做到了没有；"
            cure = "请在“完成标准”里写明做几次（几个）、出什么成果（制度、方案、清单、台账等）、什么时候做完。"
            place = register.place(task.record, "standard")
            yield Finding(place, Check.VAGUE_MEASURE, problem, Severity.HINT, cure=cure)


def _is_measurable(ledger: Ledger, task: Task) -> bool:
    """Whether a number, a day or a product is named: by deadline, cycle, statement, standard or a confirmed proof."""
    if task.due or (task.recurring and task.cycle) or not is_blank(task.record.cells.get("per_cycle")):
        return True
    texts = (task.statement, as_text(task.record.cells.get("standard")), task.deadline.words if task.deadline else "")
    proved = any(proof.usable and not proof.proposed for proof in read_proofs(ledger).get(task.code, ()))
    return proved or any(map(names_fact, texts))


def check_vague_updates(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report 本期进展 of open tasks in which nothing is left without vague words; it is taken all the same."""
    register = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if register and not task.closed and says_nothing(task.update):
            problem = f"本期进展写的是{quote(task.update)}，看不出做了什么；"
            cure = "请让部门补写做了什么、做了几次、出了什么成果。"
            place = register.place(task.record, "update")
            yield Finding(
                place, Check.VAGUE_UPDATE, problem, Severity.HINT, cure=cure, department_cure=_DEPARTMENT_CURE
            )
