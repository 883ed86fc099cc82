"""What the office has to do (待办) on a day: each with its place in the ledger and the cure, over the limit first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.checks.extensions import check_deadline_changed
from taizhang.figures.attention import find_rechecks
from taizhang.figures.gaps import lacks_date
from taizhang.forms.register_names import CLOSEOUTS, EXTENSIONS, REVIEWS, TASKS
from taizhang.history.reporting import Outcome, PeriodReturn
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.ledger.vocabulary import Status
from taizhang.supervision.closeouts import BEFORE, Step, read_closeouts
from taizhang.supervision.contradictions import open_contradictions
from taizhang.supervision.due_items import find_due_items
from taizhang.supervision.lights import Trigger
from taizhang.supervision.tasks import OPEN_DEPARTMENT, Task, read_tasks
from taizhang.system.files import command_on
from taizhang.workbook.places import Place

__all__ = ["Matter", "MatterKind", "list_matters"]


class MatterKind(StrEnum):
    """What the office decides or has done, in the order of the list if equally late; the value is its heading."""

    APPLICATION = "等审核的销号申请"
    UNAPPLIED = "报了完成、没有申请销号的"
    DECIDED = "已经审定、状态没有改的"
    EXTENSION = "等批的延期、暂缓"
    CONTRADICTION = "核对不符、要写明理由的"
    REVIEW = "到期的复核"
    RECHECK = "到期的回头看"
    RETURN = "还没有报的单位"
    MOVED = "没有批准就改了时限的"
    REGISTER = "登记表里到期没有办的"
    UNSETTLED = "待明确的任务"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to do: where in the ledger, whose it is, what it is with its cure, and whether its limit is passed.

    ``place`` is where the cure is written: a cell, a row, or the sheet if it takes a new row; None if it is not done in
    the ledger. ``days`` orders matters of a kind: working days waited or days overdue; 0 if neither is known.
    """

    kind: MatterKind
    place: Place | None
    task: str
    department: str
    words: str
    over: bool = False
    days: int = 0


def list_matters(ledger: Ledger, as_of: date, returns: Sequence[PeriodReturn] = ()) -> list[Matter]:
    """Return what the office has to do on a day: by kind, over the limit first, then the longest waiting.

    Kinds with something over its limit come first.

    ``returns`` is the record of what departments returned, by period, oldest first.
    """
    tasks = [task for task in read_tasks(ledger, as_of) if task.counted]
    found = [
        *_applications(ledger, tasks, as_of),
        *_unapplied(ledger, tasks),
        *_decided(ledger, tasks),
        *_extensions(ledger, tasks, as_of),
        *_contradictions(ledger, as_of),
        *_reviews(ledger, tasks, as_of),
        *_rechecks(ledger, tasks, as_of),
        *_absent(ledger, returns, as_of),
        *_moved(ledger, tasks, as_of),
        *_due_rows(ledger, as_of),
        *_unsettled(ledger, tasks),
    ]
    late = {each.kind for each in found if each.over}
    order = {kind: place for place, kind in enumerate(sorted(MatterKind, key=lambda kind: kind not in late))}
    return sorted(found, key=lambda each: (order[each.kind], not each.over, -each.days, each.task, each.department))


_CELLS = {
    Step.FIRST_REVIEW: ("first_review", "first_date"),
    Step.LEADER: ("leader_date",),
    Step.COMMITTEE: ("committee_date", "conclusion"),
}
"""The cells that each step of a close-out is written into, the first of them as its place."""


def _place(ledger: Ledger, name: str, record: Record, key: str) -> Place | None:
    register = ledger.registers.get(name)
    return register.place(record, key) if register else None


def _ask(ledger: Ledger, name: str, *keys: str) -> str:
    """Return the request to fill in columns of a register that the ledger has, by title: 请填“审批结论”“批准日期”.

    For columns that came later than the ledger it also says how they are added.
    """
    register = ledger.registers[name]
    asked = f"请填{''.join(f'“{register.form.column(key).title}”' for key in keys)}"
    if all(key in register.columns for key in keys):
        return asked
    return f"{asked}（台账里还没有的列，先运行 {command_on(ledger.path, 'forms update')} 加上）"


def _applications(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    for task in tasks:
        waiting = task.waiting
        if waiting is None:
            continue
        closeout = waiting.closeout
        keys = _CELLS[waiting.step]
        place = _place(ledger, CLOSEOUTS, closeout.record, keys[0])
        words = f"{closeout.code} 等{waiting.step}，从 {waiting.since} 起"
        cure = _ask(ledger, CLOSEOUTS, *keys)
        if waiting.days is not None:
            over = f"，超了 {waiting.days - waiting.limit} 天" if waiting.over else ""
            words += f" {waiting.days_words}，限 {waiting.limit} 天{over}"
        if waiting.unknown_year:
            year = waiting.unknown_year
            words += f"；{'再往后' if waiting.days else ''}算不出几个工作日：〈参数〉工作日历里没有 {year} 年"
            cure += f"；请把 {year} 年的放假安排补进〈参数〉，“日历年度”加上 {year}"
        yield _matter(MatterKind.APPLICATION, place, task, words, cure, waiting.over, waiting.days or 0)


def _unapplied(ledger: Ledger, tasks: Iterable[Task]) -> Iterator[Matter]:
    """Yield the tasks reported done that wait for no step; one is over its limit once its deadline is past."""
    sheet = ledger.forms[CLOSEOUTS].sheet
    register = ledger.registers.get(CLOSEOUTS)
    undated = {each.task: each for each in read_closeouts(ledger) if not (each.applied or each.decided_by(date.max))}
    for task in tasks:
        if task.status is not Status.DONE or task.waiting or task.agreed:
            continue
        place, said = register.place() if register else None, f"〈{sheet}〉里没有申请"
        cure = f"做完的请部门在〈{sheet}〉另起一行申请，没有做完的改回“{Status.UNDER_WAY}”"
        if not register:
            cure = f"请运行 {command_on(ledger.path, f'forms enable {sheet}')} 加上〈{sheet}〉，{cure}"
        if closeout := undated.get(task.code):
            place, said = _place(ledger, CLOSEOUTS, closeout.record, "applied"), f"{closeout.code} 没有写申请日期"
            cure = _ask(ledger, CLOSEOUTS, "applied")
        late = f"，时限 {task.due} 已过 {task.overdue} 天" if task.overdue else ""
        words = f"报了完成{late}，{said}"
        yield _matter(MatterKind.UNAPPLIED, place, task, words, cure, task.overdue > 0, task.overdue)


def _decided(ledger: Ledger, tasks: Iterable[Task]) -> Iterator[Matter]:
    """Yield the tasks that the committee has closed and whose status does not say so; nothing counts them as closed."""
    for task in tasks:
        if task.agreed and not task.waiting:
            place = _place(ledger, TASKS, task.record, "status")
            when = "写的是" if task.agreed.day == BEFORE else f"{task.agreed.day} 审定"
            words = f"{task.agreed.code} {when}“{task.agreed.words}”，还没有算作办结"
            yield _matter(MatterKind.DECIDED, place, task, words, f"请把“状态”改为“{task.agreed.status}”")


def _extensions(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    """Yield the applications without a decision; one is over its limit once the deadline that it would move is past.

    Of a task that is closed no deadline is past: the application is of no use, and it is said so.
    """
    for task in tasks:
        for each in task.term.pending:
            late = (as_of - task.due).days if task.due and task.due < as_of and not task.closed else 0
            until = f"到 {each.until}" if each.until else "，没有写到哪天"
            due = f"；现在的时限 {task.due}{f' 已过 {late} 天' if late else ''}" if task.due else ""
            due = "；任务已经办结，用不上" if task.closed else due
            words = f"{each.code} {each.applied} 申请{each.kind or '延期或暂缓'}{until}{due}"
            place = _place(ledger, EXTENSIONS, each.record, "conclusion")
            cure = _ask(ledger, EXTENSIONS, "conclusion", "approved")
            yield _matter(MatterKind.EXTENSION, place, task, words, cure, late > 0, late)


def _contradictions(ledger: Ledger, as_of: date) -> Iterator[Matter]:
    for each in open_contradictions(ledger, as_of):
        closeout, later = each.closeout, "；审定那天是达到的" if each.later else ""
        place = (
            _place(ledger, CLOSEOUTS, closeout.record, "contradiction")
            if closeout
            else _place(ledger, TASKS, each.task.record, "status")
        )
        reason = f"，或{_ask(ledger, CLOSEOUTS, 'contradiction')}" if closeout else "，没有办到的改“状态”"
        cure = f"请核对登记表，办到了的补上{reason}"
        yield _matter(MatterKind.CONTRADICTION, place, each.task, f"{each.said}，而{each.words}{later}", cure)


def _reviews(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    """Yield the reviews due today or before: also one that was typed for a task that is not reviewed else.

    A task that is struck off or paused is not reviewed.
    """
    register = ledger.registers.get(REVIEWS)
    for task in tasks:
        review = task.review
        late_typed = next((each for each in task.lit if each.trigger is Trigger.REVIEW_MISSED), None)
        if review is None and late_typed:
            place = _place(ledger, TASKS, task.record, "next_review")
            words = f"写了下次复核日期，{late_typed.reason}"
            yield _matter(MatterKind.REVIEW, place, task, words, "请去看，看过以后改这个日期", True, late_typed.count)
        if review is None or review.next > as_of or task.status is Status.STRUCK_OFF or task.term.paused_until:
            continue
        last = f"上次 {review.last.day} {review.last.finding}" if review.last else "还没有复核过"
        late = f"，超了 {review.overdue} 天" if review.overdue else "，今天到期"
        words = f"{review.next} 该复核{late}（每{review.interval}一次，{last}）"
        cure = "请复核，另起一行填上"
        if not register:
            sheet = ledger.forms[REVIEWS].sheet
            cure = f"请运行 {command_on(ledger.path, f'forms enable {sheet}')} 加上〈{sheet}〉，复核后填上"
        place = register.place() if register else None
        yield _matter(MatterKind.REVIEW, place, task, words, cure, review.overdue > 0, review.overdue)


def _rechecks(ledger: Ledger, tasks: Sequence[Task], as_of: date) -> Iterator[Matter]:
    """Yield the close-outs in force whose time to be looked back at has come."""
    for task, due in find_rechecks(ledger, as_of, tasks):
        closeout = due.closeout
        late = max(0, (as_of - due.last).days)
        passed = f"，超了 {late} 天" if late else ""
        words = f"{closeout.code} {closeout.committee_date} 审定，最晚 {due.last} 回头看{passed}"
        place = _place(ledger, CLOSEOUTS, closeout.record, "recheck_date")
        cure = _ask(ledger, CLOSEOUTS, "recheck_date", "recheck_result")
        yield _matter(MatterKind.RECHECK, place, task, words, cure, late > 0, late)


def _absent(ledger: Ledger, returns: Sequence[PeriodReturn], as_of: date) -> Iterator[Matter]:
    """Yield what departments and branches have not returned, over the limit once it is due.

    A dissolved branch is let be. Who has returned for a later period since is not asked for an earlier one: the later
    report says how things are.
    """
    for place, each in enumerate(returns):
        if each.outcome not in (Outcome.MISSING, Outcome.NOT_DUE) or each.unit in ledger.dissolved:
            continue
        later = (other.outcome for other in returns[place + 1 :] if other.department == each.department)
        if any(outcome in (Outcome.ON_TIME, Outcome.LATE) for outcome in later):
            continue
        period = ledger.settings.period(each.period)
        due = period.due if period else None
        late = max(0, (as_of - due).days) if due else 0
        limit = f"，{due} 截止{f'，超了 {late} 天' if late else ''}" if due else ""
        words, over = f"{each.period} 期还没有报{limit}", each.outcome is Outcome.MISSING
        yield Matter(MatterKind.RETURN, None, "", each.department, f"{words}；请催报。", over, late)


def _moved(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    by_row = {(task.place.sheet, task.place.row): task for task in tasks}
    for finding in check_deadline_changed(ledger, as_of):
        if task := by_row.get((finding.place.sheet, finding.place.row)):
            yield Matter(
                MatterKind.MOVED, finding.place, task.code, task.department or OPEN_DEPARTMENT, finding.message
            )


def _unsettled(ledger: Ledger, tasks: Iterable[Task]) -> Iterator[Matter]:
    for task in tasks:
        if task.unsettled:
            date = "review_cycle" if task.recurring or task.continuing else "deadline"
            lacking = [*(() if task.department else ("department",)), *((date,) if lacks_date(task) else ())]
            keys = lacking or ["start"]
            form = ledger.registers[TASKS].form
            what = "、".join(form.column(key).title for key in keys)
            place = _place(ledger, TASKS, task.record, keys[0])
            yield _matter(MatterKind.UNSETTLED, place, task, f"没有定{what}", _ask(ledger, TASKS, *keys))


def _due_rows(ledger: Ledger, as_of: date) -> Iterator[Matter]:
    """Yield what registers say is overdue and no department answers for; what departments owe stands on their slips."""
    for each in find_due_items(ledger, as_of):
        if each.overdue and not (each.department or each.branch):
            cure = "办了的请填上办理日期" if each.row else "开展过的请补登记"
            words = f"{each.name}：{each.what}，应在 {each.due} 以前，{each.words}；{cure}。"
            yield Matter(MatterKind.REGISTER, each.place, "", ledger.settings.office, words, True, each.late)


def _matter(
    kind: MatterKind, place: Place | None, task: Task, words: str, cure: str, over: bool = False, days: int = 0
) -> Matter:
    return Matter(kind, place, task.code, task.department or OPEN_DEPARTMENT, f"{words}；{cure}。", over, days)
