"""Cell values by column type: a raw value becomes the value the register means, or a problem with its cure.

Canonical values compare equal when they mean the same: text for words (keys normalised, prose untouched), date for
dates, Decimal for numbers, percentage points (0-100) for percentages, tuples of names for several.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from taizhang.dates import read_date
from taizhang.deadlines import Deadline, read_deadline
from taizhang.forms import Column
from taizhang.readings import quoted
from taizhang.settings import Settings
from taizhang.text import (
    as_text,
    clean_key,
    clean_prose,
    invisible_characters,
    is_blank,
    means_nothing,
    split_many,
)

__all__ = ["Reading", "as_seen", "closest", "read_value", "to_cell"]

_UNITS = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}


@dataclass(frozen=True, slots=True)
class Reading:
    """What a raw cell means: its canonical value (None where blank or wrong), the problem, and how it was read.

    ``check`` names the check that reports ``problem``.
    """

    value: Any = None
    problem: str | None = None
    check: str = ""
    echo: str | None = None


def read_value(
    column: Column, raw: Any, settings: Settings, *, by_department: bool = False, start: date | None = None
) -> Reading:
    """Read a raw cell of this column.

    ``by_department`` narrows a choice to what departments may take; ``start`` is the row's start date, for deadlines.
    Never raises and never guesses: a near miss comes back as a problem that names the likely choice.
    """
    if is_blank(raw):
        return Reading()
    reader = _READERS.get(column.type, _text)
    return reader(column, raw, settings, by_department, start)


def to_cell(column: Column, value: Any) -> Any:
    """Return a canonical value as the cell value to write into the ledger; a percentage as a fraction."""
    if column.type == "percent" and value is not None:
        return float(Decimal(value) / 100)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, tuple):
        return "、".join(value)
    if isinstance(value, Deadline):
        return value.date if value.date and value.words == value.date.isoformat() else value.words
    return value


def as_seen(column: Column, raw: Any) -> str:
    """Return a raw cell as a person sees it in its column: a fraction of a percentage column as 60%."""
    if column.type == "percent" and isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return f"{raw * 100:g}%"
    return as_text(raw)


def closest(text: str, words: tuple[str, ...]) -> str | None:
    """Return the word most like a text, where one is near enough to be what was meant."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(text, words, scorer=fuzz.ratio, score_cutoff=50)
    return found[0] if found else None


def _text(column: Column, raw: Any, *_: Any) -> Reading:
    text = as_text(raw)
    return Reading(clean_prose(text) if column.type in ("text", "long_text") else clean_key(text))


def _code(column: Column, raw: Any, *_: Any) -> Reading:
    if isinstance(raw, (date, datetime)):
        return Reading(None, f"“{column.title}”变成了日期，请把单元格设为文本后重填编号。", "code")
    text = as_text(raw)
    code = clean_key(text).upper()
    hidden = invisible_characters(text)
    return Reading(code, echo=f"编号里有{'、'.join(hidden)}，已按“{code}”理解" if hidden else None)


def _date(column: Column, raw: Any, settings: Settings, *_: Any) -> Reading:
    if means_nothing(raw):
        return Reading(echo=f"“{as_text(raw)}”按没有日期理解")
    reading = read_date(raw, year=settings.year)
    problem = f"“{column.title}”读不懂：{reading.problem}" if reading.problem else None
    return Reading(reading.value, problem, "date", reading.echo)


def _deadline(column: Column, raw: Any, settings: Settings, by_department: bool, start: date | None) -> Reading:
    deadline = read_deadline(raw, year=settings.year, start=start, events=settings.events, workdays=settings.workdays)
    return Reading(deadline, echo=deadline.echo if deadline else None)


def _percent(column: Column, raw: Any, *_: Any) -> Reading:
    """Percentage points; a bare number up to 1 is a fraction, as a cell formatted in per cent holds it."""
    text = clean_key(as_text(raw))
    number, problem = _decimal_of(text.removesuffix("%"))
    if means_nothing(raw):
        return Reading(echo=f"“{text}”按没有进度理解")
    if number is None:
        return Reading(None, f"“{column.title}”要填百分数，例如 80%。{problem}", "percent")
    marked = text.endswith("%")
    points = number if marked or number > 1 else number * 100
    if not 0 <= points <= 100:
        return Reading(None, f"“{column.title}”填的是{quoted(text)}，应在 0% 到 100% 之间。", "percent")
    typed_one = not marked and number == 1 and isinstance(raw, str)
    if typed_one:
        return Reading(None, f"“{column.title}”填的是 1，分不清是 1% 还是 100%，请写上百分号。", "percent")
    unclear = not marked and (isinstance(raw, str) or number > 1)
    return Reading(points.normalize() + 0, echo=f"“{text}”理解为 {points:f}%" if unclear else None)


def _number(column: Column, raw: Any, *_: Any) -> Reading:
    if means_nothing(raw) and not isinstance(raw, (int, float)):
        return Reading(echo=f"“{as_text(raw)}”按没有数理解")
    text = clean_key(as_text(raw))
    number, problem = _decimal_of(text)
    if number is None:
        return Reading(None, f"“{column.title}”要填数，不要写文字或单位。{problem}", "number")
    if column.type == "integer" and number != number.to_integral_value():
        return Reading(None, f"“{column.title}”要填整数，现在是 {text}。", "number")
    if column.type == "integer" and number < 0:
        return Reading(None, f"“{column.title}”不能小于 0，现在是 {text}。", "number")
    converted = any(unit in text for unit in _UNITS)
    return Reading(number, echo=f"“{text}”理解为 {number:f}" if converted else None)


def _decimal_of(text: str) -> tuple[Decimal | None, str]:
    bare = re.sub(r"(?<=\d),(?=\d{3})", "", text).lstrip("¥￥").removesuffix("元")
    factor = _UNITS.get(bare[-1:], Decimal(1))
    try:
        number = Decimal(bare[:-1] if bare[-1:] in _UNITS else bare)
    except InvalidOperation:
        return None, ""
    if not number.is_finite():
        return None, ""
    if len(number.as_tuple().digits) > 15 or not -15 <= number.adjusted() <= 15:
        return None, "位数太多，请核对。"
    return number * factor, ""


def _choice(column: Column, raw: Any, settings: Settings, by_department: bool, *_: Any) -> Reading:
    allowed = column.offered if by_department else column.choices
    return _one_of(
        column, clean_key(as_text(raw)), allowed, column.choice_aliases, column.choices if by_department else ()
    )


def _choices(column: Column, raw: Any, *_: Any) -> Reading:
    return _many(column, raw, lambda word: _one_of(column, word, column.choices, column.choice_aliases))


def _listed(column: Column, raw: Any, settings: Settings, *_: Any) -> Reading:
    word = clean_key(as_text(raw))
    names = settings.names(column.type)
    if not names:
        return Reading(word)
    reading = _one_of(column, word, names, settings.aliases(column.type), where="〈参数〉")
    if reading.problem and column.type == "department" and len(split_many(word)) > 1:
        return Reading(None, f"“{column.title}”只能写一个部门，其他的请写到“配合部门”。", "choice")
    return reading


def _listed_many(column: Column, raw: Any, settings: Settings, *_: Any) -> Reading:
    names, aliases = settings.names(column.type), settings.aliases(column.type)
    if not names:
        return Reading(split_many(as_text(raw)))
    return _many(column, raw, lambda word: _one_of(column, word, names, aliases, where="〈参数〉"))


def _references(column: Column, raw: Any, *_: Any) -> Reading:
    return Reading(tuple(code.upper() for code in split_many(as_text(raw))))


def _many(column: Column, raw: Any, read: Callable[[str], Reading]) -> Reading:
    readings = [read(word) for word in split_many(as_text(raw))]
    wrong = next((reading for reading in readings if reading.problem), None)
    return wrong or Reading(tuple(dict.fromkeys(reading.value for reading in readings)))


@lru_cache(maxsize=256)
def _by_key(names: tuple[str, ...]) -> Mapping[str, str]:
    return {clean_key(name): name for name in names}


def _one_of(
    column: Column,
    word: str,
    allowed: tuple[str, ...],
    aliases: Mapping[str, str],
    reserved: tuple[str, ...] = (),
    where: str = "",
) -> Reading:
    meant = _by_key(allowed).get(word)
    if meant is not None:
        return Reading(meant)
    if aliases.get(word) in allowed:
        return Reading(aliases[word], echo=f"“{word}”理解为“{aliases[word]}”")
    if word in reserved:
        return Reading(None, f"“{word}”要由办公室确认后填，部门请填：{'、'.join(allowed)}。", "choice")
    near = closest(word, allowed)
    source = f"{where}里没有“{word}”" if where else f"“{word}”不在选项里"
    hint = f"是不是“{near}”？" if near else ""
    shown = "、".join(allowed) if len(allowed) <= 12 else "请从下拉框里选"
    return Reading(None, f"“{column.title}”{source}。{hint}可选：{shown}。", "choice")


_READERS: Mapping[str, Callable[..., Reading]] = {
    "code": _code,
    "reference": _code,
    "date": _date,
    "deadline": _deadline,
    "percent": _percent,
    "integer": _number,
    "decimal": _number,
    "money": _number,
    "choice": _choice,
    "choices": _choices,
    "department": _listed,
    "departments": _listed_many,
    "post": _listed,
    "branch": _listed,
    "aspect": _listed,
    "period": _listed,
    "references": _references,
}
