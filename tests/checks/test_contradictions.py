"""The ledger as proof: what is reported done, applied for or closed while a register says otherwise is never silent."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.checked import AS_OF, CLOSED, CLOSEOUT
from support.fixtures import Make
from taizhang.checks.proofs import check_contradictions
from taizhang.forms.load import standard_forms
from taizhang.ledger.findings import as_line
from taizhang.ledger.model import read_ledger

PROOF = {
    "code": "HD-001", "task": "RW-001", "register": "支委名册", "indicator": "空缺", "operator": "＝", "target": "0",
    "basis": "办公室判定",
}  # fmt: skip
SEAT = {"code": "ZW-001", "branch": "机关第一党支部", "post": "书记", "state": "空缺", "vacant_since": date(2022, 1, 1)}
FILLED = SEAT | {"code": "ZW-002", "post": "副书记", "state": "在任", "vacant_since": None}
WAITING = CLOSEOUT | {"conclusion": None, "committee_date": None}


def found(make_ledger: Make, task: dict[str, Any], seats: list[Any], closeouts: Any = (), **proof: Any) -> list[Any]:
    ledger = make_ledger([task], proofs=[PROOF | proof], committee_members=seats, closeouts=list(closeouts))
    findings = check_contradictions(read_ledger(ledger, standard_forms()), AS_OF)
    return [(each.place.sheet, each.place.cell, each.severity) for each in findings]


@pytest.mark.parametrize(
    ("task", "seats", "closeouts", "expected"),
    [
        ({"status": "推进中"}, [SEAT], [], []),
        ({"status": "已完成"}, [FILLED], [], []),
        ({"status": "已完成"}, [], [], []),  # nothing to go by
        ({"status": "已完成"}, [SEAT, FILLED], [], [("整改任务", "S4", "warning")]),
        ({"status": "推进中"}, [SEAT], [WAITING], [("销号审核", "U4", "warning")]),
        (CLOSED, [SEAT], [CLOSEOUT], [("销号审核", "U4", "warning")]),
        (CLOSED, [SEAT], [CLOSEOUT | {"contradiction": "已报上级，任命在走程序"}], []),
        (CLOSED, [SEAT], [CLOSEOUT | {"contradiction": "无"}], [("销号审核", "U4", "warning")]),
        (CLOSED, [FILLED], [CLOSEOUT], []),
        ({"kind": "原则", "status": "已完成"}, [SEAT], [], []),
    ],
)
def test_what_the_ledger_contradicts(
    make_ledger: Make, task: dict[str, Any], seats: list[Any], closeouts: list[Any], expected: list[Any]
) -> None:
    assert found(make_ledger, task, seats, closeouts) == expected


def test_each_says_what_the_register_holds_and_what_to_do(make_ledger: Make) -> None:
    def line(task: dict[str, Any], closeouts: list[Any], basis: str = "办公室判定") -> str:
        rows = {"proofs": [PROOF | {"basis": basis}], "committee_members": [SEAT, FILLED], "closeouts": closeouts}
        ledger = read_ledger(make_ledger([task], **rows), standard_forms())
        (finding,) = check_contradictions(ledger, AS_OF)
        return as_line(finding).partition("proof-contradicts: ")[2]

    assert line({"status": "已完成"}, []) == (
        "警告：RW-001 已完成，台账里却是：〈支委名册〉空缺未达到（实际 1 个，目标 0 个）。"
        "请部门核对登记表，补做或改回“推进中”。"
    )
    assert line({"status": "推进中"}, [WAITING]) == (
        "警告：RW-001 已申请销号，台账里却是：〈支委名册〉空缺未达到（实际 1 个，目标 0 个）。"
        "请核对登记表；确实可以销号的，在“核对不符的说明”写明理由。"
    )
    assert "核对是程序建议，请先看对不对；" in line({"status": "已完成"}, [], "程序建议")


@pytest.mark.parametrize(("due", "severity"), [(date(2022, 3, 19), "warning"), (date(2022, 3, 20), "hint")])
def test_what_came_back_after_the_close_out_is_for_looking_back(make_ledger: Make, due: date, severity: str) -> None:
    """The task was closed on 20 March; an appeal is overdue from the day after it was due."""
    appeal = {"code": "SQ-001", "department": "财务处", "channel": "来电", "subject": "流程", "due": due}
    proof = PROOF | {"register": "群众诉求", "indicator": "超期未反馈"}
    ledger = make_ledger([CLOSED], proofs=[proof], appeals=[appeal], closeouts=[CLOSEOUT])
    (finding,) = check_contradictions(read_ledger(ledger, standard_forms()), AS_OF)
    assert finding.severity == severity
