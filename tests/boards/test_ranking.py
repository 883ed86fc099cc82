"""The ranking: limits, veto, ties, kinds, the year before, and who has to be called in; worked out by hand."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from support.boards import board_of, cells
from taizhang.boards.ranking import places
from taizhang.ledger.vocabulary import Light

DAY = date(2022, 12, 31)
BOARD = {
    "title": "得分榜", "kind": "ranking", "rows": "branch", "year": "year", "score": "score", "item": "item",
    "veto": "veto",
    "items": {"form": "appraisal_items", "points": "points", "method": "method", "floor": "floor", "cap": "cap",
              "source": "source"},
    "same": {"form": "branches", "column": "branch", "kind": "kind"},
    "called": {"form": "interviews", "column": "branch", "year": "year", "held": "held"},
}  # fmt: skip
ITEMS = [
    {"code": "KZ-01", "first": "一", "item": "a", "points": 60, "method": "按次扣分", "floor": 10, "source": "手工"},
    {"code": "KZ-02", "first": "一", "item": "b", "points": 40, "method": "达标得分", "source": "取自登记表"},
    {"code": "KZ-03", "first": "一", "item": "c", "points": 0, "method": "加分", "cap": 5, "source": "手工"},
    {"code": "KZ-04", "first": "一", "item": "d", "points": 0, "method": "否决"},
]


def scores(*of: tuple[str, int, list[Any]]) -> list[dict[str, Any]]:
    """Return rows of scores; the fourth of each list is the veto."""
    rows = []
    for branch, year, values in of:
        for item, value in enumerate(values, 1):
            cells = {"veto": value} if item == 4 else {"score": None if value is None else str(value)}
            base = {"code": f"KF-{len(rows) + 1:04}", "year": year, "branch": branch, "item": f"KZ-0{item}"}
            rows.append({**base, **cells})
    return rows


def ranked(rows: list[dict[str, Any]], kinds: dict[str, str], **more: Any) -> Any:
    branches = [
        {"code": f"ZB-{n:02}", "branch": name, "kind": kind, "members": 5}
        for n, (name, kind) in enumerate(kinds.items(), 1)
    ]
    registers = {"appraisal_items": ITEMS, "branches": branches, **more}
    return board_of("appraisal_scores", BOARD, DAY, appraisal_scores=rows, **registers)


def test_equal_totals_share_a_place_and_the_next_is_skipped() -> None:
    assert places({"a": Decimal(9), "b": Decimal(9), "c": Decimal(8)}) == {"a": 1, "b": 1, "c": 3}


def test_scores_are_limited_and_compared_with_the_year_before() -> None:
    rows = scores(
        ("甲", 2022, [50, 40, 9, "否"]),  # 9 is over the cap of 5: 95
        ("乙", 2022, [5, 40, 0, "否"]),  # 5 is under the floor of 10: 50
        ("丙", 2022, [55, 40, 0, "否"]),  # 95, tied with 甲
        ("甲", 2021, [60, 30, 0, "否"]),
    )
    view = ranked(rows, dict.fromkeys("甲乙丙", "普通"))
    assert cells(view) == [
        ("甲", "第 1", "95", "5", "10", "90", "+5", "42.1%", "—"),
        ("丙", "第 1", "95", "0", "5", "—", "—", "42.1%", "—"),
        ("乙", "第 3", "50", "0", "50", "—", "—", "80.0%", "◆ 应约谈"),
    ]
    assert view.message == "2022 年，第一：甲、丙；末位或被否决 1 个，已约谈 0/1；还没有约谈：乙。"
    assert (view.part, view.whole, view.light) == (0, 1, Light.RED)
    assert "有 2 处分数超出上限或低于下限，按上限、下限计，请核对。" in view.notes


def test_a_veto_stands_last_and_all_tied_for_the_last_place_are_called_in() -> None:
    rows = scores(
        ("甲", 2022, [60, 40, 0, "是"]),
        ("乙", 2022, [60, 30, 0, "否"]),
        ("丙", 2022, [50, 30, 0, "否"]),
        ("丁", 2022, [50, 30, 0, "否"]),
    )
    talks = [
        {"code": "YT-001", "year": 2022, "branch": "丙", "held": DAY},
        {"code": "YT-002", "year": 2021, "branch": "丁", "held": date(2022, 1, 1)},
        {"code": "YT-003", "year": 2022, "branch": "甲", "held": date(2023, 1, 1)},
    ]
    view = ranked(rows, dict.fromkeys("甲乙丙丁", "普通"), interviews=talks)
    assert [(line[0], line[1], line[-1]) for line in cells(view)] == [
        ("乙", "第 1", "—"),
        ("丙", "第 2", "● 已约谈"),
        ("丁", "第 2", "◆ 应约谈"),
        ("甲", "◆ 否决", "◆ 应约谈"),
    ]
    assert (view.part, view.whole) == (1, 3)


def test_only_the_same_kind_is_compared_and_equal_scores_have_no_last() -> None:
    rows = scores(
        ("甲", 2022, [60, 40, 0, "否"]), ("乙", 2022, [50, 40, 0, "否"]),
        ("丙", 2022, [30, 40, 0, "否"]), ("丁", 2022, [30, 40, 0, "否"]),
    )  # fmt: skip
    view = ranked(rows, {"甲": "普通", "乙": "普通", "丙": "联合", "丁": "联合"})
    assert [line[0] if len(line) == 1 else (line[0], line[1], line[-1]) for line in cells(view)] == [
        "普通（2 个）", ("甲", "第 1", "—"), ("乙", "第 2", "◆ 应约谈"),
        "联合（2 个）", ("丙", "第 1", "—"), ("丁", "第 1", "—"),
    ]  # fmt: skip


def test_what_is_not_scored_yet_is_marked_and_later_years_do_not_count() -> None:
    rows = scores(("甲", 2022, [60, None, 0, "否"]), ("乙", 2022, [50, 20, 0, "否"]), ("甲", 2023, [1, 1, 1, "否"]))
    view = ranked(rows, dict.fromkeys("甲乙", "普通"))
    assert [line[:3] for line in cells(view)] == [("乙", "第 1", "70"), ("甲", "第 2", "60※")]
    assert "※ 还有没有核定的指标，名次可能变：甲。" in view.notes


def test_without_indicators_nothing_is_ranked() -> None:
    view = board_of("appraisal_scores", BOARD, DAY, appraisal_scores=scores(("甲", 2022, [1])))
    assert (view.filled, view.message) == (False, "未填报：还没有2022年以前的考核指标。")
