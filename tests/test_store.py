"""Writing the ledger's file: whole or not at all, never over somebody's edit; and the record of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import Result
from taizhang import store
from taizhang.journal import Change, append_entry, broken_line, read_entries
from taizhang.splice import Refused, SetCell
from taizhang.store import StoreError, write_atomically, write_changes

NOW = datetime(2022, 3, 31, 9, 30)
EDIT = SetCell("整改任务", 4, 21, "本期进展")
CHANGE = Change("tasks", "RW-001", "update", "", "本期进展", "财务处.xlsx")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture
def ledger(make_ledger: Callable[..., Path]) -> Path:
    return make_ledger()


def test_a_write_keeps_the_earlier_state_and_is_recorded(ledger: Path) -> None:
    before, old = ledger.read_bytes(), digest(ledger)
    write_changes(ledger, old, [EDIT], [CHANGE], command="merge", now=NOW)
    kept = list((ledger.parent / "history").glob("*.xlsx"))
    assert [path.read_bytes() for path in kept] == [before]
    entry = read_entries(ledger.parent / "history")[0]
    assert (entry.command, entry.before, entry.after, entry.changes) == ("merge", old, digest(ledger), (CHANGE,))


def test_a_ledger_changed_meanwhile_is_not_overwritten(ledger: Path) -> None:
    before = ledger.read_bytes()
    with pytest.raises(StoreError, match="又被改过"):
        write_changes(ledger, "0" * 64, [EDIT], [CHANGE], command="merge", now=NOW)
    assert ledger.read_bytes() == before


@pytest.mark.parametrize("marker", ["~$整改台账.xlsx", ".~整改台账.xlsx", ".~lock.整改台账.xlsx#"])
def test_a_ledger_open_elsewhere_is_not_written(ledger: Path, marker: str) -> None:
    before = ledger.read_bytes()
    (ledger.parent / marker).write_bytes(b"")
    with pytest.raises(StoreError, match="打开着"):
        write_changes(ledger, digest(ledger), [EDIT], [CHANGE], command="merge", now=NOW)
    assert ledger.read_bytes() == before


def test_what_is_refused_leaves_no_trace(ledger: Path) -> None:
    before = ledger.read_bytes()
    with pytest.raises(Refused):
        write_changes(ledger, digest(ledger), [SetCell("没有", 1, 1, "x")], [], command="merge", now=NOW)
    assert ledger.read_bytes() == before
    assert read_entries(ledger.parent / "history") == []


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_kill_while_writing_leaves_the_old_ledger_whole(
    ledger: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    before = ledger.read_bytes()

    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(*((os, "fsync") if step == "fsync" else (store.Path, "replace")), killed)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(ledger, b"half")
    assert ledger.read_bytes() == before


def test_a_full_disk_is_said_and_nothing_is_lost(ledger: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sorted(path.name for path in ledger.parent.iterdir())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(StoreError, match="磁盘满了"):
        write_atomically(ledger, b"new")
    assert sorted(path.name for path in ledger.parent.iterdir()) == before


def test_the_chain_shows_where_it_was_broken(tmp_path: Path) -> None:
    for number in range(4):
        append_entry(tmp_path, f"merge {number}", "a", "b", [CHANGE], NOW)
    journal = tmp_path / "journal.jsonl"
    whole = journal.read_bytes()
    assert broken_line(tmp_path) is None
    journal.write_bytes(whole.replace(b"merge 1", b"merge 9"))
    assert broken_line(tmp_path) == 3
    lines = whole.splitlines(keepends=True)
    journal.write_bytes(b"".join(lines[:1] + lines[2:]))
    assert broken_line(tmp_path) == 2
    journal.write_bytes(b"not json\n" + whole)
    assert broken_line(tmp_path) == 1


def test_history_lists_and_verifies(ledger: Path, run: Callable[..., Result]) -> None:
    write_changes(ledger, digest(ledger), [EDIT], [CHANGE], command="merge", now=NOW)
    listed = run("history", "list", "-l", ledger).stdout
    assert listed.startswith("1　2022-03-31 09:30:00　")
    assert listed.endswith("　merge　改 1 处\n")
    assert run("history", "verify", "-l", ledger).exit_code == 0
    journal = ledger.parent / "history" / "journal.jsonl"
    journal.write_bytes(b"{}\n" + journal.read_bytes())
    broken = run("history", "verify", "-l", ledger)
    assert (broken.exit_code, "第 1 行" in broken.stdout) == (1, True)
