"""What commands that make papers share: where the workbook goes, and printing to PDF."""

from __future__ import annotations

from pathlib import Path

from taizhang.commands.options import refuse_odd_name, say
from taizhang.commands.usage import Failed
from taizhang.transactions.errors import CannotRun
from taizhang.transactions.outputs import undisturbed

__all__ = ["output_path", "pdf_paths", "print_leaders", "print_pdf", "say_set_aside"]


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


def pdf_paths(path: Path, *, phone: bool) -> list[Path]:
    """Return the PDFs that are named after a workbook: its own, and the phone's."""
    return [path.with_suffix(".pdf"), *([path.with_name(f"{path.stem}_手机.pdf")] if phone else [])]


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
        with undisturbed(ledger, path):
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
