"""Formulas after a change: possibly stale results are dropped, and Excel is asked to recalculate on opening."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from taizhang.splice.dependence import FormulaCell, dependents, formulas_of
from taizhang.splice.directory import remove_entries
from taizhang.splice.edits import AddColumn, Made, MovedRow, Refused, RemoveRows, SetCell, Uncached
from taizhang.splice.package import Package, relationships_of
from taizhang.splice.sheet import empty_values
from taizhang.workbook.markup import attribute

__all__ = ["drop_calc_chain", "forget_results", "formula_texts", "strip_results"]

_OF_VALUE = re.compile(rb"""\s(?:t|vm)\s*=\s*["'][^"']*["']""")
"""Attributes about a cell's value: without the value they would mean an empty text, an error or a picture."""
_RESULT = re.compile(
    rb"(<(?P<p>\w+:)?c\b[^<>]*>\s*)(<(?P=p)?f\b[^<>]*?(?:/>|>[^<]*</(?P=p)?f\s*>))"
    rb"(?:\s*<(?P=p)?v(?:\s[^<>]*?)?(?:/>|>[^<]*</(?P=p)?v\s*>))?"
)
"""A cell's tag (the first group), its formula (the third) and its cached result."""


def forget_results(package: Package, made: Sequence[Made], added: Iterable[str] = ()) -> list[Uncached]:
    """Drop the cached results that depend on the edits or on an added sheet; ask for recalculation on opening.

    If a sheet lost rows, all its cells count as touched. Readers that do not calculate show cached results, and
    LibreOffice keeps them, so stale ones must go; the others are still right and stay.

    Returns every cell that lost its result, and those that were filled down and never had one. Raises Refused if the
    formulas of a sheet cannot be found for certain.
    """
    whole = {*added, *(each.sheet for each in made if isinstance(each, RemoveRows))}
    # A new column adds blank cells; its head is among the cells.
    touched, filled = _touched_cells(each for each in made if not isinstance(each, RemoveRows | AddColumn))
    formulas = {}
    for sheet, part in package.sheet_parts().items():
        xml = package.text(part)
        _refuse_unsearchable(xml, sheet)
        if found := list(formulas_of(xml)):
            formulas[sheet] = found
    if not formulas:
        return []
    _calculate_on_load(package)
    forgotten: list[Uncached] = []
    for sheet, stale in dependents(package, formulas, touched, whole).items():
        cells = [cell for cell in stale if cell.result > cell.end]
        if cells:
            part = package.sheet_part(sheet)
            package.put(part, b"".join(_drop_results(package.text(part), cells)))
            forgotten += [Uncached(sheet, cell.row, cell.column) for cell in cells]
        arrays = [where for cell in stale if (where := cell.covers)[:2] != where[2:]]
        if arrays:
            emptied = empty_values(package, sheet, arrays)
            forgotten += [Uncached(sheet, row, column, in_array=True) for row, column in emptied]
    return [*filled, *forgotten]


def _refuse_unsearchable(xml: bytes, sheet: str) -> None:
    """Raise Refused if a sheet may hold formulas that a search misses: their results would go stale."""
    if b"\0" in xml[:64] or (xml.find(b"<!", xml.find(b"sheetData")) >= 0 and (b"<f" in xml or b":f" in xml)):
        message = f"〈{sheet}〉的公式写法少见，说不准哪些要重新算，没有写。请用 Excel 或 WPS 打开台账后另存一次。"
        raise Refused("unusual-markup", message)


def _touched_cells(
    made: Iterable[SetCell | MovedRow | Uncached],
) -> tuple[dict[str, set[tuple[int, int]]], list[Uncached]]:
    """Return sheet → touched cells (row, column), and the cells whose formula was filled down."""
    touched: dict[str, set[tuple[int, int]]] = {}
    filled = []
    for each in made:
        own = touched.setdefault(each.sheet, set())
        if isinstance(each, MovedRow):
            own |= {(row, column) for row in (each.row, each.to) for column in each.columns}
        else:
            own.add((each.row, each.column))
        if isinstance(each, Uncached):
            filled.append(each)
    return touched, filled


def _drop_results(xml: bytes, cells: Iterable[FormulaCell]) -> Iterator[bytes]:
    """Yield a sheet's XML in pieces, without the results of these formulas (in document order)."""
    at = 0
    for cell in cells:
        yield xml[at : cell.start]
        yield _OF_VALUE.sub(b"", xml[cell.start : cell.formula])
        yield xml[cell.formula : cell.end]
        at = cell.result
    yield xml[at:]


def strip_results(xml: bytes) -> bytes:
    """Return a sheet's XML, or that of a row or a cell, without the results of formulas."""
    return _RESULT.sub(lambda match: _OF_VALUE.sub(b"", match[1]) + match[3], xml)


def _calculate_on_load(package: Package) -> None:
    """Set ``fullCalcOnLoad`` in the workbook part."""
    book = package.text(package.book_path)
    tag = re.search(rb"<(?:\w+:)?calcPr\b[^<>]*?/?>", book)
    if tag and b"fullCalcOnLoad" in tag[0]:
        fixed = re.sub(rb"""fullCalcOnLoad=["'][^"']*["']""", b'fullCalcOnLoad="1"', tag[0])
    elif tag:
        end = b"/>" if tag[0].endswith(b"/>") else b">"
        fixed = tag[0][: -len(end)] + b' fullCalcOnLoad="1"' + end
    else:
        return  # without calcPr Excel calculates on opening anyway
    if fixed != tag[0]:
        package.put(package.book_path, book.replace(tag[0], fixed, 1))


def formula_texts(workbook: bytes, sheet: str) -> dict[tuple[int, int], str]:
    """Return (row, column) → formula text; a shared formula is its text and ``@`` with the offset from its first cell.

    Raises Refused if the workbook is no plain .xlsx.
    """
    package = Package.read(workbook)
    cells = list(formulas_of(package.text(package.sheet_part(sheet))))
    masters = {attribute(b"<f " + cell.attrs, b"si"): cell for cell in cells if b"shared" in cell.attrs and cell.text}
    texts = {}
    for cell in cells:
        master = masters.get(attribute(b"<f " + cell.attrs, b"si")) if b"shared" in cell.attrs else None
        text = (cell.text or (master.text if master else b"")).decode("utf-8", "replace")
        away = f"@{cell.row - master.row},{cell.column - master.column}" if master and not cell.text else ""
        texts[cell.row, cell.column] = text + away
    return texts


def drop_calc_chain(package: Package) -> None:
    """Remove the calculation chain: Excel rebuilds it, but wants to repair one that lists a cell without a formula."""
    relationships, types = relationships_of(package.book_path), "[Content_Types].xml"
    keys = {
        key: path
        for key, (kind, path) in package.related(package.book_path).items()
        if kind.endswith("/calcChain") and package.has(path)
    }
    if not keys:
        return
    paths = {f"/{path}".lower() for path in keys.values()}
    package.removed |= {package.by_path[path.lower()].filename for path in keys.values()}
    rest = remove_entries(package.text(relationships), "Relationships", lambda each: each.attributes.get("Id") in keys)
    package.put(relationships, rest)
    named = remove_entries(
        package.text(types), "Types", lambda each: each.attributes.get("PartName", "").lower() in paths
    )
    package.put(types, named)
