"""Adding empty registers to the ledger in one write; all other sheets stay byte for byte the same."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from taizhang.forms.model import Form
from taizhang.history.entries import Verb, command_text
from taizhang.history.write import write_changes
from taizhang.ledger.create import blank_register
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import head_key
from taizhang.splice import AddSheet
from taizhang.transactions.errors import CannotRun

__all__ = ["apply_enable", "blank_sheet", "sheet_of"]


def sheet_of(ledger: Ledger, form: Form) -> str:
    """Return the sheet of a register, empty if the ledger has none; raises CannotRun if another sheet has its name."""
    if register := ledger.registers.get(form.name):
        return register.sheet.name
    same = next((sheet.name for sheet in ledger.book.sheets if head_key(sheet.name) == head_key(form.sheet)), "")
    if same and not form.automatic:
        raise CannotRun(
            f"台账里有一张〈{same}〉，却不是这张登记表（认不出表头），没有动。"
            f"请先把它改个名字（例如 自用{same}），再启用。"
        )
    return same


def blank_sheet(form: Form, now: datetime) -> AddSheet:
    """Return the edit that adds an empty register as the last sheet."""
    return AddSheet(blank_register(form, now, lists=True))


def apply_enable(ledger: Ledger, forms: Sequence[Form], now: datetime) -> str:
    """Add empty registers as the last sheets; return a notice to print beside the result, empty if there is none."""
    sheets = [blank_sheet(form, now) for form in forms]
    command = command_text(Verb.ENABLE, *(form.sheet for form in forms))
    return write_changes(ledger.path, ledger.book.sha256, sheets, [], command=command, now=now)
