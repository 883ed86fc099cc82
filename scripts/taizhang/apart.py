"""Reading in a process of its own: what a reader that aborts, hangs or fills the memory takes with it is one file.

Only files that the guard cannot vouch for come here (old and binary formats, unusual markup, very large tables); starting the
process costs a tenth of a second. It gets the bytes and nothing else: it opens no file, writes none (its file size limit is
zero) and leaves no dump. Where the system knows no memory limit (Windows) only the time is limited.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from taizhang import limits
from taizhang.windows import NO_WINDOW

__all__ = ["ReaderDied", "Said", "apart"]

Result = TypeVar("Result")
_ONE_AT_A_TIME = threading.Lock()
"""Files are read in threads; the limit of memory is one for all of them."""
_PROGRAM = "import sys; sys.path[:] = sys.argv[2:]; from taizhang.apart import serve; serve(int(sys.argv[1]))"


class Said(Exception):
    """What the work says of a file it cannot read: it comes back as it was raised. Everything else is a breakdown."""


class ReaderDied(Exception):
    """The process ended without an answer; the text says why, with the cure."""


_FORM = "请把要报的内容粘贴到下发的模板里，另存为 .xlsx 再报。"


def apart(work: Callable[[bytes], Result], data: bytes, cure: str = _FORM) -> Result:
    """Return ``work(data)`` done in a process of its own; ``work`` is a function of a module of this package.

    Raises what the work refuses in words, and ReaderDied where it took too long, too much memory, or broke down.
    """
    with _ONE_AT_A_TIME:
        return _answer(work, data, cure)


def _answer(work: Callable[[bytes], Result], data: bytes, cure: str) -> Result:
    command = [sys.executable, "-I", "-c", _PROGRAM, str(limits.MEMORY_APART), *sys.path]
    task = f"{work.__module__}\n{work.__qualname__}\n".encode()
    try:
        done = subprocess.run(
            command,
            input=task + data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=limits.SECONDS_APART,
            check=False,
            creationflags=NO_WINDOW,
        )
    except OSError:  # the system has no process or no memory to spare: no fault of the ledger's disk
        raise ReaderDied("电脑太忙，没能打开单独的进程来读。请关掉别的程序，再试一次。") from None
    except subprocess.TimeoutExpired:
        raise ReaderDied(f"读了 {limits.SECONDS_APART} 秒还没读完，不像正常的文件。{cure}") from None
    if done.returncode != 0:
        raise _broke_down(cure)
    try:
        # The answer is our own program's: the bytes of the file never become code, only values of the reader.
        ok, result = pickle.loads(done.stdout)
    except Exception:  # what came is no whole answer
        raise _broke_down(cure) from None
    if not ok:
        raise result
    return result


def _broke_down(cure: str) -> ReaderDied:
    return ReaderDied(f"读不下去（内存超过 {limits.MEMORY_APART >> 30} GB，或文件内容反常）。{cure}")


def serve(memory: int) -> None:
    """Do one piece of work: its name and data come on stdin, the pickled answer goes to stdout."""
    _limit(memory)
    module, name, data = sys.stdin.buffer.read().split(b"\n", 2)
    work: Any = getattr(__import__(module.decode(), fromlist=["_"]), name.decode())
    try:
        answer: tuple[bool, Any] = True, work(data)
    except Said as error:
        answer = False, error
    except BaseException:  # the reader's own panics are no ordinary exceptions; nobody would see what they print
        raise SystemExit(1) from None
    sys.stdout.buffer.write(pickle.dumps(answer, pickle.HIGHEST_PROTOCOL))


def _limit(memory: int) -> None:
    with suppress(ImportError):
        import resource

        for limit, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_CORE, 0), (resource.RLIMIT_FSIZE, 0)):
            with suppress(ValueError, OSError):  # macOS knows no limit of address space
                resource.setrlimit(limit, (value, value))
