"""``taizhang adopt``: the office's own table becomes a ledger, or is added to one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.making import (
    as_words,
    into_option,
    refuse_other_unit,
    source_option,
    tell_appended,
    unit_option,
    year_option,
)
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
    say,
    yes_option,
)
from taizhang.commands.saying import tell
from taizhang.forms.register_names import CAUSES, CLOSEOUTS, PROBLEMS, TASKS
from taizhang.system.clock import stamp
from taizhang.transactions.errors import CannotRun

if TYPE_CHECKING:
    from taizhang.adopt.heads import Table
    from taizhang.transactions.adopt import Adoption, Request

__all__ = ["adopt"]


@click.command()
@click.argument("table", metavar="原来的表", type=click.Path(path_type=Path, readable=False))
@ledger_option
@into_option
@source_option
@click.option("--sheet", default="", metavar="表名", help="只收这一张表")
@click.option(
    "--mapping",
    type=click.Path(path_type=Path, readable=False),
    default=None,
    help="对照文件，默认用台账旁边的 收编对照.txt",
)
@unit_option
@year_option
@as_of_option
@yes_option
@dry_run_option
@quiet_option
def adopt(  # noqa: PLR0913, PLR0917 - one for each option
    table: Path,
    ledger: Path,
    into: Path | None,
    source: str,
    sheet: str,
    mapping: Path | None,
    unit: str,
    year: int | None,
    as_of: date | None,
    yes: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """把单位原来的整改表收进台账。

    读 .xlsx、.xls、.et、.ods：先列出每个表头按什么收、举几个例子，同意了才写。原来的表不动；收不进的格子逐一说明。

    \b
    例：taizhang adopt 整改台账2025.xlsx --unit 某市某局 --year 2026
    例：taizhang adopt 巡视整改清单.xlsx --into 整改台账.xlsx --source 巡视
    """
    from taizhang.transactions.adopt import Request

    request = Request(table, as_of or stamp().date(), sheet, mapping, unit, year, source)
    work = _adopt_anew if into is None else _adopt_into
    work(request, ledger=into or ledger, yes=yes, dry_run=dry_run, quiet=quiet)


@guarded
def _adopt_anew(request: Request, *, ledger: Path, yes: bool, dry_run: bool, quiet: bool) -> None:
    from taizhang.transactions.adopt import plan_adoption
    from taizhang.transactions.new import refuse_name, refuse_taken

    request = _checked(request)
    refuse_name(ledger)

    def line(elsewhere: Path) -> str:
        named = ("--unit", request.unit) if request.unit else ()
        return "taizhang adopt " + as_words(request.table, *named, "--ledger", elsewhere)

    with _pointing_to_draft(request.table, "--ledger", ledger):
        plan = plan_adoption(request, ledger, None)
    refuse_taken(ledger, request.year or request.today.year, "收编", stamp(), line)
    _show_and_write(plan, ledger, yes=yes, dry_run=dry_run, quiet=quiet)


@guarded
def _adopt_into(request: Request, *, ledger: Path, yes: bool, dry_run: bool, quiet: bool) -> None:
    from taizhang.transactions.adopt import plan_adoption

    request = _checked(request)
    book = open_ledger(ledger, record=not dry_run, option="--into")
    refuse_broken(book)
    refuse_other_unit(request.unit, book)
    with _pointing_to_draft(request.table, "--into", ledger):
        plan = plan_adoption(request, ledger, book)
    _show_and_write(plan, ledger, yes=yes, dry_run=dry_run, quiet=quiet)


@contextmanager
def _pointing_to_draft(table: Path, option: str, ledger: Path) -> Iterator[None]:
    """Raise CannotRun, with the command line of ``draft``, where the file to be adopted is a report."""
    from taizhang.system.files import default_ledger
    from taizhang.workbook.containers import NoTable
    from taizhang.workbook.reader import Unreadable

    try:
        yield
    except Unreadable as error:
        if not isinstance(error.why, NoTable) and table.suffix.lower() != ".txt":
            raise
        named = () if option == "--ledger" and ledger == default_ledger() else (option, ledger)
        raise CannotRun(
            f"{error.workbook}: {error.why.advising('再运行')}",
            "是对照检查材料、整改方案的，请用起草：",
            "taizhang draft " + as_words(table, *named),
        ) from None


def _checked(request: Request) -> Request:
    """Return what is asked for with the 来源 as the form has it; raises CannotRun if a file is not there."""
    from taizhang.transactions.append import problem_source

    table, mapping = request.table, request.mapping
    refuse_missing(table, "请写原来那张表的文件名。")
    if mapping:
        refuse_missing(mapping, "请在 --mapping 写对照文件的文件名。")
    return replace(request, source=problem_source(request.source))


def _show_and_write(plan: Adoption, ledger: Path, *, yes: bool, dry_run: bool, quiet: bool) -> None:
    """Print the plan and, once it is confirmed, write it."""
    from taizhang.adopt.mapping import KEPT_NAME
    from taizhang.system.files import command_on
    from taizhang.transactions.adopt import apply_adoption

    _print_mapping(plan)
    _print_rows(plan)
    if plan.asked:
        say(f"对照不对的，写在 {ledger.parent / KEPT_NAME} 里（或 --mapping 指明的文件），再收一次：", quiet)
        say("[表头]", quiet)
        say("原表的表头 = 台账的列", quiet)
    carry_out(
        f"照这样收进 {ledger.name}？" if plan.asked else "",
        lambda: apply_adoption(plan, ledger, stamp()),
        f"已写入 {ledger}。下一步：{command_on(ledger, 'validate')}，看还有哪些要明确。",
        yes=yes,
        dry_run=dry_run,
        quiet=quiet,
    )


def _print_mapping(plan: Adoption) -> None:
    """Print each table, and the field of each of its columns with examples."""
    from taizhang.adopt.fields import OWN
    from taizhang.workbook.places import a1

    shown: dict[tuple[tuple[str, str], ...], str] = {}
    for table, mapped in plan.mapped:
        sheet = f"〈{table.grid.sheet.name}〉"
        columns = tuple((each.title, each.field.name) for each in mapped)
        same = shown.setdefault(columns, sheet)
        tell(f"{plan.book.name}{sheet}：{_extent(table)}{'' if same == sheet else f'，表头同{same}'}。")
        for each in mapped if same == sheet else ():
            into = "自己的列" if each.field is OWN else each.field.title
            into += f"“{each.status or each.value}”" if each.status or each.value else ""
            example = f"，例：{'、'.join(each.examples)}" if each.examples else ""
            place = a1(*table.grid.origin(table.bottom, each.head.column))
            tell(f"  {place} {each.title} → {into}（{each.basis}）{example}")
    if plan.found.others:
        tell(
            f"没有收的表：{'、'.join(f'〈{name}〉' for name in plan.found.others)}，里面没有找到这样的表头，或没有选。"
        )


def _extent(table: Table) -> str:
    """Return where the heads of a table are, and how far its entries go; of cards and the like how they were read."""
    grid = table.grid
    if grid.laid is None:
        rows = f"第 {table.top} 行" if table.top == table.bottom else f"第 {table.top} 到 {table.bottom} 行"
        return f"表头在{rows}，下面到第 {grid.height} 行"
    count = len({grid.where(row) for row in range(table.bottom + 1, grid.height + 1)})
    return f"{grid.laid.layout}，共 {count} 条"


def _print_rows(plan: Adoption) -> None:
    """Print what the tables come to, what was understood, and which cells are not in the ledger."""
    from taizhang.adopt.account import ranges_of
    from taizhang.workbook.places import named_cells

    rows, adopted = plan.adopted.rows, plan.adopted
    closed = rows[CLOSEOUTS]
    dated = sum(each["committee_date"] is not None for each in closed)
    tell(
        f"收进 {len(rows[PROBLEMS])} 个问题、{len(rows[CAUSES])} 个原因、{len(rows[TASKS])} 项任务，"
        f"{len(adopted.departments)} 个部门、{len(adopted.posts)} 个岗位。"
    )
    if closed:
        tell(
            f"已销号 {len(closed)} 项：〈销号审核〉里写“沿用原台账”和原表的那一格，不补审核手续；"
            f"有销号日期的 {dated} 项，没有的 {len(closed) - dated} 项不计入按期办结率。"
        )
    if plan.appended:
        tell_appended(plan.appended)
    for note in (*plan.guessed, *adopted.notes):
        tell(f"请核对：{note}。")
    if plan.found.unread:
        tell(f"请核对：有的公式没有结果或是错误值，按空着收：{named_cells(plan.found.unread)}。")
    for reason, cells in adopted.left:
        tell(f"没有照收：{ranges_of(cells)} {reason}。")
