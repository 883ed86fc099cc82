"""Zip packages that are the same bytes on whatever system they are made: zipfile notes which one it was."""

from __future__ import annotations

import io
import struct
import zipfile

__all__ = ["MADE_ON", "portable"]

MADE_ON = 3
"""What every member says of the system that it was made on: a POSIX one (APPNOTE.TXT 4.4.2), as zipfile has it but on Windows."""

_ENTRY, _FIXED = b"PK\x01\x02", 46


def portable(package: bytes) -> bytes:
    """Return a package that was just made here, its members as they would be made anywhere."""
    if zipfile.ZipInfo().create_system == MADE_ON:
        return package
    made = bytearray(package)
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entry = archive.start_dir
    while made[entry : entry + 4] == _ENTRY:
        made[entry + 5] = MADE_ON
        entry += _FIXED + sum(struct.unpack_from("<HHH", made, entry + 28))
    return bytes(made)
