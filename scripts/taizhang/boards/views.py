"""What a board shows, as values: a message with its fraction, a table, perhaps a chart, and notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from taizhang.ledger.vocabulary import Light
from taizhang.typed.percentages import round_half_up

__all__ = [
    "EMPTY", "HOTTEST", "BoardView", "Cell", "Chart", "ChartKind", "Line", "Value", "blank", "fraction_cell",
    "fraction_words", "judge", "number_cell", "number_words", "row_cell", "signed", "text_cell",
]  # fmt: skip

EMPTY = "未填报"
"""The word for a register without rows."""

HOTTEST = 3
"""The shades of a table of numbers."""

Value: TypeAlias = int | Decimal | date | str | None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a board: its value, the words that are shown, its light if it has one, and the row that it leads to.

    ``row`` is a row of the register in the ledger, 0 for cells that lead nowhere. ``heat`` shades a number among
    others of its table: 0 for none, up to HOTTEST for the largest.
    """

    value: Value
    words: str
    light: Light | None = None
    row: int = 0
    heat: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a board's table; ``total`` for sums, ``heading`` for a title between lines."""

    cells: tuple[Cell, ...]
    total: bool = False
    heading: bool = False


class ChartKind(StrEnum):
    """How a chart is drawn."""

    COLUMN = "column"
    BAR = "bar"
    LINE = "line"
    STACK = "stack"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart: categories, (name, number for each category) series, and its alternative text.

    A number is None where there is none. ``percent``: the numbers are shares of 1. ``overdue`` names the series that
    is hatched in red, empty if there is none.
    """

    kind: ChartKind
    categories: tuple[str, ...]
    series: tuple[tuple[str, tuple[float | None, ...]], ...]
    words: str
    percent: bool = False
    overdue: str = ""


@dataclass(frozen=True, slots=True)
class BoardView:
    """A board of a day.

    ``part`` of ``whole`` ``unit`` is the fraction of the message; ``whole`` is 0 if there is nothing to count.
    ``light`` is None if nothing is judged. ``filled`` is false if the register has no rows that the board looks at.
    ``low`` says that a low fraction is good (a rate of departures), so that a high one is what somebody must act on.
    """

    sheet: str
    title: str
    message: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]
    light: Light | None = None
    part: int | Decimal = 0
    whole: int | Decimal = 0
    unit: str = ""
    chart: Chart | None = None
    notes: tuple[str, ...] = ()
    filled: bool = True
    low: bool = False

    @property
    def shortfall(self) -> Fraction:
        """How far the fraction is from what is good, as a share of 1: 0 without anything to count."""
        if not self.whole:
            return Fraction(0)
        done = Fraction(self.part) / Fraction(self.whole)
        return done if self.low else 1 - done


def judge(part: int | Decimal, whole: int | Decimal) -> Light | None:
    """Return the light of a fraction that should be whole: green if it is, red below half; None without a whole."""
    if not whole:
        return None
    share = Fraction(part) / Fraction(whole)
    return Light.GREEN if share >= 1 else Light.RED if share < Fraction(1, 2) else Light.AMBER


def signed(light: Light | None, words: str) -> str:
    """Return words behind the sign of their light, so that grey print can be read: ◆ 0/2, ▲ 3/4, ● 4/4."""
    return f"{light[0]} {words}" if light else words


def number_words(value: int | Decimal) -> str:
    """Return a number as it is shown: at most two decimals, none that are zero."""
    words = f"{round_half_up(value, 2):f}"
    return words.rstrip("0").rstrip(".") if "." in words else words


def fraction_words(part: int | Decimal, whole: int | Decimal) -> str:
    """Return 29/35, or a dash if there is nothing to count."""
    return f"{number_words(part)}/{number_words(whole)}" if whole else "—"


def fraction_cell(part: int | Decimal, whole: int | Decimal) -> Cell:
    """Return the cell of a fraction that should be whole, with the sign of its light: ▲ 3/4; a dash without a whole."""
    light = judge(part, whole)
    return Cell(part, signed(light, fraction_words(part, whole)), light)


def number_cell(value: int | Decimal, *, light: Light | None = None) -> Cell:
    """Return a cell with a number; a dot for zero."""
    return Cell(value, number_words(value) if value else "·", light)


def text_cell(text: str, *, light: Light | None = None) -> Cell:
    """Return a cell with a text; a dash for none."""
    return Cell(text, text or "—", light)


def row_cell(row: int) -> Cell:
    """Return the cell that names a row of the register in the ledger and leads to it: 第 12 行."""
    return Cell(row, f"第 {row} 行", row=row)


def blank() -> Cell:
    """Return a cell with nothing to say."""
    return Cell(None, "—")
