"""``taizhang fill``: a superior's own form, filled from the ledger of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    as_of_option,
    carry_out,
    dry_run_option,
    guarded,
    ledger_option,
    open_ledger,
    quiet_option,
    refuse_broken,
    refuse_missing,
    report_output_option,
    say,
    say_unread,
    yes_option,
)
from taizhang.commands.printing import metrics_on, say_set_aside
from taizhang.commands.saying import tell
from taizhang.system.clock import stamp

if TYPE_CHECKING:
    from taizhang.transactions.fill import FillPlan

__all__ = ["fill"]

_EACH = {"问题": False, "措施": True}


@click.command()
@click.argument("form", metavar="上级的表", type=click.Path(path_type=Path, readable=False))
@ledger_option
@click.option("--sheet", default="", metavar="表名", help="填哪一张表，有几张时要写")
@click.option("--each", type=click.Choice(list(_EACH)), default=None, help="一行写一个问题还是一项措施，默认看表头")
@as_of_option
@report_output_option
@yes_option
@dry_run_option
@quiet_option
@guarded
def fill(  # noqa: PLR0913, PLR0917 - one for each option
    form: Path,
    ledger: Path,
    sheet: str,
    each: str | None,
    as_of: date | None,
    output: Path | None,
    yes: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """把台账的内容填进上级发的表（套表）。

    先列出每个表头填台账的哪一列，同意了才写。填在另存的一份里，原来的表不动，合并的格子、公式、格式都照旧；
    已经有内容的格子不改（□是 □否 这样的勾上）。表里已经列好问题或措施的，按字句对上再填；空表按台账的次序填，
    空行不够的插入几行，下面的合计、签字往下移。

    \b
    例：taizhang fill 巡察整改情况统计表.xlsx
    例：taizhang fill 巡察整改情况统计表.xlsx --as-of 2022-06-30
    """
    from taizhang.adopt.mapping import KEPT_NAME
    from taizhang.figures.day import ledger_on
    from taizhang.system.files import refuse_held
    from taizhang.transactions.fill import apply_fill, filled_path, plan_fill

    refuse_missing(form, "请写上级那张表的文件名。")
    day = as_of or stamp().date()
    book = open_ledger(ledger, record=not dry_run)
    book, notice = ledger_on(book, day, stamp().date())
    say(notice, quiet)
    refuse_broken(book)
    unread = say_unread(book)
    path = filled_path(form, ledger, day, output)
    refuse_held([] if dry_run else [path])
    by_task = None if each is None else _EACH[each]
    plan = plan_fill(form, book, metrics_on(book, day, quiet=quiet), sheet, by_task=by_task)
    _print_plan(plan)
    if plan.asked:
        say(
            f"对照不对的，写在 {ledger.parent / KEPT_NAME} 里再运行：[表头] 下面一行一个，“上级的表头 = 台账的列”。",
            quiet,
        )
    carry_out(
        f"照这样填，另存为 {path.name}？" if plan.asked else "",
        lambda: say_set_aside(path, apply_fill(plan, path, ledger), quiet),
        f"已生成 {path}",
        yes=yes,
        dry_run=dry_run,
        quiet=quiet,
    )
    if unread:
        raise SystemExit(1)


def _print_plan(plan: FillPlan) -> None:
    """Print the mapping, what is filled, and what is not."""
    from taizhang.fill.answers import is_answered
    from taizhang.workbook.places import a1

    table, filling = plan.table, plan.filling
    tell(f"{plan.book.name}〈{table.grid.sheet.name}〉：表头在第 {table.bottom} 行。")
    for each in plan.mapped:
        into = f"填“{each.field.title}”" if is_answered(each.field) else "不填"
        tell(f"  {a1(table.bottom, each.head.column)} {each.title} → {into}（{each.basis}）")
    for rows in plan.inserted:
        where = f"在第 {rows.after} 行下面插入 {rows.count} 行，照第 {rows.after} 行的样子"
        tell(f"表里的空行不够，将{where}；下面的内容往下移。")
    what = "措施" if filling.by_task else "问题"
    tell(f"填 {filling.rows} 行，一行一{'项' if filling.by_task else '个'}{what}。")
    for note in (*filling.similar, *filling.left):
        tell(f"请核对：{note}。")
    if filling.untold:
        tell(f"请核对：台账里还有 {len(filling.untold)} 个问题这张表没有列：{'、'.join(filling.untold)}。")
