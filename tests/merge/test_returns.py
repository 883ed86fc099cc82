"""回收情况: who has returned which version, when and with what result; as values, on the terminal and as a sheet."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, saved_on
from taizhang.ledger.settings import Department, Settings
from taizhang.merge.returns import is_late, owner_of, saved_at


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """A ledger with two tasks of 财务处 and one of 党委办公室, issued for 2022-03 (due on 2022-03-25)."""
    return make_issued([{}, {}, {"department": "党委办公室"}])


def table(ledger: Path) -> list[tuple[object, ...]]:
    """Return the rows of 回收情况.xlsx, without heads and total."""
    book = load((ledger.parent / "回执" / "2022-03" / "回收情况.xlsx").read_bytes())
    rows = list(book["回收情况"].iter_rows(min_row=6, values_only=True))
    return rows[: next(number for number, row in enumerate(rows) if row[0] == "合计")]


def test_who_has_returned_and_who_has_not(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    result = run("merge", "-l", issued, "--yes")
    assert table(issued) == [
        ("党委办公室", "未报", None, None, 1, 0, 0, 0, 0, 1, 0, 0, "催报"),
        ("财务处", "已报", "第1版", "2022-03-10 08:00", 2, 1, 1, 0, 0, 0, 0, 0, "2 行里 1 行没有说：RW-002，请补报"),
    ]
    assert "应报 2 个部门，已报 1 个；未报 1 个：党委办公室。" in result.stderr


def test_the_totals_close_together(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}, "RW-002": {"progress": 0.3}})
    run("merge", "-l", issued, "--yes")
    book = load((issued.parent / "回执" / "2022-03" / "回收情况.xlsx").read_bytes())
    total = next(row for row in book.active.iter_rows(values_only=True) if row[0] == "合计")
    assert total[4:12] == (3, 1, 0, 1, 0, 1, 0, 1)
    assert total[4] == sum(total[5:10])


def test_errors_and_conflicts_say_what_is_to_be_done(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "好"}})
    fill(issued, {"RW-003": {"progress": 0.6}}, name="党委办公室", department="党委办公室")
    edit(issued, "RW-003", "progress", 0.5)
    run("merge", "-l", issued, "--yes")
    assert [(row[0], row[1], row[-1]) for row in table(issued)] == [
        ("财务处", "待修改", "退回 1 行请修改；2 行里 1 行没有说：RW-002，请补报"),
        ("党委办公室", "待裁决", "办公室裁决冲突 1 行"),
    ]


@pytest.mark.parametrize(
    ("stamp", "shown"),
    [
        ("2022-03-25T15:59:59Z", "2022-03-25 23:59"),
        ("2022-03-25T16:00:00Z", "2022-03-26 00:00 迟报"),
    ],
)
def test_late_is_after_the_due_day_in_beijing(issued: Path, run: Run, stamp: str, shown: str) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    saved_on(path, stamp)
    run("merge", "-l", issued, "--yes")
    assert table(issued)[1][3] == shown


def test_versions_are_counted_and_the_same_file_is_no_new_version(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    run("merge", "-l", issued, "--yes")
    assert table(issued)[1][2] == "第1版"
    fill(issued, {"RW-001": {"progress": 0.7}})
    run("merge", "-l", issued, "--yes")
    assert table(issued)[1][2] == "第2版"


def test_a_department_that_returned_earlier_is_not_asked_again(issued: Path, run: Run) -> None:
    """Merging only one department's file does not forget the others."""
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    path.unlink()
    fill(issued, {"RW-003": {"progress": 0.1}}, name="党委办公室", department="党委办公室")
    result = run("merge", "-l", issued, "--yes")
    assert result.exit_code == 0, result.output
    assert "财务处：这次没有新表，以前报过第 1 版" in result.stdout
    assert [(row[0], row[1], row[4:10]) for row in table(issued)] == [
        ("党委办公室", "已报", (1, 1, 0, 0, 0, 0)),
        ("财务处", "已报", (2, 1, 1, 0, 0, 0)),
    ]


def test_a_file_that_cannot_be_opened_is_not_simply_absent(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    (issued.parent / "报送" / "党办3月.xlsx").write_bytes(b"<html>")
    result = run("merge", "-l", issued, "--yes")
    assert ("党委办公室", "报来但认不出", "党办3月.xlsx 没有采用，请退回重报") in [
        (row[0], row[1], row[-1]) for row in table(issued)
    ]
    assert "absent" not in result.stdout


def test_a_stray_file_is_named(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    (issued.parent / "报送" / "新建文件.xlsx").write_bytes(b"<html>")
    run("merge", "-l", issued, "--yes")
    book = load((issued.parent / "回执" / "2022-03" / "回收情况.xlsx").read_bytes())
    last = [row[0] for row in book.active.iter_rows(values_only=True) if row[0]][-1]
    assert last == "另有认不出是哪个部门的文件，没有采用：新建文件.xlsx。"


def test_the_table_on_the_terminal_is_in_columns(make_issued: Callable[..., Path], run: Run) -> None:
    """A Chinese character takes two columns; numbers end under their head; nothing trails and nothing is wrapped."""
    ledger = make_issued([{}, {"department": "党委办公室"}])
    fill(ledger, {"RW-001": {"progress": "八成左右", "status": "好"}})
    lines = run("merge", "-l", ledger, "-n").stderr.splitlines()
    start = lines.index("回收情况 2022-03")
    assert lines[start + 1 : start + 4] == [
        "填报单位    情况    版本   保存时间          错误  要办的事",
        "党委办公室  未报                                   催报",
        "财务处      待修改  第1版  2022-03-10 08:00     2  退回 1 行请修改",
    ]


def test_dry_run_shows_the_table_and_writes_nothing(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    base = issued.parent / "history" / "issued" / "2022-03" / "财务处.json"
    before = base.read_bytes()
    result = run("merge", "-l", issued, "-n")
    assert "回收情况 2022-03" in result.stderr
    assert "回收情况" not in run("merge", "-l", issued, "-n", "-q").stderr
    assert (base.read_bytes(), (issued.parent / "回执").exists()) == (before, False)


def test_the_base_keeps_the_returns(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    kept = json.loads((issued.parent / "history" / "issued" / "2022-03" / "财务处.json").read_text(encoding="utf-8"))
    assert [(each["saved"], each["totals"]["merged"]) for each in kept["returns"]] == [("2022-03-10T00:00:00Z", 1)]


@pytest.mark.parametrize(
    ("stamp", "moment"),
    [
        ("2022-03-10T00:00:00Z", datetime(2022, 3, 10, 8)),
        ("2022-03-10T00:00:00", datetime(2022, 3, 10, 8)),
        ("2022-03-10T08:00:00+08:00", datetime(2022, 3, 10, 8)),
        ("", None),
        ("昨天", None),
    ],
)
def test_stamps(stamp: str, moment: datetime | None) -> None:
    assert saved_at(stamp) == moment


def test_late_without_a_due_day_is_never() -> None:
    assert [is_late(datetime(2022, 3, 26), due) for due in (None, date(2022, 3, 25), date(2022, 3, 26))] == [
        False, True, False,
    ]  # fmt: skip
    assert not is_late(None, date(2022, 3, 25))


def test_whose_file_a_name_says() -> None:
    departments = Settings(departments=(Department("财务处", "财务"), Department("党委办公室", "党办")))
    names = ("财务处 最终版.xls", "3月党办.xlsx", "财务处、党办.xlsx", "新建.xlsx")
    assert [owner_of(Path(name), departments) for name in names] == ["财务处", "党委办公室", "", ""]


def test_the_same_file_once_more_keeps_what_it_brought(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"progress": 0.6}})
    run("merge", "-l", issued, "--yes")
    first = table(issued)
    run("merge", "-l", issued, "--yes")
    run("merge", "-l", issued, "--yes")
    assert table(issued) == first


@pytest.mark.posix
@pytest.mark.parametrize(
    ("name", "shown"), [("财务处.xlsx".encode("gbk"), "财务处.xlsx"), (b"\xff\xfe3.xlsx", "__3.xlsx")]
)
def test_a_file_whose_name_is_not_utf8_is_merged_and_shown(issued: Path, run: Run, name: bytes, shown: str) -> None:
    path = fill(issued, {"RW-001": {"progress": 0.6}})
    try:
        path.rename(os.fsdecode(os.fsencode(path.parent) + b"/" + name))
    except OSError:
        pytest.skip("this file system takes valid names only")
    result = run("merge", "-l", issued, "--yes")
    assert f"财务处（{shown}）：下发 2 行 = 采用 1" in result.stdout
    assert run("validate", issued.parent / "报送", "-l", issued).exit_code == 0
    assert run("history", "list", "-l", issued).exit_code == 0


@pytest.mark.posix
def test_a_refused_file_whose_name_is_not_utf8_is_named_and_its_department_told(issued: Path, run: Run) -> None:
    folder = issued.parent / "报送"
    folder.mkdir()
    try:
        Path(os.fsdecode(os.fsencode(folder) + b"/" + "财务处.xlsx".encode("gbk"))).write_bytes(b"<html>")
    except OSError:
        pytest.skip("this file system takes valid names only")
    result = run("merge", "-l", issued, "-p", "2022-03", "--yes")
    assert result.exit_code == 1
    assert "财务处.xlsx: unreadable" in result.stdout
    assert [row[:2] for row in table(issued)] == [("党委办公室", "未报"), ("财务处", "报来但认不出")]


@pytest.mark.parametrize(
    ("first", "then", "taken"),
    [
        ("2022-03-20T10:00:00+08:00", "2022-03-20T04:00:00Z", True),
        ("2022-03-20T00:00:00Z", "2022-03-20T00:00:00.5Z", True),
        ("2022-03-20T04:00:00Z", "2022-03-20T10:00:00+08:00", False),
        ("2022-03-20T04:00:00Z", "2022-03-20T12:00:00+08:00", True),
    ],
)
def test_stamps_are_compared_as_moments(issued: Path, run: Run, first: str, then: str, taken: bool) -> None:
    saved_on(fill(issued, {"RW-001": {"progress": 0.6}}), first)
    run("merge", "-l", issued, "--yes")
    saved_on(fill(issued, {"RW-001": {"progress": 0.7}}), then)
    result = run("merge", "-l", issued, "--yes")
    assert ("比上次汇总的那份旧" in result.stdout) is not taken


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        ("2022-03-20T10:00:00+08:00", "2022-03-20T04:00:00Z", "采用保存时间较晚的 财务处二.xlsx"),
        ("2022-03-20T12:00:00+08:00", "2022-03-20T04:00:00Z", "分不出先后"),
        ("没有", "2022-03-20T04:00:00Z", "分不出先后"),
    ],
)
def test_of_two_versions_the_later_moment_counts(issued: Path, run: Run, one: str, other: str, said: str) -> None:
    saved_on(fill(issued, {"RW-001": {"progress": 0.6}}, name="财务处一"), one)
    saved_on(fill(issued, {"RW-001": {"progress": 0.7}}, name="财务处二"), other)
    assert said in run("merge", "-l", issued, "-n").stdout


def test_a_file_without_a_stamp_is_neither_late_nor_in_time(issued: Path, run: Run) -> None:
    saved_on(fill(issued, {"RW-001": {"progress": 0.6}}), "没有")
    result = run("merge", "-l", issued, "--yes")
    assert table(issued)[1][1:4] == ("已报", "第1版", "文件里没有保存时间")
    assert "迟报" not in result.stderr + result.stdout
