"""Checks within one row, mostly of 整改任务: order of dates, deadline, review, evidence, progress."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from taizhang.forms.register_names import TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.vocabulary import SUPPLEMENT, Status, TaskKind
from taizhang.supervision.reviews import read_reviews, unanswered_day
from taizhang.supervision.tasks import read_tasks, tasks_by_code
from taizhang.typed.readings import named, quote
from taizhang.typed.text import as_text, clean_key, is_blank, means_nothing


def check_date_order(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report tasks whose deadline, as resolved, is before their start."""
    tasks = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if tasks and task.start and task.due and task.due < task.start:
            record = task.record
            start = tasks.place(record, "start").cell
            problem = f"完成时限 {task.due} 早于开始日期 {task.start}（{start}），"
            cure = "请改正其中一个。"
            yield Finding(tasks.place(record, "deadline"), Check.DATE_ORDER, problem, cure=cure)


def check_deadline_words(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report deadlines that cannot be resolved to a day, a cycle or 长期坚持."""
    register = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if register and task.deadline and task.deadline.unresolved:
            place = register.place(task.record, "deadline")
            message = f"完成时限{quote(task.deadline.words)}{task.deadline.unresolved}"
            yield Finding(place, Check.DEADLINE_WORDS, message, Severity.WARNING)


def check_review_missing(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report 长期 and 周期 tasks without a review cycle, and 长期坚持 without a next review."""
    register = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if register is None:
            return
        record = task.record
        cycle = not is_blank(record.cells.get("review_cycle"))
        in_words = task.deadline and task.deadline.review_cycle
        if task.kind in (TaskKind.LONG_TERM, TaskKind.CYCLE) and not cycle and not in_words:
            problem = f"{task.kind}任务没有复核周期，"
            cure = "请填月、季、半年或年。"
            yield Finding(
                register.place(record, "review_cycle"), Check.REVIEW_MISSING, problem, Severity.WARNING, cure=cure
            )
        ongoing = clean_key(as_text(record.cells.get("status"))) == Status.ONGOING
        typed = ledger.meaning(register, record, "next_review")
        if ongoing and not (cycle or in_words):
            place, cure = register.place(record, "next_review"), "请填复核周期；另有安排的填下次复核日期。"
            if typed is None:
                problem = "状态是“长期坚持”，没有复核周期，也没有下次复核日期，"
                yield Finding(place, Check.REVIEW_MISSING, problem, cure=cure)
            elif unanswered_day(read_reviews(ledger).get(task.code, ()), typed, as_of) is None:
                problem = f"下次复核日期写着 {typed}，已经看过；没有复核周期，不知道再下次是哪天，"
                yield Finding(place, Check.REVIEW_MISSING, problem, cure=cure)


def check_evidence_missing(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report tasks that are done or closed and name no evidence."""
    register = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if register and task.status.done and not task.inherited and means_nothing(task.evidence):
            record = task.record
            problem = f"状态是{quote(record.cells.get('status'))}，却没有佐证材料，"
            cure = "请写明材料名称和存放位置。"
            yield Finding(register.place(record, "evidence"), Check.EVIDENCE_MISSING, problem, cure=cure)


def check_done_progress(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report 已完成 below 100 % and 未启动 above 0 %."""
    register = ledger.registers.get(TASKS)
    for task in read_tasks(ledger, as_of):
        if register is None or task.progress is None or task.closed or is_blank(task.record.cells.get("status", "")):
            continue  # a blank status contradicts nothing
        wrong = (task.status == Status.DONE and task.progress < 100) or (
            task.status == Status.NOT_STARTED and task.progress > 0
        )
        if wrong:
            problem = f"状态是“{task.status}”，进度却是 {task.progress:f}%，"
            cure = "请改正其中一个。"
            place = register.place(task.record, "progress")
            yield Finding(place, Check.PROGRESS_STATUS, problem, Severity.WARNING, cure=cure)


def check_supplement(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report supplementary tasks without the day on which the committee decided them."""
    register = ledger.registers.get(TASKS)
    for record in register.records if register and "decided" in register.columns else ():
        assert register is not None
        added = ledger.meaning(register, record, "source") == SUPPLEMENT
        if added and ledger.meaning(register, record, "decided") is None:
            problem = "来源是“补充”，没有党委会审定日期，"
            cure = "请填哪天的党委会定的；还没有上会的，请先上会。"
            yield Finding(register.place(record, "decided"), Check.SUPPLEMENT, problem, Severity.WARNING, cure=cure)


def check_principle(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report principles that no task carries, or that are carried by themselves or by another principle."""
    register = ledger.registers.get(TASKS)
    tasks = tasks_by_code(ledger, as_of)
    for task in tasks.values():
        if register is None or "carried_by" not in register.columns or task.kind is not TaskKind.PRINCIPLE:
            continue
        place = register.place(task.record, "carried_by")
        carriers = ledger.meaning(register, task.record, "carried_by") or ()
        if not carriers and is_blank(task.record.cells.get("carried_by")):
            problem = "原则性措施没有写由哪些任务体现，看不出落实得怎样；"
            cure = "请在“体现于”里填任务编号。"
            yield Finding(place, Check.PRINCIPLE, problem, Severity.WARNING, cure=cure)
        for code in carriers:
            other = tasks.get(code)
            if other and not other.counted:
                problem = f"“体现于”写的 {named(code)} 也是原则性措施，体现不了；"
                cure = "请填具体的任务。"
                yield Finding(place, Check.PRINCIPLE, problem, Severity.WARNING, cure=cure)
