"""Codes for new rows: the next number of a register, never one that was used before."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cached_property

from taizhang.history.bases import codes_in_bases
from taizhang.history.days import lasting_entries
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.typed.text import as_text

__all__ = ["CodeBook", "Written"]


class Written:
    """The codes that occur in the journal, by register; read once, when first needed."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """The codes of all rows that the ledger has ever held, by register."""
        found: dict[str, set[str]] = {}
        for entry in lasting_entries(self.ledger.path):
            for change in entry.changes:
                found.setdefault(change.register, set()).update(_possible_codes(change.code, change.old, change.new))
        return found

    def of(self, register: str) -> Collection[str]:
        """Return the codes that rows of a register have ever had."""
        return self.codes.get(register, ())


def _possible_codes(*raws: object) -> Iterable[str]:
    """Yield texts that may be codes: a row's own, and the old and new values of a change."""
    return (text for raw in raws if len(text := as_text(raw)) < 40)


class CodeBook:
    """Assigns the next codes of a register, never one used before; ``after`` is the row below which rows are added.

    Used codes are those of the year before, and those in the ledger, the journal, and any base of any period: the code
    of a row that was deleted or undone is never used again. Bases and journal are read when the first is requested.
    """

    def __init__(self, register: Register, ledger: Ledger, written: Written) -> None:
        self.register, self.form, self.after = register, register.form, register.last_row
        self._ledger, self._written = ledger, written

    def next(self) -> str:
        """Assign and return the next code."""
        self._last += 1
        return self.form.format_code(self._last)

    @cached_property
    def _last(self) -> int:
        codes = [record.code for record in self.register.records]
        codes += self._ledger.settings.earlier_codes
        codes += [*codes_in_bases(self._ledger.path, self.form), *self._written.of(self.form.name)]
        return max((self.form.code_number(code) or 0 for code in codes), default=0)

    def was_written(self, code: str) -> bool:
        """Whether the ledger ever held a row with this code; a base may know a code whose write then failed."""
        return code in self._written.of(self.form.name)
