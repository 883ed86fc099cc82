"""Proofs: what a row of 〈核对〉 means, what it says on a day, and when there are no data rather than an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from support.fixtures import Make
from support.ledgers import ledger_in_memory
from taizhang.forms.load import standard_forms
from taizhang.ledger.model import read_ledger
from taizhang.supervision.proof_results import Outcome, ProofResult, judge
from taizhang.supervision.proofs import Proof, all_proofs, occurrences, read_proofs
from taizhang.supervision.tasks import read_tasks
from taizhang.typed.cycles import CycleKind

DAY = date(2022, 7, 15)

SEATS = """
书记 在任
组织委员 空缺
宣传委员 空缺
"""


def seats(text: str = SEATS) -> list[dict[str, Any]]:
    rows = [line.split() for line in text.strip().splitlines()]
    return [
        {"code": f"ZW-{n:03}", "branch": "第一党支部", "department": "财务处", "post": post, "state": state}
        for n, (post, state) in enumerate(rows, 1)
    ]


LESSONS = """
警示教育 已开展 2022-01-20 2022-02-10 40 38
警示教育 已开展 2022-04-10 2022-04-12 40 20
警示教育 已开展 2022-06-30 2022-07-02 40 40
警示教育 已开展 2022-05-10 2022-08-01 40 40
警示教育 计划 2022-06-20 - 40 -
宣讲 已开展 2022-05-05 2022-05-06 10 10
"""


def lessons(text: str = LESSONS) -> list[dict[str, Any]]:
    rows = []
    for n, line in enumerate(text.strip().splitlines(), 1):
        kind, state, planned, held, expected, attended = line.split()
        days = [None if day == "-" else date.fromisoformat(day) for day in (planned, held)]
        people = [None if number == "-" else int(number) for number in (expected, attended)]
        row = {"code": f"XX-{n:03}", "kind": kind, "theme": "活动", "department": "财务处", "state": state}
        rows.append(row | dict(zip(("planned", "held", "expected", "attended"), days + people, strict=True)))
    return rows


def proof_row(text: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """Return a row of 〈核对〉 from a line such as ``支委名册 空缺 - ≤ 0 个 -`` (a dash is an empty cell)."""
    keys = ("register", "indicator", "filter", "operator", "target", "unit", "per")
    words = {key: None if word == "-" else word for key, word in zip(keys, text.split(), strict=True)}
    return {"code": f"HD-{number:03}", "task": "RW-001", **words, "basis": "办公室判定", **more}


def said(row: str, on: date = DAY, task: dict[str, Any] | None = None, **registers: Any) -> str:
    return result_of(row, on, task, **registers).words


def result_of(row: str, on: date, task: dict[str, Any] | None, **registers: Any) -> ProofResult:
    ledger = ledger_in_memory([task or {}], proofs=[proof_row(row)], **registers)
    (proof,) = read_proofs(ledger)["RW-001"]
    return judge(ledger, proof, on)


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("支委名册 空缺 - ≤ 0 个 -", "未达到（实际 2 个，目标 ≤ 0 个）"),
        ("支委名册 空缺 - ≤ 2 - -", "达到（实际 2 个，目标 ≤ 2 个）"),
        ("支委名册 空缺 - ＝ 0 个 -", "未达到（实际 2 个，目标 0 个）"),
        ("支委名册 空缺 职务=书记 ＝ 0 个 -", "达到（实际 0 个，目标 0 个）"),
        ("支委名册 空缺 职务=组织、宣传委员 ＝ 2 个 -", "达到（实际 2 个，目标 2 个）"),
        ("支委名册 空缺 职务＝组织委员；部门=财务处 ≥ 1 个 -", "达到（实际 1 个，目标 ≥ 1 个）"),
        ("支委名册 空缺 - ≤ 66% - -", "未达到（实际 67%，目标 ≤ 66%）"),
        ("支委名册 空缺 - ≤ 66 % -", "未达到（实际 67%，目标 ≤ 66%）"),
        ("支委名册 空缺 - ≤ 67% - -", "达到（实际 67%，目标 ≤ 67%）"),
        ("支委名册 职位数 - ≥ 3个 - -", "达到（实际 3 个，目标 ≥ 3 个）"),
        ("支委名册 空缺 - ≤ 职位数 - -", "达到（实际 2 个，目标 ≤ 3 个）"),
        ("支委名册 职位数 - ＝ 空缺 - -", "未达到（实际 3 个，目标 2 个）"),
    ],
)
def test_a_figure_is_compared_as_the_target_is_written(row: str, words: str) -> None:
    assert said(row, committee_members=seats()) == words


def test_the_figure_is_the_registers_own() -> None:
    """A percentage is judged exactly and shown as the sheet shows it: 299 of 300 is 99 %, never 100 %."""
    rows = seats("\n".join(["书记 在任"] * 299 + ["书记 空缺"]))
    found = result_of("支委名册 空缺 - ≥ 0.5% - -", DAY, None, committee_members=rows)
    assert (found.outcome, found.actual) == (Outcome.UNMET, 1)


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("学习教育活动 已开展 - ≥ 1 次 -", "〈学习教育活动〉没有启用"),
        ("规章制度 已完成 - ≥ 1 项 -", "〈规章制度〉还没有填"),
        ("支委名册 补选中位天数 - ≤ 30 天 -", "没有符合条件的行"),
        ("支委名册 补选中位天数 - ≥ 1 天 -", "没有符合条件的行"),
        ("支委名册 空缺 职务=副书记 ≤ 0 个 -", "没有符合条件的行"),
        ("支委名册 空缺 职务=副书记 ≥ 50% - -", "没有符合条件的行"),
        ("支委名册 空缺职位 - ≤ 0 个 -", "〈支委名册〉没有“空缺职位”这个指标"),
        ("支委名册 空缺 - - 0 个 -", "〈核对〉的“比较”空着或读不懂"),
        ("支委名册 空缺 - 多于 0 个 -", "〈核对〉的“比较”空着或读不懂"),
        ("支委名册 空缺 - ≤ 0 个 每周", "〈核对〉的“每周期”空着或读不懂"),
    ],
)
def test_without_data_nothing_is_said_to_be_reached_or_missed(row: str, reason: str) -> None:
    assert said(row, committee_members=seats()) == f"无数据（{reason}）"


def test_what_is_not_in_a_register_has_not_been_done() -> None:
    """The register is kept, and holds no row of this kind: that is 0, if at least something is asked."""
    rows = lessons()
    assert said("学习教育活动 已开展 活动类型=理论学习 ≥ 1 次 -", learning=rows) == ("未达到（实际 0 次，目标 ≥ 1 次）")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("学习教育活动 已开展 活动类型=警示教育 ≥ 5 次 -", "达到（实际 5 次，目标 ≥ 5 次）"),
        ("学习教育活动 已开展 活动类型=警示教育 ≥ 6 次 -", "未达到（实际 5 次，目标 ≥ 6 次）"),
        ("学习教育活动 活动数 活动类型=警示教育 ≥ 6 次 -", "达到（实际 6 次，目标 ≥ 6 次）"),
        ("学习教育活动 已开展 活动类型=警示教育 ≤ 1 次 -", "达到（实际 1 次，目标 ≤ 1 次）"),  # of the latest year
        ("学习教育活动 已开展 活动类型=警示教育 ≥ 100% - -", "达到（实际 100%，目标 ≥ 100%）"),  # of the latest year
    ],
)
def test_so_many_altogether_are_of_all_years(row: str, words: str) -> None:
    """What was done once stays done when the year ends, and the register goes on with the next."""
    rows = lessons(f"{LESSONS}警示教育 已开展 2023-01-10 2023-01-12 40 38")
    assert said(row, date(2023, 2, 1), learning=rows) == words


def test_unreadable_rows_are_no_zero() -> None:
    row = {**seats()[0], "code": "ZW-009", "state": "不详"}
    assert said("支委名册 空缺 - ≥ 1 个 -", committee_members=[row]) == "无数据（“在任状态”有 1 行读不懂）"
    more = [*seats("书记 在任"), row]
    found = result_of("支委名册 空缺 - ≤ 0 个 -", DAY, None, committee_members=more)
    assert (found.outcome, dict(found.left_out)) == (Outcome.MET, {"“在任状态”读不懂": 1})


def test_a_ratio_with_more_than_its_whole_proves_nothing() -> None:
    rows = lessons("宣讲 已开展 2022-05-05 2022-05-06 10 12")
    assert said("学习教育活动 参加 - ≥ 90% - -", learning=rows) == "无数据（部分大于总数）"


def test_a_column_that_the_ledger_lacks_proves_nothing() -> None:
    ledger = ledger_in_memory(proofs=[proof_row("支委名册 空缺 职务=书记 ≥ 1 个 -")], committee_members=seats())
    register = ledger.registers["committee_members"]
    columns = {key: number for key, number in register.columns.items() if key != "post"}
    registers = {**ledger.registers, "committee_members": replace(register, columns=columns)}
    (proof,) = all_proofs(ledger)
    assert judge(replace(ledger, registers=registers), proof, DAY).words == "无数据（〈支委名册〉里没有“职务”列）"


def test_a_formula_without_a_result_is_no_target() -> None:
    ledger = ledger_in_memory(proofs=[proof_row("支委名册 空缺 - ≤ 0 个 -")], committee_members=seats())
    register = ledger.registers["proofs"]
    records = tuple(replace(record, unread=frozenset({"target"})) for record in register.records)
    registers = {**ledger.registers, "proofs": replace(register, records=records)}
    ledger = replace(ledger, registers=registers)
    (proof,) = all_proofs(ledger)
    assert judge(ledger, proof, DAY).words == "无数据（〈核对〉的“目标”空着或读不懂）"


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (date(2022, 3, 31), "无数据（还没有满一个周期；本期到现在 1 次）"),
        (date(2022, 4, 1), "达到（2022年一季度：实际 1 次，目标 ≥ 1 次；本期到现在 0 次）"),
        (date(2022, 4, 12), "达到（2022年一季度：实际 1 次，目标 ≥ 1 次；本期到现在 1 次）"),
        (date(2022, 7, 1), "达到（2022年二季度：实际 1 次，目标 ≥ 1 次；本期到现在 0 次）"),
        (date(2022, 8, 1), "达到（2022年二季度：实际 1 次，目标 ≥ 1 次；本期到现在 2 次）"),
    ],
)
def test_a_proof_for_each_cycle_is_judged_by_the_last_closed_one(on: date, words: str) -> None:
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季"
    assert said(row, on, learning=lessons()) == words


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (date(2022, 5, 16), "未达到（2022年二季度：实际 1 次，目标 ≥ 2 次；本期到现在 1 次）"),
        (date(2022, 5, 17), "无数据（还没有满一个周期；本期到现在 1 次）"),
    ],
)
def test_a_cycle_counts_if_half_of_it_lies_after_the_start(start: date, words: str) -> None:
    """The second quarter has 91 days: 46 from 16 May on, 45 from 17 May on."""
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 2 次 季"
    assert said(row, task={"start": start}, learning=lessons()) == words


@pytest.mark.parametrize(
    ("start", "words"),
    [
        (date(2022, 6, 16), "未达到（2022年6月：实际 0 次，目标 ≥ 1 次；本期到现在 1 次）"),
        (date(2022, 6, 17), "无数据（还没有满一个周期；本期到现在 1 次）"),
    ],
)
def test_exactly_half_of_a_cycle_is_enough(start: date, words: str) -> None:
    """June has 30 days: 15 from 16 June on."""
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 月"
    assert said(row, task={"start": start}, learning=lessons()) == words


@pytest.mark.parametrize(
    ("held", "number"), [("2022-03-31", 0), ("2022-04-01", 1), ("2022-06-30", 1), ("2022-07-01", 0)]
)
def test_both_ends_of_a_cycle_belong_to_it(held: str, number: int) -> None:
    row = "学习教育活动 已开展 - ≥ 1 次 季"
    found = result_of(row, DAY, None, learning=lessons(f"宣讲 已开展 {held} {held} 1 1"))
    assert (found.cycle and found.cycle.name, found.actual) == ("2022年二季度", number)


@pytest.mark.parametrize(
    ("target", "unit", "percent", "number"),
    [(1, "个", False, 1), (0.8, None, True, 80), (1, "%", True, 100), (0.5, "%", True, 50), (2, None, False, 2)],
)
def test_a_target_that_excel_turned_into_a_number(target: float, unit: str, percent: bool, number: int) -> None:
    """A typed 80% is stored as 0.8; a typed 100% as 1, which the unit has to tell from one."""
    row = proof_row("支委名册 空缺 - ≤ 0 - -", target=target, unit=unit)
    (proof,) = all_proofs(ledger_in_memory(proofs=[row]))
    assert (proof.percent, proof.target, proof.faults) == (percent, number, ())


def test_a_share_for_each_cycle_is_of_what_was_planned_in_it() -> None:
    """Planned in the second quarter: four lessons, of which three were given (one of them later)."""
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 80% - 季"
    assert said(row, date(2022, 8, 2), learning=lessons()) == ("未达到（2022年二季度：实际 75%，目标 ≥ 80%）")


@pytest.mark.parametrize(
    ("row", "on", "days"),
    [
        ("学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季", DAY, ["02-10", "04-12", "07-02"]),
        ("学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季", date(2022, 7, 1), ["02-10", "04-12"]),
        ("学习教育活动 已开展 - ≥ 1 次 季", date(2022, 5, 6), ["02-10", "04-12", "05-06"]),
        ("学习教育活动 已开展 - ≥ 80% - 季", DAY, []),
        ("学习教育活动 超期未开展 - ≤ 0 次 季", DAY, []),
    ],
)
def test_occurrences_are_the_days_of_what_was_done(row: str, on: date, days: list[str]) -> None:
    ledger = ledger_in_memory(proofs=[proof_row(row)], learning=lessons())
    (proof,) = all_proofs(ledger)
    assert [f"{day:%m-%d}" for day in occurrences(ledger, proof, on)] == days
    assert proof.per == CycleKind.QUARTER


@pytest.mark.parametrize(
    ("task", "on", "words"),
    [
        ({}, date(2022, 3, 31), "无数据（还没有满一个周期；本期到现在 1 次）"),
        ({}, date(2022, 7, 1), "达到（应 2 期，履行 2 期；本期到现在 0 次）"),
        ({"per_cycle": 2}, date(2022, 7, 1), "达到（2022年二季度：实际 1 次，目标 ≥ 1 次；本期到现在 0 次）"),
        ({"review_cycle": "月"}, date(2022, 7, 1), "达到（2022年二季度：实际 1 次，目标 ≥ 1 次；本期到现在 0 次）"),
        ({"review_cycle": None}, date(2022, 7, 1), "达到（2022年二季度：实际 1 次，目标 ≥ 1 次；本期到现在 0 次）"),
    ],
)
def test_a_recurring_task_is_proved_by_its_cycles(task: dict[str, Any], on: date, words: str) -> None:
    """Cycles of another length or number than the proof's are no measure for it, and a task may have none."""
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季"
    assert said(row, on, {"kind": "周期", "review_cycle": "季", **task}, learning=lessons()) == words


def test_cycles_missed_for_good_leave_a_proof_unmet_for_a_year() -> None:
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季"
    task = {"kind": "周期", "review_cycle": "季", "make_up": "不可以", "deadline": "长期"}
    rows = lessons("警示教育 已开展 2022-01-20 2022-02-10 1 1\n警示教育 已开展 2022-07-02 2022-07-02 1 1")
    rows += lessons("警示教育 已开展 2022-10-02 2022-10-02 1 1")
    for n, day in enumerate((date(2023, 2, 1), date(2023, 5, 1)), 8):
        rows.append({**rows[0], "code": f"XX-{n:03}", "planned": day, "held": day})
    rows[2]["code"] = "XX-007"
    assert said(row, date(2023, 6, 29), task, learning=rows).startswith("未达到（应 5 期，履行 4 期")
    assert said(row, date(2023, 6, 30), task, learning=rows).startswith("达到（应 5 期，履行 4 期")


def duty_of(proofs: list[str], **registers: Any) -> list[str]:
    rows = [proof_row(text, n) for n, text in enumerate(proofs, 1)]
    ledger = ledger_in_memory([{"kind": "周期", "review_cycle": "季"}], proofs=rows, **registers)
    duty = read_tasks(ledger, DAY)[0].duty
    assert duty
    return [each.words for each in duty.cycles]


REPORTED = {
    "code": "LX-0001", "task": "RW-001", "department": "财务处", "cycle": "2022年一季度", "done": 1,
    "done_on": date(2022, 3, 3),
}  # fmt: skip


def test_a_register_that_proves_counts_instead_of_what_is_reported() -> None:
    proof = "学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季"
    reported = {"fulfilments": [REPORTED]}
    assert duty_of([], **reported) == ["完成", "欠1", "进行中（0/1）"]
    assert duty_of([proof], **reported) == ["完成", "欠1", "进行中（0/1）"], "no register yet"
    assert duty_of([proof], **reported, learning=[]) == ["完成", "欠1", "进行中（0/1）"], "nothing in it"
    assert duty_of([proof], **reported, learning=lessons()) == ["完成", "完成", "进行中（1/1）"]
    once = "学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 -"
    assert duty_of([once], **reported, learning=lessons()) == ["完成", "欠1", "进行中（0/1）"], "not for each cycle"
    none = lessons("宣讲 已开展 2022-05-05 2022-05-06 10 10")
    assert duty_of([proof], **reported, learning=none) == ["欠1", "欠1", "进行中（0/1）"]


@pytest.mark.parametrize(
    ("proof", "task", "cycles"),
    [
        ("≥ 2 次 季", {}, ["欠1", "欠1", "进行中（1/2）"]),
        ("≥ 2 次 季", {"per_cycle": 1}, ["完成", "完成", "进行中（1/1）"]),
        ("≥ 2 次 季", {"deadline": "每季度至少1次"}, ["完成", "完成", "进行中（1/1）"]),
        ("≥ 2 次 年", {}, ["欠1", "欠1", "进行中（0/1）"]),  # of another cycle: what is reported counts
        ("≥ 1.5 次 季", {}, ["欠1", "欠1", "进行中（1/2）"]),
        ("≤ 2 次 季", {}, ["欠1", "欠1", "进行中（0/1）"]),  # asks for no more than so many
        ("≥ 活动数 次 季", {}, ["完成", "完成", "进行中（1/1）"]),
    ],
)
def test_how_many_a_cycle_needs_is_what_its_proof_asks_unless_the_task_says(
    proof: str, task: dict[str, Any], cycles: list[str]
) -> None:
    row = proof_row(f"学习教育活动 已开展 活动类型=警示教育 {proof}")
    recurring = {"kind": "周期", "review_cycle": "季", **task}
    duty = read_tasks(ledger_in_memory([recurring], proofs=[row], learning=lessons()), DAY)[0].duty
    assert duty and [each.words for each in duty.cycles] == cycles


def test_cycles_that_need_more_than_one_are_short_with_one() -> None:
    row = "学习教育活动 已开展 活动类型=警示教育 ≥ 2 次 季"
    task = {"kind": "周期", "review_cycle": "季"}
    assert said(row, task=task, learning=lessons()) == "未达到（应 2 期，履行 0 期；本期到现在 1 次）"


def test_of_several_proofs_the_least_keeps_a_cycle() -> None:
    proofs = ["学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季", "学习教育活动 已开展 活动类型=宣讲 ≥ 1 次 季"]
    assert duty_of(proofs, learning=lessons()) == ["欠1", "完成", "进行中（0/1）"]


@pytest.mark.parametrize(
    ("more", "cycles"),
    [
        ("", ["欠1", "完成", "进行中（0/1）"]),
        ("警示教育 已开展 2022-03-01 2022-03-01 1 1", ["完成", "完成", "进行中（0/1）"]),
        ("警示教育 已开展 2022-07-05 2022-07-05 1 1", ["欠1", "完成", "进行中（1/1）"]),
        ("警示教育 已开展 2022-05-05 2022-05-05 1 1", ["欠1", "完成", "进行中（0/1）"]),  # three for two are no more
    ],
)
def test_proofs_with_different_numbers_keep_a_cycle_if_each_is_reached(more: str, cycles: list[str]) -> None:
    """Two lessons and one talk a quarter; 每期次数 says nothing then."""
    proofs = ["学习教育活动 已开展 活动类型=警示教育 ≥ 2 次 季", "学习教育活动 已开展 活动类型=宣讲 ≥ 1 次 季"]
    lines = """
    警示教育 已开展 2022-02-10 2022-02-10 1 1
    警示教育 已开展 2022-04-12 2022-04-12 1 1
    警示教育 已开展 2022-05-12 2022-05-12 1 1
    警示教育 已开展 2022-07-02 2022-07-02 1 1
    宣讲 已开展 2022-03-05 2022-03-05 1 1
    宣讲 已开展 2022-05-05 2022-05-06 1 1
    """
    talk = "\n宣讲 已开展 2022-07-06 2022-07-06 1 1" if "07-05" in more else ""
    rows = lessons(f"{lines.strip()}\n{more}{talk}".strip())
    for typed in (None, 3):
        found = [proof_row(text, n) for n, text in enumerate(proofs, 1)]
        task = {"kind": "周期", "review_cycle": "季", "per_cycle": typed}
        duty = read_tasks(ledger_in_memory([task], proofs=found, learning=rows), DAY)[0].duty
        assert duty and [each.words for each in duty.cycles] == cycles


@pytest.mark.parametrize(("basis", "used"), [("程序建议", False), ("办公室判定", True), (None, True)])
def test_a_proposal_keeps_no_cycle_until_the_office_confirms_it(basis: str | None, used: bool) -> None:
    row = proof_row("学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季", basis=basis)
    registers = {"proofs": [row], "learning": lessons(), "fulfilments": [REPORTED]}
    ledger = ledger_in_memory([{"kind": "周期", "review_cycle": "季"}], **registers)
    duty = read_tasks(ledger, DAY)[0].duty
    reported, proved = ["完成", "欠1", "进行中（0/1）"], ["完成", "完成", "进行中（1/1）"]
    assert duty and [each.words for each in duty.cycles] == (proved if used else reported)
    (proof,) = read_proofs(ledger)["RW-001"]
    assert judge(ledger, proof, DAY).by_cycles is used


def test_a_row_that_counts_for_several_occurs_as_often() -> None:
    """And rows of earlier years occur too, although the register's own figure is of the latest year."""
    rows = [
        {"code": f"TH-{n:03}", "kind": "班子成员之间", "leader": "局长", "held": day, "times": times}
        for n, (day, times) in enumerate([(date(2021, 12, 1), 1), (date(2022, 2, 1), 2), (date(2022, 9, 1), 4)], 1)
    ]
    ledger = ledger_in_memory(proofs=[proof_row("谈心谈话 谈话次数 - ≥ 2 次 半年")], talks=rows)
    (proof,) = all_proofs(ledger)
    assert occurrences(ledger, proof, DAY) == {date(2021, 12, 1): 1, date(2022, 2, 1): 2}
    assert judge(ledger, proof, DAY).words == "达到（2022年上半年：实际 2 次，目标 ≥ 2 次；本期到现在 0 次）"


def test_a_number_of_millions_is_counted_and_not_listed() -> None:
    row = {"code": "TH-001", "kind": "班子成员之间", "leader": "局长", "held": date(2022, 2, 1), "times": 10**12}
    ledger = ledger_in_memory(
        [{"kind": "周期", "review_cycle": "半年"}], proofs=[proof_row("谈心谈话 谈话次数 - ≥ 2 次 半年")], talks=[row]
    )
    (proof,) = all_proofs(ledger)
    assert occurrences(ledger, proof, DAY) == {date(2022, 2, 1): 10**12}
    duty = read_tasks(ledger, DAY)[0].duty
    assert duty and [each.words for each in duty.cycles] == ["完成", "进行中（0/2）"]


def test_cells_that_are_equal_and_of_other_types_are_read_apart() -> None:
    """Excel's TRUE is no 1: the readings of cells are kept by type and value."""
    rows = [
        {"code": f"TH-{n:03}", "kind": "班子成员之间", "leader": "局长", "held": date(2022, 2, n), "times": times}
        for n, times in enumerate((1, 1.0, True), 1)
    ]
    ledger = ledger_in_memory(proofs=[proof_row("谈心谈话 谈话次数 - ≥ 2 次 半年")], talks=rows)
    (proof,) = all_proofs(ledger)
    assert occurrences(ledger, proof, DAY) == {date(2022, 2, 1): 1, date(2022, 2, 2): 1}


def test_a_task_may_have_several_proofs_and_a_row_without_task_belongs_to_none() -> None:
    rows = [
        proof_row("支委名册 空缺 - ≤ 0 个 -", 1),
        proof_row("规章制度 已完成 - ≥ 1 项 -", 2, basis="程序建议"),
        proof_row("规章制度 已完成 - ≥ 1 项 -", 3, task=None),
    ]
    ledger = ledger_in_memory([{}, {}], proofs=rows)
    assert {task: [_short(each) for each in proofs] for task, proofs in read_proofs(ledger).items()} == {
        "RW-001": [("HD-001", "支委名册", "空缺", False), ("HD-002", "规章制度", "已完成", True)]
    }


def _short(proof: Proof) -> tuple[str, str, str, bool]:
    return proof.code, proof.sheet, proof.title, proof.proposed


def test_a_ledger_read_from_its_file_says_the_same(make_ledger: Make) -> None:
    """The other tests make their ledgers in memory."""
    rows = [
        proof_row("学习教育活动 已开展 活动类型=警示教育 ≥ 1 次 季", 1),
        proof_row("学习教育活动 参加 - ≥ 90% % -", 2),
        proof_row("支委名册 空缺 - ≤ 0 个 -", 3),
    ]
    registers = {"proofs": rows, "learning": lessons(), "committee_members": seats()}
    both = read_ledger(make_ledger(None, **registers), standard_forms()), ledger_in_memory(**registers)
    read, made = ([judge(each, proof, DAY).words for proof in all_proofs(each)] for each in both)
    assert (
        read
        == made
        == [
            "达到（2022年二季度：实际 1 次，目标 ≥ 1 次；本期到现在 1 次）",
            "未达到（实际 87%，目标 ≥ 90%）",
            "未达到（实际 2 个，目标 ≤ 0 个）",
        ]
    )


def test_a_ledger_without_the_sheet_has_no_proofs() -> None:
    ledger = ledger_in_memory()
    without = {name: each for name, each in ledger.registers.items() if name != "proofs"}
    assert read_proofs(ledger) == read_proofs(replace(ledger, registers=without)) == {}
