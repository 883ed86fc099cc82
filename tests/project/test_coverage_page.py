"""docs/coverage.md: every mechanism is answered by names that exist."""

from __future__ import annotations

import pytest
from support.coverage_page import coverage_page, read_mechanisms, resolve
from update_generated import ROOT

GOOD = {"in": "talent", "columns": "joined left", "rules": "talent-balance part-over-whole", "figures": "引进 流出"}


def test_every_mechanism_has_columns_rules_figures_and_tests() -> None:
    mechanisms = read_mechanisms()
    assert len({each.name for each in mechanisms}) == len(mechanisms) == 91
    assert [(each.name, each.lacks) for each in mechanisms if each.lacks] == []


def test_what_shares_a_register_with_others_is_counted_apart() -> None:
    assert [each.name for each in read_mechanisms() if not each.apart] == []
    pooled = {"in": "learning", "of": "宣讲", "figures": "参加 已开展"}
    assert not resolve("", "", pooled).apart
    assert resolve("", "", {**pooled, "figures": "参加 计划完成"}).apart


def test_what_a_mechanism_lacks_is_named() -> None:
    assert resolve("", "", GOOD).lacks == ()
    assert resolve("", "", {"in": "slips"}).lacks == ("columns", "rules", "figures", "tests")


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("in", "talents"),
        ("columns", "joined lost"),
        ("rules", "talent-balances"),
        ("figures", "引进率"),
        ("sheets", "人才情况"),
        ("of", "省外高校"),
    ],
)
def test_a_name_that_no_form_has_makes_no_page(key: str, name: str) -> None:
    with pytest.raises(LookupError, match=name.rpartition(" ")[2]):
        resolve("", "", {**GOOD, key: name})


def test_the_page_of_coverage_is_current() -> None:
    assert (ROOT / "docs" / "coverage.md").read_text(encoding="utf-8") == coverage_page()
