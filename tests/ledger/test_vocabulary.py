"""The words that the program decides by are those that the forms offer."""

from __future__ import annotations

from enum import StrEnum

import pytest
from taizhang.forms.load import standard_forms
from taizhang.ledger.vocabulary import (
    CLOSED_STATUSES,
    Conclusion,
    Disclosure,
    FirstReview,
    Operator,
    Recheck,
    Status,
    TaskKind,
)
from taizhang.typed.cycles import CycleKind


@pytest.mark.parametrize(
    ("words", "form", "column"),
    [
        (Status, "tasks", "status"),
        (TaskKind, "tasks", "kind"),
        (FirstReview, "closeouts", "first_review"),
        (Conclusion, "closeouts", "conclusion"),
        (Recheck, "closeouts", "recheck_result"),
        (Disclosure, "problems", "disclosure"),
        (Operator, "proofs", "operator"),
        (CycleKind, "proofs", "per"),
    ],
)
def test_an_enum_has_the_choices_of_its_column(words: type[StrEnum], form: str, column: str) -> None:
    assert set(words) == set(standard_forms()[form].column(column).choices)


def test_departments_may_report_every_status_but_those_that_close_a_task() -> None:
    offered = standard_forms()["tasks"].column("status").department_choices
    assert offered == tuple(status for status in Status if status not in CLOSED_STATUSES)
