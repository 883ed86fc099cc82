"""Match typed text to a list of choices; a near miss becomes a question, never a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TypeAlias

from taizhang.typed.readings import Reading, quote
from taizhang.typed.text import clean_key, is_blank

__all__ = ["ChoiceReading", "match_choice", "nearest"]

ChoiceReading: TypeAlias = Reading[str]
"""A parsed choice; ``ambiguous`` holds the suggestions, most likely first."""

_LISTED_AT_MOST = 12
_PROPOSED_AT_MOST = 3
_ALIKE = 50.0
_PARTLY = re.compile(
    r"基本|大体|大致|大部|部分|初步|阶段|接近|即将|快要?|将要?|正在|准备|预计|争取|一半|过半|大半|半|(?<!完)成(?:$|左右)|\d|%|逐步|陆续"
)
_NOT = re.compile(r"未|没|不|无|尚|非")
_UNITS = frozenset("日天周旬月季年")
_WAITING = re.compile(r"待|申请|拟|报请")
_DONE = re.compile(r"完成|完结|办结|办完|销号|整改|解决|落实|到位|执行|转化")


def match_choice(
    text: str, choices: Sequence[str], aliases: Mapping[str, str] | None = None, *, source: str = "选项"
) -> ChoiceReading:
    """Return the choice that a text names literally, after normalising, or by a declared alias.

    Normalising unifies full width, spaces and case. ``aliases`` maps other accepted words to choices; ``source`` names
    the list in the message (选项, 〈参数〉). Any other text returns a problem that suggests what may have been meant.
    """
    if text in choices:
        return Reading(text, text)
    if is_blank(text):
        return Reading(typed=text, problem="是空的，请从选项里选一个。")
    key = _key(text)
    same = _by_key(tuple(choices)).get(key, ())
    if len(same) == 1:
        return Reading(same[0], text, "去掉空格、统一全角半角")
    meant = [choice for choice in _by_alias(tuple((aliases or {}).items())).get(key, ()) if choice in choices]
    if len(meant) == 1:
        return Reading(meant[0], text, "按别名")
    proposals = tuple(meant) or same or nearest(text, choices)
    if source == "选项" and not meant and not same:
        proposals = _without_opposites(key, choices, proposals)
    hint = f"是不是{'、'.join(f'“{each}”' for each in proposals)}？" if proposals else ""
    listed = f"可选：{'、'.join(choices)}。" if len(choices) <= _LISTED_AT_MOST else "请从下拉框里选。"
    return Reading(typed=text, problem=f"{quote(text)}不在{source}里。{hint}{listed}", ambiguous=proposals)


def _without_opposites(text: str, choices: Sequence[str], proposals: tuple[str, ...]) -> tuple[str, ...]:
    """Return the choices to suggest, without those that look similar but mean something else.

    基本完成 is not 已完成, and 已启动 is not 未启动. Partly done suggests under way (推进中); not done suggests under
    way or not started; waiting for somebody suggests nothing.
    """
    if units := _UNITS & {*text}:  # 半月 is not 半年, however alike the two look
        proposals = tuple(each for each in proposals if not _UNITS & {*each} or units & {*each})
    under_way = tuple(each for each in choices if each.endswith("中"))
    not_yet = tuple(each for each in choices if _NOT.match(each))
    if not proposals and not _DONE.search(text):
        return ()
    if partly := _PARTLY.search(text):
        return (
            tuple(each for each in proposals if (len(partly[0]) > 1 and partly[0] in each) or each in under_way)
            or under_way
        )
    if _NOT.search(text):
        if _DONE.search(text):
            return tuple(dict.fromkeys((*(each for each in proposals if _NOT.search(each)), *under_way, *not_yet)))
        return tuple(each for each in proposals if _NOT.search(each)) or not_yet
    if _WAITING.search(text):
        return tuple(each for each in proposals if _WAITING.search(each))
    plain = tuple(each for each in proposals if not _NOT.match(each))
    return plain or (under_way if proposals else ())


def nearest(text: str, words: Sequence[str]) -> tuple[str, ...]:
    """Return up to three words that a text may be meant to be, most likely first; an empty tuple if nothing is near.

    A word is near if it contains the text or is contained in it (财务, 财务处), or if the two are at least 50 %
    similar: in short words, as Chinese ones are, that allows one character to be wrong, missing or extra. A word of one
    character is near to nothing: 双月 is not 月.
    """
    from rapidfuzz import fuzz, process

    key = _key(text)
    if len(key) < 2:
        return ()
    keys = _keys(tuple(words))
    alike = [
        each
        for each in process.extract(key, keys, scorer=fuzz.ratio, score_cutoff=_ALIKE, limit=_PROPOSED_AT_MOST)
        if len(each[0]) > 1
    ]
    scores = {place: score for _, score, place in alike}
    for place, other in enumerate(keys):
        if len(other) > 1 and (key in other or other in key):
            scores[place] = fuzz.ratio(key, other)
    best = sorted(scores, key=lambda place: (-scores[place], place))
    return tuple(words[place] for place in best[:_PROPOSED_AT_MOST])


def _key(text: str) -> str:
    return clean_key(text).replace(" ", "").casefold()


@lru_cache(maxsize=256)
def _keys(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(map(_key, words))


@lru_cache(maxsize=256)
def _by_alias(aliases: tuple[tuple[str, str], ...]) -> Mapping[str, tuple[str, ...]]:
    """Map each alias's key to the choices it names, sorted; a key may have several."""
    found: dict[str, set[str]] = {}
    for alias, choice in aliases:
        found.setdefault(_key(alias), set()).add(choice)
    return {key: tuple(sorted(choices)) for key, choices in found.items()}


@lru_cache(maxsize=256)
def _by_key(choices: tuple[str, ...]) -> Mapping[str, tuple[str, ...]]:
    keys = _keys(choices)
    return {key: tuple(each for each, own in zip(choices, keys, strict=True) if own == key) for key in keys}
