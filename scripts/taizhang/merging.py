"""The merge: base, ledger and returned cell compared one by one; a plan that accounts for every row issued."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from taizhang.codes import CodeBook, Written
from taizhang.findings import Finding, Severity
from taizhang.forms import Form
from taizhang.issuing import Base
from taizhang.ledger import Ledger
from taizhang.merging_rows import merge_rows
from taizhang.places import Place, file_name
from taizhang.plans import Plan, Totals
from taizhang.registers import Register, read_register
from taizhang.row_identity import LedgerRows
from taizhang.submissions import Submission, oddities
from taizhang.template import IDENTITY_SHEET, shown_columns

__all__ = ["plan_merge"]


def plan_merge(
    ledger: Ledger, forms: Mapping[str, Form], submissions: Sequence[tuple[Submission, Base]], absent: Sequence[Base]
) -> list[Plan]:
    """Plan the merge of returned files against their bases; ``absent`` are the bases nobody returned. Writes nothing."""
    written = Written(ledger)
    codes = {name: CodeBook(register, ledger, written) for name, register in ledger.registers.items()}
    standing = {name: LedgerRows(register, ledger.settings) for name, register in ledger.registers.items()}
    plans = []
    for submission, base in submissions:
        totals = Totals(base.department, file=file_name(submission.path))
        plan = Plan(base, submission, totals, issue=_issue_number(submission))
        _merge_file(plan, ledger, forms, submission, base, codes, standing)
        plans.append(plan)
    for base in absent:
        rows = sum(len(each) for each in base.rows.values())
        plans.append(Plan(base, None, Totals(base.department, issued=rows, missing=rows)))
    return plans


def _merge_file(
    plan: Plan,
    ledger: Ledger,
    forms: Mapping[str, Form],
    submission: Submission,
    base: Base,
    codes: Mapping[str, CodeBook],
    standing: Mapping[str, LedgerRows],
) -> None:
    totals = plan.totals
    for name, issued in base.rows_of(plan.issue).items():
        totals.issued += len(issued)
        if name not in ledger.registers or (not issued and not base.spare.get(name)):
            totals.missing += len(issued)
            continue
        returned, findings = read_register(submission.book, forms[name])
        if returned is None:
            totals.missing += len(issued)
            if issued:
                plan.findings += [_softened(f, submission) for f in findings if f.check == "sheet-missing"]
                totals.errors += not submission.vouched
            continue
        lost = _missing_heads(returned, base, submission)
        totals.errors += sum(each.severity is Severity.ERROR for each in lost)
        plan.findings += [*(f for f in findings if f.check != "head-missing"), *lost]
        plan.findings += oddities(submission.book, returned)
        merge_rows(plan, ledger, submission, base, returned, codes[name], issued, standing[name])


def _issue_number(submission: Submission) -> int | None:
    """Return which issue of its period a returned file is, where it says so; a wrong number costs only its own department."""
    hidden = submission.book.by_name.get(IDENTITY_SHEET)
    try:
        number = json.loads(str(hidden.value(1, 1)))["issue"] if hidden else None
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return number if isinstance(number, int) else None


def _softened(finding: Finding, submission: Submission) -> Finding:
    """A file that the office vouches for may be a part of the template: what it lacks is no error."""
    if not submission.vouched:
        return finding
    return replace(finding, severity=Severity.WARNING, message=f"{finding.message}这一部分按没有报处理。")


def _missing_heads(returned: Register, base: Base, submission: Submission) -> list[Finding]:
    """Return a finding for each column the department was to fill and did not return; what the office fills is not missed."""
    form = returned.form
    shown = base.columns.get(form.name) or [column.key for column in shown_columns(form)]
    lost = [form.by_key[key] for key in shown if key in form.by_key and key not in returned.columns]
    severity = Severity.WARNING if submission.vouched else Severity.ERROR
    return [
        Finding(
            Place(returned.workbook, returned.sheet.name, returned.head_row),
            "head-missing",
            f"缺少“{column.title}”列，这一列按没有变化处理；如果填了内容，请恢复它的表头再报。",
            severity,
        )
        for column in lost
        if column.by_department
    ]
