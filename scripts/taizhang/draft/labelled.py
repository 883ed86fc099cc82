"""Reading what stands under a label (存在问题：, 原因：, 整改措施：, 整改进展：, 整改状态：)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from taizhang.draft import words
from taizhang.draft.headings import SHORTCOMING, Section
from taizhang.draft.measures import add_measures, assign, close_progress
from taizhang.draft.nodes import Node
from taizhang.draft.particulars import NOTHING, Particulars, join
from taizhang.draft.place import Place, ReadWithin
from taizhang.draft.problems import add_cause, add_problem
from taizhang.draft.reading import ReportReading, without_particulars
from taizhang.draft.reasons import IN_ORDER, UNNUMBERED, UNSAID_STATE
from taizhang.draft.states import read_state
from taizhang.draft.titles import LONGEST_TITLE
from taizhang.draft.units import Unit

__all__ = ["read_label", "read_problem_label", "read_update", "tells_update"]


def read_problem_label(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> tuple[int, ...]:
    """Read a label of problems (存在问题：…): one problem, or one for each item of its list; returns their indexes."""
    reading.seen_section = True
    reading.decide(node.unit, place.depth, "问题", f"标签写着“{node.unit.label}”")
    first = len(reading.problems)
    items = node.items
    inner = place.inside(part="problems", title=node.unit.label)
    if items:
        unit = node.unit
        reading.place(unit, "标题", end=unit.content)
        rest = unit.after(unit.content)
        if rest.text and not rest.text.endswith(("：", ":")) and SHORTCOMING.search(rest.text) and len(rest.text) > 4:
            add_problem(reading, [rest, *(each for child in node.children for each in child.units())], place.aspect)
        else:
            reading.place(rest, "引语")
            within(node.children, inner)
    elif node.unit.text:
        _note_whole(reading, node.unit, place)
        add_problem(reading, list(node.units()), place.aspect)
    else:
        reading.place(node.unit, "标题")
        within(node.children, inner)
    return tuple(range(first, len(reading.problems)))


def _note_whole(reading: ReportReading, unit: Unit, place: Place) -> None:
    if place.part in (None, "problems") and place.depth <= 1 and len(re.findall("。", unit.text)) > 1:
        reading.note(unit.paragraph.number, UNNUMBERED)


def read_label(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> Particulars:
    """Read a label of causes, measures, progress or state; returns what it says of the measures beside it."""
    reading.seen_section = True
    unit = node.unit
    role, read = _READERS[node.field or "measures"]
    reading.decide(unit, place.depth, role, f"标签写着“{unit.label}”")
    reading.place(unit, "标题", end=unit.content)
    return read(reading, node, place, within)


def _read_causes(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> Particulars:
    """Read a label of causes: one cause, or one for each item of its list."""
    rest = node.unit.after(node.unit.content)
    items = node.items
    if rest.text and not items:
        add_cause(reading, [rest, *(each for child in node.children for each in child.units())], place.problems)
        return NOTHING
    if items:
        reading.place(rest, "引语")
    within(node.children, place.inside(part="causes", title=node.unit.label))
    return NOTHING


def _read_state(reading: ReportReading, node: Node, _place: Place, _within: ReadWithin) -> Particulars:
    rest = node.unit.after(node.unit.content)
    kept, said = without_particulars(rest)
    state = read_state("".join(each.text for each in kept))
    if state is None:
        reading.leave(rest, "写在整改状态里，看不出是哪一种状态")
        return NOTHING
    reading.place(rest, "状态")
    return join(state, said)


def _read_measures(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> Particulars:
    """Read a label of measures, or of what was done: what stands beside it, and then its list."""
    unit = node.unit
    part: Section = "progress" if node.field == "progress" or _tells_past(node) else "measures"
    group = place.group or (reading.aspects[place.aspect].title if place.aspect is not None else unit.label)
    rest = unit.after(unit.content)
    if not place.problems and (found := _FINDING.match(unit.paragraph.flow, unit.content, unit.end)):
        place, rest = _read_finding(reading, rest, found, place)
    inner = place.inside(part=part, group=group, title=unit.label, listed=True)
    first = len(reading.measures)
    said = _read_beside(reading, node, rest, inner)
    for children, problems in _in_order(node, place.problems):
        answers = place.answers if problems == place.problems else IN_ORDER
        within(children, replace(inner, problems=problems, answers=answers))
    if part == "progress":
        close_progress(reading, first, unit.paragraph.number, place.state)
    return said


def _tells_past(node: Node) -> bool:
    """Whether at least half of the sentences under a label of measures tell what was done (已更换……, 清理了……)."""
    sentences = [each for unit in node.units() for each in re.split("[。；;]", unit.text) if each.strip()]
    return 0 < len(sentences) <= 2 * sum(bool(_PAST.search(each)) for each in sentences)


def _read_finding(reading: ReportReading, rest: Unit, found: re.Match[str], place: Place) -> tuple[Place, Unit]:
    """Read the finding that the text of a label quotes first (督察指出，“……”问题，我县……); returns what answers it."""
    start, end = found.span("what")
    reading.place(rest, "引语", end=start)
    index = add_problem(reading, [replace(rest, start=start, content=start, end=end)], place.aspect)
    reading.place(rest.after(end), "引语", end=found.end())
    return replace(place, problems=(index,)), rest.after(found.end())


def _read_beside(reading: ReportReading, node: Node, rest: Unit, place: Place) -> Particulars:
    """Read what stands on the line of a label: a state, a lead-in to its list, or measures."""
    if not rest.text:
        reading.place(rest, "标题")
    elif place.part == "progress" and (state := read_state(rest.text)):
        reading.place(rest, "状态")
        return state
    elif node.items and _leads_in(rest.text):
        reading.place(rest, "引语")
    else:
        return add_measures(reading, [rest], place.task)
    return NOTHING


def _leads_in(text: str) -> bool:
    """Whether a short sentence of one clause may only say that a list follows."""
    short = len(text) <= LONGEST_TITLE and not re.search(r"[，；。]", text.rstrip("。：:；"))
    return short and text.endswith(("：", ":", "。"))


_FINDING = re.compile(r"[^。“]{2,60}(?:指出|反馈|提出|通报)的?[，,：:]?“(?P<what>.{6,400}?)”(?:等|的|这一)*问题[，,。]")

_PAST = re.compile(
    rf"(?:{words.VERBS})了|(?:^|[，,])[^，,]{{0,8}}已(?:经)?(?:全部|全面)?(?:{words.VERBS})(?![^，。]{{0,6}}的)"
)
"""How a deed is told that was done."""

_READERS: dict[str, tuple[str, Callable[[ReportReading, Node, Place, ReadWithin], Particulars]]] = {
    "causes": ("原因", _read_causes),
    "state": ("状态", _read_state),
    "progress": ("整改进展", _read_measures),
    "measures": ("措施", _read_measures),
}
"""How the kinds of labels are shown, and what reads them."""


def _in_order(node: Node, problems: tuple[int, ...]) -> Iterator[tuple[Sequence[Node], tuple[int, ...]]]:
    """Yield the items of a label with the problems that they answer: one each if there are as many, otherwise all."""
    begins = [n for n, child in enumerate(node.children) if child.is_item]
    if len(problems) < 2 or len(begins) != len(problems) or begins[0]:
        yield node.children, problems
        return
    for (first, end), problem in zip(pairwise([*begins, len(node.children)]), problems, strict=True):
        yield node.children[first:end], (problem,)


def tells_update(reading: ReportReading, node: Node, first: int) -> bool:
    """Whether a label says how far the measures from ``first`` on are, in more words than those for a state."""
    beside = node.field == "progress" and len(reading.measures) > first
    return beside and (bool(node.children) or not read_state(node.unit.text))


def read_update(reading: ReportReading, node: Node, place: Place, within: ReadWithin, first: int) -> None:
    """Read a report of progress under a label beside the measures from ``first`` on: it says how far these are.

    It goes to the only measure, or item by item to as many measures; otherwise it is named, as it may be about any.
    """
    about, pieces, links, left = map(len, (reading.measures, reading.pieces, reading.links, reading.unplaced))
    said = read_label(reading, node, place, within)
    told = reading.measures[about:]
    del reading.measures[about:], reading.links[links:]
    status = told[-1].status if told else said.status
    if about - first == 1:
        texts = ["；".join(each.statement for each in told)]
    elif len(told) == about - first == len(node.items):
        texts = [each.statement for each in told]
    else:
        texts = []
        number = node.unit.paragraph.number
        reading.notes = [each for each in reading.notes if each not in ((number, told) for told in UNSAID_STATE)]
        del reading.pieces[pieces:], reading.unplaced[left:]
        for unit in node.units():
            reading.leave(unit, "写着整改进展，上面有几条措施，看不出讲的是哪一条")
        text = node.unit.text.rstrip("。")
        state = read_state(text.rsplit("。", 1)[-1]) or read_state(re.split("[，,。；;]", text)[0])
        status = state.status if state else None
    reading.pieces[pieces:] = [
        replace(each, role="状态") if each.role == "措施" else each for each in reading.pieces[pieces:]
    ]
    for index, text in enumerate(texts, first):
        reading.measures[index] = replace(reading.measures[index], update=text)
    if status:
        assign(reading, first, Particulars(status=status, deadline_words=said.deadline_words))
