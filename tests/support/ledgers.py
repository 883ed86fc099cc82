"""A small ledger for tests, and reading workbooks with openpyxl."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from taizhang.forms.load import standard_forms
from taizhang.ledger.create import default_settings, new_ledger
from taizhang.system.files import write_atomically

NOW = datetime(2022, 3, 1, 9, 0)
ASPECT = "为群众办实事方面"


def small_ledger(path: Path, tasks: list[dict[str, Any]], **registers: list[dict[str, Any]]) -> Path:
    """Write a ledger with two departments and these rows (canonical values by column key)."""
    problem = {"code": "WT-01", "aspect": ASPECT, "title": "办法不多", "source": "民主生活会"}
    base = {
        "source": "报告原文", "kind": "一次", "problems": ("WT-01",), "department": "财务处", "start": date(2022, 1, 1),
        "deadline": date(2022, 12, 31), "standard": "印发件", "status": "推进中",
    }  # fmt: skip
    rows = {
        "problems": [problem],
        "tasks": [{"code": f"RW-{n:03}", "statement": f"任务{n}", **base, **task} for n, task in enumerate(tasks, 1)],
        **registers,
    }
    write_atomically(path, _made(repr(rows), rows))
    return path


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
