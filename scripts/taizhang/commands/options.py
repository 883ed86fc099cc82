"""What every command shares: options, errors with a way out, and reading the ledger."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from taizhang.files import DEFAULT_LEDGER, default_ledger
from taizhang.findings import Finding, Severity, as_json, as_line, sort_findings
from taizhang.form_rules import FormError
from taizhang.forms import standard_forms
from taizhang.ledger import Ledger, read_ledger

__all__ = [
    "CannotRun", "DateType", "as_of_option", "confirm", "dry_run_option", "json_option", "ledger_option", "open_ledger", "print_findings",
    "quiet_option", "say", "stamp", "yes_option",
]  # fmt: skip


class CannotRun(click.ClickException):
    """The command could not run; exit status 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the message as one plain line on stderr."""
        click.echo(f"没有运行：{self.message}", err=True)


class DateType(click.ParamType):
    """A date as people type it."""

    name = "日期"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read the date; one that cannot be read fails as a usage error."""
        from taizhang.dates import read_date

        if isinstance(value, date):
            return value
        reading = read_date(value)
        if reading.value is None:
            self.fail(f"{value}：{reading.problem}", param, ctx)
        return reading.value


ledger_option = click.option(
    "--ledger",
    "-l",
    type=click.Path(path_type=Path, readable=False),
    default=default_ledger,
    envvar="TAIZHANG_LEDGER",
    show_default=f"{DEFAULT_LEDGER}，或当前文件夹里的 整改台账.xlsx",
    help="台账文件",
)
as_of_option = click.option("--as-of", type=DateType(), default=None, help="统计截止日，默认今天，例如 2022-03-31")
json_option = click.option("--json", "as_json_text", is_flag=True, help="输出 JSON，给程序用")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="不显示过程说明")
yes_option = click.option("--yes", "-y", is_flag=True, help="不再询问，直接写")
dry_run_option = click.option("--dry-run", "-n", is_flag=True, help="只看计划，不写任何文件")


def guarded(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the product's own errors into one line on stderr and exit status 2."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        from taizhang.draft import SourceError
        from taizhang.files import StoreError, in_words
        from taizhang.splice import Refused
        from taizhang.workbooks import Unreadable

        try:
            with in_words(Path(str(kwargs.get("ledger", "文件")))):
                command(*args, **kwargs)
        except (Unreadable, StoreError, Refused, SourceError, FormError) as error:
            raise CannotRun(str(error)) from None

    return run


def open_ledger(path: Path, *, record: bool = True) -> Ledger:
    """Read the ledger for a command, what people changed in it since first recorded; raises CannotRun where there is none.

    Where the history cannot be written the command goes on and says so; with ``record`` off (a dry run) nothing is written.
    """
    if path.is_dir():
        raise CannotRun(f"{path} 是文件夹，请写台账文件，例如 --ledger {path / '整改台账.xlsx'}。")
    if not path.exists():
        raise CannotRun(f"找不到台账 {path}。请先用 taizhang draft 起草，或用 --ledger 指明它在哪里。")
    forms = standard_forms()
    if record:
        from taizhang.files import StoreError
        from taizhang.history import record as record_hand_edits

        try:
            found = record_hand_edits(path, forms, stamp())
        except StoreError as error:
            say(f"手工修改这次没有记下：{error}")
        else:
            say(found.message if found else "")
    return read_ledger(path, forms)


def print_findings(findings: Sequence[Finding], as_json_text: bool, quiet: bool) -> bool:
    """Print findings on stdout, a summary on stderr; return whether a person must deal with some of them."""
    ordered = sort_findings(findings)
    if as_json_text:
        click.echo(json.dumps({"findings": [as_json(each) for each in ordered]}, ensure_ascii=False, indent=1))
    else:
        for each in ordered:
            click.echo(as_line(each))
    counts = {severity: sum(each.severity is severity for each in ordered) for severity in Severity}
    if not quiet:
        words = "，".join(f"{severity.word} {count} 条" for severity, count in counts.items() if count)
        say(f"共 {words}。" if words else "没有发现问题。")
    return bool(counts[Severity.ERROR] or counts[Severity.WARNING])


def say(text: str, quiet: bool = False) -> None:
    """Say something about the progress, on stderr; nothing where there is nothing to say."""
    if text and not quiet:
        click.echo(text, err=True)


def confirm(question: str, yes: bool) -> bool:
    """Ask on stderr; with --yes it is agreed; where nobody can answer it is not."""
    if yes:
        return True
    try:
        return click.confirm(question, err=True)
    except click.Abort:
        say("没有人回答，什么都没写。要直接写请加 --yes。")
        return False


def stamp() -> datetime:
    """Return now, to the second; SOURCE_DATE_EPOCH (reproducible-builds.org) stands in for the clock where it is set."""
    fixed = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(fixed)) if fixed.isdecimal() else datetime.now().replace(microsecond=0)
