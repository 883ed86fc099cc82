"""A full disk, a folder or file without write access, a vanishing file: a clear error, and nothing is lost."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.fixtures import Once
from support.forks import Forks, started
from support.thorough import few_or_all
from support.works import LEDGER, NOW, WORKS, Work
from taizhang.forms.load import standard_forms
from taizhang.history import write
from taizhang.history.hand_edits import record
from taizhang.history.journal import JOURNAL_NAME, append_entry, read_entries
from taizhang.history.verify import verify_history
from taizhang.system.files import StoreError, history_folder

pytestmark = pytest.mark.slow

WORK = {work.name: work for work in WORKS}
FORMS = standard_forms()


def as_before(ledger: Path) -> dict[str, bytes]:
    """Return every file beside the ledger but the empty ones (the lock)."""
    paths = [path for path in ledger.parent.rglob("*") if path.is_file()]
    return {str(path.relative_to(ledger.parent)): data for path in paths if (data := path.read_bytes())}


def goes_on(ledger: Path, work: Work, *, lost_history: bool = False) -> None:
    """Repeating the work without the obstacle makes everything right; 〈变更记录〉 still knows of a lost history."""
    record(ledger, FORMS, NOW)
    work.do(ledger)
    assert work.is_right(ledger)
    assert ["〈变更记录〉" in problem for problem in verify_history(ledger, FORMS)] == [True] * lost_history
    assert [path.name for path in ledger.parent.rglob(".*") if path.name.endswith((".tmp", ".json"))] == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "盘"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_is_said_and_nothing_is_lost(small_disk: Path, tmp_path: Path) -> None:
    """However much room is left, from none to enough: the merge is done, or refused with the reason and the cure."""
    start, work = tmp_path / "start", WORK["merge"]
    start.mkdir()
    work.prepare(start / LEDGER)
    ended = []
    for room in range(0, 280, few_or_all(60, 20)):
        folder = small_disk / str(room)
        shutil.copytree(start, folder)
        ledger, ballast = folder / LEDGER, small_disk / "ballast"
        before = ledger.read_bytes()
        free = shutil.disk_usage(small_disk).free
        ballast.write_bytes(b"\1" * max(free - room * 1024, 0))
        try:
            work.do(ledger)
            ended.append("done")
        except StoreError as error:
            ended.append("refused")
            assert "磁盘满了，请清出空间" in str(error)
            assert ledger.read_bytes() == before or "回执" in str(error) or "财务处" in str(error)
        ballast.unlink()
        goes_on(ledger, work)
        shutil.rmtree(folder)
    assert ended == sorted(ended, reverse=True)
    assert set(ended) == {"done", "refused"}


@pytest.mark.parametrize("room", [0, 1, 100, 250, 420])
def test_a_journal_that_cannot_be_written_whole_is_as_it_was(tmp_path: Path, room: int) -> None:
    """The system writes what fits and then refuses: the partly written entry is removed again."""
    resource = pytest.importorskip("resource", reason="the system knows no limit of a file's size")
    folder = tmp_path / "history"
    folder.mkdir()
    append_entry(folder, "merge", "", "a", [], NOW)
    journal = folder / JOURNAL_NAME
    before, limits = journal.read_bytes(), resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before) + room, limits[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            append_entry(folder, "merge", "a", "b" * 500, [], NOW)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert journal.read_bytes() == before
    append_entry(folder, "merge", "a", "b", [], NOW)
    assert [entry.after for entry in read_entries(folder).values()] == ["a", "b"]


@pytest.fixture(scope="module")
def forks() -> Iterator[Forks]:
    with started() as process:
        yield process


@pytest.fixture
def issued(once: Once) -> Iterator[Path]:
    """A ledger to merge into, in a folder open to every user, unlike pytest's own temporary folders."""
    if not hasattr(os, "geteuid"):
        pytest.skip("the system knows no such rights")
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "台账"
        once("to be merged", lambda made: WORK["merge"].prepare(made / LEDGER), folder)
        if os.geteuid() == 0:
            for path in [Path(home), folder, *folder.rglob("*")]:
                path.chmod(0o777 if path.is_dir() else 0o666)
        yield folder / LEDGER


@pytest.mark.parametrize(
    ("which", "mode", "words"),
    [
        ("", 0o555, "没有读写权限"),
        ("history", 0o555, "没有读写权限"),
        ("history", 0o000, "没有读写权限"),
        ("history", 0o333, "没有读写权限"),
        ("history/journal.jsonl", 0o444, "history/journal.jsonl 没有成功：没有读写权限"),
        ("history/journal.jsonl", 0o000, "history/journal.jsonl 没有成功：没有读写权限"),
        ("history/issued/2022-03", 0o555, "2022-03 文件夹（没有读写权限"),
        (LEDGER, 0o444, "设成了只读"),
        (LEDGER, 0o000, "没有权限读这个文件"),
    ],
)
def test_what_may_not_be_written_is_said_and_stays(
    issued: Path, forks: Forks, which: str, mode: int, words: str
) -> None:
    path = issued.parent / which
    before, former = as_before(issued), path.stat().st_mode
    path.chmod(mode)
    try:
        done = forks.as_nobody(issued, "merge", "--yes")
    finally:
        path.chmod(former)
    said = done.stderr.splitlines()[-1] if done.stderr else ""
    assert (done.returncode, words in said, "请" in said) == (2, True, True), done.stderr
    assert "Traceback" not in done.stderr
    after = as_before(issued)
    assert (after[LEDGER], after["history/journal.jsonl"].startswith(before["history/journal.jsonl"])) == (
        before[LEDGER],
        True,
    )
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "0", str(issued.parent)], check=True)
    goes_on(issued, WORK["merge"])


def test_a_read_only_folder_can_still_be_looked_at(issued: Path, forks: Forks) -> None:
    before = as_before(issued)
    issued.parent.chmod(0o555)
    history_folder(issued).chmod(0o555)
    try:
        done = forks.as_nobody(issued, "validate")
    finally:
        issued.parent.chmod(0o777)
        history_folder(issued).chmod(0o777)
    assert done.returncode in (0, 1)
    assert "手工修改这次没有记下" in done.stderr
    assert as_before(issued) == before


def _gone(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.mark.posix
@pytest.mark.parametrize(
    ("step", "which"),
    [
        ("record_under_lock", LEDGER),
        ("record_under_lock", "history"),
        ("append_entry", "history"),
        ("append_entry", ".*.tmp"),
        ("put_in_place", ".*.tmp"),
    ],
)
def test_what_vanishes_meanwhile_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, which: str
) -> None:
    """The file vanishes just before a step of the write: the remaining ledger is whole, and the next command works."""
    ledger, work = tmp_path / LEDGER, WORK["write"]
    work.prepare(ledger)
    data, do = ledger.read_bytes(), getattr(write, step)

    def vanishing(*args: object, **kwargs: object) -> object:
        for path in list(tmp_path.glob(which)):
            _gone(path)
        return do(*args, **kwargs)

    monkeypatch.setattr(write, step, vanishing)
    try:
        work.do(ledger)
    except StoreError as error:
        assert "找不到文件，可能被移走或改名了，请放回原处" in str(error)
    monkeypatch.undo()
    if which == LEDGER:
        assert not ledger.exists()
        ledger.write_bytes(data)
    assert ledger.read_bytes() == data or work.is_right(ledger)
    goes_on(ledger, work, lost_history=which == "history")
