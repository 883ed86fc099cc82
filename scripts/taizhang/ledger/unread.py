"""Unread cells: formulas without a result, and errors, in cells used by figures; never silently taken as blank.

A formula has no result if a write touched the cells it depends on, or if the workbook was saved by a program that does
not calculate. Opening and saving it in Excel or WPS gives the result; until then the last result in history is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from taizhang.ledger.registers import Register
from taizhang.ledger.settings import SETTINGS_SHEET, cells_of_blocks
from taizhang.workbook.places import named_cells
from taizhang.workbook.reader import Workbook

__all__ = ["Unread", "unread_cells", "unread_then", "unread_words"]

CURE = "请用 Excel 或 WPS 打开台账保存一次，再运行。"


@dataclass(frozen=True, slots=True)
class Unread:
    """A cell that could not be read; ``register`` is the name of its form, empty for 参数.

    ``recalled`` is the time of the kept state whose result is used instead (2022-03-31T09:30:00), empty if none is.
    """

    sheet: str
    row: int
    column: int
    register: str = ""
    is_error: bool = False
    recalled: str = ""


def unread_cells(
    book: Workbook, registers: Mapping[str, Register], recalled: Mapping[tuple[str, int, int], str]
) -> Iterator[Unread]:
    """Yield the cells of a ledger's registers and of 参数 that hold a formula without a result, or an error.

    User-added columns and sheets do not count, nor blank rows below a register.
    """
    for name, register in registers.items():
        sheet = register.sheet
        missing = sheet.uncached | sheet.errors
        if not missing:
            continue
        rows, columns = {record.row for record in register.records}, {*register.columns.values()}
        code = register.columns[register.form.code_column.key]
        for row, column in sorted(missing):
            if column in columns and (row in rows or (column == code and row > register.head_row)):
                is_error = (row, column) in sheet.errors
                yield Unread(sheet.name, row, column, name, is_error, recalled.get((sheet.name, row, column), ""))
    sheet = book.by_name.get(SETTINGS_SHEET)
    if sheet is None:
        return
    for row, column in cells_of_blocks(sheet, sheet.uncached | sheet.errors):
        is_error = (row, column) in sheet.errors
        yield Unread(sheet.name, row, column, "", is_error, recalled.get((sheet.name, row, column), ""))


def unread_words(unread: Sequence[Unread]) -> str:
    """Return the sentences about unread cells of a ledger, with the cure; empty if there are none."""
    return "".join(_describe(unread))


def unread_then(earlier: Iterable[tuple[date, Sequence[Unread]]]) -> str:
    """Return the sentence about unread cells in the kept ledgers of earlier days; empty if there are none."""
    days = [(day, cells) for day, cells in earlier if cells]
    if not days:
        return ""
    every = [each for _, cells in days for each in cells]
    known = sum(bool(each.recalled) for each in every)
    parts = [f"{known} 格按上次算出的结果计"] * bool(known) + [f"{len(every) - known} 格没有计入"] * (
        known < len(every)
    )
    named = "、".join(str(day) for day, _ in days)
    return f"比较用的 {named} 留存的台账里，有 {len(every)} 格公式没有结果或是错误值：{'，'.join(parts)}。"


def _describe(unread: Sequence[Unread]) -> Iterator[str]:
    formulas, errors = ([each for each in unread if each.is_error is wanted] for wanted in (False, True))
    stand_ins = [each for each in formulas if each.recalled]
    if formulas:
        yield f"有 {len(formulas)} 格公式没有算出的结果：{_name_cells(formulas)}。"
    if stand_ins:
        times = sorted({each.recalled.replace("T", " ")[:16] for each in stand_ins})
        when = times[0] if len(times) == 1 else f"{times[0]} 至 {times[-1]}"
        which = "" if len(stand_ins) == len(formulas) else f"其中 {_name_cells(stand_ins)} "
        yield f"{which}暂按上次算出的结果计（{when} 留存的台账），可能已经过时。"
    if len(stand_ins) < len(formulas):
        rest = [each for each in formulas if not each.recalled]
        which = f"{_name_cells(rest)} " if stand_ins else ""
        yield f"{which}以前也没有算出过，内容不知道，没有计入，不是没有填报。"
    if formulas:
        yield CURE
    if errors:
        yield f"{_name_cells(errors)} 是错误值（如 #REF!、#N/A），内容不知道，没有计入，请在 Excel 里改正。"


def _name_cells(cells: Sequence[Unread]) -> str:
    return named_cells((each.sheet, each.row, each.column) for each in cells)
