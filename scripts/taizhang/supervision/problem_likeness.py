"""Likeness of problems: whether two texts, perhaps of different years, name the same problem in other words."""

from __future__ import annotations

import re
from functools import cache

from taizhang.ledger.wording import standard_wording
from taizhang.typed.folding import fold

__all__ = ["likeness", "subjects_of"]

ALIKE = 78
"""The least likeness (per cent) of two subjects that are the same: one character of four may not differ."""

SHORTEST_PART = 4
"""A subject of so many characters that stands within another one, at least half of it, is the same."""

LONGEST = 500
"""Characters of a text that are compared: an old table may hold a whole page in one cell."""

_CLAUSES = re.compile(r"[\W_]+")
_SENTENCE = re.compile(r"[。；;：:\n]")
_NUMBERED = re.compile(r"^\s*(?:[（(]?[一二三四五六七八九十\d]+[)）、.．是]|第[一二三四五六七八九十\d]+[，、])\s*")


def subjects_of(text: str) -> tuple[str, ...]:
    """Return what a problem's text and its first sentence are about: without words of deficiency and filler.

    A text of nothing but such words is kept as it is.
    """
    plain = _NUMBERED.sub("", fold(text).strip()[:LONGEST])
    subjects = (_subject(plain), _subject(_SENTENCE.split(plain)[0]))
    return tuple(dict.fromkeys(filter(None, subjects)))


def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    """Return how alike two problems are by what they are about (``subjects_of``): 0 if they differ, else up to 100.

    The order of the characters does not count, nor what else the longer of two subjects says beside the shorter.
    """
    return max((_compare(a, b) for a in one for b in other), default=0.0)


def _compare(one: str, other: str) -> float:
    from rapidfuzz import fuzz

    score = max(fuzz.ratio(one, other), fuzz.ratio("".join(sorted(one)), "".join(sorted(other))))
    shorter, longer = sorted((one, other), key=len)
    within = shorter in longer and len(shorter) >= SHORTEST_PART and len(shorter) * 2 >= len(longer)
    return score if score >= ALIKE or within else 0.0


def _subject(text: str) -> str:
    clauses = [clause for clause in _CLAUSES.split(text) if clause]
    return "".join(map(_strip_clause, clauses)) or "".join(clauses)


def _strip_clause(clause: str) -> str:
    left, endings = _left_out().sub("", clause), standard_wording().problem.endings
    while ending := next(filter(left.endswith, endings), ""):
        left = left.removesuffix(ending)
    return left


@cache
def _left_out() -> re.Pattern[str]:
    """Return what finds the words left out anywhere, the longest first."""
    listed = standard_wording().problem
    words = sorted((*listed.deficient, *listed.filler), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
