"""docs/rules.md: every check and every test that the table of rules names is there, and no new check is left out."""

from __future__ import annotations

import ast
import re

from taizhang.ledger.catalogue import Check
from update_generated import ROOT

PAGE = ROOT / "docs" / "rules.md"


def rows() -> list[list[str]]:
    """Return the cells of every rule: the rule, what the program does, the test."""
    lines = PAGE.read_text(encoding="utf-8").splitlines()
    tables = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| ")]
    return [cells for cells in tables if cells[0] != "规矩"]


def test_every_rule_has_something_that_does_it_and_a_test_that_is_there() -> None:
    found = rows()
    assert len(found) > 40
    assert [cells for cells in found if len(cells) != 3 or not all(cells)] == []
    missing = []
    for _, _, test in found:
        path, _, name = test.strip("`").partition("::")
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8")) if (ROOT / path).is_file() else ast.Module([], [])
        names = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        if not tree.body or (name and name not in names):
            missing.append(test)
    assert missing == []


def test_every_check_that_is_named_exists() -> None:
    named = {word for _, does, _ in rows() for word in re.findall(r"`([a-z-]+)`", does)}
    assert named <= set(Check)
    kinds = ("proof-contradicts", "deadline-", "extension-", "duty-", "review-", "closeout-", "supplement", "principle")
    ruled = {check for check in Check if check.startswith(kinds)}
    assert ruled - named == {
        *("closeout-returned", "closeout-owner", "closeout-open", "closeout-kind", "closeout-future", "closeout-early"),
        "extension-future",
    }
