"""Reading an item that is a problem, and what stands under it: detail, causes, measures, how it was put right."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from taizhang.draft.headings import SHORTCOMING, Section, names_problem
from taizhang.draft.item_signs import rest_of, told_before_answers
from taizhang.draft.measures import add_measures, assign, close_progress
from taizhang.draft.nodes import PLAIN, Node
from taizhang.draft.paragraphs import read_prose
from taizhang.draft.particulars import NOTHING, join
from taizhang.draft.place import Place, ReadWithin
from taizhang.draft.problems import add_problem
from taizhang.draft.prose import answer_in, answered_in, end_of_reasons, looks_ahead, names_lack, sets_tasks
from taizhang.draft.reading import ReportReading, without_particulars
from taizhang.draft.reasons import AFTER_PAIRS, LOOKS_LIKE_CLOSING, WITHOUT_MEASURE
from taizhang.draft.states import read_state
from taizhang.draft.titles import end_of_head
from taizhang.draft.units import OWNERS, Unit
from taizhang.draft.values import NO_OWNERS

__all__ = ["read_answered", "read_problem", "shows_problem"]


def read_problem(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Read a problem; labels under it are its causes and measures, the rest is its detail."""
    begun = {child.unit.paragraph.number for child in node.children if _tells_how(child, node)}
    told = [child for child in node.children if _is_detail(child) and child.unit.paragraph.number in begun]
    ahead = [child for child in node.children if not child.style and looks_ahead(child.unit.text)]
    own = [child for child in node.children if _is_detail(child) and child not in told and child not in ahead]
    others: list[Node] = []
    for child in node.children:
        detail = _is_detail(child)
        others += [each for each in child.children if child in own and not _is_detail(each)] if detail else [child]
    units = [node.unit, *(unit for child in own for unit in _detail_of(child))]
    first = len(reading.measures)
    answers = [] if node.has_field("measures", "progress") else [*filter(None, map(_answer_in, units))]
    index = add_problem(reading, [_before(each, answers) for each in units], place.aspect)
    reading.numbers[node.unit.label] = index
    said = without_particulars(node.unit)[1]
    inner = _under_problem(reading, place, index)
    for answer in answers:
        reading.decide(answer, inner.depth, "措施", "写在问题后面，讲的是要谁去改")
        reading.place(answer, "引语", end=answer.content)
        said = join(said, add_measures(reading, [answer.after(answer.content)], inner.task))
    for child in told:
        reading.decide(child.unit, inner.depth, "整改进展", "写在问题下面，讲的是怎么改的")
        if child.style:
            within([child], replace(inner, part="progress", listed=True))
            continue
        said = join(said, add_measures(reading, [child.unit], replace(inner, part="progress").task))
        said = join(said, read_state(re.split("[。！？]", child.unit.text)[0]) or NOTHING)
    within(others, inner, first)
    assign(reading, first, said)
    if len(reading.measures) == first and (said.owners != NO_OWNERS or said.deadline_words):
        reading.note(node.unit.paragraph.number, WITHOUT_MEASURE)
    if told:
        close_progress(reading, first, told[-1].unit.paragraph.number, place.state)
    for child in ahead:
        if not ("措施" in reading.prose and read_prose(reading, child.unit, Place())):
            reading.leave(child.unit, LOOKS_LIKE_CLOSING)


def _read_pairs(reading: ReportReading, node: Node, place: Place, pairs: Sequence[tuple[Unit, Unit]]) -> None:
    """Read a heading (关于……的问题) whose text goes through several problems, each with what was done about it."""
    heading = replace(node.unit, end=pairs[0][0].start)
    aspect = reading.aspect(names_problem(heading.text), heading.paragraph.number)
    reading.place(heading, "方面")
    told = place.part == "progress" or _tells_of_past(node)
    for problem, answer in pairs:
        inner = _under_problem(reading, place, add_problem(reading, [problem], aspect))
        first = len(reading.measures)
        said = add_measures(reading, [answer], replace(inner, part="progress" if told else "measures").task)
        assign(reading, first, said)
        if told:
            close_progress(reading, first, problem.paragraph.number, place.state)
    for child in node.children:
        for unit in child.units():
            reading.leave(unit, AFTER_PAIRS)


def _answer_in(unit: Unit) -> Unit | None:
    """Return the rest of a unit from where it says who was told to put the failing right; None if it does not."""
    at = answer_in(unit.paragraph.flow[unit.content : unit.end])
    return replace(unit, start=unit.content + at[0], content=unit.content + at[1]) if at and at[0] else None


def _before(unit: Unit, answers: Sequence[Unit]) -> Unit:
    """Return a unit without the answer in it."""
    ends = [each.start for each in answers if each.paragraph is unit.paragraph and unit.start <= each.start < unit.end]
    return replace(unit, end=ends[0]) if ends else unit


def read_answered(reading: ReportReading, node: Node, place: Place, within: ReadWithin) -> None:
    """Read a problem that its own heading names (关于……的问题), with what is or was done about it below."""
    reading.seen_section = True
    unit = node.unit
    head_end = end_of_head(unit)
    if pairs := answered_in(unit.after(head_end)):
        _read_pairs(reading, node, place, pairs)
        return
    if not names_problem(unit.text) and names_lack(unit.after(head_end).text):
        head_end = unit.end
    heading = replace(unit, end=head_end)
    before = () if names_problem(unit.text) else told_before_answers(node)
    shown = [
        child
        for child in node.children
        if shows_problem(child)
        or child in before
        or ((_describes(child) or _over_table(reading, child)) and not reading.decided(child.unit))
    ]
    for child in shown:
        reading.decide(child.unit, place.depth + 1, "问题", "讲的是上面那个问题")
    below = [child for child in node.children if child not in shown]
    detail = [each for child in shown for each in child.units()]
    if not rest_of(unit) and below and below[0].style == PLAIN and not reading.decided(below[0].unit):
        why = below[0].unit
        if (end := end_of_reasons(why)) > why.content:
            detail.append(replace(why, end=end))
            below[0] = replace(below[0], unit=replace(why, start=end, content=end))
    index = add_problem(reading, [heading, *detail], place.aspect)
    told = place.part == "progress" or (place.part in (None, "mixed") and _tells_of_past(node))
    part: Section = "progress" if told else "measures"
    inner = replace(_under_problem(reading, place, index), part=part, listed=True)
    said = without_particulars(heading)[1]
    first = len(reading.measures)
    rest = unit.after(head_end)
    if rest.text:
        said = join(said, add_measures(reading, [rest], inner.task))
    else:
        reading.place(rest, "标题")
    within(below, inner)
    assign(reading, first, said)
    if part == "progress":
        close_progress(reading, first, unit.paragraph.number, place.state)


def _tells_how(child: Node, problem: Node) -> bool:
    """Whether a paragraph under a problem tells how it was put right: it begins with its state, or a label says it."""
    if child.style or problem.has_field("measures"):
        return False
    sentences = re.split("[。！？]", child.unit.text)
    labelled = any(each.field in ("progress", "state") and read_state(each.unit.text) for each in problem.children)
    return bool(read_state(sentences[0])) or (
        labelled and (sets_tasks(sentences[0]) or not SHORTCOMING.search(sentences[0]))
    )


def _is_detail(child: Node) -> bool:
    if child.style == OWNERS or child.field in ("causes", "measures", "progress", "state"):
        return False
    return child.section not in ("causes", "measures", "progress", "mixed") and child.leads not in (
        "causes",
        "measures",
    )


def _detail_of(item: Node) -> Iterator[Unit]:
    """Yield the units of an item that is detail of the problem above it, but for the labels under it."""
    yield item.unit
    for child in item.children:
        if _is_detail(child):
            yield from child.units()


def _describes(node: Node) -> bool:
    """Whether a label of problems under a heading that names one says more of it: it has no list of its own."""
    return node.field == "problems" and len(node.items) < 2


def _over_table(reading: ReportReading, node: Node) -> bool:
    """Whether an item says more of the problem above it: a table of measures is right below, and it sets no task."""
    tabled = node.unit.paragraph.number in reading.before_tables and not node.children and node.field is None
    return tabled and node.style != OWNERS and not sets_tasks(node.unit.text)


def shows_problem(node: Node) -> bool:
    """Whether a label says how the problem above it shows (具体表现：……)."""
    return node.field == "problems" and "表现" in node.unit.label and "问题" not in node.unit.label


def _under_problem(reading: ReportReading, place: Place, index: int) -> Place:
    title = reading.problems[index].title
    return place.inside(problems=(index,), group=title, title=title)


def _tells_of_past(node: Node) -> bool:
    """Whether what stands after the first sentence of an item, or under it, tells what was done."""
    below = "".join(unit.text for child in node.children for unit in child.units())
    return bool(re.search(r"已|了", node.unit.paragraph.flow[end_of_head(node.unit) : node.unit.end] + below))
