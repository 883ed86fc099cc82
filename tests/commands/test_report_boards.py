"""``taizhang report`` writes 专项一览 if a register with boards has a row, and only then loads what computes them."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

from support.fixtures import Make, Run

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
