"""The codes of new rows: the next of a register, never one that was given before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from taizhang.history import lasting_entries
from taizhang.ledger import Ledger
from taizhang.registers import Register

__all__ = ["CodeBook", "written_codes"]


class CodeBook:
    """Hands out the next codes of a register, never one that was given before, and keeps where its next row goes."""

    def __init__(
        self, register: Register, given: Sequence[str], written: Callable[[], Collection[tuple[str, str]]]
    ) -> None:
        self.form, self.after, self._written = register.form, register.last_row, written
        codes = (*(record.code for record in register.records), *given)
        self._last = max((self.form.code_number(code) or 0 for code in codes), default=0)

    def next(self) -> str:
        """Return the next code, given once."""
        self._last += 1
        return self.form.format_code(self._last)

    def was_written(self, code: str) -> bool:
        """Whether the ledger ever held a row with this code: a code may be kept in the base and the write have failed."""
        return (self.form.name, code) in self._written()


def written_codes(ledger: Ledger) -> frozenset[tuple[str, str]]:
    """Return (register, code) of every row that the journal speaks of."""
    return frozenset((each.register, each.code) for entry in lasting_entries(ledger.path) for each in entry.changes)
