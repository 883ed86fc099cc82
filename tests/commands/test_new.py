"""taizhang new: an empty ledger that can be filled, issued and reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.fixtures import Run
from taizhang.ledger.model import read_ledger
from taizhang.ledger.own_forms import forms_beside

pytestmark = pytest.mark.slow


def test_a_new_ledger_has_unit_year_periods_and_every_register(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "整改台账.xlsx"
    result = run("new", ledger, "--unit", "某市某局", "--year", "2022")
    assert result.exit_code == 0
    assert result.stdout == "新建 整改台账.xlsx：某市某局，2022 年度，16 张登记表，还没有问题和任务。\n"
    book = read_ledger(ledger, forms_beside(ledger))
    settings = book.settings
    assert (settings.unit, settings.year, len(settings.periods)) == ("某市某局", 2022, 12)
    assert book.findings == ()
    assert all(not register.records for register in book.registers.values())
    found = run("validate", "-l", ledger, "--as-of", "2022-03-31", "-q")
    assert (found.exit_code, found.stdout) == (
        1,
        "整改台账.xlsx:'参数': settings: 警告：部门清单是空的，请先填上各部门，才能下发和统计。\n",
    )


def test_what_is_not_given_is_asked(run: Run, tmp_path: Path) -> None:
    result = run("新建", tmp_path / "台账.xlsx", answer="某局\n二二\n2023\n")
    assert result.exit_code == 0
    assert result.stdout == "新建 台账.xlsx：某局，2023 年度，16 张登记表，还没有问题和任务。\n"
    assert "年度请写 2015 到 2035 之间的四位数字。" in result.stderr


@pytest.mark.parametrize("given", [(), ("--unit", "某局"), ("--year", "2022")])
def test_nobody_answers_and_nothing_is_written(given: tuple[str, ...], run: Run, tmp_path: Path) -> None:
    result = run("new", "-l", tmp_path / "台账.xlsx", *given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "没有写单位名称和方案年度，也没有人回答，什么都没写。" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_year_without_its_calendar_is_said(run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "台账.xlsx", "--unit", "某局", "--year", "2035")
    assert result.stdout.splitlines()[1] == (
        "工作日历里还没有 2035 年的放假安排，报送截止日先空着：国务院办公厅的通知公布以后，"
        "请在〈参数〉的“工作日历”填放假和调休上班的日期，在“日历年度”里加上这一年，再补“报送截止日”。"
    )


def test_a_ledger_that_is_there_is_left_alone(run: Run, tmp_path: Path) -> None:
    ledger = tmp_path / "整改 台账.xlsx"
    run("new", ledger, "--unit", "某局", "--year", "2022")
    before = ledger.read_bytes()
    again = run("new", ledger, "--unit", "某局", "--year", "2022")
    assert (again.exit_code, again.stdout) == (2, "")
    assert "整改 台账.xlsx 已经有了，一本台账一个文件夹，没有新建。" in again.stderr
    assert f'taizhang new "{tmp_path}_2022/整改 台账.xlsx" --unit 某局 --year 2022' in again.stderr
    assert ledger.read_bytes() == before


@pytest.mark.parametrize(
    ("typed", "elsewhere"), [("../整改台账.xlsx", "../2022年/整改台账.xlsx"), ("整改台账.xlsx", "2022年/整改台账.xlsx")]
)
def test_the_other_folder_is_one_that_can_be_made(
    typed: str, elsewhere: str, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "办公室").mkdir()
    monkeypatch.chdir(tmp_path / "办公室")
    Path(typed).write_bytes(b"")
    again = run("new", typed, "--unit", "某局", "--year", "2022")
    line = f"taizhang new {elsewhere} --unit 某局 --year 2022"
    assert (again.exit_code, again.stderr.splitlines()[1]) == (2, line)


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    result = run("new", tmp_path / "台账.xlsx", "--unit", "某局", "--year", "2022", "-n")
    assert result.exit_code == 0
    assert result.stdout.startswith("新建 台账.xlsx：某局，2022 年度")
    assert list(tmp_path.iterdir()) == []
