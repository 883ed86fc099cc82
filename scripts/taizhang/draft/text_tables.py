"""Tables in a text file: rows of Markdown (| 问题 | 措施 |) and rows whose cells are separated by tabs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from taizhang.draft.lines import group_lines
from taizhang.draft.tables import is_head_row
from taizhang.draft.values import Paragraph, TableCell

__all__ = ["text_paragraphs"]

_RULE = re.compile(r"(?=[\s|:+=]*-)[\s|:+=-]*")
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)


def text_paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Return the paragraphs of a text in order: its tables cell by cell, the others as ``group_lines`` does."""
    lines = text.splitlines()
    found: list[tuple[str, TableCell | None]] = []
    plain: list[str] = []
    position = table = 0
    while position < len(lines):
        rows = _table_at(lines, position)
        if not rows:
            plain.append(lines[position])
            position += 1
            continue
        found += [(group, None) for group in group_lines("\n".join(plain))]
        plain, table = [], table + 1
        found += _cells(rows, table)
        position += len(rows)
    found += [(group, None) for group in group_lines("\n".join(plain))]
    return tuple(
        Paragraph(number, words, heading=0 if cell else _level(words), cell=cell)
        for number, (words, cell) in enumerate(found, 1)
    )


def _level(words: str) -> int:
    """Return the level of a Markdown heading (## 一、存在问题), 0 for other text."""
    match = re.match(r"\s*(#{1,6})\s+\S", words)
    return len(match[1]) if match else 0


def _table_at(lines: Sequence[str], position: int) -> list[list[str]]:
    """Return the rows of the table that begins at this line, a rule as an empty row; empty if none begins here."""
    for mark in ("|", "\t", "｜"):
        first = _split(lines[position], mark)
        if len(first) < 2 or not is_head_row(first):
            continue
        rows = [first]
        for number, line in enumerate(lines[position + 1 :], position + 2):
            follows = next((each for each in lines[number:] if each.strip()), "")
            if _RULE.fullmatch(line) or (not line.strip() and mark in follows):
                rows.append([])
                continue
            cells = _split(line, mark)
            if len(cells) < 2:
                break
            rows.append(cells)
        return rows
    return []


def _split(line: str, mark: str) -> list[str]:
    if mark not in line:
        return []
    bare = line.strip(" \r\n" if mark == "\t" else None)
    if mark != "\t":
        bare = bare.removeprefix(mark).removesuffix(mark)
    return [cell.strip().strip("*").strip() for cell in bare.split(mark)]


def _cells(rows: Sequence[Sequence[str]], table: int) -> Iterator[tuple[str, TableCell | None]]:
    """Yield the paragraphs of a table with their places; blank cells have none."""
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells, 1):
            for words in filter(None, (each.strip() for each in _BREAK.split(cell))):
                yield words, TableCell(table, number, column, number)
