"""What a department is asked anew each period: this period's progress, the tick that there is none, the help needed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import edit, fill, findings, saved_on, template, type_into, value
from taizhang.history.bases import load_base

pytestmark = pytest.mark.slow

LAST = {"update": "已约谈 2 个支部", "unchanged": "是", "help_needed": "请协调场地"}
BEFORE = ("已约谈 2 个支部", "", "请协调场地")
"""What the ledger holds after the issue: last period's tick is over, its words and request stand until replaced."""


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    """Three tasks with what was said last period, issued for 2022-03; the third is a recurring one."""
    cycle = {"kind": "周期", "review_cycle": "季", "progress": 25}
    return make_issued([{"progress": 30, **LAST}, {"progress": 30, **LAST}, {**cycle, **LAST}])


def cells(ledger: Path, code: str) -> tuple[str, ...]:
    return tuple(value(ledger, code, key) for key in ("update", "unchanged", "help_needed"))


def merge(ledger: Path, run: Run) -> list[tuple[str, str]]:
    return findings(run("merge", "-l", ledger, "--yes"))


def test_the_sheet_asks_anew_and_shows_last_periods_words_beside(issued: Path) -> None:
    rows = [[cell.value for cell in row[1:]] for row in load(template(issued).read_bytes())["整改任务"]["A3:N6"]]
    assert rows[0] == [
        "任务编号", "整改任务", "完成时限", "完成标准", "*状态", "进度",
        "上期进展", "本期进展", "本期无变化", "需协调事项", "滞后原因", "下一步", "佐证材料",
    ]  # fmt: skip
    assert rows[1][5:] == [0.3, "已约谈 2 个支部", *[None] * 6]
    assert rows[3][5:] == [None, "已约谈 2 个支部", *[None] * 6]


def test_the_base_knows_what_was_shown_and_what_the_ledger_held(issued: Path) -> None:
    base = load_base(issued, "2022-03", "财务处")
    assert base
    shown = [base.rows["tasks"][code][key] for code in ("RW-001", "RW-003") for key in ("progress", *LAST)]
    held = [
        base.held_at_issue(None, "tasks")[code][key] for code in ("RW-001", "RW-003") for key in ("progress", *LAST)
    ]
    assert shown == ["0.3", "", "", "", "", "", "", ""]
    assert held == ["0.3", *BEFORE, "0.25", *BEFORE]


def test_new_words_replace_what_was_asked_anew(issued: Path, run: Run) -> None:
    """The words of last period, its tick and its request for help are gone with the first word of this period."""
    fill(issued, {"RW-001": {"update": "已约谈 5 个支部"}})
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, findings(result)) == (0, [])
    changes = "本期进展：已约谈 2 个支部 → 已约谈 5 个支部；需协调事项：请协调场地 → （空）"
    assert f"  RW-001 {changes}\n" in result.stdout
    assert cells(issued, "RW-001") == ("已约谈 5 个支部", "", "")
    assert cells(issued, "RW-002") == BEFORE
    shown = run("history", "show", "4", "-l", issued).stdout
    assert "本期报了这一行、没有再填这一格，按没有了记" in shown


def test_the_tick_keeps_last_periods_words(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"unchanged": "是"}})
    assert merge(issued, run) == []
    assert cells(issued, "RW-001") == ("已约谈 2 个支部", "是", "")


def test_help_that_is_still_needed_is_asked_for_again(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"unchanged": "是", "help_needed": "请协调场地"}})
    assert merge(issued, run) == []
    assert cells(issued, "RW-001") == tuple(LAST.values())


@pytest.mark.parametrize(
    ("typed", "said", "after"),
    [
        (
            {"update": "已约谈 5 个支部", "unchanged": "是"},
            [("J4", "unchanged-with-words")],
            ("已约谈 5 个支部", "", ""),
        ),
        ({"update": "已约谈 2 个支部"}, [("I4", "same-words")], ("已约谈 2 个支部", "", "")),
        ({"update": "已约谈 2 个支部", "unchanged": "是"}, [], ("已约谈 2 个支部", "是", "")),
        ({"update": "（清空）"}, [], ("", "", "")),
        ({"progress": 0.4}, [], ("已约谈 2 个支部", "", "")),
    ],
)
def test_words_win_over_the_tick_and_the_same_words_are_no_news(
    issued: Path, run: Run, typed: dict[str, str], said: list[tuple[str, str]], after: tuple[str, ...]
) -> None:
    fill(issued, {"RW-001": typed})
    assert (merge(issued, run), cells(issued, "RW-001")) == (said, after)


@pytest.mark.parametrize(
    ("key", "typed", "said", "after"),
    [
        ("update", "已约谈 5 个支部", [("I4", "conflict")], ("办公室改的", "", "")),
        ("update", "已约谈 2 个支部", [("I4", "same-words")], ("办公室改的", "", "")),
        ("help_needed", None, [], ("已约谈 5 个支部", "", "办公室改的")),
        ("help_needed", "请协调经费", [("K4", "conflict")], ("已约谈 5 个支部", "", "办公室改的")),
    ],
)
def test_what_the_office_typed_since_the_issue_stays(
    issued: Path, run: Run, key: str, typed: str | None, said: list[tuple[str, str]], after: tuple[str, ...]
) -> None:
    """New words of both are a conflict; a blank, or the words of last period, say nothing against the office."""
    edit(issued, "RW-001", key, "办公室改的")
    fill(issued, {"RW-001": {"update": "已约谈 5 个支部", key: typed}})
    assert (merge(issued, run), cells(issued, "RW-001")) == (said, after)


def test_a_newer_file_withdraws_what_it_leaves_blank(issued: Path, run: Run) -> None:
    saved_on(fill(issued, {"RW-001": {"update": "甲", "help_needed": "请协调经费"}}), "2022-03-12T08:00:00Z")
    assert merge(issued, run) == []
    assert cells(issued, "RW-001") == ("甲", "", "请协调经费")
    saved_on(fill(issued, {"RW-001": {"update": "乙"}}), "2022-03-14T08:00:00Z")
    assert (merge(issued, run), cells(issued, "RW-001")) == ([], ("乙", "", ""))
    assert (merge(issued, run), cells(issued, "RW-001")) == ([], ("乙", "", ""))


def test_of_a_file_not_known_to_be_newer_a_blank_withdraws_nothing(issued: Path, run: Run) -> None:
    fill(issued, {"RW-001": {"update": "甲", "help_needed": "请协调经费"}})
    merge(issued, run)
    fill(issued, {"RW-001": {"update": "乙"}})
    assert (merge(issued, run), cells(issued, "RW-001")) == ([], ("乙", "", "请协调经费"))


def test_the_progress_of_a_recurring_task_is_not_asked(issued: Path, run: Run) -> None:
    sheet = load(template(issued).read_bytes())["整改任务"]
    assert [sheet[cell].fill.fgColor.rgb for cell in ("G4", "G6")] == ["FFFFFBEA", "00000000"]
    prompts = {str(rule.sqref): rule.prompt for rule in sheet.data_validations.dataValidation}
    assert prompts["G6"] == "周期任务不填进度；做了几次填在〈履行记录〉。"
    fill(issued, {"RW-003": {"progress": 0.5, "update": "开展 1 次"}})
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, findings(result)) == (0, [("G6", "not-asked")])
    assert "RW-003 是周期任务，不看“进度”，这一格没有采用；做了几次请填在〈履行记录〉。" in result.stdout
    assert (value(issued, "RW-003", "progress"), value(issued, "RW-003", "update")) == ("0.25", "开展 1 次")


def test_what_is_typed_into_the_grey_column_is_not_read(issued: Path, run: Run) -> None:
    fill(issued, {"RW-002": {"unchanged": "是"}})
    type_into(issued.parent / "报送" / "财务处.xlsx", {"整改任务": {(4, 8): "写错了格子"}})
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("H4", "not-yours")]
    assert "“上期进展”只供对照，里面的改动没有采用；本期的请写在“本期进展”。" in result.stdout
    assert cells(issued, "RW-001") == BEFORE
    assert "2 行没有说：RW-001、RW-003" in result.stdout


def test_rows_of_which_nothing_is_said_are_counted_until_something_is(issued: Path, run: Run) -> None:
    saved_on(fill(issued, {"RW-001": {"update": "甲"}}), "2022-03-12T08:00:00Z")
    result = run("merge", "-l", issued, "--yes")
    assert "采用 1 + 没变 3 + 退回 0 + 冲突 0 + 缺 0；没变的里面 2 行没有说：RW-002、RW-003\n" in result.stdout
    saved_on(fill(issued, {"RW-002": {"unchanged": "是"}}), "2022-03-14T08:00:00Z")
    assert "没变的里面 1 行没有说：RW-003\n" in run("merge", "-l", issued, "--yes").stdout
    assert "没变的里面 1 行没有说：RW-003\n" in run("merge", "-l", issued, "--yes").stdout
    base = load_base(issued, "2022-03", "财务处")
    assert base and base.said == ["RW-001", "RW-002"]


def test_an_application_says_something_of_its_task(issued: Path, run: Run) -> None:
    spare = str(load(template(issued).read_bytes())["销号审核"]["A4"].value)
    row = {"task": "RW-002", "applied": "2022-03-15", "applicant": "综合科科长", "evidence": "总结"}
    fill(issued, {spare: row}, form="closeouts")
    result = run("merge", "-l", issued, "--yes")
    assert "没变 4 + 退回 0 + 冲突 0 + 缺 0；新增 1 行；没变的里面 2 行没有说：RW-001、RW-003\n" in result.stdout


def test_a_file_that_says_nothing_keeps_what_was_reported_before(issued: Path, run: Run) -> None:
    saved_on(fill(issued, {"RW-001": {"update": "甲"}}), "2022-03-12T08:00:00Z")
    merge(issued, run)
    saved_on(fill(issued, {}), "2022-03-14T08:00:00Z")
    result = run("merge", "-l", issued, "--yes")
    assert findings(result) == [("", "untouched")]
    assert "下发的 4 行里没有一行说了本期的情况，没有采用，财务处以前报过的照样算数。" in result.stdout
    assert "财务处：这次没有新表，以前报过第 1 版" in result.stdout
    assert cells(issued, "RW-001") == ("甲", "", "")


def test_next_periods_form_shows_what_was_said_in_this_one(issued: Path, run: Run) -> None:
    """And the tick of this period is not taken for next period's."""
    fill(issued, {"RW-001": {"update": "甲"}, "RW-002": {"unchanged": "是"}})
    merge(issued, run)
    run("issue", "-p", "2022-04", "--as-of", "2022-04-10", "-l", issued)
    sheet = load((issued.parent / "下发" / "2022-04" / "财务处.xlsx").read_bytes())["整改任务"]
    assert [[cell.value for cell in row] for row in sheet["H4:J5"]] == [
        ["甲", None, None],
        ["已约谈 2 个支部", None, None],
    ]
    fill(issued, {"RW-002": {"update": "乙"}}, period="2022-04")
    assert merge(issued, run) == []
    assert cells(issued, "RW-002") == ("乙", "", "")


def test_a_ledger_without_the_new_columns_asks_for_words_only(make_ledger: Callable[..., Path], run: Run) -> None:
    """The tick cannot be asked, so that nothing need be said; opened and saved is a return as before."""
    from support.returned_files import by_hand

    ledger = make_ledger([{"update": "旧", "start": date(2022, 1, 1)}])

    def drop(book: object) -> None:
        sheet = book["整改任务"]  # type: ignore[index]
        heads = [cell.value for cell in sheet[3]]
        for title in ("需协调事项", "本期无变化", "原定时限"):
            sheet.delete_cols(heads.index(title) + 1)
            heads.remove(title)

    by_hand(ledger, drop)
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", ledger).exit_code == 0
    heads = [cell.value for cell in load(template(ledger).read_bytes())["整改任务"][3]]
    assert heads[7:11] == ["上期进展", "本期进展", "滞后原因", "下一步"]
    fill(ledger, {})
    result = run("merge", "-l", ledger, "--yes")
    assert (findings(result), "没变 1 + 退回 0 + 冲突 0 + 缺 0\n" in result.stdout) == ([], True)
    assert "没有说本期有没有变化" in result.output
    fill(ledger, {"RW-001": {"update": "新"}})
    fill(ledger, {}, form="appeals", department="党委办公室", name="党委办公室")
    result = run("merge", "-l", ledger, "--yes")
    assert (value(ledger, "RW-001", "update"), findings(result)) == ("新", [("", "untouched")])
    assert "党委办公室.xlsx: untouched: " in result.stdout, "it has no task, and its registers can be ticked"


@pytest.mark.parametrize("saved", ["2022-03-10T00:00:00Z", "2022-03-14T08:00:00Z"])
def test_beside_a_file_that_says_something_one_that_says_nothing_does_not_count(
    issued: Path, run: Run, saved: str
) -> None:
    """However late it was saved; both of them empty are one version that says nothing."""
    saved_on(fill(issued, {"RW-001": {"update": "甲"}}, name="财务处一"), "2022-03-12T08:00:00Z")
    saved_on(fill(issued, {}, name="财务处二"), saved)
    result = run("merge", "-l", issued, "--yes")
    assert (result.exit_code, findings(result)) == (0, [("", "untouched")])
    assert "财务处二.xlsx: untouched: 提示：这份表原样存回，一行也没有说，按同一部门的另一份汇总。" in result.stdout
    assert cells(issued, "RW-001") == ("甲", "", "")
    (issued.parent / "报送" / "财务处一.xlsx").unlink()
    assert merge(issued, run) == [("", "untouched" if saved > "2022-03-12" else "duplicate-file")]
    assert cells(issued, "RW-001") == ("甲", "", "")
