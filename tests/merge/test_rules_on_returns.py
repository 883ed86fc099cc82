"""Rules that forms declare are run on returned rows: the receipt names cell, reason and cure; only ``block`` holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.ledgers import load
from support.returned import fill, findings, saved_on, template

APPEAL: dict[str, Any] = {"channel": "来电", "subject": "窗口排队久", "received": "2022-03-02"}


def spare(ledger: Path, sheet: str, number: int = 0, file: str = "财务处") -> str:
    """Return the hidden id of a row of a sheet."""
    return str(load(template(ledger, file).read_bytes())[sheet].cell(4 + number, 1).value)


def merge(ledger: Path, run: Run) -> tuple[list[tuple[str, str]], str]:
    saved_on(ledger.parent / "报送" / "财务处.xlsx", "2022-03-28T09:00:00Z")
    result = run("merge", "-l", ledger, "--yes")
    kept = [each for each in findings(result) if each[1] not in ("absent", "reading", "late", "not-reported")]
    return kept, result.stdout


@pytest.mark.parametrize(
    ("answered", "found", "added"),
    [
        ("2022-03-02", [], True),
        ("2022-03-01", [("G4", "answered-after-received")], False),
    ],
)
def test_a_row_that_breaks_a_blocking_rule_is_held(
    make_issued: Callable[..., Path], run: Run, answered: str, found: list[tuple[str, str]], added: bool
) -> None:
    ledger = make_issued([{}])
    fill(ledger, {spare(ledger, "群众诉求"): {**APPEAL, "answered": answered}}, form="appeals")
    told, output = merge(ledger, run)
    assert ([each for each in told if each[1] != "required"], "新增 1 行" in output) == (found, added)


def test_what_the_ledger_held_already_is_not_said_to_the_department_again(make_ledger: Make, run: Run) -> None:
    held = {**APPEAL, "received": date(2022, 3, 2), "answered": date(2022, 3, 1), "department": "财务处"}
    ledger = make_ledger([{}], appeals=[{"code": "SQ-001", **held}])
    assert run("issue", "-p", "2022-03", "-l", ledger).exit_code == 0
    fill(ledger, {"SQ-001": {"result": "已经答复"}}, form="appeals")
    told, _ = merge(ledger, run)
    assert [each for each in told if each[1] == "answered-after-received"] == []


def test_a_row_that_repeats_one_of_the_ledger_is_said_and_taken(
    make_ledger: Make, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rule about several rows never holds a department's row for another's fault."""
    from taizhang.forms.load import standard_forms
    from taizhang.forms.model import Body
    from taizhang.forms.rules import read_rule

    form = standard_forms()["appeals"]
    once = read_rule(
        {
            "name": "asked-once", "kind": "unique", "title": "同一件事只登记一次", "columns": ["subject", "received"],
            "severity": "block", "source": "口径",
        }
    )  # fmt: skip
    body = Body(form.columns, form.closed, form.indicators, (once,))
    bodies = {name: each.body() for name, each in standard_forms().items()} | {"appeals": body}
    monkeypatch.setattr(form.__class__, "_body", property(lambda self: bodies.get(self.name) or self.body()))
    held = {**APPEAL, "received": date(2022, 3, 2), "department": "财务处"}
    ledger = make_ledger([{}], appeals=[{"code": "SQ-001", **held}])
    assert run("issue", "-p", "2022-03", "-l", ledger).exit_code == 0
    fill(ledger, {spare(ledger, "群众诉求", 1): APPEAL}, form="appeals")
    told, output = merge(ledger, run)
    assert ("D5", "asked-once") in told
    assert "新增 1 行" in output


def test_a_blank_cell_of_the_office_is_said_to_the_office_alone(make_issued: Callable[..., Path], run: Run) -> None:
    ledger = make_issued([{}])
    fill(ledger, {spare(ledger, "群众诉求"): {**APPEAL, "channel": "信访"}}, form="appeals")
    told, output = merge(ledger, run)
    assert [name for _, name in told if name.startswith("petition")] == []
    assert "新增 1 行" in output
    said = run("validate", "-l", ledger, "--as-of", "2022-03-28", "--only", "petition-told-in-15-days")
    assert (said.exit_code, said.stdout.splitlines()) == (
        1,
        [
            "整改台账.xlsx:'群众诉求'!L4: petition-told-in-15-days: 警告：“告知受理日期”应在 2022-03-17 以前"
            "（从受理日期 2022-03-02 起算），已经超过 11 天，办了的请填上日期；没有办的请抓紧办。"
            "（依据：《信访工作条例》第二十三条）"
        ],
    )


def test_what_the_office_filled_in_is_compared_with_what_comes_back(make_ledger: Make, run: Run) -> None:
    held = {**APPEAL, "channel": "信访", "received": date(2022, 3, 2), "informed": date(2022, 3, 3)}
    ledger = make_ledger([{}], appeals=[{"code": "SQ-001", **held, "department": "财务处"}])
    assert run("issue", "-p", "2022-03", "-l", ledger).exit_code == 0
    fill(ledger, {"SQ-001": {"received": "2022-03-04"}}, form="appeals")
    told, output = merge(ledger, run)
    assert "informed-after-received" in [name for _, name in told]
    assert "采用 0 + 没变 1 + 退回 1" in output


CLOSEOUT: dict[str, Any] = {
    "code": "XH-001", "task": "RW-001", "department": "财务处", "applied": date(2022, 3, 1), "applicant": "科长",
    "evidence": "印发件", "first_review": "通过", "first_date": date(2022, 3, 5),
}  # fmt: skip


@pytest.mark.parametrize(
    ("applied", "found"), [("2022-03-05", []), ("2022-03-06", [("D4", "first-review-after-application")])]
)
def test_a_cell_of_the_office_that_the_sheet_does_not_show_is_compared_too(
    make_issued: Make, run: Run, applied: str, found: list[tuple[str, str]]
) -> None:
    """The finding is at the department's own cell, since the other one is not there."""
    ledger = make_issued([{}], closeouts=[CLOSEOUT])
    fill(ledger, {"XH-001": {"applied": applied}}, form="closeouts")
    told, output = merge(ledger, run)
    told = [each for each in told if each[1].startswith("first-review-after")]
    assert (told, f"退回 {len(found)}" in output) == (found, True)
    said = (
        "初审日期 2022-03-05 早于申请日期 2022-03-06（D4），“初审日期”由办公室填；"
        "您填的不对的请改正，办公室填的不对的请告诉办公室。"
    )
    assert (said in output) is bool(found)


@pytest.mark.parametrize(("way", "found"), [("问卷", []), ("座谈", [("C5", "morale-once")])])
def test_rows_that_repeat_each_other_are_said_though_the_sheet_does_not_show_the_department(
    make_issued: Make, run: Run, way: str, found: list[tuple[str, str]]
) -> None:
    row = {"code": "SX-001", "period": "2022-03", "department": "财务处", "way": "座谈", "theme": "其他", "number": 4}
    ledger = make_issued([{}], morale=[row])
    new = {"period": "2022-03", "way": way, "theme": "其他", "number": 2, "handled": 0}
    fill(ledger, {spare(ledger, "思想动态", 1): new}, form="morale")
    told, output = merge(ledger, run)
    assert ([each for each in told if each[1] == "morale-once"], "新增 1 行" in output) == (found, True)


BRANCH: dict[str, Any] = {"branch": "第一党支部", "department": "财务处", "kind": "普通", "members": 5}
ACTIVIST: dict[str, Any] = {
    "branch": "第一党支部", "stage": "积极分子", "applied": "2021-06-01", "talked": "2021-06-20",
    "activist_on": "2021-10-08",
}  # fmt: skip


@pytest.mark.parametrize(
    ("typed", "added", "found"),
    [
        (2, True, []),
        (2, False, [("G4", "activists-match-register")]),
        (None, True, [("G4", "activists-match-register")]),
        (None, False, []),
    ],
)
def test_a_number_is_compared_with_the_rows_that_come_with_it(
    make_issued: Make, run: Run, typed: int | None, added: bool, found: list[tuple[str, str]]
) -> None:
    """How many activists a branch has is compared with 发展党员, which comes back in a file of its own."""
    held = {**ACTIVIST, "code": "FZ-0001", "department": "财务处", "contacts": 2}
    days = {key: date.fromisoformat(held[key]) for key in ("applied", "talked", "activist_on")}
    branch = {**BRANCH, "code": "ZB-01", "activists": 1}
    ledger = make_issued([{}], branches=[branch], members=[held | days])
    typed_in = {"branches": {"ZB-01": {"activists": typed}}} if typed else {"tasks": {"RW-001": {"progress": 0.5}}}
    for form, cells in typed_in.items():
        fill(ledger, cells, form=form)
    if added:
        persons = "财务处_人员类"
        new = spare(ledger, "发展党员", 1, persons)
        fill(ledger, {new: ACTIVIST}, form="members", name=persons, department=persons)
    told, output = merge(ledger, run)
    assert [each for each in told if each[1] == "activists-match-register"] == found
    assert ("新增 1 行" in output) is added


@pytest.mark.parametrize(("action", "found"), [("立", []), ("废", [("K5", "amended-was-in-force")])])
def test_a_row_that_looks_into_its_own_register_finds_the_rows_there(
    make_issued: Make, run: Run, action: str, found: list[tuple[str, str]]
) -> None:
    old = {"code": "ZD-001", "name": "旧办法", "action": action, "outcome": "起草中", "effective": date(2022, 1, 1)}
    new = {"code": "ZD-002", "name": "新办法", "action": "改", "outcome": "起草中"}
    rows = [{**row, "department": "财务处", "planned": date(2022, 6, 30)} for row in (old, new)]
    ledger = make_issued([{}], regulations=rows)
    fill(ledger, {"ZD-002": {"replaces": "ZD-001"}}, form="regulations")
    told, _ = merge(ledger, run)
    assert [each for each in told if each[1] == "amended-was-in-force"] == found
