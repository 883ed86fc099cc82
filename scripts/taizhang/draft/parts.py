"""Reading the parts of a report: their headings and lead-ins, aspects, and what is in no part."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from taizhang.draft import words
from taizhang.draft.headings import SHORTCOMING, Section, is_aspect_title
from taizhang.draft.item_signs import holds_part, items_before_measures
from taizhang.draft.measures import assign
from taizhang.draft.nodes import LEAD, Node
from taizhang.draft.paragraphs import read_plain, read_prose_problems
from taizhang.draft.particulars import NOTHING, Particulars
from taizhang.draft.place import Place, ReadWithin
from taizhang.draft.problems import add_problem
from taizhang.draft.prose import failing_answered, names_lack, sets_tasks
from taizhang.draft.reading import ReportReading, without_particulars
from taizhang.draft.reasons import IN_NO_PART, UNNUMBERED, told_as_done
from taizhang.draft.roles import NAMES_ASPECT
from taizhang.draft.titles import LONGEST_TITLE, end_of_head, head_of, short_title
from taizhang.draft.units import Unit

__all__ = ["read_aspect", "read_container", "read_past", "read_section"]

_IN_ASPECT = re.compile(r"(?P<title>(?:在|关于)?[^，,。]{2,20}(?:方面|上))[，,]")
_NAMES_BOTH = re.compile(r"(?:问题|不足|隐患)(?:及其?|以及|和|与|、)[^，。]{0,6}情况$")
"""How a heading ends over problems, each with how far it is put right."""
_TELLS_PROBLEM = re.compile(r"(?:存在|发现|有)[^。]{0,80}(?:问题|不足|差距|短板)")


def read_section(part: Section) -> Callable[[ReportReading, Node, Place, ReadWithin], None]:
    """Return what reads a heading or a lead-in of this part, and what stands under it."""

    def read(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
        reading.seen_section = True
        unit = node.unit
        title = head_of(unit)
        lacking = _NAMES_BOTH.search(title) and any(names_lack(head_of(each.unit)) for each in node.items)
        taken = part == "progress" and not any(map(holds_part, node.children)) and not lacking
        inner = place.inside(part=part, title=title, listed=taken)
        if node.style == LEAD or node.leads == part:
            named = _IN_ASPECT.match(unit.text)
            if named and part == "problems" and place.aspect is None:
                inner = replace(inner, aspect=reading.aspect(named["title"], unit.paragraph.number))
            general = NOTHING
            inner = _place_lead(reading, unit, inner, place)
            inner = replace(inner, group=inner.group or (title if len(title) <= LONGEST_TITLE else "整改措施"))
        else:
            general = _place_heading(reading, node, inner)
            default = reading.aspects[place.aspect].title if place.aspect is not None else title
            inner = replace(inner, group=place.group or default)
        first = len(reading.measures)
        _read_items(reading, node, inner, within)
        assign(reading, first, general)
        if taken and any(each.status is None for each in reading.measures[first:]):
            assign(reading, first, Particulars(status=reading.unsaid_state(unit.paragraph.number)))

    return read


def _place_lead(reading: ReportReading, unit: Unit, inner: Place, outer: Place) -> Place:
    """Place a lead-in; sentences before it that name a problem (发现存在……问题。针对这些，采取以下措施：) are one."""
    flow = unit.paragraph.flow
    last = max(flow.rfind(mark, unit.content, unit.end - 1) for mark in "。！？!?") + 1
    before = replace(unit, end=last) if last > unit.content else None
    if outer.problems or inner.part != "measures":
        reading.place(unit, "引语")
        return inner
    named = failing_answered(unit)
    if named and not reading.kinds.keys() & {"problems", "mixed", "examined"}:
        reading.place(unit, "引语", end=named.start)
        index = add_problem(reading, [named], outer.aspect)
        reading.place(unit, "引语", start=named.end)
        return replace(inner, problems=(index,))
    apart = outer.part in (None, "mixed")
    if before is None or not (apart and _TELLS_PROBLEM.search(before.text) and names_lack(before.text)):
        reading.place(unit, "引语")
        return inner
    reading.note(unit.paragraph.number, UNNUMBERED)
    index = add_problem(reading, [before], outer.aspect)
    reading.place(unit, "引语", start=last)
    return replace(inner, problems=(index,))


def _place_heading(reading: ReportReading, node: Node, inner: Place) -> Particulars:
    """Place a part's heading; the rest of its paragraph leads in to the items, or is itself the only one."""
    unit = node.unit
    head_end = end_of_head(unit)
    reading.place(unit, "标题", end=head_end)
    rest = unit.after(head_end)
    said = without_particulars(unit)[1]
    if not rest.text:
        reading.place(rest, "标题")
        return said
    kept, said = without_particulars(rest)
    if not kept:
        reading.place(rest, "责任和时限")
        return said
    if node.items:
        reading.place(rest, "引语")
    else:
        return read_plain(reading, rest, inner)
    return NOTHING


def read_past(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Leave out what tells of an earlier review or of what was done, but for parts that it holds."""
    reading.seen_section = True
    title = head_of(node.unit)
    reading.leave(node.unit, told_as_done(title))
    earlier = re.search(words.EARLIER, title)
    if earlier or not any(holds_part(child) for child in node.children):
        for child in node.children:
            for unit in child.units():
                reading.leave(unit, told_as_done(title))
        return
    within(node.children, place.inside(part="past", title=title))


def read_container(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Read a node that is in no part: what it holds that says what it is, and the rest as opening or unplaced."""
    told = any(reading.decided(unit) for child in node.children for unit in child.units())
    if told or any(holds_part(child) for child in node.children):
        reading.place(node.unit, "标题")
        kept, said = without_particulars(node.unit)
        inner = place.inside(group=head_of(kept[0] if kept else node.unit)) if told and node.style else place.inside()
        first = len(reading.measures)
        within(node.children, inner)
        assign(reading, first, said)
        return
    for unit in node.units():
        if place.part == "past":
            reading.leave(unit, told_as_done(place.title))
        elif reading.seen_section:
            reading.leave(unit, IN_NO_PART)
        else:
            reading.place(unit, "开头")


def read_aspect(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Read an aspect (在……方面) and the items under it; in no part, these are problems."""
    unit = node.unit
    part = place.part
    holds = [child for child in node.children if holds_part(child)]
    if part is None:
        doing = not node.items and node.children and all(sets_tasks(child.unit.text) for child in node.children)
        part = "mixed" if holds else "measures" if doing else "problems"
        if not holds:
            reading.seen_section = True
            head, word = ("整改措施", "措施") if doing else ("存在问题", "问题")
            told = f"没有“{head}”这样的标题，按“{short_title(head_of(unit))}”方面的{word}读，请核对。"
            reading.note(unit.paragraph.number, told)
    elif part == "measures" and items_before_measures(node.children):
        part = "mixed"
    kept, said = without_particulars(unit)
    title = head_of(kept[0] if kept else unit)
    lists = any(child.field == "problems" for child in node.children) or (part == "problems" and bool(node.items))
    named = lists or is_aspect_title(unit.text) or NAMES_ASPECT.match(title) or not SHORTCOMING.search(title)
    number = reading.aspect(title, unit.paragraph.number) if named else place.aspect
    head_end = end_of_head(unit)
    reading.place(unit, "方面", end=head_end)
    rest = unit.after(head_end)
    inner = place.inside(part=part, aspect=number, group=title, title=title)
    if part == "problems" and not node.items and not holds:
        contents = [each for each in (rest, *(child.unit for child in node.children)) if each.text]
        if contents:
            read_prose_problems(reading, contents, number)
        elif rest.end > rest.start:
            reading.place(rest, "方面")
        return
    reading.place(rest, "引语")
    first = len(reading.measures)
    _read_items(reading, node, inner, within)
    assign(reading, first, said)


def _read_items(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Read what stands under a heading; items before a label over the measures for all of them are problems."""
    items = items_before_measures(node.children) if place.part == "mixed" else ()
    first = len(reading.problems)
    within(items, replace(place, part="problems"))
    problems = (*place.problems, *range(first, len(reading.problems)))
    within(node.children[len(items) :], replace(place, problems=problems))
