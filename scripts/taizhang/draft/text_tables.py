"""Tables in a text file: rows of Markdown (| 问题 | 措施 |), boxes of lines, and cells separated by tabs or blanks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

from taizhang.draft.lines import group_lines
from taizhang.draft.tables import head_kind, is_head_row
from taizhang.draft.values import Paragraph, TableCell

__all__ = ["text_paragraphs"]

_RULE = re.compile(r"(?=[\s|:+=]*-)[\s|:+=-]*")
_BOX_RULE = re.compile(r"[ 　]*[┌┬┐├┼┤└┴┘─━┏┳┓┣╋┫┗┻┛═╔╦╗╠╬╣╚╩╝+|-]+[ 　]*")
_BOX_BARS = str.maketrans("│┃║", "|||")
_BLANKS = "  "
_BETWEEN_HEADS, _BETWEEN = re.compile(r"[ 　]{2,}"), re.compile(r"[ 　]{2,}|　")
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
    if _BOX_RULE.fullmatch(lines[position]):
        inner = _table_at(lines, position + 1) if position + 1 < len(lines) else []
        return [[], *_joined_between_rules(inner)] if inner else []
    for mark in ("|", "\t", "｜", _BLANKS):
        first = _split(lines[position], mark, _BETWEEN_HEADS)
        if len(first) < 2 or not is_head_row(first):
            continue
        rows = [first]
        fewest = 2 if mark != _BLANKS else max(2, len(first) - 2)
        for number, line in enumerate(lines[position + 1 :], position + 2):
            follows = next((each for each in lines[number:] if each.strip()), "")
            if _RULE.fullmatch(line) or _BOX_RULE.fullmatch(line):
                rows.append([])
                continue
            if not line.strip() and len(_split(follows, mark)) >= fewest:
                rows.append([])
                continue
            cells = _split(line, mark)
            if len(cells) < fewest:
                break
            rows.append(cells if mark != _BLANKS else _under_heads(line, cells, lines[position]))
        return rows
    return next(filter(None, (_card_at(lines[position:], mark) for mark in ("|", "\t", "｜"))), [])


def _card_at(lines: Sequence[str], mark: str) -> list[list[str]]:
    """Return the rows of a table that begins here and has its heads at the left (责任单位 | 水务科); empty if none."""
    rows: list[list[str]] = []
    for line in lines:
        cells = [] if _RULE.fullmatch(line) else _split(line, mark)
        if not (len(cells) > 1 and head_kind(cells[0])) and not (rows and not cells and not line.strip(" |:-+=")):
            break
        rows.append(cells)
    heads = [cell for cells in rows for cell in cells[::2]]
    whose = {kind for cell in heads if (kind := head_kind(cell))} & {"owner", "leader", "deadline"}
    return rows if whose and sum(map(bool, rows)) > 2 and is_head_row(heads) else []


def _joined_between_rules(rows: Sequence[list[str]]) -> list[list[str]]:
    """Return the rows of a box with those that stand between two rules as one, if rules are between all rows."""
    rules = sum(not row for row in rows)
    if rules < 3:
        return list(rows)
    found: list[list[str]] = []
    for row in rows:
        if row and found and len(found[-1]) == len(row):
            found[-1] = [above + cell for above, cell in zip(found[-1], row, strict=True)]
        else:
            found.append(list(row))
    return found


def _split(line: str, mark: str, blanks: re.Pattern[str] = _BETWEEN) -> list[str]:
    if mark == "|":
        line = line.translate(_BOX_BARS)
    if mark not in line and not (mark == _BLANKS and blanks.search(line.strip())):
        return []
    if mark == _BLANKS:
        return blanks.split(line.strip())
    bare = line.strip(" \r\n" if mark == "\t" else None)
    if mark != "\t":
        bare = bare.removeprefix(mark).removesuffix(mark)
    return [cell.strip().strip("*").strip() for cell in bare.split(mark)]


def _under_heads(line: str, cells: Sequence[str], head: str) -> list[str]:
    """Return the cells of a row aligned by blanks in the columns of its heads; a column without a cell is blank."""
    begins = _begins(head, _BETWEEN_HEADS)
    if len(cells) == len(begins):
        return list(cells)
    row = [""] * len(begins)
    for begin, cell in zip(_begins(line, _BETWEEN), cells, strict=True):
        column = min(range(len(begins)), key=lambda each: abs(begins[each] - begin))
        row[column] += cell
    return row


def _begins(line: str, blanks: re.Pattern[str]) -> list[int]:
    """Return where each cell of a line begins, in half-width columns."""
    first = len(line) - len(line.lstrip())
    starts = [first, *(first + match.end() for match in blanks.finditer(line.strip()))]
    return [sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in line[:at]) for at in starts]


def _cells(rows: Sequence[Sequence[str]], table: int) -> Iterator[tuple[str, TableCell | None]]:
    """Yield the paragraphs of a table with their places; blank cells have none."""
    for number, cells in enumerate(rows, 1):
        for column, cell in enumerate(cells, 1):
            for words in filter(None, (each.strip() for each in _BREAK.split(cell))):
                yield words, TableCell(table, number, column, number)
