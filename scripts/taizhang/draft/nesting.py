"""The place of a new node in the outline: which of the open nodes stay open above it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.headings import SHORTCOMING, head_length, heads_attachment, is_aspect_title
from taizhang.draft.item_labels import BULLET, PARTS, SPOKEN, rank_of
from taizhang.draft.nodes import ASPECT, LEAD, UNNUMBERED, Node
from taizhang.draft.units import ANSWERED, FIELD, Unit

__all__ = ["above_owners", "above_plain", "beside_label_alone", "beside_lead", "open_above"]

_IN_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_LONGEST_SPOKEN_HEAD = 15
_DEMANDS = re.compile(
    r"(?:以下|如下|几[点条项]|[一二两三四五六七八九十\d][点条项])(?:工作|整改|具体)?(?:要求|建议|意见|措施)[：:]$"
    r"|(?:议定|决定|议决)(?:了)?(?:以下|如下)?(?:[几一二两三四五六七八九十\d][点条项])?(?:事项|任务)[：:]$"
)
"""How a lead-in ends whose list may be the parts of the text (提出以下要求：一、……)."""
_IN_ASPECT = re.compile(r"在[^，。：:；]{2,14}(?:方面|上)[，,]")
"""How a lead-in of one aspect begins (在……上，)."""


def open_above(stack: list[Node], node: Node, following: Unit | None) -> list[Node]:
    """Return which of the open nodes, from the whole report down, stay open above a new one.

    ``following`` is the unit after it.
    """
    if node.style == ASPECT:
        return _above_aspect(stack)
    if node.style == ANSWERED:
        return above_plain(stack[: _first(stack, lambda each: each.style in (ANSWERED, FIELD))])
    if node.style == FIELD:
        return _above_field(stack, node)
    if node.style == LEAD:
        return _above_lead(_standing(stack), following)
    if node.styled:
        return _above_styled(stack, node)
    if node.style == UNNUMBERED:
        return _above_heading(stack, node)
    if node.unit.inline:
        return _above_inline(stack, node)
    return _above_numbered([each for each in stack if not each.unit.inline or _awaits_list(each)], node)


def _first(stack: Sequence[Node], is_it: Callable[[Node], bool]) -> int | None:
    return next((n for n, each in enumerate(stack) if is_it(each)), None)


def _last(stack: Sequence[Node], is_it: Callable[[Node], bool]) -> int | None:
    return next((n for n in reversed(range(len(stack))) if is_it(stack[n])), None)


def _standing(stack: Sequence[Node]) -> list[Node]:
    """Return the nodes that begin a paragraph."""
    return [each for each in stack if not each.unit.inline]


def _above_aspect(stack: list[Node]) -> list[Node]:
    same = _first(stack, lambda each: each.style == ASPECT)
    if same is not None:
        return stack[:same]
    part = _last(stack, lambda each: bool(each.section or each.leads))
    return stack[: (part or 0) + 1]


def _above_styled(stack: list[Node], node: Node) -> list[Node]:
    closed = _first(stack, lambda each: each.styled and each.style >= node.style)
    if closed is not None:
        return stack[:closed]
    shallower = _last(stack, lambda each: each.styled)
    return stack[: (shallower or 0) + 1]


def _above_heading(stack: list[Node], node: Node) -> list[Node]:
    """Return what stays open above a heading without a number: the last title above it, unless that heads a part.

    An attachment begins anew. One that heads no part (【承诺】) closes the label or the heading above it.
    """
    title = _last(stack, _is_title)
    if heads_attachment(node.unit.text):
        return stack[:1]
    if node.section is None:
        return stack[: _first(stack, lambda each: each.style in (FIELD, UNNUMBERED, LEAD)) or 1]
    if title is not None and stack[title].section is None:
        return stack[: title + 1]
    return stack[: _first(stack, lambda each: each.style == UNNUMBERED) or 1]


def _is_title(node: Node) -> bool:
    return node.styled or ("，" not in node.unit.text and is_aspect_title(node.unit.text))


def _above_field(stack: list[Node], node: Node) -> list[Node]:
    if node.unit.inline:
        paragraph = node.unit.paragraph
        field = _first(stack, lambda each: each.style == FIELD and each.unit.paragraph is paragraph)
        if field is not None:
            return stack[:field]
        here = _last(stack, lambda each: each.unit.paragraph is paragraph)
        return stack[: here + 1] if here is not None else _standing(stack)
    kept = _standing(stack)
    return kept[: _first(kept, lambda each: each.style == FIELD)]


def _above_lead(kept: list[Node], following: Unit | None) -> list[Node]:
    lead = _first(kept, lambda each: each.style == LEAD)
    if lead is not None or following is None or following.number > 1 or following.style == BULLET:
        return kept[:lead]
    return kept[: _first(kept, lambda each: each.style == following.style)]


def _above_inline(stack: list[Node], node: Node) -> list[Node]:
    if node.unit.number == 1 and stack[-1].style == FIELD and stack[-1].unit.inline and _awaits_list(stack[-1]):
        return stack
    here = _last(stack, lambda each: each.unit.paragraph is node.unit.paragraph)
    if here is not None:
        return stack[: _last(stack, lambda each: _are_one_list(each, node))]
    kept = _standing(stack)
    return kept[: _last(kept, lambda each: each.style == node.style)]


def _are_one_list(open_node: Node, node: Node) -> bool:
    """Whether both are items within one paragraph, with numbers of one style."""
    return (open_node.style, open_node.unit.inline) == (node.style, True) and (
        open_node.unit.paragraph is node.unit.paragraph
    )


def _above_numbered(stack: list[Node], node: Node) -> list[Node]:
    """Return what stays open above an item that begins a paragraph: by its number, then by the depth of its style."""
    number, style = node.unit.number, node.style
    while stack[-1].style == FIELD and stack[-1].unit.text and not stack[-1].children and number > 1:
        stack = stack[:-1]
    if stack[-1].field == "causes" and stack[-1].unit.text and not _awaits_list(stack[-1]) and _sets_task(node.unit):
        stack = stack[:-1]
    same = _last(stack, lambda each: _is_alike(each, node))
    begins_list = number <= 1 and style not in PARTS and (stack[-1].style in (FIELD, LEAD) or same is None)
    if begins_list and _awaits_list(stack[-1]):
        return stack
    if number:
        before = _last(stack, lambda each: each.style == style and each.unit.number + 1 == number)
        same = same if before is None else before
    if same is not None:
        return stack[:same]
    if style in SPOKEN or style == BULLET:
        return stack
    if style in PARTS:
        return _above_part(stack, node)
    if number > 1:
        return _without(
            stack, lambda each: rank_of(each.style) > rank_of(style) and not (each.styled or _is_loose(each))
        )
    return _without(stack, lambda each: each.style in SPOKEN and each.section is None and not _may_head(each))


def _sets_task(unit: Unit) -> bool:
    """Whether an item begins with a deed and names no lack: it is no cause, though it stands after one."""
    return bool(BEGINS_WITH_VERB.match(unit.text)) and not SHORTCOMING.search(unit.text[: head_length(unit.text)])


def _is_alike(open_node: Node, node: Node) -> bool:
    """Whether both are of one list by their style; bullets have to have the same mark (● over —)."""
    if open_node.style != node.style:
        return False
    return node.style != BULLET or open_node.unit.label[:1] == node.unit.label[:1]


def _above_part(stack: list[Node], node: Node) -> list[Node]:
    """Return what stays open above a part (一、) if no part of its style is open."""
    last = stack[-1]
    if node.unit.number <= 1 and node.section is None:
        labels = last.style == FIELD and not last.unit.text and not last.children
        heads = labels or last.style == UNNUMBERED or (node.style != "一、" and last.section and not last.children)
        asks = last.leads == "measures" and _awaits_list(last)
        listed = any("problems" in (each.leads, each.section) for each in stack[0].children)
        lists = last.leads == "mixed" and _awaits_list(last)
        if heads or lists or (asks and (listed or _DEMANDS.search(last.unit.text))):
            return stack
    return _without(stack, lambda each: _is_loose(each) or rank_of(each.style) > rank_of(node.style))


def _may_head(node: Node) -> bool:
    """Whether an item has nothing under it and is so short that the list after it may be its own (第一，改进文风。)."""
    title = _IN_BRACKETS.sub("", node.unit.text)
    return not node.children and len(title) <= _LONGEST_SPOKEN_HEAD and "，" not in title


def _is_loose(node: Node) -> bool:
    return node.style in (FIELD, LEAD, UNNUMBERED)


def _without(stack: list[Node], closes: Callable[[Node], bool]) -> list[Node]:
    """Return the stack without the deepest nodes that a new one closes."""
    kept = list(stack)
    while len(kept) > 1 and closes(kept[-1]):
        kept.pop()
    return kept


def _awaits_list(node: Node) -> bool:
    """Whether a label or a lead-in still waits for its list."""
    if node.children:
        return False
    alone = node.style == FIELD and not node.unit.text
    return alone or node.style == LEAD or node.unit.text.endswith(("：", ":"))


def above_plain(stack: list[Node]) -> list[Node]:
    """Return the open nodes under the last of which a paragraph without a number can stand."""
    return [each for each in stack if not each.unit.inline or (each.style == FIELD and not each.unit.text)]


def beside_lead(stack: list[Node], unit: Unit) -> list[Node]:
    """Return what stays open above a paragraph that begins as an open lead-in does (在……上，): it is beside it."""
    lead = _last(stack, lambda each: each.style == LEAD and bool(_IN_ASPECT.match(each.unit.text)))
    return stack[:lead] if _IN_ASPECT.match(unit.text) else stack


def beside_label_alone(stack: list[Node]) -> list[Node]:
    """Return what stays open above a label alone and its value: another label alone is beside it."""
    return stack[: _first(stack, lambda each: each.style == FIELD and bool(each.unit.head))]


def above_owners(stack: list[Node], after: Unit | None) -> list[Node]:
    """Return the open nodes down to the list whose last item a line of owners follows, or to the item with labels.

    ``after`` is what follows the line: a label belongs to the same item, but for one of a problem.
    """
    kept = _standing(stack)
    last = kept[-1]
    labelled = after is not None and after.style == FIELD and after.field != "problems"
    if last.children or (labelled and last.style != FIELD):
        return kept
    if last.style == FIELD:
        return kept[:-1]
    is_item = len(kept) > 2 and last.section is None and not last.leads
    return kept[:-1] if is_item and not _is_heading_only(last) else kept


def _is_heading_only(node: Node) -> bool:
    """Whether a node without children yet may be the title of a group: no sentence follows its first words."""
    return (
        "。" not in node.unit.text.rstrip("。")
        and not node.unit.text.endswith(("。", "；", ";"))
        and node.style in ("一、", "（一）")
    )
