"""Likeness of problems: whether two texts, perhaps of different years, name the same problem in other words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from taizhang.ledger.wording import standard_wording
from taizhang.typed.folding import fold

__all__ = ["Subject", "likeness", "subjects_of"]

ALIKE = 52
"""The least likeness (out of 100) of two wordings of the same problem."""

OF_SHORTER, OF_BOTH, OF_EACH, MOST = 40, 20, 10, 4
"""What counts for likeness, 100 in all: how much of the shorter text the other one has, how much of both is in both,
and each telling character in both, up to the most. The shares are those of a logistic regression over pairs judged by
hand (tests/supervision/problem_pairs.toml), rounded.
"""

TELLING = 100
"""What a character weighs that no common word has."""

USUAL = 6
"""How many such characters a clause is worth, usually. Two texts that say much share some by chance: in these, each
counts in proportion.
"""

LONGEST = 500
"""Characters of a text that are compared: an old table may hold a whole page in one cell."""

_CLAUSES = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[。；;：:\n]")
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．是]|第[一二三四五六七八九十\d]+[，、])\s*")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a text is about: the characters of its words that say it, and what they weigh together."""

    characters: frozenset[str]
    weight: int


def subjects_of(text: str) -> tuple[Subject, ...]:
    """Return what a problem's text and its first sentence are about: without words of deficiency and filler.

    Words that mean the same are one word. A text of nothing but deficiency and filler is about these.
    """
    plain = _NUMBERED.sub("", fold(text).strip()[:LONGEST])
    subjects = (_subject(plain), _subject(_SENTENCE.split(plain)[0]))
    return tuple(dict.fromkeys(each for each in subjects if each.characters))


def likeness(one: tuple[Subject, ...], other: tuple[Subject, ...]) -> float:
    """Return how alike two problems are by what they are about (``subjects_of``): 0 if they differ, else up to 100.

    Neither the order counts nor how words are cut: 内控 is in 内部控制, and 用印 in 印章使用.
    """
    score = max((_compare(a, b) for a in one for b in other), default=0.0)
    return score if score >= ALIKE else 0.0


def _compare(one: Subject, other: Subject) -> float:
    shared = _weigh(one.characters & other.characters)
    of_shorter, of_both = min(one.weight, other.weight), one.weight + other.weight - shared
    each = min(MOST, shared / TELLING * min(1, USUAL * TELLING / of_shorter))
    return OF_SHORTER * shared / of_shorter + OF_BOTH * shared / of_both + OF_EACH * each


def _subject(text: str) -> Subject:
    clauses = [clause for clause in _CLAUSES.split(_same_word().sub(_first_of_group, text)) if clause]
    characters = frozenset("".join(map(_telling, clauses)) or "".join(clauses))
    return Subject(characters, _weigh(characters))


def _telling(clause: str) -> str:
    """Return what is left of a clause without words of deficiency and filler."""
    listed = standard_wording().problem
    left_out = {*listed.deficient, *listed.filler}
    left = [part for part in _known_words().split(clause) if part and part not in left_out]
    return "".join((*left[:-1], _strip_endings(left[-1]))) if left else ""


def _strip_endings(part: str) -> str:
    endings = standard_wording().problem.endings
    while ending := next(filter(part.endswith, endings), ""):
        part = part.removesuffix(ending)
    return part


def _weigh(characters: Iterable[str]) -> int:
    weights = _weights()
    return sum(weights.get(char, TELLING) for char in characters)


@cache
def _weights() -> dict[str, int]:
    """Return what a character tells: the less, the more of the words have it that texts of problems are full of."""
    listed = standard_wording().problem
    words = (*listed.deficient, *listed.filler, *listed.common)
    counts = Counter(char for word in words for char in set(word))
    return {char: round(TELLING * 2 / (2 + number)) for char, number in counts.items()}


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
    """Return what splits at the words that are left out, and at the common ones, so that no part of these is."""
    listed = standard_wording().problem
    return re.compile(f"({_any_of((*listed.deficient, *listed.filler, *listed.common)).pattern})")


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
