"""``taizhang demo``: the whole loop on the sample, in a new folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path

import click

from taizhang.commands.options import guarded, open_ledger, say
from taizhang.commands.saying import tell
from taizhang.ledger.layout import ISSUED_FOLDER, REPLIES_FOLDER, REPORTS_FOLDER, RETURNED_FOLDER, SLIPS_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.splice import AppendRow, SetCell
from taizhang.system.files import exists
from taizhang.transactions.errors import CannotRun

LEDGER = "整改台账.xlsx"


@click.command()
@click.argument("folder", metavar="[文件夹]", type=click.Path(path_type=Path, readable=False), default="演示")
@guarded
def demo(folder: Path) -> None:
    """用示例材料把全过程走一遍：起草、定责、下发、报送、汇总、出表、督办、待办。

    示例里有报得好的、填错的、和台账冲突的、迟报的、原样退回的和没报的部门；任务有欠账的、补做的、等审核的、延期的、反弹的。

    \b
    例：taizhang demo 演示
    """
    if exists(folder) and not folder.is_dir():
        raise CannotRun(f"{folder} 不是文件夹，演示要建一个新文件夹。请换一个名字。")
    if folder.exists() and any(folder.iterdir()):
        raise CannotRun(f"{folder} 里已经有东西，演示不会覆盖。请换一个新文件夹名。")
    _play(folder)
    _list_made(folder)


def _play(folder: Path) -> None:
    """Play the whole loop, each command on its day, with the typing of office and departments in between."""
    from taizhang.commands.draft import draft
    from taizhang.commands.forms import enable
    from taizhang.commands.issue import issue
    from taizhang.commands.merge import merge
    from taizhang.commands.remind import remind
    from taizhang.commands.report import report
    from taizhang.commands.todo import todo
    from taizhang.demo import sample
    from taizhang.demo.departments import send_back
    from taizhang.typed.dates import month_end

    ledger, day = folder / LEDGER, sample.AS_OF.isoformat()
    source, unit = str(sample.sample_report()), sample.sample_facts("assignments")["unit"]
    _run(ledger, draft, "起草", sample.START, source, "--unit", unit, "--year", str(sample.AS_OF.year))
    _write(ledger, sample.START, sample.office_edits)
    _run(ledger, enable, "启用", sample.START, *sample.ENABLED, "--yes")
    for month in range(1, sample.AS_OF.month + 1):
        end = month_end(sample.AS_OF.year, month)
        period = f"{end:%Y-%m}"
        issued = sample.ISSUED.get(period)
        _write(ledger, issued or end, lambda book, end=end: sample.month_edits(book, end))
        if issued:
            _run(ledger, issue, "下发", issued, "--period", period, "--as-of", issued.isoformat())
            if period == sample.PERIOD:
                _write(ledger, end, sample.conflicting_edit)
            send_back(open_ledger(ledger), folder, period)
            _run(ledger, merge, "汇总", end, "--yes")
    _run(ledger, report, "出表", sample.AS_OF, "--as-of", day)
    _run(ledger, remind, "督办", sample.AS_OF, "--as-of", day, "--yes")
    _run(ledger, todo, "待办", sample.AS_OF, "--as-of", day)


def _run(ledger: Path, command: click.Command, title: str, on: date, *args: str) -> None:
    """Run a command as if it were noon of a day."""
    given = [*args, "--ledger", str(ledger), "--quiet"]
    name = f"forms {command.name}" if command.name == "enable" else command.name
    tell("", err=True)
    say(f"【{title}】taizhang {name} {' '.join(args)}")
    try:
        with _clock(on):
            command.main(given, standalone_mode=False)
    except SystemExit as ended:
        say(f"（返回 {ended.code}：有需要人处理的事）" if ended.code else "")


def _write(ledger: Path, on: date, make: Callable[[Ledger], Sequence[SetCell | AppendRow]]) -> None:
    """Write what the office types into its ledger on a day."""
    from taizhang.history.entries import Verb
    from taizhang.history.write import write_changes

    with _clock(on):
        book = open_ledger(ledger)
        write_changes(ledger, book.book.sha256, make(book), [], command=Verb.HAND, now=_at_noon(on))


def _list_made(folder: Path) -> None:
    """Print the files worth opening."""
    from taizhang.demo import sample

    tell("", err=True)
    say("请打开看看：")
    for path, what in (
        (folder / LEDGER, "台账"),
        (folder / REPORTS_FOLDER / f"整改进展一览_{sample.AS_OF.isoformat()}.xlsx", "领导看的一页结论"),
        (folder / ISSUED_FOLDER / sample.PERIOD, "给部门的表"),
        (folder / RETURNED_FOLDER / sample.PERIOD, "部门报来的表"),
        (folder / REPLIES_FOLDER / sample.PERIOD, "给部门的回执、冲突裁决和回收情况"),
        (folder / SLIPS_FOLDER / f"督办单_{sample.PERIOD}.xlsx", "给部门的督办单"),
    ):
        tell(f"{path}　{what}")


@contextmanager
def _clock(day: date) -> Iterator[None]:
    """Make noon of a day the commands' present time, so that the demo's history has the days it plays."""
    before = os.environ.get("SOURCE_DATE_EPOCH")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(_at_noon(day).timestamp()))
    try:
        yield
    finally:
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before


def _at_noon(day: date) -> datetime:
    return datetime.combine(day, time(12))
