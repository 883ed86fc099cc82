"""The workbook layout shared by writers and readers: head rows, hidden sheets, hidden ids, folder names."""

from __future__ import annotations

from typing import Any

from taizhang.forms.model import Column, Form
from taizhang.forms.register_names import TASKS
from taizhang.system.stored import parse_facts
from taizhang.workbook.reader import Workbook

HEAD_ROW, FIRST_DATA_ROW = 3, 4


IDENTITY_SHEET = "_台账标识"


ROW_ID_HEAD = "行标识"


_SHOWN = {
    TASKS: (
        "code",
        "statement",
        "deadline",
        "standard",
        "status",
        "progress",
        "update",
        "obstacle",
        "next_step",
        "evidence",
    )
}
"""The columns that a template shows, for forms of which departments do not need all."""


def shown_columns(form: Form) -> tuple[Column, ...]:
    """Return the columns of a register that its template shows, in order."""
    keys = _SHOWN.get(form.name)
    if keys:
        return tuple(form.column(key) for key in keys)
    hidden = ("note",)
    return tuple(column for column in form.columns if column.key not in hidden and column.key != form.owner)


ISSUED_FOLDER, RETURNED_FOLDER, REPLIES_FOLDER = "下发", "报送", "回执"
REPORTS_FOLDER, SLIPS_FOLDER = "报表", "督办"
"""Folders beside the ledger: what is issued and returned, the replies, reports, and slips with statements."""

WRITTEN_HERE = (ISSUED_FOLDER, REPLIES_FOLDER, REPORTS_FOLDER, SLIPS_FOLDER, "history")
"""Folders beside the ledger that the program writes; their files are never read as returned ones."""


def identity_facts(book: Workbook) -> dict[str, Any] | None:
    """Return the identity that an issued form carries on its hidden sheet; None if it has none or it is not JSON."""
    hidden = book.by_name.get(IDENTITY_SHEET)
    try:
        return parse_facts(str(hidden.value(1, 1))) if hidden else None
    except ValueError:
        return None
