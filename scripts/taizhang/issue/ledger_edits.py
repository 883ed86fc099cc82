"""What an issue writes into the ledger: original deadlines, rows for cycles asked about, last period's ticks gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from taizhang.forms.register_names import FULFILMENTS, TASKS
from taizhang.history.entries import Change
from taizhang.history.new_codes import CodeBook, Written
from taizhang.issue.cycles import asked_cycles
from taizhang.issue.plan import Issue
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.splice import AppendRow, SetCell
from taizhang.supervision.duties import read_fulfilments
from taizhang.typed.text import as_text, is_blank

__all__ = ["LedgerEdits", "plan_ledger_edits", "together"]

FIRST_ISSUED, NEW_PERIOD = "第一次下发时的完成时限", "新一期下发，上一期的不算这一期的"
"""Notes in the journal."""


@dataclass(frozen=True, slots=True)
class LedgerEdits:
    """Edits of the ledger, and their changes for the journal."""

    edits: tuple[SetCell | AppendRow, ...] = ()
    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.edits)

    @property
    def words(self) -> str:
        """What is written, counted: ``记下原定时限 5 格、〈履行记录〉加 2 行、清去上期的“本期无变化” 1 格``."""
        deadlines = sum(change.column == "original_deadline" for change in self.changes)
        rows = sum(isinstance(edit, AppendRow) for edit in self.edits)
        ticks = len(self.edits) - deadlines - rows
        counts = (
            (deadlines, f"记下原定时限 {deadlines} 格"),
            (rows, f"〈履行记录〉加 {rows} 行"),
            (ticks, f"清去上期的“本期无变化” {ticks} 格"),
        )
        return "、".join(words for number, words in counts if number)


def together(parts: Iterable[LedgerEdits]) -> LedgerEdits:
    """Return the edits of several departments as one."""
    own = tuple(parts)
    return LedgerEdits(
        tuple(edit for each in own for edit in each.edits), tuple(change for each in own for change in each.changes)
    )


def plan_ledger_edits(
    ledger: Ledger, issues: Sequence[Issue], as_of: date, *, new_period: bool
) -> Mapping[str, LedgerEdits]:
    """Return what the issue of a period writes into the ledger, by reporter; nothing is written twice.

    ``as_of`` is the day of the period's figures. ``new_period``: no later one has been issued, so that what departments
    ticked before is over for all that get their first workbook of this one.
    """
    rows = _FulfilmentRows(ledger, as_of)
    return {each.reporter.name: _edits_of(ledger, each, rows, new_period=new_period) for each in issues}


def _edits_of(ledger: Ledger, issue: Issue, rows: _FulfilmentRows, *, new_period: bool) -> LedgerEdits:
    register = ledger.registers.get(TASKS)
    parts: list[LedgerEdits] = []
    for record in issue.records.get(TASKS, ()) if register else ():
        assert register is not None
        if _lacks_original(register, record):
            words = as_text(record.cells["deadline"])
            parts.append(_cell(register, record, "original_deadline", words, FIRST_ISSUED))
        tick = register.form.tick
        if new_period and issue.number == 1 and tick and not is_blank(record.cells.get(tick.key, "")):
            parts.append(_cell(register, record, tick.key, None, NEW_PERIOD))
        parts += rows.of(record, issue.reporter.unit)
    return together(parts)


def _lacks_original(register: Register, record: Record) -> bool:
    """Whether a task has a deadline, and the column of its original one is there and empty, not an unread formula."""
    key = "original_deadline"
    blank = key in register.columns and is_blank(record.cells[key]) and key not in record.unread
    return blank and not is_blank(record.cells.get("deadline", ""))


def _cell(register: Register, record: Record, key: str, new: Any, note: str) -> LedgerEdits:
    edit = SetCell(register.sheet.name, record.row, register.columns[key], new)
    old = as_text(record.cells.get(key, ""))
    return LedgerEdits((edit,), (Change(register.form.name, record.code, key, old, as_text(new), note=note),))


class _FulfilmentRows:
    """The rows of 〈履行记录〉 that are missing for cycles asked about, with the next codes."""

    def __init__(self, ledger: Ledger, as_of: date) -> None:
        self._register = ledger.registers.get(FULFILMENTS)
        self._asked = asked_cycles(ledger, as_of)
        self._known = {(row.task, row.cycle) for own in read_fulfilments(ledger).values() for row in own if row.cycle}
        self._codes = CodeBook(self._register, ledger, Written(ledger)) if self._register else None

    def of(self, task: Record, department: str) -> Iterator[LedgerEdits]:
        """Yield the missing rows of a task, the earliest cycle first."""
        register = self._register
        for each in self._asked.get(task.code, ()):
            if register is None or self._codes is None or (task.code, each.cycle) in self._known:
                continue
            values = {
                register.form.code_column.key: self._codes.next(),
                "task": task.code,
                "statement": as_text(task.cells.get("statement", "")),
                "department": department,
                "cycle": each.cycle.name,
                "required": each.required,
            }
            cells = {register.columns[key]: value for key, value in values.items() if key in register.columns}
            yield LedgerEdits((AppendRow(register.sheet.name, self._codes.after, cells),))
