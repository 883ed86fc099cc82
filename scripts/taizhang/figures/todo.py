"""What the office has to decide (待办) on a day: each with its place in the ledger, over the limit first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.checks.extensions import check_deadline_changed
from taizhang.figures.attention import find_rechecks
from taizhang.figures.gaps import lacks_date
from taizhang.figures.returned import returns_board
from taizhang.forms.register_names import CLOSEOUTS, EXTENSIONS
from taizhang.history.reporting import Outcome, PeriodReturn
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record
from taizhang.supervision.closeouts import Step
from taizhang.supervision.contradictions import open_contradictions
from taizhang.supervision.lights import Trigger
from taizhang.supervision.tasks import OPEN_DEPARTMENT, Task, read_tasks
from taizhang.workbook.places import Place

__all__ = ["Matter", "MatterKind", "list_matters"]


class MatterKind(StrEnum):
    """What the office decides or has done, in the order of the list; the value is its heading."""

    APPLICATION = "等审核的销号申请"
    EXTENSION = "等批的延期、暂缓"
    CONTRADICTION = "核对不符、要写明理由的"
    REVIEW = "到期的复核"
    RECHECK = "到期的回头看"
    RETURN = "还没有报的部门"
    MOVED = "没有批准就改了时限的"
    UNSETTLED = "待明确的任务"


@dataclass(frozen=True, slots=True)
class Matter:
    """One thing to decide: where it stands in the ledger, whose it is, what it is, and whether its limit is passed.

    ``days`` orders matters of a kind: working days waited or days overdue; 0 if neither is known.
    """

    kind: MatterKind
    place: Place | None
    task: str
    department: str
    words: str
    over: bool = False
    days: int = 0


def list_matters(ledger: Ledger, as_of: date, returns: Sequence[PeriodReturn] = ()) -> list[Matter]:
    """Return what the office has to decide on a day: by kind, over the limit first, then the longest waiting.

    ``returns`` is the record of what departments returned, by period, oldest first.
    """
    tasks = [task for task in read_tasks(ledger, as_of) if task.counted]
    found = [
        *_applications(ledger, tasks, as_of),
        *_extensions(ledger, tasks, as_of),
        *_contradictions(ledger, as_of),
        *_reviews(tasks, as_of),
        *_rechecks(ledger, tasks, as_of),
        *_absent(ledger, returns, as_of),
        *_moved(ledger, tasks, as_of),
        *_unsettled(ledger, tasks),
    ]
    order = {kind: place for place, kind in enumerate(MatterKind)}
    return sorted(found, key=lambda each: (order[each.kind], not each.over, -each.days, each.task, each.department))


_CELLS = {Step.FIRST_REVIEW: "first_review", Step.LEADER: "leader_date", Step.COMMITTEE: "committee_date"}
"""The cell that each step of a close-out is written into."""


def _place(ledger: Ledger, name: str, record: Record, key: str) -> Place | None:
    register = ledger.registers.get(name)
    return register.place(record, key) if register else None


def _applications(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    for task in tasks:
        waiting = task.waiting
        if waiting is None:
            continue
        closeout = waiting.closeout
        place = _place(ledger, CLOSEOUTS, closeout.record, _CELLS[waiting.step])
        since = f"{closeout.code} 等{waiting.step}，从 {waiting.since} 起"
        if waiting.days is None:
            words = f"{since}；〈参数〉没有写这一年的放假安排，算不出几个工作日"
        else:
            over = f"，超了 {waiting.days - waiting.limit} 天" if waiting.over else ""
            words = f"{since} {waiting.days} 个工作日，限 {waiting.limit} 天{over}"
        yield _matter(MatterKind.APPLICATION, place, task, words, waiting.over, waiting.days or 0)


def _extensions(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    """Yield the applications without a decision; one is over its limit once the deadline that it would move is past."""
    for task in tasks:
        for each in task.term.pending:
            late = (as_of - task.due).days if task.due and task.due < as_of else 0
            until = f"到 {each.until}" if each.until else "，没有写到哪天"
            due = f"；现在的时限 {task.due}{f' 已过 {late} 天' if late else ''}" if task.due else ""
            words = f"{each.code} {each.applied} 申请{each.kind or '延期或暂缓'}{until}{due}"
            place = _place(ledger, EXTENSIONS, each.record, "conclusion")
            yield _matter(MatterKind.EXTENSION, place, task, words, late > 0, late)


def _contradictions(ledger: Ledger, as_of: date) -> Iterator[Matter]:
    for each in open_contradictions(ledger, as_of):
        closeout, later = each.closeout, "；审定那天是达到的" if each.later else ""
        place = _place(ledger, CLOSEOUTS, closeout.record, "contradiction") if closeout else each.task.place
        yield _matter(MatterKind.CONTRADICTION, place, each.task, f"{each.said}，而{each.words}{later}")


def _reviews(tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    """Yield the reviews that are due today or before: also one that was typed for a task that is not reviewed else."""
    for task in tasks:
        review = task.review
        late_typed = next((each for each in task.lit if each.trigger is Trigger.REVIEW_MISSED), None)
        if review is None and late_typed:
            words = f"写了下次复核日期，{late_typed.reason}；看过以后请改这个日期"
            yield _matter(MatterKind.REVIEW, task.place, task, words, True, late_typed.count)
        if review is None or review.next > as_of:
            continue
        last = f"上次 {review.last.day} {review.last.finding}" if review.last else "还没有复核过"
        late = f"，超了 {review.overdue} 天" if review.overdue else "，今天到期"
        words = f"{review.next} 该复核{late}（每{review.interval}一次，{last}）"
        yield _matter(MatterKind.REVIEW, task.place, task, words, review.overdue > 0, review.overdue)


def _rechecks(ledger: Ledger, tasks: Sequence[Task], as_of: date) -> Iterator[Matter]:
    """Yield the close-outs in force whose time to be looked back at has come."""
    for task, due in find_rechecks(ledger, as_of, tasks):
        closeout = due.closeout
        late = max(0, (as_of - due.last).days)
        passed = f"，超了 {late} 天" if late else ""
        words = f"{closeout.code} {closeout.committee_date} 审定，最晚 {due.last} 回头看{passed}"
        place = _place(ledger, CLOSEOUTS, closeout.record, "recheck_date")
        yield _matter(MatterKind.RECHECK, place, task, words, late > 0, late)


def _absent(ledger: Ledger, returns: Sequence[PeriodReturn], as_of: date) -> Iterator[Matter]:
    """Yield the departments that have not returned for the current period; over the limit once it is due."""
    board = returns_board(returns)
    period = ledger.settings.period(board.period)
    due = period.due if period else None
    late = max(0, (as_of - due).days) if due else 0
    for line in board.now(Outcome.MISSING, Outcome.NOT_DUE):
        limit = f"，{due} 截止{f'，超了 {late} 天' if late else ''}" if due else ""
        over = line.current is not None and line.current.outcome is Outcome.MISSING
        yield Matter(MatterKind.RETURN, None, "", line.department, f"{board.period} 期还没有报{limit}", over, late)


def _moved(ledger: Ledger, tasks: Iterable[Task], as_of: date) -> Iterator[Matter]:
    by_row = {(task.place.sheet, task.place.row): task for task in tasks}
    for finding in check_deadline_changed(ledger, as_of):
        if task := by_row.get((finding.place.sheet, finding.place.row)):
            yield _matter(MatterKind.MOVED, finding.place, task, finding.message)


def _unsettled(ledger: Ledger, tasks: Iterable[Task]) -> Iterator[Matter]:
    for task in tasks:
        if task.unsettled:
            date = "复核周期" if task.recurring or task.continuing else "完成时限"
            when = date if lacks_date(task) else ""
            what = "、".join(filter(None, ("" if task.department else "牵头部门", when)))
            yield _matter(MatterKind.UNSETTLED, task.place, task, f"没有定{what or '开始日期'}")


def _matter(kind: MatterKind, place: Place | None, task: Task, words: str, over: bool = False, days: int = 0) -> Matter:
    return Matter(kind, place, task.code, task.department or OPEN_DEPARTMENT, words, over, days)
