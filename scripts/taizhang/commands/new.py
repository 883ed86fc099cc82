"""``taizhang new``: an empty ledger for those who start from nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from taizhang.commands.making import (
    as_words,
    ask_unit_and_year,
    refuse_name,
    refuse_taken,
    unit_option,
    year_option,
)
from taizhang.commands.options import (
    as_of_option,
    dry_run_option,
    guarded,
    ledger_option,
    quiet_option,
    resolve_link,
    say,
)
from taizhang.commands.saying import NOTHING_WRITTEN, tell
from taizhang.system.clock import stamp

__all__ = ["new"]


@click.command()
@click.argument(
    "path", metavar="[台账]", required=False, type=click.Path(path_type=Path, readable=False), callback=resolve_link
)
@ledger_option
@unit_option
@year_option
@as_of_option
@dry_run_option
@quiet_option
def new(
    path: Path | None,
    ledger: Path,
    unit: str,
    year: int | None,
    as_of: datetime | None,
    dry_run: bool,
    quiet: bool,
) -> None:
    """新建一本空台账。

    没有报告也没有旧表的，从空台账开始：各登记表、〈参数〉的期次、工作日历、亮灯规则都备好，问题和任务自己填。

    \b
    例：taizhang new 整改台账.xlsx --unit 某市某局 --year 2022
    """
    _make(ledger=path or ledger, unit=unit, year=year, as_of=as_of, dry_run=dry_run, quiet=quiet)


@guarded
def _make(*, ledger: Path, unit: str, year: int | None, as_of: datetime | None, dry_run: bool, quiet: bool) -> None:
    from taizhang.ledger.create import default_settings
    from taizhang.system.files import command_on
    from taizhang.transactions.new import apply_new, first_forms, missing_calendar

    refuse_name(ledger)
    now = stamp()

    def line(elsewhere: Path) -> str:
        return "taizhang new " + as_words(elsewhere, "--unit", unit or "单位名称", "--year", year or now.year)

    refuse_taken(ledger, year or now.year, "新建", line, now)
    unit, year = ask_unit_and_year(unit, year, as_of or now)
    forms, settings = first_forms(ledger), default_settings(unit, year, ())
    if not dry_run:
        apply_new(ledger, forms, {}, settings, now)
    tell(f"新建 {ledger.name}：{unit}，{year} 年度，{len(forms)} 张登记表，还没有问题和任务。")
    if lacking := missing_calendar(settings, year):
        tell(lacking)
    where = (
        f"已写入 {ledger}。下一步：在〈参数〉填部门、岗位和方面，在〈问题清单〉〈整改任务〉填问题和任务，"
        f"然后 {command_on(ledger, 'validate')}。"
    )
    say(NOTHING_WRITTEN if dry_run else where, quiet)
