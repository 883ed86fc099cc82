"""Thresholds of an indicator: the target that it should reach, and the numbers at which it turns amber or red.

Written in TOML as ``target = { at_least = "90%" }``, ``red = { above = 0 }``: a text with % is a share of the whole.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from operator import ge, gt, le, lt
from typing import Any

from taizhang.forms.conditions import Test
from taizhang.forms.written import read_number

__all__ = ["Mark", "Threshold", "describe_thresholds", "read_thresholds"]


class Mark(StrEnum):
    """What a threshold means: the target to reach, or the number at which a figure is amber or red."""

    TARGET = "target"
    AMBER = "amber"
    RED = "red"


_WORDS = {Mark.TARGET: "目标", Mark.AMBER: "黄", Mark.RED: "红"}
_TESTS: Mapping[Test, Callable[[Any, Any], bool]] = {
    Test.AT_LEAST: ge, Test.AT_MOST: le, Test.ABOVE: gt, Test.BELOW: lt,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Threshold:
    """One threshold; ``number`` is in percentage points if ``percent``, else in the figure's unit."""

    mark: Mark
    test: Test
    number: Decimal
    percent: bool = False

    def holds(self, value: Decimal | None, whole: Decimal | None) -> bool | None:
        """Whether a figure meets the comparison, exactly; None if there is nothing to compare."""
        if value is None or (self.percent and not whole):
            return None
        exact = Fraction(value) * 100 / Fraction(whole) if self.percent and whole else Fraction(value)
        return _TESTS[self.test](exact, Fraction(self.number))


def read_thresholds(table: Mapping[str, Any]) -> tuple[Threshold, ...]:
    """Read the thresholds among the options of an indicator; raises ValueError with what is wrong and the cure."""
    return tuple(_read(mark, table[mark]) for mark in Mark if mark in table)


def describe_thresholds(thresholds: tuple[Threshold, ...]) -> str:
    """Put thresholds into words: 目标不少于 90%，少于 80% 是红; empty without any."""
    words = []
    for each in thresholds:
        compared = f"{each.test.label} {each.number.normalize():f}{'%' if each.percent else ''}"
        words.append(f"目标{compared}" if each.mark is Mark.TARGET else f"{compared} 是{_WORDS[each.mark]}")
    return "，".join(words)


def _read(mark: Mark, written: Any) -> Threshold:
    example = f'请写成 {mark} = {{ at_least = 3 }} 或 {mark} = {{ below = "80%" }} 这样。'
    if not isinstance(written, Mapping) or len(written) != 1:
        raise ValueError(f"的 {mark} 读不懂，{example}")
    ((name, number),) = written.items()
    if name not in tuple(_TESTS):
        raise ValueError(f"的 {mark} 不认识 {name}，可以写：{'、'.join(_TESTS)}。")
    if isinstance(number, str):
        found = re.fullmatch(r"(\d+(?:\.\d+)?)%", number)
        if not found:
            raise ValueError(f"的 {mark} 里的数读不懂，{example}")
        return Threshold(mark, Test(name), Decimal(found[1]), percent=True)
    return Threshold(mark, Test(name), read_number(f"的 {mark}", number))
