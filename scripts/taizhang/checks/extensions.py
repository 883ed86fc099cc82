"""Checks of 〈延期申请〉, and of deadlines that were changed without an approved extension."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from taizhang.checks.cures import WRONG_DATE, keep_one
from taizhang.forms.register_names import EXTENSIONS, TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.vocabulary import Consent, ExtensionKind
from taizhang.supervision.extensions import Extension, due_on, read_extensions
from taizhang.supervision.tasks import Task, read_tasks, tasks_by_code
from taizhang.typed.deadlines import read_deadline
from taizhang.typed.readings import named, quote
from taizhang.typed.text import as_text, clean_key, is_blank
from taizhang.workbook.places import Place

__all__ = ["check_deadline_changed", "check_extensions"]


def check_deadline_changed(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report deadlines that differ from the one first issued and that no approved extension gave."""
    register = ledger.registers.get(TASKS)
    if register is None or "original_deadline" not in register.columns:
        return
    for task in read_tasks(ledger, as_of):
        issued = as_text(task.record.cells.get("original_deadline"))
        first = read_deadline(
            issued,
            year=ledger.settings.year,
            start=task.start,
            events=ledger.settings.events,
            workdays=ledger.settings.workdays,
        )
        now = task.deadline.date if task.deadline else None
        agreed = {
            each.until
            for each in read_extensions(ledger).get(task.code, ())
            if each.kind is ExtensionKind.EXTENSION and each.until and each.agreed_by(as_of)
        }
        if first is None or first.date is None or now in {first.date, *agreed} or "deadline" in task.record.unread:
            continue
        written = f" {now}" if now else quote(task.record.cells.get("deadline")) if task.deadline else "空的"
        problem = f"下发时的时限是{quote(issued)}，现在是{written}，〈延期申请〉里没有批准过的延期；"
        cure = "请补上批准的申请，或改回原来的时限；下发时写错的，请改“原定时限”。"
        yield Finding(
            register.place(task.record, "deadline"), Check.DEADLINE_CHANGED, problem, Severity.WARNING, cure=cure
        )


def check_extensions(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report applications that were made late, are decided only in part, or ask for what cannot be."""
    register = ledger.registers.get(EXTENSIONS)
    tasks = tasks_by_code(ledger, as_of)
    for code, rows in read_extensions(ledger).items():
        for each in rows:
            assert register is not None
            yield from _check_decision(register, each)
            yield from _check_days(register, each, as_of)
            yield from _check_twice(register, each, rows)
            if task := tasks.get(code):
                yield from _check_against_task(register, each, rows, task)


def _check_decision(register: Register, extension: Extension) -> Iterator[Finding]:
    """Report a decision without its day or its result, and one by the post that applied."""
    cells = extension.record.cells
    if extension.conclusion and not extension.decided and is_blank(cells.get("approved")):
        problem = f"审批结论是“{extension.conclusion}”，没有批准日期，时限没有改；"
        cure = "请补上日期。"
        place = register.place(extension.record, "approved")
        yield Finding(place, Check.EXTENSION_DECISION, problem, cure=cure)
    if extension.decided and not extension.conclusion and is_blank(cells.get("conclusion")):
        problem = f"批准日期是 {extension.decided}，审批结论空着，时限没有改；"
        cure = "请填“同意”或“不同意”。"
        place = register.place(extension.record, "conclusion")
        yield Finding(place, Check.EXTENSION_DECISION, problem, cure=cure)
    applicant, approver = (clean_key(as_text(cells.get(key))) for key in ("applicant", "approver"))
    if applicant and applicant == approver:
        problem = f"审批岗位和申请岗位都是“{named(approver)}”，"
        cure = "请换一个岗位审批。"
        yield Finding(register.place(extension.record, "approver"), Check.SAME_POST, problem, cure=cure)


def _check_twice(register: Register, extension: Extension, rows: Sequence[Extension]) -> Iterator[Finding]:
    """Report an application of the kind of an earlier row for the task, if neither of the two has been decided."""
    open_rows = [each for each in rows if each.kind is extension.kind and not (each.conclusion or each.decided)]
    if extension.kind and extension in open_rows[1:]:
        first = open_rows[0]
        problem = f"{named(extension.task)} 的{extension.kind}在 {named(first.code)} 已经申请过，还没有批，这是又一次；"
        cure = "请只留一份：作废的那一行，审批结论填“不同意”，写上批准日期。"
        own = keep_one(first.code)
        place = register.place(extension.record, "task")
        yield Finding(place, Check.APPLIED_TWICE, problem, Severity.WARNING, cure=cure, department_cure=own)


def _check_days(register: Register, extension: Extension, as_of: date) -> Iterator[Finding]:
    """Report days in the wrong order: of application and decision, and of a pause; and an application yet to come."""
    agreed = extension.conclusion is Consent.AGREED
    begin = extension.pause_from or (extension.decided if agreed else None)
    if extension.applied and extension.applied > as_of:
        problem = f"申请日期 {extension.applied} 晚于统计日 {as_of}，到那天才算数；"
        cure = WRONG_DATE
        yield Finding(
            register.place(extension.record, "applied"), Check.EXTENSION_FUTURE, problem, Severity.WARNING, cure=cure
        )
    if extension.applied and extension.decided and extension.decided < extension.applied:
        problem = f"批准日期 {extension.decided} 早于申请日期 {extension.applied}，"
        cure = "请改正其中一个。"
        yield Finding(register.place(extension.record, "approved"), Check.DATE_ORDER, problem, cure=cure)
    if extension.kind is ExtensionKind.PAUSE and extension.until and begin and extension.until < begin:
        problem = f"暂缓到 {extension.until}，却从 {begin} 开始，这次暂缓不起作用；"
        cure = "请核对“暂缓自”“延至”和批准日期。"
        yield Finding(register.place(extension.record, "until"), Check.DATE_ORDER, problem, cure=cure)
    elif (
        extension.kind is ExtensionKind.PAUSE
        and agreed
        and extension.until
        and extension.decided
        and not extension.pause
    ):
        problem = f"批准日期 {extension.decided} 晚于暂缓的最后一天 {extension.until}，这次暂缓不起作用；"
        cure = "请核对“延至”和批准日期。"
        place = register.place(extension.record, "approved")
        yield Finding(place, Check.DATE_ORDER, problem, Severity.WARNING, cure=cure)


def _check_against_task(
    register: Register, extension: Extension, rows: tuple[Extension, ...], task: Task
) -> Iterator[Finding]:
    """Report what is wrong with an application for a task, as far as it had been made by the day."""

    def place(key: str) -> Place:
        return register.place(extension.record, key)

    others = [each for each in rows if each is not extension]
    for each in _check_application(place, extension, others, task):
        if each.check is not Check.EXTENSION_LATE or extension in task.term.applied_late:
            yield each


def _check_application(
    place: Callable[[str], Place], extension: Extension, others: Sequence[Extension], task: Task
) -> Iterator[Finding]:
    """Report applications of another department, for a principle or a closed task, for no later day, and late ones.

    ``place`` returns the place of a column's cell, ``others`` are the other applications for the task.
    """
    if extension.department and task.department and extension.department != task.department:
        problem = f"{named(task.code)} 的牵头部门是{named(task.department)}，"
        cure = "延期由牵头部门申请，请核对任务编号。"
        yield Finding(place("department"), Check.EXTENSION_OWNER, problem, Severity.WARNING, cure=cure)
    day = extension.applied or extension.decided
    due = due_on(others, task.term.original, day) if day else task.term.original
    if extension.kind is ExtensionKind.EXTENSION and extension.until and due and extension.until <= due:
        problem = f"延至 {extension.until}，不晚于当时的时限 {due}，批准了也不起作用；"
        cure = "请核对新的时限。"
        yield Finding(place("until"), Check.DATE_ORDER, problem, Severity.WARNING, cure=cure)
    if not task.counted:
        problem = f"{named(task.code)} 是原则性措施，不单独验收，延期、暂缓都用不上；"
        cure = "请核对任务编号；要延的是体现它的任务的，请写那一项。"
        yield Finding(place("task"), Check.EXTENSION_OWNER, problem, Severity.WARNING, cure=cure)
    elif _made_after_close_out(extension, task):
        problem = f"{named(task.code)} 已经办结（{task.closed_on} 审定），延期、暂缓都用不上；"
        cure, own = "请核对任务编号；又反弹的，先在〈销号审核〉记下。", "请核对任务编号；又反弹的，请先告诉办公室。"
        where = place("task")
        yield Finding(where, Check.EXTENSION_OWNER, problem, Severity.WARNING, cure=cure, department_cure=own)
        return
    elif extension.kind is ExtensionKind.EXTENSION and extension.until and task.term.original is None:
        problem = f"{named(task.code)} 没有定到哪一天的时限，谈不上延期，批准了也不起作用；"
        cure = "请核对任务编号；时限待明确的，先请办公室定下来。"
        yield Finding(place("until"), Check.DATE_ORDER, problem, Severity.WARNING, cure=cure)
    if extension.applied and due and extension.applied > due:
        problem = f"时限是 {due}，{extension.applied} 才申请，到期以前没有申请，逾期的天数照记。"
        cure = "以后请在到期以前申请。"
        yield Finding(place("applied"), Check.EXTENSION_LATE, problem, Severity.WARNING, cure=cure)


def _made_after_close_out(extension: Extension, task: Task) -> bool:
    """Whether an application was made for a task that had been closed by then."""
    return bool(task.closed_on and extension.applied and extension.applied > task.closed_on)
