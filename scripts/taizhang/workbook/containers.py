"""Judge a file by its bytes: a workbook package, an old container, or no workbook.

A package is examined before it is unpacked: its declared sizes, what it could really hold, and its sheets' XML. Nothing
of it is ever written to disk, so that member names are never used as paths.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO
from urllib.parse import unquote

from taizhang.system import limits
from taizhang.system.files import digest_of
from taizhang.system.recent import Recent
from taizhang.system.sandbox import PASTED, ExplainedError
from taizhang.workbook.markup import RELATIONSHIP, attribute
from taizhang.workbook.sheet_xml import SheetFacts, is_usual, scan

__all__ = [
    "BROKEN_ZIP",
    "DAMAGED",
    "LOCKED",
    "OLE",
    "Container",
    "FileFormat",
    "NoTable",
    "PackageFacts",
    "Refusal",
    "Relation",
    "declares_type",
    "is_encrypted",
    "judge",
    "made_stamp",
    "package_of",
    "packed",
    "part_of",
    "relations",
    "saved_stamp",
    "sheet_facts",
    "sheet_is_usual",
    "sheet_parts",
    "too_large",
    "too_many_sheets",
    "too_wide",
    "xml_of",
]

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
"""What zipfile raises while a damaged package is read, depending on the damage."""

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The first bytes of an old container: .xls, .doc, or a workbook with a password."""

_ZIP = b"PK\x03\x04"
DAMAGED = ("文件不完整或已损坏，请重新另存为 .xlsx 后", "。")
LOCKED = ("文件加了密码，打不开。请去掉密码后", "：文件→信息→保护工作簿→清空密码。")
_ODD = "里有 Excel 不会写的内容（DOCTYPE），不像正常保存的文件，请用 Excel 或 WPS 打开后另存为 .xlsx "
_TOO_OLD = "是 Excel 95 以前的老格式（.xls），读不了。请用 Excel 或 WPS 打开后另存为 .xlsx "
_BEFORE_BIFF8 = tuple(
    b"\x09" + version + length for version in (b"\0", b"\2", b"\4", b"\x08") for length in (b"\4\0", b"\6\0", b"\x08\0")
)
_IS_1904 = re.compile(rb"""\bdate1904=["'](?:1|true|on)["']""")
_STRINGS = "xl/sharedstrings.xml"
_STRINGS_HEAD = re.compile(rb"""[^<]*(?:<\?xml[^<>]*>\s*)?<(?:\w+:)?sst\b([^<>]*)>""")
_PROMISE = re.compile(rb"""\b(?:uniqueC|c)ount=["']([^"']*)["']""")
_MODIFIED = re.compile(rb"<dcterms:modified\b[^<>]*>([^<]+)<")
_CREATED = re.compile(rb"<dcterms:created\b[^<>]*>([^<]+)<")
_MOST_PACKED = 1032
"""Deflate compresses by 1,032 to 1 at best."""
_BEFORE_ROOT = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>(?>[\s\x00]+|<\?(?>(?:[^?]|\?(?!>))*)\?>|<!--(?>(?:[^-]|-(?!->))*)-->)*)"
)
"""What may precede the root of an XML part: a byte order mark, declarations and comments."""
_HEAD, _LONGEST_HEAD = 1024, 65_536
_USUAL_BOOK = "xl/workbook.xml"
_USUAL_FOLDERS = {
    "worksheet": "xl/worksheets/", "chartsheet": "xl/chartsheets/", "dialogsheet": "xl/dialogsheets/",
}  # fmt: skip
"""The kinds of sheets that the reader knows, by relationship type, and the folder where it looks for them."""


_SAVED_AS = "请用 Excel 或 WPS 另存为 .xlsx 后"
_OTHER_FILE = "请换成 Excel 工作簿（.xlsx）"
"""The cure for what no program saves as a workbook: a picture, an empty file."""

_NOT_EXCEL = {"WordDocument": "旧版 Word 文档（.doc、.wps）", "PowerPoint Document": "旧版演示文稿（.ppt、.dps）"}


class Refusal(ExplainedError):
    """Why a file is not read, with the cure, in the office's words."""


class NoTable(Refusal):
    """The file is a report or the like, of paragraphs: a Word document, old or new."""


class FileFormat(StrEnum):
    """The format of a workbook according to its bytes, whatever its extension."""

    XLSX = "xlsx"
    XLSB = "xlsb"
    XLS = "xls"
    ODS = "ods"
    FODS = "fods"


@dataclass(frozen=True, slots=True)
class Container:
    """What a file is: its ``kind`` and what else it carries.

    ``macros``, ``embedded`` (files) and ``external_links`` (to other workbooks) are true if present; ``modest`` is true
    if all of it may be unpacked in this process. ``members`` are the members of ``package`` by lower-case name;
    ``book`` is the part that lists the sheets.
    """

    kind: FileFormat
    modest: bool = False
    macros: bool = False
    embedded: bool = False
    external_links: bool = False
    package: zipfile.ZipFile | None = None
    members: Mapping[str, zipfile.ZipInfo] = field(default_factory=dict)
    book: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship of a part: its id, the last word of its type (``worksheet``), the target part in lower case."""

    id: str
    kind: str
    part: str


@dataclass(frozen=True, slots=True)
class PackageFacts:
    """What an .xlsx package contains: each sheet's facts by name, and whether it uses the 1904 epoch.

    ``usual`` is true if it is laid out as spreadsheet programs do, so that the reader finds everything; ``plain`` is
    true if, in addition, all of it may be read in this process.
    """

    facts: Mapping[str, SheetFacts]
    epoch_1904: bool
    usual: bool
    plain: bool


def judge(data: bytes) -> Container:
    """Return what a file is; raises Refusal if it is no workbook, encrypted, damaged or beyond the limits."""
    if len(data) > limits.MAX_FILE_BYTES:
        raise too_large()
    if data.startswith(OLE):
        streams = [
            each
            for each in ("Workbook", "Book", "WordDocument", "PowerPoint Document")
            if each.encode("utf-16-le") in data
        ]
        if streams and streams[0] in _NOT_EXCEL:
            kind = NoTable if streams[0] == "WordDocument" else Refusal
            raise kind(f"这是{_NOT_EXCEL[streams[0]]}，不是工作簿，{_OTHER_FILE}", "。")
        return Container(FileFormat.XLS, macros="_VBA_PROJECT".encode("utf-16-le") in data)
    if data.startswith(_BEFORE_BIFF8):
        raise Refusal(_TOO_OLD, "。")
    if not data.startswith(_ZIP) and _is_flat_ods(data):
        return Container(FileFormat.FODS)
    if not data.startswith(_ZIP):
        what, cure = _looks_like(data)
        raise Refusal(f"这不是 Excel 工作簿（{what}），{cure}", "。")
    if data.count(b"PK\x01\x02") > limits.MAX_MEMBERS:
        raise Refusal(f"压缩包里的文件超过 {limits.MAX_MEMBERS} 个，不像正常的工作簿。{PASTED[0]}", "。")
    return package_of(data)


def package_of(data: bytes) -> Container:
    """Return what a zip file is; raises Refusal as ``judge`` does, but has no limit of length."""
    try:
        return _package(data, zipfile.ZipFile(io.BytesIO(data)))
    except BROKEN_ZIP:
        raise Refusal(*DAMAGED) from None


def too_large() -> Refusal:
    """Return the refusal of a file with too many bytes."""
    return Refusal(f"文件超过 {limits.MAX_FILE_BYTES >> 20} MB，请删去图片或多余的表后", "。")


def sheet_facts(container: Container) -> PackageFacts:
    """Return the facts of the sheets of an .xlsx package.

    Raises Refusal if there are too many sheets, if one reaches too far, and for damage.
    """
    try:
        book, related = xml_of(container, container.book), relations(container, container.book)
        listed = list(_listed_sheets(book, related))
        if len(listed) > limits.MAX_SHEETS:
            raise too_many_sheets(len(listed))
        usual = len({name for name, _ in listed}) == len(listed) and _book_is_usual(container, listed, related)
        if container.modest:
            _prove_sizes(container)
        facts = {name: _facts_of(container, each.part if each else "") for name, each in listed}
        usual = usual and all(each.usual for each in facts.values())
        plain = usual and container.modest and all(each.plain for each in facts.values())
        plain = plain and _strings_are_honest(container)
        return PackageFacts(facts, bool(_IS_1904.search(book)), usual, plain)
    except BROKEN_ZIP:
        raise Refusal(*DAMAGED) from None


def sheet_parts(container: Container) -> Mapping[str, str]:
    """Return the part of each listed sheet of an .xlsx package, by sheet name; raises one of BROKEN_ZIP for damage."""
    book, related = xml_of(container, container.book), relations(container, container.book)
    return {name: each.part for name, each in _listed_sheets(book, related) if each}


def sheet_is_usual(container: Container, sheet: str) -> bool:
    """Whether an .xlsx package and one of its sheets are written as spreadsheet programs write them.

    Raises Refusal for damage.
    """
    try:
        book, related = xml_of(container, container.book), relations(container, container.book)
        listed = list(_listed_sheets(book, related))
        part = dict(listed).get(sheet)
        return (
            part is not None
            and _book_is_usual(container, listed, related)
            and is_usual(b"".join(packed(container, part.part)))
        )
    except BROKEN_ZIP:
        raise Refusal(*DAMAGED) from None


def relations(container: Container, part: str) -> list[Relation]:
    """Return a part's relationships within the package; raises one of BROKEN_ZIP for damage."""
    folder, name = posixpath.split(part)
    found = []
    for tag in RELATIONSHIP.findall(xml_of(container, posixpath.join(folder, "_rels", f"{name}.rels").lstrip("/"))):
        if attribute(tag, b"TargetMode") != "External":
            target = attribute(tag, b"Target").replace("\\", "/").partition("#")[0]
            whole = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/").lower()
            kind = attribute(tag, b"Type").rstrip("/").rpartition("/")[2]
            found.append(Relation(attribute(tag, b"Id"), kind, whole))
    return found


def part_of(container: Container, part: str) -> zipfile.ZipInfo | None:
    """Return the member for a part name, percent-encoded or not; None if there is none."""
    return container.members.get(part) or container.members.get(unquote(part).lower())


def packed(container: Container, part: str) -> Iterator[bytes]:
    """Yield a part's unpacked bytes piece by piece; raises one of BROKEN_ZIP for damage."""
    info = part_of(container, part)
    if info is not None and container.package is not None:
        with container.package.open(info) as stream:
            while piece := stream.read(limits.MEGABYTE):
                yield piece


def saved_stamp(container: Container) -> str:
    """Return the file's own record of when it was last saved (ISO 8601); empty if it has none."""
    return _stamp(container, _MODIFIED)


def made_stamp(container: Container) -> str:
    """Return the file's own record of when it was created (ISO 8601), which saving keeps; empty if it has none."""
    return _stamp(container, _CREATED)


def _stamp(container: Container, named: re.Pattern[bytes]) -> str:
    info = container.members.get("docprops/core.xml")
    if info is None or container.package is None:
        return ""
    try:
        with container.package.open(info) as part:
            found = named.search(part.read(100_000))
    except BROKEN_ZIP:
        return ""
    return found[1].decode("ascii", "replace") if found else ""


def too_many_sheets(count: int) -> Refusal:
    """Return the refusal of a workbook with too many sheets."""
    return Refusal(f"有 {count} 张表，超过 {limits.MAX_SHEETS} 张，太多了。请只留要用的表，另存为 .xlsx ", "。")


def too_wide(farthest: str) -> Refusal:
    """Return the refusal of a workbook whose cells reach too far."""
    where = f"很远的单元格 {farthest} 里有内容，" if farthest else ""
    millions = limits.MAX_CELLS // 10_000
    problem = f"{where}表大得不正常（展开后超过 {millions} 万格）。"
    return Refusal(f"{problem}请选中数据下方、右侧的空行空列，删除整行整列后", "。")


def _package(data: bytes, package: zipfile.ZipFile) -> Container:
    infos = package.infolist()
    members = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}
    if any(info.flag_bits & 1 for info in infos):
        raise Refusal(*LOCKED)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.MAX_UNPACKED_BYTES or sum(info.compress_size for info in infos) > len(data):
        raise Refusal(
            f"解压后超过 {limits.MAX_UNPACKED_BYTES >> 20} MB，不像正常的工作簿。{PASTED[0]}",
            "。",
        )
    kind, book = _kind_of(Container(FileFormat.XLSX, package=package, members=members))  # of a kind unknown so far
    _refuse_document_types(package, members, kind)
    if kind is FileFormat.ODS:
        _refuse_locked_ods(package, members)
    ordinary = (
        len(members) == len(infos)
        and data[-22:-18] == b"PK\x05\x06"
        and all(info.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for info in infos)
    )
    return Container(
        kind,
        ordinary and unpacked <= limits.PLAIN_UNPACKED_BYTES,
        any(name.endswith(("vbaproject.bin", "/script-lc.xml")) for name in members),
        any("/embeddings/" in name for name in members),
        any("/externallinks/" in name for name in members),
        package,
        members,
        book,
    )


def _kind_of(container: Container) -> tuple[FileFormat, str]:
    """Return a package's kind and the part that lists its sheets: the one it names, or else one with the usual name."""
    members = container.members
    named = [
        each.part
        for each in relations(container, "")
        if each.kind == "officeDocument" and part_of(container, each.part)
    ]
    usual = [each for each in (_USUAL_BOOK, "xl/workbook.bin") if each in members]
    for part in dict.fromkeys((*named, *usual)):
        if part.endswith(".bin"):
            return FileFormat.XLSB, part
        with container.package.open(part_of(container, part) or part) as stream:  # type: ignore[union-attr]
            if b"workbook" in _plain_bytes(stream.read(4096)):
                return FileFormat.XLSX, part
    if _USUAL_BOOK in members:
        return FileFormat.XLSX, _USUAL_BOOK
    if "content.xml" in members:
        return FileFormat.ODS, "content.xml"
    for name in members:
        if name.endswith("workbook.xml"):
            return FileFormat.XLSX, name
    for part, word, kind in (
        ("word/document.xml", "Word 文档", NoTable),
        ("ppt/presentation.xml", "演示文稿", Refusal),
    ):
        if part in members:
            raise kind(f"这是 {word}，不是工作簿，{_OTHER_FILE}", "。")
    if any(name.endswith((".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods")) for name in members):
        raise Refusal("这是压缩包，里面装着工作簿，没有拆开。请解压，把里面的表单独放进来。")
    raise Refusal("压缩包里没有工作簿，请另存为 .xlsx 后", "。")


def _refuse_document_types(package: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo], kind: FileFormat) -> None:
    """Raise Refusal if an XML part declares a document type, which is how entities come in.

    The manifest of an OpenDocument file is exempt: old programs declare its type, and it is only searched for one word.
    """
    for name, info in members.items():
        if name.endswith((".xml", ".rels", ".vml")) and not (
            kind is FileFormat.ODS and name == "meta-inf/manifest.xml"
        ):
            with package.open(info) as part:
                declared = declares_type(part)
            if declared:
                raise Refusal(f"{name.rpartition('/')[2]} {_ODD}", "。")


def declares_type(part: IO[bytes]) -> bool:
    """Whether an XML part declares a document type, or has too much before its root to tell."""
    head = part.read(_HEAD)
    if _declares_type(head) is None:
        head += part.read(_LONGEST_HEAD)
    return _declares_type(head) is not False


def _declares_type(head: bytes) -> bool | None:
    """Whether the beginning of an XML part declares a document type; None if its root has not begun yet."""
    head = _plain_bytes(head)
    match = _BEFORE_ROOT.match(head)
    rest = head[match.end() if match else 0 :]
    if len(rest) < 9 or rest.startswith((b"<?", b"<!--")):
        return None if len(head) >= _HEAD // 2 else False
    return rest[:9].upper() == b"<!DOCTYPE"


def _plain_bytes(xml: bytes) -> bytes:
    """Return markup without the zero bytes that UTF-16 has between its letters."""
    return xml.replace(b"\0", b"") if b"\0" in xml[:64] else xml


def _refuse_locked_ods(package: zipfile.ZipFile, members: Mapping[str, zipfile.ZipInfo]) -> None:
    """Raise Refusal for an OpenDocument file with encrypted parts or an encrypted package."""
    manifest = members.get("meta-inf/manifest.xml")
    listed = package.read(manifest) if manifest and manifest.file_size < limits.PLAIN_UNPACKED_BYTES else b""
    if b"encryption-data" in listed or "encrypted-package" in members:
        raise Refusal(*LOCKED)


def _is_flat_ods(data: bytes) -> bool:
    """Whether a file is a flat OpenDocument spreadsheet (.fods); raises Refusal if it declares a type."""
    head = _plain_bytes(data[:_LONGEST_HEAD])
    if b"urn:oasis:names:tc:opendocument" not in head or b"opendocument.spreadsheet" not in head:
        return False
    if _declares_type(head) is not False:
        raise Refusal(_ODD, "。")
    return True


def _prove_sizes(container: Container) -> None:
    """Unpack each member that only the reader unpacks, if it could hold more than it declares.

    zipfile then checks its length and checksum.
    """
    for name, info in container.members.items():
        read_elsewhere = name.startswith("xl/worksheets/") or not name.endswith((".xml", ".rels", ".bin"))
        if not read_elsewhere and info.compress_size * _MOST_PACKED > limits.PLAIN_UNPACKED_BYTES and container.package:
            with container.package.open(info) as stream:
                while stream.read(limits.MEGABYTE):
                    pass


def _book_is_usual(container: Container, listed: list[tuple[str, Relation | None]], related: list[Relation]) -> bool:
    """Whether the workbook part, its sheets and its strings are where the reader looks for them, and only there."""
    books = [each.part for each in relations(container, "") if each.kind == "officeDocument"]
    return (
        {*books} == {_USUAL_BOOK}
        and b"\0" not in container.package.read(container.members[_USUAL_BOOK])[:64]  # type: ignore[union-attr]
        and all(
            each is not None
            and each.part.startswith(_USUAL_FOLDERS.get(each.kind, "\0"))
            and each.part in container.members
            for _, each in listed
        )
        and _strings_are_usual(container, related)
    )


def _strings_are_usual(container: Container, related: list[Relation]) -> bool:
    """Whether the shared strings are in the usual place and begin in the usual way."""
    named = [each.part for each in related if each.kind == "sharedStrings"]
    if _STRINGS not in container.members:
        return not named
    return named == [_STRINGS] and _declared_counts(container) is not None


def _strings_are_honest(container: Container) -> bool:
    """Whether the shared strings declare no more than they can hold: the reader trusts those counts."""
    info = container.members.get(_STRINGS)
    if info is None:
        return True
    return all(
        len(each) < 10 and each.isdigit() and int(each) <= info.file_size for each in _declared_counts(container) or ()
    )


def _declared_counts(container: Container) -> list[bytes] | None:
    """Return the declared counts of shared strings; None if the part does not begin in the usual way."""
    head = _STRINGS_HEAD.match(next(packed(container, _STRINGS), b"")[:1024])
    return _PROMISE.findall(head[1]) if head else None


def xml_of(container: Container, name: str) -> bytes:
    """Return a part in UTF-8, empty if there is none."""
    xml = b"".join(packed(container, name.lower()))
    if b"\0" in xml[:64]:
        big = xml.startswith((b"\0", b"\xfe\xff"))
        return xml.decode("utf-16-be" if big else "utf-16-le", "replace").encode("utf-8", "replace")
    return xml


def _number_of_addresses(facts: SheetFacts) -> int:
    return 1 + len(facts.formulas) + len(facts.uncached) + len(facts.errors) + len(facts.hidden_rows)


_SCANNED: Recent[SheetFacts] = Recent(_number_of_addresses, 50_000)
"""The facts of sheets by the digest of their XML: from one state of a ledger to the next, most sheets are the same."""


def _facts_of(container: Container, part: str) -> SheetFacts:
    xml = b"".join(packed(container, part))
    facts = _SCANNED.recall(digest_of(xml), lambda: scan(xml)) if xml else SheetFacts()
    if facts.reach > limits.MAX_CELLS:
        raise too_wide(facts.farthest)
    return facts


def _listed_sheets(book: bytes, related: list[Relation]) -> Iterator[tuple[str, Relation | None]]:
    """Yield each listed sheet's name and its relationship, None if that is missing."""
    targets = {each.id: each for each in related}
    for tag in re.findall(rb"<(?:\w+:)?sheet\b[^<>]*>", book):
        yield attribute(tag, b"name"), targets.get(attribute(tag, rb"\w+:id"))


def is_encrypted(data: bytes) -> bool:
    """Whether an old container holds a workbook that needs a password."""
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # the library raises many errors on damaged containers; the reader then reports what it is
        return "EncryptedPackage".encode("utf-16-le") in data


def _looks_like(data: bytes) -> tuple[str, str]:
    """Return what a file looks like that is no workbook, and the cure, before its last step."""
    head = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head:
        return "空文件", _OTHER_FILE
    if head.startswith((b"<html", b"<!doctype", b"<table")):
        return "像网页", _SAVED_AS
    if head.startswith(b"<?xml"):
        return "是 XML 文件", _SAVED_AS
    if head.startswith(b"%pdf"):
        return "是 PDF", _OTHER_FILE
    if head.startswith(b"{\\rtf"):
        return "是 RTF 文档", _OTHER_FILE
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")):
        return "是图片", _OTHER_FILE
    if data.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        return "是压缩包", "请解压，用里面的表"
    return "像文本文件" if b"\x00" not in data[:512] else "认不出的格式", _SAVED_AS
