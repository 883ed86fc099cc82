"""Signs of what an item is: whether it says what is to be done, whose it is, and what stands under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.doers import owners_within, read_subject
from taizhang.draft.headings import SHORTCOMING, names_problem
from taizhang.draft.nodes import LEAD, Node
from taizhang.draft.prose import names_lack, sets_tasks
from taizhang.draft.reading import without_particulars
from taizhang.draft.titles import end_of_head, head_of
from taizhang.draft.units import FIELD, OWNERS, Unit

__all__ = [
    "holds_part",
    "is_answered",
    "items_before_measures",
    "kinds_in",
    "names_failings",
    "rest_of",
    "says_whose",
    "tells_task",
    "told_before_answers",
]


def is_answered(node: Node, title: str) -> bool:
    """Whether a title that is no deed stands over items that are somebody's, or of which two of three set tasks."""
    items = node.items
    doing = sum(tells_task(each.unit) or says_whose(each.unit) for each in items)
    owned = any(child.style == OWNERS for child in node.children)
    return bool(title and items) and not BEGINS_WITH_VERB.match(title) and (owned or doing * 3 >= len(items) * 2)


def names_failings(items: Sequence[Node]) -> bool:
    """Whether half of the items that have a label of problems under them, or more, name a failing themselves."""
    shown = [head_of(each.unit) for each in items if each.is_item and each.has_field("problems")]
    return len(shown) > 1 and sum(bool(SHORTCOMING.search(each)) for each in shown) * 2 >= len(shown)


def told_before_answers(node: Node) -> Sequence[Node]:
    """Return the first items under a title that tell of a problem, if those after them say who does what about it.

    Empty if they do not (（一）企业反映……。（二）行政审批局6月底前……。).
    """
    title, items = head_of(node.unit), node.items
    does = [tells_task(each.unit) or says_whose(each.unit) or _names_doer(each.unit) for each in items]
    tells = does.index(True) if True in does else 0
    whose = any(map(_names_doer, (each.unit for each in items[tells:])))
    goes = tells and all(does[tells:]) and whose and not BEGINS_WITH_VERB.match(title)
    return items[:tells] if goes else ()


def _names_doer(unit: Unit) -> bool:
    """Whether an item begins with who does what (行政审批局6月底前建成材料库)."""
    return bool(read_subject(unit.text)[1])


def says_whose(unit: Unit) -> bool:
    """Whether an item says at its end whose it is, and by when (请电工重新布线。（后勤组，6月底前）)."""
    said = without_particulars(unit)[1]
    named = said.owners.department or said.owners.leader or owners_within(unit.text)[1].department
    return bool(named) and bool(said.deadline_words or deadline_words(unit.text))


def holds_part(node: Node) -> bool:
    """Whether something under a node, or the node itself, says that it is a problem, a cause or a measure."""
    if node.leads or node.field or (node.section and node.section != "past"):
        return True
    return bool(names_problem(node.unit.text)) or any(holds_part(child) for child in node.children)


def rest_of(unit: Unit) -> str:
    """Return what stands behind the title of an item."""
    return unit.paragraph.flow[end_of_head(unit) : unit.end].strip("。 　")


def tells_task(unit: Unit) -> bool:
    """Whether an item says what is to be done: its title does and names no lack (not 巡查不到位), or its text."""
    return not names_lack(head_of(unit)) and (sets_tasks(head_of(unit)) or sets_tasks(rest_of(unit)))


def items_before_measures(children: Sequence[Node]) -> Sequence[Node]:
    """Return the items before a label over the measures for all of them (1.…；2.…。整改措施：1.…；2.…)."""
    at = next((n for n, each in enumerate(children) if each.field == "measures"), 0)
    plain = all(
        each.style not in ("", FIELD, LEAD) and not each.section and not any(map(holds_part, each.children))
        for each in children[:at]
    )
    return children[:at] if plain else ()


def kinds_in(node: Node) -> Iterator[str]:
    """Yield the kinds of parts that headings, lead-ins and labels under a node name.

    A heading of progress with nothing under it is the title of the report.
    """
    for child in node.children:
        titles = child.section == "progress" and not child.children
        yield from filter(None, (None if titles else child.section, child.leads, child.field))
        yield from kinds_in(child)
