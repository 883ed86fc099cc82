"""Owners: the departments and posts that a cell of the office's own table names, and what it names besides."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from taizhang.adopt.fields import word_lists
from taizhang.draft import words
from taizhang.typed.personal import looks_like_a_name
from taizhang.typed.text import clean_key, means_nothing, split_many

__all__ = ["Owners", "is_department", "is_post", "post_in", "read_owners"]

_WORDS = word_lists("owners")
_LEADS, _HELPS = "|".join(_WORDS["leads"]), "|".join(_WORDS["helps"])
_ROLE = re.compile(rf"^(?P<lead>责任|{_LEADS})?(?P<other>{_HELPS})?{words.WORD_OF_UNIT}?[:：]\s*")
_VERB = re.compile(
    r"(?:按(?:照)?(?:各自)?(?:职责|职能)(?:分工)?|分工|分别|共同|联合|具体|各自|做好|予以|全面|总){0,3}"
    rf"(?:(?P<lead>(?:{_LEADS}){{1,2}})|(?P<help>(?:{_HELPS}){{1,2}}))(?:单位|部门|落实|推进|实施|整改|工作){{0,2}}(?=[，,；;。\s]|$)"
)
"""A verb behind departments that says what they do: 机关党委牵头，人事处、办公室配合; 甲处、乙处按职责分工负责."""

_LABEL_INSIDE = re.compile(rf"(?<=\s)(?=(?:{_LEADS}|责任|{_HELPS}){words.WORD_OF_UNIT}?[:：])")
_TOGETHER = re.compile(r"(?<=[^，,、；;\s])(?=会同)")
_BEFORE = re.compile(r"^由(?=.{2})")
_UNREAD = re.compile(rf"(?:{_LEADS}|{_HELPS})(?!中心|处|科|组|室|人$)|负责人$|[:：。]")
"""What no department is called: words beside it were not understood."""
_AMONG_OTHERS = re.compile(rf"等(?:有关|相关|各)?{words.WORD_OF_UNIT}$")
_REMARK = re.compile(r"[（(](?P<words>[^（）()]{0,12})[）)]")
_EVERYBODY = re.compile(
    rf"^(?:{words.NO_ONE_UNIT}|{'|'.join(_WORDS['everybody'])})|(?:等|全体)$|各{words.WORD_OF_UNIT}"
)
_UNIT = re.compile(rf"(?:{words.UNIT_END}|{'|'.join((*_WORDS['units'], *words.SHORT_UNITS))})$")
_POST = re.compile(rf"(?:{words.POST_END}|{'|'.join(_WORDS['posts'])})$")
_CHARGES, _BEFORE_POST = re.compile("|".join(_WORDS["before_posts"])), re.compile(words.BEFORE_POST)
_FULL = 2
"""A remaining text of so few characters before a post's title may be a surname with or without a given name."""


@dataclass(frozen=True, slots=True)
class Owners:
    """The departments of a cell in order, the leading one first; ``others`` are words that are no single department.

    ``persons`` is how many words look like persons' names; the names themselves are kept nowhere.
    """

    lead: str = ""
    supporting: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    persons: int = 0


def read_owners(text: str, known: Collection[str] = ()) -> Owners:
    """Read the departments of a cell: 办公室、人事科; 牵头：办公室；配合：人事科; 办公室（牵头）.

    ``known`` are departments that stand alone elsewhere: a name that is written right behind one of them is left out.
    """
    leads: list[str] = []
    supporting: list[str] = []
    others: list[str] = []
    persons = 0
    into = leads
    for part, said in _with_verbs(_TOGETHER.sub("，", _LABEL_INSIDE.sub("\n", text))):
        into = {"lead": leads, "help": supporting}.get(said, into)
        word = _BEFORE.sub("", part)
        if word.startswith("会同"):
            into, word = supporting, word.removeprefix("会同")
        role = _ROLE.match(word)
        if role and role.end():
            into = supporting if role["other"] else leads
            word = word[role.end() :].strip()
        word, target, beside = _without_remarks(word, into, leads, supporting)
        others += [each for each in beside if each]
        persons += beside.count("")
        if word not in known and (unit := _unit_before_name(word, known)):
            persons, word = persons + 1, unit
        if not word or means_nothing(word):
            continue
        if more := _AMONG_OTHERS.search(word):
            others.append(word)
            word = word[: more.start()]
        if word not in known and looks_like_a_name(word) and not _UNIT.search(word):
            persons += 1
        elif _EVERYBODY.search(word) or (word not in known and _UNREAD.search(word)):
            others.append(word)
        else:
            units, rest = _apart(word, known)
            target += units
            others += rest
    lead = leads[0] if leads else ""
    departments = dict.fromkeys((*leads, *supporting))
    return Owners(lead, tuple(each for each in departments if each != lead), tuple(others), persons)


def _with_verbs(text: str) -> Iterator[tuple[str, str]]:
    """Yield each word of a cell with what the verb behind it says: "lead", "help", or nothing.

    A verb is said of all words since the verb before: in 人事处、办公室配合 both help.
    """
    start = 0
    for verb in _VERB.finditer(text):
        words = split_many(text[start : verb.start()])
        yield from ((word, "lead" if verb["lead"] else "help") for word in words)
        start = verb.end()
    yield from ((word, "") for word in split_many(text[start:]))


def _apart(word: str, known: Collection[str]) -> tuple[Sequence[str], Sequence[str]]:
    """Return the departments that spaces separate (人事处 办公室), and the posts beside them (人事处 处长).

    A word with anything else is left whole.
    """
    parts = word.split()
    units = [each for each in parts if each in known or is_department(each)]
    posts = [each for each in parts if each not in units and is_post(each)]
    return (units, posts) if units and len(units) + len(posts) == len(parts) else ((word,), ())


def _unit_before_name(word: str, known: Collection[str]) -> str:
    """Return the department in front of a person's name (办公室 张三, 办公室张三); empty if there is no such name."""
    first, _, rest = word.partition(" ")
    if rest and all(map(looks_like_a_name, rest.split())):
        return first
    for end in range(len(word) - 1, 1, -1):
        unit = word[:end].rstrip(":-—")
        if looks_like_a_name(word[end:]) and (unit in known or (is_department(unit) and not is_post(word))):
            return unit
    return ""


def _without_remarks(
    word: str, into: list[str], leads: list[str], supporting: list[str]
) -> tuple[str, list[str], list[str]]:
    """Return a word without remarks in brackets, the list that they put it on, and the posts and names in them.

    A name is an empty text.
    """
    target = into
    beside: list[str] = []
    for remark in _REMARK.findall(word):
        if looks_like_a_name(remark):
            beside.append("")
        elif re.search(_LEADS, remark):
            target = leads
        elif re.search(_HELPS, remark):
            target = supporting
        elif is_post(remark) and not is_department(remark):
            beside.append(remark)
        else:
            continue
        word = word.replace(f"（{remark}）", "").replace(f"({remark})", "")
    return clean_key(word), target, beside


def is_department(word: str) -> bool:
    """Whether a word looks like the name of a department."""
    key = clean_key(word)
    return 2 <= len(key) <= 20 and _UNIT.search(key) is not None and not looks_like_a_name(key)


def post_in(word: str) -> tuple[str, bool]:
    """Return the post that a word names, empty if none, and whether it holds anything else, such as a person's name.

    张三（党委书记）, 党委书记 张三 and 党委书记张三 name the post; 张三局长 may not be taken apart.
    """
    key = clean_key(word)
    if is_post(key):
        return key, False
    inside = _REMARK.findall(word)
    outside = clean_key(_REMARK.sub(" ", word))
    parts = [*map(clean_key, inside), *outside.split()]
    posts = [each for each in parts if is_post(each)]
    if len(posts) == 1 and len(parts) > 1:
        return posts[0], True
    joined = key.replace(" ", "")
    ends = [end for end in range(2, len(joined)) if is_post(joined[:end]) and looks_like_a_name(joined[end:])]
    return (joined[: ends[0]], True) if ends else ("", True)


def is_post(word: str) -> bool:
    """Whether a word is a post and holds no person's name: 分管副局长, not 王局长 or 张三（局长）."""
    key = clean_key(word).replace(" ", "")
    found = _POST.search(key)
    if found is None or "(" in key or key.endswith("机关党委"):
        return False
    before = key[: found.start()]
    named = before[:1] in words.COMMON_SURNAMES and _BEFORE_POST.fullmatch(before, 1)
    if _UNIT.search(before) and not (before and named):
        return True
    before = _CHARGES.sub("", before)
    if _BEFORE_POST.fullmatch(before):
        return True
    before = _BEFORE_POST.sub("", before)
    return len(before) > _FULL and not looks_like_a_name(before)
