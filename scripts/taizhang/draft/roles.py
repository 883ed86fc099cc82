"""What a part of the outline is: a problem, a cause, a measure, a heading of several; decided by several signs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from taizhang.draft import words
from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.headings import SHORTCOMING, is_aspect_title, names_problem, only_heads
from taizhang.draft.item_labels import SPOKEN
from taizhang.draft.item_signs import (
    holds_part,
    is_answered,
    items_before_measures,
    kinds_in,
    rest_of,
    told_before_answers,
)
from taizhang.draft.measures import is_closing
from taizhang.draft.nodes import LEAD, Node
from taizhang.draft.place import Place
from taizhang.draft.prose import names_lack
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
from taizhang.draft.titles import LONGEST_TITLE, head_of, says_what_should_be
from taizhang.draft.units import ANSWERED, OWNERS, Unit
from taizhang.draft.values import NO_OWNERS

__all__ = ["NAMES_ASPECT", "ROLE_WORDS", "decide", "plain_role"]

NAMES_ASPECT = re.compile(r"[^，,。]{2,40}方面[，,]")
_NUMBERED_PROBLEM = re.compile(r"问题|不足|隐患|表现")
_SERIAL = re.compile(r"(?:序号|编号)?\s*(?:[：:]\s*)?\d{1,3}|第[\d一二三四五六七八九十]{1,3}[项条个]")
_NAMES_THING = re.compile(r"[一-鿿]{2}(?:费|室|人员|记录|制度|经费|资料|台账|场所|设施|力量|质量|工作)")
"""Words that begin like a deed and name a thing (培训费)."""
_FORM_HEAD = re.compile(
    r"\**(?:被?检查|受检|填报|填表|制表|编制|报送|编号|版本)(?:人|单位|部门|时间|日期|机构|对象)?\**[：:]"
)
_FRAME = re.compile(words.FRAME)
_ALL_WELL = re.compile(words.ALL_WELL)
_NOT_RECORDED = "【不录】"
_LONGEST_LEAD = 60
_ITEM_TITLE = re.compile(r"(?!具体|主要|突出|表现|其中|例如|如)[^，。；：:]{4,16}[：:].")
_ANSWERS_PROBLEMS = re.compile(r"(?:针对|对于?)[^，。]{0,12}问题")
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
    rest = rest_of(node.unit)
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
        if place.part in ("measures", "mixed") and is_answered(node, title):
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
        if shortcoming and unnamed and names_lack(title) and is_answered(node, title):
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
    if answers and (node.children or rest_of(node.unit)):
        return "问题和措施", "写着关于什么问题，后面是怎么改的"
    if place.listed:
        return "措施", "在整改进展里"
    if place.part in ("mixed", "progress"):
        if shortcoming:
            return "问题和措施" if node.items or _tells_measures(node) else "问题", "写着不足"
        if place.part == "mixed" and (is_answered(node, title) or told_before_answers(node)):
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
        if "现状" in head_of(node.unit) and any(names_lack(each.unit.text) for each in items if each.style):
            return "problems", "标题写着现状，各条讲的是不足"
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
