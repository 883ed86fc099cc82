"""A division of work after the measures, which says by their numbers whose they are (第①项由教研组负责)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from taizhang.draft.deadline_words import deadline_words
from taizhang.draft.item_labels import label_at
from taizhang.draft.kinds import propose_kind
from taizhang.draft.owners import merge_owners, read_led_clause
from taizhang.draft.reading import ReportReading
from taizhang.draft.units import whole
from taizhang.draft.values import NO_OWNERS, Paragraph
from taizhang.typed.numerals import chinese_number

__all__ = ["read_division", "split_off_division"]

_SHARE = re.compile(
    r"第(?P<which>[^，；。第由]{1,8}?)[项条](?:整改)?(?:措施|任务|工作)?(?P<who>由[^；。]+?)(?:[；。]|[，、](?=第)|$)\s*"
)
_HEAD = re.compile(r"[^，。；：]{0,14}分工[：:]?\s*")
_MARKS = "（）()、．. 　"


def split_off_division(paragraphs: Sequence[Paragraph]) -> tuple[list[Paragraph], list[Paragraph]]:
    """Separate paragraphs that say only whose the numbered measures are, with the heading right above them."""
    kept: list[Paragraph] = []
    found: list[Paragraph] = []
    for paragraph in paragraphs:
        if not _SHARE.match(paragraph.flow) or _SHARE.sub("", paragraph.flow):
            kept.append(paragraph)
            continue
        if kept and _HEAD.fullmatch(kept[-1].flow):
            found.append(kept.pop())
        found.append(paragraph)
    return kept, found


def read_division(reading: ReportReading, division: Sequence[Paragraph], paragraphs: Sequence[Paragraph]) -> None:
    """Give the measures the owners of their numbers; a number that none or several have is noted."""
    labels = {each.number: _label_of(each) for each in paragraphs}
    for paragraph in division:
        shares = [*_SHARE.finditer(paragraph.flow)]
        reading.place(whole(paragraph), "责任和时限" if shares else "标题")
        unknown = [each["which"] for each in shares if not _give(reading, each["which"], each["who"], labels)]
        if unknown:
            told = f"“第{'、'.join(unknown)}项”由谁负责，没有对上哪一条措施，没有录入，请核对。"
            reading.note(paragraph.number, told)


def _give(reading: ReportReading, which: str, who: str, labels: dict[int, str]) -> bool:
    """Give the measures of one number what is said of it; returns whether there is such a number, and one only."""
    key = _bare(which)
    of_it = [n for n, each in enumerate(reading.measures) if labels.get(each.paragraph) == key]
    clauses = re.split("[，,]", who)
    owners = NO_OWNERS
    for clause in clauses:
        owners = merge_owners(owners, read_led_clause(clause) or NO_OWNERS, joined=True)
    when = deadline_words(clauses[-1]) if len(clauses) > 1 else ""
    if len({reading.measures[n].paragraph for n in of_it}) != 1 or owners == NO_OWNERS:
        return False
    for index in of_it:
        measure = reading.measures[index]
        own = measure.deadline_words or when
        given = measure.owners if measure.owners.department else merge_owners(owners, measure.owners, joined=True)
        reading.measures[index] = replace(
            measure, owners=given, deadline_words=own, kind=propose_kind(measure.statement, own)
        )
    return True


def _label_of(paragraph: Paragraph) -> str:
    label = label_at(paragraph.seen)
    return _bare(paragraph.seen[: label.end]) if label else ""


def _bare(number: str) -> str:
    """Return a number without marks, in digits (（一）, 1. and 1 are the same)."""
    bare = number.strip(_MARKS)
    return str(chinese_number(bare) or bare)
