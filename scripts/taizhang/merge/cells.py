"""The cells of a returned row beside those issued, those in the ledger and those reported before: which are taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.register_names import FULFILMENTS, TASKS
from taizhang.history.bases import base_path, later_issued
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value, to_cell
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import REPLIES_FOLDER
from taizhang.ledger.likeness import as_cell
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.merge.asked_anew import AskedAnew
from taizhang.merge.decisions import FILE_NAME
from taizhang.merge.plan import Conflict, Plan, Taken, seen
from taizhang.merge.reported_before import OtherPeriods
from taizhang.merge.submissions import Submission
from taizhang.splice import SetCell
from taizhang.system.file_names import as_file_name
from taizhang.typed.text import as_text, is_blank, show_difference
from taizhang.workbook.properties import saved_at

__all__ = ["NONE_NOW", "UNDO_AGAIN", "CellMerge"]

NONE_NOW = "本期报了这一行、没有再填这一格，按没有了记"
UNDO_AGAIN = "请办公室用 taizhang history list 找到那次撤销，再用 taizhang history undo 撤销它。"


class CellMerge:
    """What the changed cells of a returned sheet come to: taken into ``plan``, in conflict, or no news."""

    def __init__(
        self, plan: Plan, ledger: Ledger, submission: Submission, returned: Register, others: OtherPeriods
    ) -> None:
        self.plan, self.ledger, self.base, self.submission = plan, ledger, plan.base, submission
        self.returned, self.form, self.name = returned, returned.form, returned.form.name
        self.ours = ledger.registers[self.name]
        self._others = others
        self._taken = plan.base.taken_of(plan.issue)
        self.anew = AskedAnew(returned, plan.base, plan.issue, self.same)

    def take(
        self, record: Record, ours: Record, changed: Mapping[str, Any], issued: Mapping[str, str]
    ) -> tuple[int, int]:
        """Take the cells that only the department changed; return the numbers of cells taken and in conflict.

        A value once taken, or found in the ledger already, counts as reported: reporting it again is nothing new, and
        later edits of the ledger are kept.
        """
        taken, conflicting, undone = 0, 0, []
        superseded: dict[str, list[str]] = {}
        for key, value in changed.items():
            column = self.form.column(key)
            mine, old = ours.cells.get(key, ""), issued.get(key, "")
            new = to_cell(column, value)
            reported = self._taken.get(ours.code, {}).get(key)
            if column is self.form.tick and value is not None and self._next_period:
                self._report_past_tick(record, ours.code, column)
                self.plan.news.taken.setdefault(ours.code, {})[key] = as_text(new)
                continue
            if not self.is_new(ours, column, value):
                if self.same(column, mine, "" if new is None else new):
                    self.plan.news.taken.setdefault(ours.code, {})[key] = as_text(new)
                elif self.same(column, mine, old):
                    undone.append(column.title)
                continue
            if later := self._find_later(ours.code, column):
                if value is not None or not self.anew.means_none(ours.code, column):
                    superseded.setdefault(later, []).append(column.title)
                continue
            place = self.returned.place(record, key)
            if not self.same(column, mine, old if reported is None else reported) and not self.came_from_department(
                ours.code, column, mine
            ):
                conflicting += 1
                typed, was = record.cells[key], as_cell(column, old)
                self._add_conflict(
                    Conflict(place, self.form, ours.code, column, was, mine, typed, new, self.base.department)
                )
                continue
            taken += 1
            self._warn_of_lower_progress(record, column, mine, new)
            self._warn_of_overwritten(record, ours, column, changed)
            if reported is not None and new is not None and self.same(column, new, old):
                self._warn_of_taking_back(record, column, mine, new)
            self.plan.news.taken.setdefault(ours.code, {})[key] = as_text(new)
            self.plan.edits.append(SetCell(self.ours.sheet.name, ours.row, self.ours.columns[key], new))
            typed = record.cells[key]
            note = NONE_NOW if is_blank(typed) else ""
            self.plan.taken.append(Taken(place, self.form, ours.code, column, mine, new, typed, note))
        self._report_undone(record, ours.code, undone)
        self._report_superseded(record, ours.code, superseded)
        return taken, conflicting

    def has_news(self, code: str, changed: Mapping[str, Any]) -> bool:
        """Whether a row has a value that the department has not reported before, whatever the ledger holds."""
        return any(not self.was_reported(code, self.form.column(key), value) for key, value in changed.items())

    def is_new(self, ours: Record, column: Column, value: Any) -> bool:
        """Whether a changed value is neither in the ledger nor reported or decided before."""
        cell = to_cell(column, value)
        known = self.same(column, ours.cells.get(column.key, ""), "" if cell is None else cell)
        return not (known or self.was_reported(ours.code, column, value))

    def was_reported(self, code: str, column: Column, value: Any) -> bool:
        """Whether the department reported this value before in this issue, and it was taken or decided."""
        cell, reported = to_cell(column, value), self._taken.get(code, {}).get(column.key)
        return self._is_decided(code, column, cell) or (
            reported is not None and self.same(column, reported, "" if cell is None else cell)
        )

    def _is_decided(self, code: str, column: Column, new: Any) -> bool:
        """Whether a person has already decided on this value of the department."""
        ruled = self.base.settled.get(code, {}).get(column.key)
        return ruled is not None and self.same(column, ruled, "" if new is None else new)

    def came_from_department(self, code: str, column: Column, mine: Any) -> bool:
        """Whether the ledger's value came from the department's form of another period, not from somebody else."""
        own = self._others.find_own_value(self.base, self.name, code, column.key)
        return own is not None and self.same(column, mine, own)

    def _find_later(self, code: str, column: Column) -> str:
        """Return the later period whose report of this cell counts; empty if none does.

        What is asked anew and left blank means none, so that any word of a later period counts for such a cell.
        """
        if self.anew.means_none(code, column) and (later := self._others.find_later_word(self.base, code)):
            return later
        return self._others.find_later_report(self.base, code, column.key)

    def takes_back(self, record: Record, code: str, column: Column) -> bool:
        """Whether a cell that is as issued takes back what the department reported before.

        Only a file known to be newer takes back: in an older copy of the file the cell was not filled yet. If
        the stamps do not show which is newer, a finding asks the department.
        """
        reported, raw = self._taken.get(code, {}).get(column.key), record.cells[column.key]
        if reported is None or not column.by_department or self.same(column, raw, reported):
            return False
        if self.is_newer:
            return True
        known = any(each["sha256"] == self.submission.book.sha256 for each in self.base.returns)
        if not known and not is_blank(raw):
            now, before = self._show_both(column, raw, as_cell(column, reported))
            problem = (
                f"“{column.title}”又是下发时的“{now}”，上次报的是“{before}”；从保存时间看不出哪份新，按没有变化处理。"
            )
            cure = "确实要改回，请在 Excel 里另存一次再报。"
            self.report(record, column.key, Check.DUPLICATE_FILE, problem, Severity.WARNING, cure=cure)
        return False

    @property
    def is_newer(self) -> bool:
        """Whether the file is known to be newer than the one merged last."""
        saved, last = saved_at(self.submission.saved), saved_at(self.base.saved)
        return bool(saved and last and saved > last)

    @cached_property
    def _next_period(self) -> str:
        """The first later period that has been issued to the department; empty if there is none."""
        period = self.ledger.settings.period(self.base.period)
        later = later_issued(self.ledger, period) if period else []
        path, name = self.ledger.path, self.base.issued_name
        return next((each for each in later if base_path(path, each, name).exists()), "")

    def _add_conflict(self, conflict: Conflict) -> None:
        self.plan.conflicts.append(conflict)
        now, reported = self._show_both(conflict.column, conflict.ours, conflict.theirs)
        problem = f"“{conflict.column.title}”下发后台账改成了“{now}”，部门报的是“{reported}”，台账没有动，"
        cure = f"汇总后请在 {REPLIES_FOLDER}/{as_file_name(self.base.period)}/{FILE_NAME} 里裁决。"
        self.plan.findings.append(Finding(conflict.place, Check.CONFLICT, problem, Severity.WARNING, cure=cure))

    def _report_undone(self, record: Record, code: str, undone: Sequence[str]) -> None:
        """Report the columns, by title, whose taken values the ledger has changed back to the issued ones."""
        if undone:
            titles = "”“".join(undone)
            problem = (
                f"{code} 的“{titles}”以前采用过这份内容，后来台账又改回了下发时的样子"
                "（撤销了那次汇总，或手工改的），这次不再写。"
            )
            cure = f"如果是撤销错了，{UNDO_AGAIN}"
            self.report(record, None, Check.UNDONE, problem, Severity.HINT, cure=cure)

    def _report_past_tick(self, record: Record, code: str, column: Column) -> None:
        """Report a tick of a period whose ticks are over; said once, when it is first reported."""
        if column.key not in self._taken.get(code, {}):
            problem = (
                f"{code} 的“{column.title}”是 {self.base.period} 期的，{self._next_period} 期已经下发、重新问起，"
                f"不写进台账；{self.base.period} 期记作报过，这一行别的格子照常汇总。"
            )
            cure = f"部门不用改；{self._next_period} 期的请填在那一期的表里。"
            self.report(record, column.key, Check.PERIOD_PAST, problem, Severity.HINT, cure=cure)

    def _report_superseded(self, record: Record, code: str, superseded: Mapping[str, Sequence[str]]) -> None:
        """Report the columns that the department has reported for a later period: titles by period."""
        for later, titles in superseded.items():
            problem = (
                f"{code} 的“{'”“'.join(titles)}”，{self.base.department} {later} 期的表已经报过，以那一期为准；"
                f"这份 {self.base.period} 期的没有采用，"
            )
            cure = "部门不用改。"
            self.report(record, None, Check.SUPERSEDED, problem, Severity.HINT, cure=cure)

    def _warn_of_lower_progress(self, record: Record, column: Column, old: Any, new: Any) -> None:
        was, now = (self.read(column, raw) for raw in (old, new))
        if self.name == TASKS and column.key == "progress" and was is not None and now is not None and now < was:
            before, after = (seen(self.form, column, raw) for raw in (old, new))
            problem = f"进度从 {before} 退到 {after}，照报的采用；"
            cure = "如果填错了，请改正后再报。"
            self.report(record, column.key, Check.PROGRESS_BACK, problem, Severity.WARNING, cure=cure)

    def _warn_of_overwritten(self, record: Record, ours: Record, column: Column, changed: Mapping[str, Any]) -> None:
        """Warn of a number of times that becomes smaller, and of a day that is exchanged though nothing was added."""
        if self.name != FULFILMENTS or column.key not in ("done", "done_on"):
            return
        was, now = (self.ledger.meaning(self.ours, ours, column.key), changed[column.key])
        times = self.ledger.meaning(self.ours, ours, "done")
        more = times is None or (changed.get("done") or times) > times
        if was is not None and was != now and not more:
            old, new = self._show_both(column, ours.cells.get(column.key, ""), to_cell(column, now))
            problem = f"{ours.code} 的“{column.title}”台账里是“{old}”，这次报的是“{new}”，照报的改了；"
            cure = "这一格填这个周期一共的情况；又做了一次的，请写一共几次和最后一次的日期。"
            self.report(record, column.key, Check.DUTY_DONE, problem, Severity.WARNING, cure=cure)

    def _warn_of_taking_back(self, record: Record, column: Column, reported: Any, new: Any) -> None:
        """Warn of a return to the issued value: if several people filled a copy each, the last undoes the others."""
        before, after = self._show_both(column, reported, new)
        problem = f"“{column.title}”从上次报的“{before}”改回了下发时的“{after}”，照报的采用；"
        cure = "如果是几个人各填了一份，请合成一份再报。"
        self.report(record, column.key, Check.DUPLICATE_FILE, problem, Severity.WARNING, cure=cure)

    def _show_both(self, column: Column, one: Any, other: Any) -> tuple[str, str]:
        """Return two cells as texts for one sentence, cut so that their difference shows."""
        left, right = (seen(self.form, column, raw) or "（空）" for raw in (one, other))
        return show_difference(left, right, 20)

    def read(self, column: Column, raw: Any) -> Any:
        """Return the value of a cell; None if it is blank or cannot be read."""
        return read_value(column, raw, self.ledger.settings, by_department=column.by_department).value

    def same(self, column: Column, a: Any, b: Any) -> bool:
        """Whether two cells of a column mean the same."""
        if as_text(a) == as_text(b) or (is_blank(a) and is_blank(b)):
            return True
        left, right = (read_value(column, raw, self.ledger.settings) for raw in (a, b))
        return left.value is not None and not left.problem and left.value == right.value

    def report(
        self,
        record: Record,
        key: str | None,
        check: Check,
        problem: str,
        severity: Severity = Severity.ERROR,
        *,
        cure: str = "",
    ) -> None:
        """Add a finding about a cell of a row, or about its code, to the plan; count it if it is an error."""
        place = self.returned.place(record, key if key in self.returned.columns else self.form.code_column.key)
        self.plan.findings.append(Finding(place, check, problem, severity, cure=cure))
        self.plan.totals.errors += severity is Severity.ERROR
