"""The state of reading a report: what was read so far, and the role of every stretch of its text."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from taizhang.draft.doers import owners_within
from taizhang.draft.particulars import NOTHING, Particulars, join
from taizhang.draft.reasons import ALL_SAID_DONE, BY_CONTENT, NOT_SAID_DONE, RULED
from taizhang.draft.titles import short_title
from taizhang.draft.units import Unit
from taizhang.draft.values import (
    Aspect,
    CauseLink,
    Decision,
    DraftCause,
    DraftMeasure,
    DraftProblem,
    Owners,
    Paragraph,
    Piece,
    ProposedLink,
)
from taizhang.draft.who_and_when import particulars_in
from taizhang.ledger.vocabulary import Status

__all__ = ["ReportReading", "without_particulars"]

_LONGEST_SHOWN = 24
_COUNT = re.compile(r"[（(【\[](?:共)?[\d一二三四五六七八九十]{1,3}(?:条|个|项|点)(?:问题)?[）)】\]]")


@dataclass
class ReportReading:
    """The values read so far, in source order, and the role of every stretch of the text.

    ``numbers`` maps the numbers that problems have (问题1) to their indexes,
    ``problems_of`` maps a paragraph to the indexes of the problems that begin in it, ``aspect_of`` a title to the
    index of its aspect. ``rulings`` are the roles of paragraphs that people decided, ``by_content`` those of items (by
    paragraph and start) that their list tells; ``kinds`` counts the parts that headings and labels name,
    ``prose`` holds what no part of the report is headed as (问题, 措施), so that it is sought in the sentences,
    ``above`` the last value of each kind of field, for 同上, ``all_done`` whether the opening says that everything is
    put right, ``days_of_last_act`` the measures whose day is that of the last act of their sentence,
    ``before_tables`` the numbers of paragraphs right above a table that names no problems.
    """

    aspects: list[Aspect] = field(default_factory=list)
    problems: list[DraftProblem] = field(default_factory=list)
    causes: list[DraftCause] = field(default_factory=list)
    measures: list[DraftMeasure] = field(default_factory=list)
    links: list[ProposedLink] = field(default_factory=list)
    cause_links: list[CauseLink] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    unplaced: list[tuple[Paragraph, str]] = field(default_factory=list)
    notes: list[tuple[int, str]] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    above: dict[str, str] = field(default_factory=dict)
    before_tables: frozenset[int] = frozenset()
    sentence: int = 0
    seen_section: bool = False
    numbers: dict[str, int] = field(default_factory=dict)
    problems_of: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    aspect_of: dict[str, int] = field(default_factory=dict)
    rulings: Mapping[int, str] = field(default_factory=dict)
    by_content: Mapping[tuple[int, int], str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    prose: frozenset[str] = frozenset()
    days_of_last_act: set[int] = field(default_factory=set)
    all_done: bool = False

    def decided(self, unit: Unit) -> tuple[str, str] | None:
        """Return what a unit was decided to be before it is read, and why; None if that is open."""
        ruled = self.rulings.get(unit.paragraph.number)
        if ruled and (unit.start == 0 or not unit.inline):
            return ruled, RULED
        told = self.by_content.get((unit.paragraph.number, unit.start))
        return (told, BY_CONTENT) if told else None

    def place(self, unit: Unit, role: str, start: int | None = None, end: int | None = None) -> None:
        """Record the role of a stretch of a unit; by default of the whole unit."""
        first = unit.start if start is None else start
        last = unit.end if end is None else end
        if last > first:
            bound = unit.paragraph.bound
            self.pieces.append(Piece(unit.paragraph.number, bound(first), bound(last), role))

    def leave(self, unit: Unit, reason: str) -> None:
        """List a unit as unplaced."""
        if unit.end > unit.start:
            self.place(unit, "未归类")
            self.leave_out(unit.paragraph, unit.start, unit.end, reason)

    def leave_out(self, paragraph: Paragraph, start: int, end: int, reason: str) -> None:
        """List ``flow[start:end]`` of a paragraph, whose role is recorded already, as unplaced."""
        self.unplaced.append((replace(paragraph, text=paragraph.exact(start, end), label=""), reason))

    def remember_persons(self, owners: Owners, paragraph: int) -> None:
        """Remember that a paragraph names persons, if these owners are some."""
        if owners.persons:
            self.persons.append(paragraph)

    def note(self, paragraph: int, told: str) -> None:
        """Note something for people to check; ``paragraph`` is 0 for the report as a whole."""
        self.notes.append((paragraph, told))

    def unsaid_state(self, paragraph: int) -> Status:
        """Return the state of what was done if none is said of it, and note that people should check it."""
        self.note(paragraph, ALL_SAID_DONE if self.all_done else NOT_SAID_DONE)
        return Status.DONE if self.all_done else Status.UNDER_WAY

    def decide(self, unit: Unit, depth: int, role: str, reason: str) -> None:
        """Record what a unit was taken for and why; who and when beside it, and names of persons, are left out."""
        stretches, said = without_particulars(unit)
        first = stretches[0] if stretches and role != "责任和时限" else unit
        flow = unit.paragraph.flow
        words = flow[first.start : first.end].strip()
        kept, named = owners_within(flow[first.content : first.end])
        if said.owners.persons and first is unit:
            words = "（写着姓名，此处不显示）"
        elif named.persons:
            words = f"{flow[first.start : first.content]}（姓名不显示）{kept}"
        shown = words if len(words) <= _LONGEST_SHOWN else words[:_LONGEST_SHOWN] + "…"
        self.decisions.append(Decision(unit.paragraph.number, depth, shown, role, reason))

    def aspect(self, title: str, paragraph: int) -> int:
        """Return the index of the aspect with this title, adding it if it is new."""
        title = _COUNT.sub("", title).strip("。：:；;，, ") or title
        if title not in self.aspect_of:
            self.aspect_of[title] = len(self.aspects)
            self.aspects.append(Aspect(len(self.aspects) + 1, title, short_title(title), paragraph))
        return self.aspect_of[title]


def without_particulars(unit: Unit) -> tuple[list[Unit], Particulars]:
    """Return the stretches of a unit that say more than who and when, and what the others say."""
    found, said = [], NOTHING
    begun, content = unit.start, unit.content
    for each in particulars_in(unit.paragraph.flow, unit.content, unit.end):
        said = join(said, each)
        if each.start > content:
            found.append(replace(unit, start=begun, content=content, end=each.start))
        begun = content = each.end
    if content < unit.end or not found:
        found.append(replace(unit, start=begun, content=content))
    kept = [each for each in found if re.search(r"\w", each.text)]
    return kept, said
