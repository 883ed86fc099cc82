"""``taizhang merge``: plan, show and apply a merge with its replies; or carry out rulings on conflicts."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    carry_out,
    confirm,
    dry_run_option,
    guarded,
    json_option,
    ledger_option,
    open_ledger,
    print_findings,
    quiet_option,
    refuse_broken,
    say,
    say_unread,
    yes_option,
)
from taizhang.commands.saying import ONLY_PLANNED, say_json, tell
from taizhang.ledger.findings import Severity
from taizhang.ledger.model import Ledger
from taizhang.system.clock import stamp
from taizhang.transactions.errors import CannotRun, PartlyDone

if TYPE_CHECKING:
    from taizhang.forms.model import Form
    from taizhang.merge.decisions import Rulings
    from taizhang.replies.write import Reply
    from taizhang.transactions.merge import LedgerWritten, MergePlan


@click.command()
@click.argument("paths", metavar="[报来的表或文件夹]...", nargs=-1, type=click.Path(path_type=Path, readable=False))
@ledger_option
@click.option("--period", "-p", default=None, metavar="期次", help="只汇总这一期；不写时是最近下发的一期")
@click.option("--all", "everything", is_flag=True, help="各期的表都重新读一遍，未报的各期都列出")
@click.option(
    "--as", "vouched", default=None, metavar="部门", help="文件丢了标识时，由办公室认定是谁的（要同时写 --period）"
)
@click.option(
    "--decisions",
    "decided",
    default=None,
    type=click.Path(path_type=Path, readable=False),
    metavar="文件",
    help="按填好的 冲突裁决.xlsx 改台账，不读报来的表",
)
@yes_option
@dry_run_option
@json_option
@quiet_option
@guarded
def merge(  # noqa: PLR0913, PLR0917 - one for each option
    paths: tuple[Path, ...],
    ledger: Path,
    period: str | None,
    everything: bool,
    vouched: str | None,
    decided: Path | None,
    yes: bool,
    dry_run: bool,
    as_json_text: bool,
    quiet: bool,
) -> None:
    """把部门、党支部报来的表并进台账：先列出要改什么，您同意了才写。

    默认汇总台账旁边“报送”文件夹里最近下发那一期的表；以前各期的，新报来的照样汇总，汇总过的不再读。只改部门自己那几行、自己该填的列；台账和部门都改过的格子不动，列为冲突。
    写完后在“回执”文件夹里给每一份表一份回执（要改的标在他们自己的表上），并生成回收情况和冲突裁决表。

    \b
    例：taizhang merge --dry-run
    例：taizhang merge ledger/报送/2022-03 --yes
    例：taizhang merge --decisions ledger/回执/2022-03/冲突裁决.xlsx
    """
    from taizhang.transactions.merge import plan_merge

    book = open_ledger(ledger, record=not dry_run)
    refuse_broken(book)
    say_unread(book)
    if decided is not None:
        if paths or vouched or period or everything:
            raise CannotRun("--decisions 只按裁决表改台账，请不要同时写报来的表、--as、--period 或 --all。")
        blocked = _decide(book, decided, yes=yes, dry_run=dry_run, as_json_text=as_json_text, quiet=quiet)
    else:
        if period and everything:
            raise CannotRun("--period 只汇总一期，--all 汇总各期，请只写一个。")
        plan = plan_merge(book, paths, period=period, vouched=vouched, everything=everything)
        _print_plan(plan, as_json_text, quiet)
        _apply(plan, yes=yes, dry_run=dry_run, quiet=quiet)
        blocked = plan.needs_a_person
    if blocked:
        raise SystemExit(1)


def _print_plan(plan: MergePlan, as_json_text: bool, quiet: bool) -> None:
    """Print the plan on stdout: totals by department, each change, the findings."""
    from taizhang.commands.merge_shown import plan_as_json, plan_findings, plan_lines

    if as_json_text:
        say_json(plan_as_json(plan.intake))
        return
    for line in plan_lines(plan.intake, quiet=quiet):
        tell(line)
    print_findings(plan_findings(plan.intake), False, True)


def _apply(plan: MergePlan, *, yes: bool, dry_run: bool, quiet: bool) -> None:
    """Write the plan once it is confirmed, and print the state of the returns."""
    from taizhang.commands.merge_shown import print_returns
    from taizhang.transactions.merge import apply_merge, check_before_asking, try_out

    name, left = plan.ledger.path.name, ""
    if not plan.edits:
        say("没有要写进台账的改动。", quiet)
    if dry_run:
        try_out(plan.ledger, plan.edits)
        say(ONLY_PLANNED, quiet)
    else:
        if not yes:
            check_before_asking(plan)
        if plan.edits:
            confirm(f"把 {len(plan.changes)} 处改动写进 {name} 吗？", yes)
        left = apply_merge(plan, stamp(), lambda step: _say_step(step, quiet)).left
    if not quiet:
        print_returns(plan.returns, plan.intake.open)
    if left:
        raise PartlyDone(left)


def _say_step(step: LedgerWritten | Reply, quiet: bool) -> None:
    """Print what has just been written."""
    from taizhang.replies.write import Reply

    if isinstance(step, Reply):
        say(f"{step.path}　{step.what}", quiet or step.refused)
    else:
        say(f"已写进 {step.path}：{step.cells} 处。上一份在 history 文件夹。", quiet)
        say(step.notice)


def _decide(book: Ledger, path: Path, *, yes: bool, dry_run: bool, as_json_text: bool, quiet: bool) -> bool:
    """Carry out a completed 冲突裁决.xlsx; return whether anything in it still needs a person."""
    from taizhang.transactions.decisions import apply_rulings, plan_rulings

    rulings = plan_rulings(book, path)
    _print_rulings(rulings, book.forms, as_json_text, quiet)
    if not rulings.changes:
        say("没有要写的裁决。", quiet)
        if not dry_run:
            apply_rulings(book, rulings, stamp())
    else:
        cells, edits = len(rulings.changes), len(rulings.edits)
        question = f"按裁决记 {cells} 格、改台账 {edits} 格吗？"
        done = f"已裁决 {cells} 格，改台账 {edits} 格；理由和没有采用的值记在历史里。"
        carry_out(question, lambda: apply_rulings(book, rulings, stamp()), done, yes=yes, dry_run=dry_run, quiet=quiet)
    return bool(rulings.undecided) or any(each.severity is not Severity.HINT for each in rulings.findings)


def _print_rulings(rulings: Rulings, forms: Mapping[str, Form], as_json_text: bool, quiet: bool) -> None:
    from taizhang.commands.merge_shown import change_line, rulings_as_json

    if as_json_text:
        say_json(rulings_as_json(rulings))
    else:
        for change in rulings.changes:
            tell(f"{change_line(change, forms)}　{change.note}")
        print_findings(rulings.findings, False, True)
    if rulings.undecided:
        say(f"还有 {rulings.undecided} 格没有裁决。", quiet)
