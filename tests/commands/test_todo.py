"""``taizhang todo``: what the office has to decide, by exit status and whole stdout."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook
from support.fixtures import Make, Run
from support.returned import fill, saved_on
from taizhang.system.files import as_typed

LASTING = {"kind": "长期", "deadline": "长期坚持", "review_cycle": "季", "start": date(2022, 1, 1)}


NOT = "〈销号审核〉里没有申请；"
ASKED = "做完的请部门在〈销号审核〉另起一行申请，没有做完的改回“推进中”。"


def a_round(number: int, task: str, applied: date | None, **more: Any) -> dict[str, Any]:
    return {"code": f"XH-{number:03}", "task": task, "department": "财务处", "applied": applied, **more}


def an_application(number: int, task: str, **more: Any) -> dict[str, Any]:
    base = {"code": f"YQ-{number:03}", "task": task, "department": "财务处", "kind": "延期"}
    return {**base, "applied": date(2022, 3, 1), "until": date(2022, 12, 31), **more}


PASSED = {"first_review": "通过", "first_date": date(2022, 3, 10)}


def test_what_was_decided_and_is_open_in_the_list_is_to_be_changed_there(make_ledger: Make, run: Run) -> None:
    closed = {**PASSED, "committee_date": date(2022, 3, 20), "conclusion": "同意销号"}
    back = {**PASSED, "committee_date": date(2022, 3, 21), "conclusion": "退回"}
    path = make_ledger(
        [{"status": "已完成"}, {"status": "推进中"}, {"status": "已销号"}, {"status": "已完成"}, {"status": "已完成"}],
        closeouts=[
            a_round(1, "RW-001", date(2022, 3, 8), **closed),
            a_round(2, "RW-002", date(2022, 3, 8), **{**closed, "conclusion": "转长期坚持"}),
            a_round(3, "RW-003", date(2022, 3, 8), **closed),
            a_round(4, "RW-004", date(2022, 3, 8), **closed),
            a_round(5, "RW-004", date(2022, 3, 20), **back),
        ],
    )
    result = run("todo", "-l", path, "--as-of", "2022-03-25")
    assert (result.exit_code, result.stdout) == (
        0,
        "报了完成、没有申请销号的：1 件\n"
        f"  · RW-005，财务处　〈销号审核〉　报了完成，{NOT}{ASKED}\n"
        "已经审定、状态没有改的：2 件\n"
        "  · RW-001，财务处　〈整改任务〉S4　XH-001 2022-03-20 审定“同意销号”，还没有算作办结；"
        "请把“状态”改为“已销号”。\n"
        "  · RW-002，财务处　〈整改任务〉S5　XH-002 2022-03-20 审定“转长期坚持”，还没有算作办结；"
        "请把“状态”改为“长期坚持”。\n",
    )


def test_what_waits_is_listed_by_kind_over_its_limit_first(make_ledger: Make, run: Run) -> None:
    tasks: list[dict[str, Any]] = [
        {"status": "已完成", "evidence": "印发件"},
        {"status": "已完成", "evidence": "印发件"},
        {"deadline": date(2022, 3, 15)},
        LASTING,
        LASTING,
        {"original_deadline": "2022-06-30"},
        {"department": ""},
        {"status": "已销号"},
    ]
    closeouts = [
        a_round(1, "RW-001", date(2022, 4, 6)),
        a_round(2, "RW-002", date(2022, 3, 8), **PASSED),
        a_round(3, "RW-008", date(2021, 9, 1), committee_date=date(2021, 9, 20), conclusion="同意销号", **PASSED),
    ]
    reviews = [{"code": "FH-001", "task": "RW-004", "date": date(2022, 1, 7), "post": "局长", "finding": "保持"}]
    path = make_ledger(tasks, closeouts=closeouts, extensions=[an_application(1, "RW-003")], reviews=reviews)
    result = run("todo", "-l", path, "--as-of", "2022-04-07")
    assert result.stdout == (
        "等审核的销号申请：2 件，超时限 1 件\n"
        "  ◆ RW-002，财务处　〈销号审核〉K5　XH-002 等分管领导审核，从 2022-03-10 起 19 个工作日，限 5 天，超了 14 天；"
        "请填“分管领导审核日期”。\n"
        "  · RW-001，财务处　〈销号审核〉H4　XH-001 等办公室初审，从 2022-04-06 起 1 个工作日，限 5 天；"
        "请填“办公室初审”“初审日期”。\n"
        "等批的延期、暂缓：1 件，超时限 1 件\n"
        "  ◆ RW-003，财务处　〈延期申请〉L4　"
        "YQ-001 2022-03-01 申请延期到 2022-12-31；现在的时限 2022-03-15 已过 23 天；请填“审批结论”“批准日期”。\n"
        "到期的复核：2 件，超时限 1 件\n"
        "  ◆ RW-005，财务处　〈复核记录〉　2022-04-01 该复核，超了 6 天（每季一次，还没有复核过）；"
        "请复核，另起一行填上。\n"
        "  · RW-004，财务处　〈复核记录〉　2022-04-07 该复核，今天到期（每季一次，上次 2022-01-07 保持）；"
        "请复核，另起一行填上。\n"
        "到期的回头看：1 件，超时限 1 件\n"
        "  ◆ RW-008，财务处　〈销号审核〉N6　XH-003 2021-09-20 审定，最晚 2022-03-20 回头看，超了 18 天；"
        "请填“回头看日期”“回头看结论”。\n"
        "没有批准就改了时限的：1 件\n"
        "  · RW-006，财务处　〈整改任务〉O9　"
        "下发时的时限是“2022-06-30”，现在是 2022-12-31，〈延期申请〉里没有批准过的延期；"
        "请补上批准的申请，或改回原来的时限；下发时写错的，请改“原定时限”。\n"
        "待明确的任务：1 件\n"
        "  · RW-007，待明确　〈整改任务〉L10　没有定牵头部门；请填“牵头部门”。\n"
    )
    assert result.stderr.startswith("2022-04-07 要办的 8 件，超时限的 4 件。\n")
    assert result.exit_code == 1


def test_the_deadline_of_a_closed_task_is_not_past(make_ledger: Make, run: Run) -> None:
    closed = a_round(1, "RW-001", date(2022, 3, 1), committee_date=date(2022, 3, 12), conclusion="同意销号", **PASSED)
    task = {"deadline": date(2022, 3, 15), "status": "已销号", "evidence": "印发件"}
    path = make_ledger([task], closeouts=[closed], extensions=[an_application(1, "RW-001", applied=date(2022, 4, 1))])
    result = run("todo", "-l", path, "--as-of", "2022-04-07")
    assert result.stdout == (
        "等批的延期、暂缓：1 件\n"
        "  · RW-001，财务处　〈延期申请〉L4　"
        "YQ-001 2022-04-01 申请延期到 2022-12-31；任务已经办结，用不上；请填“审批结论”“批准日期”。\n"
    )
    assert result.exit_code == 0  # nothing is over its limit


@pytest.mark.parametrize(
    ("task", "day", "over"),
    [
        # Applied on Tuesday 1 March: five working days have passed on the 8th, a sixth on the 9th.
        ({"status": "已完成", "evidence": "印发件"}, "2022-03-08", False),
        ({"status": "已完成", "evidence": "印发件"}, "2022-03-09", True),
    ],
)
def test_only_what_is_over_its_limit_makes_it_fail(
    task: dict[str, Any], day: str, over: bool, make_ledger: Make, run: Run
) -> None:
    path = make_ledger([task], closeouts=[a_round(1, "RW-001", date(2022, 3, 1))])
    result = run("todo", "-l", path, "--as-of", day)
    assert result.stdout.startswith(f"等审核的销号申请：1 件{'，超时限 1 件' if over else ''}\n")
    assert result.exit_code == int(over)


def test_nothing_to_do_is_said_and_nothing_printed(make_ledger: Make, run: Run) -> None:
    result = run("待办", "-l", make_ledger([{}]), "--as-of", "2022-03-31")
    assert (result.exit_code, result.stdout) == (0, "")
    assert result.stderr.startswith("2022-03-31 没有要办的。\n")
    assert json.loads(run("todo", "-l", make_ledger([{}]), "--as-of", "2022-03-31", "--json").stdout) == {
        "as_of": "2022-03-31", "matters": [],
    }  # fmt: skip


def test_programs_get_the_same_as_json(make_ledger: Make, run: Run) -> None:
    path = make_ledger([{}], extensions=[an_application(1, "RW-001", kind="暂缓")])
    result = run("todo", "-l", path, "--as-of", "2022-03-31", "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (
        0,
        {
            "as_of": "2022-03-31",
            "matters": [
                {
                    "kind": "extension", "task": "RW-001", "department": "财务处", "sheet": "延期申请", "row": 4,
                    "cell": "L4", "over": False,
                    "message": "YQ-001 2022-03-01 申请暂缓到 2022-12-31；现在的时限 2022-12-31；"
                    "请填“审批结论”“批准日期”。",
                }
            ],
        },
    )  # fmt: skip


@pytest.mark.parametrize(
    ("day", "line", "status"),
    [
        ("2022-03-25", "  · 财务处　2022-03 期还没有报，2022-03-25 截止；请催报。\n", 0),
        ("2022-03-26", "  ◆ 财务处　2022-03 期还没有报，2022-03-25 截止，超了 1 天；请催报。\n", 1),
    ],
)
def test_departments_that_have_not_returned_are_named(
    day: str, line: str, status: int, make_issued: Make, run: Run
) -> None:
    result = run("todo", "-l", make_issued([{}]), "--as-of", day)
    head = f"还没有报的单位：1 件{'，超时限 1 件' if status else ''}\n"
    assert (result.exit_code, result.stdout) == (status, head + line)


def test_an_earlier_period_is_asked_for_until_a_later_one_is_returned(make_issued: Make, run: Run) -> None:
    path = make_issued([{}, {"department": "党委办公室"}])
    run("issue", "-p", "2022-04", "--as-of", "2022-04-11", "-l", path)

    def listed(day: str) -> list[str]:
        return run("todo", "-l", path, "--as-of", day).stdout.splitlines()

    both = "党委办公室、财务处（2 件）　"
    march = f"  ◆ {both}2022-03 期还没有报，2022-03-25 截止，超了 31 天；请催报。"
    assert listed("2022-04-25") == [
        "还没有报的单位：4 件，超时限 2 件", march, f"  · {both}2022-04 期还没有报，2022-04-25 截止；请催报。",
    ]  # fmt: skip
    saved_on(fill(path, {"RW-001": {"update": "甲"}}, period="2022-04"), "2022-04-20T04:00:00Z")
    run("merge", "-l", path, "-p", "2022-04", "--yes")
    assert listed("2022-04-25") == [
        "还没有报的单位：2 件，超时限 1 件",
        "  ◆ 党委办公室　2022-03 期还没有报，2022-03-25 截止，超了 31 天；请催报。",
        "  · 党委办公室　2022-04 期还没有报，2022-04-25 截止；请催报。",
    ]


@pytest.mark.parametrize(("day", "periods"), [("2022-03-31", ["2022-03"]), ("2022-04-01", ["2022-03", "2022-04"])])
def test_a_period_that_has_not_begun_is_not_asked_for(
    day: str, periods: list[str], make_issued: Make, run: Run
) -> None:
    path = make_issued([{}])
    run("issue", "-p", "2022-04", "--as-of", "2022-04-11", "-l", path)
    result = run("todo", "-l", path, "--as-of", day, "--json")
    assert [each["message"][:7] for each in json.loads(result.stdout)["matters"]] == periods


@pytest.mark.parametrize("paused", [False, True])
def test_what_is_struck_off_or_paused_is_not_reviewed(paused: bool, make_ledger: Make, run: Run) -> None:
    closed = a_round(1, "RW-001", date(2022, 3, 1), committee_date=date(2022, 3, 20), conclusion="同意销号", **PASSED)
    pause = an_application(1, "RW-001", kind="暂缓", conclusion="同意", approved=date(2022, 3, 1))
    more: dict[str, Any] = {"extensions": [pause]} if paused else {"closeouts": [closed]}
    path = make_ledger([{**LASTING, "status": "推进中" if paused else "已销号"}, LASTING], **more)
    found = json.loads(run("todo", "-l", path, "--as-of", "2022-04-07", "--json").stdout)["matters"]
    assert [each["task"] for each in found if each["kind"] == "review"] == ["RW-002"]


def test_a_review_says_how_the_sheet_it_goes_into_is_added(make_ledger: Make, run: Run) -> None:
    path = make_ledger([LASTING])
    book = load_workbook(path)
    del book["复核记录"]
    book.save(path)
    result = run("todo", "-l", path, "--as-of", "2022-04-01", "--json")
    assert [(each["sheet"], each["message"]) for each in json.loads(result.stdout)["matters"]] == [
        (
            None,
            "2022-04-01 该复核，今天到期（每季一次，还没有复核过）；"
            f"请运行 taizhang forms enable 复核记录 -l {as_typed(path)} 加上〈复核记录〉，复核后填上。",
        )
    ]


@pytest.mark.parametrize(
    ("applied", "words", "over"),
    [
        # 2024 is not in the calendar: five working days of 2023 are not over the limit, six are.
        (date(2023, 12, 22), "从 2023-12-22 起；算不出几个工作日：〈参数〉工作日历里没有 2024 年", False),
        (
            date(2023, 12, 21),
            "从 2023-12-21 起 至少 6 个工作日，限 5 天，超了 1 天；"
            "再往后算不出几个工作日：〈参数〉工作日历里没有 2024 年",
            True,
        ),
    ],
)
def test_a_year_without_days_off_is_named(applied: date, words: str, over: bool, make_ledger: Make, run: Run) -> None:
    path = make_ledger([{"status": "已完成", "evidence": "印发件"}], closeouts=[a_round(1, "RW-001", applied)])
    result = run("todo", "-l", path, "--as-of", "2024-02-01", "--json")
    assert [(each["message"], each["over"]) for each in json.loads(result.stdout)["matters"]] == [
        (
            f"XH-001 等办公室初审，{words}；"
            "请填“办公室初审”“初审日期”；请把 2024 年的放假安排补进〈参数〉，“日历年度”加上 2024。",
            over,
        )
    ]


def test_what_is_equal_is_one_line_and_what_is_late_comes_first(make_ledger: Make, run: Run) -> None:
    path = make_ledger([{"department": ""}, LASTING, {"department": ""}, {"department": ""}])
    assert run("todo", "-l", path, "--as-of", "2022-04-02").stdout == (
        "到期的复核：1 件，超时限 1 件\n"
        "  ◆ RW-002，财务处　〈复核记录〉　2022-04-01 该复核，超了 1 天（每季一次，还没有复核过）；"
        "请复核，另起一行填上。\n"
        "待明确的任务：3 件\n"
        "  · RW-001、RW-003、RW-004，待明确（3 件）　〈整改任务〉L4、L6:L7　没有定牵头部门；请填“牵头部门”。\n"
    )
    path = make_ledger([{"department": ""}, {"deadline": date(2022, 3, 15)}], extensions=[an_application(1, "RW-001")])
    heads = [line for line in run("todo", "-l", path, "--as-of", "2022-04-02").stdout.splitlines() if line[0] != " "]
    assert heads == ["等批的延期、暂缓：1 件", "待明确的任务：1 件"]


def test_what_the_ledger_s_own_figures_contradict_wants_a_reason(make_ledger: Make, run: Run) -> None:
    proof = {
        "code": "HD-001",
        "task": "RW-001",
        "register": "支委名册",
        "indicator": "空缺",
        "operator": "≤",
        "target": "0",
    }
    member = {"code": "ZW-001", "branch": "", "department": "财务处", "post": "书记", "state": "空缺"}
    done = {"status": "已完成", "evidence": "印发件", "deadline": date(2022, 12, 31)}

    def listed(basis: str, **more: Any) -> str:
        path = make_ledger(
            [done],
            proofs=[{**proof, "operator": "≤", "target": "0", "basis": basis}],
            committee_members=[member],
            closeouts=[a_round(1, "RW-001", date(2022, 3, 30), **more)],
        )
        return run("todo", "-l", path, "--as-of", "2022-03-31").stdout.partition("核对不符")[2]

    assert listed("办公室判定") == (
        "、要写明理由的：1 件\n"
        "  · RW-001，财务处　〈销号审核〉U4　已申请销号，而〈支委名册〉空缺未达到（实际 1 个，目标 ≤ 0 个）；"
        "请核对登记表，办到了的补上，或请填“核对不符的说明”。\n"
    )
    assert listed("办公室判定", contradiction="换届前由副书记代行") == ""
    assert listed("程序建议") == "", "the office has not confirmed that proof"


@pytest.mark.parametrize(
    ("task", "closeouts", "day", "line"),
    [
        ({}, [], "2022-03-31", f"  · RW-001，财务处　〈销号审核〉　报了完成，{NOT}{ASKED}"),
        # The deadline is the last day on which it is not late.
        (
            {"deadline": date(2022, 3, 31)},
            [],
            "2022-03-31",
            f"  · RW-001，财务处　〈销号审核〉　报了完成，{NOT}{ASKED}",
        ),
        (
            {"deadline": date(2022, 3, 31)},
            [],
            "2022-04-01",
            f"  ◆ RW-001，财务处　〈销号审核〉　报了完成，时限 2022-03-31 已过 1 天，{NOT}{ASKED}",
        ),
        # A close-out that nobody has confirmed counts as reported done.
        ({"status": "已销号"}, [], "2022-03-31", f"  · RW-001，财务处　〈销号审核〉　报了完成，{NOT}{ASKED}"),
        (
            {},
            [a_round(1, "RW-001", None)],
            "2022-03-31",
            "  · RW-001，财务处　〈销号审核〉D4　报了完成，XH-001 没有写申请日期；请填“申请日期”。",
        ),
        ({}, [a_round(1, "RW-001", date(2022, 3, 31))], "2022-03-31", ""),
        ({"status": "推进中"}, [], "2022-03-31", ""),
        # Sent back: it is under way again.
        ({}, [a_round(1, "RW-001", date(2022, 3, 8), first_review="退回")], "2022-03-31", ""),
        ({"status": "已销号"}, [a_round(1, "RW-001", None, conclusion="沿用原台账")], "2022-03-31", ""),
    ],
)
def test_what_is_reported_done_and_not_applied_for_is_listed(
    task: dict[str, Any], closeouts: list[dict[str, Any]], day: str, line: str, make_ledger: Make, run: Run
) -> None:
    path = make_ledger([{"status": "已完成", "evidence": "印发件", **task}], closeouts=closeouts)
    result = run("todo", "-l", path, "--as-of", day)
    own = [each for each in result.stdout.splitlines() if "报了完成，" in each]
    assert (own, result.exit_code) == ([line] if line else [], int("◆" in line))


def test_a_ledger_that_is_not_there_is_named(run: Run, tmp_path: Any) -> None:
    result = run("todo", "-l", tmp_path / "没有.xlsx")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "找不到台账" in result.stderr
