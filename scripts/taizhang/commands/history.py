"""``taizhang history``: who changed what in the ledger; the ledger of any day; undo; verification; archives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from taizhang.commands.options import (
    as_of_option,
    carry_out,
    dry_run_option,
    guarded,
    json_option,
    ledger_option,
    open_ledger,
    output_option,
    quiet_option,
    say,
    yes_option,
)
from taizhang.commands.saying import say_json, tell
from taizhang.commands.usage import Subcommands
from taizhang.history.entries import Change, Entry
from taizhang.history.hashed_files import bases_among
from taizhang.history.heads import Head
from taizhang.system.clock import stamp
from taizhang.system.files import command_on, exists
from taizhang.transactions.errors import CannotRun, once_written
from taizhang.transactions.opening import entries_of, entry_of, refuse_missing
from taizhang.transactions.outputs import refuse_odd_name

if TYPE_CHECKING:
    from taizhang.forms.model import Form
    from taizhang.history.undo import Undo


@click.group(cls=Subcommands)
def history() -> None:
    """台账的每次改动：列出、查看、撤销、核对、归档；也能取出某一天的台账。

    \b
    例：taizhang history list
    例：taizhang history show 12
    例：taizhang history undo 12
    """


SHOWN = 20
"""How many entries, the latest, ``list`` shows without --all."""


@history.command("list")
@click.option("--all", "everything", is_flag=True, help=f"全部列出，不只最近 {SHOWN} 次")
@ledger_option
@json_option
@guarded
def list_entries(everything: bool, ledger: Path, as_json_text: bool) -> None:
    """列出最近的改动：记录号、时间、操作人账号、怎么改的、改了几处。"""
    from taizhang.history.change_sheet import command_words
    from taizhang.history.journal import current_head, read_journal, unread_cure, unread_words
    from taizhang.system.files import history_folder

    refuse_missing(ledger)
    journal = read_journal(history_folder(ledger))
    entries = journal.entries
    if as_json_text:
        say_json([_entry_json(number, each) for number, each in entries.items()])
        return
    earlier = 0 if everything else max(0, len(entries) - SHOWN)
    if earlier:
        say(f"前面还有 {earlier} 次，全部列出请加 --all。")
    for number, each in list(entries.items())[earlier:]:
        counted = f"改 {len(each.changes)} 处" if each.changes else "没有改单元格"
        if each.files and not each.changes:
            counted = f"留底 {len(bases_among(each.files)) or len(each.files)} 份"
        if not each.before:
            counted = "第一次登记"
        tell(f"{number}　{each.time.replace('T', ' ')}　{each.user}　{command_words(each.command)}　{counted}")
    if entries:
        say(f"{current_head(history_folder(ledger)).words}。")
    if journal.unread:
        say(f"{unread_words(journal)}，没有列出。{unread_cure(journal)}")
        raise SystemExit(1)


@history.command()
@click.argument("number", metavar="[记录号]", type=int, required=False)
@as_of_option
@output_option("把那时的台账另存为这个文件")
@ledger_option
@json_option
@guarded
def show(number: int | None, as_of: date | None, output: Path | None, ledger: Path, as_json_text: bool) -> None:
    """列出某一次的全部改动；或者用 --as-of 取出某一天的台账。

    \b
    例：taizhang history show 12
    例：taizhang history show --as-of 2022-03-31 -o 三月底台账.xlsx
    """
    from taizhang.history.days import known_entries

    if (number is None) == (as_of is None):
        raise CannotRun(f"请写一个记录号（见 {command_on(ledger, 'history list')}），或者用 --as-of 写一个日子。")
    if as_of:
        known = known_entries(ledger, as_of)
        if not known:
            raise CannotRun(f"{as_of} 那天还没有记录，最早的记录见 {command_on(ledger, 'history list')}。")
        entry = known[-1]
    else:
        entry = entry_of(ledger, number or 0)
    if output:
        _save_state(ledger, entry, output)
        return
    if as_json_text:
        say_json(_entry_json(number or 0, entry))
        return
    if as_of:
        tell(f"{as_of} 那天结束时，台账是 {entry.time.replace('T', ' ')} 改定的那一份。要取出来请加 -o 文件名。")
        return
    _show_entry(ledger, entry)


def _save_state(ledger: Path, entry: Entry, output: Path) -> None:
    """Save the ledger as it was after a step to a new file."""
    from taizhang.history.states import find_state, why_state_is_missing
    from taizhang.system.files import write_atomically

    refuse_odd_name(output, "--output")
    if output.exists():
        raise CannotRun(f"{output} 已经有了，不会覆盖，请换一个文件名。")
    data = find_state(ledger, entry.after)
    if data is None:
        raise CannotRun(why_state_is_missing(ledger, entry.after))
    write_atomically(output, data)
    say(f"已另存为 {output}（{entry.time.replace('T', ' ')} 的台账）。")


def _show_entry(ledger: Path, entry: Entry) -> None:
    """Print every change of a step, what was moved, and the bases that it wrote."""
    from taizhang.history.change_sheet import describe_change
    from taizhang.ledger.own_forms import forms_beside

    forms = forms_beside(ledger)
    for change in entry.changes:
        words = describe_change(change, forms)
        origin = "，".join(filter(None, (change.source, change.note)))
        tell(
            f"{words['register']} {words['row']} {words['column']}："
            f"{words['old'] or '（空）'} → {words['new'] or '（空）'}" + (f"（{origin}）" if origin else "")
        )
    if entry.archived:
        tell(f"{len(entry.archived)} 份往年的台账收进 history/归档/{entry.archive}，没有改台账。")
        return
    moved = _describe_moves(ledger, entry)
    for sentence in moved:
        tell(sentence)
    if entry.files:
        bases = bases_among(entry.files)
        named = "、".join(name.removeprefix("issued/") for name in (bases or [*entry.files])[:5])
        tell(f"记下了 {len(bases) or len(entry.files)} 份留底：{named}" + (" 等" if len(bases) > 5 else "") + "。")
    if not entry.changes and not moved and not entry.files:
        tell("这一次没有改单元格（可能只改了颜色、列宽等样子，或是第一次登记）。")


@history.command()
@click.argument("number", metavar="记录号", type=int)
@ledger_option
@yes_option
@dry_run_option
@json_option
@quiet_option
@guarded
def undo(number: int, ledger: Path, yes: bool, dry_run: bool, as_json_text: bool, quiet: bool) -> None:
    """撤销某一次改动：逐格改回原来的内容；之后又被人改过的格子列出来，不动。

    撤销本身也是一次改动，也可以再撤销。

    \b
    例：taizhang history undo 12 --dry-run
    """
    from taizhang.transactions.undo import apply_undo, plan_undo, refuse_unwritable

    book = open_ledger(ledger, record=not dry_run)
    plan = plan_undo(book, number)
    if not dry_run:
        refuse_unwritable(book, plan)
    _show_undo(plan, book.forms, as_json_text)
    if not plan.edits:
        say("没有可以改回的。", quiet)
    else:
        question, done = f"把 {len(plan.changes)} 处改回去吗？", f"已改回 {len(plan.changes)} 处。"
        carry_out(
            question, lambda: apply_undo(book, number, plan, stamp()), done, yes=yes, dry_run=dry_run, quiet=quiet
        )
    if plan.left:
        raise SystemExit(1)


def _show_undo(plan: Undo, forms: Mapping[str, Form], as_json_text: bool) -> None:
    """Print the cells that are reverted, and those that are left, each with the reason."""
    from taizhang.history.change_sheet import describe_change

    if as_json_text:
        say_json(_undo_json(plan))
        return
    for change in plan.changes:
        words = describe_change(change, forms)
        tell(
            f"改回　{words['register']} {words['row']} {words['column']}："
            f"{words['new'] or '（空）'} → {words['old'] or '（空）'}"
        )
    for each in plan.left:
        words = describe_change(each.change, forms)
        tell(f"不动　{words['register']} {words['row']} {words['column']}：{each.reason}")


@history.command()
@click.argument(
    "paths", metavar="[台账的副本、下发或报来的表]...", nargs=-1, type=click.Path(path_type=Path, readable=False)
)
@click.option(
    "--code", default=None, metavar="校验码", help="以前记下的校验码，例如 8f3a-12cd-77b0：核对那时以前的记录有没有变"
)
@ledger_option
@quiet_option
@guarded
def verify(paths: tuple[Path, ...], code: str | None, ledger: Path, quiet: bool) -> None:
    """核对记录是否完整：有没有被改过、删过，留底和留存的台账还在不在，重放一遍对不对得上，现在的台账是不是最后记下的那一份。

    每次写台账后会显示校验码，请记在本子上：连台账带 history 整个换回旧的，只有它，或以后下发、报来的表能看出来。

    \b
    例：taizhang history verify
    例：taizhang history verify --code 8f3a-12cd-77b0
    例：taizhang history verify 三月底台账.xlsx 报送/2022-03/财务处.xlsx
    """
    from taizhang.history.heads import parse_code
    from taizhang.history.journal import current_head
    from taizhang.history.verify import find_unrecorded, list_unsigned, list_unverified, verify_history
    from taizhang.ledger.own_forms import forms_beside
    from taizhang.system.files import history_folder

    asked = parse_code(code) if code is not None else ""
    if code is not None and not asked:
        raise CannotRun(f"“{code}”不是校验码：校验码是 12 位数字和 a 到 f 的字母，例如 8f3a-12cd-77b0，请核对。")
    if missing := [path for path in paths if not path.is_file()]:
        raise CannotRun(f"找不到 {missing[0]}（要写一个 Excel 文件），请核对。")
    _finish_what_was_broken_off(ledger)
    problems = verify_history(ledger, forms_beside(ledger))
    if not problems:
        open_ledger(ledger)
        problems = find_unrecorded(ledger)
    problems += _compare(ledger, paths, asked, quiet)
    for problem in problems:
        tell(problem)
    if problems:
        raise SystemExit(1)
    unseen = list_unverified(ledger)
    for sentence in unseen:
        tell(sentence)
    say(f"记录完整，共 {len(entries_of(ledger))} 次{'；除上面没有核对的以外，台账都在' if unseen else ''}。", quiet)
    for sentence in list_unsigned(ledger):
        say(sentence, quiet)
    say(_describe_head(current_head(history_folder(ledger))), quiet)
    say(_describe_space(ledger), quiet)


def _finish_what_was_broken_off(ledger: Path) -> None:
    """Finish the work of a killed command first, so that its unfinished traces do not count as tampering.

    Exits with status 1 if there is nothing to verify.
    """
    from taizhang.history.claim import history_of_another
    from taizhang.history.heads import read_note
    from taizhang.history.journal import read_journal
    from taizhang.history.locks import was_broken_off
    from taizhang.history.states import has_last_state
    from taizhang.system.files import history_folder

    refuse_missing(ledger)
    folder = history_folder(ledger)
    journal = read_journal(folder)
    if not journal.lines and read_note(folder) is None:
        tell("history 里还没有这本台账的记录：如果以前用过，可能是 history 文件夹被移走了，请从备份找回。")
        raise SystemExit(1)
    if journal.broken or history_of_another(ledger) or not (was_broken_off(ledger) or not has_last_state(ledger)):
        return
    open_ledger(ledger)
    if was_broken_off(ledger):
        raise CannotRun(
            "另一个命令正在写这本台账，或上次被打断的还没能收尾（原因见上面），没有核对。请等一等再运行一次。"
        )


def _compare(ledger: Path, paths: tuple[Path, ...], code: str, quiet: bool) -> list[str]:
    """Compare the journal with a noted code and with files; print what matches, return the problems."""
    from taizhang.history.verify import verify_code, verify_file
    from taizhang.ledger.own_forms import forms_beside

    problems = []
    if code:
        number, sentence = verify_code(ledger, code)
        problems += [] if number else [sentence]
        say(sentence if number else "", quiet)
    for path in paths:
        wrong, knows = verify_file(ledger, forms_beside(ledger), path)
        problems += wrong
        if not wrong:
            say(f"{path.name} {'和记录相符' if knows else '里没有可以和记录核对的'}。", quiet)
    return problems


@history.command()
@click.option(
    "--year", type=click.IntRange(2015, 2100), default=None, metavar="年份", help="只归档这一年，默认往年都归档"
)
@ledger_option
@yes_option
@dry_run_option
@quiet_option
@guarded
def archive(year: int | None, ledger: Path, yes: bool, dry_run: bool, quiet: bool) -> None:
    """把往年留存的台账收进 history/归档，每年一个压缩包；每月最后一份留在原处，出表、看趋势不受影响。

    压缩包里还是一份份普通的 .xlsx。压缩包可以移到别的盘保存：要看、要撤销那些日子的改动时，放回 history/归档 就行。

    \b
    例：taizhang history archive
    例：taizhang history archive --year 2022
    """
    from taizhang.history.put_away import states_to_archive

    if not entries_of(ledger):
        raise CannotRun("history 里还没有这本台账的记录，没有可以归档的。")
    now = stamp()
    if year is not None and year >= now.year:
        raise CannotRun(f"{year} 年还没有过完，过完再归档；现在可以归档的是 {now.year - 1} 年和以前的。")
    open_ledger(ledger, record=not dry_run)
    years = {each: paths for each, paths in states_to_archive(ledger, now.year).items() if year in (None, each)}
    for each, paths in years.items():
        size = _megabytes(sum(path.stat().st_size for path in paths))
        tell(f"{each} 年：{len(paths)} 份（{size}）归档，每月最后一份留在 history。")
    if not years:
        say("没有可以归档的：往年除每月最后一份以外，都已归档或不在 history 里。", quiet)
    else:
        done = "压缩包可以移到别的盘保存，要用时放回 history/归档。"
        carry_out("归档吗？", lambda: _put_away(ledger, years, quiet), done, yes=yes, dry_run=dry_run, quiet=quiet)
        say(_describe_space(ledger), quiet or dry_run)


def _put_away(ledger: Path, years: Mapping[int, Sequence[Path]], quiet: bool) -> None:
    """Archive the states of each year, and say so year by year."""
    from taizhang.history.put_away import archive_year

    done: list[str] = []
    for each, paths in years.items():
        with once_written(done, "其余年份的归档") if done else nullcontext():
            path, count = archive_year(ledger, each, stamp())
        done.append(f"{each} 年的归档")
        held = sum(map(exists, paths))
        left = f"其中 {held} 份正被占用，还留在原处，关闭它们再归档一次" if held else "原来的已去掉"
        say(f"{each} 年的 {count} 份已收进 history/归档/{path.name}，核对过，{left}。", quiet)


def _describe_head(head: Head) -> str:
    return f"{head.words}。请记在本子上，以后用 history verify --code {head.shown} 核对。"


def _describe_space(ledger: Path) -> str:
    """Return sentences on the disk space of the kept states, what can be archived, and the need for backups."""
    from taizhang.history.put_away import space_of

    space = space_of(ledger, stamp().year)
    past = (
        f"，其中往年的 {space.past_states} 份（{_megabytes(space.past_size)}）可以归档："
        f"{command_on(ledger, 'history archive')}"
    )
    return (
        f"history 里留存 {space.states} 份台账，共 {_megabytes(space.size)}{past if space.past_states else ''}。"
        "请把 history 文件夹连同台账定期备份到另一个盘。"
    )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _describe_moves(ledger: Path, entry: Entry) -> list[str]:
    """Return sentences on what people moved in a step, if the states before and after it are kept."""
    from taizhang.history.diff import describe_moves
    from taizhang.history.entries import Verb
    from taizhang.history.states import find_state, grid_of_state
    from taizhang.ledger.own_forms import forms_beside

    states = [find_state(ledger, digest) for digest in (entry.before, entry.after)]
    if entry.command != Verb.HAND or None in states:
        return []
    forms = forms_beside(ledger)
    old, new = (grid_of_state(ledger, data or b"", forms) for data in states)
    return describe_moves(old, new, forms)


def _entry_json(number: int, entry: Entry) -> dict[str, object]:
    from taizhang.history.entries import as_plain

    return {"number": number, **asdict(entry), "changes": [as_plain(change) for change in entry.changes]}


def _undo_json(plan: Undo) -> dict[str, object]:
    from taizhang.history.entries import as_plain, withhold

    def plain(change: Change) -> dict[str, object]:
        facts = as_plain(change)
        return {**facts, "old": withhold(facts["old"]), "new": withhold(facts["new"])}

    return {
        "undone": [plain(change) for change in plan.changes],
        "left": [{**plain(each.change), "reason": each.reason} for each in plan.left],
    }
