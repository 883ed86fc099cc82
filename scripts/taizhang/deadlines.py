"""Deadlines: the original words, the day they mean, and the rule by which they were read.

A deadline includes its day and is not shifted when it falls on a holiday: a house rule, since internal deadlines ordinarily do not
shift (民法典 203 would). What is said beside the day (长期坚持, 每季度) is taken out first; then
every expression of time is found; only where there is one, and nothing around it that may change it, is it the deadline.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from taizhang.dates import arabic_numerals, read_date
from taizhang.expressions import Context, Meaning, Span, after, find_expressions
from taizhang.readings import quoted
from taizhang.text import as_text, clean_key, clean_prose, means_nothing
from taizhang.workdays import Workdays

__all__ = ["IMMEDIATE", "Deadline", "read_deadline"]

IMMEDIATE: Mapping[str, Span] = {
    "即知即改": Span(5, "工作日"),
    "立知立改": Span(5, "工作日"),
    "立行立改": Span(30, "日"),
    "立即整改": Span(30, "日"),
}
"""How long work that is done at once may take, from its start. No national count exists; the office may set others."""

_MARKS = re.compile(r"[“”‘’\"'「」『』《》〈〉\s]")
_ONGOING = re.compile(
    r"(?:长期|持续(?![到至])|常态化?)(?:坚持|整改|推进|深化|巩固|落实|进行|改进|开展|抓好)*|一以贯之|久久为功|坚持经常"
)
_CYCLE = re.compile(
    r"(?:每个?|按|逐)(?P<cycle>半年|季度?|月|年度?)(?!度?计划|度?安排|度?要求)(?:\d{1,2}[日号](?:之?前)?|[底末初](?:之?前)?)?"
    r"(?:至少|不少于)?(?:开展|进行|组织|召开|检查|复核|报告|反馈|汇报|通报|公开|更新)*(?:至少|不少于)?(?:[一二两三四\d]次)?(?:以上)?"
)
_OTHER_CYCLE = re.compile(r"每(?:隔)?[\d一二两三四五六七八九十]*个?(?:天|日|周|星期|旬|月|季度|年)")
_CYCLE_NAMES = {"季度": "季", "年度": "年"}
_VAGUE = re.compile(
    r"适时|及时|尽快|尽早|近期|按(?:照)?(?:上级|规定|统一|有关|年度|季度|月度)*(?:要求|计划|进度|规定|时间节点|安排)(?:推进)?|视情况?|条件成熟时?"
    r"|根据(?:工作|实际)*(?:需要|情况|安排)|待明确|待定|另行通知|另定|逐步|分阶段|不定期"
)
_FILLERS = re.compile(
    r"不[晚迟]于|最[晚迟]|至迟|之?后(?=\0|$)|其后|随后|持续|贯穿|然后|完成|全部|整改|到位|落实|力争|争取|确保|务必|取得|初步|阶段性|成效|成果|见效|基本"
    r"|(?:长效)?机制|建立|形成|开展|推进|实施|启动|任务|工作|目标|时限|期限|截[至止]|[并且在于至到自从须需应要将为的再后,，、;；。:：()\0.]"
)
_CHANGES_MEANING = re.compile(r"[不未除约非暂勿若如视\d]|左右|前后|上下")
_NOT_AN_END = re.compile(r"(?:之|以)?后|以来|起|开始|左右|上下|初|间")
_EDGES = "\0,;。.、()"
_LONGEST = 100
_RANGE = re.compile(r"[-—~至到]+")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as typed and as understood.

    ``date`` is the last day allowed, or None; ``rule`` says how the words were read, empty for a plain date; ``ongoing`` marks 长期坚持
    (a flag beside the date, not a date); ``review_cycle`` is 月, 季, 半年 or 年; ``event`` names the event whose day decides;
    ``unresolved`` says what must still be decided or corrected, and ``warnings`` what should be looked at, in the office's words.
    """

    words: str
    date: date | None = None
    rule: str = ""
    ongoing: bool = False
    review_cycle: str | None = None
    event: str | None = None
    unresolved: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def echo(self) -> str | None:
        """How the words were understood, for the person who typed them; None where they are a plain date or have none."""
        if not self.date or not (self.rule or self.warnings):
            return None
        lasting = "，之后长期坚持" if self.ongoing else ""
        notes = "".join(f"；{warning}" for warning in self.warnings)
        return f"{quoted(self.words)}理解为 {self.date}{lasting}" + (f"（{self.rule}）" if self.rule else "") + notes


def read_deadline(
    raw: Any,
    *,
    year: int | None = None,
    start: date | None = None,
    events: Mapping[str, date | None] | None = None,
    workdays: Workdays | None = None,
    immediate: Mapping[str, Span] = IMMEDIATE,
) -> Deadline | None:
    """Read a deadline cell; None where nothing is typed. Never raises.

    ``year`` is the plan's year for words without one, ``start`` the task's start for 立行立改 and N days, ``events`` the days the
    office entered for events such as 党的二十大召开, ``immediate`` how long 立行立改 and its like may take.
    """
    if means_nothing(raw):
        return None
    if isinstance(raw, date) or (isinstance(raw, (int, float)) and not isinstance(raw, bool)):
        plain = _from_value(raw)
        if plain:
            return plain
    context = Context(year, start, tuple((events or {}).items()), workdays or Workdays())
    return _from_words(clean_prose(as_text(raw)), context, tuple(immediate.items()))


@lru_cache(maxsize=4096)
def _from_words(words: str, context: Context, immediate: tuple[tuple[str, Span], ...]) -> Deadline:
    """Read words; the same few stand in the ledger again and again."""
    text = _MARKS.sub("", clean_key(words))
    if len(text) > _LONGEST:
        return Deadline(words, unresolved="太长，看不出是哪一天，请只写最迟哪一天完成，其他内容写到备注。")
    text, cycle, note = _take_cycle(text)
    rest = _ONGOING.sub("\0", text)
    ongoing = rest != text
    found = _resolve(rest, context, dict(immediate), free=ongoing or bool(cycle or note))
    if note and not (found.date or cycle or found.unresolved):
        found = replace(found, unresolved=f"{note}。")
    elif note:
        found = replace(found, warnings=(note, *found.warnings))
    return replace(found, words=words, ongoing=ongoing, review_cycle=cycle)


def _from_value(raw: Any) -> Deadline | None:
    """Read a date or a serial; None for another number, whose digits may still mean something (202203)."""
    if isinstance(raw, float) and re.fullmatch(r"20\d\d\.1", as_text(raw)):
        month = "Excel 里 2022.1 和 2022.10 是同一个数，分不清是 1 月还是 10 月，请写成“2022年1月底前”这样。"
        return Deadline(as_text(raw), unresolved=month.replace("2022", as_text(raw)[:4]))
    reading = read_date(raw)
    if reading.value or isinstance(raw, date):
        return Deadline(as_text(raw), reading.value, reading.rule, unresolved=reading.problem)
    return None


def _take_cycle(text: str) -> tuple[str, str | None, str]:
    """Return the text without its review cycle, the cycle, and what is wrong with it."""
    cycles = [_CYCLE_NAMES.get(match["cycle"], match["cycle"]) for match in _CYCLE.finditer(text)]
    rest = _CYCLE.sub("\0", text)
    if other := _OTHER_CYCLE.search(rest):
        note = f"复核周期只有月、季、半年、年四种，“{other[0]}”请换成其中一种"
        return _OTHER_CYCLE.sub("\0", rest), cycles[0] if cycles else None, note
    if len(set(cycles)) > 1:
        return rest, cycles[0], f"写了几个复核周期，按“{cycles[0]}”理解，请核对"
    return rest, cycles[0] if cycles else None, ""


def _resolve(text: str, context: Context, immediate: Mapping[str, Span], *, free: bool) -> Deadline:
    """Read what is left beside cycle and 长期坚持; ``free`` where these alone are enough, so that a day may be missing."""
    at_once = next((word for word in immediate if word in text), "")
    vague = _VAGUE.search(text)
    plain = arabic_numerals(_VAGUE.sub("", text.replace(at_once, "")).strip(_EDGES))
    meanings, rest = find_expressions(plain, context)
    if len(meanings) == 2 and _RANGE.fullmatch(rest[meanings[0].place[1] : meanings[1].place[0]]):
        return _range(meanings[0], meanings[1], plain, context)
    if not meanings and at_once:
        meanings = [after(immediate[at_once], context)]
    if meanings:
        return _settle(meanings, rest, context)
    if free and not _CHANGES_MEANING.search(_FILLERS.sub("", rest)):
        return Deadline("", rule="没有截止日，按期复核", warnings=_unread(rest))
    if vague:
        return Deadline("", unresolved="没有说定是哪一天，请办公室明确日期或周期（每月、每季度、每半年）。")
    return Deadline("", unresolved="看不出是哪一天，请写成日期，或“3月底前”“上半年”“长期坚持”这样的说法。")


def _range(first: Meaning, last: Meaning, text: str, context: Context) -> Deadline:
    """Read from-to: the deadline is the end, in the year of the beginning where it has none of its own."""
    if first.date and last.year_assumed:
        again, _ = find_expressions(text[last.place[0] :], replace(context, year=first.date.year))
        last = again[0]
    if problem := first.problem or last.problem:
        return Deadline("", unresolved=problem)
    if first.date and last.date and last.date < first.date:
        return Deadline("", unresolved=f"的截止日 {last.date} 早于起始日 {first.date}，请核对年份。")
    return Deadline("", last.date, f"起止时间取截止日，{last.rule}")


def _settle(meanings: Sequence[Meaning], rest: str, context: Context) -> Deadline:
    """Take the one day that is said, if nothing around it may change it."""
    meaning = next((each for each in meanings if each.problem), meanings[0])
    if meaning.problem:
        return Deadline("", event=meaning.event, unresolved=meaning.problem)
    days = sorted({each.date for each in meanings if each.date})
    if len(days) > 1:
        listed = "、".join(day.isoformat() for day in days)
        return Deadline("", unresolved=f"写了几个日期（{listed}），请只留一个完成时限，分阶段的请分行写。")
    if any(_NOT_AN_END.match(rest[each.place[1] :]) for each in meanings):
        return Deadline("", unresolved="像是开始时间或大概时间，请写清最迟哪一天完成。")
    if _CHANGES_MEANING.search(_FILLERS.sub("", rest)):
        return Deadline("", unresolved=f"里的{quoted(_unused(rest))}可能改变时限的意思，请只写最迟哪一天完成。")
    warnings = _unread(rest)
    if meaning.year_assumed and context.start and days[0] < context.start:
        warnings += (f"早于开始日期 {context.start}，请核对年份",)
    return Deadline("", days[0], meaning.rule, event=meaning.event, warnings=warnings)


def _unread(rest: str) -> tuple[str, ...]:
    unused = _unused(rest)
    return (f"{quoted(unused)}没有作为时限理解",) if unused else ()


def _unused(rest: str) -> str:
    """Return the pieces of the text that say more than that something is to be done."""
    return "、".join(piece for piece in re.split(r"[\0,;。、:]+", rest) if _FILLERS.sub("", piece))
