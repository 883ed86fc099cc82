"""Read numbers as people type them (percentages, counts, money), exactly and without rounding."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from math import prod
from typing import Any, TypeAlias

from taizhang.typed.readings import Reading, quote
from taizhang.typed.text import DIGITS_KEPT, as_text, clean_key, is_blank, loses_digits, means_nothing

__all__ = ["NumberReading", "read_decimal", "read_integer", "read_money", "read_percent"]

NumberReading: TypeAlias = Reading[Decimal]
"""A parsed number, an exact decimal: percentages in percentage points (80 % is 80), money in yuan."""

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+")
_EXACT = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_LARGE = re.compile(r"\d[\d.]*e\+?0*(?:1[5-9]|[2-9]\d|[1-9]\d{2,})", re.IGNORECASE)
_BRACKETED = re.compile(r"\((.+)\)")
_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}
_SCALED = r"(?P<number>[^元圆万亿千百]*\d\.?\)?)(?:\s*(?P<scale>[千百]?万亿?|[千百]?亿|千|百))?"
_DECIMAL = re.compile(rf"{_SCALED}(?P<unit>)").fullmatch
_COUNT = re.compile(rf"{_SCALED}\s*(?P<unit>个|项|次|人次|人|份|条|件|场|家|户|名|篇|期|天|日|届|位|批|处)?").fullmatch
_AMOUNT = re.compile(rf"(?:人民币|RMB|¥)?\s*+{_SCALED}\s*(?P<unit>元|圆)?整?").fullmatch


def read_percent(raw: Any) -> NumberReading:
    """Read a percentage from 0 to 100, in percentage points.

    A cell that displays 80% stores 0.8, so a stored number up to 1 is a fraction; one above 1 is taken as percentage
    points, with an echo. Text without a percent sign is read the same way, always with an echo; the text “1” is asked,
    since it could mean 1% or 100%.
    """
    text = clean_key(as_text(raw))
    number, problem = _number(raw, text.removesuffix("%").rstrip(), "请填 80% 这样的百分数")
    if problem:
        return problem
    marked = isinstance(raw, str) and text.endswith("%")
    if isinstance(raw, str) and not marked and number == 1:
        asked = f"{quote(raw)}分不清是 1% 还是 100%，请写上百分号。"
        return Reading(typed=raw, problem=asked, ambiguous=(Decimal(1), Decimal(100)))
    fraction = 0 < number <= 1 and not marked
    points = number * 100 if fraction else number
    if not 0 <= points <= 100:
        return Reading(typed=raw, problem=f"{quote(raw)}不在 0% 到 100% 之间，请核对。")
    if marked or number == 0 or (fraction and not isinstance(raw, str)):
        return Reading(_plain(points), raw, unit="%")
    return Reading(_plain(points), raw, "小数按比例" if fraction else "没写百分号，按百分点", unit="%")


def read_decimal(raw: Any) -> NumberReading:
    """Read a number with or without decimals: 1,234.50, －5, (5) in brackets for a negative amount, 1.2万."""
    return _read(raw, _DECIMAL)


def read_integer(raw: Any) -> Reading[int]:
    """Read a whole number.

    Scales such as 万 are multiplied out and one measure word is dropped, with an echo (3次, 1.2万人).
    """
    reading = _read(raw, _COUNT)
    if reading.value is None:
        return Reading(typed=raw, rule=reading.rule, problem=reading.problem)
    if reading.value != int(reading.value):
        return Reading(typed=raw, problem=f"{quote(raw)}不是整数，请填整数。")
    return Reading(int(reading.value), raw, reading.rule)


def read_money(raw: Any) -> NumberReading:
    """Read an amount of money in yuan: ￥1,234.50, 2000万, 3.5亿元, 人民币800元整; a bare number is yuan."""
    return _read(raw, _AMOUNT, unit="元")


def _read(raw: Any, written: Callable[[str], re.Match[str] | None], unit: str = "") -> NumberReading:
    """Read a number whose digits, scale and unit the ``written`` pattern matches; ``unit`` is the unit of the value."""
    text = clean_key(as_text(raw))
    spelt = written(text)
    number, problem = _number(raw, spelt["number"] if spelt else text)
    if problem:
        return problem
    scale = prod(_SCALES[char] for char in (spelt and spelt["scale"]) or "")
    if abs(number) * scale >= 10**DIGITS_KEPT:
        return _too_long(raw)
    if spelt and spelt["scale"]:
        rule = f"换算成{unit}" if unit else f"按“{spelt['scale']}”换算"
    else:
        rule = "去掉量词" if spelt and spelt["unit"] and not unit else _digits_rule(raw)
    return Reading(_plain(number * scale), raw, rule, unit=unit)


def _number(raw: Any, text: str, cure: str = "请只填数字") -> tuple[Decimal, NumberReading | None]:
    """Return the number in ``text``, or the reading to return for ``raw`` if there is none."""
    if is_blank(raw):
        return Decimal(0), Reading(typed=raw, problem="是空的，请填数。")
    if means_nothing(raw):
        return Decimal(0), Reading(typed=raw, rule="按没有数理解")
    if loses_digits(raw) or _LARGE.fullmatch(text):
        return Decimal(0), _too_long(raw)
    bracketed = _BRACKETED.fullmatch(text)
    bare = (bracketed[1] if bracketed else text).replace("−", "-")
    if isinstance(raw, bool) or not _NUMBER.fullmatch(bare) or (bracketed and bare[0] in "+-"):
        return Decimal(0), Reading(typed=raw, problem=f"{quote(raw)}不是数，{cure}。")
    if sum(map(str.isdigit, bare)) > DIGITS_KEPT:
        return Decimal(0), _too_long(raw)
    number = Decimal(bare.replace(",", ""))
    return -number if bracketed else number, None


def _too_long(raw: Any) -> NumberReading:
    return Reading(typed=raw, problem=f"位数太多，超过 {DIGITS_KEPT} 位的数 Excel 存不下，后面的位会变成 0，请核对。")


def _digits_rule(raw: Any) -> str:
    """Return the rule to report if a number was not typed as plain digits, else an empty string."""
    return "按数字" if isinstance(raw, str) and not _EXACT.fullmatch(raw) else ""


def _plain(number: Decimal) -> Decimal:
    """Return a decimal without trailing zeros or exponent, so that equal numbers print the same."""
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()
