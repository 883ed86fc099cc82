"""Files held open by another program: tried before anything is written, reported if written; retried on Windows."""

from __future__ import annotations

import errno
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from support.fixtures import Make, Run
from support.ledgers import small_ledger
from support.returned import edit, fill, value
from taizhang.cli import main
from taizhang.history.journal import read_entries
from taizhang.system import files
from taizhang.system.files import (
    StoreError,
    discard,
    history_folder,
    move,
    refuse_held,
    remove_file,
    set_aside,
    write_atomically,
)

pytestmark = pytest.mark.slow

DAY = ("--as-of", "2022-03-10")


def refusal(path: Any, number: int | None) -> PermissionError:
    """The error that Windows raises, with its own number if there is one."""
    if sys.platform == "win32":
        return PermissionError(errno.EACCES, "held", str(path), number)
    error = PermissionError(errno.EACCES, "held", str(path))
    vars(error).update({} if number is None else {"winerror": number})
    return error


class Held:
    """Files held open by another program as on Windows: readable, but not writable, replaceable or removable."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.asked: list[str] = []
        self.sound = True

    def refuse(self, path: Any) -> None:
        if Path(path).name in self.names:
            self.asked.append(Path(path).name)
            raise refusal(path, 32)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    found = Held()
    real_open, real_replace, real_rename, real_unlink = files.os.open, Path.replace, Path.rename, Path.unlink

    def opened(path: Any, flags: int, *args: int) -> int:
        if flags & (files.os.O_RDWR | files.os.O_WRONLY) and found.sound:
            found.refuse(path)
        return real_open(path, flags, *args)

    def replace(self: Path, target: Any) -> Path:
        found.refuse(self)
        found.refuse(target)
        return real_replace(self, target)

    def rename(self: Path, target: Any) -> Path:
        found.refuse(self)
        return real_rename(self, target)

    def unlink(self: Path, *, missing_ok: bool = False) -> None:
        found.refuse(self)
        real_unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(files.os, "open", opened)
    for name, made in (("replace", replace), ("rename", rename), ("unlink", unlink)):
        monkeypatch.setattr(Path, name, made)
    monkeypatch.setattr(files, "sleep", lambda seconds: None)
    yield found
    found.names.clear()


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    ledger = small_ledger(tmp_path_factory.mktemp("office") / "整改台账.xlsx", [{}, {}])
    assert CliRunner().invoke(main, ["issue", "-p", "2022-03", *DAY, "-l", str(ledger)]).exit_code == 0
    fill(ledger, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": "多"}})
    assert CliRunner().invoke(main, ["merge", "-y", "-l", str(ledger)]).exit_code == 1
    fill(ledger, {"RW-001": {"progress": 0.8}, "RW-002": {"progress": "很多"}})
    return ledger


@pytest.fixture
def merged(office: Path, tmp_path: Path) -> Path:
    """A ledger with the replies of one merge, and a second file of the same department that brings something new."""
    return Path(shutil.copytree(office.parent, tmp_path / "台账")) / office.name


def snapshot(ledger: Path) -> dict[str, bytes]:
    """Return every file beside the ledger except the lock; a refused command may record nothing."""
    paths = [path for path in ledger.parent.rglob("*") if path.is_file() and path.name != ".lock"]
    return {str(path.relative_to(ledger.parent)): path.read_bytes() for path in paths}


@pytest.mark.parametrize(
    "name",
    ["回收情况.xlsx", "财务处_请修改.xlsx", "财务处.json"],
)
def test_a_reply_that_is_held_keeps_the_whole_merge_from_being_written(
    merged: Path, run: Run, held: Held, name: str
) -> None:
    run("validate", "-l", merged)
    before = snapshot(merged)
    held.names.add(name)
    result = run("merge", "-y", "-l", merged)
    assert (result.exit_code, "没有运行：要写的 " in result.stderr, name in result.stderr) == (2, True, True)
    assert result.stderr.splitlines()[-1].endswith("现在不能写，什么都没有写。处理好再运行一次。")
    assert snapshot(merged) == before
    held.names.clear()
    run("merge", "-y", "-l", merged)
    assert value(merged, "RW-001", "progress") == "0.8"


def test_all_that_are_held_are_named_at_once(merged: Path, run: Run, held: Held) -> None:
    held.names |= {"回收情况.xlsx", "财务处_请修改.xlsx"}
    said = run("merge", "-y", "-l", merged).stderr.splitlines()[-1]
    assert [name in said for name in sorted(held.names)] == [True, True]


def test_a_receipt_that_is_not_replaced_may_be_open(merged: Path, run: Run, held: Held) -> None:
    other = merged.parent / "回执" / "2022-03" / "党委办公室_回执.xlsx"
    other.write_bytes(b"open in Excel")
    held.names.add(other.name)
    assert run("merge", "-y", "-l", merged).exit_code == 1
    assert value(merged, "RW-001", "progress") == "0.8"


def test_a_ledger_that_is_held_is_found_before_the_journal_says_anything(merged: Path, run: Run, held: Held) -> None:
    run("validate", "-l", merged)
    before = [entry.command for entry in read_entries(history_folder(merged)).values()]
    held.names.add(merged.name)
    number = str(before.index("merge") + 1)
    for command in (("merge", "-y"), ("forms", "enable", "慰问帮扶", "-y"), ("history", "undo", number, "-y")):
        result = run(*command, "-l", merged)
        assert (result.exit_code, "正在别的程序里打开着，请先保存并关闭" in result.stderr) == (2, True), result.stderr
    held.names.clear()
    run("validate", "-l", merged)
    assert [entry.command for entry in read_entries(history_folder(merged)).values()] == before


def test_what_was_written_is_said_where_a_reply_cannot_be_after_all(merged: Path, run: Run, held: Held) -> None:
    """The file is opened after it was tried."""
    held.sound = False
    held.names.add("回收情况.xlsx")
    result = run("merge", "-y", "-l", merged)
    last = result.stderr.splitlines()[-1]
    assert (result.exit_code, "没有运行" in result.stderr) == (1, False)
    assert last.startswith("没有做完：整改台账.xlsx 的 1 处改动、留底、财务处_请修改.xlsx 已写好；")
    assert "回收情况.xlsx" in last.partition("没有写全：")[2]
    assert "请重新运行" in last
    assert value(merged, "RW-001", "progress") == "0.8"
    held.names.clear()
    assert run("merge", "-y", "-l", merged).exit_code == 1
    assert run("history", "verify", "-l", merged).exit_code == 0


@pytest.mark.parametrize(
    ("command", "name"),
    [
        (("issue", "-p", "2022-03", "--again", *DAY), "财务处.xlsx"),
        (("report", *DAY), "整改进展一览_2022-03-10.xlsx"),
        (("remind", "-y", "--as-of", "2022-12-31"), "督办单_2022-12.xlsx"),
        (("remind", "--statement", *DAY), "对账单_2022-03.xlsx"),
    ],
)
def test_every_other_command_tries_its_files_first_and_says_what_is_done(
    make_ledger: Make, run: Run, held: Held, command: tuple[str, ...], name: str
) -> None:
    """The file is held when it is tried, or from the moment after."""
    ledger = make_ledger()
    assert run("issue", "-p", "2022-03", *DAY, "-l", ledger).exit_code == 0
    run("forms", "enable", "督办单", "-y", "-l", ledger)
    run(*command, "-l", ledger)
    edit(ledger, "RW-001", "statement", "改过")
    run("validate", "-l", ledger)
    made = next(ledger.parent.rglob(name))
    before, was = ledger.read_bytes(), made.read_bytes()
    held.names.add(name)
    for held.sound in (True, False):
        result = run(*command, "-l", ledger)
        assert (made.read_bytes(), ledger.read_bytes()) == (was, before)
        wrote = not held.sound and command[0] in ("issue", "remind") and "--statement" not in command
        said = (1, "没有做完：") if wrote else (2, "没有运行：")
        assert (result.exit_code, result.stderr.splitlines()[-1][:5]) == said
    held.names.clear()
    assert run(*command, "-l", ledger).exit_code in (0, 1)
    assert made.read_bytes() != was


def test_an_issue_tries_the_journal_before_it_writes(merged: Path, run: Run, held: Held) -> None:
    """It once wrote all forms and then reported that it had not run."""
    run("validate", "-l", merged)
    before = snapshot(merged)
    held.names.add("journal.jsonl")
    result = run("issue", "-p", "2022-03", "--again", "-l", merged)
    assert (result.exit_code, "要写的 history/journal.jsonl" in result.stderr) == (2, True), result.stderr
    assert snapshot(merged) == before


def test_a_state_that_could_not_be_kept_is_no_damage(merged: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise StoreError("磁盘满了")

    monkeypatch.setattr("taizhang.history.write.keep_state", refuse)
    run("merge", "-y", "-l", merged)
    assert run("history", "verify", "-l", merged).exit_code == 0


def test_a_draft_whose_history_cannot_be_written_says_that_the_ledger_is(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from taizhang.demo.sample import sample_report

    def refuse(*_: object, **__: object) -> None:
        raise StoreError("journal.jsonl 没有写成：磁盘满了，请清出空间。")

    monkeypatch.setattr("taizhang.history.hand_edits.append_entry", refuse)
    result = run("draft", sample_report(), "-l", tmp_path / "整改台账.xlsx")
    said = f"没有做完：{tmp_path / '整改台账.xlsx'} 已写好；history 里的第一次登记没有写全：journal.jsonl 没有写成"
    assert (result.exit_code, result.stderr.startswith(said)) == (1, True)


# ---- virus scanners ----


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses that were made, none of which is waited for."""
    pauses: list[float] = []
    monkeypatch.setattr(files, "sleep", pauses.append)
    return pauses


WORKS: dict[str, Callable[[Path], object]] = {
    "replace": lambda path: write_atomically(path, b"new"),
    "rename": lambda path: move(path, path.with_name("weg")),
    "aside": set_aside,
    "unlink": remove_file,
    "open": lambda path: refuse_held([path]),
}


@pytest.mark.parametrize("number", [5, 32, 33])
@pytest.mark.parametrize("work", WORKS)
def test_what_is_held_for_a_moment_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float], work: str, number: int
) -> None:
    path, left = tmp_path / "x.xlsx", [3]
    path.write_bytes(b"old")
    name = {"aside": "rename"}.get(work, work)
    owner: Any = files.os if name == "open" else Path
    done = getattr(owner, name)

    def busy(where: Any, *args: Any, **kwargs: Any) -> Any:
        if left[0] and not (name == "open" and Path(where) != path):
            left[0] -= 1
            raise refusal(path, number)
        return done(where, *args, **kwargs)

    monkeypatch.setattr(owner, name, busy)
    WORKS[work](path)
    assert (left, clock == sorted(clock), len(clock)) == ([0], True, 3)


@pytest.mark.parametrize(("number", "waited"), [(32, 5.0), (None, 5.0 if sys.platform == "win32" else 0.0), (19, 0.0)])
def test_the_patience_ends_and_rights_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, clock: list[float], number: int | None, waited: float
) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(b"old")

    def busy(*_: Any, **__: Any) -> None:
        raise refusal(path, number)

    monkeypatch.setattr(Path, "unlink", busy)
    discard(path)
    with pytest.raises(PermissionError):
        remove_file(path)
    assert (sum(clock), path.read_bytes()) == (pytest.approx(2 * waited), b"old")


def test_a_folder_that_may_not_be_written_is_found_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "回执"
    home.write_bytes(b"a file where a folder should be")
    refused = "要写的 {}现在不能写，什么都没有写。处理好再运行一次。"
    with pytest.raises(StoreError) as said:
        refuse_held([home / "2022-03" / "回收情况.xlsx"])
    assert str(said.value) == refused.format("回执 文件夹（路径中间有一段是文件，不是文件夹，请核对路径）")
    home.unlink()
    home.mkdir()
    real_open = files.os.open

    def read_only(path: Any, flags: int, *args: int) -> int:
        if flags & files.os.O_EXCL and Path(path).parent == home:
            raise OSError(errno.EROFS, "Read-only file system", str(path))
        return real_open(path, flags, *args)

    monkeypatch.setattr(files.os, "open", read_only)
    with pytest.raises(StoreError) as said:
        refuse_held([home / "2022-03" / "回收情况.xlsx", home / "2022-03" / "冲突裁决.xlsx"])
    assert str(said.value) == refused.format("回执 文件夹（文件夹是只读的，请换一个能写的位置）")


def test_a_file_that_is_set_read_only_is_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "2022-03" / "回收情况.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"old")
    path.chmod(0o444)
    with pytest.raises(StoreError, match=r"回收情况\.xlsx（设成了只读，请先去掉它的只读属性）现在不能写"):
        refuse_held([path])
    path.chmod(0o644)
    refuse_held([path])


def test_trying_leaves_nothing_behind_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "回执" / "x.xlsx"
    path.parent.mkdir()
    path.write_bytes(b"1")
    stamp = path.stat().st_mtime_ns
    refuse_held([path, path.with_name("y.xlsx"), tmp_path / "新" / "z.xlsx"])
    assert (sorted(tmp_path.rglob("*")), path.read_bytes()) == ([path.parent, path], b"1")
    assert path.stat().st_mtime_ns == stamp


@pytest.fixture
def aged(tmp_path: Path) -> Path:
    """A ledger whose history holds states of two past years that can be put away."""
    from taizhang.history.write import write_changes
    from taizhang.splice import SetCell
    from taizhang.workbook.reader import read_workbook

    ledger = small_ledger(tmp_path / "整改台账.xlsx", [{}])
    for year in (2020, 2021):
        for day in (1, 2, 3):
            edits = [SetCell("整改任务", 4, 3, f"{year} {day}")]
            sha256 = read_workbook(ledger).sha256
            write_changes(ledger, sha256, edits, [], command="merge", now=datetime(year, 3, day))
    return ledger


def test_a_state_that_is_open_is_archived_and_taken_away_the_next_time(aged: Path, run: Run, held: Held) -> None:
    open_one = next(history_folder(aged).glob("20200301*.xlsx"))
    held.names.add(open_one.name)
    said = run("history", "archive", "-y", "-l", aged).stderr
    assert "份已收进 history/归档/2020.zip，核对过，其中 1 份正被占用，还留在原处，关闭它们再归档一次。" in said
    assert "2021.zip，核对过，原来的已去掉。" in said
    held.names.clear()
    assert run("history", "archive", "-y", "-l", aged).exit_code == 0
    assert (open_one.exists(), run("history", "verify", "-l", aged).exit_code) == (False, 0)


def test_an_archive_that_cannot_be_written_says_which_years_are_done(aged: Path, run: Run, held: Held) -> None:
    held.names.add("2021.zip")
    result = run("history", "archive", "-y", "-l", aged)
    said = "没有做完：2020 年的归档 已写好；其余年份的归档没有写全：2021.zip 没有写成"
    assert (result.exit_code, result.stderr.splitlines()[-1].startswith(said)) == (1, True), result.stderr
    assert run("history", "verify", "-l", aged).exit_code == 0


def test_where_nothing_can_be_written_the_first_replies_say_why() -> None:
    from taizhang.transactions.merge import first_reasons

    said = [f"{name}_回执.xlsx 没有写成：磁盘满了。" for name in "甲乙丙丁戊"]
    assert (first_reasons(said[:3]), first_reasons(said)) == (
        "".join(said[:3]),
        "".join(said[:3]) + "另外 2 份也没有写成。",
    )
