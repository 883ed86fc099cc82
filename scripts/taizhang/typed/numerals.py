"""Chinese numerals: 十二 to 12, 12 to 十二, and the numerals in a text to digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

__all__ = ["DIGITS", "arabic_numerals", "as_ranges", "chinese_count", "chinese_number", "runs_of"]

DIGITS = "零一二三四五六七八九"
_NUMERALS = {char: number for number, char in enumerate(DIGITS)} | {"〇": 0, "○": 0, "两": 2}
_TENS = re.compile(r"([一二三四五六七八九]?)十([一二三四五六七八九]?)")
_NUMERAL_RUN = re.compile(
    r"(?<![〇○零一二两三四五六七八九十0OoＯ])[〇○零一二两三四五六七八九十0OoＯ]*[〇○零一二两三四五六七八九十](?=[年月日号个周天]|(?:工作日|季度|星期))"
    r"|[一二三四五六七八九十]{1,3}(?=[至到—–~-][一二三四五六七八九十\d]{1,3}个?[月日号周天])"
    r"|(?<=月)[一二三四五六七八九十]{1,3}(?=$|[之以及或]?[前后]|左右|[止起至到,;。()、—–~-])"
)
_LOOKS_LIKE_ZERO = re.compile("[0OoＯ]")


def chinese_number(text: str) -> int | None:
    """Parse a Chinese number below 100 (十五, 二十一) or a run of Chinese digits (二〇二二); None if it is neither."""
    if tens := _TENS.fullmatch(text):
        return _NUMERALS.get(tens[1], 1) * 10 + _NUMERALS.get(tens[2], 0)
    digits = [_NUMERALS.get(char) for char in text]
    return int("".join(map(str, digits))) if digits and None not in digits else None


def arabic_numerals(text: str) -> str:
    """Replace Chinese numerals that count something by digits: 二〇二二年三月十五日, 十五个."""
    return _NUMERAL_RUN.sub(_numeral_to_digits, text)


def chinese_count(number: int) -> str:
    """Return a number from 1 to 99 in Chinese: 3 → 三, 12 → 十二; others in digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens <= 1 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def as_ranges(numbers: Iterable[int]) -> str:
    """Return rising numbers with runs shortened: 1, 2, 3, 7 → 1—3、7."""
    return "、".join(str(first) if first == last else f"{first}—{last}" for first, last in runs_of(numbers))


def runs_of(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and the last of each run of successive numbers; the numbers rise."""
    run: tuple[int, int] | None = None
    for number in numbers:
        if run and number == run[1] + 1:
            run = run[0], number
            continue
        if run:
            yield run
        run = number, number
    if run:
        yield run


def _numeral_to_digits(run: re.Match[str]) -> str:
    number = chinese_number(_LOOKS_LIKE_ZERO.sub("〇", run[0]))
    return run[0] if number is None else str(number)
