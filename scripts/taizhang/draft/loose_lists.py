"""Lists that no heading and no label calls anything: what they are by what they say, or by where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from taizhang.draft import words
from taizhang.draft.headings import is_aspect_title
from taizhang.draft.item_signs import holds_part, is_answered, says_whose, tells_task
from taizhang.draft.measures import is_closing
from taizhang.draft.nodes import Node
from taizhang.draft.prose import names_lack
from taizhang.draft.reading import ReportReading
from taizhang.draft.titles import head_of
from taizhang.draft.units import OWNERS

__all__ = ["owned_lists", "roles_by_content"]

_SPEECH = re.compile(words.SPEECH)
_DEMANDS = re.compile(r"要求|机制|安排|分工|部署|打算|责任|下一?步|今后")


def roles_by_content(reading: ReportReading, root: Node) -> dict[tuple[int, int], str]:
    """Return the roles (by paragraph and start) of lists that no heading or label calls anything, and note each.

    If the report heads no part as problems, its lists of shortcomings are problems; if it heads none as measures, its
    lists of deeds are measures. What is headed by neither is sought in its prose, too. An item that names a lack beside
    others that have labels of measures is a problem as these.
    """
    headed = reading.kinds.keys()
    lacking = [
        word
        for word, kinds in (
            ("问题", {"problems", "mixed", "examined", "progress"}),
            ("原因", {"causes"}),
            ("措施", {"measures", "mixed", "progress"}),
        )
        if not headed & kinds
    ]
    found: dict[tuple[int, int], str] = {}
    lists = [*_loose_lists(root)]
    for items in (*_lists_led_in_to(root), *lists):
        if any(each.has_field("measures", "progress") for each in items):
            found |= _roles([each for each in items if not holds_part(each) and names_lack(each.unit.text)], "问题")
    for items in lists:
        if any(each.has_field("measures", "progress") for each in items):
            continue
        word = _told_by(items)
        if word not in lacking:
            continue
        first = items[0].unit.paragraph.number
        reading.note(0, f"第 {first} 段起的 {len(items)} 条：没有标题，按内容当作{word}，请核对。")
        found |= _roles(items, word)
    if {"问题", "措施"} <= {*lacking}:
        answered = _answered_outside(root)
        for each in answered:
            reading.note(each.unit.paragraph.number, "没有标题，下面写着要做什么，当作问题，请核对。")
        found |= _roles(answered, "问题和措施")
        lacking = [] if answered else lacking
    listed = any(_paragraphs_of(root, "measures", "mixed", "progress"))
    if not listed and lacking and "措施" not in found.values():
        found |= _measures_by_place(reading, root, lists, found)
    found = owned_lists(reading, root) | found
    reading.prose = frozenset(lacking) - frozenset(found.values())
    return found


def owned_lists(reading: ReportReading, root: Node) -> dict[tuple[int, int], str]:
    """Return the roles of lists that stand in no part, each of whose items says whose it is and by when: measures."""
    found: dict[tuple[int, int], str] = {}
    for items in _loose_lists(root):
        if not items[0].style or any(map(holds_part, items)) or not all(says_whose(each.unit) for each in items):
            continue
        for each in items:
            reading.note(each.unit.paragraph.number, "不在措施部分里，写着由谁、什么时候做，当作措施，请核对。")
        found |= _roles(items, "措施")
    return found


def _answered_outside(root: Node) -> Sequence[Node]:
    """Return the items that stand in no part and are sentences over items that say what is to be done about each.

    They are problems if one of them names a lack; so are those beside them that name one, whatever stands below.
    """
    found: list[Node] = []
    for node in _outside_parts(root):
        title = head_of(node.unit)
        tells = names_lack(title) or "，" in title or node.unit.text.endswith("。")
        if tells and not any(each.unit.inline for each in node.items) and is_answered(node, title):
            found.append(node)
    if not any(names_lack(head_of(each.unit)) for each in found):
        return ()
    styles = {each.style for each in found} if len(found) > 1 else ()
    alike = (each for each in _outside_parts(root) if each.style in styles and each.items)
    return [*found, *(each for each in alike if each not in found and names_lack(head_of(each.unit)))]


def _measures_by_place(
    reading: ReportReading, root: Node, lists: Iterable[Sequence[Node]], found: Mapping[tuple[int, int], str]
) -> dict[tuple[int, int], str]:
    """Return the roles of lists after the problems that tell neither failings nor what was done, and note each.

    Nothing calls them measures, but a report that names problems goes on with what is done about them.
    """
    named = [number for (number, _), role in found.items() if role == "问题"]
    begun = max([*named, *_paragraphs_of(root, "problems", "examined")], default=None)
    if begun is None:
        return {}
    taken: dict[tuple[int, int], str] = {}
    for items in lists:
        first = items[0].unit.paragraph.number
        if first < begun or not _may_be_tasks(items, found):
            continue
        reading.note(0, f"第 {first} 段起的 {len(items)} 条：标题没有认出来，写在问题后面，当作措施，请核对。")
        taken |= _roles(items, "措施")
    return taken


def _may_be_tasks(items: Sequence[Node], found: Mapping[tuple[int, int], str]) -> bool:
    """Whether numbered items that nothing tells apart yet may be to be done: few name a failing, none tells a deed."""
    told = [each.unit.text for each in items]
    known = any((each.unit.paragraph.number, each.unit.start) in found or holds_part(each) for each in items)
    if known or len(items) < 2 or not items[0].style or any(each.items for each in items):
        return False
    done = any(is_closing(each) or re.search(r"[了已]|以来", each) for each in told)
    return not done and sum(map(names_lack, told)) * 3 <= len(items)


def _paragraphs_of(node: Node, *kinds: str) -> Iterator[int]:
    """Yield the paragraphs of headings, lead-ins and labels of these kinds over something."""
    for child in node.children:
        if child.children and {child.section, child.leads, child.field} & {*kinds}:
            yield child.unit.paragraph.number
        yield from _paragraphs_of(child, *kinds)


def _roles(items: Sequence[Node], role: str) -> dict[tuple[int, int], str]:
    return {(each.unit.paragraph.number, each.unit.start): role for each in items}


def _told_by(items: Sequence[Node]) -> str:
    """Return what two of three items of a list tell: 问题 or 措施; empty if neither."""
    spoken = sum(bool(_SPEECH.fullmatch(head_of(each.unit))) for each in items)
    if (len(items) < 2 and items[0].style) or any(map(holds_part, items)) or spoken * 2 >= len(items):
        return ""
    doing = sum(tells_task(each.unit) for each in items)
    lack = sum(names_lack(each.unit.text) and not tells_task(each.unit) for each in items)
    if max(lack, doing) * 3 < len(items) * 2:
        return ""
    if lack >= doing:
        return "问题" if items[0].style else ""  # what a heading demands is no problem: 做到问题不查清不放过
    return "措施"


def _loose_lists(root: Node) -> Iterator[list[Node]]:
    """Yield the lists of items that stand in no part, in order; numbers may go on from one paragraph to the next.

    Paragraphs without numbers are a list under a heading that demands something (长效机制).
    """
    lists: list[list[Node]] = []
    for node in _outside_parts(root):
        plain = bool(node.children) and not any(child.style for child in node.children)
        if node.style and plain and _DEMANDS.search(head_of(node.unit)):
            yield node.children
    for child in (each for each in _outside_parts(root) if each.style and each.style != OWNERS):
        begun = next((each for each in reversed(lists) if _goes_on(each[-1], child)), lists[-1] if lists else [])
        if begun and begun[-1].style == child.style and child.unit.number != 1:
            begun.append(child)
        else:
            lists.append([child])
    yield from lists


def _lists_led_in_to(root: Node) -> Iterator[list[Node]]:
    """Yield the lists right below a lead-in to measures or to both (现将整改情况报告如下：)."""
    yield from (child.items for child in root.children if child.leads in ("measures", "mixed"))


def _goes_on(last: Node, item: Node) -> bool:
    """Whether an item has the next number of a list, whatever stands under its last one."""
    return last.style == item.style and last.unit.number > 0 and item.unit.number == last.unit.number + 1


def _outside_parts(node: Node) -> Iterator[Node]:
    for child in node.children:
        if not (child.section or child.leads or child.field or is_aspect_title(child.unit.text)):
            yield child
            yield from _outside_parts(child)
