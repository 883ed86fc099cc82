"""Planning the merge file by file: read each issued sheet, merge its rows, account for every issued row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from taizhang.forms.model import Form
from taizhang.history.bases import Base, period_key
from taizhang.history.new_codes import CodeBook, Written
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import identity_facts, shown_columns
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register, find_alike, read_register
from taizhang.merge.identity import LedgerRows
from taizhang.merge.ledger_to_be import AllTaken, LedgerToBe, TaskRows
from taizhang.merge.plan import News, Plan, Totals, is_clean
from taizhang.merge.reported_before import OtherPeriods
from taizhang.merge.rows import SheetMerge
from taizhang.merge.submissions import Submission, report_oddities
from taizhang.merge.ticks import find_tick
from taizhang.system.clock import stamp
from taizhang.system.file_names import file_name
from taizhang.typed.text import clean_key
from taizhang.workbook.places import Place
from taizhang.workbook.properties import saved_at

__all__ = ["absent_plan", "plan_departments"]

TAKEN_BACK = (Check.UNDONE, Check.ROW_GONE)
"""Checks that report what the office has undone since a file was merged."""


def plan_departments(
    ledger: Ledger, forms: Mapping[str, Form], submissions: Sequence[tuple[Submission, Base]], absent: Sequence[Base]
) -> list[Plan]:
    """Plan the merge of returned files with their bases; ``absent`` are bases without a return. Writes nothing."""
    written = Written(ledger)
    codes = {name: CodeBook(register, ledger, written) for name, register in ledger.registers.items()}
    ledger_rows = {name: LedgerRows(register, ledger.settings) for name, register in ledger.registers.items()}
    others, task_rows, every, plans = OtherPeriods(ledger), TaskRows(ledger), AllTaken(ledger), []
    read: list[tuple[Plan, LedgerToBe]] = []
    latest_first = sorted(submissions, key=lambda pair: period_key(ledger.settings, pair[1].period), reverse=True)
    for submission, base in latest_first:
        totals = Totals(base.department, file=file_name(submission.path))
        plan = Plan(base, submission, totals, issue=_issue_number(submission))
        to_be = LedgerToBe(task_rows, every, _judged_on(ledger, submission))
        _merge_file(plan, ledger, forms, submission, codes, ledger_rows, others, to_be)
        known = {*base.said, *plan.said}
        totals.unsaid = tuple(code for code in plan.silent if code not in known)
        heard = {*base.said_registers, *plan.said_registers}
        totals.unsaid_registers = tuple(forms[name].sheet for name in plan.silent_registers if name not in heard)
        if plan.unread:
            _refuse(plan)
        elif _was_accepted(base, submission):
            _keep_only_undone(plan)
        else:
            read.append((plan, to_be))
        others.note(plan)
        plans.append(plan)
    for plan, to_be in read:
        plan.findings += to_be.find_beside()
    plans.sort(key=lambda plan: period_key(ledger.settings, plan.base.period))
    return [*plans, *map(absent_plan, absent)]


def absent_plan(base: Base) -> Plan:
    """Return the plan for a department that returned nothing: all its rows are missing."""
    rows = sum(len(each) for each in base.rows.values())
    return Plan(base, None, Totals(base.department, issued=rows, missing=rows))


def _refuse(plan: Plan) -> None:
    """Replace the findings of a file without any issued sheet by one that says it is not a return."""
    submission = plan.submission
    if submission is None:
        return
    whose = "办公室认定是" if submission.vouched else "下发给"
    problem = (
        f"这份{whose}{plan.base.department}的表里，下发的那几张一张也认不出来（表名、表头都对不上），"
        "没有采用，不算已报。"
    )
    cure = "请用下发的表填报。"
    plan.findings[:] = [Finding(Place(file_name(submission.path)), Check.IDENTITY, problem, cure=cure)]


def _was_accepted(base: Base, submission: Submission) -> bool:
    """Whether the same file was merged before and taken as a whole."""
    return any(each["sha256"] == submission.book.sha256 and is_clean(each["totals"]) for each in base.returns)


def _keep_only_undone(plan: Plan) -> None:
    """Empty the plan of a file that was taken before: whatever has changed since in ledger or 参数, it needs no action.

    Findings about what was undone since then remain.
    """
    totals = plan.totals
    plan.totals = Totals(
        totals.department,
        totals.issued,
        unchanged=totals.issued,
        file=totals.file,
        unsaid=totals.unsaid,
        unsaid_registers=totals.unsaid_registers,
    )
    plan.edits, plan.taken, plan.conflicts, plan.news = [], [], [], News()
    plan.findings[:] = [each for each in plan.findings if each.check in TAKEN_BACK]


def _merge_file(
    plan: Plan,
    ledger: Ledger,
    forms: Mapping[str, Form],
    submission: Submission,
    codes: Mapping[str, CodeBook],
    ledger_rows: Mapping[str, LedgerRows],
    others: OtherPeriods,
    to_be: LedgerToBe,
) -> None:
    base, totals, found, read = plan.base, plan.totals, [], []
    forms = _as_answered_by(base, ledger, forms)
    for name, issued in base.rows_of(plan.issue).items():
        totals.issued += len(issued)
        if name not in ledger.registers or (not issued and not base.spare.get(name)):
            totals.missing += len(issued)
            continue
        returned, findings = read_register(submission.book, forms[name])
        found.append(returned is not None)
        if returned is None:
            totals.missing += len(issued)
            if issued:
                plan.findings += [_soften(f, submission) for f in findings if f.check == Check.SHEET_MISSING]
                totals.errors += not submission.vouched
            continue
        lost = _report_missing_heads(returned, base, submission)
        totals.errors += sum(each.severity is Severity.ERROR for each in lost)
        plan.findings += [*(f for f in findings if f.check != Check.HEAD_MISSING), *lost]
        plan.findings += report_oddities(submission.book, returned)
        read.append(returned)
        _merge_sheet(SheetMerge(plan, ledger, submission, returned, codes[name], ledger_rows[name], others, to_be))
        plan.findings += to_be.find_together(returned)
    plan.findings += _report_copies(submission, read, forms)
    plan.findings += _report_not_issued(base, ledger, submission)
    plan.unread = bool(found) and not any(found)


def _as_answered_by(base: Base, ledger: Ledger, forms: Mapping[str, Form]) -> Mapping[str, Form]:
    """Return the forms as the reporter of a base answers them, whoever would be sent them now."""
    known = ledger.settings.reporter(base.department)
    return {name: form.for_branches(by_branch=known.is_branch) for name, form in forms.items()} if known else forms


def _merge_sheet(sheet: SheetMerge) -> None:
    """Merge the rows of a sheet, and note whether its register says something: by its rows, or by its tick."""
    plan, before = sheet.plan, (sheet.totals.held, sheet.totals.errors)
    sheet.merge()
    said = sheet.spoke or (sheet.totals.held, sheet.totals.errors) != before
    if tick := find_tick(sheet.returned):
        said, found = tick.weigh(sheet.ledger.settings, changed=said)
        plan.findings += found
        (plan.said_registers if said else plan.silent_registers).append(sheet.name)
        plan.spoke |= said
    plan.spoke |= sheet.spoke


def _judged_on(ledger: Ledger, submission: Submission) -> date:
    """Return the day on which a file is judged: it may tell what was done until it was saved, or until the 统计日."""
    saved, period = saved_at(submission.saved), ledger.settings.period(submission.period)
    days = [saved.date() if saved else None, period.as_of if period else None]
    return max((day for day in days if day), default=stamp().date())


def _report_copies(submission: Submission, read: Sequence[Register], forms: Mapping[str, Form]) -> Iterator[Finding]:
    """Report sheets that look like copies of one that was read; what was typed there is not merged."""
    own = {clean_key(form.sheet) for form in forms.values()}
    taken = [register.sheet for register in read]
    free = [
        sheet
        for sheet in submission.book.sheets
        if clean_key(sheet.name) not in own and all(sheet is not each for each in taken)
    ]
    for register in read:
        name = register.sheet.name
        for sheet in find_alike(free, register.form):
            problem = f"像是又一张〈{name}〉，没有读，里面填的没有采用。"
            cure = f"要报的请填到〈{name}〉里再报；是别的部门的，请各报各的表。"
            yield Finding(submission.book.place(sheet.name), Check.SHEET_COPY, problem, Severity.WARNING, cure=cure)


def _report_not_issued(base: Base, ledger: Ledger, submission: Submission) -> Iterator[Finding]:
    """Report sheets of registers that were not issued in this file, such as those about persons moved into it."""
    issued = {name for rows in (base.rows, *base.earlier) for name in rows}
    for name, register in ledger.registers.items():
        sheet = submission.book.by_name.get(register.form.sheet)
        if sheet is not None and name not in issued:
            problem = f"〈{sheet.name}〉不在下发给{base.department}的这份表里，没有读，里面填的没有采用。"
            cure = "请填到下发的那一份里再报。"
            yield Finding(submission.book.place(sheet.name), Check.SHEET_COPY, problem, Severity.WARNING, cure=cure)


def _issue_number(submission: Submission) -> int | None:
    """Return the issue number within its period that a returned file carries; None if it has none.

    It is not signed: a wrong number harms only the department's own rows.
    """
    number = (identity_facts(submission.book) or {}).get("issue")
    return number if isinstance(number, int) else None


def _soften(finding: Finding, submission: Submission) -> Finding:
    """Soften a missing sheet to a warning if the office vouches for the file, which may be a part of the form."""
    if not submission.vouched:
        return finding
    return replace(finding, severity=Severity.WARNING, cure=f"{finding.cure}这一部分按没有报处理。")


def _report_missing_heads(returned: Register, base: Base, submission: Submission) -> list[Finding]:
    """Report each shown department column that is missing in the returned sheet; office columns are not needed."""
    form = returned.form
    shown = base.columns.get(form.name) or [column.key for column in shown_columns(form) if not column.later]
    lost = [form.by_key[key] for key in shown if key in form.by_key and key not in returned.columns]
    severity = Severity.WARNING if submission.vouched else Severity.ERROR
    return [
        Finding(
            Place(returned.workbook, returned.sheet.name, returned.head_row),
            Check.HEAD_MISSING,
            f"缺少“{column.title}”列，这一列按没有变化处理；",
            severity,
            cure="如果填了内容，请恢复它的表头再报。",
        )
        for column in lost
        if column.by_department
    ]
