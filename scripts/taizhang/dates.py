"""Dates as people write them, read without guessing: what is ambiguous is asked."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from taizhang.text import as_text, clean_key

__all__ = ["FIRST_YEAR", "LAST_YEAR", "DateReading", "chinese_number", "month_end", "read_date"]

FIRST_YEAR, LAST_YEAR = 2015, 2035
"""Years that a rectification ledger can mean; others are typing errors."""

_DIGITS = {
    "〇": 0,
    "○": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_YEAR_FIRST = re.compile(
    r"(\d{4}|\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"
)
_MONTH_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NO_YEAR_NUMBERS = re.compile(r"\d{1,2}[-./]\d{1,2}")
_YEAR_LAST = re.compile(r"\d{1,2}[-./]\d{1,2}[-./]\d{4}")
_SERIAL = re.compile(r"\d{5}(?:\.0+)?")


@dataclass(frozen=True, slots=True)
class DateReading:
    """What a cell means as a date: the value, or the problem in the office's words; ``echo`` says how it was read."""

    value: date | None
    problem: str | None = None
    echo: str | None = None


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def chinese_number(text: str) -> int | None:
    """Read a Chinese number below one hundred (十五, 二十一) or a row of Chinese digits (二〇二二); None if it is neither."""
    if not text or any(char not in _DIGITS and char != "十" for char in text):
        return None
    if "十" not in text:
        return int("".join(str(_DIGITS[char]) for char in text))
    tens, _, ones = text.partition("十")
    if "十" in ones or len(tens) > 1 or len(ones) > 1:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)


def read_date(raw: Any, *, year: int | None = None, epoch_1904: bool = False) -> DateReading:
    """Read a raw cell value as a date.

    ``year`` completes a month and day written without one; ``epoch_1904`` is the workbook's epoch, for bare serials. Never
    raises: what is no date, impossible, out of range or ambiguous comes back as a problem.
    """
    if isinstance(raw, datetime):
        raw = raw.date()
    if isinstance(raw, date):
        return _checked(raw)
    if isinstance(raw, (int, float)) and not isinstance(raw, bool):
        return _number(float(raw), epoch_1904)
    text = clean_key(as_text(raw))
    text = re.sub(r"[〇○零一二两三四五六七八九十]+(?=[年月日号])", _digits_of, text)
    if _SERIAL.fullmatch(text) or (text.isascii() and text.isdigit()):
        return _number(float(text), epoch_1904) if len(text) <= 8 else _no_date()
    if match := _YEAR_FIRST.fullmatch(text):
        return _from_parts(text, match[1], match[2], match[3])
    if (match := _MONTH_DAY.fullmatch(text)) and year:
        return _from_parts(text, str(year), match[1], match[2], echo=True)
    if _YEAR_LAST.fullmatch(text):
        return DateReading(None, "年份写在最后，分不清哪个是月、哪个是日，请写成 2022-03-15 这样的年月日。")
    if _MONTH_DAY.fullmatch(text) or _NO_YEAR_NUMBERS.fullmatch(text):
        return DateReading(None, "没有写年份，请写全年月日，例如 2022-03-15。")
    if re.fullmatch(r"\d{4}\s*[-./年]\s*\d{1,2}\s*月?", text):
        return DateReading(None, "只写到月，请写清是哪一天，例如 2022-03-31。")
    return _no_date()


def _digits_of(match: re.Match[str]) -> str:
    number = chinese_number(match[0])
    return match[0] if number is None else str(number)


def _no_date() -> DateReading:
    return DateReading(None, "不是日期，请写成 2022-03-15 这样的年月日。")


def _number(number: float, epoch_1904: bool) -> DateReading:
    if not abs(number) < 1e9:
        return _no_date()
    text = str(int(number))
    if number.is_integer() and (match := _COMPACT.fullmatch(text)):
        return _from_parts(text, match[1], match[2], match[3])
    origin = date(1904, 1, 1) if epoch_1904 else date(1899, 12, 30)
    low, high = ((date(end, 1, 1) - origin).days for end in (FIRST_YEAR, LAST_YEAR + 1))
    if low <= number < high:
        value = origin + timedelta(days=int(number))
        return DateReading(value, echo=f"“{text}”是日期序号，理解为 {value.isoformat()}")
    return _no_date()


def _from_parts(text: str, year: str, month: str, day: str, *, echo: bool = False) -> DateReading:
    full_year = int(year) + (2000 if len(year) == 2 else 0)
    try:
        value = date(full_year, int(month), int(day))
    except ValueError:
        return DateReading(None, f"没有 {full_year}年{int(month)}月{int(day)}日 这一天，请核对月份和日期。")
    reading = _checked(value)
    if reading.value is None or not (echo or len(year) == 2 or _COMPACT.fullmatch(text)):
        return reading
    return DateReading(value, echo=f"“{text}”理解为 {value.isoformat()}")


def _checked(value: date) -> DateReading:
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        return DateReading(None, f"年份 {value.year} 不在 {FIRST_YEAR}—{LAST_YEAR} 之间，请核对年份。")
    return DateReading(value)
