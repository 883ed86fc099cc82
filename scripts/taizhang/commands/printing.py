"""Shared by commands that make documents: the path of the file, and conversion to PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from taizhang.commands.options import say
from taizhang.commands.usage import Failed
from taizhang.ledger.model import Ledger
from taizhang.transactions.outputs import holding_lock

if TYPE_CHECKING:
    from taizhang.figures.metrics import Metrics

__all__ = ["metrics_on", "pdf_paths", "print_leaders", "print_pdf", "say_set_aside"]


PHONE_SHEET = "手机版"


def metrics_on(book: Ledger, day: date, *, quiet: bool) -> Metrics:
    """Return the figures of a day with those of the months before it; formulas unread then are said."""
    from taizhang.figures.day import month_ends
    from taizhang.figures.metrics import compute_metrics
    from taizhang.history.reporting import reporting, words_from
    from taizhang.ledger.unread import unread_then

    earlier, filled = month_ends(book.path, day)
    say(unread_then((then, before.unread) for then, before in earlier), quiet)
    returns = reporting(book.path, book.settings, day)
    return compute_metrics(book, day, earlier, filled, returns=returns, words_from=words_from(book, day))


def pdf_paths(path: Path, *, phone: bool) -> list[Path]:
    """Return the paths of a workbook's PDF and, with ``phone``, of the one for phones."""
    return [path.with_suffix(".pdf"), *([path.with_name(f"{path.stem}_手机.pdf")] if phone else [])]


def say_set_aside(path: Path, aside: Path | None, quiet: bool) -> None:
    """Print the new name of an earlier file that was replaced."""
    if aside:
        say(f"原来的 {path.name} 和这次不一样，已改名留作 {aside.name}。", quiet)


def print_pdf(workbook: bytes, path: Path, sheet: str | None, ledger: Path, *, quiet: bool) -> None:
    """Write a workbook, or one sheet of it, as PDF.

    Raises Failed with exit status 2 if that is not possible: nobody shall rely on a missing file.
    """
    from taizhang.office.pdf import NoPdf, to_pdf
    from taizhang.system.files import StoreError, write_atomically

    try:
        data = to_pdf(workbook, sheet)
        with holding_lock(ledger, path):
            write_atomically(path, data)
    except (NoPdf, StoreError) as error:
        raise Failed(f"{path.name} 没有生成。{error}（Excel 文件已经生成。）", unfinished=True) from None
    say(f"已生成 {path}", quiet)


def print_leaders(workbook: bytes, path: Path, ledger: Path, *, quiet: bool) -> None:
    """Write the leaders' page, and the phone pages if the workbook has them, as PDFs named after the workbook."""
    from taizhang.office.pdf import sheet_names

    whole, phone = pdf_paths(path, phone=True)
    print_pdf(workbook, whole, "整改一览", ledger, quiet=quiet)
    if PHONE_SHEET in sheet_names(workbook):
        print_pdf(workbook, phone, PHONE_SHEET, ledger, quiet=quiet)
