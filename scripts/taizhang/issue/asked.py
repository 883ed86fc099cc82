"""Rows as the template shows them, and the cells that a department is asked to type in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from taizhang.forms.columns import Column
from taizhang.ledger.registers import Record
from taizhang.typed.text import as_text, clean_key, is_blank

__all__ = ["ShownRow", "count_asked"]

_CONCLUDED = "这是办公室确认的结论，不用改；有反弹的请联系办公室。"
_NOT_COUNTED = "周期任务不填进度；做了几次填在〈履行记录〉。"


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the ledger as it is shown; the cells of the columns ``empty`` are shown empty."""

    record: Record
    empty: tuple[str, ...] = ()

    @property
    def cells(self) -> dict[str, Any]:
        """The cells by column key, with those of the read-only columns beside them."""
        held = {f"last:{key}": self.record.cells.get(key, "") for key in self.empty}
        return {**self.record.cells, **held, **dict.fromkeys(self.empty, "")}

    def not_asked(self, columns: Sequence[Column]) -> Mapping[str, str]:
        """Return the department's columns that are not asked in this row, each with the message why."""
        found = {column.key: _NOT_COUNTED for column in columns if column.key in self.empty and not column.each_period}
        found |= {column.key: _CONCLUDED for column in columns if _by_office(column, self.record.cells)}
        return found

    def asked(self, columns: Sequence[Column]) -> list[str]:
        """Return the columns whose cells the department is asked to type: its own, blank as issued, and not left out.

        Those asked anew each period are always blank as issued.
        """
        cells, left_out = self.cells, self.not_asked(columns)
        own = (each.key for each in columns if each.by_department and each.key not in left_out)
        return [key for key in own if is_blank(cells.get(key, ""))]


def _by_office(column: Column, cells: Mapping[str, Any]) -> bool:
    """Whether a cell holds a choice that only the office may make, such as 长期坚持."""
    written = clean_key(as_text(cells.get(column.key, "")))
    return written in column.choices and written not in column.offered


def count_asked(rows: Sequence[ShownRow], columns: Sequence[Column]) -> int:
    """Return how many cells a department is asked to type in these rows of a register with these columns shown.

    Cells of spare rows are not counted: nobody is asked to add a row.
    """
    return sum(len(row.asked(columns)) for row in rows)
