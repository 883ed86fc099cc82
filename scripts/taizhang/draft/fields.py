"""Labels within a report's text (问题表现：, 原因：, 整改措施：, 整改进展：) and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.draft.headings import FieldKind, field_kind

__all__ = ["Field", "field_at", "fields_in"]

_LABEL = re.compile(
    r"[【\[〔*#—–→⇒➔]{0,8}(?P<words>[一-鿿、]{2,12})[】\]〕*]{0,8}\s{0,8}[：:]\s{0,8}[*]{0,4}"
    r"|[【\[〔](?P<boxed>[一-鿿、]{2,12})\s{0,4}[\d一二三四五六七八九十]{0,2}[】\]〕](?:\s{0,8}[：:])?\s{0,8}"
)
_BEFORE = re.compile(r"(?:[。；;！!？?）)】*]|^)[\s　]*$")


@dataclass(frozen=True, slots=True)
class Field:
    """A label at ``text[start:end]`` and what it labels."""

    kind: FieldKind
    start: int
    end: int


def field_at(text: str, position: int = 0, end: int | None = None) -> Field | None:
    """Return the label that starts at this position, or None."""
    match = _LABEL.match(text, position, len(text) if end is None else end)
    kind = field_kind(match["words"] or match["boxed"]) if match else None
    return Field(kind, position, match.end()) if match and kind else None


def fields_in(text: str, start: int, end: int) -> Iterator[Field]:
    """Yield the labels within ``text[start:end]`` at the beginning of a sentence."""
    for match in _LABEL.finditer(text, start, end):
        if _BEFORE.search(text[max(start, match.start() - 4) : match.start()]) or match.start() == start:
            found = field_at(text, match.start(), end)
            if found:
                yield found
