"""Reading what stands under a node of the outline, in order, each with the reader of what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words, only_deadline
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.headings import SHORTCOMING
from taizhang.draft.item_signs import names_failings
from taizhang.draft.labelled import read_label, read_problem_label, read_update, tells_update
from taizhang.draft.measure_items import read_measure
from taizhang.draft.measures import assign, read_owner_line
from taizhang.draft.nodes import Node
from taizhang.draft.paragraphs import read_plain
from taizhang.draft.particulars import NOTHING, Particulars, join
from taizhang.draft.parts import read_aspect, read_container, read_past, read_section
from taizhang.draft.place import Place, ReadWithin
from taizhang.draft.problem_items import read_answered, read_problem, shows_problem
from taizhang.draft.problems import add_cause, add_detail
from taizhang.draft.reading import ReportReading
from taizhang.draft.roles import ROLE_WORDS, decide
from taizhang.draft.rulings import PART_ROLES
from taizhang.draft.states import read_state, state_of_heading
from taizhang.draft.titles import head_of
from taizhang.draft.units import FIELD, OWNERS
from taizhang.ledger.vocabulary import Status
from taizhang.typed.numerals import chinese_number

__all__ = ["read_children"]

_SO_MANY = re.compile(r"[（(]?(?:以上|上述|前述)(?P<count>[一二两三四五六七八九十]{1,2})[项条点]")
_HEAD_MORE = frozenset(("方面", *PART_ROLES.values()))
"""What a paragraph is ruled to be that is the head of those after it."""


def read_children(reading: ReportReading, children: Sequence[Node], place: Place, own: int | None = None) -> None:
    """Read what stands under a node in order; ``own`` is the first of the measures that the node itself names."""
    children = [_with_value(reading, child) for child in children]
    siblings = _Siblings(
        reading, replace(place, named=names_failings(children)), len(reading.measures) if own is None else own
    )
    for position in range(len(children)):
        siblings.read(children, position)
    siblings.close()


def _with_value(reading: ReportReading, node: Node) -> Node:
    """Return a label that stands alone as if its value stood beside it; other nodes as they are."""
    value = next(iter(node.children), None)
    if not (node.field and node.unit.head) or value is None or value.style:
        return node
    reading.place(node.unit, "标题")
    unit = replace(value.unit, style=FIELD, field=node.field, head=node.unit.head)
    return replace(node, unit=unit, children=[*value.children, *node.children[1:]])


@dataclass(slots=True)
class _Siblings:
    """What is read under one node, and what the next line of owners and the next label are about.

    A line of owners is about the measures from ``begun`` on: those since the last such line, or since a problem was
    named. If there are none, what it says waits: as ``pending`` for those that follow, or, before any measure and any
    problem, as ``general`` for all. ``named`` are those of them that say by themselves whose they are; None until a
    line of owners was read. ``lead`` is the department that such a line named; those after it are about the same.

    A label of causes or measures is about ``problems``, which the label before it names: ``answering`` is the first
    measure since then, ``after_problem`` whether such a label stands right before.
    """

    reading: ReportReading
    place: Place
    first: int
    begun: int = field(init=False)
    answering: int = field(init=False)
    problems: tuple[int, ...] = field(init=False)
    general: Particulars = NOTHING
    pending: Particulars = NOTHING
    named: frozenset[int] | None = None
    lead: str = ""
    after_problem: bool = False

    def __post_init__(self) -> None:
        self.begun = self.answering = self.first
        self.problems = self.place.problems

    def read(self, children: Sequence[Node], position: int) -> None:
        """Read one of them."""
        child = children[position]
        if child.style == OWNERS:
            self._read_owners(child)
        elif day := _day_for_all(child):
            self._read_day(child, day)
        elif self.after_problem and len(self.problems) == 1 and shows_problem(child) and not child.items:
            told = f"标签写着“{child.unit.label}”，讲的是上面那个问题"
            self.reading.decide(child.unit, self.place.depth, "问题", told)
            add_detail(self.reading, self.problems[0], list(child.units()))
        elif child.field == "problems" or _is_problem_to_rectify(child, children):
            self._read_problem(child)
        else:
            if self.named is not None:
                self._begin_anew()
            self.after_problem = False
            self._read_other(children, position)

    def close(self) -> None:
        """Give the measures what waits for them."""
        assign(self.reading, self.begun, self.pending)
        assign(self.reading, self.first, self.general)

    def _begin_anew(self) -> None:
        """Give the measures so far what waits for them; what is said from here on is about those that follow."""
        assign(self.reading, self.begun, self.pending)
        self.pending, self.named, self.lead, self.begun = NOTHING, None, "", len(self.reading.measures)

    def _read_owners(self, line: Node) -> None:
        reading = self.reading
        if self.place.part is None and not (self.place.problems or reading.seen_section or reading.measures):
            reading.place(line.unit, "开头")  # （某校 副校长 某某）  under the title: who writes
            return
        said = read_owner_line(reading, line.unit)
        reading.decide(line.unit, self.place.depth, "责任和时限", "写着责任部门、责任人或时限")
        about = range(self._begun_of(line), len(reading.measures))
        if about:
            if self.named is None:
                self.named = frozenset(n for n in about if reading.measures[n].owners.department)
            self.lead = said.owners.department or self.lead
            assign(reading, about[0], said, over=len(about) == 1, leaving=self._led_by_others(about))
        elif self.after_problem or self.begun > self.first:
            self.pending = join(self.pending, said)
        else:
            self.general = join(self.general, said)

    def _begun_of(self, line: Node) -> int:
        """Return the first measure that a line of owners is about: so many paragraphs back as it says (以上两项)."""
        counted = _SO_MANY.match(line.unit.text)
        count = chinese_number(counted["count"].replace("两", "二")) or 0 if counted else 0
        begins = [n for n in range(self.begun, len(self.reading.measures)) if self._begins_paragraph(n)]
        return begins[-count] if 0 < count <= len(begins) else self.begun

    def _begins_paragraph(self, number: int) -> bool:
        measures = self.reading.measures
        return number == self.begun or measures[number].paragraph != measures[number - 1].paragraph

    def _read_day(self, part: Node, day: str) -> None:
        """Read a heading of the time (（一）整改时限), whose text says by when all measures beside it are taken."""
        reading = self.reading
        reading.decide(part.unit, self.place.depth, "责任和时限", "标题写着时限")
        for unit in part.units():
            reading.place(unit, "责任和时限")
        told = f"“{head_of(part.unit)}”下写的“{day}”，记在没有写自己时限的措施上，请核对。"
        reading.note(part.unit.paragraph.number, told)
        self.general = join(self.general, Particulars(deadline_words=day))

    def _led_by_others(self, about: Sequence[int]) -> frozenset[int]:
        """Return the measures that say by themselves whose they are, if these lines name another and are about more."""
        named = self.named or frozenset()
        if not self.lead or len(named) == len(about):
            return frozenset()
        return frozenset(n for n in named if self.reading.measures[n].owners.department != self.lead)

    def _read_problem(self, label: Node) -> None:
        self._begin_anew()
        self.answering = self.begun
        found = read_problem_label(self.reading, label, self.place, self._within)
        if self.place.depth == 0 and len(found) > 1:
            self.problems = ()  # 【问题清单】, then 【措施清单】: no word which answers which
        else:
            self.problems = (*self.problems, *found) if self.after_problem else found
        self.after_problem = True

    def _read_other(self, children: Sequence[Node], position: int) -> None:
        """Read a label of anything but problems, a paragraph without a number, or any other node."""
        reading, child = self.reading, children[position]
        inner = replace(self.place, problems=self.problems)
        if child.field:
            self._read_label(child, replace(inner, state=inner.state or _state_after(children, position)))
        elif child.style == "" and (reading.decided(child.unit) or ("",))[0] not in _HEAD_MORE:
            said = read_plain(reading, child.unit, self.place, children, position)
            self.pending = join(self.pending, said)
        else:
            _read_node(reading, child, inner, self._within)

    def _read_label(self, label: Node, place: Place) -> None:
        if tells_update(self.reading, label, self.answering):
            read_update(self.reading, label, place, self._within, self.answering)
            return
        said = read_label(self.reading, label, place, self._within)
        if said.status:
            assign(self.reading, self.answering, said)
        self.pending = join(self.pending, said)

    def _within(self, children: Sequence[Node], place: Place, own: int | None = None) -> None:
        read_children(self.reading, children, place, own)


def _day_for_all(node: Node) -> str:
    """Return the only day by which something is put right that stands under a heading of the time; empty if none."""
    if not node.is_item or not re.fullmatch(words.HEAD_WHEN, head_of(node.unit)):
        return ""
    sentences = (each for unit in node.units() for each in re.split("[。；]", unit.text))
    told = (each for each in sentences if re.search("整改|完成|落实", each) or only_deadline(each.strip("（）() 　")))
    days = {deadline_words(each) for each in told} - {""}
    return days.pop() if len(days) == 1 else ""


def _state_after(children: Sequence[Node], position: int) -> Status | None:
    """Return the state that a label right after one of progress says (整改情况：……, then 整改状态：已完成)."""
    following = next(iter(children[position + 1 : position + 2]), None)
    if children[position].field != "progress" or following is None or following.field != "state":
        return None
    state = read_state(following.unit.text)
    return state.status if state else None


def _is_problem_to_rectify(node: Node, siblings: Sequence[Node]) -> bool:
    """Whether 整改任务 is what has to be put right: it names a lack or heads a table, and measures have a label."""
    if not re.match(r"整改(?:任务|事项|内容)", node.unit.label) or node.field != "measures":
        return False
    if any(each.field == "problems" for each in siblings):
        return False
    others = any(each is not node and each.field in ("measures", "progress") for each in siblings)
    lacks = bool(node.unit.head or SHORTCOMING.search(node.unit.text))
    return others and lacks and not BEGINS_WITH_VERB.match(node.unit.text)


def _read_node(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Decide what a numbered item, a heading or a lead-in is, by several signs, and read it."""
    role, reason = decide(reading, node, place)
    reading.decide(node.unit, place.depth, ROLE_WORDS.get(role, role), reason)
    if role == "不录":
        for unit in node.units():
            reading.leave(unit, reason)
        return
    first = len(reading.measures)
    if state := state_of_heading(head_of(node.unit)):
        place = replace(place, state=state)
    _HANDLERS[role](reading, node, place, within)
    if state:
        assign(reading, first, Particulars(status=state))


def _read_cause(reading: ReportReading, node: Node, place: Place, _within: ReadWithin) -> None:
    add_cause(reading, list(node.units()), place.problems)


_HANDLERS: dict[str, Callable[[ReportReading, Node, Place, ReadWithin], None]] = {
    "problems": read_section("problems"),
    "causes": read_section("causes"),
    "measures": read_section("measures"),
    "mixed": read_section("mixed"),
    "progress": read_section("progress"),
    "past": read_past,
    "容器": read_container,
    "方面": read_aspect,
    "问题": read_problem,
    "问题和措施": read_answered,
    "原因": _read_cause,
    "措施": read_measure,
}
