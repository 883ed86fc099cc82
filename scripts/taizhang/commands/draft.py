"""``taizhang draft``: make a new ledger from a report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from taizhang.commands.making import as_words, refuse_name, refuse_taken, unit_option
from taizhang.commands.options import (
    as_of_option,
    dry_run_option,
    guarded,
    ledger_option,
    quiet_option,
    say,
)
from taizhang.commands.saying import NOTHING_WRITTEN, tell
from taizhang.forms.register_names import PROOFS, TASKS
from taizhang.ledger.vocabulary import TaskKind
from taizhang.system.clock import stamp
from taizhang.transactions.errors import CannotRun

if TYPE_CHECKING:
    from taizhang.transactions.draft import DraftPlan


@click.command()
@click.argument("source", metavar="对照检查材料", type=click.Path(path_type=Path, readable=False))
@ledger_option
@unit_option
@click.option("--year", type=click.IntRange(2015, 2035), default=None, help="方案年度，默认统计日所在年")
@as_of_option
@dry_run_option
@quiet_option
@guarded
def draft(
    source: Path, ledger: Path, unit: str, year: int | None, as_of: datetime | None, dry_run: bool, quiet: bool
) -> None:
    """从对照检查材料（.txt 或 .docx）起草一本新台账。

    读出问题、原因和措施，措施逐条分解成任务，各带原文和段落号。责任部门、时限和标准报告里没有写的，留空待明确。

    \b
    例：taizhang draft 对照检查材料.docx --unit 某市某局 --year 2022
    """
    from taizhang.system.files import command_on
    from taizhang.transactions.draft import apply_draft, plan_draft

    refuse_name(ledger)
    _refuse_no_report(source)
    now = stamp()
    plan_year = year or (as_of or now).year

    def line(elsewhere: Path) -> str:
        named = ("--unit", unit) if unit else ()
        return "taizhang draft " + as_words(source, *named, "--year", plan_year, "--ledger", elsewhere)

    refuse_taken(ledger, plan_year, "起草", line, now)
    plan = plan_draft(source, unit, plan_year)
    if not dry_run:
        apply_draft(plan, ledger, now)
    _print_plan(plan)
    where = (
        f"已写入 {ledger}。下一步：在〈参数〉填部门，在〈整改任务〉定部门、时限和标准，"
        f"然后 {command_on(ledger, 'validate')}。"
    )
    say(NOTHING_WRITTEN if dry_run else where, quiet)


def _refuse_no_report(source: Path) -> None:
    """Raise CannotRun if there is no such report."""
    from taizhang.system.file_names import shown_path

    if source.is_dir() or not source.exists():
        raise CannotRun(
            f"{shown_path(source)} {'是文件夹' if source.is_dir() else '找不到'}，"
            "请写对照检查材料的文件名（.docx 或 .txt）。"
        )


def _print_plan(plan: DraftPlan) -> None:
    """Print what was read, and what people must check, delete or decide."""
    from taizhang.typed.personal import find_personal
    from taizhang.typed.readings import shown

    found, rows = plan.found, plan.rows
    counted = sum(task["kind"] != TaskKind.PRINCIPLE for task in rows[TASKS])
    tell(
        f"读到 {len(found.aspects)} 个方面、{len(found.problems)} 个问题、{len(found.causes)} 个原因、"
        f"{len(found.groups)} 组措施 {found.sentences} 句，"
        f"分解成 {len(rows[TASKS])} 项任务（其中原则性 {len(rows[TASKS]) - counted} 项）。"
    )
    for note in (*found.notes, *_note_cut_texts(rows)):
        tell(f"请核对：{note}")
    for paragraph, reason in found.unplaced:
        seen = shown(paragraph.seen) if find_personal(paragraph.seen) else f"“{paragraph.seen[:20]}…”"
        tell(f"没有归类：第 {paragraph.number} 段{seen}，{reason}。")
    if withheld := dict(found.personal):
        where, what = (
            "、".join(map(str, withheld)),
            "、".join(dict.fromkeys(kind for each in withheld.values() for kind in each)),
        )
        tell(f"请先删去：材料第 {where} 段里有{what}，材料和台账里都不能有；涉密内容不得录入。")
    named = sum(bool(task["deadline"]) for task in rows[TASKS])
    linked = sum(bool(task["problems"]) for task in rows[TASKS])
    tell(
        f"待明确：{counted} 项任务的牵头部门和完成标准都要定；时限原文有写的 {named} 项，"
        f"其余 {counted - named} 项待定。"
    )
    tell(f"对应问题：程序建议了 {linked} 项，在“对应依据”里标为“程序建议”，请逐项核对。")
    _print_proofs(rows)


def _print_proofs(rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print how many tasks the ledger can prove by proposal, and which registers for that are not in it yet."""
    from taizhang.forms.load import standard_forms

    proofs = rows[PROOFS]
    proved = len({proof["task"] for proof in proofs})
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
    named = "、".join(cut[:3]) + (f"等 {len(cut)} 行" if len(cut) > 3 else "")
    rule = f"有一格放不下（Excel 一格最多 {LONGEST_CELL} 字），后面的字没有写进台账。请在材料里分成几段，再重新起草。"
    return [f"{named} {rule}"] if cut else []
