"""Rewrite an .xlsb with a misplaced workbook or sheets without cells as Excel would lay it out."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from taizhang.workbook.containers import BROKEN_ZIP, DAMAGED, Container, Refusal, packed, part_of, relations
from taizhang.workbook.markup import PACKAGE, RELATIONS, quoted

__all__ = ["usual_xlsb"]

_BUNDLE_SHEET, _DATE_1904 = 156, 153


def usual_xlsb(container: Container) -> bytes:
    """Return an .xlsb with its workbook where the reader looks for it, without sheets that have no cells.

    Such sheets hold macros or dialogs. Raises Refusal for damage.
    """
    try:
        related = relations(container, container.book)
        sheets = {each.id: each for each in related if each.kind == "worksheet" and part_of(container, each.part)}
        book = b"".join(packed(container, container.book))
        kept = bytearray()
        for kind, start, body, end in _records(book):
            if kind != _BUNDLE_SHEET or _sheet_id(book[body:end]) in sheets:
                kept += book[start:end]
        texts = [each for each in related if each.kind in ("sharedStrings", "styles") and part_of(container, each.part)]
        names = {each.id: f"worksheets/sheet{n}.bin" for n, each in enumerate(sheets.values(), 1)}
        names |= {each.id: f"{each.kind}.bin" for each in texts}
        listed = "".join(
            f'<Relationship Id={quoted(each.id)} Type="{RELATIONS}/{each.kind}" Target="{names[each.id]}"/>'
            for each in (*sheets.values(), *texts)
        )
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr("xl/workbook.bin", bytes(kept))
            package.writestr(
                "xl/_rels/workbook.bin.rels",
                f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>',
            )
            for each in (*sheets.values(), *texts):
                package.writestr(f"xl/{names[each.id]}", b"".join(packed(container, each.part)))
        return target.getvalue()
    except BROKEN_ZIP:
        raise Refusal(*DAMAGED) from None


def _records(stream: bytes) -> Iterator[tuple[int, int, int, int]]:
    """Yield kind, start, start of the body and end of the records of a binary part ([MS-XLSB] 2.1.4)."""
    place = 0
    while place < len(stream):
        start, kind = place, stream[place]
        place += 1
        if kind & 0x80 and place < len(stream):
            kind |= stream[place] << 8
            kind = (kind & 0x7F) | ((kind >> 8 & 0x7F) << 7)
            place += 1
        length = 0
        for shift in (0, 7, 14, 21):
            if place >= len(stream):
                return
            byte = stream[place]
            place += 1
            length |= (byte & 0x7F) << shift
            if not byte & 0x80:
                break
        body, place = place, min(place + length, len(stream))
        yield kind, start, body, place


def _sheet_id(body: bytes) -> str:
    """Return the relationship id in a record that lists a sheet: state, number, then the id as counted UTF-16."""
    length = int.from_bytes(body[8:12], "little")
    return body[12 : 12 + 2 * length].decode("utf-16-le", "replace") if length < 256 else ""
