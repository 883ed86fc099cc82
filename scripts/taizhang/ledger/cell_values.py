"""Raw cell values read by column type: each becomes a canonical value, or a problem with its cure.

Ignoring invisible differences (white space at the ends, zero-width characters) is reported for codes only.

Canonical values compare equal if they mean the same: text for words (keys normalised, prose untouched), date for dates,
Decimal for numbers, percentage points (0-100) for percentages, tuples of names for several.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.vocabulary import ColumnType
from taizhang.ledger.catalogue import Check
from taizhang.ledger.settings import Settings
from taizhang.typed.choices import match_choice
from taizhang.typed.cycles import Cycle, CycleKind, read_cycle, read_frequency
from taizhang.typed.dates import read_date
from taizhang.typed.deadlines import Deadline, read_deadline
from taizhang.typed.numbers import read_decimal, read_integer, read_money, read_percent
from taizhang.typed.readings import Reading, quote
from taizhang.typed.text import (
    as_text,
    clean_key,
    clean_prose,
    drop_unprinted,
    invisible_characters,
    is_blank,
    split_many,
)

__all__ = ["CellReading", "as_seen", "read_value", "start_of", "to_cell"]


@dataclass(frozen=True, slots=True)
class CellReading:
    """The result of reading one cell: its canonical value (None if blank or wrong), the problem, and how it was read.

    ``problem`` and ``echo`` are sentences for the person who typed the cell; ``check`` is the check that reports
    ``problem``.
    """

    value: Any = None
    problem: str | None = None
    check: Check | None = None
    echo: str | None = None


def read_value(
    column: Column, raw: Any, settings: Settings, *, by_department: bool = False, start: date | None = None
) -> CellReading:
    """Read a raw cell of this column.

    ``by_department`` limits choices to those open to departments; ``start`` is the row's start date, used by deadlines.
    Never raises and never guesses: a near miss is returned as a problem that names the likely choice.
    """
    if is_blank(raw):
        return CellReading()
    if column.type.is_choice:
        return _read_choices(column, raw, by_department)
    if column.type == ColumnType.DEADLINE:
        return _read_deadline(raw, settings, start)
    return _READERS.get(column.type, _read_text)(column, raw, settings)


def start_of(form: Form, cells: Mapping[str, Any], settings: Settings) -> date | None:
    """Return a row's start date, from which 立行立改 and "N days" count; None if it is missing or has no column."""
    if "start" not in cells or "start" not in form.by_key:
        return None
    return read_value(form.column("start"), cells["start"], settings).value


def to_cell(column: Column, value: Any) -> Any:
    """Convert a canonical value to the cell value written into the ledger; a percentage becomes a fraction."""
    if column.type == ColumnType.PERCENT and value is not None:
        return float(Decimal(value) / 100)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Deadline):
        return value.date if value.date and value.words == value.date.isoformat() else value.words
    return value


def as_seen(column: Column, raw: Any) -> str:
    """Return a raw cell as Excel displays it in its column: 0.6 in a percentage column is 60%."""
    if column.type == ColumnType.PERCENT and isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return f"{raw * 100:g}%"
    return as_text(raw)


def _read_text(column: Column, raw: Any, settings: Settings) -> CellReading:
    text = as_text(raw)
    return CellReading(clean_prose(text) if column.type.is_text else clean_key(text))


def _read_code(column: Column, raw: Any, settings: Settings) -> CellReading:
    if isinstance(raw, (date, datetime)):
        return CellReading(None, f"“{column.title}”变成了日期，请把单元格设为文本后重填编号。", Check.CODE)
    text = as_text(raw)
    code = clean_key(text).upper()
    hidden = invisible_characters(text)
    return CellReading(code, echo=f"编号里有{'、'.join(hidden)}，已按{quote(code)}理解" if hidden else None)


def _read_date(column: Column, raw: Any, settings: Settings) -> CellReading:
    return _as_cell_reading(
        read_date(raw, year=settings.year, earliest=column.earliest), Check.DATE, f"“{column.title}”读不懂："
    )


def _read_deadline(raw: Any, settings: Settings, start: date | None) -> CellReading:
    deadline = read_deadline(raw, year=settings.year, start=start, events=settings.events, workdays=settings.workdays)
    return CellReading(deadline, echo=deadline.echo if deadline else None)


def _read_percent(column: Column, raw: Any, settings: Settings) -> CellReading:
    return _as_cell_reading(read_percent(drop_unprinted(raw)), Check.PERCENT, f"“{column.title}”填的")


def _read_count(column: Column, raw: Any, settings: Settings) -> CellReading:
    """Read a whole number; it must not be negative, since every one in a register is a count."""
    reading = read_integer(drop_unprinted(raw))
    if reading.value is not None and reading.value < 0:
        return CellReading(None, f"“{column.title}”不能小于 0，现在填的是{quote(raw)}。", Check.NUMBER)
    return _as_cell_reading(reading, Check.NUMBER, f"“{column.title}”填的")


def _read_number(column: Column, raw: Any, settings: Settings) -> CellReading:
    read = read_money if column.type == ColumnType.MONEY else read_decimal
    return _as_cell_reading(read(drop_unprinted(raw)), Check.NUMBER, f"“{column.title}”填的")


def _read_choices(column: Column, raw: Any, by_department: bool) -> CellReading:
    def read(word: str) -> Reading[str]:
        if len(column.choices) == 1 and clean_key(word) in _NO:
            told = f"{quote(word)}不用填：只有“{column.title}”的才选“{column.choices[0]}”，不是的这一格空着。"
            return Reading(typed=word, problem=told)
        if column.choices == tuple(CycleKind) and (often := read_frequency(word)):
            return Reading(often[0].value, word, "按多久一次理解")
        if not by_department:
            return match_choice(word, column.choices, column.choice_aliases)
        reading = match_choice(word, column.offered, column.choice_aliases)
        if reading.problem and match_choice(word, column.choices, column.choice_aliases).value:
            listed = "、".join(column.offered)
            return Reading(typed=word, problem=f"{quote(word)}要由办公室确认后填，部门请填：{listed}。")
        return reading

    reading = read(as_text(drop_unprinted(raw))) if column.type == ColumnType.CHOICE else _read_each(raw, read)
    return _as_cell_reading(reading, Check.CHOICE, f"“{column.title}”")


_NO = frozenset({"否", "不是", "不", "错", "×", "x", "X", "有", "有变化", "有进展"})
"""Words that people type into a cell with a single choice if it does not apply."""


def _read_listed(column: Column, raw: Any, settings: Settings) -> CellReading:
    """Read one or several names listed in 参数; if the office keeps no such list, any text is accepted."""
    several = column.type == ColumnType.DEPARTMENTS
    names = settings.names(column.type)
    if not names:
        return CellReading(split_many(as_text(raw)) if several else clean_key(as_text(raw)))

    def read(word: str) -> Reading[str]:
        return (
            Reading(word, word)
            if word in names
            else match_choice(word, names, settings.aliases(column.type), source="〈参数〉")
        )

    reading = _read_each(raw, read) if several else read(as_text(drop_unprinted(raw)))
    if reading.problem and column.type == ColumnType.DEPARTMENT and len(split_many(as_text(raw))) > 1:
        return CellReading(None, f"“{column.title}”只能写一个部门，其他的请写到“配合部门”。", Check.CHOICE)
    return _as_cell_reading(reading, Check.CHOICE, f"“{column.title}”")


EARLIER_YEARS = 5
"""How many years before the ledger's own a period may lie: a base to compare with; further back it is a slip."""


def _read_period(column: Column, raw: Any, settings: Settings) -> CellReading:
    """Read a period of 参数, or a month, quarter, half year or year before the ledger's year: a base to compare with.

    Whole years are what a base usually is; a month of another year may be a slip, so how it is taken is said. A column
    of ``months`` takes any month of the ledger's year, for what happens each month where periods are quarters.
    """
    reading = _read_listed(column, raw, settings)
    cycle = read_cycle(as_text(drop_unprinted(raw))) if reading.problem else None
    if cycle and column.months and cycle.kind is CycleKind.MONTH and cycle.first.year == settings.year:
        return CellReading(_period_name(cycle))
    if cycle is None or settings.year is None or not 0 < settings.year - cycle.first.year <= EARLIER_YEARS:
        return reading
    year = cycle.kind is CycleKind.YEAR
    return CellReading(_period_name(cycle), echo=None if year else f"{quote(raw)}按以前年度的数理解")


def _period_name(cycle: Cycle) -> str:
    """Return a cycle's name as periods are named: 2021-03, 2021-Q4; half years and years in words."""
    match cycle.kind:
        case CycleKind.MONTH:
            return f"{cycle.first:%Y-%m}"
        case CycleKind.QUARTER:
            return f"{cycle.first.year}-Q{cycle.first.month // 3 + 1}"
    return cycle.name


def _read_references(column: Column, raw: Any, settings: Settings) -> CellReading:
    return CellReading(tuple(code.upper() for code in split_many(as_text(raw))))


def _read_each(raw: Any, read: Callable[[str], Reading[str]]) -> Reading[Any]:
    """Read every name of a cell that holds several; return the first problem, if any."""
    readings = [read(word) for word in split_many(as_text(raw))]
    wrong = next((reading for reading in readings if reading.problem), None)
    rules = dict.fromkeys(reading.rule for reading in readings if not reading.exact)
    return wrong or Reading(tuple(dict.fromkeys(reading.value for reading in readings)), raw, "，".join(rules))


def _as_cell_reading(reading: Reading[Any], check: Check, lead: str) -> CellReading:
    """Convert a reading to a CellReading; ``lead`` is put before the problem and names the column."""
    if reading.problem:
        return CellReading(None, f"{lead}{reading.problem}", check)
    return CellReading(reading.value, echo=reading.echo)


_READERS: Mapping[ColumnType, Callable[[Column, Any, Settings], CellReading]] = {
    ColumnType.CODE: _read_code,
    ColumnType.REFERENCE: _read_code,
    ColumnType.DATE: _read_date,
    ColumnType.PERCENT: _read_percent,
    ColumnType.INTEGER: _read_count,
    ColumnType.DECIMAL: _read_number,
    ColumnType.MONEY: _read_number,
    ColumnType.DEPARTMENT: _read_listed,
    ColumnType.DEPARTMENTS: _read_listed,
    ColumnType.POST: _read_listed,
    ColumnType.BRANCH: _read_listed,
    ColumnType.ASPECT: _read_listed,
    ColumnType.PERIOD: _read_period,
    ColumnType.REFERENCES: _read_references,
}
