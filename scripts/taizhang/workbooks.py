"""Reading workbooks: every file is judged by its content, guarded, and read with exact addresses.

python-calamine reads the cells; it is the only reader of the product. A dense range is what it allocates, so one stray cell
in XFD1048576 would kill the process: sizes and addresses are looked at first (``docs/decisions.md``).
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from taizhang.places import Place

__all__ = ["BROKEN_ZIP", "Sheet", "Unreadable", "Workbook", "formula_cells", "read_workbook", "sheet_rows"]

MAX_FILE_BYTES = 64 * 1024 * 1024
MAX_UNPACKED_BYTES = 1024 * 1024 * 1024
MAX_DENSE_CELLS = 24_000_000
MAX_SHEETS = 500

BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
)
"""What zipfile raises, by its kind of damage, while a package is read."""

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FAR_CELL = re.compile(rb"""\br=["']([A-Z]{2,3}|[A-Z](?=\d{6}))(\d+)["']""")
_FORMULA = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+)(\d+)[\"'][^>]*>\s*<(?:\w+:)?f[\s/>]")
_ERROR = re.compile(rb"<(?:\w+:)?c\b(?=[^>]*?\bt=[\"']e[\"'])[^>]*?\br=[\"']([A-Z]+)(\d+)[\"']")


class Unreadable(Exception):
    """A file that cannot be read as a workbook; its text says what it is and what to do."""

    def __init__(self, workbook: str, message: str) -> None:
        self.workbook, self.message = workbook, message
        super().__init__(f"{workbook}: {message}")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet as read: rows of raw values, row 1 first, column A first.

    A raw value is str, float, int, bool, date, datetime, time or timedelta; blank is ``""``. ``formulas`` and ``errors`` hold
    the (row, column) of cells with a formula, or with an error such as #REF!, which read as blank.
    """

    name: str
    rows: list[list[Any]]
    visible: bool = True
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    formulas: frozenset[tuple[int, int]] = frozenset()
    errors: frozenset[tuple[int, int]] = frozenset()

    def value(self, row: int, column: int) -> Any:
        """Return the raw value of a cell (1-based); blank outside the used range."""
        if 0 < row <= len(self.rows) and 0 < column <= len(self.rows[row - 1]):
            return self.rows[row - 1][column - 1]
        return ""


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook as read: its file name, the SHA-256 of its bytes, its sheets in tab order, and the 1904 flag."""

    name: str
    sha256: str
    sheets: tuple[Sheet, ...]
    epoch_1904: bool = False
    data: bytes = field(default=b"", repr=False)

    @property
    def by_name(self) -> Mapping[str, Sheet]:
        """The sheets by their names."""
        return {sheet.name: sheet for sheet in self.sheets}

    def place(self, sheet: str | None = None, row: int | None = None, column: int | None = None) -> Place:
        """Return a place in this workbook."""
        return Place(self.name, sheet, row, column)


def read_workbook(path: Path, data: bytes | None = None) -> Workbook:
    """Read a workbook (.xlsx, .xlsm, .xlsb, .xls, .et, .ods) whatever its extension says.

    Raises Unreadable, with the cure, for what is not a workbook, encrypted, damaged or beyond the limits of this module.
    """
    name = path.name
    if data is None:
        data = _bytes_of(path)
    if len(data) > MAX_FILE_BYTES:
        raise Unreadable(name, f"文件超过 {MAX_FILE_BYTES >> 20} MB，请删去图片或多余的表后再报。")
    unpacked = _guard(name, data)
    sheets = _sheets(name, data, unpacked)
    book_xml = next((xml for part, xml in unpacked.items() if part.lower().endswith("xl/workbook.xml")), b"")
    epoch = bool(re.search(rb"""date1904=["'](1|true)["']""", book_xml))
    return Workbook(name, hashlib.sha256(data).hexdigest(), sheets, epoch, data)


def sheet_rows(data: bytes, sheet: str) -> Iterator[list[Any]]:
    """Yield the rows of one sheet, row 1 first, column A first; for a workbook that ``read_workbook`` has let in."""
    from python_calamine import CalamineWorkbook

    found = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_name(sheet)
    left = [""] * (found.start[1] if found.start else 0)
    rows = found.iter_rows()
    return (left + row for row in rows) if left else iter(rows)


def formula_cells(xml: bytes) -> frozenset[tuple[int, int]]:
    """Return the (row, column) of the cells of a sheet's XML that hold a formula."""
    return _addresses(_FORMULA, xml)


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise Unreadable(path.name, "找不到这个文件，请核对文件名和所在文件夹。") from None
    except IsADirectoryError:
        raise Unreadable(path.name, "这是文件夹，不是工作簿。") from None
    except OSError:
        raise Unreadable(path.name, "没有权限读这个文件，或文件正被占用，请关闭后再试。") from None


def _guard(name: str, data: bytes) -> dict[str, bytes]:
    """Refuse what is not a plain workbook; return the XML parts of an xlsx that the reader looks at itself."""
    if data.startswith(_OLE):
        if _encrypted(data):
            raise Unreadable(name, "文件加了密码，打不开。请去掉密码后再报：文件→信息→保护工作簿→清空密码。")
        return {}
    if not data.startswith(_ZIP):
        raise Unreadable(name, f"这不是 Excel 工作簿（{_looks_like(data)}），请用 Excel 或 WPS 另存为 .xlsx 后再报。")
    try:
        package = zipfile.ZipFile(io.BytesIO(data))
        members = package.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise Unreadable(name, "文件不完整或已损坏，请重新另存为 .xlsx 后再报。") from None
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES:
        raise Unreadable(name, f"解压后超过 {MAX_UNPACKED_BYTES >> 30} GB，不像正常的填报表，请换用下发的模板。")
    names = [member.filename.replace("\\", "/") for member in members]
    if not any(part.lower().endswith(("workbook.xml", "workbook.bin", "content.xml")) for part in names):
        raise Unreadable(name, "压缩包里没有工作簿，请另存为 .xlsx 后再报。")
    wanted = re.compile(r"(?i)(^|/)xl/(workbook\.xml|_rels/workbook\.xml\.rels|worksheets/[^/]+\.xml)$")
    parts: dict[str, bytes] = {}
    try:
        for member, part in zip(members, names, strict=True):
            if wanted.search(part):
                parts[part] = _read_member(package, member)
    except BROKEN_ZIP:
        raise Unreadable(name, "文件不完整或已损坏，请重新另存为 .xlsx 后再报。") from None
    for xml in parts.values():
        _refuse_stray(name, xml)
    return parts


def _read_member(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with package.open(member) as stream:
        return stream.read(MAX_UNPACKED_BYTES)


def _refuse_stray(name: str, xml: bytes) -> None:
    """Refuse a sheet whose farthest cell would make the reader allocate more than the limit."""
    last_row, last_column, far = 99_999, 26, ""
    for letters, digits in _FAR_CELL.findall(xml):
        row, column = int(digits), _column_number(letters)
        if row > last_row or column > last_column:
            last_row, last_column = max(last_row, row), max(last_column, column)
            far = f"{letters.decode()}{row}"
    if last_row * last_column > MAX_DENSE_CELLS:
        raise Unreadable(
            name,
            f"很远的单元格 {far} 里有内容，表大得不正常。请选中数据下方、右侧的空行空列，删除整行整列后再报。",
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _encrypted(data: bytes) -> bool:
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # the library raises many kinds of errors on damaged containers; the reader then says what it is
        return "EncryptedPackage".encode("utf-16-le") in data


def _looks_like(data: bytes) -> str:
    head = data[:512].lstrip().lower()
    if not head:
        return "空文件"
    if head.startswith((b"<html", b"<!doctype", b"<table")):
        return "像网页"
    if head.startswith(b"%pdf"):
        return "是 PDF"
    if head.startswith(b"{\\rtf"):
        return "是 RTF 文档"
    return "像文本文件" if b"\x00" not in data[:512] else "认不出的格式"


def _sheets(name: str, data: bytes, parts: Mapping[str, bytes]) -> tuple[Sheet, ...]:
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        found = []
        metadata = [each for each in book.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet]
        if len(metadata) > MAX_SHEETS:
            raise Unreadable(name, f"有 {len(metadata)} 张表，超过 {MAX_SHEETS} 张，不像填报表，请换用下发的模板。")
        xml_of = _sheet_parts(parts)
        for each in metadata:
            sheet = book.get_sheet_by_name(each.name)
            xml = xml_of.get(each.name, b"")
            found.append(
                Sheet(
                    each.name,
                    sheet.to_python(skip_empty_area=False),
                    each.visible is SheetVisibleEnum.Visible,
                    tuple(((a + 1, b + 1), (c + 1, d + 1)) for (a, b), (c, d) in sheet.merged_cell_ranges or ()),
                    formula_cells(xml) if b"<f" in xml or b":f" in xml else frozenset(),
                    _addresses(_ERROR, xml) if b't="e"' in xml or b"t='e'" in xml else frozenset(),
                )
            )
    except BaseException as error:
        # A panic of the reader is a BaseException of its own; everything that is not the reader's fault goes on up.
        if not isinstance(error, CalamineError) and type(error).__name__ != "PanicException":
            raise
        raise Unreadable(name, "文件不完整或不是工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx 再报。") from None
    return tuple(found)


def _addresses(pattern: re.Pattern[bytes], xml: bytes) -> frozenset[tuple[int, int]]:
    return frozenset((int(digits), _column_number(letters)) for letters, digits in pattern.findall(xml))


def _sheet_parts(parts: Mapping[str, bytes]) -> dict[str, bytes]:
    """Return each sheet's XML by its name, found through the workbook's relationships."""
    lower = {part.lower(): xml for part, xml in parts.items()}
    book, rels = lower.get("xl/workbook.xml", b""), lower.get("xl/_rels/workbook.xml.rels", b"")
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", rels):
        key, target = _attribute(tag, b"Id"), _attribute(tag, b"Target")
        targets[key] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    sheets = {}
    for tag in re.findall(rb"<(?:\w+:)?sheet\b[^>]*>", book):
        part = targets.get(_attribute(tag, rb"\w+:id"), "")
        sheets[_attribute(tag, b"name")] = lower.get(part.lower(), b"")
    return sheets


def _attribute(tag: bytes, name: bytes) -> str:
    from xml.sax.saxutils import unescape

    match = re.search(rb"\s" + name + rb"""=(?:"([^"]*)"|'([^']*)')""", tag)
    if match is None:
        return ""
    text = (match[1] or match[2] or b"").decode("utf-8", "replace")
    return unescape(text, {"&quot;": '"', "&apos;": "'"})
