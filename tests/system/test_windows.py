"""Windows behaves the same: output for programs, packed files, error texts, started programs, renames."""

from __future__ import annotations

import ast
import errno
import io
import json
import os
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
from support.fixtures import Make, Run
from support.returned import edit, fill
from support.sources import PACKAGE, calls
from taizhang.commands import streams
from taizhang.history.journal import user_name
from taizhang.system import refusals, windows, zipped
from taizhang.system.refusals import reason_of
from taizhang.system.zipped import make_portable

pytestmark = pytest.mark.slow

# ---- printing ----


@pytest.mark.parametrize("encoding", ["gbk", "ascii"])
def test_json_is_utf8_whatever_the_system_prints(encoding: str) -> None:
    command = [sys.executable, "-m", "taizhang", "forms", "--json"]
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    printed = subprocess.run(command, capture_output=True, env=env, check=True).stdout
    assert b"\r" not in printed
    assert json.loads(printed.decode())[0]["sheet"] == "问题清单"


def test_json_has_plain_line_ends_where_the_system_has_others(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(printed, encoding="gbk", newline="\r\n"))
    with streams.patient_streams():
        print("台账")
        streams.write_utf8()
        print("台账\n整改")
    sys.stdout.flush()
    assert printed.getvalue() == "台账\r\n".encode("gbk") + "台账\n整改\n".encode()


@pytest.mark.parametrize("start", [["-m", "taizhang"], [str(PACKAGE.parent / "merge.py")]])
def test_however_it_is_started_it_is_called_taizhang(start: list[str]) -> None:
    command = [sys.executable, *start, *(["merge"] if "-m" in start else []), "--nein"]
    env = {**os.environ, "PYTHONIOENCODING": "utf-8"}
    said = subprocess.run(command, capture_output=True, env=env, check=False).stderr.decode()
    assert said.splitlines() == ["没有运行：没有 --nein 这个选项。写法见 taizhang merge --help。"]


def test_an_account_that_the_system_does_not_tell_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object) -> str:
        raise ImportError("No module named 'pwd'")  # Python 3.12 and older on Windows, without USERNAME

    def no_terminal() -> str:
        raise OSError(errno.ENXIO, "No such device or address")

    monkeypatch.setattr("getpass.getuser", unknown)
    monkeypatch.setattr(os, "getlogin", lambda: "张三")
    assert user_name() == "张三"
    monkeypatch.setattr(os, "getlogin", no_terminal)
    assert user_name() == ""


# ---- words ----


def error_of(number: int, winerror: int | None = None) -> OSError:
    if sys.platform == "win32":
        return OSError(number, "failed", "x.xlsx", winerror)
    error = OSError(number, "failed", "x.xlsx")
    vars(error).update({} if winerror is None else {"winerror": winerror})
    return error


@pytest.mark.parametrize(
    ("winerror", "words"),
    [
        *((number, "网络盘连不上了，请检查网络，连上以后") for number in (53, 59, 64, 67, 121, 1231, 1236)),
        (5, "没有读写权限，或文件正被占用，请关闭它或请管理员放开权限"),
        (32, "没有读写权限，或文件正被占用，请关闭它或请管理员放开权限"),
        (112, "磁盘满了，请清出空间"),
        (206, "文件名或路径太长，请把台账移到浅一些的文件夹，或把名称改短"),
        (362, "文件只在网盘（云端）上，还没有下载到本机，请先下载到本机"),
    ],
)
def test_what_windows_calls_an_invalid_argument_is_said_as_it_is(winerror: int, words: str) -> None:
    assert reason_of(error_of(errno.EINVAL, winerror)) == words


@pytest.mark.parametrize("name", ["ESTALE", "EHOSTDOWN", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "ECONNRESET"])
def test_a_network_disk_that_is_gone_is_said(name: str) -> None:
    assert reason_of(error_of(getattr(errno, name))) == "网络盘连不上了，请检查网络，连上以后"


def test_every_reason_is_chinese_and_says_what_to_do() -> None:
    for words in {*refusals._BY_ERRNO.values(), *refusals._BY_WINERROR.values()}:
        assert ("请" in words, any(char.isascii() and char.isalpha() for char in words)) == (True, False), words
        assert words.encode("gbk")


# ---- packages ----


@pytest.fixture
def packed_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    made = zipfile.ZipInfo.__init__

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        made(self, *args, **kwargs)
        self.create_system = 0

    monkeypatch.setattr(zipfile.ZipInfo, "__init__", init)


@pytest.mark.usefixtures("packed_on_windows")
def test_whatever_is_packed_on_windows_is_the_same_bytes(make_ledger: Make, run: Run) -> None:
    ledger = make_ledger([{}, {}])
    at = ("--as-of", "2022-03-10", "-l", ledger)
    run("forms", "enable", "督办单", "-y", "-l", ledger)
    run("issue", "-p", "2022-03", *at)
    edit(ledger, "RW-001", "progress", 0.5)
    fill(ledger, {"RW-001": {"progress": 0.6}, "RW-002": {"progress": "多"}})
    (ledger.parent / "报送" / "坏.xlsx").write_bytes(b"no workbook")
    run("merge", "-y", "-l", ledger)
    run("report", *at)
    run("remind", "-y", "--as-of", "2022-12-31", "-l", ledger)
    run("remind", "--statement", *at)
    run("history", "archive", "-y", "-l", ledger)
    by_hand = {path for path in ledger.parent.rglob("*") if "报送" in path.parts}
    made = [path for path in ledger.parent.rglob("*.xlsx") if path not in by_hand]
    found = {}
    for path in made:
        with zipfile.ZipFile(path) as package:
            found[path.name] = {info.create_system for info in package.infolist()}
    assert len(found) > 10
    assert {name: kinds for name, kinds in found.items() if kinds != {3}} == {}


def test_a_package_made_on_windows_differs_by_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    def pack() -> bytes:
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
            for name in ("a.xml", "表.xml", "PK\x01\x02.xml"):
                package.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), b"PK\x01\x02" * 9)
            package.comment = b"PK\x01\x02"
        return target.getvalue()

    init, made = zipfile.ZipInfo.__init__, {}
    for system in (3, 0):

        def on_it(self: Any, *args: Any, system: int = system, **kwargs: Any) -> None:
            init(self, *args, **kwargs)
            self.create_system = system

        monkeypatch.setattr(zipfile.ZipInfo, "__init__", on_it)
        made[system] = pack()
        assert make_portable(made[system]) == made[3]
    assert made[0] != made[3]
    assert zipped.MADE_ON == 3


# ---- one place for what Windows does otherwise ----


def test_no_program_is_started_with_a_window() -> None:
    started = [(module, node) for module, node, name in calls() if name in ("subprocess.run", "subprocess.Popen")]
    assert len(started) > 1
    assert [module for module, node in started if "creationflags" not in {each.arg for each in node.keywords}] == []


def test_files_are_written_renamed_and_taken_away_in_one_place_alone() -> None:
    changing = (
        "unlink",
        "rename",
        "write_bytes",
        "write_text",
        "chmod",
        "symlink_to",
        "rmdir",
        "rmtree",
        "mkstemp",
    )
    found = set()
    for module, node, name in calls():
        last = name.rpartition(".")[2]
        replaced = last == "replace" and len(node.args) == 1 and not node.keywords and "temporary" in name
        opened = last == "open" and any(
            isinstance(each, ast.Constant) and set(str(each.value)) & set("wax+") and len(str(each.value)) < 4
            for each in node.args
        )
        if last in changing or replaced or opened or name in ("os.open", "os.replace", "shutil.move"):
            found.add((module, last))
    elsewhere = {each for each in found if each[0] != "system/files.py"}
    assert elsewhere == {
        ("commands/streams.py", "open"),  # the null device
        ("history/journal.py", "open"),  # added to in place, opened by system/files.py
        ("office/pdf.py", "write_bytes"),  # in its own temporary folder
        ("system/worker.py", "open"),  # the null device
        ("system/worker.py", "rmtree"),  # its own temporary folder
    }


def test_only_windows_has_hidden_files_and_its_registry(tmp_path: Path) -> None:
    path = tmp_path / ".taizhang-key"
    path.write_bytes(b"secret")
    windows.hide(path)
    windows.keep_private(path)
    if sys.platform == "win32":
        assert path.stat().st_file_attributes & 2
        windows.show(path)
        assert not path.stat().st_file_attributes & 2
        assert windows.NO_WINDOW
        assert windows.libreoffice()
    else:
        assert (windows.libreoffice(), windows.NO_WINDOW) == ([], 0)
    assert path.read_bytes() == b"secret"


@pytest.mark.parametrize("folder", ["scripts", "tests"])
def test_nothing_that_windows_lacks_is_imported_by_the_way(folder: str) -> None:
    """Inside a function it may be: whoever calls it asks first, or is marked ``posix``."""
    lacking = re.compile(r"^(?:import|from) +(?:fcntl|resource|pwd|grp|termios|pty)\b", re.MULTILINE)
    files = sorted((PACKAGE.parents[1] / folder).rglob("*.py"))
    found = [path.name for path in files if lacking.search(path.read_text(encoding="utf-8"))]
    assert found == []


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a process group is ended (test_pdf.py)")
def test_what_a_program_started_is_ended_with_it(tmp_path: Path) -> None:
    said = tmp_path / "child"
    child = f"import os, pathlib, time; pathlib.Path({str(said)!r}).write_text(str(os.getpid())); time.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    process = subprocess.Popen([sys.executable, "-c", parent])
    job = windows.gathered(process)
    until = time.monotonic() + 20
    while not (said.exists() and said.read_text(encoding="utf-8")) and time.monotonic() < until:
        time.sleep(0.05)
    windows.end_gathered(process, job)
    process.wait()
    number = said.read_text(encoding="utf-8")
    while _runs(number) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _runs(number)


def _runs(process: str) -> bool:
    if sys.platform != "win32":
        return False
    import ctypes

    handle, code = ctypes.windll.kernel32.OpenProcess(0x1000, False, int(process)), ctypes.c_ulong()
    if handle:
        ctypes.windll.kernel32.GetExitCodeProcess(handle, ctypes.byref(code))
        ctypes.windll.kernel32.CloseHandle(handle)
    return code.value == 259  # still active


def test_what_people_can_put_somewhere_is_read_in_one_place_alone() -> None:
    """A pipe in place of a file blocks none: only ``system/files.py`` opens files beside ledgers or that users name."""
    own = {
        "demo/sample.py",
        "forms/load.py",
        "forms/grammar.py",
        "office/pdf.py",
    }  # files delivered with the program, and temporary folders
    reading = {(module, name) for module, _, name in calls() if name.rpartition(".")[2] in ("read_bytes", "read_text")}
    assert {each for each in reading if each[0] not in own} == set()
