"""Checks of the numbers from which ratios are computed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from taizhang.forms.vocabulary import IndicatorKind
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger

__all__ = ["check_part_over_whole"]


def check_part_over_whole(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report rows whose part is more than the whole (present of expected, fixed of found)."""
    for register in ledger.registers.values():
        pairs = {
            (each.options["part"], each.options["whole"])
            for each in register.form.indicators
            if each.kind == IndicatorKind.RATIO
        }
        for part, whole in sorted(pairs):
            if part not in register.columns or whole not in register.columns:
                continue
            smaller, greater = register.form.column(part), register.form.column(whole)
            for record in register.records:
                one, all_of_it = (ledger.meaning(register, record, key) for key in (part, whole))
                if isinstance(one, (int, Decimal)) and isinstance(all_of_it, (int, Decimal)) and one > all_of_it:
                    where = register.place(record, whole).cell
                    problem = f"{smaller.title} {one} 大于{greater.title} {all_of_it}（{where}），比率会超过 100%，"
                    cure = "请改正其中一个。"
                    yield Finding(
                        register.place(record, part), Check.PART_OVER_WHOLE, problem, Severity.WARNING, cure=cure
                    )
