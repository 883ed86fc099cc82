"""The outline of a report: units by number, label and lead-in, and their nesting; what they mean is decided later."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.fields import Field, field_at, fields_in
from taizhang.draft.headings import FieldKind, Section, heading_kind, is_aspect_title, lead_kind
from taizhang.draft.item_labels import BULLET, PARTS, SPOKEN, Label, inline_labels, label_at, rank_of
from taizhang.draft.particulars import begins_particulars, only_particulars, particulars_in
from taizhang.draft.values import Paragraph

__all__ = ["FIELD", "LEAD", "OWNERS", "Node", "Unit", "build_outline", "units_of", "whole"]

_HASHES = re.compile(r"(?=[#*])(?:#{1,6}\s+)?(?:\*\*)?")
_FIRST_AFTER_COLON = re.compile(r"[：:]\s*(?=一是|一要|第一[，,、]|首先[，,]|其一|1[.、．]|[（(]1[）)]|①|[（(]一[）)])")
_LEADS_TO_LINES = re.compile(r"(?:问题|不足|差距|隐患|短板|措施|对策|建议|原因)[：:]$")
"""How a paragraph ends that leads in to lines without numbers."""
_ASPECT_HEAD = re.compile(r"(?:在)?[^，。：:；]{2,14}方面[：:。]")
_IN_ASPECT = re.compile(r"在[^，。：:；]{2,14}(?:方面|上)[，,]")
_LONGEST_SPOKEN_HEAD = 15
_UNNUMBERED, FIELD, LEAD, OWNERS, ASPECT, PLAIN = "节", "字段", "引语", "责任", "方面", ""
"""Styles of nodes without a number: a heading, a label, a lead-in (还存在以下问题：), a line of owners, a paragraph
that begins with an aspect (学习方面：), plain text."""


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

    @property
    def text(self) -> str:
        """The words after the label, on one line."""
        return self.paragraph.flow[self.content : self.end].strip()

    @property
    def label(self) -> str:
        """The label as written, without the colon."""
        return self.paragraph.flow[self.start : self.content].strip("：: 　")

    def after(self, position: int) -> Unit:
        """Return the rest of this unit from a position on, without the label."""
        return Unit(self.paragraph, position, position, self.end)


@dataclass(slots=True)
class Node:
    """A unit and what stands under it; ``section`` is what its words head, ``leads`` what they lead in to."""

    unit: Unit
    style: str
    section: Section | None = None
    leads: Section | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def field(self) -> FieldKind | None:
        """The kind of a label, None for other nodes."""
        return self.unit.field if self.style == FIELD else None

    def units(self) -> Iterator[Unit]:
        """Yield every unit of this node in source order."""
        yield self.unit
        for child in self.children:
            yield from child.units()

    def has_field(self, *kinds: FieldKind) -> bool:
        """Whether a label of these kinds stands directly under this node."""
        return any(child.field in kinds for child in self.children)


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
    cuts = [*_lead_ins(flow), len(flow)]
    whole = Unit(paragraph, 0, begun, cuts[0])
    units = list(_split(paragraph, _labelled(paragraph, whole)))
    for first, last in pairwise(cuts):
        units += _split(paragraph, Unit(paragraph, first, first, last))
    return tuple(units)


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


def _labelled(paragraph: Paragraph, whole: Unit) -> Unit:
    """Return the first unit of a paragraph with its number or label recognised."""
    flow, begun = paragraph.flow, whole.content
    run = inline_labels(flow, begun, whole.end)
    if run and run[0].start == begun and not paragraph.label:
        return whole
    label = label_at(paragraph.label) if paragraph.label else label_at(flow, begun)
    if paragraph.label and label is None:
        label = label_at(paragraph.label + "、")
    if label is None:
        found = field_at(flow, begun)
        if paragraph.label or not found:
            return replace(whole, style="编号" if paragraph.label else "")
        return replace(whole, content=found.end, style=FIELD, field=found.kind)
    content = begun if paragraph.label else label.end
    if label.style in {*PARTS, BULLET} and (second := label_at(flow, content)) and second.style == "问题1：":
        content = second.end  # 二、问题一：……
    if begins_particulars(flow[content:]) and not _goes_on(flow[content:]):
        return replace(whole, content=content, style=OWNERS)
    if label.style not in PARTS and only_particulars(flow[content:]):
        return replace(whole, content=content, style=OWNERS)
    kind = _kind_of_label(flow[begun:content]) if label.style == "问题1：" else None
    if kind:
        return replace(whole, content=content, style=FIELD, field=kind)
    first = field_at(flow, content)
    if first and _labels_item(flow, first, label.style):
        return replace(whole, content=first.end, style=FIELD, field=first.kind)  # 1.整改措施：…  numbers fields
    return replace(whole, content=content, style=label.style, number=label.number)


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


def _split(paragraph: Paragraph, unit: Unit) -> Iterator[Unit]:
    """Split a unit at its outermost enumeration or labels, whichever begins first, and its parts in the same way.

    The parts wait in a list: hundreds of short lists may stand in a paragraph, each within the last item before it.
    """
    waiting = [(unit, True)]
    while waiting:
        part, by_fields = waiting.pop()
        run = () if part.style == OWNERS else inline_labels(paragraph.flow, part.content, part.end)
        fields = _fields_before(run, paragraph, part) if by_fields and part.style != OWNERS else []
        begins = [each.start for each in fields or run]
        if not begins:
            yield part
            continue
        spans = list(zip(fields or run, [*begins[1:], part.end], strict=True))
        inner = [_inner(paragraph, each, end) for each, end in spans]
        waiting += [(each, not fields) for each in reversed(inner)]
        if begins[0] > part.start:
            before = replace(part, end=begins[0])
            if fields:
                waiting.append((before, False))
            else:
                yield before


def _fields_before(run: Sequence[Label], paragraph: Paragraph, unit: Unit) -> list[Field]:
    """Return the labels that split a unit: those within it, if the first stands before the enumeration begins."""
    text = paragraph.flow[unit.content : unit.end]
    begun = unit.content + len(text) - len(text.lstrip())
    found = [each for each in fields_in(paragraph.flow, unit.content, unit.end) if each.start > begun or not unit.style]
    return found if found and (not run or found[0].start <= run[0].start) else []


def _inner(paragraph: Paragraph, begun: Label | Field, end: int) -> Unit:
    """Return the unit that a number or a label within a paragraph begins."""
    if isinstance(begun, Field):
        return Unit(paragraph, begun.start, begun.end, end, FIELD, inline=True, field=begun.kind)
    return Unit(paragraph, begun.start, begun.end, end, begun.style, inline=True, number=begun.number)


def build_outline(units: Sequence[Unit]) -> Node:
    """Return the outline of a report under a node that stands for the whole.

    Numbering styles have no fixed depth (reports differ): a style that is not open goes one level deeper, an open one
    goes back to its level; an item whose number does not begin a list goes back to where its list can be.
    """
    root = Node(Unit(Paragraph(0, ""), 0, 0, 0), "全文")
    units = [each for number, unit in enumerate(units) for each in _with_item(unit, units[number + 1 :][:1])]
    stack = [root]
    repeated = _repeated_headings(units)
    for position, unit in enumerate(units):
        following = units[position + 1] if position + 1 < len(units) else None
        node = _make_node(unit, following, repeated)
        if next_part := _next_part(node, stack):
            node = Node(replace(unit, content=unit.start, style="", field=None), _UNNUMBERED, next_part)
        if node.style == PLAIN and any(each.section or each.leads for each in stack) and _begins_with_aspect(unit):
            node.style = ASPECT
        if node.style == PLAIN:
            stack = _above_like(stack, unit)
            _above_plain(stack)[-1].children.append(node)
        elif node.style == OWNERS:
            after = next((each for each in units[position + 1 :] if each.style != OWNERS), None)
            _above_owners(stack, after)[-1].children.append(node)
        else:
            stack = _open_above(stack, node, following)
            stack[-1].children.append(node)
            if node.field != "state":
                stack.append(node)
    _lift_closing_fields(root)
    _lift_closing_words(root, None)
    return root


def _with_item(unit: Unit, following: Sequence[Unit]) -> tuple[Unit, ...]:
    """Return a unit, with an item of its own before it if it is the first label of one (1.责任单位：……, then 事项：……).

    The labels after it have no numbers; where these are numbered, too, the number counts labels of one item.
    """
    label = label_at(unit.paragraph.flow, unit.start) if unit.style == OWNERS else None
    labelled = any(map(_is_bare, following))
    if label is None or not labelled or unit.content == unit.start:
        return (unit,)
    item = replace(unit, end=unit.content, style=label.style, number=label.number)
    return item, replace(unit, start=unit.content)


def _is_bare(unit: Unit) -> bool:
    """Whether a label or a line of owners has no number before it."""
    return unit.style in (FIELD, OWNERS) and label_at(unit.paragraph.flow, unit.start) is None


def _next_part(node: Node, stack: Sequence[Node]) -> Section | None:
    """Return the part that a label alone on its line heads: it stands after a part that such a line heads, too.

    That part has no labels, and what stands in it has no numbers. None for any other label.
    """
    kind, part = node.field, stack[-1]
    if kind not in ("problems", "causes", "measures") or node.unit.inline or node.unit.text:
        return None
    plain = bool(part.children) and all(child.style == PLAIN for child in part.children)
    heads = part.style in (_UNNUMBERED, LEAD) and (part.section or part.leads) not in (None, "mixed", kind) and plain
    return kind if heads else None


def _repeated_headings(units: Iterable[Unit]) -> frozenset[str]:
    """Return unnumbered headings that stand more than once (整改措施 under every problem): they are labels."""
    seen: dict[str, int] = {}
    for unit in units:
        if not unit.style and not unit.inline and len(unit.text) <= 12:
            seen[unit.text] = seen.get(unit.text, 0) + 1
    return frozenset(text for text, count in seen.items() if count > 1)


def _make_node(unit: Unit, following: Unit | None, repeated: frozenset[str]) -> Node:
    heading = unit.paragraph.heading if not unit.inline else 0
    marked = unit.style in (*PARTS, "1 ") or bool(heading)
    section = None if unit.inline and unit.style not in ("一、", "（一）") else heading_kind(unit.text, marked=marked)
    style = unit.style or (f"标题{heading}" if heading else "")
    leads = None
    if following and _begins_list(following, unit):
        leads = lead_kind(unit.text, listed=following.inline and following.style in SPOKEN)
    if not style and section and unit.text in repeated:
        found = field_at(unit.text.rstrip("：:") + "：")
        if found:
            kind = found.kind
            return Node(Unit(unit.paragraph, 0, unit.end, unit.end, FIELD, field=kind), FIELD)
    if (
        style == FIELD
        and not unit.inline
        and not unit.text
        and following
        and following.style not in (FIELD, OWNERS, "")
    ):
        return Node(unit, FIELD)
    if not style and section:
        style = _UNNUMBERED
    if not style and not section and following and not following.style and _LEADS_TO_LINES.search(unit.text):
        leads = lead_kind(unit.text)
    if not style and leads:
        style = LEAD
    if style == FIELD:
        section = None
    return Node(unit, style, section, leads)


def _begins_list(following: Unit, unit: Unit) -> bool:
    return (
        bool(following.style)
        and following.style not in (FIELD, OWNERS)
        and (following.number <= 1 or (following.inline and following.paragraph is unit.paragraph))
    )


def _open_above(stack: list[Node], node: Node, following: Unit | None) -> list[Node]:
    """Return the nodes that stay open above a new one."""
    unit = node.unit
    if node.style == ASPECT:
        return _above_aspect(stack)
    if node.style == FIELD:
        return _above_field(stack, node)
    if node.style == LEAD:
        return _above_lead(stack, following)
    if node.style.startswith("标题"):
        depth = next(
            (n for n, each in enumerate(stack) if each.style.startswith("标题") and each.style >= node.style), None
        )
        if depth is not None:
            return stack[:depth]
        shallower = [n for n, each in enumerate(stack) if each.style.startswith("标题")]
        return stack[: shallower[-1] + 1] if shallower else stack[:1]
    if node.style == _UNNUMBERED:
        titles = [
            n
            for n, each in enumerate(stack)
            if each.style.startswith("标题") or (n and "，" not in each.unit.text and is_aspect_title(each.unit.text))
        ]
        same = next((n for n, each in enumerate(stack) if each.style == _UNNUMBERED), None)
        if titles and stack[titles[-1]].section is None:
            return stack[: titles[-1] + 1]
        return stack[:same] if same is not None else stack[:1]
    if unit.inline:
        return _above_inline(stack, node)
    return _above_numbered([each for each in stack if not each.unit.inline or _hungry(each)], node)


def _above_numbered(stack: list[Node], node: Node) -> list[Node]:
    number, style = node.unit.number, node.style
    while stack[-1].style == FIELD and stack[-1].unit.text and not stack[-1].children and number > 1:
        stack = stack[:-1]
    same = [n for n, each in enumerate(stack) if each.style == style]
    begins_list = number <= 1 and style not in PARTS and (stack[-1].style in (FIELD, LEAD) or not same)
    if begins_list and _hungry(stack[-1]):
        return stack
    goes_on = [n for n in same if number and stack[n].unit.number + 1 == number]
    if goes_on:
        return stack[: goes_on[-1]]
    if same:
        return stack[: same[-1]]
    if style in SPOKEN or style == BULLET:
        return stack
    rank = rank_of(style)
    if style in PARTS:
        heads = stack[-1].style == _UNNUMBERED or (style != "一、" and stack[-1].section and not stack[-1].children)
        if number <= 1 and node.section is None and heads and not same:
            return stack
        answers = stack[-1].leads == "measures" and _hungry(stack[-1]) and node.section is None
        if number <= 1 and answers and any("problems" in (each.leads, each.section) for each in stack[0].children):
            return stack
        return _without(stack, lambda each: _is_loose(each) or rank_of(each.style) > rank)
    if number > 1:
        return _without(
            stack,
            lambda each: (
                rank_of(each.style) > rank
                and not each.style.startswith("标题")
                and each.style not in (FIELD, LEAD, _UNNUMBERED)
            ),
        )
    return _without(stack, lambda each: each.style in SPOKEN and each.section is None and not _may_head(each))


def _may_head(node: Node) -> bool:
    """Whether an item has nothing under it and is so short that the list after it may be its own (第一，改进文风。)."""
    return not node.children and len(node.unit.text) <= _LONGEST_SPOKEN_HEAD and "，" not in node.unit.text


def _is_loose(node: Node) -> bool:
    return node.style in (FIELD, LEAD, _UNNUMBERED)


def _without(stack: list[Node], closes: Callable[[Node], bool]) -> list[Node]:
    """Return the stack without the deepest nodes that a new one closes."""
    kept = list(stack)
    while len(kept) > 1 and closes(kept[-1]):
        kept.pop()
    return kept


def _hungry(node: Node) -> bool:
    """Whether a label or a lead-in still waits for its list."""
    if node.style == LEAD or (node.style == FIELD and not node.unit.text):
        return not node.children
    return node.unit.text.endswith(("：", ":")) and not node.children and node.style != "全文"


def _above_plain(stack: list[Node]) -> list[Node]:
    return [each for each in stack if not each.unit.inline or (each.style == FIELD and not each.unit.text)]


def _above_like(stack: list[Node], unit: Unit) -> list[Node]:
    """Return the nodes above a paragraph that begins as the open lead-in does (在……上，): it is beside it."""
    leads = [n for n, each in enumerate(stack) if each.style == LEAD and _IN_ASPECT.match(each.unit.text)]
    return stack[: leads[-1]] if leads and _IN_ASPECT.match(unit.text) else stack


def _above_aspect(stack: list[Node]) -> list[Node]:
    same = next((n for n, each in enumerate(stack) if each.style == ASPECT), None)
    if same is not None:
        return stack[:same]
    parts = [n for n, each in enumerate(stack) if each.section or each.leads]
    return stack[: parts[-1] + 1]


def _begins_with_aspect(unit: Unit) -> bool:
    """Whether a paragraph without a number begins with the title of an aspect and a colon (学习方面：……)."""
    return not unit.inline and bool(_ASPECT_HEAD.match(unit.text))


def _above_owners(stack: list[Node], after: Unit | None) -> list[Node]:
    """Return the list whose last item a line of owners follows, or the item that has labels of its own.

    ``after`` is what follows the line: a label belongs to the same item, but for one of a problem.
    """
    kept = [each for each in stack if not each.unit.inline]
    if (
        after is not None
        and after.style == FIELD
        and after.field != "problems"
        and not kept[-1].children
        and kept[-1].style != FIELD
    ):
        return kept
    if kept[-1].style == FIELD and not kept[-1].children and len(kept) > 1:
        return kept[:-1]
    if len(kept) > 2 and not kept[-1].children and kept[-1].section is None and not kept[-1].leads:
        return kept[:-1] if not _is_heading_only(kept[-1]) else kept
    return kept


def _is_heading_only(node: Node) -> bool:
    """Whether a node without children yet may be the title of a group: no sentence follows its first words."""
    return (
        "。" not in node.unit.text.rstrip("。")
        and not node.unit.text.endswith(("。", "；", ";"))
        and node.style in ("一、", "（一）")
    )


def _above_field(stack: list[Node], node: Node) -> list[Node]:
    if node.unit.inline:
        fields = [
            n for n, each in enumerate(stack) if each.style == FIELD and each.unit.paragraph is node.unit.paragraph
        ]
        if fields:
            return stack[: fields[0]]
        here = [n for n, each in enumerate(stack) if each.unit.paragraph is node.unit.paragraph]
        return stack[: here[-1] + 1] if here else [each for each in stack if not each.unit.inline]
    kept = [each for each in stack if not each.unit.inline]
    fields = [n for n, each in enumerate(kept) if each.style == FIELD]
    if fields:
        return kept[: fields[0]]
    return kept


def _above_lead(stack: list[Node], following: Unit | None) -> list[Node]:
    kept = [each for each in stack if not each.unit.inline]
    leads = [n for n, each in enumerate(kept) if each.style == LEAD]
    if leads:
        return kept[: leads[0]]
    if following and following.number <= 1:
        same = [n for n, each in enumerate(kept) if each.style == following.style and each.style != BULLET]
        if same:
            return kept[: same[0]]
    return kept


def _above_inline(stack: list[Node], node: Node) -> list[Node]:
    if node.unit.number == 1 and stack[-1].style == FIELD and stack[-1].unit.inline and _hungry(stack[-1]):
        return stack
    here = [n for n, each in enumerate(stack) if each.unit.paragraph is node.unit.paragraph]
    same = [n for n in here if stack[n].style == node.style and stack[n].unit.inline]
    if same:
        return stack[: same[-1]]
    if here:
        return stack
    kept = [each for each in stack if not each.unit.inline]
    if node.style in [each.style for each in kept]:
        return kept[: max(n for n, each in enumerate(kept) if each.style == node.style)]
    return kept


def _heads_a_list(node: Node) -> bool:
    """Whether a label of causes or measures stands alone over a list of paragraphs."""
    listed = any(child.style and child.unit.inline == node.unit.inline for child in node.children)
    return node.field in ("measures", "causes") and not node.unit.text and listed


def _lift_closing_words(node: Node, part: str | None) -> None:
    """Lift paragraphs without numbers out of the last of several measures if no other has any: they are for all."""
    part = node.section or node.leads or node.field or part
    for child in node.children:
        _lift_closing_words(child, part)
    *others, last = [each for each in node.children if each.style not in (FIELD, OWNERS, PLAIN, LEAD)] or [node]
    alike = bool(others) and {each.style for each in others} == {last.style}
    if part != "measures" or not alike or any(each.children for each in others) or not last.children:
        return
    if all(each.style == PLAIN for each in last.children) and "。" not in last.unit.text.rstrip("。"):
        place = node.children.index(last)
        node.children[place + 1 : place + 1] = last.children
        last.children = []


def _lift_closing_fields(node: Node) -> None:
    """Lift a label with a list of its own out of the last of several items if no other item has one: it is for all."""
    for child in node.children:
        _lift_closing_fields(child)
    items = [each for each in node.children if each.style not in (FIELD, OWNERS, PLAIN, LEAD)]
    if len(items) < 2 or any(each.has_field("measures", "progress", "causes") for each in items[:-1]):
        return
    last = items[-1]
    at = next((n for n, each in enumerate(last.children) if _heads_a_list(each)), None)
    if last.has_field("problems"):
        return
    if at is None or len({each.style for each in items}) > 1:
        return
    place = node.children.index(last)
    node.children[place + 1 : place + 1] = last.children[at:]
    del last.children[at:]
