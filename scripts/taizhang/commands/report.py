"""``taizhang report``: the leaders' workbook."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import click

from taizhang.commands.options import (
    as_of_option,
    dry_run_option,
    guarded,
    ledger_option,
    open_ledger,
    quiet_option,
    say,
    stamp,
)
from taizhang.coverage import month_before
from taizhang.forms import standard_forms
from taizhang.ledger import Ledger

MONTHS_SHOWN = 12


@click.command()
@ledger_option
@as_of_option
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), default=None, help="写到哪个文件，默认台账旁边的“报表”文件夹"
)
@dry_run_option
@quiet_option
@guarded
def report(ledger: Path, as_of: date | None, output: Path | None, dry_run: bool, quiet: bool) -> None:
    """生成领导看的《整改进展一览》：一页结论、手机版、部门排名、时间进度、五个方面、趋势、预警和两本台账。

    \b
    例：taizhang report --as-of 2022-06-30
    """
    from taizhang.measures import measure
    from taizhang.messages import focus, overall
    from taizhang.report import progress_workbook
    from taizhang.store import write_atomically

    today = stamp().date()
    day = as_of or today
    book = _as_it_stood(ledger, day) if day < today else None
    if book is not None:
        say(f"用的是 {day} 当天留存的台账，此后的改动不计。", quiet)
    m = measure(book or open_ledger(ledger, record=not dry_run), day, _earlier(ledger, day))
    path = output or ledger.parent / "报表" / f"整改进展一览_{day:%Y-%m-%d}.xlsx"
    if not dry_run:
        write_atomically(path, progress_workbook(m, datetime.combine(day, time())))
    click.echo(overall(m))
    click.echo(focus(m))
    say("只看计划，没有写文件。" if dry_run else f"已生成 {path}", quiet)


def _as_it_stood(path: Path, day: date) -> Ledger | None:
    """Return the ledger as it stood on a day, from its history; None where nothing is known of that day."""
    from taizhang.history import ledger_as_of

    return ledger_as_of(path, standard_forms(), day) if path.exists() else None


def _earlier(path: Path, day: date) -> list[tuple[date, Ledger]]:
    """Return the ledgers at the month ends of the year before a day, oldest first; those not known or lost are left out."""
    from taizhang.files import StoreError

    known, end = [], day
    for _ in range(MONTHS_SHOWN):
        end = month_before(end)
        with suppress(StoreError):
            if ledger := _as_it_stood(path, end):
                known.append((end, ledger))
    return known[::-1]
