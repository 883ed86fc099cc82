"""Whether a ledger's history is whole: the chain of the journal, the states that were kept, and what replaying gives."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from taizhang.archives import archives, digits_of, states_in
from taizhang.archiving import put_away
from taizhang.differing import replay
from taizhang.files import bytes_of, history_folder
from taizhang.forms import Form
from taizhang.history import kept, kept_states, state_after
from taizhang.journal import Entry, broken_line, read_entries, withheld
from taizhang.locks import history_of_another
from taizhang.states import Cells
from taizhang.workbooks import BROKEN_ZIP

__all__ = ["not_verified", "unrecorded", "verify_history"]

MOST_NAMED = 5
"""Missing states that are named one by one; of more the numbers are gathered."""


def verify_history(ledger: Path, forms: Mapping[str, Form]) -> list[str]:
    """Return what is wrong with a ledger's history, each with where it is; nothing where all is whole.

    What lies in an archive that was moved elsewhere is nothing wrong: see ``not_verified``.
    """
    if another := history_of_another(ledger):
        return [another]
    folder = history_folder(ledger)
    line = broken_line(folder)
    if line is not None:
        return [f"journal.jsonl 第 {line} 行与前一行接不上：这一行或前一行被改过、删过，请从备份找回 history 文件夹。"]
    entries = read_entries(folder)
    problems = []
    for number, entry in entries.items():
        if number - 1 in entries and entries[number - 1].after != entry.before:
            problems.append(
                f"第 {number} 次不是从第 {number - 1} 次接着改的：中间的记录被删过，请从备份找回 history 文件夹。"
            )
    found, unknown = _states_there(ledger, {entry.after for entry in entries.values()})
    away, archived = _archives_away(ledger, entries), put_away(entries)
    missing = {
        number: entry.after
        for number, entry in entries.items()
        if entry.after not in found and archived.get(entry.after[:12], "") not in away
    }
    problems += _missing(missing, archived) + unknown
    if entries and not problems:
        problems += _replayed(ledger, forms, found)
    return problems


def not_verified(ledger: Path) -> list[str]:
    """Return, as sentences, which states could not be looked at because their archive lies elsewhere."""
    entries = read_entries(history_folder(ledger))
    away, archived = _archives_away(ledger, entries), put_away(entries)
    known = {entry.after for entry in entries.values()} if away else set()
    elsewhere = known - _states_there(ledger, known)[0]
    counts = Counter(archive for each in elsewhere if (archive := archived.get(each[:12], "")) in away)
    return [
        f"未核对：{count} 份台账已归档在 {name}，这个文件不在 history/归档 里；要核对请放回去再运行。"
        for name, count in sorted(counts.items())
    ]


def _archives_away(ledger: Path, entries: Mapping[int, Entry]) -> set[str]:
    return set(put_away(entries).values()) - {path.name for path in archives(ledger)}


def _states_there(ledger: Path, known: set[str]) -> tuple[set[str], list[str]]:
    """Return which of the known states are there unaltered, in history or in an archive, and what is wrong with other files."""
    names = {digest[:12] for digest in known}
    found, wrong = set(), []
    for where, name, data in _kept_files(ledger):
        digits = digits_of(name)
        if digits in names:
            found.add(hashlib.sha256(data).hexdigest())
        elif digits:
            wrong.append(f"{where}{name} 在 history 里，记录里却没有：记录的末尾可能被删过，或上次写入被打断。")
        else:
            wrong.append(f"归档文件 {where} 打不开：没有存完整或已损坏，请从备份找回它。")
    return found & known, wrong


def _kept_files(ledger: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield archive, name and bytes of each state; an archive that cannot be read without a name."""
    for path in kept_states(ledger):
        yield "", path.name, bytes_of(path)
    for path in archives(ledger):
        try:
            yield from ((f"归档/{path.name} 里的 ", name, data) for name, data in states_in(path))
        except BROKEN_ZIP:
            yield path.name, "", b""


def _missing(missing: Mapping[int, str], archived: Mapping[str, str]) -> list[str]:
    if len(missing) > MOST_NAMED:
        numbers = "、".join(map(str, [*missing][:MOST_NAMED]))
        return [
            f"第 {numbers} 次等 {len(missing)} 次之后的台账不在 history 里，或者被改过，请从备份找回；"
            "嫌占地方移走的，放回来后用 history archive 归档，以后就认得。"
        ]
    return [
        f"第 {number} 次之后的台账（{digest[:12]}）"
        + (f"归档在 {archived[digest[:12]]}，里面却没有它，" if digest[:12] in archived else "不在 history 里，")
        + "或者被改过，请从备份找回。"
        for number, digest in missing.items()
    ]


def unrecorded(ledger: Path) -> list[str]:
    """Return that a ledger is not the state with which its record ends, where it is not; hand edits are to be recorded before."""
    entries = read_entries(history_folder(ledger))
    if entries and entries[max(entries)].after == hashlib.sha256(bytes_of(ledger)).hexdigest():
        return []
    return [
        f"{ledger.name} 现在的内容不在记录里：最后一次记录之后又改过，还没有记下，原因见上面的提示；解决后请再核对一次。"
    ]


def _replayed(ledger: Path, forms: Mapping[str, Form], found: set[str]) -> list[str]:
    """Replay the journal from the first state that is there and compare with the last one."""
    entries = read_entries(history_folder(ledger))
    numbers = sorted(entries)
    first = next(number for number in numbers if entries[number].after in found)
    cells = _masked(_cells_of(ledger, forms, entries[first].after))
    for number in numbers[numbers.index(first) + 1 :]:
        cells = replay(cells, entries[number].changes, forms)
    if cells != _masked(_cells_of(ledger, forms, entries[numbers[-1]].after)):
        return ["按记录逐次重放，得不到现在的台账：有改动没有记全，请把 history 文件夹交维护人员看。"]
    return []


def _cells_of(ledger: Path, forms: Mapping[str, Form], sha256: str) -> Cells:
    return state_after(ledger, kept(ledger, sha256) or b"", forms).cells


def _masked(cells: Cells) -> Cells:
    return {
        register: {row: {key: withheld(value) for key, value in each.items()} for row, each in rows.items()}
        for register, rows in cells.items()
    }
