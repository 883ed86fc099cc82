"""The matrix: against a count rule, against what was planned, and only counted; expected values are made by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

from support.boards import board_of, cells
from taizhang.ledger.vocabulary import Light

DAY = date(2022, 3, 31)
BRANCHES = [
    {"code": "ZB-01", "branch": "机关第一党支部", "members": 8},
    {"code": "ZB-02", "branch": "机关第二党支部", "members": 9},
    {"code": "ZB-03", "branch": "机关第三党支部", "members": 6},
]


def held(number: int, branch: str, day: date, kind: str = "支委会") -> dict[str, Any]:
    return {"code": f"SH-{number:04}", "branch": branch, "kind": kind, "held": day}


AGAINST = {"title": "支委会", "kind": "matrix", "rows": "branch", "against": "committee-meets-each-month"}


def test_each_branch_of_the_rule_stands_in_each_month_and_the_running_month_is_not_judged() -> None:
    meetings = [
        held(1, "机关第一党支部", date(2022, 1, 5)),
        held(2, "机关第一党支部", date(2022, 2, 28)),
        held(3, "机关第一党支部", date(2022, 3, 1)),
        held(4, "机关第二党支部", date(2022, 2, 7), "党课"),
    ]
    view = board_of("branch_meetings", AGAINST, date(2022, 3, 30), branch_meetings=meetings, branches=BRANCHES)
    assert view.heads == ("党支部", "1月", "2月", "3月", "做到")
    assert cells(view) == [
        ("机关第二党支部", "◆ 0/1", "◆ 0/1", "○ 0", "◆ 0/2"),
        ("机关第一党支部", "● 1", "● 1", "○ 1", "● 2/2"),
    ]
    assert (view.part, view.whole, view.light) == (2, 4, Light.AMBER)
    assert view.message == ("“支委会每月一次”应有 4 个党支部×月，做到 2/4；缺得最多：机关第二党支部（缺 2 个月）。")


def test_a_month_is_judged_once_its_last_day_is_past() -> None:
    meetings = [held(1, "机关第一党支部", date(2022, 3, 31))]
    for day, whole in ((DAY, 0), (date(2022, 4, 1), 2)):
        view = board_of("branch_meetings", AGAINST, day, branch_meetings=meetings, branches=BRANCHES)
        assert (view.part, view.whole) == (min(whole, 1), whole)


def test_those_that_lack_as_much_as_the_third_are_named_too() -> None:
    branches = [{"code": f"ZB-{n:02}", "branch": f"第{n}党支部", "members": 8} for n in range(1, 6)]
    meetings = [held(1, "第1党支部", date(2022, 1, 5))]
    view = board_of("branch_meetings", AGAINST, date(2022, 2, 1), branch_meetings=meetings, branches=branches)
    assert (view.part, view.whole, view.light) == (1, 5, Light.RED)
    assert "第2党支部（缺 1 个月）、第3党支部（缺 1 个月）、第4党支部（缺 1 个月）等 4 个" in view.message


PLANNED = {"title": "谈话", "kind": "matrix", "rows": "leader", "columns": "kind", "value": "times", "plan": "planned"}


def talk(number: int, leader: str, kind: str, times: int, planned: int | None = None) -> dict[str, Any]:
    return {"code": f"TH-{number:03}", "leader": leader, "kind": kind, "times": times, "planned": planned}


def test_more_of_one_kind_does_not_make_up_for_another() -> None:
    talks = [
        talk(1, "局长", "班子成员之间", 5, 3),
        talk(2, "局长", "班子成员与党员群众", 1, 2),
        talk(3, "局长", "班子成员与党员群众", 0, 1),
        talk(4, "局长", "主要负责人与班子成员", 2),
    ]
    view = board_of("talks", PLANNED, DAY, talks=talks)
    assert cells(view) == [
        ("局长", "2", "● 5/3", "·", "◆ 1/3", "▲ 4/6"),
        ("整改办主任", "·", "·", "·", "·", "—"),
    ]
    assert (view.part, view.whole, view.light) == (4, 6, Light.AMBER)
    assert view.message == "应有 6 次，做到 4/6 次；欠得最多：局长（欠 2 次）。"
    assert "没有填应谈次数的：整改办主任。" in view.notes


def test_without_a_plan_nothing_is_judged() -> None:
    view = board_of("talks", PLANNED, DAY, talks=[talk(1, "局长", "班子成员之间", 2)])
    assert (view.whole, view.light, view.message) == (0, None, "没有填应谈次数，看不出欠多少。")


def test_a_cell_that_cannot_be_read_leaves_its_row_out_and_is_said() -> None:
    talks = [talk(1, "局长", "班子成员之间", 2, 2), {**talk(2, "局长", "班子成员之间", 2, 2), "planned": "几次"}]
    view = board_of("talks", PLANNED, DAY, talks=talks)
    assert (view.part, view.whole) == (2, 2)
    assert view.notes[-1] == "有 1 行的格子读不出来，没有计入：〈谈心谈话〉第 5 行，请先改正。"


VISITS = {"title": "下基层", "kind": "matrix", "rows": "leader", "per": "月", "on": "day"}


def test_every_post_is_there_and_who_has_none_is_named() -> None:
    visits = [
        {"code": "LX-001", "leader": "局长", "day": date(2022, 1, 31), "place": "部门"},
        {"code": "LX-002", "leader": "局长", "day": date(2022, 3, 31), "place": "部门"},
        {"code": "LX-003", "leader": "局长", "day": date(2022, 4, 1), "place": "部门"},
        {"code": "LX-004", "leader": "局长", "day": date(2021, 12, 31), "place": "部门"},
    ]
    view = board_of("field_visits", VISITS, DAY, field_visits=visits)
    assert view.heads == ("领导岗位", "1月", "2月", "3月", "合计", "有的月")
    assert cells(view) == [
        ("局长", "1", "·", "○ 1", "2", "1/2"),
        ("整改办主任", "·", "·", "○", "▲ 没有", "0/2"),
        ("合计", "1", "·", "1", "2", "—"),
    ]
    assert view.message == "2022 年有记录的领导岗位 1/2 个；还没有的：整改办主任。"
    assert view.notes[1:] == (
        "有 1 条不在 2022 年里，或不在名单里，没有计入。",
        "有 1 行的“下基层日期”在统计截止日之后，没有计入。",
    )


def test_numbers_are_shaded_by_the_highest_and_a_month_that_runs_is_not_one_of_those_that_are_over() -> None:
    visits = [
        {"code": f"LX-{number:03}", "leader": leader, "day": date(2022, month, 1), "place": "部门"}
        for number, (leader, month) in enumerate((("局长", 1),) * 9 + (("局长", 2),) * 3 + (("整改办主任", 3),) * 4)
    ]
    view = board_of("field_visits", VISITS, date(2022, 3, 30), field_visits=visits)
    shown = {line.cells[0].words: [(cell.words, cell.heat) for cell in line.cells[1:]] for line in view.lines}
    assert shown["局长"] == [("9", 3), ("3", 1), ("○", 0), ("12", 0), ("2/2", 0)]
    assert shown["整改办主任"] == [("·", 0), ("·", 0), ("○ 4", 2), ("4", 0), ("0/2", 0)]
    assert shown["合计"][:3] == [("9", 0), ("3", 0), ("4", 0)]
    assert view.notes[0] == ("颜色越深，数越大；“·”＝0，○＝这个月还没有过完。“有的月”＝过完的 2 个月里有几个有记录。")


def test_a_number_of_zero_is_no_record_and_choices_are_shaded_too() -> None:
    board = {"title": "联合", "kind": "matrix", "rows": "branch", "columns": "kind"}
    rows = [{"code": f"LH-{n:03}", "branch": "机关第一党支部", "kind": "联学共建"} for n in range(2)]
    view = board_of("joint_work", board, DAY, joint_work=rows)
    line = next(line for line in view.lines if line.cells[0].words == "机关第一党支部")
    assert [cell.heat for cell in line.cells if cell.words == "2"] == [2, 0]
    assert view.heads[-1] == "合计"
    assert view.notes[0] == "颜色越深，数越大；“·”＝0。"
    board = {**VISITS, "on": "period", "value": "party"}
    rows = [{"code": "YG-001", "leader": "局长", "period": "2022-03", "party": 0}]
    view = board_of("dual_duty", board, date(2022, 3, 31), dual_duty=rows)
    assert cells(view)[0][-1] == "0/2"
