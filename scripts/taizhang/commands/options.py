"""What every command shares: options, errors with a way out, and reading the ledger."""

from __future__ import annotations

import contextlib
import functools
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from taizhang.commands.saying import say, say_json, tell
from taizhang.commands.usage import Interrupted
from taizhang.forms.load import standard_forms
from taizhang.forms.rules import FormError
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity, as_json, as_line, as_lines, counted_lines, sort_findings
from taizhang.ledger.model import Ledger, is_ledger, read_ledger
from taizhang.ledger.settings import Period
from taizhang.system.file_names import file_name
from taizhang.system.files import DEFAULT_LEDGER, default_ledger, history_folder, real, refuse_long, typed
from taizhang.typed.shown import one_line

__all__ = [
    "CannotRun", "DateType", "PartlyDone", "as_of_option", "confirm", "dry_run_option", "json_option", "ledger_option", "once_written",
    "open_ledger", "period_of", "print_findings", "quiet_option", "refuse_broken", "refuse_odd_name", "refuse_shared_period", "say", "say_next_year", "say_unread",
    "stamp", "the_file_itself", "yes_option",
]  # fmt: skip

MOST_NAMED = 5


class CannotRun(click.ClickException):
    """The command could not run; exit status 2. ``more`` are lines that stand below the message."""

    exit_code = 2

    def __init__(self, message: str, *more: str) -> None:
        super().__init__(message)
        self.more = more

    def show(self, file: Any = None) -> None:
        """Print the message as one plain line on stderr, and what stands below it."""
        for line in (f"没有运行：{self.message}", *self.more):
            tell(line, err=True)


class PartlyDone(CannotRun):
    """A part of what was to be written is, and the message says which; exit status 1, since something is left for a person."""

    exit_code = 1

    def show(self, file: Any = None) -> None:
        """Print the message as one plain line on stderr."""
        tell(f"没有做完：{self.message}", err=True)


@contextlib.contextmanager
def once_written(done: Sequence[str], rest: str) -> Iterator[None]:
    """Say of what fails in here what was ``done`` by then, and why the ``rest`` is not; raises PartlyDone."""
    from taizhang.system.files import StoreError, in_words
    from taizhang.workbook.reader import Unreadable

    try:
        with in_words(Path(rest)):
            yield
    except (StoreError, Unreadable) as error:
        raise PartlyDone(f"{'、'.join(done)} 已写好；{rest}没有写全：{error}") from None


class DateType(click.ParamType):
    """A date as people type it."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date; one that cannot be read fails as a usage error."""
        from taizhang.typed.dates import read_date

        if isinstance(value, date):
            return value
        reading = read_date(value)
        if reading.value is None:
            self.fail(f"{value}：{reading.problem}", param, ctx)
        return reading.value


def the_file_itself(context: click.Context, parameter: click.Parameter, path: Path | None) -> Path | None:
    """Return the file that a link names, so that the link stays one and both names have one history; raises CannotRun for a loop."""
    if path is None or not path.is_symlink():
        return path
    try:
        if not stat.S_ISREG(path.stat().st_mode):  # said where it is read
            return path
    except FileNotFoundError:
        pass  # said where the file is asked for, or made there
    except OSError as error:
        from taizhang.system.refusals import reason_of

        raise CannotRun(f"打不开 {path}：{reason_of(error)}。") from None
    return real(path)


ledger_option = click.option(
    "--ledger",
    "-l",
    type=click.Path(path_type=Path, readable=False),
    callback=the_file_itself,
    default=default_ledger,
    envvar="TAIZHANG_LEDGER",
    show_default=f"{DEFAULT_LEDGER}，或当前文件夹里的 整改台账.xlsx",
    help="台账文件",
)
as_of_option = click.option("--as-of", type=DateType(), default=None, help="统计截止日，默认今天，例如 2022-03-31")


def _for_programs(context: click.Context, parameter: click.Parameter, wanted: bool) -> bool:
    from taizhang.commands.streams import write_utf8

    if wanted:
        write_utf8()
    return wanted


json_option = click.option("--json", "as_json_text", is_flag=True, callback=_for_programs, help="输出 JSON，给程序用")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="不显示过程说明")
yes_option = click.option("--yes", "-y", is_flag=True, help="不再询问，直接写")
dry_run_option = click.option("--dry-run", "-n", is_flag=True, help="只看计划，不写任何文件")


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the product's own errors, and Ctrl-C, into one line on stderr and exit status 2."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        from taizhang.splice import Refused
        from taizhang.system.files import StoreError, in_words, narrowed
        from taizhang.workbook.reader import Unreadable

        ledger = Path(str(kwargs.get("ledger", "文件")))
        before, recorded = _stamp_of(ledger), _size_of_record(ledger)
        try:
            with narrowed(ledger), in_words(ledger):
                try:
                    command(*args, **kwargs)
                except SystemExit:
                    _say_head(ledger, recorded, quiet=bool(kwargs.get("quiet")))
                    raise
                _say_head(ledger, recorded, quiet=bool(kwargs.get("quiet")))
        except KeyboardInterrupt:
            raise Interrupted(_how_far(ledger, before, click.get_current_context().command_path)) from None
        except Unreadable as error:
            raise CannotRun(
                _of_ledger(ledger, error.message) if error.workbook == file_name(ledger) else str(error)
            ) from None
        except (StoreError, Refused, FormError) as error:
            raise CannotRun(str(error)) from None

    return run


def _of_ledger(ledger: Path, message: str) -> str:
    """Return why the ledger itself cannot be read: what is told departments to return is to be run again here."""
    from taizhang.history.keeping import newest_kept

    newest = newest_kept(ledger)
    copy = f"台账坏了的话，可以拷 history 里最近留存的 {newest.name} 来用。" if newest else ""
    return f"{ledger.name}: {message.replace('再报', '再运行')}{copy}"


def _size_of_record(ledger: Path) -> int:
    from taizhang.history.journal import NAME
    from taizhang.system.files import history_folder

    with suppress(OSError):
        return (history_folder(ledger) / NAME).stat().st_size
    return 0


def _say_head(ledger: Path, before: int, *, quiet: bool) -> None:
    """Say how far the record has come, where the command has added to it: whoever notes it down can tell later whether it was rewritten."""
    from taizhang.history.journal import current_head
    from taizhang.system.files import StoreError, history_folder

    saying_it_itself = click.get_current_context().info_name in ("verify", "核对")
    if not quiet and not saying_it_itself and _size_of_record(ledger) != before:
        with suppress(StoreError, OSError):
            say(f"{current_head(history_folder(ledger)).words}。")


def _stamp_of(path: Path) -> tuple[int, int] | None:
    """Return what differs once a file was written anew; None where there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _how_far(ledger: Path, before: tuple[int, int] | None, command: str) -> str:
    """Return what a command that was broken off has done; ``before`` is the stamp of the ledger when it began."""
    from taizhang.history.locks import was_broken_off

    if _stamp_of(ledger) == before:
        return f"台账没有动，没有做完，请再运行一次 {command}。"
    what = "回执还没写完" if command.endswith("merge") and was_broken_off(ledger) else "后面的文件可能还没写完"
    return f"台账已写好，{what}，请再运行一次 {command}。"


def open_ledger(path: Path, *, record: bool = True) -> Ledger:
    """Read the ledger for a command, what people changed in it since first recorded; raises CannotRun where there is none, or where
    the workbook is no ledger: then nothing is written beside it either.

    Where the history cannot be written the command goes on and says so; with ``record`` off (a dry run) nothing is written.
    """
    if path.is_dir():
        raise CannotRun(f"{path} 是文件夹，请用 --ledger 写明里面的台账文件。{_within(path)}")
    if not path.exists():
        raise CannotRun(f"找不到台账 {path}。{_beside(path)}请先用 taizhang draft 起草，或用 --ledger 指明它在哪里。")
    from taizhang.history.keeping import AnotherLedger, refuse_another, with_known_results
    from taizhang.history.keeping import record as record_hand_edits
    from taizhang.system.files import StoreError

    forms = standard_forms()
    book = read_ledger(path, forms)
    if not is_ledger(book):
        _refuse_foreign(book)
    if record:
        refuse_long([history_folder(path) / f"{stamp():%Y%m%d-%H%M%S}_{book.book.sha256[:12]}.xlsx"])
    try:
        if record:
            found = record_hand_edits(path, forms, stamp())
            say(found.message if found else "")
        else:
            refuse_another(path, forms)
    except AnotherLedger as error:
        raise CannotRun(str(error)) from None
    except StoreError as error:
        say(f"手工修改这次没有记下：{error}" if record else "")
    return with_known_results(book, forms)


def say_unread(book: Ledger) -> bool:
    """Say which formulas of the ledger have no result, or an error, and what was made of them; return whether there are any."""
    from taizhang.ledger.unread import unread_words

    say(unread_words(book.unread))
    return bool(book.unread)


def _refuse_foreign(book: Ledger) -> None:
    """Raise CannotRun for a workbook that is no ledger and never was one here."""
    from taizhang.history.locks import has_history
    from taizhang.ledger.layout import IDENTITY_SHEET

    if has_history(book.path):
        return
    where = "请用 --ledger 指明台账"
    if IDENTITY_SHEET in book.book.by_name:
        check = f"taizhang validate {typed(book.path)}"
        why = f"是发给部门填的表。{where}；要检查这份表，运行 {check}；要汇总，放进台账旁边的“报送”"
    else:
        why = f"里面没有〈参数〉，也没有〈问题清单〉。{where}；还没有台账的，先用 taizhang draft 起草"
    raise CannotRun(f"{book.path.name} 不是整改台账：{why}。什么都没有写。")


def _within(folder: Path) -> str:
    """Name the workbooks in a folder that was given for the ledger."""
    names = sorted(file_name(each) for each in folder.glob("*.xlsx") if not each.name.startswith(("~$", ".")))
    if not names:
        return "那个文件夹里没有 .xlsx 文件。"
    return f"那个文件夹里有 {'、'.join(names[:MOST_NAMED])}{f'等 {len(names)} 个' if len(names) > MOST_NAMED else ''}。"


def _beside(path: Path) -> str:
    """Name the workbooks that lie where the ledger should be: it may only have been renamed."""
    folder = path.parent if path.parent.is_dir() else Path()
    names = sorted(file_name(each) for each in folder.glob("*.xls*") if not each.name.startswith(("~$", ".")))
    if not names:
        return ""
    more = f"等 {len(names)} 个" if len(names) > MOST_NAMED else ""
    where = "那个文件夹" if folder == path.parent else "当前文件夹"
    return (
        f"{where}里有 {'、'.join(names[:MOST_NAMED])}{more}：台账改了名的，请改回来，或用 --ledger 指明；没有台账的，"
    )


def refuse_broken(book: Ledger) -> None:
    """Say what sheets or columns the ledger lacks; raises CannotRun where figures, forms or a merge would be wrong without them."""
    for each in sort_findings(
        [*book.broken, *(f for f in book.findings if f.check == Check.SHEET_MISSING and f.severity is Severity.WARNING)]
    ):
        say(as_line(each))
    if book.broken:
        raise CannotRun(
            f"台账的表名、表头有 {len(book.broken)} 处不对，列在上面；照这样做下去，数会算错，报来的内容会丢。请先改好再运行，什么都没有写。"
        )


def say_next_year(book: Ledger, day: date, quiet: bool) -> None:
    """Say, from December on, what 参数 lacks for the next year."""
    from taizhang.checks.next_year import check_next_year

    for each in check_next_year(book, day):
        say(f"提示：〈{each.place.sheet}〉{each.message}", quiet)


def period_of(book: Ledger, name: str) -> Period:
    """Return a period of 参数; raises CannotRun, naming the one that was meant (2022-6 for 2022-06) or what to do."""
    found = book.settings.period(name)
    if found is None:
        known = [each.name for each in book.settings.periods]
        meant = [each for each in known if _numbers(each) == _numbers(name) != []]
        cure = f"是不是 {meant[0]}？" if meant else "要新加一期，请先在〈参数〉的“期次”里补一行。"
        raise CannotRun(f"〈参数〉里没有 {name} 这一期，现有：{'、'.join(known) or '（空）'}。{cure}")
    return found


def refuse_odd_name(path: Path, option: str) -> None:
    """Raise CannotRun for a file that is to be made under a name which Windows does not know, or keeps for itself (NUL.xlsx)."""
    from taizhang.system.file_names import as_file_name

    good = as_file_name(path.stem, path.suffix)
    if good != path.name:
        raise CannotRun(
            f"{option} 写的文件名 {path.name} 在 Windows 上用不了（有不能用的符号、保留名，或太长），可以写成 {good}。"
        )


def refuse_shared_period(book: Ledger, period: str) -> None:
    """Raise CannotRun for a period whose folder is that of another one, in 参数 or issued before."""
    from taizhang.history.bases import issued_periods
    from taizhang.system.file_names import name_key

    known = dict.fromkeys((*(each.name for each in book.settings.periods), *issued_periods(book)))
    others = [name for name in known if name != period and name_key(name) == name_key(period)]
    if others:
        raise CannotRun(
            f"期次 {period} 和 {'、'.join(others)} 会用同一个文件夹（只差大小写、全角半角或符号），两期会混在一起。"
            "请在〈参数〉里把其中一个改成看得出不同的写法，已经下发过的不要改。什么都没有写。"
        )


def _numbers(period: str) -> list[int]:
    """Return year and number of a period however they are written: 2022-6, 202206, 2022年6月."""
    return [int(each) for each in re.findall(r"\d{4}(?=\d{2}$)|\d+", unicodedata.normalize("NFKC", period))]


def print_findings(
    findings: Sequence[Finding], as_json_text: bool, quiet: bool, *, every: bool = False, hint: str = ""
) -> bool:
    """Print findings on stdout, a summary on stderr; return whether a person must deal with some of them.

    Many of one kind are gathered unless ``every``; ``hint`` says how to see them all. JSON always holds each.
    """
    ordered = sort_findings(findings)
    lines = as_lines(ordered, every=every)
    if as_json_text:
        say_json({"findings": [as_json(each) for each in ordered]})
    else:
        for line in lines:
            tell(line)
    for line in counted_lines(ordered):
        say(line, quiet)
    if len(lines) < len(ordered) and not as_json_text:
        say(hint, quiet)
    return any(each.severity is not Severity.HINT for each in ordered)


_ANSWERS = dict.fromkeys(("是", "是的", "好", "好的", "行", "可以", "同意", "对", "y", "yes"), True) | dict.fromkeys(
    ("否", "不", "不是", "不要", "不行", "不同意", "不用", "n", "no", ""), False
)


def confirm(question: str, yes: bool) -> bool:
    """Ask on stderr until the answer is understood, nothing typed meaning no; with --yes it is agreed.

    Where nobody can answer the command ends with exit status 1.
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
            say("没有人回答，什么都没写。要直接写请加 --yes。")
            raise SystemExit(1) from None
        answer = unicodedata.normalize("NFKC", answer).strip().casefold()
    return _ANSWERS[answer]


def stamp() -> datetime:
    """Return now, to the second; SOURCE_DATE_EPOCH (reproducible-builds.org) stands in for the clock where it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed)) if fixed.isdecimal() else datetime.now().replace(microsecond=0)
