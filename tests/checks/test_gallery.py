"""The gallery of findings: docs/findings.md is current, every check has an example, every example fails as it says."""

from __future__ import annotations

import ast
import re

from support.gallery import entries, played
from support.gallery_page import checks_of, findings_page
from support.sources import calls
from taizhang.checks import CHECK_NAMES
from update_generated import FINDINGS


def test_every_check_has_one_entry_and_every_entry_is_a_check() -> None:
    assert sorted(entry.check for entry in entries()) == sorted(CHECK_NAMES)


def test_every_example_fails_as_the_page_says() -> None:
    """By its own check and by no other, in sentences that GBK can print and that hold nothing personal; the page is current.

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


def test_every_check_named_in_the_source_is_known() -> None:
    used = {each for _, call, _ in calls() for each in _check_of(call)}
    assert len(used) >= 40
    assert used <= set(CHECK_NAMES)


def _check_of(call: ast.Call) -> list[str]:
    """Return the check that a call names in words: Finding(place, CHECK, …), _report(record, key, CHECK, …), say(CHECK, message)."""
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    place = {"Finding": 1, "_report": 2, "say": 0}.get(name, len(call.args))
    named = [arg.value for arg in call.args[place : place + 1] if isinstance(arg, ast.Constant)]
    return [each for each in named if isinstance(each, str) and re.fullmatch(r"[a-z-]+", each)]
