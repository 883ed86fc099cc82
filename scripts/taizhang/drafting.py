"""From a draft to the rows of a new ledger: owner, deadline and standard stay open, links are marked as proposals."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from taizhang.draft import Draft
from taizhang.forms import Form

__all__ = ["aspect_short_name", "events_in", "ledger_rows"]

OPEN = "待明确"


def ledger_rows(draft: Draft, forms: Mapping[str, Form]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of 问题清单, 原因清单 and 整改任务 for a draft, with fresh codes."""
    problems = [
        {
            "code": forms["problems"].format_code(number),
            "aspect": draft.aspects[each.aspect],
            "title": each.title,
            "detail": each.detail,
            "source": "民主生活会",
            "paragraph": each.paragraph,
        }
        for number, each in enumerate(draft.problems, 1)
    ]
    causes = [
        {
            "code": forms["causes"].format_code(number),
            "title": each.title,
            "detail": each.detail,
            "paragraph": each.paragraph,
        }
        for number, each in enumerate(draft.causes, 1)
    ]
    links = propose_links(draft)
    tasks = []
    for number, each in enumerate(draft.measures, 1):
        codes = tuple(problems[index]["code"] for index in links.get(number - 1, ()))
        tasks.append(
            {
                "code": forms["tasks"].format_code(number),
                "group": each.group,
                "statement": each.statement,
                "original": each.original,
                "paragraph": each.paragraph,
                "source": "报告原文",
                "kind": each.kind,
                "problems": codes,
                "link_basis": "程序建议" if codes else None,
                "deadline": each.deadline_words or None,
                "status": "未启动",
                "note": f"原文有“{each.vague_words}”，请约定周期" if each.vague_words else None,
            }
        )
    return {"problems": problems, "causes": causes, "tasks": tasks}


def propose_links(draft: Draft) -> dict[int, tuple[int, ...]]:
    """Propose which problems a measure answers: those that share its characteristic words. Index of measure → of problems.

    A word weighs more the fewer problems hold it; only clear likenesses are proposed, at most three.
    """
    texts = [f"{each.title}{each.title}{each.detail}" for each in draft.problems]
    pieces = [_pieces(text) for text in texts]
    links = {}
    for number, measure in enumerate(draft.measures):
        words = _pieces(measure.statement)
        scores = []
        for index, other in enumerate(pieces):
            shared = words & other
            rare = sum(1 / sum(word in each for each in pieces) for word in shared)
            if len(shared) >= 2 and rare >= 1.2:
                scores.append((rare, index))
        best = max(scores, default=(0.0, 0))[0]
        near = [index for rare, index in sorted(scores, reverse=True) if rare >= best * 0.6]
        if near:
            links[number] = tuple(sorted(near[:3]))
    return links


_COMMON = re.compile(
    r"加强|进一步|推进|工作|落实|完善|问题|我局|党委|开展|组织|坚持|不断|提升|[，。、“”（）《》；：的了和与对在]"
)


def _pieces(text: str) -> frozenset[str]:
    """The characteristic pairs of characters of a text, without the words that every report uses."""
    runs = _COMMON.sub(" ", text).split()
    return frozenset(run[at : at + 2] for run in runs for at in range(len(run) - 1))


def aspect_short_name(title: str) -> str:
    """Return a short name for an aspect: the last clause of its title, without 带头 and 方面, at most nine characters."""
    bare = re.sub(r"^在|方面$", "", title)
    last = re.split(r"[，、](?=[^“”]*(?:“|$))", bare)[-1]
    return re.sub(r"带头|坚决", "", last)[:9] or title[:9]


def events_in(draft: Draft) -> Sequence[str]:
    """Return the events that the measures name as anchors, e.g. 党的二十大召开; the office enters their dates."""
    text = "".join(measure.original for measure in draft.measures)
    return tuple(
        dict.fromkeys(f"党的{number}大召开" for number in re.findall(r"党的([一二三四五六七八九十]+)大", text))
    )
