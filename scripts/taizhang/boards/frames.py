"""A register as a table of pandas: canonical values, one row of the register each. Only this module imports pandas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from taizhang.forms.boards import Board, keys_of
from taizhang.forms.conditions import Test, hold_all
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.supervision.group_rules import members_of
from taizhang.supervision.register_rows import Unusable, rows_of, words_in

if TYPE_CHECKING:
    from pandas import DataFrame, Series

__all__ = ["Context", "Frame", "Table", "exploded", "keep", "numbers", "records", "sums"]

Table: TypeAlias = "DataFrame"
"""A table of pandas."""


@dataclass(frozen=True, eq=False)
class Frame:
    """A register's rows: ``data`` has one column per column of the register and the sheet's row numbers as index.

    A blank cell is None, one that cannot be read NaN. ``unreadable`` maps a column's key to the rows with such cells.
    """

    data: DataFrame
    unreadable: Mapping[str, frozenset[int]]


@lru_cache(maxsize=64)
def _frame_of(ledger: Ledger, name: str) -> Frame:
    """Return a register as a frame; it is read once for each ledger."""
    import pandas as pd

    register = ledger.registers[name]
    keys = list(register.columns)
    unreadable: dict[str, set[int]] = {}
    rows: dict[int, list[Any]] = {}
    for row in rows_of(register, ledger.settings):
        values: list[Any] = []
        for key in keys:
            try:
                values.append(row.value(key))
            except Unusable:
                values.append(float("nan"))
                unreadable.setdefault(key, set()).add(row.record.row)
        rows[row.record.row] = values
    data = pd.DataFrame(list(rows.values()), index=list(rows), columns=keys, dtype=object)
    return Frame(data, {key: frozenset(found) for key, found in unreadable.items()})


@dataclass(frozen=True)
class Context:
    """What a board is made from: the ledger, the register, the declaration and the day."""

    ledger: Ledger
    register: Register
    board: Board
    as_of: date

    def option(self, name: str) -> Any:
        """Return an option of the board, None if it is not set."""
        return self.board.option(name)

    def title(self, key: str) -> str:
        """Return a column's title."""
        return self.register.form.column(key).title

    def members(self) -> tuple[str, ...]:
        """Return all members of the list that ``rows`` refers to, also without a row; ``when`` may name only some."""
        rows = self.option("rows")
        every = members_of(rows, self.option("over"), self.ledger, self.register, self.as_of)
        only = [each.against for each in self.board.when if each.key == rows and each.test is Test.IS]
        return tuple(name for name in every if all(name in words for words in only))

    def words(self, values: Mapping[Any, Any], key: str | None) -> str:
        """Return what a row's cell says, several names joined; empty if it is blank, unreadable or no column."""
        value = values[key] if key else None
        return "" if value is None or isinstance(value, float) else "、".join(words_in(value))  # a float is NaN

    def what(self, values: Mapping[Any, Any]) -> str:
        """Return what a row is about: its form's title column, else its code."""
        form = self.register.form
        return self.words(values, form.title_column or None) or self.words(values, form.code_column.key)

    def who(self, values: Mapping[Any, Any]) -> str:
        """Return the department that answers for a row; empty if the office does."""
        return self.words(values, self.register.form.owner or None)

    def rows(self, *needed: str) -> DataFrame:
        """Return the rows that the board looks at: not those of later days, nor those unreadable in ``needed``."""
        frame = _frame_of(self.ledger, self.register.form.name)
        left_out = self._later(frame) | self._unreadable(frame, (*needed, *(each.key for each in self.board.when)))
        data = frame.data.loc[[row for row in frame.data.index if row not in left_out]]
        if self.board.when:
            met = [row for row, cells in records(data) if hold_all(self.board.when, cells.get, self.as_of)]
            data = data.loc[met]
        return data

    def other(self, name: str) -> DataFrame | None:
        """Return all rows of another register; None if the ledger does not have it."""
        return _frame_of(self.ledger, name).data if name in self.ledger.registers else None

    def notes(self, *needed: str) -> tuple[str, ...]:
        """Return what has to be said of rows that are dated later or could not be read; nothing if all counted."""
        frame = _frame_of(self.ledger, self.register.form.name)
        later = self._later(frame)
        said = (
            [f"有 {len(later)} 行的“{self.title(self.register.form.dated)}”在统计截止日之后，没有计入。"]
            if later
            else []
        )
        rows = sorted(self._unreadable(frame, needed or tuple(keys_of(self.board))) - later)
        if rows:
            named = "、".join(map(str, rows[:6])) + ("等" if len(rows) > 6 else "")
            sheet = self.register.sheet.name
            said.append(f"有 {len(rows)} 行的格子读不出来，没有计入：〈{sheet}〉第 {named} 行，请先改正。")
        return tuple(said)

    def _later(self, frame: Frame) -> frozenset[int]:
        """Return the rows dated after ``as_of``, but not by the column that says that something is done."""
        dated = self.register.form.dated
        if not dated or dated not in frame.data or dated in (self.option("done"), self.option("to")):
            return frozenset()
        days = zip(frame.data.index, frame.data[dated], strict=True)
        return frozenset(int(row) for row, day in days if isinstance(day, date) and day > self.as_of)

    def _unreadable(self, frame: Frame, keys: Iterable[str]) -> set[int]:
        return {row for key in keys for row in frame.unreadable.get(key, ())}


def numbers(data: DataFrame, keys: str | Iterable[str]) -> list[Decimal]:
    """Return the exact sum of number columns of each row; a blank cell is 0."""
    every = (keys,) if isinstance(keys, str) else tuple(keys)
    return [sum((Decimal(value or 0) for value in row), Decimal(0)) for row in data[list(every)].to_numpy()]


def records(data: DataFrame) -> list[tuple[int, dict[str, Any]]]:
    """Return (row number, column key → value) of each row."""
    keys = list(data.columns)
    return [
        (int(row), dict(zip(keys, cells, strict=True))) for row, cells in zip(data.index, data.to_numpy(), strict=True)
    ]


def keep(data: DataFrame, wanted: Iterable[bool]) -> DataFrame:
    """Return the rows for which ``wanted``, one for each row, is true."""
    return data.iloc[[place for place, good in enumerate(wanted) if good]]


def exploded(data: DataFrame, key: str) -> DataFrame:
    """Return the rows with one line for each name in a cell that holds several; rows with a blank cell are left out."""
    named = data.assign(**{key: [list(words_in(value)) or None for value in data[key]]})
    return named.explode(key).dropna(subset=[key])


def sums(amounts: Iterable[Decimal], *groups: Iterable[Any]) -> Mapping[Any, Decimal]:
    """Return the exact sums of amounts by one group, or by a tuple of several; blank groups are left out."""
    from pandas import Series

    by = [list(each) for each in groups]
    series = Series(list(amounts), dtype=object)
    if series.empty:
        return {}
    grouped = series.groupby(
        [Series(each, dtype=object) for each in by] if len(by) > 1 else Series(by[0], dtype=object)
    )
    return dict(cast("Series", grouped.sum()).to_dict())
