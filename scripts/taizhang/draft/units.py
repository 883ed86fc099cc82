"""The units of a paragraph: its items, by numbers, labels and lead-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from taizhang.draft import words
from taizhang.draft.bare_particulars import only_particulars
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.fields import Field, field_at, fields_in
from taizhang.draft.headings import FieldKind, heading_kind, lead_kind
from taizhang.draft.item_labels import BULLET, PARTS, Label, inline_labels, label_at
from taizhang.draft.values import Paragraph
from taizhang.draft.who_and_when import begins_particulars, particulars_in

__all__ = ["ANSWERED", "FIELD", "OWNERS", "Unit", "units_of", "whole"]

_HASHES = re.compile(r"(?=[#*])(?:#{1,6}\s+)?(?:\*\*)?")
_FIRST_AFTER_COLON = re.compile(r"[：:]\s*(?=一是|一要|第一[，,、]|首先[，,]|其一|1[.、．]|[（(]1[）)]|①|[（(]一[）)])")
_HEADS_AIM = re.compile(rf"(?:{words.HEAD_STANDARD}|{words.HEAD_WHEN})[：:]?")
"""A part of a plan that says below what is aimed at, or by when."""
_HEADING_THEN_FIRST = re.compile(r"(?P<heading>[一-鿿]{2,14})[ 　]*(?P<first>1[.、．](?!\d)|[（(][1一][）)]|①)")
"""A heading with no mark after it, and the first item under it on the same line."""
FIELD, OWNERS, ANSWERED = "字段", "责任", "有答"
"""Styles of units without a number: a label, a line of owners, a failing that labels below it answer."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One item within a paragraph: ``flow[start:end]``, with its label before ``content``."""

    paragraph: Paragraph
    start: int
    content: int
    end: int
    style: str = ""
    inline: bool = False
    number: int = 0
    field: FieldKind | None = None
    head: str = ""
    """The label of who or when that stands alone in the paragraph before; of a label alone, the label itself."""

    @property
    def text(self) -> str:
        """The words after the label, on one line."""
        return self.paragraph.flow[self.content : self.end].strip()

    @property
    def label(self) -> str:
        """The label as written, without the colon."""
        return self.paragraph.flow[self.start : self.content].strip("：: 　") or self.head

    def after(self, position: int) -> Unit:
        """Return the rest of this unit from a position on, without the label."""
        return Unit(self.paragraph, position, position, self.end)


def whole(paragraph: Paragraph) -> Unit:
    """Return a paragraph as one unit."""
    return Unit(paragraph, 0, 0, len(paragraph.flow))


def units_of(paragraph: Paragraph) -> tuple[Unit, ...]:
    """Split a paragraph into its units, by numbers, labels and lead-ins; together they cover it."""
    flow = paragraph.flow
    hashes = _HASHES.match(flow)
    begun = hashes.end() if hashes else 0
    if (begins_particulars(flow) or only_particulars(flow)) and not paragraph.label:
        return (Unit(paragraph, 0, 0, len(flow), OWNERS),)
    headed = _heading_before_item(paragraph, begun)
    cuts = [*(each for each in _lead_ins(flow) if each > headed), len(flow)]
    units = [_labelled(Unit(paragraph, 0, begun, headed))] if headed else []
    units += _split(_labelled(Unit(paragraph, headed, headed or begun, cuts[0])))
    for first, last in pairwise(cuts):
        units += _split(Unit(paragraph, first, first, last))
    return tuple(units)


def _heading_before_item(paragraph: Paragraph, begun: int) -> int:
    """Return where the first item begins on the line of its part's heading (三、存在问题1.……); 0 if none does."""
    part = None if paragraph.label else label_at(paragraph.flow, begun)
    found = _HEADING_THEN_FIRST.match(paragraph.flow, part.end) if part and part.style in PARTS else None
    return found.start("first") if found and heading_kind(found["heading"], marked=True) else 0


def _lead_ins(flow: str) -> list[int]:
    """Return where the second and later lead-ins of a paragraph begin (……。针对上述问题，采取以下措施：一是……)."""
    found = []
    for match in _FIRST_AFTER_COLON.finditer(flow):
        begin = max(flow.rfind(mark, 0, match.start()) for mark in "。；;！？") + 1
        if lead_kind(
            flow[begin : match.end()].rstrip() if flow[match.end() - 1] in "：:" else flow[begin : match.start() + 1]
        ):
            found.append(begin)
    return [each for each in found[1:] if each > 0] if len(found) > 1 else []


def _labelled(first: Unit) -> Unit:
    """Return the first unit of a paragraph with its number or label recognised."""
    paragraph, begun = first.paragraph, first.content
    flow = paragraph.flow
    run = inline_labels(flow, begun, first.end)
    if run and run[0].start == begun and not paragraph.label:
        return first
    label = label_at(paragraph.label) if paragraph.label else label_at(flow, begun)
    if paragraph.label and label is None:
        label = label_at(paragraph.label + "、")
    if label is None:
        found = field_at(flow, begun)
        if paragraph.label or not found:
            return replace(first, style="编号" if paragraph.label else "")
        return replace(first, content=found.end, style=FIELD, field=found.kind)
    content = begun if paragraph.label else label.end
    if label.style in {*PARTS, BULLET} and (second := label_at(flow, content)) and second.style == "问题1：":
        content = second.end  # 二、问题一：……
    if label.style in PARTS and _HEADS_AIM.fullmatch(flow[content:].strip()):
        return replace(first, content=content, style=label.style, number=label.number)  # 二、整改目标：
    if begins_particulars(flow[content:]) and not _goes_on(flow[content:]):
        return replace(first, content=content, style=OWNERS)
    if label.style not in PARTS and only_particulars(flow[content:]):
        return replace(first, content=content, style=OWNERS)
    kind = _kind_of_label(flow[begun:content]) if label.style == "问题1：" else None
    if kind:
        return replace(first, content=content, style=FIELD, field=kind)
    found = field_at(flow, content)
    if found and _labels_item(flow, found, label.style):
        return replace(first, content=found.end, style=FIELD, field=found.kind)  # 1.整改措施：…  numbers fields
    return replace(first, content=content, style=label.style, number=label.number)


def _goes_on(text: str) -> bool:
    """Whether an item says more than who and when (3.责任人：办公室主任，6月底前编印汇编。)."""
    end = max((each.end for each in particulars_in(text, 0, len(text))), default=0)
    return bool(BEGINS_WITH_VERB.match(text[end:].strip(" 　，,、；;")) or deadline_words(text[end:]))


def _labels_item(flow: str, first: Field, style: str) -> bool:
    """Whether a label after a number is an item's field (1.整改措施：……) rather than the heading of a part."""
    if style in PARTS:
        return any(each.kind != first.kind for each in fields_in(flow, first.end, len(flow)))
    return bool(flow[first.end :].strip()) or style != "（一）"


def _kind_of_label(label: str) -> FieldKind | None:
    """Return the kind of a numbered label (整改措施1：) that is no item by itself."""
    if re.match(r"(?:整改|改进)?(?:措施|举措)|建议|整改任务", label):
        return "measures"
    return "causes" if label.startswith("原因") else None


def _split(unit: Unit) -> Iterator[Unit]:
    """Split a unit at its outermost enumeration or labels, whichever begins first, and its parts in the same way.

    The parts wait in a list: hundreds of short lists may stand in a paragraph, each within the last item before it.
    """
    waiting = [(unit, True)]
    while waiting:
        part, by_fields = waiting.pop()
        run = () if part.style == OWNERS else inline_labels(part.paragraph.flow, part.content, part.end)
        fields = _fields_before(run, part) if by_fields and part.style != OWNERS else []
        begins = [each.start for each in fields or run]
        if not begins:
            yield part
            continue
        spans = list(zip(fields or run, [*begins[1:], part.end], strict=True))
        inner = [_inner(part.paragraph, each, end) for each, end in spans]
        waiting += [(each, not fields) for each in reversed(inner)]
        if begins[0] > part.start:
            before = replace(part, end=begins[0])
            if fields:
                waiting.append((before, False))
            else:
                yield before


def _fields_before(run: Sequence[Label], unit: Unit) -> list[Field]:
    """Return the labels that split a unit: those within it, if the first stands before the enumeration begins."""
    flow = unit.paragraph.flow
    text = flow[unit.content : unit.end]
    begun = unit.content + len(text) - len(text.lstrip())
    found = [each for each in fields_in(flow, unit.content, unit.end) if each.start > begun or not unit.style]
    return found if found and (not run or found[0].start <= run[0].start) else []


def _inner(paragraph: Paragraph, begun: Label | Field, end: int) -> Unit:
    """Return the unit that a number or a label within a paragraph begins."""
    if isinstance(begun, Field):
        return Unit(paragraph, begun.start, begun.end, end, FIELD, inline=True, field=begun.kind)
    return Unit(paragraph, begun.start, begun.end, end, begun.style, inline=True, number=begun.number)
