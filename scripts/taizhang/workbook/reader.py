"""Reading workbooks: every file is judged by its content, guarded, and read with exact addresses.

python-calamine reads the cells; it is the only reader of the product. A dense range is what it allocates, so one stray cell
in XFD1048576 would kill the process. What the guard vouches for is read here; every other file in a process of its own
(``apart.py``), within the limits of ``limits.py``.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from taizhang.system import limits
from taizhang.system.file_names import file_name
from taizhang.system.files import bytes_of
from taizhang.system.refusals import reason_of
from taizhang.system.sandbox import ReaderDied, Said, apart
from taizhang.typed.text import head_key
from taizhang.workbook.containers import (
    BROKEN_ZIP,
    LOCKED,
    Container,
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
    "BROKEN_ZIP", "HEAD_SEARCH_ROWS", "Sheet", "Unreadable", "Workbook", "formula_cells", "read_workbook", "sheet_rows",
]  # fmt: skip

_NO_TIME = (
    "有的格子设成了日期或时间格式，填的却是很长的数（如证件号），没法读。请把这些格子改成文本格式、重新填写后",
    "。",
)
_NOT_READ = ("文件不完整或不是工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx ", "。")


class Unreadable(Exception):
    """A file that cannot be read as a workbook; ``why`` says what it is and what to do."""

    def __init__(self, workbook: str, why: Said) -> None:
        self.workbook, self.why, self.message = workbook, why, str(why)
        super().__init__(f"{workbook}: {why}")


HEAD_SEARCH_ROWS = 30
"""How many rows from the top can be a row of heads."""


@dataclass(frozen=True)
class Sheet:
    """One sheet as read: rows of raw values, row 1 first, column A first.

    A raw value is str, float, int, bool, date, datetime, time or timedelta; blank is ``""``. The addresses are (row, column):
    ``formulas`` with a formula, ``uncached`` those of them without a saved result, ``errors`` with an error such as #REF!; both read
    as blank, but where an earlier result stands in for the one that is missing (``recalled``). ``filtered`` says that a filter is set, ``validations`` how many rules of data validation there are. Of .xlsb
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

    @cached_property
    def heads(self) -> list[list[str]]:
        """The first HEAD_SEARCH_ROWS rows as heads are compared, without blanks: every form looks for its heads in them."""
        return [[head for raw in row if raw != "" and (head := head_key(raw))] for row in self.rows[:HEAD_SEARCH_ROWS]]

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

    ``kind`` is what the bytes are: xlsx, xlsb, ods, fods or xls. ``macros``, ``embedded`` and ``external_links`` say what else it carries.
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
    """Read a workbook (.xlsx, .xlsm, .xlsb, .xls, .et, .ods, .fods) whatever its extension says.

    Raises Unreadable, with the cure, for what is not a workbook, encrypted, damaged or beyond the limits of ``limits.py``.
    """
    name = file_name(path)
    try:
        if data is None:
            data = _bytes_of(path)
        container = judge(data)
        found = _read_here(data, container) if container.modest and container.kind == "xlsx" else None
        sheets, epoch_1904, links = found or apart(_read_apart, data)
        saved = saved_stamp(container)
    except (Refusal, ReaderDied) as error:
        raise Unreadable(name, error) from None
    except Exception:  # whatever a reader makes of foreign bytes is the fault of this file and of nothing else
        raise Unreadable(name, Refusal(*_NOT_READ)) from None
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
        saved,
    )


def sheet_rows(data: bytes, sheet: str) -> Iterator[list[Any]]:
    """Return the rows of one sheet, row 1 first, column A first, one at a time, as ``read_workbook`` reads them.

    Raises Unreadable where they cannot be read. For a workbook that ``read_workbook`` has let in.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        if sheet_is_usual(judge(data), sheet):
            try:
                return _rows(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet))
            except CalamineError:  # written again as usual it may be read
                pass
        return iter(next(each for each in apart(_read_apart, data)[0] if each.name == sheet).rows)
    except (Refusal, ReaderDied, StopIteration):
        raise Unreadable(sheet, Refusal(*_NOT_READ)) from None


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


def _cut(rows: list[list[Any]]) -> list[list[Any]]:
    """Return the rows with texts that no program keeps in a cell cut: whatever looks at a text looks at all of it."""
    for row in rows:
        for place, raw in enumerate(row):
            if type(raw) is str and len(raw) > limits.MAX_TEXT:
                row[place] = raw[: limits.MAX_TEXT]
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
        raise too_large()
    return data


_Found = tuple[tuple[Sheet, ...], bool, bool]
"""The sheets, the 1904 flag, and whether formulas look into other workbooks."""


def _read_here(data: bytes, container: Container) -> _Found | None:
    """Return what is found; None where the guard cannot vouch for what the reader meets, and where the reader fails."""
    look = sheet_facts(container)
    if not look.plain:
        return None
    try:
        sheets = _sheets(data, look.facts, complete=True)
    except _Failed:
        return None
    return (sheets, look.epoch_1904, False) if sheets is not None else None


def _read_apart(data: bytes) -> _Found:
    """Return what ``_read_here`` does, for any file: to be called in a process of its own."""
    container = judge(data)
    if container.kind == "xls":
        return _read_old(data)
    if container.kind in ("ods", "fods"):
        from taizhang.workbook.usual_form import usual_ods

        content = packed(container, container.book) if container.package else iter([data])
        return _first_that_reads(
            lambda: _written_again(usual_ods(content)), lambda: (_sheets(data, {}) or (), False, False)
        )
    if container.kind == "xlsb":
        from taizhang.workbook.usual_form import usual_xlsb

        return _first_that_reads(
            lambda: (_sheets(data, {}) or (), False, False),
            lambda: (_sheets(usual_xlsb(container), {}) or (), False, False),
        )
    from taizhang.workbook.usual_form import usual_xlsx

    look = sheet_facts(container)
    as_it_is = lambda: (_sheets(data, look.facts) or (), look.epoch_1904, False)  # noqa: E731
    again = lambda: _written_again(usual_xlsx(container))  # noqa: E731
    return _first_that_reads(*((as_it_is, again) if look.usual else (again, as_it_is)))


def _read_old(data: bytes) -> _Found:
    from taizhang.workbook.xls import scan_xls, unlocked

    opened = unlocked(data)
    if judge(opened).kind != "xls":
        return _read_apart(opened)
    old = scan_xls(opened)
    return _first_that_reads(lambda: (_sheets(opened, old.sheets) or (), old.epoch_1904, old.external_links))


def _written_again(data: bytes) -> _Found:
    look = sheet_facts(package_of(data))
    return _sheets(data, look.facts) or (), look.epoch_1904, False


def _first_that_reads(*ways: Callable[[], _Found]) -> _Found:
    """Return what the first way of reading gives that does not fail; raises Refusal where none does."""
    failure = _Failed(*_NOT_READ)
    for way in ways:
        try:
            return way()
        except _Failed as failed:
            failure = failed
    raise Refusal(*failure.args)


class _Failed(Exception):
    """The reader could not read a workbook, or a sheet of it."""


def _sheets(data: bytes, facts: Mapping[str, SheetFacts], *, complete: bool = False) -> tuple[Sheet, ...] | None:
    """Return the sheets; where the facts must be ``complete``, None if the reader finds a sheet they do not know."""
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        metadata = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
        if len(metadata) > limits.MAX_SHEETS:
            raise too_many_sheets(len(metadata))
        if complete and any(each.name not in facts for each in metadata):
            return None
        found, cells = [], 0
        for each in metadata:
            sheet = book.get_sheet_by_name(each.name)
            end = sheet.end or (0, 0)
            here = (end[0] + 1) * (end[1] + 1)
            cells += here
            if cells > limits.MAX_CELLS:
                raise too_wide("")
            fact = facts.get(each.name, SheetFacts())
            found.append(
                Sheet(
                    each.name,
                    _cut(
                        sheet.to_python(skip_empty_area=False) if here <= limits.PLAIN_CELLS else _without_ends(sheet)
                    ),
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
    except Refusal:
        raise
    except (OverflowError, ValueError):
        raise _Failed(*_NO_TIME) from None
    except CalamineError as error:
        raise Refusal(*LOCKED) if isinstance(error, PasswordError) else _Failed(*_NOT_READ) from None
    except Exception:
        raise _Failed(*_NOT_READ) from None
    except BaseException as error:
        # A panic of the reader is a BaseException of its own; a person's Ctrl-C and the end of the program go on up.
        if type(error).__name__ != "PanicException":
            raise
        raise _Failed(*_NOT_READ) from None
    return tuple(found)
