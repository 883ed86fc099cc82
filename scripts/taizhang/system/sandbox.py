"""Reading in a process of its own: what a reader that aborts, hangs or fills the memory takes with it is one file.

Only files that the guard cannot vouch for come here (old and binary formats, unusual markup, very large tables); starting the
process costs a tenth of a second. It gets the bytes and nothing else: it opens no file, writes none (its file size limit is
zero) and leaves no dump. Where the system knows no memory limit (Windows) only the time is limited.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from taizhang.system import limits
from taizhang.system.worker import Worker, WorkerDied

__all__ = ["ReaderDied", "Said", "apart"]

Result = TypeVar("Result")
_ONE_AT_A_TIME = threading.Lock()
"""Files are read in threads; the limit of memory is one for all of them."""


class Said(Exception):
    """What the work says of a file it cannot read: it comes back as it was raised. Everything else is a breakdown.

    ``before`` and ``after`` are what stands around the last step of the cure, which depends on whose file it is: a department sends
    its file again, the office runs the command again. Without such a step there is no ``after``.
    """

    def __init__(self, before: str, after: str | None = None) -> None:
        super().__init__(before, after)
        self.before, self.after = before, after

    def advising(self, last_step: str) -> str:
        """Return the text with the last step of the cure, e.g. ``再报``."""
        return self.before if self.after is None else f"{self.before}{last_step}{self.after}"

    def __str__(self) -> str:
        return self.advising("再报")


class ReaderDied(Said):
    """The process ended without an answer; the text says why, with the cure."""


_FORM = ("请把要报的内容粘贴到下发的模板里，另存为 .xlsx ", "。")


def apart(work: Callable[[bytes], Result], data: bytes, cure: tuple[str, str | None] = _FORM) -> Result:
    """Return ``work(data)`` done in a process of its own; ``work`` is a function of a module of this package.

    Raises what the work refuses in words, and ReaderDied where it took too long, too much memory, or broke down.
    """
    with _ONE_AT_A_TIME, Worker(limits.SECONDS_APART, limits.MEMORY_APART, largest_file=0) as worker:
        try:
            return worker.do(work, data)
        except Said:
            raise
        except WorkerDied as died:
            why = died.why
        except Exception:  # whatever a reader stumbles over, the reason is the same
            why = "broken"
    if why == "not started":  # no fault of the ledger's disk
        raise ReaderDied("电脑太忙，没能打开单独的进程来读。请关掉别的程序，再试一次。")
    if why == "slow":
        problem = f"读了 {limits.SECONDS_APART} 秒还没读完，不像正常的文件。"
    else:
        problem = f"读不下去（内存超过 {limits.MEMORY_APART >> 30} GB，或文件内容反常）。"
    before, after = cure
    raise ReaderDied(problem + before, after)
