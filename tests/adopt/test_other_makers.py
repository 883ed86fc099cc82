"""Tables as LibreOffice saves them, as .xls, .ods and .xlsx, come to the same; sheets, hidden rows, formulas."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from support.fixtures import Run
from support.old_tables import OLD_TABLES, write_table
from support.returned import column_values
from taizhang.transactions.adopt import Request, plan_adoption

pytestmark = pytest.mark.slow


def rows_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    """Return what a table comes to, without the file's name."""
    plan = plan_adoption(Request(path, date(2025, 8, 31), year=2025), path.parent / "没有.xlsx", None)
    return {
        name: [{key: str(value).replace(path.name, "") for key, value in row.items()} for row in rows]
        for name, rows in plan.adopted.rows.items()
    }


@pytest.mark.libreoffice
@pytest.mark.parametrize("kind", ["xls", "ods", "xlsx"])
def test_a_table_saved_by_libreoffice_is_the_same(kind: str, soffice: Callable[..., Path], tmp_path: Path) -> None:
    shapes = ["merged", "two rows of heads", "dates", "mixed"]
    made = [write_table(tmp_path / f"{number}.xlsx", OLD_TABLES[shape]) for number, shape in enumerate(shapes)]
    folder = tmp_path / "另存"
    folder.mkdir()
    soffice(made[0], kind, folder, *made[1:])
    for each in made:
        assert rows_of(folder / f"{each.stem}.{kind}") == rows_of(each)


def test_several_sheets_are_one_ledger_and_what_is_hidden_is_read(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "旧表.xlsx"
    book = xlsxwriter.Workbook(str(old))
    for name, problem in (("政治", "学习不深"), ("作风", "调研不够")):
        sheet = book.add_worksheet(name)
        sheet.write_row(0, 0, ["问题", "整改措施", "责任单位"])
        sheet.write_row(1, 0, [problem, f"整改{problem}", "办公室"])
        sheet.write_row(2, 0, ["同样的问题", f"{name}的措施", "人事科"])
        sheet.set_row(2, None, None, {"hidden": True})
    book.worksheets()[1].hide()
    book.add_worksheet("汇总").write(0, 0, "共 4 条")
    book.close()
    result = run("adopt", old, "-l", tmp_path / "甲" / "台账.xlsx", "--unit", "某局", "--yes")
    assert result.exit_code == 0, result.stderr
    assert "收进 4 个问题、0 个原因、4 项任务，2 个部门、0 个岗位。" in result.stdout
    assert "没有收的表：〈汇总〉，里面没有找到这样的表头，或没有选。" in result.stdout
    one = run("adopt", old, "-l", tmp_path / "乙" / "台账.xlsx", "--sheet", "作风", "--unit", "某局", "--yes")
    assert "没有收的表：〈政治〉、〈汇总〉，里面没有找到这样的表头，或没有选。" in one.stdout
    assert column_values(tmp_path / "乙" / "台账.xlsx", "statement") == {
        "RW-001": "整改调研不够",
        "RW-002": "作风的措施",
    }


def test_a_formula_without_a_result_is_said(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "旧表.xlsx"
    book = xlsxwriter.Workbook(str(old))
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, ["问题", "整改措施", "责任单位"])
    sheet.write_row(1, 0, ["慢", "改", ""])
    sheet.write_formula(1, 2, "=NA()", None, "#N/A")  # type: ignore[arg-type]
    sheet.write_row(2, 0, ["乱", "理", "=1+1"])
    book.close()
    result = run("adopt", old, "-l", tmp_path / "甲" / "台账.xlsx", "--unit", "某局", "--yes")
    assert "请核对：有的公式没有结果或是错误值，按空着收：〈表〉C2。" in result.stdout


def test_what_is_no_workbook_is_refused(run: Run, tmp_path: Path) -> None:
    old = tmp_path / "旧表.xlsx"
    old.write_text("<html></html>", encoding="utf-8")
    result = run("adopt", old, "-l", tmp_path / "甲" / "台账.xlsx", "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "像网页" in result.stderr
    missing = run("adopt", tmp_path / "没有.xls", "-l", tmp_path / "甲" / "台账.xlsx", "--yes")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "找不到，请写原来那张表的文件名。" in missing.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["旧表.xlsx"]
