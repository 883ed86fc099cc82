"""Words that tell a deed: how a task begins, and names that do so though they end like a unit's."""

from __future__ import annotations

import re

from taizhang.draft import words
from taizhang.draft.names import is_unit_by_work

__all__ = ["BEGINS_WITH_VERB", "tells_deed"]

BEGINS_WITH_VERB = re.compile(
    rf"{words.ADVERBS}(?:{words.VERBS}|每(?:[月季年周日天班旬批]|半年|学期|赛季)|对|把|将|按|\d)"
)
"""How the words of a task begin after its subject."""

_DONE_WITH = re.compile(r"(?<=.)(?:[报送至向给由将把在到请]|责[成令])")
"""Within words that end like a unit's name: they say what is done (材料报办公室)."""


def tells_deed(name: str) -> bool:
    """Whether words that end like a unit's name say what is done (走访社区, 材料报办公室)."""
    return bool(_DONE_WITH.search(name) or (BEGINS_WITH_VERB.match(name) and not is_unit_by_work(name)))
