"""``taizhang report`` writes 专项一览 if a register with boards has a row, and only then loads what computes them."""

from __future__ import annotations

import re
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from support.fixtures import Make, Run
from support.ledgers import load

PLANS = [
    {"code": "ZD-001", "name": "采购办法", "department": "财务处", "action": "改", "planned": date(2022, 3, 1),
     "outcome": "起草中"},
]  # fmt: skip


def reports(ledger: Path) -> list[str]:
    folder = ledger.parent / "报表"
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def test_a_register_with_a_row_has_its_board_and_one_without_has_none(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}], regulations=PLANS)
    result = run("report", "-l", ledger, "--as-of", "2022-03-31")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) == 2
    assert reports(ledger) == ["专项一览_2022-03-31.xlsx", "整改进展一览_2022-03-31.xlsx"]
    assert f"已生成 {ledger.parent / '报表' / '专项一览_2022-03-31.xlsx'}" in result.stderr


def links_of(path: Path) -> list[tuple[str, Path, str, str]]:
    """Return the links to other files from a workbook: the text, the file, and the sheet and cell in it."""
    found = []
    for sheet in load(path.read_bytes()):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink and cell.hyperlink.target):
            file = path.parent / unquote(cell.hyperlink.target.replace("\\", "/"))
            place = re.fullmatch(r"'(.+)'!([A-Z]+\d+)", cell.hyperlink.location)
            assert place
            found.append((str(cell.value), file.resolve(), *place.groups()))
    return found


@pytest.mark.parametrize("output", ["报表/一览.xlsx", "../给局长 6月/一览.xlsx", "一览.xlsx"])
def test_links_lead_to_the_other_workbook_and_to_the_row_of_the_ledger(
    make_ledger: Make, run: Run, output: str
) -> None:
    ledger = make_ledger([{}], regulations=PLANS, slips=[{"code": "DB-001", "department": "财务处"}])
    path = ledger.parent / output
    path.parent.mkdir(exist_ok=True)
    assert run("report", "-l", ledger, "--as-of", "2022-03-31", "-o", path).exit_code == 0
    special = path.with_name("专项一览_2022-03-31.xlsx")
    every: list[tuple[str, Path, str, str]] = [*links_of(path), *links_of(special)]
    books: dict[Path, Any] = {file: load(file.read_bytes()) for file in {link[1] for link in every}}
    assert {file.name for file in books} == {ledger.name, path.name, special.name}
    for text, file, sheet, cell in every:
        assert sheet in books[file].sheetnames, (text, sheet)
        if file == ledger.resolve():
            assert text == f"第 {cell[1:]} 行"
            assert books[file][sheet][cell].value == "ZD-001"
        if file == special.resolve():
            assert text == "看板→"
            assert sheet in ("规章制度",)


def test_a_dry_run_writes_neither(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}], regulations=PLANS)
    assert run("report", "-l", ledger, "--as-of", "2022-03-31", "-n").exit_code == 0
    assert reports(ledger) == []


def test_without_a_row_there_is_no_board_and_pandas_is_not_loaded(make_ledger: Make) -> None:
    ledger = make_ledger([{}])
    words = (
        "import sys\nfrom taizhang.cli import main\n"
        f"sys.argv = ['taizhang', 'report', '-l', {str(ledger)!r}, '--as-of', '2022-03-31']\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print({'pandas', 'numpy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines()[-1] == "set()"
    assert reports(ledger) == ["整改进展一览_2022-03-31.xlsx"]
