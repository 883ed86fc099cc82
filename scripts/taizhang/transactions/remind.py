"""Numbering the slips (督办单) of a day and registering the numbers in the ledger.

``plan_reminders`` writes nothing, ``apply_reminders`` writes.

The numbers are registered *before* the slips are written: no slip is sent with a number that the ledger does not have.
If the slips then cannot be written, the numbers stay; the next run gives the same slips the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from taizhang.forms.register_names import SLIPS
from taizhang.history.entries import Change, Verb
from taizhang.history.journal import read_entries
from taizhang.history.write import write_changes
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.papers.slips import NEEDED, Slip, number_slips, plan_slips
from taizhang.splice import AppendRow, SetCell
from taizhang.system.files import command_on, history_folder
from taizhang.transactions.errors import CannotRun

__all__ = ["Reminders", "apply_reminders", "plan_reminders"]


@dataclass(frozen=True, eq=False)
class Reminders:
    """The slips due on a day, and the edits that register their numbers in the ledger's 〈督办单〉.

    ``no_register`` explains, if the ledger has no such sheet, that numbers cannot be given and what to do; else
    empty.
    """

    ledger: Ledger
    slips: tuple[Slip, ...]
    edits: tuple[SetCell | AppendRow, ...] = ()
    changes: tuple[Change, ...] = ()
    no_register: str = ""

    @property
    def what(self) -> str:
        """The edits of 〈督办单〉 in words."""
        new = sum(slip.new for slip in self.slips)
        return f"登记 {new} 个新单号" if new else "更新督办等级"


def plan_reminders(ledger: Ledger, day: date, reply_by: date | None) -> Reminders:
    """Return the slips due on a day, numbered if the ledger has 〈督办单〉.

    Raises CannotRun if that sheet lacks columns.
    """
    slips = plan_slips(ledger, day)[0]
    register = ledger.registers.get(SLIPS)
    if register is None:
        enable = command_on(ledger.path, "forms enable 督办单")
        missing = f"台账里没有〈督办单〉登记表，单号没有地方登记，不能编号。请先运行 {enable}，再运行这个命令。"
        return Reminders(ledger, tuple(slips), no_register=missing)
    _refuse_missing_columns(register)
    entries = read_entries(history_folder(ledger.path)).values()
    numbering = number_slips(ledger, register, slips, entries, reply_by)
    return Reminders(ledger, numbering.slips, numbering.edits, numbering.changes)


def _refuse_missing_columns(register: Register) -> None:
    missing = [register.form.column(key).title for key in NEEDED if key not in register.columns]
    if missing:
        raise CannotRun(f"〈{register.sheet.name}〉缺少“{'”“'.join(missing)}”列，单号登记不全，请补上这些列头再运行。")


def apply_reminders(plan: Reminders, now: datetime) -> str:
    """Write the numbers into 〈督办单〉; return a notice to print beside the result, empty if there is none."""
    ledger = plan.ledger
    return write_changes(ledger.path, ledger.book.sha256, plan.edits, plan.changes, command=Verb.REMIND, now=now)
