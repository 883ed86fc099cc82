"""The nodes of the outline of a report: a unit and what stands under it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from taizhang.draft.headings import FieldKind, Section
from taizhang.draft.units import FIELD, OWNERS, Unit

__all__ = ["ASPECT", "LEAD", "PLAIN", "STYLED", "UNNUMBERED", "Node"]

STYLED, UNNUMBERED, LEAD, ASPECT, PLAIN = "标题", "节", "引语", "方面", ""
"""Styles of nodes beside those of units: a heading of Word (with its level: 标题1), a heading without a number, a
lead-in (还存在以下问题：), a paragraph that begins with an aspect (学习方面：), plain text."""


@dataclass(slots=True)
class Node:
    """A unit and what stands under it; ``section`` is what its words head, ``leads`` what they lead in to."""

    unit: Unit
    style: str
    section: Section | None = None
    leads: Section | None = None
    children: list[Node] = field(default_factory=list)

    @property
    def styled(self) -> bool:
        """Whether it is a heading of Word."""
        return self.style.startswith(STYLED)

    @property
    def field(self) -> FieldKind | None:
        """The kind of a label, None for other nodes."""
        return self.unit.field if self.style == FIELD else None

    @property
    def is_item(self) -> bool:
        """Whether it is an item or a heading: neither plain text nor a lead-in, a label or a line of owners."""
        return self.style not in (PLAIN, LEAD, FIELD, OWNERS)

    @property
    def items(self) -> list[Node]:
        """The items directly under it."""
        return [child for child in self.children if child.is_item]

    def units(self) -> Iterator[Unit]:
        """Yield every unit of this node in source order."""
        yield self.unit
        for child in self.children:
            yield from child.units()

    def has_field(self, *kinds: FieldKind) -> bool:
        """Whether a label of these kinds stands directly under this node."""
        return any(child.field in kinds for child in self.children)
