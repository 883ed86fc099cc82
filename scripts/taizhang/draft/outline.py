"""The outline of a report: numbered units, their nesting, and which of them head a section."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from taizhang.draft.headings import Section, heading_kind, is_aspect_title
from taizhang.draft.item_labels import inline_labels, label_at
from taizhang.draft.values import Paragraph

__all__ = ["Node", "Unit", "build_outline", "section_kind", "units_of"]

_UNNUMBERED = "节"


@dataclass(frozen=True, slots=True)
class Unit:
    """One item within a paragraph: ``flow[start:end]``, with its label before ``content``."""

    paragraph: Paragraph
    start: int
    content: int
    end: int
    style: str = ""
    inline: bool = False

    @property
    def text(self) -> str:
        """The words after the label, on one line."""
        return self.paragraph.flow[self.content : self.end].strip()


@dataclass(slots=True)
class Node:
    """A numbered unit or heading, the units under it, and the plain paragraphs that follow it."""

    unit: Unit
    style: str
    section: Section | None = None
    children: list[Node] = field(default_factory=list)
    following: list[Unit] = field(default_factory=list)

    def units(self) -> Iterator[Unit]:
        """Yield every unit of this node in source order."""
        under = [unit for child in self.children for unit in child.units()]
        rest = [*under, *self.following]
        yield self.unit
        yield from sorted(rest, key=lambda unit: (unit.paragraph.number, unit.start))


def units_of(paragraph: Paragraph) -> tuple[Unit, ...]:
    """Split a paragraph into its units; together they cover it."""
    flow = paragraph.flow
    run = inline_labels(flow, 0, len(flow))
    if run and run[0].start == 0 and not paragraph.label:
        return tuple(_split(paragraph, Unit(paragraph, 0, 0, len(flow))))
    label = label_at(paragraph.label) if paragraph.label else label_at(flow)
    if label is None:
        return tuple(_split(paragraph, Unit(paragraph, 0, 0, len(flow), "编号" if paragraph.label else "")))
    content = 0 if paragraph.label else label.end
    return tuple(_split(paragraph, Unit(paragraph, 0, content, len(flow), label.style)))


def _split(paragraph: Paragraph, unit: Unit) -> Iterator[Unit]:
    run = inline_labels(paragraph.flow, unit.content, unit.end)
    if not run:
        yield unit
        return
    if run[0].start > unit.start:
        yield Unit(paragraph, unit.start, unit.content, run[0].start, unit.style, unit.inline)
    ends = [*(label.start for label in run[1:]), unit.end]
    for label, end in zip(run, ends, strict=True):
        yield from _split(paragraph, Unit(paragraph, label.start, label.end, end, label.style, inline=True))


def build_outline(units: Iterable[Unit]) -> tuple[tuple[Unit, ...], tuple[Node, ...]]:
    """Return the plain units before the first heading or number, and the outline's top nodes.

    Numbering styles have no fixed depth (reports differ): a style that is not open goes one level deeper, an open one
    goes back to its level.
    """
    before: list[Unit] = []
    tops: list[Node] = []
    stack: list[Node] = []
    for unit in units:
        section = section_kind(unit)
        style = unit.style or (f"标题{unit.paragraph.heading}" if unit.paragraph.heading and not unit.inline else "")
        if not style and section:
            style = _UNNUMBERED
        if not style:
            holder = next((node for node in reversed(stack) if not node.unit.inline), None)
            (holder.following if holder else before).append(unit)
            continue
        stack = _close_deeper(stack, style, unit.inline)
        node = Node(unit, style, section)
        (stack[-1].children if stack else tops).append(node)
        stack.append(node)
    return tuple(before), tuple(tops)


def _close_deeper(stack: list[Node], style: str, inline: bool) -> list[Node]:
    """Return the nodes that stay open above a new item of this style."""
    styles = [node.style for node in stack]
    if style in styles:
        return stack[: styles.index(style)]
    if style.startswith("标题"):
        shallower = [n for n, each in enumerate(styles) if each.startswith("标题") and each < style]
        return stack[: shallower[-1] + 1] if shallower else []
    if style == _UNNUMBERED:
        headings = [
            n for n, node in enumerate(stack) if node.style.startswith("标题") or is_aspect_title(node.unit.text)
        ]
        return stack[: headings[-1] + 1] if headings and stack[headings[-1]].section is None else []
    if inline:
        return stack
    return [node for node in stack if not node.unit.inline]


def section_kind(unit: Unit) -> Section | None:
    """Return the section that a unit heads, or None."""
    if unit.inline:
        return None
    return heading_kind(unit.text, marked=unit.style == "一、" or bool(unit.paragraph.heading))
