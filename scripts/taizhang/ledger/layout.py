"""The workbook layout shared by writers and readers: head rows, hidden sheets, hidden ids, folder names."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.vocabulary import ColumnType, Filler
from taizhang.system.stored import parse_facts
from taizhang.workbook.reader import Workbook

HEAD_ROW, FIRST_DATA_ROW = 3, 4


NO_CHANGE = Column(
    "no_change",
    "本表本期无变化",
    ColumnType.CHOICE,
    Filler.DEPARTMENT,
    choices=("是",),
    choice_aliases=dict.fromkeys(("√", "✓", "对", "无变化", "没有变化", "没变化", "没变", "本期无变化"), "是"),
    help="这张表本期没有新增、也没有改动的，选“是”。",
)
"""The tick above the head of an issued sheet, right of its title: the register has nothing new this period."""

NO_CHANGE_ROW = 2


IDENTITY_SHEET = "_台账标识"


ROW_ID_HEAD = "行标识"


def shown_columns(form: Form, has: Collection[str] | None = None) -> tuple[Column, ...]:
    """Return the columns of a register that its template shows, in order; those asked anew each period stand together.

    Not shown are who answers (the workbook is its own) and a branch's department, the office's remarks, and what the
    form does not show. ``has`` are the keys of the ledger's columns: what it lacks cannot be asked.
    """
    hidden = ("note", form.owner, form.reporter)
    shown = [
        column
        for column in form.columns
        if column.shown and column.key not in hidden and (has is None or column.key in has)
    ]
    first = next((number for number, column in enumerate(shown) if column.each_period), len(shown))
    return (
        *(column for column in shown[:first] if not column.each_period),
        *(column for column in shown if column.each_period),
        *(column for column in shown[first:] if not column.each_period),
    )


def last_column(column: Column) -> Column:
    """Return the read-only column that shows beside this one what it held before; it is never read back as data."""
    plain = Filler.OFFICE
    return replace(column, key=f"last:{column.key}", title=column.last_title, filled_by=plain, aliases=(), example="")


ISSUED_FOLDER, RETURNED_FOLDER, REPLIES_FOLDER = "下发", "报送", "回执"
REPORTS_FOLDER, SLIPS_FOLDER = "报表", "督办"
"""Folders beside the ledger: what is issued and returned, the replies, reports, and slips with statements."""

EVIDENCE_FOLDER = "佐证"
"""The folder beside the ledger with a folder of evidence files for each task."""

WRITTEN_HERE = (ISSUED_FOLDER, REPLIES_FOLDER, REPORTS_FOLDER, SLIPS_FOLDER, "history")
"""Folders beside the ledger that the program writes; their files are never read as returned ones."""


def identity_facts(book: Workbook) -> dict[str, Any] | None:
    """Return the identity that an issued form carries on its hidden sheet; None if it has none or it is not JSON."""
    hidden = book.by_name.get(IDENTITY_SHEET)
    try:
        return parse_facts(str(hidden.value(1, 1))) if hidden else None
    except ValueError:
        return None
