"""Whether a table's totals row may move down when rows are added above it: only if nothing else would be wrong."""

from __future__ import annotations

import re
from collections.abc import Sequence

from taizhang.splice.cells import is_formula
from taizhang.splice.edits import Refused
from taizhang.splice.package import Package
from taizhang.splice.references import find_pointer, rows_named
from taizhang.splice.rows import Row
from taizhang.splice.tables import Table
from taizhang.workbook.places import a1, area

__all__ = ["refuse_unmovable"]

_FORMULA = re.compile(rb"<(?:\w+:)?f\b([^<>]*)>([^<]*)")
_NOTED = re.compile(rb"""<(?:\w+:)?(?:hyperlink|comment|threadedComment)\b[^<>]*?\sref=["']([^"']+)""")


def refuse_unmovable(package: Package, sheet: str, tables: Sequence[Table], table: Table, row: Row) -> None:
    """Raise Refused, before anything is written, if moving a totals row would break something.

    Excel adjusts references to a moved row; here a formula, a name or a chart would still name the old place. Totals
    that name their columns, as Excel writes them (``SUBTOTAL(109,[金额])``), work in any row.
    """
    number, left, right = table.where[2], table.where[1], table.where[3]
    why = ""
    if table.totals > 1 or any(each.where[2] >= number for each in tables if each is not table):
        why = "旁边还有别的表格"
    elif any(not left <= column <= right and b"</" in cell for column, cell in row.cells.items()):
        why = "这一行在表格外面还有内容"
    elif fixed := next((column for column, cell in row.cells.items() if _is_fixed(cell, sheet)), None):
        why = f"{a1(number, fixed)} 的公式写的是格子地址"
    elif _has_note_below(package, package.sheet_part(sheet), number):
        why = "这一行或下面有批注、链接"
    elif where := find_pointer(package, sheet, number):
        why = f"{where}指着这一行或下面"
    if why:
        message = (
            f"〈{sheet}〉的表格有汇总行（第 {number} 行），加行要把它往下移，但{why}，移了会对不上。"
            "请先关掉汇总行再运行，之后再打开。"
        )
        raise Refused("totals-row", message)


def _is_fixed(cell: bytes, sheet: str) -> bool:
    """Whether a cell's formula would mean something else in another row."""
    formula = _FORMULA.search(cell) if is_formula(cell) else None
    return formula is not None and (
        b"shared" in formula[1] or b"ref=" in formula[1] or any(True for _ in rows_named(formula[2], sheet, sheet))
    )


def _has_note_below(package: Package, part: str, row: int) -> bool:
    """Whether a cell of a row or below it has a comment or a link."""
    notes = [path for kind, path in package.related(part).values() if kind.endswith(("/comments", "/threadedComment"))]
    refs = [ref for path in (part, *notes) for ref in _NOTED.findall(package.text(path))]
    return any(area(ref)[2] >= row for ref in refs)
