"""Expressions of time in deadlines: a table of how offices write them, each with the day it means.

The text has its numerals in Arabic digits and neither white space nor quotation marks. An expression that has more than one reading
(3月前: to the end of February, or of March?) comes back as a problem, not as a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from taizhang.dates import FIRST_YEAR, LAST_YEAR, arabic_numerals, month_end, read_date
from taizhang.readings import quoted
from taizhang.workdays import UnknownYear, Workdays

__all__ = ["Context", "Meaning", "Span", "after", "find_expressions"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a deadline's words lean on: the plan's year, the task's start, the events' days, the working calendar."""

    year: int | None
    start: date | None
    events: tuple[tuple[str, date | None], ...]
    workdays: Workdays


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: ``unit`` is 工作日, 日, 周, 月 or 年."""

    count: int
    unit: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """The last day an expression allows and the rule, or the problem; ``event`` names the event that fixes the day.

    ``place`` is where in the text the expression stands (start, end); ``year_assumed`` says that the plan's year was supplied.
    """

    date: date | None = None
    rule: str = ""
    problem: str | None = None
    event: str | None = None
    year_assumed: bool = False
    place: tuple[int, int] = (0, 0)


Resolver: TypeAlias = Callable[[re.Match[str], Context], Meaning]

_YEAR = r"(?<!\d)(?:(?P<year>\d{4}|\d{2}(?=年))年?度?[-./]?|(?P<near>今年|本年度?|当年|明年|次年))?"
_BY = r"(?P<by>(?:之|以)?前|(?:之|以)?内|为?止)?"
_UNIT = r"(?P<unit>个?工作日|个月|个?星期|周|年|日|天)"
_COUNT = r"(?P<count>\d{1,3}(?!年)|\d(?=年)|半(?=个月|年))"
_QUARTERS = "1234一二三四"
_NEXT_YEAR = ("明年", "次年")
_DAYS = {
    "元旦": (1, 1), "三八": (3, 8), "五一": (5, 1), "劳动节": (5, 1), "六一": (6, 1), "七一": (7, 1), "建党节": (7, 1),
    "八一": (8, 1), "建军节": (8, 1), "国庆": (10, 1), "十一": (10, 1),
}  # fmt: skip
_LUNAR_DAYS = ("春节", "清明", "端午", "中秋")
_FESTIVALS = "|".join((*_DAYS, *_LUNAR_DAYS))
_FROM_START = re.compile(
    r"(?:自|从|在|于)?(?:本|该|此|整改|方案|通知|文件|台账|清单|任务|办法|工作)*(?:印发|下发|发布|发文|交办|下达|公布|启动|开始)?"
)
_SHORT = re.compile(r"\d{1,2}[-./]\d{1,2}")
_LEAD = re.compile(r"^(?:力争|争取|确保|迎接|喜迎|在|于|自|从)+")
_EVENT_HEAD = re.compile(r"^(?:党的|我局|全局|本局)")
_EVENT_TAIL = re.compile(r"(?:胜利)?(?:召开|开幕|举行|举办|到来|开始)$")
_THIRDS = {"上旬": 10, "上中旬": 20, "中上旬": 20, "中旬": 20}


def find_expressions(text: str, context: Context) -> tuple[list[Meaning], str]:
    """Return the expressions of time in a text, in order, and the text with each of them replaced by ``\\0`` characters."""
    found: list[Meaning] = []
    for pattern, resolve in _TABLE:
        while match := pattern.search(text):
            found.append(replace(resolve(match, context), place=match.span()))
            text = text[: match.start()] + "\0" * (match.end() - match.start()) + text[match.end() :]
    return sorted(found, key=lambda meaning: meaning.place), text


def after(span: Span, context: Context, origin: date | None = None) -> Meaning:
    """Return the day that is a span after ``origin``, or after the task's start.

    The first day is not counted (民法典 201); a month ends on the same day of the month, or on its last day (民法典 202).
    """
    first, named = (origin, origin.isoformat()) if origin else (context.start, "开始日期")
    if first is None:
        return Meaning(problem="要从开始日期算起，请先填开始日期。")
    rule = f"从{named}起 {span.count} {'个' if span.unit in ('月', '工作日') else ''}{span.unit}"
    if span.unit == "工作日":
        try:
            return _checked(context.workdays.add(first, span.count), f"{rule}，当日不计")
        except UnknownYear as unknown:
            return Meaning(problem=f"算不出是哪一天：{unknown}")
    if span.unit in ("月", "年"):
        last = month_end(first.year, first.month + span.count * (12 if span.unit == "年" else 1))
        return _checked(last.replace(day=min(first.day, last.day)), f"{rule}，到期无对应日的取月末")
    return _checked(first + timedelta(days=span.count * (7 if span.unit == "周" else 1)), f"{rule}，当日不计")


def _checked(day: date, rule: str, *, assumed: bool = False) -> Meaning:
    reading = read_date(day)
    return Meaning(reading.value, rule, reading.problem, year_assumed=assumed)


def _year_of(match: re.Match[str], context: Context) -> tuple[int | None, str]:
    """Return the year an expression speaks of, and how it was supplied where it is not written in full."""
    written = match["year"]
    if written:
        return (
            (int(written), "")
            if len(written) == 4
            else (2000 + int(written), f"{written}年即 {2000 + int(written)} 年")
        )
    if context.year is None:
        return None, ""
    year = context.year + (match["near"] in _NEXT_YEAR)
    return year, f"“{match['near']}”按 {year} 年" if match["near"] else f"没写年份，按方案年度 {year} 年"


def _on(match: re.Match[str], context: Context, month: int, day: int | None, rule: str) -> Meaning:
    """Return the day of a month (its last day where ``day`` is None) in the year that the expression speaks of."""
    year, note = _year_of(match, context)
    if year is None:
        return Meaning(problem="没有写年份，〈参数〉里也没有方案年度，请写全年份。")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Meaning(problem=f"年份 {year} 不在 {FIRST_YEAR}—{LAST_YEAR} 之间，请核对年份。")
    if not 1 <= month <= 12:
        return Meaning(problem=f"没有 {month} 月，请核对月份。")
    if day is None:
        day = month_end(year, month).day
    reading = read_date(f"{year:04}-{month:02}-{day:02}")
    rule = "，".join(filter(None, (rule, note)))
    return Meaning(reading.value, rule, reading.problem, year_assumed=not (match["year"] or match["near"]))


def _unclear(readings: str, cure: str) -> Meaning:
    return Meaning(problem=f"{readings}，请写成{cure}或具体日期。")


def _is_before(match: re.Match[str]) -> bool:
    return bool(match["by"]) and match["by"].endswith("前")


def _date(match: re.Match[str], context: Context) -> Meaning:
    reading = read_date(match["core"], year=context.year)
    rule = "，".join(filter(None, (reading.rule, "含当日" if match["by"] else "")))
    problem = reading.problem and reading.problem.removeprefix(quoted(match["core"]))
    return Meaning(reading.value, rule, problem, year_assumed=_SHORT.fullmatch(match["core"]) is not None)


def _month_day(match: re.Match[str], context: Context) -> Meaning:
    return _on(match, context, int(match["month"]), int(match["day"]), "含当日")


def _third(match: re.Match[str], context: Context) -> Meaning:
    return _on(match, context, int(match["month"]), _THIRDS.get(match["third"]), f"{match['third']}按最后一天")


def _months(match: re.Match[str], context: Context) -> Meaning:
    if int(match["first"]) > int(match["month"]):
        return _unclear("分不清是跨年还是写反了", "带年份的截止月")
    return _on(match, context, int(match["month"]), None, "起止月份取截止月的月末")


def _month(match: re.Match[str], context: Context) -> Meaning:
    month = int(match["month"])
    if match["part"] in ("初", "中"):
        return _unclear("没有说到哪一天", f"“{month}月{'上' if match['part'] == '初' else '中'}旬”")
    if _is_before(match) and not match["part"]:
        before = f"{month - 1 or 12}月底"
        return _unclear(f"分不清是到{before}还是到{month}月底", f"“{month}月底前”")
    return _on(match, context, month, None, "按月末，含当日")


def _quarter(match: re.Match[str], context: Context) -> Meaning:
    if _is_before(match) and not match["end"]:
        return _unclear("分不清是到这个季度开始还是结束", f"“{match['number']}季度末前”")
    return _on(match, context, (_QUARTERS.index(match["number"]) % 4 + 1) * 3, None, "按季度末，含当日")


def _half(match: re.Match[str], context: Context) -> Meaning:
    if _is_before(match) and not match["end"]:
        return _unclear("分不清是到这半年开始还是结束", "“6月底前”“年底前”")
    return _on(match, context, 6 if match["half"] == "上" else 12, None, "按半年末，含当日")


def _year_end(match: re.Match[str], context: Context) -> Meaning:
    return _on(match, context, 12, None, "按年底，含当日")


def _whole_year(match: re.Match[str], context: Context) -> Meaning:
    if _is_before(match):
        return _unclear("分不清是到年初、春节还是年底", "“年底前”")
    return _year_end(match, context)


def _this_month(match: re.Match[str], context: Context) -> Meaning:
    if context.start is None:
        return _unclear("没有说是几月", "“3月底前”")
    end = month_end(context.start.year, context.start.month + (match["which"] == "下"))
    return _checked(end, "按开始日期所在月算，月末，含当日")


def _unnumbered(match: re.Match[str], context: Context) -> Meaning:
    return _unclear("没有说是哪一个", "“一季度”“上半年”")


def _festival(match: re.Match[str], context: Context) -> Meaning:
    name = match["name"]
    if name == "元旦" and not (match["year"] or match["near"]):
        return _unclear("没有说是哪一年的元旦", "“2023年元旦前”")
    if name in _LUNAR_DAYS:
        return _lunar(match, context)
    found = _on(match, context, *_DAYS[name], f"“{name}”前一天")
    return replace(found, date=found.date - timedelta(days=1)) if found.date else found


def _lunar(match: re.Match[str], context: Context) -> Meaning:
    year, _ = _year_of(match, context)
    wanted = (f"{year}年{match['name']}", match["name"])
    for event, day in context.events:
        if day and day.year == year and event.removesuffix("节") in (*wanted, match["name"].removesuffix("节")):
            return _day_before(event, day)
    return _waiting(wanted[0] if year else match["name"])


def _span_after(match: re.Match[str], context: Context) -> Meaning:
    origin = match["from"]
    if _FROM_START.fullmatch(origin):
        return after(_span(match), context)
    read = read_date(origin.removeprefix("自").removeprefix("从"), year=context.year)
    if read.value:
        return after(_span(match), context, read.value)
    if re.search(r"\d", origin):
        return Meaning(problem="看不出从哪天算起，请写成具体日期。")
    event, day = _known_event(origin, context)
    if day is None:
        return _waiting(event)
    return replace(after(_span(match), context, day), event=event)


def _span_within(match: re.Match[str], context: Context) -> Meaning:
    return after(_span(match), context)


def _span(match: re.Match[str]) -> Span:
    unit = match["unit"].removeprefix("个").replace("星期", "周").replace("天", "日")
    if match["count"] == "半":
        return Span(15, "日") if unit == "月" else Span(6, "月")
    return Span(int(match["count"]), unit)


def _before_event(match: re.Match[str], context: Context) -> Meaning:
    if re.search(r"\d[日号天周]|工作日", match["name"]):
        return Meaning(problem="看不出是哪一天，请写成具体日期。")
    event, day = _known_event(match["name"], context)
    return _day_before(event, day) if day else _waiting(event)


def _known_event(words: str, context: Context) -> tuple[str, date | None]:
    """Return the office's name and day of the event that these words name; the words themselves where it has none."""
    name = _LEAD.sub("", words)
    core = _core(name)
    return next(((event, day) for event, day in context.events if _core(event) == core), (name, None))


def _core(event: str) -> str:
    """Return what identifies an event: 党的二十大胜利召开 and 二十大 are the same."""
    return _EVENT_TAIL.sub("", _EVENT_HEAD.sub("", arabic_numerals(event)))


def _day_before(event: str, day: date) -> Meaning:
    return replace(_checked(day - timedelta(days=1), f"“{event}”（{day}）前一天"), event=event)


def _waiting(event: str) -> Meaning:
    return Meaning(problem=f"等“{event}”的日期：请在〈参数〉的事件里填上它是哪一天。", event=event)


_TABLE: tuple[tuple[re.Pattern[str], Resolver], ...] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (rf"{_YEAR}(?P<name>{_FESTIVALS})(?:国际劳动节|节)?(?:之|以)?前(?!后)", _festival),
        (rf"(?P<from>[^\0,;。]*?)(?:之日起|之日后|之后|以后|后|起)的?{_COUNT}{_UNIT}(?:[之以]?内)?", _span_after),
        (rf"(?<![\d月第上下]){_COUNT}{_UNIT}[之以]?内", _span_within),
        (
            rf"(?<!\d)(?P<core>\d{{1,4}}[-./年]\d{{1,2}}[-./月]\d{{1,4}}[日号]?(?:\(?(?:星期|周)[一二三四五六日天]\)?)?|20\d{{6}}|\d{{5}})(?![\d月]){_BY}",
            _date,
        ),
        (rf"^(?P<core>\d{{1,2}}[-./]\d{{1,2}}){_BY}$", _date),
        (rf"{_YEAR}(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})(?:[日号]|(?=前|$)){_BY}", _month_day),
        (rf"{_YEAR}(?P<month>\d{{1,2}})月份?(?P<third>上旬|上中旬|中上旬|中旬|中下旬|下旬){_BY}", _third),
        (rf"{_YEAR}(?P<first>\d{{1,2}})月?份?[-—~至到](?P<month>\d{{1,2}})月份?[底末]?{_BY}", _months),
        (rf"{_YEAR}(?P<month>\d{{1,2}})月份?(?P<part>[底末初中])?{_BY}", _month),
        (rf"(?<!\d)(?P<year>20\d{{2}})[-./](?P<month>\d{{1,2}})(?![\d.])(?P<near>)(?P<part>){_BY}", _month),
        (r"^(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<near>)(?P<part>)(?P<by>)$", _month),
        (rf"{_YEAR}第?[Qq]?(?P<number>[{_QUARTERS}])(?:(?<=[Qq]\d)|季度?)(?P<end>[底末])?{_BY}", _quarter),
        (rf"{_YEAR}(?P<half>[上下])半年(?P<end>[底末])?{_BY}", _half),
        (rf"{_YEAR}(?:(?<=年)|(?<=\d)|(?<=度)|(?<![半\d])年)度?[底末终内]{_BY}", _year_end),
        (rf"{_YEAR}全年{_BY}", _year_end),
        (rf"^(?:(?P<year>20\d{{2}})年?度?|(?P<near>今年|本年度?|当年|明年|次年)|年(?=.?前)){_BY}$", _whole_year),
        (rf"(?P<which>[本当下])?个?月[底末]{_BY}", _this_month),
        (rf"[本当下]?(?:季度|半年)[底末]?{_BY}", _unnumbered),
        (r"(?P<name>[^\0,;。、:]{2,24}?)(?:之|以)?前(?![期述提后往列台沿端])", _before_event),
    )
)
"""Pattern and resolver, the more specific first: what one pattern takes, no later one sees."""
