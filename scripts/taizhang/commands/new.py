"""``taizhang new``: an empty ledger, or the one that follows last year's."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from taizhang.commands.making import (
    as_words,
    ask_unit_and_year,
    unit_option,
    year_option,
)
from taizhang.commands.options import (
    as_of_option,
    dry_run_option,
    guarded,
    ledger_option,
    open_ledger,
    quiet_option,
    refuse_broken,
    resolve_link,
    say,
)
from taizhang.commands.saying import ONLY_PLANNED, tell
from taizhang.system.clock import stamp

__all__ = ["new"]


@click.command()
@click.argument(
    "path", metavar="[台账]", required=False, type=click.Path(path_type=Path, readable=False), callback=resolve_link
)
@ledger_option
@click.option(
    "--after",
    type=click.Path(path_type=Path, readable=False),
    callback=resolve_link,
    default=None,
    help="接着这一本上一年的台账：清单、没办完的事带过来",
)
@unit_option
@year_option
@as_of_option
@dry_run_option
@quiet_option
def new(
    path: Path | None,
    ledger: Path,
    after: Path | None,
    unit: str,
    year: int | None,
    as_of: date | None,
    dry_run: bool,
    quiet: bool,
) -> None:
    """新建一本空台账；跨年的接着上一年的。

    没有报告也没有旧表的，从空台账开始：各登记表、〈参数〉的期次、工作日历、亮灯规则都备好，问题和任务自己填。

    跨年时加 --after：〈参数〉的清单和亮灯规则带过来，没有销号的任务和长期坚持的结转，编号接着上一年排；旧台账不动。

    \b
    例：taizhang new 整改台账.xlsx --unit 某市某局 --year 2022
        taizhang new 2023/整改台账.xlsx --after 2022/整改台账.xlsx
    """
    if after is None:
        _make(ledger=path or ledger, unit=unit, year=year, dry_run=dry_run, quiet=quiet)
    else:
        _make_after(after, as_of, ledger=path or ledger, unit=unit, year=year, dry_run=dry_run, quiet=quiet)


@guarded
def _make(*, ledger: Path, unit: str, year: int | None, dry_run: bool, quiet: bool) -> None:
    from taizhang.system.files import command_on
    from taizhang.transactions.new import apply_new, missing_calendar, plan_new, refuse_name, refuse_taken

    refuse_name(ledger)
    now = stamp()

    def line(elsewhere: Path) -> str:
        return "taizhang new " + as_words(elsewhere, "--unit", unit or "单位名称", "--year", year or now.year)

    refuse_taken(ledger, year or now.year, "新建", now, line)
    unit, year = ask_unit_and_year(unit, year, now)
    plan = plan_new(ledger, unit, year)
    if not dry_run:
        apply_new(ledger, plan.forms, plan.rows, plan.settings, now)
    tell(f"新建 {ledger.name}：{unit}，{year} 年度，{len(plan.forms)} 张登记表，还没有问题和任务。")
    if lacking := missing_calendar(plan.settings, year):
        tell(lacking)
    where = (
        f"已写入 {ledger}。下一步：在〈参数〉填部门、岗位和方面，在〈问题清单〉〈整改任务〉填问题和任务，"
        f"然后 {command_on(ledger, 'validate')}。"
    )
    say(ONLY_PLANNED if dry_run else where, quiet)


@guarded
def _make_after(
    after: Path, as_of: date | None, *, ledger: Path, unit: str, year: int | None, dry_run: bool, quiet: bool
) -> None:
    from taizhang.system.files import command_on
    from taizhang.transactions.new import apply_new, missing_calendar, refuse_name, refuse_taken
    from taizhang.transactions.next_year import plan_next_year

    refuse_name(ledger)
    now = stamp()
    old = open_ledger(after, record=False, option="--after")
    refuse_broken(old)
    plan = plan_next_year(old, as_of or now.date(), unit, year)

    def line(elsewhere: Path) -> str:
        return "taizhang new " + as_words(elsewhere, "--after", after, "--year", plan.year)

    refuse_taken(ledger, plan.year, "新建", now, line)
    if not dry_run:
        apply_new(ledger, plan.forms, plan.rows, plan.settings, now, plan.own)
    then = f"{after.name}（{old.settings.year} 年度）"
    unit_words = plan.unit or "没有写单位名称（请在〈参数〉里填）"
    tell(f"新建 {ledger.name}：{unit_words}，{plan.year} 年度，接着 {then}，{len(plan.forms)} 张登记表。")
    for note in plan.notes:
        tell(note)
    if lacking := missing_calendar(plan.settings, plan.year):
        tell(lacking)
    where = f"已写入 {ledger}，{after} 没有动。下一步：{command_on(ledger, 'validate')}，看还有哪些要明确。"
    say(ONLY_PLANNED if dry_run else where, quiet)
