"""``taizhang issue``: one prefilled workbook per department for a period."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
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
    print_findings,
    quiet_option,
    refuse_broken,
    say,
    stamp,
)
from taizhang.findings import Finding
from taizhang.ledger import Ledger


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
    部门认不出、编号重复、写了个人信息或密级标志的行不下发，逐条列出，返回 1。

    \b
    例：taizhang issue --period 2022-03
    """
    from taizhang.files import write_atomically
    from taizhang.forms import standard_forms
    from taizhang.issuing import (
        base_of,
        base_path,
        file_name_of,
        later_issued,
        load_base,
        plan_issue,
        save_base,
        token_of,
        withheld,
    )
    from taizhang.locks import locked
    from taizhang.template import department_workbook, shown_columns

    book, forms = open_ledger(ledger, record=not dry_run), standard_forms()
    refuse_broken(book)
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
    kept_back = withheld(book, forms)
    planned = plan_issue(book, forms, when.name, kept_back)
    issues = [each for each in planned if not wanted or each.department in wanted]
    findings = [each for each in kept_back if not wanted or not _of_others(each, book, wanted)]
    if not issues and not findings:
        raise CannotRun("没有可以下发的：没有哪个部门有待办的行。请先在〈参数〉填部门，在〈整改任务〉填牵头部门。")
    folder = ledger.parent / "下发" / when.name
    now = datetime.combine(as_of, time()) if as_of else stamp()
    if when.due and when.due < now.date():
        say(f"提示：{when.name} 的报送截止日 {when.due} 已经过了，请核对期次；现在报回来的都会登记为迟报。")
    if later := later_issued(book, when):
        say(f"提示：更晚的 {'、'.join(later)} 已经下发过，{when.name} 是较早的一期，请核对期次。")
    with contextlib.nullcontext() if dry_run else locked(ledger, "issue"):
        earlier = [each.department for each in issues if base_path(ledger, when.name, each.department).exists()]
        if earlier and not again and not dry_run:
            raise CannotRun(
                f"{when.name} 已经下发给：{'、'.join(earlier)}。确实要重发请加 --again；部门手里的旧表仍可以报，按当时下发的内容比对。"
            )
        secret = b"" if dry_run else _secret(ledger, again)
        for each in issues:
            rows = sum(len(records) for records in each.records.values())
            path = folder / f"{file_name_of(each.department)}.xlsx"
            if not dry_run:
                data = department_workbook(each, book, token_of(secret, when.name, each.department), when.due, now)
                shown = {name: [column.key for column in shown_columns(forms[name])] for name in each.records}
                kept = load_base(ledger, when.name, each.department)
                _keep_aside(path, kept.files if kept else ())
                save_base(ledger, base_of(each, shown, data, kept))
                write_atomically(path, data)
            click.echo(f"{each.department}：{rows} 行")
    say("只看计划，没有写文件。" if dry_run else f"共 {len(issues)} 份，在 {folder}。", quiet)
    if print_findings(findings, False, True):
        rows = {(each.place.sheet, each.place.row) for each in findings}
        say(f"有 {len(rows)} 行没有下发，原因列在上面。", quiet)
        raise SystemExit(1)


def _secret(ledger: Path, again: bool) -> bytes:
    """Return what signs the workbooks; a new secret where the last one is lost is made only by --again, and said."""
    from taizhang.issuing import KEY_LOST, key_is_lost, secret_of

    if key_is_lost(ledger):
        if not again:
            raise CannotRun(f"{KEY_LOST}；确实找不回来的，请加 --again 下发，会生成新的。")
        say("原来的 .taizhang-key 不在，已生成新的；以前下发的表报回来认不出，汇总时要用 --as 部门 认定。")
    return secret_of(ledger, make=True)


def _keep_aside(path: Path, issued: Sequence[str]) -> None:
    """Rename a file that is none of those issued (their SHA-256): a department may have filled it where it lies."""
    from taizhang.files import set_aside

    if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() not in issued:
        kept = set_aside(path)
        say(f"{path.name} 下发后有人填过或另存过，没有盖掉，已改名留作 {kept.name}；要用它请放到 报送 再汇总。")


def _of_others(finding: Finding, book: Ledger, wanted: set[str]) -> bool:
    """Whether a row that was withheld belongs to a department that was not asked for."""
    register = next(each for each in book.registers.values() if each.sheet.name == finding.place.sheet)
    record = next(each for each in register.records if each.row == finding.place.row)
    owner = book.meaning(register, record, register.form.owner)
    return owner is not None and owner not in wanted
