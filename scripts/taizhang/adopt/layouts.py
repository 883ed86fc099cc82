"""Layouts: sheets that hold their entries as cards, in columns, or as lines of text, laid out as rows below heads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from taizhang.adopt.fields import CONTENT, Words
from taizhang.adopt.grid import Cell, Grid, Laid, Layout
from taizhang.typed.text import as_text, clean_key, head_key
from taizhang.workbook.reader import Sheet

__all__ = ["laid_out"]

_ENOUGH = 3
"""So many fields make a table."""

_LONGEST_LABEL = 12
_SEPARATORS = (re.compile("\t"), re.compile("[|｜]"), re.compile("[ 　]{2,}|　"))
"""What stands between the columns of a table that was pasted as text, the likeliest first."""

Place = tuple[int, int]
Key = str


def laid_out(sheet: Sheet, words: Words, ruled: Mapping[str, str] = MappingProxyType({})) -> Grid:
    """Return the cells of a sheet as rows below heads; the sheet's own cells if that is how they are.

    ``ruled`` are the heads (as keys) that the office has ruled.
    """
    grid = Grid(sheet)
    return _from_lines(grid, words, ruled) or _from_labels(grid, words, ruled) or grid


def _field(text: str, words: Words, ruled: Mapping[str, str]) -> str:
    """Return the name of the field of a head, word for word; empty if it is none."""
    bare = text.strip().rstrip("：:")
    if title := ruled.get(head_key(bare)):
        return words.by_title[title].name
    found = words.field_of(bare) if words.is_head(bare) else None
    return found.name if found else ""


# Lines of text


def _from_lines(grid: Grid, words: Words, ruled: Mapping[str, str]) -> Grid | None:
    """Return the cells of a table that was pasted as text, each line into one cell; None for any other sheet."""
    alone = {row: cells[0] for row in range(1, grid.height + 1) if len(cells := grid.own(row)) == 1}
    for row, cell in alone.items():
        for separator in _SEPARATORS:
            heads = _pieces(cell, separator)
            fields = {name for each in heads if (name := _field(each, words, ruled))}
            if len(fields) >= _ENOUGH and fields & CONTENT:
                return _cut(grid, {at: _pieces(each, separator) for at, each in alone.items() if at >= row}, len(heads))
    return None


def _pieces(cell: Cell, separator: re.Pattern[str]) -> list[str]:
    text = as_text(cell.raw)
    bare = text.strip() if "|" in text or "｜" in text else text
    return [each.strip() for each in separator.split(bare.strip("|｜\n"))]


def _cut(grid: Grid, pieces: Mapping[int, Sequence[str]], width: int) -> Grid:
    """Return a grid with the pieces of lines in columns; what is beyond the last head belongs to it."""
    rows: list[list[object]] = []
    origins: dict[Place, Place] = {}
    for row in range(1, grid.height + 1):
        cells = grid.own(row)
        split = pieces.get(row)
        if split and len(split) > 1 and not all(set(each) <= set("-—:=") for each in split):
            columns: list[object] = [*split[: width - 1], " ".join(split[width - 1 :])]
            origins |= {(row, column): cells[0].origin for column in range(1, len(columns) + 1)}
        else:
            columns = [grid.sheet.value(row, column) for column in range(1, grid.width + 1)]
        rows.append(columns)
    longest = max(width, grid.width)
    filled = [[*row, *[""] * (longest - len(row))] for row in rows]
    sheet = replace(grid.sheet, rows=filled, merged=())
    return Grid(sheet, laid=Laid(Layout.LINES, origins, {}))


# Labels with their values at the right


@dataclass
class _Block:
    """What stands between one label and the same label again: the values of each label, by key.

    Each value of a label is a line of cells; ``heads`` are those of a small table within, whose rows are ``lines``.
    """

    top: int
    values: dict[Key, list[list[Cell]]] = field(default_factory=dict)
    heads: dict[int, Key] = field(default_factory=dict)


@dataclass
class _Labelled:
    """The blocks of a sheet, the first label of each key, and the cells that are neither label nor value."""

    blocks: list[_Block] = field(default_factory=list)
    labels: dict[Key, Cell] = field(default_factory=dict)
    loose: list[Cell] = field(default_factory=list)


def _from_labels(grid: Grid, words: Words, ruled: Mapping[str, str]) -> Grid | None:
    """Return the cells of a sheet of labels with their values at the right; None for any other sheet."""
    rows = {row: cells for row in range(1, grid.height + 1) if (cells := grid.own(row))}
    names = {cell: name for cells in rows.values() for cell in cells if (name := _field(cell.text, words, ruled))}
    labels = [
        cell
        for cells in rows.values()
        for cell, value in _neighbours(cells)
        if cell in names and value and value not in names
    ]
    if not _are_labels(labels, rows, names):
        return None
    found = _read_blocks(grid, rows, names, {cell.column for cell in labels})
    return _lay(grid, found) if found.blocks else None


def _neighbours(cells: Sequence[Cell]) -> Iterator[tuple[Cell, Cell | None]]:
    """Yield each cell of a row with the one right beside it; None if that is blank."""
    for cell, after in zip(cells, [*cells[1:], None], strict=True):
        yield cell, after if after and after.column == cell.right + 1 else None


def _are_labels(labels: Sequence[Cell], rows: Mapping[int, Sequence[Cell]], names: Mapping[Cell, str]) -> bool:
    """Whether labels make the table: they have more fields than any row of heads, or the problem that none has."""
    fields = {names[cell] for cell in labels}
    in_rows = [{names[cell] for cell in cells if cell in names} for cells in rows.values()]
    richest = max(in_rows, key=len, default=set[str]())
    if "problem" in fields and "problem" not in richest and "statement" in richest:
        return True
    enough = len(fields) >= _ENOUGH or fields >= {"problem", "statement"}
    return len({cell.row for cell in labels}) > 1 and enough and bool(fields & CONTENT) and len(fields) > len(richest)


def _read_blocks(
    grid: Grid, rows: Mapping[int, Sequence[Cell]], names: Mapping[Cell, str], columns: set[int]
) -> _Labelled:
    """Return the blocks of a sheet: a label that is there already begins the next one."""
    found = _Labelled()
    block: _Block | None = None
    last = 0
    for row, cells in rows.items():
        pairs = list(_pairs(cells, names, columns))
        inner = block is not None and bool(block.heads) and row == last + 1 and cells[0] not in names and len(cells) > 1
        if block and inner:
            _add_line(block, cells, found)
        elif len(cells) > 2 and all(cell in names for cell in cells) and block:
            block.heads = {cell.column: _key(cell) for cell in cells}
            for cell in cells:
                found.labels.setdefault(_key(cell), cell)
        elif pairs:
            if block is None or any(_key(label) in block.values for label, _ in pairs):
                block = _Block(row)
                found.blocks.append(block)
            block.heads = {}
            for label, values in pairs:
                found.labels.setdefault(_key(label), label)
                block.values.setdefault(_key(label), []).append(values)
            paired = {cell for label, values in pairs for cell in (label, *values)}
            found.loose += [cell for cell in cells if cell not in paired]
        elif block and (label := _label_over(grid, row, cells[0], block)):
            block.values[label].append(list(cells))
        else:
            found.loose += cells
        last = row
    return found


def _pairs(cells: Sequence[Cell], names: Mapping[Cell, str], columns: set[int]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Yield the labels of a row with their values; a row without a value has none."""
    if len(cells) < 2:
        return
    label: Cell | None = None
    values: list[Cell] = []
    for cell, after in _neighbours(cells):
        if cell in names or ((label is None or values) and cell.column in columns and after and _may_be_label(cell)):
            if label:
                yield label, values
            label, values = cell, []
        elif label:
            values.append(cell)
    if label:
        yield label, values


def _may_be_label(cell: Cell) -> bool:
    """Whether a cell may be a label that nobody knows: short words without figures."""
    key = clean_key(cell.text)
    return isinstance(cell.raw, str) and len(key) <= _LONGEST_LABEL and not re.search(r"\d", key)


def _key(label: Cell) -> Key:
    return head_key(label.text.strip().rstrip("：:"))


def _add_line(block: _Block, cells: Sequence[Cell], found: _Labelled) -> None:
    """Add a row of the small table within a block."""
    by_key = {key: cell for cell in cells if (key := block.heads.get(cell.column))}
    found.loose += [cell for cell in cells if cell.column not in block.heads]
    for key in block.heads.values():
        block.values.setdefault(key, []).append([by_key[key]] if key in by_key else [])


def _label_over(grid: Grid, row: int, cell: Cell, block: _Block) -> Key | None:
    """Return the label over several rows, at the left of a cell, that is one of a block."""
    label = grid.at(row, cell.column - 1)
    key = _key(label) if label and block.top <= label.row < row else ""
    return key if key in block.values else None


def _lay(grid: Grid, found: _Labelled) -> Grid:
    """Return the blocks as rows below heads: one of each column of values, or one of each line of a small table."""
    across = _are_columns(found)
    beyond = [] if across else [cell for values in _values(found) for cell in values[1:]]
    sheet = _Sheet()
    loose = tuple(replace(cell, row=-cell.row) for cell in (*found.loose, *beyond, *_covered(grid)))
    top = sheet.next_row()
    keys = {key: column for column, key in enumerate(_filled(found), 1)}
    for key, column in keys.items():
        sheet.put(top, column, found.labels[key])
    for block in found.blocks:
        (_lay_columns if across else _lay_card)(sheet, block, keys)
    return Grid(
        replace(grid.sheet, rows=sheet.rows(), merged=tuple(sheet.merged)),
        laid=Laid(Layout.COLUMNS if across else Layout.CARDS, sheet.origins, sheet.numbers, loose),
    )


def _values(found: _Labelled) -> Iterator[list[Cell]]:
    """Yield the values of each label, line by line."""
    for block in found.blocks:
        for lines in block.values.values():
            yield from lines


def _filled(found: _Labelled) -> list[Key]:
    """Return the labels that have a value anywhere, in order."""
    filled = {key for block in found.blocks for key, lines in block.values.items() if any(lines)}
    return [key for key in found.labels if key in filled]


def _are_columns(found: _Labelled) -> bool:
    """Whether the labels stand one below the other, with their values in several columns."""
    sides = {found.labels[key].right for key in _filled(found)}
    return len(sides) == 1 and len({cell.column for values in _values(found) for cell in values}) > 1


def _covered(grid: Grid) -> list[Cell]:
    return [cell for cell in grid.cells if grid.is_covered(cell.row, cell.column)]


@dataclass
class _Sheet:
    """Rows being laid out."""

    cells: dict[Place, object] = field(default_factory=dict)
    origins: dict[Place, Place] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    last: int = 0

    def next_row(self) -> int:
        return self.last + 1

    def put(self, row: int, column: int, cell: Cell) -> None:
        self.last = max(self.last, row)
        self.cells[row, column] = cell.raw
        self.origins[row, column] = cell.origin
        self.numbers.setdefault(row, cell.origin[0])

    def rows(self) -> list[list[object]]:
        width = max(column for _, column in self.cells)
        return [
            [self.cells.get((row, column), "") for column in range(1, width + 1)] for row in range(1, self.next_row())
        ]


def _lay_card(sheet: _Sheet, block: _Block, keys: Mapping[Key, int]) -> None:
    """Put a card into as many rows as the longest of its labels has lines; what has one line is of all of them."""
    first = sheet.next_row()
    height = max(map(len, block.values.values()))
    for key, lines in block.values.items():
        for number, values in enumerate(lines):
            for cell in values[:1]:
                sheet.put(first + number, keys[key], cell)
        if len(lines) == 1 and lines[0] and height > 1:
            sheet.merged.append(((first, keys[key]), (first + height - 1, keys[key])))
    for row in range(first, first + height):
        sheet.numbers[row] = block.top if height == 1 else sheet.numbers.get(row, block.top)


def _lay_columns(sheet: _Sheet, block: _Block, keys: Mapping[Key, int]) -> None:
    """Put each column of values of a block into a row, or as many as the longest label has lines.

    A value over several columns is of all of them; what has one line is of all lines.
    """
    first = sheet.next_row()
    columns = sorted({cell.column for lines in block.values.values() for values in lines for cell in values})
    height = max(map(len, block.values.values()))
    for key, lines in block.values.items():
        for line, cell in ((line, cell) for line, values in enumerate(lines) for cell in values):
            own = [number for number, column in enumerate(columns) if cell.column <= column <= cell.right]
            top, bottom = first + own[0] * height + line, first + own[-1] * height + height - 1
            sheet.put(top, keys[key], cell)
            if bottom > top and len(lines) == 1:
                sheet.merged.append(((top, keys[key]), (bottom, keys[key])))
    sheet.numbers |= {first + number: columns[number // height] for number in range(len(columns) * height)}
