"""The two exceptions of a transaction: nothing was done, or a part of it; every other refusal becomes one of them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from taizhang.forms.rules import FormError
from taizhang.system.file_names import file_name
from taizhang.system.sandbox import Said

__all__ = ["CannotRun", "PartlyDone", "once_written", "refusals_explained"]


class CannotRun(Exception):
    """Nothing was done; the text says why and what to do, in the office's words. ``more`` are lines to print below it."""

    def __init__(self, message: str, *more: str) -> None:
        super().__init__(message)
        self.more = more


class PartlyDone(CannotRun):
    """A part of what was to be written is written; the text says which part, and what is left for a person."""


@contextlib.contextmanager
def once_written(done: Sequence[str], rest: str) -> Iterator[None]:
    """Raise PartlyDone for a failure in the block: it names what was ``done`` before, and why the ``rest`` is not."""
    from taizhang.system.files import StoreError, in_words
    from taizhang.workbook.reader import Unreadable

    try:
        with in_words(Path(rest)):
            yield
    except (StoreError, Unreadable) as error:
        raise PartlyDone(f"{'、'.join(done)} 已写好；{rest}没有写全：{error}") from None


@contextlib.contextmanager
def refusals_explained(ledger: Path) -> Iterator[None]:
    """Raise CannotRun for whatever the program or the system refuses in the block.

    Files made in it are open to no more people than the ledger is.
    """
    from taizhang.splice import Refused
    from taizhang.system.files import StoreError, in_words, narrowed
    from taizhang.workbook.reader import Unreadable

    try:
        with narrowed(ledger), in_words(ledger):
            yield
    except Unreadable as error:
        own = error.workbook == file_name(ledger)
        raise CannotRun(_unreadable_ledger(ledger, error.why) if own else str(error)) from None
    except (StoreError, Refused, FormError) as error:
        raise CannotRun(str(error)) from None


def _unreadable_ledger(ledger: Path, why: Said) -> str:
    """Return why the ledger itself cannot be read, and which copy of it there is."""
    from taizhang.history.states import newest_state

    newest = newest_state(ledger)
    copy = f"台账坏了的话，可以拷 history 里最近留存的 {newest.name} 来用。" if newest else ""
    return f"{ledger.name}: {why.advising('再运行')}{copy}"
