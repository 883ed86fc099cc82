"""Package metadata: the tested version bounds, the part of the suite that tests them, the licence."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

from support.sources import trees

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
IMPORTED_AS = {
    "chinesecalendar": "chinese_calendar",
    "msoffcrypto-tool": "msoffcrypto",
    "python-calamine": "python_calamine",
    "python-docx": "docx",
}


def _lines(name: str) -> list[str]:
    return [
        line for line in (ROOT / "tests" / name).read_text(encoding="utf-8").splitlines() if not line.startswith("#")
    ]


def _imported() -> set[str]:
    found = set()
    for tree in trees().values():
        for node in ast.walk(tree):
            names = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0] for name in names}
    return found


def test_the_lowest_versions_that_ci_runs_are_the_bounds() -> None:
    assert [each.replace(">=", "==") for each in PROJECT["dependencies"]] == _lines("lowest.txt")


def test_every_dependency_is_imported_and_has_a_bound() -> None:
    names = [re.split(">=", each)[0] for each in PROJECT["dependencies"]]
    assert {IMPORTED_AS.get(name, name) for name in names} - _imported() == set()


def test_the_part_of_the_suite_for_the_lowest_versions_is_there() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert [name for name in _lines("lowest_part.txt") if not (ROOT / name).is_file()] == []
    assert ("tests/lowest.txt" in script, "tests/lowest_part.txt" in script) == (True, True)


def test_the_parts_of_the_suite_that_other_commands_name_are_there() -> None:
    """The modules that .ci/windows runs; and the quick command of the README leaves tests of every room."""
    script = (ROOT / ".ci" / "windows").read_text(encoding="utf-8")
    named = re.findall(r"\b\w+/test_\w+", script)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / "tests" / f"{name}.py").is_file()] == []
    assert "-m 'not slow'" in (ROOT / "README.md").read_text(encoding="utf-8")
    quick = {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py") if not _is_slow(path)}
    assert {path.parent.name for path in (ROOT / "tests").glob("*/test_*.py")} - quick == set()


def _is_slow(path: Path) -> bool:
    marks = re.search(r"^pytestmark = ((?:.|\n)*?)\n\n", path.read_text(encoding="utf-8"), re.MULTILINE)
    return bool(marks and "slow" in marks[1])


def test_the_licence_is_named_and_there() -> None:
    assert (PROJECT["license"], PROJECT["license-files"]) == ("MIT", ["LICENSE"])
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License\n")


def test_the_package_is_typed() -> None:
    """The wheel holds every file of the package, the marker among them."""
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"][
        "wheel"
    ]
    assert wheel["packages"] == ["scripts/taizhang"]
    assert "exclude" not in wheel
    assert (ROOT / wheel["packages"][0] / "py.typed").is_file()
