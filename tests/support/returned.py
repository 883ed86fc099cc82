"""Act as departments and office in tests: fill issued forms, edit the ledger, read the output."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import Any

from click.testing import Result
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.ledger.registers import read_register
from taizhang.merge.ticks import find_tick
from taizhang.splice import SetCell, patch
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

from support.returned_files import rewrite


def fill(
    ledger: Path,
    values: dict[str, dict[str, Any]],
    *,
    form: str = "tasks",
    name: str = "财务处",
    department: str = "财务处",
    period: str = "2022-03",
    ticks: bool = True,
) -> Path:
    """Type values (by row code or hidden id, and column key) into an issued form, and return it.

    With ``ticks``, the other sheets are said to have no change. With no values the form is opened and saved all the
    same: other bytes, no other cell.
    """
    issued = read_workbook(ledger.parent / "下发" / period / f"{department}.xlsx")
    register, _ = read_register(issued, standard_forms()[form])
    assert register
    id_column = next(number for number, head in register.extra if head == "行标识")
    rows = {as_text(row[id_column - 1]): number for number, row in enumerate(register.sheet.rows, 1) if row}
    cells = [
        SetCell(register.sheet.name, rows[code], register.columns[key], value)
        for code, typed in values.items()
        for key, value in typed.items()
    ]
    if cells and ticks:
        others = (read_register(issued, each)[0] for key, each in standard_forms().items() if key != form)
        found = (find_tick(each) for each in others if each)
        cells += [SetCell(each.sheet, each.row, each.column, "是") for each in found if each]
    target = ledger.parent / "报送" / f"{name}.xlsx"
    target.parent.mkdir(exist_ok=True)
    target.write_bytes(patch(issued.data, cells)[0] if cells else rewrite(issued.data, {}))
    return target


def template(ledger: Path, department: str = "财务处") -> Path:
    """Return the path of the form issued to a department for 2022-03."""
    return ledger.parent / "下发" / "2022-03" / f"{department}.xlsx"


def edit(ledger: Path, code: str, key: str, value: Any, form: str = "tasks") -> None:
    """Edit one cell of the ledger by hand."""
    edit_rows(ledger, {code: {key: value}}, form)


def edit_rows(ledger: Path, values: dict[str, dict[str, Any]], form: str = "tasks") -> None:
    """Edit cells of the ledger by hand (by row code and column key), saved once."""
    register = read_ledger(ledger, standard_forms()).registers[form]
    cells = [
        SetCell(register.sheet.name, register.by_code[code].row, register.columns[key], value)
        for code, typed in values.items()
        for key, value in typed.items()
    ]
    ledger.write_bytes(patch(ledger.read_bytes(), cells)[0])


def column_values(ledger: Path, key: str, form: str = "tasks") -> dict[str, str]:
    """Return a register's values in one column, by code."""
    records = read_ledger(ledger, standard_forms()).registers[form].records
    return {record.code: as_text(record.cells[key]) for record in records}


def value(ledger: Path, code: str, key: str, form: str = "tasks") -> str:
    return as_text(read_ledger(ledger, standard_forms()).registers[form].by_code[code].cells[key])


def findings(result: Result) -> list[tuple[str, str]]:
    """Return (cell, check) of the findings printed on stdout."""
    lines = [line.split(": ") for line in result.stdout.splitlines() if ".xlsx" in line and line.count(": ") >= 2]
    return [(line[0].rpartition("!")[2] if "!" in line[0] else "", line[1]) for line in lines]


def type_into(path: Path, cells: dict[str, dict[tuple[int, int], Any]], target: Path | None = None) -> Path:
    """Type values into a workbook by sheet and (row, column); saved as ``target``, else in place."""
    edits = [SetCell(sheet, row, column, value) for sheet, own in cells.items() for (row, column), value in own.items()]
    target = target or path
    target.write_bytes(patch(path.read_bytes(), edits)[0])
    return target


def saved_on(path: Path, day: str) -> None:
    """Set the file's own stamp, as Excel does when it saves."""
    target = io.BytesIO()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as package:
        for info in source.infolist():
            data = source.read(info)
            if info.filename == "docProps/core.xml":
                data = re.sub(rb"2022-\d\d-10T00:00:00Z", day.encode(), data)
            package.writestr(info, data)
    path.write_bytes(target.getvalue())
