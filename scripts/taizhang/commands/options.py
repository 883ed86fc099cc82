"""Shared by all commands: options, error handling, opening the ledger, printing findings, and confirmation."""

from __future__ import annotations

import functools
import stat
import unicodedata
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

import click

from taizhang.commands.saying import NOT_AGREED, ONLY_PLANNED, say, say_json, tell
from taizhang.commands.usage import Failed, Interrupted, WrongValue
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import (
    MOST_TOGETHER,
    Finding,
    Severity,
    as_json,
    as_line,
    as_lines,
    counted_lines,
    sort_findings,
)
from taizhang.ledger.model import Ledger
from taizhang.system.clock import stamp
from taizhang.system.files import DEFAULT_LEDGER, default_ledger, resolve_links
from taizhang.transactions import opening
from taizhang.transactions.errors import CannotRun, PartlyDone, refusals_explained
from taizhang.typed.safe_text import one_line

__all__ = [
    "DateType",
    "against_option",
    "as_of_option",
    "carry_out",
    "confirm",
    "current_option",
    "dry_run_option",
    "guarded",
    "json_option",
    "ledger_option",
    "list_each",
    "open_ledger",
    "open_past",
    "output_option",
    "print_findings",
    "quiet_option",
    "refuse_broken",
    "refuse_missing",
    "report_output_option",
    "resolve_link",
    "say",
    "say_unread",
    "yes_option",
]


class DateType(click.ParamType):
    """A date in any notation that people type."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Parse the date; raises WrongValue if it cannot be read."""
        from taizhang.typed.dates import read_date

        if isinstance(value, date):
            return value
        reading = read_date(value)
        if reading.value is None:
            raise WrongValue(f"{value}：{reading.problem}", ctx, param)
        return reading.value


def resolve_link(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Return the file that a link names, so that the link survives and both names share one history.

    Raises Failed for a loop.
    """
    if path is None or not path.is_symlink():
        return path
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # reported when it is read
            return path
    except FileNotFoundError:
        pass  # reported if the file is required; else created there
    except OSError as error:
        from taizhang.system.refusals import reason_of

        raise Failed(f"打不开 {path}：{reason_of(error)}。") from None
    return resolve_links(path)


ledger_option = click.option(
    "--ledger",
    "-l",
    type=click.Path(path_type=Path, readable=False),
    callback=resolve_link,
    default=default_ledger,
    envvar="TAIZHANG_LEDGER",
    show_default=f"{DEFAULT_LEDGER}，或当前文件夹里的 整改台账.xlsx",
    help="台账文件",
)
against_option = click.option(
    "--against",
    multiple=True,
    type=click.Path(path_type=Path, readable=False),
    help="以前年度的台账，看哪些问题以前也提过；可写多次，只读不写",
)
as_of_option = click.option("--as-of", type=DateType(), default=None, help="统计截止日，默认今天，例如 2022-03-31")


current_option = click.option(
    "--current", is_flag=True, help="统计日在过去时，也用现在的台账（补报的算进去），不用当天留存的"
)


def _prepare_json(context: click.Context, parameter: click.Parameter, wanted: bool) -> bool:
    from taizhang.commands.streams import write_utf8

    if wanted:
        write_utf8()
    return wanted


json_option = click.option("--json", "as_json_text", is_flag=True, callback=_prepare_json, help="输出 JSON，给程序用")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="不显示过程说明")
yes_option = click.option("--yes", "-y", is_flag=True, help="不再询问，直接写")
dry_run_option = click.option("--dry-run", "-n", is_flag=True, help="只看计划，不写任何文件")


def output_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option for the file to write; its value is None if it is not given."""
    return click.option(
        "--output",
        "-o",
        type=click.Path(path_type=Path, readable=False),
        callback=resolve_link,
        default=None,
        help=help_text,
    )


report_output_option = output_option("写到哪个文件，默认台账旁边的“报表”文件夹")


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the program's own errors and Ctrl-C into one line on stderr, with exit status 2, or 1 if a part was done."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        ledger = Path(str(kwargs.get("ledger", "文件")))
        before, recorded = _stamp_of(ledger), _size_of_record(ledger)
        try:
            with refusals_explained(ledger):
                try:
                    command(*args, **kwargs)
                except SystemExit:
                    _say_head(ledger, recorded, quiet=bool(kwargs.get("quiet")))
                    raise
                _say_head(ledger, recorded, quiet=bool(kwargs.get("quiet")))
        except KeyboardInterrupt:
            raise Interrupted(
                _describe_interruption(ledger, before, click.get_current_context().command_path)
            ) from None
        except PartlyDone as error:
            raise Failed(str(error), *error.more, unfinished=True, status=1) from None
        except CannotRun as error:
            raise Failed(str(error), *error.more) from None

    return run


def _size_of_record(ledger: Path) -> int:
    from taizhang.history.journal import JOURNAL_NAME
    from taizhang.system.files import history_folder

    with suppress(OSError):
        return (history_folder(ledger) / JOURNAL_NAME).stat().st_size
    return 0


def _say_head(ledger: Path, before: int, *, quiet: bool) -> None:
    """Print the journal's head if the command has added to it, so that people can note it down and check it later."""
    from taizhang.history.journal import current_head
    from taizhang.system.files import StoreError, history_folder

    saying_it_itself = click.get_current_context().command.name == "verify"
    if not quiet and not saying_it_itself and _size_of_record(ledger) != before:
        with suppress(StoreError, OSError):
            say(f"{current_head(history_folder(ledger)).words}。")


def _stamp_of(path: Path) -> tuple[int, int] | None:
    """Return a value that changes whenever the file is rewritten; None if there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _describe_interruption(ledger: Path, before: tuple[int, int] | None, command: str) -> str:
    """Return what an interrupted command has done; ``before`` is the ledger's stamp at its start."""
    from taizhang.history.locks import was_broken_off

    if _stamp_of(ledger) == before:
        return f"台账没有动，没有做完，请再运行一次 {command}。"
    what = "回执还没写完" if command.endswith("merge") and was_broken_off(ledger) else "后面的文件可能还没写完"
    return f"台账已写好，{what}，请再运行一次 {command}。"


def open_ledger(path: Path, *, record: bool = True, option: str = "--ledger") -> Ledger:
    """Open the ledger for a command and print which hand edits were recorded.

    Without ``record`` nothing is written; ``option`` is the one that names the ledger.
    """
    book, notice = opening.open_ledger(path, stamp(), record=record, option=option)
    say(notice)
    return book


def open_past(paths: Sequence[Path], book: Ledger) -> list[Ledger]:
    """Read the ledgers of past years that a command compares with, each once; nothing is written.

    Prints which of their formulas have no result; raises CannotRun for what is no ledger or the present one.
    """
    past: dict[str, Ledger] = {}
    for path in paths:
        each = opening.read_past(path, book)
        if each.book.sha256 not in past:
            say_unread(each)
        past.setdefault(each.book.sha256, each)
    return list(past.values())


def say_unread(book: Ledger) -> bool:
    """Print which formulas lack a result or have an error, and how they were treated; return whether there are any."""
    from taizhang.ledger.unread import unread_words

    say(unread_words(book.unread))
    return bool(book.unread)


def refuse_broken(book: Ledger) -> None:
    """Print the sheets and columns that the ledger lacks.

    Raises CannotRun if figures, forms or a merge would be wrong without them.
    """
    for each in sort_findings(
        [*book.broken, *(f for f in book.findings if f.check == Check.SHEET_MISSING and f.severity is Severity.WARNING)]
    ):
        say(as_line(each))
    opening.refuse_broken(book, "列在上面")


def refuse_missing(path: Path, cure: str) -> None:
    """Raise CannotRun, with the cure, if at a path that the office named is no file, or only the lock of one."""
    from taizhang.system.file_names import file_name, said_of_a_lock, shown_path

    if said := said_of_a_lock(path):
        raise CannotRun(f"{file_name(path)}: {said}再运行。")

    if path.is_dir() or not path.exists():
        raise CannotRun(f"{shown_path(path)} {'是文件夹' if path.is_dir() else '找不到'}，{cure}")


def list_each(option: str) -> str:
    """Return the sentence that says how to list findings that were summed up."""
    return f"同一类多于 {MOST_TOGETHER} 条的合在一起说了，要逐条看请加 {option}。"


def print_findings(
    findings: Sequence[Finding],
    as_json_text: bool,
    quiet: bool,
    *,
    every: bool = False,
    hint: str = "",
    counted: bool = True,
) -> bool:
    """Print findings on stdout and a summary on stderr; return whether any of them needs a person.

    Unless ``every`` is set, many findings of one kind become one line; ``hint`` says how to list them all. The
    summary counts them by severity and check, if ``counted``. JSON always lists each.
    """
    ordered = sort_findings(findings)
    lines = as_lines(ordered, every=every)
    if as_json_text:
        say_json({"findings": [as_json(each) for each in ordered]})
    else:
        for line in lines:
            tell(line)
    for line in counted_lines(ordered) if counted else ():
        say(line, quiet)
    if len(lines) < len(ordered) and not as_json_text:
        say(hint, quiet)
    return any(each.severity is not Severity.HINT for each in ordered)


_ANSWERS = dict.fromkeys(("是", "是的", "好", "好的", "行", "可以", "同意", "对", "y", "yes"), True) | dict.fromkeys(
    ("否", "不", "不是", "不要", "不行", "不同意", "不用", "n", "no", ""), False
)


def carry_out(
    question: str, apply: Callable[[], str | None], done: str, *, yes: bool, dry_run: bool, quiet: bool
) -> None:
    """Do what was planned and shown, once it is agreed to; say ``done``, and what ``apply`` returns.

    An empty question is not asked. A dry run says that it is one; see ``confirm`` for what is not agreed to.
    """
    if dry_run:
        say(ONLY_PLANNED, quiet)
        return
    if question:
        confirm(question, yes)
    notice = apply()
    say(done, quiet)
    say(notice or "")


def confirm(question: str, yes: bool) -> None:
    """Ask on stderr until the answer is understood (empty means no); --yes agrees without asking.

    If it is not agreed to, or nobody is there to answer, says that nothing was written and exits with status 1.
    """
    answer = "是" if yes else None
    while answer not in _ANSWERS:
        if answer is not None:
            say("没有看懂，请写 是 或 否（y/n 也可以）。")
        try:
            answer = click.prompt(one_line(question), "", show_default=False, prompt_suffix=" [是/否]：", err=True)
        except click.Abort as error:
            if isinstance(error.__context__, KeyboardInterrupt):
                raise KeyboardInterrupt from None
            tell("", err=True)
            say(f"没有人回答，{NOT_AGREED}要直接写请加 --yes。")
            raise SystemExit(1) from None
        answer = unicodedata.normalize("NFKC", answer).strip().casefold()
    if not _ANSWERS[answer]:
        say(NOT_AGREED)
        raise SystemExit(1)
