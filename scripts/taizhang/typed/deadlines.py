"""Read a deadline as typed: the original words, the day they mean, and the rule applied.

A deadline includes its day and does not move if it falls on a holiday. That is a house rule, since internal deadlines
ordinarily do not move; 民法典 203 would move them. Review cycles and 长期坚持 are taken out first; then all expressions
of time are found. The deadline is read only if there is one and nothing around it may change its meaning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from taizhang.typed.dates import read_date
from taizhang.typed.deadline_grammar import STARTS, Context, Meaning, Span, day_after, find_expressions
from taizhang.typed.numerals import arabic_numerals
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text, clean_key, clean_prose, means_nothing
from taizhang.typed.workdays import Workdays

__all__ = ["IMMEDIATE", "Deadline", "read_deadline"]

IMMEDIATE: Mapping[str, Span] = {
    "即知即改": Span(5, "工作日"),
    "立知立改": Span(5, "工作日"),
    "立行立改": Span(30, "日"),
    "立查立改": Span(30, "日"),
    "立即整改": Span(30, "日"),
}
"""How long work to be done at once may take, from its start. No national rule exists; the office may change these."""

_REVIEWED = "没有截止日，按期复核"
_MARKS = re.compile(r"[“”‘’\"'「」『』《》〈〉\s]")
_SIMPLIFIED = str.maketrans(
    "號兩壹貳贰叁參肆伍陸陆柒捌玖拾農曆曆舊閏週後內個節國慶勞動黨會發長續堅開來當過遲於間歲終從進時點舉臘臨約與現態設數",
    "号两一二二三三四五六六七八九十农历历旧闰周后内个节国庆劳动党会发长续坚开来当过迟于间岁终从进时点举腊临约与现态设数",
)
"""Traditional characters and formal numerals in expressions of time: 三月一號, 叁月."""

_CLOCK = re.compile(
    r"(?:(?<=\d)[ T]+|(?<=[日号)])[ T]*|(?<=[底末])(?=下班))(?:当[天日])?(?:上午|下午|中午|晚上?|早上?)?"
    r"(?:\d{1,2}:\d{2}(?::\d{2})?|[\d一二三四五六七八九十]{1,3}[点时](?:半|整|\d{1,2}分?)?|下班)(?=(?:之|以)?前|为?止|[),;。、]|$)"
)
_CALENDAR_NAMES = re.compile(r"(?:公元|公历|阳历|西历|西元|新历)(?=[\d〇零一二三四五六七八九十])")
_LAST_DAY = re.compile(r"(?<=月)份?的?最后[一1][天日]")
_ENDS = re.compile(r"(?<=[季度年月])(?:结束|终了)(?=(?:之|以)?前)")
_TWO_MONTHS, _HALF_MONTH = re.compile(r"两月"), re.compile(r"(?<![上下每隔])半月")
_PLAIN_DAYS = re.compile(r"个?自然日")
_POINT = re.compile(r"(?<=\d)[·•。](?=\d)")
_TWENTY, _THIRTY = (re.compile(rf"{tens}(?=[一二三四五六七八九]?[日号])") for tens in "廿卅")
_TWO_NUMBERS = re.compile(
    r"(?<![〇○零一二三四五六七八九十百\d])[一二两三四五六七八九][二两三四五六七八九](?=个?(?:月|天|日|号|周|星期|季度|工作日))"
    r"|\d[、,]\d{1,2}(?=个?(?:月|天|季度))"
)
_ONGOING = re.compile(
    r"(?:长期|持续(?![到至\d])|常态化?)(?:坚持|整改|推进|深化|巩固|落实|进行|改进|开展|抓好)*|一以贯之|久久为功|坚持经常"
)
_PART_OF_CYCLE = (
    r"(?:(?:的?第[\d一二三]个?|[\d一二三]个|首个?|末个?|最后一?个?|前[\d一二三四五]{1,2}个?)(?:工作日|月|周|天))?"
    r"(?:[上中下]旬|[\d一二三四五六七八九十]{1,3}[日号]?(?:[、和或至到~—–-][\d一二三四五六七八九十]{1,3}[日号])*(?<=[日号])|初)?"
    r"(?:之|以)?(?:前|内)?"
)
_ONCE_A = re.compile(
    r"(?:^|(?<=[,;。、(\0]))[一1]?(?P<cycle>半年|季度?|月|年)度?"
    r"(?=[一1两二2三3](?:次(?!性)|报|查|评|通报|调度|小结|总结))"
)
_CYCLE = re.compile(
    r"(?:每逢?个?|按|逐)(?P<cycle>半年|季度?|月|年度?)(?!度?计划|度?安排|度?要求)"
    rf"(?P<part>{_PART_OF_CYCLE})(?:[月季]?[底末](?:之?前)?)?"
    r"(?:至少|不少于)?(?:开展|进行|组织|召开|检查|复核|报告|反馈|汇报|通报|公开|更新)*(?:至少|不少于)?"
    r"(?:[一二两三四\d]次|[一1](?:报|查|评|通报|调度|小结|总结))?(?:以上)?"
)
_OTHER_CYCLE = re.compile(
    r"每?逢(?:年过节|(?:重大|重要)?(?:节日|节假日))前?|每(?:隔)?[\d一二两三四五六七八九十]*个?"
    r"(?:工作日|学期|天|日|(?:周|星期|礼拜)[一二三四五六日天末]?|旬|月|季度|年|次|届|双月|单月|半月)"
    r"|隔[天日周月年]|双月|单月|(?:按|逐)(?:日|周|旬)"
)
_CYCLE_NAMES = {"季度": "季", "年度": "年"}
_VAGUE = re.compile(
    r"适时|及时|尽快|尽早|早日|抓紧|随时|近期|短期|不?定期|择机|届时|实时|即时|立即|马上|日常|经常性?|贯穿始终|逐步|分阶段"
    r"|按(?:照)?(?:上级|规定|统一|有关|年度|季度|月度)*(?:要求|计划|(?:序时)?进度|规定|时间节点|安排)(?:推进)?"
)
_OPEN = re.compile(
    r"视.{0,6}情况?|条件成熟时?|根据.{0,6}(?:需要|情况|安排|部署|要求)|待.{0,8}(?:明确|确定|通知|批复)"
    r"|待定|另行通知|另定"
)
_FILLERS = re.compile(
    r"不(?:得|能|应|可|要)?[晚迟]于|最[晚迟]于?|至迟|(?:自|从)?(?:即日|现在)起?(?:至|到)?|之?后(?=\0|$)|其后|随后|然后"
    r"|持续|贯穿|完成|全部|整改|到位|落实|力争|争取|确保|务必|必须|计划|取得|初步|阶段性|成效|成果|见效|办结|基本"
    r"|(?:长效)?机制|建立|形成|开展|推进|实施|启动|任务|工作|目标|时[限间]|日期|期限|截[至止]|含当?[日天]?"
    r"|[并且在于至到自从须需应要将拟为的再后限,，、;；。:：()\0.]"
)
_OTHERWISE = (
    r"[不未若暂已]|(?<![清消解扫拆免排])除(?!险)|(?<![节制公预违条契])约(?![谈束定])|如(?![期实数下何])"
    r"|(?<![巡重监电])视(?![频察野])|另行|推迟|延期|延后|延长|顺延|取消|非(?!常)"
)
_CHANGES_MEANING = re.compile(rf"{_OTHERWISE}|\d")
_HAS_WHEN = re.compile(r"[\d年月日号周旬季历]|以?后|[前末底一二三四五六七八九十百]$|起$")
_START = re.compile(
    r"[)]?(?:及|或|和|之|以){0,4}(?:后(?![勤续])|以来)|起(?![草来])|开始|之日起|(?<![至到—–~-])[至到—–~-]+$"
)
_NOT_AN_END = re.compile(r"初(?!步|次|期)|间(?!接)|期间")
_CLOSED = re.compile(r"[前内止底末旬]\)?$")
_DOES = re.compile(
    r"出台|印发|制定|制订|召开|组织|举办|检查|发布|报送|上报|提交|销号|整治|修订|公布|培训|签订|验收|建成|启用|上线|报告|总结|报|交|办"
)
_EDGES = "\0,;。.、()"
_LONGEST = 100
_RANGE = re.compile(r"(?:起|开始)?,?(?:一?直|持续)?[-—–~至到]+|(?:起|开始),?")
_FROM_FIRST = re.compile(r"次年|翌年|当年|同年")


@dataclass(frozen=True, slots=True)
class Deadline:
    """A deadline as typed and as understood.

    - ``date`` is the last day allowed, or None.
    - ``rule`` says how the words were read; empty for a plain date.
    - ``ongoing`` marks 长期坚持, with or without a date.
    - ``review_cycle`` is 月, 季, 半年 or 年, or None.
    - ``event`` names the event whose day decides.
    - ``unresolved`` says in the office's words what must still be decided or corrected.
    - ``warnings`` says in the office's words what should be looked at.
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
        """How the words were understood, for the person who typed them.

        None if they are a plain date, say no more than a cycle, or are unresolved.
        """
        if self.unresolved or not (self.warnings or (self.date and self.rule)):
            return None
        lasting = "，之后长期坚持" if self.date and self.ongoing else "长期坚持" if self.ongoing else ""
        cycle = f"每{self.review_cycle}一次" if self.review_cycle else ""
        if self.date:
            meant = f" {self.date}{lasting}" + (f"，{cycle}" if cycle else "")
        else:
            meant = "，".join(filter(None, (lasting, cycle)))
        notes = "".join(f"；{warning}" for warning in self.warnings)
        return f"{quote(self.words)}理解为{meant}" + (f"（{self.rule}）" if self.rule else "") + notes


def read_deadline(
    raw: Any,
    *,
    year: int | None = None,
    start: date | None = None,
    events: Mapping[str, date | None] | None = None,
    workdays: Workdays | None = None,
    immediate: Mapping[str, Span] = IMMEDIATE,
) -> Deadline | None:
    """Read a deadline cell; None if nothing is typed. Never raises.

    ``year`` is the plan's year, for words without one; ``start`` is the task's start, for 立行立改 and N days;
    ``events`` maps events such as 党的二十大召开 to the days the office entered; ``immediate`` says how long 立行立改
    and similar words allow.
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
    """Read words; cached because the same few recur throughout the ledger."""
    text = _plain_words(words)
    if len(text) > _LONGEST:
        return Deadline(words, unresolved="太长，看不出是哪一天，请只写最迟哪一天完成，其他内容写到备注。")
    if several := _TWO_NUMBERS.search(text):
        return Deadline(words, unresolved=f"里{quote(several[0])}是两个数，请只写最迟哪一天完成。")
    text, cycle, notes = _take_cycle(text)
    rest = _ONGOING.sub("\0", text)
    ongoing = rest != text
    found = _resolve(rest, context, dict(immediate), free=ongoing or bool(cycle or notes))
    if notes and not (found.date or cycle or found.unresolved):
        found = replace(found, unresolved=f"{notes[0]}。")
    else:
        found = replace(found, warnings=(*notes, *found.warnings))
    if found.date and not found.rule and words != found.date.isoformat():
        found = replace(found, rule="文字写的年月日")
    return replace(found, words=words, ongoing=ongoing, review_cycle=cycle)


def _plain_words(words: str) -> str:
    """Return words as the patterns expect them: simplified, without quotation marks, spaces and clock times."""
    text = _CLOCK.sub("", clean_key(words).translate(_SIMPLIFIED))
    text = _CALENDAR_NAMES.sub("", _POINT.sub(".", _MARKS.sub("", text)))
    for pattern, plain in (
        (_LAST_DAY, "底"),
        (_ENDS, "末"),
        (_TWO_MONTHS, "两个月"),
        (_HALF_MONTH, "半个月"),
        (_PLAIN_DAYS, "天"),
        (_TWENTY, "二十"),
        (_THIRTY, "三十"),
    ):
        text = pattern.sub(plain, text)
    return text


def _from_value(raw: Any) -> Deadline | None:
    """Read a date or a date serial; None for any other number, whose digits may still mean something (202203)."""
    if isinstance(raw, float) and re.fullmatch(r"20\d\d\.1", as_text(raw)):
        year = int(raw)
        same = f"Excel 里 {year}.1 和 {year}.10 是同一个数，分不清是 1 月还是 10 月，请写成“{year}年1月底前”这样。"
        return Deadline(as_text(raw), unresolved=same)
    reading = read_date(raw)
    if reading.value or isinstance(raw, date):
        return Deadline(as_text(raw), reading.value, reading.rule, unresolved=reading.problem)
    return None


def _take_cycle(text: str) -> tuple[str, str | None, tuple[str, ...]]:
    """Return the text without its review cycle, the cycle or None, and notes on what was not understood."""
    text = _ONCE_A.sub(r"每\g<cycle>", text)
    found = list(_CYCLE.finditer(text))
    cycles = [_CYCLE_NAMES.get(match["cycle"], match["cycle"]) for match in found]
    rest = _CYCLE.sub("\0", text)
    if other := _OTHER_CYCLE.search(rest):
        note = f"复核周期只有月、季、半年、年四种，“{other[0]}”请换成其中一种"
        return _OTHER_CYCLE.sub("\0", rest), cycles[0] if cycles else None, (note,)
    notes = [f"“{match['part']}”没有换算成时限" for match in found if match["part"] not in ("", "前", "之前", "内")]
    if len(set(cycles)) > 1:
        notes.append(f"写了几个复核周期，按“{cycles[0]}”理解，请核对")
    return rest, cycles[0] if cycles else None, tuple(notes)


def _resolve(text: str, context: Context, immediate: Mapping[str, Span], *, free: bool) -> Deadline:
    """Read what is left after the cycle and 长期坚持 are taken out; ``free`` if these suffice without a day."""
    at_once = next((word for word in immediate if word in text), "")
    vague = _VAGUE.search(text) or _OPEN.search(text)
    plain = arabic_numerals(_VAGUE.sub("", text.replace(at_once, "")).strip(_EDGES))
    meanings, rest = find_expressions(plain, context)
    if not meanings and at_once:
        meanings = [day_after(immediate[at_once], context)]
    if len(meanings) == 2 and _RANGE.fullmatch(rest[meanings[0].place[1] : meanings[1].place[0]]):
        meanings = [whole := _read_range(meanings[0], meanings[1], plain, context)]
        start, end = whole.place
        rest = rest[:start] + "\0" * (end - start) + rest[end:]
    if meanings:
        return _settle(meanings, rest, plain, context, free=free)
    if free and not _CHANGES_MEANING.search(_FILLERS.sub("", rest)):
        return Deadline("", rule=_REVIEWED, warnings=_unread_warnings(rest))
    if vague:
        return Deadline("", unresolved="没有说定是哪一天，请办公室明确日期或周期（每月、每季度、每半年）。")
    if _START.search(rest):
        return Deadline("", unresolved=STARTS)
    return Deadline("", unresolved="看不出是哪一天，请写成日期，或“3月底前”“上半年”“长期坚持”这样的说法。")


def _read_range(first: Meaning, last: Meaning, text: str, context: Context) -> Meaning:
    """Read a range: its end is the deadline, in the year of its beginning unless it names one."""
    place = (first.place[0], last.place[1])
    own_year = not last.year_assumed and not _FROM_FIRST.match(text[last.place[0] :])
    first_year = re.match(r"\d{2,4}年|20\d\d|[今明本当去]", text[first.place[0] :])
    if first.date and not own_year:
        again, _ = find_expressions(text[last.place[0] :], replace(context, year=first.date.year))
        last = again[0]
    if problem := (first.problem if not (first.inexact and (own_year or not first_year)) else None) or last.problem:
        return Meaning(problem=problem, event=first.event or last.event, place=place)
    if first.date and last.date and last.date < first.date:
        return Meaning(problem=f"的截止日 {last.date} 早于起始日 {first.date}，请核对年份。", place=place)
    return replace(
        last, rule=f"起止时间取截止日，{last.rule}", place=place, year_assumed=first.year_assumed and last.year_assumed
    )


def _settle(meanings: Sequence[Meaning], rest: str, plain: str, context: Context, *, free: bool) -> Deadline:
    """Return the single day found, unless something around it may change its meaning."""
    meaning = next((each for each in meanings if each.problem), meanings[0])
    if meaning.problem:
        return Deadline("", event=meaning.event, unresolved=meaning.problem)
    days = sorted({each.date for each in meanings if each.date})
    if len(days) > 1:
        listed = "、".join(day.isoformat() for day in days)
        return Deadline("", unresolved=f"写了几个日期（{listed}），请只留一个完成时限，分阶段的请分行写。")
    for each in meanings:
        behind = rest[each.place[1] :]
        launched = re.match("启动|开工|动工", behind) and not _CLOSED.search(plain[: each.place[1]])
        if launched or (_START.match(behind) and not behind.startswith("后\0")):
            if not free:
                return Deadline("", unresolved=STARTS)
            begin = f"“{plain[slice(*each.place)]}”是开始时间，没有作为时限理解"
            return Deadline("", rule=_REVIEWED, warnings=(begin,))
        if _NOT_AN_END.match(behind):
            return Deadline("", unresolved="像是大概的时间，请写清最迟哪一天完成。")
    if doubtful := _find_doubtful(meanings, rest, plain):
        return Deadline("", unresolved=f"里的{quote(doubtful)}可能改变时限的意思，请只写最迟哪一天完成。")
    warnings = _unread_warnings(rest)
    if meaning.year_assumed and context.start and days[0] < context.start:
        warnings += (f"早于开始日期 {context.start}，请核对年份",)
    return Deadline("", days[0], meaning.rule, event=meaning.event, warnings=warnings)


def _find_doubtful(meanings: Sequence[Meaning], rest: str, plain: str) -> str:
    """Return the words beside the day that may change its meaning; empty if they only say what is to be done.

    Words that touch the day help decide it (去年5月, 农历十月, 三月一號): they must be known to be harmless, or follow
    an expression that is complete (3月底前…). Words further away may be anything but another time or a condition.
    """
    if _CHANGES_MEANING.search(_FILLERS.sub("", rest)) or _OPEN.search(rest):
        return _unused_pieces(rest)
    for each in meanings:
        start, end = each.place
        before = re.split(r"[\0,;。、:()]", rest[:start])[-1]
        behind = re.split(r"[\0,;。、:()]", rest[end:])[0]
        full_year = re.match(r"20\d\d", plain[start:])
        led = re.search(
            r"(?<![早晚迟])[于在至到须需应将拟]$|不[晚迟]于$|(?:争取|确保|务必|支部|部门|单位|处室|方案|办法|制度|清单)$",
            before,
        )
        said = _FILLERS.sub("", before)
        if said and ((not led and not (full_year and len(said) > 1)) or _HAS_WHEN.search(said)):
            return before
        doing = _FILLERS.sub("", behind)
        closed = _CLOSED.search(plain[:end]) or _DOES.match(doing) or _FILLERS.sub("", behind[:2]) != behind[:2]
        if doing and not closed:
            return behind
        if doing and re.match(r"[一二三四五六七八九十百千零〇廿卅]", behind):
            return behind
    return ""


def _unread_warnings(rest: str) -> tuple[str, ...]:
    unused = _unused_pieces(rest)
    return (f"{quote(unused)}没有作为时限理解",) if unused else ()


def _unused_pieces(rest: str) -> str:
    """Return the pieces of the text that say more than that something is to be done."""
    return "、".join(piece for piece in re.split(r"[\0,;。、:]+", rest) if _FILLERS.sub("", piece))
