"""Make zip packages the same bytes on every system: zipfile records the one they were made on."""

from __future__ import annotations

import io
import struct
import zipfile

__all__ = ["MADE_ON", "make_portable"]

MADE_ON = 3
"""The system recorded for every member: POSIX (APPNOTE.TXT 4.4.2), zipfile's default except on Windows."""

_ENTRY, _FIXED = b"PK\x01\x02", 46


def make_portable(package: bytes) -> bytes:
    """Return a package made by this program with MADE_ON recorded for every member."""
    if zipfile.ZipInfo().create_system == MADE_ON:
        return package
    made = bytearray(package)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entry = archive.start_dir
    while made[entry : entry + 4] == _ENTRY:
        made[entry + 5] = MADE_ON
        entry += _FIXED + sum(struct.unpack_from("<HHH", made, entry + 28))
    return bytes(made)
