"""The Python sources below a folder as syntax trees, parsed once for all tests that inspect the code."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import taizhang

PACKAGE = Path(taizhang.__file__).parent


@cache
def trees(folder: Path = PACKAGE) -> Mapping[Path, ast.Module]:
    """Return the trees by the paths of the files, in order."""
    return {path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(folder.rglob("*.py"))}


@cache
def calls() -> tuple[tuple[str, ast.Call, str], ...]:
    """Return every call in the package: module, call, and the called name with its object."""
    return tuple(
        (path.relative_to(PACKAGE).as_posix(), node, ast.unparse(node.func))
        for path, tree in trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    )
