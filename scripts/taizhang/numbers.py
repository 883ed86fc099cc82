"""Numbers as people type them: percentages, counts, amounts of money. nothing is rounded, and no digit is lost unseen."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, TypeAlias

from taizhang.readings import Reading, quoted
from taizhang.text import DIGITS_KEPT, as_text, clean_key, is_blank, loses_digits, means_nothing

__all__ = ["NumberReading", "read_decimal", "read_integer", "read_money", "read_percent"]

NumberReading: TypeAlias = Reading[Decimal]
"""A number as understood: percentages in percentage points (80 % is 80), money in yuan, both exact decimals."""

_NUMBER = re.compile(r"[+-]?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d*)?|[+-]?\.\d+")
_PLAIN = re.compile(r"-?(?:\d+|\d{1,3}(?:,\d{3})+)(?:\.\d+)?", re.ASCII)
_BRACKETED = re.compile(r"\((.+)\)")
_COUNTED = re.compile(r"(?P<number>.*\d)\s*(?:个|项|次|人次|人|份|条|件|场|家|户|名|篇|期|天|日|届|位|批|处)")
_AMOUNT = re.compile(
    r"(?:人民币|RMB|¥)?\s*(?P<number>[^元圆万亿千百]*\d\.?)\s*(?P<scale>[千百]?万亿?|[千百]?亿|千|百)?\s*(?P<unit>元|圆)?整?"
)
_SCALES = {"百": 10**2, "千": 10**3, "万": 10**4, "亿": 10**8}


def read_percent(raw: Any, *, percent_format: bool | None = None) -> NumberReading:
    """Read a percentage, 0 to 100, in percentage points.

    ``percent_format`` says whether the cell shows its number as a percentage: Excel then holds the fraction 0.8 and shows 80%. Where
    it is not known (None), or not so (False), a number below 1 is taken for a fraction and one above 1 for points, with an echo; 1
    is a fraction where the format is not known and asked where the cell shows a plain 1, as 1% and 100% both write it.
    """
    number, problem = _number(raw, clean_key(as_text(raw)).removesuffix("%").rstrip(), "请填 80% 这样的百分数")
    if problem:
        return problem
    marked = isinstance(raw, str) and clean_key(raw).endswith("%")
    if isinstance(raw, str):
        percent_format = False
    points = number if marked or (not 0 <= number <= 1 and not percent_format) else number * 100
    if not 0 <= points <= 100:
        shown = "" if marked or number == points else f"（即 {points.normalize():f}%）"
        return Reading(typed=raw, problem=f"{quoted(raw)}{shown}不在 0% 到 100% 之间，请核对。")
    if percent_format is False and not marked and number == 1:
        asked = f"{quoted(raw)}分不清是 1% 还是 100%，请写上百分号。"
        return Reading(typed=raw, problem=asked, ambiguous=(Decimal(1), Decimal(100)))
    return Reading(_plain(points), raw, _percent_rule(number, points, exact=marked or bool(percent_format)), unit="%")


def _percent_rule(number: Decimal, points: Decimal, *, exact: bool) -> str:
    if exact or number == 0:
        return ""
    return "没写百分号，按百分点" if number == points else "小数按比例"


def read_decimal(raw: Any) -> NumberReading:
    """Read a number with or without decimals: 1,234.50, －5, (5) in brackets for a negative amount."""
    number, problem = _number(raw, clean_key(as_text(raw)))
    return problem or Reading(_plain(number), raw, _rewritten(raw))


def read_integer(raw: Any) -> Reading[int]:
    """Read a whole number; one measure word behind it is dropped with an echo (3次, 25人)."""
    text = clean_key(as_text(raw))
    counted = _COUNTED.fullmatch(text)
    number, problem = _number(raw, counted["number"] if counted else text)
    if problem:
        return Reading(typed=raw, rule=problem.rule, problem=problem.problem)
    if number != number.to_integral_value():
        return Reading(typed=raw, problem=f"{quoted(raw)}不是整数，请填整数。")
    return Reading(int(number), raw, "去掉量词" if counted else _rewritten(raw))


def read_money(raw: Any) -> NumberReading:
    """Read an amount of money in yuan: ￥1,234.50, 2000万, 3.5亿元, 人民币800元整; a bare number is yuan."""
    text = clean_key(as_text(raw))
    amount = _AMOUNT.fullmatch(text)
    number, problem = _number(raw, amount["number"] if amount else text)
    if problem or amount is None:
        return problem or Reading(_plain(number), raw, _rewritten(raw))
    scale = 1
    for char in amount["scale"] or "":
        scale *= _SCALES[char]
    rule = "换算成元" if scale > 1 else _rewritten(raw)
    return Reading(_plain(number * scale), raw, rule, unit="元")


def _number(raw: Any, text: str, cure: str = "请只填数字") -> tuple[Decimal, NumberReading | None]:
    """Return the number that ``text`` writes, or what to say of ``raw`` where it writes none."""
    if is_blank(raw):
        return Decimal(0), Reading(typed=raw, problem="是空的，请填数。")
    if means_nothing(raw):
        return Decimal(0), Reading(typed=raw, rule="按没有数理解")
    if loses_digits(raw):
        return Decimal(0), _too_long(raw)
    bracketed = _BRACKETED.fullmatch(text)
    bare = (bracketed[1] if bracketed else text).replace("−", "-")
    if isinstance(raw, bool) or not _NUMBER.fullmatch(bare) or (bracketed and bare[0] in "+-"):
        return Decimal(0), Reading(typed=raw, problem=f"{quoted(raw)}不是数，{cure}。")
    if sum(map(str.isdigit, bare)) > DIGITS_KEPT:
        return Decimal(0), _too_long(raw)
    number = Decimal(bare.replace(",", ""))
    return -number if bracketed else number, None


def _too_long(raw: Any) -> NumberReading:
    return Reading(typed=raw, problem=f"位数太多，超过 {DIGITS_KEPT} 位的数 Excel 存不下，后面的位会变成 0，请核对。")


def _rewritten(raw: Any) -> str:
    """Return the rule where a number is not typed as plain digits."""
    if not isinstance(raw, str) or _PLAIN.fullmatch(raw):
        return ""
    return "按数字"


def _plain(number: Decimal) -> Decimal:
    """Return a decimal without trailing zeros and without exponent, so that equal numbers look alike."""
    return number.to_integral_value() if number == number.to_integral_value() else number.normalize()
