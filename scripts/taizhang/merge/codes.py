"""The codes of new rows: the next of a register, never one that was given before."""

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
    """The codes that the journal speaks of, by register; read once, where a row asks for them."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @cached_property
    def codes(self) -> dict[str, set[str]]:
        """The codes of the rows that the ledger held once, by register."""
        found: dict[str, set[str]] = {}
        for entry in lasting_entries(self.ledger.path):
            for change in entry.changes:
                found.setdefault(change.register, set()).update(_named(change.code, change.old, change.new))
        return found

    def of(self, register: str) -> Collection[str]:
        """Return the codes that rows of a register bore once."""
        return self.codes.get(register, ())


def _named(*raws: object) -> Iterable[str]:
    """Return what may be a code: a row's own, and those it had before or was given."""
    return (text for raw in raws if len(text := as_text(raw)) < 40)


class CodeBook:
    """Hands out the next codes of a register, never one that was given before, and keeps where its next row goes.

    Given is what stands in the ledger, what the journal speaks of, and what any base of any period knows: a row that
    was deleted, or taken back, keeps its code for ever. Bases and journal are read when the first code is asked for.
    """

    def __init__(self, register: Register, ledger: Ledger, written: Written) -> None:
        self.register, self.form, self.after = register, register.form, register.last_row
        self._ledger, self._written = ledger, written

    def next(self) -> str:
        """Return the next code, given once."""
        self._last += 1
        return self.form.format_code(self._last)

    @cached_property
    def _last(self) -> int:
        codes = [record.code for record in self.register.records]
        codes += [*codes_in_bases(self._ledger.path, self.form), *self._written.of(self.form.name)]
        return max((self.form.code_number(code) or 0 for code in codes), default=0)

    def was_written(self, code: str) -> bool:
        """Whether the ledger ever held a row with this code: a code may be kept in the base and the write have
        failed."""
        return code in self._written.of(self.form.name)
