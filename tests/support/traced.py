"""Run a piece of work under strace, which records its system calls and injects kills or errors.

The work runs in a fork of this process, so that nothing is started or imported in it. The fork stops itself until
strace is attached; the trace begins with the work's first call.

An injected SIGKILL arrives as a call is entered, and the call does not run (``history/test_crash.py`` checks this). So
being killed before a call is the same as being killed after the previous one; between two calls nothing touches the
disk.
"""

from __future__ import annotations

import mmap
import os
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from support.unflushed import flush_again

SEEN = "%file,%desc"
"""strace's classes: every call that takes a name of a file or a descriptor."""
_CHANGING = {
    "write",
    "pwrite64",
    "writev",
    "fsync",
    "fdatasync",
    "rename",
    "renameat",
    "renameat2",
    "unlink",
    "unlinkat",
    "mkdir",
    "mkdirat",
    "chmod",
    "fchmod",
    "fchmodat",
    "ftruncate",
    "truncate",
    "flock",
    "link",
    "linkat",
    "utimensat",
}
_MEMORY = {"mmap", "mprotect", "munmap", "mremap", "brk"}
_CALL = re.compile(r"^\d+ +(\w+)\((.*)")


@dataclass(frozen=True, slots=True)
class Call:
    """One system call: its name, the how-many-eth of its name it is, and its arguments as strace writes them."""

    name: str
    nth: int
    rest: str

    @property
    def changing(self) -> bool:
        """Whether it changes the disk, or the lock."""
        return self.name in _CHANGING or "O_CREAT" in self.rest

    @property
    def changes_files(self) -> bool:
        """Whether other files, names, bytes or rights are on the disk after it: not of a flush, nor of the lock."""
        return self.changing and self.name not in ("fsync", "fdatasync", "flock")

    def killed(self) -> str:
        """Return the injection that kills the work as it enters this call."""
        return f"{self.name}:signal=KILL:when={self.nth}"

    def failing(self, error: str, *, on: bool = False) -> str:
        """Return the injection that makes this call fail; with ``on`` every later one of its name as well."""
        return f"{self.name}:error={error}:when={self.nth}{'+' if on else ''}"


@dataclass(frozen=True, slots=True)
class Ended:
    """The outcome of the work: 0 or minus a signal; the error raised (class and text); the calls."""

    status: int
    raised: tuple[str, str]
    calls: tuple[Call, ...]


def run_traced(work: Callable[[], object], log: Path, inject: str = "", path: str = "") -> Ended:
    """Do the work in a fork under strace, with an injection if one is given, and return the outcome.

    With ``path`` only the calls that concern this file are traced, counted and injected into.
    """
    told = mmap.mmap(-1, 65536)  # shared with the fork: no call of its own
    child = os.fork()
    if not child:
        flush_again()
        os.kill(os.getpid(), signal.SIGSTOP)
        try:
            work()
        except BaseException as error:
            text = f"{type(error).__name__}\n{error}".encode()[:65535]
            told[: len(text)] = text
        os._exit(0)
    os.waitpid(child, os.WUNTRACED)
    command = ["strace", "-f", "-y", "-s", "64", "-o", str(log), "-e", f"trace={SEEN}", "-p", str(child)]
    if inject:
        command[1:1] = ["-e", f"inject={inject}"]
    if path:
        command[1:1] = ["-P", path]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as strace:
        assert strace.stderr
        said = strace.stderr.readline()
        os.kill(child, signal.SIGCONT)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if "attached" not in said:
        raise RuntimeError(f"strace did not attach: {said}")
    kind, _, text = told[:].rstrip(b"\0").decode(errors="replace").partition("\n")
    return Ended(status, (kind, text), tuple(_calls(log)))


def _calls(log: Path) -> Iterator[Call]:
    seen: Counter[str] = Counter()
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        found = _CALL.match(line)
        if found and found[1] not in _MEMORY:
            seen[found[1]] += 1
            yield Call(found[1], seen[found[1]], found[2])


@cache
def why_not() -> str:
    """Return why calls cannot be traced here; empty if they can."""
    if sys.platform != "linux":
        return "system calls are traced with strace, on Linux"
    if not shutil.which("strace"):
        return "strace is not installed"
    tried = subprocess.run(["strace", "-f", "-e", "inject=getppid:error=EIO", "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "the system does not permit tracing"
