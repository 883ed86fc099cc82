"""Tables of a report (问题｜原因｜整改措施｜责任部门｜时限): the kind of each column by its head, and the rows."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from taizhang.draft.values import Paragraph, TableCell

__all__ = ["Row", "read_tables"]

_HEADS = (
    ("other", r"序号|编号|备注|责任人|联系人|联系电话|完成情况|进展(?:情况)?|整改情况|状态"),
    ("deadline", r".{0,14}(?:时限|期限|时间|完成日期)(?:要求)?"),
    (
        "owner",
        r".{0,14}(?:责任|牵头|主办|配合|落实|承办|协办).{0,14}(?:部门|单位|处室|科室|领导|支部)|(?:责任|牵头)(?:部门|单位)?",
    ),
    ("measure", r".{0,14}(?:措施|举措|任务|整改内容|努力方向)"),
    ("cause", r".{0,14}(?:原因|根源).{0,14}"),
    ("aspect", r"方面|类别|(?:问题)?(?:类型|领域)|所属方面"),
    ("problem", r".{0,14}(?:问题|表现|不足|差距)(?:表现|清单|描述)?"),
)


@dataclass(frozen=True)
class Row:
    """One row of a table: the paragraphs of each kind, with those of merged cells repeated in every row they cover."""

    number: int
    aspect: tuple[Paragraph, ...] = ()
    problem: tuple[Paragraph, ...] = ()
    cause: tuple[Paragraph, ...] = ()
    measure: tuple[Paragraph, ...] = ()
    owner: tuple[Paragraph, ...] = ()
    deadline: tuple[Paragraph, ...] = ()
    other: tuple[Paragraph, ...] = ()
    unknown: tuple[Paragraph, ...] = ()
    group: str = field(default="")

    def first_of(self, paragraph: Paragraph) -> bool:
        """Whether a paragraph's cell begins in this row, rather than being merged into it from above."""
        return paragraph.cell is not None and paragraph.cell.row == self.number

    @property
    def owner_words(self) -> str:
        """The words of the owner column."""
        return "；".join(paragraph.flow for paragraph in self.owner)

    @property
    def deadline_words(self) -> str:
        """The words of the deadline column."""
        return "；".join(paragraph.flow for paragraph in self.deadline)


def read_tables(paragraphs: Sequence[Paragraph]) -> tuple[tuple[Row, ...], tuple[Paragraph, ...]]:
    """Return the rows of the tables whose heads are recognised, and all other paragraphs in source order.

    A table without a column for problems or measures is a frame around text or another list: its cells are plain
    paragraphs.
    """
    tables: dict[int, list[tuple[Paragraph, TableCell]]] = defaultdict(list)
    for paragraph in paragraphs:
        if paragraph.cell is not None:
            tables[paragraph.cell.table].append((paragraph, paragraph.cell))
    rows: list[Row] = []
    read: set[int] = set()
    for cells in tables.values():
        heads = _find_heads(cells)
        if heads:
            rows += _rows(cells, *heads)
            read |= {paragraph.number for paragraph, _ in cells}
    return tuple(rows), tuple(paragraph for paragraph in paragraphs if paragraph.number not in read)


def _find_heads(cells: Sequence[tuple[Paragraph, TableCell]]) -> tuple[int, dict[int, str]] | None:
    """Find the row of heads among the first three rows; returns it with the kind of each column, or None."""
    for number in range(1, 4):
        titles: dict[int, str] = defaultdict(str)
        for paragraph, cell in cells:
            if cell.row == number:
                titles[cell.column] += paragraph.flow
        kinds = {column: kind for column, title in titles.items() if (kind := _classify(title))}
        if len(kinds) >= 2 and {"problem", "measure"} & set(kinds.values()):
            return number, kinds
    return None


def _classify(title: str) -> str:
    bare = re.sub(r"[\s　（(].*|[：:]", "", title.replace(" ", "").replace("　", ""))
    if len(bare) > 14:
        return ""
    return next((kind for kind, pattern in _HEADS if re.fullmatch(pattern, bare)), "")


def _rows(cells: Sequence[tuple[Paragraph, TableCell]], head_row: int, kinds: dict[int, str]) -> Iterator[Row]:
    above = tuple(paragraph for paragraph, cell in cells if cell.row <= head_row)
    yield Row(head_row, other=above)
    title = "".join(
        paragraph.flow for paragraph, cell in cells if cell.row == head_row and kinds.get(cell.column) == "measure"
    )
    held: dict[int, dict[str, list[Paragraph]]] = defaultdict(lambda: defaultdict(list))
    for paragraph, cell in cells:
        kind = kinds.get(cell.column, "unknown")
        last = cell.last_row if kind in ("aspect", "problem", "owner", "deadline") else cell.row
        for number in range(max(cell.row, head_row + 1), last + 1):
            held[number][kind].append(paragraph)
    for number in sorted(held):
        found = {kind: tuple(each) for kind, each in held[number].items()}
        yield Row(number, **found, group=title)
