"""The map is true: imports point down, libraries are where it says, and whatever docs and docstrings name is there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unicodedata import east_asian_width

import pytest
from support.rooms import ROOMS, with_rooms
from support.sources import PACKAGE, trees

ROOT = Path(__file__).parents[2]
MODULES = [path for path in sorted(PACKAGE.rglob("*.py")) if not path.stem.startswith("__")]


def imports(path: Path) -> set[str]:
    """Return the libraries that a module imports, anywhere in it."""
    nodes = list(ast.walk(trees()[path]))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names}


def test_every_room_and_module_is_on_the_map_as_its_docstring_says() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert page == with_rooms(page), "run python tests/update_generated.py rooms"


@pytest.mark.parametrize("name", ["README.md", "docs/architecture.md", "docs/decisions.md"])
def test_pages_written_by_hand_are_wrapped(name: str) -> None:
    """At 120 columns, as ruff counts them (a Chinese character is two); tables, code and the generated list are not."""
    text = (ROOT / name).read_text(encoding="utf-8")
    prose = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    lines = [line for line in prose.splitlines() if not line.startswith(("|", "!["))]
    assert len(lines) > 20
    assert [line for line in lines if sum(1 + (east_asian_width(each) in "WF") for each in line) > 120] == []


def taizhang_imports(path: Path) -> set[str]:
    """Return the modules of the package that a module imports, anywhere in it, dotted, without the package's name."""
    found = set()
    for node in ast.walk(trees()[path]):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "taizhang":
            module = (node.module or "").removeprefix("taizhang").lstrip(".")
            found |= {module} if module else {alias.name for alias in node.names}
    return found


def test_every_room_is_in_the_order() -> None:
    assert sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and path.name != "__pycache__") == sorted(
        ROOMS
    )


def test_imports_point_down_the_rooms() -> None:
    """A module imports only from its own room and earlier ones, at the top and inside functions."""
    climbing = []
    for path in MODULES:
        room = path.relative_to(PACKAGE).parts[0]
        for module in sorted(taizhang_imports(path)):
            other = module.split(".")[0]
            if room in ROOMS and other in ROOMS and ROOMS.index(other) > ROOMS.index(room):
                climbing.append((path.relative_to(PACKAGE).as_posix(), module))
    assert climbing == []


@pytest.mark.parametrize(
    ("library", "users"),
    [
        ("click", r"cli|commands/\w+"),
        ("python_calamine", r"workbook/reader"),
        ("openpyxl", r"replies/rewriting"),
        ("pandas", r"boards/frames"),
        ("xlsxwriter", r"office/xlsx"),
    ],
)
def test_a_library_is_used_only_where_the_map_says(library: str, users: str) -> None:
    found = [path.relative_to(PACKAGE).with_suffix("").as_posix() for path in MODULES if library in imports(path)]
    assert [name for name in found if not re.fullmatch(users, name)] == []


COMMENT = re.compile(r"(?:^|\s)# .*$", re.MULTILINE)
"""A comment, or what looks like one in a text: taking the files apart into tokens takes seconds."""


@cache
def texts() -> tuple[tuple[Path, str], ...]:
    """Return the pages and, of each Python file, the docstrings and comments."""
    return tuple(_texts())


def _texts() -> Iterator[tuple[Path, str]]:
    """Yield the pages and, of each Python file, the docstrings and comments."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))):
        yield page, page.read_text(encoding="utf-8")
    for folder in (ROOT / "scripts", ROOT / "tests", ROOT / "benchmarks"):
        for path, tree in trees(folder).items():
            statements = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
            found = [
                node.value for node in statements if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
            found += COMMENT.findall(path.read_text(encoding="utf-8"))
            yield path, "\n".join(found)


def test_every_python_file_that_is_pointed_to_is_there() -> None:
    """Pages name a file by its path in the repository or in the package, sources also a file beside them."""
    roots = (ROOT, ROOT / "scripts", PACKAGE, ROOT / "tests")
    tests = {path.name for path in (ROOT / "tests").rglob("test_*.py")}
    missing, count = [], 0
    for path, text in texts():
        beside = (path.parent,) if path.suffix == ".py" else ()
        for name in re.findall(r"(?<![\w/.*])\w[\w/]*\.py\b", text):
            count += 1
            if name not in tests and not any((root / name).is_file() for root in (*roots, *beside)):
                missing.append((path.relative_to(ROOT).as_posix(), name))
    assert count > 150
    assert missing == []


FOLDERS_OF_A_LEDGER = {"history/issued", "history/journal"}
"""Paths beside a ledger that begin like a room."""


def test_every_module_that_is_pointed_to_is_there() -> None:
    """Each `room/module` in backticks is a module, each `room/module.name` a name that it defines."""
    pattern = re.compile(r"`((?:{})/\w+)(?:\.(?!py`)(\w+))?`".format("|".join(ROOMS)))
    pointed = [
        (path.relative_to(ROOT).as_posix(), module, name)
        for path, text in texts()
        for module, name in pattern.findall(text)
        if module not in FOLDERS_OF_A_LEDGER
    ]
    assert len(pointed) > 30
    assert [each for each in pointed if not _defines(PACKAGE / f"{each[1]}.py", each[2])] == []


def _defines(path: Path, name: str) -> bool:
    if path not in trees():
        return False
    names = {node.name for node in ast.walk(trees()[path]) if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return name in ("", *names)


WRITERS = re.compile(
    r"taizhang\.(office\.xlsx|splice|ledger\.create|issue\.template|\w+\.\w+_sheet|replies\.|report\.|history\.write)"
)


def test_readers_import_no_writers() -> None:
    """Reading, checking and counting need nothing that writes; what both sides know of a sheet is in ledger/layout."""
    readers = ("typed", "workbook", "forms", "ledger", "supervision", "checks", "figures", "draft")
    own = {
        "ledger/create.py",  # makes a new ledger
        "checks/ranges.py",  # asks splice what would grow, and writes nothing
    }
    found = [
        (path.relative_to(PACKAGE).as_posix(), module)
        for path in MODULES
        for module in sorted(taizhang_imports(path))
        if path.relative_to(PACKAGE).parts[0] in readers and WRITERS.match(f"taizhang.{module}")
    ]
    assert [each for each in found if each[0] not in own] == []
