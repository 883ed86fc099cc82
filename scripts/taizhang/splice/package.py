"""The workbook's zip package: parts are found by relationships; untouched members are copied byte for byte."""

from __future__ import annotations

import copy
import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from taizhang.splice.directory import FOREIGN, entries, is_strict
from taizhang.splice.edits import Refused
from taizhang.system.zipped import MADE_ON
from taizhang.workbook.containers import is_encrypted
from taizhang.workbook.markup import add_prefix, attribute, element, text_element
from taizhang.workbook.reader import BROKEN_ZIP

__all__ = ["SHARED_ITEM", "Package", "relationships_of"]

DEFLATE_LEVEL = 2
"""Measured on a sheet of 14 MB: level 2 takes a sixth of the time of level 6 and makes the file a fifth larger."""

CHUNK = 1 << 20
"""Bytes of a member unpacked at a time, if it is not needed whole."""

_ENCODING = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\b[^<>]*?\sencoding\s*=\s*["'](?!utf-?8["'])""", re.IGNORECASE)

SHARED_ITEM = re.compile(element(b"si"))
_ODD_STRINGS = "台账的文字部分写法少见，不能安全改写，请用 Excel 或 WPS 打开后另存一次。"


@dataclass(repr=False)
class Package:
    """The members of a workbook and the changed ones; nothing is written before ``write``.

    ``freed`` holds the indices of shared texts that removed rows used.
    """

    data: bytes
    archive: zipfile.ZipFile
    ends: dict[str, int]
    by_path: dict[str, zipfile.ZipInfo]
    changed: dict[str, bytes] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)
    formulas_moved: bool = False
    freed: set[int] = field(default_factory=set)
    fitting_styles: dict[tuple[int | None, str], int | None] = field(default_factory=dict)
    _texts: dict[str, bytes] = field(default_factory=dict)
    _related: dict[str, tuple[bytes, dict[str, tuple[str, str]]]] = field(default_factory=dict)
    _listed: tuple[bytes, bytes, dict[str, str]] = (b"", b"", {})
    _counted: tuple[bytes, int] = (b"", 0)
    _shared: dict[bytes, int] = field(default_factory=dict)
    _shares: int = 0
    _shared_before: int = -1
    _keeps_shared: bool = False

    @classmethod
    def read(cls, workbook: bytes) -> Package:
        """Open a package; raises Refused if it is no plain .xlsx. ``prove`` checks the content of its members."""
        if workbook.startswith(b"\xd0\xcf\x11\xe0"):
            if is_encrypted(workbook):
                raise Refused("encrypted", "台账加了密码，不能写。请先去掉密码：文件→信息→保护工作簿→清空密码。")
            message = "台账是旧格式（.xls/.et），只能看，不能写。请用 Excel 或 WPS 在原处另存为 .xlsx，以后用那一份。"
            raise Refused("not-xlsx", message)
        try:
            archive = zipfile.ZipFile(io.BytesIO(workbook))
        except BROKEN_ZIP:
            raise _damaged() from None
        by_path: dict[str, zipfile.ZipInfo] = {}
        for info in archive.infolist():
            if by_path.setdefault(_key(info.filename), info) is not info:
                raise Refused("duplicate-member", "台账文件里有重复的部分，请用 Excel 或 WPS 打开后另存一次。")
        if any(path.startswith("_xmlsignatures/") for path in by_path):
            raise Refused("signed", "台账有数字签名，改动会使签名失效，请先在 Excel 里去掉签名。")
        starts = [*sorted(info.header_offset for info in by_path.values()), archive.start_dir]
        follows = dict(itertools.pairwise(starts))
        return cls(workbook, archive, {path: follows[info.header_offset] for path, info in by_path.items()}, by_path)

    def prove(self) -> None:
        """Unpack every member and verify its checksum; raises Refused for damage and for a DOCTYPE.

        XML members of at most one chunk stay in memory, since most are read next.
        """
        for path, info in self.by_path.items():
            pieces = self.chunks(path)
            first = next(pieces, b"")
            if path.endswith((".xml", ".rels")):
                if b"<!DOCTYPE" in first[:1024]:
                    raise Refused("doctype", FOREIGN)
                if info.file_size == len(first):
                    self._texts[info.filename] = first
            for _ in pieces:
                pass

    def has(self, path: str) -> bool:
        """Whether the package holds this part."""
        return _key(path) in self.by_path or path in self.changed

    def raw(self, path: str) -> bytes:
        """Return a member's local record as stored in the file; ``path`` is a key of ``by_path``."""
        return self.data[self.by_path[path].header_offset : self.ends[path]]

    def chunks(self, path: str) -> Iterator[bytes]:
        """Yield a stored member in chunks; raises Refused for damage, a wrong checksum only after the last one."""
        try:
            with self.archive.open(self.by_path[_key(path)]) as part:
                while chunk := part.read(CHUNK):
                    yield chunk
        except BROKEN_ZIP:
            raise _damaged() from None

    def text(self, path: str) -> bytes:
        """Return a part with the changes made so far, empty if there is none; raises Refused if it is damaged."""
        info = self.by_path.get(_key(path))
        name = info.filename if info else path
        if name in self.changed or info is None:
            return self.changed.get(name, b"")
        if name not in self._texts:
            self._texts[name] = b"".join(self.chunks(name))
        return self._texts[name]

    def free_texts(self) -> None:
        """Free the unpacked parts; they are unpacked again when needed."""
        self._texts.clear()

    def put(self, path: str, data: bytes) -> None:
        """Change or add a part; raises Refused if it declares an encoding other than UTF-8."""
        if _ENCODING.match(data):
            raise Refused(
                "encoding", f"台账里 {path} 的编码不是 UTF-8，不能安全改写，请用 Excel 或 WPS 打开后另存一次。"
            )
        info = self.by_path.get(_key(path))
        name = info.filename if info else path
        self._texts.pop(name, None)
        self.changed[name] = data

    def related(self, path: str) -> dict[str, tuple[str, str]]:
        """Return relationship id → (type, target path) of a part, ``""`` for the package itself; raises Refused."""
        xml = self.text(relationships_of(path))
        known = self._related.get(path)
        if known and known[0] == xml:
            return known[1]
        folder = path.rpartition("/")[0]
        found: dict[str, tuple[str, str]] = {}
        for each in entries(xml, "Relationships") if xml else ():
            target = each.attributes.get("Target", "")
            full = target.lstrip("/") if target.startswith("/") else _resolve_target(folder, target)
            found[each.attributes.get("Id", "")] = (each.attributes.get("Type", ""), full)
        self._related[path] = xml, found
        return found

    @property
    def book_path(self) -> str:
        """The path of the workbook part."""
        for kind, target in self.related("").values():
            if kind.endswith("/officeDocument"):
                return target
        raise Refused("no-workbook", "台账文件里找不到工作簿，请用 Excel 或 WPS 打开后另存为 .xlsx。")

    @property
    def plain(self) -> bool:
        """Whether the workbook opens under the extension .xlsx: it has no macros and is no template."""
        types = entries(self.text("[Content_Types].xml"), "Types")
        own = (each.attributes for each in types if each.attributes.get("PartName", "").lstrip("/") == self.book_path)
        return all(each.get("ContentType", "").endswith("spreadsheetml.sheet.main+xml") for each in own)

    @property
    def formats(self) -> int:
        """How many cell formats the workbook has; cells and rows refer to them by index."""
        path = self.part_of_type("styles")
        styles = self.text(path) if path else b""
        if styles != self._counted[0]:
            self._counted = styles, sum(each.name == "xf" for each in entries(styles, "cellXfs"))
        return self._counted[1]

    @property
    def strict(self) -> bool:
        """Whether the workbook is Strict Open XML, which has other namespaces."""
        return is_strict(self.text(self.book_path))

    @cached_property
    def epoch_1904(self) -> bool:
        """Whether days are counted from 1904-01-01 (``ECMA-376`` 18.2.28)."""
        tag = re.search(rb"<(?:\w+:)?workbookPr\b[^<>]*>", self.text(self.book_path))
        return bool(tag) and attribute(tag[0], b"date1904") in ("1", "true")

    def sheet_parts(self) -> dict[str, str]:
        """Return worksheet name → path, in tab order; raises Refused if the directory is damaged."""
        path = self.book_path
        book, relations = self.text(path), self.text(relationships_of(path))
        if (book, relations) != self._listed[:2]:
            related, sheets = self.related(path), {}
            for each in entries(book, "sheets") if book else ():
                keys = (value for name, value in each.attributes.items() if name.endswith(":id"))
                kind, part = related.get(next(keys, ""), ("", ""))
                if kind.endswith("/worksheet"):
                    sheets[each.attributes.get("name", "")] = part
            self._listed = book, relations, sheets
        return dict(self._listed[2])

    def sheet_part(self, sheet: str) -> str:
        """Return the path of a worksheet; raises Refused if there is none."""
        path = self.sheet_parts().get(sheet)
        if path is None or not self.has(path):
            raise Refused("no-sheet", f"台账里找不到〈{sheet}〉表，可能刚被改名，请重新运行。")
        return path

    def part_of_type(self, kind: str) -> str | None:
        """Return the path of the workbook's part of a kind (``styles``, ``sharedStrings``), None if it is missing."""
        found = (path for each, path in self.related(self.book_path).values() if each.endswith(f"/{kind}"))
        return next((path for path in found if self.has(path)), None)

    def share(self, item: str | bytes) -> int | None:
        """Return the index of a text, or of a ready ``<si>``, that ``append_shared`` will append to the shared strings.

        None if the workbook has no shared strings. Existing ones are never edited, since other cells use them.
        """
        if self._shared_before < 0:
            path = self.part_of_type("sharedStrings")
            self._shared_before = _count_items(self.text(path)) if path else 0
            if path and not self._shared_before and re.search(rb'uniqueCount=["\'][1-9]', self.text(path)[:4096]):
                raise Refused("shared-strings", _ODD_STRINGS)
            self._keeps_shared = bool(path)
        if not self._keeps_shared:
            return None
        self._shares += 1
        xml = item if isinstance(item, bytes) else f"<si>{text_element(item)}</si>".encode()
        return self._shared.setdefault(xml, self._shared_before + len(self._shared))

    def shared_text(self, index: int) -> bytes:
        """Return the markup of the shared string with this index, empty if there is none."""
        path = self.part_of_type("sharedStrings")
        strings = re.finditer(SHARED_ITEM, self.text(path)) if path else iter(())
        found = next(itertools.islice(strings, index, None), None)
        return found[0] if found else b""

    def append_shared(self) -> None:
        """Append all texts from ``share`` to the shared strings at once."""
        path = self.part_of_type("sharedStrings")
        if not self._shared or path is None:
            return
        strings = self.text(path)
        opening = re.search(rb"<(\w+:)?sst\b[^<>]*>", strings)
        if opening is None:
            raise Refused("shared-strings", _ODD_STRINGS)
        prefix = opening[1] or b""
        items = add_prefix(b"".join(self._shared), prefix)
        more = {b"uniqueCount": len(self._shared), b"count": self._shares}
        counted = re.sub(
            rb"\b(uniqueCount|count)(=[\"'])(\d+)",
            lambda m: m[1] + m[2] + b"%d" % (int(m[3]) + more[m[1]]),
            opening[0],
        )
        end = b"</%ssst>" % prefix
        if counted.endswith(b"/>"):
            new = strings.replace(opening[0], counted[:-2] + b">" + items + end, 1)
        else:
            head, closing, tail = strings[opening.end() :].rpartition(end)
            new = b"".join((strings[: opening.start()], counted, head, items, closing, tail))
        self._shared, self._shares, self._shared_before = {}, 0, -1
        self.put(path, new)

    def write(self) -> bytes:
        """Return the package: untouched members byte for byte, changed ones deflated again."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w") as out:
            for info in self.by_path.values():
                if info.filename in self.removed:
                    continue
                new = copy.copy(info)
                if info.filename in self.changed:
                    record = _make_record(new, self.changed[info.filename])
                else:
                    record = self.raw(_key(info.filename))
                _write_record(out, new, record)
            known = {info.filename for info in self.by_path.values()}
            for name, data in self.changed.items():
                if name not in known:
                    new = zipfile.ZipInfo(name)
                    new.compress_type = zipfile.ZIP_DEFLATED
                    new.create_system = MADE_ON
                    _write_record(out, new, _make_record(new, data))
        return target.getvalue()


def _damaged() -> Refused:
    return Refused("damaged", "台账文件不完整或已损坏，请用历史里的上一份，或用 Excel 打开修复后再试。")


def _count_items(strings: bytes) -> int:
    opening = re.search(rb"<(\w+:)?sst\b", strings)
    item = b"<%ssi" % ((opening[1] or b"") if opening else b"")
    return sum(strings.count(item + end) for end in (b">", b"/", b" "))


def relationships_of(path: str) -> str:
    """Return the path of a part's relationships."""
    folder, _, name = path.rpartition("/")
    return f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"


def _make_record(info: zipfile.ZipInfo, data: bytes) -> bytes:
    """Return a member's local record and set its sizes and checksum in ``info``."""
    packed = data
    if info.compress_type != zipfile.ZIP_STORED:
        info.compress_type = zipfile.ZIP_DEFLATED
        deflate = zlib.compressobj(DEFLATE_LEVEL, zlib.DEFLATED, -15)
        packed = deflate.compress(data) + deflate.flush()
    info.file_size, info.compress_size, info.CRC = len(data), len(packed), zlib.crc32(data)
    info.flag_bits &= 0x800
    info.extra = _without_zip64(info.extra)
    return info.FileHeader(zip64=False) + packed


def _without_zip64(extra: bytes) -> bytes:
    kept = b""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        if kind != 1:
            kept += extra[: 4 + size]
        extra = extra[4 + size :]
    return kept


def _write_record(out: zipfile.ZipFile, info: zipfile.ZipInfo, record: bytes) -> None:
    """Write a ready local record, for which zipfile has no method, and register it for the central directory."""
    stream = out.fp
    assert stream is not None
    info.header_offset = stream.tell()
    stream.write(record)
    out.filelist.append(info)
    out.NameToInfo[info.filename] = info
    out.start_dir = stream.tell()
    out._didModify = True  # type: ignore[attr-defined]


def _key(path: str) -> str:
    # Files written on Windows and macOS may have paths whose case or slashes differ from the relationships to them.
    return path.replace("\\", "/").lower()


def _resolve_target(folder: str, target: str) -> str:
    parts = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            parts = parts[:-1]
        elif step != ".":
            parts.append(step)
    return "/".join(parts)
