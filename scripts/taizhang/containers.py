"""What a file is, judged by its bytes: a package of Excel's or of another program, an old container, or no workbook.

A package is looked at before anything of it is unpacked: what it states, what it could really hold, and what its sheets' XML
says. Nothing of it is ever written to disk, so the names of its members are names and nothing else.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from taizhang import limits
from taizhang.sheet_xml import SheetFacts, scan

__all__ = ["BROKEN_ZIP", "Container", "Refusal", "is_encrypted", "judge", "made_stamp", "saved_stamp", "sheet_facts"]

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
_DAMAGED = "文件不完整或已损坏，请重新另存为 .xlsx 后再报。"
_LOCKED = "文件加了密码，打不开。请去掉密码后再报：文件→信息→保护工作簿→清空密码。"
_ODD = "里有 Excel 不会写的内容（DOCTYPE），不像正常保存的文件，请用 Excel 或 WPS 打开后另存为 .xlsx 再报。"
_STRINGS = "xl/sharedstrings.xml"
_STRINGS_TARGET = re.compile(rb"""Target="(?:/xl/)?sharedStrings\.xml\"""")
_STRINGS_HEAD = re.compile(rb"""[^<]*(?:<\?xml[^<>]*>\s*)?<(?:\w+:)?sst\b([^<>]*)>""")
_PROMISE = re.compile(rb"""\b(?:uniqueC|c)ount=["']([^"']*)["']""")
_MODIFIED = re.compile(rb"<dcterms:modified[^<>]*>([^<]+)<")
_CREATED = re.compile(rb"<dcterms:created[^<>]*>([^<]+)<")
_MOST_PACKED = 1032
"""Deflate packs 1,032 bytes into one at best."""


_NOT_EXCEL = {"WordDocument": "旧版 Word 文档（.doc、.wps）", "PowerPoint Document": "旧版演示文稿（.ppt、.dps）"}


class Refusal(Exception):
    """Why a file is not read, with the cure, in the office's words."""


@dataclass(frozen=True, slots=True)
class Container:
    """What a file is: ``kind`` (xlsx, xlsb, ods, xls), whether it carries macros, embedded files or links to other workbooks.

    ``modest`` says that all of it may be unpacked in this process. ``members`` are those of the ``package`` by lower-case name.
    """

    kind: str
    modest: bool = False
    macros: bool = False
    embedded: bool = False
    external_links: bool = False
    package: zipfile.ZipFile | None = None
    members: Mapping[str, zipfile.ZipInfo] = field(default_factory=dict)


def judge(data: bytes) -> Container:
    """Return what a file is; raises Refusal for what is no workbook, is encrypted, damaged, or beyond the limits."""
    if len(data) > limits.MAX_FILE_BYTES:
        raise Refusal(too_large())
    if data.startswith(_OLE):
        if is_encrypted(data):
            raise Refusal(_LOCKED)
        streams = [
            each
            for each in ("Workbook", "Book", "WordDocument", "PowerPoint Document")
            if each.encode("utf-16-le") in data
        ]
        if streams and streams[0] in _NOT_EXCEL:
            raise Refusal(f"这是{_NOT_EXCEL[streams[0]]}，不是工作簿，请报下发的 Excel 模板。")
        return Container("xls", macros="_VBA_PROJECT".encode("utf-16-le") in data)
    if not data.startswith(_ZIP):
        raise Refusal(f"这不是 Excel 工作簿（{_looks_like(data)}），请用 Excel 或 WPS 另存为 .xlsx 后再报。")
    if data.count(b"PK\x01\x02") > limits.MAX_MEMBERS:
        raise Refusal(f"压缩包里的文件超过 {limits.MAX_MEMBERS} 个，不像正常的填报表，请换用下发的模板。")
    try:
        return _package(data, zipfile.ZipFile(io.BytesIO(data)))
    except BROKEN_ZIP:
        raise Refusal(_DAMAGED) from None


def too_large() -> str:
    """Return what is said of a file beyond the limit of its bytes."""
    return f"文件超过 {limits.MAX_FILE_BYTES >> 20} MB，请删去图片或多余的表后再报。"


def sheet_facts(container: Container) -> tuple[list[tuple[str, SheetFacts]], bytes, bool]:
    """Return each sheet's name and facts in the order of the workbook's list, the XML of an xlsx package's workbook part, and whether
    all of it may be read in this process.

    Raises Refusal for too many sheets, one that reaches too far, a DOCTYPE, and damage.
    """
    try:
        book, rels = _unpack(container, "xl/workbook.xml"), _unpack(container, "xl/_rels/workbook.xml.rels")
        listed = list(_listed_sheets(book, rels))
        if len(listed) > limits.MAX_SHEETS:
            raise Refusal(too_many_sheets(len(listed)))
        plain = container.modest and len(dict(listed)) == len(listed)
        plain = plain and _book_is_plain(container) and _strings_are_plain(container, rels)
        if container.modest:
            _prove_sizes(container)
        facts = [(name, _facts_of(container, part)) for name, part in listed]
        return facts, book, plain and all(each.plain for _, each in facts)
    except BROKEN_ZIP:
        raise Refusal(_DAMAGED) from None


def saved_stamp(container: Container) -> str:
    """Return the file's own stamp of when it was last saved (ISO), empty where it has none."""
    return _stamp(container, _MODIFIED)


def made_stamp(container: Container) -> str:
    """Return the file's own stamp of when it was made (ISO), which saving it leaves as it is; empty where it has none."""
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


def too_many_sheets(count: int) -> str:
    """Return what is said of a workbook with too many sheets."""
    return f"有 {count} 张表，超过 {limits.MAX_SHEETS} 张，不像填报表，请换用下发的模板。"


def too_wide(farthest: str) -> str:
    """Return what is said of a workbook whose cells reach too far."""
    where = f"很远的单元格 {farthest} 里有内容，" if farthest else ""
    millions = limits.MAX_CELLS // 10_000
    return f"{where}表大得不正常（展开后超过 {millions} 万格）。请选中数据下方、右侧的空行空列，删除整行整列后再报。"


def _package(data: bytes, package: zipfile.ZipFile) -> Container:
    infos = package.infolist()
    members = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}
    kind = _kind_of(members)
    if any(info.flag_bits & 1 for info in infos):
        raise Refusal(_LOCKED)
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.MAX_UNPACKED_BYTES or sum(info.compress_size for info in infos) > len(data):
        raise Refusal(
            f"解压后超过 {limits.MAX_UNPACKED_BYTES >> 20} MB，不像正常的填报表。请新建一个工作簿，只粘贴要报的内容后再报。"
        )
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
    )


def _kind_of(members: Mapping[str, zipfile.ZipInfo]) -> str:
    if "xl/workbook.xml" in members:
        return "xlsx"
    if "xl/workbook.bin" in members:
        return "xlsb"
    if "content.xml" in members:
        return "ods"
    if any(name.endswith("workbook.xml") for name in members):
        return "xlsx"
    for part, word in (("word/document.xml", "Word 文档"), ("ppt/presentation.xml", "演示文稿")):
        if part in members:
            raise Refusal(f"这是 {word}，不是工作簿，请报下发的 Excel 模板。")
    if any(name.endswith((".xlsx", ".xlsm", ".xls", ".et", ".xlsb", ".ods")) for name in members):
        raise Refusal("这是压缩包，里面装着工作簿，没有拆开。请解压，把里面的表单独放进来。")
    raise Refusal("压缩包里没有工作簿，请另存为 .xlsx 后再报。")


def _prove_sizes(container: Container) -> None:
    """Unpack what only the reader will unpack, where it could hold more than it states; zipfile checks length and sum."""
    for name, info in container.members.items():
        read_elsewhere = name.startswith("xl/worksheets/") or not name.endswith((".xml", ".rels", ".bin"))
        if not read_elsewhere and info.compress_size * _MOST_PACKED > limits.PLAIN_UNPACKED_BYTES and container.package:
            with container.package.open(info) as stream:
                while stream.read(limits.MEGABYTE):
                    pass


def _book_is_plain(container: Container) -> bool:
    """Whether the package says that its workbook is the part that was looked at: the reader follows what it says."""
    tags = re.findall(rb"<(?:\w+:)?Relationship\b[^<>]*>", _unpack(container, "_rels/.rels"))
    targets = {_attribute(tag, b"Target") for tag in tags if _attribute(tag, b"Type").endswith("/officeDocument")}
    return {target.lstrip("/").lower() for target in targets} == {"xl/workbook.xml"}


def _strings_are_plain(container: Container, rels: bytes) -> bool:
    """Whether the shared strings stand where they always do and do not promise more than they can hold: the reader takes their word."""
    if rels.count(b"haredStrings.xml") > 1:
        return False
    if b"sharedStrings" not in rels and _STRINGS not in container.members:
        return True
    info = container.members.get(_STRINGS)
    if info is None or container.package is None or len(_STRINGS_TARGET.findall(rels)) != 1:
        return False
    with container.package.open(info) as stream:
        head = _STRINGS_HEAD.match(stream.read(1024))
    return head is not None and all(
        len(each) < 10 and each.isdigit() and int(each) <= info.file_size for each in _PROMISE.findall(head[1])
    )


def _unpack(container: Container, name: str) -> bytes:
    info = container.members.get(name.lower())
    if info is None or container.package is None:
        return b""
    xml = container.package.read(info)
    if b"<!DOCTYPE" in xml:
        raise Refusal(f"{name.rpartition('/')[2]} {_ODD}")
    return xml


def _facts_of(container: Container, part: str) -> SheetFacts:
    xml = _unpack(container, part)
    facts = scan(xml) if xml else SheetFacts()
    if facts.reach > limits.MAX_CELLS:
        raise Refusal(too_wide(facts.farthest))
    return facts


def _listed_sheets(book: bytes, rels: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and part of each sheet that the workbook lists, found through its relationships."""
    targets = {}
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^<>]*>", rels):
        target = _attribute(tag, b"Target").replace("\\", "/")
        targets[_attribute(tag, b"Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    for tag in re.findall(rb"<(?:\w+:)?sheet\b[^<>]*>", book):
        yield _attribute(tag, b"name"), targets.get(_attribute(tag, rb"\w+:id"), "")


def _attribute(tag: bytes, name: bytes) -> str:
    match = _attribute_named(name).search(tag)
    if match is None:
        return ""
    text = (match[1] or match[2] or b"").decode("utf-8", "replace")
    if "&" in text:
        for entity, char in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"), ("&amp;", "&")):
            text = text.replace(entity, char)
    return text


@cache
def _attribute_named(name: bytes) -> re.Pattern[bytes]:
    return re.compile(rb"\s" + name + rb"""=(?:"([^"]*)"|'([^']*)')""")


def is_encrypted(data: bytes) -> bool:
    """Whether an old container holds a workbook that only a password opens."""
    import msoffcrypto

    try:
        return bool(msoffcrypto.OfficeFile(io.BytesIO(data)).is_encrypted())
    except Exception:  # the library raises many kinds of errors on damaged containers; the reader then says what it is
        return "EncryptedPackage".encode("utf-16-le") in data


def _looks_like(data: bytes) -> str:
    head = data[:512].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not head:
        return "空文件"
    if head.startswith((b"<html", b"<!doctype", b"<table")):
        return "像网页"
    if head.startswith(b"<?xml"):
        return "是 XML 文件"
    if head.startswith(b"%pdf"):
        return "是 PDF"
    if head.startswith(b"{\\rtf"):
        return "是 RTF 文档"
    if data.startswith((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\0", b"MM\0*")):
        return "是图片"
    if data.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        return "是压缩包"
    return "像文本文件" if b"\x00" not in data[:512] else "认不出的格式"
