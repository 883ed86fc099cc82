"""Personal and classified data in text: found and named by kind, never repeated."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

__all__ = ["find_personal"]

_RUN = re.compile(r"(?<![0-9A-Za-z])\d{11,19}[Xx]?(?![0-9A-Za-z])")
_GROUPED = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{3}([ -])\d{4}\1\d{4}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?)(?![0-9A-Za-z])"
)
_CLASSIFIED = re.compile(r"绝密|机密(?!性|码)|秘密\s*[★☆]|[★☆]\s*\d+\s*年")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def find_personal(text: str) -> tuple[str, ...]:
    """Return the kinds of personal or classified data in a text: 身份证号, 手机号, 银行卡号, 密级标志. Kinds only."""
    kinds = [kind for run in _runs(text) if (kind := _kind(run))] if len(text) >= 11 else []
    if _CLASSIFIED.search(text):
        kinds.append("密级标志")
    return tuple(dict.fromkeys(kinds))


def _runs(text: str) -> list[str]:
    """Return the runs of digits that may be numbers of a person, full-width and grouped ones as plain digits."""
    plain = unicodedata.normalize("NFKC", text)
    return _RUN.findall(plain) + [re.sub(r"[ -]", "", run[0]) for run in _GROUPED.finditer(plain)]


def _kind(run: str) -> str | None:
    if len(run) == 18 and _is_identity(run):
        return "身份证号"
    if len(run) == 11 and re.fullmatch(r"1[3-9]\d{9}", run):
        return "手机号"
    if run.isdigit() and 16 <= len(run) <= 19 and _luhn(run):
        return "银行卡号"
    return None


def _is_identity(run: str) -> bool:
    """Whether 18 characters are an identity number: a possible birthday and the checksum of GB 11643-1999."""
    try:
        date(int(run[6:10]), int(run[10:12]), int(run[12:14]))
    except ValueError:
        return False
    return "10X98765432"[sum(int(d) * w for d, w in zip(run, _WEIGHTS, strict=False)) % 11] == run[17].upper()


def _luhn(run: str) -> bool:
    digits = [int(digit) for digit in reversed(run)]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0
