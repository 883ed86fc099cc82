"""How many cells of a row a template asks for: at most six, but for forms listed here (why: docs/decisions.md)."""

from __future__ import annotations

from taizhang.forms.load import standard_forms
from taizhang.ledger.layout import shown_columns

MOST = 6

MORE = {
    # never all at once: what is typed when the row begins, and what is typed when it ends
    "appeals": 8, "committee_members": 8, "discipline_replies": 8, "learning": 7, "media": 8, "members": 9,
    "regulations": 9,
    # kinds of things in one register, each of which fills six at most
    "epidemic_aid": 9, "extensions": 7, "joint_work": 9,
    # facts of the branch that are corrected when they change
    "branch_meetings": 7, "branches": 7,
    # words or the tick; the reason and the next step only of a task that lags
    "tasks": 8,
}  # fmt: skip
"""The forms that ask for more, and for how many."""


def test_a_template_asks_for_six_cells_of_a_row_at_most() -> None:
    asked = {
        form.name: sum(column.by_department for column in shown_columns(form))
        for form in standard_forms().values()
        if form.issued
    }
    assert {name: count for name, count in asked.items() if count > MOST} == MORE
