"""Joining lines into paragraphs if a text was wrapped by hand."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

from taizhang.draft.headings import heading_kind
from taizhang.draft.item_labels import label_at

__all__ = ["group_lines"]

_SENTENCE_END = re.compile(r"[。！？!?；;：:…][”’）)」』]*$")
_WIDEST_WRAP = 120


def group_lines(text: str) -> tuple[str, ...]:
    """Return the non-blank paragraphs of a text; lines wrapped by hand become one paragraph and keep their line ends.

    A text counts as wrapped if no line is wider than 60 Chinese characters and at least two nearly full lines end
    within a sentence.
    """
    lines = text.splitlines()
    widest = max((_width(line) for line in lines), default=0)
    broken = [_continues(line, after, widest) for line, after in pairwise([*lines, ""])]
    nearly_full = sum(each and _width(line) >= 0.85 * widest for each, line in zip(broken, lines, strict=True))
    wrapped = widest <= _WIDEST_WRAP and nearly_full >= 2
    groups: list[list[str]] = []
    for number, line in enumerate(lines):
        if number and wrapped and broken[number - 1]:
            groups[-1].append(line)
        elif line.strip():
            groups.append([line])
    return tuple("\n".join(group) for group in groups)


def _width(line: str) -> int:
    """Return the width of a line in half-width columns."""
    return sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line.rstrip())


def _continues(line: str, after: str, widest: int) -> bool:
    """Whether the next line continues this one: it is about full, ends no sentence, and no item or section follows."""
    if not line.strip() or not after.strip() or _width(line) < 0.7 * widest or _SENTENCE_END.search(line.rstrip()):
        return False
    return label_at(after.strip()) is None and heading_kind(after.strip()) is None
