"""The exceptions of the transactions, for nothing done and partly done; other refusals are converted to them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from taizhang.forms.grammar import FormError
from taizhang.system.file_names import file_name

__all__ = ["CannotRun", "PartlyDone", "once_written", "refusals_explained"]


class CannotRun(Exception):
    """Nothing was done; the text gives reason and cure in the office's words. ``more`` has lines to print below it."""

    def __init__(self, message: str, *more: str) -> None:
        super().__init__(message)
        self.more = more


class PartlyDone(CannotRun):
    """A part was written; the text says which part, and what is left to do."""


@contextlib.contextmanager
def once_written(done: Sequence[str], rest: str) -> Iterator[None]:
    """Raise PartlyDone if the block fails, naming the files already ``done``, the ``rest``, and the reason."""
    from taizhang.system.files import StoreError, explain_os_errors
    from taizhang.workbook.reader import Unreadable

    try:
        with explain_os_errors(Path(rest)):
            yield
    except (StoreError, Unreadable) as error:
        raise PartlyDone(f"{'、'.join(done)} 已写好；{rest}没有写全：{error}") from None


@contextlib.contextmanager
def refusals_explained(ledger: Path) -> Iterator[None]:
    """Raise CannotRun for anything that the program or the system refuses in the block.

    Files created in it get no wider permissions than the ledger has.
    """
    from taizhang.splice import Refused
    from taizhang.system.files import StoreError, explain_os_errors, limit_rights
    from taizhang.workbook.reader import Unreadable

    try:
        with limit_rights(ledger), explain_os_errors(ledger):
            yield
    except Unreadable as error:
        copy = _newest_copy(ledger) if error.workbook == file_name(ledger) else ""
        raise CannotRun(f"{error.workbook}: {error.why.advising('再运行')}{copy}") from None
    except (StoreError, Refused, FormError) as error:
        raise CannotRun(str(error)) from None


def _newest_copy(ledger: Path) -> str:
    """Return a sentence on the newest copy of an unreadable ledger in its history, empty if there is none."""
    from taizhang.history.states import newest_state

    newest = newest_state(ledger)
    return f"台账坏了的话，可以拷 history 里最近留存的 {newest.name} 来用。" if newest else ""
