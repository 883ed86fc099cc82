"""A small ledger for tests, and reading workbooks with openpyxl."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.ledger.cell_values import to_cell
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.ledger.layout import FIRST_DATA_ROW
from taizhang.ledger.model import Ledger, ledger_of
from taizhang.ledger.registers import Record
from taizhang.system.files import write_atomically
from taizhang.workbook.reader import read_workbook

NOW = datetime(2022, 3, 1, 9, 0)
ASPECT = "为群众办实事方面"


def small_ledger(path: Path, tasks: list[dict[str, Any]], **registers: list[dict[str, Any]]) -> Path:
    """Write a ledger with two departments and these rows (canonical values by column key)."""
    rows = _rows(tasks, registers)
    write_atomically(path, _made(repr(rows), rows))
    return path


def ledger_in_memory(tasks: list[dict[str, Any]] | None = None, **registers: list[dict[str, Any]]) -> Ledger:
    """Return what reading ``small_ledger`` gives, without writing it: for tests that need many ledgers and no file."""
    rows, empty = _rows([{}] if tasks is None else tasks, registers), _read_empty()
    found = {}
    for name, register in empty.registers.items():
        if register.form.enabled or name in rows:
            blank = dict.fromkeys(register.columns, "")
            numbered = enumerate(rows.get(name, ()), FIRST_DATA_ROW)
            records = tuple(
                Record(number, row["code"] or "", blank | _filled(register.form, row)) for number, row in numbered
            )
            found[name] = replace(register, records=records)
    return replace(empty, registers=found)


def _filled(form: Form, row: dict[str, Any]) -> dict[str, Any]:
    """Return the cells that are not blank, as they are written into a ledger."""
    cells = {key: to_cell(form.column(key), value) for key, value in row.items()}
    return {key: value for key, value in cells.items() if value or value == 0}


@cache
def _read_empty() -> Ledger:
    """Return a ledger with every register there is and no rows, as read."""
    rows: dict[str, Any] = {form.name: [] for form in standard_forms().values() if not form.automatic}
    path = Path("整改台账.xlsx")
    return ledger_of(path, standard_forms(), read_workbook(path, _made("empty", rows)))


def _rows(tasks: list[dict[str, Any]], registers: dict[str, list[dict[str, Any]]]) -> dict[str, Any]:
    problem = {"code": "WT-01", "aspect": ASPECT, "title": "办法不多", "source": "民主生活会"}
    base = {
        "source": "报告原文", "kind": "一次", "problems": ("WT-01",), "department": "财务处", "start": date(2022, 1, 1),
        "deadline": date(2022, 12, 31), "standard": "印发件", "status": "推进中",
    }  # fmt: skip
    return {
        "problems": [problem],
        "tasks": [{"code": f"RW-{n:03}", "statement": f"任务{n}", **base, **task} for n, task in enumerate(tasks, 1)],
        **registers,
    }


_MADE: dict[str, bytes] = {}


def _made(key: str, rows: dict[str, Any]) -> bytes:
    """Return the ledger with these rows, made once: most tests begin with one of a few."""
    if key not in _MADE:
        settings = default_settings("某局", 2022, [(ASPECT, "办实事")], ["党的二十大召开"])
        settings["部门"] = [
            {"部门": "党委办公室", "简称": "党办", "别名": "办公室（党办）"},
            {"部门": "财务处", "简称": "财务", "别名": "计财处"},
        ]
        settings["岗位"] = [{"岗位": "局长"}, {"岗位": "整改办主任"}]
        forms = [form for name, form in standard_forms().items() if form.enabled or name in rows]
        _MADE[key] = new_ledger(forms, rows, settings, NOW)
    return _MADE[key]


def load(data: bytes, *, values: bool = False) -> Any:
    """Open a workbook with openpyxl for reading (formulas or values), without its warnings about saving."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return openpyxl.load_workbook(io.BytesIO(data), data_only=values)


def sheets_in(path: Path) -> list[str]:
    """Return the names of a workbook's sheets in tab order, as openpyxl finds them; no sheet is read."""
    book = openpyxl.load_workbook(path, read_only=True)
    book.close()
    return list(book.sheetnames)


def rows_from(path: Path, first_row: int, *sheets: str) -> list[list[tuple[Any, ...]]]:
    """Return the values of sheets' rows from a row on, equally wide; other sheets are not read."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    found = []
    for name in sheets:
        book[name].reset_dimensions()  # whoever wrote the file may have left the old ones
        rows = list(book[name].iter_rows(min_row=first_row, values_only=True))
        width = max(map(len, rows))
        found.append([(*row, *(None,) * (width - len(row))) for row in rows])
    book.close()
    return found
