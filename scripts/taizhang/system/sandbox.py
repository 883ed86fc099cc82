"""Read a file in a limited subprocess: a crash, hang or out-of-memory loses that file only.

Only files that the guard cannot vouch for are read here (old and binary formats, unusual markup, very large tables);
starting the process costs a tenth of a second. It receives only the bytes: it opens no file, writes none (its file size
limit is zero) and leaves no core dump. If the system has no memory limit (Windows), only the time is limited.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from taizhang.system import limits
from taizhang.system.worker import Worker, WorkerDied

__all__ = ["PASTED", "ExplainedError", "ReaderDied", "run_apart"]

Result = TypeVar("Result")
_ONE_AT_A_TIME = threading.Lock()
"""Files are read in threads; the memory limit applies to one process at a time."""


class ExplainedError(Exception):
    """A refusal by the work, with its reason and cure, passed on as raised. Any other exception is a breakdown.

    ``before`` and ``after`` surround the last step of the cure, which depends on whose file it is: a department returns
    its file again, the office runs the command again. If there is no such step, ``after`` is None.
    """

    def __init__(self, before: str, after: str | None = None) -> None:
        super().__init__(before, after)
        self.before, self.after = before, after

    def advising(self, last_step: str) -> str:
        """Return the text with the last step of the cure, e.g. ``再报``."""
        return self.before if self.after is None else f"{self.before}{last_step}{self.after}"

    def __str__(self) -> str:
        return self.advising("再报")


class ReaderDied(ExplainedError):
    """The process ended without an answer; the text gives the reason and the cure."""


PASTED = "请把要用的内容粘贴到下发的模板（或新的工作簿）里，另存为 .xlsx ", "。"
"""The cure for a workbook that is too much or breaks its reader."""


def run_apart(work: Callable[[bytes], Result], data: bytes, cure: tuple[str, str | None] = PASTED) -> Result:
    """Return ``work(data)``, computed in a separate process; ``work`` is a function of a module of this package.

    Raises the ExplainedError of ``work``, and ReaderDied if the work took too long, used too much memory or broke down.
    """
    with _ONE_AT_A_TIME, Worker(limits.SECONDS_APART, limits.MEMORY_APART, largest_file=0) as worker:
        try:
            return worker.do(work, data)
        except ExplainedError:
            raise
        except WorkerDied as died:
            why = died.why
        except Exception:  # whatever made the reader fail, the reason given is the same
            why = "broken"
    if why == "not started":  # not a problem of the ledger's disk
        raise ReaderDied("电脑太忙，没能打开单独的进程来读。请关掉别的程序，再试一次。")
    if why == "slow":
        problem = f"读了 {limits.SECONDS_APART} 秒还没读完，不像正常的文件。"
    else:
        problem = f"读不下去（内存超过 {limits.MEMORY_APART >> 30} GB，或文件内容反常）。"
    before, after = cure
    raise ReaderDied(problem + before, after)
