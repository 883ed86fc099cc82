"""``taizhang report``: the leaders' workbook, or with ``--public`` the public version."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    against_option,
    as_of_option,
    current_option,
    dry_run_option,
    guarded,
    ledger_option,
    open_ledger,
    open_past,
    quiet_option,
    refuse_broken,
    report_output_option,
    say,
    say_unread,
)
from taizhang.commands.printing import metrics_on
from taizhang.commands.saying import ONLY_PLANNED, tell
from taizhang.ledger.layout import REPORTS_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.system.clock import stamp
from taizhang.transactions.errors import CannotRun

if TYPE_CHECKING:
    from taizhang.supervision.past_problems import SeenBefore

BOARDS_NAMED = 3
"""The most boards of registers that the first page and the phone sheet name."""


@click.command()
@ledger_option
@as_of_option
@against_option
@report_output_option
@current_option
@click.option("--public", is_flag=True, help="改出公示：只列经审批可以公开的内容")
@click.option("--word", is_flag=True, help="改出情况报告（Word），按公文格式，要人写的地方标着〔待补〕")
@click.option("--pdf", is_flag=True, help="同时生成 PDF（要装有 LibreOffice）")
@dry_run_option
@quiet_option
@guarded
def report(  # noqa: PLR0913, PLR0917 - one for each option
    ledger: Path,
    as_of: date | None,
    against: tuple[Path, ...],
    output: Path | None,
    current: bool,
    public: bool,
    word: bool,
    pdf: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """生成领导看的《整改进展一览》：一页结论、手机版、和上期比、领导看板、部门排名、措施分组、
    时间进度、五个方面、趋势、预警、周期履行、长期复核、报送情况、两本台账和待明确项。

    登记表里有看板的（例如组织生活、规章制度），另出《专项一览》：一块看板一页。

    写了 --against 的，〈问题台账〉后面列出以前年度的台账里也有的问题，和那时做了什么。

    \b
    例：taizhang report --as-of 2022-06-30
    例：taizhang report --as-of 2022-07-31 --current
    例：taizhang report --public --pdf
    例：taizhang report --word --as-of 2022-06-30
    例：taizhang report --against 2021/整改台账.xlsx
    """
    from taizhang.figures.day import ledger_on
    from taizhang.supervision.past_problems import find_seen_before

    if word and (public or pdf):
        raise CannotRun("--word 出的是情况报告，不能和 --public、--pdf 一起用，请分两次运行。")
    if output is not None and output.suffix.lower() == ".docx" and not word:
        raise CannotRun(f"--output 写的 {output.name} 是 Word：要出情况报告，请加 --word；要出表，请以 .xlsx 结尾。")
    if output is not None and output.suffix.lower() == ".pdf":
        raise CannotRun(f"--output 写的 {output.name} 是 PDF：请以 .xlsx 结尾，再加 --pdf，PDF 出在它旁边。")
    if against and (public or word):
        raise CannotRun("--against 只用来出《整改进展一览》，不能和 --public、--word 一起用，请分两次运行。")
    day = as_of or stamp().date()
    book = open_ledger(ledger, record=not dry_run)  # first, so that history has the hand edits saved by that day
    if not current:
        book, notice = ledger_on(book, day, stamp().date())
        say(notice, quiet)
    refuse_broken(book)
    unread = say_unread(book)
    before = find_seen_before(book, open_past(against, book), day) if against else None
    make = _make_public if public else _make_situation if word else partial(_make_progress, before=before)
    if make(book, day, output, pdf=pdf, dry_run=dry_run, quiet=quiet) or unread:
        raise SystemExit(1)


def _make_public(book: Ledger, day: date, output: Path | None, *, pdf: bool, dry_run: bool, quiet: bool) -> bool:
    """Make the public version; return whether a problem left out needs a person."""
    from taizhang.commands.printing import pdf_paths
    from taizhang.commands.publishing import make_public
    from taizhang.system.files import refuse_held
    from taizhang.transactions.outputs import output_path

    path = output_path(output, book.path.parent / REPORTS_FOLDER / f"整改进展公示_{day:%Y-%m}.xlsx", book.path)
    refuse_held([] if dry_run else [path, *(pdf_paths(path, phone=False) if pdf else ())])
    return make_public(book, day, path, pdf=pdf, dry_run=dry_run, quiet=quiet)


def _make_situation(book: Ledger, day: date, output: Path | None, *, pdf: bool, dry_run: bool, quiet: bool) -> bool:
    """Make 情况报告; return False: what a person must still write is counted, and marked in the document."""
    from taizhang.commands.printing import say_set_aside
    from taizhang.papers.situation import situation_of
    from taizhang.papers.situation_docx import situation_document
    from taizhang.papers.situation_text import to_write, write_situation
    from taizhang.system.files import refuse_held
    from taizhang.transactions.outputs import output_path, write_aside

    default = book.path.parent / REPORTS_FOLDER / f"整改情况报告_{day:%Y-%m-%d}.docx"
    path = output_path(output, default, book.path)
    refuse_held([] if dry_run else [path])
    lines = write_situation(situation_of(book, metrics_on(book, day, quiet=quiet)))
    marks = to_write(lines)
    tell(f"情况报告有 {len(marks)} 处〔待补〕要人写：")
    for what, count in Counter(marks).items():
        tell(f"  {what}" + (f"（{count} 处）" if count > 1 else ""))
    if dry_run:
        say(ONLY_PLANNED, quiet)
        return False
    aside = write_aside(path, situation_document(lines, datetime.combine(day, time())), book.path)
    say_set_aside(path, aside, quiet)
    say(f"已生成 {path}", quiet)
    return False


def _make_progress(
    book: Ledger,
    day: date,
    output: Path | None,
    *,
    pdf: bool,
    dry_run: bool,
    quiet: bool,
    before: SeenBefore | None,
) -> bool:
    """Make the leaders' workbooks and print the main sentences; return False, since nothing needs a person.

    专项一览 is made if a register with boards has a row. ``before`` are the problems that past ledgers name too.
    """
    from taizhang.boards.make import make_boards, worst_of
    from taizhang.commands.printing import pdf_paths, print_leaders, say_set_aside
    from taizhang.figures.sentences import focus, overall
    from taizhang.report import board_sheets, find_beside, progress_workbook, special_workbook
    from taizhang.system.files import refuse_held
    from taizhang.transactions.outputs import output_path, write_aside

    ledger = book.path
    m = metrics_on(book, day, quiet=quiet)
    path = output_path(output, ledger.parent / REPORTS_FOLDER / f"整改进展一览_{day:%Y-%m-%d}.xlsx", ledger)
    boards = make_boards(book, day)
    special = [path.with_name(f"专项一览_{day:%Y-%m-%d}.xlsx")] if any(view.filled for view in boards) else []
    refuse_held([] if dry_run else [path, *special, *(pdf_paths(path, phone=True) if pdf else ())])
    created = datetime.combine(day, time())
    beside = find_beside(book, path, special[0] if special else None, board_sheets(boards))
    data = b"" if dry_run else progress_workbook(m, created, worst_of(boards, BOARDS_NAMED), beside, before)
    aside = write_aside(path, data, ledger) if data else None
    tell(overall(m))
    tell(focus(m))
    if before:
        tell(_say_seen_before(before))
    say(ONLY_PLANNED if dry_run else f"已生成 {path}", quiet)
    if aside:
        say(f"原来的那份可能有人写过字，另存为 {aside.name}。", quiet)
    for each in special if data else ():
        kept = write_aside(each, special_workbook(m, boards, created, beside), ledger)
        say(f"已生成 {each}", quiet)
        say_set_aside(each, kept, quiet)
    if data and pdf:
        print_leaders(data, path, ledger, quiet=quiet)
    return False


def _say_seen_before(before: SeenBefore) -> str:
    """Return the sentence on how many problems past ledgers name too."""
    sources = "、".join(before.sources)
    if not before.problems:
        return f"对照{sources}的台账，没有一样的问题。"
    return f"对照{sources}的台账，以前也提过的问题有 {before.number}，列在〈问题台账〉后面，请核对。"
