"""Likeness of problems: whether two texts, perhaps of different years, name the same problem in other words."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from taizhang.ledger.wording import standard_wording
from taizhang.typed.folding import fold

__all__ = ["Subject", "likeness", "subjects_of"]

ALIKE, ALIKE_BY_HEAD, ALIKE_IN_TWO = 66, 40, 30
"""The least likeness (per cent) of two subjects that are the same: of any, of those that begin with the same thing and
share common words, and of those that share two things of which one begins either."""

LONGEST = 500
"""Characters of a text that are compared: an old table may hold a whole page in one cell."""

OWN, COMMON, COMMON_MISSING = 10, 4, 7
"""What a pair of characters weighs, and a common word: little if both have it, more if only one has."""

HEAD, LONG = 4, 3
"""Characters that a head has at most, and pairs of characters that are as good as two words (旅游厕所)."""

ASIDE = 0.1
"""What weighs of all that only the subject that says more has: it may tell the particulars. All of it, if both have
nothing but common words in common: 制度执行 is not yet 财务制度执行."""

_CLAUSES = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[。；;：:\n]")
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．是]|第[一二三四五六七八九十\d]+[，、])\s*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a text is about: the pairs of neighbouring characters of its own words, and the common words in it.

    ``head`` are the pairs of its first own word: a clause first names the thing, then what is wrong with it.
    """

    own: frozenset[str]
    common: frozenset[str]
    head: frozenset[str]


def subjects_of(text: str) -> tuple[Subject, ...]:
    """Return what a problem's text and its first sentence are about: without words of deficiency and filler.

    Words that mean the same are one word. A text of nothing but deficiency and filler is about these.
    """
    plain = _NUMBERED.sub("", fold(text).strip()[:LONGEST])
    subjects = (_subject(plain), _subject(_SENTENCE.split(plain)[0]))
    return tuple(dict.fromkeys(each for each in subjects if each.own or each.common))


def likeness(one: tuple[Subject, ...], other: tuple[Subject, ...]) -> float:
    """Return how alike two problems are by what they are about (``subjects_of``): 0 if they differ, else up to 100.

    What both say is set against what the one that says less says beside it. The order does not count.
    """
    return max((_compare(a, b) for a in one for b in other), default=0.0)


def _compare(one: Subject, other: Subject) -> float:
    own, common = one.own & other.own, one.common & other.common
    if not own and one.own and other.own:
        return 0.0
    shared = OWN * len(own) + COMMON * len(common)
    less, more = sorted(OWN * len(each.own - own) + COMMON_MISSING * len(each.common - common) for each in (one, other))
    score = 100 * shared / (shared + less + (ASIDE * more if own else more))
    return score if score >= _least(one, other, own, common) else 0.0


def _least(one: Subject, other: Subject, own: frozenset[str], common: frozenset[str]) -> float:
    """Return the least likeness that makes two subjects the same; ``own`` and ``common`` are what they share.

    Less is enough if both name the same thing and something else beside it.
    """
    heads = [each.head & own for each in (one, other)]
    ends = {pair[-1] for pair in own}
    words = sum(pair[0] not in ends for pair in own)  # neighbouring pairs are one word
    if any(heads) and (words > 1 or len(own) >= LONG):
        return ALIKE_IN_TWO
    same_head = all(2 * len(found) >= len(each.head) > 0 for found, each in zip(heads, (one, other), strict=True))
    return ALIKE_BY_HEAD if same_head and len(common) > 1 else ALIKE


def _subject(text: str) -> Subject:
    clauses = [clause for clause in _CLAUSES.split(_same_word().sub(_first_of_group, text)) if clause]
    parts = [part for clause in clauses for part in _parts(clause)] or [(clause, False) for clause in clauses]
    own = [frozenset(_pairs(part)) for part, known in parts if not known and (len(part) > 1 or len(parts) == 1)]
    head = next((frozenset(_pairs(part[:HEAD])) for part, known in parts if not known and len(part) > 1), frozenset())
    return Subject(frozenset().union(*own), frozenset(part for part, known in parts if known), head)


def _parts(clause: str) -> list[tuple[str, bool]]:
    """Return the words of a clause that tell what it is about, and whether they are common ones."""
    listed = standard_wording().problem
    left_out = {*listed.deficient, *listed.filler}
    found: list[tuple[str, bool]] = []
    split = _known_words().split(clause)
    last = max((number for number, part in enumerate(split) if part and part not in left_out), default=0)
    for number, part in enumerate(split):
        known = bool(number % 2)
        left = _strip_endings(part) if number == last and not known else part
        if left and (left in listed.common or not known):
            found.append((left, known))
    return found


def _strip_endings(part: str) -> str:
    endings = standard_wording().problem.endings
    while ending := next(filter(part.endswith, endings), ""):
        part = part.removesuffix(ending)
    return part


def _pairs(part: str) -> list[str]:
    return [part[number : number + 2] for number in range(max(1, len(part) - 1))]


def _first_of_group(found: re.Match[str]) -> str:
    return _groups()[found[0]]


@cache
def _groups() -> dict[str, str]:
    return {word: group[0] for group in standard_wording().problem.same for word in group}


@cache
def _same_word() -> re.Pattern[str]:
    return _any_of(_groups())


@cache
def _known_words() -> re.Pattern[str]:
    """Return what splits at the words left out and at the common words, which it returns."""
    listed = standard_wording().problem
    return re.compile(f"({_any_of((*listed.deficient, *listed.filler, *listed.common)).pattern})")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
