"""``taizhang validate``: list every finding of the ledger, or of returned files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import click

from taizhang.commands.options import (
    against_option,
    as_of_option,
    guarded,
    json_option,
    ledger_option,
    list_each,
    open_ledger,
    open_past,
    print_findings,
    quiet_option,
    refuse_broken,
    say,
)
from taizhang.forms.model import Form
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.model import Ledger
from taizhang.transactions.errors import CannotRun


@click.command()
@click.argument("files", metavar="[报来的表]...", nargs=-1, type=click.Path(path_type=Path, readable=False))
@ledger_option
@as_of_option
@against_option
@click.option("--only", multiple=True, metavar="检查名", help="只看这些检查，例如 date-order；可写多次")
@click.option("--skip", multiple=True, metavar="检查名", help="不看这些检查，例如 reading；可写多次")
@click.option("--all", "every", is_flag=True, help="同一类的问题再多也逐条列出")
@json_option
@quiet_option
@guarded
def validate(  # noqa: PLR0913, PLR0917 - one for each option
    files: tuple[Path, ...],
    ledger: Path,
    as_of: date | None,
    against: tuple[Path, ...],
    only: tuple[str, ...],
    skip: tuple[str, ...],
    every: bool,
    as_json_text: bool,
    quiet: bool,
) -> None:
    """检查台账；给出报来的表（或文件夹）时检查那些表。

    每个问题一行：在哪一格、检查名、哪里不对、怎么改；错误在前，警告、提示在后。\
同一类多于 5 条时合起来说，在哪些格写在括号里。

    检查台账时也对台账旁边的“佐证”文件夹：一件任务一个文件夹，用任务编号作名称，如 佐证/RW-001；\
放错的、空着的、写了却没有的、销号以后变了的，都说。

    写了 --against 的，还提示哪些问题以前年度的台账里也有、那时做了什么。

    没有问题时不输出，返回 0；有问题返回 1；没能运行返回 2。
    检查名是每行里的那个英文词，--only 和 --skip 就写它；每项检查的例子见 docs/findings.md。

    \b
    例：taizhang validate
    例：taizhang validate ledger/报送 --skip reading
    例：taizhang validate --against 2021/整改台账.xlsx
    """
    from taizhang import api
    from taizhang.ledger.findings import select

    if files and against:
        raise CannotRun("--against 只用来检查台账，不能和报来的表一起用，请分两次运行。")
    book = open_ledger(ledger, record=not files)
    _refuse_unknown((*only, *skip), book.forms)
    if files:
        findings = _check_returned(book, files, quiet)
    else:
        findings = list(api.validate(book, as_of, against=open_past(against, book)))
        if not as_json_text and not every:
            findings = _drop_hints_of_closed_rows(book, findings, quiet)
    more = list_each("--all")
    if print_findings(select(findings, only, skip), as_json_text, quiet, every=every, hint=more):
        raise SystemExit(1)


def _refuse_unknown(checks: Sequence[str], forms: Mapping[str, Form]) -> None:
    """Raise CannotRun, suggesting the nearest names, if no check and no rule of a form has this name."""
    from taizhang.typed.choices import nearest

    if all(name in tuple(Check) for name in checks):
        return  # the bodies of all forms need not be read
    names = (*Check, *(rule.name for form in forms.values() for rule in form.rules))
    for name in checks:
        if name not in names:
            near = nearest(name, names)
            hint = f"是不是 {'、'.join(near)}？" if near else f"可以写：{'、'.join(names)}。"
            raise CannotRun(f"没有“{name}”这项检查。{hint}")


def _check_returned(book: Ledger, files: Sequence[Path], quiet: bool) -> list[Finding]:
    """Return the findings of returned files."""
    from taizhang.merge.intake import take_in

    refuse_broken(book)
    intake = take_in(book, book.forms, files)
    if intake.passed:
        say(f"以前各期汇总过（或当时就没有采用）的 {len(intake.passed)} 份没有再看；要看请直接写文件名。", quiet)
    if any(each.check == Check.IDENTITY for each in intake.findings):
        say("不是下发的、是单位自己的整改表的，不在这里校验，请用 taizhang adopt 收进台账。", quiet)
    return [each for each in intake.findings if each.check != Check.ABSENT]


def _drop_hints_of_closed_rows(book: Ledger, findings: list[Finding], quiet: bool) -> list[Finding]:
    """Return the findings without hints on closed rows: nobody will change them, and they would recur for years."""
    closed = {
        (register.sheet.name, record.row)
        for register in book.registers.values()
        for record in register.records
        if book.is_closed(register, record)
    }
    kept = [
        each
        for each in findings
        if each.severity is not Severity.HINT or (each.place.sheet, each.place.row) not in closed
    ]
    if len(kept) < len(findings):
        say(f"已办结的行有 {len(findings) - len(kept)} 条提示没有列出，要看请加 --all。", quiet)
    return kept
