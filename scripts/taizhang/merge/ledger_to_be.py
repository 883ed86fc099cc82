"""The ledger as it would be with a returned row: what the ledger's own checks would then say of that row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import Any

from taizhang.checks import ROW_CHECKS
from taizhang.checks.rules import check_group_rules, check_row_rules
from taizhang.forms.model import Form
from taizhang.forms.register_names import TASKS
from taizhang.forms.rules import RULE_KINDS, Rule, RuleSeverity
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.findings import Finding
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.typed.text import as_text, clean_key

__all__ = ["AllTaken", "LedgerToBe", "TaskRows"]

BELOW = 2_000_000
"""Added to the numbers of the ledger's rows, so that no place of theirs is taken for one of the returned sheet."""


class TaskRows:
    """The rows of a ledger by register and the task that they are about; made once for all returned files."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @cached_property
    def _rows(self) -> Mapping[tuple[str, str], list[Record]]:
        rows: dict[tuple[str, str], list[Record]] = {}
        for name, register in self.ledger.registers.items():
            for record in register.records if _task_key(register.form) else ():
                rows.setdefault((name, task_of(register.form, record.cells)), []).append(record)
        return rows

    def of(self, task: str) -> Iterator[tuple[str, list[Record]]]:
        """Yield each register that is about tasks, by name, with its rows about one task."""
        for name, register in self.ledger.registers.items():
            if _task_key(register.form):
                yield name, self._rows.get((name, task), [])


def _task_key(form: Form) -> str:
    """Return the column that names the task of a row; empty if the form is not about single tasks."""
    if form.name == TASKS:
        return form.code_column.key
    own = (column for column in form.columns if column.to == TASKS and column.type == ColumnType.REFERENCE)
    return next((column.key for column in own), "")


def task_of(form: Form, cells: Mapping[str, Any]) -> str:
    """Return the code of the task that a row is about; empty if it names none."""
    key = _task_key(form)
    return clean_key(as_text(cells.get(key, ""))).upper() if key else ""


def _rules_of(form: Form, *, beside: bool) -> list[Rule]:
    """Return the rules that one row can break: those that are judged with all files, or those judged with it alone.

    A rule that looks into a register says the truth only when everything returned for that register is in. One that
    holds the row has to speak before the row is taken.
    """
    rules = (rule for rule in form.rules if RULE_KINDS[rule.kind].of_row)
    return [rule for rule in rules if beside is (bool(rule.option("form")) and rule.severity is not RuleSeverity.BLOCK)]


class AllTaken:
    """The rows taken from all files of one merge, the latest period first: the first of a row counts."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._rows: dict[str, dict[str, Record]] = {}
        self._added: dict[str, list[Record]] = {}

    def take(self, name: str, record: Record) -> None:
        """Put a row, new if it has no code, into its register."""
        if record.code:
            self._rows.setdefault(name, {}).setdefault(record.code, record)
        else:
            self._added.setdefault(name, []).append(record)

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger with these rows; ask for it when all have been taken."""
        registers = dict(self._ledger.registers)
        for name in {*self._rows, *self._added}:
            register, renewed = registers[name], self._rows.get(name, {})
            own = [replace(renewed.get(each.code, each), row=each.row) for each in register.records]
            own += [
                replace(each, row=register.last_row + number)
                for number, each in enumerate(self._added.get(name, ()), 1)
            ]
            registers[name] = replace(register, records=tuple(own))
        return replace(self._ledger, registers=registers)


class LedgerToBe:
    """The ledger with the rows of one returned file in it, as far as they have been taken.

    Only the rows about the task of a row are looked at: a file of many rows costs as much as its rows, however long the
    ledger is. ``as_of`` is the day on which the file is judged; ``every`` collects the rows of all files of the merge.
    """

    def __init__(self, rows: TaskRows, every: AllTaken, as_of: date) -> None:
        self._rows, self._every, self._as_of = rows, every, as_of
        self._taken: dict[tuple[str, int], Record] = {}
        self._brought: list[tuple[Register, Record | None, Record]] = []

    def find_brought(
        self, returned: Register, record: Record, code: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> list[Finding]:
        """Return the findings that a row brings, at its cells in the returned sheet.

        ``before`` are the cells of the ledger's row as they were issued, None for a new row; ``after`` those that it
        would have. ``code`` is empty for a row that has none yet. What was wrong before is the office's business.
        """
        returned, row = self._completed(returned), replace(record, code=code, cells=after)
        was = None if before is None else replace(record, code=code, cells=before)
        known = () if was is None else self._check(returned, was)
        self._brought.append((returned, was, row))
        return [each for each in self._check(returned, row) if each not in known]

    def take(self, returned: Register, record: Record, code: str, after: Mapping[str, Any]) -> None:
        """Put a row into the ledger to be."""
        row = self._taken[returned.form.name, record.row] = replace(record, code=code, cells=after)
        self._every.take(returned.form.name, row)

    def keep(self, returned: Register, record: Record, ours: Record) -> None:
        """Note a returned row that brings nothing itself: rows of other registers may still make it wrong."""
        row = replace(record, code=ours.code, cells=ours.cells)
        self._brought.append((self._completed(returned), row, row))

    def find_beside(self) -> list[Finding]:
        """Return what the rows of the file break together with rows of other registers, when all files have been read.

        What was wrong before is the office's business.
        """
        found: list[Finding] = []
        for returned, before, after in self._brought:
            rules = _rules_of(returned.form, beside=True)
            known: list[Finding] = []
            if rules and before is not None:
                own = replace(returned, records=(before,))
                known += check_row_rules(self._rows.ledger, own, rules, self._as_of)
            if rules:
                own = replace(returned, records=(after,))
                said = check_row_rules(self._every.ledger, own, rules, self._as_of)
                found += [each for each in said if each not in known]
        return found

    def _completed(self, returned: Register) -> Register:
        """Return a returned register whose rows hold the ledger's cells in the columns that the sheet does not show."""
        ours = self._rows.ledger.registers[returned.form.name]
        return replace(returned, unshown=frozenset(ours.columns) - frozenset(returned.columns))

    def _check(self, returned: Register, row: Record) -> list[Finding]:
        ledger, form = self._rows.ledger, returned.form
        task = task_of(form, row.cells)
        registers = {form.name: replace(returned, records=(row,))}
        if task:
            registers |= {name: self._about(name, own, task, row, returned) for name, own in self._rows.of(task)}
        small = Ledger(ledger.path, ledger.book, ledger.settings, registers, forms=ledger.forms)
        found = [finding for check in ROW_CHECKS for finding in check(small, self._as_of)]
        rules = _rules_of(form, beside=False)
        found += check_row_rules(ledger, replace(returned, records=(row,)), rules, self._as_of)
        own = returned.place(row)
        return [
            each
            for each in found
            if (each.place.workbook, each.place.sheet, each.place.row) == (own.workbook, own.sheet, own.row)
        ]

    def find_together(self, returned: Register) -> list[Finding]:
        """Return what the rows of a returned sheet that were taken break together with each other or the ledger's.

        What the ledger's own rows break is the office's business.
        """
        ledger, form = self._rows.ledger, returned.form
        taken = [record for (name, _), record in self._taken.items() if name == form.name]
        if not taken or all(RULE_KINDS[rule.kind].of_row for rule in form.rules):
            return []
        renewed = {record.code for record in taken if record.code}
        kept = [each for each in ledger.registers[form.name].records if each.code not in renewed]
        rows = (*(replace(each, row=each.row + BELOW) for each in kept), *taken)
        own = {record.row for record in taken}
        found = check_group_rules(ledger, replace(self._completed(returned), records=rows), self._as_of)
        known = check_group_rules(ledger, ledger.registers[form.name], self._as_of)
        before = {(each.check, each.message) for each in known}
        return [each for each in found if each.place.row in own and (each.check, each.message) not in before]

    def _about(self, name: str, rows: list[Record], task: str, row: Record, returned: Register) -> Register:
        """Return a register with its rows about a task, those taken from the file included, and ``row`` as the last."""
        register, same = self._rows.ledger.registers[name], name == returned.form.name
        taken = [each for (of, number), each in self._taken.items() if of == name and not (same and number == row.row)]
        renewed = {each.code for each in (*taken, *([row] if same else ())) if each.code}
        own = [replace(each, row=each.row + BELOW) for each in rows if each.code not in renewed]
        own += [each for each in taken if task_of(register.form, each.cells) == task]
        return replace(returned, records=(*own, row)) if same else replace(register, records=tuple(own))
