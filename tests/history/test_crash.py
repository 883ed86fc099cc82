"""Work killed at any system call, or any call failing: the ledger is whole, no entry is lost, and it is reported.

All calls, of undo and merge as well: ``python tests/crash_points.py`` and ``python tests/failing_calls.py``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Once
from support.forks import Forks, started
from support.returned import edit
from support.thorough import THOROUGH, few_or_all
from support.traced import Call, why_not
from support.works import LEDGER, NOW, WORKS, looked_at
from taizhang.forms.load import standard_forms
from taizhang.history.entries import Verb
from taizhang.history.hand_edits import record
from taizhang.history.journal import JOURNAL_NAME, read_entries, read_journal
from taizhang.history.locks import Holder, was_broken_off
from taizhang.history.verify import verify_history
from taizhang.system.files import StoreError, history_folder

pytestmark = pytest.mark.slow

FEW = () if THOROUGH else ("--few",)
TESTS = Path(__file__).parents[1]
FORMS = standard_forms()
WORK = {work.name: work for work in WORKS}
traced = pytest.mark.skipif(bool(why_not()), reason=why_not() or "calls can be traced")


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with started() as process:
        yield process


def outcome(script: str, *args: str) -> dict[str, Any]:
    command = [sys.executable, str(TESTS / script), *args]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.stdout, done.stderr
    return json.loads(done.stdout)


@traced
def test_a_call_at_which_work_is_killed_does_not_run(tmp_path: Path) -> None:
    """The basis of the points: being killed at a call is being killed before it."""
    made, inject = tmp_path / "made", Call("mkdir", 1, "").killed()
    command = ["strace", "-f", "-e", f"inject={inject}", sys.executable, "-c", f"import os; os.mkdir({str(made)!r})"]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, made.exists()) == (-9, False)


@traced
def test_work_killed_at_any_call_leaves_the_old_or_the_new_ledger_whole() -> None:
    found = outcome("crash_points.py", "write", "--step", "40", *FEW)["write"]
    assert found["wrong"] == {}
    assert found["points"] > few_or_all(12, 30)
    assert found["old"] > 0
    assert found["new"] > 0
    assert {"write", "fsync", "ftruncate", "openat"} <= found["calls"].keys()


@traced
def test_the_first_record_killed_at_any_call_is_made_by_the_next_command() -> None:
    found = outcome("crash_points.py", "first", "--step", "1000")["first"]
    assert (found["wrong"], found["old"]) == ({}, found["points"])


@traced
def test_any_call_that_fails_is_said_or_does_no_harm() -> None:
    found = outcome("failing_calls.py", "write", "--step", "40", *FEW)["write"]
    assert found["wrong"] == {}
    assert found["refused"] > 0
    assert found["done"] > 0


def test_an_entry_cut_off_at_any_byte_is_no_entry_and_the_ledger_is_the_old_one(tmp_path: Path) -> None:
    """A power cut while writing the journal: the new ledger is staged, and only some bytes of its entry are written."""
    work, ledger, journal = WORK["write"], tmp_path / LEDGER, tmp_path / "history" / JOURNAL_NAME
    work.prepare(ledger)
    old, note = ledger.read_bytes(), tmp_path / "history" / ".head"
    noted = note.read_bytes()
    work.do(ledger)
    new, (*lines, last) = ledger.read_bytes(), journal.read_bytes().splitlines(keepends=True)
    entries = list(read_entries(history_folder(ledger)).values())
    (tmp_path / "history" / f"20220331-093000_{entries[-1].after[:12]}.xlsx").unlink()
    for cut in range(len(last) - 1):
        journal.write_bytes(b"".join(lines) + last[:cut])
        assert list(read_entries(history_folder(ledger)).values()) == entries[:-1]
        assert read_journal(history_folder(ledger)).broken is None
    for cut in (0, 1, 2, len(last) // 2, len(last) - 2, len(last) - 1, len(last)):
        ledger.write_bytes(old)
        staged = tmp_path / ".整改台账.abcdefgh.tmp"
        staged.write_bytes(new)
        journal.write_bytes(b"".join(lines) + last[:cut])
        note.write_bytes(noted)  # it is written once the entry is on the disk
        assert was_broken_off(ledger)
        found = record(ledger, FORMS, NOW)
        assert (found.command if found else "") == (Verb.RESTORED if cut >= len(last) - 1 else "")
        assert not staged.exists()
        assert list(read_entries(history_folder(ledger)).values())[: len(lines)] == entries[:-1]
        work.do(ledger)
        assert work.is_right(ledger)
        assert verify_history(ledger, FORMS) == []


@pytest.mark.parametrize(
    ("lies", "edited", "words"),
    [
        ("old", False, "（汇总）之前的样子：上次写入没有完成。已记为“恢复”"),
        ("new", False, "在收尾时被打断，台账已经是写好的新内容。"),
        ("old", True, "在收尾时被打断，请核对它的改动在不在台账里。台账有 4 处手工修改，已记下"),
        ("new", True, "在收尾时被打断，请核对它的改动在不在台账里。台账有 1 处手工修改，已记下"),
    ],
)
def test_what_became_of_a_killed_write_is_said_as_it_is(tmp_path: Path, lies: str, edited: bool, words: str) -> None:
    """Once the journal entry is written, the ledger may be old or new, and a person may have edited it since."""
    work, ledger = WORK["write"], tmp_path / LEDGER
    work.prepare(ledger)
    old, lines = ledger.read_bytes(), len(read_entries(history_folder(ledger)))
    work.do(ledger)
    holder = Holder("某人", "2022-03-31 09:30:00", "merge", lines)
    (history_folder(ledger) / ".lock-owner.json").write_text(json.dumps(asdict(holder)), encoding="utf-8")
    if lies == "old":
        ledger.write_bytes(old)
    if edited:
        edit(ledger, "RW-001", "update", "手工")
    found = record(ledger, FORMS, NOW)
    assert found
    assert words in found.message
    assert record(ledger, FORMS, NOW) is None
    assert verify_history(ledger, FORMS) == []


@pytest.mark.parametrize(
    ("error", "commands", "said"),
    [
        (KeyboardInterrupt(), ["merge", "收尾"], "在收尾时被打断，台账已经是写好的新内容。"),
        (StoreError("磁盘满了，请清理后再试。"), ["merge", "merge"], "记录完整，共 6 次。"),
    ],
)
def test_bases_that_were_not_written_are_no_tampering(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, commands: list[str], said: str
) -> None:
    """The entry lists the expected bases; if they are missing, the end of the lock or the next command records it."""
    ledger = tmp_path / LEDGER
    WORK["merge"].prepare(ledger)

    def broken_off(*_: object, **__: object) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("taizhang.transactions.merge.keep_bases", broken_off)
        with pytest.raises(StoreError):
            WORK["merge"].do(ledger)
    status, output = looked_at(ledger)
    assert (status, said in output) == (0, True), output
    entries = list(read_entries(history_folder(ledger)).values())
    assert [each.command for each in entries[-2:]] == commands
    assert [*entries[-1].files] == ["issued/2022-03/财务处.json"]
    WORK["merge"].do(ledger)
    assert WORK["merge"].is_right(ledger)
    assert verify_history(ledger, FORMS) == []


@traced
@pytest.mark.parametrize(
    ("path", "inject", "words"),
    [
        ("history/journal.jsonl", "write:error=ENOSPC", "history/journal.jsonl 没有成功：磁盘满了，请清出空间"),
        ("history/journal.jsonl", "fsync:error=EIO", "history/journal.jsonl 没有成功：磁盘读写出错，请检查"),
        ("history/journal.jsonl", "read:error=EIO", "history/journal.jsonl 没有成功：磁盘读写出错，请检查"),
        ("history/.lock", "openat:error=EROFS", "history/.lock 没有成功：文件夹是只读的，请换一个能写的位置"),
        ("history/.lock-owner.json", "openat:error=EDQUOT", "没有成功：磁盘配额用完了，请清出空间"),
        (LEDGER, "openat:error=EACCES:when=1+", "整改台账.xlsx: 没有权限读这个文件，或文件正被占用，请关闭后再试"),
        (LEDGER, "openat:error=EACCES:when=2+", "整改台账.xlsx 没有成功：没有读写权限，或文件正被占用，请关闭它"),
    ],
)
def test_the_command_line_says_it_in_one_line(
    tmp_path: Path, forks: Forks, once: Once, path: str, inject: str, words: str
) -> None:
    once("to be merged", lambda made: WORK["merge"].prepare(made / LEDGER), tmp_path)
    before = (tmp_path / LEDGER).read_bytes()
    done = forks.failing(tmp_path / LEDGER, tmp_path / path, inject, "merge", "--yes")
    said = done.stderr.splitlines()
    assert (done.returncode, words in said[-1], len(said) < 3) == (2, True, True), done.stderr
    assert said[-1].startswith("没有运行：")
    assert (tmp_path / LEDGER).read_bytes() == before
    WORK["merge"].do(tmp_path / LEDGER)
    assert WORK["merge"].is_right(tmp_path / LEDGER)
    assert verify_history(tmp_path / LEDGER, FORMS) == []
