"""Checks of wording: vague measures are hinted at, vague reports are answered in the receipt and taken."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.checked import CLOSED, CLOSEOUT, found, typed
from support.ledgers import ledger_in_memory, small_ledger
from taizhang.checks import check_ledger
from taizhang.cli import main

VAGUE: dict[str, Any] = {"statement": "进一步加强采购管理", "deadline": "长期坚持", "standard": "管理水平明显提升"}
LASTING: dict[str, Any] = {"kind": "长期", "review_cycle": "年"}
HINT = [("R4", "vague-measure")]
PROOF: dict[str, Any] = {
    "code": "HD-001", "task": "RW-001", "register": "支委名册", "indicator": "空缺", "operator": "＝", "target": "0",
}  # fmt: skip


def hints(task: dict[str, Any], **registers: list[dict[str, Any]]) -> list[tuple[str, str]]:
    names = ("vague-measure", "vague-update")
    return [each for each in found(ledger_in_memory([LASTING | task], **registers)) if each[1] in names]


def test_a_vague_measure_is_hinted_at_its_standard() -> None:
    assert hints(VAGUE) == HINT
    assert hints(VAGUE | {"deadline": None, "standard": None}) == HINT
    every = check_ledger(ledger_in_memory([VAGUE]), date(2022, 3, 31))
    (finding,) = [each for each in every if each.check == "vague-measure"]
    assert (finding.place.cell, str(finding.severity), finding.message) == (
        "R4",
        "hint",
        "措施只写了要加强、要推进这一类的话，看不出做多少、出什么成果、哪天做完，到时候没法说做到了没有；"
        "请在“完成标准”里写明做几次（几个）、出什么成果（制度、方案、清单、台账等）、什么时候做完。",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"statement": "修订采购办法"},
        {"statement": "进一步加强采购管理，每季度抽查一次"},
        {"statement": "进一步健全采购管理制度"},
        {"standard": "抽查 4 次"},
        {"standard": "采购办法印发"},
        {"standard": "三个处室试行"},
        {"deadline": "2022-06-30"},
        {"deadline": "2022年底前，长期坚持"},
        {"kind": "周期", "review_cycle": "季"},
        {"kind": "周期", "review_cycle": None, "deadline": "每季度"},
        {"per_cycle": 2},
        {"kind": "原则", "review_cycle": None},
    ],
)
def test_a_number_a_product_or_a_day_anywhere_is_enough(change: dict[str, Any]) -> None:
    assert hints(VAGUE | change) == []


def test_a_recurring_measure_without_its_cycle_says_no_number() -> None:
    assert hints(VAGUE | {"kind": "周期", "review_cycle": None}) == HINT


def test_what_is_closed_is_left_alone() -> None:
    assert hints(VAGUE | CLOSED | {"kind": "一次", "review_cycle": None}, closeouts=[CLOSEOUT]) == []
    assert hints(VAGUE | {"status": "已完成", "evidence": "印发件"}) == HINT


def test_a_proof_that_the_office_confirmed_is_a_number() -> None:
    assert hints(VAGUE, committee_members=[], proofs=[PROOF | {"basis": "办公室判定"}]) == []
    assert hints(VAGUE, committee_members=[], proofs=[PROOF | {"basis": "程序建议"}]) == HINT
    assert hints(VAGUE, committee_members=[], proofs=[PROOF | {"basis": "办公室判定", "target": None}]) == HINT


def test_a_standard_that_is_an_unread_formula_is_not_judged(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = small_ledger(tmp_path / "整改台账.xlsx", [LASTING | VAGUE])
    book = load_workbook(path)
    book["整改任务"]["R4"] = "=A1"
    book.save(path)
    assert HINT[0] not in found(path)


def test_a_vague_report_is_hinted_in_the_ledger_until_the_task_is_closed() -> None:
    update = [("U4", "vague-update")]
    assert hints({"update": "持续推进，成效明显"}) == update
    assert hints({"update": "持续推进，走访 3 户"}) == hints({"update": "无"}) == hints({"update": None}) == []
    closed = CLOSED | {"kind": "一次", "review_cycle": None, "update": "正在推进"}
    assert hints(closed, closeouts=[CLOSEOUT]) == []


def test_the_command_hints_and_ends_well(tmp_path: Path) -> None:
    path = small_ledger(tmp_path / "整改台账.xlsx", [LASTING | VAGUE | {"update": "正在有序推进"}])
    result = CliRunner().invoke(main, ["validate", "-l", str(path), "--as-of", "2022-03-31", "-q"])
    assert result.exit_code == 0
    assert [line.split("：")[0] for line in result.stdout.splitlines()] == [
        "整改台账.xlsx:'整改任务'!R4: vague-measure: 提示",
        "整改台账.xlsx:'整改任务'!U4: vague-update: 提示",
    ]
    typed(path, (4, 21), "走访 3 户")
    typed(path, (4, 18), "抽查 4 次")
    again = CliRunner().invoke(main, ["validate", "-l", str(path), "--as-of", "2022-03-31", "-q"])
    assert (again.exit_code, again.stdout) == (0, "")
