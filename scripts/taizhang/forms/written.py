"""What is written in a form's TOML, checked: words, numbers, days, known keys, columns that exist.

Each refusal is one sentence with the cure, said as ValueError or returned.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, TypeGuard

__all__ = [
    "find_unknown_key", "find_unlisted_column", "is_day", "one_column_only", "read_number", "read_whole_number",
    "read_words", "refuse_odd", "refuse_unknown_keys",
]  # fmt: skip

_DIGITS = 15
"""The most digits of a number: Excel keeps no more."""


def read_number(key: str, value: Any) -> Decimal:
    """Return a number as it is written; raises ValueError if it is none, infinite, or longer than Excel keeps."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) < 10**_DIGITS:
        raise ValueError(f"{key} 要写成数（不加引号，最多 {_DIGITS} 位）。")
    return Decimal(str(value))


def read_whole_number(key: str, value: Any, most: int, least: int = 0) -> Decimal:
    """Return a whole number within bounds; raises ValueError with what may be written."""
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{key} 要写成 {least} 到 {most} 的整数（不加引号）。")
    return Decimal(value)


def is_day(value: Any) -> TypeGuard[date]:
    """Whether a value is a day, without a time of day: the two cannot be compared."""
    return isinstance(value, date) and not isinstance(value, datetime)


def read_words(key: str, value: Any) -> tuple[str, ...]:
    """Return one word or a list of words as a tuple; raises ValueError if it is neither, or empty."""
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not words or not all(isinstance(word, str) and word.strip() for word in words):
        raise ValueError(f"{key} 要写成引号里的文字，或者几个文字的列表。")
    return tuple(words)


def refuse_odd(key: str, *, odd: bool = True) -> None:
    """Raise ValueError for a value of another type than its key has."""
    if odd:
        raise ValueError(f"{key} 写得不对，请照说明改。")


def refuse_unknown_keys(table: Mapping[str, Any], common: Collection[str], kind: str, keys: Collection[str]) -> None:
    """Raise ValueError for a key that is neither common nor one of the kind's."""
    if problem := find_unknown_key((key for key in table if key not in common), kind, keys):
        raise ValueError(problem)


def one_column_only(key: str) -> str:
    """Return what is said of a key that names several columns where one is meant."""
    return f"的 {key} 只能写一列，请改正。"


def find_unknown_key(written: Iterable[str], kind: str, keys: Collection[str]) -> str:
    """Return what is wrong with the first key that is not one of ``keys``; empty if there is none."""
    unknown = next((key for key in written if key not in keys), "")
    return f"不认识的写法 {unknown}，{kind} 可以写：{'、'.join(keys)}。" if unknown else ""


def find_unlisted_column(named: Iterable[str], columns: Collection[str]) -> str:
    """Return what is wrong with the first column that the form does not have; empty if there is none."""
    missing = next((key for key in named if key not in columns), "")
    return f"用到的列 {missing} 不存在，请改成已有的列键。" if missing else ""
