"""What came later than a ledger, so that this one lacks it: columns, registers, rules and blocks of 参数.

A column or register that came ``later`` may be missing; without it the ledger works as before. Others may not: their
heads or sheets were changed or removed, and an empty one in their place would hide what people have typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from taizhang.forms.columns import Column
from taizhang.forms.model import Form
from taizhang.forms.register_names import SLIPS
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.registers import Register
from taizhang.ledger.settings import SETTINGS_SHEET, missing_blocks, missing_heads, missing_rules
from taizhang.workbook.reader import Workbook

__all__ = ["Additions", "find_additions", "may_be_missing", "report_additions"]


@dataclass(frozen=True, slots=True)
class Additions:
    """The missing registers, the missing columns by form name, the missing rules of 亮灯, and blocks of 参数.

    ``heads`` are the columns of 参数 where blocks, by title, can be given the head that they lack; 0 if there is no
    room.
    """

    registers: tuple[Form, ...]
    columns: Mapping[str, tuple[Column, ...]]
    rules: tuple[str, ...]
    blocks: tuple[str, ...] = ()
    heads: Mapping[str, int] = field(default_factory=dict)


def may_be_missing(form: Form) -> bool:
    """Whether a ledger works as before without this register.

    〈督办单〉 plays no part in counting, issuing and merging; the command that writes it checks for it itself.
    """
    return form.later or form.name == SLIPS


def find_additions(book: Workbook, forms: Mapping[str, Form], registers: Mapping[str, Register]) -> Additions:
    """Return what a ledger with these registers has not yet of the forms and of 参数."""
    lists = book.by_name.get(SETTINGS_SHEET)
    lacking = {
        name: tuple(each for each in form.columns if form.may_lack(each) and each.key not in register.columns)
        for name, register in registers.items()
        if (form := register.form)
    }
    return Additions(
        tuple(form for form in forms.values() if form.enabled and form.name not in registers and may_be_missing(form)),
        {name: columns for name, columns in lacking.items() if columns},
        missing_rules(lists) if lists else (),
        missing_blocks(lists) if lists else (),
        missing_heads(lists) if lists else {},
    )


def report_additions(book: Workbook, additions: Additions) -> list[Finding]:
    """Return one hint that says how much came later and how it is added; empty if the ledger has everything."""
    counts = {
        "列": sum(map(len, additions.columns.values())),
        "张登记表": sum(form.later for form in additions.registers),
        "条亮灯规则": len(additions.rules),
        "块参数": len(additions.blocks),
        "栏参数": sum(map(bool, additions.heads.values())),
    }
    named = "、".join(f"{count} {what}" for what, count in counts.items() if count)
    if not named:
        return []
    problem = f"台账还没有后来新加的 {named}，照旧能用；"
    cure = "要补上，请运行 taizhang forms update，会先列给您看。"
    return [Finding(book.place(), Check.NOT_UPDATED, problem, Severity.HINT, cure=cure)]
