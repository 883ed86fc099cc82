"""Numbers in front of a report's items (一、（一）1. ① a. 1.1 一是 一要 第一，问题1：第一章 -) and their places."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import attrgetter
from string import ascii_letters

from taizhang.typed.numerals import chinese_number

__all__ = ["BULLET", "PARTS", "SPOKEN", "Label", "inline_labels", "label_at", "rank_of"]

_COUNT = "[一二三四五六七八九十]{1,3}"
_BLANK = r"[ 　]{1,4}(?=[一-鿿、]{2,16}(?:[（(][^（）()]{2,60}[）)])?[ 　]*$)"
_MARK_OR_BLANK = rf"(?:\s*[、．.]\s*|{_BLANK})"
"""What follows the number of a part: a mark, or a blank before a short title."""
_NUMBERED_WORD = (
    r"(?:序号|交办件|信访件|(?:反馈|交办|移交|存在|指出)?问题"
    r"|不足|隐患|原因|(?:整改|改进)?(?:措施|举措|任务)|建议|表现)"
)
BULLET = "-"
"""The style of items marked by a dash or a dot, which have no numbers."""

_STYLES = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("第一章", rf"第({_COUNT}|\d{{1,2}})\s*(?:章|部分|篇|编)[、，,：:\s]*"),
        ("第一节", rf"第({_COUNT}|\d{{1,2}})\s*节[、，,：:\s]*"),
        ("壹、", rf"([壹贰叁肆伍陆柒捌玖拾]){_MARK_OR_BLANK}"),
        ("甲、", rf"([甲乙丙丁戊己庚辛壬癸]){_MARK_OR_BLANK}"),
        ("一、", rf"({_COUNT})\s*[、．.]\s*"),
        ("（甲）", r"[（(]\s*([甲乙丙丁戊己庚辛壬癸])\s*[）)]\s*[、．.]?\s*"),
        ("（一）", rf"[（(]\s*({_COUNT})\s*[）)]\s*[、．.]?\s*"),
        ("【一】", rf"【\s*({_COUNT}|\d{{1,2}})\s*】\s*[、．.]?\s*"),
        ("一）", rf"({_COUNT})\s*[）)]\s*"),
        ("1.1.1", r"\d{1,2}\.\d{1,2}\.(\d{1,2})(?![\d.])[、\s]*(?=[^\d\s%％])"),
        ("1.1", r"\d{1,2}\.([1-9]\d?)(?![\d.])(?:[、\s]+|(?=[一-鿿]))(?!\s*[%％元万亿倍个项次年月日天周小公米吨人])"),
        (
            "1.",
            r"(\d{1,3})\s*(?:[、．]|\.(?!\d)|\.(?=(?:19|20)\d\d\s*年|\d{4}|\d{1,2}\s*(?:月|个月|个?工作日|(?:小时|[日天周])[之以]?[内前]))|(?=关于))\s*",
        ),
        ("1 ", rf"(\d{{1,2}}){_BLANK}"),
        ("（1）", r"[（(]\s*(\d{1,3})\s*[）)]\s*[、．.]?\s*"),
        ("1）", r"(\d{1,3})\s*[）)]\s*"),
        ("①", r"([①-⑳])\s*"),
        ("⑴", r"([⑴-⒇])\s*"),
        ("⒈", r"([⒈-⒛])\s*"),
        ("㈠", r"([㈠-㈩])\s*"),
        ("A1.", r"[A-Z](\d{1,2})\s*[、．.]\s*"),
        ("A1.", r"[A-Z][-—](\d{1,2})[、．.\s]\s*"),
        ("A.", r"([A-Z])\s*[、．.)）](?!\w)\s*"),
        ("A.", r"([A-Z])\s*[、．.)）](?=[一-鿿])"),
        ("（a）", r"[（(]\s*([a-zA-Z])\s*[）)]\s*"),
        ("a.", r"([a-z])\s*[、．.)）](?!\w)\s*"),
        ("a.", r"([a-z])\s*[、．.)）](?=[一-鿿]|\d{1,4}(?:年|月|[日天]|个))"),
        ("Ⅰ.", r"([Ⅰ-Ⅻ])\s*[、．.]?\s*"),
        ("问题1：", rf"{_NUMBERED_WORD}\s*(?:之)?({_COUNT}|\d{{1,2}})\s*[：:、．.，,]\s*"),
        ("问题1：", rf"{_NUMBERED_WORD}\s*[（(]({_COUNT}|\d{{1,2}})[）)]\s*$"),
        ("第一，", rf"第({_COUNT})(?:[项条类]?\s*[，,、：:]\s*|条[ 　]{{1,4}})"),
        ("其一，", rf"其({_COUNT})\s*[，,、：:]?(?=[一-鿿，,、：:])\s*"),
        ("一是", rf"第?({_COUNT})是[：:，,]?\s*"),
        ("一要", rf"({_COUNT})要\s*"),
        ("首先，", r"(首先|其次|再次|最后)\s*[，,、：:]\s*"),
        (BULLET, r"([-–—•●○·▪■◆◇➢►▶★☆√※*](?=\s)|[•●○▪■◆◇➢►▶★☆※]|[-–—](?=[一-鿿]))\s*"),
    )
)
_ORDER = (
    "第一章", "第一节", "壹、", "甲、", "一、", "Ⅰ.", "（甲）", "（一）", "㈠", "【一】", "一）", "1 ", "1.1", "1.1.1",
    "A.", "A1.", "1.", "⒈", "（1）", "⑴", "1）", "问题1：", "①", "a.", "（a）", BULLET, "第一，", "首先，", "其一，",
    "一是", "一要",
)  # fmt: skip
_INLINE = frozenset(
    {
        "⑴",
        "⒈",
        "㈠",
        "一、",
        "（一）",
        "（1）",
        "1.",
        "1）",
        "①",
        "A.",
        "a.",
        "（a）",
        "问题1：",
        "第一，",
        "首先，",
        "其一，",
        "一是",
        "一要",
    }
)
_BEGINNINGS = frozenset(
    "一二三四五六七八九十第其首再最问不隐原措整任建表反交移存指信（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳⑴⑵⑶⑷⑸⑹⑺⑻⑼⑽⒈⒉⒊⒋⒌⒍⒎⒏⒐⒑㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩"
)
_BEFORE_INLINE = re.compile(r"[。；;：:！？!?”’）)]\s*$")
_BEFORE_SPOKEN = re.compile(r"[。；;：:！？!?”’）)，,、]\s*$")
_HALF_BRACKETED = {"（1）": "1）", "1）": "（1）"}
"""Styles that are mixed in one list where a bracket was forgotten (1）……。（2）……)."""
_BRACKETED = frozenset({"（一）", "（1）"})
_REFERS = re.compile(r"(?:[第见按至到和及、条款项]|附件)$")
"""What stands before a number in brackets that is no item of a list that began with such a number (按第（2）项)."""

_LOOK_BACK = 6  # the mark before an item, and blanks between
SPOKEN = frozenset({"一是", "一要", "第一，", "首先，", "其一，"})
"""The styles of numbers that are part of the sentence."""

PARTS = frozenset({"第一章", "第一节", "壹、", "甲、", "一、", "Ⅰ."})
"""The styles that number the parts of a report."""

_RUNS = (("①", "⑳"), ("⑴", "⒇"), ("⒈", "⒛"), ("㈠", "㈩"), ("Ⅰ", "Ⅻ"))
_CAPITALS, _STEMS = "壹贰叁肆伍陆柒捌玖拾", "甲乙丙丁戊己庚辛壬癸"
_SPOKEN_ORDER = {"首先": 1, "其次": 2, "再次": 3, "最后": 4}


@dataclass(frozen=True, slots=True)
class Label:
    """The number in front of an item: its style (named by its first member), its number, and its span in the text.

    A bullet has the number 0.
    """

    style: str
    number: int
    start: int
    end: int


def rank_of(style: str) -> int:
    """Return how deep a style usually stands, from 0; a style that is none of these stands deepest."""
    return _ORDER.index(style) if style in _ORDER else len(_ORDER)


def label_at(text: str, position: int = 0) -> Label | None:
    """Return the label that starts at this position, or None."""
    for style, pattern in _STYLES:
        match = pattern.match(text, position)
        number = _number(match[1]) if match else None
        if match and number is not None and (number or style == BULLET):
            return Label(style, number, position, match.end())
    return None


def inline_labels(text: str, start: int, end: int) -> tuple[Label, ...]:
    """Return the labels of the outermost enumeration within text[start:end]; empty if there is none.

    An enumeration counts from one, and each member is at a place where a clause can begin. It has at least two
    members of one style; a single 一是 or 一要 at the beginning of a sentence counts too, since it is used for
    nothing else, and so does a single ① or （1） after a colon. Such a count may also repeat or skip a
    number by mistake (一是, 二是, 二是).
    """
    found: dict[str, list[Label]] = {}
    for candidate in _candidates(text, start, end):
        label = _as_begun(candidate, found)
        members = found.setdefault(label.style, [])
        spoken = label.style in ("一是", "一要")
        miscounted = members and spoken and label.number >= members[-1].number and _begins_sentence(text, start, label)
        last = label.style == "首先，" and members and text.startswith("最后", label.start)
        if label.number == len(members) + 1 or miscounted or last:
            members.append(label)
    runs = [tuple(run) for run in found.values() if len(run) > 1 or (run and _begins_sentence(text, start, run[0]))]
    return min(runs, key=lambda run: run[0].start, default=())


def _as_begun(label: Label, found: Mapping[str, Sequence[Label]]) -> Label:
    """Return a label with the style of the list that it goes on, though that began without the first bracket."""
    other = _HALF_BRACKETED.get(label.style, "")
    goes_on = label.number > 1 and len(found.get(other, ())) == label.number - 1 and not found.get(label.style)
    return replace(label, style=other) if goes_on else label


def _begins_sentence(text: str, start: int, label: Label) -> bool:
    before = text[max(start, label.start - _LOOK_BACK) : label.start].rstrip() or text[max(0, start - 1) : start]
    if label.style in ("一是", "一要"):
        return before.endswith(("。", "：", ":"))
    return label.style in ("①", "（1）") and label.number == 1 and before.endswith(("：", ":"))


def _candidates(text: str, start: int, end: int) -> Iterator[Label]:
    opening = label_at(text, start)
    listed = opening.style if opening and opening.number == 1 else ""
    every = _labels_anywhere(text)
    for label in every[bisect_left(every, start, key=attrgetter("start")) :]:
        position, char = label.start, text[label.start]
        if position >= end:
            return
        if label.end > end or (position > start and char.isascii() and char.isalnum() and text[position - 1].isalnum()):
            continue
        before = text[max(start, position - _LOOK_BACK) : position]
        boundary = _BEFORE_SPOKEN if label.style in SPOKEN else _BEFORE_INLINE
        goes_on = label.style == listed and (
            before[-1:].isspace() or (label.style in _BRACKETED and not _REFERS.search(before))
        )
        if not before.strip() or label.style in ("①", "⑴") or goes_on or boundary.search(before):
            yield label


@lru_cache(maxsize=4)
def _labels_anywhere(text: str) -> tuple[Label, ...]:
    """Return every label in a text that may stand within a paragraph, wherever it is; a text is searched in parts."""
    begun = (at for at, char in enumerate(text) if char in _BEGINNINGS or char.isdigit() or char in ascii_letters)
    return tuple(each for at in begun if (each := label_at(text, at)) and each.style in _INLINE)


def _number(text: str) -> int | None:
    for first, last in _RUNS:
        if first <= text <= last:
            return ord(text) - ord(first) + 1
    if text in _SPOKEN_ORDER:
        return _SPOKEN_ORDER[text]
    if text in _CAPITALS:
        return _CAPITALS.index(text) + 1
    if text in _STEMS:
        return _STEMS.index(text) + 1
    if text.isdecimal():
        return int(text)
    if len(text) == 1 and text.isascii() and text.isalpha():
        return ord(text.lower()) - ord("a") + 1
    return chinese_number(text) or (0 if not text.isalnum() else None)
