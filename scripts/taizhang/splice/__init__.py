"""Changing cells of a workbook in place, by splicing bytes.

Only the bytes of touched cells and rows are replaced. No other XML is serialised again, and every other member of the
package keeps its bytes. A change that is not safe is refused before anything is written.
"""

from __future__ import annotations

from collections.abc import Sequence

from taizhang.splice.anchors import anchored_rows
from taizhang.splice.directory import entries
from taizhang.splice.edits import (
    AddColumn,
    AddSheet,
    AppendRow,
    CellValue,
    Edit,
    Made,
    Prompt,
    Refused,
    RemoveRows,
    SetCell,
    Uncached,
)
from taizhang.splice.formulas import range_places
from taizhang.splice.graft import add_sheet
from taizhang.splice.guard import check_patch
from taizhang.splice.guarded_inserts import check_inserted
from taizhang.splice.heights import raise_rows
from taizhang.splice.inserted_rows import InsertedRows, insert_rows
from taizhang.splice.looks import Choices, SheetLooks, sheet_looks
from taizhang.splice.package import Package
from taizhang.splice.recalculation import drop_calc_chain, forget_results, formula_texts
from taizhang.splice.references import printed_to, ranges_ending_at, ranges_ending_within
from taizhang.splice.shared_texts import empty_unused
from taizhang.splice.sheet import free_columns, patch_sheet

__all__ = [
    "AddColumn",
    "AddSheet",
    "AppendRow",
    "CellValue",
    "Choices",
    "Edit",
    "InsertedRows",
    "Made",
    "Prompt",
    "Refused",
    "RemoveRows",
    "SetCell",
    "SheetLooks",
    "Uncached",
    "anchored_rows",
    "check_inserted",
    "check_patch",
    "defined_names",
    "formula_texts",
    "free_columns",
    "insert_rows",
    "is_plain",
    "patch",
    "printed_to",
    "raise_rows",
    "range_places",
    "ranges_ending_at",
    "ranges_ending_within",
    "sheet_looks",
    "sheet_names",
]


def patch(workbook: bytes, edits: Sequence[Edit]) -> tuple[bytes, list[Made]]:
    """Return the workbook with the edits made, and every cell that was written, was moved or lost its result.

    Sheets are added first, so that the same call may write into them. The same input gives the same bytes. Raises
    Refused if an edit is not safe.
    """
    if not edits:
        return workbook, []
    package = Package.read(workbook)
    package.prove()
    by_sheet: dict[str, list[SetCell | AppendRow | RemoveRows | AddColumn]] = {}
    added = []
    for edit in edits:
        if isinstance(edit, AddSheet):
            added.append(add_sheet(package, edit.workbook))
        else:
            by_sheet.setdefault(edit.sheet, []).append(edit)
    made: list[Made] = []
    for sheet, own in by_sheet.items():
        made += patch_sheet(package, sheet, own)
    package.append_shared()
    empty_unused(package)
    if package.formulas_moved or any(isinstance(edit, SetCell) and edit.over_formula for edit in edits):
        drop_calc_chain(package)
    made = [*(each for each in made if not isinstance(each, Uncached)), *forget_results(package, made, added)]
    return package.write(), made


def defined_names(workbook: bytes) -> frozenset[str]:
    """Return the names that the whole workbook defines, such as those of its lists; raises Refused."""
    package = Package.read(workbook)
    names = [each.attributes for each in entries(package.text(package.book_path), "definedNames")]
    return frozenset(each.get("name", "") for each in names if "localSheetId" not in each)


def is_plain(workbook: bytes) -> bool:
    """Return whether a workbook opens under the extension .xlsx; raises Refused if the bytes are no workbook."""
    return Package.read(workbook).plain


def sheet_names(workbook: bytes) -> list[str]:
    """Return the names of a workbook's sheets in tab order; raises Refused if the bytes are no workbook."""
    return list(Package.read(workbook).sheet_parts())
