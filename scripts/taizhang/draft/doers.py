"""Who does what a statement says: its subject, who it says leads and helps, and persons, whose names are left out."""

from __future__ import annotations

import re
from dataclasses import replace

from taizhang.draft.commitments import BEGINS_WITH_VERB
from taizhang.draft.deadline_words import frequency_words, leading_deadline, only_deadline
from taizhang.draft.owners import (
    is_department,
    is_unit_by_work,
    merge_owners,
    owners_of,
    read_led_clause,
    read_subject,
    stands_for_person,
    without_persons,
)
from taizhang.draft.values import NO_OWNERS, Owners

__all__ = ["owners_within", "tells_deed"]

_SHORTEST_TOPIC = 2
_SETS_SCENE = re.compile(r"(?:针对|围绕|对照|结合|根据|按照|关于|为了?|对于?)(?!性)")
_NO_NAME = re.compile(r"(?<=.)[报送至向给由将把在到请]")
"""Within words that end like a unit's name: they say what is done (材料报办公室)."""


def owners_within(statement: str, *, told: bool = False) -> tuple[str, Owners]:
    """Return a statement without persons' names, and who it names as its subject or as leading and helping.

    With ``told`` it tells what was done: its subject did that, and is not said to be in charge.
    """
    found = NO_OWNERS
    kept = []
    parts = re.findall(r"[^，,；;]+[，,；;]?", statement)
    bare = [part.strip("，,；;。 ") for part in parts]
    for at, part in enumerate(parts):
        led, begun = _led_in(bare[at])
        if not led and at and stands_for_person(bare[at]) and any(map(only_deadline, bare[at + 1 : at + 2])):
            led = Owners(persons=1)
        if not led and (given := _given_in(bare[at], first=not at)):
            found = merge_owners(found, given, joined=True)
        if led:
            found = merge_owners(found, led, joined=True)
        if led and led.persons:
            kept += [part[:begun] + part[len(bare[at]) :]] * bool(begun)
            continue
        said, persons = without_persons(part, BEGINS_WITH_VERB)
        if persons:
            found = merge_owners(found, Owners(persons=persons), joined=True)
        kept.append(said)
    text = "".join(kept).strip("，,；; ") or statement
    subject, begun, length = _subject_in(text)
    if length:
        found = merge_owners(Owners(persons=subject.persons) if told else subject, found, joined=True)
    if length and subject.persons:
        text = text[:begun] + text[begun + length :]
    return text, found


def _given_in(clause: str, *, first: bool) -> Owners | None:
    """Return who a clause gives a task to that it has named before (借出的五卷由办公室追回); None if it does not.

    由 that begins a clause after another tells only how if nothing is done to anything (由党支部组织).
    """
    begun = clause.find("由")
    if begun < 0 or (first and begun < _SHORTEST_TOPIC) or clause[begun - 1 : begun] in ("理", "自", "因", "缘", "经"):
        return None
    doer, length = read_subject(clause[begun:], BEGINS_WITH_VERB)
    after = clause[begun + length :]
    if not length or (not begun and (len(after) <= 2 or frequency_words(clause))):
        return None
    return replace(doer, persons=0)


def _led_in(clause: str) -> tuple[Owners | None, int]:
    """Return who a clause says leads or helps, alone or at its end (值班登记由办公室负责), and where that begins."""
    if led := read_led_clause(clause):
        return led, 0
    whole = clause.removeprefix("由")
    names = (whole[:end] for end in range(2, min(len(whole), 12)) if only_deadline(whole[end:]) == "ends")
    if name := next((each for each in names if is_department(each) and not tells_deed(each)), ""):
        return owners_of(name), 0  # 人事部5月31日前办妥
    begun = clause.rfind("由")
    return (read_led_clause(clause[begun:]) if begun > 0 else None), max(begun, 0)


def _subject_in(statement: str) -> tuple[Owners, int, int]:
    """Return who a statement names as its subject, first or after a clause that sets the scene, and where."""
    begun = 0
    for part in re.findall(r"[^，,；;：]+[，,；;：]?", statement):
        if read_led_clause(part.strip("，,；; ")):
            begun += len(part)
            continue
        when = len(leading_deadline(part))
        owners, length = read_subject(part[when:], BEGINS_WITH_VERB)
        if length:
            return owners, begun + when, length
        if not (_SETS_SCENE.match(part) or part.endswith("：")) and when < len(part):
            break
        begun += len(part)
    return NO_OWNERS, 0, 0


def tells_deed(name: str) -> bool:
    """Whether words that end like a unit's name say what is done (走访社区, 材料报办公室)."""
    return bool(_NO_NAME.search(name) or (BEGINS_WITH_VERB.match(name) and not is_unit_by_work(name)))
