"""Every other kind of board on rows of few lines; expected values are made by hand."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from support.boards import board_of, cells
from taizhang.ledger.vocabulary import Light

DAY = date(2022, 6, 30)

SATISFIED = {
    "title": "满意", "kind": "line", "period": "period", "name": "满意率", "part": ["good", "fair"], "whole": "valid",
    "better": "高", "beside": {"name": "回收率", "part": ["returned"], "whole": "sent"},
}  # fmt: skip


def survey(number: int, period: str, sent: int, returned: int, valid: int, good: int, fair: int) -> dict[str, Any]:
    values = {"sent": sent, "returned": returned, "valid": valid, "good": good, "fair": fair}
    return {"code": f"MY-{number:03}", "period": period, "theme": "食堂", **values}


def test_the_line_says_the_last_period_with_its_fraction_and_what_changed() -> None:
    surveys = [
        survey(1, "2022-01", 100, 80, 80, 40, 20),
        survey(2, "2022-02", 100, 50, 50, 20, 10),
        survey(3, "2022-02", 100, 90, 50, 25, 10),
        survey(4, "2022-07", 100, 90, 50, 0, 0),
    ]
    view = board_of("satisfaction", SATISFIED, DAY, satisfaction=surveys)
    assert cells(view) == [
        ("2022-01", "75.0%", "60/80", "80.0%", "80/100"),
        ("2022-02", "65.0%", "65/100", "70.0%", "140/200"),
    ]
    assert view.message == "2022-02：满意率 65.0%（65/100），比上期降 10.0 个百分点；回收率 70.0%（140/200）。"
    assert (view.part, view.whole, view.light) == (65, 100, Light.AMBER)
    assert view.chart and view.chart.series == (("满意率", (0.75, 0.65)), ("回收率", (0.8, 0.7)))
    assert view.notes[0] == "满意率＝满意份数＋基本满意份数÷有效份数；回收率＝回收份数÷发放份数。"


def test_the_first_period_is_compared_with_nothing() -> None:
    view = board_of("satisfaction", SATISFIED, DAY, satisfaction=[survey(1, "2022-01", 10, 9, 8, 4, 2)])
    assert (view.light, view.chart) == (None, None)
    assert view.message == "2022-01：满意率 75.0%（6/8）；回收率 90.0%（9/10）。"


def test_a_rate_of_nothing_is_a_dash() -> None:
    view = board_of("satisfaction", SATISFIED, DAY, satisfaction=[survey(1, "2022-01", 10, 0, 0, 0, 0)])
    assert cells(view) == [("2022-01", "—", "—", "0.0%", "0/10")]


LEFT = {
    "title": "人才", "kind": "line", "period": "period", "name": "流失率", "part": "left", "whole": "opening",
    "better": "低", "counts": ["joined", "left"],
}  # fmt: skip


def test_less_can_be_better_and_counts_are_drawn() -> None:
    rows = [
        {"code": f"RC-{n:03}", "period": f"2022-0{n}", "opening": 50, "joined": n, "left": left}
        for n, left in ((1, 2), (2, 1))
    ]
    view = board_of("talent", LEFT, DAY, talent=rows)
    assert view.message == "2022-02：流失率 2.0%（1/50），比上期降 2.0 个百分点；引进人数共 3，流出人数共 3。"
    assert view.light is Light.GREEN
    assert view.chart and view.chart.series == (("引进人数", (1.0, 2.0)), ("流出人数", (2.0, 1.0)))


FORMS = {"title": "形态", "kind": "stack", "rows": "period", "parts": "form", "value": "times"}


def form(number: int, period: str, kind: str, times: int) -> dict[str, Any]:
    return {"code": f"ST-{number:03}", "period": period, "form": f"第{kind}种", "times": times}


def test_the_shares_of_a_period_add_up_to_100_and_periods_without_rows_are_there() -> None:
    rows = [form(1, "2022-01", "一", 1), form(2, "2022-01", "二", 1), form(3, "2022-01", "三", 1)]
    rows += [form(4, "2022-02", "一", 5), form(5, "2022-07", "四", 9)]
    view = board_of("four_forms", FORMS, date(2022, 3, 1), four_forms=rows)
    assert cells(view) == [
        ("2022-01", "1（33.4%）", "1（33.3%）", "1（33.3%）", "·", "3"),
        ("2022-02", "5（100.0%）", "·", "·", "·", "5"),
        ("2022-03", "·", "·", "·", "·", "·"),
        ("合计", "6（75.0%）", "1（12.5%）", "1（12.5%）", "·", "8"),
    ]
    composed = "第一种 75.0%（6/8），第二种 12.5%（1/8），第三种 12.5%（1/8），第四种 0.0%（0/8）"
    assert view.message == f"合计 8 人次：{composed}。"
    assert view.light is None
    assert "没有数的期次：2022-03。" in view.notes


PLANS = {
    "title": "立改废", "kind": "stack", "rows": "action", "planned": "planned", "done": "issued_on",
    "replaces": "replaces", "when": {"action": ["立", "改", "废"]},
}  # fmt: skip


def plan(number: int, action: str, planned: date, issued: date | None = None, replaces: str = "") -> dict[str, Any]:
    code = f"ZD-{number:03}"
    return {"code": code, "name": f"制度{number}", "department": "财务处", "action": action, "planned": planned,
            "issued_on": issued, "replaces": replaces, "outcome": "起草中"}  # fmt: skip


def test_what_is_planned_is_done_late_owed_or_ahead_and_a_chain_counts_once() -> None:
    rows = [
        plan(1, "立", date(2022, 3, 1), date(2022, 3, 1)),
        plan(2, "立", date(2022, 3, 1), date(2022, 3, 2)),
        plan(3, "改", date(2022, 6, 29)),
        plan(4, "改", DAY),
        plan(5, "改", date(2022, 5, 1), date(2022, 7, 1)),
        plan(6, "改", date(2022, 2, 1), date(2022, 2, 1)),
        plan(7, "改", date(2022, 4, 1), date(2022, 4, 1), "ZD-006"),
        plan(8, "废", date(2022, 4, 1), date(2022, 4, 1), "ZD-001"),
        plan(9, "留", date(2022, 1, 1)),
    ]
    view = board_of("regulations", PLANS, DAY, regulations=rows)
    assert cells(view)[:4] == [
        ("立", "1", "1", "·", "·", "2", "● 2/2"),
        ("改", "1", "·", "◆ 2", "1", "4", "◆ 1/3"),
        ("废", "1", "·", "·", "·", "1", "● 1/1"),
        ("合计", "3", "1", "2", "1", "7", "4/6"),
    ]
    assert cells(view)[4:] == [
        ("逾期没有完成的 2 件",),
        ("动作", "是什么", "归口", "晚多久", "计划完成日", "", "台账行"),
        ("改", "制度5", "财务处", "◆ 晚 60 天", "2022-05-01", "", "第 8 行"),
        ("改", "制度3", "财务处", "◆ 晚 1 天", "2022-06-29", "", "第 6 行"),
    ]
    assert view.message == "到期 6 件，完成 4/6；逾期没有完成 2 件，最多的是改（2 件）。"
    assert (view.part, view.whole, view.light) == (4, 6, Light.AMBER)
    assert "被同类的后一件替代的 1 件不重复计。" in view.notes


STONES = {
    "title": "改革", "kind": "milestones", "by": "kind", "what": "milestone", "who": "department",
    "planned": "planned", "done": "actual",
}  # fmt: skip


def stone(number: int, planned: date | None, actual: date | None = None) -> dict[str, Any]:
    return {"code": f"GG-{number:03}", "kind": "机构定位", "milestone": f"第{number}步", "department": "财务处",
            "planned": planned, "actual": actual, "state": "推进中"}  # fmt: skip


def test_milestones_stand_the_longest_late_first() -> None:
    rows = [
        stone(1, date(2022, 6, 29)),
        stone(2, DAY),
        stone(3, date(2022, 7, 31)),
        stone(4, date(2022, 5, 1)),
        stone(5, date(2022, 5, 1), date(2022, 5, 1)),
        stone(6, date(2022, 5, 1), date(2022, 5, 4)),
        stone(7, date(2022, 4, 1), date(2022, 7, 1)),
        stone(8, None),
    ]
    view = board_of("reforms", STONES, DAY, reforms=rows)
    assert [(line[1], *line[4:]) for line in cells(view)] == [
        ("第7步", "—", "90", "◆ 逾期 90 天", "第 10 行"),
        ("第4步", "—", "60", "◆ 逾期 60 天", "第 7 行"),
        ("第1步", "—", "1", "◆ 逾期 1 天", "第 4 行"),
        ("第2步", "—", "—", "▲ 当天到期", "第 5 行"),
        ("第3步", "—", "—", "还有 31 天", "第 6 行"),
        ("第8步", "—", "—", "没有计划日", "第 11 行"),
        ("第6步", "2022-05-04", "3", "▲ 完成，晚 3 天", "第 9 行"),
        ("第5步", "2022-05-01", "—", "● 按期完成", "第 8 行"),
    ]
    assert view.message == "到期 5 项，完成 2/5；拖得最久：第7步（90 天，财务处）。"
    assert (view.part, view.whole, view.light) == (2, 5, Light.RED)
    assert "没有填计划日的 1 项，不算逾期：第8步。" in view.notes
    assert view.chart is not None
    assert view.chart.categories == ("第7步", "第4步", "第6步", "第1步")
    assert view.chart.series == (
        ("逾期没有完成（天）", (90, 60, None, 1)), ("完成晚了（天）", (None, None, 3, None)),
    )  # fmt: skip
    assert view.chart.overdue == "逾期没有完成（天）"


def test_without_anything_late_the_next_one_is_named() -> None:
    view = board_of("reforms", STONES, DAY, reforms=[stone(1, date(2022, 8, 1)), stone(2, date(2022, 7, 30))])
    assert (view.message, view.light) == ("还没有到期的；没有逾期的，下一项：第2步（2022-07-30）。", None)


WORKS = {
    "title": "条件改善", "kind": "milestones", "what": "project", "planned": "end_planned", "done": "finished",
    "budget": "budget", "spent": "spent",
}  # fmt: skip


def work(number: int, budget: Any, spent: Any, finished: date | None = DAY) -> dict[str, Any]:
    return {"code": f"TJ-{number:03}", "project": f"第{number}个", "kind": "办公环境", "stage": "施工",
            "budget": budget, "spent": spent, "end_planned": DAY, "finished": finished}  # fmt: skip


def test_a_board_of_projects_says_what_of_the_budget_is_spent_and_what_exceeds_it() -> None:
    rows = [work(1, 500_000, 400_000), work(2, 200_000, 200_000), work(3, 100_000, 125_050), work(4, None, 3_000),
            work(5, 80_000, None), work(6, 0, 0), work(7, None, None), work(8, 0, 10_000)]  # fmt: skip
    view = board_of("facilities", WORKS, DAY, facilities=rows)
    assert view.heads[-2:] == ("预算执行", "台账行")
    assert {line[0]: line[-2] for line in cells(view)} == {
        "第1个": "80.0%（40/50万元）",
        "第2个": "100.0%（20/20万元）",
        "第3个": "▲ 超 2.51万元（12.51/10万元）",
        "第4个": "缺预算",
        "第5个": "缺支出",
        "第6个": "预算是 0，0/0万元",
        "第7个": "缺预算、支出",
        "第8个": "▲ 超 1万元（1/0万元）",
    }
    assert view.message.endswith("。预算执行 90.6%（72.51/80万元），超预算 2 项。")
    assert view.light is Light.AMBER, "all are finished in time, but two cost more than they may"
    assert any(note.startswith("预算执行＝支出÷预算") for note in view.notes)


def test_within_the_budget_the_light_is_that_of_the_days() -> None:
    view = board_of("facilities", WORKS, DAY, facilities=[work(1, 100, 100)])
    assert (view.light, view.message.endswith("预算执行 100.0%（0.01/0.01万元）。")) == (Light.GREEN, True)
    view = board_of("facilities", WORKS, DAY, facilities=[work(1, 100, 101), work(2, 1, 1, None)])
    assert view.light is Light.AMBER
    late = board_of("facilities", WORKS, date(2022, 7, 1), facilities=[work(1, 100, 1, None)])
    assert late.light is Light.RED
    unknown = board_of("facilities", WORKS, DAY, facilities=[work(1, None, None)])
    assert "预算执行" not in unknown.message


AIMS = {
    "title": "规划", "kind": "target", "by": "plan", "what": "task", "who": "department", "unit": "unit",
    "base": "base", "target": "target", "actual": "current",
}  # fmt: skip


def aim(number: int, target: Any, current: Any, base: Any = None, plan: str = "总体规划") -> dict[str, Any]:
    return {"code": f"GH-{number:03}", "plan": plan, "task": f"任务{number}", "department": "财务处", "unit": "项",
            "base": base, "target": target, "current": current, "state": "推进中"}  # fmt: skip


def test_the_largest_gaps_are_listed_with_ties_and_each_group_has_its_share() -> None:
    rows = [
        aim(1, 50, 50, 10),
        aim(2, 50, 30, 10),  # half of the way
        aim(3, 50, 5, 10),  # back from where it began
        aim(4, 10, 20, 40, "科技规划"),  # two thirds of the way down
        aim(5, 10, 10, 40, "科技规划"),  # met from above
        aim(6, 100, None),
        aim(7, None, 3),
    ]
    view = board_of("plan_targets", AIMS, DAY, plan_targets=rows)
    shown = cells(view)
    assert [(line[0], line[-2], line[-1]) for line in shown if len(line) > 1][:4] == [
        ("任务3", "◆ -12.5%", "第 6 行"),
        ("任务6", "◆ 没有填", "第 9 行"),
        ("任务2", "▲ 50.0%", "第 5 行"),
        ("任务4", "▲ 66.7%", "第 7 行"),
    ]
    assert [(line[0], line[-2]) for line in shown if len(line) > 1 and line[0].endswith("规划")] == [
        ("总体规划", "◆ 25.0%（1/4）"), ("科技规划", "▲ 50.0%（1/2）"), ("人才规划", "没有"), ("信息化规划", "没有"),
    ]  # fmt: skip
    assert view.message == "有目标的 6 项，达到 2/6；差得最多：任务3（完成 -12.5%）。"
    assert (view.part, view.whole, view.light) == (2, 6, Light.RED)
    assert view.notes[1:3] == ("没有填当期值的 1 项，按没有完成算：任务6。", "没有填年度目标的 1 项没有列入。")


def test_targets_that_are_not_yet_due_have_no_light() -> None:
    before, today = DAY - timedelta(days=1), DAY
    rows = [
        {**aim(1, 10, 10), "due": before},
        {**aim(2, 10, 1), "due": today},  # its day is not over
        {**aim(3, 10, 2)},  # no day
        {**aim(4, 10, 6, plan="科技规划"), "due": before},
        {**aim(5, 10, None, plan="科技规划"), "due": today},
    ]
    view = board_of("plan_targets", {**AIMS, "due": "due"}, DAY, plan_targets=rows)
    lights = [(line[0], line[-2]) for line in cells(view) if len(line) > 1]
    assert lights == [
        ("任务5", "没有填"), ("任务2", "10.0%"), ("任务3", "20.0%"), ("任务4", "▲ 60.0%"),
        ("总体规划", "● 33.3%（1/3）"), ("科技规划", "◆ 0.0%（0/2）"), ("人才规划", "没有"),
        ("信息化规划", "没有"), ("其他", "没有"),
    ]  # fmt: skip
    assert view.message == "有目标的 5 项，达到 1/5，其中到期的 1/2；差得最多：任务5（没有填）。"
    assert (view.part, view.whole, view.light) == (1, 5, Light.AMBER)
    assert view.chart is not None
    assert view.chart.series == (("达到", (1, 0)), ("没有到期", (2, 1)), ("过了时限没有达到", (0, 1)))
    assert view.chart.overdue == "过了时限没有达到"
    open_only = board_of("plan_targets", {**AIMS, "due": "due"}, DAY, plan_targets=rows[1:3])
    assert open_only.message == "有目标的 2 项，达到 0/2，都还没有到期；差得最多：任务2（完成 10.0%）。"
    assert open_only.light is None


def test_all_with_the_fifth_largest_gap_are_listed() -> None:
    rows = [aim(number, 10, 5) for number in range(1, 8)]
    view = board_of("plan_targets", AIMS, DAY, plan_targets=rows)
    assert cells(view)[0] == ("差得最多的 7 项",)


STAGES = {"title": "发展党员", "kind": "funnel", "rows": "branch", "stages": "stage"}


def people(stage: str, number: int, branch: str, first: int) -> list[dict[str, Any]]:
    return [
        {"code": f"FZ-{first + each:04}", "branch": branch, "stage": stage, "applied": date(2021, 1, 1)}
        for each in range(number)
    ]


def test_the_funnel_hides_few_people_and_what_would_tell_them() -> None:
    rows = people("申请人", 6, "甲支部", 1) + people("积极分子", 2, "甲支部", 20) + people("申请人", 7, "乙支部", 30)
    rows += people("积极分子", 8, "乙支部", 40) + people("发展对象", 5, "乙支部", 60)
    view = board_of("members", STAGES, DAY, members=rows)
    assert [line[:4] + line[-1:] for line in cells(view)] == [
        ("甲支部", "※", "※", "·", "8"),
        ("乙支部", "※", "※", "5", "20"),
        ("合计", "13", "10", "5", "28"),
    ]
    assert view.message == "有人的党支部 2/2 个：申请人 13，积极分子 10，发展对象 5；每个都有。"
    assert "2" not in "".join(word for line in cells(view) for word in line if word not in ("20", "28"))


CHECKED = {"title": "体检", "kind": "list", "rows": "branch", "forms": ["branches", "branch_meetings", "members"]}


def test_the_check_up_lists_every_branch_and_says_of_people_only_whether() -> None:
    branches = [
        {"code": "ZB-01", "branch": "甲支部", "members": 8, "established": DAY, "term_end": date(2022, 1, 1)},
        {"code": "ZB-02", "branch": "乙支部", "members": 5},
    ]  # fmt: skip
    view = board_of("branches", CHECKED, DAY, branches=branches, branch_meetings=[])
    names = {line[0]: line for line in cells(view)}
    assert set(names) == {"甲支部", "乙支部"}
    assert names["甲支部"][1].startswith("◆ ")
    assert names["甲支部"][2] == "—"
    assert "生效不早于印发" not in names["甲支部"][-1]
    assert "届满不早于成立" in names["甲支部"][-1]
    assert "没有启用、没有看的登记表：发展党员。" in view.notes
    assert "“—”＝未填报，看不出做没做：组织生活。" in view.notes


TIMES = {
    "title": "流程",
    "kind": "durations",
    "rows": "kind",
    "from": "received",
    "to": "done",
    "due": "due",
    "steps": "steps",
}


def document(number: int, received: date, done: date | None, due: date | None = None, steps: int = 4) -> dict[str, Any]:
    return {"code": f"LC-{number:04}", "kind": "采购审批", "document": f"D{number}", "department": "财务处",
            "received": received, "done": done, "due": due, "steps": steps}  # fmt: skip


def test_durations_are_working_days_with_median_and_mean_and_steps_beside_last_years() -> None:
    rows = [
        document(1, date(2022, 6, 13), date(2022, 6, 13), date(2022, 6, 13)),  # the same day: 0
        document(2, date(2022, 6, 13), date(2022, 6, 14), date(2022, 6, 13)),  # 1, late
        document(3, date(2022, 6, 10), date(2022, 6, 20), steps=7),  # 13 to 17 and 20 June: 6
        document(4, date(2022, 6, 1), date(2022, 7, 1)),  # not yet
        document(5, date(2021, 6, 1), date(2021, 6, 2), steps=8),
    ]
    view = board_of("processes", TIMES, DAY, processes=rows)
    assert cells(view)[0] == ("采购审批", "3", "1", "1", "2.33", "6", "▲ 1/2", "5", "8")
    assert cells(view)[1] == ("检验报告", "·", "·", "—", "—", "—", "—", "—", "—")
    assert view.message == (
        "2022 年办结 3 件，中位 1 个工作日，平均 2.33 个；最慢的是采购审批（中位 1 个）；办结的里按期 1/2。"
    )
    assert (view.part, view.whole, view.light) == (1, 2, Light.AMBER)


def test_without_a_calendar_nothing_is_computed_and_the_cure_is_said() -> None:
    view = board_of("processes", TIMES, date(2031, 6, 30), processes=[document(1, date(2031, 6, 2), date(2031, 6, 9))])
    assert view.message.startswith("算不出来：〈参数〉的工作日历里没有 2031 年的放假安排")
    assert (view.lines, view.light) == ((), None)


def test_the_check_up_says_of_people_only_whether_there_is_something() -> None:
    branches = [{"code": "ZB-01", "branch": "甲支部"}, {"code": "ZB-02", "branch": "乙支部"}]
    people = [
        {"code": "FZ-0001", "branch": "甲支部", "stage": "积极分子", "applied": date(2021, 3, 2),
         "activist_on": date(2021, 3, 1)},
    ]  # fmt: skip
    checked = {**CHECKED, "forms": ["members"]}
    view = board_of("branches", checked, DAY, branches=branches, members=people)
    assert cells(view) == [("甲支部", "◆ 有", "·", "—"), ("乙支部", "●", "·", "—")]
    assert view.message == "没有要改的党支部 1/2 个；要改的都在涉及个人的登记表里。"
    assert "涉及个人的（发展党员）只说有没有，不出处数，也不计入合计。" in view.notes


def vacant(number: int, branch: str, since: Any, done: Any = None) -> dict[str, Any]:
    return {"code": f"ZW-{number:03}", "branch": branch, "post": "组织委员", "state": "空缺",
            "vacant_since": since, "election_done": done}  # fmt: skip


def test_the_check_up_says_how_long_the_longest_vacancy_lasts() -> None:
    longest = {"name": "最久的空缺", "form": "committee_members", "column": "branch", "from": "vacant_since",
               "to": "election_done"}  # fmt: skip
    checked = {**CHECKED, "forms": ["committee_members"], "longest": longest}
    branches = [{"code": f"ZB-0{n}", "branch": name} for n, name in enumerate(("甲支部", "乙支部", "丙支部"), 1)]
    posts = [
        vacant(1, "甲支部", date(2022, 6, 1)),
        vacant(2, "甲支部", date(2022, 4, 1)),
        vacant(3, "甲支部", date(2022, 1, 1), date(2022, 3, 1)),
        vacant(4, "乙支部", date(2022, 1, 1), DAY),
        vacant(5, "乙支部", date(2022, 6, 29), date(2022, 7, 1)),
        vacant(6, "丙支部", date(2022, 7, 1)),
        vacant(7, "丙支部", "去年"),
    ]
    view = board_of("branches", checked, DAY, branches=branches, committee_members=posts)
    assert view.heads[-2] == "最久的空缺（天）"
    assert {line[0]: line[-2] for line in cells(view)} == {"甲支部": "90", "乙支部": "1", "丙支部": "·"}
    assert view.message.endswith("最久的空缺：甲支部，90 天。")
    assert any(note.endswith("有 1 行的日期读不出来，没有计入。") for note in view.notes)
    without = board_of("branches", checked, DAY, branches=branches)
    assert "最久的空缺（天）" not in without.heads
    filled = board_of("branches", checked, DAY, branches=branches, committee_members=posts[3:4])
    assert ("空缺" in filled.message, cells(filled)[0][-2]) == (False, "·")


def test_what_is_dated_after_the_day_is_on_no_board_and_is_said() -> None:
    """As in the indicators: the two sheets would else tell two numbers of one register."""
    stack = {"title": "诉求", "kind": "stack", "rows": "channel", "planned": "due", "done": "answered"}
    base = {"department": "财务处", "subject": "排队久", "due": date(2022, 6, 1)}
    days = ((date(2022, 5, 1), None), (DAY, date(2022, 7, 1)), (DAY + timedelta(1), None))
    appeals = [
        {"code": f"SQ-{number:03}", "channel": "信访", "received": received, "answered": answered, **base}
        for number, (received, answered) in enumerate(days, 1)
    ]
    view = board_of("appeals", stack, DAY, appeals=appeals)
    assert (view.part, view.whole, view.notes[-1]) == (0, 2, "有 1 行的“受理日期”在统计截止日之后，没有计入。")


def test_a_row_is_not_left_out_by_the_day_on_which_it_was_done() -> None:
    stack = {"title": "落实", "kind": "stack", "rows": "channel", "planned": "due", "done": "received"}
    row = {"code": "SQ-001", "department": "财务处", "channel": "信访", "due": DAY, "received": DAY + timedelta(1)}
    view = board_of("appeals", stack, DAY, appeals=[row])
    assert (view.filled, [note for note in view.notes if "之后" in note]) == (True, [])
