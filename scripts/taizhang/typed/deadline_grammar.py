"""Expressions of time in deadlines: a table of how offices write them, each with its day.

The text must have Arabic digits and no white space or quotation marks. An expression with more than one reading (3月前:
to the end of February, or of March?) gives a problem, not a day.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TypeAlias

from taizhang.typed.dates import (
    FIRST_YEAR,
    LAST_YEAR,
    month_end,
    months_later,
    read_date,
    wrong_month,
    wrong_weekday,
    wrong_year,
)
from taizhang.typed.numerals import arabic_numerals
from taizhang.typed.text import clean_key
from taizhang.typed.workdays import UnknownYear, Workdays

__all__ = ["STARTS", "Context", "Meaning", "Span", "day_after", "find_expressions"]


@dataclass(frozen=True, slots=True)
class Context:
    """What a deadline is read against: the plan's year, the task's start, the days of events, the working calendar."""

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
    """The last day an expression allows and the rule it was read by, or the problem.

    ``event`` names the event that decides the day; ``place`` is the expression's (start, end) in the text;
    ``year_assumed`` is true if the year was supplied from the plan; ``inexact`` is true if the only problem is which of
    several days is meant.
    """

    date: date | None = None
    rule: str = ""
    problem: str | None = None
    event: str | None = None
    year_assumed: bool = False
    inexact: bool = False
    place: tuple[int, int] = (0, 0)


Resolver: TypeAlias = Callable[[re.Match[str], Context], Meaning]

_NEAR = {
    **dict.fromkeys(("今年度?", "本年度?", "当年度?", "同年"), 0),
    **dict.fromkeys(("明年度?", "次年度?", "来年度?", "下1?年度?", "翌年"), 1),
    "大后年": 3,
    "后年": 2,
}  # fmt: skip
"""Years relative to the plan's year or, at the end of a range, to the year of its beginning (2022年12月至次年3月)."""

_NEAR_YEAR = rf"(?P<near>{'|'.join(_NEAR)})"
_YEAR = rf"(?<!\d)(?:(?P<year>\d{{4}}|\d{{2}}(?=年))年?度?[-./]?|{_NEAR_YEAR})?"
_BY = r"(?P<by>(?:\(?含当?[日天]?\)?)?[及或和]?(?:之|以)?前|(?:之|以)?内|(?:当[日天])?为?止)?"
_UNIT = r"(?P<unit>个?工作日|个月|个?星期|周|年|日|天)"
_COUNT = r"(?P<count>\d{1,3}(?!年)|\d(?=年)|半(?=个月|年))"
_LENGTH = r"(?:个?工作日|个?月|个?星期|个?季度|周(?!年)|年|日|天)"
_TO = r"[-—–~至到]"
_DAY_ENDS = r"(?:[日号]|(?=(?:之|以)?前|[及或和]|起|左右|上下|为?止|[-—–~至到,;。()、]|$))"
_WEEKDAY = r"(?:\(?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\)?)?"
_REST = r"[^\0,;。]*"
_QUARTERS = "1234一二三四"
_DAYS = {
    "元旦": (1, 1),
    "三八": (3, 8), "妇女节": (3, 8),
    "五一": (5, 1), "劳动节": (5, 1), "五四": (5, 4), "青年节": (5, 4),
    "六一": (6, 1), "儿童节": (6, 1),
    "七一": (7, 1), "建党节": (7, 1),
    "八一": (8, 1), "建军节": (8, 1),
    "教师节": (9, 10),
    "国庆": (10, 1), "(?<![二三四五六七八九])十一": (10, 1),
}  # fmt: skip
_MOVING_DAYS = ("春节", "清明", "端午", "中秋", "除夕", "元宵", "重阳")
_FESTIVALS = "|".join((*_DAYS, *_MOVING_DAYS))
_PLANS = {"十二五": 2015, "十三五": 2020, "十四五": 2025, "十五五": 2030, "十六五": 2035}
_FROM_START = re.compile(
    r"(?:自|从|在|于)?(?:本|该|此|整改|方案|通知|文件|台账|清单|任务|办法|工作)*(?:印发|下发|发布|发文|交办|下达|公布|启动|开始)?"
)
_SHORT = re.compile(r"\d{1,2}[-./]\d{1,2}")
_LEAD = re.compile(r"^(?:力争|争取|确保|务必|计划|拟|迎接|喜迎|在|于|自|从)+")
_EVENT_HEAD = re.compile(r"^(?:党的|我局|全局|本局)")
_EVENT_TAIL = re.compile(r"(?:胜利)?(?:召开|开幕|举行|举办|到来|开始)$|(?<=.)节$")
_EVENT_YEAR = re.compile(rf"(?:(?P<year>20\d{{2}})年?|{_NEAR_YEAR})(?=.)")
_NO_EVENT = re.compile(
    r"\d(?:[日号天]|周(?!年))|工作日|[本当上下今明去]年?$|^(?:[及或和]?[之以]?|全部|完成|整改|工作|任务)+$"
)
_THIRDS = {"上旬": 10, "上中旬": 20, "中上旬": 20, "中旬": 20}


def find_expressions(text: str, context: Context) -> tuple[list[Meaning], str]:
    """Return the expressions of time in order, and the text with each replaced by as many ``\\0`` characters."""
    found: list[Meaning] = []
    rest = text
    for pattern, resolve in _TABLE:
        while match := pattern.search(rest):
            found.append(replace(resolve(match, context), place=match.span()))
            rest = rest[: match.start()] + "\0" * (match.end() - match.start()) + rest[match.end() :]
    return _join_split_events(sorted(found, key=lambda meaning: meaning.place), text, context), rest


def _join_split_events(found: list[Meaning], text: str, context: Context) -> list[Meaning]:
    """Join each event name that was split because it begins with an expression of time.

    年终考核前 waits for 年终考核; it does not mean the end of the year.
    """
    joined: list[Meaning] = []
    for each in found:
        start, end = each.place
        if joined and each.event and joined[-1].place[1] == start and text[start - 1] not in "前内止":
            start = joined.pop().place[0]
            event, day = _find_event(re.sub("(?:之|以)?前$", "", text[start:end]), context)
            joined.append(replace(_day_before(event, day) if day else _wait_for(event), place=(start, end)))
        else:
            joined.append(each)
    return joined


def day_after(span: Span, context: Context, origin: date | None = None) -> Meaning:
    """Return the day that is a span after ``origin``, or after the task's start.

    The first day is not counted (民法典 201); a month ends on the same day of the month, or on its last day if there is
    none (民法典 202).
    """
    first, named = (origin, origin.isoformat()) if origin else (context.start, "开始日期")
    if first is None:
        return Meaning(problem="要从开始日期算起，请先填开始日期。")
    rule = f"从{named}起 {span.count} {'个' if span.unit in ('月', '工作日') else ''}{span.unit}"
    if span.unit == "工作日":
        try:
            return _check_year(context.workdays.add(first, span.count), f"{rule}，当日不计")
        except UnknownYear as unknown:
            return Meaning(problem=f"算不出是哪一天：{unknown}")
    if span.unit in ("月", "年"):
        last = months_later(first, span.count * (12 if span.unit == "年" else 1))
        return _check_year(last, f"{rule}，到期无对应日的取月末")
    return _check_year(first + timedelta(days=span.count * (7 if span.unit == "周" else 1)), f"{rule}，当日不计")


def _check_year(day: date, rule: str, *, assumed: bool = False) -> Meaning:
    reading = read_date(day)
    return Meaning(reading.value, rule, reading.problem, year_assumed=assumed)


def _find_year(match: re.Match[str], context: Context) -> tuple[int | None, str]:
    """Return the year of an expression, or None, and a note on how it was supplied if it is not written in full."""
    written = match["year"]
    if written:
        return (
            (int(written), "")
            if len(written) == 4
            else (2000 + int(written), f"{written}年即 {2000 + int(written)} 年")
        )
    if context.year is None:
        return None, ""
    if not match["near"]:
        return context.year, f"没写年份，按方案年度 {context.year} 年"
    year = context.year + _year_offset(match["near"])
    return year, f"“{match['near']}”按 {year} 年"


def _year_offset(near: str) -> int:
    return next(years for word, years in _NEAR.items() if re.fullmatch(word, near))


def _day_in_year(match: re.Match[str], context: Context, month: int, day: int | None, rule: str) -> Meaning:
    """Return a day of a month (the last one if ``day`` is None) in the year of the expression."""
    year, note = _find_year(match, context)
    if year is None:
        return Meaning(problem="没有写年份，〈参数〉里也没有方案年度，请写全年份。")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Meaning(problem=wrong_year(year))
    if not 1 <= month <= 12:
        return Meaning(problem=wrong_month(month))
    if day is None:
        day = month_end(year, month).day
    reading = read_date(f"{year:04}-{month:02}-{day:02}")
    rule = "，".join(filter(None, (rule, note)))
    return Meaning(reading.value, rule, reading.problem, year_assumed=not (match["year"] or match["near"]))


def _unclear(readings: str, cure: str) -> Meaning:
    return Meaning(problem=f"{readings}，请写成{cure}或具体日期。", inexact=True)


def _ask(question: str) -> Resolver:
    """Return a resolver for words that concern the day but do not fix it: they become a question."""
    return lambda match, context: Meaning(problem=question)


def _is_before(match: re.Match[str]) -> bool:
    return bool(match["by"]) and match["by"].endswith("前")


def _date(match: re.Match[str], context: Context) -> Meaning:
    reading = read_date(match["core"], year=context.year)
    rule = "，".join(filter(None, (reading.rule, "含当日" if match["by"] else "")))
    return Meaning(
        reading.value, rule, reading.fault or reading.problem, year_assumed=_SHORT.fullmatch(match["core"]) is not None
    )


def _month_day(match: re.Match[str], context: Context) -> Meaning:
    found = _day_in_year(match, context, int(match["month"]), int(match["day"]), "含当日")
    weekday = match["weekday"]
    if found.date and weekday and found.date.weekday() != "一二三四五六日".index(weekday.replace("天", "日")):
        return Meaning(problem=wrong_weekday(found.date))
    return found


def _days_of_month(match: re.Match[str], context: Context) -> Meaning:
    if int(match["first"]) > int(match["day"]):
        return _unclear("分不清是跨月还是写反了", "带月份的截止日")
    return _day_in_year(match, context, int(match["month"]), int(match["day"]), "起止时间取截止日，含当日")


def _third(match: re.Match[str], context: Context) -> Meaning:
    return _day_in_year(match, context, int(match["month"]), _THIRDS.get(match["third"]), f"{match['third']}按最后一天")


def _months(match: re.Match[str], context: Context) -> Meaning:
    if int(match["first"]) > int(match["month"]):
        return _unclear("分不清是跨年还是写反了", "带年份的截止月")
    return _day_in_year(match, context, int(match["month"]), None, "起止月份取截止月的月末")


def _month(match: re.Match[str], context: Context) -> Meaning:
    month, part = int(match["month"]), (match["part"] or "").removeprefix("月")
    if part in ("初", "中"):
        return _unclear("没有说到哪一天", f"“{month}月{'上' if part == '初' else '中'}旬”")
    if (
        not part
        and not (match["year"] or match["near"])
        and (match["by"] or "").endswith("内")
        and "份" not in match[0]
    ):
        return _unclear(f"分不清是{month}月底以前还是{month}个月以内", f"“{month}月底前”“{month}个月内”")
    if _is_before(match) and not part:
        before = f"{month - 1 or 12}月底"
        return _unclear(f"分不清是到{before}还是到{month}月底", f"“{month}月底前”")
    if part == "上半月":
        return _day_in_year(match, context, month, 15, "上半月按 15 日，含当日")
    return _day_in_year(match, context, month, None, "按月末，含当日")


def _quarter(match: re.Match[str], context: Context) -> Meaning:
    if _is_before(match) and not match["end"]:
        return _unclear("分不清是到这个季度开始还是结束", f"“{match['number']}季度末前”")
    return _day_in_year(match, context, (_QUARTERS.index(match["number"]) % 4 + 1) * 3, None, "按季度末，含当日")


def _first_quarters(match: re.Match[str], context: Context) -> Meaning:
    number = 2 if match["number"] == "两" else _QUARTERS.index(match["number"]) % 4 + 1
    return _day_in_year(match, context, number * 3, None, f"按第{number}季度末，含当日")


def _half(match: re.Match[str], context: Context) -> Meaning:
    if _is_before(match) and not match["end"]:
        return _unclear("分不清是到这半年开始还是结束", "“6月底前”“年底前”")
    return _day_in_year(match, context, 6 if match["half"] in "上1" else 12, None, "按半年末，含当日")


def _year_end(match: re.Match[str], context: Context) -> Meaning:
    return _day_in_year(match, context, 12, None, "按年底，含当日")


def _whole_year(match: re.Match[str], context: Context) -> Meaning:
    if _is_before(match):
        return _unclear("分不清是到年初、春节还是年底", "“年底前”")
    return _year_end(match, context)


def _no_day(match: re.Match[str], context: Context) -> Meaning:
    return Meaning(problem=_NO_DAY, inexact=True)


def _years(match: re.Match[str], context: Context) -> Meaning:
    if int(match["first"]) > int(match["year"]):
        return _unclear("的起止年份写反了", "“2023年底前”")
    return _day_in_year(match, context, 12, None, "起止年份取截止年的年底，含当日")


def _plan_years(match: re.Match[str], context: Context) -> Meaning:
    year = _PLANS[match["plan"]]
    return _check_year(date(year, 12, 31), f"“{match['plan']}”到 {year} 年底")


def _this_month(match: re.Match[str], context: Context) -> Meaning:
    if context.start is None:
        return _unclear("没有说是几月", "“3月底前”")
    end = month_end(context.start.year, context.start.month + (match["which"] in ("下", "次")))
    if not match["day"]:
        return _check_year(end, "按开始日期所在月算，月末，含当日")
    if int(match["day"]) > end.day:
        return Meaning(problem=f"没有 {end.year}年{end.month}月{int(match['day'])}日 这一天，请核对日期。")
    return _check_year(end.replace(day=int(match["day"]) or 1), "按开始日期所在月算，含当日")


def _unnumbered(match: re.Match[str], context: Context) -> Meaning:
    return _unclear("没有说是哪一个", "“一季度”“上半年”")


def _festival(match: re.Match[str], context: Context) -> Meaning:
    name = match["name"]
    if name == "元旦" and not (match["year"] or match["near"]):
        return _unclear("没有说是哪一年的元旦", "“2023年元旦前”")
    if name in _MOVING_DAYS:
        return _moving_festival(match, context)
    month, day = next(when for words, when in _DAYS.items() if re.search(words, name))
    found = _day_in_year(match, context, month, day, f"“{name}”前一天")
    return replace(found, date=found.date - timedelta(days=1)) if found.date else found


def _moving_festival(match: re.Match[str], context: Context) -> Meaning:
    year, _ = _find_year(match, context)
    words = f"{year}年{match['name']}" if year else match["name"]
    event, day = _find_event(words, context)
    return _day_before(event, day) if day else _wait_for(words)


def _span_after(match: re.Match[str], context: Context) -> Meaning:
    origin = match["from"]
    if _FROM_START.fullmatch(origin):
        return day_after(_span(match), context)
    read = read_date(origin.removeprefix("自").removeprefix("从"), year=context.year)
    if read.value:
        return day_after(_span(match), context, read.value)
    if re.search(r"\d", origin):
        return Meaning(problem="看不出从哪天算起，请写成具体日期。")
    event, day = _find_event(origin, context)
    if day is None:
        return _wait_for(event)
    return replace(day_after(_span(match), context, day), event=event)


def _span_within(match: re.Match[str], context: Context) -> Meaning:
    return day_after(_span(match), context)


def _span(match: re.Match[str]) -> Span:
    unit = match["unit"].removeprefix("个").replace("星期", "周").replace("天", "日")
    if match["count"] == "半":
        return Span(15, "日") if unit == "月" else Span(6, "月")
    return Span(int(match["count"]), unit)


def _before_event(match: re.Match[str], context: Context) -> Meaning:
    if _NO_EVENT.search(_LEAD.sub("", match["name"])):
        return Meaning(problem="看不出是哪一天，请写成具体日期。")
    event, day = _find_event(match["name"], context)
    return _day_before(event, day) if day else _wait_for(event)


def _find_event(words: str, context: Context) -> tuple[str, date | None]:
    """Return the office's name and day of the event that these words name; the words and None if it is unknown.

    The year may be in the words, in the office's name of the event, or only in its date: 2027年春节 is 春节 on
    2027-02-06.
    """
    name = _LEAD.sub("", words)
    wanted, core = _year_and_core(name, context)
    for event, day in context.events:
        own, other = _year_and_core(event, context)
        if other == core and (day is None or wanted in (None, day.year)) and (own is None or wanted in (None, own)):
            return event, day
    return name, None


def _year_and_core(event: str, context: Context) -> tuple[int | None, str]:
    """Return the year in an event's name, or None, and the part of the name that identifies the event."""
    key = "".join(clean_key(event).split())
    found = _EVENT_YEAR.match(key)
    if found is None:
        return None, _event_core(key)
    if found["year"]:
        return int(found["year"]), _event_core(key[found.end() :])
    year = None if context.year is None else context.year + _year_offset(found["near"])
    return year, _event_core(key[found.end() :])


def _event_core(event: str) -> str:
    """Return the part of a name that identifies an event: 党的二十大胜利召开 and 二十大 are the same."""
    return _EVENT_TAIL.sub("", _EVENT_HEAD.sub("", arabic_numerals(event)))


def _day_before(event: str, day: date) -> Meaning:
    return replace(_check_year(day - timedelta(days=1), f"“{event}”（{day}）前一天"), event=event)


def _wait_for(event: str) -> Meaning:
    return Meaning(problem=f"等“{event}”的日期：请在〈参数〉的事件里填上它是哪一天。", event=event)


_ROUGH = "是大概的时间，请写清最迟哪一天完成。"
_PAST = "说的是过去的时间，时限要写今后哪一天完成，请核对年份、月份。"
_WHICH_MONTH = "没有写是几月，请写全年月日。"
_HOW_LONG = "只说了多长时间，没有说从哪天算起，请写清最迟哪一天完成。"
_NO_DAY = "没有说到哪一天，请写成“3月底前”这样的月份或具体日期。"
STARTS = "说的是从什么时候开始，没有说最迟哪一天完成，请补上。"

_TABLE: tuple[tuple[re.Pattern[str], Resolver], ...] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        # other calendars and years, and words that decide the day without naming it: always asked
        (
            rf"(?:农|阴|旧|夏)历{_REST}|闰\d{{1,2}}月{_REST}|[正腊冬]月{_REST}"
            rf"|\d{{1,2}}月(?:初[一二三四五六七八九十]|[廿卅]){_REST}|大?年初[一二三四五六七八九十]{_REST}|大年三十{_REST}",
            _ask("说的是农历，请换算成公历的年月日。"),
        ),
        (
            r"(?:民国|宣统|光绪|同治|咸丰|道光|嘉庆|乾隆|雍正|康熙|顺治|崇祯|万历|永乐|洪武|贞观|开元"
            r"|明治|大正|昭和|平成|令和|佛历|回历"
            rf"|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年?|[鼠牛虎兔龙蛇马羊猴鸡狗猪]年){_REST}",
            _ask("不是公历的年份，请写成公历的年月日。"),
        ),
        (r"左右|前后|上下(?!半)|大约|大概|大致|约(?=[\d今明本年])|预计|估计|暂定|原则上", _ask(_ROUGH)),
        (
            rf"(?:去年|(?<![以目当])前年|上1?年度?|往年|昨[天日]|上(?:个|1个?)?(?:月|周|星期|礼拜|季度)|上\d{{1,2}}月|过去){_REST}",
            _ask(_PAST),
        ),
        (
            r"(?:20\d{2}年?|[春夏秋冬]季|[上下本每]|第[一二12]){0,6}(?:学期|学年|财年|财政年度|会计年度|任期|本届|届满)"
            r"(?:任期)?(?:结束|开始|期间|[末初内中前后]|(?=$|[,;。()]))+",
            _ask("学期、学年、财年、任期各有起止，请写成具体日期。"),
        ),
        (
            r"(?:[今明当来](?=[春夏秋冬]))?[春夏秋冬](?:天|季|末|初)|[今明来][春夏秋冬]|入[春夏秋冬](?!节)|[春夏秋冬][春夏秋冬]",
            _ask("季节没有固定的起止日，请写成“3月底前”这样的月份或具体日期。"),
        ),
        (r"(?<![不最得能应可须要])[晚迟]于|不[得能应可要]?早于", _ask(STARTS)),
        # festivals, lengths of time
        (
            rf"(?:(?:{_FESTIVALS})节?[、和及与,](?:{_FESTIVALS})|元旦春节|中秋国庆|国庆中秋)"
            r"(?:双节|两节|节)?(?:期间|之前|以前|前)?",
            _ask("写了几个节日，请写清最迟哪一天完成。"),
        ),
        (
            rf"{_YEAR}(?P<name>{_FESTIVALS})(?:国际)?"
            r"(?:劳动节|妇女节|青年节|儿童节|建党节|建军节|国庆节|佳节|节)?(?:之|以)?前(?!后)夕?",
            _festival,
        ),
        (
            rf"{_YEAR}(?:{_FESTIVALS})(?:国际)?(?:劳动节|国庆节|节)?(?=$|期间|当[天日]|[,;。()完])",
            _ask("没有说到哪一天，请写成“节前”或具体日期。"),
        ),
        (r"(?:第\d{1,2}个?|首个|最后1?个)工作日", _ask("要照工作日历推算，请写成具体日期。")),
        (rf"{_YEAR}[前头](?P<number>[{_QUARTERS}两])个?季度[底末]?{_BY}", _first_quarters),
        (
            rf"(?:(?:^|(?<=[\0,;。]))(?:[之以]?后|[前头首])|最近|[近前头]|未来|今后|最后)(?:\d{{1,3}}|半){_LENGTH}{_REST}"
            rf"|下\d{{1,2}}个?(?:月|季度){_REST}",
            _ask(_HOW_LONG),
        ),
        (
            rf"(?<![^\0,;。])(?P<from>[^\0,;。]*?)(?:之日起|之日后|之后|以后|后|起)的?{_COUNT}{_UNIT}(?:[之以]?内)?",
            _span_after,
        ),
        (rf"(?<![\d月第上下.至到-]){_COUNT}{_UNIT}[之以]?内", _span_within),
        # days
        (rf"^(?P<core>\d{{1,2}}[./]\d{{1,2}})(?P<by>)(?={_TO}\d{{1,2}}[./]\d{{1,2}}(?![\d.]))", _date),
        (
            r"(?<![\dA-Za-z])(?P<core>(?:\d{3,4}[-./年]\d{1,2}[-./月]\d{1,2}|\d{1,2}[-./年]\d{1,2}[-./月]\d{1,4})[日号]?"
            rf"(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?|20\d{{6}}|\d{{5}})(?![\d月]){_BY}",
            _date,
        ),
        (rf"(?:^|(?<=\0{_TO}))(?P<core>\d{{1,2}}[-./]\d{{1,2}})(?![-.\d月季个天周年]){_BY}", _date),
        (
            rf"{_YEAR}(?P<month>\d{{1,2}})月(?P<first>\d{{1,2}})[日号]?{_TO}(?P<day>\d{{1,2}})[日号]{_BY}",
            _days_of_month,
        ),
        (rf"{_YEAR}(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}}){_DAY_ENDS}{_WEEKDAY}{_BY}", _month_day),
        (rf"(?P<which>[本当下次])个?月(?P<day>\d{{1,2}})[日号]{_BY}", _this_month),
        # weeks
        (
            r"(?:[本这下每]|第?\d{1,2}个?)?(?:周|星期|礼拜)[一二三四五六日天末]"
            r"|(?:[本这下]|第\d{1,2})个?(?:周|星期|礼拜)",
            _ask("没有说是哪一周，请写成具体日期。"),
        ),
        # parts of months, months, quarters, halves
        (rf"{_YEAR}(?P<month>\d{{1,2}})月份?的?(?P<third>上旬|上中旬|中上旬|中旬|中下旬|下旬){_BY}", _third),
        (
            r"[本当下次]?个?月?(?:上旬|上中旬|中上旬|中旬|中下旬|下旬)(?:之|以)?前?",
            _ask(_WHICH_MONTH),
        ),
        (rf"{_YEAR}(?P<first>\d{{1,2}})月?份?{_TO}(?P<month>\d{{1,2}})月份?月?[底末]?{_BY}", _months),
        (
            rf"{_YEAR}(?P<month>\d{{1,2}})月份?的?(?P<part>[上下]半月|月?[底末]|月?[初中](?![旬央层级心小步]))?{_BY}",
            _month,
        ),
        (rf"(?<!\d)(?P<year>20\d{{2}})[-./](?P<month>\d{{1,2}})(?![\d.])(?P<near>)(?P<part>[底末]?){_BY}", _month),
        (r"^(?P<year>20\d{2})(?P<month>0[1-9]|1[0-2])(?P<near>)(?P<part>)(?P<by>)$", _month),
        (
            rf"{_YEAR}(?:第?[{_QUARTERS}]季?度?{_TO})?第?[Qq]?(?P<number>[{_QUARTERS}])(?:(?<=[Qq]\d)|季度?)"
            rf"(?P<end>[底末])?{_BY}",
            _quarter,
        ),
        (rf"{_YEAR}(?P<half>[上下])半年(?P<end>[底末])?{_BY}", _half),
        (rf"{_YEAR}[Hh](?P<half>[12])(?!\d)(?P<end>[底末])?{_BY}", _half),
        # years
        (rf"(?<!\d)(?P<first>20\d{{2}})年?{_TO}(?P<year>20\d{{2}})(?P<near>)年?度?(?![-./]?\d)[底末]?{_BY}", _years),
        (
            rf"(?P<plan>{'|'.join(_PLANS)})(?:规划)?(?:时期|期间|期内|末期|期?末|结束前?|收官前?)(?:之|以)?前?",
            _plan_years,
        ),
        (rf"(?:{_YEAR}年?|(?<![半本当下次])月)[初中](?=$|[前后完]|[\0,;。()至到-])|岁[末首]", _no_day),
        (rf"{_YEAR}(?:(?<=年)|(?<=\d)|(?<=度)|(?<![半\d])年)度?[底末终内]{_BY}", _year_end),
        (rf"{_YEAR}全年{_BY}", _year_end),
        (
            rf"^(?:到|至|于|在|持续到?|截[至止]到?)?(?:(?P<year>20\d{{2}})年?度?|{_NEAR_YEAR}|年(?=.?前)){_BY}$",
            _whole_year,
        ),
        (rf"(?P<which>[本当下次])?个?月(?P<day>)(?:[底末]|(?=(?:之|以)?内)){_BY}", _this_month),
        (r"第?(?:\d|[五六七八九十])季度", _ask("一年只有四个季度，请核对。")),
        (r"(?P<which>[本当下次])个?月(?P<day>)份?(?P<by>)(?=$|[,;。、完])", _this_month),
        (rf"(?<![\d个])[本当下]?(?:季度|半年|季(?=[底末]))[底末]?{_BY}", _unnumbered),
        # remaining days without a month, lengths of time, and events
        (
            rf"(?:限期|至多|最多|最长|不超过|至少|不少于|为期|历时)\d{{1,3}}{_LENGTH}|\d{{1,3}}{_LENGTH}限期",
            _ask(_HOW_LONG),
        ),
        (r"(?<![\d月])\d{1,2}[日号](?:之|以)?[前内]?", _ask(_WHICH_MONTH)),
        (rf"\d{{1,3}}{_LENGTH}(?:之|以)?后", _ask(STARTS)),
        (rf"(?<![\d第])(?:\d{{1,3}}|半)(?!\d*年[底末初中]){_LENGTH}(?:以上)?", _ask(_HOW_LONG)),
        (r"(?P<name>[^\0,;。、:]{2,24}?)(?<![提目当先此空眼])(?:之|以)?前(?![期述提后往列台沿端半])夕?", _before_event),
    )
)
"""Patterns and resolvers, specific ones first: text that one pattern takes is hidden from later ones."""
