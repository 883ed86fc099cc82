"""One sheet: the bytes of touched rows are replaced, rows are added, and the ranges that ended there grow with them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from taizhang.places import a1, column_letters, column_number
from taizhang.splice.cells import cell_xml, is_formula
from taizhang.splice.edits import AppendRow, Refused, SetCell
from taizhang.splice.markup import LAST_COLUMN, LAST_ROW, Area, area, attribute, longer
from taizhang.splice.package import Package

__all__ = ["patch_sheet"]

_DATA = re.compile(rb"<(?P<p>\w+:)?sheetData\s*(?P<empty>/)?>")
_DATA_END = re.compile(rb"</(?:\w+:)?sheetData\s*>")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d+)["']""")
_STRETCHED = re.compile(
    rb"(<(?:\w+:)?(?:autoFilter|sortState|sortCondition|conditionalFormatting|dataValidation|ignoredError|protectedRange)\b"
    rb"[^>]*?\b(?:ref|sqref)=[\"'])([^\"']+)|(<\w+:sqref>)([^<]+)"
)
_COMPUTED = re.compile(rb"<(?:\w+:)?f\b(?=[^>]*?\bt=[\"'](?:array|dataTable)[\"'])[^>]*?\bref=[\"']([^\"']+)")


def patch_sheet(package: Package, sheet: str, edits: Sequence[SetCell | AppendRow]) -> list[SetCell]:
    """Make the edits of one sheet in the package; return every cell that was given a value. Raises Refused."""
    own = _Sheet(package, sheet)
    given = [edit for edit in edits if isinstance(edit, SetCell)]
    own.set_cells(given)
    blocks: dict[int, list[AppendRow]] = {}
    for edit in edits:
        if isinstance(edit, AppendRow):
            blocks.setdefault(edit.after, []).append(edit)
    added = [cell for after, rows in blocks.items() for cell in own.append(after, rows)]
    own.set_cells(added)
    package.put(own.part, own.assembled(blocks))
    return given + added


class _Sheet:
    """The rows of one sheet found by number, and those that are new: ``rows`` holds only what will be written anew."""

    def __init__(self, package: Package, name: str) -> None:
        self.name, self.package, self.part = name, package, package.sheet_part(name)
        self.xml = package.text(self.part)
        opening = _DATA.search(self.xml)
        if self.xml[:2] in (b"\xff\xfe", b"\xfe\xff") or opening is None:
            raise Refused("encoding", f"〈{name}〉的存储方式少见，不能安全改写，请用 Excel 或 WPS 打开后另存一次。")
        self.prefix = opening["p"] or b""
        self.opening = opening
        self.start = opening.end()
        closing = None if opening["empty"] else _DATA_END.search(self.xml, self.start)
        if closing is None and not opening["empty"]:
            raise self._unusual()
        self.end = closing.start() if closing else self.start
        self.cell = re.compile(
            rb"""<%sc\b(?:[^>]*?\br\s*=\s*["']([A-Za-z]+)\d+["'])?[^>]*?(?:/>|>.*?</%sc>)"""
            % (self.prefix, self.prefix),
            re.DOTALL,
        )
        self.rows: dict[int, bytes] = {}
        self.computed: list[Area] = []
        self._index()
        tail = self.xml[self.end :]
        self.merged = [area(ref) for ref in re.findall(rb"<(?:\w+:)?mergeCell\b[^>]*?ref=[\"']([^\"']+)", tail)]

    def _index(self) -> None:
        """Find where each row begins; the end of a row is the beginning of the next."""
        for odd in (b"<![CDATA[", b"<!--", b"AlternateContent"):
            if self.xml.find(odd, self.start, self.end) >= 0:
                raise self._unusual()
        self.numbers: list[int] = []
        self.starts: list[int] = []
        last = 0
        opening = re.compile(rb"<" + self.prefix + rb"""row\b(?:[^>]*?\sr\s*=\s*["'](\d+)["'])?""")
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

    def row(self, number: int) -> bytes:
        """Return a row as it stands now, empty where there is none."""
        if number in self.rows:
            return self.rows[number]
        index = bisect_left(self.numbers, number)
        if index == len(self.numbers) or self.numbers[index] != number:
            return b""
        return self.row_bytes(index)

    def append(self, after: int, appended: Sequence[AppendRow]) -> list[SetCell]:
        """Make room for rows below row ``after``; return the cells that go into them."""
        below = self.numbers[bisect_left(self.numbers, after + 1) :]
        filled = next((row for row in below if _has_value(self.row(row))), None)
        if filled:
            message = f"〈{self.name}〉第 {filled} 行在登记表下面还有内容，不能往下加行，请把它移到别的表或右侧。"
            raise Refused("values-below", message)
        last = after + len(appended)
        if any(top <= last and bottom > after for top, _, bottom, _ in self.merged):
            message = f"〈{self.name}〉第 {after} 行以下有合并单元格，不能往下加行，请先取消合并。"
            raise Refused("merged-below", message)
        if last > LAST_ROW:
            raise Refused("sheet-full", f"〈{self.name}〉已经到了 Excel 的最后一行，请把旧的行移到别的工作簿。")
        template, formulas = self.row(after), self._grow_tables(after, len(appended))
        landed = []
        for row, edit in enumerate(appended, after + 1):
            blank = template = self._like(template, row) if self.row(row) else self._blank_like(template, row)
            self.rows[row] = self._with_formulas(blank, row, formulas, edit.cells)
            landed += [SetCell(self.name, row, column, value) for column, value in edit.cells.items()]
        return landed

    def _blank_like(self, template: bytes, row: int) -> bytes:
        attrs, cells = self._parted(template)
        attrs = re.sub(rb"""\s(?:r|spans|hidden|collapsed)\s*=\s*["'][^"']*["']""", b"", attrs)
        blank = b""
        for column, cell in cells.items():
            style = _STYLE.search(cell[: cell.find(b">")])
            if style:
                blank += b'<%sc r="%s" s="%s"/>' % (self.prefix, a1(row, column).encode(), style[1])
        return b'<%srow r="%d"%s>%s</%srow>' % (self.prefix, row, attrs, blank, self.prefix)

    def _like(self, template: bytes, row: int) -> bytes:
        """Return a blank row that stands there, with the look of the template where it has no cell of its own."""
        attrs, own = self._parted(self.row(row))
        _, looks = self._parted(self._blank_like(template, row))
        return self._joined(attrs, {**looks, **own})

    def _parted(self, row: bytes) -> tuple[bytes, dict[int, bytes]]:
        """Return the attributes of a row's tag and its cells by column."""
        if not row:
            return b"", {}
        tag_end = row.find(b">")
        closed = row[tag_end - 1 : tag_end] == b"/"
        inner_end = tag_end + 1 if closed else row.rfind(b"</%srow>" % self.prefix)
        if tag_end < 0 or inner_end < 0:
            raise self._unusual(self._number_of(row))
        attrs = row[len(self.prefix) + 4 : tag_end - closed]
        cells: dict[int, bytes] = {}
        column, at = 0, tag_end + 1
        for cell in self.cell.finditer(row, tag_end + 1, inner_end):
            before, column = column, column_number(cell[1]) if cell[1] else column + 1
            if column <= before or (cell.start() > at and row[at : cell.start()].strip()):
                raise self._unusual(self._number_of(row))
            cells[column], at = cell[0], cell.end()
        if row[at:inner_end].strip():
            raise self._unusual(self._number_of(row))
        return attrs, cells

    def _number_of(self, row: bytes) -> int:
        return int(attribute(row[: row.find(b">")], b"r") or 0)

    def _joined(self, attrs: bytes, cells: Mapping[int, bytes]) -> bytes:
        attrs = re.sub(rb"""\sspans\s*=\s*["'][^"']*["']""", b"", attrs).rstrip()
        return b"<%srow%s>%s</%srow>" % (self.prefix, attrs, b"".join(cells[key] for key in sorted(cells)), self.prefix)

    def set_cells(self, cells: Sequence[SetCell]) -> None:
        """Give cells their values; raises Refused before any is touched."""
        self.refuse_unsafe(cells)
        by_row: dict[int, list[SetCell]] = {}
        for cell in cells:
            by_row.setdefault(cell.row, []).append(cell)
        for row, own in by_row.items():
            self.rows[row] = self.patched_row(row, own)

    def patched_row(self, row: int, changes: Sequence[SetCell]) -> bytes:
        """Return a row with some of its cells replaced; all its other bytes stay."""
        attrs, cells = self._parted(self.row(row) or self._blank_like(b"", row))
        for change in changes:
            old = cells.get(change.column, b"")
            if is_formula(old) and not change.over_formula:
                where = f"〈{self.name}〉{a1(row, change.column)}"
                raise Refused("formula", f"{where} 是公式，不能用填报内容覆盖，请把它改成普通单元格后再汇总。")
            style = _STYLE.search(old[: old.find(b">")])
            cells[change.column] = cell_xml(self.package, change, int(style[1]) if style else None, self.prefix)
        return self._joined(attrs, cells)

    def refuse_unsafe(self, cells: Sequence[SetCell]) -> None:
        """Refuse cells that nobody would see, that are computed by their surroundings, or that name a table's column."""
        if any(self.xml.find(each, self.start, self.end) >= 0 for each in (b"array", b"dataTable")):
            self.computed += [area(ref) for ref in _COMPUTED.findall(self.xml, self.start, self.end)]
        heads = []
        for kind, path in self.package.related(self.part).values():
            text = self.package.text(path) if kind.endswith(("/pivotTable", "/table")) else b""
            if kind.endswith("/pivotTable"):
                found = re.search(rb"<(?:\w+:)?location\b[^>]*?ref=[\"']([^\"']+)", text)
                self.computed += [area(found[1])] if found else []
            elif text and not re.search(rb"""\sheaderRowCount=["']0""", text):
                top, left, _, right = area(_table_ref(text))
                heads.append((top, left, top, right))
        for cell in cells:
            if not (1 <= cell.row <= LAST_ROW and 1 <= cell.column <= LAST_COLUMN):
                raise Refused(
                    "outside", f"〈{self.name}〉没有第 {cell.row} 行第 {cell.column} 列，Excel 的表没有这么大。"
                )
            where = f"〈{self.name}〉{a1(cell.row, cell.column)}"
            covered = [each for each in self.merged if _inside(each, cell)]
            if any((top, left) != (cell.row, cell.column) for top, left, _, _ in covered):
                raise Refused("merged", f"{where} 在合并单元格里，写进去看不见，请先取消合并。")
            if any(_inside(each, cell) for each in self.computed):
                raise Refused("computed", f"{where} 由公式或透视表算出，不能写入，请把它改成普通单元格。")
            if any(_inside(each, cell) for each in heads):
                raise Refused("table-head", f"{where} 是表格的表头，改了 Excel 会要求修复，请在 Excel 里改。")
            if cell.over_formula and re.search(rb"""\st=["']shared["']""", self._formula(cell)):
                raise Refused("shared-formula", f"{where} 的公式与别的格子共用，不能单独去掉，请在 Excel 里改。")

    def _formula(self, cell: SetCell) -> bytes:
        found = re.search(rb"<(?:\w+:)?f\b[^>]*>", self._parted(self.row(cell.row))[1].get(cell.column, b""))
        return found[0] if found else b""

    def _tables(self) -> Iterator[tuple[str, bytes]]:
        for kind, path in self.package.related(self.part).values():
            if kind.endswith("/table"):
                yield path, self.package.text(path)

    def _grow_tables(self, after: int, count: int) -> dict[int, bytes]:
        """Make the tables that end at row ``after`` longer; return the formulas of their calculated columns."""
        formulas = {}
        for path, table in self._tables():
            ref = _table_ref(table)
            _, left, bottom, _ = area(ref)
            if bottom != after:
                continue
            if re.search(rb"""\stotalsRowCount=["'][1-9]""", table):
                raise Refused("totals-row", f"〈{self.name}〉的表格有汇总行，不能往下加行，请先关掉汇总行。")
            columns = re.findall(
                rb"<(?:\w+:)?tableColumn\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?tableColumn>)", table, re.DOTALL
            )
            for column, inner in enumerate(columns, left):
                own = re.search(
                    rb"<(?:\w+:)?calculatedColumnFormula\b([^>]*)>(.*?)</(?:\w+:)?calculatedColumnFormula>",
                    inner,
                    re.DOTALL,
                )
                if own and b"array" in own[1]:
                    raise Refused(
                        "calculated-column", f"〈{self.name}〉的表格有数组公式列，不能往下加行，请先改成普通列。"
                    )
                if own:
                    formulas[column] = own[2]
            grown = re.sub(rb"(\sref=[\"'])([^\"']+)", lambda m: m[1] + longer(m[2], after, count), table)
            self.package.put(path, grown)
        return formulas

    def _with_formulas(
        self, row: bytes, number: int, formulas: Mapping[int, bytes], given: Mapping[int, object]
    ) -> bytes:
        if not formulas:
            return row
        attrs, cells = self._parted(row)
        p = self.prefix
        for column, formula in formulas.items():
            if column not in given:
                style = _STYLE.search(cells.get(column, b"")[: cells.get(column, b"").find(b">")])
                look = b' s="%s"' % style[1] if style else b""
                ref = a1(number, column).encode()
                cells[column] = b'<%sc r="%s"%s><%sf>%s</%sf></%sc>' % (p, ref, look, p, formula, p, p)
        return self._joined(attrs, cells)

    def assembled(self, blocks: Mapping[int, Sequence[AppendRow]]) -> bytes:
        """Return the sheet's XML: the old bytes with the changed rows in their places."""
        pieces, at = [], self.start
        if self.opening["empty"]:
            pieces.append(b"<%ssheetData>" % self.prefix)
        for number in sorted(self.rows):
            index = bisect_left(self.numbers, number)
            here = self.starts[index]
            pieces += [self.xml[at:here], self.rows[number]]
            old = index < len(self.numbers) and self.numbers[index] == number
            at = here + len(self.row_bytes(index)) if old else here
        pieces.append(self.xml[at : self.end])
        if self.opening["empty"]:
            pieces.append(b"</%ssheetData>" % self.prefix)
        tail = self.xml[self.end :]
        for after, appended in blocks.items():
            tail = _stretch(tail, after, len(appended))
        head = self.xml[: self.opening.start() if self.opening["empty"] else self.start]
        return b"".join((_widened(head, max(self.rows, default=0)), *pieces, tail))

    def row_bytes(self, index: int) -> bytes:
        """Return the bytes of the row with this position, without the blanks that follow it."""
        return self.xml[self.starts[index] : self.starts[index + 1]].rstrip()


def _inside(where: Area, cell: SetCell) -> bool:
    top, left, bottom, right = where
    return top <= cell.row <= bottom and left <= cell.column <= right


def _table_ref(table: bytes) -> bytes:
    tag = re.search(rb"<(?:\w+:)?table\b[^>]*>", table)
    return attribute(tag[0], b"ref").encode() if tag else b"A1"


def _has_value(row: bytes) -> bool:
    return bool(re.search(rb"<(?:\w+:)?(?:v|is|f)[\s/>]", row))


def _stretch(tail: bytes, after: int, count: int) -> bytes:
    def stretched(match: re.Match[bytes]) -> bytes:
        if match[1]:
            return match[1] + longer(match[2], after, count)
        return match[3] + longer(match[4], after, count)

    return _STRETCHED.sub(stretched, tail)


def _widened(head: bytes, last_row: int) -> bytes:
    def widened(match: re.Match[bytes]) -> bytes:
        top, left, bottom, right = area(match[2])
        if last_row <= bottom:
            return match[0]
        return match[1] + f"{column_letters(left)}{top}:{column_letters(right)}{last_row}".encode()

    return re.sub(rb"(<(?:\w+:)?dimension\b[^>]*?ref=[\"'])([^\"']+)", widened, head, count=1)
