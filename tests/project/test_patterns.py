"""Every regular expression of the package takes linear time, even on hostile texts."""

from __future__ import annotations

import re

import pytest
from support.patterns import Expression, expressions, slow_attack
from taizhang.fill.form_words import form_words

pytestmark = pytest.mark.slow

OF_FORMS = {
    "taizhang.fill.form_words words",
    "taizhang.fill.form_words each[words]",
    "taizhang.fill.form_words each['words']",
    "taizhang.fill.form_words table['number']['ends']",
    "taizhang.fill.form_words table['number']['words']",
}
"""Calls whose expressions are the words of superiors' forms (fill.toml), which are looked at as they are read."""

KNOWN_OTHERWISE = {"taizhang.demo.sample rule['words']", *OF_FORMS}
"""Calls whose expression the source does not show: those of forms, and of the demo's own facts, on its own texts."""


def words_of_forms() -> list[Expression]:
    words = form_words()
    named = (*words.asked, *words.counts, *words.figures, *words.scopes, *words.objects)
    alone = (words.number, words.no_number, words.done, words.yes_or_no, words.one_row_a_problem)
    return [*(Expression(each.name, each.words) for each in named), *(Expression("fill.toml", each) for each in alone)]


def test_every_call_of_an_expression_is_looked_at() -> None:
    found, unknown = expressions()

    assert set(unknown) == KNOWN_OTHERWISE
    assert len(found) > 350


def test_every_expression_is_linear_in_what_it_reads() -> None:
    """A pattern that rescans the rest of a text at every position takes minutes on one cell of 32,767 characters."""
    found, _ = expressions()
    slow = [(each.where, *told) for each in (*found, *words_of_forms()) if (told := slow_attack(each))]

    assert slow == []


@pytest.mark.parametrize(
    "careless",
    [
        r"密级\s*:?\s*秘密",
        rb"<(?:\w+:)?f\b[^>]*>([^<]+)",
        rb"<si>.*?</si>",
        rb"""\st=["']s["'][^<>]*><v>""",
        r"[^。；]*\s--[a-z]",
        r"(?:a+)+x",
    ],
)
def test_a_careless_expression_is_found(careless: str | bytes) -> None:
    assert slow_attack(Expression("here", re.compile(careless))) is not None
