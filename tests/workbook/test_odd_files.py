"""Links, pipes, sockets, devices and folders in place of files: no waiting, no writing through, and a report."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from support.fixtures import Make, Run
from support.ledgers import small_ledger
from support.returned import fill, value
from taizhang.history.journal import read_entries
from taizhang.system.files import history_folder

pytestmark = pytest.mark.posix
NAME = "整改台账.xlsx"


@pytest.fixture(autouse=True)
def alarm() -> Iterator[None]:
    """What waits for ever is a failure after some seconds."""

    def ring(*_: object) -> None:
        raise TimeoutError("it hangs")

    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(30)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def issued(make_issued: Make) -> Path:
    """A ledger that was issued; one department has answered."""
    ledger = make_issued([{}, {"department": "党委办公室"}])
    fill(ledger, {"RW-001": {"progress": 0.6}})
    return ledger


def a_pipe(path: Path) -> None:
    os.mkfifo(path)


def a_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # a socket's name may not be long
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


def a_folder(path: Path) -> None:
    path.mkdir()


def a_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def a_circle(path: Path) -> None:
    path.symlink_to(path.name)


def nothing(path: Path) -> None:
    path.symlink_to("没有这个文件.xlsx")


# ---- the ledger is a link ----


@pytest.mark.parametrize("relative", [True, False])
def test_a_ledger_that_is_a_link_is_written_through_it_and_has_one_history(
    tmp_path: Path, run: Run, relative: bool
) -> None:
    home, desk = tmp_path / "共享", tmp_path / "桌面"
    home.mkdir()
    desk.mkdir()
    ledger, link = small_ledger(home / NAME, [{}]), desk / NAME
    link.symlink_to(Path("..", "共享", NAME) if relative else ledger)
    assert run("issue", "-p", "2022-03", "--as-of", "2022-03-10", "-l", link).exit_code == 0
    fill(ledger, {"RW-001": {"progress": 0.6}})
    assert run("merge", "-y", "-l", link).exit_code == 0
    assert (link.is_symlink(), link.readlink().is_absolute()) == (True, not relative)
    assert value(ledger, "RW-001", "progress") == "0.6"
    assert sorted(path.name for path in desk.iterdir()) == [NAME]
    assert [entry.command for entry in read_entries(history_folder(ledger)).values()] == [
        "登记",
        "issue",  # what the issue writes into the ledger, then the issue
        "issue",
        "merge",
    ]
    assert run("history", "verify", "-l", ledger).exit_code == run("history", "verify", "-l", link).exit_code == 0


def test_a_ledger_that_is_a_link_to_another_disk_is_written_there(tmp_path: Path, run: Run) -> None:
    elsewhere = Path("/dev/shm")
    if not os.access(elsewhere, os.W_OK) or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no other file system to write to")
    folder = elsewhere / f"taizhang-{os.getpid()}"
    folder.mkdir()
    try:
        link = tmp_path / NAME
        link.symlink_to(small_ledger(folder / NAME, [{}]))
        assert run("forms", "enable", "慰问帮扶", "-y", "-l", link).exit_code == 0
        assert (link.is_symlink(), (folder / "history" / "journal.jsonl").exists()) == (True, True)
    finally:
        for path in sorted(folder.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        folder.rmdir()


@pytest.mark.parametrize(
    ("make", "said"), [(nothing, "找不到台账"), (a_circle, "它是链接（或链接绕成了圈），不是文件本身，请换成文件本身")]
)
def test_a_link_that_leads_nowhere_is_said(tmp_path: Path, run: Run, make: Callable[[Path], None], said: str) -> None:
    make(tmp_path / NAME)
    result = run("validate", "-l", tmp_path / NAME)
    assert (result.exit_code, result.stdout, said in result.stderr) == (2, "", True), result.stderr
    assert (tmp_path / NAME).is_symlink()


def test_what_is_drafted_through_a_link_lies_where_it_leads(tmp_path: Path, run: Run) -> None:
    from taizhang.demo.sample import sample_report

    home = tmp_path / "共享"
    home.mkdir()
    link = tmp_path / NAME
    link.symlink_to(home / NAME)
    assert run("draft", sample_report(), "-l", link).exit_code == 0
    assert (link.is_symlink(), (home / NAME).is_file(), (home / "history").is_dir()) == (True, True, True)


def test_a_report_that_goes_to_a_link_is_written_through_it(make_ledger: Make, run: Run, tmp_path: Path) -> None:
    ledger, link, home = make_ledger(), tmp_path / "出表.xlsx", tmp_path / "别处"
    home.mkdir()
    link.symlink_to(home / "真.xlsx")
    for _ in range(2):
        assert run("report", "--as-of", "2022-03-10", "-o", link, "-l", ledger).exit_code == 0
    assert (link.is_symlink(), (home / "真.xlsx").is_file()) == (True, True)
    link.unlink()
    link.symlink_to(ledger)
    assert "就是台账本身" in run("report", "-o", link, "-l", ledger).stderr


@pytest.mark.parametrize(
    ("name", "hard"),
    [
        (".lock-owner.json", False),
        ("journal.jsonl", False),
        (".ledger", False),
        (".lock", False),
        (".head", False),
        (".lock-owner.json", True),
        (".ledger", True),
    ],
)
def test_nothing_is_written_through_a_link_in_history(
    make_ledger: Make, run: Run, tmp_path: Path, name: str, hard: bool
) -> None:
    ledger, other = make_ledger(), tmp_path / "别人的文件.txt"
    other.write_bytes(b"not ours")
    history_folder(ledger).mkdir()
    planted = history_folder(ledger) / name
    planted.hardlink_to(other) if hard else planted.symlink_to(other)
    result = run("forms", "enable", "慰问帮扶", "-y", "-l", ledger)
    assert other.read_bytes() == b"not ours"
    assert result.exit_code in (0, 2)
    if result.exit_code:
        assert result.stderr.splitlines()[-1].startswith("没有运行：")
        assert "请" in result.stderr


# ---- arguments ----

ODD = [(a_pipe, "它是管道"), (a_socket, "它是套接字"), (a_device, "它是设备"), (a_circle, "链接"), (a_folder, "文件夹")]


@pytest.mark.parametrize(("make", "said"), ODD)
@pytest.mark.parametrize(
    "typed",
    [
        "validate -l {odd}",
        "draft {odd} -l {folder}/新/整改台账.xlsx",
        "merge --decisions {odd} -l {ledger}",
        "report -o {odd} -l {ledger} --as-of 2022-03-10",
        "history show 1 -o {odd} -l {ledger}",
    ],
)
def test_what_is_no_file_is_refused_at_once_with_what_to_do(
    issued: Path, run: Run, tmp_path: Path, typed: str, make: Callable[[Path], None], said: str
) -> None:
    odd = tmp_path / "奇怪.xlsx"
    make(odd)
    before = issued.read_bytes()
    result = run(*typed.format(odd=odd, ledger=issued, folder=tmp_path).split())
    last = result.stderr.splitlines()[-1]
    assert (result.exit_code, last.startswith("没有运行："), "请" in last) == (2, True, True), result.stderr
    assert any(each in last for each in (said, "已经有了，不会覆盖", "找不到，请写")), last
    assert issued.read_bytes() == before


@pytest.mark.parametrize(("make", "said"), ODD)
def test_a_returned_file_that_is_none_is_refused_and_the_others_are_merged(
    issued: Path, run: Run, make: Callable[[Path], None], said: str
) -> None:
    odd = issued.parent / "报送" / "党委办公室.xlsx"
    make(odd)
    for named in (False, True):  # found in the folder, and given by its name
        result = run("validate", "-l", issued, *([odd] if named else [issued.parent / "报送"]))
        found = [line for line in result.stdout.splitlines() if line.startswith("党委办公室.xlsx: unreadable")]
        if make is a_folder:  # an empty folder holds no files
            assert found == []
        else:
            assert [said in line and "请" in line for line in found] == [True], result.stdout
    assert run("merge", "-y", "-l", issued).exit_code == 1
    assert value(issued, "RW-001", "progress") == "0.6"


def test_a_link_to_a_folder_among_returned_files_is_not_followed_and_said(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger()
    home = ledger.parent / "报送"
    home.mkdir()
    (home / "各部门").symlink_to(home, target_is_directory=True)
    said = run("validate", home, "-l", ledger).stdout.splitlines()[0]
    assert said == "各部门: unreadable: 这是文件夹，不是工作簿，请核对文件名。"


# ---- what stands in the place of our own files ----


OURS = (
    "history/.lock-owner.json",
    "history/journal.jsonl",
    "history/.ledger",
    "history/20220101-000000_0123456789ab.xlsx",
    "history/issued/2022-03/财务处.json",
    "history/归档/2021.zip",
    "回执/2022-03/回收情况.xlsx",
    "回执/2022-03/财务处_回执.xlsx",
    "~$整改台账.xlsx",
    ".taizhang-key",
    "history/.head",
)
REST = (a_socket, a_folder, a_circle)


@pytest.mark.parametrize(
    ("name", "make"),
    [(name, a_pipe) for name in OURS] + [(name, REST[number % len(REST)]) for number, name in enumerate(OURS)],
)
def test_what_stands_in_the_place_of_our_files_keeps_nobody_waiting(
    issued: Path, run: Run, name: str, make: Callable[[Path], None]
) -> None:
    """A pipe is what keeps a reader waiting; the others take turns."""
    before = issued.read_bytes()
    odd = issued.parent / name
    odd.parent.mkdir(parents=True, exist_ok=True)
    odd.unlink(missing_ok=True)
    make(odd)
    result = run("merge", "-y", "-l", issued)
    assert result.exit_code in (0, 1, 2)
    if result.exit_code == 2:
        assert issued.read_bytes() == before
        assert result.stderr.splitlines()[-1].startswith("没有运行：")
        assert "请" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(("make", "said"), [(a_pipe, "不是文件夹"), (a_device, "不是文件夹"), (nothing, "不是文件夹")])
def test_the_demo_is_played_in_a_folder_alone(
    run: Run, tmp_path: Path, make: Callable[[Path], None], said: str
) -> None:
    make(tmp_path / "演示")
    result = run("demo", tmp_path / "演示")
    assert (result.exit_code, said in result.stderr, "请换一个名字" in result.stderr) == (2, True, True)
