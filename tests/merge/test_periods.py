"""Files of several periods in one folder: an earlier month never replaces a later one."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fixtures import Make, Once, Run
from support.ledgers import small_ledger
from support.returned import fill, findings, value

pytestmark = pytest.mark.slow


@pytest.fixture
def two_months(tmp_path: Path, run: Run, once: Once) -> Path:
    """A ledger with February merged (30 % → 60 %) and March issued (60 %) and returned (30 %), not yet merged."""

    def make(folder: Path) -> None:
        ledger = small_ledger(folder / "整改台账.xlsx", [{"progress": 30}])
        run("issue", "-p", "2022-02", "--as-of", "2022-02-10", "-l", ledger)
        fill(ledger, {"RW-001": {"progress": 0.6}}, name="财务处二月", period="2022-02")
        assert run("merge", "-y", "-l", ledger).exit_code == 0
        run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
        fill(ledger, {"RW-001": {"progress": 0.3}}, name="财务处三月")

    return once("two months", make, tmp_path) / "整改台账.xlsx"


def test_the_later_month_counts_however_often_the_folder_is_merged(two_months: Path, run: Run) -> None:
    assert value(two_months, "RW-001", "progress") == "0.6"
    for _ in range(3):
        result = run("merge", "-y", "-l", two_months)
        assert "conflict" not in [check for _, check in findings(result)]
        assert value(two_months, "RW-001", "progress") == "0.3"


def test_the_later_month_counts_whatever_the_files_are_called(two_months: Path, run: Run) -> None:
    folder = two_months.parent / "报送"
    (folder / "财务处三月.xlsx").rename(folder / "a.xlsx")
    (folder / "财务处二月.xlsx").rename(folder / "z.xlsx")
    run("merge", "-y", "-l", two_months)
    assert value(two_months, "RW-001", "progress") == "0.3"


def test_a_merged_file_of_another_month_than_asked_for_is_passed_over_without_a_receipt(
    two_months: Path, run: Run
) -> None:
    result = run("merge", "-y", "-p", "2022-03", "-l", two_months)
    assert findings(result) == [("G4", "progress-back")]
    assert result.stdout.startswith("汇总 2022-03 期；其他各期的 1 份汇总过，")
    assert [path.name for path in (two_months.parent / "回执" / "2022-03").glob("财务处*")] == ["财务处_回执.xlsx"]


def test_without_the_usual_folder_it_is_said_which_to_make(make_issued: Make, run: Run) -> None:
    ledger = make_issued([{}])
    usual = ledger.parent / "报送"
    if usual.exists():
        usual.rename(ledger.parent / "别处")
    said = (
        f"没有运行：还没有 {usual} 这个文件夹。请新建它，把部门报来的表放进去再运行；"
        "放在别处的，把文件夹写在 taizhang merge 后面。\n"
    )
    result = run("merge", "-l", ledger)
    assert (result.exit_code, result.stderr) == (2, said)


def test_a_folder_without_files_and_an_unknown_period_are_said(two_months: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "空夹").mkdir()
    empty = run("merge", tmp_path / "空夹", "-l", two_months)
    assert (empty.exit_code, "里没有报来的表" in empty.stderr) == (2, True)
    unknown = run("merge", "-p", "七月", "-l", two_months)
    assert (unknown.exit_code, "〈参数〉里没有 七月 这一期" in unknown.stderr) == (2, True)


def test_a_file_with_an_identity_is_not_taken_for_another_department(two_months: Path, run: Run) -> None:
    result = run("merge", "-n", "--as", "党委办公室", "-p", "2022-03", "-l", two_months)
    assert ("", "identity") in findings(result)
    assert "这份表的标识是财务处的，没有按 --as 党委办公室 汇总" in result.stdout
