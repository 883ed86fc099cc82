"""Missing facts for next year in 参数 are reported from December on, not refused on the last day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from support.ledgers import load, small_ledger
from taizhang.checks.next_year import check_next_year
from taizhang.forms.load import standard_forms
from taizhang.ledger.findings import Severity
from taizhang.ledger.model import read_ledger

pytestmark = pytest.mark.slow

FORMS = standard_forms()
PERIODS = (
    "“期次”里还没有 2023 年的，到时下发会找不到期次。请在“期次”末尾接着填 2023 年的期次和它的统计截止日、报送截止日，"
    "照 2022 年的样子（2022-01 到 2022-12）；2023 年另起一本的不用填，用 taizhang new --after 接着这一本。"
)
CALENDAR = (
    "“工作日历”里还没有 2023 年的放假安排，到时按工作日算的反馈日期、时限算不出来。"
    "请照国务院办公厅的通知（一般上一年 11 月前后公布）"
    "在“工作日历”末尾接着填放假和调休上班的日期，再在“日历年度”里加上 2023；通知还没有公布的，公布后再填。"
)


def ledger(folder: Path, years: str = "2021、2022", periods: tuple[str, ...] = ()) -> Path:
    """A ledger of 2022 whose calendar covers these years, with more periods below its own."""
    path = small_ledger(folder / "整改台账.xlsx", [{}])
    book = load(path.read_bytes())
    sheet: Any = book["参数"]
    (known,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "日历年度")
    sheet.cell(known.row, known.column + 1).value = years
    (last,) = (cell for row in sheet.iter_rows() for cell in row if cell.value == "2022-12")
    for number, name in enumerate(periods, 1):
        sheet.cell(last.row + number, last.column).value = name
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2022, 11, 30), []),
        (date(2022, 12, 1), [PERIODS, CALENDAR]),
        (date(2022, 12, 31), [PERIODS, CALENDAR]),
        (date(2023, 3, 31), [PERIODS, CALENDAR]),
        (date(2023, 4, 1), []),
    ],
)
def test_it_is_said_from_december_to_march(tmp_path: Path, day: date, said: list[str]) -> None:
    found = list(check_next_year(read_ledger(ledger(tmp_path), FORMS), day))
    assert [(each.place.sheet, each.check, each.severity, each.message) for each in found] == [
        ("参数", "next-year", Severity.HINT, message) for message in said
    ]


@pytest.mark.parametrize(
    ("years", "periods", "said"),
    [
        ("2021、2022、2023", (), [PERIODS]),
        ("2021、2022", ("2023-01",), [CALENDAR]),
        ("2021、2022", ("2023-Q1",), [CALENDAR]),
        ("2022，2023", ("2023-01",), []),
        ("", ("2023-01",), []),
    ],
    ids=["no periods", "no calendar", "quarters", "both", "never a calendar"],
)
def test_only_what_is_missing_is_said(tmp_path: Path, years: str, periods: tuple[str, ...], said: list[str]) -> None:
    found = check_next_year(read_ledger(ledger(tmp_path, years, periods), FORMS), date(2022, 12, 15))
    assert [each.message for each in found] == said


def said(result: Result, path: Path) -> list[str]:
    """What is said of next year, and how to go on."""
    more = f"不急，填法看 taizhang validate --only next-year -l {path}。"
    lines = [line for line in result.stderr.splitlines() if "2023 年的" in line]
    assert all(line.endswith(more) for line in lines)
    return [line.removesuffix(more) for line in lines]


def test_what_is_issued_says_it_in_a_line_each_and_only_once(tmp_path: Path, run: Callable[..., Result]) -> None:
    path = ledger(tmp_path)
    issue = ("issue", "-p", "2022-12", "-l", path, "--as-of")
    assert said(run(*issue, "2022-11-30", "-n"), path) == []
    assert said(run(*issue, "2022-12-01"), path) == [
        "提示：〈参数〉“期次”里还没有 2023 年的，到时下发会找不到期次。",
        "提示：〈参数〉“工作日历”里还没有 2023 年的放假安排，到时按工作日算的反馈日期、时限算不出来。",
    ]
    assert said(run(*issue, "2022-12-02"), path) == []  # everybody has been issued a form


@pytest.mark.parametrize("command", [("report",), ("remind",), ("todo",)])
def test_other_commands_do_not_say_it_again(
    tmp_path: Path, run: Callable[..., Result], command: tuple[str, ...]
) -> None:
    path = ledger(tmp_path)
    assert said(run(*command, "--as-of", "2022-12-01", "-l", path), path) == []


def test_what_is_advised_works(tmp_path: Path, run: Callable[..., Result]) -> None:
    path = ledger(tmp_path)
    late = ("remind", "--statement", "--as-of", "2022-12-30", "-l", path)
    assert run(*late).exit_code == 2
    filled = ledger(tmp_path, "2021、2022、2023", tuple(f"2023-{month:02}" for month in range(1, 13)))
    assert run(*late).exit_code == 0
    assert run("validate", "--as-of", "2022-12-30", "--only", "next-year", "-l", filled).stdout == ""
    assert run("issue", "-p", "2023-01", "-n", "--as-of", "2022-12-30", "-l", filled).exit_code == 0
