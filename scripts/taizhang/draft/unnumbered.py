"""Lines without numbers that are more than plain text: labels that stand alone, and failings that labels answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

from taizhang.draft.deeds import BEGINS_WITH_VERB
from taizhang.draft.headings import SHORTCOMING, FieldKind, field_kind, heading_kind, lead_kind, names_problem
from taizhang.draft.item_labels import PARTS, rank_of
from taizhang.draft.names import is_unit_by_work
from taizhang.draft.owner_heads import is_head
from taizhang.draft.units import ANSWERED, FIELD, OWNERS, Unit

__all__ = ["with_answered", "with_labels_alone"]

_FEWEST_ALONE = 3
"""So many kinds of labels that stand alone make a table of labels and values."""


def with_labels_alone(units: Sequence[Unit]) -> Sequence[Unit]:
    """Return the units with labels recognised that stand alone, and their values below them (责任单位, then 水务科).

    Cells of a table of labels and values come like this, and so do such tables that were copied as lines. Who or when
    is among them, and no colon is after any.
    """
    kinds = [_alone(unit, after) for unit, after in pairwise([*units, None])]
    told = {kind for kind in kinds if kind}
    labels = {unit.text for unit, kind in zip(units, kinds, strict=True) if kind}
    if len(labels) < _FEWEST_ALONE or OWNERS not in told or not told & {"problems", "measures", "progress"}:
        return units
    found: list[Unit] = []
    for unit, kind, before in zip(units, kinds, ["", *kinds], strict=False):
        if before == OWNERS:
            found.append(replace(unit, style=OWNERS, head=units[len(found) - 1].text))
        elif kind == OWNERS:
            found.append(replace(unit, style=OWNERS, content=unit.end, head=unit.text))
        else:
            found.append(replace(unit, style=FIELD, content=unit.end, field=kind, head=unit.text) if kind else unit)
    return found


def _alone(unit: Unit | None, after: Unit | None) -> Literal["责任"] | FieldKind | None:
    """Return what a label is about that stands alone with its value below it; None for other units."""
    if unit is None or after is None or unit.style or unit.inline or after.paragraph is unit.paragraph:
        return None
    if is_head(unit.text):
        return OWNERS if not (after.style or after.inline or is_head(after.text)) else None
    return field_kind(unit.text)


def with_answered(units: Sequence[Unit]) -> Sequence[Unit]:
    """Return the units with failings without numbers recognised that labels answer (屋面渗水。, then 整改措施：……).

    The same labels come again after each of them, or a heading says that problems and measures follow.
    """
    found: set[int] = set()
    seen: set[FieldKind | None] = set()
    sure = False
    for at, label in enumerate(units):
        if label.style in PARTS:
            seen = set()
        if label.inline or label.field not in ("causes", "measures", "progress"):
            continue
        last = at - 1
        while last > 0 and units[last].style == OWNERS:
            last -= 1
        begun = _begin_of_failing(units, last)
        if begun <= last and units[begun - 1].style == FIELD and not units[begun - 1].text:
            begun = last if begun < last else at  # what stands first below a label alone is what it labels
        before = _before_failing(units, begun - 1) if begun <= last else None
        if before is not None and (before != FIELD or label.field in seen):
            found.add(begun if before else last)
            sure = sure or before == FIELD or (before == "mixed" and _names_failing(units[begun].text))
            seen = set()
        seen.add(label.field)
    return [replace(unit, style=ANSWERED) if sure and at in found else unit for at, unit in enumerate(units)]


def _begin_of_failing(units: Sequence[Unit], last: int) -> int:
    """Return where the paragraphs up to the last begin that name a failing and tell more of it; after it if none may.

    The last alone does if none has words of a shortcoming.
    """
    at = last + 1
    while at > 0 and _may_tell_failing(units[at - 1]):
        at -= 1
    return next((n for n in range(at, last) if _names_failing(units[n].text)), last if at <= last else last + 1)


def _may_tell_failing(unit: Unit) -> bool:
    text = unit.text
    told = not unit.style and not unit.inline and not unit.paragraph.heading and not text.endswith(("：", ":"))
    doing = BEGINS_WITH_VERB.match(text) and not names_problem(text) and not _begins_with_unit(text)
    return told and heading_kind(text) is None and not doing


def _begins_with_unit(text: str) -> bool:
    """Whether words begin with a unit that is named by its work (检验科), though that is a verb, too."""
    return any(is_unit_by_work(text[:end]) for end in range(3, min(len(text), 8)))


def _names_failing(text: str) -> bool:
    return bool(names_problem(text) or SHORTCOMING.search(text))


def _before_failing(units: Sequence[Unit], at: int) -> str | None:
    """Return what stands before a failing: a label of measures, the part that a heading heads, empty for neither.

    None if an item with a number, or a label of problems, stands there: then the failing tells more of that.
    """
    items: list[Unit] = []
    for unit in (units[n] for n in range(at, -1, -1) if not units[n].inline):
        if unit.style == FIELD:
            listed = not items or (not unit.text and _is_one_list(items[::-1]))
            return FIELD if unit.field != "problems" and listed else None
        section = heading_kind(unit.text, marked=unit.style in PARTS)
        if section or lead_kind(unit.text):
            return None if items else (section or "")
        if unit.style not in ("", OWNERS):
            items.append(unit)
    return None if items else ""


def _is_one_list(items: Sequence[Unit]) -> bool:
    first = items[0]
    return first.number <= 1 and all(rank_of(each.style) >= rank_of(first.style) for each in items)
