"""What commands that make papers share: keeping the earlier file, and printing to PDF."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from taizhang.commands.options import refuse_odd_name, say
from taizhang.commands.usage import Failed
from taizhang.transactions.errors import CannotRun

__all__ = ["output_path", "pdf_paths", "print_leaders", "print_pdf", "say_set_aside", "write_aside"]


PHONE_SHEET = "手机版"


def output_path(output: Path | None, default: Path, ledger: Path) -> Path:
    """Return where a workbook goes; raises CannotRun for the ledger itself and for what is no .xlsx."""
    from taizhang.system.files import real

    path = output or default
    if path.suffix.lower() != ".xlsx":
        raise CannotRun(f"--output 写的 {path.name} 要以 .xlsx 结尾，请改正。")
    refuse_odd_name(path, "--output")
    if real(path) == real(ledger):
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
    from taizhang.history.entries import MADE
    from taizhang.history.locks import locked
    from taizhang.system.files import StoreError, discard, is_temporary

    with ExitStack() as held:
        if ledger.parent.resolve() in path.resolve().parents:
            with suppress(StoreError):
                held.enter_context(locked(ledger, MADE))
        elif path.parent.is_dir():
            for each in path.parent.iterdir():
                if is_temporary(each.name, path) and time.time() - each.lstat().st_mtime > ABANDONED_SECONDS:
                    discard(each)
        yield


def pdf_paths(path: Path, *, phone: bool) -> list[Path]:
    """Return the PDFs that are named after a workbook: its own, and the phone's."""
    return [path.with_suffix(".pdf"), *([path.with_name(f"{path.stem}_手机.pdf")] if phone else [])]


def write_aside(path: Path, data: bytes, ledger: Path) -> Path | None:
    """Write a generated file; a different one that already stands there may hold handwork and is renamed first.

    Returns the name it was given, or None where nothing had to be kept.
    """
    from taizhang.system.files import bytes_of, discard, put_in_place, set_aside, stage

    if path.exists() and bytes_of(path) == data:
        return None
    with _undisturbed(ledger, path):
        temporary = stage(
            path, data
        )  # first, so that the earlier file stays in its place where this one cannot be written
        try:
            kept = set_aside(path) if path.exists() else None
            put_in_place(temporary, path)
        finally:
            discard(temporary)
    return kept


def say_set_aside(path: Path, aside: Path | None, quiet: bool) -> None:
    """Say where the earlier file went that a new one has replaced."""
    if aside:
        say(f"原来的 {path.name} 和这次不一样，已改名留作 {aside.name}。", quiet)


def print_pdf(workbook: bytes, path: Path, sheet: str | None, ledger: Path, *, quiet: bool) -> None:
    """Write a workbook, or one sheet of it, as PDF; raises Failed, with exit status 2, if that cannot be done: nobody shall send what is not there."""
    from taizhang.office.pdf import NoPdf, to_pdf
    from taizhang.system.files import StoreError, write_atomically

    try:
        data = to_pdf(workbook, sheet)
        with _undisturbed(ledger, path):
            write_atomically(path, data)
    except (NoPdf, StoreError) as error:
        raise Failed(f"{path.name} 没有生成。{error}（Excel 文件已经生成。）", unfinished=True) from None
    say(f"已生成 {path}", quiet)


def print_leaders(workbook: bytes, path: Path, ledger: Path, *, quiet: bool) -> None:
    """Print the leaders' page, and the phone's pages where the workbook has them, each to a PDF named after the workbook."""
    from taizhang.office.pdf import sheet_names

    whole, phone = pdf_paths(path, phone=True)
    print_pdf(workbook, whole, "整改一览", ledger, quiet=quiet)
    if PHONE_SHEET in sheet_names(workbook):
        print_pdf(workbook, phone, PHONE_SHEET, ledger, quiet=quiet)
