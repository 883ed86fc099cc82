"""What a part of the outline is: a problem, a cause, a measure, a heading of several; decided by several signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.doers import owners_within, read_subject
from taizhang.draft.headings import SHORTCOMING, is_aspect_title, names_problem, only_heads
from taizhang.draft.item_labels import SPOKEN
from taizhang.draft.measures import is_closing
from taizhang.draft.nodes import LEAD, Node
from taizhang.draft.place import Place
from taizhang.draft.prose import names_lack, sets_tasks
from taizhang.draft.reading import ReportReading, without_particulars
from taizhang.draft.reasons import (
    IN_NO_PART,
    LACKS_NOTHING,
    LOOKS_LIKE_CLOSING,
    ONLY_GROUPS,
    ONLY_ORGANISES,
    PRAISES,
    told_as_done,
)
from taizhang.draft.states import read_state
from taizhang.draft.titles import LONGEST_TITLE, end_of_head, head_of, says_what_should_be
from taizhang.draft.units import ANSWERED, FIELD, OWNERS, Unit
from taizhang.draft.values import NO_OWNERS

__all__ = [
    "NAMES_ASPECT",
    "ROLE_WORDS",
    "decide",
    "holds_part",
    "items_before_measures",
    "kinds_in",
    "names_failings",
    "owned_lists",
    "plain_role",
    "roles_by_content",
    "told_before_answers",
]

NAMES_ASPECT = re.compile(r"[^，,。]{2,40}方面[，,]")
_NUMBERED_PROBLEM = re.compile(r"问题|不足|隐患|表现")
_SERIAL = re.compile(r"(?:序号|编号)?\s*(?:[：:]\s*)?\d{1,3}|第[\d一二三四五六七八九十]{1,3}[项条个]")
_NAMES_THING = re.compile(r"[一-鿿]{2}(?:费|室|人员|记录|制度|经费|资料|台账|场所|设施|力量|质量|工作)")
"""Words that begin like a deed and name a thing (培训费)."""
_FORM_HEAD = re.compile(
    r"\**(?:被?检查|受检|填报|填表|制表|编制|报送|编号|版本)(?:人|单位|部门|时间|日期|机构|对象)?\**[：:]"
)
_SPEECH, _FRAME = re.compile(words.SPEECH), re.compile(words.FRAME)
_ALL_WELL = re.compile(words.ALL_WELL)
_NOT_RECORDED = "【不录】"
_LONGEST_LEAD = 60
_ITEM_TITLE = re.compile(r"(?!具体|主要|突出|表现|其中|例如|如)[^，。；：:]{4,16}[：:].")
_ANSWERS_PROBLEMS = re.compile(r"(?:针对|对于?)[^，。]{0,12}问题")
_DEMANDS = re.compile(r"要求|机制|安排|分工|部署|打算|责任|下一?步|今后")
_ONLY_DEMANDS = re.compile(r"^(?:(?:有关|工作|相关|整改|几点)?要求|组织(?:领导|保障)|保障措施)$")
"""Headings after a list of problems that belong to none of them."""
_LEAD_SENTENCE = re.compile(
    r"(?:针对|围绕|对照).{0,80}(?:以下|如下|上述|以上|存在的?).{0,60}(?:措施|整改|入手|工作)。?$|(?:主要)?有以下.{1,12}(?:方面|点|条)。?$"
)
_NEITHER = "看不出是问题还是措施"
_ANSWERED = "写着不足，下面逐条写着要做什么"
_SAID_HEADING = "标题里写着"
ROLE_WORDS: Mapping[str, str] = {
    "problems": "问题部分",
    "causes": "原因部分",
    "measures": "措施部分",
    "mixed": "问题和措施部分",
    "progress": "整改情况部分",
    "past": "已有情况",
    "examined": "剖析部分",
}
"""How the roles of parts are shown; the other roles are their own names."""


def decide(reading: ReportReading, node: Node, place: Place) -> tuple[str, str]:
    """Return what a numbered item, a heading or a lead-in is, and why: a role that the reader has a handler for.

    What people ruled goes before the words of headings, these before labels under the item, and these before the part
    in which it stands.
    """
    unit = node.unit
    if decided := reading.decided(unit):
        return decided
    if unit.text.startswith(_NOT_RECORDED):
        return "不录", "写着【不录】"
    answers = bool(names_problem(unit.text)) and place.part not in ("causes", "problems")
    answered = node.section == "problems" and node.has_field("measures", "progress") and not only_heads(unit.text)
    if node.section and not answered and not (place.part == "problems" and node.section == "examined"):
        return _section_role(reading, node, place)
    reports = node.leads == "measures" and any(child.section in ("problems", "mixed") for child in node.children)
    if reports and place.part in (None, "progress"):
        return "容器", "下面有问题部分"
    if node.leads and (node.style == LEAD or place.part in (None, "past", "progress")) and node.children:
        return node.leads, f"引出下面各条（{_tail(unit.text)}）"
    return _role_by_labels(reading, node, place, answers=answers) or _role_by_part(
        reading, node, place, answers=answers
    )


def _role_by_labels(reading: ReportReading, node: Node, place: Place, *, answers: bool) -> tuple[str, str] | None:
    """Return what an item is by its own title and by the labels under it; None if these do not tell."""
    if node.style == ANSWERED:
        return "问题", "下面的标签写着原因或怎么改"
    title = head_of(node.unit)
    has_measures = node.has_field("measures", "progress") or (node.has_field("state") and not place.listed)
    shortcoming = bool(SHORTCOMING.search(title))
    in_problems = place.part in (None, "problems", "mixed", "progress")
    rest = _rest_of(node.unit)
    holds = node.children or (rest and (place.part == "problems" or names_lack(rest)))
    if is_aspect_title(node.unit.text) and in_problems and holds and not answers:
        if place.part == "problems" and place.aspect is not None:
            return "问题", "在问题部分里"
        return "方面", "写着“……方面”，下面有各条"
    if answers and in_problems and any(names_problem(each.unit.text) for each in node.items):
        return "方面" if place.aspect is None else "容器", "写着关于什么问题，下面又逐条写着关于什么问题"
    shown = [child for child in node.children if child.field == "problems"]
    of_what = is_aspect_title(node.unit.text)
    names_itself = (
        (place.named and bool(title) and not of_what)
        or (shortcoming and (answers or not of_what))
        or any("表现" in child.unit.label for child in shown)
    )
    told = has_measures or any(child.section in ("measures", "progress") for child in node.children)
    listed = any("问题" in child.unit.label and len(child.items) > 1 for child in shown)
    if shown and (listed or not (names_itself and (told or answers or place.part in ("problems", "mixed")))):
        return "方面" if title else "容器", "下面有问题、措施这样的标签"
    to_do = place.part in (None, "measures") and bool(BEGINS_WITH_VERB.match(title)) and not _NAMES_THING.match(title)
    if node.style == "问题1：" and _NUMBERED_PROBLEM.search(node.unit.label) and place.part != "causes":
        apart = place.part == "measures" and "problems" in reading.kinds and not has_measures
        if apart and (to_do or not names_lack(title)):
            return "措施", f"编号写着“{node.unit.label}”，在措施部分里，讲的是做什么"
        if place.part in ("measures", "mixed") and _is_answered(node, title):
            return "问题和措施", _ANSWERED
        return "问题", f"编号写着“{node.unit.label}”"
    if has_measures and not shortcoming and node.unit.text.endswith(("：", ":")):
        items = items_before_measures(node.children)
        if len(items) > 1 and place.aspect is None:
            return "方面", "写着是哪里的，下面逐条写着问题，再写怎么改"
    if has_measures and not title:
        return ("措施" if place.part == "measures" else "容器"), "没有标题，下面写着整改措施"
    if has_measures and not shortcoming and not answers and to_do:
        return "措施", "写着要做什么，下面写着整改措施"
    if has_measures and (place.part != "measures" or shortcoming or answers or "problems" not in reading.kinds):
        return "问题", "下面写着整改措施或整改进展"
    return None


def _role_by_part(reading: ReportReading, node: Node, place: Place, *, answers: bool) -> tuple[str, str]:
    """Return what an item is by the part in which it stands."""
    title = head_of(node.unit)
    shortcoming = bool(SHORTCOMING.search(title))
    unnamed = not reading.kinds.keys() & {"problems", "mixed", "examined"}
    if place.part == "measures":
        if answers and unnamed:
            return "问题和措施", "写着关于什么问题，别处没有问题部分"
        if shortcoming and unnamed and names_lack(title) and _is_answered(node, title):
            return "问题和措施", _ANSWERED
        if _FRAME.fullmatch(title) and _other_measures(reading):
            return "不录", ONLY_ORGANISES
        return "措施", "在措施部分里"
    if place.part == "problems":
        if _ONLY_DEMANDS.search(title) or _FRAME.fullmatch(title):
            return "不录", "讲的是要求，不是问题"
        if _only_praises(node):
            return "不录", PRAISES
        grouped = bool(node.items) and bool(NAMES_ASPECT.match(title) or not shortcoming)
        if grouped and _are_each_somebodys(node.items):
            return "方面", ONLY_GROUPS
        grouped = grouped or _each_titled(node.items)
        if place.aspect is None and (grouped or (not shortcoming and _heads_prose(node))):
            return "方面", ONLY_GROUPS
        return "问题", "在问题部分里"
    if place.part == "causes":
        return "原因", "在原因部分里"
    if answers and (node.children or _rest_of(node.unit)):
        return "问题和措施", "写着关于什么问题，后面是怎么改的"
    if place.listed:
        return "措施", "在整改进展里"
    if place.part in ("mixed", "progress"):
        if shortcoming:
            return "问题和措施" if node.items or _tells_measures(node) else "问题", "写着不足"
        if place.part == "mixed" and (_is_answered(node, title) or told_before_answers(node)):
            return "问题和措施", _ANSWERED
        if node.children and (
            any(holds_part(child) for child in node.children)
            or any(SHORTCOMING.search(head_of(c.unit)) for c in node.items)
        ):
            return "方面", ONLY_GROUPS
        if place.part == "mixed" and BEGINS_WITH_VERB.match(title):
            return "措施", "像是要做的事"
        return "不录", told_as_done(place.title) if place.part == "progress" else _NEITHER
    return "容器", "不在哪一部分里"


def _only_praises(node: Node) -> bool:
    """Whether a paragraph under an item says that all is well there, and nothing under it names a lack."""
    praised = any(not child.style and _ALL_WELL.search(child.unit.text) for child in node.children)
    return praised and not any(names_lack(unit.text) for unit in node.units())


def _are_each_somebodys(items: Sequence[Node]) -> bool:
    """Whether several items each say who is in charge (1.门前堆物（责任单位：城管队）), so that each stands alone."""
    return len(items) > 1 and all(without_particulars(each.unit)[1].owners != NO_OWNERS for each in items)


def _each_titled(items: Sequence[Node]) -> bool:
    """Whether several items are paragraphs that each begin with a short title and a colon (1.候诊时间过长：……)."""
    apart = len(items) > 1 and not any(each.unit.inline or each.style in SPOKEN for each in items)
    return apart and all(_ITEM_TITLE.match(each.unit.text) for each in items)


def _is_answered(node: Node, title: str) -> bool:
    """Whether a title that is no deed stands over items that are somebody's, or of which two of three set tasks."""
    items = node.items
    doing = sum(_sets_tasks(each.unit) or _says_whose(each.unit) for each in items)
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
    does = [_sets_tasks(each.unit) or _says_whose(each.unit) or _names_doer(each.unit) for each in items]
    tells = does.index(True) if True in does else 0
    whose = any(map(_names_doer, (each.unit for each in items[tells:])))
    goes = tells and all(does[tells:]) and whose and not BEGINS_WITH_VERB.match(title)
    return items[:tells] if goes else ()


def _names_doer(unit: Unit) -> bool:
    """Whether an item begins with who does what (行政审批局6月底前建成材料库)."""
    return bool(read_subject(unit.text)[1])


def _says_whose(unit: Unit) -> bool:
    """Whether an item says at its end whose it is, and by when (请电工重新布线。（后勤组，6月底前）)."""
    said = without_particulars(unit)[1]
    named = said.owners.department or said.owners.leader or owners_within(unit.text)[1].department
    return bool(named) and bool(said.deadline_words or deadline_words(unit.text))


def _heads_prose(node: Node) -> bool:
    """Whether a node is a mere title over paragraphs without numbers that name problems (（一）筑牢政治忠诚)."""
    title = node.unit.text.rstrip("。")
    lines = [child.unit.text for child in node.children if not child.style]
    if not says_what_should_be(title) and not (len(lines) > 1 and max(map(len, lines)) <= _LONGEST_LEAD):
        return False
    mere = len(title) <= LONGEST_TITLE and not re.search(r"[，。；：、]", title) and node.style in ("一、", "（一）")
    return mere and not node.items and any(not child.style and names_lack(child.unit.text) for child in node.children)


def _section_role(reading: ReportReading, node: Node, place: Place) -> tuple[str, str]:
    section = node.section
    if section == "examined" and any(child.section in ("problems", "mixed") for child in node.children):
        return "容器", "标题写着剖析或检查，下面有问题部分"
    if section == "examined":
        items = [child for child in node.children for child in (child, *child.children)]
        if not any(each.style for each in items) and not any(SHORTCOMING.search(each.unit.text) for each in items):
            return "past", LACKS_NOTHING
        if reading.kinds["problems"] > Counter(kinds_in(node))["problems"]:
            return "causes", "标题写着剖析，别处有问题部分"
        if any(SHORTCOMING.search(each.unit.text) for each in items):
            return "problems", "标题写着剖析，各条讲的是不足，别处没有问题部分"
        if any(each.style for each in items) and not place.part:
            reading.note(node.unit.paragraph.number, "标题没有写明是不是问题，别处没有问题部分，按问题读，请核对。")
            return "problems", "标题写着剖析或检查，别处没有问题部分"
        return "past", LACKS_NOTHING
    only = (
        not reading.kinds.keys() & {"measures", "mixed"}
        and reading.kinds["progress"] == 1
        and "problems" in reading.kinds
    )
    if section == "measures" and _FRAME.fullmatch(head_of(node.unit)) and _other_measures(reading):
        return "不录", ONLY_ORGANISES
    answers = only or _ANSWERS_PROBLEMS.match(head_of(node.unit))
    if section == "progress" and not any(map(holds_part, node.children)) and not (answers and node.children):
        return "past", f"{_SAID_HEADING}情况，下面没有问题和措施"
    return section or "past", f"{_SAID_HEADING}“{_tail(head_of(node.unit))}”"


def _other_measures(reading: ReportReading) -> bool:
    """Whether more than one heading, lead-in or label of the report names measures."""
    return reading.kinds["measures"] + reading.kinds["mixed"] > 1


def _tail(text: str) -> str:
    return text.rstrip("：:。")[-12:]


def holds_part(node: Node) -> bool:
    """Whether something under a node, or the node itself, says that it is a problem, a cause or a measure."""
    if node.leads or node.field or (node.section and node.section != "past"):
        return True
    return bool(names_problem(node.unit.text)) or any(holds_part(child) for child in node.children)


def _rest_of(unit: Unit) -> str:
    return unit.paragraph.flow[end_of_head(unit) : unit.end].strip("。 　")


def _tells_measures(node: Node) -> bool:
    return any(child.style == "" and BEGINS_WITH_VERB.match(child.unit.text) for child in node.children)


def plain_role(unit: Unit, place: Place, siblings: Sequence[Node], position: int) -> tuple[str, str]:
    """Return what a paragraph without a number is that stands directly in a part, and why.

    ``siblings`` are all that stands in the part, ``position`` the paragraph's place among them.
    """
    before = any(each.style not in ("", OWNERS, LEAD) for each in siblings[:position])
    after = any(each.style not in ("", OWNERS) for each in siblings[position + 1 :])
    if unit.text.startswith(_NOT_RECORDED):
        return "不录", "写着【不录】"
    if _SERIAL.fullmatch(unit.text) or (place.part != "problems" and _FORM_HEAD.match(unit.text)):
        return "标题", "只有序号或表头"
    if unit.text.startswith((">", "＞")):
        return "标题", "是引用的说明"
    if not re.search(r"\w", unit.text):
        return "标题", "没有文字"
    if unit.text.startswith("|") and unit.text.count("|") > 2:
        return "不录", "像是表格里的一行，表头没有认出来"
    if place.part is None:
        return "开头", IN_NO_PART
    if place.part == "past":
        return "不录", told_as_done(place.title)
    if is_closing(unit.text):
        return "不录", LOOKS_LIKE_CLOSING
    if place.listed and read_state(unit.text):
        return "措施", "写着整改到了哪一步"
    if _announces(unit, place) or (after and not before):
        return "引语", "后面有各条"
    if place.part == "measures" or place.listed:
        return "措施", "在措施部分里，没有编号"
    if before and place.part == "problems":
        return "不录", "写在各条问题之后，看不出属于哪一条"
    if before and place.part == "causes":
        return "不录", "写在各条原因之后，看不出属于哪一条"
    if place.part in ("problems", "causes"):
        word = "问题" if place.part == "problems" else "原因"
        return word, f"在{word}部分里，没有编号"
    return "不录", _NEITHER


def _announces(unit: Unit, place: Place) -> bool:
    """Whether a paragraph only says that items follow."""
    text = unit.text
    if not text or text.endswith(("：", ":")):
        return True
    if place.part == "problems" or len(text) > _LONGEST_LEAD or deadline_words(text):
        return False
    return bool(_LEAD_SENTENCE.match(text))


def items_before_measures(children: Sequence[Node]) -> Sequence[Node]:
    """Return the items before a label over the measures for all of them (1.…；2.…。整改措施：1.…；2.…)."""
    at = next((n for n, each in enumerate(children) if each.field == "measures"), 0)
    plain = all(
        each.style not in ("", FIELD, LEAD) and not each.section and not any(map(holds_part, each.children))
        for each in children[:at]
    )
    return children[:at] if plain else ()


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
        if not items[0].style or any(map(holds_part, items)) or not all(_says_whose(each.unit) for each in items):
            continue
        for each in items:
            reading.note(each.unit.paragraph.number, "不在措施部分里，写着由谁、什么时候做，当作措施，请核对。")
        found |= _roles(items, "措施")
    return found


def _answered_outside(root: Node) -> Sequence[Node]:
    """Return the items that stand in no part and are sentences over items that say what is to be done about each.

    They are problems if one of them names a lack.
    """
    found: list[Node] = []
    for node in _outside_parts(root):
        title = head_of(node.unit)
        tells = names_lack(title) or "，" in title or node.unit.text.endswith("。")
        if tells and not any(each.unit.inline for each in node.items) and _is_answered(node, title):
            found.append(node)
    return found if any(names_lack(head_of(each.unit)) for each in found) else ()


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
    doing = sum(_sets_tasks(each.unit) for each in items)
    lack = sum(names_lack(each.unit.text) and not _sets_tasks(each.unit) for each in items)
    if max(lack, doing) * 3 < len(items) * 2:
        return ""
    if lack >= doing:
        return "问题" if items[0].style else ""  # what a heading demands is no problem: 做到问题不查清不放过
    return "措施"


def _sets_tasks(unit: Unit) -> bool:
    """Whether an item says what is to be done: its title does and names no lack (not 巡查不到位), or its text."""
    return not names_lack(head_of(unit)) and (sets_tasks(head_of(unit)) or sets_tasks(_rest_of(unit)))


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


def kinds_in(node: Node) -> Iterator[str]:
    """Yield the kinds of parts that headings, lead-ins and labels under a node name.

    A heading of progress with nothing under it is the title of the report.
    """
    for child in node.children:
        titles = child.section == "progress" and not child.children
        yield from filter(None, (None if titles else child.section, child.leads, child.field))
        yield from kinds_in(child)
