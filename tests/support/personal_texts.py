"""Personal data to plant: the standard's example identity number and test numbers; and all texts of a file."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

IDENTITY, PHONE, CARD = "11010519491231002X", "13800138000", "4111111111111111"


SECRETS = (IDENTITY, PHONE, CARD, "绝密★1年")


ALL = f"联系{PHONE}，证件{IDENTITY}，卡{CARD}，绝密★1年"


def texts_of(path: Path) -> str:
    """Return all text of a file; of a package that of its members, however deep."""
    return _text(path.read_bytes())


def _text(data: bytes) -> str:
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return "".join(_text(package.read(name)) for name in package.namelist())
    return data.decode("utf-8", "replace")
