"""Every rule of every form: its example breaks it and nothing else, in a sentence with a cure."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from support.ledgers import ledger_in_memory
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.rules import Rule
from taizhang.ledger.catalogue import Check
from taizhang.supervision.breaches import find_breaches

FORMS = standard_forms()
DAY = date(2022, 6, 30)
RULES = [pytest.param(form, rule, id=rule.name) for form in FORMS.values() for rule in form.rules]


def rows(form: Form, examples: Any) -> list[dict[str, Any]]:
    """Return example rows with the codes that they lack."""
    return [{form.code_column.key: form.format_code(number + 1), **each} for number, each in enumerate(examples)]


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_the_example_of_a_rule_breaks_it_and_no_other(form: Form, rule: Rule) -> None:
    registers = {form.name: rows(form, rule.fails)}
    registers |= {name: rows(FORMS[name], examples) for name, examples in rule.fails_with.items()}
    tasks = registers.pop("tasks", [{}])
    found = find_breaches(ledger_in_memory(tasks, **registers), rule.fails_on or DAY)
    assert {each.rule.name for each in found if not each.reminder or each.rule is rule} == {rule.name}
    for breach in found:
        sentence = breach.problem + breach.cure
        assert sentence.encode("gbk")
        assert breach.problem.endswith("，")
        assert breach.cure.endswith(("。", "）"))


def test_every_rule_has_one_name_and_an_example() -> None:
    names = [rule.name for form in FORMS.values() for rule in form.rules]
    assert sorted(names) == sorted({*names} - {*Check})
    assert [rule.name for form in FORMS.values() for rule in form.rules if not rule.fails and not rule.fails_with] == []
