"""Patching one sheet: bytes of touched rows are replaced, rows added or removed, and ranges adjusted."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from itertools import islice

from taizhang.splice import tables
from taizhang.splice.cells import cell_xml, is_formula
from taizhang.splice.columns import (
    add_prompts,
    covered_by_drawings,
    set_width,
    style_of_column,
    widen_names,
    widen_ranges,
)
from taizhang.splice.dependence import formulas_of
from taizhang.splice.edits import AddColumn, AppendRow, Made, MovedRow, Refused, RemoveRows, SetCell, Uncached
from taizhang.splice.outside_ranges import change_names, stretch_charts
from taizhang.splice.package import Package
from taizhang.splice.ranges import extend_ranges, shorten_list, shorten_ranges
from taizhang.splice.references import fill_down
from taizhang.splice.rows import (
    Row,
    add_missing_cells,
    format_row,
    make_blank_row,
    move_row,
    number_row,
    parse_row,
    restyle_cell,
    style_of,
    unhide_row,
)
from taizhang.splice.tables import Table
from taizhang.splice.totals import refuse_unmovable
from taizhang.workbook.markup import attribute, inner_text, inside
from taizhang.workbook.places import LAST_COLUMN, LAST_ROW, Area, a1, area, column_letters

__all__ = ["DATA", "DIMENSION", "OpenSheet", "empty_values", "free_columns", "patch_sheet", "restyle"]

DATA = re.compile(rb"<(?P<p>\w+:)?sheetData\s*(?P<empty>/)?>")
_COMPUTED = re.compile(rb"<(?:\w+:)?f\b(?=[^<>]*?\bt=[\"'](?:array|dataTable)[\"'])[^<>]*?\bref=[\"']([^\"']+)")
_LOCATION = re.compile(rb"<(?:\w+:)?location\b[^<>]*?ref=[\"']([^\"']+)")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^<>]*?ref=[\"']([^\"']+)")
DIMENSION = re.compile(rb"(<(?:\w+:)?dimension\b[^<>]*?ref=[\"'])([^\"']+)")
_VALUE = re.compile(rb"<(?:\w+:)?(?:v|is|f)[\s/>]")
_SHARED_TEXT = re.compile(rb"""<(?:\w+:)?c\b(?>[^<>]*?\st=["']s["'])[^<>]*>\s*<(?:\w+:)?v>(\d+)<""")
_LINKED = re.compile(rb"<(?:\w+:)?hyperlink\b[^<>]*?\bref=[\"']([^\"']+)")
_COMMENTED = re.compile(rb"<(?:\w+:)?(?:comment|threadedComment)\b[^<>]*?\bref=[\"']([^\"']+)")
_SPARKLINE = re.compile(rb"<(?:\w+:)?sparkline>" + inside(b"(?:sparkline|sqref)") + rb"<(?:\w+:)?sqref>([^<]*)<")
_ROOT = re.compile(rb"(?s).*?<(?:\w+:)?worksheet\b[^<>]*>")
_FORMULA_TAG = re.compile(rb"<(?:\w+:)?f\b[^<>]*>")
_SHARED = re.compile(rb"""\st=["']shared["']""")


def patch_sheet(
    package: Package, sheet: str, edits: Sequence[SetCell | AppendRow | RemoveRows | AddColumn]
) -> list[Made]:
    """Make the edits of one sheet: set cells, add columns, remove rows, add rows. Raises Refused.

    Returns the cells that were given a value or filled down, the rows that moved, removed rows and added columns.
    """
    own = OpenSheet(package, sheet)
    given = [edit for edit in edits if isinstance(edit, SetCell)]
    own.set_cells(given)
    columns = [edit for edit in edits if isinstance(edit, AddColumn)]
    heads = [own.add_column(edit) for edit in columns]
    removed = [edit for edit in edits if isinstance(edit, RemoveRows)]
    for edit in removed:
        own.remove(edit.rows)
    blocks: dict[int, list[AppendRow]] = {}
    for edit in edits:
        if isinstance(edit, AppendRow):
            blocks.setdefault(edit.after, []).append(edit)
    added = [cell for after, rows in blocks.items() for cell in own.append(after, rows)]
    own.set_cells(added)
    package.put(own.part, own.assemble())
    change_names(package, sheet, own.grown, own.gone)
    stretch_charts(package, sheet, own.grown)
    for edit in columns:
        widen_names(package, sheet, edit)
    return [*given, *columns, *heads, *removed, *added, *own.moves, *own.filled]


def free_columns(workbook: bytes, sheet: str, head_row: int, last: int) -> Iterator[int]:
    """Yield the columns right of all heads in which nothing stands from the heads down; ``last`` is the register's own.

    Raises Refused if a column there could not be filtered and sorted with the register.
    """
    return OpenSheet(Package.read(workbook), sheet).free_columns(head_row, last)


def empty_values(package: Package, sheet: str, areas: Iterable[Area]) -> list[tuple[int, int]]:
    """Empty the cells of these areas that hold a value and no formula, keeping styles; return their (row, column)."""
    own, found = OpenSheet(package, sheet), []
    for top, left, bottom, right in areas:
        for number in own.numbers[bisect_left(own.numbers, top) : bisect_right(own.numbers, bottom)]:
            row = own.row(number)
            filled = [c for c, cell in row.cells.items() if left <= c <= right and _VALUE.search(cell)]
            for column in filled:
                if not is_formula(row.cells[column]):
                    style = style_of(row.cells[column])
                    look = b' s="%s"' % style if style else b""
                    row.cells[column] = b'<%sc r="%s"%s/>' % (own.prefix, a1(number, column).encode(), look)
                    own.rows[number] = row
                    found.append((number, column))
    if found:
        package.put(own.part, own.assemble())
    return found


def restyle(package: Package, sheet: str, looks: Mapping[tuple[int, int], Callable[[int], int]]) -> None:
    """Replace the style of cells by what their function makes of it and unhide their rows.

    ``looks`` is (1-based row, column) → function from style index to style index. Values stay.
    """
    own = OpenSheet(package, sheet)
    for (row, column), look in looks.items():
        own.rows[row] = restyle_cell(unhide_row(own.row(row)), row, column, look, own.prefix)
    package.put(own.part, own.assemble())


class OpenSheet:
    """One sheet while it is edited, its rows found by number.

    ``rows`` holds the changed rows, ``gone`` the numbers of removed rows, ``grown`` last row of a range → rows gained.
    """

    def __init__(self, package: Package, name: str) -> None:
        self.name, self.package, self.part = name, package, package.sheet_part(name)
        self.xml = package.text(self.part)
        opening = DATA.search(self.xml)
        if opening is None:  # also if the sheet is UTF-16
            raise Refused("encoding", f"〈{name}〉的存储方式少见，不能安全改写，请用 Excel 或 WPS 打开后另存一次。")
        self.prefix = opening["p"] or b""
        self.opening = opening
        self.start = opening.end()
        self.end = self.start if opening["empty"] else self.xml.find(b"</%ssheetData" % self.prefix, self.start)
        if self.end < 0:
            raise self._unusual()
        self.rows: dict[int, Row] = {}
        self.gone: set[int] = set()
        self.grown: dict[int, int] = {}
        self.moves: list[MovedRow] = []
        self.filled: list[Uncached] = []
        self.columns: list[AddColumn] = []
        self._filled: dict[tuple[int, int], set[int]] = {}
        self._index()
        self.merged = [area(ref) for ref in _MERGED.findall(self.xml, self.end)]

    def _index(self) -> None:
        """Find the offset of each row; a row ends where the next begins."""
        for odd in (b"<![CDATA[", b"<!--", b"AlternateContent"):
            if self.xml.find(odd, self.start, self.end) >= 0:
                raise self._unusual()
        self.numbers: list[int] = []
        self.starts: list[int] = []
        last = 0
        opening = re.compile(rb"<" + self.prefix + rb"""row\b(?:[^<>]*?\sr\s*=\s*["'](\d+)["'])?""")
        for match in opening.finditer(self.xml, self.start, self.end):
            row = int(match[1]) if match[1] else last + 1
            if row <= last:
                message = f"〈{self.name}〉的行次序是乱的，不能安全改写，请用 Excel 或 WPS 打开后另存一次。"
                raise Refused("row-order", message)
            self.numbers.append(row)
            self.starts.append(match.start())
            last = row
        self.starts.append(self.end)

    def _unusual(self, row: int | None = None) -> Refused:
        where = f"第 {row} 行的写法少见" if row else "里有不寻常的标记"
        return Refused("unusual-markup", f"〈{self.name}〉{where}，不能安全改写，请用 Excel 或 WPS 打开后另存一次。")

    @cached_property
    def tables(self) -> list[Table]:
        """The tables of the sheet."""
        return tables.tables_of(self.package, self.part)

    @cached_property
    def computed(self) -> list[Area]:
        """The ranges whose cells are computed together: arrays, data tables, pivot tables."""
        found = []
        if any(self.xml.find(each, self.start, self.end) >= 0 for each in (b"array", b"dataTable")):
            found += _COMPUTED.findall(self.xml, self.start, self.end)
        for kind, path in self.package.related(self.part).values():
            if kind.endswith("/pivotTable"):
                found += _LOCATION.findall(self.package.text(path))
        return [area(ref) for ref in found]

    def has_row(self, number: int) -> bool:
        """Whether the sheet has a row with this number, blank or not."""
        return number in self.rows or number in self._stored(number)

    def _stored(self, number: int) -> dict[int, bytes]:
        """Return {number: bytes} of an original row; empty if there is none or it was removed."""
        index = bisect_left(self.numbers, number)
        if index == len(self.numbers) or self.numbers[index] != number or number in self.gone:
            return {}
        return {number: self.row_bytes(index)}

    def row(self, number: int) -> Row:
        """Return a row in its present state, empty if there is none; raises Refused if its markup is unusual."""
        if number in self.rows:
            return self.rows[number]
        stored = self._stored(number)
        row = parse_row(stored[number], self.prefix) if stored else Row(b' r="%d"' % number)
        if row is None:
            raise self._unusual(number)
        return row

    def remove(self, rows: frozenset[int]) -> None:
        """Remove rows; raises Refused for a table's totals row, and for a formula, which other cells may share."""
        for number in sorted(rows.intersection(self.numbers)):
            if any(map(is_formula, self.row(number).cells.values())):
                raise Refused("formula", f"〈{self.name}〉第 {number} 行有公式，不能去掉这一行，请在 Excel 里改。")
            self.package.freed |= {int(text) for text in _SHARED_TEXT.findall(b"".join(self._stored(number).values()))}
        if any(each.totals and each.where[2] in rows for each in self.tables):
            raise Refused("totals", f"〈{self.name}〉的表格有汇总行，不能去掉它上面的行，请先取消汇总行。")
        for number in rows:
            self.rows.pop(number, None)
        self.gone |= rows
        for table in self.tables:
            tables.shrink(self.package, table, rows)
        self.__dict__.pop("tables", None)

    def append(self, after: int, appended: Sequence[AppendRow]) -> list[SetCell]:
        """Make room for rows below row ``after``; return the cells to set in them.

        A table's totals row moves down if it is row ``after`` or directly below it.
        """
        totals = next(
            (each for each in self.tables if each.totals and after in (each.last_data_row, each.where[2])), None
        )
        after, count = totals.last_data_row if totals else after, len(appended)
        self._refuse_below(after, count, totals, {column for edit in appended for column in edit.cells})
        template, formulas = self.row(after), {}
        if totals:
            self._move_totals(totals, count)
            self.grown[totals.where[2]] = count
            self.rows[after + 1] = make_blank_row(template, after + 1, self.prefix, self.package.formats)
        self.grown[after] = count
        for table in self.tables:
            if table.where[0] <= after <= table.last_data_row < after + count:
                formulas |= tables.calculated_columns(table, self.name, template, partial(self.shared_formula, after))
                tables.grow(self.package, table, self.grown)
        landed = []
        for row, edit in enumerate(appended, after + 1):
            looks = self._without_merged(make_blank_row(template, row, self.prefix, self.package.formats), row)
            template = (
                add_missing_cells(number_row(unhide_row(self.row(row)), row), looks) if self.has_row(row) else looks
            )
            computed = {
                column: self._formula_cell(
                    template.cells.get(column, b""), row, column, fill_down(formula, row - after)
                )
                for column, formula in formulas.items()
                if column not in edit.cells
            }
            self.rows[row] = Row(template.attrs, {**template.cells, **computed})
            self.filled += [Uncached(self.name, row, column) for column in computed]
            landed += [SetCell(self.name, row, column, value) for column, value in edit.cells.items()]
        return landed

    def free_columns(self, head_row: int, last: int) -> Iterator[int]:
        """Do what the module's ``free_columns`` does."""
        own = next((each for each in self.tables if _inside(each.where, head_row, last)), None)
        others = [*(each.where for each in self.tables if each is not own), *self.computed]
        areas = [each for each in (*self.merged, *others, *self._occupied()) if each[2] >= head_row]
        filled = self._filled_columns(head_row, last)
        taken = {*filled, *(column for _, left, _, right in areas for column in range(left, right + 1))}
        heads = [column for column, cell in self.row(head_row).cells.items() if _VALUE.search(cell)]
        joined = own.where[3] if own else 0
        for column in range(max(last, joined, *heads) + 1, LAST_COLUMN + 1):
            if column in taken:
                continue
            if any(last < left < column for _, left, bottom, _ in others if bottom >= head_row):
                raise Refused(
                    "table-beside",
                    f"〈{self.name}〉右边有表格、透视表或数组公式，新列只能放到它后面，筛选排序就带不上新列；"
                    "请把它移到别的表，再运行。",
                )
            if own and column != (joined := joined + 1):
                raise Refused(
                    "table-column",
                    f"〈{self.name}〉是表格（Ctrl+T），右边紧挨着的一列不空，新列接不上；请把那里的内容移开，"
                    "或在 Excel 里把表格拉到那里，再运行。",
                )
            yield column
        raise Refused("sheet-full", f"〈{self.name}〉右边没有空列了，请删去不用的列。")

    def _filled_columns(self, head_row: int, last: int) -> set[int]:
        """Return the columns right of ``last`` with a value or a formula from the row of heads down."""
        if (head_row, last) not in self._filled:
            rows = (self.row(number).cells.items() for number in self._numbers_from(head_row))
            found = {column for cells in rows for column, cell in cells if column > last and _VALUE.search(cell)}
            self._filled[head_row, last] = found
        return self._filled[head_row, last]

    def _numbers_from(self, row: int) -> list[int]:
        """Return the numbers of the rows from one down, in order."""
        return sorted({*self.numbers[bisect_left(self.numbers, row) :], *(each for each in self.rows if each >= row)})

    def _occupied(self) -> Iterator[Area]:
        """Yield the areas in which something other than a value stands: links, comments, sparklines, drawings."""
        yield from map(area, _LINKED.findall(self.xml, self.end))
        for sparkline in _SPARKLINE.findall(self.xml, self.end):
            yield from map(area, sparkline.split())
        for kind, path in self.package.related(self.part).values():
            if kind.endswith(("/comments", "/threadedComment")):
                yield from map(area, _COMMENTED.findall(self.package.text(path)))
        yield from covered_by_drawings(self.package, self.part)

    def add_column(self, edit: AddColumn) -> SetCell:
        """Add a column in the looks of its neighbours; return its head, which is set. Raises Refused."""
        if edit.column not in islice(self.free_columns(edit.head_row, edit.last), 1):
            where = f"〈{self.name}〉{column_letters(edit.column)} 列"
            raise Refused("column-taken", f"{where}现在不空，“{edit.head}”不能放在那里，请重新运行。")
        rows = {number: self.row(number) for number in self._numbers_from(edit.head_row + 1)}
        styles = {number: style_of(row.cells.get(edit.cells_like, b"")) for number, row in rows.items()}
        look = next((style for style, _ in Counter(filter(None, styles.values())).most_common(1)), None)
        if look and int(look) < self.package.formats:
            for number, row in rows.items():
                if styles[number] and edit.column not in row.cells:
                    ref = a1(number, edit.column).encode()
                    cell = b'<%sc r="%s" s="%s"/>' % (self.prefix, ref, look)
                    self.rows[number] = Row(row.attrs, {**row.cells, edit.column: cell})
        heads = self.row(edit.head_row)
        blank = {column: cell for column, cell in heads.cells.items() if column != edit.column}
        self.rows[edit.head_row] = Row(heads.attrs, blank)
        self.columns.append(edit)
        head = SetCell(self.name, edit.head_row, edit.column, edit.head, like=(edit.head_row, edit.head_like))
        self.set_cells([head])
        self._filled_columns(edit.head_row, edit.last).add(edit.column)
        own = next((each for each in self.tables if _inside(each.where, edit.head_row, edit.last)), None)
        if own:  # only now: a table's heads cannot be set
            tables.widen(self.package, own, edit.head, self.name)
            self.__dict__.pop("tables", None)
        return head

    def shared_formula(self, row: int, number: bytes, column: int) -> bytes | None:
        """Return the shared formula with this number as it reads in a row; None if its text is not in the column."""
        for cell in formulas_of(self.xml):
            tag = b"<f " + cell.attrs
            if cell.text and cell.column == column and attribute(tag, b"si").encode() == number:
                top, _, bottom, _ = area(attribute(tag, b"ref").encode())
                if top <= row <= bottom:
                    return fill_down(cell.text, row - cell.row)
        return None

    def _without_merged(self, looks: Row, number: int) -> Row:
        """Return the looks of a new row without its merged cells."""
        merged = [(left, right) for top, left, bottom, right in self.merged if top <= number <= bottom]
        if not merged:
            return looks
        free = {c: cell for c, cell in looks.cells.items() if not any(left <= c <= right for left, right in merged)}
        return Row(looks.attrs, free)

    def _refuse_below(self, after: int, count: int, totals: Table | None, columns: set[int]) -> None:
        """Raise Refused if values, merged cells or the end of the sheet are in the way of ``count`` rows."""
        below = sorted(
            {*self.numbers[bisect_left(self.numbers, after + 1) :], *(row for row in self.rows if row > after)}
            - self.gone
        )
        kept = totals.where[2] if totals else 0
        filled = next((cell for row in below if row != kept and (cell := self._first_filled(row))), None)
        if filled:
            message = (
                f"〈{self.name}〉{filled} 有内容，它在登记表最后一行（第 {after} 行）下面，不能往下加行。"
                f"请把它移到第 {after} 行以上的右侧，或移到别的表。"
            )
            raise Refused("values-below", message)
        last = after + count + (1 if totals else 0)
        # Merged cells in other columns are not in the way.
        here = [each.where for each in self.tables if each.where[0] <= after <= each.where[2]]
        written = columns.union(*(range(left, right + 1) for _, left, _, right in here))
        merged = [(left, right) for top, left, bottom, right in self.merged if top <= last and bottom > after]
        if any(left <= column <= right for left, right in merged for column in written):
            message = f"〈{self.name}〉第 {after} 行以下有合并单元格，不能往下加行，请先取消合并。"
            raise Refused("merged-below", message)
        if last > LAST_ROW:
            raise Refused("sheet-full", f"〈{self.name}〉已经到了 Excel 的最后一行，请把旧的行移到别的工作簿。")

    def _first_filled(self, number: int) -> str:
        """Return the address of a row's first cell with a formula or a value that is not white space; else empty."""
        if number not in self.rows and not any(map(_VALUE.search, self._stored(number).values())):
            return ""
        cells = self.row(number).cells.items()
        return next((a1(number, column) for column, cell in cells if self._is_filled(cell)), "")

    def _is_filled(self, cell: bytes) -> bool:
        if not _VALUE.search(cell) or is_formula(cell):
            return bool(_VALUE.search(cell))
        shared = _SHARED_TEXT.search(cell)
        text = self.package.shared_text(int(shared[1])) if shared else cell
        return bool(inner_text(text).strip())

    def _move_totals(self, table: Table, count: int) -> None:
        """Move a table's totals row down by ``count`` rows; raises Refused if something would then be wrong."""
        number = table.where[2]
        row = self.row(number)
        refuse_unmovable(self.package, self.name, self.tables, table, row)
        under = self.row(number + count).cells
        self.rows[number + count] = move_row(row, number + count, under)
        self.moves.append(MovedRow(self.name, number, number + count, frozenset({*row.cells, *under})))
        self.package.formulas_moved |= any(map(is_formula, row.cells.values()))

    def _formula_cell(self, look: bytes, row: int, column: int, formula: bytes) -> bytes:
        """Return a cell of a calculated column with the style of the blank cell that it replaces."""
        style = style_of(look)
        ref, p = a1(row, column).encode(), self.prefix
        return b'<%sc r="%s"%s><%sf>%s</%sf></%sc>' % (p, ref, b' s="%s"' % style if style else b"", p, formula, p, p)

    def set_cells(self, cells: Sequence[SetCell]) -> None:
        """Set the values of cells; raises Refused before any cell is changed."""
        heads = [(each.where[0], each.where[1], each.where[0], each.where[3]) for each in self.tables if each.has_head]
        for cell in cells:
            if not (1 <= cell.row <= LAST_ROW and 1 <= cell.column <= LAST_COLUMN):
                message = f"〈{self.name}〉没有第 {cell.row} 行第 {cell.column} 列，Excel 的表没有这么大。"
                raise Refused("outside", message)
            if cell.row not in self.rows:
                self.rows[cell.row] = self.row(cell.row)
            self._refuse_unsafe(cell, heads)
        for cell in cells:
            own = self.rows[cell.row].cells
            style = style_of(own.get(cell.column, b""))
            if style is None and cell.like:
                style = style_of(self.row(cell.like[0]).cells.get(cell.like[1], b""))
                style = style if style and int(style) < self.package.formats else None
            own[cell.column] = cell_xml(self.package, cell, int(style) if style else None, self.prefix)

    def _refuse_unsafe(self, cell: SetCell, heads: Sequence[Area]) -> None:
        """Raise Refused for a hidden part of a merged cell, a computed cell, a table's head and a formula."""
        if any(_inside(each, cell.row, cell.column) and each[:2] != (cell.row, cell.column) for each in self.merged):
            raise Refused("merged", f"{cell.place} 在合并单元格里，写进去看不见，请先取消合并。")
        if any(_inside(each, cell.row, cell.column) for each in self.computed):
            raise Refused("computed", f"{cell.place} 由公式或透视表算出，不能写入，请把它改成普通单元格。")
        if any(_inside(each, cell.row, cell.column) for each in heads):
            raise Refused("table-head", f"{cell.place} 是表格的表头，改了 Excel 会要求修复，请在 Excel 里改。")
        old = self.rows[cell.row].cells.get(cell.column)
        if old is None or not is_formula(old):
            return
        if not cell.over_formula:
            raise Refused("formula", f"{cell.place} 是公式，不能用填报内容覆盖，请把它改成普通单元格后再汇总。")
        tag = _FORMULA_TAG.search(old)
        if tag and _SHARED.search(tag[0]):
            raise Refused("shared-formula", f"{cell.place} 的公式与别的格子共用，不能单独去掉，请在 Excel 里改。")

    def assemble(self) -> bytes:
        """Return the sheet's XML: the old bytes with the changed rows, and with ranges extended or shortened."""
        old, at = memoryview(self.xml), self.start
        pieces = [b"<%ssheetData>" % self.prefix if self.opening["empty"] else old[self.opening.start() : self.start]]
        for number in sorted({*self.rows, *self.gone.intersection(self.numbers)}):
            index = bisect_left(self.numbers, number)
            here = self.starts[index]
            pieces += [old[at:here], format_row(self.rows[number], self.prefix) if number in self.rows else b""]
            stood = index < len(self.numbers) and self.numbers[index] == number
            at = here + len(self.row_bytes(index)) if stood else here
        pieces.append(old[at : self.end])
        if self.opening["empty"]:
            pieces.append(b"</%ssheetData>" % self.prefix)
        tail = self.xml[self.end :]
        if self.gone:
            tail = shorten_ranges(tail, self.gone)
        if self.grown:
            tail = extend_ranges(tail, self.grown)
        head = self.xml[: self.opening.start()]
        if self.gone:
            head = DIMENSION.sub(lambda match: match[1] + shorten_list(match[2], self.gone), head, count=1)
        if self.columns:
            head, tail = self._with_columns(head, tail)
        right = max((each.column for each in self.columns), default=0)
        return b"".join((_widen_dimension(head, max(self.rows, default=0), right), *pieces, tail))

    def _with_columns(self, head: bytes, tail: bytes) -> tuple[bytes, bytes]:
        """Return the markup before and after the rows with what the added columns need there."""
        root = _ROOT.match(head)
        if root is None or any(odd in part for odd in (b"<![CDATA[", b"<!--") for part in (head, tail)):
            raise self._unusual()
        for each in self.columns:
            style = style_of_column(head, each.cells_like)
            valid = style if style.isdecimal() and int(style) < self.package.formats else ""
            head, tail = set_width(head, self.prefix, each.column, each.width, valid), widen_ranges(tail, each)
        start = 0 if self.opening["empty"] else tail.find(b">") + 1
        return head, tail[:start] + add_prompts(root[0], tail[start:], self.prefix, self.columns)

    def row_bytes(self, index: int) -> bytes:
        """Return the bytes of the row with this index, without white space after it."""
        return self.xml[self.starts[index] : self.starts[index + 1]].rstrip()


def _inside(where: Area, row: int, column: int) -> bool:
    top, left, bottom, right = where
    return top <= row <= bottom and left <= column <= right


def _widen_dimension(head: bytes, last_row: int, last_column: int) -> bytes:
    def widen(match: re.Match[bytes]) -> bytes:
        top, left, bottom, right = area(match[2])
        if last_row <= bottom and last_column <= right:
            return match[0]
        corner = f"{column_letters(max(right, last_column))}{max(bottom, last_row)}"
        return match[1] + f"{column_letters(left)}{top}:{corner}".encode()

    return DIMENSION.sub(widen, head, count=1)
