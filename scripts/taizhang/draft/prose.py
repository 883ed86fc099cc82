"""Prose: the sentences of a paragraph without numbers that name problems, and those that say what is to be done."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from taizhang.draft import words
from taizhang.draft.commitments import split_sentences
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.doers import read_subject
from taizhang.draft.headings import SHORTCOMING
from taizhang.draft.owners import read_led_clause
from taizhang.draft.units import Unit
from taizhang.draft.values import NO_OWNERS, Owners

__all__ = [
    "answer_in",
    "answered_in",
    "begins_with_lack",
    "by_sentences",
    "end_of_reasons",
    "failing_answered",
    "goes_on",
    "lead_of",
    "led_first",
    "looks_ahead",
    "names_lack",
    "problems_in",
    "sets_tasks",
    "topics_in",
]

_ONLY_SAYS_PROBLEM = re.compile(
    r"不[^，。、；]{1,8}不(?:放过|销号|收手|罢休|撤)|"
    r"(?:上述|以上|这些|此类|该)[^，。]{0,4}(?:问题|隐患)(?:[和及与、](?:问题|不足|差距|短板|隐患))*|隐患(?:大?排查|整治|治理)|(?:排查|整治|治理|消除)[^，。]{0,6}隐患|(?<!的)问题(?!较|很|仍|依然|突出|严重|多|明显)|(?:针对|解决|发现|上述|以上|围绕)[^，。]{0,12}问题"
    r"|(?:存在|发现|反馈|指出|提出|查[摆找]|排查|梳理)(?:出来?)?的(?:各类|各项|突出|主要|具体|有关|相关)?(?:问题|不足|差距|短板|隐患)(?:[和及与、](?:问题|不足|差距|短板|隐患))*"
    rf"|(?:存在|发现|有)(?:着|了)?(?:{words.SOME})[^，。：:]{{0,8}}(?:问题|不足|差距|短板|薄弱环节)"
    r"(?:[和及与、](?:问题|不足|差距|短板|隐患))*|(?:反馈|指出|提出|发现|查出|查摆|暴露|反映|存在)的[^，。、]{0,6}问题(?!较|很|仍|依然|突出|严重|多|明显)"
    r"|(?:消除|补齐|补足|补上|弥补|破解|克服|堵塞)[^，。、]{0,16}(?:短板|弱项|薄弱环节|不足|差距|隐患|漏洞|瓶颈|缺陷|盲区){1,3}"
    r"|(?:与|同|离|距|和)[^，。]{2,24}(?:相比|要求|标准|期望)[^，。]{0,10}(?:差距|不足|距离)"
)
"""Words that speak of problems and name none."""
_CALLED = re.compile(
    rf"(?:{words.FOUND})(?!(?:着|了)?(?:{words.SOME})|的(?:问题|不足|差距|隐患))[^。]{{2,60}}"
    r"(?:问题|不足|差距|短板|隐患|现象|倾向)"
)
_CALLS_PROBLEM = re.compile(
    rf"{_CALLED.pattern}|方面[，,][^。]{{0,12}}(?:问题|不足|差距|表现)(?:主要)?(?:是|为|在于|有)"
    r"|(?:问题|不足|差距|短板)(?:主要)?(?:是|为|在于)[：:，,]?"
)
_FORWARD = re.compile(
    rf"(?:针对|为此|对此|{words.AHEAD})|[^，。]{{2,8}}(?<![现已特即必])(?:将(?!近|有关)|拟(?!定))(?!于)[^，。]{{2}}"
)
_LEAD = re.compile(
    rf"(?:(?:针对|对于)[^，。]{{2,20}}[，,]|(?:为此|对此|{words.AHEAD})(?:工作中)?[，,]?)?"
    r"(?:(?:我[^，。将拟要]{0,8}|本[^，。将拟要]{1,4}|[^，。将拟要]{2,16})?(?:将|拟|(?<![主重次])要(?!求))(?=继续|[^，。于]{2}))?"
)
"""Words before a task of prose: when and who (下一步，我校将), of which none is part of it."""
_AHEAD = re.compile(
    rf"(?:{words.AHEAD}|(?:针对|对于)(?:以上|上述|这些|存在的?)[^，。]{{0,8}}问题)[，,]"
    r"[^。]{0,24}(?:将|要|拟)|(?:针对|对于?)(?:以上|上述|这些)[^，。]{0,8}(?:问题|隐患|情况)[，,][^。]{0,80}(?:要求|责令|督促)"
)
_ANSWERS = re.compile(
    r"(?:(?<=[。；;，,])|^)(?P<lead>(?:针对|对)(?:此|上述|以上|这)[^，。；]{0,12}[，,])?"
    r"(?P<asks>(?:(?:检查组|督[导查察]组|现|当场|现场|当即|立即|已经?|同时|并)[，,]?){0,3}(?:要求|责令|责成|督促|敦促)"
    r"|(?:检查组|当场|现场|当即|立即|已经?)(?:安排|指派|通知|协调))"
    rf"(?P<task>[^，。；;]{{0,14}}?(?:立即|马上|限期|尽快|抓紧|着手|{BEGINS_WITH_VERB.pattern})[^，。；;]*)"
)
"""How a clause begins that says, after a failing, who was told to put it right (……，要求某处立即……)."""
_SPEAKS = re.compile(r"[^，。：:；]{2,30}(?:强调|表示)(?:了|说)?[，,：:]")
"""How a sentence begins that tells what somebody said at a meeting."""

_LISTED = re.compile(
    rf"(?:{words.FOUND})(?:着|了)?(?!{words.SOME})"
    r"(?P<items>(?:(?!存在|发现)[^，。；：:、]){4,24}"
    r"(?:、[^，。；：:、]{4,24}){1,8})等(?:方面|个别|突出)?(?:的)?(?:问题|不足|现象|情况|隐患)"
)
"""Failings in a row of which each could stand alone (存在办文有纰漏、督办不力等问题)."""

_ALIKE = re.compile(r"(?:以下|如下|下列)[^：:。]{0,24}[：:](?P<items>[^，。；：:]{8,}(?:，[^，。；：:]{8,}){1,8})")
"""Clauses after a lead-in, of which several may fail alike (以下问题没有解决：甲村打捞不及时，乙村打捞不及时)."""
_SAME_END = 4
_FAILS = re.compile(words.FAILING)
_DEMANDS = re.compile(
    r"由|通过|进一步|切实|迅速|立即|立刻|务必|必须|要|[^，。]{2,12}(?:(?<![主重次])要(?!求|点|素|么)|应当|必须|须)[^，。]{2}"
    r"|[^，。]{2,16}由[^，。]{2,10}(?:负责|牵头|承办)"
)
_TELLS_CAUSE = re.compile(
    r"(?:究其|分析|剖析)?[^，。]{0,8}(?:原因|根源)[^，。]{0,8}(?:是|在于|有|：)|(?:上述|以上|这些)[^，。]{0,6}(?:问题|不足)[^，。]{0,2}(?:产生|形成|存在)"
)
_ANSWERED = re.compile(
    r"(?:^|(?<=[。；;]))\s*(?:对于?|针对|关于|就)(?!此|上述|以上|这|存在|检查|反馈|发现的)"
    r"(?P<failing>[^，,。；;]{6,80}?)的?问题[，,]"
)
"""How a sentence begins that names the problem that it answers (对结存资金未收回问题，)."""

_LEADS_FROM = re.compile(
    r"\s*(?:对于?|针对|关于|就)(?!此|上述|以上|这|存在|检查|反馈|发现的)(?P<failing>[^。；;]{6,200}?)(?:等?方面的|等|的)?问题[，,]"
)
"""How a lead-in to measures begins that names the failing which they answer."""

_TOPIC_HEAD = re.compile(r"(?:^|(?<=。))\s*关于(?P<topic>[^，。；：“]{2,24})。(?=.)")
"""A sentence that only names a topic (关于砂场整治。), of which the next ones tell."""

_GOES_ON = re.compile(
    r"(?:[比例诸]?如|譬如|其中|有的|有时|甚至|以致|导致|造成|结果|特别是|尤其|这|该|此|但|而|对此|究其|主要是|具体|去年|上半年|截至|仅|只有|最)"
)
"""How a sentence begins that tells more of the problem before it."""

_ACTS = re.compile(r"已|了(?!解)|整改|立即|组织|要求|督促|责令|下一?步|将(?!近)")
"""Words of a sentence that tells what was or will be done, though it names a lack."""

_SHORTEST = 5
_DEED_LACKING = re.compile(r"[一-鿿]{2}(?:不(?!断)|未|没有|滞后|缺失|薄弱)")
"""A deed of which it is said at once that it is lacking (巡查不到位): no task."""


def names_lack(sentence: str) -> bool:
    """Whether a sentence names something that is lacking; that 问题 are spoken of is not enough."""
    rest = _ONLY_SAYS_PROBLEM.sub("", sentence)
    return bool(_CALLED.search(sentence) or (SHORTCOMING.search(rest) and not _SPEAKS.match(sentence)))


def sets_tasks(text: str) -> bool:
    """Whether sentences say what is to be done: they look forward, or two of three begin with a deed."""
    sentences = [text[slice(*span)] for span in split_sentences(text)[0]]
    deeds = sum(
        bool(BEGINS_WITH_VERB.match(each) or _DEMANDS.match(each) or _names_doer(each))
        and not _DEED_LACKING.match(each)
        for each in sentences
    )
    return bool(sentences) and (bool(_FORWARD.match(sentences[0])) or deeds * 3 >= len(sentences) * 2)


def _names_doer(sentence: str) -> bool:
    """Whether a sentence begins with who does or leads what it says (应急办牵头，……), and says of no failing."""
    lacking = re.match(rf"[^，。]*(?:{words.FAILING})", sentence)
    return not lacking and bool(read_led_clause(re.split("[，。]", sentence)[0]) or read_subject(sentence)[1])


def goes_on(text: str) -> bool:
    """Whether words tell more of the problem before them: they name no lack, or begin like an example."""
    return not names_lack(text) or bool(_GOES_ON.match(text)) or len(text) < _SHORTEST


def looks_ahead(text: str) -> bool:
    """Whether a paragraph begins with what comes next (下一步，……将……)."""
    return bool(_AHEAD.match(text))


def answered_in(unit: Unit) -> list[tuple[Unit, Unit]]:
    """Return the problems that a text goes through, each with what is said of it (对……问题，……。对……问题，……)."""
    text = unit.paragraph.flow[unit.content : unit.end]
    found = list(_ANSWERED.finditer(text))
    if not found or text[: found[0].start()].strip():
        return []
    pairs = []
    for number, each in enumerate(found):
        end = unit.content + found[number + 1].start() if number + 1 < len(found) else unit.end
        start, content, until, after = (unit.content + at for at in (each.start(), *each.span("failing"), each.end()))
        problem = replace(unit, start=start if number else unit.start, content=content, end=until)
        pairs.append((problem, Unit(unit.paragraph, until, after, end)))
    return pairs


def topics_in(unit: Unit) -> list[tuple[Unit, Unit]]:
    """Return the topics that a text goes through, each with who does what about it (关于砂场整治。水务局牵头，……)."""
    text = unit.paragraph.flow[unit.content : unit.end]
    found = list(_TOPIC_HEAD.finditer(text))
    if not found or text[: found[0].start()].strip():
        return []
    pairs = []
    for each, end in zip(found, [*(after.start() for after in found[1:]), len(text)], strict=True):
        start, content, after, last = (unit.content + at for at in (each.start(), each.start("topic"), each.end(), end))
        pairs.append((replace(unit, start=start, content=content, end=after), Unit(unit.paragraph, after, after, last)))
    told = all(led_first(answer)[1] != NO_OWNERS or sets_tasks(answer.text) for _, answer in pairs)
    return pairs if told else []


def led_first(unit: Unit) -> tuple[int, Owners]:
    """Return who leads or helps by the first clause of a text (县水务局牵头负责，……), and where what follows begins."""
    text = unit.paragraph.flow[unit.content : unit.end]
    clause = re.match(r"\s*(?P<who>[^，,。；;]+)[，,。；;]?", text)
    owners = read_led_clause(clause["who"]) if clause else None
    return (unit.content + clause.end(), owners) if clause and owners else (unit.content, NO_OWNERS)


def failing_answered(unit: Unit) -> Unit | None:
    """Return the failing that a lead-in to measures names itself (针对……不够到位等问题，采取以下措施：), or None."""
    text = unit.paragraph.flow[unit.content : unit.end]
    match = _LEADS_FROM.match(text, max(text.rfind(mark, 0, len(text) - 1) for mark in "。；;！!") + 1)
    if match is None or not names_lack(match["failing"]):
        return None
    start, end = (unit.content + at for at in match.span("failing"))
    return replace(unit, start=start, content=start, end=end)


def answer_in(text: str) -> tuple[int, int] | None:
    """Return where in the text of a problem its answer begins (，要求某处……), and where the task in it."""
    found = next(
        (
            each
            for each in _ANSWERS.finditer(text)
            if "“" not in each["task"] and not names_lack(each["task"]) and not _is_quoted(text, each.start())
        ),
        None,
    )
    return (found.start(), found.end("asks")) if found else None


def _is_quoted(text: str, at: int) -> bool:
    return text.count("“", 0, at) > text.count("”", 0, at)


def lead_of(text: str) -> int:
    """Return the length of the words before a task of prose (下一步，我校将)."""
    match = _LEAD.match(text)
    return match.end() if match else 0


def problems_in(unit: Unit) -> Sequence[Unit]:
    """Split a paragraph into its problems: each sentence that names a lack, with those after it that tell more of it.

    Sentences before the first that names one go with it.
    """
    found: list[Unit] = []
    for sentence in (part for each in _sentences(unit) for part in _at_semicolons(each)):
        if found and (goes_on(sentence.text) or not names_lack(found[-1].text)):
            found[-1] = replace(found[-1], end=sentence.end)
        else:
            found += _at_list(sentence)
    return found


def _at_list(sentence: Unit) -> Sequence[Unit]:
    """Split a sentence that only lists failings (存在……、……等问题) into them; the first takes what stands before."""
    listed = _LISTED.search(sentence.text)
    items = listed["items"].split("、") if listed else []
    if listed is None and (listed := _ALIKE.search(sentence.text)):
        clauses = listed["items"].split("，")
        items = clauses if len({each[-_SAME_END:] for each in clauses}) == 1 else []
    at = sentence.paragraph.flow.find(listed["items"], sentence.content) if listed else -1
    if at < 0 or not items or not all(_FAILS.search(each) for each in items):
        return (sentence,)
    begins = [at + sum(len(each) + 1 for each in items[:n]) for n in range(len(items))]
    edges = [sentence.start, *begins[1:], sentence.end]
    return [
        replace(sentence, start=first, content=content, end=last)
        for (first, last), content in zip(pairwise(edges), begins, strict=True)
    ]


def _at_semicolons(sentence: Unit) -> Sequence[Unit]:
    """Split a sentence at its semicolons if two of three parts name a lack."""
    flow = sentence.paragraph.flow
    cuts = [at + 1 for at in range(sentence.content, sentence.end - 1) if flow[at] in "；;"]
    edges = [sentence.start, *cuts, sentence.end]
    parts = [
        replace(sentence, start=first, content=max(first, sentence.content), end=last)
        for first, last in pairwise(edges)
    ]
    lacking = sum(names_lack(each.text) and len(each.text) >= _SHORTEST for each in parts)
    return parts if lacking * 3 >= len(parts) * 2 else (sentence,)


def end_of_reasons(unit: Unit) -> int:
    """Return where the first sentences of a text end that tell why a failing is there, before what was done about it.

    That is where the text begins if it does not tell why first, or tells nothing else.
    """
    end = unit.content
    for sentence in [*_sentences(unit)][:-1]:
        if not (_FAILS.search(sentence.text) or "由于" in sentence.text) or _ACTS.search(sentence.text):
            break
        end = sentence.end
    return end


def begins_with_lack(unit: Unit) -> Unit:
    """Return a unit from its first sentence on that names a lack; the whole unit if none does."""
    begun = next((each for each in _sentences(unit) if names_lack(each.text)), unit)
    return replace(begun, end=unit.end)


def by_sentences(unit: Unit, *, strictly: bool, told: bool) -> Iterator[tuple[str, Unit]]:
    """Yield the stretches of a paragraph that is in no part, each with what it is: 问题, 原因, 措施 or 开头.

    From the first sentence on that looks forward, all is what is to be done; before it, problems are ``told``.
    What somebody said at a meeting sets no task, unless it says by when.
    ``strictly`` a problem is only what the sentence calls one, and tasks begin only with a look forward.
    """
    names = _CALLS_PROBLEM.search if strictly else names_lack
    stretches: list[tuple[str, Unit]] = []
    spoken = False
    for sentence in _sentences(unit):
        said = stretches[-1][0] if stretches else ""
        spoken = spoken or bool(_SPEAKS.match(sentence.text) and not deadline_words(unit.text))
        lack = bool(_CALLED.search(sentence.text) if spoken else names(sentence.text))
        deeds = not spoken and (
            bool(_FORWARD.match(sentence.text)) or (not strictly and not lack and sets_tasks(sentence.text))
        )
        if said == "措施" or (told and deeds) or (deeds and said == "问题"):
            role = "措施"
        elif (told or said) and _TELLS_CAUSE.match(sentence.text):
            role = "原因"
        else:
            role = "问题" if lack or said == "问题" else "开头"
        if role == said:
            stretches[-1] = (role, replace(stretches[-1][1], end=sentence.end))
        else:
            stretches.append((role, sentence))
    yield from stretches


def _sentences(unit: Unit) -> Iterator[Unit]:
    """Yield the sentences of a unit; together they cover it."""
    text = unit.paragraph.flow[unit.content : unit.end]
    spans, _ = split_sentences(text)
    begins = [unit.start, *(unit.content + start for start, _ in spans[1:])]
    for number, start in enumerate(begins):
        end = begins[number + 1] if number + 1 < len(begins) else unit.end
        yield replace(unit, start=start, content=max(start, unit.content), end=end)
