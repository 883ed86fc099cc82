"""Checks across registers: references exist, tasks are assigned, problems have tasks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.checks.cells import reference_findings
from taizhang.forms.register_names import PROBLEMS, TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.supervision.tasks import read_tasks
from taizhang.typed.text import means_nothing


def check_references(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Check that every code that a row refers to exists."""
    for register in ledger.registers.values():
        for column in register.form.columns:
            if not column.to or column.key not in register.columns or column.to not in ledger.registers:
                continue
            target = ledger.registers[column.to]
            known = target.by_code
            for record in register.records:
                value = ledger.meaning(register, record, column.key)
                place = register.place(record, column.key)
                yield from reference_findings(place, column, value, target.sheet.name, known)


def check_unassigned(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report counted tasks without department, deadline or standard; unread formulas are not taken for blanks.

    A recurring or continuing task with a cycle needs no deadline, one that was closed before the ledger began nothing.
    """
    register = ledger.registers.get(TASKS)
    titles = {"department": "牵头部门", "deadline": "完成时限", "standard": "完成标准"}
    for task in read_tasks(ledger, as_of):
        if register is None or not task.counted or task.inherited:
            continue
        record = task.record
        endless = {"deadline"} if task.cycle and (task.recurring or task.continuing) else set()
        asked = [key for key in titles if key not in record.unread | endless]
        missing = [key for key in asked if means_nothing(record.cells.get(key))]
        if missing:
            problem = f"待明确：{'、'.join(titles[key] for key in missing)}。"
            cure = "请办公室定下来，报告里没有写的不能猜。"
            yield Finding(register.place(record, missing[0]), Check.UNASSIGNED, problem, Severity.WARNING, cure=cure)


def check_problem_uncovered(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report problems without any task."""
    register = ledger.registers.get(PROBLEMS)
    answered = {code for task in read_tasks(ledger, as_of) for code in task.problems}
    for record in register.records if register else ():
        if register and record.code and record.code not in answered:
            problem = f"问题 {record.code} 没有任何整改任务，"
            cure = "请在〈整改任务〉的“对应问题”里对上，或补充措施（要经党委会审定）。"
            yield Finding(register.place(record, "code"), Check.PROBLEM_UNCOVERED, problem, Severity.WARNING, cure=cure)
