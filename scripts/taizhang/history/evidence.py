"""Evidence files: 佐证/<task code> beside the ledger; what a close-out kept of them, and what changed since.

The files stay where they are and are never copied. Once a close-out is decided, the next command keeps their SHA-256
in ``history/evidence`` (``Kind.EVIDENCE``), one JSON file for each close-out, whose own hash the journal records.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from taizhang.forms.register_names import CLOSEOUTS, TASKS
from taizhang.history.entries import Verb
from taizhang.history.hashed_files import EVIDENCE, hash_written, name_in, note_written
from taizhang.history.journal import RESTORE, key_of_record, register_files
from taizhang.history.locks import locked
from taizhang.ledger.catalogue import Check
from taizhang.ledger.cell_values import read_value
from taizhang.ledger.findings import Finding, Severity
from taizhang.ledger.layout import EVIDENCE_FOLDER
from taizhang.ledger.model import Ledger
from taizhang.ledger.registers import Register
from taizhang.ledger.vocabulary import Status
from taizhang.supervision.closeouts import Closeout, read_closeouts
from taizhang.system.file_names import as_file_name
from taizhang.system.files import exists, files_below, history_folder, open_file, write_atomically
from taizhang.system.refusals import reason_of
from taizhang.system.schema import Kind, add_schema_number
from taizhang.system.stored import Damaged, is_file, stored_json
from taizhang.typed.readings import named
from taizhang.typed.text import as_text
from taizhang.workbook.places import Place

__all__ = ["Kept", "evidence_findings", "keep_evidence", "kept_evidence"]

MOST_NAMED, BLOCK = 3, 1 << 20
NOT_EVIDENCE = ("thumbs.db", "desktop.ini")
"""Files that Windows puts into folders by itself."""

CHECK_AGAIN = "请处理后再核对一次。"
_NAMED = re.compile(rf"{EVIDENCE_FOLDER}[/\\]([^，。；;、\n\r\"”]+)")
_REMARK = re.compile(r"[（(\s]")
_FILE = re.compile(r"\.\w{1,5}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept of a close-out: the files of its task, by name, as they were when it was kept.

    ``files`` holds for each ``sha256``, ``size`` and ``time`` (nanoseconds, last saved); ``more`` the keys that a newer
    version added.
    """

    closeout: str
    task: str
    kept: str
    files: Mapping[str, Mapping[str, Any]]
    more: Mapping[str, Any] = field(default_factory=dict)


def _files_of(ledger: Path, task: str) -> dict[str, Path]:
    """Return the files below a task's folder that are evidence, by name."""
    folder = ledger.parent / EVIDENCE_FOLDER / as_file_name(task)
    if not task or not folder.is_dir():
        return {}
    found = [path for path in files_below(folder) if _is_evidence(path)]
    return {path.relative_to(folder).as_posix(): path for path in sorted(found)}


def _is_evidence(path: Path) -> bool:
    """Whether this is an ordinary file, and not one of Office or Windows itself."""
    own = path.name.startswith(("~$", ".")) or path.name.lower() in NOT_EVIDENCE
    return not own and is_file(path)


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with open_file(path) as file:
        while part := file.read(BLOCK):
            digest.update(part)
    return digest.hexdigest()


def kept_evidence(ledger: Path, closeout: Closeout) -> Kept | None:
    """Return what was kept of a close-out; None if nothing was, or if its code was another task's then.

    Raises Damaged if it cannot be read.
    """
    try:
        kept = stored_json(_path_of(ledger, closeout.code), Kind.EVIDENCE, Kept, RESTORE, more="more")
    except FileNotFoundError:
        return None
    if not all(isinstance(each.get("sha256"), str) for each in kept.files.values()):
        path = _path_of(ledger, closeout.code)
        raise Damaged(path, f"{EVIDENCE}/{path.name} 里的佐证登记认不出来（被改过）。{RESTORE}")
    return kept if (kept.closeout, kept.task) == (closeout.code, closeout.task) else None


def _path_of(ledger: Path, code: str) -> Path:
    return history_folder(ledger) / EVIDENCE / as_file_name(code, ".json")


def keep_evidence(ledger: Ledger, now: datetime) -> str:
    """Keep the evidence of the close-outs decided by now of which nothing was kept; return a sentence, or nothing.

    A close-out without files keeps nothing yet. Raises StoreError if the history cannot be written.
    """
    new = [
        Kept(each.code, each.task, now.isoformat(timespec="seconds"), files)
        for each in _decided(ledger, now.date())
        if not exists(_path_of(ledger.path, each.code)) or _is_of_another(ledger.path, each)
        if (files := _facts_of(ledger.path, each.task))
    ]
    if not new:
        return ""
    folder = history_folder(ledger.path)
    with locked(ledger.path, Verb.EVIDENCE):
        key_of_record(folder)  # refuses a record that cannot be continued, before anything is written
        for kept in new:
            path = _path_of(ledger.path, kept.closeout)
            facts = {key: value for key, value in asdict(kept).items() if key != "more"}
            path.parent.mkdir(exist_ok=True)
            note_written(folder, name_in(folder, path))
            write_atomically(path, json.dumps(add_schema_number(Kind.EVIDENCE, facts), ensure_ascii=False).encode())
        register_files(folder, Verb.EVIDENCE, now, hash_written(folder))
    codes = "、".join(named(kept.closeout) for kept in new[:MOST_NAMED])
    return f"登记了 {codes} {f'等 {len(new)} 次' if len(new) > MOST_NAMED else ''}销号的佐证文件。"


def _is_of_another(ledger: Path, closeout: Closeout) -> bool:
    try:
        return kept_evidence(ledger, closeout) is None
    except Damaged:  # for verify to report; it is not replaced
        return False


def _facts_of(ledger: Path, task: str) -> dict[str, dict[str, Any]]:
    return {
        name: {"sha256": _hash(path), "size": path.stat().st_size, "time": path.stat().st_mtime_ns}
        for name, path in _files_of(ledger, task).items()
    }


def _decided(ledger: Ledger, day: date) -> Iterator[Closeout]:
    """Yield the close-outs with a code that closed their task by a day; of duplicates the first may."""
    rows = ledger.registers[CLOSEOUTS].by_code if CLOSEOUTS in ledger.registers else {}
    for each in read_closeouts(ledger):
        first = each.record.code and rows[each.record.code] is each.record
        if first and any(decision.status and decision.day <= day for decision in each.decisions()):
            yield each


def evidence_findings(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    """Report evidence that changed after the last close-out of its task, and where cells and folders do not agree."""
    yield from _changes(ledger, as_of)
    yield from _missing(ledger)
    yield from _folders(ledger)


def _changes(ledger: Ledger, as_of: date) -> Iterator[Finding]:
    last: dict[str, Closeout] = {}
    for each in _decided(ledger, as_of):
        if each.task not in last or (each.committee_date or date.min) >= (last[each.task].committee_date or date.min):
            last[each.task] = each
    for task, closeout in last.items():
        place = ledger.registers[CLOSEOUTS].place(closeout.record, "evidence")
        try:
            kept = kept_evidence(ledger.path, closeout)
            changed, gone = _compare(ledger.path, kept) if kept else ([], [])
        except OSError as error:
            problem = f"{EVIDENCE_FOLDER}/{task} 打不开：{reason_of(error)}，"
            yield Finding(place, Check.EVIDENCE_CHANGED, problem, Severity.WARNING, cure=CHECK_AGAIN)
            continue
        except Damaged as error:
            yield Finding(place, Check.EVIDENCE_CHANGED, str(error))
            continue
        if kept and (changed or gone):
            what = [f"{_names(changed)}改过" if changed else "", f"{_names(gone)}不在了" if gone else ""]
            problem = (
                f"{named(task)} 销号以后佐证变了（{EVIDENCE_FOLDER}/{task}，{kept.kept[:10]} 登记）："
                f"{'，'.join(filter(None, what))}。"
            )
            cure = "请从备份找回原来的文件；确实要换的，请再走一次销号审核，另起一行。"
            yield Finding(place, Check.EVIDENCE_CHANGED, problem, Severity.WARNING, cure=cure)


def _compare(ledger: Path, kept: Kept) -> tuple[list[str], list[str]]:
    """Return the names of kept files that changed, and of those that are gone.

    A file of the same size and time is not read again.
    """
    there = _files_of(ledger, kept.task)
    gone = [name for name in kept.files if name not in there]
    changed = []
    for name, facts in kept.files.items():
        if name in there:
            found = there[name].stat()
            same = (found.st_size, found.st_mtime_ns) == (facts.get("size"), facts.get("time"))
            if not same and _hash(there[name]) != facts["sha256"]:
                changed.append(name)
    return changed, gone


def _names(names: Iterable[str], unit: str = "个文件") -> str:
    listed = list(names)
    shown = "、".join(named(each) for each in listed[:MOST_NAMED])
    return f"{shown}{f' 等 {len(listed)} {unit}' if len(listed) > MOST_NAMED else ' '}"


def _missing(ledger: Ledger) -> Iterator[Finding]:
    tasks = ledger.registers[TASKS].by_code if TASKS in ledger.registers else {}
    for register in ledger.registers.values():
        for record in register.records if "evidence" in register.columns else ():
            for text in _NAMED.findall(as_text(record.cells.get("evidence"))):
                name = next((each for each in _readings(text) if each.split("/")[0] in tasks or _FILE.search(each)), "")
                if name and not any(_is_there(ledger.path, each) for each in _readings(text)):
                    empty = (ledger.path.parent / EVIDENCE_FOLDER / name).is_dir() and ".." not in name.split("/")
                    what = "是空文件夹" if empty else "不在台账旁边"
                    problem = f"佐证材料写的 {EVIDENCE_FOLDER}/{named(name)} {what}，"
                    cure = f"请把文件放进“{EVIDENCE_FOLDER}”里这件任务的文件夹，或改正这里的名称。"
                    place = register.place(record, "evidence")
                    yield Finding(place, Check.EVIDENCE_FILE_MISSING, problem, Severity.WARNING, cure=cure)


def _readings(text: str) -> tuple[str, ...]:
    """Return the names that a text may mean: its part before a remark in brackets, and all of it."""
    plain = text.replace("\\", "/").strip()
    return tuple(dict.fromkeys((_REMARK.split(plain)[0].strip("/"), plain.strip("/"))))


def _is_there(ledger: Path, name: str) -> bool:
    """Whether a file, or a folder with a file in it, is in 佐证 under this name."""
    parts = name.split("/")
    path = ledger.parent.joinpath(EVIDENCE_FOLDER, *parts)
    return ".." not in parts and (any(map(_is_evidence, files_below(path))) if path.is_dir() else exists(path))


def _folders(ledger: Ledger) -> Iterator[Finding]:
    """Report what lies in 佐证 but in no folder of a task, and folders of finished tasks that hold no file."""
    home = ledger.path.parent / EVIDENCE_FOLDER
    register = ledger.registers.get(TASKS)
    if register is None or not home.is_dir():
        return
    place = Place(ledger.path.name)
    folders = {as_file_name(code): record for code, record in register.by_code.items() if code}
    try:
        strange = sorted(
            path.name
            for path in home.iterdir()
            if path.name not in folders and (not path.name.startswith(".") if path.is_dir() else _is_evidence(path))
        )
        kept = {each.task for each in read_closeouts(ledger) if exists(_path_of(ledger.path, each.code))}
        empty = [code for code in _finished(ledger, register) if code not in kept and _is_empty(ledger.path, code)]
    except OSError as error:
        problem = f"“{EVIDENCE_FOLDER}”打不开：{reason_of(error)}，"
        yield Finding(place, Check.EVIDENCE_FOLDER, problem, Severity.WARNING, cure=CHECK_AGAIN)
        return
    if strange:
        problem = f"“{EVIDENCE_FOLDER}”里的{_names(strange, '项')}不是任务编号的文件夹，里面的不算任何任务的佐证，"
        cure = "请移到任务的文件夹里（用任务编号作名称，如 佐证/RW-001），或改正文件夹的名称。"
        yield Finding(place, Check.EVIDENCE_FOLDER, problem, Severity.WARNING, cure=cure)
    for code in empty:
        problem = f"报了完成，{EVIDENCE_FOLDER}/{named(code)} 却是空文件夹，"
        cure = "请把佐证文件放进去；佐证不存在这里的，请删掉空文件夹。"
        where = register.place(register.by_code[code], "evidence")
        yield Finding(where, Check.EVIDENCE_FOLDER, problem, Severity.WARNING, cure=cure)


def _finished(ledger: Ledger, register: Register) -> Iterator[str]:
    """Yield the codes of the tasks whose status says that they are done."""
    for code, record in register.by_code.items():
        status = read_value(register.form.column("status"), record.cells.get("status"), ledger.settings).value
        if code and status and (Status(status).closed or Status(status) is Status.DONE):
            yield code


def _is_empty(ledger: Path, task: str) -> bool:
    return (ledger.parent / EVIDENCE_FOLDER / as_file_name(task)).is_dir() and not _files_of(ledger, task)
