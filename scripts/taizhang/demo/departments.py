"""The departments of the sample: they fill in the issued workbooks and return them; one is late, one silent."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

from taizhang.demo import sample
from taizhang.demo.sample import MESSY
from taizhang.forms.register_names import TASKS
from taizhang.ledger.layout import ISSUED_FOLDER, RETURNED_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import read_register
from taizhang.ledger.vocabulary import Status
from taizhang.splice import SetCell, patch
from taizhang.system.files import write_atomically
from taizhang.workbook.reader import Workbook, read_workbook

__all__ = ["returned_cells", "send_back"]


def send_back(ledger: Ledger, folder: Path) -> None:
    """Fill in the workbooks in a folder's 下发 and write them to its 报送."""
    for path in sorted((folder / ISSUED_FOLDER / sample.PERIOD).glob("*.xlsx")):
        if path.stem == sample.MISSING:
            continue
        issued = read_workbook(path)
        filled, _ = patch(issued.data, returned_cells(issued, ledger, path.stem))
        if path.stem == sample.LATE:
            filled = _stamp_later(filled)
        write_atomically(folder / RETURNED_FOLDER / sample.PERIOD / path.name, filled)


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


def returned_cells(book: Workbook, ledger: Ledger, department: str) -> list[SetCell]:
    """Return what a department types into its issued workbook."""
    register, _ = read_register(book, ledger.registers[TASKS].form)
    cells: list[SetCell] = []
    for number, record in enumerate(register.records if register else ()):
        done = number == 0 and department in ("党委办公室", "机关纪委")
        progress = 1.0 if done else min(0.95, float(record.cells["progress"] or 0) + (0.05, 0.2, 0.15)[number % 3])
        values: dict[str, Any] = {
            "status": Status.DONE if done else Status.UNDER_WAY,
            "progress": round(progress, 2),
            "update": f"召开推进会 {number % 3 + 1} 次，完成分工和进度表，形成记录 {number % 2 + 1} 份",
            "next_step": "下月完成剩余工作并报整改办核验",
        }
        if record.cells["status"] == Status.ONGOING:
            values = {"update": "按季检查，执行情况良好"}
        elif done:
            values["evidence"] = "活动方案、签到表和记录（整改专柜）"
        if number % 3 == 0 and "status" in values and not done:
            values["obstacle"] = "涉及部门多，意见尚未统一"
        if department == MESSY and number in (0, 1, 2):
            values |= ({"status": "基本完成"}, {"progress": "八成"}, {"status": Status.DONE, "progress": "１００％"})[
                number
            ]
        if register:
            cells += [
                SetCell(register.sheet.name, record.row, register.columns[key], value) for key, value in values.items()
            ]
    return cells
