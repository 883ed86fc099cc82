"""Who is named in a report: departments and posts, which go into the ledger, and persons, whose names never do."""

from __future__ import annotations

import re
from collections.abc import Iterable

from taizhang.draft import words
from taizhang.draft.deadline_words import leading_deadline
from taizhang.draft.values import Owners
from taizhang.typed.personal import looks_like_a_name

__all__ = [
    "is_department",
    "is_unit_by_work",
    "merge_owners",
    "names_own_unit",
    "names_person",
    "names_post",
    "names_titled",
    "owners_of",
    "read_led_clause",
    "read_subject",
    "stands_for_person",
    "without_persons",
]

_LONGEST_NAME = 14
_SPLIT = re.compile(r"[、，,；;/／\s]+|(?<=[一-鿿])(?:和|与|及|以及)(?=[一-鿿])")
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_HELPING = re.compile(
    rf"[（(](?:{words.HEAD_SUPPORT}|{words.HELPED})\s{{0,4}}[：:为]?\s{{0,4}}(?P<names>[^（）()]+)[）)]"
)
"""Who helps, in brackets after who leads (保卫科（配合：后勤中心）)."""
_NO_ONE = re.compile(words.NO_ONE_UNIT)
_DEPARTMENT = re.compile(rf"[一-鿿A-Za-z0-9“”·]{{0,12}}{words.UNIT_END}")
_POST = re.compile(rf"(?P<before>[一-鿿“”]{{0,10}}?)(?P<post>{words.POST_END})")
_BEFORE_POST = re.compile(words.BEFORE_POST)
_POST_THEN_NAME = re.compile(
    rf"(?P<post>[一-鿿]{{0,8}}?{words.POST_END})\s*(?:[：:]\s*)?(?P<name>[一-鿿某×xX*]{{2,4}})"
)
_NAME_THEN_POST = re.compile(rf"[{words.SURNAMES}][一-鿿]{{1,2}}?(?P<post>{words.BEFORE_POST}{words.POST_END})")
_WORDED = re.compile(r"[^\W\d_]|^[/—-]+$")
"""A piece with a letter or a character, or a mark for nothing; a telephone number beside a name has none."""
_SURNAME_AND_POST = re.compile(rf"[{words.COMMON_SURNAMES}]副?{words.POST_END}")
_MASKED = re.compile(r"[某×*]|[xX]{1,3}(?![A-Za-z])|[〇○]{2}")
_NO_UNIT = re.compile(words.NO_UNIT)

_NUMBERED = re.compile(r"第[\d一二三四五六七八九十]{1,3}[项条个]")
"""How a name begins that is of some of the measures only (第1项药剂科)."""

_WORK_UNIT = re.compile(
    r"[一-鿿]{2}(?:人事|宣传|教育|建设|管理|监督|服务|指导|协调|保障|统战|执法|考核|调查|规划|技术|信息|检查|审批|审计|财务)?"
    r"(?<!支)(?:科|股|处|室|办|部|组|中心)"
)
"""A unit named by its work (督查室, 宣传科): it begins like a task and is none."""

_LEDGER_WORDS = frozenset({"无", "暂无", "/", "—", "-", "同上", "〃", "待定", "略"})
_MARK = re.compile(rf"(?P<who>.+?)(?:为|是)?(?P<mark>{words.LED}|{words.HELPED})")
_GIVEN_TO = re.compile(
    rf"(?:{words.HEAD_LEAD})(?=[一-鿿])|请(?=[一-鿿])|"
    r"(?:[^，,。；;由]{0,6}(?:要求|责成|安排|指定|明确|督促|[当次]日|当天|之?[后前时]))?由|[^，,。；;由]{0,6}(?:要求|责成|安排|指定|责令)"
)
_GOING = re.compile(r"每|均|都|到|下|进|入|赴|驻|深入|带头|分片|轮流|全员|主动|包")
_LONGEST_SUBJECT = 16
_PEOPLE = re.compile(words.PEOPLE)
_NO_NAME = re.compile(words.NO_NAME)
_SOMEBODY = re.compile(r"[户方人者员家们位队厂店]$")
"""How words end that are somebody and no name (由商户更换)."""

_AS_A_PERSON = re.compile(rf"{words.LED}|每[日天周月季年]|带队|带头|亲自|具体|全程|[、和与]")
_LIKE_A_WORD = re.compile(
    r"[期区段站点线类项处位量化室员工者性面年月日天季内外前后中上下级标度户款坯物堤库场"
    r"料品机车电气街沟渠坝棚柜箱栏窗牌管费率]$"
)
_JOINS = re.compile(r"(?:并|且|同时|再|然后|先|后)[，,]?(?=[由责指安])")
_FROM_A_DAY = re.compile(r"^(?:自|从)?[\d年月日]{2,11}起")
_DONE_BY = re.compile(r"由(?P<who>[^，,。；;：:]{2,16}?)(?P<mark>完成|办结)")
_JOINED_BY = re.compile(
    r"(?:会同|联合|和|与|、)(?P<others>[^，,。；;]{2,20}?)(?=(?:共同|联合)?(?:负责|牵头)|(?<=[科室处股办部局中心组站所队])(?=[一-鿿]))"
)
_ADVERB = re.compile(
    r"^(?:共同|联合|统一|具体|及时|抓紧|立即|要|将|应|须|已|组织人力|安排专人|提早|抓紧|加紧|"
    r"(?:于|在)?每[日天周旬][一二三四五六日天]? ?(?:\d{1,2}[:：]\d\d ?(?:之?前)?|之?前))+"
)
_BLANK_BEFORE_MARK = re.compile(r"(?<=[一-鿿])[ 　]+(?=牵头|配合|负责|主办|协办)")
_LED_CLAUSE = re.compile(
    rf"(?:由)?(?P<who>[^，,。；;：:]{{2,40}}?)(?:共同|联合|按职责分工)?(?P<mark>{words.LED}|{words.HELPED})"
)


def owners_of(value: str, role: str = "lead") -> Owners:
    """Read who a value names, e.g. ``组织科、办公室``; ``role`` is "lead", "support", "leader" or "both".

    The first department leads and the others support, unless the value says otherwise (办公室牵头，财务科配合).
    Persons are counted and not repeated; words that name no one unit (各科室) are returned as ``vague``.
    """
    found = Owners()
    helping = _HELPING.search(value)
    for part in _parts(_HELPING.sub("", value)):
        found = merge_owners(found, _owner(part, role), joined=True)
    return merge_owners(found, owners_of(helping["names"], "support"), joined=True) if helping else found


def _parts(value: str) -> Iterable[tuple[str, str]]:
    """Yield each name in a value with what is said of it: 牵头, 配合 or nothing."""
    text = _BRACKET.sub(
        lambda each: f"、{each[1]}" if _looks_named(each[1]) else (each[1] if _is_mark(each[1]) else ""), value
    )
    pending: list[str] = []
    pieces = (each.strip('。. 　“”"') for each in _SPLIT.split(text.replace("：", "、").replace(":", "、")))
    for piece in filter(_WORDED.search, pieces):
        if _is_mark(piece):  # 牵头：办公室
            for each in pending:
                yield each, ""
            pending = []
            continue
        match = _MARK.fullmatch(piece)
        if match and not is_department(piece):
            for each in (*pending, match["who"].removeprefix("由")):
                yield each, match["mark"]
            pending = []
        else:
            pending.append(piece)
    for each in pending:
        yield each, ""


def _is_mark(text: str) -> bool:
    return bool(re.fullmatch(rf"{words.LED}|{words.HELPED}", text))


def _looks_named(text: str) -> bool:
    return (is_department(text) and text not in words.OWN_UNITS) or names_post(text) or names_person(text)


def _owner(part: tuple[str, str], role: str) -> Owners:
    name, mark = part
    helps = bool(mark and re.fullmatch(words.HELPED, mark)) or (role == "support" and not mark)
    if name in _LEDGER_WORDS:
        return Owners()
    if name.endswith("同志"):
        return Owners(persons=1)
    titled = _POST_THEN_NAME.fullmatch(name)
    if titled and names_person(titled["name"]) and names_post(titled["post"]):
        return Owners(leader=titled["post"], persons=1)
    if _NO_ONE.match(name):
        return Owners(vague=(name,))
    named = _NAME_THEN_POST.fullmatch(name)
    if named and not names_post(name) and not is_department(name):
        return Owners(leader=named["post"], persons=1)
    if names_post(name):
        return Owners(leader=name)
    if is_department(name):
        return Owners(supporting=(name,)) if helps else Owners(department=name)
    if _NUMBERED.match(name):
        return Owners(vague=(name,))
    if names_person(name) or role == "leader" or len(name) > _LONGEST_NAME:
        return Owners(persons=1) if names_person(name) or len(name) <= 4 else Owners(vague=(name,))
    if role in ("lead", "support"):
        return Owners(supporting=(name,)) if helps else Owners(department=name)
    return Owners(vague=(name,))


def merge_owners(first: Owners, second: Owners, *, joined: bool = False) -> Owners:
    """Return both: what ``first`` says goes before; with ``joined``, a second leading department supports."""
    supporting = list(first.supporting)
    department = first.department
    if not department:
        department = second.department
    elif joined and second.department and second.department != department:
        supporting.append(second.department)
    if joined or not first.supporting:
        supporting += second.supporting
    leader = first.leader or second.leader
    vague = (*first.vague, *second.vague)
    if joined and second.leader not in ("", leader):
        vague = (*vague, second.leader)
    return Owners(
        department,
        tuple(dict.fromkeys(each for each in supporting if each != department)),
        leader,
        first.persons + second.persons if joined else max(first.persons, second.persons),
        tuple(dict.fromkeys(vague)),
    )


def is_department(name: str) -> bool:
    """Whether a name is a department's: it ends like one and is not a person's, a post's, or no one unit."""
    if name in words.SHORT_UNITS:
        return True
    if (
        _NO_UNIT.fullmatch(name)
        or not _DEPARTMENT.fullmatch(name)
        or len(name) < 2
        or _NO_ONE.match(name)
        or _POST.fullmatch(name)
    ):
        return False
    if len(name) == 2 or (len(name) == 3 and re.search(r"[会院校园馆库厂班系司委店庭署部所]$", name)):
        return name[0] not in words.COMMON_SURNAMES or bool(_NO_NAME.match(name))
    return True


def is_unit_by_work(name: str) -> bool:
    """Whether a name is a unit's that is named by its work (督查室, 宣传科), so that it begins as a task does."""
    return bool(_WORK_UNIT.fullmatch(name))


def names_own_unit(name: str) -> bool:
    """Whether a name is the unit that writes, or one of several alike (学校, 社区): no department by itself."""
    return name in words.OWN_UNITS


def names_post(name: str) -> bool:
    """Whether a name is a post (局长, 分管副局长, 办公室主任) without a person's name."""
    match = _POST.fullmatch(name)
    if match is None or _MASKED.search(name):
        return False
    before = match["before"]
    if not before or _BEFORE_POST.fullmatch(before):
        return True
    if len(before) > 1 and before[0] not in words.SURNAMES:
        return True
    return is_department(before) or is_department(re.sub(r"(?:副|常务副|第一|分管)$", "", before))


def names_person(name: str) -> bool:
    """Whether a name may be a person's: a surname and one or two characters, or masked (王某某, 李××)."""
    if is_department(name) or not 2 <= len(name) <= 5:
        return False
    if _MASKED.search(name):
        return True
    if len(name) <= 4 and name[0] in words.SURNAMES:
        return True
    return bool(_POST.fullmatch(name)) and not names_post(name)


def names_titled(words_alone: str) -> bool:
    """Whether words are a post and the name of a person who holds it (财务科长钱七)."""
    titled = _POST_THEN_NAME.fullmatch(words_alone)
    return bool(titled and names_post(titled["post"]) and stands_for_person(titled["name"]))


def stands_for_person(words_alone: str) -> bool:
    """Whether words that stand alone where who is said are a name: two or three characters, a common surname."""
    common = words_alone[:1] in words.COMMON_SURNAMES and 2 <= len(words_alone) <= 3
    common = common and not _NO_NAME.match(words_alone)
    return (common and looks_like_a_name(words_alone) and names_person(words_alone)) or bool(
        _MASKED.search(words_alone) and names_person(words_alone)
    )


def read_led_clause(clause: str) -> Owners | None:
    """Read a clause that only says who leads or helps (办公室牵头，由财务科负责); None if it says something else."""
    clause = _BLANK_BEFORE_MARK.sub("", clause[len(leading_deadline(clause)) :])
    match = _LED_CLAUSE.fullmatch(clause) or _DONE_BY.fullmatch(clause)
    if match is None:
        return None
    found = owners_of(match["who"], "support" if re.fullmatch(words.HELPED, match["mark"]) else "lead")
    known = found.department or found.supporting or found.leader or found.persons or found.vague
    names = [part for part, _ in _parts(match["who"])]
    proper = all(is_department(each) or names_post(each) or names_person(each) or _NO_ONE.match(each) for each in names)
    return found if known and names and proper else None


def read_subject(statement: str, verbs: re.Pattern[str]) -> tuple[Owners, int]:
    """Read who a task names as its subject (由总务股更换灯管, 办公室每月检查); returns the length of these words, too.

    The verb or the time must follow at once; nothing is read from words that only look like a unit.
    """
    given = _GIVEN_TO.match(statement)
    begun = given.end() if given else 0
    ends = range(begun + 2, min(len(statement), begun + _LONGEST_SUBJECT) + 1)
    for end in ends:
        name = statement[begun:end]
        proper = is_department(name) or bool(given and names_post(name))
        as_verb = verbs.match(name) and not is_unit_by_work(name)
        if statement[end : end + 1] == "并":
            break  # 关停小卖部并清点库存
        if not proper or as_verb or name in words.OWN_UNITS or _tells_deed(name, verbs):
            continue
        rest = statement[end:]
        joint = _JOINED_BY.match(rest)
        if joint and _acts(rest[joint.end() :], verbs):
            return merge_owners(owners_of(name), owners_of(joint["others"], "support"), joined=True), end
        if _acts(rest, verbs):
            return (owners_of(name), end) if given or not _is_where(name, rest) else (Owners(), 0)
    if given and given[0].endswith("由"):
        names = (statement[begun:end] for end in ends if statement[end:])
        if name := next((each for each in names if _given_unit(each)), ""):
            return owners_of(name), begun + len(name)
    for end in ends:
        if names_titled(statement[begun:end]) and _acts(statement[end:], verbs):
            return owners_of(statement[begun:end]), end
    return Owners(), 0


def _is_where(name: str, words_after: str) -> bool:
    """Whether a name that ends like a unit's is a room in which something is done, or a meeting that is held."""
    later = _ADVERB.sub("", words_after[len(leading_deadline(words_after)) :])
    done = [words.OPENS]
    if name.endswith("会"):
        done.append(words.MEETS)
    if re.fullmatch(words.ROOM, name):
        done.append(words.FITTED)
    return bool(re.match(rf"(?:每.{{1,5}}?)?(?:至少|不少于)?(?:{'|'.join(done)})", later))


def _given_unit(name: str) -> bool:
    """Whether what stands after 由 is a unit's name alone: nobody and nothing that is done is in it."""
    return is_department(name) and name not in words.OWN_UNITS and not _PEOPLE.search(name)


def _persons_at(statement: str, begun: int, verbs: re.Pattern[str], *, given: bool) -> tuple[int, int]:
    """Return how many persons are named from ``begun`` on as those who act, and where their names end; or zeros."""
    for end in range(begun + 2, min(len(statement), begun + 4) + 1):
        name, rest = statement[begun:end], statement[end:]
        person = (stands_for_person(name) and (given or _means_person(name, rest))) or _SURNAME_AND_POST.fullmatch(name)
        if not person and not (given and len(name) == 3 and names_person(name) and not _SOMEBODY.search(name)):
            continue
        if _acts(rest.removeprefix("同志"), verbs):
            return 1, end + 2 * rest.startswith("同志")
        if rest[:1] in tuple("、和与"):
            others, last = _persons_at(statement, end + 1, verbs, given=given)
            if others:
                return others + 1, last
    return 0, 0


def _means_person(name: str, rest: str) -> bool:
    """Whether a name that may be another word (高峰期, 周边) is a person's by what follows it."""
    if name[0] not in words.SURNAMES_LIKE_WORDS or _MASKED.search(name) or rest.startswith("同志"):
        return True
    timed = bool(leading_deadline(rest)) and not _LIKE_A_WORD.search(name)
    return timed or bool(_AS_A_PERSON.match(rest))


def without_persons(clause: str, verbs: re.Pattern[str]) -> tuple[str, int]:
    """Return a clause without the persons whom it names as those who act (并由张三核对), and how many these are."""
    joined = _JOINS.match(clause)
    begun = joined.end() if joined else 0
    begun += len(leading_deadline(clause[begun:]))
    given = _GIVEN_TO.match(clause[begun:])
    persons, end = _persons_at(clause, begun + (given.end() if given else 0), verbs, given=bool(given))
    return (clause[:begun] + clause[end:], persons) if persons else (clause, 0)


def _tells_deed(name: str, verbs: re.Pattern[str]) -> bool:
    """Whether words name people and what they do (班子成员每人联系) or a place (在门户网站), not a unit."""
    if name[0] in "在于从向往":
        return True
    after = [name[match.end() :] for match in _PEOPLE.finditer(name)]
    return any(verbs.search(each) or _GOING.match(each) for each in after)


def _acts(words_after: str, verbs: re.Pattern[str]) -> bool:
    """Whether words go on with what somebody does, perhaps by a day."""
    now = _ADVERB.sub("", words_after)
    later = _ADVERB.sub("", _FROM_A_DAY.sub("", now[len(leading_deadline(now)) :]))
    acting = rf"{words.LED}|{words.HELPED}|做好|抓好|搞好|进行|安排|派员|派人|带队|带头|全程|亲自|对|把"
    return any(not rest[:1].isdigit() and (verbs.match(rest) or re.match(acting, rest)) for rest in (now, later))
