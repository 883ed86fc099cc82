"""The outline of a report: units by number, label and lead-in, and their nesting; what they mean is decided later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from taizhang.draft.fields import field_at
from taizhang.draft.headings import Section, heading_kind, heads_attachment, lead_kind
from taizhang.draft.item_labels import PARTS, SPOKEN, label_at
from taizhang.draft.nesting import above_owners, above_plain, beside_label_alone, beside_lead, open_above
from taizhang.draft.nodes import ASPECT, LEAD, PLAIN, STYLED, UNNUMBERED, Node
from taizhang.draft.units import FIELD, OWNERS, Unit
from taizhang.draft.unnumbered import with_answered, with_labels_alone
from taizhang.draft.values import Paragraph

__all__ = ["build_outline"]

_LEADS_TO_LINES = re.compile(r"(?:问题|不足|差距|隐患|短板|措施|对策|建议|原因)[：:]$")
"""How a paragraph ends that leads in to lines without numbers."""

_BOXED = re.compile(r"[【〔\[][一-鿿、]{2,10}[】〕\]]")
"""A heading in brackets that names no part (【承诺】)."""

_ASPECT_HEAD = re.compile(r"(?:在)?[^，。：:；]{2,14}方面[：:。]")


def build_outline(units: Sequence[Unit]) -> Node:
    """Return the outline of a report under a node that stands for the whole.

    Numbering styles have no fixed depth (reports differ): a style that is not open goes one level deeper, an open one
    goes back to its level; an item whose number does not begin a list goes back to where its list can be.
    """
    root = Node(Unit(Paragraph(0, ""), 0, 0, 0), "全文")
    units = with_labels_alone(units)
    units = [each for number, unit in enumerate(units) for each in _with_item(unit, units[number + 1 :][:1])]
    units = with_answered(units)
    stack = [root]
    repeated = _repeated_headings(units)
    headed = any(each.style in PARTS and not each.inline and heading_kind(each.text, marked=True) for each in units)
    for position, unit in enumerate(units):
        following = units[position + 1] if position + 1 < len(units) else None
        attached = bool(position) and heads_attachment(units[position - 1].text)
        node = _make_node(unit, following, repeated, attached=attached)
        if next_part := _next_part(node, stack):
            node = Node(replace(unit, content=unit.start, style="", field=None), UNNUMBERED, next_part)
        if node.style == PLAIN and any(each.section or each.leads for each in stack) and _begins_with_aspect(unit):
            node.style = ASPECT
        if node.style == PLAIN:
            stack = beside_lead(stack, unit)
            above_plain(stack)[-1].children.append(node)
        elif node.style == OWNERS:
            after = next((each for each in units[position + 1 :] if each.style != OWNERS), None)
            stack = beside_label_alone(stack) if unit.head else stack
            above_owners(stack, after)[-1].children.append(node)
        else:
            stack = stack if not headed and _leads_to_parts(stack[-1], node) else open_above(stack, node, following)
            stack[-1].children.append(node)
            if node.field != "state" or unit.head:
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
    if kind not in ("problems", "causes", "measures") or node.unit.inline or node.unit.text or node.unit.head:
        return None
    plain = bool(part.children) and all(child.style == PLAIN for child in part.children)
    heads = part.style in (UNNUMBERED, LEAD) and (part.section or part.leads) not in (None, "mixed", kind) and plain
    return kind if heads else None


def _repeated_headings(units: Iterable[Unit]) -> frozenset[str]:
    """Return headings that stand more than once (整改措施, （3）整改意见 under every problem): they are labels."""
    seen: dict[str, int] = {}
    for unit in units:
        if unit.style not in (*PARTS, "（一）", FIELD, OWNERS) and not unit.inline and len(unit.text) <= 12:
            seen[unit.text] = seen.get(unit.text, 0) + 1
    return frozenset(text for text, count in seen.items() if count > 1)


def _make_node(unit: Unit, following: Unit | None, repeated: frozenset[str], *, attached: bool) -> Node:
    """Return the node of a unit, with the part that its words head, and what they lead in to if a list follows.

    The line below 附件： is the title of what is ``attached``.
    """
    if _is_label_of_list(unit, following):
        return Node(unit, FIELD)
    level = 0 if unit.inline else unit.paragraph.heading
    marked = unit.style in (*PARTS, "1 ") or bool(level) or (attached and not unit.style)
    section = None if unit.inline and unit.style not in ("一、", "（一）") else heading_kind(unit.text, marked=marked)
    style = unit.style or (f"{STYLED}{level}" if level else "")
    repeats = not level and section and unit.text in repeated
    if repeats and (label := field_at(unit.text.rstrip("：:") + "：")):
        return Node(Unit(unit.paragraph, unit.start, unit.end, unit.end, FIELD, field=label.kind), FIELD)
    if not style and not section and _BOXED.fullmatch(unit.text):
        return Node(unit, UNNUMBERED)
    leads = _leads_to(unit, following, bare=not style and not section)
    if not style:
        style = UNNUMBERED if section or heads_attachment(unit.text) else LEAD if leads else PLAIN
    return Node(unit, style, None if style == FIELD else section, leads)


def _is_label_of_list(unit: Unit, following: Unit | None) -> bool:
    """Whether a label stands alone on its line, and numbered items follow."""
    alone = unit.style == FIELD and not unit.inline and not unit.text
    return alone and following is not None and following.style not in (FIELD, OWNERS, "")


def _leads_to(unit: Unit, following: Unit | None, *, bare: bool) -> Section | None:
    """Return what a unit leads in to: a list, or, if it is ``bare`` words, lines without numbers; None if neither."""
    if following is None:
        return None
    if _begins_list(following, unit):
        return lead_kind(unit.text, listed=following.inline and following.style in SPOKEN)
    lines = bare and not following.style and _LEADS_TO_LINES.search(unit.text)
    return lead_kind(unit.text) if lines else None


def _leads_to_parts(lead: Node, node: Node) -> bool:
    """Whether a lead-in to problems is followed by the first part, in a report whose parts are no more than groups."""
    awaits = lead.style == LEAD and lead.leads == "problems" and not lead.children
    return awaits and node.style in PARTS and node.unit.number <= 1


def _begins_list(following: Unit, unit: Unit) -> bool:
    """Whether the unit after another is the first item of a list, or an item in the same sentence."""
    return (
        bool(following.style)
        and following.style not in (FIELD, OWNERS)
        and (following.number <= 1 or (following.inline and following.paragraph is unit.paragraph))
    )


def _begins_with_aspect(unit: Unit) -> bool:
    """Whether a paragraph without a number begins with the title of an aspect and a colon (学习方面：……)."""
    return not unit.inline and bool(_ASPECT_HEAD.match(unit.text))


def _heads_a_list(node: Node) -> bool:
    """Whether a label of causes or measures stands alone over a list of paragraphs."""
    listed = any(child.style and child.unit.inline == node.unit.inline for child in node.children)
    return node.field in ("measures", "causes") and not node.unit.text and listed


def _lift_closing_words(node: Node, part: str | None) -> None:
    """Lift paragraphs without numbers out of the last of several measures if no other has any: they are for all."""
    part = node.section or node.leads or node.field or part
    for child in node.children:
        _lift_closing_words(child, part)
    *others, last = node.items or [node]
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
    items = node.items
    if len({each.style for each in items}) != 1:
        return
    *others, last = items
    at = next((n for n, each in enumerate(last.children) if _heads_a_list(each)), None)
    labelled = any(each.has_field("measures", "progress", "causes") for each in others) or last.has_field("problems")
    if at is None or not others or labelled:
        return
    place = node.children.index(last)
    node.children[place + 1 : place + 1] = last.children[at:]
    del last.children[at:]
