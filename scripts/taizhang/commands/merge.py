"""``taizhang merge``: plan, show, apply; then receipts, conflicts and returns; and the decisions on conflicts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
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
from taizhang.commands.saying import say_json, tell
from taizhang.forms.load import standard_forms
from taizhang.history.journal import as_plain
from taizhang.ledger.catalogue import Check
from taizhang.ledger.findings import Finding, Severity, as_json
from taizhang.ledger.model import Ledger
from taizhang.merge.plan import seen
from taizhang.system.clock import stamp
from taizhang.system.file_names import file_name
from taizhang.transactions.errors import CannotRun, PartlyDone, once_written
from taizhang.transactions.opening import period_of, refuse_shared_period
from taizhang.typed.readings import shown
from taizhang.typed.shown import one_line
from taizhang.typed.text import differing, shorten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from taizhang.history.bases import Base
    from taizhang.history.journal import Change
    from taizhang.merge.absences import Absence
    from taizhang.merge.intake import Intake
    from taizhang.merge.plan import Plan
    from taizhang.merge.returns import Returns
    from taizhang.splice import Edit


@click.command()
@click.argument("paths", metavar="[报来的表或文件夹]...", nargs=-1, type=click.Path(path_type=Path, readable=False))
@ledger_option
@click.option("--period", "-p", default=None, metavar="期次", help="只汇总这一期；不写时是最近下发的一期")
@click.option("--all", "everything", is_flag=True, help="各期的表都重新读一遍，未报的各期都列出")
@click.option(
    "--as", "vouched", default=None, metavar="部门", help="文件丢了标识时，由办公室认定是哪个部门（要同时写 --period）"
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
    """把部门报来的表并进台账：先列出要改什么，您同意了才写。

    默认汇总台账旁边“报送”文件夹里最近下发那一期的表；以前各期的，新报来的照样汇总，汇总过的不再读。只改部门自己那几行、自己该填的列；台账和部门都改过的格子不动，列为冲突。
    写完后在“回执”文件夹里给每个部门一份回执（要改的标在他们自己的表上），并生成回收情况和冲突裁决表。

    \b
    例：taizhang merge --dry-run
    例：taizhang merge ledger/报送/2022-03 --yes
    例：taizhang merge --decisions ledger/回执/2022-03/冲突裁决.xlsx
    """
    book = open_ledger(ledger, record=not dry_run)
    refuse_broken(book)
    say_unread(book)
    if decided is not None:
        if paths or vouched or period or everything:
            raise CannotRun("--decisions 只按裁决表改台账，请不要同时写报来的表、--as、--period 或 --all。")
        blocked = _apply_decisions(book, decided, yes=yes, dry_run=dry_run, as_json_text=as_json_text, quiet=quiet)
    else:
        if period and everything:
            raise CannotRun("--period 只汇总一期，--all 汇总各期，请只写一个。")
        intake = _take_in(book, paths or (ledger.parent / "报送",), vouched, period, everything=everything)
        blocked = _show(intake, as_json_text, quiet)
        _apply(book, intake, yes=yes, dry_run=dry_run, quiet=quiet)
    if blocked:
        raise SystemExit(1)


def _take_in(
    book: Ledger, sources: tuple[Path, ...], vouched: str | None, period: str | None, *, everything: bool
) -> Intake:
    from taizhang.history.signing import key_is_lost
    from taizhang.issue.plan import KEY_LOST
    from taizhang.merge.intake import take_in

    if vouched and not period:
        raise CannotRun("用 --as 认定部门时，请同时用 --period 写明是哪一期。")
    missing = [path for path in sources if not path.exists()]
    if missing:
        raise CannotRun(f"找不到 {missing[0]}，请核对报来的表放在哪里。")
    if vouched:
        department = book.settings.department(vouched)
        if department is None:
            raise CannotRun(f"〈参数〉里没有“{vouched}”这个部门，请核对名称。")
        if key_is_lost(book.path):  # what needs a ruling could not be signed
            raise CannotRun(f"{KEY_LOST}；确实找不回来的，先用 taizhang issue --again 重新下发。")
        vouched = department.name
    if period:
        period_of(book, period)
    intake = take_in(book, standard_forms(), sources, vouched, period, everything=everything)
    if not intake.inputs:
        beside = "".join(each.message for each in intake.remarks if each.check == Check.OTHER_FILE)
        raise CannotRun(f"{'、'.join(map(str, sources))} 里没有报来的表，请核对放在哪个文件夹。{beside}")
    for each in intake.periods:
        refuse_shared_period(book, each)
    _refuse_unread(book, intake)
    unbalanced = [plan.base.department for plan in intake.plans if not plan.totals.closes]
    if unbalanced:
        raise CannotRun(
            f"{'、'.join(unbalanced)} 的行数对不上账，没有写台账。请把报来的表和留底一起保存好，联系维护人员。"
        )
    return intake


def _refuse_unread(book: Ledger, intake: Intake) -> None:
    """Refuse a merge of rows that were issued from a register which the ledger does not show any more."""
    unread = {
        name
        for plan in intake.plans
        for name, rows in plan.base.rows_of(plan.issue).items()
        if plan.submission and (rows or plan.base.spare.get(name)) and name not in book.registers
    }
    if unread:
        sheets = "〉〈".join(standard_forms()[name].sheet for name in sorted(unread & {*standard_forms()}))
        raise CannotRun(
            f"〈{sheets}〉下发过，台账里现在读不到，报来的没处放。请恢复它的表名和表头再汇总；什么都没有写。"
        )


def _apply(book: Ledger, intake: Intake, *, yes: bool, dry_run: bool, quiet: bool) -> None:
    """Write what was agreed: the ledger, what the bases learn, and the replies."""
    from taizhang.history.signing import key_is_lost
    from taizhang.issue.plan import KEY_LOST

    edits = [edit for plan in intake.plans for edit in plan.edits]
    changes = [change for plan in intake.plans for change in plan.changes]
    returns, left = _returns(book, intake), ""
    if not edits:
        say("没有要写进台账的改动。", quiet)
    if dry_run or not yes:
        _try_out(book, edits)
    if dry_run:
        say("只看计划，台账没有动，也没有写回执。", quiet)
    elif key_is_lost(book.path):  # every file is refused, which is no department's fault
        raise CannotRun(f"{KEY_LOST}。台账没有动，也没有写回执。")
    elif edits and not confirm(f"把 {len(changes)} 处改动写进 {book.path.name} 吗？", yes):
        say("没有写，台账没有动。", quiet)
        return
    else:
        left = _write(book, intake, edits, changes, returns, quiet)
    if not quiet:
        _print_returns(returns, intake.open)
    if left:
        raise PartlyDone(left)


def _try_out(book: Ledger, edits: Sequence[Edit]) -> None:
    """Make the edits in memory alone, so that what cannot be written safely is refused before anybody agrees to it."""
    from taizhang.splice import patch

    patch(book.book.data, edits)


def _write(
    book: Ledger,
    intake: Intake,
    edits: Sequence[Edit],
    changes: Sequence[Change],
    returns: Sequence[Returns],
    quiet: bool,
) -> str:
    """Write all of it under one lock: of two merges at once the second waits, and is refused where its plan is outdated then.

    Receipts are made before it is taken. Returns what could not be written beside the ledger and what was, in words.
    """
    from taizhang.history.bases import base_path, files_of
    from taizhang.history.journal import key_of_record
    from taizhang.history.locks import locked
    from taizhang.history.write import make_sure, still_as_read, write_under_lock
    from taizhang.replies.write import prepare_receipts, replaced, write_replies
    from taizhang.system.files import history_folder, refuse_held

    now, ledger, sha256 = stamp(), book.path, book.book.sha256
    vouched = [plan.base.department for plan in intake.plans if plan.submission and plan.submission.vouched]
    command = " --as ".join(["merge", *vouched])
    receipts = prepare_receipts(book, intake, now)
    with locked(ledger, command) as killed:
        (make_sure if edits else still_as_read)(ledger, sha256)
        held = [base_path(ledger, plan.base.period, plan.base.issued_name) for plan in intake.plans if plan.submission]
        refuse_held([*held, *replaced(book, intake, returns, receipts)])
        if edits:
            _remember_codes(ledger, intake)
            files = files_of(ledger, bases := _learnt(intake))
            told = write_under_lock(
                ledger, sha256, edits, changes, command=command, now=now, killed=killed, files=files
            )
            say(f"已写进 {ledger}：{len(changes)} 处。上一份在 history 文件夹。", quiet)
            say(told)
        else:
            key_of_record(history_folder(ledger))
            bases = _learnt(intake)
        done = [f"{ledger.name} 的 {len(changes)} 处改动"] if edits else []
        with once_written(done or ["一部分留底"], "留底和回执"):
            _save(ledger, bases, command, now)
        done.append("留底")
        refused = []
        with once_written(done, "回执、裁决表或回收情况"):
            for reply in write_replies(book, intake, returns, now, receipts):
                say(f"{reply.path}　{reply.what}", quiet or reply.refused)
                (refused if reply.refused else done).append(reply.what if reply.refused else reply.path.name)
    if not refused:
        return ""
    written = "、".join(done if len(done) <= 2 + FEW else [*done[:2], f"其他 {len(done) - 2} 份"])
    return f"{written} 已写好；回执、裁决表或回收情况没有写全：{_some(refused)}"


def _some(refused: Sequence[str]) -> str:
    """Return why replies could not be written: where a disk is full that is all of them, and the first say it."""
    more = len(refused) - FEW
    return "".join(refused if more <= 0 else [*refused[:FEW], f"另外 {more} 份也没有写成。"])


def _returns(book: Ledger, intake: Intake) -> list[Returns]:
    from taizhang.merge.returns import returns_of

    return [
        returns_of(
            period,
            intake.plans,
            {each.path: each.department for each in intake.refused if each.period == period},
            book.settings,
            [department for name, department in intake.unissued if name == period],
            [each for each in intake.waiting if each.period == period],
        )
        for period in intake.periods
    ]


def _remember_codes(ledger: Path, intake: Intake) -> None:
    """Keep in the bases which codes new rows are given, before the ledger holds them: a base that cannot be saved afterwards
    must not have them added twice. What was taken is kept only once it is in the ledger."""
    from taizhang.history.bases import save_base

    for plan in intake.plans:
        if plan.news.assigned:
            plan.base.assigned.update(plan.news.assigned)
            plan.base.added.update(plan.news.added)
            save_base(ledger, plan.base)


def _save(ledger: Path, bases: Sequence[Base], command: str, now: datetime) -> None:
    """Keep bases, and journal which were, as far as the journal does not know them so already."""
    from taizhang.history.bases import save_base
    from taizhang.history.journal import register_files
    from taizhang.history.kept_files import written_here
    from taizhang.system.files import history_folder

    for base in bases:
        save_base(ledger, base)
    register_files(history_folder(ledger), command, now, written_here(history_folder(ledger)))


def _learnt(intake: Intake) -> list[Base]:
    """Put into the bases what was taken, so that the same file changes nothing twice, and that a version came; return those to keep."""
    from taizhang.merge.returns import note_return

    learnt = []
    for plan in intake.plans:
        base, news = plan.base, plan.news
        base.outdone = list(dict.fromkeys((*base.outdone, *plan.outdone)))
        if plan.submission is None:
            if plan.outdone:
                learnt.append(base)
            continue
        for code, cells in news.taken.items():
            base.taken_of(plan.issue).setdefault(code, {}).update(cells)
        note_return(base, plan)
        learnt.append(base)
    return learnt


def _apply_decisions(book: Ledger, path: Path, *, yes: bool, dry_run: bool, as_json_text: bool, quiet: bool) -> bool:
    """Carry out a filled 冲突裁决.xlsx; return whether something in it still needs a person."""
    from taizhang.history.bases import base_path, files_of
    from taizhang.history.locks import locked
    from taizhang.history.signing import secret_of
    from taizhang.history.write import still_as_read, write_under_lock
    from taizhang.merge.decisions import plan_decisions
    from taizhang.system.files import refuse_held, there
    from taizhang.workbook.reader import read_workbook

    command, sha256 = "merge --decisions", book.book.sha256
    if not there(path):
        present = sorted(map(str, (book.path.parent / "回执").glob("*/冲突裁决.xlsx")))
        cure = (
            f"现有的在 {'、'.join(present)}。" if present else "现在没有要裁决的：有冲突时，汇总会在 回执/期次 里生成。"
        )
        raise CannotRun(f"找不到裁决表 {path}。{cure}")
    rulings = plan_decisions(read_workbook(path), book, standard_forms(), secret_of(book.path))
    if not as_json_text:
        for change in rulings.changes:
            tell(f"{_words(change)}　{change.note}")
        blocked = print_findings(rulings.findings, False, True)
    else:
        shown = {
            "changes": [_shown(as_plain(each)) for each in rulings.changes],
            "findings": [as_json(f) for f in rulings.findings],
        }
        say_json({**shown, "undecided": rulings.undecided})
        blocked = any(each.severity is not Severity.HINT for each in rulings.findings)
    if rulings.undecided:
        say(f"还有 {rulings.undecided} 格没有裁决。", quiet)
    if not rulings.changes:
        say("没有要写的裁决。", quiet)
        if rulings.bases and not dry_run:  # written before, and not remembered then
            with locked(book.path, command):
                still_as_read(book.path, sha256)
                _save(book.path, list(rulings.bases.values()), command, stamp())
    elif dry_run:
        say("只看计划，台账没有动。", quiet)
    elif confirm(f"按裁决记 {len(rulings.changes)} 格、改台账 {len(rulings.edits)} 格吗？", yes):
        with locked(book.path, command) as killed:
            refuse_held(base_path(book.path, base.period, base.issued_name) for base in rulings.bases.values())
            now, bases = stamp(), list(rulings.bases.values())
            files = files_of(book.path, bases)
            told = write_under_lock(
                book.path, sha256, rulings.edits, rulings.changes, command=command, now=now, killed=killed, files=files
            )
            with once_written([book.path.name], "留底"):
                _save(book.path, bases, command, now)
        say(f"已裁决 {len(rulings.changes)} 格，改台账 {len(rulings.edits)} 格；理由和没有采用的值记在历史里。", quiet)
        say(told)
    else:
        say("没有写，台账没有动。", quiet)
    return blocked or bool(rulings.undecided)


def _show(intake: Intake, as_json_text: bool, quiet: bool) -> bool:
    """Print the plan on stdout: totals by department, each change, the findings; return whether a person is needed."""
    if as_json_text:
        say_json(_as_json(intake))
        return any(each.severity is not Severity.HINT for each in intake.findings)
    tell(_scope(intake))
    several = len(intake.periods) > 1
    for line in _totals_lines(intake, several=several):
        tell(line)
    if not quiet:
        for plan in intake.plans:
            for line in _shown_rows(plan):
                tell(line)
    return print_findings(_gathered(_told_apart(intake) if several else intake.findings, intake.absences), False, True)


FEW = 3
"""Departments without a new file that are each given a line; more are named in one."""


def _totals_lines(intake: Intake, *, several: bool) -> Iterator[str]:
    """Yield the control totals of every file, and who has sent nothing for the period that is collected."""
    silent = [plan for plan in intake.plans if plan.submission is None and plan.base.period in intake.open]
    for plan in intake.plans:
        if plan.submission or (plan in silent and len(silent) <= FEW):
            yield _totals_line(plan, several=several)
    if len(silent) <= FEW:
        return
    for period in intake.open:
        own = [plan for plan in silent if plan.base.period == period]
        when = f"{period} 期" if several else ""
        if missed := [plan for plan in own if not plan.base.returns]:
            rows = sum(plan.totals.missing for plan in missed)
            yield f"{when}未报 {len(missed)} 个部门，共 {rows} 行：{_listed(missed)}"
        if earlier := [plan for plan in own if plan.base.returns]:
            yield f"{when}这次没有新表、以前报过的 {len(earlier)} 个部门：{_listed(earlier)}"


def _totals_line(plan: Plan, *, several: bool) -> str:
    totals, earlier = plan.totals, len(plan.base.returns)
    who = f"{plan.base.period} {totals.department}" if several else totals.department
    if plan.submission is None and earlier:
        return f"{who}：这次没有新表，以前报过第 {earlier} 版"
    return f"{who}（{totals.file or '未报'}）：{totals.equation}"


def _listed(plans: Sequence[Plan]) -> str:
    return "、".join(plan.base.department for plan in plans)


def _gathered(findings: Sequence[Finding], absences: Sequence[Absence]) -> list[Finding]:
    """Return the findings, equal ones once, with departments that have returned nothing in one finding if they are many."""
    from taizhang.merge.absences import absence_findings

    others = (each for each in findings if each.check != Check.ABSENT)
    return list(dict.fromkeys((*others, *absence_findings(absences, FEW))))


def _scope(intake: Intake) -> str:
    """Say which period is collected, and what was left unread: the first line."""
    later = sorted({plan.base.period for plan in intake.plans if plan.submission}.difference(intake.open))
    line = f"汇总 {'、'.join(intake.open)} 期" if intake.open else "还没有下发过，没有哪一期可以汇总"
    if later:
        line += f"，另有新报来的 {'、'.join(later)} 期的表"
    if intake.passed:
        line += (
            f"；其他各期的 {len(intake.passed)} 份汇总过，或当时就没有采用，没有再读（要再汇总请写 --period 或 --all）"
        )
    return f"{line}。"


def _told_apart(intake: Intake) -> list[Finding]:
    """Return the findings with the period before the file's name: forms of several periods bear one name."""
    named = _periods_of(intake)
    return [
        replace(each, place=replace(each.place, workbook=f"{period}/{each.place.workbook}")) if period else each
        for each in intake.findings
        for period in (named.get(id(each), ""),)
    ]


def _periods_of(intake: Intake) -> dict[int, str]:
    """Return the period of each finding (by its id) of which it is known."""
    named = {id(finding): plan.base.period for plan in intake.plans for finding in plan.findings}
    return named | {id(finding): each.period for each in intake.refused for finding in each.findings}


def _shown_rows(plan: Plan) -> list[str]:
    """Return one line for each row of the ledger that changes, a new row as such."""
    rows: dict[tuple[str, str], list[str]] = {}
    added = {*plan.news.assigned.values()}
    for each in plan.taken:
        cells = rows.setdefault((each.form.sheet, each.code), [])
        old, new = (seen(each.form, each.column, raw) for raw in (each.old, each.new))
        if each.code not in added:
            cells.append(f"{each.column.title}：" + " → ".join(word or "（空）" for word in differing(old, new, 24)))
        elif each.column.type != "code" and each.column.key != each.form.owner:
            cells.append(f"{each.column.title} {shorten(new, 24)}")
    return [
        f"  {code} 新增（{sheet}）：{'；'.join(cells)}" if code in added else f"  {code} {'；'.join(cells)}"
        for (sheet, code), cells in rows.items()
    ]


def _words(change: Change) -> str:
    form = standard_forms()[change.register]
    column = form.column(change.column)
    old, new = (seen(form, column, raw) for raw in (change.old, change.new))
    old, new = (word or "（空）" for word in differing(old, new, 24))
    return f"{change.code} {column.title}：{old}" + (f" → {new}" if change.old != change.new else "（不变）")


def _shown(facts: dict[str, object]) -> dict[str, object]:
    """Return a change's facts with personal data left out."""
    return {key: shown(value) if isinstance(value, str) else value for key, value in facts.items()}


def _as_json(intake: Intake) -> dict[str, object]:
    from dataclasses import asdict

    from taizhang.typed.text import as_text

    named = _periods_of(intake)
    return {
        "collected": intake.open,
        "passed_over": [file_name(path) for path in intake.passed],
        "totals": [
            {"period": plan.base.period, **asdict(plan.totals), "closes": plan.totals.closes} for plan in intake.plans
        ],
        "changes": [_shown(as_plain(change)) for plan in intake.plans for change in plan.changes],
        "conflicts": [
            {
                "place": str(each.place),
                "register": each.form.name,
                "code": each.code,
                "column": each.column.key,
                "base": shown(as_text(each.base)),
                "ours": shown(as_text(each.ours)),
                "theirs": shown(as_text(each.theirs)),
                "department": each.department,
            }
            for plan in intake.plans
            for each in plan.conflicts
        ],
        "findings": [{**as_json(each), "period": named.get(id(each)) or None} for each in _ordered(intake.findings)],
    }


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    from taizhang.ledger.findings import sort_findings

    return sort_findings(findings)


def _print_returns(returns: Sequence[Returns], collected: Collection[str]) -> None:
    """Print the returns on stderr, those of the period collected as a table: the control totals are on stdout already."""
    from rich.console import Console
    from rich.table import Table

    # No styles and no markup: what stands in brackets in a department's name is its name.
    console = Console(stderr=True, highlight=False, markup=False, emoji=False, color_system=None)
    if not console.is_terminal:
        console.width = 120
    for each in returns:
        if each.period not in collected:
            console.print(one_line(f"{each.period}：{each.summary}"))
            continue
        table = Table(title=one_line(f"回收情况 {each.period}"), title_justify="left", box=None, pad_edge=False)
        for head in ("部门", "情况", "版本", "保存时间", "错误", "要办的事"):
            table.add_column(head, justify="right" if head == "错误" else "left")
        for row in each.rows:
            version = f"第{row.version}版" if row.version else ""
            cells = (row.department, row.state, version, row.when, str(row.totals.errors or ""), row.to_do)
            table.add_row(*map(one_line, cells))
        console.print(table)
        console.print(one_line(each.summary))
