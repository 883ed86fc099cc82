"""What commands that make papers share: keeping the earlier file, and printing to PDF."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from taizhang.commands.options import CannotRun, say

__all__ = ["Unfinished", "output_path", "print_leaders", "print_pdf", "write_aside"]


PHONE_SHEET = "手机版"


class Unfinished(CannotRun):
    """The workbook is made, the PDF that was asked for is not; exit status 2, so that nobody sends what is not there."""

    def show(self, file: Any = None) -> None:
        """Print the message as one plain line on stderr."""
        click.echo(f"没有做完：{self.message}", err=True)


def output_path(output: Path | None, default: Path, ledger: Path) -> Path:
    """Return where a workbook goes; raises CannotRun for the ledger itself and for what is no .xlsx."""
    path = output or default
    if path.suffix.lower() != ".xlsx":
        raise CannotRun(f"--output 写的 {path.name} 要以 .xlsx 结尾，请改正。")
    if path.resolve() == ledger.resolve():
        raise CannotRun("--output 写的就是台账本身，会盖掉台账，请换一个文件名。")
    return path


ABANDONED_SECONDS = 600
"""After so long nobody is writing a temporary file any more that lies where no lock tells."""


@contextmanager
def _undisturbed(ledger: Path, path: Path) -> Iterator[None]:
    """Hold the ledger's lock while a file is written in a folder beside it: what a killed command leaves there, the next takes away.

    Where the lock is not to be had (a folder that may only be read) the file is written all the same. Elsewhere there is no lock: what
    lies beside the file and would have become it goes once it is old.
    """
    from taizhang.files import StoreError, discard
    from taizhang.history import MADE
    from taizhang.locks import locked

    with ExitStack() as held:
        if ledger.parent.resolve() in path.resolve().parents:
            with suppress(StoreError):
                held.enter_context(locked(ledger, MADE))
        elif path.parent.is_dir():
            ours = re.compile(rf"\.{re.escape(path.stem)}\.[a-z0-9_]{{8}}\.tmp")
            for each in path.parent.iterdir():
                if ours.fullmatch(each.name) and time.time() - each.lstat().st_mtime > ABANDONED_SECONDS:
                    discard(each)
        yield


def write_aside(path: Path, data: bytes, ledger: Path) -> Path | None:
    """Write a generated file; a different one that already stands there may hold handwork and is renamed first.

    Returns the name it was given, or None where nothing had to be kept.
    """
    from taizhang.files import set_aside, write_atomically

    kept = None
    with _undisturbed(ledger, path):
        if path.exists():
            if path.read_bytes() == data:
                return None
            kept = set_aside(path)
        write_atomically(path, data)
    return kept


def print_pdf(workbook: bytes, path: Path, sheet: str | None, ledger: Path, *, quiet: bool) -> None:
    """Write a workbook, or one sheet of it, as PDF; raises Unfinished where that cannot be done."""
    from taizhang.files import write_atomically
    from taizhang.pdf import NoPdf, to_pdf

    try:
        data = to_pdf(workbook, sheet)
    except NoPdf as error:
        raise Unfinished(f"{path.name} 没有生成。{error}（Excel 文件已经生成。）") from None
    with _undisturbed(ledger, path):
        write_atomically(path, data)
    say(f"已生成 {path}", quiet)


def print_leaders(workbook: bytes, path: Path, ledger: Path, *, quiet: bool) -> None:
    """Print the leaders' page, and the phone's pages where the workbook has them, each to a PDF named after the workbook."""
    from taizhang.pdf import sheet_names

    print_pdf(workbook, path.with_suffix(".pdf"), "整改一览", ledger, quiet=quiet)
    if PHONE_SHEET in sheet_names(workbook):
        print_pdf(workbook, path.with_name(f"{path.stem}_手机.pdf"), PHONE_SHEET, ledger, quiet=quiet)
