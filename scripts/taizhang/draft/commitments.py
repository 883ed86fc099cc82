"""Splitting sentences into commitments: one verb and one object that one department could be asked to prove.

A sentence is cut at a comma only before a clause that is an action by itself: it begins with a verb (after words of
manner or time), or takes its object first (对…进行…, 将…纳入…), and has an object. A clause that only sets the scene
(针对…, 结合…, 在…后) goes with the commitment after it; any other (确保…, 每月一讲, 操作人员方可上岗) with the one
before it. Semicolons part. Parallel objects of one verb are split if each can be proved alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import accumulate, pairwise

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words, leading_deadline, only_deadline
from taizhang.draft.doers import read_subject
from taizhang.draft.owners import read_led_clause

__all__ = ["Commitment", "split_commitments", "split_sentences"]

_SCENE = re.compile(
    rf"(?:{words.NO_TASK})$|{words.CIRCUMSTANCE}|"
    rf"{words.ADVERBS}(?:针对(?!性)|结合|面向|按照|依照|依据|根据|围绕|聚焦|立足|对照|着眼|紧扣|对标|通过|借助|依托|本着|鉴于|"
    rf"为(?:了|此|满足|确保|保证|保障|提升|提高|增强|防止|避免|推动|{words.ADVERBS}(?:{words.VERBS}))|"
    r"在.{2,30}(?:基础上|前提下|同时|中|下)$)|[^，]{0,8}在[^，]{2,30}(?<![按及准随定])时$"
    rf"|{words.ADVERBS}(?:落实|贯彻|遵循).{{2,40}}的?要求$"
    r"|(?:坚持)?以[^，]{2,40}为[^，]{1,8}$|坚持.{2,60}(?:导向|原则|相结合|并重|并举|相统一)$"
    r"|(?:充分)?利用.{2,40}(?:活动|活动期|契机|平台|时机|机会|期间|日|月|节|形式|渠道|手段|优势|资源|窗口|载体|时间|间隙)$"
    r"|.{0,12}(?:采取|采用|运用).{2,30}(?:形式|方式|手段|途径|办法|做法)$|[^，。]{2,40}(?<!目)的$"
)
_OUTCOME = re.compile(
    words.ADVERBS + r"(?:力争|争取|确保|保证|保障|"
    r"提升|提高|增强|坚定|做到|筑牢|织密|织牢|扎紧|引导|教育引导|促|形成|营造|实现|达到|树牢|树立|"
    r"凝聚|建强|打造|恢复|守住|守牢|释放|防止|避免|杜绝|夯实|激发|彰显|发挥.{0,12}作用|让|使|方便|便利|为.{2,20}(?:提供|奠定)|"
    r"消除[^，]{0,8}(?:隐患|风险)$|巩固(?:整改|整治|治理|自查|检查|排查|活动|学习|教育)(?:工作)?成[果效]$|"
    r"把好.{0,12}关|把.{2,20}(?:落到实处|抓在手上|落实到位))"
)
_MANNER = re.compile(
    r"(?:并|且|同时)(?!肩)|(?:印发|下发|转发)(?:至|到|给)?(?:各|全|相关|有关|执行|实施)|"
    r"[^，将把]{0,4}(?:结果|情况|记录|资料)(?:在|向|报|及时|纳入|作为)|"
    r"(?:压实|落实|夯实|层层传导)(?:工作|主体|整改|各方)?(?:责任|压力)$|(?:做好|建立|形成)(?:工作|会议|谈话)?(?:记录|台账)$"
)
_VERB = re.compile(rf"{words.ADVERBS}(?:{words.VERBS})")
_CONTENT = re.compile(
    rf"(?:切实|不断|全力|着力|真正|充分|加快|最大限度|尽可能|更好)|{words.ADVERBS}(?:明确|减少|规定)|"
    rf"{words.ADVERBS}(?:把|将)[^，]*(?:作为|放在|摆在|抓在)|{words.ADVERBS}(?:{words.VERBS})(?:为|成)(?!立|了)|"
    rf"(?:研究|及时)*解决[^，]{{0,14}}(?:问题|困难)$|(?:检验|验证)[^，]{{2,16}}(?:[一-鿿]性|效果|能力)$|(?:统筹)?推进[^，]{{0,4}}工作$|"
    rf"{words.ADVERBS}推动(?![^，]*(?:{words.PRODUCTS}|建设|改革|改造|公开|见效|到位)$)"
)
"""How a clause begins that says what the action before it is for, or what it contains, rather than a further action."""

_CLOSES = re.compile(r"由|完成(?:整改|改造|任务|工作|建设|验收)*$")
"""How a clause begins, after its day, that says who does or by when is done what stands before it."""

_BARE_COUNT = re.compile(r"[\d一二两三四五六七八九十百千万.余多]+[^\d，]{1,2}(?:次)?")
_DATE = re.compile(r"(?:于|在|自|从)?(?:(?:20\d\d|\d{1,2}) ?[年月日] ?){1,3}[起前后]?")
_YEAR = re.compile(r"^(?:20\d\d年度?|今年|明年)")
_RHYTHM = re.compile(
    r"(?!由|全年)[^，每]{0,10}(?:每(?:半年|季度|季|月|年|周末?|[日天旬]|学期|[两二三四\d]个?[月周年天])|[按逐][月季周年]度?)"
    r"(?!不[少低超]|至少|一?[^，]?$|[一二两三四五\d]+[次个场篇])[^，]{2,}"
)
_OBJECT_FIRST = re.compile(
    rf"{words.ADVERBS}(?:(?:将|把)[^，]{{4,}}"
    rf"|(?:[^，对由]{{2,10}})?对(?:[^，]{{2,40}}?(?:进行|开展|实施|组织|予以|加以|给予|逐[一项个户])|[^，的]{{2,24}}?(?:{words.VERBS})[^，的]*$)[^，]*"
    rf"|(?:向|与|给|在|从|于|到|会同|联合)[^，的]{{2,24}}?{words.ADVERBS}(?:{words.VERBS})[^，]{{2,}}(?<!同步实施)(?<!统一实施)$)"
)
_GENERIC = (
    r"(?:管理|引导|统筹|协调|沟通|交流|谋划|研究|组织|领导|指导|教育|宣传|监督|检查|保障|服务|学习|配合|调度|力度|对一切工作的|党的?|全面|"
    r"[一-鿿]{2}化|[一-鿿]{2}性|、|和|与|的)"
)
_UNPROVABLE = re.compile(rf"{words.ADVERBS}(?:(?:加强|强化|加大|坚持){_GENERIC}+$|规范(?![^，]*(?:{words.PRODUCTS})$))")
_GRASP = re.compile(rf"以((?:{words.VERBS}).{{2,30}})为(?:抓手|载体|平台)$")
_MISSING_STOP = re.compile(
    rf"(?<=[一-鿿])(?:{words.RESULT})(?=(?:进一步|积极|扎实|深入|认真|严格|全面|切实|持续|坚决|大力)(?:{words.VERBS}))"
)
_AND = re.compile(
    r"以及|(?<![总温缓饱柔共])和(?!谐|平|睦|解|好)|(?<![参给])与(?!会|时俱进|否)|(?<![涉普以波兼危顾])及(?!时|早|其|格)|、"
)
_TAIL_WORDS = "工作|管理|考核|责任|纪律|回复|报告|审批|监督|检查|备案|公示|落实|整改|完成|执行|评价|审核"
_TAIL = re.compile(rf"(?:{_TAIL_WORDS}){{0,8}}(?:{words.PRODUCTS})$")
_TOWARDS = re.compile(
    r"(?P<head>.{0,6}?(?:加强|强化|加大|做好|开展|严格|深化|抓好|完善)对)(?P<items>.+)(?P<tail>的[^的]{2,10})$"
)
_GOVERNED = re.compile(
    rf"(?P<head>{words.ADVERBS}(?:{words.VERBS})(?:(?:并|和|、){words.ADVERBS}(?:{words.VERBS})|健全|完善|建立|修订|落实|执行)?)"
    rf"(?P<items>.+?)(?P<tail>{words.RESULT}|)$"
)
_MODIFIES = re.compile(r"更加|更(?!新|换|正|改)|最|较为|既|又|具有|符合")
"""How a part begins that describes the object after it: it is no object by itself (更加具体、更具操作性的细则)."""

_JOINED = re.compile(r"(?<=[一-鿿])(?:和|与|及|以及)[一-鿿“]")
"""Two words joined with 和 share more than their tail (采购和验收流程): they stay together."""

_LONGEST_BARE_VERB = 3
"""A verb alone after a day (3月底前入库) says by when what stands before it is done."""
_LONGEST_ENDING = 5
"""So do as few words without a verb of tasks (下周一前发到各班)."""
_FINISHES = re.compile(r"[一-鿿]{1,3}[完清好齐毕][一-鿿]{0,3}")
"""What only ends what stands before it (年底前收清拖欠款)."""
_ENDS_ALL = re.compile(r"(?:全部|全数|一次性)[一-鿿]{1,2}[完清好齐毕]|[一-鿿]{2}(?:完毕|结束)")
_HANDED_ON = re.compile(
    r"(?:全部|统一)?(?:(?:发放|分发|发送|印发|下发|推送|张贴|公布|发|送|贴)(?:到|至|给|在|各|全)|用[于到在]|覆盖(?:到)?(?:全|所有|各)"
    r"|(?:报送|上报|报)[一-鿿]{2,12}(?:局|委|办|组|部|厅|部门|政府|中心|公司|党委)(?:备案|审[批核定查])?$)"
)
"""What is done with that which the clause before makes: its object is not named again (6月底前发放到各户)."""
_RUNS = re.compile(
    r"(?:正式)?(?:上线|开门|挂牌|建成|投入|正式|通车|恢复)(?:试?运行|营业|启用|投用|使用|运营|正常|供水|供电|通车|通行|开放)"
)
_SERVED_WITHIN = re.compile(r"[\d一二两三四五六七八九十半]个?(?:工作日|小时|[日天])(?:之|以)?内[，,]?$")
"""How a time ends in which something is done again and again (两个工作日内上门)."""
_LONGEST_TOPIC = 16
_LONGEST_BEFORE_DAY = 8  # 党委书记4月底前约谈…
_NAMED_PRODUCT = re.compile(rf"[”》](?:{words.PRODUCTS})$")
"""A product with a name of its own (广播内容“三审三校”办法) is one."""
_MOST_PARALLEL = 10  # a longer list is an inventory: one task to maintain, not many tasks
_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_EDGE = "，,、。；;！？!?：: 　\t\n*"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment: its readable statement, and the span ``text[start:end]`` that it comes from."""

    statement: str
    start: int
    end: int


class _Part(Enum):
    """What a clause is: an action, the scene of the action after it, its outcome, its content, or no action.

    Content (明确…, 由…) is an action if it stands first.
    """

    MAIN = auto()
    SCENE = auto()
    OUTCOME = auto()
    UNPROVABLE = auto()
    CONTENT = auto()
    LOOSE = auto()


_Clause = tuple[int, int, _Part]


def split_sentences(text: str) -> tuple[tuple[tuple[int, int], ...], tuple[str, ...]]:
    """Return the span of each sentence in a text, and Chinese notes on full stops that seem to be missing."""
    spans: list[tuple[int, int]] = []
    notes: list[str] = []
    for start, end in _split_outside(text, 0, len(text), "。！？!?"):
        cuts = [start, *(match.end() for match in _MISSING_STOP.finditer(text, start, end)), end]
        if len(cuts) > 2:
            words = "、".join(f"“{text[cut - 4 : cut]}”" for cut in cuts[1:-1])
            notes.append(f"原文{words}后疑似漏了句号，按 {len(cuts) - 1} 句读；原文照录，没有改动。")
        for trimmed in filter(None, (_trim(text, a, b) for a, b in pairwise(cuts))):
            if spans and _IN_BRACKETS.fullmatch(text, *trimmed):
                spans[-1] = (spans[-1][0], trimmed[1])  # （……） after the stop belongs to the sentence before
            else:
                spans.append(trimmed)
    return tuple(spans), tuple(notes)


def split_commitments(text: str, start: int = 0, end: int | None = None) -> tuple[Commitment, ...]:
    """Split one sentence, ``text[start:end]``, into its commitments; each word belongs to one of them."""
    groups: list[list[_Clause]] = []
    for first, last in _split_outside(text, start, len(text) if end is None else end, "；;"):
        spans = filter(None, (_trim(text, a, b) for a, b in _split_outside(text, first, last, "，,")))
        clauses = [(a, b, _classify(text[a:b])) for a, b in spans]
        if clauses and text.startswith("同时", clauses[0][0]):
            a, b, _ = clauses[0]
            clauses[0] = (a, b, _classify(text[a + 2 : b].lstrip("，,")))
        if groups and all(part is _Part.OUTCOME for _, _, part in clauses):
            groups[-1] += clauses
        else:
            groups += _group_clauses(text, clauses)
    return tuple(commitment for group in groups for commitment in _split_objects(text, group))


def _group_clauses(text: str, clauses: Sequence[_Clause]) -> list[list[_Clause]]:
    """Group each clause that is no action by itself with the commitment after or before it."""
    groups: list[list[_Clause]] = []
    opening: list[_Clause] = []
    for clause in clauses:
        part, last = clause[2], clause is clauses[-1]
        begins = not groups and not opening
        idle = part in (_Part.LOOSE, _Part.OUTCOME) or (not groups and _is_set_phrase(text[clause[0] : clause[1]]))
        if (
            part is _Part.SCENE
            or (begins and part in (_Part.UNPROVABLE, _Part.OUTCOME))
            or (begins and part is _Part.LOOSE and not last and _is_topic(text[clause[0] : clause[1]]))
            or (opening and idle and not last)
        ):
            opening.append(clause)
        elif part is _Part.MAIN or not groups or (opening and part in (_Part.CONTENT, _Part.UNPROVABLE)):
            groups.append([*opening, clause])
            opening = []
        else:
            groups[-1] += [*opening, clause]
            opening = []
    if opening and groups:
        groups[-1] += opening
    elif opening:
        groups.append(opening)
    return groups


def _classify(clause: str) -> _Part:
    if _GRASP.match(clause):
        return _Part.MAIN
    if _SCENE.match(clause):
        return _Part.SCENE
    by_a_day = clause[len(leading_deadline(clause)) :]
    if _OUTCOME.match(clause) or _MANNER.match(clause) or read_led_clause(by_a_day):
        return _Part.OUTCOME
    deadline = only_deadline(clause)
    if deadline:
        return _Part.SCENE if deadline == "opens" else _Part.OUTCOME
    if _DATE.fullmatch(clause):
        return _Part.SCENE
    if _UNPROVABLE.match(clause) or not re.search(r"[一-鿿]", clause) or _is_set_phrase(clause):
        return _Part.UNPROVABLE
    said = clause[read_subject(clause)[1] :]
    if _CLOSES.match(by_a_day) or _CONTENT.match(clause) or _CONTENT.match(said):
        return _Part.CONTENT
    return _Part.MAIN if _acts(clause) else _Part.LOOSE


def _acts(clause: str) -> bool:
    """Whether a clause is an action by itself: it has its own day or rhythm, or a verb and its object."""
    when = leading_deadline(clause)
    if deadline_words(when):
        done = clause[len(when) :]
        if _ENDS_ALL.fullmatch(done) or _HANDED_ON.match(done):
            return False
        if _SERVED_WITHIN.search(when) or _VERB.match(done):
            return _weight(done) > (1 if _SERVED_WITHIN.search(when) else _LONGEST_BARE_VERB) and not _RUNS.fullmatch(
                done
            )
        return _weight(done) > _LONGEST_ENDING and not _FINISHES.fullmatch(done)
    said = _YEAR.sub("", clause)
    said = said[read_subject(said)[1] :]
    if day := deadline_words(said).split("；")[0]:
        before, _, after = said.partition(day)
        said = after if len(before) <= _LONGEST_BEFORE_DAY else said
    if _RHYTHM.match(said) or _OBJECT_FIRST.match(said):
        return True
    verb = _VERB.match(said)
    return bool(verb) and _weight(said[verb.end() :]) >= 2 and not _BARE_COUNT.fullmatch(said, verb.end())


def _is_topic(clause: str) -> bool:
    """Whether a clause only says of what the clause after it is (监控设备，…; 我行对新增业务，…): it has no verb."""
    thing = clause.rpartition("的")[2] if "对" in clause else clause
    bare = not re.search(rf"{words.VERBS}|[要应须已了不每]|\d", thing)
    return bare and len(clause) <= _LONGEST_TOPIC and bool(re.search(rf"(?:{words.THINGS})$", clause))


def _is_set_phrase(clause: str) -> bool:
    """Whether a clause is a four-character phrase that does not begin with a verb (举一反三, 防微杜渐)."""
    return len(clause) <= 4 and not re.match(words.VERBS, clause)


def _split_objects(text: str, group: Sequence[_Clause]) -> Iterator[Commitment]:
    """Yield one commitment, or one for each parallel object of the group's action if it has such objects."""
    start, end = group[0][0], group[-1][1]
    for clause in group:
        if clause[2] is not _Part.MAIN:
            continue
        words = text[clause[0] : clause[1]]
        if grasp := _GRASP.match(words):
            before, after = text[start : clause[0]], text[clause[1] : end]
            yield Commitment(_tidy(f"{before}{grasp[1]}{after}"), start, end)
            return
        items = _towards_items(words) or _governed_items(words)
        if items:
            before, after = text[start : clause[0]], text[clause[1] : end]
            for item in items:
                yield Commitment(_tidy(f"{before}{item}{after}"), start, end)
            return
    yield Commitment(_tidy(text[start:end]), start, end)


def _towards_items(clause: str) -> tuple[str, ...]:
    """加强对甲和乙的监督 → 加强对甲的监督, 加强对乙的监督; only if each object is long enough to make sense alone."""
    match = _TOWARDS.fullmatch(clause)
    if match is None:
        return ()
    parts = _parallel(match["items"])
    if len(parts) < 2 or min(map(_weight, parts)) < 4:
        return ()
    return tuple(f"{match['head']}{part}{match['tail']}" for part in parts)


def _governed_items(clause: str) -> tuple[str, ...]:
    """完善甲、乙制度 → 完善甲制度, 完善乙制度; 制定甲计划和乙办法 → each; only if the last noun is a tangible
    product."""
    when = leading_deadline(clause)
    match = _GOVERNED.fullmatch(clause, len(when))
    if match is None:
        return ()
    head, after = when + match["head"], match["tail"]
    parts = _parallel(match["items"])
    if len(parts) < 2 or min(map(_weight, parts)) < 2 or any(_MODIFIES.match(part) for part in parts):
        return ()
    if "的" in parts[0] or "的" in parts[-1]:
        return ()  # 面向各村的督查、考核机制, 回访、谈心的机制: 的 joins what stands before it with all that follows
    if all(re.search(rf"(?:{words.PRODUCTS})$", part) for part in parts):
        return tuple(f"{head}{part}{after}" for part in parts)
    tail = "" if _NAMED_PRODUCT.search(parts[-1]) else _shared_tail(parts)
    if not tail or (_JOINED.search(match["items"]) and not tail.startswith("工作")):
        return ()
    return tuple(f"{head}{part}{after}" for part in (*(part + tail for part in parts[:-1]), parts[-1]))


def _shared_tail(parts: Sequence[str]) -> str:
    """Return the words of the last object that all objects share, e.g. 巡视整改、生活会整改|落实情况; empty if none."""
    last = parts[-1]
    match = _TAIL.search(last)
    if match is None:
        return ""
    repeated = last.rfind(parts[0][-2:])
    alike = [
        at
        for at in range(2, len(last))
        if _TAIL.fullmatch(last, at) and _weight(last[:at]) == _weight(parts[0]) and not last[:at].endswith("工作")
    ]
    if alike and len({_weight(part) for part in parts[:-1]}) == 1 and repeated < 0:
        return last[alike[0] :]
    if repeated >= 0 and all(part.endswith(parts[0][-2:]) for part in parts[:-1]) and last[repeated + 2 :]:
        return last[repeated + 2 :]
    return last[match.start() :] if _weight(last[: match.start()]) >= 2 else ""


def _parallel(items: str) -> tuple[str, ...]:
    """Split parallel objects at 和, 与, 及 outside quotes, else at 、; a list that ends with 等 is one object."""
    marks = _outside(items, _AND.finditer(items))
    strong = [match for match in marks if match[0] != "、"]
    if strong and len(strong) < len(marks) and "等" in items:
        marks = strong
    elif "等" in items and not strong:
        return ()
    if len(marks) >= _MOST_PARALLEL:
        return ()
    cuts = [0, *(edge for match in marks for edge in match.span()), len(items)]
    return tuple(items[a:b].strip() for a, b in zip(cuts[::2], cuts[1::2], strict=True))


def _weight(part: str) -> int:
    """Return the number of Chinese characters, letters and digits."""
    return len(re.findall(r"\w", part))


def _outside(text: str, marks: Iterable[re.Match[str]]) -> list[re.Match[str]]:
    """Return the matches outside quotes and brackets."""
    depths = list(accumulate((char in words.QUOTING) - (char in words.QUOTING_END) for char in text))
    return [mark for mark in marks if depths[mark.start()] <= 0]


def _split_outside(text: str, start: int, end: int, marks: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that end after a mark outside quotes and brackets; an unclosed bracket is ignored."""
    depth, begun = 0, start
    last = {
        opening: text.rfind(closing, start, end)
        for opening, closing in zip(words.QUOTING, words.QUOTING_END, strict=True)
    }
    for position in range(start, end):
        char = text[position]
        if last.get(char, -1) > position:
            depth += 1
        elif char in words.QUOTING_END and depth:
            depth -= 1
        elif char in marks and not depth:
            yield begun, position + 1
            begun = position + 1
    if begun < end:
        yield begun, end


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start] in _EDGE:
        start += 1
    while end > start and text[end - 1] in _EDGE:
        end -= 1
    return (start, end) if start < end else None


def _tidy(statement: str) -> str:
    return re.sub(r"^(?:并|同时)[，,]?(?=[一-鿿])", "", statement.strip(_EDGE))
