"""The measures of a report: its commitments, each with owner, deadline, standard and state if the report says so."""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace

from taizhang.draft import words
from taizhang.draft.commitments import split_commitments, split_sentences
from taizhang.draft.deadline_words import (
    deadline_words,
    leading_deadline,
    sentence_deadline,
    vague_words,
)
from taizhang.draft.doers import owners_within
from taizhang.draft.kinds import propose_kind
from taizhang.draft.owner_heads import as_above
from taizhang.draft.owners import merge_owners, read_led_clause
from taizhang.draft.particulars import NOTHING, Particulars, join
from taizhang.draft.reading import ReportReading
from taizhang.draft.reasons import IN_ORDER, LOOKS_LIKE_CLOSING, SAID_TOGETHER
from taizhang.draft.states import read_state
from taizhang.draft.units import Unit
from taizhang.draft.values import NO_OWNERS, DraftMeasure, Owners, ProposedLink
from taizhang.draft.who_and_when import particulars_in
from taizhang.ledger.vocabulary import Status

__all__ = ["Task", "add_measures", "assign", "close_progress", "is_closing", "read_owner_line"]

_CLOSING = re.compile(words.CLOSING)
_ENDS_DONE = re.compile(rf"[^已了]+[，,；;]{words.DONE_SO_FAR}")
_ENDS_UNDER_WAY = re.compile(r"[^已了]+[，,；;](?:目前|现)?正在[^，,；;]{2,16}")
"""How a measure ends that is done or under way, in words of its own (……，已全部退还; ……，正在招聘)."""

_DATE_OF_WHAT_WAS = re.compile(
    r"(?:预计|力争|计划|拟|确保|将)(?:于|在)?(?P<when>[^，,。；;]{2,24})|(?<=[，,；;])(?P<on>(?:并)?(?:长期坚持|持续坚持))$"
)
"""How what was done says by when the rest is done, or that it goes on."""
_DAY_OF_DEED = re.compile(r"\d{1,2}月\d{1,2}[日号][，,]?[^，,。；;]{0,24}?已(?:经)?(?=[一-鿿])")
"""How a sentence begins that tells on which day something was done (6月20日，国土局已组织……): no deadline."""
_SIGNED = re.compile(r"\S{2,24}[ 　]+(?:19|20)\d\d[.\-年/]\d{1,2}(?:[.\-月/](?:\d{1,2}日?)?)?")
_TOLD = re.compile(r"责成|责令|要求|督促")
"""How a measure begins that names who is told to act: who is in charge is another, if a label says it."""
_CALENDAR_DAY = re.compile(r"(?<!次年)(?:\d{1,2}月|年底|季度|半年)(?!内)")
_NEVER_ENDS = re.compile(rf"每|当[日天]|随时|长期|^{words.ADVERBS}(?:巩固|保持|坚持|加强|强化|深化|抓好|压实)")
_SERVED_WITHIN = re.compile(r"(?:小时|[一二两三四五六七\d]{1,2}个?(?:工作日|[日天]))(?:之|以)?内$")
"""In what time something is done again and again (接件后两小时内联系): when the whole is to be done, a label says."""
_WATCHES = re.compile(r"[^，。；]{2,24}将[^。]*(?:督查|检查|抽查|回访|通报|问责|跟踪)")
"""What the writer of a notice will do after all have been asked (县督查室将进行回访)."""
_PUT_RIGHT_BY = re.compile(
    r"(?:确保|保证|力争|争取|务必|必须|计划|预计)?(?:于|在)?[^，。]{2,20}?(?:全部|全面)?"
    r"(?:完成(?:全部|全面)?整改(?:任务|工作)?|整改(?:到位|完成|完毕))"
)
"""A last clause that says by when all before it is put right (保证8月底完成整改)."""
_CHARGED = re.compile(r"责成")
_ENDS_WITH_STATE = re.compile(
    r"(?P<before>.+?)[，,；;](?P<state>[^，,；;]{0,8}(?:已|正在|尚未|仍在|推进中|整改中|整改完成|整改到位)[^，,；;]*(?:[，,][^，,；;]*){0,2})"
)


@dataclass(frozen=True, slots=True)
class Task:
    """What measures are read under: their group's title, the problems they answer, and whether they were taken.

    ``answers`` is what says that they answer these problems.
    """

    group: str
    problems: Sequence[int] = ()
    taken: bool = False
    answers: str = SAID_TOGETHER


def is_closing(text: str) -> bool:
    """Whether a paragraph or a sentence is closing words (我镇将以此次检查为契机……) that set no task."""
    return bool(_CLOSING.match(text.strip()))


def add_measures(reading: ReportReading, units: Sequence[Unit], task: Task) -> Particulars:
    """Split the sentences of these units into commitments; who and when within them goes to those before it.

    Returns what is said before any commitment: it is about those that follow.
    """
    first = len(reading.measures)
    stretch = first  # the measures from here on are those that who and when after them are about
    stated = first  # those before it have been given the state that a sentence says of all before it
    early = NOTHING
    for unit in units:
        if unit.text.endswith(("：", ":")) and not re.search(r"[。；]", unit.text):
            reading.place(unit, "引语")
            continue
        if is_closing(unit.text) and not unit.style:
            reading.leave(unit, LOOKS_LIKE_CLOSING)
            continue
        reading.place(unit, "措施")
        begun, flow = unit.content, unit.paragraph.flow
        for found in (*particulars_in(flow, unit.content, unit.end), None):
            before = len(reading.measures)
            state = _add_sentences(reading, unit, begun, found.start if found else unit.end, task)
            added = len(reading.measures) > before
            stretch = before if added else stretch
            if state and len(reading.measures) > first:
                assign(reading, stated, state)
                stated = len(reading.measures)
            elif state:
                early = join(early, state)
            if found is None:
                break
            said = as_above(found, reading.above)
            if len(reading.measures) == first:
                _tell_other(reading, said, unit)
                early = join(early, said)
            else:
                assign(reading, stretch, said, unit, over=True)
            begun = found.end
    if task.taken:
        _share_charge(reading, first)
    return early


def read_owner_line(reading: ReportReading, unit: Unit) -> Particulars:
    """Read a line of who and when; its label may stand alone in the line before."""
    found = NOTHING
    label = f"{unit.head}：" if unit.head else ""
    line = label + unit.paragraph.flow[: unit.end]
    rest = len(label) + unit.content
    for each in particulars_in(line, 0 if label else rest, len(line)) if unit.text else ():
        said = as_above(each, reading.above)
        _tell_other(reading, said, unit)
        found = join(found, said)
        rest = each.end
    rest = max(unit.content, rest - len(label))
    reading.place(unit, "责任和时限")
    if re.search(r"\w", unit.paragraph.flow[rest : unit.end]):
        reading.leave_out(unit.paragraph, rest, unit.end, "写在责任和时限后面，看不出是什么")
    return found


def assign(
    reading: ReportReading,
    first: int,
    said: Particulars,
    unit: Unit | None = None,
    *,
    over: bool = False,
    leaving: Set[int] = frozenset(),
) -> None:
    """Give the measures from ``first`` on what is said of them, where they say nothing themselves.

    With ``over``, a deadline that is said of them goes before words of time in their sentences. Nothing is said of
    those in ``leaving``.
    """
    if unit is not None:
        _tell_other(reading, said, unit)
    for index in range(first, len(reading.measures)):
        measure = reading.measures[index]
        other = said.owners.department not in ("", measure.owners.department)
        if index in leaving:
            continue
        own_others = replace(measure.owners, department="")
        told = said.owners.department and (_TOLD.match(measure.statement) or _is_subject(measure))
        if other and measure.owners.department:
            _tell_leads(reading, measure, said.owners.department, labelled=bool(told))
        own, given = measure.deadline_words, said.deadline_words
        labelled = over or index in reading.days_of_last_act or _SERVED_WITHIN.search(own)
        when = (given or own) if labelled else (own or given)
        reading.measures[index] = replace(
            measure,
            owners=merge_owners(said.owners, own_others) if told else _filled(measure.owners, said.owners),
            deadline_words=when,
            kind=propose_kind(measure.statement, when),
            standard=measure.standard or said.standard,
            status=measure.status or said.status,
        )


def _is_subject(measure: DraftMeasure) -> bool:
    """Whether the department of a measure is only the subject of its sentence: a label says who is in charge of it."""
    after_day = len(leading_deadline(measure.statement))
    return bool(measure.owners.department) and measure.statement.startswith(measure.owners.department, after_day)


def _tell_leads(reading: ReportReading, measure: DraftMeasure, by_label: str, *, labelled: bool) -> None:
    """Note that a label and the sentence itself name different departments, and which of them is written."""
    kept = "照责任写" if labelled else "照它自己写"
    told = f"责任写的是“{by_label}”，这一项自己写的是“{measure.owners.department}”，牵头部门{kept}，请核对。"
    if not _TOLD.match(measure.statement):
        reading.note(measure.paragraph, told)


def close_progress(reading: ReportReading, first: int, paragraph: int, state: Status | None) -> None:
    """Give the state that closes a report of progress (已完成整改。) to all that stands before it."""
    taken = reading.measures[first:]
    if not taken:
        return
    said = taken[-1].status or state
    closing = Particulars(status=said or reading.unsaid_state(paragraph))
    if said and len({each.deadline_words for each in taken if each.status}) == 1:
        closing = replace(closing, deadline_words=taken[-1].deadline_words)
    assign(reading, first, closing)


def _filled(own: Owners, given: Owners) -> Owners:
    """Return a measure's own owners, with what else is said of it: another lead than its own says nothing of it."""
    if not own.department or not given.department or own.department == given.department:
        return merge_owners(own, given)
    return own if own.leader else replace(own, leader=given.leader, persons=max(own.persons, given.persons))


def _tell_other(reading: ReportReading, said: Particulars, unit: Unit) -> None:
    """Note what the ledger has no column for, and remember where a person is named."""
    reading.remember_persons(said.owners, unit.paragraph.number)
    if said.other:
        reading.note(unit.paragraph.number, f"“{'、'.join(said.other)}”没有对应的列，没有录入。")


def _add_sentences(reading: ReportReading, unit: Unit, start: int, end: int, task: Task) -> Particulars | None:
    """Add the commitments of ``flow[start:end]``; returns the state that a sentence says of all of them."""
    text = unit.paragraph.flow[start:end]
    spans, notes = split_sentences(text)
    number = unit.paragraph.number
    reading.notes += [(number, note) for note in notes]
    said: Particulars | None = None
    closing = False
    for first, last in spans:
        sentence = text[first:last]
        if state := read_state(sentence):
            said = state
            continue
        reason = LOOKS_LIKE_CLOSING if closing and _WATCHES.match(sentence) else _no_measure(sentence)
        closing = reason == LOOKS_LIKE_CLOSING and not unit.style
        if reason:
            reading.leave_out(unit.paragraph, start + first, start + last, reason)
            continue
        reading.sentence += 1
        ending = _ENDS_WITH_STATE.fullmatch(sentence)
        state = read_state(ending["state"]) if ending else None
        commitments = split_commitments(text, first, first + ending.end("before") if ending and state else last)
        begun = len(reading.measures)
        ahead = replace(task, taken=task.taken and not (state and state.status is Status.UNDER_WAY))
        for each in commitments:
            span = (start + each.start, start + each.end)
            reading.measures.append(_measure(reading, unit, each.statement, span, ahead))
            if not task.taken and (own := _own_state(each.statement)):
                assign(reading, len(reading.measures) - 1, Particulars(status=own))
            reading.links += [
                ProposedLink(
                    len(reading.measures) - 1,
                    problem,
                    task.answers,
                    task.answers != IN_ORDER,
                )
                for problem in task.problems
            ]
        _share_owners(reading, begun)
        if len(commitments) > 1 and (day := _day_for_all(sentence)):
            assign(reading, begun, Particulars(deadline_words=day))
        elif not task.taken:
            together = [
                n
                for n, each in enumerate(commitments, begun)
                if each.start > max(text.rfind(mark, first, last) for mark in "；;")
            ]
            _share_deadline(reading, together)
        if state:
            assign(reading, begun, state)
    return said


def _own_state(statement: str) -> Status | None:
    """Return the state that a measure's last clause says of what its clauses before say is to be done."""
    if _ENDS_DONE.fullmatch(statement):
        return Status.DONE
    return Status.UNDER_WAY if _ENDS_UNDER_WAY.fullmatch(statement) else None


def _no_measure(sentence: str) -> str:
    """Return why a sentence among measures is none (closing words, a signature); empty if it may be one."""
    if is_closing(sentence):
        return LOOKS_LIKE_CLOSING
    if sentence in ("无", "暂无", "没有"):
        return "写的是没有"
    return "像是落款" if _SIGNED.fullmatch(sentence) else ""


def _share_owners(reading: ReportReading, begun: int) -> None:
    """Give the commitments of one sentence the owner that it names once: its subject, or who leads, at its end.

    So does who acts last if a day says by when (开设社团，教导处3月1日前公布课表).
    """
    named = [each.owners for each in reading.measures[begun:] if each.owners.department or each.owners.leader]
    if len(named) != 1:
        return
    led_at_the_end = any(map(read_led_clause, re.split("[，,；;]", reading.measures[-1].statement)))
    last = reading.measures[-1]
    when = leading_deadline(last.statement.removeprefix(last.owners.department))
    by_a_day = last.owners == named[0] and bool(deadline_words(when))
    if named[0] != reading.measures[begun].owners and not led_at_the_end and not by_a_day:
        return
    for index in range(begun, len(reading.measures)):
        measure = reading.measures[index]
        if measure.owners == NO_OWNERS:
            reading.measures[index] = replace(measure, owners=replace(named[0], persons=0))


def _share_charge(reading: ReportReading, first: int) -> None:
    """Give what was done after somebody was told to act (责成办公室整改。……) to who was told."""
    told = NO_OWNERS
    for index in range(first, len(reading.measures)):
        measure = reading.measures[index]
        if _CHARGED.search(measure.statement):
            told = replace(measure.owners, persons=0)
        elif measure.owners == NO_OWNERS:
            reading.measures[index] = replace(measure, owners=told)


def _share_deadline(reading: ReportReading, together: Sequence[int]) -> None:
    """Give the acts of one sentence the day by which the last of them is to be done, and note it.

    What is done again and again, or never ends (巩固成果), has no such day, and a label says it better.
    """
    when = reading.measures[together[-1]].deadline_words if together else ""
    if not _CALENDAR_DAY.search(when):
        return
    for index in together[:-1]:
        measure = reading.measures[index]
        if measure.deadline_words or _NEVER_ENDS.search(measure.statement):
            continue
        reading.measures[index] = replace(measure, deadline_words=when, kind=propose_kind(measure.statement, when))
        reading.days_of_last_act.add(index)
        reading.note(measure.paragraph, f"“{when}”写在句子最后一项里，前面几项也照它记，请核对。")


def _measure(reading: ReportReading, unit: Unit, statement: str, span: tuple[int, int], task: Task) -> DraftMeasure:
    statement, owners = owners_within(statement, told=task.taken)
    reading.remember_persons(owners, unit.paragraph.number)
    told = unit.paragraph.flow[slice(*span)]
    when = sentence_deadline(told[was.end() :] if (was := _DAY_OF_DEED.match(told)) else told)
    if task.taken:
        expected = _DATE_OF_WHAT_WAS.search(statement)
        when = deadline_words(expected["when"] or expected["on"]) if expected else ""
    return DraftMeasure(
        task.group,
        statement,
        unit.paragraph.exact(*span),
        reading.sentence,
        unit.paragraph.number,
        propose_kind(statement, when),
        when,
        vague_words(statement),
        owners,
    )


def _day_for_all(sentence: str) -> str:
    """Return the day at the end of a sentence by which all is put right (……，保证6月底前完成整改); empty if none."""
    last = re.split(r"[，,；;]", sentence)[-1]
    return deadline_words(last) if _PUT_RIGHT_BY.fullmatch(last) else ""
