"""Checks of 〈销号审核〉: each step of the procedure, and that the statuses in 整改任务 agree with the decisions.

部门申请 → 办公室初审 → 分管领导审核 → 党委审定 → 回头看. A contradiction is an error. A step that was skipped or taken
by the wrong department is a warning: the decision still counts, and the office answers for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from taizhang.checks.cures import WRONG_DATE, keep_one
from taizhang.forms.register_names import CLOSEOUTS, TASKS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.settings import Thresholds
from taizhang.ledger.vocabulary import CLOSED_STATUSES, Conclusion, FirstReview, Recheck, Status, TaskKind
from taizhang.supervision.closeouts import BEFORE, Closeout, read_closeouts, recheck_due, standings_on
from taizhang.supervision.duties import CycleState
from taizhang.supervision.lights import cycle_names
from taizhang.supervision.tasks import Task, read_tasks, tasks_by_code
from taizhang.typed.dates import months_later
from taizhang.typed.readings import named, quote
from taizhang.typed.text import as_text, clean_key, is_blank, means_nothing
from taizhang.workbook.places import Place

__all__ = [
    "check_closeout_missing", "check_closeout_open", "check_closeout_owing", "check_closeout_steps", "check_same_post",
]  # fmt: skip

_DATES = {
    "applied": "申请日期",
    "first_date": "初审日期",
    "leader_date": "分管领导审核日期",
    "committee_date": "党委审定日期",
    "recheck_date": "回头看日期",
}


def check_closeout_missing(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report 已销号 and 长期坚持 that the latest decision of 〈销号审核〉 does not confirm; they count as 待审核."""
    register, standing = ledger.registers.get(TASKS), standings_on(ledger, as_of)
    conclusions = {conclusion.status: conclusion for conclusion in Conclusion}
    for task in read_tasks(ledger, as_of):
        written = clean_key(as_text(task.record.cells.get("status")))
        if not register or written not in CLOSED_STATUSES or task.closed:
            continue
        last = standing[task.code].last if task.code in standing else None
        if last is None:
            problem = (
                f"状态是“{written}”，但〈销号审核〉里没有 {named(task.code)} "
                f"结论为“{conclusions[Status(written)]}”并有党委审定日期的记录。"
            )
            cure = "请补上审核记录，或把状态改回“已完成”；补上之前按待审核统计。"
        elif last.status:
            problem = (
                f"状态是“{written}”，但〈销号审核〉里 {named(task.code)} "
                f"最后一次审定（{named(last.code)}，{last.day_words}）的结论是“{last.words}”。"
            )
            cure = "请改正其中一个；改正之前按待审核统计。"
        else:
            problem = (
                f"状态是“{written}”，但〈{ledger.forms[last.register].sheet}〉里 {named(task.code)} "
                f"最后一次决定（{named(last.code)}，{last.day_words}）是{last.words}，从那天起不算办结。"
            )
            cure = "请把状态改回“推进中”；后来又审定过的，请补上那一次的审核记录。"
        yield Finding(register.place(task.record, "status"), Check.CLOSEOUT_MISSING, problem, cure=cure)


def check_closeout_open(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report tasks that the committee has closed and that are still open in 整改任务."""
    register, standing = ledger.registers.get(TASKS), standings_on(ledger, as_of)
    for task in read_tasks(ledger, as_of):
        decided = standing.get(task.code)
        written = task.record.cells.get("status")
        if not register or not decided or not decided.confirmed or clean_key(as_text(written)) in CLOSED_STATUSES:
            continue
        last = decided.last
        now = "状态空着" if is_blank(written) else f"状态还是{quote(written)}"
        when = "写的是" if last.day == BEFORE else f"已在 {last.day} 审定"
        problem = f"〈销号审核〉{named(last.code)} {when}“{last.words}”，{now}，没有算作办结。"
        cure = (
            f"这一行审核记录没有别的问题的，请把状态改为“{last.status}”；"
            "如果审定以后又有退回或反弹，请在〈销号审核〉里写明结论和日期。"
        )
        yield Finding(register.place(task.record, "status"), Check.CLOSEOUT_OPEN, problem, cure=cure)


_POSTS = ("applicant", "first_reviewer", "reviewer", "recheck_post")
"""The columns with the posts that take the steps of one close-out, in order."""


def check_same_post(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report close-outs in which one post takes two steps."""
    register = ledger.registers.get(CLOSEOUTS)
    for record in register.records if register else ():
        assert register is not None
        taken: dict[str, str] = {}
        for key in _POSTS:
            post = clean_key(as_text(record.cells.get(key)))
            first = taken.setdefault(post, key)
            if post and first != key:
                where = register.place(record, first).cell
                titles = (register.form.column(each).title for each in (key, first))
                problem = f"{'和'.join(titles)}（{where}）都是“{named(post)}”，"
                cure = "请换一个岗位，每一步由不同的岗位办。"
                yield Finding(register.place(record, key), Check.SAME_POST, problem, cure=cure)


def check_closeout_owing(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report an application, or an agreement, to close a recurring task that owes: nobody asks for it later."""
    register, tasks = ledger.registers.get(CLOSEOUTS), tasks_by_code(ledger, as_of)
    for closeout in read_closeouts(ledger):
        task = tasks.get(closeout.task)
        owed = task.duty.in_state(CycleState.OWED) if task and task.duty else []
        if register is None or task is None or not owed:
            continue
        place, words = register.place(closeout.record, "task"), f"还欠{sum(each.owed for each in owed)}次"
        words += f"（{cycle_names(owed)}）"
        if closeout.agrees and task.closed_on and closeout.committee_date == task.closed_on:
            problem = f"{named(task.code)} 办结的时候{words}，没有补上；"
            cure = "请核对〈履行记录〉，补做了的补上。"
            yield Finding(place, Check.CLOSEOUT_EARLY, problem, Severity.HINT, cure=cure)
        elif task.waiting and task.waiting.closeout is closeout:
            problem = f"申请了销号，{named(task.code)} {words}；"
            cure = "补做了的请填〈履行记录〉；没有补的，补上再审。"
            yield Finding(place, Check.CLOSEOUT_EARLY, problem, Severity.WARNING, cure=cure)


def check_closeout_steps(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report steps of the procedure that are skipped, contradict an earlier one, or lie in the future."""
    register = ledger.registers.get(CLOSEOUTS)
    tasks = tasks_by_code(ledger, as_of)
    owners = {code: task.department for code, task in tasks.items()}
    undecided: dict[str, list[Closeout]] = {}
    for closeout in filter(_is_undecided, read_closeouts(ledger)):
        undecided.setdefault(closeout.task, []).append(closeout)
    for closeout in read_closeouts(ledger):
        assert register is not None
        row = _Row(register, closeout.record)
        yield from _check_applicant(row.place("department"), closeout.task, closeout.department, owners)
        count = ledger.meaning(register, closeout.record, "evidence_count")
        yield from _check_evidence_count(row.place("evidence_count"), count, agreed=closeout.agrees)
        if closeout.inherited:  # no step of the procedure is known
            yield from _check_future(row, closeout, as_of)
            continue
        yield from _check_evidence(row, closeout)
        yield from _check_against(row, closeout)
        yield from _check_twice(row, closeout, undecided.get(closeout.task, ()))
        yield from _check_early(row, closeout, tasks.get(closeout.task))
        yield from _check_closed(row, closeout, tasks.get(closeout.task))
        yield from _check_first_review(row, closeout)
        yield from _check_returned(row, closeout)
        yield from _check_leader(row, closeout)
        yield from _check_committee(row, closeout)
        yield from _check_recheck(row, closeout, as_of, ledger.settings.thresholds)
        yield from _check_kind(row, closeout, tasks.get(closeout.task))
        yield from _check_future(row, closeout, as_of)


def _check_applicant(place: Place, task: str | None, department: str, owners: Mapping[str, str]) -> Iterator[Finding]:
    """Report an application for another department's task; ``owners`` maps task codes to lead departments."""
    owner = owners.get(task or "")
    if owner and department and owner != department:
        problem = f"{named(task)} 的牵头部门是{named(owner)}，申请的却是{named(department)}。销号由牵头部门申请，"
        cure = "请核对任务编号；任务确实换了部门的，请办公室改〈整改任务〉的牵头部门。"
        yield Finding(place, Check.CLOSEOUT_OWNER, problem, Severity.WARNING, cure=cure)


def _check_evidence_count(place: Place, count: Decimal | int | None, *, agreed: bool = False) -> Iterator[Finding]:
    """Report an application with less than one piece of evidence; an error if it is already ``agreed`` to."""
    if count is not None and count < 1:
        severity = Severity.ERROR if agreed else Severity.WARNING
        problem = f"佐证份数是 {count}，申请销号至少要有 1 份佐证；"
        cure = "请补齐材料，改成实际份数。"
        yield Finding(place, Check.CLOSEOUT_EVIDENCE, problem, severity, cure=cure)


class _Row:
    """One row of 〈销号审核〉 with its places; columns that the sheet lacks are not reported as empty."""

    def __init__(self, register: Register, record: Record) -> None:
        self.register, self.record = register, record

    def empty(self, key: str) -> bool:
        """Whether the column exists and the cell is blank."""
        return key in self.register.columns and is_blank(self.record.cells.get(key))

    def place(self, key: str) -> Place:
        return self.register.place(self.record, key)

    def finding(
        self, key: str, check: Check, problem: str, severity: Severity = Severity.WARNING, *, cure: str = ""
    ) -> Finding:
        return Finding(self.place(key), check, problem, severity, cure=cure)


def _is_undecided(closeout: Closeout) -> bool:
    """Whether an application has neither been sent back nor concluded."""
    return not (closeout.sent_back or closeout.conclusion)


def _check_against(row: _Row, closeout: Closeout) -> Iterator[Finding]:
    if _is_undecided(closeout) and closeout.applied and row.empty("against"):
        problem = "没有对照完成标准逐条写做到了什么，"
        cure, own = "请部门补上“对照标准”再审。", "请补上“对照标准”再报。"
        yield replace(row.finding("against", Check.CLOSEOUT_AGAINST, problem, cure=cure), department_cure=own)


def _check_twice(row: _Row, closeout: Closeout, open_rows: Sequence[Closeout]) -> Iterator[Finding]:
    """Report an application for a task of which an earlier row of ``open_rows`` has not been decided either."""
    if closeout in open_rows[1:]:
        first = open_rows[0]
        problem = f"{named(closeout.task)} 在 {named(first.code)} 已经申请过销号，还没有办，这是又一次；"
        cure = "请只留一份：作废的那一行，办公室初审填“退回”，写明理由。"
        own = keep_one(first.code)
        yield replace(row.finding("task", Check.APPLIED_TWICE, problem, cure=cure), department_cure=own)


def _check_early(row: _Row, closeout: Closeout, task: Task | None) -> Iterator[Finding]:
    """Report an application for a task whose own row says that it is not done."""
    written = clean_key(as_text(task.record.cells.get("status"))) if task else ""
    open_still = written in (Status.NOT_STARTED, Status.UNDER_WAY)
    if task and open_still and _is_undecided(closeout) and task.counted and not task.continuing:
        problem = f"申请了销号，{named(task.code)} 的状态却是“{written}”；"
        cure = "做完了的请把〈整改任务〉的状态改成“已完成”；没有做完的，做完再申请。"
        yield row.finding("task", Check.CLOSEOUT_EARLY, problem, cure=cure)


def _check_closed(row: _Row, closeout: Closeout, task: Task | None) -> Iterator[Finding]:
    """Report an application for a task that has been closed by then: it waits for nothing."""
    late = closeout.applied and task and task.closed_on and closeout.applied > task.closed_on
    if task and late and _is_undecided(closeout):
        problem = f"{named(task.code)} 已经办结（{task.closed_on} 审定），这是又一次申请，没有用上；"
        cure = "请核对任务编号；作废的那一行，办公室初审填“退回”，写明理由。"
        own = "请核对任务编号；又反弹、重新整改的，请先告诉办公室。"
        yield replace(row.finding("task", Check.APPLIED_TWICE, problem, cure=cure), department_cure=own)


def _check_evidence(row: _Row, closeout: Closeout) -> Iterator[Finding]:
    written = row.record.cells.get("evidence")
    if not is_blank(written) and means_nothing(written):
        severity = Severity.ERROR if closeout.agrees else Severity.WARNING
        problem = f"佐证材料写的是{quote(written)}，销号要对照完成标准逐条列出材料；"
        cure = "请补上名称和存放位置。"
        yield row.finding("evidence", Check.CLOSEOUT_EVIDENCE, problem, severity, cure=cure)


def _check_first_review(row: _Row, closeout: Closeout) -> Iterator[Finding]:
    decided = closeout.agrees or closeout.committee_date or closeout.leader_date
    if decided and row.empty("first_review") and closeout.conclusion is not Conclusion.RETURNED:
        problem = "办公室初审还空着，后面的审核已经填了。"
        cure = "请补上初审是“通过”还是“退回”。"
        yield row.finding("first_review", Check.CLOSEOUT_FIRST_REVIEW, problem, cure=cure)
    if closeout.first_review and row.empty("reviewer"):
        problem = f"初审是“{closeout.first_review}”，没有写审核岗位，查不到是谁审的；"
        cure = "请补上（只写岗位）。"
        yield row.finding("reviewer", Check.CLOSEOUT_FIRST_REVIEW, problem, cure=cure)


def _check_returned(row: _Row, closeout: Closeout) -> Iterator[Finding]:
    if closeout.first_review is FirstReview.RETURNED:
        if closeout.agrees:
            problem = f"办公室初审是“退回”，结论却是“{closeout.conclusion}”，不算办结。"
            cure = "请改正其中一个；退回后又重新申请的，请另起一行。"
            yield row.finding("conclusion", Check.CLOSEOUT_RETURNED, problem, Severity.ERROR, cure=cure)
        elif not closeout.conclusion:
            for key in ("leader_date", "committee_date"):
                if day := getattr(closeout, key):
                    problem = f"办公室初审是“退回”，却又有{_DATES[key]} {day}。"
                    cure = "请核对；退回后又重新申请的，请另起一行。"
                    yield row.finding(key, Check.CLOSEOUT_RETURNED, problem, cure=cure)
                    break
    reasons = [key for key in ("first_comment", "note") if key in row.register.columns]
    if closeout.sent_back and reasons and all(means_nothing(row.record.cells.get(key)) for key in reasons):
        problem = "退回没有写理由，部门不知道改什么；"
        cure = "请写明退回的理由。"
        yield row.finding(reasons[0], Check.CLOSEOUT_REASON, problem, cure=cure)


def _check_leader(row: _Row, closeout: Closeout) -> Iterator[Finding]:
    if (closeout.agrees or closeout.committee_date) and not closeout.sent_back and row.empty("leader_date"):
        problem = "分管领导审核日期空着，就到了党委审定这一步。"
        cure = "请补上分管领导审核日期。"
        yield row.finding("leader_date", Check.CLOSEOUT_LEADER, problem, cure=cure)


def _check_committee(row: _Row, closeout: Closeout) -> Iterator[Finding]:
    if closeout.agrees and not closeout.sent_back and row.empty("committee_date"):
        problem = f"结论是“{closeout.conclusion}”，没有党委审定日期，不算办结。"
        cure = "请补上审定日期；还没有上会的，结论先空着。"
        yield row.finding("committee_date", Check.CLOSEOUT_COMMITTEE, problem, Severity.ERROR, cure=cure)
    if closeout.committee_date and not closeout.sent_back and row.empty("conclusion"):
        problem = f"党委审定日期是 {closeout.committee_date}，结论空着，不算办结。"
        cure = "请补上结论；还没有上会的，审定日期先空着。"
        yield row.finding("conclusion", Check.CLOSEOUT_COMMITTEE, problem, cure=cure)


def _check_recheck(row: _Row, closeout: Closeout, as_of: date, limits: Thresholds) -> Iterator[Finding]:
    result, day, decided = closeout.recheck_result, closeout.recheck_date, closeout.committee_date
    if result and (closeout.sent_back or not closeout.agrees):
        problem = f"回头看结论是“{result}”，这一行却没有同意销号或转长期坚持。"
        cure = "请写到审定的那一行，或补上结论。"
        yield row.finding("recheck_result", Check.CLOSEOUT_RECHECK, problem, cure=cure)
    if result and row.empty("recheck_date"):
        severity = Severity.ERROR if result is Recheck.RELAPSED else Severity.WARNING
        since = "不知道从哪天起不算办结" if result is Recheck.RELAPSED else "不知道是哪天看的"
        problem = f"回头看结论是“{result}”，没有回头看日期，{since}；"
        cure = "请补上。"
        yield row.finding("recheck_date", Check.CLOSEOUT_RECHECK, problem, severity, cure=cure)
    if day and day < as_of and row.empty("recheck_result"):
        problem = f"回头看日期 {day} 已过，还没有结论；"
        cure = "请填“保持”或“反弹”，改期的请改日期。"
        yield row.finding("recheck_result", Check.CLOSEOUT_RECHECK, problem, cure=cure)
    months = limits.recheck_from
    overdue = recheck_due(closeout, as_of, limits) if day is None and not result else None
    if overdue and as_of > overdue.last:
        problem = f"党委 {decided} 审定，到 {overdue.last} 还没有回头看；"
        cure = "请去看一次，填上日期、岗位和结论。"
        yield row.finding("recheck_date", Check.CLOSEOUT_RECHECK, problem, cure=cure)
    if day and decided and decided <= day < months_later(decided, months) and result is not Recheck.RELAPSED:
        problem = f"回头看日期 {day} 离党委审定日期 {decided} 不到 {months} 个月，看不出能不能保持；"
        cure = f"请在 {months_later(decided, months)} 或以后再看一次。"
        yield row.finding("recheck_date", Check.CLOSEOUT_RECHECK, problem, cure=cure)


def _check_kind(row: _Row, closeout: Closeout, task: Task | None) -> Iterator[Finding]:
    if task is None:
        return
    if task.kind is TaskKind.LONG_TERM and closeout.conclusion is Conclusion.STRIKE_OFF:
        problem = f"{named(task.code)} 是长期任务，阶段目标完成的转长期坚持、按期复核，不销号。"
        cure = "请核对结论或任务类型。"
        yield row.finding("conclusion", Check.CLOSEOUT_KIND, problem, cure=cure)
    elif task.kind is TaskKind.PRINCIPLE:
        problem = f"{named(task.code)} 是原则性任务，通过其他任务体现，不单独销号。"
        cure = "请核对任务编号或任务类型。"
        yield row.finding("task", Check.CLOSEOUT_KIND, problem, cure=cure)


def _check_future(row: _Row, closeout: Closeout, as_of: date) -> Iterator[Finding]:
    """Report dates after ``as_of``; a 回头看 without a result is a plan and allowed."""
    for key, title in _DATES.items():
        day = getattr(closeout, key)
        if day and day > as_of and (key != "recheck_date" or closeout.recheck_result):
            problem = f"{title} {day} 晚于统计日 {as_of}，到那天才算数；"
            cure = WRONG_DATE
            yield row.finding(key, Check.CLOSEOUT_FUTURE, problem, cure=cure)
