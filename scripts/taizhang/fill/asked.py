"""What a form asks beyond the heads of a ledger: yes or no, words of a list, a day as a day, a share as a number."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from taizhang.adopt.fields import NOT_WRITTEN, OWN, Field, Words
from taizhang.adopt.mapping import Basis, Kept, Mapped
from taizhang.fill.answers import Entry
from taizhang.fill.form_words import form_words
from taizhang.ledger.vocabulary import Status, TaskKind
from taizhang.supervision.tasks import Task
from taizhang.typed.dates import day_or_text, read_date
from taizhang.typed.text import as_text, clean_key, head_key

__all__ = [
    "answer_only_here", "boxes_in", "choose", "count_of", "day_of", "is_count", "tick", "with_form_fields",
]  # fmt: skip

_DAYS = ("deadline", "start")
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


def _yes_or_no(answer: object) -> str:
    return form_words().yes if answer else form_words().no


def _first_deadline(task: Task) -> Any:
    """Return the deadline before any extension: a day, if the program wrote one down (2022-03-31), else as typed."""
    cells = task.record.cells
    raw = cells.get("original_deadline") or cells.get("deadline", "")
    written = _ISO.fullmatch(as_text(raw).strip())
    return (read_date(raw).value if written else None) or raw


def _why_and_next(task: Task) -> str:
    return "。".join(filter(None, (task.obstacle.rstrip("。"), f"下一步：{task.next_step}" if task.next_step else "")))


_ANSWERS: Mapping[str, Callable[[Task], str]] = {
    "is_late": lambda task: _yes_or_no(task.overdue),
    "is_lasting": lambda task: _yes_or_no(task.kind is TaskKind.LONG_TERM or task.status is Status.ONGOING),
    "is_extended": lambda task: _yes_or_no(task.term.extended),
    "first_deadline": lambda task: day_or_text(_first_deadline(task)),
    "why_and_next": _why_and_next,
}
"""What is answered of a measure to what only a form asks, by name."""

_COUNTED: Mapping[str, Callable[[Task], bool]] = {
    "open_count": lambda task: not task.closed,
    "closed_count": lambda task: task.closed,
    "measure_count": lambda _: True,
}
"""Which measures of a row count, by the name of the number."""


def is_count(name: str) -> bool:
    """Whether a field is a number of the measures of a row."""
    return name in _COUNTED


def count_of(name: str, entry: Entry) -> int:
    """Return how many measures of a row a field counts."""
    return sum(map(_COUNTED[name], entry.tasks))


_REPEATED = ("status", "closed", "progress", "closed_on")
"""Fields that a form may ask twice, in other looks or words: 完成状态 and 是否完成, 实际完成时间 and 销号时间."""


def with_form_fields(mapped: Sequence[Mapped], words: Words, kept: Kept) -> tuple[Mapped, ...]:
    """Return the mapping with the fields that only a form has; what the office has ruled stays.

    A field that such a head had been taken for goes to the next head that means it. Of two heads for what was done
    (完成情况, 进展说明), the one that asks whether it is done is answered with the status.
    """
    own = [each if each.basis is Basis.KEPT else _with_form_field(each) for each in mapped]
    for place, each in enumerate(own):
        meant = _meant(each, words, kept) if each.field == OWN else None
        if meant is None:
            continue
        taken = next((other for other, one in enumerate(own) if one.field == meant), None)
        if taken is None or meant.name in _REPEATED:
            own[place] = replace(each, field=meant)
        elif meant.name == "update" and all(one.field.name != "status" for one in own):
            asking = next((spot for spot in (taken, place) if form_words().done.search(own[spot].title)), None)
            if asking is not None:
                own[place] = replace(each, field=meant)
                own[asking] = replace(own[asking], field=words.fields["status"])
    return tuple(own)


def _meant(mapped: Mapped, words: Words, kept: Kept) -> Field | None:
    """Return the field that a column would have if no other column had it; None if it is to have none."""
    ruled = kept.heads.get(head_key(mapped.title))
    if ruled in (OWN.title, NOT_WRITTEN.title):
        return None
    if ruled:
        return words.by_title[ruled]
    return words.field_of(mapped.head.words[-1]) if mapped.head.words and mapped.basis is Basis.HEAD else None


def _with_form_field(mapped: Mapped) -> Mapped:
    head = mapped.head.words[-1] if mapped.head.words else ""
    words = form_words()
    found = next((each for each in (*words.counts, *words.asked) if each.words.search(head)), None)
    return replace(mapped, field=found.field, basis=Basis.HEAD) if found else mapped


def answer_only_here(name: str, entry: Entry) -> list[str] | None:
    """Return what is answered to a field that only a form has, of each measure; None for any other field."""
    return [_ANSWERS[name](task) for task in entry.tasks] if name in _ANSWERS else None


def day_of(name: str, entry: Entry) -> date | None:
    """Return the day that a field holds as a day, of a single measure; None if it is words."""
    if len(entry.tasks) != 1:
        return None
    (task,) = entry.tasks
    if name == "closed_on":
        return task.closed_on
    if name == "deadline" and task.term.extended:
        return task.term.due
    raw = _first_deadline(task) if name == "first_deadline" else task.record.cells.get(name) if name in _DAYS else None
    return raw.date() if isinstance(raw, datetime) else raw if isinstance(raw, date) else None


_BOX = re.compile(r"([□☐])(\s*)([^\s□☐☑■√,，;；、()（）]{1,12})")


def boxes_in(text: str) -> list[str]:
    """Return the words that may be ticked in a cell (□是 □否), none if one is ticked or there is no choice."""
    found = [word for _, _, word in _BOX.findall(text)]
    return found if len(found) > 1 and not re.search("[☑■√]", text) else []


def tick(text: str, word: str) -> str:
    """Return a cell's text with one of its words ticked, in the kind of box that it has."""
    return _BOX.sub(lambda m: {"□": "■", "☐": "☑"}[m[1]] + m[2] + m[3] if m[3] == word else m[0], text)


_INSTEAD: Mapping[Status, tuple[Status, ...]] = {
    Status.STRUCK_OFF: (Status.STRUCK_OFF, Status.DONE),
    Status.ONGOING: (Status.ONGOING, Status.STRUCK_OFF, Status.DONE),
    Status.DONE: (Status.UNDER_WAY,),
    Status.UNDER_WAY: (Status.UNDER_WAY,),
    Status.NOT_STARTED: (Status.NOT_STARTED, Status.UNDER_WAY),
}
"""The statuses that a list of words may have for one of the ledger, the nearest first.

What is reported as done and not decided yet is never told as done.
"""


def choose(options: Sequence[str], value: str, entry: Entry, words: Words, *, of_state: bool) -> str:
    """Return the word of a list that says what the ledger says; empty if none does.

    ``of_state``: the list is about how far it is or whether it is done; otherwise only the same word will do.
    """
    if value in options:
        return value
    if not of_state or not entry.tasks:
        return next((each for each in options if clean_key(each) == clean_key(value)), "") if value else ""
    keys = {each: clean_key(each).lower() for each in options}
    known = {status: each for each in reversed(options) if (status := words.statuses.get(keys[each]))}
    status = _status_of(entry)
    if status is Status.DONE and Status.DONE in known and Status.STRUCK_OFF in known:
        return known[Status.DONE]
    if found := next((known[each] for each in _INSTEAD[status] if each in known), ""):
        return found
    wanted = words.yes if status.closed else words.no
    return next((each for each, key in keys.items() if key in wanted), "")


def _status_of(entry: Entry) -> Status:
    """Return the status of measures together: the same one, or how far the last of them is."""
    statuses = {task.status for task in entry.tasks}
    if len(statuses) == 1:
        return statuses.pop()
    if all(each.closed for each in statuses):
        return Status.STRUCK_OFF
    return Status.DONE if all(each.closed or each is Status.DONE for each in statuses) else Status.UNDER_WAY
