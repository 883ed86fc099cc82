"""The history of a ledger: every state kept as an ordinary workbook, every step in the journal, hand edits included.

The state after each step is kept, so that the ledger of any day is a file and needs no reconstruction; the journal says cell by
cell what each step changed, and replaying it gives the same cells.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.archives import archive_folder, archived_state, digits_of
from taizhang.history.change_sheet import command_words
from taizhang.history.diff import differences, in_common
from taizhang.history.journal import (
    Change,
    Entry,
    append_entry,
    line_count,
    read_entries,
    read_journal,
    register_files,
    renew_note,
)
from taizhang.history.kept_files import files_there
from taizhang.history.last_results import with_last_results
from taizhang.history.locks import Holder, claim_history, is_genuine, leftovers, locked, saved_anew, was_broken_off
from taizhang.history.states import State, state_of
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.registers import read_register
from taizhang.system.files import (
    StoreError,
    bytes_of,
    command_on,
    discard,
    flush_folder,
    history_folder,
    in_words,
    put_in_place,
    stage,
    write_atomically,
)
from taizhang.system.stored import is_file
from taizhang.workbook.containers import judge, made_stamp

__all__ = [
    "ARCHIVED", "FIRST", "HAND", "MADE", "RESTORED", "AnotherLedger", "Recorded", "is_kept", "keep", "kept", "kept_states", "known_entries", "lasting_entries",
    "ledger_as_of", "newest_kept", "record", "record_under_lock", "refuse_another", "state_after", "taken_by", "why_not_kept",
    "with_known_results",
]  # fmt: skip

FIRST, HAND, RESTORED = "登记", "手工修改", "恢复"
"""The commands of entries that no command of ours made: first seen, edited by hand, back to an earlier state."""
ARCHIVED = "archive"
"""The command of entries that say which states were put away (``archiving.py``)."""
MADE = "出表"
"""What a command holds the lock for that writes a report or slips: it is no entry."""
FINISHED = "收尾"
"""The command of entries that note which bases a command had written when it was killed."""

LEAST_IN_COMMON, LEAST_WHERE_MADE_ANEW = 0.1, 0.5
"""The share of texts that two states of one ledger have in common at least; more where the file itself was made at another time."""


class AnotherLedger(StoreError):
    """The workbook is not the ledger whose history lies beside it; its text says why and what to do. Nothing was written."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was found when the ledger was compared with its last known state: the entry's number, its command, a sentence."""

    number: int
    command: str
    changes: tuple[Change, ...]
    message: str


def keep(ledger: Path, data: bytes, now: datetime) -> Path:
    """Keep a state of the ledger in history as an ordinary workbook, once; a damaged one is mended. Returns its path."""
    digest = _digest(data)
    path = _home_of(ledger, digest, now)
    if _in_history(ledger, digest) is None:
        write_atomically(path, data)
    return path


def _home_of(ledger: Path, digest: str, now: datetime) -> Path:
    """Return where a state is kept, or is to be."""
    return _path_of(ledger, digest) or history_folder(ledger) / f"{now:%Y%m%d-%H%M%S}_{digest[:12]}.xlsx"


def kept(ledger: Path, sha256: str) -> bytes | None:
    """Return the state with this SHA-256, from an archive too; None where history has lost it or it was altered."""
    return _in_history(ledger, sha256) or archived_state(ledger, sha256)


def is_kept(ledger: Path) -> bool:
    """Whether history has the ledger as it is now, where that is what the record ends with; the next command keeps it otherwise."""
    entries = read_journal(history_folder(ledger)).entries
    last, digest = (entries[max(entries)].after if entries else ""), _digest(bytes_of(ledger))
    return last != digest or kept(ledger, digest) is not None


def why_not_kept(ledger: Path, sha256: str) -> str:
    """Return why a state is not to be had, and what to do: its archive was moved elsewhere, or history has lost it."""
    archive = next((e.archive for e in read_entries(history_folder(ledger)).values() if sha256[:12] in e.archived), "")
    if not archive:
        return "history 里缺那时的台账，请从备份找回 history 文件夹。"
    if (archive_folder(ledger) / archive).exists():
        return f"那时的台账归档在 history/归档/{archive}，这个文件里却没有它或它坏了，请从备份找回 {archive}。"
    return f"那时的台账已归档在 {archive}，history/归档 里现在没有这个文件，请把它放回去再运行。"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _in_history(ledger: Path, sha256: str) -> bytes | None:
    path = _path_of(ledger, sha256)
    data = bytes_of(path) if path and is_file(path) else b""  # whatever else is in the place of a state: it is lost
    return data if _digest(data) == sha256 else None


def _path_of(ledger: Path, sha256: str) -> Path | None:
    folder = history_folder(ledger)
    if not sha256 or not folder.is_dir():
        return None
    # Not by a glob, which finds nothing where the folder may not be read.
    return next((path for path in folder.iterdir() if path.name.endswith(f"_{sha256[:12]}.xlsx")), None)


def kept_states(ledger: Path) -> list[Path]:
    """Return the states that history keeps as files, without those in archives, oldest first."""
    folder = history_folder(ledger)
    found = [path for path in folder.iterdir() if digits_of(path.name)] if folder.is_dir() else []
    return sorted(found, key=lambda path: path.name)


def newest_kept(ledger: Path) -> Path | None:
    """Return the last state that history has kept as a file, whether or not the ledger and the journal can be read."""
    # Two of one second have names in the order of their hashes, which says nothing.
    return max(kept_states(ledger), key=lambda path: (path.name[:15], path.stat().st_mtime_ns), default=None)


def state_after(ledger: Path, data: bytes, forms: Mapping[str, Form]) -> State:
    """Return the cells of a state that was kept."""
    return state_of(read_ledger(ledger, forms, data), forms)


def record(ledger: Path, forms: Mapping[str, Form], now: datetime) -> Recorded | None:
    """Compare the ledger with its last known state and journal what people changed; None where nothing changed.

    Raises StoreError where the history cannot be written, AnotherLedger where it is not this ledger's, and Unreadable where the ledger
    is no workbook.
    """
    with in_words(ledger):
        data = bytes_of(ledger)
        entries = read_entries(history_folder(ledger))
        last = entries[max(entries)] if entries else None
        same = last and last.after == _digest(data) and kept(ledger, last.after)
        anew = saved_anew(ledger)
        if same and not anew and not was_broken_off(ledger):
            return None
    with locked(ledger, HAND) as killed:
        found = record_under_lock(ledger, forms, now, killed)
    if not anew:
        return found
    return replace(found, message=anew + found.message) if found else Recorded(0, "", (), anew)


def record_under_lock(ledger: Path, forms: Mapping[str, Form], now: datetime, killed: Holder | None) -> Recorded | None:
    """Do what ``record`` does, for a caller that holds the lock and knows which holder before was killed at its work."""
    folder, data = history_folder(ledger), bytes_of(ledger)
    digest = _digest(data)
    unfinished = leftovers(ledger)
    entries = read_entries(folder)
    number = line_count(folder) + 1
    last = entries[max(entries)] if entries else None
    for each in (ledger, *unfinished):
        # A write that was killed after its journal entry left its state here, not yet in history.
        if last and kept(ledger, last.after) is None and _digest(bytes_of(each)) == last.after:
            keep(ledger, bytes_of(each), datetime.fromisoformat(last.time))
    told = _broken_off(killed, entries, digest)
    found: Recorded | None = None
    if last is None:
        found = Recorded(number, FIRST, (), told + _lost_history(ledger, data, forms))
    elif last.after != digest:
        found = _compared(ledger, forms, number, last, data, told)
    elif told:
        found = Recorded(0, "", (), told)
    claim_history(ledger)
    left = _left_by(killed, ledger)
    if found and found.number:
        # Staged first: killed at the entry, the state it speaks of lies here, whatever becomes of the ledger meanwhile.
        home = _home_of(ledger, digest, now)
        temporary = None if _in_history(ledger, digest) else stage(home, data)
        moment = _when_saved(ledger, last, now)
        try:
            append_entry(folder, found.command, last.after if last else "", digest, found.changes, moment, files=left)
        except BaseException:
            if temporary and line_count(folder) < number:
                discard(temporary)
            raise
        if temporary:
            try:
                put_in_place(temporary, home)
            except StoreError:
                keep(ledger, data, now)  # once more; where that fails too, the next command finds it staged
                discard(temporary)
        if last is None:
            flush_folder(folder)  # the journal's own name
    else:
        register_files(folder, FINISHED, now, left)
    if killed:
        renew_note(folder)
    for path in unfinished:
        discard(path)
    return found


def _left_by(killed: Holder | None, ledger: Path) -> dict[str, str]:
    """Return the bases that a killed command left otherwise than the journal knows them.

    Only where nothing else was done since, and its note is one that a command signed: what anybody else altered is for ``verify`` to tell.
    """
    folder = history_folder(ledger)
    journal = read_journal(folder)
    if killed is None or not journal.last_key or not is_genuine(killed, ledger):
        return {}
    own = {killed.command, HAND, RESTORED, FIRST}
    if any(entry.command not in own for number, entry in journal.entries.items() if number > killed.lines):
        return {}
    there, known = files_there(folder), {name: sha for name, sha in journal.files.items() if name.endswith(".json")}
    return {name: there.get(name, "") for name in there.keys() | known.keys() if there.get(name, "") != known.get(name)}


def _broken_off(killed: Holder | None, entries: Mapping[int, Entry], digest: str) -> str:
    """Return what became of a command that was killed at its work, empty where none was; ``digest`` is what the ledger is now."""
    if killed is None:
        return ""
    if what := {HAND: "登记手工修改", ARCHIVED: "归档", MADE: "生成报表、督办单"}.get(killed.command):
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


def _lost_history(ledger: Path, data: bytes, forms: Mapping[str, Form]) -> str:
    """Return what to say of a ledger whose own sheet notes changes that history does not know; empty where there are none."""
    form = next(form for form in forms.values() if form.automatic)
    register, _ = read_register(read_ledger(ledger, forms, data).book, form)
    if register is None or not register.records:
        return ""
    return (
        f"台账的〈{form.sheet}〉里有 {len(register.records)} 行改动，history 文件夹却是空的：可能被移走了，请从备份找回。"
        "现在的台账已重新登记。"
    )


def _compared(ledger: Path, forms: Mapping[str, Form], number: int, last: Entry, data: bytes, told: str) -> Recorded:
    before = kept(ledger, last.after)
    if before is None:
        message = (
            f"history 里缺第 {number - 1} 次记录时的台账，这之后的手工修改说不出是哪些格子；现在的台账已重新登记。"
        )
        return Recorded(number, HAND, (), told + message)
    new = state_after(ledger, data, forms)
    old = state_after(ledger, before, forms)
    _refuse_another(ledger, forms, number - 1, last, (before, old), (data, new))
    changes = tuple(differences(old, new, forms))
    if last.before == _digest(data):
        why = "上次写入没有完成" if told else "上次写入没有完成，或有人换回了旧文件"
        message = f"台账是第 {number - 1} 次记录（{command_words(last.command)}）之前的样子：{why}。已记为“恢复”，需要的话请重新运行那条命令。"
        return Recorded(number, RESTORED, changes, message)
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
    return Recorded(number, HAND, changes, told + message)


def _refuse_another(
    ledger: Path,
    forms: Mapping[str, Form],
    number: int,
    last: Entry,
    old: tuple[bytes, State],
    new: tuple[bytes, State],
) -> None:
    """Raise AnotherLedger where a workbook has so little in common with the last state that nobody edited it into this one."""
    made = [made_stamp(judge(data)) for data, _ in (old, new)]
    least = LEAST_WHERE_MADE_ANEW if all(made) and made[0] != made[1] else LEAST_IN_COMMON
    if in_common(old[1], new[1], forms) >= least:
        return
    copy = _path_of(ledger, last.after)
    raise AnotherLedger(
        f"{ledger.name} 和 history 里第 {number} 次记录（{last.time.replace('T', ' ')}）的台账内容大不相同，像是换了另一本，"
        "没有记成手工修改，什么都没有写。放错了文件的，请把原来那本放回来"
        + (f"（history/{copy.name} 就是它最后的样子）" if copy else "")
        + "；是另一本台账的，请把它放到另一个文件夹，一本台账一个文件夹；确实要在这里从头记的，请先把 history 文件夹改名为 history_旧。"
    )


def refuse_another(ledger: Path, forms: Mapping[str, Form]) -> None:
    """Raise AnotherLedger where a workbook is not the ledger whose history lies beside it; writes nothing."""
    entries, data = read_entries(history_folder(ledger)), bytes_of(ledger)
    last = entries[max(entries)] if entries else None
    before = kept(ledger, last.after) if last and last.after != _digest(data) else None
    if last and before is not None:
        old, new = (state_after(ledger, each, forms) for each in (before, data))
        _refuse_another(ledger, forms, max(entries), last, (before, old), (data, new))


def taken_by(ledger: Path) -> str:
    """Return, as a clause, which ledger the folder of a ledger to be made already belongs to; empty where it is free."""
    entries = read_entries(history_folder(ledger))
    if not entries:
        return ""
    last = entries[max(entries)]
    return f"旁边的 history 是一本台账的历史（{len(entries)} 次记录，最后一次 {last.time[:10]}）"


def _when_saved(ledger: Path, last: Entry | None, now: datetime) -> datetime:
    """Return when the ledger was saved, by its file's own time, but not before the last entry and not after now."""
    try:
        moment = min(datetime.fromtimestamp(ledger.stat().st_mtime).replace(microsecond=0), now)
    except (ValueError, OverflowError):  # a time that no calendar has
        moment = now
    return max(moment, datetime.fromisoformat(last.time)) if last else moment


def ledger_as_of(ledger: Path, forms: Mapping[str, Form], day: date) -> Ledger | None:
    """Return the ledger as it was at the end of a day, read from the state kept then; None where nothing is known of that day.

    Raises StoreError where the state should be there and is not.
    """
    entries = known_entries(ledger, day)
    if not entries:
        return None
    data = kept(ledger, entries[-1].after)
    if data is None:
        raise StoreError(f"取不出 {day} 的台账（{entries[-1].after[:12]}）：{why_not_kept(ledger, entries[-1].after)}")
    return with_last_results(read_ledger(ledger, forms, data), forms, entries, partial(kept, ledger))


def with_known_results(book: Ledger, forms: Mapping[str, Form]) -> Ledger:
    """Return a ledger that was read just now, with the last known results of formulas that have none."""
    entries: Sequence[Entry] = ()
    if any(not each.is_error for each in book.unread):
        with suppress(StoreError):
            entries = list(read_entries(history_folder(book.path)).values())
    return with_last_results(book, forms, entries, partial(kept, book.path))


def lasting_entries(ledger: Path) -> Sequence[Entry]:
    """Return the entries without those that came to nothing: killed before the ledger was put in place, or put back at once."""
    entries = list(read_entries(history_folder(ledger)).values())
    after = [each.command for each in entries[1:]] + [""] * bool(entries)
    return [entry for entry, then in zip(entries, after, strict=True) if RESTORED not in (entry.command, then)]


def known_entries(ledger: Path, day: date) -> Sequence[Entry]:
    """Return the entries up to the end of a day, oldest first."""
    entries = read_entries(history_folder(ledger))
    return [entry for entry in entries.values() if entry.time[:10] <= day.isoformat()]
