"""Reading workbooks: every file is judged by its content, guarded, and read with exact addresses.

python-calamine reads the cells; it is the only reader of the product. A dense range is what it allocates, so one stray cell
in XFD1048576 would kill the process. What the guard vouches for is read here; every other file in a process of its own
(``apart.py``), within the limits of ``limits.py``.
"""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taizhang import limits
from taizhang.apart import ReaderDied, apart
from taizhang.containers import (
    BROKEN_ZIP,
    Container,
    Refusal,
    judge,
    saved_stamp,
    sheet_facts,
    too_large,
    too_many_sheets,
    too_wide,
)
from taizhang.files import bytes_of
from taizhang.places import Place, file_name
from taizhang.reasons import reason_of
from taizhang.sheet_xml import SheetFacts, formula_cells

__all__ = [
    "BROKEN_ZIP", "Sheet", "Unreadable", "Workbook", "formula_cells", "read_workbook", "sheet_rows",
]  # fmt: skip

_NO_TIME = (
    "有的格子设成了日期或时间格式，填的却是很长的数（如证件号），没法读。请把这些格子改成文本格式、重新填写后再报。"
)
_NOT_READ = "文件不完整或不是工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再报。"


class Unreadable(Exception):
    """A file that cannot be read as a workbook; its text says what it is and what to do."""

    def __init__(self, workbook: str, message: str) -> None:
        self.workbook, self.message = workbook, message
        super().__init__(f"{workbook}: {message}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read: rows of raw values, row 1 first, column A first.

    A raw value is str, float, int, bool, date, datetime, time or timedelta; blank is ``""``. The addresses are (row, column):
    ``formulas`` with a formula, ``uncached`` those of them without a saved result, ``errors`` with an error such as #REF!; both read
    as blank, but where an earlier result stands in for the one that is missing (``recalled``). ``filtered`` says that a filter is set, ``validations`` how many rules of data validation there are. Of .xlsb and .ods
    only rows, merged ranges and visibility are known (``Workbook.kind``).
    """

    name: str
    rows: list[list[Any]]
    visible: bool = True
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()
    uncached: frozenset[tuple[int, int]] = frozenset()
    hidden_rows: frozenset[int] = frozenset()
    filtered: bool = False
    validations: int = 0
    recalled: frozenset[tuple[int, int]] = frozenset()

    @property
    def unread(self) -> frozenset[tuple[int, int]]:
        """The cells that read as blank although they are not: formulas without a result, and errors."""
        return (self.uncached | self.errors) - self.recalled

    def value(self, row: int, column: int) -> Any:
        """Return the raw value of a cell (1-based); blank outside the used range."""
        if 0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: its file name, the SHA-256 of its bytes, its sheets in tab order, and the 1904 flag.

    ``kind`` is what the bytes are: xlsx, xlsb, ods or xls. ``macros``, ``embedded`` and ``external_links`` say what else it carries.
    ``saved`` is the file's own stamp of when it was last saved (ISO), empty where it has none.
    """

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    epoch_1904: bool = False
    data: bytes = field(default=b"", repr=False)
    kind: str = "xlsx"
    macros: bool = False
    embedded: bool = False
    external_links: bool = False
    saved: str = ""

    @property
    def by_name(self) -> Mapping[str, Sheet]:
        """The sheets by their names."""
        return {sheet.name: sheet for sheet in self.sheets}

    def place(self, sheet: str | None = None, row: int | None = None, column: int | None = None) -> Place:
        """Return a place in this workbook."""
        return Place(self.name, sheet, row, column)


def read_workbook(path: Path, data: bytes | None = None) -> Workbook:
    """Read a workbook (.xlsx, .xlsm, .xlsb, .xls, .et, .ods) whatever its extension says.

    Raises Unreadable, with the cure, for what is not a workbook, encrypted, damaged or beyond the limits of ``limits.py``.
    """
    name = file_name(path)
    try:
        if data is None:
            data = _bytes_of(path)
        container = judge(data)
        found = _read_here(data, container) if container.modest and container.kind == "xlsx" else None
        sheets, epoch_1904, links = found or apart(_read_apart, data)
    except (Refusal, ReaderDied) as error:
        raise Unreadable(name, str(error)) from None
    return Workbook(
        name,
        hashlib.sha256(data).hexdigest(),
        sheets,
        epoch_1904,
        data,
        container.kind,
        container.macros,
        container.embedded,
        container.external_links or links,
        saved_stamp(container),
    )


def sheet_rows(data: bytes, sheet: str) -> Iterator[list[Any]]:
    """Return the rows of one sheet, row 1 first, column A first, one at a time.

    Raises Unreadable where they cannot be read. For a workbook that ``read_workbook`` has let in.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        return _rows(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet))
    except CalamineError:
        raise Unreadable(sheet, _NOT_READ) from None


def _rows(sheet: Any) -> Iterator[list[Any]]:
    left = [""] * (sheet.start[1] if sheet.start else 0)
    rows = sheet.iter_rows()
    return (left + row for row in rows) if left else iter(rows)


def _without_ends(sheet: Any) -> list[list[Any]]:
    """Return the rows of a very large sheet without the blanks at their ends, and without blank rows at the end."""
    rows = []
    for row in _rows(sheet):
        while row and row[-1] == "":
            row.pop()
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _bytes_of(path: Path) -> bytes:
    try:
        data = bytes_of(path, limits.MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise Refusal("找不到这个文件，请核对文件名和所在文件夹。") from None
    except IsADirectoryError:
        raise Refusal("这是文件夹，不是工作簿，请核对文件名。") from None
    except PermissionError:
        raise Refusal("没有权限读这个文件，或文件正被占用，请关闭后再试。") from None
    except OSError as error:
        raise Refusal(f"读不出来：{reason_of(error)}后再试。") from None
    if len(data) > limits.MAX_FILE_BYTES:
        raise Refusal(too_large())
    return data


def _read_here(data: bytes, container: Container) -> tuple[tuple[Sheet, ...], bool, bool] | None:
    """Return sheets, 1904 flag and links to other workbooks; None where the guard cannot vouch for what the reader meets."""
    facts, book, plain = sheet_facts(container)
    if not plain:
        return None
    sheets = _sheets(data, dict(facts), complete=True)
    return (sheets, _is_1904(book), False) if sheets is not None else None


def _read_apart(data: bytes) -> tuple[tuple[Sheet, ...], bool, bool]:
    """Return what ``_read_here`` does, for any file: to be called in a process of its own."""
    container = judge(data)
    if container.kind == "xls":
        from taizhang.old_xls import scan_xls

        old = scan_xls(data)
        return _sheets(data, old.sheets) or (), old.epoch_1904, old.external_links
    facts, book, _ = sheet_facts(container) if container.kind == "xlsx" else ([], b"", False)
    return _sheets(data, dict(facts)) or (), _is_1904(book), False


def _is_1904(book: bytes) -> bool:
    return bool(re.search(rb"""\bdate1904=["'](1|true|on)["']""", book))


def _sheets(data: bytes, facts: Mapping[str, SheetFacts], *, complete: bool = False) -> tuple[Sheet, ...] | None:
    """Return the sheets; where the facts must be ``complete``, None if the reader finds a sheet they do not know."""
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
        if len(metadata) > limits.MAX_SHEETS:
            raise Refusal(too_many_sheets(len(metadata)))
        if complete and any(each.name not in facts for each in metadata):
            return None
        found, cells = [], 0
        for each in metadata:
            sheet = book.get_sheet_by_name(each.name)
            end = sheet.end or (0, 0)
            here = (end[0] + 1) * (end[1] + 1)
            cells += here
            if cells > limits.MAX_CELLS:
                raise Refusal(too_wide(""))
            fact = facts.get(each.name, SheetFacts())
            found.append(
                Sheet(
                    each.name,
                    sheet.to_python(skip_empty_area=False) if here <= limits.PLAIN_CELLS else _without_ends(sheet),
                    each.visible is SheetVisibleEnum.Visible,
                    tuple(((a + 1, b + 1), (c + 1, d + 1)) for (a, b), (c, d) in sheet.merged_cell_ranges or ()),
                    fact.formulas,
                    fact.errors,
                    fact.uncached,
                    fact.hidden_rows,
                    fact.filtered,
                    fact.validations,
                )
            )
    except (OverflowError, ValueError):
        raise Refusal(_NO_TIME) from None
    except BaseException as error:
        # A panic of the reader is a BaseException of its own; everything that is not the reader's fault goes on up.
        if not isinstance(error, CalamineError) and type(error).__name__ != "PanicException":
            raise
        raise Refusal(_NOT_READ) from None
    return tuple(found)
