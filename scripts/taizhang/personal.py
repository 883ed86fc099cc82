"""Personal and classified data in text: found and named by kind, never repeated."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from typing import Any

from taizhang.text import DIGITS_KEPT

__all__ = ["FEWEST_SHOWN", "count_shown", "find_personal"]

FEWEST_SHOWN = 5
"""Fewer people or complaints of one department than this could be recognised, so their count is not shown."""

_SUSPECT = re.compile(r"\d[\d\-－ 　]{9}|密|[★☆]")
_STARTS = r"(?<![0-9A-Z_])(?<![A-Za-z][\-/])"
_ENDS = r"(?![0-9A-Za-z]|\.\d)"
_IDENTITY = re.compile(rf"{_STARTS}\d{{6}}([ -]?)\d{{8}}\1\d{{3}}[\dXx]{_ENDS}")
_OLD_IDENTITY = re.compile(rf"{_STARTS}\d{{15}}{_ENDS}")
_PHONE = re.compile(rf"{_STARTS}(?:\+?86[- ]?)?1[3-9]\d([- ]?)\d{{4}}\1\d{{4}}{_ENDS}")
_BANK_CARD = re.compile(
    rf"{_STARTS}(?:[3-6]\d{{15,18}}|[3-6]\d{{3}}([- ])\d{{4}}\1\d{{4}}\1\d{{4}}(?:\1\d{{1,3}})?){_ENDS}"
)
_MARK = re.compile(
    r"绝密|(?<!商业)机密(?![性码])|秘密\s*[★☆]|秘密级|密级\s*+:?\s*秘密|^[^\S\n]*秘密[^\S\n]*$|[★☆]\s*\d+\s*年",
    re.MULTILINE,
)
_EXPONENT = re.compile(r"(?<![\w.])\d\.\d{8,}[eE]\+1[5-8](?![\w.])")
_TOO_LARGE = 10**19
"""No identity or card number has more than 19 digits."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find_personal(raw: Any) -> tuple[str, ...]:
    """Return the kinds of personal or classified data in a raw value: 身份证号, 手机号, 银行卡号, 密级标志. Kinds only, never values.

    Full-width digits and the usual groupings (138-0013-8000) are seen. Numbers inside longer digit strings, amounts with decimals
    and codes with letters are passed over, and so is the word 秘密 in prose (保守秘密): only as a marking does it count (秘密★1年), unlike 绝密 and 机密.
    A number counts with all its digits, also where it has become text with an exponent (6.22200000000123e+18).
    """
    if isinstance(raw, (int, float)):
        return () if isinstance(raw, bool) else _kinds_of_number(raw)
    if not isinstance(raw, str) or not _SUSPECT.search(raw):
        return ()
    normal = unicodedata.normalize("NFKC", raw)
    numbers = _EXPONENT.findall(normal) if "+" in normal else ()
    long = {kind for each in numbers for kind in _kinds_of_number(float(each))}
    return tuple(kind for kind, present in _KINDS.items() if kind in long or present(normal))


def _kinds_of_number(number: float) -> tuple[str, ...]:
    """Return the kinds of personal data a stored number holds.

    Of more than 15 digits Excel has turned the last into zeros, so that no check digit can be relied on: a birthday in its place, or
    the first digit and length of a card, are enough.
    """
    if not abs(number) < _TOO_LARGE or number != int(number):
        return ()
    digits = str(int(abs(Decimal(repr(number)))))
    if len(digits) <= DIGITS_KEPT:
        return find_personal(digits)
    if len(digits) == 18 and _is_province(digits) and _is_day(digits[6:14], 1900):
        return ("身份证号",)
    return ("银行卡号",) if digits[0] in "3456" else ()


def count_shown(count: int) -> str:
    """Return a department's count of people or complaints as a report may show it: 1 to 4 only as 少于 5."""
    return f"少于 {FEWEST_SHOWN}" if 0 < count < FEWEST_SHOWN else str(count)


def _has_identity(text: str) -> bool:
    return any(_is_identity(_bare(m[0])) for m in _IDENTITY.finditer(text)) or any(
        _is_old_identity(m[0]) for m in _OLD_IDENTITY.finditer(text)
    )


def _has_phone(text: str) -> bool:
    return _PHONE.search(text) is not None


def _has_bank_card(text: str) -> bool:
    numbers = (_bare(m[0]) for m in _BANK_CARD.finditer(text))
    return any(_luhn(number) and not (len(number) == 18 and _is_identity(number)) for number in numbers)


def _is_marked(text: str) -> bool:
    return _MARK.search(text) is not None


_KINDS = {"身份证号": _has_identity, "手机号": _has_phone, "银行卡号": _has_bank_card, "密级标志": _is_marked}


def _bare(number: str) -> str:
    return number.replace(" ", "").replace("-", "")


def _is_identity(number: str) -> bool:
    """Whether 18 characters are an identity number: a possible birthday and the checksum of GB 11643-1999."""
    total = sum(int(digit) * weight for digit, weight in zip(number, _WEIGHTS, strict=False))
    return _is_day(number[6:14], 1800) and "10X98765432"[total % 11] == number[17].upper()


def _is_old_identity(number: str) -> bool:
    """Whether 15 digits are an identity number of before 1999: a province and a birthday since 1920."""
    return _is_province(number) and _is_day("19" + number[6:12], 1920)


def _is_province(number: str) -> bool:
    """Whether a number begins as a province does (GB/T 2260: 11-65, 71, 81-83)."""
    return 11 <= int(number[:2]) <= 65 or number[:2] in ("71", "81", "82", "83")


def _is_day(digits: str, first_year: int) -> bool:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])).year >= first_year
    except ValueError:
        return False


def _luhn(number: str) -> bool:
    """Whether a card number's check digit holds (ISO/IEC 7812-1)."""
    digits = [int(digit) for digit in reversed(number)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
