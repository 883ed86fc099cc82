"""By when the tasks of an entry are due, and how often what recurs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from taizhang.adopt.reading import Reading
from taizhang.adopt.states import instead_of_deadline
from taizhang.adopt.words import parts_for
from taizhang.draft.deadline_words import frequency_words, how_often
from taizhang.forms.register_names import TASKS
from taizhang.ledger.vocabulary import Status, TaskKind
from taizhang.typed.dates import read_date
from taizhang.typed.deadlines import read_deadline
from taizhang.typed.readings import quote
from taizhang.typed.text import as_text

__all__ = ["add_deadlines", "begin_duties", "propose_cycle"]

OFTEN = "措施里写了多久一次，台账的周期只有月、季、半年、年，任务类型没有改；要一期一期盯的，请改成“周期”，填周期"
"""Said of a measure that names a cycle which the ledger has not (每周)."""

OFTEN_DONE = "措施里写了多久一次，原表写已经完成，按“{kind}”收；还要一期一期盯的，请改成“周期”，填周期和开始日期"
"""Said of a measure that names a cycle and is done: nothing says that it goes on."""

OFTEN_PAST = (
    "措施里写了多久一次，时限已经过了，按“{kind}”收；还要接着一期一期盯的，请改成“周期”，填周期和开始日期、时限"
)
"""Said of a measure that names a cycle and whose day has passed: a duty that begins today cannot end before."""


def add_deadlines(reading: Reading, row: int, tasks: Sequence[dict[str, Any]]) -> None:
    """Write the deadlines of the tasks of a row, and the kind and cycle that their words say."""
    cell = reading.cell("deadline", row)
    if cell is None:
        return
    reading.account.write(cell)
    day = read_date(cell.raw, epoch_1904=reading.source.epoch_1904).value if not isinstance(cell.raw, str) else None
    words = (day,) * len(tasks) if day else parts_for(reading.text(cell) or "", len(tasks))
    for number, (task, each) in enumerate(zip(tasks, words, strict=True)):
        if instead_of_deadline(reading, cell, number, len(tasks)):
            reading.builder.keep(TASKS, task, f"原表{reading.columns['deadline'].title}", as_text(each))
            continue
        task["deadline"] = each or None
        read = read_deadline(each, year=reading.source.settings.year) if each else None
        if read and read.ongoing:
            task["kind"] = TaskKind.LONG_TERM
        elif read and read.review_cycle and read.date is None:
            task["kind"] = TaskKind.CYCLE
        if read and read.review_cycle:
            task["review_cycle"] = read.review_cycle


def propose_cycle(reading: Reading, row: int, task: dict[str, Any]) -> None:
    """Make a duty of a measure that says how often (每季度), as a draft does, unless it is done or closed."""
    words = frequency_words(task["statement"])
    if not words or task["status"] == Status.STRUCK_OFF or task.get("review_cycle"):
        return
    cycle, count = how_often(task["statement"])
    if _is_past(reading, task):
        reading.builder.lack(OFTEN_PAST.format(kind=task["kind"]), reading.at(row))
    elif task["status"] == Status.DONE:
        reading.builder.lack(OFTEN_DONE.format(kind=task["kind"]), reading.at(row))
    elif cycle is None:
        reading.builder.lack(OFTEN, reading.at(row))
    else:
        task |= {"kind": TaskKind.CYCLE, "review_cycle": cycle, "per_cycle": count or None}
        reading.builder.lack(
            f"措施里写了{quote(words)}，任务类型按“{TaskKind.CYCLE}”、周期按“{cycle}”收", reading.at(row)
        )


def _is_past(reading: Reading, task: Mapping[str, Any]) -> bool:
    """Whether the deadline of a task is a day that has passed: nothing can begin today and end before."""
    read = read_deadline(task.get("deadline"), year=reading.source.settings.year)
    return bool(read and read.date and read.date < reading.source.today)


def begin_duties(reading: Reading, tasks: Sequence[dict[str, Any]]) -> None:
    """Count what recurs from today: of earlier cycles the table does not say what was kept and what is owed."""
    for task in tasks:
        open_still = task["status"] != Status.STRUCK_OFF and not _is_past(reading, task)
        if task.get("review_cycle") and not task.get("start") and open_still:
            task["start"] = reading.source.today
            reading.builder.counts[
                f"周期任务、要复核的长期任务没有写开始日期，从 {reading.source.today} 起算，以前的不算欠"
            ] += 1
