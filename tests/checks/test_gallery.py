"""The gallery of findings: docs/findings.md is current, every check has an example, every example fails as shown."""

from __future__ import annotations

import ast
import re

import pytest
from support.gallery import entries, played
from support.gallery_page import checks_of, findings_page
from support.sources import trees
from taizhang.ledger.catalogue import Check
from update_generated import FINDINGS

pytestmark = pytest.mark.slow


def test_every_check_has_one_entry_and_every_entry_is_a_check() -> None:
    assert sorted(entry.check for entry in entries()) == sorted(Check)


def test_every_example_fails_as_the_page_says() -> None:
    """Each example is found by its own check only, in sentences that GBK can print; the page is current and impersonal.

    One test, so that the examples are played once and not once in each process.
    """
    wrong = {
        (entry.check, number): checks_of(example)
        for entry in entries()
        for number, example in enumerate(entry.examples, 1)
        if set(checks_of(example)) != {entry.check, *example.beside}
    }
    assert wrong == {}
    assert all(entry.examples for entry in entries())
    lines = [line for entry in entries() for example in entry.examples for line in played(example)[1]]
    assert [line for line in lines if not re.fullmatch(r"[^ ]+: [a-z-]+: .*[一-鿿].*。", line)] == []
    page = findings_page()
    assert FINDINGS.read_text(encoding="utf-8") == page, "run python tests/update_generated.py findings"
    assert "\n".join(lines).encode("gbk")
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|\d{17}|★", page)


def test_every_check_is_made_somewhere_by_its_name() -> None:
    named = {
        node.attr
        for tree in trees().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Check"
    }
    assert named == set(Check.__members__)
