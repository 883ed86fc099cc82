"""Headings of a report: what part they head (problems, causes, measures, what was done), and where a head ends."""

from __future__ import annotations

import re
from typing import Literal

from taizhang.draft import words

__all__ = [
    "SHORTCOMING",
    "FieldKind",
    "Section",
    "field_kind",
    "head_length",
    "heading_kind",
    "heads_attachment",
    "is_aspect_title",
    "lead_kind",
    "names_problem",
    "only_heads",
]

SHORTCOMING = re.compile(words.SHORTCOMING)
"""Words that tell a shortcoming."""

Section = Literal["problems", "causes", "measures", "mixed", "progress", "past", "examined"]
"""The part of a report that words head.

"mixed" are problems with their measures, "progress" measures that were taken, "past" what is no part of the ledger,
"examined" words that may stand over problems or causes (剖析).
"""

FieldKind = Literal["problems", "causes", "measures", "progress", "state"]

_LONGEST_HEADING, _LONGEST_AFTER_MOTTO = 40, 16
_ATTACHED = re.compile(
    r"^(?:附[件表]?\s*[\d一二三四五六七八九十]{0,2}|第[一二三四]张(?:清单)?|清单[一二三四])[：:、.．\s]+"
)
"""What stands before the title of an attachment or of one of several lists (附件1　问题台账, 第一张：问题清单)."""

_ENDS = "。：:；; 　*#【】[]"
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_OF_PROBLEMS = re.compile(
    r"(?:问题|不足|差距|毛病|缺陷|薄弱环节|短板|弱项|隐患)(?:的|产生的?|存在的?|形成的?|造成的?|背后的?)*[，,]?(?=(?:主要)?(?:有|是|在于)?(?:以下|如下)?(?:几个?方面)?(?:思想|深层次?|主要|具体|内在|主客?观|客观)?(?:的)?(?:原因|根源|成因|症结|因素|病根|病灶|根子|整改|改进|措施|对策))"
)
"""问题 that only says of what: 问题的根源, 问题整改."""

_SUBTITLE = re.compile(r"(?<=.{2})(?:之?[一二三四五六七八九十\d]{1,2})?(?:——|--|－－).*$")
"""What a heading says of its own after the word for its part (整改措施之一——强化培训)."""

_WAS_DONE = re.compile(r"(?:做|开展|进行|完成|推进)了[^，]{0,12}工作$")
_AGAINST = re.compile(r"^(?:针对|围绕|对照|对于?|就)[^，,、]{0,24}?(?:问题|不足|差距|意见|短板)(?:的|，|,)?(?=.)")
_AND_WHO_AND_WHEN = re.compile(
    r"(?:[及和与、]{1,3}其?(?:完成|整改|落实)?(?:时限|期限|时间|责任分工|责任单位|责任部门|责任人|责任|分工|目标|进度)){1,6}$"
)
_SHARED_OUT = re.compile(r"(?:责任|任务|工作)分工$")
"""How a heading ends whose tasks are shared out (重点任务及责任分工)."""
_LAST_WORDS = (
    ("measures", re.compile(rf"(?:{words.MEASURE}|{words.WEAK_MEASURE})(?:一览表?)?$")),
    ("causes", re.compile(rf"{words.CAUSE}(?:剖析|分析|检视|查找|挖掘|追溯|透视|反思|查摆|探究)?$")),
    ("problems", re.compile(rf"{words.PROBLEM}(?:清单|一览表?|和困难|剖析|分析|检视|表现)?$")),
    ("examined", re.compile(rf"{words.EXAMINED}(?:情况|材料)?$")),
)
_PROBLEM, _CAUSE, _MEASURE = re.compile(words.PROBLEM), re.compile(words.CAUSE), re.compile(words.MEASURE)
_WEAK_MEASURE = re.compile(rf"{words.WEAK_MEASURE}(?:措施|清单)?$")
_FORWARD = re.compile(words.FORWARD)
_REPORTED = re.compile(rf"(?P<of>.*?){words.REPORTED}(?:的?(?:汇报|报告|说明|通报))?$")
_RECTIFIED = re.compile(r"(?:整改|问题|反馈|巡[视察]|督察|审计|检查)")
_EARLIER = re.compile(words.EARLIER)
_EXAMINED = re.compile(rf"{words.EXAMINED}(?:情况|材料)?$")
_HEADING_WORDS = re.compile(
    rf"{words.NEXT}|"
    r"之处|所在|时限|期限|时间|责任分工|责任单位|责任部门|责任人|分工|目标|进度|找准查实|查找|查摆|检视|剖析|补救|自查|(?:核查|排查|督查|抽查|巡查|审计|检查|自查|检视|查摆)[中时所]?(?=发现|查出|指出)|反思|发现|梳理|指出|反馈|归纳|针对(?:发现的)?问题的|深刻|深挖|深入|认真|全面|分析|对照|检查|存在|产生|形成|造成|上述|以上|这些|有关|相关|"
    r"在哪里?|梗阻点|为什么会?(?:这样|如此)|怎么[办改做]|[我们]|的|出来?|突出|主要|具体|共性|个性|反映|自身|个人|当前|目前|拟|采取|整改|改进|落实|完成|办理|处理|处置|推进|努力|工作|思想|深层次?|主观|客观|清单|台账|一览表?|"
    r"问题|不足|差距|短板|弱项|薄弱环节|困难|缺陷|表现|原因|根源|成因|症结|因素|主客观|措施|举措|方向|打算|思路|安排|计划|对策|建议|要求|任务|责任|办法|方案|情况|方面|"
    r"和|与|以?及|其|之|、|，|,|；|我们|我局|领导|班子|党委|党组|党总支|党支部|支部|本人|单位|部门|进一步|有以下|如下|几个|几点|以下|对应|逐条|关于|事项|意见|地方|情形|环节|部位|[一二两三四五六七八九十\d]{1,3}(?:个|条|项|点)"
)
_ATTACHMENT = re.compile(r"附件\s{0,2}[\d一二三四五六七八九十]{0,2}\s{0,2}[：:]?")
_ABOUT = re.compile(
    r"^(?:关于|针对|对于?(?![照标])|就)(?:反馈|指出|提出|检查发现|巡[视察])?(?:的)?(?P<what>.{2,60}?)(?:的|等|方面)*(?:问题|(?<=的)不足|现象)(?:的)?(?:整改)?(?:落实|完成|进展|的)?(?:情况|整改)?$"
)
_QUOTED = re.compile(
    r"^(?:关于|针对|对于?|就)“(?P<what>[^“”]{2,500}|.{2,500}(?=”(?:等|的)?问题))”(?:等|的|问题)*"
    r"(?:(?<=问题)|(?:整改|落实|完成|进展|办理)*情况(?:[：:][^。]{0,40})?)$"
)
"""A finding that is quoted whole (关于“……”问题), perhaps with how far it is put right (……整改进展情况：已完成)."""
_NAMED = re.compile(r"(?P<what>[^，。：；]{6,60})的问题")
"""A failing that is called a problem (货车乱停的问题)."""
_ASPECT_TITLE = re.compile(
    r"(?:方面|(?<![不补跟送贴交附写盖锁关赶连以])上|领域)(?:的)?(?:存在(?:以下|如下)?的?)?(?:具体|突出|主要)?(?:表现|问题|不足|差距)?(?:[，,]共?有?[\d一二三四五六七八九十]{1,3}[个项条点](?:问题|不足)?)?(?:[（(【\[][^（）()【】]{1,12}[）)】\]])?[。：:，,；;]?\**$"
)
_LEADS: tuple[tuple[Section, re.Pattern[str]], ...] = (
    ("mixed", re.compile(words.LEAD_MIXED)),
    ("measures", re.compile(words.LEAD_MEASURES)),
    (
        "causes",
        re.compile(
            rf"(?:有|是|为|如下|以下)[^。；：:]{{0,4}}{words.CAUSE}[：:]$|{words.CAUSE}(?:主要)?(?:是|有|在于)[：:]$"
        ),
    ),
    ("problems", re.compile(words.LEAD_PROBLEMS)),
    ("causes", re.compile(words.LEAD_CAUSES)),
)
_FIELDS: tuple[tuple[FieldKind, re.Pattern[str]], ...] = (
    ("problems", re.compile(words.FIELD_PROBLEM)),
    ("causes", re.compile(words.FIELD_CAUSE)),
    ("state", re.compile(words.FIELD_STATE)),
    ("progress", re.compile(words.FIELD_PROGRESS)),
    ("measures", re.compile(words.FIELD_MEASURE)),
)


def heading_kind(text: str, *, marked: bool = False) -> Section | None:
    """Return the part of the report that these words head, or None.

    A heading is a short line, or a short first sentence. It consists only of words of headings, unless it is
    ``marked``: numbered 一、 or styled as a heading; then it may have other words before its last one.
    """
    text = _ATTACHED.sub("", text)
    after = text[head_length(text) :].strip(_ENDS)
    motto = marked and 0 < len(after) <= _LONGEST_AFTER_MOTTO and not re.search("[，,；;。]", after)
    if motto and (kind := heading_kind(after, marked=True)):
        return kind  # 照镜子：看到的差距
    heading = _IN_BRACKETS.sub("", text[: head_length(text)]).strip(_ENDS)
    heading = _SUBTITLE.sub("", heading) if marked else heading
    alone = head_length(text) >= len(text.rstrip())
    if not heading or len(heading) > _LONGEST_HEADING:
        return None
    if re.fullmatch(words.MERITS, heading):
        return "past"
    bare = not _HEADING_WORDS.sub("", heading)
    first = re.split("[，,；;]", heading)[0]
    further = re.sub(words.PROBLEM, "", heading[len(first) :])
    says_more = "是" in further or SHORTCOMING.search(further)
    if not bare and alone and further and not says_more and not _HEADING_WORDS.sub("", first):
        return kind if (kind := _kind_of(first, bare=True)) in ("problems", "causes", "measures") else None
    if not bare and not (marked and alone):
        return None
    if re.search(r"[，,；;]", heading) and not alone:
        return None
    kind = _kind_of(heading, bare=bare)
    if kind == "problems" and ((is_aspect_title(heading) and not bare) or names_problem(heading)):
        return None
    if kind == "problems" and not bare and SHORTCOMING.search(re.sub(rf"(?:突出)?{words.PROBLEM}", "", heading)):
        return None
    return kind


def only_heads(text: str) -> bool:
    """Whether a heading consists only of words of headings (存在的主要问题), so that it names no problem itself."""
    return not _HEADING_WORDS.sub("", _IN_BRACKETS.sub("", text[: head_length(text)]).strip(_ENDS))


def _kind_of(heading: str, *, bare: bool) -> Section | None:
    said = _AND_WHO_AND_WHEN.sub("", _OF_PROBLEMS.sub("", _AGAINST.sub("", heading)))
    reported = _REPORTED.fullmatch(said)
    forward = _FORWARD.search(said) or _SHARED_OUT.search(heading)
    measure = bool(_MEASURE.search(said)) or bool(_WEAK_MEASURE.search(said) and forward)
    if reported and not _EXAMINED.search(said):
        of = reported["of"]
        if _EARLIER.search(heading):
            return "past"
        if _PROBLEM.search(said) and _RECTIFIED.search(of) and not re.search(r"整改|处[理置]|解决", of):
            return "problems"
        if re.search(r"整改|问题", heading) and not _MEASURE.search(of):
            return "progress"
        if bare and _PROBLEM.search(of):
            return "problems"
        return "past"
    ends_with = _last_word(said)
    problem, cause = bool(_PROBLEM.search(_CAUSE.sub("", said))), bool(_CAUSE.search(said))
    if _WAS_DONE.search(said) and not problem:
        return "past"
    if problem and measure:
        return "mixed"
    if cause and measure:
        return "mixed" if not bare or re.search(r"[及和与、，,]", said) else "measures"
    if problem and cause:
        return "problems"
    if not bare and ends_with is None:
        return None
    if measure:
        return "measures"
    if cause:
        return "causes"
    if problem:
        return "problems"
    return "examined" if _EXAMINED.search(said) else None


def _last_word(said: str) -> str | None:
    """Return the kind of the word that a heading ends with; a marked heading must end with one."""
    return next((kind for kind, pattern in _LAST_WORDS if pattern.search(said)), None)


def lead_kind(text: str, *, listed: bool = False) -> Section | None:
    """Return what a sentence leads in to that ends with a colon (还存在以下问题：), or None.

    With ``listed``, its list follows in the same sentence, so that a comma does as well (检查中发现，一是……).
    """
    clause = re.split(r"[。；;！!？?]", text.rstrip().rstrip("：:，,"))[-1] + "："
    if not text.rstrip().endswith(("：", ":", "，", ",") if listed else ("：", ":")):
        clause = text.rstrip("。 　").rsplit("。", 1)[-1]
        if not re.search(r"(?:如下|以下[几一二三四五六七八九十\d]+(?:个|项|点|条)?(?:方面|问题|措施|建议)?)$", clause):
            return None
        clause += "："
    last = _AGAINST.sub("", clause)
    last = re.sub(r"^(?:但|但是|不过|同时)?(?:针对|对照|围绕|根据|结合|按照)[^，,]{0,30}[，,：:]", "", last)
    return next((kind for kind, pattern in _LEADS if pattern.search(last)), None)


def field_kind(words_of_label: str) -> FieldKind | None:
    """Return the kind of a label (整改措施, 原因分析, 问题表现), or None."""
    bare = re.sub(r"[\s*【】\[\]〔〕]|(?:主要)?(?:是|为|有|如下|包括)$", "", words_of_label)
    if not 2 <= len(bare) <= 12:
        return None
    return next((kind for kind, pattern in _FIELDS if pattern.fullmatch(bare)), None)


def names_problem(text: str) -> str:
    """Return the problem that words name (关于学习不够深入的问题 → 学习不够深入); empty if they name none."""
    heading = _IN_BRACKETS.sub("", text[: head_length(text)]).strip(_ENDS)
    match = _ABOUT.match(heading) or _QUOTED.match(heading) or _NAMED.fullmatch(heading)
    if match is None or not _HEADING_WORDS.sub("", match["what"]):
        return ""
    if match.re is _NAMED and not SHORTCOMING.search(re.sub(words.PROBLEM, "", match["what"])):
        return ""
    return _unquoted(match["what"])


def _unquoted(words_named: str) -> str:
    """Return words without the quotes around all of them, or a quote that has no other (not “三会一课”记录雷同)."""
    words_named = words_named.rstrip("。；")
    bare = words_named.strip('“”‘’"')
    return words_named if "“" in bare or "”" in bare else bare


def heads_attachment(text: str) -> bool:
    """Whether a line only says that an attachment follows (附件1：)."""
    return bool(_ATTACHMENT.fullmatch(text))


def is_aspect_title(text: str) -> bool:
    """Whether words are the title of an aspect (在……方面) rather than a problem."""
    return bool(_ASPECT_TITLE.search(text[: head_length(text)].strip()))


def head_length(text: str) -> int:
    """Return the length of an item's first sentence; a colon ends it too if few words precede it."""
    depth = 0
    attached = _ATTACHED.match(text)
    begun = attached.end() if attached else 0
    for position, char in enumerate(text[begun:], begun):
        depth += (char in words.QUOTING) - (char in words.QUOTING_END and depth > 0)
        ends = char in "。！？!?" or (char in "：:" and position <= _LONGEST_HEADING)
        if ends and depth == 0:
            return position + 1
    return len(text)
