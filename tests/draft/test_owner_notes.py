"""What the note of a task says of those whom the report names and the ledger has no column for."""

from __future__ import annotations

import pytest
from taizhang.draft.ledger_rows import ledger_rows
from taizhang.draft.proofs import standard_proposals
from taizhang.draft.reader import draft_report
from taizhang.draft.source import paragraphs_of
from taizhang.forms.load import standard_forms

OTHERS = "原文还写了“{}”，没有录入，请定部门或岗位"
SEVERAL = "原文还写了“{}”，说的不是一个部门，没有录入，请写明是哪些部门"


@pytest.mark.parametrize(
    ("owners", "supporting", "note"),
    [
        ("牵头单位：人事股，配合单位：财务股", ("财务股",), None),
        ("牵头单位：人事股，配合单位：各股室", (), SEVERAL.format("各股室")),
        ("牵头单位：人事股，配合单位：县直各部门、财务股", ("财务股",), SEVERAL.format("县直各部门")),
        ("责任单位：人事股、各乡镇民政所", (), SEVERAL.format("各乡镇民政所")),
        ("责任人：局长、分管副局长，责任部门：人事股", (), OTHERS.format("分管副局长")),
        (
            "责任领导：张某某（党组书记、局长），责任部门：人事股",
            (),
            f"原文写了责任人的姓名，待对应岗位；{OTHERS.format('局长')}",
        ),
    ],
)
def test_units_that_are_not_one_are_named_in_the_note(
    owners: str, supporting: tuple[str, ...], note: str | None
) -> None:
    text = f"一、存在问题\n1.保密意识淡薄。\n二、整改措施\n1.签订保密承诺书（{owners}）。"
    draft = draft_report(paragraphs_of("报告.txt", text.encode()))
    (task,) = ledger_rows(draft, standard_forms(), standard_proposals())["tasks"]
    assert (task["department"], task["supporting"], task["note"]) == ("人事股", supporting, note)


@pytest.mark.parametrize(
    ("measure", "lead", "notes"),
    [
        ("签订保密承诺书（牵头单位：人事股）。", "人事股", []),
        ("由财务股签订保密承诺书（牵头单位：财务股）。", "财务股", []),
        (
            "签订保密承诺书，由财务股收齐并登记（牵头单位：人事股）。",
            "财务股",
            ["第 4 段：责任写的是“人事股”，这一项自己写的是“财务股”，牵头部门照它自己写，请核对。"],
        ),
    ],
)
def test_a_lead_that_the_sentence_itself_does_not_name_is_noted(measure: str, lead: str, notes: list[str]) -> None:
    text = f"一、存在问题\n1.保密意识淡薄。\n二、整改措施\n1.{measure}"
    draft = draft_report(paragraphs_of("报告.txt", text.encode()))
    assert draft.measures[-1].owners.department == lead
    assert [each for each in draft.notes if "责任写的是" in each] == notes
