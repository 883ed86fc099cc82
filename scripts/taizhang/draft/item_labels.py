"""Numbers in front of a report's items (一、（一）1. ① 一是 一要 第一，问题1：) and their places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from taizhang.typed.numerals import chinese_number

__all__ = ["SPOKEN", "Label", "inline_labels", "label_at"]

_COUNT = "[一二三四五六七八九十]{1,3}"
_STYLES = tuple(
    (style, re.compile(pattern))
    for style, pattern in (
        ("一、", rf"({_COUNT})\s*[、．.]\s*"),
        ("（一）", rf"[（(]\s*({_COUNT})\s*[）)]\s*[、．.]?\s*"),
        ("1.", r"(\d{1,2})\s*(?:[、．]|\.(?!\d))\s*"),
        ("（1）", r"[（(]\s*(\d{1,2})\s*[）)]\s*[、．.]?\s*"),
        ("1）", r"(\d{1,2})\s*[）)]\s*"),
        ("①", r"([①-⑳])\s*"),
        ("问题1：", rf"(?:问题|不足|原因|措施|整改措施)\s*({_COUNT}|\d{{1,2}})\s*[：:、．.]\s*"),
        ("第一，", rf"第({_COUNT})\s*[，,、：:]\s*"),
        ("一是", rf"({_COUNT})是[：:，,]?\s*"),
        ("一要", rf"({_COUNT})要\s*"),
    )
)
_INLINE = frozenset({"（1）", "1.", "1）", "①", "问题1：", "第一，", "一是", "一要"})
_BEFORE_INLINE = re.compile(r"[。；;：:！？!?”’）)]\s*$")
_BEFORE_SPOKEN = re.compile(r"[。；;：:！？!?”’）)，,、]\s*$")
_LOOK_BACK = 6  # the mark before an item, and blanks between
SPOKEN = frozenset({"一是", "一要", "第一，"})
"""The styles of numbers that are part of the sentence."""


@dataclass(frozen=True, slots=True)
class Label:
    """The number in front of an item: its style (named by its first member), its number, and its span in the text."""

    style: str
    number: int
    start: int
    end: int


def label_at(text: str, position: int = 0) -> Label | None:
    """Return the label that starts at this position, or None."""
    for style, pattern in _STYLES:
        match = pattern.match(text, position)
        number = _number(match[1]) if match else None
        if match and number:
            return Label(style, number, position, match.end())
    return None


def inline_labels(text: str, start: int, end: int) -> tuple[Label, ...]:
    """Return the labels of the outermost enumeration within text[start:end]; empty if there is none.

    An enumeration counts from one, and each member is at a place where a clause can begin. It has at least two
    members of one style; a single 一是 or 一要 at the beginning of a sentence counts too, since it is used for
    nothing else. Such a count may also repeat or skip a number by mistake (一是, 二是, 二是).
    """
    found: dict[str, list[Label]] = {}
    for label in _candidates(text, start, end):
        members = found.setdefault(label.style, [])
        miscounted = members and label.number >= members[-1].number and _begins_sentence(text, start, label)
        if label.number == len(members) + 1 or miscounted:
            members.append(label)
    runs = [tuple(run) for run in found.values() if len(run) > 1 or (run and _begins_sentence(text, start, run[0]))]
    return min(runs, key=lambda run: run[0].start, default=())


def _begins_sentence(text: str, start: int, label: Label) -> bool:
    before = text[max(start, label.start - _LOOK_BACK) : label.start].rstrip()
    return label.style in ("一是", "一要") and before.endswith(("。", "：", ":"))


def _candidates(text: str, start: int, end: int) -> Iterator[Label]:
    for position in range(start, end):
        if (
            text[position] not in "一二三四五六七八九十第问不原措整（(①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
            and not text[position].isdigit()
        ):
            continue
        label = label_at(text, position)
        if label is None or label.style not in _INLINE or label.end > end:
            continue
        before = text[max(start, position - _LOOK_BACK) : position]
        boundary = _BEFORE_SPOKEN if label.style in SPOKEN else _BEFORE_INLINE
        if not before.strip() or label.style == "①" or boundary.search(before):
            yield label


def _number(text: str) -> int | None:
    if "①" <= text <= "⑳":
        return ord(text) - ord("①") + 1
    return int(text) if text.isdecimal() else chinese_number(text)
