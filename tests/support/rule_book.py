"""docs/rule_book.md written from the forms: every rule with its source, an example that breaks it, and what is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.rules import Rule, RuleSeverity
from taizhang.supervision.breaches import Breach, find_breaches

from support.ledgers import ledger_in_memory

__all__ = ["DAY", "broken_by_example", "example_rows", "rule_book"]

DAY = date(2022, 6, 30)
"""The day on which examples are judged, unless they name another."""

_WORDS = {
    RuleSeverity.BLOCK: "错误（退回不采用）",
    RuleSeverity.WARN: "警告",
    RuleSeverity.HINT: "提示",
}


def example_rows(form: Form, examples: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return example rows with the codes that they lack."""
    return [{form.code_column.key: form.format_code(number + 1), **each} for number, each in enumerate(examples)]


def broken_by_example(form: Form, rule: Rule) -> tuple[Breach, ...]:
    """Return every breach in a ledger that holds only the example rows of a rule."""
    forms = standard_forms()
    registers = {form.name: example_rows(form, rule.fails)}
    registers |= {name: example_rows(forms[name], rows) for name, rows in rule.fails_with.items()}
    tasks = registers.pop("tasks", [{}])
    return find_breaches(ledger_in_memory(tasks, **registers), rule.fails_on or DAY)


def rule_book() -> str:
    """Return docs/rule_book.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    forms = [form for form in standard_forms().values() if form.rules]
    number = sum(len(form.rules) for form in forms)
    yield "# 登记表的规则"
    yield ""
    yield f"{len(forms)} 张登记表，{number} 条规则，写在 `templates/forms/` 的 `[[rule]]` 里（写法见 forms.md）。"
    yield "每条后面是一个违反它的例子和程序说的话；`validate` 里的检查名就是规则名。"
    for form in forms:
        yield from ("", f"## {form.sheet}", "")
        for rule in form.rules:
            yield f"- **{rule.title}** `{rule.name}`（{_WORDS[rule.severity]}；依据：{rule.source}）"
            breach = next(each for each in broken_by_example(form, rule) if each.rule.name == rule.name)
            yield f"  - 例：{_example(form, rule)}"
            yield f"  - 说：{breach.problem}{breach.cure}"


def _example(form: Form, rule: Rule) -> str:
    rows = [_cells(form, row) for row in rule.fails]
    beside = [(standard_forms()[name], row) for name, own in rule.fails_with.items() for row in own]
    rows += [f"〈{other.sheet}〉{_cells(other, row)}" for other, row in beside]
    on = f"（{rule.fails_on}看）" if rule.fails_on else ""
    return "；另一行 ".join(rows) + on


def _cells(form: Form, row: Mapping[str, Any]) -> str:
    return "，".join(f"{form.column(key).title}＝{_value(value)}" for key, value in row.items())


def _value(value: Any) -> str:
    return "、".join(map(str, value)) if isinstance(value, list) else str(value)
