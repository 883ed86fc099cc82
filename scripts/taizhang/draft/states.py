"""How far a measure is, in a report's words (已完成整改, 正在整改，预计6月底前完成)."""

from __future__ import annotations

import re

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words, only_deadline
from taizhang.draft.particulars import EDGE, Particulars
from taizhang.ledger.vocabulary import Status

__all__ = ["read_state", "state_of_heading"]

_STATES = (
    (Status.NOT_STARTED, words.STATE_NOT_STARTED),
    (Status.UNDER_WAY, words.STATE_UNDER_WAY),
    (Status.DONE, words.STATE_DONE),
)
_EXPECTED = re.compile(r"(?:预计|力争|计划|拟|确保|将)?(?:于|在)?.{2,24}(?:完成|到位|完毕|办结|销号)(?:整改)?")


def read_state(text: str) -> Particulars | None:
    """Read words that say only how far it is (正在整改，预计6月底前完成); None if they say something else."""
    parts = [each.strip(EDGE) for each in re.split(r"[，,；;。]", text.strip("。（）() 　")) if each.strip(EDGE)]
    if not parts or len(parts) > 4:
        return None
    status = next((status for status, pattern in _STATES if re.fullmatch(pattern, parts[0])), None)
    if status is None:
        return None
    if not all(_EXPECTED.fullmatch(each) or only_deadline(each) or _is_state(each) for each in parts[1:]):
        return None
    return Particulars(deadline_words=deadline_words("，".join(parts[1:])) or _month_of(parts[1:]), status=status)


def state_of_heading(title: str) -> Status | None:
    """Return the state that a heading says of all that is under it (已完成整改的问题); None if it says none."""
    if said := read_state(re.split("[：:]", title)[-1]):
        return said.status
    bare = re.sub(
        r"[（(][^（）()]*[）)]|(?:的)?(?:整改)?(?:问题|事项|任务|措施|清单|情况){1,2}$", "", title.strip("。：: ")
    )
    return next((status for status, pattern in _STATES if re.fullmatch(pattern, bare)), None)


def _is_state(text: str) -> bool:
    return any(re.fullmatch(pattern, text) for _, pattern in _STATES) or text in ("长期坚持", "持续推进", "持续整改")


def _month_of(parts: list[str]) -> str:
    found = next((match for each in parts if (match := re.search(r"\d{1,2}月(?:份|底)?", each))), None)
    return found[0] if found else ""
