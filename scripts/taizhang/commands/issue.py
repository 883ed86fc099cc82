"""``taizhang issue``: make a prefilled workbook per department and party branch for a period."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    as_of_option,
    dry_run_option,
    guarded,
    json_option,
    ledger_option,
    list_each,
    open_ledger,
    print_findings,
    quiet_option,
    refuse_broken,
    say,
    say_unread,
)
from taizhang.commands.saying import ONLY_PLANNED, say_json, tell
from taizhang.ledger.findings import Severity, as_json, sort_findings
from taizhang.ledger.reporters import count_reporters
from taizhang.ledger.settings import SETTINGS_SHEET
from taizhang.system.clock import stamp

if TYPE_CHECKING:
    from collections.abc import Sequence

    from taizhang.issue.plan import Issue
    from taizhang.transactions.issue import IssuePlan


@click.command()
@click.option("--period", "-p", required=True, metavar="期次", help="期次，例如 2022-03；要在〈参数〉里有")
@ledger_option
@click.option("--department", "-d", "only", multiple=True, metavar="部门", help="只给这些部门、党支部，可写多次")
@click.option("--again", is_flag=True, help="已下发过的重新下发（旧表仍可以报）")
@as_of_option
@dry_run_option
@click.option("--all", "every", is_flag=True, help="没有下发的原因，同一类再多也逐条列出")
@json_option
@quiet_option
@guarded
def issue(  # noqa: PLR0913, PLR0917 - one for each option
    period: str,
    ledger: Path,
    only: tuple[str, ...],
    again: bool,
    as_of: date | None,
    dry_run: bool,
    every: bool,
    as_json_text: bool,
    quiet: bool,
) -> None:
    """按期次给每个部门、党支部生成一份预先填好的表，放在台账旁边的“下发”文件夹。

    每份表只有它自己没办结的行；没有待办的部门发一份空表，用来报新增的。办公室留一份底，汇总时以它为准。
    涉及个人的登记表另成一份“…_人员类.xlsx”，单独填、单独报。党支部填的登记表只发给党支部，部门的表里没有。
    全部做好了才开始写；中途断了的，再运行一次，补发还没有发到的。
    每个部门后面写着这一期请它填多少格（已有的行里空着的、每期都要问的浅黄格子），合计是要一期一期往下降的数。
    部门、党支部认不出、编号重复、写了个人信息或密级标志的行不下发，列出位置和原因，返回 1。

    \b
    例：taizhang issue --period 2022-03
    """
    from taizhang.history.bases import issued_path
    from taizhang.ledger.layout import RETURNED_FOLDER
    from taizhang.system.files import command_on
    from taizhang.transactions.issue import apply_issues, plan_issues, preview_issues, refuse_impossible

    book = open_ledger(ledger, record=not dry_run)
    refuse_broken(book)
    say_unread(book)
    now = datetime.combine(as_of, time()) if as_of else stamp()
    plan = plan_issues(book, period, now.date(), only)
    for notice in plan.notices:
        say(notice)
    refuse_impossible(plan)
    for hint in plan.hints(now.date()):
        say(f"提示：{hint}")
    if dry_run:
        issues = preview_issues(plan, again=again, notice=say)
    else:
        issues = apply_issues(plan, now, again=again, notice=say)
    _print_issues(plan, issues, as_json_text)
    if issues:
        _say_next_year(plan, now.date(), quiet)
    if edits := plan.edits_for(issues):
        say(f"{'要写进' if dry_run else '写进了'}台账：{edits.words}。", quiet)
    folder = issued_path(ledger, plan.period.name, "").parent
    back = ledger.parent / RETURNED_FOLDER / folder.name
    step = f"下一步：发给各单位填；报来的表放进 {back}，再 {command_on(ledger, 'merge')}。" if issues else ""
    say(ONLY_PLANNED if dry_run else f"共 {len(issues)} 份，在 {folder}。{step}", quiet)
    if _say_withheld(plan, as_json_text, quiet, every=every):
        raise SystemExit(1)


def _print_issues(plan: IssuePlan, issues: Sequence[Issue], as_json_text: bool) -> None:
    """Print what each reporter is issued and asked to type, and the sum; in JSON with the findings."""
    asked = [(each.reporter, each.rows, each.cells_asked(plan.after)) for each in issues]
    rows, cells = sum(each.rows for each in issues), sum(to_type for _, _, to_type in asked)
    if as_json_text:
        say_json(
            {
                "period": plan.period.name,
                "departments": [
                    {"department": each.name, "unit": each.unit, "part": each.part, "rows": own, "cells": to_type}
                    for each, own, to_type in asked
                ],
                "nothing_to_fill": plan.nothing_to_fill,
                "rows": rows,
                "cells": cells,
                "findings": [as_json(each) for each in sort_findings(plan.findings)],
            }
        )
        return
    for each, own, to_type in asked:
        tell(f"{each.name}：" + (f"{own} 行，要填 {to_type} 格" if own else "没有待办的行，空行里可以报新增的"))
    for line in plan.nothing_to_fill:
        tell(line)
    count = count_reporters(plan.ledger.settings.reporters, (each.name for each, _, _ in asked))
    tell(f"合计：{count.words}，{rows} 行，要填 {cells} 格")


def _say_next_year(plan: IssuePlan, day: date, quiet: bool) -> None:
    """Print in a line each, from December on, what 参数 lacks for the next year; how to fill it in, validate says."""
    from taizhang.checks.next_year import check_next_year
    from taizhang.system.files import command_on

    for each in check_next_year(plan.ledger, day):
        more = command_on(plan.ledger.path, "validate --only next-year")
        say(f"提示：〈{each.place.sheet}〉{each.problem}不急，填法看 {more}。", quiet)


def _say_withheld(plan: IssuePlan, as_json_text: bool, quiet: bool, *, every: bool) -> bool:
    """Print why rows were issued to nobody; return whether anything needs a person."""
    needs_a_person = any(each.severity is not Severity.HINT for each in plan.findings)
    if not as_json_text:
        more = list_each("--dry-run --all")  # once issued, a department is not issued again
        print_findings(plan.findings, False, quiet, every=every, hint=more, counted=False)
    if not (needs_a_person or plan.ledger.unread or plan.waiting):
        return False
    rows = {(each.place.sheet, each.place.row) for each in plan.findings if each.place.sheet != SETTINGS_SHEET}
    say(f"有 {len(rows)} 行没有下发，原因列在上面。" if rows else "", quiet)
    return True
