"""The boards of the leaders' workbook: what stands in their rows, that their parts add up, and that it can be read."""

from __future__ import annotations

from typing import Any

import pytest
from support.ledgers import load
from support.looks import cells, fonts_installed, misfits, scale
from support.scenarios import SCENARIOS, scenario, workbook
from taizhang.figures.metrics import Metrics

BOARDS = ("周期履行", "长期复核")


@pytest.fixture(scope="module", params=list(SCENARIOS))
def name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture(scope="module")
def book(name: str) -> Any:
    return load(workbook(name), values=True)


@pytest.fixture(scope="module")
def m(name: str) -> Metrics:
    return scenario(name).measures


def rows_of(sheet: Any) -> list[tuple[Any, ...]]:
    """Return the rows below the heads, from column B."""
    return [row[1:] for row in sheet.iter_rows(7, values_only=True)]


def filled(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(each for each in row if each is not None)


@pytest.mark.slow
def test_boards_print_at_nine_points_and_say_first_what_they_show(book: Any) -> None:
    for title in BOARDS:
        sheet = book[title]
        assert scale(sheet) == 1.0, title
        assert min(cell.font.sz for cell in cells(sheet)) >= 9, title
        assert str(sheet["B5"].value).endswith("。"), title


@pytest.mark.slow
@pytest.mark.skipif(not fonts_installed(), reason="fonts-noto-cjk or fonts-liberation is not installed")
def test_boards_cut_no_text(book: Any) -> None:
    assert [each for title in BOARDS for each in misfits(book[title])] == []


@pytest.mark.slow
def test_cycles_add_up_by_task_and_by_department(m: Metrics, book: Any) -> None:
    rows = rows_of(book["周期履行"])
    board = m.boards.recurring
    lines = [row[18:22] for row in rows[: len(board.lines)]]
    totals = [row for row in rows if row[2] == "合计"]
    assert len(totals) == bool(board.lines)
    for total in totals:
        assert total[18:22] == tuple(sum(each) for each in zip(*lines, strict=True))
        assert total[18] == sum(total[19:22])
        departments = rows[rows.index(total) + 3 :]
        assert total[18:22] == tuple(sum(row[n] for row in departments) for n in range(18, 22))
    assert sum(task.recurring for task in m.tasks) == len(board.lines)


def test_the_strip_of_cycles_says_what_was_kept_made_up_and_owed() -> None:
    rows = rows_of(load(workbook("supervised"), values=True)["周期履行"])
    strips = {
        row[1]: (row[4].replace("\n", " "), row[5], "".join(each or " " for each in row[6:18])) for row in rows[:6]
    }
    assert strips == {
        "RW-001": ("每月 1 次", "—", "●●○○●→      "),
        "RW-002": ("每季 1 次", "—", "◎  ●        "),
        "RW-003": ("每半年 2 次", "—", "→1/2           "),
        "RW-004": ("每年 1 次", "—", "→           "),
        "RW-005": ("每月 1 次", "2/3", "●●●●●→      "),
        "RW-006": ("—", "—", "            "),
    }
    assert [row[0] for row in rows[:6]] == ["◆ 红", "▲ 黄", "▲ 黄", "待明确", "● 绿", "● 绿"]
    totals = {row[2]: (row[3], *row[18:23]) for row in rows[6:] if row[2]}
    assert totals["合计"] == ("6 项", 14, 10, 1, 3, "11/14 79%")
    assert totals["机关党委"] == ("1 项", 8, 7, 0, 1, "7/8 88%")
    assert totals["待明确"] == ("1 项", 0, 0, 0, 0, "—")


def test_reviews_are_listed_with_what_they_found() -> None:
    sheet = load(workbook("supervised"), values=True)["长期复核"]
    rows = {row[1]: row for row in rows_of(sheet)[:5]}
    assert [rows[f"RW-{n:03}"][0] for n in range(11, 16)] == ["● 绿", "◆ 红", "● 绿", "● 绿", "待明确"]
    assert rows["RW-012"][4:11] == (
        "每季", "2月10日\n整改办主任", "有反复", "第二支部 1 月没有公开，已当场补上", "5月10日", 51, "1/2 50%",
    )  # fmt: skip
    assert rows["RW-013"][5:11] == ("5月10日\n整改办主任", "反弹", "采购审批又超过 15 天", "8月10日", 0, "0/1 0%")
    assert rows["RW-014"][4:11] == ("每半年", "没有复核过", "—", "—", "7月1日", 0, "—")
    assert rows["RW-015"][4:11] == ("没有写", "没有复核过", "—", "—", "排不出", "—", "—")
    assert rows_of(sheet)[5][2] == "合计 5 项"
    assert sheet["B5"].value == (
        "5 项长期任务复核率 3/5（60%）；超期 1 项，在基层指导处，最长 51 天；"
        "有反复 1 项、反弹 1 项；没复核过 2 项、排不出 1 项。"
    )


def test_a_ledger_without_such_tasks_says_so() -> None:
    book = load(workbook("no_data"), values=True)
    assert (book["周期履行"]["B5"].value, book["周期履行"]["B7"].value) == (
        "台账里没有周期任务。", "没有周期任务，不用按期履行。",
    )  # fmt: skip
    assert (book["长期复核"]["B5"].value, book["长期复核"]["B7"].value) == (
        "台账里没有长期坚持的任务。", "没有长期坚持的任务，不用复核。",
    )  # fmt: skip
