"""Vague sentences: measures that name no number, day, product or act, and reports of progress that say nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache

from taizhang.ledger.wording import standard_wording
from taizhang.typed.folding import fold

__all__ = ["names_fact", "rests_on_vague_words", "says_nothing"]

_QUOTED = re.compile(r"“[^“”]*”|‘[^‘’]*’|\"[^\"]*\"|「[^「」]*」")
_CITED = re.compile(r"(?:落实|贯彻|执行|学习|遵守|遵照|宣传)[^，。；《]{0,4}《[^《》]*》(?:[、和及]?《[^《》]*》)*")
_YEAR = re.compile(r"20\d\d(?:年度|年)(?![\d底上下末前内]|第?[一二三四]季|[一二三四五六七八九十]+月|以前|之前|年底)")
_UNITS = "次场期篇个件项人名份家处条轮天日月年周季遍回户台套所间例本册门节堂站点支组科室村"
_NUMBER = re.compile(
    rf"\d|[一二两三四五六七八九十百千半](?:多|余)?[{_UNITS}]|[一二三四]季度|[上下]半年|年底|月底|年内|百分之"
    r"|[每逐](?:个|一)?(?:季|半年|年|月|周|天|旬|日|次|名|人|项|件|条|支部|部门|处室|科室)|全部|全员|人人|[过一]半|翻番"
)
_CLAUSES = re.compile(r"[，,；;。：:！!\n]+")


def names_fact(text: str) -> bool:
    """Whether a text names a number, a frequency, a day, a product or an act that one can see done.

    What is quoted, a document that is only carried out (落实《规划》), the name of a thing (八项规定) and the year of
    something past name none.
    """
    plain = _CITED.sub("", _QUOTED.sub("", fold(text)))
    plain = _YEAR.sub("", _any_of("measure", "no_facts").sub("", plain))
    return any(named.search(plain) for named in (_NUMBER, _any_of("measure", "products"), _any_of("measure", "acts")))


def rests_on_vague_words(statement: str) -> bool:
    """Whether each clause of a measure says that something is done more or better: it has a vague word."""
    plain = _any_of("measure", "no_facts").sub("", _QUOTED.sub("", fold(statement)))
    clauses = [each for each in _CLAUSES.split(plain) if each.strip()]
    return bool(clauses) and all(_any_of("measure", "vague").search(each) for each in clauses)


def says_nothing(text: str) -> bool:
    """Whether a report of progress has vague words, and else nothing but joining words, marks and blanks.

    Blanks, marks alone (—) and words for nothing (无) report nothing, and pretend to nothing.
    """
    plain = "".join(char for char in fold(text) if unicodedata.category(char)[0] not in "PZC")
    words = standard_wording().update
    made = _is_made_of(plain, frozenset((*words.vague, *words.joining)))
    return made and any(word in plain for word in words.vague)


def _is_made_of(text: str, words: frozenset[str]) -> bool:
    """Whether a text can be cut into such words."""
    lengths = sorted({len(word) for word in words})
    cut = [True] + [False] * len(text)
    for start in range(len(text)):
        for length in lengths if cut[start] else ():
            if (piece := text[start : start + length]) in words:
                cut[start + len(piece)] = True
    return cut[-1]


def _any_of(judged: str, key: str) -> re.Pattern[str]:
    return _pattern(getattr(getattr(standard_wording(), judged), key))


@cache
def _pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Return what finds any of the words, the longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))
