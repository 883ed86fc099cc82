"""Read workbooks: every file is judged by its content, guarded, and read with exact addresses.

python-calamine reads the cells; no other reader is used. It allocates a dense range, so that one stray cell in
XFD1048576 would kill the process. A file that the guard vouches for is read here, any other in a separate process
(``run_apart``); ``system/limits.py`` has the limits.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from taizhang.system import limits
from taizhang.system.file_names import file_name, said_of_a_lock
from taizhang.system.files import digest_of, read_file
from taizhang.system.recent import Recent
from taizhang.system.refusals import reason_of
from taizhang.system.sandbox import ExplainedError, ReaderDied, run_apart
from taizhang.typed.text import head_key
from taizhang.workbook.containers import (
    BROKEN_ZIP,
    LOCKED,
    Container,
    FileFormat,
    Refusal,
    judge,
    package_of,
    packed,
    saved_stamp,
    sheet_facts,
    sheet_is_usual,
    too_large,
    too_many_sheets,
    too_wide,
)
from taizhang.workbook.places import Place
from taizhang.workbook.sheet_xml import SheetFacts, formula_cells

__all__ = [
    "BROKEN_ZIP", "HEAD_SEARCH_ROWS", "RECALLED_BYTES", "Sheet", "Unreadable", "Workbook", "formula_cells",
    "memory_of", "read_workbook", "rows_of_sheets",
]  # fmt: skip

_NO_TIME = (
    "有的格子设成了日期或时间格式，填的却是很长的数（如证件号），没法读。请把这些格子改成文本格式、重新填写后",
    "。",
)
_NOT_READ = ("文件不完整或不是工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx ", "。")


class Unreadable(Exception):
    """A file that cannot be read as a workbook; ``why`` says what it is and what to do."""

    def __init__(self, workbook: str, why: ExplainedError) -> None:
        self.workbook, self.why, self.message = workbook, why, str(why)
        super().__init__(f"{workbook}: {why}")


RECALLED_BYTES = 32 * limits.MEGABYTE
"""The files read last are kept as read while they take so much memory: a command reads a ledger up to four times."""
HEAD_SEARCH_ROWS = 30
"""How many rows from the top may be the row of headings."""


@dataclass(frozen=True)
class Sheet:
    """A sheet as read: ``rows`` of raw values, row 1 and column A first.

    A raw value is str, float, int, bool, date, datetime, time or timedelta; blank is ``""``. Addresses are (row,
    column), 1-based:

    - ``formulas``: cells with a formula.
    - ``uncached``: formulas without a saved result; ``errors``: cells with an error such as #REF!. Both read as
      blank, except for ``recalled`` cells, which have an earlier result in place of the missing one.

    ``filtered`` is true if a filter is set, ``validations`` is the number of data validation rules. Of an .xlsb only
    rows, merged ranges and visibility are known (``Workbook.kind``).
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

    @cached_property
    def heads(self) -> list[list[str]]:
        """Heading keys of the first HEAD_SEARCH_ROWS rows, without blanks; every form searches them."""
        return [[head for raw in row if raw != "" and (head := head_key(raw))] for row in self.rows[:HEAD_SEARCH_ROWS]]

    @property
    def unread(self) -> frozenset[tuple[int, int]]:
        """The cells that read as blank but are not: formulas without a result, and errors."""
        return (self.uncached | self.errors) - self.recalled

    def value(self, row: int, column: int) -> Any:
        """Return the raw value of a cell (1-based); blank outside the used range."""
        if 0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: its file name, the SHA-256 of its bytes, its sheets in tab order, and the 1904 flag.

    ``kind`` is its real format. ``macros``, ``embedded`` and ``external_links`` are true if it carries those. ``saved``
    is the file's own record of when it was last saved (ISO 8601), empty if it has none.
    """

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    epoch_1904: bool = False
    data: bytes = field(default=b"", repr=False)
    kind: FileFormat = FileFormat.XLSX
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
    """Read a workbook (.xlsx, .xlsm, .xlsb, .xls, .et, .ods, .fods), whatever its extension.

    Raises Unreadable, with the cure, if it is not a workbook, encrypted, damaged or beyond the limits
    of ``system/limits.py``.
    """
    name = file_name(path)
    try:
        if data is None:
            data = _bytes_of(path)
        book = RECALLED.recall(data, partial(_read, data))
    except (Refusal, ReaderDied) as error:
        raise Unreadable(name, error) from None
    except Exception:  # any error on foreign bytes concerns this file only
        raise Unreadable(name, Refusal(*_NOT_READ)) from None
    return replace(book, name=name)


def _read(data: bytes) -> Workbook:
    """Read a workbook, as yet without a name."""
    container = judge(data)
    found = _read_here(data, container) if container.modest and container.kind is FileFormat.XLSX else None
    sheets, epoch_1904, links = found or run_apart(_read_apart, data)
    return Workbook(
        "",
        digest_of(data),
        sheets,
        epoch_1904,
        data,
        container.kind,
        container.macros,
        container.embedded,
        container.external_links or links,
        saved_stamp(container),
    )


def memory_of(book: Workbook) -> int:
    """Return about how many bytes of memory a workbook takes as read, its file included."""
    return len(book.data) + 32 * sum(len(row) for sheet in book.sheets for row in sheet.rows)


RECALLED: Recent[Workbook] = Recent(memory_of, RECALLED_BYTES)
"""The workbooks read last, as yet without a name, by the bytes of their files."""


def rows_of_sheets(data: bytes) -> Callable[[str], Iterator[list[Any]]]:
    """Open a workbook that ``read_workbook`` has accepted, and return a function from a sheet's name to its rows.

    The rows come one at a time, row 1 and column A first, as ``read_workbook`` reads them. Raises Unreadable if a sheet
    cannot be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    judged = cache(lambda: judge(data))
    opened = cache(lambda: CalamineWorkbook.from_filelike(io.BytesIO(data)))
    apart = cache(lambda: run_apart(_read_apart, data)[0])

    def rows(sheet: str) -> Iterator[list[Any]]:
        try:
            if sheet_is_usual(judged(), sheet):
                try:
                    return _rows(opened().get_sheet_by_name(sheet))
                except CalamineError:  # it may be readable once rewritten
                    pass
            return iter(next(each for each in apart() if each.name == sheet).rows)
        except (Refusal, ReaderDied, StopIteration):
            raise Unreadable(sheet, Refusal(*_NOT_READ)) from None

    return rows


def _rows(sheet: Any) -> Iterator[list[Any]]:
    left = [""] * (sheet.start[1] if sheet.start else 0)
    rows = sheet.iter_rows()
    return (left + row for row in rows) if left else iter(rows)


def _trimmed_rows(sheet: Any) -> list[list[Any]]:
    """Return the rows of a very large sheet without trailing blank cells and trailing blank rows."""
    rows = []
    for row in _rows(sheet):
        while row and row[-1] == "":
            row.pop()
        rows.append(row)
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _cut_texts(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows with texts longer than MAX_TEXT cut, since every later check looks at the whole text."""
    for row in rows:
        for place, raw in enumerate(row):
            if type(raw) is str and len(raw) > limits.MAX_TEXT:
                row[place] = raw[: limits.MAX_TEXT]
    return rows


def _bytes_of(path: Path) -> bytes:
    if said := said_of_a_lock(path):
        raise Refusal(said, "。")
    try:
        data = read_file(path, limits.MAX_FILE_BYTES + 1)
    except FileNotFoundError:
        raise Refusal("找不到这个文件，请核对文件名和所在文件夹。") from None
    except IsADirectoryError:
        raise Refusal("这是文件夹，不是工作簿，请核对文件名。") from None
    except PermissionError:
        raise Refusal("没有权限读这个文件，或文件正被占用，请关闭后再试。") from None
    except OSError as error:
        raise Refusal(f"读不出来：{reason_of(error)}后再试。") from None
    if len(data) > limits.MAX_FILE_BYTES:
        raise too_large()
    return data


_Found = tuple[tuple[Sheet, ...], bool, bool]
"""The sheets, the 1904 flag, and whether formulas refer to other workbooks."""


def _read_here(data: bytes, container: Container) -> _Found | None:
    """Read in this process; None if the guard cannot vouch for the content or the reader fails."""
    look = sheet_facts(container)
    if not look.plain:
        return None
    try:
        sheets = _read_sheets(data, look.facts, complete=True)
    except _Failed:
        return None
    return (sheets, look.epoch_1904, False) if sheets is not None else None


def _read_apart(data: bytes) -> _Found:
    """Read any file; to be called in a separate process."""
    container = judge(data)
    if container.kind is FileFormat.XLS:
        return _read_xls(data)
    if container.kind is FileFormat.XLSB:
        return _read_xlsb(data, container)
    return _read_xlsx(data, container) if container.kind is FileFormat.XLSX else _read_ods(data, container)


def _read_ods(data: bytes, container: Container) -> _Found:
    from taizhang.workbook.usual_form import usual_ods

    content = packed(container, container.book) if container.package else iter([data])
    return _try_in_turn(lambda: _read_rewritten(usual_ods(content)), lambda: _read_without_facts(data))


def _read_xlsb(data: bytes, container: Container) -> _Found:
    from taizhang.workbook.usual_form import usual_xlsb

    return _try_in_turn(lambda: _read_without_facts(data), lambda: _read_without_facts(usual_xlsb(container)))


def _read_xlsx(data: bytes, container: Container) -> _Found:
    from taizhang.workbook.usual_form import usual_xlsx

    look = sheet_facts(container)

    def read_as_is() -> _Found:
        return _read_sheets(data, look.facts) or (), look.epoch_1904, False

    def rewrite_and_read() -> _Found:
        return _read_rewritten(usual_xlsx(container))

    return _try_in_turn(*((read_as_is, rewrite_and_read) if look.usual else (rewrite_and_read, read_as_is)))


def _read_xls(data: bytes) -> _Found:
    from taizhang.workbook.xls import scan_xls, unlock

    opened = unlock(data)
    if judge(opened).kind is not FileFormat.XLS:
        return _read_apart(opened)
    old = scan_xls(opened)
    return _try_in_turn(lambda: (_read_sheets(opened, old.sheets) or (), old.epoch_1904, old.external_links))


def _read_without_facts(data: bytes) -> _Found:
    return _read_sheets(data, {}) or (), False, False


def _read_rewritten(data: bytes) -> _Found:
    look = sheet_facts(package_of(data))
    return _read_sheets(data, look.facts) or (), look.epoch_1904, False


def _try_in_turn(*ways: Callable[[], _Found]) -> _Found:
    """Return the result of the first way of reading that does not fail; raises Refusal if all fail."""
    failure = _Failed(*_NOT_READ)
    for way in ways:
        try:
            return way()
        except _Failed as failed:
            failure = failed
    raise Refusal(*failure.args)


class _Failed(Exception):
    """The reader could not read a workbook, or one of its sheets."""


def _read_sheets(data: bytes, facts: Mapping[str, SheetFacts], *, complete: bool = False) -> tuple[Sheet, ...] | None:
    """Read the sheets; with ``complete``, None if one found has no facts. Raises Refusal and _Failed."""
    from python_calamine import CalamineError, PasswordError

    try:
        return _read_each_sheet(data, facts, complete=complete)
    except Refusal:
        raise
    except (OverflowError, ValueError):
        raise _Failed(*_NO_TIME) from None
    except CalamineError as error:
        raise Refusal(*LOCKED) if isinstance(error, PasswordError) else _Failed(*_NOT_READ) from None
    except Exception:
        raise _Failed(*_NOT_READ) from None
    except BaseException as error:
        # A panic of the reader is a BaseException; Ctrl-C and the end of the program are passed on.
        if type(error).__name__ != "PanicException":
            raise
        raise _Failed(*_NOT_READ) from None


def _read_each_sheet(data: bytes, facts: Mapping[str, SheetFacts], *, complete: bool) -> tuple[Sheet, ...] | None:
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    metadata = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
    if len(metadata) > limits.MAX_SHEETS:
        raise too_many_sheets(len(metadata))
    if complete and any(each.name not in facts for each in metadata):
        return None
    found, cells = [], 0
    for each in metadata:
        sheet = book.get_sheet_by_name(each.name)
        last_row, last_column = sheet.end or (0, 0)
        size = (last_row + 1) * (last_column + 1)
        cells += size
        if cells > limits.MAX_CELLS:
            raise too_wide("")
        rows = sheet.to_python(skip_empty_area=False) if size <= limits.PLAIN_CELLS else _trimmed_rows(sheet)
        found.append(_make_sheet(each, sheet, _cut_texts(rows), facts.get(each.name, SheetFacts())))
    return tuple(found)


def _make_sheet(metadata: Any, sheet: Any, rows: list[list[Any]], facts: SheetFacts) -> Sheet:
    from python_calamine import SheetVisibleEnum

    return Sheet(
        metadata.name,
        rows,
        metadata.visible is SheetVisibleEnum.Visible,
        tuple(((a + 1, b + 1), (c + 1, d + 1)) for (a, b), (c, d) in sheet.merged_cell_ranges or ()),
        facts.formulas,
        facts.errors,
        facts.uncached,
        facts.hidden_rows,
        facts.filtered,
        facts.validations,
    )
