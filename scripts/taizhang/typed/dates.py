"""Read dates as people type them, without guessing: an ambiguous date becomes a question."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

from taizhang.typed.numerals import arabic_numerals
from taizhang.typed.readings import Reading, quote, shown_text
from taizhang.typed.text import as_text, clean_key, is_blank, means_nothing

__all__ = [
    "FIRST_YEAR",
    "LAST_YEAR",
    "DateReading",
    "chinese_date",
    "day_or_text",
    "ends_month",
    "excel_epoch",
    "month_before",
    "month_day",
    "month_end",
    "month_start",
    "months_later",
    "read_date",
    "same_month",
    "wrong_month",
    "wrong_weekday",
    "wrong_year",
]

FIRST_YEAR, LAST_YEAR = 2015, 2035
"""Years that a rectification ledger can mean; any other year is a typing error, unless a column asks for older days."""

DateReading: TypeAlias = Reading[date]
"""A parsed date, or the problem; ``ambiguous`` holds the possible days."""

_EIGHT_DIGITS = "按八位数字的年月日"
_WRITE_SO = "请写成 2022-03-15 这样的年月日。"
_SEPARATORS = str.maketrans(dict.fromkeys("./\\。—–·、年月", "-"))
_WEEKDAY = re.compile(r"\(?(?:星期|周|礼拜)([一二三四五六日天])\)?$")
_TIME = re.compile(r"(?:(?<=[日号])|(?<![ T])[ T]+)(?:[上下]午)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?$")
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_SHORT_YEAR = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4}|\d{1,2})")
_MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})")
_MONTH_END = re.compile(r"(?:(\d{4}|\d{2})-)?(\d{1,2})-份?[底末]")
_MONTH_NUMBER = re.compile(r"20\d{2}(?:[-.]\d{1,2}|\d{2})")
_SHORT_MONTH = re.compile(r"\d{2}-\d{1,2}")


def excel_epoch(is_1904: bool) -> date:
    """Return day 0 of Excel's date serials, in the 1904 or the default date system."""
    return date(1904, 1, 1) if is_1904 else date(1899, 12, 30)


def month_end(year: int, month: int) -> date:
    """Return the last day of a month; months beyond 12 run on into the following years."""
    year, month = year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, monthrange(year, month)[1])


def month_start(day: date) -> date:
    """Return the first day of the month that contains ``day``."""
    return day.replace(day=1)


def month_before(day: date) -> date:
    """Return the last day of the month before the one that contains ``day``."""
    return month_start(day) - timedelta(days=1)


def ends_month(day: date) -> bool:
    """Whether a day is the last of its month."""
    return day == month_end(day.year, day.month)


def same_month(one: date, other: date) -> bool:
    """Whether two days fall in the same month of the same year."""
    return month_start(one) == month_start(other)


def months_later(day: date, months: int) -> date:
    """Return the same day of the month ``months`` later (earlier if negative).

    If that month has no such day, its last day is returned (民法典 202).
    """
    end = month_end(day.year, day.month + months)
    return end.replace(day=min(day.day, end.day))


def chinese_date(day: date) -> str:
    """Format a date without padding, for running text: 2022年3月1日 (GB/T 9704)."""
    return f"{day.year}年{day.month}月{day.day}日"


def day_or_text(raw: Any) -> str:
    """Return a raw value as running text has it: a day in words, all else as it is safe to show."""
    return chinese_date(raw) if isinstance(raw, date) else shown_text(raw)


def month_day(day: date) -> str:
    """Format a date without its year: 3月1日."""
    return f"{day.month}月{day.day}日"


def read_date(
    raw: Any, *, year: int | None = None, epoch_1904: bool = False, earliest: int = FIRST_YEAR
) -> DateReading:
    """Parse a raw cell value as a date.

    ``year`` completes a month and day typed without one; ``epoch_1904`` selects the workbook's date system, for bare
    serials. ``earliest`` is the first year that may be meant, for days long ago (an old regulation); a bare number is
    no such day. Never raises: a value that is empty, no date, impossible, ambiguous or outside
    ``earliest``-LAST_YEAR returns a problem. A word for nothing (无, —) gives neither value nor problem.
    """
    reading = _read(raw, year, epoch_1904)
    if reading.value is None or earliest <= reading.value.year <= LAST_YEAR:
        return reading
    return Reading(typed=raw, problem=wrong_year(reading.value.year, earliest))


def _read(raw: Any, year: int | None, epoch_1904: bool) -> DateReading:
    """Read a date of any year."""
    if isinstance(raw, date):
        return _from_date(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _from_number(raw, raw, epoch_1904)
    if is_blank(raw):
        return Reading(typed=raw, problem=f"是空的，{_WRITE_SO}")
    if means_nothing(raw):
        return Reading(typed=raw, rule="按没有日期理解")
    key = clean_key(as_text(raw))
    if _SERIAL.fullmatch(key):
        return _from_number(raw, float(key), epoch_1904)
    return _from_text(raw, key, year)


def wrong_year(year: int, earliest: int = FIRST_YEAR) -> str:
    """Return the message for a year outside ``earliest``-LAST_YEAR."""
    return f"年份 {year} 不在 {earliest}—{LAST_YEAR} 之间，请核对年份。"


def wrong_month(month: int) -> str:
    """Return the message for a month that does not exist."""
    return f"没有 {month} 月，请核对月份。"


def wrong_weekday(day: date) -> str:
    """Return the message, to follow the quoted text, for a weekday that does not match the date."""
    return f"里日期和星期对不上，{day} 是星期{'一二三四五六日'[day.weekday()]}，请核对。"


def _from_date(raw: date) -> DateReading:
    if not isinstance(raw, datetime):
        return Reading(raw, raw, "")
    at_midnight = (raw.hour, raw.minute, raw.second) == (0, 0, 0)
    return Reading(raw.date(), raw, "" if at_midnight else "舍去几点几分")


def _from_number(raw: Any, number: float, epoch_1904: bool) -> DateReading:
    """Read an Excel date serial, or a date typed as the digits of a number (20220315)."""
    origin = excel_epoch(epoch_1904)
    low, high = ((date(end, 1, 1) - origin).days for end in (FIRST_YEAR, LAST_YEAR + 1))
    if low <= number < high:
        rule = "按 Excel 日期序号" if number == int(number) else "按 Excel 日期序号，舍去几点几分"
        return Reading(origin + timedelta(days=int(number)), raw, rule)
    digits = as_text(number)
    if match := _COMPACT.fullmatch(digits):
        return _read_day(raw, match[1], match[2], match[3], _EIGHT_DIGITS)
    return _incomplete(raw) if _MONTH_NUMBER.fullmatch(digits) else _no_date(raw)


def _from_text(raw: Any, key: str, year: int | None) -> DateReading:
    timeless = _TIME.sub("", key)
    weekday = _WEEKDAY.search(timeless)
    dated = timeless[: weekday.start()] if weekday else timeless
    reading = _from_parts(raw, "".join(arabic_numerals(dated).split()), year)
    if reading.value and weekday and reading.value.weekday() != "一二三四五六日".index(weekday[1].replace("天", "日")):
        return _problem(raw, wrong_weekday(reading.value))
    return replace(reading, rule=f"{reading.rule}，舍去几点几分") if reading.value and timeless != key else reading


def _from_parts(raw: Any, bare: str, year: int | None) -> DateReading:
    parts = re.sub(r"[日号]$", "", bare).translate(_SEPARATORS).rstrip("-")
    if match := _YEAR_FIRST.fullmatch(parts):
        return _read_day(raw, match[1], match[2], match[3], "文字写的年月日")
    if match := _COMPACT.fullmatch(parts):
        return _read_day(raw, match[1], match[2], match[3], _EIGHT_DIGITS)
    if match := _SHORT_YEAR.fullmatch(parts):
        return _with_short_year(raw, (match[1], match[2], match[3]), year, year_first="年" in bare)
    if match := _MONTH_END.fullmatch(parts):
        return _read_month_end(raw, match[1], int(match[2]), year)
    if (match := _MONTH_DAY.fullmatch(parts)) and int(match[1]) <= 12 and "年" not in bare:
        if year is None:
            return _no_year(raw)
        return _read_day(raw, str(year), match[1], match[2], f"没写年份，按 {year} 年")
    return _incomplete(raw) if _MONTH_NUMBER.fullmatch(parts) or _SHORT_MONTH.fullmatch(parts) else _no_date(raw)


def _with_short_year(raw: Any, numbers: tuple[str, str, str], year: int | None, *, year_first: bool) -> DateReading:
    """Read three numbers that do not begin with a four-digit year.

    22.3.15 is year, month, day in Chinese usage: no month exceeds 12, and nobody here writes the day first. The order
    is in doubt only if the last number is the current year and the first is not (31.12.22 in 2022); that is asked. If
    the first number is too small to be an accepted year, it is a month or a day and the year comes last; then only one
    reading may be possible.
    """
    first, second, third = map(int, numbers)
    last = third if third > 99 else 2000 + third
    year_last = (
        {day for day in (_day_or_none(last, first, second), _day_or_none(last, second, first)) if day}
        if len(numbers[2]) > 1
        else set()
    )
    if year_first or (third < 100 and FIRST_YEAR <= 2000 + first <= LAST_YEAR):
        if year_first or year != last or year == 2000 + first or not year_last:
            return _read_day(raw, f"{2000 + first}", numbers[1], numbers[2], "两位年份，按年月日")
        year_last |= {day for day in [_day_or_none(2000 + first, second, third)] if day}
    if not year_last or not FIRST_YEAR <= last <= LAST_YEAR:
        return _no_date(raw)
    possible = sorted(year_last)
    if len(possible) == 1:
        return Reading(possible[0], raw, "年份写在最后，只有一种读法")
    either = "还是".join(f" {day} " for day in possible)
    return replace(_problem(raw, f"分不清是{either.rstrip()}，{_WRITE_SO}"), ambiguous=tuple(possible))


def _read_month_end(raw: Any, written: str | None, month: int, year: int | None) -> DateReading:
    if written is None and year is None:
        return _no_year(raw)
    full = int(written or year or 0) + (2000 if written and len(written) == 2 else 0)
    if not 1 <= month <= 12:
        return Reading(typed=raw, problem=wrong_month(month))
    last = month_end(full, month).day if 0 < full < 9999 else 28
    return _read_day(raw, str(full), str(month), str(last), "按月末" if written else f"按月末，没写年份，按 {full} 年")


def _read_day(raw: Any, year: str, month: str, day: str, rule: str) -> DateReading:
    value = _day_or_none(int(year), int(month), int(day))
    if value is None:
        return Reading(typed=raw, problem=f"没有 {year}年{int(month)}月{int(day)}日 这一天，请核对月份和日期。")
    return Reading(value, raw, "" if raw == value.isoformat() else rule)


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except (ValueError, OverflowError):
        return None


def _no_year(raw: Any) -> DateReading:
    return _problem(raw, f"没有写年份，{_WRITE_SO}")


def _incomplete(raw: Any) -> DateReading:
    return _problem(raw, f"只写到月，{_WRITE_SO}")


def _no_date(raw: Any) -> DateReading:
    return _problem(raw, f"不是日期，{_WRITE_SO}")


def _problem(raw: Any, fault: str) -> DateReading:
    return Reading(typed=raw, problem=f"{quote(raw)}{fault}", fault=fault)
