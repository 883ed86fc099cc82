"""The departments of the sample: they fill in the issued workbooks and return them; one is late, one silent."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from taizhang.demo import sample
from taizhang.ledger.model import Ledger
from taizhang.splice import patch
from taizhang.system.files import write_atomically
from taizhang.workbook.reader import read_workbook

__all__ = ["send_back"]


def send_back(ledger: Ledger, folder: Path) -> None:
    """Fill in the workbooks in a folder's 下发 and write them to its 报送."""
    for path in sorted((folder / "下发" / sample.PERIOD).glob("*.xlsx")):
        if path.stem == sample.MISSING:
            continue
        issued = read_workbook(path)
        filled, _ = patch(issued.data, sample.returned_cells(issued, ledger, path.stem))
        if path.stem == sample.LATE:
            filled = _stamp_later(filled)
        write_atomically(folder / "报送" / sample.PERIOD / path.name, filled)


def _stamp_later(data: bytes) -> bytes:
    """Return a workbook whose saved stamp is later than the due day."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            member = source.read(info)
            if info.filename == "docProps/core.xml":
                member = member.replace(b"2022-06-20", b"2022-06-28")
            package.writestr(info, member)
    return target.getvalue()
