"""Who does what a statement says: its subject, who it says leads and helps, and persons, whose names are left out."""

from __future__ import annotations

import re
from dataclasses import replace

from taizhang.draft import words
from taizhang.draft.deadline_words import frequency_words, leading_deadline, only_deadline
from taizhang.draft.deeds import BEGINS_WITH_VERB, tells_deed
from taizhang.draft.names import (
    is_department,
    is_masked,
    is_unit_by_work,
    names_own_unit,
    names_person,
    names_post,
    names_titled,
    stands_for_person,
)
from taizhang.draft.owners import merge_owners, owners_of, read_led_clause
from taizhang.draft.values import NO_OWNERS, Owners

__all__ = ["owners_within", "read_subject"]

_SHORTEST_TOPIC = 2
_SETS_SCENE = re.compile(r"(?:针对|围绕|对照|结合|根据|按照|关于|为了?|对于?)(?!性)")
_CHARGED = re.compile(r"[^，,。；;]{0,6}责成")
_GIVEN_TO = re.compile(
    rf"(?:{words.HEAD_LEAD})(?=[一-鿿])|"
    r"请(?=[一-鿿]{2,12}(?:(?:在|于)?\d|与|将|把|对|按|负责|牵头))|"
    r"(?:[^，,。；;由]{0,6}(?:要求|建议|责成|安排|指定|明确|督促|[当次]日|当天|之?[后前时]))?由(?:[^，,。；;由]{2,10}授权)?|"
    r"[^，,。；;由]{0,6}(?:要求|建议|责成|安排|指定|责令)"
)
_ORDERS = re.compile(r"(?P<who>[^，,。；;由]{2,12}?)(?:责令|责成|督促)(?=[一-鿿])")
"""How a task begins that says who tells somebody to act."""
_GOING = re.compile(r"每|均|都|到|下|进|入|赴|驻|深入|带头|分片|轮流|全员|主动|包")
_LONGEST_SUBJECT = 16
_PEOPLE = re.compile(words.PEOPLE)
_SOMEBODY = re.compile(r"[户方人者员家们位队厂店]$")
"""How words end that are somebody and no name (由商户更换)."""

_AS_A_PERSON = re.compile(rf"{words.LED}|每[日天周月季年]|带队|带头|亲自|具体|全程|[、和与]")
_LIKE_A_WORD = re.compile(
    r"[期区段站点线类项处位量化室员工者性面年月日天季内外前后中上下级标度户款坯物堤库场"
    r"料品机车电气街沟渠坝棚柜箱栏窗牌管费率]$"
)
_REPORTED_TO = re.compile(words.REPORTED_TO)
_REST_OF_NAME = re.compile(rf"{words.GOES_ON_AS_POST}|{words.PEOPLE}")
"""What goes on with a name that seems to be whole (膳食委|员会成员), or says that its people are meant."""

_ON_A_TIME = re.compile(words.ON_A_TIME)
_JOINS = re.compile(r"(?:并|且|同时|再|然后|先|后)[，,]?(?=[由责指安])")
_FROM_A_DAY = re.compile(r"^(?:自|从)?[\d年月日]{2,11}起")
_JOINED_BY = re.compile(
    r"(?:会同|联合|和|与|、)(?P<others>[^，,。；;]{2,20}?)(?=(?:共同|联合)?(?:负责|牵头)|(?<=[科室处股办部局中心组站所队村镇乡街区院校厂司园府])(?=[一-鿿])(?!人民政府))"
)
_LED_AND_HELPED = re.compile(rf"牵头[、，,]?(?P<others>[^，,。；;]{{2,24}}?){words.HELPED}")
"""What follows who leads, with who helps, before what they do (由城管局牵头、交警支队配合安装地锁)."""
_ADVERB = re.compile(
    r"^(?:共同|联合|统一|具体|及时|抓紧|立即|要|将|应|须|已|组织人力|安排专人|提早|抓紧|加紧|"
    r"(?:于|在)?每[日天周旬][一二三四五六日天]? ?(?:\d{1,2}[:：]\d\d ?(?:之?前)?|之?前))+"
)
_ACTING = re.compile(
    rf"(?:{words.LED}|{words.HELPED})(?!的)|做好|抓好|搞好|进行|安排|派员|派人|带队|带头|全程|亲自|对|把|"
    r"向[^，。；]{2,14}?(?:提交|递交|报送|上报|报告|汇报|反馈|说明)"
)
_SURNAME_AND_POST = re.compile(rf"[{words.COMMON_SURNAMES}]副?{words.POST_END}")


def owners_within(statement: str, *, told: bool = False) -> tuple[str, Owners]:
    """Return a statement without persons' names, and who it names as its subject or as leading and helping.

    With ``told`` it tells what was done: its subject did that, and is not said to be in charge, unless it was told to
    (责成办公室整改) or 由 gives it to them.
    """
    found = NO_OWNERS
    kept = []
    parts = re.findall(r"[^，,；;]+[，,；;]?", statement)
    bare = [part.strip("，,；;。 ") for part in parts]
    for at, part in enumerate(parts):
        led, begun = _led_in(bare[at])
        if not led and at and stands_for_person(bare[at]) and any(map(only_deadline, bare[at + 1 : at + 2])):
            led = Owners(persons=1)
        if not led and (given := _given_in(bare[at], first=not at)):
            found = merge_owners(found, given, joined=True)
        if told and not led and _CHARGED.match(bare[at]):
            led = replace(read_subject(bare[at])[0], persons=0)
        if led:
            found = merge_owners(found, led, joined=True)
        if led and led.persons:
            kept += [part[:begun] + part[len(bare[at]) :]] * bool(begun)
            continue
        said, persons = without_persons(part)
        if persons:
            found = merge_owners(found, Owners(persons=persons), joined=True)
        kept.append(said)
    text = "".join(kept).strip("，,；; ") or statement
    subject, begun, length = _subject_in(text)
    if length:
        did = told and not text.startswith("由", begun)
        found = merge_owners(Owners(persons=subject.persons) if did else subject, found, joined=True)
    if length and subject.persons:
        text = text[:begun] + text[begun + length :]
    return text, found


_OF_MONEY = re.compile(r"(?:经费|费用|资金|款项)$")
"""What stands before who pays, not who is in charge (所需经费由财政所保障)."""


def _given_in(clause: str, *, first: bool) -> Owners | None:
    """Return who a clause gives a task to that it has named before (借出的五卷由办公室追回); None if it does not.

    由 that begins a clause after another tells only how if nothing is done to anything (由党支部组织).
    """
    begun = clause.find("由")
    if (
        begun < 0
        or _OF_MONEY.search(clause[:begun])
        or (first and begun < _SHORTEST_TOPIC)
        or clause[begun - 1 : begun] in ("理", "自", "因", "缘", "经")
    ):
        return None
    doer, length = read_subject(clause[begun:])
    after = clause[begun + length :]
    if not length or re.fullmatch(words.ONLY_HOW, after) or (not begun and frequency_words(clause)):
        return None
    return replace(doer, persons=0)


def _led_in(clause: str) -> tuple[Owners | None, int]:
    """Return who a clause says leads or helps, alone or at its end (值班登记由办公室负责), and where that begins."""
    if led := read_led_clause(clause):
        return led, 0
    whole = clause.removeprefix("由")
    names = (whole[:end] for end in range(2, min(len(whole), 12)) if only_deadline(whole[end:]) == "ends")
    if name := next((each for each in names if is_department(each) and not tells_deed(each)), ""):
        return owners_of(name), 0  # 人事部5月31日前办妥
    begun = clause.rfind("由")
    return (read_led_clause(clause[begun:]) if begun > 0 else None), max(begun, 0)


def _subject_in(statement: str) -> tuple[Owners, int, int]:
    """Return who a statement names as its subject, first or after a clause that sets the scene, and where."""
    begun = 0
    for part in re.findall(r"[^，,；;：]+[，,；;：]?", statement):
        if read_led_clause(part.strip("，,；; ")):
            begun += len(part)
            continue
        when = len(leading_deadline(part))
        owners, length = read_subject(part[when:])
        if length:
            return owners, begun + when, length
        if not (_SETS_SCENE.match(part) or part.endswith("：")) and when < len(part):
            break
        begun += len(part)
    return NO_OWNERS, 0, 0


def read_subject(statement: str) -> tuple[Owners, int]:
    """Read who a task names as its subject (由总务股更换灯管, 办公室每月检查); returns the length of these words, too.

    The verb or the time must follow at once; nothing is read from words that only look like a unit.
    """
    given = _GIVEN_TO.match(statement)
    begun = given.end() if given else 0
    ends = range(begun + 2, min(len(statement), begun + _LONGEST_SUBJECT) + 1)
    for end in ends:
        name = statement[begun:end]
        proper = is_department(name) or bool(given and names_post(name))
        as_verb = BEGINS_WITH_VERB.match(name) and not is_unit_by_work(name)
        if statement[end : end + 1] == "并":
            break  # 关停小卖部并清点库存
        if not proper or as_verb or names_own_unit(name) or _tells_of_people(name):
            continue
        rest = statement[end:]
        if re.match(words.GOES_ON_AS_POST, rest) or (_REPORTED_TO.match(rest) and "报" in name[1:]):
            continue  # 办公室|主任, 试验报告报市局|备案
        if (helped := _LED_AND_HELPED.match(rest)) and BEGINS_WITH_VERB.match(rest[helped.end() :]):
            return merge_owners(owners_of(name), owners_of(helped["others"], "support"), joined=True), end
        joint = _JOINED_BY.match(rest)
        if joint and _acts(rest[joint.end() :]):
            return merge_owners(owners_of(name), owners_of(joint["others"], "support"), joined=True), end
        if _acts(rest):
            return (owners_of(name), end) if given or not _is_where(name, rest) else (Owners(), 0)
    if given and given[0].endswith(("由", "请", "责成")):
        alone = (end for end in ends if statement[end:] and not _REST_OF_NAME.match(statement, end))
        if end := next((each for each in alone if _given_unit(statement[begun:each])), 0):
            return owners_of(statement[begun:end]), end
    for end in ends:
        if names_titled(statement[begun:end]) and _acts(statement[end:]):
            return owners_of(statement[begun:end]), end
    if orders := _ORDERS.match(statement):
        who = orders["who"]  # 值班室责令店主清走杂物: no unit is told, so that it is whoever told them
        if is_department(who) and not names_own_unit(who) and not _tells_of_people(who):
            return owners_of(who), orders.end("who")
    return Owners(), 0


def _is_where(name: str, words_after: str) -> bool:
    """Whether a name that ends like a unit's is a room in which something is done, or a meeting that is held."""
    when = "" if words_after.startswith("每") else leading_deadline(words_after)
    later = _ADVERB.sub("", words_after[len(when) :])
    done = [words.OPENS]
    if name.endswith("会"):
        done.append(words.MEETS)
    if re.fullmatch(words.ROOM, name):
        done.append(words.FITTED)
    return bool(re.match(rf"(?:每.{{1,5}}?)?(?:至少|不少于)?(?:{'|'.join(done)})", later))


def _given_unit(name: str) -> bool:
    """Whether what stands after 由 or 责成 is a unit's name alone: nobody and nothing that is done is in it."""
    return is_department(name) and not names_own_unit(name) and not _PEOPLE.search(name)


def _persons_at(statement: str, begun: int, *, given: bool) -> tuple[int, int]:
    """Return how many persons are named from ``begun`` on as those who act, and where their names end; or zeros."""
    for end in range(begun + 2, min(len(statement), begun + 4) + 1):
        name, rest = statement[begun:end], statement[end:]
        person = (stands_for_person(name) and (given or _means_person(name, rest))) or _SURNAME_AND_POST.fullmatch(name)
        if not person and not (given and len(name) == 3 and names_person(name) and not _SOMEBODY.search(name)):
            continue
        if _acts(rest.removeprefix("同志")):
            return 1, end + 2 * rest.startswith("同志")
        if rest[:1] in tuple("、和与"):
            others, last = _persons_at(statement, end + 1, given=given)
            if others:
                return others + 1, last
    return 0, 0


def _means_person(name: str, rest: str) -> bool:
    """Whether a name that may be another word (高峰期, 周边) is a person's by what follows it."""
    if name[0] not in words.SURNAMES_LIKE_WORDS or is_masked(name) or rest.startswith("同志"):
        return True
    timed = bool(leading_deadline(rest)) and not _LIKE_A_WORD.search(name)
    return timed or bool(_AS_A_PERSON.match(rest))


def without_persons(clause: str) -> tuple[str, int]:
    """Return a clause without the persons whom it names as those who act (并由张三核对), and how many these are."""
    joined = _JOINS.match(clause)
    begun = joined.end() if joined else 0
    begun += len(leading_deadline(clause[begun:]))
    given = _GIVEN_TO.match(clause[begun:])
    persons, end = _persons_at(clause, begun + (given.end() if given else 0), given=bool(given))
    return (clause[:begun] + clause[end:], persons) if persons else (clause, 0)


def _tells_of_people(name: str) -> bool:
    """Whether words name people and what they do (班子成员每人联系) or a place (在门户网站), not a unit."""
    if name[0] in "在于从向往":
        return True
    after = [name[match.end() :] for match in _PEOPLE.finditer(name)]
    return any(BEGINS_WITH_VERB.search(each) or _GOING.match(each) for each in after)


def _acts(words_after: str) -> bool:
    """Whether words go on with what somebody does, perhaps by a day."""
    now = _ADVERB.sub("", words_after)
    later = _ADVERB.sub("", _FROM_A_DAY.sub("", now[len(leading_deadline(now)) :]))
    acting = (
        rest
        for rest in (now, later, _ON_A_TIME.sub("", now, count=1) if _ON_A_TIME.match(now) else "")
        if not rest[:1].isdigit()
    )
    return any(BEGINS_WITH_VERB.match(rest) or _ACTING.match(rest) for rest in acting)
