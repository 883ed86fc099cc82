"""Proposals which measure answers which problem, by shared characteristic words; few, and never a decision."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from taizhang.draft.values import CauseLink, DraftCause, DraftMeasure, DraftProblem, ProposedLink

__all__ = ["propose_cause_links", "propose_links"]

_COMMON = re.compile(
    r"结合|坚定|全体|进一步|有待|不够|不足|不强|不深|不好|不多|差距|问题|存在|加强|强化|推进|推动|工作|落实|完善|开展|组织|坚持|不断|提升|提高|深入|"
    r"认真|严格|积极|切实|扎实|全面|持续|确保|我局|我们|本局|局党委|关于|中央|精神|意见|当前|党委|班子|领导|干部|党员|职工|群众|以及|对于|方面|情况|能力|"
    r"意识|建设|发展|管理|要求|相关|有的|没有|还|和|与|及|的|了|对|在|把|等|以|为|是|不|有|各|并|\W"
)
_LINK_SCORE = 1.5
_LINK_SCORE_OUTSIDE_TITLE = 1.8
_NEAR_BEST = 0.8
_MOST_PROBLEMS = 2
_MOST_HOLDERS = 300
"""A pair in more texts than this weighs less than 1/300: too little for any proposal."""
_CAUSE_SCORE = 2.5
_CLEARLY_BEST = 1.5


def propose_links(measures: Sequence[DraftMeasure], problems: Sequence[DraftProblem]) -> tuple[ProposedLink, ...]:
    """Return the proposals, sorted by measure, then by problem; at most two problems for a measure."""
    links: list[ProposedLink] = []
    texts = [f"{problem.title}，{problem.detail}" for problem in problems]
    weights = _weights([*texts, *(measure.statement for measure in measures)], texts)
    titles = [_grams(problem.title) for problem in problems]
    wholes = [_grams(text) for text in texts]
    holders = _holders(wholes)
    for number, measure in enumerate(measures):
        own = _grams(measure.statement)
        scores = {
            index: sum(weights[gram] * (1.5 if gram in titles[index] else 1) for gram in own & wholes[index])
            for index in sorted({index for gram in own for index in holders.get(gram, ())})
        }
        best = max(scores.values(), default=0.0)
        near = sorted(scores, key=lambda index: (-scores[index], index))[:_MOST_PROBLEMS]
        for index in sorted(near):
            needed = _LINK_SCORE if own & titles[index] else _LINK_SCORE_OUTSIDE_TITLE
            if scores[index] >= max(needed, best * _NEAR_BEST):
                links.append(ProposedLink(number, index, _reason(own & wholes[index], measure.statement)))
    return tuple(links)


def propose_cause_links(problems: Sequence[DraftProblem], causes: Sequence[DraftCause]) -> tuple[CauseLink, ...]:
    """Return, for each problem, the cause with the most shared words if the match is strong and clearly the best."""
    texts = [f"{cause.title}，{cause.detail}" for cause in causes]
    own = [f"{problem.title}，{problem.detail}" for problem in problems]
    weights = _weights([*texts, *own], texts)
    wholes = [_grams(text) for text in texts]
    holders = _holders(wholes)
    links = []
    for number, text in enumerate(own):
        grams = _grams(text)
        alike = sorted({index for gram in grams for index in holders.get(gram, ())})
        scores = [sum(weights[gram] for gram in grams & wholes[index]) for index in alike]
        first, second = sorted([*scores, 0.0, 0.0], reverse=True)[:2]
        if first >= max(_CAUSE_SCORE, second * _CLEARLY_BEST):
            index = alike[scores.index(first)]
            links.append(CauseLink(number, index, _reason(grams & wholes[index], text)))
    return tuple(links)


def _holders(wholes: Sequence[frozenset[str]]) -> Mapping[str, Sequence[int]]:
    """Return the indexes of the texts that contain each pair of characters; pairs in very many texts are left out."""
    found: dict[str, list[int]] = {}
    for index, whole in enumerate(wholes):
        for gram in whole:
            found.setdefault(gram, []).append(index)
    return {gram: indexes for gram, indexes in found.items() if len(indexes) <= _MOST_HOLDERS}


def _grams(text: str) -> frozenset[str]:
    """Return the characteristic pairs of adjacent characters, i.e. those without words common to all reports."""
    runs = _COMMON.sub(" ", text).split()
    return frozenset(run[at : at + 2] for run in runs for at in range(len(run) - 1))


def _weights(texts: Sequence[str], holders: Sequence[str]) -> Mapping[str, float]:
    """Return the weight of each pair: 1 divided by the number of holders; less if it is in more than six texts."""
    held = Counter(gram for text in holders for gram in _grams(text))
    used = Counter(gram for text in texts for gram in _grams(text))
    return {gram: 1 / held[gram] * min(1.0, 6 / used[gram]) for gram in held}


def _reason(shared: frozenset[str], text: str) -> str:
    """Return the shared words in the order of the text, overlapping pairs joined."""
    covered = [False] * len(text)
    for gram in shared:
        for match in re.finditer(f"(?={re.escape(gram)})", text):
            covered[match.start()] = covered[match.start() + 1] = True
    words = "".join(char if inside else " " for char, inside in zip(text, covered, strict=True)).split()
    return "都提到：" + "、".join(dict.fromkeys(words))
