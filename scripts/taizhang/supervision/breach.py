"""One breach of a rule: where, what is wrong, and the cure."""

from __future__ import annotations

from dataclasses import dataclass

from taizhang.forms.rules import Rule, RuleSeverity, columns_of
from taizhang.ledger.registers import Register
from taizhang.supervision.register_rows import RegisterRow
from taizhang.workbook.places import Place

__all__ = ["Breach", "break_at", "source_of"]


@dataclass(frozen=True, slots=True)
class Breach:
    """One breach of a rule.

    ``row`` is None if it is of a group or the register; ``key`` is the column to look at, empty for the whole row.
    ``group`` names the member of the list that it is about (a branch, a department, a post), empty if none.
    ``problem`` and ``cure`` are whole clauses, as in findings. ``mild``: nothing is
    owed by it, since something is soon due or was done late.
    """

    rule: Rule
    register: Register
    row: RegisterRow | None
    key: str
    problem: str
    cure: str
    group: str = ""
    mild: bool = False

    @property
    def severity(self) -> RuleSeverity:
        """What becomes of the row: a mild breach is a hint, whatever its rule says of others."""
        return RuleSeverity.HINT if self.mild else self.rule.severity

    @property
    def place(self) -> Place:
        """The place of the cell, the row or the register.

        If the sheet does not show the cell, that of a department's cell that the rule looks at: it was typed there.
        """
        key = self.key
        if key in self.register.unshown:
            shown = (each for each in columns_of(self.rule) if each in self.register.columns)
            key = next((each for each in shown if self.register.form.column(each).by_department), "")
        return self.register.place(self.row.record if self.row else None, key or None)


def break_at(rule: Rule, row: RegisterRow, key: str, problem: str, cure: str, group: str = "") -> Breach:
    """Return a breach at a cell of a row, in the rule's own sentences where it has them."""
    message = f"{rule.message}，" if rule.message else problem
    return Breach(rule, row.register, row, key, message, (rule.cure or cure) + source_of(rule), group)


def source_of(rule: Rule) -> str:
    """Return the sentence that names the document behind a rule; empty if it rests on none."""
    return f"（依据：{rule.source}）" if "《" in rule.source else ""
