"""The values of reading a report: paragraphs, problems, causes and commitments, each with its source words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from taizhang.ledger.vocabulary import Status, TaskKind
from taizhang.system.sandbox import ExplainedError

__all__ = [
    "NOT_A_REPORT",
    "NO_OWNERS",
    "Aspect",
    "CauseLink",
    "Decision",
    "Draft",
    "DraftCause",
    "DraftMeasure",
    "DraftProblem",
    "Owners",
    "Paragraph",
    "Piece",
    "ProposedLink",
    "Said",
    "SourceError",
    "TableCell",
]


_FULL_WIDTH = str.maketrans(",;:!?()", "，；：！？（）")
_SQUARE = str.maketrans("［］", "[]")
_BESIDE_CHINESE = re.compile(
    r"(?<=[一-鿿“”《》（）、。，；：])[,;:!?()]|[,;:!?()](?=[一-鿿“《])|(?<=[\d%])[;)](?=\s|$)|(?<=\d)\)(?=[一-鿿,.。，、])"
)
_IN_DATE = re.compile(r"(?<=\d)[ 　](?=[年月日](?![常均])|前)|(?<=[年月于在至到自从])[ 　](?=\d{1,4} ?[年月日:：])")
_LONGEST_NUMBER = 3
"""Blanks within or before a date (于 8 月 10 日前); first in a paragraph a blank follows an item's number."""
NOT_A_REPORT = "不像一份对照检查材料，没有读取。请核对文件，或新建一个文档，只粘贴材料的正文。"


_IN_SHEETS = frozenset({"问题", "原因", "措施", "方面", "责任和时限", "状态"})
"""The roles of pieces that are written into a sheet of the ledger."""


class SourceError(ExplainedError):
    """A source document that cannot be read; the text gives reason and cure."""


@dataclass(frozen=True, slots=True)
class TableCell:
    """The place of a paragraph in a table: table, row and column from 1.

    ``last_row`` is the last row that a merged cell covers.
    """

    table: int
    row: int
    column: int
    last_row: int


def _are_two_words(last: str, first: str) -> bool:
    """Whether a line end stands for a blank between these characters; a number may be broken anywhere."""
    return last.isascii() and first.isascii() and first.isalnum() and not (last.isdigit() and first.isdigit())


@dataclass(frozen=True)
class Paragraph:
    """One non-blank paragraph of the source.

    ``number`` counts from 1 in source order. ``text`` is the exact text without characters that print as nothing; a
    paragraph wrapped by hand keeps its line ends. ``label`` is the automatic number that Word shows before the text and
    that is not part of it. ``heading`` is the level of a Word heading (from 1), 0 for body text. ``cell`` is set for
    text in a table.
    """

    number: int
    text: str
    label: str = ""
    heading: int = 0
    cell: TableCell | None = None

    @property
    def seen(self) -> str:
        """The text on one line as a reader sees it, with the automatic number in front."""
        return self.label + self.flow

    @cached_property
    def flow(self) -> str:
        """The text on one line, without line ends, the indents around them and blanks within dates, and stripped.

        Narrow marks beside Chinese are full-width here, ［］ are [], one for one: a text reads the same with either.
        """
        kept = "".join(self.text[position] for position in self._positions)
        line = " ".join(kept.splitlines()).translate(_SQUARE)
        return _BESIDE_CHINESE.sub(lambda mark: mark[0].translate(_FULL_WIDTH), line)

    @cached_property
    def _positions(self) -> tuple[int, ...]:
        """The position in ``text`` of each character of ``flow``."""
        kept: list[int] = []
        offset = 0
        for line in self.text.splitlines(keepends=True):
            inner = line.strip()
            first = offset + len(line) - len(line.lstrip())
            if kept and inner and _are_two_words(self.text[kept[-1]], inner[0]):
                kept.append(first - 1)  # two Latin words separated by the line end stay two words
            blanks = {
                first + each.start() for each in _IN_DATE.finditer(inner) if kept or each.start() > _LONGEST_NUMBER
            }
            kept += [at for at in range(first, first + len(inner)) if at not in blanks]
            offset += len(line)
        return tuple(kept)

    def exact(self, start: int, end: int) -> str:
        """Return the source's exact words for ``flow[start:end]``; an empty range gives an empty text."""
        if end <= start:
            return ""
        return self.text[self._positions[start] : self._positions[end - 1] + 1]

    def bound(self, position: int) -> int:
        """Return the position in ``text`` of a piece that begins at this position of ``flow``.

        Pieces bounded this way cover the whole text.
        """
        if position <= 0:
            return 0
        return self._positions[position] if position < len(self._positions) else len(self.text)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph's text and its role. All pieces together cover the whole source text."""

    paragraph: int
    start: int
    end: int
    role: str


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect: its number from 1, its title in the report's words, a short title taken from it, its paragraph."""

    number: int
    title: str
    short_title: str
    paragraph: int


@dataclass(frozen=True, slots=True)
class DraftProblem:
    """A problem: aspect (index from 0), title and detail in the report's words, paragraph, and exact source words."""

    aspect: int
    title: str
    detail: str
    paragraph: int
    original: str = ""


@dataclass(frozen=True, slots=True)
class DraftCause:
    """A cause: its title and detail in the report's words, paragraph, and exact source words."""

    title: str
    detail: str
    paragraph: int
    original: str = ""


@dataclass(frozen=True, slots=True)
class Owners:
    """Who is named for a measure: departments, a post, and how many persons, whose names are not repeated.

    ``vague`` are words that name no one unit (各科室), and posts beside the first.
    """

    department: str = ""
    supporting: tuple[str, ...] = ()
    leader: str = ""
    persons: int = 0
    vague: tuple[str, ...] = ()


NO_OWNERS = Owners()


@dataclass(frozen=True, slots=True)
class DraftMeasure:
    """A commitment: its group, readable statement, exact source words, and the number of its sentence (from 1).

    ``original`` is an exact substring of the paragraph; if two objects of one verb were split, it is their common
    clause. ``kind`` is a proposal. ``deadline_words``, ``owners``, ``standard`` and ``status`` are what the source says
    and empty if it says nothing; ``vague_words`` sound like a deadline but name no day. ``update`` is what a report of
    progress beside it tells.
    """

    group: str
    statement: str
    original: str
    sentence: int
    paragraph: int
    kind: TaskKind
    deadline_words: str = ""
    vague_words: str = ""
    owners: Owners = NO_OWNERS
    standard: str = ""
    status: Status | None = None
    update: str = ""


@dataclass(frozen=True, slots=True)
class ProposedLink:
    """That a measure answers a problem (indexes from 0), and why: shared words, or ``stated`` by the report's order."""

    measure: int
    problem: int
    reason: str
    stated: bool = False


@dataclass(frozen=True, slots=True)
class CauseLink:
    """That a problem comes from a cause (indexes from 0), and why: shared words, or ``stated`` by the report."""

    problem: int
    cause: int
    reason: str
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """A fact of the whole report: its value, the paragraph that says it, and where that stands (标题, 落款)."""

    value: str
    paragraph: int
    where: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What one item of the outline was taken for, and by which signs; ``depth`` counts from 0."""

    paragraph: int
    depth: int
    words: str
    role: str
    reason: str


@dataclass(frozen=True)
class Draft:
    """The content of a report.

    ``leads`` are the parts of the sentence that leads in to the measures (从甲入手，从乙入手), empty if there is none.
    ``unplaced`` has (paragraph, reason) of text that could not be placed, ``personal`` has (number of a paragraph,
    kinds of personal or classified data in it), ``persons`` the numbers of paragraphs that name a person as owner.
    ``decisions`` are the outline as it was read. ``unit``, ``year`` (of the plan) and ``origin`` (the 来源 of its
    problems) are None where the report does not say them.
    """

    aspect_heads: tuple[Aspect, ...] = ()
    problems: tuple[DraftProblem, ...] = ()
    causes: tuple[DraftCause, ...] = ()
    measures: tuple[DraftMeasure, ...] = ()
    links: tuple[ProposedLink, ...] = ()
    cause_links: tuple[CauseLink, ...] = ()
    leads: tuple[str, ...] = ()
    unplaced: tuple[tuple[Paragraph, str], ...] = ()
    notes: tuple[str, ...] = ()
    pieces: tuple[Piece, ...] = ()
    personal: tuple[tuple[int, tuple[str, ...]], ...] = ()
    persons: tuple[int, ...] = ()
    decisions: tuple[Decision, ...] = ()
    unit: Said | None = None
    year: Said | None = None
    origin: Said | None = None

    @property
    def aspects(self) -> tuple[str, ...]:
        """The titles of the aspects, in order."""
        return tuple(aspect.title for aspect in self.aspect_heads)

    @property
    def beside(self) -> Mapping[str, tuple[int, ...]]:
        """The numbers of the paragraphs that are in no sheet and not in ``unplaced``, by what they are (开头, 标题).

        These, the unplaced and those with a piece in a sheet are all paragraphs of the report.
        """
        listed = {paragraph.number for paragraph, _ in self.unplaced}
        roles: dict[int, list[str]] = {}
        for piece in self.pieces:
            roles.setdefault(piece.paragraph, []).append(piece.role)
        found: dict[str, list[int]] = {}
        for number, each in sorted(roles.items()):
            if number not in listed and not _IN_SHEETS & set(each):
                found.setdefault(each[0], []).append(number)
        return {role: tuple(numbers) for role, numbers in found.items()}

    @property
    def groups(self) -> tuple[str, ...]:
        """The titles of the groups of measures, in order."""
        return tuple(dict.fromkeys(measure.group for measure in self.measures))

    @property
    def sentences(self) -> int:
        """The number of sentences in the measures."""
        return max((measure.sentence for measure in self.measures), default=0)
