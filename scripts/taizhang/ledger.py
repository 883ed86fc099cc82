"""The ledger as read: its settings, its registers, and everything found wrong in its structure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taizhang.findings import Finding
from taizhang.forms import Form
from taizhang.registers import Record, Register, head_key, read_register
from taizhang.settings import SETTINGS_SHEET, Settings, read_settings
from taizhang.values import read_value
from taizhang.workbooks import Workbook, read_workbook

__all__ = ["Ledger", "read_ledger"]


@dataclass(frozen=True, eq=False)
class Ledger:
    """The ledger at one moment: the workbook, 参数, the registers by form name, and structural findings.

    Two are the same only where they are one object, so that what is computed from a ledger can be kept with it.
    """

    path: Path
    book: Workbook
    settings: Settings
    registers: Mapping[str, Register]
    findings: tuple[Finding, ...] = field(default=())

    def meaning(self, register: Register, record: Record, key: str) -> Any:
        """Return what a row's cell means in its column; None where it is blank, wrong or not there."""
        return read_value(register.form.column(key), record.cells.get(key), self.settings).value


def read_ledger(path: Path, forms: Mapping[str, Form], data: bytes | None = None) -> Ledger:
    """Read a ledger with every register whose sheet it has; raises Unreadable where it is no workbook.

    The registers of the core line (``enabled`` forms) must be there; a missing one is a finding. Other sheets are people's
    own and ignored.
    """
    book = read_workbook(path, data)
    findings: list[Finding] = []
    settings = Settings()
    if SETTINGS_SHEET in book.by_name:
        settings, found = read_settings(book.by_name[SETTINGS_SHEET], book.name)
        findings += found
    else:
        message = f"找不到〈{SETTINGS_SHEET}〉表，部门、方面和期次都无从核对，请恢复这张表的名称。"
        findings.append(Finding(book.place(), "sheet-missing", message))
    names = {head_key(sheet.name) for sheet in book.sheets}
    registers = {}
    for form in forms.values():
        if form.automatic or (not form.enabled and head_key(form.sheet) not in names):
            continue
        register, found = read_register(book, form)
        findings += found
        if register:
            registers[form.name] = register
    return Ledger(path, book, settings, registers, tuple(findings))
