"""Reading paragraphs without numbers: by the part in which they stand, or sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.headings import SHORTCOMING
from taizhang.draft.kinds import propose_kind
from taizhang.draft.measures import add_measures, assign
from taizhang.draft.nodes import Node
from taizhang.draft.particulars import NOTHING, Particulars
from taizhang.draft.place import Place
from taizhang.draft.problems import add_cause, add_problem
from taizhang.draft.prose import (
    begins_with_lack,
    by_sentences,
    goes_on,
    lead_of,
    led_first,
    looks_ahead,
    problems_in,
    topics_in,
)
from taizhang.draft.reading import ReportReading
from taizhang.draft.reasons import BY_CONTENT, BY_SENTENCE, IN_NO_PART, UNNUMBERED
from taizhang.draft.roles import ROLE_WORDS, plain_role
from taizhang.draft.units import Unit
from taizhang.ledger.vocabulary import TaskKind

__all__ = ["closes_with_tasks", "read_plain", "read_prose", "read_prose_problems"]

_ASPECT_THEN_PROBLEM = re.compile(
    r"(?P<title>(?:在|关于)?[^，,。]{2,20}方面)[，,：:][^，,。：:]{0,12}(?:问题|不足|差距|表现)(?:主要)?(?:是|为|在于|有)?[：:，,]"
)


def read_plain(
    reading: ReportReading, unit: Unit, place: Place, siblings: Sequence[Node] = (), position: int = 0
) -> Particulars:
    """Read a paragraph without a number; returns what it says of the measures that follow."""
    role, reason = plain_role(unit, place, siblings, position)
    decided = reading.decided(unit)
    if decided and decided[0] in ("问题", "原因", "措施", "不录"):
        role, reason = decided
    elif _read_sentences(reading, unit, place, role, reason):
        return NOTHING
    if role == "开头" and reading.seen_section:
        role = "不录"
    number = unit.paragraph.number
    if role not in ("开头", "引语", "标题"):
        reading.decide(unit, place.depth, ROLE_WORDS.get(role, role), reason)
    if role == "措施":
        return add_measures(reading, [unit], place.task)
    if role in ("开头", "引语", "标题"):
        reading.place(unit, role)
        told = place.part == "problems" and place.aspect is not None and SHORTCOMING.search(unit.text)
        if told and not unit.text.endswith(("：", ":")):
            reading.note(number, "写在各条问题之前，当作引语，没有单列为问题，请核对。")
        tells = BEGINS_WITH_VERB.match(unit.text) or (place.listed and re.search("已(?!经?有)", unit.text))
        if (place.part == "measures" or place.listed) and tells and unit.text.endswith(("。", "；", ";")):
            reading.note(number, "写在各条措施之前，当作引语，没有单列为措施，请核对。")
    elif role == "不录":
        reading.leave(unit, reason)
    elif role == "问题" and (topics := topics_in(unit)):
        _read_topics(reading, topics, place)
    elif role == "问题":
        read_prose_problems(reading, [unit], place.aspect)
    else:
        reading.note(number, "没有编号，整段作为一个原因，请核对。")
        add_cause(reading, [unit], place.problems)
    return NOTHING


def _read_topics(reading: ReportReading, topics: Sequence[tuple[Unit, Unit]], place: Place) -> None:
    """Read a text that goes through topics: each is a problem, and what stands after it is who does what about it."""
    for topic, answer in topics:
        title = reading.problems[index := add_problem(reading, [topic], place.aspect)].title
        inner = place.inside(part="measures", problems=(index,), group=title, title=title)
        reading.decide(answer, inner.depth, "措施", "写在“关于……。”后面，讲的是谁去做什么")
        first = len(reading.measures)
        begun, owners = led_first(answer)
        reading.place(answer, "责任和时限", end=begun)
        add_measures(reading, [answer.after(begun)], inner.task)
        assign(reading, first, Particulars(owners=owners))


def _read_sentences(reading: ReportReading, unit: Unit, place: Place, role: str, reason: str) -> bool:
    """Read a paragraph in no part, or one after all problems that looks ahead (针对上述问题，……要求……), as prose."""
    if place.part is None:
        return bool(reading.prose) and reason == IN_NO_PART and read_prose(reading, unit, place)
    asks = place.part == "problems" and role == "不录" and "措施" in reading.prose and looks_ahead(unit.text)
    return asks and read_prose(reading, unit, Place())


def read_prose(reading: ReportReading, unit: Unit, place: Place) -> bool:
    """Read a paragraph that is in no part by its sentences; whether it has any problem or task."""
    told = [
        (role if role in reading.prose else "开头", part)
        for role, part in by_sentences(
            unit, strictly=not reading.prose >= {"问题", "措施"}, told=bool(reading.problems)
        )
    ]
    if all(role == "开头" for role, _ in told):
        return False
    reading.note(unit.paragraph.number, BY_SENTENCE)
    for role, part in told:
        reading.decide(part, place.depth, role, BY_CONTENT)
        if role == "问题":
            read_prose_problems(reading, [part], place.aspect)
        elif role == "原因":
            add_cause(reading, [part])
        elif role == "措施":
            begun = part.content + lead_of(part.paragraph.flow[part.content : part.end])
            reading.place(part, "引语", end=begun)
            add_measures(reading, [replace(part, start=begun, content=begun)], replace(place, group="整改措施").task)
        else:
            reading.place(part, "开头")
    reading.seen_section = True
    return True


def closes_with_tasks(reading: ReportReading, unit: Unit) -> bool:
    """Read a last paragraph (下一步，我校将……) of a report that has no measures before it; whether it sets tasks."""
    kinds = {propose_kind(each) for each in re.split("[，,。；;]", unit.text)}
    if not kinds & {TaskKind.ONCE, TaskKind.CYCLE}:
        return False
    reading.prose = frozenset({"措施"})
    return read_prose(reading, unit, Place())


def read_prose_problems(reading: ReportReading, units: Sequence[Unit], aspect: int | None) -> None:
    """Add the problems of paragraphs without numbers: each sentence that names one, with what tells more of it.

    A paragraph after one that ends with a semicolon is an item of a list.
    """
    found: list[list[Unit]] = []
    named = _ASPECT_THEN_PROBLEM.match(units[0].text) if len(units) == 1 and aspect is None else None
    if named:
        whole = units[0]
        aspect = reading.aspect(named["title"], whole.paragraph.number)
        reading.place(whole, "方面", end=whole.content + named.end())
        units = [replace(whole, start=whole.content + named.end(), content=whole.content + named.end())]
    listed = False
    for unit in units:
        for part in problems_in(unit):
            if found and not listed and goes_on(part.text):
                found[-1].append(part)
            else:
                found.append([part])
            listed = False
        listed = unit.text.endswith(("；", ";"))
    for unit in units[: len(found)]:
        if (unit.paragraph.number, BY_SENTENCE) not in reading.notes:
            reading.note(unit.paragraph.number, UNNUMBERED if len(found) == 1 else BY_SENTENCE)
    for first, *others in found:
        begun = begins_with_lack(first)
        if begun.start > first.start:
            reading.place(first, "引语", end=begun.start)
        add_problem(reading, [begun, *others], aspect)
