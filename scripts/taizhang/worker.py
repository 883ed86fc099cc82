"""A process that does one piece of work after another, each within limits: what hangs or fills the memory takes nothing with it.

``apart`` starts a process for each file that nobody can vouch for; here one serves all, since starting it takes longer than most of
the work. After a piece that hung it is started anew.
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
from typing import Any, ParamSpec, TypeVar

from taizhang import limits

__all__ = ["Worker", "WorkerDied"]

Given = ParamSpec("Given")
Result = TypeVar("Result")
_SIZE = struct.Struct("<Q")
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from taizhang.worker import serve; serve(int(sys.argv[1]))"
_LARGEST_FILE = 256 * limits.MEGABYTE
"""Bytes that the process may write into one temporary file of its own."""


class WorkerDied(Exception):
    """The process ended without an answer: too slow, too large, or broken down."""


class Worker:
    """The process, started with the first piece of work; to be used in a ``with``, which ends it."""

    def __init__(self, seconds: float = limits.SECONDS_MARKING, memory: int = limits.MEMORY_APART) -> None:
        self._seconds, self._memory = seconds, memory
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch = ""

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def do(self, work: Callable[Given, Result], *given: Given.args, **named: Given.kwargs) -> Result:
        """Return ``work(...)`` done in the process; ``work`` is a function of a module of this package.

        Raises what the work raises, and WorkerDied where it took too long, too much memory, or broke down.
        """
        request = pickle.dumps((work.__module__, work.__qualname__, given, named), pickle.HIGHEST_PROTOCOL)
        try:
            process = self._process or self._started()
            answer = self._answer(process, request)
        except OSError:
            answer = b""
        if not answer:
            self._end()
            raise WorkerDied
        # The answer is our own program's: the bytes of the file never become code, only values of the work.
        ok, result = pickle.loads(answer)
        if not ok:
            raise result
        return result

    def _answer(self, process: subprocess.Popen[bytes], request: bytes) -> bytes:
        """Return the answer; nothing where the process ended without one."""
        assert process.stdin and process.stdout
        timer = Timer(self._seconds, process.kill)
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

    def _started(self) -> subprocess.Popen[bytes]:
        # What is unpacked into a temporary file lies in a folder of its own, which goes even where the process was ended.
        self._scratch = tempfile.mkdtemp(prefix="taizhang-")
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _PROGRAM, str(self._memory), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, **dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._scratch)},
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
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


def serve(memory: int) -> None:
    """Do pieces of work until stdin ends: each comes with its length before it, and so does each answer."""
    _limit(memory)
    answers = os.fdopen(os.dup(1), "wb")
    with Path(os.devnull).open("wb") as nowhere:
        os.dup2(nowhere.fileno(), 1)  # what a library prints is no answer
    while len(head := sys.stdin.buffer.read(_SIZE.size)) == _SIZE.size:
        module, name, given, named = pickle.loads(sys.stdin.buffer.read(_SIZE.unpack(head)[0]))
        work: Any = getattr(__import__(module, fromlist=["_"]), name)
        try:
            answer: tuple[bool, Any] = True, work(*given, **named)
        except MemoryError:
            raise SystemExit(1) from None
        except Exception as error:
            answer = False, error
        told = pickle.dumps(answer, pickle.HIGHEST_PROTOCOL)
        answers.write(_SIZE.pack(len(told)) + told)
        answers.flush()


def _limit(memory: int) -> None:
    with suppress(ImportError):
        import resource

        for limit, value in (
            (resource.RLIMIT_AS, memory),
            (resource.RLIMIT_CORE, 0),
            (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        ):
            with suppress(ValueError, OSError):  # macOS knows no limit of address space
                resource.setrlimit(limit, (value, value))
