"""``taizhang forms``: list the registers and their columns, add one to the ledger, or all that came later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from taizhang.commands.help import terminal_width
from taizhang.commands.options import (
    carry_out,
    dry_run_option,
    guarded,
    json_option,
    ledger_option,
    open_ledger,
    quiet_option,
    refuse_broken,
    say,
    yes_option,
)
from taizhang.commands.saying import say_json, tell
from taizhang.commands.usage import Subcommands
from taizhang.forms.model import Form
from taizhang.system.clock import stamp
from taizhang.system.files import command_on
from taizhang.transactions.errors import CannotRun

if TYPE_CHECKING:
    from taizhang.ledger.model import Ledger
    from taizhang.transactions.update import Update


@click.group(cls=Subcommands, invoke_without_command=True)
@ledger_option
@json_option
@click.pass_context
@guarded
def forms(context: click.Context, ledger: Path, as_json_text: bool) -> None:
    """列出各登记表和它们的列；在台账里启用一张登记表，或补上后来新加的。

    \b
    例：taizhang forms
    例：taizhang forms show 整改任务
    例：taizhang forms enable 群众诉求
    例：taizhang forms update
    """
    from taizhang.forms.grammar import GROUPS
    from taizhang.ledger.own_forms import forms_beside

    if context.invoked_subcommand:
        return
    known = forms_beside(ledger).values()
    if as_json_text:
        say_json([_facts(form) for form in known])
        return
    for group in GROUPS:
        own = [form for form in known if form.group == group]
        if own:
            tell(f"【{group}】")
        for form in own:
            tell(_pad(form.sheet, 18) + _pad(_use(form), 12) + _pad(f"{form.filled_by}填", 16) + form.help)
    tell("看一张表的列：taizhang forms show 表名；在台账里加一张：taizhang forms enable 表名。", err=True)


@forms.command()
@click.argument("name", metavar="登记表")
@ledger_option
@json_option
@guarded
def show(name: str, ledger: Path, as_json_text: bool) -> None:
    """列出一张登记表的列（类型、谁填、选项）、指标、规则和看板。

    \b
    例：taizhang forms show 整改任务
    """
    from taizhang.supervision.indicators import meaning

    form = _form(name, ledger)
    if as_json_text:
        columns = [
            {
                "key": c.key,
                "title": c.title,
                "type": c.type,
                "filled_by": c.filled_by,
                "required": c.required,
                "choices": c.choices,
            }
            for c in form.columns
        ]
        say_json({**_facts(form), "columns": columns})
        return
    tell(
        f"〈{form.sheet}〉（{form.name}）：{form.filled_by}填，编号如 {form.format_code(1)}，{_use(form)}。{form.help}"
    )
    for column in form.columns:
        who = f"{'支部' if form.branch else '部门'}填" if column.by_department else "办公室填"
        must = "，必填" if column.required else ""
        more = f"　选项：{'、'.join(column.choices)}" if column.choices else ""
        tell(f"{column.title}（{column.type.label}，{who}{must}）{column.help}{more}")
    for indicator in form.indicators:
        tell(f"指标 {indicator.title}：{meaning(form, indicator)}")
    for rule in form.rules:
        tell(f"规则 {rule.name}：{rule.title}")
    for board in form.boards:
        tell(f"看板 {board.title}：在《专项一览》里一页")


@forms.command()
@click.argument("names", metavar="登记表...", nargs=-1, required=True)
@ledger_option
@yes_option
@dry_run_option
@quiet_option
@guarded
def enable(names: tuple[str, ...], ledger: Path, yes: bool, dry_run: bool, quiet: bool) -> None:
    """在台账里加上登记表（空表），放在最后；写几张就一次加几张，其他的表一个字节也不动。

    \b
    例：taizhang forms enable 群众诉求
    例：taizhang forms enable 组织生活 谈心谈话 满意度
    """
    from taizhang.transactions.enable import apply_enable, sheet_of

    wanted = {form.name: form for form in (_form(name, ledger) for name in names)}
    book = open_ledger(ledger, record=not dry_run)
    there = {name: sheet for name, form in wanted.items() if (sheet := sheet_of(book, form))}
    absent = [form for name, form in wanted.items() if name not in there]
    if there:
        say(f"台账里已经有{_quoted(there.values())}，没有动。", quiet)
    if not absent:
        return
    sheets = _quoted(form.sheet for form in absent)
    added = f"在 {ledger.name} 最后加{_how_many(absent)}{sheets}"
    say(f"会{added}。", quiet or not dry_run)
    _say_dangling(absent, book, quiet)
    done = f"已加上{sheets}。下一步：在台账里填，然后 {command_on(ledger, 'validate')}。"
    carry_out(f"{added}吗？", lambda: apply_enable(book, absent, stamp()), done, yes=yes, dry_run=dry_run, quiet=quiet)


def _say_dangling(added: Sequence[Form], book: Ledger, quiet: bool) -> None:
    """Say which columns of the added registers refer to a register that the ledger does not have."""
    present = {*book.registers, *(form.name for form in added)}
    for form in added:
        for column in form.columns:
            if column.to and column.to not in present:
                named = f"“{column.title}”写的是〈{book.forms[column.to].sheet}〉的编号"
                say(f"{named}，台账里还没有这张表，编号没法核对；要核对，请把它也加上。", quiet)


def _quoted(sheets: Iterable[str]) -> str:
    return "、".join(f"〈{sheet}〉" for sheet in sheets)


def _how_many(added: Sequence[Form]) -> str:
    return f"{'一' if len(added) == 1 else f' {len(added)} '}张"


@forms.command()
@ledger_option
@yes_option
@dry_run_option
@json_option
@quiet_option
@guarded
def update(ledger: Path, yes: bool, dry_run: bool, as_json_text: bool, quiet: bool) -> None:
    """给用了一段时间的台账补上后来新加的列、登记表和亮灯规则：先列给您看，同意了才加；原有的内容一格不动。

    \b
    例：taizhang forms update --dry-run
    例：taizhang forms update
    """
    from taizhang.transactions.update import apply_update, plan_update

    book = open_ledger(ledger, record=not dry_run)
    refuse_broken(book)
    plan = plan_update(book, stamp())
    _print_update(plan, as_json_text)
    if not plan.additions:
        say("没有要加的。" if plan.left else "没有要加的：新列、新登记表、新规则，这份台账都有了。", quiet)
    else:
        question = f"把这 {len(plan.additions)} 样加进 {ledger.name} 吗？"
        done = f"已加上 {len(plan.additions)} 样。下一步：在台账里填，然后 {command_on(ledger, 'validate')}。"
        carry_out(question, lambda: apply_update(plan, stamp()), done, yes=yes, dry_run=dry_run, quiet=quiet)
    if plan.left:
        raise SystemExit(1)


def _print_update(plan: Update, as_json_text: bool) -> None:
    """Print on stdout what would be added where and what for, and what cannot be added."""
    from taizhang.transactions.update import Kind

    if as_json_text:
        say_json({"additions": [asdict(each) for each in plan.additions], "left": list(plan.left)})
        return
    for each in plan.additions:
        place = "放在最后" if each.kind is Kind.REGISTER else f"放在〈{each.sheet}〉{each.cell}"
        tell("　".join(filter(None, (each.kind, each.title, place, each.help))))
    for sentence in plan.left:
        tell(f"没有加：{sentence}")


def _form(name: str, ledger: Path) -> Form:
    from taizhang.ledger.own_forms import forms_beside
    from taizhang.typed.choices import nearest

    known = forms_beside(ledger).values()
    found = next((each for each in known if name in (each.name, each.sheet)), None)
    if found is None:
        near = nearest(name, [each.sheet for each in known])
        hint = f"是不是 {'、'.join(near)}？" if near else f"现有：{'、'.join(each.sheet for each in known)}。"
        raise CannotRun(f"没有“{name}”这张登记表。{hint}")
    return found


def _use(form: Form) -> str:
    if form.automatic:
        return "程序自动写"
    return "默认启用" if form.enabled else "按需启用"


def _facts(form: Form) -> dict[str, Any]:
    from taizhang.supervision.indicators import meaning

    return {
        "name": form.name,
        "sheet": form.sheet,
        "group": form.group,
        "code": form.code,
        "filled_by": form.filled_by,
        "use": _use(form),
        "columns": len(form.columns),
        "indicators": [
            {"title": each.title, "kind": each.kind, **each.options, "counted": meaning(form, each)}
            for each in form.indicators
        ],
    }


def _pad(text: str, cells: int) -> str:
    """Return a text padded to a width in terminal cells, of which a Chinese character takes two."""
    return text + " " * max(1, cells - terminal_width(text))
