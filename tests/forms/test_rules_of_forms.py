"""Every rule of every form: its example breaks it and nothing else, in a sentence with a cure."""

from __future__ import annotations

import pytest
from support.rule_book import broken_by_example, rule_book
from taizhang.forms.load import standard_forms
from taizhang.forms.model import Form
from taizhang.forms.rules import Rule
from taizhang.ledger.catalogue import Check
from update_generated import ROOT

FORMS = standard_forms()
RULES = [pytest.param(form, rule, id=rule.name) for form in FORMS.values() for rule in form.rules]


@pytest.mark.parametrize(("form", "rule"), RULES)
def test_the_example_of_a_rule_breaks_it_and_no_other(form: Form, rule: Rule) -> None:
    found = broken_by_example(form, rule)
    assert {each.rule.name for each in found if not each.mild or each.rule.name == rule.name} == {rule.name}
    for breach in found:
        sentence = breach.problem + breach.cure
        assert sentence.encode("gbk")
        assert breach.problem.endswith("，")
        assert breach.cure.endswith(("。", "）"))


def test_the_rule_book_is_current() -> None:
    page = (ROOT / "docs" / "rule_book.md").read_text(encoding="utf-8")
    assert page == rule_book(), "run python tests/update_generated.py rule_book"


def test_every_rule_has_one_name_and_an_example() -> None:
    names = [rule.name for form in FORMS.values() for rule in form.rules]
    assert sorted(names) == sorted({*names} - {*Check})
    assert [rule.name for form in FORMS.values() for rule in form.rules if not rule.fails and not rule.fails_with] == []
