"""Writing to the ledger: record hand edits, patch, read back, journal, and replace the file with one rename.

A kill at any moment leaves either the old or the new ledger intact: the new one is flushed beside the old before the
journal announces it, and the rename comes last. If the rename never happened, the next command finds the old ledger
and reports it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from taizhang.history.change_sheet import record_edits
from taizhang.history.claim import history_of_another
from taizhang.history.diff import differences
from taizhang.history.entries import Change
from taizhang.history.grid import grid_of
from taizhang.history.hand_edits import record_under_lock
from taizhang.history.hashed_files import hash_written, note_written
from taizhang.history.journal import append_entry, key_of_record, line_count
from taizhang.history.locks import Holder, find_open_elsewhere, locked
from taizhang.history.states import keep_state
from taizhang.ledger.model import Ledger, read_ledger
from taizhang.ledger.own_forms import forms_beside
from taizhang.splice import AddSheet, Edit, Made, Refused, Uncached, check_patch, patch, sheet_names
from taizhang.system.files import (
    StoreError,
    digest_of,
    discard,
    history_folder,
    put_in_place,
    read_file,
    stage,
    try_to_write,
    write_atomically,
)
from taizhang.workbook.places import named_cells

__all__ = ["require_unchanged", "require_writable", "write_changes", "write_under_lock"]


def write_changes(
    ledger: Path, sha256: str, edits: Sequence[Edit], changes: Sequence[Change], *, command: str, now: datetime
) -> str:
    """Write edits to the ledger if its SHA-256 is still this one; journal every cell that differs afterwards.

    Returns a notice to print beside the result, empty if there is none.

    ``changes`` give the source file and reason of each cell. Cells that they do not name are journalled too, and so
    is a ruling (with its note) that leaves its cell unchanged. Raises StoreError (open elsewhere, changed since,
    cannot be written) or Refused (cannot be done safely); the ledger is then unchanged.
    """
    with locked(ledger, command) as killed:
        return write_under_lock(ledger, sha256, edits, changes, command=command, now=now, killed=killed)


def write_under_lock(
    ledger: Path,
    sha256: str,
    edits: Sequence[Edit],
    changes: Sequence[Change],
    *,
    command: str,
    now: datetime,
    killed: Holder | None,
    files: Mapping[str, str] | None = None,
) -> str:
    """Do what ``write_changes`` does, for a caller that holds the lock and has more to write under it.

    ``files`` maps the names of files that the caller will write in history afterwards to their SHA-256; they are
    journalled with the same entry.
    """
    forms, history = forms_beside(ledger), history_folder(ledger)
    before = require_writable(ledger, sha256)
    record_under_lock(ledger, forms, now, killed)
    made, cells = patch(before, edits)
    old, new = (read_ledger(ledger, forms, data) for data in (before, made))
    found = _add_reasons(differences(grid_of(old, forms), grid_of(new, forms), forms), changes)
    found += [each for each in changes if each.note and each.old == each.new]
    number = line_count(history) + 1
    noted, notice = record_edits(ledger, new.book, forms, found, number, command, now)
    after, more = patch(made, noted)
    _read_back(old, after, [*cells, *more], [*edits, *noted], now)
    _replace(ledger, sha256, after, found, number=number, command=command, now=now, files=files or {})
    return "\n".join(filter(None, (notice, _list_uncached([*cells, *more]))))


def _replace(
    ledger: Path,
    sha256: str,
    after: bytes,
    changes: Sequence[Change],
    *,
    number: int,
    command: str,
    now: datetime,
    files: Mapping[str, str],
) -> None:
    """Stage the new ledger, journal it, put it in place, and keep its state; ``sha256`` is that of the old one."""
    history = history_folder(ledger)
    temporary = stage(ledger, after)
    try:
        own = {**hash_written(history), **files}
        note_written(history, *own)
        append_entry(history, command, sha256, digest_of(after), changes, now, files=own)
    except BaseException:
        # If the entry was written all the same, the next command needs the state that it names.
        if line_count(history) < number:
            discard(temporary)
        raise
    try:
        put_in_place(temporary, ledger)
    finally:
        # With or without the rename, the journal names this state. If it cannot be kept now, the next command does it.
        with contextlib.suppress(StoreError, OSError):
            keep_state(ledger, after, now)
            discard(temporary)


def _list_uncached(made: Sequence[Made]) -> str:
    """Return a sentence listing the formulas that lost their result; empty if there are none."""
    cells = [(each.sheet, each.row, each.column) for each in made if isinstance(each, Uncached)]
    if not cells:
        return ""
    return (
        f"这次写入后，有 {len(cells)} 格公式的结果要重新算：{named_cells(cells)}。"
        "请用 Excel 或 WPS 打开台账保存一次；没有保存以前，出表、督办会说明用的是上次的结果。"
    )


def require_writable(ledger: Path, sha256: str) -> bytes:
    """Return the ledger's bytes if it may be written.

    Raises StoreError if it is open elsewhere, read-only, or changed since it was read with this SHA-256, if its
    journal cannot be continued (``key_of_record``), or if the history is another ledger's.
    """
    if another := history_of_another(ledger):
        raise StoreError(another)
    if opened := find_open_elsewhere(ledger):
        raise StoreError(opened)
    before = require_unchanged(ledger, sha256)
    if not ledger.stat().st_mode & 0o222:
        raise StoreError(f"{ledger.name} 设成了只读，没有写。要写请先去掉它的只读属性。")
    try:
        try_to_write(ledger)
    except PermissionError:  # a rename might still work; and only opening the file shows that it is held
        raise StoreError(
            f"{ledger.name} 现在不能写，没有写：正在别的程序里打开着，请先保存并关闭；"
            "或者您没有改它的权限，请让它的主人或管理员放开。"
        ) from None
    key_of_record(history_folder(ledger))
    return before


def require_unchanged(ledger: Path, sha256: str) -> bytes:
    """Return the ledger's bytes; raises StoreError if they no longer have this SHA-256."""
    data = read_file(ledger)
    if digest_of(data) != sha256:
        raise StoreError(f"{ledger.name} 在读取之后又被改过，请重新运行，免得盖掉刚才的改动。")
    return data


def _add_reasons(found: Sequence[Change], given: Sequence[Change]) -> list[Change]:
    """Return the changes found, each with the source and note that the caller gave for its cell."""
    known = {(each.register, each.code, each.column): each for each in given}
    explained = []
    for each in found:
        reason = known.get((each.register, each.code, each.column))
        explained.append(replace(each, source=reason.source, note=reason.note) if reason else each)
    return explained


def _read_back(old: Ledger, after: bytes, made: Sequence[Made], edits: Sequence[Edit], now: datetime) -> None:
    """Check the result before it replaces the ledger; raises Refused if it is wrong.

    The wrong result is kept in history for inspection.
    """
    added = [sheet for edit in edits if isinstance(edit, AddSheet) for sheet in sheet_names(edit.workbook)]
    try:
        check_patch(old.book.data, after, made, added, old.book)
    except Refused as error:
        path = history_folder(old.path) / f"未采用_{now:%Y%m%d-%H%M%S}.xlsx"
        write_atomically(path, after)
        raise Refused(error.rule, f"{error.message}写坏的那份留在 history/{path.name}，请交维护人员看。") from None
