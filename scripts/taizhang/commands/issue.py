"""``taizhang issue``: one prefilled workbook per department for a period."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

import click

from taizhang.commands.options import (
    CannotRun,
    as_of_option,
    dry_run_option,
    guarded,
    ledger_option,
    open_ledger,
    quiet_option,
    say,
    stamp,
)


@click.command()
@click.option("--period", "-p", required=True, metavar="期次", help="期次，例如 2022-03；要在〈参数〉里有")
@ledger_option
@click.option("--department", "-d", "only", multiple=True, metavar="部门", help="只给这些部门，可写多次")
@click.option("--again", is_flag=True, help="已下发过的重新下发（旧表仍可以报）")
@as_of_option
@dry_run_option
@quiet_option
@guarded
def issue(
    period: str, ledger: Path, only: tuple[str, ...], again: bool, as_of: date | None, dry_run: bool, quiet: bool
) -> None:
    """按期次给每个部门生成一份预先填好的表，放在台账旁边的“下发”文件夹。

    每份表只有该部门自己没办结的行；办公室留一份底，汇总时以它为准。

    \b
    例：taizhang issue --period 2022-03
    """
    from taizhang.forms import standard_forms
    from taizhang.issuing import base_of, base_path, load_base, plan_issue, save_base, secret_of, token_of
    from taizhang.store import write_atomically
    from taizhang.template import department_workbook, shown_columns

    book, forms = open_ledger(ledger, record=not dry_run), standard_forms()
    when = book.settings.period(period)
    if when is None:
        known = "、".join(each.name for each in book.settings.periods) or "（空）"
        raise CannotRun(f"〈参数〉里没有 {period} 这一期，现有：{known}。请先补上再下发。")
    wanted = set()
    for name in only:
        department = book.settings.department(name)
        if department is None:
            raise CannotRun(f"〈参数〉里没有“{name}”这个部门，请核对名称。")
        wanted.add(department.name)
    issues = [each for each in plan_issue(book, forms, when.name) if not wanted or each.department in wanted]
    if not issues:
        raise CannotRun("没有可以下发的：没有哪个部门有待办的行。请先在〈参数〉填部门，在〈整改任务〉填牵头部门。")
    folder = ledger.parent / "下发" / when.name
    earlier = [each.department for each in issues if base_path(ledger, when.name, each.department).exists()]
    if earlier and not again and not dry_run:
        raise CannotRun(
            f"{when.name} 已经下发给：{'、'.join(earlier)}。确实要重发请加 --again；部门手里的旧表仍可以报，按当时下发的内容比对。"
        )
    now = datetime.combine(as_of, time()) if as_of else stamp()
    secret = b"" if dry_run else secret_of(ledger)
    for each in issues:
        rows = sum(len(records) for records in each.records.values())
        path = folder / f"{each.department}.xlsx"
        if not dry_run:
            data = department_workbook(each, book, token_of(secret, when.name, each.department), when.due, now)
            shown = {name: [column.key for column in shown_columns(forms[name])] for name in each.records}
            save_base(ledger, base_of(each, shown, load_base(ledger, when.name, each.department)))
            write_atomically(path, data)
        click.echo(f"{each.department}：{rows} 行")
    unowned = _unowned(book)
    if unowned:
        say(f"还有 {unowned} 项任务没有牵头部门，没有下发给任何人。", quiet)
    say("只看计划，没有写文件。" if dry_run else f"共 {len(issues)} 份，在 {folder}。", quiet)


def _unowned(book) -> int:
    from taizhang.text import is_blank

    register = book.registers.get("tasks")
    return sum(is_blank(record.cells.get("department", "")) for record in register.records) if register else 0
