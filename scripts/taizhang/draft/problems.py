"""The state of reading a report, and turning an item into a problem or a cause with its source words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from taizhang.draft import words
from taizhang.draft.commitments import BEGINS_WITH_VERB
from taizhang.draft.headings import head_length, names_problem
from taizhang.draft.outline import Unit
from taizhang.draft.particulars import NOTHING, Particulars, join, owners_within, particulars_in
from taizhang.draft.values import (
    Aspect,
    CauseLink,
    Decision,
    DraftCause,
    DraftMeasure,
    DraftProblem,
    Paragraph,
    Piece,
    ProposedLink,
)

__all__ = [
    "LONGEST_TITLE",
    "ReportReading",
    "add_cause",
    "add_detail",
    "add_problem",
    "end_of_head",
    "head_of",
    "short_title",
    "without_particulars",
]

LONGEST_TITLE = 30
"""A longer first sentence is not a title."""

_LONGEST_SHORT_TITLE = 10
_LONGEST_TOPIC = 14
_LONGEST_WITH_TOPIC = 44
_SET_PHRASE = 4  # 工作不实，作风浮漂
_CONNECTS = re.compile(
    r"^(?:但是?|不过|然而|此外|同时|另外|一方面|另一方面|(?:自查|检查|调研)(?:中)?发现|(?:主要|具体)?(?:表现|体现)(?:在|为|是)|主要是)[，,：:]?(?=.{4})"
)
"""Words that connect a problem with what stands before it."""
_LONGEST_SHOWN = 24
_NO_ASPECT = "综合"
_COUNT = re.compile(r"[（(](?:共)?[\d一二三四五六七八九十]{1,3}(?:条|个|项|点)(?:问题)?[）)]")

_FAILS = re.compile(words.FAILING)
_SLOGAN = re.compile(words.SLOGAN)
_TOPIC = re.compile(words.TOPIC)
_AROUND = re.compile(words.AROUND)
_TURN = re.compile(r"(?:但是?|然而|不过|可是)(?P<after>[^。；;]*)")
_FAILING_CLAUSE = re.compile(
    rf"(?:^|(?<=[，,：:]))(?:也|还|仍|依然)?(?:存在)?(?P<failing>[^，,。；;：:]*?(?:{words.FAILING})[^，,。；;]*)"
)


@dataclass
class ReportReading:
    """The values read so far, in source order, and the role of every stretch of the text.

    ``problems_of`` maps a paragraph to the indexes of the problems that begin in it, ``aspect_of`` a title to the
    index of its aspect. ``rulings`` are the roles of paragraphs that are decided beforehand, ``ruled`` those that
    people decided; ``kinds`` counts the parts that headings and labels name,
    ``prose`` holds what no part of the report is headed as (问题, 措施), so that it is sought in the sentences.
    """

    aspects: list[Aspect] = field(default_factory=list)
    problems: list[DraftProblem] = field(default_factory=list)
    causes: list[DraftCause] = field(default_factory=list)
    measures: list[DraftMeasure] = field(default_factory=list)
    links: list[ProposedLink] = field(default_factory=list)
    cause_links: list[CauseLink] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    unplaced: list[tuple[Paragraph, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    persons: list[int] = field(default_factory=list)
    sentence: int = 0
    seen_section: bool = False
    problems_of: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    aspect_of: dict[str, int] = field(default_factory=dict)
    rulings: Mapping[int, str] = field(default_factory=dict)
    ruled: frozenset[int] = frozenset()
    kinds: Counter[str] = field(default_factory=Counter)
    prose: frozenset[str] = frozenset()

    def place(self, unit: Unit, role: str, start: int | None = None, end: int | None = None) -> None:
        """Record the role of a stretch of a unit; by default of the whole unit."""
        first = unit.start if start is None else start
        last = unit.end if end is None else end
        if last > first:
            bound = unit.paragraph.bound
            self.pieces.append(Piece(unit.paragraph.number, bound(first), bound(last), role))

    def leave(self, unit: Unit, reason: str, start: int | None = None) -> None:
        """List a unit, or its rest from ``start`` on, as unplaced."""
        first = unit.start if start is None else start
        words = unit.paragraph.exact(first, unit.end)
        if words:
            self.place(unit, "未归类", first)
            self.unplaced.append((replace(unit.paragraph, text=words, label=""), reason))

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


def add_problem(reading: ReportReading, units: Sequence[Unit], aspect: int | None) -> int:
    """Add a problem made of these units, under an aspect (its index from 0) or, without one, under 综合.

    Returns its index. Who and when stay out of its title and detail.
    """
    if aspect is None:
        aspect = reading.aspect(_NO_ASPECT, units[0].paragraph.number)
        reading.notes.append("报告的问题没有分方面，先归在“综合”，请办公室调整。")
    kept = []
    for unit in units:
        reading.place(unit, "问题")
        stretches, said = without_particulars(unit)
        kept += stretches
        if said.owners.persons:
            reading.persons.append(unit.paragraph.number)
    title, detail, original = _title_detail_original(kept or units)
    reading.problems_of[units[0].paragraph.number].append(len(reading.problems))
    reading.problems.append(DraftProblem(aspect, title, detail, units[0].paragraph.number, original))
    return len(reading.problems) - 1


def add_detail(reading: ReportReading, index: int, units: Sequence[Unit]) -> None:
    """Add units to the detail of a problem; who and when stay out of it."""
    problem = reading.problems[index]
    detail, original = [problem.detail], [problem.original]
    for unit in units:
        reading.place(unit, "问题")
        stretches, said = without_particulars(unit)
        detail += [each.text for each in stretches]
        original.append(unit.paragraph.exact(unit.start, unit.end).strip())
        if said.owners.persons:
            reading.persons.append(unit.paragraph.number)
    reading.problems[index] = replace(problem, detail="\n".join(filter(None, detail)), original="\n".join(original))


def add_cause(reading: ReportReading, units: Sequence[Unit], problems: Sequence[int] = ()) -> None:
    """Add a cause made of these units, of these problems (indexes from 0) if the report says so."""
    title, detail, original = _title_detail_original(units)
    for unit in units:
        reading.place(unit, "原因")
    reading.cause_links += [
        CauseLink(problem, len(reading.causes), "写在同一条下面", stated=True) for problem in problems
    ]
    reading.causes.append(DraftCause(title, detail, units[0].paragraph.number, original))


def head_of(unit: Unit) -> str:
    """Return the title of an item: its first sentence without the stop."""
    return unit.text[: head_length(unit.text)].strip("。：:；;！？!?，,* ")


def end_of_head(unit: Unit) -> int:
    """Return where the head of a unit ends in the paragraph's flow."""
    words = unit.paragraph.flow[unit.content : unit.end]
    blanks = len(words) - len(words.lstrip())
    return min(unit.end, unit.content + blanks + head_length(unit.text))


def _title_detail_original(units: Sequence[Unit]) -> tuple[str, str, str]:
    """Return title, following text, and exact words of an item that may span several units and paragraphs."""
    title, whole = _title_of(units)
    head_ends = units[0].content if whole else end_of_head(units[0])
    rest = units[0].paragraph.flow[head_ends : units[0].end].strip()
    lines = [rest] if rest else []
    stretches: list[tuple[Paragraph, int, int]] = [(units[0].paragraph, units[0].start, units[0].end)]
    for unit in units[1:]:
        words = unit.paragraph.flow[unit.start : unit.end].strip()
        same = unit.paragraph is stretches[-1][0] and unit.start == stretches[-1][2]
        if same:
            stretches[-1] = (unit.paragraph, stretches[-1][1], unit.end)
            lines[-1:] = ["".join([*lines[-1:], words])]
        else:
            stretches.append((unit.paragraph, unit.start, unit.end))
            lines.append(words)
    original = "\n".join(paragraph.exact(start, end).strip() for paragraph, start, end in stretches)
    return title, "\n".join(lines), original


def _title_of(units: Sequence[Unit]) -> tuple[str, bool]:
    """Return an item's title, and whether the whole item goes into the detail because the title leaves words out.

    The title is the first sentence, shortened if it is long. If that names no failing but what should be (筑牢…),
    where (…环节) or of what (交通安全情况：), the failing after it is the title, together with a short topic.
    """
    text, head = units[0].text, _CONNECTS.sub("", head_of(units[0]))
    if named := names_problem(text):
        return named, False
    after = text[head_length(text) :].strip()
    if not _FAILS.search(head):
        if len(head) <= _LONGEST_TOPIC and text[: head_length(text)].rstrip().endswith(("：", ":")):
            first = re.split("[。；;]", after)[0].strip()
            if _TOPIC.search(head) or _FAILS.search(first):
                return _with_topic(head, _shortened(first)) if first else head, True
        below = "".join(unit.text for unit in units[1:])
        failing = _failing_after_turn(after + below)
        if failing and (BEGINS_WITH_VERB.match(head) or _SLOGAN.match(head)):
            return _shortened(failing), True
        if failing and len(head) <= _LONGEST_TOPIC and _TOPIC.search(head):
            return _with_topic(head, _shortened(failing)), True
        first = re.split("[，,。；;]", below)[0]
        alone = not after and len(units) > 1 and not units[1].label and not text.endswith("。")
        if alone and len(head) <= _LONGEST_TOPIC and _FAILS.search(first):
            title = _with_topic(head, first)
            return (title, False) if title.startswith(head) else (head, False)
    short = _shortened(head)
    return short, short != head


def _failing_after_turn(text: str) -> str:
    """Return the first clause after 但, 然而 or the like that names a failing; empty if there is none."""
    found = (_FAILING_CLAUSE.search(turn["after"]) for turn in _TURN.finditer(text))
    return next((clause["failing"] for clause in found if clause), "")


def _with_topic(topic: str, failing: str) -> str:
    """Return a failing with its topic before it, if there is room and the topic is one (not 问题一)."""
    if re.match(r"问题", topic) or len(topic) + len(failing) > _LONGEST_WITH_TOPIC:
        return failing
    return f"{topic}：{failing}"


def _shortened(sentence: str) -> str:
    """Return the first clause of a long sentence; if that is only a place or a circumstance, with what follows it."""
    clauses = re.findall(r"(?:[（(][^（）()]*[）)]|[^，,])+", sentence.strip("，,。；; "))
    if len(sentence) <= LONGEST_TITLE or len(clauses) < 2:
        return sentence
    title = clauses[0]
    if _FAILS.search(title) or not _AROUND.search(title):
        return title if len(title) > _SET_PHRASE else "，".join(clauses[:2])
    for clause in clauses[1:]:
        if len(title) + 1 + len(clause) > LONGEST_TITLE:
            break
        title += f"，{clause}"
        if _FAILS.search(clause):
            return title
    later = next((clause for clause in clauses[1:] if _FAILS.search(clause)), clauses[1])
    return title if title != clauses[0] or len(later) > LONGEST_TITLE else later


def short_title(title: str) -> str:
    """Return a short title from an aspect's title, in its own words: its last clause of 4 to 10 characters.

    在, 带头 and 方面 around it are left out. If no clause fits, the shortest one. If the title continues with its
    finding (关于……方面，主要是……), the words before 方面.
    """
    named = re.match(r"(?:关于|在)?([^，,]{2,10})方面[，,]", title)
    if named:
        return named[1]
    bare = re.sub(r"^在(?=.{4})|(?:方面|上)(?:存在的?(?:突出|主要)?(?:问题|不足|差距))?$", "", title)
    clauses = [clause.removeprefix("带头").strip() for clause in re.split(r"[，,]", bare)]
    fitting = [clause for clause in clauses if 4 <= len(clause) <= _LONGEST_SHORT_TITLE]
    return fitting[-1] if fitting else min(filter(None, clauses), key=len, default=title)
