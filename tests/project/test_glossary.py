"""The glossary in docs/architecture.md is true: each of its words is a word of the code's identifiers."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from support.sources import trees

MAP = Path(__file__).parents[2] / "docs" / "architecture.md"


def identifiers() -> set[str]:
    """Return the words of all names that the package defines: modules, classes, functions, fields and parameters."""
    names = {path.stem for path in trees()}
    for tree in trees().values():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef | ast.FunctionDef):
                names.add(node.name)
            elif isinstance(node, ast.arg):
                names.add(node.arg)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                names.add(node.target.id)
    return {word.lower() for name in names for word in re.findall(r"[A-Z]?[a-z]+", name)}


def test_every_word_is_used_in_code() -> None:
    rows = re.findall(r"^\| (\w+) \| (.+) \| (.+) \|$", MAP.read_text(encoding="utf-8"), re.M)
    words = [word for word, _, _ in rows if word != "Word"]
    known = identifiers()
    assert len(words) >= 25
    assert [word for word in words if not {word, f"{word}s"} & known] == []
