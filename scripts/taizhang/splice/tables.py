"""The tables (Excel's 表格, ``Ctrl+T``) of a sheet: reading, extending and shortening them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass

from taizhang.splice.directory import append_entry, entries
from taizhang.splice.edits import Refused
from taizhang.splice.package import Package
from taizhang.splice.ranges import change_ranges, extend_ranges, shorten_ranges, with_right_edge
from taizhang.splice.references import is_relative
from taizhang.splice.rows import Row
from taizhang.workbook.markup import attribute, inside, quoted
from taizhang.workbook.places import Area, area, column_letters

__all__ = ["Table", "calculated_columns", "grow", "shrink", "tables_of", "widen"]

_TABLE = re.compile(rb"<(?:\w+:)?table\b[^<>]*>")
_COLUMN = re.compile(
    rb"<(?:\w+:)?tableColumn\b[^<>]*?(?:/>|>(" + inside(b"tableColumn") + rb")</(?:\w+:)?tableColumn>)"
)
_CALCULATED = re.compile(
    rb"<(?:\w+:)?calculatedColumnFormula\b([^<>]*)>("
    + inside(b"calculatedColumnFormula")
    + rb")</(?:\w+:)?calculatedColumnFormula>"
)
_FORMULA = re.compile(rb"<(?:\w+:)?f(?=[\s/>])([^<>]*)>([^<]*)")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: ``name`` is its name in formulas, ``path`` its part, ``where`` the cells it covers with head and totals.

    ``has_head``: its first row holds the heads; ``totals`` is the number of totals rows at its end.
    """

    name: str
    path: str
    xml: bytes
    where: Area
    has_head: bool
    totals: int

    @property
    def last_data_row(self) -> int:
        """The last row before the totals rows."""
        return self.where[2] - self.totals


def tables_of(package: Package, part: str) -> list[Table]:
    """Return the tables of a sheet."""
    found = []
    for kind, path in package.related(part).values():
        xml = package.text(path) if kind.endswith("/table") else b""
        tag = _TABLE.search(xml)
        if tag:
            totals = int(attribute(tag[0], b"totalsRowCount") or 0)
            where = area(attribute(tag[0], b"ref").encode() or b"A1")
            name = attribute(tag[0], b"displayName") or attribute(tag[0], b"name")
            found.append(Table(name, path, xml, where, attribute(tag[0], b"headerRowCount") != "0", totals))
    return found


def grow(package: Package, table: Table, grown: Mapping[int, int]) -> None:
    """Extend a table and its filter; ``grown`` is last row of a range → rows gained."""
    package.put(table.path, extend_ranges(table.xml, grown))


def shrink(package: Package, table: Table, gone: Set[int]) -> None:
    """End a table and its filter above the removed rows; a table keeps one row below its head."""
    least = table.where[0] + table.has_head
    package.put(table.path, shorten_ranges(table.xml, gone - {least}))


def widen(package: Package, table: Table, head: str, sheet: str) -> None:
    """Add a column to a table's right end, under a head that the cell beside it has; raises Refused."""
    tag = _TABLE.search(table.xml)
    columns = entries(table.xml, "tableColumns")
    names = {each.attributes.get("name", "").casefold() for each in columns}
    numbers = [int(each.attributes.get("id", "")) for each in columns if each.attributes.get("id", "").isdecimal()]
    plain = tag is not None and attribute(tag[0], b"tableType") in ("", "worksheet")
    if not plain or not table.has_head or head.casefold() in names or len(numbers) != len(columns):
        raise Refused(
            "table-column",
            f"〈{sheet}〉的表格（Ctrl+T）不能安全加列，请在 Excel 里选中它，点“表设计→转换为区域”，保存后再运行。",
        )
    right = table.where[3] + 1
    xml = change_ranges(table.xml, lambda _, refs: with_right_edge(refs, right) if area(refs)[3] == right - 1 else refs)
    xml = re.sub(
        rb"""(<(?:\w+:)?tableColumns\b[^<>]*?\scount\s*=\s*["'])\d+""", rb"\g<1>%d" % (len(columns) + 1), xml, count=1
    )
    longer = append_entry(xml, "tableColumns", f'<tableColumn id="{max(numbers) + 1}" name={quoted(head)}/>'.encode())
    assert longer is not None
    package.put(table.path, longer)


def calculated_columns(
    table: Table, sheet: str, last: Row, shared: Callable[[bytes, int], bytes | None]
) -> dict[int, bytes]:
    """Return column → formula of a table's calculated columns, as in its last data row.

    A formula that names columns (``[@金额]``) is the same in every row. One with relative rows is taken from the row
    ``last``; if its text is shared with rows above, as Excel writes it, ``shared`` returns it for number and column.
    Raises Refused for an array formula, and if the row lacks the column's formula.
    """
    formulas = {}
    for column, inner in enumerate(_COLUMN.findall(table.xml), table.where[1]):
        own = _CALCULATED.search(inner)
        if own and b"array" in own[1]:
            raise Refused("calculated-column", f"〈{sheet}〉的表格有数组公式列，不能往下加行，请先改成普通列。")
        if not own:
            continue
        formula = _formula_in(last.cells.get(column, b""), column, shared) if is_relative(own[2]) else own[2]
        if formula is None:
            where = f"〈{sheet}〉的表格 {column_letters(column)} 列的公式写的是格子地址，最后一行却没有它"
            raise Refused(
                "calculated-column", f"{where}，不知道新行该怎么算，请在 Excel 里把这一列的公式填到底再运行。"
            )
        formulas[column] = formula
    return formulas


def _formula_in(cell: bytes, column: int, shared: Callable[[bytes, int], bytes | None]) -> bytes | None:
    """Return the text of a cell's formula; None if it has none, or one that fills several cells."""
    found = _FORMULA.search(cell)
    if found is None or attribute(b"<f" + found[1], b"t") in ("array", "dataTable"):
        return None
    number = attribute(b"<f" + found[1], b"si").encode()
    text = b"" if found[1].endswith(b"/") else found[2]
    return text or (shared(number, column) if number else None)
