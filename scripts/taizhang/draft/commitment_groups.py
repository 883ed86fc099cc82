"""The measures of a report: groups, sentences and commitments, with owner and deadline if the report has them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from taizhang.draft.commitments import split_commitments, split_sentences
from taizhang.draft.deadline_words import deadline_words, only_deadline, particulars_in, vague_words
from taizhang.draft.item_labels import SPOKEN
from taizhang.draft.kinds import propose_kind
from taizhang.draft.outline import Node, Unit
from taizhang.draft.problems import LONGEST_TITLE, ReportReading, end_of_head, head_of
from taizhang.draft.values import DraftMeasure
from taizhang.ledger.vocabulary import TaskKind

__all__ = ["add_measures", "read_group"]


def read_group(reading: ReportReading, node: Node, outer: str, *, nested: bool = False) -> None:
    """Read one group of measures or (``nested``) one item of a group; ``outer`` is the group's title so far."""
    unit = node.unit
    spoken = unit.inline or unit.style in SPOKEN
    if _is_title(node, is_item=spoken or nested):
        head_end = end_of_head(unit)
        reading.place(unit, "标题", end=head_end)
        group = outer if spoken else head_of(unit)
        rest = Unit(unit.paragraph, head_end, head_end, unit.end)
        add_measures(reading, [rest] if rest.end > rest.start else [], group)
    else:
        group = outer
        add_measures(reading, [unit], group)
    for child in node.children:
        read_group(reading, child, group, nested=True)
    add_measures(reading, node.following, group)


def _is_title(node: Node, *, is_item: bool) -> bool:
    """Whether the first sentence of a node is a title: short, followed by more text, and not a task by itself.

    An item that begins with a provable deed (一是制定学习计划。) has no title.
    """
    title = head_of(node.unit)
    more = end_of_head(node.unit) < node.unit.end or node.children or node.following
    sets_task = bool(deadline_words(title)) or (is_item and propose_kind(title) == TaskKind.ONCE)
    return bool(more) and len(title) <= LONGEST_TITLE and not sets_task


def add_measures(reading: ReportReading, units: Sequence[Unit], group: str) -> None:
    """Split the sentences of these units into commitments, and assign them the owners and deadlines that follow."""
    first = len(reading.measures)
    for unit in units:
        if unit.text.endswith(("：", ":")) and not re.search(r"[。；]", unit.text):
            reading.place(unit, "引语")
            continue
        reading.place(unit, "措施")
        begun = unit.content
        flow = unit.paragraph.flow
        for found in particulars_in(flow, unit.content, unit.end):
            before = len(reading.measures)
            _add_sentences(reading, unit, begun, found.start, group)
            after = before if len(reading.measures) > before else first
            for index in range(after, len(reading.measures)):
                measure = reading.measures[index]
                reading.measures[index] = replace(
                    measure,
                    owner_words=measure.owner_words or found.owner_words,
                    deadline_words=found.deadline_words or measure.deadline_words,
                )
            begun = found.end
        _add_sentences(reading, unit, begun, unit.end, group)


def _add_sentences(reading: ReportReading, unit: Unit, start: int, end: int, group: str) -> None:
    text = unit.paragraph.flow[start:end]
    spans, notes = split_sentences(text)
    number = unit.paragraph.number
    reading.notes += [f"第 {number} 段：{note}" for note in notes]
    for first, last in spans:
        reading.sentence += 1
        commitments = split_commitments(text, first, last)
        if len(commitments) > 1 and (words := _shared_deadline(text[first:last])):
            reading.notes.append(f"第 {number} 段：“{words}”写在句尾，只记在最后一项上，是不是也管前面几项，请核对。")
        for each in commitments:
            reading.measures.append(
                _measure(reading, unit, each.statement, (start + each.start, start + each.end), group)
            )


def _measure(reading: ReportReading, unit: Unit, statement: str, span: tuple[int, int], group: str) -> DraftMeasure:
    return DraftMeasure(
        group,
        statement,
        unit.paragraph.exact(*span),
        reading.sentence,
        unit.paragraph.number,
        propose_kind(statement),
        deadline_words(unit.paragraph.flow[slice(*span)]),
        vague_words(statement),
    )


def _shared_deadline(sentence: str) -> str:
    last = re.split(r"[，,；;]", sentence)[-1]
    return last if only_deadline(last) == "ends" else ""
