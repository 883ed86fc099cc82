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
from taizhang.forms.rules import RULE_KINDS
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.findings import Finding
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register
from taizhang.typed.text import as_text, clean_key

__all__ = ["LedgerToBe", "TaskRows"]

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


def _named_by_rules(form: Form) -> Iterator[str]:
    """Yield the other registers that the rules of a form look into."""
    for rule in form.rules:
        if rule.option("form"):
            yield str(rule.option("form"))


class LedgerToBe:
    """The ledger with the rows of one returned file in it, as far as they have been taken.

    Only the rows about the task of a row are looked at: a file of many rows costs as much as its rows, however long the
    ledger is. ``as_of`` is the day on which the file is judged.
    """

    def __init__(self, rows: TaskRows, as_of: date) -> None:
        self._rows, self._as_of = rows, as_of
        self._taken: dict[tuple[str, int], Record] = {}

    def find_brought(
        self, returned: Register, record: Record, code: str, before: Mapping[str, Any] | None, after: Mapping[str, Any]
    ) -> list[Finding]:
        """Return the findings that a row brings, at its cells in the returned sheet.

        ``before`` are the cells of the ledger's row as they were issued, None for a new row; ``after`` those that it
        would have. ``code`` is empty for a row that has none yet. What was wrong before is the office's business.
        """
        known = () if before is None else self._check(returned, replace(record, code=code, cells=before))
        found = self._check(returned, replace(record, code=code, cells=after))
        return [each for each in found if each not in known]

    def take(self, returned: Register, record: Record, code: str, after: Mapping[str, Any]) -> None:
        """Put a row into the ledger to be."""
        self._taken[returned.form.name, record.row] = replace(record, code=code, cells=after)

    def _check(self, returned: Register, row: Record) -> list[Finding]:
        ledger, form = self._rows.ledger, returned.form
        task = task_of(form, row.cells)
        registers = {form.name: replace(returned, records=(row,))}
        if task:
            registers |= {name: self._about(name, own, task, row, returned) for name, own in self._rows.of(task)}
        small = Ledger(ledger.path, ledger.book, ledger.settings, registers, forms=ledger.forms)
        found = [finding for check in ROW_CHECKS for finding in check(small, self._as_of)]
        beside = {name: ledger.registers[name] for name in _named_by_rules(form) if name in ledger.registers}
        whole = replace(small, registers={**beside, **registers})
        found += check_row_rules(whole, replace(returned, records=(row,)), self._as_of)
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
        found = check_group_rules(ledger, replace(returned, records=rows), self._as_of)
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
