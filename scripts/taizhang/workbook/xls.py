"""Facts in an .xls (BIFF8) that the reader omits: formulas, errors, hidden rows, links, epoch.

The records of the workbook stream are walked once; [MS-XLS] describes them. Runs in the separate process.
"""

from __future__ import annotations

import io
import itertools
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from types import SimpleNamespace

from taizhang.workbook.containers import LOCKED, Refusal
from taizhang.workbook.sheet_xml import SheetFacts

__all__ = ["XlsFacts", "scan_xls", "unlock"]

_DATE_MODE, _BOUND_SHEET, _SUPPORTING_BOOK = 0x0022, 0x0085, 0x01AE
_BEGIN, _END = 0x0809, 0x000A
_FORMULA, _STRING, _ERROR, _ROW, _FILTER_MODE, _VALIDATION = 0x0006, 0x0207, 0x0205, 0x0208, 0x009B, 0x01BE
_BETWEEN = (0x04BC, 0x0221, 0x0236, 0x003C)
"""Records allowed between a formula and its string result: shared, array and table formulas, continuations."""
_SAME_BOOK, _ADD_IN = 0x0401, 0x3A01
_FILE_PASSWORD = 0x002F
_OWN_PASSWORD = "VelvetSweatshop"
"""Excel's password for workbooks that are encrypted only because they are protected; [MS-OFFCRYPTO] 2.3."""


@dataclass(frozen=True, slots=True)
class XlsFacts:
    """Facts by sheet name, whether the epoch is 1904, and whether formulas refer to other workbooks."""

    sheets: dict[str, SheetFacts] = field(default_factory=dict)
    epoch_1904: bool = False
    external_links: bool = False


def scan_xls(data: bytes) -> XlsFacts:
    """Return the facts of an .xls; empty if its records cannot be followed."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            stream = container.openstream("Workbook").read()
        return _facts(stream)
    except Exception:  # a damaged container or record: whether it can be read is left to the reader
        return XlsFacts()


def unlock(data: bytes) -> bytes:
    """Return an old container, decrypted if Excel opens it without asking, with a password of its own.

    Excel stores workbooks with a protected structure that way. Raises Refusal if a user's password is needed.
    """
    import msoffcrypto

    try:
        file = msoffcrypto.OfficeFile(io.BytesIO(data))
        locked = bool(file.is_encrypted())
    except Exception:  # the library raises many errors on damaged containers and does not support Excel 95
        file, locked = None, "EncryptedPackage".encode("utf-16-le") in data or _has_password(data)
    if not locked:
        return data
    target = io.BytesIO()
    try:
        from msoffcrypto.format import xls97

        xls97.tempfile = SimpleNamespace(TemporaryFile=io.BytesIO)  # type: ignore[attr-defined]  the process may not write files
        assert file is not None
        file.load_key(password=_OWN_PASSWORD)
        file.decrypt(target)
    except Exception:
        raise Refusal(*LOCKED) from None
    return target.getvalue()


def _has_password(data: bytes) -> bool:
    """Whether the records before the first sheet say that those after them are encrypted."""
    import olefile

    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            name = next(each for each in ("Workbook", "Book") if container.exists(each))
            records = _records(container.openstream(name).read(), 0)
            return any(kind == _FILE_PASSWORD for kind, _ in itertools.islice(records, 1000))
    except Exception:  # damaged: whether it can be read is left to the reader
        return False


def _facts(stream: bytes) -> XlsFacts:
    epoch, external, names = False, False, {}
    for kind, body in _records(stream, 0):
        if kind == _DATE_MODE:
            epoch = body[:1] == b"\x01"
        elif kind == _BOUND_SHEET:
            start, _, sheet_kind, length, wide = struct.unpack_from("<IBBBB", body)
            text = body[8 : 8 + length * 2].decode("utf-16-le") if wide & 1 else body[8 : 8 + length].decode("latin-1")
            if sheet_kind == 0:
                names[text] = start
        elif kind == _SUPPORTING_BOOK:
            external = external or struct.unpack_from("<H", body, 2)[0] not in (_SAME_BOOK, _ADD_IN)
    return XlsFacts({name: _sheet_facts(stream, start) for name, start in names.items()}, epoch, external)


def _sheet_facts(stream: bytes, start: int) -> SheetFacts:
    formulas, uncached, errors, hidden = set(), set(), set(), set()
    filtered, validations, waiting = False, 0, None
    for kind, body in _records(stream, start):
        if waiting and kind not in _BETWEEN:
            if kind != _STRING:
                uncached.add(waiting)
            waiting = None
        if kind == _FORMULA:
            row, column = struct.unpack_from("<HH", body)
            address = (row + 1, column + 1)
            formulas.add(address)
            if body[12:14] == b"\xff\xff" and body[6] == 2:
                errors.add(address)
            elif body[12:14] == b"\xff\xff" and body[6] == 0:
                waiting = address
        elif kind == _ERROR and body[7:8] == b"\x01":
            row, column = struct.unpack_from("<HH", body)
            errors.add((row + 1, column + 1))
        elif kind == _ROW and struct.unpack_from("<H", body, 12)[0] & 0x20:
            hidden.add(struct.unpack_from("<H", body)[0] + 1)
        elif kind == _FILTER_MODE:
            filtered = True
        elif kind == _VALIDATION:
            validations += 1
    return SheetFacts(
        frozenset(formulas), frozenset(uncached), frozenset(errors), frozenset(hidden), filtered, validations
    )


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of the records of one substream, without those of nested substreams (charts)."""
    place, depth = start, 0
    while place + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, place)
        if kind == _BEGIN:
            depth += 1
        elif kind == _END:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, stream[place + 4 : place + 4 + length]
        place += 4 + length
