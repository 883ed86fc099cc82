"""The departments of the sample: they fill in the issued workbooks and return them, as ``returns.toml`` says."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from taizhang.demo import sample
from taizhang.forms.register_names import FULFILMENTS, TASKS
from taizhang.ledger.layout import ISSUED_FOLDER, RETURNED_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Record, Register, read_register
from taizhang.merge.ticks import find_tick
from taizhang.splice import SetCell, patch
from taizhang.system.files import write_atomically
from taizhang.workbook.reader import Workbook, read_workbook

__all__ = ["returned_cells", "send_back"]

LATE_DAY = 28
"""The day of the month on which a late return is saved."""


def send_back(ledger: Ledger, folder: Path, period: str) -> None:
    """Fill in a period's workbooks in a folder's 下发 and write them to its 报送."""
    returns = sample.sample_facts("returns")[period]
    for path in sorted((folder / ISSUED_FOLDER / period).glob("*.xlsx")):
        if path.stem == returns.get("silent"):
            continue
        issued = read_workbook(path)
        cells = [] if path.stem == returns.get("unfilled") else list(returned_cells(issued, ledger, path.stem, period))
        filled = patch(issued.data, cells)[0] if cells else issued.data
        if path.stem == returns.get("late"):
            filled = _stamp_later(filled, period)
        write_atomically(folder / RETURNED_FOLDER / period / path.name, filled)


def _stamp_later(data: bytes, period: str) -> bytes:
    """Return a workbook whose saved stamp is later than the due day of its period."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            member = source.read(info)
            if info.filename == "docProps/core.xml":
                issued = sample.ISSUED[period]
                member = member.replace(str(issued).encode(), str(issued.replace(day=LATE_DAY)).encode())
            package.writestr(info, member)
    return target.getvalue()


def returned_cells(book: Workbook, ledger: Ledger, department: str, period: str) -> Iterator[SetCell]:
    """Yield what a department types into its workbook of a period."""
    returns = sample.sample_facts("returns")[period]
    for known in ledger.registers.values():
        register, _ = read_register(book, known.form)
        if register is None:
            continue
        typed: list[SetCell] = []
        for number, record in enumerate(register.records):
            typed += _cells(register, record.row, _values(register, record, number, returns))
        added = [each for each in returns.get("added", {}).get(known.form.name, ()) if each["department"] == department]
        for row, values in enumerate(added, register.last_row + 1):
            typed += _cells(register, row, {key: value for key, value in values.items() if key != "department"})
        if not typed and (tick := find_tick(register)):
            typed.append(SetCell(register.sheet.name, tick.row, tick.column, "是"))
        yield from typed


def _values(register: Register, record: Record, number: int, returns: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what is typed into a row that was issued."""
    if register.form.name == TASKS:
        words = returns["updates"][number % len(returns["updates"])]
        said = {} if record.code in returns.get("unsaid", ()) else {"update": words}
        return returns.get("tasks", {}).get(record.code, said)
    if register.form.name == FULFILMENTS:
        named = (record.cells["task"], record.cells["cycle"])
        own = (each for each in returns.get("fulfilments", ()) if (each["task"], each["cycle"]) == named)
        return {key: value for key, value in next(own, {}).items() if key not in ("task", "cycle")}
    return returns.get("others", {}).get(record.code, {})


def _cells(register: Register, row: int, values: Mapping[str, Any]) -> list[SetCell]:
    return [SetCell(register.sheet.name, row, register.columns[key], value) for key, value in values.items()]
