"""Fixtures: a small ledger, the demo played once, and LibreOffice if it is installed."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from filelock import FileLock
from hypothesis import settings
from support.fixtures import Make, Once, Run
from support.ledgers import small_ledger
from support.thorough import THOROUGH, few_or_all, spread
from support.unflushed import skip_flushing

settings.register_profile("few", max_examples=few_or_all(20, 100), deadline=None)
settings.load_profile("few")


def pytest_sessionstart() -> None:
    """Do not wait for the disk at each of thousands of flushes."""
    skip_flushing()


MANY, ONE_IN = 4, 12
"""Of a test with more cases than this, the whole suite tries first, last, and one in so many."""

WHOLE_SUITE = 5000
"""With so many tests collected the whole suite is meant; whoever runs one file or room wants every case."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark tests that start LibreOffice as slow; on Windows, skip tests that concern other systems only.

    Of tests with many cases some are left out when the whole suite is run (``support/thorough.py``).
    """
    elsewhere = pytest.mark.skip(
        reason="Windows has no mode bits, links, pipes, signals and shell scripts of this kind"
    )
    for item in items:
        if item.get_closest_marker("libreoffice"):
            item.add_marker(pytest.mark.slow)
        if sys.platform == "win32" and item.get_closest_marker("posix"):
            item.add_marker(elsewhere)
    if len(items) >= WHOLE_SUITE and not THOROUGH:
        kept = set(_some_cases(items))
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]


def _some_cases(items: list[pytest.Item]) -> Iterator[pytest.Item]:
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    for own in cases.values():
        yield from spread((("", item) for item in own), ONE_IN) if len(own) > MANY else own


def pytest_collection_finish() -> None:
    """Spare the collector of garbage the thousands of collected tests: looking through them takes a tenth of the time.

    What tests leave behind is still collected, only in larger batches.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture
def make_ledger(tmp_path: Path) -> Make:
    def make(tasks: list[dict[str, Any]] | None = None, **registers: list[dict[str, Any]]) -> Path:
        return small_ledger(tmp_path / "整改台账.xlsx", [{}] if tasks is None else tasks, **registers)

    return make


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Make:
    """Make a small ledger and issue it for 2022-03, once per set of rows; return the folder (copy it before use)."""
    from taizhang.cli import main

    folders: dict[str, Path] = {}

    def play(tasks: list[dict[str, Any]], **registers: list[dict[str, Any]]) -> Path:
        key = repr((tasks, registers))
        if key not in folders:
            ledger = small_ledger(tmp_path_factory.mktemp("issued") / "整改台账.xlsx", tasks, **registers)
            issue = ["issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", str(ledger)]
            result = CliRunner().invoke(main, issue)
            assert result.exit_code == 0, result.output
            folders[key] = ledger.parent
        return folders[key]

    return play


@pytest.fixture
def make_issued(tmp_path: Path, played: Make) -> Make:
    """Like ``make_ledger``, and issued for 2022-03 on 10 March."""

    def make(tasks: list[dict[str, Any]], **registers: list[dict[str, Any]]) -> Path:
        return Path(shutil.copytree(played(tasks, **registers), tmp_path, dirs_exist_ok=True)) / "整改台账.xlsx"

    return make


@pytest.fixture
def run() -> Run:
    """Run the command line and return its result; a traceback fails the test."""
    from taizhang.cli import main

    def call(*args: object, answer: str = "") -> Result:
        result = CliRunner().invoke(main, [str(arg) for arg in args], input=answer)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Make a folder once per session by its name, and return a copy at a place of the test's own."""
    made: dict[str, Path] = {}

    def copy(name: str, make: Callable[[Path], object], target: Path) -> Path:
        if name not in made:
            folder = tmp_path_factory.mktemp("once")
            make(folder)
            made[name] = folder
        return Path(shutil.copytree(made[name], target, dirs_exist_ok=True))

    return copy


@pytest.fixture(scope="session")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, played once; with several workers, by the first of them that needs it."""
    from taizhang.commands.demo import demo

    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, played = shared / "演示", shared / "演示过"
    with FileLock(shared / "演示.lock"):
        if not played.exists():
            result = CliRunner().invoke(demo, [str(folder)])
            assert result.exit_code == 0, result.output
            played.touch()
    return folder


@pytest.fixture(scope="session")
def soffice(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Convert files with LibreOffice in one launch and return the first result; skips if it is not installed."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    profile = tmp_path_factory.mktemp("profile")

    def convert(path: Path, target: str, folder: Path, *others: Path) -> Path:
        command = [str(program), f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", target]
        subprocess.run(
            [*command, "--outdir", str(folder), str(path), *map(str, others)],
            check=True,
            capture_output=True,
            timeout=180,
        )
        return folder / f"{path.stem}.{target.partition(':')[0]}"

    return convert
