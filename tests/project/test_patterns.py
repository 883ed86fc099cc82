"""Every regular expression of the package takes linear time, even on hostile texts."""

from __future__ import annotations

import re

import pytest
from support.patterns import Expression, expressions, slow_attack

pytestmark = pytest.mark.slow

KNOWN_OTHERWISE = {"taizhang.demo.sample rule['words']"}
"""Calls whose expression the source does not show: those of the demo's own facts, on the demo's own texts."""


def test_every_call_of_an_expression_is_looked_at() -> None:
    found, unknown = expressions()

    assert set(unknown) == KNOWN_OTHERWISE
    assert len(found) > 350


def test_every_expression_is_linear_in_what_it_reads() -> None:
    """A pattern that rescans the rest of a text at every position takes minutes on one cell of 32,767 characters."""
    found, _ = expressions()
    slow = [(each.where, *told) for each in found if (told := slow_attack(each))]

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
