"""``taizhang issue``: one prefilled workbook per department for a period."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    as_of_option,
    dry_run_option,
    guarded,
    ledger_option,
    open_ledger,
    print_findings,
    quiet_option,
    refuse_broken,
    say,
    say_next_year,
    say_unread,
)
from taizhang.commands.saying import tell
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding
from taizhang.ledger.model import Ledger
from taizhang.ledger.settings import SETTINGS_SHEET
from taizhang.system.clock import stamp
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.opening import period_of, refuse_shared_period

if TYPE_CHECKING:
    from taizhang.history.bases import DamagedBase, Roster
    from taizhang.issue.plan import Issue
    from taizhang.ledger.settings import Period


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

    每份表只有该部门自己没办结的行；没有待办的部门发一份空表，用来报新增的。办公室留一份底，汇总时以它为准。
    全部做好了才开始写；中途断了的，再运行一次，补发还没有发到的。
    部门认不出、编号重复、写了个人信息或密级标志的行不下发，逐条列出，返回 1。

    \b
    例：taizhang issue --period 2022-03
    """
    from taizhang.checks.cells import check_settings_personal
    from taizhang.forms.load import standard_forms
    from taizhang.history.bases import Roster, base_path, issued_path, later_issued, roster_of
    from taizhang.history.locks import locked
    from taizhang.issue.plan import nothing_to_fill, withheld
    from taizhang.system.files import refuse_long

    book, forms = open_ledger(ledger, record=not dry_run), standard_forms()
    refuse_broken(book)
    say_unread(book)
    refuse_shared_period(book, (when := period_of(book, period)).name)
    wanted = _wanted(book, only)
    kept_back = withheld(book, forms)
    issues, waiting = _planned(book, when.name, kept_back, wanted)
    findings = [each for each in kept_back if not only or not _of_others(each, book, wanted)]
    named = {*(each.department for each in issues), *waiting} | book.settings.sharing_departments
    empty = [nothing_to_fill(name) for name in wanted if name not in named]
    findings += [*_sharing(book, wanted), *check_settings_personal(book, date.today())]
    if not issues and not findings:
        why = "".join(f"{each}。" for each in empty) or (
            "原因列在上面。" if waiting else "〈参数〉里没有部门。请先填上部门，在〈整改任务〉填牵头部门。"
        )
        raise CannotRun(f"没有可以下发的。{why}")
    refuse_long(path(ledger, when.name, each.department) for path in (issued_path, base_path) for each in issues)
    now = datetime.combine(as_of, time()) if as_of else stamp()
    say_next_year(book, now.date(), quiet)
    if when.due and when.due < now.date():
        say(f"提示：{when.name} 的报送截止日 {when.due} 已经过了，请核对期次；现在报回来的都会登记为迟报。")
    if later := later_issued(book, when):
        say(f"提示：更晚的 {'、'.join(later)} 已经下发过，{when.name} 是较早的一期，请核对期次。")
    with contextlib.nullcontext() if dry_run else locked(ledger, "issue"):
        roster = roster_of(book, when.name)
        earlier = [each.department for each in issues if _has_got(each.department, book, when, roster)]
        if roster.unfinished and not again and len(earlier) < len(issues):
            issues = [each for each in issues if each.department not in earlier]
            say(f"{when.name} 上次下发没有做完，这次补发还没有发到的 {len(issues)} 个部门。")
        elif earlier and not again and not dry_run:
            raise CannotRun(
                f"{when.name} 已经下发给：{'、'.join(earlier)}。确实要重发请加 --again；部门手里的旧表仍可以报，按当时下发的内容比对。"
            )
        if not dry_run:
            done = {each.department for each in issues}
            left = [name for name in roster.unfinished if name not in done and only and name not in wanted]
            for name in roster.unfinished:
                if name not in done and name not in left:
                    say(f"{name} 上次要下发，这次没有可以发给它的（不在〈参数〉里，或没有可填的），不再补发。")
            known = dict.fromkeys((*roster.departments, *(each.department for each in issues)))
            _write(book, issues, when, now, _secret(ledger, again), Roster(tuple(known), tuple(left), roster.more))
    for each in issues:
        tell(f"{each.department}：" + (f"{each.rows} 行" if each.rows else "没有待办的行，空行里可以报新增的"))
    for line in empty:
        tell(line)
    say(
        "只看计划，没有写文件。"
        if dry_run
        else f"共 {len(issues)} 份，在 {issued_path(ledger, when.name, '').parent}。",
        quiet,
    )
    if print_findings(findings, False, True, every=True) or book.unread or waiting:
        rows = {(each.place.sheet, each.place.row) for each in findings if each.place.sheet != SETTINGS_SHEET}
        say(f"有 {len(rows)} 行没有下发，原因列在上面。" if rows else "", quiet)
        raise SystemExit(1)


def _planned(
    book: Ledger, period: str, kept_back: Sequence[Finding], wanted: Sequence[str]
) -> tuple[list[Issue], list[str]]:
    """Return what these departments are issued, and which of them wait for their base."""
    from taizhang.forms.load import standard_forms
    from taizhang.issue.plan import plan_issue

    damaged: list[DamagedBase] = []
    planned = plan_issue(book, standard_forms(), period, kept_back, damaged)
    waiting = _say_waiting([each for each in damaged if each.department in wanted])
    return [each for each in planned if each.department in wanted], waiting


def _say_waiting(damaged: Sequence[DamagedBase]) -> list[str]:
    """Say and return the departments that are issued nothing now, because their base cannot be read."""
    for each in damaged:
        say(f"{each.department}这次没有下发：{each.message}其他部门照常下发。")
    return [each.department for each in damaged]


def _sharing(book: Ledger, wanted: Sequence[str]) -> list[Finding]:
    """Say which departments are issued nothing since they would share a file with another; return the findings on them."""
    shared = [name for name in wanted if name in book.settings.sharing_departments]
    if not shared:
        return []
    say(f"{'、'.join(shared)} 没有下发：和别的部门会用同一个文件，原因和改法列在下面。")
    return [each for each in book.findings if each.check == Check.NAME_CLASH]


def _wanted(book: Ledger, only: Sequence[str]) -> list[str]:
    """Return the departments that are issued something, in the order of 参数: those asked for, or all."""
    asked = set()
    for name in only:
        department = book.settings.department(name)
        if department is None:
            raise CannotRun(f"〈参数〉里没有“{name}”这个部门，请核对名称。")
        asked.add(department.name)
    return [each.name for each in book.settings.departments if not only or each.name in asked]


def _write(book: Ledger, issues: Sequence[Issue], when: Period, now: datetime, secret: bytes, roster: Roster) -> None:
    """Write the workbooks and their bases, all or none: each is staged, who is to get one is noted, then all are put in place.

    ``roster`` is what it will be once this is done. An issue that is killed between two files is known from the note.
    """
    from taizhang.forms.load import standard_forms
    from taizhang.history.bases import base_bytes, base_path, issued_path, load_base, save_roster
    from taizhang.history.heads import head_facts
    from taizhang.history.journal import NAME as JOURNAL
    from taizhang.history.journal import current_head, register_files
    from taizhang.history.kept_files import name_in, note_written, written_here
    from taizhang.history.signing import token_of
    from taizhang.issue.plan import base_of
    from taizhang.issue.template import department_workbook
    from taizhang.ledger.layout import shown_columns
    from taizhang.system.files import discard, history_folder, put_in_place, refuse_held, stage

    forms, ledger = standard_forms(), book.path
    for place in (issued_path, base_path):
        for leftover in place(ledger, when.name, "").parent.glob(".*.tmp"):
            discard(leftover)
    staged: list[tuple[Path, Path, Sequence[str] | None]] = []
    history = history_folder(ledger)
    head = current_head(history).text
    try:
        for each in issues:
            token, carried = (
                token_of(secret, when.name, each.department),
                head_facts(secret, when.name, each.department, head),
            )
            data = department_workbook(each, book, token, when.due, now, carried)
            shown = {name: [column.key for column in shown_columns(forms[name])] for name in each.records}
            kept = load_base(ledger, when.name, each.department, book.settings)
            base, path = base_of(each, shown, data, kept, head), issued_path(ledger, when.name, each.department)
            home = base_path(ledger, when.name, base.issued_name)
            if kept is None and home.exists():
                raise CannotRun(
                    f"history 里 {when.name} 期的 {home.name} 是给另一个名称的部门下发时的留底，{each.department} 会盖掉它，没有下发。"
                    f"就是同一个部门改了名的，请把原来的名称写进“别名”；不是的，请在〈参数〉里换一个看得出不同的名称。"
                )
            staged.append((stage(home, base_bytes(base)), home, None))
            staged.append((stage(path, data), path, kept.files if kept else ()))
        refuse_held([*(path for _, path, _ in staged), history / JOURNAL])
        save_roster(ledger, when.name, replace(roster, unfinished=_names(issues, roster.unfinished)))
        note_written(history, *(name_in(history, path) for _, path, issued in staged if issued is None))
        for number, (temporary, path, issued) in enumerate(staged):
            with once_written([f"{number // 2} 份表" if number > 1 else "应发名单"], "其余的表"):
                if issued is not None:
                    _keep_aside(path, issued)
                put_in_place(temporary, path)
    finally:
        for temporary, _, _ in staged:
            discard(temporary)
    with once_written([f"{len(issues)} 份表"], "应发名单或记录"):
        save_roster(ledger, when.name, roster)
        register_files(history, "issue", stamp(), written_here(history))


def _names(issues: Sequence[Issue], more: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*(each.department for each in issues), *more)))


def _has_got(department: str, book: Ledger, when: Period, roster: Roster) -> bool:
    """Whether a department's workbook of an issue that was broken off was written all the same."""
    from taizhang.history.bases import issued_path, load_base
    from taizhang.system.files import bytes_of

    base = load_base(book.path, when.name, department, book.settings)
    path = issued_path(book.path, when.name, department)
    if department not in roster.unfinished:
        return base is not None
    return bool(base and path.exists() and hashlib.sha256(bytes_of(path)).hexdigest() == base.files[-1])


def _secret(ledger: Path, again: bool) -> bytes:
    """Return what signs the workbooks; a new secret where the last one is lost is made only by --again, and said."""
    from taizhang.history.journal import append_entry, key_of_record, read_journal
    from taizhang.history.key import make_key
    from taizhang.history.signing import key_is_lost, secret_of
    from taizhang.issue.plan import KEY_LOST
    from taizhang.system.files import StoreError, history_folder

    lost = key_is_lost(ledger)
    if lost and not again:
        raise CannotRun(f"{KEY_LOST}；确实找不回来的，请加 --again 下发，会生成新的。")
    try:
        secret = b"" if lost else secret_of(ledger, make=True)
    except StoreError:  # damaged, or another one
        if not again:
            raise
        secret = b""
    if secret:
        key_of_record(history_folder(ledger))  # before anything is written
        return secret
    secret = make_key(ledger)
    entries = read_journal(history_folder(ledger)).entries
    if entries:
        last = entries[max(entries)]
        append_entry(history_folder(ledger), "issue --again", last.after, last.after, (), stamp(), rekeyed=True)
    say(
        f"原来的 .taizhang-key {'不在' if lost else '不能用'}，已生成新的；以前下发的表报回来认不出，汇总时要用 --as 部门 认定。"
    )
    return secret


def _keep_aside(path: Path, issued: Sequence[str]) -> None:
    """Rename a file that is none of those issued (their SHA-256): a department may have filled it where it lies."""
    from taizhang.system.files import bytes_of, set_aside

    if path.exists() and hashlib.sha256(bytes_of(path)).hexdigest() not in issued:
        kept = set_aside(path)
        say(f"{path.name} 下发后有人填过或另存过，没有盖掉，已改名留作 {kept.name}；要用它请放到 报送 再汇总。")


def _of_others(finding: Finding, book: Ledger, wanted: Sequence[str]) -> bool:
    """Whether a row that was withheld belongs to a department that was not asked for."""
    register = next(each for each in book.registers.values() if each.sheet.name == finding.place.sheet)
    record = next(each for each in register.records if each.row == finding.place.row)
    owner = book.meaning(register, record, register.form.owner)
    return owner is not None and owner not in wanted
