"""What departments type by habit: names for posts, 无 for nothing, 没有变化 for the tick, codes that slip."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import column_values, edit, fill, findings, saved_on, template, value

MONTHLY = {"kind": "周期", "review_cycle": "月", "start": date(2022, 1, 1), "deadline": "长期坚持", "progress": None}
APPLICATION: dict[str, Any] = {
    "task": "RW-001", "kind": "延期", "applied": "2022-03-20", "applicant": "综合科科长", "reason": "招标流标一次",
    "until": "2023-06-30",
}  # fmt: skip


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    return make_issued([{"deadline": date(2022, 12, 31)}, MONTHLY])


def merge(ledger: Path, run: Run, day: str = "2022-03-24T09:00:00Z") -> tuple[list[tuple[str, str]], str]:
    """Merge what came back, saved on a day; return the findings (without absences and readings) and the output."""
    saved_on(ledger.parent / "报送" / "财务处.xlsx", day)
    result = run("merge", "-l", ledger, "--yes")
    return [each for each in findings(result) if each[1] not in ("absent", "reading", "late")], result.stdout


def march(ledger: Path) -> str:
    return next(code for code, cycle in column_values(ledger, "cycle", "fulfilments").items() if cycle == "2022年3月")


@pytest.mark.parametrize(
    ("typed", "said", "held"),
    [
        ("是", [], "是"),
        ("√", [], "是"),
        ("无变化", [], "是"),
        ("没有变化", [], "是"),
        ("没变", [], "是"),
        ("否", [("J4", "choice")], ""),
        ("有变化", [("J4", "choice")], ""),
    ],
)
def test_the_tick_is_read_in_the_usual_words_and_a_no_is_refused(
    issued: Path, run: Run, typed: str, said: list[tuple[str, str]], held: str
) -> None:
    fill(issued, {"RW-001": {"unchanged": typed}})
    found, output = merge(issued, run)
    assert (found, value(issued, "RW-001", "unchanged")) == (said, held)
    assert ("不用填：只有“本期无变化”的才选“是”，不是的这一格空着。" in output) == bool(said)


@pytest.mark.parametrize(
    ("post", "said"),
    [
        ("综合科科长", []),
        ("局长", []),
        ("张主任", []),
        ("张三", [("F4", "post")]),
        ("欧阳小三", [("F4", "post")]),
    ],
)
def test_a_name_where_a_post_belongs_is_said_and_not_repeated(
    issued: Path, run: Run, post: str, said: list[tuple[str, str]]
) -> None:
    spare = str(load(template(issued).read_bytes())["延期申请"]["A4"].value)
    fill(issued, {spare: {**APPLICATION, "applicant": post}}, form="extensions")
    found, output = merge(issued, run)
    assert found == said
    assert ("“申请岗位”里写的像是姓名，请改写岗位（〈参数〉里有局长、整改办主任）；" in output) == bool(said)
    if said:
        receipt = load((issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx").read_bytes())["回执"]
        words = "".join(str(cell.value or "") for row in receipt.iter_rows() for cell in row)
        assert ("像是姓名" in words, post in words) == (True, False)


def test_nothing_typed_as_wu_counts_as_empty_and_the_receipt_says_so(issued: Path, run: Run) -> None:
    spare = str(load(template(issued).read_bytes())["销号审核"]["A4"].value)
    row = {"task": "RW-001", "applied": "2022-03-15", "applicant": "综合科科长", "evidence": "无"}
    fill(issued, {spare: row}, form="closeouts")
    found, output = merge(issued, run)
    assert found == [("F4", "required")]
    assert "“佐证材料”必填，写“无”等于没有填，新增的这一行先不采用，请补上，例如：" in output


def test_done_with_wu_as_evidence_is_told_that_it_counts_as_none(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"status": "已完成", "progress": 1, "evidence": "无"}})
    found, output = merge(issued, run)
    assert [check for _, check in found] == ["evidence-missing"]
    assert "报了“已完成”，佐证材料写“无”等于没有填，这一行先不采用；" in output


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("RW-025", "现在有的是 RW-001 到 RW-002。请核对编号。"),
        ("RW-26", "现在有的是 RW-001 到 RW-002。请核对编号。"),
        ("RW-2", "是不是 RW-002？请核对编号。"),
        ("WR-002", "是不是 RW-002？请核对编号。"),
        ("LW-009", "不在〈整改任务〉里。请核对编号。"),
    ],
)
def test_a_code_of_another_number_is_never_proposed(issued: Path, run: Run, typed: str, words: str) -> None:
    spare = str(load(template(issued).read_bytes())["延期申请"]["A4"].value)
    fill(issued, {spare: {**APPLICATION, "task": typed}}, form="extensions")
    found, output = merge(issued, run)
    assert (found, words in output) == ([("C4", "reference")], True)


@pytest.mark.parametrize(("done", "said"), [(10, []), (11, ["duty-done"]), (1000, ["duty-done"])])
def test_far_more_than_is_owed_is_asked_about(issued: Path, run: Run, done: int, said: list[str]) -> None:
    fill(issued, {march(issued): {"done": done, "what": "开展警示教育"}}, form="fulfilments")
    found, output = merge(issued, run)
    assert ([check for _, check in found], value(issued, march(issued), "done", "fulfilments")) == (said, str(done))
    assert (f"2022年3月填了 {done} 次，RW-002 一期应做 1 次，照填的统计；" in output) == bool(said)


@pytest.mark.parametrize(
    ("again", "said"),
    [
        ({"done": 3, "done_on": "2022-03-22"}, []),
        ({"done": 2, "done_on": "2022-03-22"}, ["duty-done"]),
        ({"done": 1, "done_on": "2022-03-22"}, ["duty-done", "duty-done"]),
        ({"done": 1, "done_on": "2022-03-10"}, ["duty-done"]),
    ],
)
def test_a_row_that_is_sent_again_says_what_it_replaces(
    issued: Path, run: Run, again: dict[str, Any], said: list[str]
) -> None:
    first = {"done": 2, "done_on": "2022-03-10", "what": "开展警示教育"}
    fill(issued, {march(issued): first}, form="fulfilments")
    assert merge(issued, run, "2022-03-22T09:00:00Z")[0] == []
    fill(issued, {march(issued): {**first, **again}}, form="fulfilments")
    found, output = merge(issued, run)
    assert [check for _, check in found] == said
    assert ("的“本期完成次数”台账里是“2”，这次报的是“1”，照报的改了；" in output) == (again["done"] == 1)


def test_the_template_says_how_many_are_owed_recorded_and_lacking(issued: Path) -> None:
    sheet = load(template(issued).read_bytes())["履行记录"]
    prompts = [each.prompt for each in sheet.data_validations.dataValidation if "应做" in str(each.prompt)]
    assert prompts == ["应做 1 次，台账已记 0 次，还差 1 次。请填这个周期一共做了几次。"] * 3


@pytest.mark.parametrize(("day", "said"), [(date(2022, 3, 1), []), (date(2022, 3, 15), ["duty-cycle"])])
def test_a_cycle_that_excel_made_a_date_is_the_month_it_begins(
    issued: Path, run: Run, day: date, said: list[str]
) -> None:
    code = march(issued)
    fill(issued, {code: {"done": 1, "what": "开展警示教育"}}, form="fulfilments")
    merge(issued, run)
    edit(issued, code, "cycle", day, form="fulfilments")
    result = run("validate", "-l", issued, "--as-of", "2022-03-31")
    assert [check for _, check in findings(result) if check.startswith("duty-")] == said
    assert ("所属周期成了日期“2022-03-15”，看不出是哪一期" in result.stdout) == bool(said)


def test_a_corrected_form_of_a_past_period_is_merged_but_for_its_tick(
    make_ledger: Callable[..., Path], run: Run
) -> None:
    ledger = make_ledger([{"progress": 30}, {"progress": 30}])
    run("issue", "-p", "2022-02", "--as-of", "2022-02-10", "-l", ledger)
    path = fill(ledger, {code: {"unchanged": "是"} for code in ("RW-001", "RW-002")}, period="2022-02")
    saved_on(path, "2022-02-20T09:00:00Z")
    assert run("merge", "-y", "-l", ledger).exit_code in (0, 1)
    assert value(ledger, "RW-001", "unchanged") == "是"
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    assert value(ledger, "RW-001", "unchanged") == ""
    path = fill(
        ledger, {"RW-001": {"unchanged": "是", "progress": 0.4}, "RW-002": {"unchanged": "是"}}, period="2022-02"
    )
    saved_on(path, "2022-02-25T09:00:00Z")
    result = run("merge", "-y", "-l", ledger)
    assert [check for _, check in findings(result) if check in ("undone", "period-past")] == ["period-past"]
    assert "history undo" not in result.stdout
    assert [value(ledger, "RW-001", key) for key in ("progress", "unchanged")] == ["0.4", ""]


def test_a_tick_first_sent_after_the_next_issue_stays_out_of_the_ledger(
    make_ledger: Callable[..., Path], run: Run
) -> None:
    ledger = make_ledger([{"progress": 30}])
    run("issue", "-p", "2022-02", "--as-of", "2022-02-10", "-l", ledger)
    run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    fill(ledger, {"RW-001": {"unchanged": "是"}}, period="2022-02")
    result = run("merge", "-y", "-l", ledger)
    assert ("RW-001 的“本期无变化”是 2022-02 期的，2022-03 期已经下发、重新问起，不写进台账；" in result.stdout) is True
    assert value(ledger, "RW-001", "unchanged") == ""


def test_an_issue_of_a_draft_without_departments_says_it_once(make_ledger: Callable[..., Path], run: Run) -> None:
    ledger = make_ledger([{"department": None} for _ in range(20)])
    result = run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger)
    told = [line for line in result.stdout.splitlines() if "unassigned" in line]
    assert (result.exit_code, len(told)) == (1, 4)
    assert "，共 20 条（" in told[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("持续推进，成效明显", [("I4", "vague-update")]),
        ("正在有序推进", [("I4", "vague-update")]),
        ("持续推进，走访 3 户", []),
        ("办法已起草", []),
    ],
)
def test_a_report_that_says_nothing_is_taken_and_answered(
    issued: Path, run: Run, words: str, said: list[tuple[str, str]]
) -> None:
    fill(issued, {"RW-001": {"update": words}})
    found, _ = merge(issued, run)
    assert (found, value(issued, "RW-001", "update")) == (said, words)
    receipt = load((issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx").read_bytes())["回执"]
    text = "".join(str(cell.value or "") for row in receipt.iter_rows() for cell in row)
    answer = f"本期进展写的是“{words}”，看不出做了什么；请写明做了什么、做了几次、出了什么成果；"
    assert (answer in text) == bool(said)


def test_a_vague_report_is_answered_in_each_file_that_says_it(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"update": "正在推进"}})
    assert merge(issued, run)[0] == [("I4", "vague-update")]
    fill(issued, {"RW-001": {"update": "正在推进", "progress": 0.6}})
    assert merge(issued, run, "2022-03-25T09:00:00Z")[0] == [("I4", "vague-update")]
    fill(issued, {"RW-001": {"update": "走访 3 户", "progress": 0.6}})
    assert merge(issued, run, "2022-03-26T09:00:00Z")[0] == []
