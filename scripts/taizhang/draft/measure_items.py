"""Reading an item that is a measure, or the title of several."""

from __future__ import annotations

import re
from dataclasses import replace

from taizhang.draft.bare_particulars import read_loose
from taizhang.draft.deadline_words import deadline_words, frequency_words
from taizhang.draft.item_labels import SPOKEN
from taizhang.draft.kinds import propose_kind
from taizhang.draft.measures import add_measures, assign
from taizhang.draft.nodes import Node
from taizhang.draft.particulars import EDGE, NOTHING, Particulars, join
from taizhang.draft.place import Place, ReadWithin
from taizhang.draft.reading import ReportReading, without_particulars
from taizhang.draft.reasons import SAME_NUMBER
from taizhang.draft.states import read_state
from taizhang.draft.titles import LONGEST_TITLE, end_of_head, head_of
from taizhang.draft.units import OWNERS, Unit
from taizhang.draft.values import NO_OWNERS
from taizhang.ledger.vocabulary import TaskKind

__all__ = ["read_measure"]

_GENERIC = re.compile(
    r"(?:建立|健全|完善|加强|强化|配强|配齐|明确|落实|充实)(?:基层)?(?:力量|队伍|机制|制度|体系|责任|措施|管理|监督|领导|教育|建设|学习|培训|整改)"
)
_SPEAKS_TO_ALL = re.compile(r"[恳敬]?请|欢迎|望|以上")
"""How a paragraph begins that asks the readers for something: it is about no item."""
_DONE_ALREADY = re.compile(
    r"^(?:已|均已)|了|[\d一二两三四五六七八九十百]{1,8}(?:余|多)?(?:次|个|名|人|项|份|场|期|家|处|条|套|台)"
)


def read_measure(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Read a group of measures, or one item of a group."""
    unit = node.unit
    if unit.style == "问题1：" and unit.label in reading.numbers:
        place = replace(place, problems=(reading.numbers[unit.label],), answers=SAME_NUMBER)
    spoken = unit.inline or unit.style in SPOKEN
    first = len(reading.measures)
    said = NOTHING
    inner = place.inside()
    if led := _title_with_owners(node):
        title, said = led
        within(node.children, replace(inner, group=head_of(title)), first)
        reading.place(title, "标题")
        reading.place(unit.after(title.end), "责任和时限")
    elif _is_title(node, is_item=spoken or place.depth > 1):
        head = _head_within(unit)
        if not spoken:
            inner = replace(inner, group=head_of(head))
        rest = unit.after(head.end)
        if rest.end > rest.start:
            said = join(said, add_measures(reading, [rest], inner.task))
        within(node.children, inner, first)
        if len(reading.measures) > first:
            reading.place(unit, "标题", end=head.end)
        else:  # nothing after it is to be done: it is no title
            said = join(said, add_measures(reading, [replace(unit, end=head.end)], place.task))
    else:
        said = add_measures(reading, [unit], place.task)
        within(node.children, replace(inner, group=place.group), first)
    assign(reading, first, said)


def _title_with_owners(node: Node) -> tuple[Unit, Particulars] | None:
    """Return the title of several items, and who and when the clauses after it say, if they say nothing else."""
    unit = node.unit
    comma = unit.paragraph.flow.find("，", unit.content, unit.end)
    if comma < 0 or not node.items or re.search(r"[（(【\[：:]", unit.paragraph.flow[unit.content : comma]):
        return None
    said = read_loose(unit.paragraph.flow[comma + 1 : unit.end].strip(EDGE))
    return (replace(unit, end=comma), said) if said and said.owners != NO_OWNERS else None


def _head_within(unit: Unit) -> Unit:
    """Return the first sentence of a unit without who and when."""
    stretches, _ = without_particulars(unit)
    first = stretches[0] if stretches else unit
    return replace(first, end=end_of_head(first))


def _is_title(node: Node, *, is_item: bool) -> bool:
    """Whether the first sentence of a node is a title: short, followed by more text, and not a task by itself.

    An item that begins with a provable deed (一是制定学习计划。) has no title.
    """
    unit = node.unit
    head = _head_within(unit)
    title = head_of(head)
    after, _ = without_particulars(unit.after(head.end))
    said = "".join(each.text for each in after)
    more = (said and not read_state(said)) or any(
        child.style != OWNERS and child.field != "state" and not _SPEAKS_TO_ALL.match(child.unit.text)
        for child in node.children
    )
    sets_task = (
        bool(deadline_words(title) or frequency_words(title))
        or (is_item and propose_kind(title) == TaskKind.ONCE and not _GENERIC.fullmatch(title))
        or (is_item and bool(_DONE_ALREADY.search(title)))
    )
    return bool(more) and len(title) <= LONGEST_TITLE and not sets_task
