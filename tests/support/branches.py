"""A ledger with two departments and three party branches, which answer registers of their own."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from taizhang.forms.load import standard_forms
from taizhang.ledger.registers import read_register
from taizhang.typed.text import as_text
from taizhang.workbook.reader import read_workbook

from support.fixtures import Make
from support.ledgers import sheets_in
from support.returned_files import by_hand

ONE, TWO, THREE = "机关第一党支部", "检验党支部", "后勤党支部"
BRANCHES = ((ONE, "党委办公室", "一支部"), (TWO, "财务处", ""), (THREE, "财务处", ""))

REGISTERS: dict[str, list[dict[str, Any]]] = {
    "branches": [
        {"code": f"ZB-0{n}", "branch": name, "department": department, "kind": "普通", "members": 9, "seats": 3}
        for n, (name, department, _) in enumerate(BRANCHES, 1)
    ],
    "committee_members": [
        {"code": "ZW-001", "branch": ONE, "department": "党委办公室", "post": "书记", "state": "在任"}
    ],
    "branch_meetings": [
        {
            "code": "SH-0001", "branch": TWO, "department": "财务处", "month": "2022-03", "kind": "党课",
            "held": date(2022, 3, 1), "expected": 9, "topic": "学习",
        }
    ],
    "members": [
        {
            "code": "FZ-0001", "branch": THREE, "department": "财务处", "stage": "积极分子",
            "applied": date(2021, 3, 1), "activist_on": date(2021, 10, 1),
        }
    ],
    "condolences": [
        {"code": "WW-001", "audience": "在职职工", "reason": "生日", "department": "财务处", "due": date(2022, 3, 20)}
    ],
}  # fmt: skip


def make(make_ledger: Make, **registers: list[dict[str, Any]]) -> Path:
    """Return the ledger, with these registers in place of those of REGISTERS."""
    ledger = make_ledger([{}, {"department": "党委办公室"}], **{**REGISTERS, **registers})
    name_branches(ledger, *BRANCHES)
    return ledger


def block(page: Any, title: str) -> tuple[int, int]:
    """Return the cell with the title of a block of 参数."""
    below = {"填报": "登记表", "党支部": "党支部", "部门": "部门"}[title]
    cells = (cell for row in page.iter_rows() for cell in row if cell.value == title)
    return next((c.row, c.column) for c in cells if page.cell(c.row + 1, c.column).value == below)


_TYPED: dict[tuple[object, ...], bytes] = {}


def type_block(ledger: Path, title: str, *rows: tuple[str, ...]) -> None:
    """Type rows into a block of 参数, in place of those it has; into the same ledger once, most tests begin with it."""
    key = ledger.read_bytes(), title, rows
    if key in _TYPED:
        ledger.write_bytes(_TYPED[key])
        return

    def edit(book: Any) -> None:
        page = book["参数"]
        row, column = block(page, title)
        for at in range(row + 2, row + 12):
            for right in range(len(rows[0])):
                page.cell(at, column + right).value = None
        for at, cells in enumerate(rows, row + 2):
            for right, text in enumerate(cells):
                page.cell(at, column + right).value = text or None

    by_hand(ledger, edit)
    _TYPED[key] = ledger.read_bytes()


def name_branches(ledger: Path, *branches: tuple[str, str, str]) -> None:
    """Type the party branches into 参数: name, department, other names."""
    type_block(ledger, "党支部", *branches)


def issued(ledger: Path, period: str = "2022-03") -> dict[str, list[str]]:
    """Return the registers in each issued workbook, by its name."""
    guide = ("填报说明", "自检", "_台账标识")
    return {
        path.stem: [name for name in sheets_in(path) if name not in guide]
        for path in sorted((ledger.parent / "下发" / period).glob("*.xlsx"))
    }


def spare(ledger: Path, name: str, form: str, period: str = "2022-03") -> str:
    """Return the hidden id of the first spare row of a register in an issued workbook."""
    register, _ = read_register(read_workbook(ledger.parent / "下发" / period / f"{name}.xlsx"), standard_forms()[form])
    assert register
    return next(as_text(row[0]) for row in register.sheet.rows if row and as_text(row[0]).startswith("新增-"))
