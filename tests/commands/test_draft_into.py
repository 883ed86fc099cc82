"""taizhang draft --into: a second report into a ledger that is there, its codes continuing, and undone again."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fixtures import Run
from support.returned import column_values
from taizhang.ledger.model import read_ledger
from taizhang.ledger.own_forms import forms_beside

pytestmark = pytest.mark.slow

FIRST = """某局对照检查材料（2022年）
一、存在问题
（一）政治建设方面
1.理论学习不够系统。研讨偏少。
二、整改措施
（一）加强学习。3月底前制定学习计划。责任部门：办公室。
"""
SECOND = """某局巡视整改方案（2022年）
一、存在问题
（一）作风建设方面
1.联系基层不够。下基层少。
二、整改措施
（一）联系基层。领导班子每季度下基层一次。责任部门：工会。
"""


@pytest.fixture
def ledger(run: Run, tmp_path: Path) -> Path:
    (tmp_path / "甲.txt").write_text(FIRST, encoding="utf-8")
    (tmp_path / "乙.txt").write_text(SECOND, encoding="utf-8")
    path = tmp_path / "台账" / "整改台账.xlsx"
    assert run("draft", tmp_path / "甲.txt", "-l", path, "--unit", "某局", "--year", "2022").exit_code == 0
    return path


def test_a_second_report_is_added_with_its_source(ledger: Path, run: Run, tmp_path: Path) -> None:
    result = run("draft", tmp_path / "乙.txt", "--into", ledger, "--source", "巡视", answer="是\n")
    assert result.exit_code == 0, result.stderr
    assert [line for line in result.stdout.splitlines() if "新加" in line] == [
        "〈问题清单〉新加 WT-02 到 WT-02，1 行。",
        "〈整改任务〉新加 RW-002 到 RW-002，1 行。",
        "〈参数〉的“部门”新加：工会。",
        "〈参数〉的“方面”新加：作风建设方面。",
    ]
    assert column_values(ledger, "source", "problems") == {"WT-01": "民主生活会", "WT-02": "巡视巡察"}
    assert column_values(ledger, "department") == {"RW-001": "办公室", "RW-002": "工会"}
    assert set(column_values(ledger, "problems").values()) <= {"", "WT-01", "WT-02"}
    assert read_ledger(ledger, forms_beside(ledger)).findings == ()
    assert "起草 乙.txt" in run("history", "list", "-l", ledger).stdout
    assert run("history", "undo", "2", "--yes", "-l", ledger).exit_code == 0
    assert [*column_values(ledger, "status")] == ["RW-001"]
    assert run("history", "verify", "-l", ledger).exit_code == 0


@pytest.mark.parametrize("answer", ["", "否\n"])
def test_without_a_yes_the_ledger_stays(answer: str, ledger: Path, run: Run, tmp_path: Path) -> None:
    before = ledger.read_bytes()
    result = run("draft", tmp_path / "乙.txt", "--into", ledger, "--source", "巡视", answer=answer)
    assert result.exit_code == 1
    assert "〈整改任务〉新加 RW-002 到 RW-002，1 行。" in result.stdout
    assert run("draft", tmp_path / "乙.txt", "--into", ledger, "-n").exit_code == 0
    assert ledger.read_bytes() == before


def test_the_same_report_twice_is_refused(ledger: Path, run: Run, tmp_path: Path) -> None:
    before = ledger.read_bytes()
    result = run("draft", tmp_path / "甲.txt", "--into", ledger, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "台账里一字不差都有了" in result.stderr
    wrong = run("draft", tmp_path / "乙.txt", "--into", ledger, "--source", "来信", "--yes")
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "--source 来信 不是来源，可以写：民主生活会、巡视巡察" in wrong.stderr
    missing = run("draft", tmp_path / "乙.txt", "--into", tmp_path / "没有.xlsx", "--yes")
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "找不到台账" in missing.stderr
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("unit", "exit_code", "stderr"),
    [
        ("某局", 0, ""),
        (
            "某某局",
            2,
            "没有运行：加进已有的台账，单位照那一本的〈参数〉，那里写的是“某局”，--unit 写的“某某局”没有用。"
            "请去掉 --unit 再运行；单位名称要改，请在〈参数〉里改。\n",
        ),
    ],
)
def test_another_unit_than_the_ledgers_is_refused(
    unit: str, exit_code: int, stderr: str, ledger: Path, run: Run, tmp_path: Path
) -> None:
    before = ledger.read_bytes()
    result = run("draft", tmp_path / "乙.txt", "--into", ledger, "--unit", unit, "--yes", "--quiet")
    assert (result.exit_code, result.stderr) == (exit_code, stderr)
    assert (result.stdout == "") is (exit_code == 2)
    assert (ledger.read_bytes() == before) is (exit_code == 2)
