"""Commands run in forks of one process, in which everything is imported once: as nobody, or with a call that fails.

Each of these tests needs a process of its own; starting Python and importing takes longer than the command.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Done:
    """How a command ended: its exit status and what it said on stderr, with a traceback if it did not end of itself."""

    returncode: int
    stderr: str


@dataclass(frozen=True, slots=True)
class Forks:
    """The process; each call runs one command on one ledger in a fork of it."""

    process: subprocess.Popen[str]

    def as_nobody(self, ledger: Path, *args: str) -> Done:
        """Run a command as a user who is not root."""
        return self._ask(ledger, args)

    def failing(self, ledger: Path, path: Path, inject: str, *args: str) -> Done:
        """Run a command under strace, which makes calls that concern ``path`` fail as ``inject`` says."""
        return self._ask(ledger, args, str(path), inject)

    def _ask(self, ledger: Path, args: tuple[str, ...], path: str = "", inject: str = "") -> Done:
        assert self.process.stdin and self.process.stdout
        print(json.dumps([str(ledger), args, path, inject]), file=self.process.stdin, flush=True)
        return Done(*json.loads(self.process.stdout.readline()))


@contextmanager
def started() -> Iterator[Forks]:
    """Start the process, and end it."""
    command, folders = [sys.executable, str(Path(__file__))], os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, "PYTHONPATH": folders, "PYTHONIOENCODING": "utf-8"}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, encoding="utf-8", env=environment) as process:
        yield Forks(process)
        assert process.stdin
        process.stdin.close()


def _run(ledger: str, args: list[str]) -> str:
    """Run a command, and return its exit status and what it said, as JSON."""
    from click.testing import CliRunner
    from taizhang.cli import main

    result = CliRunner().invoke(main, [*args, "--ledger", ledger])
    raised = result.exception if not isinstance(result.exception, SystemExit) else None
    said = result.stderr + "".join(traceback.format_exception(raised) if raised else ())
    return json.dumps([result.exit_code, said])


def _run_on_a_copy(ledger: str, args: list[str]) -> None:
    """Run a command on a copy, so that everything is imported while it may be read."""
    with tempfile.TemporaryDirectory() as folder:
        copy = shutil.copytree(Path(ledger).parent, Path(folder) / "copy")
        _run(str(copy / Path(ledger).name), args)


def _forked(work: Callable[[], str]) -> str:
    """Do the work in a fork as nobody, and return what it returns."""
    source, target = os.pipe()
    child = os.fork()
    if not child:
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
        with os.fdopen(target, "w", encoding="utf-8") as pipe:
            pipe.write(work())
        os._exit(0)
    os.close(target)
    with os.fdopen(source, encoding="utf-8") as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    return answer


class _Said(Exception):
    """Carries a command's answer out of a fork that is traced."""


def _serve() -> None:
    from support.traced import run_traced

    known: set[str] = set()
    for line in sys.stdin:
        ledger, args, path, inject = json.loads(line)
        if args[0] not in known:
            known.add(args[0])
            _run_on_a_copy(ledger, args)

        def work(ledger: str = ledger, args: list[str] = args) -> str:
            return _run(ledger, args)

        def raising(work: Callable[[], str] = work) -> None:
            raise _Said(work())

        answer = run_traced(raising, Path(os.devnull), inject, path).raised[1] if inject else _forked(work)
        print(answer, flush=True)


if __name__ == "__main__":
    _serve()
