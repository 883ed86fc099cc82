"""A tick per register: 本表本期无变化. A register without a change and without a tick has said nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Run
from support.ledgers import load
from support.returned import fill, findings, template, type_into
from support.returned_files import rewrite
from taizhang.history.bases import load_base

NAMES = "支委名册、规章制度、群众诉求、办实事"
TITLE, TICK = "本表本期无变化", (2, 3)
ADDED = {"channel": "来电", "subject": "停水", "received": "2022-03-02"}


@pytest.fixture
def issued(make_issued: Callable[..., Path]) -> Path:
    return make_issued([{}])


def sheets(path: Path) -> list[str]:
    """Return the sheets of an issued form that ask."""
    return [sheet.title for sheet in load(path.read_bytes()) if sheet.cell(2, 2).value == TITLE]


def merge(ledger: Path, run: Run, *more: str) -> tuple[int, list[tuple[str, str]], list[str]]:
    """Return status, findings, and the registers of which nothing was said."""
    result = run("merge", "-l", ledger, "--yes", *more)
    base = load_base(ledger, "2022-03", "财务处")
    assert base
    unsaid = base.returns[-1]["totals"]["unsaid_registers"] if base.returns else []
    return result.exit_code, findings(result), list(unsaid)


def returned(ledger: Path, ticks: dict[str, Any], task: dict[str, Any] | None = None) -> Path:
    """Return the form with these ticks by sheet, and something said of the task."""
    path = fill(ledger, {"RW-001": task or {"unchanged": "是"}}, ticks=False)
    return type_into(path, {sheet: {TICK: typed} for sheet, typed in ticks.items()}) if ticks else path


def test_registers_that_departments_add_to_ask_and_applications_do_not(issued: Path) -> None:
    assert sorted(sheets(template(issued))) == sorted(NAMES.split("、"))


def test_a_register_without_a_row_and_without_a_tick_has_said_nothing_and_holds_no_row(issued: Path, run: Run) -> None:
    names = sheets(template(issued))
    returned(issued, {names[0]: "是"})
    assert merge(issued, run) == (0, [], names[1:])
    said = f"{'、'.join(names[1:])} 没有说本期有没有变化"
    receipt = load((issued.parent / "回执" / "2022-03" / "财务处_回执.xlsx").read_bytes()).worksheets[0]
    lines = "".join(str(row[0].value or "") for row in receipt.iter_rows())
    assert f"已记入台账。{said}。没有变化的，在表头上面的“{TITLE}”选“是”" in lines
    back = load((issued.parent / "回执" / "2022-03" / "回收情况.xlsx").read_bytes()).worksheets[0]
    assert [row[12].value for row in back.iter_rows(min_row=6) if row[0].value == "财务处"] == [said]
    assert [row[1].value for row in back.iter_rows(min_row=6) if row[0].value == "财务处"] == ["已报"]


def test_where_all_is_ticked_nothing_is_left_to_do(issued: Path, run: Run) -> None:
    returned(issued, dict.fromkeys(sheets(template(issued)), "√"))
    assert merge(issued, run) == (0, [], [])


def test_a_new_row_says_something(issued: Path, run: Run) -> None:
    base = load_base(issued, "2022-03", "财务处")
    assert base
    fill(issued, {base.spare["appeals"][0]: ADDED}, form="appeals")
    assert merge(issued, run)[2] == []


def test_a_row_with_an_error_says_something_too(issued: Path, run: Run) -> None:
    base = load_base(issued, "2022-03", "财务处")
    assert base
    fill(issued, {base.spare["appeals"][0]: {**ADDED, "received": "二月三十"}}, form="appeals")
    status, found, unsaid = merge(issued, run)
    assert (status, [check for _, check in found], unsaid) == (1, ["date"], [])


@pytest.mark.parametrize(
    ("typed", "check", "unsaid"),
    [("是", "unchanged-with-words", False), ("不知道", "choice", False), (None, "", False)],
)
def test_a_row_wins_over_the_tick(issued: Path, run: Run, typed: str | None, check: str, unsaid: bool) -> None:
    base = load_base(issued, "2022-03", "财务处")
    assert base
    path = fill(issued, {base.spare["appeals"][0]: ADDED}, form="appeals")
    type_into(path, {"群众诉求": {TICK: typed}})
    _, found, said_not = merge(issued, run)
    assert (found, "群众诉求" in said_not) == ([("C2", check)] if check else [], unsaid)


@pytest.mark.parametrize("typed", ["不知道", "（清空）"])
def test_a_tick_that_cannot_be_read_says_nothing(issued: Path, run: Run, typed: str) -> None:
    names = sheets(template(issued))
    returned(issued, {**dict.fromkeys(names, "是"), "群众诉求": typed})
    found = [] if typed == "（清空）" else [("C2", "choice")]
    assert merge(issued, run)[1:] == (found, ["群众诉求"])


def test_what_was_said_in_an_earlier_file_of_the_period_counts(issued: Path, run: Run) -> None:
    names = sheets(template(issued))
    returned(issued, {names[0]: "是"})
    merge(issued, run)
    returned(issued, {names[1]: "是"}, {"update": "约谈"})
    assert merge(issued, run)[2] == names[2:]


def test_opened_and_saved_alone_is_no_report_of_a_department_without_rows(
    make_issued: Callable[..., Path], run: Run
) -> None:
    ledger = make_issued([{"department": "党委办公室"}])
    path = ledger.parent / "报送" / "财务处.xlsx"
    path.parent.mkdir()
    path.write_bytes(rewrite(template(ledger).read_bytes(), {}))
    result = run("merge", "-l", ledger, "--yes")
    assert ("", "untouched") in findings(result)
    assert "没有新增，也没有说没有变化，没有采用" in result.stdout
    assert merge(ledger, run)[2] == []
    type_into(path, {"群众诉求": {TICK: "是"}})
    assert "群众诉求" not in (unsaid := merge(ledger, run)[2])
    assert len(unsaid) == len(NAMES.split("、")) - 1


def test_a_form_issued_without_ticks_is_asked_for_none(issued: Path, run: Run) -> None:
    path = fill(issued, {"RW-001": {"unchanged": "是"}}, ticks=False)
    type_into(path, {sheet: {(2, 2): None} for sheet in sheets(path)})
    assert merge(issued, run) == (0, [], [])
