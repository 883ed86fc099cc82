"""The public API: the example in docs/api.md runs and does the same as the commands."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from docx import Document
from support.fixtures import Run
from support.old_tables import OldTable, write_table
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


def examples() -> list[str]:
    blocks = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 2
    return blocks


def test_the_example_runs(office: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(office.parent)
    exec(compile(examples()[0], str(PAGE), "exec"), {})
    printed = capsys.readouterr().out
    assert "财务处 下发 2 行 = 采用 1 + 没变 1 + 退回 0 + 冲突 0 + 缺 0" in printed
    assert "of 2 closed" in printed
    assert value(office, "RW-001", "progress") == "0.6"


HEADS = ("序号", "存在问题", "整改措施", "责任部门", "完成时限", "整改状态")


def table(path: Path, *rows: tuple[object, ...]) -> Path:
    return write_table(path, OldTable((HEADS, *rows), (), (), (0, 0, "", "")))


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """A folder with a report, the office's own table and a superior's form."""
    report = Document()
    for line in (
        "一、存在问题",
        "（一）学习不深。",
        "二、整改措施",
        "（一）2026年6月底前制定学习计划。责任部门：办公室。",
    ):
        report.add_paragraph(line)
    report.save(str(tmp_path / "对照检查材料.docx"))
    table(tmp_path / "巡察整改表.xlsx", (1, "会议偏多", "每月压减会议", "人事科", "2026年9月底", "正在整改"))
    table(tmp_path / "上级的表.xlsx")
    return tmp_path


def test_ledgers_are_made_added_to_and_filled_from_as_the_example_says(
    files: Path, run: Run, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(files)
    exec(compile(examples()[1], str(PAGE), "exec"), {})
    printed = capsys.readouterr().out
    assert "1 tasks\n" in printed
    assert "('存在问题', '问题', '按表头')" in printed
    assert "Sheet1 2 rows ()\n" in printed
    ledger = files / "2026" / "整改台账.xlsx"
    entries = read_entries(history_folder(ledger))
    assert [entries[number].command for number in sorted(entries)][-1].startswith("adopt")
    codes = [each.code for each in api.open_ledger(ledger).registers["tasks"].records]
    assert codes == ["RW-001", "RW-002"]
    assert (ledger.parent / "收编对照.txt").exists()
    assert len([*(ledger.parent / "报表").iterdir()]) == 1
    assert [each.cells["source"] for each in api.open_ledger(ledger).registers["problems"].records][1] == "巡视巡察"
    for made in (ledger, files / "2027" / "整改台账.xlsx"):
        assert run("history", "verify", "-l", made).exit_code == 0


def test_plans_that_make_ledgers_write_nothing(files: Path, office: Path) -> None:
    before = {path: path.read_bytes() for path in files.rglob("*") if path.is_file()}
    ledger = api.open_ledger(office)
    api.plan_new(files / "新" / "整改台账.xlsx", unit="某局", year=2026)
    api.plan_new(files / "新" / "整改台账.xlsx", after=ledger, day=date(2022, 12, 31))
    for to in (files / "新" / "整改台账.xlsx", ledger):
        api.plan_draft(files / "对照检查材料.docx", to, year=2026)
        api.plan_adopt(files / "巡察整改表.xlsx", to, year=2026)
    api.plan_fill(ledger, files / "上级的表.xlsx", date(2022, 3, 31), output=files / "填.xlsx")
    assert {path: path.read_bytes() for path in files.rglob("*") if path.is_file()} == before


def test_a_new_ledger_takes_no_place_that_is_taken(files: Path, office: Path) -> None:
    place = files / "新" / "整改台账.xlsx"
    planned = api.plan_new(place, unit="某局", year=2026)
    assert api.apply(planned) == place
    for again in (
        lambda: api.apply(planned),
        lambda: api.plan_new(place, unit="某局", year=2026),
        lambda: api.plan_draft(files / "对照检查材料.docx", place, year=2026),
        lambda: api.plan_adopt(files / "巡察整改表.xlsx", place, year=2026),
    ):
        with pytest.raises(api.CannotRun, match="已经有了"):
            again()
    with pytest.raises(api.CannotRun, match="没有写方案年度"):
        api.plan_new(files / "别处" / "整改台账.xlsx", unit="某局")
    with pytest.raises(api.CannotRun, match="结尾"):
        api.plan_new(files / "别处" / "整改台账.et", unit="某局", year=2026)
    ledger = api.open_ledger(office)
    for output in (office, files / "上级的表.xlsx"):
        with pytest.raises(api.CannotRun, match="会盖掉"):
            api.plan_fill(ledger, files / "上级的表.xlsx", date(2022, 3, 31), output=output)


def test_a_plan_for_a_ledger_that_has_changed_since_is_refused(files: Path, office: Path, run: Run) -> None:
    ledger = api.open_ledger(office)
    plans = [api.plan_draft(files / "对照检查材料.docx", ledger), api.plan_adopt(files / "巡察整改表.xlsx", ledger)]
    run("merge", "-l", office, "--yes")
    before = office.read_bytes()
    for plan in plans:
        with pytest.raises(api.CannotRun, match="在读取之后又被改过"):
            api.apply(plan)
    assert office.read_bytes() == before


def test_files_that_are_not_there_are_named(files: Path, office: Path) -> None:
    ledger = api.open_ledger(office)
    for plan in (
        lambda: api.plan_draft(files / "没有.docx", ledger),
        lambda: api.plan_adopt(files / "没有.docx", ledger),
        lambda: api.plan_fill(ledger, files / "没有.docx", date(2022, 3, 31)),
    ):
        with pytest.raises(api.CannotRun, match="没有"):
            plan()


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
