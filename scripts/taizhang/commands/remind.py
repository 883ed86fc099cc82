"""``taizhang remind``: slips (督办单) for departments with late, lagging or due tasks, or statements (对账单)."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

import click

from taizhang.commands.options import (
    DateType,
    as_of_option,
    confirm,
    dry_run_option,
    guarded,
    json_option,
    ledger_option,
    open_ledger,
    output_option,
    quiet_option,
    refuse_broken,
    say,
    say_unread,
    yes_option,
)
from taizhang.commands.printing import pdf_paths, print_pdf, say_set_aside
from taizhang.commands.saying import ONLY_PLANNED, say_json, tell
from taizhang.ledger.layout import SLIPS_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.papers.slips import GRADES, REPLY_WORKDAYS, Slip
from taizhang.system.clock import stamp
from taizhang.system.files import refuse_held
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.outputs import output_path, write_aside
from taizhang.typed.workdays import UnknownYear


@click.command()
@ledger_option
@as_of_option
@click.option("--reply-by", type=DateType(), default=None, help="要求反馈的日期，默认统计日之后第 5 个工作日")
@click.option("--statement", is_flag=True, help="改出对账单：列出台账所载的全部任务，请部门核对签字")
@output_option("写到哪个文件，默认台账旁边的“督办”文件夹")
@click.option("--pdf", is_flag=True, help="同时生成 PDF（要装有 LibreOffice）")
@yes_option
@dry_run_option
@json_option
@quiet_option
@guarded
def remind(
    ledger: Path,
    as_of: date | None,
    reply_by: date | None,
    statement: bool,
    output: Path | None,
    pdf: bool,
    **wishes: bool,
) -> None:
    """给有逾期、亮灯或临近时限任务、登记表里有到期没办事项的部门各出一张督办单，放在台账旁边的“督办”文件夹。

    红＝逾期或严重滞后，黄＝未达序时、未填报或欠账，蓝＝临近时限提醒，按最重的一项定。单号登记在台账的〈督办单〉里：同一部门、
    同一月份、同样的事项只编一个号，用过的号不再用。

    \b
    例：taizhang remind --as-of 2022-06-30 --dry-run
    例：taizhang remind --statement
    """
    asked = _Flags(**wishes)
    book = open_ledger(ledger, record=not asked.dry_run)
    refuse_broken(book)
    unread = say_unread(book)
    day = as_of or stamp().date()
    if reply_by and reply_by < day:
        raise CannotRun(f"反馈日期 {reply_by} 早于统计日 {day}，请改正 --reply-by。")
    name = "对账单" if statement else "督办单"
    path = output_path(output, ledger.parent / SLIPS_FOLDER / f"{name}_{day:%Y-%m}.xlsx", ledger)
    refuse_held([] if asked.dry_run else [path, *(pdf_paths(path, phone=False) if pdf else ())])
    try:
        data = (_make_statements if statement else _make_slips)(book, day, reply_by, asked)
    except UnknownYear as error:
        raise CannotRun(f"{error}也可以用 --reply-by 直接写明反馈日期。") from None
    if not statement:
        _say_of_reviewers(book, day, asked.quiet)
    if data is not None:
        with contextlib.nullcontext() if statement else once_written(["台账里的单号"], "督办单"):
            aside = write_aside(path, data, ledger)
        _publish(path, data, aside, ledger, pdf=pdf, quiet=asked.quiet)
    if _say_unowned(book, day, statement) or unread:
        raise SystemExit(1)


def _publish(path: Path, data: bytes, aside: Path | None, ledger: Path, *, pdf: bool, quiet: bool) -> None:
    """Print that the workbook was written and where the earlier one went (``aside``); make its PDF if asked for."""
    say_set_aside(path, aside, quiet)
    say(f"已生成 {path}", quiet)
    if pdf:
        print_pdf(data, path.with_suffix(".pdf"), None, ledger, quiet=quiet)


def _say_unowned(book: Ledger, day: date, statement: bool) -> bool:
    """Print the tasks on no sheet because nobody leads them; return whether there are any."""
    from taizhang.papers.slips import plan_slips
    from taizhang.papers.statements import plan_statements

    unowned = (plan_statements if statement else plan_slips)(book, day)[1]
    if unowned:
        codes = "、".join(task.code for task in unowned)
        say(
            f"{len(unowned)} 项没有牵头部门（空着，或不在〈参数〉里），没有列进任何一张单：{codes}。"
            "请在〈整改任务〉补上。"
        )
    return bool(unowned)


def _say_of_reviewers(book: Ledger, day: date, quiet: bool) -> None:
    """Print how many tasks have a light that is not their department's, so that no slip names it."""
    from taizhang.supervision.tasks import read_tasks

    lit = [task for task in read_tasks(book, day) if task.counted and task.light.warns]
    if number := sum(task.trigger.of_reviewers for task in lit):
        say(f"{number} 项亮灯是复核、审核超期，不归部门办，没有列进督办单，请看 taizhang todo。", quiet)


@dataclass(frozen=True, slots=True)
class _Flags:
    yes: bool
    dry_run: bool
    as_json_text: bool
    quiet: bool


def _make_slips(book: Ledger, day: date, reply_by: date | None, wishes: _Flags) -> bytes | None:
    """Plan and show the slips and register their numbers; return the workbook, or None if there is nothing to write."""
    from taizhang.papers.slips_sheet import slips_workbook
    from taizhang.transactions.remind import apply_reminders, plan_reminders

    plan = plan_reminders(book, day, reply_by)
    if plan.no_register and not wishes.dry_run and plan.slips:
        raise CannotRun(plan.no_register)
    _print_slips(plan.slips, wishes.as_json_text)
    if not plan.slips:
        say("没有逾期、亮灯或临近时限的任务，登记表也没有到期没办的，不用督办。", wishes.quiet)
        return None
    counts = "、".join(f"{grade.word} {n} 份" for grade in GRADES if (n := sum(s.grade is grade for s in plan.slips)))
    say(f"共 {len(plan.slips)} 份督办单：{counts}。", wishes.quiet)
    if wishes.dry_run:
        say(plan.no_register)
        say(ONLY_PLANNED, wishes.quiet)
        return None
    if plan.edits:
        confirm(f"在 {book.path.name} 的〈督办单〉里{plan.what}，并生成督办单吗？", wishes.yes)
        notice = apply_reminders(plan, stamp())
        say(f"已在台账的〈督办单〉里{plan.what}。", wishes.quiet)
        say(notice)
    return slips_workbook(plan.slips, book.settings, datetime.combine(day, time()))


def _make_statements(book: Ledger, day: date, reply_by: date | None, wishes: _Flags) -> bytes | None:
    """Print the control counts; return the workbook of statements. The ledger is not written."""
    from taizhang.papers.statements import plan_statements
    from taizhang.papers.statements_sheet import control_line, statements_workbook, unsaid_words

    statements = plan_statements(book, day)[0]
    if wishes.as_json_text:
        rows = [
            {
                "department": each.department,
                "rows": len(each.tasks),
                "counted": len(each.counted),
                "closed": each.closed,
                "overdue": each.overdue,
                "evidenced": each.evidenced,
                "statuses": dict(each.statuses),
                "unsaid": list(each.unsaid),
            }
            for each in statements
        ]
        say_json({"statements": rows})
    else:
        for each in statements:
            tell(f"{each.department}：{control_line(each)}")
            if each.unsaid:
                tell(f"{each.department}：{unsaid_words(each)}。")
    if not statements:
        say("没有哪个部门有牵头的任务，不用对账。", wishes.quiet)
        return None
    if wishes.dry_run:
        say(ONLY_PLANNED, wishes.quiet)
        return None
    due = reply_by or book.settings.workdays.add(day, REPLY_WORKDAYS)
    return statements_workbook(statements, book.settings, due, datetime.combine(day, time()))


def _print_slips(slips: Sequence[Slip], as_json_text: bool) -> None:
    """Print one line per slip, or JSON, on stdout."""
    if as_json_text:
        rows = [
            {
                "department": slip.department,
                "branch": slip.branch,
                "period": slip.period,
                "grade": slip.grade.word,
                "number": slip.number or None,
                "new": slip.new,
                "issued": slip.issued.isoformat() if slip.issued else None,
                "reply_by": slip.reply_by.isoformat() if slip.reply_by else None,
                "items": [{"task": item.task.code, "grade": item.grade.word, "why": item.why} for item in slip.items],
                "due": [
                    {
                        "register": each.register.form.name,
                        "row": each.row.code if each.row else None,
                        "what": each.what,
                        "due": each.due.isoformat(),
                        "days_late": each.late,
                    }
                    for each in slip.due
                ],
            }
            for slip in slips
        ]
        say_json({"slips": rows})
        return
    for slip in slips:
        number = f"{slip.number}，{'新编' if slip.new else '已编'}" if slip.number else "未编号"
        items = "、".join(f"{item.task.code} {item.why}" for item in slip.items)
        tasks = [f"{len(slip.items)} 项：{items}"] if slip.items else []
        sheets = Counter(each.register.sheet.name for each in slip.due)
        due = "、".join(f"〈{sheet}〉{count} 项" for sheet, count in sheets.items())
        tasks += [f"登记表超期 {len(slip.due)} 项：{due}"] if due else []
        tell(f"{slip.addressee}（{slip.grade.mark}）：{number}；{'；'.join(tasks)}")
