"""``taizhang report``: the command, on the demo and on small ledgers, with and without a history."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import Result
from support.ledgers import load
from taizhang.demo.sample import AS_OF
from taizhang.figures.metrics import compute_metrics
from taizhang.figures.sentences import focus, overall
from taizhang.forms.load import standard_forms
from taizhang.history.reporting import reporting
from taizhang.ledger.model import read_ledger
from taizhang.report import progress_workbook
from taizhang.report.book import SHEETS
from taizhang.system.files import StoreError

DAY = date(2022, 6, 30)


def test_the_demo_ends_with_the_leaders_workbook(demo_folder: Path) -> None:
    book = load((demo_folder / "报表" / f"整改进展一览_{AS_OF}.xlsx").read_bytes())
    assert book.sheetnames == [name for name, _ in SHEETS]
    assert "项措施（一次" in str(book["整改一览"]["B3"].value)


def test_the_command_prints_the_message_and_writes_beside_the_ledger(
    make_ledger: Callable[..., Path], run: Callable[..., Result]
) -> None:
    path = make_ledger([{}, {"deadline": date(2022, 5, 31)}])
    result = run("report", "--ledger", path, "--as-of", "2022-06-30")
    book = read_ledger(path, standard_forms())
    m = compute_metrics(book, DAY, returns=reporting(path, book.settings, DAY))
    assert (result.exit_code, result.stdout) == (0, f"{overall(m)}\n{focus(m)}\n")
    written = path.parent / "报表" / "整改进展一览_2022-06-30.xlsx"
    assert written.read_bytes() == progress_workbook(m, datetime(2022, 6, 30))


def test_a_dry_run_writes_nothing_and_another_path_may_be_given(
    make_ledger: Callable[..., Path], run: Callable[..., Result]
) -> None:
    path = make_ledger()
    assert run("report", "-l", path, "--as-of", DAY, "-n").exit_code == 0
    assert not (path.parent / "报表").exists()
    assert run("report", "-l", path, "--as-of", DAY, "-o", path.parent / "给局长.xlsx").exit_code == 0
    assert (path.parent / "给局长.xlsx").read_bytes().startswith(b"PK")


def test_without_a_ledger_it_says_what_to_do(tmp_path: Path, run: Callable[..., Result]) -> None:
    result = run("report", "--ledger", tmp_path / "没有.xlsx", "--as-of", "2022-06-30")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "找不到台账" in result.stderr


def test_earlier_ledgers_and_the_one_of_a_past_day_come_from_history(
    make_ledger: Callable[..., Path], run: Callable[..., Result], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = read_ledger(make_ledger([{}, {}, {}]), standard_forms())
    then = read_ledger(make_ledger([{}, {}]), standard_forms())
    asked = []

    def ledger_as_of(path: Path, forms: object, day: date) -> object:
        asked.append(day)
        if day == date(2022, 3, 31):
            raise StoreError("history 里缺这一天的台账。")
        return {DAY: then, date(2022, 5, 31): now, date(2022, 4, 30): now}.get(day)

    monkeypatch.setattr("taizhang.history.days.ledger_as_of", ledger_as_of)
    result = run("report", "-l", then.path, "--as-of", "2022-06-30")
    assert result.stdout.startswith("2项措施")
    assert "history 里没有" not in result.stderr
    assert asked[:3] == [DAY, date(2022, 5, 31), date(2022, 4, 30)]
    assert asked[-1] == date(2021, 6, 30)
    book = load((then.path.parent / "报表" / "整改进展一览_2022-06-30.xlsx").read_bytes())
    texts = [str(cell.value) for row in book["整改一览"].iter_rows() for cell in row if cell.value]
    assert any(text.startswith("较上月 ↓ 减 1") for text in texts)


def test_what_people_saved_by_a_past_day_counts_though_no_command_ran_since(
    make_ledger: Callable[..., Path], run: Callable[..., Result]
) -> None:
    path = make_ledger([{}, {}])
    saved = datetime(2022, 6, 29, 18).timestamp()
    os.utime(path, (saved, saved))
    assert run("history", "list", "-l", path).exit_code == 0
    make_ledger([{}, {}, {}])
    os.utime(path, (saved + 3600, saved + 3600))
    result = run("report", "-l", path, "--as-of", "2022-06-30")
    assert result.stdout.startswith("3项措施")
    assert "此后的改动不计" not in result.stderr
    make_ledger([{}])
    result = run("report", "-l", path, "--as-of", "2022-06-30")
    assert result.stdout.startswith("3项措施")
    assert (
        "用的是 2022-06-29 19:00:00 留存的台账，此后的改动不计；要把以后补报的也算进去，请加 --current。"
        in result.stderr
    )
    now = run("report", "-l", path, "--as-of", "2022-06-30", "--current")
    assert now.stdout.startswith("1项措施")
    assert "留存的台账" not in now.stderr
    assert "history 里没有 2022-05-31 的台账" in run("report", "-l", path, "--as-of", "2022-05-31").stderr


def test_an_empty_ledger_still_makes_a_page(make_ledger: Callable[..., Path]) -> None:
    m = compute_metrics(read_ledger(make_ledger([]), standard_forms()), date(2022, 3, 31))
    assert overall(m) == "台账里还没有整改任务。"
    assert progress_workbook(m, datetime(2022, 3, 31)).startswith(b"PK")


def test_a_month_in_which_nothing_was_recorded_is_marked(
    make_ledger: Callable[..., Path], run: Callable[..., Result]
) -> None:
    path = make_ledger([{}, {}])
    for month, tasks in ((4, [{}, {}]), (6, [{}, {}, {}])):
        make_ledger(tasks)
        saved = datetime(2022, month, 20, 18).timestamp()
        os.utime(path, (saved, saved))
        assert run("report", "-l", path, "--as-of", f"2022-0{month}-30").exit_code == 0
    book = load((path.parent / "报表" / "整改进展一览_2022-06-30.xlsx").read_bytes())
    texts = [str(cell.value) for row in book["趋势"].iter_rows() for cell in row if cell.value]
    assert any(text.startswith("*＝5月没有新的记录") for text in texts)
    notes = [str(cell.value) for row in book["整改一览"].iter_rows() for cell in row if cell.value]
    assert any(text.startswith(("较上月*", "与上月*")) for text in notes)
