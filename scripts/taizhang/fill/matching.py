"""Which problem or measure of the ledger a form names: the same words, else those most alike by far."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.draft.item_labels import label_at
from taizhang.typed.folding import fold, squeeze

__all__ = ["key_of", "match"]

_ALIKE = 80
"""The least likeness (per cent) at which words of a form are taken for those of the ledger, and said to be."""

_AHEAD = 8
"""How much more alike the best of them must be than the next: else nobody could tell which is meant."""

_ALIKE_OF_FEW, _AHEAD_OF_FEW = 70, 20
_BEGINS_ALIKE, _SHORTEST_PART = 95, 6
"""The likeness of two texts of which one begins with the other, if that is so long."""

_SHORTEST = 4
"""The least length of a measure's words without its time by which it is told from others."""

_WHEN = re.compile(
    r"[（(]?(?:(?:\d{4}年)?(?:\d{1,2}月(?:\d{1,2}日|底|上旬|中旬|下旬)?|[上下]半年|[一二三四1234]季度)|\d{4}年|年底|年内)"
    r"(?:之前|以前|前|内|末|底前)?(?:完成)?[）)]?"
)
"""A time in a measure's words: the form may have it elsewhere, or in a column of its own."""


def match(text: str, known: Sequence[tuple[str, str]], *, few: bool = False) -> tuple[str, str]:
    """Return the code whose words a text gives ("" if none), and these words if they are only alike.

    ``known`` are codes with their words; a code may come more than once. ``few``: they are the measures of one problem,
    so that less likeness tells them apart, if it is further ahead.
    """
    from rapidfuzz import fuzz

    least, ahead = (_ALIKE_OF_FEW, _AHEAD_OF_FEW) if few else (_ALIKE, _AHEAD)
    wanted, timeless = key_of(text), _timeless(text)
    if same := next((code for code, words in known if key_of(words) == wanted), ""):
        return same, ""
    scores: dict[str, tuple[float, str]] = {}
    for code, words in known:
        other = _timeless(words)
        score = max(fuzz.ratio(wanted, key_of(words)), fuzz.ratio(timeless, other))
        begins = other.startswith(timeless) or timeless.startswith(other)
        if begins and min(len(timeless), len(other)) >= _SHORTEST_PART:
            score = max(score, _BEGINS_ALIKE)
        scores[code] = max(scores.get(code, (0.0, "")), (score, words))
    ranked = sorted(scores.items(), key=lambda item: -item[1][0])
    score, words = ranked[0][1] if ranked else (0.0, "")
    next_best = ranked[1][1][0] if len(ranked) > 1 else 0.0
    return (ranked[0][0], words) if score >= least and score - next_best >= ahead else ("", "")


def _timeless(text: str) -> str:
    """Return the key of a text without its times; the key itself if little else is left."""
    bare = key_of(_WHEN.sub("", text)).strip("，,")
    return bare if len(bare) >= _SHORTEST else key_of(text)


def key_of(text: str) -> str:
    """Return a text without its number, blanks and stops at its ends, for comparison."""
    label = label_at(text)
    return squeeze(fold(text[label.end :] if label else text)).casefold().strip("。.;；")
