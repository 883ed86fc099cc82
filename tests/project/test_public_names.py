"""``__all__`` is true: it names all that other modules of the package import, and nothing that does not exist."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from support.sources import PACKAGE, trees


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def listed_names(tree: ast.Module) -> list[str] | None:
    """Return ``__all__`` of a module; None if it has none."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return ast.literal_eval(node.value)
    return None


def names_at_the_top(tree: ast.Module) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, (ast.ImportFrom, ast.Import)):
            yield from (alias.asname or alias.name for alias in node.names)
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (each.id for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))


@cache
def listed() -> dict[str, list[str]]:
    return {dotted(path): names for path, tree in trees().items() if (names := listed_names(tree)) is not None}


def test_every_imported_name_is_listed() -> None:
    unlisted = [
        (path.relative_to(PACKAGE).as_posix(), node.module, alias.name)
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in listed()
        for alias in node.names
        if alias.name not in listed()[node.module] and f"{node.module}.{alias.name}" not in map(dotted, trees())
    ]
    assert unlisted == []


def test_every_listed_name_exists() -> None:
    missing = [
        (dotted(path), name)
        for path, tree in trees().items()
        for name in sorted({*listed().get(dotted(path), ())}.difference(names_at_the_top(tree)))
    ]
    assert missing == []
