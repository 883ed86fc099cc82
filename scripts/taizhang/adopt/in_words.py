"""Who and when in a measure's own words (制定办法（财务科，6月底前）), where the table has no cell that says it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from taizhang.adopt.grid import Cell
from taizhang.adopt.reading import Reading
from taizhang.adopt.responsible import PERSON, give_departments
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.particulars import join
from taizhang.draft.values import NO_OWNERS
from taizhang.draft.who_and_when import particulars_in
from taizhang.forms.register_names import TASKS
from taizhang.ledger.vocabulary import TaskKind
from taizhang.typed.deadlines import read_deadline

__all__ = ["add_said"]


def add_said(reading: Reading, row: int, tasks: Sequence[dict[str, Any]], statement: Cell) -> None:
    """Write departments, posts and deadlines that the measures say themselves, as a draft reads them."""
    for task in tasks:
        text: str = task["statement"]
        parts = list(particulars_in(text, 0, len(text)))
        said = parts[0] if parts else None
        for more in parts[1:]:
            said = join(said, more) if said else more
        used = False
        if said and said.owners != NO_OWNERS and not task.get("department") and "department" not in reading.columns:
            used = True
            owners = said.owners
            give_departments(reading, task, [each for each in (owners.department, *owners.supporting) if each])
            if owners.leader and not task.get("leader"):
                task["leader"] = owners.leader
                reading.builder.posts[owners.leader] = None
            for vague in owners.vague:
                reading.builder.keep(TASKS, task, "原表牵头部门", vague)
            if owners.persons:
                reading.account.name(statement, PERSON)
        when = (said.deadline_words if said else "") or deadline_words(text)
        if when and not task.get("deadline") and "deadline" not in reading.columns:
            used = True
            task["deadline"] = when
            read = read_deadline(when, year=reading.source.settings.year)
            if read and read.ongoing:
                task |= {"kind": TaskKind.LONG_TERM, "review_cycle": read.review_cycle}
        if used:
            reading.builder.counts["原表没有责任、时限的列，按措施里写的收"] += 1
        if (
            used
            and parts
            and parts[-1].end >= len(text.rstrip("。；; "))
            and (bare := text[: parts[0].start].rstrip("，, "))
        ):
            task |= {"statement": bare, "original": task.get("original") or text}
