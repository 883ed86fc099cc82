"""The public API: the example in docs/api.md runs and does the same as the commands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from support.fixtures import Run
from support.returned import edit, fill, value
from taizhang import api
from taizhang.history.journal import read_entries
from taizhang.system.files import history_folder

PAGE = Path(__file__).parents[2] / "docs" / "api.md"


@pytest.fixture
def office(make_issued: Callable[..., Path]) -> Path:
    """A ledger of two tasks that was issued; one cell came back."""
    ledger = make_issued([{}, {}])
    fill(ledger, {"RW-001": {"progress": 0.6}})
    return ledger


def example() -> str:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 1
    return blocks[0]


def test_the_example_runs(office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.parent)
    exec(compile(example(), str(PAGE), "exec"), {})
    printed = capsys.readouterr().out
    assert "财务处 下发 2 行 = 采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0" in printed
    assert "of 2 closed" in printed
    assert value(office, "RW-001", "progress") == "0.6"


def test_a_merge_is_recorded_as_the_command_records_it(run: Run, office: Path) -> None:
    plan = api.plan_merge(api.open_ledger(office))
    assert [(each.code, each.column, str(each.new)) for each in plan.changes] == [("RW-001", "progress", "0.6")]
    assert (plan.conflicts, [each.closes for each in plan.totals]) == ((), [True])
    merged = api.apply(plan)
    assert (merged.ledger and merged.ledger.cells, merged.left) == (1, "")
    entries = read_entries(history_folder(office))
    assert (entries[max(entries)].command, len(entries[max(entries)].changes)) == ("merge", 1)
    assert run("history", "verify", "-l", office).exit_code == 0
    again = run("merge", "-l", office, "--yes")
    assert "没有要写进台账的改动" in again.stderr


def test_planning_writes_nothing(office: Path) -> None:
    before = {path: path.read_bytes() for path in office.parent.rglob("*") if path.is_file()}
    ledger = api.open_ledger(office)
    api.validate(ledger, date(2022, 3, 31))
    api.plan_merge(ledger, [office.parent / "报送"])
    api.metrics(ledger, date(2022, 3, 31))
    assert {path: path.read_bytes() for path in office.parent.rglob("*") if path.is_file()} == before


def test_a_plan_of_a_ledger_that_has_changed_is_refused(office: Path, run: Run) -> None:
    plan = api.plan_merge(api.open_ledger(office))
    run("merge", "-l", office, "--yes")
    with pytest.raises(api.CannotRun, match="在读取之后又被改过"):
        api.apply(plan)


@pytest.mark.parametrize(
    ("files", "words"), [(["没有.xlsx"], "找不到 没有.xlsx"), ([], "报送")], ids=["file", "folder"]
)
def test_what_cannot_be_done_is_one_exception(make_issued: Callable[..., Path], files: list[str], words: str) -> None:
    ledger = make_issued([{}])
    with pytest.raises(api.CannotRun, match=words):
        api.plan_merge(api.open_ledger(ledger), files)
    with pytest.raises(api.CannotRun, match="找不到台账"):
        api.open_ledger(ledger.parent / "没有.xlsx")
    bad = ledger.with_name("坏.xlsx")
    bad.write_bytes(b"PK")
    with pytest.raises(api.CannotRun):
        api.open_ledger(bad)


def test_the_numbers_of_a_past_day_are_those_of_the_state_kept_then(
    make_ledger: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger, day = make_ledger([{"progress": 20}]), date(2022, 3, 31)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2022, 3, 31, 12).timestamp())))
    api.open_ledger(ledger, record=True)
    edit(ledger, "RW-001", "progress", 0.45)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(datetime(2022, 5, 31, 12).timestamp())))
    now = api.open_ledger(ledger, record=True)
    shown = [api.metrics(now, day, current=current).tasks[0].progress_shown for current in (False, True)]
    assert shown == [20, 45]


def test_importing_it_loads_nothing_heavy() -> None:
    code = (
        "import sys, taizhang.api\n"
        "heavy = {'click', 'pandas', 'openpyxl', 'xlsxwriter', 'python_calamine', 'docx', 'numpy'} & "
        "set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
