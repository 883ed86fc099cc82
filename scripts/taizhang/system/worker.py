"""A process that does one piece of work after another, each limited in time and memory.

Starting one takes longer than most of the work, so one process serves all foreign files that are marked; ``run_apart``
starts one for each file that cannot be vouched for. After a piece of work that hung, the process is restarted.
"""

from __future__ import annotations

import os
import pickle
import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, Literal, ParamSpec, TypeVar

from taizhang.system import limits
from taizhang.system.windows import NO_WINDOW

__all__ = ["Worker", "WorkerDied"]

Given = ParamSpec("Given")
Result = TypeVar("Result")
_SIZE = struct.Struct("<Q")
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[3:]; from taizhang.system.worker import serve; serve(*map(int, sys.argv[1:3]))"
)
_LARGEST_FILE = 256 * limits.MEGABYTE
"""Bytes that the process may write into one temporary file of its own."""

Why = Literal["not started", "slow", "broken"]


class WorkerDied(Exception):
    """The process ended without an answer; ``why`` is whether it could not start, was too slow or broke down."""

    def __init__(self, why: Why) -> None:
        super().__init__()
        self.why: Why = why


class Worker:
    """The process, started with the first piece of work; use it in a ``with`` block, which ends it.

    ``seconds`` limits one piece of work, ``memory`` is the bytes of its address space, ``largest_file`` the bytes of a
    temporary file.
    """

    def __init__(
        self,
        seconds: float = limits.SECONDS_MARKING,
        memory: int = limits.MEMORY_APART,
        largest_file: int = _LARGEST_FILE,
    ) -> None:
        self._seconds, self._limits = seconds, (memory, largest_file)
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch = ""
        self._slow = False

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def do(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """Return ``work(...)``, computed in the process; ``work`` is a function of a module of this package.

        Raises the work's own exception, and WorkerDied if the work took too long, used too much memory or broke down.
        """
        request = pickle.dumps((work.__module__, work.__qualname__, given, named), pickle.HIGHEST_PROTOCOL)
        try:
            process = self._process or self._start()
        except OSError:
            self._end()
            raise WorkerDied("not started") from None
        try:
            answer = self._answer(process, request)
        except OSError:  # it ended while the request was being sent
            answer = b""
        if not answer:
            self._end()
            raise WorkerDied("slow" if self._slow else "broken")
        # The answer comes from this program: the file's bytes never become code, only results of the work.
        ok, result = pickle.loads(answer)
        if not ok:
            raise result
        return result

    def _answer(self, process: subprocess.Popen[bytes], request: bytes) -> bytes:
        """Return the answer; empty if the process ended without one."""
        assert process.stdin and process.stdout
        self._slow = False
        timer = Timer(self._seconds, self._kill_slow, [process])
        timer.start()
        try:
            process.stdin.write(_SIZE.pack(len(request)) + request)
            process.stdin.flush()
            head = process.stdout.read(_SIZE.size)
            size = _SIZE.unpack(head)[0] if len(head) == _SIZE.size else 0
            answer = process.stdout.read(size)
            return answer if len(answer) == size else b""
        finally:
            timer.cancel()

    def _kill_slow(self, process: subprocess.Popen[bytes]) -> None:
        self._slow = True
        process.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        # Temporary files go into a separate folder, which is removed even if the process was killed.
        self._scratch = tempfile.mkdtemp(prefix="taizhang-") if self._limits[1] else ""
        own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._scratch) if self._scratch else {}
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM, *map(str, self._limits), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **own},
            creationflags=NO_WINDOW,
        )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            for stream in (process.stdin, process.stdout):
                with suppress(OSError):
                    if stream:
                        stream.close()
            process.wait()
        shutil.rmtree(self._scratch, ignore_errors=True)
        self._scratch = ""


def serve(memory: int, largest_file: int) -> None:
    """Do pieces of work until stdin ends; each request and each answer is preceded by its length.

    Nothing in the package calls it: the new process does, from the text of its program above.
    """
    _limit(memory, largest_file)
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # output of a library must not mix with the answers
    while len(head := sys.stdin.buffer.read(_SIZE.size)) == _SIZE.size:
        module, name, given, named = pickle.loads(sys.stdin.buffer.read(_SIZE.unpack(head)[0]))
        work: Any = getattr(__import__(module, fromlist=["_"]), name)
        try:
            answer: tuple[bool, Any] = True, work(*given, **named)
        except MemoryError:
            raise SystemExit(1) from None
        except Exception as error:
            answer = False, error
        pickled = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        answers.write(_SIZE.pack(len(pickled)) + pickled)
        answers.flush()


def _limit(memory: int, largest_file: int) -> None:
    with suppress(ImportError):
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, largest_file),
        ):
            with suppress(ValueError, OSError):  # macOS has no limit of address space
                resource.setrlimit(limit, (value, value))
