"""Hand edits of the ledger since the last command: detected, journalled cell by cell, and the new state kept.

Each command does this first. It also finishes what a killed command left half done, and refuses a workbook that is
another ledger.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.change_sheet import command_words
from taizhang.history.claim import claim_history, describe_resaved
from taizhang.history.diff import differences, measure_overlap
from taizhang.history.entries import Change, Entry, Verb
from taizhang.history.grid import Grid
from taizhang.history.hashed_files import hash_files
from taizhang.history.journal import append_entry, line_count, read_entries, read_journal, register_files, renew_note
from taizhang.history.locks import Holder, find_leftovers, is_genuine, locked, was_broken_off
from taizhang.history.states import (
    find_state,
    find_state_file,
    grid_of_state,
    keep_state,
    read_state,
    state_path,
)
from taizhang.ledger.model import read_ledger
from taizhang.ledger.registers import read_register
from taizhang.system.files import (
    StoreError,
    command_on,
    digest_of,
    discard,
    explain_os_errors,
    flush_folder,
    history_folder,
    put_in_place,
    read_file,
    stage,
)
from taizhang.workbook.containers import judge, made_stamp

__all__ = ["AnotherLedger", "Recorded", "describe_existing_history", "record", "record_under_lock", "refuse_another"]


LEAST_IN_COMMON, LEAST_WHERE_MADE_ANEW = 0.1, 0.5
"""The least share of texts that two states of one ledger have in common; the second if the file was created anew."""


class AnotherLedger(StoreError):
    """The workbook is not the ledger whose history lies beside it; nothing was written.

    The text gives reason and cure.
    """


@dataclass(frozen=True, slots=True)
class Recorded:
    """The result of comparing the ledger with its last known state: entry number, command, changes, and a sentence.

    ``number`` is 0 if no entry was written.
    """

    number: int
    command: str
    changes: tuple[Change, ...]
    message: str


def record(ledger: Path, forms: Mapping[str, Form], now: datetime) -> Recorded | None:
    """Compare the ledger with its last known state and journal hand edits; None if nothing changed.

    Raises StoreError if the history cannot be written, AnotherLedger if it belongs to another ledger, and Unreadable
    if the ledger is not a workbook.
    """
    with explain_os_errors(ledger):
        data = read_file(ledger)
        entries = read_entries(history_folder(ledger))
        last = entries[max(entries)] if entries else None
        same = last and last.after == digest_of(data) and find_state(ledger, last.after)
        anew = describe_resaved(ledger)
        if same and not anew and not was_broken_off(ledger):
            return None
    with locked(ledger, Verb.HAND) as killed:
        found = record_under_lock(ledger, forms, now, killed)
    if not anew:
        return found
    return replace(found, message=anew + found.message) if found else Recorded(0, "", (), anew)


def record_under_lock(ledger: Path, forms: Mapping[str, Form], now: datetime, killed: Holder | None) -> Recorded | None:
    """Do what ``record`` does, for a caller that holds the lock; ``killed`` is the previous holder if it was killed."""
    folder, data = history_folder(ledger), read_file(ledger)
    digest = digest_of(data)
    unfinished = find_leftovers(ledger)
    entries = read_entries(folder)
    number = line_count(folder) + 1
    last = entries[max(entries)] if entries else None
    for each in (ledger, *unfinished):
        # A write that was killed after its journal entry left its state here, not yet in history.
        if last and find_state(ledger, last.after) is None and digest_of(read_file(each)) == last.after:
            keep_state(ledger, read_file(each), datetime.fromisoformat(last.time))
    interruption = _describe_killed(killed, entries, digest)
    found: Recorded | None = None
    if last is None:
        found = Recorded(number, Verb.FIRST, (), interruption + _describe_lost_history(ledger, data, forms))
    elif last.after != digest:
        found = _compare(ledger, forms, number, last, data, interruption)
    elif interruption:
        found = Recorded(0, "", (), interruption)
    claim_history(ledger)
    left = _find_bases_left(killed, ledger)
    if found and found.number:
        _journal_state(ledger, data, found, last, now, left)
    else:
        register_files(folder, Verb.FINISHED, now, left)
    if killed:
        renew_note(folder)
    for path in unfinished:
        discard(path)
    return found


def _journal_state(
    ledger: Path, data: bytes, found: Recorded, last: Entry | None, now: datetime, files: Mapping[str, str]
) -> None:
    """Append the entry of what was found, and keep the ledger's state; ``last`` is the entry before, if any."""
    folder, digest = history_folder(ledger), digest_of(data)
    # Staged first: after a kill during the entry, its state is here, even if the ledger has changed since.
    home = state_path(ledger, digest, now)
    temporary = None if read_state(ledger, digest) else stage(home, data)
    moment = _when_saved(ledger, last, now)
    try:
        append_entry(folder, found.command, last.after if last else "", digest, found.changes, moment, files=files)
    except BaseException:
        if temporary and line_count(folder) < found.number:
            discard(temporary)
        raise
    if temporary:
        try:
            put_in_place(temporary, home)
        except StoreError:
            keep_state(ledger, data, now)  # retried; if that fails too, the next command finds it staged
            discard(temporary)
    if last is None:
        flush_folder(folder)  # the journal's own name


def _find_bases_left(killed: Holder | None, ledger: Path) -> dict[str, str]:
    """Return the bases in which a killed command left a change that the journal does not know.

    Empty if anything else was done since, or if the command's note is not signed: changes by anybody else are for
    ``verify`` to report.
    """
    folder = history_folder(ledger)
    journal = read_journal(folder)
    if killed is None or not journal.last_key or not is_genuine(killed, ledger):
        return {}
    own = {killed.command, Verb.HAND, Verb.RESTORED, Verb.FIRST}
    if any(entry.command not in own for number, entry in journal.entries.items() if number > killed.lines):
        return {}
    there, known = hash_files(folder), {name: sha for name, sha in journal.files.items() if name.endswith(".json")}
    return {name: there.get(name, "") for name in there.keys() | known.keys() if there.get(name, "") != known.get(name)}


def _describe_killed(killed: Holder | None, entries: Mapping[int, Entry], digest: str) -> str:
    """Return a sentence on what a killed command achieved, empty if none was killed.

    ``digest`` is the ledger's present SHA-256.
    """
    if killed is None:
        return ""
    works = {Verb.HAND.value: "登记手工修改", Verb.ARCHIVED.value: "归档", Verb.MADE.value: "生成报表、督办单"}
    if what := works.get(killed.command):
        return f"上次{what}（{killed.time} 开始）时被打断，台账没有动过。"
    who = f"上次的“{command_words(killed.command)}”（{killed.time} 开始）"
    written = [entry for number, entry in entries.items() if number > killed.lines and entry.command == killed.command]
    if not written:
        return f"{who}没有做完就被打断，没有写进台账，台账还是原来的内容，需要的话请重新运行。"
    if all(entry.before == entry.after for entry in written):
        return f"{who}在收尾时被打断，台账没有要改的，还是原来的内容。"
    if written[-1].after == digest:
        return f"{who}在收尾时被打断，台账已经是写好的新内容。"
    return f"{who}在收尾时被打断，请核对它的改动在不在台账里。"


def _describe_lost_history(ledger: Path, data: bytes, forms: Mapping[str, Form]) -> str:
    """Return a sentence if 〈变更记录〉 has rows although the history is empty; else empty."""
    form = next(form for form in forms.values() if form.automatic)
    register, _ = read_register(read_ledger(ledger, forms, data).book, form)
    if register is None or not register.records:
        return ""
    return (
        f"台账的〈{form.sheet}〉里有 {len(register.records)} 行改动，history 文件夹却是空的：可能被移走了，"
        "请从备份找回。"
        "现在的台账已重新登记。"
    )


def _compare(
    ledger: Path, forms: Mapping[str, Form], number: int, last: Entry, data: bytes, interruption: str
) -> Recorded:
    before = find_state(ledger, last.after)
    if before is None:
        message = (
            f"history 里缺第 {number - 1} 次记录时的台账，这之后的手工修改说不出是哪些格子；现在的台账已重新登记。"
        )
        return Recorded(number, Verb.HAND, (), interruption + message)
    new = grid_of_state(ledger, data, forms)
    old = grid_of_state(ledger, before, forms)
    _refuse_if_unlike(ledger, forms, number - 1, last, (before, old), (data, new))
    changes = tuple(differences(old, new, forms))
    if last.before == digest_of(data):
        why = "上次写入没有完成" if interruption else "上次写入没有完成，或有人换回了旧文件"
        message = (
            f"台账是第 {number - 1} 次记录（{command_words(last.command)}）之前的样子：{why}。"
            "已记为“恢复”，需要的话请重新运行那条命令。"
        )
        return Recorded(number, Verb.RESTORED, changes, message)
    sheets = {block.sheet for block in new.blocks.values()}
    unread = [
        name for name in forms if name in old.blocks.keys() - new.blocks.keys() and old.blocks[name].sheet in sheets
    ]
    removed = [
        each.code
        for each in changes
        if each.new is None
        and each.register in forms.keys() - unread
        and each.column == forms[each.register].code_column.key
    ]
    shown = command_on(ledger, f"history show {number}")
    message = f"台账有 {len(changes)} 处手工修改，已记下（{shown}）。" if changes else ""
    if removed:
        rows = "、".join(removed[:5]) + (f" 等 {len(removed)} 行" if len(removed) > 5 else "")
        message += f"其中手工删去了 {rows}，程序不会自动补回来。"
    for name in unread:
        message += f"〈{old.blocks[name].sheet}〉的表头改得认不出是登记表了，这次按格子的位置登记；请恢复它的表头。"
    return Recorded(number, Verb.HAND, changes, interruption + message)


def _refuse_if_unlike(
    ledger: Path,
    forms: Mapping[str, Form],
    number: int,
    last: Entry,
    old: tuple[bytes, Grid],
    new: tuple[bytes, Grid],
) -> None:
    """Raise AnotherLedger if a workbook has too little in common with the last state to be an edit of it."""
    made = [made_stamp(judge(data)) for data, _ in (old, new)]
    least = LEAST_WHERE_MADE_ANEW if all(made) and made[0] != made[1] else LEAST_IN_COMMON
    if measure_overlap(old[1], new[1], forms) >= least:
        return
    copy = find_state_file(ledger, last.after)
    raise AnotherLedger(
        f"{ledger.name} 和 history 里第 {number} 次记录（{last.time.replace('T', ' ')}）的台账内容大不相同，"
        "像是换了另一本，"
        "没有记成手工修改，什么都没有写。放错了文件的，请把原来那本放回来"
        + (f"（history/{copy.name} 就是它最后的样子）" if copy else "")
        + "；是另一本台账的，请把它放到另一个文件夹，一本台账一个文件夹；"
        "确实要在这里从头记的，请先把 history 文件夹改名为 history_旧。"
    )


def refuse_another(ledger: Path, forms: Mapping[str, Form]) -> None:
    """Raise AnotherLedger if a workbook is not the ledger whose history lies beside it; writes nothing."""
    entries, data = read_entries(history_folder(ledger)), read_file(ledger)
    last = entries[max(entries)] if entries else None
    before = find_state(ledger, last.after) if last and last.after != digest_of(data) else None
    if last and before is not None:
        old, new = (grid_of_state(ledger, each, forms) for each in (before, data))
        _refuse_if_unlike(ledger, forms, max(entries), last, (before, old), (data, new))


def describe_existing_history(ledger: Path) -> str:
    """Return a clause if the folder for a new ledger already has a ledger's history; empty if it is free."""
    entries = read_entries(history_folder(ledger))
    if not entries:
        return ""
    last = entries[max(entries)]
    return f"旁边的 history 是一本台账的历史（{len(entries)} 次记录，最后一次 {last.time[:10]}）"


def _when_saved(ledger: Path, last: Entry | None, now: datetime) -> datetime:
    """Return when the ledger was saved: its file's mtime, but not before the last entry and not after now."""
    try:
        moment = min(datetime.fromtimestamp(ledger.stat().st_mtime).replace(microsecond=0), now)
    except (ValueError, OverflowError):  # an mtime outside the calendar
        moment = now
    return max(moment, datetime.fromisoformat(last.time)) if last else moment
