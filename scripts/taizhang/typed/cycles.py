"""Calendar cycles (month, quarter, half year, year): which one holds a day, and how people write cycles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from taizhang.typed.dates import month_end
from taizhang.typed.numerals import arabic_numerals, chinese_number
from taizhang.typed.text import clean_key

__all__ = ["Cycle", "CycleKind", "cycle_of", "cycle_word", "cycles_between", "read_cycle", "read_frequency"]


class CycleKind(StrEnum):
    """The length of a calendar cycle; ``months`` divides a year."""

    MONTH = "月"
    QUARTER = "季"
    HALF_YEAR = "半年"
    YEAR = "年"

    @property
    def months(self) -> int:
        """The number of months in a cycle."""
        return {CycleKind.MONTH: 1, CycleKind.QUARTER: 3, CycleKind.HALF_YEAR: 6, CycleKind.YEAR: 12}[self]


def cycle_word(kind: CycleKind) -> str:
    """Return the word for one cycle in a sentence: 月, 季度, 半年, 年."""
    return "季度" if kind is CycleKind.QUARTER else kind.value


@dataclass(frozen=True, slots=True, order=True)
class Cycle:
    """One calendar cycle, by its first day and kind; both its ends belong to it."""

    first: date
    kind: CycleKind

    @property
    def last(self) -> date:
        """The last day."""
        return month_end(self.first.year, self.first.month + self.kind.months - 1)

    @property
    def days(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1

    @property
    def name(self) -> str:
        """The name as offices write it: 2022年3月, 2022年一季度, 2022年上半年, 2022年."""
        return f"{self.first.year}年{self.short}"

    @property
    def short(self) -> str:
        """The name without its year: 3月, 一季度, 上半年; 全年 for a year is empty, since the year names it."""
        match self.kind:
            case CycleKind.MONTH:
                return f"{self.first.month}月"
            case CycleKind.QUARTER:
                return f"{'一二三四'[self.first.month // 3]}季度"
            case CycleKind.HALF_YEAR:
                return "上半年" if self.first.month == 1 else "下半年"
        return ""

    def holds(self, day: date) -> bool:
        """Whether a day falls in the cycle."""
        return self.first <= day <= self.last

    @property
    def next(self) -> Cycle:
        """The cycle that follows."""
        months = self.first.month - 1 + self.kind.months
        return Cycle(date(self.first.year + months // 12, months % 12 + 1, 1), self.kind)


def cycle_of(day: date, kind: CycleKind) -> Cycle:
    """Return the cycle of a kind that holds a day."""
    month = (day.month - 1) // kind.months * kind.months + 1
    return Cycle(date(day.year, month, 1), kind)


def cycles_between(first: date, last: date, kind: CycleKind) -> Iterator[Cycle]:
    """Yield the cycles from the one that holds ``first`` to the one that holds ``last``; none if it is earlier."""
    cycle = cycle_of(first, kind)
    while cycle.first <= last and first <= last:
        yield cycle
        cycle = cycle.next


_YEAR = r"(?P<year>20\d\d)年?度?"
_NAMES = (
    (CycleKind.MONTH, re.compile(rf"^{_YEAR}[-./]?(?P<part>1[0-2]|0?[1-9])月?份?$")),
    (CycleKind.QUARTER, re.compile(rf"^{_YEAR}-?第?(?:Q(?P<part>[1-4])|(?P<word>[1-4])季度?)$", re.IGNORECASE)),
    (CycleKind.HALF_YEAR, re.compile(rf"^{_YEAR}-?(?:(?P<word>[上下])半年|H(?P<part>[12]))$", re.IGNORECASE)),
    (CycleKind.YEAR, re.compile(rf"^{_YEAR}(?:全年)?$")),
)


def read_cycle(text: str) -> Cycle | None:
    """Read the name of a cycle (2022年一季度, 2022-Q1, 2022-03, 2022年上半年, 2022年); None if it is none."""
    key = arabic_numerals(clean_key(text).replace(" ", ""))
    for kind, pattern in _NAMES:
        if found := pattern.match(key):
            parts = found.groupdict()
            word = parts.get("part") or parts.get("word") or "1"
            number = {"上": 1, "下": 2}.get(word) or int(word)
            return cycle_of(date(int(parts["year"]), (number - 1) * kind.months + 1, 1), kind)
    return None


_AT_LEAST = "(?:至少|不少于|不低于|最少)"
_EVERY = re.compile(
    rf"每(?:个)?(?P<kind>月|季度?|半年|年)(?:度)?(?:内)?(?:{_AT_LEAST}|各)?(?:要|应)?"
    rf"(?:(?:定期|组织|开展|举办|召开|进行|完成){{0,3}}{_AT_LEAST}?|(?P<what>[^，,。；;：:、每\d]{{1,12}}?){_AT_LEAST})"
    r"(?P<count>\d{1,3}|[一二三四五六七八九十两]{1,3})(?(what)(?:次|场|期)(?!的)|(?:次|场|期|篇|个|件|项))"
)
"""How often: what is done may stand between (每季度集中研讨不少于3次), if times are counted, and 不少于 says which."""


def read_frequency(text: str) -> tuple[CycleKind, int] | None:
    """Read how often something is due (每季度至少4次, 每年两次): the cycle and how many in each; None if unsaid."""
    found = _EVERY.search(clean_key(text).replace(" ", ""))
    if not found:
        return None
    written = found["count"]
    count = int(written) if written.isdecimal() else chinese_number(written)
    return (CycleKind(found["kind"].removesuffix("度")), count) if count else None
