"""References to rows of a sheet in formulas, names, rules, charts and pivot tables; filling formulas down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from taizhang.splice.package import Package
from taizhang.workbook.markup import attribute, escape, unescape
from taizhang.workbook.places import a1, area, column_number

__all__ = [
    "Reference",
    "chart_parts",
    "fill_down",
    "find_pointer",
    "is_relative",
    "printed_to",
    "ranges_ending_at",
    "ranges_ending_within",
    "references_to",
    "rows_named",
]

_TEXT = re.compile(r'"(?:[^"]|"")*"')
_COLUMN = re.compile(r"\[[^\[\]]*\]")
"""Text in brackets: a table's column, which may be called Q1, or another workbook."""
_MOVING = re.compile(r"(?<![\w.$\]])\$?[A-Za-z]{1,3}[0-9]{1,7}(?![\w(.!])")
_FILLED = re.compile(
    r"""("(?:[^"]|"")*"|'(?:[^']|'')*'|\[(?:[^\[\]]|\[[^\[\]]*\])*\])"""
    r"""|(?<![\w.$\]])(\$?[A-Za-z]{1,3})([0-9]{1,7})(?![\w(.!])"""
)
_REFERENCE = re.compile(
    r"""(?<![\w.$\]!'])(?:('(?:[^']|'')+'|[^\W\d][\w.:]{0,80})!)?"""
    r"""(?:\$?[A-Za-z]{1,3}\$?([0-9]{1,7})(?::\$?[A-Za-z]{1,3}\$?([0-9]{1,7}))?"""
    r"""|\$?([0-9]{1,7}):\$?([0-9]{1,7}))(?![\w(.!])"""
)
"""A cell, a range or whole rows; whole columns always contain every row."""
_FORMULA_CELL = re.compile(
    rb"""<(?:\w+:)?c\b[^<>]*?\br=["']([A-Z]+)(\d+)["'][^<>]*>\s*<(?:\w+:)?f\b([^<>]*)>([^<]+)</"""
)
_NAME = re.compile(rb"<(?:\w+:)?definedName\b[^<>]*>([^<]+)</")
_PRINT_AREA = re.compile(rb"""<(?:\w+:)?definedName\b[^<>]*\sname=["']_xlnm\.Print_Area["'][^<>]*>([^<]+)</""")
_RULE = re.compile(rb"<(?:\w+:)?(?:formula[12]?|f)>([^<]+)</")
_SOURCE = re.compile(rb"<(?:\w+:)?worksheetSource\b[^<>]*>")
_SERIES = re.compile(rb"<(?:\w+:)?f>([^<]+)</")


@dataclass(frozen=True, slots=True)
class Reference:
    """A formula at ``row`` and ``column`` of ``sheet`` that names the rows ``top`` to ``bottom`` of ``target``.

    ``spread`` is the number of further rows down to which cells share the formula. ``kind`` is ``formula``, ``pivot``
    (the source of a pivot table) or ``rule`` (a conditional format or data validation); the last two belong to no
    cell, and their row and column are 0.
    """

    sheet: str
    row: int
    column: int
    top: int
    bottom: int
    is_range: bool
    target: str
    spread: int = 0
    kind: str = "formula"


def references_to(package: Package, *targets: str) -> Iterator[Reference]:
    """Yield every reference to one of these sheets in the formulas of all sheets, not to sheets of other workbooks."""
    for sheet, part in package.sheet_parts().items():
        text = package.text(part)
        if b"<f" not in text and b":f" not in text:
            continue
        for letters, row, attrs, formula in _FORMULA_CELL.findall(text):
            shared = attribute(b"<f" + attrs, b"ref").encode()
            top, _, bottom, _ = area(shared) if shared else (0, 0, 0, 0)
            for target, first, last, is_range in _rows_named(formula, sheet, targets):
                yield Reference(sheet, int(row), column_number(letters), first, last, is_range, target, bottom - top)


def rows_named(formula: bytes, sheet: str, target: str) -> Iterator[tuple[int, int, bool]]:
    """Yield (first row, last row, whether a range) of each reference to ``target`` in a formula on ``sheet``."""
    for _, first, last, is_range in _rows_named(formula, sheet, (target,)):
        yield first, last, is_range


def _rows_named(formula: bytes, sheet: str, targets: Sequence[str]) -> Iterator[tuple[str, int, int, bool]]:
    for match in _REFERENCE.finditer(_strip_quoted(formula)):
        where = (match[1] or "").removeprefix("'").removesuffix("'").replace("''", "'") or sheet
        first, last = int(match[2] or match[4]), int(match[3] or match[5] or match[2])
        for target in targets:
            # A reference over several sheets (甲:乙!A1) may include this one.
            if where.casefold() == target.casefold() or (":" in where and "[" not in where):
                yield target, min(first, last), max(first, last), bool(match[3] or match[5])


def is_relative(formula: bytes) -> bool:
    """Whether a formula has a relative row (B7, not B$7): copied as it is to another row, it would mean other cells."""
    return bool(_MOVING.search(_strip_quoted(formula)))


def fill_down(formula: bytes, rows: int) -> bytes:
    """Return a formula as Excel fills it in this many rows further down: relative rows move, ``B$7`` does not."""
    if not is_relative(formula):
        return formula
    moved = _FILLED.sub(lambda m: m[1] or f"{m[2]}{int(m[3]) + rows}", unescape(formula))
    return escape(moved).encode()


def _strip_quoted(formula: bytes) -> str:
    """Return a formula without the text in its quotes and brackets."""
    return _COLUMN.sub("[]", _TEXT.sub('""', unescape(formula)))


def ranges_ending_at(workbook: bytes, target: str, row: int, count: int) -> list[Reference]:
    """Return the references to ranges that end at a row or among the ``count`` rows below it, so miss some of these.

    Raises Refused if the workbook is no plain .xlsx.
    """
    package = Package.read(workbook)
    short = [
        each
        for each in _all_references(package, target)
        if each.is_range and each.top <= row <= each.bottom < row + count and each.top < each.bottom
    ]
    return _one_per_place(short)


def ranges_ending_within(workbook: bytes, rows: Mapping[str, tuple[int, int]]) -> list[Reference]:
    """Return the references to ranges that begin at a sheet's first row, or at its heads, and end before its last row.

    ``rows`` is sheet name → (first row, last row). Raises Refused if the workbook is no plain .xlsx.
    """
    found = []
    for each in _all_references(Package.read(workbook), *rows):
        first, last = rows[each.target]
        if each.is_range and each.top in (first - 1, first) and first < each.bottom < last:
            found.append(each)
    return _one_per_place(found)


def printed_to(workbook: bytes, targets: Iterable[str]) -> dict[str, int]:
    """Return sheet name → last row of its print area; sheets without one, or with whole columns, are left out.

    Raises Refused if the workbook is no plain .xlsx.
    """
    package = Package.read(workbook)
    areas = _PRINT_AREA.findall(package.text(package.book_path))
    ends = {target: [last for area in areas for _, last, _ in rows_named(area, "", target)] for target in targets}
    return {target: max(rows) for target, rows in ends.items() if rows}


def _all_references(package: Package, *targets: str) -> Iterator[Reference]:
    yield from references_to(package, *targets)
    yield from _pivot_sources(package, targets)
    yield from _rule_references(package, targets)


def _one_per_place(found: Sequence[Reference]) -> list[Reference]:
    return list({(each.target, each.kind, each.sheet, each.row, each.column): each for each in found}.values())


def _pivot_sources(package: Package, targets: Sequence[str]) -> Iterator[Reference]:
    for kind, path in package.related(package.book_path).values():
        tag = _SOURCE.search(package.text(path)) if kind.endswith("/pivotCacheDefinition") else None
        target = attribute(tag[0], b"sheet") if tag else ""
        if tag and target in targets and (ref := attribute(tag[0], b"ref")):
            top, _, bottom, _ = area(ref.encode())
            yield Reference(target, 0, 0, top, bottom, is_range=True, target=target, kind="pivot")


def _rule_references(package: Package, targets: Sequence[str]) -> Iterator[Reference]:
    for sheet, part in package.sheet_parts().items():
        for formula in _rule_formulas(package.text(part)):
            for target, first, last, is_range in _rows_named(formula, sheet, targets):
                yield Reference(sheet, 0, 0, first, last, is_range, target, kind="rule")


def _rule_formulas(xml: bytes) -> list[bytes]:
    return _RULE.findall(xml, max(xml.rfind(b"sheetData>"), 0))


def find_pointer(package: Package, target: str, row: int) -> str:
    """Return what names a row of a sheet or rows below it: a cell, a name, a rule or a chart, in the office's words.

    Empty if nothing does. A range that covers the row but begins above it does not count.
    """
    for each in references_to(package, target):
        if each.top + each.spread >= row or each.bottom <= row <= each.bottom + each.spread:
            return f"〈{each.sheet}〉{a1(each.row, each.column)} 的公式"
    # A name of one range that ends at the row grows with it; a rule does not.
    for name in _NAME.findall(package.text(package.book_path)):
        if any(first >= row for first, _, _ in rows_named(name, "", target)):
            return "名称"
    if any(each.top >= row or each.bottom == row for each in _rule_references(package, (target,))):
        return "条件格式或数据有效性"
    for path in chart_parts(package):
        for formula in _SERIES.findall(package.text(path)):
            if any(first >= row or last == row for first, last, _ in rows_named(formula, "", target)):
                return "图表"
    return ""


def chart_parts(package: Package) -> list[str]:
    """Return the paths of the charts on all sheets."""
    found: dict[str, None] = {}
    for kind, sheet in package.related(package.book_path).values():
        if not kind.endswith(("/worksheet", "/chartsheet")):
            continue
        for each, drawing in package.related(sheet).values():
            if each.endswith("/drawing"):
                found |= dict.fromkeys(
                    path for what, path in package.related(drawing).values() if what.endswith("/chart")
                )
    return [path for path in found if package.has(path)]
