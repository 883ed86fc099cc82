"""Cells of the office's own table: statuses and ticks, and texts that hold several numbered items."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from taizhang.adopt.fields import Words
from taizhang.draft.item_labels import Label, label_at
from taizhang.ledger.vocabulary import Status
from taizhang.typed.text import clean_key

__all__ = [
    "Item",
    "is_tick",
    "items_of",
    "parts_for",
    "problem_and_measure",
    "read_closed",
    "read_status",
    "status_in",
    "ticked",
    "without_label",
]

_EMPTY_BOX = re.compile("[☐□]")
_TICKED_WORD = re.compile(r"[☑√✓✔■]\s*([^\s☑☐□√✓✔■,，;；、()（）]{1,12})")
_LABELS = ("1.", "（1）", "1）", "①", "（一）", "一、", "一是", "第一，")
_ASIDE = re.compile(r"[(（][^()（）]*[)）]")
_CLAUSE = re.compile(r"[，,。；;、：:\s]")
_SHARE = re.compile(r"^(?:已|完成|整改|进度|推进|进行中|约)*(?P<number>\d{1,3})[%％]$")
_BOUNDARY = re.compile(r"[。；;：:！!？?\s]$")
_NUMBERED = re.compile(r"(?:^|(?<=[；;\s]))([1-9]\d?)[.．、]\s*")
_COUNTED = re.compile(
    r"(?P<head>[一-鿿]{2,6})\s?[（(]?[\d一二三四五六七八九十]{1,3}(?:[-—.．][\d一二三四五六七八九十]{1,3}){0,2}[)）]?\s?[：:、.．]\s*"
)
_LABELLED = re.compile(r"(?:^|(?<=[\n。；;\s]))([一-鿿]{2,8})[：:]")
_REFERENCE = re.compile(
    r"(?:第|措施|任务)?\s?(?:(?P<from>\d{1,2})\s?[-—–~至到]\s?(?P<to>\d{1,2})|(?P<list>\d{1,2}(?:[、,，和及]\d{1,2})*))"
    r"[项条点](?:措施|任务|整改)?(?:[:：为是]|由)?\s?(?P<said>\S.*)"
)
_ENDS = " \t\n；;"
_CIRCLED = frozenset("①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳")


def ticked(text: str) -> str:
    """Return the word that is ticked among several in a cell (□是 ☑否 → 否); the text itself if there is no choice."""
    found = _TICKED_WORD.findall(text)
    return found[0] if _EMPTY_BOX.search(text) and len(found) == 1 else text


def is_tick(text: str, words: Words) -> bool:
    """Whether a cell only says yes or no."""
    key = clean_key(text).lower()
    return key in words.yes or key in words.no


def read_status(text: str, words: Words, ruled: Mapping[str, Status]) -> Status | None:
    """Return the status that a cell means, by what the office has ruled or by the table; None if it says another thing.

    A tick or 是 is 已完成 and 否 推进中: the head asks whether it is done.
    """
    key = clean_key(ticked(text))
    if found := ruled.get(key) or words.statuses.get(key):
        return found
    if key.lower() in words.yes:
        return Status.DONE
    return Status.UNDER_WAY if key.lower() in words.no else None


def status_in(text: str, words: Words, ruled: Mapping[str, Status]) -> Status | None:
    """Return the status that a cell of statuses means, which may say more: 已完成（待验收）, 已完成，长期坚持, 完成60%.

    For a cell that is known to hold a status: that it says more is no reason to lose it, and what it was taken for is
    said.
    """
    if found := read_status(text, words, ruled):
        return found
    key = clean_key(ticked(text))
    bare = _ASIDE.sub("", key).strip()
    if share := _SHARE.search(bare):
        return Status.DONE if share["number"] == "100" else Status.UNDER_WAY
    first = _CLAUSE.split(bare, maxsplit=1)[0]
    return next((found for each in (bare, first) if each and (found := read_status(each, words, ruled))), None)


def read_closed(text: str, words: Words) -> bool | None:
    """Return whether a cell says that a task is closed; None if it says another thing."""
    key = clean_key(ticked(text)).lower()
    return True if key in words.yes else False if key in words.no else None


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item of a cell: its number, its text without the number, and the exact words with it.

    The words of all items of a cell, one after the other, are the cell.
    """

    number: int
    text: str
    words: str


def items_of(text: str) -> tuple[Item, ...]:
    """Return the items of a text that counts from one, at least two; empty for any other text.

    An item begins at the beginning, in a new line or after a mark. What stands before the first belongs to its words.
    """
    for style in dict.fromkeys(label.style for label in _labels(text)):
        run: list[Label] = []
        for label in _labels(text):
            if label.style == style and label.number == len(run) + 1:
                run.append(label)
        if len(run) > 1:
            starts = [0, *(label.start for label in run[1:])]
            ends = [*starts[1:], len(text)]
            return tuple(
                Item(label.number, text[label.end : end].strip(_ENDS), text[start:end])
                for label, start, end in zip(run, starts, ends, strict=True)
            )
    return ()


def problem_and_measure(text: str, problem: Sequence[str], measure: Sequence[str]) -> tuple[str, str] | None:
    """Return the problem and the measure of a cell that labels both (问题：…整改措施：…); None for any other text.

    ``problem`` and ``measure`` are the words that may be such labels.
    """
    labels = list(_LABELLED.finditer(text))
    if not labels or labels[0][1] not in problem or text[: labels[0].start(1)].strip():
        return None
    second = next((each for each in labels[1:] if each[1] in measure), None)
    if second is None:
        return None
    return text[labels[0].end() : second.start()].strip(_ENDS + "。"), text[second.end() :].strip()


def without_label(text: str, heads: Sequence[str]) -> str:
    """Return a text without what only counts it: its number, or a head with a number (问题1：, 措施1-2：)."""
    named = _COUNTED.match(text)
    if named and named["head"] in heads:
        return text[named.end() :].strip() or text
    label = label_at(text)
    return text[label.end :].strip() if label and label.style != "一、" and text[label.end :].strip() else text


def _labels(text: str) -> Sequence[Label]:
    """Return the numbers at places where an item may begin, in order."""
    found = []
    for position in range(len(text)):
        if position and not _BOUNDARY.search(text[position - 1]) and text[position] not in _CIRCLED:
            continue
        label = label_at(text, position)
        if label and label.style in _LABELS:
            found.append(label)
    return found


def parts_for(text: str, count: int) -> tuple[str, ...]:
    """Return what a cell says of each of ``count`` items: its own items if it has as many, else the whole each time.

    A number right before another one counts here (1.2月底前；2.6月底前): that there are as many leaves no doubt.
    """
    if count < 2:
        return (text,) * count
    items = items_of(text)
    if len(items) == count:
        return tuple(item.text for item in items)
    if named := _by_reference(text, count):
        return named
    found = list(_NUMBERED.finditer(text))
    if [int(each[1]) for each in found] == [*range(1, count + 1)] and found[0].start() == 0:
        ends = [*(each.start() for each in found[1:]), len(text)]
        return tuple(text[each.end() : end].strip(_ENDS) for each, end in zip(found, ends, strict=True))
    return (text,) * count


def _by_reference(text: str, count: int) -> tuple[str, ...]:
    """Return what a text says of each item if it names them all: 第1、2项6月底前；第3项9月底前. Else empty."""
    found: dict[int, str] = {}
    for part in re.split(r"[；;。\n]", text):
        said = _REFERENCE.fullmatch(part.strip())
        if said is None:
            if part.strip():
                return ()
            continue
        first, last = (said["from"], said["to"]) if said["to"] else ("", "")
        numbers = (
            [*range(int(first), int(last) + 1)] if last else [int(each) for each in re.findall(r"\d+", said["list"])]
        )
        found |= dict.fromkeys(numbers, said["said"])
    return tuple(found[number] for number in sorted(found)) if sorted(found) == [*range(1, count + 1)] else ()
