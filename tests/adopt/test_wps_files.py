"""Files of WPS (.et), which are .xls or .xlsx under another name, and files with a password."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from msoffcrypto.format.ooxml import OOXMLFile
from support.fixtures import Run
from support.returned import column_values

ROWS = (
    ("序号", "存在的主要问题", "整改落实措施", "责任部门（单位）", "整改完成时间", "整改进展情况", "是否销号"),
    (1, "值守应急能力弱", "完善应急预案", "办公室", "2025年4月", "已修订", "是"),
    (2, "政务公开不全", "公开权责清单", "法规处", "2025年5月", "进行中", "否"),
)


def as_xls(path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("整改台账")
    for row, cells in enumerate(ROWS):
        for column, value in enumerate(cells):
            sheet.write(row, column, value)
    book.save(str(path))


def as_xlsx(path: Path) -> None:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "整改台账"
    for row in ROWS:
        sheet.append(row)
    book.save(path)


@pytest.mark.parametrize("save", [as_xls, as_xlsx])
def test_an_et_file_is_adopted_whichever_of_both_it_is(save: Callable[[Path], None], run: Run, tmp_path: Path) -> None:
    made = tmp_path / "文件"
    save(made)
    old, ledger = made.rename(tmp_path / "整改台账旧.et"), tmp_path / "整改台账.xlsx"
    before = old.read_bytes()
    result = run("adopt", old, "-l", ledger, "--unit", "某局", "--year", "2025", "--as-of", "2025-04-15", "--yes")
    assert result.exit_code == 0, result.stderr
    assert "整改台账旧.et〈整改台账〉：表头在第 1 行，下面到第 3 行。" in result.stdout
    assert column_values(ledger, "department") == {"RW-001": "办公室", "RW-002": "法规处"}
    assert column_values(ledger, "deadline") == {"RW-001": "2025年4月", "RW-002": "2025年5月"}
    assert column_values(ledger, "status") == {"RW-001": "已销号", "RW-002": "推进中"}
    assert old.read_bytes() == before


@pytest.mark.parametrize("name", ["旧表.xlsx", "旧表.et"])
def test_a_file_with_a_password_is_answered_with_the_cure(name: str, run: Run, tmp_path: Path) -> None:
    plain = io.BytesIO()
    as_xlsx(plain)  # type: ignore[arg-type]
    plain.seek(0)
    with (tmp_path / name).open("wb") as locked:
        OOXMLFile(plain).encrypt("123456", locked)
    result = run("adopt", tmp_path / name, "-l", tmp_path / "整改台账.xlsx", "--unit", "某局", "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{name}: 文件加了密码，打不开。请去掉密码后再运行：文件→信息→保护工作簿→清空密码。" in result.stderr
    assert [each.name for each in tmp_path.iterdir()] == [name]
