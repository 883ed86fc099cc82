"""What a returned sheet says anew this period: words, the tick that there are none, and what is none now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from taizhang.forms.columns import Column
from taizhang.history.bases import Base
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.registers import Record, Register, head_key
from taizhang.typed.text import is_blank
from taizhang.workbook.places import Place

__all__ = ["AskedAnew"]


class AskedAnew:
    """The cells of a returned sheet that its issue showed empty; ``number`` is that of the issue in its period.

    ``same`` tells whether two cells of a column mean the same.
    """

    def __init__(
        self, returned: Register, base: Base, number: int | None, same: Callable[[Column, Any, Any], bool]
    ) -> None:
        self.returned, self.form, self._same = returned, returned.form, same
        self._empty = base.issued_empty_of(number).get(self.form.name, {})
        self._taken = base.taken_of(number)
        self.held = base.held_at_issue(number, self.form.name)
        """The cells of the rows as the ledger held them at the issue, by code."""

    def is_asked(self, code: str) -> bool:
        """Whether a row wants a word on this period: it was shown with the tick that there is none."""
        return self.form.tick is not None and self.form.tick.key in self._empty.get(code, ())

    def is_left_out(self, code: str, column: Column) -> bool:
        """Whether a cell that the department fills in other rows is not asked in this one."""
        return column.key in self._empty.get(code, ()) and not column.each_period

    def means_none(self, code: str, column: Column) -> bool:
        """Whether a blank in a reported row means that there is none now: the column was asked anew."""
        return column.each_period and not column.last_title and column.key in self._empty.get(code, ())

    def report_left_out(self, record: Record, code: str, column: Column) -> Iterator[Finding]:
        """Report what was typed where nothing is asked: the progress of a recurring task."""
        if not is_blank(record.cells[column.key]):
            problem = f"{code} 是周期任务，不看“{column.title}”，这一格没有采用；"
            cure = "做了几次请填在〈履行记录〉。"
            yield Finding(self._place(record, column), Check.NOT_ASKED, problem, Severity.HINT, cure=cure)

    def weigh(self, record: Record, code: str, changed: dict[str, Any]) -> Iterator[Finding]:
        """Settle in ``changed`` what a row says anew; yield what is to be said of it.

        Words win over the tick that there are none. The same words as last period are no news: the ledger keeps them,
        whatever the office has made of them since.
        """
        empty, tick = self._empty.get(code, {}), self.form.tick
        for column in (column for column in self.form.columns if column.last_title and column.key in empty):
            yield from self._report_grey(record, column, empty[column.key])
            if changed.get(column.key) is None:
                continue
            ticked = tick is not None and changed.get(tick.key) is not None
            same = self._same(column, record.cells[column.key], empty[column.key])
            if same and column.key not in self._taken.get(code, {}):
                del changed[column.key]
                if not ticked:
                    problem = f"{code} 的“{column.title}”和上期一字不差，按没有变化理解；"
                    cure = "有新进展的请写本期的；没有的，以后选“本期无变化”就行。"
                    yield Finding(self._place(record, column), Check.SAME_WORDS, problem, Severity.HINT, cure=cure)
            elif ticked and tick:
                del changed[tick.key]
                problem = f"{code} 写了“{column.title}”，又选了“{tick.title}”，按有进展记；"
                cure = "下次只填其中一样。"
                place = self._place(record, tick)
                yield Finding(place, Check.UNCHANGED_WITH_WORDS, problem, Severity.WARNING, cure=cure)

    def find_none_now(
        self,
        record: Record,
        ours: Record,
        changed: Mapping[str, Any],
        *,
        newer: bool,
        is_own: Callable[[Column, Any], bool],
    ) -> dict[str, None]:
        """Return the columns asked anew that a reported row leaves blank, though the ledger has something of before.

        ``ours`` is the ledger's row. What the office has typed there since the issue stays, unless ``is_own`` says that
        it came from the department. Only a file known to be ``newer`` withdraws what another of this period brought.
        """
        none: dict[str, None] = {}
        for column in self.form.columns:
            if not self.means_none(ours.code, column) or column.key in changed or column.key not in record.cells:
                continue
            mine, reported = ours.cells.get(column.key, ""), self._taken.get(ours.code, {}).get(column.key)
            if is_blank(mine) or (reported and not newer):
                continue
            before = self.held[ours.code].get(column.key, "") if reported is None else reported
            if self._same(column, mine, before) or is_own(column, mine):
                none[column.key] = None
        return none

    def _report_grey(self, record: Record, column: Column, held: str) -> Iterator[Finding]:
        """Report what was typed into the read-only column beside a column."""
        number = next((n for n, head in self.returned.extra if head_key(head) == head_key(column.last_title)), None)
        raw = self.returned.sheet.value(record.row, number) if number else ""
        if number and not is_blank(raw) and not self._same(column, raw, held):
            place = replace(self.returned.place(record), column=number)
            problem = f"“{column.last_title}”只供对照，里面的改动没有采用；"
            cure = f"本期的请写在“{column.title}”。"
            yield Finding(place, Check.NOT_YOURS, problem, Severity.WARNING, cure=cure)

    def _place(self, record: Record, column: Column) -> Place:
        return self.returned.place(record, column.key)
