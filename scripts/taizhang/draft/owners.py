"""Who is in charge in a report's words: departments and posts go into the ledger, names of persons never do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from taizhang.draft import words
from taizhang.draft.deadline_words import leading_deadline
from taizhang.draft.names import (
    is_department,
    names_no_one,
    names_own_unit,
    names_owner,
    names_person,
    names_post,
    post_and_name,
)
from taizhang.draft.values import Owners

__all__ = ["merge_owners", "owners_of", "read_led_clause", "split_names"]

_LONGEST_NAME = 14
_MARKS = re.compile(r"[、，,；;/／\s]+|(?<=[一-鿿])会同(?=[一-鿿])")
_AND = re.compile(r"(?<=[一-鿿])(以及|和|与|及)(?=[一-鿿])")
_BRACKET = re.compile(r"[（(]([^（）()]*)[）)]")
_HELPING = re.compile(
    rf"[（(](?:{words.HEAD_SUPPORT}|{words.HELPED})\s{{0,4}}[：:为]?\s{{0,4}}(?P<names>[^（）()]+)[）)]"
)
"""Who helps, in brackets after who leads (保卫科（配合：后勤中心）)."""
_ROLE_BEFORE = re.compile(rf"^{words.ROLE_BEFORE_UNIT}")
_NAME_THEN_POST = re.compile(rf"[{words.SURNAMES}][一-鿿]{{1,2}}?(?P<post>{words.BEFORE_POST}{words.POST_END})")
_WORDED = re.compile(r"[^\W\d_]|^[/—-]+$")
"""A piece with a letter or a character, or a mark for nothing; a telephone number beside a name has none."""

_NUMBERED = re.compile(r"第[\d一二三四五六七八九十]{1,3}[项条个]")
"""How a name begins that is of some of the measures only (第1项药剂科)."""

_OF_OURS = re.compile(r"^[我本](?:[局处院校站所镇乡厂园馆委县市区行社]|中心|单位|公司|集团|学校|医院)(?=[一-鿿]{3})")
"""Words before a unit's name for that it is part of (我院急诊科)."""

_LEDGER_WORDS = frozenset({"无", "暂无", "/", "—", "-", "同上", "〃", "待定", "略"})
_MARK = re.compile(rf"(?P<who>.+?)(?:为|是)?(?P<mark>{words.LED}|{words.HELPED})")
_DONE_BY = re.compile(r"由(?P<who>[^，,。；;：:]{2,16}?)(?P<mark>完成|办结)")
_BLANK_BEFORE_MARK = re.compile(r"(?<=[一-鿿])[ 　]+(?=牵头|配合|负责|主办|协办)")
_LED_CLAUSE = re.compile(
    rf"(?:由)?(?P<who>[^，,。；;：:]{{2,40}}?)(?:要|应|须)?(?:积极|主动|密切|共同|联合|按职责分工)?(?P<mark>{words.LED}|{words.HELPED})"
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


def split_names(text: str) -> Iterator[str]:
    """Yield the names in a text: parted by marks, and by 和 between two of them (人力资源和社会保障局 is one)."""
    for piece in _MARKS.split(text):
        name, *rest = _AND.split(piece)
        for word, after in zip(rest[::2], rest[1::2], strict=True):
            if not names_owner(name) and is_department(f"{name}{word}{after}"):
                name = f"{name}{word}{after}"
            else:
                yield name
                name = after
        yield name


def _parts(value: str) -> Iterable[tuple[str, str]]:
    """Yield each name in a value with what is said of it: 牵头, 配合 or nothing."""
    text = _BRACKET.sub(
        lambda each: (
            f"、{each[1]}" if all(map(_looks_named, split_names(each[1]))) else (each[1] if _is_mark(each[1]) else "")
        ),
        value,
    )
    pending: list[str] = []
    pieces = (each.strip('。. 　“”"') for each in split_names(text.replace("：", "、").replace(":", "、")))
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
    return (is_department(text) and not names_own_unit(text)) or names_post(text) or names_person(text)


def _owner(part: tuple[str, str], role: str) -> Owners:
    name, mark = _OF_OURS.sub("", part[0]), part[1]
    bare = _ROLE_BEFORE.sub("", name, count=1)
    name = bare if is_department(bare) else name
    helps = bool(mark and re.fullmatch(words.HELPED, mark)) or (role == "support" and not mark)
    if name in _LEDGER_WORDS:
        return Owners()
    if name.endswith("同志"):
        return Owners(persons=1)
    post, person = post_and_name(name)
    if names_person(person) and names_post(post):
        return Owners(leader=post, persons=1)
    if names_no_one(name):
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


def read_led_clause(clause: str) -> Owners | None:
    """Read a clause that only says who leads or helps (办公室牵头，由财务科负责); None if it says something else."""
    clause = _BLANK_BEFORE_MARK.sub("", clause[len(leading_deadline(clause)) :])
    match = _LED_CLAUSE.fullmatch(clause) or _DONE_BY.fullmatch(clause)
    if match is None:
        return None
    found = owners_of(match["who"], "support" if re.fullmatch(words.HELPED, match["mark"]) else "lead")
    known = found.department or found.supporting or found.leader or found.persons or found.vague
    names = [part for part, _ in _parts(match["who"])]
    return found if known and names and all(map(names_owner, names)) else None
