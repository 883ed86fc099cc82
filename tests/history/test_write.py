"""Writing the ledger file: atomic, never over someone else's change, every write kept and chained."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import datetime
from pathlib import Path

import filelock
import pytest
from support.sheets import book
from taizhang.history.entries import Change
from taizhang.history.journal import append_entry, read_entries, read_journal
from taizhang.history.locks import locked
from taizhang.history.states import keep_state
from taizhang.history.write import write_changes
from taizhang.splice import Refused, SetCell, patch
from taizhang.system.files import StoreError, history_folder, write_atomically
from taizhang.workbook.reader import Unreadable, read_workbook

NOW = datetime(2022, 3, 31, 9, 30)
LEDGER = """
# 整改任务
| 任务编号 | 状态 |
| RW-001 | 推进中 |
"""


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "整改台账.xlsx"
    path.write_bytes(book(LEDGER))
    return path


def change(ledger: Path, new: str, digest: str | None = None, now: datetime = NOW) -> None:
    """Write a new status into B2, as the merge does."""
    write_changes(
        ledger,
        digest or sha256(ledger.read_bytes()),
        [SetCell("整改任务", 2, 2, new)],
        [Change("tasks", "RW-001", "status", "推进中", new, "财务处.xlsx")],
        command="merge",
        now=now,
    )


def status(path: Path) -> str:
    return read_workbook(path).sheets[0].value(2, 2)


def files(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_change_is_written_kept_and_journalled(ledger: Path) -> None:
    before = ledger.read_bytes()
    change(ledger, "已完成")
    folder = history_folder(ledger)
    assert status(ledger) == "已完成"
    assert (folder / f"20220331-093000_{sha256(before)[:12]}.xlsx").read_bytes() == before
    first, entry = read_entries(folder).values()
    assert (first.command, first.before, first.after, first.previous) == ("登记", "", sha256(before), "")
    assert (entry.command, entry.time) == ("merge", "2022-03-31T09:30:00")
    assert (entry.before, entry.after) == (sha256(before), sha256(ledger.read_bytes()))
    assert entry.changes == (Change("tasks", "RW-001", "status", "推进中", "已完成", "财务处.xlsx"),)
    assert files(ledger.parent) == {"整改台账.xlsx", "history", ".taizhang-key"}


def test_a_ledger_changed_since_it_was_read_is_not_overwritten(ledger: Path) -> None:
    read = sha256(ledger.read_bytes())
    ledger.write_bytes(book(LEDGER.replace("推进中", "别人改的")))
    with pytest.raises(StoreError, match="又被改过"):
        change(ledger, "已完成", read)
    assert status(ledger) == "别人改的"
    assert read_entries(history_folder(ledger)) == {}


@pytest.mark.parametrize("marker", ["~$整改台账.xlsx", ".~整改台账.xlsx", ".~lock.整改台账.xlsx#"])
def test_a_ledger_open_elsewhere_is_not_written(ledger: Path, marker: str) -> None:
    before = ledger.read_bytes()
    (ledger.parent / marker).write_bytes(b"")
    with pytest.raises(StoreError, match="打开着") as caught:
        change(ledger, "已完成")
    assert marker in str(caught.value)
    assert ledger.read_bytes() == before
    (ledger.parent / marker).unlink()
    change(ledger, "已完成")
    assert status(ledger) == "已完成"


def test_another_workbook_open_beside_it_does_not_matter(ledger: Path) -> None:
    (ledger.parent / "~$别的.xlsx").write_bytes(b"")
    change(ledger, "已完成")
    assert status(ledger) == "已完成"


def test_two_commands_do_not_write_at_once(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    patient = filelock.FileLock.acquire
    monkeypatch.setattr(filelock.FileLock, "acquire", lambda lock, timeout: patient(lock, timeout=0))
    with locked(ledger), pytest.raises(StoreError, match="另一个命令"):
        change(ledger, "已完成")
    assert status(ledger) == "推进中"
    change(ledger, "已完成")


def test_what_cannot_be_done_safely_leaves_no_trace(ledger: Path) -> None:
    before = ledger.read_bytes()
    with pytest.raises(Refused):
        write_changes(ledger, sha256(before), [SetCell("没有这张表", 1, 1, "x")], [], command="merge", now=NOW)
    assert ledger.read_bytes() == before
    kept = next(history_folder(ledger).glob("*.xlsx"))
    assert files(history_folder(ledger)) - {".lock"} == {".head", ".ledger", "journal.jsonl", kept.name}
    assert kept.read_bytes() == before


def test_a_ledger_gone_missing_is_said(ledger: Path) -> None:
    ledger.unlink()
    with pytest.raises(StoreError, match=r"整改台账\.xlsx 没有成功：找不到文件"):
        change(ledger, "已完成", "0" * 64)


@pytest.mark.parametrize(
    ("step", "number", "words"),
    [
        ("fsync", errno.ENOSPC, "磁盘满了"),
        ("replace", errno.EACCES, "没有读写权限"),
        ("replace", errno.EROFS, "只读"),
        ("fsync", errno.EIO, "读写出错"),
    ],
)
def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, number: int, words: str
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(number, "failed")

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), fail)
    with pytest.raises(StoreError, match=words):
        write_atomically(path, b"new")
    assert (path.read_bytes(), files(tmp_path)) == (b"old", {"x.xlsx"})


def test_a_disk_that_fills_up_at_the_journal_is_said(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ledger.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("taizhang.history.write.append_entry", full)
    with pytest.raises(StoreError, match=r"整改台账\.xlsx 没有成功：磁盘满了，请清出空间"):
        change(ledger, "已完成")
    assert ledger.read_bytes() == before


@pytest.mark.posix
def test_a_new_file_gets_its_folder_and_a_written_one_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "报表" / "x.xlsx"
    write_atomically(path, b"1")
    assert path.stat().st_mode & 0o777 == 0o644
    path.chmod(0o640)
    write_atomically(path, b"2")
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"2", 0o640)


def test_a_state_is_kept_once(ledger: Path) -> None:
    first = keep_state(ledger, b"state", NOW)
    assert keep_state(ledger, b"state", datetime(2022, 4, 1)) == first
    assert keep_state(ledger, b"other", NOW) != first
    assert len(files(history_folder(ledger))) == 2


def test_the_journal_is_a_chain_and_shows_where_it_was_touched(ledger: Path) -> None:
    for new in ("已完成", "推进中", "未启动"):
        change(ledger, new)
    folder = history_folder(ledger)
    path = folder / "journal.jsonl"
    entries, lines = list(read_entries(folder).values()), path.read_bytes().splitlines(keepends=True)
    assert [entry.previous for entry in entries] == ["", *(sha256(line.rstrip(b"\n")) for line in lines[:3])]
    assert [entry.before for entry in entries[1:]] == [entry.after for entry in entries[:3]]
    assert read_journal(folder).broken is None
    path.write_bytes(lines[0] + lines[1].replace("已完成".encode(), "未启动".encode()) + lines[2] + lines[3])
    assert read_journal(folder).broken == 3
    path.write_bytes(lines[0] + lines[2])
    assert read_journal(folder).broken == 2
    path.write_bytes(lines[1] + lines[2])
    assert read_journal(folder).broken == 1


@pytest.mark.parametrize("left", [b'{"previous": "12', b"{", b"\x00\x00"])
def test_what_a_power_cut_left_of_a_line_is_no_entry(tmp_path: Path, left: bytes) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    append_entry(folder, "merge", "a", "b", [], NOW)
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes() + left)
    assert [entry.after for entry in read_entries(folder).values()] == ["b"]
    append_entry(folder, "merge", "b", "c", [], NOW)
    assert [entry.after for entry in read_entries(folder).values()] == ["b", "c"]
    assert read_journal(folder).broken is None


def test_an_entry_that_lost_only_its_line_end_is_kept(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    append_entry(folder, "merge", "a", "b", [], NOW)
    path = folder / "journal.jsonl"
    path.write_bytes(path.read_bytes().rstrip(b"\n"))
    append_entry(folder, "merge", "b", "c", [], NOW)
    assert [entry.after for entry in read_entries(folder).values()] == ["b", "c"]
    assert read_journal(folder).broken is None


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_kill_while_writing_leaves_the_old_ledger_whole(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = ledger.read_bytes()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (Path, "replace")), killed)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(ledger, b"half")
    assert ledger.read_bytes() == before


def test_a_line_that_is_no_entry_breaks_the_chain(tmp_path: Path) -> None:
    folder = tmp_path / "history"
    folder.mkdir()
    append_entry(folder, "merge", "a", "b", [], NOW)
    journal = folder / "journal.jsonl"
    journal.write_bytes(b"not json\n" + journal.read_bytes())
    assert read_journal(folder).broken == 1


def test_a_ledger_with_a_far_stray_cell_is_refused_before_anything_is_read(ledger: Path) -> None:
    edited, _ = patch(ledger.read_bytes(), [SetCell("整改任务", 1_048_576, 16_384, "x")])
    ledger.write_bytes(edited)
    with pytest.raises(Unreadable, match="XFD1048576"):
        change(ledger, "已完成")
    assert ledger.read_bytes() == edited


def test_a_ledger_set_read_only_is_not_written(ledger: Path) -> None:
    before = ledger.read_bytes()
    ledger.chmod(0o444)
    with pytest.raises(StoreError, match="只读"):
        change(ledger, "已完成")
    assert ledger.read_bytes() == before
    ledger.chmod(0o644)
    change(ledger, "已完成")
