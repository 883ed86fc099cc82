"""Headings of a report: the words that head problems, causes, measures or an aspect, and where a head ends."""

from __future__ import annotations

import re
from typing import Literal

__all__ = ["Section", "head_length", "heading_kind", "is_aspect_title"]

Section = Literal["problems", "causes", "measures", "past"]

_OPENING, _CLOSING = "“‘《（(「『【", "”’》）)」』】"
_LONGEST_HEADING = 40

_KIND_ENDS: tuple[tuple[Section, str], ...] = (
    ("past", r"(?:整改|落实|完成|办理|工作|开展|履职|基本|召开|筹备)的?(?:进展|落实|执行)?情况"),
    ("measures", r"(?:措施|举措|方向|打算|思路|安排|计划|对策|办法|方案)"),
    ("causes", r"(?:原因|根源|成因)(?:剖析|分析|检视|查找)?"),
    ("problems", r"(?:问题|不足|差距|短板|弱项|表现)(?:和困难)?"),
)
_MEASURE_HEADING = re.compile(r"整改|改进|努力|今后|下一?步|下一阶段|措施|举措")
_HEADING_WORDS = re.compile(
    r"找准查实|查摆|检视|剖析|深刻|深挖|深入|认真|全面|分析|对照|检查|查找|存在|产生|形成|造成|上述|以上|这些|有关|相关|"
    r"的|突出|主要|具体|共性|反映|自身|个人|当前|目前|今后|下一?步|下一阶段|整改|改进|落实|努力|工作|思想|问题|不足|差距|短板|弱项|"
    r"表现|原因|根源|成因|措施|举措|方向|打算|思路|安排|计划|对策|办法|方案|情况|方面|和|与|及|其|、|我们|我局|领导|班子|党委|党组|党总支|党支部|支部"
)
_PROBLEMS_AND_CAUSES = re.compile(r"(?:问题|不足|差距)(?:和|与|及|及其|、)(?:产生的?|其)?(?:原因|根源)")
_ASPECT_TITLE = re.compile(r"(?:方面|上)(?:存在的?(?:突出|主要)?(?:问题|不足|差距))?[。：:，,；;]?$")


def heading_kind(text: str, *, marked: bool = False) -> Section | None:
    """Return the section that these words head, or None.

    A heading is a short line, or a short first sentence, that ends with a word for problems, causes or measures. It
    consists only of such words, unless it is ``marked``: numbered 一、 or styled as a heading.
    """
    heading = text[: head_length(text)].rstrip("。：:；; ")
    alone = len(heading) == len(text.rstrip("。：:；; "))
    if not heading or len(heading) > _LONGEST_HEADING or (re.search(r"[，,；;]", heading) and not alone):
        return None
    kind: Section | None = next((kind for kind, end in _KIND_ENDS if re.search(end + r"$", heading)), None)
    if kind == "measures" and not _MEASURE_HEADING.search(heading):
        return None
    if kind == "causes" and _PROBLEMS_AND_CAUSES.search(heading):
        kind = "problems"
    if kind == "problems" and is_aspect_title(heading):
        return None
    bare = not _HEADING_WORDS.sub("", heading)
    return kind if bare or (marked and alone and not re.search(r"[，,]", heading)) else None


def is_aspect_title(text: str) -> bool:
    """Whether words are the title of an aspect (在……方面) rather than a problem."""
    return bool(_ASPECT_TITLE.search(text[: head_length(text)].strip()))


def head_length(text: str) -> int:
    """Return the length of an item's first sentence; a colon ends it too if few words precede it."""
    depth = 0
    for position, char in enumerate(text):
        depth += (char in _OPENING) - (char in _CLOSING and depth > 0)
        ends = char in "。！？!?" or (char in "：:" and position <= _LONGEST_HEADING)
        if ends and depth == 0:
            return position + 1
    return len(text)
