"""Making a ledger where there was none.

The order of effects:

1. The ledger. There was none, so there is nothing to lock or to replace.
2. Its first journal entry *after* it, since the entry names the state on disk. If that fails, PartlyDone is raised; the
   next command records the entry.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Body, Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.history.hand_edits import record
from taizhang.ledger.create import new_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.system.files import write_atomically
from taizhang.transactions.errors import once_written

__all__ = ["apply_new", "first_forms", "missing_calendar", "with_own_columns"]

Rows = Mapping[str, Sequence[Mapping[str, Any]]]


def first_forms(ledger: Path) -> list[Form]:
    """Return the forms whose registers a new ledger at this path has, in sheet order."""
    return [form for form in forms_beside(ledger).values() if form.enabled or form.automatic]


def apply_new(ledger: Path, forms: Sequence[Form], rows: Rows, settings: Rows, now: datetime) -> None:
    """Write a ledger with these registers and its first journal entry.

    ``rows`` are by register (form name), ``settings`` by block of 参数. Raises PartlyDone if only the ledger could be
    written.
    """
    write_atomically(ledger, new_ledger(forms, rows, settings, now))
    with once_written([str(ledger)], "history 里的第一次登记"):
        record(ledger, forms_beside(ledger), now)


def missing_calendar(settings: Rows, year: int) -> str:
    """Return a sentence if 参数 does not have the days off of the year; else empty."""
    facts = {each["项目"]: str(each["内容"]) for each in settings["基本信息"]}
    if str(year) in facts.get("日历年度", ""):
        return ""
    return (
        f"工作日历里还没有 {year} 年的放假安排，报送截止日先空着：国务院办公厅的通知公布以后，"
        "请在〈参数〉的“工作日历”填放假和调休上班的日期，在“日历年度”里加上这一年，再补“报送截止日”。"
    )


def with_own_columns(form: Form, heads: Sequence[str]) -> Form:
    """Return a form with columns of the office's own at the right."""
    if not heads:
        return form
    own = tuple(Column(head, head, ColumnType.TEXT, width=16) for head in heads)
    body = Body((*form.columns, *own), form.closed, form.indicators, form.rules, form.boards)
    return replace(form, body=lambda: body)
