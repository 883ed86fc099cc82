"""Document properties of returned workbooks: who saved one last, what a marked copy is made of."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from taizhang.system.files import open_file
from taizhang.typed.personal import find_personal
from taizhang.workbook.markup import PACKAGE, unescape
from taizhang.workbook.reader import BROKEN_ZIP

__all__ = ["CORE", "MARKER", "core_of", "made_of", "marked_core", "saved_at", "saved_by_us"]

MARKER = "整改台账"
"""Author of our comments, and last saver of our workbooks, by which they are recognised when they come back."""

CORE = "docProps/core.xml"
"""The part of a workbook that holds its properties."""


def core_of(path: Path) -> bytes:
    """Return a workbook's core properties as raw XML; empty if it has none or is damaged."""
    try:
        with open_file(path) as file, zipfile.ZipFile(file) as package, package.open(CORE) as part:
            return part.read(100_000)
    except BROKEN_ZIP:
        return b""


def saved_by_us(core: bytes) -> bool:
    """Whether a workbook is unchanged since this program wrote it.

    Other programs record their user's name or none, or move the time stamp: ours has the same time for creation and
    saving, and a program that keeps the name keeps only the creation time.
    """
    found = re.search(rb"<cp:lastModifiedBy>([^<]*)<", core)
    stamps = re.findall(rb"<dcterms:(?:created|modified)\b[^<>]*>([^<]*)<", core)
    return found is not None and found[1] == MARKER.encode() and len(stamps) == 2 and stamps[0] == stamps[1]


def made_of(core: bytes) -> str:
    """Return the digest of what a marked copy was made of; empty for any other workbook."""
    found = re.search(rb"<dc:identifier>([0-9a-f]*)<", core)
    return found[1].decode() if found else ""


def marked_core(old: bytes, digest: str) -> bytes:
    """Return a marked copy's properties: the title without personal data, no author, and ``digest`` of its source."""
    title = re.search(rb"<dc:title>([^<]*)</dc:title>", old)
    if title and find_personal(unescape(title[1])):
        title = None
    stamp = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    dates = "".join(
        f'<dcterms:{what} xsi:type="dcterms:W3CDTF">{stamp}</dcterms:{what}>' for what in ("created", "modified")
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties"'
        ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"{title[0].decode('utf-8', 'replace') if title else ''}<dc:identifier>{digest}</dc:identifier>"
        f"<dc:creator></dc:creator><cp:lastModifiedBy>{MARKER}</cp:lastModifiedBy>{dates}</cp:coreProperties>"
    ).encode()


CHINA = timezone(timedelta(hours=8))
"""China Standard Time, to which the UTC stamps of Office files are converted."""


def saved_at(stamp: str) -> datetime | None:
    """Convert a workbook's stamp (ISO, UTC unless it has a zone) to naive China Standard Time; None if malformed."""
    try:
        moment = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(CHINA).replace(tzinfo=None)
