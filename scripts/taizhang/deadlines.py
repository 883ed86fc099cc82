"""Deadlines: the original words, the day they mean, and the rule by which they were read.

A deadline includes its day and is not shifted when it falls on a holiday: a house rule, since
internal deadlines ordinarily do not shift (民法典 203 would).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from taizhang.dates import chinese_number, month_end, read_date
from taizhang.text import as_text, clean_key, means_nothing
from taizhang.workdays import UnknownYear, Workdays

__all__ = ["Deadline", "read_deadline"]

_ONGOING = re.compile(r"长期坚持|长期|持续推进|持续|常态化|坚持经常")
_VAGUE = re.compile(r"适时|及时|按要求|尽快|近期|按计划|视情况")
_CYCLES = (
    ("每半年", "半年"),
    ("每月", "月"),
    ("每季度", "季"),
    ("每季", "季"),
    ("每年", "年"),
    ("按月", "月"),
    ("按季", "季"),
)
_AT_ONCE = {"即知即改": 5, "立行立改": 30}
_BEFORE = r"(?:前|以前|之前|底前|底|末|内|完成|前完成|止)*"
_YEAR = r"(?:(\d{4})年?)?"
_MONTH = re.compile(rf"{_YEAR}(\d{{1,2}})月(?:份)?{_BEFORE}")
_DOTTED_MONTH = re.compile(r"(\d{4})[-./](\d{1,2})")
_THIRD = re.compile(rf"{_YEAR}(\d{{1,2}})月(上旬|中旬|下旬){_BEFORE}")
_QUARTER = re.compile(rf"{_YEAR}第?([一二三四1-4])季度{_BEFORE}")
_HALF = re.compile(rf"{_YEAR}([上下])半年{_BEFORE}")
_YEAR_END = re.compile(rf"{_YEAR}(?:年?底|年内|年末|全年|内|底){_BEFORE}")
_FIXED_DAYS = {
    "元旦": (1, 1),
    "七一": (7, 1),
    "八一": (8, 1),
    "国庆": (10, 1),
    "国庆节": (10, 1),
    "五一": (5, 1),
}
_EVENT = re.compile(r"(.{2,20}?)(?:召开|胜利召开|结束|举行)?(?:之前|以前|前)")
_AFTER = re.compile(r"(?:.*?)(\d{1,3}|[一二三四五六七八九十]{1,3})个?(工作日|日|天|个月|月)(?:内|之内|以内)?")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as typed and as understood.

    ``date`` is the last day allowed, or None; ``rule`` says how the words were read; ``ongoing`` marks 长期坚持 (a flag beside
    the date, not a date); ``unresolved`` says what the office must still decide.
    """

    words: str
    date: date | None = None
    rule: str = ""
    ongoing: bool = False
    review_cycle: str | None = None
    event: str | None = None
    unresolved: str | None = None

    @property
    def echo(self) -> str | None:
        """How the words were understood, for the person who typed them; None where they are a plain date."""
        if self.rule and self.date:
            return f"“{self.words}”理解为 {self.date.isoformat()}（{self.rule}）"
        return None


@dataclass(frozen=True, slots=True)
class _Context:
    year: int | None
    start: date | None
    events: Mapping[str, date | None]
    workdays: Workdays


def read_deadline(
    raw: Any,
    *,
    year: int | None = None,
    start: date | None = None,
    events: Mapping[str, date | None] | None = None,
    workdays: Workdays | None = None,
) -> Deadline | None:
    """Read a deadline cell; None where nothing is typed.

    ``year`` is the plan's year for words without one, ``start`` the task's start for 立行立改 and N days, ``events`` the dates
    the office entered for events such as 党的二十大召开.
    """
    if means_nothing(raw):
        return None
    if isinstance(raw, (date, datetime)):
        reading = read_date(raw)
        return Deadline(as_text(raw), reading.value, unresolved=reading.problem)
    words = as_text(raw).strip()
    context = _Context(year, start, events or {}, workdays or Workdays())
    key = re.sub(r"[“”\"'《》\s]", "", clean_key(words))
    cycle = next((cycle for word, cycle in _CYCLES if word in key), None)
    ongoing = bool(_ONGOING.search(key))
    rest = re.sub(r"[,，、;；()（）并]", "", _ONGOING.sub("", key))
    for word, _ in _CYCLES:
        rest = rest.replace(word, "")
    rest = re.sub(r"(一次|开展|推进|进行)$", "", rest)
    if not rest:
        return Deadline(words, ongoing=ongoing, review_cycle=cycle, rule="没有截止日，按期复核")
    found = _resolve(rest, context)
    return replace(found, words=words, ongoing=ongoing, review_cycle=cycle)


def _resolve(text: str, context: _Context) -> Deadline:
    for word, days in _AT_ONCE.items():
        if word in text:
            return _from_start(word, days, "工作日" if word == "即知即改" else "日", context)
    reading = read_date(text.removesuffix("前").removesuffix("之").removesuffix("以"), year=context.year)
    if reading.value:
        rule = "含当日" if text.endswith("前") else ("序号或简写日期" if reading.echo else "")
        return Deadline(text, reading.value, rule)
    if re.match(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}", text):
        return Deadline(text, unresolved=reading.problem)
    return _by_calendar(text, context) or _by_event(text, context) or _by_days(text, context) or _unknown(text)


def _by_calendar(text: str, context: _Context) -> Deadline | None:
    plain = re.sub(r"[一二三四五六七八九十]+(?=月)", lambda m: str(chinese_number(m[0])), text)
    if match := _THIRD.fullmatch(plain):
        last = {"上旬": 10, "中旬": 20}.get(match[3])
        return _day(match[1], int(match[2]), last, f"{match[3]}按最后一天", context)
    if match := _MONTH.fullmatch(plain):
        return _day(match[1], int(match[2]), None, "按月末，含当日", context)
    if match := _DOTTED_MONTH.fullmatch(plain):
        return _day(match[1], int(match[2]), None, "按月末，含当日", context)
    if match := _QUARTER.fullmatch(plain):
        quarter = int(match[2]) if match[2].isdigit() else (chinese_number(match[2]) or 0)
        return _day(match[1], quarter * 3, None, "按季度末，含当日", context)
    if match := _HALF.fullmatch(plain):
        return _day(match[1], 6 if match[2] == "上" else 12, None, "按半年末，含当日", context)
    if match := _YEAR_END.fullmatch(plain):
        return _day(match[1], 12, None, "按年底，含当日", context)
    return None


def _day(year: str | None, month: int, day: int | None, rule: str, context: _Context) -> Deadline:
    full_year = int(year) if year else context.year
    if full_year is None:
        return Deadline("", unresolved="没有写年份，〈参数〉里也没有方案年度，请写全年份。")
    if not 1 <= month <= 12:
        return Deadline("", unresolved=f"没有 {month} 月，请核对月份。")
    if not year:
        rule += f"，年份取方案年度 {full_year}"
    checked = read_date(date(full_year, month, day) if day else month_end(full_year, month))
    return Deadline("", checked.value, rule if checked.value else "", unresolved=checked.problem)


def _by_event(text: str, context: _Context) -> Deadline | None:
    match = _EVENT.fullmatch(text)
    if match is None:
        return None
    name = match[1]
    if name in _FIXED_DAYS and context.year:
        day = date(context.year, *_FIXED_DAYS[name]) - timedelta(days=1)
        return Deadline("", day, f"“{name}”前一天，年份取方案年度 {context.year}")
    known = next((event for event in context.events if name in event or event in text), None)
    if known is None:
        if re.search(r"\d", name):
            return None
        return Deadline("", event=name, unresolved=f"等“{name}”的日期：请在〈参数〉的事件里填上它是哪一天。")
    day = context.events[known]
    if day is None:
        return Deadline("", event=known, unresolved=f"等“{known}”的日期：请在〈参数〉的事件里填上它是哪一天。")
    return Deadline("", day - timedelta(days=1), f"“{known}”（{day.isoformat()}）前一天", event=known)


def _by_days(text: str, context: _Context) -> Deadline | None:
    match = _AFTER.fullmatch(text)
    if match is None:
        return None
    number = int(match[1]) if match[1].isdigit() else chinese_number(match[1])
    return None if number is None else _from_start(text, number, match[2], context)


def _from_start(word: str, number: int, unit: str, context: _Context) -> Deadline:
    if context.start is None:
        return Deadline("", unresolved=f"“{word}”要从开始日期算起，请先填开始日期。")
    if unit == "工作日":
        try:
            day = context.workdays.add(context.start, number)
        except UnknownYear as error:
            return Deadline("", unresolved=str(error))
        return Deadline("", day, f"从开始日期起 {number} 个工作日，当日不计")
    if "月" in unit:
        months = context.start.month - 1 + number
        year, month = context.start.year + months // 12, months % 12 + 1
        day = date(year, month, min(context.start.day, month_end(year, month).day))
        return Deadline("", day, f"从开始日期起 {number} 个月，到期无对应日的取月末")
    return Deadline("", context.start + timedelta(days=number), f"从开始日期起 {number} 日，当日不计")


def _unknown(text: str) -> Deadline:
    if _VAGUE.search(text):
        return Deadline("", unresolved="没有说定时间，请办公室明确日期或周期（每月、每季、每半年）。")
    return Deadline("", unresolved="看不出是哪一天，请写成日期，或“3月底前”“上半年”“长期坚持”这样的说法。")
