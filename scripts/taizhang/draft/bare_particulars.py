"""Who and when without heads: alone (办公室牵头，6月底前完成) or at the end of a sentence (换水带，仓储科，4月底前)."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

from taizhang.draft.deadline_words import deadline_words, frequency_words, only_deadline
from taizhang.draft.deeds import tells_deed
from taizhang.draft.names import (
    is_department,
    names_own_unit,
    names_owner,
    names_person,
    names_post,
    names_titled,
    stands_for_person,
)
from taizhang.draft.owner_heads import LOOSE_HEAD, Heads, kind_of, read_field
from taizhang.draft.owners import owners_of, read_led_clause, split_names
from taizhang.draft.particulars import EDGE, NOTHING, Particulars, join
from taizhang.draft.states import read_state
from taizhang.draft.values import NO_OWNERS, Owners

__all__ = ["OF_ITEM", "names_in", "only_particulars", "read_loose", "read_only", "tails_in"]

OF_ITEM = re.compile(r"(?:该|此|本)(?:项|条)(?:工作|任务|措施|整改|事项)?[，,：:]?")
"""How a last sentence begins that says who and when of its item (该项由财务科牵头，6月底前完成。)."""

_SENTENCE, _PART = re.compile(r"[^。]+。?"), re.compile(r"[^；;]+[；;]?")
_BETWEEN = re.compile(r"[，,]|(?<![\d年月日底旬])[ 　]*(?:[—–]{1,2}|[|｜/／])[ 　]*|[ 　]+")
"""What stands between a measure, its owner and its day, if these are bare words (更换水带，仓储科，4月底前)."""

_SPLITS = (re.compile(r"[，,；;。]"), re.compile(r"[，,；;。/／|｜ 　]+"), re.compile(r"[，,；;。/／|｜ 　、]+"))
_LONGEST_LOOSE = 60
_MOST_PIECES = 8


def only_particulars(text: str) -> bool:
    """Whether a paragraph says only who and when, without heads (办公室牵头，6月底前完成。)."""
    return read_only(text) is not None


def read_only(text: str) -> Particulars | None:
    """Read a paragraph or a sentence that says only who and when, without heads; None if it says anything else."""
    bare = _without_topic(text)
    headed = bare == text.strip(EDGE) and Heads(text, len(text)).after(0)  # read as fields, unless 该项 stands first
    if len(bare) > _LONGEST_LOOSE or headed:
        return None
    found = read_loose(bare)
    told = found and not found.status and found.owners != NO_OWNERS and found.deadline_words
    return found if told else None


def _without_topic(text: str) -> str:
    """Return a sentence of who and when without marks around it, and without what it is about (该项)."""
    bare = text.strip(EDGE)
    topic = OF_ITEM.match(bare)
    return bare[topic.end() :] if topic else bare


def names_in(words_alone: str) -> list[str]:
    """Return the names in words that hold nothing else."""
    return [each for each in split_names(words_alone) if each]


def read_loose(inside: str) -> Particulars | None:
    """Read what stands in brackets without colons (办公室牵头，6月底前完成); None if it is something else."""
    if state := read_state(inside):
        return state
    if only_deadline(inside) and frequency_words(inside) and not deadline_words(inside):
        return None  # （每月至少一次）  is part of what is to be done
    return next(filter(None, (_read_parts(mark.split(inside)) for mark in _SPLITS)), None)


def _read_parts(pieces: Sequence[str]) -> Particulars | None:
    found = NOTHING
    parts = [each.strip(EDGE) for each in pieces if each.strip(EDGE)]
    times = [each for each in parts if only_deadline(each)]
    for part in parts:
        alone = times or len(parts) == 1
        one = Particulars(owners=Owners(persons=1)) if alone and stands_for_person(part) else _read_part(part)
        if one is None:
            return None
        found = join(found, one)
    if len(times) > 1 and not found.status:
        found = replace(found, deadline_words=deadline_words("，".join(times)) or found.deadline_words)
    said = found.owners != NO_OWNERS or found.deadline_words
    return found if said else None


def _read_part(part: str) -> Particulars | None:
    head = LOOSE_HEAD.fullmatch(part)
    if head:
        kind, value = kind_of(head), head["value"].strip(EDGE)
        if kind in ("when", "standard", "other"):
            return read_field(kind, head[0], value) if kind != "when" or deadline_words(value) else None
        names = names_in(value)
        if names and all(map(names_owner, names)):
            return read_field(kind, head[0], value)
    led = read_led_clause(part)
    if led:
        return Particulars(owners=led)
    if only_deadline(part):
        return Particulars(deadline_words=deadline_words(part) or part)
    if state := read_state(part):
        return state
    names = names_in(part)
    known = [is_department(each) or names_post(each) or names_titled(each) for each in names]
    if any(known) and all(is_known or names_person(each) for is_known, each in zip(known, names, strict=True)):
        return Particulars(owners=owners_of(part))
    return None


def tails_in(text: str, start: int, end: int) -> Iterator[Particulars]:
    """Yield who and when that end sentences as bare words (更换水带，仓储科，4月底前。): names, and a day or a dash."""
    for sentence in _SENTENCE.finditer(text, start, end):
        if sentence.start() > start and (found := read_only(sentence[0])):
            yield replace(found, start=sentence.start(), end=sentence.end())
            continue  # 每天清运一次。由环卫站负责，8月底前完成。
        yield from reversed([*_tails_backwards(text, sentence.start(), sentence.end())])


def _tails_backwards(text: str, start: int, end: int) -> Iterator[Particulars]:
    """Yield the tails of a sentence's parts from the last on; a part that is only a tail is one with that before it."""
    found, dashed, upto = NOTHING, False, end
    for part in reversed([*_PART.finditer(text, start, end)]):
        said, begun, marked = _tail_of(text, part.start(), part.end(), first=start)
        found, dashed = join(said, found), dashed or marked
        if begun == part.start() > start:
            continue
        if dashed or (found.owners != NO_OWNERS and found.deadline_words):
            yield replace(found, start=begun, end=upto)
        found, dashed, upto = NOTHING, False, part.start()


def _tail_of(text: str, start: int, end: int, first: int) -> tuple[Particulars, int, bool]:
    """Return what the last clauses of a part say of who and when, where these begin, and whether a mark shows it."""
    found, begun, marked = NOTHING, end, False
    marks: list[re.Match[str]] = [*deque(_BETWEEN.finditer(text, start, end), maxlen=_MOST_PIECES)]
    whole = len(marks) < _MOST_PIECES and start > first
    for mark in reversed(marks):
        piece = text[mark.end() : begun].strip(EDGE)
        opens = mark.start() == first or text[start : mark.start()].strip(EDGE)
        dashed = mark[0].strip("　 ")[:1] in ("—", "–")
        said = (_bare_words(piece) or (_read_part(piece) if dashed else None)) if opens and piece else None
        if said is None and piece:
            return found, begun, marked
        found = join(said, found) if said else found
        marked = marked or mark[0].strip("　 ")[:1] in tuple("—–|｜/／") or bool(LOOSE_HEAD.fullmatch(piece))
        begun = mark.start()
    if whole and (said := _bare_words(text[start:begun].strip(EDGE))):
        return join(said, found), start, marked
    return found, begun, marked


def _bare_words(piece: str) -> Particulars | None:
    """Read a clause that is only names, or only a day; None for others, and for how often."""
    if only_deadline(piece):
        when = deadline_words(piece)
        return Particulars(deadline_words=when) if when else None
    if stands_for_person(piece):
        return Particulars(owners=Owners(persons=1))
    names = names_in(piece)
    if any(map(tells_deed, names)) or any(map(names_own_unit, names)):
        return None
    return _read_part(piece) if not read_led_clause(piece) and not read_state(piece) else None
