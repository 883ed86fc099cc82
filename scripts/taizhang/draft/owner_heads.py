"""Heads of who, when and to what standard (责任部门：, 完成时限为), their places, and what a value under one says."""

from __future__ import annotations

import re

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words, only_deadline
from taizhang.draft.names import names_owner
from taizhang.draft.owners import owners_of
from taizhang.draft.particulars import EDGE, NOTHING, Particulars, join
from taizhang.draft.values import Owners
from taizhang.ledger.vocabulary import Status

__all__ = [
    "LOOSE_HEAD",
    "STOPS",
    "Heads",
    "as_above",
    "ends_with_head",
    "first_head",
    "has_value",
    "head_at",
    "is_boxed",
    "is_head",
    "kind_of",
    "read_field",
]

_KINDS = (
    ("other", words.HEAD_OTHER),
    ("both", words.HEAD_BOTH),
    ("support", words.HEAD_SUPPORT),
    ("lead", words.HEAD_LEAD),
    ("leader", words.HEAD_LEADER),
    ("when", rf"{words.HEAD_WHEN}|{words.DEMAND}"),
    ("standard", words.HEAD_STANDARD),
)
_NAMED = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS)
_HEAD = re.compile(
    rf"[{words.SQUARE}*]{{0,8}}(?:{_NAMED})\s{{0,8}}[{words.SQUARE_END}*]{{0,8}}\s{{0,8}}"
    rf"(?:[：:][*]{{0,4}}|(?<=[{words.SQUARE_END}])|(?P<loose>[为是；;]|(?<=[一-鿿）)])[ 　]))\s{{0,8}}"
)
_HEAD_ALONE = re.compile(_NAMED)
LOOSE_HEAD = re.compile(rf"(?:{_NAMED})\s*(?:[：:]|为|是)?\s*(?P<value>.+)")
"""A head with its value in words that stand apart."""

_BEFORE_HEAD = frozenset(words.OPENING + "—–→⇒➔*。；;，,、）)！!？?|｜/／　 \t\n")
STOPS = "。；;\n"
"""What ends a value."""

_BOXED = re.compile(f"[{words.SQUARE}]")


def head_at(text: str, position: int = 0, end: int | None = None) -> re.Match[str] | None:
    """Return the head that stands at a position, or None."""
    return _HEAD.match(text, position, len(text) if end is None else end)


def is_boxed(head: re.Match[str]) -> bool:
    """Whether a head begins with a square bracket."""
    return bool(_BOXED.match(head[0]))


def kind_of(head: re.Match[str]) -> str:
    """Return what a head is about: lead, support, leader, both, when, standard or other."""
    return next(kind for kind, _ in _KINDS if head[kind])


class Heads:
    """The heads of fields in a text; what was searched once is not searched again, so that the time is linear."""

    def __init__(self, text: str, end: int) -> None:
        self._text, self._end = text, end
        self._from, self._found = end + 1, None

    def after(self, position: int) -> re.Match[str] | None:
        """Return the first head at or after a position; positions only grow."""
        searched = self._from <= position and (self._found is None or self._found.start() >= position)
        if not (searched and self._text[position - 1] in _BEFORE_HEAD):
            self._from, self._found = position, first_head(self._text, position, self._end)
        return self._found


def first_head(text: str, position: int, end: int) -> re.Match[str] | None:
    """Return the first head from a position on: in square brackets, or where a field can begin."""
    for match in _HEAD.finditer(text, position, end):
        begins = match.start() in (0, position) or text[match.start() - 1] in _BEFORE_HEAD
        if (begins or is_boxed(match)) and has_value(match, end):
            return match
    return None


def has_value(head: re.Match[str], end: int) -> bool:
    """Whether a head has its mark, or 为 before names or a time (责任股室为审批股，时限为6月底)."""
    value = re.split(r"[，,；;。、（）()\s]", head.string[head.end() : end].lstrip(), maxsplit=1)[0].strip(EDGE)
    if re.match(rf"{words.DEMAND}[：:]", head[0]):
        return bool(only_deadline(value))
    if not head["loose"]:
        return True
    return (
        bool(deadline_words(value) or only_deadline(value))
        if kind_of(head) == "when"
        else bool(value) and names_owner(value)
    )


def is_head(text: str) -> bool:
    """Whether words are a label of who, when or to what standard and nothing else (责任单位)."""
    return bool(_HEAD_ALONE.fullmatch(text))


def ends_with_head(line: str) -> bool:
    """Whether a line ends with a label of who or when (……。责任单位：) after other words: its value follows."""
    line = line.rstrip()
    last = next((match for match in _HEAD.finditer(line) if match.end() == len(line)), None)
    return last is not None and last.start() > 0 and line[last.start() - 1] in STOPS


def read_field(kind: str, head: str, value: str) -> Particulars:
    """Return what a value under a head of this kind says; nothing for 同上."""
    if value in words.SAME:
        return NOTHING
    if kind == "when" and re.fullmatch(words.DONE_AT, value):
        return Particulars(status=Status.DONE)
    if kind == "when" and re.match(words.DEMAND, head):
        return Particulars(deadline_words=deadline_words(value))
    if kind == "when":
        return Particulars(deadline_words=re.sub(r"^(?:以上)?(?:均|都|统一)(?:为|是|于)?", "", value))
    if kind == "standard":
        return Particulars(standard=value)
    if kind == "other":
        return Particulars(other=(head.strip("：: *【】"),))
    return Particulars(owners=owners_of(value, kind))


def as_above(said: Particulars, above: dict[str, str]) -> Particulars:
    """Return what fields say, where one says 同上 with the value ``above`` of its kind; remember their values there.

    同上 with nothing above it is vague.
    """
    for kind, value in said.fields:
        if value in words.SAME:
            same = above.get(kind, "")
            said = join(said, read_field(kind, "", same) if same else Particulars(owners=Owners(vague=(value,))))
        elif kind != "other":
            above[kind] = value
    return said
