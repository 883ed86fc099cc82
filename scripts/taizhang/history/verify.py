"""Checking that a history is intact: key, signatures, chain and length of the journal, states, bases, replay."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from taizhang.forms.model import Form
from taizhang.history.archives import archives, digits_of, read_archive
from taizhang.history.bases import DamagedBase, bases_of
from taizhang.history.change_sheet import sheet_problems
from taizhang.history.claim import history_of_another
from taizhang.history.diff import replay
from taizhang.history.entries import Change, Entry, withhold
from taizhang.history.grid import Cells, heads_of
from taizhang.history.hashed_files import hash_file, hash_files
from taizhang.history.heads import Head, carried_head, codes_of, head_from, is_in, missing_words, read_note
from taizhang.history.journal import (
    KEY_CHANGED,
    RESTORE,
    Journal,
    read_entries,
    read_journal,
    unread_cure,
    unread_words,
)
from taizhang.history.key import KEY_LOST, id_of, read_key
from taizhang.history.put_away import archive_names
from taizhang.history.states import find_state, grid_of_state, state_files
from taizhang.ledger.layout import ISSUED_FOLDER, RETURNED_FOLDER
from taizhang.system.file_names import as_file_name, file_name
from taizhang.system.files import digest_of, files_below, history_folder, read_file
from taizhang.system.stored import Damaged, is_file
from taizhang.workbook.reader import BROKEN_ZIP, Unreadable, read_workbook

__all__ = ["find_unrecorded", "list_unsigned", "list_unverified", "verify_code", "verify_file", "verify_history"]

MOST_NAMED = 5
"""How many missing or unknown states are listed one by one; beyond that they are summarised."""


def verify_history(ledger: Path, forms: Mapping[str, Form]) -> list[str]:
    """Return the problems of a ledger's history, each with its location; empty if it is intact.

    States in an archive that was moved elsewhere are no problem, nor are unsigned lines of earlier versions: see
    ``list_unverified`` and ``list_unsigned``.
    """
    if another := history_of_another(ledger):
        return [another]
    folder = history_folder(ledger)
    journal = read_journal(folder)
    problems = [*_check_key(ledger, journal), *_check_lines(folder, journal)]
    if problems:
        return problems
    problems += _check_note(folder, journal)
    entries = dict(journal.entries)
    for number, entry in entries.items():
        if number - 1 in entries and entries[number - 1].after != entry.before:
            problems.append(
                f"第 {number} 次不是从第 {number - 1} 次接着改的：中间的记录被删过，请从备份找回 history 文件夹。"
            )
    found, unknown = _find_states(ledger, {entry.after for entry in entries.values()})
    away, archived = _find_absent_archives(ledger, entries), archive_names(entries)
    missing = {
        number: entry.after
        for number, entry in entries.items()
        if entry.after not in found and archived.get(entry.after[:12], "") not in away
    }
    problems += _describe_missing(missing, archived) + unknown
    problems += [*_check_files(folder, journal), *_check_bases(ledger, journal)]
    problems += [*_check_sheet(ledger, forms, journal), *_check_forms(ledger, journal)]
    if entries and not problems:
        problems += _replay(ledger, forms, found)
    return problems


def _check_key(ledger: Path, journal: Journal) -> list[str]:
    """Return why the signatures cannot be checked."""
    try:
        secret = read_key(ledger)
    except Damaged as error:
        return [str(error)]
    if secret is None and journal.last_key:
        return [f"{KEY_LOST}。记录的签名现在没法核对。"]
    if secret and journal.last_key not in ("", id_of(secret)):
        return [f"{KEY_CHANGED}。"]
    return []


def _check_lines(folder: Path, journal: Journal) -> list[str]:
    """Return which journal lines are altered, unsigned, unreadable, or out of place."""
    found, altered = [], []
    with suppress(Damaged):  # reported by _check_key
        altered = journal.altered(secret) if (secret := read_key(folder)) else []
    if altered:
        named = "、".join(map(str, altered[:MOST_NAMED])) + (f" 等 {len(altered)}" if len(altered) > MOST_NAMED else "")
        found.append(f"journal.jsonl 第 {named} 行被改过：和签名对不上。{RESTORE}")
    key = ""
    for number, entry in journal.entries.items():
        if key and not entry.key:
            found.append(
                f"journal.jsonl 第 {number} 行没有签名：签名被去掉，或不是这一版程序写的（没有升级的电脑上，"
                f"旧版程序不签名）。{RESTORE}"
            )
        elif key and entry.key != key and not entry.rekeyed:
            found.append(f"journal.jsonl 第 {number} 行是用另一个 .taizhang-key 签的，不是程序写的。{RESTORE}")
        key = entry.key or key
        if entry.more:
            found.append(
                f"第 {number} 次里有这一版程序不认得的内容（{'、'.join(entry.more)}）：多半是更新的版本记的，"
                "请用那个版本核对；没有装过更新版本的，这一行被改过。"
            )
    line = journal.broken
    if line is not None and not {line, line - 1} & {*altered, *journal.unread}:
        found.append(
            f"journal.jsonl 第 {line} 行与前一行接不上：这一行或前一行被改过、删过，或换过次序，"
            "请从备份找回 history 文件夹。"
        )
    if journal.unread:
        found.append(f"{unread_words(journal)}。{unread_cure(journal)}")
    return found


def _check_note(folder: Path, journal: Journal) -> list[str]:
    """Return a problem if ``.head`` is missing, damaged, or not in the journal."""
    try:
        head = read_note(folder)
    except Damaged as error:
        return [str(error)]
    if head is None and journal.last_key:
        return [
            "history/.head 不见了（它记着记录到第几次），记录末尾有没有被删过现在说不清：请从备份找回它；找不回来的，"
            "用办公室记下的校验码核对（taizhang history verify --code 校验码），下一次写台账会重新生成它。"
        ]
    if head and not is_in(head, codes_of(journal.lines)):
        return [_describe_gap(f"history/.head 里{head.words}", head, journal)]
    return []


def _describe_gap(where: str, head: Head, journal: Journal) -> str:
    return f"{where}，{missing_words(head, len(journal.lines))}，{RESTORE}"


def _check_files(folder: Path, journal: Journal) -> list[str]:
    """Return which bases and other hashed files were altered, removed or added; empty if the journal is unsigned."""
    if not journal.last_key:
        return []
    known, there = journal.files, hash_files(folder)
    there |= {name: hash_file(folder, name) for name in known if name not in there}
    steps = {name: number for number, entry in journal.entries.items() for name in entry.files}
    found = []
    for name, sha256 in sorted({**known, **there}.items()):
        then, now = known.get(name), there.get(name, "")
        if then == now:
            continue
        if not then:
            why = "不是程序写的（记录里没有它）：可能是后来放进去的，请核对后移走"
        elif not sha256:
            why = f"不见了（第 {steps[name]} 次写的），请从备份找回它"
        else:
            why = f"被改过，或换成了别的（不是第 {steps[name]} 次写的那一份），请从备份找回它"
        found.append(f"history/{name} {why}。")
    return found


def _check_bases(ledger: Path, journal: Journal) -> list[str]:
    """Return a problem for each unreadable base, and one for the latest step that only a base knows."""
    codes, later, found = codes_of(journal.lines), {}, []
    for period in sorted({name.split("/")[1] for name in hash_files(history_folder(ledger)) if name.count("/") == 2}):
        damaged: list[DamagedBase] = []
        for base in bases_of(ledger, period, None, damaged):
            head = head_from(base.head)
            if head and not is_in(head, codes):
                later[period, base.department] = head
        found += [each.message for each in damaged]
    if later:
        (period, department), head = max(later.items(), key=lambda each: each[1].number)
        found.append(_describe_gap(f"{period} 期给{department}下发时{head.words}", head, journal))
    return found


def _check_sheet(ledger: Path, forms: Mapping[str, Form], journal: Journal) -> list[str]:
    with suppress(Unreadable):  # reported when the ledger is opened
        return sheet_problems(read_workbook(ledger), forms, journal)
    return []


FORMS_READ = 20
"""How many issued and returned forms are checked, the newest: after a folder was restored they know most of what is
lost."""


def _check_forms(ledger: Path, journal: Journal) -> list[str]:
    """Return a problem for the latest step that a form in 下发 or 报送 knows and the journal lacks."""
    secret = read_key(ledger)
    folders = [ledger.parent / name for name in (ISSUED_FOLDER, RETURNED_FOLDER)]
    files = [path for each in folders if each.is_dir() for path in files_below(each) if is_file(path)]
    files = [path for path in files if path.suffix == ".xlsx" and not path.name.startswith(("~$", "."))]
    later: dict[str, Head] = {}
    for path in sorted(files, key=lambda path: path.stat().st_mtime_ns)[-FORMS_READ:] if secret else ():
        with suppress(Unreadable):  # reported when it is merged
            carried = carried_head(read_workbook(path), secret or b"")
            if carried and (problem := _check_form(ledger, path, *carried, journal)):
                later[problem] = carried[0]
    return [max(later, key=lambda each: later[each].number)] if later else []


def _check_form(ledger: Path, path: Path, head: Head, period: str, journal: Journal) -> str:
    """Return a problem if the journal lacks a step that a form knows, or the form's own issue; else empty."""
    if not is_in(head, codes_of(journal.lines)):
        return _describe_gap(f"{file_name(path)} 下发时{head.words}", head, journal) + _ANEW
    folder = f"issued/{as_file_name(period)}/"
    if any(name.startswith(folder) for name in hash_files(history_folder(ledger))):
        return ""
    return (
        f"{file_name(path)} 是 {period} 期下发的，记录里却没有这一期的下发，留底一份也没有：末尾的记录被删过，"
        "或 history 换回了旧的，"
        f"请从备份找回 history 文件夹。{_ANEW}"
    )


_ANEW = "确实是从头记的，请把以前下发、报来的表移到别处。"


def verify_code(ledger: Path, code: str) -> tuple[int, str]:
    """Return the number of the step with this code (0 if there is none), and a sentence that explains the result."""
    journal = read_journal(history_folder(ledger))
    codes = codes_of(journal.lines)
    shown = Head(1, code).shown
    if code in codes:
        number = codes.index(code) + 1
        return number, f"校验码 {shown} 是第 {number} 次之后的：从第 1 次到第 {number} 次，和记下它的时候一样。"
    return 0, (
        f"校验码 {shown} 在现在的记录里没有（现在共 {len(codes)} 次）：抄错了一位，或记下它以后，记录被改写过、"
        "删过末尾，或整个文件夹换回了旧的。请先核对抄的有没有错，再从备份找回 history 文件夹。"
    )


def verify_file(ledger: Path, forms: Mapping[str, Form], path: Path) -> tuple[list[str], bool]:
    """Return how a copy of the ledger, or a form, contradicts the journal; and whether there is anything to compare.

    Raises Unreadable.
    """
    book, journal = read_workbook(path), read_journal(history_folder(ledger))
    if carried := carried_head(book, read_key(ledger) or b""):
        problem = _check_form(ledger, path, *carried, journal)
        return ([problem] if problem else []), True
    form = next(form for form in forms.values() if form.automatic)
    return sheet_problems(book, forms, journal), form.sheet in book.by_name


def list_unsigned(ledger: Path) -> list[str]:
    """Return sentences on lines of an intact journal that prove nothing by themselves.

    These are unsigned lines, lines signed with a lost key, and a torn line.
    """
    journal = read_journal(history_folder(ledger))
    keys = [entry.key for entry in journal.entries.values()]
    unsigned = sum(not key for key in keys)
    found = []
    if journal.torn:
        found.append(
            f"journal.jsonl 末尾还有半行没有存完整（第 {len(keys)} 次之后，多半是写的时候断了电），不算一次；"
            "下一次写台账会去掉它。"
        )
    if unsigned:
        rest = (
            f"从第 {unsigned + 1} 次起有签名，以后改动前面的也看得出来"
            if unsigned < len(keys)
            else "下一次记录起有签名"
        )
        found.append(
            f"第 1 到 {unsigned} 次没有签名，只核对了前后相接（旧版程序记的都没有；"
            f"是这一版程序记的，就是签名被去掉了）；{rest}。"
        )
    lost = sum(bool(key) and key != journal.last_key for key in keys)
    if lost:
        found.append(
            f"第 {unsigned + 1} 到 {unsigned + lost} 次是用以前的 .taizhang-key 签的，那一个已经不在，"
            "签名没法核对，只核对了前后相接。"
        )
    return found


def list_unverified(ledger: Path) -> list[str]:
    """Return sentences on states that could not be checked because their archive is elsewhere."""
    entries = read_entries(history_folder(ledger))
    away, archived = _find_absent_archives(ledger, entries), archive_names(entries)
    known = {entry.after for entry in entries.values()} if away else set()
    elsewhere = known - _find_states(ledger, known)[0]
    counts = Counter(archive for each in elsewhere if (archive := archived.get(each[:12], "")) in away)
    return [
        f"未核对：{count} 份台账已归档在 {name}，这个文件不在 history/归档 里；要核对请放回去再运行。"
        for name, count in sorted(counts.items())
    ]


def _find_absent_archives(ledger: Path, entries: Mapping[int, Entry]) -> set[str]:
    return set(archive_names(entries).values()) - {path.name for path in archives(ledger)}


def _find_states(ledger: Path, known: set[str]) -> tuple[set[str], list[str]]:
    """Return which of the known states are present unaltered, in history or an archive, and problems of other files."""
    names = {digest[:12] for digest in known}
    found, wrong, strange = set(), [], []
    for where, name, data in _read_states(ledger):
        digits = digits_of(name)
        if digits in names:
            # a state that does not match its name cannot be found by it
            if (digest := digest_of(data))[:12] == digits:
                found.add(digest)
        elif digits:
            strange.append(f"{where}{name}")
        else:
            wrong.append(f"归档文件 {where} 打不开：没有存完整或已损坏，请从备份找回它。")
    return found & known, wrong + _describe_strange(strange)


def _describe_strange(files: list[str]) -> list[str]:
    """Return a sentence naming the files in history that no entry knows; the first few if there are many."""
    if not files:
        return []
    several = f" 等 {len(files)} 份台账" if len(files) > MOST_NAMED else ""
    return [
        f"{'、'.join(files[:MOST_NAMED])}{several} 在 history 里，记录里却没有：记录的末尾可能被删过，"
        "请从备份找回 history 文件夹；"
        "确实是多放进去的，请移走。"
    ]


def _read_states(ledger: Path) -> Iterator[tuple[str, str, bytes]]:
    """Yield archive, name and bytes of each state; an unreadable archive is yielded with an empty name."""
    for path in state_files(ledger):
        yield "", path.name, read_file(path) if is_file(path) else b""
    for path in archives(ledger):
        try:
            yield from ((f"归档/{path.name} 里的 ", name, data) for name, data in read_archive(path))
        except BROKEN_ZIP:
            yield path.name, "", b""


def _describe_missing(missing: Mapping[int, str], archived: Mapping[str, str]) -> list[str]:
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


def find_unrecorded(ledger: Path) -> list[str]:
    """Return a problem if the ledger is not the last recorded state; hand edits have been recorded before."""
    entries = read_entries(history_folder(ledger))
    if entries and entries[max(entries)].after == digest_of(read_file(ledger)):
        return []
    return [
        f"{ledger.name} 现在的内容不在记录里：最后一次记录之后又改过，还没有记下，原因见上面的提示；"
        "解决后请再核对一次。"
    ]


def _replay(ledger: Path, forms: Mapping[str, Form], found: set[str]) -> list[str]:
    """Replay the journal from the first state present; return a problem if the result is not the last state."""
    entries = read_entries(history_folder(ledger))
    numbers = sorted(entries)
    first = next(number for number in numbers if entries[number].after in found)
    replayed = numbers[numbers.index(first) + 1 :]
    cells = _withhold_all(_cells_of(ledger, forms, entries[first].after))
    for number in replayed:
        cells = replay(cells, entries[number].changes, forms)
    last = _withhold_all(_cells_of(ledger, forms, entries[numbers[-1]].after))
    changes = [change for number in replayed for change in entries[number].changes]
    apart = _sheets_once_apart(forms.values(), changes, last)
    if any(cells.get(name) != last.get(name) for name in cells.keys() | last.keys() if name not in apart):
        return ["按记录逐次重放，得不到现在的台账：有改动没有记全，请把 history 文件夹交维护人员看。"]
    return []


def _sheets_once_apart(forms: Iterable[Form], changes: Iterable[Change], cells: Cells) -> set[str]:
    """Return the names, in a grid, of sheets that were people's own before a form that came later had their name.

    Their earlier changes are filed by place, the present ones by code and column: they cannot be replayed.
    """
    own = {change.register for change in changes}
    turned = [form for form in forms if form.later and form.sheet in own and form.name in cells]
    return {name for form in turned for name in (form.name, form.sheet, heads_of(form))}


def _cells_of(ledger: Path, forms: Mapping[str, Form], sha256: str) -> Cells:
    return grid_of_state(ledger, find_state(ledger, sha256) or b"", forms).cells


def _withhold_all(cells: Cells) -> Cells:
    return {
        register: {row: {key: withhold(value) for key, value in each.items()} for row, each in rows.items()}
        for register, rows in cells.items()
    }
