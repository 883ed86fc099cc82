"""The merge: base, ledger and returned cell compared one by one; a plan that accounts for every row issued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from taizhang.checks.cells import cell_findings, has_formula
from taizhang.findings import Finding, Severity
from taizhang.forms import Column, Form
from taizhang.issuing import Base
from taizhang.journal import Change
from taizhang.ledger import Ledger
from taizhang.places import Place
from taizhang.readings import shown
from taizhang.registers import Record, Register, head_key, read_register
from taizhang.splice import AppendRow, SetCell
from taizhang.submissions import Submission, oddities
from taizhang.template import ROW_ID_HEAD, shown_columns
from taizhang.text import as_text, clean_key, is_blank, is_clear_mark
from taizhang.values import as_seen, read_value, to_cell

__all__ = ["Conflict", "Plan", "Totals", "plan_merge"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """One cell that the ledger and the department both changed, differently: the ledger keeps its value."""

    place: Place
    register: str
    code: str
    column: str
    base: str
    ours: str
    theirs: str
    department: str


@dataclass
class Totals:
    """One department's control totals: issued = merged + unchanged + held + conflicting + missing; ``added`` apart."""

    department: str
    issued: int = 0
    merged: int = 0
    unchanged: int = 0
    held: int = 0
    conflicting: int = 0
    missing: int = 0
    added: int = 0
    file: str = ""
    errors: int = 0

    @property
    def closes(self) -> bool:
        """Whether every issued row is accounted for."""
        return self.issued == self.merged + self.unchanged + self.held + self.conflicting + self.missing


@dataclass
class News:
    """What a base learns from a merge: codes given to spare rows, the cells they were added with, the cells taken."""

    assigned: dict[str, str] = field(default_factory=dict)
    added: dict[str, dict[str, str]] = field(default_factory=dict)
    taken: dict[str, dict[str, str]] = field(default_factory=dict)


@dataclass
class Plan:
    """Everything a merge would do: edits of the ledger, changes for the journal, conflicts, findings and totals."""

    edits: list[SetCell | AppendRow] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    totals: list[Totals] = field(default_factory=list)
    news: dict[tuple[str, str], News] = field(default_factory=dict)


def plan_merge(
    ledger: Ledger, forms: Mapping[str, Form], submissions: Sequence[tuple[Submission, Base]], absent: Sequence[Base]
) -> Plan:
    """Plan the merge of returned files against their bases; ``absent`` are the bases nobody returned. Writes nothing."""
    plan = Plan()
    codes = {name: _CodeBook(register) for name, register in ledger.registers.items()}
    for submission, base in submissions:
        plan.totals.append(_merge_file(plan, ledger, forms, submission, base, codes))
    for base in absent:
        rows = sum(len(each) for each in base.rows.values())
        plan.totals.append(Totals(base.department, issued=rows, missing=rows))
    return plan


class _CodeBook:
    """Hands out the next codes of a register and keeps where its next row goes."""

    def __init__(self, register: Register) -> None:
        self.form, self.after = register.form, register.last_row
        self._last = max((register.form.code_number(r.code) or 0 for r in register.records), default=0)

    def next(self, taken: Sequence[str]) -> str:
        self._last = max([self._last, *(self.form.code_number(code) or 0 for code in taken)]) + 1
        return self.form.format_code(self._last)


def _merge_file(
    plan: Plan,
    ledger: Ledger,
    forms: Mapping[str, Form],
    submission: Submission,
    base: Base,
    codes: dict[str, _CodeBook],
) -> Totals:
    totals = Totals(base.department, file=submission.path.name)
    for name, issued in base.rows.items():
        totals.issued += len(issued)
        if name not in ledger.registers or (not issued and not base.spare.get(name)):
            totals.missing += len(issued)
            continue
        returned, findings = read_register(submission.book, forms[name])
        columns = {column.key for column in shown_columns(forms[name])}
        plan.findings += [f for f in findings if f.check != "head-missing" or _concerns(f, forms[name], columns)]
        if returned is None:
            totals.missing += len(issued)
            totals.errors += 1
            continue
        plan.findings += oddities(submission.book, returned)
        _Sheet(plan, totals, ledger, submission, base, returned, codes[name]).merge()
    return totals


def _concerns(finding: Finding, form: Form, keys: set[str]) -> bool:
    """Whether a missing head is one that the template had: office columns that were never sent are not missed."""
    return any(f"“{form.column(key).title}”" in finding.message for key in keys)


class _Sheet:
    """One register of one returned file, merged row by row."""

    def __init__(
        self,
        plan: Plan,
        totals: Totals,
        ledger: Ledger,
        submission: Submission,
        base: Base,
        returned: Register,
        codes: _CodeBook,
    ) -> None:
        self.plan, self.totals, self.ledger = plan, totals, ledger
        self.submission, self.base, self.returned, self.codes = submission, base, returned, codes
        self.form, self.name = returned.form, returned.form.name
        self.ours = ledger.registers[self.name]
        self.issued = base.rows[self.name]
        self._news = plan.news.setdefault((base.department, base.period), News())

    def merge(self) -> None:
        seen: dict[str, int] = {}
        for record in self.returned.records:
            identity = self._identity(record)
            if identity in seen:
                message = f"与第 {seen[identity]} 行是同一条（{shown(identity)}），只采用前一行，请删去重复的行。"
                self._report(record, None, "row-duplicate", message)
                continue
            seen[identity] = record.row
            if identity != record.code and identity in self.issued and record.code in self.issued:
                message = f"编号是 {record.code}，下发时这一行却是 {identity}，多半是整行粘贴时错了行；这一行没有采用，请核对后重报。"
                self._report(record, self.form.code_column.key, "row-moved", message)
                self.totals.held += 1
            elif identity in self.issued:
                self._merge_row(record, identity)
            elif identity in self.base.spare.get(self.name, ()) or (
                not identity and self.form.new_rows == "department"
            ):
                self._merge_new(record, identity)
            elif self._has_content(record):
                self._refuse_row(record, identity)
        for code in self.issued:
            if code not in seen:
                self.totals.missing += 1
                message = f"下发的 {code} 没有报回来，台账里这一行不动；请不要删行。"
                self.plan.findings.append(Finding(self.returned.place(), "row-missing", message, Severity.WARNING))

    def _identity(self, record: Record) -> str:
        column = next((number for number, head in self.returned.extra if head_key(head) == ROW_ID_HEAD), None)
        hidden = clean_key(as_text(self.returned.sheet.value(record.row, column))) if column else ""
        return (
            hidden if hidden in self.issued or hidden in self.base.spare.get(self.name, ()) else record.code or hidden
        )

    def _has_content(self, record: Record) -> bool:
        return any(not is_blank(record.cells.get(column.key, "")) for column in self.form.department_columns)

    def _refuse_row(self, record: Record, identity: str) -> None:
        if identity in self.ours.by_code:
            message = f"{identity} 没有下发给{self.base.department}，这一行没有采用；需要改的请与牵头部门或办公室联系。"
        else:
            message = f"编号 {shown(identity) or '（空）'} 不在下发的表里，这一行没有采用；新增的内容请填在空行里，编号不用填。"
        self._report(record, self.form.code_column.key, "row-foreign", message)

    def _report(
        self, record: Record, key: str | None, check: str, message: str, severity: Severity = Severity.ERROR
    ) -> None:
        place = self.returned.place(record, key if key in self.returned.columns else None)
        self.plan.findings.append(Finding(place, check, message, severity))
        self.totals.errors += severity is Severity.ERROR

    def _changed_cells(self, record: Record, issued: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
        """Return the department's changed cells (key → canonical value, None for cleared) and whether any is wrong."""
        changed: dict[str, Any] = {}
        wrong = False
        for column in self.form.columns:
            if column.key not in record.cells or column.type == "code":
                continue
            raw, old = record.cells[column.key], issued.get(column.key, "")
            if column.by_department and is_blank(raw) and has_formula(self.returned, record, column.key):
                found = list(cell_findings(self.returned, record, column, raw, self.ledger.settings))
                self.plan.findings += found
                wrong = wrong or any(f.severity is Severity.ERROR for f in found)
                self.totals.errors += any(f.severity is Severity.ERROR for f in found)
            elif self._same(column, raw, old):
                continue
            elif not column.by_department:
                if not is_blank(raw):
                    message = f"“{column.title}”由办公室填，改动没有采用；需要改请与办公室联系。"
                    self._report(record, column.key, "not-yours", message, Severity.WARNING)
            elif is_blank(raw):
                message = f"“{column.title}”原来有内容，报回来是空的，按没有变化处理；确实要清空请填“（清空）”。"
                self._report(record, column.key, "blank", message, Severity.WARNING)
            elif is_clear_mark(raw):
                changed[column.key] = None
            else:
                found = list(
                    cell_findings(self.returned, record, column, raw, self.ledger.settings, by_department=True)
                )
                self.plan.findings += found
                errors = sum(f.severity is Severity.ERROR for f in found)
                self.totals.errors += errors
                wrong = wrong or bool(errors)
                changed[column.key] = self._read(column, raw)
        return changed, wrong

    def _read(self, column: Column, raw: Any) -> Any:
        return read_value(column, raw, self.ledger.settings, by_department=column.by_department).value

    def _same(self, column: Column, a: Any, b: Any) -> bool:
        if as_text(a) == as_text(b) or (is_blank(a) and is_blank(b)):
            return True
        left, right = (read_value(column, raw, self.ledger.settings) for raw in (a, b))
        return left.value is not None and not left.problem and left.value == right.value

    def _merge_row(self, record: Record, code: str) -> None:
        changed, wrong = self._changed_cells(record, self.issued[code])
        merged_status = changed.get("status", self._read_known(record, "status"))
        if self.name == "tasks" and merged_status == "已完成" and changed and not self._evidence(record, code, changed):
            message = "报了“已完成”却没有佐证材料，这一行先不采用；请写明材料名称和存放位置后再报。"
            self._report(record, "evidence", "evidence-missing", message)
            wrong = True
        if changed and record.row in self.returned.sheet.hidden_rows:
            message = "这一行被隐藏或筛掉了，里面的改动照样采用；请取消隐藏，核对是不是有意改的。"
            self._report(record, None, "hidden-row", message, Severity.WARNING)
        ours = self.ours.by_code.get(code)
        if wrong:
            self.totals.held += 1
        elif ours is None:
            self.totals.held += 1
            self._report(
                record, self.form.code_column.key, "row-gone", f"{code} 已不在台账里，这一行没有采用，请与办公室核对。"
            )
        else:
            taken, conflicting = self._apply(record, ours, changed, self.issued[code])
            self.totals.conflicting += conflicting > 0
            self.totals.merged += taken > 0 and not conflicting
            self.totals.unchanged += not taken and not conflicting

    def _read_known(self, record: Record, key: str) -> Any:
        return self._read(self.form.column(key), record.cells[key]) if key in record.cells else None

    def _evidence(self, record: Record, code: str, changed: Mapping[str, Any]) -> bool:
        return bool(
            changed["evidence"] if "evidence" in changed else not is_blank(self.issued[code].get("evidence", ""))
        )

    def _apply(
        self, record: Record, ours: Record, changed: Mapping[str, Any], issued: Mapping[str, str]
    ) -> tuple[int, int]:
        """Take what only the department changed; return how many cells were taken and how many conflict."""
        taken, conflicting = 0, 0
        for key, value in changed.items():
            column = self.form.column(key)
            mine, old = ours.cells.get(key, ""), issued.get(key, "")
            new = to_cell(column, value)
            if self._same(column, mine, "" if new is None else new):
                continue
            last = self.base.taken.get(ours.code, {}).get(key, old)
            if not (self._same(column, mine, old) or self._same(column, mine, last)):
                conflicting += 1
                place = self.returned.place(record, key)
                was, here = shown(as_text(old)), shown(as_seen(column, mine))
                there = shown(as_seen(column, record.cells[key]))
                conflict = Conflict(
                    place, self.form.sheet, ours.code, column.title, was, here, there, self.base.department
                )
                self.plan.conflicts.append(conflict)
                message = f"“{column.title}”下发后台账改成了“{_short(here)}”，部门报的是“{_short(there)}”，台账没有动，请裁决。"
                self.plan.findings.append(Finding(place, "conflict", message, Severity.WARNING))
                continue
            taken += 1
            self._news.taken.setdefault(ours.code, {})[key] = as_text(new)
            self.plan.edits.append(SetCell(self.ours.sheet.name, ours.row, self.ours.columns[key], new))
            self.plan.changes.append(
                Change(self.name, ours.code, key, as_text(mine), as_text(new), self.submission.path.name)
            )
        return taken, conflicting

    def _merge_new(self, record: Record, identity: str) -> None:
        """A row the department typed itself: it gets a code once; sending the same file again updates that row."""
        if not self._has_content(record):
            return
        if not identity:
            message = "这是自己加的行，请把内容移到表里预留的空行（空行有隐藏的标识），否则重复报送会重复添加。"
            self._report(record, None, "row-foreign", message)
            return
        if known := self.base.assigned.get(identity):
            self._merge_added(record, known)
            return
        changed, wrong = self._changed_cells(record, {})
        for column in self.form.department_columns:
            if column.required and changed.get(column.key) is None and column.key in self.returned.columns:
                self._report(record, column.key, "required", f"新增的行缺“{column.title}”，这一行先不采用，请补上。")
                wrong = True
        if not wrong:
            self._add(record, identity, changed)

    def _merge_added(self, record: Record, code: str) -> None:
        """The same new row again: merged against what it held when it was added, so nothing is added twice."""
        ours, issued = self.ours.by_code.get(code), self.base.added.get(code, {})
        changed, wrong = self._changed_cells(record, issued)
        if ours is None:
            message = f"这一行上次汇总时编为 {code}，现在已不在台账里，没有重新添加，请与办公室核对。"
            self._report(record, None, "row-gone", message)
        elif not wrong:
            self._apply(record, ours, changed, issued)

    def _add(self, record: Record, identity: str, changed: Mapping[str, Any]) -> None:
        code = self.codes.next(list(self.base.assigned.values()))
        values = {**changed, self.form.code_column.key: code, self.form.owner: self.base.department}
        cells = {
            self.ours.columns[key]: to_cell(self.form.column(key), value)
            for key, value in values.items()
            if key in self.ours.columns and value is not None
        }
        self.plan.edits.append(AppendRow(self.ours.sheet.name, self.codes.after, cells))
        source = self.submission.path.name
        self.plan.changes += [
            Change(self.name, code, key, "", as_text(to_cell(self.form.column(key), value)), source)
            for key, value in values.items()
            if value is not None
        ]
        self._news.assigned[identity] = code
        self._news.added[code] = {key: as_text(to_cell(self.form.column(key), value)) for key, value in values.items()}
        self.totals.added += 1


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:19]}…"
