"""Marked columns: heads that are values (a department, a kind of deadline), given by the marks below them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from taizhang.adopt.fields import Field, Words
from taizhang.adopt.owners import is_department
from taizhang.adopt.words import is_tick
from taizhang.typed.text import clean_key

__all__ = ["departments_marked", "value_of_marks"]

_CHOICES = ("deadline", "category")
"""Fields of which each column below a common head may be a choice: 整改时限 over 立行立改 and 长期坚持."""


def value_of_marks(heads: Sequence[str], texts: Sequence[str], words: Words) -> tuple[Field, str] | None:
    """Return the field and the value that marks below a head give, with the heads above it; None for other columns.

    Below a choice of deadlines there may be days, too.
    """
    if not heads:
        return None
    last, over = clean_key(heads[-1]), words.field_of("".join(heads[:-1])) if len(heads) > 1 else None
    marked = all(each in words.marks or is_tick(each, words) for each in texts)
    of_departments = over is not None and over.name == "department"
    if marked and is_department(last) and not words.is_head(last) and (of_departments or (texts and over is None)):
        return words.fields["department"], last
    chosen = over is not None and over.name in _CHOICES and words.field_of(last) is None
    if over and chosen and (marked or over.name == "deadline"):
        return over, last
    return None


def departments_marked(marks: Mapping[str, str], heads: Sequence[str], words: Words) -> str:
    """Return departments with their marks as a cell names them: those that lead, then those that help.

    What a mark means is said in the heads above (★牵头 △配合), else by the table of words.
    """
    said = {mark: clean_key(role) for each in heads for mark, role in _LEGEND.findall(each)}
    roles = {**words.marks, **{mark: words.role_of(role) for mark, role in said.items()}}
    helps = [name for name, mark in marks.items() if roles.get(clean_key(mark)) == "help"]
    leads = [name for name in marks if name not in helps]
    return "、".join(leads) + (f"；配合：{'、'.join(helps)}" if helps else "")


_LEGEND = re.compile(r"([^\w\s（）()，,、；;。：:])\s?(?:为|表示|代表|是|：|:|=|－|-)?\s?([一-鿿]{2})")
"""A mark with what it means: ★牵头, △表示配合."""
