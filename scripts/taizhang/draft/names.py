"""Names in a report: whether words name a unit, a post, a person, or no one in particular."""

from __future__ import annotations

import re

from taizhang.draft import words
from taizhang.typed.personal import looks_like_a_name

__all__ = [
    "is_department",
    "is_masked",
    "is_unit_by_work",
    "names_no_one",
    "names_own_unit",
    "names_owner",
    "names_person",
    "names_post",
    "names_titled",
    "post_and_name",
    "stands_for_person",
]

_NO_ONE = re.compile(words.NO_ONE_UNIT)
_DEPARTMENT = re.compile(rf"[一-鿿A-Za-z0-9“”·]{{0,12}}{words.UNIT_END}")
_POST = re.compile(rf"(?P<before>[一-鿿“”]{{0,10}}?)(?P<post>{words.POST_END})")
_BEFORE_POST = re.compile(words.BEFORE_POST)
_POST_THEN_NAME = re.compile(
    rf"(?P<post>[一-鿿]{{0,8}}?{words.POST_END})\s*(?:[：:]\s*)?(?P<name>[一-鿿某×xX*]{{2,4}})"
)
_MASKED = re.compile(r"[某×*]|[xX]{1,3}(?![A-Za-z])|[〇○]{2}")
_NO_UNIT = re.compile(words.NO_UNIT)
_WORK_UNIT = re.compile(
    r"[一-鿿]{2}(?:人事|宣传|教育|建设|管理|监督|服务|指导|协调|保障|统战|执法|考核|调查|规划|技术|信息|检查|审批|审计|财务)?"
    r"(?<!支)(?:科|股|处|室|办|部|组|中心|局)(?:[一-鿿]{2,8}(?:科|股|处|室|办|组|中心))?"
)
"""A unit named by its work (督查室, 宣传科): it begins like a task and is none."""

_NO_NAME = re.compile(words.NO_NAME)


def names_owner(word: str) -> bool:
    """Whether a word may say who does something: a unit, a post, a person, or no one unit (各科室)."""
    return is_department(word) or names_post(word) or names_person(word) or names_no_one(word)


def names_no_one(word: str) -> bool:
    """Whether a word begins like one that names no one unit (各科室, 相关部门)."""
    return bool(_NO_ONE.match(word))


def is_department(name: str) -> bool:
    """Whether a name is a department's: it ends like one and is not a person's, a post's, or no one unit."""
    if name in words.SHORT_UNITS:
        return True
    if (
        _NO_UNIT.fullmatch(name)
        or not _DEPARTMENT.fullmatch(name)
        or len(name) < 2
        or names_no_one(name)
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
    if match is None or is_masked(name):
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
    if is_masked(name):
        return True
    if len(name) <= 4 and name[0] in words.SURNAMES:
        return True
    return bool(_POST.fullmatch(name)) and not names_post(name)


def names_titled(words_alone: str) -> bool:
    """Whether words are a post and the name of a person who holds it (财务科长钱七)."""
    post, name = post_and_name(words_alone)
    return names_post(post) and stands_for_person(name)


def post_and_name(words_alone: str) -> tuple[str, str]:
    """Return the post and the name after it, if words end so (财务科长钱七); else two empty texts."""
    titled = _POST_THEN_NAME.fullmatch(words_alone)
    return (titled["post"], titled["name"]) if titled else ("", "")


def is_masked(name: str) -> bool:
    """Whether a name is partly made unreadable (王某某, 李××)."""
    return bool(_MASKED.search(name))


def stands_for_person(words_alone: str) -> bool:
    """Whether words that stand alone where who is said are a name: two or three characters, a common surname."""
    common = words_alone[:1] in words.COMMON_SURNAMES and 2 <= len(words_alone) <= 3
    common = common and not _NO_NAME.match(words_alone)
    return (common and looks_like_a_name(words_alone) and names_person(words_alone)) or bool(
        is_masked(words_alone) and names_person(words_alone)
    )
