"""``taizhang fill``: a superior's own form, filled from the ledger of a day."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    as_of_option,
    carry_out,
    current_option,
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
    from taizhang.adopt.mapping import Mapped
    from taizhang.transactions.fill import FillPlan, SheetPlan

__all__ = ["fill"]

_EACH = {"问题": False, "措施": True}


@click.command()
@click.argument("form", metavar="上级的表", type=click.Path(path_type=Path, readable=False))
@ledger_option
@click.option("--sheet", default="", metavar="表名", help="只填这一张表，默认填每一张要填的")
@click.option("--each", type=click.Choice(list(_EACH)), default=None, help="一行写一个问题还是一项措施，默认看表头")
@as_of_option
@current_option
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
    current: bool,
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
    if not current:
        book, notice = ledger_on(book, day, stamp().date())
        say(notice, quiet)
    refuse_broken(book)
    unread = say_unread(book)
    path = filled_path(form, ledger, day, output)
    refuse_held([] if dry_run else [path])
    by_task = None if each is None else _EACH[each]
    plan = plan_fill(form, book, metrics_on(book, day, quiet=quiet), sheet, by_task=by_task)
    _print_plan(plan)
    if plan.of_the_ledger and plan.asked:
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
    """Print the mapping of each sheet, what is filled, and what is not."""
    if plan.converted:
        tell(f"{plan.book.name} 不是 .xlsx：先转成 .xlsx 再填，内容核对过；字体、行高、页面可能有变，请看一遍。")
    for sheet in plan.sheets:
        _print_sheet(plan.book.name, sheet)


def _print_sheet(book: str, sheet: SheetPlan) -> None:
    from taizhang.workbook.places import a1

    filling = sheet.filling
    where = f"表头在第 {sheet.head_row} 行。" if sheet.head_row else "一格一格地填。"
    tell(f"{book}〈{sheet.name}〉：{where}")
    for blank in sheet.blanks:
        tell(f"  {blank.cell.name} {blank.title} → {a1(blank.cell.row, blank.column)} {_into(blank.mapped)}")
    for label in sheet.labels:
        into = f"填“{label.figure.title}”" if label.figure.title else "不填"
        tell(f"  {label.cell.name} {label.cell.text} → {a1(label.cell.row, label.column)} {into}")
    for each, title in sheet.columns:
        into = f"填“{title}”" if title else "不填"
        tell(f"  {a1(sheet.head_row, each.head.column)} {each.title} → {into}（{each.basis}）")
    for rows in sheet.inserted:
        like = f"{rows.copied}—{rows.after}" if rows.block > 1 else f"{rows.after}"
        inserted = f"在第 {rows.after} 行下面插入 {rows.count} 行，照第 {like} 行的样子"
        tell(f"表里的空行不够，将{inserted}；下面的内容往下移。")
    if filling.by_task is None:
        tell(f"填 {len(filling.edits)} 格。")
    else:
        scope = f"只填{filling.scope}：" if filling.scope else ""
        tell(f"{scope}填 {filling.rows} 行，一行一{'项措施' if filling.by_task else '个问题'}。")
    if sheet.others_fit:
        tell("请核对：要一行写一个问题的，加 --each 问题，空行就够。")
    for note in (*filling.similar, *filling.left):
        tell(f"请核对：{note}。")
    if filling.untold:
        tell(f"请核对：台账里还有 {len(filling.untold)} 个问题这张表没有列：{'、'.join(filling.untold)}。")


def _into(mapped: Mapped) -> str:
    from taizhang.fill.answers import is_answered

    return f"填“{mapped.field.title}”" if is_answered(mapped.field) else "不填"
