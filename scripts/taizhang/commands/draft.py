"""``taizhang draft``: a report becomes a ledger, or is added to one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from taizhang.commands.saying import ONLY_PLANNED, tell
from taizhang.forms.register_names import PROOFS, TASKS
from taizhang.ledger.vocabulary import PROPOSED_LINK, STATED_LINK, TaskKind
from taizhang.system.clock import stamp
from taizhang.typed.readings import name_several

if TYPE_CHECKING:
    from taizhang.draft.values import Draft
    from taizhang.transactions.draft import DraftPlan


@click.command()
@click.argument("report", metavar="对照检查材料", type=click.Path(path_type=Path, readable=False))
@ledger_option
@unit_option
@year_option
@as_of_option
@click.option("--explain", is_flag=True, help="列出每一段当作了什么、为什么，不写文件")
@into_option
@source_option
@yes_option
@dry_run_option
@quiet_option
def draft(  # noqa: PLR0913, PLR0917 - one for each option
    report: Path,
    ledger: Path,
    into: Path | None,
    source: str,
    yes: bool,
    unit: str,
    year: int | None,
    as_of: date | None,
    explain: bool,
    dry_run: bool,
    quiet: bool,
) -> None:
    """从对照检查材料（.txt 或 .docx）起草一本新台账。

    读出问题、原因和措施，措施逐条分解成任务，各带原文和段落号。责任部门、时限和标准报告里没有写的，留空待明确。

    读错的段落，在材料旁边放一个“材料名.归类.txt”，一行写一段，例如“第 5 段 措施”，再起草。

    台账已经有了，又来一份报告的，用 --into 加进去，编号接着排。

    \b
    例：taizhang draft 对照检查材料.docx --unit 某市某局 --year 2022
        taizhang draft 巡视整改方案.docx --into 整改台账.xlsx --source 巡视
        taizhang draft 对照检查材料.docx --explain
    """
    if explain:
        _explain(report, ledger=ledger)
    elif into is None:
        _draft_anew(report, source, unit, year, as_of or stamp().date(), ledger=ledger, dry_run=dry_run, quiet=quiet)
    else:
        _draft_into(report, source, unit, year, ledger=into, yes=yes, dry_run=dry_run, quiet=quiet)


def _read(report: Path) -> Draft:
    """Read the report; raises CannotRun if there is none or it cannot be read."""
    from taizhang.transactions.draft import read_report

    refuse_missing(report, "请写对照检查材料的文件名（.docx 或 .txt）。")
    return read_report(report)


@guarded
def _draft_anew(
    report: Path, source: str, unit: str, year: int | None, today: date, *, ledger: Path, dry_run: bool, quiet: bool
) -> None:
    """Make a new ledger from a report."""
    from taizhang.system.files import command_on
    from taizhang.transactions.append import problem_source
    from taizhang.transactions.draft import apply_draft, plan_draft
    from taizhang.transactions.new import refuse_name, refuse_taken

    origin = problem_source(source)
    refuse_name(ledger)
    now = stamp()

    def line(elsewhere: Path) -> str:
        named = ("--unit", unit) if unit else ()
        dated = ("--year", year) if year else ()
        given = ("--source", source) if source else ()
        return "taizhang draft " + as_words(report, *named, *dated, *given, "--ledger", elsewhere)

    found = _read(report)
    refuse_taken(ledger, year or today.year, "起草", now, line)
    plan = plan_draft(report, found, unit, year, origin)
    if not dry_run:
        apply_draft(plan, ledger, now)
    _print_plan(plan)
    _print_facts(plan, unit, year)
    _print_origin(plan, origin)
    listed = "" if plan.settings["部门"] else "在〈参数〉填部门，"
    where = (
        f"已写入 {ledger}。下一步：{listed}在〈整改任务〉定部门、时限和标准，然后 {command_on(ledger, 'validate')}。"
    )
    say(ONLY_PLANNED if dry_run else where, quiet)


@guarded
def _draft_into(
    report: Path, source: str, unit: str, year: int | None, *, ledger: Path, yes: bool, dry_run: bool, quiet: bool
) -> None:
    """Add what a report says to a ledger."""
    from taizhang.system.files import command_on
    from taizhang.transactions.append import problem_source
    from taizhang.transactions.draft import apply_into, plan_draft, plan_into

    origin = problem_source(source)
    found = _read(report)
    book = open_ledger(ledger, record=not dry_run, option="--into")
    refuse_broken(book)
    refuse_other_unit(unit, book)
    plan = plan_draft(report, found, book.settings.unit, year or book.settings.year, origin)
    appended = plan_into(plan, book, report)
    _print_plan(plan)
    _print_origin(plan, origin)
    tell_appended(appended)
    done = f"已写进 {ledger}。下一步：{command_on(ledger, 'validate')}，看还有哪些要明确。"
    question = f"照这样加进 {ledger.name}？"
    carry_out(
        question, lambda: apply_into(appended, book, report, stamp()), done, yes=yes, dry_run=dry_run, quiet=quiet
    )


@guarded
def _explain(source: Path, *, ledger: Path) -> None:
    """Print the outline of a report: what each item was taken for, and by which signs."""
    from taizhang.draft.rulings import ITEM_ROLES, PART_ROLES, rulings_beside
    from taizhang.system.file_names import file_name
    from taizhang.typed.personal import find_personal
    from taizhang.typed.readings import shown

    found = _read(source)
    for each in found.decisions:
        words = shown(each.words) if find_personal(each.words) else each.words
        tell(f"{'　' * each.depth}第 {each.paragraph} 段　{words}　→ {each.role}（{each.reason}）")
    for paragraph, reason in found.unplaced:
        tell(f"第 {paragraph.number} 段　没有归类，{reason}")
    _print_beside(found)
    tell(
        f"当得不对的，在 {file_name(rulings_beside(source))} 里一行写一段，例如“第 5 段 措施”，"
        f"一段是什么，写{'、'.join(ITEM_ROLES)}；一个标题下面全是什么，写{'、'.join(PART_ROLES)}。写好再运行一次。"
    )


def _print_beside(found: Draft) -> None:
    """Print which paragraphs are in no sheet, so that with the others the report is whole."""
    from taizhang.typed.numerals import as_ranges

    if found.beside:
        parts = "；".join(f"{role}第 {as_ranges(numbers)} 段" for role, numbers in found.beside.items())
        tell(f"没有写进台账的还有：{parts}。")


def _print_facts(plan: DraftPlan, unit: str, year: int | None) -> None:
    """Print where the unit and the year come from if the report said them, and who was named for the measures."""
    from taizhang.draft.ledger_rows import departments_in
    from taizhang.typed.numerals import as_ranges
    from taizhang.typed.personal import find_personal

    found = plan.found
    if year is None and found.year:
        said = found.year
        tell(
            f"方案年度：按第 {said.paragraph} 段（{said.where}）写成 {said.value} 年；不对的，删去台账，"
            f"加 --year 重新起草。"
        )
    if not unit and found.unit and not find_personal(found.unit.value):
        tell(f"单位名称：按第 {found.unit.paragraph} 段（{found.unit.where}）写成“{found.unit.value}”，请核对。")
    elif not unit:
        tell("单位名称：材料里没有读到，请在〈参数〉填写，或加 --unit 重新起草。")
    if departments := departments_in(found):
        tell(f"部门：报告原文写了{name_several(departments, 8)}，已写进〈参数〉和〈整改任务〉，请核对。")
    if found.persons:
        tell(
            f"待对应岗位：第 {as_ranges(found.persons)} 段写的责任人是姓名，没有录入；"
            f"请在〈整改任务〉的“牵头领导”写岗位。"
        )


def _print_origin(plan: DraftPlan, given: str) -> None:
    """Print where the 来源 of the problems comes from, unless it was given."""
    from taizhang.draft.ledger_rows import USUAL_ORIGIN

    if given or not plan.found.problems:
        return
    if said := plan.found.origin:
        tell(f"问题来源：按第 {said.paragraph} 段（{said.where}）写成“{said.value}”；不对的，加 --source。")
    else:
        tell(f"问题来源：材料里没有读到，写成“{USUAL_ORIGIN}”；不对的，加 --source。")


def _print_plan(plan: DraftPlan) -> None:
    """Print what was read, and what people must check, delete or decide."""
    from taizhang.typed.readings import quote

    found, rows = plan.found, plan.rows
    counted = sum(task["kind"] != TaskKind.PRINCIPLE for task in rows[TASKS])
    tell(
        f"读到 {len(found.aspects)} 个方面、{len(found.problems)} 个问题、{len(found.causes)} 个原因、"
        f"{len(found.groups)} 组措施 {found.sentences} 句，"
        f"分解成 {len(rows[TASKS])} 项任务（其中原则性 {len(rows[TASKS]) - counted} 项）。"
    )
    for note in (*found.notes, *_note_cut_texts(rows)):
        tell(f"请核对：{note}")
    for reason in dict.fromkeys(reason for _, reason in found.unplaced):
        named = "、".join(f"第 {each.number} 段{quote(each.seen)}" for each, why in found.unplaced if why == reason)
        tell(f"没有归类：{named}，{reason}。")
    if withheld := dict(found.personal):
        where, what = (
            "、".join(map(str, withheld)),
            "、".join(dict.fromkeys(kind for each in withheld.values() for kind in each)),
        )
        tell(f"请先删去：材料第 {where} 段里有{what}，材料和台账里都不能有；涉密内容不得录入。")
    _print_beside(found)
    principles = [task for task in rows[TASKS] if task["kind"] == TaskKind.PRINCIPLE]
    named = sum(bool(task["deadline"]) for task in rows[TASKS])
    owned = sum(bool(task["department"]) for task in rows[TASKS] if task not in principles)
    linked = sum(task["link_basis"] == PROPOSED_LINK for task in rows[TASKS])
    stated = sum(task["link_basis"] == STATED_LINK for task in rows[TASKS])
    owners = f"完成标准都要定；牵头部门原文有写的 {owned} 项" if owned else "牵头部门和完成标准都要定"
    tell(f"待明确：{counted} 项任务的{owners}；时限原文有写的 {named} 项，其余 {counted - named} 项待定。")
    if stated:
        tell(f"对应问题：报告里写明的 {stated} 项，在“对应依据”里标为“原文”。")
    if linked:
        tell(f"对应问题：程序建议了 {linked} 项，在“对应依据”里标为“程序建议”，请逐项核对。")
    _print_proofs(rows)


def _print_proofs(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print how many tasks the ledger can prove by proposal, and which registers for that are not in it yet."""
    from taizhang.forms.load import standard_forms

    proofs = rows[PROOFS]
    proved = len({proof["task"] for proof in proofs})
    if not proved:
        return
    tell(f"核对：程序给 {proved} 项任务建议了用哪张登记表的数来证明，在〈核对〉里标为“程序建议”，请逐项核对。")
    waiting = {form.sheet for form in standard_forms().values() if not form.enabled}
    sheets = dict.fromkeys(proof["register"] for proof in proofs if proof["register"] in waiting)
    if sheets:
        tell(
            f"其中 {len(sheets)} 张登记表还没有启用，要用哪一张就运行 taizhang forms enable 表名："
            f"{'、'.join(sheets)}；启用以前这些核对没有数据。"
        )


def _note_cut_texts(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[str]:
    """Return a note on rows with a text too long for a cell (in UTF-16 units); empty if all fit."""
    from taizhang.typed.text import LONGEST_CELL, fits_cell

    def fits(value: Any) -> bool:
        return not isinstance(value, str) or fits_cell(value)

    cut = [row["code"] for each in rows.values() for row in each if not all(map(fits, row.values()))]
    rule = f"有一格放不下（Excel 一格最多 {LONGEST_CELL} 字），后面的字没有写进台账。请在材料里分成几段，再重新起草。"
    return [f"{name_several(cut, 3, '行')} {rule}"] if cut else []
