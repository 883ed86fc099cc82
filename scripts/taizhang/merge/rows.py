"""Merging the rows of one register in a returned file: each cell is compared with base and ledger."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import Any

from taizhang.checks.cells import cell_findings, has_formula, reference_findings
from taizhang.checks.proofs import claim_findings
from taizhang.forms.columns import Column
from taizhang.forms.register_names import CLOSEOUTS, TASKS
from taizhang.forms.vocabulary import ColumnType, Filler
from taizhang.history.new_codes import CodeBook
from taizhang.issue.plan import SPARE
from taizhang.ledger.catalogue import Check, RuleName
from taizhang.ledger.cell_values import to_cell
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.likeness import as_cell
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.ledger.vocabulary import CLOSED_STATUSES, Status
from taizhang.merge.cells import UNDO_AGAIN, CellMerge
from taizhang.merge.identity import LedgerRows, ReturnedRows, known_rows, name_rows
from taizhang.merge.ledger_to_be import LedgerToBe
from taizhang.merge.plan import Plan, Taken, seen
from taizhang.merge.reported_before import OtherPeriods
from taizhang.merge.submissions import Submission
from taizhang.splice import AppendRow
from taizhang.typed.readings import named, quote
from taizhang.typed.text import as_text, is_blank, is_clear_mark, means_nothing
from taizhang.workbook.places import Place
from taizhang.workbook.properties import saved_at

__all__ = ["SheetMerge"]

_DOUBT_CURES = {
    Check.ROW_MOVED: (
        "多半是排序、插行时没有整行一起动。请照下发的表，让编号和内容回到同一行再报；"
        "新增的填在下面的空行里，编号不用填。"
    ),
    Check.COLUMNS_SORTED: (
        "多半是只选了几列排序，或粘贴时错了行，编号没有跟着动。请撤销排序，或照编号逐行核对，再报；"
        "确实是这一行的，请换成自己的话写，不照搬别行原来的内容。"
    ),
}
_RENUMBERED = (
    "编号是一行的身份，换了就会把进展记到别的任务上。请办公室把台账里的编号改回下发时的那一行（新的一行编一个没用过的号），"
    "再汇总一次；部门不用改。"
)
_ISSUE_AGAIN = "确实是同一条、只是改写了的，请用 taizhang issue --again 重新下发，部门照新表报。"


class SheetMerge:
    """The merge of one register of a returned file, row by row, into ``plan``."""

    def __init__(
        self,
        plan: Plan,
        ledger: Ledger,
        submission: Submission,
        returned: Register,
        codes: CodeBook,
        ledger_rows: LedgerRows,
        others: OtherPeriods,
        to_be: LedgerToBe,
    ) -> None:
        self._to_be = to_be
        self.plan, self.totals, self.ledger = plan, plan.totals, ledger
        base = self.base = plan.base
        self.submission, self.returned, self.codes = submission, returned, codes
        self.form, self.name = returned.form, returned.form.name
        self.ours = ledger.registers[self.name]
        issued = self.issued = base.rows_of(plan.issue)[self.name]
        self._known = {
            name: ledger.registers[name].by_code
            for name in {self.name, *(c.to for c in self.form.columns)} & {*ledger.registers}
        }
        self._news = plan.news
        self.spoke = False
        """Whether any cell of the sheet is not as it was issued."""
        self._cells = CellMerge(plan, ledger, submission, returned, others)
        self._anew = self._cells.anew
        self.rows = ReturnedRows(returned, base, issued, plan.issue, ledger.settings)
        self._comparison = ledger_rows.compare(known_rows(base, self.name, plan.issue, later=False, held=True))
        self._renumbered: list[tuple[Record, str, str]] = []

    def merge(self) -> None:
        """Plan the merge of each row, and count it once in the totals."""
        rows = dict(self.rows.by_identity)
        for identity, records in rows.items():
            code = self.base.assigned.get(identity, "" if identity.startswith(SPARE) else identity)
            self.plan.codes.update({(self.returned.sheet.name, record.row): code for record in records})
        if self.rows.ids_stayed:
            problem = "排序时隐藏的行标识没有跟着动，这张表按编号认行，编号和内容对得上的照样采用；"
            cure = "新增的行请不要一起排序。"
            self.plan.findings.append(
                Finding(self.returned.place(), Check.ROW_MOVED, problem, Severity.HINT, cure=cure)
            )
        looks = {}
        for record in rows.pop("", ()):
            if alike := self._guess_code(
                record, [code for code in self.issued if code not in rows and code not in looks]
            ):
                looks[alike] = record.row
                problem = f"这一行的编号空着，看内容像 {alike}，没有采用；"
                cure = "请把编号补回再报。"
                self._cells.report(record, self.form.code_column.key, Check.ROW_FOREIGN, problem, cure=cure)
            elif self.form.new_rows == Filler.DEPARTMENT:
                self._merge_new(record, "")
            elif self.rows.has_content(record):
                self._refuse_row(record, "")
        for identity, records in rows.items():
            if (record := self._choose_row(records, identity)) is not None:
                self._merge_record(record, identity)
        self._report_doubts()
        for code in self.issued:
            if code not in rows:
                self.totals.missing += 1
                cure = (
                    f"看内容像第 {looks[code]} 行，请补回编号。"
                    if code in looks
                    else "请从下发的表里把这一行复制回来，整份再报；没有进展的行也不要删。"
                )
                problem = f"下发的 {code} 没有报回来，台账里这一行不动；"
                self.plan.findings.append(
                    Finding(self.returned.place(), Check.ROW_MISSING, problem, Severity.WARNING, cure=cure)
                )

    def _merge_record(self, record: Record, identity: str) -> None:
        if record.row in self.rows.doubts:
            self.totals.held += identity in self.issued
        elif identity in self.issued:
            if record.code != identity:
                typed = f"写成了 {named(record.code)}" if record.code else "被清空了"
                problem = f"这一行的编号{typed}，按隐藏的行标识认作 {identity}，照样采用；"
                cure = f"请把编号{'改' if record.code else '补'}回。"
                self._cells.report(record, self.form.code_column.key, Check.CODE, problem, Severity.WARNING, cure=cure)
            self._merge_row(record, identity)
        elif identity in self.base.spare.get(self.name, ()):
            self._merge_new(record, identity)
        elif self.rows.has_content(record):
            self._refuse_row(record, identity)

    def _report_doubts(self) -> None:
        """Report the rows whose identity is in doubt: one finding for each cause, with a part for each row."""
        doubts = self.rows.doubts
        records = {record.row: record for record in self.returned.records}
        for check, cure in _DOUBT_CURES.items():
            wrong = [(records[row], each.column, each.sentence) for row, each in doubts.items() if each.check == check]
            self._report_together(wrong, check, Severity.ERROR, cure)
        self._report_together(
            self._renumbered, Check.ROW_RENUMBERED, Severity.WARNING, _RENUMBERED + _ISSUE_AGAIN, _RENUMBERED
        )

    def _report_together(
        self,
        wrong: Sequence[tuple[Record, str, str]],
        check: Check,
        severity: Severity,
        cure: str,
        department_cure: str | None = None,
    ) -> None:
        """Report rows, as (row, column, sentence), that are wrong for the same cause, in one finding."""
        parts = []
        for record, key, sentence in wrong:
            place = self.returned.place(record, key if key in self.returned.columns else self.form.code_column.key)
            problem = f"{sentence}，这一行没有采用。"
            parts.append(Finding(place, check, problem, severity, cure=cure, department_cure=department_cure))
        if len(parts) == 1:
            self.plan.findings += parts
        elif parts:
            sentences, more = "；".join(sentence for _, _, sentence in wrong[:3]), "等" if len(parts) > 3 else ""
            rows = name_rows(record.row for record, _, _ in wrong)
            problem = f"{sentences}{more}。{rows}（共 {len(parts)} 行）都没有采用。"
            parts.sort(key=lambda part: part.place.sort_key)
            self.plan.findings.append(Finding(parts[0].place, check, problem, severity, tuple(parts), cure))
        self.totals.errors += len(parts) if severity is Severity.ERROR else 0

    def _choose_row(self, records: Sequence[Record], identity: str) -> Record | None:
        """Return the first of the rows with one identity; None, with the row held, if their contents differ.

        Rows in doubt and rows without content are disregarded.
        """
        own = [record for record in records if record.row not in self.rows.doubts] or list(records[:1])
        filled = [record for record in own if self.rows.has_content(record)] or own[:1]
        first = filled[0]
        differ = any(not self._have_same_cells(first, other) for other in filled[1:])
        if differ:
            for record in filled:
                problem = f"{name_rows(each.row for each in filled)}都是 {named(identity)}，内容却不一样，都没有采用；"
                cure = "请只留对的一行再报。"
                self._cells.report(record, None, Check.ROW_DUPLICATE, problem, cure=cure)
            self.totals.held += identity in self.issued
        for record in records:
            if record is first or (differ and record in filled) or record.row in self.rows.doubts:
                continue
            if record in filled or identity in self.issued:
                problem = f"与第 {first.row} 行是同一条（{named(identity)}），只采用前一行，"
                cure = "请删去重复的行。"
                self._cells.report(record, None, Check.ROW_DUPLICATE, problem, cure=cure)
        return None if differ else first

    def _have_same_cells(self, a: Record, b: Record) -> bool:
        keys = [column for column in self.form.department_columns if column.key in a.cells]
        return all(self._cells.same(column, a.cells[column.key], b.cells[column.key]) for column in keys)

    def _guess_code(self, record: Record, codes: Sequence[str]) -> str:
        """Return the code of the only issued row with the same title as a row without code; else an empty text."""
        key = self.form.title_column
        if not key or is_blank(record.cells.get(key, "")):
            return ""
        column = self.form.column(key)
        found = [code for code in codes if self._cells.same(column, self.issued[code].get(key, ""), record.cells[key])]
        return found[0] if len(found) == 1 else ""

    def _refuse_row(self, record: Record, identity: str) -> None:
        alike = self.rows.looks_like(record)
        if identity in self._known[self.name]:
            problem = f"{identity} 没有下发给{self.base.department}，这一行没有采用；"
            cure = f"看内容像 {alike}，是的话请把编号改回。" if alike else "需要改的请与牵头部门或办公室联系。"
        else:
            problem = f"编号 {named(identity) or '（空）'} 不在下发的表里，这一行没有采用；"
            cure = (
                f"看内容像 {alike}，请把编号改回再报。"
                if alike
                else "新增的内容请填在空行里，编号不用填。"
                if self.form.new_rows == Filler.DEPARTMENT
                else "部门不能自己加行，要加请联系办公室。"
            )
        self._cells.report(record, self.form.code_column.key, Check.ROW_FOREIGN, problem, cure=cure)

    def _changed_cells(self, record: Record, code: str, issued: Mapping[str, str]) -> tuple[dict[str, Any], bool]:
        """Return the department's changed cells (key → canonical value, None for cleared) and whether any is wrong.

        ``code`` is empty for a row that the ledger does not have yet. A cell as issued is not a change, unless the
        department reported something else before and now takes it back.
        """
        changed: dict[str, Any] = {}
        wrong = False
        for column in self.form.columns:
            if column.key not in record.cells or column.type == ColumnType.CODE:
                continue
            raw, old = record.cells[column.key], issued.get(column.key, "")
            if self._anew.is_left_out(code, column):
                self.plan.findings += self._anew.report_left_out(record, code, column)
            elif is_blank(raw) and self._anew.means_none(code, column):
                continue
            elif column.by_department and is_blank(raw) and has_formula(self.returned, record, column.key):
                wrong |= self._add_errors(cell_findings(self.returned, record, column, raw, self.ledger.settings))
            elif self._cells.same(column, raw, old) and not self._cells.takes_back(record, code, column):
                continue
            elif not column.by_department:
                if not is_blank(raw):
                    problem = f"“{column.title}”由办公室填，改动没有采用；"
                    cure = "需要改请与办公室联系。"
                    self._cells.report(record, column.key, Check.NOT_YOURS, problem, Severity.WARNING, cure=cure)
            elif is_blank(raw):
                problem = f"“{column.title}”原来有内容，报回来是空的，按没有变化处理；"
                cure = "确实要清空请填“（清空）”。"
                self._cells.report(record, column.key, Check.BLANK, problem, Severity.WARNING, cure=cure)
            elif column.key not in self.ours.columns:
                self._report_no_column(record, column)
            elif is_clear_mark(raw):
                changed[column.key] = None
            else:
                value = changed[column.key] = self._cells.read(column, raw)
                wrong |= self._add_errors(self._check_reported(record, column, raw, value))
        return changed, wrong

    def _report_no_column(self, record: Record, column: Column) -> None:
        """Report a cell for which the ledger has no column; as an error, so that the file is read again."""
        problem = f"台账的〈{self.ours.sheet.name}〉没有“{column.title}”这一列，填的没有采用；"
        cure = "请办公室运行 taizhang forms update 补上这一列，再汇总一次；部门不用改。"
        self._cells.report(record, column.key, Check.NOT_UPDATED, problem, cure=cure)

    def _find_none_now(self, record: Record, ours: Record, changed: Mapping[str, Any]) -> dict[str, None]:
        """Return the columns of a reported row in which there is none now."""
        is_own = partial(self._cells.came_from_department, ours.code)
        return self._anew.find_none_now(record, ours, changed, newer=self._cells.is_newer, is_own=is_own)

    def _note_said(self, record: Record, code: str, changed: Mapping[str, Any], *, wrong: bool) -> None:
        """Note for which task a row says something: its own, or the one that a row of another register names."""
        self.spoke = True
        reference = self.form.task_column
        if reference is not None:
            code = str(changed.get(reference.key) or self.issued.get(code, {}).get(reference.key, ""))
        if not wrong and (reference is not None or self.form.tick):
            self.plan.said.append(code)

    def _check_reported(self, record: Record, column: Column, raw: Any, value: Any) -> Iterator[Finding]:
        """Yield the findings of a cell that the department changed; ``value`` is its canonical value."""
        yield from cell_findings(self.returned, record, column, raw, self.ledger.settings, by_department=True)
        if column.to in self.ledger.registers:
            target, place = self.ledger.registers[column.to], self.returned.place(record, column.key)
            yield from reference_findings(place, column, value, target.sheet.name, self._known[column.to])

    def _add_errors(self, found: Iterable[Finding]) -> bool:
        """Add findings to the plan and count the errors; return whether there are any."""
        findings = list(found)
        errors = sum(each.severity is Severity.ERROR for each in findings)
        self.plan.findings += findings
        self.totals.errors += errors
        return errors > 0

    def _check_row(
        self, record: Record, code: str, changed: Mapping[str, Any], issued: Mapping[str, str] | None
    ) -> Iterator[Finding]:
        """Yield what the checks of the ledger would say of a row with its changed cells; if no error, it counts so.

        ``issued`` are the cells of the row as issued or as added before, None for a new row.
        """
        ours = self._known[self.name].get(code)
        held = ours.cells if ours else self._own_cells
        if ours:  # cells that the sheet does not show are read as the ledger's
            record = replace(record, unread=record.unread | (ours.unread - {*self.returned.columns}))
        if ours and not changed:
            self._to_be.keep(self.returned, record, ours)
            return
        before = {**held, **{key: as_cell(self.form.column(key), (issued or {}).get(key, "")) for key in changed}}
        unkept = {column.key for column in self.form.department_columns} - {*self.ours.columns}
        after = {key: raw for key, raw in record.cells.items() if key in unkept}
        after |= {**held, **{key: to_cell(self.form.column(key), value) for key, value in changed.items()}}
        found = self._to_be.find_brought(
            self.returned, record, code, None if issued is None or ours is None else before, after
        )
        for each in found:
            key = next((key for key, number in self.returned.columns.items() if number == each.place.column), "task")
            yield replace(each, place=self._place_of(record, key))
        if all(each.severity is not Severity.ERROR for each in found):
            self._to_be.take(self.returned, record, code, after)

    def _check_held(self, record: Record, changed: Mapping[str, Any]) -> Iterator[Finding]:
        """Yield what the rules of the form say of a new row that is held already, so that all is said at once.

        A cell that could not be read stands as it was typed, and rules that look at it say nothing.
        """
        typed = {key: raw for key, raw in record.cells.items() if key not in changed and not is_blank(raw)}
        read = {key: to_cell(self.form.column(key), value) for key, value in changed.items()}
        after = {**typed, **self._own_cells, **read}
        for each in self._to_be.find_brought(self.returned, record, "", None, after):
            if isinstance(each.check, RuleName) or each.check is Check.PART_OVER_WHOLE:
                yield each

    @cached_property
    def _own_cells(self) -> Mapping[str, str]:
        """The cells that say whose a new row is: the department, and with it the branch if branches answer."""
        known = self.ledger.settings.reporter(self.base.department)
        unit = known.unit if known else self.base.department
        department = {self.form.owner: self.ledger.department_of(unit) if self.form.by_branch else unit}
        cells = {**department, self.form.reporter: unit}
        return {key: text for key, text in cells.items() if key and text}

    def _check_claim(self, record: Record, key: str, task: str, claim: str) -> Iterator[Finding]:
        """Yield that the ledger contradicts a claim, on the day the file was saved or of the period's figures."""
        saved, period = saved_at(self.submission.saved), self.ledger.settings.period(self.base.period)
        if day := saved.date() if saved else period and period.as_of:
            yield from claim_findings(self.ledger, self.returned.place(record, key), task, claim, day)

    def _place_of(self, record: Record, key: str) -> Place:
        """Return the place of a column's cell; of a column that templates do not show, the cell of the task."""
        return self.returned.place(record, key if key in self.returned.columns else "task")

    def _merge_row(self, record: Record, code: str) -> None:
        ours = self._known[self.name].get(code)
        changed, wrong = self._changed_cells(record, code, self.issued[code])
        said = bool(changed)
        self.plan.findings += self._anew.weigh(record, code, changed)
        if said or wrong:
            self._note_said(record, code, changed, wrong=wrong)
            changed |= self._find_none_now(record, ours, changed) if said and ours else {}
        elif self._anew.is_asked(code):
            self.plan.silent.append(code)
        else:
            self.plan.unasked |= self.form.tick is not None
        news = self._cells.has_news(code, changed)
        if news and (doubt := self._comparison.doubt(code)):
            self.totals.held += 1
            self._renumbered.append((record, self.form.code_column.key, doubt))
            return
        concluded = ours is not None and self._keep_conclusion(record, ours, changed)
        merged_status = changed.get("status", self._read_known(record, "status"))
        done = self.name == TASKS and merged_status == Status.DONE and not concluded
        if done and changed and not self._has_evidence(code, changed):
            written = changed.get("evidence") or self.issued[code].get("evidence", "")
            none = "却没有佐证材料" if is_blank(written) else f"，佐证材料写{quote(written)}等于没有填"
            problem = f"报了“已完成”{none}，这一行先不采用；"
            cure = "请写明材料名称和存放位置后再报。"
            self._cells.report(record, "evidence", Check.EVIDENCE_MISSING, problem, cure=cure)
            wrong = True
        if ours and not wrong:
            wrong |= self._add_errors(self._check_row(record, code, changed, self.issued[code]))
        if done and not wrong and "status" in changed and self._cells.has_news(code, {"status": merged_status}):
            self._add_errors(self._check_claim(record, "status", code, "报了“已完成”"))
        if changed and record.row in self.returned.sheet.hidden_rows:
            problem = "这一行被隐藏或筛掉了，里面的改动照样采用；"
            cure = "请取消隐藏，核对是不是有意改的。"
            self._cells.report(record, None, Check.HIDDEN_ROW, problem, Severity.WARNING, cure=cure)
        if wrong:
            self.totals.held += 1
        elif ours is None:  # without news nothing is lost, and the row counts as unchanged
            self.totals.held += news
            self.totals.unchanged += not news
            if news:
                problem = f"{code} 已不在台账里（下发以后办公室去掉了），部门报的没有采用，"
                cure = "请办公室核对；部门不用改。要采用，请先把这一行在台账里补回来，再汇总一次。"
                self._cells.report(
                    record, self.form.code_column.key, Check.ROW_GONE, problem, Severity.WARNING, cure=cure
                )
        elif self._must_withhold(record, ours, changed):
            self.totals.held += 1
        else:
            taken, conflicting = self._cells.take(record, ours, changed, self._anew.held[code])
            self.totals.conflicting += conflicting > 0
            self.totals.merged += taken > 0 and not conflicting
            self.totals.unchanged += not taken and not conflicting

    def _must_withhold(self, record: Record, ours: Record, changed: Mapping[str, Any]) -> bool:
        """Whether new values must not be written to the ledger's row; if so, a finding says why.

        Reasons: the ledger's cell is unread, its code occurs twice, or another department owns the row now.
        """
        if not any(self._cells.is_new(ours, self.form.column(key), value) for key, value in changed.items()):
            return False
        if titles := [self.form.column(key).title for key in changed if key in ours.unread]:
            problem = (
                f"台账里 {ours.code} 的“{'”“'.join(titles)}”是公式，还没有算出结果（或是错误值），"
                "没法和报来的比对，这一行没有采用。"
            )
            cure = "请办公室用 Excel 或 WPS 打开台账保存一次，再汇总一次；部门不用改。"
            self._cells.report(record, None, Check.FORMULA, problem, Severity.WARNING, cure=cure)
            return True
        code, rows = ours.code, self.ours.rows_of[ours.code]
        if len(rows) > 1:
            numbers = "、".join(map(str, rows))
            problem = f"台账里第 {numbers} 行都是 {code}，分不清该写进哪一行，这一行没有采用。"
            cure = "请办公室给其中一行换一个没用过的编号，再汇总一次；部门不用改。"
            self._cells.report(
                record, self.form.code_column.key, Check.CODE_DUPLICATE, problem, Severity.WARNING, cure=cure
            )
            return True
        owner = self.ledger.meaning(self.ours, ours, self.form.reporter)
        known = self.ledger.settings.reporter(self.base.department)
        if owner != (known.unit if known else self.base.department):
            title, who = self.form.column(self.form.reporter).title, "党支部" if self.form.by_branch else "部门"
            now = f"“{title}”改成了{owner}" if owner else f"“{title}”不再是〈参数〉里的{who}"
            first = (
                f"核对台账的“{title}”"
                if known
                else f"在〈参数〉的{who}清单里补上{self.base.department}（改了名的写进别名）"
            )
            problem = f"{code} 下发以后在台账里{now}，{self.base.department}报的这一行没有采用。"
            cure = f"确实要采用，请办公室先{first}，再汇总一次；部门不用改。"
            self._cells.report(
                record, self.form.code_column.key, Check.ROW_REASSIGNED, problem, Severity.WARNING, cure=cure
            )
            return True
        return False

    def _keep_conclusion(self, record: Record, ours: Record, changed: dict[str, Any]) -> bool:
        """Remove changes of status and progress from a row that the office has closed; return whether it is closed."""
        status = self.ledger.meaning(self.ours, ours, "status") if self.name == TASKS else None
        if status not in CLOSED_STATUSES:
            return False
        for key in ("status", "progress"):
            if key not in changed:
                continue
            column, meant = self.form.column(key), changed.pop(key)
            value = to_cell(column, meant)
            unread = value is None and not is_clear_mark(record.cells[key])
            if (
                not unread
                and not self._cells.was_reported(ours.code, column, meant)
                and not self._cells.same(column, ours.cells.get(key, ""), "" if value is None else value)
            ):
                typed = seen(self.form, column, value) or "（清空）"
                problem = f"{ours.code} 的“{status}”是办公室确认的结论，部门报的{column.title}“{typed}”没有采用；"
                cure = "如有反弹，请联系办公室。"
                self._cells.report(record, key, Check.NOT_YOURS, problem, Severity.WARNING, cure=cure)
        return True

    def _read_known(self, record: Record, key: str) -> Any:
        return self._cells.read(self.form.column(key), record.cells[key]) if key in record.cells else None

    def _has_evidence(self, code: str, changed: Mapping[str, Any]) -> bool:
        return not means_nothing(
            changed["evidence"] if "evidence" in changed else self.issued[code].get("evidence", "")
        )

    def _merge_new(self, record: Record, identity: str) -> None:
        """Add a row that the department typed into a spare row, or update it if it was added by an earlier merge."""
        if not self.rows.has_content(record):
            return
        if not identity:
            problem = "这是自己加的行，没有采用；"
            cure = "请把内容移到上面预留的空行里再报（空行有隐藏的标识，再报也不会重复添加）。"
            self._cells.report(record, None, Check.ROW_FOREIGN, problem, cure=cure)
            return
        self.spoke = True
        known = self.base.assigned.get(identity, "")
        if known and (known in self._known[self.name] or self.codes.was_written(known)):
            self._merge_added(record, known)
            return
        changed, wrong = self._changed_cells(record, "", {})
        for column in self.form.department_columns:
            value = changed.get(column.key)
            written = value is not None and not (column.key == "evidence" and means_nothing(value))
            misread = value is None and column.key in changed and not is_clear_mark(record.cells[column.key])
            if column.required and not written and not misread and column.key in self.returned.columns:
                raw = record.cells[column.key]
                said = "必填，现在是空的" if is_blank(raw) or value is None else f"必填，写{quote(raw)}等于没有填"
                example = f"，例如：{column.example}" if column.example and not is_blank(raw) else ""
                problem = f"“{column.title}”{said}，新增的这一行先不采用，"
                self._cells.report(record, column.key, Check.REQUIRED, problem, cure=f"请补上{example}。")
                wrong = True
        self._note_said(record, "", changed, wrong=wrong)
        if wrong:
            self._add_errors(self._check_held(record, changed))
        else:
            wrong |= self._add_errors(self._check_row(record, "", changed, None))
        if self.name == CLOSEOUTS and changed.get("task") and not wrong:
            self._add_errors(self._check_claim(record, "task", changed["task"], "申请了销号"))
        if not wrong:
            self._add(record, identity, changed, known or self.codes.next())

    def _merge_added(self, record: Record, code: str) -> None:
        """Merge a row that was added before, with its cells as added as the base, so that it is not added twice."""
        ours, issued = self._known[self.name].get(code), self.base.added.get(code, {})
        changed, wrong = self._changed_cells(record, code, issued)
        if changed or wrong:
            self._note_said(record, code, {**issued, **changed}, wrong=wrong)
            wrong = wrong or self._add_errors(self._check_row(record, code, changed, issued))
        if ours is None:
            problem = f"这一行上次汇总时编为 {code}，后来从台账里去掉了（撤销了那次汇总，或删了），没有重新添加；"
            cure = f"部门不用改。如果是撤销错了，{UNDO_AGAIN}"
            self._cells.report(record, None, Check.ROW_GONE, problem, Severity.WARNING, cure=cure)
        elif self._cells.has_news(code, changed) and (doubt := self._comparison.doubt(code)):
            self.totals.disputed += 1
            self._renumbered.append((record, self.form.code_column.key, doubt))
        elif not wrong and not self._must_withhold(record, ours, changed):
            self.totals.disputed += self._cells.take(record, ours, changed, issued)[1] > 0

    def _add(self, record: Record, identity: str, changed: Mapping[str, Any], code: str) -> None:
        values = {**changed, self.form.code_column.key: code, **self._own_cells}
        cells = {
            self.ours.columns[key]: to_cell(self.form.column(key), value)
            for key, value in values.items()
            if key in self.ours.columns and value is not None
        }
        self.plan.edits.append(AppendRow(self.ours.sheet.name, self.codes.after, cells))
        for key, value in values.items():
            if value is not None:
                column = self.form.column(key)
                place = self.returned.place(record, key if key in self.returned.columns else None)
                typed = record.cells.get(key, "")
                self.plan.taken.append(Taken(place, self.form, code, column, "", to_cell(column, value), typed))
        self._news.assigned[identity] = code
        self._news.added[code] = {key: as_text(to_cell(self.form.column(key), value)) for key, value in values.items()}
        self.totals.added += 1
