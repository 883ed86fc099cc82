"""Words of a report about time: literal deadlines, how often (which is no deadline), and vague words."""

from __future__ import annotations

import re
from typing import Literal

from taizhang.typed.cycles import CycleKind, read_frequency
from taizhang.typed.deadlines import read_deadline

__all__ = [
    "deadline_words",
    "frequency_words",
    "how_often",
    "leading_deadline",
    "only_deadline",
    "sentence_deadline",
    "vague_words",
]

_YEAR = r"(?:(?:20\d\d|二〇[〇一二三四五六七八九]{2})年|今年|明年|本年度?|当年)?"
_COUNT = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_BEFORE = r"(?:之前|以前|前(?!后)|之内|以内|内)"
_TURNED = r"(?:(?:农|阴|旧)历|闰|(?:去|上|前|下|后|次|来|翌)年度?|大?约|不?[早晚]于)?"
_LOW = re.compile(r"(?<=[\d一二三四五六七八九十]月)低(?!于|温|价|位|谷|点|值|[的得了])")
"""低 for 底 (7月低前), a slip of the keyboard: the words stay as written, and the day is asked for."""

_SPACED = re.compile(r"(?<=\d)[ 　]+(?=[年月日])|(?<=[年月])[ 　]+(?=\d)")
_TURNING = r"(?:左右|前后|(?:及|或)?(?:以|之)后)?"
"""Words before or after a day that change its meaning are included, so that the day is never read without them."""

_DONE = (
    r"(?:全部|基本|首批)?(?:完成|(?!完成)[一-鿿]{1,2}[完妥](?!善)|办妥|办完|做完|完毕|落实到位|整改到位|到位|见(?:成|实)?效|取得(?:阶段性)?(?:明显)?成效|办结|销号|"
    r"(?:印发|出台|发布)?(?:执行|实施|施行)|印发|出台|建成|投入使用|上线|启用|投用|开工|竣工|完工|交付|落地|验收|公布|公示|上报|报送|备案|开通|运行|落实)"
)
_FINISHED = (
    r"(?:全部|基本)?(?:完成|办妥|办完|做完|办结|[一-鿿]{2}(?:完毕|结束)"
    r"|招聘到位|完工|竣工|交付|投入使用|启用|(?:落实|整改|配备|安装)?到位)"
)
"""What is done by an event that is named in other words (新生报到前完成)."""
_BEGINS = r"(?:正式)?(?:实行|执行|施行|实施|试行|推行|启用|运行)"
_BY_THEN = rf"(?:，|,|；|;|。|）|\)|、|$)|{_DONE}|前?(?:召开|组织|开展|举办|启动|制定|修订)"
"""What follows a bare month or day that is a deadline."""

_MONTH_DAY = rf"{_YEAR}{_COUNT}月(?:份)?(?:{_COUNT}[日号]|底|末|初|上旬|中旬|下旬)?"
_WRITTEN_DAY = r"20\d\d[.\-/]\d{1,2}(?:[.\-/]\d{1,2}(?!\d))?(?:日)?"
_TO = r"[ 　]*(?:至|到|[—–\-~～]{1,2})[ 　]*"
_SPAN = (
    rf"(?:(?:{_MONTH_DAY}|{_WRITTEN_DAY}){_TO}(?:{_MONTH_DAY}|{_WRITTEN_DAY}|{_COUNT}[日号])"
    rf"|{_YEAR}{_COUNT}{_TO}{_COUNT}月(?:份|底)?)"
    rf"(?:{_BEFORE})?(?!的(?!时间)|期间(?:的|发[生出]|开[具支])|以来)"
)
"""From one day to another (3月1日—3月10日): the last is the deadline. A span 的 something is what that is about."""

_BARE = rf"{_YEAR}{_COUNT}月(?:份|{_COUNT}[日号])?"
"""A month or a day that is a deadline only where it stands alone or something is done by it."""

_DEADLINE = re.compile(
    _TURNED
    + "(?:"
    + "|".join(
        (
            rf"(?<![对将把就])(?:自|从)?{_SPAN}",
            rf"{_YEAR}{_COUNT}月(?:份)?(?:{_COUNT}[日号]|底|末|初|上旬|中旬|下旬)?{_BEFORE}",
            rf"{_YEAR}{_COUNT}月(?:底|末|上旬|中旬|下旬|初(?=[，,；;。）)、完]|$))",
            rf"20\d\d年{_COUNT}月(?:{_COUNT}[日号]|(?!{_COUNT}[日号]))(?!至|到|以来|起)",
            rf"(?<![^，,；;。、（(]){_BARE}(?={_BY_THEN})",
            rf"{_WRITTEN_DAY}(?:之前|以前|前)?",
            rf"{_YEAR}(?:(?:上半年|下半年)|第?[一二三四1-4]季度)(?:(?:末|底)(?:{_BEFORE})?|{_BEFORE})",
            rf"(?<![^，,；;。、（(于在到至]){_YEAR}(?:上半年|下半年|第?[一二三四1-4]季度)(?!的)",
            r"20\d\d年(?:上半年|下半年|第?[一二三四1-4]季度)(?!的)",
            rf"(?:上半年|下半年|第?[一二三四1-4]季度)(?={_DONE})",
            rf"20\d\d年[春秋]季?学期(?={_DONE}|开学|[，,；;。）)]|$)",
            rf"(?:20\d\d年年?|今年年?|本年|明年年?|(?<![\d一二两三四五六七八九十半])年)(?:底|末|内)(?:{_BEFORE})?(?!评[议优先]|考|总结|述职|决算|绩效|盘点)",
            r"党的[一二三四五六七八九十]{1,3}大(?:胜利)?(?:召开)?(?:之前|以前|前)",
            rf"{_YEAR}(?:“?(?:七一|五一|八一|十一)”?|春节|元旦|国庆节?|清明节?|端午节?|中秋节?)(?:长假|小长假|假期)?(?:结束|到来)?(?:之前|以前|前)",
            rf"(?<![^，,；;。、（(于在])(?![于在])[一-鿿]{{2,8}}(?<![提目当先此空眼日])(?:之|以)?前(?={_FINISHED})",
            rf"(?:自|从)?(?:{_MONTH_DAY}|下周[一二三四五六日]?|下个?月|即[日刻]|元旦|[一-鿿]{{0,4}}印发之日)起(?={_BEGINS})",
            r"(?<![^，,；;。、（(于在])年前(?=[一-鿿]{1,4}(?:[，,；;。]|$))",
            rf"{_YEAR}主?汛前|{_YEAR}(?:入[春夏汛秋冬]|(?:主汛|供暖|采暖|禁渔)期|汛期|雨季|春耕|秋收|冬灌|开学|放假|学期|本学期)"
            rf"(?:结束|开始|到来|末|底)?{_BEFORE}",
            rf"(?:(?:本|下|当|这)个?(?:周[一二三四五六日天末]?|月|季度)|(?<![个按每])月(?=[底末]))(?:底|末)?{_BEFORE}",
            rf"(?:本|下|当)个?月{_COUNT}[日号](?:{_BEFORE})?(?!起)",
            r"(?:本|下|当|这)个?(?:月|季度)(?:底|末)|(?<![个按每])月底|(?<=[于在])下个?(?:月|周|季度|学期)(?![的度份])",
            rf"(?:[一-鿿]{{2,6}}(?:后|之日起))?(?<![近对])(?:{_COUNT}(?:{_TO}{_COUNT})?|半)个?"
            r"(?:工作日|自然日|小时|月|日|天|周|星期|季度|学期|年)(?:之内|以内|内)(?!的)",
            rf"(?<![^，,；;。、（(/／\s])(?:{_COUNT}(?:个工作日|小时)|[当即次][日天])(?=[，,；;。、）)/／\s]|$)",
            r"(?:长期坚持|长期保持|持续推进|持续坚持|立行立改|即知即改|立查立改|立知立改|即查即改|即行即改|边查边改|立即整改|立即执行|立即落实|即日(?:落实|执行|整改)|马上就?改|即行整改|常态化(?:推进|开展|坚持))"
            r"(?=[，,；;。）)、]|并|$)",
        )
    )
    + ")"
    + _TURNING
)
_OFTEN_WORDS = rf"每个?(?:半年|季度|季|月|年|周|{_COUNT}个月)|(?:按|逐)(?:月|季度?|年)(?!度)"
_SERVED = re.compile(
    rf"(?:(?<![知件见起案发])后{_COUNT}个?(?:工作日|小时|日|天|分钟)|(?<![后起]){_COUNT}个?(?:小时|分钟))(?:之|以)?内"
    r"(?=[一-鿿])(?!的|全部|整改|完成|到位|报)"
)
"""In what time something is done each time that it happens; after a notice, an opinion or a plan it is done once."""
_WITHIN_CYCLE = re.compile(r"每$|每(?:个)?(?:年度?|半年|季度?|月|周|学期)的?$")
_TIME = rf"(?:{_DEADLINE.pattern}|(?:{_OFTEN_WORDS}))"
_VAGUE = re.compile(r"适时|及时|尽快|尽早|近期|择机|按要求|视情况?")
_OFTEN = rf"(?:(?:不少于|至少|原则上)?{_COUNT}(?:次|天|家|篇|场|小时|学时|人次))?"
_ALONE = re.compile(
    rf"(?:[此该本][项条])?(?:于|在|并|预计|力争|计划|确保|拟|务必?)?(?:于|在)?{_TIME}(?:、?{_TIME}){{0,6}}(?P<done>(?:{_DONE}|{_FINISHED})?){_OFTEN}"
)
_OF_WHAT = re.compile(_SPAN)
_WITHIN_OBJECT = re.compile(rf"[一-鿿](?<![于在自从至到内期]){_SPAN}[一-鿿]{{1,8}}的[一-鿿]")
"""A span of time within what something is done to (补录一至三月缺失的记录)."""
_BETWEEN = re.compile(rf"(?:(?:{_FINISHED})(?=[，,]?[并且]))?[，,、 并且]*")
"""What stands between two words of time that stay together (6月底前完成，并长期坚持)."""
_LEADING = re.compile(rf"(?:于|在)?{_TIME}[，,]?")
_WITHOUT_DAY = frozenset(["长期", "常年", "全年", "即办", "即时", "即日起", "立即", "持续"])
"""What stands for a deadline where nothing else stands (（办公室，长期）)."""
_ENDING = re.compile(r"长期坚持|持续推进|常态化|[立即边][行知查][立即边]改|每")


def deadline_words(text: str) -> str:
    """Return the deadline words in a text, joined with ``；``; empty if there are none.

    How often something is done (每季度, 每年3月底前) is no deadline, nor is a mechanism that is called 常态化.
    Words that touch, or that only a comma separates (3月底前，长期坚持), stay together as written.
    """
    text = _SPACED.sub("", text)
    spans: list[tuple[int, int]] = []
    for match in _DEADLINE.finditer(_LOW.sub("底", text)):
        if _WITHIN_CYCLE.search(text, max(0, match.start() - 5), match.start()):
            continue
        if _OF_WHAT.fullmatch(match[0]) and _WITHIN_OBJECT.match(text, max(0, match.start() - 1)):
            continue
        if spans and _BETWEEN.fullmatch(text, spans[-1][1], match.start()):
            spans[-1] = (spans[-1][0], match.end())
        else:
            spans.append(match.span())
    return "；".join(dict.fromkeys(text[start:end] for start, end in spans))


def sentence_deadline(sentence: str) -> str:
    """Return the deadline words of a sentence that says what is to be done, without those for a service.

    In what time something is done each time that it happens (受理后两小时内回访) is no deadline; what is done within a
    span of time once and for all (收到通知后15日内整改到位, 十日内全部退清) has one.
    """
    return deadline_words(_SERVED.sub(lambda served: "□" * len(served[0]), _SPACED.sub("", sentence)))


def frequency_words(text: str) -> str:
    """Return the first words that say how often (每季度); empty if there are none."""
    match = re.search(_OFTEN_WORDS, text)
    return match[0] if match else ""


def how_often(statement: str, when: str = "") -> tuple[CycleKind | None, int]:
    """Return the cycle that a measure or its words of time name, and how many times in each (0: unsaid).

    None if they name no cycle that the ledger has: 每周 and 每两个月 are none.
    """
    if said := read_frequency(statement):
        return said
    read = (read_deadline(words) for words in (frequency_words(statement), when) if words)
    return next((CycleKind(each.review_cycle) for each in read if each and each.review_cycle), None), 0


def vague_words(text: str) -> str:
    """Return the words that sound like a deadline but name no day (适时, 及时), joined with ``、``."""
    return "、".join(dict.fromkeys(_VAGUE.findall(text)))


def only_deadline(clause: str) -> Literal["opens", "ends"] | None:
    """Return whether a clause that is only a time "opens" the next commitment or "ends" the one before.

    None for any other clause.
    """
    if clause in _WITHOUT_DAY:
        return "ends"
    match = _ALONE.fullmatch(_LOW.sub("底", clause))
    if match is None:
        return None
    return "ends" if match["done"] or _ENDING.search(clause) else "opens"


def leading_deadline(clause: str) -> str:
    """Return the time at the beginning of a clause, or an empty text."""
    match = _LEADING.match(_LOW.sub("底", clause))
    return clause[: match.end()] if match else ""
