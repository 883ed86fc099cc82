"""Every kind of rule: rows that keep it, each way to break it, and the boundary."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.forms.load import standard_forms
from taizhang.forms.rules import problem_with, read_rule
from taizhang.supervision.breaches import breaches_of

DAY = date(2022, 6, 30)


def told(
    form: str, rule: dict[str, Any], as_of: date = DAY, **registers: list[dict[str, Any]]
) -> list[tuple[str, str]]:
    """Return (cell or sheet, problem) of each breach of a rule by these rows."""
    ledger = ledger_in_memory(**registers)
    named = {"name": "a-rule", "title": "规则", "source": "口径", **rule}
    found = breaches_of(ledger, ledger.registers[form], read_rule(named), as_of)
    return [(each.place.cell or each.place.sheet_shown, each.problem) for each in found]


def member(number: int = 1, **cells: Any) -> dict[str, Any]:
    base = {"code": f"FZ-{number:04}", "branch": "机关第一党支部", "department": "财务处", "stage": "积极分子"}
    return {**base, "applied": date(2021, 3, 10), **cells}


ORDER = {"kind": "order", "first": "applied", "then": "talked"}


@pytest.mark.parametrize(
    ("rule", "cells", "problems"),
    [
        (ORDER, {"talked": date(2021, 3, 11)}, []),
        (ORDER, {"talked": date(2021, 3, 10)}, []),
        (ORDER, {"talked": date(2021, 3, 9)}, [("F4", "谈话日期 2021-03-09 早于申请日期 2021-03-10（E4），")]),
        (ORDER, {"talked": "某天"}, []),
        (
            {**ORDER, "strict": True},
            {"talked": date(2021, 3, 10)},
            [("F4", "谈话日期 2021-03-10 不晚于申请日期 2021-03-10（E4），")],
        ),
        ({**ORDER, "then": "today"}, {"applied": DAY}, []),
        (
            {**ORDER, "then": "today"},
            {"applied": date(2022, 7, 1)},
            [("E4", "申请日期 2022-07-01 晚于统计截止日 2022-06-30，")],
        ),
        ({**ORDER, "when": {"stage": "申请人"}}, {"talked": date(2021, 3, 9)}, []),
    ],
)  # fmt: skip
def test_order(rule: dict[str, Any], cells: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert told("members", rule, members=[member(**cells)]) == problems


MONTH = {"kind": "within", "from": "applied", "to": "talked", "most": 1, "unit": "月"}


@pytest.mark.parametrize(
    ("rule", "cells", "problems"),
    [
        (MONTH, {"talked": date(2021, 4, 10)}, []),
        (MONTH, {}, []),
        (
            MONTH,
            {"talked": date(2021, 4, 11)},
            [("F4", "谈话日期 2021-04-11 晚于申请日期 2021-03-10（E4）以后 1 个月的 2021-04-10，")],
        ),
        (
            {**MONTH, "applied": None, "most": 1} | {"from": ["applied", "activist_on"]},
            {"activist_on": date(2021, 5, 31), "talked": date(2021, 6, 30)},
            [],
        ),
        (
            {"kind": "within", "from": "activist_on", "to": "candidate_on", "least": 1, "unit": "年"},
            {"activist_on": date(2020, 2, 29), "candidate_on": date(2021, 2, 27)},
            [("L4", "列为发展对象日期 2021-02-27 离确定积极分子日期 2020-02-29（G4）不满 1 年，最早是 2021-02-28，")],
        ),
        (
            {"kind": "within", "from": "activist_on", "to": "candidate_on", "least": 1, "unit": "年"},
            {"activist_on": date(2020, 2, 29), "candidate_on": date(2021, 2, 28)},
            [],
        ),
    ],
)
def test_within(rule: dict[str, Any], cells: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    rule = {key: value for key, value in rule.items() if key != "applied"}
    assert told("members", rule, members=[member(**cells)]) == problems


def appeal(number: int = 1, **cells: Any) -> dict[str, Any]:
    base = {"code": f"SQ-{number:03}", "department": "财务处", "channel": "信访", "subject": "排队久"}
    return {**base, "received": date(2022, 5, 2), **cells}


SIXTY = {"kind": "due", "from": "received", "plus": 60, "unit": "日", "done": "answered", "when": {"channel": "信访"}}


@pytest.mark.parametrize(
    ("as_of", "cells", "problems"),
    [
        (date(2022, 7, 1), {}, []),
        (
            date(2022, 7, 2),
            {},
            [("G4", "“反馈日期”应在 2022-07-01 以前（从受理日期 2022-05-02 起算），已经超过 1 天，")],
        ),
        (date(2022, 7, 9), {"answered": date(2022, 7, 1)}, []),
        (
            date(2022, 7, 9),
            {"answered": date(2022, 7, 2)},
            [("G4", "反馈日期 2022-07-02 比应办的 2022-07-01（从受理日期 2022-05-02 起算）迟了 1 天，")],
        ),
        (
            date(2022, 7, 9),
            {"answered": date(2022, 7, 10)},
            [
                (
                    "G4",
                    "“反馈日期”应在 2022-07-01 以前（从受理日期 2022-05-02 起算），已经超过 8 天，"
                    "填的 2022-07-10 还没有到，",
                )
            ],
        ),
        (date(2022, 7, 9), {"channel": "来电"}, []),
        (date(2022, 7, 9), {"received": ""}, []),
    ],
)  # fmt: skip
def test_due(as_of: date, cells: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    assert told("appeals", SIXTY, as_of, appeals=[appeal(**cells)]) == problems


def test_what_was_done_late_is_a_fact_that_asks_for_nothing() -> None:
    """A hint whatever the rule's severity and cure: nobody can mend it, and a warning would stay for good."""
    ledger = ledger_in_memory(appeals=[appeal(answered=date(2022, 7, 4)), appeal(2)])
    named = {"name": "a-rule", "title": "规则", "source": "《信访工作条例》", "cure": "请抓紧办。", **SIXTY}
    late, still_open = breaches_of(ledger, ledger.registers["appeals"], read_rule(named), date(2022, 7, 9))
    assert (late.severity, late.mild, late.cure) == (
        "hint",
        True,
        "日期填错的请改正，没有填错的不用改。（依据：《信访工作条例》）",
    )
    assert (still_open.severity, still_open.mild) == ("warn", False)


def test_due_in_working_days_says_once_that_the_calendar_lacks_a_year() -> None:
    rule = {**SIXTY, "plus": 5, "unit": "工作日"}
    rows = [appeal(1, received=date(2030, 5, 2)), appeal(2, received=date(2030, 5, 3))]
    found = told("appeals", rule, date(2030, 7, 9), appeals=rows)
    assert [where for where, _ in found] == ["群众诉求"]
    assert "没有 2030 年的放假安排" in found[0][1]


def test_due_from_the_latest_of_several_days_and_without_an_end() -> None:
    rule = {"kind": "due", "from": ["activist_on", "reviewed"], "plus": 6, "unit": "月", "title": "每半年考察一次"}
    assert told("members", rule, members=[member(activist_on=date(2021, 12, 30), reviewed=date(2021, 6, 1))]) == []
    assert told("members", rule, members=[member(activist_on=date(2021, 12, 29))]) == [
        ("G4", "“每半年考察一次”应在 2022-06-29 以前（从确定积极分子日期 2021-12-29 起算），已经超过 1 天，")
    ]


HALF_A_YEAR_AHEAD = {"kind": "due", "from": "term_end", "plus": 0, "unit": "日", "ahead": 6, "ahead_unit": "月"}


@pytest.mark.parametrize(
    ("term_end", "said"),
    [
        (date(2023, 1, 1), []),
        (date(2022, 12, 31), [("“换届”到 2022-12-31 为止（从届满日期 2022-12-31 起算），还有 184 天，", True)]),
        (DAY, [("“换届”到 2022-06-30 为止（从届满日期 2022-06-30 起算），当天到期，", True)]),
        (date(2022, 6, 29), [("“换届”应在 2022-06-29 以前（从届满日期 2022-06-29 起算），已经超过 1 天，", False)]),
    ],
)
def test_what_is_soon_due_is_a_reminder(term_end: date, said: list[tuple[str, bool]]) -> None:
    """A reminder is a hint whatever the rule's severity; what is past its day is not."""
    ledger = ledger_in_memory(branches=[branch(term_end=term_end)])
    named = {"name": "a-rule", "title": "换届", "source": "口径", "severity": "block", **HALF_A_YEAR_AHEAD}
    found = list(breaches_of(ledger, ledger.registers["branches"], read_rule(named), DAY))
    assert [(each.problem, each.mild) for each in found] == said
    assert [each.severity for each in found] == ["hint" if reminder else "block" for _, reminder in said]


def test_what_is_done_is_not_reminded_of() -> None:
    rule = {**SIXTY, "ahead": 10, "ahead_unit": "日"}
    rows = [appeal(1), appeal(2, answered=date(2022, 6, 1))]
    assert told("appeals", rule, date(2022, 6, 20), appeals=rows) == []
    assert [where for where, _ in told("appeals", rule, date(2022, 6, 21), appeals=rows)] == ["G4"]


def test_a_rule_that_reminds_names_the_unit() -> None:
    rule = read_rule({"name": "a", "title": "规则", "source": "口径", **SIXTY, "ahead": 10})
    assert problem_with(rule, standard_forms()["appeals"].by_key) == "的 ahead 和 ahead_unit 要一起写。"


@pytest.mark.parametrize(
    ("cells", "problems"),
    [
        ({"month": "2022-03", "held": date(2022, 3, 1)}, []),
        ({"month": "2022-03", "held": date(2022, 3, 31)}, []),
        (
            {"month": "2022-03", "held": date(2022, 4, 1)},
            [("F4", "开展日期 2022-04-01 不在月份 2022-03（D4）里，")],
        ),
        (
            {"month": "2022-03", "held": date(2022, 2, 28)},
            [("F4", "开展日期 2022-02-28 不在月份 2022-03（D4）里，")],
        ),
        ({"month": "2022-03"}, []),
        ({"held": date(2022, 3, 1)}, []),
    ],
)
def test_inside_a_month(cells: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    rule = {"kind": "inside", "day": "held", "period": "month"}
    row = {"code": "SH-0001", "branch": "机关第一党支部", "department": "财务处", "kind": "党课", **cells}
    assert told("branch_meetings", rule, branch_meetings=[row]) == problems


@pytest.mark.parametrize(("day", "count"), [((2022, 1, 1), 0), ((2022, 12, 31), 0), ((2021, 12, 31), 1)])
def test_inside_a_year(day: tuple[int, int, int], count: int) -> None:
    rule = {"kind": "inside", "day": "applied", "period": "year"}
    row = {"code": "CQ-001", "year": 2022, "branch": "机关第一党支部", "applied": date(*day)}
    assert len(told("strong_branches", rule, strong_branches=[row])) == count


@pytest.mark.parametrize(
    ("column", "values", "cells", "where"),
    [
        ("contacts", ["1", "2"], {"contacts": 2}, []),
        ("contacts", ["1", "2"], {"contacts": 3}, ["contacts"]),
        ("contacts", ["1", "2"], {}, []),
        (["transferred", "exam"], ["是", "合格"], {"transferred": "是", "exam": "合格"}, []),
        (["transferred", "exam"], ["是", "合格"], {"transferred": "否", "exam": "合格"}, ["transferred"]),
        (["transferred", "exam"], ["是", "合格"], {"transferred": "否", "exam": "未考"}, ["transferred", "exam"]),
    ],
)
def test_one_of(column: Any, values: list[str], cells: dict[str, Any], where: list[str]) -> None:
    ledger = ledger_in_memory(members=[member(**cells)])
    named = {"name": "a-rule", "title": "规则", "source": "口径", "kind": "one_of", "column": column, "values": values}
    found = list(breaches_of(ledger, ledger.registers["members"], read_rule(named), DAY))
    assert [each.key for each in found] == where


def test_one_of_refuses_words_that_are_no_choice() -> None:
    rule = {"kind": "one_of", "column": ["exam", "transferred"], "values": ["合格"]}
    read = read_rule({"name": "a", "title": "规则", "source": "口径", **rule})
    assert problem_with(read, standard_forms()["members"].by_key) == "的“合格”不是列“新转入”的选项，请核对。"


def risk(**cells: Any) -> dict[str, Any]:
    base = {"code": "LZ-001", "kind": "重点环节", "name": "询价", "department": "财务处", "level": "高"}
    return {**base, "checked": date(2022, 3, 30), "cycle": "季", **cells}


CYCLE = {"kind": "due", "title": "按期再查", "from": "checked", "plus": 1, "unit": "cycle"}
SPAN = {"kind": "within", "from": "checked", "to": "next_check", "most": 1, "unit": "cycle"}


@pytest.mark.parametrize(
    ("rule", "cells", "problems"),
    [
        (CYCLE, {}, []),
        (
            CYCLE,
            {"checked": date(2022, 3, 29)},
            ["“按期再查”应在 2022-06-29 以前（从最近检查日期 2022-03-29 起算），已经超过 1 天，"],
        ),
        (CYCLE, {"checked": date(2021, 12, 30), "cycle": "半年"}, []),
        (CYCLE, {"checked": date(2021, 1, 1), "cycle": ""}, []),
        (SPAN, {"next_check": date(2022, 6, 30)}, []),
        (
            SPAN,
            {"next_check": date(2022, 7, 1)},
            ["下次检查日期 2022-07-01 晚于最近检查日期 2022-03-30（K4）以后 1 个季度的 2022-06-30，"],
        ),
        (
            SPAN,
            {"next_check": date(2022, 10, 1), "cycle": "半年"},
            ["下次检查日期 2022-10-01 晚于最近检查日期 2022-03-30（K4）以后 1 个半年的 2022-09-30，"],
        ),
        (SPAN, {"next_check": date(2023, 7, 1), "cycle": ""}, []),
    ],
)
def test_the_unit_of_a_span_may_stand_in_a_column(rule: Any, cells: dict[str, Any], problems: list[str]) -> None:
    found = told("integrity_risks", rule, integrity_risks=[risk(**cells)])
    assert [problem for _, problem in found] == problems


@pytest.mark.parametrize(
    ("form", "unit", "problem"),
    [
        ("integrity_risks", "cycle", ""),
        ("integrity_risks", "周", "unit 不能是“周”，可以是：日、工作日、月、季、半年、年。"),
        ("integrity_risks", "turns", "用到的列 turns 不存在，请改成已有的列键。"),
        ("integrity_risks", "name", "的 unit 不能用文字列，可以用：单选。"),
        (
            "integrity_risks",
            "level",
            "的 unit 不能用列“风险等级”，它的选项“高”不是时间单位，可以是：日、工作日、月、季、半年、年。",
        ),
    ],
)
def test_a_unit_that_is_none(form: str, unit: str, problem: str) -> None:
    rule = {"name": "a-rule", "source": "口径", **CYCLE, "unit": unit}
    try:
        told_problem = problem_with(read_rule(rule), standard_forms()[form].by_key)
    except ValueError as error:
        told_problem = str(error)
    assert told_problem == problem


@pytest.mark.parametrize(
    ("kind", "cells", "problems"),
    [
        ("present", {"meeting": date(2022, 1, 5)}, []),
        ("present", {}, [("O4", "“支部大会日期”空着，“所处阶段”是“预备党员”的要填，")]),
        ("absent", {}, []),
        (
            "absent",
            {"meeting": date(2022, 1, 5)},
            [("O4", "“支部大会日期”填了内容，“所处阶段”是“预备党员”的不填这一列，")],
        ),
        ("present", {"meeting": "去年"}, []),
    ],
)  # fmt: skip
def test_present_and_absent(kind: str, cells: dict[str, Any], problems: list[tuple[str, str]]) -> None:
    rule = {"kind": kind, "columns": "meeting", "when": {"stage": "预备党员"}}
    assert told("members", rule, members=[member(stage="预备党员", **cells)]) == problems


@pytest.mark.parametrize(
    ("op", "cells", "problems"),
    [
        ("=", {}, []),
        ("=", {"valid": 9}, ["满意份数、基本满意份数、不满意份数合计 10 不等于 有效份数 9，"]),
        ("≤", {"valid": 10}, []),
        ("<=", {"valid": 9}, ["满意份数、基本满意份数、不满意份数合计 10 大于 有效份数 9，"]),
        ("<", {"valid": 10}, ["满意份数、基本满意份数、不满意份数合计 10 不小于 有效份数 10，"]),
        (">=", {"valid": 11}, ["满意份数、基本满意份数、不满意份数合计 10 小于 有效份数 11，"]),
        (">", {"valid": 10}, ["满意份数、基本满意份数、不满意份数合计 10 不大于 有效份数 10，"]),
        ("!=", {"valid": 10}, ["满意份数、基本满意份数、不满意份数合计 10 等于 有效份数 10，"]),
        ("=", {"valid": ""}, []),
    ],
)
def test_compare(op: str, cells: dict[str, Any], problems: Any) -> None:
    rule = {"kind": "compare", "left": ["good", "fair", "poor"], "op": op, "right": "valid"}
    row = {
        "code": "MY-001",
        "period": "2022-06",
        "theme": "窗口",
        "good": 5,
        "fair": 3,
        "poor": 2,
        "valid": 10,
        **cells,
    }
    found = told("satisfaction", rule, satisfaction=[row])
    assert [problem for _, problem in found] == problems


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ({"right": "times"}, "处理人数 4 大于 人次 3，请改正其中一个。"),
        ({"right": 1}, "处理人数 4 大于 1，请核对，填错了的请改正。"),
    ],
)
def test_a_number_of_the_rule_itself_is_not_to_be_corrected(rule: dict[str, Any], said: str) -> None:
    ledger = ledger_in_memory(four_forms=[{"code": "ST-001", "period": "2022-03", "times": 3, "people": 4}])
    table = {
        "name": "a-rule",
        "title": "规则",
        "source": "口径",
        "kind": "compare",
        "left": "people",
        "op": "≤",
        **rule,
    }
    found = breaches_of(ledger, ledger.registers["four_forms"], read_rule(table), DAY)
    assert [each.problem + each.cure for each in found] == [said]


def test_a_number_in_a_condition_stands_apart() -> None:
    rule = {"kind": "present", "columns": "fix_due", "when": {"found": {"above": 0}}}
    row = {"code": "JC-001", "day": date(2022, 3, 1), "found": 2}
    assert [problem for _, problem in told("conduct_checks", rule, conduct_checks=[row])] == [
        "“整改时限”空着，“发现问题数”多于 0 的要填，"
    ]


def branch(number: int = 1, name: str = "机关第一党支部", **cells: Any) -> dict[str, Any]:
    return {"code": f"ZB-{number:02}", "branch": name, "department": "财务处", "kind": "普通", "members": 9, **cells}


def seat(number: int, name: str = "机关第一党支部", **cells: Any) -> dict[str, Any]:
    return {"code": f"ZW-{number:03}", "branch": name, "department": "财务处", "post": "书记", "state": "在任", **cells}


TEMPORARY = {
    "kind": "lookup", "through": "branch", "form": "branches", "match": "branch",
    "require": {"kind": {"is_not": "临时"}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "problems"),
    [
        ("普通", []),
        ("临时", [("B4", "党支部“机关第一党支部”在〈党支部底册〉第 4 行不符合：“支部类型”不是“临时”，")]),
    ],
)
def test_lookup(kind: str, problems: list[tuple[str, str]]) -> None:
    assert told("members", TEMPORARY, members=[member()], branches=[branch(kind=kind)]) == problems


def test_lookup_of_a_row_that_is_not_there() -> None:
    assert told("members", TEMPORARY, members=[member()], branches=[branch(name="别的支部")]) == []
    missing = {**TEMPORARY, "missing": True}
    assert told("members", missing, members=[member()], branches=[branch(name="别的支部")]) == [
        ("B4", "党支部“机关第一党支部”在〈党支部底册〉里没有对应的行，")
    ]


SEATS = {
    "kind": "tally", "through": "branch", "form": "committee_members", "match": "branch", "where": {"state": "在任"},
    "op": "≥", "right": 3, "when": {"members": {"at_least": 7}},
}  # fmt: skip


@pytest.mark.parametrize(
    ("members", "seats", "problems"),
    [
        (7, 3, []),
        (7, 2, [("B4", "机关第一党支部：〈支委名册〉里“在任状态”是“在任”的登记的行数 2 小于 3，")]),
        (6, 2, []),
        (7, 0, []),  # nothing registered there yet
    ],
)
def test_tally(members: int, seats: int, problems: list[tuple[str, str]]) -> None:
    rows = [seat(number + 1) for number in range(seats)]
    found = told("branches", SEATS, branches=[branch(members=members)], committee_members=rows)
    assert found == problems


def score(number: int, **cells: Any) -> dict[str, Any]:
    base = {"code": f"KF-{number:04}", "year": 2022, "branch": "机关第一党支部", "department": "财务处"}
    return {**base, "item": "KZ-01", **cells}


@pytest.mark.parametrize(
    ("self_score", "some", "method", "problems"),
    [
        (5, True, "达标得分", []),
        (5.5, True, "达标得分", ["KZ-01：〈党建考核指标〉里“计分方式”是“达标得分”的“分值”合计 5 小于 自评分 5.5，"]),
        (5.5, True, "加分", []),
        (5.5, False, "加分", ["KZ-01：〈党建考核指标〉里“计分方式”是“达标得分”的“分值”合计 0 小于 自评分 5.5，"]),
    ],
)
def test_tally_of_a_column_where_there_is_some_row(
    self_score: float, some: bool, method: str, problems: list[str]
) -> None:
    rule = {
        "kind": "tally", "through": "item", "form": "appraisal_items", "match": "code", "column": "points",
        "where": {"method": "达标得分"}, "op": "≥", "right": "self_score", "some": some,
    }  # fmt: skip
    found = told(
        "appraisal_scores",
        rule,
        appraisal_scores=[score(1, self_score=self_score)],
        appraisal_items=[item(1, 5, method=method)],
    )
    assert [problem for _, problem in found] == problems


def test_unique() -> None:
    rule = {"kind": "unique", "columns": ["branch", "post"], "when": {"state": "在任"}}
    rows = [seat(1), seat(2, post="组织委员"), seat(3, state="空缺"), seat(4, "机关第二党支部"), seat(5)]
    assert [problem for _, problem in told("committee_members", rule, committee_members=rows)] == [
        "党支部、职务和 ZW-001 相同，"
    ]


def item(number: int, points: float, **cells: Any) -> dict[str, Any]:
    return {"code": f"KZ-{number:02}", "item": "组织生活", "points": points, **cells}


@pytest.mark.parametrize(("points", "said"), [((60, 40), []), ((60, 39.5), ["分值合计 99.5 不等于 100（2 行），"])])
def test_sum(points: tuple[float, float], said: list[str]) -> None:
    rule = {"kind": "sum", "column": "points", "op": "=", "value": 100}
    rows = [item(number + 1, each) for number, each in enumerate(points)]
    assert [problem for _, problem in told("appraisal_items", rule, appraisal_items=rows)] == said


def test_sum_by_a_column_with_several_names() -> None:
    """A row for several counts in each; a row that names none counts in every group that others name."""
    rule = {"kind": "sum", "column": "points", "by": "applies", "op": "=", "value": 100}
    both, ordinary, joint = ("普通", "联合"), ("普通",), ("联合",)

    def said(*rows: tuple[int, tuple[str, ...]]) -> list[str]:
        items = [item(number, points, applies=names) for number, (points, names) in enumerate(rows, 1)]
        return [problem for _, problem in told("appraisal_items", rule, appraisal_items=items)]

    assert said((60, both), (40, ordinary), (40, joint)) == []
    assert said((60, ()), (40, ordinary), (40, joint)) == []
    assert said((60, ()), (40, ())) == []
    assert said((60, both), (40, ordinary), (39, joint)) == ["联合的分值合计 99 不等于 100（2 行），"]
    assert said((60, ()), (39, ())) == ["分值合计 99 不等于 100（2 行），"]


def meeting(number: int, day: date, name: str = "机关第一党支部", kind: str = "支委会") -> dict[str, Any]:
    return {"code": f"SH-{number:04}", "branch": name, "department": "财务处", "kind": kind, "held": day}


MONTHLY = {
    "kind": "count", "title": "支委会", "when": {"kind": "支委会"}, "by": "branch", "per": "月", "at_least": 1,
    "over": {"form": "branches", "column": "branch", "when": {"kind": {"is_not": "临时"}}},
}  # fmt: skip


def test_count_by_member_and_month() -> None:
    """From the register's first row; the running month is still open; a temporary branch owes nothing."""
    rows = [
        meeting(1, date(2022, 4, 2)),
        meeting(2, date(2022, 6, 1)),
        meeting(3, date(2022, 4, 3), "机关第二党支部", "党课"),
    ]
    lists = [branch(), branch(2, "机关第二党支部"), branch(3, "机关第三党支部", kind="临时")]
    found = told("branch_meetings", MONTHLY, DAY, branch_meetings=rows, branches=lists)
    assert [problem for _, problem in found] == [
        "党支部“机关第一党支部”2022年5月“支委会”登记了 0 次，应至少 1 次，",
        "党支部“机关第二党支部”2022年4月“支委会”登记了 0 次，应至少 1 次，",
        "党支部“机关第二党支部”2022年5月“支委会”登记了 0 次，应至少 1 次，",
    ]  # fmt: skip
    later = told("branch_meetings", MONTHLY, date(2022, 7, 1), branch_meetings=rows, branches=lists)
    assert len(later) == 4, "June has ended: the second branch owes it as well"
    assert told("branch_meetings", MONTHLY, DAY, branch_meetings=[], branches=lists) == []


def test_balance() -> None:
    rule = {
        "kind": "balance",
        "opening": "opening",
        "plus": "joined",
        "minus": "left",
        "closing": "closing",
        "period": "period",
    }

    def staff(number: int, period: str, *numbers: int) -> dict[str, Any]:
        cells = dict(zip(("opening", "joined", "left", "closing"), numbers, strict=True))
        return {"code": f"RC-{number:03}", "period": period, **cells}

    assert told("talent", rule, talent=[staff(1, "2022-03", 100, 5, 3, 102), staff(2, "2022-04", 102, 0, 1, 101)]) == []
    wrong = [staff(1, "2022-04", 103, 0, 1, 102), staff(2, "2022-03", 100, 5, 3, 101)]
    assert [problem for _, problem in told("talent", rule, talent=wrong)] == [
        "期初人数 100 加引进人数 5 减流出人数 3 是 102，期末人数填的是 101，",
        "期初人数 103 不等于上一期（RC-002）的期末人数 101，",
    ]


def test_a_rule_is_in_force_between_two_days() -> None:
    rule = {**ORDER, "since": date(2021, 3, 11), "until": date(2021, 3, 12)}
    for day, count in ((10, 0), (11, 1), (12, 1), (13, 0)):
        row = member(applied=date(2021, 3, day), talked=date(2021, 3, 1))
        assert len(told("members", rule, members=[row])) == count


def test_a_rule_about_a_column_that_the_ledger_lacks_says_nothing() -> None:
    from dataclasses import replace

    ledger = ledger_in_memory(members=[member(talked=date(2021, 3, 1))])
    register = ledger.registers["members"]
    fewer = replace(register, columns={key: at for key, at in register.columns.items() if key != "talked"})
    rule = read_rule({"name": "a", "title": "规则", "source": "口径", **ORDER})
    assert list(breaches_of(ledger, fewer, rule, DAY)) == []


@pytest.mark.parametrize(
    ("unshown", "said"),
    [
        ("", ("F4", "谈话日期 2021-03-09 早于申请日期 2021-03-10（E4），")),
        ("applied", ("F4", "谈话日期 2021-03-09 早于申请日期 2021-03-10，")),
        ("talked", ("E4", "谈话日期 2021-03-09 早于申请日期 2021-03-10（E4），")),
    ],
)
def test_a_cell_that_the_sheet_does_not_show_is_judged_at_one_that_it_shows(
    unshown: str, said: tuple[str, str]
) -> None:
    ledger = ledger_in_memory(members=[member(talked=date(2021, 3, 9))])
    register = ledger.registers["members"]
    columns = {key: number for key, number in register.columns.items() if key != unshown}
    register = replace(register, columns=columns, unshown=frozenset({unshown}))
    rule = read_rule({"name": "a-rule", "title": "规则", "source": "口径", **ORDER})
    assert [(each.place.cell, each.problem) for each in breaches_of(ledger, register, rule, DAY)] == [said]
