"""docs/architecture.md is true: it names every module, and each library is used where it says."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from support.sources import PACKAGE, trees

ROOT = Path(__file__).parents[2]
MODULES = [path for path in trees() if not path.stem.startswith("__")]


def imports(path: Path) -> set[str]:
    """Return the libraries that a module imports, anywhere in it."""
    nodes = list(ast.walk(trees()[path]))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_every_module_is_named() -> None:
    words = set(re.findall(r"\w+", (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")))
    assert [path.stem for path in MODULES if path.stem not in words] == []


@pytest.mark.parametrize(
    ("library", "users"),
    [
        ("click", r"cli|commands/\w+"),
        ("python_calamine", r"workbooks"),
        ("openpyxl", r"rewriting"),
    ],
)
def test_a_library_is_used_only_where_the_map_says(library: str, users: str) -> None:
    found = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in MODULES if library in imports(path)]
    assert [name for name in found if not re.fullmatch(users, name)] == []
