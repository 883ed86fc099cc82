"""Properties of the workbooks that go back: who saved one last, and what a marked copy was made of."""

from __future__ import annotations

import re
import zipfile
from datetime import UTC, datetime
from pathlib import Path

from taizhang.system.files import opened
from taizhang.typed.personal import find_personal
from taizhang.workbook.markup import PACKAGE, unescaped
from taizhang.workbook.reader import BROKEN_ZIP

__all__ = ["CORE", "MARKER", "core_of", "made_of", "marked_core", "saved_by_us"]

MARKER = "整改台账"
"""Author of our comments, and who saved the workbook last: so that they are known again when it comes back."""

CORE = "docProps/core.xml"
"""The part of a workbook that holds its properties."""


def core_of(path: Path) -> bytes:
    """Return the properties of a workbook as its package holds them; nothing where there are none."""
    try:
        with opened(path) as file, zipfile.ZipFile(file) as package, package.open(CORE) as part:
            return part.read(100_000)
    except BROKEN_ZIP:
        return b""


def saved_by_us(core: bytes) -> bool:
    """Whether a workbook is as this program wrote it: every other one puts its user's name, or none, there, or moves its stamp.

    What this program writes was created and saved in the same moment; a program that keeps the name keeps the first only.
    """
    found = re.search(rb"<cp:lastModifiedBy>([^<]*)<", core)
    stamps = re.findall(rb"<dcterms:(?:created|modified)\b[^<>]*>([^<]*)<", core)
    return found is not None and found[1] == MARKER.encode() and len(stamps) == 2 and stamps[0] == stamps[1]


def made_of(core: bytes) -> str:
    """Return the digest of what a marked copy was made of; empty for every other workbook."""
    found = re.search(rb"<dc:identifier>([0-9a-f]*)<", core)
    return found[1].decode() if found else ""


def marked_core(old: bytes, digest: str) -> bytes:
    """Return the properties of a marked copy: its title stays, who wrote it does not; ``digest`` says what it was made of."""
    title = re.search(rb"<dc:title>([^<]*)</dc:title>", old)
    if title and find_personal(unescaped(title[1])):
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
