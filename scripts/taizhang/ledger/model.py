"""The ledger as read from its workbook: settings, registers, and findings about its structure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.register_names import BRANCHES, PROBLEMS
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.additions import find_additions, may_be_missing, report_additions
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value, start_of
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.registers import Record, Register, find_alike, head_key, read_register
from taizhang.ledger.settings import SETTINGS_SHEET, Settings, has_a_block, read_settings
from taizhang.ledger.unread import Unread, unread_cells
from taizhang.system.recent import Recent
from taizhang.typed.text import clean_key
from taizhang.workbook.reader import RECALLED_BYTES, Workbook, memory_of, read_workbook

__all__ = ["Ledger", "is_ledger", "ledger_of", "read_ledger"]

STRUCTURE = frozenset({Check.SHEET_MISSING, Check.SHEET_COPY, Check.HEAD_MISSING, Check.HEAD_DUPLICATE})
"""Checks whose errors mean that a part of the ledger was not read, or perhaps from the wrong place."""


@dataclass(frozen=True, eq=False)
class Ledger:
    """The ledger at one moment: the workbook, 参数, the registers by form name, and structural findings.

    ``forms`` are all forms there are, also those of registers that the ledger does not have. ``recalled`` maps formula
    cells (sheet, row, column) without a result to the time of the kept state whose result is used instead. Ledgers
    compare by identity, so that values computed from one can be cached by it.
    """

    path: Path
    book: Workbook
    settings: Settings
    registers: Mapping[str, Register]
    findings: tuple[Finding, ...] = field(default=())
    recalled: Mapping[tuple[str, int, int], str] = field(default_factory=dict)
    forms: Mapping[str, Form] = field(default_factory=dict)

    @cached_property
    def unread(self) -> tuple[Unread, ...]:
        """The cells used in figures that hold a formula without a result, or an error."""
        return tuple(unread_cells(self.book, self.registers, self.recalled))

    @property
    def broken(self) -> tuple[Finding, ...]:
        """Errors in the sheets and heads; nothing may be counted, issued or merged until they are mended."""
        return tuple(each for each in self.findings if each.check in STRUCTURE and each.severity is Severity.ERROR)

    def meaning(self, register: Register, record: Record, key: str) -> Any:
        """Return the canonical value of a row's cell; None if it is blank, wrong or missing."""
        column = register.form.column(key)
        start = start_of(register.form, record.cells, self.settings) if column.type == ColumnType.DEADLINE else None
        return read_value(column, record.cells.get(key), self.settings, start=start).value

    def is_closed(self, register: Register, record: Record) -> bool:
        """Whether a row is closed by its form's rule: it is no longer issued and needs no action."""
        return any(self.meaning(register, record, key) in values for key, values in register.form.closed.items())

    def department_of(self, branch: str) -> str:
        """Return the department of a party branch: by 参数, else by 〈党支部底册〉; empty if unknown."""
        return self.settings.branches.get(branch) or self._departments_of_branches.get(branch, "")

    @cached_property
    def _departments_of_branches(self) -> Mapping[str, str]:
        register = self.registers.get(BRANCHES)
        if register is None:
            return {}
        branch, owner = register.form.branch, register.form.owner
        pairs = (
            (self.meaning(register, each, branch), self.meaning(register, each, owner)) for each in register.records
        )
        return {name: department for name, department in pairs if name and department}

    @cached_property
    def dissolved(self) -> frozenset[str]:
        """The party branches whose rows in 〈党支部底册〉 are closed: they were dissolved."""
        register = self.registers.get(BRANCHES)
        closed = (each for each in register.records if self.is_closed(register, each)) if register else ()
        gone = (self.meaning(register, each, register.form.branch) for each in closed) if register else ()
        return frozenset(name for name in gone if name)


def read_ledger(path: Path, forms: Mapping[str, Form], data: bytes | None = None) -> Ledger:
    """Read a ledger with every register whose sheet it has. Raises Unreadable if the file is not a workbook.

    A missing register of an ``enabled`` form is an error, unless the form came ``later``. For such forms and those not
    enabled, a sheet with the form's name may have been added by users for another purpose, so that it is only a warning
    if it cannot be read. Other sheets are ignored.
    """
    book = read_workbook(path, data)
    if forms is standard_forms():
        return RECALLED.recall((path, book.data), lambda: ledger_of(path, forms, book))
    return ledger_of(path, forms, book)


RECALLED: Recent[Ledger] = Recent(lambda ledger: memory_of(ledger.book), RECALLED_BYTES)
"""The ledgers read last with the standard forms, by place and bytes: a ledger that was read never changes."""


def ledger_of(
    path: Path, forms: Mapping[str, Form], book: Workbook, recalled: Mapping[tuple[str, int, int], str] | None = None
) -> Ledger:
    """Read the ledger from an open workbook, with every register whose sheet it has."""
    findings: list[Finding] = []
    settings = Settings()
    if SETTINGS_SHEET in book.by_name:
        settings, found = read_settings(book.by_name[SETTINGS_SHEET], book.name, forms.values())
        findings += found
    else:
        problem = f"找不到〈{SETTINGS_SHEET}〉表，部门、方面和期次都无从核对，"
        cure = "请恢复这张表的名称。"
        findings.append(Finding(book.place(), Check.SHEET_MISSING, problem, cure=cure))
    names = {head_key(sheet.name) for sheet in book.sheets}
    registers = {}
    for form in forms.values():
        if form.automatic or ((form.later or not form.enabled) and head_key(form.sheet) not in names):
            continue
        register, found = read_register(book, form)
        if register:
            registers[form.name] = register
        elif form.later or not form.enabled:
            found = [replace(each, severity=Severity.WARNING) for each in found]
        elif head_key(form.sheet) not in names:
            problem = f"找不到〈{form.sheet}〉。"
            cure = (
                "表改了名的，请改回来；删掉了的，请从 history 里的旧台账复制回来；"
                f"从来没有的，请运行 taizhang forms enable {form.sheet} 加上。"
            )
            severity = Severity.WARNING if may_be_missing(form) else Severity.ERROR
            found = [replace(each, problem=problem, severity=severity, cure=cure) for each in found]
        findings += found
    answered = {
        form.name: form.for_branches(by_branch=_by_branch(form, settings, registers)) for form in forms.values()
    }
    if any(answered[name] is not forms[name] for name in forms):
        forms = answered
        registers = {name: replace(each, form=answered[name]) for name, each in registers.items()}
    findings += _report_copies(book, registers)
    findings += report_additions(book, find_additions(book, forms, registers))
    return Ledger(path, book, settings, registers, tuple(findings), recalled or {}, forms)


def _by_branch(form: Form, settings: Settings, registers: Mapping[str, Register]) -> bool:
    """Whether branches answer a register: it is for them, 〈党支部底册〉 has some, 填报 names no departments."""
    if not form.branch or not settings.branches or BRANCHES not in registers or not registers[BRANCHES].records:
        return False
    units = settings.reporting.get(clean_key(form.sheet))
    return not units or not units.isdisjoint(settings.branches)


def is_ledger(book: Ledger) -> bool:
    """Whether a workbook is a ledger, even a damaged one.

    It has a block of 参数 or the register of problems; issued forms and reports have neither.
    """
    lists = book.book.by_name.get(SETTINGS_SHEET)
    return PROBLEMS in book.registers or (lists is not None and has_a_block(lists))


def _report_copies(book: Workbook, registers: Mapping[str, Register]) -> Iterator[Finding]:
    """Report sheets that look like copies of a register: a hint if the register has the form's name, else an error."""
    free = [sheet for sheet in book.sheets if all(sheet is not each.sheet for each in registers.values())]
    for register in registers.values():
        sheet, own = register.sheet, register.form.sheet
        plain = clean_key(sheet.name) == clean_key(own)
        for other in find_alike(free, register.form):
            place = book.place(other.name)
            if plain:
                problem = f"像是〈{sheet.name}〉的副本。只读、只写〈{sheet.name}〉，这一张里的内容不算。"
                yield Finding(place, Check.SHEET_COPY, problem, Severity.HINT)
            else:
                problem = f"和〈{sheet.name}〉都像〈{own}〉，分不清哪一张是原表。"
                yield Finding(place, Check.SHEET_COPY, problem, cure=f"请把原表的名字改回〈{own}〉。")
