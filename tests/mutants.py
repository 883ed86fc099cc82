"""Break a module on purpose, a few hundred times, and report the changes that its tests do not notice.

``python tests/mutants.py supervision/tasks.py`` tries one module of ``TARGETS``; without a name, all in turn. Names of
mutants after the module (``taizhang.supervision.tasks.x__behind__mutmut_1``, or a pattern: ``*x__behind__*``) try these
alone. mutmut (the extra ``mutation``; not on Windows) makes the changes and runs, for each function, the tests that
call it. Prints every change that no test noticed, then the counts as JSON.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TARGETS = {
    "figures/coverage.py": ("tests/figures/test_coverage.py",),
    "figures/metrics.py": ("tests/figures/test_metrics.py",),
    "supervision/tasks.py": ("tests/supervision/test_tasks.py",),
    "merge/cells.py": ("tests/merge/test_rows.py", "tests/merge/test_taken_back.py"),
    "merge/rows.py": (
        "tests/merge/test_rows.py",
        "tests/merge/test_identity.py",
        "--deselect=tests/merge/test_identity.py::test_no_sequence_of_sorts_inserts_and_renumberings_strays",
    ),
    "splice/guard.py": (
        "tests/splice/test_guard.py",
        "tests/splice/test_splice.py",
        "tests/splice/test_growing.py",
        "--deselect=tests/splice/test_splice.py::test_any_cells_with_any_values_read_back_and_nothing_else_moves",
    ),
}
"""The modules in which a slip is a wrong number or a damaged ledger, each with the tests that are about it.

They run once or more for each change: tests that take seconds are left out.
"""


def lay_out(folder: Path, module: str) -> None:
    """Make the folder that mutmut works in: the package beside its tests, and the settings for one module."""
    for name, source in (("taizhang", "scripts/taizhang"), ("tests", "tests"), ("templates", "templates")):
        (folder / name).symlink_to(ROOT / source)
    settings = {
        "source_paths": ["taizhang"],
        "only_mutate": [f"taizhang/{module}"],
        "pytest_add_cli_args": ["-p", "no:cacheprovider", "-p", "no:xdist"],
        "pytest_add_cli_args_test_selection": list(TARGETS[module]),
    }
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (folder / "pyproject.toml").write_text("\n".join([project, "[tool.mutmut]", *lines, ""]), encoding="utf-8")


def mutmut(folder: Path, *args: str, quiet: bool = True) -> str:
    """Run mutmut in a folder; return its output, or let it print to stderr. Raises CalledProcessError if it fails."""
    command = [sys.executable, "-m", "mutmut", *args]
    output = subprocess.PIPE if quiet else sys.stderr
    return subprocess.run(command, cwd=folder, stdout=output, encoding="utf-8", check=True).stdout


def try_out(module: str, names: list[str]) -> dict[str, object]:
    """Try all mutants of one module, or those named, and print those unnoticed; return their number by outcome."""
    with tempfile.TemporaryDirectory() as temporary:
        folder, start = Path(temporary), time.monotonic()
        lay_out(folder, module)
        mutmut(folder, "run", "--max-children", str(os.cpu_count() or 1), *names, quiet=False)
        seconds = round(time.monotonic() - start)
        lines = mutmut(folder, "results", "--all", "true").splitlines()
        states = dict(line.strip().split(": ") for line in lines if line)
        tried = {change: state for change, state in states.items() if state != "not checked"}
        unnoticed = [change for change, state in tried.items() if state not in ("killed", "timeout")]
        for change in unnoticed:
            print(mutmut(folder, "show", change), flush=True)
    noticed = f"{1 - len(unnoticed) / len(tried):.1%}"
    return {"changes": len(states), **Counter(tried.values()), "noticed": noticed, "seconds": seconds}


if __name__ == "__main__":
    asked = [each for each in sys.argv[1:] if each in TARGETS] or list(TARGETS)
    wanted = [each for each in sys.argv[1:] if each not in TARGETS]
    print(json.dumps({module: try_out(module, wanted) for module in asked}, indent=1))
